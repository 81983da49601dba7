//! The engine against the formulas written down a second time, plainly and slowly, on random figures with gaps, ties, phases,
//! frozen baselines and points left out. Formulas: Montgomery, Introduction to Statistical Quality Control, chapters 6 and 7;
//! Laney 2002 for P′ and U′; Taylor 2017 for I′; Anhøj & Olesen 2014 for runs and crossings; and the patterns of the IHI, of Making
//! Data Count, of Western Electric and of Nelson, looked for point by point.

// A failed expectation in a test's own preparation is a failed test.
#![allow(clippy::expect_used)]

use std::collections::BTreeSet;

use domain::spc::chart::{Chart, ChartKind};
use domain::spc::rules::{Rule, RuleSet};
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
        ChartKind::P | ChartKind::PPrime | ChartKind::U | ChartKind::UPrime | ChartKind::IPrime
    );
    let known = |i: usize| match (y[i], n[i]) {
        (Some(y), Some(n)) if has_n => (n > 0.0).then(|| y / n),
        (Some(y), _) if !has_n => Some(y),
        _ => None,
    };
    let mut values: Vec<Option<f64>> = (0..y.len()).map(known).collect();
    if kind == ChartKind::Mr {
        values = (0..y.len())
            .map(|i| {
                let before = if i == 0 { None } else { values[i - 1] };
                before.zip(values[i]).map(|(a, b)| (b - a).abs())
            })
            .collect();
    }
    let values = values;
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
        ChartKind::IPrime => {
            // Each range as if both points weighed one: times the root of half pi over the sum of their 1/n.
            let mut ranges = Vec::new();
            let mut before: Option<(f64, f64)> = None;
            for i in (0..base).filter(|&i| !out[i]) {
                let here = values[i].zip(n[i]);
                if let (Some((a, na)), Some((b, nb))) = (before, here) {
                    let weight = 1.0 / na + 1.0 / nb;
                    ranges.push((b - a).abs() * (std::f64::consts::FRAC_PI_2 / weight).sqrt());
                }
                before = here;
            }
            let all = mean(&ranges);
            let kept: Vec<f64> = ranges.into_iter().filter(|r| *r <= 3.267 * all).collect();
            // Taken times 1.128, which is taken away again below: its factor stands in the formula already.
            (!kept.is_empty()).then(|| mean(&kept) * 1.128)
        }
        _ => None,
    }
    .map(|range| range / 1.128);
    (0..y.len())
        .map(|i| {
            let sigma = match kind {
                ChartKind::I | ChartKind::T => spread,
                ChartKind::IPrime => spread.zip(n[i]).map(|(spread, n)| spread / n.sqrt()),
                ChartKind::Mr => Some(centre * 3.267 / 3.0),
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
                    ChartKind::I | ChartKind::IPrime => (low, high),
                    ChartKind::Mr => (0.0, 3.0 * sigma),
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
            ChartKind::G, ChartKind::T, ChartKind::Mr, ChartKind::IPrime,
        ] {
            let has_n = matches!(
                kind,
                ChartKind::P | ChartKind::PPrime | ChartKind::U | ChartKind::UPrime | ChartKind::IPrime
            );
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
                let signal = longest > allowed || crossings < crossings_needed(sides.len());
                // Neighbouring ranges share a value.
                prop_assert_eq!(phase.runs_signal, signal && kind != ChartKind::Mr);
            }
        }
    }
}

/// c₄ of a number of values: the product of its definition, from 2 on in steps of one.
fn c4(n: usize) -> f64 {
    // Γ(n/2) / Γ((n−1)/2), by Γ(x+1) = x Γ(x) from Γ(1) and Γ(1/2).
    let mut ratio = 1.0 / std::f64::consts::PI.sqrt();
    for m in 2..n {
        ratio = (m as f64 - 1.0) / 2.0 / ratio;
    }
    (2.0 / (n as f64 - 1.0)).sqrt() * ratio
}

/// How many values are known, their mean and their sample standard deviation.
type Group = (usize, Option<f64>, Option<f64>);

fn group(values: &[Option<f64>]) -> Group {
    let known: Vec<f64> = values.iter().flatten().copied().collect();
    let n = known.len();
    let mean = (n > 0).then(|| mean(&known));
    let squares = |mean: f64| known.iter().map(|v| (v - mean).powi(2)).sum::<f64>();
    let sd = mean
        .filter(|_| n > 1)
        .map(|mean| (squares(mean) / (n as f64 - 1.0)).sqrt());
    (n, mean, sd)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn means_and_spreads_of_subgroups_are_those_of_the_formulas(
        (groups, (breaks, freeze, exclude)) in proptest::collection::vec(
            proptest::collection::vec(proptest::option::weighted(0.9, 0_u32..200), 1..7), 1..24,
        ).prop_flat_map(|groups| {
            let design = design(groups.len());
            (Just(groups), design)
        }),
        even in any::<bool>(),
    ) {
        // Half of the time subgroups of one size, which have a formula of their own.
        let groups: Vec<Vec<Option<f64>>> = groups
            .into_iter()
            .map(|group| match even {
                true => (0..4_u32).map(|i| Some(f64::from(group[0].unwrap_or(7) + i * i % 7))).collect(),
                false => group.into_iter().map(|value| value.map(f64::from)).collect(),
            })
            .collect();
        let values: Vec<Option<f64>> = groups.iter().flatten().copied().collect();
        let of: Vec<usize> = groups.iter().enumerate().flat_map(|(i, g)| vec![i; g.len()]).collect();
        for kind in [ChartKind::Xbar, ChartKind::S] {
            let series = Series {
                subgroups: Some(of.clone()),
                breaks_after: breaks.clone(),
                freeze_after: freeze,
                exclude: exclude.clone(),
                ..Series::new(values.clone(), None)
            };
            let chart = Chart::of(kind, &series, true).expect("charts");
            prop_assert_eq!(chart.points.len(), groups.len());
            let mut ends = breaks.clone();
            ends.push(groups.len());
            let mut first = 0;
            for end in ends {
                let all: Vec<Group> = groups[first..end].iter().map(|values| group(values)).collect();
                let base = freeze.unwrap_or(all.len()).min(all.len());
                let used: Vec<Group> = (0..base)
                    .filter(|i| !exclude.contains(&(first + i + 1)))
                    .map(|i| all[i])
                    .filter(|group| group.0 > 0)
                    .collect();
                let sds: Vec<(f64, f64)> =
                    used.iter().filter_map(|g| Some((g.0 as f64 - 1.0, g.2?))).collect();
                let one_size = used.iter().all(|group| group.0 == used[0].0);
                let within = match (sds.is_empty(), one_size) {
                    (true, _) => None,
                    (_, true) => Some(mean(&sds.iter().map(|sd| sd.1).collect::<Vec<_>>())),
                    _ => {
                        let squares: f64 = sds.iter().map(|(free, sd)| free * sd * sd).sum();
                        Some((squares / sds.iter().map(|sd| sd.0).sum::<f64>()).sqrt())
                    }
                };
                let known: f64 = used.iter().map(|group| group.0 as f64).sum();
                let sum: f64 = used.iter().filter_map(|g| Some(g.0 as f64 * g.1?)).sum();
                let centre = match kind {
                    ChartKind::S => within,
                    _ => (known > 0.0).then(|| sum / known),
                };
                for (point, (n, mean, sd)) in chart.points[first..end].iter().zip(&all) {
                    let value = if kind == ChartKind::S { *sd } else { *mean };
                    prop_assert_eq!(point.value.is_some(), value.is_some());
                    if let (Some(drawn), Some(value)) = (point.value, value) {
                        prop_assert!(near(drawn, value), "{kind:?} {drawn} {value}");
                    }
                    prop_assert_eq!(point.centre.is_some(), centre.is_some());
                    let (Some(drawn), Some(centre)) = (point.centre, centre) else { continue };
                    prop_assert!(near(drawn, centre), "{kind:?} {drawn} {centre}");
                    let Some(within) = within.filter(|_| *n > 1) else {
                        prop_assert!(point.limits.is_none() || *n == 1 && kind == ChartKind::Xbar);
                        continue;
                    };
                    let c4 = c4(*n);
                    let reach = match kind {
                        ChartKind::S => 3.0 * within * (1.0 - c4 * c4).sqrt() / c4,
                        _ => 3.0 * within / (c4 * (*n as f64).sqrt()),
                    };
                    let limits = point.limits.expect("two values or more");
                    let low = if kind == ChartKind::S { (centre - reach).max(0.0) } else { centre - reach };
                    prop_assert!(near(limits.lower, low), "{kind:?} {} {low}", limits.lower);
                    prop_assert!(near(limits.upper, centre + reach), "{kind:?} {} {}", limits.upper, centre + reach);
                }
                first = end;
            }
        }
    }
}

/// The points of each rule of a set on a chart of one phase.
fn found(set: RuleSet, kind: ChartKind, series: &Series) -> (Chart, Vec<(Rule, BTreeSet<usize>)>) {
    let chart = Chart::of(kind, series, true).expect("charts");
    let phase = chart.phases[0];
    let signs = set.signs(&chart, series, &phase).expect("judges");
    let mut by_rule: Vec<(Rule, BTreeSet<usize>)> = Vec::new();
    for sign in signs {
        match by_rule.iter_mut().find(|(rule, _)| *rule == sign.rule) {
            Some((_, points)) => points.extend(sign.points),
            None => by_rule.push((sign.rule, sign.points.into_iter().collect())),
        }
    }
    (chart, by_rule)
}

/// Every point of a window of so many neighbours that is so.
fn windows(z: &[f64], length: usize, is: impl Fn(&[f64]) -> bool) -> Vec<usize> {
    (0..(z.len() + 1).saturating_sub(length))
        .filter(|&i| is(&z[i..i + length]))
        .collect()
}

/// The points of all those windows.
fn whole(starts: &[usize], length: usize) -> BTreeSet<usize> {
    starts.iter().flat_map(|&i| i..i + length).collect()
}

/// The last point of each.
fn ends(starts: &[usize], length: usize) -> BTreeSet<usize> {
    starts.iter().map(|&i| i + length - 1).collect()
}

const TINY: f64 = 1e-9;

fn rising(z: &[f64]) -> bool {
    z.windows(2).all(|pair| pair[1] - pair[0] > TINY)
}

fn falling(z: &[f64]) -> bool {
    z.windows(2).all(|pair| pair[0] - pair[1] > TINY)
}

/// So many of a window beyond so many sigmas on one side, the last among them.
fn most(z: &[f64], length: usize, least: usize, sigmas: f64) -> BTreeSet<usize> {
    let is = |side: f64| {
        windows(z, length, |zs| {
            let beyond = |z: &f64| z * side > sigmas + TINY;
            zs.last().is_some_and(beyond) && zs.iter().filter(|z| beyond(z)).count() >= least
        })
    };
    ends(&[is(1.0), is(-1.0)].concat(), length)
}

fn one_side(z: &[f64], length: usize) -> BTreeSet<usize> {
    let is = |side: f64| windows(z, length, |zs| zs.iter().all(|z| z * side > TINY));
    whole(&[is(1.0), is(-1.0)].concat(), length)
}

/// Levels, slopes and alternations, so that every pattern comes about now and then.
fn patterned() -> impl Strategy<Value = Vec<f64>> {
    let piece =
        (0_u8..5, 0_u32..30, 1_usize..12, 0_u32..4).prop_map(|(sort, level, length, wide)| {
            (0..length)
                .map(|i| {
                    let (i, level, wide) = (i as f64, f64::from(level), f64::from(wide));
                    match sort {
                        0 => level,
                        1 => level + i * wide,
                        2 => level - i * wide,
                        3 => {
                            level
                                + if i % 2.0 == 0.0 {
                                    wide * 4.0
                                } else {
                                    -wide * 4.0
                                }
                        }
                        _ => level + (i * 7.0) % 5.0,
                    }
                })
                .collect::<Vec<f64>>()
        });
    proptest::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(800))]
    #[test]
    fn patterns_in_sigmas_are_those_that_are_looked_for_point_by_point(values in patterned()) {
        let series = Series::new(values.iter().copied().map(Some).collect(), None);
        let known: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
        let Some(range) = moving_range(&known, &vec![false; values.len()]).filter(|range| *range > TINY) else {
            return Ok(());
        };
        let (centre, sigma) = (mean(&values), range / 1.128);
        let z: Vec<f64> = values.iter().map(|value| (value - centre) / sigma).collect();
        let beyond = |sigmas: f64| move |z: &f64| z.abs() > sigmas + TINY;
        for set in [RuleSet::WesternElectric, RuleSet::Nelson] {
            let (_, signs) = found(set, ChartKind::I, &series);
            let nelson = set == RuleSet::Nelson;
            let mut expected = vec![
                (Rule::Outside, ends(&windows(&z, 1, |zs| beyond(3.0)(&zs[0])), 1)),
                (Rule::TwoOfThree, most(&z, 3, 2, 2.0)),
                (Rule::FourOfFive, most(&z, 5, 4, 1.0)),
                (Rule::Run, one_side(&z, if nelson { 9 } else { 8 })),
            ];
            if nelson {
                let trends = windows(&z, 6, |zs| rising(zs) || falling(zs));
                let turns = windows(&z, 14, |zs| {
                    zs.windows(3).all(|t| (t[1] - t[0]) * (t[2] - t[1]) < 0.0
                        && (t[1] - t[0]).abs() > TINY && (t[2] - t[1]).abs() > TINY)
                });
                let within = windows(&z, 15, |zs| zs.iter().all(|z| z.abs() < 1.0 - TINY));
                let far = windows(&z, 8, |zs| zs.iter().all(beyond(1.0)));
                expected.extend([
                    (Rule::Trend, whole(&trends, 6)),
                    (Rule::Alternating, ends(&turns, 14)),
                    (Rule::WithinOne, ends(&within, 15)),
                    (Rule::BeyondOne, ends(&far, 8)),
                ]);
            }
            for (rule, points) in expected {
                let told = signs.iter().find(|(known, _)| *known == rule);
                let told = told.map(|(_, points)| points.clone()).unwrap_or_default();
                prop_assert_eq!(told, points, "{:?} {:?} of {:?}", set, rule, values);
            }
        }
    }

    #[test]
    fn the_patterns_of_the_ihi_are_those_that_are_looked_for_point_by_point(values in patterned()) {
        let series = Series::new(values.iter().copied().map(Some).collect(), None);
        let (_, signs) = found(RuleSet::Ihi, ChartKind::Run, &series);
        let middle = median(&values);
        // A point on the median neither adds to a shift nor ends it.
        let useful: Vec<usize> = (0..values.len()).filter(|&i| (values[i] - middle).abs() > TINY).collect();
        let sides: Vec<f64> = useful.iter().map(|&i| values[i] - middle).collect();
        let shifts: BTreeSet<usize> = one_side(&sides, 6).into_iter().map(|i| useful[i]).collect();
        // Equal neighbours count once, the first of them.
        let steps: Vec<usize> = (0..values.len())
            .filter(|&i| i == 0 || (values[i] - values[i - 1]).abs() > TINY)
            .collect();
        let levels: Vec<f64> = steps.iter().map(|&i| values[i]).collect();
        let trends = windows(&levels, 5, |zs| rising(zs) || falling(zs));
        let trends: BTreeSet<usize> = whole(&trends, 5).into_iter().map(|i| steps[i]).collect();
        let runs = 1 + sides.windows(2).filter(|pair| pair[0] * pair[1] < 0.0).count();
        let (few, many) = match useful.len() {
            0..10 => (false, false),
            n => {
                let (low, high) = runs_expected(n);
                (runs < low, runs > high)
            }
        };
        for (rule, points) in [(Rule::Run, shifts), (Rule::Trend, trends)] {
            let told = signs.iter().find(|(known, _)| *known == rule);
            let told = told.map(|(_, points)| points.clone()).unwrap_or_default();
            prop_assert_eq!(told, points, "{:?} of {:?}", rule, values);
        }
        let has = |rule| signs.iter().any(|(known, _)| *known == rule);
        prop_assert_eq!((has(Rule::FewRuns), has(Rule::ManyRuns)), (few, many), "{:?}", values);
    }

    #[test]
    fn the_patterns_of_making_data_count_are_those_that_are_looked_for_point_by_point(values in patterned()) {
        let series = Series::new(values.iter().copied().map(Some).collect(), None);
        let known: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
        let (_, signs) = found(RuleSet::MakingDataCount, ChartKind::I, &series);
        let Some(range) = moving_range(&known, &vec![false; values.len()]).filter(|range| *range > TINY) else {
            return Ok(());
        };
        let z: Vec<f64> = values.iter().map(|value| (value - mean(&values)) / (2.66 * range)).collect();
        let outside = |z: f64| z.abs() > 1.0 + TINY;
        let close = |z: f64| !outside(z) && z.abs() > 2.0 / 3.0 + TINY;
        let trends = whole(&windows(&z, 7, |zs| rising(zs) || falling(zs)), 7);
        let mut near = BTreeSet::new();
        for i in windows(&z, 3, |zs| zs.iter().all(|z| *z > TINY) || zs.iter().all(|z| *z < -TINY)) {
            let zone: Vec<usize> = (i..i + 3).filter(|&j| close(z[j])).collect();
            if zone.len() >= 2 {
                near.extend(zone);
            }
        }
        let shifts = one_side(&z, 7);
        // Each point bears the first of them that it belongs to.
        let mut expected: Vec<(Rule, BTreeSet<usize>)> =
            [Rule::Outside, Rule::Trend, Rule::TwoOfThree, Rule::Run].map(|rule| (rule, BTreeSet::new())).to_vec();
        for (i, &z) in z.iter().enumerate() {
            let first = [outside(z), trends.contains(&i), near.contains(&i), shifts.contains(&i)];
            if let Some(which) = first.iter().position(|is| *is) {
                expected[which].1.insert(i);
            }
        }
        for (rule, points) in expected {
            let told = signs.iter().find(|(known, _)| *known == rule);
            let told = told.map(|(_, points)| points.clone()).unwrap_or_default();
            prop_assert_eq!(told, points, "{:?} of {:?}", rule, values);
        }
    }
}

/// The fewest and the most runs that chance leaves in 95 of 100 orders, of so many points split in half: every order counted, by
/// what it ends with and how many runs it has.
fn runs_expected(n: usize) -> (usize, usize) {
    let (a, b) = (n / 2, n - n / 2);
    // ways[x][y][last][runs]: orders of x below and y above.
    let mut ways = vec![vec![[vec![0.0_f64; n + 2], vec![0.0; n + 2]]; b + 1]; a + 1];
    for x in 0..=a {
        for y in 0..=b {
            for runs in 1..=n {
                if x > 0 {
                    ways[x][y][0][runs] = match (x, y) {
                        (1, 0) => f64::from(u8::from(runs == 1)),
                        _ => ways[x - 1][y][0][runs] + ways[x - 1][y][1][runs - 1],
                    };
                }
                if y > 0 {
                    ways[x][y][1][runs] = match (x, y) {
                        (0, 1) => f64::from(u8::from(runs == 1)),
                        _ => ways[x][y - 1][1][runs] + ways[x][y - 1][0][runs - 1],
                    };
                }
            }
        }
    }
    let of: Vec<f64> = (0..=n)
        .map(|runs| ways[a][b][0][runs] + ways[a][b][1][runs])
        .collect();
    let all: f64 = of.iter().sum();
    let reaches = |tail: f64| tail / all > 0.025;
    let low = (1..=n)
        .find(|&r| reaches(of[..=r].iter().sum()))
        .expect("some");
    let high = (1..=n)
        .rev()
        .find(|&r| reaches(of[r..].iter().sum()))
        .expect("some");
    (low, high)
}
