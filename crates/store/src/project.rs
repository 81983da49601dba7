//! The tables as they hold what the log says: values in columns, and all values of one field.

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::registry::{Field, FieldType, Kind};
use domain::value::{Value, date_value, value_date};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, params};
use sync::clock::Hlc;
use sync::fault::unknown;
use sync::heads::Head;
use sync::log::Dot;

use crate::error::{Error, Result};
use crate::stamps::{self, Stamp};

/// One field of one record.
pub struct FieldAt {
    /// The scope that the record is shared in.
    pub scope: ScopeId,
    /// The kind's number.
    pub kind: u16,
    /// The record.
    pub record: RecordId,
    /// The field's number.
    pub field: u16,
}

impl FieldAt {
    /// The column that holds it, when this version knows the field.
    fn column(&self) -> Option<(Kind, Field)> {
        let kind = Kind::from_number(self.kind).filter(|_| !unknown(self.kind, self.field))?;
        Some((kind, kind.field(self.field)?))
    }
}

/// All values of a field that nobody has replaced, the shown one first.
pub fn heads(conn: &Connection, at: &FieldAt) -> Result<Vec<Head>> {
    let mut several = conn.prepare_cached(
        "SELECT r.id, h.seq, h.idx, h.hlc, a.id, h.uncertain, h.value
         FROM head h JOIN replica r ON r.no = h.replica JOIN author a ON a.no = h.author
         WHERE h.record = ?1 AND h.kind = ?2 AND h.field = ?3",
    )?;
    let rows = several.query_map(params![at.record.as_bytes(), at.kind, at.field], |row| {
        Ok((
            (
                row.get::<_, [u8; 16]>(0)?,
                row.get::<_, i64>(1)?,
                row.get::<_, u32>(2)?,
            ),
            row.get::<_, i64>(3)?,
            row.get::<_, [u8; 16]>(4)?,
            row.get::<_, bool>(5)?,
            row.get::<_, Vec<u8>>(6)?,
        ))
    })?;
    let mut found = Vec::new();
    for row in rows {
        let ((replica, seq, index), hlc, author, uncertain, value) = row?;
        found.push(Head {
            dot: Dot {
                replica: ReplicaId::from_bytes(replica),
                seq: seq as u64,
                index,
            },
            hlc: Hlc(hlc as u64),
            author: RecordId::from_bytes(author),
            value: ciborium::from_reader(value.as_slice()).map_err(|_| Error::Damaged)?,
            uncertain,
        });
    }
    if !found.is_empty() {
        sync::heads::sort(&mut found);
        return Ok(found);
    }
    let Some((kind, field)) = at.column() else {
        return Ok(found);
    };
    let sql = format!(
        "SELECT stamps, {} FROM {} WHERE id = ?1",
        field.name,
        kind.table()
    );
    let row = conn
        .prepare_cached(&sql)?
        .query_row([at.record.as_bytes()], |row| {
            Ok((
                row.get::<_, Vec<u8>>(0)?,
                from_column(field.ty, row.get_ref(1)?),
            ))
        })
        .optional()?;
    let Some((packed, value)) = row else {
        return Ok(found);
    };
    if let Some(stamp) = stamps::unpack(&packed)?
        .into_iter()
        .find(|s| s.field == at.field)
    {
        found.push(head_of(conn, &stamp, value)?);
    }
    Ok(found)
}

fn head_of(conn: &Connection, stamp: &Stamp, value: Value) -> Result<Head> {
    let replica: [u8; 16] = conn
        .prepare_cached("SELECT id FROM replica WHERE no = ?1")?
        .query_row([stamp.replica], |row| row.get(0))?;
    Ok(Head {
        dot: Dot {
            replica: ReplicaId::from_bytes(replica),
            seq: stamp.seq,
            index: stamp.index,
        },
        hlc: Hlc(stamp.hlc),
        author: author_of(conn, stamp.author)?,
        value,
        uncertain: stamp.uncertain,
    })
}

/// The person behind a local author number.
pub fn author_of(conn: &Connection, no: i64) -> Result<RecordId> {
    let id: [u8; 16] = conn
        .prepare_cached("SELECT id FROM author WHERE no = ?1")?
        .query_row([no], |row| row.get(0))?;
    Ok(RecordId::from_bytes(id))
}

/// The local number of a replica, given when first met.
pub fn replica_no(conn: &Connection, id: ReplicaId) -> Result<i64> {
    numbered(
        conn,
        "SELECT no FROM replica WHERE id = ?1",
        "INSERT INTO replica (id) VALUES (?1) RETURNING no",
        id.as_bytes(),
    )
}

/// The local number of an identifier, given when first met.
pub(crate) fn numbered(conn: &Connection, find: &str, add: &str, id: &[u8; 16]) -> Result<i64> {
    let found = conn
        .prepare_cached(find)?
        .query_row([id], |row| row.get(0))
        .optional()?;
    match found {
        Some(no) => Ok(no),
        None => Ok(conn
            .prepare_cached(add)?
            .query_row([id], |row| row.get(0))?),
    }
}

/// A value as its column holds it; `None` when the column cannot hold it exactly.
pub(crate) fn to_column(ty: FieldType, value: &Value) -> Option<ToSqlOutput<'_>> {
    Some(match (ty, value) {
        (_, Value::Null) => ToSqlOutput::from(rusqlite::types::Null),
        (FieldType::Bool, Value::Bool(b)) => ToSqlOutput::from(*b),
        (FieldType::Int, Value::Int(i)) => ToSqlOutput::from(*i),
        // Every whole number up to here is exact, and comes back as it was typed.
        (FieldType::Decimal, Value::Decimal { mantissa, scale: 0 })
            if mantissa.unsigned_abs() < 1 << 52 =>
        {
            ToSqlOutput::from(*mantissa as f64)
        }
        (FieldType::Decimal, Value::Decimal { .. }) => {
            let number = value.as_f64()?;
            (Value::number(number).as_ref() == Some(value)).then(|| ToSqlOutput::from(number))?
        }
        (FieldType::Text, Value::Text(text)) => ToSqlOutput::from(text.as_str()),
        (FieldType::Date, Value::Date(_)) => ToSqlOutput::from(value_date(value)?.to_string()),
        (FieldType::Ref, Value::Ref(id)) => ToSqlOutput::from(id.as_bytes().as_slice()),
        (FieldType::List, Value::List(items)) => {
            let texts: Option<Vec<&str>> = items.iter().map(Value::as_text).collect();
            // One text a line: a text with a line break goes to the head table instead.
            let texts = texts.filter(|t| {
                !t.is_empty() && t.iter().all(|s| !s.contains('\n') && !s.is_empty())
            })?;
            ToSqlOutput::from(texts.join("\n"))
        }
        // The key's name first, so that what lacks its key can be found.
        (FieldType::Sealed, Value::Sealed { key, bytes }) => {
            ToSqlOutput::from([key.as_bytes().as_slice(), bytes].concat())
        }
        _ => return None,
    })
}

/// A column's content as the value it stands for.
pub fn from_column(ty: FieldType, column: ValueRef<'_>) -> Value {
    match (ty, column) {
        (FieldType::Bool, ValueRef::Integer(i)) => Value::Bool(i != 0),
        (FieldType::Int, ValueRef::Integer(i)) => Value::Int(i),
        (FieldType::Decimal, ValueRef::Real(number)) => {
            Value::number(number).unwrap_or(Value::Null)
        }
        (FieldType::Text, ValueRef::Text(text)) => {
            Value::Text(String::from_utf8_lossy(text).into_owned())
        }
        (FieldType::Date, ValueRef::Text(text)) => std::str::from_utf8(text)
            .ok()
            .and_then(|t| t.parse().ok())
            .map_or(Value::Null, date_value),
        (FieldType::Ref, ValueRef::Blob(bytes)) => {
            RecordId::from_slice(bytes).map_or(Value::Null, Value::Ref)
        }
        (FieldType::Sealed, ValueRef::Blob(blob)) => match blob.split_first_chunk() {
            Some((key, bytes)) => Value::Sealed {
                key: RecordId::from_bytes(*key),
                bytes: bytes.to_vec(),
            },
            None => Value::Null,
        },
        (FieldType::List, ValueRef::Text(text)) => {
            let text = String::from_utf8_lossy(text);
            Value::List(
                text.split('\n')
                    .map(|t| Value::Text(t.to_owned()))
                    .collect(),
            )
        }
        _ => Value::Null,
    }
}
