//! Figures that are not counted by the month: weeks, quarters, and the days of events.

use nyetaa_tests::{Laptop, Time};
use serde_json::{Value as Json, json};

fn clinic() -> (Laptop, Json, Json) {
    let laptop = Laptop::new(&Time::default());
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let place = laptop.home();
    let cycle = laptop.start_cycle(&place, "anc-four-contacts", "mnch");
    for (position, code) in (10..).zip(["MAL-09", "FP-05", "MNCH-18"]) {
        let edits = json!([
            { "field": "indicator", "value": code, "seen": null },
            { "field": "position", "value": position, "seen": null },
        ]);
        laptop.call(
            "save_measure",
            json!({ "id": null, "cycle": cycle, "edits": edits, "reason": null }),
        );
    }
    (laptop, place, cycle)
}

fn grid(laptop: &Laptop, place: &Json, more: Json) -> Json {
    let mut request = json!({ "place": place, "until": "2026-06", "months": 12 });
    for (key, value) in more.as_object().unwrap() {
        request[key] = value.clone();
    }
    laptop.call("grid", request)
}

#[test]
fn each_measure_has_the_columns_of_its_frequency() {
    let (laptop, place, _) = clinic();
    let months = grid(&laptop, &place, json!({}));
    assert_eq!(months["frequency"], "monthly");
    assert_eq!(
        months["frequencies"],
        json!(["weekly", "monthly", "quarterly", "event"])
    );
    // The day is 15 July 2026: the last complete week ended on the 12th, the last complete quarter in June.
    for (code, first, last, count) in [
        ("MAL-09", "2025-W29", "2026-W28", 52),
        ("FP-05", "2025-Q3", "2026-Q2", 4),
        ("MNCH-18", "2026-07-15", "2026-07-15", 1),
    ] {
        let shown = grid(&laptop, &place, json!({ "indicator": code }));
        let periods = shown["periods"].as_array().unwrap();
        assert_eq!(
            (&periods[0], &periods[periods.len() - 1], periods.len()),
            (&json!(first), &json!(last), count),
            "{code}"
        );
        assert_eq!(shown["rows"].as_array().unwrap().len(), 1, "{code}");
        assert_eq!(shown["rows"][0]["indicator"]["code"], code);
    }
}

#[test]
fn weeks_quarters_and_events_are_typed_charted_and_kept() {
    let (laptop, place, _) = clinic();
    for (number, cases) in (10..=21).zip([30, 28, 35, 31, 29, 33, 30, 27, 34, 32, 31, 90]) {
        laptop.types(
            &place,
            "MAL-09",
            &format!("2026-W{number}"),
            &cases.to_string(),
            "",
        );
    }
    laptop.types(&place, "FP-05", "2026-Q1", "12", "20");
    laptop.types(&place, "FP-05", "2026-Q2", "15", "20");
    laptop.types(&place, "MNCH-18", "2026-05-04", "40", "");
    laptop.types(&place, "MNCH-18", "2026-07-02", "25", "");

    let chart = |code: &str| {
        let asked = json!({ "place": place, "indicator": code, "cycle": null, "months": 36, "chart": "run" });
        laptop.call("chart", asked)["view"].clone()
    };
    let labels = |code: &str| -> Vec<String> {
        let view = chart(code);
        let points = view["points"].as_array().unwrap().clone();
        points
            .iter()
            .map(|point| point["label"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(labels("MAL-09").len(), 12);
    assert_eq!(
        chart("MAL-09")["judged"],
        false,
        "surveillance takes no verdict"
    );
    assert_eq!(labels("FP-05"), ["2026-Q1", "2026-Q2"]);
    assert_eq!(
        labels("MNCH-18"),
        ["2026-05-04", "2026-07-02"],
        "between two events nothing is missing"
    );

    let weeks = grid(&laptop, &place, json!({ "frequency": "weekly" }));
    let cells = weeks["rows"][0]["cells"].as_array().unwrap();
    let last = cells
        .iter()
        .find(|cell| cell["period"] == "2026-W21")
        .unwrap();
    assert_eq!(last["numerator"], 90.0);
}

#[test]
fn a_period_of_another_length_is_refused_and_nothing_is_saved() {
    let (laptop, place, _) = clinic();
    let typed = |code: &str, period: &str| {
        json!({ "place": place, "reason": null, "cells": [{
            "indicator": code, "period": period, "numerator": { "typed": "3", "seen": null },
            "denominator": null, "no_data": null, "explanation": null,
        }]})
    };
    for (code, period, error) in [
        ("FP-05", "2026-03", "period-length"),
        ("MNCH-02", "2026-Q1", "period-length"),
        ("MAL-09", "2026-03", "period-length"),
        ("MAL-09", "2026-W30", "month-ahead"),
        ("FP-05", "2026-Q4", "month-ahead"),
        ("MNCH-18", "2026-07-20", "month-ahead"),
    ] {
        assert_eq!(
            laptop.refused("save_cells", typed(code, period)).code,
            error,
            "{code} {period}"
        );
    }
}

#[test]
fn a_gap_is_asked_about_and_a_day_of_an_event_can_be_added() {
    let (laptop, place, _) = clinic();
    laptop.types(&place, "MNCH-02", "2026-03", "18", "31");
    laptop.types(&place, "MNCH-02", "2026-05", "19", "31");
    let months = grid(&laptop, &place, json!({}));
    let row = months["rows"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["indicator"]["code"] == "MNCH-02");
    let cells = row.unwrap()["cells"].as_array().unwrap().clone();
    let question = |period: &str| {
        let cell = cells.iter().find(|cell| cell["period"] == period).unwrap();
        cell["question"].clone()
    };
    assert_eq!(
        question("2026-04"),
        json!({ "kind": "missing", "before": "2026-03", "after": "2026-05" })
    );
    assert_eq!(
        question("2026-06"),
        Json::Null,
        "the newest month is not missing yet"
    );

    let with_day = grid(
        &laptop,
        &place,
        json!({ "frequency": "event", "day": "2026-06-11" }),
    );
    assert_eq!(with_day["periods"], json!(["2026-06-11"]));

    // A day has its column whichever source or part it was noted of.
    let input = |typed: &str| json!({ "typed": typed, "seen": null });
    for (day, source, stratum) in [
        ("2026-06-04", "community", Json::Null),
        ("2026-06-20", "register", json!("sex:f")),
    ] {
        let cell = json!({
            "indicator": "MNCH-18", "period": day, "stratum": stratum, "source": source,
            "numerator": input("40"), "denominator": null, "no_data": null, "explanation": null,
        });
        laptop.call(
            "save_cells",
            json!({ "place": place, "reason": null, "cells": [cell] }),
        );
    }
    let events = grid(&laptop, &place, json!({ "frequency": "event" }));
    assert_eq!(events["periods"], json!(["2026-06-04", "2026-06-20"]));
}

#[test]
fn parts_stand_under_the_whole_and_are_asked_about_when_they_do_not_make_it() {
    let (laptop, place, _) = clinic();
    let village = laptop.call(
        "add_place",
        json!({ "name": "Tagan", "level": "village", "parent": place }),
    );
    laptop.types(&place, "MNCH-02", "2026-05", "20", "31");
    let part = |stratum: &str, n: &str, d: &str| {
        let input = |typed: &str| json!({ "typed": typed, "seen": null });
        json!({ "place": place, "reason": null, "cells": [{
            "indicator": "MNCH-02", "period": "2026-05", "stratum": stratum,
            "numerator": input(n), "denominator": input(d), "no_data": null, "explanation": null,
        }]})
    };
    let rows = |split: Json| {
        let shown = grid(&laptop, &place, json!({ "split": split }));
        let rows = shown["rows"].as_array().unwrap().clone();
        let of = rows
            .into_iter()
            .filter(|row| row["indicator"]["code"] == "MNCH-02");
        (of.collect::<Vec<_>>(), shown["expected"].clone())
    };
    let (closed, expected) = rows(Json::Null);
    assert_eq!(closed.len(), 1);
    let (opened, still) = rows(json!({ "indicator": "MNCH-02", "by": "site" }));
    assert_eq!(opened.len(), 2, "one village");
    assert_eq!(opened[1]["stratum"]["name"], "Tagan");
    assert_eq!(expected, still, "a part is no measure that is waited for");

    let site = opened[1]["stratum"]["key"].as_str().unwrap().to_owned();
    assert!(site.contains(village["id"].as_str().unwrap()));
    laptop.call("save_cells", part(&site, "18", "31"));
    let (kept, _) = rows(Json::Null);
    assert_eq!(kept.len(), 2, "what was said stays in sight");
    let may = |row: &Json| {
        let cells = row["cells"].as_array().unwrap().clone();
        cells
            .into_iter()
            .find(|cell| cell["period"] == "2026-05")
            .unwrap()
    };
    assert_eq!(
        may(&kept[0])["numerator"],
        20.0,
        "the whole is what was counted, not a sum"
    );
    assert_eq!(
        may(&kept[0])["question"],
        json!({ "kind": "parts_differ", "part": "numerator", "whole": 20.0, "parts": 18.0 })
    );
    assert_eq!(may(&kept[1])["stratum"], site);
    for wrong in ["sex:x", "colour:red", "site:nowhere", ""] {
        assert_eq!(
            laptop.refused("save_cells", part(wrong, "1", "2")).code,
            "request-invalid",
            "{wrong}"
        );
    }
}

#[test]
fn two_sources_of_one_month_stand_side_by_side_and_a_chart_says_which_it_draws() {
    let (laptop, place, _) = clinic();
    laptop.types(&place, "MNCH-02", "2026-05", "20", "31");
    let recount = |n: &str, stratum: Json| {
        let input = |typed: &str| json!({ "typed": typed, "seen": null });
        json!({ "place": place, "reason": null, "cells": [{
            "indicator": "MNCH-02", "period": "2026-05", "stratum": stratum, "source": "recount",
            "numerator": input(n), "denominator": input("31"), "no_data": null, "explanation": null,
        }]})
    };
    let rows = |source: Json| {
        let shown = grid(&laptop, &place, json!({ "source": source }));
        let rows = shown["rows"].as_array().unwrap().clone();
        let of = rows
            .into_iter()
            .filter(|row| row["indicator"]["code"] == "MNCH-02");
        (of.collect::<Vec<_>>(), shown["expected"].clone())
    };
    let (closed, expected) = rows(Json::Null);
    assert_eq!(closed.len(), 1);
    let (opened, still) = rows(json!({ "indicator": "MNCH-02", "source": "recount" }));
    assert_eq!(opened.len(), 2);
    assert_eq!(opened[1]["source"], "recount");
    assert_eq!(
        expected, still,
        "another source is no measure that is waited for"
    );

    let saved = laptop.call("save_cells", recount("17", Json::Null));
    assert_eq!(saved[0]["source"], "recount");
    assert_eq!(saved[0]["author"], "Awa Traoré");
    assert!(saved[0]["written"].is_string());
    let (kept, _) = rows(Json::Null);
    let may = |row: &Json| {
        let cells = row["cells"].as_array().unwrap().clone();
        cells
            .into_iter()
            .find(|cell| cell["period"] == "2026-05")
            .unwrap()["numerator"]
            .clone()
    };
    assert_eq!(
        kept.iter().map(may).collect::<Vec<_>>(),
        [json!(20.0), json!(17.0)],
        "neither takes the other's place"
    );
    let chart = |more: Json| {
        let mut request = json!({ "place": place, "indicator": "MNCH-02", "cycle": null, "months": 24, "chart": null });
        for (key, value) in more.as_object().unwrap() {
            request[key] = value.clone();
        }
        laptop.call("chart", request)
    };
    let register = chart(json!({}));
    assert_eq!(register["source"], "register");
    assert_eq!(register["sources"], json!(["register", "recount"]));
    assert_eq!(register["view"]["points"][0]["n"], 20.0);
    let recounted = chart(json!({ "source": "recount" }));
    assert_eq!(recounted["source"], "recount");
    assert_eq!(recounted["view"]["points"][0]["n"], 17.0);
    let at =
        json!({ "place": place, "indicator": "MNCH-02", "period": "2026-05", "source": "recount" });
    assert_eq!(
        laptop.call("cell_history", at).as_array().unwrap().len(),
        2,
        "of the recount alone"
    );

    // Villages are counted by strokes, each with its line, beside what stands in the register.
    let village = laptop.call(
        "add_place",
        json!({ "name": "Tagan", "level": "village", "parent": place }),
    );
    let asked = json!({
        "split": { "indicator": "MNCH-02", "by": "site" },
        "source": { "indicator": "MNCH-02", "source": "community" },
    });
    let lines = || {
        let shown = grid(&laptop, &place, asked.clone());
        let rows = shown["rows"].as_array().unwrap().clone();
        let community = rows.into_iter().filter(|row| row["source"] == "community");
        community.collect::<Vec<_>>()
    };
    assert_eq!(lines().len(), 2, "all together, and the one village");
    let site = lines()[1]["stratum"]["key"].clone();
    assert_eq!(site, format!("site:{}", village["id"].as_str().unwrap()));
    let mut counted = recount("4", site);
    counted["cells"][0]["source"] = json!("community");
    laptop.call("save_cells", counted);
    assert_eq!(may(&lines()[1]), 4.0);
    assert_eq!(may(&lines()[0]), Json::Null);
    let gone = json!({ "kind": "place", "id": village["id"], "reason": null });
    laptop.call("delete_record", gone);
    assert_eq!(lines().len(), 2, "what was counted in a village stays");

    // A chart is split by what was counted apart.
    assert_eq!(register["splits"], json!([]));
    let mut women = recount("11", json!("sex:f"));
    women["cells"][0]["source"] = json!("register");
    laptop.call("save_cells", women);
    assert_eq!(chart(json!({}))["splits"], json!(["sex"]));
    let split = laptop.call(
        "multiples",
        json!({ "place": place, "indicator": "MNCH-02", "months": 24, "split": "sex" }),
    );
    let panels = split["panels"].as_array().unwrap();
    assert_eq!(panels.len(), 2, "the whole, and the part that was counted");
    assert_eq!(panels[0]["stratum"], Json::Null);
    assert_eq!(panels[1]["stratum"]["key"], "sex:f");
    assert_eq!(panels[1]["view"]["points"][0]["n"], 11.0);
    let wrong = json!({ "place": place, "indicator": "MNCH-02", "cycle": null, "months": 24, "chart": null, "stratum": "sex:x" });
    assert_eq!(laptop.refused("chart", wrong).code, "request-invalid");
}
