//! Templates that places write: out of a closed cycle, over the network, and never over one another.

use nyetaa_tests::{Laptop, Pair, Time};
use serde_json::{Value as Json, json};

use crate::lessons::decided;

fn templates(laptop: &Laptop) -> Json {
    laptop.call("place_templates", json!({}))
}

fn edit(laptop: &Laptop, id: &Json, field: &str, value: &str) {
    let stored = laptop.call("place_template", json!({ "id": id }));
    let seen = stored["meta"]["seen"][field].clone();
    let edits = json!([{ "field": field, "value": value, "seen": seen }]);
    laptop.call(
        "save_template",
        json!({ "id": id, "edits": edits, "reason": null }),
    );
}

#[test]
fn a_cycle_becomes_a_template_from_which_another_one_begins() {
    let laptop = Laptop::new(&Time::default());
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let place = laptop.home();
    let cycle = laptop.start_cycle(&place, "anc-four-contacts", "mnch");
    let ideas = laptop.cycle(&cycle)["ideas"].clone();
    let second = json!({
        "title": "Radio", "idea": ideas[1]["meta"]["id"], "who": "Oumar", "prediction": "20",
        "happened": "2", "comparison": "worse", "decision": "abandon",
    });
    laptop.part("save_trial", &cycle, &Json::Null, second);
    decided(&laptop, &cycle, "adopt");
    let made = laptop.call(
        "template_from_cycle",
        json!({ "cycle": cycle, "reason": null }),
    );
    let template = templates(&laptop)[0].clone();
    assert_eq!(template["meta"]["id"], made["id"]);
    assert_eq!(
        template["ideas"][0], ideas[0]["text"],
        "what worked comes first"
    );
    let kept = template["ideas"].as_array().unwrap();
    assert!(
        !kept.contains(&ideas[1]["text"]),
        "what was abandoned stays behind"
    );
    assert_eq!(template["measures"][0], "MNCH-02");
    edit(&laptop, &made["id"], "name", "CPN4+ à Kangaré");
    assert_eq!(templates(&laptop)[0]["version"], 2);
    let id = made["id"].as_str().unwrap();
    let other = laptop.start_cycle(&place, id, "mnch");
    let begun = laptop.cycle(&other);
    assert_eq!(begun["cycle"]["title"], "CPN4+ à Kangaré");
    assert_eq!(begun["ideas"][0]["text"], ideas[0]["text"]);
    assert_eq!(begun["measures"][0]["indicator"], "MNCH-02");
    let nameless = json!([{ "field": "name", "value": null, "seen": null }]);
    let request = json!({ "id": id, "edits": nameless, "reason": null });
    assert_eq!(
        laptop.refused("save_template", request).code,
        "template-without-name"
    );
    let unknown = json!([{ "field": "measures", "value": "XX-99", "seen": null }]);
    let request = json!({ "id": id, "edits": unknown, "reason": null });
    assert_eq!(
        laptop.refused("save_template", request).code,
        "indicator-unknown"
    );
}

#[test]
fn what_comes_from_above_never_writes_over_a_variant() {
    let pair = Pair::enrolled();
    let variant = |laptop: &Laptop, of: &Json| {
        let request = json!({
            "place": laptop.home(), "of": of, "language": "fr", "reason": null,
        });
        laptop.call("template_variant", request)["id"].clone()
    };
    let district = variant(&pair.coach, &json!("community-referral"));
    pair.sync_both();
    let seen = templates(&pair.clinic);
    assert_eq!(seen[0]["place_name"], "Sélingué");
    assert_eq!(seen[0]["level"], "district");
    assert_eq!(seen[0]["writable"], false, "the district's own");
    let request = json!({
        "id": district, "reason": "?",
        "edits": [{ "field": "name", "value": "Autre", "seen": null }],
    });
    assert!(pair.clinic.ask("save_template", request).is_err());
    let own = variant(&pair.clinic, &district);
    edit(&pair.clinic, &own, "ideas", "Un vélo par village");
    edit(&pair.coach, &district, "ideas", "Une moto par village");
    pair.sync_both();
    let of = |id: &Json| pair.clinic.call("place_template", json!({ "id": id }));
    assert_eq!(of(&own)["ideas"], json!(["Un vélo par village"]));
    assert_eq!(of(&district)["ideas"], json!(["Une moto par village"]));
    assert_eq!(of(&district)["version"], 2);
    assert!(of(&own)["base"].as_str().unwrap().contains("Sélingué"));
    assert_eq!(
        templates(&pair.clinic)[0]["meta"]["id"],
        own,
        "the own first"
    );
}

#[test]
fn a_national_template_is_told_from_the_districts_and_leaves_a_variant_alone() {
    let pair = Pair::enrolled();
    let nation = Laptop::new(&pair.time);
    let search = json!({ "query": "Mali", "levels": ["country"] });
    let mali = nation.call("search_places", search)[0]["id"].clone();
    nation.call(
        "begin",
        json!({
            "language": "fr", "place": mali, "new_place": null,
            "person_name": "Fatoumata Koné", "role": "nation", "pin": nyetaa_tests::PIN,
        }),
    );
    let code = pair.centre.invite(&server::Invite {
        place: "Mali".to_owned(),
        role: domain::role::Role::Nation,
        ..nyetaa_tests::coach_of("Sélingué")
    });
    nation.enrol(&pair.centre, &code);
    let variant = |laptop: &Laptop, of: &Json| {
        let request = json!({
            "place": laptop.home(), "of": of, "language": "fr", "reason": null,
        });
        laptop.call("template_variant", request)["id"].clone()
    };
    let national = variant(&nation, &json!("community-referral"));
    nation.sync();
    pair.sync_both();
    let seen = templates(&pair.clinic);
    assert_eq!(
        (
            &seen[0]["meta"]["id"],
            &seen[0]["level"],
            &seen[0]["writable"]
        ),
        (&national, &json!("country"), &json!(false))
    );
    let own = variant(&pair.clinic, &national);
    edit(&pair.clinic, &own, "ideas", "Un vélo par village");
    edit(&nation, &national, "ideas", "Une ambulance par commune");
    nation.sync();
    pair.sync_both();
    let of = |id: &Json| pair.clinic.call("place_template", json!({ "id": id }));
    assert_eq!(of(&national)["ideas"], json!(["Une ambulance par commune"]));
    assert_eq!(of(&own)["ideas"], json!(["Un vélo par village"]));
    assert_eq!(of(&own)["level"], "facility");
}
