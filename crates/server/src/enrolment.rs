//! How a laptop comes in: an invitation's code, its own key, and the place that it works at.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::role::Role;
use sync::wire::{
    EnrolAnswer, EnrolPerson, EnrolPlace, EnrolRequest, Grant, GrantScope, MintRequest, Terms,
    WireError,
};

use crate::error::{Error, Refusal, Result};
use crate::intake::Intake;
use crate::invitation::{Attempts, Code};
use crate::issues::MOST_ISSUES;
use crate::places::{self, Level, Place, Reach, Source};
use crate::projection;
use crate::readers;
use crate::server::{identity, short};
use crate::storage::Database;
use crate::storage::rows::{Identity, InvitationRow, ReplicaRow};
use crate::storage::tx::Tx;

/// Enrols the replica that signed `bytes` and gives the answer's bytes. `attempts` holds the wrong codes so far.
///
/// The same replica with the same code gets the same answer again and uses the invitation up once: an answer
/// may be lost on the way. With another code it moves to that invitation's place and role.
pub(crate) fn enrol(
    database: &Database,
    attempts: &Mutex<Attempts>,
    bytes: &[u8],
    source: Option<IpAddr>,
    now: u64,
) -> Result<Vec<u8>> {
    let attempts = || attempts.lock().unwrap_or_else(PoisonError::into_inner);
    let request = EnrolRequest::open(bytes).map_err(|error| Refusal::from(&error))?;
    if !attempts().may_try(source, &request.code, now) {
        return Err(Refusal::TooManyAttempts.into());
    }
    // Two laptops with one invitation must not both take its last use.
    let answer = database.write_alone(|tx| admit(tx, &request, now));
    if matches!(answer, Err(Error::Refused(Refusal::InvitationUnknown))) {
        attempts().was_wrong(source, &request.code, now);
    }
    Ok(answer?.to_bytes()?)
}

fn admit(tx: &dyn Tx, request: &EnrolRequest, now: u64) -> Result<EnrolAnswer> {
    let mut invitation = find(tx, &request.code)?;
    let id = ReplicaId::of_key(&request.key);
    let known = tx.replica(id)?;
    let again = known
        .as_ref()
        .filter(|known| known.invitation == invitation.hash);
    if again.is_none() {
        if now >= invitation.expires_at {
            return Err(Refusal::InvitationExpired.into());
        }
        invitation.uses_left = invitation
            .uses_left
            .checked_sub(1)
            .ok_or(Refusal::InvitationUsed)?;
    }
    if tx.is_revoked(id)? {
        return Err(Refusal::Revoked.into());
    }
    let place = settle_place(tx, &mut invitation, request.place.as_ref())?;
    tx.put_invitation(&invitation)?;
    let mut replica = ReplicaRow {
        id,
        key: request.key,
        role: invitation.role,
        place: place.id,
        invitation: invitation.hash,
        grant_version: known.as_ref().map_or(0, |known| known.grant_version),
        grant_bytes: known
            .as_ref()
            .map_or_else(Vec::new, |known| known.grant_bytes.clone()),
        counter: known.as_ref().map_or(0, |known| known.counter),
        enrolled_at: known.as_ref().map_or(now, |known| known.enrolled_at),
        last_contact: now,
        place_since: known
            .as_ref()
            .filter(|known| known.place == place.id)
            .map_or(now, |known| known.place_since),
        said: known.as_ref().and_then(|known| known.said),
        before: known.as_ref().and_then(|known| known.before),
        person: match &request.person {
            Some(person) => Some(packed(person)?),
            None => known.as_ref().and_then(|known| known.person.clone()),
        },
        seal: known.as_ref().and_then(|known| known.seal),
        version: known
            .as_ref()
            .map_or_else(String::new, |known| known.version.clone()),
        waiting: known.as_ref().map_or(0, |known| known.waiting),
        held: known.as_ref().map_or(0, |known| known.held),
        minted_from: known.as_ref().and_then(|known| known.minted_from),
        revoked_at: known.as_ref().and_then(|known| known.revoked_at),
        // What was given or taken since stays so: an old answer that is asked for again changes nothing.
        also: again.map_or_else(|| invitation.also.clone(), |again| again.also.clone()),
    };
    let identity = identity(tx)?;
    let grant = renew_grant(tx, &identity, &mut replica, now)?;
    tx.put_replica(&replica)?;
    if let Some(known) = known.filter(|known| known.posts() != replica.posts()) {
        readers::refresh_about(tx, &known)?;
    }
    readers::refresh_about(tx, &replica)?;
    let_in_what_waited(tx, id, now)?;
    tracing::info!(replica = %short(id), role = replica.role.word(), "a replica has enrolled");
    welcome(&identity, grant, place)
}

pub(crate) fn welcome(identity: &Identity, grant: Grant, place: Place) -> Result<EnrolAnswer> {
    Ok(EnrolAnswer {
        server_key: identity.key().public(),
        epoch: identity.epoch,
        grant,
        place: place.id,
        place_name: place.name,
        place_level: place.level.word().to_owned(),
        parent: place.parent.unwrap_or(place.id),
        successions: identity.successions()?,
    })
}

/// Lets in what others have brought of a replica before it was known, or was known again. Gives the scopes that
/// have changed.
pub(crate) fn let_in_what_waited(tx: &dyn Tx, id: ReplicaId, now: u64) -> Result<Vec<ScopeId>> {
    let mut intake = Intake::new(tx, id, now);
    intake.take_from_aside(id)?;
    let mut opened = std::mem::take(&mut intake.opened);
    for (scope, opened) in &mut opened {
        projection::settle(tx, *scope, opened)?;
    }
    Ok(opened.into_keys().collect())
}

/// Names that a replica may take one after the other. Who is copied more often should be looked at.
const MOST_NAMES: usize = 100;

/// Lets a replica that was copied or put back go on under another name: same place, same role, and the server
/// remembers whose copy it is. Repeating the request gives the same.
pub(crate) fn mint(database: &Database, bytes: &[u8], now: u64) -> Result<Vec<u8>> {
    let answer = database.write_alone(|tx| {
        let opened = MintRequest::open(bytes, |old| match tx.replica(old)? {
            Some(old) => Ok(old.key),
            None => Err(Error::Refused(Refusal::ReplicaUnknown)),
        });
        let request = opened.map_err(|error| match error {
            Error::Wire(error) => Refusal::from(&error).into(),
            other => other,
        })?;
        go_on(tx, &request, now)
    });
    Ok(answer?.to_bytes()?)
}

fn go_on(tx: &dyn Tx, request: &MintRequest, now: u64) -> Result<EnrolAnswer> {
    const MISSING: Error = Error::Unreadable("the place of a replica is missing");
    let old = tx.replica(request.old)?.ok_or(Refusal::ReplicaUnknown)?;
    let id = ReplicaId::of_key(&request.key);
    let known = tx.replica(id)?;
    let again = known
        .as_ref()
        .filter(|known| known.minted_from == Some(old.id));
    if old.revoked_at.is_some() || again.is_some_and(|again| again.revoked_at.is_some()) {
        return Err(Refusal::Revoked.into());
    }
    if known.is_some() && again.is_none() {
        return Err(Refusal::BadSignature.into());
    }
    if again.is_none() && tx.minted_from(old.id)?.len() >= MOST_NAMES {
        return Err(Refusal::TooManyAttempts.into());
    }
    let mut replica = match known {
        Some(known) => known,
        None => ReplicaRow {
            id,
            key: request.key,
            grant_version: 0,
            grant_bytes: Vec::new(),
            counter: 0,
            enrolled_at: now,
            said: None,
            before: None,
            minted_from: Some(old.id),
            ..old.clone()
        },
    };
    replica.last_contact = now;
    replica.seal = Some(request.status.seal);
    replica.version.clone_from(&request.status.version);
    (replica.waiting, replica.held) = (request.status.waiting, request.status.held);
    let identity = identity(tx)?;
    tx.put_replica(&replica)?;
    for scope in tx.demanded(old.id)? {
        tx.set_demand(scope, id, true)?;
    }
    let grant = renew_grant(tx, &identity, &mut replica, now)?;
    tx.put_replica(&replica)?;
    readers::refresh_about(tx, &replica)?;
    let place = tx.place(replica.place)?.ok_or(MISSING)?;
    tracing::warn!(replica = %short(id), old = %short(old.id), "a replica goes on under another name");
    welcome(&identity, grant, place)
}

pub(crate) fn packed(person: &EnrolPerson) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    ciborium::into_writer(person, &mut bytes).map_err(|_| WireError::Malformed)?;
    Ok(bytes)
}

fn find(tx: &dyn Tx, typed: &str) -> Result<InvitationRow> {
    let code = Code::parse(typed).ok_or(Refusal::InvitationUnknown)?;
    let hash = code.hash();
    // `blake3::Hash` compares in constant time; the lookup by half a hash tells nothing about the code.
    let invitation = tx
        .invitation_like(hash.as_bytes())?
        .filter(|invitation| blake3::Hash::from_bytes(invitation.hash) == hash);
    invitation.ok_or_else(|| Refusal::InvitationUnknown.into())
}

/// The place that an invitation leads to. The first laptop to come with an invitation for a new facility
/// founds it: if it has a provisional facility under that district, everyone takes over its identifier, so
/// that what it saved already lies where it belongs; else the server makes one out of district and name.
pub(crate) fn settle_place(
    tx: &dyn Tx,
    invitation: &mut InvitationRow,
    provisional: Option<&EnrolPlace>,
) -> Result<Place> {
    const MISSING: Error = Error::Unreadable("the place of an invitation is missing");
    let place = tx
        .place(invitation.adopted.unwrap_or(invitation.place))?
        .ok_or(MISSING)?;
    let name = match (&invitation.facility, invitation.adopted) {
        (Some(name), None) => name.clone(),
        _ => return Ok(place),
    };
    let district = place;
    let known = tx
        .facilities(district.id)?
        .into_iter()
        .find(|known| places::is_called(known, &name));
    let facility = match known {
        Some(known) => known,
        None => {
            let facility = Place {
                id: founded(tx, district.id, &name, provisional)?,
                parent: Some(district.id),
                level: Level::Facility,
                name,
                code: None,
                source: Source::Enrolled,
            };
            tx.put_place(&facility)?;
            facility
        }
    };
    invitation.adopted = Some(facility.id);
    Ok(facility)
}

fn founded(
    tx: &dyn Tx,
    district: RecordId,
    name: &str,
    provisional: Option<&EnrolPlace>,
) -> Result<RecordId> {
    let brought = provisional
        .filter(|place| Level::from_word(&place.level) == Some(Level::Facility))
        .filter(|place| place.parent == district && place.id.is_counted());
    if let Some(brought) = brought
        // One that is taken would let this laptop into someone else's scope.
        && tx.place(brought.id)?.is_none()
        && tx.feed_no(brought.id.as_scope())? == 0
    {
        return Ok(brought.id);
    }
    Ok(places::minted_facility(district, name))
}

/// The grant that `replica` has on the tree as it is now. When what it may reach has changed, or the server's heir, the version
/// counts up and the new grant is put into the row, which the caller writes.
pub(crate) fn renew_grant(
    tx: &dyn Tx,
    identity: &Identity,
    replica: &mut ReplicaRow,
    now: u64,
) -> Result<Grant> {
    let old = (!replica.grant_bytes.is_empty())
        .then(|| Grant::from_bytes(&replica.grant_bytes))
        .transpose()?;
    let Reach { write, read } = places::reach_of(tx, replica)?;
    let mut scopes: Vec<GrantScope> = write
        .into_iter()
        .map(|scope| (scope, true))
        .chain(read.into_iter().map(|scope| (scope, false)))
        .map(|(scope, write)| {
            let since = old
                .iter()
                .flat_map(|old| &old.terms().scopes)
                .find(|had| had.scope == scope && had.write == write)
                .map_or(now, |had| had.since_ms);
            GrantScope {
                scope,
                write,
                since_ms: since,
            }
        })
        .collect();
    scopes.sort_by_key(|granted| granted.scope);
    let terms = Terms {
        version: replica.grant_version,
        replica: replica.id,
        role: replica.role.word().to_owned(),
        place: replica.place,
        scopes,
        issues: match (
            replica.holds(|role| role == Role::Coach),
            replica.revoked_at,
        ) {
            (true, None) => MOST_ISSUES,
            _ => 0,
        },
        also: match replica.revoked_at {
            None => replica.also.clone(),
            Some(_) => Vec::new(),
        },
        heir: identity.told_heir(),
    };
    match old {
        Some(old) if *old.terms() == terms => Ok(old),
        _ => {
            let version = replica.grant_version.saturating_add(1);
            let grant = Grant::sign(&identity.key(), Terms { version, ..terms })?;
            replica.grant_version = version;
            replica.grant_bytes = grant.to_bytes()?;
            tx.put_replica(replica)?;
            tx.put_grant_given(replica.id, version, &replica.grant_bytes)?;
            Ok(grant)
        }
    }
}
