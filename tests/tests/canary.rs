//! A stolen laptop: nothing that was typed stands readable in any file while the app is locked.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail"
)]

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use domain::registry::{FieldType, Kind};
use nyetaa_tests::{Laptop, PIN, Time};
use serde_json::{Value as Json, json};

/// At least so many different strings are typed.
const STRINGS: usize = 50;

/// Asks one command and gives its answer.
type Ask<'a> = &'a dyn Fn(&str, Json) -> Json;

/// Strings that stand nowhere else, each given out once.
#[derive(Default)]
struct Canaries(Vec<String>);

impl Canaries {
    fn next(&mut self) -> String {
        let canary = format!("canari{:03}kelenfila", self.0.len());
        self.0.push(canary.clone());
        canary
    }
}

/// Fields that take a word of a list, and not what somebody likes to type.
const OF_A_LIST: &[&str] = &[
    "template",
    "area",
    "status",
    "extent",
    "comparison",
    "decision",
    "sex",
    "category",
    "standing",
    "sort",
    "indicator",
    "strength",
    "state",
];

/// Types a string of its own into every free text that the app knows of a cycle, and into names, comments, reasons and an
/// explanation. A new field of the registry comes in by itself.
fn type_everywhere(ask: Ask<'_>, canaries: &mut Canaries) {
    let place = ask("start_state", json!({}))["place"]["id"].clone();
    let start = json!({ "place": place, "template": "anc-four-contacts", "area": "mnch", "language": "fr" });
    let cycle = ask("start_cycle", start)["id"].clone();
    let mut edits = |kind: Kind| -> Json {
        let free = kind
            .fields()
            .iter()
            .filter(|field| field.ty == FieldType::Text && !OF_A_LIST.contains(&field.name));
        free.map(|field| json!({ "field": field.name, "value": canaries.next(), "seen": null }))
            .collect()
    };
    let of_cycle = edits(Kind::Cycle);
    let parts = [
        ("save_member", edits(Kind::TeamMember)),
        ("save_idea", edits(Kind::Idea)),
        ("save_trial", edits(Kind::Trial)),
        ("save_lesson", edits(Kind::Lesson)),
        ("save_cause", edits(Kind::Cause)),
        ("save_driver", edits(Kind::Driver)),
        ("save_evidence", edits(Kind::Evidence)),
    ];
    let save = json!({ "id": cycle, "edits": of_cycle, "reason": canaries.next() });
    ask("save_cycle", save);
    for (command, edits) in parts {
        let request =
            json!({ "id": null, "cycle": cycle, "edits": edits, "reason": canaries.next() });
        let made = ask(command, request)["id"].clone();
        if command == "save_trial" {
            let trial = made;
            let set =
                |field: &str, value: Json| json!({ "field": field, "value": value, "seen": null });
            let edits = [
                set("trial", trial.clone()),
                set("text", json!(canaries.next())),
            ];
            let request =
                json!({ "id": null, "cycle": cycle, "edits": edits, "reason": canaries.next() });
            ask("save_observation", request);
            let request = json!({
                "cycle": cycle, "trial": trial, "observation": null, "image": nyetaa_tests::PHOTO,
                "caption": canaries.next(), "reason": canaries.next(),
            });
            ask("add_photo", request);
        }
    }
    let held = json!({ "place": place, "reason": canaries.next() });
    let pause = ask("hold_pause", held)["id"].clone();
    let edits: Vec<Json> = ["expected", "happened", "why"]
        .iter()
        .map(|field| json!({ "field": field, "value": canaries.next(), "seen": null }))
        .collect();
    let request = json!({ "id": pause, "edits": edits, "reason": canaries.next() });
    ask("save_pause", request);
    let found = ask("search", json!({ "text": canaries.0[20], "kinds": [] }));
    assert!(
        !found.as_array().unwrap().is_empty(),
        "what was typed is in the index that is searched"
    );
    ask("search", json!({ "text": canaries.next(), "kinds": [] }));
    let add = json!({ "name": canaries.next(), "level": "village", "parent": place });
    ask("add_place", add);
    let add = json!({ "person": null, "name": canaries.next(), "role": "member", "pin": "739164" });
    ask("add_account", add);
    let typed = |text: &str| json!({ "typed": text, "seen": null });
    let cell = json!({
        "indicator": "MNCH-02", "period": "2026-03", "numerator": typed("3"), "denominator": typed("4"),
        "no_data": null, "explanation": typed(&canaries.next()),
    });
    let cells = json!({ "place": place, "cells": [cell], "reason": canaries.next() });
    ask("save_cells", cells);
    ask(
        "search_places",
        json!({ "query": canaries.next(), "levels": [] }),
    );
    ask("doubts", json!({ "text": canaries.next() }));
    ask("backup_now", json!({}));
    while canaries.0.len() < STRINGS + 10 {
        let comment = json!({ "id": null, "about": cycle, "text": canaries.next(), "seen": null });
        ask("save_comment", comment);
    }
}

/// Looks for the strings, the code and the sentence in every file below the folders. Answers how many bytes it read.
fn search(folders: &[&Path], strings: &[String]) -> usize {
    let mut searched = 0;
    for file in folders.iter().copied().flat_map(files_below) {
        let bytes = std::fs::read(&file).unwrap();
        searched += bytes.len();
        for text in strings {
            let found = stands_in(&bytes, text);
            assert!(!found, "{text} stands in {}", file.display());
        }
    }
    searched
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// Where a text stands in bytes, as UTF-8 or as UTF-16.
fn stands_in(bytes: &[u8], text: &str) -> bool {
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [text.as_bytes(), &wide]
        .iter()
        .any(|wanted| bytes.windows(wanted.len()).any(|part| part == *wanted))
}

#[test]
fn nothing_that_was_typed_stands_in_any_file_of_a_locked_laptop() {
    let laptop = Laptop::new(&Time::default());
    let mut canaries = Canaries::default();
    laptop.begin_facility(&canaries.next(), "Sélingué", &canaries.next(), "lead");
    type_everywhere(&|name, request| laptop.call(name, request), &mut canaries);
    let sentence = "une phrase que personne ne devine";
    laptop.call("change_pin", json!({ "old": PIN, "new": sentence }));
    let mut strings = canaries.0;
    strings.extend([sentence.to_owned(), PIN.to_owned()]);
    let config = laptop.config();
    let folders = [laptop.folder(), &config];
    let backups = files_below(&laptop.folder().join("sauvegardes"));
    assert!(!backups.is_empty(), "a backup is among the files");
    search(&folders, &strings);
    laptop.call("lock", json!({}));
    let searched = search(&folders, &strings);
    println!("{} strings, {searched} bytes", strings.len());
    assert!(searched > 100_000, "the database was among the files");
    // The key itself is in none of them either, and the file that it once stood in is gone.
    assert!(!laptop.folder().join("nyetaa.key").exists());
    // What is searched for would be found.
    let plain = laptop.folder().join("plain");
    std::fs::write(&plain, format!("…{}…", strings[7])).unwrap();
    assert!(stands_in(&std::fs::read(&plain).unwrap(), &strings[7]));
}

/// Killed while somebody is at work: the write-ahead log, its index, temporary files and what was logged are left behind.
#[test]
fn nothing_that_was_typed_stands_in_any_file_after_a_kill() {
    let mut laptop = Laptop::new(&Time::default());
    let mut canaries = Canaries::default();
    laptop.begin_facility(&canaries.next(), "Sélingué", &canaries.next(), "lead");
    let person = laptop.call("accounts", json!({}))[0]["person"].clone();
    laptop.close();
    let temporary = tempfile::tempdir().unwrap();
    let log = temporary.path().join("log");
    let mut process = Command::new(env!("CARGO_BIN_EXE_host"))
        .args(["--listen", "127.0.0.1:0", "--home"])
        .arg(laptop.folder())
        .env("XDG_CONFIG_HOME", laptop.config())
        .env("TMPDIR", temporary.path())
        .stdout(Stdio::piped())
        .stderr(File::create(&log).unwrap())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let said = process.stdout.take().unwrap();
    BufReader::new(said).read_line(&mut line).unwrap();
    let address = line.trim().rsplit('/').next().unwrap().to_owned();
    let ask = |name: &str, request: Json| {
        let (well, answer) = post(&address, name, &request);
        assert!(well, "{name} {request}: {answer}");
        answer
    };
    ask("unlock", json!({ "person": person, "pin": PIN }));
    type_everywhere(&ask, &mut canaries);
    // Nor is what a refused request said written anywhere.
    let refused =
        json!({ "id": canaries.next(), "edits": [], "reason": canaries.next(), "more": 1 });
    assert!(!post(&address, "save_cycle", &refused).0);
    process.kill().unwrap();
    process.wait().unwrap();
    let mut strings = canaries.0;
    strings.push(PIN.to_owned());
    let names: Vec<_> = files_below(laptop.folder());
    let has = |end: &str| {
        names
            .iter()
            .any(|path| path.to_string_lossy().ends_with(end))
    };
    assert!(has("nyetaa.db-wal") && has("nyetaa.db-shm"), "{names:?}");
    let config = laptop.config();
    let searched = search(&[laptop.folder(), &config, temporary.path()], &strings);
    println!("{} strings, {searched} bytes", strings.len());
}

/// A command over HTTP: whether it was carried out, and the answer.
fn post(address: &str, name: &str, request: &Json) -> (bool, Json) {
    let body = request.to_string();
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST /call/{name} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let well = head.starts_with("HTTP/1.1 200");
    (well, serde_json::from_str(body).unwrap_or(Json::Null))
}
