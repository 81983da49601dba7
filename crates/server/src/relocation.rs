//! A facility that lies under another district from now on.
//!
//! The server's tree decides on grants. What people see is the facility's own record, which lies in its scope and goes
//! wherever its work goes: the server writes the district there as a replica of its own ([`crate::own`]), and the stamp of
//! that save is the date of the move. Whoever writes another district there, in a save that was under way when the facility
//! moved, say, is put right some seconds later.
//!
//! A server that was put back from a backup may have forgotten a move. Its own word comes back with the laptops' work,
//! signed by itself, and it is done again.

use std::collections::BTreeSet;

use domain::ids::{RecordId, ScopeId};
use domain::permission::{Action, Class};
use domain::registry::{Kind, PlaceField};
use domain::value::Value;
use sync::heads::Head;
use sync::log::Change;

use crate::deeds::{By, What};
use crate::error::{Error, Result};
use crate::places::{self, Level, Place};
use crate::projection::Record;
use crate::server::{Server, identity};
use crate::storage::Database;
use crate::storage::tx::Tx;
use crate::{aggregates, enrolment, own, readers};

impl Server {
    /// Puts a facility under another district. Grants follow, and the facility's own record says so; what was written
    /// under the old grants is still let in. Moving it to where it is changes nothing.
    pub fn relocate(&self, facility: &str, district: &str) -> Result<()> {
        self.relocate_by(&By::Operator, facility, district)
    }

    /// Whoever does it answers for the laptops of both: of the facility, and of the district that it comes to.
    pub(crate) fn relocate_by(&self, by: &By<'_>, facility: &str, district: &str) -> Result<()> {
        let now = self.now();
        self.database().write_alone(|tx| {
            let id = places::facility(&tx.places()?, facility)?;
            let district = places::district(district)?;
            for place in [id, district] {
                by.may(tx, Action::Enrol, Class::Devices, place)?;
            }
            let place = tx
                .place(id)?
                .ok_or(Error::Unreadable("a place is missing"))?;
            if place.parent == Some(district) {
                return Ok(());
            }
            let to = tx.place(district)?.map_or_else(String::new, |to| to.name);
            by.note(tx, now, What::FacilityMoved, Some(id), &[("to", &to)])?;
            put_under(tx, place, district, now)?;
            say_where(tx, id, district, &parents(tx, id)?, now)
        })?;
        self.forget_due();
        Ok(())
    }
}

/// Looks at what facilities say about where they lie, where something has come in: `None` for all of them.
pub(crate) fn correct_late(
    database: &Database,
    scopes: Option<&BTreeSet<ScopeId>>,
    now: u64,
) -> Result<()> {
    let astray = database.read(|tx| {
        let mut astray = Vec::new();
        let scopes = match scopes {
            Some(scopes) => scopes.iter().copied().collect(),
            None => tx.scopes()?,
        };
        for scope in scopes {
            if is_astray(tx, scope.place())?.is_some() {
                astray.push(scope.place());
            }
        }
        Ok::<_, Error>(astray)
    })?;
    for place in astray {
        database.write_alone(|tx| match is_astray(tx, place)? {
            Some((place, heads)) => correct(tx, place, &heads, now),
            None => Ok(()),
        })?;
    }
    Ok(())
}

/// A facility whose record says something else than the tree, and what it says.
fn is_astray(tx: &dyn Tx, id: RecordId) -> Result<Option<(Place, Vec<Head>)>> {
    let Some(place) = tx.place(id)?.filter(|place| place.level == Level::Facility) else {
        return Ok(None);
    };
    let heads = parents(tx, id)?;
    let said = place.parent.map(Value::Ref);
    let agrees = heads.iter().all(|head| Some(&head.value) == said.as_ref());
    Ok((!agrees).then_some((place, heads)))
}

fn correct(tx: &dyn Tx, place: Place, heads: &[Head], now: u64) -> Result<()> {
    let id = place.id;
    // Only the server itself writes there and is no replica that has enrolled. In this life its word and the tree go
    // together: where they differ, it was given in a life that was lost.
    let mut own_words = Vec::new();
    for head in heads {
        if tx.replica(head.dot.replica)?.is_none() {
            own_words.push(head);
        }
    }
    let told = match own_words
        .iter()
        .max_by_key(|head| head.hlc)
        .map(|head| &head.value)
    {
        Some(Value::Ref(id)) => tx.place(*id)?.filter(|told| told.level == Level::District),
        _ => None,
    };
    let tree = place.parent;
    let district = match told {
        Some(told) if Some(told.id) != tree => {
            put_under(tx, place, told.id, now)?;
            told.id
        }
        _ => match tree {
            Some(district) => district,
            None => return Ok(()),
        },
    };
    say_where(tx, id, district, heads, now)
}

/// Lets the tree say that a facility lies under a district, and gives the grants that follow from it.
fn put_under(tx: &dyn Tx, place: Place, district: RecordId, now: u64) -> Result<()> {
    let (id, left) = (place.id, place.parent);
    tx.put_place(&Place {
        parent: Some(district),
        ..place
    })?;
    let identity = identity(tx)?;
    // Grants are kept as they were at each time, so that late saves can be judged.
    for place in left.into_iter().chain([district, id]) {
        for mut replica in tx.replicas_at(place)? {
            enrolment::renew_grant(tx, &identity, &mut replica, now)?;
        }
    }
    readers::refresh(tx, &identity, id.as_scope())?;
    tracing::info!(facility = %short_of(id), "a facility lies under another district");
    aggregates::moved(tx, id, left, now)
}

/// Writes into the facility's record that it lies under a district, having seen `heads`.
fn say_where(
    tx: &dyn Tx,
    facility: RecordId,
    district: RecordId,
    heads: &[Head],
    now: u64,
) -> Result<()> {
    let value = Value::Ref(district);
    if matches!(heads, [only] if only.value == value) {
        return Ok(());
    }
    let change = Change {
        kind: Kind::Place.number(),
        record: facility,
        field: PlaceField::Parent.number(),
        value,
        seen: heads.iter().map(|head| head.dot).collect(),
    };
    own::write(
        tx,
        &identity(tx)?,
        facility.as_scope(),
        vec![vec![change]],
        now,
    )?;
    Ok(())
}

/// What a facility's record says about the place above.
fn parents(tx: &dyn Tx, facility: RecordId) -> Result<Vec<Head>> {
    let kind = Kind::Place.number();
    let Some(row) = tx.record(facility.as_scope(), kind, facility)? else {
        return Ok(Vec::new());
    };
    let record = Record::from_row(kind, &row)?;
    Ok(record.heads(PlaceField::Parent.number()).to_vec())
}

fn short_of(place: RecordId) -> String {
    let mut text = place.to_string();
    text.truncate(8);
    text
}
