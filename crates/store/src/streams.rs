//! Streams as they travel: sealing the tail, taking segments in, applying what can be applied.

use std::collections::{BTreeSet, HashMap};

use domain::ids::{ReplicaId, ScopeId};
use rusqlite::{Connection, OptionalExtension, params};
use sync::admit::{Admission, admit};
use sync::clock::Hlc;
use sync::codec::{self, Limits};
use sync::fault::{Fault, planted};
use sync::key::KeyPair;
use sync::log::{Dot, Save};
use sync::segment::{self, Hash, Header, Segment, Tip};
use sync::vector::Vector;
use sync::wire::END_BYTES;

use crate::error::{Error, Result};
use crate::project;
use crate::rows::Rows;

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
    /// The last save that stands in a sealed segment, or that a snapshot stands for.
    pub sealed_seq: u64,
    /// The hash of the segment that ends there.
    pub sealed_hash: Option<Hash>,
    /// The last save that the tables show, all before it included.
    pub applied_seq: u64,
    /// The last save that the server has said it holds.
    pub accepted_seq: u64,
    /// Up to here not all segments are stored.
    pub floor_seq: u64,
    /// The hash of the segment that ends there.
    pub floor_hash: Option<Hash>,
    /// The last number given in the own stream.
    pub given_seq: u64,
}

/// What is known of a stream; nothing of one never heard of.
pub(crate) fn stream(conn: &Connection, scope: ScopeId, replica_no: i64) -> Result<StreamRow> {
    let row = conn
        .prepare_cached(
            "SELECT sealed_seq, sealed_hash, applied_seq, accepted_seq, floor_seq, floor_hash, given_seq
             FROM stream WHERE scope = ?1 AND replica = ?2",
        )?
        .query_row(params![scope.as_bytes(), replica_no], |row| {
            Ok(StreamRow {
                sealed_seq: row.get::<_, i64>(0)? as u64,
                sealed_hash: row.get(1)?,
                applied_seq: row.get::<_, i64>(2)? as u64,
                accepted_seq: row.get::<_, i64>(3)? as u64,
                floor_seq: row.get::<_, i64>(4)? as u64,
                floor_hash: row.get(5)?,
                given_seq: row.get::<_, i64>(6)? as u64,
            })
        })
        .optional()?;
    Ok(row.unwrap_or_default())
}

/// How far a stream has been applied.
pub(crate) fn applied_seq(conn: &Connection, scope: ScopeId, replica: ReplicaId) -> Result<u64> {
    let no = project::replica_no(conn, replica)?;
    Ok(stream(conn, scope, no)?.applied_seq)
}

/// Seals the whole tail of the given scopes into signed segments; they are never cut again.
///
/// Where this replica's earlier segments have not come back yet after a purge, the tail stays until they have: its
/// segments could not be chained to what nobody here holds.
pub fn seal(conn: &Connection, key: &KeyPair, scopes: &BTreeSet<ScopeId>) -> Result<()> {
    let replica = key.replica();
    let no = project::replica_no(conn, replica)?;
    for scope in scopes {
        let row = stream(conn, *scope, no)?;
        let tail = tail(conn, *scope, replica, 0)?;
        if tail
            .first()
            .is_none_or(|(seq, _)| *seq != row.sealed_seq + 1)
        {
            continue;
        }
        let saves: Vec<Save> = tail.into_iter().map(|(_, save)| save).collect();
        let mut tip = Tip {
            scope: *scope,
            last_seq: row.sealed_seq,
            hash: row.sealed_hash.unwrap_or_default(),
        };
        for sealed in segment::seal_all(key, &tip, &saves)? {
            put_segment(conn, no, &sealed.header, &sealed.bytes)?;
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

/// Stores a segment's bytes.
pub(crate) fn put_segment(
    conn: &Connection,
    replica_no: i64,
    header: &Header,
    bytes: &[u8],
) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO segment (scope, replica, first_seq, last_seq, bytes) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        header.scope.as_bytes(),
        replica_no,
        header.first_seq as i64,
        header.last_seq as i64,
        bytes
    ])?;
    Ok(())
}

/// This replica's saves in a scope after number `after` that no segment holds yet.
pub fn tail(
    conn: &Connection,
    scope: ScopeId,
    replica: ReplicaId,
    after: u64,
) -> Result<Vec<(u64, Save)>> {
    let mut rows = conn
        .prepare_cached("SELECT seq, bytes FROM tail WHERE scope = ?1 AND seq > ?2 ORDER BY seq")?;
    let rows = rows.query_map(params![scope.as_bytes(), after as i64], |row| {
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
pub fn take(conn: &Connection, bytes: &[u8], own: ReplicaId) -> Result<Taken> {
    let segment = segment::read(bytes)?;
    let header = segment.header();
    let no = match believed(conn, &segment) {
        Ok(no) => no,
        // The first of a stream brings the key; without it nothing of the replica is here.
        Err(Error::NotFound) => {
            return Ok(Taken {
                admission: Admission::Gap { have: 0 },
                saves: header.last_seq - header.first_seq + 1,
            });
        }
        Err(error) => return Err(error),
    };
    let row = stream(conn, header.scope, no)?;
    let stored = row.sealed_hash.map(|hash| (row.sealed_seq, hash));
    let hash = segment.hash();
    let at = hash_at(conn, header.scope, no, header.first_seq)?;
    let mut admission = admit(stored, header, &hash, |_| at);
    if admission == Admission::Fork && below_floor(conn, &segment, no, &row)? {
        admission = Admission::Duplicate;
    }
    if admission == Admission::Duplicate && planted(Fault::SkipDedup) {
        apply_again(conn, &segment)?;
    }
    if admission == Admission::Next {
        conn.prepare_cached(
            "INSERT INTO stream (scope, replica) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        )?
        .execute(params![header.scope.as_bytes(), no])?;
        put_segment(conn, no, header, bytes)?;
        // An own segment that comes back was lost here once: its numbers are taken.
        let given = if header.replica == own {
            header.last_seq
        } else {
            0
        };
        conn.prepare_cached(
            "UPDATE stream SET sealed_seq = ?3, sealed_hash = ?4, given_seq = max(given_seq, ?5)
             WHERE scope = ?1 AND replica = ?2",
        )?
        .execute(params![
            header.scope.as_bytes(),
            no,
            header.last_seq as i64,
            hash,
            given as i64
        ])?;
        // What stands in the log lies aside no longer.
        conn.prepare_cached("DELETE FROM aside WHERE hash = ?1")?
            .execute([hash])?;
    }
    Ok(Taken {
        admission,
        saves: header.last_seq - header.first_seq + 1,
    })
}

/// Checks who signed a segment: the key known of its replica, or the one it brings itself, which is known from then
/// on. Answers the replica's local number.
pub(crate) fn believed(conn: &Connection, segment: &Segment) -> Result<i64> {
    let header = segment.header();
    let no = project::replica_no(conn, header.replica)?;
    let known: Option<[u8; 32]> = conn
        .prepare_cached("SELECT key FROM replica WHERE no = ?1")?
        .query_row([no], |row| row.get(0))?;
    let key = known.or(header.key).ok_or(Error::NotFound)?;
    segment.verify(&key)?;
    if known.is_none() {
        set_key(conn, no, &key)?;
    }
    Ok(no)
}

/// Notes a replica's public key.
pub(crate) fn set_key(conn: &Connection, replica_no: i64, key: &[u8; 32]) -> Result<()> {
    conn.prepare_cached("UPDATE replica SET key = ?2 WHERE no = ?1")?
        .execute(params![replica_no, key])?;
    Ok(())
}

/// Whether a segment lies wholly where a snapshot stands for the log and nothing is stored to compare it with.
fn below_floor(
    conn: &Connection,
    segment: &Segment,
    replica_no: i64,
    row: &StreamRow,
) -> Result<bool> {
    let header = segment.header();
    if header.last_seq > row.floor_seq {
        return Ok(false);
    }
    if header.last_seq == row.floor_seq && row.floor_hash != Some(segment.hash()) {
        return Ok(false);
    }
    Ok(
        segment_with(conn, header.scope, replica_no, header.first_seq)?.is_none()
            && segment_with(conn, header.scope, replica_no, header.last_seq)?.is_none(),
    )
}

/// What a store without memory of what it has taken would do; only where that fault is planted.
fn apply_again(conn: &Connection, segment: &Segment) -> Result<()> {
    let header = segment.header();
    let mut rows = Rows::new(conn, header.scope);
    for (seq, save) in (header.first_seq..).zip(segment.saves()?) {
        rows.apply(header.replica, seq, save, false)?;
    }
    rows.flush()
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

pub(crate) fn segment_with(
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
    let stored = match saves_with(conn, scope, replica, seq, own) {
        // What takes a newer version to be opened, or never opens, stands here all the same.
        Err(Error::Segment(_)) => None,
        stored => stored?,
    };
    Ok(stored.and_then(|(first, saves)| saves.into_iter().nth((seq - first) as usize)))
}

/// The saves that are stored together with number `seq`, and the number of the first.
fn saves_with(
    conn: &Connection,
    scope: ScopeId,
    replica: ReplicaId,
    seq: u64,
    own: ReplicaId,
) -> Result<Option<(u64, Vec<Save>)>> {
    let no = project::replica_no(conn, replica)?;
    if let Some(segment) = segment_with(conn, scope, no, seq)? {
        return Ok(Some((segment.header().first_seq, segment.saves()?)));
    }
    if replica != own {
        return Ok(None);
    }
    let bytes: Option<Vec<u8>> = conn
        .prepare_cached("SELECT bytes FROM tail WHERE scope = ?1 AND seq = ?2")?
        .query_row(params![scope.as_bytes(), seq as i64], |row| row.get(0))
        .optional()?;
    Ok(match bytes {
        Some(bytes) => Some((
            seq,
            codec::decode(seq, replica, &bytes, &Limits::default())?,
        )),
        None => None,
    })
}

/// Saves of one scope asked for one after the other, opening each segment once as long as they are asked for in order.
pub(crate) struct Opened<'c> {
    conn: &'c Connection,
    scope: ScopeId,
    own: ReplicaId,
    last: HashMap<ReplicaId, (u64, Vec<Save>)>,
}

impl<'c> Opened<'c> {
    pub fn new(conn: &'c Connection, scope: ScopeId, own: ReplicaId) -> Self {
        Self {
            conn,
            scope,
            own,
            last: HashMap::new(),
        }
    }

    /// Whose store it is.
    pub fn own(&self) -> ReplicaId {
        self.own
    }

    /// One save of a stream.
    pub fn get(&mut self, replica: ReplicaId, seq: u64) -> Result<Option<Save>> {
        Ok(self.look(replica, seq)?.cloned())
    }

    /// The same where it stands.
    pub fn look(&mut self, replica: ReplicaId, seq: u64) -> Result<Option<&Save>> {
        fn at((first, saves): &(u64, Vec<Save>), seq: u64) -> Option<&Save> {
            saves.get(usize::try_from(seq.checked_sub(*first)?).ok()?)
        }
        let here = self.last.get(&replica);
        if here.and_then(|opened| at(opened, seq)).is_none() {
            let Some(opened) = saves_with(self.conn, self.scope, replica, seq, self.own)? else {
                return Ok(None);
            };
            self.last.insert(replica, opened);
        }
        Ok(self.last.get(&replica).and_then(|opened| at(opened, seq)))
    }
}

/// Why each of these changes was made, where its author said so; each segment is opened once.
pub fn reasons(
    conn: &Connection,
    scope: ScopeId,
    dots: &BTreeSet<Dot>,
    own: ReplicaId,
) -> Result<HashMap<Dot, String>> {
    let mut opened = Opened::new(conn, scope, own);
    let mut reasons = HashMap::new();
    for dot in dots {
        let save = opened.look(dot.replica, dot.seq)?;
        if let Some(reason) = save.and_then(|save| save.reason.as_ref()) {
            reasons.insert(*dot, reason.clone());
        }
    }
    Ok(reasons)
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

/// The first bytes of the hash with which each stream ends at the number that the vector names, in its order; zeros where
/// no segment ends there.
pub fn ends(conn: &Connection, vector: &Vector) -> Result<Vec<u8>> {
    let mut ends = Vec::with_capacity(vector.len() * END_BYTES);
    for (scope, replica, seq) in vector.iter() {
        let no = project::replica_no(conn, replica)?;
        let row = stream(conn, scope, no)?;
        let hash = crate::mint::end_at(conn, scope, no, &row, seq)?.flatten();
        ends.extend_from_slice(&hash.unwrap_or_default()[..END_BYTES]);
    }
    Ok(ends)
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
    let held = match bytes {
        Some(bytes) => Some(segment::read(&bytes)?.hash()),
        None => {
            let row = stream(conn, scope, no)?;
            let ends = [
                (row.floor_seq, row.floor_hash),
                (row.sealed_seq, row.sealed_hash),
            ];
            ends.into_iter()
                .find(|end| end.0 == seq)
                .and_then(|end| end.1)
        }
    };
    if held.as_ref() != Some(hash) {
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

/// Segments of any stream of the given scopes that whoever has `vector` lacks, each stream in order.
///
/// What a snapshot stands for here cannot be given; a stream of which `vector` lacks such saves is left out.
pub fn lacking(
    conn: &Connection,
    vector: &Vector,
    scopes: &BTreeSet<ScopeId>,
    most_bytes: usize,
) -> Result<Vec<Vec<u8>>> {
    let (mut segments, mut size) = (Vec::new(), 0);
    for scope in scopes {
        let mut streams = conn.prepare_cached(
            "SELECT s.replica, r.id, s.sealed_seq, s.floor_seq FROM stream s JOIN replica r ON r.no = s.replica
             WHERE s.scope = ?1 ORDER BY r.id",
        )?;
        let streams: Vec<(i64, ReplicaId, u64, u64)> = streams
            .query_map([scope.as_bytes()], |row| {
                Ok((
                    row.get(0)?,
                    ReplicaId::from_bytes(row.get(1)?),
                    row.get::<_, i64>(2)? as u64,
                    row.get::<_, i64>(3)? as u64,
                ))
            })?
            .collect::<rusqlite::Result<_>>()?;
        for (no, replica, sealed, floor) in streams {
            let have = vector.get(*scope, replica);
            if have >= sealed || have < floor {
                continue;
            }
            let mut rows = conn.prepare_cached(
                "SELECT bytes FROM segment WHERE scope = ?1 AND replica = ?2 AND last_seq > ?3 AND first_seq > ?4 ORDER BY first_seq",
            )?;
            let mut rows = rows.query(params![scope.as_bytes(), no, have as i64, floor as i64])?;
            while let Some(row) = rows.next()? {
                let bytes: Vec<u8> = row.get(0)?;
                if size > 0 && size + bytes.len() > most_bytes {
                    return Ok(segments);
                }
                size += bytes.len();
                segments.push(bytes);
            }
        }
    }
    Ok(segments)
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
    saves.extend(tail(conn, scope, own, accepted)?);
    saves.retain(|(seq, _)| *seq > accepted);
    Ok(saves)
}

/// Scopes in which this store holds anything.
pub fn scopes(conn: &Connection) -> Result<BTreeSet<ScopeId>> {
    let mut rows = conn.prepare_cached(
        "SELECT DISTINCT scope FROM stream WHERE max(sealed_seq, applied_seq) > 0",
    )?;
    let rows = rows.query_map([], |row| Ok(ScopeId::from_bytes(row.get(0)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How much of one's own the server has not said it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pending {
    /// The scope.
    pub scope: ScopeId,
    /// How many saves.
    pub saves: u64,
    /// The stamp of the first of them.
    pub oldest: Hlc,
}

/// The same for each scope where there is some: by their numbers, opening no more than the first save.
pub fn pending(conn: &Connection, own: ReplicaId) -> Result<Vec<Pending>> {
    let mut rows = conn.prepare_cached(
        "SELECT s.scope, s.accepted_seq, s.given_seq FROM stream s JOIN replica r ON r.no = s.replica
         WHERE r.id = ?1 AND s.given_seq > s.accepted_seq ORDER BY s.scope",
    )?;
    let rows = rows.query_map([own.as_bytes()], |row| {
        Ok((
            ScopeId::from_bytes(row.get(0)?),
            row.get::<_, i64>(1)? as u64,
            row.get::<_, i64>(2)? as u64,
        ))
    })?;
    let mut pending = Vec::new();
    for row in rows {
        let (scope, accepted, given) = row?;
        let first = save_at(conn, scope, own, accepted + 1, own)?;
        pending.push(Pending {
            scope,
            saves: given - accepted,
            oldest: first.map_or(Hlc::default(), |save| save.hlc),
        });
    }
    Ok(pending)
}
