//! The run chart rules taught by the IHI: shift, trend, and the number of runs.
//!
//! Perla, Provost & Murray 2011. The fourth rule, an astronomical point, is a person's judgement
//! and is not computed.

use super::anhoej::{self, Run, Side};
use super::chart::Chart;
use super::series::{Series, SeriesError};

/// Useful points in a row on one side of the median that make a shift.
pub const SHIFT: usize = 6;
/// Points in a row going the same way that make a trend.
pub const TREND: usize = 5;
/// Useful points from which the number of runs is assessed, as in the printed table.
pub const RUNS_FROM: usize = 10;

/// A shift: [`SHIFT`] or more useful points on one side of the median.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// The side they are on.
    pub side: Side,
    /// Indices of its points; those on the median are skipped.
    pub points: Vec<usize>,
}

/// A trend: [`TREND`] or more points each higher, or each lower, than the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trend {
    /// Whether the points rise.
    pub rising: bool,
    /// Indices of its points; of equal neighbours the first is kept.
    pub points: Vec<usize>,
}

/// How the number of runs compares with what chance explains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunCount {
    /// Fewer runs than the lower limit.
    TooFew,
    /// Within both limits.
    AsExpected,
    /// More runs than the upper limit.
    TooMany,
    /// The table has no row for this number of useful points.
    NotAssessed,
}

impl RunCount {
    /// Judges a number of runs by the limits of a table.
    pub fn of(runs: usize, limits: Option<(usize, usize)>) -> Self {
        match limits {
            None => Self::NotAssessed,
            Some((low, _)) if runs < low => Self::TooFew,
            Some((_, high)) if runs > high => Self::TooMany,
            Some(_) => Self::AsExpected,
        }
    }
}

/// A run chart under the IHI rules.
#[derive(Debug, Clone, PartialEq)]
pub struct IhiChart {
    /// The median, multiplied; `None` without any value.
    pub median: Option<f64>,
    /// All points of the series, missing ones among them.
    pub n_points: usize,
    /// Points off the median, neither missing nor excluded.
    pub n_useful: usize,
    /// The runs, in order.
    pub runs: Vec<Run>,
    /// The shifts, in order.
    pub shifts: Vec<Shift>,
    /// The trends, in order; a turning point belongs to both trends it joins.
    pub trends: Vec<Trend>,
}

impl IhiChart {
    /// Charts a series as one phase: breaks in it are disregarded.
    ///
    /// # Errors
    /// As [`Chart::of`].
    pub fn of(series: &Series) -> Result<Self, SeriesError> {
        let series = Series {
            breaks_after: Vec::new(),
            ..series.clone()
        };
        let chart = Chart::run(&series)?;
        let sides = chart.sides();
        let runs = anhoej::runs(&sides);
        let known = chart
            .points
            .iter()
            .enumerate()
            .filter(|(_, point)| point.include);
        let values: Vec<_> = known
            .filter_map(|(i, p)| p.value.map(|value| (i, value)))
            .collect();
        Ok(Self {
            median: chart.phases.first().and_then(|phase| phase.centre),
            n_points: chart.points.len(),
            n_useful: runs.iter().map(|run| run.length).sum(),
            shifts: runs
                .iter()
                .filter(|run| run.length >= SHIFT)
                .map(|run| Shift {
                    side: run.side,
                    points: run.points(&sides).collect(),
                })
                .collect(),
            trends: trends(&values),
            runs,
        })
    }

    /// Useful points of the longest run.
    pub fn longest_run(&self) -> usize {
        anhoej::longest(&self.runs).map_or(0, |run| run.length)
    }

    /// The number of runs under the exact distribution; see [`runs_limits_exact`].
    pub fn run_count_exact(&self) -> RunCount {
        RunCount::of(self.runs.len(), runs_limits_exact(self.n_useful))
    }

    /// The number of runs under the printed table; see [`runs_limits_printed`].
    pub fn run_count_printed(&self) -> RunCount {
        RunCount::of(self.runs.len(), runs_limits_printed(self.n_useful))
    }
}

/// The trends among values given with their indices.
pub(super) fn trends(values: &[(usize, f64)]) -> Vec<Trend> {
    let mut distinct = values.to_vec();
    distinct.dedup_by(|next, kept| anhoej::tied(next.1, kept.1));
    let rises: Vec<bool> = distinct
        .windows(2)
        .map(|pair| pair[0].1 < pair[1].1)
        .collect();
    let mut trends = Vec::new();
    let mut first = 0;
    for steps in rises.chunk_by(|a, b| a == b) {
        // n steps join n + 1 points, the last of which begins the next stretch.
        let points = &distinct[first..=first + steps.len()];
        if points.len() >= TREND {
            let points = points.iter().map(|&(i, _)| i).collect();
            trends.push(Trend {
                rising: steps[0],
                points,
            });
        }
        first += steps.len();
    }
    trends
}

/// The fewest and the most runs that chance explains among `n` useful points, from
/// [`RUNS_FROM`] on: 2.5 % tails of the exact distribution of the number of runs when half of
/// the points lie above the median and half below.
///
/// Swed & Eisenhart 1943. With a points on one side and b on the other,
/// P(R = 2k) = 2 C(a-1, k-1) C(b-1, k-1) / C(a+b, a) and
/// P(R = 2k+1) = \[C(a-1, k) C(b-1, k-1) + C(a-1, k-1) C(b-1, k)\] / C(a+b, a).
///
/// ```
/// assert_eq!(domain::spc::ihi::runs_limits_exact(12), Some((4, 10)));
/// ```
pub fn runs_limits_exact(n: usize) -> Option<(usize, usize)> {
    if n < RUNS_FROM {
        return None;
    }
    let (a, b) = (n / 2, n - n / 2);
    // Logarithms, since the coefficients leave the range of f64 at about a thousand points.
    let mut log_factorial = vec![0.0; n + 1];
    for i in 1..=n {
        log_factorial[i] = log_factorial[i - 1] + (i as f64).ln();
    }
    let choose = |n: usize, k: usize| match n.checked_sub(k) {
        Some(rest) => log_factorial[n] - log_factorial[k] - log_factorial[rest],
        None => f64::NEG_INFINITY,
    };
    let all = choose(n, a);
    let probability = |runs: usize| {
        let k = runs / 2;
        let ways = |x: usize, y: usize| (choose(a - 1, x) + choose(b - 1, y) - all).exp();
        if runs.is_multiple_of(2) {
            2.0 * ways(k - 1, k - 1)
        } else {
            ways(k, k - 1) + ways(k - 1, k)
        }
    };
    let passes = |tail: &mut f64, runs: usize| {
        *tail += probability(runs);
        Some((*tail, runs))
    };
    let inside = |&(tail, _): &(f64, usize)| tail > 0.025;
    let low = (2..=n).scan(0.0, passes).find(inside)?.1;
    let high = (2..=n).rev().scan(0.0, passes).find(inside)?.1;
    Some((low, high))
}

/// The fewest and the most runs by the table in circulation with Perla, Provost & Murray 2011,
/// for 10 to 40 useful points.
///
/// It differs from the exact distribution by one at several numbers of points. Rows 27 to 40
/// rest on a single transcription; [`runs_limits_exact`] is what the app recommends.
pub fn runs_limits_printed(n: usize) -> Option<(usize, usize)> {
    const TABLE: [(u8, u8); 31] = [
        (3, 9),
        (3, 10),
        (3, 11),
        (4, 11),
        (4, 12),
        (5, 12),
        (5, 13),
        (5, 13),
        (6, 14),
        (6, 15),
        (6, 16),
        (7, 16),
        (7, 17),
        (7, 17),
        (8, 18),
        (8, 18),
        (9, 19),
        (10, 19),
        (10, 20),
        (10, 20),
        (11, 21),
        (11, 22),
        (11, 23),
        (12, 23),
        (12, 24),
        (12, 24),
        (13, 25),
        (13, 25),
        (14, 26),
        (14, 26),
        (15, 27),
    ];
    let &(low, high) = TABLE.get(n.checked_sub(RUNS_FROM)?)?;
    Some((usize::from(low), usize::from(high)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(values: &[Option<f64>]) -> IhiChart {
        IhiChart::of(&Series::new(values.to_vec(), None)).expect("charts")
    }

    #[test]
    fn the_tables_agree_but_for_one_run_at_either_end() {
        for n in RUNS_FROM..=40 {
            let exact = runs_limits_exact(n).expect("from ten on");
            let printed = runs_limits_printed(n).expect("ten to forty");
            assert!(
                exact.0.abs_diff(printed.0) <= 1,
                "low of {n}: {exact:?} {printed:?}"
            );
            assert!(
                exact.1.abs_diff(printed.1) <= 1,
                "high of {n}: {exact:?} {printed:?}"
            );
        }
        let differing: Vec<_> = (RUNS_FROM..=22)
            .filter(|&n| runs_limits_exact(n) != runs_limits_printed(n))
            .collect();
        assert_eq!(differing, [11, 12, 17, 20, 22]);
    }

    #[test]
    fn both_tables_begin_at_ten_and_the_printed_one_ends_at_forty() {
        assert_eq!(runs_limits_exact(9), None);
        assert_eq!(runs_limits_printed(9), None);
        assert_eq!(runs_limits_printed(0), None);
        assert_eq!(runs_limits_printed(41), None);
        assert_eq!(runs_limits_exact(0), None);
    }

    #[test]
    fn the_exact_limits_follow_the_normal_law_in_long_series() {
        let n = 20_000_usize;
        let (low, high) = runs_limits_exact(n).expect("long enough");
        let (mean, spread) = (n as f64 / 2.0 + 1.0, 1.959_964 * (n as f64).sqrt() / 2.0);
        assert!((low as f64 - (mean - spread)).abs() < 2.0, "{low}");
        assert!((high as f64 - (mean + spread)).abs() < 2.0, "{high}");
    }

    #[test]
    fn a_turning_point_belongs_to_both_trends() {
        let values = [1.0, 2.0, 3.0, 4.0, 5.0, 4.0, 3.0, 2.0, 1.0].map(Some);
        let trends = chart(&values).trends;
        assert_eq!(
            trends[0],
            Trend {
                rising: true,
                points: vec![0, 1, 2, 3, 4]
            }
        );
        assert_eq!(
            trends[1],
            Trend {
                rising: false,
                points: vec![4, 5, 6, 7, 8]
            }
        );
    }

    #[test]
    fn four_rising_points_are_no_trend_and_repeats_do_not_help() {
        let values = [1.0, 1.0, 2.0, 3.0, 3.0, 4.0, 4.0].map(Some);
        assert_eq!(chart(&values).trends, []);
    }

    #[test]
    fn missing_points_are_passed_over() {
        let values = [
            Some(9.0),
            Some(8.0),
            None,
            Some(9.0),
            Some(8.0),
            Some(9.0),
            Some(8.0),
        ];
        let mut values = values.to_vec();
        values.extend([1.0, 2.0, 1.0, 2.0, 1.0, 2.0].map(Some));
        let chart = chart(&values);
        assert_eq!(chart.n_points, 13);
        assert_eq!(chart.shifts[0].points, [0, 1, 3, 4, 5, 6]);
    }

    #[test]
    fn nothing_to_judge_is_not_assessed() {
        for values in [vec![], vec![None, None], vec![Some(1.0)]] {
            let chart = chart(&values);
            assert_eq!(chart.n_useful, 0);
            assert_eq!(chart.longest_run(), 0);
            assert_eq!(chart.run_count_exact(), RunCount::NotAssessed);
            assert_eq!(chart.run_count_printed(), RunCount::NotAssessed);
        }
    }
}
