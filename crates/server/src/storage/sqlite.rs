//! Storage in one SQLite file: WAL, synchronous=FULL, one writer, no key (the disk is the operator's).

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, TransactionBehavior, params_from_iter};

use super::cell::{Cell, Param, Row};
use super::tx::Tx;
use super::{Error as StorageError, Result as StorageResult};

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

/// An open file.
#[derive(Debug)]
pub struct File {
    connection: Mutex<Connection>,
    /// Where it lies, and on which file system; none for one that leaves nothing behind.
    place: Option<(PathBuf, Option<String>)>,
}

impl File {
    /// Opens the file at `path`, made when it is missing, and brings its schema up to date. `vfs` names the file
    /// system that SQLite opens it on, the machine's when none.
    ///
    /// # Errors
    /// When it is no database, or does not take the settings that promise durability.
    pub fn open(path: &Path, vfs: Option<&str>) -> StorageResult<Self> {
        let flags = OpenFlags::default();
        let connection = match vfs {
            Some(vfs) => Connection::open_with_flags_and_vfs(path, flags, vfs)?,
            None => Connection::open_with_flags(path, flags)?,
        };
        // `invite` and `check` run beside a serving process: they wait for its writes.
        connection.busy_timeout(Duration::from_secs(10))?;
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
        let place = Some((path.to_owned(), vfs.map(str::to_owned)));
        Self::prepare(connection, place)
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

    /// Another connection to the same file.
    ///
    /// # Errors
    /// As for [`open`](Self::open).
    pub fn again(&self) -> StorageResult<Self> {
        match &self.place {
            Some((path, vfs)) => Self::open(path, vfs.as_deref()),
            None => Self::scratch(),
        }
    }

    fn prepare(
        mut connection: Connection,
        place: Option<(PathBuf, Option<String>)>,
    ) -> StorageResult<Self> {
        connection.set_prepared_statement_cache_capacity(128);
        // A migration that makes a table anew drops one that others refer to.
        connection.pragma_update(None, "foreign_keys", false)?;
        migrations::migrations::runner()
            .run(&mut connection)
            .map_err(Error::from)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        let on: bool = connection.pragma_query_value(None, "foreign_keys", |row| row.get(0))?;
        if !on {
            return Err(StorageError::Setting("foreign_keys=ON"));
        }
        Ok(Self {
            connection: Mutex::new(connection),
            place,
        })
    }

    /// Runs `work` in one write transaction.
    pub(super) fn write<T, E: From<StorageError>>(
        &self,
        work: impl FnMut(&dyn Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        self.transact(TransactionBehavior::Immediate, work)
    }

    /// Runs `work` on one unchanging view.
    pub(super) fn read<T, E: From<StorageError>>(
        &self,
        work: impl FnMut(&dyn Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        self.transact(TransactionBehavior::Deferred, work)
    }

    fn transact<T, E: From<StorageError>>(
        &self,
        behavior: TransactionBehavior,
        mut work: impl FnMut(&dyn Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        // A panic in the middle rolled its transaction back, so what it left is whole.
        let mut connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let transaction = Transaction(
            connection
                .transaction_with_behavior(behavior)
                .map_err(StorageError::from)?,
        );
        let done = work(&transaction)?;
        transaction.0.commit().map_err(StorageError::from)?;
        Ok(done)
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
