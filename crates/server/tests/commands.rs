//! The binary as an operator runs it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail"
)]

mod common;

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use common::serving::{Serving, command};
use common::{Home, Storage};

fn run(data: &Path, arguments: &[&str]) -> Output {
    run_at(data, None, arguments)
}

fn run_at(data: &Path, database: Option<&str>, arguments: &[&str]) -> Output {
    let (word, rest) = arguments.split_first().unwrap();
    command(database)
        .arg(word)
        .arg("--data")
        .arg(data)
        .args(rest)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn invitations_and_examinations_work_while_it_serves() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let serving = Serving::start(&data);
    assert!(serving.health().ends_with("ok\n"));
    let place = ["--place", "Kati", "--facility", "CSCom de Farako"];
    let invited = run(
        &data,
        &[&["invite", "--role", "member", "--uses", "2"], &place[..]].concat(),
    );
    assert!(invited.status.success());
    let code = text(&invited.stdout);
    let groups: Vec<usize> = code.trim().split('-').map(str::len).collect();
    assert_eq!(groups, [4, 4, 5]);
    let checked = run(&data, &["check"]);
    assert!(checked.status.success());
    let report: serde_json::Value = serde_json::from_slice(&checked.stdout).unwrap();
    assert_eq!(report["ok"], true);

    // Neither the code nor the place's name is in what is logged.
    for output in [&invited, &checked] {
        let log = text(&output.stderr);
        assert!(
            !log.contains("Farako") && !log.contains(code.trim()),
            "{log}"
        );
    }
}

#[cfg(unix)]
#[test]
fn it_stops_in_order_when_told_and_logs_json() {
    for storage in [Storage::Sqlite, Storage::Postgres] {
        stops_in_order(&Home::new(storage));
    }
}

#[cfg(unix)]
fn stops_in_order(home: &Home) {
    let mut serving = Serving::start_at(home.path(), home.database.as_deref());
    assert!(serving.health().contains("200 OK"));
    let told = Command::new("kill")
        .arg(serving.child.id().to_string())
        .status()
        .unwrap();
    assert!(told.success());
    assert!(serving.child.wait().unwrap().success());
    let mut log = String::new();
    serving
        .child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut log)
        .unwrap();
    for line in log.lines() {
        serde_json::from_str::<serde_json::Value>(line).expect("each line of the log is JSON");
    }
    assert!(
        log.contains("stopping") && !log.contains("panicked"),
        "{log}"
    );
}

#[test]
fn mistakes_are_told_in_words_and_by_the_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let mistyped = folder.path().join("mistyped");
    let invited = run(&mistyped, &["invite", "--role", "coach", "--place", "Kati"]);
    assert!(!invited.status.success() && invited.stdout.is_empty());
    assert!(
        !mistyped.exists(),
        "a mistyped folder does not become a server"
    );

    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    for (arguments, words) in [
        (
            &["invite", "--place", "Nulle part", "--role", "coach"][..],
            "no district is called",
        ),
        (
            &["invite", "--place", "Kati", "--role", "member"],
            "no facility is called",
        ),
        (
            &[
                "invite",
                "--place",
                "Kati",
                "--facility",
                "X",
                "--role",
                "coach",
            ],
            "leave the facility out",
        ),
        (
            &["invite", "--place", "Kati", "--role", "king"],
            "invalid value",
        ),
    ] {
        let output = run(data, arguments);
        assert!(!output.status.success());
        assert!(
            text(&output.stderr).contains(words),
            "{}",
            text(&output.stderr)
        );
    }
    let missing = run(&data.join("nowhere"), &["check"]);
    assert!(!missing.status.success());
    assert!(
        !data.join("nowhere").exists(),
        "an examination makes nothing"
    );
}

#[test]
fn a_backup_taken_while_it_serves_makes_the_same_server_elsewhere() {
    for storage in [Storage::Sqlite, Storage::Postgres] {
        let home = Home::new(storage);
        let serving = Serving::start_at(home.path(), home.database.as_deref());
        assert!(serving.health().ends_with("ok\n"));
        let at = |home: &Home, arguments: &[&str]| {
            run_at(home.path(), home.database.as_deref(), arguments)
        };
        let facility = ["--place", "Kati", "--facility", "CSCom de Farako"];
        let invite = [&["invite", "--role", "member"], &facility[..]].concat();
        assert!(at(&home, &invite).status.success());
        let file = home.path().join("nuit.backup");
        let file = file.to_str().unwrap();
        let key = home.path().join("backup.key");
        let key = key.to_str().unwrap();
        let reader = Command::new(env!("CARGO_BIN_EXE_nyetaa-server"))
            .args(["backup-key", "--out", key])
            .output()
            .unwrap();
        let reader = text(&reader.stdout).trim().to_owned();
        let unasked = at(&home, &["backup", "--out", file]);
        assert!(!unasked.status.success(), "in the clear only when asked");
        let made = at(&home, &["backup", "--out", file, "--to", &reader]);
        assert!(made.status.success(), "{}", text(&made.stderr));
        drop(serving);

        let elsewhere = Home::new(storage);
        let locked = at(&elsewhere, &["restore", "--from", file]);
        assert!(text(&locked.stderr).contains("--identity"));
        let restore = ["restore", "--from", file, "--identity", key];
        let put_back = at(&elsewhere, &restore);
        assert!(put_back.status.success(), "{}", text(&put_back.stderr));
        assert!(text(&put_back.stderr).contains("invitations given since"));
        let report: serde_json::Value = serde_json::from_slice(&put_back.stdout).unwrap();
        assert_eq!(report["ok"], true);
        let serving = Serving::start_at(elsewhere.path(), elsewhere.database.as_deref());
        assert!(serving.health().ends_with("ok\n"));
        let again = at(&elsewhere, &restore);
        assert!(!again.status.success());
        assert!(text(&again.stderr).contains("there is a server already"));
    }
}

#[test]
fn someone_is_entered_with_a_code_and_the_list_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let _serving = Serving::start(&data);
    let administrator = |words: &[&str]| {
        let (what, rest) = words.split_first().unwrap();
        command(None)
            .args(["administrator", what, "--data"])
            .arg(&data)
            .args(rest)
            .output()
            .unwrap()
    };
    let named = ["--name", "Awa Traoré"];
    let office = ["--role", "administrator", "--place", "Mali"];
    let added = administrator(&[&["add"], &named[..], &office].concat());
    assert!(added.status.success(), "{}", text(&added.stderr));
    let code = text(&added.stdout);
    let groups: Vec<usize> = code.trim().split('-').map(str::len).collect();
    assert_eq!(groups, [4, 4, 5]);
    assert!(!text(&added.stderr).contains("Awa"), "no name is logged");
    let twice = administrator(&[&["add"], &named[..], &office].concat());
    assert!(!twice.status.success());

    let listed = administrator(&["list", "--json"]);
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(listed[0]["name"], "Awa Traoré");
    assert_eq!(listed[0]["came_in"], false);
    assert!(
        administrator(&[&["disable"], &named[..]].concat())
            .status
            .success()
    );
    assert!(
        administrator(&[&["code"], &named[..]].concat())
            .status
            .success()
    );

    let audit = run(&data, &["audit", "--language", "fr"]);
    assert!(audit.status.success());
    let lines = text(&audit.stdout);
    let words = [
        "Nouveau code d’accès donné",
        "Accès à l’administration retiré",
        "opérateur",
    ];
    assert!(words.iter().all(|word| lines.contains(word)), "{lines}");
    assert!(!lines.contains(code.trim()), "the code stands nowhere");
}

#[test]
fn nobody_who_did_not_come_in_is_called_the_operator() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let wrong = sync::wire::LogIn {
        name: "Personne".to_owned(),
        secret: "faux".to_owned(),
        chosen: None,
    };
    let server = server::Server::open(&data).unwrap();
    server.log_in(&wrong.to_bytes().unwrap(), None).unwrap_err();
    drop(server);
    for (language, nobody, operator) in [
        ("fr", "quelqu’un, sans entrer", "opérateur"),
        ("en", "someone, without getting in", "operator"),
    ] {
        let audit = run(&data, &["audit", "--language", language]);
        let lines = text(&audit.stdout);
        assert!(
            lines.contains(nobody) && !lines.contains(operator),
            "{lines}"
        );
    }
}

#[test]
fn an_heir_is_kept_by_a_passphrase_unless_somebody_says_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    drop(Serving::start(&data));
    let file = folder.path().join("heir.txt");
    let path = file.to_str().unwrap();
    let typing = |arguments: &[&str], typed: &str| {
        let (word, rest) = arguments.split_first().unwrap();
        let mut child = command(None)
            .arg(word)
            .arg("--data")
            .arg(&data)
            .args(rest)
            .args(["--language", "fr"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(typed.as_bytes())
            .unwrap();
        child.wait_with_output().unwrap()
    };
    for typed in ["", "court\n"] {
        let refused = typing(&["heir", "--to", path], typed);
        assert!(!refused.status.success() && !file.exists(), "{typed}");
    }
    let named = typing(&["heir", "--to", path], "le mil pousse au bord du fleuve\n");
    assert!(named.status.success(), "{}", text(&named.stderr));
    assert!(text(&named.stdout).contains("phrase de passe"));
    assert!(
        std::fs::read_to_string(&file)
            .unwrap()
            .starts_with("NYETAA-HEIR-2\n")
    );

    let wrong = typing(
        &["succeed", "--heir", path],
        "le niébé fleurit après la pluie\n",
    );
    assert!(!wrong.status.success());
    assert!(
        text(&wrong.stderr).contains("passphrase"),
        "{}",
        text(&wrong.stderr)
    );
    // Another heir, by the word of the first, whose file opens for anybody.
    let next = folder.path().join("next.txt");
    let next = next.to_str().unwrap();
    let by = ["heir", "--to", next, "--plain", "--by", path];
    let named = typing(&by, "LE MIL pousse au bord du fleuve\n");
    assert!(named.status.success(), "{}", text(&named.stderr));
    let succeeded = typing(&["succeed", "--heir", next], "");
    assert!(succeeded.status.success(), "{}", text(&succeeded.stderr));
}
