//! What a laptop keeps of others: quarantine, cards, readers, receipts, how far its work has come.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod common;

use common::*;
use domain::ids::{RecordId, ReplicaId};
use store::{Exchange, ExchangeKind};
use sync::admit::Admission;
use sync::key::KeyPair;
use sync::wire::{
    Accepted, Card, EnrolPerson, EnrolPlace, PeerState, Purpose, Reached, Readers, Receipt, Signed,
};

fn key(n: u8) -> KeyPair {
    KeyPair::from_secret(&[n; 32])
}

fn readers(version: u64) -> Signed {
    let readers = Readers {
        scope: scope(),
        version,
        server_seal: [3; 32],
        readers: Vec::new(),
        revoked: Vec::new(),
        revoked_people: Vec::new(),
        erased: Vec::new(),
    };
    Signed::sign(&key(50), Purpose::Readers, readers.to_bytes().unwrap())
}

fn receipt(at_ms: u64, seq: u64) -> Signed {
    let receipt = Receipt {
        replica: key(1).replica(),
        holder: key(50).replica(),
        epoch: [1; 16],
        at_ms,
        accepted: vec![Accepted {
            scope: scope(),
            seq,
            hash: [4; 32],
        }],
    };
    Signed::sign(&key(50), Purpose::Receipt, receipt.to_bytes().unwrap())
}

#[test]
fn what_lies_aside_is_let_in_when_its_turn_has_come() {
    let (laptop, reader) = (Laptop::new(1), Laptop::new(5));
    let mut segments = Vec::new();
    for n in 1..=2 {
        laptop.types(0, n);
        laptop.seal();
        segments = laptop.store.unsent(&scopes(), usize::MAX).unwrap();
    }
    let from = key(7).replica();
    let second = reader
        .store
        .put_aside(&segments[1], "unknown-writer", Some(from), NOW)
        .unwrap();
    let first = reader
        .store
        .put_aside(&segments[0], "unknown-writer", None, NOW + 1)
        .unwrap();
    let again = reader
        .store
        .put_aside(&segments[1], "other", None, NOW + 2)
        .unwrap();
    assert_eq!(again, second, "it lies there once");
    let aside = reader.store.aside().unwrap();
    assert_eq!(aside.len(), 2);
    assert_eq!(
        (
            aside[0].reason.as_str(),
            aside[0].source,
            aside[0].first_seq,
            aside[0].at_ms
        ),
        ("unknown-writer", Some(from), 2, NOW)
    );
    assert_eq!(reader.store.aside_bytes(second).unwrap(), segments[1]);
    let taken = reader.store.release(second, NOW).unwrap();
    assert_eq!(taken.admission, Admission::Gap { have: 0 });
    assert_eq!(reader.store.aside().unwrap().len(), 2, "it stays");
    assert_eq!(
        reader.store.release(first, NOW).unwrap().admission,
        Admission::Next
    );
    assert_eq!(
        reader.store.release(second, NOW).unwrap().admission,
        Admission::Next
    );
    assert_eq!(reader.shows(0), [value(0, 2)]);
    assert!(reader.store.aside().unwrap().is_empty());
    assert!(reader.store.release(second, NOW).is_err());
}

#[test]
fn a_card_is_trusted_until_it_is_forgotten() {
    let laptop = Laptop::new(1);
    let card = Card {
        key: key(7).public(),
        seal: key(7).seal_public(),
        role: "lead".to_owned(),
        place: EnrolPlace {
            id: record(100),
            name: "CSCom de Kangaré".to_owned(),
            level: "facility".to_owned(),
            parent: record(101),
        },
        person: EnrolPerson {
            id: record(102),
            name: "Awa Traoré".to_owned(),
        },
    };
    let signed = card.sign(&key(7)).unwrap();
    let forged = card.sign(&key(8)).unwrap();
    assert!(laptop.store.trust(&forged, NOW).is_err());
    assert_eq!(laptop.store.trust(&signed, NOW).unwrap(), key(7).replica());
    laptop.store.trust(&signed, NOW + 5).unwrap();
    let peers = laptop.store.peers().unwrap();
    assert_eq!(
        (peers.len(), &peers[0].card, peers[0].since_ms),
        (1, &card, NOW)
    );
    assert!(laptop.store.forget_peer(key(7).replica()).unwrap());
    assert!(!laptop.store.forget_peer(key(7).replica()).unwrap());
    assert!(laptop.store.peers().unwrap().is_empty());
}

#[test]
fn the_newest_statement_on_readers_counts() {
    let laptop = Laptop::new(1);
    assert_eq!(laptop.store.readers(scope()).unwrap(), None);
    assert!(laptop.store.put_readers(&readers(2)).unwrap());
    assert!(
        !laptop.store.put_readers(&readers(1)).unwrap(),
        "an old one, by a stick"
    );
    assert!(!laptop.store.put_readers(&readers(2)).unwrap());
    assert_eq!(laptop.store.readers(scope()).unwrap(), Some(readers(2)));
    assert!(laptop.store.put_readers(&readers(3)).unwrap());
    assert_eq!(laptop.store.readers(scope()).unwrap(), Some(readers(3)));
}

#[test]
fn of_receipts_the_one_that_says_most_is_carried() {
    let laptop = Laptop::new(5);
    laptop.store.keep_receipt(&receipt(NOW, 4)).unwrap();
    laptop.store.keep_receipt(&receipt(NOW + 1, 7)).unwrap();
    laptop.store.keep_receipt(&receipt(NOW + 2, 5)).unwrap();
    assert_eq!(laptop.store.receipts().unwrap(), [receipt(NOW + 1, 7)]);
}

#[test]
fn how_far_work_has_come_is_told_until_the_server_holds_it() {
    let (laptop, hub) = (Laptop::new(1), Laptop::new(9));
    for n in 1..=3 {
        laptop.types(0, n);
    }
    laptop.seal();
    assert_eq!(laptop.store.carried_saves().unwrap(), 0);
    laptop.store.note_carried(scope(), 3, NOW).unwrap();
    laptop.store.note_carried(scope(), 2, NOW + 1).unwrap();
    let carried = laptop.store.carried().unwrap();
    assert_eq!(
        (carried.len(), carried[0].seq, carried[0].at_ms),
        (1, 3, NOW)
    );
    assert_eq!(laptop.store.carried_saves().unwrap(), 3);
    let pending = laptop.store.pending().unwrap();
    let oldest = laptop.store.waiting().unwrap()[0].2.hlc;
    assert_eq!(
        (pending.len(), pending[0].saves, pending[0].oldest),
        (1, 3, oldest)
    );
    assert!(laptop.exchanges(&hub));
    assert!(laptop.store.carried().unwrap().is_empty());
    assert_eq!(laptop.store.carried_saves().unwrap(), 0);
    assert!(laptop.store.pending().unwrap().is_empty());
}

#[test]
fn marks_only_rise_and_keep_the_name_they_were_for() {
    let laptop = Laptop::new(1);
    let mark = |seq| Reached {
        scope: scope(),
        place: RecordId::natural(&[b"district"]),
        seq,
        at_ms: NOW + seq,
    };
    laptop.types(0, 1);
    laptop.store.note_reached(&[mark(3)]).unwrap();
    laptop.store.note_reached(&[mark(2)]).unwrap();
    let name = laptop.store.replica();
    laptop.mints(2);
    laptop.store.note_reached(&[mark(1)]).unwrap();
    assert_eq!(
        laptop.store.reached().unwrap(),
        [(name, mark(3)), (laptop.store.replica(), mark(1))]
    );
}

#[test]
fn devices_bundles_and_exchanges_are_remembered() {
    let laptop = Laptop::new(1);
    let state = |n: u8, last_ms| PeerState {
        replica: ReplicaId::from_bytes([n; 16]),
        place: record(n),
        role: "lead".to_owned(),
        last_ms,
        waiting: 2,
        version: "0.1.0".to_owned(),
        place_name: "CSCom de Farako".to_owned(),
        above: (n == 1).then(|| record(9)),
    };
    laptop
        .store
        .note_devices(&[state(1, 5), state(2, 4)])
        .unwrap();
    laptop.store.note_devices(&[state(1, 3)]).unwrap();
    assert_eq!(laptop.store.devices().unwrap(), [state(1, 3), state(2, 4)]);
    assert_eq!(
        (
            laptop.store.next_bundle().unwrap(),
            laptop.store.next_bundle().unwrap()
        ),
        (1, 2)
    );
    let sender = key(7).replica();
    assert!(!laptop.store.bundle_taken(sender, 4).unwrap());
    laptop.store.note_bundle(sender, 4, NOW).unwrap();
    laptop.store.note_bundle(sender, 4, NOW).unwrap();
    assert!(laptop.store.bundle_taken(sender, 4).unwrap());
    let stick = Exchange {
        ok: true,
        kind: ExchangeKind::StickOut,
        params: Some(r#"{"files":2}"#.to_owned()),
        ..Exchange::default()
    };
    laptop.store.add_exchange(&Exchange::default()).unwrap();
    laptop.store.add_exchange(&stick).unwrap();
    assert_eq!(
        laptop.store.exchanges(9).unwrap(),
        [stick, Exchange::default()]
    );
}
