//! Segments that came by hand: who may have written them is judged here, and what cannot be judged yet is kept aside
//! and tried again when more is known.

use std::collections::BTreeSet;

use domain::ids::{ReplicaId, ScopeId};
use sync::admit::Admission;
use sync::segment;

use super::trust::{self, Trust};
use crate::cx::Cx;
use crate::error::Result;

/// Its earlier ones have not come yet.
pub const GAP: &str = "gap";
/// Nobody has said who wrote it.
pub const UNKNOWN_SENDER: &str = "unknown-sender";
/// It was written after its laptop was revoked.
pub const REVOKED: &str = "revoked";
/// Someone who is no longer believed wrote some of it.
pub const AUTHOR_REVOKED: &str = "author-revoked";
/// It is of a scope that this laptop may not read, or that its writer may not write.
pub const SCOPE: &str = "scope";
/// Its stream has another past.
pub const FORK: &str = "fork";
/// Not whole, or not signed by its stream's laptop.
pub const DAMAGED: &str = "damaged";

/// What became of a segment that came by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// It is in: so many saves.
    New(u32),
    /// It was here already.
    Known(u32),
    /// It was put aside with its reason.
    Aside,
    /// It cannot be read at all.
    Unreadable,
}

/// Lets a segment in that came by hand, or puts it aside.
pub fn receive(
    cx: &Cx<'_>,
    trust: &Trust,
    bytes: &[u8],
    from: ReplicaId,
    touched: &mut BTreeSet<ScopeId>,
) -> Result<Received> {
    let Ok(read) = segment::read(bytes) else {
        return Ok(Received::Unreadable);
    };
    let header = read.header();
    let saves = u32::try_from(header.last_seq - header.first_seq + 1).unwrap_or(u32::MAX);
    let put = |reason: &str| -> Result<Received> {
        cx.store().put_aside(bytes, reason, Some(from), cx.now_ms)?;
        Ok(Received::Aside)
    };
    if let Err(reason) = trust.judge(cx, header.scope, header.replica, header.last_seq)? {
        return put(reason);
    }
    let saves_of = read.saves().unwrap_or_default();
    let numbered = saves_of.iter().zip(header.first_seq..);
    let mut late = trust::revoked_people(cx, header.scope)?;
    late.retain(|gone| {
        let mut theirs = numbered
            .clone()
            .filter(|(save, _)| save.author == gone.person);
        theirs.any(|(_, seq)| gone.is_late(header.replica, seq))
    });
    let held = || -> Result<u64> {
        let here = cx.store().vector(&BTreeSet::from([header.scope]))?;
        Ok(here.get(header.scope, header.replica))
    };
    if !late.is_empty() && held()? < header.last_seq {
        return put(AUTHOR_REVOKED);
    }
    match cx.store().take(bytes) {
        Ok(taken) => match taken.admission {
            Admission::Next => {
                touched.insert(header.scope);
                Ok(Received::New(saves))
            }
            Admission::Duplicate => Ok(Received::Known(saves)),
            Admission::Gap { .. } => put(GAP),
            Admission::Fork => put(FORK),
        },
        Err(store::Error::Segment(_)) => put(DAMAGED),
        Err(store::Error::NotFound) => put(GAP),
        Err(other) => Err(other.into()),
    }
}

/// Tries again what lies aside and may be let in by now. Answers how many saves came in.
pub fn try_again(cx: &Cx<'_>) -> Result<u32> {
    let trust = Trust::load(cx)?;
    let mut saves = 0;
    let mut changed = BTreeSet::new();
    for one in cx.store().aside()? {
        if one.reason == FORK {
            cx.store().forget_saved_again(one.id)?;
        }
    }
    loop {
        let before = saves;
        for one in cx.store().aside()? {
            let worth = match one.reason.as_str() {
                GAP | UNKNOWN_SENDER | REVOKED | SCOPE => true,
                // The server has let it in since.
                AUTHOR_REVOKED => {
                    let late = trust::revoked_people(cx, one.scope)?;
                    let mut late = late.iter();
                    !late.any(|gone| gone.is_late(one.replica, one.last_seq))
                }
                _ => false,
            };
            if !worth
                || trust
                    .judge(cx, one.scope, one.replica, one.last_seq)?
                    .is_err()
            {
                continue;
            }
            match cx.store().release(one.id, cx.now_ms) {
                Ok(taken) if taken.admission == Admission::Next => {
                    saves += u32::try_from(taken.saves).unwrap_or(u32::MAX);
                    changed.extend(domain::registry::Kind::ALL.iter().copied());
                }
                Ok(_) | Err(store::Error::Segment(_) | store::Error::NotFound) => {}
                Err(other) => return Err(other.into()),
            }
        }
        if saves == before {
            break;
        }
    }
    if !changed.is_empty() {
        (cx.changed)(&changed);
    }
    Ok(saves)
}
