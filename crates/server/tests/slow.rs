//! Clients that never come to an end: they are sent away, and nobody else notices them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail"
)]

mod common;

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread::JoinHandle;
use std::time::Duration;

use common::{Laptop, Running, assert_sound, idea_at};
use server::Patience;
use sync::wire::Failure;

/// Slow ones at once.
const MANY: usize = 80;
/// Between two of their bytes.
const DRIP: Duration = Duration::from_millis(50);

fn impatient() -> (tempfile::TempDir, Running) {
    let folder = tempfile::tempdir().unwrap();
    let patience = Patience {
        head: Duration::from_secs(2),
        still: Duration::from_secs(2),
        body: Duration::from_secs(2),
    };
    let at = Running::impatient(folder.path(), patience);
    (folder, at)
}

/// Sends `begin` at once and then a byte now and then, or none at all, until the server has had enough. Answers what the
/// server said.
fn slow(at: &Running, begin: &'static str, drips: bool) -> JoinHandle<Vec<u8>> {
    let mut stream = TcpStream::connect(at.address).unwrap();
    stream.write_all(begin.as_bytes()).unwrap();
    std::thread::spawn(move || {
        let wait = if drips { DRIP } else { Duration::from_secs(60) };
        stream.set_read_timeout(Some(wait)).unwrap();
        let (mut said, mut buffer) = (Vec::new(), [0; 1_024]);
        loop {
            match stream.read(&mut buffer) {
                Ok(0) => return said,
                Ok(read) => said.extend_from_slice(&buffer[..read]),
                Err(error) if drips && waits(error.kind()) => {
                    if stream.write_all(b"a").is_err() {
                        return said;
                    }
                }
                Err(error) => {
                    assert!(!waits(error.kind()), "it was never sent away");
                    return said;
                }
            }
        }
    })
}

fn waits(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// Somebody who works as ever, for as long as the slow ones are there.
fn meanwhile(at: &Running, slow: Vec<JoinHandle<Vec<u8>>>) -> Vec<Vec<u8>> {
    let mut laptop: Laptop = at.laptop(1, "CSCom de Farako").speaking();
    let mut round = 0;
    while slow.iter().any(|slow| !slow.is_finished()) {
        let idea = laptop.idea(laptop.home(), &format!("Tour {round}"));
        laptop.sync(at);
        assert!(idea_at(&at.server, laptop.home(), idea).is_some());
        round += 1;
        std::thread::sleep(DRIP);
    }
    assert!(round > 1, "somebody was served while they were there");
    assert_sound(&at.server);
    slow.into_iter().map(|slow| slow.join().unwrap()).collect()
}

#[test]
fn heads_that_never_end_are_cut_off_and_nobody_else_notices() {
    let (_folder, at) = impatient();
    let begin = "POST /v1/sync HTTP/1.1\r\nhost: here\r\nx-";
    let all = (0..MANY).map(|n| slow(&at, begin, n % 2 == 0)).collect();
    for said in meanwhile(&at, all) {
        let text = String::from_utf8_lossy(&said);
        assert!(!text.contains(" 200 "), "{text}");
    }
    // Nothing of them is left.
    assert_eq!(at.post("/v1/sync", b"").0, 400);
}

#[test]
fn bodies_that_never_end_are_refused_and_nobody_else_notices() {
    let (_folder, at) = impatient();
    let begin = "POST /v1/sync HTTP/1.1\r\nhost: here\r\ncontent-length: 100000\r\n\r\na";
    let all = (0..MANY).map(|n| slow(&at, begin, n % 2 == 0)).collect();
    let mut told = 0;
    for said in meanwhile(&at, all) {
        let Some(end) = said.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let (head, body) = said.split_at(end + 4);
        let head = String::from_utf8_lossy(head);
        assert!(head.starts_with("HTTP/1.1 408 "), "{head}");
        assert_eq!(Failure::from_bytes(body).unwrap().code, "cut-off");
        told += 1;
    }
    assert!(told > 0, "those who still listen are told why");
}
