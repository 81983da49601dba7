//! How far a record has come: saved here, carried, with the district, with the server, opened by its coach.

use domain::ids::RecordId;
use domain::registry::{Kind, OpeningField};
use domain::role::Role;
use domain::value::{Value, date_value};
use serde::{Deserialize, Serialize};
use sync::log::SaveKind;

use super::reach::reach_of;
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::records::queries::{Record, existing, record, records};
use crate::records::{OfRecord, edit};

/// Which record.
#[derive(Debug, Clone, Copy, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct MarkedRecord {
    /// The record.
    #[ts(type = "string")]
    pub record: RecordId,
}

/// Someone who has opened a record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct OpenedBy {
    /// The day, ISO.
    pub day: String,
    /// Who.
    pub by: String,
}

/// How far the newest save of a record has come.
#[derive(Debug, Clone, Default, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Marks {
    /// When it was saved, ISO local time.
    pub saved: Option<String>,
    /// When it was put on a stick, without any receipt until now.
    pub carried: Option<String>,
    /// When the district's laptop had it, by the server's or its own word.
    pub district: Option<String>,
    /// When the server had it.
    pub server: Option<String>,
    /// Who has opened it, the last day first.
    pub opened: Vec<OpenedBy>,
}

/// How far a record has come.
pub fn marks(cx: &Cx<'_>, request: MarkedRecord) -> Result<Marks> {
    let Some(found) = find(cx, request.record)? else {
        return Err(AppError::new("record-gone"));
    };
    let mut marks = Marks {
        opened: opened(cx, found.id)?,
        ..Marks::default()
    };
    let own = cx.store().replica();
    let saves = cx.store().history(found.scope, found.id)?;
    // What was written here matters to the person here; a record of others has come all the way already.
    let newest = saves.iter().rev().find(|(replica, ..)| *replica == own);
    if let Some((replica, seq, save)) = newest.or(saves.last()) {
        marks.saved = Some(cx.stamp(save.hlc.millis()));
        let reach = reach_of(cx, found.scope, *replica)?;
        marks.server = reach.server(*seq).map(|ms| cx.stamp(ms));
        marks.district = reach.district(*seq).map(|ms| cx.stamp(ms));
        if marks.server.is_none() && marks.district.is_none() {
            marks.carried = reach.carried(*seq).map(|ms| cx.stamp(ms));
        }
    }
    Ok(marks)
}

/// Notes that the coach has opened a record: once a day, and not where this laptop may not write.
pub fn mark_opened(cx: &Cx<'_>, request: OfRecord) -> Result<Marks> {
    let author = cx.author()?;
    let about = cx
        .store()
        .read(|conn| existing(conn, request.kind, request.record))?;
    let coaches = author.role == Role::Coach && !author.works_at(about.scope.place());
    if coaches && !cx.laptop.practice && cx.may_write(about.scope)? {
        let day = date_value(cx.today());
        let id = opening_record(about.id, author.person, &cx.today().to_string());
        let known = cx.store().read(|conn| record(conn, Kind::Opening, id))?;
        if known.is_none() {
            let field = |field: OpeningField, value| edit(Kind::Opening, id, field.number(), value);
            cx.write(|w| {
                let edits = vec![
                    field(OpeningField::About, Value::Ref(about.id)),
                    field(OpeningField::Day, day),
                    field(OpeningField::By, Value::Ref(author.person)),
                ];
                cx.save(w, about.scope, SaveKind::Edit, None, edits)
            })?;
        }
    }
    marks(
        cx,
        MarkedRecord {
            record: request.record,
        },
    )
}

/// Two laptops of one coach that open the same record on the same day meet in one mark.
fn opening_record(about: RecordId, by: RecordId, day: &str) -> RecordId {
    RecordId::natural(&[b"opening", about.as_bytes(), by.as_bytes(), day.as_bytes()])
}

fn opened(cx: &Cx<'_>, about: RecordId) -> Result<Vec<OpenedBy>> {
    let found = cx
        .store()
        .read(|conn| records(conn, Kind::Opening, "about = ?1", &[about.as_bytes()]))?;
    let mut opened = Vec::new();
    for one in found {
        if let (Some(day), Some(by)) = (one.day("day"), one.reference("by")) {
            let by = cx.person(by)?.0;
            opened.push(OpenedBy { day, by });
        }
    }
    opened.sort_unstable_by(|a, b| b.cmp(a));
    Ok(opened)
}

/// A record of any kind.
fn find(cx: &Cx<'_>, id: RecordId) -> Result<Option<Record>> {
    for kind in Kind::ALL {
        if let Some(found) = cx.store().read(|conn| record(conn, *kind, id))? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}
