//! What every record shows beside its fields, and the one way in which fields are edited.

mod batches;
pub(crate) mod guard;
pub mod history;
pub(crate) mod placed;
pub mod queries;
mod removed;
mod settle;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::measure::Source;
use domain::registry::{DELETED, Field, FieldType, Kind, MeasurementField};
use domain::role::Role;
use domain::value::{Value, date_value, value_date};
use serde::{Deserialize, Serialize};
use store::project::{self, FieldAt};
use store::{Edit, Seen};
use sync::clock::Hlc;
use sync::heads::{self, Head};
use sync::log::{Dot, SaveKind};

use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::sealed::SealedField;
use crate::sync_client::own_person;
use crate::values::Stratum;
use crate::words::sentence;
pub use batches::{
    BroughtBack, OfBatch, RecordBack, RemoveAgain, RemovedBatch, leave_batch, many_removed,
    remove_again, removed_batches, restore_batch,
};
use guard::Lost;
pub use history::{
    History, HistoryChange, HistoryEntry, OfRecord, Received, RestoreValue, Review, record_history,
    restore_value, reviews,
};
use queries::Record;
pub use removed::{Removed, RemovedAsked, removed};
pub use settle::{Settle, Settled, SettledPart, settle};

/// A field's new value, with the token of the value that stood on the screen.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct FieldEdit<F> {
    /// Which field.
    pub field: F,
    /// Its new value; `null` empties it. Days are ISO text, references their identifier.
    #[ts(type = "string | number | boolean | null")]
    pub value: serde_json::Value,
    /// The token that came with the value on the screen.
    pub seen: Option<String>,
}

/// What every record shows beside its fields.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct RecordMeta {
    /// The record.
    #[ts(type = "string")]
    pub id: RecordId,
    /// The token of each field's shown value, to be sent back with an edit.
    pub seen: BTreeMap<String, String>,
    /// Fields of which several values stand.
    pub open: Vec<OpenField>,
    /// Who made the record.
    pub author: String,
    /// The author's role.
    pub author_role: Option<Role>,
    /// The day it was made, ISO.
    pub created: String,
    /// Whether it was deleted.
    pub deleted: bool,
}

/// A field of which several people's values stand; all are kept until somebody chooses.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct OpenField {
    /// The record's kind.
    pub kind: Kind,
    /// The record.
    #[ts(type = "string")]
    pub record: RecordId,
    /// The field's name.
    pub field: String,
    /// What the record is called, as people know it; may be empty.
    pub label: String,
    /// The period that a counted value speaks of, ISO.
    pub period: Option<String>,
    /// Where a value was counted, when not in the register.
    pub source: Option<Source>,
    /// The part of the whole that a value counts.
    pub part: Option<Stratum>,
    /// The cycle that the record is of.
    #[ts(type = "string | null")]
    pub cycle: Option<RecordId>,
    /// The values, the shown one first.
    pub values: Vec<OpenValue>,
}

/// One of several values that stand.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct OpenValue {
    /// The value as text in plain form: ISO day, decimal point; empty for emptied.
    pub text: String,
    /// Its token.
    pub token: String,
    /// Who wrote it.
    pub author: String,
    /// Their role.
    pub role: Option<Role>,
    /// When, ISO local time.
    pub at: String,
    /// Why, where its author said so.
    pub reason: Option<String>,
    /// Whether it is the one that is shown.
    pub shown: bool,
    /// Whether its clock was far ahead when it came.
    pub uncertain: bool,
}

/// The identifier of a record that was made or changed.
#[derive(Debug, Clone, Copy, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct SavedRecord {
    /// The record.
    #[ts(type = "string")]
    pub id: RecordId,
}

/// Deletes a record; it can be restored.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct DeleteRecord {
    /// Its kind.
    pub kind: Kind,
    /// The record.
    #[ts(type = "string")]
    pub id: RecordId,
    /// Why, when somebody asked.
    pub reason: Option<String>,
    /// Whether it is removed although much goes with it, or much was removed before it: after `removes-many`.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub sure: bool,
}

/// Brings a deleted record back.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct RestoreRecord {
    /// Its kind.
    pub kind: Kind,
    /// The record.
    #[ts(type = "string")]
    pub id: RecordId,
}

/// The opaque text that names a value.
pub fn token(dot: &Dot) -> String {
    format!("{}.{}.{}", dot.replica, dot.seq, dot.index)
}

/// The value that a token names.
pub fn parse_token(token: &str) -> Result<Dot> {
    let bad = || AppError::new("request-invalid");
    let mut parts = token.splitn(3, '.');
    let mut next = || parts.next().ok_or_else(bad);
    Ok(Dot {
        replica: next()?.parse::<ReplicaId>().map_err(|_| bad())?,
        seq: next()?.parse().map_err(|_| bad())?,
        index: next()?.parse().map_err(|_| bad())?,
    })
}

/// What the author of an edit had seen: the value of the token, or an empty field when none came with it.
pub fn seen(token: Option<&str>) -> Result<Seen> {
    token.map_or(Ok(Seen::Nothing), |token| parse_token(token).map(Seen::Dot))
}

/// The longest text that a field takes, in characters: a megabyte pasted by mistake is refused with a sentence.
const LONGEST_TEXT: usize = 20_000;

/// A value from the screen as the field's type.
pub fn value_of(field: Field, json: &serde_json::Value) -> Result<Value> {
    let bad = || AppError::new("value-invalid").with("field", field.name);
    let number = |text: &str| domain::measure::parse_cell(text).ok();
    Ok(match (field.ty, json) {
        (_, serde_json::Value::Null) => Value::Null,
        (FieldType::Bool, serde_json::Value::Bool(b)) => Value::Bool(*b),
        (FieldType::Int, json) => Value::Int(
            json.as_i64()
                .or_else(|| json.as_str()?.trim().parse().ok())
                .ok_or_else(bad)?,
        ),
        (FieldType::Decimal, serde_json::Value::Number(n)) => {
            n.as_f64().and_then(Value::number).ok_or_else(bad)?
        }
        (FieldType::Decimal, serde_json::Value::String(text)) => {
            match number(text).ok_or_else(bad)? {
                domain::measure::Typed::Empty => Value::Null,
                domain::measure::Typed::Number(n) => Value::number(n).ok_or_else(bad)?,
                domain::measure::Typed::NoData => return Err(bad()),
            }
        }
        (FieldType::Text, serde_json::Value::String(text)) => text_value(field.name, text)?,
        (FieldType::Date, serde_json::Value::String(text)) if text.trim().is_empty() => Value::Null,
        (FieldType::Date, serde_json::Value::String(text)) => {
            text.trim()
                .parse()
                .map(date_value)
                .map_err(|_| AppError::new("day-invalid").with("typed", shorten(text)))?
        }
        (FieldType::Ref, serde_json::Value::String(text)) => {
            Value::Ref(text.parse().map_err(|_| bad())?)
        }
        _ => return Err(bad()),
    })
}

/// A text of a length that a field takes.
pub fn text_value(field: &str, text: &str) -> Result<Value> {
    let length = text.chars().count();
    if length > LONGEST_TEXT {
        return Err(AppError::new("text-too-long")
            .with("field", field)
            .with("length", length)
            .with("most", LONGEST_TEXT));
    }
    Ok(Value::text(text))
}

/// The beginning of a text that a message may quote.
pub fn shorten(text: &str) -> String {
    beginning(text, 40)
}

/// The beginning of a text, so many characters of it.
pub fn beginning(text: &str, most: usize) -> String {
    let mut short: String = text.chars().take(most).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// A value in the plain form that the screen and `settle` exchange.
pub fn plain_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(b) => b.to_string(),
        Value::Int(i) => i.to_string(),
        Value::Decimal { .. } => value.as_f64().map_or_else(String::new, |n| n.to_string()),
        Value::Text(text) => text.clone(),
        Value::Date(_) => value_date(value).map_or_else(String::new, |day| day.to_string()),
        Value::Ref(id) => id.to_string(),
        Value::List(items) => items.iter().map(plain_text).collect::<Vec<_>>().join(", "),
        Value::Sealed { .. } | Value::Blob { .. } => "…".to_owned(),
    }
}

/// A field of this version's with all its values, the shown one first.
struct FieldHeads {
    scope: ScopeId,
    kind: Kind,
    record: RecordId,
    field: Field,
    heads: Vec<Head>,
}

impl FieldHeads {
    fn of(
        cx: &Cx<'_>,
        (kind, record, field, scope): (u16, RecordId, u16, ScopeId),
    ) -> Result<Option<Self>> {
        let known = Kind::from_number(kind).and_then(|kind| Some((kind, kind.field(field)?)));
        let Some((kind, field)) = known else {
            return Ok(None);
        };
        let at = FieldAt {
            scope,
            kind: kind.number(),
            record,
            field: field.number,
        };
        let heads = cx.store().read(|conn| project::heads(conn, &at))?;
        Ok(Some(Self {
            scope,
            kind,
            record,
            field,
            heads,
        }))
    }

    fn at(&self) -> SealedField {
        SealedField {
            scope: self.scope,
            kind: self.kind,
            record: self.record,
            field: self.field.number,
        }
    }

    fn reasons(&self, cx: &Cx<'_>) -> Result<HashMap<Dot, String>> {
        let dots = self.heads.iter().map(|head| head.dot).collect();
        Ok(cx.store().reasons(self.scope, &dots)?)
    }
}

impl Cx<'_> {
    /// A value of a field in the plain form that the screen and `settle` exchange: a sealed one as far as it can be read.
    pub fn plain(&self, at: SealedField, value: &Value) -> Result<String> {
        match value {
            Value::Sealed { .. } => self.sealed_line(at, value),
            value => Ok(plain_text(value)),
        }
    }

    /// A person's name, and role if known.
    pub fn person(&self, id: RecordId) -> Result<(String, Option<Role>)> {
        let record = self
            .store()
            .read(|conn| queries::record(conn, Kind::Person, id))?;
        if let Some(record) = record {
            let role = record.text("role");
            return Ok((
                record.text("name").unwrap_or_default(),
                role.and_then(|word| Role::from_word(&word)),
            ));
        }
        if id.is_nobody() {
            let server = sentence(self.language()?, "journal-the-server", &BTreeMap::new());
            return Ok((server, None));
        }
        Ok(own_person(self, id)?.map_or_else(Default::default, |(name, role)| (name, Some(role))))
    }

    /// What a record shows beside its fields.
    pub fn meta(&self, record: &Record) -> Result<RecordMeta> {
        let mut tokens = BTreeMap::new();
        let mut first: Option<(u64, RecordId)> = None;
        for stamp in &record.stamps {
            let (replica, author) = self
                .store()
                .read(|conn| queries::replica_and_author(conn, stamp))?;
            let dot = Dot {
                replica: ReplicaId::from_bytes(replica),
                seq: stamp.seq,
                index: stamp.index,
            };
            if let Some(field) = record.kind.field(stamp.field) {
                tokens.insert(field.name.to_owned(), token(&dot));
            }
            if first.is_none_or(|(hlc, _)| stamp.hlc < hlc) {
                first = Some((stamp.hlc, author));
            }
        }
        let (hlc, author) = first.unwrap_or((0, record.id));
        let (author, author_role) = self.person(author)?;
        let mut open = Vec::new();
        for field in record
            .several
            .iter()
            .filter(|field| **field != DELETED.number)
        {
            open.extend(self.open_field(record.kind.number(), record.id, *field, record.scope)?);
        }
        Ok(RecordMeta {
            id: record.id,
            seen: tokens,
            open,
            author,
            author_role,
            created: self.local(Hlc(hlc).millis()).date_naive().to_string(),
            deleted: record.is_deleted(),
        })
    }

    /// The values that stand for one field, when people differ.
    pub fn open_field(
        &self,
        kind: u16,
        record: RecordId,
        field: u16,
        scope: ScopeId,
    ) -> Result<Option<OpenField>> {
        let known = FieldHeads::of(self, (kind, record, field, scope))?;
        known
            .filter(|it| heads::open(&it.heads))
            .map(|it| self.listed(&it, &it.reasons(self)?))
            .transpose()
    }

    /// The same where people agree, so that it can be read beside another.
    pub fn field_values(
        &self,
        kind: Kind,
        record: RecordId,
        field: u16,
        scope: ScopeId,
    ) -> Result<Option<OpenField>> {
        let known = FieldHeads::of(self, (kind.number(), record, field, scope))?;
        known
            .filter(|it| !it.heads.is_empty())
            .map(|it| self.listed(&it, &it.reasons(self)?))
            .transpose()
    }

    fn listed(&self, it: &FieldHeads, reasons: &HashMap<Dot, String>) -> Result<OpenField> {
        let (kind, record) = (it.kind, it.record);
        let heads = it.heads.iter().enumerate();
        let values = heads
            .map(|(i, head)| {
                let (author, role) = self.person(head.author)?;
                Ok(OpenValue {
                    text: self.plain(it.at(), &head.value)?,
                    token: token(&head.dot),
                    author,
                    role,
                    at: self.stamp(head.hlc.millis()),
                    reason: reasons.get(&head.dot).cloned(),
                    shown: i == 0,
                    uncertain: head.uncertain,
                })
            })
            .collect::<Result<_>>()?;
        let label = self.label(kind, record)?;
        let of = match kind {
            Kind::Measurement
            | Kind::ChartPhase
            | Kind::ChartFreeze
            | Kind::ExcludedPoint
            | Kind::ChartGoal => self
                .store()
                .read(|conn| queries::record(conn, kind, record))?,
            _ => None,
        };
        let said = |name| of.as_ref().and_then(|record| record.text(name));
        let source = said("source").and_then(|word| Source::from_word(&word));
        let part = match said("stratum").filter(|_| kind == Kind::Measurement) {
            Some(key) => crate::values::part(self, key)?,
            None => None,
        };
        Ok(OpenField {
            kind,
            record,
            field: it.field.name.to_owned(),
            label,
            period: said("period"),
            source: source.filter(|source| *source != Source::Register),
            part,
            cycle: self.cycle_of(kind, record)?,
            values,
        })
    }

    /// Why a value was written, where its author said so.
    pub fn reason(&self, scope: ScopeId, dot: &Dot) -> Result<Option<String>> {
        let mut reasons = self.store().reasons(scope, &BTreeSet::from([*dot]))?;
        Ok(reasons.remove(dot))
    }

    /// Every field of which people's values differ.
    pub fn open_fields(&self) -> Result<Vec<OpenField>> {
        let several = self.store().read(queries::fields_with_several)?;
        let mut open = Vec::new();
        let mut dots: HashMap<ScopeId, BTreeSet<Dot>> = HashMap::new();
        for at in several {
            let Some(it) = FieldHeads::of(self, at)?.filter(|it| heads::open(&it.heads)) else {
                continue;
            };
            let of_scope = dots.entry(it.scope).or_default();
            of_scope.extend(it.heads.iter().map(|head| head.dot));
            open.push(it);
        }
        let mut reasons = HashMap::new();
        for (scope, dots) in &dots {
            reasons.insert(*scope, self.store().reasons(*scope, dots)?);
        }
        let listed = |one: &FieldHeads| self.listed(one, &reasons[&one.scope]);
        open.iter().map(listed).collect()
    }

    /// How many questions people have to decide; the two figures of one cell are one.
    pub fn questions(&self) -> Result<u32> {
        let several = self.store().read(queries::fields_with_several)?;
        let counted = [MeasurementField::Numerator, MeasurementField::Denominator];
        let questions: BTreeSet<(u16, RecordId, u16)> = several
            .into_iter()
            .filter_map(|(kind, record, field, _)| {
                let known = Kind::from_number(kind)?;
                known.field(field)?;
                let of_cell =
                    known == Kind::Measurement && counted.iter().any(|part| part.number() == field);
                // Any one of them stands for the cell.
                let field = if of_cell { counted[0].number() } else { field };
                Some((kind, record, field))
            })
            .collect();
        Ok(u32::try_from(questions.len()).unwrap_or(u32::MAX))
    }

    /// What people call a record, in the language of the interface; empty when it has no name.
    pub fn label(&self, kind: Kind, id: RecordId) -> Result<String> {
        let Some(record) = self.store().read(|conn| queries::record(conn, kind, id))? else {
            return Ok(String::new());
        };
        let of_indicator = |code: String| -> Result<String> {
            let language = self.language()?;
            Ok(domain::catalog::indicator(&code)
                .map_or(code, |indicator| indicator.name.get(language).to_owned()))
        };
        Ok(match kind {
            Kind::Place | Kind::Person | Kind::TeamMember => {
                record.text("name").unwrap_or_default()
            }
            Kind::Import => record.text("file").unwrap_or_default(),
            Kind::Photo if record.reference("visit").is_some() => {
                crate::supervision::asks(self, &record)?
            }
            Kind::Photo => record.text("caption").unwrap_or_default(),
            Kind::Opening | Kind::ImportPart | Kind::ChecklistPart | Kind::Picture => String::new(),
            Kind::Cycle | Kind::Trial | Kind::Lesson => record.text("title").unwrap_or_default(),
            Kind::Idea
            | Kind::Action
            | Kind::Decision
            | Kind::Driver
            | Kind::Evidence
            | Kind::Observation => record.text("text").unwrap_or_default(),
            Kind::Cause => self.cause_label(&record)?,
            // A figure by itself says nothing; with its cycle it does.
            Kind::Progress => match record.reference("cycle") {
                Some(cycle) => self.label(Kind::Cycle, cycle)?,
                None => String::new(),
            },
            // Without words of its own it is known by its sort and its days, which the screen puts in words.
            Kind::Event => record.text("text").unwrap_or_else(|| {
                let parts = [
                    record.text("sort"),
                    record.day("starts"),
                    record.day("ends"),
                ];
                parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
            }),
            Kind::Attendance => record.text("name").unwrap_or_default(),
            Kind::Meeting => record.day("day").unwrap_or_default(),
            Kind::Recheck => record.text("looked").unwrap_or_default(),
            Kind::Pause => record.text("period").unwrap_or_default(),
            Kind::Template => record.text("name").unwrap_or_default(),
            Kind::ChecklistVersion => record.text("title_fr").unwrap_or_default(),
            Kind::Visit => {
                let day = record.day("begun").or_else(|| record.day("planned"));
                day.unwrap_or_default()
            }
            Kind::Answer => crate::supervision::asks(self, &record)?,
            Kind::Recount => record.text("period").unwrap_or_default(),
            Kind::Comment => match record.value("said") {
                Value::Null => record.text("text").unwrap_or_default(),
                said => self.sealed_line(crate::cycles::said(record.scope, id), said)?,
            },
            Kind::CycleMeasure
            | Kind::Measurement
            | Kind::Sample
            | Kind::Baseline
            | Kind::ChartPhase
            | Kind::ChartFreeze
            | Kind::ExcludedPoint
            | Kind::ChartSetting
            | Kind::Variant
            | Kind::ChartGoal => of_indicator(record.text("indicator").unwrap_or_default())?,
        })
    }

    /// The words of a cause, which stand in the cycle for the first one.
    fn cause_label(&self, cause: &Record) -> Result<String> {
        let cycle = cause.reference("cycle");
        let words = match cycle.filter(|id| crate::cycles::cause_record(*id) == cause.id) {
            Some(id) => {
                let cycle = self
                    .store()
                    .read(|conn| queries::record(conn, Kind::Cycle, id))?;
                cycle.and_then(|cycle| cycle.text("cause"))
            }
            None => cause.text("text"),
        };
        Ok(words.unwrap_or_default())
    }

    /// The cycle that a record is of, or itself when it is one.
    pub fn cycle_of(&self, kind: Kind, id: RecordId) -> Result<Option<RecordId>> {
        let field = match kind {
            Kind::Cycle => return Ok(Some(id)),
            Kind::TeamMember
            | Kind::CycleMeasure
            | Kind::Baseline
            | Kind::Idea
            | Kind::Trial
            | Kind::Action
            | Kind::Meeting
            | Kind::Decision
            | Kind::Recheck
            | Kind::Template
            | Kind::Lesson
            | Kind::Cause
            | Kind::Driver
            | Kind::Progress
            | Kind::Observation
            | Kind::Photo
            | Kind::Evidence => "cycle",
            Kind::Comment => "about",
            Kind::Place
            | Kind::Person
            | Kind::Measurement
            | Kind::Opening
            | Kind::Sample
            | Kind::ChartPhase
            | Kind::ChartFreeze
            | Kind::ExcludedPoint
            | Kind::ChartSetting
            | Kind::ChartGoal
            | Kind::Variant
            | Kind::Event
            | Kind::Attendance
            | Kind::Pause
            | Kind::Visit
            | Kind::Answer
            | Kind::Recount
            | Kind::Import
            | Kind::Picture
            | Kind::ImportPart
            | Kind::ChecklistVersion
            | Kind::ChecklistPart => return Ok(None),
        };
        let found = self.store().read(|conn| queries::record(conn, kind, id))?;
        let named = found.and_then(|record| record.reference(field));
        let (Kind::Comment, Some(about)) = (kind, named) else {
            return Ok(named);
        };
        // People write about a trial or about the cycle itself.
        Ok(self.cycle_of(Kind::Trial, about)?.or(Some(about)))
    }

    /// Edits of a record's fields as the store takes them.
    pub fn edits<F: Copy>(
        &self,
        kind: Kind,
        record: RecordId,
        number: impl Fn(F) -> u16,
        edits: &[FieldEdit<F>],
    ) -> Result<Vec<Edit>> {
        edits
            .iter()
            .map(|edit| {
                let field = kind
                    .field(number(edit.field))
                    .ok_or_else(|| AppError::new("request-invalid"))?;
                Ok(Edit {
                    kind,
                    record,
                    field: field.number,
                    value: value_of(field, &edit.value)?,
                    seen: seen(edit.seen.as_deref())?,
                })
            })
            .collect()
    }
}

/// An edit made by the app itself, of the value as it stands.
pub fn edit(kind: Kind, record: RecordId, field: u16, value: Value) -> Edit {
    Edit {
        kind,
        record,
        field,
        value,
        seen: Seen::Shown,
    }
}

/// Deletes a record. Every field, empty ones too, is written again with the value it has, so that an edit made
/// elsewhere at the same time stands beside it as a second value and brings the record back to be looked at.
/// A lesson that was handed to other places goes there too, when whoever removes it may hand lessons on.
pub fn delete_record(cx: &Cx<'_>, request: DeleteRecord) -> Result<SavedRecord> {
    let kind = request.kind;
    let beside = handed_on(cx, kind, request.id)?.filter(|copy| !copy.is_deleted());
    cx.write(|w| {
        let record = queries::existing(w.conn(), kind, request.id)?;
        crate::checklists::removable(&record)?;
        let lost: Vec<Lost> = cx.lost(w, &record)?.into_iter().collect();
        cx.guard(w, &lost, request.sure)?;
        w.rewrite(true);
        cx.save(
            w,
            record.scope,
            SaveKind::Edit,
            request.reason.as_deref(),
            removing(&record),
        )?;
        if let Some(copy) = &beside {
            cx.save(w, copy.scope, SaveKind::Edit, None, removing(copy))?;
        }
        Ok(SavedRecord { id: record.id })
    })
}

fn handed_on(cx: &Cx<'_>, kind: Kind, id: RecordId) -> Result<Option<Record>> {
    match kind {
        Kind::Lesson => crate::cycles::handed_on(cx, id),
        _ => Ok(None),
    }
}

/// The edits that remove a record.
pub(crate) fn removing(record: &Record) -> Vec<Edit> {
    let kind = record.kind;
    let again = kind.fields().iter().map(|field| Edit {
        seen: Seen::All,
        ..edit(
            kind,
            record.id,
            field.number,
            record.value(field.name).clone(),
        )
    });
    let gone = edit(kind, record.id, DELETED.number, Value::Bool(true));
    again.chain([gone]).collect()
}

/// Brings a deleted record back as it was; with a shared lesson comes what other places read of it.
pub fn restore_record(cx: &Cx<'_>, request: RestoreRecord) -> Result<SavedRecord> {
    let beside = handed_on(cx, request.kind, request.id)?.filter(Record::is_deleted);
    cx.write(|w| {
        let record = queries::existing(w.conn(), request.kind, request.id)?;
        let edits = vec![edit(
            request.kind,
            record.id,
            DELETED.number,
            Value::Bool(false),
        )];
        cx.save(w, record.scope, SaveKind::Undo, None, edits)?;
        if let Some(copy) = &beside {
            let back = edit(Kind::Lesson, copy.id, DELETED.number, Value::Bool(false));
            cx.save(w, copy.scope, SaveKind::Undo, None, vec![back])?;
        }
        Ok(SavedRecord { id: record.id })
    })
}
