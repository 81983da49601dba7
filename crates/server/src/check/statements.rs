//! The examination of what stands beside the log: grants, statements about readers, snapshots, what laptops are
//! known to hold, sums, and what was kept aside.

use domain::ids::{ReplicaId, ScopeId};
use sync::key::KeyPair;
use sync::segment;
use sync::snapshot;
use sync::wire::{Grant, Purpose, Readers, Signed};

use super::Fault;
use crate::error::Result;
use crate::server::identity;
use crate::storage::tx::Tx;

/// Examines it for every place.
pub(super) fn check(tx: &dyn Tx, faults: &mut Vec<Fault>) -> Result<()> {
    let identity = identity(tx)?;
    let server = identity.key().public();
    let keys: Vec<[u8; 32]> = identity.keys().iter().map(KeyPair::public).collect();
    for place in tx.places()? {
        let scope = place.id.as_scope();
        let mut fault = |replica: Option<ReplicaId>, what: &str| {
            faults.push(Fault {
                scope,
                replica,
                feed_no: None,
                what: what.to_owned(),
            });
        };
        if let Some((version, bytes)) = tx.readers(scope)?
            && !is_statement(scope, version, &bytes, &server)
        {
            fault(None, "what is said of its readers is not the server's word");
        }
        if let Some(row) = tx.newest_snapshot(scope)? {
            let bytes = tx.snapshot_bytes(scope, &row.hash)?.unwrap_or_default();
            let named = snapshot::hash(&bytes) == row.hash
                && u64::try_from(bytes.len()).ok() == Some(row.length);
            let opens = snapshot::read(&bytes).is_ok_and(|state| state.scope == scope);
            if !named || !opens || row.feed_no > tx.feed_no(scope)? {
                fault(None, "its snapshot is not what it is called");
            }
        }
        if tx.aggregated(scope)? > tx.feed_no(scope)? {
            fault(None, "more is summed up than there is");
        }
        for stream in tx.streams(scope)? {
            let beyond = |row: &crate::storage::rows::ReachRow| row.seq > stream.last_seq;
            if tx.reach_of(scope, stream.replica)?.iter().any(beyond) {
                fault(
                    Some(stream.replica),
                    "a laptop is said to hold more than there is",
                );
            }
        }
        for replica in tx.replicas_at(place.id)? {
            let grant = Grant::from_bytes(&replica.grant_bytes).ok();
            // A new epoch counts the version up before the grant is renewed.
            let version = grant.as_ref().map_or(0, |grant| grant.terms().version);
            let given = tx.grant_given(replica.id, version)?;
            let sound = replica.grant_version == 0
                || given.as_ref() == Some(&replica.grant_bytes)
                    && version <= replica.grant_version
                    && grant.is_some_and(|grant| {
                        // Those of a key that is no longer believed are renewed when their laptop comes.
                        keys.iter().any(|key| grant.verify(key).is_ok())
                            && grant.terms().replica == replica.id
                    });
            if !sound {
                fault(Some(replica.id), "its grant is not the server's word");
            }
        }
    }
    for row in tx.quarantined(u32::MAX)? {
        let sound = segment::read(&row.bytes)
            .is_ok_and(|segment| segment.hash() == row.hash && segment.header().scope == row.scope);
        if !sound {
            faults.push(Fault {
                scope: row.scope,
                replica: Some(row.replica),
                feed_no: None,
                what: "what was kept aside is damaged".to_owned(),
            });
        }
    }
    Ok(())
}

fn is_statement(scope: ScopeId, version: u64, bytes: &[u8], server: &[u8; 32]) -> bool {
    Signed::from_bytes(bytes).is_ok_and(|signed| {
        signed.verify(server, Purpose::Readers).is_ok()
            && Readers::from_bytes(&signed.body)
                .is_ok_and(|readers| (readers.scope, readers.version) == (scope, version))
    })
}
