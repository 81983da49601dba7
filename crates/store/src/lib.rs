//! The local store: an encrypted SQLite database whose tables are what an append-only log of saves says now.
//!
//! There is one door for writing ([`Store::write`]) and one for what arrives ([`Store::take`]); readers get a
//! connection that cannot write.

mod aside;
mod audit;
mod backup;
mod base;
mod disk;
mod door;
pub mod error;
mod history;
mod lost;
mod mint;
mod open;
mod others;
pub mod project;
mod relock;
mod rows;
mod run;
pub mod sealed;
mod search;
mod stamps;
mod streams;
mod twin;
mod write;

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::registry::Kind;
use rusqlite::{Connection, OptionalExtension};
use sync::key::KeyPair;
use sync::log::{Dot, Save};
use sync::segment::Hash;
use sync::vector::Vector;

pub use aside::Aside;
pub use audit::{Chain, Doing, Doings, Line};
pub use backup::{Absorbed, Holds, back_up, back_up_as, examine, forget, is_older, peek};
pub use base::Base;
pub use disk::{Disk, RealDisk, write_private};
use door::{Door, Step};
pub use error::{Error, Result};
pub use open::Key;
pub use others::{Carried, Peer};
pub use relock::{Begins, begins, examine_alone, lock_anew};
pub use run::Waiting;
pub use stamps::{Stamp, unpack as unpack_stamps};
pub use streams::{Pending, Taken};
pub use write::{Draft, Edit, Seen, Writer};

/// The database's file name in the data folder.
pub const DATABASE: &str = "nyetaa.db";

/// An open store.
pub struct Store {
    // Closed before the writer, which then puts the write-ahead log into the database; a reader could not.
    reader: Mutex<Connection>,
    writer: Door,
    key: RwLock<Arc<KeyPair>>,
    /// New records are counted from here at least, as long as this store is open.
    records_from: i64,
    disk: Arc<dyn Disk>,
    /// [`Store::others_removed`].
    removed: Mutex<BTreeSet<(ScopeId, Dot)>>,
}

/// Which way an exchange went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ExchangeKind {
    /// With the server, over the network.
    #[default]
    Server,
    /// Written to a stick.
    StickOut,
    /// Read from a stick.
    StickIn,
}

impl ExchangeKind {
    const ALL: [Self; 3] = [Self::Server, Self::StickOut, Self::StickIn];

    /// Its word in the log of exchanges.
    pub fn word(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::StickOut => "stick-out",
            Self::StickIn => "stick-in",
        }
    }

    fn of_word(word: &str) -> Self {
        let known = Self::ALL.into_iter().find(|kind| kind.word() == word);
        known.unwrap_or_default()
    }
}

/// What an exchange came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exchange {
    /// This computer's clock, in milliseconds since 1970.
    pub at_ms: i64,
    /// Whether it ended well.
    pub ok: bool,
    /// Why it did not.
    pub code: Option<String>,
    /// Saves sent and accepted.
    pub sent: u32,
    /// Saves received.
    pub received: u32,
    /// Bytes sent.
    pub bytes_up: u32,
    /// Bytes received.
    pub bytes_down: u32,
    /// Requests made.
    pub requests: u32,
    /// Which way it went.
    pub kind: ExchangeKind,
    /// What else is to be said of it, in JSON: for the sentence that people read. No names, no contents.
    pub params: Option<String>,
}

impl Store {
    /// Opens the store in `folder`, made when it is not there. `secret` becomes the replica's signing key the
    /// first time; after that, it tells from where the records of this opening are counted.
    pub fn open(folder: &Path, key: &Key, secret: &[u8; 32]) -> Result<Self> {
        Self::open_on(Arc::new(RealDisk), folder, Some(key), secret)
    }

    /// Opens the store in `folder` of any disk, as [`Store::open`] does. Without a key it is not encrypted: for
    /// simulations, which run the same code many thousand times.
    pub fn open_on(
        disk: Arc<dyn Disk>,
        folder: &Path,
        key: Option<&Key>,
        secret: &[u8; 32],
    ) -> Result<Self> {
        let path = folder.join(DATABASE);
        let place = open::Place {
            disk: &*disk,
            path: &path,
            key,
        };
        let writer = open::writer(place)?;
        let stored: Option<[u8; 32]> = writer
            .query_row(
                "SELECT value FROM meta WHERE key = 'replica_secret'",
                [],
                |row| row.get(0),
            )
            .optional()?;
        let mut records_from = 1;
        let secret = match stored {
            Some(stored) => {
                records_from = write::records_from(&writer, secret)?;
                stored
            }
            None => {
                writer.execute(
                    "INSERT INTO meta (key, value) VALUES ('replica_secret', ?1)",
                    [secret],
                )?;
                *secret
            }
        };
        let key_pair = KeyPair::from_secret(&secret);
        writer.execute(
            "INSERT INTO replica (id, key) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            (key_pair.replica().as_bytes(), key_pair.public()),
        )?;
        let reader = open::reader(place)?;
        Ok(Self {
            reader: Mutex::new(reader),
            writer: Door::new(writer),
            key: RwLock::new(Arc::new(key_pair)),
            records_from,
            disk,
            removed: Mutex::default(),
        })
    }

    /// The disk that this store lies on.
    pub fn disk(&self) -> &Arc<dyn Disk> {
        &self.disk
    }

    /// This store's own replica.
    pub fn replica(&self) -> ReplicaId {
        self.key().replica()
    }

    /// The key that signs this replica's segments and requests now: another one after [`Store::mint`].
    pub fn key(&self) -> Arc<KeyPair> {
        Arc::clone(&self.key.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn set_key(&self, key: KeyPair) {
        *self.key.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(key);
    }

    /// Reads on a connection that cannot write; inside of [`Store::together`] on the one that does, so that what was written there is
    /// read.
    pub fn read<T, E: From<Error>>(
        &self,
        read: impl FnOnce(&Connection) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        match self.writer.joined() {
            Some(inside) => read(&inside.conn.borrow()),
            None => read(&lock(&self.reader)),
        }
    }

    /// Writes in one transaction: all of it is there afterwards, or nothing. Answers which kinds changed too.
    pub fn write<T, E: From<Error>>(
        &self,
        wall_ms: u64,
        write: impl FnOnce(&mut Writer<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<(T, BTreeSet<Kind>), E> {
        let inside = self.writer.enter();
        let conn = inside.conn.borrow();
        let step = Step::begin(&inside, &conn)?;
        let mut writer = Writer::new(step, self.replica(), self.records_from, wall_ms);
        let answer = write(&mut writer)?;
        let changed = writer.commit()?;
        Ok((answer, changed))
    }

    /// Whatever this thread writes and reads here meanwhile is one transaction: all of it is there afterwards, or nothing. Others wait
    /// for the end of it to write, and read what stood there before.
    pub fn together<T, E: From<Error>>(
        &self,
        act: impl FnOnce() -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let inside = self.writer.enter();
        let conn = inside.conn.borrow();
        let step = Step::begin(&inside, &conn)?;
        let joint = inside.join();
        let answer = act()?;
        drop(joint);
        step.commit()?;
        inside.ended()?;
        Ok(answer)
    }

    fn transact<T>(&self, act: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let inside = self.writer.enter();
        let conn = inside.conn.borrow();
        let step = Step::begin(&inside, &conn)?;
        let answer = act(step.conn())?;
        step.commit()?;
        Ok(answer)
    }

    /// Seals what was saved since the last time in the given scopes, ready to travel.
    pub fn seal(&self, scopes: &BTreeSet<ScopeId>) -> Result<()> {
        self.transact(|conn| streams::seal(conn, &self.key(), scopes))
    }

    /// Stores one segment that arrived, byte for byte.
    pub fn take(&self, bytes: &[u8]) -> Result<Taken> {
        self.transact(|conn| streams::take(conn, bytes, self.replica()))
    }

    /// Brings stored saves of a scope into the tables, those whose turn has come. Answers how many, and which kinds changed.
    pub fn apply(&self, scope: ScopeId, wall_ms: u64) -> Result<(u64, BTreeSet<Kind>)> {
        let mut came = run::Came::default();
        let applied = self.transact(|conn| {
            let own = self.replica();
            let applied = run::apply_stored(conn, scope, own, wall_ms, &mut came)?;
            twin::settle(conn, scope, own, wall_ms)?;
            Ok(applied)
        })?;
        self.note_removed(came.removed);
        Ok((applied, came.changed))
    }

    fn note_removed(&self, came: Vec<(ScopeId, Dot)>) {
        if !came.is_empty() {
            let mut removed = self.removed.lock().unwrap_or_else(PoisonError::into_inner);
            removed.extend(came);
        }
    }

    /// The changes by which others took away a record, or a figure of a value, among those that were applied since this was
    /// last asked, or this store was opened.
    pub fn others_removed(&self) -> BTreeSet<(ScopeId, Dot)> {
        let mut removed = self.removed.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *removed)
    }

    /// Scopes with saves that are stored and not applied: they wait for others, or something came in between.
    pub fn behind(&self) -> Result<Vec<ScopeId>> {
        self.read(run::scopes_behind)
    }

    /// Brings into the tables what was stored and not applied, in all scopes: a power cut came between the two, or an older
    /// version could not open it. Nothing would ask for it again, since it is here. Answers how many saves that were.
    pub fn catch_up(&self, wall_ms: u64) -> Result<u64> {
        let mut applied = 0;
        for scope in self.behind()? {
            applied += self.apply(scope, wall_ms)?.0;
        }
        Ok(applied)
    }

    /// Empties the tables and fills them again from the log.
    pub fn rebuild(&self, wall_ms: u64) -> Result<()> {
        self.transact(|conn| run::rebuild(conn, self.replica(), wall_ms))
    }

    /// How far each stream of the given scopes is held here.
    pub fn vector(&self, scopes: &BTreeSet<ScopeId>) -> Result<Vector> {
        self.read(|conn| streams::vector(conn, scopes))
    }

    /// What tells the streams of [`Store::vector`] from others of their length, for [`sync::wire::SyncRequest::ends`].
    pub fn ends(&self, vector: &Vector) -> Result<Vec<u8>> {
        self.read(|conn| streams::ends(conn, vector))
    }

    /// Own sealed segments of these scopes that the server has not said it holds.
    pub fn unsent(&self, scopes: &BTreeSet<ScopeId>, most_bytes: usize) -> Result<Vec<Vec<u8>>> {
        self.read(|conn| streams::unsent(conn, self.replica(), scopes, most_bytes))
    }

    /// The server was restored: what it once said it holds may be gone.
    pub fn forget_accepted(&self) -> Result<()> {
        self.transact(|conn| streams::forget_accepted(conn, self.replica()))
    }

    /// The server says that it holds one of this replica's streams up to `seq`. False when the hash is not ours.
    pub fn accept(&self, scope: ScopeId, seq: u64, hash: &Hash) -> Result<bool> {
        self.transact(|conn| streams::accept(conn, scope, self.replica(), seq, hash))
    }

    /// Own saves that the server has not said it holds, by scope.
    pub fn waiting(&self) -> Result<Vec<(ScopeId, u64, Save)>> {
        self.read(|conn| {
            let mut rows = conn.prepare_cached(
                "SELECT s.scope, s.accepted_seq FROM stream s JOIN replica r ON r.no = s.replica
                 WHERE r.id = ?1 AND s.given_seq > s.accepted_seq",
            )?;
            let rows = rows.query_map([self.replica().as_bytes()], |row| {
                Ok((
                    ScopeId::from_bytes(row.get(0)?),
                    row.get::<_, i64>(1)? as u64,
                ))
            })?;
            let mut waiting = Vec::new();
            for row in rows {
                let (scope, accepted) = row?;
                let saves = streams::beyond(conn, scope, self.replica(), accepted)?;
                waiting.extend(saves.into_iter().map(|(seq, save)| (scope, seq, save)));
            }
            Ok(waiting)
        })
    }

    /// How much of one's own the server has not said it holds, by scope: as [`Store::waiting`], at the cost of a save.
    pub fn pending(&self) -> Result<Vec<Pending>> {
        self.read(|conn| streams::pending(conn, self.replica()))
    }

    /// Scopes of which anything stands here.
    pub fn scopes(&self) -> Result<BTreeSet<ScopeId>> {
        self.read(streams::scopes)
    }

    /// Writes the database anew without the room that rows leave when very many come at once: some seven percent of it.
    /// Whole or not at all, and nothing that it says changes; takes as much of the disk again while it runs.
    pub fn tighten(&self) -> Result<()> {
        let inside = self.writer.enter_alone()?;
        let conn = inside.conn.borrow();
        Ok(conn.execute_batch("VACUUM")?)
    }

    /// Forgets a small value kept beside the log.
    pub fn clear_meta(&self, key: &str) -> Result<()> {
        self.transact(|conn| {
            conn.prepare_cached("DELETE FROM meta WHERE key = ?1")?
                .execute([key])?;
            Ok(())
        })
    }

    /// The save in which a value was written.
    pub fn save_of(&self, scope: ScopeId, dot: &Dot) -> Result<Option<Save>> {
        self.read(|conn| streams::save_at(conn, scope, dot.replica, dot.seq, self.replica()))
    }

    /// Why each of these changes of a scope was made, where its author said so.
    pub fn reasons(&self, scope: ScopeId, dots: &BTreeSet<Dot>) -> Result<HashMap<Dot, String>> {
        self.read(|conn| streams::reasons(conn, scope, dots, self.replica()))
    }

    /// Every save that touches a record, oldest first, with the stream it stands in. Of the log it opens only what holds
    /// them, where all of them are stored and applied.
    pub fn history(&self, scope: ScopeId, record: RecordId) -> Result<Vec<(ReplicaId, u64, Save)>> {
        self.read(|conn| history::of_record(conn, scope, record, self.replica()))
    }

    /// Segments of any stream of these scopes that whoever has `vector` lacks, each stream in order: for a server that
    /// was restored, and for bundles. What waits in the tail is sealed by the caller before. A stream of which `vector`
    /// lacks what only a snapshot stands for here is left out.
    pub fn beyond(
        &self,
        vector: &Vector,
        scopes: &BTreeSet<ScopeId>,
        most_bytes: usize,
    ) -> Result<Vec<Vec<u8>>> {
        self.read(|conn| streams::lacking(conn, vector, scopes, most_bytes))
    }

    /// Received saves that wait for others before they can be shown, the first of each stream.
    pub fn waits(&self) -> Result<Vec<Waiting>> {
        self.read(|conn| run::waits(conn, self.replica()))
    }

    /// How many received saves wait for others before they can be shown.
    pub fn held(&self) -> Result<u32> {
        self.read(|conn| run::held(conn, self.replica()))
    }

    /// A small value kept beside the log.
    pub fn meta(&self, key: &str) -> Result<Option<Vec<u8>>> {
        self.read(|conn| {
            Ok(conn
                .prepare_cached("SELECT CAST(value AS BLOB) FROM meta WHERE key = ?1")?
                .query_row([key], |row| row.get(0))
                .optional()?)
        })
    }

    /// Sets a small value kept beside the log.
    pub fn set_meta(&self, key: &str, value: &[u8]) -> Result<()> {
        self.transact(|conn| write::set_meta(conn, key, value))
    }

    /// What the server's time is ahead of this computer's, in milliseconds.
    pub fn set_clock_offset(&self, offset_ms: i64) -> Result<()> {
        self.transact(|conn| write::set_meta_int(conn, "clock_offset_ms", offset_ms))
    }

    /// What the server's time is ahead of this computer's, in milliseconds, 0 when never learned.
    pub fn clock_offset(&self) -> Result<i64> {
        self.read(|conn| Ok(write::get_meta_int(conn, "clock_offset_ms")?.unwrap_or(0)))
    }

    /// The next number of a request to the server; never the same twice.
    pub fn next_request(&self) -> Result<u64> {
        self.transact(|conn| {
            let next = write::get_meta_int(conn, "request_counter")?.unwrap_or(0) + 1;
            write::set_meta_int(conn, "request_counter", next)?;
            Ok(next as u64)
        })
    }

    /// How far each scope's feed at the server was read.
    pub fn cursors(&self) -> Result<Vec<(ScopeId, u64)>> {
        self.read(|conn| {
            let mut rows =
                conn.prepare_cached("SELECT scope, feed_no FROM cursor ORDER BY scope")?;
            let rows = rows.query_map([], |row| {
                Ok((
                    ScopeId::from_bytes(row.get(0)?),
                    row.get::<_, i64>(1)? as u64,
                ))
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Notes how far a scope's feed was read.
    pub fn set_cursor(&self, scope: ScopeId, feed_no: u64) -> Result<()> {
        self.transact(|conn| {
            conn.prepare_cached("INSERT INTO cursor (scope, feed_no) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET feed_no = excluded.feed_no")?
                .execute((scope.as_bytes(), feed_no as i64))?;
            Ok(())
        })
    }

    /// Notes what an exchange came to.
    pub fn add_exchange(&self, exchange: &Exchange) -> Result<()> {
        self.transact(|conn| {
            conn.execute(
                "INSERT INTO exchange (at_ms, ok, code, sent, received, bytes_up, bytes_down, requests, kind, params)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                (
                    exchange.at_ms,
                    exchange.ok,
                    &exchange.code,
                    exchange.sent,
                    exchange.received,
                    exchange.bytes_up,
                    exchange.bytes_down,
                    exchange.requests,
                    exchange.kind.word(),
                    &exchange.params,
                ),
            )?;
            Ok(())
        })
    }

    /// The last exchanges, newest first.
    pub fn exchanges(&self, most: u32) -> Result<Vec<Exchange>> {
        self.read(|conn| {
            let mut rows = conn.prepare_cached(
                "SELECT at_ms, ok, code, sent, received, bytes_up, bytes_down, requests, kind, params FROM exchange ORDER BY id DESC LIMIT ?1",
            )?;
            let rows = rows.query_map([most], |row| {
                Ok(Exchange {
                    at_ms: row.get(0)?,
                    ok: row.get(1)?,
                    code: row.get(2)?,
                    sent: row.get(3)?,
                    received: row.get(4)?,
                    bytes_up: row.get(5)?,
                    bytes_down: row.get(6)?,
                    requests: row.get(7)?,
                    kind: ExchangeKind::of_word(row.get_ref(8)?.as_str()?),
                    params: row.get(9)?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}

/// A panic in another thread rolled its transaction back; the connection itself is sound.
fn lock(conn: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    conn.lock().unwrap_or_else(PoisonError::into_inner)
}
