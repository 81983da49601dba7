//! Reading the parts of cycles.

use domain::ids::RecordId;
use domain::registry::Kind;
use rusqlite::Connection;

use crate::error::Result;
use crate::records::queries::{Record, records, with_deleted};

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

/// Every comment about a cycle and its trials.
pub fn comment_count(conn: &Connection, cycle: RecordId) -> Result<u32> {
    Ok(conn
        .prepare_cached(
            "SELECT count(*) FROM comment WHERE NOT coalesce(deleted, 0)
             AND (about = ?1 OR about IN (SELECT id FROM trial WHERE cycle = ?1))",
        )?
        .query_row([cycle.as_bytes()], |row| row.get(0))?)
}
