//! Round trips of arbitrary saves; refusal of arbitrary bytes.

use domain::ids::{RecordId, ReplicaId};
use domain::value::Value;
use proptest::prelude::*;

use super::*;
use crate::clock::Hlc;
use crate::log::{Change, Dot, Save, SaveKind};

pub(crate) fn own() -> ReplicaId {
    ReplicaId::from_bytes([0x91; 16])
}

fn replica() -> impl Strategy<Value = ReplicaId> {
    prop_oneof![
        2 => Just(own()),
        2 => (0..3_u8).prop_map(|byte| ReplicaId::from_bytes([byte; 16])),
        1 => any::<[u8; 16]>().prop_map(ReplicaId::from_bytes),
    ]
}

fn record() -> impl Strategy<Value = RecordId> {
    prop_oneof![
        3 => (replica(), 0..6_u64).prop_map(|(replica, counter)| RecordId::counted(replica, counter)),
        1 => (replica(), any::<u64>()).prop_map(|(replica, counter)| RecordId::counted(replica, counter)),
        2 => (0..4_u8).prop_map(|byte| RecordId::natural(&[&[byte]])),
        1 => any::<[u8; 16]>().prop_map(RecordId::from_bytes),
    ]
}

pub(crate) fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        (any::<i64>(), any::<u8>())
            .prop_map(|(mantissa, scale)| Value::Decimal { mantissa, scale }),
        ".{0,40}".prop_map(Value::Text),
        any::<i32>().prop_map(Value::Date),
        record().prop_map(Value::Ref),
        (record(), any::<Vec<u8>>()).prop_map(|(key, bytes)| Value::Sealed { key, bytes }),
        (any::<[u8; 32]>(), any::<u64>(), "[a-z]{0,5}/[a-z]{0,5}").prop_map(
            |(hash, length, media_type)| Value::Blob {
                hash,
                length,
                media_type
            }
        ),
    ];
    leaf.prop_recursive(3, 20, 5, |item| {
        prop::collection::vec(item, 0..5).prop_map(Value::List)
    })
}

fn change() -> impl Strategy<Value = Change> {
    let number = || prop_oneof![0..4_u16, any::<u16>()];
    // Numbers of own dots are drawn as distances and put in place by `saves`.
    let dot = (
        replica(),
        prop_oneof![0..6_u64, any::<u64>()],
        prop_oneof![0..3_u32, any::<u32>()],
    )
        .prop_map(|(replica, seq, index)| Dot {
            replica,
            seq,
            index,
        });
    (
        number(),
        record(),
        number(),
        value(),
        prop::collection::vec(dot, 0..3),
    )
        .prop_map(|(kind, record, field, value, seen)| Change {
            kind,
            record,
            field,
            value,
            seen,
        })
}

/// Saves as they can stand in [`own`]'s stream from `first_seq` on.
pub(crate) fn saves(first_seq: u64) -> impl Strategy<Value = Vec<Save>> {
    let save = (
        prop_oneof![
            (0..1_u64 << 48, any::<u16>()),
            (Just(1_767_225_600_000), 0..3_u16)
        ],
        record(),
        any::<u32>(),
        any::<u8>(),
        prop::option::of(".{0,30}"),
        prop::collection::vec(change(), 0..6),
    )
        .prop_map(
            |((millis, counter), author, grant, kind, reason, changes)| Save {
                hlc: Hlc::from_parts(millis, counter),
                author,
                grant,
                kind: SaveKind::from_number(kind),
                reason,
                changes,
            },
        );
    prop::collection::vec(save, 0..8).prop_map(move |mut saves| {
        let mut last = std::collections::HashMap::new();
        for (seq, save) in (first_seq..).zip(&mut saves) {
            for (index, change) in (0..).zip(&mut save.changes) {
                change.seen.retain_mut(|dot| {
                    if dot.replica == own() {
                        dot.seq = seq.saturating_sub(dot.seq % 8);
                        dot.seq > 0 && (dot.seq, dot.index) < (seq, index)
                    } else {
                        dot.seq > 0
                    }
                });
                // The usual case: what this stream wrote there last.
                let field = (change.kind, change.record, change.field);
                let previous = last.insert(
                    field,
                    Dot {
                        replica: own(),
                        seq,
                        index,
                    },
                );
                if change.seen.len() == 1 {
                    change.seen.splice(.., previous);
                }
            }
        }
        saves
    })
}

fn body(saves: &[Save]) -> Vec<u8> {
    encode(9, own(), saves).unwrap()
}

fn read(bytes: &[u8]) -> Result<Vec<Save>, CodecError> {
    decode(9, own(), bytes, &Limits::default())
}

pub(crate) fn save(changes: Vec<Change>) -> Save {
    Save {
        hlc: Hlc::from_parts(1_767_225_600_000, 0),
        author: RecordId::counted(own(), 1),
        grant: 1,
        kind: SaveKind::Edit,
        reason: None,
        changes,
    }
}

pub(crate) fn sets(value: Value) -> Change {
    Change {
        kind: 7,
        record: RecordId::counted(own(), 2),
        field: 2,
        value,
        seen: Vec::new(),
    }
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(Value::Null, |value, _| Value::List(vec![value]))
}

proptest! {
    #[test]
    fn round_trips(first_seq in prop_oneof![Just(1), 1..1_000_000_000_u64], all in saves(1)) {
        // The dots of `saves(1)` precede any later number as well, but for the distance of own ones.
        let bytes = encode(1, own(), &all).unwrap();
        prop_assert_eq!(decode(1, own(), &bytes, &Limits::default()).unwrap(), all.clone());
        let bytes = encode(first_seq, own(), &all).unwrap();
        prop_assert_eq!(decode(first_seq, own(), &bytes, &Limits::default()).unwrap(), all);
    }

    #[test]
    fn any_bytes_are_refused_in_peace(bytes: Vec<u8>) {
        let _ = read(&bytes);
    }

    #[test]
    fn mutated_bodies_are_read_or_refused_but_never_twofold(
        all in saves(9),
        at: prop::sample::Index,
        byte: u8,
        cut: bool,
    ) {
        let mut bytes = body(&all);
        let at = at.index(bytes.len());
        if cut {
            bytes.truncate(at);
        } else {
            bytes[at] = byte;
        }
        if let Ok(read_back) = read(&bytes) {
            // Whatever was understood can be written and read again to the same.
            prop_assert_eq!(read(&body(&read_back)).unwrap(), read_back);
        }
    }
}

#[test]
fn every_cut_is_noticed() {
    let bytes = body(&[save(vec![
        sets(Value::Text("Dépister à l’accueil".to_owned())),
        sets(Value::Int(-3)),
    ])]);
    for end in 0..bytes.len() {
        assert!(read(&bytes[..end]).is_err(), "cut at {end}");
    }
    assert!(
        read(&[bytes, vec![0]].concat()).is_err(),
        "and so is an addition"
    );
}

#[test]
fn one_body_stands_in_the_log_for_ever() {
    // Written by version 1. When this fails, the format has changed, and no replica reads the others any more.
    let other = ReplicaId::from_bytes([0x22; 16]);
    let first = Save {
        hlc: Hlc::from_parts(1_767_225_600_000, 2),
        author: RecordId::counted(own(), 1),
        grant: 3,
        kind: SaveKind::Edit,
        reason: Some("relu".to_owned()),
        changes: vec![
            sets(Value::Text("é".to_owned())),
            Change {
                field: 3,
                ..sets(Value::Int(-5))
            },
            Change {
                kind: 6,
                record: RecordId::natural(&[b"k"]),
                field: 6,
                value: Value::Decimal {
                    mantissa: 125,
                    scale: 1,
                },
                seen: vec![
                    Dot {
                        replica: other,
                        seq: 4,
                        index: 1,
                    },
                    Dot {
                        replica: own(),
                        seq: 5,
                        index: 0,
                    },
                ],
            },
        ],
    };
    let items = vec![
        Value::Bool(true),
        Value::Bool(false),
        Value::Date(20_454),
        Value::Null,
    ];
    let last = Dot {
        replica: own(),
        seq: 9,
        index: 0,
    };
    let second = Save {
        hlc: Hlc::from_parts(1_767_225_600_700, 0),
        kind: SaveKind::Other(77),
        reason: None,
        changes: vec![
            Change {
                seen: vec![last],
                ..sets(Value::List(items))
            },
            Change {
                kind: 900,
                ..sets(Value::Sealed {
                    key: RecordId::counted(other, 7),
                    bytes: vec![1, 2],
                })
            },
            Change {
                kind: 901,
                ..sets(Value::Blob {
                    hash: [9; 32],
                    length: 300,
                    media_type: "image/jpeg".to_owned(),
                })
            },
            Change {
                kind: 902,
                ..sets(Value::Ref(RecordId::counted(own(), 1)))
            },
        ],
        ..first.clone()
    };
    let saves = [first, second];
    let written: String = body(&saves)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(written, FROZEN);
    assert_eq!(read(&body(&saves)).unwrap(), saves);
}

const FROZEN: &str = "\
    0203040880a0d5edee66f80a02020002060002004d0205000a070706078407850786070702030602\
    02020207000003010000000201000208040201000b0405080201060003090a0708fa01ccbf0209ac\
    020101040204020a0b000100010002020202000404020200010300000e4c9e6b23645a7c871ab49d\
    279271d8db3a22222222222222222222222222222222222222222222222222220102090909090909\
    09090909090909090909090909090909090909090909090909091072656c75c3a9696d6167652f6a\
    706567";

#[test]
fn what_a_reader_would_refuse_is_not_written() {
    let refusal = |value: Value| check(own(), 9, &save(vec![sets(value)])).unwrap_err();
    assert_eq!(
        refusal(Value::Text("x".repeat((4 << 20) + 1))),
        CodecError::TooLarge("text")
    );
    assert_eq!(
        refusal(nested(9)),
        CodecError::TooLarge("lists within lists")
    );
    assert_eq!(
        refusal(Value::List(vec![Value::Null; 400_000])),
        CodecError::TooLarge("values")
    );
    let strangers = (0..5_001_u128).map(|n| ReplicaId::from_bytes(n.to_be_bytes()));
    let seen = strangers
        .map(|replica| Dot {
            replica,
            seq: 1,
            index: 0,
        })
        .collect();
    let crowd = save(vec![Change {
        seen,
        ..sets(Value::Null)
    }]);
    assert_eq!(
        check(own(), 9, &crowd),
        Err(CodecError::TooLarge("replicas"))
    );
    let many = save(vec![sets(Value::Null); 100_001]);
    assert_eq!(check(own(), 9, &many), Err(CodecError::TooLarge("changes")));
    assert_eq!(
        encode(9, own(), &[many]),
        Err(CodecError::TooLarge("changes"))
    );
    let texts = save(vec![sets(Value::Text("x".repeat(4 << 20))); 4]);
    assert_eq!(check(own(), 9, &texts), Err(CodecError::TooLarge("bytes")));
}

#[test]
fn what_passes_the_check_is_written_and_read() {
    let at_the_limit = [
        save(vec![
            sets(Value::Text("é".repeat(2 << 20))),
            sets(Value::Text("x".repeat(4 << 20))),
        ]),
        save(vec![sets(nested(8))]),
        save(vec![sets(Value::List(vec![Value::Int(i64::MIN); 300_000]))]),
        save(
            (0..100_000)
                .map(|n| Change {
                    record: RecordId::natural(&[&[1], &u32::to_le_bytes(n)]),
                    ..sets(Value::Date(i32::MIN))
                })
                .collect(),
        ),
    ];
    for save in at_the_limit {
        check(own(), 9, &save).unwrap();
        assert_eq!(read(&body(std::slice::from_ref(&save))).unwrap(), [save]);
    }
}

#[test]
fn nobody_has_seen_the_future() {
    let seeing = |replica, seq, index| {
        let seen = vec![Dot {
            replica,
            seq,
            index,
        }];
        check(
            own(),
            9,
            &save(vec![
                sets(Value::Null),
                Change {
                    seen,
                    ..sets(Value::Null)
                },
            ]),
        )
    };
    let other = ReplicaId::from_bytes([1; 16]);
    assert_eq!(
        seeing(own(), 9, 0),
        Ok(()),
        "an earlier change of the same save"
    );
    assert_eq!(
        seeing(own(), 9, 1),
        Err(CodecError::SeenBeforeWritten),
        "itself"
    );
    assert_eq!(seeing(own(), 10, 0), Err(CodecError::SeenBeforeWritten));
    assert_eq!(
        seeing(other, 10, 0),
        Ok(()),
        "numbers of different streams do not compare"
    );
    assert_eq!(
        seeing(other, 0, 0),
        Err(CodecError::SeenBeforeWritten),
        "numbers begin at 1"
    );
}

#[test]
fn numbers_beyond_the_end_are_refused() {
    assert!(encode(0, own(), &[save(vec![])]).is_err());
    assert!(encode(u64::MAX, own(), &[save(vec![])]).is_err());
    assert!(decode(0, own(), &body(&[]), &Limits::default()).is_err());
    assert!(decode(u64::MAX, own(), &body(&[save(vec![])]), &Limits::default()).is_err());
}

#[test]
fn what_the_author_usually_saw_takes_a_byte() {
    let again = |n: i64, seen: Vec<Dot>| {
        save(vec![Change {
            seen,
            ..sets(Value::Int(n))
        }])
    };
    let last = |seq| {
        vec![Dot {
            replica: own(),
            seq,
            index: 0,
        }]
    };
    let unseen = body(&[again(1, vec![]), again(2, vec![]), again(3, vec![])]);
    let seen = body(&[again(1, vec![]), again(2, last(9)), again(3, last(10))]);
    assert_eq!(unseen.len(), seen.len());
}
