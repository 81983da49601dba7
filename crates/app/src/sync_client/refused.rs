//! What the server did not let in, by the reason it gave, until it does.

use std::collections::BTreeMap;

use domain::ids::ScopeId;
use sync::wire::Refused;

use super::exchange::UNKNOWN;
use crate::cx::Cx;
use crate::error::{AppError, Result};

/// Under which name of `meta` it stands.
const KEY: &str = "refused";

/// The reason by scope.
pub fn by_scope(cx: &Cx<'_>) -> Result<BTreeMap<ScopeId, String>> {
    let Some(bytes) = cx.store().meta(KEY)? else {
        return Ok(BTreeMap::new());
    };
    let listed: Vec<(ScopeId, String)> = serde_json::from_slice(&bytes).unwrap_or_default();
    Ok(listed.into_iter().collect())
}

/// Notes what the server said last. A gap closes by itself and is no refusal, nor is it when the server has
/// forgotten another laptop, whose work was brought along.
pub fn note<'r>(cx: &Cx<'_>, refused: impl Iterator<Item = &'r Refused>) -> Result<()> {
    let now: BTreeMap<ScopeId, String> = refused
        .filter(|refused| refused.reason != "gap" && refused.reason != UNKNOWN)
        .map(|refused| (refused.scope, refused.reason.clone()))
        .collect();
    if now == by_scope(cx)? {
        return Ok(());
    }
    let listed: Vec<(ScopeId, String)> = now.into_iter().collect();
    let bytes = serde_json::to_vec(&listed).map_err(|_| AppError::new("store-failed"))?;
    Ok(cx.store().set_meta(KEY, &bytes)?)
}
