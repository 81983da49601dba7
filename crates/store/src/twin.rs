//! Saves that stand twice: a laptop that goes on under a new name saves again what the server was not known to hold,
//! and then it turns out that the server, or a copy of the laptop, had it all the same.
//!
//! As long as nobody has written over either, the two say the same and nobody is asked. Whoever wrote over the one
//! without knowing of the other has answered for both: the other gives way by itself.

use domain::ids::{ReplicaId, ScopeId};
use rusqlite::{Connection, OptionalExtension, params};
use sync::log::{Change, Dot, Save, SaveKind};

use crate::error::Result;
use crate::project::{self, FieldAt};
use crate::streams::{self, Opened};
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

/// The change that a screen means by `dot`: the same, its copy where this laptop laid down the name since, or none when
/// nothing like it is here, since a save that named it could wait for ever.
pub fn standing_for(conn: &Connection, scope: ScopeId, dot: Dot) -> Result<Option<Dot>> {
    let no = project::replica_no(conn, dot.replica)?;
    let row = streams::stream(conn, scope, no)?;
    if dot.seq <= row.applied_seq.max(row.given_seq) {
        return Ok(Some(dot));
    }
    let copy: Option<([u8; 16], i64)> = conn
        .prepare_cached(
            "SELECT r.id, t.own_seq FROM twin t JOIN replica r ON r.no = t.own
             WHERE t.scope = ?1 AND t.replica = ?2 AND t.seq = ?3",
        )?
        .query_row(params![scope.as_bytes(), no, dot.seq as i64], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    Ok(copy.map(|(replica, seq)| Dot {
        replica: ReplicaId::from_bytes(replica),
        seq: seq as u64,
        index: dot.index,
    }))
}

/// Lets one of two give way where the other was written over.
pub fn settle(conn: &Connection, scope: ScopeId, own: ReplicaId, wall_ms: u64) -> Result<()> {
    let twins: Vec<(SaveAt, SaveAt)> = conn
        .prepare_cached(
            "SELECT r.id, t.seq, o.id, t.own_seq FROM twin t JOIN replica r ON r.no = t.replica
             JOIN replica o ON o.no = t.own WHERE t.scope = ?1 ORDER BY t.own, t.own_seq",
        )?
        .query_map([scope.as_bytes()], |row| {
            let at = |id, seq| {
                Ok::<_, rusqlite::Error>((
                    ReplicaId::from_bytes(row.get(id)?),
                    row.get::<_, i64>(seq)? as u64,
                ))
            };
            Ok((at(0, 1)?, at(2, 3)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    let mut opened = Opened::new(conn, scope, own);
    for (first, copy) in twins {
        if !settle_one(conn, scope, first, copy, &mut opened, wall_ms)? {
            conn.prepare_cached(
                "DELETE FROM twin WHERE scope = ?1 AND seq = ?3 AND replica = (SELECT no FROM replica WHERE id = ?2)",
            )?
            .execute(params![
                scope.as_bytes(),
                first.0.as_bytes(),
                first.1 as i64
            ])?;
        }
    }
    Ok(())
}

/// Whose stream, and which save of it.
type SaveAt = (ReplicaId, u64);

/// Whether the pair must be watched further.
fn settle_one(
    conn: &Connection,
    scope: ScopeId,
    (other, seq): SaveAt,
    (name, copy_seq): SaveAt,
    opened: &mut Opened<'_>,
    wall_ms: u64,
) -> Result<bool> {
    if streams::applied_seq(conn, scope, other)? < seq {
        return Ok(true);
    }
    let (Some(first), Some(copy)) = (opened.get(other, seq)?, opened.get(name, copy_seq)?) else {
        return Ok(true);
    };
    if !first.is_again(&copy) {
        return Ok(false);
    }
    let mut watch = false;
    for (dot, change) in copy.dots(name, copy_seq) {
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
        append(conn, opened.own(), scope, save)?;
    }
    Ok(watch)
}
