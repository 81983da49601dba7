//! What the engine computes, in the shape of the reference cases.

use serde_json::{Map, Value, json};

use super::CaseError;
use crate::spc::anhoej::Side;
use crate::spc::chart::{Chart, ChartKind, Limits, Phase, Point};
use crate::spc::ihi::{IhiChart, RunCount, Shift, Trend, runs_limits_exact, runs_limits_printed};
use crate::spc::mdc::{self, Assurance, Cause, Improvement, MakingDataCount};
use crate::spc::series::{Series, SeriesError};
use crate::spc::sigma::{Nelson, WesternElectric};

/// What the reference says of a T chart with two events at once.
const NO_TIME: &str = "Time between events must be greater than zero";

/// A control or run chart, in its variants.
pub(super) fn chart(kind: ChartKind, series: &Series) -> Result<Value, CaseError> {
    let screens: &[Option<bool>] = if kind.has_moving_range() {
        &[Some(true), Some(false)]
    } else {
        &[None]
    };
    let variant = |&screen: &Option<bool>| match Chart::of(kind, series, screen.unwrap_or(true)) {
        Ok(chart) => {
            let phases: Vec<_> = chart
                .phases
                .iter()
                .map(|of| phase(of, &chart.points))
                .collect();
            Ok(
                json!({ "screen_mr": screen, "points": columns(kind, &chart.points), "phases": phases }),
            )
        }
        Err(SeriesError::NoTime { .. }) => Ok(json!({ "screen_mr": screen, "error": NO_TIME })),
        Err(error) => Err(error.into()),
    };
    screens.iter().map(variant).collect()
}

fn columns(kind: ChartKind, points: &[Point]) -> Value {
    let column = |of: &dyn Fn(&Point) -> Value| points.iter().map(of).collect::<Value>();
    let limit = |of: &dyn Fn(Limits) -> f64| column(&|point| number(point.limits.map(of)));
    let mut columns = json!({
        "i": (1..=points.len()).collect::<Vec<_>>(),
        "part": column(&|point| point.part.into()),
        "value": column(&|point| number(point.value)),
        "n": column(&|point| number(point.denominator)),
        "centre": column(&|point| number(point.centre)),
        "lcl": limit(&|limits| limits.lower),
        "ucl": limit(&|limits| limits.upper),
        "lcl2": limit(&|limits| limits.lower2),
        "ucl2": limit(&|limits| limits.upper2),
        "sigma_signal": column(&|point| point.outside.into()),
        "baseline": column(&|point| point.baseline.into()),
        "include": column(&|point| point.include.into()),
    });
    if kind.of_subgroups() {
        columns["sub_n"] = column(&|point| point.subgroup.map(|group| group.n).into());
        columns["sub_mean"] = column(&|point| number(point.subgroup.and_then(|group| group.mean)));
        columns["sub_sd"] = column(&|point| number(point.subgroup.and_then(|group| group.sd)));
    }
    columns
}

fn phase(phase: &Phase, points: &[Point]) -> Value {
    let outside = |&number: &usize| points[number - 1].outside;
    json!({
        "part": phase.part,
        "first": phase.first,
        "last": phase.last,
        "n_obs": phase.n_obs,
        "n_useful": phase.n_useful(),
        "longest_run": phase.runs.map(|runs| runs.longest.length),
        "longest_run_max": phase.runs.map(|runs| runs.longest_run_max),
        "n_crossings": phase.runs.map(|runs| runs.crossings),
        "n_crossings_min": phase.runs.map(|runs| runs.crossings_min),
        "runs_signal": phase.runs_signal,
        "sigma_signals": (phase.first..=phase.last).filter(outside).collect::<Vec<_>>(),
    })
}

/// A chart of individual values by the rules of Making Data Count, in its variants.
pub(super) fn making_data_count(
    series: &Series,
    direction: Improvement,
    targets: &[Option<f64>],
) -> Result<Value, CaseError> {
    let target = targets.last().copied().flatten();
    [true, false]
        .iter()
        .map(|&screen| {
            let chart = MakingDataCount::of(series, direction, target, screen)?;
            let assurance = chart.assurance.map(|assurance| match assurance {
                Assurance::Passes => ("consistent_pass", "pass"),
                Assurance::Fails => ("consistent_fail", "fail"),
                Assurance::Inconsistent => ("inconsistent", "inconsistent"),
            });
            let mut variant = json!({
                "screen_mr": screen,
                "points": mdc_columns(&chart.points, direction),
                "variation_icon": variation_icon(chart.variation(), direction),
                "assurance": assurance.map(|(name, _)| name),
                "assurance_icon": assurance.map(|(_, icon)| icon),
            });
            if chart.points.iter().any(|point| point.short) {
                variant["short_series_warning"] = true.into();
            }
            Ok(variant)
        })
        .collect()
}

fn mdc_columns(points: &[mdc::Point], direction: Improvement) -> Value {
    let column = |of: &dyn Fn(&mdc::Point) -> Value| points.iter().map(of).collect::<Value>();
    json!({
        "i": (1..=points.len()).collect::<Vec<_>>(),
        "phase": column(&|point| point.phase.into()),
        "value": column(&|point| number(point.value)),
        "mean": column(&|point| number(point.mean)),
        "lpl": column(&|point| number(point.lower)),
        "upl": column(&|point| number(point.upper)),
        "relative_to_mean": column(&|point| match point.side {
            Some(Side::Above) => 1.into(),
            Some(Side::Below) => (-1).into(),
            None => 0.into(),
        }),
        "close_to_limits": column(&|point| point.close_to_limits.into()),
        "outside_limits": column(&|point| point.outside_limits.into()),
        "special_cause_type": column(&|point| cause(point.cause).into()),
        "point_type": column(&|point| point_type(point.cause, direction).into()),
        "short_group_warning": column(&|point| point.short.into()),
    })
}

fn cause(cause: Option<Cause>) -> &'static str {
    match cause {
        None => "Common Cause",
        Some(Cause::Outside(Side::Above)) => "Above UCL",
        Some(Cause::Outside(Side::Below)) => "Below LCL",
        Some(Cause::Trend(Side::Above)) => "7 Point Trend (Increasing)",
        Some(Cause::Trend(Side::Below)) => "7 Point Trend (Decreasing)",
        Some(Cause::TwoInThree(Side::Above)) => "2 in 3 Above CL",
        Some(Cause::TwoInThree(Side::Below)) => "2 in 3 Below CL",
        Some(Cause::Shift(Side::Above)) => "7 Points Above CL",
        Some(Cause::Shift(Side::Below)) => "7 Points Below CL",
    }
}

fn point_type(cause: Option<Cause>, direction: Improvement) -> &'static str {
    match cause.map(|cause| (cause.improves(direction), cause.side())) {
        None => "common_cause",
        Some((Some(true), _)) => "special_cause_improvement",
        Some((Some(false), _)) => "special_cause_concern",
        Some((None, Side::Above)) => "special_cause_neutral_high",
        Some((None, Side::Below)) => "special_cause_neutral_low",
    }
}

fn variation_icon(cause: Option<Cause>, direction: Improvement) -> &'static str {
    match cause.map(|cause| (cause.improves(direction), cause.side())) {
        None => "common_cause",
        Some((Some(true), Side::Above)) => "improvement_high",
        Some((Some(true), Side::Below)) => "improvement_low",
        Some((Some(false), Side::Above)) => "concern_high",
        Some((Some(false), Side::Below)) => "concern_low",
        Some((None, Side::Above)) => "neutral_high",
        Some((None, Side::Below)) => "neutral_low",
    }
}

/// The patterns of Western Electric and of Nelson.
pub(super) fn sigma_rules(distances: &[Option<f64>]) -> Value {
    let western = WesternElectric::of(distances);
    let nelson = Nelson::of(distances);
    let numbered = |name: &str, rules: &[&Vec<usize>]| -> Map<String, Value> {
        (1..)
            .zip(rules)
            .map(|(i, points)| (format!("{name}{i}"), numbers(points).into()))
            .collect()
    };
    json!({
        "convention": "1-based index of the point that completes (or continues) each pattern",
        "western_electric": numbered("we", &[
            &western.beyond_three, &western.two_of_three, &western.four_of_five, &western.eight_on_one_side,
        ]),
        "nelson": numbered("nelson", &[
            &nelson.beyond_three, &nelson.nine_on_one_side, &nelson.six_rising_or_falling, &nelson.fourteen_alternating,
            &nelson.two_of_three, &nelson.four_of_five, &nelson.fifteen_within_one, &nelson.eight_beyond_one,
        ]),
    })
}

/// Points as people count them.
fn numbers(points: &[usize]) -> Vec<usize> {
    points.iter().map(|i| i + 1).collect()
}

/// The rules of the IHI.
pub(super) fn ihi_rules(series: &Series) -> Result<Value, CaseError> {
    if !series.breaks_after.is_empty() {
        let expected = "empty: the IHI rules are applied to one phase";
        return Err(CaseError::Wrong {
            field: "input.breaks_after".to_owned(),
            expected,
        });
    }
    let chart = IhiChart::of(series)?;
    let shift = |shift: &Shift| {
        let side = match shift.side {
            Side::Above => "above",
            Side::Below => "below",
        };
        json!({ "side": side, "length": shift.points.len(), "points": numbers(&shift.points) })
    };
    let trend = |trend: &Trend| {
        let direction = if trend.rising { "up" } else { "down" };
        let points = numbers(&trend.points);
        json!({ "direction": direction, "length": points.len(), "points": points })
    };
    let exact = chart.run_count_exact();
    let printed = chart.run_count_printed();
    Ok(json!({
        "median": number(chart.median),
        "n_points": chart.n_points,
        "n_useful": chart.n_useful,
        "n_runs": chart.runs.len(),
        "longest_run": chart.longest_run(),
        "shifts": chart.shifts.iter().map(shift).collect::<Vec<_>>(),
        "trends": chart.trends.iter().map(trend).collect::<Vec<_>>(),
        "runs_limits_exact": run_count(runs_limits_exact(chart.n_useful), exact),
        "runs_limits_printed_table": run_count(runs_limits_printed(chart.n_useful), printed),
        "runs_verdicts_agree": exact == printed,
    }))
}

fn run_count(limits: Option<(usize, usize)>, count: RunCount) -> Value {
    let verdict = match count {
        RunCount::TooFew => "too few",
        RunCount::AsExpected => "as expected",
        RunCount::TooMany => "too many",
        RunCount::NotAssessed => "not assessed",
    };
    json!({
        "low": limits.map(|(low, _)| low),
        "high": limits.map(|(_, high)| high),
        "verdict": verdict,
    })
}

/// A number as the reference cases write it: whole numbers without a decimal mark.
pub(super) fn number(value: Option<f64>) -> Value {
    // Up to here every whole number is exact, in f64 and in other JSON readers.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Some(value) if value.fract() == 0.0 && value.abs() <= EXACT => (value as i64).into(),
        value => value.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_stand_without_a_decimal_mark() {
        assert_eq!(number(Some(17.0)).to_string(), "17");
        assert_eq!(number(Some(-0.0)).to_string(), "0");
        assert_eq!(number(Some(0.5)).to_string(), "0.5");
        assert_eq!(number(Some(1e300)).to_string(), "1e+300");
        assert_eq!(number(None), Value::Null);
    }
}
