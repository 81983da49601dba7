//! The table of cases, and convergence of laptops that edit and exchange at random.

use proptest::prelude::*;

use super::*;
use crate::cases::{Arrival, FieldOf, Model, key_of, laptops, merge_cases, scope};
use crate::log::{Change, SaveKind};
use crate::segment::{Tip, read, seal};

#[test]
fn every_case_in_every_order_of_arrival() {
    for case in merge_cases() {
        let mut expected = case.expected.clone();
        expected.sort_by_key(|shown| shown.of);
        let orders = case.orders();
        assert!(!orders.is_empty());
        for order in orders {
            let mut model = Model::default();
            order.iter().for_each(|arrival| model.receive(arrival));
            assert_eq!(model.waiting(), 0, "{}: all have arrived", case.name);
            assert_eq!(model.shows(), expected, "{}", case.name);
            // The same saves carried a second time change nothing.
            order.iter().for_each(|arrival| model.receive(arrival));
            assert_eq!(model.shows(), expected, "{}: twice", case.name);
        }
    }
}

#[test]
fn every_case_can_be_sealed_save_by_save() {
    for case in merge_cases() {
        let mut tips = BTreeMap::new();
        for arrival in case.arrivals() {
            let key = key_of(arrival.replica).unwrap();
            let tip = tips
                .entry(arrival.replica)
                .or_insert_with(|| Tip::start(scope()));
            assert_eq!(
                tip.last_seq + 1,
                arrival.seq,
                "{}: streams are dense",
                case.name
            );
            let sealed = seal(&key, tip, std::slice::from_ref(&arrival.save)).unwrap();
            let segment = read(&sealed.bytes).unwrap();
            assert_eq!(
                segment.saves().unwrap(),
                std::slice::from_ref(&arrival.save),
                "{}",
                case.name
            );
            *tip = sealed.tip();
        }
    }
}

fn head(replica: u8, seq: u64, stamp: u64, value: i64) -> Head {
    Head {
        dot: Dot {
            replica: ReplicaId::from_bytes([replica; 16]),
            seq,
            index: 0,
        },
        hlc: Hlc(stamp),
        author: RecordId::natural(&[b"author"]),
        value: Value::Int(value),
        uncertain: false,
    }
}

#[test]
fn a_dot_that_stands_is_merged_once() {
    let once = merge(&[], head(1, 1, 5, 7), &[]);
    assert_eq!(merge(&once, head(1, 1, 5, 7), &[]), once);
}

#[test]
fn doubt_about_a_clock_does_not_change_the_order() {
    let doubted = Head {
        uncertain: true,
        ..head(1, 1, 9, 1)
    };
    let merged = merge(&[head(2, 1, 5, 2)], doubted.clone(), &[]);
    assert_eq!(
        merged[0], doubted,
        "receivers must agree, and each doubts by its own clock"
    );
}

#[test]
fn alternatives_are_distinct_values_highest_first() {
    let heads = [
        head(1, 1, 9, 1),
        head(2, 1, 8, 2),
        head(3, 1, 7, 1),
        head(4, 1, 6, 2),
        head(5, 1, 5, 3),
    ];
    let values: Vec<_> = alternatives(&heads)
        .iter()
        .map(|head| head.value.clone())
        .collect();
    assert_eq!(values, [Value::Int(2), Value::Int(3)]);
    assert!(!open(&[]) && !open(&heads[..1]) && open(&heads[..2]));
    assert!(
        !open(&[heads[0].clone(), heads[2].clone()]),
        "equal values close by themselves"
    );
}

#[test]
fn a_save_waits_for_the_highest_dot_it_names_of_each_stream() {
    let [own, other, third] = [1, 2, 3].map(|byte| ReplicaId::from_bytes([byte; 16]));
    let dot = |replica, seq| Dot {
        replica,
        seq,
        index: 0,
    };
    let change = |seen| Change {
        kind: 1,
        record: RecordId::natural(&[]),
        field: 1,
        value: Value::Null,
        seen,
    };
    let save = Save {
        hlc: Hlc(1),
        author: RecordId::natural(&[]),
        grant: 0,
        kind: SaveKind::Edit,
        reason: None,
        changes: vec![
            change(vec![dot(other, 4), dot(own, 8)]),
            change(vec![dot(other, 6), dot(third, 1)]),
        ],
    };
    assert_eq!(waits_for(own, &save, |_| 0), [(other, 6), (third, 1)]);
    assert_eq!(
        waits_for(own, &save, |replica| if replica == other { 5 } else { 1 }),
        [(other, 6)]
    );
    assert_eq!(waits_for(own, &save, |_| 6), []);
}

#[test]
fn an_edit_that_a_deletion_had_not_seen_revives_the_record() {
    let again = [head(1, 2, 2, 7)];
    assert!(!revived([&again[..]]), "nobody contests it");
    let same = [head(1, 2, 2, 7), head(2, 1, 1, 7)];
    assert!(!revived([&again[..], &same]), "two deleted it");
    let contested = [head(1, 2, 2, 7), head(2, 1, 1, 8)];
    assert!(revived([&again[..], &contested]));
}

/// What happens next among three laptops.
#[derive(Debug, Clone)]
enum Step {
    /// One types a value, by a clock of its own, having seen the shown value or all of them.
    Edit {
        laptop: usize,
        field: u16,
        value: i64,
        clock: u64,
        settles: bool,
    },
    /// One carries everything it has to another.
    Carry { from: usize, to: usize },
    /// One stream's oldest missing save reaches another laptop.
    Drip { of: usize, to: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let edit = (0..3_usize, 0..3_u16, 0..4_i64, 0..6_u64, any::<bool>());
    prop_oneof![
        3 => edit.prop_map(|(laptop, field, value, clock, settles)| Step::Edit { laptop, field, value, clock, settles }),
        1 => (0..3_usize, 0..3_usize).prop_map(|(from, to)| Step::Carry { from, to }),
        2 => (0..3_usize, 0..3_usize).prop_map(|(of, to)| Step::Drip { of, to }),
    ]
}

fn field_of(field: u16) -> FieldOf {
    FieldOf {
        kind: 6,
        record: RecordId::natural(&[b"record"]),
        field,
    }
}

/// Plays the steps; gives the laptops and all that was ever saved, by laptop.
fn play(steps: &[Step]) -> (Vec<Model>, Vec<Vec<Arrival>>) {
    let replicas = laptops().map(|key| key.replica());
    let mut models = vec![Model::default(); 3];
    let mut streams = vec![Vec::new(); 3];
    for step in steps {
        match *step {
            Step::Edit {
                laptop,
                field,
                value,
                clock,
                settles,
            } => {
                let FieldOf {
                    kind,
                    record,
                    field,
                } = field_of(field);
                let shown = models[laptop].heads(FieldOf {
                    kind,
                    record,
                    field,
                });
                let seen = shown
                    .iter()
                    .take(if settles { usize::MAX } else { 1 })
                    .map(|head| head.dot)
                    .collect();
                let change = Change {
                    kind,
                    record,
                    field,
                    value: Value::Int(value),
                    seen,
                };
                let save = Save {
                    hlc: Hlc(clock),
                    author: record,
                    grant: 1,
                    kind: SaveKind::Edit,
                    reason: None,
                    changes: vec![change],
                };
                let seq = streams[laptop].len() as u64 + 1;
                let arrival = Arrival {
                    replica: replicas[laptop],
                    seq,
                    save,
                };
                models[laptop].receive(&arrival);
                streams[laptop].push(arrival);
            }
            Step::Carry { from, to } => {
                for (stream, replica) in streams.iter().zip(replicas) {
                    let known = models[from].applied(replica) as usize;
                    stream[..known]
                        .iter()
                        .for_each(|arrival| models[to].receive(arrival));
                }
            }
            Step::Drip { of, to } => {
                if let Some(arrival) = streams[of].get(models[to].applied(replicas[of]) as usize) {
                    models[to].receive(arrival);
                }
            }
        }
    }
    (models, streams)
}

proptest! {
    #[test]
    fn laptops_that_have_everything_show_the_same(
        steps in prop::collection::vec(step(), 0..40),
        order in prop::collection::vec(any::<prop::sample::Index>(), 120),
    ) {
        let (mut models, streams) = play(&steps);
        let all: Vec<&Arrival> = streams.iter().flatten().collect();
        for model in &mut models {
            all.iter().for_each(|arrival| model.receive(arrival));
        }
        // A fourth, that receives everything in any order, even against the order of the streams.
        let mut late = Model::default();
        let mut left = all.clone();
        for index in order {
            if left.is_empty() { break; }
            late.receive(left.swap_remove(index.index(left.len())));
        }
        left.iter().for_each(|arrival| late.receive(arrival));
        for model in models.iter().chain([&late]) {
            prop_assert_eq!(model.waiting(), 0);
            prop_assert_eq!(model.shows(), late.shows());
            for field in 0..3 {
                prop_assert_eq!(model.heads(field_of(field)), late.heads(field_of(field)));
            }
        }
        // No value goes missing: what no change has seen is a head.
        let seen: Vec<Dot> = all.iter().flat_map(|a| &a.save.changes).flat_map(|c| c.seen.clone()).collect();
        for arrival in &all {
            for (dot, change) in arrival.save.dots(arrival.replica, arrival.seq) {
                let of = FieldOf { kind: change.kind, record: change.record, field: change.field };
                let stands = late.heads(of).iter().any(|head| head.dot == dot);
                prop_assert_eq!(stands, !seen.contains(&dot), "{:?}", dot);
            }
        }
    }
}
