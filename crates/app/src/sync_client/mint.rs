//! A laptop that was copied or restored goes on under a new name. Nobody is asked: its work is the same, only the
//! numbers of its stream would be used twice.

use std::path::Path;

use store::Store;
use sync::key::KeyPair;
use sync::wire::{EnrolAnswer, MintRequest};

use super::exchange::{Talk, UNKNOWN};
use super::state::COPIED;
use super::{revoked, status};
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::surroundings::{Link, Surroundings};

/// A token in this file beside the database and one inside must agree.
const HERE: &str = "nyetaa.here";
/// The token inside, and the one that is about to take its place.
const TOKEN: &str = "here_token";
const NEXT: &str = "here_next";
/// The old secret, until the server has been told.
const MINTED_FROM: &str = "minted_from";
/// Secrets of the names in between, when it took another one again before the server was told.
const BETWEEN: &str = "minted_between";
/// Secrets of the names that it had before, as far as a server was told how they follow one another, the latest last.
const TOLD: &str = "minted_told";
/// So many of them are kept: whoever stands in the server's place knew one of these.
const MOST_TOLD: usize = 16;
/// The secret of the name it has.
const SECRET: &str = "replica_secret";
const TOKEN_BYTES: usize = 32;

/// Looks whether this folder is where the database was last opened, before anything is written in it: one that was
/// copied, or put back from a backup, goes on under a new name. Every opening leaves a new token, so that an older
/// database beside a newer file shows.
pub fn look_around(around: &Surroundings, store: &Store, folder: &Path) -> Result<()> {
    let path = folder.join(HERE);
    let identity = identity(&folder.join(store::DATABASE));
    let inside = store.meta(TOKEN)?;
    let mut outside = None;
    if let Some(inside) = inside {
        let next = store.meta(NEXT)?;
        let file = match around.disk.read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(store::Error::from(error).into()),
        };
        let (token, known) = file.split_at(TOKEN_BYTES.min(file.len()));
        let is_next = next.is_some_and(|next| token == next);
        let same_token = token == inside || is_next;
        outside = is_next.then(|| token.to_vec());
        // Not every file system tells files apart for good; none says nothing.
        let same_file = known.is_empty() || identity.is_empty() || known == identity;
        if !(same_token && same_file) {
            let now_ms = (around.clock)();
            remember_between(store)?;
            let again = store.mint(&(around.random)()?, now_ms)?;
            store.set_meta(COPIED, now_ms.to_string().as_bytes())?;
            tracing::warn!(
                again,
                "this folder was copied or put back: it goes on under a new name"
            );
        }
    }
    if let Err(error) = leave_token(around, store, &path, &identity, outside) {
        // A full disk must not keep anyone from reading; the token that is there serves once more.
        tracing::warn!(code = error.code, "no new token was left");
    }
    Ok(())
}

/// Leaves a new token, first inside as the one to come, so that a power cut anywhere finds two that agree.
///
/// `outside` is the token in the file when the last opening was cut off before it wrote that down: it is written down first,
/// for if this one is cut off too, the file may still hold it when the one to come has been replaced.
fn leave_token(
    around: &Surroundings,
    store: &Store,
    path: &Path,
    identity: &[u8],
    outside: Option<Vec<u8>>,
) -> Result<()> {
    if let Some(outside) = outside {
        store.set_meta(TOKEN, &outside)?;
    }
    let next = (around.random)()?;
    store.set_meta(NEXT, &next)?;
    let bytes = [next.as_slice(), identity].concat();
    around
        .disk
        .write(path, &bytes)
        .map_err(store::Error::from)?;
    Ok(store.set_meta(TOKEN, &next)?)
}

/// Leaves the token alone to say where the database stands, until the next look around: another file is about to take its
/// place, here.
pub fn forget_file(around: &Surroundings, folder: &Path) -> Result<()> {
    let path = folder.join(HERE);
    match around.disk.read(&path) {
        Ok(bytes) if bytes.len() > TOKEN_BYTES => {
            let written = around.disk.write(&path, &bytes[..TOKEN_BYTES]);
            Ok(written.map_err(store::Error::from)?)
        }
        _ => Ok(()),
    }
}

/// Leaves it to the next look around to say where the database stands: it was made ready to stand there.
pub fn forget_token(store: &Store) -> Result<()> {
    store.clear_meta(TOKEN)?;
    Ok(store.clear_meta(NEXT)?)
}

/// What the file system calls the database, as far as it has a name of its own for it.
#[cfg(unix)]
fn identity(path: &Path) -> Vec<u8> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path)
        .map(|file| file.ino().to_le_bytes().to_vec())
        .unwrap_or_default()
}

/// Names of files are not told by every version of this system.
#[cfg(not(unix))]
fn identity(_path: &Path) -> Vec<u8> {
    Vec::new()
}

/// Goes on under a new name, here; the server is told by [`tell_server`].
pub fn mint(cx: &Cx<'_>) -> Result<()> {
    remember_between(cx.store())?;
    let again = cx.store().mint(&(cx.around.random)()?, cx.now_ms)?;
    cx.store()
        .set_meta(COPIED, cx.now_ms.to_string().as_bytes())?;
    tracing::warn!(again, "the server knows another with this name: a new one");
    Ok(())
}

/// Goes on under a new name, too, where one's own work names what only a lost past of somebody's had: it would wait for good,
/// with all that comes after it. Answers whether there was such.
pub fn over_lost_past(cx: &Cx<'_>) -> Result<bool> {
    if revoked::since(cx)?.is_some() || !cx.store().waits_for_lost()? {
        return Ok(false);
    }
    remember_between(cx.store())?;
    let again = cx.store().mint(&(cx.around.random)()?, cx.now_ms)?;
    tracing::warn!(again, "what this laptop built upon is lost: a new name");
    Ok(true)
}

/// A name that the server was never told of may stand on sticks and in what others answered: it is told of that one
/// too. One that is noted and then kept after all is told once.
fn remember_between(store: &Store) -> Result<()> {
    if store.meta(MINTED_FROM)?.is_some()
        && let Some(secret) = store.meta(SECRET)?
    {
        let mut between = store.meta(BETWEEN)?.unwrap_or_default();
        between.extend(secret);
        store.set_meta(BETWEEN, &between)?;
    }
    Ok(())
}

/// Whether the server has not been told yet.
pub fn pending(cx: &Cx<'_>) -> Result<bool> {
    Ok(cx.store().meta(MINTED_FROM)?.is_some())
}

/// The key that this laptop had before its new name, until the server has been told.
pub fn before(cx: &Cx<'_>) -> Result<Option<KeyPair>> {
    let Some(old) = cx.store().meta(MINTED_FROM)? else {
        return Ok(None);
    };
    let old: [u8; 32] = old
        .try_into()
        .map_err(|_| AppError::new("database-damaged"))?;
    Ok(Some(KeyPair::from_secret(&old)))
}

/// The server's word for a replica that it no longer believes.
const REVOKED: &str = "replica-revoked";
/// Its words for a step from a name that it does not know, and to one that it knows otherwise.
const NOT_ITS_OWN: [&str; 2] = [UNKNOWN, "bad-signature"];

/// Tells the server under which name this laptop goes on, if it was not told yet. Answers the earlier name when the server
/// says that it no longer believes that one, and so takes none in its place.
pub fn tell_server(cx: &Cx<'_>, link: &dyn Link, talk: &mut Talk) -> Result<Option<KeyPair>> {
    let Some(old) = before(cx)? else {
        return Ok(None);
    };
    let now = cx.store().key();
    let names = following(&cx.store().meta(BETWEEN)?.unwrap_or_default(), &now);
    let under = tell_each(cx, link, talk, old, names)?;
    if under.is_none() {
        status::forget(cx)?;
        note_told(cx)?;
        // Last: until then the server is told again, which gives the same.
        cx.store().clear_meta(MINTED_FROM)?;
        cx.store().clear_meta(BETWEEN)?;
    }
    Ok(under)
}

/// Tells a server that knows neither this laptop's name nor the grant for it, how that followed from earlier ones: whoever was told of it
/// is no longer the server, after a theft for instance. `error` is what the server says of the name, and is the answer when no
/// earlier one is known either. Else as [`tell_server`].
pub fn tell_again(
    cx: &Cx<'_>,
    link: &dyn Link,
    talk: &mut Talk,
    error: AppError,
) -> Result<Option<KeyPair>> {
    let last = match before(cx)? {
        Some(before) => before,
        None => KeyPair::clone(&cx.store().key()),
    };
    let mut names = following(&cx.store().meta(TOLD)?.unwrap_or_default(), &last);
    if names.len() < 2 {
        return Err(error);
    }
    let first = names.remove(0);
    let under = tell_each(cx, link, talk, first, names)?;
    if under.is_none() {
        status::forget(cx)?;
    }
    Ok(under)
}

/// The names whose secrets these are, and the last.
fn following(secrets: &[u8], last: &KeyPair) -> Vec<KeyPair> {
    let names = secrets.as_chunks::<32>().0.iter();
    let mut names: Vec<KeyPair> = names
        .map(KeyPair::from_secret)
        .filter(|name| name.replica() != last.replica())
        .collect();
    names.push(last.clone());
    names
}

/// The names that were just told go to those that were told before.
fn note_told(cx: &Cx<'_>) -> Result<()> {
    let store = cx.store();
    let mut told = store.meta(TOLD)?.unwrap_or_default();
    told.extend(store.meta(MINTED_FROM)?.unwrap_or_default());
    told.extend(store.meta(BETWEEN)?.unwrap_or_default());
    let over = told.len().saturating_sub(MOST_TOLD * 32);
    Ok(store.set_meta(TOLD, &told[over..])?)
}

/// Tells the server of each step from one name to the next. Answers the name that it no longer believes, if it comes to one.
fn tell_each(
    cx: &Cx<'_>,
    link: &dyn Link,
    talk: &mut Talk,
    mut from: KeyPair,
    names: Vec<KeyPair>,
) -> Result<Option<KeyPair>> {
    let now = cx.store().replica();
    let mut left = names.len();
    for name in names {
        left -= 1;
        match tell_one(cx, link, talk, &from, &name) {
            Err(error) if error.code == REVOKED => return Ok(Some(from)),
            // It may know the next one all the same.
            Err(error) if left > 0 && NOT_ITS_OWN.contains(&error.code.as_str()) => {}
            Err(error) => return Err(error),
            Ok(answer) if name.replica() == now => super::grants::renew(cx, &answer.grant)?,
            Ok(_) => {}
        }
        from = name;
    }
    Ok(None)
}

/// Tells the server of one step from a name to the next.
fn tell_one(
    cx: &Cx<'_>,
    link: &dyn Link,
    talk: &mut Talk,
    old: &KeyPair,
    new: &KeyPair,
) -> Result<EnrolAnswer> {
    let mut status = status::status(cx, 0)?;
    status.seal = new.seal_public();
    let request = MintRequest {
        old: old.replica(),
        key: new.public(),
        status,
    };
    let body = request
        .sign(old, new)
        .map_err(|_| AppError::new("request-invalid"))?;
    talk.outcome.requests += 1;
    talk.outcome.bytes_up += u32::try_from(body.len()).unwrap_or(u32::MAX);
    let (bytes, size) = link.post("/v1/mint", body)?;
    talk.outcome.bytes_down += size;
    let answer = EnrolAnswer::from_bytes(&bytes).map_err(|_| AppError::new("server-other"))?;
    talk.successor |= super::succession::proven(cx, &answer.successions, |key| {
        answer.grant.verify(key).is_ok()
    })?;
    if answer.grant.terms().replica != new.replica() {
        return Err(AppError::new("answer-unreadable"));
    }
    Ok(answer)
}

/// A laptop that enrols is known by the name it has now.
pub fn forget(cx: &Cx<'_>) -> Result<()> {
    cx.store().clear_meta(BETWEEN)?;
    cx.store().clear_meta(TOLD)?;
    Ok(cx.store().clear_meta(MINTED_FROM)?)
}
