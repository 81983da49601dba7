//! Reading records of any kind: the columns are the registry's fields, so one query serves them all.

use std::collections::BTreeMap;

use domain::catalog;
use domain::ids::{RecordId, ScopeId};
use domain::registry::{DELETED, Kind};
use domain::value::Value;
use rusqlite::{Connection, ToSql};
use store::{Edit, Stamp};

use super::edit;
use crate::error::{AppError, Result};

/// The scope that a record lies in, whatever its kind; none when it is not here.
pub fn scope_of_record(conn: &Connection, id: RecordId) -> Result<Option<ScopeId>> {
    let found = kind_and_scope(conn, id)?;
    Ok(found.and_then(|(_, scope)| RecordId::from_slice(&scope).ok().map(|id| id.as_scope())))
}

/// The kind of a record; none when it is not here.
pub fn kind_of_record(conn: &Connection, id: RecordId) -> Result<Option<Kind>> {
    Ok(kind_and_scope(conn, id)?.map(|(kind, _)| kind))
}

fn kind_and_scope(conn: &Connection, id: RecordId) -> Result<Option<(Kind, Vec<u8>)>> {
    for kind in Kind::ALL {
        let sql = format!("SELECT scope FROM {} WHERE id = ?1", kind.table());
        let mut statement = conn.prepare_cached(&sql)?;
        let mut rows = statement.query([id.as_bytes().as_slice()])?;
        if let Some(row) = rows.next()? {
            return Ok(Some((*kind, row.get(0)?)));
        }
    }
    Ok(None)
}

/// A record as it stands now.
#[derive(Debug, Clone)]
pub struct Record {
    /// Its kind.
    pub kind: Kind,
    /// Its identifier.
    pub id: RecordId,
    /// The scope it is shared in.
    pub scope: ScopeId,
    /// Who wrote each field, and when.
    pub stamps: Vec<Stamp>,
    /// Whether it is marked as deleted.
    pub marked_deleted: bool,
    /// The fields of which several values stand, by number.
    pub several: Vec<u16>,
    values: BTreeMap<&'static str, Value>,
}

impl Record {
    /// A field's value.
    pub fn value(&self, field: &str) -> &Value {
        self.values.get(field).unwrap_or(&Value::Null)
    }

    /// A text field.
    pub fn text(&self, field: &str) -> Option<String> {
        self.value(field).as_text().map(str::to_owned)
    }

    /// A number field.
    pub fn number(&self, field: &str) -> Option<f64> {
        self.value(field).as_f64()
    }

    /// A day field, in ISO form.
    pub fn day(&self, field: &str) -> Option<String> {
        domain::value::value_date(self.value(field)).map(|day| day.to_string())
    }

    /// A reference field.
    pub fn reference(&self, field: &str) -> Option<RecordId> {
        self.value(field).as_ref_id()
    }

    /// Deleted, and nobody edited it at the same time: such an edit revives it (`sync::heads::revived`).
    pub fn is_deleted(&self) -> bool {
        self.marked_deleted && self.several.is_empty()
    }

    /// What an edit adds to a record that is marked as deleted: whoever writes in it keeps it. Without this a revived
    /// record would vanish as soon as its last open field is settled.
    pub fn kept(&self) -> Option<Edit> {
        self.marked_deleted
            .then(|| edit(self.kind, self.id, DELETED.number, Value::Bool(false)))
    }
}

/// The records of a kind that fulfil a condition on its columns, deleted ones left out.
pub fn records(
    conn: &Connection,
    kind: Kind,
    condition: &str,
    params: &[&dyn ToSql],
) -> Result<Vec<Record>> {
    let mut all = with_deleted(conn, kind, condition, params)?;
    all.retain(|record| !record.is_deleted());
    Ok(all)
}

/// One record, deleted or not.
pub fn record(conn: &Connection, kind: Kind, id: RecordId) -> Result<Option<Record>> {
    Ok(with_deleted(conn, kind, "id = ?1", &[id.as_bytes()])?.pop())
}

/// How many records go out of sight with one that is removed: the parts of a cycle, what was observed of a trial and its photos, what was answered in a visit, who was at a meeting, what it or a quarter's pause decided, all
/// that is of a place. What was agreed to be done stays on the list of actions. Those that are removed already are not counted.
pub fn hanging(conn: &Connection, kind: Kind, id: RecordId) -> Result<usize> {
    if !matches!(
        kind,
        Kind::Cycle
            | Kind::Trial
            | Kind::Observation
            | Kind::Meeting
            | Kind::Pause
            | Kind::Place
            | Kind::Import
            | Kind::ChecklistVersion
            | Kind::Visit
    ) {
        return Ok(0);
    }
    let mut count = 0;
    for part in Kind::ALL {
        let decided_in = matches!(kind, Kind::Meeting | Kind::Pause) && *part == Kind::Decision;
        let field = match decided_in {
            true => "about",
            false if part.field_named(kind.table()).is_some() => kind.table(),
            false => continue,
        };
        // Names come from the registry.
        let sql = format!(
            "SELECT count(*) FROM {} WHERE {field} = ?1 AND coalesce(deleted, 0) = 0",
            part.table(),
        );
        count += conn
            .prepare_cached(&sql)?
            .query_row([id.as_bytes()], |row| row.get::<_, u32>(0))? as usize;
    }
    Ok(count)
}

/// One record that must be there.
pub fn existing(conn: &Connection, kind: Kind, id: RecordId) -> Result<Record> {
    record(conn, kind, id)?.ok_or_else(|| AppError::new("record-gone"))
}

/// The values of a scope that stand and lack a figure. What has no denominator lacks none.
pub fn lacking_figures(conn: &Connection, scope: ScopeId) -> Result<Vec<Record>> {
    let counts: Vec<&str> = catalog::indicators()
        .iter()
        .filter(|indicator| indicator.denominator.is_none())
        .map(|indicator| indicator.code.as_str())
        .collect();
    let counts = serde_json::to_string(&counts).map_err(|_| AppError::new("store-failed"))?;
    let condition = "scope = ?1 AND coalesce(deleted, 0) = 0 AND (numerator IS NULL
         OR (denominator IS NULL AND indicator NOT IN (SELECT value FROM json_each(?2))))";
    with_deleted(
        conn,
        Kind::Measurement,
        condition,
        &[scope.as_bytes(), &counts],
    )
}

/// The same, deleted ones among them.
pub fn with_deleted(
    conn: &Connection,
    kind: Kind,
    condition: &str,
    params: &[&dyn ToSql],
) -> Result<Vec<Record>> {
    let columns: String = kind
        .fields()
        .iter()
        .map(|field| format!(", {}", field.name))
        .collect();
    // Table and column names come from the registry and conditions from our own queries; values are bound.
    let sql = format!(
        "SELECT id, scope, stamps, deleted,
                (SELECT group_concat(field) FROM (SELECT h.field FROM head h WHERE h.record = t.id AND h.kind = {}
                 GROUP BY h.field HAVING count(DISTINCT h.value) > 1)){columns}
         FROM {} t WHERE {condition}",
        kind.number(),
        kind.table()
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let mut values = BTreeMap::new();
        for (i, field) in kind.fields().iter().enumerate() {
            values.insert(
                field.name,
                store::project::from_column(field.ty, row.get_ref(5 + i)?),
            );
        }
        let several: Option<String> = row.get(4)?;
        found.push(Record {
            kind,
            id: RecordId::from_bytes(row.get(0)?),
            scope: ScopeId::from_bytes(row.get(1)?),
            stamps: store::unpack_stamps(&row.get::<_, Vec<u8>>(2)?)?,
            marked_deleted: row.get::<_, Option<bool>>(3)?.unwrap_or(false),
            several: several
                .iter()
                .flat_map(|list| list.split(','))
                .filter_map(|n| n.parse().ok())
                .collect(),
            values,
        });
    }
    Ok(found)
}

/// The identifier of a replica by its local number, and of an author.
pub fn replica_and_author(conn: &Connection, stamp: &Stamp) -> Result<([u8; 16], RecordId)> {
    let replica = conn
        .prepare_cached("SELECT id FROM replica WHERE no = ?1")?
        .query_row([stamp.replica], |row| row.get(0))?;
    Ok((replica, store::project::author_of(conn, stamp.author)?))
}

/// All fields of records of which different values stand, as (kind, record, field, scope). Whether a record was
/// deleted is never asked: one person's edit is enough to keep it.
pub fn fields_with_several(conn: &Connection) -> Result<Vec<(u16, RecordId, u16, ScopeId)>> {
    let mut rows = conn.prepare_cached(
        "SELECT kind, record, field, scope FROM head WHERE field <> ?1
         GROUP BY kind, record, field HAVING count(DISTINCT value) > 1",
    )?;
    let rows = rows.query_map([DELETED.number], |row| {
        Ok((
            row.get(0)?,
            RecordId::from_bytes(row.get(1)?),
            row.get(2)?,
            ScopeId::from_bytes(row.get(3)?),
        ))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

impl From<rusqlite::Error> for AppError {
    fn from(error: rusqlite::Error) -> Self {
        store::Error::from(error).into()
    }
}
