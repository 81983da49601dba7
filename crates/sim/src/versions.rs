//! Laptops of an older version: they do not know some kinds and fields that others write, keep them and hand them on, and
//! show them after the upgrade with nothing fetched again.

#[cfg(feature = "faults")]
use domain::registry::{CycleField, Kind};

use crate::checks::difference;
use crate::sight;
use crate::world::{Outcome, World};

/// What the older version does not know: one kind, and one field of another.
#[cfg(feature = "faults")]
const UNKNOWN: [(u16, Option<u16>); 2] = [
    (Kind::Comment as u16, None),
    (Kind::Cycle as u16, Some(CycleField::Problem as u16)),
];

/// From now on a laptop of the older version speaks, or one of the newest again.
#[cfg(feature = "faults")]
pub fn play(older: bool) {
    sync::fault::read_without(if older { &UNKNOWN } else { &[] });
}

/// A build that plants nothing has no older version.
#[cfg(not(feature = "faults"))]
pub fn play(_: bool) {}

impl World {
    /// A laptop that never had the newest version.
    pub(crate) fn make_older(&mut self, who: usize) -> Outcome {
        if !cfg!(feature = "faults") {
            return Ok(());
        }
        self.laptops[who].older = true;
        self.tally.count("laptops of an older version");
        self.reopen(who)?;
        play(true);
        let emptied = match &self.laptops[who].app {
            Some(app) => sight::of(app, |cx| cx.store().rebuild(cx.now_ms))
                .map_err(|error| error.to_string()),
            None => Ok(()),
        };
        play(false);
        emptied
    }

    /// A laptop gets the newest version: what it kept without knowing it stands in its tables at once, as if it had
    /// known it from the beginning.
    ///
    /// # Errors
    /// When it does not.
    pub(crate) fn upgrade(&mut self, who: usize) -> Outcome {
        let was_older = std::mem::take(&mut self.laptops[who].older);
        self.reopen(who)?;
        if !was_older {
            return Ok(());
        }
        self.tally.count("laptops upgraded");
        let name = self.laptops[who].name;
        self.note(format!("{name} has the newest version"));
        let Some(app) = &self.laptops[who].app else {
            return Ok(());
        };
        let tables = || {
            let all = self
                .facilities
                .iter()
                .map(|facility| sight::of(app, |cx| sight::tables(cx.store(), facility.scope)));
            all.collect::<Outcome<Vec<_>>>()
        };
        let before = tables()?;
        sight::of(app, |cx| cx.store().rebuild(cx.now_ms)).map_err(|error| error.to_string())?;
        for (kept, known) in before.iter().zip(&tables()?) {
            if kept != known {
                return Err(format!(
                    "{name} does not show after the upgrade what it kept before:\n{}",
                    difference(kept, known)
                ));
            }
        }
        Ok(())
    }
}
