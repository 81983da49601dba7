//! One way to open a database: key, settings, read-back, migrations.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::{Error, Result};
use crate::platform;

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// The database's key.
pub type Key = [u8; 32];

/// What a reader of this database must at least understand; raised only when an older app would do harm.
const MINIMUM_READER: i64 = 1;

/// What SQLCipher writes before everything else.
const SALT_BYTES: u64 = 16;

/// Opens for writing, migrating when needed. What cannot be opened is left as it is, byte for byte.
pub fn writer(path: &Path, key: &Key) -> Result<Connection> {
    match std::fs::metadata(path) {
        // A database is never made empty: one without even the salt of its key has lost its content.
        Ok(file) if file.is_file() && file.len() < SALT_BYTES => return Err(Error::Damaged),
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => make(path, key)?,
        Err(error) => return Err(error.into()),
    }
    connect(path, key, OpenFlags::empty())
}

/// Makes a new database aside and moves it to its place whole.
fn make(path: &Path, key: &Key) -> Result<()> {
    if beside(path, "-wal").exists() {
        // Work without the database that it belongs to: a new one would take it for its own.
        return Err(Error::Damaged);
    }
    let part = beside(path, ".part");
    for left in [part.clone(), beside(&part, "-wal"), beside(&part, "-shm")] {
        match std::fs::remove_file(left) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    drop(connect(&part, key, OpenFlags::SQLITE_OPEN_CREATE)?);
    std::fs::rename(&part, path)?;
    Ok(platform::sync_folder(path)?)
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn connect(path: &Path, key: &Key, more: OpenFlags) -> Result<Connection> {
    let mut conn = open(path, key, OpenFlags::SQLITE_OPEN_READ_WRITE | more)?;
    refuse_newer(&conn)?;
    let mode: String = conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(Error::Unsafe("journal_mode"));
    }
    conn.pragma_update(None, "synchronous", "FULL")?;
    // Read back: a setting that was not taken would lose work at the first power cut.
    if conn.pragma_query_value(None, "synchronous", |row| row.get::<_, i64>(0))? != 2 {
        return Err(Error::Unsafe("synchronous"));
    }
    if conn.pragma_query_value(None, "foreign_keys", |row| row.get::<_, i64>(0))? != 1 {
        return Err(Error::Unsafe("foreign_keys"));
    }
    embedded::migrations::runner()
        .set_abort_missing(false)
        .run(&mut conn)?;
    conn.pragma_update(None, "user_version", MINIMUM_READER)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(conn)
}

/// Opens for reading only.
pub fn reader(path: &Path, key: &Key) -> Result<Connection> {
    let conn = open(path, key, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    conn.pragma_update(None, "query_only", true)?;
    Ok(conn)
}

/// Opens and unlocks, one connection after the other: SQLCipher refuses the key when two threads of a process are
/// the first to hand one over.
fn open(path: &Path, key: &Key, flags: OpenFlags) -> Result<Connection> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let conn = Connection::open_with_flags(path, flags)?;
    // Closing would carry what another run left in the log over into a file that is not ours.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    unlock(&conn, key)?;
    Ok(conn)
}

fn unlock(conn: &Connection, key: &Key) -> Result<()> {
    conn.busy_timeout(std::time::Duration::from_secs(10))?;
    let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    conn.pragma_update(None, "key", format!("x'{hex}'"))?;
    conn.pragma_update(None, "cache_size", -65_536)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.set_prepared_statement_cache_capacity(128);
    // The first page is read here, so that a wrong key or a foreign file shows at once.
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
