//! What a disk holds: each file as it is read now, as it would be found after a power cut at the worst moment, and
//! what lies in between.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::chance::Chance;

#[cfg(test)]
mod tests;

/// What survives or is lost as a whole.
const SECTOR: usize = 512;

/// A file, whatever it is called.
pub type Inode = u64;

/// Why an operation did not happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The power is off, or was since the file was opened.
    Off,
    /// No room.
    Full,
    /// The device says no.
    Broken,
    /// Nothing of that name.
    Absent,
}

/// How a disk behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Model {
    /// A new journal's first flush does not make earlier deletions last: what was deleted may come back after a
    /// power cut in its place, as on file systems that order names and contents apart.
    pub harsh: bool,
    /// Says that it has flushed and has not.
    pub lying: bool,
}

/// What a disk was asked and did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Operations that change something: writes, cuts of length, flushes, names.
    pub operations: u64,
    /// Flushes, lies included.
    pub syncs: u64,
    /// Power cuts.
    pub cuts: u64,
    /// Power cuts that took something with them.
    pub losing_cuts: u64,
    /// Writes refused for want of room.
    pub full: u64,
    /// Operations that the device refused.
    pub broken: u64,
}

#[derive(Debug, Clone)]
enum Unsynced {
    Write { at: usize, bytes: Vec<u8> },
    Length(usize),
}

#[derive(Debug, Clone)]
enum Naming {
    Put(String, Inode),
    Remove(String),
    Move(String, String),
}

impl Naming {
    fn folder(&self) -> &str {
        let (Self::Put(name, _) | Self::Remove(name) | Self::Move(_, name)) = self;
        folder_of(name)
    }

    fn apply(&self, names: &mut BTreeMap<String, Inode>) {
        match self {
            Self::Put(name, inode) => drop(names.insert(name.clone(), *inode)),
            Self::Remove(name) => drop(names.remove(name)),
            Self::Move(from, to) => {
                if let Some(inode) = names.remove(from) {
                    names.insert(to.clone(), inode);
                }
                for (inner, moved) in inside(names, from) {
                    if let Some(inode) = names.remove(&inner) {
                        names.insert(format!("{to}/{moved}"), inode);
                    }
                }
            }
        }
    }
}

/// The names below a folder, whole and without the folder.
fn inside(names: &BTreeMap<String, Inode>, folder: &str) -> Vec<(String, String)> {
    let start = format!("{folder}/");
    names
        .keys()
        .filter_map(|name| {
            let rest = name.strip_prefix(&start)?;
            Some((name.clone(), rest.to_owned()))
        })
        .collect()
}

pub fn folder_of(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

#[derive(Debug, Clone, Default)]
struct File {
    now: Arc<Vec<u8>>,
    synced: Arc<Vec<u8>>,
    unsynced: Vec<Unsynced>,
    /// A journal whose first flush makes its folder's names last.
    flushes_names: bool,
}

/// Everything on a disk, as a copy of the whole disk finds it.
#[derive(Debug, Clone, Default)]
pub struct Image {
    names: BTreeMap<String, Inode>,
    files: BTreeMap<Inode, Arc<Vec<u8>>>,
    folders: BTreeSet<String>,
}

/// A disk's content and mood.
#[derive(Debug, Default)]
pub struct Platter {
    names: BTreeMap<String, Inode>,
    synced_names: BTreeMap<String, Inode>,
    unsynced_names: Vec<Naming>,
    folders: BTreeSet<String>,
    files: BTreeMap<Inode, File>,
    next: Inode,
    /// Counts power cuts and replacements: what was opened before one is dead after it.
    pub age: u64,
    off: bool,
    pub model: Model,
    room: Option<u64>,
    used: u64,
    cut_in: Option<u64>,
    break_in: Option<(u64, u64)>,
    pub counts: Counts,
}

impl Platter {
    pub fn cut_in(&mut self, operations: Option<u64>) {
        self.cut_in = operations;
    }

    pub fn break_in(&mut self, operations: u64, so_many: u64) {
        self.break_in = (so_many > 0).then_some((operations, so_many));
    }

    pub fn room(&mut self, bytes: Option<u64>) {
        self.room = bytes;
    }

    pub fn used(&self) -> u64 {
        self.used
    }

    pub fn is_off(&self) -> bool {
        self.off
    }

    pub fn cut(&mut self) {
        self.off = true;
        self.cut_in = None;
    }

    /// Before an operation that changes something. The one that the cut falls on still comes under way, so that a
    /// part of it may be found.
    fn begin(&mut self) -> Result<bool, Fault> {
        if self.off {
            return Err(Fault::Off);
        }
        self.counts.operations += 1;
        if let Some((left, so_many)) = &mut self.break_in {
            if *left > 0 {
                *left -= 1;
            } else {
                *so_many -= 1;
                if *so_many == 0 {
                    self.break_in = None;
                }
                self.counts.broken += 1;
                return Err(Fault::Broken);
            }
        }
        match &mut self.cut_in {
            Some(0) => {
                self.cut();
                Ok(true)
            }
            Some(left) => {
                *left -= 1;
                Ok(false)
            }
            None => Ok(false),
        }
    }

    fn ended(cut: bool) -> Result<(), Fault> {
        if cut { Err(Fault::Off) } else { Ok(()) }
    }

    fn reading(&self) -> Result<(), Fault> {
        if self.off { Err(Fault::Off) } else { Ok(()) }
    }

    pub fn find(&self, name: &str) -> Result<Inode, Fault> {
        self.reading()?;
        self.names.get(name).copied().ok_or(Fault::Absent)
    }

    /// A new empty file. `journal` says that its first flush makes its folder's names last too.
    pub fn create(&mut self, name: Option<&str>, journal: bool) -> Result<Inode, Fault> {
        let cut = self.begin()?;
        self.next += 1;
        let inode = self.next;
        self.files.insert(
            inode,
            File {
                flushes_names: journal,
                ..File::default()
            },
        );
        if let Some(name) = name {
            self.renamed(Naming::Put(name.to_owned(), inode));
        }
        Self::ended(cut)?;
        Ok(inode)
    }

    fn renamed(&mut self, naming: Naming) {
        naming.apply(&mut self.names);
        self.unsynced_names.push(naming);
    }

    pub fn remove(&mut self, name: &str) -> Result<(), Fault> {
        self.find(name)?;
        let cut = self.begin()?;
        self.renamed(Naming::Remove(name.to_owned()));
        self.weigh();
        Self::ended(cut)
    }

    pub fn rename(&mut self, from: &str, to: &str) -> Result<(), Fault> {
        self.reading()?;
        if !self.names.contains_key(from) && inside(&self.names, from).is_empty() {
            return Err(Fault::Absent);
        }
        let cut = self.begin()?;
        self.renamed(Naming::Move(from.to_owned(), to.to_owned()));
        if self.folders.remove(from) {
            self.folders.insert(to.to_owned());
        }
        self.weigh();
        Self::ended(cut)
    }

    pub fn make_folder(&mut self, name: &str) -> Result<(), Fault> {
        self.reading()?;
        let mut folder = name;
        while !folder.is_empty() && self.folders.insert(folder.to_owned()) {
            folder = folder_of(folder);
        }
        Ok(())
    }

    /// The names directly in a folder.
    pub fn list(&self, folder: &str) -> Result<BTreeSet<String>, Fault> {
        self.reading()?;
        let start = if folder.is_empty() {
            String::new()
        } else {
            format!("{folder}/")
        };
        let found: BTreeSet<String> = self
            .names
            .keys()
            .chain(&self.folders)
            .filter_map(|name| name.strip_prefix(&start))
            .filter(|rest| !rest.is_empty())
            .map(|rest| rest.split('/').next().unwrap_or(rest).to_owned())
            .collect();
        if found.is_empty() && !folder.is_empty() && !self.folders.contains(folder) {
            return Err(Fault::Absent);
        }
        Ok(found)
    }

    pub fn read(&self, inode: Inode) -> Result<Arc<Vec<u8>>, Fault> {
        self.reading()?;
        let file = self.files.get(&inode).ok_or(Fault::Absent)?;
        Ok(Arc::clone(&file.now))
    }

    pub fn length(&self, inode: Inode) -> Result<usize, Fault> {
        self.reading()?;
        let file = self.files.get(&inode).ok_or(Fault::Absent)?;
        Ok(file.now.len())
    }

    /// Copies from a file into `into`; answers how many bytes there were.
    pub fn read_at(&self, inode: Inode, at: usize, into: &mut [u8]) -> Result<usize, Fault> {
        self.reading()?;
        let file = self.files.get(&inode).ok_or(Fault::Absent)?;
        let from = file.now.get(at..).unwrap_or_default();
        let count = from.len().min(into.len());
        into[..count].copy_from_slice(&from[..count]);
        Ok(count)
    }

    pub fn write(&mut self, inode: Inode, at: usize, bytes: &[u8]) -> Result<(), Fault> {
        let cut = self.begin()?;
        let length = self
            .files
            .get(&inode)
            .map(|file| file.now.len())
            .ok_or(Fault::Absent)?;
        let more = (at + bytes.len()).saturating_sub(length) as u64;
        if more > 0 && self.room.is_some_and(|room| self.used + more > room) {
            self.counts.full += 1;
            return Err(Fault::Full);
        }
        self.used += more;
        if let Some(file) = self.files.get_mut(&inode) {
            let write = Unsynced::Write {
                at,
                bytes: bytes.to_vec(),
            };
            write.apply(&mut file.now);
            file.unsynced.push(write);
        }
        Self::ended(cut)
    }

    pub fn truncate(&mut self, inode: Inode, length: usize) -> Result<(), Fault> {
        let cut = self.begin()?;
        let file = self.files.get_mut(&inode).ok_or(Fault::Absent)?;
        let shorter = Unsynced::Length(length);
        shorter.apply(&mut file.now);
        file.unsynced.push(shorter);
        self.weigh();
        Self::ended(cut)
    }

    /// Flushes a file. Of what the device refuses to flush, some may have reached the disk, and the rest never will by
    /// itself: the operating system counts it as written, goes on showing it for as long as it stays in memory, and
    /// shows what the disk has once it does not (Rebello and others, “Can Applications Recover from fsync Failures?”,
    /// USENIX ATC 2020, of ext4, XFS and Btrfs).
    pub fn sync(&mut self, inode: Inode) -> Result<(), Fault> {
        let begun = self.begin();
        if begun == Err(Fault::Broken)
            && let Some(file) = self.files.get_mut(&inode)
        {
            let mut chance = Chance::of(self.counts.operations);
            let kept_of_hundred = kept_of_hundred(&mut chance);
            for change in file.unsynced.drain(..) {
                change.apply_in_part(&mut file.synced, || chance.below(100) < kept_of_hundred);
            }
            if chance.one_in(3) {
                file.now = Arc::clone(&file.synced);
                self.weigh();
            }
        }
        let cut = begun?;
        self.counts.syncs += 1;
        // The cut comes in the middle of the flush: as much of it as chance keeps.
        if cut {
            return Err(Fault::Off);
        }
        if self.model.lying {
            return Ok(());
        }
        let file = self.files.get_mut(&inode).ok_or(Fault::Absent)?;
        for change in file.unsynced.drain(..) {
            change.apply(&mut file.synced);
        }
        if file.flushes_names {
            file.flushes_names = false;
            let name = self.names.iter().find(|(_, found)| **found == inode);
            if let Some(name) = name.map(|(name, _)| name.clone()) {
                if self.model.harsh {
                    self.settle_name(&name);
                } else {
                    self.settle_names(folder_of(&name));
                }
            }
        }
        Ok(())
    }

    pub fn sync_folder(&mut self, folder: &str) -> Result<(), Fault> {
        let cut = self.begin()?;
        self.counts.syncs += 1;
        if cut {
            return Err(Fault::Off);
        }
        if !self.model.lying {
            self.settle_names(folder);
        }
        Ok(())
    }

    /// A new name lasts, unless it stands in the place of one whose removal does not yet.
    fn settle_name(&mut self, name: &str) {
        let about = |naming: &Naming| match naming {
            Naming::Put(put, _) => put == name,
            Naming::Remove(removed) => removed == name,
            Naming::Move(from, to) => from == name || to == name,
        };
        let mut these = (0..).zip(&self.unsynced_names).filter(|(_, n)| about(n));
        if let (Some((at, Naming::Put(..))), None) = (these.next(), these.next()) {
            let put = self.unsynced_names.remove(at);
            put.apply(&mut self.synced_names);
        }
    }

    fn settle_names(&mut self, folder: &str) {
        let synced = &mut self.synced_names;
        self.unsynced_names.retain(|naming| {
            let here = naming.folder() == folder;
            if here {
                naming.apply(synced);
            }
            !here
        });
        self.forget_nameless();
    }

    /// Files that no name leads to, now or after a cut, and that nobody can open again. What is open is kept alive by
    /// its own name until it is closed: the engine never deletes an open file.
    fn forget_nameless(&mut self) {
        let mut kept: BTreeSet<Inode> = self.names.values().copied().collect();
        kept.extend(self.synced_names.values());
        for naming in &self.unsynced_names {
            if let Naming::Put(_, inode) = naming {
                kept.insert(*inode);
            }
        }
        self.files.retain(|inode, _| kept.contains(inode));
        self.weigh();
    }

    fn weigh(&mut self) {
        self.used = self
            .names
            .values()
            .filter_map(|inode| self.files.get(inode))
            .map(|file| file.now.len() as u64)
            .sum();
    }

    /// The power comes back: of what was not flushed, chance has kept some. Everything that was open is dead.
    pub fn power_on(&mut self, chance: &mut Chance) {
        self.counts.cuts += 1;
        self.age += 1;
        self.off = false;
        self.cut_in = None;
        self.break_in = None;
        let before: Vec<(Inode, Arc<Vec<u8>>)> = self
            .files
            .iter()
            .map(|(inode, file)| (*inode, Arc::clone(&file.now)))
            .collect();
        let kept_of_hundred = kept_of_hundred(chance);
        let keeps = |chance: &mut Chance| chance.below(100) < kept_of_hundred;
        let names_before = self.names.clone();
        let mut names = std::mem::take(&mut self.synced_names);
        for naming in self.unsynced_names.drain(..) {
            if keeps(chance) {
                naming.apply(&mut names);
            }
        }
        for file in self.files.values_mut() {
            let mut found = std::mem::take(&mut file.synced);
            for change in file.unsynced.drain(..) {
                change.apply_in_part(&mut found, || keeps(chance));
            }
            file.now = Arc::clone(&found);
            file.synced = found;
        }
        let lost = names != names_before
            || before
                .iter()
                .any(|(inode, now)| self.files.get(inode).is_none_or(|file| file.now != *now));
        self.counts.losing_cuts += u64::from(lost);
        self.names = names.clone();
        self.synced_names = names;
        self.forget_nameless();
    }

    pub fn image(&self) -> Image {
        let files = self.names.values().filter_map(|inode| {
            let file = self.files.get(inode)?;
            Some((*inode, Arc::clone(&file.now)))
        });
        Image {
            names: self.names.clone(),
            files: files.collect(),
            folders: self.folders.clone(),
        }
    }

    /// The disk becomes what the image shows. Everything that was open is dead.
    pub fn put(&mut self, image: &Image) {
        self.age += 1;
        self.off = false;
        self.cut_in = None;
        self.break_in = None;
        self.names.clone_from(&image.names);
        self.synced_names.clone_from(&image.names);
        self.unsynced_names.clear();
        self.folders.clone_from(&image.folders);
        self.next = self
            .next
            .max(image.names.values().copied().max().unwrap_or(0));
        let file = |(inode, bytes): (&Inode, &Arc<Vec<u8>>)| {
            let file = File {
                now: Arc::clone(bytes),
                synced: Arc::clone(bytes),
                ..File::default()
            };
            (*inode, file)
        };
        self.files = image.files.iter().map(file).collect();
        self.weigh();
    }
}

impl Unsynced {
    fn apply(&self, file: &mut Arc<Vec<u8>>) {
        let file = Arc::make_mut(file);
        match self {
            Self::Write { at, bytes } => put(file, *at, bytes),
            Self::Length(length) => file.resize(*length, 0),
        }
    }

    /// Applies the sectors that `keeps` lets through, each by itself.
    fn apply_in_part(&self, file: &mut Arc<Vec<u8>>, mut keeps: impl FnMut() -> bool) {
        let file = Arc::make_mut(file);
        match self {
            Self::Length(length) => {
                if keeps() {
                    file.resize(*length, 0);
                }
            }
            Self::Write { at, bytes } => {
                let mut done = 0;
                while done < bytes.len() {
                    let sector = SECTOR - (at + done) % SECTOR;
                    let end = (done + sector).min(bytes.len());
                    if keeps() {
                        put(file, at + done, &bytes[done..end]);
                    }
                    done = end;
                }
            }
        }
    }
}

/// Out of a hundred parts, so many are kept; all or nothing are as likely as anything between.
fn kept_of_hundred(chance: &mut Chance) -> u64 {
    *chance.of_these(&[0, 100, 10, 50, 90])
}

fn put(file: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at + bytes.len();
    if file.len() < end {
        file.resize(end, 0);
    }
    file[at..end].copy_from_slice(bytes);
}
