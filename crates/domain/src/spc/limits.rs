//! Centre lines and the spread that chance explains, by kind of chart.
//!
//! Montgomery DC. Introduction to Statistical Quality Control, chapters 6 and 7; Laney DB. Improved control charts for
//! attributes. Quality Engineering 2002; 14: 531–537; Nelson LS. Control charts for individual measurements. Journal of
//! Quality Technology 1982; 14: 172–173; Taylor WA. Normalized Individuals (I_N) Control Chart, 2017; Provost LP, Murray SK.
//! The Health Care Data Guide, 2011.

/// Mean range of two values, in standard deviations: d₂ for subgroups of two.
pub const D2: f64 = 1.128;
/// Upper limit of a moving range, in mean moving ranges: D₄ for subgroups of two.
pub const D4: f64 = 3.267;
/// The power that makes times between rare events nearly normal (Nelson 1994).
pub const T_POWER: f64 = 3.6;

/// The mean; `None` of nothing, or when it is out of range.
pub fn mean(values: &[f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    finite(values.iter().sum::<f64>() / values.len() as f64)
}

/// The median: the middle value, or the mean of the two in the middle. `None` of nothing.
///
/// The values are reordered.
pub fn median(values: &mut [f64]) -> Option<f64> {
    let middle = values.len() / 2;
    if values.is_empty() {
        return None;
    }
    let even = values.len().is_multiple_of(2);
    let (below, &mut upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    if !even {
        return Some(upper);
    }
    let lower = below
        .iter()
        .copied()
        .max_by(f64::total_cmp)
        .unwrap_or(upper);
    Some(f64::midpoint(lower, upper))
}

/// The distances between neighbours. A missing value has none on either side.
pub fn moving_ranges(values: &[Option<f64>]) -> Vec<f64> {
    values
        .windows(2)
        .filter_map(|pair| Some((pair[1]? - pair[0]?).abs()))
        .collect()
}

/// The mean of moving ranges. With `screen`, ranges at or above [`D4`] times their mean are dropped once and the mean is
/// taken again, so that a single step does not widen the limits (Nelson 1982). `None` when none is left.
pub fn mean_range(ranges: &[f64], screen: bool) -> Option<f64> {
    let all = mean(ranges)?;
    if !screen {
        return Some(all);
    }
    let kept: Vec<_> = ranges
        .iter()
        .copied()
        .filter(|&range| range < D4 * all)
        .collect();
    mean(&kept)
}

/// c₄: the mean of the sample standard deviation of `n` values, in standard deviations. `None` below two values.
///
/// c₄(n) = √(2 / (n−1)) Γ(n/2) / Γ((n−1)/2). The quotient r(n) of the gamma functions begins with r(2) = 1/√π and goes
/// on with r(n+1) = (n−1) / (2 r(n)).
///
/// ```
/// let c4 = domain::spc::limits::c4(5).unwrap_or_default();
/// assert!((c4 - 0.939_985_602_2).abs() < 1e-9);
/// ```
pub fn c4(n: usize) -> Option<f64> {
    if n < 2 {
        return None;
    }
    let first = std::f64::consts::PI.sqrt().recip();
    let quotient = (2..n).fold(first, |r, n| (n - 1) as f64 / (2.0 * r));
    Some((2.0 / (n - 1) as f64).sqrt() * quotient)
}

/// A number that can be shown; `None` of infinity and of what is no number.
pub(super) fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_or_the_mean_of_the_two() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [3.0]), Some(3.0));
        assert_eq!(median(&mut [9.0, 1.0, 4.0]), Some(4.0));
        assert_eq!(median(&mut [9.0, 1.0, 4.0, 2.0]), Some(3.0));
        assert_eq!(median(&mut [f64::MAX, f64::MAX]), Some(f64::MAX));
    }

    #[test]
    fn a_missing_value_has_no_neighbours() {
        assert_eq!(
            moving_ranges(&[Some(1.0), Some(4.0), None, Some(9.0), Some(7.0)]),
            [3.0, 2.0]
        );
        assert_eq!(moving_ranges(&[None, Some(1.0)]), [] as [f64; 0]);
    }

    #[test]
    fn a_step_is_screened_once_and_only_when_asked() {
        let mut ranges = vec![1.0; 12];
        ranges.push(100.0);
        assert_eq!(mean_range(&ranges, true), Some(1.0));
        assert_eq!(mean_range(&ranges, false), Some(112.0 / 13.0));
        assert_eq!(mean_range(&[], true), None);
        assert_eq!(
            mean_range(&[0.0, 0.0], true),
            None,
            "no range lies below three times nothing"
        );
        assert_eq!(mean_range(&[0.0, 0.0], false), Some(0.0));
    }

    #[test]
    fn the_constants_are_those_of_the_printed_table() {
        // n and c4, Montgomery appendix VI.
        for (n, printed) in [
            (2, 0.7979),
            (3, 0.8862),
            (4, 0.9213),
            (10, 0.9727),
            (25, 0.9896),
        ] {
            assert!(
                (c4(n).unwrap_or_default() - printed).abs() < 5e-5,
                "n = {n}"
            );
        }
        assert_eq!(c4(1), None);
        assert!(c4(100_000).is_some_and(|c| c < 1.0 && c > 0.999_99));
    }
}
