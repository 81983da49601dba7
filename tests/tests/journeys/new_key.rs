//! The database gets another key once somebody may know it who has no access any more: nobody chooses another code, backups
//! of before open still, and what a colleague took along opens nothing.

use app::accounts::pin;
use app::accounts::secret::stretch;
use app::accounts::slots::{Sealed, Slots};
use nyetaa_tests::{Laptop, PIN, Time};
use serde_json::{Value as Json, json};
use store::RealDisk;

const MOUSSA: &str = "739164";
const SLOTS: [&str; 2] = ["nyetaa.slots", "nyetaa.slots.2"];

/// Awa leads; Moussa and Fanta work with her.
fn team() -> (Laptop, [Json; 3], Json) {
    let laptop = Laptop::new(&Time::default());
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let place = laptop.home();
    laptop.start_cycle(&place, "anc-four-contacts", "mnch");
    for name in ["Moussa Keïta", "Fanta Coulibaly"] {
        let added = json!({ "name": name, "role": "member", "pin": MOUSSA });
        laptop.call("add_account", added);
    }
    let accounts = laptop.call("accounts", json!({}));
    let people = ["Awa Traoré", "Moussa Keïta", "Fanta Coulibaly"].map(|name| {
        let all = accounts.as_array().unwrap();
        all.iter().find(|one| one["name"] == name).unwrap()["person"].clone()
    });
    laptop.types(&place, "MNCH-02", "2026-01", "11", "40");
    (laptop, people, place)
}

fn come_in(laptop: &Laptop, person: &Json, pin: &str) -> Json {
    laptop.call("unlock", json!({ "person": person, "pin": pin }))
}

/// Whether the database opens with a key, every page of it.
fn opens(laptop: &Laptop, key: &[u8; 32]) -> bool {
    let database = laptop.folder().join(store::DATABASE);
    store::examine(&RealDisk, &database, Some(key)).is_ok()
}

fn slots(laptop: &Laptop) -> Slots {
    let bytes = std::fs::read(laptop.folder().join(SLOTS[0])).unwrap();
    Slots::from_bytes(&bytes).unwrap()
}

fn figure(laptop: &Laptop, place: &Json) -> Json {
    laptop.cell(place, "MNCH-02", "2026-01")["numerator"].clone()
}

#[test]
fn what_a_colleague_who_left_took_along_opens_nothing() {
    let (mut laptop, [awa, moussa, fanta], place) = team();
    laptop.call("backup_now", json!({}));
    let (before, name) = (laptop.key(), laptop.replica());
    let taken = std::fs::read(laptop.folder().join(SLOTS[0])).unwrap();
    assert_eq!(laptop.call("start_state", json!({}))["new_key"], Json::Null);

    laptop.call("remove_account", json!({ "person": moussa }));
    assert_eq!(laptop.call("start_state", json!({}))["new_key"], "due");
    laptop.types(&place, "MNCH-02", "2026-01", "12", "40");
    assert!(opens(&laptop, &before), "who is at work is not disturbed");
    laptop.call("lock", json!({}));
    assert_eq!(laptop.call("start_state", json!({}))["new_key"], "due");
    let state = come_in(&laptop, &awa, PIN);
    assert_eq!(
        (&state["entrance"], &state["new_key"]),
        (&json!("open"), &Json::Null)
    );
    assert_eq!(figure(&laptop, &place), 12.0);
    let after = laptop.key();
    assert_ne!(before, after);
    assert!(opens(&laptop, &after) && !opens(&laptop, &before));

    // The others come in with the codes that they have, and whoever comes in next finds nothing to be done.
    laptop.call("lock", json!({}));
    come_in(&laptop, &fanta, MOUSSA);
    assert_eq!(figure(&laptop, &place), 12.0);
    laptop.call("lock", json!({}));
    come_in(&laptop, &awa, PIN);
    assert_eq!(laptop.key(), after);
    assert_eq!(laptop.replica(), name, "it is taken for no copy");
    let list = laptop.call("audit", json!({}));
    let renewed = list.to_string().matches("key-renewed").count();
    assert_eq!(renewed, 1, "{list}");

    // Every backup opens, those of before too, and one can go back and forth.
    let listed = laptop.call("backups", json!({}));
    let numbers = listed["backups"].as_array().unwrap();
    assert!(numbers.iter().any(|one| one["reason"] == "key"), "{listed}");
    for one in numbers {
        laptop.call("preview_backup", json!({ "no": one["no"] }));
    }
    laptop.call("restore_backup", json!({ "no": 1, "keep_since": false }));
    assert_eq!(figure(&laptop, &place), 11.0);
    laptop.call("undo_restore", json!({}));
    assert_eq!(figure(&laptop, &place), 12.0);
    assert!(!opens(&laptop, &before), "going back brings no key back");

    // Moussa lays out the keys that he took along, and types the code that they open with.
    laptop.close();
    for name in SLOTS {
        std::fs::write(laptop.folder().join(name), &taken).unwrap();
    }
    laptop.reopen_locked();
    let refused = laptop.refused("unlock", json!({ "person": moussa, "pin": MOUSSA }));
    assert_eq!(refused.code, "database-foreign");
    assert_eq!(laptop.refused("people", json!({})).code, "database-foreign");
}

#[test]
fn after_help_with_a_forgotten_code_the_key_is_another_one_at_once() {
    let pair = nyetaa_tests::Pair::enrolled();
    let (facility, coach) = (&pair.clinic, &pair.coach);
    facility.sync();
    let before = facility.key();
    let account = facility.call("accounts", json!({}))[0].clone();
    facility.call("lock", json!({}));
    let stick = tempfile::tempdir().unwrap();
    let ask = json!({ "person": account["person"], "path": stick.path() });
    let asked = facility.call("recovery_request", ask);
    let file = std::fs::read(asked["path"].as_str().unwrap()).unwrap();
    let base64 = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, file);
    let said = coach.call("recovery_answer", json!({ "base64": base64 }));
    let finish = json!({ "code": said["code"], "pin": PIN });
    let state = facility.call("recovery_finish", finish);
    assert_eq!(
        (&state["entrance"], &state["new_key"]),
        (&json!("open"), &Json::Null)
    );
    assert!(!opens(facility, &before) && opens(facility, &facility.key()));
    // The next forgotten code is helped as well.
    assert!(!slots(facility).recovery.is_empty());
}

/// The file as the first apps wrote it: the key locked with each code itself.
fn as_it_was_once(laptop: &Laptop, pins: &[(&Json, &str)]) {
    let secret = std::fs::read(laptop.config().join("nyetaa").join("device.secret")).unwrap();
    let secret: [u8; 32] = secret.try_into().unwrap();
    let mut slots = slots(laptop);
    for slot in &mut slots.people {
        let person = serde_json::to_value(slot.person).unwrap();
        let (_, code) = pins.iter().find(|(one, _)| **one == person).unwrap();
        let stretched = stretch(&pin::normal(code), &slot.salt.0, slot.cost, &secret).unwrap();
        let key = slot.open(&stretched).unwrap();
        slot.pair = None;
        slot.key = Sealed::new(&stretched, &[5; 32], slot.person.as_bytes(), key.as_slice());
    }
    let bytes = slots.to_bytes();
    assert_eq!(&bytes[..8], b"NYSLOTS1");
    for name in SLOTS {
        std::fs::write(laptop.folder().join(name), &bytes).unwrap();
    }
}

#[test]
fn slots_of_older_apps_are_renewed_as_each_person_comes_in_and_the_key_waits_for_them() {
    let (mut laptop, [awa, moussa, fanta], place) = team();
    laptop.close();
    as_it_was_once(&laptop, &[(&awa, PIN), (&moussa, MOUSSA), (&fanta, MOUSSA)]);
    laptop.reopen_locked();
    let before = laptop.key();
    come_in(&laptop, &awa, PIN);
    assert_eq!(figure(&laptop, &place), 11.0);
    let paired = |laptop: &Laptop| {
        slots(laptop)
            .people
            .iter()
            .filter(|slot| slot.pair.is_some())
            .count()
    };
    assert_eq!(paired(&laptop), 1);
    laptop.call("remove_account", json!({ "person": moussa }));
    laptop.call("lock", json!({}));
    assert_eq!(laptop.call("start_state", json!({}))["new_key"], "waits");
    come_in(&laptop, &awa, PIN);
    assert!(opens(&laptop, &before), "Fanta has not come in yet");
    laptop.call("lock", json!({}));
    come_in(&laptop, &fanta, MOUSSA);
    assert!(!opens(&laptop, &before));
    assert_eq!(paired(&laptop), 2);
    assert_eq!(figure(&laptop, &place), 11.0);
    laptop.call("lock", json!({}));
    come_in(&laptop, &awa, PIN);
    assert_eq!(figure(&laptop, &place), 11.0);
}

#[test]
fn who_waits_for_a_coachs_answer_is_waited_for() {
    let pair = nyetaa_tests::Pair::enrolled();
    let facility = &pair.clinic;
    facility.sync();
    let awa = facility.call("accounts", json!({}))[0]["person"].clone();
    for name in ["Moussa Keïta", "Fanta Coulibaly"] {
        let added = json!({ "name": name, "role": "member", "pin": MOUSSA });
        facility.call("add_account", added);
    }
    let of = |name: &str| {
        let accounts = facility.call("accounts", json!({}));
        let all = accounts.as_array().unwrap();
        all.iter().find(|one| one["name"] == name).unwrap()["person"].clone()
    };
    let before = facility.key();
    facility.call("remove_account", json!({ "person": of("Moussa Keïta") }));
    facility.call("lock", json!({}));
    facility.call(
        "recovery_request",
        json!({ "person": of("Fanta Coulibaly"), "path": null }),
    );
    assert_eq!(facility.call("start_state", json!({}))["new_key"], "waits");
    come_in(facility, &awa, PIN);
    assert!(
        opens(facility, &before),
        "the answer that is under way opens this key"
    );
    // But not for ever.
    for _ in 0..40 {
        facility.call("lock", json!({}));
        come_in(facility, &awa, PIN);
    }
    assert!(!opens(facility, &before));
}
