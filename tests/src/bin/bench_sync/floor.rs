//! What SQLite alone takes for the same changes on this machine, in this run: write-ahead log, `synchronous=FULL`, no key, no
//! log, no history.

use std::path::Path;
use std::time::Instant;

use domain::value::Value;
use nyetaa_tests::Chance;
use rusqlite::{Connection, params};

use crate::laptop::cpu;
use crate::words::{FIELDS, Words};
use crate::{Measured, Outcome};

/// How the rows are laid out.
#[derive(Debug, Clone, Copy)]
pub enum Layout {
    /// One row a record, all in one transaction.
    RowPerRecord,
    /// One row a field, so many to a transaction.
    RowPerField(usize),
}

/// Writes so many new records and answers what it took and the file's bytes.
pub fn records(
    path: &Path,
    count: usize,
    layout: Layout,
    words: Words,
) -> Outcome<(Measured, u64)> {
    let mut chance = Chance::of(77);
    let all: Vec<_> = (0..count).map(|_| words.record(&mut chance)).collect();
    let mut conn = open(path)?;
    conn.execute_batch(
        "CREATE TABLE record (id BLOB PRIMARY KEY, f0, f1, f2, f3, f4, f5, f6, f7, f8, f9) WITHOUT ROWID;
         CREATE TABLE field (record BLOB, field INTEGER, value, at INTEGER, PRIMARY KEY (record, field)) WITHOUT ROWID;",
    )?;
    let (begun, used) = (Instant::now(), cpu());
    match layout {
        Layout::RowPerRecord => {
            let tx = conn.transaction()?;
            let mut insert = tx.prepare(
                "INSERT INTO record VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?;
            for (n, fields) in all.iter().enumerate() {
                insert.raw_bind_parameter(1, id(n).as_slice())?;
                for (at, (_, value)) in fields.iter().enumerate() {
                    insert.raw_bind_parameter(at + 2, plain(value))?;
                }
                insert.raw_execute()?;
            }
            drop(insert);
            tx.commit()?;
        }
        Layout::RowPerField(together) => {
            for (part, records) in all.chunks(together / FIELDS.len()).enumerate() {
                let tx = conn.transaction()?;
                let mut insert = tx.prepare("INSERT INTO field VALUES (?1, ?2, ?3, ?4)")?;
                for (n, fields) in records.iter().enumerate() {
                    let id = id(part * (together / FIELDS.len()) + n);
                    for (field, value) in fields {
                        insert.execute(params![
                            id.as_slice(),
                            field.number(),
                            plain(value),
                            n as i64
                        ])?;
                    }
                }
                drop(insert);
                tx.commit()?;
            }
        }
    }
    let measured = Measured {
        wall: begun.elapsed().as_secs_f64(),
        cpu: (cpu() - used).as_secs_f64(),
    };
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok((measured, std::fs::metadata(path)?.len()))
}

/// Changes one field each of so many rows in one transaction, as a day's work would.
pub fn day(path: &Path, changes: usize, words: Words) -> Outcome<Measured> {
    records(path, 1_000, Layout::RowPerRecord, words)?;
    let mut conn = open(path)?;
    let mut chance = Chance::of(78);
    let (begun, used) = (Instant::now(), cpu());
    let tx = conn.transaction()?;
    for n in 0..changes {
        let at = n % FIELDS.len();
        tx.prepare_cached(&format!("UPDATE record SET f{at} = ?2 WHERE id = ?1"))?
            .execute(params![
                id(n * 5).as_slice(),
                plain(&words.value(&mut chance, FIELDS[at]))
            ])?;
    }
    tx.commit()?;
    Ok(Measured {
        wall: begun.elapsed().as_secs_f64(),
        cpu: (cpu() - used).as_secs_f64(),
    })
}

fn open(path: &Path) -> Outcome<Connection> {
    let conn = Connection::open(path)?;
    conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "cache_size", -65_536)?;
    Ok(conn)
}

fn id(n: usize) -> [u8; 16] {
    let mut id = [7; 16];
    id[8..].copy_from_slice(&(n as u64).to_be_bytes());
    id
}

fn plain(value: &Value) -> rusqlite::types::Value {
    match value {
        Value::Text(text) => text.clone().into(),
        Value::Date(day) => i64::from(*day).into(),
        other => other.as_f64().unwrap_or_default().into(),
    }
}
