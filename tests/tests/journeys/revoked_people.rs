//! A person whom the district no longer believes: laptops let them in no more, and what they wrote is looked at first.

use nyetaa_tests::{PIN, Pair, texts};
use serde_json::{Value as Json, json};

const MOUSSA: &str = "739164";

/// Awa's clinic where Moussa works too, which the server knows. Answers the cycle, and both of them.
fn team() -> (Pair, Json, Json, Json) {
    let (pair, cycle) = Pair::at_work();
    let added = json!({ "name": "Moussa Keïta", "role": "member", "pin": MOUSSA });
    let accounts = pair.clinic.call("add_account", added);
    let of = |name: &str| {
        let mut all = accounts.as_array().unwrap().iter();
        all.find(|one| one["name"] == name).unwrap()["person"].clone()
    };
    let (awa, moussa) = (of("Awa Traoré"), of("Moussa Keïta"));
    pair.clinic.sync();
    pair.coach.sync();
    (pair, cycle, awa, moussa)
}

fn come_in(person: &Json, pin: &str) -> Json {
    json!({ "person": person, "pin": pin })
}

fn cause(laptop: &nyetaa_tests::Laptop, cycle: &Json) -> Json {
    laptop.cycle(cycle)["cycle"]["cause"].clone()
}

#[test]
fn who_is_revoked_leaves_the_laptop_at_its_next_contact_and_what_they_wrote_is_looked_at() {
    let (pair, cycle, awa, moussa) = team();
    let clinic = &pair.clinic;
    clinic.call("unlock", come_in(&moussa, MOUSSA));
    pair.centre
        .server()
        .revoke_person("moussa keita", false)
        .unwrap();
    clinic.edit_cycle(&cycle, json!({ "cause": "écrit après le retrait" }));
    clinic.call("sync_now", json!({}));
    assert_eq!(clinic.call("start_state", json!({}))["entrance"], "locked");
    let refused = clinic.refused("unlock", come_in(&moussa, MOUSSA));
    assert_eq!(refused.code, "account-unknown");
    assert_eq!(
        texts(&clinic.call("accounts", json!({})), "name"),
        ["Awa Traoré"]
    );

    clinic.call("unlock", come_in(&awa, PIN));
    let state = clinic.sync_state();
    assert_eq!(state["waiting"][0]["refused"], "author-revoked", "{state}");
    assert_eq!(
        cause(clinic, &cycle),
        "écrit après le retrait",
        "nothing is lost here"
    );
    pair.coach.sync();
    assert_eq!(
        cause(&pair.coach, &cycle),
        Json::Null,
        "nobody else is shown it"
    );
    let again = json!({ "person": moussa, "name": "", "role": "member", "pin": MOUSSA });
    assert_eq!(clinic.refused("add_account", again).code, "person-revoked");

    let server = pair.centre.server();
    let aside = server.aside().unwrap();
    let reasons: Vec<&str> = aside.iter().map(|one| one.reason.as_str()).collect();
    assert_eq!(reasons, ["author-revoked"]);
    server.release(&aside[0].id).unwrap();
    clinic.edit_cycle(&cycle, json!({ "problem": "vu par Awa" }));
    assert_eq!(clinic.sync()["waiting_saves"], 0);
    pair.coach.sync();
    assert_eq!(cause(&pair.coach, &cycle), "écrit après le retrait");
}

#[test]
fn what_they_had_sent_before_counts_and_their_colleagues_go_on() {
    let (pair, cycle, awa, moussa) = team();
    let clinic = &pair.clinic;
    clinic.call("unlock", come_in(&moussa, MOUSSA));
    clinic.edit_cycle(&cycle, json!({ "cause": "écrit avant" }));
    clinic.sync();
    pair.centre
        .server()
        .revoke_person(moussa.as_str().unwrap(), false)
        .unwrap();
    clinic.call("unlock", come_in(&awa, PIN));
    clinic.edit_cycle(&cycle, json!({ "problem": "vu par Awa" }));
    assert_eq!(clinic.sync()["waiting_saves"], 0);
    pair.coach.sync();
    assert_eq!(cause(&pair.coach, &cycle), "écrit avant");
    assert_eq!(pair.coach.cycle(&cycle)["cycle"]["problem"], "vu par Awa");
    assert_eq!(
        texts(&clinic.call("accounts", json!({})), "name"),
        ["Awa Traoré"]
    );
    assert!(pair.centre.server().aside().unwrap().is_empty());
    let people = pair.centre.server().people().unwrap();
    let gone = people.iter().filter(|one| one.revoked.is_some());
    assert_eq!(
        gone.map(|one| one.name.as_str()).collect::<Vec<_>>(),
        ["Moussa Keïta"]
    );
}

#[test]
fn the_word_goes_by_stick_and_what_they_wrote_waits_at_the_coach() {
    let (pair, cycle, awa, moussa) = team();
    let clinic = &pair.clinic;
    let stick = tempfile::tempdir().unwrap();
    let path = json!(stick.path());
    pair.centre
        .server()
        .revoke_person("Moussa Keïta", false)
        .unwrap();
    pair.coach.sync();
    clinic.call("unlock", come_in(&moussa, MOUSSA));
    clinic.edit_cycle(&cycle, json!({ "cause": "écrit après le retrait" }));
    // The clinic has no network: its work goes to the coach, and the server's word comes back.
    clinic.call("stick_send", json!({ "path": path, "places": null }));
    let got = pair
        .coach
        .call("stick_receive", json!({ "path": path, "trust": [] }));
    assert!(got["aside"].as_u64().unwrap() > 0, "{got}");
    assert_eq!(cause(&pair.coach, &cycle), Json::Null);
    let aside = pair.coach.sync_state()["aside"].clone();
    assert_eq!(texts(&aside, "reason"), ["author-revoked"]);
    pair.coach
        .call("stick_send", json!({ "path": path, "places": null }));
    clinic.call("stick_receive", json!({ "path": path, "trust": [] }));
    assert_eq!(clinic.call("start_state", json!({}))["entrance"], "locked");
    assert_eq!(
        texts(&clinic.call("accounts", json!({})), "name"),
        ["Awa Traoré"]
    );

    // Once there is a network and a person has looked at it, it stands everywhere.
    clinic.call("unlock", come_in(&awa, PIN));
    clinic.call("sync_now", json!({}));
    let server = pair.centre.server();
    server.release(&server.aside().unwrap()[0].id).unwrap();
    clinic.sync();
    pair.coach.sync();
    assert_eq!(cause(&pair.coach, &cycle), "écrit après le retrait");
    let aside = pair.coach.sync_state()["aside"].clone();
    assert_eq!(aside, json!([]));
}

#[test]
fn a_laptop_where_nobody_else_works_gets_nothing_more() {
    let (pair, cycle) = Pair::at_work();
    let server = pair.centre.server();
    let own = server.revoke_person("Awa Traoré", true).unwrap();
    assert_eq!(own, [pair.clinic.replica()]);
    pair.coach
        .edit_cycle(&cycle, json!({ "problem": "pour d’autres yeux" }));
    pair.coach.sync();
    pair.clinic
        .edit_cycle(&cycle, json!({ "cause": "le dernier mot d’Awa" }));
    let state = pair.clinic.call("sync_now", json!({}));
    assert_eq!(state["revoked"], true);
    assert_eq!(state["handed_in"], true, "{state}");
    let aside = server.aside().unwrap();
    assert_eq!(aside.len(), 1, "her last word is kept");
    let (_, changes) = server.aside_changes(&aside[0].id).unwrap();
    assert!(
        changes
            .iter()
            .any(|one| one.value.as_deref() == Some("le dernier mot d’Awa"))
    );
    let accounts = pair.clinic.call("accounts", json!({}));
    assert_eq!(
        texts(&accounts, "name"),
        ["Awa Traoré"],
        "nobody is shut out of the last word"
    );
}
