//! The keys of sealed texts at the server: taken from laptops that hold them, given to those alone whom
//! [`places::may_have`] names, and destroyed for whoever may write what they open.
//!
//! A laptop says which keys it lacks; so one that enrols later, reads a place again or was put back gets them like any other.
//! What was destroyed is told with the statement on a scope's readers ([`crate::readers`]), which laptops keep, carry by
//! stick and show to a server that was put back from a backup.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{RecordId, ScopeId};
use domain::permission::Class;
use sync::bundle::MAX_RECIPIENTS;
use sync::key::KeyPair;
use sync::sealing::{self, Erase, Erased, RecordKey};

use crate::error::Result;
use crate::places;
use crate::readers;
use crate::server::short;
use crate::storage::rows::{Identity, ReplicaRow};
use crate::storage::tx::Tx;

/// Keys that one laptop is given, or brings, at once.
const MOST: usize = 2_000;

/// Keys of a scope that may be destroyed: far more than anybody masks, and no more than a statement may name.
const MOST_ERASED: usize = 5_000;

/// Takes the keys that a laptop brought, packed for this server. Gives the names of those that it need not bring again.
pub(crate) fn take(
    tx: &dyn Tx,
    key: &KeyPair,
    replica: &ReplicaRow,
    packed: &[u8],
) -> Result<Vec<RecordId>> {
    let Ok(keys) = sealing::open_keys(packed, 1, key) else {
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
    let mut lists: BTreeMap<Vec<[u8; 32]>, Vec<RecordKey>> = BTreeMap::new();
    for scope in scopes {
        for key in tx.sealed_keys(*scope)? {
            let Some(class) = Class::from_word(&key.class) else {
                continue;
            };
            let mut seals = Vec::new();
            for replica in for_whom {
                if places::may_have(tx, replica, class, *scope)? {
                    seals.extend(replica.seal);
                }
            }
            lists.entry(seals).or_default().push(key);
        }
    }
    let mut packed = Vec::new();
    for (seals, keys) in &lists {
        for keys in keys.chunks(sealing::MOST_KEYS) {
            packed.push(sealing::pack_keys(keys, seals)?);
        }
    }
    packed.retain(|list| !list.is_empty());
    Ok(packed)
}

/// Keeps keys of which this laptop may have any. Gives their names: also of those that were destroyed.
pub(crate) fn keep(tx: &dyn Tx, replica: &ReplicaRow, keys: &[RecordKey]) -> Result<Vec<RecordId>> {
    let mut held = Vec::new();
    for key in keys.iter().take(MOST) {
        let scope = key.scope;
        let may = match Class::from_word(&key.class) {
            Some(class) => {
                places::may_have(tx, replica, class, scope)?
                    || places::may_destroy(tx, replica, class, scope)?
            }
            None => false,
        };
        if may {
            tx.put_sealed_key(key)?;
            held.push(key.id());
        }
    }
    Ok(held)
}

/// The keys that a laptop lacks and may have, packed for it. Empty where there are none, or where it never told what to
/// seal them to.
pub(crate) fn give(
    tx: &dyn Tx,
    replica: &ReplicaRow,
    wants: &[(ScopeId, RecordId)],
) -> Result<Vec<u8>> {
    let Some(seal) = replica.seal else {
        return Ok(Vec::new());
    };
    let mut keys = Vec::new();
    for (scope, id) in wants.iter().take(MOST) {
        if let Some(key) = tx.sealed_key(*scope, *id)?
            && let Some(class) = Class::from_word(&key.class)
            && places::may_have(tx, replica, class, *scope)?
        {
            keys.push(key);
        }
    }
    Ok(sealing::pack_keys(&keys, &[seal])?)
}

/// Destroys the keys that a laptop's people want destroyed, where they may, and says so to everybody.
pub(crate) fn destroy(
    tx: &dyn Tx,
    identity: &Identity,
    replica: &ReplicaRow,
    wanted: &[Erase],
    now: u64,
) -> Result<()> {
    let mut changed = BTreeSet::new();
    for one in wanted.iter().take(MOST) {
        let known = tx.sealed_key(one.scope, one.key)?;
        // One that is not here yet is of a class that nobody knows: whoever writes anything there is believed.
        let classes: Vec<Class> = match known.and_then(|key| Class::from_word(&key.class)) {
            Some(class) => vec![class],
            None => vec![Class::Work, Class::Staff],
        };
        let mut may = false;
        for class in classes {
            may |= places::may_destroy(tx, replica, class, one.scope)?;
        }
        let room = || Ok::<_, crate::Error>(tx.erased_keys(one.scope)?.len() < MOST_ERASED);
        if !may || !room()? {
            tracing::warn!(replica = %short(replica.id), "a key was not destroyed");
            continue;
        }
        let erased = Erased {
            key: one.key,
            by: one.by,
            at_ms: now,
        };
        if tx.erase_key(one.scope, &erased)? {
            changed.insert(one.scope);
        }
    }
    for scope in changed {
        readers::refresh(tx, identity, scope)?;
    }
    Ok(())
}
