//! The index of what people wrote, brought up to date a little at a time. Triggers note which records are to be read again, and of
//! which kinds there are new ones.

use std::collections::BTreeMap;

use domain::registry::Kind;
use rusqlite::{Connection, OptionalExtension, params};

use crate::{Result, Store};

/// Records that are read in one transaction: a save that comes meanwhile waits no longer than for its own flush.
const AT_ONCE: usize = 200;

/// Up to which record each kind was looked through for new ones.
type Looked = BTreeMap<u16, Vec<u8>>;

impl Store {
    /// Reads into the index whatever was written since, until nothing is left.
    ///
    /// # Errors
    /// When the disk takes nothing; the index then says what it said before.
    pub fn index(&self) -> Result<()> {
        let mut looked = Looked::new();
        while self.read(waits)? {
            looked = self.transact(|conn| index_some(conn, looked))?;
        }
        Ok(())
    }
}

fn waits(conn: &Connection) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM unsearched)")?
        .query_row([], |row| row.get(0))?)
}

fn index_some(conn: &Connection, mut looked: Looked) -> Result<Looked> {
    let some: Vec<(u16, Vec<u8>)> = conn
        .prepare_cached("SELECT kind, record FROM unsearched LIMIT ?1")?
        .query_map([AT_ONCE as i64], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (kind, record) in some {
        if !record.is_empty() {
            read(conn, kind, &record)?;
            conn.prepare_cached("DELETE FROM unsearched WHERE kind = ?1 AND record = ?2")?
                .execute(params![kind, record])?;
            continue;
        }
        let from = looked.remove(&kind).unwrap_or_default();
        let new = new_ones(conn, kind, &from)?;
        for record in &new {
            read(conn, kind, record)?;
        }
        match new.last() {
            Some(last) => {
                looked.insert(kind, last.clone());
                // The others have their turn in the next transaction.
                break;
            }
            // Some may have come since, before those that were looked at.
            None if !from.is_empty() => {}
            None => {
                conn.prepare_cached("DELETE FROM unsearched WHERE kind = ?1 AND record = x''")?
                    .execute([kind])?;
            }
        }
    }
    Ok(looked)
}

/// Records of a kind after `from` that the index does not have.
fn new_ones(conn: &Connection, kind: u16, from: &[u8]) -> Result<Vec<Vec<u8>>> {
    let Some(table) = Kind::from_number(kind).map(Kind::table) else {
        return Ok(Vec::new());
    };
    let sql = format!(
        "SELECT id FROM {table} WHERE id > ?1 AND NOT EXISTS (SELECT 1 FROM searched WHERE record = id AND kind = ?2)
         ORDER BY id LIMIT ?3"
    );
    let new = conn
        .prepare_cached(&sql)?
        .query_map(params![from, kind, AT_ONCE as i64], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(new)
}

/// Reads a record into the index.
fn read(conn: &Connection, kind: u16, record: &[u8]) -> Result<()> {
    let said = conn
        .prepare_cached(
            "SELECT scope, title, body FROM searchable WHERE kind = ?1 AND record = ?2",
        )?
        .query_row(params![kind, record], |row| {
            Ok((
                row.get::<_, Vec<u8>>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?,
            ))
        })
        .optional()?;
    if let Some((scope, title, body)) = said {
        let no: i64 = conn
            .prepare_cached(
                "INSERT INTO searched (record, kind, scope) VALUES (?1, ?2, ?3)
                 ON CONFLICT (record, kind) DO UPDATE SET scope = excluded.scope RETURNING no",
            )?
            .query_row(params![record, kind, scope], |row| row.get(0))?;
        conn.prepare_cached(
            "INSERT OR REPLACE INTO search (rowid, title, body) VALUES (?1, ?2, ?3)",
        )?
        .execute(params![no, title, body])?;
    }
    Ok(())
}
