//! Bundles at the server: what a courier brings on a stick, and what is given along on the way back.
//!
//! What a bundle brings is judged segment by segment, as if it had come over the network; whoever carries it does not
//! matter. One that goes out is for the laptops of one place: a team's of a facility, or the coaches' of a district. It holds what
//! they are not known to hold, a snapshot of what they have nothing of, and receipts for what arrived here.

use std::collections::{BTreeMap, BTreeSet};

use domain::catalog::{OrgLevel, org_units};
use domain::ids::{RecordId, ReplicaId, ScopeId};
use serde::Serialize;
use sync::bundle::{self, BundleError, Contents, fill};
use sync::key::KeyPair;
use sync::snapshot;
use sync::vector::Vector;
use sync::wire::{Card, EnrolPerson, EnrolPlace, Refused, Signed};

use crate::deeds::{By, What};
use crate::error::{Error, Result};
use crate::intake::Intake;
use crate::places::{self, Level, Place};
use crate::server::{Server, identity};
use crate::snapshots;
use crate::storage::rows::{Identity, ReachRow, ReplicaRow};
use crate::storage::tx::Tx;
use crate::{news, operator, own, projection, readers, revocation, sealing};

/// What a bundle brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Brought {
    /// Who wrote it.
    pub from: ReplicaId,
    /// Its number among the sender's bundles.
    pub number: u64,
    /// Segments in it.
    pub segments: usize,
    /// Those that were not here yet and were let in.
    pub new: usize,
    /// Why others were not, by reason.
    pub refused: BTreeMap<String, usize>,
}

impl Server {
    /// Takes in a bundle that was encrypted to this server. Repeating it does no harm.
    ///
    /// # Errors
    /// When it is damaged, of a newer version or not for this server. A segment that is not let in is no
    /// error: it is kept aside and told.
    pub fn bundle_in(&self, bytes: &[u8]) -> Result<Brought> {
        let now = self.now();
        let keys = self
            .database()
            .read(|tx| Ok::<_, Error>(identity(tx)?.keys()))?;
        let (contents, key) = open(bytes, keys)?;
        let from = ReplicaId::of_key(&Card::open(&contents.from)?.key);
        // Alone: the list of deeds goes on from its last line.
        let (brought, changed, destroyed) = self.database().write_alone(|tx| {
            let mut destroyed = revocation::recall(tx, &identity(tx)?, &contents.readers, now)?;
            let sender = tx.replica(from)?;
            let mut intake = Intake::new(tx, from, now);
            if sender
                .as_ref()
                .is_some_and(|sender| sender.revoked_at.is_some())
            {
                intake.keep_all_aside(&contents.segments)?;
            } else {
                for segment in &contents.segments {
                    intake.take(segment)?;
                }
            }
            let mut opened = std::mem::take(&mut intake.opened);
            for (scope, opened) in &mut opened {
                projection::settle(tx, *scope, opened)?;
            }
            if let Some(sender) = sender.filter(|sender| sender.revoked_at.is_none()) {
                note_reach(tx, &sender, &contents.vector, now)?;
                destroyed |= sealing::destroy(tx, &identity(tx)?, &sender, &contents.erase, now)?;
                for packed in &contents.keys {
                    sealing::take_any(tx, &key, &sender, packed)?;
                }
            }
            let brought = Brought {
                from,
                number: contents.number,
                segments: contents.segments.len(),
                new: intake.stored,
                refused: counted(&intake.refused),
            };
            let (device, number) = (from.to_string(), contents.number.to_string());
            let about = [("device", device.as_str()), ("number", number.as_str())];
            By::Operator.note(tx, now, What::BundleIn, None, &about)?;
            Ok::<_, Error>((brought, opened.into_keys().collect(), destroyed))
        })?;
        self.sweep(destroyed, !contents.erase.is_empty());
        self.note_due(changed);
        Ok(brought)
    }

    /// Bundles for the laptops of a facility or the coaches of a district, by name: one, or as many as it takes
    /// ([`fill`]). Together they are one gift; each opens by itself, in any order.
    ///
    /// # Errors
    /// When nobody there has told a key yet.
    pub fn bundle_out(&self, place: &str) -> Result<Vec<Vec<u8>>> {
        let now = self.now();
        let (key, recipients, files) = self.database().write_alone(|tx| {
            let identity = identity(tx)?;
            let key = identity.key();
            let place = the_place(tx, place)?;
            let mut for_whom = tx.replicas_at(place.id)?;
            for_whom.retain(|replica| replica.revoked_at.is_none() && replica.seal.is_some());
            let Some(scopes) = for_all_of(tx, place.id, &for_whom)? else {
                return Err(Error::NobodyThere(place.name));
            };
            let mut here = Vec::new();
            for scope in &scopes {
                let streams = tx.streams(*scope)?;
                here.extend(streams.into_iter().map(|stream| (*scope, stream)));
            }
            let mut contents = Contents {
                number: 0,
                from: card(&key)?,
                segments: Vec::new(),
                vector: Vector::new(),
                receipts: news::receipts(&key, &identity, here, now)?,
                readers: identity.successions()?,
                snapshots: Vec::new(),
                keys: Vec::new(),
                erase: Vec::new(),
            };
            for scope in &scopes {
                add(tx, &key, &identity, *scope, &for_whom, &mut contents)?;
            }
            contents.keys = sealing::for_bundle(tx, &for_whom, &scopes)?;
            let seals: Vec<[u8; 32]> = for_whom.iter().filter_map(|replica| replica.seal).collect();
            Ok((key, seals, in_files(contents, || Ok(tx.next_bundle()?))?))
        })?;
        let mut packed = Vec::with_capacity(files.len());
        for contents in files {
            packed.push(bundle::pack(&key, &recipients, &contents)?);
        }
        self.note(What::BundleOut, &[("name", place)])?;
        Ok(packed)
    }
}

/// Opens a bundle with the one of the server's keys that it is for: what was written for the one before may be long under way.
fn open(bytes: &[u8], keys: Vec<KeyPair>) -> Result<(Contents, KeyPair)> {
    for key in keys {
        match bundle::open(bytes, &key) {
            Err(BundleError::NotForUs) => {}
            opened => return Ok((opened?, key)),
        }
    }
    Err(BundleError::NotForUs.into())
}

/// What is given along, a number and no more than a file holds to each: snapshots first, since what comes after one is
/// nothing without it.
fn in_files(mut rest: Contents, mut number: impl FnMut() -> Result<u64>) -> Result<Vec<Contents>> {
    let mut files = Vec::new();
    loop {
        let lengths: Vec<usize> = rest
            .snapshots
            .iter()
            .map(|(bytes, _)| bytes.len())
            .collect();
        let (of_snapshots, of_segments) = fill::fitting(&lengths, &rest.segments);
        let after = Contents {
            number: 0,
            from: rest.from.clone(),
            segments: rest.segments.split_off(of_segments),
            vector: rest.vector.clone(),
            receipts: Vec::new(),
            readers: Vec::new(),
            snapshots: rest.snapshots.split_off(of_snapshots),
            keys: Vec::new(),
            erase: Vec::new(),
        };
        rest.number = number()?;
        files.push(rest);
        if after.segments.is_empty() && after.snapshots.is_empty() {
            return Ok(files);
        }
        rest = after;
    }
}

fn counted(refused: &[Refused]) -> BTreeMap<String, usize> {
    let mut reasons = BTreeMap::new();
    for refused in refused {
        *reasons.entry(refused.reason.clone()).or_insert(0) += 1;
    }
    reasons
}

/// A facility, or a district, by what its operator calls it.
fn the_place(tx: &dyn Tx, typed: &str) -> Result<Place> {
    const MISSING: Error = Error::Unreadable("a place is missing");
    let id = match places::facility(&tx.places()?, typed) {
        Ok(id) => id,
        Err(unclear) => places::district(typed).map_err(|_| unclear)?,
    };
    tx.place(id)?.ok_or(MISSING)
}

/// What all of these reach by what they hold at one place: each of them opens the same file, and what somebody holds
/// elsewhere besides is nothing to the others. `None` where there is nobody.
fn for_all_of(
    tx: &dyn Tx,
    place: RecordId,
    for_whom: &[ReplicaRow],
) -> Result<Option<BTreeSet<ScopeId>>> {
    let mut all: Option<BTreeSet<ScopeId>> = None;
    for replica in for_whom {
        let mut here = replica.posts();
        here.retain(|(_, held)| *held == place);
        let reach = places::reach(tx, &here)?;
        let theirs: BTreeSet<ScopeId> = reach.write.into_iter().chain(reach.read).collect();
        all = Some(match all {
            Some(all) => &all & &theirs,
            None => theirs,
        });
    }
    Ok(all)
}

/// The sender says what it holds, and signs for it.
fn note_reach(tx: &dyn Tx, sender: &ReplicaRow, held: &Vector, now: u64) -> Result<()> {
    for (scope, replica, seq) in held.iter().filter(|(_, replica, _)| *replica != sender.id) {
        let facility = tx.place(scope.place())?;
        let stored = tx
            .stream(scope, replica)?
            .map_or(0, |stream| stream.last_seq);
        let seq = seq.min(stored);
        if seq > 0 && facility.is_some_and(|place| place.level == Level::Facility) {
            tx.put_reach(
                scope,
                &ReachRow {
                    replica,
                    reader: sender.id,
                    seq,
                    at: now,
                },
            )?;
        }
    }
    Ok(())
}

/// Adds what those for whom it is are not known to hold of a scope.
fn add(
    tx: &dyn Tx,
    key: &KeyPair,
    identity: &Identity,
    scope: ScopeId,
    for_whom: &[ReplicaRow],
    contents: &mut Contents,
) -> Result<()> {
    if tx.readers(scope)?.is_none() {
        readers::refresh(tx, identity, scope)?;
    }
    if let Some((_, bytes)) = tx.readers(scope)? {
        contents.readers.push(Signed::from_bytes(&bytes)?);
    }
    let mut floors: BTreeMap<ReplicaId, u64> = BTreeMap::new();
    for stream in tx.streams(scope)? {
        contents.vector.set(scope, stream.replica, stream.last_seq);
        let mut floor = u64::MAX;
        for replica in for_whom
            .iter()
            .filter(|replica| replica.id != stream.replica)
        {
            let held = tx.reach_by(scope, replica.id)?;
            let held = held.iter().find(|row| row.replica == stream.replica);
            floor = floor.min(held.map_or(0, |row| row.seq));
        }
        floors.insert(stream.replica, floor);
    }
    let others_have_nothing = floors.values().all(|floor| matches!(*floor, 0 | u64::MAX));
    if others_have_nothing
        && snapshots::is_long(tx, scope)?
        && let Some((_, bytes)) = snapshots::build(tx, scope)?
    {
        if let Ok(state) = snapshot::read(&bytes) {
            let covered = state.streams.iter().map(|at| (at.replica, at.sealed_seq));
            floors.extend(covered);
        }
        let vouched = snapshots::vouched(key, snapshot::hash(&bytes));
        contents.snapshots.push((bytes, vouched));
    }
    for line in tx.feed(scope, 0)? {
        let floor = floors.get(&line.replica).copied().unwrap_or(0);
        if line.last_seq > floor
            && let Some(row) = tx.segment(scope, line.feed_no)?
        {
            contents.segments.push(row.bytes);
        }
    }
    Ok(())
}

/// The server introduces itself.
fn card(key: &KeyPair) -> Result<Signed> {
    let nation = org_units()
        .iter()
        .find(|unit| unit.level == OrgLevel::Country);
    let (id, name) = nation.map_or((RecordId::from_bytes([0; 16]), String::new()), |unit| {
        (RecordId::of_place_code(&unit.code), unit.name.clone())
    });
    let card = Card {
        key: key.public(),
        seal: key.seal_public(),
        role: own::ROLE.to_owned(),
        place: EnrolPlace {
            id,
            name,
            level: Level::Country.word().to_owned(),
            parent: id,
        },
        person: EnrolPerson {
            id: own::author(key.replica()),
            name: String::new(),
        },
    };
    Ok(card.sign(key)?)
}

/// The name that a bundle should have on a stick: its number says nothing to who finds it.
pub fn file_name(bytes: &[u8]) -> String {
    let mut name = operator::hex(blake3::hash(bytes).as_bytes());
    name.truncate(16);
    format!("{name}.nyt")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first day of a coach of many centres: more than any bundle holds.
    #[test]
    fn what_is_given_along_goes_into_as_many_files_as_it_takes() {
        const MB: usize = 1 << 20;
        let key = KeyPair::from_secret(&[7; 32]);
        let own = card(&key).unwrap();
        let state = |n: u8| (vec![n; 3 * MB], snapshots::vouched(&key, [n; 32]));
        let mut all = Contents {
            number: 0,
            from: own.clone(),
            segments: (0..700_u32).map(|n| vec![n as u8; 32 << 10]).collect(),
            vector: Vector::new(),
            receipts: vec![own.clone()],
            readers: vec![own],
            snapshots: (0..25).map(state).collect(),
            keys: vec![vec![1; 9]],
            erase: Vec::new(),
        };
        let scope = RecordId::from_bytes([3; 16]).as_scope();
        all.vector.set(scope, key.replica(), 9);
        let mut last = 40;
        let files = in_files(all.clone(), || {
            last += 1;
            Ok(last)
        })
        .unwrap();
        let numbers: Vec<u64> = files.iter().map(|file| file.number).collect();
        assert_eq!(numbers, (41..41 + files.len() as u64).collect::<Vec<_>>());
        assert!(files.len() > 5, "{}", files.len());
        let mut together = Contents {
            number: 0,
            segments: Vec::new(),
            snapshots: Vec::new(),
            ..files[0].clone()
        };
        for file in &files {
            let weight = |many: &[Vec<u8>]| many.iter().map(Vec::len).sum::<usize>();
            let states: usize = file.snapshots.iter().map(|(bytes, _)| bytes.len()).sum();
            assert!(states + weight(&file.segments) <= fill::FILE_BYTES);
            assert_eq!(file.vector, all.vector, "each says what is there in all");
            together.segments.extend(file.segments.clone());
            together.snapshots.extend(file.snapshots.clone());
            // No segment before a snapshot that it may stand on.
            assert!(file.snapshots.is_empty() || together.segments.len() == file.segments.len());
        }
        assert_eq!(together, all);
    }
}
