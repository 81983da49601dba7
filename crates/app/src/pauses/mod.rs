//! The quarter's pause: what the team expected, what happened, why, and what it does about it. What it decides are decisions
//! and actions that name the pause, as those of a meeting name the meeting.

pub mod queries;

use chrono::Days;
use domain::catalog::Frequency;
use domain::ids::RecordId;
use domain::period::Period;
use domain::registry::{Kind, PauseField};
use domain::trial::{Comparison, Decision};
use domain::value::{Value, date_value};
use serde::{Deserialize, Serialize};
use sync::log::SaveKind;

use crate::actions::{PlannedAction, planned, queries as agreed};
use crate::cx::Cx;
use crate::cycles::{self, ById, CycleSummary, ListCycles};
use crate::error::{AppError, Result};
use crate::meetings::{Decided, decision};
use crate::permissions::may_change;
use crate::records::queries::{Record, existing, record};
use crate::records::{FieldEdit, RecordMeta, SavedRecord, edit, placed};

/// The pauses of a place.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct PausesOf {
    /// The place.
    #[ts(type = "string")]
    pub place: RecordId,
}

/// Opens the pause of the quarter.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct HoldPause {
    /// Whose team pauses.
    #[ts(type = "string")]
    pub place: RecordId,
    /// Why, when somebody else's team pauses.
    pub reason: Option<String>,
}

/// Edits a pause.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SavePause {
    /// The pause.
    #[ts(type = "string")]
    pub id: RecordId,
    /// What changes.
    pub edits: Vec<FieldEdit<PauseField>>,
    /// Why, when there is something to say.
    pub reason: Option<String>,
}

/// A pause in a list.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct PauseSummary {
    /// The pause.
    #[ts(type = "string")]
    pub id: RecordId,
    /// The quarter, ISO.
    pub period: String,
    /// On which day it was begun, ISO.
    pub day: Option<String>,
    /// How many decisions and actions came out of it.
    pub decided: u32,
}

/// The pauses of a place.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct PauseList {
    /// Those that were held, the latest first.
    pub held: Vec<PauseSummary>,
    /// The quarter that it is time to look back on, ISO.
    pub period: String,
    /// Whether whoever is inside may hold one there.
    pub writable: bool,
}

/// A trial of the quarter: what was thought, and what came of it.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct TriedThen {
    /// The trial.
    #[ts(type = "string")]
    pub id: RecordId,
    /// Its cycle.
    #[ts(type = "string")]
    pub cycle: RecordId,
    /// The change tried.
    pub title: String,
    /// What the team thought would happen.
    pub prediction: Option<String>,
    /// What it saw: how many.
    pub seen_n: Option<f64>,
    /// What it saw: out of how many.
    pub seen_d: Option<f64>,
    /// The result against the prediction.
    pub comparison: Option<Comparison>,
    /// What became of the change.
    pub decision: Option<Decision>,
}

/// A pause with what the app knows of its quarter.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Pause {
    /// What every record shows.
    pub meta: RecordMeta,
    /// Whose team.
    #[ts(type = "string")]
    pub place: RecordId,
    /// That place's name.
    pub place_name: String,
    /// The quarter, ISO.
    pub period: String,
    /// On which day it was begun, ISO.
    pub day: Option<String>,
    /// What the team expected.
    pub expected: Option<String>,
    /// What happened.
    pub happened: Option<String>,
    /// Why.
    pub why: Option<String>,
    /// The open cycles with their charts.
    pub cycles: Vec<CycleSummary>,
    /// What was tried in the quarter.
    pub trials: Vec<TriedThen>,
    /// What the pause before decided to do, and how far that has come.
    pub before: Vec<PlannedAction>,
    /// What this one decided.
    pub decisions: Vec<Decided>,
    /// What somebody will do.
    pub actions: Vec<PlannedAction>,
    /// Whether whoever is inside may write in it.
    pub writable: bool,
}

/// In the first half of a quarter a team looks back on the one before, in the second half on the one that runs.
const HALF_A_QUARTER: Days = Days::new(45);

/// The quarter that it is time to look back on.
fn looked_back_on(cx: &Cx<'_>) -> Period {
    let today = cx.today();
    let day = today.checked_sub_days(HALF_A_QUARTER).unwrap_or(today);
    Period::of(Frequency::Quarterly, day)
}

/// The quarter that has ended and that a place has not looked back on, in the days in which that is done; none where nothing
/// had begun before its end. `opened` is the day, ISO, on which the place's first cycle began.
pub fn due(cx: &Cx<'_>, place: RecordId, opened: Option<&str>) -> Result<Option<String>> {
    let quarter = looked_back_on(cx);
    let last = quarter.last_day();
    let begun = opened.is_some_and(|day| day <= last.to_string().as_str());
    if cx.today() <= last || !begun {
        return Ok(None);
    }
    let period = quarter.to_string();
    let id = pause_record(place, &period);
    let held = cx.store().read(|conn| record(conn, Kind::Pause, id))?;
    Ok(held.is_none_or(|held| held.is_deleted()).then_some(period))
}

/// A quarter has one pause, so two laptops on one table mean the same.
pub(crate) fn pause_record(place: RecordId, period: &str) -> RecordId {
    RecordId::natural(&[b"pause", place.as_bytes(), period.as_bytes()])
}

/// The pauses of a place, the latest first.
pub fn pauses(cx: &Cx<'_>, request: PausesOf) -> Result<PauseList> {
    let found = cx
        .store()
        .read(|conn| queries::of_place(conn, request.place))?;
    let mut held = Vec::new();
    for record in found {
        let decided = cx.store().read(|conn| {
            let decisions = agreed::about(conn, Kind::Decision, record.id)?.len();
            let actions = agreed::about(conn, Kind::Action, record.id)?.len();
            Ok::<_, AppError>(decisions + actions)
        })?;
        held.push(PauseSummary {
            id: record.id,
            period: record.text("period").unwrap_or_default(),
            day: record.day("day"),
            decided: u32::try_from(decided).unwrap_or(u32::MAX),
        });
    }
    Ok(PauseList {
        held,
        period: looked_back_on(cx).to_string(),
        writable: may_change(cx, cx.scope_of(request.place)?)?,
    })
}

/// Opens the pause of the quarter, made the first time.
pub fn hold_pause(cx: &Cx<'_>, request: HoldPause) -> Result<SavedRecord> {
    let scope = cx.scope_of(request.place)?;
    let period = looked_back_on(cx).to_string();
    let id = pause_record(request.place, &period);
    let day = date_value(cx.today());
    cx.write(|w| {
        let known = record(w.conn(), Kind::Pause, id)?;
        if known.as_ref().is_some_and(|stored| !stored.is_deleted()) {
            return Ok(SavedRecord { id });
        }
        let field = |field: PauseField, value| edit(Kind::Pause, id, field.number(), value);
        let mut edits = vec![
            field(PauseField::Place, Value::Ref(request.place)),
            field(PauseField::Period, Value::text(&period)),
            field(PauseField::Day, day.clone()),
        ];
        edits.extend(known.and_then(|stored| stored.kept()));
        cx.save(w, scope, SaveKind::Edit, request.reason.as_deref(), edits)?;
        Ok(SavedRecord { id })
    })
}

/// Edits what a pause says. Its quarter stays.
pub fn save_pause(cx: &Cx<'_>, request: SavePause) -> Result<SavedRecord> {
    let fixed = |field: PauseField| matches!(field, PauseField::Period | PauseField::Day);
    if request.edits.iter().any(|edit| fixed(edit.field)) {
        return Err(AppError::new("request-invalid"));
    }
    let stored = cx
        .store()
        .read(|conn| existing(conn, Kind::Pause, request.id))?;
    let of = placed::Placed {
        kind: Kind::Pause,
        id: Some(request.id),
        of: "place",
        owner: stored
            .reference("place")
            .ok_or_else(|| AppError::new("record-gone"))?,
        scope: stored.scope,
        reason: request.reason.as_deref(),
    };
    placed::save(cx, &of, PauseField::number, &request.edits, |_| Ok(()))
}

/// A pause with what the app knows of its quarter.
pub fn pause(cx: &Cx<'_>, request: ById) -> Result<Pause> {
    let stored = cx
        .store()
        .read(|conn| existing(conn, Kind::Pause, request.id))?;
    let place = stored.reference("place").unwrap_or(stored.id);
    let period = stored.text("period").unwrap_or_default();
    let all = cycles::cycles(cx, ListCycles { place: Some(place) })?;
    let trials = match period.parse::<Period>() {
        Ok(quarter) => cx.store().read(|conn| {
            let days = (quarter.first_day(), quarter.last_day());
            queries::tried(conn, place, days)
        })?,
        Err(_) => Vec::new(),
    };
    let about = |kind, of| cx.store().read(|conn| agreed::about(conn, kind, of));
    let actions = |of| -> Result<Vec<PlannedAction>> {
        let found = about(Kind::Action, of)?;
        found.iter().map(|record| planned(cx, record)).collect()
    };
    let before = cx
        .store()
        .read(|conn| queries::of_place(conn, place))?
        .into_iter()
        .find(|other| other.text("period").unwrap_or_default() < period);
    Ok(Pause {
        place_name: cx.place(place)?.name,
        day: stored.day("day"),
        expected: stored.text("expected"),
        happened: stored.text("happened"),
        why: stored.text("why"),
        cycles: all.into_iter().filter(|one| one.status == "open").collect(),
        trials: trials.iter().map(tried_then).collect(),
        before: match before {
            Some(before) => actions(before.id)?,
            None => Vec::new(),
        },
        decisions: about(Kind::Decision, stored.id)?
            .iter()
            .map(|record| decision(cx, record))
            .collect::<Result<_>>()?,
        actions: actions(stored.id)?,
        writable: may_change(cx, stored.scope)?,
        meta: cx.meta(&stored)?,
        place,
        period,
    })
}

fn tried_then(trial: &Record) -> TriedThen {
    TriedThen {
        id: trial.id,
        cycle: trial.reference("cycle").unwrap_or(trial.id),
        title: trial.text("title").unwrap_or_default(),
        prediction: trial.text("prediction"),
        seen_n: trial.number("seen_n"),
        seen_d: trial.number("seen_d"),
        comparison: trial
            .text("comparison")
            .and_then(|word| Comparison::from_word(&word)),
        decision: trial
            .text("decision")
            .and_then(|word| Decision::from_word(&word)),
    }
}
