//! Whatever three people do in whatever order over whatever network: at the end all see the same, and nothing that
//! was acknowledged is lost or doubled. `SEED=` runs one seed again.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail"
)]

use std::collections::{BTreeMap, BTreeSet};

use app::sealed::SealedField;
use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::registry::{IdeaField, Kind};
use nyetaa_tests::{
    Centre, Chance, Laptop, Network, Time, Weather, coach_of, facility_in, seeds, texts,
};
use serde_json::{Value as Json, json};
use sync::log::{Change, SaveKind};

/// Long past on every clock of the test, so that no laptop takes them for months to come.
const MONTHS: [&str; 4] = ["2012-01", "2012-02", "2012-03", "2012-04"];
const STEPS: u32 = 180;

struct World {
    chance: Chance,
    centre: Centre,
    laptops: Vec<(Laptop, Network)>,
    place: Json,
    cycle: Json,
    /// Counts everything written, so that each text and number is unlike every other.
    written: u64,
    /// What commands acknowledged: record, field and value, and by whom.
    acknowledged: Vec<(Json, &'static str, String, ReplicaId)>,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut chance = Chance::of(seed);
        let time = Time::default();
        let centre = Centre::open(&time);
        let mut laptops = Vec::new();
        for name in ["Awa", "Binta", "Issa"] {
            let clock = time.apart();
            clock.days(chance.below(7300) as i64 - 3650);
            let laptop = Laptop::new(&clock);
            let network = Network::to(centre.socket());
            let code = if name == "Issa" {
                laptop.begin_coach("Sélingué", name);
                centre.invite(&coach_of("Sélingué"))
            } else {
                laptop.begin_facility("CSCom de Kangaré", "Sélingué", name, "lead");
                centre.invite(&facility_in("Sélingué", "CSCom de Kangaré"))
            };
            laptop.enrol_by(&network.address(), &code);
            laptops.push((laptop, network));
        }
        let place = laptops[0].0.home();
        let cycle = laptops[0]
            .0
            .start_cycle(&place, "anc-four-contacts", "mnch");
        for who in [0, 1, 2] {
            laptops[who].0.sync();
        }
        Self {
            chance,
            centre,
            laptops,
            place,
            cycle,
            written: 0,
            acknowledged: Vec::new(),
        }
    }

    fn step(&mut self) {
        let who = self.chance.below(3) as usize;
        match self.chance.below(20) {
            0..=6 => self.count(who),
            7..=8 => self.word_of_cycle(who),
            9..=10 => self.idea(who),
            11 => self.delete_or_restore(who),
            12 => self.comment(who),
            13 => self.settle(who),
            14 => {
                let days = self.chance.below(800) as i64 - 400;
                self.laptops[who].0.time.days(days);
            }
            15 if self.chance.one_in(4) => {
                self.laptops[who].0.reopen();
            }
            16 if self.chance.one_in(8) => {
                self.centre.stop();
                self.centre.start();
            }
            _ => self.exchange(who),
        }
    }

    fn next(&mut self) -> u64 {
        self.written += 1;
        self.written
    }

    fn laptop(&self, who: usize) -> &Laptop {
        &self.laptops[who].0
    }

    fn note(&mut self, who: usize, record: Json, field: &'static str, value: String) {
        let replica = self.laptop(who).replica();
        self.acknowledged.push((record, field, value, replica));
    }

    fn count(&mut self, who: usize) {
        let month = *self.chance.of_these(&MONTHS);
        let number = self.next();
        let part = *self.chance.of_these(&["numerator", "denominator"]);
        let shown = self.laptop(who).cell(&self.place, "MNCH-02", month);
        let mut edit = json!({
            "indicator": "MNCH-02", "period": month, "numerator": null, "denominator": null,
            "no_data": null, "explanation": null,
        });
        edit[part] = json!({ "typed": number.to_string(), "seen": shown["seen"][part] });
        let request = json!({ "place": self.place, "cells": [edit], "reason": "recompté" });
        self.laptop(who).call("save_cells", request);
        self.note(who, shown["record"].clone(), part, number.to_string());
    }

    fn word_of_cycle(&mut self, who: usize) {
        let field = *self.chance.of_these(&["cause", "problem"]);
        let text = format!("mot {}", self.next());
        self.laptop(who)
            .edit_cycle(&self.cycle, json!({ field: text }));
        self.note(who, self.cycle.clone(), field, text);
    }

    fn idea(&mut self, who: usize) {
        let ideas = self.laptop(who).cycle(&self.cycle)["ideas"].clone();
        let ideas = ideas.as_array().unwrap();
        let shown = if ideas.is_empty() || self.chance.one_in(6) {
            Json::Null
        } else {
            self.chance.of_these(ideas).clone()
        };
        let text = format!("idée {}", self.next());
        let id = self
            .laptop(who)
            .part("save_idea", &self.cycle, &shown, json!({ "text": text }));
        self.note(who, id, "text", text);
    }

    fn delete_or_restore(&mut self, who: usize) {
        let ideas = self.laptop(who).cycle(&self.cycle)["ideas"].clone();
        let ideas = ideas.as_array().unwrap();
        if ideas.is_empty() {
            return;
        }
        let id = self.chance.of_these(ideas)["meta"]["id"].clone();
        self.laptop(who).call(
            "delete_record",
            json!({ "kind": "idea", "id": id, "reason": null }),
        );
        if self.chance.one_in(3) {
            self.laptop(who)
                .call("restore_record", json!({ "kind": "idea", "id": id }));
        }
    }

    fn comment(&mut self, who: usize) {
        let text = format!("avis {}", self.next());
        let request = json!({ "id": null, "about": self.cycle, "text": text, "seen": null });
        let id = self.laptop(who).call("save_comment", request)["id"].clone();
        self.note(who, id, "said", text);
    }

    fn settle(&mut self, who: usize) {
        let open = self.laptop(who).open_fields();
        let open = open.as_array().unwrap();
        if open.is_empty() {
            return;
        }
        let open = self.chance.of_these(open).clone();
        let values = texts(&open["values"], "text");
        let value = match self.chance.of_these(&values).as_str() {
            "" => Json::Null,
            text => json!(text),
        };
        let request = json!({
            "kind": open["kind"], "record": open["record"], "reason": null, "undo": false,
            "parts": [{ "field": open["field"], "value": value, "seen": texts(&open["values"], "token") }],
        });
        self.laptop(who).call("settle", request);
    }

    fn exchange(&mut self, who: usize) {
        let weather = match self.chance.below(6) {
            0 => Weather::Down,
            1 => Weather::CutUp(self.chance.below(3_000)),
            2 => Weather::CutDown(self.chance.below(3_000)),
            _ => Weather::Fair,
        };
        let (laptop, network) = &self.laptops[who];
        network.turn(weather);
        let last = laptop.call("sync_now", json!({}))["last"].clone();
        assert!(
            last["ok"] == true
                || (weather != Weather::Fair && last["code"] == "server-unreachable"),
            "{weather:?}: {last}"
        );
    }

    fn settle_down(&mut self) {
        for (_, network) in &self.laptops {
            network.turn(Weather::Fair);
        }
        for _ in 0..2 {
            for (laptop, _) in &self.laptops {
                let state = laptop.sync();
                assert_eq!(
                    (&state["waiting_saves"], &state["held"]),
                    (&json!(0), &json!(0))
                );
            }
        }
    }

    /// Everything that a laptop shows of the shared place.
    fn sight(&self, laptop: &Laptop) -> Json {
        let mut cycle = laptop.cycle(&self.cycle);
        let cells: Vec<Json> = MONTHS
            .iter()
            .map(|month| laptop.cell(&self.place, "MNCH-02", month))
            .collect();
        let history: Vec<Json> = MONTHS
            .iter()
            .map(|month| {
                laptop.call(
                    "cell_history",
                    json!({ "place": self.place, "indicator": "MNCH-02", "period": month }),
                )
            })
            .collect();
        cycle["writable"] = Json::Null;
        let mut sight = json!({
            "cycle": cycle, "cells": cells, "history": history, "open": laptop.open_fields(),
        });
        // Whose clock was far ahead is each laptop's own judgement at the moment of arrival.
        forget(&mut sight, "uncertain");
        sight
    }

    fn scope(&self) -> ScopeId {
        id(&self.place).as_scope()
    }

    /// Every save of the scope, oldest first, out of the segments themselves.
    fn whole_log(&self, laptop: &Laptop) -> Vec<(ReplicaId, u64, sync::log::Save)> {
        let scopes = BTreeSet::from([self.scope()]);
        let segments = laptop.app().with(|cx| {
            cx.store().seal(&scopes).unwrap();
            let nothing = sync::vector::Vector::new();
            cx.store().beyond(&nothing, &scopes, usize::MAX).unwrap()
        });
        let mut whole = Vec::new();
        for bytes in segments {
            let read = sync::segment::read(&bytes).unwrap();
            let header = read.header().clone();
            let numbered = (header.first_seq..).zip(read.saves().unwrap());
            whole.extend(numbered.map(|(seq, save)| (header.replica, seq, save)));
        }
        whole.sort_by_key(|(replica, seq, save)| (save.hlc, *replica, *seq));
        whole
    }

    /// What a change says, to whoever sits at `laptop`.
    fn words(&self, laptop: &Laptop, change: &Change) -> String {
        let at = SealedField {
            scope: self.scope(),
            kind: Kind::from_number(change.kind).unwrap(),
            record: change.record,
            field: change.field,
        };
        laptop.app().with(|cx| cx.plain(at, &change.value)).unwrap()
    }

    /// Every change stands in the log of `laptop` once, written by the one whose command was acknowledged.
    fn check_log(&self, laptop: &Laptop) {
        let whole = self.whole_log(laptop);
        let mut logs: BTreeMap<String, Vec<(ReplicaId, u64, sync::log::Save)>> = BTreeMap::new();
        for (record, field, value, replica) in &self.acknowledged {
            let log = logs.entry(record.to_string()).or_insert_with(|| {
                laptop
                    .app()
                    .with(|cx| cx.store().history(self.scope(), id(record)).unwrap())
            });
            let touching = whole
                .iter()
                .filter(|(_, _, save)| save.changes.iter().any(|c| c.record == id(record)));
            assert!(log.iter().eq(touching), "the history of {record}");
            let found = log
                .iter()
                .filter(|(by, _, save)| by == replica && save.kind == SaveKind::Edit)
                .filter(|(_, _, save)| !writes_again(save))
                .flat_map(|(_, _, save)| &save.changes)
                .filter(|change| {
                    let known =
                        Kind::from_number(change.kind).and_then(|kind| kind.field(change.field));
                    known.is_some_and(|known| known.name == *field)
                        && change.record == id(record)
                        && self.words(laptop, change) == *value
                })
                .count();
            assert_eq!(found, 1, "{field} = {value} of {record}");
        }
    }
}

/// A deletion first writes the whole record again, positions included, which no other step of this test touches.
fn writes_again(save: &sync::log::Save) -> bool {
    let position = (Kind::Idea.number(), IdeaField::Position.number());
    save.changes
        .iter()
        .any(|change| (change.kind, change.field) == position)
}

fn id(json: &Json) -> RecordId {
    serde_json::from_value(json.clone()).unwrap()
}

fn forget(json: &mut Json, name: &str) {
    match json {
        Json::Array(items) => items.iter_mut().for_each(|item| forget(item, name)),
        Json::Object(fields) => {
            fields.remove(name);
            fields.values_mut().for_each(|value| forget(value, name));
        }
        _ => {}
    }
}

#[test]
fn everybody_ends_up_with_the_same_whatever_happens() {
    for seed in seeds(&[1, 2, 3]) {
        println!("SEED={seed}");
        let mut world = World::new(seed);
        for _ in 0..STEPS {
            world.step();
        }
        world.settle_down();
        // A laptop that joins now knows only what the server holds.
        let late = Laptop::new(&Time::default());
        late.begin_facility("CSCom de Kangaré", "Sélingué", "Oumou", "lead");
        let code = world
            .centre
            .invite(&facility_in("Sélingué", "CSCom de Kangaré"));
        late.enrol(&world.centre, &code);
        world.settle_down();
        late.sync();
        let sight = world.sight(&late);
        let scopes = BTreeSet::from([world.scope()]);
        let vector = |laptop: &Laptop| laptop.app().with(|cx| cx.store().vector(&scopes).unwrap());
        for (laptop, _) in &world.laptops {
            assert_eq!(world.sight(laptop), sight, "SEED={seed}");
            assert_eq!(
                vector(laptop).digest(),
                vector(&late).digest(),
                "SEED={seed}"
            );
            world.check_log(laptop);
        }
        world.check_log(&late);
        let report = world.centre.server().check().unwrap();
        assert!(report.ok, "SEED={seed}: {report:?}");
    }
}
