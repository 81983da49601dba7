//! The reference cases, computed anew for whoever wants to see that the charts are right.

use domain::spc::reference::{self, Compared, Verified};
use serde::{Deserialize, Serialize};

use crate::commands::Nothing;
use crate::cx::Cx;
use crate::error::{AppError, Result};

/// One reference case.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct OfCase {
    /// Its name.
    pub name: String,
}

/// Every reference case, computed now.
pub fn calculations(_: &Cx<'_>, _: Nothing) -> Result<Vec<Verified>> {
    Ok(reference::verify())
}

/// The values of one case beside ours.
pub fn calculation(_: &Cx<'_>, request: OfCase) -> Result<Vec<Compared>> {
    reference::values(&request.name).ok_or_else(|| AppError::new("case-unknown"))
}
