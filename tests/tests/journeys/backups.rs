//! Backups on the laptop: made by themselves, gone back to, undone, and never at the cost of anyone's work.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use nyetaa_tests::{Laptop, Pair, Time};
use serde_json::{Value as Json, json};

fn facility() -> (Laptop, Json, Json) {
    let laptop = Laptop::new(&Time::default());
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let place = laptop.home();
    let cycle = laptop.start_cycle(&place, "anc-four-contacts", "mnch");
    (laptop, place, cycle)
}

fn list(laptop: &Laptop) -> Vec<(u64, String)> {
    laptop.call("backups", json!({}))["backups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["no"].as_u64().unwrap(),
                one["reason"].as_str().unwrap().to_owned(),
            )
        })
        .collect()
}

fn reasons(laptop: &Laptop) -> Vec<String> {
    list(laptop).into_iter().map(|(_, reason)| reason).collect()
}

fn figure(laptop: &Laptop, place: &Json, month: &str) -> Json {
    laptop.cell(place, "MNCH-02", month)["numerator"].clone()
}

fn go_back(no: u64, keep_since: bool) -> Json {
    json!({ "no": no, "keep_since": keep_since })
}

#[test]
fn going_back_shows_what_stood_there_and_is_undone_without_losing_anything() {
    let (laptop, place, _) = facility();
    laptop.types(&place, "MNCH-02", "2026-01", "10", "40");
    laptop.call("backup_now", json!({}));
    let no = list(&laptop)[0].0;
    laptop.types(&place, "MNCH-02", "2026-02", "11", "40");
    laptop.types(&place, "MNCH-02", "2026-01", "99", "100");
    let preview = laptop.call("preview_backup", json!({ "no": no }));
    assert_eq!(preview["there"]["last_month"], "2026-01", "{preview}");
    assert_eq!(preview["here"]["last_month"], "2026-02", "{preview}");
    assert_eq!(
        (&preview["there"]["figures"], &preview["here"]["figures"]),
        (&json!(1), &json!(2))
    );
    let name = laptop.replica();
    laptop.call("restore_backup", go_back(no, false));
    assert_ne!(laptop.replica(), name, "no number is given twice");
    assert_eq!(figure(&laptop, &place, "2026-01"), 10.0);
    assert_eq!(figure(&laptop, &place, "2026-02"), Json::Null);
    assert_eq!(reasons(&laptop), ["restore", "asked"]);
    // Work goes on, and undoing keeps it.
    laptop.types(&place, "MNCH-02", "2026-03", "12", "40");
    laptop.call("undo_restore", json!({}));
    assert_eq!(figure(&laptop, &place, "2026-01"), 99.0);
    assert_eq!(figure(&laptop, &place, "2026-02"), 11.0);
    assert_eq!(figure(&laptop, &place, "2026-03"), 12.0);
    assert_eq!(laptop.call("backups", json!({}))["undo"], Json::Null);
    assert_eq!(
        laptop.refused("undo_restore", json!({})).code,
        "backup-gone"
    );
}

#[test]
fn a_laptop_that_went_back_and_the_server_end_alike_and_nothing_is_lost() {
    for keep_since in [true, false] {
        let pair = Pair::enrolled();
        let (facility, place) = (&pair.clinic, &pair.place());
        facility.start_cycle(place, "anc-four-contacts", "mnch");
        facility.types(place, "MNCH-02", "2026-01", "10", "40");
        facility.sync();
        facility.call("backup_now", json!({}));
        let no = list(facility)[0].0;
        facility.types(place, "MNCH-02", "2026-02", "11", "40");
        facility.sync();
        pair.coach.sync();
        // Only here, when the laptop goes back.
        facility.types(place, "MNCH-02", "2026-03", "12", "40");
        facility.call("restore_backup", go_back(no, keep_since));
        let kept = if keep_since { json!(12.0) } else { Json::Null };
        assert_eq!(figure(facility, place, "2026-03"), kept);
        facility.types(place, "MNCH-02", "2026-04", "13", "40");
        for _ in 0..2 {
            facility.sync();
            pair.coach.sync();
        }
        for laptop in [facility, &pair.coach] {
            let shown = ["2026-01", "2026-02", "2026-03", "2026-04"]
                .map(|month| figure(laptop, place, month));
            assert_eq!(
                shown,
                [json!(10.0), json!(11.0), kept.clone(), json!(13.0)],
                "keep_since: {keep_since}"
            );
            assert_eq!(laptop.open_fields(), json!([]), "and nobody is asked");
        }
        if !keep_since {
            facility.call("undo_restore", json!({}));
            for _ in 0..2 {
                facility.sync();
                pair.coach.sync();
            }
            for laptop in [facility, &pair.coach] {
                assert_eq!(figure(laptop, place, "2026-03"), 12.0);
                assert_eq!(figure(laptop, place, "2026-04"), 13.0);
            }
        }
    }
}

#[test]
fn backups_are_made_when_something_has_changed_and_only_then() {
    let (mut laptop, place, _) = facility();
    laptop.app().back_up_if_due();
    assert_eq!(list(&laptop), [], "the first half hour is not over");
    laptop.idle.minutes(4);
    laptop.call("touch", json!({}));
    for _ in 0..7 {
        laptop.idle.minutes(4);
        laptop.call("touch", json!({}));
        laptop.app().back_up_if_due();
    }
    assert_eq!(reasons(&laptop), ["interval"]);
    // A clock that is set wrong makes none.
    laptop.time.days(4000);
    laptop.app().back_up_if_due();
    laptop.call("lock", json!({}));
    laptop.reopen();
    assert_eq!(reasons(&laptop), ["interval"], "nothing has changed");
    laptop.types(&place, "MNCH-02", "2026-01", "10", "40");
    laptop.call("lock", json!({}));
    laptop.reopen();
    assert_eq!(reasons(&laptop), ["close", "interval"]);
    laptop.types(&place, "MNCH-02", "2026-02", "10", "40");
    laptop.app().back_up_before_leaving();
    assert_eq!(reasons(&laptop), ["close", "close", "interval"]);
}

#[test]
fn a_damaged_backup_is_not_gone_back_to_and_nothing_changes() {
    let (laptop, place, _) = facility();
    laptop.types(&place, "MNCH-02", "2026-01", "10", "40");
    laptop.call("backup_now", json!({}));
    laptop.types(&place, "MNCH-02", "2026-01", "11", "40");
    let file = laptop.folder().join("sauvegardes").join("nyetaa-000001.db");
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    for (command, request) in [
        ("preview_backup", json!({ "no": 1 })),
        ("restore_backup", go_back(1, true)),
    ] {
        assert_eq!(laptop.refused(command, request).code, "backup-damaged");
    }
    assert_eq!(figure(&laptop, &place, "2026-01"), 11.0);
    let gone = laptop.refused("restore_backup", go_back(7, true));
    assert_eq!(gone.code, "backup-gone");
}

#[test]
fn whoever_came_since_is_not_shut_out_by_going_back() {
    let (laptop, place, _) = facility();
    laptop.call("backup_now", json!({}));
    let moussa = json!({ "name": "Moussa Keïta", "role": "member", "pin": "739164" });
    laptop.call("add_account", moussa);
    laptop.types(&place, "MNCH-02", "2026-01", "10", "40");
    let refused = laptop.refused("restore_backup", go_back(1, false));
    assert_eq!(refused.code, "backup-lacks-people");
    laptop.call("restore_backup", go_back(1, true));
    let people = laptop.call("accounts", json!({}));
    let moussa = people
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["name"] == "Moussa Keïta");
    laptop.call("lock", json!({}));
    let person = &moussa.unwrap()["person"];
    laptop.call("unlock", json!({ "person": person, "pin": "739164" }));
    assert_eq!(figure(&laptop, &place, "2026-01"), 10.0);
    // A colleague works with what is there; who leads decides what this laptop goes back to.
    assert_eq!(
        laptop.refused("restore_backup", go_back(1, true)).code,
        "only-the-lead"
    );
}

#[test]
fn the_example_has_no_backups() {
    let laptop = Laptop::new(&Time::default());
    laptop.call("open_practice", json!({ "language": "fr" }));
    let refused = laptop.refused("backup_now", json!({}));
    assert_eq!(refused.code, "practice-has-no-backups");
}

/// Every file below a folder.
fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.path() {
            path if path.is_dir() => found.extend(files(&path)),
            path => found.push(path),
        }
    }
    found
}

#[test]
fn a_second_folder_gets_each_backup_and_one_that_is_away_keeps_nobody_from_work() {
    let (laptop, place, _) = facility();
    let disk = tempfile::tempdir().unwrap();
    let folder = disk.path().join("disque");
    let choose = json!({ "path": folder });
    let refused = laptop.refused("choose_second_folder", choose.clone());
    assert_eq!(refused.code, "backup-folder-missing");
    let inside = json!({ "path": laptop.folder().join("sauvegardes") });
    laptop.call("backup_now", json!({}));
    let refused = laptop.refused("choose_second_folder", inside);
    assert_eq!(
        refused.code, "backup-folder-missing",
        "it would be lost with the first"
    );
    std::fs::create_dir(&folder).unwrap();
    let state = laptop.call("choose_second_folder", choose);
    assert_eq!(state["second"]["there"], true);
    assert!(state["second"]["newest"].is_string(), "{state}");
    let before = files(&folder).len();
    laptop.types(&place, "MNCH-02", "2026-01", "10", "40");
    laptop.call("backup_now", json!({}));
    assert_eq!(files(&folder).len(), before + 2, "a copy, and what it is");
    // The disk is taken away.
    std::fs::rename(&folder, disk.path().join("ailleurs")).unwrap();
    laptop.types(&place, "MNCH-02", "2026-02", "10", "40");
    let state = laptop.call("backup_now", json!({}));
    assert_eq!(state["second"]["there"], false);
    assert_eq!(list(&laptop).len(), 3);
    let state = laptop.call("choose_second_folder", json!({ "path": null }));
    assert_eq!(state["second"], Json::Null);
}

#[test]
fn a_stick_that_is_written_carries_the_newest_backup_too() {
    let pair = Pair::enrolled();
    let clinic = &pair.clinic;
    clinic.start_cycle(&pair.place(), "anc-four-contacts", "mnch");
    clinic.call("backup_now", json!({}));
    let stick = tempfile::tempdir().unwrap();
    let path = stick.path().to_str().unwrap();
    clinic.call("stick_send", json!({ "path": path, "places": null }));
    let copies = files(&stick.path().join("nyetaa-sauvegardes"));
    assert_eq!(copies.len(), 2, "{copies:?}");
}

#[test]
fn a_laptop_that_was_lost_comes_back_on_another_one_with_a_supervisors_help() {
    let pair = Pair::enrolled();
    let place = pair.place();
    pair.clinic.start_cycle(&place, "anc-four-contacts", "mnch");
    pair.clinic.types(&place, "MNCH-02", "2026-01", "10", "40");
    pair.clinic.sync();
    let disk = tempfile::tempdir().unwrap();
    pair.clinic.types(&place, "MNCH-02", "2026-02", "11", "40");
    let choose = json!({ "path": disk.path() });
    pair.clinic.call("choose_second_folder", choose);
    // The laptop is stolen. Another one, with another secret of the computer's and the backup alone.
    let other = Laptop::new(&pair.time);
    let nowhere = tempfile::tempdir().unwrap();
    let refused = other.refused("bring_backups", json!({ "path": nowhere.path() }));
    assert_eq!(refused.code, "backup-none-there");
    let brought = other.call("bring_backups", json!({ "path": disk.path() }));
    let no = brought["backups"][0]["no"].clone();
    let state = other.call("begin_from_backup", json!({ "no": no }));
    assert_eq!(state["entrance"], "locked");
    let account = other.call("accounts", json!({}))[0].clone();
    assert_eq!(
        account["name"], "",
        "names are locked with the lost computer's secret"
    );
    let person = account["person"].clone();
    let guess = json!({ "person": person, "pin": nyetaa_tests::PIN });
    assert_eq!(other.refused("unlock", guess).code, "pin-wrong");
    let ask = json!({ "person": person, "path": disk.path() });
    let asked = other.call("recovery_request", ask);
    let file = std::fs::read(asked["path"].as_str().unwrap()).unwrap();
    let answer = json!({ "base64": BASE64.encode(file) });
    let code = pair.coach.call("recovery_answer", answer)["code"].clone();
    // The keys open; the database is not here yet, and the backup is offered.
    let finish = json!({ "code": code, "pin": "905127" });
    assert_eq!(
        other.refused("recovery_finish", finish).code,
        "database-missing"
    );
    assert_eq!(other.call("start_state", json!({}))["entrance"], "rescue");
    let state = other.call("rescue_restore", json!({ "no": no }));
    assert_eq!(state["entrance"], "open");
    assert_eq!(state["person"]["name"], "Awa Traoré");
    assert_eq!(figure(&other, &place, "2026-02"), 11.0);
    other.types(&place, "MNCH-02", "2026-03", "12", "40");
    for _ in 0..2 {
        other.sync();
        pair.coach.sync();
    }
    for month in [("2026-01", 10.0), ("2026-02", 11.0), ("2026-03", 12.0)] {
        assert_eq!(figure(&pair.coach, &place, month.0), month.1);
    }
    let refused = other.refused("begin_from_backup", json!({ "no": no }));
    assert_eq!(refused.code, "already-begun");
}
