//! What shakes a system like this one: disks that are copied and put back, laptops that are taken away, facilities that
//! move to another district, newcomers, and sticks that go round by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::json;
use simdisk::SimDisk;
use store::Disk as _;

use crate::ground::Laptop;
use crate::sight;
use crate::world::{Copy, DISTRICTS, FACILITIES, Outcome, Post, World};

/// Laptops at most in one world, copies and newcomers included.
const MOST_LAPTOPS: usize = 10;

/// A stick in somebody's pocket: its files by name.
#[derive(Debug, Clone, Default)]
pub struct Stick {
    files: BTreeMap<String, Vec<u8>>,
}

impl World {
    /// The facilities whose data a laptop's people may see, by the server's tree as it is now.
    pub(crate) fn reach(&self, who: usize) -> BTreeSet<usize> {
        match self.laptops[who].post {
            Post::Team(facility) => [facility].into(),
            Post::Coach(district) => (0..self.facilities.len())
                .filter(|facility| self.lies_in[*facility] == district)
                .collect(),
        }
    }

    pub(crate) fn copy_disk(&mut self, who: usize) {
        let laptop = &self.laptops[who];
        if laptop.disk.is_off() {
            return;
        }
        let copy = Copy {
            who,
            image: laptop.disk.image(),
        };
        self.tally.count("copies of a laptop's disk");
        let name = laptop.name;
        self.note(format!("{name}'s disk is copied"));
        self.copies.push(copy);
    }

    /// A copied disk is put into another machine, and both go on.
    pub(crate) fn clone_laptop(&mut self) -> Outcome {
        if self.copies.is_empty() || self.laptops.len() >= MOST_LAPTOPS {
            return Ok(());
        }
        let at = self.chance.below(self.copies.len() as u64) as usize;
        let (of, image) = (self.copies[at].who, self.copies[at].image.clone());
        if self.laptops[of].revoked {
            return Ok(());
        }
        self.tally.count("laptops cloned by disk image");
        let line = self.new_line();
        let twin = &mut self.laptops[of];
        twin.touched = true;
        let mut laptop = Laptop::new(twin.name, twin.post, line, twin.encrypted);
        laptop.works_at = twin.works_at.clone();
        laptop.touched = true;
        laptop.disk.put(&image);
        let name = laptop.name;
        self.laptops.push(laptop);
        let who = self.laptops.len() - 1;
        self.note(format!("a copy of {name}'s disk starts as laptop {who}"));
        self.open(who)?;
        self.bears_revoked_name(who)?;
        Ok(())
    }

    /// A laptop's disk becomes what it once was.
    pub(crate) fn restore_laptop(&mut self) -> Outcome {
        if self.copies.is_empty() {
            return Ok(());
        }
        let at = self.chance.below(self.copies.len() as u64) as usize;
        let (who, image) = (self.copies[at].who, self.copies[at].image.clone());
        if self.laptops[who].revoked {
            return Ok(());
        }
        let before = self.held_somewhere()?;
        self.tally.count("laptops put back from a copy");
        let line = self.new_line();
        let laptop = &mut self.laptops[who];
        laptop.app = None;
        laptop.disk.put(&image);
        laptop.help();
        (laptop.line, laptop.touched, laptop.replica) = (line, true, None);
        laptop.met_server = 0;
        let name = laptop.name;
        self.note(format!("{name}'s disk is put back"));
        self.open(who)?;
        self.bears_revoked_name(who)?;
        self.excuse(&before)
    }

    /// A facility goes to the other district.
    pub(crate) fn move_facility(&mut self) -> Outcome {
        if self.centre.disk.is_off() || self.centre.hindered {
            return Ok(());
        }
        let facility = self.chance.below(self.facilities.len() as u64) as usize;
        let to = 1 - self.lies_in[facility];
        let Some(server) = self.sky.air().server.clone() else {
            return Ok(());
        };
        match server.relocate(FACILITIES[facility], DISTRICTS[to]) {
            Ok(()) => {}
            // The power went in the middle: it moved or it did not.
            Err(_) if self.centre.disk.is_off() => {
                self.pick_up()?;
                return self.ask_where(facility);
            }
            Err(error) => return Err(format!("a facility does not move: {error}")),
        }
        self.forget_copies_of_server();
        self.tally.count("facilities moved");
        self.note(format!(
            "{} moves to {}",
            FACILITIES[facility], DISTRICTS[to]
        ));
        self.lies_in[facility] = to;
        self.moved = true;
        Ok(())
    }

    /// After a power cut or a restore: which district the server's tree has a facility in.
    pub(crate) fn ask_where(&mut self, facility: usize) -> Outcome {
        let Some(server) = self.sky.air().server.clone() else {
            return Ok(());
        };
        let tree = server.tree().map_err(|error| error.to_string())?;
        let place = self.facilities[facility].scope.place();
        let parent = tree
            .iter()
            .find(|known| known.id == place)
            .and_then(|known| known.parent);
        let of = |at: &usize| server::places::district(DISTRICTS[*at]).ok();
        if let Some(at) = (0..DISTRICTS.len()).find(|at| parent.is_some() && of(at) == parent) {
            self.lies_in[facility] = at;
        }
        Ok(())
    }

    /// The operator no longer believes one laptop.
    pub(crate) fn revoke(&mut self, who: usize) -> Outcome {
        let revoked = self.laptops.iter().filter(|laptop| laptop.revoked).count();
        if revoked > 0 || self.centre.disk.is_off() || self.centre.hindered {
            return Ok(());
        }
        let Some(server) = self.sky.air().server.clone() else {
            return Ok(());
        };
        let Some(replica) = self.laptops[who].replica else {
            return Ok(());
        };
        match server.revoke(&replica.to_string()) {
            Ok(_) => {}
            // It has taken a new name that the server has not heard of.
            Err(server::Error::NotOne(_)) => return Ok(()),
            // The power went in the middle: it is revoked or it is not.
            Err(_) if self.centre.disk.is_off() => {
                self.pick_up()?;
                let Some(server) = self.sky.air().server.clone() else {
                    return Ok(());
                };
                let devices = server.devices().map_err(|error| error.to_string())?;
                let mut known = devices.iter().filter(|known| known.device == replica);
                if !known.any(|known| known.revoked.is_some()) {
                    return Ok(());
                }
            }
            Err(error) => return Err(format!("a laptop cannot be revoked: {error}")),
        }
        self.forget_copies_of_server();
        self.tally.count("laptops revoked");
        let name = self.laptops[who].name;
        self.note(format!("{name} ({replica}) is revoked"));
        // Copies that bear its name still are it, also those that are put into a machine later.
        self.revoked_names.insert(replica);
        for who in 0..self.laptops.len() {
            self.bears_revoked_name(who)?;
        }
        Ok(())
    }

    /// Whoever laid a name down and has not told the server before it was revoked still goes by that one there: else
    /// a stolen laptop would be believed again by taking another name.
    fn bears_revoked_name(&mut self, who: usize) -> Outcome {
        let laptop = &mut self.laptops[who];
        let laid_down = match &laptop.app {
            Some(app) => sight::of(app, |cx| sight::laid_down(cx.store()))?,
            None => None,
        };
        let mut names = laptop.replica.into_iter().chain(laid_down);
        laptop.revoked |= names.any(|name| self.revoked_names.contains(&name));
        Ok(())
    }

    /// Somebody new begins at a facility that has been at work for long.
    pub(crate) fn newcomer(&mut self) -> Outcome {
        if self.laptops.len() >= MOST_LAPTOPS || self.centre.disk.is_off() || self.centre.hindered {
            return Ok(());
        }
        let facility = self.chance.below(self.facilities.len() as u64) as usize;
        let line = self.new_line();
        let encrypted = self.laptops[0].encrypted;
        self.laptops
            .push(Laptop::new("Oumou", Post::Team(facility), line, encrypted));
        let who = self.laptops.len() - 1;
        self.forget_copies_of_server();
        self.tally.count("newcomers");
        self.note(format!("Oumou begins at {}", FACILITIES[facility]));
        // Nothing goes wrong on this day: a first start that breaks off is begun again by hand.
        self.centre.disk.cut_in(None);
        self.open(who)?;
        self.enrol(who, self.lies_in[facility])?;
        self.laptops[who].works_at = [facility].into();
        Ok(())
    }

    /// What the operator did since is not in an older copy: after such a restore it has to be done again, by hand.
    pub(crate) fn forget_copies_of_server(&mut self) {
        self.centre.copies.clear();
    }

    fn stick_folder(disk: &SimDisk) -> PathBuf {
        disk.root().join("stick")
    }

    /// Puts a stick in: its files stand on the laptop's own disk for as long.
    fn plug(&mut self, who: usize, stick: usize) -> Outcome<PathBuf> {
        let disk = &self.laptops[who].disk;
        let folder = Self::stick_folder(disk);
        let inner = folder.join("NYETAA");
        disk.create_dir_all(&inner)
            .map_err(|error| error.to_string())?;
        for (name, bytes) in &self.sticks[stick].files {
            store::Disk::write(disk, &inner.join(name), bytes)
                .map_err(|error| error.to_string())?;
        }
        Ok(folder)
    }

    fn unplug(&mut self, who: usize, stick: usize) {
        let disk = &self.laptops[who].disk;
        let inner = Self::stick_folder(disk).join("NYETAA");
        let mut files = BTreeMap::new();
        for path in disk.list(&inner).unwrap_or_default() {
            let name = path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned());
            if let (Some(name), Ok(bytes)) = (name, store::Disk::read(disk, &path)) {
                files.insert(name, bytes);
                let _ = disk.remove(&path);
            }
        }
        self.sticks[stick].files = files;
    }

    /// A courier comes by: what goes along is written, what is for this laptop is read.
    pub(crate) fn courier(&mut self, who: usize) -> Outcome {
        if self.laptops[who].hindered || self.laptops[who].disk.is_off() {
            return Ok(());
        }
        let stick = self.chance.below(self.sticks.len() as u64) as usize;
        // Nobody pulls the plug while a stick is in; that its files are whole is another test's matter.
        self.laptops[who].disk.cut_in(None);
        let name = self.laptops[who].name;
        let folder = self.plug(who, stick)?;
        let before = self.laptops[who].replica;
        let received = self.chance.one_in(2) || self.chance.one_in(2);
        if received {
            let request = json!({ "path": folder, "trust": [] });
            let answer = self.must(who, "stick_receive", request)?;
            self.note(format!("{name} reads stick {stick}: {answer}"));
            self.tally.count("sticks read");
        }
        if self.chance.one_in(3) || !received {
            let request = json!({ "path": folder, "places": null });
            let answer = self.must(who, "stick_send", request)?;
            self.note(format!("{name} writes stick {stick}: {answer}"));
            self.tally.count("sticks written");
        }
        self.renamed(who, before)?;
        self.unplug(who, stick);
        // On the way, a file may be damaged.
        if self.chance.one_in(12)
            && let Some(bytes) = self.sticks[stick].files.values_mut().next()
            && !bytes.is_empty()
        {
            let at = self.chance.below(bytes.len() as u64) as usize;
            bytes[at] ^= 1 << self.chance.below(8);
            self.tally.count("files damaged on sticks");
        }
        Ok(())
    }
}
