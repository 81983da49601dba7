//! Others' work that the server has put aside when it was brought: written by a laptop or a person that it no longer believes, and lost
//! to it when it was put back. It stays here, is not offered again, and comes of itself once a person lets it in there.

use domain::ids::{ReplicaId, ScopeId};
use sync::segment;
use sync::vector::Vector;
use sync::wire::{Refused, SyncRequest};

use super::aside;
use crate::cx::Cx;
use crate::error::{AppError, Result};

/// Under which name of `meta` it stands.
const KEY: &str = "withheld";

/// Streams with the first save that the server has put aside.
fn all(cx: &Cx<'_>) -> Result<Vec<(ScopeId, ReplicaId, u64)>> {
    let bytes = cx.store().meta(KEY)?;
    Ok(bytes
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default())
}

fn put(cx: &Cx<'_>, all: &[(ScopeId, ReplicaId, u64)]) -> Result<()> {
    let bytes = serde_json::to_vec(all).map_err(|_| AppError::new("store-failed"))?;
    Ok(cx.store().set_meta(KEY, &bytes)?)
}

/// Whether a refusal speaks of such work, in a request that this laptop, which is believed, has sent.
pub fn is_others(cx: &Cx<'_>, request: &SyncRequest, refused: &Refused) -> bool {
    let reasons = [aside::REVOKED, aside::AUTHOR_REVOKED];
    reasons.contains(&refused.reason.as_str()) && stream_of(cx, request, refused).is_some()
}

/// The other laptop's stream that a refusal speaks of.
pub fn stream_of(cx: &Cx<'_>, request: &SyncRequest, refused: &Refused) -> Option<ReplicaId> {
    let own = cx.store().replica();
    let brought = request.segments.iter();
    let mut brought = brought.filter_map(|bytes| segment::read(bytes).ok());
    brought.find_map(|read| {
        let header = read.header();
        let it = (header.scope, header.first_seq) == (refused.scope, refused.first_seq);
        (it && header.replica != own).then_some(header.replica)
    })
}

/// Notes what the server has put aside of it.
pub fn note(cx: &Cx<'_>, request: &SyncRequest, refused: &[Refused]) -> Result<()> {
    let before = all(cx)?;
    let mut now = before.clone();
    for refused in refused.iter().filter(|one| is_others(cx, request, one)) {
        let Some(replica) = stream_of(cx, request, refused) else {
            continue;
        };
        let known = now.iter().any(|(scope, of, first)| {
            (*scope, *of) == (refused.scope, replica) && *first <= refused.first_seq
        });
        if !known {
            now.retain(|(scope, of, _)| (*scope, *of) != (refused.scope, replica));
            now.push((refused.scope, replica, refused.first_seq));
        }
    }
    if now == before {
        return Ok(());
    }
    put(cx, &now)
}

/// The server gives something of this stream: a person there has let in what was aside.
pub fn came(cx: &Cx<'_>, scope: ScopeId, replica: ReplicaId) -> Result<()> {
    let before = all(cx)?;
    let mut now = before.clone();
    now.retain(|(of, writer, _)| (*of, *writer) != (scope, replica));
    if now == before {
        return Ok(());
    }
    put(cx, &now)
}

/// The server was put back: it may have forgotten what it put aside.
pub fn forget(cx: &Cx<'_>) -> Result<()> {
    Ok(cx.store().clear_meta(KEY)?)
}

/// What the server is shown as held here: without what it has put aside.
pub fn without(cx: &Cx<'_>, held: &mut Vector) -> Result<()> {
    for (scope, replica, first) in all(cx)? {
        held.set(scope, replica, held.get(scope, replica).min(first - 1));
    }
    Ok(())
}

/// What the server has, with what it has put aside: it need not be brought again.
pub fn and_aside(cx: &Cx<'_>, theirs: &Vector) -> Result<Vector> {
    let mut theirs = theirs.clone();
    for (scope, replica, _) in all(cx)? {
        theirs.set(scope, replica, u64::MAX);
    }
    Ok(theirs)
}
