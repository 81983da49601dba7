//! A chart over time: values with their centre line and, where the kind has them, the limits of what chance explains.
//!
//! Each phase is computed alone from its baseline points. The formulas stand with each [`ChartKind`]; the runs rules
//! ([`super::anhoej`]) apply to the centre line of all kinds but the moving range.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::anhoej::{self, RunsTest, Side};
use super::limits::{D2, D4, T_POWER, c4, finite, mean, mean_range, median, moving_ranges};
use super::series::{Series, SeriesError};

/// What is drawn and how its limits come about. Let m be the mean of the baseline, and MR the mean of its moving ranges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ChartKind {
    /// Run chart: the median, no limits. Perla, Provost & Murray 2011.
    Run,
    /// Individual measurements: m ± 3 MR / d₂. Montgomery chapter 6.
    I,
    /// Moving ranges: centre MR, upper limit D₄ MR, lower limit 0. Montgomery chapter 6.
    Mr,
    /// Proportions: p = Σn / Σd, limits p ± 3 √(p (1−p) / d), within 0 and 1. Montgomery chapter 7.
    P,
    /// Proportions of large numbers: the sigma of [`ChartKind::P`] times MR(z) / d₂, with z the distance of each point from p in
    /// sigmas. Laney 2002.
    #[serde(rename = "pp")]
    PPrime,
    /// Counts under like exposure: m ± 3 √m, not below 0. Montgomery chapter 7.
    C,
    /// Rates: u = Σn / Σd, limits u ± 3 √(u / d), not below 0. Montgomery chapter 7.
    U,
    /// Rates of large numbers, as [`ChartKind::PPrime`]. Laney 2002.
    #[serde(rename = "up")]
    UPrime,
    /// Cases between rare events: the median is drawn, limits are m ± 3 √(m (m+1)), the lower one 0. Montgomery chapter 7;
    /// Provost & Murray 2011.
    G,
    /// Time between rare events: [`ChartKind::I`] of the values to the power of 1 / 3.6, raised back. Montgomery chapter 7.
    T,
    /// Means of subgroups: weighted mean ± 3 s / (c₄ √n), with s the mean standard deviation within subgroups of one size,
    /// or the pooled one where sizes differ. Montgomery chapter 6.
    Xbar,
    /// Standard deviations within subgroups: s ± 3 s √(1 − c₄²) / c₄, not below 0. Montgomery chapter 6.
    S,
    /// Individual measurements of unequal weight: m = Σn / Σd, limits m ± 3 σ / √d, with σ from moving ranges weighted by
    /// √(π/2) / √(1/d₁ + 1/d₂). Taylor 2017.
    #[serde(rename = "ip")]
    IPrime,
}

impl ChartKind {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::Run,
        Self::I,
        Self::Mr,
        Self::P,
        Self::PPrime,
        Self::C,
        Self::U,
        Self::UPrime,
        Self::G,
        Self::T,
        Self::Xbar,
        Self::S,
        Self::IPrime,
    ];

    /// Its name in the schema `spc-oracle/1`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::I => "i",
            Self::Mr => "mr",
            Self::P => "p",
            Self::PPrime => "pp",
            Self::C => "c",
            Self::U => "u",
            Self::UPrime => "up",
            Self::G => "g",
            Self::T => "t",
            Self::Xbar => "xbar",
            Self::S => "s",
            Self::IPrime => "ip",
        }
    }

    /// The kind of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether its limits come from moving ranges, so that screening makes a difference.
    pub fn has_moving_range(self) -> bool {
        matches!(
            self,
            Self::I | Self::PPrime | Self::UPrime | Self::T | Self::IPrime
        )
    }

    /// Whether each point is a subgroup of values.
    pub fn of_subgroups(self) -> bool {
        matches!(self, Self::Xbar | Self::S)
    }

    fn needs_denominators(self) -> bool {
        matches!(
            self,
            Self::P | Self::PPrime | Self::U | Self::UPrime | Self::IPrime
        )
    }

    /// The least and the greatest value that can be.
    fn bounds(self) -> (f64, f64) {
        match self {
            Self::P | Self::PPrime => (0.0, 1.0),
            Self::C | Self::U | Self::UPrime | Self::G | Self::S => (0.0, f64::INFINITY),
            _ => (f64::NEG_INFINITY, f64::INFINITY),
        }
    }
}

/// What chance explains at a point, in the unit shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Lower limit, three sigma from the centre.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
    /// Two sigma below the centre.
    pub lower2: f64,
    /// Two sigma above.
    pub upper2: f64,
}

/// What a point of a chart of subgroups stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Subgroup {
    /// How many values are known.
    pub n: usize,
    /// Their mean.
    pub mean: Option<f64>,
    /// Their sample standard deviation; `None` of fewer than two.
    pub sd: Option<f64>,
}

/// A point of the chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Its value, multiplied; `None` when missing.
    pub value: Option<f64>,
    /// Its denominator, where the measure has denominators; 0 for a missing point.
    pub denominator: Option<f64>,
    /// Its subgroup, on charts of subgroups.
    pub subgroup: Option<Subgroup>,
    /// Its phase, from 1.
    pub part: usize,
    /// The centre line at this point, multiplied; `None` when its phase has no value at all.
    pub centre: Option<f64>,
    /// The limits at this point; `None` where they cannot be told.
    pub limits: Option<Limits>,
    /// Whether it lies outside its limits; excluded points are looked at too.
    pub outside: bool,
    /// Whether it takes part in the counts, and on which side it lies. `None` for a point on
    /// the centre line, missing or excluded.
    pub side: Option<Side>,
    /// Whether it belongs to the baseline from which centre and limits come.
    pub baseline: bool,
    /// Whether it takes part in centre, limits and counts; `false` when excluded.
    pub include: bool,
}

/// A stretch of the chart computed alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Phase {
    /// Its number, from 1.
    pub part: usize,
    /// Its first point, from 1.
    pub first: usize,
    /// Its last point.
    pub last: usize,
    /// Its centre line, multiplied.
    pub centre: Option<f64>,
    /// Points that are not excluded, missing ones among them.
    pub n_obs: usize,
    /// The counts of the Anhøj rules, with indices into the chart's points; `None` without a
    /// useful point.
    pub runs: Option<RunsTest>,
    /// Whether runs and crossings show a sign of change.
    pub runs_signal: bool,
}

impl Phase {
    /// Points off the centre line, neither missing nor excluded.
    pub fn n_useful(&self) -> usize {
        self.runs.map_or(0, |runs| runs.useful)
    }
}

/// A chart, ready to draw.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// What it is.
    pub kind: ChartKind,
    /// Every point of the series, in its order.
    pub points: Vec<Point>,
    /// The phases in order; none for a series without points.
    pub phases: Vec<Phase>,
}

impl Chart {
    /// A run chart.
    ///
    /// # Errors
    /// As [`Chart::of`].
    pub fn run(series: &Series) -> Result<Self, SeriesError> {
        Self::of(ChartKind::Run, series, true)
    }

    /// Charts a series. With `screen`, moving ranges that no chance explains do not widen the limits; see [`mean_range`].
    ///
    /// # Errors
    /// When the series contradicts itself, leaves the range of finite numbers, or is not what this kind takes.
    pub fn of(kind: ChartKind, series: &Series, screen: bool) -> Result<Self, SeriesError> {
        let mut points = bare_points(kind, series)?;
        let mut phases = Vec::new();
        let mut first = 0;
        for (part, last) in (1..).zip(series.phase_ends(points.len())) {
            let stretch = Stretch {
                kind,
                series,
                first,
            };
            phases.push(stretch.chart(&mut points[first..last], part, screen));
            first = last;
        }
        Ok(Self {
            kind,
            points,
            phases,
        })
    }

    /// The side of each point; see [`Point::side`].
    pub fn sides(&self) -> Vec<Option<Side>> {
        self.points.iter().map(|point| point.side).collect()
    }
}

/// The points before anything is computed over them: divided, not yet multiplied.
fn bare_points(kind: ChartKind, series: &Series) -> Result<Vec<Point>, SeriesError> {
    let takes_denominators =
        kind.needs_denominators() || matches!(kind, ChartKind::Run | ChartKind::I | ChartKind::Mr);
    for (option, given, needed, taken) in [
        (
            "n",
            series.denominators.is_some(),
            kind.needs_denominators(),
            takes_denominators,
        ),
        (
            "subgroup",
            series.subgroups.is_some(),
            kind.of_subgroups(),
            kind.of_subgroups(),
        ),
    ] {
        if needed && !given {
            return Err(SeriesError::Needs { option });
        }
        if given && !taken {
            return Err(SeriesError::TakesNo { option });
        }
    }
    let groups = subgroups(series);
    let count = groups.as_ref().map_or(series.values.len(), Vec::len);
    series.check(count)?;
    let mut points = Vec::with_capacity(count);
    for i in 0..count {
        let number = i + 1;
        let subgroup = groups.as_ref().map(|groups| groups[i]);
        let (value, denominator) = match (subgroup, &series.denominators) {
            (Some(group), _) if kind == ChartKind::S => (group.sd, None),
            (Some(group), _) => (group.mean, None),
            (None, None) => (series.values[i], None),
            (None, Some(denominators)) => match (series.values[i], denominators[i]) {
                (_, Some(d)) if d < 0.0 => {
                    return Err(SeriesError::NegativeDenominator { point: number });
                }
                (Some(n), Some(d)) if d != 0.0 => (Some(n / d), Some(d)),
                _ => (None, Some(0.0)),
            },
        };
        if value.is_some_and(|v| !v.is_finite() || !(v * series.multiply).is_finite()) {
            return Err(SeriesError::NotFinite { point: number });
        }
        if kind == ChartKind::T && value.is_some_and(|v| v <= 0.0) {
            return Err(SeriesError::NoTime { point: number });
        }
        points.push(Point {
            value,
            denominator,
            subgroup,
            part: 1,
            centre: None,
            limits: None,
            outside: false,
            side: None,
            baseline: series.in_baseline(number),
            include: !series.exclude.contains(&number),
        });
    }
    if kind == ChartKind::Mr {
        let mut first = 0;
        for last in series.phase_ends(count) {
            range_points(&mut points[first..last]);
            first = last;
        }
    }
    Ok(points)
}

/// Puts in place of each value its distance from the one before.
fn range_points(points: &mut [Point]) {
    for i in (0..points.len()).rev() {
        let before = i.checked_sub(1).and_then(|i| points[i].value);
        points[i].value = points[i]
            .value
            .zip(before)
            .map(|(value, before)| (value - before).abs());
    }
}

/// The subgroups in the order in which they appear; `None` when the series has none.
fn subgroups(series: &Series) -> Option<Vec<Subgroup>> {
    let labels = series.subgroups.as_ref()?;
    let mut order: Vec<usize> = Vec::new();
    let mut groups: Vec<(usize, f64)> = Vec::new();
    let mut known: Vec<(usize, f64)> = Vec::with_capacity(labels.len());
    for (label, value) in labels.iter().zip(&series.values) {
        // From the end, since the values of a subgroup mostly stand together.
        let at = order
            .iter()
            .rposition(|known| known == label)
            .unwrap_or_else(|| {
                order.push(*label);
                groups.push((0, 0.0));
                order.len() - 1
            });
        if let Some(value) = *value {
            groups[at].0 += 1;
            groups[at].1 += value;
            known.push((at, value));
        }
    }
    let mut squares = vec![0.0; groups.len()];
    for (at, value) in known {
        let (n, sum) = groups[at];
        squares[at] += (value - sum / n as f64).powi(2);
    }
    let group = |(&(n, sum), squares): (&(usize, f64), f64)| {
        let mean = (n > 0).then(|| sum / n as f64).and_then(finite);
        let sd = mean
            .filter(|_| n > 1)
            .map(|_| (squares / (n - 1) as f64).sqrt());
        Subgroup { n, mean, sd }
    };
    Some(groups.iter().zip(squares).map(group).collect())
}

/// Centre and spread before anything is multiplied.
struct Level {
    /// The line that limits are measured from.
    middle: f64,
    /// The line that is drawn, where it is another.
    drawn: Option<f64>,
    /// The spread that chance explains.
    spread: Spread,
}

/// How a spread depends on the point.
enum Spread {
    /// There is none.
    None,
    /// The same everywhere, in values.
    Even(f64),
    /// This over the square root of the denominator.
    ByDenominator(f64),
    /// The mean standard deviation within subgroups.
    BySubgroup(f64),
}

/// A phase being charted.
struct Stretch<'a> {
    kind: ChartKind,
    series: &'a Series,
    /// How many points stand before it.
    first: usize,
}

impl Stretch<'_> {
    fn chart(&self, points: &mut [Point], part: usize, screen: bool) -> Phase {
        let base: Vec<Point> = points
            .iter()
            .copied()
            .filter(|point| point.baseline && point.include)
            .collect();
        let level = self.level(&base, screen);
        let multiply = self.series.multiply;
        let centre = level
            .as_ref()
            .map(|level| level.drawn.unwrap_or(level.middle));
        let mut sides = Vec::with_capacity(points.len());
        let mut shared: (Option<f64>, Option<Limits>) = (None, None);
        for point in points.iter_mut() {
            point.part = part;
            // Judged before multiplication, so that the unit shown cannot change the verdict.
            point.side = match (point.value, centre) {
                (Some(value), Some(centre)) if point.include => anhoej::side(value, centre),
                _ => None,
            };
            // Points of one spread share their limits.
            let sigma = level.as_ref().and_then(|level| self.sigma(level, point));
            if sigma != shared.0 {
                let both = level.as_ref().zip(sigma);
                shared = (
                    sigma,
                    both.and_then(|(level, sigma)| self.limits(level.middle, sigma)),
                );
            }
            let limits = shared.1;
            point.outside = limits.zip(point.value).is_some_and(|(limits, value)| {
                anhoej::side(value, limits.upper) == Some(Side::Above)
                    || anhoej::side(value, limits.lower) == Some(Side::Below)
            });
            point.value = point.value.map(|value| value * multiply);
            point.centre = centre.map(|centre| centre * multiply);
            point.limits = limits.and_then(|limits| limits.multiplied(multiply));
            sides.push(point.side);
        }
        let runs = RunsTest::of(&sides).map(|mut runs| {
            runs.longest.first += self.first;
            runs.longest.last += self.first;
            runs
        });
        Phase {
            part,
            first: self.first + 1,
            last: self.first + points.len(),
            centre: centre.map(|centre| centre * multiply),
            n_obs: points.iter().filter(|point| point.include).count(),
            runs,
            // Neighbouring moving ranges share a value, so that their runs mean nothing.
            runs_signal: self.kind != ChartKind::Mr
                && runs.is_some_and(|runs| runs.signal(self.series.method)),
        }
    }

    /// The level of the baseline; `None` without a known value in it.
    fn level(&self, base: &[Point], screen: bool) -> Option<Level> {
        let given = self.series.given_centre;
        let values: Vec<f64> = base.iter().filter_map(|point| point.value).collect();
        let over = |middle: Option<f64>, spread: &dyn Fn(f64) -> Spread| {
            let middle = middle?;
            Some(Level {
                middle,
                drawn: None,
                spread: spread(middle),
            })
        };
        let root = |square: f64| finite(square.sqrt());
        match self.kind {
            ChartKind::Run => over(given.or_else(|| median(&mut values.clone())), &|_| {
                Spread::None
            }),
            ChartKind::I => {
                let ranges =
                    moving_ranges(&base.iter().map(|point| point.value).collect::<Vec<_>>());
                over(given.or_else(|| mean(&values)), &|_| {
                    even(mean_range(&ranges, screen).map(|range| range / D2))
                })
            }
            ChartKind::Mr => over(given.or_else(|| mean(&values)), &|middle| {
                Spread::Even((D4 * middle) / 3.0)
            }),
            ChartKind::T => {
                let transformed: Vec<Option<f64>> = base
                    .iter()
                    .map(|point| point.value.map(|value| value.powf(T_POWER.recip())))
                    .collect();
                let known: Vec<f64> = transformed.iter().flatten().copied().collect();
                let ranges = moving_ranges(&transformed);
                let middle = given.map_or_else(
                    || mean(&known),
                    |centre| finite(centre.powf(T_POWER.recip())),
                );
                let mut level = over(middle, &|_| {
                    even(mean_range(&ranges, screen).map(|range| range / D2))
                })?;
                level.drawn = Some(finite(level.middle.powf(T_POWER))?);
                Some(level)
            }
            ChartKind::C => over(given.or_else(|| mean(&values)), &|middle| {
                even(root(middle))
            }),
            ChartKind::G => {
                let drawn = given.or_else(|| median(&mut values.clone()));
                let mut level = over(given.or_else(|| mean(&values)), &|middle| {
                    even(root(middle * (middle + 1.0)))
                })?;
                level.drawn = drawn;
                Some(level)
            }
            ChartKind::P | ChartKind::PPrime => over(given.or_else(|| weighted(base)), &|middle| {
                self.over_denominators(base, middle, root(middle * (1.0 - middle)), screen)
            }),
            ChartKind::U | ChartKind::UPrime => over(given.or_else(|| weighted(base)), &|middle| {
                self.over_denominators(base, middle, root(middle), screen)
            }),
            ChartKind::IPrime => over(given.or_else(|| weighted(base)), &|_| {
                let range = |pair: &[Point]| {
                    let weight = pair[0].denominator?.recip() + pair[1].denominator?.recip();
                    Some((pair[1].value? - pair[0].value?).abs() * (PI / 2.0 / weight).sqrt())
                };
                let ranges: Vec<f64> = base.windows(2).filter_map(range).collect();
                mean_range(&ranges, screen).map_or(Spread::None, Spread::ByDenominator)
            }),
            ChartKind::Xbar | ChartKind::S => self.subgroup_level(base, given),
        }
    }

    /// The spread of proportions and rates; with the correction of Laney 2002 where the kind has it.
    fn over_denominators(
        &self,
        base: &[Point],
        middle: f64,
        spread: Option<f64>,
        screen: bool,
    ) -> Spread {
        let Some(spread) = spread else {
            return Spread::None;
        };
        if !matches!(self.kind, ChartKind::PPrime | ChartKind::UPrime) {
            return Spread::ByDenominator(spread);
        }
        let distance = |point: &Point| {
            let sigma = spread / point.denominator?.sqrt();
            finite((point.value? - middle) / sigma)
        };
        let distances: Vec<_> = base.iter().map(distance).collect();
        let between = mean_range(&moving_ranges(&distances), screen).map(|range| range / D2);
        between.map_or(Spread::None, |between| {
            Spread::ByDenominator(spread * between)
        })
    }

    fn subgroup_level(&self, base: &[Point], given: Option<f64>) -> Option<Level> {
        let groups: Vec<Subgroup> = base
            .iter()
            .filter_map(|point| point.subgroup)
            .filter(|group| group.n > 0)
            .collect();
        let spreads: Vec<(f64, f64)> = groups
            .iter()
            .filter_map(|g| Some(((g.n - 1) as f64, g.sd?)))
            .collect();
        let even_sizes = groups.windows(2).all(|pair| pair[0].n == pair[1].n);
        let within = if even_sizes {
            mean(&spreads.iter().map(|&(_, sd)| sd).collect::<Vec<_>>())
        } else {
            let freedom: f64 = spreads.iter().map(|&(freedom, _)| freedom).sum();
            finite(
                (spreads
                    .iter()
                    .map(|&(freedom, sd)| freedom * sd * sd)
                    .sum::<f64>()
                    / freedom)
                    .sqrt(),
            )
        };
        let middle = given.or_else(|| {
            if self.kind == ChartKind::S {
                return within;
            }
            let known: f64 = groups.iter().map(|group| group.n as f64).sum();
            finite(
                groups
                    .iter()
                    .filter_map(|g| Some(g.n as f64 * g.mean?))
                    .sum::<f64>()
                    / known,
            )
        })?;
        let spread = within.map_or(Spread::None, Spread::BySubgroup);
        Some(Level {
            middle,
            drawn: None,
            spread,
        })
    }

    /// The sigma of a point; `None` where it cannot be told.
    fn sigma(&self, level: &Level, point: &Point) -> Option<f64> {
        match level.spread {
            Spread::None => None,
            Spread::Even(sigma) => Some(sigma),
            Spread::ByDenominator(spread) => {
                let denominator = point
                    .denominator
                    .filter(|&d| d > 0.0 && point.value.is_some())?;
                Some(spread / denominator.sqrt())
            }
            Spread::BySubgroup(within) => {
                let n = point.subgroup?.n;
                let c4 = c4(n)?;
                Some(if self.kind == ChartKind::S {
                    within * (1.0 - c4 * c4).max(0.0).sqrt() / c4
                } else {
                    within / (c4 * (n as f64).sqrt())
                })
            }
        }
    }

    /// The limits around the middle; `None` when they are out of range.
    fn limits(&self, middle: f64, sigma: f64) -> Option<Limits> {
        let (least, greatest) = self.kind.bounds();
        let at = |sigmas: f64| match self.kind {
            ChartKind::T => (middle + sigmas * sigma).max(0.0).powf(T_POWER),
            // The lower limit of both is nothing at all, and the upper one is not measured from the centre.
            ChartKind::G | ChartKind::Mr if sigmas < 0.0 => 0.0,
            ChartKind::Mr => sigmas * sigma,
            _ => (middle + sigmas * sigma).clamp(least, greatest),
        };
        Some(Limits {
            lower: finite(at(-3.0))?,
            upper: finite(at(3.0))?,
            lower2: finite(at(-2.0))?,
            upper2: finite(at(2.0))?,
        })
    }
}

impl Limits {
    fn multiplied(self, by: f64) -> Option<Self> {
        Some(Self {
            lower: finite(self.lower * by)?,
            upper: finite(self.upper * by)?,
            lower2: finite(self.lower2 * by)?,
            upper2: finite(self.upper2 * by)?,
        })
    }
}

fn even(sigma: Option<f64>) -> Spread {
    sigma.map_or(Spread::None, Spread::Even)
}

/// Σn / Σd of the points that have both.
fn weighted(base: &[Point]) -> Option<f64> {
    let known = base
        .iter()
        .filter_map(|point| Some((point.value?, point.denominator?)));
    let (sum, over) = known.fold((0.0, 0.0), |(sum, over), (value, d)| {
        (sum + value * d, over + d)
    });
    finite(sum / over)
}

#[cfg(test)]
mod tests;
