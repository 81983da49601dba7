//! What the log says now: records as rows, built by [`sync::heads`] from the saves of a scope.
//!
//! A record's shown values are readable JSON by field name, so that reports need no decoder. A value of
//! another type than its field has, or of a field that this version does not know, stands as a tagged
//! object and loses nothing either. Beside them stands, packed, which change wrote each of them. Where
//! several values of a field have not seen each other, all of them stand in the table of heads.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::registry::{DELETED, FieldType, Kind};
use domain::value::{Value, date_value, value_date};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use sync::clock::{Hlc, observe};
use sync::heads::{Head, merge, revived, waits_for};
use sync::log::{Change, Dot, Save};
use sync::segment;

use crate::error::{Error, Result};
use crate::server::short;
use crate::storage::rows::SegmentRow;
use crate::storage::tx::Tx;

/// Saves already taken out of segments, by stream and first number, so that none is unpacked twice.
pub type Opened = HashMap<(ReplicaId, u64), Vec<Save>>;

/// Applies every stored save of `scope` that waits for nothing. Returns how many it applied.
pub fn settle(tx: &dyn Tx, scope: ScopeId, opened: &mut Opened) -> Result<u64> {
    let streams = tx.streams(scope)?;
    let mut applied: HashMap<ReplicaId, u64> = streams
        .iter()
        .map(|stream| (stream.replica, stream.applied_seq))
        .collect();
    let mut behind: Vec<Behind> = streams
        .iter()
        .filter(|stream| stream.applied_seq < stream.last_seq)
        .map(|stream| Behind {
            replica: stream.replica,
            last_seq: stream.last_seq,
            next: None,
        })
        .collect();
    let mut records = Records::new(tx, scope);
    let mut count = 0;
    loop {
        let before = count;
        for stream in &mut behind {
            count += stream.advance(tx, &mut records, &mut applied, opened)?;
        }
        if count == before {
            break;
        }
    }
    records.flush()?;
    for stream in &behind {
        tx.set_applied(scope, stream.replica, seq_of(&applied, stream.replica))?;
    }
    Ok(count)
}

fn seq_of(applied: &HashMap<ReplicaId, u64>, replica: ReplicaId) -> u64 {
    applied.get(&replica).copied().unwrap_or(0)
}

/// A stream with saves that are stored and not applied.
struct Behind {
    replica: ReplicaId,
    last_seq: u64,
    /// The saves to come of one segment, in order, and when it was received.
    next: Option<(std::vec::IntoIter<Save>, u64)>,
}

impl Behind {
    fn advance(
        &mut self,
        tx: &dyn Tx,
        records: &mut Records<'_>,
        applied: &mut HashMap<ReplicaId, u64>,
        opened: &mut Opened,
    ) -> Result<u64> {
        let mut count = 0;
        loop {
            let done = seq_of(applied, self.replica);
            if done >= self.last_seq {
                return Ok(count);
            }
            let (saves, received_at) = match &mut self.next {
                Some(next) => next,
                empty => match open_after(tx, records.scope, self.replica, done, opened)? {
                    Some(next) => {
                        records.fetch(next.0.as_slice())?;
                        empty.insert(next)
                    }
                    None => return Ok(count),
                },
            };
            let received_at = *received_at;
            let Some(save) = saves.as_slice().first() else {
                self.next = None;
                continue;
            };
            if !waits_for(self.replica, save, |other| seq_of(applied, other)).is_empty() {
                return Ok(count);
            }
            let Some(save) = saves.next() else {
                return Ok(count);
            };
            records.apply(self.replica, done + 1, &save, received_at)?;
            applied.insert(self.replica, done + 1);
            count += 1;
        }
    }
}

/// The saves after number `done` of the one segment that holds the next. `None` when it cannot be opened:
/// mostly because that takes a newer version.
fn open_after(
    tx: &dyn Tx,
    scope: ScopeId,
    replica: ReplicaId,
    done: u64,
    opened: &mut Opened,
) -> Result<Option<(std::vec::IntoIter<Save>, u64)>> {
    let Some(row) = tx.segment_holding(scope, replica, done + 1)? else {
        tracing::error!(replica = %short(replica), "a segment is missing in a stream");
        return Ok(None);
    };
    let SegmentRow {
        first_seq,
        received_at,
        bytes,
        ..
    } = row;
    let saves = match opened.remove(&(replica, first_seq)) {
        Some(saves) => saves,
        None => match segment::read(&bytes).and_then(|segment| segment.saves()) {
            Ok(saves) => saves,
            Err(segment::SegmentError::NewerFormat) => return Ok(None),
            // A damaged disk. The stream stands still; other streams and laptops go on.
            Err(_) => {
                tracing::error!(replica = %short(replica), "a stored segment does not open");
                return Ok(None);
            }
        },
    };
    let mut saves = saves.into_iter();
    // What a broken-off run of this segment applied before.
    for _ in first_seq..=done {
        saves.next();
    }
    Ok(Some((saves, received_at)))
}

/// Records of one scope in memory while saves are applied to them.
struct Records<'t> {
    tx: &'t dyn Tx,
    scope: ScopeId,
    touched: BTreeMap<(u16, RecordId), Record>,
    /// Rows as they are stored, of records that are about to be touched; `None` where there is no such record.
    fetched: HashMap<(u16, RecordId), Option<RecordRow>>,
}

/// Records held at once before they are written.
const MAX_TOUCHED: usize = 20_000;

impl<'t> Records<'t> {
    fn new(tx: &'t dyn Tx, scope: ScopeId) -> Self {
        Self {
            tx,
            scope,
            touched: BTreeMap::new(),
            fetched: HashMap::new(),
        }
    }

    /// Reads the records that these saves touch, all at once: a database may be a long way off.
    fn fetch(&mut self, saves: &[Save]) -> Result<()> {
        let keys: BTreeSet<(u16, RecordId)> = saves
            .iter()
            .flat_map(|save| &save.changes)
            .map(|change| (change.kind, change.record))
            .filter(|key| !self.touched.contains_key(key) && !self.fetched.contains_key(key))
            .collect();
        let keys: Vec<_> = keys.into_iter().collect();
        let rows = self.tx.records_at(self.scope, &keys)?;
        self.fetched.extend(keys.into_iter().map(|key| (key, None)));
        self.fetched
            .extend(rows.into_iter().map(|(key, row)| (key, Some(row))));
        Ok(())
    }

    fn apply(&mut self, replica: ReplicaId, seq: u64, save: &Save, received_at: u64) -> Result<()> {
        let uncertain = observe(Hlc::default(), save.hlc, received_at).uncertain;
        for (dot, change) in save.dots(replica, seq) {
            let record = match self.touched.entry((change.kind, change.record)) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => {
                    let row = match self.fetched.remove(entry.key()) {
                        Some(row) => row,
                        None => self.tx.record(self.scope, change.kind, change.record)?,
                    };
                    entry.insert(match row {
                        Some(row) => Record::from_row(change.kind, &row)?,
                        None => Record::default(),
                    })
                }
            };
            record.change(dot, change, save, uncertain);
        }
        if self.touched.len() >= MAX_TOUCHED {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        let mut rows = Vec::with_capacity(self.touched.len());
        for ((kind, id), record) in std::mem::take(&mut self.touched) {
            rows.push(((kind, id), record.to_row(kind)?));
        }
        Ok(self.tx.put_records(self.scope, &rows)?)
    }
}

/// A record: the heads of each field, the shown one first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    fields: BTreeMap<u16, Vec<Head>>,
}

/// A record as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRow {
    /// The shown values, a JSON object.
    pub values: String,
    /// Which changes wrote them, packed.
    pub stamps: Vec<u8>,
    /// All heads of the fields that have several: field, head without its value, value in CBOR.
    pub open: Vec<(u16, Head, Vec<u8>)>,
}

impl RecordRow {
    /// Whether both say the same. The databases may write the same JSON in different ways.
    pub fn is_like(&self, other: &Self) -> bool {
        let parsed = |row: &Self| serde_json::from_str::<Json>(&row.values).ok();
        let (one, two) = (parsed(self), parsed(other));
        self.stamps == other.stamps
            && self.open == other.open
            && one.zip(two).is_some_and(|(one, two)| are_alike(&one, &two))
    }
}

fn are_alike(one: &Json, two: &Json) -> bool {
    match (one, two) {
        (Json::Number(a), Json::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| are_alike(a, b))
        }
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| are_alike(a, b)))
        }
        _ => one == two,
    }
}

/// Who wrote several fields at once, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Stamp(ReplicaId, u64, Hlc, RecordId, bool);

/// Stamps; then field, number of its stamp, index of the change.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Stamps(Vec<Stamp>, Vec<(u16, usize, u32)>);

/// The word in a record's JSON beside `deleted`, for one that lives on all the same.
const REVIVED: &str = "revived";

impl Record {
    /// The heads of a field, the shown one first.
    pub fn heads(&self, field: u16) -> &[Head] {
        self.fields.get(&field).map_or(&[], Vec::as_slice)
    }

    /// Whether it is deleted, and nobody wrote in it at the same time.
    pub fn is_deleted(&self) -> bool {
        let marked = self.heads(DELETED.number).first();
        marked.is_some_and(|head| head.value == Value::Bool(true))
            && !revived(self.fields.values().map(Vec::as_slice))
    }

    /// Each field with its heads, the shown one first.
    pub fn into_fields(self) -> impl Iterator<Item = (u16, Vec<Head>)> {
        self.fields.into_iter()
    }

    fn change(&mut self, dot: Dot, change: &Change, save: &Save, uncertain: bool) {
        let head = Head {
            dot,
            hlc: save.hlc,
            author: save.author,
            value: change.value.clone(),
            uncertain,
        };
        let heads = merge(self.heads(change.field), head, &change.seen);
        self.fields.insert(change.field, heads);
    }

    /// The record of a stored row.
    pub fn from_row(kind: u16, row: &RecordRow) -> Result<Self> {
        const UNREADABLE: Error = Error::Unreadable("a record does not decode");
        let values: Map<String, Json> =
            serde_json::from_str(&row.values).map_err(|_| UNREADABLE)?;
        let stamps: Stamps =
            ciborium::from_reader(row.stamps.as_slice()).map_err(|_| UNREADABLE)?;
        let mut record = Self::default();
        for (field, stamp, index) in stamps.1 {
            let Stamp(replica, seq, hlc, author, uncertain) =
                stamps.0.get(stamp).cloned().ok_or(UNREADABLE)?;
            let (name, ty) = name_and_type(kind, field);
            let value = values
                .get(&name)
                .and_then(|json| from_json(json, ty))
                .ok_or(UNREADABLE)?;
            let dot = Dot {
                replica,
                seq,
                index,
            };
            record.fields.insert(
                field,
                vec![Head {
                    dot,
                    hlc,
                    author,
                    value,
                    uncertain,
                }],
            );
        }
        let mut open: BTreeMap<u16, Vec<Head>> = BTreeMap::new();
        for (field, head, value) in &row.open {
            let value = ciborium::from_reader(value.as_slice()).map_err(|_| UNREADABLE)?;
            open.entry(*field).or_default().push(Head {
                value,
                ..head.clone()
            });
        }
        for (field, mut heads) in open {
            heads.sort_by_key(|head| std::cmp::Reverse((head.hlc, head.dot)));
            record.fields.insert(field, heads);
        }
        Ok(record)
    }

    /// The row to store.
    pub fn to_row(&self, kind: u16) -> Result<RecordRow> {
        const UNWRITABLE: Error = Error::Unreadable("a record does not encode");
        let mut values = Map::new();
        let mut stamps = Stamps::default();
        let mut open = Vec::new();
        for (field, heads) in &self.fields {
            let Some(shown) = heads.first() else { continue };
            let (name, ty) = name_and_type(kind, *field);
            values.insert(name, to_json(&shown.value, ty).ok_or(UNWRITABLE)?);
            let stamp = Stamp(
                shown.dot.replica,
                shown.dot.seq,
                shown.hlc,
                shown.author,
                shown.uncertain,
            );
            let known = stamps.0.iter().position(|known| *known == stamp);
            let number = known.unwrap_or_else(|| {
                stamps.0.push(stamp);
                stamps.0.len() - 1
            });
            stamps.1.push((*field, number, shown.dot.index));
            if heads.len() > 1 {
                for head in heads {
                    let bare = Head {
                        value: Value::Null,
                        ..head.clone()
                    };
                    open.push((*field, bare, packed(&head.value).ok_or(UNWRITABLE)?));
                }
            }
        }
        // As the table gives them back.
        open.sort_by_key(|(field, head, _)| (*field, head.dot));
        let marked = self.heads(DELETED.number).first();
        if marked.is_some_and(|head| head.value == Value::Bool(true))
            && revived(self.fields.values().map(Vec::as_slice))
        {
            values.insert(REVIVED.to_owned(), Json::Bool(true));
        }
        Ok(RecordRow {
            values: Json::Object(values).to_string(),
            stamps: packed(&stamps).ok_or(UNWRITABLE)?,
            open,
        })
    }
}

fn packed<T: Serialize>(value: &T) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).ok()?;
    Some(bytes)
}

/// A field's name in JSON, `#number` when this version does not know it, and its type.
fn name_and_type(kind: u16, field: u16) -> (String, Option<FieldType>) {
    match Kind::from_number(kind).and_then(|kind| kind.field(field)) {
        Some(field) => (field.name.to_owned(), Some(field.ty)),
        None => (format!("#{field}"), None),
    }
}

/// Plain where the field's type says how to read it back, else tagged. `None` never happens in practice.
fn to_json(value: &Value, ty: Option<FieldType>) -> Option<Json> {
    let plain = match (value, ty) {
        (Value::Null, _) => Some(Json::Null),
        (Value::Bool(yes), Some(FieldType::Bool)) => Some(Json::from(*yes)),
        (Value::Int(int), Some(FieldType::Int)) => Some(Json::from(*int)),
        (Value::Decimal { .. }, Some(FieldType::Decimal)) => value.as_f64().map(Json::from),
        (Value::Text(text), Some(FieldType::Text)) => Some(Json::from(text.as_str())),
        (Value::Date(_), Some(FieldType::Date)) => {
            value_date(value).map(|day| Json::from(day.to_string()))
        }
        (Value::Ref(id), Some(FieldType::Ref)) => Some(Json::from(id.to_string())),
        (Value::List(texts), Some(FieldType::List)) => texts
            .iter()
            .map(|text| text.as_text().map(Json::from))
            .collect(),
        // A list of numbers would take four times as much.
        (Value::Sealed { .. }, _) => packed(value).map(|bytes| json!({ PACKED: hex(&bytes) })),
        _ => None,
    };
    let json = plain
        .filter(|json| from_json(json, ty).as_ref() == Some(value))
        .or_else(|| serde_json::to_value(value).ok())?;
    // PostgreSQL's JSON cannot hold this one character: such a value stands in CBOR, in hexadecimal digits.
    if json.to_string().contains("\\u0000") {
        return packed(value).map(|bytes| json!({ PACKED: hex(&bytes) }));
    }
    Some(json)
}

/// The key of a value that JSON cannot hold in every database, or not well. No variant of [`Value`] is called so.
const PACKED: &str = "Cbor";

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits
        .map(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok())
        .collect()
}

/// A value as people can read it.
pub(crate) fn shown(value: &Value, kind: u16, field: u16) -> Json {
    let (_, ty) = name_and_type(kind, field);
    to_json(value, ty).unwrap_or(Json::Null)
}

fn from_json(json: &Json, ty: Option<FieldType>) -> Option<Value> {
    match (json, ty) {
        (Json::Null, _) => Some(Value::Null),
        (Json::Object(tagged), _) => match tagged.get(PACKED) {
            Some(digits) => ciborium::from_reader(from_hex(digits.as_str()?)?.as_slice()).ok(),
            None => serde_json::from_value(json.clone()).ok(),
        },
        (Json::Bool(yes), Some(FieldType::Bool)) => Some(Value::Bool(*yes)),
        (Json::Number(number), Some(FieldType::Int)) => number.as_i64().map(Value::Int),
        (Json::Number(number), Some(FieldType::Decimal)) => Value::number(number.as_f64()?),
        (Json::String(text), Some(FieldType::Text)) => Some(Value::Text(text.clone())),
        (Json::String(day), Some(FieldType::Date)) => day.parse().ok().map(date_value),
        (Json::String(id), Some(FieldType::Ref)) => id.parse().ok().map(Value::Ref),
        (Json::Array(texts), Some(FieldType::List)) => {
            let text = |json: &Json| json.as_str().map(|text| Value::Text(text.to_owned()));
            texts
                .iter()
                .map(text)
                .collect::<Option<_>>()
                .map(Value::List)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::Int),
            (any::<i64>(), 0u8..20)
                .prop_map(|(mantissa, scale)| Value::Decimal { mantissa, scale }),
            (-99_999i64..99_999, 0u8..3)
                .prop_map(|(mantissa, scale)| Value::Decimal { mantissa, scale }),
            ".{0,12}".prop_map(Value::Text),
            any::<i32>().prop_map(Value::Date),
            any::<[u8; 16]>().prop_map(|bytes| Value::Ref(RecordId::from_bytes(bytes))),
            (any::<[u8; 16]>(), any::<Vec<u8>>()).prop_map(|(key, bytes)| Value::Sealed {
                key: RecordId::from_bytes(key),
                bytes
            }),
            (any::<[u8; 32]>(), any::<u64>(), "[a-z/]{0,9}").prop_map(
                |(hash, length, media_type)| Value::Blob {
                    hash,
                    length,
                    media_type
                }
            ),
        ];
        leaf.prop_recursive(2, 12, 4, |inner| {
            proptest::collection::vec(inner, 0..4).prop_map(Value::List)
        })
    }

    fn any_type() -> impl Strategy<Value = Option<FieldType>> {
        proptest::sample::select(vec![
            None,
            Some(FieldType::Bool),
            Some(FieldType::Int),
            Some(FieldType::Decimal),
            Some(FieldType::Text),
            Some(FieldType::Date),
            Some(FieldType::Ref),
            Some(FieldType::List),
            Some(FieldType::Sealed),
        ])
    }

    proptest! {
        #[test]
        fn no_value_changes_in_json(value in any_value(), ty in any_type()) {
            let text = to_json(&value, ty).unwrap().to_string();
            prop_assert!(!text.contains("\\u0000"), "{}", text);
            let json: Json = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(from_json(&json, ty), Some(value));
        }
    }

    #[test]
    fn the_character_that_postgresql_cannot_keep_comes_through() {
        let value = Value::Text("a\0b".to_owned());
        let json = to_json(&value, Some(FieldType::Text)).unwrap();
        assert!(!json.to_string().contains("\\u0000"));
        assert_eq!(from_json(&json, Some(FieldType::Text)), Some(value));
    }

    #[test]
    fn values_read_like_values() {
        let text = |value: Value, ty| to_json(&value, Some(ty)).unwrap().to_string();
        assert_eq!(
            text(
                Value::Decimal {
                    mantissa: 125,
                    scale: 1
                },
                FieldType::Decimal
            ),
            "12.5"
        );
        assert_eq!(text(Value::Date(20_000), FieldType::Date), "\"2024-10-04\"");
        assert_eq!(
            text(Value::Text("Kati".to_owned()), FieldType::Text),
            "\"Kati\""
        );
        assert_eq!(
            text(Value::Text("Kati".to_owned()), FieldType::Int),
            r#"{"Text":"Kati"}"#
        );
    }
}
