//! One way to open a database: key, settings, read-back, migrations.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use sync::fault::{Fault, planted};

use crate::disk::{Disk, absent, beside};
use crate::error::{Error, Result};
use crate::{rows, stamps};

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// The database's key.
pub type Key = [u8; 32];

/// What a reader of this database must at least understand; raised only when an older app would do harm.
const MINIMUM_READER: i64 = 2;

/// What SQLCipher writes before everything else.
const SALT_BYTES: u64 = 16;

/// Where a database stands and what opens it. Without a key it is not encrypted.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub disk: &'a dyn Disk,
    pub path: &'a Path,
    pub key: Option<&'a Key>,
}

/// Opens for writing, migrating when needed. What cannot be opened is left as it is, byte for byte.
pub fn writer(at: Place<'_>) -> Result<Connection> {
    if let Some(folder) = at.path.parent() {
        // A write-ahead log that was deleted at the last close must not come back in the place of the next one.
        absent(at.disk.sync_folder(folder))?;
    }
    match at.disk.len(at.path) {
        // A database is never made empty: one without even the salt of its key has lost its content.
        Ok(length) if length < SALT_BYTES => return Err(Error::Damaged),
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => make(at)?,
        // A folder or a device stands in its place.
        Err(error) if error.kind() == std::io::ErrorKind::InvalidInput => {
            return Err(Error::NotWritable);
        }
        Err(error) => return Err(error.into()),
    }
    connect(at, OpenFlags::empty())
}

/// Makes a new database aside and moves it to its place whole.
fn make(at: Place<'_>) -> Result<()> {
    if at.disk.len(&beside(at.path, "-wal")).is_ok() {
        // Work without the database that it belongs to: a new one would take it for its own.
        return Err(Error::Damaged);
    }
    let part = beside(at.path, ".part");
    for left in [part.clone(), beside(&part, "-wal"), beside(&part, "-shm")] {
        absent(at.disk.remove(&left))?;
    }
    let made = Place { path: &part, ..at };
    drop(connect(made, OpenFlags::SQLITE_OPEN_CREATE)?);
    at.disk.rename(&part, at.path)?;
    match at.path.parent() {
        Some(folder) => Ok(at.disk.sync_folder(folder)?),
        None => Ok(()),
    }
}

fn connect(at: Place<'_>, more: OpenFlags) -> Result<Connection> {
    let mut conn = open(at, OpenFlags::SQLITE_OPEN_READ_WRITE | more)?;
    refuse_newer(&conn)?;
    carry_log(&conn, at)?;
    let mode: String = conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(Error::Unsafe("journal_mode"));
    }
    let careless = planted(Fault::SynchronousNormal);
    conn.pragma_update(
        None,
        "synchronous",
        if careless { "NORMAL" } else { "FULL" },
    )?;
    // Read back: a setting that was not taken would lose work at the first power cut.
    if !careless && conn.pragma_query_value(None, "synchronous", |row| row.get::<_, i64>(0))? != 2 {
        return Err(Error::Unsafe("synchronous"));
    }
    // A page that becomes another kind of page keeps nothing of a key that stood in it.
    conn.pragma_update_and_check(None, "secure_delete", "FAST", |_| Ok(()))?;
    if conn.pragma_query_value(None, "foreign_keys", |row| row.get::<_, i64>(0))? != 1 {
        return Err(Error::Unsafe("foreign_keys"));
    }
    // All steps and their record in one transaction: a step that a power cut parted from its record would be taken
    // a second time, and fail for ever.
    embedded::migrations::runner()
        .set_grouped(true)
        .set_abort_missing(false)
        .run(&mut conn)?;
    let tx = conn.transaction()?;
    stamps::renew(&tx)?;
    rows::learn(&tx)?;
    tx.commit()?;
    conn.pragma_update(None, "user_version", MINIMUM_READER)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(conn)
}

/// Makes what stands in the write-ahead log last, before anything is written behind it.
///
/// When the flush of a commit fails, its frames may stay readable though they will never reach the disk: the operating
/// system counts them as written (“Can Applications Recover from fsync Failures?”, USENIX ATC 2020, found it on ext4,
/// XFS and Btrfs). The connection at which it failed writes other frames over them. One that is opened later takes them
/// for a commit, and a power cut then takes every later save along with them, for a log is read up to its first hole.
/// The engine's write lock is held meanwhile: `nyetaa` may run in a terminal beside the window.
pub(crate) fn carry_log(conn: &Connection, at: Place<'_>) -> Result<()> {
    let log = beside(at.path, "-wal");
    conn.execute_batch("BEGIN IMMEDIATE")?;
    let rewritten = absent(at.disk.rewrite(&log));
    conn.execute_batch("ROLLBACK")?;
    Ok(rewritten?)
}

/// Opens for reading only.
pub fn reader(at: Place<'_>) -> Result<Connection> {
    let conn = open(at, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    conn.pragma_update(None, "query_only", true)?;
    Ok(conn)
}

/// Whether opening this database would change its form.
pub fn is_older(conn: &Connection) -> Result<bool> {
    let has: Option<i64> = conn.query_row(
        "SELECT max(version) FROM refinery_schema_history",
        [],
        |row| row.get(0),
    )?;
    let runner = embedded::migrations::runner();
    let newest = runner
        .get_migrations()
        .iter()
        .map(|step| i64::from(step.version()));
    Ok(newest.max() > has)
}

/// Opens and changes nothing by itself: no step of an upgrade, no other journal.
pub fn plain(at: Place<'_>, flags: OpenFlags) -> Result<Connection> {
    open(at, flags)
}

/// Opens and unlocks, one connection after the other: SQLCipher refuses the key when two threads of a process are
/// the first to hand one over.
fn open(at: Place<'_>, flags: OpenFlags) -> Result<Connection> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let conn = match at.disk.vfs() {
        Some(vfs) => Connection::open_with_flags_and_vfs(at.path, flags, vfs)?,
        None => Connection::open_with_flags(at.path, flags)?,
    };
    // Closing would carry what another run left in the log over into a file that is not ours.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    unlock(&conn, at.key)?;
    Ok(conn)
}

fn unlock(conn: &Connection, key: Option<&Key>) -> Result<()> {
    conn.busy_timeout(std::time::Duration::from_secs(10))?;
    if let Some(key) = key {
        let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        conn.pragma_update(None, "key", format!("x'{hex}'"))?;
    }
    // The first page, so that a wrong key or a foreign file shows at once. Whatever cannot be read after it is damage.
    conn.pragma_query_value(None, "schema_version", |row| row.get::<_, i64>(0))
        .map_err(|error| match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => Error::Foreign,
            _ => error.into(),
        })?;
    conn.pragma_update(None, "cache_size", -65_536)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.set_prepared_statement_cache_capacity(128);
    // Where the tables are, so that damage of that shows at once too.
    conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| {
        row.get::<_, i64>(0)
    })?;
    Ok(())
}

fn refuse_newer(conn: &Connection) -> Result<()> {
    let needs: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if needs > MINIMUM_READER {
        Err(Error::NeedsNewer)
    } else {
        Ok(())
    }
}
