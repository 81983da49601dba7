//! The Anhøj rules: an unusually long run, or unusually few crossings of the centre line.
//!
//! Anhøj & Olesen 2014. Points on the centre line and missing points are left out first; what
//! remains are the *useful* points. Both limits depend on their number alone, so the rules need
//! no assumption on how the values are distributed.

use serde::{Deserialize, Serialize};

use super::boxes;

/// On which side of the centre line a point lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Above the centre line.
    Above,
    /// Below the centre line.
    Below,
}

/// How far apart two numbers may be, relative to the larger, and still count as equal.
///
/// A median of 87.2 taken between 87.1 and 87.3 is not 87.2 in binary; a point of 87.2 lies on
/// it nevertheless.
const TIE: f64 = 1e-9;

/// Whether two numbers are equal but for rounding in the last binary digits.
pub fn tied(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= TIE * a.abs().max(b.abs())
}

/// The side of `centre` on which `value` lies; `None` for a value on it.
pub fn side(value: f64, centre: f64) -> Option<Side> {
    if tied(value, centre) {
        None
    } else if value > centre {
        Some(Side::Above)
    } else {
        Some(Side::Below)
    }
}

/// Useful points following one another on one side of the centre line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// The side all its points are on.
    pub side: Side,
    /// Index of its first useful point.
    pub first: usize,
    /// Index of its last useful point.
    pub last: usize,
    /// How many useful points it has; points on the centre line in between do not count.
    pub length: usize,
}

impl Run {
    /// The indices of its useful points, given the sides it was found in.
    pub fn points(self, sides: &[Option<Side>]) -> impl Iterator<Item = usize> + '_ {
        (self.first..=self.last).filter(move |&i| sides.get(i) == Some(&Some(self.side)))
    }
}

/// The runs of a series, in order. `None` stands for a point that is not useful: it neither
/// lengthens a run nor breaks it.
pub fn runs(sides: &[Option<Side>]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (i, side) in sides.iter().enumerate() {
        let Some(side) = *side else { continue };
        match runs.last_mut() {
            Some(run) if run.side == side => {
                run.last = i;
                run.length += 1;
            }
            _ => runs.push(Run {
                side,
                first: i,
                last: i,
                length: 1,
            }),
        }
    }
    runs
}

/// The longest run; the latest of several, as the one that matters to the team today.
pub fn longest(runs: &[Run]) -> Option<Run> {
    runs.iter().copied().max_by_key(|run| run.length)
}

/// The longest run that chance explains among `n` useful points: `round(log2 n) + 3`.
/// A longer one is a shift.
///
/// ```
/// assert_eq!(domain::spc::anhoej::longest_run_max(24), 8);
/// ```
pub fn longest_run_max(n: usize) -> usize {
    let floor = n.checked_ilog2().unwrap_or(0);
    // log2 n rounds up when n > 2^(floor + ½), that is n² > 2^(2 floor + 1): exact in integers.
    let rounds_up = (n as u128).pow(2) > 1_u128 << (2 * floor + 1);
    floor as usize + usize::from(rounds_up) + 3
}

/// The fewest crossings of the centre line that chance explains among `n` useful points: the
/// 5 % quantile of the binomial distribution with `n - 1` trials and probability ½, that is the
/// smallest c with P(C ≤ c) ≥ 0.05. Fewer are a signal.
///
/// ```
/// assert_eq!(domain::spc::anhoej::crossings_min(24), 8);
/// ```
pub fn crossings_min(n: usize) -> usize {
    let trials = n.saturating_sub(1);
    // Start in the middle, where symmetry gives P(C ≤ c) at once, and walk down. Unlike a sum
    // from 0 this never underflows, and it takes about √n steps.
    let half = trials.div_ceil(2);
    // C(2h, h) / 4^h: the chance of exactly half in 2h trials, and also of h - 1 in 2h - 1.
    let mut at = (1..=half).fold(1.0, |p, i| p * (2 * i - 1) as f64 / (2 * i) as f64);
    let (mut crossings, mut at_most) = if trials % 2 == 1 {
        (half - 1, 0.5)
    } else {
        (half, 0.5 + at / 2.0)
    };
    while crossings > 0 && at_most - at >= 0.05 {
        at_most -= at;
        at *= crossings as f64 / (trials - crossings + 1) as f64;
        crossings -= 1;
    }
    crossings
}

/// How the counts of runs and crossings are judged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Method {
    /// The rules of 2014: run too long or crossings too few.
    #[default]
    Anhoej,
    /// The best box of 2020, for 10 to 100 useful points; [`Method::Anhoej`] outside.
    BestBox,
    /// The cut box of 2020, for 10 to 100 useful points; [`Method::Anhoej`] outside.
    CutBox,
}

/// The counts of the Anhøj rules, with their limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunsTest {
    /// The longest run itself.
    pub longest: Run,
    /// Longest run that chance explains.
    pub longest_run_max: usize,
    /// Times the line passed from one side of the centre to the other.
    pub crossings: usize,
    /// Fewest crossings that chance explains.
    pub crossings_min: usize,
    /// Useful points.
    pub useful: usize,
}

impl RunsTest {
    /// Counts the runs of a series; `None` without any useful point.
    pub fn of(sides: &[Option<Side>]) -> Option<Self> {
        let runs = runs(sides);
        let longest = longest(&runs)?;
        let useful = runs.iter().map(|run| run.length).sum();
        Some(Self {
            longest,
            longest_run_max: longest_run_max(useful),
            crossings: runs.len() - 1,
            crossings_min: crossings_min(useful),
            useful,
        })
    }

    /// The longest run is longer than chance explains.
    pub fn run_too_long(&self) -> bool {
        self.longest.length > self.longest_run_max
    }

    /// The centre line is crossed more rarely than chance explains.
    pub fn too_few_crossings(&self) -> bool {
        self.crossings < self.crossings_min
    }

    /// Whether there is a sign of change by `method`.
    pub fn signal(&self, method: Method) -> bool {
        let bounds = match method {
            Method::Anhoej => None,
            Method::BestBox | Method::CutBox => boxes::bounds(self.useful),
        };
        match bounds {
            None => self.run_too_long() || self.too_few_crossings(),
            Some(bounds) if method == Method::CutBox => {
                !bounds.hold_with_corner_cut(self.crossings, self.longest.length)
            }
            Some(bounds) => !bounds.hold(self.crossings, self.longest.length),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A series from a drawing: `+` above, `-` below, `0` on the line or missing.
    fn sides(drawing: &str) -> Vec<Option<Side>> {
        let side = |c| match c {
            '+' => Some(Side::Above),
            '-' => Some(Side::Below),
            _ => None,
        };
        drawing.chars().map(side).collect()
    }

    #[test]
    fn the_limits_are_those_of_the_published_table() {
        // Useful points, longest run, fewest crossings: Anhøj & Olesen 2014.
        let table = [
            (10, 6, 2),
            (11, 6, 2),
            (12, 7, 3),
            (15, 7, 4),
            (16, 7, 4),
            (20, 7, 6),
            (22, 7, 7),
            (23, 8, 7),
            (24, 8, 8),
            (30, 8, 10),
            (36, 8, 13),
            (45, 8, 17),
            (46, 9, 17),
            (60, 9, 23),
        ];
        for (n, run, crossings) in table {
            assert_eq!(
                (longest_run_max(n), crossings_min(n)),
                (run, crossings),
                "n = {n}"
            );
        }
    }

    #[test]
    fn the_quantile_agrees_with_a_plain_sum_in_integers() {
        for n in 1..=120_usize {
            let trials = n - 1;
            let mut ways = 1_u128;
            let mut at_most = 1_u128;
            let mut crossings = 0;
            while at_most * 20 < 1 << trials {
                ways = ways * (trials - crossings) as u128 / (crossings + 1) as u128;
                at_most += ways;
                crossings += 1;
            }
            assert_eq!(crossings_min(n), crossings, "n = {n}");
        }
    }

    #[test]
    fn the_quantile_follows_the_normal_law_in_long_series() {
        for n in [1_000_usize, 10_001, 1_000_000] {
            let trials = (n - 1) as f64;
            let expected = trials / 2.0 - 1.644_853_627 * trials.sqrt() / 2.0;
            let found = crossings_min(n) as f64;
            assert!(
                (found - expected).abs() <= 1.0,
                "{found} for {expected}, n = {n}"
            );
        }
    }

    #[test]
    fn the_longest_run_rounds_at_the_square_root_of_two() {
        for n in 1..=5_000_usize {
            assert_eq!(
                longest_run_max(n),
                (n as f64).log2().round() as usize + 3,
                "n = {n}"
            );
        }
        assert_eq!(longest_run_max(0), 3);
        assert_eq!(longest_run_max(usize::MAX), 67);
    }

    #[test]
    fn points_on_the_line_neither_break_nor_lengthen_a_run() {
        let sides = sides("0++0+-00--0");
        let runs = runs(&sides);
        assert_eq!(runs.len(), 2);
        assert_eq!(runs[0].points(&sides).collect::<Vec<_>>(), [1, 2, 4]);
        assert_eq!(
            runs[1],
            Run {
                side: Side::Below,
                first: 5,
                last: 9,
                length: 3
            }
        );
    }

    #[test]
    fn of_equal_runs_the_latest_is_the_longest() {
        let runs = runs(&sides("++--+--"));
        assert_eq!(longest(&runs).map(|run| run.first), Some(5));
    }

    #[test]
    fn no_useful_point_no_counts() {
        assert_eq!(RunsTest::of(&sides("000")), None);
        assert_eq!(RunsTest::of(&[]), None);
    }

    #[test]
    fn the_methods_part_at_the_box() {
        // 10 useful points, longest run 6 and 2 crossings: on the corner of the best box, which
        // the cut box leaves out.
        let test = RunsTest::of(&sides("++++++---+")).expect("useful points");
        assert_eq!((test.longest.length, test.crossings), (6, 2));
        assert!(!test.signal(Method::Anhoej));
        assert!(!test.signal(Method::BestBox));
        assert!(test.signal(Method::CutBox));
    }

    #[test]
    fn short_series_fall_back_to_the_rules_of_2014() {
        let test = RunsTest::of(&sides("++++++++")).expect("useful points");
        assert!(test.signal(Method::BestBox));
        let test = RunsTest::of(&sides("+-+-")).expect("useful points");
        assert!(!test.signal(Method::CutBox));
    }

    #[test]
    fn ties_are_relative() {
        assert!(tied(87.2, f64::midpoint(87.1, 87.3)));
        assert!(tied(0.1 + 0.2, 0.3));
        assert!(tied(0.0, 0.0));
        assert!(!tied(1e-12, 2e-12));
        assert!(!tied(100.0, 100.0001));
        assert_eq!(side(1.0, 2.0), Some(Side::Below));
        assert_eq!(side(2.0, 1.0), Some(Side::Above));
    }
}
