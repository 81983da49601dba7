//! What the operator of a server sees and does from a terminal.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::permission::{Action, Class};
use domain::registry::{DELETED, Kind};
use domain::role::Role;
use domain::text::fold;
use sync::segment::{self, Segment};
use sync::wire::EnrolPerson;
use sync::wire::limits::POSTS;
pub use sync::wire::{Aside, AsideChange, Device, Person};

use crate::administration::Places;
use crate::deeds::{By, What};
use crate::error::{Error, Result};
use crate::intake::Intake;
use crate::places::Place;
use crate::server::{Server, further_post, identity};
use crate::storage::rows::{QuarantinedRow, ReplicaRow};
use crate::storage::tx::Tx;
use crate::{again, enrolment, places, projection, readers, revocation};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// So much of a segment's hash names it.
const ASIDE_LETTERS: usize = 16;
/// The most that is listed of what was kept aside.
const MOST_ASIDE: u32 = 10_000;

impl Server {
    /// All enrolled replicas, those that were not heard of for longest first.
    pub fn devices(&self) -> Result<Vec<Device>> {
        self.devices_for(&By::Operator)
    }

    pub(crate) fn devices_for(&self, by: &By<'_>) -> Result<Vec<Device>> {
        let now = self.now();
        self.database().read(|tx| {
            let mut theirs = Places::of(tx, by, Action::Read, Class::Devices);
            let mut replicas = Vec::new();
            for replica in tx.replicas()? {
                if theirs.has(replica.place)? {
                    let witnessed = tx.witnessed(replica.id)?;
                    replicas.push((replica, witnessed.and_then(|one| one.back_at)));
                }
            }
            let places: BTreeMap<RecordId, Place> = tx
                .places()?
                .into_iter()
                .map(|place| (place.id, place))
                .collect();
            let name = |id: RecordId| places.get(&id).map_or("", |place| place.name.as_str());
            let mut devices: Vec<Device> = replicas
                .into_iter()
                .map(|(replica, list_gone)| {
                    let above = places.get(&replica.place).and_then(|place| place.parent);
                    Device {
                        device: replica.id,
                        place: name(replica.place).to_owned(),
                        above: above.map(name).unwrap_or_default().to_owned(),
                        role: replica.role,
                        also: replica.posts()[1..]
                            .iter()
                            .map(|(role, place)| (*role, *place, name(*place).to_owned()))
                            .collect(),
                        last_contact: replica.last_contact,
                        days: now.saturating_sub(replica.last_contact) / DAY_MS,
                        waiting: replica.waiting,
                        held: replica.held,
                        version: replica.version,
                        copy_of: replica.minted_from,
                        revoked: replica.revoked_at,
                        list_gone,
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
        self.revoke_by(&By::Operator, device)
    }

    pub(crate) fn revoke_by(&self, by: &By<'_>, device: &str) -> Result<Vec<ReplicaId>> {
        let now = self.now();
        self.database().write_alone(|tx| {
            let replica = the_device(tx, device)?;
            by.may(tx, Action::Revoke, Class::Devices, replica.place)?;
            let copies = tx.minted_from(replica.id)?;
            let copies = copies.into_iter().map(|copy| copy.id).collect();
            if replica.revoked_at.is_some() {
                return Ok(copies);
            }
            let about = [("device", replica.id.to_string())];
            let about = about.each_ref().map(|(key, id)| (*key, id.as_str()));
            by.note(tx, now, What::LaptopRevoked, Some(replica.place), &about)?;
            revocation::revoke(tx, replica, now)?;
            Ok(copies)
        })
    }

    /// Gives the person who enrolled a laptop a further role at a place, or takes it away. What the laptop reached by it leaves
    /// the laptop at its next contacts, once it has handed its work in; what was written under it still counts.
    pub fn set_post(&self, device: &str, post: (Role, &str), held: bool) -> Result<()> {
        self.set_post_by(&By::Operator, device, post, held)
    }

    pub(crate) fn set_post_by(
        &self,
        by: &By<'_>,
        device: &str,
        (role, place): (Role, &str),
        held: bool,
    ) -> Result<()> {
        let now = self.now();
        self.database().write_alone(|tx| {
            let mut replica = the_device(tx, device)?;
            let post = further_post(tx, role, place)?;
            let action = if held { Action::Enrol } else { Action::Revoke };
            by.may(tx, action, Class::Devices, post.place)?;
            let before = replica.clone();
            let known = replica.posts().contains(&(role, post.place));
            match held {
                true if known => return Ok(()),
                true if replica.also.len() >= POSTS => return Err(Error::UselessInvitation),
                true => replica.also.push(post.clone()),
                // What a laptop is enrolled as it stays: another invitation, or its revocation, changes that.
                false if !replica.also.contains(&post) => {
                    return Err(Error::NotOne(place.to_owned()));
                }
                false => replica.also.retain(|one| *one != post),
            }
            let what = if held {
                What::PostGiven
            } else {
                What::PostTaken
            };
            let device = replica.id.to_string();
            let about = [("device", device.as_str()), ("role", role.word())];
            by.note(tx, now, what, Some(post.place), &about)?;
            tx.put_replica(&replica)?;
            enrolment::renew_grant(tx, &identity(tx)?, &mut replica, now)?;
            readers::refresh_about(tx, &before)?;
            readers::refresh_about(tx, &replica)
        })
    }

    /// The people that laptops have told of, by place and name.
    pub fn people(&self) -> Result<Vec<Person>> {
        self.people_for(&By::Operator)
    }

    pub(crate) fn people_for(&self, by: &By<'_>) -> Result<Vec<Person>> {
        self.database().read(|tx| {
            let mut theirs = Places::of(tx, by, Action::Read, Class::People);
            let mut shown = Vec::new();
            for (scope, person) in people(tx)? {
                if theirs.has(scope.place())? {
                    shown.push(person);
                }
            }
            Ok(shown)
        })
    }

    /// No longer believes a person, whichever laptop they write with. With `laptops`, those that they enrolled are revoked
    /// too: for when nobody else works there. Gives the laptops that they enrolled.
    pub fn revoke_person(&self, person: &str, laptops: bool) -> Result<Vec<ReplicaId>> {
        self.revoke_person_by(&By::Operator, person, laptops)
    }

    pub(crate) fn revoke_person_by(
        &self,
        by: &By<'_>,
        person: &str,
        laptops: bool,
    ) -> Result<Vec<ReplicaId>> {
        let now = self.now();
        self.database().write_alone(|tx| {
            let (scope, person) = the_person(tx, person)?;
            by.may(tx, Action::Write, Class::People, scope.place())?;
            let mut scopes = BTreeSet::from([scope]);
            if let (Some(role), Some(place)) = (person.role, tx.place(scope.place())?) {
                scopes.extend(places::reach(tx, &[(role, place.id)])?.write);
            }
            let mut enrolled = tx.replicas()?;
            enrolled.retain(|replica| {
                let packed = replica.person.as_deref().unwrap_or_default();
                let enroller: Option<EnrolPerson> = ciborium::from_reader(packed).ok();
                replica.revoked_at.is_none() && enroller.is_some_and(|one| one.id == person.person)
            });
            for replica in enrolled.iter().filter(|replica| !replica.also.is_empty()) {
                scopes.extend(places::reach(tx, &replica.posts())?.write);
            }
            let identity = identity(tx)?;
            revocation::revoke_person(tx, &identity, person.person, &scopes, now)?;
            let about = [("name", person.name.as_str())];
            by.note(tx, now, What::PersonRevoked, Some(scope.place()), &about)?;
            let mut own = Vec::new();
            for replica in enrolled {
                own.push(replica.id);
                if laptops {
                    by.may(tx, Action::Revoke, Class::Devices, replica.place)?;
                    revocation::revoke(tx, replica, now)?;
                }
            }
            Ok(own)
        })
    }

    /// What was kept aside, by scope and stream.
    pub fn aside(&self) -> Result<Vec<Aside>> {
        self.aside_for(&By::Operator)
    }

    pub(crate) fn aside_for(&self, by: &By<'_>) -> Result<Vec<Aside>> {
        self.database().read(|tx| {
            let mut theirs = Places::of(tx, by, Action::Read, Class::Devices);
            let mut shown = Vec::new();
            for row in tx.quarantined(MOST_ASIDE)? {
                if row.reason != again::AGAIN && theirs.has(row.scope.place())? {
                    shown.push(aside(tx, &row)?);
                }
            }
            Ok(shown)
        })
    }

    /// What a segment that was kept aside says. Empty when it takes a newer version to open it.
    pub fn aside_changes(&self, id: &str) -> Result<(Aside, Vec<AsideChange>)> {
        self.aside_changes_by(&By::Operator, id)
    }

    /// To whoever keeps laptops and does not read the work of the place it says what was changed, and not what it says.
    pub(crate) fn aside_changes_by(
        &self,
        by: &By<'_>,
        id: &str,
    ) -> Result<(Aside, Vec<AsideChange>)> {
        let now = self.now();
        self.database().write_alone(|tx| {
            let row = the_aside(tx, id)?;
            let place = row.scope.place();
            by.may(tx, Action::Read, Class::Devices, place)?;
            let reads = Places::of(tx, by, Action::Read, Class::Work).has(place)?;
            let whole = hex(&row.hash);
            let about = [("id", whole.as_str())];
            by.note(tx, now, What::AsideRead, Some(place), &about)?;
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
                        value: reads.then(|| {
                            match projection::shown(&change.value, change.kind, change.field) {
                                serde_json::Value::String(text) => text,
                                other => other.to_string(),
                            }
                        }),
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
        self.release_by(&By::Operator, id)
    }

    pub(crate) fn release_by(&self, by: &By<'_>, id: &str) -> Result<()> {
        let now = self.now();
        let changed: Vec<ScopeId> = self.database().write_alone(|tx| {
            let row = the_aside(tx, id)?;
            let place = row.scope.place();
            by.may(tx, Action::Enrol, Class::Devices, place)?;
            let whole = hex(&row.hash);
            let about = [("id", whole.as_str())];
            by.note(tx, now, What::AsideReleased, Some(place), &about)?;
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

fn people(tx: &dyn Tx) -> Result<Vec<(ScopeId, Person)>> {
    let mut people = Vec::new();
    for (scope, person, values) in tx.records_of(Kind::Person.number())? {
        let values: serde_json::Value = serde_json::from_str(&values).unwrap_or_default();
        let text = |field: &str| values[field].as_str().unwrap_or_default();
        if values[DELETED.name] == true {
            continue;
        }
        let place = tx.place(scope.place())?;
        let person = Person {
            person,
            name: text("name").to_owned(),
            role: Role::from_word(text("role")),
            place: place.map_or_else(|| scope.to_string(), |place| place.name),
            revoked: tx.person_revoked_since(person)?,
        };
        people.push((scope, person));
    }
    people.sort_by(|(_, a), (_, b)| (&a.place, &a.name).cmp(&(&b.place, &b.name)));
    Ok(people)
}

/// The person of this name or with an identifier that begins so.
fn the_person(tx: &dyn Tx, typed: &str) -> Result<(ScopeId, Person)> {
    let (id, name) = (typed.trim().to_ascii_lowercase(), fold(typed));
    let mut found = people(tx)?;
    found.retain(|(_, person)| {
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
    id.truncate(ASIDE_LETTERS);
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
