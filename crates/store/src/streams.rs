//! Streams as they travel: sealing the tail, taking segments in, applying what can be applied.

use std::collections::BTreeSet;

use domain::ids::{ReplicaId, ScopeId};
use domain::registry::Kind;
use rusqlite::{Connection, OptionalExtension, params};
use sync::admit::{Admission, admit};
use sync::clock::{self, Hlc};
use sync::codec::{self, Limits};
use sync::heads::waits_for;
use sync::key::KeyPair;
use sync::log::Save;
use sync::segment::{self, Hash, Segment, Tip};
use sync::vector::Vector;

use crate::error::{Error, Result};
use crate::project;
use crate::write::{get_meta_int, set_meta_int};

/// What became of a segment that arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Whether it was new and is now stored.
    pub admission: Admission,
    /// How many saves it holds.
    pub saves: u64,
}

/// A stream of this store, as far as it is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct StreamRow {
    sealed_seq: u64,
    sealed_hash: Option<Hash>,
    applied_seq: u64,
}

fn stream(conn: &Connection, scope: ScopeId, replica_no: i64) -> Result<StreamRow> {
    let row = conn
        .prepare_cached("SELECT sealed_seq, sealed_hash, applied_seq FROM stream WHERE scope = ?1 AND replica = ?2")?
        .query_row(params![scope.as_bytes(), replica_no], |row| {
            Ok(StreamRow {
                sealed_seq: row.get::<_, i64>(0)? as u64,
                sealed_hash: row.get(1)?,
                applied_seq: row.get::<_, i64>(2)? as u64,
            })
        })
        .optional()?;
    Ok(row.unwrap_or_default())
}

/// Seals the whole tail of the given scopes into signed segments; they are never cut again.
pub fn seal(conn: &Connection, key: &KeyPair, scopes: &BTreeSet<ScopeId>) -> Result<()> {
    let replica = key.replica();
    let no = project::replica_no(conn, replica)?;
    for scope in scopes {
        let saves = tail(conn, *scope, replica)?;
        if saves.is_empty() {
            continue;
        }
        let saves: Vec<Save> = saves.into_iter().map(|(_, save)| save).collect();
        let row = stream(conn, *scope, no)?;
        let mut tip = Tip {
            scope: *scope,
            last_seq: row.sealed_seq,
            hash: row.sealed_hash.unwrap_or_default(),
        };
        for sealed in segment::seal_all(key, &tip, &saves)? {
            conn.prepare_cached("INSERT INTO segment (scope, replica, first_seq, last_seq, bytes) VALUES (?1, ?2, ?3, ?4, ?5)")?
                .execute(params![
                    scope.as_bytes(),
                    no,
                    sealed.header.first_seq as i64,
                    sealed.header.last_seq as i64,
                    sealed.bytes
                ])?;
            tip = sealed.tip();
        }
        conn.prepare_cached(
            "UPDATE stream SET sealed_seq = ?3, sealed_hash = ?4 WHERE scope = ?1 AND replica = ?2",
        )?
        .execute(params![scope.as_bytes(), no, tip.last_seq as i64, tip.hash])?;
        conn.prepare_cached("DELETE FROM tail WHERE scope = ?1 AND seq <= ?2")?
            .execute(params![scope.as_bytes(), tip.last_seq as i64])?;
    }
    Ok(())
}

/// This replica's saves in a scope that no segment holds yet.
pub fn tail(conn: &Connection, scope: ScopeId, replica: ReplicaId) -> Result<Vec<(u64, Save)>> {
    let mut rows =
        conn.prepare_cached("SELECT seq, bytes FROM tail WHERE scope = ?1 ORDER BY seq")?;
    let rows = rows.query_map([scope.as_bytes()], |row| {
        Ok((row.get::<_, i64>(0)? as u64, row.get::<_, Vec<u8>>(1)?))
    })?;
    let mut saves = Vec::new();
    for row in rows {
        let (seq, bytes) = row?;
        let save = codec::decode(seq, replica, &bytes, &Limits::default())?
            .pop()
            .ok_or(Error::Damaged)?;
        saves.push((seq, save));
    }
    Ok(saves)
}

/// Stores a segment that arrived, when it is the next of its stream. Applying is a step of its own.
pub fn take(conn: &Connection, bytes: &[u8]) -> Result<Taken> {
    let segment = segment::read(bytes)?;
    let header = segment.header();
    let no = project::replica_no(conn, header.replica)?;
    let known: Option<[u8; 32]> = conn
        .prepare_cached("SELECT key FROM replica WHERE no = ?1")?
        .query_row([no], |row| row.get(0))?;
    let key = known.or(header.key).ok_or(Error::NotFound)?;
    segment.verify(&key)?;
    if known.is_none() {
        conn.prepare_cached("UPDATE replica SET key = ?2 WHERE no = ?1")?
            .execute(params![no, key])?;
    }
    let row = stream(conn, header.scope, no)?;
    let stored = row.sealed_hash.map(|hash| (row.sealed_seq, hash));
    let hash = segment.hash();
    let admission = admit(stored, header, &hash, |first| {
        hash_at(conn, header.scope, no, first).ok().flatten()
    });
    if admission == Admission::Next {
        conn.prepare_cached(
            "INSERT INTO stream (scope, replica) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        )?
        .execute(params![header.scope.as_bytes(), no])?;
        conn.prepare_cached("INSERT INTO segment (scope, replica, first_seq, last_seq, bytes) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![header.scope.as_bytes(), no, header.first_seq as i64, header.last_seq as i64, bytes])?;
        // What the server sent, the server holds.
        conn.prepare_cached(
            "UPDATE stream SET sealed_seq = ?3, sealed_hash = ?4, accepted_seq = ?3 WHERE scope = ?1 AND replica = ?2",
        )?
        .execute(params![header.scope.as_bytes(), no, header.last_seq as i64, hash])?;
    }
    Ok(Taken {
        admission,
        saves: header.last_seq - header.first_seq + 1,
    })
}

fn hash_at(conn: &Connection, scope: ScopeId, replica_no: i64, first: u64) -> Result<Option<Hash>> {
    let bytes: Option<Vec<u8>> = conn
        .prepare_cached(
            "SELECT bytes FROM segment WHERE scope = ?1 AND replica = ?2 AND first_seq = ?3",
        )?
        .query_row(params![scope.as_bytes(), replica_no, first as i64], |row| {
            row.get(0)
        })
        .optional()?;
    bytes
        .map(|bytes| Ok(segment::read(&bytes)?.hash()))
        .transpose()
}

/// Applies every stored save of a scope whose turn has come; what names a value not here yet keeps waiting.
pub fn apply_stored(
    conn: &Connection,
    scope: ScopeId,
    wall_ms: u64,
    changed: &mut BTreeSet<Kind>,
) -> Result<u64> {
    let mut applied = 0;
    loop {
        let before = applied;
        for (no, replica) in replicas_behind(conn, scope)? {
            applied += apply_stream(conn, scope, no, replica, wall_ms, changed)?;
        }
        if applied == before {
            return Ok(applied);
        }
    }
}

fn replicas_behind(conn: &Connection, scope: ScopeId) -> Result<Vec<(i64, ReplicaId)>> {
    let mut rows = conn.prepare_cached(
        "SELECT r.no, r.id FROM stream s JOIN replica r ON r.no = s.replica WHERE s.scope = ?1 AND s.applied_seq < s.sealed_seq",
    )?;
    let rows = rows.query_map([scope.as_bytes()], |row| {
        Ok((row.get(0)?, ReplicaId::from_bytes(row.get(1)?)))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn apply_stream(
    conn: &Connection,
    scope: ScopeId,
    no: i64,
    replica: ReplicaId,
    wall_ms: u64,
    changed: &mut BTreeSet<Kind>,
) -> Result<u64> {
    let start = stream(conn, scope, no)?.applied_seq;
    let mut seq = start;
    'segments: while let Some(segment) = segment_with(conn, scope, no, seq + 1)? {
        let Ok(saves) = segment.saves() else {
            // A frame of a newer version: stored and forwarded, shown after the next update.
            break;
        };
        let skip = (seq + 1 - segment.header().first_seq) as usize;
        for save in saves.iter().skip(skip) {
            let applied = |other| {
                project::replica_no(conn, other)
                    .and_then(|no| stream(conn, scope, no))
                    .map_or(0, |row| row.applied_seq)
            };
            if !waits_for(replica, save, applied).is_empty() {
                break 'segments;
            }
            seq += 1;
            let last = Hlc(get_meta_int(conn, "hlc")?.unwrap_or(0) as u64);
            let observed = clock::observe(last, save.hlc, wall_ms);
            set_meta_int(conn, "hlc", observed.last.0 as i64)?;
            project::apply(conn, scope, replica, seq, save, observed.uncertain)?;
            changed.extend(
                save.changes
                    .iter()
                    .filter_map(|change| Kind::from_number(change.kind)),
            );
            conn.prepare_cached(
                "UPDATE stream SET applied_seq = ?3 WHERE scope = ?1 AND replica = ?2",
            )?
            .execute(params![scope.as_bytes(), no, seq as i64])?;
        }
    }
    Ok(seq - start)
}

fn segment_with(
    conn: &Connection,
    scope: ScopeId,
    replica_no: i64,
    seq: u64,
) -> Result<Option<Segment>> {
    let bytes: Option<Vec<u8>> = conn
        .prepare_cached(
            "SELECT bytes FROM segment WHERE scope = ?1 AND replica = ?2 AND first_seq <= ?3 AND last_seq >= ?3
             ORDER BY first_seq DESC LIMIT 1",
        )?
        .query_row(params![scope.as_bytes(), replica_no, seq as i64], |row| row.get(0))
        .optional()?;
    Ok(match bytes {
        Some(bytes) => Some(segment::read(&bytes)?),
        None => None,
    })
}

/// One save of a stream.
pub fn save_at(
    conn: &Connection,
    scope: ScopeId,
    replica: ReplicaId,
    seq: u64,
    own: ReplicaId,
) -> Result<Option<Save>> {
    let no = project::replica_no(conn, replica)?;
    if let Some(segment) = segment_with(conn, scope, no, seq)? {
        let at = (seq - segment.header().first_seq) as usize;
        return Ok(segment.saves()?.into_iter().nth(at));
    }
    if replica != own {
        return Ok(None);
    }
    let bytes: Option<Vec<u8>> = conn
        .prepare_cached("SELECT bytes FROM tail WHERE scope = ?1 AND seq = ?2")?
        .query_row(params![scope.as_bytes(), seq as i64], |row| row.get(0))
        .optional()?;
    match bytes {
        Some(bytes) => Ok(codec::decode(seq, replica, &bytes, &Limits::default())?.pop()),
        None => Ok(None),
    }
}

/// How far each stream of the given scopes is held here in sealed segments.
pub fn vector(conn: &Connection, scopes: &BTreeSet<ScopeId>) -> Result<Vector> {
    let mut rows = conn.prepare_cached(
        "SELECT s.scope, r.id, s.sealed_seq FROM stream s JOIN replica r ON r.no = s.replica",
    )?;
    let rows = rows.query_map([], |row| {
        Ok((
            ScopeId::from_bytes(row.get(0)?),
            ReplicaId::from_bytes(row.get(1)?),
            row.get::<_, i64>(2)? as u64,
        ))
    })?;
    let all: Vec<_> = rows.collect::<rusqlite::Result<_>>()?;
    Ok(all
        .into_iter()
        .filter(|(scope, ..)| scopes.contains(scope))
        .collect())
}

/// This replica's sealed segments of the given scopes beyond what the server has said it holds.
pub fn unsent(
    conn: &Connection,
    replica: ReplicaId,
    scopes: &BTreeSet<ScopeId>,
    most_bytes: usize,
) -> Result<Vec<Vec<u8>>> {
    let mut rows = conn.prepare_cached(
        "SELECT g.scope, g.bytes FROM segment g JOIN stream s ON s.scope = g.scope AND s.replica = g.replica
         JOIN replica r ON r.no = g.replica WHERE r.id = ?1 AND g.last_seq > s.accepted_seq ORDER BY g.scope, g.first_seq",
    )?;
    let mut rows = rows.query([replica.as_bytes()])?;
    let (mut segments, mut size) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let bytes: Vec<u8> = row.get(1)?;
        if !scopes.contains(&ScopeId::from_bytes(row.get(0)?)) {
            continue;
        }
        if size > 0 && size + bytes.len() > most_bytes {
            break;
        }
        size += bytes.len();
        segments.push(bytes);
    }
    Ok(segments)
}

/// Notes how far the server holds one of this replica's streams; believed only with the hash of our own chain.
pub fn accept(
    conn: &Connection,
    scope: ScopeId,
    replica: ReplicaId,
    seq: u64,
    hash: &Hash,
) -> Result<bool> {
    let no = project::replica_no(conn, replica)?;
    let mut ends = conn.prepare_cached(
        "SELECT bytes FROM segment WHERE scope = ?1 AND replica = ?2 AND last_seq = ?3",
    )?;
    let bytes: Option<Vec<u8>> = ends
        .query_row(params![scope.as_bytes(), no, seq as i64], |row| row.get(0))
        .optional()?;
    let Some(bytes) = bytes else { return Ok(false) };
    if segment::read(&bytes)?.hash() != *hash {
        return Ok(false);
    }
    conn.prepare_cached("UPDATE stream SET accepted_seq = ?3 WHERE scope = ?1 AND replica = ?2")?
        .execute(params![scope.as_bytes(), no, seq as i64])?;
    Ok(true)
}

/// Forgets what the server has said it holds: it was restored.
pub fn forget_accepted(conn: &Connection, replica: ReplicaId) -> Result<()> {
    conn.execute(
        "UPDATE stream SET accepted_seq = 0 WHERE replica = (SELECT no FROM replica WHERE id = ?1)",
        [replica.as_bytes()],
    )?;
    Ok(())
}

/// This replica's saves of a scope beyond what the server has said it holds.
pub fn beyond(
    conn: &Connection,
    scope: ScopeId,
    own: ReplicaId,
    accepted: u64,
) -> Result<Vec<(u64, Save)>> {
    let mut rows = conn.prepare_cached(
        "SELECT g.bytes FROM segment g JOIN replica r ON r.no = g.replica
         WHERE g.scope = ?1 AND r.id = ?2 AND g.last_seq > ?3 ORDER BY g.first_seq",
    )?;
    let rows = rows.query_map(
        params![scope.as_bytes(), own.as_bytes(), accepted as i64],
        |row| row.get::<_, Vec<u8>>(0),
    )?;
    let mut saves = Vec::new();
    for bytes in rows {
        let segment = segment::read(&bytes?)?;
        saves.extend((segment.header().first_seq..).zip(segment.saves()?));
    }
    saves.extend(tail(conn, scope, own)?);
    saves.retain(|(seq, _)| *seq > accepted);
    Ok(saves)
}

/// How many saves are stored here but wait for others before they can be shown.
pub fn held(conn: &Connection) -> Result<u32> {
    Ok(conn.query_row("SELECT coalesce(sum(sealed_seq - applied_seq), 0) FROM stream WHERE sealed_seq > applied_seq", [], |row| row.get(0))?)
}

/// Every save of a scope with its stream and number, in stream order.
pub fn saves(
    conn: &Connection,
    scope: ScopeId,
    own: ReplicaId,
) -> Result<Vec<(ReplicaId, u64, Save)>> {
    let mut rows = conn.prepare_cached(
        "SELECT r.id, g.bytes FROM segment g JOIN replica r ON r.no = g.replica WHERE g.scope = ?1 ORDER BY g.replica, g.first_seq",
    )?;
    let rows = rows.query_map([scope.as_bytes()], |row| {
        Ok((
            ReplicaId::from_bytes(row.get(0)?),
            row.get::<_, Vec<u8>>(1)?,
        ))
    })?;
    let mut all = Vec::new();
    for row in rows {
        let (replica, bytes) = row?;
        let segment = segment::read(&bytes)?;
        let Ok(saves) = segment.saves() else { continue };
        all.extend(
            (segment.header().first_seq..)
                .zip(saves)
                .map(|(seq, save)| (replica, seq, save)),
        );
    }
    all.extend(
        tail(conn, scope, own)?
            .into_iter()
            .map(|(seq, save)| (own, seq, save)),
    );
    Ok(all)
}

/// Empties the tables and fills them again from the log alone.
pub fn rebuild(conn: &Connection, own: ReplicaId, wall_ms: u64) -> Result<()> {
    for kind in Kind::ALL {
        conn.execute(&format!("DELETE FROM {}", kind.table()), [])?;
    }
    conn.execute("DELETE FROM head", [])?;
    conn.execute("UPDATE stream SET applied_seq = 0", [])?;
    let mut scopes = conn.prepare("SELECT DISTINCT scope FROM stream")?;
    let scopes: Vec<[u8; 16]> = scopes
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for scope in scopes.into_iter().map(ScopeId::from_bytes) {
        let mut pending = saves(conn, scope, own)?;
        while !pending.is_empty() {
            let mut later = Vec::new();
            let before = pending.len();
            for (replica, seq, save) in pending {
                let no = project::replica_no(conn, replica)?;
                let applied = |other| {
                    project::replica_no(conn, other)
                        .and_then(|no| stream(conn, scope, no))
                        .map_or(0, |row| row.applied_seq)
                };
                if stream(conn, scope, no)?.applied_seq + 1 != seq
                    || !waits_for(replica, &save, applied).is_empty()
                {
                    later.push((replica, seq, save));
                    continue;
                }
                let uncertain = clock::observe(Hlc::default(), save.hlc, wall_ms).uncertain;
                project::apply(
                    conn,
                    scope,
                    replica,
                    seq,
                    &save,
                    uncertain && replica != own,
                )?;
                conn.execute(
                    "UPDATE stream SET applied_seq = ?3 WHERE scope = ?1 AND replica = ?2",
                    params![scope.as_bytes(), no, seq as i64],
                )?;
            }
            if later.len() == before {
                break;
            }
            pending = later;
        }
    }
    Ok(())
}
