//! The sums that the server writes for those above: one line for each place below, measure by measure.

use domain::catalog::{self, Indicator};
use domain::spc::chart::ChartKind;
use domain::spc::fit::fits;
use domain::spc::verdict::ChartView;
use domain::text::fold;
use serde::{Deserialize, Serialize};

use super::chart::{measure_of, observed};
use super::{MOST_MONTHS, queries};
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::places::PlaceSummary;

/// Which measure's sums.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SumsRequest {
    /// Its code; none for the first that has any.
    pub indicator: Option<String>,
    /// The kind of chart; none for the one that suits each place's figures.
    pub chart: Option<ChartKind>,
    /// How many months at most.
    pub months: u32,
}

/// The sums of one measure.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Sums {
    /// The measures that have sums here, in the order of the catalogue.
    pub indicators: Vec<Indicator>,
    /// The measure told of; none while there are no sums.
    pub indicator: Option<Indicator>,
    /// Its line at each place: the whole first, then by name, since places are never ranked.
    pub places: Vec<PlaceSums>,
}

/// One place's line.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct PlaceSums {
    /// The place whose facilities were summed.
    pub place: PlaceSummary,
    /// The line, without a goal: a sum is nobody's aim.
    pub view: ChartView,
}

/// The sums of a measure, place by place.
pub fn sums(cx: &Cx<'_>, request: SumsRequest) -> Result<Sums> {
    let summed = cx.store().read(queries::summed)?;
    let indicators: Vec<Indicator> = catalog::indicators()
        .iter()
        .filter(|known| summed.iter().any(|(_, code)| *code == known.code))
        .cloned()
        .collect();
    let indicator = match &request.indicator {
        Some(code) => Some(super::known_indicator(code)?.clone()),
        None => indicators.first().cloned(),
    };
    let Some(shown) = indicator.clone() else {
        return Ok(Sums {
            indicators,
            indicator,
            places: Vec::new(),
        });
    };
    let months = request.months.clamp(1, MOST_MONTHS);
    let mut places = Vec::new();
    for (place, _) in summed.iter().filter(|(_, code)| *code == shown.code) {
        let series = cx
            .store()
            .read(|conn| queries::series(conn, *place, &shown.code, queries::SUMS))?;
        let observed = observed(cx, &shown, months, &series);
        if observed.is_empty() {
            continue;
        }
        let measure = measure_of(&shown, None);
        let view = |kind| {
            ChartView::of(&measure, observed.clone(), kind)
                .map_err(|_| AppError::new("chart-impossible"))
        };
        let run = view(ChartKind::Run)?;
        let kind = request.chart.unwrap_or(run.advice.chart);
        places.push(PlaceSums {
            place: cx.place_summary(*place)?,
            // What another place's figures can be put into, these may not be.
            view: match fits(kind, &measure, &observed) {
                Ok(()) if kind != ChartKind::Run => view(kind)?,
                _ => run,
            },
        });
    }
    let home = cx.author()?.home;
    places.sort_by_key(|one| (one.place.id != home, fold(&one.place.name)));
    Ok(Sums {
        indicators,
        indicator,
        places,
    })
}
