//! How a world ends: all faults are healed, everybody exchanges until nothing moves, and a person lets in what was kept
//! aside and can be let in.

use serde_json::json;

use crate::air::Weather;
use crate::ground::Laptop;
use crate::sight;
use crate::world::{Outcome, World};

impl World {
    /// All faults are healed and every laptop has the newest version; an error when something does not open again.
    pub fn heal(&mut self) -> Outcome {
        self.sky.forget_late();
        self.sky.air().thief = None;
        self.centre.disk.cut_in(None);
        self.pick_up()?;
        self.centre.help();
        if self.sky.air().server.is_none() {
            self.start_server()?;
        }
        for who in 0..self.laptops.len() {
            self.upgrade(who)?;
        }
        let fates = self.sky.air().fates;
        self.tally.fates(fates);
        Ok(())
    }

    /// Everybody exchanges in fair weather until nothing moves any more; an error when it does not come to rest.
    pub fn quiet(&mut self) -> Outcome {
        let mut said = String::new();
        for _ in 0..12 {
            let mut moved = false;
            // Something may be put aside only now.
            let waits_for_person = !self.let_in && !sight::put_aside(&self.centre)?.is_empty();
            for who in 0..self.laptops.len() {
                self.sky.turn(who, Weather::Fair);
                if self.laptops[who].revoked {
                    // It sends what it has; nothing is promised to it.
                    self.ask(who, "sync_now", json!({}))?;
                    self.watch()?;
                    continue;
                }
                let before = self.laptops[who].replica;
                let state = self.must(who, "sync_now", json!({}))?;
                self.renamed(who, before)?;
                self.laptops[who].met_server = self.step;
                self.laptops[who].suspected = false;
                self.watch()?;
                let last = &state["last"];
                self.note(format!("{} at rest: {last}", self.whose(who)));
                // What is held may wait for what lies aside, until a person has let that in.
                let held = state["held"] != 0 && !waits_for_person;
                let unsent = last["ok"] != true || state["waiting_saves"] != 0;
                if unsent && (self.let_in || !self.told_of_scope(&state))
                    || last["sent"] != 0
                    || last["received"] != 0
                    || held
                {
                    moved = true;
                    said = format!(
                        "{:?}: {last}, {} waiting, {} held",
                        self.laptops[who], state["waiting_saves"], state["held"]
                    );
                }
            }
            if !moved {
                return Ok(());
            }
        }
        for (who, laptop) in self.laptops.iter().enumerate() {
            let Some(app) = &laptop.app else { continue };
            for wait in
                sight::of(app, |cx| cx.store().waits()).map_err(|error| error.to_string())?
            {
                said.push_str(&format!("\n  {laptop:?} ({who}) {wait:?}"));
            }
        }
        for (who, laptop) in self.laptops.iter().enumerate() {
            said.push_str(&format!("\n  {laptop:?} ({who}) is {:?}", laptop.replica));
            let Some(app) = &laptop.app else { continue };
            for behind in sight::of(app, |cx| sight::behind(cx.store()))? {
                said.push_str(&format!("\n    {behind}"));
            }
        }
        said.push_str(&self.aside()?);
        Err(format!("it does not come to rest; last {said}"))
    }

    /// The operator looks at what was kept aside and lets all of it in that can be. What stays has numbers that are taken,
    /// or comes after such.
    ///
    /// # Errors
    /// When something is refused for another reason.
    pub fn let_in(&mut self) -> Outcome {
        let server = self.sky.air().server.clone().ok_or("there is no server")?;
        let touched = |laptop: &Laptop| laptop.touched || laptop.revoked;
        let mut lies = sight::put_aside(&self.centre)?;
        lies.retain(|(reason, ..)| reason != "scope" || !self.forgets_grants());
        if !self.laptops.iter().any(touched) && !lies.is_empty() {
            let aside = self.aside()?;
            return Err(format!(
                "the server put segments aside that nobody had touched{aside}"
            ));
        }
        loop {
            let mut some = false;
            let mut lies = server.aside().map_err(|error| error.to_string())?;
            lies.sort_by_key(|one| (one.device, one.first));
            for one in lies {
                match server.release(&one.id) {
                    Ok(()) => {
                        self.tally.count("segments let in by a person");
                        self.watch()?;
                        some = true;
                    }
                    Err(server::Error::NotReleased(why)) => {
                        self.note(format!("what was aside for {} stays: {why}", one.reason));
                    }
                    Err(error) => return Err(format!("a segment is not let in: {error}")),
                }
            }
            if !some {
                self.let_in = true;
                return Ok(());
            }
        }
    }
}
