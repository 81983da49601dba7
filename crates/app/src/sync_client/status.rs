//! What this laptop says of itself, when it has changed since it was last heard.

use domain::ids::ScopeId;
use sync::wire::{Status, SyncRequest};

use super::demand::demanded;
use super::outbox::ForServer;
use crate::cx::Cx;
use crate::error::{AppError, Result};

const SAID: &str = "said_status";
const SAID_DEMAND: &str = "said_demand";

/// What is new about this laptop.
#[derive(Debug, Default)]
pub struct News {
    /// How it stands, when that differs from what was said last.
    pub status: Option<Status>,
    /// The places it reads on demand, likewise.
    pub demand: Option<Vec<ScopeId>>,
}

/// How this laptop stands once the server has taken so many saves from it.
pub fn status(cx: &Cx<'_>, brought: u64) -> Result<Status> {
    let pending = cx.store().pending()?;
    let for_server = ForServer::load(cx)?;
    let of_server = pending
        .iter()
        .filter(|pending| for_server.holds(pending.scope));
    let waiting: u64 = of_server.map(|pending| pending.saves).sum();
    Ok(Status {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        seal: cx.store().key().seal_public(),
        waiting: waiting.saturating_sub(brought),
        held: u64::from(cx.store().held()?),
    })
}

/// What the server has not been told yet, with a request that brings so many saves.
pub fn news(cx: &Cx<'_>, brought: u64) -> Result<News> {
    let now = status(cx, brought)?;
    let said = cx.store().meta(SAID)?;
    let demand = demanded(cx)?;
    let said_demand = cx.store().meta(SAID_DEMAND)?;
    let known = demand
        .as_ref()
        .and_then(|list| serde_json::to_vec(list).ok());
    Ok(News {
        status: (said.as_deref() != Some(bytes_of(&now)?.as_slice())).then_some(now),
        demand: demand.filter(|_| known != said_demand),
    })
}

/// Notes what a request has told, once it was answered.
pub fn said(cx: &Cx<'_>, request: &SyncRequest) -> Result<()> {
    if let Some(status) = &request.status {
        cx.store().set_meta(SAID, &bytes_of(status)?)?;
    }
    if let Some(demand) = &request.demand {
        let bytes = serde_json::to_vec(demand).map_err(|_| AppError::new("store-failed"))?;
        cx.store().set_meta(SAID_DEMAND, &bytes)?;
    }
    Ok(())
}

/// Another server, or another name: nothing was said to it yet.
pub fn forget(cx: &Cx<'_>) -> Result<()> {
    cx.store().clear_meta(SAID)?;
    cx.store().clear_meta(SAID_DEMAND)?;
    Ok(())
}

fn bytes_of(status: &Status) -> Result<Vec<u8>> {
    status
        .to_bytes()
        .map_err(|_| AppError::new("request-invalid"))
}
