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
/// Snapshots of so many bytes together fill a database.
const MANY: u64 = 256 << 10;
/// How often nothing may come before the rest is left for the next time.
const TRIES: u32 = 3;
/// So many are asked for at once, and so many bytes, which a server holds ready: one larger snapshot goes alone.
const TOGETHER: usize = 64;
const TOGETHER_BYTES: u64 = 4 << 20;

/// Fetches and loads what the answer offers. Answers whether the log must be asked for because something of it was not
/// loaded, or could not be under this name.
pub fn load(cx: &Cx<'_>, link: &dyn Link, answer: &SyncAnswer, talk: &mut Talk) -> Result<bool> {
    if answer.snapshots.is_empty() {
        return Ok(false);
    }
    let fetched = fetch(cx, link, &answer.snapshots, talk);
    let mut log_wanted = false;
    for offered in &answer.snapshots {
        if fetched.is_err() && !is_whole(cx, offered) {
            continue;
        }
        log_wanted |= load_one(cx, link, offered, talk)?;
    }
    fetched?;
    let came: u64 = answer.snapshots.iter().map(|one| one.length).sum();
    // A first day. Without room on the disk for it the file stays as it is, which is no reason to fail.
    if came >= MANY
        && let Err(error) = cx.store().tighten()
    {
        tracing::warn!(%error, "the database was not written anew");
    }
    Ok(log_wanted)
}

fn load_one(cx: &Cx<'_>, link: &dyn Link, offered: &SnapshotRef, talk: &mut Talk) -> Result<bool> {
    let bytes = whole(cx, offered)?;
    let read = snapshot::read(&bytes).map_err(store::Error::from)?;
    if read.scope != offered.scope {
        return Err(AppError::new("answer-unreadable"));
    }
    let mut log_wanted = false;
    match cx.store().load_snapshot(&read, &bytes, cx.now_ms) {
        Ok(changed) => (cx.changed)(&changed),
        // What stands here knows more than it: the log goes on from the beginning.
        Err(store::Error::Stale) => {
            forget_parts(cx, Some(offered.scope))?;
            return Ok(true);
        }
        Err(store::Error::Forked) => {
            super::mint::mint(cx)?;
            super::mint::tell_server(cx, link, talk)?;
            let changed = cx.store().load_snapshot(&read, &bytes, cx.now_ms)?;
            (cx.changed)(&changed);
            log_wanted = true;
        }
        Err(other) => return Err(other.into()),
    }
    cx.store().set_cursor(offered.scope, offered.feed_no)?;
    set_floor(cx, offered.scope, offered.feed_no.saturating_add(1))?;
    forget_parts(cx, Some(offered.scope))?;
    Ok(log_wanted)
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

/// How many bytes of a snapshot are here.
fn have(cx: &Cx<'_>, offered: &SnapshotRef) -> u64 {
    cx.around.disk.len(&path(cx, offered)).unwrap_or(0)
}

fn is_whole(cx: &Cx<'_>, offered: &SnapshotRef) -> bool {
    have(cx, offered) == offered.length
}

/// The bytes of a snapshot that was fetched.
fn whole(cx: &Cx<'_>, offered: &SnapshotRef) -> Result<Vec<u8>> {
    let path = path(cx, offered);
    let bytes = cx.around.disk.read(&path).map_err(store::Error::from)?;
    if snapshot::hash(&bytes) != offered.hash {
        // Whatever broke it, the next attempt begins anew.
        remove(cx, &path)?;
        return Err(AppError::new("answer-unreadable"));
    }
    Ok(bytes)
}

/// Fetches what is offered, as much together as goes into one answer.
fn fetch(cx: &Cx<'_>, link: &dyn Link, offered: &[SnapshotRef], talk: &mut Talk) -> Result<()> {
    if offered.iter().any(|one| one.length > LARGEST) {
        return Err(AppError::new("answer-unreadable"));
    }
    cx.around
        .disk
        .create_dir_all(&folder(cx))
        .map_err(store::Error::from)?;
    let (mut nothing, mut together) = (0, TOGETHER);
    loop {
        let mut room = TOGETHER_BYTES;
        let mut asked: Vec<&SnapshotRef> = Vec::new();
        for one in offered.iter().filter(|one| !is_whole(cx, one)) {
            if asked.len() >= together || (!asked.is_empty() && one.length > room) {
                break;
            }
            room = room.saturating_sub(one.length);
            asked.push(one);
        }
        let Some(first) = asked.first() else {
            return Ok(());
        };
        if have(cx, first) > first.length {
            remove(cx, &path(cx, first))?;
        }
        talk.outcome.requests += 1;
        match get(cx, link, offered, &asked, talk) {
            Ok(0) => nothing += 1,
            Ok(_) => nothing = 0,
            // A server that gives one at a time takes the others for a mistake.
            Err(error) if error.code == "bad-signature" && asked.len() > 1 => together = 1,
            Err(error) => return Err(error),
        }
        if nothing >= TRIES {
            return Err(AppError::new("server-unreachable"));
        }
    }
}

/// Asks once for the rest of the first and for all of the others. Every piece is on the disk before the next is read.
fn get(
    cx: &Cx<'_>,
    link: &dyn Link,
    offered: &[SnapshotRef],
    asked: &[&SnapshotRef],
    talk: &mut Talk,
) -> Result<u64> {
    let Some(first) = asked.first() else {
        return Ok(0);
    };
    let header = request_header(cx, asked)?;
    let address = format!("/v1/snapshot/{}", hex(&first.hash));
    let count = |bytes: u64| u32::try_from(bytes).unwrap_or(u32::MAX);
    let total: u64 = offered.iter().map(|one| one.length).sum();
    let lacking = |one: &&SnapshotRef| one.length.saturating_sub(have(cx, one));
    let mut done = total
        - offered
            .iter()
            .map(|one| lacking(&one))
            .sum::<u64>()
            .min(total);
    let from = have(cx, first);
    let (mut left, mut at) = (asked.iter(), from);
    let mut now = left.next();
    talk.tell(cx, Step::Snapshot, count(done), count(total))?;
    link.get(&address, &header, from, &mut |mut piece| {
        talk.outcome.bytes_down += count(piece.len() as u64);
        while !piece.is_empty() {
            let Some(one) = now else {
                return Err(AppError::new("answer-unreadable"));
            };
            let room = usize::try_from(one.length - at).unwrap_or(usize::MAX);
            let (part, rest) = piece.split_at(piece.len().min(room));
            cx.around
                .disk
                .append(&path(cx, one), at, part)
                .map_err(store::Error::from)?;
            piece = rest;
            at += part.len() as u64;
            done += part.len() as u64;
            if at == one.length {
                (now, at) = (left.next(), 0);
            }
        }
        talk.tell(cx, Step::Snapshot, count(done), count(total))
    })
}

/// Shows who asks: the replica's name and the snapshots', signed.
fn request_header(cx: &Cx<'_>, asked: &[&SnapshotRef]) -> Result<String> {
    let mut body = cx.store().replica().as_bytes().to_vec();
    for one in asked {
        body.extend_from_slice(&one.hash);
    }
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
