//! Saves that stand twice: a laptop that goes on under a new name saves again what the server was not known to hold,
//! and then it turns out that the server, or a copy of the laptop, had it all the same.
//!
//! As long as nobody has written over either, the two say the same and nobody is asked. Whoever wrote over the one
//! without knowing of the other has answered for both: the other gives way by itself.

use domain::ids::{ReplicaId, ScopeId};
use rusqlite::{Connection, params};
use sync::log::{Change, Dot, Save, SaveKind};

use crate::error::Result;
use crate::project::{self, FieldAt};
use crate::streams;
use crate::write::{append, tick};

/// Notes that a save of an earlier name was saved again.
pub fn note(
    conn: &Connection,
    scope: ScopeId,
    (from_no, from_seq): (i64, u64),
    (to_no, to_seq): (i64, u64),
) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO twin (scope, replica, seq, own, own_seq) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
    )?
    .execute(params![scope.as_bytes(), from_no, from_seq as i64, to_no, to_seq as i64])?;
    // What was saved again before, under a name in between.
    conn.prepare_cached(
        "UPDATE twin SET own = ?4, own_seq = ?5 WHERE scope = ?1 AND own = ?2 AND own_seq = ?3",
    )?
    .execute(params![
        scope.as_bytes(),
        from_no,
        from_seq as i64,
        to_no,
        to_seq as i64
    ])?;
    Ok(())
}

/// Lets one of two give way where the other was written over.
pub fn settle(conn: &Connection, scope: ScopeId, own: ReplicaId, wall_ms: u64) -> Result<()> {
    let own_no = project::replica_no(conn, own)?;
    let twins: Vec<([u8; 16], u64, u64)> = conn
        .prepare_cached(
            "SELECT r.id, t.seq, t.own_seq FROM twin t JOIN replica r ON r.no = t.replica
             WHERE t.scope = ?1 AND t.own = ?2 ORDER BY t.own_seq",
        )?
        .query_map(params![scope.as_bytes(), own_no], |row| {
            Ok((
                row.get(0)?,
                row.get::<_, i64>(1)? as u64,
                row.get::<_, i64>(2)? as u64,
            ))
        })?
        .collect::<rusqlite::Result<_>>()?;
    for (replica, seq, own_seq) in twins {
        let other = ReplicaId::from_bytes(replica);
        if !settle_one(conn, scope, (other, seq), (own, own_seq), wall_ms)? {
            conn.prepare_cached(
                "DELETE FROM twin WHERE scope = ?1 AND own = ?2 AND own_seq = ?3 AND seq = ?4
                 AND replica = (SELECT no FROM replica WHERE id = ?5)",
            )?
            .execute(params![
                scope.as_bytes(),
                own_no,
                own_seq as i64,
                seq as i64,
                replica
            ])?;
        }
    }
    Ok(())
}

/// Whether the pair must be watched further.
fn settle_one(
    conn: &Connection,
    scope: ScopeId,
    (other, seq): (ReplicaId, u64),
    (own, own_seq): (ReplicaId, u64),
    wall_ms: u64,
) -> Result<bool> {
    if streams::applied_seq(conn, scope, other)? < seq {
        return Ok(true);
    }
    let first = streams::save_at(conn, scope, other, seq, own)?;
    let copy = streams::save_at(conn, scope, own, own_seq, own)?;
    let (Some(first), Some(copy)) = (first, copy) else {
        return Ok(true);
    };
    if !same(&first, &copy) {
        return Ok(false);
    }
    let mut watch = false;
    for (dot, change) in copy.dots(own, own_seq) {
        let twin = Dot {
            replica: other,
            seq,
            index: dot.index,
        };
        let at = FieldAt {
            scope,
            kind: change.kind,
            record: change.record,
            field: change.field,
        };
        let heads = project::heads(conn, &at)?;
        let stands = |dot: Dot| heads.iter().any(|head| head.dot == dot);
        let left = match (stands(twin), stands(dot)) {
            (true, true) => {
                watch = true;
                continue;
            }
            (false, false) => continue,
            (true, false) => twin,
            (false, true) => dot,
        };
        let Some(instead) = heads.iter().find(|head| head.dot != left) else {
            continue;
        };
        let again = Change {
            value: instead.value.clone(),
            seen: vec![left, instead.dot],
            ..*change
        };
        let save = Save {
            hlc: tick(conn, wall_ms)?,
            author: instead.author,
            grant: copy.grant,
            kind: SaveKind::Restore,
            reason: None,
            changes: vec![again],
        };
        append(conn, own, scope, save)?;
    }
    Ok(watch)
}

/// Whether both are one press of “save”.
fn same(a: &Save, b: &Save) -> bool {
    let said = |change: &Change| {
        (
            change.kind,
            change.record,
            change.field,
            change.value.clone(),
        )
    };
    (a.hlc, a.author, a.kind, &a.reason) == (b.hlc, b.author, b.kind, &b.reason)
        && a.changes.iter().map(said).eq(b.changes.iter().map(said))
}
