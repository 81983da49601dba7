//! Applying: stored saves into the tables, each when its turn has come, and the tables again from the log alone.

use std::collections::{BTreeSet, HashMap};

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::registry::{DELETED, Kind, MeasurementField};
use domain::value::Value;
use rusqlite::{Connection, OptionalExtension, params};
use sync::clock::{self, Hlc};
use sync::fault::{Fault, planted};
use sync::heads::waits_for;
use sync::log::{Change, Dot, Save};
use sync::segment::{self, SegmentError};

use crate::error::Result;
use crate::project;
use crate::rows::Rows;
use crate::streams;
use crate::write::{get_meta_int, set_meta_int};
use crate::{base, lost};

/// A received save that is stored and not shown, because it names others that are not here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The scope of its stream.
    pub scope: ScopeId,
    /// Whose stream. More of its saves may wait behind this one.
    pub replica: ReplicaId,
    /// Its number.
    pub seq: u64,
    /// Who saved.
    pub author: RecordId,
    /// What it waits for: streams, and the number each must have reached.
    pub needs: Vec<(ReplicaId, u64)>,
    /// Since when, in milliseconds by this computer's clock; 0 when that was not noted.
    pub since_ms: u64,
}

/// What applying came to.
#[derive(Debug, Default)]
pub(crate) struct Came {
    /// Kinds of which something is another now.
    pub changed: BTreeSet<Kind>,
    /// Changes by which others took a record, or a figure of a value, away.
    pub removed: Vec<(ScopeId, Dot)>,
}

/// A run over one scope.
struct Run<'c> {
    conn: &'c Connection,
    scope: ScopeId,
    own: ReplicaId,
    wall_ms: u64,
    rows: Rows<'c>,
    applied: HashMap<ReplicaId, u64>,
    /// Own saves that the tables show already, although their turn has not come.
    ahead: BTreeSet<u64>,
    hlc: Hlc,
    came: Came,
    count: u64,
}

/// A stream with saves that are stored and not applied.
struct Behind {
    no: i64,
    replica: ReplicaId,
    last_seq: u64,
    open: Option<Open>,
}

/// The saves to come of a segment or of the tail.
struct Open {
    saves: std::vec::IntoIter<Save>,
    received_ms: u64,
}

/// Applies every stored save of a scope whose turn has come; what names a value not here yet keeps waiting.
pub fn apply_stored(
    conn: &Connection,
    scope: ScopeId,
    own: ReplicaId,
    wall_ms: u64,
    came: &mut Came,
) -> Result<u64> {
    let mut run = Run::new(conn, scope, own, wall_ms)?;
    let before = run.applied.clone();
    run.go()?;
    run.finish(&before)?;
    if run.count > 0 {
        set_meta_int(conn, "hlc", run.hlc.0 as i64)?;
    }
    came.changed.append(&mut run.came.changed);
    came.removed.append(&mut run.came.removed);
    Ok(run.count)
}

impl<'c> Run<'c> {
    fn new(conn: &'c Connection, scope: ScopeId, own: ReplicaId, wall_ms: u64) -> Result<Self> {
        let applied = applied_in(conn, scope)?;
        let ahead = ahead(conn, scope)?;
        Ok(Self {
            conn,
            scope,
            own,
            wall_ms,
            rows: Rows::new(conn, scope),
            applied,
            ahead,
            hlc: Hlc(get_meta_int(conn, "hlc")?.unwrap_or(0) as u64),
            came: Came::default(),
            count: 0,
        })
    }

    fn applied(&self, replica: ReplicaId) -> u64 {
        self.applied.get(&replica).copied().unwrap_or(0)
    }

    fn go(&mut self) -> Result<()> {
        let mut behind = behind(self.conn, self.scope)?;
        loop {
            let before = self.count;
            for stream in &mut behind {
                self.advance(stream)?;
            }
            if self.count == before {
                self.overtake()?;
                return self.rows.flush();
            }
        }
    }

    fn advance(&mut self, stream: &mut Behind) -> Result<()> {
        let own = stream.replica == self.own;
        loop {
            let done = self.applied(stream.replica);
            if done >= stream.last_seq {
                return Ok(());
            }
            if stream.open.is_none() {
                stream.open = open_after(self.conn, self.scope, stream, own, done, self.wall_ms)?;
            }
            let Some(open) = &mut stream.open else {
                return Ok(());
            };
            let Some(save) = open.saves.as_slice().first() else {
                stream.open = None;
                continue;
            };
            let waits = !waits_for(stream.replica, save, |other| {
                self.applied.get(&other).copied().unwrap_or(0)
            })
            .is_empty();
            if waits && !planted(Fault::DropWaiting) {
                return Ok(());
            }
            let received_ms = open.received_ms;
            let Some(save) = open.saves.next() else {
                return Ok(());
            };
            let seq = done + 1;
            self.applied.insert(stream.replica, seq);
            self.count += 1;
            if waits || (own && self.ahead.contains(&seq)) {
                continue;
            }
            self.apply(stream.replica, seq, save, received_ms)?;
        }
    }

    /// Shows own saves behind one that waits, as far as all that they name is here: one's own work does not vanish
    /// because something before it lacks.
    fn overtake(&mut self) -> Result<()> {
        let done = self.applied(self.own);
        let no = project::replica_no(self.conn, self.own)?;
        if streams::stream(self.conn, self.scope, no)?.given_seq <= done {
            return Ok(());
        }
        for (seq, save) in streams::beyond(self.conn, self.scope, self.own, done)? {
            let here = |named: &Dot| {
                named.replica != self.own || named.seq <= done || self.ahead.contains(&named.seq)
            };
            let mut named = save.changes.iter().flat_map(|change| &change.seen);
            if self.ahead.contains(&seq)
                || !named.all(|dot| (dot.replica, dot.seq) == (self.own, seq) || here(dot))
                || !waits_for(self.own, &save, |other| self.applied(other)).is_empty()
            {
                continue;
            }
            self.ahead.insert(seq);
            self.conn
                .prepare_cached("INSERT INTO ahead (scope, seq) VALUES (?1, ?2)")?
                .execute(params![self.scope.as_bytes(), seq as i64])?;
            self.apply(self.own, seq, save, self.wall_ms)?;
        }
        Ok(())
    }

    fn apply(&mut self, replica: ReplicaId, seq: u64, save: Save, received_ms: u64) -> Result<()> {
        let observed = clock::observe(self.hlc, save.hlc, received_ms);
        self.hlc = observed.last;
        let kinds = save.changes.iter().map(|change| change.kind);
        self.came
            .changed
            .extend(kinds.filter_map(Kind::from_number));
        if replica != self.own {
            let taken_away = (0..).zip(&save.changes).filter(|(_, c)| takes_away(c));
            let dots = taken_away.map(|(index, _)| Dot {
                replica,
                seq,
                index,
            });
            self.came.removed.extend(dots.map(|dot| (self.scope, dot)));
        }
        let uncertain = observed.uncertain && replica != self.own;
        self.rows.apply(replica, seq, save, uncertain)
    }

    fn finish(&mut self, before: &HashMap<ReplicaId, u64>) -> Result<()> {
        for (replica, seq) in &self.applied {
            if before.get(replica) != Some(seq) {
                let no = project::replica_no(self.conn, *replica)?;
                self.conn
                    .prepare_cached(
                        "UPDATE stream SET applied_seq = ?3 WHERE scope = ?1 AND replica = ?2",
                    )?
                    .execute(params![self.scope.as_bytes(), no, *seq as i64])?;
            }
        }
        let own = self.applied(self.own);
        if self.ahead.first().is_some_and(|seq| *seq <= own) {
            self.conn
                .prepare_cached("DELETE FROM ahead WHERE scope = ?1 AND seq <= ?2")?
                .execute(params![self.scope.as_bytes(), own as i64])?;
        }
        Ok(())
    }
}

/// Whether a change removes a record, or empties a figure of a value. Rows of a checklist come and go as it is written.
fn takes_away(change: &Change) -> bool {
    let figures = [MeasurementField::Numerator, MeasurementField::Denominator];
    match change.value {
        Value::Bool(gone) => {
            gone && change.field == DELETED.number && change.kind != Kind::ChecklistPart.number()
        }
        Value::Null => {
            let mut figures = figures.iter();
            change.kind == Kind::Measurement.number()
                && figures.any(|figure| figure.number() == change.field)
        }
        _ => false,
    }
}

/// How far each stream of a scope has been applied.
pub(crate) fn applied_in(conn: &Connection, scope: ScopeId) -> Result<HashMap<ReplicaId, u64>> {
    let mut streams = conn.prepare_cached(
        "SELECT r.id, s.applied_seq FROM stream s JOIN replica r ON r.no = s.replica WHERE s.scope = ?1",
    )?;
    let rows = streams.query_map([scope.as_bytes()], |row| {
        Ok((
            ReplicaId::from_bytes(row.get(0)?),
            row.get::<_, i64>(1)? as u64,
        ))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Own saves of a scope that the tables show although their turn has not come.
pub fn ahead(conn: &Connection, scope: ScopeId) -> Result<BTreeSet<u64>> {
    let mut rows = conn.prepare_cached("SELECT seq FROM ahead WHERE scope = ?1")?;
    let rows = rows.query_map([scope.as_bytes()], |row| Ok(row.get::<_, i64>(0)? as u64))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn behind(conn: &Connection, scope: ScopeId) -> Result<Vec<Behind>> {
    let mut rows = conn.prepare_cached(
        "SELECT r.no, r.id, max(s.sealed_seq, s.given_seq) FROM stream s JOIN replica r ON r.no = s.replica
         WHERE s.scope = ?1 AND s.applied_seq < max(s.sealed_seq, s.given_seq) ORDER BY r.no",
    )?;
    let rows = rows.query_map([scope.as_bytes()], |row| {
        Ok(Behind {
            no: row.get(0)?,
            replica: ReplicaId::from_bytes(row.get(1)?),
            last_seq: row.get::<_, i64>(2)? as u64,
            open: None,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whose streams of a scope have saves that are stored and not applied.
pub(crate) fn streams_behind(conn: &Connection, scope: ScopeId) -> Result<Vec<ReplicaId>> {
    let behind = behind(conn, scope)?;
    Ok(behind.into_iter().map(|stream| stream.replica).collect())
}

/// The saves after number `done` of the one segment that holds the next, or of the own tail. `None` when it is not
/// here, or takes a newer version: it is stored and forwarded, and shown after the next update.
fn open_after(
    conn: &Connection,
    scope: ScopeId,
    stream: &Behind,
    own: bool,
    done: u64,
    wall_ms: u64,
) -> Result<Option<Open>> {
    let no = stream.no;
    let next = (done + 1) as i64;
    let found: Option<(i64, Option<i64>, Vec<u8>)> = conn
        .prepare_cached(
            "SELECT first_seq, received_ms, bytes FROM segment
             WHERE scope = ?1 AND replica = ?2 AND first_seq <= ?3 AND last_seq >= ?3
             ORDER BY first_seq DESC LIMIT 1",
        )?
        .query_row(params![scope.as_bytes(), no, next], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let Some((first_seq, received_ms, bytes)) = found else {
        if !own {
            return Ok(None);
        }
        let tail = streams::tail(conn, scope, stream.replica, done)?;
        if tail.first().is_none_or(|(seq, _)| *seq != done + 1) {
            return Ok(None);
        }
        let saves: Vec<Save> = tail.into_iter().map(|(_, save)| save).collect();
        return Ok(Some(Open {
            saves: saves.into_iter(),
            received_ms: wall_ms,
        }));
    };
    let received_ms = match received_ms {
        Some(ms) => ms as u64,
        None => {
            conn.prepare_cached(
                "UPDATE segment SET received_ms = ?4 WHERE scope = ?1 AND replica = ?2 AND first_seq = ?3",
            )?
            .execute(params![scope.as_bytes(), no, first_seq, wall_ms as i64])?;
            wall_ms
        }
    };
    let saves = match segment::read(&bytes).and_then(|segment| segment.saves()) {
        Ok(saves) => saves,
        Err(SegmentError::NewerFormat) => return Ok(None),
        // The stream stands still; other streams go on.
        Err(_) => return Ok(None),
    };
    let mut saves = saves.into_iter();
    // What an earlier run applied of it.
    for _ in first_seq as u64..=done {
        saves.next();
    }
    Ok(Some(Open { saves, received_ms }))
}

/// Scopes with saves that are stored and not applied.
pub fn scopes_behind(conn: &Connection) -> Result<Vec<ScopeId>> {
    let mut scopes = conn.prepare_cached(
        "SELECT DISTINCT scope FROM stream WHERE applied_seq < max(sealed_seq, given_seq) ORDER BY scope",
    )?;
    let scopes: Vec<[u8; 16]> = scopes
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(scopes.into_iter().map(ScopeId::from_bytes).collect())
}

/// Received saves that wait for others, the first of each stream.
pub fn waits(conn: &Connection, own: ReplicaId) -> Result<Vec<Waiting>> {
    let mut waits = Vec::new();
    for scope in scopes_behind(conn)? {
        let applied = applied_in(conn, scope)?;
        let elsewhere = lost::stand_elsewhere(conn, scope, own)?;
        for stream in behind(conn, scope)? {
            let applied = |other| applied.get(&other).copied().unwrap_or(0);
            let seq = applied(stream.replica) + 1;
            let waiting = seq..=stream.last_seq;
            if waiting
                .clone()
                .all(|seq| elsewhere.contains(&(stream.replica, seq)))
            {
                continue;
            }
            let Some(save) = streams::save_at(conn, scope, stream.replica, seq, own)? else {
                continue;
            };
            let needs = waits_for(stream.replica, &save, applied);
            if needs.is_empty() {
                continue;
            }
            let since: Option<Option<i64>> = conn
                .prepare_cached(
                    "SELECT received_ms FROM segment WHERE scope = ?1 AND replica = ?2 AND first_seq <= ?3
                     ORDER BY first_seq DESC LIMIT 1",
                )?
                .query_row(params![scope.as_bytes(), stream.no, seq as i64], |row| row.get(0))
                .optional()?;
            waits.push(Waiting {
                scope,
                replica: stream.replica,
                seq,
                author: save.author,
                needs,
                since_ms: since.flatten().unwrap_or(0) as u64,
            });
        }
    }
    Ok(waits)
}

/// How many saves are stored here but wait for others, or for a newer version, before they can be shown; without those that
/// stand elsewhere.
pub fn held(conn: &Connection, own: ReplicaId) -> Result<u32> {
    // By what stands here: numbers that were given and whose saves went elsewhere wait for nobody.
    let count: u32 = conn.query_row(
        "SELECT (SELECT coalesce(sum(sealed_seq - applied_seq), 0) FROM stream WHERE sealed_seq > applied_seq)
              + (SELECT count(*) FROM tail t JOIN stream s ON s.scope = t.scope JOIN replica r ON r.no = s.replica
                 WHERE r.id = ?1 AND t.seq > max(s.applied_seq, s.sealed_seq))
              - (SELECT count(*) FROM ahead)",
        [own.as_bytes()],
        |row| row.get(0),
    )?;
    let mut elsewhere = 0;
    if count > 0 {
        for scope in scopes_behind(conn)? {
            elsewhere += lost::stand_elsewhere(conn, scope, own)?.len();
        }
    }
    Ok(count.saturating_sub(u32::try_from(elsewhere).unwrap_or(u32::MAX)))
}

/// Empties the tables of all scopes and fills them again from the snapshots they began with and from the log.
pub fn rebuild(conn: &Connection, own: ReplicaId, wall_ms: u64) -> Result<()> {
    let mut scopes = conn.prepare("SELECT DISTINCT scope FROM stream")?;
    let scopes: Vec<[u8; 16]> = scopes
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for kind in Kind::ALL {
        conn.execute(&format!("DELETE FROM {}", kind.table()), [])?;
    }
    conn.execute("DELETE FROM head", [])?;
    for scope in scopes {
        fill(conn, ScopeId::from_bytes(scope), own, wall_ms)?;
    }
    Ok(())
}

/// The same for one scope.
pub fn rebuild_scope(
    conn: &Connection,
    scope: ScopeId,
    own: ReplicaId,
    wall_ms: u64,
) -> Result<()> {
    empty(conn, scope)?;
    fill(conn, scope, own, wall_ms)
}

/// Takes the rows of a scope out of all tables.
pub fn empty(conn: &Connection, scope: ScopeId) -> Result<()> {
    for kind in Kind::ALL {
        conn.execute(
            &format!("DELETE FROM {} WHERE scope = ?1", kind.table()),
            [scope.as_bytes()],
        )?;
    }
    conn.execute("DELETE FROM head WHERE scope = ?1", [scope.as_bytes()])?;
    Ok(())
}

fn fill(conn: &Connection, scope: ScopeId, own: ReplicaId, wall_ms: u64) -> Result<()> {
    conn.execute(
        "UPDATE stream SET applied_seq = 0 WHERE scope = ?1",
        [scope.as_bytes()],
    )?;
    // None of the own saves stands in the tables now.
    conn.execute("DELETE FROM ahead WHERE scope = ?1", [scope.as_bytes()])?;
    base::fill(conn, scope, own)?;
    let mut run = Run::new(conn, scope, own, wall_ms)?;
    let before = run.applied.clone();
    run.go()?;
    run.finish(&before)
}
