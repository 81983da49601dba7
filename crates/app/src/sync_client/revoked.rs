//! A laptop that the server no longer believes: what is here is handed in first, and only then leaves it. What the server
//! does not keep stays, for a stick or an export. A new invitation makes it one of the house again, under a new name.

use domain::ids::RecordId;
use domain::registry::Kind;
use domain::role::Role;
use serde::{Deserialize, Serialize};
use sync::key::KeyPair;
use sync::log::SaveKind;
use sync::wire::EnrolAnswer;

use super::grants;
use crate::cx::{Author, Cx};
use crate::error::{AppError, Result};
use crate::places::{Place, is_shipped, new_place_edits};
use crate::records::queries::record;
use crate::start::{person_edits, remember};

/// Stands in `meta` once the server has said so, with the moment.
const REVOKED: &str = "revoked";
/// Who works here and where, for when the records that say it have left.
const KEPT: &str = "revoked_here";
/// The secret of the name under which it asks to be let in again, until it is.
const NEXT: &str = "revoked_next";

/// Who works at a laptop that has nothing left, and where.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    place: RecordId,
    name: String,
    level: String,
    parent: Option<RecordId>,
    code: Option<String>,
    person: RecordId,
    person_name: String,
    role: Role,
}

/// Since when the server no longer believes this laptop, in milliseconds; none when it does.
pub fn since(cx: &Cx<'_>) -> Result<Option<u64>> {
    Ok(cx.meta_text(REVOKED)?.map(|text| text.parse().unwrap_or(0)))
}

/// Whether it no longer does, and everything that was here has been handed in and has left.
pub fn handed_in(cx: &Cx<'_>) -> Result<bool> {
    Ok(since(cx)?.is_some() && grants::leaving(cx)?.is_empty())
}

/// Takes in what the server says. One that was put back may believe this laptop again.
pub fn said(cx: &Cx<'_>, revoked: bool) -> Result<()> {
    if !revoked {
        if since(cx)?.is_some() {
            cx.store().clear_meta(REVOKED)?;
        }
        return Ok(());
    }
    if since(cx)?.is_none() {
        keep(cx)?;
        let now = cx.now_ms.to_string();
        cx.store().set_meta(REVOKED, now.as_bytes())?;
    }
    grants::all_leave(cx)
}

/// Everything that was here has been handed in and has left.
pub fn all_left(cx: &Cx<'_>) -> Result<()> {
    cx.store().forget_others()?;
    super::snapshots::forget_parts(cx, None)
}

fn keep(cx: &Cx<'_>) -> Result<()> {
    let author = cx.author_here()?;
    let home = cx.place(author.home)?;
    put(
        cx,
        &Kept {
            place: home.id,
            name: home.name,
            level: home.level,
            parent: home.parent,
            code: home.code,
            person: author.person,
            person_name: cx.person(author.person)?.0,
            role: author.role,
        },
    )
}

fn put(cx: &Cx<'_>, kept: &Kept) -> Result<()> {
    let bytes = serde_json::to_vec(kept).map_err(|_| AppError::new("store-failed"))?;
    Ok(cx.store().set_meta(KEPT, &bytes)?)
}

fn kept(cx: &Cx<'_>) -> Result<Option<Kept>> {
    let bytes = cx.store().meta(KEPT)?;
    Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}

/// This laptop's own place, when its record has left.
pub fn own_place(cx: &Cx<'_>, id: RecordId) -> Result<Option<Place>> {
    Ok(kept(cx)?.filter(|kept| kept.place == id).map(|kept| Place {
        id,
        name: kept.name,
        level: kept.level,
        parent: kept.parent,
        code: kept.code,
    }))
}

/// The person at this laptop, when their record has left.
pub fn own_person(cx: &Cx<'_>, id: RecordId) -> Result<Option<(String, Role)>> {
    Ok(kept(cx)?
        .filter(|kept| kept.person == id)
        .map(|kept| (kept.person_name, kept.role)))
}

/// The key under which this laptop asks to be let in again. The same one until it was, so that an invitation is not
/// used up by a line that breaks off.
pub fn next_key(cx: &Cx<'_>) -> Result<KeyPair> {
    if let Some(secret) = cx.store().meta(NEXT)?
        && let Ok(secret) = <[u8; 32]>::try_from(secret)
    {
        return Ok(KeyPair::from_secret(&secret));
    }
    let secret = (cx.around.random)()?;
    cx.store().set_meta(NEXT, &secret)?;
    Ok(KeyPair::from_secret(&secret))
}

/// The server has let it in again: it goes on under the new name, and what it had not taken is saved again under that.
pub fn take_next_name(cx: &Cx<'_>) -> Result<()> {
    if let Some(secret) = cx.store().meta(NEXT)?
        && let Ok(secret) = <[u8; 32]>::try_from(secret)
    {
        match cx.store().mint(&secret, cx.now_ms) {
            // It was cut off here before.
            Ok(_) | Err(store::Error::Forked) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Ok(())
}

/// It is not revoked any more, and works at the place that the server has let it in at.
pub fn let_in(cx: &Cx<'_>, author: &Author, answer: &EnrolAnswer) -> Result<()> {
    let role = Role::from_word(&answer.grant.terms().role).unwrap_or(author.role);
    if let Some(kept) = kept(cx)? {
        let code = kept.code.clone().filter(|_| kept.place == answer.place);
        let now = Kept {
            place: answer.place,
            name: answer.place_name.clone(),
            level: answer.place_level.clone(),
            parent: Some(answer.parent),
            code,
            role,
            ..kept
        };
        put(cx, &now)?;
    }
    cx.write(|w| remember(w, answer.place, author.person, role))?;
    grants::none_leave(cx)?;
    cx.store().clear_meta(REVOKED)?;
    Ok(cx.store().clear_meta(NEXT)?)
}

/// It is believed and an exchange has ended well: says who works here where what came back does not, and remembers no
/// longer how it was before.
pub fn settle_in(cx: &Cx<'_>) -> Result<()> {
    let Some(kept) = kept(cx)? else {
        return Ok(());
    };
    let scope = kept.place.as_scope();
    cx.write(|w| {
        let mut edits = Vec::new();
        let known = is_shipped(kept.place) || record(w.conn(), Kind::Place, kept.place)?.is_some();
        if let Some(parent) = kept.parent.filter(|_| !known) {
            edits.extend(new_place_edits(kept.place, &kept.name, &kept.level, parent));
        }
        if record(w.conn(), Kind::Person, kept.person)?.is_none() {
            edits.extend(person_edits(
                kept.person,
                &kept.person_name,
                kept.role,
                kept.place,
            ));
        }
        cx.save_as(w, kept.person, scope, SaveKind::Edit, None, edits)
    })?;
    Ok(cx.store().clear_meta(KEPT)?)
}
