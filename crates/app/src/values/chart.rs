//! The chart of an indicator at a place.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use domain::catalog::{self, Frequency, Indicator};
use domain::event::EventSort;
use domain::ids::RecordId;
use domain::measure::{Entry, Source};
use domain::period::{Month, Period};
use domain::registry::Kind;
use domain::spc::caution::Caution;
use domain::spc::chart::ChartKind;
use domain::spc::fit::{Drawn, Unfit, fits};
use domain::spc::rules::RuleSet;
use domain::spc::verdict::{ChartPoint, ChartView, Design, Measure, Observation};
use domain::stratum::Split;
use serde::{Deserialize, Serialize};

use super::{MOST_MONTHS, Which, entry, known_indicator, period_of, queries};
use crate::charts;
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::places::PlaceSummary;
use crate::records::queries::Record;
use crate::variants;

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
    /// How many months at most are drawn; all are judged.
    pub months: u32,
    /// The kind of chart; none for the one that was set, which is the run chart, that every team reads, until then.
    #[serde(default)]
    pub chart: Option<ChartKind>,
    /// The part of the whole, as it is stored; none for the whole.
    #[serde(default)]
    pub stratum: Option<String>,
    /// Where its values were counted; in the register unless it is said.
    #[serde(default)]
    pub source: Source,
}

impl ChartRequest {
    /// The chart of the whole as its register tells it, over everything, as it was set.
    pub fn of(place: RecordId, indicator: &str) -> Self {
        Self {
            place,
            indicator: indicator.to_owned(),
            cycle: None,
            months: MOST_MONTHS,
            chart: None,
            stratum: None,
            source: Source::Register,
        }
    }
}

/// A date that is marked on a chart.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ChartMark {
    /// The first period drawn that it falls in, ISO.
    pub period: String,
    /// The last one, where it lasted longer.
    pub until: Option<String>,
    /// What it is called; may be empty, where the sort says it all.
    pub label: String,
    /// A trial, an event, or the phase of the chart that begins there.
    pub kind: Kind,
    /// What an event was.
    pub sort: Option<EventSort>,
    /// The record of it.
    #[ts(type = "string")]
    pub record: RecordId,
    /// The cycle of a trial.
    #[ts(type = "string | null")]
    pub cycle: Option<RecordId>,
    /// The first day, ISO.
    pub day: String,
}

/// A chart that figures cannot be put into.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct UnfitChart {
    /// The kind of chart.
    pub chart: ChartKind,
    /// Why not.
    pub why: Unfit,
}

/// A chart with all that is drawn on it.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Chart {
    /// Where.
    pub place: PlaceSummary,
    /// What.
    pub indicator: Indicator,
    /// Where what is drawn was counted.
    pub source: Source,
    /// From where else there are values, or parts of them, the register first.
    pub sources: Vec<Source>,
    /// What the whole is parted by, as far as parts were counted.
    pub splits: Vec<Split>,
    /// The periods from which on values were counted by another version of the definition than those before.
    pub redefined: Vec<String>,
    /// The line, its median, goal and verdict.
    pub view: ChartView,
    /// How far the values of each month lie apart, drawn beneath a chart of their means.
    pub beneath: Option<ChartView>,
    /// The day from which the last period counts, ISO, while it is not complete yet.
    pub counts_from: Option<String>,
    /// Why its signs are to be read with care, where they are.
    pub caution: Option<Caution>,
    /// The chart that was set where the figures cannot be put into it, so that the run chart is drawn.
    pub unfit: Option<UnfitChart>,
    /// The trials and phases that began in these months, and what happened at the place.
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
    if request
        .stratum
        .as_deref()
        .is_some_and(|part| Split::of(part).is_none())
    {
        return Err(AppError::new("request-invalid"));
    }
    let which = Which {
        stratum: request.stratum.as_deref(),
        source: request.source,
    };
    // A goal is one for the whole.
    let goal = goal.filter(|_| which == Which::default());
    let measure = measure_of(indicator, goal);
    let (view, unfit) = drawn(cx, request.place, &measure, indicator, request.chart, which)?;
    let beneath = match view.chart {
        ChartKind::Xbar => {
            let kind = Some(ChartKind::S);
            Some(drawn(cx, request.place, &measure, indicator, kind, which)?.0)
        }
        _ => None,
    };
    let most = request.months.clamp(1, MOST_MONTHS);
    let caution = match view.drawn {
        Drawn::Value => Caution::on(indicator.follows, &view.points),
        _ => None,
    };
    let view = view.last(most);
    let last = view.points.last().filter(|point| point.incomplete);
    let counts_from = last
        .and_then(|point| counts_from(point.label.parse().ok()?))
        .map(|day| day.to_string());
    let (counted, sources, parts) = cx.store().read(|conn| {
        Ok::<_, AppError>((
            queries::values_of(conn, request.place, &indicator.code, which)?,
            queries::sources(conn, request.place, &indicator.code)?,
            queries::parts(conn, request.place, &indicator.code, queries::REGISTER)?,
        ))
    })?;
    let splits: BTreeSet<Split> = parts.iter().filter_map(|part| Split::of(part)).collect();
    let (trials, events) = cx.store().read(|conn| {
        Ok::<_, AppError>((
            queries::trials(conn, request.place, &indicator.code, request.cycle)?,
            charts::queries::events(conn, request.place, &indicator.code)?,
        ))
    })?;
    let mut marks: Vec<ChartMark> = trials
        .iter()
        .chain(&events)
        .filter_map(|record| mark(record, &view))
        .collect();
    let first = view.points.first().map(|point| point.label.clone());
    // A phase is decided on the whole in the register, and divides nothing else.
    let phases = match which == Which::default() {
        true => cx.store().read(|conn| {
            charts::queries::about(conn, Kind::ChartPhase, request.place, &indicator.code)
        })?,
        false => Vec::new(),
    };
    marks.extend(
        phases
            .iter()
            .filter_map(|phase| phase_mark(phase, &view))
            .filter(|mark| Some(&mark.period) > first.as_ref()),
    );
    marks.sort_by(|a, b| (&a.day, a.record).cmp(&(&b.day, b.record)));
    Ok(Chart {
        place: cx.place_summary(request.place)?,
        indicator: variants::worded(cx, request.place, indicator)?,
        source: request.source,
        sources: sources.into_iter().collect(),
        splits: splits.into_iter().collect(),
        redefined: redefined(&counted),
        view,
        beneath: beneath.map(|beneath| beneath.last(most)),
        counts_from,
        caution,
        unfit,
        marks,
    })
}

/// The periods from which on values were counted by another version of the definition, the catalogue's or the place's own.
fn redefined(counted: &[Record]) -> Vec<String> {
    let said: Vec<(String, (u16, Option<RecordId>))> = counted
        .iter()
        .filter(|record| record.number("numerator").is_some())
        .filter_map(|record| {
            let version = record.number("version").unwrap_or(1.0) as u16;
            Some((
                record.text("period")?,
                (version, record.reference("variant")),
            ))
        })
        .collect();
    said.windows(2)
        .filter(|pair| pair[0].1 != pair[1].1)
        .map(|pair| pair[1].0.clone())
        .collect()
}

/// What a chart must know of an indicator.
pub fn measure_of(indicator: &Indicator, goal: Option<f64>) -> Measure {
    Measure {
        direction: indicator.direction,
        has_denominator: indicator.denominator.is_some(),
        multiply: indicator.multiplier,
        suits: indicator.chart,
        goal,
    }
}

/// Where a trial or an event stands on a chart; nothing when it lies before the first period or after the last.
fn mark(record: &Record, view: &ChartView) -> Option<ChartMark> {
    let day = record.day("starts")?;
    // A trial is marked where it began, an event as long as it lasted.
    let event = record.kind == Kind::Event;
    let ends = record.day("ends").filter(|_| event);
    let lasts = ends.as_ref().unwrap_or(&day);
    let within = |point: &&ChartPoint| {
        let period = point.label.parse::<Period>();
        period.is_ok_and(|period| {
            period.first_day().to_string() <= *lasts && period.last_day().to_string() >= day
        })
    };
    let mut covered = view.points.iter().filter(within);
    let first = covered.next().map(|point| point.label.clone());
    let until = covered.next_back().map(|point| point.label.clone());
    let first = match view.drawn {
        // Between two events, it stands over the interval that it fell into.
        Drawn::Cases | Drawn::Days => first.or_else(|| point_after(view, &day))?,
        _ => first?,
    };
    Some(ChartMark {
        until,
        period: first,
        kind: record.kind,
        label: match event {
            true => record.text("text"),
            false => record.text("title"),
        }
        .unwrap_or_default(),
        sort: event.then(|| {
            let word = record.text("sort").unwrap_or_default();
            EventSort::from_word(&word).unwrap_or(EventSort::Other)
        }),
        record: record.id,
        cycle: record.reference("cycle"),
        day,
    })
}

/// The first point whose period ends on a day or after it; none on a day before all of them.
fn point_after(view: &ChartView, day: &str) -> Option<String> {
    let span = |point: &ChartPoint| point.label.parse::<Period>().ok();
    let first = span(view.points.first()?)?;
    if first.first_day().to_string().as_str() > day {
        return None;
    }
    let mut points = view.points.iter();
    let at = points.find(|point| span(point).is_some_and(|p| *p.last_day().to_string() >= *day))?;
    Some(at.label.clone())
}

/// Where a phase begins, with its reason.
fn phase_mark(record: &Record, view: &ChartView) -> Option<ChartMark> {
    let begins = record.text("period")?.parse::<Period>().ok()?.first_day();
    let day = begins.to_string();
    Some(ChartMark {
        period: point_after(view, &day)?,
        day,
        until: None,
        label: record.text("reason").unwrap_or_default(),
        kind: record.kind,
        sort: None,
        record: record.id,
        cycle: None,
    })
}

/// The chart of a measure at a place as it was designed, over everything that was counted: an old month that falls out of
/// the picture does not move the centre, which only a person does. Figures that came since may not be put into the chart that
/// was set: then it is the run chart.
fn drawn(
    cx: &Cx<'_>,
    place: RecordId,
    measure: &Measure,
    indicator: &Indicator,
    asked: Option<ChartKind>,
    which: Which<'_>,
) -> Result<(ChartView, Option<UnfitChart>)> {
    let mut design = charts::design(cx, place, indicator)?;
    if which != Which::default() {
        // What was decided of phases and points was decided looking at the whole, as its register tells it.
        design = Design {
            kind: design.kind,
            rules: design.rules,
            ..Design::default()
        };
    }
    let observations = observations(cx, place, indicator, MOST_MONTHS, which)?;
    let fit = |kind| fits(kind, measure, &observations);
    let mut unfit = None;
    if let Some((chart, why)) = design.kind.and_then(|kind| Some((kind, fit(kind).err()?))) {
        unfit = Some(UnfitChart { chart, why });
        (design.kind, design.rules) = (None, RuleSet::default());
    }
    if let Some(kind) = asked.filter(|kind| design.kind.unwrap_or(ChartKind::Run) != *kind) {
        design.kind = Some(kind);
        // The rules that were set are made for the chart that was set.
        if !design.rules.suits(kind) {
            design.rules = RuleSet::default();
        }
    }
    design.running = Some(Month::of(cx.today()).to_string());
    let view = ChartView::designed(measure, observations, &design)
        .map_err(|_| AppError::new("chart-impossible"))?;
    Ok((view, unfit))
}

/// The periods of a chart, oldest first, as they were recorded.
pub fn charted(cx: &Cx<'_>, place: RecordId, indicator: &Indicator) -> Result<Vec<Observation>> {
    observations(cx, place, indicator, MOST_MONTHS, Which::default())
}

/// The chart of an indicator at a place as it was designed; nothing while there is no value.
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
    let measure = measure_of(indicator, goal);
    let as_kind = |kind| drawn(cx, place, &measure, indicator, kind, Which::default());
    let (mut view, _) = as_kind(None)?;
    // Beside other measures it is read in its own unit.
    if view.drawn != Drawn::Value {
        view = as_kind(Some(ChartKind::Run))?.0;
    }
    Ok((!view.points.is_empty()).then(|| view.last(months)))
}

/// The periods of an indicator at a place: from the first value to the last, as many as lie in so many months. Those whose
/// reporting date has not passed are incomplete.
pub(super) fn observations(
    cx: &Cx<'_>,
    place: RecordId,
    indicator: &Indicator,
    months: u32,
    which: Which<'_>,
) -> Result<Vec<Observation>> {
    let series = cx
        .store()
        .read(|conn| queries::values_of(conn, place, &indicator.code, which))?;
    Ok(observed(cx, indicator, months, &series))
}

/// The first day on which the figures of a period are held to be complete: when they have been reported. An event is complete
/// when it is noted.
fn counts_from(period: Period) -> Option<NaiveDate> {
    let days = match period.frequency() {
        Frequency::Event => return None,
        frequency => frequency.reporting_days(),
    };
    period
        .last_day()
        .checked_add_days(Days::new(u64::from(days) + 1))
}

/// The periods that a series of values tells of.
pub(super) fn observed(
    cx: &Cx<'_>,
    indicator: &Indicator,
    months: u32,
    series: &[Record],
) -> Vec<Observation> {
    let said: BTreeMap<Period, Entry> = series
        .iter()
        .filter_map(|record| Some((period_of(record)?, entry(record))))
        .filter(|(period, _)| period.frequency() == indicator.frequency)
        .filter(|(_, entry)| entry.no_data.is_some() || entry.value(indicator).is_some())
        .collect();
    let (Some(first), Some(last)) = (said.keys().next(), said.keys().next_back()) else {
        return Vec::new();
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
            incomplete: counts_from(period).is_some_and(|day| day > today),
        }
    });
    observed.collect()
}
