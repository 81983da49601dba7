//! What can go wrong with the store.

use std::io;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is no database, or this key does not open it.
    #[error("the file is not this app's database")]
    Foreign,
    /// The database is there but damaged.
    #[error("the database is damaged")]
    Damaged,
    /// No room left on the disk.
    #[error("the disk is full")]
    DiskFull,
    /// The folder or file cannot be written.
    #[error("the folder cannot be written")]
    NotWritable,
    /// A later version wrote this database in a way this one must not touch.
    #[error("the database needs a newer version")]
    NeedsNewer,
    /// The engine did not take the settings that promise durability.
    #[error("the database did not take the setting {0}")]
    Unsafe(&'static str),
    /// A record or stream that should be there is not.
    #[error("not found")]
    NotFound,
    /// A segment was not accepted.
    #[error("segment: {0}")]
    Segment(#[from] sync::segment::SegmentError),
    /// A snapshot was not accepted.
    #[error("snapshot: {0}")]
    Snapshot(#[from] sync::snapshot::SnapshotError),
    /// A statement of another laptop or of the server cannot be read.
    #[error("statement: {0}")]
    Wire(#[from] sync::wire::WireError),
    /// A snapshot that knows less than what stands here.
    #[error("the snapshot is older than what stands here")]
    Stale,
    /// This replica's own stream has gone on elsewhere, or is to go on under the name it has.
    #[error("this replica's stream has another past")]
    Forked,
    /// Work that has not left this laptop would be lost.
    #[error("there is work that was not sent")]
    Unsent,
    /// It can be no part of another transaction, or the one that it was part of has ended.
    #[error("the transaction around it")]
    Joined,
    /// A stored save cannot be read back.
    #[error("codec: {0}")]
    Codec(#[from] sync::codec::CodecError),
    /// Any other failure of the engine.
    #[error("sqlite: {0}")]
    Sqlite(rusqlite::Error),
    /// A migration failed.
    #[error("migration: {0}")]
    Migration(Box<refinery::Error>),
    /// The file system failed.
    #[error("file system: {0}")]
    Io(io::Error),
}

/// What the store answers.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// What the engine's own code stands for, when it has a meaning of its own here.
    fn of_engine(error: &rusqlite::Error) -> Option<Self> {
        use rusqlite::ErrorCode as C;
        let error = error.sqlite_error()?;
        Some(match error.code {
            // The index of the write-ahead log, which opening makes, did not get its room.
            _ if error.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE => Self::DiskFull,
            // A page that the key does not open; of the first one alone it says more (`open`).
            C::NotADatabase | C::DatabaseCorrupt => Self::Damaged,
            C::DiskFull => Self::DiskFull,
            C::ReadOnly | C::CannotOpen | C::PermissionDenied => Self::NotWritable,
            _ => return None,
        })
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match Self::of_engine(&error) {
            Some(known) => known,
            None if error == rusqlite::Error::QueryReturnedNoRows => Self::NotFound,
            None => Self::Sqlite(error),
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::NotWritable
            }
            _ => Self::Io(error),
        }
    }
}

impl From<refinery::Error> for Error {
    fn from(error: refinery::Error) -> Self {
        if let refinery::error::Kind::Connection(_, source) = error.kind()
            && let Some(sqlite) = source.downcast_ref::<rusqlite::Error>()
            && let Some(known) = Self::of_engine(sqlite)
        {
            return known;
        }
        Self::Migration(Box::new(error))
    }
}
