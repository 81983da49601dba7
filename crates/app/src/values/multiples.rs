//! Many small charts side by side: the measures of one place, or one measure at every place.

use std::collections::BTreeSet;

use domain::catalog::{self, Indicator};
use domain::ids::RecordId;
use domain::spc::verdict::ChartView;
use serde::{Deserialize, Serialize};

use super::chart::{ChartRequest, chart};
use super::{known_indicator, queries};
use crate::cx::Cx;
use crate::error::Result;
use crate::places::PlaceSummary;

/// Which charts stand side by side.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct MultiplesRequest {
    /// The place whose measures are asked for; none for one measure at every place that is seen here.
    #[ts(type = "string | null")]
    pub place: Option<RecordId>,
    /// The code of that one measure; none for the first that has figures.
    pub indicator: Option<String>,
    /// How many months at most.
    pub months: u32,
}

/// Charts to be looked at together.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Multiples {
    /// The measures that have figures at any of the places, in the order of the catalogue.
    pub indicators: Vec<Indicator>,
    /// The one measure told of; none where a place's measures are.
    pub indicator: Option<Indicator>,
    /// The charts: measures in the order of the catalogue, places in the order in which they are listed, never ranked.
    pub panels: Vec<Panel>,
}

/// One small chart.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Panel {
    /// Where.
    pub place: PlaceSummary,
    /// The code of its measure.
    pub indicator: String,
    /// Its run chart, the same that stands alone; without points while nothing is counted there.
    pub view: ChartView,
}

/// The measures of one place, or one measure at every place, as small run charts.
pub fn multiples(cx: &Cx<'_>, request: MultiplesRequest) -> Result<Multiples> {
    let places = match request.place {
        Some(place) => vec![place],
        None => cx
            .member_places()?
            .into_iter()
            .map(|place| place.id)
            .collect(),
    };
    let mut counted = BTreeSet::new();
    for place in &places {
        counted.extend(cx.store().read(|conn| queries::counted(conn, *place))?);
    }
    let mut followed = BTreeSet::new();
    if let Some(place) = request.place {
        let measures = cx.store().read(|conn| queries::measures(conn, place))?;
        followed.extend(measures.iter().filter_map(|m| m.text("indicator")));
    }
    let of = |codes: &BTreeSet<String>| -> Vec<Indicator> {
        let known = catalog::indicators().iter();
        known
            .filter(|one| codes.contains(&one.code))
            .cloned()
            .collect()
    };
    let indicators = of(&counted);
    let (indicator, shown) = match (request.place, &request.indicator) {
        (Some(_), _) => (None, of(&counted.union(&followed).cloned().collect())),
        (None, Some(code)) => {
            let one = known_indicator(code)?.clone();
            (Some(one.clone()), vec![one])
        }
        (None, None) => {
            let first = indicators.first().cloned();
            (first.clone(), first.into_iter().collect())
        }
    };
    let mut panels = Vec::with_capacity(places.len() * shown.len());
    for place in places {
        for measure in &shown {
            let one = chart(
                cx,
                ChartRequest {
                    place,
                    indicator: measure.code.clone(),
                    cycle: None,
                    months: request.months,
                    chart: None,
                },
            )?;
            panels.push(Panel {
                place: one.place,
                indicator: one.indicator.code,
                view: one.view,
            });
        }
    }
    Ok(Multiples {
        indicators,
        indicator,
        panels,
    })
}
