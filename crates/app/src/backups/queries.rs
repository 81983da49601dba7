//! What a database holds, in numbers that people know.

use domain::ids::RecordId;
use rusqlite::Connection;

use super::Contents;
use crate::error::Result;

/// People, cycles, figures and the last month of a database.
pub fn contents(conn: &Connection) -> Result<Contents> {
    let number = |sql: &str| -> Result<u32> {
        Ok(conn
            .prepare_cached(sql)
            .and_then(|mut rows| rows.query_row([], |row| row.get(0)))
            .map_err(store::Error::from)?)
    };
    let last_month = conn
        .prepare_cached("SELECT max(period) FROM measurement WHERE numerator IS NOT NULL AND period GLOB '????-[01]?'")
        .and_then(|mut rows| rows.query_row([], |row| row.get(0)))
        .map_err(store::Error::from)?;
    Ok(Contents {
        people: number("SELECT count(*) FROM person WHERE NOT coalesce(deleted, 0)")?,
        cycles: number("SELECT count(*) FROM cycle WHERE NOT coalesce(deleted, 0)")?,
        figures: number(
            "SELECT count(*) FROM measurement WHERE numerator IS NOT NULL AND NOT coalesce(deleted, 0)",
        )?,
        last_month,
    })
}

/// Whether all of these people have a record.
pub fn knows(conn: &Connection, people: &[RecordId]) -> Result<bool> {
    let mut person = conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM person WHERE id = ?1)")
        .map_err(store::Error::from)?;
    for id in people {
        let there: bool = person
            .query_row([id.as_bytes()], |row| row.get(0))
            .map_err(store::Error::from)?;
        if !there {
            return Ok(false);
        }
    }
    Ok(true)
}
