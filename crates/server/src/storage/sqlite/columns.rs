//! How our types stand in columns.

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::role::Role;
use rusqlite::Row;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

use crate::places::{Level, Source};

/// Numbers of saves and times as the engine takes them. None comes near the limit of 2^63.
pub(super) fn number(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// The other way round; the schema holds no negative number of this sort.
pub(super) fn uint(row: &Row<'_>, index: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(index).map(i64::cast_unsigned)
}

/// An identifier as 16 bytes in a column.
pub(super) struct Id<T>(pub T);

macro_rules! id_column {
    ($($id:ty),*) => { $(
        impl ToSql for Id<$id> {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::Borrowed(ValueRef::Blob(self.0.as_bytes())))
            }
        }

        impl FromSql for Id<$id> {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                let id = <$id>::from_slice(value.as_blob()?);
                id.map(Self).map_err(|error| FromSqlError::Other(Box::new(error)))
            }
        }
    )* };
}
id_column!(RecordId, ReplicaId, ScopeId);

/// A word that stands for a variant.
pub(super) struct Word<T>(pub T);

macro_rules! word_column {
    ($($word:ty),*) => { $(
        impl FromSql for Word<$word> {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                <$word>::from_word(value.as_str()?).map(Self).ok_or(FromSqlError::InvalidType)
            }
        }
    )* };
}
word_column!(Role, Level, Source);
