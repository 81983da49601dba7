//! The history of a record, the way back to any of its values, and the questions that people have to decide.

use std::collections::HashMap;

use domain::ids::{RecordId, ScopeId};
use domain::registry::{DELETED, Field, Kind, LessonField, MeasurementField, RecheckField};
use domain::value::Value;
use serde::{Deserialize, Serialize};
use store::project::{self, FieldAt};
use store::{Edit, Seen};
use sync::log::{Dot, Save, SaveKind};

use super::guard::Lost;
use super::queries::{existing, record};
use super::{OpenField, SavedRecord, parse_token, removing, token};
use crate::commands::Nothing;
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::sealed::SealedField;
use crate::sync_client::reach_of;
use crate::values::kind_word;

/// Which record.
#[derive(Debug, Clone, Copy, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct OfRecord {
    /// Its kind.
    pub kind: Kind,
    /// The record.
    #[ts(type = "string")]
    pub record: RecordId,
}

/// One field that a save changed.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct HistoryChange {
    /// The field's name; its number when this version does not know it.
    pub field: String,
    /// What its author saw before, in plain form; empty for nothing.
    pub before: String,
    /// What it became; empty for emptied.
    pub after: String,
    /// The token of the value.
    pub token: String,
}

/// Since when others hold a save.
#[derive(Debug, Clone, Default, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Received {
    /// The district's laptop, ISO local time.
    pub district: Option<String>,
    /// The server, ISO local time.
    pub server: Option<String>,
}

/// One save that touches a record.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct HistoryEntry {
    /// Names the save.
    pub token: String,
    /// The laptop that saved, and its number there, as people can read it out.
    pub save: String,
    /// When, ISO local time.
    pub at: String,
    /// Who.
    pub author: String,
    /// Where they work; may be empty.
    pub place: String,
    /// edit, import, settle, restore, undo, mask or other.
    pub kind: String,
    /// Why.
    pub reason: Option<String>,
    /// What it changed in the record.
    pub changes: Vec<HistoryChange>,
    /// Whether one of its values is shown now.
    pub shown: bool,
    /// Since when others hold it.
    pub received: Received,
}

/// The history of a record, as far as it is here.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct History {
    /// Every save that touches it, newest first.
    pub entries: Vec<HistoryEntry>,
    /// Whether it is here from the record's first day; what came before a snapshot is asked of the server.
    pub complete: bool,
    /// The place that the record is of, to ask for more by.
    #[ts(type = "string")]
    pub place: RecordId,
}

/// Takes a value of the past again.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct RestoreValue {
    /// The record's kind.
    pub kind: Kind,
    /// The record.
    #[ts(type = "string")]
    pub record: RecordId,
    /// The field's name.
    pub field: String,
    /// The token of the value.
    pub token: String,
    /// Why.
    pub reason: Option<String>,
    /// Whether a record is removed again although much goes with it, or much was removed before it: after `removes-many`.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub sure: bool,
}

/// A field on which people have to decide, or one that must be read together with it.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Review {
    /// The field with its values: one alone where it is only there to be read.
    #[serde(flatten)]
    #[ts(flatten)]
    pub open: OpenField,
    /// Where.
    pub place: String,
    /// The same for fields that are one question: numerator and denominator of a cell.
    pub group: Option<String>,
}

/// Every save that touches a record, newest first.
pub fn record_history(cx: &Cx<'_>, request: OfRecord) -> Result<History> {
    let kind = request.kind;
    let found = cx
        .store()
        .read(|conn| existing(conn, kind, request.record))?;
    let saves = cx.store().history(found.scope, found.id)?;
    let mut values: HashMap<Dot, &Value> = HashMap::new();
    for (replica, seq, save) in &saves {
        for (dot, change) in save.dots(*replica, *seq) {
            values.insert(dot, &change.value);
        }
    }
    let mut reaches = HashMap::new();
    let mut shown: HashMap<u16, Option<Dot>> = HashMap::new();
    let mut entries = Vec::new();
    for (replica, seq, save) in saves.iter().rev() {
        let mut changes = Vec::new();
        let mut stands = false;
        for (dot, change) in save.dots(*replica, *seq) {
            if change.record != found.id || change.kind != kind.number() {
                continue;
            }
            let now = match shown.get(&change.field) {
                Some(now) => *now,
                None => {
                    let now = shown_dot(cx, found.scope, kind, found.id, change.field)?;
                    shown.insert(change.field, now);
                    now
                }
            };
            stands |= now == Some(dot);
            // Several are seen where a question was decided; the last of them was on the screen.
            let before = change
                .seen
                .iter()
                .filter_map(|dot| values.get(dot))
                .next_back();
            let at = SealedField {
                scope: found.scope,
                kind,
                record: found.id,
                field: change.field,
            };
            let plain = |value: &Value| cx.plain(at, value);
            changes.push(HistoryChange {
                field: field_name(kind, change.field),
                before: before.map_or_else(|| Ok(String::new()), |value| plain(value))?,
                after: plain(&change.value)?,
                token: token(&dot),
            });
        }
        if !reaches.contains_key(replica) {
            reaches.insert(*replica, reach_of(cx, found.scope, *replica)?);
        }
        let reach = &reaches[replica];
        entries.push(HistoryEntry {
            token: format!("{replica}.{seq}"),
            save: format!("{}-{seq}", &replica.to_string()[..4]),
            at: cx.stamp(save.hlc.millis()),
            author: cx.person(save.author)?.0,
            place: place_of(cx, save.author)?,
            kind: kind_word(save.kind).to_owned(),
            reason: save.reason.clone(),
            changes,
            shown: stands,
            received: Received {
                district: reach.district(*seq).map(|ms| cx.stamp(ms)),
                server: reach.server(*seq).map(|ms| cx.stamp(ms)),
            },
        });
    }
    Ok(History {
        entries,
        complete: cx.store().history_complete(found.scope)?,
        place: found.scope.place(),
    })
}

fn field_name(kind: Kind, number: u16) -> String {
    if number == DELETED.number {
        return DELETED.name.to_owned();
    }
    kind.field(number)
        .map_or_else(|| number.to_string(), |field| field.name.to_owned())
}

fn shown_dot(
    cx: &Cx<'_>,
    scope: ScopeId,
    kind: Kind,
    record: RecordId,
    field: u16,
) -> Result<Option<Dot>> {
    let at = FieldAt {
        scope,
        kind: kind.number(),
        record,
        field,
    };
    let heads = cx.store().read(|conn| project::heads(conn, &at))?;
    Ok(heads.first().map(|head| head.dot))
}

/// Where a person works, by name.
fn place_of(cx: &Cx<'_>, person: RecordId) -> Result<String> {
    let found = cx
        .store()
        .read(|conn| record(conn, Kind::Person, person))?
        .and_then(|person| person.reference("place"));
    Ok(found
        .and_then(|place| cx.place(place).ok())
        .map(|place| place.name)
        .unwrap_or_default())
}

/// Takes a value of the past again, as a change like any other: it needs no network, and what others are still to
/// decide stays open.
pub fn restore_value(cx: &Cx<'_>, request: RestoreValue) -> Result<SavedRecord> {
    let kind = request.kind;
    let field = named_field(kind, &request.field)?;
    if is_fixed(kind, field.number) {
        return Err(AppError::new("request-invalid"));
    }
    let dot = parse_token(&request.token)?;
    let found = cx
        .store()
        .read(|conn| existing(conn, kind, request.record))?;
    let save: Save = cx
        .store()
        .save_of(found.scope, &dot)?
        .ok_or_else(|| AppError::new("value-gone"))?;
    let index = usize::try_from(dot.index).unwrap_or(usize::MAX);
    let change = save
        .changes
        .get(index)
        .filter(|change| {
            change.record == found.id
                && change.kind == kind.number()
                && change.field == field.number
        })
        .ok_or_else(|| AppError::new("request-invalid"))?;
    cx.write(|w| {
        let found = existing(w.conn(), kind, request.record)?;
        if field.number == DELETED.number && change.value == Value::Bool(true) {
            let lost: Vec<Lost> = cx.lost(w, &found)?.into_iter().collect();
            cx.guard(w, &lost, request.sure)?;
            w.rewrite(true);
            let (reason, edits) = (request.reason.as_deref(), removing(&found));
            cx.save(w, found.scope, SaveKind::Restore, reason, edits)?;
            return Ok(SavedRecord { id: found.id });
        }
        let again = Edit {
            kind,
            record: found.id,
            field: field.number,
            value: change.value.clone(),
            seen: Seen::Shown,
        };
        let kept = found.kept().filter(|_| field.number != DELETED.number);
        cx.save(
            w,
            found.scope,
            SaveKind::Restore,
            request.reason.as_deref(),
            [again].into_iter().chain(kept).collect(),
        )?;
        Ok(SavedRecord { id: found.id })
    })
}

/// Whether a field says one thing together with others, so that it is not taken back alone: who looked again, when and at what.
fn is_fixed(kind: Kind, field: u16) -> bool {
    let (recheck, lesson) = (
        [
            RecheckField::Cycle,
            RecheckField::Trial,
            RecheckField::Months,
            RecheckField::Indicator,
            RecheckField::Day,
            RecheckField::Holding,
            RecheckField::Chart,
        ],
        [LessonField::Cycle, LessonField::Copied],
    );
    match kind {
        Kind::Recheck => recheck.iter().any(|fixed| fixed.number() == field),
        Kind::Lesson => lesson.iter().any(|fixed| fixed.number() == field),
        _ => false,
    }
}

fn named_field(kind: Kind, name: &str) -> Result<Field> {
    if name == DELETED.name {
        return Ok(DELETED);
    }
    kind.field_named(name)
        .ok_or_else(|| AppError::new("request-invalid"))
}

/// Every question that people have to decide; the figures of one cell stand together.
pub fn reviews(cx: &Cx<'_>, _: Nothing) -> Result<Vec<Review>> {
    let open = cx.open_fields()?;
    let counted = [MeasurementField::Numerator, MeasurementField::Denominator];
    let mut reviews: Vec<Review> = Vec::new();
    for field in &open {
        let found = cx
            .store()
            .read(|conn| existing(conn, field.kind, field.record))?;
        let place = cx
            .place(found.scope.place())
            .map(|place| place.name)
            .unwrap_or_default();
        let number = field.kind.field_named(&field.field).map(|f| f.number);
        let together = field.kind == Kind::Measurement
            && counted.iter().any(|part| Some(part.number()) == number);
        let group = together.then(|| field.record.to_string());
        if let Some(group) = &group {
            for part in counted {
                let name = field_name(field.kind, part.number());
                let listed =
                    |other: &OpenField| other.record == field.record && other.field == name;
                if open.iter().any(listed) || reviews.iter().any(|review| listed(&review.open)) {
                    continue;
                }
                let beside = cx.field_values(field.kind, found.id, part.number(), found.scope)?;
                reviews.extend(beside.map(|open| Review {
                    open,
                    place: place.clone(),
                    group: Some(group.clone()),
                }));
            }
        }
        reviews.push(Review {
            open: field.clone(),
            place,
            group,
        });
    }
    Ok(reviews)
}
