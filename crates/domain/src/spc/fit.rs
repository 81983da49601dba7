//! Which charts the figures of a measure can be put into, why not into the others, and what such a chart is drawn of.
//!
//! Most kinds draw the figures as they were recorded. Between rare events the cases or the days are drawn instead, and of
//! several values in a month their mean and how far they lie apart: those are series of their own, made here. Provost &
//! Murray 2011, chapter 5; Montgomery chapters 6 and 7.

use std::collections::BTreeMap;

use chrono::Days;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::chart::ChartKind;
use super::verdict::{Design, Measure, Observation};
use crate::catalog::{Direction, Frequency};
use crate::period::{Month, Period};

/// Fewer intervals than this make no chart between events.
const FEWEST: usize = 2;

/// Why a chart is not for a measure, or not for its figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Unfit {
    /// It has no denominator.
    NoDenominator,
    /// It is not counted as a part of a whole.
    NotAPart,
    /// It is a part of a whole, for which there is another chart.
    APart,
    /// It does not count events.
    NotEvents,
    /// The number of those looked at changes from point to point, so that counts cannot be compared.
    SizesDiffer,
    /// It has one value a month, or a longer period.
    OneValue,
    /// Each value stands for one rare event already.
    OneByOne,
    /// It does not count rare events that are better fewer.
    NotRare,
    /// Several events fall into one period, so that what lies between them is unknown.
    SeveralAtOnce,
    /// Fewer than two intervals between events are known.
    FewEvents,
    /// The day of each event is not known.
    NoDays,
    /// Two events on one day, between which there is no time.
    SameDay,
}

/// What the values of a chart are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Drawn {
    /// The measure's own.
    #[default]
    Value,
    /// The distance of each value from the one before, in the measure's unit.
    Range,
    /// The mean of the values of each month.
    Mean,
    /// The standard deviation of the values of each month, in the measure's unit.
    Spread,
    /// The cases between two events.
    Cases,
    /// The days between two events.
    Days,
}

impl Drawn {
    /// What a kind of chart draws of a measure.
    pub fn by(kind: ChartKind, suits: ChartKind) -> Self {
        match kind {
            ChartKind::Mr => Self::Range,
            ChartKind::Xbar => Self::Mean,
            ChartKind::S => Self::Spread,
            ChartKind::G if suits != ChartKind::G => Self::Cases,
            ChartKind::T if suits != ChartKind::T => Self::Days,
            _ => Self::Value,
        }
    }

    /// Whether its points are the periods as they were recorded.
    pub fn by_period(self) -> bool {
        matches!(self, Self::Value | Self::Range)
    }
}

/// Whether the figures of a measure can be put into a chart.
///
/// # Errors
/// Why they cannot.
pub fn fits(kind: ChartKind, measure: &Measure, periods: &[Observation]) -> Result<(), Unfit> {
    let part = matches!(measure.suits, ChartKind::P | ChartKind::PPrime);
    let rate = matches!(measure.suits, ChartKind::U | ChartKind::UPrime);
    let one_by_one = matches!(measure.suits, ChartKind::G | ChartKind::T);
    let over = match measure.has_denominator {
        true => Ok(()),
        false => Err(Unfit::NoDenominator),
    };
    match kind {
        ChartKind::Run | ChartKind::I | ChartKind::Mr => Ok(()),
        ChartKind::P | ChartKind::PPrime => over.and(part.then_some(()).ok_or(Unfit::NotAPart)),
        ChartKind::U | ChartKind::UPrime if part => Err(Unfit::APart),
        ChartKind::U | ChartKind::UPrime => over.and(rate.then_some(()).ok_or(Unfit::NotEvents)),
        ChartKind::C if measure.has_denominator => Err(Unfit::SizesDiffer),
        ChartKind::C => match measure.suits {
            ChartKind::C => Ok(()),
            _ => Err(Unfit::NotEvents),
        },
        ChartKind::IPrime => over,
        ChartKind::G if measure.suits == ChartKind::G => Ok(()),
        ChartKind::G => {
            let fewer_is_better = matches!(measure.direction, Direction::Down | Direction::None);
            if !(part || rate) || !fewer_is_better {
                return Err(Unfit::NotRare);
            }
            over?;
            cases_between(periods).map(|_| ())
        }
        ChartKind::T => match measure.suits {
            ChartKind::T if values(periods).any(|days| days <= 0.0) => Err(Unfit::SameDay),
            ChartKind::T => Ok(()),
            ChartKind::G => days_between(periods).map(|_| ()),
            _ => Err(Unfit::NoDays),
        },
        ChartKind::Xbar | ChartKind::S if one_by_one => Err(Unfit::OneByOne),
        ChartKind::Xbar | ChartKind::S => {
            let sizes = by_month(periods).into_values();
            match sizes.filter(|values| values.len() > 1).count() >= FEWEST {
                true => Ok(()),
                false => Err(Unfit::OneValue),
            }
        }
    }
}

/// How many values a month mostly has, of those that have any: the median, rounded down; nothing where there is none.
pub(super) fn values_a_month(periods: &[Observation]) -> usize {
    let mut sizes: Vec<usize> = by_month(periods)
        .into_values()
        .map(|all| all.len())
        .collect();
    sizes.retain(|size| *size > 0);
    sizes.sort_unstable();
    sizes.get(sizes.len() / 2).copied().unwrap_or_default()
}

/// The known values of the periods that have one, as they were recorded.
fn values(periods: &[Observation]) -> impl Iterator<Item = f64> {
    periods
        .iter()
        .filter(|period| period.no_data.is_none())
        .filter_map(|period| period.n)
}

/// The month of a period that is shorter; a week belongs to the month of its Thursday, as its year does.
fn month_of(label: &str) -> Option<Month> {
    let period = label.parse::<Period>().ok()?;
    let day = match period.frequency() {
        Frequency::Weekly => period.first_day().checked_add_days(Days::new(3))?,
        Frequency::Event => period.first_day(),
        Frequency::Monthly | Frequency::Quarterly | Frequency::Annual => return None,
    };
    Some(Month::of(day))
}

/// The periods of each month that have a value, as indices.
fn by_month(periods: &[Observation]) -> BTreeMap<Month, Vec<usize>> {
    let mut months: BTreeMap<Month, Vec<usize>> = BTreeMap::new();
    for (i, period) in periods.iter().enumerate() {
        if let Some(month) = month_of(&period.label) {
            let all = months.entry(month).or_default();
            all.extend((period.n.is_some() && period.no_data.is_none()).then_some(i));
        }
    }
    months
}

/// What a chart is computed from: the figures as recorded, or the series that its kind makes of them.
pub(super) struct Charted {
    pub measure: Measure,
    pub periods: Vec<Observation>,
    pub design: Design,
    /// The values with their subgroups, numbered as the periods above, where each point stands for several.
    pub subgroups: Option<(Vec<Option<f64>>, Vec<usize>)>,
}

/// The figures as a kind of chart draws them.
///
/// # Errors
/// Why they cannot be put into it.
pub(super) fn charted(
    kind: ChartKind,
    measure: &Measure,
    periods: Vec<Observation>,
    design: &Design,
) -> Result<Charted, Unfit> {
    fits(kind, measure, &periods)?;
    let (mut measure, mut design) = (*measure, design.clone());
    let drawn = Drawn::by(kind, measure.suits);
    let (periods, subgroups) = match drawn {
        Drawn::Value | Drawn::Range => (periods, None),
        Drawn::Cases => (cases_between(&periods)?, None),
        Drawn::Days => (days_between(&periods)?, None),
        Drawn::Mean | Drawn::Spread => {
            let (months, values, of) = months(&measure, &periods, &mut design);
            (months, Some((values, of)))
        }
    };
    if drawn != Drawn::Value && drawn != Drawn::Mean {
        // A goal is one for the measure's own values.
        measure.goal = None;
        design.goals.clear();
    }
    match drawn {
        // More or less scatter is neither better nor worse.
        Drawn::Range | Drawn::Spread if measure.direction != Direction::None => {
            measure.direction = Direction::Target;
        }
        Drawn::Cases | Drawn::Days => {
            (measure.has_denominator, measure.multiply) = (false, 1.0);
            // What is better fewer is better further apart.
            if measure.direction == Direction::Down {
                measure.direction = Direction::Up;
            }
        }
        _ => {}
    }
    measure.has_denominator &= subgroups.is_none();
    Ok(Charted {
        measure,
        periods,
        design,
        subgroups,
    })
}

/// The cases from one event to the next, told by periods that have at most one: those of the periods since the last event, up to
/// the period of the next. What was counted since the last event is not an interval yet, and incomplete.
fn cases_between(periods: &[Observation]) -> Result<Vec<Observation>, Unfit> {
    let mut between = Vec::new();
    // What was looked at since the last event; none before the first, whose interval began nobody knows when.
    let mut since: Option<f64> = None;
    // A period of which nothing is known makes the interval around it unknown.
    let mut gap: Option<String> = None;
    let mut broken = false;
    for period in periods {
        let known = period.n.zip(period.d).filter(|_| period.no_data.is_none());
        let Some((events, cases)) = known else {
            broken = true;
            gap = gap.or_else(|| period.no_data.clone());
            continue;
        };
        if events > 1.0 {
            return Err(Unfit::SeveralAtOnce);
        }
        let so_far = since.map(|sum| sum + cases);
        if events < 1.0 {
            since = so_far;
            continue;
        }
        if let Some(sum) = so_far {
            between.push(Observation {
                n: (!broken).then_some(sum),
                d: None,
                no_data: gap.take(),
                ..period.clone()
            });
        }
        (since, gap, broken) = (Some(0.0), None, false);
    }
    if between.len() < FEWEST {
        return Err(Unfit::FewEvents);
    }
    let last = between.last().map(|one| one.label.clone());
    if let Some((sum, end)) = since.zip(periods.last()).filter(|(sum, _)| *sum > 0.0)
        && !broken
        && Some(&end.label) != last.as_ref()
    {
        between.push(Observation {
            n: Some(sum),
            d: None,
            no_data: None,
            incomplete: true,
            label: end.label.clone(),
        });
    }
    Ok(between)
}

/// The days from one event to the next, told by their dates.
fn days_between(periods: &[Observation]) -> Result<Vec<Observation>, Unfit> {
    let day = |period: &Observation| {
        let of = period.label.parse::<Period>().ok()?;
        (of.frequency() == Frequency::Event).then(|| of.first_day())
    };
    let mut between = Vec::new();
    for pair in periods.windows(2) {
        let (Some(before), Some(after)) = (day(&pair[0]), day(&pair[1])) else {
            return Err(Unfit::NoDays);
        };
        let days = (after - before).num_days();
        if days <= 0 {
            return Err(Unfit::SameDay);
        }
        between.push(Observation {
            n: Some(days as f64),
            d: None,
            no_data: None,
            incomplete: pair[1].incomplete,
            label: pair[1].label.clone(),
        });
    }
    match between.len() >= FEWEST {
        true => Ok(between),
        false => Err(Unfit::FewEvents),
    }
}

/// The months of shorter periods, their values and the month of each; what was decided about a period holds for its month.
fn months(
    measure: &Measure,
    periods: &[Observation],
    design: &mut Design,
) -> (Vec<Observation>, Vec<Option<f64>>, Vec<usize>) {
    let mut months: Vec<Observation> = Vec::new();
    let (mut values, mut of) = (Vec::new(), Vec::new());
    for period in periods {
        let Some(month) = month_of(&period.label) else {
            continue;
        };
        let label = month.to_string();
        if months.last().is_none_or(|last| last.label != label) {
            months.push(Observation {
                n: Some(0.0),
                d: None,
                no_data: None,
                incomplete: design.running.as_ref() == Some(&label),
                label,
            });
        }
        let left_out = period.no_data.is_some() || design.excluded.contains(&period.label);
        let value = match measure.has_denominator {
            true => period
                .n
                .zip(period.d.filter(|over| *over > 0.0))
                .map(|(n, over)| n / over),
            false => period.n,
        };
        let value = value.filter(|_| !left_out);
        if let Some(last) = months.last_mut() {
            last.incomplete |= period.incomplete;
            last.n = last.n.map(|n| n + f64::from(u8::from(value.is_some())));
        }
        values.push(value);
        of.push(months.len() - 1);
    }
    let month = |label: &String| month_of(label).map_or_else(|| label.clone(), |m| m.to_string());
    design.phases = design.phases.iter().map(month).collect();
    design.freeze = design.freeze.as_ref().map(month);
    for (from, _) in &mut design.goals {
        *from = month(from);
    }
    design.excluded.clear();
    (months, values, of)
}

#[cfg(test)]
mod tests;
