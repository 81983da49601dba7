//! One way to open a database: key, settings, read-back, migrations.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::error::{Error, Result};

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// The database's key.
pub type Key = [u8; 32];

/// What a reader of this database must at least understand; raised only when an older app would do harm.
const MINIMUM_READER: i64 = 1;

/// Opens for writing, migrating when needed.
pub fn writer(path: &Path, key: &Key) -> Result<Connection> {
    let mut conn = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
    )?;
    unlock(&conn, key)?;
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
    refuse_newer(&conn)?;
    embedded::migrations::runner()
        .set_abort_missing(false)
        .run(&mut conn)?;
    conn.pragma_update(None, "user_version", MINIMUM_READER)?;
    Ok(conn)
}

/// Opens for reading only.
pub fn reader(path: &Path, key: &Key) -> Result<Connection> {
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    unlock(&conn, key)?;
    conn.pragma_update(None, "query_only", true)?;
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
