//! Grants that become narrower: what is unsent is sent first, and only then does a scope leave this laptop.

use std::collections::BTreeSet;

use domain::ids::ScopeId;
use domain::registry::Kind;
use sync::segment::{self, Header};
use sync::wire::{Grant, SyncAnswer, SyncRequest};

use super::reach;
use crate::cx::Cx;
use crate::error::{AppError, Result};

/// Scopes that were granted once and are to leave stand here in `meta`.
const LEAVING: &str = "leaving";

/// Scopes that are to leave this laptop once everything saved in them has been sent.
pub fn leaving(cx: &Cx<'_>) -> Result<Vec<ScopeId>> {
    let bytes = cx.store().meta(LEAVING)?;
    Ok(bytes
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default())
}

fn set_leaving(cx: &Cx<'_>, scopes: &[ScopeId]) -> Result<()> {
    let bytes = serde_json::to_vec(scopes).map_err(|_| AppError::new("store-failed"))?;
    Ok(cx.store().set_meta(LEAVING, &bytes)?)
}

/// Takes a newer grant over. Which scopes leave is noted before, so that a power cut in between forgets none.
pub fn renew(cx: &Cx<'_>, newer: &Grant) -> Result<()> {
    let mut leaves: BTreeSet<ScopeId> = leaving(cx)?.into_iter().collect();
    if !newer.terms().scopes.is_empty() {
        // Only what a grant had brought: what came by hand, from a laptop that the person here trusts, stays.
        let before = cx.grant()?;
        let granted = before.iter().flat_map(|grant| &grant.terms().scopes);
        leaves.extend(granted.map(|granted| granted.scope));
        leaves.retain(|scope| !newer.may_read(*scope));
        set_leaving(cx, &leaves.into_iter().collect::<Vec<_>>())?;
    }
    let bytes = newer
        .to_bytes()
        .map_err(|_| AppError::new("answer-unreadable"))?;
    Ok(cx.store().set_meta("grant", &bytes)?)
}

/// What other people wrote in the scopes that are to leave and the server is not known to hold: a server that was
/// put back may have it from nobody else.
pub fn of_others(cx: &Cx<'_>, most_bytes: usize) -> Result<Vec<Vec<u8>>> {
    let scopes: BTreeSet<ScopeId> = leaving(cx)?.into_iter().collect();
    others_beyond(cx, &scopes, most_bytes)
}

fn others_beyond(
    cx: &Cx<'_>,
    scopes: &BTreeSet<ScopeId>,
    most_bytes: usize,
) -> Result<Vec<Vec<u8>>> {
    if scopes.is_empty() {
        return Ok(Vec::new());
    }
    // This laptop's own work is sent as ever.
    let mut known = reach::held_by(cx, None)?;
    for scope in scopes {
        known.set(*scope, cx.store().replica(), i64::MAX as u64);
    }
    Ok(cx.store().beyond(&known, scopes, most_bytes)?)
}

/// Notes which work of others the server has now, by what was sent and not sent back.
fn note_brought(cx: &Cx<'_>, request: &SyncRequest, answer: &SyncAnswer) -> Result<bool> {
    let own = cx.store().replica();
    let mut known = reach::held_by(cx, None)?;
    let mut forward = false;
    for bytes in &request.segments {
        let read = segment::read(bytes).map_err(store::Error::from)?;
        let header = read.header();
        let sent_back = refusal(answer, header).is_some_and(|reason| !KEPT.contains(&reason));
        if header.replica != own
            && !sent_back
            && known.get(header.scope, header.replica) < header.last_seq
        {
            known.set(header.scope, header.replica, header.last_seq);
            forward = true;
        }
    }
    if forward {
        reach::note_held(cx, None, &known)?;
    }
    Ok(forward)
}

/// The reasons for which the server puts a segment aside and keeps it. What it refuses for any other is on this laptop alone.
const KEPT: [&str; 4] = ["replica-unknown", "revoked", "scope", "fork"];

/// Why the server did not let a segment in.
fn refusal<'a>(answer: &'a SyncAnswer, header: &Header) -> Option<&'a str> {
    let mut refused = answer.refused.iter();
    refused
        .find(|one| (one.scope, one.first_seq) == (header.scope, header.first_seq))
        .map(|one| one.reason.as_str())
}

/// Whether every one of these segments, which the server has not let in, lies aside there: it was sent and kept. Those
/// that did not fit into the request were not.
fn lie_aside(unsent: &[Vec<u8>], request: &SyncRequest, answer: &SyncAnswer) -> Result<bool> {
    for bytes in unsent {
        let read = segment::read(bytes).map_err(store::Error::from)?;
        let kept = refusal(answer, read.header()).is_some_and(|reason| KEPT.contains(&reason));
        if !kept || !request.segments.contains(bytes) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Lets go of every scope whose work the server holds, or has put aside and said so: this laptop's own, and what others
/// wrote. Answers whether some wait still and the server is to be asked again.
pub fn leave(cx: &Cx<'_>, request: &SyncRequest, answer: &SyncAnswer) -> Result<bool> {
    let scopes = leaving(cx)?;
    if scopes.is_empty() {
        return Ok(false);
    }
    let forward = note_brought(cx, request, answer)?;
    let grant_is_new = answer.grant.is_some();
    let mut stay = Vec::new();
    let mut purged = false;
    for scope in scopes {
        let one = BTreeSet::from([scope]);
        cx.store().seal(&one)?;
        let unsent = cx.store().unsent(&one, usize::MAX)?;
        if lie_aside(&unsent, request, answer)? && others_beyond(cx, &one, 1)?.is_empty() {
            match cx.store().purge(scope) {
                // Written before this laptop's own earlier saves had come back: it is sent when they have.
                Err(store::Error::Unsent) => stay.push(scope),
                gone => {
                    gone?;
                    purged = true;
                }
            }
        } else {
            stay.push(scope);
        }
    }
    set_leaving(cx, &stay)?;
    if purged {
        (cx.changed)(&Kind::ALL.iter().copied().collect());
    }
    Ok((grant_is_new || forward) && !stay.is_empty())
}

#[cfg(test)]
mod tests {
    use domain::ids::RecordId;
    use sync::clock::Hlc;
    use sync::key::KeyPair;
    use sync::log::{Save, SaveKind};
    use sync::segment::{Tip, seal};
    use sync::wire::Refused;

    use super::*;

    #[test]
    fn what_was_not_sent_or_not_kept_is_on_this_laptop_alone() {
        let key = KeyPair::from_secret(&[1; 32]);
        let scope = RecordId::natural(&[b"a place"]).as_scope();
        let save = Save {
            hlc: Hlc::from_parts(1, 0),
            author: RecordId::natural(&[b"a person"]),
            grant: 1,
            kind: SaveKind::Edit,
            reason: None,
            changes: Vec::new(),
        };
        let start = Tip {
            scope,
            last_seq: 0,
            hash: [0; 32],
        };
        let first = seal(&key, &start, std::slice::from_ref(&save)).unwrap();
        let second = seal(&key, &first.tip(), &[save]).unwrap();
        let both = [first.bytes, second.bytes];
        let request = |segments: &[Vec<u8>]| SyncRequest {
            segments: segments.to_vec(),
            ..SyncRequest::empty(key.replica(), [0; 16], 1)
        };
        let answer = |reasons: &[&str]| SyncAnswer {
            refused: (1..)
                .zip(reasons)
                .map(|(first_seq, reason)| Refused {
                    scope,
                    first_seq,
                    reason: (*reason).to_owned(),
                })
                .collect(),
            ..SyncAnswer::empty([0; 16], 1)
        };
        let aside = |sent: &[Vec<u8>], reasons: &[&str]| {
            lie_aside(&both, &request(sent), &answer(reasons)).unwrap()
        };
        assert!(aside(&both, &["scope", "scope"]));
        assert!(!aside(&both[..1], &["scope"]), "the rest did not fit");
        assert!(!aside(&both, &["scope", "gap"]));
        assert!(!aside(&both, &["scope", "damaged"]), "it is kept nowhere");
        assert!(!aside(&both, &[]));
        assert!(lie_aside(&[], &request(&[]), &answer(&[])).unwrap());
    }
}
