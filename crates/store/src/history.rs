//! The history of one record, without opening the whole log of its scope.

use std::collections::BTreeSet;

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::registry::Kind;
use rusqlite::{Connection, OptionalExtension};
use sync::log::Save;
use sync::segment;

use crate::error::{Error, Result};
use crate::stamps;
use crate::streams::{self, Opened};

/// A save with the stream it stands in.
pub(crate) type Placed = (ReplicaId, u64, Save);

/// Every save that touches a record, oldest first.
pub(crate) fn of_record(
    conn: &Connection,
    scope: ScopeId,
    record: RecordId,
    own: ReplicaId,
) -> Result<Vec<Placed>> {
    let mut found = match walk(conn, scope, record, own)? {
        Some(found) => found,
        None => {
            let mut all = saves(conn, scope, own)?;
            all.retain(|(_, _, save)| touches(save, record));
            all
        }
    };
    found.sort_by_key(|(replica, seq, save)| (save.hlc, *replica, *seq));
    Ok(found)
}

fn touches(save: &Save, record: RecordId) -> bool {
    save.changes.iter().any(|change| change.record == record)
}

/// Backwards from the values that stand now: what a change has hidden it names, so everything that was ever applied is
/// reached. Nothing when something on the way is not here, or came and is not applied yet.
fn walk(
    conn: &Connection,
    scope: ScopeId,
    record: RecordId,
    own: ReplicaId,
) -> Result<Option<Vec<Placed>>> {
    let waiting: bool = conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM stream WHERE scope = ?1 AND sealed_seq > applied_seq)",
        )?
        .query_row([scope.as_bytes()], |row| row.get(0))?;
    if waiting {
        return Ok(None);
    }
    let mut ahead = standing(conn, record)?;
    let mut seen = ahead.clone();
    let mut opened = Opened::new(conn, scope, own);
    let mut found = Vec::new();
    // The latest of a stream first: its segments are then opened one after the other.
    while let Some((replica, seq)) = ahead.pop_last() {
        let save = match opened.look(replica, seq) {
            Ok(Some(save)) if touches(save, record) => save,
            Ok(_) | Err(Error::Segment(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        for change in save.changes.iter().filter(|c| c.record == record) {
            for dot in &change.seen {
                if seen.insert((dot.replica, dot.seq)) {
                    ahead.insert((dot.replica, dot.seq));
                }
            }
        }
        found.push((replica, seq, save.clone()));
    }
    Ok(Some(found))
}

/// The saves that wrote the values of a record that stand now.
fn standing(conn: &Connection, record: RecordId) -> Result<BTreeSet<(ReplicaId, u64)>> {
    let mut numbered: BTreeSet<(i64, u64)> = BTreeSet::new();
    for kind in Kind::ALL {
        let sql = format!("SELECT stamps FROM {} WHERE id = ?1", kind.table());
        let packed: Option<Vec<u8>> = conn
            .prepare_cached(&sql)?
            .query_row([record.as_bytes()], |row| row.get(0))
            .optional()?;
        let stamps = stamps::unpack(&packed.unwrap_or_default())?;
        numbered.extend(stamps.iter().map(|stamp| (stamp.replica, stamp.seq)));
    }
    let mut several = conn.prepare_cached("SELECT replica, seq FROM head WHERE record = ?1")?;
    let several = several.query_map([record.as_bytes()], |row| {
        Ok((row.get(0)?, row.get::<_, i64>(1)? as u64))
    })?;
    for one in several {
        numbered.insert(one?);
    }
    let mut replica = conn.prepare_cached("SELECT id FROM replica WHERE no = ?1")?;
    let mut named = BTreeSet::new();
    for (no, seq) in numbered {
        let id = replica.query_row([no], |row| row.get(0))?;
        named.insert((ReplicaId::from_bytes(id), seq));
    }
    Ok(named)
}

/// Every save of a scope with its stream and number, in stream order.
pub(crate) fn saves(
    conn: &Connection,
    scope: ScopeId,
    own: ReplicaId,
) -> Result<Vec<(ReplicaId, u64, Save)>> {
    let mut rows = conn.prepare_cached(
        "SELECT r.id, g.bytes FROM segment g JOIN replica r ON r.no = g.replica WHERE g.scope = ?1 ORDER BY g.replica, g.first_seq",
    )?;
    let rows = rows.query_map([scope.as_bytes()], |row| {
        Ok((
            ReplicaId::from_bytes(row.get(0)?),
            row.get::<_, Vec<u8>>(1)?,
        ))
    })?;
    let mut all = Vec::new();
    for row in rows {
        let (replica, bytes) = row?;
        let segment = segment::read(&bytes)?;
        let Ok(saves) = segment.saves() else { continue };
        all.extend(
            (segment.header().first_seq..)
                .zip(saves)
                .map(|(seq, save)| (replica, seq, save)),
        );
    }
    all.extend(
        streams::tail(conn, scope, own, 0)?
            .into_iter()
            .map(|(seq, save)| (own, seq, save)),
    );
    Ok(all)
}
