//! Backups on the laptop: made by themselves, listed with date and reason, looked into, and gone back to.

mod about;
mod behind;
mod queries;
mod rescue;
mod restore;
mod second;
mod shelf;

use std::path::{Path, PathBuf};
use std::sync::{Arc, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use store::{Disk, Key};
use zeroize::Zeroizing;

pub use about::Reason;
use about::{About, numbers};
pub use behind::{FellBack, heed_fall_back};
pub(crate) use behind::{fell_back, look_behind};
pub(crate) use rescue::Trouble;
pub use rescue::{
    BeginFromBackup, Rescue, RescueExport, RescueRestore, begin_from_backup, rescue_export,
    rescue_restore, rescue_retry, rescue_state,
};
pub use restore::{RestoreBackup, restore_backup, undo_restore};
pub use second::{
    BringBackups, Brought, ChooseFolder, SecondFolder, bring_backups, choose_second_folder,
};
use shelf::{FOLDER, Shelf, Source};

use crate::App;
use crate::accounts;
use crate::commands::Nothing;
use crate::cx::Laptop;
use crate::error::{AppError, Result};
use crate::surroundings::Surroundings;

/// Something that has changed is copied after so long, by [`crate::surroundings::Surroundings::steady`].
const INTERVAL_MS: u64 = 30 * 60_000;

/// A backup.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export, rename = "Backup")]
pub struct BackupLine {
    /// Its number.
    #[ts(type = "number")]
    pub no: u64,
    /// When it was made, ISO local time.
    pub at: String,
    /// Why.
    pub reason: Reason,
    /// Its length in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// How many saves it holds.
    #[ts(type = "number")]
    pub saves: u64,
}

/// The backups of this laptop.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Backups {
    /// Each of them, newest first. All were examined when they were made.
    pub backups: Vec<BackupLine>,
    /// The folder they lie in.
    pub folder: String,
    /// The second folder, when one was chosen.
    pub second: Option<SecondFolder>,
    /// Whether something has changed since the newest.
    pub changed: bool,
    /// The one made before this laptop last went back to an earlier one, when that can be undone.
    #[ts(type = "number | null")]
    pub undo: Option<u64>,
}

/// A backup by its number.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct BackupNo {
    /// Its number.
    #[ts(type = "number")]
    pub no: u64,
}

/// What a database holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Contents {
    /// People.
    pub people: u32,
    /// Cycles.
    pub cycles: u32,
    /// Figures of months.
    pub figures: u32,
    /// The last month that has one.
    pub last_month: Option<String>,
}

/// What a backup holds, beside what stands here now.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct BackupPreview {
    /// Its number.
    #[ts(type = "number")]
    pub no: u64,
    /// What it holds.
    pub there: Contents,
    /// What stands here.
    pub here: Contents,
}

/// What backups are made with, held while one is made or gone back to.
#[derive(Default)]
pub struct Keeping {
    /// When the last one was made or found unnecessary, by the steady clock.
    looked_ms: Option<u64>,
}

/// The backups of this laptop.
pub fn backups(app: &App, _: Nothing) -> Result<Backups> {
    let inside = Inside::of(app)?;
    let shelf = inside.shelf(app);
    let all = shelf.all();
    let undo = restore::undo(&inside, &all)?;
    let holds = inside.laptop.store.holds()?;
    Ok(Backups {
        changed: all.first().is_none_or(|newest| !newest.is_of(&holds)),
        undo,
        second: inside.second(app),
        folder: inside.folder.display().to_string(),
        backups: all.iter().map(line).collect(),
    })
}

fn line(about: &About) -> BackupLine {
    BackupLine {
        no: about.no,
        at: crate::cx::stamp(about.at_ms),
        reason: about.reason,
        bytes: about.bytes,
        saves: about.holds[2],
    }
}

/// Makes a backup now.
pub fn backup_now(app: &App, _: Nothing) -> Result<Backups> {
    let inside = Inside::of(app)?;
    let mut keeping = app.keeping();
    inside.make(app, Reason::Asked)?;
    keeping.looked_ms = Some((app.around.steady)());
    drop(keeping);
    backups(app, Nothing {})
}

/// What a backup holds, every page of it read.
pub fn preview_backup(app: &App, request: BackupNo) -> Result<BackupPreview> {
    let inside = Inside::of(app)?;
    let (_, there) = inside.look_into(app, request.no)?;
    Ok(BackupPreview {
        no: request.no,
        there,
        here: inside.laptop.store.read(queries::contents)?,
    })
}

/// What is open here, with what opens it.
pub(crate) struct Inside {
    laptop: Arc<Laptop>,
    /// The key of today, and those before it, the first one first; none where nothing is encrypted.
    keys: Vec<Zeroizing<Key>>,
    folder: PathBuf,
}

impl Inside {
    /// # Errors
    /// `locked` when nobody has come in, `practice-has-no-backups` in the example.
    pub(crate) fn of(app: &App) -> Result<Self> {
        let session = app.session().ok_or_else(|| AppError::new("locked"))?;
        if session.laptop.practice {
            return Err(AppError::new("practice-has-no-backups"));
        }
        let keys = match session.who {
            Some(who) => all_keys(app, &who.key),
            None if app.around.encrypted => vec![crate::home::key(&app.around, &app.around.home)?],
            None => Vec::new(),
        };
        Ok(Self {
            folder: session.laptop.folder.join(FOLDER),
            laptop: session.laptop,
            keys,
        })
    }

    fn key(&self) -> Option<&Key> {
        self.keys.first().map(|key| &**key)
    }

    /// What opens a backup.
    fn key_of(&self, app: &App, no: u64) -> Option<&Key> {
        let path = self.shelf(app).database(no);
        that_opens(&*app.around.disk, &path, &self.keys)
    }

    fn shelf<'a>(&'a self, app: &'a App) -> Shelf<'a> {
        Shelf {
            disk: &*app.around.disk,
            folder: &self.folder,
        }
    }

    fn make(&self, app: &App, reason: Reason) -> Result<About> {
        let slots = app.door().slots.as_ref().map(|slots| slots.to_bytes());
        let made = self.shelf(app).add(&Source {
            database: &self.laptop.folder.join(store::DATABASE),
            key: self.key(),
            slots,
            reason,
            at_ms: (app.around.clock)(),
        });
        match &made {
            Ok(_) => self.carry_to_second(app),
            Err(error) => tracing::warn!(code = error.code, ?reason, "no backup was made"),
        }
        made
    }

    /// Makes one when something has changed, as the last thing that is done here.
    pub(crate) fn leave(&self, app: &App) {
        let _turn = app.keeping();
        let _ = self.make_if_changed(app, Reason::Close);
    }

    /// Makes one unless the newest holds the same.
    fn make_if_changed(&self, app: &App, reason: Reason) -> Result<()> {
        let holds = self.laptop.store.holds()?;
        let newest = self.shelf(app).all().into_iter().next();
        if newest.is_none_or(|newest| newest.holds != numbers(&holds)) {
            self.make(app, reason)?;
        }
        Ok(())
    }

    /// Examines a backup.
    ///
    /// # Errors
    /// `backup-gone`, `backup-damaged`.
    fn look_into(&self, app: &App, no: u64) -> Result<(About, Contents)> {
        let shelf = self.shelf(app);
        let about = shelf.about(no)?;
        let (disk, path) = (shelf.disk, shelf.database(no));
        let key = self.key_of(app, no);
        let holds = store::examine(disk, &path, key);
        match holds {
            Ok(holds) if about.is_of(&holds) => {}
            Ok(_) | Err(store::Error::Damaged | store::Error::Foreign) => {
                return Err(AppError::new("backup-damaged"));
            }
            Err(error) => return Err(error.into()),
        }
        let contents = store::peek(disk, &path, key, queries::contents)?;
        Ok((about, contents))
    }
}

/// The key of today, and those before it.
fn all_keys(app: &App, key: &Zeroizing<Key>) -> Vec<Zeroizing<Key>> {
    let mut keys = vec![key.clone()];
    if let Some(slots) = &app.door().slots {
        keys.extend(slots.older_keys(key));
    }
    keys
}

/// The first key that the database in a folder had before `key`, when it had another: what lies elsewhere is named after it.
fn first_key(around: &Surroundings, folder: &Path, key: &Key) -> Option<Zeroizing<Key>> {
    let slots = accounts::read_slots(&*around.disk, folder).ok()??;
    slots.older_keys(key).into_iter().next()
}

/// The one of `keys` that opens the database at `path`; the first one when none does.
fn that_opens<'a>(disk: &dyn Disk, path: &Path, keys: &'a [Zeroizing<Key>]) -> Option<&'a Key> {
    let opens = |key: &&Zeroizing<Key>| {
        let read = store::peek(disk, path, Some(key), |_| Ok(()));
        !matches!(read, Err(store::Error::Foreign))
    };
    let fits = keys.iter().find(opens);
    fits.or(keys.first()).map(|key| &**key)
}

/// Before the database gets another key there is a backup of all that it holds, examined just now, and the keys that open it
/// lie with it.
pub(crate) fn before_new_key(app: &App, key: &Key) -> Result<()> {
    let (around, disk) = (&app.around, &*app.around.disk);
    let database = around.home.join(store::DATABASE);
    let folder = around.home.join(FOLDER);
    let shelf = Shelf {
        disk,
        folder: &folder,
    };
    let holds = store::examine_alone(disk, &database, key)?;
    let newest = shelf.all().into_iter().next();
    if newest.is_some_and(|newest| {
        let found = store::examine(disk, &shelf.database(newest.no), Some(key));
        found.is_ok_and(|found| found == holds)
    }) {
        return Ok(());
    }
    shelf.add(&Source {
        database: &database,
        key: Some(key),
        slots: app.door().slots.as_ref().map(|slots| slots.to_bytes()),
        reason: Reason::Key,
        at_ms: (around.clock)(),
    })?;
    Ok(())
}

/// The first backup under a new key: without it the slots would have no copy but their own two.
pub(crate) fn after_new_key(app: &App) {
    if let Ok(inside) = Inside::of(app) {
        let _turn = app.keeping();
        // That none could be made is told in the log; half an hour later it is tried again.
        let _ = inside.make(app, Reason::Key);
    }
}

/// Before a newer app changes the form of a database, it is copied. A folder that takes nothing more does not keep anyone
/// from their work: the change is made whole or not at all.
pub fn before_update(around: &Surroundings, folder: &Path, key: Option<&Key>) -> Result<()> {
    let disk = &*around.disk;
    let database = folder.join(store::DATABASE);
    // What cannot be read is said by whoever opens it.
    if !store::is_older(disk, &database, key).unwrap_or(false) {
        return Ok(());
    }
    let slots = accounts::read_slots(disk, folder)?.map(|slots| slots.to_bytes());
    let made = Shelf {
        disk,
        folder: &folder.join(FOLDER),
    }
    .add(&Source {
        database: &database,
        key,
        slots,
        reason: Reason::Update,
        at_ms: (around.clock)(),
    });
    match made {
        Err(error) if !["disk-full", "folder-not-writable"].contains(&error.code.as_str()) => {
            Err(error)
        }
        _ => Ok(()),
    }
}

/// Whether there was work in this folder once, and now there is not.
pub(crate) fn stood_here(around: &Surroundings) -> bool {
    let disk = &*around.disk;
    let folder = around.home.join(FOLDER);
    disk.len(&around.home.join(store::DATABASE)).is_err()
        && !Shelf {
            disk,
            folder: &folder,
        }
        .all()
        .is_empty()
}

impl App {
    /// Makes a backup when something has changed and the last one is half an hour old. To be called now and then.
    pub fn back_up_if_due(&self) {
        let now = (self.around.steady)();
        let Ok(inside) = Inside::of(self) else { return };
        let mut keeping = self.keeping();
        let due = keeping
            .looked_ms
            .is_none_or(|looked| now.saturating_sub(looked) >= INTERVAL_MS);
        if !due {
            return;
        }
        // A folder that takes none is not tried at each look.
        let first = keeping.looked_ms.replace(now).is_none();
        if !first {
            let _ = inside.make_if_changed(self, Reason::Interval);
        }
    }

    /// Copies what has changed before the app ends.
    pub fn back_up_before_leaving(&self) {
        if let Ok(inside) = Inside::of(self) {
            inside.leave(self);
        }
    }

    /// Copies what has changed before much of it changes at once.
    pub(crate) fn back_up_before_import(&self) -> Result<()> {
        match Inside::of(self) {
            Ok(inside) => {
                let _turn = self.keeping();
                inside.make_if_changed(self, Reason::Import)
            }
            // In the example nothing is worth it, and while the app is locked nothing is imported.
            Err(_) => Ok(()),
        }
    }

    pub(crate) fn keeping(&self) -> MutexGuard<'_, Keeping> {
        self.keeping.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
