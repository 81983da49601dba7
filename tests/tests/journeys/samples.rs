//! Rows drawn at random, and where a measure stood before anything was tried.

use nyetaa_tests::{Laptop, Time};
use serde_json::{Value as Json, json};

fn clinic() -> (Laptop, Json, Json) {
    let laptop = Laptop::new(&Time::default());
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let place = laptop.home();
    let cycle = laptop.start_cycle(&place, "anc-four-contacts", "mnch");
    (laptop, place, cycle)
}

#[test]
fn twenty_files_are_drawn_kept_noted_and_drawn_again_by_their_seed() {
    let (laptop, place, _) = clinic();
    let ask = |population: u32, size: u32, seed: Json| {
        json!({
            "place": place, "indicator": "MNCH-02", "period": "2026-06",
            "population": population, "size": size, "seed": seed,
        })
    };
    let drawn = laptop.call("draw_sample", ask(240, 20, Json::Null));
    let rows: Vec<u64> = serde_json::from_value(drawn["rows"].clone()).unwrap();
    assert_eq!(rows.len(), 20);
    assert!(rows.iter().all(|row| (1..=240).contains(row)));
    let again = laptop.call("draw_sample", ask(240, 20, drawn["seed"].clone()));
    assert_eq!(again["rows"], drawn["rows"], "the seed gives the same list");

    let kept = laptop.call("samples", json!({ "place": place }));
    assert_eq!(kept.as_array().unwrap().len(), 2);
    assert!(
        kept.as_array()
            .unwrap()
            .iter()
            .all(|one| one["rows"] == drawn["rows"])
    );
    let list = laptop.call(
        "audit",
        json!({ "person": null, "group": null, "from": null, "until": null }),
    );
    let noted = list.to_string();
    assert!(noted.contains("sample-drawn"), "{noted}");
    assert!(noted.contains(&drawn["seed"].to_string()), "{noted}");

    for (population, size) in [(20, 21), (20, 0), (0, 0), (200_000, 20), (1_000, 501)] {
        let refused = laptop.refused("draw_sample", ask(population, size, Json::Null));
        assert_eq!(refused.code, "sample-size", "{size} of {population}");
    }
}

#[test]
fn a_baseline_says_what_was_counted_when_it_was_set_and_stays() {
    let (laptop, place, cycle) = clinic();
    let set = |first: &str, last: &str| json!({ "cycle": cycle, "indicator": "MNCH-02", "first": first, "last": last, "reason": null });
    assert_eq!(
        laptop
            .refused("set_baseline", set("2026-01", "2026-03"))
            .code,
        "baseline-empty"
    );
    laptop.types(&place, "MNCH-02", "2026-01", "10", "30");
    laptop.types(&place, "MNCH-02", "2026-02", "-", "-");
    laptop.types(&place, "MNCH-02", "2026-03", "20", "30");
    laptop.types(&place, "MNCH-02", "2026-04", "30", "30");
    assert_eq!(
        laptop.refused("set_baseline", set("2026-01", "2026")).code,
        "period-length"
    );
    laptop.call("set_baseline", set("2026-01", "2026-03"));
    let baseline = |at: &str| laptop.cycle(&cycle)["baselines"][0][at].clone();
    assert_eq!(
        ["numerator", "denominator", "value"].map(&baseline),
        [json!(30.0), json!(60.0), json!(50.0)],
        "the sum of both, never a mean of percentages"
    );
    assert_eq!(
        (baseline("first"), baseline("version")),
        (json!("2026-01"), json!(1))
    );
    laptop.types(&place, "MNCH-02", "2026-01", "29", "30");
    assert_eq!(
        baseline("numerator"),
        30.0,
        "a correction leaves it as it was set"
    );
    laptop.call("set_baseline", set("2026-01", "2026-04"));
    assert_eq!(baseline("numerator"), 79.0);
    let all = laptop.cycle(&cycle);
    assert_eq!(
        all["baselines"].as_array().unwrap().len(),
        1,
        "one for each measure"
    );
    let record = &all["baselines"][0]["meta"]["id"];
    let history = laptop.call(
        "record_history",
        json!({ "kind": "baseline", "record": record }),
    );
    assert!(
        history["entries"].as_array().map_or(0, Vec::len) >= 2
            || history.to_string().matches("numerator").count() >= 2,
        "{history}"
    );
}
