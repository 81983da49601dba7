//! The server as a replica of its own: it writes sums into the scopes of regions and of the nation, and into that of a
//! facility under which district it lies, in ordinary segments that laptops verify like any other.
//!
//! Its signing key for that is derived from the server's secret and the epoch. A server that was put back from a
//! backup begins a new epoch, and with it a new stream: a number that a lost life of it may have used is never
//! given to something else. There are only [`LIVES`] such keys, so that a server knows its own segments again
//! whenever a laptop brings them back.

use domain::ids::{RecordId, ReplicaId, ScopeId};
use sync::clock::tick;
use sync::key::KeyPair;
use sync::log::{Change, Save, SaveKind};
use sync::segment::{Tip, seal_all};

use crate::error::{Error, Result};
use crate::projection::{self, Opened};
use crate::readers;
use crate::storage::rows::{Identity, SegmentRow};
use crate::storage::tx::Tx;

/// How many keys there are.
const LIVES: u16 = 1_024;
/// The word that stands for the server where others have a role.
pub const ROLE: &str = "server";

/// The key that the server writes with in this epoch.
pub fn writer(secret: &[u8; 32], epoch: &[u8; 16]) -> KeyPair {
    of_life(secret, u16::from_le_bytes([epoch[0], epoch[1]]) % LIVES)
}

/// The server in each of its lives, with the public key it has there.
pub fn all(secret: &[u8; 32]) -> impl Iterator<Item = (ReplicaId, [u8; 32])> {
    (0..LIVES).map(|life| {
        let key = of_life(secret, life);
        (key.replica(), key.public())
    })
}

/// The public key of the life of the server that wrote as `replica`, `None` when that was somebody else.
pub fn key_of(secret: &[u8; 32], replica: ReplicaId) -> Option<[u8; 32]> {
    all(secret).find_map(|(own, key)| (own == replica).then_some(key))
}

/// Who stands as the author of what the server writes.
pub fn author(replica: ReplicaId) -> RecordId {
    RecordId::author_itself(replica)
}

/// Writes into a scope as the server in this life, one save for each of `saves`. Says how many there were.
pub(crate) fn write(
    tx: &dyn Tx,
    identity: &Identity,
    scope: ScopeId,
    saves: Vec<Vec<Change>>,
    now: u64,
) -> Result<u64> {
    if saves.is_empty() {
        return Ok(0);
    }
    let writer = writer(&identity.secret, &identity.epoch).replica();
    let mut hlc = tx.own_stamp()?;
    let saves: Vec<Save> = saves
        .into_iter()
        .map(|changes| {
            hlc = tick(hlc, now);
            Save {
                hlc,
                author: author(writer),
                grant: 0,
                kind: SaveKind::Edit,
                reason: None,
                changes,
            }
        })
        .collect();
    tx.set_own_stamp(hlc)?;
    append(tx, identity, scope, &saves, now)?;
    Ok(u64::try_from(saves.len()).unwrap_or(u64::MAX))
}

/// Writes saves into a scope as the server in this life, with the authors and stamps that they have.
pub(crate) fn append(
    tx: &dyn Tx,
    identity: &Identity,
    scope: ScopeId,
    saves: &[Save],
    now: u64,
) -> Result<()> {
    let key = writer(&identity.secret, &identity.epoch);
    let stream = tx.stream(scope, key.replica())?;
    let tip = stream.as_ref().map_or(Tip::start(scope), |stream| Tip {
        scope,
        last_seq: stream.last_seq,
        hash: stream.hash,
    });
    let sealed = seal_all(&key, &tip, saves).map_err(|_| Error::Unreadable("saves do not pack"))?;
    for sealed in sealed {
        tx.append_segment(
            scope,
            &SegmentRow {
                replica: key.replica(),
                first_seq: sealed.header.first_seq,
                last_seq: sealed.header.last_seq,
                received_at: now,
                feed_no: 0,
                prev: sealed.header.prev,
                hash: sealed.hash,
                bytes: sealed.bytes,
            },
        )?;
    }
    projection::settle(tx, scope, &mut Opened::new())?;
    if stream.is_none() {
        // Far from the server, laptops must know who wrote this before they believe it.
        readers::refresh(tx, identity, scope)?;
    }
    Ok(())
}

fn of_life(secret: &[u8; 32], life: u16) -> KeyPair {
    let mut hasher = blake3::Hasher::new_derive_key("nyetaa 2026-11-22 the server as a replica");
    hasher.update(secret);
    hasher.update(&life.to_le_bytes());
    KeyPair::from_secret(hasher.finalize().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_knows_itself_again_in_another_life() {
        let (secret, epoch) = ([7; 32], [9; 16]);
        let key = writer(&secret, &epoch);
        let known = |secret| all(&secret).any(|own| own == (key.replica(), key.public()));
        assert!(known(secret));
        assert!(!known([8; 32]));
        assert_ne!(writer(&secret, &[10; 16]).public(), key.public());
    }
}
