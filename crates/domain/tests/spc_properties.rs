//! What must hold of every run chart, whatever the figures.

// A failed expectation in a test's own preparation is a failed test.
#![allow(clippy::expect_used)]

use domain::catalog::Direction;
use domain::spc::anhoej::{self, Side};
use domain::spc::case;
use domain::spc::chart::{Chart, ChartKind, Phase};
use domain::spc::ihi::{self, IhiChart};
use domain::spc::series::Series;
use domain::spc::sigma::{Nelson, WesternElectric};
use domain::spc::verdict::{ChartView, Meaning, Measure, Observation, Verdict};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

/// Figures with ties and gaps, as registers give them.
fn figures() -> impl Strategy<Value = Vec<Option<f64>>> {
    let figure = proptest::option::weighted(0.9, (-40_i32..40).prop_map(f64::from));
    proptest::collection::vec(figure, 0..60)
}

fn plain(values: &[Option<f64>]) -> Series {
    Series::new(values.to_vec(), None)
}

fn chart(series: &Series) -> Chart {
    Chart::run(series).expect("charts")
}

/// Useful points, longest run, crossings and verdict of each phase.
fn counts(chart: &Chart) -> Vec<(usize, Option<usize>, Option<usize>, bool)> {
    let of = |phase: &Phase| {
        let runs = phase.runs;
        let longest = runs.map(|runs| runs.longest.length);
        (
            phase.n_useful(),
            longest,
            runs.map(|runs| runs.crossings),
            phase.runs_signal,
        )
    };
    chart.phases.iter().map(of).collect()
}

fn mapped(values: &[Option<f64>], f: impl Fn(f64) -> f64) -> Vec<Option<f64>> {
    values.iter().map(|value| value.map(&f)).collect()
}

proptest! {
    #[test]
    fn the_unit_does_not_matter(values in figures(), scale in 1e-6..1e6_f64) {
        let scaled = plain(&mapped(&values, |v| v * scale));
        prop_assert_eq!(counts(&chart(&plain(&values))), counts(&chart(&scaled)));
        let multiplied = Series { multiply: scale, ..plain(&values) };
        prop_assert_eq!(counts(&chart(&plain(&values))), counts(&chart(&multiplied)));
    }

    #[test]
    fn time_may_run_backwards(values in figures()) {
        let reversed: Vec<_> = values.iter().rev().copied().collect();
        prop_assert_eq!(counts(&chart(&plain(&values))), counts(&chart(&plain(&reversed))));
    }

    #[test]
    fn up_and_down_are_alike(values in figures()) {
        let mirrored = plain(&mapped(&values, |v| -v));
        let (chart, mirrored) = (chart(&plain(&values)), chart(&mirrored));
        prop_assert_eq!(counts(&chart), counts(&mirrored));
        let other = |side| if side == Side::Above { Side::Below } else { Side::Above };
        let turned: Vec<_> = mirrored.sides().into_iter().map(|s| s.map(other)).collect();
        prop_assert_eq!(chart.sides(), turned);
    }

    #[test]
    fn points_on_the_median_change_nothing(values in figures(), at in any::<Index>()) {
        let before = chart(&plain(&values));
        if let Some(centre) = before.phases.first().and_then(|phase| phase.centre) {
            let mut more = values.clone();
            more.insert(at.index(values.len() + 1), Some(centre));
            prop_assert_eq!(counts(&before), counts(&chart(&plain(&more))));
        }
    }

    #[test]
    fn gaps_and_excluded_points_change_nothing(values in figures(), at in any::<Index>()) {
        prop_assume!(!values.is_empty());
        let before = chart(&plain(&values));
        let at = at.index(values.len() + 1);
        let mut gap = values.clone();
        gap.insert(at, None);
        prop_assert_eq!(counts(&before), counts(&chart(&plain(&gap))));
        let mut outlier = values.clone();
        outlier.insert(at, Some(1e6));
        let excluded = Series { exclude: vec![at + 1], ..plain(&outlier) };
        prop_assert_eq!(counts(&before), counts(&chart(&excluded)));
    }

    #[test]
    fn at_most_half_of_the_points_lie_on_either_side(values in figures()) {
        let sides = chart(&plain(&values)).sides();
        let known = values.iter().flatten().count();
        for side in [Side::Above, Side::Below] {
            prop_assert!(sides.iter().filter(|s| **s == Some(side)).count() * 2 <= known);
        }
    }

    #[test]
    fn each_phase_is_computed_alone(left in figures(), right in figures()) {
        prop_assume!(!left.is_empty() && !right.is_empty());
        let values = [left.clone(), right.clone()].concat();
        let both = Series { breaks_after: vec![left.len()], ..plain(&values) };
        let alone = [counts(&chart(&plain(&left))), counts(&chart(&plain(&right)))].concat();
        prop_assert_eq!(counts(&chart(&both)), alone);
    }

    #[test]
    fn runs_take_every_useful_point_once(values in figures()) {
        let sides = chart(&plain(&values)).sides();
        let runs = anhoej::runs(&sides);
        let taken: Vec<_> = runs.iter().flat_map(|run| run.points(&sides)).collect();
        let useful: Vec<_> = (0..sides.len()).filter(|&i| sides[i].is_some()).collect();
        prop_assert_eq!(taken, useful);
        prop_assert!(runs.windows(2).all(|pair| pair[0].side != pair[1].side));
    }

    #[test]
    fn limits_never_fall_as_points_are_added(n in 1..5_000_usize) {
        prop_assert!(anhoej::longest_run_max(n) <= anhoej::longest_run_max(n + 1));
        let (now, next) = (anhoej::crossings_min(n), anhoej::crossings_min(n + 1));
        prop_assert!(now <= next && next <= now + 1);
    }

    #[test]
    fn ihi_shifts_and_trends_are_what_they_are_called(values in figures()) {
        let chart = IhiChart::of(&plain(&values)).expect("charts");
        for shift in &chart.shifts {
            prop_assert!(shift.points.len() >= ihi::SHIFT);
        }
        for trend in &chart.trends {
            prop_assert!(trend.points.len() >= ihi::TREND);
            let goes_on = |pair: &[usize]| {
                let (from, to) = (values[pair[0]], values[pair[1]]);
                from != to && (from < to) == trend.rising
            };
            prop_assert!(trend.points.windows(2).all(goes_on));
        }
        let reversed: Vec<_> = values.iter().rev().copied().collect();
        let backwards = IhiChart::of(&plain(&reversed)).expect("charts");
        prop_assert_eq!(chart.trends.len(), backwards.trends.len());
        prop_assert_eq!(chart.run_count_exact(), backwards.run_count_exact());
    }

    #[test]
    fn a_verdict_needs_ten_useful_points(values in figures(), up in any::<bool>()) {
        let period = |(i, n): (usize, &Option<f64>)| Observation {
            label: i.to_string(), n: *n, d: None, no_data: None, incomplete: false,
        };
        let direction = if up { Direction::Up } else { Direction::Down };
        let measure = Measure { direction, has_denominator: false, multiply: 1.0, suits: ChartKind::I, goal: None };
        let periods = values.iter().enumerate().map(period).collect();
        let view = ChartView::of(&measure, periods, ChartKind::Run).expect("charts");
        let early = matches!(view.verdict, Verdict::TooEarly { .. });
        prop_assert_eq!(early, view.useful < 10);
        let marked = view.points.iter().filter(|point| point.signal).count();
        match view.verdict {
            Verdict::Shift { above, length, .. } => {
                prop_assert_eq!(marked, length as usize);
                let meaning = if above == up { Meaning::Better } else { Meaning::Worse };
                prop_assert_eq!(view.meaning, meaning);
            }
            _ => {
                prop_assert_eq!(marked, 0);
                prop_assert_eq!(view.meaning, Meaning::Neutral);
            }
        }
    }

    #[test]
    fn nothing_but_numbers_comes_out((kind, series) in any_series(), screen in any::<bool>()) {
        let Ok(chart) = Chart::of(kind, &series, screen) else { return Ok(()) };
        let (least, greatest) = match kind {
            ChartKind::P | ChartKind::PPrime => (0.0, 1.0),
            ChartKind::C | ChartKind::U | ChartKind::UPrime | ChartKind::G | ChartKind::T | ChartKind::S | ChartKind::Mr => (0.0, f64::MAX),
            _ => (f64::MIN, f64::MAX),
        };
        for point in &chart.points {
            for shown in [point.value, point.centre] {
                prop_assert!(shown.is_none_or(f64::is_finite));
            }
            prop_assert!(point.limits.is_some() || !point.outside);
            let Some(limits) = point.limits else { continue };
            let lines = [limits.lower, limits.lower2, limits.upper2, limits.upper];
            prop_assert!(lines.windows(2).all(|pair| pair[0] <= pair[1]), "{lines:?}");
            prop_assert!(lines.iter().all(|line| (least..=greatest).contains(line)), "{lines:?}");
        }
    }

    #[test]
    fn the_order_of_points_does_not_matter_where_neighbours_are_not_compared(
        figures in proptest::collection::vec((0..30_u32, 1..60_u32), 2..40),
        by in any::<Index>(),
    ) {
        for kind in [ChartKind::P, ChartKind::U, ChartKind::C, ChartKind::G, ChartKind::Run] {
            let charted = |figures: &[(u32, u32)]| {
                let values = figures.iter().map(|&(n, _)| Some(f64::from(n))).collect();
                let over = figures.iter().map(|&(n, more)| Some(f64::from(n + more))).collect();
                let takes = matches!(kind, ChartKind::P | ChartKind::U);
                Chart::of(kind, &Series::new(values, takes.then_some(over)), true).expect("charts")
            };
            let mut turned = figures.clone();
            let by = by.index(figures.len());
            turned.rotate_left(by);
            let (mut chart, turned) = (charted(&figures).points, charted(&turned).points);
            chart.rotate_left(by);
            for (a, b) in chart.iter().zip(&turned) {
                let near = |a: Option<f64>, b: Option<f64>| match (a, b) {
                    (Some(a), Some(b)) => anhoej::tied(a, b) || (a - b).abs() < 1e-9,
                    _ => a.is_none() && b.is_none(),
                };
                prop_assert!(near(a.centre, b.centre));
                prop_assert!(near(a.limits.map(|l| l.upper), b.limits.map(|l| l.upper)));
                prop_assert_eq!(a.outside, b.outside);
            }
        }
    }

    #[test]
    fn limits_follow_the_unit(values in figures(), scale in 1e-3..1e3_f64, shift in -50..50_i32) {
        let of = |values: &[Option<f64>]| Chart::of(ChartKind::I, &plain(values), true).expect("charts");
        let chart = of(&values);
        let moved = of(&mapped(&values, |v| v * scale + f64::from(shift)));
        let through = |line: f64| line * scale + f64::from(shift);
        for (a, b) in chart.points.iter().zip(&moved.points) {
            let (Some(a), Some(b)) = (a.limits, b.limits) else { continue };
            let size = 1.0 + through(a.upper).abs() + through(a.lower).abs();
            prop_assert!((through(a.upper) - b.upper).abs() < 1e-9 * size);
            prop_assert!((through(a.lower) - b.lower).abs() < 1e-9 * size);
        }
    }

    #[test]
    fn patterns_look_the_same_upside_down(values in proptest::collection::vec(-4.0..4.0_f64, 0..60)) {
        let of = |sign: f64| values.iter().map(|z| Some(z * sign)).collect::<Vec<_>>();
        prop_assert_eq!(Nelson::of(&of(1.0)), Nelson::of(&of(-1.0)));
        prop_assert_eq!(WesternElectric::of(&of(1.0)), WesternElectric::of(&of(-1.0)));
    }

    #[test]
    fn no_case_makes_the_engine_panic(
        mut input in any_input(),
        kind in proptest::sample::select(vec![
            "ihi-run-rules", "control-or-run-chart", "making-data-count", "sigma-rules",
        ]),
        chart in proptest::sample::select(ChartKind::ALL.to_vec()),
    ) {
        input["chart"] = match kind {
            "ihi-run-rules" => "run",
            "making-data-count" => "xmr-mdc",
            "sigma-rules" => "i",
            _ => chart.name(),
        }.into();
        input["sigma"] = json!(1.5);
        input["centre"] = json!(0);
        let case = json!({ "kind": kind, "input": input });
        if let Ok(answered) = case::evaluate(&case) {
            prop_assert_eq!(case::evaluate(&answered).expect("an answer is a case"), answered);
        }
    }
}

/// A series with what its kind of chart takes, from nothing to far beyond what a register holds.
fn any_series() -> impl Strategy<Value = (ChartKind, Series)> {
    let figure = prop_oneof![
        8 => (0..500_i32).prop_map(f64::from),
        2 => any::<f64>(),
        1 => Just(0.0),
    ];
    let figures = proptest::collection::vec(proptest::option::weighted(0.9, figure), 0..40);
    let kinds = proptest::sample::select(ChartKind::ALL.to_vec());
    (
        kinds,
        figures.clone(),
        figures,
        any::<Option<u8>>(),
        any::<bool>(),
    )
        .prop_map(|(kind, values, over, at, freeze)| {
            let count = values.len();
            let mut series = Series::new(values, None);
            if matches!(
                kind,
                ChartKind::P
                    | ChartKind::PPrime
                    | ChartKind::U
                    | ChartKind::UPrime
                    | ChartKind::IPrime
            ) {
                let over = over
                    .into_iter()
                    .chain(std::iter::repeat(Some(7.0)))
                    .take(count);
                series.denominators = Some(over.collect());
            }
            if kind.of_subgroups() {
                series.subgroups = Some((0..count).map(|i| i / 3).collect());
            }
            match at.map(usize::from) {
                Some(at) if freeze => series.freeze_after = Some(at + 1),
                Some(at) if at > 0 && at <= count => series.exclude = vec![at],
                _ => {}
            }
            (kind, series)
        })
}

/// Inputs that are nearly right: odd types, odd numbers and points that do not exist.
fn any_input() -> impl Strategy<Value = Value> {
    let odd = prop_oneof![
        6 => (-3_i32..9).prop_map(|n| json!(n)),
        2 => Just(Value::Null),
        1 => any::<f64>().prop_map(|n| json!(n)),
        1 => Just(json!("7")),
    ];
    let many = move || proptest::collection::vec(odd.clone(), 0..12).prop_map(Value::from);
    let point = prop_oneof![
        (0..12_i32).prop_map(|n| json!(n)),
        Just(Value::Null),
        Just(json!(1e300))
    ];
    let points = proptest::collection::vec(point.clone(), 0..3).prop_map(Value::from);
    let options = (
        proptest::option::of(many()),
        points.clone(),
        points,
        point,
        any::<f64>(),
    );
    (many(), options).prop_map(|(y, (n, breaks, exclude, freeze, factor))| {
        let mut input = json!({
            "chart": "run", "y": y, "breaks_after": breaks, "exclude": exclude,
            "freeze_after": freeze, "multiply": factor, "given_centre": factor,
        });
        if let Some(n) = n {
            input["n"] = n;
        }
        input
    })
}
