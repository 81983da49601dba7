//! Holding the gain: three looks in the year after a change was adopted. What slips takes its cycle up again.

use chrono::NaiveDate;
use domain::ids::RecordId;
use domain::recheck::{Holding, MONTHS, due};
use domain::registry::{CycleField, Kind, RecheckField};
use domain::spc::verdict::ChartView;
use domain::trial::Decision;
use domain::value::{Value, date_value, value_date};
use serde::{Deserialize, Serialize};
use store::Edit;
use sync::log::SaveKind;

use super::SavePart;
use super::parts::save_part;
use super::queries;
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::meetings::chart_as_it_stands;
use crate::records::queries::{Record, existing, record};
use crate::records::{RecordMeta, SavedRecord, edit, text_value};

/// Plans the three looks at a change that was adopted.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct PlanRechecks {
    /// The cycle.
    #[ts(type = "string")]
    pub cycle: RecordId,
    /// The trial whose change was adopted.
    #[ts(type = "string")]
    pub trial: RecordId,
    /// What is looked at.
    pub looked: String,
    /// By whom.
    pub who: String,
    /// Why, when somebody else's team is written for.
    pub reason: Option<String>,
}

/// Says what somebody saw who looked again.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct AnswerRecheck {
    /// The re-check.
    #[ts(type = "string")]
    pub id: RecordId,
    /// What they saw; none takes an answer back.
    pub holding: Option<Holding>,
    /// What they say of it; why it slips.
    pub said: String,
    /// Why, when somebody else's team is written for.
    pub reason: Option<String>,
}

/// A look, months after a change was adopted, at whether it still holds.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Recheck {
    /// What every record shows.
    pub meta: RecordMeta,
    /// The trial whose change was adopted.
    #[ts(type = "string | null")]
    pub trial: Option<RecordId>,
    /// How many months after the decision.
    pub months: u32,
    /// On which day, ISO.
    pub due: Option<String>,
    /// What is looked at.
    pub looked: Option<String>,
    /// By whom.
    pub who: Option<String>,
    /// The measure whose chart is looked at.
    pub indicator: Option<String>,
    /// The day on which somebody looked, ISO.
    pub day: Option<String>,
    /// What they saw.
    pub holding: Option<Holding>,
    /// What they say of it.
    pub said: Option<String>,
    /// The chart as it stood on that day.
    pub chart: Option<ChartView>,
    /// Whether its day has come and nobody has looked.
    pub is_due: bool,
}

/// A change is looked at once so many months after it was adopted, so the record is found by both.
pub fn recheck_record(trial: RecordId, months: u32) -> RecordId {
    RecordId::natural(&[b"recheck", trial.as_bytes(), &months.to_be_bytes()])
}

/// Plans the looks: 3, 6 and 12 months after the day of the decision.
///
/// # Errors
/// `trial-not-adopted`; `recheck-incomplete` while what and who are not said.
pub fn plan_rechecks(cx: &Cx<'_>, request: PlanRechecks) -> Result<SavedRecord> {
    let looked = text_value("looked", &request.looked)?;
    let who = text_value("who", &request.who)?;
    if looked.is_null() || who.is_null() {
        return Err(AppError::new("recheck-incomplete"));
    }
    let (cycle, trial) = cx.store().read(|conn| {
        let cycle = existing(conn, Kind::Cycle, request.cycle)?;
        Ok::<_, AppError>((cycle, existing(conn, Kind::Trial, request.trial)?))
    })?;
    if trial.reference("cycle") != Some(cycle.id) {
        return Err(AppError::new("request-invalid"));
    }
    let decided = value_date(trial.value("decided")).filter(|_| is_adopted(&trial));
    let decided = decided.ok_or_else(|| AppError::new("trial-not-adopted"))?;
    let measures = cx
        .store()
        .read(|conn| queries::parts(conn, Kind::CycleMeasure, cycle.id))?;
    let indicator = measures.first().and_then(|main| main.text("indicator"));
    cx.write(|w| {
        let mut edits: Vec<Edit> = Vec::new();
        for months in MONTHS {
            let id = recheck_record(trial.id, months);
            let stored = record(w.conn(), Kind::Recheck, id)?;
            // Who plans again changes what nobody has answered yet.
            if stored.as_ref().is_some_and(|it| !it.value("day").is_null()) {
                continue;
            }
            let field = |field: RecheckField, value| edit(Kind::Recheck, id, field.number(), value);
            let day = due(decided, months).map_or(Value::Null, date_value);
            edits.extend([
                field(RecheckField::Cycle, Value::Ref(cycle.id)),
                field(RecheckField::Trial, Value::Ref(trial.id)),
                field(RecheckField::Months, Value::Int(months.into())),
                field(RecheckField::Due, day),
                field(RecheckField::Looked, looked.clone()),
                field(RecheckField::Who, who.clone()),
            ]);
            if let Some(code) = &indicator {
                edits.push(field(RecheckField::Indicator, Value::text(code)));
            }
            edits.extend(stored.and_then(|it| it.kept()));
        }
        let reason = request.reason.as_deref();
        if !edits.is_empty() {
            cx.save(w, cycle.scope, SaveKind::Edit, reason, edits)?;
        }
        Ok(SavedRecord {
            id: recheck_record(trial.id, MONTHS[0]),
        })
    })
}

/// Whether a trial stands and its change was adopted.
fn is_adopted(trial: &Record) -> bool {
    let decision = trial.text("decision");
    !trial.is_deleted()
        && decision.and_then(|word| Decision::from_word(&word)) == Some(Decision::Adopt)
}

/// The looks at a change that is adopted anew begin with that day, as far as nobody has answered them; none comes earlier than
/// it was planned.
pub(super) fn planned_anew(cx: &Cx<'_>, trial: RecordId, decided: NaiveDate) -> Result<Vec<Edit>> {
    let mut edits = Vec::new();
    for months in MONTHS {
        let id = recheck_record(trial, months);
        let stored = cx.store().read(|conn| record(conn, Kind::Recheck, id))?;
        let Some(stored) = stored.filter(|it| !it.is_deleted() && it.value("day").is_null()) else {
            continue;
        };
        let (planned, day) = (value_date(stored.value("due")), due(decided, months));
        if let Some(day) = day.filter(|day| planned.is_none_or(|planned| planned < *day)) {
            edits.push(edit(
                Kind::Recheck,
                id,
                RecheckField::Due.number(),
                date_value(day),
            ));
            edits.extend(stored.kept());
        }
    }
    Ok(edits)
}

/// Edits what is planned of one: the day, what is looked at, by whom.
pub fn save_recheck(cx: &Cx<'_>, request: SavePart<RecheckField>) -> Result<SavedRecord> {
    if request.id.is_none() {
        return Err(AppError::new("request-invalid"));
    }
    save_part(cx, request, |_, _, _| Ok(()))
}

/// Says what somebody saw, with the chart as it stands on that day. What slips takes its cycle up again; taken back or
/// answered otherwise it closes it again, unless something is being tried. The same answer once more changes its words alone.
///
/// # Errors
/// `recheck-without-reason` when it slips and nobody says why.
pub fn answer_recheck(cx: &Cx<'_>, request: AnswerRecheck) -> Result<SavedRecord> {
    let said = text_value("reason", &request.said)?;
    if request.holding == Some(Holding::Slips) && said.is_null() {
        return Err(AppError::new("recheck-without-reason"));
    }
    let (stored, cycle) = cx.store().read(|conn| {
        let stored = existing(conn, Kind::Recheck, request.id)?;
        let cycle = stored.reference("cycle").unwrap_or(stored.id);
        Ok::<_, AppError>((stored, existing(conn, Kind::Cycle, cycle)?))
    })?;
    let saw = stored.text("holding");
    // Of which several values stand, an answer settles.
    let settled = !stored.several.contains(&RecheckField::Holding.number());
    let same = settled
        && request
            .holding
            .is_some_and(|it| saw.as_deref() == Some(it.word()));
    let chart = match (
        request.holding.filter(|_| !same),
        stored.text("indicator"),
        cycle.reference("place"),
    ) {
        (Some(_), Some(code), Some(place)) => Value::text(&chart_as_it_stands(cx, place, &code)?),
        _ => Value::Null,
    };
    let field = |field: RecheckField, value| edit(Kind::Recheck, stored.id, field.number(), value);
    let answered = request.holding;
    let mut edits = vec![field(
        RecheckField::Reason,
        answered.map_or(Value::Null, |_| said.clone()),
    )];
    if !same {
        edits.extend([
            field(
                RecheckField::Day,
                answered.map_or(Value::Null, |_| date_value(cx.today())),
            ),
            field(
                RecheckField::Holding,
                answered.map_or(Value::Null, |it| Value::text(it.word())),
            ),
            field(RecheckField::Chart, chart),
        ]);
    }
    edits.extend(stored.kept());
    let becomes = match (answered, cycle.text("status").as_deref()) {
        (Some(Holding::Slips), Some("closed")) if !same => Some("open"),
        (None | Some(Holding::Holds), Some("open")) if took_up(cx, &stored, &cycle)? => {
            Some("closed")
        }
        _ => None,
    };
    if let Some(status) = becomes {
        edits.push(edit(
            Kind::Cycle,
            cycle.id,
            CycleField::Status.number(),
            Value::text(status),
        ));
        edits.extend(cycle.kept());
    }
    // The history of the cycle says why it was taken up again.
    let why = request.reason.clone().or_else(|| {
        let slips = answered == Some(Holding::Slips);
        said.as_text().filter(|_| slips).map(str::to_owned)
    });
    cx.write(|w| {
        cx.save(
            w,
            stored.scope,
            SaveKind::Edit,
            why.as_deref(),
            edits.clone(),
        )?;
        Ok(SavedRecord { id: stored.id })
    })
}

/// Whether a look that slipped took its cycle up again, in the same save, and nothing has been tried in it since.
fn took_up(cx: &Cx<'_>, look: &Record, cycle: &Record) -> Result<bool> {
    let save = |record: &Record, field: u16| {
        let stamp = record.stamps.iter().find(|stamp| stamp.field == field);
        stamp.map(|stamp| (stamp.replica, stamp.seq))
    };
    let slipped = look.text("holding").as_deref() == Some(Holding::Slips.word());
    let saw = save(look, RecheckField::Holding.number());
    if !slipped || saw.is_none() || saw != save(cycle, CycleField::Status.number()) {
        return Ok(false);
    }
    let trials = cx
        .store()
        .read(|conn| queries::parts(conn, Kind::Trial, cycle.id))?;
    Ok(trials
        .iter()
        .all(|trial| !trial.value("decision").is_null()))
}

/// The re-checks of a cycle, by their days: those that were answered, and those of changes that stand adopted.
pub(super) fn rechecks(cx: &Cx<'_>, cycle: RecordId) -> Result<Vec<Recheck>> {
    let stored = standing(cx, cycle)?;
    stored.iter().map(|record| recheck(cx, record)).collect()
}

/// The same, as they are stored.
pub(super) fn standing(cx: &Cx<'_>, cycle: RecordId) -> Result<Vec<Record>> {
    let (mut looks, trials) = cx.store().read(|conn| {
        let looks = queries::parts(conn, Kind::Recheck, cycle)?;
        Ok::<_, AppError>((looks, queries::parts(conn, Kind::Trial, cycle)?))
    })?;
    looks.retain(|look| {
        let of = look.reference("trial");
        let adopted = trials.iter().any(|it| Some(it.id) == of && is_adopted(it));
        adopted || !look.value("day").is_null()
    });
    Ok(looks)
}

fn recheck(cx: &Cx<'_>, record: &Record) -> Result<Recheck> {
    let (due, day) = (record.day("due"), record.day("day"));
    let today = cx.today().to_string();
    Ok(Recheck {
        meta: cx.meta(record)?,
        trial: record.reference("trial"),
        months: record.number("months").map_or(0, |months| months as u32),
        is_due: day.is_none() && due.as_ref().is_some_and(|due| *due <= today),
        due,
        looked: record.text("looked"),
        who: record.text("who"),
        indicator: record.text("indicator"),
        day,
        holding: record
            .text("holding")
            .and_then(|word| Holding::from_word(&word)),
        said: record.text("reason"),
        chart: record
            .text("chart")
            .and_then(|kept| serde_json::from_str(&kept).ok()),
    })
}
