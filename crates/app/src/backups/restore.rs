//! Going back to a backup, and undoing it.
//!
//! What stands here is copied first. The backup is made ready aside: upgraded, under a new name, with what was done since;
//! then it takes the place of what stands here in one transaction. No number of a stream is used twice, and what
//! the server has comes again at the next exchange.

use serde::Deserialize;
use store::Store;

use super::about::{About, Reason};
use super::{Inside, queries};
use crate::App;
use crate::audit::{What, note};
use crate::commands::Nothing;
use crate::error::{AppError, Result};
use crate::start::{self, StartState};
use crate::sync_client::{forget_token, look_around};

/// Stands in `meta` after going back: the number of the backup that was made just before.
const UNDO: &str = "restore_undo";

/// Goes back to a backup.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct RestoreBackup {
    /// Its number.
    #[ts(type = "number")]
    pub no: u64,
    /// Whether what was done since is kept too.
    pub keep_since: bool,
}

/// Goes back to a backup.
pub fn restore_backup(app: &App, request: RestoreBackup) -> Result<StartState> {
    restore(app, request.no, request.keep_since, true)
}

/// Goes to what stood here before going back, with what was done since.
pub fn undo_restore(app: &App, _: Nothing) -> Result<StartState> {
    let inside = Inside::of(app)?;
    let all = inside.shelf(app).all();
    let no = undo(&inside, &all)?.ok_or_else(|| AppError::new("backup-gone"))?;
    restore(app, no, true, false)
}

/// The backup to go to when going back is to be undone.
pub fn undo(inside: &Inside, all: &[About]) -> Result<Option<u64>> {
    let noted = inside.laptop.store.meta(UNDO)?;
    let no = noted
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .and_then(|text| text.parse().ok());
    Ok(no.filter(|no| all.iter().any(|about| about.no == *no)))
}

fn restore(app: &App, no: u64, keep_since: bool, undoable: bool) -> Result<StartState> {
    let inside = Inside::of(app)?;
    let _turn = app.keeping();
    let Ok(_alone) = inside.laptop.exchanging.try_lock() else {
        return Err(AppError::new("backup-while-exchanging"));
    };
    inside.look_into(app, no)?;
    if !keep_since {
        everyone_is_in(app, &inside, no)?;
    }
    let before = inside.make(app, Reason::Restore)?;
    let disk = &app.around.disk;
    let (shelf, key) = (inside.shelf(app), inside.key());
    let aside = inside.folder.join(store::DATABASE);
    store::forget(&**disk, &aside)?;
    let put_back = (|| {
        let there = (&*shelf.database(no), inside.key_of(app, no));
        store::back_up_as(&**disk, there, (&aside, key))?;
        let ready = Store::open_on(
            std::sync::Arc::clone(disk),
            &inside.folder,
            key,
            &(app.around.random)()?,
        )?;
        let now_ms = (app.around.clock)();
        store::peek(&**disk, &shelf.database(before.no), key, |other| {
            ready.succeed(other)?;
            ready.follow(other)?;
            ready.mint(&(app.around.random)()?, now_ms)?;
            if keep_since {
                ready.absorb(other, now_ms)?;
            }
            Ok::<_, AppError>(())
        })?;
        match undoable {
            true => ready.set_meta(UNDO, before.no.to_string().as_bytes())?,
            false => ready.clear_meta(UNDO)?,
        }
        forget_token(&ready)?;
        drop(ready);
        inside.laptop.store.put_back(&aside, key)?;
        look_around(&app.around, &inside.laptop.store, &inside.laptop.folder)
    })();
    // What is left of it is removed at the next time too.
    let _ = store::forget(&**disk, &aside);
    put_back?;
    app.with(|cx| note(cx, What::WentBack, None))?;
    tracing::info!(no, keep_since, "this laptop went back to a backup");
    app.tell_all();
    start::start_state(app, Nothing {})
}

/// Whoever came here since would find themselves locked out of their own work.
fn everyone_is_in(app: &App, inside: &Inside, no: u64) -> Result<()> {
    let people: Vec<_> = {
        let door = app.door();
        let slots = door.slots.iter().flat_map(|slots| &slots.people);
        slots.map(|slot| slot.person).collect()
    };
    let path = inside.shelf(app).database(no);
    store::peek(
        &*app.around.disk,
        &path,
        inside.key_of(app, no),
        |conn| match queries::knows(conn, &people)? {
            true => Ok(()),
            false => Err(AppError::new("backup-lacks-people")),
        },
    )
}
