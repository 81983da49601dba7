//! Reading the quarters' pauses, and what was tried in a quarter.

use chrono::NaiveDate;
use domain::ids::RecordId;
use domain::registry::Kind;
use rusqlite::Connection;

use crate::error::Result;
use crate::records::queries::{Record, records};

/// The pauses of a place, the latest quarter first.
pub fn of_place(conn: &Connection, place: RecordId) -> Result<Vec<Record>> {
    records(
        conn,
        Kind::Pause,
        "place = ?1 ORDER BY period DESC, id",
        &[place.as_bytes()],
    )
}

/// The trials of a place that ran or were decided between two days.
pub fn tried(
    conn: &Connection,
    place: RecordId,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<Record>> {
    records(
        conn,
        Kind::Trial,
        "cycle IN (SELECT id FROM cycle WHERE place = ?1 AND NOT coalesce(deleted, 0))
         AND coalesce(starts, decided) <= ?3 AND coalesce(decided, ends, starts) >= ?2
         ORDER BY starts, id",
        &[place.as_bytes(), &first.to_string(), &last.to_string()],
    )
}
