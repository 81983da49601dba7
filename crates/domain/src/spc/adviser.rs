//! Which chart suits a measure, and why.
//!
//! The catalogue says which chart a measure is made for; the figures at hand say whether that chart can be relied on yet.
//! Provost & Murray 2011, chapter 5; Montgomery chapter 7 on small numbers; Laney 2002 on large ones.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::chart::ChartKind;
use super::fit::{fits, values_a_month};
use super::limits::{mean, median};
use super::verdict::{Measure, Observation};

/// Fewer events than this expected at a point, or fewer left over, and limits of proportions and rates are rough and the
/// lower one lies at nothing: a change for the better could not show.
const EXPECTED: f64 = 5.0;
/// From denominators of this size on, chance explains so little that every point lies outside plain limits.
const LARGE: f64 = 1000.0;

/// A chart, with the reason for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Advice {
    /// The chart.
    pub chart: ChartKind,
    /// Why this one.
    pub reason: AdviceReason,
}

/// Why a chart is advised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum AdviceReason {
    /// The measure is defined for a run chart.
    Defined,
    /// Too few events at a point for limits.
    SmallNumbers,
    /// A part of a whole.
    Proportion,
    /// A part of a whole of thousands.
    LargeProportion,
    /// Events per unit.
    Rate,
    /// Events per unit, of thousands.
    LargeRate,
    /// Events under like exposure.
    Count,
    /// A measurement.
    Measurement,
    /// Rare events, recorded one by one with the time or the cases since the last.
    OneByOne,
    /// Events so rare that the cases between two of them tell more than a number a period.
    RareEvents,
    /// Two rare events on one day, which a chart of the time between them cannot show.
    SameDay,
    /// Several measurements a month: their mean, and how far they lie apart.
    SeveralValues,
}

/// From so many values a month on, their mean is charted.
const SEVERAL: usize = 3;

/// The chart advised for a measure, given its periods; incomplete ones and those without a denominator say nothing.
pub fn advise(measure: &Measure, periods: &[Observation]) -> Advice {
    let advice = |chart, reason| Advice { chart, reason };
    let suits = measure.suits;
    let figures = figures(periods);
    let mut sizes: Vec<f64> = figures.iter().map(|&(_, over)| over).collect();
    let large = median(&mut sizes).is_some_and(|size| size >= LARGE);
    let mean_of = |part: &dyn Fn(f64, f64) -> f64| {
        mean(&figures.iter().map(|&(n, d)| part(n, d)).collect::<Vec<_>>())
    };
    let few_events = mean_of(&|n, _| n).is_some_and(|events| events < EXPECTED);
    let few_left = mean_of(&|n, d| d - n).is_some_and(|rest| rest < EXPECTED);
    if few_events && fits(ChartKind::G, measure, periods).is_ok() {
        return advice(ChartKind::G, AdviceReason::RareEvents);
    }
    match suits {
        ChartKind::P | ChartKind::PPrime if few_events || few_left => {
            advice(ChartKind::Run, AdviceReason::SmallNumbers)
        }
        ChartKind::P | ChartKind::PPrime if large => {
            advice(ChartKind::PPrime, AdviceReason::LargeProportion)
        }
        ChartKind::P | ChartKind::PPrime => advice(ChartKind::P, AdviceReason::Proportion),
        ChartKind::U | ChartKind::UPrime if few_events => {
            advice(ChartKind::Run, AdviceReason::SmallNumbers)
        }
        ChartKind::U | ChartKind::UPrime if large => {
            advice(ChartKind::UPrime, AdviceReason::LargeRate)
        }
        ChartKind::U | ChartKind::UPrime => advice(ChartKind::U, AdviceReason::Rate),
        ChartKind::C => advice(ChartKind::C, AdviceReason::Count),
        ChartKind::I | ChartKind::Mr | ChartKind::IPrime | ChartKind::Xbar | ChartKind::S => {
            match values_a_month(periods) >= SEVERAL
                && fits(ChartKind::Xbar, measure, periods).is_ok()
            {
                true => advice(ChartKind::Xbar, AdviceReason::SeveralValues),
                false => advice(ChartKind::I, AdviceReason::Measurement),
            }
        }
        ChartKind::G | ChartKind::T => match fits(suits, measure, periods) {
            Ok(()) => advice(suits, AdviceReason::OneByOne),
            Err(_) => advice(ChartKind::Run, AdviceReason::SameDay),
        },
        ChartKind::Run => advice(ChartKind::Run, AdviceReason::Defined),
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

#[cfg(test)]
mod tests {
    use super::*;

    use crate::catalog::Direction;

    fn measure(suits: ChartKind) -> Measure {
        Measure {
            direction: Direction::Down,
            has_denominator: !matches!(suits, ChartKind::C | ChartKind::T | ChartKind::I),
            multiply: 1.0,
            suits,
            goal: None,
        }
    }

    fn periods(figures: &[(f64, f64)]) -> Vec<Observation> {
        let period = |(i, &(n, d)): (usize, &(f64, f64))| Observation {
            label: format!("{}-{:02}", 2020 + i / 12, i % 12 + 1),
            n: Some(n),
            d: Some(d),
            no_data: None,
            incomplete: false,
        };
        figures.iter().enumerate().map(period).collect()
    }

    fn advised(suits: ChartKind, n: f64, d: f64) -> (ChartKind, AdviceReason) {
        let advice = advise(&measure(suits), &periods(&[(n, d); 12]));
        (advice.chart, advice.reason)
    }

    #[test]
    fn a_part_of_a_whole_takes_a_p_chart_when_both_parts_are_large_enough() {
        assert_eq!(
            advised(ChartKind::P, 18.0, 31.0),
            (ChartKind::P, AdviceReason::Proportion)
        );
        assert_eq!(
            advised(ChartKind::P, 4.0, 31.0),
            (ChartKind::Run, AdviceReason::SmallNumbers)
        );
        assert_eq!(
            advised(ChartKind::P, 28.0, 31.0),
            (ChartKind::Run, AdviceReason::SmallNumbers)
        );
        assert_eq!(
            advised(ChartKind::P, 700.0, 1_000.0),
            (ChartKind::PPrime, AdviceReason::LargeProportion)
        );
    }

    #[test]
    fn a_rate_takes_a_u_chart() {
        assert_eq!(
            advised(ChartKind::U, 40.0, 30.0),
            (ChartKind::U, AdviceReason::Rate)
        );
        assert_eq!(
            advised(ChartKind::U, 2.0, 900.0),
            (ChartKind::Run, AdviceReason::SmallNumbers)
        );
        assert_eq!(
            advised(ChartKind::U, 2_000.0, 9_000.0),
            (ChartKind::UPrime, AdviceReason::LargeRate)
        );
    }

    #[test]
    fn without_figures_the_measure_decides() {
        for (suits, chart) in [
            (ChartKind::P, ChartKind::P),
            (ChartKind::C, ChartKind::C),
            (ChartKind::I, ChartKind::I),
            (ChartKind::T, ChartKind::T),
            (ChartKind::Run, ChartKind::Run),
        ] {
            assert_eq!(advise(&measure(suits), &[]).chart, chart);
        }
    }

    #[test]
    fn rare_events_are_told_by_what_lies_between_them() {
        let rare: Vec<(f64, f64)> = (0..24)
            .map(|i| (f64::from(u8::from(i % 5 == 0)), 40.0))
            .collect();
        let of = |suits, figures: &[(f64, f64)]| {
            let advice = advise(&measure(suits), &periods(figures));
            (advice.chart, advice.reason)
        };
        let between = (ChartKind::G, AdviceReason::RareEvents);
        assert_eq!(of(ChartKind::U, &rare), between);
        assert_eq!(of(ChartKind::P, &rare), between);
        let mut twice = rare;
        twice[5].0 = 2.0;
        let too_few = (ChartKind::Run, AdviceReason::SmallNumbers);
        assert_eq!(of(ChartKind::U, &twice), too_few);
        // More of it would be better: what is rare is not an event to be spaced out.
        let better = Measure {
            direction: Direction::Up,
            ..measure(ChartKind::P)
        };
        twice[5].0 = 0.0;
        assert_eq!(
            advise(&better, &periods(&twice)).reason,
            AdviceReason::SmallNumbers
        );
    }

    #[test]
    fn two_deaths_on_one_day_have_no_time_between_them() {
        let mut days = periods(&[(30.0, 1.0), (12.0, 1.0), (44.0, 1.0)]);
        assert_eq!(advise(&measure(ChartKind::T), &days).chart, ChartKind::T);
        days[1].n = Some(0.0);
        assert_eq!(
            advise(&measure(ChartKind::T), &days).reason,
            AdviceReason::SameDay
        );
    }

    #[test]
    fn several_measurements_a_month_are_charted_by_their_mean() {
        let day = |i: u32| Observation {
            label: format!("2026-{:02}-{:02}", i / 4 + 1, i % 4 * 7 + 1),
            n: Some(f64::from(30 + i % 5)),
            d: None,
            no_data: None,
            incomplete: false,
        };
        let days: Vec<_> = (0..40).map(day).collect();
        let advice = advise(&measure(ChartKind::I), &days);
        assert_eq!(
            (advice.chart, advice.reason),
            (ChartKind::Xbar, AdviceReason::SeveralValues)
        );
        assert_eq!(
            advise(&measure(ChartKind::I), &days[..2]).chart,
            ChartKind::I
        );
    }
}
