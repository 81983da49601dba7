//! Reading meetings, and who was there.

use domain::ids::RecordId;
use domain::registry::Kind;
use rusqlite::Connection;

use crate::error::Result;
use crate::records::queries::{Record, records};

/// The meetings of a place, the latest first.
pub fn of_place(conn: &Connection, place: RecordId) -> Result<Vec<Record>> {
    records(
        conn,
        Kind::Meeting,
        "place = ?1 ORDER BY day DESC, id",
        &[place.as_bytes()],
    )
}

/// Those who were at a meeting, as they were noted.
pub fn present(conn: &Connection, meeting: RecordId) -> Result<Vec<Record>> {
    records(
        conn,
        Kind::Attendance,
        "meeting = ?1 ORDER BY id",
        &[meeting.as_bytes()],
    )
}

/// The teams of the open cycles of a place.
pub fn teams(conn: &Connection, place: RecordId) -> Result<Vec<Record>> {
    records(
        conn,
        Kind::TeamMember,
        "cycle IN (SELECT id FROM cycle WHERE place = ?1 AND coalesce(status, 'open') = 'open' AND NOT coalesce(deleted, 0)) ORDER BY id",
        &[place.as_bytes()],
    )
}
