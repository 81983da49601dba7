//! Seasons and stocks: why the rules may find a sign where nobody changed anything.
//!
//! The rules take it that values do not depend on one another. A measure that follows the rains rises and falls each year, and
//! a stock carries over from month to month: both put points outside limits and make long runs. Provost & Murray 2011, chapter
//! 8, on season and autocorrelation. No rule is changed here, and no figure is adjusted: people are told, modestly.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::limits::mean;
use super::verdict::ChartPoint;
use crate::catalog::{Follows, Frequency};
use crate::period::Period;

/// How far Student's t of a correlation between years must go before they are said to be alike: about once in two hundred
/// times by chance, with a year of months.
const T: f64 = 3.0;
/// Fewer pairs of periods than this say nothing of years.
const PAIRS: usize = 10;
/// Months in which a season can be seen twice.
const TWO_YEARS: u32 = 24;

/// Why the signs of a chart are to be read with care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum Caution {
    /// The measure follows a season, and too few months are seen to tell it from a change.
    Season {
        /// What it follows.
        follows: Follows,
        /// How many months are seen.
        months: u32,
    },
    /// The same months of the last two years stand alike.
    YearsAlike,
    /// Each value depends on the one before.
    CarriedOver,
}

impl Caution {
    /// What is to be said of a series of values, given what the measure is known to follow.
    pub fn on(follows: Option<Follows>, points: &[ChartPoint]) -> Option<Self> {
        let known = points.iter().any(|point| point.value.is_some());
        match follows {
            _ if !known => None,
            Some(Follows::Stock) => Some(Self::CarriedOver),
            Some(follows) if months(points) < TWO_YEARS => Some(Self::Season {
                follows,
                months: months(points),
            }),
            _ => years_alike(points).then_some(Self::YearsAlike),
        }
    }
}

fn period(point: &ChartPoint) -> Option<Period> {
    point.label.parse().ok()
}

/// From the first point to the last, in months, both included.
fn months(points: &[ChartPoint]) -> u32 {
    let ends = points
        .first()
        .and_then(period)
        .zip(points.last().and_then(period));
    let days = ends.map_or(0, |(first, last)| {
        (last.last_day() - first.first_day()).num_days() + 1
    });
    // Half a month more, so that months of 28 days count as months.
    u32::try_from((days * 24 / 365 + 1) / 2).unwrap_or_default()
}

/// Whether the last year and the one before rise and fall together. The line through each year is taken away first, so that a
/// steady rise, or a step from one year to the next, is no season.
fn years_alike(points: &[ChartPoint]) -> bool {
    let frequency = points.last().and_then(period).map(Period::frequency);
    let Some(frequency @ (Frequency::Weekly | Frequency::Monthly)) = frequency else {
        return false;
    };
    let year = Period::in_a_year(frequency) as usize;
    let complete: Vec<Option<f64>> = points
        .iter()
        .filter(|point| !point.incomplete)
        .map(|point| point.value.filter(|_| !point.excluded))
        .collect();
    let Some(from) = complete.len().checked_sub(2 * year) else {
        return false;
    };
    let (before, last) = complete[from..].split_at(year);
    let pairs: Vec<(f64, f64, f64)> = (0_u32..)
        .zip(before.iter().zip(last))
        .filter_map(|(i, (a, b))| Some((f64::from(i), (*a)?, (*b)?)))
        .collect();
    if pairs.len() < PAIRS {
        return false;
    }
    let at: Vec<f64> = pairs.iter().map(|pair| pair.0).collect();
    let level = |values: Vec<f64>| without_line(&at, &values);
    let a = level(pairs.iter().map(|pair| pair.1).collect());
    let b = level(pairs.iter().map(|pair| pair.2).collect());
    let product = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    let size = (product(&a, &a) * product(&b, &b)).sqrt();
    // Two for the pairs, and one for each line.
    let free = pairs.len() as f64 - 4.0;
    let r = product(&a, &b) / size;
    size > 0.0 && r > T / (free + T * T).sqrt()
}

/// Values less the straight line of least squares through them.
fn without_line(at: &[f64], values: &[f64]) -> Vec<f64> {
    let (x, y) = (
        mean(at).unwrap_or_default(),
        mean(values).unwrap_or_default(),
    );
    let over: f64 = at.iter().map(|at| (at - x).powi(2)).sum();
    let both: f64 = at
        .iter()
        .zip(values)
        .map(|(at, v)| (at - x) * (v - y))
        .sum();
    let slope = if over > 0.0 { both / over } else { 0.0 };
    at.iter()
        .zip(values)
        .map(|(at, value)| value - y - slope * (at - x))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Direction;
    use crate::spc::chart::ChartKind;
    use crate::spc::verdict::{ChartView, Measure, Observation};

    fn points(values: &[f64]) -> Vec<ChartPoint> {
        let measure = Measure {
            direction: Direction::Down,
            has_denominator: false,
            multiply: 1.0,
            suits: ChartKind::C,
            goal: None,
        };
        let month = |(i, n): (usize, &f64)| Observation {
            label: format!("{}-{:02}", 2024 + i / 12, i % 12 + 1),
            n: Some(*n),
            d: None,
            no_data: None,
            incomplete: false,
        };
        let periods = values.iter().enumerate().map(month).collect();
        ChartView::of(&measure, periods, ChartKind::Run)
            .expect("charts")
            .points
    }

    /// Cases by month, most of them with the rains.
    const YEAR: [f64; 12] = [30., 22., 18., 15., 20., 34., 60., 95., 120., 110., 70., 42.];
    /// Numbers that follow nothing.
    const NOISE: [f64; 24] = [
        5., 1., 8., 3., 9., 2., 7., 4., 6., 0., 3., 8., 2., 9., 1., 6., 4., 7., 0., 5., 9., 2., 8.,
        3.,
    ];

    #[test]
    fn a_season_needs_two_years_to_be_told_from_a_change() {
        let short = points(&YEAR);
        let said = Caution::on(Some(Follows::Rains), &short);
        let follows = Follows::Rains;
        assert_eq!(
            said,
            Some(Caution::Season {
                follows,
                months: 12
            })
        );
        assert_eq!(Caution::on(None, &short), None);
        assert_eq!(Caution::on(Some(Follows::Rains), &[]), None);
    }

    #[test]
    fn two_years_of_one_shape_are_alike_whatever_their_level() {
        let both: Vec<f64> = YEAR
            .iter()
            .copied()
            .chain(YEAR.map(|n| n * 1.4 + 9.))
            .collect();
        for follows in [None, Some(Follows::Rains)] {
            assert_eq!(
                Caution::on(follows, &points(&both)),
                Some(Caution::YearsAlike)
            );
        }
    }

    #[test]
    fn neither_chance_nor_a_rise_nor_a_step_is_a_season() {
        let rise: Vec<f64> = (0..24).map(|i| NOISE[i] + 6.0 * i as f64).collect();
        let step: Vec<f64> = (0..24)
            .map(|i| NOISE[i] + if i < 12 { 0.0 } else { 60.0 })
            .collect();
        let late: Vec<f64> = (0..24)
            .map(|i| NOISE[i] + if i < 18 { 0.0 } else { 60.0 })
            .collect();
        for values in [NOISE.to_vec(), rise, step, late, vec![7.0; 24]] {
            assert_eq!(Caution::on(None, &points(&values)), None, "{values:?}");
        }
    }

    #[test]
    fn a_stock_carries_over() {
        let said = Caution::on(Some(Follows::Stock), &points(&NOISE));
        assert_eq!(said, Some(Caution::CarriedOver));
    }
}
