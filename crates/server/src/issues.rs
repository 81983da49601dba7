//! Laptops that were enrolled by a supervisor's laptop, far from here: at their first contact the whole chain is checked and
//! counted, and from then on they are like everybody else.

use domain::ids::ReplicaId;
use domain::role::Role;
use sync::wire::{EnrolAnswer, Issue, ReturnRequest, Signed};

use crate::enrolment::{packed, renew_grant, settle_place, welcome};
use crate::error::{Refusal, Result};
use crate::places::{Level, Place};
use crate::readers;
use crate::returning::first_row;
use crate::server::short;
use crate::storage::rows::{Identity, InvitationRow};
use crate::storage::tx::Tx;

/// How many laptops of its district one coach's laptop may enrol without the server.
pub(crate) const MOST_ISSUES: u32 = 50;

/// Confirms a laptop that shows a supervisor's word. Repeating it gives the same.
///
/// # Errors
/// `issuer-revoked` when the supervisor's laptop is no longer believed, or its person coaches that district no more; `issues-used` when the number was given to another
/// laptop; a bad signature when any link of the chain is not what it says.
pub(crate) fn confirm(
    tx: &dyn Tx,
    identity: &Identity,
    request: &ReturnRequest,
    signed: &Signed,
    now: u64,
) -> Result<EnrolAnswer> {
    let issue = Issue::open(signed).map_err(|error| Refusal::from(&error))?;
    let id = ReplicaId::of_key(&issue.key);
    let (issuer, terms) = (issue.issuer.terms(), issue.welcome.grant.terms());
    // By a key that is no longer believed only those enrol who were let to while it was.
    if !identity.gave(tx, &issue.issuer)?
        || id != ReplicaId::of_key(&request.key)
        || request.grant != issue.welcome.grant
    {
        return Err(Refusal::BadSignature.into());
    }
    if tx.is_revoked(id)? {
        return Err(Refusal::Revoked.into());
    }
    let known = tx.replica(id)?;
    if known.is_none() {
        let coaches = (Role::Coach, issue.welcome.parent);
        let still = tx
            .replica(issuer.replica)?
            .is_none_or(|issuer| issuer.posts().contains(&coaches));
        if !still || tx.is_revoked(issuer.replica)? {
            return Err(Refusal::IssuerRevoked.into());
        }
        if !tx.note_issue(issuer.replica, issue.serial, id, now)? {
            return Err(Refusal::IssuesUsed.into());
        }
    }
    let mut replica = match known {
        Some(known) => known,
        None => {
            let role = Role::from_word(&terms.role)
                .filter(|role| matches!(role, Role::Member | Role::Lead))
                .ok_or(Refusal::Malformed)?;
            let place = the_place(tx, request, &issue, role, now)?;
            tracing::warn!(replica = %short(id), issuer = %short(issuer.replica), serial = issue.serial, "a replica that was enrolled by file has come");
            let invitation = invitation_of(&issue, role, &place, now);
            tx.put_invitation(&invitation)?;
            first_row(request, role, &place, invitation.hash, now)?
        }
    };
    replica.seal = Some(request.status.seal);
    replica.version.clone_from(&request.status.version);
    if let Some(person) = &request.person {
        replica.person = Some(packed(person)?);
    }
    tx.put_replica(&replica)?;
    let grant = renew_grant(tx, identity, &mut replica, now)?;
    tx.put_replica(&replica)?;
    readers::refresh_about(tx, &replica)?;
    crate::enrolment::let_in_what_waited(tx, id, now)?;
    let place = tx.place(replica.place)?.ok_or(Refusal::Server)?;
    welcome(identity, grant, place)
}

/// The place that the supervisor named: one of the district that is known here, by its identifier or its name, or a new one.
fn the_place(
    tx: &dyn Tx,
    request: &ReturnRequest,
    issue: &Issue,
    role: Role,
    now: u64,
) -> Result<Place> {
    let district = issue.welcome.parent;
    let is_district = tx
        .place(district)?
        .is_some_and(|place| place.level == Level::District);
    if !is_district {
        return Err(Refusal::BadSignature.into());
    }
    match tx.place(issue.welcome.place)? {
        Some(place) if place.level == Level::Facility && place.parent == Some(district) => {
            Ok(place)
        }
        Some(_) => Err(Refusal::BadSignature.into()),
        None => {
            let district = Place {
                id: district,
                ..tx.place(district)?.ok_or(Refusal::Server)?
            };
            let mut invitation = InvitationRow {
                facility: Some(issue.welcome.place_name.clone()),
                ..invitation_of(issue, role, &district, now)
            };
            settle_place(tx, &mut invitation, Some(&request.place))
        }
    }
}

/// In the place of an invitation stands the supervisor's word, which nobody else can use.
fn invitation_of(issue: &Issue, role: Role, place: &Place, now: u64) -> InvitationRow {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"nyetaa issue\0");
    hasher.update(issue.issuer.terms().replica.as_bytes());
    hasher.update(&issue.serial.to_be_bytes());
    InvitationRow::used_up(*hasher.finalize().as_bytes(), role, place.id, now)
}
