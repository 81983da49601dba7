//! Colleagues come and go on one laptop, and a new in-charge takes over on the same day.

use nyetaa_tests::{Laptop, PIN, Time, texts};
use serde_json::{Value as Json, json};

const MOUSSA: &str = "739164";
const FANTA: &str = "528371";

/// Awa leads and works with Moussa.
fn team() -> (Laptop, Json, Json) {
    let laptop = Laptop::new(&Time::default());
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let added = json!({ "name": "Moussa Keïta", "role": "member", "pin": MOUSSA });
    laptop.call("add_account", added);
    let (awa, moussa) = (
        account(&laptop, "Awa Traoré"),
        account(&laptop, "Moussa Keïta"),
    );
    (laptop, awa["person"].clone(), moussa["person"].clone())
}

#[track_caller]
fn account(laptop: &Laptop, name: &str) -> Json {
    let accounts = laptop.call("accounts", json!({}));
    let found = accounts
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["name"] == name);
    found.unwrap_or(&Json::Null).clone()
}

fn come_in(person: &Json, pin: &str) -> Json {
    json!({ "person": person, "pin": pin })
}

#[test]
fn access_ends_at_once_and_can_be_given_again_to_the_same_person() {
    let (mut laptop, awa, moussa) = team();
    let cycle = laptop.start_cycle(&laptop.home(), "anc-four-contacts", "mnch");
    laptop.call("unlock", come_in(&moussa, MOUSSA));
    laptop.edit_cycle(&cycle, json!({ "cause": "les rendez-vous sont oubliés" }));
    let of = |person: &Json| json!({ "person": person });
    assert_eq!(
        laptop.refused("remove_account", of(&awa)).code,
        "only-the-lead"
    );
    laptop.call("unlock", come_in(&awa, PIN));
    assert_eq!(
        laptop.refused("remove_account", of(&awa)).code,
        "account-own"
    );
    let left = laptop.call("remove_account", of(&moussa));
    assert_eq!(texts(&left, "name"), ["Awa Traoré"]);
    laptop.reopen_locked();
    let refused = laptop.refused("unlock", come_in(&moussa, MOUSSA));
    assert_eq!(
        refused.code, "account-unknown",
        "the file forgot the slot too"
    );
    laptop.call("unlock", come_in(&awa, PIN));
    let history = laptop.call(
        "record_history",
        json!({ "kind": "cycle", "record": cycle }),
    );
    assert_eq!(
        history["entries"][0]["author"], "Moussa Keïta",
        "what he wrote is his"
    );
    let again = json!({ "person": moussa, "name": "", "role": "member", "pin": FANTA });
    laptop.call("add_account", again.clone());
    assert_eq!(laptop.refused("add_account", again).code, "account-exists");
    let state = laptop.call("unlock", come_in(&moussa, FANTA));
    assert_eq!(state["person"]["name"], "Moussa Keïta");
    assert_eq!(
        laptop.call("people", json!({})).as_array().unwrap().len(),
        2
    );
}

#[test]
fn a_role_changes_and_somebody_always_leads() {
    let (laptop, awa, moussa) = team();
    let role = |person: &Json, role: &str| json!({ "person": person, "role": role });
    let refused = laptop.refused("change_role", role(&awa, "member"));
    assert_eq!(refused.code, "last-lead");
    assert_eq!(
        laptop.refused("change_role", role(&moussa, "coach")).code,
        "role-does-not-fit"
    );
    laptop.call("change_role", role(&moussa, "lead"));
    laptop.call("change_role", role(&awa, "member"));
    assert_eq!(account(&laptop, "Awa Traoré")["role"], "member");
    let state = laptop.call("start_state", json!({}));
    assert_eq!(state["person"]["role"], "member", "it counts from now on");
    assert_eq!(
        laptop.refused("change_role", role(&moussa, "member")).code,
        "only-the-lead"
    );
    let state = laptop.call("unlock", come_in(&moussa, MOUSSA));
    assert_eq!(state["person"]["role"], "lead");
}

/// A cycle that Awa carries: she is in the team and carries a trial.
fn carried_by_awa(laptop: &Laptop) -> (Json, Json, Json) {
    let cycle = laptop.start_cycle(&laptop.home(), "anc-four-contacts", "mnch");
    let member = json!({ "name": "Awa Traoré", "post": "Responsable de la maternité" });
    let member = laptop.part("save_member", &cycle, &Json::Null, member);
    let trial = json!({
        "title": "Un carton de rappel", "who": "awa traore", "prediction": "8 femmes sur 10",
        "starts": "2026-07-01", "ends": "2026-07-15",
    });
    let trial = laptop.part("save_trial", &cycle, &Json::Null, trial);
    (cycle, member, trial)
}

#[test]
fn a_new_in_charge_takes_over_on_the_same_day_and_the_past_stays_with_who_wrote_it() {
    let (laptop, awa, moussa) = team();
    let (cycle, member, trial) = carried_by_awa(&laptop);
    let open = laptop.call("handover", json!({}));
    let carried = open["cycles"][0]["carried"].as_array().unwrap();
    assert_eq!(carried.len(), 2, "{open}");
    assert!(
        carried.iter().all(|one| one["by"] == awa),
        "her name however it is written"
    );
    assert_eq!(open["waiting"], laptop.sync_state()["waiting_saves"]);
    let request = json!({
        "leaver": awa, "comer": null, "name": "Fanta Diallo", "pin": FANTA,
        "keeps_access": false, "moved": [member, trial],
    });
    let weak = {
        let mut weak = request.clone();
        weak["pin"] = json!("123456");
        weak
    };
    assert_eq!(laptop.refused("hand_over", weak).code, "pin-too-common");
    let state = laptop.call("hand_over", request);
    assert_eq!(
        state["person"]["name"], "Fanta Diallo",
        "she has come in with the code she chose"
    );
    assert_eq!(state["person"]["role"], "lead");
    assert_eq!(
        laptop.refused("unlock", come_in(&awa, PIN)).code,
        "account-unknown"
    );

    let after = laptop.cycle(&cycle);
    let of = |name: &str| {
        let members = after["members"].as_array().unwrap();
        members
            .iter()
            .find(|one| one["name"] == name)
            .unwrap()
            .clone()
    };
    let (old, new) = (of("Awa Traoré"), of("Fanta Diallo"));
    assert_eq!(
        old["until"], new["since"],
        "one's days end where the other's begin"
    );
    assert_eq!(new["post"], "Responsable de la maternité");
    assert_eq!(after["trials"][0]["who"], "Fanta Diallo");
    let history = laptop.call(
        "record_history",
        json!({ "kind": "trial", "record": trial }),
    );
    let authors = texts(&history["entries"], "author");
    assert_eq!(
        authors,
        ["Awa Traoré", "Awa Traoré"],
        "she handed over, and she wrote it"
    );
    assert_eq!(
        laptop.call("handover", json!({}))["last"]["to"],
        "Fanta Diallo"
    );

    // She leads from now on: she may let people in and out.
    laptop.call("remove_account", json!({ "person": moussa }));
    laptop.edit_cycle(&cycle, json!({ "cause": "le carton reste à la maison" }));
    let history = laptop.call(
        "record_history",
        json!({ "kind": "cycle", "record": cycle }),
    );
    assert_eq!(history["entries"][0]["author"], "Fanta Diallo");
}

#[test]
fn a_colleague_takes_over_and_who_led_stays_in_the_team() {
    let (mut laptop, awa, moussa) = team();
    let request = json!({
        "leaver": awa, "comer": moussa, "name": "", "pin": null, "keeps_access": true, "moved": [],
    });
    let own = {
        let mut own = request.clone();
        own["comer"] = awa.clone();
        own
    };
    assert_eq!(laptop.refused("hand_over", own).code, "same-person");
    let state = laptop.call("hand_over", request.clone());
    assert_eq!(
        state["entrance"], "locked",
        "he comes in with the code that he has"
    );
    assert_eq!(
        laptop.call("unlock", come_in(&moussa, MOUSSA))["person"]["role"],
        "lead"
    );
    laptop.reopen_locked();
    assert_eq!(
        laptop.call("unlock", come_in(&awa, PIN))["person"]["role"],
        "member"
    );
    assert_eq!(laptop.refused("hand_over", request).code, "only-the-lead");
}
