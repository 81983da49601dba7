//! Who holds what was acknowledged: in a log, or aside where a person can look at it.

use std::collections::BTreeSet;

use domain::ids::{RecordId, ScopeId};
use domain::registry::Kind;
use sync::log::Save;

use crate::sight::{self, Aside, At};
use crate::world::{Item, Outcome, World};

/// A value somewhere: scope, record, field's name, text.
pub type Key = (ScopeId, RecordId, &'static str, String);

pub(crate) fn key_of(item: &Item) -> Key {
    (item.scope, item.record, item.field, item.value.clone())
}

/// What lies aside, as a log is gone through.
pub(crate) fn pairs(aside: &Aside) -> impl Iterator<Item = (&At, &Save)> {
    aside.iter().map(|(at, save)| (at, save))
}

/// Every value in these saves.
pub(crate) fn values_of<'a>(saves: impl IntoIterator<Item = (&'a At, &'a Save)>) -> BTreeSet<Key> {
    let mut values = BTreeSet::new();
    for ((scope, ..), save) in saves {
        for change in &save.changes {
            let known = Kind::from_number(change.kind).and_then(|kind| kind.field(change.field));
            if let Some(field) = known {
                let text = sight::text(&change.value);
                values.insert((*scope, change.record, field.name, text));
            }
        }
    }
    values
}

impl World {
    /// Writes down who holds the watched value, whenever that changes.
    ///
    /// # Errors
    /// When a log does not read.
    pub fn watch(&mut self) -> Outcome {
        let Some((value, before)) = self.watched.clone() else {
            return Ok(());
        };
        let mut holders = String::new();
        let mut look = |name: String, log: &mut dyn Iterator<Item = (&At, &Save)>| {
            for ((_, replica, seq), save) in log {
                let texts = save.changes.iter().map(|change| sight::text(&change.value));
                if texts.into_iter().any(|text| text == value) {
                    holders.push_str(&format!(" {name}:{:.6}/{seq}", replica.to_string()));
                }
            }
        };
        for (who, laptop) in self.laptops.iter().enumerate() {
            let Some(app) = &laptop.app else { continue };
            look(
                format!("{}({who})", laptop.name),
                &mut self.log_of(who)?.iter(),
            );
            let aside = sight::of(app, |cx| sight::laptop_aside(cx.store()))?;
            look(format!("{}({who}) aside", laptop.name), &mut pairs(&aside));
        }
        let (log, aside) = sight::server_log(&self.centre)?;
        look("server".to_owned(), &mut log.iter());
        look("server aside".to_owned(), &mut pairs(&aside));
        if holders != before {
            self.note(format!("{value} is held by{holders}"));
            self.watched = Some((value, holders));
        }
        Ok(())
    }

    /// Every value in a log, or aside where a person can look at it.
    fn held_by_anybody(&self) -> Outcome<BTreeSet<Key>> {
        let (log, aside) = sight::server_log(&self.centre)?;
        let mut held = values_of(&log);
        held.extend(values_of(pairs(&aside)));
        for who in 0..self.laptops.len() {
            held.extend(values_of(&self.log_of(who)?));
        }
        held.extend(self.aside_on_laptops()?);
        Ok(held)
    }

    pub(crate) fn aside_on_laptops(&self) -> Outcome<BTreeSet<Key>> {
        let mut held = BTreeSet::new();
        for app in self.laptops.iter().filter_map(|laptop| laptop.app.as_ref()) {
            let aside = sight::of(app, |cx| sight::laptop_aside(cx.store()))?;
            held.extend(values_of(pairs(&aside)));
        }
        Ok(held)
    }

    /// Every acknowledged value that somebody holds.
    ///
    /// # Errors
    /// When one that was not lost with its only disk is held by nobody.
    pub(crate) fn held_somewhere(&self) -> Outcome<BTreeSet<Key>> {
        let held = self.held_by_anybody()?;
        match self
            .items
            .iter()
            .find(|item| !item.excused && !held.contains(&key_of(item)))
        {
            Some(item) => Err(format!("nobody holds {} any more", item.value)),
            None => Ok(held),
        }
    }

    /// After a disk was put back: what only that disk had is gone, and that is no mistake of the product's.
    pub(crate) fn excuse(&mut self, before: &BTreeSet<Key>) -> Outcome {
        for item in &mut self.items {
            if !before.contains(&key_of(item)) {
                item.excused = true;
            }
        }
        let held = self.held_by_anybody()?;
        for item in &mut self.items {
            if !item.excused && !held.contains(&key_of(item)) {
                item.excused = true;
            }
        }
        Ok(())
    }
}
