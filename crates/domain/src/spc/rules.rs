//! The rule sets by name and date, and what each finds in a chart. One set is applied to a chart, never several: their
//! false alarms would add up. A coach chooses it; see [`crate::permission::Class::Method`].

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::anhoej::{self, Side, side};
use super::chart::{Chart, ChartKind, Phase};
use super::ihi::{self, RunCount};
use super::mdc::{Cause, Improvement, MakingDataCount};
use super::series::{Series, SeriesError};
use super::sigma::{Nelson, WesternElectric, distances};

/// A rule set. Its name carries its date, since authors change their rules.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export)]
pub enum RuleSet {
    /// Runs and crossings by the number of useful points; with limits, a point outside three sigma. Anhøj & Olesen 2014.
    #[default]
    #[serde(rename = "anhoej-2014")]
    Anhoej,
    /// Shift of six, trend of five, number of runs. Perla, Provost & Murray 2011.
    #[serde(rename = "ihi-2011")]
    Ihi,
    /// Making Data Count, NHS England 2024.
    #[serde(rename = "mdc-2024")]
    MakingDataCount,
    /// Western Electric, Statistical Quality Control Handbook, 1956.
    #[serde(rename = "western-electric-1956")]
    WesternElectric,
    /// Nelson 1984.
    #[serde(rename = "nelson-1984")]
    Nelson,
}

impl RuleSet {
    /// Every set.
    pub const ALL: [Self; 5] = [
        Self::Anhoej,
        Self::Ihi,
        Self::MakingDataCount,
        Self::WesternElectric,
        Self::Nelson,
    ];

    /// Its name with its date, as it stands in the log and beside the chart.
    pub fn name(self) -> &'static str {
        match self {
            Self::Anhoej => "anhoej-2014",
            Self::Ihi => "ihi-2011",
            Self::MakingDataCount => "mdc-2024",
            Self::WesternElectric => "western-electric-1956",
            Self::Nelson => "nelson-1984",
        }
    }

    /// The set of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|set| set.name() == name)
    }

    /// Whether it is made for a kind of chart: IHI's for run charts, Making Data Count's for individual values, those in
    /// sigmas for charts with limits. Of moving ranges the limit alone is looked at, whose neighbours share a value.
    pub fn suits(self, kind: ChartKind) -> bool {
        match self {
            Self::Anhoej => true,
            Self::Ihi => kind == ChartKind::Run,
            Self::MakingDataCount => kind == ChartKind::I,
            Self::WesternElectric | Self::Nelson => !matches!(
                kind,
                ChartKind::Run | ChartKind::Mr | ChartKind::G | ChartKind::T
            ),
        }
    }
}

/// What a rule looks for. In this order the verdict speaks of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Rule {
    /// A point outside its limits.
    Outside,
    /// Points in a row on one side of the centre.
    Run,
    /// Points in a row that rise, or fall.
    Trend,
    /// Two of three points far from the centre on one side.
    TwoOfThree,
    /// Four of five points beyond one sigma on one side.
    FourOfFive,
    /// Fourteen points going up and down in turn.
    Alternating,
    /// Eight points in a row beyond one sigma, on either side.
    BeyondOne,
    /// Fifteen points in a row within one sigma.
    WithinOne,
    /// The centre is crossed too rarely.
    FewCrossings,
    /// Fewer runs than chance explains.
    FewRuns,
    /// More runs than chance explains.
    ManyRuns,
}

/// What a rule found in a phase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// The rule.
    pub rule: Rule,
    /// Whether it speaks of points above the centre, or rising; `None` where it speaks of neither side.
    pub above: Option<bool>,
    /// Its points, as indices into the chart's; none where it speaks of the whole line.
    pub points: Vec<usize>,
}

impl RuleSet {
    /// Everything that the set finds in a phase of a chart, in the order of [`Rule`] and, of one rule, of time. The number
    /// of points is not looked at here; see [`super::verdict::NEEDED`].
    ///
    /// # Errors
    /// As [`MakingDataCount::of`], which is computed from the values of the chart.
    pub fn signs(
        self,
        chart: &Chart,
        series: &Series,
        phase: &Phase,
    ) -> Result<Vec<Sign>, SeriesError> {
        let mut signs = match self {
            Self::Anhoej => anhoej_signs(chart, phase),
            Self::Ihi => ihi_signs(chart, phase),
            Self::MakingDataCount => mdc_signs(&making_data_count(chart, series)?, phase),
            Self::WesternElectric | Self::Nelson => sigma_signs(self, chart, phase),
        };
        signs.sort_by_key(|sign| (sign.rule, sign.points.last().copied()));
        Ok(signs)
    }
}

/// The values of a chart as Making Data Count charts them, in the unit shown.
///
/// # Errors
/// As [`MakingDataCount::of`].
pub fn making_data_count(chart: &Chart, series: &Series) -> Result<MakingDataCount, SeriesError> {
    let values = Series {
        values: chart.points.iter().map(|point| point.value).collect(),
        denominators: None,
        multiply: 1.0,
        ..series.clone()
    };
    MakingDataCount::of(&values, Improvement::Neutral, None, true)
}

/// The indices of a phase's points.
fn within(phase: &Phase) -> std::ops::Range<usize> {
    phase.first.saturating_sub(1)..phase.last
}

fn anhoej_signs(chart: &Chart, phase: &Phase) -> Vec<Sign> {
    let outside: Vec<usize> = within(phase)
        .filter(|&i| chart.points[i].outside && chart.points[i].include)
        .collect();
    let mut signs = Vec::new();
    if let Some(&last) = outside.last() {
        signs.push(Sign {
            rule: Rule::Outside,
            above: Some(chart.points[last].side == Some(Side::Above)),
            points: outside,
        });
    }
    let Some(runs) = phase.runs.filter(|_| chart.kind != ChartKind::Mr) else {
        return signs;
    };
    if runs.run_too_long() {
        signs.push(Sign {
            rule: Rule::Run,
            above: Some(runs.longest.side == Side::Above),
            points: runs.longest.points(&chart.sides()).collect(),
        });
    }
    if runs.too_few_crossings() {
        signs.push(whole(Rule::FewCrossings));
    }
    signs
}

fn ihi_signs(chart: &Chart, phase: &Phase) -> Vec<Sign> {
    let first = within(phase).start;
    let sides: Vec<_> = within(phase).map(|i| chart.points[i].side).collect();
    let runs = anhoej::runs(&sides);
    let shifts = runs.iter().filter(|run| run.length >= ihi::SHIFT);
    let mut signs: Vec<Sign> = shifts
        .map(|run| Sign {
            rule: Rule::Run,
            above: Some(run.side == Side::Above),
            points: run.points(&sides).map(|i| first + i).collect(),
        })
        .collect();
    let known: Vec<(usize, f64)> = within(phase)
        .filter(|&i| chart.points[i].include)
        .filter_map(|i| Some((i, chart.points[i].value?)))
        .collect();
    signs.extend(ihi::trends(&known).into_iter().map(|trend| Sign {
        rule: Rule::Trend,
        above: Some(trend.rising),
        points: trend.points,
    }));
    let useful = runs.iter().map(|run| run.length).sum();
    match RunCount::of(runs.len(), ihi::runs_limits_exact(useful)) {
        RunCount::TooFew => signs.push(whole(Rule::FewRuns)),
        RunCount::TooMany => signs.push(whole(Rule::ManyRuns)),
        RunCount::AsExpected | RunCount::NotAssessed => {}
    }
    signs
}

/// Neighbours of one cause are one sign.
fn mdc_signs(chart: &MakingDataCount, phase: &Phase) -> Vec<Sign> {
    let known: Vec<usize> = within(phase)
        .filter(|&i| chart.points[i].value.is_some())
        .collect();
    known
        .chunk_by(|&a, &b| chart.points[a].cause == chart.points[b].cause)
        .filter_map(|points| {
            let cause = chart.points[points[0]].cause?;
            Some(Sign {
                rule: match cause {
                    Cause::Outside(_) => Rule::Outside,
                    Cause::Trend(_) => Rule::Trend,
                    Cause::TwoInThree(_) => Rule::TwoOfThree,
                    Cause::Shift(_) => Rule::Run,
                },
                above: Some(cause.side() == Side::Above),
                points: points.to_vec(),
            })
        })
        .collect()
}

fn sigma_signs(set: RuleSet, chart: &Chart, phase: &Phase) -> Vec<Sign> {
    let first = within(phase).start;
    let all = distances(chart);
    let zs = &all[within(phase)];
    let known: Vec<(usize, f64)> = (first..)
        .zip(zs)
        .filter_map(|(i, z)| Some((i, (*z)?)))
        .collect();
    let z = |i: usize| all[i].unwrap_or_default();
    let mut signs = Vec::new();
    let mut found = |rule, one_sided: bool, points: Vec<usize>| {
        let points: Vec<usize> = points.into_iter().map(|i| first + i).collect();
        if let Some(&last) = points.last() {
            let above = one_sided.then(|| z(last) > 0.0);
            signs.push(Sign {
                rule,
                above,
                points,
            });
        }
    };
    let least = match set {
        RuleSet::Nelson => {
            let nelson = Nelson::of(zs);
            found(Rule::Outside, true, nelson.beyond_three);
            found(Rule::TwoOfThree, true, nelson.two_of_three);
            found(Rule::FourOfFive, true, nelson.four_of_five);
            found(Rule::Alternating, false, nelson.fourteen_alternating);
            found(Rule::BeyondOne, false, nelson.eight_beyond_one);
            found(Rule::WithinOne, false, nelson.fifteen_within_one);
            9
        }
        _ => {
            let rules = WesternElectric::of(zs);
            found(Rule::Outside, true, rules.beyond_three);
            found(Rule::TwoOfThree, true, rules.two_of_three);
            found(Rule::FourOfFive, true, rules.four_of_five);
            8
        }
    };
    signs.extend(one_side(&known, least));
    if set == RuleSet::Nelson {
        signs.extend(rising_or_falling(&known, 6));
    }
    signs
}

/// Stretches of so many points or more on one side; a point on the centre ends them.
fn one_side(known: &[(usize, f64)], least: usize) -> Vec<Sign> {
    known
        .chunk_by(|a, b| side(a.1, 0.0) == side(b.1, 0.0))
        .filter(|stretch| stretch.len() >= least)
        .filter_map(|stretch| {
            Some(Sign {
                rule: Rule::Run,
                above: Some(side(stretch[0].1, 0.0)? == Side::Above),
                points: stretch.iter().map(|(i, _)| *i).collect(),
            })
        })
        .collect()
}

/// Stretches of so many points or more that rise, or fall; equal neighbours end them.
fn rising_or_falling(known: &[(usize, f64)], least: usize) -> Vec<Sign> {
    let steps: Vec<Option<Side>> = known
        .windows(2)
        .map(|pair| side(pair[1].1, pair[0].1))
        .collect();
    let mut signs = Vec::new();
    let mut first = 0;
    for stretch in steps.chunk_by(|a, b| a == b) {
        // n steps join n + 1 points.
        let points = &known[first..=first + stretch.len()];
        if let Some(way) = stretch[0].filter(|_| points.len() >= least) {
            signs.push(Sign {
                rule: Rule::Trend,
                above: Some(way == Side::Above),
                points: points.iter().map(|(i, _)| *i).collect(),
            });
        }
        first += stretch.len();
    }
    signs
}

fn whole(rule: Rule) -> Sign {
    Sign {
        rule,
        above: None,
        points: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(set: RuleSet, kind: ChartKind, values: &[f64]) -> Vec<Sign> {
        let series = Series::new(values.iter().copied().map(Some).collect(), None);
        let chart = Chart::of(kind, &series, true).expect("charts");
        let phase = chart.phases[0];
        set.signs(&chart, &series, &phase).expect("judges")
    }

    #[test]
    fn a_name_names_one_set() {
        for set in RuleSet::ALL {
            assert_eq!(RuleSet::named(set.name()), Some(set));
            let json = serde_json::to_value(set).expect("json");
            assert_eq!(json, set.name());
        }
    }

    #[test]
    fn every_set_suits_some_chart_and_every_chart_has_a_set() {
        for set in RuleSet::ALL {
            assert!(ChartKind::ALL.into_iter().any(|kind| set.suits(kind)));
            assert_eq!(set.suits(ChartKind::Mr), set == RuleSet::Anhoej);
        }
        let all = ChartKind::ALL.into_iter();
        assert!(all.into_iter().all(|kind| RuleSet::default().suits(kind)));
        assert!(RuleSet::Ihi.suits(ChartKind::Run) && !RuleSet::Nelson.suits(ChartKind::Run));
    }

    #[test]
    fn of_moving_ranges_only_the_limit_speaks() {
        // Twenty steps of two, then twenty of one: a long run of ranges on each side, and none outside.
        let step = |i: u32| if i < 20 { i * 2 } else { 20 + i };
        let values: Vec<f64> = (0..40).map(|i| f64::from(step(i))).collect();
        assert!(signs(RuleSet::Anhoej, ChartKind::Mr, &values).is_empty());
        let mut jump = values;
        jump[30] = 90.0;
        let found = signs(RuleSet::Anhoej, ChartKind::Mr, &jump);
        assert!(!found.is_empty() && found.iter().all(|sign| sign.rule == Rule::Outside));
    }

    #[test]
    fn ihi_finds_a_shift_of_six_where_anhoej_waits_for_more() {
        let values = [
            5.0, 9.0, 4.0, 8.0, 3.0, 9.0, 2.0, 1.0, 10.0, 11.0, 12.0, 10.0, 11.0, 12.0, 2.0, 3.0,
        ];
        let ihi = signs(RuleSet::Ihi, ChartKind::Run, &values);
        let shift = ihi.iter().find(|sign| sign.rule == Rule::Run);
        assert_eq!(
            shift.map(|sign| sign.points.clone()),
            Some((8..14).collect())
        );
        let anhoej = signs(RuleSet::Anhoej, ChartKind::Run, &values);
        assert!(anhoej.iter().all(|sign| sign.rule != Rule::Run));
    }

    #[test]
    fn stretches_hold_the_points_that_the_patterns_name() {
        let values = [
            5.0, 4.0, 5.5, 4.2, 5.1, 6.0, 6.2, 6.1, 6.3, 6.0, 6.4, 6.2, 6.1, 6.5, 3.0, 3.1, 4.0,
            4.5, 5.2, 5.6, 5.9,
        ];
        for set in [RuleSet::WesternElectric, RuleSet::Nelson] {
            let found = signs(set, ChartKind::I, &values);
            let series = Series::new(values.iter().copied().map(Some).collect(), None);
            let chart = Chart::of(ChartKind::I, &series, true).expect("charts");
            let zs = distances(&chart);
            let (runs, trends) = match set {
                RuleSet::Nelson => {
                    let nelson = Nelson::of(&zs);
                    (nelson.nine_on_one_side, nelson.six_rising_or_falling)
                }
                _ => (WesternElectric::of(&zs).eight_on_one_side, Vec::new()),
            };
            assert!(!runs.is_empty(), "{set:?} has something to find");
            for (rule, named) in [(Rule::Run, runs), (Rule::Trend, trends)] {
                let held: Vec<usize> = found
                    .iter()
                    .filter(|sign| sign.rule == rule)
                    .flat_map(|sign| sign.points.clone())
                    .collect();
                assert!(named.iter().all(|i| held.contains(i)), "{set:?} {rule:?}");
                assert_eq!(held.is_empty(), named.is_empty(), "{set:?} {rule:?}");
            }
        }
    }

    #[test]
    fn making_data_count_joins_neighbours_of_one_cause() {
        let mut values = vec![
            50.0, 52.0, 49.0, 51.0, 50.0, 48.0, 52.0, 49.0, 51.0, 50.0, 48.0, 52.0,
        ];
        values.extend([47.0; 1]);
        values.extend([
            53.0, 54.0, 53.5, 54.5, 53.0, 54.0, 53.2, 54.1, 47.0, 52.0, 48.0,
        ]);
        let found = signs(RuleSet::MakingDataCount, ChartKind::I, &values);
        let run = found.iter().find(|sign| sign.rule == Rule::Run);
        assert!(
            run.is_some_and(|sign| sign.above == Some(true) && sign.points.len() >= 7),
            "{found:?}"
        );
    }
}
