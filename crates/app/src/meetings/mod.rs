//! Meetings of a team: who was there, what was gone through, and what was decided. What somebody will do by a day is an
//! action; what else was settled is a decision. Both name the meeting.

pub mod queries;
mod view;

use domain::ids::RecordId;
use domain::measure::Source;
use domain::meeting::Sex;
use domain::registry::{AttendanceField, DecisionField, Kind, MeetingField};
use domain::value::{Value, date_value, value_date};
use serde::Deserialize;
use sync::log::SaveKind;

use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::records::queries::{existing, record};
use crate::records::{FieldEdit, SavedRecord, edit, placed, text_value};
use crate::values::{self, ChartRequest, known_indicator};

pub(crate) use view::decision;
pub use view::{
    Attendance, Decided, Meeting, MeetingSummary, Present, Teammate, meeting, meetings,
};

/// The meetings of a place.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct MeetingsOf {
    /// The place.
    #[ts(type = "string")]
    pub place: RecordId,
}

/// Opens the meeting of today.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct HoldMeeting {
    /// Whose team meets.
    #[ts(type = "string")]
    pub place: RecordId,
    /// What is to be gone through, a line each, as the screen says it; kept with a new meeting.
    pub agenda: Vec<String>,
    /// Why, when somebody else's team meets.
    pub reason: Option<String>,
}

/// Edits a meeting.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SaveMeeting {
    /// The meeting.
    #[ts(type = "string")]
    pub id: RecordId,
    /// What changes.
    pub edits: Vec<FieldEdit<MeetingField>>,
    /// Why, when there is something to say.
    pub reason: Option<String>,
}

/// Notes or edits somebody who was at a meeting.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SaveAttendance {
    /// The record; none makes a new one.
    #[ts(type = "string | null")]
    pub id: Option<RecordId>,
    /// The meeting.
    #[ts(type = "string")]
    pub meeting: RecordId,
    /// What changes.
    pub edits: Vec<FieldEdit<AttendanceField>>,
    /// Why, when there is something to say.
    pub reason: Option<String>,
}

/// Makes or edits a decision.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SaveDecision {
    /// The record; none makes a new one.
    #[ts(type = "string | null")]
    pub id: Option<RecordId>,
    /// Where.
    #[ts(type = "string")]
    pub place: RecordId,
    /// What changes.
    pub edits: Vec<FieldEdit<DecisionField>>,
    /// Why, when there is something to say.
    pub reason: Option<String>,
}

/// How many months of a chart are kept with a decision: as many as every screen shows.
const KEPT_MONTHS: u32 = 24;
/// The longest agenda, in lines.
const MOST_LINES: usize = 200;

/// Opens the meeting of today, made the first time: two laptops on one table mean the same meeting.
pub fn hold_meeting(cx: &Cx<'_>, request: HoldMeeting) -> Result<SavedRecord> {
    let scope = cx.scope_of(request.place)?;
    let day = cx.today();
    let id = RecordId::natural(&[
        b"meeting",
        request.place.as_bytes(),
        day.to_string().as_bytes(),
    ]);
    let lines: Vec<&str> = request
        .agenda
        .iter()
        .map(|line| line.trim())
        .filter(|line| !line.is_empty())
        .take(MOST_LINES)
        .collect();
    let agenda = text_value("agenda", &lines.join("\n"))?;
    cx.write(|w| {
        let known = record(w.conn(), Kind::Meeting, id)?;
        if known.as_ref().is_some_and(|stored| !stored.is_deleted()) {
            return Ok(SavedRecord { id });
        }
        let field = |field: MeetingField, value| edit(Kind::Meeting, id, field.number(), value);
        let mut edits = vec![
            field(MeetingField::Place, Value::Ref(request.place)),
            field(MeetingField::Day, date_value(day)),
            field(MeetingField::Agenda, agenda),
        ];
        edits.extend(known.and_then(|stored| stored.kept()));
        cx.save(w, scope, SaveKind::Edit, request.reason.as_deref(), edits)?;
        Ok(SavedRecord { id })
    })
}

/// Edits a meeting.
///
/// # Errors
/// `meeting-without-day`.
pub fn save_meeting(cx: &Cx<'_>, request: SaveMeeting) -> Result<SavedRecord> {
    let stored = cx
        .store()
        .read(|conn| existing(conn, Kind::Meeting, request.id))?;
    let of = placed::Placed {
        kind: Kind::Meeting,
        id: Some(request.id),
        of: "place",
        owner: stored
            .reference("place")
            .ok_or_else(|| AppError::new("record-gone"))?,
        scope: stored.scope,
        reason: request.reason.as_deref(),
    };
    placed::save(cx, &of, MeetingField::number, &request.edits, |after| {
        value_date(&after("day"))
            .map(|_| ())
            .ok_or_else(|| AppError::new("meeting-without-day"))
    })
}

/// Notes or edits somebody who was at a meeting.
///
/// # Errors
/// `attendance-without-name`; `request-invalid` for a sex that is none.
pub fn save_attendance(cx: &Cx<'_>, request: SaveAttendance) -> Result<SavedRecord> {
    let unknown = request.edits.iter().any(|edit| {
        edit.field == AttendanceField::Sex
            && !edit.value.is_null()
            && Sex::from_word(edit.value.as_str().unwrap_or_default()).is_none()
    });
    if unknown {
        return Err(AppError::new("request-invalid"));
    }
    let meeting = cx
        .store()
        .read(|conn| existing(conn, Kind::Meeting, request.meeting))?;
    let of = placed::Placed {
        kind: Kind::Attendance,
        id: request.id,
        of: "meeting",
        owner: meeting.id,
        scope: meeting.scope,
        reason: request.reason.as_deref(),
    };
    placed::save(
        cx,
        &of,
        AttendanceField::number,
        &request.edits,
        |after| match after("name").is_null() {
            true => Err(AppError::new("attendance-without-name")),
            false => Ok(()),
        },
    )
}

/// The chart of a measure as it stands today, as it is kept with what people decide.
///
/// # Errors
/// `indicator-unknown`.
pub(crate) fn chart_as_it_stands(cx: &Cx<'_>, place: RecordId, code: &str) -> Result<String> {
    known_indicator(code)?;
    let asked = ChartRequest {
        place,
        indicator: code.to_owned(),
        cycle: None,
        months: KEPT_MONTHS,
        chart: None,
        source: Source::default(),
        stratum: None,
    };
    let chart = values::chart(cx, asked)?;
    serde_json::to_string(&chart.view).map_err(|_| AppError::new("request-invalid"))
}

/// Makes or edits a decision. A new one bears the day, and the chart of its measure as it stands on that day.
///
/// # Errors
/// `decision-empty`; `request-invalid` when the chart is to be changed later, or the day or the measure of a stored decision.
pub fn save_decision(cx: &Cx<'_>, request: SaveDecision) -> Result<SavedRecord> {
    let SaveDecision {
        id,
        place,
        mut edits,
        reason,
    } = request;
    let fixed = |field: DecisionField| match field {
        DecisionField::Chart | DecisionField::Day => true,
        DecisionField::Indicator => id.is_some(),
        _ => false,
    };
    if edits.iter().any(|edit| fixed(edit.field)) {
        return Err(AppError::new("request-invalid"));
    }
    if id.is_none() {
        let set = |field, value: String| FieldEdit {
            field,
            value: value.into(),
            seen: None,
        };
        let measure = edits
            .iter()
            .find(|edit| edit.field == DecisionField::Indicator);
        if let Some(code) = measure.and_then(|edit| edit.value.as_str()) {
            let kept = chart_as_it_stands(cx, place, code)?;
            edits.push(set(DecisionField::Chart, kept));
        }
        edits.push(set(DecisionField::Day, cx.today().to_string()));
    }
    let of = placed::Placed {
        kind: Kind::Decision,
        id,
        of: "place",
        owner: place,
        scope: cx.scope_of(place)?,
        reason: reason.as_deref(),
    };
    placed::save(
        cx,
        &of,
        DecisionField::number,
        &edits,
        |after| match after("text").is_null() {
            true => Err(AppError::new("decision-empty")),
            false => Ok(()),
        },
    )
}
