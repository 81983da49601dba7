//! The run chart: values over time with their median, split into phases, under the runs rules.
//!
//! Perla, Provost & Murray 2011; Anhøj & Olesen 2014. The centre line is the median of the
//! baseline points of each phase, unless it is given.

use thiserror::Error;

use super::anhoej::{self, Method, RunsTest, Side};

/// A series and how it is to be charted. Points are numbered from 1, as people count them.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Numerators, or the values themselves; `None` where nothing is known.
    pub values: Vec<Option<f64>>,
    /// Denominators, where the measure has them. A missing or zero denominator makes a missing
    /// point: no value is not a value of zero.
    pub denominators: Option<Vec<Option<f64>>>,
    /// Last point of each phase but the final one. Each phase is computed alone.
    pub breaks_after: Vec<usize>,
    /// Last point of the baseline: the median comes from the points up to here and extends over
    /// the rest. A chart with breaks has no frozen baseline; there, this is without effect. A
    /// baseline that is not complete yet takes all points.
    pub freeze_after: Option<usize>,
    /// Points kept on the chart but left out of the median and of the counts.
    pub exclude: Vec<usize>,
    /// A centre line to judge against in place of the median, before multiplication.
    pub given_centre: Option<f64>,
    /// Factor on values and lines after everything is computed; 100 shows proportions in %.
    pub multiply: f64,
    /// How runs and crossings are judged.
    pub method: Method,
}

impl Series {
    /// A plain series: one phase, its own median, nothing excluded.
    pub fn new(values: Vec<Option<f64>>, denominators: Option<Vec<Option<f64>>>) -> Self {
        Self {
            values,
            denominators,
            breaks_after: Vec::new(),
            freeze_after: None,
            exclude: Vec::new(),
            given_centre: None,
            multiply: 1.0,
            method: Method::Anhoej,
        }
    }
}

/// Why a series cannot be charted. Point numbers are 1-based.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SeriesError {
    /// Numerators and denominators do not pair up.
    #[error("{values} values but {denominators} denominators")]
    Lengths {
        /// How many values there are.
        values: usize,
        /// How many denominators there are.
        denominators: usize,
    },
    /// An option names a point that the series does not have.
    #[error("`{option}` names point {point}, but the series has points 1 to {points}")]
    NoSuchPoint {
        /// The option, by its name in the schema.
        option: &'static str,
        /// The point it names.
        point: usize,
        /// How many points there are.
        points: usize,
    },
    /// A denominator below zero.
    #[error("the denominator of point {point} is negative")]
    NegativeDenominator {
        /// The point it belongs to.
        point: usize,
    },
    /// A value that is not a finite number, as given or once divided or multiplied.
    #[error("the value of point {point} is not a finite number")]
    NotFinite {
        /// The point it belongs to.
        point: usize,
    },
    /// A multiplier or given centre that is not a finite number.
    #[error("`{option}` is not a finite number")]
    NotFiniteOption {
        /// The option, by its name in the schema.
        option: &'static str,
    },
}

/// A point of the chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Its value, multiplied; `None` when missing.
    pub value: Option<f64>,
    /// Its denominator, where the measure has denominators; 0 for a missing point.
    pub denominator: Option<f64>,
    /// Its phase, from 1.
    pub part: usize,
    /// The centre line at this point, multiplied; `None` when its phase has no value at all.
    pub centre: Option<f64>,
    /// Whether it takes part in the counts, and on which side it lies. `None` for a point on
    /// the centre line, missing or excluded.
    pub side: Option<Side>,
    /// Whether it belongs to the baseline from which the median comes.
    pub baseline: bool,
    /// Whether it takes part in the median and the counts; `false` when excluded.
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
    /// Whether there is a sign of change.
    pub runs_signal: bool,
}

impl Phase {
    /// Points off the centre line, neither missing nor excluded.
    pub fn n_useful(&self) -> usize {
        self.runs.map_or(0, |runs| runs.useful)
    }
}

/// A run chart, ready to draw.
#[derive(Debug, Clone, PartialEq)]
pub struct RunChart {
    /// Every point of the series, in its order.
    pub points: Vec<Point>,
    /// The phases in order; none for a series without points.
    pub phases: Vec<Phase>,
}

impl RunChart {
    /// Charts a series.
    ///
    /// # Errors
    /// When the series contradicts itself or leaves the range of finite numbers.
    pub fn of(series: &Series) -> Result<Self, SeriesError> {
        check(series)?;
        let mut points = bare_points(series)?;
        let mut phases = Vec::new();
        let mut first = 0;
        for (part, last) in (1..).zip(phase_ends(series)) {
            phases.push(chart_phase(series, &mut points, part, first..last));
            first = last;
        }
        Ok(Self { points, phases })
    }

    /// The side of each point; see [`Point::side`].
    pub fn sides(&self) -> Vec<Option<Side>> {
        self.points.iter().map(|point| point.side).collect()
    }
}

/// The median: the middle value, or the mean of the two in the middle. `None` of nothing.
///
/// The values are reordered.
pub fn median(values: &mut [f64]) -> Option<f64> {
    let middle = values.len() / 2;
    if values.is_empty() {
        return None;
    }
    let even = values.len().is_multiple_of(2);
    let (below, &mut upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    if !even {
        return Some(upper);
    }
    let lower = below
        .iter()
        .copied()
        .max_by(f64::total_cmp)
        .unwrap_or(upper);
    Some(f64::midpoint(lower, upper))
}

fn check(series: &Series) -> Result<(), SeriesError> {
    let points = series.values.len();
    if let Some(denominators) = &series.denominators
        && denominators.len() != points
    {
        return Err(SeriesError::Lengths {
            values: points,
            denominators: denominators.len(),
        });
    }
    let named = |option, list: &[usize]| match list.iter().find(|&&p| p == 0 || p > points) {
        Some(&point) => Err(SeriesError::NoSuchPoint {
            option,
            point,
            points,
        }),
        None => Ok(()),
    };
    named("breaks_after", &series.breaks_after)?;
    named("exclude", &series.exclude)?;
    if series.freeze_after == Some(0) {
        return Err(SeriesError::NoSuchPoint {
            option: "freeze_after",
            point: 0,
            points,
        });
    }
    if !series.multiply.is_finite() {
        return Err(SeriesError::NotFiniteOption { option: "multiply" });
    }
    if series
        .given_centre
        .is_some_and(|centre| !(centre * series.multiply).is_finite())
    {
        return Err(SeriesError::NotFiniteOption {
            option: "given_centre",
        });
    }
    Ok(())
}

/// The points before anything is computed over them: divided, not yet multiplied.
fn bare_points(series: &Series) -> Result<Vec<Point>, SeriesError> {
    let frozen = series
        .freeze_after
        .filter(|_| series.breaks_after.is_empty());
    let mut points = Vec::with_capacity(series.values.len());
    for (i, &value) in series.values.iter().enumerate() {
        let number = i + 1;
        let (value, denominator) = match &series.denominators {
            None => (value, None),
            Some(denominators) => match (value, denominators[i]) {
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
        points.push(Point {
            value,
            denominator,
            part: 1,
            centre: None,
            side: None,
            baseline: frozen.is_none_or(|last| number <= last),
            include: true,
        });
    }
    for &number in &series.exclude {
        points[number - 1].include = false;
    }
    Ok(points)
}

/// The end of each phase, in order. A break after the last point separates nothing.
fn phase_ends(series: &Series) -> Vec<usize> {
    let mut ends = series.breaks_after.clone();
    ends.push(series.values.len());
    ends.sort_unstable();
    ends.dedup();
    ends.retain(|&end| end > 0);
    ends
}

fn chart_phase(
    series: &Series,
    points: &mut [Point],
    part: usize,
    range: std::ops::Range<usize>,
) -> Phase {
    let (first, last) = (range.start + 1, range.end);
    let points = &mut points[range];
    let centre = series.given_centre.or_else(|| {
        let baseline = points
            .iter()
            .filter(|point| point.baseline && point.include);
        median(&mut baseline.filter_map(|point| point.value).collect::<Vec<_>>())
    });
    let mut sides = Vec::with_capacity(points.len());
    for point in points.iter_mut() {
        point.part = part;
        // Judged before multiplication, so that the unit shown cannot change the verdict.
        point.side = match (point.value, centre) {
            (Some(value), Some(centre)) if point.include => anhoej::side(value, centre),
            _ => None,
        };
        point.value = point.value.map(|value| value * series.multiply);
        point.centre = centre.map(|centre| centre * series.multiply);
        sides.push(point.side);
    }
    let runs = RunsTest::of(&sides).map(|mut runs| {
        runs.longest.first += first - 1;
        runs.longest.last += first - 1;
        runs
    });
    Phase {
        part,
        first,
        last,
        centre: centre.map(|centre| centre * series.multiply),
        n_obs: points.iter().filter(|point| point.include).count(),
        runs,
        runs_signal: runs.is_some_and(|runs| runs.signal(series.method)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(values: &[f64]) -> Series {
        Series::new(values.iter().copied().map(Some).collect(), None)
    }

    #[test]
    fn the_median_is_the_middle_or_the_mean_of_the_two() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [3.0]), Some(3.0));
        assert_eq!(median(&mut [9.0, 1.0, 4.0]), Some(4.0));
        assert_eq!(median(&mut [9.0, 1.0, 4.0, 2.0]), Some(3.0));
        assert_eq!(median(&mut [f64::MAX, f64::MAX]), Some(f64::MAX));
    }

    #[test]
    fn without_points_there_is_no_phase() {
        let chart = RunChart::of(&series(&[])).expect("an empty chart is a chart");
        assert!(chart.points.is_empty() && chart.phases.is_empty());
    }

    #[test]
    fn a_denominator_of_zero_or_nothing_makes_a_missing_point() {
        let values = vec![Some(1.0), Some(0.0), Some(2.0), None, Some(3.0)];
        let denominators = vec![Some(2.0), Some(0.0), None, Some(9.0), Some(4.0)];
        let chart = RunChart::of(&Series::new(values, Some(denominators))).expect("charts");
        let shown: Vec<_> = chart.points.iter().map(|p| p.value).collect();
        assert_eq!(shown, [Some(0.5), None, None, None, Some(0.75)]);
        let shown: Vec<_> = chart.points.iter().map(|p| p.denominator).collect();
        assert_eq!(shown, [2.0, 0.0, 0.0, 0.0, 4.0].map(Some));
        assert_eq!(chart.phases[0].n_obs, 5, "missing points are observations");
        assert_eq!(chart.phases[0].centre, Some(0.625));
    }

    #[test]
    fn a_phase_without_values_has_no_centre() {
        let mut series = series(&[1.0, 2.0, 3.0, 4.0]);
        series.values[2] = None;
        series.values[3] = None;
        series.breaks_after = vec![2];
        let chart = RunChart::of(&series).expect("charts");
        assert_eq!(chart.phases[1].centre, None);
        assert_eq!(chart.phases[1].runs, None);
        assert!(!chart.phases[1].runs_signal);
        assert_eq!(chart.points[3].centre, None);
    }

    #[test]
    fn breaks_come_in_any_order_and_one_at_the_end_separates_nothing() {
        let mut series = series(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        series.breaks_after = vec![4, 2, 6, 4];
        let chart = RunChart::of(&series).expect("charts");
        let phases: Vec<_> = chart
            .phases
            .iter()
            .map(|p| (p.part, p.first, p.last))
            .collect();
        assert_eq!(phases, [(1, 1, 2), (2, 3, 4), (3, 5, 6)]);
        assert_eq!(
            chart.phases[2].runs.map(|r| r.longest.last),
            Some(5),
            "a chart's index"
        );
    }

    #[test]
    fn a_frozen_median_leaves_out_excluded_points_of_the_baseline() {
        let mut series = series(&[1.0, 100.0, 3.0, 50.0, 60.0]);
        series.freeze_after = Some(3);
        series.exclude = vec![2];
        let chart = RunChart::of(&series).expect("charts");
        assert_eq!(chart.phases[0].centre, Some(2.0));
        assert_eq!(chart.phases[0].n_obs, 4);
        let baseline: Vec<_> = chart.points.iter().map(|p| p.baseline).collect();
        assert_eq!(baseline, [true, true, true, false, false]);
        assert_eq!(chart.points[1].side, None);
    }

    #[test]
    fn breaks_put_a_frozen_baseline_out_of_effect() {
        let mut series = series(&[1.0, 2.0, 3.0, 10.0, 11.0, 12.0]);
        series.breaks_after = vec![3];
        series.freeze_after = Some(2);
        let chart = RunChart::of(&series).expect("charts");
        assert_eq!(chart.phases[0].centre, Some(2.0));
        assert_eq!(chart.phases[1].centre, Some(11.0));
        assert!(chart.points.iter().all(|p| p.baseline));
    }

    #[test]
    fn a_given_centre_is_multiplied_with_the_values() {
        let mut series = series(&[0.1, 0.2, 0.3]);
        series.given_centre = Some(0.2);
        series.multiply = 100.0;
        let chart = RunChart::of(&series).expect("charts");
        assert_eq!(chart.points[0].centre, Some(20.0));
        assert_eq!(chart.points[1].side, None);
    }

    #[test]
    fn contradictions_are_named() {
        let refused = |change: &dyn Fn(&mut Series)| {
            let mut series = series(&[1.0, 2.0]);
            change(&mut series);
            RunChart::of(&series)
                .expect_err("must be refused")
                .to_string()
        };
        let texts = [
            refused(&|s| s.denominators = Some(vec![Some(1.0)])),
            refused(&|s| s.denominators = Some(vec![Some(1.0), Some(-1.0)])),
            refused(&|s| s.breaks_after = vec![3]),
            refused(&|s| s.exclude = vec![0]),
            refused(&|s| s.freeze_after = Some(0)),
            refused(&|s| s.values[1] = Some(f64::NAN)),
            refused(&|s| s.multiply = f64::INFINITY),
            refused(&|s| s.given_centre = Some(f64::NAN)),
        ];
        assert_eq!(
            texts,
            [
                "2 values but 1 denominators",
                "the denominator of point 2 is negative",
                "`breaks_after` names point 3, but the series has points 1 to 2",
                "`exclude` names point 0, but the series has points 1 to 2",
                "`freeze_after` names point 0, but the series has points 1 to 2",
                "the value of point 2 is not a finite number",
                "`multiply` is not a finite number",
                "`given_centre` is not a finite number",
            ]
        );
    }
}
