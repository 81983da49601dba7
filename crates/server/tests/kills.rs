//! The server's program on SQLite, killed again and again while laptops send: what it gave a receipt for is there.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail"
)]

mod common;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use common::serving::{Serving, command};
use common::{Laptop, Running, assert_sound, idea_at};
use domain::role::Role;
use server::Server;
use sync::wire::SyncAnswer;

const LAPTOPS: u8 = 4;
const KILLS: u32 = 25;

/// What the laptops have seen so far.
#[derive(Default)]
struct Seen {
    receipts: AtomicU32,
    /// Requests that were broken off.
    broken: AtomicU32,
    enough: AtomicBool,
    address: Mutex<String>,
}

impl Seen {
    fn address(&self) -> String {
        let address = self.address.lock().unwrap_or_else(PoisonError::into_inner);
        address.clone()
    }

    fn moved_to(&self, serving: &Serving) {
        let mut address = self.address.lock().unwrap_or_else(PoisonError::into_inner);
        address.clone_from(&serving.address);
    }
}

#[test]
fn a_server_killed_under_load_keeps_every_save_that_was_receipted() {
    let folder = tempfile::tempdir().unwrap();
    let enrolled = enrolled(folder.path());
    let mut serving = Serving::start(folder.path());
    let seen = Seen::default();
    seen.moved_to(&serving);
    let laptops: Vec<Laptop> = thread::scope(|scope| {
        let working: Vec<_> = enrolled
            .into_iter()
            .map(|mut laptop| {
                let seen = &seen;
                scope.spawn(move || {
                    work_until_enough(&mut laptop, seen);
                    laptop
                })
            })
            .collect();
        for kill in 0..KILLS {
            let before = seen.receipts.load(Ordering::SeqCst);
            while seen.receipts.load(Ordering::SeqCst) < before + 10 {
                assert!(serving.child.try_wait().unwrap().is_none(), "it serves");
                thread::sleep(Duration::from_millis(1));
            }
            // Not always just after a receipt.
            thread::sleep(Duration::from_micros(u64::from(kill) * 700));
            serving.child.kill().unwrap();
            serving.child.wait().unwrap();
            let checked = command(None)
                .args(["check", "--data"])
                .arg(folder.path())
                .output()
                .unwrap();
            assert!(
                checked.status.success(),
                "after kill {kill}: {}",
                String::from_utf8_lossy(&checked.stdout)
            );
            serving = Serving::start(folder.path());
            seen.moved_to(&serving);
        }
        seen.enough.store(true, Ordering::SeqCst);
        working.into_iter().map(|one| one.join().unwrap()).collect()
    });
    drop(serving);
    let server = Server::open(folder.path()).unwrap();
    let mut saves = 0;
    for laptop in &laptops {
        let last = laptop.tip(laptop.home()).last_seq;
        for seq in 1..=last {
            let record = domain::ids::RecordId::counted(laptop.replica(), seq);
            assert!(
                idea_at(&server, laptop.home(), record).is_some(),
                "save {seq} was receipted and is lost"
            );
        }
        saves += last;
    }
    assert_sound(&server);
    let broken = seen.broken.load(Ordering::SeqCst);
    assert!(broken > 0, "somebody was interrupted");
    println!("{KILLS} kills, {broken} requests broken off, {saves} saves receipted, 0 lost");
}

/// Laptops of one facility, enrolled while the server served in this process.
fn enrolled(folder: &Path) -> Vec<Laptop> {
    let at = Running::start(folder);
    let uses = u32::from(LAPTOPS);
    let code = at.invite_for("Kati", Some("CSCom de Farako"), Role::Member, uses);
    (1..=LAPTOPS)
        .map(|secret| {
            let mut laptop = Laptop::new(secret).speaking();
            laptop.enrol(&at, &code, None).unwrap();
            laptop
        })
        .collect()
}

/// Saves, and sends each save until it is receipted.
fn work_until_enough(laptop: &mut Laptop, seen: &Seen) {
    let home = laptop.home();
    while !seen.enough.load(Ordering::SeqCst) {
        laptop.idea(home, "Appeler la veille");
        let tip = laptop.tip(home);
        let answer = loop {
            let Ok(mut stream) = TcpStream::connect(seen.address()) else {
                // Nobody serves just now.
                thread::sleep(Duration::from_millis(5));
                continue;
            };
            match send(laptop, &mut stream) {
                Some(answer) => break answer,
                None => seen.broken.fetch_add(1, Ordering::SeqCst),
            };
        };
        assert_eq!(answer.epoch, laptop.epoch, "nothing was put back");
        // One that was receipted and lost would leave a gap here.
        assert!(answer.refused.is_empty(), "{:?}", answer.refused);
        let mine = answer.accepted.iter().find(|one| one.scope == home);
        let mine = mine.expect("a receipt");
        assert_eq!((mine.seq, mine.hash), (tip.last_seq, tip.hash));
        laptop.take_in(&answer);
        seen.receipts.fetch_add(1, Ordering::SeqCst);
    }
}

/// One request; none when it was broken off before the whole answer was there.
fn send(laptop: &mut Laptop, stream: &mut TcpStream) -> Option<SyncAnswer> {
    let request = laptop.request(false);
    let posted = request.sign(&laptop.key).unwrap();
    let head = format!(
        "POST /v1/sync HTTP/1.1\r\nhost: here\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        posted.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(&posted).ok()?;
    let mut response = Vec::new();
    stream.read_to_end(&mut response).ok()?;
    let end = response.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = String::from_utf8(response[..end].to_vec()).unwrap();
    let length = head.lines().find_map(|line| {
        line.to_lowercase()
            .strip_prefix("content-length:")?
            .trim()
            .parse::<usize>()
            .ok()
    })?;
    let body = response.get(end..end + length)?;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    Some(laptop.hear(&request, &posted, body))
}
