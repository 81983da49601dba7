//! A server that was put back from a backup may have forgotten whom it revoked, and what was erased, after the backup was made. This laptop holds
//! its word, signed by itself, and tells it.

use std::collections::BTreeSet;

use domain::ids::ScopeId;
use sync::wire::{Readers, Signed, SyncRequest};

use super::grants;
use crate::cx::Cx;
use crate::error::{AppError, Result};

/// Statements that the server is still to be told stand here in `meta`.
const OWED: &str = "revocations_owed";

/// Keeps what the server said of revocations before newer statements of its, which may not know of them, come in their
/// place.
pub fn note(cx: &Cx<'_>) -> Result<()> {
    let mut scopes: BTreeSet<ScopeId> = grants::leaving(cx)?.into_iter().collect();
    let grant = cx.grant()?;
    scopes.extend(
        grant
            .iter()
            .flat_map(|grant| &grant.terms().scopes)
            .map(|s| s.scope),
    );
    let mut owed = owed(cx)?;
    for scope in scopes {
        let Some(signed) = cx.store().readers(scope)? else {
            continue;
        };
        let says = Readers::from_bytes(&signed.body)
            .is_ok_and(|said| !(said.revoked.is_empty() && said.erased.is_empty()));
        if says && !owed.contains(&signed) {
            owed.push(signed);
        }
    }
    if owed.is_empty() {
        return Ok(());
    }
    let owed: std::result::Result<Vec<Vec<u8>>, _> = owed.iter().map(Signed::to_bytes).collect();
    let owed = owed.map_err(|_| AppError::new("store-failed"))?;
    let bytes = serde_json::to_vec(&owed).map_err(|_| AppError::new("store-failed"))?;
    Ok(cx.store().set_meta(OWED, &bytes)?)
}

/// What the next request tells.
pub fn owed(cx: &Cx<'_>) -> Result<Vec<Signed>> {
    let Some(bytes) = cx.store().meta(OWED)? else {
        return Ok(Vec::new());
    };
    let owed: Vec<Vec<u8>> =
        serde_json::from_slice(&bytes).map_err(|_| AppError::new("database-damaged"))?;
    let owed = owed.iter().map(|bytes| Signed::from_bytes(bytes));
    owed.collect::<std::result::Result<_, _>>()
        .map_err(|_| AppError::new("database-damaged"))
}

/// Notes what a request has told, once it was answered.
pub fn told(cx: &Cx<'_>, request: &SyncRequest) -> Result<()> {
    if !request.revocations.is_empty() {
        cx.store().clear_meta(OWED)?;
    }
    Ok(())
}
