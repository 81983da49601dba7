//! Streams that end here: a scope that this laptop may no longer read, a laptop that goes on under a new name, another
//! replica's second past.

use domain::ids::{ReplicaId, ScopeId};
use rusqlite::{Connection, OptionalExtension, params};
use sync::codec;
use sync::fault::{Fault, planted};
use sync::key::KeyPair;
use sync::log::Save;
use sync::segment::{self, Hash};

use crate::door::Step;
use crate::error::{Error, Result};
use crate::lost::Lost;
use crate::streams::{self, StreamRow};
use crate::write::{put_tail, set_meta};
use crate::{Store, aside, base, project, run, twin};

impl Store {
    /// Goes on under a new name, in one transaction: every own save that the server is not known to hold, and from the first
    /// on that waits for what does not come ([`Store::waits_for_lost`]) every other, is saved again
    /// in the stream of the new key's replica, with its author, kind, reason and stamp, in its order; what it names of
    /// its own such saves is named anew. The old streams end where the server holds them, and may grow by their other
    /// past like anybody's. Answers how many saves were saved again.
    ///
    /// `meta` holds the old secret as `minted_from` until the server has been told; the first one, if it happens again
    /// before that.
    pub fn mint(&self, new_secret: &[u8; 32], wall_ms: u64) -> Result<u64> {
        let new = KeyPair::from_secret(new_secret);
        if planted(Fault::ReuseSequence) {
            // The laptop believes itself new and keeps its name.
            return Ok(0);
        }
        // The key changes before anyone else may write.
        let inside = self.writer.enter_alone()?;
        let conn = inside.conn.borrow();
        let step = Step::begin(&inside, &conn)?;
        let again = mint(step.conn(), &self.key(), &new, new_secret, wall_ms)?;
        step.commit()?;
        self.set_key(new);
        Ok(again)
    }

    /// Takes out what stands here of a scope that this laptop may no longer read: rows, log, snapshot and cursor. What was
    /// put aside stays until it is handed in ([`Store::handed_in`]): nobody else may have it. The numbers of the own stream go on from where they were if the scope is granted again.
    ///
    /// [`Error::Unsent`] while saves stand here that no segment holds: they have not been sent. What the server lacks of
    /// others' streams ([`Store::beyond`]) is sent by the caller before; this may be the only place where it is.
    pub fn purge(&self, scope: ScopeId) -> Result<()> {
        self.transact(|conn| purge(conn, scope, self.replica()))
    }

    /// Up to which save of a stream a snapshot stands for the log, 0 when none does.
    pub fn floor(&self, scope: ScopeId, replica: ReplicaId) -> Result<u64> {
        self.read(|conn| {
            let known = conn
                .prepare_cached(
                    "SELECT s.floor_seq FROM stream s JOIN replica r ON r.no = s.replica WHERE s.scope = ?1 AND r.id = ?2",
                )?
                .query_row(params![scope.as_bytes(), replica.as_bytes()], |row| row.get::<_, i64>(0))
                .optional()?;
            Ok(known.unwrap_or(0) as u64)
        })
    }

    /// Another replica's stream has a second past and the server keeps the other one: what stands here beyond `seq` is
    /// put aside, and the scope's rows are made again. Answers how many segments that was.
    ///
    /// [`Error::NotFound`] when no segment ends at `seq` here, or for this replica's own stream, which mints.
    pub fn cut_back(
        &self,
        scope: ScopeId,
        replica: ReplicaId,
        seq: u64,
        wall_ms: u64,
    ) -> Result<u64> {
        if replica == self.replica() {
            return Err(Error::NotFound);
        }
        self.transact(|conn| {
            let no = project::replica_no(conn, replica)?;
            let row = streams::stream(conn, scope, no)?;
            let hash = end_at(conn, scope, no, &row, seq)?.ok_or(Error::NotFound)?;
            let segments = segments_after(conn, scope, no, seq)?;
            for bytes in &segments {
                aside::put(conn, bytes, "fork", None, wall_ms)?;
            }
            if seq < row.sealed_seq {
                cut(conn, scope, no, (seq, hash))?;
            }
            run::rebuild_scope(conn, scope, self.replica(), wall_ms)?;
            Ok(segments.len() as u64)
        })
    }
}

fn mint(
    conn: &Connection,
    old: &KeyPair,
    new: &KeyPair,
    new_secret: &[u8; 32],
    wall_ms: u64,
) -> Result<u64> {
    let (from, to) = (old.replica(), new.replica());
    if from == to {
        return Err(Error::Forked);
    }
    let from_no = project::replica_no(conn, from)?;
    let scopes: Vec<[u8; 16]> = conn
        .prepare("SELECT scope FROM stream WHERE replica = ?1")?
        .query_map([from_no], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let to_no = project::replica_no(conn, to)?;
    streams::set_key(conn, to_no, &new.public())?;
    let mut again = 0;
    for scope in scopes.into_iter().map(ScopeId::from_bytes) {
        again += move_stream(conn, scope, (from, from_no), (to, to_no), wall_ms)?;
    }
    let kept: Option<Vec<u8>> = conn
        .query_row(
            "SELECT CAST(value AS BLOB) FROM meta WHERE key = 'minted_from'",
            [],
            |row| row.get(0),
        )
        .optional()?;
    if kept.is_none_or(|secret| secret.is_empty()) {
        conn.execute(
            "INSERT INTO meta (key, value) SELECT 'minted_from', value FROM meta WHERE key = 'replica_secret'
             ON CONFLICT DO UPDATE SET value = excluded.value",
            [],
        )?;
    }
    set_meta(conn, "replica_secret", new_secret)?;
    conn.execute("DELETE FROM meta WHERE key = 'last_binding'", [])?;
    Ok(again)
}

/// Moves what one own stream holds beyond what the server has into the new replica's stream of the same scope.
fn move_stream(
    conn: &Connection,
    scope: ScopeId,
    (from, from_no): (ReplicaId, i64),
    (to, to_no): (ReplicaId, i64),
    wall_ms: u64,
) -> Result<u64> {
    let row = streams::stream(conn, scope, from_no)?;
    // What a snapshot of the server covers, the server holds.
    let covered = base::covered(conn, scope, from)?;
    let mut kept = row.accepted_seq.max(row.floor_seq);
    if covered > kept {
        kept = segment_end(conn, scope, from_no, covered)?.unwrap_or(covered);
    }
    // What waits for a lost past is saved again upon what stands, although the server holds it: so nobody ever sees it.
    let mut lost = Lost::of(conn, scope, from)?;
    if let Some(first) = lost.own_from {
        let before = segment_start(conn, scope, from_no, first)?.unwrap_or(first) - 1;
        kept = kept.min(before.max(row.floor_seq));
    }
    let saves = streams::beyond(conn, scope, from, kept)?;
    let end = kept.min(row.sealed_seq);
    if end < row.sealed_seq {
        let hash = end_at(conn, scope, from_no, &row, end)?.ok_or(Error::Damaged)?;
        cut(conn, scope, from_no, (end, hash))?;
    }
    conn.execute("DELETE FROM tail WHERE scope = ?1", [scope.as_bytes()])?;
    conn.execute("DELETE FROM ahead WHERE scope = ?1", [scope.as_bytes()])?;
    conn.execute(
        "UPDATE stream SET given_seq = 0 WHERE scope = ?1 AND replica = ?2",
        params![scope.as_bytes(), from_no],
    )?;
    let again = saves.len() as u64;
    let numbers: Vec<u64> = saves.iter().map(|(seq, _)| *seq).collect();
    let mut anew = Vec::with_capacity(saves.len());
    for (seq, save) in saves {
        anew.push((seq, renamed(save, from, to, &numbers, &mut lost)?));
    }
    for (next, (seq, save)) in (1..).zip(anew) {
        twin::note(conn, scope, (from_no, seq), (to_no, next))?;
        let bytes = codec::encode(next, to, std::slice::from_ref(&save))?;
        put_tail(conn, scope, next, &bytes)?;
    }
    conn.execute(
        "INSERT INTO stream (scope, replica, given_seq) VALUES (?1, ?2, ?3)",
        params![scope.as_bytes(), to_no, again as i64],
    )?;
    if again > 0 || end < row.sealed_seq {
        run::rebuild_scope(conn, scope, to, wall_ms)?;
    }
    Ok(again)
}

/// A save in its new stream: the own saves that it names and that moved with it are named by their new numbers, and nothing
/// that does not come is named.
fn renamed(
    mut save: Save,
    from: ReplicaId,
    to: ReplicaId,
    numbers: &[u64],
    lost: &mut Lost<'_>,
) -> Result<Save> {
    for change in &mut save.changes {
        for mut dot in std::mem::take(&mut change.seen) {
            if dot.replica == from
                && let Ok(at) = numbers.binary_search(&dot.seq)
            {
                (dot.replica, dot.seq) = (to, at as u64 + 1);
                change.seen.push(dot);
            } else if let Some(dot) = lost.instead(dot, change)? {
                change.seen.push(dot);
            }
        }
    }
    Ok(save)
}

/// Ends a stream here at a segment's end.
fn cut(conn: &Connection, scope: ScopeId, no: i64, (seq, hash): (u64, Option<Hash>)) -> Result<()> {
    conn.execute(
        "DELETE FROM segment WHERE scope = ?1 AND replica = ?2 AND last_seq > ?3",
        params![scope.as_bytes(), no, seq as i64],
    )?;
    conn.execute(
        "UPDATE stream SET sealed_seq = ?3, sealed_hash = ?4, applied_seq = min(applied_seq, ?3), accepted_seq = min(accepted_seq, ?3)
         WHERE scope = ?1 AND replica = ?2",
        params![scope.as_bytes(), no, seq as i64, hash],
    )?;
    Ok(())
}

/// The hash of the segment that ends at `seq`: outer `None` when there is no such end here, inner one at the beginning.
pub(crate) fn end_at(
    conn: &Connection,
    scope: ScopeId,
    no: i64,
    row: &StreamRow,
    seq: u64,
) -> Result<Option<Option<Hash>>> {
    if seq == 0 {
        return Ok(Some(None));
    }
    for (end, hash) in [
        (row.sealed_seq, row.sealed_hash),
        (row.floor_seq, row.floor_hash),
    ] {
        if end == seq {
            return Ok(Some(hash));
        }
    }
    let bytes: Option<Vec<u8>> = conn
        .prepare_cached(
            "SELECT bytes FROM segment WHERE scope = ?1 AND replica = ?2 AND first_seq <= ?3 AND last_seq = ?3",
        )?
        .query_row(params![scope.as_bytes(), no, seq as i64], |row| row.get(0))
        .optional()?;
    Ok(match bytes {
        Some(bytes) => Some(Some(segment::read(&bytes)?.hash())),
        None => None,
    })
}

/// The first save of the segment that holds `seq`.
fn segment_start(conn: &Connection, scope: ScopeId, no: i64, seq: u64) -> Result<Option<u64>> {
    let holds = streams::segment_with(conn, scope, no, seq)?;
    Ok(holds.map(|segment| segment.header().first_seq))
}

/// The end of the segment that holds `seq`.
fn segment_end(conn: &Connection, scope: ScopeId, no: i64, seq: u64) -> Result<Option<u64>> {
    Ok(conn
        .prepare_cached(
            "SELECT last_seq FROM segment WHERE scope = ?1 AND replica = ?2 AND first_seq <= ?3 AND last_seq >= ?3",
        )?
        .query_row(params![scope.as_bytes(), no, seq as i64], |row| row.get::<_, i64>(0))
        .optional()?
        .map(|seq| seq as u64))
}

fn segments_after(conn: &Connection, scope: ScopeId, no: i64, seq: u64) -> Result<Vec<Vec<u8>>> {
    let mut rows = conn.prepare_cached(
        "SELECT bytes FROM segment WHERE scope = ?1 AND replica = ?2 AND last_seq > ?3 ORDER BY first_seq",
    )?;
    let rows = rows.query_map(params![scope.as_bytes(), no, seq as i64], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn purge(conn: &Connection, scope: ScopeId, own: ReplicaId) -> Result<()> {
    let own_no = project::replica_no(conn, own)?;
    let unsent: bool = conn.query_row(
        "SELECT EXISTS (SELECT 1 FROM tail WHERE scope = ?1)",
        [scope.as_bytes()],
        |row| row.get(0),
    )?;
    if unsent {
        return Err(Error::Unsent);
    }
    run::empty(conn, scope)?;
    for table in [
        "segment", "base", "cursor", "ahead", "reached", "carried", "readers",
    ] {
        conn.execute(
            &format!("DELETE FROM {table} WHERE scope = ?1"),
            [scope.as_bytes()],
        )?;
    }
    crate::sealed::leave(conn, scope)?;
    let forgets = planted(Fault::ReuseSequence);
    conn.execute(
        "DELETE FROM stream WHERE scope = ?1 AND (replica <> ?2 OR ?3)",
        params![scope.as_bytes(), own_no, forgets],
    )?;
    // The row stays for its numbers. Nothing of it is left here to be sent.
    conn.execute(
        "UPDATE stream SET sealed_seq = 0, sealed_hash = NULL, applied_seq = 0, floor_seq = 0, floor_hash = NULL, accepted_seq = given_seq
         WHERE scope = ?1",
        [scope.as_bytes()],
    )?;
    Ok(())
}
