//! The power goes at every write of a backup, of going back to one and of a rescue, and the disk fills up on the way: what
//! was saved is there, each backup that is listed is whole, and none that was good has gone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail"
)]

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use app::{App, AppError, Surroundings};
use nyetaa_tests::{Chance, cell};
use serde_json::{Value as Json, json};
use simdisk::{Model, SimDisk};
use store::Disk;

fn home(disk: &SimDisk) -> PathBuf {
    disk.root().join("home")
}

fn open(disk: &SimDisk) -> App {
    open_with(disk, Arc::new(disk.clone()), false)
}

fn open_with(disk: &SimDisk, all: Arc<dyn Disk>, encrypted: bool) -> App {
    static DRAWN: AtomicU64 = AtomicU64::new(1);
    App::open_in(Surroundings {
        disk: all,
        encrypted,
        guard: None,
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

fn call(app: &App, name: &str, request: Json) -> Json {
    app.call(name, request)
        .unwrap_or_else(|error| panic!("{name}: {error:?}"))
}

fn grid(app: &App, month: &str) -> Json {
    let place = call(app, "start_state", json!({}))["place"]["id"].clone();
    let request = json!({ "place": place, "until": month, "months": 1 });
    let grid = call(app, "grid", request);
    let mut rows = grid["rows"].as_array().unwrap().iter();
    let row = rows.find(|row| row["indicator"]["code"] == "MNCH-02");
    row.unwrap()["cells"][0].clone()
}

fn types(app: &App, month: &str, number: &str) {
    let place = call(app, "start_state", json!({}))["place"]["id"].clone();
    let edit = cell("MNCH-02", month, number, "40", &grid(app, month));
    let request = json!({ "place": place, "cells": [edit], "reason": null });
    call(app, "save_cells", request);
}

fn figure(app: &App, month: &str) -> Json {
    grid(app, month)["numerator"].clone()
}

/// A laptop with a backup, and with February typed after it.
fn worked(disk: &SimDisk) {
    works(&open(disk));
}

fn works(app: &App) {
    let search = json!({ "query": "Sélingué", "levels": ["district"] });
    let parent = call(app, "search_places", search)[0]["id"].clone();
    let begin = json!({
        "language": "fr", "place": null,
        "new_place": { "name": "CSCom de Kangaré", "level": "facility", "parent": parent },
        "person_name": "Awa Traoré", "role": "lead", "pin": "",
    });
    let place = call(app, "begin", begin)["place"]["id"].clone();
    let cycle = json!({ "place": place, "template": "anc-four-contacts", "area": "mnch", "language": "fr" });
    call(app, "start_cycle", cycle);
    types(app, "2026-01", "10");
    call(app, "backup_now", json!({}));
    types(app, "2026-02", "11");
}

/// The numbers of the backups that are listed; each of them is whole.
fn backups(app: &App) -> Vec<u64> {
    let listed = call(app, "backups", json!({}));
    let numbers = listed["backups"].as_array().unwrap().iter();
    numbers
        .map(|one| {
            call(app, "preview_backup", json!({ "no": one["no"] }));
            one["no"].as_u64().unwrap()
        })
        .collect()
}

fn chance(at: u64) -> Chance {
    Chance::of(at * 7 + 3)
}

/// Does `act` again and again, cut at each of its writes, and looks at what is there after.
fn cut_at_each_write(what: &str, act: impl Fn(&App), look: impl Fn(&App, u64)) {
    let disk = SimDisk::default();
    worked(&disk);
    let before = disk.image();
    let mut cuts = 0;
    for at in 0.. {
        disk.put(&before);
        let app = open(&disk);
        disk.cut_in(Some(at));
        act(&app);
        let off = disk.is_off();
        drop(app);
        if !off {
            disk.cut_in(None);
            break;
        }
        disk.power_on(&mut chance(at));
        look(&open(&disk), at);
        cuts += 1;
    }
    println!("{what}: {cuts} cuts");
    assert!(cuts > 50, "{what} has writes");
}

#[test]
fn a_backup_that_is_cut_anywhere_costs_no_other() {
    cut_at_each_write(
        "a backup",
        |app| {
            let _ = app.call("backup_now", json!({}));
        },
        |app, at| {
            assert!(backups(app).contains(&1), "cut at {at}");
            assert_eq!(figure(app, "2026-01"), 10.0, "cut at {at}");
            assert_eq!(figure(app, "2026-02"), 11.0, "cut at {at}");
            // What was left half made is no obstacle.
            call(app, "backup_now", json!({}));
        },
    );
}

#[test]
fn going_back_that_is_cut_anywhere_loses_nothing() {
    for keep_since in [true, false] {
        cut_at_each_write(
            "going back",
            |app| {
                let request = json!({ "no": 1, "keep_since": keep_since });
                let _ = app.call("restore_backup", request);
            },
            |app, at| {
                let listed = backups(app);
                assert!(listed.contains(&1), "cut at {at}");
                assert_eq!(figure(app, "2026-01"), 10.0, "cut at {at}");
                let since = figure(app, "2026-02");
                match keep_since {
                    true => assert_eq!(since, 11.0, "cut at {at}"),
                    // Here still, or in the backup made just before.
                    false => assert!(since == 11.0 || listed.len() > 1, "cut at {at}"),
                }
                types(app, "2026-03", "12");
                assert_eq!(figure(app, "2026-03"), 12.0, "work goes on, cut at {at}");
            },
        );
    }
}

#[test]
fn a_disk_that_fills_up_costs_no_backup_and_no_work() {
    let disk = SimDisk::default();
    worked(&disk);
    let before = disk.image();
    let (mut refused, mut made) = (0, 0);
    for step in 0..100 {
        for command in ["backup_now", "restore_backup"] {
            disk.room(None);
            disk.put(&before);
            let app = open(&disk);
            disk.room(Some(disk.used() + step * 24 * 1024));
            let request = match command {
                "backup_now" => json!({}),
                _ => json!({ "no": 1, "keep_since": true }),
            };
            match app.call(command, request) {
                Ok(_) => made += 1,
                Err(error) => {
                    assert_eq!(error.code, "disk-full", "{command}");
                    refused += 1;
                }
            }
            disk.room(None);
            assert!(backups(&app).contains(&1));
            assert_eq!(figure(&app, "2026-01"), 10.0);
            assert_eq!(figure(&app, "2026-02"), 11.0);
            types(&app, "2026-03", "12");
            drop(app);
            assert_eq!(figure(&open(&disk), "2026-03"), 12.0);
        }
    }
    println!("200 fill levels: {refused} refused, {made} carried out");
    assert!(refused > 10 && made > 10, "{refused} refused, {made} made");
}

#[test]
fn a_rescue_that_is_cut_anywhere_can_be_begun_again() {
    let disk = SimDisk::default();
    worked(&disk);
    let path = home(&disk).join(store::DATABASE);
    for ending in ["", "-wal"] {
        let mut file = path.clone().into_os_string();
        file.push(ending);
        let file = PathBuf::from(file);
        if let Ok(bytes) = disk.read(&file) {
            disk.write(&file, &vec![0xAA; bytes.len()]).unwrap();
        }
    }
    let before = disk.image();
    let mut cuts = 0;
    for at in 0.. {
        disk.put(&before);
        let app = open(&disk);
        assert_eq!(call(&app, "start_state", json!({}))["entrance"], "rescue");
        disk.cut_in(Some(at));
        let _ = app.call("rescue_restore", json!({ "no": 1 }));
        let off = disk.is_off();
        drop(app);
        if !off {
            disk.cut_in(None);
            break;
        }
        disk.power_on(&mut chance(at));
        let app = open(&disk);
        if call(&app, "start_state", json!({}))["entrance"] == "rescue" {
            call(&app, "rescue_restore", json!({ "no": 1 }));
        }
        assert_eq!(figure(&app, "2026-01"), 10.0, "cut at {at}");
        let aside = disk.list(&home(&disk).join("mises-de-cote")).unwrap();
        let kept = aside
            .iter()
            .any(|folder| disk.len(&folder.join(store::DATABASE)).is_ok());
        assert!(kept, "cut at {at}: the damaged file is kept");
        cuts += 1;
    }
    println!("a rescue: {cuts} cuts");
    assert!(cuts > 50, "a rescue has writes");
}

/// Two disks: a laptop's own, and the one that its second folder of backups lies on.
#[derive(Debug)]
struct Both(SimDisk, SimDisk);

impl Both {
    fn of(&self, path: &Path) -> &SimDisk {
        match path.starts_with(self.1.root()) {
            true => &self.1,
            false => &self.0,
        }
    }
}

impl Disk for Both {
    fn vfs(&self) -> Option<&str> {
        self.0.vfs()
    }
    fn len(&self, path: &Path) -> io::Result<u64> {
        self.of(path).len(path)
    }
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.of(path).read(path)
    }
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.of(path).write(path, bytes)
    }
    fn append(&self, path: &Path, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.of(path).append(path, at, bytes)
    }
    fn rewrite(&self, path: &Path) -> io::Result<()> {
        self.of(path).rewrite(path)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.of(from).rename(from, to)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.of(path).remove(path)
    }
    fn create_dir_all(&self, folder: &Path) -> io::Result<()> {
        self.of(folder).create_dir_all(folder)
    }
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        self.of(folder).list(folder)
    }
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.of(folder).sync_folder(folder)
    }
}

/// The figures of January to April.
fn reads(app: &App) -> Result<[f64; 4], AppError> {
    let state = app.call("start_state", json!({}))?;
    let request = json!({ "place": state["place"]["id"], "until": "2026-04", "months": 4 });
    let grid = app.call("grid", request)?;
    let mut rows = grid["rows"].as_array().unwrap().iter();
    let row = rows.find(|row| row["indicator"]["code"] == "MNCH-02");
    let cells = &row.unwrap()["cells"];
    Ok([0, 1, 2, 3].map(|at| cells[at]["numerator"].as_f64().unwrap_or_default()))
}

/// The disk of the laptop says that it has flushed and has not; the backups lie on an honest one too. Then the power goes.
#[test]
fn a_disk_that_lies_costs_what_was_done_since_the_last_backup_at_most_and_is_told_of() {
    let (own, second) = (SimDisk::default(), SimDisk::default());
    let open = || {
        let both = Both(own.clone(), second.clone());
        open_with(&own, Arc::new(both), true)
    };
    let elsewhere = second.root().join("disque");
    second.create_dir_all(&elsewhere).unwrap();
    {
        let app = open();
        works(&app);
        call(&app, "choose_second_folder", json!({ "path": elsewhere }));
    }
    let (mine, there) = (own.image(), second.image());
    let (mut told, mut rescued, mut whole) = (0, 0, 0);
    for seed in 0..120 {
        own.put(&mine);
        second.put(&there);
        let mut app = open();
        own.behave(Model {
            lying: true,
            ..Model::default()
        });
        types(&app, "2026-03", "12");
        if seed % 2 == 1 {
            drop(app);
            app = open();
        }
        types(&app, "2026-04", "13");
        call(&app, "backup_now", json!({}));
        types(&app, "2026-05", "14");
        own.cut();
        drop(app);
        own.behave(Model::default());
        own.power_on(&mut chance(seed));
        let mut app = open();
        // Damage shows at once, or when somebody comes to the page.
        let damaged = app.call("start_state", json!({})).is_err() || reads(&app).is_err();
        let state = call(&app, "start_state", json!({}));
        let fell = state["fell_back"].clone();
        if state["entrance"] == "rescue" {
            rescued += 1;
            let fetched = call(&app, "bring_backups", json!({ "path": elsewhere }));
            let no = fetched["backups"][0]["no"].clone();
            call(&app, "rescue_restore", json!({ "no": no }));
        } else {
            assert!(!damaged, "seed {seed}: damage that nothing helps against");
            told += u32::from(!fell.is_null());
            whole += u32::from(fell.is_null());
        }
        if !fell.is_null() {
            assert_eq!(fell["whole"], true, "seed {seed}: {fell}");
            drop(app);
            app = open();
            let still = call(&app, "start_state", json!({}))["fell_back"].clone();
            assert_eq!(still, fell, "seed {seed}: until somebody has read it");
            let state = call(&app, "heed_fall_back", json!({}));
            assert!(state["fell_back"].is_null(), "seed {seed}");
        }
        assert_eq!(
            reads(&app).unwrap(),
            [10.0, 11.0, 12.0, 13.0],
            "seed {seed}"
        );
        types(&app, "2026-06", "15");
        assert_eq!(figure(&app, "2026-06"), 15.0, "seed {seed}: work goes on");
    }
    println!(
        "a disk that lies: {told} told, {rescued} rescued, {whole} had kept what the backup has"
    );
    assert!(told > 20, "{told}");
}
