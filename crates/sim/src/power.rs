//! Power cuts at any operation of the disk, through the store: what was acknowledged is there afterwards, what was not
//! is there whole or not at all, and the tables say what the log says.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::AddAssign;
use std::path::PathBuf;
use std::sync::Arc;

use domain::ids::{RecordId, ScopeId};
use domain::registry::{CommentField, Kind};
use domain::value::Value;
use simdisk::{Chance, Image, Model, SimDisk};
use store::{Draft, Edit, Key, Seen, Store};
use sync::log::SaveKind;

/// Which disk, and what befalls it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Trial {
    /// Encrypted, as it ships.
    pub encrypted: bool,
    /// How the disk behaves.
    pub model: Model,
    /// The disk fills up now and then.
    pub fills: bool,
    /// The device refuses an operation now and then.
    pub breaks: bool,
}

/// What was counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Power cuts.
    pub cuts: u64,
    /// Those among them that took something with them.
    pub losing_cuts: u64,
    /// Saves that were acknowledged, and looked for after every later cut.
    pub acknowledged: u64,
    /// Saves refused because the disk was full or broken.
    pub refused: u64,
    /// Saves under way at a cut that were found whole, though nobody was told.
    pub unheard: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.cuts += other.cuts;
        self.losing_cuts += other.losing_cuts;
        self.acknowledged += other.acknowledged;
        self.refused += other.refused;
        self.unheard += other.unheard;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} cuts ({} took something), {} saves acknowledged, {} refused, {} whole though unheard",
            self.cuts, self.losing_cuts, self.acknowledged, self.refused, self.unheard
        )
    }
}

/// How work was damaged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// The store does not open, or what it holds does not read: people are told.
    Noticed(String),
    /// It opens and reads, and is not what it was; who examines every page of the file finds that it is damaged.
    Examined(String),
    /// Acknowledged work is gone, or half of a save is there, and nothing in the file says so.
    Silent(String),
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Noticed(what) => write!(f, "noticed: {what}"),
            Self::Examined(what) => write!(f, "noticed by an examination: {what}"),
            Self::Silent(what) => write!(f, "silent: {what}"),
        }
    }
}

/// Power cuts in one seed's life of a store.
const CUTS: u32 = 8;
/// Any moment will do: 2026-07-15.
const NOW_MS: u64 = 1_784_116_800_000;

/// A new store's disk, so that not every seed begins with the same first start.
pub struct Beginning(Image);

impl Beginning {
    /// Makes a store on a healthy disk.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn make(encrypted: bool) -> Result<Self, Damage> {
        let disk = SimDisk::default();
        drop(open(&disk, encrypted).map_err(noticed)?);
        Ok(Self(disk.image()))
    }
}

/// One life of a store with [`CUTS`] power cuts, by a seed.
///
/// # Errors
/// The first damage found.
pub fn live(seed: u64, trial: Trial, beginning: &Beginning) -> Result<Tally, Damage> {
    let mut chance = Chance::of(seed);
    let disk = SimDisk::new(trial.model);
    // Some lives begin at the very first start.
    if !chance.one_in(8) {
        disk.put(&beginning.0);
    }
    let mut life = Life {
        trial,
        chance,
        disk,
        saves: BTreeMap::new(),
        next: 0,
        tally: Tally::default(),
    };
    for _ in 0..CUTS {
        life.work_until_cut()?;
        life.disk.power_on(&mut life.chance);
        life.check()?;
    }
    let counts = life.disk.counts();
    life.tally.cuts = counts.cuts;
    life.tally.losing_cuts = counts.losing_cuts;
    Ok(life.tally)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Acknowledged,
    /// Told that it failed, or not told: there whole or not at all.
    Unknown,
}

struct Life {
    trial: Trial,
    chance: Chance,
    disk: SimDisk,
    /// By number: how many records it wrote, and what its author was told.
    saves: BTreeMap<u64, (u64, Standing)>,
    next: u64,
    tally: Tally,
}

fn key() -> Key {
    [7; 32]
}

fn folder(disk: &SimDisk) -> PathBuf {
    disk.root().join("home")
}

fn scope() -> ScopeId {
    RecordId::of_place_code("SIM").as_scope()
}

fn open(disk: &SimDisk, encrypted: bool) -> store::Result<Store> {
    let key = encrypted.then(key);
    Store::open_on(
        Arc::new(disk.clone()),
        &folder(disk),
        key.as_ref(),
        &[9; 32],
    )
}

fn noticed(error: impl fmt::Display) -> Damage {
    Damage::Noticed(error.to_string())
}

impl Life {
    fn work_until_cut(&mut self) -> Result<(), Damage> {
        let reach = *self.chance.of_these(&[6, 40, 150, 400]);
        self.disk.cut_in(Some(self.chance.below(reach)));
        let mut store = None;
        loop {
            if self.disk.is_off() {
                return Ok(());
            }
            let opened = match store.take() {
                Some(store) => store,
                None => match open(&self.disk, self.trial.encrypted) {
                    Ok(store) => store,
                    Err(_) if self.disk.is_off() => return Ok(()),
                    Err(_) if self.hindered() => {
                        self.help();
                        continue;
                    }
                    Err(error) => return Err(noticed(error)),
                },
            };
            if self.act(&opened)? {
                store = Some(opened);
            }
        }
    }

    /// One thing that people or the app do. Whether the store goes on.
    fn act(&mut self, store: &Store) -> Result<bool, Damage> {
        if self.trial.fills && self.chance.one_in(12) {
            let more = self.chance.below(40_000);
            self.disk.room(Some(self.disk.used() + more));
        }
        if self.trial.breaks && self.chance.one_in(12) {
            self.disk
                .break_in(self.chance.below(12), 1 + self.chance.below(3));
        }
        let outcome = match self.chance.below(24) {
            0 => store.seal(&[scope()].into()),
            1 => store.set_meta("language", b"fr"),
            2 => store.next_request().map(drop),
            // Closing carries the write-ahead log over.
            3 => return Ok(false),
            _ => self.save(store),
        };
        match outcome {
            Ok(()) => Ok(true),
            Err(_) if self.disk.is_off() => Ok(true),
            Err(_) if self.hindered() => {
                self.tally.refused += 1;
                // Reading goes on where writing cannot.
                if self.chance.one_in(2) {
                    self.compare(store)?;
                }
                if self.chance.one_in(2) {
                    self.help();
                }
                Ok(self.chance.one_in(2))
            }
            Err(error) => Err(noticed(error)),
        }
    }

    fn hindered(&self) -> bool {
        self.trial.fills || self.trial.breaks
    }

    fn help(&mut self) {
        self.disk.room(None);
        self.disk.break_in(0, 0);
    }

    /// One press of “save”: some new comments, each naming the save and how many there are.
    fn save(&mut self, store: &Store) -> store::Result<()> {
        self.next += 1;
        let number = self.next;
        let records = 1 + self.chance.below(6);
        self.saves.insert(number, (records, Standing::Unknown));
        let filling = "é".repeat(self.chance.below(120) as usize);
        store.write(NOW_MS + number, |w| {
            let mut edits = Vec::new();
            for _ in 0..records {
                edits.push(Edit {
                    kind: Kind::Comment,
                    record: w.new_record()?,
                    field: CommentField::Text.number(),
                    value: Value::Text(format!("{number} {filling}")),
                    seen: Seen::Nothing,
                });
            }
            w.save(Draft {
                scope: scope(),
                author: RecordId::natural(&[b"author"]),
                grant: 0,
                kind: SaveKind::Edit,
                reason: None,
                edits,
            })
        })?;
        self.saves.insert(number, (records, Standing::Acknowledged));
        self.tally.acknowledged += 1;
        Ok(())
    }

    /// After a cut, on a disk that does what it should.
    fn check(&mut self) -> Result<(), Damage> {
        self.help();
        let store = open(&self.disk, self.trial.encrypted).map_err(noticed)?;
        if let Err(damage) = self.compare(&store) {
            drop(store);
            return Err(self.examined(damage));
        }
        let store = if self.chance.one_in(8) {
            // The file's own seals are read past the write-ahead log, so that goes into it first, by closing.
            drop(store);
            let store = open(&self.disk, self.trial.encrypted).map_err(noticed)?;
            self.examine(&store)?;
            store
        } else {
            store
        };
        // What was found whole stays: from here on it counts as acknowledged.
        let found = texts(&store).map_err(noticed)?;
        let unheard = |number: &u64, standing: Standing| {
            standing == Standing::Unknown && found.contains_key(number)
        };
        for (number, (_, standing)) in &mut self.saves {
            if unheard(number, *standing) {
                *standing = Standing::Acknowledged;
                self.tally.unheard += 1;
            }
        }
        self.saves
            .retain(|_, (_, standing)| *standing == Standing::Acknowledged);
        Ok(())
    }

    fn compare(&self, store: &Store) -> Result<(), Damage> {
        let found = texts(store).map_err(noticed)?;
        for (number, (records, standing)) in &self.saves {
            match (found.get(number), standing) {
                (None, Standing::Acknowledged) => {
                    return Err(Damage::Silent(format!(
                        "save {number} was acknowledged and is gone"
                    )));
                }
                (Some(count), _) if count != records => {
                    return Err(Damage::Silent(format!(
                        "save {number}: {count} of {records} records"
                    )));
                }
                _ => {}
            }
        }
        if let Some(number) = found.keys().find(|number| !self.saves.contains_key(number)) {
            return Err(Damage::Silent(format!("save {number} came back")));
        }
        // The log holds each save that the tables show, and no other.
        let mut logged: Vec<u64> = store
            .waiting()
            .map_err(noticed)?
            .iter()
            .filter_map(|(_, _, save)| match &save.changes.first()?.value {
                Value::Text(text) => number_of(text),
                _ => None,
            })
            .collect();
        logged.sort_unstable();
        if !logged.iter().eq(found.keys()) {
            return Err(Damage::Silent("log and tables differ".to_owned()));
        }
        Ok(())
    }

    /// What was not told by itself: whether the file's pages tell it.
    fn examined(&self, damage: Damage) -> Damage {
        let pages = || {
            let store = open(&self.disk, self.trial.encrypted).map_err(noticed)?;
            self.pages(&store)
        };
        match damage {
            Damage::Silent(what) if pages().is_err() => Damage::Examined(what),
            told => told,
        }
    }

    /// The whole file, page by page, and the tables against the log.
    fn examine(&self, store: &Store) -> Result<(), Damage> {
        self.pages(store)?;
        store.rebuild(NOW_MS).map_err(noticed)?;
        self.compare(store)
    }

    /// The whole file, page by page.
    fn pages(&self, store: &Store) -> Result<(), Damage> {
        let damaged: Vec<String> = store
            .read(|conn| {
                let pragma = if self.trial.encrypted {
                    "PRAGMA cipher_integrity_check"
                } else {
                    "PRAGMA integrity_check"
                };
                let mut rows = conn.prepare(pragma)?;
                let rows = rows.query_map([], |row| row.get::<_, String>(0))?;
                Ok::<_, store::Error>(rows.collect::<rusqlite::Result<Vec<_>>>()?)
            })
            .map_err(noticed)?;
        if let Some(first) = damaged.iter().find(|line| *line != "ok") {
            return Err(Damage::Noticed(first.clone()));
        }
        Ok(())
    }
}

/// How many comments of each save the tables show.
fn texts(store: &Store) -> store::Result<BTreeMap<u64, u64>> {
    store.read(|conn| {
        let mut rows = conn.prepare_cached("SELECT text FROM comment")?;
        let rows = rows.query_map([], |row| row.get::<_, String>(0))?;
        let mut found = BTreeMap::new();
        for text in rows {
            let text = text?;
            let number = number_of(&text).ok_or(store::Error::Damaged)?;
            *found.entry(number).or_insert(0) += 1;
        }
        Ok(found)
    })
}

fn number_of(text: &str) -> Option<u64> {
    text.split(' ').next()?.parse().ok()
}
