//! The folder of backups: each a copy of the database and a small file about it, which is written last. One without it
//! was never finished.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use store::{Disk, Key};

use super::about::{About, Reason, numbers};
use crate::error::{AppError, Result};
use crate::octets::Octets;

/// The folder's name in the data folder, and in the second place that a person has chosen.
pub const FOLDER: &str = "sauvegardes";
const DATABASE: &str = "db";
const ABOUT: &str = "about";
/// More than this was not written by this app.
const LARGEST_ABOUT: u64 = 512 << 10;

/// How many are kept of each kind: the last twelve, and of those before them every so many-th.
const CLASSES: [(u64, usize); 4] = [(1, 12), (8, 14), (48, 8), (192, 12)];
/// So many of those made before an update or before going back stay, whatever came after.
const TURNING_POINTS: usize = 3;
/// All of them together are not larger than this.
pub const CEILING: u64 = 1 << 30;
/// So many of the newest stay, however large.
const AT_LEAST: usize = 3;

/// A folder of backups.
#[derive(Clone, Copy)]
pub struct Shelf<'a> {
    /// The disk that it lies on.
    pub disk: &'a dyn Disk,
    /// Where.
    pub folder: &'a Path,
}

/// What to make a backup of.
pub struct Source<'a> {
    /// The database.
    pub database: &'a Path,
    /// What it is locked with.
    pub key: Option<&'a Key>,
    /// The file of slots.
    pub slots: Option<Vec<u8>>,
    /// Why.
    pub reason: Reason,
    /// When.
    pub at_ms: u64,
}

impl Shelf<'_> {
    /// Where a backup's database lies.
    pub fn database(&self, no: u64) -> PathBuf {
        self.file(no, DATABASE)
    }

    /// What is told of a backup.
    ///
    /// # Errors
    /// `backup-gone` when there is none of this number.
    pub fn about(&self, no: u64) -> Result<About> {
        self.read(&self.file(no, ABOUT))
            .filter(|about| about.no == no)
            .ok_or_else(|| AppError::new("backup-gone"))
    }

    /// Every finished backup, newest first.
    pub fn all(&self) -> Vec<About> {
        let mut all: Vec<About> = self
            .numbers()
            .into_iter()
            .rev()
            .filter_map(|no| self.about(no).ok())
            .filter(|about| {
                let length = self.disk.len(&self.database(about.no));
                length.is_ok_and(|length| length == about.bytes)
            })
            .collect();
        all.sort_by_key(|about| std::cmp::Reverse(about.no));
        all
    }

    /// Makes one. It is whole and examined when it is listed; only then may older ones go.
    pub fn add(&self, source: &Source<'_>) -> Result<About> {
        let io = |error| AppError::from(store::Error::from(error));
        self.disk.create_dir_all(self.folder).map_err(io)?;
        let no = self.numbers().last().map_or(1, |last| last + 1);
        let to = self.database(no);
        let holds = store::back_up(self.disk, source.database, source.key, &to)?;
        let about = About {
            no,
            reason: source.reason,
            at_ms: source.at_ms,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            bytes: self.disk.len(&to).map_err(io)?,
            holds: numbers(&holds),
            slots: source.slots.clone().map(Octets),
        };
        let written = self.disk.write(&self.file(no, ABOUT), &about.to_bytes());
        if written.is_err() {
            let _ = store::forget(self.disk, &to);
        }
        written.map_err(io)?;
        self.thin();
        Ok(about)
    }

    /// Puts a copy of a backup of another shelf here, under the same number, and examines it.
    pub fn put(&self, about: &About, key: Option<&Key>, from: &Path) -> Result<()> {
        let io = |error| AppError::from(store::Error::from(error));
        self.disk.create_dir_all(self.folder).map_err(io)?;
        if self.about(about.no).is_ok_and(|there| there == *about) {
            return Ok(());
        }
        let to = self.database(about.no);
        let holds = store::back_up(self.disk, from, key, &to)?;
        if !about.is_of(&holds) {
            return Err(AppError::new("backup-damaged"));
        }
        let about = About {
            bytes: self.disk.len(&to).map_err(io)?,
            ..about.clone()
        };
        self.disk
            .write(&self.file(about.no, ABOUT), &about.to_bytes())
            .map_err(io)?;
        self.thin();
        Ok(())
    }

    /// Fetches a backup as it is, as the newest here. Nobody may be able to open it yet.
    pub fn bring(&self, about: &About, from: &Path) -> Result<()> {
        let io = |error| AppError::from(store::Error::from(error));
        self.disk.create_dir_all(self.folder).map_err(io)?;
        let no = self
            .numbers()
            .last()
            .map_or(1, |last| last + 1)
            .max(about.no);
        let bytes = self.disk.read(from).map_err(io)?;
        self.disk.write(&self.database(no), &bytes).map_err(io)?;
        let about = About {
            no,
            ..about.clone()
        };
        self.disk
            .write(&self.file(no, ABOUT), &about.to_bytes())
            .map_err(io)
    }

    /// Removes those that have served. What cannot be removed stays until the next time.
    fn thin(&self) {
        let all = self.all();
        let told: BTreeSet<u64> = all.iter().map(|about| about.no).collect();
        let last = told.last().copied().unwrap_or(0);
        // Older than the newest and without a word about it: begun and never finished.
        let unfinished = self.numbers().into_iter();
        let unfinished = unfinished.filter(|no| {
            *no < last && !told.contains(no) && self.read(&self.file(*no, ABOUT)).is_none()
        });
        for no in served(&all, CEILING).into_iter().chain(unfinished) {
            let removed = store::forget(self.disk, &self.file(no, ABOUT))
                .and_then(|()| store::forget(self.disk, &self.database(no)));
            if let Err(error) = removed {
                tracing::warn!(%error, "an older backup was not removed");
            }
        }
    }

    fn file(&self, no: u64, ending: &str) -> PathBuf {
        self.folder.join(format!("nyetaa-{no:06}.{ending}"))
    }

    /// The numbers for which any file is there.
    fn numbers(&self) -> BTreeSet<u64> {
        let files = self.disk.list(self.folder).unwrap_or_default();
        let number = |path: &PathBuf| {
            let name = path.file_name()?.to_str()?.strip_prefix("nyetaa-")?;
            name.split('.').next()?.parse().ok()
        };
        files.iter().filter_map(number).collect()
    }

    fn read(&self, path: &Path) -> Option<About> {
        if self.disk.len(path).ok()? > LARGEST_ABOUT {
            return None;
        }
        About::from_bytes(&self.disk.read(path).ok()?)
    }
}

/// Which backups have served, of all of them, newest first. Counted, never by a clock; what was made before a turning
/// point is not crowded out by what came after it.
fn served(all: &[About], ceiling: u64) -> Vec<u64> {
    let mut keep: Vec<(usize, &About)> = Vec::new();
    let mut rest: Vec<&About> = all.iter().collect();
    for (class, (every, most)) in CLASSES.into_iter().enumerate() {
        let mut kept = 0;
        rest.retain(|about| {
            let takes = kept < most && about.no % every == 0;
            if takes {
                kept += 1;
                keep.push((class, about));
            }
            !takes
        });
    }
    for reason in [Reason::Restore, Reason::Update] {
        let turning: Vec<&About> = rest
            .iter()
            .filter(|about| about.reason == reason)
            .take(TURNING_POINTS)
            .copied()
            .collect();
        rest.retain(|about| !turning.iter().any(|kept| kept.no == about.no));
        keep.extend(turning.into_iter().map(|about| (CLASSES.len(), about)));
    }
    let mut gone: Vec<u64> = rest.iter().map(|about| about.no).collect();
    keep.sort_by_key(|(_, about)| std::cmp::Reverse(about.no));
    while keep.len() > AT_LEAST && keep.iter().map(|(_, about)| about.bytes).sum::<u64>() > ceiling
    {
        // The oldest of the class that has most.
        let count = |class: usize| keep.iter().filter(|kept| kept.0 == class).count();
        let fullest = (0..=CLASSES.len()).max_by_key(|class| count(*class));
        let oldest = keep
            .iter()
            .skip(AT_LEAST)
            .rposition(|(class, _)| Some(*class) == fullest);
        let at = oldest.map_or(keep.len() - 1, |at| at + AT_LEAST);
        gone.push(keep.remove(at).1.no);
    }
    gone
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backup(no: u64, reason: Reason, bytes: u64) -> About {
        About {
            no,
            reason,
            at_ms: 0,
            version: String::new(),
            bytes,
            holds: [0; 4],
            slots: None,
        }
    }

    /// What is on the shelf after so many.
    fn shelf(count: u64, ceiling: u64, reason: impl Fn(u64) -> Reason) -> Vec<About> {
        let mut all: Vec<About> = Vec::new();
        for no in 1..=count {
            all.insert(0, backup(no, reason(no), 1));
            let gone = served(&all, ceiling);
            all.retain(|about| !gone.contains(&about.no));
        }
        all
    }

    #[test]
    fn the_last_ones_are_all_there_and_older_ones_ever_more_thinly() {
        let all = shelf(5_000, u64::MAX, |_| Reason::Interval);
        let numbers: Vec<u64> = all.iter().map(|about| about.no).collect();
        assert_eq!(numbers[..12], (4_989..=5_000).rev().collect::<Vec<_>>());
        assert_eq!(numbers.len(), 12 + 14 + 8 + 12);
        assert!(
            numbers.last().is_some_and(|oldest| *oldest < 2_700),
            "{numbers:?}"
        );
        assert!(numbers[12..].iter().all(|no| no % 8 == 0));
    }

    #[test]
    fn what_was_made_before_going_back_is_not_crowded_out() {
        let all = shelf(500, u64::MAX, |no| {
            if no == 3 {
                Reason::Restore
            } else {
                Reason::Close
            }
        });
        assert!(all.iter().any(|about| about.no == 3));
    }

    #[test]
    fn under_the_ceiling_the_newest_always_stay() {
        let all = shelf(500, 10, |_| Reason::Interval);
        assert_eq!(all.len(), 10);
        let newest: Vec<u64> = all.iter().take(3).map(|about| about.no).collect();
        assert_eq!(newest, [500, 499, 498]);
        assert_eq!(shelf(500, 0, |_| Reason::Interval).len(), AT_LEAST);
    }
}
