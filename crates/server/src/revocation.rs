//! Who is no longer believed: by the operator's word, or by the server's own from a life that was lost.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{ReplicaId, ScopeId};
use sync::key::KeyPair;
use sync::wire::{Purpose, Readers, Signed};

use crate::error::Result;
use crate::server::{identity, short};
use crate::storage::rows::{Identity, ReplicaRow};
use crate::storage::tx::Tx;
use crate::{enrolment, places, readers};

/// No longer believes a replica. What is stored of its streams counts still.
pub(crate) fn revoke(tx: &dyn Tx, mut replica: ReplicaRow, now: u64) -> Result<()> {
    let reach = places::reach(tx, replica.role, replica.place)?;
    let mut until: BTreeMap<ScopeId, u64> = reach.write.iter().map(|scope| (*scope, 0)).collect();
    until.extend(tx.streams_of(replica.id)?);
    for (scope, until) in &until {
        tx.put_revoked(*scope, replica.id, *until)?;
    }
    let asked_for = tx.demanded(replica.id)?;
    replica.revoked_at = Some(now);
    tx.put_replica(&replica)?;
    let identity = identity(tx)?;
    let key = KeyPair::from_secret(&identity.secret);
    enrolment::renew_grant(tx, &key, &mut replica, now)?;
    let scopes: BTreeSet<ScopeId> = until.into_keys().chain(asked_for).collect();
    for scope in scopes {
        readers::refresh(tx, &identity, scope)?;
    }
    tracing::warn!(replica = %short(replica.id), "a replica was revoked");
    Ok(())
}

/// Does again what the server said before it was put back from a backup, by statements that bear its own signature. There
/// is no way to take a revocation back, so an old statement is as good as a new one.
pub(crate) fn recall(
    tx: &dyn Tx,
    identity: &Identity,
    statements: &[Signed],
    now: u64,
) -> Result<()> {
    let key = KeyPair::from_secret(&identity.secret).public();
    let mut changed = BTreeSet::new();
    for signed in statements {
        let genuine = signed.verify(&key, Purpose::Readers).is_ok();
        let Some(said) = genuine
            .then(|| Readers::from_bytes(&signed.body).ok())
            .flatten()
        else {
            continue;
        };
        for gone in said.revoked {
            let known = tx.replica(gone.replica)?;
            if let Some(replica) = known.filter(|known| known.revoked_at.is_none()) {
                revoke(tx, replica, now)?;
            }
            changed.extend(raise(tx, gone.replica, &gone.until)?);
        }
    }
    for scope in changed {
        readers::refresh(tx, identity, scope)?;
    }
    Ok(())
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
