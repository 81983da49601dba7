//! « Découvrir avec un exemple »: a folder of its own, marked, and never sent.

use nyetaa_tests::{Laptop, Time};
use serde_json::{Value as Json, json};

#[test]
fn the_example_opens_filled_and_marked_before_anything_was_asked() {
    let mut laptop = Laptop::new(&Time::default());
    let state = laptop.call("open_practice", json!({ "language": "fr" }));
    assert_eq!(
        (&state["practice"], &state["begun"]),
        (&json!(true), &json!(true))
    );
    let cycles = laptop.call("cycles", json!({ "place": null }));
    assert!(cycles.as_array().unwrap().len() >= 3, "three cycles");
    assert!(
        cycles
            .as_array()
            .unwrap()
            .iter()
            .any(|cycle| cycle["chart"]["points"]
                .as_array()
                .is_some_and(|points| points.len() >= 24)),
        "two years"
    );
    assert!(
        !laptop
            .call("lessons", json!({}))
            .as_array()
            .unwrap()
            .is_empty()
    );
    let clinics: std::collections::BTreeSet<_> = cycles
        .as_array()
        .unwrap()
        .iter()
        .map(|cycle| cycle["place"]["name"].to_string())
        .collect();
    assert!(clinics.len() >= 2, "several facilities: {clinics:?}");
    let left = laptop.call("close_practice", json!({}));
    assert_eq!(
        (&left["practice"], &left["begun"]),
        (&json!(false), &json!(false))
    );
    laptop.reopen();
    let real = laptop.call("start_state", json!({}));
    assert_eq!(
        (&real["practice"], &real["begun"]),
        (&json!(false), &json!(false)),
        "the real folder opens first"
    );
}

#[test]
fn nothing_goes_from_the_example_into_the_real_folder_or_out() {
    let laptop = Laptop::new(&Time::default());
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    laptop.call("open_practice", json!({ "language": "fr" }));
    assert_eq!(laptop.sync_state()["state"], "practice");
    let enrol = json!({ "server": "127.0.0.1:1", "code": "AAAA-AAAA-AAAAA" });
    assert_eq!(laptop.refused("enrol", enrol).code, "practice-never-sends");
    assert_eq!(
        laptop.refused("sync_now", json!({})).code,
        "practice-never-sends"
    );
    let cycles = laptop.call("cycles", json!({ "place": null }));
    laptop.edit_cycle(
        &cycles[0]["id"],
        json!({ "cause": "essayé dans l’exemple" }),
    );
    laptop.call("close_practice", json!({}));
    assert_eq!(laptop.call("cycles", json!({ "place": null })), json!([]));
    assert_eq!(
        laptop.call("people", json!({})).as_array().unwrap().len(),
        1
    );
    let waiting = laptop.sync_state();
    assert_eq!(
        waiting["waiting_saves"], 1,
        "the first start alone: {}",
        waiting["waiting"]
    );
    // What was tried in the example is there the next time.
    laptop.call("open_practice", json!({ "language": "fr" }));
    assert_eq!(
        laptop.cycle(&cycles[0]["id"])["cycle"]["cause"],
        "essayé dans l’exemple"
    );
}

#[test]
fn the_examples_own_folder_is_practice_by_whatever_way_it_is_opened() {
    let mut laptop = Laptop::new(&Time::default());
    laptop.call("open_practice", json!({ "language": "fr" }));
    laptop.close();
    let app = laptop.open_at(&laptop.folder().join("practice")).unwrap();
    assert_eq!(
        app.call("start_state", json!({})).unwrap()["practice"],
        true
    );
    let enrol = json!({ "server": "127.0.0.1:1", "code": "AAAA-AAAA-AAAAA" });
    let refused = app.call("enrol", enrol).unwrap_err();
    assert_eq!(refused.code, "practice-never-sends");
}

#[test]
fn the_example_speaks_the_language_that_was_chosen() {
    let titles = |language: &str| {
        let laptop = Laptop::new(&Time::default());
        laptop.call("open_practice", json!({ "language": language }));
        let cycles = laptop.call("cycles", json!({ "place": null }));
        let titles: Vec<Json> = cycles
            .as_array()
            .unwrap()
            .iter()
            .map(|cycle| cycle["title"].clone())
            .collect();
        titles
    };
    let (french, english) = (titles("fr"), titles("en"));
    assert_eq!(french.len(), english.len());
    assert_ne!(french, english);
}
