//! The first start: language, place, name and role.

use nyetaa_tests::{Laptop, PIN, Time, texts};
use serde_json::{Value as Json, json};

fn found(laptop: &Laptop, query: &str, levels: &[&str]) -> Vec<String> {
    let request = json!({ "query": query, "levels": levels });
    texts(&laptop.call("search_places", request), "name")
}

#[test]
fn a_district_is_found_by_name_alias_and_code_however_it_is_typed() {
    let laptop = Laptop::new(&Time::default());
    for typed in ["Sélingué", "selingue", "SELINGUÉ", "  séling ", "ML03X3"] {
        let first = found(&laptop, typed, &["district"]).into_iter().next();
        assert_eq!(first.as_deref(), Some("Sélingué"), "{typed:?}");
    }
    assert_eq!(
        found(&laptop, "wélessébougou", &["district"]),
        ["Ouélessébougou"]
    );
    assert_eq!(
        found(&laptop, "kalaban koro", &["district"]),
        ["Kalabancoro"]
    );
    assert!(found(&laptop, "Tombouctou les bains", &["district"]).is_empty());
}

#[test]
fn nothing_typed_shows_where_to_begin() {
    let laptop = Laptop::new(&Time::default());
    let regions = found(&laptop, "", &["region"]);
    for region in ["Kayes", "Koulikoro", "Sikasso", "Ségou", "Mopti"] {
        assert!(
            regions.iter().any(|name| name == region),
            "{region} in {regions:?}"
        );
    }
    let request = json!({ "query": "selingue", "levels": ["district"] });
    assert_eq!(laptop.call("search_places", request)[0]["path"], "Sikasso");
}

#[test]
fn a_team_begins_at_a_new_cscom_and_is_still_there_after_a_restart() {
    let mut laptop = Laptop::new(&Time::default());
    let before = laptop.call("start_state", json!({}));
    assert_eq!(
        (&before["begun"], &before["language"]),
        (&json!(false), &json!("fr"))
    );
    let state = laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    assert_eq!(state["begun"], true);
    assert_eq!(state["place"]["name"], "CSCom de Kangaré");
    assert_eq!(state["place"]["path"], "Sikasso › Sélingué");
    assert_eq!(state["person"]["name"], "Awa Traoré");
    assert_eq!(state["person"]["role"], "lead");
    assert_eq!(state["month"], "2026-06");
    laptop.reopen();
    assert_eq!(laptop.call("start_state", json!({})), state);
    assert_eq!(found(&laptop, "kangare", &[]), ["CSCom de Kangaré"]);
    let again = json!({
        "language": "fr", "place": laptop.home(), "new_place": null, "person_name": "Autre", "role": "lead", "pin": PIN,
    });
    assert_eq!(laptop.refused("begin", again).code, "already-begun");
}

#[test]
fn what_does_not_fit_is_refused_before_anything_is_kept() {
    let laptop = Laptop::new(&Time::default());
    let district = laptop.district("Sélingué");
    let region = laptop.call(
        "search_places",
        json!({ "query": "Sikasso", "levels": ["region"] }),
    )[0]["id"]
        .clone();
    let begin = |place: &Json, new: Json, person: &str, role: &str| {
        let request = json!({
            "language": "fr", "place": place, "new_place": new, "person_name": person, "role": role, "pin": PIN,
        });
        laptop.refused("begin", request).code
    };
    let new = |name: &str, level: &str, parent: &Json| json!({ "name": name, "level": level, "parent": parent });
    let none = Json::Null;
    assert_eq!(
        begin(&district, none.clone(), "  ", "coach"),
        "name-missing"
    );
    assert_eq!(begin(&none, none.clone(), "Awa", "lead"), "place-missing");
    assert_eq!(
        begin(&district, none.clone(), "Awa", "lead"),
        "team-needs-facility"
    );
    assert_eq!(
        begin(&region, none.clone(), "Issa", "coach"),
        "coach-needs-district"
    );
    let cscom = new("CSCom", "facility", &district);
    assert_eq!(begin(&none, cscom, "Issa", "coach"), "coach-needs-district");
    let in_region = new("CSCom", "facility", &region);
    assert_eq!(begin(&none, in_region, "Awa", "lead"), "place-does-not-fit");
    let unnamed = new(" ", "facility", &district);
    assert_eq!(begin(&none, unnamed, "Awa", "lead"), "name-missing");
    assert_eq!(laptop.call("start_state", json!({}))["begun"], false);
    let early = json!({ "place": district, "template": null, "area": "mnch", "language": "fr" });
    assert_eq!(laptop.refused("start_cycle", early).code, "not-begun");
}

#[test]
fn a_team_adds_its_villages_once() {
    let laptop = Laptop::new(&Time::default());
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let home = laptop.home();
    let village = |name: &str| json!({ "name": name, "level": "village", "parent": home });
    let added = laptop.call("add_place", village("Kangaré-Béla"));
    assert_eq!(added["path"], "Sikasso › Sélingué › CSCom de Kangaré");
    assert_eq!(
        laptop.refused("add_place", village("kangare-bela")).code,
        "place-exists"
    );
    let other = json!({ "name": "CSCom de Tagan", "level": "facility", "parent": laptop.district("Sélingué") });
    assert_eq!(
        laptop.refused("add_place", other).code,
        "facility-joins-by-invitation"
    );
    let places = laptop.call("places", json!({}));
    let names: Vec<_> = places
        .as_array()
        .unwrap()
        .iter()
        .map(|member| member["place"]["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["CSCom de Kangaré", "Kangaré-Béla"]);
}

#[test]
fn the_language_changes_at_once_and_stays() {
    let mut laptop = Laptop::new(&Time::default());
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    assert_eq!(
        laptop.call("set_language", json!({ "language": "en" }))["language"],
        "en"
    );
    laptop.reopen();
    assert_eq!(laptop.call("start_state", json!({}))["language"], "en");
    let words = json!({
        "place": laptop.home(), "template": "anc-four-contacts", "area": "mnch", "language": "en",
    });
    let cycle = laptop.call("start_cycle", words)["id"].clone();
    assert_eq!(
        laptop.cycle(&cycle)["cycle"]["title"],
        "Four antenatal contacts before birth"
    );
    assert_eq!(
        laptop
            .refused("set_language", json!({ "language": "ff" }))
            .code,
        "request-invalid"
    );
}
