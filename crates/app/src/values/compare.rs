//! Before and after a trial or any other day: two spans of one measure at a place.

use domain::ids::RecordId;
use domain::spc::chart::ChartKind;
use domain::spc::compare::BeforeAfter;
use domain::spc::verdict::Observation;
use serde::{Deserialize, Serialize};

use super::chart::{ChartRequest, chart, measure_of};
use crate::cx::Cx;
use crate::error::{AppError, Result};

/// Which spans to compare.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct CompareRequest {
    /// Where.
    #[ts(type = "string")]
    pub place: RecordId,
    /// The indicator's code.
    pub indicator: String,
    /// The cycle whose goal counts; none for all cycles of the place.
    #[ts(type = "string | null")]
    pub cycle: Option<RecordId>,
    /// The earlier span.
    pub before: PeriodSpan,
    /// The later span.
    pub after: PeriodSpan,
}

/// Periods from one to another, both included.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct PeriodSpan {
    /// The first period, ISO, as the chart names it.
    pub from: String,
    /// The last.
    pub to: String,
}

/// Compares two spans of a measure at a place.
pub fn compare(cx: &Cx<'_>, request: CompareRequest) -> Result<BeforeAfter> {
    // The same periods, goal and states as on the chart, so that the two never tell different things.
    let drawn = chart(
        cx,
        ChartRequest {
            cycle: request.cycle,
            chart: Some(ChartKind::Run),
            ..ChartRequest::of(request.place, &request.indicator)
        },
    )?;
    let all: Vec<Observation> = drawn
        .view
        .points
        .into_iter()
        .map(|point| Observation {
            label: point.label,
            n: point.n,
            d: point.d,
            no_data: point.no_data,
            // A point that was left out is left out here too.
            incomplete: point.incomplete || point.excluded,
        })
        .collect();
    let (before, after) = (
        within(&all, &request.before)?,
        within(&all, &request.after)?,
    );
    if before.1 >= after.0 {
        return Err(AppError::new("spans-overlap"));
    }
    let of = |(first, last): (usize, usize)| &all[first..=last];
    BeforeAfter::of(
        &measure_of(&drawn.indicator, drawn.view.goal),
        of(before),
        of(after),
    )
    .map_err(|_| AppError::new("chart-impossible"))
}

/// The first and the last of a span among the periods of a chart.
fn within(all: &[Observation], span: &PeriodSpan) -> Result<(usize, usize)> {
    let at = |label: &str| all.iter().position(|period| period.label == label);
    at(&span.from)
        .zip(at(&span.to))
        .filter(|(first, last)| first <= last)
        .ok_or_else(|| AppError::new("span-unknown"))
}
