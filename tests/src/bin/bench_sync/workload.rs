//! The workloads as saves: of a laptop with its database, and of one without.

use app::{App, AppError};
use domain::ids::RecordId;
use domain::registry::{Kind, TrialField};
use domain::value::Value;
use nyetaa_tests::{Chance, Light};
use store::{Draft, Edit, Seen};
use sync::clock::Hlc;
use sync::log::{Change, Dot, Save, SaveKind};

use crate::Outcome;
use crate::words::{FIELDS, Words};

/// What is written in one go.
#[derive(Debug, Clone, Copy)]
pub enum Work {
    /// New records, each a save of ten changes.
    Records(usize),
    /// So many changes of this many records, spread evenly, each record a save.
    Edits { changes: usize, records: usize },
    /// Every field of the records from one place of their order to another.
    Whole { from: usize, to: usize },
}

impl Work {
    /// As a laptop's process is told.
    pub fn words(self) -> [String; 3] {
        let words =
            |name: &str, a: usize, b: usize| [name.to_owned(), a.to_string(), b.to_string()];
        match self {
            Self::Records(count) => words("records", count, 0),
            Self::Edits { changes, records } => words("edits", changes, records),
            Self::Whole { from, to } => words("whole", from, to),
        }
    }

    /// The reverse.
    pub fn from_words(name: &str, a: usize, b: usize) -> Outcome<Self> {
        match name {
            "records" => Ok(Self::Records(a)),
            "edits" => Ok(Self::Edits {
                changes: a,
                records: b,
            }),
            "whole" => Ok(Self::Whole { from: a, to: b }),
            other => Err(format!("no such work: {other}").into()),
        }
    }
}

/// The changes of one save: which record (none for a new one) and its fields.
type Planned = (Option<RecordId>, Vec<(TrialField, Value)>);

/// The saves that `work` comes to on `records`, all following from `seed`.
pub fn plan(work: Work, words: Words, seed: u64, records: &[RecordId]) -> Vec<Planned> {
    let mut chance = Chance::of(seed);
    match work {
        Work::Records(count) => (0..count)
            .map(|_| (None, words.record(&mut chance)))
            .collect(),
        Work::Whole { from, to } => records
            .get(from..to)
            .unwrap_or_default()
            .iter()
            .map(|record| (Some(*record), words.record(&mut chance)))
            .collect(),
        Work::Edits {
            changes,
            records: count,
        } => {
            let mut chosen = records.to_vec();
            // Fisher and Yates, as far as is needed.
            let count = count.min(chosen.len());
            for at in 0..count {
                let other = at + chance.below((chosen.len() - at) as u64) as usize;
                chosen.swap(at, other);
            }
            (0..count)
                .map(|at| {
                    let share = changes * (at + 1) / count - changes * at / count;
                    let first = chance.below(FIELDS.len() as u64) as usize;
                    let fields = (0..share)
                        .map(|i| FIELDS[(first + i * 3) % FIELDS.len()])
                        .map(|field| (field, words.value(&mut chance, field)))
                        .collect();
                    (Some(chosen[at]), fields)
                })
                .collect()
        }
    }
}

/// Carries it out on a laptop, each save by itself, as a person would. `tick` moves the laptop's clock on.
pub fn write(app: &App, work: Work, words: Words, seed: u64, tick: impl Fn()) -> Outcome<usize> {
    let scope = app.with(|cx| cx.author().map(|author| author.home.as_scope()))?;
    let records = trials(app)?;
    let mut made = 0;
    for (record, fields) in plan(work, words, seed, &records) {
        tick();
        made += app.with(|cx| {
            let author = cx.author()?.person;
            let grant = cx.grant()?.map_or(0, |grant| grant.terms().version);
            cx.write(|w| {
                let record = match record {
                    Some(record) => record,
                    None => w.new_record()?,
                };
                let edits = fields.into_iter().map(|(field, value)| Edit {
                    kind: Kind::Trial,
                    record,
                    field: field.number(),
                    value,
                    seen: Seen::Shown,
                });
                Ok(w.save(Draft {
                    scope,
                    author,
                    grant,
                    kind: SaveKind::Edit,
                    reason: None,
                    edits: edits.collect(),
                })?)
            })
        })?;
    }
    Ok(made)
}

/// The laptop's records in the order of their identifiers, alike on every laptop.
pub fn trials(app: &App) -> Outcome<Vec<RecordId>> {
    let ids: Vec<RecordId> = app.with(|cx| {
        let read = cx.store().read(|conn| {
            let mut rows = conn.prepare("SELECT id FROM trial ORDER BY id")?;
            let rows = rows.query_map([], |row| Ok(RecordId::from_bytes(row.get(0)?)))?;
            Ok::<_, store::Error>(rows.collect::<Result<_, _>>()?)
        });
        Ok::<_, AppError>(read?)
    })?;
    Ok(ids)
}

/// Saves of a laptop without a database: `records` new ones of ten changes each, the last one cut to what is left of
/// `changes`. Some minutes pass between two saves.
pub fn saves(
    light: &Light,
    records: usize,
    changes: usize,
    words: Words,
    seed: u64,
    begun_ms: u64,
) -> Vec<Save> {
    let mut chance = Chance::of(seed);
    let mut at = begun_ms;
    let first = light.last_seq() + 1;
    (0..records)
        .map(|n| {
            at += 20_000 + chance.below(600_000);
            let record = RecordId::counted(light.replica(), 1 + first + n as u64);
            let left = changes.saturating_sub(n * FIELDS.len());
            let fields = words.record(&mut chance).into_iter().take(left);
            Save {
                hlc: Hlc::from_parts(at, 0),
                author: light.author(),
                grant: light.grant(),
                kind: SaveKind::Edit,
                reason: None,
                changes: fields
                    .map(|(field, value)| Change {
                        kind: Kind::Trial.number(),
                        record,
                        field: field.number(),
                        value,
                        seen: Vec::new(),
                    })
                    .collect(),
            }
        })
        .collect()
}

/// Saves that change fields of records saved before, each change naming the value that it replaces: `changes` in saves of four.
pub fn later(light: &Light, changes: usize, words: Words, seed: u64, begun_ms: u64) -> Vec<Save> {
    let mut chance = Chance::of(seed);
    let mut at = begun_ms;
    let records = light.last_seq().max(1);
    (0..changes.div_ceil(4))
        .map(|n| {
            at += 20_000 + chance.below(600_000);
            // The n-th save made the n-th record, field by field in their order.
            let made = 1 + n as u64 % records;
            let record = RecordId::counted(light.replica(), 1 + made);
            let first = chance.below(FIELDS.len() as u64) as usize;
            let fields = (0..4.min(changes - n * 4)).map(|i| (first + i * 3) % FIELDS.len());
            Save {
                hlc: Hlc::from_parts(at, 0),
                author: light.author(),
                grant: light.grant(),
                kind: SaveKind::Edit,
                reason: None,
                changes: fields
                    .map(|field| Change {
                        kind: Kind::Trial.number(),
                        record,
                        field: FIELDS[field].number(),
                        value: words.value(&mut chance, FIELDS[field]),
                        seen: vec![Dot {
                            replica: light.replica(),
                            seq: made,
                            index: field as u32,
                        }],
                    })
                    .collect(),
            }
        })
        .collect()
}
