//! Snapshots: the state of a scope that is new here, fetched in pieces that survive any cut, and loaded whole.

use std::path::PathBuf;

use base64::Engine;
use domain::ids::ScopeId;
use sync::snapshot;
use sync::wire::{Purpose, Signed, SnapshotRef, SyncAnswer};

use super::exchange::Talk;
use super::state::Step;
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::surroundings::Link;

/// The largest snapshot that is fetched.
const LARGEST: u64 = 64 << 20;
/// How often nothing may come of a piece before it is left for the next time.
const TRIES: u32 = 3;

/// Fetches and loads what the answer offers. Answers whether there was something, so that the log after it is asked for.
pub fn load(cx: &Cx<'_>, link: &dyn Link, answer: &SyncAnswer, talk: &mut Talk) -> Result<bool> {
    for offered in &answer.snapshots {
        let bytes = fetch(cx, link, offered, talk)?;
        let read = snapshot::read(&bytes).map_err(store::Error::from)?;
        if read.scope != offered.scope {
            return Err(AppError::new("answer-unreadable"));
        }
        match cx.store().load_snapshot(&read, &bytes, cx.now_ms) {
            Ok(changed) => (cx.changed)(&changed),
            // What stands here knows more than it: the log goes on from the beginning.
            Err(store::Error::Stale) => {
                forget_parts(cx, Some(offered.scope))?;
                continue;
            }
            Err(store::Error::Forked) => {
                super::mint::mint(cx)?;
                super::mint::tell_server(cx, link, talk)?;
                let changed = cx.store().load_snapshot(&read, &bytes, cx.now_ms)?;
                (cx.changed)(&changed);
            }
            Err(other) => return Err(other.into()),
        }
        cx.store().set_cursor(offered.scope, offered.feed_no)?;
        set_floor(cx, offered.scope, offered.feed_no.saturating_add(1))?;
        forget_parts(cx, Some(offered.scope))?;
    }
    Ok(!answer.snapshots.is_empty())
}

/// Takes away what was fetched of a scope's state, now that it is here: also of one that the server has made anew since. Of
/// every scope when none is named.
pub fn forget_parts(cx: &Cx<'_>, scope: Option<ScopeId>) -> Result<()> {
    let parts = match cx.around.disk.list(&folder(cx)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        listed => listed.map_err(store::Error::from)?,
    };
    let begins = scope.map_or_else(String::new, |scope| format!("{scope}."));
    for part in parts {
        let name = part.file_name().and_then(|name| name.to_str());
        if name.is_some_and(|name| name.starts_with(&begins)) {
            remove(cx, &part)?;
        }
    }
    Ok(())
}

fn folder(cx: &Cx<'_>) -> PathBuf {
    cx.laptop.folder.join("snapshots")
}

fn path(cx: &Cx<'_>, offered: &SnapshotRef) -> PathBuf {
    folder(cx).join(format!("{}.{}.part", offered.scope, hex(&offered.hash)))
}

fn hex(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn remove(cx: &Cx<'_>, path: &std::path::Path) -> Result<()> {
    match cx.around.disk.remove(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(store::Error::from(error).into())
        }
        _ => Ok(()),
    }
}

/// The bytes of a snapshot. Every piece is on the disk before the next is asked for.
fn fetch(cx: &Cx<'_>, link: &dyn Link, offered: &SnapshotRef, talk: &mut Talk) -> Result<Vec<u8>> {
    if offered.length > LARGEST {
        return Err(AppError::new("answer-unreadable"));
    }
    let disk = &cx.around.disk;
    let path = path(cx, offered);
    disk.create_dir_all(&folder(cx))
        .map_err(store::Error::from)?;
    let mut have = disk.len(&path).unwrap_or(0);
    if have > offered.length {
        remove(cx, &path)?;
        have = 0;
    }
    let header = request_header(cx, offered)?;
    let address = format!("/v1/snapshot/{}", hex(&offered.hash));
    let mut nothing = 0;
    while have < offered.length {
        let count = |bytes: u64| u32::try_from(bytes).unwrap_or(u32::MAX);
        talk.tell(cx, Step::Snapshot, count(have), count(offered.length))?;
        talk.outcome.requests += 1;
        let piece = link.get(&address, &header, have)?;
        talk.outcome.bytes_down += u32::try_from(piece.len()).unwrap_or(u32::MAX);
        if piece.is_empty() {
            nothing += 1;
            if nothing >= TRIES {
                return Err(AppError::new("server-unreachable"));
            }
            continue;
        }
        if have + piece.len() as u64 > offered.length {
            remove(cx, &path)?;
            return Err(AppError::new("answer-unreadable"));
        }
        disk.append(&path, have, &piece)
            .map_err(store::Error::from)?;
        have += piece.len() as u64;
    }
    let bytes = disk.read(&path).map_err(store::Error::from)?;
    if snapshot::hash(&bytes) != offered.hash {
        // Whatever broke it, the next attempt begins anew.
        remove(cx, &path)?;
        return Err(AppError::new("answer-unreadable"));
    }
    Ok(bytes)
}

/// Shows who asks: the replica's name and the snapshot's, signed.
fn request_header(cx: &Cx<'_>, offered: &SnapshotRef) -> Result<String> {
    let body = [cx.store().replica().as_bytes().as_slice(), &offered.hash].concat();
    let signed = Signed::sign(&cx.store().key(), Purpose::Request, body);
    let bytes = signed
        .to_bytes()
        .map_err(|_| AppError::new("request-invalid"))?;
    Ok(base64::engine::general_purpose::STANDARD.encode(bytes))
}

fn floor_key(scope: ScopeId) -> String {
    format!("floor.{scope}")
}

/// Below which number of its feed a scope's history is not here; none when it began with the log itself.
pub fn floor(cx: &Cx<'_>, scope: ScopeId) -> Result<Option<u64>> {
    Ok(cx
        .meta_text(&floor_key(scope))?
        .and_then(|text| text.parse().ok()))
}

/// Notes how far down a scope's history is here.
pub fn set_floor(cx: &Cx<'_>, scope: ScopeId, feed_no: u64) -> Result<()> {
    let key = floor_key(scope);
    Ok(cx.store().set_meta(&key, feed_no.to_string().as_bytes())?)
}
