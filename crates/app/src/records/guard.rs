//! Asks before much is removed in one act or one after the other, whoever acts: a screen, the terminal, a file. The rule is
//! [`domain::removal`].

use domain::ids::{RecordId, ReplicaId};
use domain::registry::{Kind, MeasurementField};
use domain::removal;
use domain::value::Value;
use serde::{Deserialize, Serialize};
use store::{Stamp, Writer};
use sync::clock::Hlc;

use super::queries::{Record, hanging, record, replica_and_author};
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::values::FIGURES;

/// Where the removals that nobody was asked about stand beside the log.
const RUN: &str = "removals";

/// What an act takes away.
#[derive(Debug, Clone)]
pub(crate) struct Lost {
    kind: Kind,
    id: RecordId,
    /// How many records go with it.
    with: usize,
}

/// One removal that nobody was asked about. There are fewer than [`removal::MANY`].
#[derive(Serialize, Deserialize)]
struct Earlier {
    kind: Kind,
    id: RecordId,
    at_ms: u64,
}

/// Whether a record was removed, or is a value of which a figure was emptied.
fn is_gone(record: &Record) -> bool {
    record.is_deleted() || emptied(record).next().is_some()
}

/// The figures of a value that somebody emptied, with the stamp of that. One that was never written has none.
pub(super) fn emptied(record: &Record) -> impl Iterator<Item = (MeasurementField, &Stamp)> {
    let is_value = record.kind == Kind::Measurement;
    let figures = FIGURES.into_iter().filter(move |_| is_value);
    figures.filter_map(move |(field, name)| {
        let mut stamps = record.stamps.iter();
        let stamp = stamps.find(|stamp| stamp.field == field.number())?;
        (*record.value(name) == Value::Null).then_some((field, stamp))
    })
}

/// The stamp of a record's first field, of those that stand, and when that was.
pub(super) fn made(record: &Record) -> Option<(&Stamp, u64)> {
    let first = record.stamps.iter().min_by_key(|stamp| stamp.hlc)?;
    Some((first, Hlc(first.hlc).millis()))
}

impl Cx<'_> {
    /// What is lost when a record is removed, or a value's figures are emptied; nothing when it is gone already, or was made here in
    /// this sitting.
    pub(crate) fn lost(&self, w: &Writer<'_>, record: &Record) -> Result<Option<Lost>> {
        let has_figures = FIGURES
            .iter()
            .any(|(_, name)| *record.value(name) != Value::Null);
        if record.is_deleted() || (record.kind == Kind::Measurement && !has_figures) {
            return Ok(None);
        }
        if let Some((first, made_ms)) = made(record) {
            let (replica, _) = replica_and_author(w.conn(), first)?;
            let here = self.store().replica() == ReplicaId::from_bytes(replica);
            if here && removal::is_near(made_ms, self.log_ms()) {
                return Ok(None);
            }
        }
        Ok(Some(Lost {
            kind: record.kind,
            id: record.id,
            with: hanging(w.conn(), record.kind, record.id)?,
        }))
    }

    /// Asks before much is removed: refuses unless whoever acts is `sure`, and keeps count of what nobody was asked about.
    ///
    /// # Errors
    /// `removes-many`: how many, and what.
    pub(crate) fn guard(&self, w: &mut Writer<'_>, lost: &[Lost], sure: bool) -> Result<()> {
        if lost.is_empty() {
            return Ok(());
        }
        let at_ms = self.log_ms();
        let mut run = self.unasked(w)?;
        let now = lost.iter().map(|one| 1 + one.with).sum();
        let earlier: Vec<u64> = run.iter().map(|one| one.at_ms).collect();
        if sure {
            run.clear();
        } else if removal::asks(&earlier, now, at_ms) {
            let values = lost.iter().all(|one| one.kind == Kind::Measurement);
            let (what, count) = match lost {
                _ if now < removal::MANY => ("run", now + removal::in_sitting(&earlier, at_ms)),
                [one] if one.with > 0 => ("whole", one.with),
                _ if values => ("values", now),
                _ => ("records", now),
            };
            return Err(AppError::new("removes-many")
                .with("what", what)
                .with("count", count));
        } else {
            run.extend(lost.iter().map(|one| Earlier {
                kind: one.kind,
                id: one.id,
                at_ms,
            }));
            // A sitting in which nobody was asked has no more.
            run.drain(..run.len().saturating_sub(removal::MANY));
        }
        let kept = serde_json::to_vec(&run).map_err(|_| AppError::new("store-failed"))?;
        Ok(w.set_meta(RUN, &kept)?)
    }

    /// Removals that nobody was asked about, as far as nobody has brought back what they took away.
    fn unasked(&self, w: &Writer<'_>) -> Result<Vec<Earlier>> {
        let kept = self.store().meta(RUN)?.unwrap_or_default();
        let mut run: Vec<Earlier> = serde_json::from_slice(&kept).unwrap_or_default();
        let mut still = Vec::with_capacity(run.len());
        for one in run.drain(..) {
            let found = record(w.conn(), one.kind, one.id)?;
            if found.as_ref().is_some_and(is_gone) {
                still.push(one);
            }
        }
        Ok(still)
    }

    /// This moment as the log tells it.
    pub(super) fn log_ms(&self) -> u64 {
        let offset = self.store().clock_offset().unwrap_or(0);
        self.now_ms.saturating_add_signed(offset)
    }
}
