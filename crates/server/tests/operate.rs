//! The operator's commands beside a server that others use.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail"
)]

mod common;

use std::path::Path;
use std::process::{Command, Output};

use common::{Home, Running, Storage, idea_at, running_on};
use domain::role::Role;
use sync::bundle;

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nyetaa-server"))
        .args(arguments)
        .arg("--data")
        .arg(folder)
        .env("LC_ALL", "C")
        .output()
        .unwrap()
}

fn said(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{arguments:?}: {told}");
    String::from_utf8(output.stdout).unwrap()
}

fn busy() -> (Home, Running) {
    running_on(Storage::Sqlite)
}

#[test]
fn who_has_not_synced_stands_in_a_table() {
    let (home, at) = busy();
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    a.waiting = 12;
    a.sync(&at);
    let table = said(home.path(), &["devices"]);
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with("device "));
    let line = lines
        .iter()
        .find(|line| line.contains("CSCom de Farako"))
        .unwrap();
    for word in [
        &a.replica().to_string(),
        "Kati",
        "team member",
        "2026-01-01 00:00",
        "12",
        "0.3.0",
    ] {
        assert!(line.contains(word), "{word} in {line}");
    }
    let french = said(home.path(), &["devices", "--language", "fr"]);
    for word in [
        "ordinateur",
        "dernier contact",
        "membre de l’équipe",
        "01/01/2026 00:00",
    ] {
        assert!(french.contains(word), "{word} in {french}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&said(home.path(), &["devices", "--json"])).unwrap();
    assert_eq!(json[0]["waiting"], 12);
}

#[test]
fn a_stolen_laptop_is_revoked_and_what_it_sent_is_looked_at() {
    let (home, at) = busy();
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    a.sync(&at);
    let device = a.replica().to_string();
    said(home.path(), &["revoke", "--device", &device[..8]]);
    let idea = a.idea(a.home(), "Après le vol");
    let request = a.request(false);
    assert!(a.ask(&at, &request).unwrap().revoked);
    assert!(said(home.path(), &["devices"]).contains("revoked"));
    let list = said(home.path(), &["quarantine", "list"]);
    assert!(
        list.contains("revoked") && list.contains("CSCom de Farako"),
        "{list}"
    );
    let id = list.lines().nth(1).unwrap().split(' ').next().unwrap();
    assert!(said(home.path(), &["quarantine", "show", "--id", id]).contains("Après le vol"));
    let french = ["--language", "fr"];
    let list = said(
        home.path(),
        &[&["quarantine", "list"], &french[..]].concat(),
    );
    assert!(
        list.contains("écrit après le retrait de l’ordinateur"),
        "{list}"
    );
    let shown = said(
        home.path(),
        &[&["quarantine", "show", "--id", id], &french[..]].concat(),
    );
    assert!(
        shown.contains("idée") && shown.contains("Après le vol"),
        "{shown}"
    );
    said(home.path(), &["quarantine", "release", "--id", id]);
    assert_eq!(idea_at(&at.server, a.home(), idea).unwrap(), "Après le vol");
    let missing = run(home.path(), &["quarantine", "release", "--id", id]);
    assert!(!missing.status.success());
}

#[test]
fn a_facility_is_moved_and_a_stick_goes_both_ways() {
    let (home, at) = busy();
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    let idea = a.idea(a.home(), "Par la piste");
    a.sync(&at);
    said(
        home.path(),
        &["move", "--place", "CSCom de Farako", "--to", "Kita"],
    );
    let code = at.invite("Kita", None, Role::Coach);
    let mut coach = common::Laptop::new(2).speaking();
    coach.enrol(&at, &code, None).unwrap();
    let request = coach.request(false);
    coach.ask(&at, &request).unwrap();

    let stick = tempfile::tempdir().unwrap();
    let path = stick.path().to_str().unwrap();
    let told = said(home.path(), &["bundle", "out", "--place", "Kita", path]);
    assert!(told.contains("read back"), "{told}");
    let files: Vec<_> = std::fs::read_dir(stick.path().join("NYETAA"))
        .unwrap()
        .collect();
    assert_eq!(files.len(), 1);
    let file = files[0].as_ref().unwrap().path();
    assert_eq!(file.extension().unwrap(), "nyt");
    let contents = bundle::open(&std::fs::read(&file).unwrap(), &coach.key).unwrap();
    assert_eq!(
        contents.segments.len(),
        2,
        "its work, and where it lies now"
    );
    // What is on the stick and not for the server is told, and so is what is damaged.
    std::fs::write(stick.path().join("bruit.nyt"), b"noise").unwrap();
    let output = run(home.path(), &["bundle", "in", path]);
    assert!(!output.status.success());
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 2);
    assert!(idea_at(&at.server, a.home(), idea).is_some());
    assert_eq!(said(home.path(), &["snapshot"]), "0 snapshots made\n");
}
