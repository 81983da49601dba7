//! What a laptop learns beside segments: what has arrived here, how far others hold what it wrote, and who below it
//! was heard of.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::role::Role;
use sync::key::KeyPair;
use sync::wire::{Accepted, PeerState, Purpose, Reached, Receipt, Signed};

use crate::error::Result;
use crate::places::{self, Level, Place};
use crate::storage::rows::{Identity, ReachRow, ReplicaRow, StreamRow};
use crate::storage::tx::Tx;

/// The server's word that it holds these streams, one receipt for each of their authors.
pub(crate) fn receipts(
    key: &KeyPair,
    identity: &Identity,
    streams: impl IntoIterator<Item = (ScopeId, StreamRow)>,
    now: u64,
) -> Result<Vec<Signed>> {
    let mut held: BTreeMap<ReplicaId, Vec<Accepted>> = BTreeMap::new();
    for (scope, stream) in streams {
        let held = held.entry(stream.replica).or_default();
        held.push(stream.accepted(scope));
    }
    let signed = held.into_iter().map(|(replica, accepted)| {
        let receipt = Receipt {
            replica,
            holder: key.replica(),
            epoch: identity.epoch,
            at_ms: now,
            accepted,
        };
        Ok(Signed::sign(key, Purpose::Receipt, receipt.to_bytes()?))
    });
    signed.collect()
}

/// Remembers what `replica` has shown to hold of the facilities that it reads. The digest was the proof.
pub(crate) fn note_reach(
    tx: &dyn Tx,
    replica: &ReplicaRow,
    cursors: &BTreeMap<ScopeId, u64>,
    streams: &BTreeMap<ScopeId, Vec<(ReplicaId, u64)>>,
    now: u64,
) -> Result<()> {
    for (scope, streams) in streams {
        let seen = cursors.get(scope).is_some_and(|cursor| *cursor > 0);
        if !seen || replica.posts().contains(&(Role::Coach, scope.place())) {
            continue;
        }
        let known: BTreeMap<ReplicaId, u64> = tx
            .reach_by(*scope, replica.id)?
            .into_iter()
            .map(|row| (row.replica, row.seq))
            .collect();
        let further = |(stream, seq): &&(ReplicaId, u64)| {
            *stream != replica.id && known.get(stream).is_none_or(|known| known < seq) && *seq > 0
        };
        let mut further = streams.iter().filter(further).peekable();
        // Everybody reads the district and the nation: nobody asks who holds what is written there.
        if further.peek().is_none() || !is_facility(tx, *scope)? {
            continue;
        }
        for (stream, seq) in further {
            tx.put_reach(
                *scope,
                &ReachRow {
                    replica: *stream,
                    reader: replica.id,
                    seq: *seq,
                    at: now,
                },
            )?;
        }
    }
    Ok(())
}

fn is_facility(tx: &dyn Tx, scope: ScopeId) -> Result<bool> {
    let place = tx.place(scope.place())?;
    Ok(place.is_some_and(|place| place.level == Level::Facility))
}

/// How far laptops at other places hold the streams of `replica`, where that was learnt since a time.
pub(crate) fn reached(tx: &dyn Tx, replica: ReplicaId, since: u64) -> Result<Vec<Reached>> {
    let mut reached: BTreeMap<(ScopeId, RecordId), (u64, u64)> = BTreeMap::new();
    for (scope, _) in tx.streams_of(replica)? {
        for row in tx.reach_of(scope, replica)? {
            if row.at < since {
                continue;
            }
            let Some(reader) = tx.replica(row.reader)? else {
                continue;
            };
            if reader.place == scope.place() {
                continue;
            }
            let known = reached
                .entry((scope, reader.place))
                .or_insert((row.seq, row.at));
            if row.seq > known.0 {
                *known = (row.seq, row.at);
            }
        }
    }
    Ok(reached
        .into_iter()
        .map(|((scope, place), (seq, at_ms))| Reached {
            scope,
            place,
            seq,
            at_ms,
        })
        .collect())
}

/// The replicas below the place of `replica` that were heard of since a time.
pub(crate) fn peers(tx: &dyn Tx, replica: &ReplicaRow, since: u64) -> Result<Vec<PeerState>> {
    let mut below = Vec::new();
    // Whoever looks on does not hold the places' own records.
    let mut named: BTreeMap<RecordId, Place> = BTreeMap::new();
    let posts = replica.posts();
    for (role, held) in &posts {
        match role {
            Role::Member | Role::Lead | Role::Administrator | Role::Partner => {}
            Role::Coach => {
                below.extend(tx.replicas_at(*held)?);
                for facility in tx.facilities(*held)? {
                    below.extend(tx.replicas_at(facility.id)?);
                }
            }
            Role::Region | Role::Nation => {
                let places = tx.places()?.into_iter().map(|place| (place.id, place));
                named = places.collect();
                let lies_below = |place: RecordId| {
                    let up = |place: &RecordId| named.get(place).and_then(|place| place.parent);
                    std::iter::successors(Some(place), up)
                        .take(5)
                        .any(|place| place == *held)
                };
                let all = tx.replicas()?.into_iter();
                below.extend(all.filter(|other| lies_below(other.place)));
            }
        }
    }
    below.sort_by_key(|other| other.id);
    below.dedup_by_key(|other| other.id);
    below.retain(|other| {
        other.id != replica.id && other.revoked_at.is_none() && other.last_contact >= since
    });
    let mut heard = BTreeMap::new();
    for other in &below {
        if let Entry::Vacant(new) = heard.entry(other.place) {
            new.insert(places::hears_of(tx, &posts, other.place)?);
        }
    }
    below.retain(|other| heard.get(&other.place) == Some(&true));
    Ok(below
        .into_iter()
        .map(|other| {
            let place = named.get(&other.place);
            PeerState {
                replica: other.id,
                place: other.place,
                role: other.role.word().to_owned(),
                last_ms: other.last_contact,
                waiting: other.waiting,
                version: other.version,
                place_name: place.map_or_else(String::new, |place| place.name.clone()),
                above: place.and_then(|place| place.parent),
            }
        })
        .collect())
}
