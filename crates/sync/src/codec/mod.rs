//! Saves as columns of bytes: the body of a segment before compression.
//!
//! **The format is frozen.** Bodies are signed, chained and kept for ten years and more; every replica must
//! read what any other ever wrote, and nobody can rewrite a stream. So it is spelled out here by hand
//! instead of derived from the types, which are free to change. A new kind of value, or any other change
//! that version 1 cannot read, raises `min_reader` in the segment's header; older replicas then store and
//! forward the segment without looking inside. Unknown record kinds, fields and save kinds are mere numbers
//! and need no such step.
//!
//! # Layout
//!
//! A body is the columns in this order, each preceded by its length. Numbers are LEB128
//! varints; signed ones are zigzag-coded first. Like stands by like, which is what makes it pack well:
//!
//! | column | per | holds |
//! | --- | --- | --- |
//! | sizes | save | number of changes |
//! | millis | save | signed difference to the save before (0 for the first) |
//! | counters | save | counter of the clock |
//! | grants | save | signed difference to the save before |
//! | save kinds | save | one byte |
//! | reasons | save | 0 for none, else bytes of the reason + 1 |
//! | kinds, fields | change | their numbers |
//! | seen | change | 0: nothing; 1: the last change of the same field in this body; n + 1: n ≥ 1 dots follow in the next three |
//! | seen replicas | dot | 0: this stream; k: the k-th other replica of this body; one more than there are: a new one, in `octets` |
//! | seen seqs | dot | this stream: distance back from this save; others: signed difference to the last number named of it |
//! | seen indexes | dot | index of the change |
//! | tags | value | 0 nothing, 1 no, 2 yes, 3 integer, 4 decimal, 5 text, 6 date, 7 reference, 8 list, 9 sealed, 10 blob |
//! | numbers | value | integers, mantissas, days (difference to the day before); lengths of blobs, unsigned |
//! | scales | value | of decimals, one byte |
//! | lengths | value | of texts, lists, sealed bytes, media types |
//! | ids | identifier | 0: a new one; k: the k-th last of those introduced |
//! | new ids | new identifier | 0: sixteen bytes in `octets`; 1: a new prefix, ten bytes in `octets`; k + 2: the k-th known prefix |
//! | id counters | counted identifier | signed difference to the counter after the last of that prefix |
//! | octets | | raw bytes of all the above |
//! | text | | all text, in UTF-8 |
//!
//! Identifiers stand in the order authors, records, values. Prefix 0 is the stream's own replica, whose
//! counter is expected to begin at 1; that of the others at 0. Values stand by (kind, field), and within
//! it in the order of the log.

pub(crate) mod columns;
mod decode;
mod encode;
pub(crate) mod ids;
pub(crate) mod value;

#[cfg(test)]
pub(crate) mod tests;

pub use decode::decode;
pub use encode::{check, encode};

/// Why saves cannot be written, or bytes are no saves.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// The bytes contradict the format.
    #[error("the body of a segment is malformed: {0}")]
    Malformed(&'static str),
    /// There is more than [`Limits`] allow.
    #[error("too large for one body: {0}")]
    TooLarge(&'static str),
    /// A change that names a dot which cannot precede it.
    #[error("a change cannot have seen what comes after it")]
    SeenBeforeWritten,
}

/// What one body may hold at most. Writers and readers keep to the same, so nothing is ever sealed that
/// cannot be opened, and what is read takes some tens of megabytes at worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the body.
    pub body: usize,
    /// Saves, and changes in all of them, each.
    pub changes: usize,
    /// Dots seen by all changes together.
    pub seen: usize,
    /// Other replicas whose dots one save names; the header of its segment lists them.
    pub replicas: usize,
    /// Values in all changes together, with those in lists.
    pub values: usize,
    /// Bytes of one text, reason, media type or sealed value.
    pub text: usize,
    /// Lists within lists.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 16 << 20,
            changes: 100_000,
            seen: 400_000,
            replicas: 5_000,
            values: 400_000,
            text: 4 << 20,
            depth: 8,
        }
    }
}

/// What is left of a body's [`Limits`].
pub(crate) struct Budget {
    changes: usize,
    seen: usize,
    values: usize,
}

impl Budget {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            changes: limits.changes,
            seen: limits.seen,
            values: limits.values,
        }
    }

    pub(crate) fn changes(&mut self, count: usize) -> Result<(), CodecError> {
        spend(&mut self.changes, count, "changes")
    }

    fn seen(&mut self, count: usize) -> Result<(), CodecError> {
        spend(&mut self.seen, count, "dots")
    }

    pub(crate) fn values(&mut self, count: usize) -> Result<(), CodecError> {
        spend(&mut self.values, count, "values")
    }
}

fn spend(left: &mut usize, count: usize, what: &'static str) -> Result<(), CodecError> {
    *left = left.checked_sub(count).ok_or(CodecError::TooLarge(what))?;
    Ok(())
}
