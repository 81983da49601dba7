//! What the screens open with, on a laptop that holds a district: 60 cycles at twelve centres beside the example's own, and
//! five years of their figures.
//!
//! `cargo xtask bench ui` runs it, then times the same folder in the real window by `tests/e2e/screens.mjs`. Each line
//! stands beside a floor measured in the same run: SQLite alone reading one centre's five years.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use app::{App, AppError, Surroundings};
use domain::period::Month;
use nyetaa_tests::PHOTO;
use rusqlite::{Connection, params};
use serde_json::{Value as Json, json};
use sync::log::SaveKind;

use crate::facility::{CYCLES, typed};
use crate::timing::{line, spread, time};
use crate::{MONTHS, NEVER, Outcome, text};

const CENTRES: usize = 12;
/// Trials of each cycle, actions of each centre, weeks with a meeting at each.
const TRIALS: usize = 3;
const ACTIONS: usize = 20;
const WEEKS: u64 = 12;
const WEEK_MS: u64 = 7 * 24 * 60 * 60 * 1000;
/// How often each screen's commands are timed.
const TIMES: usize = 15;
/// What a screen may take, and what a search may.
const SCREEN: Duration = Duration::from_millis(100);
const SEARCH: Duration = Duration::from_millis(50);

/// Fills a folder's example and times what the screens ask of it.
pub fn ui(home: &Path) -> Outcome {
    let back = Arc::new(AtomicU64::new(WEEKS * WEEK_MS));
    let clock = app::cx::wall_clock();
    let late = Arc::clone(&back);
    let app = App::open_in(Surroundings {
        guard: None,
        clock: Box::new(move || clock().saturating_sub(late.load(Relaxed))),
        ..Surroundings::real(home.to_owned(), press::write)
    })?;
    let begun = Instant::now();
    app.call("open_practice", json!({ "language": "fr" }))?;
    let district = District::fill(&app, &back)?;
    println!(
        "{} cycles at {CENTRES} centres, {} figures; written in {:.0} s. Median and 95th percentile of {TIMES}.\n",
        district.cycles,
        district.figures,
        begun.elapsed().as_secs_f64()
    );
    println!(
        "{:<46} {:>10} {:>10} {:>10} {:>7}",
        "", "median", "95 %", "floor", "ratio"
    );
    let floor = floor(home, &district.measures)?;
    let mut over = 0;
    for (what, calls) in district.screens() {
        let most = if what.starts_with("search") {
            SEARCH
        } else {
            SCREEN
        };
        let mut taken = Vec::new();
        for _ in 0..TIMES {
            taken.push(time(|| {
                calls
                    .iter()
                    .try_for_each(|(name, request)| app.call(name, request.clone()).map(drop))
            })?);
        }
        let spread = spread(taken);
        line(what, spread, Some(floor));
        if spread.0 > most {
            over += 1;
            println!("  over the {most:?} that it may take");
        }
    }
    println!("\n{over} over what was promised: {SCREEN:?} a screen, {SEARCH:?} a search.");
    Ok(())
}

/// SQLite alone, without key: one centre's five years read through an index.
fn floor(home: &Path, measures: &[String]) -> Outcome<(Duration, Duration)> {
    let conn = Connection::open(home.join("bare.db"))?;
    conn.execute_batch(
        "CREATE TABLE value (place INTEGER, code TEXT, period INTEGER, n REAL, d REAL);
         CREATE INDEX by_place ON value (place);",
    )?;
    let tx = conn.unchecked_transaction()?;
    for place in 0..CENTRES as i64 {
        for code in measures {
            for period in 0..MONTHS {
                tx.prepare_cached("INSERT INTO value VALUES (?1, ?2, ?3, ?4, ?5)")?
                    .execute(params![place, code, period, 12.0, 40.0])?;
            }
        }
    }
    tx.commit()?;
    let mut taken = Vec::new();
    for place in 0..CENTRES as i64 {
        taken.push(time(|| {
            let mut asked =
                conn.prepare_cached("SELECT code, period, n, d FROM value WHERE place = ?1")?;
            let rows = asked.query_map([place], |row| {
                Ok((
                    row.get::<_, String>(0)?,
                    row.get::<_, u32>(1)?,
                    row.get::<_, f64>(2)?,
                    row.get::<_, f64>(3)?,
                ))
            })?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        })?);
    }
    Ok(spread(taken))
}

/// What was written, to be asked for.
struct District {
    id: Json,
    centre: Json,
    cycle: Json,
    cycles: usize,
    measures: Vec<String>,
    figures: usize,
    meeting: Json,
    last: Json,
}

impl District {
    fn fill(app: &App, back: &AtomicU64) -> Outcome<Self> {
        let begun = app.call("start_state", json!({}))?;
        let search = json!({ "query": "Sélingué", "levels": ["district"] });
        let id = app.call("search_places", search)?[0]["id"].clone();
        let mut district = Self {
            id: id.clone(),
            centre: Json::Null,
            cycle: Json::Null,
            cycles: 0,
            measures: Vec::new(),
            figures: 0,
            meeting: Json::Null,
            last: begun["month"].clone(),
        };
        let mut centres = Vec::new();
        for n in 0..CENTRES {
            let centre = centre_of(app, &format!("CSCom {}", n + 1), &id)?;
            district.works(app, &centre)?;
            centres.push(centre);
        }
        for week in 0..WEEKS {
            for centre in &centres {
                let held = json!({ "place": centre, "agenda": ["Le stock", "Les essais"], "reason": null });
                district.meeting = app.call("hold_meeting", held)?["id"].clone();
                for name in ["Awa Traoré", "Oumar Keïta", "Fatoumata Diarra"] {
                    let here = json!({
                        "id": null, "meeting": district.meeting, "reason": null,
                        "edits": [edit("name", json!(name))],
                    });
                    app.call("save_attendance", here)?;
                }
            }
            back.store((WEEKS - week - 1) * WEEK_MS, Relaxed);
        }
        district.last = app.call("start_state", json!({}))?["month"].clone();
        for (n, centre) in centres.iter().enumerate() {
            district.counts(app, centre, n)?;
        }
        district.centre = centres.pop().ok_or(NEVER)?;
        Ok(district)
    }

    /// The cycles of a centre with their trials, what was seen of them, what the coach said, and what was agreed.
    fn works(&mut self, app: &App, centre: &Json) -> Outcome {
        for (template, area) in CYCLES {
            let begun =
                json!({ "place": centre, "template": template, "area": area, "language": "fr" });
            let cycle = app.call("start_cycle", begun)?["id"].clone();
            let idea = app.call("cycle", json!({ "id": cycle }))?["ideas"][0]["meta"]["id"].clone();
            let part = |command: &str, fields: Vec<Json>| {
                let request =
                    json!({ "id": null, "cycle": cycle, "edits": fields, "reason": null });
                app.call(command, request).map(|made| made["id"].clone())
            };
            for step in 1..=TRIALS {
                let trial = part(
                    "save_trial",
                    vec![
                        edit("title", json!(format!("Rappel la veille, essai {step}"))),
                        edit("idea", idea.clone()),
                        edit("who", json!("Fatoumata")),
                        edit("prediction", json!("8 sur 10")),
                        edit("happened", json!("9 sur 10")),
                        edit("comparison", json!("better")),
                        edit("decision", json!("adapt")),
                    ],
                )?;
                let seen = edit("text", json!("Trois femmes sur quatre ont redit leur jour"));
                part("save_observation", vec![edit("trial", trial.clone()), seen])?;
                let photo = json!({
                    "cycle": cycle, "trial": trial, "observation": null, "image": PHOTO,
                    "caption": "La natte devant la salle", "reason": null,
                });
                app.call("add_photo", photo)?;
                let said = "Restez petit encore une semaine";
                app.call(
                    "save_comment",
                    json!({ "id": null, "about": trial, "text": said, "seen": null }),
                )?;
            }
            let lesson = json!({
                "cycle": cycle, "trial": null, "title": "Un rappel la veille fait venir", "evidence": "9 sur 10",
                "reason": null,
            });
            app.call("begin_lesson", lesson)?;
            self.cycles += 1;
            self.cycle = cycle;
        }
        for n in 0..ACTIONS {
            let level = if n % 2 == 0 { "district" } else { "facility" };
            let action = json!({
                "id": null, "place": centre, "reason": null,
                "edits": [
                    edit("text", json!(format!("Réparer la balance {n}"))), edit("who", json!("Oumar")),
                    edit("due", json!("2026-10-15")), edit("level", json!(level)),
                ],
            });
            app.call("save_action", action)?;
        }
        Ok(())
    }

    /// Five years of every measure that the centre follows.
    fn counts(&mut self, app: &App, centre: &Json, n: usize) -> Outcome {
        let request = json!({ "place": centre, "until": self.last, "months": 1 });
        let grid = app.call("grid", request)?;
        let rows = grid["rows"].as_array().ok_or(NEVER)?;
        self.measures = rows
            .iter()
            .filter(|row| !row["indicator"]["denominator"].is_null())
            .map(|row| text(&row["indicator"]["code"]).map(str::to_owned))
            .collect::<Outcome<_>>()?;
        let last: Month = text(&self.last)?.parse()?;
        for month in (0..MONTHS).map(|back| last.plus(back - MONTHS + 1)) {
            let cells: Vec<Json> = self
                .measures
                .iter()
                .enumerate()
                .map(|(i, code)| {
                    let numerator = 15 + (usize::from(month.number()) * 5 + i * 7 + n) % 25;
                    typed(code, month, numerator, 60)
                })
                .collect();
            self.figures += cells.len();
            app.call(
                "save_cells",
                json!({ "place": centre, "cells": cells, "reason": null }),
            )?;
        }
        Ok(())
    }

    /// The screens, each with the commands that it opens with.
    fn screens(&self) -> Vec<(&'static str, Vec<Asked>)> {
        let (centre, district) = (&self.centre, &self.id);
        let measure = &self.measures[0];
        let of = |place: &Json| json!({ "place": place });
        let by_id = |id: &Json| json!({ "id": id });
        let measures = |place: &Json, indicator: Option<&String>| json!({ "place": place, "indicator": indicator, "months": 36 });
        let grid = json!({ "place": centre, "until": self.last, "months": 12 });
        let chart =
            json!({ "place": centre, "indicator": measure, "cycle": self.cycle, "months": 24 });
        let notes = json!({ "place": centre, "indicator": measure });
        let search = |text: &str| vec![("search", json!({ "text": text, "kinds": [] }))];
        let none = || json!({});
        vec![
            (
                "Today at a centre",
                vec![("today", of(centre)), ("cycles", of(centre))],
            ),
            (
                "Today in the district",
                vec![("today", of(district)), ("cycles", of(district))],
            ),
            (
                "Improve at a centre",
                vec![("cycles", of(centre)), ("indicators", none())],
            ),
            (
                "Improve, every cycle",
                vec![("cycles", of(&Json::Null)), ("indicators", none())],
            ),
            (
                "a cycle beside its chart",
                vec![
                    ("cycle", by_id(&self.cycle)),
                    ("indicators", none()),
                    ("chart", chart.clone()),
                ],
            ),
            (
                "the timeline of a cycle",
                vec![
                    ("cycle", by_id(&self.cycle)),
                    ("timeline", by_id(&self.cycle)),
                ],
            ),
            (
                "a new cycle",
                vec![("templates", none()), ("place_templates", none())],
            ),
            ("Measure, twelve months", vec![("grid", grid)]),
            (
                "a chart with its notes",
                vec![("chart", chart), ("chart_notes", notes)],
            ),
            (
                "every measure of a centre",
                vec![("multiples", measures(centre, None))],
            ),
            (
                "one measure at every centre",
                vec![("multiples", measures(&Json::Null, Some(measure)))],
            ),
            ("Share", vec![("lessons", none())]),
            ("actions of a centre", vec![("actions", of(centre))]),
            ("actions of the district", vec![("actions", of(district))]),
            ("meetings", vec![("meetings", of(centre))]),
            ("a meeting", vec![("meeting", by_id(&self.meeting))]),
            ("pauses", vec![("pauses", of(centre))]),
            ("what was removed", vec![("removed", of(centre))]),
            ("questions to settle", vec![("reviews", none())]),
            ("the sync panel", vec![("sync_state", none())]),
            ("search, a word", search("rappel")),
            ("search, two words", search("balance stock")),
            ("search, a letter wrong", search("rapel veile")),
            ("search, nothing there", search("zzz")),
        ]
    }
}

/// A centre of the district, as its own laptop would have brought it: nobody adds one from another place.
fn centre_of(app: &App, name: &str, district: &Json) -> Outcome<Json> {
    let parent = text(district)?.parse()?;
    let id = app.with(|cx| {
        cx.write(|w| {
            let id = w.new_record()?;
            let edits = app::places::new_place_edits(id, name, "facility", parent);
            cx.save(w, id.as_scope(), SaveKind::Edit, None, edits)?;
            Ok::<_, AppError>(id)
        })
    })?;
    Ok(json!(id))
}

/// A command and its request.
type Asked = (&'static str, Json);

/// One edited field of a new record.
fn edit(field: &str, value: Json) -> Json {
    json!({ "field": field, "value": value, "seen": null })
}
