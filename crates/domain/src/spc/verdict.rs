//! What a chart says to the team: the verdict by one [rule set](super::rules); and the chart to draw, with the phases, the
//! baseline, the excluded points and the goals that people gave it.
//!
//! Under [`NEEDED`] useful points there is no verdict: the rules would answer, but the answer
//! would mean little. An incomplete last period is drawn but takes part neither in the median
//! nor in the counts, since late figures would pull it down.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::adviser::{Advice, advise};
use super::anhoej::RunsTest;
use super::chart::{Chart, ChartKind, Phase};
use super::fit::{self, Charted, Drawn};
use super::limits::median;
use super::reach::Reach;
use super::rules::{Rule, RuleSet, Sign, making_data_count};
use super::series::{Series, SeriesError};
use crate::catalog::Direction;

/// Useful points from which a verdict is given.
pub const NEEDED: u32 = 10;

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
    /// Points in a row that rise or fall.
    Trend {
        /// They rise.
        above: bool,
        /// How many.
        length: u32,
        /// Label of the first.
        since: String,
        /// They reach the last point.
        ongoing: bool,
    },
    /// Another pattern of points.
    Pattern {
        /// Which.
        rule: Rule,
        /// Label of its last point; empty where it speaks of the whole line.
        last: String,
        /// On which side it lies, where it lies on one.
        above: Option<bool>,
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
    /// The verdict on the current, that is the last, phase of a chart, given what was found in it: it speaks of the first
    /// rule that found something and, of one rule, of the latest. `labels` name the points.
    fn of(chart: &Chart, signs: &[Sign], labels: &[&str]) -> Self {
        let runs = current_runs(chart).filter(|runs| count(runs.useful) >= NEEDED);
        let Some(runs) = runs else {
            let have = current_runs(chart).map_or(0, |runs| count(runs.useful));
            return Self::TooEarly { have, need: NEEDED };
        };
        let Some(sign) = spoken_of(signs) else {
            return Self::NoSign;
        };
        let label = |i: Option<&usize>| {
            i.and_then(|&i| labels.get(i))
                .map(|label| (*label).to_owned())
                .unwrap_or_default()
        };
        let (first, last) = (sign.points.first(), sign.points.last());
        let above = sign.above.unwrap_or_default();
        let length = count(sign.points.len());
        let ongoing = |known: &dyn Fn(&super::chart::Point) -> bool| {
            chart.points.iter().rposition(known).as_ref() == last
        };
        match sign.rule {
            Rule::Outside => Self::Outside {
                count: length,
                last: label(last),
                above,
            },
            Rule::Run => Self::Shift {
                above,
                length,
                since: label(first),
                ongoing: ongoing(&|point| point.side.is_some()),
            },
            Rule::Trend => Self::Trend {
                above,
                length,
                since: label(first),
                ongoing: ongoing(&|point| point.include && point.value.is_some()),
            },
            Rule::FewCrossings => Self::FewCrossings {
                crossings: count(runs.crossings),
                needed: count(runs.crossings_min),
            },
            rule => Self::Pattern {
                rule,
                last: label(last),
                above: sign.above,
            },
        }
    }

    /// What the verdict means for a measure that should go in `direction`.
    ///
    /// Few crossings say that something changed, not which way. For a measure with a goal to
    /// come near to, see [`Meaning::towards`].
    pub fn meaning(&self, direction: Direction) -> Meaning {
        match (self, direction) {
            (_, Direction::Up) => self.above().map_or(Meaning::Neutral, Meaning::better_if),
            (_, Direction::Down) => {
                let above = self.above();
                above.map_or(Meaning::Neutral, |above| Meaning::better_if(!above))
            }
            _ => Meaning::Neutral,
        }
    }

    /// Whether it speaks of points above the centre or rising, where it speaks of one side.
    fn above(&self) -> Option<bool> {
        match self {
            Self::Shift { above, .. } | Self::Outside { above, .. } | Self::Trend { above, .. } => {
                Some(*above)
            }
            Self::Pattern { above, .. } => *above,
            Self::TooEarly { .. } | Self::NoSign | Self::FewCrossings { .. } => None,
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

/// The sign that the verdict speaks of: of the first rule that found something, the latest.
fn spoken_of(signs: &[Sign]) -> Option<&Sign> {
    let rule = signs.first()?.rule;
    signs.iter().rfind(|sign| sign.rule == rule)
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

/// What people decided about a chart. Periods are named by their labels, which sort in time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Design {
    /// What is drawn; the run chart, which every team reads, unless somebody chose another.
    pub kind: Option<ChartKind>,
    /// How it is judged.
    pub rules: RuleSet,
    /// First period of each phase but the first.
    pub phases: Vec<String>,
    /// Last period of the baseline. Without effect while there are phases, each of which has its own.
    pub freeze: Option<String>,
    /// Periods that are left out of centre, limits and counts.
    pub excluded: Vec<String>,
    /// Goals by date: from which period on, and the goal in the unit shown.
    pub goals: Vec<(String, f64)>,
    /// The month that is not complete yet, ISO, where values of days or weeks are charted by month.
    pub running: Option<String>,
}

/// Everything a chart's drawing shows, but its title.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ChartView {
    /// The periods, in order.
    pub points: Vec<ChartPoint>,
    /// The kind of chart.
    pub chart: ChartKind,
    /// What its values are.
    #[serde(default)]
    pub drawn: Drawn,
    /// The chart that suits the measure and its figures, and why.
    pub advice: Advice,
    /// The limits may still move much: their phase has fewer than [`FIRM`] complete points.
    pub trial: bool,
    /// The centre line of the current phase, in the unit shown: on a run chart the median.
    pub centre: Option<f64>,
    /// The goal at the last period, in the unit shown; none for a measure that is not judged.
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
    /// Useful points of the current phase: complete, with a value, off the median.
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
    pub rules: RuleSet,
    /// The phases that are drawn, in order; the last is the current one.
    pub phases: Vec<ChartPhase>,
    /// Last period of the baseline from which centre and limits come, where a person froze it and it has an effect.
    pub frozen: Option<String>,
}

/// A stretch of a [`ChartView`] whose centre and limits are its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ChartPhase {
    /// Its first point among those drawn, from 0.
    pub first: u32,
    /// Its last point.
    pub last: u32,
    /// Its centre line, in the unit shown.
    pub centre: Option<f64>,
    /// Its useful points.
    pub useful: u32,
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
    /// A person left it out of centre, limits and counts; drawn hollow.
    pub excluded: bool,
    /// Everything the rules say of it, the verdict or not; nothing on a measure that is not judged.
    pub breaks: Vec<Rule>,
    /// The centre line here, in the unit shown.
    pub centre: Option<f64>,
    /// Whether the centre line is computed from it, rather than extended to it.
    pub baseline: bool,
    /// The goal here, in the unit shown; none for a measure that is not judged.
    pub goal: Option<f64>,
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
    /// Charts the periods of a measure, given in their order, as one phase by the default rules.
    ///
    /// # Errors
    /// When a figure is not finite, a denominator is negative, or the figures are not what the chart takes.
    pub fn of(
        measure: &Measure,
        periods: Vec<Observation>,
        kind: ChartKind,
    ) -> Result<Self, SeriesError> {
        let design = Design {
            kind: Some(kind),
            ..Design::default()
        };
        Self::designed(measure, periods, &design)
    }

    /// The same with what people decided about the chart.
    ///
    /// # Errors
    /// As [`ChartView::of`].
    pub fn designed(
        measure: &Measure,
        periods: Vec<Observation>,
        design: &Design,
    ) -> Result<Self, SeriesError> {
        let kind = design.kind.unwrap_or(ChartKind::Run);
        let advice = advise(measure, &periods);
        let drawn = Drawn::by(kind, measure.suits);
        let Charted {
            measure,
            periods,
            design,
            subgroups,
        } = fit::charted(kind, measure, periods, design)?;
        let mut series = series(&measure, &periods, &design);
        if let Some((values, of)) = subgroups {
            (series.values, series.subgroups) = (values, Some(of));
        }
        let mut chart = Chart::of(kind, &series, true)?;
        if design.rules == RuleSet::MakingDataCount {
            take_limits(&mut chart, &series)?;
        }
        let labels: Vec<_> = periods.iter().map(|period| period.label.as_str()).collect();
        let judged = measure.direction != Direction::None;
        let goal_at = |label: &str| {
            let by_date = design
                .goals
                .iter()
                .filter(|(from, _)| from.as_str() <= label)
                .max_by(|a, b| a.0.cmp(&b.0));
            by_date
                .map(|(_, goal)| *goal)
                .or(measure.goal)
                .filter(|_| judged)
        };
        let goal = labels
            .last()
            .map_or(measure.goal.filter(|_| judged), |label| goal_at(label));
        let mut breaks: Vec<Vec<Rule>> = vec![Vec::new(); chart.points.len()];
        let mut current = Vec::new();
        for phase in &chart.phases {
            current = match count(phase.n_useful()) >= NEEDED {
                true => design.rules.signs(&chart, &series, phase)?,
                false => Vec::new(),
            };
            for sign in &current {
                for &i in &sign.points {
                    breaks[i].push(sign.rule);
                }
            }
        }
        let verdict = Verdict::of(&chart, &current, &labels);
        let signals = spoken_of(&current).map_or(&[][..], |sign| &sign.points);
        let meaning = match (measure.direction, goal) {
            (Direction::Target, Some(goal)) => shift_towards(goal, &chart, signals),
            (direction, _) => verdict.meaning(direction),
        };
        let moving = matches!(
            verdict,
            Verdict::Shift { .. } | Verdict::Trend { .. } | Verdict::FewCrossings { .. }
        );
        let reach = match goal {
            // Means of several values vary less than what is to reach the goal.
            Some(goal) if drawn == Drawn::Value => {
                Reach::of(&series, measure.direction, goal, moving)?
            }
            _ => None,
        };
        let runs = current_runs(&chart);
        let centre = chart.phases.last().and_then(|phase| phase.centre);
        let trial = kind != ChartKind::Run && count(complete_points(&chart)) < FIRM;
        let goals: Vec<_> = labels.iter().map(|label| goal_at(label)).collect();
        let mut points: Vec<_> = periods
            .into_iter()
            .zip(&chart.points)
            .zip(breaks.into_iter().zip(goals))
            .map(|((period, point), (mut breaks, goal))| {
                breaks.retain(|_| judged);
                breaks.dedup();
                ChartPoint {
                    excluded: design.excluded.contains(&period.label),
                    label: period.label,
                    value: point.value,
                    n: period.n,
                    d: period.d,
                    incomplete: period.incomplete,
                    signal: false,
                    breaks,
                    centre: point.centre,
                    baseline: point.baseline,
                    goal,
                    limits: point.limits.map(|limits| ChartLimits {
                        lower: limits.lower,
                        upper: limits.upper,
                    }),
                    no_data: period.no_data,
                }
            })
            .collect();
        for &i in signals.iter().filter(|_| judged) {
            points[i].signal = true;
        }
        let frozen = design
            .freeze
            .clone()
            .filter(|_| series.freeze_after.is_some() && series.breaks_after.is_empty());
        Ok(Self {
            points,
            chart: kind,
            drawn,
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
            rules: design.rules,
            phases: chart.phases.iter().map(drawn_phase).collect(),
            frozen,
        })
    }

    /// The same chart, of which only the last `most` points are drawn: what was computed from all of them stays as it is,
    /// so that a short drawing never says something else than a long one.
    pub fn last(mut self, most: u32) -> Self {
        let cut = count(self.points.len()).saturating_sub(most);
        self.points.drain(..cut as usize);
        self.phases.retain(|phase| phase.last >= cut);
        for phase in &mut self.phases {
            phase.first = phase.first.saturating_sub(cut);
            phase.last -= cut;
        }
        self
    }
}

/// The limits and centre of Making Data Count, whose constant is rounded, in the place of the chart's.
fn take_limits(chart: &mut Chart, series: &Series) -> Result<(), SeriesError> {
    let mdc = making_data_count(chart, series)?;
    for (point, own) in chart.points.iter_mut().zip(mdc.points) {
        if let (Some(limits), Some(lower), Some(upper)) =
            (point.limits.as_mut(), own.lower, own.upper)
        {
            (limits.lower, limits.upper) = (lower, upper);
        }
        point.outside = own.outside_limits.unwrap_or(point.outside);
    }
    Ok(())
}

/// Points of the current phase from which its centre and limits come.
fn complete_points(chart: &Chart) -> usize {
    let part = chart.phases.last().map_or(0, |phase| phase.part);
    let points = chart.points.iter();
    points
        .filter(|p| p.part == part && p.baseline && p.include && p.value.is_some())
        .count()
}

fn drawn_phase(phase: &Phase) -> ChartPhase {
    ChartPhase {
        first: count(phase.first.saturating_sub(1)),
        last: count(phase.last.saturating_sub(1)),
        centre: phase.centre,
        useful: count(phase.n_useful()),
    }
}

fn series(measure: &Measure, periods: &[Observation], design: &Design) -> Series {
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
        .filter(|(_, p)| p.incomplete || design.excluded.contains(&p.label))
        .map(|(i, _)| i)
        .collect();
    // A phase or a baseline that would lie before the first point, or a phase after the last, parts nothing.
    let before = |from: &String| periods.iter().take_while(|p| p.label < *from).count();
    let parts = |&after: &usize| after > 0 && after < periods.len();
    series.breaks_after = design.phases.iter().map(before).filter(parts).collect();
    let until = |last: &String| periods.iter().take_while(|p| p.label <= *last).count();
    series.freeze_after = design.freeze.as_ref().map(until).filter(|&last| last > 0);
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
mod tests;
