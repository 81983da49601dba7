//! A real server on a real socket, and laptops that speak to it as the app does.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail"
)]

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::registry::{IdeaField, Kind};
use domain::role::Role;
use domain::value::Value;
use server::{Clock, Invite, Patience, Server, Surroundings};
use sync::clock::Hlc;
use sync::key::KeyPair;
use sync::log::{Change, Dot, Save, SaveKind};
use sync::segment::{self, Sealed, Tip, seal};
use sync::vector::Vector;
use sync::wire::{
    EnrolAnswer, EnrolPlace, EnrolRequest, Failure, Grant, MintRequest, Purpose, Signed, Status,
    SyncAnswer, SyncRequest, binding,
};
use tempfile::TempDir;

use self::cluster::Cluster;

pub mod cluster;
pub mod root;
pub mod serving;

/// New Year 2026, in ms.
pub const START_MS: u64 = 1_767_225_600_000;
pub const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// A clock that stands still until it is moved.
#[derive(Clone)]
pub struct TestClock(pub Arc<AtomicU64>);

impl TestClock {
    pub fn new() -> Self {
        Self(Arc::new(AtomicU64::new(START_MS)))
    }

    pub fn forward(&self, ms: u64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }

    pub fn injected(&self) -> Clock {
        let clock = Arc::clone(&self.0);
        Arc::new(move || clock.load(Ordering::SeqCst))
    }
}

/// Which database a server keeps its things in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    Sqlite,
    Postgres,
}

/// A data folder, and the database that belongs to it.
pub struct Home {
    folder: TempDir,
    pub database: Option<String>,
}

impl Home {
    pub fn new(on: Storage) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            database: (on == Storage::Postgres).then(|| Cluster::shared().database()),
        }
    }

    /// One whose database lies in a cluster of the caller's.
    pub fn in_cluster(cluster: &Cluster) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            database: Some(cluster.database()),
        }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn surroundings(&self, clock: &TestClock) -> Surroundings {
        Surroundings {
            database: self.database.clone(),
            clock: clock.injected(),
            ..Surroundings::of_machine(self.path())
        }
    }

    /// The database as it is, without the epoch beside it. No server may be open on it.
    pub fn back_up(&self) -> Self {
        let copy = Self {
            folder: tempfile::tempdir().unwrap(),
            database: self.database.as_ref().map(|_| Cluster::shared().database()),
        };
        copy.put_back(self);
        copy
    }

    /// Puts the copied database in the place of this one, whose epoch file stays.
    pub fn put_back(&self, copy: &Self) {
        match (&copy.database, &self.database) {
            (Some(from), Some(to)) => Cluster::shared().copy(from, to),
            _ => {
                let file = "server.sqlite";
                std::fs::copy(copy.path().join(file), self.path().join(file)).unwrap();
                for extra in ["server.sqlite-wal", "server.sqlite-shm"] {
                    let _ = std::fs::remove_file(self.path().join(extra));
                }
            }
        }
    }
}

/// A server on a free port, stopped when it goes.
pub struct Running {
    pub server: Server,
    pub address: SocketAddr,
    pub clock: TestClock,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    pub fn start(folder: &Path) -> Self {
        Self::start_with_clock(folder, TestClock::new())
    }

    pub fn start_with_clock(folder: &Path, clock: TestClock) -> Self {
        let surroundings = Surroundings {
            clock: clock.injected(),
            ..Surroundings::of_machine(folder)
        };
        Self::start_in(surroundings, clock, Patience::default())
    }

    /// Serves a new folder, and waits no longer than that for whoever is slow.
    pub fn impatient(folder: &Path, patience: Patience) -> Self {
        let clock = TestClock::new();
        let surroundings = Surroundings {
            clock: clock.injected(),
            ..Surroundings::of_machine(folder)
        };
        Self::start_in(surroundings, clock, patience)
    }

    /// Serves what lies in `home`.
    pub fn at(home: &Home) -> Self {
        Self::at_with_clock(home, TestClock::new())
    }

    pub fn at_with_clock(home: &Home, clock: TestClock) -> Self {
        Self::start_in(home.surroundings(&clock), clock, Patience::default())
    }

    fn start_in(surroundings: Surroundings, clock: TestClock, patience: Patience) -> Self {
        let server = Server::open_in(surroundings).unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let serving = server.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send(listener.local_addr().unwrap()).unwrap();
                let stop = async {
                    let _ = stopped.await;
                };
                server::serve_within(serving, listener, None, patience, stop)
                    .await
                    .unwrap();
            });
        });
        let address = told.recv().unwrap();
        Self {
            server,
            address,
            clock,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// An invitation code for one use, for as long as a fortnight.
    pub fn invite(&self, place: &str, facility: Option<&str>, role: Role) -> String {
        self.invite_for(place, facility, role, 1)
    }

    pub fn invite_for(&self, place: &str, facility: Option<&str>, role: Role, uses: u32) -> String {
        let facility = facility.map(str::to_owned);
        let invite = Invite {
            place: place.to_owned(),
            facility,
            role,
            uses,
            days: 14,
            also: Vec::new(),
        };
        self.server.invite(&invite).unwrap()
    }

    /// Posts a body and gives status and answer.
    pub fn post(&self, path: &str, body: &[u8]) -> (u16, Vec<u8>) {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: here\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        self.exchange(&[head.as_bytes(), body])
    }

    /// Sends raw parts and reads the response to its end.
    pub fn exchange(&self, parts: &[&[u8]]) -> (u16, Vec<u8>) {
        let mut response = self.raw(parts);
        let end = response
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .expect("a response");
        let status = std::str::from_utf8(&response[9..12])
            .unwrap()
            .parse()
            .unwrap();
        (status, response.split_off(end + 4))
    }

    /// Sends raw parts and gives the response as it came.
    pub fn raw(&self, parts: &[&[u8]]) -> Vec<u8> {
        let mut stream = TcpStream::connect(self.address).unwrap();
        for part in parts {
            // The server may answer and close before it has read everything.
            if stream.write_all(part).is_err() {
                break;
            }
        }
        let mut response = Vec::new();
        let _ = stream.read_to_end(&mut response);
        response
    }

    /// A laptop at a new facility of Kati, enrolled.
    pub fn laptop(&self, secret: u8, facility: &str) -> Laptop {
        let code = self.invite("Kati", Some(facility), Role::Member);
        let mut laptop = Laptop::new(secret);
        laptop.enrol(self, &code, None).unwrap();
        laptop
    }

    /// A coach's laptop of the district of Kati, enrolled.
    pub fn coach(&self, secret: u8) -> Laptop {
        let code = self.invite("Kati", None, Role::Coach);
        let mut laptop = Laptop::new(secret);
        laptop.enrol(self, &code, None).unwrap();
        laptop
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

/// A folder and a server in it.
pub fn running() -> (TempDir, Running) {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path());
    (folder, running)
}

/// A server on this storage, with the home it lies in.
pub fn running_on(on: Storage) -> (Home, Running) {
    let home = Home::new(on);
    let running = Running::at(&home);
    (home, running)
}

/// A laptop that keeps its segments in memory.
#[derive(Clone)]
pub struct Laptop {
    pub key: KeyPair,
    pub enrolled: Option<EnrolAnswer>,
    pub grant: Option<Grant>,
    pub epoch: [u8; 16],
    pub counter: u64,
    pub cursors: BTreeMap<ScopeId, u64>,
    /// Every segment held, by scope, replica and first number.
    pub held: BTreeMap<(ScopeId, ReplicaId, u64), Sealed>,
    /// Own segments to send.
    pub outbox: Vec<Vec<u8>>,
    pub millis: u64,
    /// Whether it says something of itself, as newer versions do.
    pub speaks: bool,
    /// What binds the next request to the last answer taken in.
    pub last: [u8; 8],
    /// The same of the last answer given.
    pub given: Cell<[u8; 8]>,
    /// Bytes of the last answer.
    pub answered: Cell<usize>,
    pub demand: Option<Vec<ScopeId>>,
    pub older: Vec<(ScopeId, u64)>,
    pub revocations: Vec<Signed>,
    pub waiting: u64,
}

impl Laptop {
    pub fn new(secret: u8) -> Self {
        Self {
            key: KeyPair::from_secret(&[secret; 32]),
            enrolled: None,
            grant: None,
            epoch: [0; 16],
            counter: 0,
            cursors: BTreeMap::new(),
            held: BTreeMap::new(),
            outbox: Vec::new(),
            millis: START_MS,
            speaks: false,
            last: [0; 8],
            given: Cell::new([0; 8]),
            answered: Cell::new(0),
            demand: None,
            older: Vec::new(),
            revocations: Vec::new(),
            waiting: 0,
        }
    }

    pub fn replica(&self) -> ReplicaId {
        self.key.replica()
    }

    /// Its own place's scope.
    pub fn home(&self) -> ScopeId {
        self.enrolled.as_ref().unwrap().place.as_scope()
    }

    pub fn enrol(
        &mut self,
        at: &Running,
        code: &str,
        place: Option<EnrolPlace>,
    ) -> Result<EnrolAnswer, String> {
        let request = EnrolRequest::sign(&self.key, code.to_owned(), place, None).unwrap();
        let (status, body) = at.post("/v1/enrol", &request);
        if status != 200 {
            return Err(Failure::from_bytes(&body).unwrap().code);
        }
        let answer = EnrolAnswer::from_bytes(&body).unwrap();
        answer.grant.verify(&answer.server_key).unwrap();
        self.grant = Some(answer.grant.clone());
        self.epoch = answer.epoch;
        self.enrolled = Some(answer.clone());
        Ok(answer)
    }

    /// Where its own stream of a scope stands.
    pub fn tip(&self, scope: ScopeId) -> Tip {
        let own = self.replica();
        let streams = (scope, own, 0)..=(scope, own, u64::MAX);
        self.held
            .range(streams)
            .next_back()
            .map_or(Tip::start(scope), |(_, sealed)| sealed.tip())
    }

    /// One save with these changes, sealed and put into the outbox.
    pub fn save(&mut self, scope: ScopeId, changes: Vec<Change>) -> Sealed {
        self.millis += 1000;
        let save = Save {
            hlc: Hlc::from_parts(self.millis, 0),
            author: RecordId::counted(self.replica(), 0),
            grant: 1,
            kind: SaveKind::Edit,
            reason: None,
            changes,
        };
        let sealed = seal(&self.key, &self.tip(scope), &[save]).unwrap();
        self.held.insert(
            (scope, self.replica(), sealed.header.first_seq),
            sealed.clone(),
        );
        self.outbox.push(sealed.bytes.clone());
        sealed
    }

    /// An idea in words, as its own next record.
    pub fn idea(&mut self, scope: ScopeId, text: &str) -> RecordId {
        let record = RecordId::counted(self.replica(), self.tip(scope).last_seq + 1);
        self.save(scope, vec![set_idea(record, text, &[])]);
        record
    }

    /// What it holds of the scopes that it may read.
    pub fn vector(&self) -> Vector {
        let mut vector = Vector::new();
        let grant = self.grant.as_ref().unwrap();
        for ((scope, replica, _), sealed) in &self.held {
            if grant.may_read(*scope) {
                let last = sealed.header.last_seq.max(vector.get(*scope, *replica));
                vector.set(*scope, *replica, last);
            }
        }
        vector
    }

    pub fn request(&mut self, vector: bool) -> SyncRequest {
        self.counter += 1;
        let held = self.vector();
        SyncRequest {
            replica: self.replica(),
            epoch: self.epoch,
            counter: self.counter,
            grant: self.grant.as_ref().unwrap().terms().version,
            cursors: self
                .cursors
                .iter()
                .map(|(scope, cursor)| (*scope, *cursor))
                .collect(),
            digest: held.digest(),
            vector: vector.then_some(held),
            segments: self.outbox.clone(),
            last: self.last,
            status: self.speaks.then(|| self.status()),
            demand: self.demand.clone(),
            older: self.older.clone(),
            revocations: self.revocations.clone(),
            ends: Vec::new(),
            keys: Vec::new(),
            wants: Vec::new(),
            erase: Vec::new(),
            list: None,
        }
    }

    pub fn status(&self) -> Status {
        Status {
            version: "0.3.0".to_owned(),
            seal: self.key.seal_public(),
            waiting: self.waiting,
            held: 0,
        }
    }

    /// As a version that says something of itself.
    pub fn speaking(mut self) -> Self {
        self.speaks = true;
        self
    }

    /// Goes on under another name, and saves again what the answer to `mint` does not cover.
    pub fn mint(&mut self, at: &Running, secret: u8) -> Result<EnrolAnswer, String> {
        let new = KeyPair::from_secret(&[secret; 32]);
        let request = MintRequest {
            old: self.replica(),
            key: new.public(),
            status: self.status(),
        };
        let (status, body) = at.post("/v1/mint", &request.sign(&self.key, &new).unwrap());
        if status != 200 {
            return Err(Failure::from_bytes(&body).unwrap().code);
        }
        let answer = EnrolAnswer::from_bytes(&body).unwrap();
        answer.grant.verify(&answer.server_key).unwrap();
        self.key = new;
        self.last = [0; 8];
        self.counter = 0;
        self.grant = Some(answer.grant.clone());
        self.enrolled = Some(answer.clone());
        Ok(answer)
    }

    /// One request and its answer, verified; nothing is taken in yet.
    pub fn ask(&self, at: &Running, request: &SyncRequest) -> Result<SyncAnswer, String> {
        let posted = request.sign(&self.key).unwrap();
        let (status, body) = at.post("/v1/sync", &posted);
        if status != 200 {
            return Err(Failure::from_bytes(&body).unwrap().code);
        }
        Ok(self.hear(request, &posted, &body))
    }

    /// The answer to a request in these bytes, verified.
    pub fn hear(&self, request: &SyncRequest, posted: &[u8], body: &[u8]) -> SyncAnswer {
        let server_key = self.enrolled.as_ref().unwrap().server_key;
        self.given.set(binding(posted, body));
        self.answered.set(body.len());
        let nothing = SyncAnswer::read_nothing(body, &server_key, posted, request.epoch);
        if let Some(answer) = nothing {
            return answer;
        }
        let signed = Signed::from_bytes(body).unwrap();
        signed.verify(&server_key, Purpose::Answer).unwrap();
        SyncAnswer::from_bytes(&signed.body).unwrap()
    }

    pub fn take_in(&mut self, answer: &SyncAnswer) {
        if self.speaks {
            self.last = self.given.get();
        }
        for fed in &answer.segments {
            let segment = segment::read(&fed.bytes).unwrap();
            let header = segment.header().clone();
            let key = (header.scope, header.replica, header.first_seq);
            let sealed = Sealed {
                bytes: fed.bytes.clone(),
                hash: segment.hash(),
                header,
            };
            self.held.insert(key, sealed);
        }
        if let Some(grant) = &answer.grant {
            grant
                .verify(&self.enrolled.as_ref().unwrap().server_key)
                .unwrap();
            self.grant = Some(grant.clone());
        }
        self.cursors.extend(answer.cursors.iter().copied());
        self.epoch = answer.epoch;
        self.outbox.clear();
    }

    /// A whole exchange as the app does it. Gives the answers, one a request.
    pub fn sync(&mut self, at: &Running) -> Vec<SyncAnswer> {
        let mut answers = Vec::new();
        let mut vector = false;
        loop {
            let request = self.request(vector);
            let answer = self.ask(at, &request).unwrap();
            self.take_in(&answer);
            vector = answer.want_vector;
            let again = answer.more || answer.want_vector;
            answers.push(answer);
            if !again {
                return answers;
            }
            assert!(answers.len() < 50, "an exchange must come to an end");
        }
    }

    pub fn holds(&self, scope: ScopeId, replica: ReplicaId) -> u64 {
        self.vector().get(scope, replica)
    }
}

/// One change: an idea's words.
pub fn set_idea(record: RecordId, text: &str, seen: &[Dot]) -> Change {
    Change {
        kind: Kind::Idea.number(),
        record,
        field: IdeaField::Text.number(),
        value: Value::text(text),
        seen: seen.to_vec(),
    }
}

/// The words of an idea as the server shows them.
pub fn idea_at(server: &Server, scope: ScopeId, record: RecordId) -> Option<String> {
    let values = server.record(scope, Kind::Idea.number(), record).unwrap()?;
    Some(values["text"].as_str()?.to_owned())
}

pub fn dot(replica: ReplicaId, seq: u64) -> Dot {
    Dot {
        replica,
        seq,
        index: 0,
    }
}

/// The reasons of an answer's refusals.
pub fn reasons(answer: &SyncAnswer) -> Vec<&str> {
    answer
        .refused
        .iter()
        .map(|refused| refused.reason.as_str())
        .collect()
}

/// Fails when anything that is stored is not as it should be.
pub fn assert_sound(server: &Server) {
    let report = server.check().unwrap();
    assert!(report.ok, "{report:?}");
}
