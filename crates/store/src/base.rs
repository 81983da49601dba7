//! Snapshots: what a scope's rows begin with instead of its log, and the older log that may come after.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{ReplicaId, ScopeId};
use domain::registry::Kind;
use rusqlite::{Connection, OptionalExtension, params};
use sync::clock::{self, Hlc};
use sync::heads::Head;
use sync::segment::{self, Hash};
use sync::snapshot::{self, Snapshot, StreamAt};
use sync::wire::Signed;

use crate::error::{Error, Result};
use crate::rows::Rows;
use crate::streams::{self, StreamRow};
use crate::write::{get_meta_int, set_meta_int};
use crate::{Store, project, run};

/// The snapshot that a scope's rows begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// Its bytes as they came.
    pub bytes: Vec<u8>,
    /// The server's word that it is its own, when that came along.
    pub signed: Option<Signed>,
}

impl Store {
    /// Joins a snapshot that the server vouches for with what stands here, in one transaction, and keeps it as what the
    /// scope's rows begin with. Saves that stand here and not in it stay. Answers which kinds changed.
    ///
    /// [`Error::Stale`] when an earlier snapshot of the scope knew more of some stream, [`Error::Forked`] when this
    /// replica's own stream is further there than here: then it was restored, and mints first.
    pub fn load_snapshot(
        &self,
        snapshot: &Snapshot,
        bytes: &[u8],
        wall_ms: u64,
    ) -> Result<BTreeSet<Kind>> {
        self.transact(|conn| load(conn, snapshot, bytes, self.replica(), wall_ms))
    }

    /// Keeps the server's word for a scope's snapshot, so that the snapshot can be handed on.
    pub fn sign_base(&self, scope: ScopeId, signed: &Signed) -> Result<()> {
        let bytes = signed.to_bytes()?;
        self.transact(|conn| {
            conn.execute(
                "UPDATE base SET signed = ?2 WHERE scope = ?1",
                params![scope.as_bytes(), bytes],
            )?;
            Ok(())
        })
    }

    /// The snapshot that a scope's rows begin with, if they do.
    pub fn base(&self, scope: ScopeId) -> Result<Option<Base>> {
        self.read(|conn| {
            let row: Option<(Vec<u8>, Option<Vec<u8>>)> = conn
                .prepare_cached("SELECT bytes, signed FROM base WHERE scope = ?1")?
                .query_row([scope.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            let Some((bytes, signed)) = row else {
                return Ok(None);
            };
            let signed = signed.map(|bytes| Signed::from_bytes(&bytes)).transpose()?;
            Ok(Some(Base { bytes, signed }))
        })
    }

    /// How many bytes the snapshot takes that a scope's rows begin with and the server vouches for; none without one.
    pub fn base_bytes(&self, scope: ScopeId) -> Result<Option<usize>> {
        self.read(|conn| {
            let length: Option<i64> = conn
                .prepare_cached(
                    "SELECT length(bytes) FROM base WHERE scope = ?1 AND signed IS NOT NULL",
                )?
                .query_row([scope.as_bytes()], |row| row.get(0))
                .optional()?;
            Ok(length.and_then(|length| usize::try_from(length).ok()))
        })
    }

    /// Stores a segment of the time before a scope's snapshot, when it ends where what is stored begins: the newest
    /// first. It changes no table. False when it is not that segment.
    pub fn take_older(&self, bytes: &[u8]) -> Result<bool> {
        self.transact(|conn| take_older(conn, bytes))
    }

    /// Whether the whole log of a scope is stored here, not only what came after its snapshot.
    pub fn history_complete(&self, scope: ScopeId) -> Result<bool> {
        self.read(|conn| {
            Ok(conn
                .prepare_cached("SELECT count(*) FROM stream WHERE scope = ?1 AND floor_seq > 0")?
                .query_row([scope.as_bytes()], |row| row.get::<_, i64>(0))?
                == 0)
        })
    }
}

/// How far a snapshot has come with each stream.
struct Covered(BTreeMap<ReplicaId, u64>);

impl Covered {
    fn of(streams: &[StreamAt]) -> Self {
        let seqs = streams.iter().map(|at| (at.replica, at.applied_seq));
        Self(seqs.collect())
    }

    fn get(&self, replica: ReplicaId) -> u64 {
        self.0.get(&replica).copied().unwrap_or(0)
    }
}

fn load(
    conn: &Connection,
    snapshot: &Snapshot,
    bytes: &[u8],
    own: ReplicaId,
    wall_ms: u64,
) -> Result<BTreeSet<Kind>> {
    let scope = snapshot.scope;
    let there = Covered::of(&snapshot.streams);
    if let Some((earlier, _)) = stored(conn, scope)? {
        let knew_more = |at: &StreamAt| at.applied_seq > there.get(at.replica);
        if earlier.streams.iter().any(knew_more) {
            return Err(Error::Stale);
        }
    }
    let ahead = run::ahead(conn, scope)?;
    let mut here = BTreeMap::new();
    for at in &snapshot.streams {
        let no = project::replica_no(conn, at.replica)?;
        let known: Option<[u8; 32]> = conn
            .prepare_cached("SELECT key FROM replica WHERE no = ?1")?
            .query_row([no], |row| row.get(0))?;
        match known {
            Some(key) if key != at.key => return Err(Error::Damaged),
            Some(_) => {}
            None => streams::set_key(conn, no, &at.key)?,
        }
        let row = streams::stream(conn, scope, no)?;
        here.insert(at.replica, row.applied_seq);
        advance(conn, scope, (no, at.replica == own), at, row)?;
    }
    conn.execute(
        "INSERT INTO base (scope, hash, loaded_ms, bytes) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET hash = excluded.hash, loaded_ms = excluded.loaded_ms, bytes = excluded.bytes, signed = NULL",
        params![scope.as_bytes(), snapshot::hash(bytes), wall_ms as i64, bytes],
    )?;
    let here = Covered(here);
    let mut rows = Rows::new(conn, scope);
    let mut changed = BTreeSet::new();
    let mut last = Hlc(get_meta_int(conn, "hlc")?.unwrap_or(0) as u64);
    for field in &snapshot.fields {
        last = clock::observe(last, field.head.hlc, wall_ms).last;
    }
    let known_here = |replica: ReplicaId, seq: u64| {
        seq <= here.get(replica) || (replica == own && ahead.contains(&seq))
    };
    join(&mut rows, snapshot, own, wall_ms, &mut changed, known_here)?;
    rows.flush()?;
    set_meta_int(conn, "hlc", last.0 as i64)?;
    let mut came = run::Came::default();
    run::apply_stored(conn, scope, own, wall_ms, &mut came)?;
    changed.append(&mut came.changed);
    Ok(changed)
}

/// Notes how far a stream has come by a snapshot.
fn advance(
    conn: &Connection,
    scope: ScopeId,
    (no, own): (i64, bool),
    at: &StreamAt,
    row: StreamRow,
) -> Result<()> {
    // Where the state ends in the middle of a segment, that segment comes whole by the log.
    let jumps = at.sealed_seq <= at.applied_seq && at.sealed_seq > row.sealed_seq;
    if own && jumps && row.given_seq > 0 {
        let other_tail: bool = conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM tail WHERE scope = ?1 AND seq <= ?2)")?
            .query_row(params![scope.as_bytes(), at.sealed_seq as i64], |row| {
                row.get(0)
            })?;
        if other_tail || at.sealed_seq > row.given_seq {
            return Err(Error::Forked);
        }
    }
    conn.prepare_cached(
        "INSERT INTO stream (scope, replica) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
    )?
    .execute(params![scope.as_bytes(), no])?;
    if jumps {
        conn.prepare_cached(
            "UPDATE stream SET sealed_seq = ?3, sealed_hash = ?4, floor_seq = ?3, floor_hash = ?4
             WHERE scope = ?1 AND replica = ?2",
        )?
        .execute(params![scope.as_bytes(), no, at.sealed_seq as i64, at.hash])?;
    }
    conn.prepare_cached(
        "UPDATE stream SET applied_seq = max(applied_seq, ?3), given_seq = CASE WHEN ?4 THEN max(given_seq, ?3) ELSE given_seq END
         WHERE scope = ?1 AND replica = ?2",
    )?
    .execute(params![scope.as_bytes(), no, at.applied_seq as i64, own])?;
    Ok(())
}

fn join(
    rows: &mut Rows<'_>,
    snapshot: &Snapshot,
    own: ReplicaId,
    received_ms: u64,
    changed: &mut BTreeSet<Kind>,
    known_here: impl Fn(ReplicaId, u64) -> bool,
) -> Result<()> {
    let there = Covered::of(&snapshot.streams);
    let same = |a: &snapshot::FieldAt, b: &snapshot::FieldAt| {
        (a.kind, a.record, a.field) == (b.kind, b.record, b.field)
    };
    for field in snapshot.fields.chunk_by(same) {
        let at = (field[0].kind, field[0].record, field[0].field);
        let theirs: Vec<Head> = field
            .iter()
            .map(|field| {
                let mut head = field.head.clone();
                let observed = clock::observe(Hlc::default(), head.hlc, received_ms);
                head.uncertain = observed.uncertain && head.dot.replica != own;
                head
            })
            .collect();
        changed.extend(Kind::from_number(at.0));
        rows.join(
            at,
            theirs,
            |dot| known_here(dot.replica, dot.seq),
            |dot| dot.seq <= there.get(dot.replica),
        )?;
    }
    Ok(())
}

/// The snapshot that a scope begins with, and when it was loaded.
fn stored(conn: &Connection, scope: ScopeId) -> Result<Option<(Snapshot, u64)>> {
    let row: Option<(Vec<u8>, i64)> = conn
        .prepare_cached("SELECT bytes, loaded_ms FROM base WHERE scope = ?1")?
        .query_row([scope.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(match row {
        Some((bytes, loaded_ms)) => Some((snapshot::read(&bytes)?, loaded_ms as u64)),
        None => None,
    })
}

/// Fills the emptied tables of a scope with its snapshot, and notes how far the streams have come by it.
pub(crate) fn fill(conn: &Connection, scope: ScopeId, own: ReplicaId) -> Result<()> {
    let Some((snapshot, loaded_ms)) = stored(conn, scope)? else {
        return Ok(());
    };
    for at in &snapshot.streams {
        let no = project::replica_no(conn, at.replica)?;
        conn.prepare_cached(
            "UPDATE stream SET applied_seq = ?3 WHERE scope = ?1 AND replica = ?2",
        )?
        .execute(params![scope.as_bytes(), no, at.applied_seq as i64])?;
    }
    let mut rows = Rows::new(conn, scope);
    let nothing_here = |_, _| false;
    join(
        &mut rows,
        &snapshot,
        own,
        loaded_ms,
        &mut BTreeSet::new(),
        nothing_here,
    )?;
    rows.flush()
}

/// How far a scope's snapshot has come with a stream.
pub(crate) fn covered(conn: &Connection, scope: ScopeId, replica: ReplicaId) -> Result<u64> {
    Ok(stored(conn, scope)?.map_or(0, |(snapshot, _)| {
        Covered::of(&snapshot.streams).get(replica)
    }))
}

fn take_older(conn: &Connection, bytes: &[u8]) -> Result<bool> {
    let segment = segment::read(bytes)?;
    let header = segment.header();
    let no = streams::believed(conn, &segment)?;
    let row = streams::stream(conn, header.scope, no)?;
    if header.last_seq != row.floor_seq || row.floor_hash != Some(segment.hash()) {
        return Ok(false);
    }
    streams::put_segment(conn, no, header, bytes)?;
    let (mut floor, mut hash) = (header.first_seq - 1, header.prev);
    // Where older segments have stood here before, they go on from there.
    while let Some(below) = ending_at(conn, header.scope, no, floor)? {
        let below = segment::read(&below)?;
        if below.hash() != hash {
            break;
        }
        (floor, hash) = (below.header().first_seq - 1, below.header().prev);
    }
    let hash: Option<Hash> = (floor > 0).then_some(hash);
    conn.prepare_cached(
        "UPDATE stream SET floor_seq = ?3, floor_hash = ?4 WHERE scope = ?1 AND replica = ?2",
    )?
    .execute(params![header.scope.as_bytes(), no, floor as i64, hash])?;
    Ok(true)
}

fn ending_at(conn: &Connection, scope: ScopeId, no: i64, seq: u64) -> Result<Option<Vec<u8>>> {
    Ok(conn
        .prepare_cached(
            "SELECT bytes FROM segment WHERE scope = ?1 AND replica = ?2 AND first_seq <= ?3 AND last_seq = ?3",
        )?
        .query_row(params![scope.as_bytes(), no, seq as i64], |row| row.get(0))
        .optional()?)
}
