//! The engine against the formulas written down a second time, plainly and slowly, on random figures with gaps, ties, phases,
//! frozen baselines and points left out. Formulas: Montgomery, Introduction to Statistical Quality Control, chapters 6 and 7;
//! Laney 2002 for P′ and U′; Anhøj & Olesen 2014 for runs and crossings.

// A failed expectation in a test's own preparation is a failed test.
#![allow(clippy::expect_used)]

use domain::spc::chart::{Chart, ChartKind};
use domain::spc::series::Series;
use proptest::prelude::*;

/// What is drawn at a point: centre, lower and upper limit.
type Lines = Option<(f64, Option<(f64, f64)>)>;

/// A series as a register gives it: what was counted of how many, now and then nothing, or nobody to count.
fn counts() -> impl Strategy<Value = Vec<(Option<f64>, Option<f64>)>> {
    let size = prop_oneof![4 => 1_u32..60, 1 => Just(0_u32), 1 => 2_000_u32..90_000];
    let point = (size, 0_u32..=100, 0_u8..10).prop_map(|(d, share, gap)| {
        let n = u64::from(d) * u64::from(share) / 100;
        let n = f64::from(u32::try_from(n).expect("a part is no more than the whole"));
        match gap {
            0 => (None, None),
            _ => (Some(n), Some(f64::from(d))),
        }
    });
    proptest::collection::vec(point, 1..45)
}

/// Where phases end, or the baseline does, and what is left out; numbers from 1.
fn design(points: usize) -> impl Strategy<Value = (Vec<usize>, Option<usize>, Vec<usize>)> {
    let some = |most: usize| proptest::collection::btree_set(1..=points.max(1), 0..=most);
    (some(2), proptest::option::of(1..=points.max(1)), some(4)).prop_map(
        move |(breaks, freeze, exclude)| {
            let breaks: Vec<usize> = breaks.into_iter().filter(|&at| at < points).collect();
            let freeze = freeze.filter(|_| breaks.is_empty());
            (breaks, freeze, exclude.into_iter().collect())
        },
    )
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    match sorted.len() % 2 {
        1 => sorted[half],
        _ => (sorted[half - 1] + sorted[half]) / 2.0,
    }
}

/// The mean range between neighbours, those above 3.267 times the mean dropped once; none while there is no pair.
fn moving_range(values: &[Option<f64>], left_out: &[bool]) -> Option<f64> {
    let mut ranges = Vec::new();
    let mut before: Option<f64> = None;
    for (value, out) in values.iter().zip(left_out) {
        // A point that was left out is bridged, a missing one is not.
        if *out {
            continue;
        }
        if let (Some(a), Some(b)) = (before, *value) {
            ranges.push((b - a).abs());
        }
        before = *value;
    }
    if ranges.is_empty() {
        return None;
    }
    let all = mean(&ranges);
    let kept: Vec<f64> = ranges
        .into_iter()
        .filter(|range| *range <= 3.267 * all)
        .collect();
    (!kept.is_empty()).then(|| mean(&kept))
}

/// The lines of a stretch of points, of which `base` make the centre.
fn lines(
    kind: ChartKind,
    y: &[Option<f64>],
    n: &[Option<f64>],
    out: &[bool],
    base: usize,
) -> Vec<Lines> {
    let has_n = matches!(
        kind,
        ChartKind::P | ChartKind::PPrime | ChartKind::U | ChartKind::UPrime
    );
    let known = |i: usize| match (y[i], n[i]) {
        (Some(y), Some(n)) if has_n => (n > 0.0).then(|| y / n),
        (Some(y), _) if !has_n => Some(y),
        _ => None,
    };
    let values: Vec<Option<f64>> = (0..y.len()).map(known).collect();
    let used: Vec<usize> = (0..base)
        .filter(|&i| values[i].is_some() && !out[i])
        .collect();
    if used.is_empty() {
        return vec![None; y.len()];
    }
    let of = |f: &dyn Fn(usize) -> f64| used.iter().map(|&i| f(i)).collect::<Vec<f64>>();
    let value = |i: usize| values[i].expect("known");
    let transformed: Vec<Option<f64>> = match kind {
        ChartKind::T => values
            .iter()
            .map(|v| v.map(|v| v.powf(1.0 / 3.6)))
            .collect(),
        _ => values.clone(),
    };
    let centre = match kind {
        ChartKind::Run | ChartKind::G => median(&of(&value)),
        ChartKind::T => mean(&of(&|i| transformed[i].expect("known"))),
        _ if has_n => {
            of(&|i| y[i].expect("known")).iter().sum::<f64>()
                / of(&|i| n[i].expect("known")).iter().sum::<f64>()
        }
        _ => mean(&of(&value)),
    };
    let plain = |i: usize| match kind {
        ChartKind::P | ChartKind::PPrime => {
            (centre * (1.0 - centre) / n[i].unwrap_or(f64::NAN)).sqrt()
        }
        _ => (centre / n[i].unwrap_or(f64::NAN)).sqrt(),
    };
    let spread = match kind {
        ChartKind::I | ChartKind::T => moving_range(&transformed[..base], &out[..base]),
        ChartKind::PPrime | ChartKind::UPrime => {
            let z: Vec<Option<f64>> = (0..base)
                .map(|i| values[i].map(|v| (v - centre) / plain(i)))
                .collect();
            moving_range(&z, &out[..base])
        }
        _ => None,
    }
    .map(|range| range / 1.128);
    (0..y.len())
        .map(|i| {
            let sigma = match kind {
                ChartKind::I | ChartKind::T => spread,
                ChartKind::PPrime | ChartKind::UPrime => spread.map(|wider| plain(i) * wider),
                ChartKind::P | ChartKind::U => Some(plain(i)),
                ChartKind::C => Some(centre.sqrt()),
                ChartKind::G => {
                    let mean = mean(&of(&value));
                    Some((mean * (mean + 1.0)).sqrt())
                }
                _ => None,
            };
            let middle = match kind {
                ChartKind::G => mean(&of(&value)),
                _ => centre,
            };
            let limits = sigma.filter(|sigma| sigma.is_finite()).map(|sigma| {
                let (low, high) = (middle - 3.0 * sigma, middle + 3.0 * sigma);
                match kind {
                    ChartKind::I => (low, high),
                    ChartKind::P | ChartKind::PPrime => (low.max(0.0), high.min(1.0)),
                    ChartKind::T => (low.max(0.0).powf(3.6), high.powf(3.6)),
                    _ => (low.max(0.0), high),
                }
            });
            let drawn = if kind == ChartKind::T {
                centre.powf(3.6)
            } else {
                centre
            };
            Some((drawn, limits))
        })
        .collect()
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-3)
}

/// Longest run and crossings of the useful points of a phase.
fn runs(sides: &[bool]) -> (usize, usize) {
    let (mut longest, mut current, mut crossings) = (0, 0, 0);
    for (i, side) in sides.iter().enumerate() {
        if i > 0 && sides[i - 1] != *side {
            crossings += 1;
            current = 0;
        }
        current += 1;
        longest = longest.max(current);
    }
    (longest, crossings)
}

/// The smallest number of crossings whose chance, or that of fewer, reaches one in twenty: summed up term by term.
fn crossings_needed(useful: usize) -> usize {
    let tries = useful - 1;
    let mut term = 0.5_f64.powi(i32::try_from(tries).expect("few"));
    let mut sum = term;
    let mut at = 0;
    while sum < 0.05 {
        term *= (tries - at) as f64 / (at + 1) as f64;
        at += 1;
        sum += term;
    }
    at
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn the_engine_draws_what_the_formulas_say(
        (points, (breaks, freeze, exclude)) in counts().prop_flat_map(|points| {
            let design = design(points.len());
            (Just(points), design)
        }),
    ) {
        for kind in [
            ChartKind::Run, ChartKind::I, ChartKind::P, ChartKind::PPrime, ChartKind::C, ChartKind::U, ChartKind::UPrime,
            ChartKind::G, ChartKind::T,
        ] {
            let has_n = matches!(kind, ChartKind::P | ChartKind::PPrime | ChartKind::U | ChartKind::UPrime);
            // Two events at once are refused, so a time is at least one.
            let y: Vec<Option<f64>> = points
                .iter()
                .map(|(y, _)| y.map(|y| if kind == ChartKind::T { y + 1.0 } else { y }))
                .collect();
            let n: Vec<Option<f64>> = points.iter().map(|(_, n)| *n).collect();
            let series = Series {
                breaks_after: breaks.clone(),
                freeze_after: freeze,
                exclude: exclude.clone(),
                ..Series::new(y.clone(), has_n.then(|| n.clone()))
            };
            let chart = Chart::of(kind, &series, true).expect("charts");
            let out: Vec<bool> = (1..=y.len()).map(|i| exclude.contains(&i)).collect();
            let mut ends = breaks.clone();
            ends.push(y.len());
            let mut first = 0;
            for end in ends {
                let range = first..end;
                let base = freeze.unwrap_or(range.len()).min(range.len());
                let expected = lines(kind, &y[range.clone()], &n[range.clone()], &out[range.clone()], base);
                for (point, expected) in chart.points[range].iter().zip(expected) {
                    let Some((centre, limits)) = expected else { continue };
                    if let Some(drawn) = point.centre {
                        prop_assert!(near(drawn, centre), "{kind:?} {drawn} {centre}");
                    }
                    let (Some(limits), Some(drawn)) = (limits, point.limits) else { continue };
                    prop_assert!(near(drawn.lower, limits.0), "{kind:?} {} {}", drawn.lower, limits.0);
                    prop_assert!(near(drawn.upper, limits.1), "{kind:?} {} {}", drawn.upper, limits.1);
                }
                first = end;
            }
            for phase in &chart.phases {
                let sides: Vec<bool> = chart.points[phase.first - 1..phase.last]
                    .iter()
                    .filter(|point| point.include)
                    .filter_map(|point| Some((point.value?, point.centre?)))
                    .filter(|(value, centre)| !near(*value, *centre))
                    .map(|(value, centre)| value > centre)
                    .collect();
                prop_assert_eq!(phase.n_useful(), sides.len());
                let Some(told) = phase.runs else { continue };
                let (longest, crossings) = runs(&sides);
                prop_assert_eq!((told.longest.length, told.crossings), (longest, crossings));
                let allowed = (sides.len() as f64).log2().round() as usize + 3;
                prop_assert_eq!(told.longest_run_max, allowed);
                prop_assert_eq!(told.crossings_min, crossings_needed(sides.len()));
                prop_assert_eq!(phase.runs_signal, longest > allowed || crossings < crossings_needed(sides.len()));
            }
        }
    }
}
