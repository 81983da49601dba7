//! Who is no longer believed: by the operator's word, or by the server's own from a life that was lost.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{RecordId, ReplicaId, ScopeId};
use sync::wire::{Purpose, Readers, Signed};

use crate::error::Result;
use crate::server::{identity, short};
use crate::storage::rows::{Identity, ReplicaRow};
use crate::storage::tx::Tx;
use crate::{enrolment, places, readers};

/// No longer believes a replica. What is stored of its streams counts still.
pub(crate) fn revoke(tx: &dyn Tx, mut replica: ReplicaRow, now: u64) -> Result<()> {
    let reach = places::reach(tx, &replica.posts())?;
    let mut until: BTreeMap<ScopeId, u64> = reach.write.iter().map(|scope| (*scope, 0)).collect();
    until.extend(tx.streams_of(replica.id)?);
    for (scope, until) in &until {
        tx.put_revoked(*scope, replica.id, *until)?;
    }
    let asked_for = tx.demanded(replica.id)?;
    replica.revoked_at = Some(now);
    tx.put_replica(&replica)?;
    let identity = identity(tx)?;
    enrolment::renew_grant(tx, &identity, &mut replica, now)?;
    let scopes: BTreeSet<ScopeId> = until.into_keys().chain(asked_for).collect();
    for scope in scopes {
        readers::refresh(tx, &identity, scope)?;
    }
    tracing::warn!(replica = %short(replica.id), "a replica was revoked");
    Ok(())
}

/// No longer believes a person, whichever laptop they write with: what they write from now on, and what they wrote before
/// and did not send, is kept aside for a person to look at. Gives whether that is new anywhere.
pub(crate) fn revoke_person(
    tx: &dyn Tx,
    identity: &Identity,
    person: RecordId,
    scopes: &BTreeSet<ScopeId>,
    now: u64,
) -> Result<bool> {
    let mut new = false;
    for scope in scopes {
        if !tx.put_revoked_person(*scope, person, now)? {
            continue;
        }
        new = true;
        for stream in tx.streams(*scope)? {
            let until = (stream.replica, stream.last_seq);
            tx.put_revoked_person_until(*scope, person, until)?;
        }
        readers::refresh(tx, identity, *scope)?;
    }
    if new {
        tracing::warn!("a person was revoked");
    }
    Ok(new)
}

/// What was released of a stream counts, whoever wrote it.
pub(crate) fn release_people(
    tx: &dyn Tx,
    scope: ScopeId,
    replica: ReplicaId,
    until: u64,
) -> Result<()> {
    for gone in tx.revoked_people(scope)? {
        if gone.is_late(replica, until) {
            tx.put_revoked_person_until(scope, gone.person, (replica, until))?;
        }
    }
    readers::refresh(tx, &identity(tx)?, scope)
}

/// Does again what the server said before it was put back from a backup, by statements that bear its own signature. There
/// is no way to take a revocation back, so an old statement is as good as a new one. Gives whether keys were destroyed by it.
pub(crate) fn recall(
    tx: &dyn Tx,
    identity: &Identity,
    statements: &[Signed],
    now: u64,
) -> Result<bool> {
    let key = identity.key().public();
    let mut changed = BTreeSet::new();
    let mut destroyed = false;
    for signed in statements {
        let genuine = signed.verify(&key, Purpose::Readers).is_ok();
        let Some(said) = genuine
            .then(|| Readers::from_bytes(&signed.body).ok())
            .flatten()
        else {
            continue;
        };
        for erased in &said.erased {
            if tx.erase_key(said.scope, erased)? {
                destroyed = true;
                changed.insert(said.scope);
            }
        }
        for gone in said.revoked {
            let known = tx.replica(gone.replica)?;
            if let Some(replica) = known.filter(|known| known.revoked_at.is_none()) {
                revoke(tx, replica, now)?;
            }
            changed.extend(raise(tx, gone.replica, &gone.until)?);
        }
        for gone in said.revoked_people {
            let new = tx.put_revoked_person(said.scope, gone.person, now)?;
            let known = tx.revoked_people(said.scope)?;
            let known = known.into_iter().find(|one| one.person == gone.person);
            for (replica, until) in gone.until {
                if known
                    .as_ref()
                    .is_none_or(|known| known.is_late(replica, until))
                {
                    tx.put_revoked_person_until(said.scope, gone.person, (replica, until))?;
                    changed.insert(said.scope);
                }
            }
            if new {
                changed.insert(said.scope);
            }
        }
    }
    for scope in changed {
        readers::refresh(tx, identity, scope)?;
    }
    Ok(destroyed)
}

/// Lets as much of a revoked replica's streams count as was said; gives the scopes where that is more than before.
fn raise(tx: &dyn Tx, replica: ReplicaId, until: &[(ScopeId, u64)]) -> Result<Vec<ScopeId>> {
    let mut raised = Vec::new();
    for (scope, until) in until {
        if tx
            .revoked_until(*scope, replica)?
            .is_none_or(|known| known < *until)
        {
            tx.put_revoked(*scope, replica, *until)?;
            raised.push(*scope);
        }
    }
    Ok(raised)
}
