//! Many records that one person removed in one sitting: told to the others of the place, and brought back as one. Nothing is
//! refused for it: what another laptop removed came as a change like any other.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::measure::NoDataReason;
use domain::registry::{DELETED, Kind, MeasurementField};
use domain::removal;
use domain::value::Value;
use serde::{Deserialize, Serialize};
use store::Stamp;
use sync::clock::Hlc;
use sync::log::{Dot, SaveKind};
use sync::snapshot;

use super::guard::{Lost, emptied, made};
use super::queries::{
    Record, existing, hanging, lacking_figures, replica_and_author, with_deleted,
};
use super::{RemovedAsked, edit, removing};
use crate::commands::Nothing;
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::permissions::may_change_kind;
use crate::values::FIGURES;

/// What others removed is told for so long: who comes new to a place is not told of all its past.
const TOLD_MS: u64 = 31 * 24 * 60 * 60 * 1_000;
/// Under this name in `meta` stand those that somebody here has seen and left as they are.
const LEFT: &str = "removals_left";
/// So many of them are remembered; older ones are no longer told anyway.
const MOST_LEFT: usize = 200;
/// So many values are followed back to the one that somebody had counted.
const MOST_STEPS: usize = 50;

/// Many records that one person removed in one sitting.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct RemovedBatch {
    /// Names it here, until some of it is brought back.
    pub batch: String,
    /// Who removed them.
    pub by: String,
    /// When the last of them went, ISO local time.
    pub at: String,
    /// How many records, with all that hangs on them.
    pub count: u32,
    /// How many values of them, whose figures were emptied.
    pub values: u32,
    /// Whether it came from another laptop and nobody here has seen to it yet.
    pub told: bool,
}

/// Names a batch.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct OfBatch {
    /// The place.
    #[ts(type = "string")]
    pub place: RecordId,
    /// The batch.
    pub batch: String,
}

/// A record that was brought back.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct RecordBack {
    /// Its kind.
    pub kind: Kind,
    /// The record.
    #[ts(type = "string")]
    pub record: RecordId,
    /// Of a value the figures that stand in it again; none for a record that had been removed.
    pub figures: Vec<MeasurementField>,
    /// Why a value had no data until then, when somebody had said so.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub no_data: Option<String>,
}

/// What was brought back.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct BroughtBack {
    /// The records, to be removed again.
    pub records: Vec<RecordBack>,
    /// Values whose figures are not on this computer: the older history has them.
    pub lacking: u32,
}

/// Removes again what was brought back as one.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct RemoveAgain {
    /// The place.
    #[ts(type = "string")]
    pub place: RecordId,
    /// The records.
    pub records: Vec<RecordBack>,
    /// Whether they are removed although they are many: after `removes-many`.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub sure: bool,
}

/// A record that is gone, and the change by which it went.
struct Removal {
    record: Record,
    author: RecordId,
    dot: Dot,
    at_ms: u64,
    /// How many records go with it.
    with: usize,
}

impl Removal {
    fn is_value(&self) -> bool {
        self.record.kind == Kind::Measurement && !self.record.is_deleted()
    }
}

/// Removals of one sitting, the first one first.
struct Batch(Vec<Removal>);

impl Batch {
    fn name(&self) -> Option<String> {
        let first = &self.0.first()?.dot;
        Some(format!("{}.{}", first.replica, first.seq))
    }

    fn replica(&self) -> Option<ReplicaId> {
        Some(self.0.first()?.dot.replica)
    }

    fn count(&self) -> usize {
        self.0.iter().map(|one| 1 + one.with).sum()
    }

    /// Whether they are many, without those that were made in the same sitting on the same laptop.
    fn is_much(&self, cx: &Cx<'_>) -> Result<bool> {
        let mut much = 0;
        for one in &self.0 {
            if !made_in_same_sitting(cx, one)? {
                much += 1 + one.with;
            }
            if much >= removal::MANY {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// What was removed at a place as many in one sitting, the latest first.
pub fn removed_batches(cx: &Cx<'_>, request: RemovedAsked) -> Result<Vec<RemovedBatch>> {
    let left = left(cx)?;
    let own = cx.store().replica();
    let mut told = Vec::new();
    for batch in batches(cx, cx.scope_of(request.place)?)? {
        let (Some(last), Some(name)) = (batch.0.last(), batch.name()) else {
            continue;
        };
        if !batch.is_much(cx)? {
            continue;
        }
        let values = batch.0.iter().filter(|one| one.is_value()).count();
        let removed = RemovedBatch {
            by: cx.person(last.author)?.0,
            at: cx.stamp(last.at_ms),
            count: number(batch.count()),
            values: number(values),
            told: batch.replica() != Some(own)
                && !left.contains(&name)
                && cx.log_ms().saturating_sub(last.at_ms) <= TOLD_MS,
            batch: name,
        };
        told.push((last.at_ms, removed));
    }
    told.sort_by_key(|(at_ms, _)| std::cmp::Reverse(*at_ms));
    Ok(told.into_iter().map(|(_, removed)| removed).collect())
}

/// Brings all of a batch back in one operation, as far as whoever asks may change it; the rest stays among what was removed.
pub fn restore_batch(cx: &Cx<'_>, request: OfBatch) -> Result<BroughtBack> {
    let scope = cx.scope_of(request.place)?;
    let batch = batches(cx, scope)?
        .into_iter()
        .find(|batch| batch.name().as_ref() == Some(&request.batch))
        .ok_or_else(|| AppError::new("record-gone"))?;
    let past = Past::of(cx, scope);
    let mut back = BroughtBack {
        records: Vec::new(),
        lacking: 0,
    };
    let mut edits = Vec::new();
    let mut may: HashMap<Kind, bool> = HashMap::new();
    for one in &batch.0 {
        let record = &one.record;
        let may = match may.get(&record.kind) {
            Some(may) => *may,
            None => {
                let asked = may_change_kind(cx, record.kind, scope)?;
                *may.entry(record.kind).or_insert(asked)
            }
        };
        if !may {
            continue;
        }
        let mut figures = Vec::new();
        let mut no_data = None;
        if one.is_value() {
            for (field, before) in past.figures(record)? {
                edits.push(edit(record.kind, record.id, field.number(), before));
                figures.push(field);
            }
            if figures.is_empty() {
                back.lacking += 1;
                continue;
            }
            // A figure and « no data » exclude each other.
            no_data = record.text("no_data");
            let field = MeasurementField::NoData.number();
            edits.push(edit(record.kind, record.id, field, Value::Null));
        } else {
            edits.push(edit(
                record.kind,
                record.id,
                DELETED.number,
                Value::Bool(false),
            ));
        }
        back.records.push(RecordBack {
            kind: record.kind,
            record: record.id,
            figures,
            no_data,
        });
    }
    cx.write(|w| cx.save(w, scope, SaveKind::Undo, None, edits))?;
    Ok(back)
}

/// Removes again what was brought back as one, in one operation.
pub fn remove_again(cx: &Cx<'_>, request: RemoveAgain) -> Result<Nothing> {
    let scope = cx.scope_of(request.place)?;
    cx.write(|w| {
        let mut lost: Vec<Lost> = Vec::new();
        let (mut removed, mut empty) = (Vec::new(), Vec::new());
        for one in &request.records {
            let record = existing(w.conn(), one.kind, one.record)?;
            if record.scope != scope {
                return Err(AppError::new("request-invalid"));
            }
            lost.extend(cx.lost(w, &record)?);
            if let Some(word) = &one.no_data {
                if one.figures.is_empty() || NoDataReason::from_word(word).is_none() {
                    return Err(AppError::new("request-invalid"));
                }
                let (field, reason) = (MeasurementField::NoData, Value::text(word.as_str()));
                empty.push(edit(one.kind, record.id, field.number(), reason));
            }
            if one.figures.is_empty() {
                removed.extend(removing(&record));
            }
            for figure in &one.figures {
                let is_figure = FIGURES.iter().any(|(field, _)| field == figure);
                if one.kind != Kind::Measurement || !is_figure {
                    return Err(AppError::new("request-invalid"));
                }
                empty.push(edit(one.kind, record.id, figure.number(), Value::Null));
            }
        }
        cx.guard(w, &lost, request.sure)?;
        cx.save(w, scope, SaveKind::Undo, None, empty)?;
        w.rewrite(true);
        cx.save(w, scope, SaveKind::Undo, None, removed)?;
        Ok(Nothing {})
    })
}

/// Leaves what another laptop removed as it is: it is told here no longer.
pub fn leave_batch(cx: &Cx<'_>, request: OfBatch) -> Result<Nothing> {
    let mut left = left(cx)?;
    left.retain(|name| *name != request.batch);
    left.push(request.batch);
    left.drain(..left.len().saturating_sub(MOST_LEFT));
    let kept = serde_json::to_vec(&left).map_err(|_| AppError::new("store-failed"))?;
    cx.store().set_meta(LEFT, &kept)?;
    (cx.changed)(&BTreeSet::new());
    Ok(Nothing {})
}

fn left(cx: &Cx<'_>) -> Result<Vec<String>> {
    let kept = cx.store().meta(LEFT)?.unwrap_or_default();
    Ok(serde_json::from_slice(&kept).unwrap_or_default())
}

/// How many records others removed as many, as far as some of it came in since [`store::Store::others_removed`] was last asked, in
/// scopes of which something was here.
pub fn many_removed(cx: &Cx<'_>, known: &BTreeSet<ScopeId>) -> Result<u32> {
    let own = cx.store().replica();
    let mut came = cx.store().others_removed();
    came.retain(|(scope, _)| known.contains(scope));
    let scopes: BTreeSet<ScopeId> = came.iter().map(|(scope, _)| *scope).collect();
    let mut count = 0;
    for scope in scopes {
        for batch in batches(cx, scope)? {
            let is_new = |one: &Removal| came.contains(&(scope, one.dot));
            if batch.replica() != Some(own) && batch.0.iter().any(is_new) && batch.is_much(cx)? {
                count += number(batch.count());
            }
        }
    }
    Ok(count)
}

/// Sittings of a scope in which as many records went as are told.
fn batches(cx: &Cx<'_>, scope: ScopeId) -> Result<Vec<Batch>> {
    let mut by_whom: HashMap<(ReplicaId, RecordId), Vec<Removal>> = HashMap::new();
    for one in removals(cx, scope)? {
        by_whom
            .entry((one.dot.replica, one.author))
            .or_default()
            .push(one);
    }
    let mut found = Vec::new();
    for mut removals in by_whom.into_values() {
        removals.sort_by_key(|one| (one.at_ms, one.dot));
        let moments: Vec<u64> = removals.iter().map(|one| one.at_ms).collect();
        let mut removals = removals.into_iter();
        for sitting in removal::sittings(&moments) {
            let batch = Batch(removals.by_ref().take(sitting.len()).collect());
            if batch.count() >= removal::MANY {
                found.push(batch);
            }
        }
    }
    Ok(found)
}

/// Everything that is gone in a scope.
fn removals(cx: &Cx<'_>, scope: ScopeId) -> Result<Vec<Removal>> {
    let mut found = Vec::new();
    let mut note = |record: Record, stamp: Stamp| -> Result<()> {
        let (replica, author) = cx.store().read(|conn| replica_and_author(conn, &stamp))?;
        let (kind, id) = (record.kind, record.id);
        found.push(Removal {
            author,
            dot: Dot {
                replica: ReplicaId::from_bytes(replica),
                seq: stamp.seq,
                index: stamp.index,
            },
            at_ms: Hlc(stamp.hlc).millis(),
            with: cx.store().read(|conn| hanging(conn, kind, id))?,
            record,
        });
        Ok(())
    };
    // Rows of a checklist come and go as it is written, and all of them as it is given out.
    for &kind in Kind::ALL.iter().filter(|it| **it != Kind::ChecklistPart) {
        let of_scope = "scope = ?1 AND deleted = 1";
        let all = cx
            .store()
            .read(|conn| with_deleted(conn, kind, of_scope, &[&scope.as_bytes()]))?;
        for record in all.into_iter().filter(Record::is_deleted) {
            let marked = |stamp: &&Stamp| stamp.field == DELETED.number;
            if let Some(stamp) = record.stamps.iter().find(marked).copied() {
                note(record, stamp)?;
            }
        }
    }
    let all = cx.store().read(|conn| lacking_figures(conn, scope))?;
    for record in all {
        let stamps = emptied(&record).map(|(_, stamp)| stamp);
        if let Some(stamp) = stamps.max_by_key(|stamp| stamp.hlc).copied() {
            note(record, stamp)?;
        }
    }
    Ok(found)
}

/// Whether what is gone was made in the sitting in which it went, on the same laptop: then somebody mended what they had just
/// typed.
fn made_in_same_sitting(cx: &Cx<'_>, one: &Removal) -> Result<bool> {
    if one.is_value() {
        let Some((first, made_ms)) = made(&one.record) else {
            return Ok(false);
        };
        let (replica, _) = cx.store().read(|conn| replica_and_author(conn, first))?;
        return Ok(ReplicaId::from_bytes(replica) == one.dot.replica
            && removal::is_near(made_ms, one.at_ms));
    }
    // Who removes a record writes all of it again: only its history tells when it was made.
    let scope = one.record.scope;
    if !cx.store().history_complete(scope)? {
        return Ok(false);
    }
    let history = cx.store().history(scope, one.record.id)?;
    Ok(history.first().is_some_and(|(replica, _, save)| {
        *replica == one.dot.replica && removal::is_near(save.hlc.millis(), one.at_ms)
    }))
}

/// What stood in a scope before, as far as it is here: in the log, or in the snapshot that it begins with.
struct Past<'a, 'c> {
    cx: &'a Cx<'c>,
    scope: ScopeId,
    base: OnceCell<HashMap<Dot, Value>>,
}

impl<'a, 'c> Past<'a, 'c> {
    fn of(cx: &'a Cx<'c>, scope: ScopeId) -> Self {
        Self {
            cx,
            scope,
            base: OnceCell::new(),
        }
    }

    /// The emptied figures of a value, as they were last; those that are not here are left out.
    fn figures(&self, record: &Record) -> Result<Vec<(MeasurementField, Value)>> {
        let mut figures = Vec::new();
        for (field, stamp) in emptied(record) {
            let (replica, _) = self
                .cx
                .store()
                .read(|conn| replica_and_author(conn, stamp))?;
            let dot = Dot {
                replica: ReplicaId::from_bytes(replica),
                seq: stamp.seq,
                index: stamp.index,
            };
            if let Some(before) = self.before(dot)? {
                figures.push((field, before));
            }
        }
        Ok(figures)
    }

    /// The last value before a change that was not empty.
    fn before(&self, dot: Dot) -> Result<Option<Value>> {
        let mut at = dot;
        for _ in 0..MOST_STEPS {
            let Some((_, seen)) = self.change(at)? else {
                return Ok(None);
            };
            // Several are seen where a question was decided; the last of them was on the screen.
            let Some(earlier) = seen.last().copied() else {
                return Ok(None);
            };
            match self.change(earlier)? {
                Some((Value::Null, _)) => at = earlier,
                Some((value, _)) => return Ok(Some(value)),
                None => return Ok(None),
            }
        }
        Ok(None)
    }

    /// What a change wrote, and what its author had seen.
    fn change(&self, dot: Dot) -> Result<Option<(Value, Vec<Dot>)>> {
        let save = self.cx.store().save_of(self.scope, &dot)?;
        let index = usize::try_from(dot.index).unwrap_or(usize::MAX);
        let logged = save.and_then(|save| save.changes.into_iter().nth(index));
        if let Some(change) = logged {
            return Ok(Some((change.value, change.seen)));
        }
        let base = match self.base.get() {
            Some(base) => base,
            None => {
                let read = self.read_base()?;
                self.base.get_or_init(|| read)
            }
        };
        Ok(base.get(&dot).map(|value| (value.clone(), Vec::new())))
    }

    fn read_base(&self) -> Result<HashMap<Dot, Value>> {
        let base = self.cx.store().base(self.scope)?;
        let read = base.and_then(|base| snapshot::read(&base.bytes).ok());
        let fields = read.map(|read| read.fields).unwrap_or_default();
        Ok(fields
            .into_iter()
            .map(|field| (field.head.dot, field.head.value))
            .collect())
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
