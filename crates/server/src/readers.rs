//! Who reads and writes a scope, as signed statements that laptops keep for when there is no server.
//!
//! A statement about a facility names everybody who holds it: its team, the district's coaches, and those above who
//! read it on demand. One about a district, a region or the nation names only those who write there, so that it
//! stays small enough to be sent to all who read it; the server itself stands among them where it writes sums.
//!
//! A statement is made anew when somebody enrols, moves, is revoked or tells a new key, and gets the next version when
//! it says something new. A laptop is given each version until it has shown that the answer arrived.

use std::collections::BTreeSet;

use domain::ids::{ReplicaId, ScopeId};
use sync::octets;
use sync::wire::{Purpose, Reader, Readers, Revoked, Signed};

use crate::error::Result;
use crate::own;
use crate::places::{self, Level, Place};
use crate::server::identity;
use crate::storage::rows::{Identity, ReadersGiven, ReplicaRow};
use crate::storage::tx::Tx;

/// Makes the statements anew that speak of `replica`: those of all scopes that it writes or has asked for.
pub(crate) fn refresh_about(tx: &dyn Tx, replica: &ReplicaRow) -> Result<()> {
    let identity = identity(tx)?;
    let mut scopes: BTreeSet<ScopeId> = places::reach(tx, &replica.posts())?
        .write
        .into_iter()
        .collect();
    scopes.extend(tx.demanded(replica.id)?);
    for scope in scopes {
        refresh(tx, &identity, scope)?;
    }
    Ok(())
}

/// Makes the statement about a scope anew; a new version when it says something new.
pub(crate) fn refresh(tx: &dyn Tx, identity: &Identity, scope: ScopeId) -> Result<()> {
    let Some(place) = tx.place(scope.place())? else {
        return Ok(());
    };
    let key = identity.key();
    let known = tx.readers(scope)?;
    let old = known
        .as_ref()
        .map(|(_, bytes)| Readers::from_bytes(&Signed::from_bytes(bytes)?.body))
        .transpose()?;
    let version = known.as_ref().map_or(0, |(version, _)| *version);
    let readers = Readers {
        scope,
        version,
        server_seal: key.seal_public(),
        readers: readers_of(tx, identity, &place)?,
        revoked: tx
            .revoked(scope)?
            .into_iter()
            .map(|(replica, until)| Revoked {
                replica,
                until: vec![(scope, until)],
            })
            .collect(),
        revoked_people: tx.revoked_people(scope)?,
        erased: tx.erased_keys(scope)?,
    };
    if old.as_ref() == Some(&readers) {
        return Ok(());
    }
    let version = version + 1;
    let body = Readers { version, ..readers }.to_bytes()?;
    let signed = Signed::sign(&key, Purpose::Readers, body);
    tx.put_readers(scope, version, &signed.to_bytes()?)?;
    Ok(())
}

fn readers_of(tx: &dyn Tx, identity: &Identity, place: &Place) -> Result<Vec<Reader>> {
    let mut found = tx.replicas_at(place.id)?;
    let mut demanding = Vec::new();
    if place.level == Level::Facility {
        if let Some(district) = place.parent {
            found.extend(tx.replicas_at(district)?);
        }
        let scope = place.id.as_scope();
        for replica in tx.demanders(scope)? {
            // Whoever asked once may have moved since, or lost what let them.
            if let Some(replica) = tx.replica(replica)?
                && places::on_demand(tx, &replica, scope)?
            {
                demanding.push(replica);
            }
        }
    }
    let mut writing = Vec::new();
    for replica in found {
        if places::may_write(tx, &replica.posts(), place.id)? {
            writing.push(replica);
        }
    }
    let own = own_keys(tx, identity, place)?;
    let mut readers: Vec<Reader> = writing
        .iter()
        .map(|replica| (replica, true))
        .chain(demanding.iter().map(|replica| (replica, false)))
        .filter(|(replica, _)| replica.revoked_at.is_none())
        .map(|(replica, write)| Reader {
            key: replica.key,
            seal: replica.seal.map(octets::Array),
            role: replica.role.word().to_owned(),
            place: replica.place,
            write,
            also: replica.also.clone(),
        })
        .chain(own.into_iter().map(|key| Reader {
            key,
            seal: None,
            role: own::ROLE.to_owned(),
            place: place.id,
            write: true,
            also: Vec::new(),
        }))
        .collect();
    readers.sort_by_key(|reader| reader.key);
    readers.dedup_by_key(|reader| reader.key);
    Ok(readers)
}

/// The server itself where it writes: in the life that it is in, and in those that have left something there. Of those whose key
/// is no longer believed the statement says so as well, as of a revoked laptop.
fn own_keys(tx: &dyn Tx, identity: &Identity, place: &Place) -> Result<Vec<[u8; 32]>> {
    let now = own::writer(&identity.secret, &identity.epoch);
    let mut keys = Vec::new();
    if matches!(place.level, Level::Region | Level::Country) {
        keys.push(now.public());
    }
    let scope = place.id.as_scope();
    let streams = tx.streams(scope)?;
    let mut writers: BTreeSet<ReplicaId> = streams.iter().map(|stream| stream.replica).collect();
    writers.extend(tx.revoked(scope)?.into_iter().map(|(gone, _)| gone));
    for replica in writers {
        if replica == now.replica() {
            keys.push(now.public());
        } else if tx.replica(replica)?.is_none() {
            keys.extend(identity.own_key(replica).map(|(key, _)| key));
        }
    }
    Ok(keys)
}

/// The statements that `replica` lacks of these scopes. `arrived` says that the last answer did.
pub(crate) fn give(
    tx: &dyn Tx,
    identity: &Identity,
    replica: ReplicaId,
    scopes: impl Iterator<Item = ScopeId>,
    arrived: bool,
) -> Result<Vec<Signed>> {
    let mut given = Vec::new();
    for scope in scopes {
        let statement = match tx.readers(scope)? {
            Some(statement) => Some(statement),
            None => {
                // From before there were any.
                refresh(tx, identity, scope)?;
                tx.readers(scope)?
            }
        };
        let Some((version, bytes)) = statement else {
            continue;
        };
        let mut known = tx.readers_given(scope, replica)?;
        let before = known;
        if arrived {
            known.confirmed = known.version;
        }
        if known.confirmed != version {
            given.push(Signed::from_bytes(&bytes)?);
            known.version = version;
        }
        if known != before {
            let ReadersGiven { version, confirmed } = known;
            tx.put_readers_given(scope, replica, ReadersGiven { version, confirmed })?;
        }
    }
    Ok(given)
}
