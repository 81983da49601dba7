//! Snapshots of scopes: made when a laptop needs one and once a night, kept by their hash, and offered instead
//! of a long log.
//!
//! A snapshot is made of the projection. It says of each stream how far the state covers it, and names the last
//! segment that it covers whole. Of a stream with saves that wait, the laptop will show that it lacks the segments
//! beyond, and gets them by the vector.

use std::collections::BTreeMap;

use domain::ids::{ReplicaId, ScopeId};
use sync::key::KeyPair;
use sync::segment::Hash;
use sync::snapshot::{self, FieldAt, Snapshot, StreamAt};
use sync::wire::{Purpose, Signed, SnapshotRef, SyncRequest};

use crate::error::{Error, Refusal, Result};
use crate::intake::key_brought;
use crate::places;
use crate::projection::Record;
use crate::server::{Server, identity};
use crate::storage::Database;
use crate::storage::rows::{FeedRow, ReplicaRow, SnapshotRow, StreamRow};
use crate::storage::tx::Tx;

/// A scope with no more segments than this, or no more bytes, is given as its log,
const SHORT_LOG: (usize, u64) = (2, 8 << 10);
/// unless all logs together are longer than this, half a minute of a slow line: when that breaks, an answer is lost with
/// all its logs, and a snapshot goes on from where it was.
const LONG_ANSWER: u64 = 256 << 10;
/// Snapshots that are given together, and their bytes; one larger goes alone.
const TOGETHER: usize = 64;
const TOGETHER_BYTES: usize = 4 << 20;
/// A snapshot is made anew for a laptop when so many segments came after it.
const STALE: u64 = 64;
/// How long an older one is kept, for laptops that are in the middle of fetching it.
const KEPT_MS: u64 = 7 * 24 * 60 * 60 * 1000;

/// The snapshots that `replica` should take instead of the logs of scopes of which it has nothing yet, its own
/// place first, then those that it writes.
pub(crate) fn offer(
    tx: &dyn Tx,
    request: &SyncRequest,
    replica: &ReplicaRow,
    cursors: &BTreeMap<ScopeId, u64>,
) -> Result<Vec<SnapshotRef>> {
    let mut offered = Vec::new();
    for scope in wanting(tx, request, replica, cursors.keys().copied())? {
        if let Some(row) = tx.newest_snapshot(scope)? {
            offered.push(SnapshotRef {
                scope,
                feed_no: row.feed_no,
                hash: row.hash,
                length: row.length,
            });
        }
    }
    Ok(offered)
}

/// Those of `scopes` of which the client has nothing and which have much, in the order of need.
fn wanting(
    tx: &dyn Tx,
    request: &SyncRequest,
    replica: &ReplicaRow,
    scopes: impl Iterator<Item = ScopeId>,
) -> Result<Vec<ScopeId>> {
    let begun = |scope: ScopeId| {
        let cursor = request.cursors.iter().find(|(known, _)| *known == scope);
        let shown = request.vector.iter().flat_map(sync::vector::Vector::iter);
        cursor.is_some_and(|(_, cursor)| *cursor > 0)
            || shown
                .filter(|(known, stream, _)| *known == scope && *stream != replica.id)
                .any(|(.., seq)| seq > 0)
    };
    let mut logs = Vec::new();
    for scope in scopes.filter(|scope| !begun(*scope)) {
        let mut lines = tx.feed(scope, 0)?;
        lines.retain(|line| line.replica != replica.id);
        logs.push((scope, lines.len(), bytes_of(&lines)));
    }
    let long = logs.iter().map(|(.., bytes)| bytes).sum::<u64>() > LONG_ANSWER;
    logs.retain(|(_, lines, bytes)| *bytes > SHORT_LOG.1 && (long || *lines > SHORT_LOG.0));
    let mut wanting: Vec<ScopeId> = logs.into_iter().map(|(scope, ..)| scope).collect();
    let reach = places::reach(tx, &replica.posts())?;
    wanting.sort_by_key(|scope| {
        (
            scope.place() != replica.place,
            !reach.write.contains(scope),
            *scope,
        )
    });
    Ok(wanting)
}

/// Whether a scope has so much that a snapshot is worth it.
pub(crate) fn is_long(tx: &dyn Tx, scope: ScopeId) -> Result<bool> {
    let lines = tx.feed(scope, 0)?;
    Ok(lines.len() > SHORT_LOG.0 && bytes_of(&lines) > SHORT_LOG.1)
}

fn bytes_of(lines: &[FeedRow]) -> u64 {
    lines.iter().map(|line| line.length).sum()
}

/// Whether the log goes on behind a snapshot, or something that it does not cover is here already.
pub(crate) fn goes_on(tx: &dyn Tx, offered: &SnapshotRef) -> Result<bool> {
    let waits = |stream: &StreamRow| stream.applied_seq < stream.last_seq;
    Ok(
        offered.feed_no < tx.feed_no(offered.scope)?
            || tx.streams(offered.scope)?.iter().any(waits),
    )
}

/// Makes the snapshots that an answer to `request` will offer, outside of its transaction: packing a large scope
/// takes a while, and others go on meanwhile.
pub(crate) fn make_ready(database: &Database, request: &SyncRequest, now: u64) -> Result<()> {
    let scopes = database.read(|tx| {
        let Some(replica) = tx.replica(request.replica)? else {
            return Ok(Vec::new());
        };
        let silent = request.status.is_none() && replica.version.is_empty();
        if silent || replica.revoked_at.is_some() {
            return Ok(Vec::new());
        }
        let mut scopes = readable(tx, &replica)?;
        scopes.extend(request.demand.iter().flatten());
        let mut stale = Vec::new();
        for scope in wanting(tx, request, &replica, scopes.into_iter())? {
            let made = tx.newest_snapshot(scope)?.map(|row| row.feed_no);
            let feed_no = tx.feed_no(scope)?;
            // Much more than half of what would be given beside it need not be packed again.
            if made.is_none_or(|made| feed_no.saturating_sub(made) > STALE) {
                stale.push(scope);
            }
        }
        Ok::<_, Error>(stale)
    })?;
    make(database, &scopes, now)?;
    Ok(())
}

/// Makes the snapshots of `scopes` anew, and forgets old ones. Says how many were made: none of a scope that
/// is too large for one.
fn make(database: &Database, scopes: &[ScopeId], now: u64) -> Result<u64> {
    if scopes.is_empty() {
        return Ok(0);
    }
    let mut made = 0;
    for scope in scopes {
        let Some((feed_no, bytes)) = database.read(|tx| build(tx, *scope))? else {
            continue;
        };
        let row = SnapshotRow {
            hash: snapshot::hash(&bytes),
            feed_no,
            length: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            made_at: now,
        };
        database.write(|tx| {
            tx.put_snapshot(*scope, &row, &bytes)?;
            tx.forget_snapshots(*scope, now.saturating_sub(KEPT_MS))?;
            Ok::<_, Error>(())
        })?;
        made += 1;
    }
    Ok(made)
}

/// A snapshot of a scope as it stands now, and the feed number that it goes up to.
pub(crate) fn build(tx: &dyn Tx, scope: ScopeId) -> Result<Option<(u64, Vec<u8>)>> {
    let identity = identity(tx)?;
    let mut streams = Vec::new();
    for stream in tx.streams(scope)? {
        let key = match tx.replica(stream.replica)? {
            Some(replica) => Some(replica.key),
            None => match identity.own_key(stream.replica) {
                Some((key, _)) => Some(key),
                // A person has let its work in though nobody knows it any more.
                None => key_brought(tx, scope, stream.replica)?,
            },
        };
        let Some(key) = key else {
            tracing::error!(scope = %scope, "a stream of nobody");
            return Ok(None);
        };
        streams.push(stream_at(tx, scope, &stream, key)?);
    }
    let mut fields = Vec::new();
    for (kind, id) in tx.records(scope)? {
        let Some(row) = tx.record(scope, kind, id)? else {
            continue;
        };
        for (field, heads) in Record::from_row(kind, &row)?.into_fields() {
            fields.extend(heads.into_iter().map(|mut head| {
                head.uncertain = false;
                FieldAt {
                    kind,
                    record: id,
                    field,
                    head,
                }
            }));
        }
    }
    let written = snapshot::write(&Snapshot {
        scope,
        registry: identity.registry,
        streams,
        fields,
    });
    match written {
        Ok(bytes) if bytes.len() <= snapshot::MAX_BYTES => Ok(Some((tx.feed_no(scope)?, bytes))),
        Ok(_) => Ok(None),
        Err(error) => {
            tracing::warn!(scope = %scope, %error, "no snapshot could be made");
            Ok(None)
        }
    }
}

fn stream_at(tx: &dyn Tx, scope: ScopeId, stream: &StreamRow, key: [u8; 32]) -> Result<StreamAt> {
    let (sealed_seq, hash) = if stream.applied_seq == stream.last_seq {
        (stream.last_seq, stream.hash)
    } else {
        let next = tx
            .segment_holding(scope, stream.replica, stream.applied_seq + 1)?
            .ok_or(Error::Unreadable("a segment is missing in a stream"))?;
        (next.first_seq - 1, next.prev)
    };
    Ok(StreamAt {
        replica: stream.replica,
        key,
        sealed_seq,
        hash,
        applied_seq: stream.applied_seq,
    })
}

/// The scopes that a replica may read now.
fn readable(tx: &dyn Tx, replica: &ReplicaRow) -> Result<Vec<ScopeId>> {
    let reach = places::reach_of(tx, replica)?;
    Ok([reach.write, reach.read].concat())
}

/// The bytes of a snapshot of one of these scopes.
fn readable_snapshot(tx: &dyn Tx, readable: &[ScopeId], hash: &Hash) -> Result<Vec<u8>> {
    for scope in tx.scopes_of_snapshot(hash)? {
        if readable.contains(&scope)
            && let Some(bytes) = tx.snapshot_bytes(scope, hash)?
        {
            return Ok(bytes);
        }
    }
    Err(Refusal::SnapshotUnknown.into())
}

/// What the server says of a snapshot of its own, for a stick: that there is one of this hash.
pub(crate) fn vouched(key: &KeyPair, hash: Hash) -> Signed {
    Signed::sign(key, Purpose::Snapshot, hash.to_vec())
}

impl Server {
    /// The bytes of the snapshot of this hash, for whoever shows that they may read its scope: `asking` is a
    /// [`Signed`] of [`Purpose::Request`] over the replica's identifier and the hash. Behind it those of other
    /// snapshots whose hashes follow there, in that order, as far as there is room for all of one.
    ///
    /// # Errors
    /// [`Refusal::SnapshotUnknown`] for one that is not there any more, or not for this replica.
    pub fn snapshot(&self, hash: &Hash, asking: &[u8]) -> Result<Vec<u8>> {
        let signed = Signed::from_bytes(asking).map_err(|error| Refusal::from(&error))?;
        let (id, named) = signed.body.split_at_checked(16).ok_or(Refusal::Malformed)?;
        let id = ReplicaId::from_slice(id).map_err(|_| Refusal::Malformed)?;
        let (named, rest) = named.as_chunks::<32>();
        if named.first() != Some(hash) || !rest.is_empty() || named.len() > TOGETHER {
            return Err(Refusal::BadSignature.into());
        }
        self.database().read(|tx| {
            let replica = tx.replica(id)?.ok_or(Refusal::ReplicaUnknown)?;
            signed
                .verify(&replica.key, Purpose::Request)
                .map_err(|error| Refusal::from(&error))?;
            if replica.revoked_at.is_some() {
                return Err(Refusal::Revoked.into());
            }
            let readable = readable(tx, &replica)?;
            let mut together = Vec::new();
            for hash in named {
                let bytes = readable_snapshot(tx, &readable, hash)?;
                if !together.is_empty() && together.len() + bytes.len() > TOGETHER_BYTES {
                    break;
                }
                together.extend(bytes);
            }
            Ok(together)
        })
    }

    /// Makes snapshots of all scopes that have changed since their last one and are worth it: once a night. Says
    /// how many.
    pub fn make_snapshots(&self) -> Result<u64> {
        let changed = self.database().read(|tx| {
            let mut changed = Vec::new();
            for scope in tx.scopes()? {
                let made = tx.newest_snapshot(scope)?.map(|row| row.feed_no);
                let long = bytes_of(&tx.feed(scope, 0)?) > SHORT_LOG.1;
                if long && made != Some(tx.feed_no(scope)?) {
                    changed.push(scope);
                }
            }
            Ok::<_, Error>(changed)
        })?;
        make(self.database(), &changed, self.now())
    }
}
