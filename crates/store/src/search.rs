//! The index of what people wrote, brought up to date a little at a time. Triggers note what is to be read again (`V0021`).

use rusqlite::{Connection, OptionalExtension, params};

use crate::{Result, Store};

/// Records that are read in one transaction: a save that comes meanwhile waits no longer than for its own flush.
const AT_ONCE: u32 = 200;

impl Store {
    /// Reads into the index whatever was written since, until nothing is left.
    ///
    /// # Errors
    /// When the disk takes nothing; the index then says what it said before.
    pub fn index(&self) -> Result<()> {
        while self.read(waits)? {
            self.transact(index_some)?;
        }
        Ok(())
    }
}

fn waits(conn: &Connection) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM unsearched)")?
        .query_row([], |row| row.get(0))?)
}

fn index_some(conn: &Connection) -> Result<()> {
    let some: Vec<(u16, Vec<u8>)> = conn
        .prepare_cached("SELECT kind, record FROM unsearched LIMIT ?1")?
        .query_map([AT_ONCE], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (kind, record) in some {
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
        conn.prepare_cached("DELETE FROM unsearched WHERE kind = ?1 AND record = ?2")?
            .execute(params![kind, record])?;
    }
    Ok(())
}
