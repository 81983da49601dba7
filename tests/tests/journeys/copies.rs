//! A laptop that was copied, or put back from an old copy, goes on under a new name: nobody is asked, nothing is lost.

use std::path::Path;

use nyetaa_tests::{Laptop, Pair};
use serde_json::json;

/// Copies a whole disk: the data folder, and the secret that lies apart from it.
pub fn copy_disk(from: &Laptop, to: &Laptop) {
    copy(from.folder(), to.folder());
    let (from, to) = (from.config().join("nyetaa"), to.config().join("nyetaa"));
    std::fs::create_dir_all(&to).unwrap();
    copy(&from, &to);
}

/// Copies a data folder, as somebody does who wants to be safe.
pub fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

#[test]
fn a_copied_laptop_takes_another_name_before_it_writes_anything() {
    let (mut pair, _) = Pair::at_work();
    let place = pair.place();
    let mut twin = Laptop::new(&pair.time);
    pair.clinic.close();
    twin.close();
    copy_disk(&pair.clinic, &twin);
    twin.reopen();
    pair.clinic.reopen();
    assert_ne!(twin.replica(), pair.clinic.replica());
    assert_eq!(twin.sync_state()["copied"], true);
    assert_eq!(
        pair.clinic.sync_state()["copied"],
        false,
        "the first one keeps its name"
    );

    // Both write, each for itself; both arrive.
    twin.types(&place, "MNCH-02", "2025-05", "7", "41");
    pair.clinic.types(&place, "MNCH-02", "2025-06", "8", "41");
    twin.sync();
    pair.clinic.sync();
    twin.sync();
    pair.coach.sync();
    for laptop in [&twin, &pair.clinic, &pair.coach] {
        assert_eq!(laptop.cell(&place, "MNCH-02", "2025-05")["numerator"], 7.0);
        assert_eq!(laptop.cell(&place, "MNCH-02", "2025-06")["numerator"], 8.0);
        assert_eq!(
            laptop.sync_state()["state"],
            "up_to_date",
            "{}",
            laptop.sync_state()
        );
        assert_eq!(laptop.call("reviews", json!({})), json!([]));
    }
}

#[test]
fn a_laptop_put_back_from_a_whole_copy_is_told_by_the_server_and_loses_nothing() {
    let (mut pair, _) = Pair::at_work();
    let place = pair.place();
    pair.clinic.close();
    let backup = tempfile::tempdir().unwrap();
    copy(pair.clinic.folder(), backup.path());
    pair.clinic.reopen();
    pair.clinic.types(&place, "MNCH-02", "2025-05", "7", "41");
    pair.clinic.sync();
    let before = pair.clinic.replica();

    pair.clinic.close();
    put_back(backup.path(), pair.clinic.folder());
    pair.clinic.reopen();
    pair.clinic.types(&place, "MNCH-02", "2025-06", "8", "41");
    pair.clinic.sync();
    assert_ne!(
        pair.clinic.replica(),
        before,
        "its old name went on elsewhere"
    );
    pair.clinic.sync();
    pair.coach.sync();
    for laptop in [&pair.clinic, &pair.coach] {
        assert_eq!(laptop.cell(&place, "MNCH-02", "2025-05")["numerator"], 7.0);
        assert_eq!(laptop.cell(&place, "MNCH-02", "2025-06")["numerator"], 8.0);
    }
    let state = pair.clinic.sync_state();
    assert_eq!(
        (&state["state"], &state["copied"]),
        (&json!("up_to_date"), &json!(true))
    );
}

/// Puts a folder back where it was, file for file, with what makes it look untouched.
fn put_back(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let bytes = std::fs::read(entry.path()).unwrap();
        std::fs::write(to.join(entry.file_name()), bytes).unwrap();
    }
}

/// It had nothing new when it was put back: its own work comes again, and the server is known to hold that.
#[test]
fn own_work_that_comes_again_is_known_to_be_with_the_server() {
    let (mut pair, _) = Pair::at_work();
    let place = pair.place();
    pair.sync_both();
    let backup = tempfile::tempdir().unwrap();
    pair.clinic.close();
    copy(pair.clinic.folder(), backup.path());
    pair.clinic.reopen();
    pair.clinic.types(&place, "MNCH-02", "2025-05", "7", "41");
    pair.clinic.sync();
    pair.clinic.close();
    put_back(backup.path(), pair.clinic.folder());
    pair.clinic.reopen();
    let state = pair.clinic.sync();
    assert_eq!(
        (&state["last"]["code"], &state["state"]),
        (&json!(null), &json!("up_to_date")),
        "{state}"
    );
    assert_eq!(
        pair.clinic.cell(&place, "MNCH-02", "2025-05")["numerator"],
        7.0
    );
}

/// Both pasts of a laptop meet at a server that was put back itself: what it refuses under the old name comes under the
/// new one in the same exchange, and nobody is told of a refusal that is over.
#[test]
fn what_was_refused_under_the_old_name_comes_under_the_new_one_at_once() {
    let (mut pair, _) = Pair::at_work();
    let place = pair.place();
    pair.centre.stop();
    let server = pair.centre.back_up();
    pair.centre.start();
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    pair.clinic.close();
    copy(pair.clinic.folder(), first.path());
    pair.clinic.reopen();
    pair.clinic.types(&place, "MNCH-02", "2025-05", "7", "41");
    pair.clinic.sync();
    pair.clinic.close();
    copy(pair.clinic.folder(), second.path());

    pair.centre.stop();
    pair.centre.put_back(&server, "epoch");
    std::fs::write(pair.centre.folder().join("epoch"), "0".repeat(32)).unwrap();
    pair.centre.start();
    put_back(first.path(), pair.clinic.folder());
    pair.clinic.reopen();
    pair.clinic.types(&place, "MNCH-02", "2025-06", "8", "41");
    pair.clinic.sync();
    pair.clinic.close();

    put_back(second.path(), pair.clinic.folder());
    pair.clinic.reopen();
    pair.clinic.types(&place, "MNCH-02", "2025-07", "9", "41");
    let before = pair.clinic.replica();
    let state = pair.clinic.sync();
    assert_ne!(pair.clinic.replica(), before);
    assert_eq!(state["last"]["code"], json!(null), "{state}");
    // What it answered for twice goes along the next time.
    assert_eq!(pair.clinic.sync()["state"], "up_to_date");
    pair.coach.sync();
    for laptop in [&pair.clinic, &pair.coach] {
        for (month, figure) in [("2025-05", 7.0), ("2025-06", 8.0), ("2025-07", 9.0)] {
            assert_eq!(laptop.cell(&place, "MNCH-02", month)["numerator"], figure);
        }
    }
}

/// Both were put back, and the server, which calls nobody a copy then, gives the laptop its own other past before it hears
/// that it must take another name: it asks for all of it at once, because a district is to leave it. Nothing of that is
/// damage.
#[test]
fn ones_own_other_past_that_came_before_the_new_name_is_no_damage() {
    let (mut pair, _) = Pair::at_work();
    let place = pair.place();
    pair.sync_both();
    let server = pair.centre.server();
    server.relocate("CSCom de Kangaré", "Yanfolila").unwrap();
    // It has heard that the district leaves, and no more.
    pair.clinic.stops(1, "sync_now", json!({})).unwrap();
    pair.clinic.types(&place, "MNCH-02", "2025-05", "7", "41");
    let backup = tempfile::tempdir().unwrap();
    pair.clinic.close();
    copy(pair.clinic.folder(), backup.path());
    pair.clinic.reopen();
    for (month, figure) in [("2025-06", "8"), ("2025-07", "9")] {
        pair.clinic.types(&place, "MNCH-02", month, figure, "41");
        pair.clinic.sync();
    }
    pair.clinic.close();
    pair.centre.stop();
    let copied = pair.centre.back_up();
    pair.centre.put_back(&copied, "epoch");
    std::fs::write(pair.centre.folder().join("epoch"), "0".repeat(32)).unwrap();
    pair.centre.start();
    put_back(backup.path(), pair.clinic.folder());
    pair.clinic.reopen();
    pair.clinic.types(&place, "MNCH-02", "2025-04", "6", "41");
    let before = pair.clinic.replica();
    let state = pair.clinic.call("sync_now", json!({}));
    assert_ne!(pair.clinic.replica(), before);
    assert_eq!(state["last"]["code"], json!(null), "{state}");
    assert_eq!(pair.clinic.sync()["state"], "up_to_date");
    for (month, figure) in [
        ("2025-04", 6.0),
        ("2025-05", 7.0),
        ("2025-06", 8.0),
        ("2025-07", 9.0),
    ] {
        let cell = pair.clinic.cell(&place, "MNCH-02", month);
        assert_eq!(cell["numerator"], figure, "{month}");
    }
}

/// A colleague holds one past of a laptop, and the server, put back itself, has come to hold the other by the same
/// numbers. It shows when the stream goes on: what parts from the server's is put aside, and work goes on.
#[test]
fn a_second_past_that_shows_late_is_cut_back_to_where_it_parts() {
    let (mut pair, _) = Pair::at_work();
    let place = pair.place();
    pair.coach.sync();
    pair.centre.stop();
    let server = pair.centre.back_up();
    pair.centre.start();
    let backup = tempfile::tempdir().unwrap();
    pair.clinic.close();
    copy(pair.clinic.folder(), backup.path());
    pair.clinic.reopen();
    pair.clinic.types(&place, "MNCH-02", "2025-05", "7", "41");
    pair.clinic.sync();
    pair.coach.sync();
    pair.clinic.close();

    pair.centre.stop();
    pair.centre.put_back(&server, "epoch");
    std::fs::write(pair.centre.folder().join("epoch"), "0".repeat(32)).unwrap();
    pair.centre.start();
    put_back(backup.path(), pair.clinic.folder());
    pair.clinic.reopen();
    pair.clinic.types(&place, "MNCH-02", "2025-06", "8", "41");
    pair.clinic.sync();
    pair.coach.sync();
    pair.clinic.types(&place, "MNCH-02", "2025-07", "9", "41");
    pair.clinic.sync();
    pair.coach.sync();
    for (month, figure) in [("2025-06", 8.0), ("2025-07", 9.0)] {
        assert_eq!(
            pair.coach.cell(&place, "MNCH-02", month)["numerator"],
            figure
        );
    }
    let state = pair.coach.sync();
    assert_eq!(state["held"], 0, "{state}");
    let aside = state["aside"].as_array().unwrap();
    assert_eq!(aside.len(), 1, "what only she had of it: {state}");
    assert_eq!(
        (&aside[0]["reason"], &aside[0]["saves"]),
        (&json!("fork"), &json!(1))
    );
}

/// The same, and the coach has corrected a figure of the past that was lost. What she wrote is hers and must not wait for
/// good: her laptop goes on under another name and saves it again upon what stands.
#[test]
fn a_correction_of_what_was_lost_is_saved_again_and_waits_for_nothing() {
    let (mut pair, _) = Pair::at_work();
    let place = pair.place();
    for month in ["2025-03", "2025-05"] {
        pair.clinic.types(&place, "MNCH-02", month, "4", "41");
    }
    pair.sync_both();
    pair.centre.stop();
    let server = pair.centre.back_up();
    pair.centre.start();
    let backup = tempfile::tempdir().unwrap();
    pair.clinic.close();
    copy(pair.clinic.folder(), backup.path());
    pair.clinic.reopen();
    for (month, figure) in [("2025-04", "6"), ("2025-05", "7")] {
        pair.clinic.types(&place, "MNCH-02", month, figure, "41");
        pair.clinic.sync();
    }
    pair.coach.sync();
    pair.coach_corrects("2025-05", "19", "recompté dans le registre");
    pair.coach_corrects("2025-03", "5", "recompté dans le registre");
    pair.coach.sync();
    pair.clinic.close();

    pair.centre.stop();
    pair.centre.put_back(&server, "epoch");
    std::fs::write(pair.centre.folder().join("epoch"), "0".repeat(32)).unwrap();
    pair.centre.start();
    put_back(backup.path(), pair.clinic.folder());
    pair.clinic.reopen();
    pair.clinic.types(&place, "MNCH-02", "2025-07", "9", "41");
    pair.clinic.sync();
    let before = pair.coach.replica();
    pair.coach.sync();
    let state = pair.coach.sync();
    assert_ne!(pair.coach.replica(), before);
    assert_eq!(state["held"], 0, "{state}");
    assert_eq!(state["waits"], json!([]));
    assert_eq!(state["copied"], false, "nobody has copied anything");
    assert_eq!(state["waiting_saves"], 0, "the server holds it");
    let state = pair.clinic.sync();
    assert_eq!(state["held"], 0, "{state}");
    for laptop in [&pair.clinic, &pair.coach] {
        for (month, figure) in [("2025-03", 5.0), ("2025-05", 19.0), ("2025-07", 9.0)] {
            let cell = laptop.cell(&place, "MNCH-02", month);
            assert_eq!(cell["numerator"], figure, "{month}");
        }
    }
}

#[test]
fn a_laptop_that_stays_where_it_is_keeps_its_name() {
    let (mut pair, _) = Pair::at_work();
    let name = pair.clinic.replica();
    for _ in 0..3 {
        pair.clinic.reopen();
        assert_eq!(pair.clinic.replica(), name);
    }
    assert_eq!(pair.clinic.sync()["copied"], false);
}

/// A copy of a copy, and both wrote before any network: the server hears of every name.
#[test]
fn names_that_the_server_never_heard_of_are_told_too() {
    let (mut pair, _) = Pair::at_work();
    let place = pair.place();
    let mut second = Laptop::new(&pair.time);
    pair.clinic.close();
    second.close();
    copy_disk(&pair.clinic, &second);
    second.reopen();
    let between = second.replica();
    second.types(&place, "MNCH-02", "2025-05", "5", "41");
    let mut third = Laptop::new(&pair.time);
    second.close();
    third.close();
    copy_disk(&second, &third);
    third.reopen();
    assert_ne!(third.replica(), between);
    third.types(&place, "MNCH-02", "2025-06", "6", "41");
    third.sync();
    let known = pair.centre.server().devices().unwrap();
    for name in [between, third.replica()] {
        assert!(
            known.iter().any(|device| device.device == name),
            "{name} is known"
        );
    }
    pair.coach.sync();
    assert_eq!(
        pair.coach.cell(&place, "MNCH-02", "2025-05")["numerator"],
        5.0
    );
    assert_eq!(
        pair.coach.cell(&place, "MNCH-02", "2025-06")["numerator"],
        6.0
    );

    // The one in between goes on under its own name, which the server knows by now.
    second.reopen();
    second.types(&place, "MNCH-02", "2025-04", "4", "41");
    second.sync();
    second.sync();
    pair.coach.sync();
    assert_eq!(
        pair.coach.cell(&place, "MNCH-02", "2025-04")["numerator"],
        4.0
    );
    assert_eq!(second.sync_state()["state"], "up_to_date");
}
