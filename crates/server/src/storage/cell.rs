//! Parameters and cells of statements, whichever database runs them.

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::role::Role;
use sync::clock::Hlc;

use super::{Error, Result};
use crate::places::{Level, Source};

/// A value handed to a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Param<'a> {
    /// Nothing.
    Null,
    /// A whole number of any width.
    Int(i64),
    /// Text; also what goes into a column of JSON.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
}

/// Makes the parameters of a statement: `params![id, now, &bytes]`.
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::storage::cell::Param::from($value)),*] };
}
pub(crate) use params;

macro_rules! whole {
    ($($int:ty),*) => { $(
        impl From<$int> for Param<'_> {
            fn from(int: $int) -> Self {
                Self::Int(i64::from(int))
            }
        }
    )* };
}
whole!(i64, u32, u16, bool);

/// Numbers of saves and times: none comes near the limit of 2^63.
impl From<u64> for Param<'_> {
    fn from(int: u64) -> Self {
        Self::Int(i64::try_from(int).unwrap_or(i64::MAX))
    }
}

/// All 64 bits are kept; the databases' integers have a sign.
impl From<Hlc> for Param<'_> {
    fn from(hlc: Hlc) -> Self {
        Self::Int(hlc.0.cast_signed())
    }
}

impl<'a> From<&'a str> for Param<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Param<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a [u8]> for Param<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(bytes)
    }
}

impl<'a> From<&'a Vec<u8>> for Param<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Param<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Self::Bytes(bytes)
    }
}

macro_rules! identifier {
    ($($id:ty),*) => { $(
        impl<'a> From<&'a $id> for Param<'a> {
            fn from(id: &'a $id) -> Self {
                Self::Bytes(id.as_bytes())
            }
        }

        impl FromCell for $id {
            fn from_cell(cell: Cell) -> Option<Self> {
                match cell {
                    Cell::Bytes(bytes) => Self::from_slice(&bytes).ok(),
                    _ => None,
                }
            }
        }
    )* };
}
identifier!(RecordId, ReplicaId, ScopeId);

macro_rules! word {
    ($($word:ty),*) => { $(
        impl From<$word> for Param<'_> {
            fn from(word: $word) -> Self {
                Self::Text(word.word())
            }
        }

        impl FromCell for $word {
            fn from_cell(cell: Cell) -> Option<Self> {
                match cell {
                    Cell::Text(text) => Self::from_word(&text),
                    _ => None,
                }
            }
        }
    )* };
}
word!(Role, Level, Source);

impl<'a, T> From<Option<T>> for Param<'a>
where
    Param<'a>: From<T>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::from)
    }
}

/// A value that a statement gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// A whole number of any width.
    Int(i64),
    /// Text; also what came out of a column of JSON.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl<'a> From<&'a Cell> for Param<'a> {
    fn from(cell: &'a Cell) -> Self {
        match cell {
            Cell::Null => Self::Null,
            Cell::Int(int) => Self::Int(*int),
            Cell::Text(text) => Self::Text(text),
            Cell::Bytes(bytes) => Self::Bytes(bytes),
        }
    }
}

/// What a cell can be read as.
pub trait FromCell: Sized {
    /// The value, `None` when the cell holds something else.
    fn from_cell(cell: Cell) -> Option<Self>;
}

impl FromCell for i64 {
    fn from_cell(cell: Cell) -> Option<Self> {
        match cell {
            Cell::Int(int) => Some(int),
            _ => None,
        }
    }
}

/// The schemas hold no negative number of this sort.
impl FromCell for u64 {
    fn from_cell(cell: Cell) -> Option<Self> {
        i64::from_cell(cell).map(i64::cast_unsigned)
    }
}

impl FromCell for Hlc {
    fn from_cell(cell: Cell) -> Option<Self> {
        i64::from_cell(cell).map(|hlc| Self(hlc.cast_unsigned()))
    }
}

impl FromCell for bool {
    fn from_cell(cell: Cell) -> Option<Self> {
        i64::from_cell(cell).map(|int| int != 0)
    }
}

macro_rules! narrow {
    ($($int:ty),*) => { $(
        impl FromCell for $int {
            fn from_cell(cell: Cell) -> Option<Self> {
                i64::from_cell(cell)?.try_into().ok()
            }
        }
    )* };
}
narrow!(u32, u16);

impl FromCell for String {
    fn from_cell(cell: Cell) -> Option<Self> {
        match cell {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl FromCell for Vec<u8> {
    fn from_cell(cell: Cell) -> Option<Self> {
        match cell {
            Cell::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }
}

impl<const N: usize> FromCell for [u8; N] {
    fn from_cell(cell: Cell) -> Option<Self> {
        Vec::from_cell(cell)?.try_into().ok()
    }
}

impl<T: FromCell> FromCell for Option<T> {
    fn from_cell(cell: Cell) -> Option<Self> {
        match cell {
            Cell::Null => Some(None),
            cell => T::from_cell(cell).map(Some),
        }
    }
}

/// A row that a statement gave, read from its first column to its last.
#[derive(Debug)]
pub struct Row(std::vec::IntoIter<Cell>);

impl Row {
    /// A row of these cells.
    pub(super) fn new(cells: Vec<Cell>) -> Self {
        Self(cells.into_iter())
    }

    /// The columns that have not been taken.
    pub fn cells(self) -> impl Iterator<Item = Cell> {
        self.0
    }

    /// The next column as `T`. Fails when it holds something else, or there is none left.
    pub fn take<T: FromCell>(&mut self) -> Result<T> {
        self.0.next().and_then(T::from_cell).ok_or(Error::Shape)
    }
}
