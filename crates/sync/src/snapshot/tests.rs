//! Round trips, one form for each state, limits, and damage.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::codec::tests::value;
use crate::segment::tests::{draw, words};

fn key(byte: u8) -> [u8; 32] {
    [byte; 32]
}

fn stream(byte: u8, applied_seq: u64) -> StreamAt {
    StreamAt {
        replica: ReplicaId::of_key(&key(byte)),
        key: key(byte),
        sealed_seq: 7,
        hash: [byte | 1; 32],
        applied_seq,
    }
}

fn field(byte: u8, seq: u64, index: u32, value: Value) -> FieldAt {
    let replica = ReplicaId::of_key(&key(byte));
    FieldAt {
        kind: 6,
        record: RecordId::counted(replica, seq),
        field: index as u16 + 1,
        head: Head {
            dot: Dot {
                replica,
                seq,
                index,
            },
            hlc: Hlc::from_parts(1_767_225_600_000 + seq * 60_000, 1),
            author: RecordId::counted(ReplicaId::of_key(&key(1)), 1),
            value,
            uncertain: false,
        },
    }
}

fn state(streams: Vec<StreamAt>, fields: Vec<FieldAt>) -> Snapshot {
    Snapshot {
        scope: RecordId::of_place_code("ML-CSCOM-1").as_scope(),
        registry: [0x52; 32],
        streams,
        fields,
    }
}

/// As it is read back: streams and fields in their order.
fn sorted(mut snapshot: Snapshot) -> Snapshot {
    snapshot.streams.sort_by_key(|stream| stream.replica);
    snapshot
        .fields
        .sort_by_key(|field| (field.kind, field.record, field.field));
    let same =
        |a: &FieldAt, b: &FieldAt| (a.kind, a.record, a.field) == (b.kind, b.record, b.field);
    let mut heads = Vec::new();
    for group in snapshot.fields.chunk_by_mut(same) {
        group.sort_by_key(|field| std::cmp::Reverse(field.head.rank()));
        heads.extend_from_slice(group);
    }
    snapshot.fields = heads;
    snapshot
}

prop_compose! {
    fn arbitrary()(
        streams in prop::collection::btree_map(0..6_u8, (0..4_u64, 0..40_u64), 0..5),
        drawn in prop::collection::vec(
            (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..6_u32, 0..4_u16, 0..5_u64, 0..3_u16, value()),
            0..30,
        ),
        stamps in any::<[u32; 8]>(),
    ) -> Snapshot {
        let streams: Vec<_> = streams
            .into_iter()
            .map(|(byte, (sealed, applied))| StreamAt {
                sealed_seq: sealed,
                hash: if sealed == 0 { [0; 32] } else { [byte + 1; 32] },
                ..stream(byte, applied)
            })
            .collect();
        let mut by_dot = BTreeMap::new();
        for (at, seq, index, kind, record, number, value) in drawn {
            let open: Vec<_> = streams.iter().filter(|stream| stream.applied_seq > 0).collect();
            if open.is_empty() {
                continue;
            }
            let stream = open[at.index(open.len())];
            let seq = seq.index(stream.applied_seq as usize) as u64 + 1;
            let dot = Dot { replica: stream.replica, seq, index };
            let stamp = u64::from(stamps[(seq % 8) as usize]) << 20;
            by_dot.insert(dot, FieldAt {
                kind,
                record: RecordId::counted(stream.replica, record),
                field: number,
                head: Head {
                    dot,
                    hlc: Hlc(stamp),
                    author: RecordId::natural(&[&seq.to_le_bytes()]),
                    value,
                    uncertain: false,
                },
            });
        }
        state(streams, by_dot.into_values().collect())
    }
}

proptest! {
    #[test]
    fn a_state_comes_back_whatever_it_holds(snapshot in arbitrary()) {
        let bytes = write(&snapshot).unwrap();
        prop_assert_eq!(read(&bytes).unwrap(), sorted(snapshot));
    }

    #[test]
    fn equal_states_have_one_name(snapshot in arbitrary(), turn: prop::sample::Index) {
        let mut turned = snapshot.clone();
        turned.streams.reverse();
        let at = turn.index(turned.fields.len().max(1));
        if !turned.fields.is_empty() {
            turned.fields.rotate_left(at);
        }
        prop_assert_eq!(hash(&write(&snapshot).unwrap()), hash(&write(&turned).unwrap()));
    }

    #[test]
    fn any_bytes_are_refused_in_peace(bytes: Vec<u8>) {
        prop_assert!(read(&bytes).is_err());
        let framed = frame::write(MAGIC, VERSION, &header(bytes.len() as u64), &pack(&bytes));
        let _ = read(&framed);
    }

    #[test]
    fn a_mutated_body_is_refused_or_is_another_state(snapshot in arbitrary(), at: prop::sample::Index, byte: u8) {
        let mut body = unpacked(&write(&snapshot).unwrap());
        let at = at.index(body.len());
        body[at] = byte;
        if let Ok(other) = read(&framed(&body)) {
            // What was understood has one form, and says the same when written again.
            prop_assert_eq!(read(&write(&other).unwrap()).unwrap(), other);
        }
    }
}

fn header(unpacked: u64) -> Vec<u8> {
    frame::write_fields(vec![
        (SCOPE, Cbor::Bytes(vec![1; 16])),
        (REGISTRY, Cbor::Bytes(vec![2; 32])),
        (MIN_READER, 1.into()),
        (UNPACKED, unpacked.into()),
    ])
    .unwrap()
}

fn pack(body: &[u8]) -> Vec<u8> {
    zstd::bulk::compress(body, 1).unwrap()
}

fn framed(body: &[u8]) -> Vec<u8> {
    frame::write(MAGIC, VERSION, &header(body.len() as u64), &pack(body))
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let frame = frame::split(MAGIC, bytes, MAX_HEADER, MAX_BYTES, 0).unwrap();
    zstd::bulk::decompress(&bytes[frame.body], 1 << 20).unwrap()
}

#[test]
fn open_heads_stand_side_by_side_with_the_shown_one_first() {
    let (a, b) = (
        field(1, 2, 0, Value::Text("relevé à 38,2".to_owned())),
        FieldAt {
            record: field(1, 2, 0, Value::Null).record,
            ..field(2, 9, 0, Value::Text("relevé à 38,5".to_owned()))
        },
    );
    let snapshot = state(vec![stream(1, 8), stream(2, 9)], vec![a.clone(), b.clone()]);
    let back = read(&write(&snapshot).unwrap()).unwrap();
    assert_eq!(back.fields, [b, a], "the later stamp is shown");
}

#[test]
fn every_cut_and_every_flipped_bit_is_noticed() {
    let bytes = write(&small()).unwrap();
    for end in 0..bytes.len() {
        assert!(read(&bytes[..end]).is_err(), "cut at {end}");
    }
    for bit in 0..8 * bytes.len() {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(read(&flipped).is_err(), "bit {bit}");
    }
    assert!(read(&[bytes, vec![0]].concat()).is_err());
}

fn small() -> Snapshot {
    state(
        vec![
            stream(1, 8),
            StreamAt {
                sealed_seq: 0,
                hash: [0; 32],
                ..stream(2, 3)
            },
        ],
        vec![
            field(1, 2, 0, Value::Text("é".to_owned())),
            field(1, 2, 3, Value::Int(-5)),
            field(1, 8, 0, Value::Date(20_454)),
            FieldAt {
                record: field(1, 8, 0, Value::Null).record,
                ..field(2, 3, 0, Value::Null)
            },
        ],
    )
}

#[test]
fn one_body_is_read_for_ever() {
    // Written by version 1. When this fails, no laptop can load what the servers have.
    let body: String = unpacked(&write(&small()).unwrap())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(body, FROZEN);
    let bytes: Vec<u8> = (0..FROZEN.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&FROZEN[at..at + 2], 16).unwrap())
        .collect();
    let read_back = read(&framed(&bytes)).unwrap();
    assert_eq!(read_back.fields, sorted(small()).fields);
    assert_eq!(read_back.streams, sorted(small()).streams);
}

const FROZEN: &str = "\
    030100000c80f3e3edee6680f92bbfcf240301010102020600020700040606060604010401010202\
    0100030105020400020000040506000304ccbf02090001020700000102000301030202020300000a\
    60010101010101010101010101010101010101010101010101010101010101010101010101010101\
    01010101010101010101010101010101010101010101010101020202020202020202020202020202\
    020202020202020202020202020202020202c3a9";

#[test]
fn what_contradicts_itself_is_not_written() {
    let refusal = |snapshot: Snapshot| write(&snapshot).unwrap_err();
    let one = || field(1, 2, 0, Value::Null);
    let damaged = |state: Snapshot| match refusal(state) {
        SnapshotError::Damaged(why) => why,
        other => panic!("{other}"),
    };
    assert_eq!(
        damaged(state(vec![stream(1, 1)], vec![one()])),
        "a value that no stream covers"
    );
    assert_eq!(
        damaged(state(vec![stream(2, 8)], vec![one()])),
        "a value that no stream covers"
    );
    assert_eq!(
        damaged(state(vec![stream(1, 8)], vec![one(), one()])),
        "two values of one change"
    );
    assert_eq!(
        damaged(state(vec![stream(1, 8), stream(1, 8)], vec![])),
        "a stream stands twice"
    );
    let stranger = StreamAt {
        key: key(2),
        ..stream(1, 8)
    };
    assert_eq!(
        damaged(state(vec![stranger], vec![])),
        "a stream with the key of another"
    );
    let mut later = field(1, 2, 1, Value::Null);
    later.head.hlc = Hlc::default();
    assert_eq!(
        damaged(state(vec![stream(1, 8)], vec![one(), later])),
        "one save with two stamps"
    );
    let text = field(1, 2, 0, Value::Text("x".repeat((4 << 20) + 1)));
    assert_eq!(
        refusal(state(vec![stream(1, 8)], vec![text])),
        CodecError::TooLarge("text").into()
    );
}

#[test]
fn a_bomb_is_refused_before_it_goes_off() {
    let zeros = vec![0; 60 << 20];
    assert_eq!(
        read(&framed(&zeros)),
        Err(CodecError::TooLarge("bytes").into()),
        "declared"
    );
    let lying = frame::write(MAGIC, VERSION, &header(1_000), &pack(&zeros));
    assert_eq!(
        read(&lying),
        Err(SnapshotError::Damaged("its body does not unpack")),
        "not declared"
    );
    let lying = frame::write(MAGIC, VERSION, &header(48 << 20), &pack(&[0; 30]));
    assert_eq!(
        read(&lying),
        Err(SnapshotError::Damaged("its body is shorter than declared"))
    );
    // A count of values that no column backs.
    let mut to = Writer::default();
    to.bytes(Column::Octets, &key(1));
    for (column, number) in [
        (Column::Reasons, 0),
        (Column::Grants, 2),
        (Column::Seen, u64::MAX),
        (Column::SeenSeqs, 0),
        (Column::Millis, 0),
        (Column::Counters, 0),
        (Column::Ids, 0),
        (Column::NewIds, 2),
        (Column::IdCounters, 0),
        (Column::Sizes, u64::MAX),
    ] {
        to.uint(column, number);
    }
    assert_eq!(
        read(&framed(&to.finish())),
        Err(CodecError::TooLarge("changes").into())
    );
}

#[test]
fn a_newer_one_is_left_to_newer_readers() {
    let packed = pack(&[]);
    let newer = frame::write(MAGIC, 2, &header(0), &packed);
    assert_eq!(read(&newer), Err(SnapshotError::NewerFormat));
    let fields = |reader: u64| {
        frame::write_fields(vec![
            (SCOPE, Cbor::Bytes(vec![1; 16])),
            (REGISTRY, Cbor::Bytes(vec![2; 32])),
            (MIN_READER, reader.into()),
            (UNPACKED, 21.into()),
            (90, "a key of a newer version".into()),
        ])
        .unwrap()
    };
    let newer = frame::write(MAGIC, 1, &fields(2), &packed);
    assert_eq!(read(&newer), Err(SnapshotError::NewerFormat));
    let richer = frame::write(MAGIC, 1, &fields(1), &pack(&[0; 21]));
    assert_eq!(
        read(&richer).unwrap().fields,
        [],
        "unknown keys are skipped"
    );
}

#[test]
fn a_supervisors_first_day_is_a_megabyte_at_most() {
    // A tenth of it: 20,000 values of 2,000 records.
    let mut fields = Vec::new();
    let seed = &mut 5;
    for record in 1..=2_000_u64 {
        let made = |seq: u64, index: u32, value: Value| FieldAt {
            record: RecordId::counted(ReplicaId::of_key(&key(1)), record),
            ..field(1, seq, index, value)
        };
        for index in 0..10_u32 {
            let value = match index {
                0..3 => Value::Int(draw(seed, 9) as i64),
                3..6 => Value::Date(20_454 + draw(seed, 300) as i32),
                6..9 => Value::Int(draw(seed, 200) as i64),
                _ => Value::Text(words(seed, 6)),
            };
            fields.push(made(record, index, value));
        }
    }
    let bytes = write(&state(vec![stream(1, 2_000)], fields)).unwrap().len();
    println!("20,000 values of 2,000 records: {bytes} bytes");
    assert!(bytes <= 110_000, "{bytes} bytes");
}
