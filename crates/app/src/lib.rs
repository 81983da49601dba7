//! Use cases and the command list: the desktop without a window.

pub mod commands;
pub mod cx;
pub mod cycles;
pub mod error;
pub mod home;
pub mod import;
pub mod places;
mod practice;
pub mod records;
pub mod start;
pub mod surroundings;
pub mod sync_client;
pub mod today;
pub mod values;
pub mod words;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use domain::registry::Kind;
use serde_json::Value as Json;

use cx::{Clock, Cx, Laptop};
pub use error::{AppError, Result};
pub use surroundings::{Link, Links, Random, Surroundings};

/// Hears what changed, as a JSON list of topics: kinds of records, `sync` and `start`.
type Listener = Box<dyn Fn(&str) + Send + Sync>;

/// The app on one data folder.
pub struct App {
    around: Surroundings,
    current: RwLock<Arc<Laptop>>,
    listeners: Mutex<Vec<Listener>>,
}

impl App {
    /// Opens a data folder, made when it is not there.
    pub fn open(home: PathBuf) -> Result<Self> {
        Self::open_in(Surroundings::real(home))
    }

    /// The same with another clock than the computer's.
    pub fn open_with_clock(home: PathBuf, clock: Clock) -> Result<Self> {
        Self::open_in(Surroundings {
            clock,
            ..Surroundings::real(home)
        })
    }

    /// The same in other surroundings than the computer's.
    pub fn open_in(around: Surroundings) -> Result<Self> {
        let laptop = Laptop::open(&around, &around.home, false)?;
        Ok(Self {
            around,
            current: RwLock::new(Arc::new(laptop)),
            listeners: Mutex::default(),
        })
    }

    /// Calls a command by name, with its request and answer as JSON.
    pub fn call(&self, name: &str, request: Json) -> Result<Json> {
        match name {
            "open_practice" => self.open_practice(request),
            "close_practice" => self.close_practice(),
            _ => {
                let command = commands::named(name).ok_or_else(|| {
                    AppError::new("command-unknown").with("name", records::shorten(name))
                })?;
                let answer = self.with(|cx| (command.call)(cx, request));
                if matches!(name, "sync_now" | "enrol") {
                    self.tell(&["sync"]);
                }
                answer
            }
        }
    }

    /// Works on the open folder.
    pub fn with<T>(&self, work: impl FnOnce(&Cx<'_>) -> T) -> T {
        let laptop = self.laptop();
        let changed = |kinds: &BTreeSet<Kind>| {
            let mut topics: Vec<&str> = kinds.iter().map(|kind| kind.table()).collect();
            topics.push("sync");
            self.tell(&topics);
        };
        work(&Cx {
            laptop: &laptop,
            around: &self.around,
            now_ms: (self.around.clock)(),
            changed: &changed,
        })
    }

    /// Has a listener told of every change.
    pub fn on_change(&self, listener: Listener) {
        self.listeners
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(listener);
    }

    fn laptop(&self) -> Arc<Laptop> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn switch(&self, laptop: Laptop) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(laptop);
        self.tell(&["start", "sync"]);
    }

    fn tell(&self, topics: &[&str]) {
        let json = Json::from(topics).to_string();
        for listener in self
            .listeners
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
        {
            listener(&json);
        }
    }

    /// Opens the example, made the first time, in a folder of its own.
    fn open_practice(&self, request: Json) -> Result<Json> {
        let language: start::SetLanguage =
            serde_json::from_value(request).map_err(|_| AppError::new("request-invalid"))?;
        let folder = self.around.home.join("practice");
        let disk = &self.around.disk;
        if disk.len(&folder.join(store::DATABASE)).is_err() {
            // Made aside and renamed, so that a half-filled example is never opened.
            let making = self.around.home.join("practice.part");
            for left in disk.list(&making).unwrap_or_default() {
                disk.remove(&left).map_err(store::Error::from)?;
            }
            let laptop = Laptop::open(&self.around, &making, true)?;
            let quiet = |_: &BTreeSet<Kind>| {};
            practice::fill(
                &Cx {
                    laptop: &laptop,
                    around: &self.around,
                    now_ms: (self.around.clock)(),
                    changed: &quiet,
                },
                language.language,
            )?;
            drop(laptop);
            disk.rename(&making, &folder).map_err(store::Error::from)?;
        }
        self.switch(Laptop::open(&self.around, &folder, true)?);
        self.call(
            "set_language",
            serde_json::json!({ "language": language.language }),
        )
    }

    /// Leaves the example. What was tried in it stays for the next time.
    fn close_practice(&self) -> Result<Json> {
        if self.laptop().practice {
            self.switch(Laptop::open(&self.around, &self.around.home, false)?);
        }
        self.call("start_state", serde_json::json!({}))
    }
}
