//! A database that opens and is older than it was: a disk that dropped what it had said was written, or an old file that somebody
//! put in its place. A backup that knows more of this laptop's own work tells; what is missing comes back out of it, under a new
//! name, since the numbers after it may have been used already.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use store::{Key, Store};

use super::about::About;
use super::first_key;
use super::second::{chosen, elsewhere};
use super::shelf::{FOLDER, Shelf};
use crate::App;
use crate::commands::Nothing;
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::start::{self, StartState};
use crate::surroundings::Surroundings;
use crate::sync_client::forget_token;

/// Stands in `meta` from when it showed until somebody has read of it.
const FELL_BACK: &str = "fell_back";
/// So many backups of a folder are asked: the newest may be one of the older state.
const ASKED: usize = 6;

/// What is kept of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Fell {
    /// The database of the backup that tells.
    from: PathBuf,
    /// When that was made, in milliseconds since 1970.
    at_ms: u64,
    /// How many own saves it has more.
    saves: u64,
    /// Whether what it has is here again.
    back: bool,
    /// Whether all of it could be read.
    whole: bool,
}

/// The database was found in an earlier state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct FellBack {
    /// How many saves were missing that a backup has.
    #[ts(type = "number")]
    pub saves: u64,
    /// When that backup was made, ISO local time: what was written after it may be missing.
    pub at: String,
    /// Whether all of them are here again.
    pub whole: bool,
}

/// Looks whether a backup knows own work that stands here no more, before anything is written here; then this laptop goes on under
/// a new name, and has it again. To be called when the store was opened, before [`crate::sync_client::look_around`].
pub fn look_behind(
    around: &Surroundings,
    store: &Store,
    folder: &Path,
    key: Option<&Key>,
) -> Result<()> {
    let now_ms = (around.clock)();
    if let Some(fell) = ahead(around, store, folder, key) {
        let known = store::peek(&*around.disk, &fell.from, key, |other| {
            store.succeed(other)?;
            store.follow(other)
        });
        if let Err(error) = known {
            tracing::warn!(%error, "what the backup knows of the server was not taken over");
        }
        keep(store, &fell)?;
        store.mint(&(around.random)()?, now_ms)?;
        forget_token(store)?;
        tracing::warn!(
            saves = fell.saves,
            "this database had gone back to an earlier state: it goes on under a new name"
        );
    }
    let Some(mut fell) = kept(store)?.filter(|fell| !fell.back) else {
        return Ok(());
    };
    let came = store::peek(&*around.disk, &fell.from, key, |other| {
        store.absorb(other, now_ms)
    });
    match came {
        // Tried again at the next opening; until then there is the backup.
        Err(store::Error::DiskFull) => return Ok(()),
        came => fell.whole = came.is_ok_and(|came| came.whole),
    }
    fell.back = true;
    keep(store, &fell)
}

/// The backup that knows most of this laptop's own work that does not stand here, when there is one.
fn ahead(around: &Surroundings, store: &Store, folder: &Path, key: Option<&Key>) -> Option<Fell> {
    let disk = &*around.disk;
    let holds = store.holds().ok()?;
    let own = folder.join(FOLDER);
    let first = key.and_then(|key| first_key(around, folder, key));
    let second = chosen(disk, &own).map(|path| elsewhere(&path, first.as_deref().or(key)));
    let mut most: Option<Fell> = None;
    for folder in [Some(own), second].into_iter().flatten() {
        let shelf = Shelf {
            disk,
            folder: &folder,
        };
        let more = |about: &About| about.holds[2] > holds.saves;
        let all = shelf.all().into_iter().take(ASKED).enumerate();
        for (at, about) in all.filter(|(at, about)| more(about) || *at == 0 && !about.is_of(&holds))
        {
            let path = shelf.database(about.no);
            let short = store::peek(disk, &path, key, |other| store.falls_short_of(other));
            let Ok(saves) = short else {
                tracing::info!(no = about.no, at, "a backup does not open");
                continue;
            };
            if saves > most.as_ref().map_or(0, |most| most.saves)
                && store::examine(disk, &path, key).is_ok_and(|found| about.is_of(&found))
            {
                most = Some(Fell {
                    from: path,
                    at_ms: about.at_ms,
                    saves,
                    back: false,
                    whole: false,
                });
            }
        }
    }
    most
}

fn keep(store: &Store, fell: &Fell) -> Result<()> {
    let bytes = serde_json::to_vec(fell).map_err(|_| AppError::new("store-failed"))?;
    Ok(store.set_meta(FELL_BACK, &bytes)?)
}

fn kept(store: &Store) -> Result<Option<Fell>> {
    let bytes = store.meta(FELL_BACK)?;
    Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}

/// What people are told of it, until somebody has read it.
pub fn fell_back(cx: &Cx<'_>) -> Result<Option<FellBack>> {
    Ok(kept(cx.store())?.map(|fell| FellBack {
        saves: fell.saves,
        at: cx.stamp(fell.at_ms),
        whole: fell.whole,
    }))
}

/// Somebody has read that the database was found in an earlier state.
pub fn heed_fall_back(app: &App, _: Nothing) -> Result<StartState> {
    app.with(|cx| match kept(cx.store())? {
        // What did not come back yet is tried again.
        Some(fell) if fell.back => Ok(cx.store().clear_meta(FELL_BACK)?),
        _ => Ok::<_, AppError>(()),
    })?;
    start::start_state(app, Nothing {})
}
