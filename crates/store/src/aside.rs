//! What was not let in: kept whole with the reason, for a person to look at.

use domain::ids::{ReplicaId, ScopeId};
use rusqlite::{Connection, OptionalExtension, params};
use sync::admit::Admission;
use sync::log::Save;
use sync::segment;

use crate::error::{Error, Result};
use crate::streams::{self, Taken};
use crate::{Store, history, lost, run};

/// A segment that was not let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aside {
    /// Its number here.
    pub id: i64,
    /// The scope of its stream.
    pub scope: ScopeId,
    /// Whose stream.
    pub replica: ReplicaId,
    /// Its first save.
    pub first_seq: u64,
    /// Its last save.
    pub last_seq: u64,
    /// Why, as a code.
    pub reason: String,
    /// The replica that brought it, if it was not the server.
    pub source: Option<ReplicaId>,
    /// When, in milliseconds by this computer's clock.
    pub at_ms: u64,
}

impl Store {
    /// Puts a segment aside with the reason, a code; one that lies there already stays as it is. Answers its number.
    pub fn put_aside(
        &self,
        bytes: &[u8],
        reason: &str,
        source: Option<ReplicaId>,
        at_ms: u64,
    ) -> Result<i64> {
        self.transact(|conn| put(conn, bytes, reason, source, at_ms))
    }

    /// What lies aside, oldest first.
    pub fn aside(&self) -> Result<Vec<Aside>> {
        self.read(|conn| {
            let mut rows = conn.prepare_cached(
                "SELECT id, scope, replica, first_seq, last_seq, reason, source, at_ms FROM aside ORDER BY id",
            )?;
            let rows = rows.query_map([], |row| {
                Ok(Aside {
                    id: row.get(0)?,
                    scope: ScopeId::from_bytes(row.get(1)?),
                    replica: ReplicaId::from_bytes(row.get(2)?),
                    first_seq: row.get::<_, i64>(3)? as u64,
                    last_seq: row.get::<_, i64>(4)? as u64,
                    reason: row.get(5)?,
                    source: row.get::<_, Option<[u8; 16]>>(6)?.map(ReplicaId::from_bytes),
                    at_ms: row.get::<_, i64>(7)? as u64,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The bytes of one that lies aside.
    pub fn aside_bytes(&self, id: i64) -> Result<Vec<u8>> {
        self.read(|conn| bytes_of(conn, id))
    }

    /// Lets go of one whose saves all stand here in another stream: its laptop has taken a new name since, and saved them
    /// again. Answers whether it was one.
    pub fn forget_saved_again(&self, id: i64) -> Result<bool> {
        self.transact(|conn| {
            let segment = segment::read(&bytes_of(conn, id)?)?;
            let Ok(saves) = segment.saves() else {
                return Ok(false);
            };
            let (scope, replica) = (segment.header().scope, segment.header().replica);
            // Whoever waits for it has yet to say what stands in its place.
            if lost::is_waited_for(conn, scope, self.replica())? {
                return Ok(false);
            }
            let mut here = history::saves(conn, scope, self.replica())?;
            here.retain(|(of, ..)| *of != replica);
            let again = |save: &Save| here.iter().any(|(.., other)| save.is_again(other));
            if !saves.iter().all(again) {
                return Ok(false);
            }
            conn.execute("DELETE FROM aside WHERE id = ?1", [id])?;
            Ok(true)
        })
    }

    /// Whether this very segment lies aside.
    pub fn lies_aside(&self, bytes: &[u8]) -> Result<bool> {
        let hash = segment::read(bytes)?.hash();
        self.read(|conn| {
            let found = conn
                .prepare_cached("SELECT 1 FROM aside WHERE hash = ?1")?
                .exists([hash])?;
            Ok(found)
        })
    }

    /// Lets go of one that the server has taken, or keeps aside itself; not while an own save waits for it
    /// ([`Store::waits_for_lost`]). One that does not lie here is none.
    pub fn handed_in(&self, bytes: &[u8]) -> Result<()> {
        let read = segment::read(bytes)?;
        self.transact(|conn| {
            if !lost::is_waited_for(conn, read.header().scope, self.replica())? {
                conn.execute("DELETE FROM aside WHERE hash = ?1", [read.hash()])?;
            }
            Ok(())
        })
    }

    /// Lets one in after all. It stays aside when its stream does not go on with it: [`Admission::Gap`] while
    /// earlier ones lack, [`Admission::Fork`] when the stream has another past.
    pub fn release(&self, id: i64, wall_ms: u64) -> Result<Taken> {
        let mut came = run::Came::default();
        let taken = self.transact(|conn| {
            let bytes = bytes_of(conn, id)?;
            let taken = streams::take(conn, &bytes, self.replica())?;
            if matches!(taken.admission, Admission::Next | Admission::Duplicate) {
                conn.execute("DELETE FROM aside WHERE id = ?1", [id])?;
                let scope = segment::read(&bytes)?.header().scope;
                run::apply_stored(conn, scope, self.replica(), wall_ms, &mut came)?;
            }
            Ok(taken)
        })?;
        self.note_removed(came.removed);
        Ok(taken)
    }
}

fn bytes_of(conn: &Connection, id: i64) -> Result<Vec<u8>> {
    conn.prepare_cached("SELECT bytes FROM aside WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?
        .ok_or(Error::NotFound)
}

pub(crate) fn put(
    conn: &Connection,
    bytes: &[u8],
    reason: &str,
    source: Option<ReplicaId>,
    at_ms: u64,
) -> Result<i64> {
    let segment = segment::read(bytes)?;
    let header = segment.header();
    conn.prepare_cached(
        "INSERT INTO aside (hash, scope, replica, first_seq, last_seq, reason, source, at_ms, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (hash) DO NOTHING",
    )?
    .execute(params![
        segment.hash(),
        header.scope.as_bytes(),
        header.replica.as_bytes(),
        header.first_seq as i64,
        header.last_seq as i64,
        reason,
        source.as_ref().map(ReplicaId::as_bytes),
        at_ms as i64,
        bytes,
    ])?;
    Ok(conn
        .prepare_cached("SELECT id FROM aside WHERE hash = ?1")?
        .query_row([segment.hash()], |row| row.get(0))?)
}
