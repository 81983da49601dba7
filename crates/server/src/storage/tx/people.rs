//! Invitations, replicas, their grants, and who is no longer believed.

use domain::ids::{RecordId, ReplicaId, ScopeId};
use sync::wire::{Post, RevokedPerson};

use super::Tx;
use crate::storage::cell::{Row, params};
use crate::storage::rows::{InvitationRow, ReadersGiven, ReplicaRow};
use crate::storage::{Error, Result};

const REPLICA: &str = "SELECT r.id, r.key, r.role, r.place, i.hash, r.grant_version, r.grant_bytes, r.counter,
    r.enrolled_at, r.last_contact, r.place_since, r.said, r.before, r.person, r.seal, r.version, r.waiting,
    r.held, r.minted_from, r.revoked_at, r.also
    FROM replica r JOIN invitation i ON i.id = r.invitation";

impl dyn Tx + '_ {
    // Invitations.

    /// Keeps a new invitation, or the new state of a known one: its uses, and the place it became.
    pub fn put_invitation(&self, invitation: &InvitationRow) -> Result<()> {
        self.run(
            "INSERT INTO invitation
                 (id, hash, role, place, facility, adopted, uses_left, created_at, expires_at, also)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (id) DO UPDATE SET adopted = ?6, uses_left = ?7",
            params![
                &invitation.hash[..16],
                &invitation.hash,
                invitation.role,
                &invitation.place,
                invitation.facility.as_deref(),
                invitation.adopted.as_ref(),
                invitation.uses_left,
                invitation.created_at,
                invitation.expires_at,
                packed(&invitation.also)?.as_deref()
            ],
        )?;
        Ok(())
    }

    /// The invitation whose hash begins with the same half; compare the whole before trusting it.
    pub fn invitation_like(&self, hash: &[u8; 32]) -> Result<Option<InvitationRow>> {
        self.one(
            "SELECT hash, role, place, facility, adopted, uses_left, created_at, expires_at, also
             FROM invitation WHERE id = ?1",
            params![&hash[..16]],
            |row| {
                Ok(InvitationRow {
                    hash: row.take()?,
                    role: row.take()?,
                    place: row.take()?,
                    facility: row.take()?,
                    adopted: row.take()?,
                    uses_left: row.take()?,
                    created_at: row.take()?,
                    expires_at: row.take()?,
                    also: unpacked(row.take()?)?,
                })
            },
        )
    }

    // Replicas.

    /// Adds a replica, or gives a known one everything of the row but its key and when it enrolled. A counter that
    /// went back is counted, and the highest kept.
    pub fn put_replica(&self, replica: &ReplicaRow) -> Result<()> {
        self.run(
            "INSERT INTO replica (id, key, role, place, invitation, grant_version, grant_bytes, counter,
                 enrolled_at, last_contact, place_since, said, before, person, seal, version, waiting,
                 held, minted_from, revoked_at, also)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
                 ?19, ?20, ?21)
             ON CONFLICT (id) DO UPDATE SET role = ?3, place = ?4, invitation = ?5,
                 grant_version = ?6, grant_bytes = ?7,
                 counter_went_back = replica.counter_went_back
                     + (CASE WHEN ?8 < replica.counter THEN 1 ELSE 0 END),
                 counter = CASE WHEN ?8 < replica.counter THEN replica.counter ELSE ?8 END,
                 last_contact = ?10, place_since = ?11, said = ?12, before = ?13, person = ?14,
                 seal = ?15, version = ?16, waiting = ?17, held = ?18, minted_from = ?19,
                 revoked_at = ?20, also = ?21",
            params![
                &replica.id,
                &replica.key,
                replica.role,
                &replica.place,
                &replica.invitation[..16],
                replica.grant_version,
                &replica.grant_bytes,
                replica.counter,
                replica.enrolled_at,
                replica.last_contact,
                replica.place_since,
                replica.said.as_ref(),
                replica.before.as_ref(),
                replica.person.as_deref(),
                replica.seal.as_ref(),
                &replica.version,
                replica.waiting,
                replica.held,
                replica.minted_from.as_ref(),
                replica.revoked_at,
                packed(&replica.also)?.as_deref()
            ],
        )?;
        Ok(())
    }

    /// An enrolled replica.
    pub fn replica(&self, id: ReplicaId) -> Result<Option<ReplicaRow>> {
        let sql = format!("{REPLICA} WHERE r.id = ?1");
        self.one(&sql, params![&id], to_replica)
    }

    /// All enrolled replicas, revoked ones too, by identifier.
    pub fn replicas(&self) -> Result<Vec<ReplicaRow>> {
        self.all(&format!("{REPLICA} ORDER BY r.id"), &[], to_replica)
    }

    /// The replicas whose people hold a role at a place, revoked ones too, by identifier.
    pub fn replicas_at(&self, place: RecordId) -> Result<Vec<ReplicaRow>> {
        let sql = format!("{REPLICA} WHERE r.place = ?1 OR r.also IS NOT NULL ORDER BY r.id");
        let mut found = self.all(&sql, params![&place], to_replica)?;
        found.retain(|row| row.posts().iter().any(|(_, held)| *held == place));
        Ok(found)
    }

    /// The replica that goes on under the name of a copy of `old`.
    pub fn minted_from(&self, old: ReplicaId) -> Result<Vec<ReplicaRow>> {
        let sql = format!("{REPLICA} WHERE r.minted_from = ?1 ORDER BY r.id");
        self.all(&sql, params![&old], to_replica)
    }

    /// The names that a laptop has had, the one it goes by first and the one it enrolled under last.
    pub fn names(&self, replica: ReplicaId) -> Result<Vec<ReplicaId>> {
        let mut names = vec![replica];
        let mut name = replica;
        while let Some(before) = self.replica(name)?.and_then(|row| row.minted_from) {
            if names.contains(&before) {
                break;
            }
            names.push(before);
            name = before;
        }
        Ok(names)
    }

    // Grants.

    /// Keeps a grant as it was given. The same version is kept once.
    pub fn put_grant_given(&self, replica: ReplicaId, version: u32, bytes: &[u8]) -> Result<()> {
        self.run(
            "INSERT INTO grant_given (replica, version, bytes) VALUES (?1, ?2, ?3)
             ON CONFLICT (replica, version) DO NOTHING",
            params![&replica, version, bytes],
        )?;
        Ok(())
    }

    /// A grant that was given, signed, as it was given: of this version, or the last one before it that is known. A life
    /// of the server that was lost may have given others.
    pub fn grant_given(&self, replica: ReplicaId, version: u32) -> Result<Option<Vec<u8>>> {
        self.one(
            "SELECT bytes FROM grant_given WHERE replica = ?1 AND version <= ?2 ORDER BY version DESC LIMIT 1",
            params![&replica, version],
            Row::take,
        )
    }

    /// Every grant that a replica was given, signed, as it was given.
    pub fn grants_given(&self, replica: ReplicaId) -> Result<Vec<Vec<u8>>> {
        self.all(
            "SELECT bytes FROM grant_given WHERE replica = ?1 ORDER BY version",
            params![&replica],
            Row::take,
        )
    }

    // Revocation.

    /// Says up to which save a revoked replica's stream counts.
    pub fn put_revoked(&self, scope: ScopeId, replica: ReplicaId, until: u64) -> Result<()> {
        self.run(
            "INSERT INTO revoked (scope_id, replica, until) VALUES (?1, ?2, ?3)
             ON CONFLICT (scope_id, replica) DO UPDATE SET until = ?3",
            params![&scope, &replica, until],
        )?;
        Ok(())
    }

    /// Up to which save each revoked replica's stream of a scope counts, by replica.
    pub fn revoked(&self, scope: ScopeId) -> Result<Vec<(ReplicaId, u64)>> {
        self.all(
            "SELECT replica, until FROM revoked WHERE scope_id = ?1 ORDER BY replica",
            params![&scope],
            |row| Ok((row.take()?, row.take()?)),
        )
    }

    /// Up to which save a replica's stream of a scope counts, when it is revoked there.
    pub fn revoked_until(&self, scope: ScopeId, replica: ReplicaId) -> Result<Option<u64>> {
        self.one(
            "SELECT until FROM revoked WHERE scope_id = ?1 AND replica = ?2",
            params![&scope, &replica],
            Row::take,
        )
    }

    /// No longer believes a person in a scope. The moment that was said first stays.
    pub fn put_revoked_person(&self, scope: ScopeId, person: RecordId, since: u64) -> Result<bool> {
        let new = self.run(
            "INSERT INTO revoked_person (scope_id, person, since) VALUES (?1, ?2, ?3)
             ON CONFLICT (scope_id, person) DO NOTHING",
            params![&scope, &person, since],
        )?;
        Ok(new > 0)
    }

    /// Says up to which save a stream counts although such a person wrote it.
    pub fn put_revoked_person_until(
        &self,
        scope: ScopeId,
        person: RecordId,
        (replica, until): (ReplicaId, u64),
    ) -> Result<()> {
        self.run(
            "INSERT INTO revoked_person_until (scope_id, person, replica, until) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (scope_id, person, replica) DO UPDATE SET until = ?4",
            params![&scope, &person, &replica, until],
        )?;
        Ok(())
    }

    /// The people who are no longer believed in a scope, by record, with what counts of them.
    pub fn revoked_people(&self, scope: ScopeId) -> Result<Vec<RevokedPerson>> {
        let sql = "SELECT person FROM revoked_person WHERE scope_id = ?1 ORDER BY person";
        let people: Vec<RecordId> = self.all(sql, params![&scope], Row::take)?;
        let until = |person: RecordId| {
            self.all(
                "SELECT replica, until FROM revoked_person_until
                 WHERE scope_id = ?1 AND person = ?2 ORDER BY replica",
                params![&scope, &person],
                |row| Ok((row.take()?, row.take()?)),
            )
        };
        let people = people.into_iter();
        people
            .map(|person| {
                Ok(RevokedPerson {
                    person,
                    until: until(person)?,
                })
            })
            .collect()
    }

    /// Since when a person is no longer believed anywhere, in milliseconds by the server's clock.
    pub fn person_revoked_since(&self, person: RecordId) -> Result<Option<u64>> {
        let sql = "SELECT since FROM revoked_person WHERE person = ?1 ORDER BY since LIMIT 1";
        self.one(sql, params![&person], Row::take)
    }

    /// Notes which laptop a supervisor's laptop enrolled under a number of its own. Says whether it is this one.
    pub fn note_issue(
        &self,
        issuer: ReplicaId,
        serial: u32,
        replica: ReplicaId,
        now: u64,
    ) -> Result<bool> {
        self.run(
            "INSERT INTO issued (issuer, serial, replica, at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (issuer, serial) DO NOTHING",
            params![&issuer, serial, &replica, now],
        )?;
        let sql = "SELECT replica FROM issued WHERE issuer = ?1 AND serial = ?2";
        let noted: Option<ReplicaId> = self.one(sql, params![&issuer, serial], Row::take)?;
        Ok(noted == Some(replica))
    }

    /// Whether a replica is revoked anywhere: also one that is known no more.
    pub fn is_revoked(&self, replica: ReplicaId) -> Result<bool> {
        let sql = "SELECT until FROM revoked WHERE replica = ?1 LIMIT 1";
        let until: Option<u64> = self.one(sql, params![&replica], Row::take)?;
        Ok(until.is_some())
    }

    // Who reads a scope.

    /// The newest signed statement of who reads and writes a scope: its version and its bytes.
    pub fn readers(&self, scope: ScopeId) -> Result<Option<(u64, Vec<u8>)>> {
        self.one(
            "SELECT version, bytes FROM readers WHERE scope_id = ?1",
            params![&scope],
            |row| Ok((row.take()?, row.take()?)),
        )
    }

    /// The scopes that there is such a statement about, in order.
    pub fn scopes_with_readers(&self) -> Result<Vec<ScopeId>> {
        let sql = "SELECT scope_id FROM readers ORDER BY scope_id";
        self.all(sql, &[], Row::take)
    }

    /// Puts a newer statement in the place of the last.
    pub fn put_readers(&self, scope: ScopeId, version: u64, bytes: &[u8]) -> Result<()> {
        self.run(
            "INSERT INTO readers (scope_id, version, bytes) VALUES (?1, ?2, ?3)
             ON CONFLICT (scope_id) DO UPDATE SET version = ?2, bytes = ?3",
            params![&scope, version, bytes],
        )?;
        Ok(())
    }

    /// Which version of the statement a replica was given and which has arrived; zeros before the first.
    pub fn readers_given(&self, scope: ScopeId, replica: ReplicaId) -> Result<ReadersGiven> {
        let given = self.one(
            "SELECT version, confirmed FROM readers_given WHERE scope_id = ?1 AND replica = ?2",
            params![&scope, &replica],
            |row| {
                Ok(ReadersGiven {
                    version: row.take()?,
                    confirmed: row.take()?,
                })
            },
        )?;
        Ok(given.unwrap_or_default())
    }

    /// Remembers which version of the statement a replica was given and which has arrived.
    pub fn put_readers_given(
        &self,
        scope: ScopeId,
        replica: ReplicaId,
        given: ReadersGiven,
    ) -> Result<()> {
        self.run(
            "INSERT INTO readers_given (scope_id, replica, version, confirmed)
             VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (scope_id, replica) DO UPDATE SET version = ?3, confirmed = ?4",
            params![&scope, &replica, given.version, given.confirmed],
        )?;
        Ok(())
    }

    // Single scopes on demand.

    /// Notes that a replica wants a scope, or no longer does.
    pub fn set_demand(&self, scope: ScopeId, replica: ReplicaId, on: bool) -> Result<()> {
        let sql = if on {
            "INSERT INTO demand (scope_id, replica) VALUES (?1, ?2)
             ON CONFLICT (scope_id, replica) DO NOTHING"
        } else {
            "DELETE FROM demand WHERE scope_id = ?1 AND replica = ?2"
        };
        self.run(sql, params![&scope, &replica])?;
        Ok(())
    }

    /// The scopes that a replica has asked for, in order.
    pub fn demanded(&self, replica: ReplicaId) -> Result<Vec<ScopeId>> {
        self.all(
            "SELECT scope_id FROM demand WHERE replica = ?1 ORDER BY scope_id",
            params![&replica],
            Row::take,
        )
    }

    /// The replicas that have asked for a scope, in order.
    pub fn demanders(&self, scope: ScopeId) -> Result<Vec<ReplicaId>> {
        self.all(
            "SELECT replica FROM demand WHERE scope_id = ?1 ORDER BY replica",
            params![&scope],
            Row::take,
        )
    }
}

fn to_replica(row: &mut Row) -> Result<ReplicaRow> {
    Ok(ReplicaRow {
        id: row.take()?,
        key: row.take()?,
        role: row.take()?,
        place: row.take()?,
        invitation: row.take()?,
        grant_version: row.take()?,
        grant_bytes: row.take()?,
        counter: row.take()?,
        enrolled_at: row.take()?,
        last_contact: row.take()?,
        place_since: row.take()?,
        said: row.take()?,
        before: row.take()?,
        person: row.take()?,
        seal: row.take()?,
        version: row.take()?,
        waiting: row.take()?,
        held: row.take()?,
        minted_from: row.take()?,
        revoked_at: row.take()?,
        also: unpacked(row.take()?)?,
    })
}

fn packed(also: &[Post]) -> Result<Option<Vec<u8>>> {
    if also.is_empty() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    ciborium::into_writer(also, &mut bytes).map_err(|_| Error::Shape)?;
    Ok(Some(bytes))
}

fn unpacked(bytes: Option<Vec<u8>>) -> Result<Vec<Post>> {
    match bytes {
        Some(bytes) => ciborium::from_reader(bytes.as_slice()).map_err(|_| Error::Shape),
        None => Ok(Vec::new()),
    }
}
