//! Storage in one SQLite file: WAL, synchronous=FULL, no key (the disk is the operator's). One connection writes; each
//! reader has one of its own that cannot write, so that however long somebody reads, nobody who writes waits.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, TransactionBehavior, params_from_iter};

use super::cell::{Cell, Param, Row};
use super::tx::Tx;
use super::{Error as StorageError, Result as StorageResult};
use crate::disk::Disk;

#[cfg(test)]
mod tests;

mod migrations {
    #![allow(missing_docs, reason = "written by refinery's macro")]
    refinery::embed_migrations!("migrations/sqlite");
}

/// What can go wrong with the file.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The engine failed or refused.
    #[error("sqlite: {0}")]
    Engine(#[from] rusqlite::Error),
    /// The write-ahead log could not be made to last.
    #[error("write-ahead log: {0}")]
    Log(io::Error),
    /// The schema could not be brought up to date.
    #[error("migration: {0}")]
    Migration(Box<refinery::Error>),
}

impl From<refinery::Error> for Error {
    fn from(error: refinery::Error) -> Self {
        Self::Migration(Box::new(error))
    }
}

impl From<rusqlite::Error> for StorageError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error.into())
    }
}

/// Connections for reading that are kept for the next one to read.
const READERS_KEPT: usize = 8;

/// An open file.
#[derive(Debug)]
pub struct File {
    /// Those that nobody reads by just now. They go before the writer does, which then tidies up behind itself.
    readers: Mutex<Vec<Connection>>,
    writer: Mutex<Connection>,
    /// Where it lies, and on which file system; none for one that leaves nothing behind.
    place: Option<Place>,
}

#[derive(Debug)]
struct Place {
    path: PathBuf,
    vfs: Option<String>,
}

impl Place {
    fn connect(&self, flags: OpenFlags) -> StorageResult<Connection> {
        let connection = match &self.vfs {
            Some(vfs) => Connection::open_with_flags_and_vfs(&self.path, flags, vfs.as_str())?,
            None => Connection::open_with_flags(&self.path, flags)?,
        };
        // `invite` and `check` run beside a serving process: they wait for its writes.
        connection.busy_timeout(Duration::from_secs(10))?;
        Ok(connection)
    }

    fn reader(&self) -> StorageResult<Connection> {
        let writing = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let reading = OpenFlags::SQLITE_OPEN_READ_ONLY;
        let connection = self.connect((OpenFlags::default() - writing) | reading)?;
        connection.pragma_update(None, "cache_size", -16_384)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(connection)
    }
}

/// Statements that a connection keeps prepared.
const STATEMENTS: usize = 128;

impl File {
    /// Opens the file at `path` of `disk`, made when it is missing, and brings its schema up to date.
    ///
    /// # Errors
    /// When it is no database, or does not take the settings that promise durability.
    pub fn open(path: &Path, disk: &dyn Disk) -> StorageResult<Self> {
        let place = Place {
            path: path.to_owned(),
            vfs: disk.vfs().map(str::to_owned),
        };
        let connection = place.connect(OpenFlags::default())?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
        let synchronous: i64 =
            connection.pragma_query_value(None, "synchronous", |row| row.get(0))?;
        if mode != "wal" {
            return Err(StorageError::Setting("journal_mode=WAL"));
        }
        if synchronous != 2 {
            return Err(StorageError::Setting("synchronous=FULL"));
        }
        connection.pragma_update(None, "cache_size", -65_536)?;
        // A page that becomes another kind of page keeps nothing of a key that stood in it.
        connection.pragma_update_and_check(None, "secure_delete", "FAST", |_| Ok(()))?;
        // If this fails, closing must not carry what may not last over into the database.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        carry_log(&connection, path, disk)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
        Self::prepare(connection, Some(place))
    }

    /// A database of its own that leaves nothing behind.
    ///
    /// # Errors
    /// When there is no room for it.
    pub fn scratch() -> StorageResult<Self> {
        let connection = Connection::open("")?;
        connection.pragma_update(None, "synchronous", "OFF")?;
        Self::prepare(connection, None)
    }

    fn prepare(mut connection: Connection, place: Option<Place>) -> StorageResult<Self> {
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        // A migration that makes a table anew drops one that others refer to.
        connection.pragma_update(None, "foreign_keys", false)?;
        // With their record in one transaction: a step parted from it would be taken a second time, and fail for ever.
        migrations::migrations::runner()
            .set_grouped(true)
            .run(&mut connection)
            .map_err(Error::from)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        let on: bool = connection.pragma_query_value(None, "foreign_keys", |row| row.get(0))?;
        if !on {
            return Err(StorageError::Setting("foreign_keys=ON"));
        }
        Ok(Self {
            readers: Mutex::default(),
            writer: Mutex::new(connection),
            place,
        })
    }

    /// Runs `work` in one write transaction.
    pub(super) fn write<T, E: From<StorageError>>(
        &self,
        work: impl FnMut(&dyn Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        transact(
            &mut locked(&self.writer),
            TransactionBehavior::Immediate,
            work,
        )
    }

    /// Empties the write-ahead log.
    pub(super) fn sweep(&self) -> StorageResult<()> {
        let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
        Ok(locked(&self.writer).query_row(checkpoint, [], |_| Ok(()))?)
    }

    /// Runs `work` on one unchanging view.
    pub(super) fn read<T, E: From<StorageError>>(
        &self,
        work: impl FnMut(&dyn Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let behavior = TransactionBehavior::Deferred;
        let Some(place) = &self.place else {
            // What leaves nothing behind is seen by one connection alone.
            return transact(&mut locked(&self.writer), behavior, work);
        };
        let kept = locked(&self.readers).pop();
        let mut connection = match kept {
            Some(connection) => connection,
            None => place.reader()?,
        };
        let done = transact(&mut connection, behavior, work);
        let mut readers = locked(&self.readers);
        if readers.len() < READERS_KEPT {
            readers.push(connection);
        }
        done
    }
}

/// A panic in the middle rolled its transaction back, so what it left is whole.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn transact<T, E: From<StorageError>>(
    connection: &mut Connection,
    behavior: TransactionBehavior,
    mut work: impl FnMut(&dyn Tx) -> Result<T, E>,
) -> Result<T, E> {
    let transaction = Transaction(
        connection
            .transaction_with_behavior(behavior)
            .map_err(StorageError::from)?,
    );
    let done = work(&transaction)?;
    transaction.0.commit().map_err(StorageError::from)?;
    Ok(done)
}

/// Makes what stands in the write-ahead log last, before anything is written behind it.
///
/// When the flush of a commit fails, its frames may stay readable though they will never reach the disk: the operating
/// system counts them as written. The connection at which it failed writes other frames over them. A process that
/// opens the file later takes them for a commit, and a power cut then takes every later one along with them, for a
/// log is read up to its first hole. The engine's write lock is held meanwhile: another process may be serving.
fn carry_log(connection: &Connection, path: &Path, disk: &dyn Disk) -> StorageResult<()> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let rewritten = disk.rewrite(Path::new(&log));
    connection.execute_batch("ROLLBACK")?;
    match rewritten {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::Log(error).into()),
        _ => Ok(()),
    }
}

struct Transaction<'c>(rusqlite::Transaction<'c>);

impl Tx for Transaction<'_> {
    fn run(&self, sql: &str, params: &[Param<'_>]) -> StorageResult<u64> {
        let changed = self
            .0
            .prepare_cached(sql)?
            .execute(params_from_iter(params))?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    fn rows(&self, sql: &str, params: &[Param<'_>]) -> StorageResult<Vec<Row>> {
        let mut statement = self.0.prepare_cached(sql)?;
        let columns = statement.column_count();
        let mut found = statement.query(params_from_iter(params))?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            let cells = (0..columns).map(|column| to_cell(row.get_ref(column)?));
            rows.push(Row::new(cells.collect::<StorageResult<_>>()?));
        }
        Ok(rows)
    }

    fn integrity(&self) -> StorageResult<Vec<String>> {
        let mut complaints = Vec::new();
        for mut row in self.rows("PRAGMA integrity_check", &[])? {
            complaints.push(row.take::<String>()?);
        }
        complaints.retain(|complaint| complaint != "ok");
        for mut row in self.rows("PRAGMA foreign_key_check", &[])? {
            complaints.push(format!(
                "a row of {} refers to nothing",
                row.take::<String>()?
            ));
        }
        Ok(complaints)
    }
}

impl ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Self::Null => ValueRef::Null,
            Self::Int(int) => ValueRef::Integer(int),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn to_cell(value: ValueRef<'_>) -> StorageResult<Cell> {
    match value {
        ValueRef::Null => Ok(Cell::Null),
        ValueRef::Integer(int) => Ok(Cell::Int(int)),
        ValueRef::Text(text) => String::from_utf8(text.to_vec())
            .map(Cell::Text)
            .map_err(|_| StorageError::Shape),
        ValueRef::Blob(bytes) => Ok(Cell::Bytes(bytes.to_vec())),
        ValueRef::Real(_) => Err(StorageError::Shape),
    }
}
