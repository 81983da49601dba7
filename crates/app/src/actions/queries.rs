//! Reading what was agreed to be done.

use domain::ids::RecordId;
use domain::registry::Kind;
use rusqlite::Connection;

use crate::error::Result;
use crate::records::queries::{Record, records};

/// What is carried comes first, by its day; then what is closed, the newest first.
const ORDER: &str =
    "ORDER BY done IS NOT NULL OR given_up IS NOT NULL, due IS NULL, due, done DESC, id";

/// Everything that was agreed at a place.
pub fn of_place(conn: &Connection, place: RecordId) -> Result<Vec<Record>> {
    let condition = format!("place = ?1 {ORDER}");
    records(conn, Kind::Action, &condition, &[place.as_bytes()])
}

/// Everything that a level owes.
pub fn of_level(conn: &Connection, level: &str) -> Result<Vec<Record>> {
    let condition = format!("level = ?1 {ORDER}");
    records(conn, Kind::Action, &condition, &[&level])
}

/// What was decided in a record, and what was agreed there to be done.
pub fn about(conn: &Connection, kind: Kind, about: RecordId) -> Result<Vec<Record>> {
    records(conn, kind, "about = ?1 ORDER BY id", &[about.as_bytes()])
}

/// What is carried at a place, the first due first.
pub fn carried(conn: &Connection, place: RecordId) -> Result<Vec<Record>> {
    records(
        conn,
        Kind::Action,
        "place = ?1 AND done IS NULL AND given_up IS NULL ORDER BY due IS NULL, due, id",
        &[place.as_bytes()],
    )
}
