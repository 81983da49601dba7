//! Grants that become narrower: what is unsent is sent first, and only then does a scope leave this laptop.

use std::collections::BTreeSet;

use domain::ids::ScopeId;
use domain::registry::Kind;
use sync::segment::{self, Header};
use sync::vector::Vector;
use sync::wire::{Grant, Refused, SyncAnswer, SyncRequest};

use super::compose::Ask;
use super::{aside, exchange, keys, queries, reach, revoked, succession};
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
    cx.keep_further(newer)?;
    let bytes = newer
        .to_bytes()
        .map_err(|_| AppError::new("answer-unreadable"))?;
    succession::told(cx, newer)?;
    Ok(cx.store().set_meta("grant", &bytes)?)
}

/// The server no longer believes this laptop: everything that is here is to leave it.
pub fn all_leave(cx: &Cx<'_>) -> Result<()> {
    let mut scopes = cx.store().scopes()?;
    scopes.extend(leaving(cx)?);
    set_leaving(cx, &scopes.into_iter().collect::<Vec<_>>())
}

/// It is believed again, under a new name: nothing is to leave.
pub fn none_leave(cx: &Cx<'_>) -> Result<()> {
    set_leaving(cx, &[])
}

/// What stands in scopes that are to leave and the server is not known to hold or to have put aside: this laptop's own
/// work, and what others wrote there, for a server that was put back may have it from nobody else.
pub fn not_handed_in(
    cx: &Cx<'_>,
    scopes: &BTreeSet<ScopeId>,
    confirmed: &BTreeSet<ScopeId>,
    most_bytes: usize,
) -> Result<Vec<Vec<u8>>> {
    if scopes.is_empty() {
        return Ok(Vec::new());
    }
    let mut known = handed_in(cx, confirmed)?;
    // What a snapshot stands for cannot be given; what comes after it can.
    for (scope, replica, _) in cx.store().vector(scopes)?.iter() {
        let floor = cx.store().floor(scope, replica)?;
        known.set(scope, replica, floor.max(known.get(scope, replica)));
    }
    Ok(cx.store().beyond(&known, scopes, most_bytes)?)
}

/// What the server is believed to hold, or to have put aside, of every stream that is here. Of scopes in `confirmed` it
/// has just said so itself.
fn handed_in(cx: &Cx<'_>, confirmed: &BTreeSet<ScopeId>) -> Result<Vector> {
    let own = cx.store().replica();
    let mut known = reach::held_by(cx, None)?;
    for (scope, seq) in cx.store().read(|conn| queries::accepted(conn, own))? {
        if !confirmed.contains(&scope) {
            known.set(scope, own, seq.max(known.get(scope, own)));
        }
    }
    Ok(known)
}

/// What the server is believed to have of the scopes that are to leave: the next request shows it, and only what the server
/// confirms leaves. One that was put back without knowing it has lost what it once said it holds, and of scopes that this
/// laptop may no longer read nothing else would tell.
pub fn claims(cx: &Cx<'_>) -> Result<Vector> {
    let leaving: BTreeSet<ScopeId> = leaving(cx)?.into_iter().collect();
    let held = cx.store().vector(&leaving)?;
    let known = handed_in(cx, &BTreeSet::new())?;
    let claims = held.iter().map(|(scope, replica, seq)| {
        let claim = seq.min(known.get(scope, replica));
        (scope, replica, claim)
    });
    Ok(claims.collect())
}

/// Takes in what the server says to the [`claims`] of a request: which scopes are confirmed from now on.
pub fn confirm(
    cx: &Cx<'_>,
    request: &SyncRequest,
    answer: &SyncAnswer,
    confirmed: &mut BTreeSet<ScopeId>,
) -> Result<()> {
    let Some(shown) = &request.vector else {
        return Ok(());
    };
    let mut known = handed_in(cx, confirmed)?;
    for scope in leaving(cx)? {
        let claims: Vec<_> = shown.iter().filter(|claim| claim.0 == scope).collect();
        let Some(theirs) = answer
            .vector
            .as_ref()
            .or(claims.is_empty().then_some(shown))
        else {
            continue;
        };
        for (_, replica, _) in cx.store().vector(&BTreeSet::from([scope]))?.iter() {
            let seq = shown.get(scope, replica);
            known.set(scope, replica, seq.min(theirs.get(scope, replica)));
        }
        confirmed.insert(scope);
    }
    reach::note_held(cx, None, &known)
}

/// What lies aside of scopes that this laptop may not read, or that are to leave it: nobody can let it in here any more, so
/// the server gets it.
pub fn aside_for_server(
    cx: &Cx<'_>,
    readable: &BTreeSet<ScopeId>,
    most_bytes: usize,
) -> Result<Vec<Vec<u8>>> {
    let leaving = leaving(cx)?;
    let (mut segments, mut size) = (Vec::new(), 0);
    for one in cx.store().aside()? {
        let stays = readable.contains(&one.scope) && !leaving.contains(&one.scope);
        if stays || one.reason == aside::DAMAGED {
            continue;
        }
        let bytes = cx.store().aside_bytes(one.id)?;
        if size > 0 && size + bytes.len() > most_bytes {
            break;
        }
        size += bytes.len();
        segments.push(bytes);
    }
    Ok(segments)
}

/// Whether a refusal speaks of what lay aside here: it is no failure of this laptop's.
pub fn lay_aside(cx: &Cx<'_>, request: &SyncRequest, refused: &Refused) -> Result<bool> {
    for bytes in &request.segments {
        let read = segment::read(bytes).map_err(store::Error::from)?;
        let header = read.header();
        if (header.scope, header.first_seq) == (refused.scope, refused.first_seq)
            && cx.store().lies_aside(bytes)?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Lets go of what lay aside and was brought, once the server has taken it or keeps it aside itself.
pub fn note_aside(cx: &Cx<'_>, request: &SyncRequest, answer: &SyncAnswer) -> Result<()> {
    if cx.store().aside()?.is_empty() {
        return Ok(());
    }
    for bytes in &request.segments {
        let read = segment::read(bytes).map_err(store::Error::from)?;
        if refusal(answer, read.header()).is_none_or(|reason| KEPT.contains(&reason)) {
            cx.store().handed_in(bytes)?;
        }
    }
    Ok(())
}

/// Notes which work the server has now, by what was sent and not sent back.
fn note_brought(
    cx: &Cx<'_>,
    leaving: &[ScopeId],
    request: &SyncRequest,
    answer: &SyncAnswer,
    confirmed: &BTreeSet<ScopeId>,
) -> Result<bool> {
    let mut known = handed_in(cx, confirmed)?;
    let mut forward = false;
    for bytes in &request.segments {
        let read = segment::read(bytes).map_err(store::Error::from)?;
        let header = read.header();
        let sent_back = refusal(answer, header).is_some_and(|reason| !KEPT.contains(&reason));
        if leaving.contains(&header.scope)
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
const KEPT: [&str; 5] = [
    exchange::UNKNOWN,
    aside::REVOKED,
    aside::AUTHOR_REVOKED,
    aside::SCOPE,
    aside::FORK,
];

/// Why the server did not let a segment in.
fn refusal<'a>(answer: &'a SyncAnswer, header: &Header) -> Option<&'a str> {
    let mut refused = answer.refused.iter();
    refused
        .find(|one| (one.scope, one.first_seq) == (header.scope, header.first_seq))
        .map(|one| one.reason.as_str())
}

/// Lets go of every scope whose work and keys the server says it holds, or has put aside and said so: this laptop's own, and what
/// others wrote. Answers whether some wait still and the server is to be asked again.
pub fn leave(
    cx: &Cx<'_>,
    request: &SyncRequest,
    answer: &SyncAnswer,
    ask: &mut Ask,
) -> Result<bool> {
    let confirmed = &mut ask.confirmed;
    let scopes = leaving(cx)?;
    if scopes.is_empty() {
        return Ok(false);
    }
    // Before what it brought, which the claims do not name yet.
    let before = confirmed.len();
    confirm(cx, request, answer, confirmed)?;
    let forward =
        note_brought(cx, &scopes, request, answer, confirmed)? || confirmed.len() > before;
    let grant_is_new = answer.grant.is_some();
    let grant = cx.grant()?.filter(|_| !answer.revoked);
    let keyed = match &grant {
        Some(grant) => keys::still_to_bring(cx, grant, &ask.keys)?,
        None => BTreeSet::new(),
    };
    let mut stay = Vec::new();
    let mut purged = false;
    for scope in scopes {
        let one = BTreeSet::from([scope]);
        cx.store().seal(&one)?;
        // Nobody else may have the key of a text that was written here.
        if !confirmed.contains(&scope)
            || keyed.contains(&scope)
            || !not_handed_in(cx, &one, confirmed, 1)?.is_empty()
        {
            stay.push(scope);
            continue;
        }
        match cx.store().purge(scope) {
            // Written before this laptop's own earlier saves had come back: it is sent when they have.
            Err(store::Error::Unsent) => stay.push(scope),
            gone => {
                gone?;
                purged = true;
            }
        }
    }
    set_leaving(cx, &stay)?;
    if stay.is_empty() && revoked::since(cx)?.is_some() {
        revoked::all_left(cx)?;
    }
    if purged {
        (cx.changed)(&Kind::ALL.iter().copied().collect());
    }
    let unshown = request.vector.is_none();
    Ok((grant_is_new || forward || unshown) && !stay.is_empty())
}
