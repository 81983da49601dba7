//! Backups elsewhere: in a second folder that a person has chosen, on sticks that are written, and brought back from there.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use store::{Disk, Key};

use super::about::About;
use super::shelf::{FOLDER, Shelf};
use super::{Backups, Inside, Keeping, backups};
use crate::App;
use crate::commands::Nothing;
use crate::error::{AppError, Result};

/// The file in the folder of backups that names the second one: it must be found when no database opens.
const NAMED: &str = "deuxieme-dossier";
/// The folder in which backups of several laptops lie apart.
const ELSEWHERE: &str = "nyetaa-sauvegardes";
/// Backups larger than this are not put on a stick that carries work.
const MOST_ON_A_STICK: u64 = 256 << 20;
/// So many are fetched from elsewhere.
const MOST_BROUGHT: usize = 5;

/// The second folder.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct SecondFolder {
    /// Where.
    pub path: String,
    /// Whether it is there now.
    pub there: bool,
    /// When the newest backup in it was made, ISO local time.
    pub newest: Option<String>,
}

/// Chooses the second folder.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct ChooseFolder {
    /// Where; none any more when left out.
    pub path: Option<String>,
}

/// Chooses the second folder, and puts the newest backup there at once.
pub fn choose_second_folder(app: &App, request: ChooseFolder) -> Result<Backups> {
    let inside = Inside::of(app)?;
    {
        let _turn = app.keeping();
        let disk = &*app.around.disk;
        let file = inside.folder.join(NAMED);
        match request.path.as_deref().map(str::trim) {
            None | Some("") => store::forget(disk, &file)?,
            Some(path) => {
                let path = Path::new(path);
                if path.starts_with(&app.around.home) || disk.list(path).is_err() {
                    return Err(AppError::new("backup-folder-missing"));
                }
                inside.make_if_changed(app, super::Reason::Asked)?;
                inside.carry(app, path)?;
                disk.write(&file, path.as_os_str().as_encoded_bytes())
                    .map_err(store::Error::from)?;
            }
        }
    }
    backups(app, Nothing {})
}

/// The second folder, when one was chosen.
pub fn chosen(disk: &dyn Disk, folder: &Path) -> Option<PathBuf> {
    let bytes = disk.read(&folder.join(NAMED)).ok()?;
    String::from_utf8(bytes).ok().map(PathBuf::from)
}

impl Inside {
    /// What the screen says of the second folder.
    pub(super) fn second(&self, app: &App) -> Option<SecondFolder> {
        let disk = &*app.around.disk;
        let path = chosen(disk, &self.folder)?;
        let there = disk.list(&path).is_ok();
        let elsewhere = elsewhere(&path, self.first_key());
        let shelf = Shelf {
            disk,
            folder: &elsewhere,
        };
        let newest = shelf
            .all()
            .first()
            .map(|about| crate::cx::stamp(about.at_ms));
        Some(SecondFolder {
            path: path.display().to_string(),
            there,
            newest,
        })
    }

    /// Puts the newest backup into the second folder. One that is not there is said on the screen and costs nothing.
    pub(super) fn carry_to_second(&self, app: &App) {
        let disk = &*app.around.disk;
        if let Some(path) = chosen(disk, &self.folder)
            && let Err(error) = self.carry(app, &path)
        {
            tracing::warn!(
                code = error.code,
                "the second folder has no copy of this backup"
            );
        }
    }

    /// Puts the newest backup into a folder elsewhere, examined there.
    fn carry(&self, app: &App, to: &Path) -> Result<()> {
        let disk = &*app.around.disk;
        if disk.list(to).is_err() {
            return Err(AppError::new("backup-folder-missing"));
        }
        let here = self.shelf(app);
        let Some(newest) = here.all().into_iter().next() else {
            return Ok(());
        };
        let folder = elsewhere(to, self.first_key());
        let there = Shelf {
            disk,
            folder: &folder,
        };
        let key = self.key_of(app, newest.no);
        there.put(&newest, key, &here.database(newest.no))
    }

    /// The first key that the database had: the folder elsewhere keeps its name.
    fn first_key(&self) -> Option<&Key> {
        self.keys.get(1).or(self.keys.first()).map(|key| &**key)
    }
}

impl App {
    /// Puts the newest backup onto a stick that was just written.
    pub(crate) fn carry_backup(&self, _turn: &Keeping, stick: &str) {
        let Ok(inside) = Inside::of(self) else { return };
        let newest = inside.shelf(self).all().into_iter().next();
        if newest.is_none_or(|newest| newest.bytes > MOST_ON_A_STICK) {
            return;
        }
        if let Err(error) = inside.carry(self, Path::new(stick.trim())) {
            tracing::warn!(code = error.code, "no backup was put on the stick");
        }
    }
}

/// Where the backups of one database lie elsewhere. The name says nothing about it.
pub fn elsewhere(folder: &Path, key: Option<&Key>) -> PathBuf {
    let name = match key {
        Some(key) => blake3::derive_key("nyetaa 2026-11-23 name of a folder of backups", key),
        None => [0; 32],
    };
    let name: String = name[..4].iter().map(|byte| format!("{byte:02x}")).collect();
    folder.join(ELSEWHERE).join(name)
}

/// Fetches backups.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct BringBackups {
    /// A stick, or a folder.
    pub path: String,
}

/// What was fetched.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Brought {
    /// The backups that can now be taken up, newest first.
    pub backups: Vec<super::BackupLine>,
}

/// Fetches the newest backups from a stick or another folder, where nothing opens or nothing has begun.
pub fn bring_backups(app: &App, request: BringBackups) -> Result<Brought> {
    if app.trouble().is_none() {
        super::rescue::nothing_begun(app)?;
    }
    let _turn = app.keeping();
    let disk = &*app.around.disk;
    let own = app.around.home.join(FOLDER);
    let own = Shelf { disk, folder: &own };
    let mut found: Vec<(PathBuf, About)> = Vec::new();
    for folder in places(disk, Path::new(request.path.trim())) {
        let shelf = Shelf {
            disk,
            folder: &folder,
        };
        let all = shelf.all().into_iter();
        found.extend(all.map(|about| (shelf.database(about.no), about)));
    }
    if found.is_empty() {
        return Err(AppError::new("backup-none-there"));
    }
    found.sort_by_key(|(_, about)| about.no);
    let first = found.len().saturating_sub(MOST_BROUGHT);
    for (database, about) in &found[first..] {
        own.bring(about, database)?;
    }
    Ok(Brought {
        backups: own.all().iter().map(super::line).collect(),
    })
}

/// Where backups may lie below a folder that a person names.
fn places(disk: &dyn Disk, path: &Path) -> Vec<PathBuf> {
    let mut places = vec![path.to_owned(), path.join(FOLDER)];
    for folder in [path.to_owned(), path.join(ELSEWHERE)] {
        let below = disk.list(&folder).unwrap_or_default();
        places.extend(below.into_iter().filter(|below| disk.len(below).is_err()));
    }
    places.sort();
    places.dedup();
    places
}
