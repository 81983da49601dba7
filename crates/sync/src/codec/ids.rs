//! Identifiers, each written once per body; those counted by a replica in two bytes or so.

use std::collections::HashMap;

use domain::ids::{RecordId, ReplicaId};

use super::CodecError;
use super::columns::{Column, Reader, Writer};

const PREFIX: usize = 10;
const COUNTER_MASK: u64 = (1 << 48) - 1;

type Prefix = [u8; PREFIX];

fn split(id: RecordId) -> (Prefix, u64) {
    let bytes = id.as_bytes();
    let mut prefix = [0; PREFIX];
    prefix.copy_from_slice(&bytes[..PREFIX]);
    let counter = bytes[PREFIX..]
        .iter()
        .fold(0, |counter, byte| counter << 8 | u64::from(*byte));
    (prefix, counter)
}

fn join(prefix: Prefix, counter: u64) -> RecordId {
    let mut bytes = [0; 16];
    bytes[..PREFIX].copy_from_slice(&prefix);
    bytes[PREFIX..].copy_from_slice(&counter.to_be_bytes()[2..]);
    RecordId::from_bytes(bytes)
}

fn own(replica: ReplicaId) -> Prefix {
    split(RecordId::counted(replica, 0)).0
}

/// The difference between two 48-bit counters, the short way round.
fn difference(counter: u64, expected: u64) -> i64 {
    ((counter.wrapping_sub(expected) << 16) as i64) >> 16
}

/// The prefixes met so far, each with the counter expected next.
struct Prefixes(Vec<(Prefix, u64)>);

impl Prefixes {
    fn new(replicas: &[ReplicaId]) -> Self {
        Self(replicas.iter().map(|one| (own(*one), 1)).collect())
    }
}

/// Identifiers being written. The prefixes of `replicas` are known from the beginning.
pub(crate) struct IdWriter {
    known: HashMap<RecordId, usize>,
    prefix_index: HashMap<Prefix, usize>,
    prefixes: Prefixes,
}

impl IdWriter {
    pub(crate) fn new(replicas: &[ReplicaId]) -> Self {
        Self {
            known: HashMap::new(),
            prefix_index: replicas.iter().map(|one| own(*one)).zip(0..).collect(),
            prefixes: Prefixes::new(replicas),
        }
    }

    pub(crate) fn put(&mut self, to: &mut Writer, id: RecordId) {
        let count = self.known.len();
        if let Some(index) = self.known.get(&id) {
            to.uint(Column::Ids, (count - index) as u64);
            return;
        }
        self.known.insert(id, count);
        to.uint(Column::Ids, 0);
        if !id.is_counted() {
            to.uint(Column::NewIds, 0);
            to.bytes(Column::Octets, id.as_bytes());
            return;
        }
        let (prefix, counter) = split(id);
        let index = match self.prefix_index.get(&prefix) {
            Some(index) => {
                to.uint(Column::NewIds, *index as u64 + 2);
                *index
            }
            None => {
                to.uint(Column::NewIds, 1);
                to.bytes(Column::Octets, &prefix);
                self.prefixes.0.push((prefix, 0));
                let index = self.prefixes.0.len() - 1;
                self.prefix_index.insert(prefix, index);
                index
            }
        };
        let expected = &mut self.prefixes.0[index].1;
        to.int(Column::IdCounters, difference(counter, *expected));
        *expected = (counter + 1) & COUNTER_MASK;
    }
}

/// Identifiers being read, with the same `replicas` as they were written.
pub(crate) struct IdReader {
    known: Vec<RecordId>,
    prefixes: Prefixes,
}

impl IdReader {
    pub(crate) fn new(replicas: &[ReplicaId]) -> Self {
        Self {
            known: Vec::new(),
            prefixes: Prefixes::new(replicas),
        }
    }

    pub(crate) fn take(&mut self, from: &mut Reader<'_>) -> Result<RecordId, CodecError> {
        let back: usize = from.fitting(Column::Ids)?;
        if back > 0 {
            let index = self
                .known
                .len()
                .checked_sub(back)
                .ok_or(CodecError::Malformed("an unknown identifier"))?;
            return Ok(self.known[index]);
        }
        let id = match from.fitting::<usize>(Column::NewIds)? {
            0 => {
                let id = RecordId::from_bytes(from.array(Column::Octets)?);
                if id.is_counted() {
                    return Err(CodecError::Malformed(
                        "a counted identifier written in full",
                    ));
                }
                id
            }
            1 => {
                let prefix = from.array(Column::Octets)?;
                if !join(prefix, 0).is_counted() {
                    return Err(CodecError::Malformed("a prefix that counts nothing"));
                }
                self.prefixes.0.push((prefix, 0));
                let index = self.prefixes.0.len() - 1;
                self.counted(from, index)?
            }
            index => self.counted(from, index - 2)?,
        };
        self.known.push(id);
        Ok(id)
    }

    fn counted(&mut self, from: &mut Reader<'_>, index: usize) -> Result<RecordId, CodecError> {
        let (prefix, expected) = self
            .prefixes
            .0
            .get_mut(index)
            .ok_or(CodecError::Malformed("an unknown prefix"))?;
        let counter = expected.wrapping_add_signed(from.int(Column::IdCounters)?) & COUNTER_MASK;
        *expected = (counter + 1) & COUNTER_MASK;
        Ok(join(*prefix, counter))
    }
}
