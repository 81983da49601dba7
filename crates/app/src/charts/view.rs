//! What was decided about a chart, as the screen receives it.

use domain::catalog::Indicator;
use domain::event::EventSort;
use domain::permission::{Action, Class};
use domain::registry::Kind;
use domain::spc::chart::ChartKind;
use domain::spc::fit::{Unfit, fits};
use domain::spc::rules::RuleSet;
use domain::spc::verdict::Observation;
use serde::Serialize;

use super::{OfMeasure, queries};
use crate::actions::{PlannedAction, planned};
use crate::cx::Cx;
use crate::error::Result;
use crate::permissions::{may_change, may_there};
use crate::records::RecordMeta;
use crate::records::queries::Record;
use crate::values::{charted, known_indicator, measure_of};

/// A phase, the frozen baseline or an excluded point.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ChartNote {
    /// What every record shows: who and when.
    pub meta: RecordMeta,
    /// Which of them.
    pub kind: Kind,
    /// The period that it is about, ISO.
    pub period: String,
    /// Why.
    pub reason: String,
}

/// The goal from a period on.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ChartGoal {
    /// What every record shows.
    pub meta: RecordMeta,
    /// The first period that it is for, ISO.
    pub period: String,
    /// The goal, in the measure's unit.
    pub goal: Option<f64>,
    /// Why.
    pub reason: String,
}

/// The chart and rule set that were set.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ChartSetting {
    /// What every record shows.
    pub meta: RecordMeta,
    /// The kind of chart; none that this version knows.
    pub chart: Option<ChartKind>,
    /// The rule set; none that this version knows.
    pub rules: Option<RuleSet>,
    /// Why.
    pub reason: String,
}

/// Something that happened.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ChartEvent {
    /// What every record shows.
    pub meta: RecordMeta,
    /// The one measure that it is about; none for all of the place.
    pub indicator: Option<String>,
    /// What it was.
    pub sort: EventSort,
    /// First day, ISO.
    pub starts: String,
    /// Last day, ISO.
    pub ends: Option<String>,
    /// What is to be said of it.
    pub text: Option<String>,
}

/// A kind of chart, with the rule sets that are made for it.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ChartChoice {
    /// The kind of chart.
    pub chart: ChartKind,
    /// Why the measure or its figures cannot be put into it; none where it can be chosen.
    pub unfit: Option<Unfit>,
    /// The rule sets.
    pub rules: Vec<RuleSet>,
}

/// Everything that people decided and noted about the chart of a measure.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Notes {
    /// The phases, in time.
    pub phases: Vec<ChartNote>,
    /// The frozen baseline.
    pub freeze: Option<ChartNote>,
    /// The excluded points, in time.
    pub excluded: Vec<ChartNote>,
    /// The goals by date, in time.
    pub goals: Vec<ChartGoal>,
    /// The chart and rule set that were set; none for the run chart with the rules that everyone begins with.
    pub setting: Option<ChartSetting>,
    /// What happened, in time.
    pub events: Vec<ChartEvent>,
    /// What was agreed, what is not done first.
    pub actions: Vec<PlannedAction>,
    /// Every kind of chart, those that can be set first.
    pub choices: Vec<ChartChoice>,
    /// Whether whoever is inside may decide and note.
    pub writable: bool,
    /// Whether they may set chart and rule set.
    pub may_set: bool,
}

/// Every kind of chart for a measure with its figures, those that it can be put into first.
fn choices(indicator: &Indicator, periods: &[Observation]) -> Vec<ChartChoice> {
    let measure = measure_of(indicator, None);
    let mut all: Vec<ChartChoice> = ChartKind::ALL
        .into_iter()
        .map(|chart| ChartChoice {
            chart,
            unfit: fits(chart, &measure, periods).err(),
            rules: RuleSet::ALL
                .into_iter()
                .filter(|rules| rules.suits(chart))
                .collect(),
        })
        .collect();
    all.sort_by_key(|choice| choice.unfit.is_some());
    all
}

/// Everything that people decided and noted about the chart of a measure.
pub fn chart_notes(cx: &Cx<'_>, request: OfMeasure) -> Result<Notes> {
    let (place, indicator) = (request.place, known_indicator(&request.indicator)?);
    let of = |kind| {
        cx.store()
            .read(|conn| queries::about(conn, kind, place, &indicator.code))
    };
    let noted = |kind| -> Result<Vec<ChartNote>> {
        let found = of(kind)?;
        found.iter().map(|record| note(cx, record)).collect()
    };
    let goals = of(Kind::ChartGoal)?;
    let goals = goals.iter().map(|record| {
        Ok(ChartGoal {
            meta: cx.meta(record)?,
            period: record.text("period").unwrap_or_default(),
            goal: record.number("goal"),
            reason: record.text("reason").unwrap_or_default(),
        })
    });
    let setting = of(Kind::ChartSetting)?.pop().map(|record| {
        Ok::<_, crate::error::AppError>(ChartSetting {
            meta: cx.meta(&record)?,
            chart: record
                .text("chart")
                .and_then(|name| ChartKind::named(&name)),
            rules: record.text("rules").and_then(|name| RuleSet::named(&name)),
            reason: record.text("reason").unwrap_or_default(),
        })
    });
    let events = cx
        .store()
        .read(|conn| queries::events(conn, place, &indicator.code))?;
    let periods = charted(cx, place, indicator)?;
    let scope = cx.scope_of(place)?;
    Ok(Notes {
        phases: noted(Kind::ChartPhase)?,
        freeze: noted(Kind::ChartFreeze)?.pop(),
        excluded: noted(Kind::ExcludedPoint)?,
        goals: goals.collect::<Result<_>>()?,
        setting: setting.transpose()?,
        events: events
            .iter()
            .map(|record| event(cx, record))
            .collect::<Result<_>>()?,
        actions: of(Kind::Action)?
            .iter()
            .map(|record| planned(cx, record))
            .collect::<Result<_>>()?,
        choices: choices(indicator, &periods),
        writable: may_change(cx, scope)?,
        may_set: cx.laptop.practice
            || cx.may_write(scope)? && may_there(cx, Action::Write, Class::Method, scope)?,
    })
}

fn note(cx: &Cx<'_>, record: &Record) -> Result<ChartNote> {
    Ok(ChartNote {
        meta: cx.meta(record)?,
        kind: record.kind,
        period: record.text("period").unwrap_or_default(),
        reason: record.text("reason").unwrap_or_default(),
    })
}

fn event(cx: &Cx<'_>, record: &Record) -> Result<ChartEvent> {
    let sort = record.text("sort");
    Ok(ChartEvent {
        meta: cx.meta(record)?,
        indicator: record.text("indicator"),
        // A sort of a newer version is something else, as its text says.
        sort: sort
            .and_then(|word| EventSort::from_word(&word))
            .unwrap_or(EventSort::Other),
        starts: record.day("starts").unwrap_or_default(),
        ends: record.day("ends"),
        text: record.text("text"),
    })
}
