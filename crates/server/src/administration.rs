//! What people who came in at the server do: the same functions that the operator uses, with the question whether they may at the
//! place that it is about, and a line in the list of deeds.

use std::collections::BTreeMap;

use domain::ids::RecordId;
use domain::permission::{Action, Class};
use sync::wire::{Administration, NewInvitation, Told, Wish};

use crate::administrators::{leave, still_there, whoever};
use crate::deeds::{By, What, journal};
use crate::error::{Error, Refusal, Result};
use crate::invitation::Invite;
use crate::server::Server;
use crate::storage::rows::AdministratorRow;
use crate::storage::tx::Tx;

impl Server {
    /// Does what someone wishes who came in, and gives the answer's bytes.
    ///
    /// # Errors
    /// `login-ended`; `not-allowed`; and when what they named is not clear.
    pub fn administrate(&self, bytes: &[u8]) -> Result<Vec<u8>> {
        let asked = Administration::from_bytes(bytes).map_err(|error| Refusal::from(&error))?;
        let now = self.now();
        let who = self.database().write_alone(|tx| {
            let who = whoever(tx, &asked.token, now)?;
            still_there(tx, &asked.token, now)?;
            Ok::<_, Error>(who)
        })?;
        let told = self
            .wished(&asked, &who, now)
            .map_err(|error| match error {
                Error::Place(_) | Error::CoachOfFacility | Error::AdministratorOfLaptop => {
                    Refusal::PlaceUnclear.into()
                }
                Error::NotOne(_) => Refusal::NotOne.into(),
                Error::NotReleased(_) => Refusal::NotReleased.into(),
                Error::UselessInvitation => Refusal::Malformed.into(),
                error => error,
            })?;
        Ok(told.to_bytes()?)
    }

    fn wished(&self, asked: &Administration, who: &AdministratorRow, now: u64) -> Result<Told> {
        let quiet = By::Person(who, "");
        Ok(match &asked.wish {
            Wish::Leave => {
                self.database().write_alone(|tx| {
                    leave(tx, &asked.token)?;
                    quiet.note(tx, now, What::LoggedOut, Some(who.place), &[])
                })?;
                Told::Done
            }
            Wish::Laptops => Told::Laptops(self.devices_for(&quiet)?),
            Wish::People => Told::People(self.people_for(&quiet)?),
            Wish::Invite(new) => {
                let invited = self.invite_by(&quiet, &invite(new))?;
                Told::Invited {
                    code: invited.code,
                    place: invited.place,
                    expires: invited.expires,
                }
            }
            Wish::RevokeLaptop { device, reason } => {
                let by = By::Person(who, reason);
                Told::Concerns(self.revoke_by(&by, &device.to_string())?)
            }
            Wish::RevokePerson {
                person,
                laptops,
                reason,
            } => {
                let by = By::Person(who, reason);
                Told::Concerns(self.revoke_person_by(&by, &person.to_string(), *laptops)?)
            }
            Wish::Post {
                device,
                role,
                place,
                held,
            } => {
                self.set_post_by(&quiet, &device.to_string(), (*role, place), *held)?;
                Told::Done
            }
            Wish::Move { facility, district } => {
                self.relocate_by(&quiet, facility, district)?;
                Told::Done
            }
            Wish::Aside => Told::Aside(self.aside_for(&quiet)?),
            Wish::AsideChanges(id) => {
                let (aside, changes) = self.aside_changes_by(&quiet, id)?;
                Told::AsideChanges(aside, changes)
            }
            Wish::Release { id, reason } => {
                self.release_by(&By::Person(who, reason), id)?;
                Told::Done
            }
            Wish::Journal => {
                let (lines, broken) = self.database().read(|tx| journal(tx, &quiet))?;
                Told::Journal { lines, broken }
            }
        })
    }
}

fn invite(new: &NewInvitation) -> Invite {
    Invite {
        place: new.place.clone(),
        facility: new.facility.clone(),
        role: new.role,
        uses: new.uses,
        days: new.days,
        also: new.also.clone(),
    }
}

/// Which places `by` may do something at, each asked about once.
pub(crate) struct Places<'a> {
    tx: &'a dyn Tx,
    by: &'a By<'a>,
    action: Action,
    class: Class,
    known: BTreeMap<RecordId, bool>,
}

impl<'a> Places<'a> {
    /// Those where `by` may do this.
    pub fn of(tx: &'a dyn Tx, by: &'a By<'a>, action: Action, class: Class) -> Self {
        Self {
            tx,
            by,
            action,
            class,
            known: BTreeMap::new(),
        }
    }

    /// Whether this is one of them.
    pub fn has(&mut self, place: RecordId) -> Result<bool> {
        if let Some(known) = self.known.get(&place) {
            return Ok(*known);
        }
        let may = match self.by.may(self.tx, self.action, self.class, place) {
            Ok(()) => true,
            Err(Error::Refused(_)) => false,
            Err(error) => return Err(error),
        };
        self.known.insert(place, may);
        Ok(may)
    }
}
