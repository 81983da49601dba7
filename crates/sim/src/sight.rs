//! Looking at what laptops and the server hold, past the product's own way of showing it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use app::cx::Cx;
use app::{App, AppError};
use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::registry::{DELETED, Kind};
use domain::value::Value;
use rusqlite::{Connection, OpenFlags};
use store::Store;
use store::project::{self, FieldAt};
use sync::codec::{self, Limits};
use sync::key::KeyPair;
use sync::log::{Dot, Save};
use sync::segment;

use crate::ground::Centre;

/// A save in a log: scope, whose stream, its number.
pub type At = (ScopeId, ReplicaId, u64);

/// A log as a set of saves.
pub type Log = BTreeMap<At, Save>;

/// What lies aside: several pasts of one stream may, with the same numbers.
pub type Aside = Vec<(At, Save)>;

/// Something went wrong in looking.
pub type Seen<T> = Result<T, String>;

/// Works on a laptop's open folder. Nobody has a code here, so it is never locked.
///
/// # Panics
/// When it is.
#[allow(
    clippy::expect_used,
    reason = "a simulated laptop without codes cannot be locked"
)]
pub fn of<T>(app: &App, work: impl FnOnce(&Cx<'_>) -> T) -> T {
    app.with(|cx| Ok::<T, AppError>(work(cx)))
        .expect("nobody has a code here")
}

/// A value as text that is unlike every other: as people read it, or what it was sealed to.
pub fn text(value: &Value) -> String {
    match value {
        Value::Sealed { bytes, .. } => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        open => app::records::plain_text(open),
    }
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn saves_of(bytes: &[u8], log: &mut impl Extend<(At, Save)>) -> Seen<()> {
    let segment = segment::read(bytes).map_err(said)?;
    let header = segment.header();
    // A frame of a newer version is carried, not read.
    let Ok(saves) = segment.saves() else {
        return Ok(());
    };
    let at = |seq| (header.scope, header.replica, seq);
    log.extend((header.first_seq..).map(at).zip(saves));
    Ok(())
}

/// Everything in a laptop's log, sealed or not.
///
/// # Errors
/// When it does not read.
pub fn laptop_log(store: &Store) -> Seen<Log> {
    let own = store.replica();
    store
        .read(|conn| {
            let mut log = Log::new();
            let mut sealed = conn.prepare_cached("SELECT bytes FROM segment")?;
            for bytes in sealed.query_map([], |row| row.get::<_, Vec<u8>>(0))? {
                saves_of(&bytes?, &mut log).map_err(|_| store::Error::Damaged)?;
            }
            let mut tail = conn.prepare_cached("SELECT scope, seq, bytes FROM tail")?;
            let rows = tail.query_map([], |row| {
                Ok((
                    ScopeId::from_bytes(row.get(0)?),
                    row.get::<_, i64>(1)? as u64,
                    row.get::<_, Vec<u8>>(2)?,
                ))
            })?;
            for row in rows {
                let (scope, seq, bytes) = row?;
                let save = codec::decode(seq, own, &bytes, &Limits::default())?
                    .pop()
                    .ok_or(store::Error::Damaged)?;
                log.insert((scope, own, seq), save);
            }
            Ok::<_, store::Error>(log)
        })
        .map_err(said)
}

/// The name that a laptop has laid down, until the server has been told.
///
/// # Errors
/// When it does not read.
pub fn laid_down(store: &Store) -> Seen<Option<ReplicaId>> {
    let secret = store.meta("minted_from").map_err(said)?;
    let secret = secret.and_then(|secret| <[u8; 32]>::try_from(secret).ok());
    Ok(secret.map(|secret| KeyPair::from_secret(&secret).replica()))
}

/// What a laptop has put aside.
///
/// # Errors
/// When it does not read.
pub fn laptop_aside(store: &Store) -> Seen<Aside> {
    let mut log = Aside::new();
    for one in store.aside().map_err(said)? {
        let bytes = store.aside_bytes(one.id).map_err(said)?;
        saves_of(&bytes, &mut log)?;
    }
    Ok(log)
}

/// Whether a laptop has put aside what another past of somebody's has taken the place of.
///
/// # Errors
/// When it does not read.
pub fn parted(store: &Store) -> Seen<bool> {
    let aside = store.aside().map_err(said)?;
    Ok(aside.iter().any(|one| one.reason == "fork"))
}

fn server_database(centre: &Centre) -> Seen<Connection> {
    let path = centre.folder().join("server.sqlite");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    Connection::open_with_flags_and_vfs(path, flags, simdisk::VFS).map_err(said)
}

/// Everything in the server's log, and what it has put aside.
///
/// # Errors
/// When it does not read.
pub fn server_log(centre: &Centre) -> Seen<(Log, Aside)> {
    let conn = server_database(centre)?;
    let all = |table: &str| {
        let mut log = Aside::new();
        let mut rows = conn
            .prepare(&format!("SELECT bytes FROM {table}"))
            .map_err(said)?;
        let rows = rows
            .query_map([], |row| row.get::<_, Vec<u8>>(0))
            .map_err(said)?;
        for bytes in rows {
            saves_of(&bytes.map_err(said)?, &mut log)?;
        }
        Ok::<_, String>(log)
    };
    Ok((all("segment")?.into_iter().collect(), all("quarantine")?))
}

/// What the server has put aside: why, of which scope, whose.
///
/// # Errors
/// When it does not read.
pub fn put_aside(centre: &Centre) -> Seen<Vec<(String, ScopeId, ReplicaId)>> {
    let conn = server_database(centre)?;
    let mut rows = conn
        .prepare("SELECT reason, scope_id, replica FROM quarantine WHERE reason <> 'again' ORDER BY 1, 2, 3")
        .map_err(said)?;
    let rows = rows
        .query_map([], |row| {
            Ok((
                row.get(0)?,
                ScopeId::from_bytes(row.get(1)?),
                ReplicaId::from_bytes(row.get(2)?),
            ))
        })
        .map_err(said)?;
    rows.collect::<rusqlite::Result<_>>().map_err(said)
}

/// What a laptop's tables say of one scope, as text that is the same on every laptop that knows the same.
///
/// # Errors
/// When it does not read.
pub fn tables(store: &Store, scope: ScopeId) -> Seen<Vec<String>> {
    store.read(|conn| tables_in(conn, scope)).map_err(said)
}

fn tables_in(conn: &Connection, scope: ScopeId) -> Result<Vec<String>, store::Error> {
    let mut lines = Vec::new();
    for kind in Kind::ALL {
        let table = kind.table();
        let mut rows = conn.prepare_cached(&format!(
            "SELECT * FROM {table} WHERE scope = ?1 ORDER BY id"
        ))?;
        let columns: Vec<String> = rows.column_names().map(str::to_owned).collect();
        let mut rows = rows.query([scope.as_bytes()])?;
        while let Some(row) = rows.next()? {
            let mut line = table.to_owned();
            // Stamps hold numbers that are each laptop's own; the values that stand say the same by name.
            for (at, column) in columns.iter().enumerate() {
                if column != "stamps" {
                    let _ = write!(line, " {column}={:?}", row.get_ref(at)?);
                }
            }
            let record = RecordId::from_bytes(row.get("id")?);
            for field in std::iter::once(&DELETED).chain(kind.fields()) {
                let at = FieldAt {
                    scope,
                    kind: kind.number(),
                    record,
                    field: field.number,
                };
                for head in project::heads(conn, &at)? {
                    let _ = write!(
                        line,
                        " [{} {} {}.{} {} {} {:?}]",
                        field.name,
                        head.dot.replica,
                        head.dot.seq,
                        head.dot.index,
                        head.hlc.0,
                        head.author,
                        head.value
                    );
                }
            }
            lines.push(line);
        }
    }
    // Kinds and fields of a newer version have no table.
    let mut rows = conn.prepare_cached(
        "SELECT hex(h.record), h.kind, h.field, hex(r.id), h.seq, h.idx, h.hlc, hex(a.id), hex(h.value)
         FROM head h JOIN replica r ON r.no = h.replica JOIN author a ON a.no = h.author
         WHERE h.scope = ?1 ORDER BY 1, 2, 3, 4, 5, 6",
    )?;
    let mut rows = rows.query([scope.as_bytes()])?;
    while let Some(row) = rows.next()? {
        let mut line = "head".to_owned();
        for at in 0..9 {
            let _ = write!(line, " {:?}", row.get_ref(at)?);
        }
        lines.push(line);
    }
    Ok(lines)
}

/// The values of a field that a laptop's tables show or keep for review.
///
/// # Errors
/// When they do not read.
pub fn kept(store: &Store, field: FieldOf) -> Seen<Vec<Value>> {
    let at = FieldAt {
        scope: field.0,
        kind: field.1,
        record: field.2,
        field: field.3,
    };
    let heads = store.read(|conn| project::heads(conn, &at)).map_err(said)?;
    Ok(heads.into_iter().map(|head| head.value).collect())
}

/// The streams that a laptop's tables do not show to their end, and what lies aside there: for whoever reads a failure.
///
/// # Errors
/// When they do not read.
pub fn behind(store: &Store) -> Seen<Vec<String>> {
    let told = store.read(|conn| {
        let mut rows = conn.prepare(
            "SELECT hex(s.scope), hex(r.id), s.sealed_seq, s.applied_seq, s.accepted_seq, s.floor_seq, s.given_seq,
                    (SELECT group_concat(t.seq) FROM tail t WHERE t.scope = s.scope),
                    (SELECT group_concat(a.seq) FROM ahead a WHERE a.scope = s.scope)
             FROM stream s JOIN replica r ON r.no = s.replica
             WHERE s.applied_seq < max(s.sealed_seq, s.given_seq) OR r.id = ?1 ORDER BY 1, 2",
        )?;
        let rows = rows.query_map([store.replica().as_bytes()], |row| {
            let at = |at| row.get::<_, Option<i64>>(at).map(Option::unwrap_or_default);
            let list = |at| row.get::<_, Option<String>>(at).map(Option::unwrap_or_default);
            Ok(format!(
                "{} of {}: sealed {} applied {} accepted {} floor {} given {}; tail {} ahead {}",
                row.get::<_, String>(1)?, row.get::<_, String>(0)?, at(2)?, at(3)?, at(4)?, at(5)?, at(6)?,
                list(7)?, list(8)?,
            ))
        })?;
        Ok::<_, store::Error>(rows.collect::<rusqlite::Result<Vec<_>>>()?)
    });
    let mut told = told.map_err(said)?;
    for one in store.aside().map_err(said)? {
        told.push(format!(
            "aside for {}: {}-{} of {} of {}",
            one.reason, one.first_seq, one.last_seq, one.replica, one.scope
        ));
    }
    Ok(told)
}

/// The scopes of which a laptop holds anything.
///
/// # Errors
/// When it does not read.
pub fn scopes_held(store: &Store) -> Seen<BTreeSet<ScopeId>> {
    let held = store.read(|conn| {
        let mut tables: Vec<&str> = Kind::ALL.iter().map(|kind| kind.table()).collect();
        tables.extend(["segment", "tail", "head"]);
        let mut scopes = BTreeSet::new();
        for table in tables {
            let mut rows = conn.prepare_cached(&format!("SELECT DISTINCT scope FROM {table}"))?;
            for scope in rows.query_map([], |row| row.get(0))? {
                scopes.insert(ScopeId::from_bytes(scope?));
            }
        }
        Ok::<_, store::Error>(scopes)
    });
    held.map_err(said)
}

/// A field of a record in a scope.
pub type FieldOf = (ScopeId, u16, RecordId, u16);

/// How far each stream of a log can be shown, a save only after all that it names, worked out the slow way.
fn shown(log: &Log) -> BTreeMap<(ScopeId, ReplicaId), u64> {
    let mut shown: BTreeMap<(ScopeId, ReplicaId), u64> = BTreeMap::new();
    for (scope, replica, seq) in log.keys() {
        // What a snapshot stands for comes before the first that is here.
        shown.entry((*scope, *replica)).or_insert(seq - 1);
    }
    loop {
        let mut some = false;
        for (scope, replica, seq) in log.keys() {
            let at = |replica| shown.get(&(*scope, replica)).copied().unwrap_or(0);
            let named = log[&(*scope, *replica, *seq)].changes.iter();
            let mut named = named.flat_map(|change| &change.seen);
            let here = |dot: &Dot| dot.replica == *replica || dot.seq <= at(dot.replica);
            if at(*replica) + 1 == *seq && named.all(here) {
                shown.insert((*scope, *replica), *seq);
                some = true;
            }
        }
        if !some {
            return shown;
        }
    }
}

/// A log without the saves that wait for what is not in it.
///
/// # Errors
/// When one of them does not stand in another stream as well.
pub fn that_shows(mut log: Log) -> Seen<Log> {
    let shown = shown(&log);
    let waits = log.extract_if(.., |(scope, replica, seq), _| {
        shown
            .get(&(*scope, *replica))
            .is_some_and(|last| *last < *seq)
    });
    let waits: Vec<_> = waits.collect();
    for ((scope, replica, seq), save) in &waits {
        let mut others = log.iter().filter(|((of, ..), _)| of == scope);
        if !others.any(|(_, other)| save.is_again(other)) {
            return Err(format!("number {seq} of {replica} waits for good"));
        }
    }
    Ok(log)
}

/// What each field's values should be, by the one rule that a change hides what its author saw, worked out the slow way.
pub fn standing(log: &Log) -> BTreeMap<FieldOf, Vec<(Dot, &Value)>> {
    let mut hidden: BTreeSet<(ScopeId, u16, RecordId, u16, Dot)> = BTreeSet::new();
    for ((scope, ..), save) in log {
        for change in &save.changes {
            for dot in &change.seen {
                hidden.insert((*scope, change.kind, change.record, change.field, *dot));
            }
        }
    }
    let mut standing: BTreeMap<FieldOf, Vec<_>> = BTreeMap::new();
    for ((scope, replica, seq), save) in log {
        for (dot, change) in save.dots(*replica, *seq) {
            let field = (*scope, change.kind, change.record, change.field);
            let values = standing.entry(field).or_default();
            if !hidden.contains(&(field.0, field.1, field.2, field.3, dot)) {
                values.push((dot, &change.value));
            }
        }
    }
    standing
}
