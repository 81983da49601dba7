//! Many small charts side by side: the measures of one place, or one measure at every place.

use std::collections::BTreeSet;

use domain::catalog::{self, Indicator};
use domain::ids::RecordId;
use domain::spc::chart::ChartKind;
use domain::spc::fit::Drawn;
use domain::spc::verdict::ChartView;
use domain::stratum::Split;
use serde::{Deserialize, Serialize};

use super::chart::{ChartRequest, chart};
use super::{Stratum, known_indicator, queries, strata};
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
    /// What that one measure of one place is parted by: the whole first, then the parts that were counted.
    #[serde(default)]
    pub split: Option<Split>,
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
    /// The part of the whole; none for the whole.
    pub stratum: Option<Stratum>,
    /// Its run chart, the same that stands alone; without points while nothing is counted there.
    pub view: ChartView,
}

/// The measures of one place, or one measure at every place, as small run charts.
pub fn multiples(cx: &Cx<'_>, request: MultiplesRequest) -> Result<Multiples> {
    if let (Some(place), Some(code), Some(by)) = (request.place, &request.indicator, request.split)
    {
        return parts_of(cx, place, code, by, request.months);
    }
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
            panels.push(panel(cx, place, &measure.code, request.months, None)?);
        }
    }
    Ok(Multiples {
        indicators,
        indicator,
        panels,
    })
}

/// One measure of a place and its parts.
fn parts_of(cx: &Cx<'_>, place: RecordId, code: &str, by: Split, months: u32) -> Result<Multiples> {
    let indicator = known_indicator(code)?.clone();
    let mut panels = vec![panel(cx, place, code, months, None)?];
    for part in strata::counted(cx, place, code, by)? {
        panels.push(panel(cx, place, code, months, Some(part))?);
    }
    Ok(Multiples {
        indicators: vec![indicator.clone()],
        indicator: Some(indicator),
        panels,
    })
}

fn panel(
    cx: &Cx<'_>,
    place: RecordId,
    code: &str,
    months: u32,
    stratum: Option<Stratum>,
) -> Result<Panel> {
    let as_kind = |kind| {
        let request = ChartRequest {
            months,
            stratum: stratum.as_ref().map(|part| part.key.clone()),
            chart: kind,
            ..ChartRequest::of(place, code)
        };
        chart(cx, request)
    };
    let mut one = as_kind(None)?;
    // Panels share a scale: what is drawn between events, or of several values, has another.
    if one.view.drawn != Drawn::Value {
        one = as_kind(Some(ChartKind::Run))?;
    }
    Ok(Panel {
        place: one.place,
        indicator: one.indicator.code,
        stratum,
        view: one.view,
    })
}
