//! The server is stolen and goes on elsewhere under its key; by the word of the heir that lies in a safe another one
//! stands in its place, which laptops follow at their next contact or by stick.

use server::Server;
use simdisk::Chance;
use sync::key::KeyPair;

use crate::ground::Centre;
use crate::world::{Outcome, World};

/// How often in one world.
const MOST: u64 = 4;
/// How it is counted.
const REPLACED: &str = "stolen servers replaced by their heir";

impl World {
    /// The operator names the heir, on the first day.
    pub(crate) fn name_heir(&mut self) -> Outcome<[u8; 32]> {
        let safe = tempfile::tempdir().map_err(|error| error.to_string())?;
        let file = safe.path().join("heir");
        let server = self.sky.air().server.clone().ok_or("there is no server")?;
        let named = server.name_heir(&file, None, None);
        named.map_err(|error| format!("no heir is named: {error}"))?;
        let heir = server::read_heir(&file, &server::no_passphrase);
        Ok(heir.map_err(|error| error.to_string())?.secret())
    }

    /// Somebody takes the server as it is and goes on with it. The operator puts a copy of it onto another machine, or goes on with the
    /// database that is there, and gives it another key.
    pub(crate) fn replace_server(&mut self) -> Outcome {
        let replaced = self.tally.happened.get(REPLACED).copied().unwrap_or(0);
        if self.centre.disk.is_off() || self.centre.hindered || replaced >= MOST {
            return Ok(());
        }
        let Some(server) = self.sky.air().server.clone() else {
            return Ok(());
        };
        let old = server.public_key().map_err(|error| error.to_string())?;
        drop(server);
        // While it is open: a closed one cannot be read without being changed.
        let before = self.held_somewhere()?;
        self.sky.air().server = None;
        self.tally.count(REPLACED);
        self.note("the server is stolen");
        self.sky.forget_late();
        self.thief = Centre::default();
        self.thief.disk.put(&self.centre.disk.image());
        let chance = Chance::of(self.chance.bits());
        let thief = self.thief.open(&self.time, chance);
        let thief = thief.map_err(|error| format!("the stolen server does not open: {error}"))?;
        self.sky.air().thief = Some(thief);

        self.centre.disk.cut_in(None);
        if !self.centre.copies.is_empty() && self.chance.one_in(2) {
            let at = self.chance.below(self.centre.copies.len() as u64) as usize;
            self.centre.disk.put(&self.centre.copies[at].clone());
            self.note("a copy of it is put onto another machine");
        }
        self.centre.restored = self.step;
        // The power may go in the middle: then there is another key, or it is done again.
        if self.chance.one_in(2) {
            self.threaten_server();
        }
        let heir = KeyPair::from_secret(&self.heir);
        loop {
            let around = {
                let chance = Chance::of(self.chance.bits());
                self.centre.surroundings(&self.time, chance)
            };
            let done = Server::succeed(&around, &heir);
            let cut = self.centre.disk.is_off();
            match done {
                Ok(_) => {}
                Err(_) if cut => self.tally.count("successions that a power cut broke off"),
                Err(error) => return Err(format!("the heir does not succeed: {error}")),
            }
            if cut {
                self.pick_up()?;
            } else {
                self.centre.disk.cut_in(None);
                self.start_server()?;
            }
            let server = self.sky.air().server.clone().ok_or("there is no server")?;
            let now = server.public_key().map_err(|error| error.to_string())?;
            if now != old {
                break;
            }
            drop(server);
            self.sky.air().server = None;
            self.centre.disk.cut_in(None);
        }
        self.note("another server stands in its place");
        // With an older one the old key would come back.
        self.forget_copies_of_server();
        for facility in 0..self.facilities.len() {
            self.ask_where(facility)?;
        }
        self.excuse(&before)
    }

    /// Whether a laptop is led to the stolen server this time.
    pub(crate) fn lead_astray(&mut self, who: usize) -> bool {
        let led = self.sky.air().thief.is_some() && self.chance.one_in(4);
        self.sky.air().astray = led.then_some(who);
        led
    }
}
