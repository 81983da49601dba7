//! What people have removed at a place. Nothing of it leaves the database, so that all of it can be brought back.

use domain::ids::RecordId;
use domain::registry::{DELETED, Kind};
use serde::{Deserialize, Serialize};
use sync::clock::Hlc;

use super::queries::{Record, record, replica_and_author, with_deleted};
use crate::cx::Cx;
use crate::error::Result;
use crate::sync_client::CycleNamed;

/// What was removed where.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct RemovedAsked {
    /// The place.
    #[ts(type = "string")]
    pub place: RecordId,
}

/// One thing that was removed.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Removed {
    /// What it is.
    pub kind: Kind,
    /// The record.
    #[ts(type = "string")]
    pub id: RecordId,
    /// What people call it; may be empty.
    pub label: String,
    /// The cycle that it is of, unless it is one itself.
    pub cycle: Option<CycleNamed>,
    /// Who removed it.
    pub by: String,
    /// When, ISO local time.
    pub at: String,
}

/// Kinds that nobody removes by hand: values are emptied, people and places end otherwise, an import is undone
/// as a whole, and a checklist removed as one.
const NOT_BY_HAND: [Kind; 7] = [
    Kind::Place,
    Kind::Person,
    Kind::Measurement,
    Kind::Opening,
    Kind::Import,
    Kind::ImportPart,
    Kind::ChecklistPart,
];

/// What was removed at a place, the latest first. What a removed cycle held comes back with the cycle and is not told by itself.
pub fn removed(cx: &Cx<'_>, request: RemovedAsked) -> Result<Vec<Removed>> {
    let mut found = Vec::new();
    for &kind in Kind::ALL {
        if NOT_BY_HAND.contains(&kind) {
            continue;
        }
        let scope = request.place.as_scope();
        let all = cx.store().read(|conn| {
            with_deleted(
                conn,
                kind,
                "scope = ?1 AND deleted = 1",
                &[&scope.as_bytes()],
            )
        })?;
        for gone in all.iter().filter(|record| record.is_deleted()) {
            found.extend(told(cx, gone)?);
        }
    }
    found.sort_by_key(|(hlc, _)| std::cmp::Reverse(*hlc));
    Ok(found.into_iter().map(|(_, removed)| removed).collect())
}

fn told(cx: &Cx<'_>, gone: &Record) -> Result<Option<(u64, Removed)>> {
    let marked = gone
        .stamps
        .iter()
        .find(|stamp| stamp.field == DELETED.number);
    let Some(stamp) = marked else {
        return Ok(None);
    };
    let cycle = cx
        .cycle_of(gone.kind, gone.id)?
        .filter(|cycle| *cycle != gone.id);
    let cycle = match cycle {
        None => None,
        Some(id) => {
            let stands = cx.store().read(|conn| record(conn, Kind::Cycle, id))?;
            if stands.is_none_or(|cycle| cycle.is_deleted()) {
                return Ok(None);
            }
            let title = cx.label(Kind::Cycle, id)?;
            Some(CycleNamed { id, title })
        }
    };
    let (_, author) = cx.store().read(|conn| replica_and_author(conn, stamp))?;
    let removed = Removed {
        kind: gone.kind,
        id: gone.id,
        label: cx.label(gone.kind, gone.id)?,
        cycle,
        by: cx.person(author)?.0,
        at: cx.stamp(Hlc(stamp.hlc).millis()),
    };
    Ok(Some((stamp.hlc, removed)))
}
