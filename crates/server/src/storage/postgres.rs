//! Storage in PostgreSQL: several requests at once, each in a transaction of its own.
//!
//! Transactions see one unchanging view (REPEATABLE READ). Whoever appends to a scope holds that scope's row of
//! `scope_head` to the end; of two that come together, the slower one finds its view outdated and is run again. What
//! must look before it leaps beyond one scope runs alone ([`Pool::write_alone`]).
//!
//! The client waits for its answers by blocking the thread. It must not be called on a thread that runs
//! asynchronous tasks: `spawn_blocking` is the way there.

use std::cell::{Cell as Shared, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::thread;
use std::time::Duration;

use ::postgres::error::SqlState;
use ::postgres::types::private::BytesMut;
use ::postgres::types::{FromSql, IsNull, ToSql, Type};
use ::postgres::{Client, IsolationLevel, Statement};
use backon::{BlockingRetryable, ExponentialBuilder};

use super::cell::{Cell, Param, Row};
use super::tx::Tx;
use super::{Error as StorageError, Result as StorageResult};

mod address;

pub use self::address::Unusable;
use self::address::Way;

mod migrations {
    #![allow(missing_docs, reason = "written by refinery's macro")]
    refinery::embed_migrations!("migrations/postgres");
}

/// Connections held at most: as many requests are at work at once, and the others wait for one.
const CONNECTIONS: u32 = 16;
/// How long a request waits for a connection before it is told to come again: only a database that is away takes that
/// long, and the laptop must hear of it before its line is cut.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long connecting may take, where the address does not say so itself.
const CONNECTING: Duration = Duration::from_secs(3);
/// How often a transaction is run again that others were in the way of.
const AGAIN: usize = 20;
/// Only one process at a time brings the schema up to date: the number of the lock, any that nobody else uses.
const MIGRATING: i64 = 0x6e79_6574_6161;

/// What can go wrong with PostgreSQL.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server refused, or the connection was lost.
    #[error("postgres: {0}")]
    Engine(#[from] ::postgres::Error),
    /// The address cannot be used.
    #[error("postgres: {0}")]
    Address(Unusable),
    /// No connection could be had.
    #[error("postgres: no connection: {0}")]
    Pool(#[from] r2d2::Error),
    /// The schema could not be brought up to date.
    #[error("migration: {0}")]
    Migration(Box<refinery::Error>),
}

impl From<refinery::Error> for Error {
    fn from(error: refinery::Error) -> Self {
        Self::Migration(Box::new(error))
    }
}

impl From<::postgres::Error> for StorageError {
    fn from(error: ::postgres::Error) -> Self {
        Self::Postgres(error.into())
    }
}

/// Connections to one database.
#[derive(Clone)]
pub struct Pool {
    /// Always there until the very end.
    inner: Option<r2d2::Pool<Door>>,
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address may hold a password.
        f.write_str("Pool(…)")
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let inner = self.inner.take();
        // Closing a connection blocks, and the last one may go on a thread that runs asynchronous tasks.
        let closing = thread::Builder::new().spawn(move || drop(inner));
        if let Ok(closing) = closing {
            let _ = closing.join();
        }
    }
}

impl Pool {
    /// Connects to the database at `address` (`postgres://…`, or PostgreSQL's `key=value` form), and brings its
    /// schema up to date. With a `root` certificate in PEM the connection is encrypted, and the database's own
    /// certificate must come from that root and be made out to the host of the address.
    ///
    /// # Errors
    /// When it cannot be reached, does not promise durability, or holds a newer schema.
    pub fn open(address: &str, root: Option<&Path>) -> StorageResult<Self> {
        let way = Way::to(address, root)?;
        migrate(&way)?;
        let inner = r2d2::Pool::builder()
            .max_size(CONNECTIONS)
            .min_idle(Some(1))
            .connection_timeout(PATIENCE)
            .error_handler(Box::new(Complaints))
            .build(Door(way))
            .map_err(Error::from)?;
        Ok(Self { inner: Some(inner) })
    }

    /// Runs `work` in one write transaction; again when another was faster.
    pub(super) fn write<T, E: From<StorageError>>(
        &self,
        work: impl FnMut(&dyn Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        self.transact(Mode::Write, work)
    }

    /// [`write`](Self::write), one at a time with all others that call this.
    pub(super) fn write_alone<T, E: From<StorageError>>(
        &self,
        work: impl FnMut(&dyn Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        self.transact(Mode::Alone, work)
    }

    /// Runs `work` on one unchanging view.
    pub(super) fn read<T, E: From<StorageError>>(
        &self,
        work: impl FnMut(&dyn Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        self.transact(Mode::Read, work)
    }

    /// Takes away what is kept of keys as they were, as far as the engine can: a transaction that still sees an older state keeps
    /// its rows, and the next time they go. The write-ahead log, archives of it and standbys keep what was written until they
    /// are done away with: those are the operator's.
    pub(super) fn sweep(&self) -> StorageResult<()> {
        let pool = self.inner.as_ref().ok_or(StorageError::Closed)?;
        let mut session = pool.get().map_err(Error::from)?;
        Ok(session.client.batch_execute("VACUUM sealed_key")?)
    }

    fn transact<T, E: From<StorageError>>(
        &self,
        mode: Mode,
        mut work: impl FnMut(&dyn Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let waits = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(2))
            .with_max_delay(Duration::from_millis(500))
            .with_max_times(AGAIN)
            .with_jitter();
        (|| self.attempt(mode, &mut work))
            .retry(waits)
            .when(|failed: &Failed<E>| failed.outrun)
            .call()
            .map_err(|failed| failed.error)
    }

    fn attempt<T, E: From<StorageError>>(
        &self,
        mode: Mode,
        work: &mut impl FnMut(&dyn Tx) -> Result<T, E>,
    ) -> Result<T, Failed<E>> {
        let pool = self
            .inner
            .as_ref()
            .ok_or_else(|| Failed::of(StorageError::Closed))?;
        let mut session = pool
            .get()
            .map_err(|error| Failed::of(Error::from(error).into()))?;
        let Session { client, statements } = &mut *session;
        let begun = client
            .build_transaction()
            .isolation_level(IsolationLevel::RepeatableRead)
            .read_only(matches!(mode, Mode::Read))
            .start();
        let transaction = Transaction {
            inner: RefCell::new(begun.map_err(|error| Failed::of(error.into()))?),
            statements: RefCell::new(statements),
            outrun: Shared::new(false),
        };
        // A lock takes no view: the one that decides is taken after those before have finished.
        let locked = match mode {
            Mode::Alone => transaction.execute("LOCK TABLE server IN SHARE ROW EXCLUSIVE MODE"),
            Mode::Read | Mode::Write => Ok(()),
        };
        let done = locked.map_err(E::from).and_then(|()| work(&transaction));
        let outrun = transaction.outrun.get();
        let done = done.map_err(|error| Failed { error, outrun })?;
        match transaction.inner.into_inner().commit() {
            Ok(()) => Ok(done),
            Err(error) => Err(Failed {
                outrun: is_outrun(&error),
                error: StorageError::from(error).into(),
            }),
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Mode {
    Read,
    Write,
    Alone,
}

/// An attempt that failed, and whether only because another was faster.
struct Failed<E> {
    error: E,
    outrun: bool,
}

impl<E: From<StorageError>> Failed<E> {
    fn of(error: StorageError) -> Self {
        Self {
            error: error.into(),
            outrun: false,
        }
    }
}

/// Whether the same work may well succeed when it is begun again.
fn is_outrun(error: &::postgres::Error) -> bool {
    error.code().is_some_and(|code| {
        *code == SqlState::T_R_SERIALIZATION_FAILURE
            || *code == SqlState::T_R_DEADLOCK_DETECTED
            // Two came with the same row at once; the next view holds it.
            || *code == SqlState::UNIQUE_VIOLATION
    })
}

fn migrate(way: &Way) -> StorageResult<()> {
    let mut client = way.connect()?;
    promise(&mut client)?;
    // Kept to the end of this connection.
    client.execute("SELECT pg_advisory_lock($1)", &[&MIGRATING])?;
    // With their record in one transaction: a step parted from it would be taken a second time, and fail for ever.
    migrations::migrations::runner()
        .set_grouped(true)
        .run(&mut client)
        .map_err(Error::from)?;
    Ok(())
}

/// Makes sure that what is committed is on the disk, and that text is what we mean by it.
fn promise(client: &mut Client) -> StorageResult<()> {
    for (setting, wanted, promised) in [
        ("synchronous_commit", "off", "synchronous_commit=on"),
        ("fsync", "off", "fsync=on"),
        ("full_page_writes", "off", "full_page_writes=on"),
    ] {
        let row = client.query_one("SELECT current_setting($1)", &[&setting])?;
        if row.try_get::<_, &str>(0)? == wanted {
            return Err(StorageError::Setting(promised));
        }
    }
    let row = client.query_one("SELECT current_setting('server_encoding')", &[])?;
    if row.try_get::<_, &str>(0)? != "UTF8" {
        return Err(StorageError::Setting("encoding UTF8"));
    }
    Ok(())
}

/// A connection, with the statements that it knows already.
pub struct Session {
    client: Client,
    statements: HashMap<String, Statement>,
}

/// Makes connections.
struct Door(Way);

impl r2d2::ManageConnection for Door {
    type Connection = Session;
    type Error = StorageError;

    fn connect(&self) -> StorageResult<Session> {
        let mut client = self.0.connect()?;
        promise(&mut client)?;
        // Nobody waits for ever, and a session whose process has vanished lets its locks go.
        client.batch_execute(
            "SET lock_timeout = '60s'; SET idle_in_transaction_session_timeout = '10min'",
        )?;
        Ok(Session {
            client,
            statements: HashMap::new(),
        })
    }

    fn is_valid(&self, session: &mut Session) -> StorageResult<()> {
        Ok(session.client.is_valid(PATIENCE)?)
    }

    fn has_broken(&self, session: &mut Session) -> bool {
        session.client.is_closed()
    }
}

/// Where the pool says what goes wrong while nobody is waiting.
#[derive(Debug)]
struct Complaints;

impl r2d2::HandleError<StorageError> for Complaints {
    fn handle_error(&self, error: StorageError) {
        tracing::warn!(%error, "no connection to the database");
    }
}

struct Transaction<'c> {
    inner: RefCell<::postgres::Transaction<'c>>,
    statements: RefCell<&'c mut HashMap<String, Statement>>,
    /// A statement has failed because another was faster.
    outrun: Shared<bool>,
}

impl Transaction<'_> {
    fn failed(&self, error: ::postgres::Error) -> StorageError {
        if is_outrun(&error) {
            self.outrun.set(true);
        }
        error.into()
    }

    fn execute(&self, sql: &str) -> StorageResult<()> {
        let done = self.inner.borrow_mut().batch_execute(sql);
        done.map_err(|error| self.failed(error))
    }

    fn statement(&self, sql: &str) -> StorageResult<Statement> {
        let mut statements = self.statements.borrow_mut();
        if let Some(known) = statements.get(sql) {
            return Ok(known.clone());
        }
        // No statement holds a question mark that is not a parameter's.
        let prepared = self.inner.borrow_mut().prepare(&sql.replace('?', "$"));
        let prepared = prepared.map_err(|error| self.failed(error))?;
        statements.insert(sql.to_owned(), prepared.clone());
        Ok(prepared)
    }
}

impl Tx for Transaction<'_> {
    fn run(&self, sql: &str, params: &[Param<'_>]) -> StorageResult<u64> {
        let statement = self.statement(sql)?;
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as _).collect();
        let done = self.inner.borrow_mut().execute(&statement, &params);
        done.map_err(|error| self.failed(error))
    }

    fn rows(&self, sql: &str, params: &[Param<'_>]) -> StorageResult<Vec<Row>> {
        let statement = self.statement(sql)?;
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as _).collect();
        let found = self.inner.borrow_mut().query(&statement, &params);
        let found = found.map_err(|error| self.failed(error))?;
        let rows = found.iter().map(|row| {
            let cells = (0..row.len()).map(|column| Ok(row.try_get(column)?));
            Ok(Row::new(cells.collect::<StorageResult<_>>()?))
        });
        rows.collect()
    }

    fn integrity(&self) -> StorageResult<Vec<String>> {
        let broken = "SELECT indexrelid::regclass::text FROM pg_index
            WHERE NOT indisvalid ORDER BY 1";
        let rows = self.rows(broken, &[])?.into_iter();
        rows.map(|mut row| Ok(format!("the index {} is not valid", row.take::<String>()?)))
            .collect()
    }
}

type Foreign = Box<dyn std::error::Error + Sync + Send>;

impl ToSql for Param<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Foreign> {
        match *self {
            Self::Null => return Ok(IsNull::Yes),
            Self::Int(int) if *ty == Type::INT8 => int.to_sql(ty, out)?,
            Self::Int(int) if *ty == Type::INT4 => i32::try_from(int)?.to_sql(ty, out)?,
            Self::Int(int) if *ty == Type::INT2 => i16::try_from(int)?.to_sql(ty, out)?,
            Self::Text(text) if *ty == Type::JSONB => {
                // The version of the format, then the text.
                out.extend_from_slice(&[1]);
                text.to_sql(&Type::TEXT, out)?
            }
            // The one character that PostgreSQL cannot keep in text. None of ours means anything by it.
            Self::Text(text) if text.contains('\0') => {
                text.replace('\0', "\u{fffd}").to_sql(ty, out)?
            }
            Self::Text(text) => text.to_sql(ty, out)?,
            Self::Bytes(bytes) if *ty == Type::BYTEA => bytes.to_sql(ty, out)?,
            Self::Int(_) | Self::Bytes(_) => {
                return Err(format!("a parameter is not of the type {ty}").into());
            }
        };
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    ::postgres::types::to_sql_checked!();
}

impl<'a> FromSql<'a> for Cell {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Foreign> {
        Ok(match *ty {
            Type::INT8 => Self::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Self::Int(i32::from_sql(ty, raw)?.into()),
            Type::INT2 => Self::Int(i16::from_sql(ty, raw)?.into()),
            Type::TEXT | Type::VARCHAR => Self::Text(String::from_sql(ty, raw)?),
            Type::JSONB => match raw.split_first() {
                Some((1, text)) => Self::Text(String::from_sql(&Type::TEXT, text)?),
                _ => return Err("JSON of an unknown version".into()),
            },
            Type::BYTEA => Self::Bytes(raw.to_vec()),
            _ => return Err(format!("a column of the type {ty}").into()),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Foreign> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
