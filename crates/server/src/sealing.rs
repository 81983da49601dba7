//! The keys of sealed texts at the server: taken from laptops that hold them, given to those alone whom
//! [`places::may_have`] names, and destroyed for whoever may write what they open.
//!
//! Keys come along with what they open, in one answer: with segments those that came beside them, with a snapshot all of its
//! scope. Whatever goes wrong with that, a laptop says which keys it lacks; so one that reads a place again or was put
//! back gets them like any other.
//! What was destroyed is told with the statement on a scope's readers ([`crate::readers`]), which laptops keep, carry by
//! stick and show to a server that was put back from a backup.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::permission::Class;
use sync::bundle::MAX_RECIPIENTS;
use sync::key::KeyPair;
use sync::sealing::{self, Erase, Erased, RecordKey};
use sync::wire::SyncAnswer;

use crate::error::Result;
use crate::places;
use crate::readers;
use crate::server::short;
use crate::storage::rows::{Identity, ReplicaRow};
use crate::storage::tx::Tx;

/// Keys that one laptop is given, or brings, at once.
const MOST: usize = 2_000;

/// Keys of a scope that may be destroyed: far more than anybody masks, and no more than a statement may name.
const MOST_ERASED: u64 = 5_000;

/// Those of them at one laptop's wish, so that none takes the room from the others.
const MOST_ERASED_EACH: u64 = 500;

/// Keys of a scope that one laptop may leave here: far more than anybody writes.
const MOST_KEPT_EACH: u64 = 50_000;

/// Takes the keys that a laptop brought, packed for one of this server's own keys. Gives the names of those that it need not bring again.
pub(crate) fn take(
    tx: &dyn Tx,
    own: &[KeyPair],
    replica: &ReplicaRow,
    packed: &[u8],
) -> Result<Vec<RecordId>> {
    let mut opened = own.iter().map(|key| sealing::open_keys(packed, 1, key));
    let Some(keys) = opened.find_map(std::result::Result::ok) else {
        tracing::warn!(replica = %short(replica.id), "keys that do not open");
        return Ok(Vec::new());
    };
    keep(tx, replica, &keys)
}

/// The same for a list in a bundle, which may be for others alone.
pub(crate) fn take_any(
    tx: &dyn Tx,
    key: &KeyPair,
    sender: &ReplicaRow,
    packed: &[u8],
) -> Result<()> {
    if let Ok(keys) = sealing::open_keys(packed, MAX_RECIPIENTS, key) {
        keep(tx, sender, &keys)?;
    }
    Ok(())
}

/// The keys of scopes, each class packed for those of the recipients who may have it. They work at one place.
pub(crate) fn for_bundle(
    tx: &dyn Tx,
    for_whom: &[ReplicaRow],
    scopes: &BTreeSet<ScopeId>,
) -> Result<Vec<Vec<u8>>> {
    let mut keys = Vec::new();
    for scope in scopes {
        keys.extend(tx.sealed_keys(*scope)?);
    }
    let lists = sealing::by_readers(keys, |class, scope| {
        let mut seals = Vec::new();
        for replica in for_whom {
            if places::may_have(tx, replica, class, scope)? {
                seals.extend(replica.seal);
            }
        }
        Ok::<_, crate::Error>(seals)
    })?;
    let packed = lists
        .iter()
        .map(|(seals, keys)| Ok(sealing::pack_keys(keys, seals)?));
    let mut packed = packed.collect::<Result<Vec<_>>>()?;
    // Whom a list is for may have told no key that can be sealed to.
    packed.retain(|list| !list.is_empty());
    Ok(packed)
}

/// Keeps keys that this laptop may leave here. Gives their names: also of those that were destroyed.
pub(crate) fn keep(tx: &dyn Tx, replica: &ReplicaRow, keys: &[RecordKey]) -> Result<Vec<RecordId>> {
    let mut held = Vec::new();
    let mut rights = Rights::default();
    let mut counts = Counts::default();
    for key in keys.iter().take(MOST) {
        if !rights.of(key, |class| {
            places::may_bring(tx, replica, class, key.scope)
        })? {
            continue;
        }
        let count = counts.of(tx, key.scope, replica)?;
        if count.brought >= MOST_KEPT_EACH {
            tracing::warn!(replica = %short(replica.id), "it has brought too many keys");
            continue;
        }
        if tx.put_sealed_key(key)? {
            count.brought += 1;
        }
        held.push(key.id());
    }
    counts.keep(tx)?;
    Ok(held)
}

/// The keys that a laptop may have, packed for it: those that it lacks, and those that came beside what `answer` gives.
/// Empty where there are none, or where it never told what to seal them to.
pub(crate) fn give(
    tx: &dyn Tx,
    replica: &ReplicaRow,
    wants: &[(ScopeId, RecordId)],
    answer: &SyncAnswer,
) -> Result<Vec<u8>> {
    let Some(seal) = replica.seal else {
        return Ok(Vec::new());
    };
    let mut rights = Rights::default();
    let mut may = |key: &RecordKey| {
        rights.of(key, |class| {
            Ok(places::may_have(tx, replica, class, key.scope)?)
        })
    };
    let mut keys = Vec::new();
    // What it has just brought need not go back.
    let mut seen: BTreeSet<RecordId> = answer.keys_held.iter().copied().collect();
    for (scope, id) in wants.iter().take(MOST) {
        if let Some(key) = tx.sealed_key(*scope, *id)?
            && may(&key)?
        {
            seen.insert(*id);
            keys.push(key);
        }
    }
    for (scope, feed) in beside(answer) {
        // Many more than these it asks for: an answer that breaks off is lost with all its keys.
        let room = u64::try_from(MOST.saturating_sub(keys.len())).unwrap_or(0);
        for key in tx.sealed_keys_in(scope, &feed, room)? {
            if may(&key)? && seen.insert(key.id()) {
                keys.push(key);
            }
        }
    }
    Ok(sealing::pack_keys(&keys, &[seal])?)
}

/// From which number of its feed up to which an answer gives something of a scope.
fn beside(answer: &SyncAnswer) -> BTreeMap<ScopeId, RangeInclusive<u64>> {
    // The log behind a snapshot is asked for once that is loaded, and brings its own.
    let snapshots = answer.snapshots.iter();
    let mut given: BTreeMap<_, _> = snapshots
        .map(|snapshot| (snapshot.scope, 0..=snapshot.feed_no))
        .collect();
    let reached: BTreeMap<ScopeId, u64> = answer.cursors.iter().copied().collect();
    for fed in &answer.segments {
        let last = reached.get(&fed.scope).copied().unwrap_or(fed.feed_no);
        given.entry(fed.scope).or_insert(fed.feed_no..=last);
    }
    given
}

/// What was decided of keys, by scope and class: the tree of places is asked once, however many there are.
#[derive(Default)]
struct Rights {
    decided: BTreeMap<(ScopeId, String), bool>,
}

impl Rights {
    /// What `decide` says of a key's class; no where that is not known.
    fn of(&mut self, key: &RecordKey, decide: impl FnOnce(Class) -> Result<bool>) -> Result<bool> {
        let of = (key.scope, key.class.clone());
        if let Some(known) = self.decided.get(&of) {
            return Ok(*known);
        }
        let may = match Class::from_word(&key.class) {
            Some(class) => decide(class)?,
            None => false,
        };
        self.decided.insert(of, may);
        Ok(may)
    }
}

/// What one laptop has left and had destroyed, by scope: counted once in a request, and under the first of its names, so that
/// another name begins nothing anew.
#[derive(Default)]
struct Counts {
    counted: BTreeMap<ScopeId, Count>,
}

struct Count {
    of: ReplicaId,
    brought: u64,
    destroyed: u64,
    all_destroyed: u64,
}

impl Counts {
    fn of(&mut self, tx: &dyn Tx, scope: ScopeId, replica: &ReplicaRow) -> Result<&mut Count> {
        Ok(match self.counted.entry(scope) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let of = tx.names(replica.id)?.last().copied();
                let of = of.unwrap_or(replica.id);
                let (brought, destroyed) = tx.key_count(scope, of)?;
                new.insert(Count {
                    of,
                    brought,
                    destroyed,
                    all_destroyed: tx.erasures(scope)?,
                })
            }
        })
    }

    fn keep(&self, tx: &dyn Tx) -> Result<()> {
        for (scope, count) in &self.counted {
            let numbers = (count.brought, count.destroyed);
            if tx.key_count(*scope, count.of)? != numbers {
                tx.put_key_count(*scope, count.of, numbers)?;
            }
        }
        Ok(())
    }
}

/// Destroys the keys that a laptop's people want destroyed, where they may, and says so to everybody. Gives whether any was.
pub(crate) fn destroy(
    tx: &dyn Tx,
    identity: &Identity,
    replica: &ReplicaRow,
    wanted: &[Erase],
    now: u64,
) -> Result<bool> {
    let mut changed = BTreeSet::new();
    let mut counts = Counts::default();
    for one in wanted.iter().take(MOST) {
        let known = tx.sealed_key(one.scope, one.key)?;
        // One that is not here yet is of a class that nobody knows: whoever writes anything there is believed.
        let classes: Vec<Class> = match known.and_then(|key| Class::from_word(&key.class)) {
            Some(class) => vec![class],
            None => Class::SEALED.to_vec(),
        };
        let mut may = false;
        for class in classes {
            may |= places::may_destroy(tx, replica, class, one.scope)?;
        }
        let count = counts.of(tx, one.scope, replica)?;
        if !may || count.all_destroyed >= MOST_ERASED || count.destroyed >= MOST_ERASED_EACH {
            tracing::warn!(replica = %short(replica.id), "a key was not destroyed");
            continue;
        }
        let erased = Erased {
            key: one.key,
            by: one.by,
            at_ms: now,
        };
        if tx.erase_key(one.scope, &erased)? {
            count.all_destroyed += 1;
            count.destroyed += 1;
            changed.insert(one.scope);
        }
    }
    counts.keep(tx)?;
    for scope in &changed {
        readers::refresh(tx, identity, *scope)?;
    }
    Ok(!changed.is_empty())
}
