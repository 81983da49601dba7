//! Merging as a table: what stood, what each side did, what everyone must see in the end.
//!
//! The laptop's store and each storage of the server execute the same table, in every order of arrival that
//! a carrier may produce ([`MergeCase::orders`]), and must show what [`Model`] shows.

use std::collections::BTreeMap;

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::value::Value;

use crate::heads::{self, Head};
use crate::key::KeyPair;
use crate::log::Save;

mod table;

pub use table::merge_cases;

/// A save as it arrives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Whose stream.
    pub replica: ReplicaId,
    /// Its number there.
    pub seq: u64,
    /// The save.
    pub save: Save,
}

/// Which field of which record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldOf {
    /// The record's kind, by number.
    pub kind: u16,
    /// The record.
    pub record: RecordId,
    /// The field, by number.
    pub field: u16,
}

/// What a field must show once everything has arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Which field.
    pub of: FieldOf,
    /// The value that everyone sees.
    pub shown: Value,
    /// The other values left for a person to decide, the highest ranked first.
    pub alternatives: Vec<Value>,
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeCase {
    /// The rule it stands for.
    pub name: &'static str,
    /// What the person in front of the screen sees in the end.
    pub sees: &'static str,
    /// What both sides had before.
    pub parent: Vec<Arrival>,
    /// What one side did.
    pub local: Vec<Arrival>,
    /// What the other side did, or the others.
    pub remote: Vec<Arrival>,
    /// What both show afterwards.
    pub expected: Vec<Expected>,
}

impl MergeCase {
    /// All its saves: parent, local, remote.
    pub fn arrivals(&self) -> impl Iterator<Item = &Arrival> {
        self.parent.iter().chain(&self.local).chain(&self.remote)
    }

    /// Every order in which its saves can arrive: each stream in its own order, streams anyhow among each other.
    pub fn orders(&self) -> Vec<Vec<&Arrival>> {
        let mut streams: BTreeMap<ReplicaId, Vec<&Arrival>> = BTreeMap::new();
        for arrival in self.arrivals() {
            streams.entry(arrival.replica).or_default().push(arrival);
        }
        let mut streams: Vec<_> = streams.into_values().collect();
        for stream in &mut streams {
            stream.sort_by_key(|arrival| arrival.seq);
        }
        let mut orders = Vec::new();
        interleave(
            &streams,
            &mut vec![0; streams.len()],
            &mut Vec::new(),
            &mut orders,
        );
        orders
    }
}

fn interleave<'a>(
    streams: &[Vec<&'a Arrival>],
    taken: &mut [usize],
    order: &mut Vec<&'a Arrival>,
    orders: &mut Vec<Vec<&'a Arrival>>,
) {
    if streams
        .iter()
        .zip(taken.iter())
        .all(|(stream, taken)| *taken == stream.len())
    {
        orders.push(order.clone());
        return;
    }
    for (index, stream) in streams.iter().enumerate() {
        if let Some(arrival) = stream.get(taken[index]) {
            taken[index] += 1;
            order.push(arrival);
            interleave(streams, taken, order, orders);
            order.pop();
            taken[index] -= 1;
        }
    }
}

/// The plainest executor of merges, in memory: what the real ones are compared with.
#[derive(Debug, Clone, Default)]
pub struct Model {
    applied: BTreeMap<ReplicaId, u64>,
    waiting: BTreeMap<ReplicaId, BTreeMap<u64, Save>>,
    fields: BTreeMap<FieldOf, Vec<Head>>,
}

impl Model {
    /// Takes a save in, whatever came before it; one that came before changes nothing.
    pub fn receive(&mut self, arrival: &Arrival) {
        if arrival.seq > self.applied(arrival.replica) {
            self.waiting
                .entry(arrival.replica)
                .or_default()
                .insert(arrival.seq, arrival.save.clone());
        }
        while let Some((replica, seq, save)) = self.next_ready() {
            self.apply(replica, seq, &save);
        }
    }

    /// How far a stream has been applied.
    pub fn applied(&self, replica: ReplicaId) -> u64 {
        self.applied.get(&replica).copied().unwrap_or(0)
    }

    /// How many saves wait for others.
    pub fn waiting(&self) -> usize {
        self.waiting.values().map(BTreeMap::len).sum()
    }

    /// The heads of a field, the shown one first.
    pub fn heads(&self, of: FieldOf) -> &[Head] {
        self.fields.get(&of).map_or(&[], Vec::as_slice)
    }

    /// Every field with what it shows and what is open.
    pub fn shows(&self) -> Vec<Expected> {
        let shown = |(of, heads): (&FieldOf, &Vec<Head>)| {
            let alternatives = heads::alternatives(heads)
                .iter()
                .map(|head| head.value.clone())
                .collect();
            Some(Expected {
                of: *of,
                shown: heads.first()?.value.clone(),
                alternatives,
            })
        };
        self.fields.iter().filter_map(shown).collect()
    }

    fn next_ready(&mut self) -> Option<(ReplicaId, u64, Save)> {
        let ready = self.waiting.iter().find_map(|(replica, saves)| {
            let seq = self.applied(*replica) + 1;
            let save = saves.get(&seq)?;
            heads::waits_for(*replica, save, |other| self.applied(other))
                .is_empty()
                .then_some((*replica, seq))
        })?;
        let save = self.waiting.get_mut(&ready.0)?.remove(&ready.1)?;
        Some((ready.0, ready.1, save))
    }

    fn apply(&mut self, replica: ReplicaId, seq: u64, save: &Save) {
        for (dot, change) in save.dots(replica, seq) {
            let of = FieldOf {
                kind: change.kind,
                record: change.record,
                field: change.field,
            };
            let incoming = Head {
                dot,
                hlc: save.hlc,
                author: save.author,
                value: change.value.clone(),
                uncertain: false,
            };
            let heads = self.fields.entry(of).or_default();
            *heads = heads::merge(heads, incoming, &change.seen);
        }
        self.applied.insert(replica, seq);
    }
}

/// The scope of all cases: any facility.
pub fn scope() -> ScopeId {
    RecordId::of_place_code("merge cases").as_scope()
}

/// The keys of the three laptops, in the order of their replicas, so that the third wins a tie.
pub fn laptops() -> [KeyPair; 3] {
    let mut laptops = [1, 2, 3].map(|secret| KeyPair::from_secret(&[secret; 32]));
    laptops.sort_by_key(KeyPair::replica);
    laptops
}

/// The key of one of the [`laptops`].
pub fn key_of(replica: ReplicaId) -> Option<KeyPair> {
    laptops().into_iter().find(|key| key.replica() == replica)
}
