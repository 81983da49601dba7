//! Reading the parts of cycles.

use domain::ids::RecordId;
use domain::registry::Kind;
use rusqlite::Connection;

use super::cause_record;
use crate::error::{AppError, Result};
use crate::records::queries::{Record, record, records, with_deleted};

/// The parts of a kind that belong to a cycle, in their order.
pub fn parts(conn: &Connection, kind: Kind, cycle: RecordId) -> Result<Vec<Record>> {
    let mut all = every_part(conn, kind, cycle)?;
    all.retain(|record| !record.is_deleted());
    Ok(all)
}

/// The same, deleted ones among them.
pub fn every_part(conn: &Connection, kind: Kind, cycle: RecordId) -> Result<Vec<Record>> {
    let order = match kind {
        Kind::CycleMeasure | Kind::Idea | Kind::Cause | Kind::Driver => "position, id",
        Kind::Trial => "starts, id",
        Kind::Decision => "day, id",
        Kind::Recheck => "due, id",
        _ => "id",
    };
    with_deleted(
        conn,
        kind,
        &format!("cycle = ?1 ORDER BY {order}"),
        &[cycle.as_bytes()],
    )
}

/// The comments about a record, the oldest first.
pub fn comments(conn: &Connection, about: RecordId) -> Result<Vec<Record>> {
    records(
        conn,
        Kind::Comment,
        "about = ?1 ORDER BY day, id",
        &[about.as_bytes()],
    )
}

/// The re-checks at a place whose day has come and that nobody has answered, of changes that stand adopted; the first due
/// first.
pub fn rechecks_due(conn: &Connection, place: RecordId, today: &str) -> Result<Vec<Record>> {
    records(
        conn,
        Kind::Recheck,
        "day IS NULL AND due <= ?2
         AND cycle IN (SELECT id FROM cycle WHERE place = ?1 AND NOT coalesce(deleted, 0))
         AND trial IN (SELECT id FROM trial WHERE decision = 'adopt' AND NOT coalesce(deleted, 0))
         ORDER BY due, id",
        &[place.as_bytes(), &today],
    )
}

/// Every comment about a cycle and its trials.
pub fn comment_count(conn: &Connection, cycle: RecordId) -> Result<u32> {
    Ok(conn
        .prepare_cached(
            "SELECT count(*) FROM comment WHERE NOT coalesce(deleted, 0)
             AND (about = ?1 OR about IN (SELECT id FROM trial WHERE cycle = ?1))",
        )?
        .query_row([cycle.as_bytes()], |row| row.get(0))?)
}

/// Refuses a record that is not of the cycle.
pub fn of_cycle(
    conn: &Connection,
    kind: Kind,
    value: Option<&serde_json::Value>,
    cycle: RecordId,
) -> Result<()> {
    let Some(named) = value.filter(|value| !value.is_null()) else {
        return Ok(());
    };
    let bad = || AppError::new("request-invalid");
    let id: RecordId = named
        .as_str()
        .and_then(|id| id.parse().ok())
        .ok_or_else(bad)?;
    // Nothing has been written of the cause that stands in the cycle, as long as nobody said more of it.
    if kind == Kind::Cause && id == cause_record(cycle) {
        return Ok(());
    }
    let found = record(conn, kind, id)?;
    match found.and_then(|found| found.reference("cycle")) == Some(cycle) {
        true => Ok(()),
        false => Err(bad()),
    }
}

/// Refuses a parent that hangs on the record itself.
pub fn hangs_well(
    conn: &Connection,
    kind: Kind,
    of: (Option<RecordId>, RecordId),
    parent: Option<&serde_json::Value>,
) -> Result<()> {
    let (id, cycle) = of;
    of_cycle(conn, kind, parent, cycle)?;
    let Some(id) = id else { return Ok(()) };
    let mut at: Option<RecordId> = parent
        .and_then(|id| id.as_str())
        .and_then(|id| id.parse().ok());
    let mut steps = 0;
    while let Some(here) = at {
        steps += 1;
        if here == id || steps > 1000 {
            return Err(AppError::new("request-invalid"));
        }
        at = record(conn, kind, here)?.and_then(|found| found.reference("parent"));
    }
    Ok(())
}
