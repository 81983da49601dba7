//! Several people on one laptop: coming in, leaving, choosing and forgetting codes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use nyetaa_tests::{Laptop, PIN, Pair, Time, texts};
use serde_json::{Value as Json, json};

const MOUSSA: &str = "739164";

fn with_moussa() -> (Laptop, Json, Json) {
    let laptop = Laptop::new(&Time::default());
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let added = json!({ "name": "Moussa Keïta", "role": "member", "pin": MOUSSA });
    laptop.call("add_account", added);
    let accounts = laptop.call("accounts", json!({}));
    let of = |name: &str| {
        let all = accounts.as_array().unwrap();
        all.iter().find(|one| one["name"] == name).unwrap()["person"].clone()
    };
    let (awa, moussa) = (of("Awa Traoré"), of("Moussa Keïta"));
    (laptop, awa, moussa)
}

fn come_in(person: &Json, pin: &str) -> Json {
    json!({ "person": person, "pin": pin })
}

#[test]
fn each_save_is_by_whoever_came_in() {
    let (laptop, awa, moussa) = with_moussa();
    let place = laptop.home();
    let cycle = laptop.start_cycle(&place, "anc-four-contacts", "mnch");
    let locked = laptop.call("lock", json!({}));
    assert_eq!(
        (&locked["entrance"], &locked["person"]),
        (&json!("locked"), &Json::Null)
    );
    let state = laptop.call("unlock", come_in(&moussa, MOUSSA));
    assert_eq!(state["person"]["name"], "Moussa Keïta");
    assert_eq!(state["person"]["role"], "member");
    laptop.edit_cycle(&cycle, json!({ "cause": "les rendez-vous sont oubliés" }));
    // Quick switch: nobody has to leave first.
    let state = laptop.call("unlock", come_in(&awa, PIN));
    assert_eq!(state["person"]["name"], "Awa Traoré");
    laptop.edit_cycle(&cycle, json!({ "problem": "trop peu de CPN4" }));
    let request = json!({ "kind": "cycle", "record": cycle });
    let history = laptop.call("record_history", request);
    let by: Vec<&str> = history["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["author"].as_str().unwrap())
        .collect();
    assert_eq!(by[..2], ["Awa Traoré", "Moussa Keïta"], "{history}");
}

#[test]
fn while_nobody_is_in_nothing_is_told_and_nothing_can_be_done() {
    let (laptop, awa, _) = with_moussa();
    let place = laptop.home();
    laptop.call("lock", json!({}));
    for command in app::commands::all() {
        let request = match command.name {
            "grid" => json!({ "place": place, "until": "2026-06", "months": 1 }),
            _ => json!({}),
        };
        let asked = laptop.ask(command.name, request);
        if !command.at_the_door {
            let code = asked.unwrap_err().code;
            assert_eq!(code, "locked", "{}", command.name);
        }
    }
    laptop.call("set_language", json!({ "language": "en" }));
    assert_eq!(laptop.call("start_state", json!({}))["language"], "en");
    assert_eq!(
        texts(&laptop.call("accounts", json!({})), "name"),
        ["Awa Traoré", "Moussa Keïta"],
        "whoever worked last is first"
    );
    laptop.call("unlock", come_in(&awa, PIN));
}

#[test]
fn five_minutes_without_anyone_at_the_keyboard_lock_it() {
    let (laptop, awa, _) = with_moussa();
    laptop.idle.minutes(4);
    laptop.call("touch", json!({}));
    laptop.idle.minutes(4);
    assert_eq!(laptop.call("start_state", json!({}))["entrance"], "open");
    laptop.idle.minutes(1);
    assert_eq!(laptop.refused("people", json!({})).code, "locked");
    assert_eq!(laptop.call("start_state", json!({}))["entrance"], "locked");
    laptop.call("unlock", come_in(&awa, PIN));
    laptop.call("people", json!({}));
}

#[test]
fn wrong_codes_are_waited_for_and_nothing_is_destroyed() {
    let (mut laptop, awa, moussa) = with_moussa();
    laptop.call("lock", json!({}));
    let wrong = |laptop: &Laptop| laptop.refused("unlock", come_in(&awa, "000001"));
    for _ in 0..4 {
        assert_eq!(wrong(&laptop).code, "pin-wrong");
        assert!(
            wrong_is_free(&laptop, &moussa),
            "a colleague is not made to wait"
        );
    }
    let fifth = wrong(&laptop);
    assert_eq!(
        (fifth.code.as_str(), fifth.params["seconds"].as_str()),
        ("pin-wrong-wait", "30")
    );
    let early = laptop.refused("unlock", come_in(&awa, PIN));
    assert_eq!(
        (early.code.as_str(), early.params["seconds"].as_str()),
        ("pin-wait", "30")
    );
    // Starting the app anew begins the wait anew, and forgets no try.
    laptop.reopen_locked();
    assert_eq!(
        laptop.refused("unlock", come_in(&awa, PIN)).code,
        "pin-wait"
    );
    laptop.idle.minutes(1);
    assert_eq!(wrong(&laptop).params["seconds"], "60");
    // A wrong date of the computer's changes nothing about the wait.
    laptop.time.days(4000);
    assert_eq!(
        laptop.refused("unlock", come_in(&awa, PIN)).code,
        "pin-wait"
    );
    laptop.idle.minutes(1);
    laptop.call("unlock", come_in(&awa, PIN));
    laptop.call("lock", json!({}));
    assert_eq!(
        wrong(&laptop).code,
        "pin-wrong",
        "counted from the beginning again"
    );
}

fn wrong_is_free(laptop: &Laptop, person: &Json) -> bool {
    laptop.call("unlock", come_in(person, MOUSSA));
    laptop.call("lock", json!({}))["entrance"] == "locked"
}

#[test]
fn a_code_is_changed_by_its_owner_and_given_anew_by_the_lead() {
    let (mut laptop, awa, moussa) = with_moussa();
    let change = |old: &str, new: &str| json!({ "old": old, "new": new });
    assert_eq!(
        laptop
            .refused("change_pin", change("111222", "905127"))
            .code,
        "pin-wrong"
    );
    assert_eq!(
        laptop.refused("change_pin", change(PIN, "123456")).code,
        "pin-too-common"
    );
    laptop.call("change_pin", change(PIN, "le mil pousse au bord du fleuve"));
    laptop.reopen_locked();
    assert_eq!(
        laptop.refused("unlock", come_in(&awa, PIN)).code,
        "pin-wrong"
    );
    laptop.call("unlock", come_in(&awa, "Le mil pousse au bord du Fleuve"));
    let reset = |person: &Json| json!({ "person": person, "pin": "905127" });
    laptop.call("reset_pin", reset(&moussa));
    laptop.reopen_locked();
    laptop.call("unlock", come_in(&moussa, "905127"));
    assert_eq!(
        laptop.refused("reset_pin", reset(&awa)).code,
        "only-the-lead"
    );
    let add = json!({ "name": "Fanta", "role": "member", "pin": "518260" });
    assert_eq!(laptop.refused("add_account", add).code, "only-the-lead");
}

#[test]
fn an_old_folder_opens_once_and_asks_for_a_code() {
    let mut laptop = Laptop::new(&Time::default());
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let place = laptop.home();
    let cycle = laptop.start_cycle(&place, "anc-four-contacts", "mnch");
    let key = laptop.key();
    laptop.close();
    let file = |name: &str| laptop.folder().join(name);
    for name in ["nyetaa.slots", "nyetaa.slots.2"] {
        std::fs::remove_file(file(name)).unwrap();
    }
    std::fs::write(file("nyetaa.key"), key).unwrap();
    let key_file = file("nyetaa.key");
    laptop.reopen_locked();
    let state = laptop.call("start_state", json!({}));
    assert_eq!(state["entrance"], "pin_missing");
    assert_eq!(state["person"]["name"], "Awa Traoré");
    assert_eq!(laptop.refused("people", json!({})).code, "pin-missing");
    let refused = laptop.refused("choose_pin", json!({ "pin": "000000" }));
    assert_eq!(refused.code, "pin-too-common");
    assert!(key_file.exists());
    let state = laptop.call("choose_pin", json!({ "pin": PIN }));
    assert_eq!(state["entrance"], "open");
    assert!(!key_file.exists(), "from here on only codes open it");
    laptop.cycle(&cycle);
    laptop.reopen();
    laptop.cycle(&cycle);
    let again = laptop.refused("choose_pin", json!({ "pin": PIN }));
    assert_eq!(again.code, "already-begun");
}

#[test]
fn a_copied_folder_opens_on_no_other_computer() {
    let (mut laptop, awa, _) = with_moussa();
    laptop.close();
    let other = Laptop::new(&Time::default());
    let copy = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(laptop.folder()).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
        }
    }
    let app = other.open_at(copy.path()).unwrap();
    assert_eq!(
        app.call("accounts", json!({})).unwrap()[0]["name"],
        "",
        "not even who works there"
    );
    let refused = app.call("unlock", come_in(&awa, PIN)).unwrap_err();
    assert_eq!(refused.code, "pin-wrong");
}

#[test]
fn the_example_is_left_by_whoever_went_in() {
    let (laptop, ..) = with_moussa();
    let state = laptop.call("open_practice", json!({ "language": "fr" }));
    assert_eq!(
        (&state["practice"], &state["locks"]),
        (&json!(true), &json!(true))
    );
    let refused = laptop.refused("change_pin", json!({ "old": PIN, "new": "905127" }));
    assert_eq!(refused.code, "practice-has-no-pins");
    let state = laptop.call("close_practice", json!({}));
    assert_eq!(state["person"]["name"], "Awa Traoré");
    laptop.call("open_practice", json!({ "language": "fr" }));
    laptop.idle.minutes(6);
    assert_eq!(laptop.call("start_state", json!({}))["entrance"], "locked");
}

#[test]
fn a_forgotten_code_is_helped_by_the_supervisor_without_any_network() {
    let pair = Pair::enrolled();
    let (facility, coach) = (&pair.clinic, &pair.coach);
    facility.sync();
    let account = facility.call("accounts", json!({}))[0].clone();
    facility.call("lock", json!({}));
    let stick = tempfile::tempdir().unwrap();
    let ask = json!({ "person": account["person"], "path": stick.path() });
    let asked = facility.call("recovery_request", ask);
    let file = std::fs::read(asked["path"].as_str().unwrap()).unwrap();
    let base64 = BASE64.encode(file);
    let said = coach.call("recovery_answer", json!({ "base64": base64 }));
    assert_eq!(
        (&said["name"], &said["check"]),
        (&account["name"], &asked["check"])
    );
    let finish = |code: &Json, pin: &str| json!({ "code": code, "pin": pin });
    let wrong = json!("0000-0000-0000-0000-0000-0000-0000-0000");
    assert_eq!(
        facility
            .refused("recovery_finish", finish(&wrong, "905127"))
            .code,
        "recovery-code-wrong"
    );
    let state = facility.call("recovery_finish", finish(&said["code"], "905127"));
    assert_eq!(state["person"]["name"], account["name"]);
    facility.call("lock", json!({}));
    let again = facility.refused("recovery_finish", finish(&said["code"], "739164"));
    assert_eq!(again.code, "recovery-not-asked", "an answer serves once");
    facility.call("unlock", come_in(&account["person"], "905127"));
    // The facility cannot help itself, nor another facility.
    let refused = facility.refused("recovery_answer", json!({ "base64": base64 }));
    assert_eq!(refused.code, "only-the-coach");
}
