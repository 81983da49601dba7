//! Before and after: two spans of one measure, and how sure their difference is.
//!
//! The difference stands with an interval of 95 %, computed in the way that suits the measure:
//!
//! - Proportions, months taken together: the hybrid score interval, method 10 of Newcombe RG. Interval estimation for the
//!   difference between independent proportions: comparison of eleven methods. Statistics in Medicine 1998; 17: 873–890.
//! - Rates, months taken together: the same squares and sums (MOVER) of score intervals for each rate. Li HQ, Tang ML,
//!   Poon WY, Tang NS. Confidence intervals for difference between two Poisson rates. Communications in Statistics –
//!   Simulation and Computation 2011; 40: 1478–1493.
//! - Counts, measurements, and parts of thousands (where such intervals are too narrow for what months differ by): the shift
//!   between the months of either span by Hodges and Lehmann, with the exact interval of Moses, from the distribution of Mann
//!   and Whitney's U. Hollander M, Wolfe DA. Nonparametric Statistical Methods, chapter 4; Campbell MJ, Gardner MJ.
//!   Calculating confidence intervals for some non-parametric analyses. BMJ 1988; 296: 1454–1456.
//!
//! Nothing is told where the measure goes neither way, where a span has fewer than [`FEWEST`] complete months, or while a
//! span shows a sign of change by itself: then its middle stands for nothing. No p-value is computed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::chart::ChartKind;
use super::fit::Drawn;
use super::limits::{finite, mean, median};
use super::series::SeriesError;
use super::verdict::{ChartView, Meaning, Measure, Observation, Verdict};
use crate::catalog::Direction;

/// The fewest complete months of a span. Fewer than six fit on one side of any line by chance often enough
/// (0.5⁵ is 3 %) that no run of them means anything.
pub const FEWEST: u32 = 6;
/// The two-sided 95 % point of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;
/// From such denominators on, months differ by more than chance within each; see [`super::adviser`].
const LARGE: f64 = 1000.0;

/// What two spans of a measure tell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BeforeAfter {
    /// The earlier span.
    pub before: ComparedSpan,
    /// The later one.
    pub after: ComparedSpan,
    /// What the two say together.
    pub difference: Difference,
}

/// The months of a span in figures, in the unit shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ComparedSpan {
    /// Complete months with a value.
    pub months: u32,
    /// The median of the months.
    pub median: Option<f64>,
    /// The mean: of proportions and rates all months together, else of the months.
    pub mean: Option<f64>,
    /// The sum of the numerators of those months.
    pub n: f64,
    /// The sum of the denominators; none where the measure has none.
    pub d: Option<f64>,
}

/// How the later span differs from the earlier one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum Difference {
    /// The measure goes neither way, so nothing is said of it.
    NotJudged,
    /// A span has too few complete months.
    TooFew {
        /// The fewest that are needed in each.
        need: u32,
    },
    /// A span shows a sign of change by itself.
    Moving {
        /// The earlier one.
        before: bool,
        /// The later one.
        after: bool,
    },
    /// The difference, later less earlier, in the unit shown.
    Told {
        /// The difference of what was counted.
        by: f64,
        /// The lower end of the interval.
        lower: f64,
        /// Its upper end.
        upper: f64,
        /// How it was computed.
        method: ComparedBy,
        /// What it means for the work; neutral where chance alone explains it.
        meaning: Meaning,
    },
}

/// How a difference and its interval were computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ComparedBy {
    /// Of two proportions: Newcombe 1998, method 10.
    Proportions,
    /// Of two rates: Li and others 2011.
    Rates,
    /// Of the months of either span: Hodges and Lehmann.
    Months,
}

/// A difference with its interval of 95 %.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The difference.
    pub by: f64,
    /// The lower end.
    pub lower: f64,
    /// The upper end.
    pub upper: f64,
}

impl BeforeAfter {
    /// Compares two spans of a measure, each given month by month in their order.
    ///
    /// # Errors
    /// When a figure is not finite or a denominator is negative.
    pub fn of(
        measure: &Measure,
        before: &[Observation],
        after: &[Observation],
    ) -> Result<Self, SeriesError> {
        let (moves_before, months_before) = looked_at(measure, before)?;
        let (moves_after, months_after) = looked_at(measure, after)?;
        let spans = (span(measure, &months_before), span(measure, &months_after));
        let told = || {
            let (method, interval) = interval(measure, &months_before, &months_after)?;
            Some(Difference::Told {
                by: finite(interval.by)?,
                lower: finite(interval.lower)?,
                upper: finite(interval.upper)?,
                method,
                meaning: meaning(measure, &spans.0, interval),
            })
        };
        let difference = if measure.direction == Direction::None {
            Difference::NotJudged
        } else if spans.0.months.min(spans.1.months) < FEWEST {
            Difference::TooFew { need: FEWEST }
        } else if moves_before || moves_after {
            Difference::Moving {
                before: moves_before,
                after: moves_after,
            }
        } else {
            told().unwrap_or(Difference::TooFew { need: FEWEST })
        };
        let (before, after) = spans;
        Ok(Self {
            before,
            after,
            difference,
        })
    }
}

/// A complete month: its value in the unit shown, and what was counted.
#[derive(Clone, Copy)]
struct MonthOf {
    value: f64,
    n: f64,
    d: Option<f64>,
}

/// Whether a span shows a sign of change by itself, and its complete months. Points outside limits count where the
/// figures carry limits.
fn looked_at(
    measure: &Measure,
    months: &[Observation],
) -> Result<(bool, Vec<MonthOf>), SeriesError> {
    let run = ChartView::of(measure, months.to_vec(), ChartKind::Run)?;
    let moves =
        |view: &ChartView| !matches!(view.verdict, Verdict::TooEarly { .. } | Verdict::NoSign);
    let moving = moves(&run)
        || (run.advice.chart != ChartKind::Run
            && Drawn::by(run.advice.chart, measure.suits) == Drawn::Value
            && moves(&ChartView::of(measure, months.to_vec(), run.advice.chart)?));
    let complete = run.points.iter().filter(|point| !point.incomplete);
    let complete = complete
        .filter_map(|point| {
            Some(MonthOf {
                value: point.value?,
                n: point.n?,
                d: point.d.filter(|_| measure.has_denominator),
            })
        })
        .collect();
    Ok((moving, complete))
}

fn sums(months: &[MonthOf]) -> (f64, f64) {
    months.iter().fold((0.0, 0.0), |(n, d), month| {
        (n + month.n, d + month.d.unwrap_or(0.0))
    })
}

fn span(measure: &Measure, months: &[MonthOf]) -> ComparedSpan {
    let mut values: Vec<f64> = months.iter().map(|month| month.value).collect();
    let (n, d) = sums(months);
    let pooled = (measure.has_denominator && d > 0.0).then(|| n / d * measure.multiply);
    ComparedSpan {
        months: u32::try_from(months.len()).unwrap_or(u32::MAX),
        mean: pooled.or_else(|| mean(&values)),
        median: median(&mut values),
        n,
        d: measure.has_denominator.then_some(d),
    }
}

fn interval(
    measure: &Measure,
    before: &[MonthOf],
    after: &[MonthOf],
) -> Option<(ComparedBy, Interval)> {
    let ((n1, d1), (n2, d2)) = (sums(before), sums(after));
    let mut sizes: Vec<f64> = before.iter().chain(after).filter_map(|m| m.d).collect();
    let large = median(&mut sizes).is_some_and(|size| size >= LARGE);
    let both = measure.has_denominator && d1 > 0.0 && d2 > 0.0 && !large;
    let scaled = |at: Interval| Interval {
        by: at.by * measure.multiply,
        lower: at.lower * measure.multiply,
        upper: at.upper * measure.multiply,
    };
    match measure.suits {
        ChartKind::P | ChartKind::PPrime if both && n1 <= d1 && n2 <= d2 => Some((
            ComparedBy::Proportions,
            scaled(of_proportions((n1, d1), (n2, d2))),
        )),
        ChartKind::U | ChartKind::UPrime if both => {
            Some((ComparedBy::Rates, scaled(of_rates((n1, d1), (n2, d2)))))
        }
        _ => {
            let values = |months: &[MonthOf]| months.iter().map(|m| m.value).collect::<Vec<_>>();
            of_months(&values(before), &values(after)).map(|at| (ComparedBy::Months, at))
        }
    }
}

/// What a difference means: nothing while its interval holds zero.
fn meaning(measure: &Measure, before: &ComparedSpan, at: Interval) -> Meaning {
    let rose = at.lower > 0.0;
    if !rose && at.upper >= 0.0 {
        return Meaning::Neutral;
    }
    match (measure.direction, measure.goal, before.mean) {
        (Direction::Up, ..) if rose => Meaning::Better,
        (Direction::Down, ..) if !rose => Meaning::Better,
        (Direction::Up | Direction::Down, ..) => Meaning::Worse,
        (Direction::Target, Some(goal), Some(from)) => Meaning::towards(goal, from, from + at.by),
        _ => Meaning::Neutral,
    }
}

/// The difference p₂ − p₁ of two proportions, each given as `(number, out of)`, with the hybrid score interval. With l and u
/// the ends of Wilson's interval for each, it goes from the difference less √((p₂−l₂)² + (u₁−p₁)²) to the difference
/// plus √((u₂−p₂)² + (p₁−l₁)²).
///
/// ```
/// // Newcombe 1998, table II, (a): 56 of 70 against 48 of 80.
/// let at = domain::spc::compare::of_proportions((48., 80.), (56., 70.));
/// assert!((at.by - 0.2).abs() < 1e-12);
/// assert!((at.lower - 0.0524).abs() < 5e-5 && (at.upper - 0.3339).abs() < 5e-5);
/// ```
pub fn of_proportions(before: (f64, f64), after: (f64, f64)) -> Interval {
    let wilson = |(n, d): (f64, f64)| {
        let p = n / d;
        let half = Z * (p * (1.0 - p) / d + Z * Z / (4.0 * d * d)).sqrt();
        let middle = p + Z * Z / (2.0 * d);
        let whole = 1.0 + Z * Z / d;
        (
            p,
            ((middle - half) / whole).max(0.0),
            ((middle + half) / whole).min(1.0),
        )
    };
    squares_and_sums(wilson(before), wilson(after))
}

/// The difference r₂ − r₁ of two rates, each given as `(events, exposure)`, as [`of_proportions`] with the score interval of
/// a Poisson rate for each: (y + z²/2 ± z √(y + z²/4)) / exposure.
pub fn of_rates(before: (f64, f64), after: (f64, f64)) -> Interval {
    let score = |(y, over): (f64, f64)| {
        let half = Z * (y + Z * Z / 4.0).sqrt();
        let middle = y + Z * Z / 2.0;
        (
            y / over,
            ((middle - half) / over).max(0.0),
            (middle + half) / over,
        )
    };
    squares_and_sums(score(before), score(after))
}

/// The interval of a difference from those of its two parts, each given as value, lower and upper end.
fn squares_and_sums((p1, l1, u1): (f64, f64, f64), (p2, l2, u2): (f64, f64, f64)) -> Interval {
    let by = p2 - p1;
    Interval {
        by,
        lower: by - (p2 - l2).hypot(u1 - p1),
        upper: by + (u2 - p2).hypot(p1 - l1),
    }
}

/// The shift between the values of two spans: the median of all differences of a later and an earlier one, with the exact
/// interval. `None` where there are too few of them for 95 %.
pub fn of_months(before: &[f64], after: &[f64]) -> Option<Interval> {
    let mut apart: Vec<f64> = after
        .iter()
        .flat_map(|later| before.iter().map(move |earlier| later - earlier))
        .collect();
    apart.sort_unstable_by(f64::total_cmp);
    let cut = cut_off(before.len(), after.len())?;
    let lower = *apart.get(cut)?;
    let upper = *apart.get(apart.len().checked_sub(cut + 1)?)?;
    Some(Interval {
        by: median(&mut apart)?,
        lower,
        upper,
    })
}

/// How many of the differences are cut off at either end: the largest k for which U is at most k with a chance of no more
/// than 2.5 %. `None` where even the least value of U is likelier than that.
fn cut_off(n: usize, m: usize) -> Option<usize> {
    // ways[u]: in how many orders of the values U is u, as a share of all; built up by adding one value after the other
    // (Mann and Whitney 1947): p(n, m, u) = n / (n+m) · p(n−1, m, u−m) + m / (n+m) · p(n, m−1, u).
    let mut table: Vec<Vec<f64>> = vec![vec![1.0]; m + 1];
    for i in 1..=n {
        let mut row: Vec<Vec<f64>> = vec![vec![1.0]];
        for j in 1..=m {
            let (a, b) = (i as f64 / (i + j) as f64, j as f64 / (i + j) as f64);
            let share = |from: &[f64], at: Option<usize>| {
                at.and_then(|at| from.get(at)).copied().unwrap_or(0.0)
            };
            let (above, left) = (&table[j], &row[j - 1]);
            let next = (0..=i * j)
                .map(|u| a * share(above, u.checked_sub(j)) + b * share(left, Some(u)))
                .collect();
            row.push(next);
        }
        table = row;
    }
    let mut below = 0.0;
    let mut cut = None;
    for (u, share) in table.get(m)?.iter().enumerate() {
        below += share;
        if below > 0.025 {
            break;
        }
        cut = Some(u);
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const UP: Measure = Measure {
        direction: Direction::Up,
        has_denominator: true,
        multiply: 100.0,
        suits: ChartKind::P,
        goal: Some(80.0),
    };

    fn months(n: &[f64], d: Option<f64>) -> Vec<Observation> {
        let month = |(i, &n): (usize, &f64)| Observation {
            label: format!("2026-{:02}", i + 1),
            n: Some(n),
            d,
            no_data: None,
            incomplete: false,
        };
        n.iter().enumerate().map(month).collect()
    }

    fn compared(measure: &Measure, before: &[Observation], after: &[Observation]) -> BeforeAfter {
        BeforeAfter::of(measure, before, after).expect("plain months")
    }

    fn near(at: Interval, lower: f64, upper: f64) {
        assert!((at.lower - lower).abs() < 1e-9, "{} for {lower}", at.lower);
        assert!((at.upper - upper).abs() < 1e-9, "{} for {upper}", at.upper);
    }

    /// Newcombe 1998, table II, cases (a) to (h); twelve digits from statsmodels 0.15.0,
    /// `confint_proportions_2indep(method="newcomb")`.
    #[test]
    fn two_proportions_as_published() {
        for (after, before, lower, upper) in [
            ((56., 70.), (48., 80.), 0.052_431_472_402, 0.333_872_654_037),
            ((9., 10.), (3., 10.), 0.170_522_723_935, 0.809_017_973_535),
            ((6., 7.), (2., 7.), 0.058_227_927_482, 0.806_249_637_524),
            ((5., 56.), (0., 29.), -0.038_137_147_904, 0.192_560_013_855),
            ((0., 10.), (0., 20.), -0.161_125_158_053, 0.277_532_799_863),
            ((0., 10.), (0., 10.), -0.277_532_799_863, 0.277_532_799_863),
            ((10., 10.), (0., 20.), 0.679_086_037_142, 1.0),
            ((10., 10.), (0., 10.), 0.607_509_350_431, 1.0),
            (
                (180., 310.),
                (240., 300.),
                -0.288_632_731_654,
                -0.146_769_593_056,
            ),
        ] {
            near(of_proportions(before, after), lower, upper);
        }
    }

    /// statsmodels 0.15.0, `confint_poisson_2indep(method="mover", compare="diff")`; the first two are those of its own
    /// examples.
    #[test]
    fn two_rates_as_computed_elsewhere() {
        for (after, before, lower, upper) in [
            (
                (60., 51_477.5),
                (30., 54_308.7),
                0.000_261_936_410,
                0.000_986_412_718,
            ),
            (
                (41., 28_010.),
                (15., 19_017.),
                0.000_033_982_382,
                0.001_282_349_160,
            ),
            (
                (12., 300.),
                (3., 280.),
                0.002_355_619_206,
                0.060_032_051_753,
            ),
            (
                (0., 100.),
                (4., 120.),
                -0.085_716_141_141,
                0.010_148_203_070,
            ),
        ] {
            near(of_rates(before, after), lower, upper);
        }
    }

    /// The first is the example of Hollander and Wolfe, page 69, as R's `wilcox.test` prints it (0.305, −0.15 to 0.76); the
    /// second was computed over every order of the values.
    #[test]
    fn a_shift_of_months_as_published() {
        let placenta = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
        let at = of_months(&[1.15, 0.88, 0.90, 0.74, 1.21], &placenta).expect("enough");
        assert!((at.by - 0.305).abs() < 1e-9);
        near(at, -0.15, 0.76);
        let before = [12., 9., 14., 10., 11., 8., 13., 10.];
        let at = of_months(&before, &[15., 18., 13., 17., 16., 19., 14., 15., 20.]);
        let expected = Interval {
            by: 5.0,
            lower: 3.0,
            upper: 8.0,
        };
        assert_eq!(at, Some(expected));
        assert_eq!(
            of_months(&[1., 2., 3.], &[4., 5., 6.]),
            None,
            "10 % of orders are as extreme"
        );
        assert_eq!(of_months(&[], &[1.0]), None);
        let cuts = [(6, 6, 5), (8, 8, 13), (10, 10, 23), (7, 12, 18), (4, 4, 0)];
        for (n, m, cut) in cuts {
            assert_eq!(
                (cut_off(n, m), cut_off(m, n)),
                (Some(cut), Some(cut)),
                "{n}, {m}"
            );
        }
    }

    #[test]
    fn a_change_is_told_with_how_sure_it_is() {
        let before = months(&[12., 15., 13., 14., 12., 15.], Some(25.0));
        let after = months(&[19., 21., 20., 18., 21., 20.], Some(25.0));
        let told = compared(&UP, &before, &after);
        assert_eq!(
            (told.before.months, told.before.n, told.before.d),
            (6, 81.0, Some(150.0))
        );
        assert_eq!(
            (told.before.mean, told.before.median),
            (Some(54.0), Some(54.0))
        );
        let Difference::Told {
            by,
            lower,
            upper,
            method,
            meaning,
        } = told.difference
        else {
            panic!("{:?}", told.difference)
        };
        assert!((by - 25.333_333_333).abs() < 1e-6);
        assert!(lower > 14.0 && upper < 36.0, "{lower} to {upper}");
        assert_eq!(
            (method, meaning),
            (ComparedBy::Proportions, Meaning::Better)
        );
        let down = Measure {
            direction: Direction::Down,
            ..UP
        };
        let back = compared(&down, &before, &after).difference;
        assert!(matches!(
            back,
            Difference::Told {
                meaning: Meaning::Worse,
                ..
            }
        ));
        let same = compared(&UP, &before, &before).difference;
        assert!(
            matches!(same, Difference::Told { meaning: Meaning::Neutral, by, .. } if by == 0.0)
        );
    }

    #[test]
    fn nothing_is_told_where_nothing_can_be() {
        let quiet = months(&[12., 15., 13., 14., 12., 15.], Some(25.0));
        let short = months(&[12., 15., 13., 14., 12.], Some(25.0));
        let none = Measure {
            direction: Direction::None,
            ..UP
        };
        assert_eq!(
            compared(&none, &quiet, &quiet).difference,
            Difference::NotJudged
        );
        let few = Difference::TooFew { need: 6 };
        assert_eq!(compared(&UP, &short, &quiet).difference, few);
        let mut open = quiet.clone();
        open[5].incomplete = true;
        assert_eq!(
            compared(&UP, &quiet, &open).difference,
            few,
            "an unfinished month is none"
        );
        let step = [
            10., 11., 9., 10., 12., 10., 9., 11., 20., 21., 19., 22., 20., 21., 19., 20.,
        ];
        let moving = compared(&UP, &months(&step, Some(25.0)), &quiet);
        let expected = Difference::Moving {
            before: true,
            after: false,
        };
        assert_eq!(moving.difference, expected);
        assert_eq!(
            moving.before.months, 16,
            "what was counted is shown all the same"
        );
    }

    #[test]
    fn the_way_follows_the_measure() {
        let method = |measure: &Measure, d: Option<f64>| {
            let (before, after) = (
                [30., 31., 29., 33., 28., 30.],
                [40., 41., 39., 43., 38., 40.],
            );
            match compared(measure, &months(&before, d), &months(&after, d)).difference {
                Difference::Told { method, .. } => Some(method),
                _ => None,
            }
        };
        let rate = Measure {
            suits: ChartKind::U,
            ..UP
        };
        let count = Measure {
            suits: ChartKind::C,
            has_denominator: false,
            multiply: 1.0,
            ..UP
        };
        assert_eq!(method(&UP, Some(60.0)), Some(ComparedBy::Proportions));
        assert_eq!(
            method(&UP, Some(5_000.0)),
            Some(ComparedBy::Months),
            "parts of thousands"
        );
        assert_eq!(
            method(&UP, Some(35.0)),
            Some(ComparedBy::Months),
            "more than the whole is no part"
        );
        assert_eq!(method(&rate, Some(35.0)), Some(ComparedBy::Rates));
        assert_eq!(method(&count, None), Some(ComparedBy::Months));
    }

    fn part() -> impl Strategy<Value = (f64, f64)> {
        (0_u32..500, 1_u32..500).prop_map(|(n, more)| (f64::from(n), f64::from(n + more)))
    }

    proptest! {
        #[test]
        fn intervals_hold_their_difference_and_turn_with_it(a in part(), b in part()) {
            for of in [of_proportions, of_rates] {
                let (at, back) = (of(a, b), of(b, a));
                prop_assert!(at.lower <= at.by && at.by <= at.upper);
                prop_assert!((at.lower + back.upper).abs() < 1e-12 && (at.upper + back.lower).abs() < 1e-12);
            }
            let at = of_proportions(a, b);
            prop_assert!(at.lower >= -1.0 - 1e-12 && at.upper <= 1.0 + 1e-12);
        }

        #[test]
        fn more_of_the_same_is_surer(a in part(), b in part()) {
            let four = |(n, d): (f64, f64)| (4.0 * n, 4.0 * d);
            for of in [of_proportions, of_rates] {
                let (once, more) = (of(a, b), of(four(a), four(b)));
                prop_assert!(more.upper - more.lower <= once.upper - once.lower + 1e-12);
            }
        }

        #[test]
        fn months_may_come_in_any_order_and_unit(
            before in prop::collection::vec(-1e6_f64..1e6, 6..20),
            after in prop::collection::vec(-1e6_f64..1e6, 6..20),
            by in 0.5_f64..4.0,
        ) {
            let at = of_months(&before, &after).expect("enough");
            prop_assert!(at.lower <= at.by && at.by <= at.upper);
            let turned: Vec<f64> = before.iter().rev().copied().collect();
            prop_assert_eq!(of_months(&turned, &after), Some(at));
            let in_unit = |values: &[f64]| values.iter().map(|v| v * by).collect::<Vec<_>>();
            let scaled = of_months(&in_unit(&before), &in_unit(&after)).expect("enough");
            prop_assert!((scaled.lower - at.lower * by).abs() <= 1e-6);
            prop_assert!((scaled.upper - at.upper * by).abs() <= 1e-6);
        }

        #[test]
        fn nothing_comes_out_that_is_no_number(
            n in prop::collection::vec(0.0_f64..50.0, 0..14),
            m in prop::collection::vec(0.0_f64..50.0, 0..14),
            d in prop::option::of(0.0_f64..60.0),
        ) {
            let suits = if d.is_some() { ChartKind::P } else { ChartKind::I };
            let measure = Measure { has_denominator: d.is_some(), suits, ..UP };
            let told = compared(&measure, &months(&n, d), &months(&m, d));
            if let Difference::Told { by, lower, upper, .. } = told.difference {
                prop_assert!(by.is_finite() && lower.is_finite() && upper.is_finite());
            }
        }
    }
}
