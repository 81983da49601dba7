//! Reading a body, whoever wrote it.

use std::collections::{HashMap, HashSet};

use domain::ids::{RecordId, ReplicaId};
use domain::value::Value;

use super::columns::{Column, Reader};
use super::ids::IdReader;
use super::value::ValueReader;
use super::{Budget, CodecError, Limits};
use crate::clock::Hlc;
use crate::log::{Change, Dot, Save, SaveKind};

/// Reads what [`encode`](super::encode) wrote with the same `first_seq` and `replica`.
///
/// Never panics and never takes more memory than a small multiple of `bytes`, whatever they are.
pub fn decode(
    first_seq: u64,
    replica: ReplicaId,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Vec<Save>, CodecError> {
    let mut from = Reader::new(bytes, limits)?;
    let mut ids = IdReader::new(&[replica]);
    let mut budget = Budget::new(limits);
    let (mut saves, sizes) = take_saves(&mut from, &mut ids, limits, &mut budget)?;
    if first_seq == 0 || first_seq.checked_add(saves.len() as u64).is_none() {
        return Err(CodecError::Malformed("a number out of range"));
    }

    let mut seen = SeenReader::new(replica);
    for ((seq, save), size) in (first_seq..).zip(&mut saves).zip(sizes) {
        for index in 0..size {
            let change = Change {
                kind: from.fitting(Column::Kinds)?,
                field: from.fitting(Column::Fields)?,
                record: ids.take(&mut from)?,
                value: Value::Null,
                seen: Vec::new(),
            };
            let field = (change.kind, change.record, change.field);
            let seen = seen.take(
                &mut from,
                Dot {
                    replica,
                    seq,
                    index,
                },
                field,
                &mut budget,
            )?;
            save.changes.push(Change { seen, ..change });
        }
    }
    let mut changes: Vec<_> = saves
        .iter_mut()
        .flat_map(|save| &mut save.changes)
        .collect();
    changes.sort_by_key(|change| (change.kind, change.field));
    let mut values = ValueReader::new();
    for change in changes {
        budget.values(1)?;
        change.value = values.take(&mut from, &mut ids, limits, &mut budget, limits.depth)?;
    }
    from.finish()?;
    Ok(saves)
}

/// The saves without their changes, and how many changes each has.
fn take_saves(
    from: &mut Reader<'_>,
    ids: &mut IdReader,
    limits: &Limits,
    budget: &mut Budget,
) -> Result<(Vec<Save>, Vec<u32>), CodecError> {
    let (mut saves, mut sizes) = (Vec::new(), Vec::new());
    let (mut millis, mut grant) = (0_i64, 0_i64);
    while from.left(Column::Sizes) > 0 {
        let size: u32 = from.fitting(Column::Sizes)?;
        budget.changes(size as usize)?;
        if saves.len() >= limits.changes {
            return Err(CodecError::TooLarge("changes"));
        }
        let hlc = {
            let out_of_range = CodecError::Malformed("a stamp out of range");
            millis = millis
                .checked_add(from.int(Column::Millis)?)
                .ok_or(out_of_range.clone())?;
            let unsigned = u64::try_from(millis)
                .ok()
                .filter(|millis| *millis < 1 << 48)
                .ok_or(out_of_range)?;
            Hlc::from_parts(unsigned, from.fitting(Column::Counters)?)
        };
        let author = ids.take(from)?;
        let out_of_range = CodecError::Malformed("a grant out of range");
        grant = grant
            .checked_add(from.int(Column::Grants)?)
            .ok_or(out_of_range.clone())?;
        let kind = SaveKind::from_number(from.byte(Column::SaveKinds)?);
        let reason = match from.uint(Column::Reasons)? {
            0 => None,
            more => Some(from.text(more - 1, limits)?),
        };
        let grant = u32::try_from(grant).map_err(|_| out_of_range)?;
        saves.push(Save {
            hlc,
            author,
            grant,
            kind,
            reason,
            changes: Vec::new(),
        });
        sizes.push(size);
    }
    Ok((saves, sizes))
}

/// What changes have seen, being read.
struct SeenReader {
    replica: ReplicaId,
    last: HashMap<(u16, RecordId, u16), Dot>,
    others: Vec<(ReplicaId, u64)>,
    introduced: HashSet<ReplicaId>,
}

impl SeenReader {
    fn new(replica: ReplicaId) -> Self {
        Self {
            replica,
            last: HashMap::new(),
            others: Vec::new(),
            introduced: HashSet::from([replica]),
        }
    }

    fn take(
        &mut self,
        from: &mut Reader<'_>,
        dot: Dot,
        field: (u16, RecordId, u16),
        budget: &mut Budget,
    ) -> Result<Vec<Dot>, CodecError> {
        let last = self.last.insert(field, dot);
        match from.uint(Column::Seen)? {
            0 => Ok(Vec::new()),
            1 => last
                .map(|last| vec![last])
                .ok_or(CodecError::Malformed("nothing was written before")),
            more => {
                budget.seen(usize::try_from(more - 1).unwrap_or(usize::MAX))?;
                (1..more).map(|_| self.take_dot(from, dot)).collect()
            }
        }
    }

    fn take_dot(&mut self, from: &mut Reader<'_>, dot: Dot) -> Result<Dot, CodecError> {
        let other: usize = from.fitting(Column::SeenReplicas)?;
        let named = if other == 0 {
            let back = from.uint(Column::SeenSeqs)?;
            let seq = dot
                .seq
                .checked_sub(back)
                .ok_or(CodecError::SeenBeforeWritten)?;
            Dot {
                replica: self.replica,
                seq,
                index: from.fitting(Column::SeenIndexes)?,
            }
        } else {
            if other == self.others.len() + 1 {
                let replica = ReplicaId::from_bytes(from.array(Column::Octets)?);
                if !self.introduced.insert(replica) {
                    return Err(CodecError::Malformed("a replica introduced twice"));
                }
                self.others.push((replica, 0));
            }
            let (replica, last) = self
                .others
                .get_mut(other - 1)
                .ok_or(CodecError::Malformed("an unknown replica"))?;
            *last = last.wrapping_add_signed(from.int(Column::SeenSeqs)?);
            Dot {
                replica: *replica,
                seq: *last,
                index: from.fitting(Column::SeenIndexes)?,
            }
        };
        let own = named.replica == self.replica;
        if named.seq == 0 || (own && (named.seq, named.index) >= (dot.seq, dot.index)) {
            return Err(CodecError::SeenBeforeWritten);
        }
        Ok(named)
    }
}
