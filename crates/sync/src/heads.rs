//! Merging: which values of a field stand after each change, and which one is shown.
//!
//! A change hides every value that its author saw; no clock has a say in that. What remains are the
//! heads. With one head all is settled; with several the first is shown and the others stay open for a
//! person to decide. The heads are a function of the *set* of changes applied, so every carrier and
//! order of arrival ends alike, provided that
//!
//! - each save is applied exactly once, all of it, after the earlier saves of its stream, and
//! - a save that [`waits_for`] others is stored but not applied until they are.

use std::collections::BTreeMap;

use domain::ids::{RecordId, ReplicaId};
use domain::value::Value;
use serde::{Deserialize, Serialize};

use crate::clock::Hlc;
use crate::fault::{Fault, planted};
use crate::log::{Dot, Save};

/// A value of a field that no later change has seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The change that wrote it.
    #[serde(rename = "d")]
    pub dot: Dot,
    /// When, by its author's clock.
    #[serde(rename = "h")]
    pub hlc: Hlc,
    /// Who wrote it.
    #[serde(rename = "a")]
    pub author: RecordId,
    /// What it says.
    #[serde(rename = "v")]
    pub value: Value,
    /// The author's clock was more than a day ahead of the receiver's; to be said beside it in a review.
    /// It differs from receiver to receiver, so it never takes part in the order.
    #[serde(rename = "u", default, skip_serializing_if = "std::ops::Not::not")]
    pub uncertain: bool,
}

impl Head {
    pub(crate) fn rank(&self) -> (Hlc, ReplicaId, Dot) {
        (self.hlc, self.dot.replica, self.dot)
    }
}

/// The heads of a field after `incoming`, whose author saw `seen`. The shown one comes first.
///
/// A change whose dot already stands changes nothing. One that came earlier and was hidden since cannot be
/// told from a new one here: executors apply each save once.
pub fn merge(heads: &[Head], incoming: Head, seen: &[Dot]) -> Vec<Head> {
    let mut merged: Vec<Head> = heads
        .iter()
        .filter(|head| planted(Fault::OrderByWallClock) || !seen.contains(&head.dot))
        .cloned()
        .collect();
    if merged.iter().all(|head| head.dot != incoming.dot) {
        merged.push(incoming);
    }
    sort(&mut merged);
    if planted(Fault::DropLoser) || planted(Fault::OrderByWallClock) {
        merged.truncate(1);
    }
    merged
}

/// Puts the shown head first: the highest stamp, then the highest replica, then the highest dot.
pub fn sort(heads: &mut [Head]) {
    heads.sort_by_key(|head| std::cmp::Reverse(head.rank()));
}

/// Whether a person has to decide: the heads hold more than one distinct value. Equal values close by themselves.
pub fn open(heads: &[Head]) -> bool {
    !alternatives(heads).is_empty()
}

/// What a person may choose instead of the shown value: each other value once, with the head that ranks highest.
pub fn alternatives(heads: &[Head]) -> Vec<&Head> {
    let mut distinct: Vec<&Head> = Vec::new();
    for head in heads {
        if distinct.iter().all(|known| known.value != head.value) {
            distinct.push(head);
        }
    }
    distinct.split_off(distinct.len().min(1))
}

/// What `save` of `replica` names and is not applied yet: streams, and the number each must have reached.
/// `applied` says how far each stream of the scope has been applied, 0 for one never heard of.
///
/// Without waiting, A and C of a row A, B, C would look like two simultaneous values while B is on its way.
pub fn waits_for(
    replica: ReplicaId,
    save: &Save,
    applied: impl Fn(ReplicaId) -> u64,
) -> Vec<(ReplicaId, u64)> {
    let mut needed = BTreeMap::new();
    for dot in save.changes.iter().flat_map(|change| &change.seen) {
        // Its own stream is applied in order anyway, and a save may name its own earlier changes.
        if dot.replica != replica {
            let seq = needed.entry(dot.replica).or_insert(0);
            *seq = dot.seq.max(*seq);
        }
    }
    needed
        .into_iter()
        .filter(|(other, seq)| applied(*other) < *seq)
        .collect()
}

/// Whether a record that is marked as deleted lives on, by the heads of each of its fields: someone wrote in it
/// at the same time, and people have to decide.
///
/// A deletion writes every field of the record again, so that whatever its author had not seen stands beside the
/// value that it took away. Equal values say the same: two who delete one record have deleted it.
pub fn revived<'a>(fields: impl IntoIterator<Item = &'a [Head]>) -> bool {
    fields.into_iter().any(open)
}

#[cfg(test)]
mod tests;
