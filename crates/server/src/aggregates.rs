//! Sums of districts and regions.
use crate::error::Result;
use crate::storage::tx::Tx;
use domain::ids::{RecordId, ScopeId};
pub(crate) fn follow(
    _tx: &dyn Tx,
    _scopes: impl Iterator<Item = ScopeId>,
    _now: u64,
) -> Result<()> {
    Ok(())
}
pub(crate) fn renew(
    _tx: &dyn Tx,
    _places: impl Iterator<Item = RecordId>,
    _now: u64,
) -> Result<()> {
    Ok(())
}
