//! One search over everything: in any spelling, as it stands now, and only what may be read.

use nyetaa_tests::{Laptop, Pair, Time};
use serde_json::{Value as Json, json};

fn search(laptop: &Laptop, text: &str) -> Vec<Json> {
    let found = laptop.call("search", json!({ "text": text, "kinds": [] }));
    found.as_array().unwrap().clone()
}

fn kinds(found: &[Json]) -> Vec<&str> {
    found
        .iter()
        .filter_map(|one| one["kind"].as_str())
        .collect()
}

fn clinic() -> (Laptop, Json) {
    let laptop = Laptop::new(&Time::default());
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let cycle = laptop.start_cycle(&laptop.home(), "anc-four-contacts", "mnch");
    (laptop, cycle)
}

#[test]
fn words_are_found_without_accents_and_with_a_letter_wrong() {
    let (laptop, cycle) = clinic();
    laptop.edit_cycle(
        &cycle,
        json!({ "title": "Quatre CPN à Sélingué", "problem": "Le cœur du problème : la réunion de Ɲɛtaa" }),
    );
    for typed in [
        "selingue",
        "SÉLINGUÉ",
        "sélin",
        "seligue",
        "selnigue",
        "quatre selingue",
        "cœur",
        "coeur",
        "nyetaa",
        "netaa",
        "reunoin",
        "l’accouchement",
    ] {
        let found = search(&laptop, typed);
        let of_cycle = found.iter().any(|one| one["cycle"] == cycle);
        assert!(of_cycle, "{typed}: {found:?}");
    }
    for typed in [
        "",
        "  ",
        "!?",
        "\"",
        "zzzzzz",
        "kati",
        "a AND",
        "quatre zzzzzz",
        "title:x*",
    ] {
        let found = search(&laptop, typed);
        assert!(
            !found.iter().any(|one| one["id"] == cycle),
            "{typed}: {found:?}"
        );
    }
}

#[test]
fn the_words_that_answer_are_marked() {
    let (laptop, cycle) = clinic();
    let problem = "Beaucoup de femmes viennent tard parce que le jour du marché tombe le même jour";
    laptop.edit_cycle(&cycle, json!({ "title": "CPN", "problem": problem }));
    let found = search(&laptop, "marche");
    let hit = found.iter().find(|one| one["id"] == cycle).unwrap();
    let marked: Vec<_> = hit["snippet"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|part| part["marked"] == true)
        .map(|part| part["text"].clone())
        .collect();
    assert_eq!(marked, [json!("marché")]);
}

#[test]
fn measures_and_places_are_found_beside_records() {
    let (laptop, _) = clinic();
    let found = search(&laptop, "paludisme");
    assert!(found.iter().any(|one| one["code"].is_string()));
    assert_eq!(search(&laptop, "MNCH-02")[0]["code"], "MNCH-02");
    assert_eq!(kinds(&search(&laptop, "kangare"))[0], "place");
}

#[test]
fn what_was_removed_is_not_found_and_what_was_rewritten_is_found_by_its_new_words() {
    let (laptop, cycle) = clinic();
    let place = laptop.home();
    let set = |field: &str, value: &str| json!({ "field": field, "value": value, "seen": null });
    let action = json!({
        "id": null, "place": place, "reason": null,
        "edits": [set("text", "Réparer le lit d’accouchement"), set("who", "Awa"), set("due", "2026-08-01")],
    });
    let action = laptop.call("save_action", action)["id"].clone();
    let has = |text: &str| search(&laptop, text).iter().any(|one| one["id"] == action);
    assert!(has("reparer lit"));
    let stored = laptop.call("actions", json!({ "place": place }))["own"][0].clone();
    let edit = json!({
        "id": action, "place": place, "reason": null,
        "edits": [{ "field": "text", "value": "Remplacer le matelas", "seen": stored["meta"]["seen"]["text"] }],
    });
    laptop.call("save_action", edit);
    assert!(!has("reparer") && has("matelas"));
    let named = json!({ "kind": "action", "id": action });
    laptop.call(
        "delete_record",
        json!({ "kind": "action", "id": action, "reason": null }),
    );
    assert!(!has("matelas"));
    laptop.call("restore_record", named);
    assert!(has("matelas"));
    // Emptied and filled again from the log, the index says the same.
    let before = search(&laptop, "femmes");
    laptop.app().with(|cx| cx.store().rebuild(0).unwrap());
    assert!(has("matelas"));
    let mut after = search(&laptop, "femmes");
    let by_id = |one: &Json| one["id"].to_string();
    let mut before = before;
    before.sort_by_key(by_id);
    after.sort_by_key(by_id);
    assert_eq!(before, after);
    let _ = cycle;
}

#[test]
fn what_comes_from_another_laptop_is_found_and_a_partner_finds_no_work() {
    let (pair, cycle) = Pair::at_work();
    pair.clinic
        .edit_cycle(&cycle, json!({ "problem": "Le hangar est inondé" }));
    pair.sync_both();
    let found = search(&pair.coach, "inonde");
    assert_eq!(found[0]["id"], cycle);
    assert_eq!(found[0]["place_name"], "CSCom de Kangaré");
}

#[test]
fn one_plain_spelling_does_not_hide_the_others() {
    let (laptop, cycle) = clinic();
    laptop.edit_cycle(
        &cycle,
        json!({ "title": "Au cœur du village", "problem": "sɔrɔ" }),
    );
    let other = laptop.start_cycle(&laptop.home(), "anc-four-contacts", "mnch");
    laptop.edit_cycle(
        &other,
        json!({ "title": "Au coeur du hameau", "problem": "soro" }),
    );
    for typed in ["coeur", "cœur", "soro", "sɔrɔ", "sor"] {
        let found = search(&laptop, typed);
        for id in [&cycle, &other] {
            let there = found.iter().any(|one| one["id"] == *id);
            assert!(there, "{typed}: {found:?}");
        }
    }
}

#[test]
fn a_decision_of_a_pause_leads_to_the_pause() {
    let (laptop, _) = clinic();
    let place = laptop.home();
    let pause = json!({ "place": place, "reason": null });
    let pause = laptop.call("hold_pause", pause)["id"].clone();
    let set = |field: &str, value: Json| json!({ "field": field, "value": value, "seen": null });
    let edits = json!([
        set("text", json!("Réunion le mardi")),
        set("about", pause.clone())
    ]);
    let request = json!({ "id": null, "place": place, "edits": edits, "reason": null });
    laptop.call("save_decision", request);
    let found = search(&laptop, "mardi");
    assert_eq!(
        (&found[0]["about"], &found[0]["of_pause"]),
        (&pause, &json!(true))
    );
}
