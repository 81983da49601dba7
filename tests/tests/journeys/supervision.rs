//! The checklists of supervision visits.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use nyetaa_tests::{Laptop, Time};
use serde_json::{Value as Json, json};

#[test]
fn checklists_are_chosen_walked_through_and_go_out_to_phones() {
    let laptop = Laptop::new(&Time::default());
    laptop.begin_coach("Sélingué", "Moussa Keïta");
    let lists = laptop.call("checklists", json!({}));
    let of = |code: &str| {
        let lists = lists.as_array().unwrap();
        lists.iter().find(|list| list["code"] == code).unwrap()
    };
    assert_eq!(lists.as_array().unwrap().len(), 6);
    assert_eq!(
        (&of("malaria")["items"], &of("malaria")["critical"]),
        (&json!(32), &json!(6))
    );

    let stops = laptop.call("checklist_stops", json!({ "codes": ["mnch", "malaria"] }));
    let stops = stops.as_array().unwrap();
    assert_eq!(stops[0]["station"], "arrival");
    assert_eq!(stops.last().unwrap()["station"], "feedback");
    let asked: usize = stops
        .iter()
        .flat_map(|stop| stop["parts"].as_array().unwrap())
        .map(|part| part["items"].as_array().unwrap().len())
        .sum();
    assert!(asked < 36 + 32, "what both ask is asked once");
    let unknown = laptop.refused("checklist_stops", json!({ "codes": ["rougeole"] }));
    assert_eq!(unknown.code, "checklist-unknown");

    let written = laptop.call("export_checklist", json!({ "code": "malaria" }));
    let bytes = std::fs::read(written["path"].as_str().unwrap()).unwrap();
    let form = app::supervision::look(&bytes, "paludisme").unwrap();
    assert_eq!(form.notices, []);
    let items = serde_json::to_value(&form.checklist.items).unwrap();
    let read: Vec<&Json> = items
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["code"])
        .collect();
    assert_eq!(read.len(), 32);
}

#[test]
fn a_form_of_kobo_is_looked_at_with_its_problems() {
    let laptop = Laptop::new(&Time::default());
    laptop.begin_coach("Sélingué", "Moussa Keïta");
    let file = include_bytes!("../../fixtures/xlsform/visite.csv");
    let look = |bytes: &[u8]| json!({ "file": "visite.csv", "bytes": STANDARD.encode(bytes) });
    let form = laptop.call("look_form", look(file));
    assert_eq!(
        (&form["line"]["title"]["fr"], &form["line"]["items"]),
        (&json!("Visite d’essai"), &json!(6))
    );
    assert_eq!(form["notices"][0]["code"], "unknown_type");
    assert_eq!(form["stops"][0]["parts"][0]["section"]["fr"], "Accueil");
    assert_eq!(form["lists"][0]["choices"][0]["label"]["fr"], "Ségou");
    assert_eq!(
        laptop
            .refused("look_form", look(b"mois;valeur\n1;2\n"))
            .code,
        "checklist-no-questions"
    );
    assert_eq!(
        laptop.refused("look_form", look(&[0xff, 0xd8, 0xff])).code,
        "file-not-csv"
    );
}
