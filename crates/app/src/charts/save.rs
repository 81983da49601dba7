//! Deciding about a chart and noting what happened. Everything decided has a reason, is somebody's, and
//! is taken back by deleting its record.

use domain::event::EventSort;
use domain::ids::RecordId;
use domain::measure::{Typed, parse_cell};
use domain::period::Period;
use domain::registry::{EventField, Field, Kind};
use domain::spc::fit::fits;
use domain::value::{Value, value_date};
use sync::log::SaveKind;

use super::{OnChart, SaveEvent, SetChart, SetGoal, chart_record};
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::records::queries::record;
use crate::records::{SavedRecord, edit, placed, text_value};
use crate::values::{charted, known_indicator, measure_of};

/// Begins a phase: centre and limits are computed anew from its first period on.
///
/// # Errors
/// `phase-first` when nothing lies before it, `point-unknown`, `reason-missing`.
pub fn begin_phase(cx: &Cx<'_>, request: OnChart) -> Result<SavedRecord> {
    let periods = known_point(cx, &request)?;
    if periods.first() == Some(&request.period) {
        return Err(AppError::new("phase-first"));
    }
    on_chart(cx, Kind::ChartPhase, &request)
}

/// Freezes the baseline: centre and limits come from the periods up to this one, and are extended over what follows.
///
/// # Errors
/// `freeze-phases` while there are phases, each of which has its own baseline; `point-unknown`, `reason-missing`.
pub fn freeze_baseline(cx: &Cx<'_>, request: OnChart) -> Result<SavedRecord> {
    known_point(cx, &request)?;
    let phases = cx.store().read(|conn| {
        super::queries::about(conn, Kind::ChartPhase, request.place, &request.indicator)
    })?;
    if !phases.is_empty() {
        return Err(AppError::new("freeze-phases"));
    }
    on_chart(cx, Kind::ChartFreeze, &request)
}

/// Leaves a point out of centre, limits and counts; it stays on the chart.
///
/// # Errors
/// `point-unknown`, `reason-missing`.
pub fn exclude_point(cx: &Cx<'_>, request: OnChart) -> Result<SavedRecord> {
    known_point(cx, &request)?;
    on_chart(cx, Kind::ExcludedPoint, &request)
}

/// Sets the goal of a measure from a period on.
///
/// # Errors
/// `goal-not-taken` for a measure without direction, `point-unknown` for what is no period, `period-length` for one of another
/// length than the measure's, `value-invalid`, `reason-missing`.
pub fn set_goal(cx: &Cx<'_>, request: SetGoal) -> Result<SavedRecord> {
    let indicator = known_indicator(&request.indicator)?;
    if !indicator.takes_goal() {
        return Err(AppError::new("goal-not-taken"));
    }
    let period = request.period.parse::<Period>();
    let period = period.map_err(|_| AppError::new("point-unknown"))?;
    if period.frequency() != indicator.frequency {
        return Err(AppError::new("period-length").with("period", period));
    }
    let goal = match parse_cell(&request.goal) {
        Ok(Typed::Number(goal)) => Value::number(goal),
        _ => None,
    };
    let goal = goal.ok_or_else(|| AppError::new("value-invalid").with("field", "goal"))?;
    let key = Key {
        kind: Kind::ChartGoal,
        place: request.place,
        indicator: &indicator.code,
        period: Some(&period.to_string()),
    };
    put(cx, &key, &request.reason, &[("goal", goal)])
}

/// Sets the chart and the rule set of a measure.
///
/// # Errors
/// `chart-not-taken` when the figures cannot be put into the chart, `rules-not-taken` when the rules are not made for it,
/// `reason-missing`.
pub fn set_chart(cx: &Cx<'_>, request: SetChart) -> Result<SavedRecord> {
    let indicator = known_indicator(&request.indicator)?;
    let periods = charted(cx, request.place, indicator)?;
    if fits(request.chart, &measure_of(indicator, None), &periods).is_err() {
        return Err(AppError::new("chart-not-taken"));
    }
    if !request.rules.suits(request.chart) {
        return Err(AppError::new("rules-not-taken"));
    }
    let key = Key {
        kind: Kind::ChartSetting,
        place: request.place,
        indicator: &indicator.code,
        period: None,
    };
    let fields = [
        ("chart", Value::text(request.chart.name())),
        ("rules", Value::text(request.rules.name())),
    ];
    put(cx, &key, &request.reason, &fields)
}

/// Makes or edits something that happened.
///
/// # Errors
/// `event-without-day`, `event-ends-before`, `request-invalid` for a sort that is none.
pub fn save_event(cx: &Cx<'_>, request: SaveEvent) -> Result<SavedRecord> {
    for edit in &request.edits {
        let word = edit.value.as_str().unwrap_or_default();
        let fits = match edit.field {
            EventField::Sort => EventSort::from_word(word).is_some(),
            EventField::Indicator if !edit.value.is_null() => {
                known_indicator(word)?;
                true
            }
            _ => true,
        };
        if !fits {
            return Err(AppError::new("request-invalid"));
        }
    }
    let of = placed::Placed {
        kind: Kind::Event,
        id: request.id,
        of: "place",
        owner: request.place,
        scope: cx.scope_of(request.place)?,
        reason: request.reason.as_deref(),
    };
    placed::save(cx, &of, EventField::number, &request.edits, |after| {
        if after("sort").is_null() {
            return Err(AppError::new("request-invalid"));
        }
        let day = |field| value_date(&after(field));
        match (day("starts"), day("ends")) {
            (None, _) => Err(AppError::new("event-without-day")),
            (Some(starts), Some(ends)) if ends < starts => Err(AppError::new("event-ends-before")),
            _ => Ok(()),
        }
    })
}

/// The periods of the chart, among which the one that is spoken of must be.
fn known_point(cx: &Cx<'_>, request: &OnChart) -> Result<Vec<String>> {
    let indicator = known_indicator(&request.indicator)?;
    let periods: Vec<String> = charted(cx, request.place, indicator)?
        .into_iter()
        .map(|period| period.label)
        .collect();
    match periods.contains(&request.period) {
        true => Ok(periods),
        false => Err(AppError::new("point-unknown")),
    }
}

fn on_chart(cx: &Cx<'_>, kind: Kind, request: &OnChart) -> Result<SavedRecord> {
    let key = Key {
        kind,
        place: request.place,
        indicator: &request.indicator,
        period: Some(&request.period),
    };
    put(cx, &key, &request.reason, &[])
}

/// What is decided, and about what.
struct Key<'a> {
    kind: Kind,
    place: RecordId,
    indicator: &'a str,
    period: Option<&'a str>,
}

fn put(cx: &Cx<'_>, key: &Key<'_>, reason: &str, fields: &[(&str, Value)]) -> Result<SavedRecord> {
    let said = text_value("reason", reason)?;
    if said.is_null() {
        return Err(AppError::new("reason-missing"));
    }
    let scope = cx.scope_of(key.place)?;
    let id = chart_record(key.kind, key.place, key.indicator, key.period);
    let mut all = vec![
        ("place", Value::Ref(key.place)),
        ("indicator", Value::text(key.indicator)),
    ];
    all.extend(key.period.map(|period| ("period", Value::text(period))));
    all.extend(fields.iter().cloned());
    all.push(("reason", said));
    let mut edits = Vec::new();
    for (name, value) in all {
        let field = key.kind.field_named(name);
        let field: Field = field.ok_or_else(|| AppError::new("request-invalid"))?;
        edits.push(edit(key.kind, id, field.number, value));
    }
    cx.write(|w| {
        let stored = record(w.conn(), key.kind, id)?;
        edits.extend(stored.and_then(|stored| stored.kept()));
        cx.save(w, scope, SaveKind::Edit, Some(reason), edits)?;
        Ok(SavedRecord { id })
    })
}
