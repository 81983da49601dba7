//! The SQL of checklists.

use std::collections::HashMap;

use domain::ids::RecordId;
use domain::registry::Kind;
use rusqlite::Connection;

use crate::error::Result;
use crate::records::queries::{Record, records};

/// Every version and every draft.
pub(super) fn versions(conn: &Connection) -> Result<Vec<Record>> {
    records(conn, Kind::ChecklistVersion, "1 = 1 ORDER BY id", &[])
}

/// The versions of a code.
pub(super) fn of_code(conn: &Connection, code: &str) -> Result<Vec<Record>> {
    let condition = "code = ?1 ORDER BY id";
    records(conn, Kind::ChecklistVersion, condition, &[&code])
}

/// The parts of a version, in their order.
pub(super) fn parts(conn: &Connection, version: RecordId) -> Result<Vec<Record>> {
    let condition = "checklist_version = ?1 ORDER BY position, id";
    records(conn, Kind::ChecklistPart, condition, &[version.as_bytes()])
}

/// How many parts of each version are here.
pub(super) fn arrived(conn: &Connection) -> Result<HashMap<RecordId, i64>> {
    let sql = "SELECT checklist_version, count(*) FROM checklist_part
         WHERE checklist_version IS NOT NULL AND coalesce(deleted, 0) = 0 GROUP BY checklist_version";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut found = HashMap::new();
    while let Some(row) = rows.next()? {
        found.insert(RecordId::from_bytes(row.get(0)?), row.get(1)?);
    }
    Ok(found)
}
