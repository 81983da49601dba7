//! Grants that become narrower: what is unsent is sent first, and only then does a scope leave this laptop.

use std::collections::BTreeSet;

use domain::ids::ScopeId;
use domain::registry::Kind;
use sync::wire::{Grant, SyncAnswer};

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

/// Lets go of every scope whose work the server holds, or has put aside and said so. Answers whether some wait still
/// and the server is to be asked again.
pub fn leave(cx: &Cx<'_>, answer: &SyncAnswer) -> Result<bool> {
    let scopes = leaving(cx)?;
    if scopes.is_empty() {
        return Ok(false);
    }
    let grant_is_new = answer.grant.is_some();
    let mut stay = Vec::new();
    let mut purged = false;
    for scope in scopes {
        let one = BTreeSet::from([scope]);
        cx.store().seal(&one)?;
        let aside = answer.refused.iter().any(|refused| {
            refused.scope == scope && !matches!(refused.reason.as_str(), "gap" | "full")
        });
        if cx.store().unsent(&one, 1)?.is_empty() || aside {
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
    Ok(grant_is_new && !stay.is_empty())
}
