//! Charts side by side, and before and after: what a team and its coach see of several at once.

use nyetaa_tests::{Laptop, Pair, Time};
use serde_json::{Value as Json, json};

const MEASURE: &str = "MNCH-02";

/// Figures of a measure for the months of 2025, in order.
fn count(laptop: &Laptop, place: &Json, indicator: &str, figures: &[(u32, u32)]) {
    let typed = |number: &u32| json!({ "typed": number.to_string(), "seen": null });
    let cells: Vec<_> = (1..)
        .zip(figures)
        .map(|(month, (n, d))| {
            json!({
                "indicator": indicator, "period": format!("2025-{month:02}"),
                "numerator": typed(n), "denominator": typed(d), "no_data": null, "explanation": null,
            })
        })
        .collect();
    laptop.call(
        "save_cells",
        json!({ "place": place, "cells": cells, "reason": null }),
    );
}

fn compare(before: (&str, &str), after: (&str, &str), place: &Json, indicator: &str) -> Json {
    json!({
        "place": place, "indicator": indicator, "cycle": null,
        "before": { "from": before.0, "to": before.1 },
        "after": { "from": after.0, "to": after.1 },
    })
}

fn clinic() -> (Laptop, Json) {
    let laptop = Laptop::new(&Time::default());
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let home = json!(laptop.home());
    (laptop, home)
}

#[test]
fn a_team_sees_all_its_measures_together_as_each_stands_alone() {
    let (laptop, home) = clinic();
    let asked = json!({ "place": home, "indicator": null, "months": 24 });
    assert_eq!(laptop.call("multiples", asked.clone())["panels"], json!([]));
    count(&laptop, &home, "MNCH-03", &[(30, 40), (31, 40), (29, 40)]);
    count(&laptop, &home, MEASURE, &[(12, 25), (15, 25)]);
    let shown = laptop.call("multiples", asked);
    let panels = shown["panels"].as_array().unwrap();
    let codes: Vec<_> = panels.iter().map(|one| one["indicator"].clone()).collect();
    assert_eq!(codes, [MEASURE, "MNCH-03"], "in the order of the catalogue");
    let alone = laptop.call(
        "chart",
        json!({ "place": home, "indicator": MEASURE, "cycle": null, "months": 24, "chart": null }),
    );
    assert_eq!(panels[0]["view"], alone["view"], "one measure, one verdict");
    let unknown = json!({ "place": null, "indicator": "MNCH-99", "months": 24 });
    assert_eq!(
        laptop.refused("multiples", unknown).code,
        "indicator-unknown"
    );
}

#[test]
fn a_coach_sees_one_measure_at_every_place_and_where_nothing_is_counted() {
    let (pair, _) = Pair::at_work();
    pair.sync_both();
    let asked = json!({ "place": null, "indicator": MEASURE, "months": 24 });
    let shown = pair.coach.call("multiples", asked);
    assert_eq!(shown["indicator"]["code"], MEASURE);
    let panels = shown["panels"].as_array().unwrap();
    let of = |place: &Json| {
        let one = panels.iter().find(|one| one["place"]["id"] == *place);
        one.unwrap()["view"]["points"].as_array().unwrap().len()
    };
    assert!(of(&json!(pair.place())) > 0);
    assert_eq!(
        of(&json!(pair.coach.home())),
        0,
        "the district counts nothing itself"
    );
}

#[test]
fn before_and_after_are_compared_or_it_is_said_why_not() {
    let (laptop, home) = clinic();
    let year = [
        (12, 25),
        (15, 25),
        (13, 25),
        (14, 25),
        (12, 25),
        (15, 25),
        (19, 25),
        (21, 25),
        (20, 25),
        (18, 25),
        (21, 25),
        (20, 25),
    ];
    count(&laptop, &home, MEASURE, &year);
    let halves = (("2025-01", "2025-06"), ("2025-07", "2025-12"));
    let told = laptop.call("compare", compare(halves.0, halves.1, &home, MEASURE));
    assert_eq!(told["before"]["n"], json!(81.0));
    assert_eq!(told["after"]["months"], 6);
    let difference = &told["difference"];
    assert_eq!(
        (
            &difference["kind"],
            &difference["method"],
            &difference["meaning"]
        ),
        (&json!("told"), &json!("proportions"), &json!("better"))
    );
    let few = compare(
        ("2025-01", "2025-06"),
        ("2025-08", "2025-12"),
        &home,
        MEASURE,
    );
    let few = laptop.call("compare", few);
    assert_eq!(few["difference"], json!({ "kind": "too_few", "need": 6 }));

    let overlap = compare(
        ("2025-01", "2025-07"),
        ("2025-07", "2025-12"),
        &home,
        MEASURE,
    );
    assert_eq!(laptop.refused("compare", overlap).code, "spans-overlap");
    let turned = compare(
        ("2025-06", "2025-01"),
        ("2025-07", "2025-12"),
        &home,
        MEASURE,
    );
    assert_eq!(laptop.refused("compare", turned).code, "span-unknown");

    count(&laptop, &home, "FP-02", &year);
    let uptake = laptop.call("compare", compare(halves.0, halves.1, &home, "FP-02"));
    assert_eq!(
        uptake["difference"],
        json!({ "kind": "not_judged" }),
        "the choice is the woman's"
    );
    assert_eq!(
        uptake["after"]["n"],
        json!(119.0),
        "what was counted is shown"
    );
}
