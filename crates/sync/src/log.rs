//! What the log is made of: saves, and the field changes in them.

use domain::ids::{RecordId, ReplicaId};
use domain::value::Value;
use serde::{Deserialize, Serialize};

use crate::clock::Hlc;

/// How a save came about. The numbers stand in the log for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SaveKind {
    /// Someone typed it.
    Edit,
    /// It came out of a file.
    Import,
    /// Someone decided between simultaneous values.
    Settle,
    /// Brought back from a backup or from another replica's past.
    Restore,
    /// Takes back an earlier save.
    Undo,
    /// Covers text that should not have been written.
    Mask,
    /// A kind that this version does not know, kept by number.
    Other(u8),
}

impl SaveKind {
    /// Its number in the log.
    pub fn number(self) -> u8 {
        match self {
            Self::Edit => 0,
            Self::Import => 1,
            Self::Settle => 2,
            Self::Restore => 3,
            Self::Undo => 4,
            Self::Mask => 5,
            Self::Other(number) => number,
        }
    }

    /// The kind of a number.
    pub fn from_number(number: u8) -> Self {
        match number {
            0 => Self::Edit,
            1 => Self::Import,
            2 => Self::Settle,
            3 => Self::Restore,
            4 => Self::Undo,
            5 => Self::Mask,
            other => Self::Other(other),
        }
    }
}

/// The place of one change in a scope's log: which stream, which save, which change in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Dot {
    /// Whose stream.
    #[serde(rename = "r")]
    pub replica: ReplicaId,
    /// Which save of the stream, from 1 without gaps.
    #[serde(rename = "s")]
    pub seq: u64,
    /// Which change of the save, from 0.
    #[serde(rename = "i")]
    pub index: u32,
}

/// One field of one record takes a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What the record is, a number of `domain::registry`, known to this version or not.
    pub kind: u16,
    /// Which record.
    pub record: RecordId,
    /// Which of its fields, a number of `domain::registry`, known to this version or not.
    pub field: u16,
    /// What it holds from now on.
    pub value: Value,
    /// What the author saw in its place: nothing, one value, or all those a conflict is settled between.
    /// Never outside the scope, never later than this change.
    pub seen: Vec<Dot>,
}

/// What one press of “save” wrote, applied all or nothing. Its place in the stream is its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Save {
    /// When, by the author's hybrid clock.
    pub hlc: Hlc,
    /// The person who saved.
    pub author: RecordId,
    /// The version of the grant it was written under; 0 before the first.
    pub grant: u32,
    /// How it came about.
    pub kind: SaveKind,
    /// Why, if the author said so.
    pub reason: Option<String>,
    /// The changes, in order.
    pub changes: Vec<Change>,
}

impl Save {
    /// Whether the other one is this save, made again under another name: only what it names of its own stream, and the
    /// grant, may differ.
    pub fn is_again(&self, other: &Self) -> bool {
        let of = |save: &Self| (save.hlc, save.author, save.kind);
        let same = |a: &Change, b: &Change| {
            (a.kind, a.record, a.field) == (b.kind, b.record, b.field) && a.value == b.value
        };
        of(self) == of(other)
            && self.reason == other.reason
            && self.changes.len() == other.changes.len()
            && self
                .changes
                .iter()
                .zip(&other.changes)
                .all(|(a, b)| same(a, b))
    }

    /// The dots of its changes, when it is the `seq`-th save of `replica`.
    pub fn dots(&self, replica: ReplicaId, seq: u64) -> impl Iterator<Item = (Dot, &Change)> {
        (0u32..).zip(&self.changes).map(move |(index, change)| {
            (
                Dot {
                    replica,
                    seq,
                    index,
                },
                change,
            )
        })
    }
}
