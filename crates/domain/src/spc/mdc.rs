//! Making Data Count, the rules of NHS England for a chart of individual values: variation and assurance.
//!
//! NHS England, Making Data Count, 2024; the order of the rules and the two-in-three rule as in NHSRplotthedots 0.2.2. The
//! set carries its date since its authors still change the two-in-three rule.

use super::anhoej::{Side, side, tied};
use super::limits::{finite, mean, mean_range, moving_ranges};
use super::series::{Series, SeriesError};

/// Points in a row that make a trend, or a shift.
const SEVEN: usize = 7;
/// Distance of the limits from the mean, in mean moving ranges. 3 / d₂ is 2.6596; this set rounds it.
const FACTOR: f64 = 2.66;
/// Below so many points in a phase its limits are trial limits.
pub const FIRM_FROM: usize = 13;

/// Where a measure should go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Improvement {
    /// Higher is better.
    Increase,
    /// Lower is better.
    Decrease,
    /// Neither.
    Neutral,
}

/// Why a point is no common cause; the first that holds, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Outside the limits.
    Outside(Side),
    /// One of seven rising (above) or falling (below).
    Trend(Side),
    /// One of two out of three that lie beyond two thirds of the way to a limit, all three on one side of the mean. A
    /// point outside the limits does not count.
    TwoInThree(Side),
    /// One of seven on one side of the mean.
    Shift(Side),
}

impl Cause {
    /// The side it speaks of.
    pub fn side(self) -> Side {
        match self {
            Self::Outside(side)
            | Self::Trend(side)
            | Self::TwoInThree(side)
            | Self::Shift(side) => side,
        }
    }

    /// Whether it is for the better; `None` for a measure that should go neither way.
    pub fn improves(self, direction: Improvement) -> Option<bool> {
        match direction {
            Improvement::Increase => Some(self.side() == Side::Above),
            Improvement::Decrease => Some(self.side() == Side::Below),
            Improvement::Neutral => None,
        }
    }
}

/// Whether chance alone lets the target be met, by the limits of the last point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assurance {
    /// The target will be met.
    Passes,
    /// It will be missed.
    Fails,
    /// It is met at times, or there are no limits to tell by.
    Inconsistent,
}

/// A point of the chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Its value, multiplied; `None` when missing.
    pub value: Option<f64>,
    /// Its phase, from 1.
    pub phase: usize,
    /// The mean, multiplied.
    pub mean: Option<f64>,
    /// Lower process limit, multiplied.
    pub lower: Option<f64>,
    /// Upper process limit, multiplied.
    pub upper: Option<f64>,
    /// The side of the mean it lies on; `None` on the mean, missing or excluded.
    pub side: Option<Side>,
    /// Beyond two thirds of the way to a limit, and not outside; `None` where there are no limits.
    pub close_to_limits: Option<bool>,
    /// Outside the limits; `None` where there are none.
    pub outside_limits: Option<bool>,
    /// What special cause it belongs to.
    pub cause: Option<Cause>,
    /// Its phase has fewer than [`FIRM_FROM`] points.
    pub short: bool,
}

/// The chart with its two verdicts.
#[derive(Debug, Clone, PartialEq)]
pub struct MakingDataCount {
    /// Every point of the series, in its order.
    pub points: Vec<Point>,
    /// Whether the target is met; `None` without a target or a direction.
    pub assurance: Option<Assurance>,
}

impl MakingDataCount {
    /// Charts a series. `target` in the unit shown. With `screen`, moving ranges that no chance explains do not widen the
    /// limits; see [`mean_range`].
    ///
    /// # Errors
    /// When the series contradicts itself or leaves the range of finite numbers.
    pub fn of(
        series: &Series,
        direction: Improvement,
        target: Option<f64>,
        screen: bool,
    ) -> Result<Self, SeriesError> {
        for (option, given) in [
            ("n", series.denominators.is_some()),
            ("subgroup", series.subgroups.is_some()),
        ] {
            if given {
                return Err(SeriesError::TakesNo { option });
            }
        }
        let count = series.values.len();
        series.check(count)?;
        if let Some(i) = series
            .values
            .iter()
            .position(|v| v.is_some_and(|v| !(v * series.multiply).is_finite()))
        {
            return Err(SeriesError::NotFinite { point: i + 1 });
        }
        let mut points = Vec::with_capacity(count);
        let mut first = 0;
        for (phase, last) in (1..).zip(series.phase_ends(count)) {
            points.extend(stretch(series, first..last, phase, screen));
            first = last;
        }
        let last = points.iter().rfind(|point: &&Point| point.value.is_some());
        let assurance = last.and_then(|last| {
            let target = target?;
            let above = last.upper.and_then(|upper| side(target, upper)) == Some(Side::Above);
            let below = last.lower.and_then(|lower| side(target, lower)) == Some(Side::Below);
            match (direction, above, below) {
                (Improvement::Neutral, ..) => None,
                (Improvement::Increase, true, _) | (Improvement::Decrease, _, true) => {
                    Some(Assurance::Fails)
                }
                (Improvement::Increase, _, true) | (Improvement::Decrease, true, _) => {
                    Some(Assurance::Passes)
                }
                _ => Some(Assurance::Inconsistent),
            }
        });
        Ok(Self { points, assurance })
    }

    /// What the last point says about variation.
    pub fn variation(&self) -> Option<Cause> {
        self.points
            .iter()
            .rfind(|point| point.value.is_some())
            .and_then(|point| point.cause)
    }
}

fn stretch(
    series: &Series,
    range: std::ops::Range<usize>,
    phase: usize,
    screen: bool,
) -> Vec<Point> {
    let included = |i: &usize| !series.exclude.contains(&(i + 1));
    let base: Vec<Option<f64>> = range
        .clone()
        .filter(|i| included(i) && series.in_baseline(i + 1))
        .map(|i| series.values[i])
        .collect();
    let centre = series
        .given_centre
        .or_else(|| mean(&base.iter().flatten().copied().collect::<Vec<_>>()));
    let reach = mean_range(&moving_ranges(&base), screen).and_then(|range| finite(FACTOR * range));
    let short = range.len() < FIRM_FROM;
    let mut points: Vec<Point> = range
        .clone()
        .map(|i| {
            let value = series.values[i];
            let pair = value.zip(centre);
            let distance = pair.map(|(value, centre)| value - centre);
            let outside = pair.zip(reach).map(|((value, centre), reach)| {
                side(value, centre + reach) == Some(Side::Above)
                    || side(value, centre - reach) == Some(Side::Below)
            });
            let near = distance.zip(reach).map(|(distance, reach)| {
                let zone = reach * 2.0 / 3.0;
                distance.abs() > zone && !tied(distance.abs(), zone)
            });
            let shown = |line: Option<f64>| line.map(|line| line * series.multiply);
            Point {
                value: shown(value),
                phase,
                mean: shown(centre),
                lower: shown(centre.zip(reach).map(|(centre, reach)| centre - reach)),
                upper: shown(centre.zip(reach).map(|(centre, reach)| centre + reach)),
                side: pair
                    .filter(|_| included(&i))
                    .and_then(|(value, centre)| side(value, centre)),
                close_to_limits: near.zip(outside).map(|(near, outside)| near && !outside),
                outside_limits: outside,
                cause: None,
                short,
            }
        })
        .collect();
    let known: Vec<usize> = (0..points.len())
        .filter(|&i| points[i].value.is_some() && included(&(range.start + i)))
        .collect();
    let causes = causes(&points, &known);
    for (point, cause) in points.iter_mut().zip(causes) {
        point.cause = cause;
    }
    points
}

/// The first cause of each point that holds.
fn causes(points: &[Point], known: &[usize]) -> Vec<Option<Cause>> {
    let mut causes: Vec<Option<Cause>> = points
        .iter()
        .map(|point| {
            point
                .outside_limits
                .filter(|&outside| outside)
                .and(point.side)
                .map(Cause::Outside)
        })
        .collect();
    let mut mark = |at: &[usize], cause: Cause| {
        for &i in at {
            causes[i].get_or_insert(cause);
        }
    };
    for seven in known.windows(SEVEN) {
        let step = |pair: &[usize]| side(points[pair[1]].value?, points[pair[0]].value?);
        let first = step(&seven[..2]);
        if let Some(way) = first.filter(|_| seven.windows(2).all(|pair| step(pair) == first)) {
            mark(seven, Cause::Trend(way));
        }
    }
    for three in known.windows(3) {
        let on = points[three[0]].side;
        let close: Vec<usize> = three
            .iter()
            .copied()
            .filter(|&i| points[i].close_to_limits == Some(true))
            .collect();
        if let Some(on) =
            on.filter(|_| close.len() >= 2 && three.iter().all(|&i| points[i].side == on))
        {
            mark(&close, Cause::TwoInThree(on));
        }
    }
    for seven in known.windows(SEVEN) {
        let on = points[seven[0]].side;
        if let Some(on) = on.filter(|_| seven.iter().all(|&i| points[i].side == on)) {
            mark(seven, Cause::Shift(on));
        }
    }
    causes
}
