//! Every kind of chart: which a coach can choose for what was counted, why not the others, and what is drawn then.

use nyetaa_tests::{Laptop, Pair};
use serde_json::{Value as Json, json};

/// Writes values of a measure at the clinic: period, numerator and denominator; the coach has them too.
fn fill(pair: &Pair, code: &str, values: &[(String, f64, Option<f64>)]) {
    let typed = |text: String| json!({ "typed": text, "seen": null });
    let cells: Vec<Json> = values
        .iter()
        .map(|(period, n, d)| {
            json!({
                "indicator": code, "period": period, "numerator": typed(n.to_string()),
                "denominator": d.map(|d| typed(d.to_string())), "no_data": null, "explanation": null,
            })
        })
        .collect();
    pair.clinic.call(
        "save_cells",
        json!({ "place": pair.place(), "cells": cells, "reason": null }),
    );
    pair.sync_both();
}

/// Twenty-four months up to last June.
fn month(i: usize) -> String {
    format!("{}-{:02}", 2024 + (i + 5) / 12, (i + 5) % 12 + 1)
}

fn choices(laptop: &Laptop, place: &Json, code: &str) -> (Vec<String>, Vec<(String, String)>) {
    let notes = laptop.call("chart_notes", json!({ "place": place, "indicator": code }));
    let word = |json: &Json| json.as_str().unwrap().to_owned();
    let all = notes["choices"].as_array().unwrap();
    assert_eq!(all.len(), 13, "each kind is named");
    let (can, cannot): (Vec<_>, Vec<_>) = all.iter().partition(|one| one["unfit"].is_null());
    let cannot = cannot.iter();
    (
        can.iter().map(|one| word(&one["chart"])).collect(),
        cannot
            .map(|one| (word(&one["chart"]), word(&one["unfit"])))
            .collect(),
    )
}

fn drawn(laptop: &Laptop, place: &Json, code: &str) -> Json {
    let request = json!({ "place": place, "indicator": code, "cycle": null, "months": 120 });
    laptop.call("chart", request)
}

fn set(laptop: &Laptop, place: &Json, code: &str, chart: &str) {
    let request = json!({
        "place": place, "indicator": code, "chart": chart, "rules": "anhoej-2014", "reason": "demandé par l’équipe",
    });
    laptop.call("set_chart", request);
}

#[test]
fn rare_deaths_are_charted_by_the_births_between_them() {
    let pair = Pair::enrolled();
    let (laptop, place) = (&pair.coach, pair.place());
    let code = "MNCH-15";
    let values: Vec<_> = (0..24)
        .map(|i| (month(i), f64::from(u8::from(i % 4 == 1)), Some(30.0)))
        .collect();
    fill(&pair, code, &values);
    let run = drawn(laptop, &place, code);
    assert_eq!(
        run["view"]["advice"],
        json!({ "chart": "g", "reason": "rare_events" })
    );
    let (can, cannot) = choices(laptop, &place, code);
    assert_eq!(can, ["run", "i", "mr", "u", "up", "g", "ip"]);
    let why = |kind: &str| {
        let found = cannot.iter().find(|(chart, _)| chart == kind);
        found.unwrap().1.clone()
    };
    assert_eq!(
        [why("p"), why("c"), why("t"), why("xbar")],
        ["not_a_part", "sizes_differ", "no_days", "one_value"]
    );
    let refused = json!({
        "place": place, "indicator": code, "chart": "s", "rules": "anhoej-2014", "reason": "essai",
    });
    assert_eq!(laptop.refused("set_chart", refused).code, "chart-not-taken");

    set(laptop, &place, code, "g");
    let chart = drawn(laptop, &place, code);
    let view = &chart["view"];
    assert_eq!(
        (&view["chart"], &view["drawn"]),
        (&json!("g"), &json!("cases"))
    );
    let values: Vec<f64> = view["points"]
        .as_array()
        .unwrap()
        .iter()
        .map(|point| point["value"].as_f64().unwrap())
        .collect();
    // Five intervals of four months of thirty births each, and the two months since the last death.
    assert_eq!(values, [120.0, 120.0, 120.0, 120.0, 120.0, 60.0]);
    assert_eq!(view["points"][5]["incomplete"], true);
    let panels = laptop.call(
        "multiples",
        json!({ "place": place, "indicator": null, "months": 24, "split": null }),
    );
    assert_eq!(
        panels["panels"][0]["view"]["chart"], "run",
        "beside others in its own unit"
    );

    // A month with two deaths: what lies between them is unknown, and the team reads its run chart again.
    fill(&pair, code, &[(month(23), 2.0, Some(30.0))]);
    let chart = drawn(laptop, &place, code);
    assert_eq!(chart["view"]["chart"], "run");
    assert_eq!(
        chart["unfit"],
        json!({ "chart": "g", "why": "several_at_once" })
    );
}

#[test]
fn delays_are_charted_by_their_mean_with_their_spread_beneath() {
    let pair = Pair::enrolled();
    let (laptop, place) = (&pair.coach, pair.place());
    let code = "MNCH-18";
    let values: Vec<_> = (0..60_u32)
        .map(|i| {
            let day = format!("{}-{:02}", month(8 + i as usize / 4), i % 4 * 6 + 2);
            (day, f64::from(40 + i * 7 % 25), None)
        })
        .collect();
    fill(&pair, code, &values);
    let (can, cannot) = choices(laptop, &place, code);
    assert_eq!(can, ["run", "i", "mr", "xbar", "s"]);
    assert!(cannot.contains(&("g".to_owned(), "not_rare".to_owned())));
    let run = drawn(laptop, &place, code);
    assert_eq!(run["view"]["advice"]["chart"], "xbar");
    assert!(run["beneath"].is_null());
    set(laptop, &place, code, "xbar");
    let chart = drawn(laptop, &place, code);
    assert_eq!(
        (&chart["view"]["drawn"], &chart["beneath"]["drawn"]),
        (&json!("mean"), &json!("spread"))
    );
    let labels = |view: &Json| -> Vec<String> {
        let points = view["points"].as_array().unwrap().iter();
        points
            .map(|p| p["label"].as_str().unwrap().to_owned())
            .collect()
    };
    let expected: Vec<_> = (8..23).map(month).collect();
    assert_eq!(labels(&chart["view"]), expected);
    assert_eq!(labels(&chart["beneath"]), expected);
    for view in [&chart["view"], &chart["beneath"]] {
        assert_eq!(view["points"][0]["n"], 4.0, "four values");
        assert!(!view["points"][0]["limits"].is_null());
    }
}

#[test]
fn ranges_of_any_measure_say_scatter_and_neither_better_nor_worse() {
    let pair = Pair::enrolled();
    let (laptop, place) = (&pair.coach, pair.place());
    let code = "MNCH-02";
    let values: Vec<_> = (0..24)
        .map(|i| {
            let n = if i == 15 {
                95.0
            } else {
                f64::from(50 + i as u32 % 3)
            };
            (month(i), n, Some(100.0))
        })
        .collect();
    fill(&pair, code, &values);
    set(laptop, &place, code, "mr");
    let view = drawn(laptop, &place, code)["view"].clone();
    assert_eq!(
        (&view["drawn"], &view["verdict"]["kind"], &view["meaning"]),
        (&json!("range"), &json!("outside"), &json!("neutral"))
    );
    assert_eq!(view["points"][0]["value"], Json::Null);
    assert!(view["goal"].is_null());
}

#[test]
fn events_noted_one_by_one_are_charted_as_g_or_t() {
    let pair = Pair::enrolled();
    let (laptop, place) = (&pair.coach, pair.place());
    let values: Vec<_> = (0..12_u32)
        .map(|i| {
            (
                format!("{}-{:02}", month(i as usize * 2), i + 3),
                f64::from(60 + i * 11 % 40),
                None,
            )
        })
        .collect();
    fill(&pair, "MNCH-17", &values);
    let (can, _) = choices(laptop, &place, "MNCH-17");
    assert_eq!(can, ["run", "i", "mr", "g", "t"]);
    assert_eq!(
        drawn(laptop, &place, "MNCH-17")["view"]["advice"]["chart"],
        "g"
    );
    set(laptop, &place, "MNCH-17", "t");
    let days = drawn(laptop, &place, "MNCH-17")["view"].clone();
    assert_eq!(days["drawn"], "days");
    // From 3 June to 4 August.
    assert_eq!(
        days["points"][0]["value"].as_f64().map(f64::round),
        Some(62.0)
    );
}

#[test]
fn a_month_counts_when_it_has_been_reported_and_a_season_is_named() {
    // The day in hand is 15 July 2026.
    let pair = Pair::enrolled();
    let place = pair.place();
    let values: Vec<_> = (12..25).map(|i| (month(i), 4.0, Some(90.0))).collect();
    assert_eq!(values[12].0, "2026-06");
    fill(&pair, "MAL-03", &values);
    let chart = drawn(&pair.clinic, &place, "MAL-03");
    let last = |chart: &Json| {
        chart["view"]["points"]
            .as_array()
            .unwrap()
            .last()
            .unwrap()
            .clone()
    };
    assert_eq!(last(&chart)["incomplete"], false);
    assert_eq!(chart["counts_from"], Json::Null);
    assert_eq!(
        chart["caution"],
        json!({ "kind": "season", "follows": "rains", "months": 13 })
    );
    // July is reported by 5 August, and counts from the day after.
    fill(&pair, "MAL-03", &[("2026-07".to_owned(), 4.0, Some(90.0))]);
    for (days, complete) in [(0, false), (17, false), (4, false), (1, true)] {
        pair.time.days(days);
        let chart = drawn(&pair.clinic, &place, "MAL-03");
        assert_eq!(last(&chart)["incomplete"], !complete, "{days}");
        let from = if complete {
            Json::Null
        } else {
            json!("2026-08-06")
        };
        assert_eq!(chart["counts_from"], from);
    }
}

#[test]
fn a_place_counts_by_its_own_words_and_no_old_value_is_rewritten() {
    let pair = Pair::enrolled();
    let (code, place) = ("MNCH-02", pair.place());
    let save = |laptop: &Laptop, place: &Json, numerator: &str, reason: &str| {
        let request = json!({
            "place": place, "indicator": code, "numerator": numerator, "denominator": "", "reason": reason,
        });
        laptop.ask("save_variant", request)
    };
    let values: Vec<_> = (0..20).map(|i| (month(i), 20.0, Some(40.0))).collect();
    fill(&pair, code, &values[..8]);
    let refused = |answer: Result<Json, _>| -> String {
        let error: app::error::AppError = answer.expect_err("refused");
        error.code
    };
    assert_eq!(
        refused(save(&pair.clinic, &place, "trois CPN", " ")),
        "reason-missing"
    );
    assert_eq!(
        refused(save(&pair.clinic, &place, "", "rien")),
        "variant-same"
    );
    save(
        &pair.clinic,
        &place,
        "Accouchées ayant trois CPN",
        "le registre n’en note que trois",
    )
    .unwrap();
    assert_eq!(
        refused(save(
            &pair.clinic,
            &place,
            "Accouchées ayant trois CPN",
            "encore"
        )),
        "variant-same"
    );
    fill(&pair, code, &values[8..14]);
    for laptop in [&pair.clinic, &pair.coach] {
        let chart = drawn(laptop, &place, code);
        assert_eq!(
            chart["redefined"],
            json!([month(8)]),
            "where the definition changes"
        );
        assert_eq!(
            chart["indicator"]["numerator"]["fr"],
            "Accouchées ayant trois CPN"
        );
        assert_eq!(chart["indicator"]["variant"]["version"], 1);
        assert_eq!(
            chart["indicator"]["denominator"]["fr"], "Accouchées de la structure dans la période",
            "what nobody reworded stays the catalogue’s"
        );
    }
    // A second version, then the catalogue again: each value keeps what it was counted by.
    save(
        &pair.clinic,
        &place,
        "Accouchées ayant deux CPN",
        "nouveau registre",
    )
    .unwrap();
    fill(&pair, code, &values[14..17]);
    save(&pair.clinic, &place, "", "registre national reçu").unwrap();
    fill(&pair, code, &values[17..]);
    let chart = drawn(&pair.coach, &place, code);
    assert_eq!(chart["redefined"], json!([month(8), month(14), month(17)]));
    assert!(chart["indicator"]["variant"].is_null());
    let said = pair
        .coach
        .call("variants", json!({ "place": place, "indicator": code }));
    let numerators: Vec<_> = said["versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| &v["numerator"])
        .collect();
    assert_eq!(
        numerators,
        [
            &Json::Null,
            &json!("Accouchées ayant deux CPN"),
            &json!("Accouchées ayant trois CPN")
        ]
    );
    // The month grid marks it where people type.
    save(
        &pair.clinic,
        &place,
        "Accouchées ayant trois CPN",
        "registre perdu",
    )
    .unwrap();
    pair.clinic.start_cycle(&place, "anc-four-contacts", "mnch");
    let grid = pair.clinic.call(
        "grid",
        json!({ "place": place, "until": "2026-06", "months": 12 }),
    );
    let row = grid["rows"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["indicator"]["code"] == code);
    assert_eq!(row.unwrap()["indicator"]["variant"]["version"], 4);
}

/// Two laptops that do not know of each other word the next version differently: neither text comes under the other's values. And a
/// wording that was removed may be written anew.
#[test]
fn wordings_that_met_stand_side_by_side_and_a_removed_one_comes_back() {
    let pair = Pair::enrolled();
    let (code, place) = ("MNCH-02", pair.place());
    let save = |laptop: &Laptop, numerator: &str, denominator: &str| {
        let request = json!({
            "place": place, "indicator": code, "numerator": numerator, "denominator": denominator,
            "reason": "registre",
        });
        laptop.call("save_variant", request)["id"].clone()
    };
    let wordings = |laptop: &Laptop| -> Vec<(Json, Json, Json)> {
        let said = laptop.call("variants", json!({ "place": place, "indicator": code }));
        let versions = said["versions"].as_array().unwrap();
        let words = |v: &Json| {
            (
                v["version"].clone(),
                v["numerator"].clone(),
                v["denominator"].clone(),
            )
        };
        let mut all: Vec<_> = versions.iter().map(words).collect();
        all.sort_by_key(|words| words.1.to_string());
        all
    };
    save(&pair.clinic, "trois CPN", "accouchées du registre A");
    save(&pair.coach, "deux CPN", "accouchées du registre B");
    pair.sync_both();
    pair.sync_both();
    for laptop in [&pair.clinic, &pair.coach] {
        assert_eq!(
            wordings(laptop),
            [
                (
                    json!(1),
                    json!("deux CPN"),
                    json!("accouchées du registre B")
                ),
                (
                    json!(1),
                    json!("trois CPN"),
                    json!("accouchées du registre A")
                ),
            ]
        );
    }
    let id = save(&pair.clinic, "quatre CPN", "");
    pair.clinic.call(
        "delete_record",
        json!({ "kind": "variant", "id": id, "reason": "erreur" }),
    );
    assert_eq!(wordings(&pair.clinic).len(), 2);
    save(&pair.clinic, "quatre CPN", "");
    let all = wordings(&pair.clinic);
    assert_eq!(all.len(), 3);
    assert!(all.contains(&(json!(3), json!("quatre CPN"), Json::Null)));
}

#[test]
fn a_districts_wording_holds_for_its_places_until_one_words_it_itself() {
    let pair = Pair::enrolled();
    let (code, place) = ("MNCH-02", pair.place());
    let district = pair.coach.home();
    let said = |laptop: &Laptop, place: &Json| {
        let chart = laptop.call(
            "chart",
            json!({ "place": place, "indicator": code, "cycle": null, "months": 24 }),
        );
        (
            chart["indicator"]["numerator"]["fr"].clone(),
            chart["indicator"]["variant"]["place"].clone(),
        )
    };
    let save = |laptop: &Laptop, place: &Json, words: &str| {
        let request = json!({
            "place": place, "indicator": code, "numerator": words, "denominator": "", "reason": "registre",
        });
        laptop.call("save_variant", request);
        pair.sync_both();
    };
    save(
        &pair.coach,
        &district,
        "Accouchées du district ayant quatre CPN",
    );
    for laptop in [&pair.coach, &pair.clinic] {
        let (words, by) = said(laptop, &place);
        assert_eq!(words, "Accouchées du district ayant quatre CPN");
        assert_eq!(by, "Sélingué");
    }
    save(&pair.clinic, &place, "Accouchées ayant trois CPN");
    for laptop in [&pair.coach, &pair.clinic] {
        assert_eq!(
            said(laptop, &place),
            (
                json!("Accouchées ayant trois CPN"),
                json!("CSCom de Kangaré")
            )
        );
    }
    assert_eq!(said(&pair.coach, &district).1, "Sélingué");
}
