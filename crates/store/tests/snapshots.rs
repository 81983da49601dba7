//! A snapshot instead of the log: the same rows, whatever stood there before and whatever comes after.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod common;

use common::*;
use proptest::prelude::*;
use store::Error;
use sync::segment;

/// Every segment of the scope that a store holds, the newest of each stream first.
fn log(laptop: &Laptop) -> Vec<Vec<u8>> {
    laptop
        .store
        .read(|conn| {
            let mut rows =
                conn.prepare("SELECT bytes FROM segment ORDER BY replica, first_seq DESC")?;
            let rows = rows.query_map([], |row| row.get(0))?;
            Ok::<_, store::Error>(rows.collect::<rusqlite::Result<_>>()?)
        })
        .unwrap()
}

#[test]
fn a_first_day_begins_with_a_snapshot_and_goes_on_with_the_log() {
    let (laptop, hub, coach) = (Laptop::new(1), Laptop::new(9), Laptop::new(5));
    for n in 1..=3 {
        laptop.saves(&[(0, n), (3, n)]);
        assert!(laptop.exchanges(&hub));
    }
    coach.loads(&hub);
    assert_eq!(coach.says(), hub.says());
    assert_eq!(
        coach.store.vector(&scopes()).unwrap(),
        hub.store.vector(&scopes()).unwrap()
    );
    assert!(!coach.store.history_complete(scope()).unwrap());
    coach.rebuilds_alike();
    coach.types(0, 9);
    assert!(coach.exchanges(&hub));
    laptop.types(4, 8);
    assert!(laptop.exchanges(&hub));
    assert!(coach.exchanges(&hub));
    assert!(laptop.exchanges(&hub));
    for other in [&coach, &laptop] {
        assert_eq!(other.says(), hub.says());
        other.rebuilds_alike();
    }
    assert_eq!(laptop.shows(0), [value(0, 9)]);
}

#[test]
fn older_segments_come_after_it_newest_first_and_change_no_row() {
    let (laptop, hub, coach) = (Laptop::new(1), Laptop::new(9), Laptop::new(5));
    for n in 1..=4 {
        laptop.types(0, n);
        assert!(laptop.exchanges(&hub));
    }
    coach.loads(&hub);
    let said = coach.says();
    assert!(coach.store.history(scope(), record(1)).unwrap().is_empty());
    let log = log(&hub);
    assert!(
        !coach.store.take_older(&log[2]).unwrap(),
        "not yet its turn"
    );
    for bytes in &log {
        assert!(!coach.store.history_complete(scope()).unwrap());
        assert!(coach.store.take_older(bytes).unwrap());
        assert!(!coach.store.take_older(bytes).unwrap(), "once is enough");
    }
    assert!(coach.store.history_complete(scope()).unwrap());
    assert_eq!(coach.says(), said);
    assert_eq!(coach.store.history(scope(), record(1)).unwrap().len(), 4);
    coach.rebuilds_alike();
    let third = Laptop::new(6);
    coach.gives(&third);
    assert_eq!(third.says(), said, "and can be handed on as log");
}

#[test]
fn what_a_snapshot_stands_for_is_a_duplicate_when_it_comes_as_log() {
    let (laptop, hub, coach) = (Laptop::new(1), Laptop::new(9), Laptop::new(5));
    for n in 1..=2 {
        laptop.types(0, n);
        assert!(laptop.exchanges(&hub));
    }
    coach.loads(&hub);
    for bytes in log(&hub) {
        let taken = coach.store.take(&bytes).unwrap();
        assert_eq!(taken.admission, sync::admit::Admission::Duplicate);
    }
    // Another past of the same stream is a fork all the same.
    let other = Laptop::new(1);
    other.types(0, 7);
    other.types(0, 8);
    other.seal();
    let taken = coach.store.take(&log(&other)[0]).unwrap();
    assert_eq!(taken.admission, sync::admit::Admission::Fork);
    coach.store.apply(scope(), NOW).unwrap();
    assert_eq!(coach.says(), hub.says());
}

#[test]
fn own_work_stands_beside_the_snapshot_that_does_not_know_it() {
    let (laptop, hub, coach) = (Laptop::new(1), Laptop::new(9), Laptop::new(5));
    laptop.types(0, 1);
    assert!(laptop.exchanges(&hub));
    coach.types(0, 2);
    coach.types(3, 2);
    coach.loads(&hub);
    let mut shown = coach.shows(0);
    shown.sort();
    assert_eq!(
        shown,
        [value(0, 1), value(0, 2)],
        "neither had seen the other"
    );
    assert_eq!(coach.shows(3), [value(3, 2)]);
    coach.rebuilds_alike();
    assert!(coach.exchanges(&hub));
    assert_eq!(coach.says(), hub.says());
}

#[test]
fn an_older_snapshot_and_a_restored_laptop_are_refused_and_change_nothing() {
    let (laptop, hub, coach) = (Laptop::new(1), Laptop::new(9), Laptop::new(5));
    laptop.types(0, 1);
    assert!(laptop.exchanges(&hub));
    let backup = laptop.copy();
    let (old, old_bytes) = hub.snapshot();
    laptop.types(0, 2);
    assert!(laptop.exchanges(&hub));
    let (new, new_bytes) = hub.snapshot();
    coach.store.load_snapshot(&new, &new_bytes, NOW).unwrap();
    let refused = coach.store.load_snapshot(&old, &old_bytes, NOW);
    assert!(matches!(refused, Err(Error::Stale)));
    assert_eq!(coach.says(), hub.says());
    let refused = backup.store.load_snapshot(&new, &new_bytes, NOW);
    assert!(matches!(refused, Err(Error::Forked)), "it mints first");
    assert_eq!(backup.shows(0), [value(0, 1)]);
}

#[test]
fn a_state_that_ends_within_a_segment_goes_on_within_it() {
    let (laptop, other, hub, coach) = (
        Laptop::new(1),
        Laptop::new(2),
        Laptop::new(9),
        Laptop::new(5),
    );
    // The second save of the segment names one that the hub does not have yet.
    laptop.types(0, 1);
    other.types(3, 5);
    other.gives(&laptop);
    laptop.types(3, 6);
    laptop.sends(&hub);
    assert_eq!(hub.store.held().unwrap(), 1);
    let (snapshot, bytes) = hub.snapshot();
    assert!(snapshot.streams[0].applied_seq < snapshot.streams[0].sealed_seq);
    coach.store.load_snapshot(&snapshot, &bytes, NOW).unwrap();
    assert_eq!(coach.shows(0), [value(0, 1)]);
    coach.rebuilds_alike();
    assert!(other.exchanges(&hub));
    hub.gives(&coach);
    assert_eq!(coach.says(), hub.says());
    assert_eq!(coach.shows(3), [value(3, 6)]);
    assert_eq!(coach.store.held().unwrap(), 0);
    coach.rebuilds_alike();
}

#[test]
fn a_snapshot_can_be_handed_on_with_the_word_of_the_server() {
    let (laptop, hub, coach) = (Laptop::new(1), Laptop::new(9), Laptop::new(5));
    laptop.types(0, 1);
    assert!(laptop.exchanges(&hub));
    let (snapshot, bytes) = hub.snapshot();
    coach.store.load_snapshot(&snapshot, &bytes, NOW).unwrap();
    let base = coach.store.base(scope()).unwrap().unwrap();
    assert_eq!((base.bytes, base.signed), (bytes.clone(), None));
    let hash = sync::snapshot::hash(&bytes).to_vec();
    let word = sync::wire::Signed::sign(&hub.store.key(), sync::wire::Purpose::Snapshot, hash);
    coach.store.sign_base(scope(), &word).unwrap();
    assert_eq!(
        coach.store.base(scope()).unwrap().unwrap().signed,
        Some(word)
    );
    assert_eq!(laptop.store.base(scope()).unwrap(), None);
}

#[test]
fn what_was_stored_when_the_power_went_is_shown_after_the_next_opening() {
    let (laptop, coach) = (Laptop::new(1), Laptop::new(5));
    laptop.saves(&[(0, 1), (3, 1)]);
    laptop.seal();
    for bytes in log(&laptop) {
        coach.store.take(&bytes).unwrap();
    }
    let coach = coach.copy();
    assert_eq!((coach.shows(0).len(), coach.store.held().unwrap()), (0, 1));
    assert_eq!(coach.store.catch_up(NOW).unwrap(), 1);
    assert_eq!(coach.says(), laptop.says());
    assert_eq!(coach.store.held().unwrap(), 0);
    assert_eq!(coach.store.catch_up(NOW).unwrap(), 0);
}

#[test]
fn a_damaged_older_segment_is_refused() {
    let (laptop, hub, coach) = (Laptop::new(1), Laptop::new(9), Laptop::new(5));
    laptop.types(0, 1);
    assert!(laptop.exchanges(&hub));
    coach.loads(&hub);
    let mut bytes = log(&hub)[0].clone();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    assert!(coach.store.take_older(&bytes).is_err());
    assert!(segment::read(&log(&hub)[0]).is_ok());
}

/// What happens in a property test.
#[derive(Debug, Clone)]
enum Step {
    Types(usize, usize),
    Exchanges(usize),
    Gives(usize, usize),
    Loads(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0..3_usize, 0..FIELDS.len()).prop_map(|(l, f)| Step::Types(l, f)),
        3 => (0..3_usize).prop_map(Step::Exchanges),
        2 => (0..3_usize, 0..3_usize).prop_map(|(a, b)| Step::Gives(a, b)),
        2 => (0..3_usize).prop_map(Step::Loads),
    ];
    prop::collection::vec(step, 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn snapshots_at_any_time_end_like_the_log_alone(steps in steps()) {
        // The first two go by log and snapshot, the last by log alone.
        let laptops = [Laptop::new(1), Laptop::new(2), Laptop::new(3)];
        let hub = Laptop::new(99);
        for (n, step) in (1..).zip(steps) {
            match step {
                Step::Types(laptop, field) => laptops[laptop].types(field, n),
                Step::Exchanges(laptop) => prop_assert!(laptops[laptop].exchanges(&hub)),
                Step::Gives(from, to) => if from != to {
                    laptops[from].gives(&laptops[to]);
                },
                Step::Loads(laptop) => if laptop < 2 {
                    laptops[laptop].loads(&hub);
                },
            }
        }
        all_end_alike(&laptops, &hub);
    }
}
