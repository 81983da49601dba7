//! Reading visits and their answers.

use std::collections::HashMap;

use domain::ids::RecordId;
use domain::registry::Kind;
use rusqlite::Connection;

use crate::error::Result;
use crate::records::queries::{Record, records};

/// The visits of a place: what is planned first, then the latest.
pub fn of_place(conn: &Connection, place: RecordId) -> Result<Vec<Record>> {
    records(
        conn,
        Kind::Visit,
        "place = ?1 ORDER BY begun IS NOT NULL OR called_off IS NOT NULL, coalesce(begun, planned) DESC, id DESC",
        &[place.as_bytes()],
    )
}

/// What was answered in a visit.
pub fn answers(conn: &Connection, visit: RecordId) -> Result<Vec<Record>> {
    records(
        conn,
        Kind::Answer,
        "visit = ?1 ORDER BY id",
        &[visit.as_bytes()],
    )
}

/// What was counted again in a visit, by period and measure.
pub fn recounts(conn: &Connection, visit: RecordId) -> Result<Vec<Record>> {
    records(
        conn,
        Kind::Recount,
        "visit = ?1 ORDER BY period DESC, indicator, id",
        &[visit.as_bytes()],
    )
}

/// The photos of a visit, the oldest first.
pub fn photos(conn: &Connection, visit: RecordId) -> Result<Vec<Record>> {
    records(
        conn,
        Kind::Photo,
        "visit = ?1 ORDER BY id",
        &[visit.as_bytes()],
    )
}

/// What earlier visits of a place recommended and is not done yet; earlier than one that was begun on a day, or is yet to begin.
pub fn still_open(
    conn: &Connection,
    place: RecordId,
    visit: RecordId,
    begun: Option<&str>,
) -> Result<Vec<Record>> {
    records(
        conn,
        Kind::Action,
        "place = ?1 AND done IS NULL AND given_up IS NULL AND about <> ?2
         AND about IN (SELECT id FROM visit WHERE place = ?1 AND (?3 IS NULL OR begun <= ?3)) ORDER BY due IS NULL, due, id",
        &[place.as_bytes(), visit.as_bytes(), &begun],
    )
}

/// What earlier visits recommended and was closed since another visit was begun.
pub fn closed_since(
    conn: &Connection,
    place: RecordId,
    visit: RecordId,
    begun: &str,
) -> Result<Vec<Record>> {
    records(
        conn,
        Kind::Action,
        "place = ?1 AND done >= ?3 AND about <> ?2
         AND about IN (SELECT id FROM visit WHERE place = ?1 AND begun <= ?3) ORDER BY done, id",
        &[place.as_bytes(), visit.as_bytes(), &begun],
    )
}

/// The day of the last closed visit of each place, of those that others made.
pub fn last_visits(conn: &Connection) -> Result<HashMap<RecordId, String>> {
    let mut statement = conn.prepare_cached(
        "SELECT place, max(begun) FROM visit WHERE closed IS NOT NULL AND NOT coalesce(own, 0) AND NOT coalesce(deleted, 0)
         AND place IS NOT NULL AND begun IS NOT NULL GROUP BY place",
    )?;
    let rows = statement.query_map([], |row| {
        Ok((RecordId::from_bytes(row.get(0)?), row.get(1)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The visits that others plan or have under way, and those that were returned, the first day first.
pub fn coming(conn: &Connection) -> Result<Vec<Record>> {
    records(
        conn,
        Kind::Visit,
        "(closed IS NULL OR returned IS NOT NULL) AND (begun IS NOT NULL OR called_off IS NULL) AND NOT coalesce(own, 0)
         ORDER BY coalesce(planned, begun), id",
        &[],
    )
}

/// The visits that were planned for or begun between two days.
pub fn between(conn: &Connection, first: &str, last: &str) -> Result<Vec<Record>> {
    records(
        conn,
        Kind::Visit,
        "NOT coalesce(own, 0) AND (begun BETWEEN ?1 AND ?2 OR planned BETWEEN ?1 AND ?2)
         ORDER BY coalesce(begun, planned) DESC, id",
        &[&first, &last],
    )
}

/// What visits recommended and is still to be done, the longest open first.
pub fn open_recommendations(conn: &Connection) -> Result<Vec<Record>> {
    records(
        conn,
        Kind::Action,
        "done IS NULL AND given_up IS NULL AND about IN (SELECT id FROM visit) ORDER BY id",
        &[],
    )
}

/// How many recommendations a visit made, and how many of them are still to be done.
pub fn recommended(conn: &Connection, visit: RecordId) -> Result<(u32, u32)> {
    let mut statement = conn.prepare_cached(
        "SELECT count(*), count(*) FILTER (WHERE done IS NULL AND given_up IS NULL) FROM action
         WHERE about = ?1 AND NOT coalesce(deleted, 0)",
    )?;
    Ok(statement.query_row([visit.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?)
}
