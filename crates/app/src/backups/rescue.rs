//! When the database does not open: what happened is said, the file is put aside and never removed, and a backup takes its
//! place, with whatever can still be read of what stood there.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use store::{Key, Store};
use zeroize::Zeroizing;

use super::shelf::{FOLDER, Shelf};
use super::{BackupLine, all_keys, line, that_opens};
use crate::App;
use crate::accounts::{Unlocked, lay_out_slots, slot_files};
use crate::audit::{What, note};
use crate::commands::Nothing;
use crate::cx::{Cx, Laptop};
use crate::error::{AppError, Result};
use crate::start::{self, StartState};
use crate::sync_client::forget_token;

/// The folder that damaged files are put into, a numbered one for each time.
const ASIDE: &str = "mises-de-cote";

/// What a backup helps against.
const HELPED: [&str; 5] = [
    "database-damaged",
    "database-foreign",
    "database-missing",
    "key-missing",
    "key-damaged",
];

/// Why nothing can be opened, and who had come in when it showed.
pub struct Trouble {
    /// The code of what happened.
    pub code: String,
    /// Whose code fits; none when it showed before anybody came in.
    pub who: Option<Arc<Unlocked>>,
}

impl Trouble {
    /// What happened, when a backup helps against it.
    pub fn of(error: &AppError, who: Option<Arc<Unlocked>>) -> Option<Self> {
        let code = error.code.clone();
        HELPED
            .contains(&code.as_str())
            .then_some(Self { code, who })
    }

    /// Whether it is the keys that lack, and not the database.
    fn lacks_keys(&self) -> bool {
        self.code.starts_with("key-")
    }
}

/// What happened, and what can be done.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Rescue {
    /// What happened, as the code of an error.
    pub code: String,
    /// Where the database is, or was.
    pub path: String,
    /// The backups to choose from, newest first.
    pub backups: Vec<BackupLine>,
    /// The folder they lie in.
    pub folder: String,
    /// Whether figures can be written out of what still opens.
    pub exports: bool,
}

/// Takes a backup in the place of what does not open.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct RescueRestore {
    /// Its number.
    #[ts(type = "number")]
    pub no: u64,
}

/// Figures that were written out.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct RescueExport {
    /// The folder they lie in.
    pub path: String,
    /// How many.
    pub values: u32,
    /// Whether everything could be read.
    pub whole: bool,
}

/// What happened, and what can be done.
pub fn rescue_state(app: &App, _: Nothing) -> Result<Rescue> {
    let trouble = app
        .trouble()
        .ok_or_else(|| AppError::new("nothing-to-rescue"))?;
    let shelf = Shelf {
        disk: &*app.around.disk,
        folder: &app.around.home.join(FOLDER),
    };
    let all = shelf.all();
    let fit = all
        .iter()
        .filter(|about| !trouble.lacks_keys() || about.slots.is_some());
    let database = app.around.home.join(store::DATABASE);
    Ok(Rescue {
        backups: fit.map(line).collect(),
        folder: shelf.folder.display().to_string(),
        exports: !trouble.lacks_keys() && app.around.disk.len(&database).is_ok(),
        path: database.display().to_string(),
        code: trouble.code.clone(),
    })
}

/// Tries once more to open what stands there.
pub fn rescue_retry(app: &App, _: Nothing) -> Result<StartState> {
    let trouble = app
        .trouble()
        .ok_or_else(|| AppError::new("nothing-to-rescue"))?;
    app.open_again(trouble.who.clone())?;
    start::start_state(app, Nothing {})
}

/// Takes a backup in the place of what does not open; that is put aside.
pub fn rescue_restore(app: &App, request: RescueRestore) -> Result<StartState> {
    let trouble = app
        .trouble()
        .ok_or_else(|| AppError::new("nothing-to-rescue"))?;
    let _turn = app.keeping();
    let ground = Ground::of(app);
    match trouble.lacks_keys() {
        true => ground.keys(app, request.no)?,
        false => {
            let keys = ground.keys_of(app, &trouble)?;
            ground.database(app, request.no, &keys)?;
        }
    }
    tracing::info!(
        no = request.no,
        "a backup took the place of what did not open"
    );
    app.open_again(trouble.who.clone())?;
    if app.session().is_some() {
        app.with(|cx| note(cx, What::Rescued, None))?;
    }
    start::start_state(app, Nothing {})
}

/// Writes the figures that can still be read, for a supervisor.
pub fn rescue_export(app: &App, _: Nothing) -> Result<RescueExport> {
    let trouble = app
        .trouble()
        .ok_or_else(|| AppError::new("nothing-to-rescue"))?;
    let _turn = app.keeping();
    let ground = Ground::of(app);
    let keys = ground.keys_of(app, &trouble)?;
    ground.export(app, keys.first().map(|key| &**key))
}

/// Begins on this laptop with what a backup of another one holds.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct BeginFromBackup {
    /// Its number, among those that were fetched.
    #[ts(type = "number")]
    pub no: u64,
}

/// Begins on this laptop with what a backup of another one holds: its keys are laid out, and whoever comes in with their code,
/// or with a supervisor's help on another computer, takes up the rest.
pub fn begin_from_backup(app: &App, request: BeginFromBackup) -> Result<StartState> {
    nothing_begun(app)?;
    let _turn = app.keeping();
    let ground = Ground::of(app);
    let about = ground.shelf(app).about(request.no)?;
    if about.slots.is_none() {
        return Err(AppError::new("key-missing"));
    }
    app.switch(None);
    let aside = ground.aside(app)?;
    // What a laptop has before anybody has begun.
    for ending in ["", "-wal", "-shm", "-journal"] {
        let mut name = ground.database.clone().into_os_string();
        name.push(ending);
        put(app, Path::new(&name), &aside)?;
    }
    put(app, &crate::home::key_file(ground.home), &aside)?;
    ground.keys(app, request.no)?;
    app.open_again(None)?;
    start::start_state(app, Nothing {})
}

/// # Errors
/// `already-begun`.
pub fn nothing_begun(app: &App) -> Result<()> {
    if app.session().is_none() {
        return Err(app.shut());
    }
    app.with(|cx| match cx.author() {
        Ok(_) => Err(AppError::new("already-begun")),
        Err(_) => Ok(()),
    })
}

/// The folder to be rescued.
struct Ground<'a> {
    home: &'a Path,
    shelf: PathBuf,
    database: PathBuf,
}

impl<'a> Ground<'a> {
    fn of(app: &'a App) -> Self {
        let home = &app.around.home;
        Self {
            home,
            shelf: home.join(FOLDER),
            database: home.join(store::DATABASE),
        }
    }

    fn shelf<'b>(&'b self, app: &'b App) -> Shelf<'b> {
        Shelf {
            disk: &*app.around.disk,
            folder: &self.shelf,
        }
    }

    /// The key of whoever had come in, and those before it, or the one in its file.
    fn keys_of(&self, app: &App, trouble: &Trouble) -> Result<Vec<Zeroizing<Key>>> {
        match &trouble.who {
            Some(who) => Ok(all_keys(app, &who.key)),
            None if !app.around.encrypted => Ok(Vec::new()),
            None if crate::home::has_key(&app.around) => {
                Ok(vec![crate::home::key(&app.around, self.home)?])
            }
            None => Err(AppError::new("locked")),
        }
    }

    /// Lays out the wrapped keys that lie with a backup; what is left of the others is put aside.
    fn keys(&self, app: &App, no: u64) -> Result<()> {
        let about = self.shelf(app).about(no)?;
        let slots = about.slots.ok_or_else(|| AppError::new("key-missing"))?;
        let aside = self.aside(app)?;
        for path in slot_files(self.home) {
            put(app, &path, &aside)?;
        }
        lay_out_slots(&*app.around.disk, self.home, &slots.0)
    }

    /// Takes a backup in the place of the database.
    fn database(&self, app: &App, no: u64, keys: &[Zeroizing<Key>]) -> Result<()> {
        let (around, shelf) = (&app.around, self.shelf(app));
        let disk = &*around.disk;
        let about = shelf.about(no)?;
        let path = shelf.database(no);
        let key = keys.first().map(|key| &**key);
        let key_there = that_opens(disk, &path, keys);
        match store::examine(disk, &path, key_there) {
            Ok(holds) if about.is_of(&holds) => {}
            Ok(_) | Err(store::Error::Damaged | store::Error::Foreign) => {
                return Err(AppError::new("backup-damaged"));
            }
            Err(error) => return Err(error.into()),
        }
        let ready_at = self.shelf.join(store::DATABASE);
        store::forget(disk, &ready_at)?;
        store::back_up_as(disk, (&path, key_there), (&ready_at, key))?;
        let ready = Store::open_on(
            Arc::clone(&around.disk),
            &self.shelf,
            key,
            &(around.random)()?,
        )?;
        let now_ms = (around.clock)();
        let aside = self.aside(app)?;
        // What is in its place, and what an earlier try has put aside already.
        let others = [self.database.clone(), aside.join(store::DATABASE)];
        for other in &others {
            let known = store::peek(disk, other, key, |other| {
                ready.succeed(other)?;
                ready.follow(other)
            });
            if known.is_ok() {
                break;
            }
        }
        ready.mint(&(around.random)()?, now_ms)?;
        for other in &others {
            match store::peek(disk, other, key, |other| ready.absorb(other, now_ms)) {
                Ok(came) => tracing::info!(came.saves, came.whole, "what still opens came over"),
                Err(error) => tracing::info!(%error, "nothing of it opens"),
            }
        }
        forget_token(&ready)?;
        drop(ready);
        for ending in ["", "-wal", "-shm", "-journal"] {
            let mut name = self.database.clone().into_os_string();
            name.push(ending);
            put(app, Path::new(&name), &aside)?;
        }
        disk.rename(&ready_at, &self.database)
            .and_then(|()| disk.sync_folder(self.home))
            .map_err(|error| store::Error::from(error).into())
    }

    /// Where to put what is in the way: a new folder, or the last one when it was only half put there.
    fn aside(&self, app: &App) -> Result<PathBuf> {
        let disk = &*app.around.disk;
        let all = self.home.join(ASIDE);
        let last = disk.list(&all).unwrap_or_default().into_iter();
        let last = last
            .filter_map(|path| path.file_name()?.to_str()?.parse::<u64>().ok())
            .max();
        let half = disk.len(&self.database).is_err();
        let folder = match last {
            Some(last) if half => all.join(last.to_string()),
            last => all.join((last.unwrap_or(0) + 1).to_string()),
        };
        disk.create_dir_all(&folder).map_err(store::Error::from)?;
        Ok(folder)
    }

    fn export(&self, app: &App, key: Option<&Key>) -> Result<RescueExport> {
        let around = &app.around;
        let disk = &*around.disk;
        let at = self.shelf.join("lecture");
        let database = at.join(store::DATABASE);
        disk.create_dir_all(&at).map_err(store::Error::from)?;
        store::forget(disk, &database)?;
        let now_ms = (around.clock)();
        let exported = (|| {
            let fresh = Store::open_on(Arc::clone(&around.disk), &at, key, &(around.random)()?)?;
            let absorbed = store::peek(disk, &self.database, key, |other| {
                if fresh.succeed(other).is_err() {
                    tracing::info!("what is known of the people here does not open");
                }
                fresh.absorb(other, now_ms)
            })
            .map_err(|_| AppError::new("rescue-nothing-opens"))?;
            let laptop = Laptop::around(fresh, self.home);
            let quiet = |_: &_| {};
            let cx = Cx {
                laptop: &laptop,
                person: None,
                around,
                now_ms,
                changed: &quiet,
            };
            let (path, values) = crate::import::export_all(&cx)?;
            Ok(RescueExport {
                path,
                values,
                whole: absorbed.whole,
            })
        })();
        let _ = store::forget(disk, &database);
        exported
    }
}

/// Moves a file aside, when it is there.
fn put(app: &App, path: &Path, aside: &Path) -> Result<()> {
    let disk = &*app.around.disk;
    let Some(name) = path.file_name() else {
        return Ok(());
    };
    let moved = match disk.rename(path, &aside.join(name)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        Err(_) => Ok(()),
        Ok(()) => disk.sync_folder(aside).and_then(|()| match path.parent() {
            Some(folder) => disk.sync_folder(folder),
            None => Ok(()),
        }),
    };
    moved.map_err(|error| store::Error::from(error).into())
}
