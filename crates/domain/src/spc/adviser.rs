//! Which chart suits a measure, and why.
//!
//! The catalogue says which chart a measure is made for; the figures at hand say whether that chart can be relied on yet.
//! Provost & Murray 2011, chapter 5; Montgomery chapter 7 on small numbers; Laney 2002 on large ones.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::chart::ChartKind;
use super::limits::{mean, median};

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
    /// Rare events are charted one by one, with the days or cases between them, which figures by month do not tell.
    OneByOne,
}

/// The chart advised for a measure that is made for `suits`, given numerator and denominator of each complete period;
/// periods without a denominator say nothing.
pub fn advise(suits: ChartKind, figures: &[(f64, f64)]) -> Advice {
    let advice = |chart, reason| Advice { chart, reason };
    let mut sizes: Vec<f64> = figures.iter().map(|&(_, over)| over).collect();
    let large = median(&mut sizes).is_some_and(|size| size >= LARGE);
    let mean_of = |part: &dyn Fn(f64, f64) -> f64| {
        mean(&figures.iter().map(|&(n, d)| part(n, d)).collect::<Vec<_>>())
    };
    let few_events = mean_of(&|n, _| n).is_some_and(|events| events < EXPECTED);
    let few_left = mean_of(&|n, d| d - n).is_some_and(|rest| rest < EXPECTED);
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
            advice(ChartKind::I, AdviceReason::Measurement)
        }
        ChartKind::G | ChartKind::T => advice(ChartKind::Run, AdviceReason::OneByOne),
        ChartKind::Run => advice(ChartKind::Run, AdviceReason::Defined),
    }
}

/// The charts that figures by period of a measure can be put into: the run chart and individual values always, those made
/// for its numbers besides. Charts between rare events and of subgroups need another series.
pub fn possible(suits: ChartKind, has_denominator: bool) -> Vec<ChartKind> {
    let own: &[ChartKind] = match suits {
        ChartKind::P | ChartKind::PPrime if has_denominator => &[ChartKind::P, ChartKind::PPrime],
        ChartKind::U | ChartKind::UPrime if has_denominator => &[ChartKind::U, ChartKind::UPrime],
        ChartKind::C if !has_denominator => &[ChartKind::C],
        _ if has_denominator => &[ChartKind::IPrime],
        _ => &[],
    };
    [&[ChartKind::Run], own, &[ChartKind::I]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advised(suits: ChartKind, n: f64, d: f64) -> (ChartKind, AdviceReason) {
        let advice = advise(suits, &[(n, d); 12]);
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
            (ChartKind::T, ChartKind::Run),
            (ChartKind::Run, ChartKind::Run),
        ] {
            assert_eq!(advise(suits, &[]).chart, chart);
        }
    }
}
