//! Writing a body.

use std::collections::{HashMap, HashSet};

use domain::ids::{RecordId, ReplicaId};

use super::columns::{Column, Writer};
use super::ids::IdWriter;
use super::value::{self, ValueWriter};
use super::{Budget, CodecError, Limits, spend};
use crate::log::{Dot, Save};

/// Writes consecutive saves of `replica`'s stream, the first of them numbered `first_seq`.
///
/// Fails only on saves beyond [`Limits::default`] and on changes that claim to have seen their own future.
pub fn encode(first_seq: u64, replica: ReplicaId, saves: &[Save]) -> Result<Vec<u8>, CodecError> {
    let limits = Limits::default();
    if first_seq == 0 || first_seq.checked_add(saves.len() as u64).is_none() {
        return Err(CodecError::Malformed("a number out of range"));
    }
    if saves.len() > limits.changes {
        return Err(CodecError::TooLarge("changes"));
    }
    let mut budget = Budget::new(&limits);
    for (seq, save) in (first_seq..).zip(saves) {
        check_save(replica, seq, save, &limits, &mut budget)?;
    }

    let mut to = Writer::default();
    let mut ids = IdWriter::new(&[replica]);
    put_saves(&mut to, &mut ids, saves);
    let mut seen = SeenWriter::new(replica);
    for (seq, save) in (first_seq..).zip(saves) {
        for (dot, change) in save.dots(replica, seq) {
            to.uint(Column::Kinds, change.kind.into());
            to.uint(Column::Fields, change.field.into());
            ids.put(&mut to, change.record);
            seen.put(
                &mut to,
                dot,
                (change.kind, change.record, change.field),
                &change.seen,
            );
        }
    }
    let mut changes: Vec<_> = saves.iter().flat_map(|save| &save.changes).collect();
    changes.sort_by_key(|change| (change.kind, change.field));
    let mut values = ValueWriter::new();
    for change in changes {
        values.put(&mut to, &mut ids, &change.value);
    }
    let body = to.finish();
    if body.len() > limits.body {
        Err(CodecError::TooLarge("bytes"))
    } else {
        Ok(body)
    }
}

/// Whether `save` can stand as number `seq` in `replica`'s stream: for the door through which saves are
/// written, so that nothing is kept that could not be sealed later.
pub fn check(replica: ReplicaId, seq: u64, save: &Save) -> Result<(), CodecError> {
    let limits = Limits::default();
    check_save(replica, seq, save, &limits, &mut Budget::new(&limits))?;
    // Values and dots at their widest; what is left of a body is for the other columns, some forty bytes a change.
    let weights = save
        .changes
        .iter()
        .map(|change| value::weight(&change.value) + 36 * change.seen.len());
    let weight = weights.sum::<usize>() + save.reason.as_ref().map_or(0, String::len);
    spend(&mut (limits.body - limits.changes * 40), weight, "bytes")
}

fn check_save(
    replica: ReplicaId,
    seq: u64,
    save: &Save,
    limits: &Limits,
    budget: &mut Budget,
) -> Result<(), CodecError> {
    if save
        .reason
        .as_ref()
        .is_some_and(|reason| reason.len() > limits.text)
    {
        return Err(CodecError::TooLarge("reason"));
    }
    budget.changes(save.changes.len())?;
    let mut others = HashSet::new();
    for (dot, change) in save.dots(replica, seq) {
        budget.seen(change.seen.len())?;
        budget.values(1)?;
        value::check(&change.value, limits, budget, limits.depth)?;
        let before = |seen: &Dot| {
            seen.seq > 0 && (seen.replica != replica || (seen.seq, seen.index) < (seq, dot.index))
        };
        if !change.seen.iter().all(before) {
            return Err(CodecError::SeenBeforeWritten);
        }
        others.extend(
            change
                .seen
                .iter()
                .map(|seen| seen.replica)
                .filter(|seen| *seen != replica),
        );
    }
    if others.len() > limits.replicas {
        Err(CodecError::TooLarge("replicas"))
    } else {
        Ok(())
    }
}

fn put_saves(to: &mut Writer, ids: &mut IdWriter, saves: &[Save]) {
    let (mut millis, mut grant) = (0, 0);
    for save in saves {
        to.uint(Column::Sizes, save.changes.len() as u64);
        to.int(Column::Millis, save.hlc.millis() as i64 - millis);
        millis = save.hlc.millis() as i64;
        to.uint(Column::Counters, save.hlc.counter().into());
        ids.put(to, save.author);
        to.int(Column::Grants, i64::from(save.grant) - grant);
        grant = i64::from(save.grant);
        to.byte(Column::SaveKinds, save.kind.number());
        match &save.reason {
            None => to.uint(Column::Reasons, 0),
            Some(reason) => {
                to.uint(Column::Reasons, reason.len() as u64 + 1);
                to.bytes(Column::Text, reason.as_bytes());
            }
        }
    }
}

/// What changes have seen, being written.
struct SeenWriter {
    replica: ReplicaId,
    last: HashMap<(u16, RecordId, u16), Dot>,
    others: HashMap<ReplicaId, (usize, u64)>,
}

impl SeenWriter {
    fn new(replica: ReplicaId) -> Self {
        Self {
            replica,
            last: HashMap::new(),
            others: HashMap::new(),
        }
    }

    fn put(&mut self, to: &mut Writer, dot: Dot, field: (u16, RecordId, u16), seen: &[Dot]) {
        let last = self.last.insert(field, dot);
        match seen {
            [] => to.uint(Column::Seen, 0),
            [one] if Some(*one) == last => to.uint(Column::Seen, 1),
            _ => {
                to.uint(Column::Seen, seen.len() as u64 + 1);
                seen.iter()
                    .for_each(|named| self.put_dot(to, dot.seq, *named));
            }
        }
    }

    fn put_dot(&mut self, to: &mut Writer, seq: u64, named: Dot) {
        if named.replica == self.replica {
            to.uint(Column::SeenReplicas, 0);
            to.uint(Column::SeenSeqs, seq - named.seq);
        } else {
            let count = self.others.len();
            let (index, last) = self.others.entry(named.replica).or_insert_with(|| {
                to.bytes(Column::Octets, named.replica.as_bytes());
                (count, 0)
            });
            to.uint(Column::SeenReplicas, *index as u64 + 1);
            to.int(Column::SeenSeqs, named.seq.wrapping_sub(*last) as i64);
            *last = named.seq;
        }
        to.uint(Column::SeenIndexes, named.index.into());
    }
}
