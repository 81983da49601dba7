//! Older history: what a snapshot stands for can be asked of the server, a year of it or all.

use std::collections::BTreeMap;

use domain::ids::RecordId;
use serde::{Deserialize, Serialize};

use super::exchange::{Talk, run};
use super::snapshots::floor;
use crate::cx::Cx;
use crate::error::{AppError, Result};

/// Asks for older history.
#[derive(Debug, Clone, Copy, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct HistoryMore {
    /// Of which place.
    #[ts(type = "string")]
    pub place: RecordId,
}

/// How much of a place's history is here.
#[derive(Debug, Clone, Copy, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct HistoryHere {
    /// All of it.
    pub complete: bool,
}

/// Asks for the older history of this laptop's own place until it is all here: who corrected what, and why, is part of
/// the work, and a snapshot only says what stands.
pub fn ask_for_own(cx: &Cx<'_>, talk: &mut Talk) -> Result<()> {
    let scope = cx.scope_of(cx.author_here()?.home)?;
    if !cx.store().history_complete(scope)?
        && let Some(below) = floor(cx, scope)?.filter(|below| *below > 1)
    {
        talk.ask.older.entry(scope).or_insert(below);
    }
    Ok(())
}

/// Brings a place's older history, all that the server has.
pub fn history_more(cx: &Cx<'_>, request: HistoryMore) -> Result<HistoryHere> {
    let scope = cx.scope_of(request.place)?;
    if !cx.store().history_complete(scope)?
        && let Some(below) = floor(cx, scope)?
    {
        let mut talk = Talk::default();
        talk.ask.older = BTreeMap::from([(scope, below)]);
        run(cx, &mut talk)?;
        if let Some(code) = &talk.outcome.code {
            return Err(AppError::new(code));
        }
    }
    Ok(HistoryHere {
        complete: cx.store().history_complete(scope)?,
    })
}
