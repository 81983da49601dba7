//! The one door for writing. Screen, import, exchange and restore all enter here: rows and log in one transaction.

use std::collections::BTreeSet;

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::registry::Kind;
use domain::value::Value;
use rusqlite::{Connection, OptionalExtension, params};
use sync::clock::{self, Hlc};
use sync::codec;
use sync::heads::Head;
use sync::log::{Change, Dot, Save, SaveKind};

use crate::door::Step;
use crate::error::{Error, Result};
use crate::project::{self, FieldAt};
use crate::rows::Rows;
use crate::twin;

/// What a person saves at once.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The scope of every record in it.
    pub scope: ScopeId,
    /// Who saves.
    pub author: RecordId,
    /// Under which grant, 0 before any.
    pub grant: u32,
    /// What kind of save it is.
    pub kind: SaveKind,
    /// Why, where a reason is asked for.
    pub reason: Option<String>,
    /// The field changes.
    pub edits: Vec<Edit>,
}

/// One field's new value.
#[derive(Debug, Clone)]
pub struct Edit {
    /// The record's kind.
    pub kind: Kind,
    /// The record.
    pub record: RecordId,
    /// The field's number in the registry.
    pub field: u16,
    /// The new value.
    pub value: Value,
    /// What its author had on the screen.
    pub seen: Seen,
}

/// Which values the author of a change had seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// The field was empty on the screen.
    Nothing,
    /// The shown value as it stands now.
    Shown,
    /// All values that stand: the answer to a review.
    All,
    /// The value of this dot, which may have been replaced since.
    Dot(Dot),
}

/// How many changes one save may carry; what is more becomes the next save of the same transaction.
const CHANGES_PER_SAVE: usize = 30;

/// The last number that was given to a record of this replica stands under this name in `meta`.
const RECORD_COUNTER: &str = "record_counter";

/// From where records are counted in an opening of a database that stood there before. Copies of one, and one that was put
/// back to an older state, bear the same name until somebody notices: what they found meanwhile must not be one record. So
/// each opening leaps ahead by chance, as far as four bytes of a segment reach; there is room for some thirty million openings.
pub(crate) fn records_from(conn: &Connection, chance: &[u8; 32]) -> Result<i64> {
    let last = get_meta_int(conn, RECORD_COUNTER)?.unwrap_or(0);
    let leap = i64::from(u32::from_be_bytes([0, chance[0], chance[1], chance[2]]));
    Ok(last + 1 + leap)
}

/// An open write transaction.
pub struct Writer<'a> {
    step: Step<'a>,
    replica: ReplicaId,
    /// New records are counted from here at least.
    records_from: i64,
    wall_ms: u64,
    changed: BTreeSet<Kind>,
    rewrites: bool,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(step: Step<'a>, replica: ReplicaId, records_from: i64, wall_ms: u64) -> Self {
        Self {
            step,
            replica,
            records_from,
            wall_ms,
            changed: BTreeSet::new(),
            rewrites: false,
        }
    }

    /// Ends the transaction; from here on a power cut loses nothing of it. Answers which kinds changed.
    pub(crate) fn commit(self) -> Result<BTreeSet<Kind>> {
        self.step.commit()?;
        Ok(self.changed)
    }

    /// What stands in the tables, this transaction's own writes included.
    pub fn conn(&self) -> &Connection {
        self.step.conn()
    }

    /// An identifier for a new record of this replica.
    pub fn new_record(&mut self) -> Result<RecordId> {
        let last = get_meta_int(self.step.conn(), RECORD_COUNTER)?.unwrap_or(0);
        let next = self.records_from.max(last + 1);
        set_meta_int(self.step.conn(), RECORD_COUNTER, next)?;
        Ok(RecordId::counted(self.replica, next as u64))
    }

    /// Sets a small value kept beside the log, with everything else of this transaction or not at all.
    pub fn set_meta(&mut self, key: &str, value: &[u8]) -> Result<()> {
        set_meta(self.step.conn(), key, value)
    }

    /// Believes any newer word on who reads a scope, whatever numbers those have that stand here.
    pub fn doubt_readers(&mut self) -> Result<()> {
        self.step
            .conn()
            .execute("UPDATE readers SET version = 0", [])?;
        Ok(())
    }

    /// Whether values are written even where they equal what stands: a deletion writes the whole record again
    /// (`sync::heads::revived` says why).
    pub fn rewrite(&mut self, on: bool) {
        self.rewrites = on;
    }

    /// Saves a draft. Changes that change nothing are left out; answers how many were made.
    pub fn save(&mut self, draft: Draft) -> Result<usize> {
        let mut changes = Vec::new();
        for edit in draft.edits {
            let at = FieldAt {
                scope: draft.scope,
                kind: edit.kind.number(),
                record: edit.record,
                field: edit.field,
            };
            let heads = project::heads(self.step.conn(), &at)?;
            let seen = self.seen_dots(draft.scope, &heads, &edit.seen)?;
            let shown = heads.first().map_or(&Value::Null, |head| &head.value);
            let settles = seen.len() > 1 || heads.iter().any(|head| !seen.contains(&head.dot));
            if *shown == edit.value && !settles && !self.rewrites {
                continue;
            }
            self.changed.insert(edit.kind);
            changes.push(Change {
                kind: at.kind,
                record: at.record,
                field: at.field,
                value: edit.value,
                seen,
            });
        }
        let made = changes.len();
        let mut rest = changes;
        while !rest.is_empty() {
            let next = rest.split_off(rest.len().min(CHANGES_PER_SAVE));
            let hlc = tick(self.step.conn(), self.wall_ms)?;
            append(
                self.step.conn(),
                self.replica,
                draft.scope,
                Save {
                    hlc,
                    author: draft.author,
                    grant: draft.grant,
                    kind: draft.kind,
                    reason: draft.reason.clone(),
                    changes: rest,
                },
            )?;
            rest = next;
        }
        Ok(made)
    }

    /// The dots that a change names. People at one laptop share its screen, so what this replica wrote counts
    /// as seen, and so does any head that shows the same value as the one seen.
    fn seen_dots(&self, scope: ScopeId, heads: &[Head], seen: &Seen) -> Result<Vec<Dot>> {
        let named = match seen {
            Seen::Dot(dot) => twin::standing_for(self.step.conn(), scope, *dot)?,
            _ => None,
        };
        let shown = match seen {
            Seen::All => return Ok(heads.iter().map(|head| head.dot).collect()),
            Seen::Nothing => None,
            Seen::Shown => heads.first(),
            Seen::Dot(_) => heads.iter().find(|head| Some(head.dot) == named),
        };
        let mut dots: Vec<Dot> = heads
            .iter()
            .filter(|head| {
                head.dot.replica == self.replica || shown.is_some_and(|s| s.value == head.value)
            })
            .map(|head| head.dot)
            .collect();
        dots.extend(named.filter(|dot| !dots.contains(dot)));
        Ok(dots)
    }
}

/// The stamp of the next save here.
pub(crate) fn tick(conn: &Connection, wall_ms: u64) -> Result<Hlc> {
    let last: i64 = get_meta_int(conn, "hlc")?.unwrap_or(0);
    let offset = get_meta_int(conn, "clock_offset_ms")?.unwrap_or(0);
    let now = clock::tick(Hlc(last as u64), wall_ms.saturating_add_signed(offset));
    set_meta_int(conn, "hlc", now.0 as i64)?;
    Ok(now)
}

/// Saves as the next of this replica's stream: into the tail and into the tables.
pub(crate) fn append(
    conn: &Connection,
    replica: ReplicaId,
    scope: ScopeId,
    save: Save,
) -> Result<()> {
    let no = project::replica_no(conn, replica)?;
    let (seq, applied): (i64, i64) = conn
            .prepare_cached(
                "INSERT INTO stream (scope, replica, given_seq) VALUES (?1, ?2, 1)
                 ON CONFLICT DO UPDATE SET given_seq = given_seq + 1 RETURNING given_seq, applied_seq",
            )?
            .query_row(params![scope.as_bytes(), no], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
    if applied + 1 == seq {
        conn.prepare_cached(
            "UPDATE stream SET applied_seq = ?3 WHERE scope = ?1 AND replica = ?2",
        )?
        .execute(params![scope.as_bytes(), no, seq])?;
    } else {
        // An earlier own save waits, or has not come back yet; this one names nothing of it.
        conn.prepare_cached("INSERT INTO ahead (scope, seq) VALUES (?1, ?2)")?
            .execute(params![scope.as_bytes(), seq])?;
    }
    let seq = u64::try_from(seq).map_err(|_| Error::Damaged)?;
    // What passes here can be sealed later, whatever else stands beside it.
    codec::check(replica, seq, &save)?;
    let bytes = codec::encode(seq, replica, std::slice::from_ref(&save))?;
    put_tail(conn, scope, seq, &bytes)?;
    let mut rows = Rows::new(conn, scope);
    rows.apply(replica, seq, save, false)?;
    rows.flush()
}
/// Keeps an own save until it is sealed.
pub(crate) fn put_tail(conn: &Connection, scope: ScopeId, seq: u64, bytes: &[u8]) -> Result<()> {
    conn.prepare_cached("INSERT INTO tail (scope, seq, bytes) VALUES (?1, ?2, ?3)")?
        .execute(params![scope.as_bytes(), seq as i64, bytes])?;
    Ok(())
}

/// A whole number in `meta`.
pub(crate) fn get_meta_int(conn: &Connection, key: &str) -> Result<Option<i64>> {
    Ok(conn
        .prepare_cached("SELECT value FROM meta WHERE key = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()?)
}

/// Sets a value in `meta`.
pub(crate) fn set_meta(conn: &Connection, key: &str, value: &[u8]) -> Result<()> {
    conn.prepare_cached("INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value")?
        .execute(params![key, value])?;
    Ok(())
}

/// Sets a whole number in `meta`.
pub(crate) fn set_meta_int(conn: &Connection, key: &str, value: i64) -> Result<()> {
    conn.prepare_cached("INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value")?
        .execute(params![key, value])?;
    Ok(())
}
