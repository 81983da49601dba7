//! What this laptop says of itself, when it has changed since it was last heard.

use domain::ids::ScopeId;
use sync::octets::Array;
use sync::wire::{ListEnd, Status, SyncAnswer, SyncRequest};

use super::demand::demanded;
use super::outbox::ForServer;
use crate::cx::Cx;
use crate::error::{AppError, Result};

const SAID: &str = "said_status";
const SAID_DEMAND: &str = "said_demand";
/// How far the list of who did what went when the server was told: the number and the mark.
const SAID_LIST: &str = "said_list";
/// Up to which number the server was told, when lines of that were gone.
const LIST_GONE: &str = "list_gone";

/// What is new about this laptop.
#[derive(Debug, Default)]
pub struct News {
    /// How it stands, when that differs from what was said last.
    pub status: Option<Status>,
    /// The places it reads on demand, likewise.
    pub demand: Option<Vec<ScopeId>>,
    /// How far the list of who did what goes, likewise.
    pub list: Option<ListEnd>,
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
        list: list(cx)?,
    })
}

fn list(cx: &Cx<'_>) -> Result<Option<ListEnd>> {
    let Some((no, mark)) = cx.store().audit_mark(None)? else {
        return Ok(None);
    };
    let said = cx.store().meta(SAID_LIST)?;
    let said = said
        .as_deref()
        .and_then(|said| said.split_first_chunk::<8>());
    let said = said.map(|(no, mark)| (u64::from_be_bytes(*no), mark.to_vec()));
    if said == Some((no, mark.to_vec())) {
        return Ok(None);
    }
    let told = match said {
        Some((told, _)) => {
            let here = cx.store().audit_mark(Some(told))?;
            Some((told, Array(here.map_or([0; 8], |(_, mark)| mark))))
        }
        None => None,
    };
    Ok(Some(ListEnd { no, mark, told }))
}

/// Up to which line the server was told of the list of who did what, when lines of that are gone.
pub fn list_gone(cx: &Cx<'_>) -> Result<Option<u64>> {
    let kept = cx.store().meta(LIST_GONE)?;
    Ok(kept
        .and_then(|bytes| bytes.try_into().ok())
        .map(u64::from_be_bytes))
}

/// Notes what a request has told, once it was answered.
pub fn said(cx: &Cx<'_>, request: &SyncRequest, answer: &SyncAnswer) -> Result<()> {
    if let Some(end) = &request.list {
        let bytes = [&end.no.to_be_bytes()[..], &end.mark].concat();
        cx.store().set_meta(SAID_LIST, &bytes)?;
    }
    if let Some(no) = answer.list_gone {
        cx.store().set_meta(LIST_GONE, &no.to_be_bytes())?;
    }
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
    cx.store().clear_meta(SAID_LIST)?;
    Ok(())
}

fn bytes_of(status: &Status) -> Result<Vec<u8>> {
    status
        .to_bytes()
        .map_err(|_| AppError::new("request-invalid"))
}
