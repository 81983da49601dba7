//! What is too large, too slow or nonsense, on the socket itself.

use super::running;
use crate::common::{assert_sound};
use proptest::prelude::*;
use server::http::BODY_BYTES;
use sync::wire::{Failure, SyncRequest};

fn code(body: &[u8]) -> String {
    Failure::from_bytes(body).unwrap().code
}

#[test]
fn a_body_that_is_declared_too_large_is_refused_unread() {
    let (_folder, at) = running();
    for (path, length) in [
        ("/v1/sync", BODY_BYTES + 1),
        ("/v1/sync", usize::MAX / 2),
        ("/v1/enrol", 20_000),
    ] {
        let head =
            format!("POST {path} HTTP/1.1\r\nhost: here\r\ncontent-length: {length}\r\n\r\n");
        // Not one byte of the body is sent: the answer comes from the head alone.
        let (status, body) = at.exchange(&[head.as_bytes()]);
        assert_eq!((status, code(&body).as_str()), (413, "too-large"));
    }
}

#[test]
fn a_body_that_grows_too_large_on_the_way_is_refused() {
    let (_folder, at) = running();
    let head = "POST /v1/enrol HTTP/1.1\r\nhost: here\r\ntransfer-encoding: chunked\r\n\r\n";
    let chunk = format!("4000\r\n{}\r\n", "x".repeat(0x4000));
    let (status, body) = at.exchange(&[head.as_bytes(), chunk.as_bytes(), b"1\r\nx\r\n"]);
    assert_eq!(status, 413);
    let text = String::from_utf8_lossy(&body);
    assert!(text.contains("too-large"), "{text}");
}

#[test]
fn more_segments_than_a_request_may_hold_are_refused() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako");
    a.outbox = vec![Vec::new(); server::contact::REQUEST_SEGMENTS + 1];
    let request = a.request(false);
    assert_eq!(a.ask(&at, &request).unwrap_err(), "too-large");
}

#[test]
fn nonsense_gets_a_failure_and_nothing_breaks() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako");
    a.idea(a.home(), "Appeler");
    let whole = a.request(true).sign(&a.key).unwrap();
    for path in ["/v1/sync", "/v1/enrol"] {
        for body in [
            &b""[..],
            b"\0",
            b"\xff\xff\xff\xff",
            b"{}",
            &[0x9f; 500],
            &[0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        ] {
            let (status, answer) = at.post(path, body);
            assert_eq!(
                (status, code(&answer).as_str()),
                (400, "malformed"),
                "{body:?}"
            );
        }
    }
    for end in (0..whole.len()).step_by(7) {
        let (status, _) = at.post("/v1/sync", &whole[..end]);
        assert_eq!(status, 400);
    }
    assert_eq!(at.post("/v1/nothing", b"").0, 404);
    assert_eq!(
        at.exchange(&[b"GET /v1/sync HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n"])
            .0,
        405
    );
    assert_eq!(at.post("/v1/sync", &whole).0, 200);
}

#[test]
fn no_bytes_make_it_panic_or_write() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako");
    a.idea(a.home(), "Appeler");
    let sound = a.request(true);
    let whole = sound.sign(&a.key).unwrap();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(300));
    runner
        .run(
            &(any::<prop::sample::Index>(), any::<u8>(), any::<bool>()),
            |(place, byte, signed)| {
                // Either the signed message is damaged, or a damaged segment is signed.
                let body = if signed {
                    let mut segment = sound.segments[0].clone();
                    let at = place.index(segment.len());
                    segment[at] = byte;
                    SyncRequest {
                        segments: vec![segment],
                        ..sound.clone()
                    }
                    .sign(&a.key)
                    .unwrap()
                } else {
                    let mut damaged = whole.clone();
                    let at = place.index(damaged.len());
                    damaged[at] = byte;
                    damaged
                };
                match at.server.sync(&body) {
                    Ok(_) | Err(server::Error::Refused(_)) => Ok(()),
                    Err(other) => Err(TestCaseError::fail(format!("{other:?}"))),
                }
            },
        )
        .unwrap();
    assert_sound(&at.server);
    assert!(at.server.check().unwrap().segments <= 1);
}

#[test]
fn one_connection_carries_several_requests_with_few_headers() {
    let (_folder, at) = running();
    let health = "GET /healthz HTTP/1.1\r\nhost: here\r\n";
    let parts = [
        format!("{health}\r\n"),
        format!("{health}connection: close\r\n\r\n"),
    ];
    let (status, rest) = at.exchange(&[parts[0].as_bytes(), parts[1].as_bytes()]);
    let rest = String::from_utf8(rest).unwrap();
    assert_eq!(status, 200);
    assert_eq!(rest.matches("HTTP/1.1 200 OK").count(), 1, "{rest}");
    assert!(!rest.contains("date:"), "{rest}");
}

#[test]
fn health_is_told() {
    let (_folder, at) = running();
    let (status, body) =
        at.exchange(&[b"GET /healthz HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n"]);
    assert_eq!((status, body.as_slice()), (200, &b"ok\n"[..]));
}
