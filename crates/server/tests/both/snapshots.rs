//! A laptop's first day: a snapshot instead of the log, by pieces when the line breaks.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use super::running;
use crate::common::{DAY_MS, Laptop, Running, assert_sound, dot, idea_at, set_idea};
use domain::ids::RecordId;
use domain::role::Role;
use domain::value::Value;
use sync::snapshot::{self, Snapshot};
use sync::wire::{Purpose, Signed, SnapshotRef, SyncAnswer};

/// A facility with a long log.
fn busy(at: &Running) -> (Laptop, Vec<RecordId>) {
    busy_at(at, 1, "CSCom de Farako")
}

pub(super) fn busy_at(at: &Running, number: u8, place: &str) -> (Laptop, Vec<RecordId>) {
    let mut a = at.laptop(number, place).speaking();
    let ideas = (0..60)
        .map(|n| {
            let words: String = (0..8)
                .map(|k| format!("{} ", (n * 7919 + k * 104_729) % 99_991))
                .collect();
            a.idea(a.home(), &words)
        })
        .collect();
    a.sync(at);
    (a, ideas)
}

pub(super) fn fetch(at: &Running, laptop: &Laptop, hash: &[u8; 32], range: &str) -> (u16, Vec<u8>) {
    fetch_all(at, laptop, &[*hash], range)
}

/// The first of these by its name, the others behind it.
fn fetch_all(at: &Running, laptop: &Laptop, all: &[[u8; 32]], range: &str) -> (u16, Vec<u8>) {
    let hash = &all[0];
    let body = [&laptop.replica().as_bytes()[..], &all.concat()].concat();
    let signed = Signed::sign(&laptop.key, Purpose::Request, body)
        .to_bytes()
        .unwrap();
    let name: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let head = format!(
        "GET /v1/snapshot/{name} HTTP/1.1\r\nhost: here\r\nconnection: close\r\nx-nyetaa: {}\r\n{range}\r\n",
        STANDARD.encode(signed)
    );
    at.exchange(&[head.as_bytes()])
}

fn once(laptop: &mut Laptop, at: &Running) -> SyncAnswer {
    let request = laptop.request(false);
    let answer = laptop.ask(at, &request).unwrap();
    laptop.take_in(&answer);
    answer
}

fn loaded(at: &Running, laptop: &Laptop, offered: &SnapshotRef) -> Snapshot {
    let (status, bytes) = fetch(at, laptop, &offered.hash, "");
    assert_eq!((status, bytes.len() as u64), (200, offered.length));
    assert_eq!(snapshot::hash(&bytes), offered.hash);
    snapshot::read(&bytes).unwrap()
}

#[test]
fn one_who_has_nothing_of_a_scope_is_offered_a_snapshot() {
    let (_folder, at) = running();
    let (mut a, ideas) = busy(&at);
    let mut coach = at.coach(2).speaking();
    let answer = once(&mut coach, &at);
    assert_eq!(answer.snapshots.len(), 1, "the district itself is empty");
    let offered = answer.snapshots[0].clone();
    assert_eq!((offered.scope, offered.feed_no), (a.home(), 60));
    assert!(answer.segments.iter().all(|fed| fed.scope != a.home()));
    assert!(answer.cursors.iter().all(|(scope, _)| *scope != a.home()));

    let state = loaded(&at, &coach, &offered);
    assert_eq!(state.scope, a.home());
    let stream = &state.streams[0];
    assert_eq!(
        (stream.replica, stream.sealed_seq, stream.applied_seq),
        (a.replica(), 60, 60)
    );
    assert_eq!(stream.hash, a.tip(a.home()).hash);
    let shown = |record: RecordId| {
        let field = state.fields.iter().find(|field| field.record == record);
        field.map(|field| field.head.value.clone())
    };
    for idea in &ideas {
        let words = idea_at(&at.server, a.home(), *idea).unwrap();
        assert_eq!(shown(*idea), Some(Value::text(&words)));
    }

    // With it loaded, the log goes on behind it and the digests agree.
    for (key, sealed) in &a.held {
        coach.held.insert(*key, sealed.clone());
    }
    coach.cursors.insert(a.home(), offered.feed_no);
    let later = a.idea(a.home(), "Plus tard");
    a.sync(&at);
    let answer = once(&mut coach, &at);
    assert!(!answer.want_vector && answer.snapshots.is_empty());
    assert_eq!(answer.segments.len(), 1);
    assert!(idea_at(&at.server, a.home(), later).is_some());
    assert_sound(&at.server);
}

#[test]
fn a_snapshot_whose_transfer_broke_off_goes_on_where_it_stopped() {
    let (_folder, at) = running();
    let (_a, _) = busy(&at);
    let mut coach = at.coach(2).speaking();
    let offered = once(&mut coach, &at).snapshots.remove(0);
    let (_, whole) = fetch(&at, &coach, &offered.hash, "");
    for from in [0, 1, 700, whole.len() - 1] {
        let (status, rest) = fetch(
            &at,
            &coach,
            &offered.hash,
            &format!("range: bytes={from}-\r\n"),
        );
        assert_eq!((status, rest.as_slice()), (206, &whole[from..]));
    }
    let (status, rest) = fetch(
        &at,
        &coach,
        &offered.hash,
        &format!("range: bytes={}-\r\n", whole.len()),
    );
    assert_eq!((status, rest.len()), (416, 0));
}

#[test]
fn several_snapshots_come_in_one_answer_that_goes_on_where_it_stopped() {
    let (_folder, at) = running();
    let (_a, _) = busy(&at);
    let (_b, _) = busy_at(&at, 3, "CSCom de Moribabougou");
    let mut coach = at.coach(2).speaking();
    let answer = once(&mut coach, &at);
    assert!(!answer.more, "nothing goes on behind them");
    let hashes: Vec<[u8; 32]> = answer.snapshots.iter().map(|one| one.hash).collect();
    assert_eq!(hashes.len(), 2);
    let (first, second) = (
        fetch(&at, &coach, &hashes[0], "").1,
        fetch(&at, &coach, &hashes[1], "").1,
    );
    let both = [first.as_slice(), &second].concat();
    assert_eq!(fetch_all(&at, &coach, &hashes, ""), (200, both.clone()));
    for from in [1, first.len() - 1, first.len(), first.len() + 9] {
        let range = format!("range: bytes={from}-\r\n");
        let (status, rest) = fetch_all(&at, &coach, &hashes, &range);
        assert_eq!((status, rest.as_slice()), (206, &both[from..]));
    }
    // Each of them is asked whether the one who names it may read it.
    let neighbour = at.laptop(4, "CSCom de Sanankoroba");
    assert_eq!(fetch_all(&at, &neighbour, &hashes, "").0, 404);
    let unknown = [hashes[0], [7; 32]];
    assert_eq!(fetch_all(&at, &coach, &unknown, "").0, 404);
    let many = vec![hashes[0]; 65];
    assert_eq!(fetch_all(&at, &coach, &many, "").0, 401);
}

#[test]
fn a_log_that_goes_on_behind_a_snapshot_is_announced() {
    let (_folder, at) = running();
    let (mut a, _) = busy(&at);
    once(&mut at.coach(2).speaking(), &at);
    a.idea(a.home(), "Plus tard");
    a.sync(&at);
    let answer = once(&mut at.coach(3).speaking(), &at);
    assert_eq!(answer.snapshots[0].feed_no, 60);
    assert!(answer.more);
}

#[test]
fn only_who_may_read_a_scope_gets_its_snapshot() {
    let (_folder, at) = running();
    let (_a, _) = busy(&at);
    let mut coach = at.coach(2).speaking();
    let neighbour = at.laptop(3, "CSCom de Moribabougou");
    let offered = once(&mut coach, &at).snapshots.remove(0);
    assert_eq!(fetch(&at, &neighbour, &offered.hash, "").0, 404);
    assert_eq!(fetch(&at, &Laptop::new(9), &offered.hash, "").0, 401);
    assert_eq!(fetch(&at, &coach, &[7; 32], "").0, 404);
    // Nor with the words of another.
    let mut forged = coach.clone();
    forged.key = Laptop::new(9).key;
    let body = [&coach.replica().as_bytes()[..], &offered.hash].concat();
    let signed = Signed::sign(&forged.key, Purpose::Request, body);
    assert!(
        at.server
            .snapshot(&offered.hash, &signed.to_bytes().unwrap())
            .is_err()
    );
    at.server.revoke(&coach.replica().to_string()).unwrap();
    assert_eq!(fetch(&at, &coach, &offered.hash, "").0, 403);
}

#[test]
fn a_short_log_and_an_older_version_get_the_log() {
    let (_folder, at) = running();
    let mut short = at.laptop(5, "CSCom de Moribabougou").speaking();
    short.idea(short.home(), "Peu de chose");
    short.sync(&at);
    let (a, _) = busy(&at);
    let mut coach = at.coach(2);
    let answers = coach.sync(&at);
    assert!(answers.iter().all(|answer| answer.snapshots.is_empty()));
    assert_eq!(coach.holds(a.home(), a.replica()), 60);
    let code = at.invite("Kati", None, Role::Coach);
    let mut other = Laptop::new(3).speaking();
    other.enrol(&at, &code, None).unwrap();
    let answer = once(&mut other, &at);
    assert_eq!(answer.snapshots.len(), 1);
    assert_eq!(answer.segments.len(), 1);
    assert_eq!(answer.segments[0].scope, short.home());
}

#[test]
fn a_save_that_waits_is_neither_in_the_snapshot_nor_lost() {
    let (_folder, at) = running();
    let (mut a, ideas) = busy(&at);
    // One save waits for another laptop's that is not here, and one stands behind it.
    let absent = Laptop::new(8).replica();
    a.save(
        a.home(),
        vec![set_idea(ideas[0], "Attend", &[dot(absent, 1)])],
    );
    a.idea(a.home(), "Derrière");
    a.sync(&at);
    let mut coach = at.coach(2).speaking();
    let offered = once(&mut coach, &at).snapshots.remove(0);
    let stream = loaded(&at, &coach, &offered).streams.remove(0);
    assert_eq!((stream.sealed_seq, stream.applied_seq), (60, 60));
    for (key, sealed) in a.held.range(..).take(60) {
        coach.held.insert(*key, sealed.clone());
    }
    coach.cursors.insert(a.home(), offered.feed_no);
    coach.sync(&at);
    assert_eq!(coach.holds(a.home(), a.replica()), 62);
}

#[test]
fn at_night_what_has_changed_is_packed_anew() {
    let (_folder, at) = running();
    let (mut a, _) = busy(&at);
    assert_eq!(at.server.make_snapshots().unwrap(), 1);
    assert_eq!(at.server.make_snapshots().unwrap(), 0);
    let mut coach = at.coach(2).speaking();
    let first = once(&mut coach, &at).snapshots.remove(0);
    a.idea(a.home(), "Le jour suivant");
    a.sync(&at);
    at.clock.forward(8 * DAY_MS);
    assert_eq!(at.server.make_snapshots().unwrap(), 1);
    let second = once(&mut coach, &at).snapshots.remove(0);
    assert_eq!(second.feed_no, first.feed_no + 1);
    assert_eq!(
        fetch(&at, &coach, &first.hash, "").0,
        404,
        "the old one is forgotten"
    );
    assert_sound(&at.server);
}
