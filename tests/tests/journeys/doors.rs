//! What does not belong here stays outside.

use std::io::{Read, Write};
use std::net::TcpStream;

use domain::ids::{RecordId, ScopeId};
use domain::registry::{IdeaField, Kind};
use domain::value::Value;
use nyetaa_tests::{Laptop, Pair};
use serde_json::json;
use store::Store;
use sync::clock::Hlc;
use sync::log::{Change, Save, SaveKind};
use sync::segment::{Tip, seal};
use sync::wire::{Signed, SyncAnswer, SyncRequest};

/// Posts bytes as a stranger's program would, and answers what came back.
fn post(pair: &Pair, path: &str, body: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(pair.centre.socket()).unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: here\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap();
    answer.split_off(end + 4)
}

fn scope_of(laptop: &Laptop) -> ScopeId {
    serde_json::from_value::<RecordId>(laptop.home())
        .unwrap()
        .as_scope()
}

/// A segment that puts an idea into a scope.
fn forged(store: &Store, scope: ScopeId, millis: u64) -> Vec<u8> {
    let change = Change {
        kind: Kind::Idea.number(),
        record: RecordId::counted(store.replica(), 900),
        field: IdeaField::Text.number(),
        value: Value::text("glissé ici"),
        seen: Vec::new(),
    };
    let save = Save {
        hlc: Hlc::from_parts(millis, 0),
        author: RecordId::counted(store.replica(), 1),
        grant: 1,
        kind: SaveKind::Edit,
        reason: None,
        changes: vec![change],
    };
    seal(&store.key(), &Tip::start(scope), &[save])
        .unwrap()
        .bytes
}

#[test]
fn a_segment_for_someone_elses_scope_is_refused_and_the_rest_goes_through() {
    let (pair, _) = Pair::at_work();
    let other = Laptop::new(&pair.time);
    other.begin_facility("CSCom de Tagan", "Sélingué", "Moussa Diarra", "lead");
    let code = pair.centre.invite_facility("CSCom de Tagan", "Sélingué");
    other.enrol(&pair.centre, &code);
    let (own, foreign) = (scope_of(&other), scope_of(&pair.clinic));
    other.start_cycle(&other.home(), "malaria-testing", "malaria");
    let answer = other.app().with(|cx| {
        let scopes = std::collections::BTreeSet::from([own]);
        cx.store().seal(&scopes).unwrap();
        let mut segments = vec![forged(cx.store(), foreign, cx.now_ms)];
        segments.extend(cx.store().unsent(&scopes, usize::MAX).unwrap());
        let request = SyncRequest {
            grant: 1,
            segments,
            ..SyncRequest::empty(
                cx.store().replica(),
                [0; 16],
                cx.store().next_request().unwrap(),
            )
        };
        let bytes = post(&pair, "/v1/sync", &request.sign(&cx.store().key()).unwrap());
        SyncAnswer::from_bytes(&Signed::from_bytes(&bytes).unwrap().body).unwrap()
    });
    assert_eq!(answer.refused.len(), 1);
    assert_eq!(
        (answer.refused[0].scope, answer.refused[0].reason.as_str()),
        (foreign, "scope")
    );
    assert!(
        answer
            .accepted
            .iter()
            .any(|accepted| accepted.scope == own && accepted.seq > 1)
    );
    // Nobody ever sees the idea, and everybody goes on.
    pair.sync_both();
    other.sync();
    for laptop in [&pair.clinic, &pair.coach] {
        let seen = laptop.app().with(|cx| {
            cx.store()
                .history(foreign, RecordId::counted(other.replica(), 900))
                .unwrap()
        });
        assert!(seen.is_empty());
    }
    assert_eq!(
        pair.coach
            .call("cycles", json!({ "place": other.home() }))
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let report = pair.centre.server().check().unwrap();
    assert!(report.ok, "{report:?}");
}

#[test]
fn a_request_signed_by_another_hand_is_answered_with_nothing() {
    let (pair, _) = Pair::at_work();
    let (replica, stranger) = (
        pair.clinic.replica(),
        sync::key::KeyPair::from_secret(&[9; 32]),
    );
    let request = SyncRequest {
        grant: 1,
        ..SyncRequest::empty(replica, [0; 16], 99)
    };
    let answer = post(&pair, "/v1/sync", &request.sign(&stranger).unwrap());
    let failure = sync::wire::Failure::from_bytes(&answer).unwrap();
    assert_eq!(failure.code, "bad-signature");
    for garbage in [&b""[..], b"GET /", &[0xff; 500]] {
        let failure = sync::wire::Failure::from_bytes(&post(&pair, "/v1/sync", garbage)).unwrap();
        assert_eq!(failure.code, "malformed");
    }
}
