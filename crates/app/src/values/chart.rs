//! The chart of an indicator at a place.

use std::collections::BTreeMap;

use domain::catalog::{self, Frequency, Indicator};
use domain::ids::RecordId;
use domain::measure::Entry;
use domain::period::Period;
use domain::spc::chart::ChartKind;
use domain::spc::verdict::{ChartView, Measure, Observation};
use serde::{Deserialize, Serialize};

use super::{MOST_MONTHS, entry, known_indicator, period_of, queries};
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::places::PlaceSummary;

/// Which chart to draw.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct ChartRequest {
    /// Where.
    #[ts(type = "string")]
    pub place: RecordId,
    /// The indicator's code.
    pub indicator: String,
    /// The cycle whose trials and goal stand on it; none for all cycles of the place.
    #[ts(type = "string | null")]
    pub cycle: Option<RecordId>,
    /// How many months at most.
    pub months: u32,
    /// The kind of chart; none for the run chart, which every team reads.
    #[serde(default)]
    pub chart: Option<ChartKind>,
}

/// A date that is marked on a chart.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ChartMark {
    /// The period it falls in, ISO.
    pub period: String,
    /// What began then.
    pub label: String,
    /// The trial.
    #[ts(type = "string")]
    pub trial: RecordId,
    /// The day, ISO.
    pub day: String,
}

/// A chart with all that is drawn on it.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Chart {
    /// Where.
    pub place: PlaceSummary,
    /// What.
    pub indicator: Indicator,
    /// The line, its median, goal and verdict.
    pub view: ChartView,
    /// The trials that began in these months.
    pub marks: Vec<ChartMark>,
}

/// The chart of an indicator at a place, with the trials that began in its months.
pub fn chart(cx: &Cx<'_>, request: ChartRequest) -> Result<Chart> {
    let indicator = known_indicator(&request.indicator)?;
    let measures = cx
        .store()
        .read(|conn| queries::measures(conn, request.place))?;
    let goal = measures
        .iter()
        .filter(|m| m.text("indicator").as_deref() == Some(indicator.code.as_str()))
        .filter(|m| request.cycle.is_none() || m.reference("cycle") == request.cycle)
        .find_map(|m| m.number("goal"));
    let months = request.months.clamp(1, MOST_MONTHS);
    let kind = request.chart.unwrap_or(ChartKind::Run);
    let observations = observations(cx, request.place, indicator, months, queries::REGISTER)?;
    let view = ChartView::of(&measure_of(indicator, goal), observations, kind)
        .map_err(|_| AppError::new("chart-impossible"))?;
    let trials = cx
        .store()
        .read(|conn| queries::trials(conn, request.place, &indicator.code, request.cycle))?;
    let marks = trials
        .iter()
        .filter_map(|trial| {
            let day = trial.day("starts")?;
            let period = Period::of(indicator.frequency, day.parse().ok()?).to_string();
            let drawn = view.points.iter().any(|point| point.label == period);
            drawn.then(|| ChartMark {
                period,
                label: trial.text("title").unwrap_or_default(),
                trial: trial.id,
                day,
            })
        })
        .collect();
    Ok(Chart {
        place: cx.place_summary(request.place)?,
        indicator: indicator.clone(),
        view,
        marks,
    })
}

pub(super) fn measure_of(indicator: &Indicator, goal: Option<f64>) -> Measure {
    Measure {
        direction: indicator.direction,
        has_denominator: indicator.denominator.is_some(),
        multiply: indicator.multiplier,
        suits: indicator.chart,
        goal,
    }
}

/// The run chart of an indicator at a place; nothing while there is no value.
pub fn chart_view(
    cx: &Cx<'_>,
    place: RecordId,
    code: &str,
    goal: Option<f64>,
    months: u32,
) -> Result<Option<ChartView>> {
    let Some(indicator) = catalog::indicator(code) else {
        return Ok(None);
    };
    let observations = observations(cx, place, indicator, months, queries::REGISTER)?;
    if observations.is_empty() {
        return Ok(None);
    }
    ChartView::of(&measure_of(indicator, goal), observations, ChartKind::Run)
        .map(Some)
        .map_err(|_| AppError::new("chart-impossible"))
}

/// The periods of an indicator at a place, from one source: from the first value to the last, as many as lie in so many months. The one that is still
/// running is incomplete.
pub(super) fn observations(
    cx: &Cx<'_>,
    place: RecordId,
    indicator: &Indicator,
    months: u32,
    source: &str,
) -> Result<Vec<Observation>> {
    let series = cx
        .store()
        .read(|conn| queries::series(conn, place, &indicator.code, source))?;
    let said: BTreeMap<Period, Entry> = series
        .iter()
        .filter_map(|record| Some((period_of(record)?, entry(record))))
        .filter(|(period, _)| period.frequency() == indicator.frequency)
        .filter(|(_, entry)| entry.no_data.is_some() || entry.value(indicator).is_some())
        .collect();
    let (Some(first), Some(last)) = (said.keys().next(), said.keys().next_back()) else {
        return Ok(Vec::new());
    };
    let count = (months * Period::in_a_year(indicator.frequency)).div_ceil(12);
    let periods: Vec<Period> = if indicator.frequency == Frequency::Event {
        // Between two events there is nothing that is missing.
        let from = last.plus(-i32::try_from(count).unwrap_or(i32::MAX));
        said.keys().filter(|day| **day >= from).copied().collect()
    } else {
        let span = first
            .until(*last)
            .and_then(|span| u32::try_from(span).ok())
            .unwrap_or(0)
            + 1;
        Period::ending(*last, u16::try_from(span.min(count)).unwrap_or(u16::MAX)).collect()
    };
    let today = cx.today();
    let observed = periods.into_iter().map(|period| {
        let entry = said.get(&period).copied().unwrap_or_default();
        Observation {
            label: period.to_string(),
            n: entry.numerator,
            d: entry.denominator,
            no_data: entry
                .no_data
                .filter(|_| entry.value(indicator).is_none())
                .map(|reason| reason.word().to_owned()),
            incomplete: indicator.frequency != Frequency::Event && period.last_day() >= today,
        }
    });
    Ok(observed.collect())
}
