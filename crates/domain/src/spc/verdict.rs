//! What a chart says to the team: the verdict by the Anhøj rules and, where there are limits, by them; and the chart to draw.
//!
//! Under [`NEEDED`] useful points there is no verdict: the rules would answer, but the answer
//! would mean little. An incomplete last period is drawn but takes part neither in the median
//! nor in the counts, since late figures would pull it down.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::adviser::{Advice, advise};
use super::anhoej::{RunsTest, Side};
use super::chart::{Chart, ChartKind};
use super::limits::median;
use super::reach::Reach;
use super::series::{Series, SeriesError};
use crate::catalog::Direction;

/// Useful points from which a verdict is given.
pub const NEEDED: u32 = 10;

/// The rule set of run charts, printed with them: Anhøj & Olesen 2014.
pub const RULE_SET: &str = "anhoej-2014";
/// The rule set of charts with limits: one point outside three sigma, and [`RULE_SET`].
pub const LIMITS_RULE_SET: &str = "anhoej-2014+3-sigma";

/// Complete points from which limits are more than trial limits.
pub const FIRM: u32 = 12;

/// The verdict on a chart. The sentence is made of it by the screen, in the reader's
/// language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum Verdict {
    /// Too few useful points to tell.
    TooEarly {
        /// Useful points so far.
        have: u32,
        /// Useful points needed.
        need: u32,
    },
    /// Nothing but chance is seen.
    NoSign,
    /// A run longer than chance explains.
    Shift {
        /// Above the median; otherwise below.
        above: bool,
        /// Useful points of the run.
        length: u32,
        /// Label of its first point.
        since: String,
        /// It reaches the last useful point.
        ongoing: bool,
    },
    /// Points lie outside the limits of what chance explains.
    Outside {
        /// How many.
        count: u32,
        /// Label of the last of them.
        last: String,
        /// The last one lies above.
        above: bool,
    },
    /// The median is crossed more rarely than chance explains.
    FewCrossings {
        /// Crossings seen.
        crossings: u32,
        /// Fewest crossings that chance explains.
        needed: u32,
    },
}

/// What a verdict means for the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Meaning {
    /// A change for the better.
    Better,
    /// A change for the worse.
    Worse,
    /// No change, or none that can be called better or worse.
    Neutral,
}

impl Verdict {
    /// The verdict on the current, that is the last, phase of a chart. `labels` name its points.
    pub fn of<L: AsRef<str>>(chart: &Chart, labels: &[L]) -> Self {
        let Some(runs) = current_runs(chart).filter(|runs| count(runs.useful) >= NEEDED) else {
            let have = current_runs(chart).map_or(0, |runs| count(runs.useful));
            return Self::TooEarly { have, need: NEEDED };
        };
        let outside = outside_points(chart);
        if let Some(&last) = outside.last() {
            Self::Outside {
                count: count(outside.len()),
                last: labels
                    .get(last)
                    .map(|label| label.as_ref().into())
                    .unwrap_or_default(),
                above: chart.points[last].side == Some(Side::Above),
            }
        } else if runs.run_too_long() {
            let run = runs.longest;
            Self::Shift {
                above: run.side == Side::Above,
                length: count(run.length),
                since: labels
                    .get(run.first)
                    .map(|label| label.as_ref().into())
                    .unwrap_or_default(),
                ongoing: chart.points.iter().rposition(|p| p.side.is_some()) == Some(run.last),
            }
        } else if runs.too_few_crossings() {
            Self::FewCrossings {
                crossings: count(runs.crossings),
                needed: count(runs.crossings_min),
            }
        } else {
            Self::NoSign
        }
    }

    /// What the verdict means for a measure that should go in `direction`.
    ///
    /// Few crossings say that something changed, not which way. For a measure with a goal to
    /// come near to, see [`Meaning::towards`].
    pub fn meaning(&self, direction: Direction) -> Meaning {
        match (self, direction) {
            (Self::Shift { above, .. } | Self::Outside { above, .. }, Direction::Up) => {
                Meaning::better_if(*above)
            }
            (Self::Shift { above, .. } | Self::Outside { above, .. }, Direction::Down) => {
                Meaning::better_if(!above)
            }
            _ => Meaning::Neutral,
        }
    }
}

impl Meaning {
    /// What going from one level to another means where `goal` is to be met, not passed.
    pub fn towards(goal: f64, from: f64, to: f64) -> Self {
        let (before, after) = ((from - goal).abs(), (to - goal).abs());
        if super::anhoej::tied(before, after) {
            Self::Neutral
        } else {
            Self::better_if(after < before)
        }
    }

    fn better_if(better: bool) -> Self {
        if better { Self::Better } else { Self::Worse }
    }
}

/// The points that make the verdict, as indices: those outside the limits, or else those of a run that is too long.
/// Few crossings belong to the whole line and mark no point.
pub fn signal_points(chart: &Chart) -> Vec<usize> {
    let Some(runs) = current_runs(chart).filter(|runs| count(runs.useful) >= NEEDED) else {
        return Vec::new();
    };
    let outside = outside_points(chart);
    if outside.is_empty() && runs.run_too_long() {
        return runs.longest.points(&chart.sides()).collect();
    }
    outside
}

/// The points of the last phase outside their limits that take part in the counts, as indices.
fn outside_points(chart: &Chart) -> Vec<usize> {
    let part = chart.phases.last().map_or(0, |phase| phase.part);
    let outside = |i: &usize| {
        let point = &chart.points[*i];
        point.outside && point.include && point.part == part
    };
    (0..chart.points.len()).filter(outside).collect()
}

/// One period of a measure, as it was recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Its name, such as `202603`.
    pub label: String,
    /// Numerator, count or measurement; `None` while nothing is entered.
    pub n: Option<f64>,
    /// Denominator, for measures that have one.
    pub d: Option<f64>,
    /// The reason given for having no data; such a period has no value, whatever `n` says.
    pub no_data: Option<String>,
    /// Its figures may still change.
    pub incomplete: bool,
}

/// What a chart must know of its measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure {
    /// Where it should go.
    pub direction: Direction,
    /// Whether values are `n / d`; otherwise they are `n`.
    pub has_denominator: bool,
    /// Factor on the values shown: 100 for percentages, 1000 for rates per thousand.
    pub multiply: f64,
    /// The chart it is made for.
    pub suits: ChartKind,
    /// The goal, in the unit shown.
    pub goal: Option<f64>,
}

/// Everything a chart's drawing shows, but its title.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ChartView {
    /// The periods, in order.
    pub points: Vec<ChartPoint>,
    /// What is drawn.
    pub chart: ChartKind,
    /// The chart that suits the measure and its figures, and why.
    pub advice: Advice,
    /// The limits may still move much: there are fewer than [`FIRM`] complete points.
    pub trial: bool,
    /// The centre line of the complete points, in the unit shown: on a run chart their median.
    pub centre: Option<f64>,
    /// The goal, in the unit shown; none for a measure that is not judged.
    pub goal: Option<f64>,
    /// Whether the process as it is can meet the goal; none without a goal.
    pub reach: Option<Reach>,
    /// Whether a verdict may be shown. A measure without direction has none: neither goal,
    /// colour nor sentence.
    pub judged: bool,
    /// The verdict by the rule set.
    pub verdict: Verdict,
    /// What it means for the work.
    pub meaning: Meaning,
    /// Useful points: complete, with a value, off the median.
    pub useful: u32,
    /// Useful points of the longest run.
    pub longest_run: Option<u32>,
    /// Longest run that chance explains.
    pub longest_run_allowed: Option<u32>,
    /// Times the line crosses the median.
    pub crossings: Option<u32>,
    /// Fewest crossings that chance explains.
    pub crossings_needed: Option<u32>,
    /// Factor on the values: 100 when they are percentages.
    pub multiply: f64,
    /// The rules applied, to be printed with the chart.
    pub rule_set: String,
}

/// One point of a [`ChartView`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ChartPoint {
    /// The period's name.
    pub label: String,
    /// The value in the unit shown; none where there is nothing to draw.
    pub value: Option<f64>,
    /// The numerator as recorded.
    pub n: Option<f64>,
    /// The denominator as recorded.
    pub d: Option<f64>,
    /// The period's figures may still change; drawn hollow.
    pub incomplete: bool,
    /// The point belongs to what makes the verdict; drawn filled and larger.
    pub signal: bool,
    /// The limits of what chance explains here, in the unit shown; none on run charts.
    pub limits: Option<ChartLimits>,
    /// The reason given for having no data.
    pub no_data: Option<String>,
}

/// The limits at one point.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ChartLimits {
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
}

impl ChartView {
    /// Charts the periods of a measure, given in their order.
    ///
    /// # Errors
    /// When a figure is not finite, a denominator is negative, or the measure has not what the chart takes.
    pub fn of(
        measure: &Measure,
        periods: Vec<Observation>,
        kind: ChartKind,
    ) -> Result<Self, SeriesError> {
        let advice = advise(measure.suits, &figures(&periods));
        let series = series(measure, &periods);
        let chart = Chart::of(kind, &series, true)?;
        let labels: Vec<_> = periods.iter().map(|period| period.label.as_str()).collect();
        let judged = measure.direction != Direction::None;
        let goal = measure.goal.filter(|_| judged);
        let verdict = Verdict::of(&chart, &labels);
        let signals = signal_points(&chart);
        let meaning = match (measure.direction, goal) {
            (Direction::Target, Some(goal)) => shift_towards(goal, &chart, &signals),
            (direction, _) => verdict.meaning(direction),
        };
        let moving = matches!(
            verdict,
            Verdict::Shift { .. } | Verdict::FewCrossings { .. }
        );
        let reach = match goal {
            Some(goal) => Reach::of(&series, measure.direction, goal, moving)?,
            None => None,
        };
        let runs = current_runs(&chart);
        let centre = chart.phases.last().and_then(|phase| phase.centre);
        let complete = chart
            .points
            .iter()
            .filter(|p| p.include && p.value.is_some());
        let trial = kind != ChartKind::Run && count(complete.count()) < FIRM;
        let mut points: Vec<_> = periods
            .into_iter()
            .zip(&chart.points)
            .map(|(period, point)| ChartPoint {
                label: period.label,
                value: point.value,
                n: period.n,
                d: period.d,
                incomplete: period.incomplete,
                signal: false,
                limits: point.limits.map(|limits| ChartLimits {
                    lower: limits.lower,
                    upper: limits.upper,
                }),
                no_data: period.no_data,
            })
            .collect();
        for i in signals.into_iter().filter(|_| judged) {
            points[i].signal = true;
        }
        Ok(Self {
            points,
            chart: kind,
            advice,
            trial,
            centre,
            goal,
            reach,
            judged,
            verdict,
            meaning,
            useful: runs.map_or(0, |runs| count(runs.useful)),
            longest_run: runs.map(|runs| count(runs.longest.length)),
            longest_run_allowed: runs.map(|runs| count(runs.longest_run_max)),
            crossings: runs.map(|runs| count(runs.crossings)),
            crossings_needed: runs.map(|runs| count(runs.crossings_min)),
            multiply: measure.multiply,
            rule_set: if kind == ChartKind::Run {
                RULE_SET
            } else {
                LIMITS_RULE_SET
            }
            .to_owned(),
        })
    }
}

/// Numerator and denominator of the complete periods that have both.
fn figures(periods: &[Observation]) -> Vec<(f64, f64)> {
    periods
        .iter()
        .filter(|period| !period.incomplete && period.no_data.is_none())
        .filter_map(|period| Some((period.n?, period.d.filter(|&d| d > 0.0)?)))
        .collect()
}

fn series(measure: &Measure, periods: &[Observation]) -> Series {
    let known =
        |period: &Observation, figure: Option<f64>| figure.filter(|_| period.no_data.is_none());
    let values = periods
        .iter()
        .map(|period| known(period, period.n))
        .collect();
    let denominators = || {
        periods
            .iter()
            .map(|period| known(period, period.d))
            .collect()
    };
    let mut series = Series::new(values, measure.has_denominator.then(denominators));
    series.multiply = measure.multiply;
    series.exclude = (1..)
        .zip(periods)
        .filter(|(_, p)| p.incomplete)
        .map(|(i, _)| i)
        .collect();
    series
}

/// What a shift from the median to the level of its own points means for a goal to be met.
fn shift_towards(goal: f64, chart: &Chart, signals: &[usize]) -> Meaning {
    let mut values: Vec<_> = signals
        .iter()
        .filter_map(|&i| chart.points[i].value)
        .collect();
    let from = chart.phases.last().and_then(|phase| phase.centre);
    match (from, median(&mut values)) {
        (Some(from), Some(to)) => Meaning::towards(goal, from, to),
        _ => Meaning::Neutral,
    }
}

fn current_runs(chart: &Chart) -> Option<RunsTest> {
    chart.phases.last().and_then(|phase| phase.runs)
}

/// A count as the screen takes it. No chart has more than four milliard points.
fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERCENT_UP: Measure = Measure {
        direction: Direction::Up,
        has_denominator: true,
        multiply: 100.0,
        suits: ChartKind::P,
        goal: Some(80.0),
    };

    /// Months with `n` of 100, labelled from 1.
    fn months(n: &[i32]) -> Vec<Observation> {
        let month = |(i, &n): (usize, &i32)| Observation {
            label: (i + 1).to_string(),
            n: Some(n.into()),
            d: Some(100.0),
            no_data: None,
            incomplete: false,
        };
        n.iter().enumerate().map(month).collect()
    }

    fn view(measure: &Measure, periods: Vec<Observation>) -> ChartView {
        ChartView::of(measure, periods, ChartKind::Run).expect("charts")
    }

    /// Eight low months, then eight high ones, with a quiet start.
    const RISEN: [i32; 18] = [
        50, 51, 52, 50, 51, 49, 50, 51, 53, 70, 71, 72, 73, 70, 71, 74, 75, 72,
    ];

    #[test]
    fn under_ten_useful_points_it_is_too_early() {
        let empty = view(&PERCENT_UP, Vec::new());
        assert_eq!(empty.verdict, Verdict::TooEarly { have: 0, need: 10 });
        assert_eq!(empty.longest_run, None);
        let view = view(&PERCENT_UP, months(&[40, 60, 41, 61, 42, 62, 43]));
        assert_eq!(
            view.verdict,
            Verdict::TooEarly { have: 6, need: 10 },
            "one is on the median"
        );
        assert_eq!(view.meaning, Meaning::Neutral);
        assert_eq!(view.centre, Some(43.0));
    }

    #[test]
    fn points_below_ten_never_mark_a_signal() {
        let mut periods = months(&[1, 1, 1, 1, 9, 9, 9, 9]);
        periods.extend(months(&[5; 9]));
        let view = view(&PERCENT_UP, periods);
        assert_eq!(view.verdict, Verdict::TooEarly { have: 8, need: 10 });
        assert!(view.points.iter().all(|point| !point.signal));
    }

    #[test]
    fn a_rise_is_better_or_worse_by_direction() {
        let rising = |direction| {
            view(
                &Measure {
                    direction,
                    ..PERCENT_UP
                },
                months(&RISEN),
            )
        };
        let up = rising(Direction::Up);
        let shift = Verdict::Shift {
            above: true,
            length: 9,
            since: "10".into(),
            ongoing: true,
        };
        assert_eq!(up.verdict, shift);
        assert_eq!(up.meaning, Meaning::Better);
        assert_eq!(rising(Direction::Down).meaning, Meaning::Worse);
        assert_eq!(rising(Direction::None).meaning, Meaning::Neutral);
        assert_eq!(
            rising(Direction::Target).meaning,
            Meaning::Better,
            "towards 80"
        );
        let marked: Vec<_> = up
            .points
            .iter()
            .filter(|p| p.signal)
            .map(|p| &p.label)
            .collect();
        assert_eq!(
            marked,
            ["10", "11", "12", "13", "14", "15", "16", "17", "18"]
        );
    }

    #[test]
    fn a_shift_that_has_ended_is_not_ongoing() {
        let n = [
            1, 9, 2, 8, 1, 9, 90, 91, 92, 93, 94, 95, 96, 97, 98, 2, 8, 1,
        ];
        let Verdict::Shift {
            above,
            ongoing,
            since,
            ..
        } = view(&PERCENT_UP, months(&n)).verdict
        else {
            panic!("a shift")
        };
        assert!(above && !ongoing);
        assert_eq!(since, "7");
    }

    #[test]
    fn a_target_is_judged_from_either_side() {
        assert_eq!(Meaning::towards(10.0, 4.0, 9.0), Meaning::Better);
        assert_eq!(Meaning::towards(10.0, 16.0, 11.0), Meaning::Better);
        assert_eq!(Meaning::towards(10.0, 9.0, 16.0), Meaning::Worse);
        assert_eq!(Meaning::towards(10.0, 9.0, 11.0), Meaning::Neutral);
        let no_goal = Measure {
            direction: Direction::Target,
            goal: None,
            ..PERCENT_UP
        };
        assert_eq!(view(&no_goal, months(&RISEN)).meaning, Meaning::Neutral);
    }

    #[test]
    fn a_measure_without_direction_is_not_judged() {
        let measure = Measure {
            direction: Direction::None,
            ..PERCENT_UP
        };
        let view = view(&measure, months(&RISEN));
        assert!(!view.judged);
        assert_eq!(view.goal, None);
        assert!(view.points.iter().all(|point| !point.signal));
    }

    #[test]
    fn few_crossings_without_a_long_run() {
        let n = [
            10, 11, 12, 10, 11, 12, 10, 90, 91, 92, 90, 91, 11, 12, 10, 11, 12, 90, 91, 92, 93, 94,
            95, 96,
        ];
        let view = view(&PERCENT_UP, months(&n));
        assert_eq!(
            view.verdict,
            Verdict::FewCrossings {
                crossings: 3,
                needed: 8
            }
        );
        assert_eq!(view.meaning, Meaning::Neutral);
        assert!(view.points.iter().all(|point| !point.signal));
    }

    #[test]
    fn an_incomplete_month_is_drawn_and_not_counted() {
        let mut periods = months(&[40, 60, 40, 60, 40, 60, 40, 60, 40, 60, 5]);
        periods[10].incomplete = true;
        let view = view(&PERCENT_UP, periods);
        assert_eq!(view.points[10].value, Some(5.0));
        assert_eq!(view.centre, Some(50.0));
        assert_eq!(view.useful, 10);
        assert_eq!(view.verdict, Verdict::NoSign);
    }

    #[test]
    fn zero_no_data_and_empty_are_three_things() {
        let mut periods = months(&[0, 40, 60, 30]);
        periods[1].no_data = Some("register lost".into());
        periods[2].n = None;
        periods[3].d = Some(0.0);
        let view = view(&PERCENT_UP, periods);
        let values: Vec<_> = view.points.iter().map(|point| point.value).collect();
        assert_eq!(values, [Some(0.0), None, None, None]);
        assert_eq!(view.points[1].no_data.as_deref(), Some("register lost"));
        assert_eq!(
            view.points[3].n,
            Some(30.0),
            "what was typed stays to be seen"
        );
    }

    #[test]
    fn a_count_needs_no_denominator() {
        let count = Measure {
            has_denominator: false,
            multiply: 1.0,
            ..PERCENT_UP
        };
        let mut periods = months(&[3, 5, 4]);
        periods.iter_mut().for_each(|period| period.d = None);
        assert_eq!(view(&count, periods).centre, Some(4.0));
    }

    #[test]
    fn the_verdict_is_tagged_for_the_screen() {
        let json = serde_json::to_value(Verdict::TooEarly { have: 7, need: 10 }).expect("json");
        assert_eq!(
            json,
            serde_json::json!({ "kind": "too_early", "have": 7, "need": 10 })
        );
    }

    #[test]
    fn a_point_outside_its_limits_is_a_sign_on_a_p_chart() {
        let mut n: Vec<i32> = (0..20).map(|i| if i % 2 == 0 { 45 } else { 58 }).collect();
        n[14] = 95;
        let p = ChartView::of(&PERCENT_UP, months(&n), ChartKind::P).expect("charts");
        let outside = Verdict::Outside {
            count: 1,
            last: "15".into(),
            above: true,
        };
        assert_eq!((p.verdict, p.meaning), (outside, Meaning::Better));
        let marked: Vec<_> = p
            .points
            .iter()
            .filter(|p| p.signal)
            .map(|p| &p.label)
            .collect();
        assert_eq!(marked, ["15"]);
        assert!(!p.trial && p.points.iter().all(|point| point.limits.is_some()));
        let run = view(&PERCENT_UP, months(&n));
        assert!(run.points.iter().all(|point| point.limits.is_none()));
        assert_eq!(
            run.advice.chart,
            ChartKind::P,
            "50 of 100 are enough for limits"
        );
    }

    #[test]
    fn limits_of_few_points_are_trial_limits() {
        let p =
            ChartView::of(&PERCENT_UP, months(&[40, 60, 41, 61]), ChartKind::P).expect("charts");
        assert!(p.trial);
        assert!(matches!(p.verdict, Verdict::TooEarly { .. }));
        assert!(
            !view(&PERCENT_UP, months(&[40, 60])).trial,
            "a run chart has no limits"
        );
    }

    #[test]
    fn a_chart_that_the_measure_cannot_take_is_refused() {
        let count = Measure {
            has_denominator: false,
            multiply: 1.0,
            ..PERCENT_UP
        };
        assert!(ChartView::of(&count, months(&[1, 2]), ChartKind::P).is_err());
    }
}
