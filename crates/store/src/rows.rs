//! Records in memory while saves are applied to them: each is read once and written once, however many changes a run
//! brings. The store's executor of `sync::heads::merge`.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::registry::{DELETED, Field, Kind, lock_text};
use rusqlite::types::{Null, ToSqlOutput};
use rusqlite::{Connection, OptionalExtension, Row as SqlRow, ToSql, params, params_from_iter};
use sync::clock::Hlc;
use sync::fault::unknown;
use sync::heads::{Head, merge, sort};
use sync::log::{Change, Dot, Save};

use crate::error::{Error, Result};
use crate::project::{author_of, from_column, numbered, to_column};
use crate::stamps::{self, Stamp};
use crate::write::set_meta;

/// Records held at once before they are written.
const MOST: usize = 20_000;

/// Records of one scope, as far as they have been touched.
pub(crate) struct Rows<'c> {
    conn: &'c Connection,
    scope: ScopeId,
    touched: BTreeMap<(u16, RecordId), Row>,
    numbers: Numbers,
}

/// A record: the heads of each of its fields, the shown one first, in the order of the fields' numbers.
#[derive(Default)]
struct Row {
    fields: Vec<(u16, Vec<Head>)>,
    /// Whether some of it stands in the table of heads.
    apart: bool,
}

impl Row {
    fn heads(&mut self, field: u16) -> &mut Vec<Head> {
        // Fields of a save come in order nearly always, so the place is mostly the end.
        let at = self.fields.iter().rposition(|(number, _)| *number <= field);
        let at = match at {
            Some(at) if self.fields[at].0 == field => at,
            before => {
                let at = before.map_or(0, |at| at + 1);
                self.fields.insert(at, (field, Vec::new()));
                at
            }
        };
        &mut self.fields[at].1
    }
}

impl<'c> Rows<'c> {
    /// None yet.
    pub fn new(conn: &'c Connection, scope: ScopeId) -> Self {
        Self {
            conn,
            scope,
            touched: BTreeMap::new(),
            numbers: Numbers::default(),
        }
    }

    /// Applies one save of a stream, all its changes.
    pub fn apply(
        &mut self,
        replica: ReplicaId,
        seq: u64,
        save: Save,
        uncertain: bool,
    ) -> Result<()> {
        let Save {
            hlc,
            author,
            changes,
            ..
        } = save;
        for (index, change) in (0u32..).zip(changes) {
            let Change {
                kind,
                record,
                field,
                value,
                seen,
            } = change;
            let incoming = Head {
                dot: Dot {
                    replica,
                    seq,
                    index,
                },
                hlc,
                author,
                value,
                uncertain,
            };
            let heads = self.row(kind, record)?.heads(field);
            if heads.is_empty() {
                heads.push(incoming);
            } else {
                *heads = merge(heads, incoming, &seen);
            }
        }
        if self.touched.len() >= MOST {
            self.flush()?;
        }
        Ok(())
    }

    /// Joins a field of a snapshot: `theirs` are its heads there, and the two functions say which changes the tables
    /// here and the snapshot have come to know. What one side knows and no longer shows, it has replaced.
    pub fn join(
        &mut self,
        (kind, record, field): (u16, RecordId, u16),
        theirs: Vec<Head>,
        known_here: impl Fn(&Dot) -> bool,
        known_there: impl Fn(&Dot) -> bool,
    ) -> Result<()> {
        let heads = self.row(kind, record)?.heads(field);
        if heads.is_empty() {
            *heads = theirs;
            heads.retain(|head| !known_here(&head.dot));
        } else {
            let ours = std::mem::take(heads);
            let stands = |heads: &[Head], dot: &Dot| heads.iter().any(|head| head.dot == *dot);
            for head in &ours {
                if stands(&theirs, &head.dot) || !known_there(&head.dot) {
                    heads.push(head.clone());
                }
            }
            for head in theirs {
                if !stands(&ours, &head.dot) && !known_here(&head.dot) {
                    heads.push(head);
                }
            }
        }
        sort(heads);
        if self.touched.len() >= MOST {
            self.flush()?;
        }
        Ok(())
    }

    fn row(&mut self, kind: u16, record: RecordId) -> Result<&mut Row> {
        match self.touched.entry((kind, record)) {
            Entry::Occupied(entry) => Ok(entry.into_mut()),
            Entry::Vacant(entry) => {
                let row = load(self.conn, &mut self.numbers, kind, record)?;
                Ok(entry.insert(row))
            }
        }
    }

    /// Writes what was touched.
    pub fn flush(&mut self) -> Result<()> {
        for ((kind, record), mut row) in std::mem::take(&mut self.touched) {
            row.fields.retain(|(_, heads)| !heads.is_empty());
            self.write(kind, record, &row)?;
        }
        Ok(())
    }

    fn write(&mut self, kind: u16, record: RecordId, row: &Row) -> Result<()> {
        if row.apart {
            self.conn
                .prepare_cached("DELETE FROM head WHERE record = ?1 AND kind = ?2")?
                .execute(params![record.as_bytes(), kind])?;
        }
        let known = Kind::from_number(kind);
        let mut columns: Vec<ToSqlOutput<'_>> = Vec::new();
        if let Some(kind) = known {
            columns.resize_with(kind.fields().len() + 1, || ToSqlOutput::from(Null));
        }
        let mut packed = Vec::with_capacity(row.fields.len());
        for (field, heads) in &row.fields {
            let Some(winner) = heads.first() else {
                continue;
            };
            let at = known
                .filter(|_| !unknown(kind, *field))
                .and_then(|kind| column_of(kind, *field));
            let mut apart = heads.len() > 1;
            match at {
                Some((column, ty)) => {
                    packed.push(self.numbers.stamp(self.conn, *field, winner)?);
                    match to_column(ty.ty, &winner.value) {
                        Some(value) => columns[column] = value,
                        None => apart = true,
                    }
                }
                None => apart = true,
            }
            if apart {
                for head in heads {
                    self.write_head(kind, record, *field, head)?;
                }
            }
        }
        let Some(kind) = known.filter(|_| !packed.is_empty()) else {
            return Ok(());
        };
        let stamps = stamps::pack(&packed);
        let id = ToSqlOutput::from(record.as_bytes().as_slice());
        let scope = ToSqlOutput::from(self.scope.as_bytes().as_slice());
        let fixed: [&dyn ToSql; 3] = [&id, &scope, &stamps];
        let values = columns.iter().map(|value| value as &dyn ToSql);
        self.conn
            .prepare_cached(&sentences(kind).put)?
            .execute(params_from_iter(fixed.into_iter().chain(values)))?;
        Ok(())
    }

    fn write_head(&mut self, kind: u16, record: RecordId, field: u16, head: &Head) -> Result<()> {
        let mut value = Vec::new();
        ciborium::into_writer(&head.value, &mut value).map_err(|_| Error::Damaged)?;
        let replica = self.numbers.replica(self.conn, head.dot.replica)?;
        let author = self.numbers.author(self.conn, head.author)?;
        self.conn
            .prepare_cached(
                "INSERT INTO head (record, kind, field, replica, seq, idx, scope, hlc, author, uncertain, value)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                record.as_bytes(),
                kind,
                field,
                replica,
                head.dot.seq as i64,
                head.dot.index,
                self.scope.as_bytes(),
                head.hlc.0 as i64,
                author,
                head.uncertain,
                value,
            ])?;
        Ok(())
    }
}

/// The column of a known field, counted from `deleted`.
fn column_of(kind: Kind, number: u16) -> Option<(usize, Field)> {
    if number == DELETED.number {
        return Some((0, DELETED));
    }
    let fields = kind.fields();
    // Numbers mostly are places counted from one.
    let guess = usize::from(number).wrapping_sub(1);
    if let Some(field) = fields.get(guess)
        && field.number == number
    {
        return Some((guess + 1, *field));
    }
    let at = fields.iter().position(|field| field.number == number)?;
    Some((at + 1, fields[at]))
}

/// What is said to the table of a kind.
struct Sentences {
    get: String,
    put: String,
}

fn sentences(kind: Kind) -> &'static Sentences {
    static ALL: OnceLock<HashMap<Kind, Sentences>> = OnceLock::new();
    let write = |kind: &Kind| {
        let table = kind.table();
        let names: Vec<&str> = std::iter::once(&DELETED)
            .chain(kind.fields())
            .map(|field| field.name)
            .collect();
        let columns = names.join(", ");
        let places: Vec<String> = (1..=names.len() + 3).map(|n| format!("?{n}")).collect();
        let set: Vec<String> = names
            .iter()
            .map(|name| format!("{name} = excluded.{name}"))
            .collect();
        let sentences = Sentences {
            get: format!("SELECT stamps, {columns} FROM {table} WHERE id = ?1"),
            put: format!(
                "INSERT INTO {table} (id, scope, stamps, {columns}) VALUES ({})
                 ON CONFLICT (id) DO UPDATE SET stamps = excluded.stamps, {}",
                places.join(", "),
                set.join(", ")
            ),
        };
        (*kind, sentences)
    };
    let all = ALL.get_or_init(|| Kind::ALL.iter().map(write).collect());
    &all[&kind]
}

/// Brings values that came before this version knew their kinds and fields from the table of heads into columns.
/// Done once for each registry.
pub(crate) fn learn(conn: &Connection) -> Result<()> {
    const KNOWN: &str = "registry";
    let registry = sync::snapshot::hash(known_here().as_bytes()).to_vec();
    let known: Option<Vec<u8>> = conn
        .query_row("SELECT value FROM meta WHERE key = ?1", [KNOWN], |row| {
            row.get(0)
        })
        .optional()?;
    if known.as_ref() == Some(&registry) {
        return Ok(());
    }
    let mut records = conn.prepare("SELECT DISTINCT scope, kind, record FROM head")?;
    let records: Vec<([u8; 16], u16, [u8; 16])> = records
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (scope, kind, record) in records {
        let mut rows = Rows::new(conn, ScopeId::from_bytes(scope));
        rows.row(kind, RecordId::from_bytes(record))?;
        rows.flush()?;
    }
    set_meta(conn, KNOWN, &registry)
}

/// Every kind and field that this version knows.
fn known_here() -> String {
    let mut text = lock_text();
    for kind in Kind::ALL {
        for field in kind
            .fields()
            .iter()
            .filter(|field| unknown(kind.number(), field.number))
        {
            text += &format!("without {}.{}\n", kind.number(), field.number);
        }
    }
    text
}

fn load(conn: &Connection, numbers: &mut Numbers, kind: u16, record: RecordId) -> Result<Row> {
    let mut row = Row::default();
    if let Some(known) = Kind::from_number(kind) {
        let mut get = conn.prepare_cached(&sentences(known).get)?;
        let mut found = get.query([record.as_bytes()])?;
        if let Some(sql) = found.next()? {
            let packed: Vec<u8> = sql.get(0)?;
            for stamp in stamps::unpack(&packed)? {
                let (column, ty) = column_of(known, stamp.field).ok_or(Error::Damaged)?;
                let value = from_column(ty.ty, sql.get_ref(column + 1)?);
                let head = Head {
                    dot: Dot {
                        replica: numbers.replica_of(conn, stamp.replica)?,
                        seq: stamp.seq,
                        index: stamp.index,
                    },
                    hlc: Hlc(stamp.hlc),
                    author: numbers.author_of(conn, stamp.author)?,
                    value,
                    uncertain: stamp.uncertain,
                };
                *row.heads(stamp.field) = vec![head];
            }
        }
    }
    let mut several = conn.prepare_cached(
        "SELECT h.field, r.id, h.seq, h.idx, h.hlc, a.id, h.uncertain, h.value
         FROM head h JOIN replica r ON r.no = h.replica JOIN author a ON a.no = h.author
         WHERE h.record = ?1 AND h.kind = ?2 ORDER BY h.field",
    )?;
    let mut found = several.query(params![record.as_bytes(), kind])?;
    let mut last = None;
    while let Some(sql) = found.next()? {
        let field: u16 = sql.get(0)?;
        let heads = row.heads(field);
        if last != Some(field) {
            heads.clear();
            last = Some(field);
        }
        heads.push(head_of(sql)?);
    }
    if last.is_some() {
        row.apart = true;
        row.fields.iter_mut().for_each(|(_, heads)| sort(heads));
    }
    Ok(row)
}

/// A head as the table of heads holds it, its columns from the second on.
fn head_of(sql: &SqlRow<'_>) -> Result<Head> {
    let value: Vec<u8> = sql.get(7)?;
    Ok(Head {
        dot: Dot {
            replica: ReplicaId::from_bytes(sql.get(1)?),
            seq: sql.get::<_, i64>(2)? as u64,
            index: sql.get(3)?,
        },
        hlc: Hlc(sql.get::<_, i64>(4)? as u64),
        author: RecordId::from_bytes(sql.get(5)?),
        value: ciborium::from_reader(value.as_slice()).map_err(|_| Error::Damaged)?,
        uncertain: sql.get(6)?,
    })
}

/// Local numbers of replicas and authors, looked up once.
#[derive(Default)]
struct Numbers {
    replicas: HashMap<ReplicaId, i64>,
    replica_ids: HashMap<i64, ReplicaId>,
    authors: HashMap<RecordId, i64>,
    author_ids: HashMap<i64, RecordId>,
}

impl Numbers {
    fn stamp(&mut self, conn: &Connection, field: u16, head: &Head) -> Result<Stamp> {
        Ok(Stamp {
            field,
            replica: self.replica(conn, head.dot.replica)?,
            seq: head.dot.seq,
            index: head.dot.index,
            hlc: head.hlc.0,
            author: self.author(conn, head.author)?,
            uncertain: head.uncertain,
        })
    }

    fn replica(&mut self, conn: &Connection, id: ReplicaId) -> Result<i64> {
        if let Some(no) = self.replicas.get(&id) {
            return Ok(*no);
        }
        let no = crate::project::replica_no(conn, id)?;
        self.replicas.insert(id, no);
        Ok(no)
    }

    fn author(&mut self, conn: &Connection, id: RecordId) -> Result<i64> {
        if let Some(no) = self.authors.get(&id) {
            return Ok(*no);
        }
        let no = numbered(
            conn,
            "SELECT no FROM author WHERE id = ?1",
            "INSERT INTO author (id) VALUES (?1) RETURNING no",
            id.as_bytes(),
        )?;
        self.authors.insert(id, no);
        Ok(no)
    }

    fn replica_of(&mut self, conn: &Connection, no: i64) -> Result<ReplicaId> {
        if let Some(id) = self.replica_ids.get(&no) {
            return Ok(*id);
        }
        let id = conn
            .prepare_cached("SELECT id FROM replica WHERE no = ?1")?
            .query_row([no], |row| row.get(0))
            .optional()?
            .ok_or(Error::Damaged)?;
        let id = ReplicaId::from_bytes(id);
        self.replica_ids.insert(no, id);
        Ok(id)
    }

    fn author_of(&mut self, conn: &Connection, no: i64) -> Result<RecordId> {
        if let Some(id) = self.author_ids.get(&no) {
            return Ok(*id);
        }
        let id = author_of(conn, no)?;
        self.author_ids.insert(no, id);
        Ok(id)
    }
}
