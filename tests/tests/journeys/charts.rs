//! What people decide about a chart: phases, a frozen baseline, excluded points, rules, goals by date, events; and what they
//! agree to do about it.

use nyetaa_tests::{Laptop, Pair, Time};
use serde_json::{Value as Json, json};

const CODE: &str = "MNCH-02";

/// A clinic with two years of figures: fourteen months about 50 of 100, then ten about 80.
fn clinic() -> (Laptop, Json) {
    let laptop = Laptop::new(&Time::default());
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let place = laptop.home();
    fill(&laptop, &place);
    (laptop, place)
}

fn months() -> Vec<String> {
    (0..24)
        .map(|i| format!("{}-{:02}", 2024 + (i + 5) / 12, (i + 5) % 12 + 1))
        .collect()
}

fn fill(laptop: &Laptop, place: &Json) {
    let typed = |text: String| json!({ "typed": text, "seen": null });
    let cells: Vec<Json> = (0..)
        .zip(months())
        .map(|(i, period): (i32, String)| {
            let quiet = [0, 2, -1, 1, 3, -2][i as usize % 6];
            let level = if i < 14 { 50 } else { 80 };
            json!({
                "indicator": CODE, "period": period, "numerator": typed((level + quiet).to_string()),
                "denominator": typed("100".to_owned()), "no_data": null, "explanation": null,
            })
        })
        .collect();
    let request = json!({ "place": place, "cells": cells, "reason": null });
    laptop.call("save_cells", request);
}

fn view(laptop: &Laptop, place: &Json) -> Json {
    let request = json!({
        "place": place, "indicator": CODE, "cycle": null, "months": 120, "chart": null,
    });
    laptop.call("chart", request)["view"].clone()
}

fn notes(laptop: &Laptop, place: &Json) -> Json {
    laptop.call("chart_notes", json!({ "place": place, "indicator": CODE }))
}

fn decide(laptop: &Laptop, command: &str, place: &Json, period: &str, reason: &str) -> Json {
    let request = json!({
        "place": place, "indicator": CODE, "period": period, "reason": reason,
    });
    laptop.call(command, request)
}

fn past(laptop: &Laptop, place: &Json) -> Vec<(String, bool, String, String)> {
    let past = laptop.call("chart_past", json!({ "place": place, "indicator": CODE }));
    past.as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
            let removed = one["removed"].as_bool().unwrap();
            (text("kind"), removed, text("author"), text("reason"))
        })
        .collect()
}

#[test]
fn a_phase_is_begun_by_a_person_with_a_reason_and_can_be_taken_back() {
    let (laptop, place) = clinic();
    let before = view(&laptop, &place);
    assert_eq!(before["verdict"]["kind"], "shift");
    assert_eq!(before["phases"].as_array().unwrap().len(), 1);

    let request =
        json!({ "place": place, "indicator": CODE, "period": months()[14], "reason": " " });
    assert_eq!(
        laptop.refused("begin_phase", request.clone()).code,
        "reason-missing"
    );
    let mut elsewhere = request.clone();
    elsewhere["reason"] = json!("nouveau protocole");
    elsewhere["period"] = json!("2031-01");
    assert_eq!(
        laptop.refused("begin_phase", elsewhere.clone()).code,
        "point-unknown"
    );
    elsewhere["period"] = json!(months()[0]);
    assert_eq!(laptop.refused("begin_phase", elsewhere).code, "phase-first");

    let phase = decide(
        &laptop,
        "begin_phase",
        &place,
        &months()[14],
        "nouveau protocole",
    );
    let after = view(&laptop, &place);
    let centres: Vec<_> = after["phases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|phase| phase["centre"].as_f64().unwrap().round())
        .collect();
    assert_eq!(centres, [51.0, 81.0]);
    assert_eq!(
        after["verdict"]["kind"], "no_sign",
        "the verdict is the last phase's"
    );
    let said = &notes(&laptop, &place)["phases"][0];
    assert_eq!(
        (&said["reason"], &said["meta"]["author"]),
        (&json!("nouveau protocole"), &json!("Awa Traoré"))
    );

    let back = json!({ "kind": "chart_phase", "id": phase["id"], "reason": "trop tôt" });
    laptop.call("delete_record", back);
    assert_eq!(view(&laptop, &place), before, "as if it had never been");
    // Begun again where it was taken back, it is the same record, and its past is whole.
    decide(&laptop, "begin_phase", &place, &months()[14], "confirmé");
    let told: Vec<_> = past(&laptop, &place)
        .into_iter()
        .map(|(_, removed, author, reason)| (removed, author, reason))
        .collect();
    let awa = || "Awa Traoré".to_owned();
    assert_eq!(
        told,
        [
            (false, awa(), "confirmé".to_owned()),
            (true, awa(), "trop tôt".to_owned()),
            (false, awa(), "nouveau protocole".to_owned()),
        ]
    );
}

#[test]
fn a_baseline_is_frozen_until_phases_begin() {
    let (laptop, place) = clinic();
    decide(
        &laptop,
        "freeze_baseline",
        &place,
        &months()[13],
        "avant nos essais",
    );
    let frozen = view(&laptop, &place);
    assert_eq!(frozen["frozen"], json!(months()[13]));
    assert_eq!(frozen["centre"].as_f64().unwrap().round(), 51.0);
    assert_eq!(frozen["verdict"]["length"], 11);
    // Frozen again elsewhere, it is one baseline still.
    decide(&laptop, "freeze_baseline", &place, &months()[11], "un an");
    assert_eq!(view(&laptop, &place)["frozen"], json!(months()[11]));
    decide(
        &laptop,
        "begin_phase",
        &place,
        &months()[14],
        "nouveau protocole",
    );
    assert_eq!(view(&laptop, &place)["frozen"], Json::Null);
    let request =
        json!({ "place": place, "indicator": CODE, "period": months()[11], "reason": "x" });
    assert_eq!(
        laptop.refused("freeze_baseline", request).code,
        "freeze-phases"
    );
}

#[test]
fn an_excluded_point_is_named_and_counts_for_nothing() {
    let (laptop, place) = clinic();
    let before = view(&laptop, &place);
    assert_eq!(before["points"][20]["signal"], true);
    decide(
        &laptop,
        "exclude_point",
        &place,
        &months()[20],
        "registre inondé",
    );
    let after = view(&laptop, &place);
    let point = &after["points"][20];
    assert_eq!(
        (&point["excluded"], &point["signal"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(
        point["value"], before["points"][20]["value"],
        "it stays on the chart"
    );
    assert_ne!(after["centre"], before["centre"]);
    assert_eq!(
        notes(&laptop, &place)["excluded"][0]["reason"],
        "registre inondé"
    );
}

#[test]
fn what_lies_before_the_picture_is_judged_all_the_same() {
    let (laptop, place) = clinic();
    let whole = view(&laptop, &place);
    let request = json!({
        "place": place, "indicator": CODE, "cycle": null, "months": 12, "chart": null,
    });
    let short = laptop.call("chart", request)["view"].clone();
    assert_eq!(short["points"].as_array().unwrap().len(), 12);
    assert_eq!(
        (&short["centre"], &short["verdict"]),
        (&whole["centre"], &whole["verdict"])
    );
}

#[test]
fn the_rules_are_the_coachs_on_every_laptop_and_for_the_server() {
    let pair = Pair::enrolled();
    fill(&pair.clinic, &pair.place());
    pair.sync_both();
    let place = pair.place();
    let set = |rules: &str, chart: &str| {
        json!({
            "place": place, "indicator": CODE, "chart": chart, "rules": rules, "reason": "demandé par l’équipe",
        })
    };
    assert_eq!(
        pair.clinic
            .refused("set_chart", set("ihi-2011", "run"))
            .code,
        "only-the-coach"
    );
    assert_eq!(
        pair.coach
            .refused("set_chart", set("nelson-1984", "run"))
            .code,
        "rules-not-taken"
    );
    assert_eq!(
        pair.coach
            .refused("set_chart", set("anhoej-2014", "c"))
            .code,
        "chart-not-taken"
    );
    pair.coach.call("set_chart", set("nelson-1984", "p"));
    pair.sync_both();
    let read = view(&pair.clinic, &place);
    assert_eq!(
        (&read["chart"], &read["rules"]),
        (&json!("p"), &json!("nelson-1984"))
    );
    let said = notes(&pair.clinic, &place);
    assert_eq!(
        (&said["may_set"], &said["writable"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(notes(&pair.coach, &place)["may_set"], true);

    // A laptop that says it all the same is not believed: the server puts it aside, and nobody else hears of it.
    let forged = app::charts::chart_record(
        domain::registry::Kind::ChartSetting,
        serde_json::from_value(place.clone()).unwrap(),
        CODE,
        None,
    );
    pair.clinic.app().with(|cx| {
        let field = domain::registry::ChartSettingField::Rules.number();
        let rules = domain::value::Value::text("anhoej-2014");
        let edit = app::records::edit(domain::registry::Kind::ChartSetting, forged, field, rules);
        let scope = cx
            .scope_of(serde_json::from_value(place.clone()).unwrap())
            .unwrap();
        cx.write(|w| cx.save(w, scope, sync::log::SaveKind::Edit, None, vec![edit]))
            .unwrap();
    });
    let sent = pair.clinic.call("sync_now", json!({}));
    assert_eq!(sent["last"]["code"], "segment-refused", "{sent}");
    pair.coach.sync();
    assert_eq!(view(&pair.coach, &place)["rules"], "nelson-1984");
}

#[test]
fn two_laptops_that_decide_apart_meet_and_differ_only_in_what_they_said() {
    let pair = Pair::enrolled();
    fill(&pair.clinic, &pair.place());
    pair.sync_both();
    let place = pair.place();
    decide(
        &pair.clinic,
        "begin_phase",
        &place,
        &months()[14],
        "nouveau protocole",
    );
    decide(
        &pair.coach,
        "begin_phase",
        &place,
        &months()[14],
        "après la formation",
    );
    decide(&pair.coach, "exclude_point", &place, &months()[3], "grève");
    pair.sync_both();
    pair.sync_both();
    for laptop in [&pair.clinic, &pair.coach] {
        assert_eq!(view(laptop, &place)["phases"].as_array().unwrap().len(), 2);
        assert_eq!(view(laptop, &place)["points"][3]["excluded"], true);
        let open = laptop.call("reviews", json!({}));
        let open = open.as_array().unwrap();
        assert_eq!(open.len(), 1, "one question: why");
        assert_eq!(
            (&open[0]["kind"], &open[0]["field"], &open[0]["period"]),
            (
                &json!("chart_phase"),
                &json!("reason"),
                &json!(months()[14])
            )
        );
    }
}

#[test]
fn goals_follow_one_another_by_date_and_a_measure_without_direction_takes_none() {
    let (laptop, place) = clinic();
    let set = |indicator: &str, period: &str, goal: &str| {
        json!({
            "place": place, "indicator": indicator, "period": period, "goal": goal, "reason": "atteint",
        })
    };
    laptop.call("set_goal", set(CODE, &months()[0], "60"));
    laptop.call("set_goal", set(CODE, &months()[12], "85,5"));
    let read = view(&laptop, &place);
    let goal = |i: usize| read["points"][i]["goal"].as_f64().unwrap();
    assert_eq!(
        (goal(0), goal(11), goal(12), goal(23)),
        (60.0, 60.0, 85.5, 85.5)
    );
    assert_eq!(read["goal"], 85.5);
    // A quarter would stand behind the December of its year.
    let refused = laptop.refused("set_goal", set(CODE, "2026-Q1", "60"));
    assert_eq!(refused.code, "period-length");
    let none = domain::catalog::indicators()
        .iter()
        .find(|one| !one.takes_goal())
        .unwrap();
    let refused = laptop.refused("set_goal", set(&none.code, &months()[0], "60"));
    assert_eq!(refused.code, "goal-not-taken");
    assert_eq!(
        laptop
            .refused("set_goal", set(CODE, &months()[0], "beaucoup"))
            .code,
        "value-invalid"
    );
}

#[test]
fn what_happened_stands_on_the_charts_as_long_as_it_lasted() {
    let (laptop, place) = clinic();
    let set = |field: &str, value: Json| json!({ "field": field, "value": value, "seen": null });
    let save =
        |edits: Vec<Json>| json!({ "id": null, "place": place, "edits": edits, "reason": null });
    let strike = vec![
        set("sort", json!("strike")),
        set("starts", json!(format!("{}-20", months()[2]))),
        set("ends", json!(format!("{}-03", months()[4]))),
        set("text", json!("sages-femmes")),
    ];
    let event = laptop.call("save_event", save(strike));
    let other = domain::catalog::indicators()
        .iter()
        .find(|one| one.code != CODE)
        .unwrap();
    laptop.call(
        "save_event",
        save(vec![
            set("sort", json!("stock_out")),
            set("starts", json!(format!("{}-01", months()[5]))),
            set("indicator", json!(other.code)),
        ]),
    );
    let request = json!({
        "place": place, "indicator": CODE, "cycle": null, "months": 120, "chart": null,
    });
    let marks = laptop.call("chart", request)["marks"].clone();
    assert_eq!(
        marks.as_array().unwrap().len(),
        1,
        "the other measure's does not stand here"
    );
    assert_eq!(
        (
            &marks[0]["period"],
            &marks[0]["until"],
            &marks[0]["sort"],
            &marks[0]["record"]
        ),
        (
            &json!(months()[2]),
            &json!(months()[4]),
            &json!("strike"),
            &event["id"]
        )
    );
    let backwards = vec![
        set("sort", json!("strike")),
        set("starts", json!("2026-02-03")),
        set("ends", json!("2026-02-01")),
    ];
    assert_eq!(
        laptop.refused("save_event", save(backwards)).code,
        "event-ends-before"
    );
    let timeless = vec![set("sort", json!("ramadan"))];
    assert_eq!(
        laptop.refused("save_event", save(timeless)).code,
        "event-without-day"
    );
}

#[test]
fn a_sign_becomes_an_action_that_stands_on_the_first_screen_when_it_is_due() {
    let (laptop, place) = clinic();
    let state = laptop.call("start_state", json!({}));
    let today = state["today"].as_str().unwrap().to_owned();
    let set = |field: &str, value: Json| json!({ "field": field, "value": value, "seen": null });
    let save =
        |edits: Vec<Json>| json!({ "id": null, "place": place, "edits": edits, "reason": null });
    let half = vec![set("text", json!("Relire le registre"))];
    assert_eq!(
        laptop.refused("save_action", save(half)).code,
        "action-incomplete"
    );
    let agreed = |due: &str| {
        save(vec![
            set("indicator", json!(CODE)),
            set("text", json!("Relire le registre")),
            set("who", json!("Binta")),
            set("due", json!(due)),
            set(
                "origin",
                json!("Amélioration : dix mois au-dessus de la médiane"),
            ),
        ])
    };
    laptop.call("save_action", agreed("2031-01-01"));
    let due = laptop.call("save_action", agreed(&today));
    let items = |laptop: &Laptop| -> Vec<Json> {
        let today = laptop.call("today", json!({ "place": place }));
        let items = today["items"].as_array().unwrap().clone();
        items
            .into_iter()
            .filter(|item| item["kind"] == "do_action")
            .collect()
    };
    let now = items(&laptop);
    assert_eq!(now.len(), 1, "only what is due");
    assert_eq!(
        (&now[0]["screen"], &now[0]["id"], &now[0]["params"]["who"]),
        (&json!("actions"), &due["id"], &json!("Binta"))
    );
    let said = notes(&laptop, &place);
    assert_eq!(said["actions"].as_array().unwrap().len(), 2);
    let finish = json!({
        "id": due["id"], "place": place, "edits": [set("done", json!(today))], "reason": null,
    });
    laptop.call("save_action", finish);
    assert!(items(&laptop).is_empty());
}

#[test]
fn a_phase_of_the_register_divides_no_other_source() {
    let (laptop, place) = clinic();
    decide(
        &laptop,
        "begin_phase",
        &place,
        &months()[14],
        "nouveau protocole",
    );
    let typed = |text: &str| json!({ "typed": text, "seen": null });
    let recounts: Vec<Json> = months()[12..17]
        .iter()
        .map(|period| {
            json!({
                "indicator": CODE, "period": period, "source": "recount", "numerator": typed("60"),
                "denominator": typed("100"), "no_data": null, "explanation": null,
            })
        })
        .collect();
    laptop.call(
        "save_cells",
        json!({ "place": place, "cells": recounts, "reason": null }),
    );
    let phases = |source: &str| {
        let request = json!({
            "place": place, "indicator": CODE, "cycle": null, "months": 120, "chart": null, "source": source,
        });
        let marks = laptop.call("chart", request)["marks"].clone();
        let begun = marks.as_array().unwrap().iter();
        begun.filter(|mark| mark["kind"] == "chart_phase").count()
    };
    assert_eq!((phases("register"), phases("recount")), (1, 0));
}
