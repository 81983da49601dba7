//! A laptop: the app on a folder of its own, asked as the screen asks it.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use app::accounts::secret::{Cost, Effort, Guard, SecretFile, stretch};
use app::accounts::{pin, slots::Slots};
use app::cx::Cx;
use app::{App, AppError, Surroundings};
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use tracing_subscriber::filter::LevelFilter;

use crate::centre::Centre;
use crate::time::Time;

/// The code of everyone who works here, unless a test says another.
pub const PIN: &str = "482913";

/// How little codes are stretched in tests.
pub const CHEAP: Effort = Effort::Fixed(Cost { kib: 64, passes: 1 });

/// What an app in a test stands on: the computer's own, a secret below `config`, and codes that are quickly stretched.
pub fn surroundings(home: &Path, config: &Path) -> Surroundings {
    Surroundings {
        guard: Some(Guard {
            secret: Box::new(SecretFile(config.join("nyetaa").join("device.secret"))),
            effort: CHEAP,
        }),
        ..Surroundings::real(home.to_owned(), press::write)
    }
}

/// One laptop.
pub struct Laptop {
    app: Option<App>,
    folder: TempDir,
    config: TempDir,
    /// Time that only goes by when the test says so: nobody is locked out while another test runs.
    pub idle: Time,
    /// Its clock.
    pub time: Time,
}

impl Laptop {
    /// A new one, nothing asked yet. It shares the clock `time`.
    pub fn new(time: &Time) -> Self {
        tell_causes();
        let mut laptop = Self {
            app: None,
            folder: tempfile::tempdir().expect("a folder for a laptop"),
            config: tempfile::tempdir().expect("a folder for settings"),
            idle: Time::default(),
            time: time.clone(),
        };
        laptop.reopen();
        laptop
    }

    /// Closes the app and opens it again on the same folder; whoever worked there last comes in again.
    pub fn reopen(&mut self) {
        self.reopen_locked();
        if self.call("start_state", json!({}))["entrance"] == "locked" {
            let account = self.call("accounts", json!({}))[0].clone();
            self.call("unlock", json!({ "person": account["person"], "pin": PIN }));
        }
    }

    /// The same, and nobody comes in.
    pub fn reopen_locked(&mut self) {
        self.close();
        self.app = Some(self.open().expect("the folder opens"));
    }

    /// Tries to open the app on the folder; the one that is open must be closed before.
    pub fn open(&self) -> Result<App, AppError> {
        self.open_at(self.folder.path())
    }

    /// The same on another folder of this computer.
    pub fn open_at(&self, folder: &Path) -> Result<App, AppError> {
        let (time, idle) = (self.time.clone(), self.idle.clone());
        App::open_in(Surroundings {
            clock: Box::new(move || time.now()),
            steady: Box::new(move || idle.now()),
            ..surroundings(folder, self.config.path())
        })
    }

    /// Opens the app apart from the one that is open here, and comes in.
    pub fn come_in(&self) -> Result<App, AppError> {
        let app = self.open()?;
        if let Ok(rescue) = app.call("rescue_state", json!({})) {
            return Err(AppError::new(rescue["code"].as_str().unwrap_or_default()));
        }
        let account = app.call("accounts", json!({}))?[0].clone();
        app.call("unlock", json!({ "person": account["person"], "pin": PIN }))?;
        Ok(app)
    }

    /// The folder of this computer's settings, for `XDG_CONFIG_HOME` of other programs.
    pub fn config(&self) -> PathBuf {
        self.config.path().to_owned()
    }

    /// The key of the database, out of the slot of whoever worked last.
    pub fn key(&self) -> [u8; 32] {
        let bytes = std::fs::read(self.folder.path().join("nyetaa.slots")).expect("slots");
        let slots = Slots::from_bytes(&bytes).expect("whole slots");
        let secret = self.config.path().join("nyetaa").join("device.secret");
        let secret: [u8; 32] = std::fs::read(secret)
            .expect("a secret")
            .try_into()
            .expect("of its length");
        let slot = slots.people.iter().max_by_key(|slot| slot.order);
        let slot = slot.expect("someone works here");
        let stretched =
            stretch(&pin::normal(PIN), &slot.salt.0, slot.cost, &secret).expect("a little memory");
        *slot.open(&stretched).expect("the code opens the slot")
    }

    /// Closes the app.
    pub fn close(&mut self) {
        self.app = None;
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The open app.
    pub fn app(&self) -> Opened<'_> {
        Opened(self.app.as_ref().expect("the app is open"))
    }

    /// Its name in the log.
    pub fn replica(&self) -> domain::ids::ReplicaId {
        self.app().with(|cx| cx.store().replica())
    }

    /// A command and whatever came of it.
    pub fn ask(&self, name: &str, request: Json) -> Result<Json, AppError> {
        self.app().call(name, request)
    }

    /// A command that the person stops when its progress is told for the `nth` time.
    pub fn stops(&self, nth: u32, name: &str, request: Json) -> Result<Json, AppError> {
        let (ask, asked) = mpsc::sync_channel::<mpsc::SyncSender<()>>(1);
        let told = AtomicU32::new(0);
        self.app().on_change(Box::new(move |_| {
            if told.fetch_add(1, Ordering::SeqCst) + 1 == nth {
                let (done, wait) = mpsc::sync_channel(1);
                if ask.send(done).is_ok() {
                    let _ = wait.recv();
                }
            }
        }));
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let done = asked.recv_timeout(Duration::from_secs(60));
                self.call("cancel_sync", json!({}));
                drop(done);
            });
            self.ask(name, request)
        })
    }

    /// A command that must be carried out.
    #[track_caller]
    pub fn call(&self, name: &str, request: Json) -> Json {
        match self.ask(name, request.clone()) {
            Ok(answer) => answer,
            Err(error) => panic!("{name} {request} was refused: {error:?}"),
        }
    }

    /// A command that must be refused.
    #[track_caller]
    pub fn refused(&self, name: &str, request: Json) -> AppError {
        match self.ask(name, request.clone()) {
            Ok(answer) => panic!("{name} {request} was carried out: {answer}"),
            Err(error) => error,
        }
    }

    /// First start of a facility's team at a new place below a district.
    #[track_caller]
    pub fn begin_facility(&self, name: &str, district: &str, person: &str, role: &str) -> Json {
        let parent = self.district(district);
        let new_place = json!({ "name": name, "level": "facility", "parent": parent });
        self.begin(Json::Null, new_place, person, role)
    }

    /// First start of a coach at a district.
    #[track_caller]
    pub fn begin_coach(&self, district: &str, person: &str) -> Json {
        let place = self.district(district);
        self.begin(place, Json::Null, person, "coach")
    }

    /// First start of somebody who looks on from a region.
    #[track_caller]
    pub fn begin_region(&self, region: &str, person: &str) -> Json {
        let search = json!({ "query": region, "levels": ["region"] });
        let place = self.call("search_places", search)[0]["id"].clone();
        self.begin(place, Json::Null, person, "region")
    }

    #[track_caller]
    fn begin(&self, place: Json, new_place: Json, person: &str, role: &str) -> Json {
        let request = json!({
            "language": "fr", "place": place, "new_place": new_place,
            "person_name": person, "role": role, "pin": PIN,
        });
        self.call("begin", request)
    }

    /// The identifier of a district of the shipped tree.
    #[track_caller]
    pub fn district(&self, name: &str) -> Json {
        let search = json!({ "query": name, "levels": ["district"] });
        self.call("search_places", search)[0]["id"].clone()
    }

    /// The identifier of this laptop's own place.
    #[track_caller]
    pub fn home(&self) -> Json {
        self.call("start_state", json!({}))["place"]["id"].clone()
    }

    /// Enrols with an invitation, directly at the server.
    #[track_caller]
    pub fn enrol(&self, centre: &Centre, code: &str) -> Json {
        self.enrol_by(&centre.address(), code)
    }

    /// Enrols with an invitation by an address as typed. The first exchange must end well.
    #[track_caller]
    pub fn enrol_by(&self, address: &str, code: &str) -> Json {
        let state = self.call("enrol", json!({ "server": address, "code": code }));
        assert_eq!(state["last"]["ok"], true, "{}", state["last"]);
        state
    }

    /// Exchanges with the server; it must end well.
    #[track_caller]
    pub fn sync(&self) -> Json {
        let state = self.call("sync_now", json!({}));
        assert_eq!(state["last"]["ok"], true, "{}", state["last"]);
        state
    }

    /// Begins a cycle at a place from a template.
    #[track_caller]
    pub fn start_cycle(&self, place: &Json, template: &str, area: &str) -> Json {
        let request =
            json!({ "place": place, "template": template, "area": area, "language": "fr" });
        self.call("start_cycle", request)["id"].clone()
    }

    /// Types a numerator and a denominator into a month, as someone who has the cell on the screen.
    #[track_caller]
    pub fn types(&self, place: &Json, indicator: &str, period: &str, n: &str, d: &str) -> Json {
        let shown = self.cell(place, indicator, period);
        let edit = cell(indicator, period, n, d, &shown);
        self.call(
            "save_cells",
            json!({ "place": place, "cells": [edit], "reason": null }),
        )[0]
        .clone()
    }

    /// The cell of a period as the grid shows it; `null` when no open cycle follows the indicator. Other periods than months
    /// are looked for in the two years before August 2026.
    #[track_caller]
    pub fn cell(&self, place: &Json, indicator: &str, period: &str) -> Json {
        let is_month = period.len() == 7 && !period.contains('Q');
        let (until, months) = if is_month {
            (period, 1)
        } else {
            ("2026-07", 24)
        };
        let day = (period.len() == 10).then_some(period);
        let request = json!({
            "place": place, "until": until, "months": months, "indicator": indicator, "day": day,
        });
        let grid = self.call("grid", request);
        let rows = grid["rows"].as_array().expect("rows");
        rows.iter()
            .find(|row| row["indicator"]["code"] == indicator)
            .and_then(|row| {
                row["cells"]
                    .as_array()?
                    .iter()
                    .find(|cell| cell["period"] == period)
            })
            .cloned()
            .unwrap_or_default()
    }

    /// A run chart over at most 120 months.
    #[track_caller]
    pub fn chart(&self, place: &Json, indicator: &str) -> Json {
        let request =
            json!({ "place": place, "indicator": indicator, "cycle": null, "months": 120 });
        self.call("chart", request)
    }

    /// Makes or edits a part of a cycle, as someone who has `shown` on the screen; answers its record.
    #[track_caller]
    pub fn part(&self, command: &str, cycle: &Json, shown: &Json, fields: Json) -> Json {
        let request = json!({
            "id": shown["meta"]["id"], "cycle": cycle, "reason": null,
            "edits": edits(&shown["meta"]["seen"], &fields),
        });
        self.call(command, request)["id"].clone()
    }

    /// Edits a cycle's own fields, as someone who has it on the screen.
    #[track_caller]
    pub fn edit_cycle(&self, cycle: &Json, fields: Json) {
        let shown = self.call("cycle", json!({ "id": cycle }))["cycle"].clone();
        let edits = edits(&shown["meta"]["seen"], &fields);
        self.call(
            "save_cycle",
            json!({ "id": cycle, "edits": edits, "reason": null }),
        );
    }

    /// A cycle with all its parts.
    #[track_caller]
    pub fn cycle(&self, cycle: &Json) -> Json {
        self.call("cycle", json!({ "id": cycle }))
    }

    /// Every field of which people's values differ.
    #[track_caller]
    pub fn open_fields(&self) -> Json {
        let mut open = self.call("reviews", json!({}));
        if let Some(open) = open.as_array_mut() {
            open.retain(|field| {
                field["values"]
                    .as_array()
                    .is_some_and(|values| values.len() > 1)
            });
        }
        open
    }

    /// What the panel says.
    #[track_caller]
    pub fn sync_state(&self) -> Json {
        self.call("sync_state", json!({}))
    }
}

/// An app that somebody has come into.
pub struct Opened<'a>(&'a App);

impl Opened<'_> {
    /// Works on the open folder.
    #[track_caller]
    pub fn with<T>(&self, work: impl FnOnce(&Cx<'_>) -> T) -> T {
        let worked = self.0.with(|cx| Ok::<T, AppError>(work(cx)));
        worked.expect("somebody has come in")
    }
}

impl Deref for Opened<'_> {
    type Target = App;

    fn deref(&self) -> &App {
        self.0
    }
}

/// The inner causes of refusals go to the log alone; a test that fails shows them.
fn tell_causes() {
    let _ = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::WARN)
        .with_test_writer()
        .try_init();
}

/// Edits of the named fields, typed over values with the tokens `seen`.
pub fn edits(seen: &Json, fields: &Json) -> Json {
    let fields = fields.as_object().expect("fields by name");
    let edit = |(field, value): (&String, &Json)| json!({ "field": field, "value": value, "seen": seen[field] });
    fields.iter().map(edit).collect()
}

/// An edit of both numbers of a cell, typed over what is `shown`.
pub fn cell(indicator: &str, period: &str, n: &str, d: &str, shown: &Json) -> Json {
    let input = |typed: &str, part: &str| json!({ "typed": typed, "seen": shown["seen"][part] });
    json!({
        "indicator": indicator, "period": period,
        "numerator": input(n, "numerator"),
        "denominator": if d.is_empty() && shown["denominator"].is_null() { Json::Null } else { input(d, "denominator") },
        "no_data": null, "explanation": null,
    })
}
