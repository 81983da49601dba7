//! What the operator of a server sees and does from a terminal.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::registry::{DELETED, Kind};
use domain::role::Role;
use domain::text::fold;
use serde::Serialize;
use sync::segment::{self, Segment};
use sync::wire::EnrolPerson;

use crate::error::{Error, Result};
use crate::intake::Intake;
use crate::places::Place;
use crate::server::{Server, identity};
use crate::storage::rows::{QuarantinedRow, ReplicaRow};
use crate::storage::tx::Tx;
use crate::{again, places, projection, readers, revocation};

/// A replica as its operator sees it: who has not synced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Device {
    /// The replica, which names it in other commands.
    pub device: ReplicaId,
    /// Where it works.
    pub place: String,
    /// The district, region or nation above.
    pub above: String,
    /// A role's word.
    pub role: &'static str,
    /// Its last contact, in milliseconds since 1970-01-01 UTC by the server's clock.
    pub last_contact: u64,
    /// Whole days since then.
    pub days: u64,
    /// Own saves that it had not sent, as it said then.
    pub waiting: u64,
    /// Saves that waited for others, as it said then.
    pub held: u64,
    /// Its app's version, empty when it never told.
    pub version: String,
    /// The replica whose copy it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy_of: Option<ReplicaId>,
    /// When it was revoked, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked: Option<u64>,
}

/// Someone who works with the app, as laptops told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Their record, which names them in other commands.
    pub person: RecordId,
    /// Their name.
    pub name: String,
    /// Their role, where it is known.
    pub role: Option<Role>,
    /// Where they work.
    pub place: String,
    /// Since when they are no longer believed, in milliseconds by the server's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked: Option<u64>,
    /// The scope that their record is in.
    #[serde(skip)]
    scope: ScopeId,
}

/// A segment that was kept aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Aside {
    /// What to call it in other commands.
    pub id: String,
    /// Why it was not let in: a code.
    pub reason: String,
    /// The place whose scope it is for.
    pub place: String,
    /// Whose stream.
    pub device: ReplicaId,
    /// Who brought it.
    pub carrier: ReplicaId,
    /// When, in milliseconds by the server's clock.
    pub received: u64,
    /// The number of its first save.
    pub first: u64,
    /// The number of its last save.
    pub last: u64,
}

/// One change of a segment that was kept aside.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AsideChange {
    /// The number of its save.
    pub save: u64,
    /// When, by its author's clock, in milliseconds.
    pub at: u64,
    /// The kind of record, by name where it is known.
    pub kind: String,
    /// The record.
    pub record: RecordId,
    /// The field, by name where it is known.
    pub field: String,
    /// What it should hold.
    pub value: serde_json::Value,
}

const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// The most that is listed of what was kept aside.
const MOST_ASIDE: u32 = 10_000;

impl Server {
    /// All enrolled replicas, those that were not heard of for longest first.
    pub fn devices(&self) -> Result<Vec<Device>> {
        let now = self.now();
        self.database().read(|tx| {
            let places: BTreeMap<RecordId, Place> = tx
                .places()?
                .into_iter()
                .map(|place| (place.id, place))
                .collect();
            let name = |id: RecordId| places.get(&id).map_or("", |place| place.name.as_str());
            let mut devices: Vec<Device> = tx
                .replicas()?
                .into_iter()
                .map(|replica| {
                    let above = places.get(&replica.place).and_then(|place| place.parent);
                    Device {
                        device: replica.id,
                        place: name(replica.place).to_owned(),
                        above: above.map(name).unwrap_or_default().to_owned(),
                        role: replica.role.word(),
                        last_contact: replica.last_contact,
                        days: now.saturating_sub(replica.last_contact) / DAY_MS,
                        waiting: replica.waiting,
                        held: replica.held,
                        version: replica.version,
                        copy_of: replica.minted_from,
                        revoked: replica.revoked_at,
                    }
                })
                .collect();
            devices.sort_by_key(|device| (device.last_contact, device.device));
            Ok(devices)
        })
    }

    /// No longer believes a replica: what it brings from now on is kept aside, and nothing is given to it.
    /// Gives those that are copies of it, which are not touched.
    pub fn revoke(&self, device: &str) -> Result<Vec<ReplicaId>> {
        let now = self.now();
        self.database().write_alone(|tx| {
            let replica = the_device(tx, device)?;
            let copies = tx.minted_from(replica.id)?;
            let copies = copies.into_iter().map(|copy| copy.id).collect();
            if replica.revoked_at.is_some() {
                return Ok(copies);
            }
            revocation::revoke(tx, replica, now)?;
            Ok(copies)
        })
    }

    /// The people that laptops have told of, by place and name.
    pub fn people(&self) -> Result<Vec<Person>> {
        self.database().read(people)
    }

    /// No longer believes a person, whichever laptop they write with. With `laptops`, those that they enrolled are revoked
    /// too: for when nobody else works there. Gives the laptops that they enrolled.
    pub fn revoke_person(&self, person: &str, laptops: bool) -> Result<Vec<ReplicaId>> {
        let now = self.now();
        self.database().write_alone(|tx| {
            let person = the_person(tx, person)?;
            let mut scopes = BTreeSet::from([person.scope]);
            if let (Some(role), Some(place)) = (person.role, tx.place(person.scope.place())?) {
                scopes.extend(places::reach(tx, role, place.id)?.write);
            }
            let identity = identity(tx)?;
            revocation::revoke_person(tx, &identity, person.person, &scopes, now)?;
            let mut own = Vec::new();
            for replica in tx.replicas()? {
                let packed = replica.person.as_deref().unwrap_or_default();
                let by: Option<EnrolPerson> = ciborium::from_reader(packed).ok();
                if replica.revoked_at.is_some() || by.is_none_or(|by| by.id != person.person) {
                    continue;
                }
                own.push(replica.id);
                if laptops {
                    revocation::revoke(tx, replica, now)?;
                }
            }
            Ok(own)
        })
    }

    /// What was kept aside, by scope and stream.
    pub fn aside(&self) -> Result<Vec<Aside>> {
        self.database().read(|tx| {
            let mut rows = tx.quarantined(MOST_ASIDE)?;
            rows.retain(|row| row.reason != again::AGAIN);
            rows.iter().map(|row| aside(tx, row)).collect()
        })
    }

    /// What a segment that was kept aside says. Empty when it takes a newer version to open it.
    pub fn aside_changes(&self, id: &str) -> Result<(Aside, Vec<AsideChange>)> {
        self.database().read(|tx| {
            let row = the_aside(tx, id)?;
            let segment = segment::read(&row.bytes).map_err(|_| UNREADABLE)?;
            let saves = segment.saves().unwrap_or_default();
            let mut changes = Vec::new();
            for (save, number) in saves.iter().zip(segment.header().first_seq..) {
                for change in &save.changes {
                    let kind = Kind::from_number(change.kind);
                    let field = kind.and_then(|kind| kind.field(change.field));
                    let by_number = |number: u16| format!("#{number}");
                    changes.push(AsideChange {
                        save: number,
                        at: save.hlc.millis(),
                        kind: kind
                            .map_or_else(|| by_number(change.kind), |kind| kind.table().to_owned()),
                        record: change.record,
                        field: field
                            .map_or_else(|| by_number(change.field), |field| field.name.to_owned()),
                        value: projection::shown(&change.value, change.kind, change.field),
                    });
                }
            }
            Ok((aside(tx, &row)?, changes))
        })
    }

    /// Lets a segment in that was kept aside: it was looked at, and a person answers for it.
    ///
    /// A second past, whose numbers are taken, is saved again by the server with author, day and reason as they were; what
    /// of it stands here already is left out.
    ///
    /// # Errors
    /// When its replica did not sign it, or nobody can tell; and when earlier ones of its stream are missing.
    pub fn release(&self, id: &str) -> Result<()> {
        let now = self.now();
        let changed: Vec<ScopeId> = self.database().write_alone(|tx| {
            let row = the_aside(tx, id)?;
            let segment = segment::read(&row.bytes).map_err(|_| UNREADABLE)?;
            let mut intake = Intake::new(tx, row.carrier, now);
            if !intake.release(&segment)? {
                again::save_again(tx, &identity(tx)?, &segment, now)?;
                return Ok(vec![row.scope]);
            }
            if row.reason == "revoked" {
                let last = segment.header().last_seq;
                let until = tx.revoked_until(row.scope, row.replica)?.unwrap_or(0);
                tx.put_revoked(row.scope, row.replica, until.max(last))?;
                readers::refresh(tx, &identity(tx)?, row.scope)?;
            }
            let last = segment.header().last_seq;
            revocation::release_people(tx, row.scope, row.replica, last)?;
            tx.forget_quarantined(row.scope, row.replica, &row.hash)?;
            let mut opened = std::mem::take(&mut intake.opened);
            for (scope, opened) in &mut opened {
                projection::settle(tx, *scope, opened)?;
            }
            Ok::<_, Error>(opened.into_keys().collect())
        })?;
        self.note_due(changed);
        Ok(())
    }
}

const UNREADABLE: Error = Error::Unreadable("a segment in quarantine does not open");

/// The replica that begins with what was typed.
fn the_device(tx: &dyn Tx, typed: &str) -> Result<ReplicaRow> {
    let typed = typed.trim().to_ascii_lowercase();
    let mut found = tx.replicas()?;
    found.retain(|replica| !typed.is_empty() && replica.id.to_string().starts_with(&typed));
    only(found, &typed)
}

fn people(tx: &dyn Tx) -> Result<Vec<Person>> {
    let mut people = Vec::new();
    for (scope, person, values) in tx.records_of(Kind::Person.number())? {
        let values: serde_json::Value = serde_json::from_str(&values).unwrap_or_default();
        let text = |field: &str| values[field].as_str().unwrap_or_default();
        if values[DELETED.name] == true {
            continue;
        }
        let place = tx.place(scope.place())?;
        people.push(Person {
            person,
            name: text("name").to_owned(),
            role: Role::from_word(text("role")),
            place: place.map_or_else(|| scope.to_string(), |place| place.name),
            revoked: tx.person_revoked_since(person)?,
            scope,
        });
    }
    people.sort_by(|a, b| (&a.place, &a.name).cmp(&(&b.place, &b.name)));
    Ok(people)
}

/// The person of this name or with an identifier that begins so.
fn the_person(tx: &dyn Tx, typed: &str) -> Result<Person> {
    let (id, name) = (typed.trim().to_ascii_lowercase(), fold(typed));
    let mut found = people(tx)?;
    found.retain(|person| {
        let named = fold(&person.name) == name;
        !id.is_empty() && (named || person.person.to_string().starts_with(&id))
    });
    only(found, typed)
}

/// The segment kept aside whose hash begins with what was typed.
fn the_aside(tx: &dyn Tx, typed: &str) -> Result<QuarantinedRow> {
    let typed = typed.trim().to_ascii_lowercase();
    let mut found = tx.quarantined(MOST_ASIDE)?;
    found.retain(|row| !typed.is_empty() && hex(&row.hash).starts_with(&typed));
    only(found, &typed)
}

fn only<T>(mut found: Vec<T>, typed: &str) -> Result<T> {
    match (found.pop(), found.is_empty()) {
        (Some(found), true) => Ok(found),
        _ => Err(Error::NotOne(typed.to_owned())),
    }
}

fn aside(tx: &dyn Tx, row: &QuarantinedRow) -> Result<Aside> {
    let segment: Option<Segment> = segment::read(&row.bytes).ok();
    let (first, last) = segment.as_ref().map_or((0, 0), |segment| {
        (segment.header().first_seq, segment.header().last_seq)
    });
    let place = tx.place(row.scope.place())?;
    let mut id = hex(&row.hash);
    id.truncate(16);
    Ok(Aside {
        id,
        reason: row.reason.clone(),
        place: place.map_or_else(|| row.scope.to_string(), |place| place.name),
        device: row.replica,
        carrier: row.carrier,
        received: row.received_at,
        first,
        last,
    })
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
