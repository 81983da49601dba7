//! A server that was put back from a backup made before this laptop enrolled does not know it. The laptop shows the
//! grant that the server itself once signed, and is taken back: nobody needs another invitation.

use sync::key::KeyPair;
use sync::wire::{EnrolAnswer, EnrolPerson, EnrolPlace, ReturnRequest};

use super::exchange::{Talk, UNKNOWN};
use super::{grants, issue, mint, moving, status};
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::surroundings::Link;

/// Shows the server its own word, under the name that it was given to.
pub fn tell_server(cx: &Cx<'_>, link: &dyn Link, talk: &mut Talk) -> Result<()> {
    let grant = cx.grant()?.ok_or_else(|| AppError::new("not-enrolled"))?;
    let key = key_of(cx, &grant)?;
    let author = cx.author_here()?;
    let home = cx.place(author.home)?;
    let request = ReturnRequest {
        grant,
        key: key.public(),
        place: EnrolPlace {
            id: home.id,
            name: home.name.clone(),
            level: home.level.clone(),
            parent: home.parent.unwrap_or(home.id),
        },
        person: Some(EnrolPerson {
            id: author.person,
            name: cx.person(author.person)?.0,
        }),
        status: status::status(cx, 0)?,
        issue: issue::pending(cx)?,
    };
    let body = request
        .sign(&key)
        .map_err(|_| AppError::new("request-invalid"))?;
    talk.outcome.requests += 1;
    talk.outcome.bytes_up += u32::try_from(body.len()).unwrap_or(u32::MAX);
    let (bytes, size) = link.post("/v1/return", body).map_err(not_its_word)?;
    talk.outcome.bytes_down += size;
    let answer = EnrolAnswer::from_bytes(&bytes).map_err(|_| AppError::new("server-other"))?;
    talk.successor |= super::succession::proven(cx, &answer.successions, |key| {
        answer.grant.verify(key).is_ok()
    })?;
    if answer.grant.terms().replica != key.replica() {
        return Err(AppError::new("answer-unreadable"));
    }
    let author = cx.author_here()?;
    if issue::is_provisional(cx)? && answer.place != author.home {
        // Another laptop has founded the place meanwhile.
        moving::move_home(cx, &answer)?;
    }
    if !mint::pending(cx)? {
        grants::renew(cx, &answer.grant)?;
    }
    issue::confirmed(cx)?;
    status::forget(cx)
}

/// A server that never signed the grant does not know this laptop, and that is what people can act on.
fn not_its_word(error: AppError) -> AppError {
    match error.code.as_str() {
        "bad-signature" => AppError::new(UNKNOWN),
        _ => error,
    }
}

/// The key that the grant is for: its own, or the one it had before it went on under a new name.
fn key_of(cx: &Cx<'_>, grant: &sync::wire::Grant) -> Result<KeyPair> {
    let own = cx.store().key();
    let replica = grant.terms().replica;
    match mint::before(cx)? {
        Some(before) if before.replica() == replica => Ok(before),
        _ if own.replica() == replica => Ok((*own).clone()),
        _ => Err(AppError::new(UNKNOWN)),
    }
}
