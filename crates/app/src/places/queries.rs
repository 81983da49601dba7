//! Reading places and what stands at them.

use std::collections::HashMap;

use domain::ids::{RecordId, ScopeId};
use domain::registry::Kind;
use rusqlite::Connection;

use crate::error::Result;
use crate::records::queries::{Record, fields_with_several, records};

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
            "SELECT max(period) FROM measurement WHERE place = ?1 AND numerator IS NOT NULL AND period GLOB '????-[01]?'",
        )?
        .query_row([place.as_bytes()], |row| row.get(0))?;
    Ok((cycles, last))
}

/// How many fields are open by scope: different values stand, and this version knows the field.
pub fn open_fields_by_scope(conn: &Connection) -> Result<HashMap<ScopeId, u32>> {
    let mut open = HashMap::new();
    for (kind, _, field, scope) in fields_with_several(conn)? {
        if Kind::from_number(kind).is_some_and(|kind| kind.field(field).is_some()) {
            *open.entry(scope).or_insert(0) += 1;
        }
    }
    Ok(open)
}
