//! What stands on the ground: laptops, each the whole app on a disk of its own, and the server on its disk.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use app::{App, Surroundings};
use domain::ids::ReplicaId;
use report::document::NotWritten;
use serde_json::Value as Json;
use server::Server;
use simdisk::{Chance, Image, SimDisk};
use store::Disk as _;

use crate::air::Sky;
use crate::{sight, versions};

/// Milliseconds of a day.
pub const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The time as it is, in milliseconds since 1970. Clones are the same time.
#[derive(Debug, Clone)]
pub struct Time(Arc<AtomicU64>);

impl Time {
    /// It stands still until it is moved.
    pub fn at(ms: u64) -> Self {
        Self(Arc::new(AtomicU64::new(ms)))
    }

    /// Now.
    pub fn now(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    /// Goes on.
    pub fn pass(&self, ms: u64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

/// Random bytes that follow from a seed.
fn random_of(chance: Chance) -> impl Fn() -> [u8; 32] + Send + Sync {
    let chance = Mutex::new(chance);
    move || {
        chance
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .bytes()
    }
}

/// What a laptop's people do, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Post {
    /// The team of a facility, by its number.
    Team(usize),
    /// The coach of a district, by its number.
    Coach(usize),
}

/// A laptop.
pub struct Laptop {
    /// Who is at it.
    pub name: &'static str,
    /// Its disk.
    pub disk: SimDisk,
    /// The app, when it is open.
    pub app: Option<App>,
    /// What its people do, and where.
    pub post: Post,
    /// The facilities that they work on, as far as they have heard.
    pub works_at: BTreeSet<usize>,
    /// The server no longer believes it.
    pub revoked: bool,
    /// Which laptops have one past: a copy and what is put back begin a new one.
    pub line: u32,
    /// Whether something else than its own app has touched its past: only then may it change its name in the log.
    pub touched: bool,
    /// A server that was put back and cannot know it may take this one for a copy, until they have spoken again.
    pub suspected: bool,
    /// It has a version that does not know some kinds and fields.
    pub older: bool,
    /// Whether its disk was filled or broken since it was last helped.
    pub hindered: bool,
    /// The step of its last exchange that ended well.
    pub met_server: u64,
    /// Its name in the log, when it was last asked.
    pub replica: Option<ReplicaId>,
    /// Whether its database is encrypted.
    pub encrypted: bool,
    off_ms: Arc<AtomicI64>,
}

impl fmt::Debug for Laptop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)
    }
}

impl Laptop {
    /// A closed one on an empty disk.
    pub fn new(name: &'static str, post: Post, line: u32, encrypted: bool) -> Self {
        Self {
            name,
            disk: SimDisk::default(),
            app: None,
            post,
            works_at: BTreeSet::new(),
            revoked: false,
            line,
            touched: false,
            suspected: false,
            older: false,
            hindered: false,
            met_server: 0,
            replica: None,
            off_ms: Arc::default(),
            encrypted,
        }
    }

    /// The data folder.
    pub fn home(&self) -> PathBuf {
        self.disk.root().join("nyetaa")
    }

    /// Opens the app.
    ///
    /// # Errors
    /// What the app says.
    pub fn open(&mut self, who: usize, time: &Time, sky: &Sky, chance: Chance) -> app::Result<()> {
        let (time, off) = (time.clone(), Arc::clone(&self.off_ms));
        let random = random_of(chance);
        versions::play(self.older);
        let app = App::open_in(Surroundings {
            home: self.home(),
            clock: Box::new(move || time.now().saturating_add_signed(off.load(Ordering::SeqCst))),
            disk: Arc::new(self.disk.clone()),
            link: sky.ways(who),
            random: Arc::new(move || Ok(random())),
            encrypted: self.encrypted,
            steady: Box::new(|| 0),
            guard: None,
            // Nothing is printed here, and what prints is not compiled in.
            press: |_, _| Err(NotWritten("no press".to_owned())),
        });
        versions::play(false);
        let app = app?;
        self.replica = Some(sight::of(&app, |cx| cx.store().replica()));
        self.app = Some(app);
        Ok(())
    }

    /// Carries out a command.
    ///
    /// # Errors
    /// What the app says, or that it is not open.
    pub fn call(&self, name: &str, request: Json) -> app::Result<Json> {
        let Some(app) = &self.app else {
            return Err(app::AppError::new("store-failed"));
        };
        versions::play(self.older);
        let answer = app.call(name, request);
        versions::play(false);
        answer
    }

    /// Sets its clock wrong by so much.
    pub fn set_off(&self, ms: i64) {
        self.off_ms.store(ms, Ordering::SeqCst);
    }

    /// How wrong its clock is.
    pub fn off(&self) -> i64 {
        self.off_ms.load(Ordering::SeqCst)
    }

    /// A disk that is well again.
    pub fn help(&mut self) {
        self.disk.room(None);
        self.disk.break_in(0, 0);
        self.hindered = false;
    }
}

#[derive(Debug)]
struct ServerDisk(SimDisk);

impl server::Disk for ServerDisk {
    fn vfs(&self) -> Option<&str> {
        self.0.vfs()
    }

    fn create_dir_all(&self, folder: &Path) -> std::io::Result<()> {
        self.0.create_dir_all(folder)
    }

    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        self.0.read(path)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
        store::Disk::write(&self.0, path, bytes)
    }

    fn rewrite(&self, path: &Path) -> std::io::Result<()> {
        store::Disk::rewrite(&self.0, path)
    }
}

/// The server and its disk.
#[derive(Debug, Default)]
pub struct Centre {
    /// Its disk.
    pub disk: SimDisk,
    /// Whether its disk was filled or broken since it was last helped.
    pub hindered: bool,
    /// The step at which it was last put back from a copy.
    pub restored: u64,
    /// Copies of its disk.
    pub copies: Vec<Image>,
}

impl Centre {
    /// The data folder.
    pub fn folder(&self) -> PathBuf {
        self.disk.root().join("server")
    }

    /// Opens the server.
    ///
    /// # Errors
    /// What the server says.
    pub fn open(&self, time: &Time, chance: Chance) -> server::Result<Server> {
        Server::open_in(self.surroundings(time, chance))
    }

    /// What the server stands on.
    pub fn surroundings(&self, time: &Time, chance: Chance) -> server::Surroundings {
        let time = time.clone();
        let random = random_of(chance);
        server::Surroundings {
            folder: self.folder(),
            database: None,
            database_root: None,
            disk: Arc::new(ServerDisk(self.disk.clone())),
            clock: Arc::new(move || time.now()),
            random: Arc::new(move || Ok(random())),
        }
    }

    /// A disk that is well again.
    pub fn help(&mut self) {
        self.disk.room(None);
        self.disk.break_in(0, 0);
        self.hindered = false;
    }
}
