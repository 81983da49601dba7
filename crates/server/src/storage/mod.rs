//! Where the server keeps things: one file of SQLite, or a PostgreSQL server.
//!
//! Both hold the same tables and run the same statements ([`tx`]), written once. What differs is how a transaction
//! begins and ends: [`sqlite`] has one writer, [`Database::write`] says what holds for both. Readers hold up nobody.

use std::path::Path;

use self::tx::Tx;
use crate::disk::Disk;

pub mod cell;
pub mod postgres;
pub mod rows;
pub mod sqlite;
pub mod tx;

/// Tables that every part of a distributed database holds whole. All others belong to a scope, and carry
/// `scope_id` first in every unique key.
pub const REFERENCE_TABLES: [&str; 12] = [
    "wrong_log_in",
    "server",
    "place",
    "invitation",
    "replica",
    "grant_given",
    "issued",
    "administrator",
    "login",
    "deed",
    "witness",
    "succession",
];

/// What can go wrong with the database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// SQLite failed or refused.
    #[error(transparent)]
    Sqlite(#[from] sqlite::Error),
    /// PostgreSQL failed, refused or cannot be reached.
    #[error(transparent)]
    Postgres(#[from] postgres::Error),
    /// The database was closed meanwhile.
    #[error("the database is closed")]
    Closed,
    /// A row is not of the shape that the statement expects.
    #[error("a row is not of the shape it should be of")]
    Shape,
    /// The engine did not take a setting that promises durability.
    #[error("the database did not take the setting {0}")]
    Setting(&'static str),
}

/// What storage gives.
pub type Result<T> = std::result::Result<T, Error>;

/// An open database. It may be used from several threads at once.
#[derive(Debug)]
pub struct Database {
    engine: Engine,
}

#[derive(Debug)]
enum Engine {
    Sqlite(sqlite::File),
    Postgres(postgres::Pool),
}

impl Database {
    /// Opens the SQLite file at `path` of `disk`, made when it is missing, and brings its schema up to date.
    ///
    /// # Errors
    /// When the file is no database or a newer one, or does not take the settings that promise durability.
    pub fn open_on(path: &Path, disk: &dyn Disk) -> Result<Self> {
        let engine = Engine::Sqlite(sqlite::File::open(path, disk)?);
        Ok(Self { engine })
    }

    /// Opens the PostgreSQL database at an address such as `postgres://user@host/name`, and brings its schema up to
    /// date. With a `root` certificate in PEM it is reached by TLS alone.
    ///
    /// # Errors
    /// When it cannot be reached, holds a newer schema, or has settings that do not promise durability.
    pub fn open_at(address: &str, root: Option<&Path>) -> Result<Self> {
        let engine = Engine::Postgres(postgres::Pool::open(address, root)?);
        Ok(Self { engine })
    }

    /// A database of its own that leaves nothing behind, for building projections anew.
    ///
    /// # Errors
    /// When there is no room for it.
    pub fn scratch() -> Result<Self> {
        let engine = Engine::Sqlite(sqlite::File::scratch()?);
        Ok(Self { engine })
    }

    /// Runs `work` in one write transaction: all of it is kept, or nothing when it fails. What is kept is on the
    /// disk when this returns.
    ///
    /// `work` may run several times, when another writer was faster: what it does outside of `tx` must bear that.
    /// It sees one unchanging view, and what it has written itself.
    ///
    /// # Errors
    /// Those of `work`; and the database's own, after which nothing was kept, except where the connection was lost
    /// at the very end and nobody knows.
    pub fn write<T, E: From<Error>>(
        &self,
        work: impl FnMut(&dyn Tx) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        match &self.engine {
            Engine::Sqlite(file) => file.write(work),
            Engine::Postgres(pool) => pool.write(work),
        }
    }

    /// [`write`](Self::write) for what looks at several places before it decides, such as an enrolment: one at a
    /// time, so that two never decide on the same view. Exchanges go on meanwhile.
    ///
    /// # Errors
    /// As for [`write`](Self::write).
    pub fn write_alone<T, E: From<Error>>(
        &self,
        work: impl FnMut(&dyn Tx) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        match &self.engine {
            // One writer at a time is all that it knows.
            Engine::Sqlite(file) => file.write(work),
            Engine::Postgres(pool) => pool.write_alone(work),
        }
    }

    /// Lets go of what the engine keeps of rows as they were, once a key was destroyed. It stays for a while where somebody
    /// reads just then.
    ///
    /// # Errors
    /// When the database fails.
    pub fn sweep(&self) -> Result<()> {
        match &self.engine {
            Engine::Sqlite(file) => file.sweep(),
            Engine::Postgres(pool) => pool.sweep(),
        }
    }

    /// Runs `work` on one unchanging view of the database.
    ///
    /// # Errors
    /// Those of `work`, and the database's own.
    pub fn read<T, E: From<Error>>(
        &self,
        work: impl FnMut(&dyn Tx) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        match &self.engine {
            Engine::Sqlite(file) => file.read(work),
            Engine::Postgres(pool) => pool.read(work),
        }
    }
}
