//! Saves that wait for what never comes. A server that was put back may come to hold another past of somebody's stream than
//! this laptop has built upon: its own one was put aside here ([`Store::cut_back`]), and whatever names that waits for good,
//! here and with everybody. Whoever wrote it goes on under a new name, where it is saved again upon what stands.

use std::collections::{BTreeSet, HashMap};

use domain::ids::{ReplicaId, ScopeId};
use rusqlite::{Connection, params};
use sync::clock::Hlc;
use sync::heads::waits_for;
use sync::log::{Change, Dot, Save};
use sync::segment;

use crate::error::Result;
use crate::history::{self, Placed};
use crate::{Store, run, streams};

/// Saves of a stream that do not come: whose, from which number, to which.
type Span = (ReplicaId, u64, u64);

impl Store {
    /// Whether an own save waits for what only a past had that was put aside here: it would wait for good.
    pub fn waits_for_lost(&self) -> Result<bool> {
        self.read(|conn| {
            for scope in run::scopes_behind(conn)? {
                if is_waited_for(conn, scope, self.replica())? {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }
}

/// Whether an own save of a scope waits for what does not come.
pub(crate) fn is_waited_for(conn: &Connection, scope: ScopeId, own: ReplicaId) -> Result<bool> {
    Ok(Lost::of(conn, scope, own)?.own_from.is_some())
}

/// What will not come in a scope, as far as it is known here.
pub(crate) struct Lost<'c> {
    conn: &'c Connection,
    scope: ScopeId,
    own: ReplicaId,
    spans: Vec<Span>,
    /// The first own save that waits for any of it.
    pub own_from: Option<u64>,
    /// What stands, by its stamp; read when it is first asked for.
    stands: Option<Standing>,
}

impl<'c> Lost<'c> {
    /// What was put aside as another past, and every stored save that waits for that, with all that waits behind it.
    pub fn of(conn: &'c Connection, scope: ScopeId, own: ReplicaId) -> Result<Self> {
        let applied = run::applied_in(conn, scope)?;
        let applied = |replica| applied.get(&replica).copied().unwrap_or(0);
        let mut spans: Vec<Span> = conn
            .prepare_cached(
                "SELECT replica, first_seq, last_seq FROM aside WHERE scope = ?1 AND reason = 'fork'",
            )?
            .query_map([scope.as_bytes()], |row| {
                Ok((
                    ReplicaId::from_bytes(row.get(0)?),
                    row.get::<_, i64>(1)? as u64,
                    row.get::<_, i64>(2)? as u64,
                ))
            })?
            .collect::<rusqlite::Result<_>>()?;
        spans.retain(|(replica, _, last)| *last > applied(*replica));
        let mut next = Vec::new();
        if !spans.is_empty() {
            for replica in run::streams_behind(conn, scope)? {
                let seq = applied(replica) + 1;
                if let Some(save) = streams::save_at(conn, scope, replica, seq, own)? {
                    next.push((replica, seq, waits_for(replica, &save, applied)));
                }
            }
        }
        loop {
            let before = spans.len();
            next.retain(|(replica, seq, needs)| {
                let never = needs.iter().any(|need| is_in(&spans, *need));
                if never {
                    spans.push((*replica, *seq, u64::MAX));
                }
                !never
            });
            if spans.len() == before {
                break;
            }
        }
        let own_from = spans
            .iter()
            .find(|(replica, _, last)| *replica == own && *last == u64::MAX)
            .map(|(_, first, _)| *first);
        Ok(Self {
            conn,
            scope,
            own,
            spans,
            own_from,
            stands: None,
        })
    }

    /// What a save names instead of a change that does not come: the same change where its writer has saved it again, or
    /// nothing.
    pub fn instead(&mut self, dot: Dot, naming: &Change) -> Result<Option<Dot>> {
        if !is_in(&self.spans, (dot.replica, dot.seq)) {
            return Ok(Some(dot));
        }
        for save in self.pasts(dot)? {
            let meant = save.changes.get(dot.index as usize);
            if !meant.is_some_and(|one| {
                (one.kind, one.record, one.field) == (naming.kind, naming.record, naming.field)
            }) {
                continue;
            }
            if let Some((replica, seq)) = self.stands()?.again(dot.replica, &save) {
                let index = dot.index;
                return Ok(Some(Dot {
                    replica,
                    seq,
                    index,
                }));
            }
        }
        Ok(None)
    }

    /// The saves that bear this number, in the log and in what lies aside.
    fn pasts(&self, dot: Dot) -> Result<Vec<Save>> {
        let stored = streams::save_at(self.conn, self.scope, dot.replica, dot.seq, self.own)?;
        let mut pasts: Vec<Save> = stored.into_iter().collect();
        let mut rows = self.conn.prepare_cached(
            "SELECT bytes FROM aside WHERE scope = ?1 AND replica = ?2 AND reason = 'fork' AND first_seq <= ?3 AND last_seq >= ?3",
        )?;
        let rows = rows.query_map(
            params![
                self.scope.as_bytes(),
                dot.replica.as_bytes(),
                dot.seq as i64
            ],
            |row| row.get::<_, Vec<u8>>(0),
        )?;
        for bytes in rows {
            let segment = segment::read(&bytes?)?;
            let at = (dot.seq - segment.header().first_seq) as usize;
            let saves = segment.saves().unwrap_or_default();
            pasts.extend(saves.into_iter().nth(at));
        }
        Ok(pasts)
    }

    fn stands(&mut self) -> Result<&Standing> {
        let stands = match self.stands.take() {
            Some(stands) => stands,
            None => Standing::of(self.conn, self.scope, self.own)?.0,
        };
        Ok(self.stands.insert(stands))
    }
}

fn is_in(spans: &[Span], (replica, seq): (ReplicaId, u64)) -> bool {
    let mut spans = spans.iter();
    spans.any(|(of, first, last)| *of == replica && (*first..=*last).contains(&seq))
}

/// Saves that are stored and wait, although all that they say stands here in another stream: their writer goes on under a
/// new name and has saved them again there. Nobody misses them.
pub(crate) fn stand_elsewhere(
    conn: &Connection,
    scope: ScopeId,
    own: ReplicaId,
) -> Result<BTreeSet<(ReplicaId, u64)>> {
    let (stands, mut waits) = Standing::of(conn, scope, own)?;
    waits.retain(|(replica, _, save)| stands.again(*replica, save).is_some());
    Ok(waits
        .into_iter()
        .map(|(replica, seq, _)| (replica, seq))
        .collect())
}

/// The saves that the tables show, by their stamps.
struct Standing(HashMap<Hlc, Vec<Placed>>);

impl Standing {
    /// With the saves of the scope that are stored and wait.
    fn of(conn: &Connection, scope: ScopeId, own: ReplicaId) -> Result<(Self, Vec<Placed>)> {
        let applied = run::applied_in(conn, scope)?;
        let ahead = run::ahead(conn, scope)?;
        let (shown, waits) = history::saves(conn, scope, own)?
            .into_iter()
            .partition::<Vec<_>, _>(|(replica, seq, _)| {
                applied.get(replica).is_some_and(|last| seq <= last)
                    || (*replica == own && ahead.contains(seq))
            });
        let mut by_stamp: HashMap<Hlc, Vec<_>> = HashMap::new();
        for one in shown {
            by_stamp.entry(one.2.hlc).or_default().push(one);
        }
        Ok((Self(by_stamp), waits))
    }

    /// Where a save of `replica` was made again.
    fn again(&self, replica: ReplicaId, save: &Save) -> Option<(ReplicaId, u64)> {
        let alike = self.0.get(&save.hlc)?;
        alike
            .iter()
            .find(|(of, _, other)| *of != replica && save.is_again(other))
            .map(|(of, seq, _)| (*of, *seq))
    }
}
