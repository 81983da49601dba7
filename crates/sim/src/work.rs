//! What people do at a laptop, each through the commands that the screen uses, and each written down as soon as it
//! is acknowledged.

use domain::registry::Kind;
use domain::value::Value;
use serde_json::{Value as Json, json};
use sync::log::Change;

use crate::air::Weather;
use crate::sight;
use crate::world::{Facility, Item, MEASURE, MONTHS, Outcome, World, id};

impl World {
    fn next(&mut self) -> u64 {
        self.written += 1;
        self.written
    }

    /// One of the places that a laptop's people work at.
    fn somewhere(&mut self, who: usize) -> Option<Facility> {
        let places: Vec<usize> = self.laptops[who].works_at.iter().copied().collect();
        if places.is_empty() {
            return None;
        }
        Some(self.facilities[*self.chance.of_these(&places)].clone())
    }

    /// Writes down what was acknowledged, and looks it up in the log at once.
    fn acknowledged(
        &mut self,
        who: usize,
        at: &Facility,
        record: &Json,
        field: &'static str,
        value: String,
    ) -> Outcome {
        let record = id(record)?;
        let laptop = &self.laptops[who];
        let Some(app) = &laptop.app else {
            return Err("a closed laptop acknowledges nothing".to_owned());
        };
        let name = laptop.name;
        let line = laptop.line;
        let (replica, waiting) = sight::of(app, |cx| (cx.store().replica(), cx.store().waiting()));
        let found = match waiting {
            Ok(waiting) => waiting.into_iter().rev().find(|(scope, _, save)| {
                *scope == at.scope
                    && save.changes.iter().any(|change| {
                        let known = Kind::from_number(change.kind)
                            .and_then(|kind| kind.field(change.field));
                        change.record == record
                            && known.is_some_and(|known| known.name == field)
                            && (sight::text(&change.value) == value || is_sealed(change))
                    })
            }),
            // The disk went after the save; what was acknowledged is looked for when it is back.
            Err(_) if laptop.disk.is_off() || laptop.hindered => None,
            Err(error) => return Err(error.to_string()),
        };
        let hindered = laptop.disk.is_off() || laptop.hindered;
        // A sealed text goes by what it was sealed to, which nobody can tell who cannot look now.
        let mut sealed = found.iter().flat_map(|(_, _, save)| &save.changes);
        let value = match sealed.find(|change| change.record == record && is_sealed(change)) {
            Some(change) => sight::text(&change.value),
            None if hindered && found.is_none() && value.starts_with(COMMENT) => return Ok(()),
            None => value,
        };
        self.note(format!("{name} saves {field} = {value}"));
        self.tally.acknowledged += 1;
        self.items.push(Item {
            scope: at.scope,
            record,
            field,
            value: value.clone(),
            line,
            by: who,
            excused: false,
        });
        match found {
            Some((scope, seq, _)) => {
                if self.given.insert((line, replica, scope, seq)) {
                    Ok(())
                } else {
                    Err(format!("{name} gave number {seq} of its stream twice"))
                }
            }
            None if hindered => Ok(()),
            None => Err(format!(
                "{name}: {value} was acknowledged and is not in the log"
            )),
        }
    }

    pub(crate) fn count(&mut self, who: usize) -> Outcome {
        let Some(at) = self.somewhere(who) else {
            return Ok(());
        };
        let month = *self.chance.of_these(&MONTHS);
        let part = *self.chance.of_these(&["numerator", "denominator"]);
        let request = json!({ "place": at.place, "until": month, "months": 1 });
        let Some(grid) = self.ask(who, "grid", request)? else {
            return Ok(());
        };
        let rows = grid["rows"].as_array().cloned().unwrap_or_default();
        let shown = rows
            .iter()
            .find(|row| row["indicator"]["code"] == MEASURE)
            .map_or(Json::Null, |row| row["cells"][0].clone());
        let number = self.next();
        let mut edit = json!({
            "indicator": MEASURE, "period": month, "numerator": null, "denominator": null,
            "no_data": null, "explanation": null,
        });
        edit[part] = json!({ "typed": number.to_string(), "seen": shown["seen"][part] });
        let request = json!({ "place": at.place, "cells": [edit], "reason": "recompté" });
        match self.ask(who, "save_cells", request)? {
            Some(saved) => {
                self.acknowledged(who, &at, &saved[0]["record"], part, number.to_string())
            }
            None => Ok(()),
        }
    }

    pub(crate) fn word_of_cycle(&mut self, who: usize) -> Outcome {
        let Some(at) = self.somewhere(who) else {
            return Ok(());
        };
        let known = if self.laptops[who].older { 1 } else { 2 };
        let field = *self.chance.of_these(&["cause", "problem"][..known]);
        let Some(shown) = self.ask(who, "cycle", json!({ "id": at.cycle }))? else {
            return Ok(());
        };
        let text = format!("mot {}", self.next());
        let seen = &shown["cycle"]["meta"]["seen"][field];
        let edits = json!([{ "field": field, "value": text, "seen": seen }]);
        let request = json!({ "id": at.cycle, "edits": edits, "reason": null });
        match self.ask(who, "save_cycle", request)? {
            Some(_) => self.acknowledged(who, &at, &at.cycle, field, text),
            None => Ok(()),
        }
    }

    fn ideas(&mut self, who: usize, at: &Facility) -> Outcome<Vec<Json>> {
        let cycle = self.ask(who, "cycle", json!({ "id": at.cycle }))?;
        let ideas = cycle.map(|cycle| cycle["ideas"].as_array().cloned().unwrap_or_default());
        Ok(ideas.unwrap_or_default())
    }

    pub(crate) fn idea(&mut self, who: usize) -> Outcome {
        let Some(at) = self.somewhere(who) else {
            return Ok(());
        };
        let ideas = self.ideas(who, &at)?;
        let shown = if ideas.is_empty() || self.chance.one_in(5) {
            Json::Null
        } else {
            self.chance.of_these(&ideas).clone()
        };
        let text = format!("idée {}", self.next());
        let seen = &shown["meta"]["seen"]["text"];
        let edits = json!([{ "field": "text", "value": text, "seen": seen }]);
        let request =
            json!({ "id": shown["meta"]["id"], "cycle": at.cycle, "edits": edits, "reason": null });
        match self.ask(who, "save_idea", request)? {
            Some(saved) => self.acknowledged(who, &at, &saved["id"], "text", text),
            None => Ok(()),
        }
    }

    pub(crate) fn delete_or_restore(&mut self, who: usize) -> Outcome {
        let Some(at) = self.somewhere(who) else {
            return Ok(());
        };
        let ideas = self.ideas(who, &at)?;
        if ideas.is_empty() {
            return Ok(());
        }
        let id = self.chance.of_these(&ideas)["meta"]["id"].clone();
        let name = self.laptops[who].name;
        self.note(format!("{name} deletes an idea"));
        self.tally.count("deletions");
        let request = json!({ "kind": "idea", "id": id, "reason": null });
        if self.ask(who, "delete_record", request)?.is_some() && self.chance.one_in(3) {
            self.ask(who, "restore_record", json!({ "kind": "idea", "id": id }))?;
        }
        Ok(())
    }

    pub(crate) fn comment(&mut self, who: usize) -> Outcome {
        if self.laptops[who].older {
            return Ok(());
        }
        let Some(at) = self.somewhere(who) else {
            return Ok(());
        };
        let text = format!("{COMMENT}{}", self.next());
        let request = json!({ "id": null, "about": at.cycle, "text": text, "seen": null });
        match self.ask(who, "save_comment", request)? {
            Some(saved) => self.acknowledged(who, &at, &saved["id"], "said", text),
            None => Ok(()),
        }
    }

    pub(crate) fn settle(&mut self, who: usize) -> Outcome {
        let Some(reviews) = self.ask(who, "reviews", json!({}))? else {
            return Ok(());
        };
        let mut open = reviews.as_array().cloned().unwrap_or_default();
        // The other figure of a cell stands beside the one in question, to be read.
        open.retain(|field| {
            field["values"]
                .as_array()
                .is_some_and(|values| values.len() > 1)
        });
        if self.laptops[who].older {
            open.retain(|open| open["kind"] != "comment" && open["field"] != "problem");
        }
        if open.is_empty() {
            return Ok(());
        }
        let open = self.chance.of_these(&open).clone();
        let values = open["values"].as_array().cloned().unwrap_or_default();
        let value = self.chance.of_these(&values)["text"].clone();
        let value = if value == "" { Json::Null } else { value };
        let seen: Vec<Json> = values.iter().map(|value| value["token"].clone()).collect();
        let name = self.laptops[who].name;
        self.note(format!("{name} settles {} = {value}", open["field"]));
        self.tally.count("conflicts settled");
        let request = json!({
            "kind": open["kind"], "record": open["record"], "reason": null, "undo": false,
            "parts": [{ "field": open["field"], "value": value, "seen": seen }],
        });
        self.ask(who, "settle", request).map(drop)
    }

    /// Whoever wrote it is told that the server has put it aside.
    pub(crate) fn told_of_scope(&self, state: &Json) -> bool {
        let last = &state["last"];
        last["code"] == "segment-refused"
            && last["params"]["reason"] == "scope"
            && self.forgets_grants()
    }

    /// A server that was put back may have forgotten by which grant, or under which earlier name of the laptop, something was
    /// written at a facility that has moved since: it lies aside for the operator.
    pub(crate) fn forgets_grants(&self) -> bool {
        self.moved && self.centre.restored > 0
    }

    /// A laptop by its people, its number and the name that it has in the log: copies of one bear the same.
    pub(crate) fn whose(&self, who: usize) -> String {
        let laptop = &self.laptops[who];
        let replica = laptop.replica.map(|replica| replica.to_string());
        let replica: String = replica.unwrap_or_default().chars().take(6).collect();
        format!("{} ({who}, {replica})", laptop.name)
    }

    pub(crate) fn exchange(&mut self, who: usize) -> Outcome {
        let weather = *self.chance.of_these(&[
            Weather::Fair,
            Weather::Fair,
            Weather::Rough,
            Weather::Rough,
            Weather::Rough,
            Weather::Down,
        ]);
        self.sky.turn(who, weather);
        self.tally.count("exchanges");
        let before = self.laptops[who].replica;
        let astray = self.lead_astray(who);
        let state = self.ask(who, "sync_now", json!({}))?;
        self.sky.air().astray = None;
        let name = self.whose(who);
        self.note(match &state {
            Some(state) => format!("{name} exchanges in {weather:?} weather: {}", state["last"]),
            None => format!("{name} exchanges in {weather:?} weather and its disk fails"),
        });
        if astray {
            self.note(format!("{name} was led to the stolen server"));
        }
        let Some(state) = state else { return Ok(()) };
        self.renamed(who, before)?;
        let laptop = &mut self.laptops[who];
        if astray {
            if state["last"]["ok"] == true {
                // What the thief says that it holds is worth nothing.
                laptop.met_server = 0;
                self.tally.count("exchanges with a stolen server");
            } else {
                self.tally
                    .count("stolen servers not believed, or not reached");
            }
            return Ok(());
        }
        let excused = weather != Weather::Fair
            || laptop.hindered
            || laptop.disk.is_off()
            || self.centre.hindered
            || self.centre.disk.is_off();
        // A copy is kept waiting while the other one's request stands in its place.
        let waits_turn = laptop.touched && state["last"]["code"] == "server-busy";
        if state["last"]["ok"] == true {
            laptop.met_server = self.step;
            laptop.suspected = false;
            if !laptop.revoked {
                self.laptops[who].works_at = self.reach(who);
            }
        } else if !(excused || laptop.revoked || waits_turn || self.told_of_scope(&state)) {
            let aside = self.aside()?;
            let streams = match &self.laptops[who].app {
                Some(app) => sight::of(app, |cx| sight::behind(cx.store()))?.join("\n  "),
                None => String::new(),
            };
            return Err(format!(
                "{name} could not exchange: {}{aside}\n  {streams}",
                state["last"]
            ));
        }
        Ok(())
    }
}

/// What a comment begins with.
const COMMENT: &str = "avis ";

fn is_sealed(change: &Change) -> bool {
    matches!(change.value, Value::Sealed { .. })
}
