//! The power goes at every write while the database gets another key, and the disk fills up on the way: everyone who may
//! comes in afterwards with the code that they have, nothing that was saved lacks, and every backup opens.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail"
)]

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use app::accounts::secret::{Cost, Effort, Guard, SecretFile};
use app::{App, AppError, Surroundings};
use nyetaa_tests::{Chance, PIN, cell};
use serde_json::{Value as Json, json};
use simdisk::SimDisk;
use store::Disk;

const MOUSSA: &str = "739164";

/// Where the computer keeps its secret: not on the disk that is cut.
static SETTINGS: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("device.secret"), [77; 32]).unwrap();
    folder
});

fn home(disk: &SimDisk) -> PathBuf {
    disk.root().join("home")
}

fn open(disk: &SimDisk) -> App {
    static DRAWN: AtomicU64 = AtomicU64::new(1);
    App::open_in(Surroundings {
        disk: Arc::new(disk.clone()),
        guard: Some(Guard {
            secret: Box::new(SecretFile(SETTINGS.path().join("device.secret"))),
            effort: Effort::Fixed(Cost { kib: 8, passes: 1 }),
        }),
        random: Arc::new(|| {
            let mut bytes = [7; 32];
            let drawn = DRAWN.fetch_add(1, Ordering::SeqCst);
            bytes[..8].copy_from_slice(&drawn.to_le_bytes());
            Ok(bytes)
        }),
        ..Surroundings::real(home(disk), press::write)
    })
    .expect("the folder opens")
}

#[track_caller]
fn call(app: &App, name: &str, request: Json) -> Json {
    app.call(name, request)
        .unwrap_or_else(|error| panic!("{name}: {error:?}"))
}

fn figure(app: &App) -> Json {
    let place = call(app, "start_state", json!({}))["place"]["id"].clone();
    let request = json!({ "place": place, "until": "2026-02", "months": 1 });
    let grid = call(app, "grid", request);
    let mut rows = grid["rows"].as_array().unwrap().iter();
    let row = rows.find(|row| row["indicator"]["code"] == "MNCH-02");
    row.unwrap()["cells"][0].clone()
}

/// Comes in as the one who bears this name.
fn unlock(app: &App, name: &str, pin: &str) -> Result<Json, AppError> {
    let accounts = call(app, "accounts", json!({}));
    let all = accounts.as_array().unwrap();
    let found = all.iter().find(|one| one["name"] == name);
    let person = found.map_or(Json::Null, |one| one["person"].clone());
    app.call("unlock", json!({ "person": person, "pin": pin }))
}

/// Awa and Fanta work here; Moussa did until just now. A backup was made as the laptop was locked.
fn worked(disk: &SimDisk) {
    let app = open(disk);
    let search = json!({ "query": "Sélingué", "levels": ["district"] });
    let parent = call(&app, "search_places", search)[0]["id"].clone();
    let begin = json!({
        "language": "fr", "place": null,
        "new_place": { "name": "CSCom de Kangaré", "level": "facility", "parent": parent },
        "person_name": "Awa Traoré", "role": "lead", "pin": PIN,
    });
    let place = call(&app, "begin", begin)["place"]["id"].clone();
    let cycle = json!({ "place": place, "template": "anc-four-contacts", "area": "mnch", "language": "fr" });
    call(&app, "start_cycle", cycle);
    for name in ["Moussa Keïta", "Fanta Coulibaly"] {
        call(
            &app,
            "add_account",
            json!({ "name": name, "role": "member", "pin": MOUSSA }),
        );
    }
    let edit = cell("MNCH-02", "2026-02", "11", "40", &figure(&app));
    let save = json!({ "place": place, "cells": [edit], "reason": null });
    call(&app, "save_cells", save);
    let accounts = call(&app, "accounts", json!({}));
    let mut all = accounts.as_array().unwrap().iter();
    let moussa = all.find(|one| one["name"] == "Moussa Keïta").unwrap();
    call(
        &app,
        "remove_account",
        json!({ "person": moussa["person"] }),
    );
    call(&app, "lock", json!({}));
}

/// Everyone who may comes in, finds what was saved, and whatever backup there is opens.
fn look(disk: &SimDisk, at: u64) {
    let app = open(disk);
    let state = call(&app, "start_state", json!({}));
    assert_eq!(state["entrance"], "locked", "{at}");
    for (name, pin) in [("Fanta Coulibaly", MOUSSA), ("Awa Traoré", PIN)] {
        let state =
            unlock(&app, name, pin).unwrap_or_else(|error| panic!("{at}: {name}: {error:?}"));
        assert_eq!(state["entrance"], "open", "{at}");
        assert_eq!(
            state["new_key"],
            Json::Null,
            "{at}: it came to its end, or was done again"
        );
        assert_eq!(figure(&app)["numerator"], 11.0, "{at}");
        call(&app, "lock", json!({}));
    }
    unlock(&app, "Awa Traoré", PIN).unwrap();
    let listed = call(&app, "backups", json!({}));
    for one in listed["backups"].as_array().unwrap() {
        call(&app, "preview_backup", json!({ "no": one["no"] }));
    }
    let left = disk.list(&home(disk)).unwrap();
    let left: Vec<_> = left
        .iter()
        .filter(|path| path.to_string_lossy().contains("neuf"))
        .collect();
    assert!(left.is_empty(), "{at}: {left:?}");
}

#[test]
fn a_new_key_that_is_cut_anywhere_locks_nobody_out() {
    let disk = SimDisk::default();
    worked(&disk);
    let before = disk.image();
    let mut cuts = 0;
    for at in 0.. {
        disk.put(&before);
        let app = open(&disk);
        disk.cut_in(Some(at));
        let _ = unlock(&app, "Awa Traoré", PIN);
        let off = disk.is_off();
        drop(app);
        if !off {
            disk.cut_in(None);
            break;
        }
        disk.power_on(&mut Chance::of(at * 7 + 3));
        look(&disk, at);
        cuts += 1;
    }
    println!("a new key: {cuts} cuts");
    assert!(cuts > 50, "a new key has writes");
}

#[test]
fn a_disk_that_fills_up_keeps_the_key_and_the_work() {
    let disk = SimDisk::default();
    worked(&disk);
    let before = disk.image();
    let (mut kept, mut renewed) = (0, 0);
    for step in 0..60 {
        disk.room(None);
        disk.put(&before);
        let app = open(&disk);
        disk.room(Some(disk.used() + step * 64 * 1024));
        let came = unlock(&app, "Awa Traoré", PIN);
        disk.room(None);
        match came {
            Ok(state) if state["new_key"].is_null() => renewed += 1,
            Ok(_) => kept += 1,
            Err(error) => assert_eq!(error.code, "disk-full", "{step}"),
        }
        drop(app);
        look(&disk, step);
    }
    println!("60 fill levels: {kept} kept the key, {renewed} got another");
    assert!(kept > 5 && renewed > 5, "{kept} kept, {renewed} renewed");
}
