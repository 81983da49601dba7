//! Who may open this laptop: people with their codes, and the key of the database, which is in memory only while someone
//! is at work.
//!
//! The key is common to all who work here. What colleagues may do differently is a rule of the app and not of
//! cryptography: each of them could open the database.

mod colleagues;
mod commands;
mod copies;
pub mod pin;
mod recovery;
mod renewal;
pub mod secret;
pub mod slots;

use std::collections::BTreeMap;

use domain::ids::RecordId;
use domain::role::Role;
use domain::text::Language;
use store::Key;
use sync::octets::Array;
use zeroize::Zeroizing;

pub use colleagues::{ChangeRole, OfAccount, change_role, heed_revoked, remove_account};
pub(crate) use colleagues::{Standing, give_way, hand_keys, may_lead, step_back};
pub use commands::{
    Account, AddAccount, Answered, AskForHelp, ChangePin, ChoosePin, RecoveryAnswer,
    RecoveryFinish, RecoveryRequest, ResetPin, Unlock, accounts, add_account, change_pin,
    choose_pin, is_led, lock, note_left, recovery_answer, recovery_finish, recovery_request,
    renew_recovery, reset_pin, touch, unlock,
};
pub(crate) use copies::{files as slot_files, lay_out as lay_out_slots, read as read_slots};
pub(crate) use recovery::check_signs;
pub use renewal::{NewKey, new_key};
use secret::{Guard, label_key, stretch};
use slots::{Label, Pair, Sealed, Slot, Slots};

use crate::audit::{self, Said, What};
use crate::error::{AppError, Result};
use crate::surroundings::{Random, Surroundings};

/// So many wrong codes are free of waiting.
const FREE_TRIES: u32 = 4;
/// The first wait, in milliseconds; each further wrong code doubles it.
const FIRST_WAIT_MS: u64 = 30_000;
/// The longest wait.
const LONGEST_WAIT_MS: u64 = 3_600_000;
/// Nobody touched the laptop for so long: it is locked.
pub const IDLE_MS: u64 = 5 * 60_000;

const ASKED: &[u8] = b"nyetaa asked";

/// Someone who has come in.
pub struct Unlocked {
    /// Who.
    pub person: RecordId,
    /// The database's key.
    pub key: Zeroizing<Key>,
}

/// The file of slots in memory, and when codes were tried.
#[derive(Default)]
pub struct Door {
    /// What the file says; none before the first code was chosen.
    pub slots: Option<Slots>,
    /// When each person's code was last tried wrongly, by [`Surroundings::steady`].
    tried_ms: BTreeMap<RecordId, u64>,
    /// The language that was chosen while there are no slots to keep it.
    spoken: Option<Language>,
    /// When the app was started: what had to be waited for then is waited for from then on.
    started_ms: u64,
}

impl Door {
    /// Reads the file, when there is one.
    pub fn read(around: &Surroundings) -> Result<Self> {
        Ok(Self {
            slots: copies::read(&*around.disk, &around.home)?,
            tried_ms: BTreeMap::new(),
            spoken: None,
            started_ms: (around.steady)(),
        })
    }

    /// Looks whether another program has written the file since: what was read here counts no longer then.
    fn look_again(&mut self, around: &Surroundings) {
        let known = self.slots.as_ref().map_or(0, |slots| slots.serial);
        if let Ok(Some(there)) = copies::read(&*around.disk, &around.home)
            && there.serial > known
        {
            self.slots = Some(there);
        }
    }

    /// The slots, once somebody has chosen a code.
    fn slots(&mut self) -> Result<&mut Slots> {
        self.slots
            .as_mut()
            .ok_or_else(|| AppError::new("pin-missing"))
    }

    /// Writes the file. A disk that is full must not keep anyone out, so a caller may go on without.
    pub fn write(&mut self, around: &Surroundings) -> Result<()> {
        match &mut self.slots {
            Some(slots) => copies::write(&*around.disk, &around.home, slots),
            None => Ok(()),
        }
    }

    /// The language of the screen on which nobody is known yet.
    pub fn language(&self) -> Language {
        let kept = self.slots.as_ref().map(|slots| slots.language);
        kept.or(self.spoken).unwrap_or_default()
    }

    /// Changes the language of the screen on which nobody is known yet.
    pub fn set_language(&mut self, around: &Surroundings, language: Language) {
        self.spoken = Some(language);
        if let Some(slots) = &mut self.slots
            && slots.language != language
        {
            slots.language = language;
            self.write_if_possible(around);
        }
    }

    fn write_if_possible(&mut self, around: &Surroundings) {
        if let Err(error) = self.write(around) {
            tracing::warn!(code = error.code, "the slots could not be written");
        }
    }

    /// Opens a person's slot with their code. Counts wrong ones; after the fifth each must be waited for.
    ///
    /// # Errors
    /// `pin-wrong`; `pin-wrong-wait` and `pin-wait` with the seconds to wait; `account-unknown`.
    fn open(
        &mut self,
        around: &Surroundings,
        guard: &Guard,
        person: RecordId,
        pin: &str,
    ) -> Result<Unlocked> {
        self.look_again(around);
        let now = (around.steady)();
        let secret = guard.secret.get(&around.random)?;
        let slots = self
            .slots
            .as_mut()
            .ok_or_else(|| AppError::new("pin-missing"))?;
        let slot = slots
            .of_mut(person)
            .ok_or_else(|| AppError::new("account-unknown"))?;
        let tried = self.tried_ms.get(&person).copied();
        let since = now.saturating_sub(tried.unwrap_or(self.started_ms));
        if let Some(left) = wait_ms(slot.wrong)
            .checked_sub(since)
            .filter(|left| *left > 0)
        {
            return Err(AppError::new("pin-wait").with("seconds", left.div_ceil(1000)));
        }
        let (cost, salt) = (slot.cost, slot.salt);
        let begun = (around.steady)();
        let stretched = stretch(&pin::normal(pin), &salt.0, cost, &secret)?;
        let took = (around.steady)().saturating_sub(begun);
        self.tried_ms.insert(person, (around.steady)());
        let Some(key) = slot.open(&stretched) else {
            // Written before it is said: whoever stops the program in time has learnt nothing.
            slot.wrong = slot.wrong.saturating_add(1);
            let wait = wait_ms(slot.wrong) / 1000;
            audit::at_the_door(slots, around, &secret, What::CodeWrong, Said::about(person))?;
            self.write_if_possible(around);
            return Err(match wait {
                0 => AppError::new("pin-wrong"),
                wait => AppError::new("pin-wrong-wait").with("seconds", wait),
            });
        };
        if slot.pair.is_none() {
            // From here on the database's key may change without this person's code.
            slot.pair = Some(Pair::new(&stretched, &key, person, &around.random)?);
            slot.key = None;
        }
        let unlocked = Unlocked { person, key };
        if guard.effort.is_outgrown(cost, took)
            && let Err(error) = self.set_pin(around, guard, &unlocked.key, person, pin)
        {
            tracing::warn!(code = error.code, "the code could not be stretched anew");
        }
        Ok(unlocked)
    }

    /// Notes something that is done, in the file that is written next.
    fn note(&mut self, around: &Surroundings, guard: &Guard, what: What, said: Said) -> Result<()> {
        let secret = guard.secret.get(&around.random)?;
        audit::at_the_door(self.slots()?, around, &secret, what, said)
    }

    /// Notes that a person has come in.
    fn note_use(&mut self, around: &Surroundings, guard: &Guard, person: RecordId) -> Result<()> {
        let secret = guard.secret.get(&around.random)?;
        let label = self.label(&secret, person);
        let slots = self.slots()?;
        let order = slots.serial + 1;
        slots.no_longer_asks(person);
        if let Some(slot) = slots.of_mut(person) {
            slot.wrong = 0;
            slot.order = order;
            if let Some(label) = label {
                let used = Label {
                    last_used_ms: (around.clock)(),
                    ..label
                };
                slot.label = seal_label(&secret, person, &used, &around.random)?;
            }
        }
        self.write_if_possible(around);
        Ok(())
    }

    /// Who a slot belongs to; none when this computer has lost the secret that names were locked with.
    fn label(&self, secret: &Key, person: RecordId) -> Option<Label> {
        let slot = self.slots.as_ref()?.of(person)?;
        let plain = slot.label.open(&label_key(secret), person.as_bytes())?;
        ciborium::from_reader(plain.as_slice()).ok()
    }

    /// Locks the key up with a person's new code. Not on the disk yet.
    fn set_pin(
        &mut self,
        around: &Surroundings,
        guard: &Guard,
        key: &Key,
        person: RecordId,
        pin: &str,
    ) -> Result<()> {
        let secret = guard.secret.get(&around.random)?;
        let salt = (around.random)()?;
        let mut cost = guard.effort.cost(&around.steady);
        let stretched = match stretch(&pin::normal(pin), &salt, cost, &secret) {
            Err(error) if error.code == "memory-short" => {
                cost = secret::Cost::FLOOR;
                stretch(&pin::normal(pin), &salt, cost, &secret)?
            }
            stretched => stretched?,
        };
        let pair = Pair::new(&stretched, key, person, &around.random)?;
        let slot = self.slots()?.of_mut(person);
        let slot = slot.ok_or_else(|| AppError::new("store-failed"))?;
        slot.salt = Array(salt);
        slot.cost = cost;
        slot.key = None;
        slot.pair = Some(pair);
        slot.wrong = 0;
        Ok(())
    }

    /// Takes a person's slot out of the file; it is back when that cannot be written.
    fn take_away(
        &mut self,
        around: &Surroundings,
        guard: &Guard,
        person: RecordId,
        by: RecordId,
    ) -> Result<()> {
        let before = self.slots.clone();
        let slots = self.slots()?;
        slots.remove(person);
        // They may know it by heart: a copy of the slots as they were, and the code.
        slots.known_elsewhere = true;
        let said = Said::by(by).to(person);
        let written = self
            .note(around, guard, What::AccountEnded, said)
            .and_then(|()| self.write(around));
        if written.is_err() {
            self.slots = before;
        }
        written
    }

    /// Has the screen on which nobody is known yet name a person's new role.
    fn relabel(
        &mut self,
        around: &Surroundings,
        guard: &Guard,
        person: RecordId,
        role: Role,
        by: RecordId,
    ) -> Result<()> {
        let secret = guard.secret.get(&around.random)?;
        let label = self.label(&secret, person);
        if let (Some(label), Some(slot)) = (label, self.slots()?.of_mut(person)) {
            let label = Label { role, ..label };
            slot.label = seal_label(&secret, person, &label, &around.random)?;
            self.note(around, guard, What::RoleChanged, Said::by(by).to(person))?;
            self.write_if_possible(around);
        }
        Ok(())
    }

    /// Makes a slot for someone who has none, or a new one for someone who has, and writes the file. What stood there
    /// before is back when it cannot be written.
    fn give(
        &mut self,
        around: &Surroundings,
        guard: &Guard,
        key: &Key,
        whose: &Named,
        pin: &str,
    ) -> Result<()> {
        let secret = guard.secret.get(&around.random)?;
        let before = self.slots.clone();
        let given = self.given(around, guard, &secret, key, whose, pin);
        if given.is_err() {
            self.slots = before;
        }
        given
    }

    fn given(
        &mut self,
        around: &Surroundings,
        guard: &Guard,
        secret: &Key,
        key: &Key,
        whose: &Named,
        pin: &str,
    ) -> Result<()> {
        let slots = self.slots.get_or_insert_with(|| Slots::new(whose.language));
        let label = Label {
            name: whose.name.clone(),
            role: whose.role,
            last_used_ms: 0,
        };
        slots.put(Slot {
            person: whose.person,
            label: seal_label(secret, whose.person, &label, &around.random)?,
            salt: Array([0; 32]),
            cost: secret::Cost::FLOOR,
            key: None,
            pair: None,
            wrong: 0,
            order: 0,
        });
        self.set_pin(around, guard, key, whose.person, pin)?;
        match whose.by {
            Some(by) => {
                let said = Said::by(by).to(whose.person);
                self.note(around, guard, What::AccountAdded, said)?;
            }
            None => self.note(around, guard, What::CodeChosen, Said::by(whose.person))?,
        }
        self.write(around)?;
        // Read back and opened, before anything else relies on it.
        let read = copies::read(&*around.disk, &around.home)?;
        let opens = |slots: &Slots| {
            let slot = slots.of(whose.person)?;
            let stretched = stretch(&pin::normal(pin), &slot.salt.0, slot.cost, secret).ok()?;
            slot.open(&stretched)
        };
        match read.as_ref().and_then(opens) {
            Some(opened) if *opened == *key => Ok(()),
            _ => Err(AppError::new("disk-unsafe")),
        }
    }
}

/// Who a new slot is for.
struct Named {
    person: RecordId,
    name: String,
    role: Role,
    language: Language,
    /// Who lets them in; none when they choose the first code of all.
    by: Option<RecordId>,
}

fn seal_label(secret: &Key, person: RecordId, label: &Label, random: &Random) -> Result<Sealed> {
    let failed = || AppError::new("store-failed");
    let mut plain = Vec::new();
    ciborium::into_writer(label, &mut plain).map_err(|_| failed())?;
    Sealed::new(&label_key(secret), &random()?, person.as_bytes(), &plain).ok_or_else(failed)
}

/// How long to wait before another try, after so many wrong ones.
fn wait_ms(wrong: u32) -> u64 {
    match wrong.checked_sub(FREE_TRIES + 1) {
        None => 0,
        Some(more) => (FIRST_WAIT_MS << more.min(20)).min(LONGEST_WAIT_MS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_wrong_codes_are_waited_for_and_each_more_twice_as_long() {
        let waits: Vec<u64> = (0..14).map(|wrong| wait_ms(wrong) / 1000).collect();
        assert_eq!(
            waits,
            [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
        );
        assert_eq!(wait_ms(u32::MAX), LONGEST_WAIT_MS);
    }
}
