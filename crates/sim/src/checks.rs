//! What must hold when all faults are healed and nothing moves any more.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::ScopeId;
use domain::registry::{DELETED, Kind};

use crate::holders::{key_of, pairs, values_of};
use crate::sight;
use crate::world::{Item, Outcome, World};

impl World {
    /// Whether this laptop's people may see a scope.
    fn may_see(&self, who: usize, scope: ScopeId) -> bool {
        let facility = (0..)
            .zip(&self.facilities)
            .find(|(_, facility)| facility.scope == scope);
        match facility {
            Some((at, _)) => self.reach(who).contains(&at),
            // District, region and nation.
            None => true,
        }
    }

    /// Those that the server believes.
    fn believed(&self) -> Vec<usize> {
        (0..self.laptops.len())
            .filter(|who| !self.laptops[*who].revoked)
            .collect()
    }

    fn is_shared(&self, scope: ScopeId) -> bool {
        self.facilities
            .iter()
            .any(|facility| facility.scope == scope)
    }

    /// Compares everybody with everybody, and with what was acknowledged.
    ///
    /// # Errors
    /// What does not hold.
    pub fn check(&mut self) -> Outcome {
        let server = self.sky.air().server.clone().ok_or("there is no server")?;
        let report = server.check().map_err(|error| error.to_string())?;
        if !report.ok {
            return Err(format!("the server's own check fails: {report:?}"));
        }
        let (log, aside) = sight::server_log(&self.centre)?;
        self.same_logs(&log, &aside)?;
        self.same_tables()?;
        self.within_grants()?;
        self.nothing_lost(&log, &aside)?;
        self.losers_kept(&server)?;
        self.rows_follow_from_the_log()
    }

    /// Every laptop holds of each scope it may see exactly what the server holds, save by save; beyond that only what lies
    /// aside there and could not be let in.
    fn same_logs(&self, server: &sight::Log, aside: &sight::Aside) -> Outcome {
        for who in self.believed() {
            let log = self.log_of(who)?;
            // What was saved before enrolment at a place that turned out to be another one never leaves the laptop.
            for (at, save) in log.iter().filter(|(at, _)| self.is_shared(at.0)) {
                match server.get(at) {
                    Some(known) if known == save => {}
                    Some(_) => {
                        return Err(format!(
                            "{:?}: number {} of {} is two saves",
                            self.laptops[who], at.2, at.1
                        ));
                    }
                    None if pairs(aside).any(|kept| kept == (at, save)) => {}
                    None => {
                        return Err(format!(
                            "the server lacks number {} of {}, which {:?} holds",
                            at.2, at.1, self.laptops[who]
                        ));
                    }
                }
            }
            for at in server.keys().filter(|at| self.is_shared(at.0)) {
                if self.may_see(who, at.0) && !log.contains_key(at) {
                    return Err(format!(
                        "{:?} lacks number {} of {}",
                        self.laptops[who], at.2, at.1
                    ));
                }
            }
        }
        Ok(())
    }

    fn same_tables(&self) -> Outcome {
        for facility in &self.facilities {
            let mut first: Option<(usize, Vec<String>)> = None;
            for who in self.believed() {
                let Some(app) = self.laptops[who]
                    .app
                    .as_ref()
                    .filter(|_| self.may_see(who, facility.scope))
                else {
                    continue;
                };
                let tables = sight::of(app, |cx| sight::tables(cx.store(), facility.scope))?;
                match &first {
                    None => first = Some((who, tables)),
                    Some((other, known)) if *known != tables => {
                        return Err(format!(
                            "{} and {} differ:\n{}  {}",
                            self.whose(*other),
                            self.whose(who),
                            difference(known, &tables),
                            sight::of(app, |cx| sight::behind(cx.store()))?.join("\n  ")
                        ));
                    }
                    Some(_) => {}
                }
            }
        }
        Ok(())
    }

    fn within_grants(&self) -> Outcome {
        for who in self.believed() {
            let laptop = &self.laptops[who];
            let Some(app) = &laptop.app else { continue };
            let held = sight::of(app, |cx| sight::scopes_held(cx.store()))?;
            if let Some(scope) = held.iter().find(|scope| !self.may_see(who, **scope)) {
                return Err(format!(
                    "{laptop:?} holds data of {scope}, which it may not see"
                ));
            }
        }
        Ok(())
    }

    /// Every acknowledged change is in the log of everybody who may see it, and in one record.
    ///
    /// Only where a laptop was put back, or is no longer believed, may it lie aside instead: another past of the laptop has
    /// taken its numbers, nobody can sign it anew, and a person reads it there. Everything that can be let in was let in.
    fn nothing_lost(&mut self, server: &sight::Log, aside: &sight::Aside) -> Outcome {
        let on_server = values_of(server);
        let mut lies_aside = values_of(pairs(aside));
        lies_aside.extend(self.aside_on_laptops()?);
        let may_lie_aside = |item: &Item| {
            let by = &self.laptops[item.by];
            (item.line != by.line || by.revoked) && lies_aside.contains(&key_of(item))
        };
        self.tally.aside = 0;
        for item in self.items.iter().filter(|item| !item.excused) {
            if on_server.contains(&key_of(item)) {
                continue;
            }
            if !may_lie_aside(item) {
                return Err(format!(
                    "{} of {:?} is not on the server",
                    item.value, self.laptops[item.by]
                ));
            }
            self.tally.aside += 1;
        }
        for who in self.believed() {
            let held = values_of(&self.log_of(who)?);
            for item in self.items.iter().filter(|item| !item.excused) {
                let key = key_of(item);
                if !on_server.contains(&key) {
                    continue;
                }
                if self.may_see(who, item.scope) && !held.contains(&key) {
                    return Err(format!(
                        "{} of {:?} is not on {:?}",
                        item.value, self.laptops[item.by], self.laptops[who]
                    ));
                }
            }
        }
        // Texts are unlike each other, so a value in two records is one save that was doubled.
        let mut records: BTreeMap<(&str, &String), BTreeSet<_>> = BTreeMap::new();
        for (_, record, field, value) in &on_server {
            if matches!(*field, "text" | "said" | "cause" | "problem") {
                records.entry((field, value)).or_default().insert(*record);
            }
        }
        for item in &self.items {
            if records
                .get(&(item.field, &item.value))
                .is_some_and(|records| records.len() > 1)
            {
                return Err(format!("{} stands in two records", item.value));
            }
        }
        self.tally.excused = self.items.iter().filter(|item| item.excused).count() as u64;
        Ok(())
    }

    /// What the tables show and keep for review is what no later change has seen, no more and no less.
    fn losers_kept(&self, server: &server::Server) -> Outcome {
        for who in self.believed() {
            let laptop = &self.laptops[who];
            let Some(app) = &laptop.app else { continue };
            let log = sight::that_shows(self.log_of(who)?)
                .map_err(|wrong| format!("{laptop:?}: {wrong}"))?;
            for (field, values) in sight::standing(&log) {
                let (scope, kind, record, number) = field;
                if Kind::from_number(kind).is_none() || number == DELETED.number {
                    continue;
                }
                let distinct =
                    |values: &mut dyn Iterator<Item = String>| values.collect::<BTreeSet<_>>();
                let expected = distinct(&mut values.iter().map(|(_, value)| format!("{value:?}")));
                let kept = sight::of(app, |cx| sight::kept(cx.store(), field))?;
                let kept = distinct(&mut kept.iter().map(|value| format!("{value:?}")));
                if kept != expected {
                    return Err(format!(
                        "{laptop:?}: field {number} of {record} should keep {expected:?} and keeps {kept:?}"
                    ));
                }
                if !self.is_shared(scope) {
                    continue;
                }
                let heads = server
                    .heads(scope, kind, record, number)
                    .map_err(|error| error.to_string())?;
                let heads = distinct(&mut heads.iter().map(|head| format!("{:?}", head.value)));
                if heads != expected {
                    return Err(format!(
                        "the server: field {number} of {record} should keep {expected:?} and keeps {heads:?}"
                    ));
                }
            }
        }
        Ok(())
    }

    fn rows_follow_from_the_log(&self) -> Outcome {
        for laptop in &self.laptops {
            let Some(app) = &laptop.app else { continue };
            let tables = || {
                let all = self
                    .facilities
                    .iter()
                    .map(|facility| sight::of(app, |cx| sight::tables(cx.store(), facility.scope)));
                all.collect::<Outcome<Vec<_>>>()
            };
            let before = tables()?;
            sight::of(app, |cx| cx.store().rebuild(cx.now_ms))
                .map_err(|error| error.to_string())?;
            let after = tables()?;
            for (before, after) in before.iter().zip(&after) {
                if before != after {
                    return Err(format!(
                        "{laptop:?}: the log says other than the tables:\n{}",
                        difference(before, after)
                    ));
                }
            }
        }
        Ok(())
    }
}

pub(crate) fn difference(one: &[String], other: &[String]) -> String {
    let (a, b): (BTreeSet<_>, BTreeSet<_>) = (one.iter().collect(), other.iter().collect());
    let lines = a.symmetric_difference(&b).take(4).map(|line| {
        let side = if a.contains(*line) { "-" } else { "+" };
        format!("  {side} {line}\n")
    });
    lines.collect()
}
