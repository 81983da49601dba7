//! Use cases and the command list: the desktop without a window.

pub mod accounts;
pub mod actions;
pub mod administration;
pub mod audit;
pub mod backups;
mod beside;
pub mod charts;
pub mod checklists;
pub mod commands;
pub mod cx;
pub mod cycles;
pub mod error;
mod export;
pub mod folders;
pub mod handover;
pub mod home;
pub mod import;
pub mod meetings;
mod octets;
pub mod pauses;
pub mod permissions;
pub mod places;
mod practice;
pub mod records;
pub mod samples;
pub mod sealed;
pub mod search;
pub mod start;
pub mod supervision;
pub mod surroundings;
pub mod sync_client;
pub mod templates;
pub mod today;
pub mod values;
pub mod variants;
pub mod words;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, Weak};

use domain::registry::Kind;
use domain::text::Language;
use serde_json::Value as Json;
use store::Key;

use accounts::{Door, IDLE_MS, Unlocked};
use audit::What;
use backups::Trouble;
use beside::Beside;
use commands::{Call, Command, Nothing};
use cx::{Cx, Laptop};
pub use error::{AppError, Result};
use permissions::Needs;
use start::{Entrance, StartState};
pub use surroundings::{Link, Links, Press, Random, Steady, Surroundings};

/// Hears what changed, as a JSON list of topics: kinds of records, `sync` and `start`.
type Listener = Box<dyn Fn(&str) + Send + Sync>;

/// No request says more than a file of the largest size in base64, and what is said beside it.
const MOST_TEXT: usize = 16 * 1024 * 1024;

/// The app on one data folder.
pub struct App {
    around: Surroundings,
    /// What is open, and to whom; none while the app is locked.
    session: RwLock<Option<Session>>,
    door: Mutex<Door>,
    /// What was open when the app was locked: an exchange that is under way still holds it, and whoever comes in meanwhile
    /// goes on with it, so that no folder is open twice.
    left: Mutex<Weak<Laptop>>,
    /// When somebody was last at the keyboard, by [`Surroundings::steady`].
    active_ms: AtomicU64,
    listeners: Mutex<Vec<Listener>>,
    folders: folders::Folders,
    keeping: Mutex<backups::Keeping>,
    /// Why nothing can be opened, where a backup helps against it.
    trouble: Mutex<Option<Arc<Trouble>>>,
}

#[derive(Clone)]
struct Session {
    laptop: Arc<Laptop>,
    who: Option<Arc<Unlocked>>,
}

impl App {
    /// Opens a data folder, made when it is not there.
    pub fn open(home: PathBuf, press: Press) -> Result<Self> {
        Self::open_in(Surroundings::real(home, press))
    }

    /// The same in other surroundings than the computer's. Where people have codes it is locked. What a backup helps
    /// against is no error: the app then waits to be rescued.
    pub fn open_in(around: Surroundings) -> Result<Self> {
        let active_ms = AtomicU64::new((around.steady)());
        let app = Self {
            around,
            session: RwLock::default(),
            door: Mutex::default(),
            left: Mutex::default(),
            active_ms,
            listeners: Mutex::default(),
            folders: folders::Folders::default(),
            keeping: Mutex::default(),
            trouble: Mutex::default(),
        };
        match app.look_in() {
            Err(error) if app.note_trouble(&error, None) => Ok(app),
            looked => looked.map(|()| app),
        }
    }

    /// Reads what stands in the folder, and opens it where nobody needs a code.
    fn look_in(&self) -> Result<()> {
        let around = &self.around;
        if around.guard.is_some() {
            *self.door() = Door::read(around)?;
        }
        let has_slots = self.door().slots.is_some();
        if has_slots && !home::has_key(around) {
            return Ok(());
        }
        if backups::stood_here(around) {
            let lacks_key = around.encrypted && !home::has_key(around);
            return Err(AppError::new(match lacks_key {
                true => "key-missing",
                false => "database-missing",
            }));
        }
        match Laptop::by_file(around, &around.home, false) {
            Ok(laptop) => self.switch(Some(Session {
                laptop: Arc::new(laptop),
                who: None,
            })),
            // A key that was put back from somewhere and opens nothing; codes still do.
            Err(_) if has_slots => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Tries anew to open what stands in the folder, to whoever had come in.
    fn open_again(&self, who: Option<Arc<Unlocked>>) -> Result<()> {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let opened = match &who {
            Some(who) => self.enter(Arc::clone(who)),
            None => self.look_in(),
        };
        if let Err(error) = &opened {
            self.note_trouble(error, who);
        }
        self.tell_all();
        opened
    }

    /// Keeps why nothing can be opened, when a backup helps against it.
    fn note_trouble(&self, error: &AppError, who: Option<Arc<Unlocked>>) -> bool {
        let Some(trouble) = Trouble::of(error, who) else {
            return false;
        };
        tracing::warn!(code = error.code, "nothing can be opened here");
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(trouble));
        true
    }

    fn trouble(&self) -> Option<Arc<Trouble>> {
        self.trouble
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// A command met damage: when the database is not sound, nobody goes on working on it.
    fn look_for_damage(&self, error: &AppError) {
        let damaged = ["database-damaged", "database-foreign"].contains(&error.code.as_str());
        let Some(session) = self
            .session()
            .filter(|open| damaged && !open.laptop.practice)
        else {
            return;
        };
        if session.laptop.store.is_sound() {
            return;
        }
        self.note_trouble(&AppError::new("database-damaged"), session.who);
        drop(session.laptop);
        self.switch(None);
    }

    /// Calls a command by name, with its request and answer as JSON.
    pub fn call(&self, name: &str, mut request: Json) -> Result<Json> {
        self.lock_if_idle();
        if words::without_turns(&mut request) > MOST_TEXT {
            return Err(AppError::new("request-invalid"));
        }
        let command = commands::named(name)
            .ok_or_else(|| AppError::new("command-unknown").with("name", records::shorten(name)))?;
        if !command.at_the_door {
            match self.entrance()? {
                Entrance::Open => {}
                Entrance::Locked => return Err(AppError::new("locked")),
                Entrance::PinMissing => return Err(AppError::new("pin-missing")),
                Entrance::Rescue => return Err(self.shut()),
            }
        }
        self.permit(command, &request)?;
        let beside = beside::of(name);
        if beside.contains(&Beside::BackupBefore) {
            self.back_up_before_import()?;
        }
        let stick = match &request["path"] {
            Json::String(path) if beside.contains(&Beside::BackupOnStick) => Some(path.clone()),
            _ => None,
        };
        let answer = match command.call {
            Call::App(call) => call(self, request),
            Call::Inside(call) => self.with(|cx| {
                let asked = audit::before(cx, name, &request)?;
                let answer = call(cx, request)?;
                audit::after(cx, &asked, &answer);
                Ok(answer)
            }),
        };
        audit::fold(self);
        match &answer {
            Ok(_) => {
                if let Some(stick) = stick {
                    self.carry_backup(&self.keeping(), &stick);
                }
            }
            Err(error) => self.look_for_damage(error),
        }
        if beside.contains(&Beside::TellsExchange) {
            self.tell(&["sync"]);
        }
        if beside.contains(&Beside::HeedsNews) {
            accounts::heed_revoked(self);
            accounts::renew_recovery(self);
        }
        answer.map(|mut answer| {
            words::without_turns(&mut answer);
            answer
        })
    }

    /// Refuses a command to whoever is inside and may not. The example has no such bounds.
    fn permit(&self, command: &Command, request: &Json) -> Result<()> {
        if matches!(command.needs, Needs::Nothing) || !self.at_home() {
            return Ok(());
        }
        let check = |led| self.with(|cx| permissions::check(cx, command.needs, request, led));
        match check(true) {
            Err(_) if !accounts::is_led(self)? => check(false),
            checked => checked,
        }
    }

    /// Whether the database is closed, and no exchange that is under way holds it.
    fn nothing_is_open(&self) -> bool {
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        self.session().is_none() && left.upgrade().is_none()
    }

    /// Works on the open folder.
    ///
    /// # Errors
    /// `locked` when nobody has come in.
    pub fn with<T, E: From<AppError>>(
        &self,
        work: impl FnOnce(&Cx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let session = self.session().ok_or_else(|| self.shut())?;
        let changed = |kinds: &BTreeSet<Kind>| {
            let mut topics: Vec<&str> = kinds.iter().map(|kind| kind.table()).collect();
            topics.push("sync");
            self.tell(&topics);
        };
        let person = session.who.as_ref().map(|who| who.person);
        work(&Cx {
            laptop: &session.laptop,
            person: person.filter(|_| !session.laptop.practice),
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

    /// Locks when nobody has touched the laptop for five minutes. To be called now and then, so that it happens also when
    /// the screen asks for nothing.
    pub fn lock_if_idle(&self) {
        let since = (self.around.steady)().saturating_sub(self.active_ms.load(Ordering::Relaxed));
        if since >= IDLE_MS {
            self.lock(What::LeftAlone);
        }
    }

    /// Why nothing is open.
    fn shut(&self) -> AppError {
        match self.trouble() {
            Some(trouble) => AppError::new(&trouble.code),
            None => AppError::new("locked"),
        }
    }

    fn session(&self) -> Option<Session> {
        self.session
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn door(&self) -> MutexGuard<'_, Door> {
        self.door.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who has come in.
    fn whoever(&self) -> Option<Arc<Unlocked>> {
        self.session().and_then(|session| session.who)
    }

    /// Whether what is open is not the example.
    fn at_home(&self) -> bool {
        self.session()
            .is_none_or(|session| !session.laptop.practice)
    }

    /// Whether work may go on.
    fn entrance(&self) -> Result<Entrance> {
        Ok(match self.session() {
            None if self.trouble().is_some() => Entrance::Rescue,
            None => Entrance::Locked,
            Some(_) if self.lacks_pin()? => Entrance::PinMissing,
            Some(_) => Entrance::Open,
        })
    }

    /// Whether people work here and nobody has chosen a code.
    fn lacks_pin(&self) -> Result<bool> {
        match self.session() {
            Some(session) if self.around.guard.is_some() && session.who.is_none() => {
                self.with(|cx| Ok(!cx.laptop.practice && cx.author().is_ok()))
            }
            _ => Ok(false),
        }
    }

    fn note_activity(&self) {
        self.active_ms
            .store((self.around.steady)(), Ordering::Relaxed);
    }

    /// Opens the folder to someone.
    fn enter(&self, who: Arc<Unlocked>) -> Result<()> {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let open = self
            .session()
            .map(|session| session.laptop)
            .or_else(|| left.upgrade())
            .filter(|laptop| !laptop.practice);
        let laptop = match open {
            Some(laptop) => laptop,
            None => match self.open_home(Some(&who.key)) {
                Ok(laptop) => Arc::new(laptop),
                Err(error) => {
                    if self.note_trouble(&error, Some(who)) {
                        self.tell_all();
                    }
                    return Err(error);
                }
            },
        };
        *left = Weak::new();
        drop(left);
        self.switch(Some(Session {
            laptop,
            who: Some(who),
        }));
        let language = self.door_language();
        self.with(|cx| start::speak(cx, language))?;
        accounts::heed_revoked(self);
        accounts::renew_recovery(self);
        Ok(())
    }

    /// Whose work it is from now on, in the folder that is open.
    fn now_is(&self, who: Unlocked) {
        if let Some(session) = self.session() {
            self.switch(Some(Session {
                who: Some(Arc::new(who)),
                ..session
            }));
        }
    }

    /// Closes what is open, where people have codes to open it again.
    fn lock(&self, how: What) {
        if let Some(session) = self.session().filter(|session| session.who.is_some()) {
            let inside = backups::Inside::of(self);
            *self.left.lock().unwrap_or_else(PoisonError::into_inner) =
                Arc::downgrade(&session.laptop);
            let who = session.who;
            drop(session.laptop);
            self.switch(None);
            if let Some(who) = who {
                accounts::note_left(self, how, who.person);
            }
            // Nobody waits for it: the screen is locked already.
            if let Ok(inside) = inside {
                inside.leave(self);
            }
        }
    }

    fn switch(&self, session: Option<Session>) {
        self.note_activity();
        if let Some(open) = self.session() {
            // Whoever comes next is not who came in at the server.
            administration::forget(&open.laptop);
        }
        *self.session.write().unwrap_or_else(PoisonError::into_inner) = session;
        self.tell_all();
    }

    /// Everything may be another.
    fn tell_all(&self) {
        let mut topics: Vec<&str> = Kind::ALL.iter().map(|kind| kind.table()).collect();
        topics.extend(["start", "sync"]);
        self.tell(&topics);
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

    /// The language of the screen on which nobody is known yet.
    fn door_language(&self) -> Language {
        self.door().language()
    }

    fn set_door_language(&self, language: Language) {
        self.door().set_language(&self.around, language);
    }

    fn open_home(&self, key: Option<&Key>) -> Result<Laptop> {
        match key {
            Some(key) => {
                let database = self.around.home.join(store::DATABASE);
                let length = self.around.disk.len(&database);
                if length.is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
                    // Codes are chosen after the first save: a new one would look as if nothing had ever been there.
                    return Err(AppError::new("database-missing"));
                }
                Laptop::open(&self.around, &self.around.home, Some(key), false)
            }
            None => Laptop::by_file(&self.around, &self.around.home, false),
        }
    }

    /// Opens the example, made the first time, in a folder of its own.
    fn open_practice(&self, request: start::SetLanguage) -> Result<StartState> {
        let folder = self.around.home.join("practice");
        let disk = &self.around.disk;
        if disk.len(&folder.join(store::DATABASE)).is_err() {
            // Made aside and renamed, so that a half-filled example is never opened.
            let making = self.around.home.join("practice.part");
            for left in disk.list(&making).unwrap_or_default() {
                disk.remove(&left).map_err(store::Error::from)?;
            }
            let laptop = Laptop::by_file(&self.around, &making, true)?;
            let quiet = |_: &BTreeSet<Kind>| {};
            practice::fill(
                &Cx {
                    laptop: &laptop,
                    person: None,
                    around: &self.around,
                    now_ms: (self.around.clock)(),
                    changed: &quiet,
                },
                request.language,
            )?;
            drop(laptop);
            disk.rename(&making, &folder).map_err(store::Error::from)?;
        }
        self.switch(Some(Session {
            laptop: Arc::new(Laptop::by_file(&self.around, &folder, true)?),
            who: self.whoever(),
        }));
        start::set_language(self, request)
    }

    /// Leaves the example. What was tried in it stays for the next time.
    fn close_practice(&self, _: Nothing) -> Result<StartState> {
        if !self.at_home() {
            let who = self.whoever();
            let key = who.as_ref().map(|who| &*who.key);
            self.switch(Some(Session {
                laptop: Arc::new(self.open_home(key)?),
                who,
            }));
        }
        start::start_state(self, Nothing {})
    }
}
