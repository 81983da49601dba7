//! How people read a chart: phases, a frozen baseline, excluded points, chart and rule set, goals by date; and what happened at
//! the place.

mod past;
pub mod queries;
mod save;
mod view;

use domain::catalog::Indicator;
use domain::ids::RecordId;
use domain::registry::{EventField, Kind};
use domain::spc::chart::ChartKind;
use domain::spc::rules::RuleSet;
use domain::spc::verdict::Design;
use serde::{Deserialize, Serialize};

use crate::cx::Cx;
use crate::error::Result;
use crate::records::FieldEdit;

pub use past::{ChartPast, chart_past};
pub use save::{begin_phase, exclude_point, freeze_baseline, save_event, set_chart, set_goal};
pub use view::{ChartChoice, ChartEvent, ChartGoal, ChartNote, ChartSetting, Notes, chart_notes};

/// Something decided about one period of a chart.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct OnChart {
    /// Whose chart.
    #[ts(type = "string")]
    pub place: RecordId,
    /// The indicator's code.
    pub indicator: String,
    /// The period, ISO.
    pub period: String,
    /// Why; never empty.
    pub reason: String,
}

/// Sets the chart and the rule set of a measure.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SetChart {
    /// Whose chart.
    #[ts(type = "string")]
    pub place: RecordId,
    /// The indicator's code.
    pub indicator: String,
    /// The kind of chart.
    pub chart: ChartKind,
    /// The rule set.
    pub rules: RuleSet,
    /// Why; never empty.
    pub reason: String,
}

/// Sets the goal of a measure from a period on.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SetGoal {
    /// Where.
    #[ts(type = "string")]
    pub place: RecordId,
    /// The indicator's code.
    pub indicator: String,
    /// The first period that it is for, ISO.
    pub period: String,
    /// The goal as typed, in the measure's unit.
    pub goal: String,
    /// Why; never empty.
    pub reason: String,
}

/// Makes or edits something that happened.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SaveEvent {
    /// The record; none makes a new one.
    #[ts(type = "string | null")]
    pub id: Option<RecordId>,
    /// Where.
    #[ts(type = "string")]
    pub place: RecordId,
    /// What changes.
    pub edits: Vec<FieldEdit<EventField>>,
    /// Why, when there is something to say.
    pub reason: Option<String>,
}

/// A measure of a place.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct OfMeasure {
    /// Where.
    #[ts(type = "string")]
    pub place: RecordId,
    /// The indicator's code.
    pub indicator: String,
}

/// The kinds of records that say how a chart is read, in the order in which its past names them.
pub const ON_CHARTS: [Kind; 5] = [
    Kind::ChartPhase,
    Kind::ChartFreeze,
    Kind::ExcludedPoint,
    Kind::ChartGoal,
    Kind::ChartSetting,
];

/// The record of something decided about a chart, so that two laptops that decide the same meet in it: one for each
/// period, and one for the whole chart where there can be only one.
pub fn chart_record(
    kind: Kind,
    place: RecordId,
    indicator: &str,
    period: Option<&str>,
) -> RecordId {
    let period = match kind {
        Kind::ChartFreeze | Kind::ChartSetting => "",
        _ => period.unwrap_or_default(),
    };
    RecordId::natural(&[
        kind.table().as_bytes(),
        place.as_bytes(),
        indicator.as_bytes(),
        period.as_bytes(),
    ])
}

/// What people decided about the chart of a measure. A chart or rule set of a newer version is read as if none were set.
pub fn design(cx: &Cx<'_>, place: RecordId, indicator: &Indicator) -> Result<Design> {
    let of = |kind| {
        cx.store()
            .read(|conn| queries::about(conn, kind, place, &indicator.code))
    };
    let periods = |kind| -> Result<Vec<String>> {
        Ok(of(kind)?.iter().filter_map(|r| r.text("period")).collect())
    };
    let setting = of(Kind::ChartSetting)?.pop();
    let chosen = setting.and_then(|setting| {
        let kind = ChartKind::named(&setting.text("chart")?)?;
        let rules = RuleSet::named(&setting.text("rules")?)?;
        rules.suits(kind).then_some((kind, rules))
    });
    let goals = of(Kind::ChartGoal)?;
    Ok(Design {
        kind: chosen.map(|(kind, _)| kind),
        rules: chosen.map_or(RuleSet::default(), |(_, rules)| rules),
        phases: periods(Kind::ChartPhase)?,
        freeze: periods(Kind::ChartFreeze)?.pop(),
        excluded: periods(Kind::ExcludedPoint)?,
        goals: goals
            .iter()
            .filter_map(|goal| Some((goal.text("period")?, goal.number("goal")?)))
            .collect(),
        running: None,
    })
}
