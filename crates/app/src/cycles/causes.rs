//! Causes, drivers, and what shows that there is a problem.

use std::collections::BTreeMap;

use domain::cause::{Category, CauseStanding, EvidenceSort};
use domain::ids::RecordId;
use domain::registry::{CauseField, DriverField, EvidenceField, IdeaField, Kind};
use domain::tree::{Node, hung};
use serde::Serialize;

use super::parts::save_part;
use super::{SavePart, queries};
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::records::queries::{Record, record};
use crate::records::{FieldEdit, RecordMeta, SavedRecord};

/// A cause of the problem.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Cause {
    /// What every record shows.
    pub meta: RecordMeta,
    /// The cause, in the team's words.
    pub text: Option<String>,
    /// Whether its words stand in the cycle itself, and are edited there.
    pub in_cycle: bool,
    /// Whether it is the one that the team works on.
    pub main: bool,
    /// Where it belongs: its own word, or that of what it hangs on.
    pub category: Option<Category>,
    /// The cause that it is shown below.
    #[ts(type = "string | null")]
    pub parent: Option<RecordId>,
    /// Its place among its neighbours.
    pub position: i32,
    /// How sure the team is.
    pub standing: CauseStanding,
}

/// Something that has to change.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Driver {
    /// What every record shows.
    pub meta: RecordMeta,
    /// What has to change.
    pub text: Option<String>,
    /// The driver that it is shown below; none for a primary one.
    #[ts(type = "string | null")]
    pub parent: Option<RecordId>,
    /// Its place among its neighbours.
    pub position: i32,
}

/// What shows that there is a problem, or that a cause is one.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Evidence {
    /// What every record shows.
    pub meta: RecordMeta,
    /// The cycle or the cause.
    #[ts(type = "string")]
    pub about: RecordId,
    /// What it is.
    pub sort: EvidenceSort,
    /// The record where it can be read.
    #[ts(type = "string | null")]
    pub record: Option<RecordId>,
    /// Where that record is an answer of a visit: the visit.
    #[ts(type = "string | null")]
    pub visit: Option<RecordId>,
    /// The measure whose chart shows it.
    pub indicator: Option<String>,
    /// What it says.
    pub text: Option<String>,
    /// The day it was put here, ISO.
    pub day: Option<String>,
}

/// More than any team has members.
const MOST_VOTES: i64 = 999;

/// The cause whose words stand in the cycle itself: each laptop finds it by the cycle.
pub fn cause_record(cycle: RecordId) -> RecordId {
    RecordId::natural(&[b"cause", cycle.as_bytes()])
}

fn edited<F: Copy + PartialEq>(edits: &[FieldEdit<F>], field: F) -> Option<&serde_json::Value> {
    let edit = edits.iter().rfind(|edit| edit.field == field)?;
    Some(&edit.value)
}

/// A word of a list, or none.
fn of_list<T>(value: Option<&serde_json::Value>, read: fn(&str) -> Option<T>) -> Result<()> {
    let known = match value {
        None => true,
        Some(value) => value.is_null() || value.as_str().and_then(read).is_some(),
    };
    match known {
        true => Ok(()),
        false => Err(AppError::new("request-invalid")),
    }
}

/// A cause. The words of the one that stands in the cycle are saved with the cycle.
pub fn save_cause(cx: &Cx<'_>, request: SavePart<CauseField>) -> Result<SavedRecord> {
    let edits = &request.edits;
    of_list(edited(edits, CauseField::Category), Category::from_word)?;
    of_list(
        edited(edits, CauseField::Standing),
        CauseStanding::from_word,
    )?;
    let in_cycle = request.id == Some(cause_record(request.cycle));
    if in_cycle && edited(edits, CauseField::Text).is_some() {
        return Err(AppError::new("request-invalid"));
    }
    let parent = edited(edits, CauseField::Parent);
    cx.store()
        .read(|conn| queries::hangs_well(conn, Kind::Cause, (request.id, request.cycle), parent))?;
    save_part(cx, request, |_, _, _| Ok(()))
}

/// A driver.
pub fn save_driver(cx: &Cx<'_>, request: SavePart<DriverField>) -> Result<SavedRecord> {
    let parent = edited(&request.edits, DriverField::Parent);
    cx.store().read(|conn| {
        queries::hangs_well(conn, Kind::Driver, (request.id, request.cycle), parent)
    })?;
    save_part(cx, request, |_, _, _| Ok(()))
}

/// What shows something.
pub fn save_evidence(cx: &Cx<'_>, request: SavePart<EvidenceField>) -> Result<SavedRecord> {
    let edits = &request.edits;
    of_list(edited(edits, EvidenceField::Sort), EvidenceSort::from_word)?;
    let about = edited(edits, EvidenceField::About);
    let of_cycle_itself = about.and_then(|id| id.as_str()) == Some(&request.cycle.to_string());
    if !of_cycle_itself {
        cx.store()
            .read(|conn| queries::of_cycle(conn, Kind::Cause, about, request.cycle))?;
    }
    let code = edited(edits, EvidenceField::Indicator).filter(|value| !value.is_null());
    if code.is_some_and(|code| domain::catalog::indicator(code.as_str().unwrap_or("")).is_none()) {
        return Err(AppError::new("indicator-unknown"));
    }
    save_part(cx, request, |_, _, _| Ok(()))
}

/// A change idea. Its cause and its driver are of the same cycle; its scales go from 1 to 5, and its votes are counted by the
/// team that raises hands.
pub fn save_idea(cx: &Cx<'_>, request: SavePart<IdeaField>) -> Result<SavedRecord> {
    let edits = &request.edits;
    for field in [IdeaField::Effort, IdeaField::Effect] {
        let value = edited(edits, field).filter(|value| !value.is_null());
        if value.is_some_and(|value| !value.as_i64().is_some_and(|n| (1..=5).contains(&n))) {
            return Err(AppError::new("request-invalid"));
        }
    }
    let votes = edited(edits, IdeaField::Votes).filter(|value| !value.is_null());
    if votes.is_some_and(|value| {
        !value
            .as_i64()
            .is_some_and(|n| (0..=MOST_VOTES).contains(&n))
    }) {
        return Err(AppError::new("request-invalid"));
    }
    cx.store().read(|conn| {
        let cycle = request.cycle;
        queries::of_cycle(conn, Kind::Cause, edited(edits, IdeaField::Cause), cycle)?;
        queries::of_cycle(conn, Kind::Driver, edited(edits, IdeaField::Driver), cycle)
    })?;
    save_part(cx, request, |_, _, _| Ok(()))
}

/// What each record that stands hangs on.
fn hanging(all: &[Record]) -> BTreeMap<RecordId, Option<RecordId>> {
    let nodes: Vec<Node> = all
        .iter()
        .map(|record| Node {
            id: record.id,
            parent: record.reference("parent"),
            deleted: record.is_deleted(),
        })
        .collect();
    hung(&nodes)
}

fn position(record: &Record) -> i32 {
    record
        .number("position")
        .map_or(0, |position| position as i32)
}

/// The causes of a cycle that stand, in their order, the one in its own field among them.
pub(super) fn causes(cx: &Cx<'_>, cycle: &Record) -> Result<Vec<Cause>> {
    let all = cx
        .store()
        .read(|conn| queries::every_part(conn, Kind::Cause, cycle.id))?;
    let own = cause_record(cycle.id);
    let mut parents = hanging(&all);
    let words = cycle.text("cause");
    let untold = words.is_some() && all.iter().all(|record| record.id != own);
    // What hangs on it is shown below it as soon as it has words, and at the top before.
    for (id, parent) in &mut parents {
        let named = all.iter().find(|record| record.id == *id);
        let on_own = named.is_some_and(|record| record.reference("parent") == Some(own));
        if untold && on_own {
            *parent = Some(own);
        }
    }
    let chosen = cycle.reference("main_cause");
    let main = chosen.filter(|id| parents.contains_key(id)).unwrap_or(own);
    let mut found = Vec::new();
    if untold {
        let mut meta = cx.meta(cycle)?;
        meta.id = own;
        meta.seen.clear();
        meta.open.clear();
        found.push(Cause {
            meta,
            text: words.clone(),
            in_cycle: true,
            main: main == own,
            category: None,
            parent: None,
            position: -1,
            standing: CauseStanding::Suspected,
        });
    }
    for record in &all {
        let Some(parent) = parents.get(&record.id) else {
            continue;
        };
        let in_cycle = record.id == own;
        found.push(Cause {
            meta: cx.meta(record)?,
            text: if in_cycle {
                words.clone()
            } else {
                record.text("text")
            },
            in_cycle,
            main: main == record.id,
            category: category(&all, record),
            parent: *parent,
            position: position(record),
            standing: record
                .text("standing")
                .and_then(|word| CauseStanding::from_word(&word))
                .unwrap_or(CauseStanding::Suspected),
        });
    }
    Ok(found)
}

/// Its own category, or that of the next above that has one, deleted or not.
fn category(all: &[Record], record: &Record) -> Option<Category> {
    let mut at = Some(record);
    for _ in 0..=all.len() {
        let here = at?;
        let own = here.text("category");
        if let Some(found) = own.and_then(|word| Category::from_word(&word)) {
            return Some(found);
        }
        let parent = here.reference("parent");
        at = all.iter().find(|other| Some(other.id) == parent);
    }
    None
}

/// The drivers of a cycle that stand, in their order.
pub(super) fn drivers(cx: &Cx<'_>, cycle: RecordId) -> Result<Vec<Driver>> {
    let all = cx
        .store()
        .read(|conn| queries::every_part(conn, Kind::Driver, cycle))?;
    let parents = hanging(&all);
    let standing = all
        .iter()
        .filter_map(|record| Some((record, *parents.get(&record.id)?)));
    standing
        .map(|(record, parent)| {
            Ok(Driver {
                meta: cx.meta(record)?,
                text: record.text("text"),
                parent,
                position: position(record),
            })
        })
        .collect()
}

/// The visit that an answer was given in.
fn visit_of(cx: &Cx<'_>, answer: RecordId) -> Result<Option<RecordId>> {
    let found = cx.store().read(|conn| record(conn, Kind::Answer, answer))?;
    Ok(found.and_then(|answer| answer.reference("visit")))
}

/// What shows the problem and the causes of a cycle.
pub(super) fn evidence(cx: &Cx<'_>, cycle: RecordId) -> Result<Vec<Evidence>> {
    let found = cx
        .store()
        .read(|conn| queries::parts(conn, Kind::Evidence, cycle))?;
    found
        .iter()
        .map(|shown| {
            Ok(Evidence {
                meta: cx.meta(shown)?,
                about: shown.reference("about").unwrap_or(cycle),
                sort: shown
                    .text("sort")
                    .and_then(|word| EvidenceSort::from_word(&word))
                    .unwrap_or(EvidenceSort::Observation),
                record: shown.reference("record"),
                visit: match shown.reference("record") {
                    Some(found) => visit_of(cx, found)?,
                    None => None,
                },
                indicator: shown.text("indicator"),
                text: shown.text("text"),
                day: shown.day("day"),
            })
        })
        .collect()
}
