//! A laptop comes back to a server that was put back from a backup and does not know it any more. The grant that it
//! shows bears this server's own signature, and that is as good as an invitation; what the laptop holds it then
//! brings by the vector, like everybody else.
//!
//! Who was revoked after the backup was made would come back too; the others bring the server's own statements that say
//! so ([`crate::revocation`]).

use domain::ids::ReplicaId;
use domain::role::Role;
use sync::wire::{EnrolAnswer, ReturnRequest};

use crate::enrolment::{let_in_what_waited, packed, renew_grant, welcome};
use crate::error::{Error, Refusal, Result};
use crate::places::{Level, Place, Source};
use crate::server::{identity, short};
use crate::storage::Database;
use crate::storage::rows::{InvitationRow, ReplicaRow};
use crate::storage::tx::Tx;
use crate::{issues, readers};

/// Takes back the replica that signed `bytes` and gives the answer's bytes. One that is known gets the same.
pub(crate) fn take_back(database: &Database, bytes: &[u8], now: u64) -> Result<Vec<u8>> {
    let request = ReturnRequest::open(bytes).map_err(|error| Refusal::from(&error))?;
    let answer = database.write_alone(|tx| come_back(tx, &request, now))?;
    Ok(answer.to_bytes()?)
}

fn come_back(tx: &dyn Tx, request: &ReturnRequest, now: u64) -> Result<EnrolAnswer> {
    let identity = identity(tx)?;
    let id = ReplicaId::of_key(&request.key);
    let terms = request.grant.terms();
    if terms.replica != id || !identity.gave(tx, &request.grant)? {
        return match &request.issue {
            Some(issue) => issues::confirm(tx, &identity, request, issue, now),
            None => Err(Refusal::BadSignature.into()),
        };
    }
    let known = tx.replica(id)?;
    if tx.is_revoked(id)? || terms.scopes.is_empty() {
        return Err(Refusal::Revoked.into());
    }
    let role = Role::from_word(&terms.role).ok_or(Refusal::Malformed)?;
    let mut replica = match known {
        Some(known) => known,
        None => {
            let place = the_place(tx, request)?;
            tracing::warn!(replica = %short(id), "a replica that was forgotten has come back");
            let invitation = forgotten_invitation(tx, role, &place, now)?;
            ReplicaRow {
                grant_version: terms.version,
                grant_bytes: request.grant.to_bytes()?,
                also: terms.also.clone(),
                ..first_row(request, role, &place, invitation, now)?
            }
        }
    };
    replica.seal = Some(request.status.seal);
    replica.version.clone_from(&request.status.version);
    tx.put_replica(&replica)?;
    tx.put_grant_given(id, replica.grant_version, &replica.grant_bytes)?;
    let grant = renew_grant(tx, &identity, &mut replica, now)?;
    tx.put_replica(&replica)?;
    readers::refresh_about(tx, &replica)?;
    let_in_what_waited(tx, id, now)?;
    let place = tx
        .place(replica.place)?
        .ok_or(Error::Unreadable("the place of a replica is missing"))?;
    welcome(&identity, grant, place)
}

/// The row of a replica that tells of itself, before it has any grant.
pub(crate) fn first_row(
    request: &ReturnRequest,
    role: Role,
    place: &Place,
    invitation: [u8; 32],
    now: u64,
) -> Result<ReplicaRow> {
    Ok(ReplicaRow {
        id: ReplicaId::of_key(&request.key),
        key: request.key,
        role,
        place: place.id,
        invitation,
        grant_version: 0,
        grant_bytes: Vec::new(),
        counter: 0,
        enrolled_at: now,
        last_contact: now,
        place_since: now,
        said: None,
        before: None,
        person: request.person.as_ref().map(packed).transpose()?,
        seal: None,
        version: String::new(),
        waiting: 0,
        held: 0,
        minted_from: None,
        revoked_at: None,
        also: Vec::new(),
    })
}

/// The place of the grant. A facility that was founded after the backup is put where the laptop knows it to be.
fn the_place(tx: &dyn Tx, request: &ReturnRequest) -> Result<Place> {
    let id = request.grant.terms().place;
    if let Some(place) = tx.place(id)? {
        return Ok(place);
    }
    let told = &request.place;
    let district = tx.place(told.parent)?;
    let fits = told.id == id
        && Level::from_word(&told.level) == Some(Level::Facility)
        && district.is_some_and(|district| district.level == Level::District);
    if !fits {
        return Err(Refusal::ReplicaUnknown.into());
    }
    let place = Place {
        id,
        parent: Some(told.parent),
        level: Level::Facility,
        name: told.name.clone(),
        code: None,
        source: Source::Enrolled,
    };
    tx.put_place(&place)?;
    Ok(place)
}

/// In the place of the invitation that was forgotten stands one for each place, which nobody can use.
fn forgotten_invitation(tx: &dyn Tx, role: Role, place: &Place, now: u64) -> Result<[u8; 32]> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"nyetaa forgotten invitation\0");
    hasher.update(place.id.as_bytes());
    hasher.update(role.word().as_bytes());
    let hash = *hasher.finalize().as_bytes();
    tx.put_invitation(&InvitationRow::used_up(hash, role, place.id, now))?;
    Ok(hash)
}
