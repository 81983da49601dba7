//! Merging as a table: what stood, what each side did, what everyone must see in the end.
//!
//! The laptop's store and each storage of the server execute the same table, in every order of arrival that
//! a carrier may produce ([`MergeCase::orders`]), and must show what [`Model`] shows.

use std::collections::BTreeMap;

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::registry::{DELETED, IdeaField, Kind, MeasurementField};
use domain::value::Value;

use crate::clock::Hlc;
use crate::heads::{self, Head};
use crate::key::KeyPair;
use crate::log::{Change, Dot, Save, SaveKind};

/// A save as it arrives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Whose stream.
    pub replica: ReplicaId,
    /// Its number there.
    pub seq: u64,
    /// The save.
    pub save: Save,
}

/// Which field of which record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldOf {
    /// The record's kind, by number.
    pub kind: u16,
    /// The record.
    pub record: RecordId,
    /// The field, by number.
    pub field: u16,
}

/// What a field must show once everything has arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Which field.
    pub of: FieldOf,
    /// The value that everyone sees.
    pub shown: Value,
    /// The other values left for a person to decide, the highest ranked first.
    pub alternatives: Vec<Value>,
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeCase {
    /// The rule it stands for.
    pub name: &'static str,
    /// What both sides had before.
    pub parent: Vec<Arrival>,
    /// What one side did.
    pub local: Vec<Arrival>,
    /// What the other side did, or the others.
    pub remote: Vec<Arrival>,
    /// What both show afterwards.
    pub expected: Vec<Expected>,
}

impl MergeCase {
    /// All its saves: parent, local, remote.
    pub fn arrivals(&self) -> impl Iterator<Item = &Arrival> {
        self.parent.iter().chain(&self.local).chain(&self.remote)
    }

    /// Every order in which its saves can arrive: each stream in its own order, streams anyhow among each other.
    pub fn orders(&self) -> Vec<Vec<&Arrival>> {
        let mut streams: BTreeMap<ReplicaId, Vec<&Arrival>> = BTreeMap::new();
        for arrival in self.arrivals() {
            streams.entry(arrival.replica).or_default().push(arrival);
        }
        let mut streams: Vec<_> = streams.into_values().collect();
        for stream in &mut streams {
            stream.sort_by_key(|arrival| arrival.seq);
        }
        let mut orders = Vec::new();
        interleave(
            &streams,
            &mut vec![0; streams.len()],
            &mut Vec::new(),
            &mut orders,
        );
        orders
    }
}

fn interleave<'a>(
    streams: &[Vec<&'a Arrival>],
    taken: &mut [usize],
    order: &mut Vec<&'a Arrival>,
    orders: &mut Vec<Vec<&'a Arrival>>,
) {
    if streams
        .iter()
        .zip(taken.iter())
        .all(|(stream, taken)| *taken == stream.len())
    {
        orders.push(order.clone());
        return;
    }
    for (index, stream) in streams.iter().enumerate() {
        if let Some(arrival) = stream.get(taken[index]) {
            taken[index] += 1;
            order.push(arrival);
            interleave(streams, taken, order, orders);
            order.pop();
            taken[index] -= 1;
        }
    }
}

/// The plainest executor of merges, in memory: what the real ones are compared with.
#[derive(Debug, Clone, Default)]
pub struct Model {
    applied: BTreeMap<ReplicaId, u64>,
    waiting: BTreeMap<ReplicaId, BTreeMap<u64, Save>>,
    fields: BTreeMap<FieldOf, Vec<Head>>,
}

impl Model {
    /// Takes a save in, whatever came before it; one that came before changes nothing.
    pub fn receive(&mut self, arrival: &Arrival) {
        if arrival.seq > self.applied(arrival.replica) {
            self.waiting
                .entry(arrival.replica)
                .or_default()
                .insert(arrival.seq, arrival.save.clone());
        }
        while let Some((replica, seq, save)) = self.next_ready() {
            self.apply(replica, seq, &save);
        }
    }

    /// How far a stream has been applied.
    pub fn applied(&self, replica: ReplicaId) -> u64 {
        self.applied.get(&replica).copied().unwrap_or(0)
    }

    /// How many saves wait for others.
    pub fn waiting(&self) -> usize {
        self.waiting.values().map(BTreeMap::len).sum()
    }

    /// The heads of a field, the shown one first.
    pub fn heads(&self, of: FieldOf) -> &[Head] {
        self.fields.get(&of).map_or(&[], Vec::as_slice)
    }

    /// Every field with what it shows and what is open.
    pub fn shows(&self) -> Vec<Expected> {
        let shown = |(of, heads): (&FieldOf, &Vec<Head>)| {
            let alternatives = heads::alternatives(heads)
                .iter()
                .map(|head| head.value.clone())
                .collect();
            Some(Expected {
                of: *of,
                shown: heads.first()?.value.clone(),
                alternatives,
            })
        };
        self.fields.iter().filter_map(shown).collect()
    }

    fn next_ready(&mut self) -> Option<(ReplicaId, u64, Save)> {
        let ready = self.waiting.iter().find_map(|(replica, saves)| {
            let seq = self.applied(*replica) + 1;
            let save = saves.get(&seq)?;
            heads::waits_for(*replica, save, |other| self.applied(other))
                .is_empty()
                .then_some((*replica, seq))
        })?;
        let save = self.waiting.get_mut(&ready.0)?.remove(&ready.1)?;
        Some((ready.0, ready.1, save))
    }

    fn apply(&mut self, replica: ReplicaId, seq: u64, save: &Save) {
        for (dot, change) in save.dots(replica, seq) {
            let of = FieldOf {
                kind: change.kind,
                record: change.record,
                field: change.field,
            };
            let incoming = Head {
                dot,
                hlc: save.hlc,
                author: save.author,
                value: change.value.clone(),
                uncertain: false,
            };
            let heads = self.fields.entry(of).or_default();
            *heads = heads::merge(heads, incoming, &change.seen);
        }
        self.applied.insert(replica, seq);
    }
}

/// The scope of all cases: any facility.
pub fn scope() -> ScopeId {
    RecordId::of_place_code("merge cases").as_scope()
}

/// The keys of the three laptops, in the order of their replicas, so that the third wins a tie.
pub fn laptops() -> [KeyPair; 3] {
    let mut laptops = [1, 2, 3].map(|secret| KeyPair::from_secret(&[secret; 32]));
    laptops.sort_by_key(KeyPair::replica);
    laptops
}

/// The key of one of the [`laptops`].
pub fn key_of(replica: ReplicaId) -> Option<KeyPair> {
    laptops().into_iter().find(|key| key.replica() == replica)
}

/// The table.
pub fn merge_cases() -> Vec<MergeCase> {
    let [awa, binta, cheick] = laptops().map(|key| key.replica());
    let idea = FieldOf {
        kind: Kind::Idea.number(),
        record: RecordId::counted(awa, 1),
        field: IdeaField::Text.number(),
    };
    let position = FieldOf {
        field: IdeaField::Position.number(),
        ..idea
    };
    let deleted = FieldOf {
        field: DELETED.number,
        ..idea
    };
    let numerator = FieldOf {
        kind: Kind::Measurement.number(),
        record: RecordId::natural(&[b"merge cases", b"2026-03"]),
        field: MeasurementField::Numerator.number(),
    };
    let denominator = FieldOf {
        field: MeasurementField::Denominator.number(),
        ..numerator
    };
    let unknown = FieldOf {
        kind: 60_000,
        record: RecordId::counted(binta, 9),
        field: 777,
    };
    let text = |text: &str| Value::Text(text.to_owned());
    let count = |number: i64| Value::Decimal {
        mantissa: number,
        scale: 0,
    };

    vec![
        MergeCase {
            name: "what one side alone wrote is shown",
            parent: vec![],
            local: vec![save(awa, 1, 10).sets(idea, text("Appeler"), &[]).done()],
            remote: vec![],
            expected: vec![shows(idea, text("Appeler"), &[])],
        },
        MergeCase {
            name: "changes of different fields meet in one record",
            parent: vec![
                save(awa, 1, 10)
                    .sets(idea, text("Appeler"), &[])
                    .sets(position, Value::Int(1), &[])
                    .done(),
            ],
            local: vec![
                save(awa, 2, 20)
                    .sets(idea, text("Rappeler"), &[dot(awa, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 21)
                    .sets(position, Value::Int(2), &[dot(awa, 1, 1)])
                    .done(),
            ],
            expected: vec![
                shows(idea, text("Rappeler"), &[]),
                shows(position, Value::Int(2), &[]),
            ],
        },
        MergeCase {
            name: "of two simultaneous values the later stamp is shown, the other stays open",
            parent: vec![save(awa, 1, 10).sets(idea, text("Appeler"), &[]).done()],
            local: vec![
                save(awa, 2, 30)
                    .sets(idea, text("Visiter"), &[dot(awa, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 20)
                    .sets(idea, text("Écrire"), &[dot(awa, 1, 0)])
                    .done(),
            ],
            expected: vec![shows(idea, text("Visiter"), &[text("Écrire")])],
        },
        MergeCase {
            name: "equal stamps: the higher replica is shown",
            parent: vec![],
            local: vec![save(awa, 1, 10).sets(numerator, count(12), &[]).done()],
            remote: vec![save(binta, 1, 10).sets(numerator, count(21), &[]).done()],
            expected: vec![shows(numerator, count(21), &[count(12)])],
        },
        MergeCase {
            name: "equal values close by themselves",
            parent: vec![save(awa, 1, 10).sets(numerator, count(1), &[]).done()],
            local: vec![
                save(awa, 2, 20)
                    .sets(numerator, count(12), &[dot(awa, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 30)
                    .sets(numerator, count(12), &[dot(awa, 1, 0)])
                    .done(),
            ],
            expected: vec![shows(numerator, count(12), &[])],
        },
        MergeCase {
            name: "what the author saw is hidden, however late its stamp",
            parent: vec![save(awa, 1, 90_000).sets(numerator, count(12), &[]).done()],
            local: vec![],
            remote: vec![
                save(binta, 1, 10)
                    .sets(numerator, count(21), &[dot(awa, 1, 0)])
                    .done(),
            ],
            expected: vec![shows(numerator, count(21), &[])],
        },
        MergeCase {
            name: "a clock ten years ahead only chooses what is shown, and the next edit hides it",
            parent: vec![save(awa, 1, 10).sets(numerator, count(12), &[]).done()],
            local: vec![
                save(awa, 2, TEN_YEARS)
                    .sets(numerator, count(13), &[dot(awa, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 20)
                    .sets(numerator, count(14), &[dot(awa, 1, 0)])
                    .done(),
                save(cheick, 1, 30)
                    .sets(numerator, count(15), &[dot(awa, 2, 0)])
                    .done(),
            ],
            expected: vec![shows(numerator, count(15), &[count(14)])],
        },
        MergeCase {
            name: "two laptops that open the same month meet in one record",
            parent: vec![],
            local: vec![
                save(awa, 1, 10)
                    .sets(numerator, count(12), &[])
                    .sets(denominator, count(40), &[])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 20)
                    .sets(numerator, count(14), &[])
                    .sets(denominator, count(40), &[])
                    .done(),
            ],
            expected: vec![
                shows(numerator, count(14), &[count(12)]),
                shows(denominator, count(40), &[]),
            ],
        },
        MergeCase {
            name: "a decision that saw all values closes the conflict",
            parent: vec![save(awa, 1, 10).sets(numerator, count(12), &[]).done()],
            local: vec![
                save(awa, 2, 20)
                    .sets(numerator, count(13), &[dot(awa, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 30)
                    .sets(numerator, count(14), &[dot(awa, 1, 0)])
                    .done(),
                save(binta, 2, 40)
                    .of_kind(SaveKind::Settle)
                    .sets(numerator, count(13), &[dot(binta, 1, 0), dot(awa, 2, 0)])
                    .done(),
            ],
            expected: vec![shows(numerator, count(13), &[])],
        },
        MergeCase {
            name: "an ordinary edit in an open conflict leaves the value it did not see open",
            parent: vec![],
            local: vec![save(awa, 1, 20).sets(numerator, count(13), &[]).done()],
            remote: vec![
                save(binta, 1, 30).sets(numerator, count(14), &[]).done(),
                save(cheick, 1, 10)
                    .sets(numerator, count(15), &[dot(binta, 1, 0)])
                    .done(),
            ],
            expected: vec![shows(numerator, count(13), &[count(15)])],
        },
        MergeCase {
            name: "two simultaneous decisions are a conflict of their own",
            parent: vec![
                save(awa, 1, 10).sets(idea, text("Un"), &[]).done(),
                save(binta, 1, 11).sets(idea, text("Deux"), &[]).done(),
            ],
            local: vec![
                save(awa, 2, 20)
                    .of_kind(SaveKind::Settle)
                    .sets(idea, text("Un"), &[dot(awa, 1, 0), dot(binta, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(cheick, 1, 21)
                    .of_kind(SaveKind::Settle)
                    .sets(idea, text("Trois"), &[dot(awa, 1, 0), dot(binta, 1, 0)])
                    .done(),
            ],
            expected: vec![shows(idea, text("Trois"), &[text("Un")])],
        },
        MergeCase {
            name: "of three simultaneous values each other one stays open, once",
            parent: vec![save(awa, 1, 10).sets(idea, text("Avant"), &[]).done()],
            local: vec![
                save(awa, 2, 20)
                    .sets(idea, text("Un"), &[dot(awa, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 40)
                    .sets(idea, text("Deux"), &[dot(awa, 1, 0)])
                    .done(),
                save(cheick, 1, 30)
                    .sets(idea, text("Trois"), &[dot(awa, 1, 0)])
                    .done(),
            ],
            expected: vec![shows(idea, text("Deux"), &[text("Trois"), text("Un")])],
        },
        MergeCase {
            name: "a row of edits is no conflict while a middle one is on its way",
            parent: vec![save(awa, 1, 10).sets(idea, text("Un"), &[]).done()],
            local: vec![
                save(binta, 1, 20)
                    .sets(idea, text("Deux"), &[dot(awa, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(cheick, 1, 30)
                    .sets(position, Value::Int(3), &[])
                    .done(),
                save(cheick, 2, 31)
                    .sets(idea, text("Trois"), &[dot(binta, 1, 0)])
                    .done(),
                save(cheick, 3, 32)
                    .sets(position, Value::Int(4), &[dot(cheick, 1, 0)])
                    .done(),
            ],
            expected: vec![
                shows(idea, text("Trois"), &[]),
                shows(position, Value::Int(4), &[]),
            ],
        },
        MergeCase {
            name: "emptying a field is a value like any other",
            parent: vec![save(awa, 1, 10).sets(numerator, count(12), &[]).done()],
            local: vec![
                save(awa, 2, 30)
                    .sets(numerator, Value::Null, &[dot(awa, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 20)
                    .sets(numerator, count(0), &[dot(awa, 1, 0)])
                    .done(),
            ],
            expected: vec![shows(numerator, Value::Null, &[count(0)])],
        },
        MergeCase {
            name: "an edit simultaneous with a deletion keeps its value beside it",
            parent: vec![save(awa, 1, 10).sets(idea, text("Appeler"), &[]).done()],
            local: vec![
                save(awa, 2, 30)
                    .sets(deleted, Value::Bool(true), &[dot(awa, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 20)
                    .sets(idea, text("Rappeler"), &[dot(awa, 1, 0)])
                    .done(),
            ],
            expected: vec![
                shows(idea, text("Rappeler"), &[]),
                shows(deleted, Value::Bool(true), &[]),
            ],
        },
        MergeCase {
            name: "a deletion is taken back by a change that saw it",
            parent: vec![save(awa, 1, 10).sets(idea, text("Appeler"), &[]).done()],
            local: vec![
                save(awa, 2, 20)
                    .sets(deleted, Value::Bool(true), &[dot(awa, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 15)
                    .of_kind(SaveKind::Undo)
                    .sets(deleted, Value::Bool(false), &[dot(awa, 2, 0)])
                    .done(),
            ],
            expected: vec![
                shows(idea, text("Appeler"), &[]),
                shows(deleted, Value::Bool(false), &[]),
            ],
        },
        MergeCase {
            name: "within a save the later change of a field has seen the earlier",
            parent: vec![],
            local: vec![
                save(awa, 1, 10)
                    .of_kind(SaveKind::Import)
                    .sets(numerator, count(1), &[])
                    .sets(numerator, count(2), &[dot(awa, 1, 0)])
                    .done(),
            ],
            remote: vec![],
            expected: vec![shows(numerator, count(2), &[])],
        },
        MergeCase {
            name: "kinds and fields from a newer version merge by number",
            parent: vec![save(binta, 1, 10).sets(unknown, text("?"), &[]).done()],
            local: vec![
                save(awa, 1, 20)
                    .sets(
                        unknown,
                        Value::List(vec![text("a"), Value::Null]),
                        &[dot(binta, 1, 0)],
                    )
                    .done(),
            ],
            remote: vec![
                save(binta, 2, 30)
                    .of_kind(SaveKind::Other(200))
                    .sets(unknown, sealed(), &[dot(binta, 1, 0)])
                    .done(),
            ],
            expected: vec![shows(
                unknown,
                sealed(),
                &[Value::List(vec![text("a"), Value::Null])],
            )],
        },
    ]
}

const TEN_YEARS: u64 = 10 * 365 * 24 * 60;

fn sealed() -> Value {
    Value::Sealed {
        key: RecordId::natural(&[b"merge cases", b"key"]),
        bytes: vec![1, 2, 3],
    }
}

fn dot(replica: ReplicaId, seq: u64, index: u32) -> Dot {
    Dot {
        replica,
        seq,
        index,
    }
}

fn shows(of: FieldOf, shown: Value, alternatives: &[Value]) -> Expected {
    Expected {
        of,
        shown,
        alternatives: alternatives.to_vec(),
    }
}

/// A save `minute` minutes into 2026.
fn save(replica: ReplicaId, seq: u64, minute: u64) -> Writing {
    const NEW_YEAR_2026: u64 = 1_767_225_600_000;
    let hlc = Hlc::from_parts(NEW_YEAR_2026 + minute * 60_000, 0);
    let author = RecordId::counted(replica, 0);
    let save = Save {
        hlc,
        author,
        grant: 1,
        kind: SaveKind::Edit,
        reason: None,
        changes: Vec::new(),
    };
    Writing(Arrival { replica, seq, save })
}

struct Writing(Arrival);

impl Writing {
    fn of_kind(mut self, kind: SaveKind) -> Self {
        self.0.save.kind = kind;
        self
    }

    fn sets(mut self, of: FieldOf, value: Value, seen: &[Dot]) -> Self {
        let FieldOf {
            kind,
            record,
            field,
        } = of;
        self.0.save.changes.push(Change {
            kind,
            record,
            field,
            value,
            seen: seen.to_vec(),
        });
        self
    }

    fn done(self) -> Arrival {
        self.0
    }
}
