//! Copies of a whole database, and going back to one.
//!
//! A copy is taken by the engine itself, page by page on one unchanging view while work goes on, written aside, closed,
//! opened again and examined; only then does it get its name. It is locked with the same key.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use domain::ids::{ReplicaId, ScopeId};
use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use sync::admit::Admission;
use sync::key::KeyPair;
use sync::segment::{self, Tip};

use crate::disk::{Disk, absent, beside};
use crate::error::{Error, Result};
use crate::open::{self, Key, Place};
use crate::write::{get_meta_int, set_meta_int};
use crate::{Store, project, streams};

/// How long to wait when the engine is busy with something else.
const PAUSE: Duration = Duration::from_millis(20);

/// What `meta` holds that belongs to one database and is not taken over into another.
const OWN_META: [&str; 8] = [
    "replica_secret",
    "minted_from",
    "minted_between",
    "here_token",
    "here_next",
    "hlc",
    "record_counter",
    "last_binding",
];

/// What a database holds, counted: two that hold the same count the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Holds {
    /// Streams that are known.
    pub streams: u64,
    /// Sealed segments.
    pub segments: u64,
    /// Saves: those of the streams, and those that wait to be sealed.
    pub saves: u64,
    /// Values that stand beside others.
    pub heads: u64,
}

/// What was brought over out of another database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Absorbed {
    /// Saves that were not here before.
    pub saves: u64,
    /// Whether all of it could be read.
    pub whole: bool,
}

/// Copies the database at `from` to `to`, both locked with `key`. Until it is whole and examined nothing bears the name
/// `to`. Answers what it holds.
///
/// # Errors
/// [`Error::Damaged`] or [`Error::Foreign`] when a page of either cannot be read; then `to` is as it was.
pub fn back_up(disk: &dyn Disk, from: &Path, key: Option<&Key>, to: &Path) -> Result<Holds> {
    back_up_as(disk, (from, key), (to, key))
}

/// The same, each of the two locked with a key of its own.
pub fn back_up_as(
    disk: &dyn Disk,
    (from, from_key): (&Path, Option<&Key>),
    (to, key): (&Path, Option<&Key>),
) -> Result<Holds> {
    let part = beside(to, ".part");
    // A database that is not there would be made.
    disk.len(from)?;
    let source = open::plain(
        Place {
            disk,
            path: from,
            key: from_key,
        },
        OpenFlags::SQLITE_OPEN_READ_WRITE,
    )?;
    let copied = copy(disk, &source, key, &part).and_then(|held| {
        let found = examine(disk, &part, key)?;
        if found == held {
            Ok(held)
        } else {
            Err(Error::Damaged)
        }
    });
    match copied {
        Ok(held) => {
            disk.rename(&part, to)?;
            if let Some(folder) = to.parent() {
                disk.sync_folder(folder)?;
            }
            Ok(held)
        }
        Err(error) => {
            // What is left of it would take the room that may have been too little.
            let _ = forget(disk, &part);
            Err(error)
        }
    }
}

/// Removes a database and what the engine may have left beside it.
pub fn forget(disk: &dyn Disk, path: &Path) -> Result<()> {
    for ending in ["", "-wal", "-shm", "-journal"] {
        absent(disk.remove(&beside(path, ending)))?;
    }
    Ok(())
}

/// Copies what stands in `from` into one file, to which nothing beside it belongs, on the disk when this returns.
pub(crate) fn copy(
    disk: &dyn Disk,
    from: &Connection,
    key: Option<&Key>,
    part: &Path,
) -> Result<Holds> {
    forget(disk, part)?;
    if let Some(folder) = part.parent() {
        disk.create_dir_all(folder)?;
    }
    let at = Place {
        disk,
        path: part,
        key,
    };
    let create = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let mut to = open::plain(at, create)?;
    to.pragma_update(None, "synchronous", "FULL")?;
    let _: String = to.query_row("PRAGMA journal_mode = MEMORY", [], |row| row.get(0))?;
    from.execute_batch("BEGIN")?;
    let held = holds(from)?;
    Backup::new(from, &mut to)?.run_to_completion(i32::MAX, PAUSE, None)?;
    from.execute_batch("COMMIT")?;
    drop(to);
    let to = open::plain(at, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    to.pragma_update(None, "synchronous", "FULL")?;
    let mode: String = to.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0))?;
    if mode != "delete" {
        return Err(Error::Unsafe("journal_mode"));
    }
    drop(to);
    Ok(held)
}

/// Reads every page of a database that nobody writes, and counts what it holds.
///
/// # Errors
/// [`Error::Damaged`] or [`Error::Foreign`] when anything of it is not as it was written.
pub fn examine(disk: &dyn Disk, path: &Path, key: Option<&Key>) -> Result<Holds> {
    peek(disk, path, key, |conn| {
        sound(conn, key.is_some())?;
        holds(conn)
    })
}

/// Whether opening a database would change its form. Nobody has it open.
pub fn is_older(disk: &dyn Disk, path: &Path, key: Option<&Key>) -> Result<bool> {
    peek(disk, path, key, open::is_older)
}

/// Reads in a database that nobody writes.
pub fn peek<T, E: From<Error>>(
    disk: &dyn Disk,
    path: &Path,
    key: Option<&Key>,
    read: impl FnOnce(&Connection) -> std::result::Result<T, E>,
) -> std::result::Result<T, E> {
    disk.len(path).map_err(Error::from)?;
    let conn = open::reader(Place { disk, path, key })?;
    read(&conn)
}

/// Whether every page is as it was written.
pub(crate) fn sound(conn: &Connection, encrypted: bool) -> Result<()> {
    if encrypted {
        let mut pages = conn.prepare("PRAGMA cipher_integrity_check")?;
        if pages.query([])?.next()?.is_some() {
            return Err(Error::Damaged);
        }
    }
    let said: String = conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if said == "ok" {
        Ok(())
    } else {
        Err(Error::Damaged)
    }
}

/// What a database holds. In words that its oldest version understood.
pub(crate) fn holds(conn: &Connection) -> Result<Holds> {
    Ok(conn.query_row(
        "SELECT (SELECT count(*) FROM stream), (SELECT count(*) FROM segment),
                (SELECT coalesce(sum(sealed_seq), 0) FROM stream) + (SELECT count(*) FROM tail),
                (SELECT count(*) FROM head)",
        [],
        |row| {
            Ok(Holds {
                streams: row.get::<_, i64>(0)? as u64,
                segments: row.get::<_, i64>(1)? as u64,
                saves: row.get::<_, i64>(2)? as u64,
                heads: row.get::<_, i64>(3)? as u64,
            })
        },
    )?)
}

impl Store {
    /// What this database holds now.
    pub fn holds(&self) -> Result<Holds> {
        self.read(holds)
    }

    /// Whether every page can be read and nothing contradicts anything else. Work may go on meanwhile.
    pub fn is_sound(&self) -> bool {
        self.read(|conn| sound(conn, false)).is_ok()
    }

    /// Puts what stands in the database at `from` in the place of everything here, in one transaction: another one of
    /// this laptop's, made ready by [`Store::absorb`] and [`Store::mint`]. It is all of it afterwards, or nothing.
    pub fn put_back(&self, from: &Path, key: Option<&Key>) -> Result<()> {
        let disk = &*self.disk;
        disk.len(from)?;
        let place = Place {
            disk,
            path: from,
            key,
        };
        let source = open::plain(place, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let key_pair = own_key(&source)?.ok_or(Error::Damaged)?;
        // Nobody writes until the name is the other one.
        let inside = self.writer.enter_alone()?;
        let mut conn = inside.conn.borrow_mut();
        Backup::new(&source, &mut conn)?.run_to_completion(i32::MAX, PAUSE, None)?;
        self.set_key(key_pair);
        Ok(())
    }

    /// How many of this laptop's own saves another database of it holds, a backup, that stand here no more: none, unless the file
    /// here is an earlier state than the one that was copied. Numbers of an own stream never go back while its name lasts.
    pub fn falls_short_of(&self, other: &Connection) -> Result<u64> {
        let Some(name) = own_key(other)?.map(|key| key.replica()) else {
            return Ok(0);
        };
        self.read(|conn| falls_short(conn, other, (self.replica(), name)))
    }

    /// What is known of the server and of the people here, out of the database that this one takes the place of: the
    /// names it had are told to the server before the next one. To be called before [`Store::mint`].
    pub fn succeed(&self, other: &Connection) -> Result<()> {
        let Some(theirs) = own_secret(other)? else {
            return Ok(());
        };
        let text = |key: &str| -> Result<Option<Vec<u8>>> {
            Ok(other
                .prepare("SELECT CAST(value AS BLOB) FROM meta WHERE key = ?1")?
                .query_row([key], |row| row.get(0))
                .optional()?)
        };
        let untold = text("minted_from")?.filter(|secret| !secret.is_empty());
        let mut between = text("minted_between")?.unwrap_or_default();
        if untold.is_some() {
            between.extend_from_slice(&theirs);
        }
        let first = untold.unwrap_or_else(|| theirs.to_vec());
        self.transact(|conn| {
            let mut all = other.prepare("SELECT key, value FROM meta")?;
            let mut all = all.query([])?;
            while let Some(row) = all.next()? {
                let (key, value): (String, rusqlite::types::Value) = (row.get(0)?, row.get(1)?);
                if !OWN_META.contains(&key.as_str()) {
                    conn.execute(
                        "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value",
                        params![key, value],
                    )?;
                }
            }
            crate::write::set_meta(conn, "minted_from", &first)?;
            if !between.is_empty() {
                crate::write::set_meta(conn, "minted_between", &between)?;
            }
            crate::sealed::follow(conn, other)?;
            let hlc = get_meta_int(other, "hlc")?.unwrap_or(0);
            if hlc > get_meta_int(conn, "hlc")?.unwrap_or(0) {
                set_meta_int(conn, "hlc", hlc)?;
            }
            Ok(())
        })
    }

    /// Takes over who did what there since: those lines follow from the last one here, or stay where they are.
    pub fn follow(&self, other: &Connection) -> Result<()> {
        let hash_at = |conn: &Connection, no: i64| -> Result<Option<Vec<u8>>> {
            Ok(conn
                .prepare("SELECT hash FROM audit WHERE no = ?1")?
                .query_row([no], |row| row.get(0))
                .optional()?)
        };
        self.transact(|conn| {
            let last: i64 =
                conn.query_row("SELECT coalesce(max(no), 0) FROM audit", [], |row| row.get(0))?;
            if hash_at(conn, last)? != hash_at(other, last)? {
                return Ok(());
            }
            let mut lines = other.prepare("SELECT no, hash, at_ms, what, person, about, place, params, mark FROM audit WHERE no > ?1 ORDER BY no")?;
            let mut lines = lines.query([last])?;
            while let Some(line) = lines.next()? {
                let cells = (0..9).map(|at| line.get(at)).collect::<rusqlite::Result<Vec<rusqlite::types::Value>>>()?;
                conn.prepare_cached(
                    "INSERT INTO audit (no, hash, at_ms, what, person, about, place, params, mark)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                )?
                .execute(rusqlite::params_from_iter(cells))?;
            }
            Ok(())
        })
    }

    /// Brings over what stands in another database of this laptop and not here, stream by stream as far as it can be
    /// read, and into the tables. To be called after [`Store::mint`], so that nothing of it is this replica's own.
    pub fn absorb(&self, other: &Connection, wall_ms: u64) -> Result<Absorbed> {
        let mut done = Absorbed {
            saves: 0,
            whole: true,
        };
        let streams = match theirs(other) {
            Ok(streams) => streams,
            Err(_) => {
                done.whole = false;
                Vec::new()
            }
        };
        for stream in &streams {
            if self.absorb_stream(other, stream, &mut done).is_err() {
                done.whole = false;
            }
        }
        if self.absorb_tail(other, &mut done).is_err() {
            done.whole = false;
        }
        let keys = self.transact(|conn| {
            crate::sealed::follow(conn, other)?;
            crate::sealed::absorb(conn, other)
        });
        if keys.is_err() && !is_before_keys(other) {
            done.whole = false;
        }
        let scopes: BTreeSet<ScopeId> = self.behind()?.into_iter().collect();
        for scope in scopes {
            self.apply(scope, wall_ms)?;
        }
        Ok(done)
    }

    fn absorb_stream(&self, other: &Connection, from: &Theirs, done: &mut Absorbed) -> Result<()> {
        if from.replica == self.replica() {
            return Ok(());
        }
        let have = self.transact(|conn| {
            let no = project::replica_no(conn, from.replica)?;
            if let Some(key) = from.key {
                conn.execute(
                    "UPDATE replica SET key = coalesce(key, ?2) WHERE no = ?1",
                    params![no, key],
                )?;
            }
            Ok(streams::stream(conn, from.scope, no)?.sealed_seq)
        })?;
        let mut rows = other.prepare_cached(
            "SELECT bytes FROM segment WHERE scope = ?1 AND replica = ?2 AND last_seq > ?3 ORDER BY first_seq",
        )?;
        let mut rows = rows.query(params![from.scope.as_bytes(), from.no, have as i64])?;
        while let Some(row) = rows.next()? {
            let bytes: Vec<u8> = row.get(0)?;
            if !self.absorb_segment(&bytes, done)? {
                break;
            }
        }
        Ok(())
    }

    /// Whether the stream can go on.
    fn absorb_segment(&self, bytes: &[u8], done: &mut Absorbed) -> Result<bool> {
        let taken = self.take(bytes)?;
        match taken.admission {
            Admission::Next => done.saves += taken.saves,
            Admission::Duplicate => {}
            // What lacks in between was only a snapshot there; the server has it.
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// What no segment holds yet is sealed with the name it was saved under.
    fn absorb_tail(&self, other: &Connection, done: &mut Absorbed) -> Result<()> {
        let Some(key) = own_key(other)? else {
            return Ok(());
        };
        if key.replica() == self.replica() {
            return Ok(());
        }
        let scopes: Vec<[u8; 16]> = other
            .prepare("SELECT DISTINCT scope FROM tail")?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for scope in scopes.into_iter().map(ScopeId::from_bytes) {
            let row = self.transact(|conn| {
                let no = project::replica_no(conn, key.replica())?;
                streams::stream(conn, scope, no)
            })?;
            let tail = streams::tail(other, scope, key.replica(), row.sealed_seq)?;
            if tail
                .first()
                .is_none_or(|(seq, _)| *seq != row.sealed_seq + 1)
            {
                // What stands before it did not come over.
                done.whole = false;
                continue;
            }
            let saves: Vec<_> = tail.into_iter().map(|(_, save)| save).collect();
            let tip = Tip {
                scope,
                last_seq: row.sealed_seq,
                hash: row.sealed_hash.unwrap_or_default(),
            };
            for sealed in segment::seal_all(&key, &tip, &saves)? {
                if !self.absorb_segment(&sealed.bytes, done)? {
                    done.whole = false;
                    break;
                }
            }
        }
        Ok(())
    }
}

/// [`Store::falls_short_of`] of a database that bears `own`, where the other bears `name`.
fn falls_short(
    conn: &Connection,
    other: &Connection,
    (own, name): (ReplicaId, ReplicaId),
) -> Result<u64> {
    let knows = |conn: &Connection, name: ReplicaId| -> Result<bool> {
        Ok(conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM replica WHERE id = ?1)")?
            .query_row([name.as_bytes()], |row| row.get(0))?)
    };
    // A name that was laid down since, or the database of another laptop.
    if own != name && (knows(conn, name)? || !knows(other, own)?) {
        return Ok(0);
    }
    let mut theirs = other.prepare(
        "SELECT s.scope, s.sealed_seq FROM stream s JOIN replica r ON r.no = s.replica WHERE r.id = ?1
         UNION ALL SELECT scope, max(seq) FROM tail GROUP BY scope",
    )?;
    let mut theirs = theirs.query([name.as_bytes()])?;
    let mut last: BTreeMap<[u8; 16], i64> = BTreeMap::new();
    while let Some(row) = theirs.next()? {
        let seq = last.entry(row.get(0)?).or_default();
        *seq = row.get::<_, i64>(1)?.max(*seq);
    }
    let mut short = 0;
    for (scope, seq) in last {
        let here: Option<i64> = conn
            .prepare_cached(
                "SELECT max(s.given_seq, s.sealed_seq) FROM stream s JOIN replica r ON r.no = s.replica
                 WHERE s.scope = ?1 AND r.id = ?2",
            )?
            .query_row(params![scope, name.as_bytes()], |row| row.get(0))
            .optional()?;
        short += u64::try_from(seq - here.unwrap_or(0)).unwrap_or(0);
    }
    Ok(short)
}

/// A stream of another database.
struct Theirs {
    scope: ScopeId,
    no: i64,
    replica: ReplicaId,
    key: Option<[u8; 32]>,
}

/// Whether a database was written before texts were sealed.
fn is_before_keys(other: &Connection) -> bool {
    let table = "SELECT 1 FROM sqlite_schema WHERE name = 'erased_key'";
    matches!(other.query_row(table, [], |_| Ok(())).optional(), Ok(None))
}

fn theirs(other: &Connection) -> Result<Vec<Theirs>> {
    let mut rows = other.prepare(
        "SELECT s.scope, r.no, r.id, r.key FROM stream s JOIN replica r ON r.no = s.replica ORDER BY s.scope, r.no",
    )?;
    let rows = rows.query_map([], |row| {
        Ok(Theirs {
            scope: ScopeId::from_bytes(row.get(0)?),
            no: row.get(1)?,
            replica: ReplicaId::from_bytes(row.get(2)?),
            key: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn own_secret(conn: &Connection) -> Result<Option<[u8; 32]>> {
    Ok(conn
        .query_row(
            "SELECT CAST(value AS BLOB) FROM meta WHERE key = 'replica_secret'",
            [],
            |row| row.get(0),
        )
        .optional()?)
}

fn own_key(conn: &Connection) -> Result<Option<KeyPair>> {
    Ok(own_secret(conn)?.map(|secret| KeyPair::from_secret(&secret)))
}
