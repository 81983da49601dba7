//! Enrolment: an invitation's code makes a server know this laptop.

use std::sync::Arc;

use domain::role::Role;
use serde::Deserialize;
use store::Store;
use sync::wire::{EnrolAnswer, EnrolPerson, EnrolPlace, EnrolRequest};

use super::intake::other_epoch;
use super::{SyncState, issue, mint, moving, revoked, succession, sync_now};
use crate::commands::Nothing;
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::surroundings::Surroundings;

/// A code has fifteen characters; what is far longer was pasted by mistake and need not travel.
const LONGEST_CODE: usize = 100;

/// Enrols this laptop.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct Enrol {
    /// The server's address.
    pub server: String,
    /// The code of the invitation.
    pub code: String,
    /// The programme's own root certificate in PEM, when it comes with the invitation. From then on nothing else
    /// is believed.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub root: Option<String>,
}

/// Enrols this laptop with an invitation code, then exchanges for the first time.
pub fn enrol(cx: &Cx<'_>, request: Enrol) -> Result<SyncState> {
    believing(cx, request.root.as_deref(), || enrol_by(cx, &request))
}

/// What was believed before a root that came with an invitation, empty where it was what the platform believes: stands in `meta` until
/// that invitation is taken.
const ROOT_BEFORE: &str = "root_before";

/// Enrols believing a root (PEM) alone, if one came along. An invitation that was not taken leaves nothing behind, also when the
/// program is killed meanwhile ([`forget_root`]); one that is taken says so by [`root_stays`].
pub(super) fn believing<T>(
    cx: &Cx<'_>,
    root: Option<&str>,
    enrols: impl FnOnce() -> Result<T>,
) -> Result<T> {
    let Some(pem) = root else {
        return enrols();
    };
    let before = cx.around.link.root()?.unwrap_or_default();
    cx.store().set_meta(ROOT_BEFORE, &before)?;
    let trusted = cx.around.link.trust(Some(pem.as_bytes()));
    let enrolled = trusted.and_then(|_| enrols());
    forget_root(cx.around, cx.store())?;
    enrolled
}

/// The invitation is taken. Belongs into the transaction that says so.
pub(super) fn root_stays(cx: &Cx<'_>) -> Result<()> {
    Ok(cx.store().clear_meta(ROOT_BEFORE)?)
}

/// Believes again what was believed before an invitation that was not taken.
pub fn forget_root(around: &Surroundings, store: &Store) -> Result<()> {
    let Some(before) = store.meta(ROOT_BEFORE)? else {
        return Ok(());
    };
    let before = (!before.is_empty()).then_some(before.as_slice());
    around.link.trust(before)?;
    Ok(store.clear_meta(ROOT_BEFORE)?)
}

fn enrol_by(cx: &Cx<'_>, request: &Enrol) -> Result<SyncState> {
    if cx.laptop.practice {
        return Err(AppError::new("practice-never-sends"));
    }
    let revoked = revoked::since(cx)?.is_some();
    let again = succession::may_enrol_again(cx)? && !issue::is_provisional(cx)?;
    if cx.grant()?.is_some() && !revoked && !again && !issue::is_provisional(cx)? {
        return Err(AppError::new("already-enrolled"));
    }
    if request.code.chars().count() > LONGEST_CODE {
        return Err(AppError::new("invitation-unknown"));
    }
    let author = cx.author_here()?;
    let home = cx.place(author.home)?;
    let carrier = cx.around.link.to(&request.server)?;
    let place = home.parent.map(|parent| EnrolPlace {
        id: home.id,
        name: home.name.clone(),
        level: home.level.clone(),
        parent,
    });
    let person = EnrolPerson {
        id: author.person,
        name: cx.person(author.person)?.0,
    };
    let key = match revoked {
        true => Arc::new(revoked::next_key(cx)?),
        false => cx.store().key(),
    };
    let body = EnrolRequest::sign(&key, request.code.clone(), place, Some(person))
        .map_err(|_| AppError::new("request-invalid"))?;
    let (answer, _) = carrier.post("/v1/enrol", body)?;
    let answer = EnrolAnswer::from_bytes(&answer).map_err(|_| AppError::new("server-other"))?;
    let terms = answer.grant.terms();
    if answer.grant.verify(&answer.server_key).is_err() || terms.replica != key.replica() {
        return Err(AppError::new("answer-unreadable"));
    }
    let elsewhere = answer.place != author.home;
    if again && elsewhere && !revoked {
        return Err(AppError::new(succession::ELSEWHERE));
    }
    if revoked {
        revoked::take_next_name(cx)?;
    }
    // Whoever is interrupted finds a laptop that is enrolled, or one as it was before.
    cx.together(|cx| {
        if revoked {
            revoked::let_in(cx, &author, &answer)?;
        } else if elsewhere {
            moving::move_home(cx, &answer)?;
        }
        let role = Role::from_word(&terms.role).unwrap_or(author.role);
        cx.store().set_meta("role", role.word().as_bytes())?;
        cx.store()
            .set_meta("server", carrier.address().as_bytes())?;
        succession::begin(cx, &answer, &answer.grant)?;
        mint::forget(cx)?;
        // What another server held says nothing of this one.
        other_epoch(cx, &answer.epoch)?;
        issue::confirmed(cx)?;
        root_stays(cx)?;
        cx.keep_further(&answer.grant)?;
        let grant = answer.grant.to_bytes();
        let grant = grant.map_err(|_| AppError::new("answer-unreadable"))?;
        Ok(cx.store().set_meta("grant", &grant)?)
    })?;
    sync_now(cx, Nothing {})
}
