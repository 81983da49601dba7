//! Killed at any moment: every save that was acknowledged is there when the folder is opened again.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use nyetaa_tests::{Chance, Laptop, PIN, Time, seeds, texts};
use serde_json::{Value as Json, json};

mod exchange;

const ROUNDS: u32 = 50;

/// The app in a process of its own, and what it will say first.
fn spawn(home: &Path, config: &Path) -> (Child, BufReader<ChildStdout>) {
    let mut process = Command::new(env!("CARGO_BIN_EXE_host"))
        .args(["--listen", "127.0.0.1:0", "--home"])
        .arg(home)
        .env("XDG_CONFIG_HOME", config)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(process.stdout.take().unwrap());
    (process, said)
}

/// Where it listens; empty when it died before that.
fn address(mut said: BufReader<ChildStdout>) -> String {
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    line.trim().rsplit('/').next().unwrap().to_owned()
}

/// Comes in, as whoever types there does.
fn come_in(address: &str, person: &Json) {
    let unlock = json!({ "person": person, "pin": PIN });
    assert!(call(address, "unlock", &unlock).unwrap().0);
}

/// SIGKILL: no handler runs, no buffer is flushed.
fn kill(mut process: Child) {
    process.kill().unwrap();
    process.wait().unwrap();
}

/// A command over HTTP; `None` when the connection broke before the whole answer was there.
fn call(address: &str, name: &str, request: &Json) -> Option<(bool, Json)> {
    let body = request.to_string();
    let mut stream = TcpStream::connect(address).ok()?;
    let head = format!(
        "POST /call/{name} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(body.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    Some((
        head.starts_with("HTTP/1.1 200"),
        serde_json::from_str(body).ok()?,
    ))
}

#[test]
fn what_was_acknowledged_survives_a_kill_at_any_moment() {
    let seed = seeds(&[])[0];
    println!("SEED={seed}");
    let mut chance = Chance::of(seed);
    let mut laptop = Laptop::new(&Time::default());
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let place = laptop.home();
    let cycle = laptop.start_cycle(&place, "anc-four-contacts", "mnch");
    let person = laptop.call("accounts", json!({}))[0]["person"].clone();
    laptop.close();
    let acknowledged = Arc::new(AtomicU64::new(0));
    for _ in 0..ROUNDS {
        let (process, said) = spawn(laptop.folder(), &laptop.config());
        let address = address(said);
        come_in(&address, &person);
        let (count, about) = (Arc::clone(&acknowledged), cycle.clone());
        let typing = std::thread::spawn(move || {
            // One person types, so at most one save is under way when the process dies.
            loop {
                let text = format!("avis {}", count.load(Ordering::SeqCst) + 1);
                let request = json!({ "id": null, "about": about, "text": text, "seen": null });
                match call(&address, "save_comment", &request) {
                    Some((true, _)) => count.fetch_add(1, Ordering::SeqCst),
                    Some((false, refused)) => panic!("{refused}"),
                    None => return,
                };
            }
        });
        std::thread::sleep(Duration::from_micros(20_000 + chance.below(60_000)));
        kill(process);
        typing.join().unwrap();
        laptop.reopen();
        let kept = texts(&laptop.cycle(&cycle)["comments"], "text");
        let promised = acknowledged.load(Ordering::SeqCst);
        for n in 1..=promised {
            assert!(
                kept.contains(&format!("avis {n}")),
                "SEED={seed}: avis {n} of {promised} is gone"
            );
        }
        // The one under way may have been written before its answer could be sent.
        let more = kept
            .iter()
            .filter(|text| **text == format!("avis {}", promised + 1))
            .count();
        assert!(more <= 1);
        acknowledged.fetch_add(more as u64, Ordering::SeqCst);
        let before = laptop
            .app()
            .with(|cx| cx.store().read(nyetaa_tests::dump).unwrap());
        laptop
            .app()
            .with(|cx| cx.store().rebuild(cx.now_ms).unwrap());
        let after = laptop
            .app()
            .with(|cx| cx.store().read(nyetaa_tests::dump).unwrap());
        assert!(
            before == after,
            "SEED={seed}: rows and log were written together"
        );
        laptop.close();
    }
    let survived = acknowledged.load(Ordering::SeqCst);
    assert!(
        survived > u64::from(ROUNDS),
        "the rounds were long enough to save: {survived}"
    );
    println!("{ROUNDS} kills, {survived} saves acknowledged, 0 lost");
}

#[test]
fn a_first_start_killed_anywhere_can_be_begun_again() {
    let mut chance = Chance::of(3);
    for _ in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        let (process, _said) = spawn(folder.path(), folder.path());
        std::thread::sleep(Duration::from_micros(chance.below(40_000)));
        kill(process);
        let app = app::App::open(folder.path().to_owned(), press::write)
            .unwrap_or_else(|error| panic!("{error:?}"));
        assert_eq!(app.call("start_state", json!({})).unwrap()["begun"], false);
    }
}
