//! Reading places and what stands at them.

use std::collections::HashMap;

use domain::ids::{RecordId, ScopeId};
use domain::registry::Kind;
use rusqlite::Connection;

use crate::error::Result;
use crate::records::queries::{Record, records};

/// The places directly below one that were added to the shipped tree, by name.
pub fn below(conn: &Connection, place: RecordId) -> Result<Vec<Record>> {
    records(
        conn,
        Kind::Place,
        "parent = ?1 ORDER BY name",
        &[place.as_bytes()],
    )
}

/// How many open cycles a place has, and its last month with a value.
pub fn at_a_glance(conn: &Connection, place: RecordId) -> Result<(u32, Option<String>)> {
    let cycles = conn
        .prepare_cached("SELECT count(*) FROM cycle WHERE place = ?1 AND coalesce(status, 'open') = 'open' AND NOT coalesce(deleted, 0)")?
        .query_row([place.as_bytes()], |row| row.get(0))?;
    let last = conn
        .prepare_cached(
            "SELECT max(period) FROM measurement WHERE place = ?1 AND numerator IS NOT NULL",
        )?
        .query_row([place.as_bytes()], |row| row.get(0))?;
    Ok((cycles, last))
}

/// How many fields have several values standing, by scope.
pub fn open_fields_by_scope(conn: &Connection) -> Result<HashMap<ScopeId, u32>> {
    let mut rows = conn.prepare_cached(
        "SELECT scope, count(*) FROM (SELECT scope, kind, record, field FROM head
         GROUP BY kind, record, field HAVING count(DISTINCT value) > 1) GROUP BY scope",
    )?;
    let rows = rows.query_map([], |row| {
        Ok((ScopeId::from_bytes(row.get(0)?), row.get(1)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
