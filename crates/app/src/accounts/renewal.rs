//! Another key for the database, once somebody may know it who has no access any more: a colleague who left, or a laptop that
//! helped after a forgotten code. It is done as somebody comes in, while nothing is open yet, and costs nobody their code.

use std::sync::Arc;

use serde::Serialize;
use store::Key;
use zeroize::Zeroizing;

use super::Unlocked;
use super::secret::Guard;
use super::slots::{Asked, Slots};
use crate::App;
use crate::audit::{Said, What};
use crate::backups;
use crate::error::{AppError, Result};
use crate::sync_client::forget_file;

/// Somebody who asked for help is waited for, as long as the slots are not written more often than this: some thirty times
/// of coming in and leaving. Their answer opens the key of today.
const PATIENCE: u64 = 60;

/// What becomes of the database's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum NewKey {
    /// It gets another one as soon as somebody comes in.
    Due,
    /// It should get another one, when everyone has come in once more, or when help that was asked for has come.
    Waits,
}

/// Whether the database is to have another key; none when the one it has is known to nobody else.
pub fn new_key(app: &App) -> Option<NewKey> {
    let door = app.door();
    let slots = door.slots.as_ref().filter(|_| app.around.encrypted)?;
    slots.known_elsewhere.then(|| match may_begin(slots) {
        true => NewKey::Due,
        false => NewKey::Waits,
    })
}

fn may_begin(slots: &Slots) -> bool {
    let waited = |asked: &Asked| slots.serial.saturating_sub(asked.serial);
    slots.people.iter().all(|slot| slot.pair.is_some())
        && slots
            .asked
            .as_ref()
            .is_none_or(|asked| waited(asked) > PATIENCE)
}

/// Opens the folder to someone, with another key than before when it is time. That it cannot be had yet keeps nobody from
/// their work.
pub fn enter(app: &App, guard: &Guard, who: Unlocked) -> Result<()> {
    if new_key(app) != Some(NewKey::Due) || !app.nothing_is_open() {
        return app.enter(Arc::new(who));
    }
    let renewed = {
        let _turn = app.keeping();
        renewed(app, guard, &who)
    };
    match renewed {
        Ok(key) => {
            tracing::info!("the database has another key");
            let person = who.person;
            app.enter(Arc::new(Unlocked { person, key }))?;
            backups::after_new_key(app);
            Ok(())
        }
        Err(error) => {
            tracing::warn!(code = error.code, "the database keeps the key that it has");
            app.enter(Arc::new(who))
        }
    }
}

/// Gives the database another key, and answers it. After an error the one that `who` has opens it still.
fn renewed(app: &App, guard: &Guard, who: &Unlocked) -> Result<Zeroizing<Key>> {
    let around = &app.around;
    let database = around.home.join(store::DATABASE);
    backups::before_new_key(app, &who.key)?;
    let new = Zeroizing::new((around.random)()?);
    let mut door = app.door();
    let done = store::lock_anew(&*around.disk, &database, (&who.key, &new), |begins| {
        let slots = door.slots()?;
        slots.make_ready(begins, &who.key, &new, &around.random)?;
        forget_file(around, &around.home)?;
        door.write(around)
    });
    // Whatever went wrong: what stands there says which of the two opens it. On the disk both are named until the next
    // writing, and whoever reads them asks the database too.
    let begins = store::begins(&*around.disk, &database);
    match (door.slots()?.settle(begins), done) {
        (true, _) => {
            door.note(around, guard, What::KeyRenewed, Said::by(who.person))?;
            door.write_if_possible(around);
            Ok(new)
        }
        (false, Err(error)) => Err(error),
        (false, Ok(())) => Err(AppError::new("disk-unsafe")),
    }
}
