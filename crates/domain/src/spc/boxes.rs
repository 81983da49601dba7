//! Critical values of the best box and the cut box, two refinements of the Anhøj rules.
//!
//! Anhøj & Wentzel-Larsen 2020. A chart without change falls in its box with a probability of at
//! least 92.5 %; a test here recomputes that probability exactly for each row.

/// What a chart of n useful points may show without being a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    /// Fewest crossings.
    pub crossings: usize,
    /// Longest run.
    pub run: usize,
    /// For the cut box, where the corner of the box is cut off: the fewest crossings allowed
    /// with the longest run, and the longest run allowed with the fewest crossings.
    pub corner: Option<(usize, usize)>,
}

/// The bounds for `n` useful points; they are published for 10 to 100.
pub(super) fn bounds(n: usize) -> Option<Bounds> {
    let [crossings, run, corner_crossings, corner_run] = *TABLE.get(n.checked_sub(FIRST)?)?;
    let corner =
        (corner_crossings > 0).then(|| (usize::from(corner_crossings), usize::from(corner_run)));
    Some(Bounds {
        crossings: usize::from(crossings),
        run: usize::from(run),
        corner,
    })
}

impl Bounds {
    /// Whether a chart lies in the best box.
    pub(super) fn hold(&self, crossings: usize, longest_run: usize) -> bool {
        crossings >= self.crossings && longest_run <= self.run
    }

    /// Whether a chart lies in the cut box.
    pub(super) fn hold_with_corner_cut(&self, crossings: usize, longest_run: usize) -> bool {
        let Some((corner_crossings, corner_run)) = self.corner else {
            return self.hold(crossings, longest_run);
        };
        self.hold(crossings, longest_run)
            && (crossings > self.crossings || longest_run <= corner_run)
            && (longest_run < self.run || crossings >= corner_crossings)
    }
}

/// Useful points of the first row.
const FIRST: usize = 10;

/// One row for each number of useful points: fewest crossings, longest run, and the two values
/// of the cut corner, 0 where it is not cut.
#[rustfmt::skip]
const TABLE: [[u8; 4]; 91] = [
    [2, 6, 3, 5], [3, 7, 4, 6], [3, 6, 0, 0], [3, 6, 0, 0], [3, 6, 0, 0],
    [4, 7, 6, 6], [5, 8, 6, 7], [5, 7, 0, 0], [5, 7, 6, 6], [5, 7, 6, 5],
    [6, 7, 0, 0], [7, 8, 0, 0], [6, 7, 7, 6], [6, 7, 7, 6], [6, 7, 7, 6],
    [6, 7, 0, 0], [9, 9, 10, 7], [9, 8, 10, 7], [9, 8, 11, 7], [10, 8, 0, 0],
    [11, 10, 12, 9], [11, 9, 14, 8], [11, 8, 0, 0], [11, 8, 12, 7], [11, 8, 13, 7],
    [12, 8, 0, 0], [13, 9, 15, 8], [14, 10, 0, 0], [13, 8, 0, 0], [15, 11, 0, 0],
    [15, 9, 0, 0], [15, 9, 17, 8], [14, 8, 0, 0], [14, 8, 0, 0], [17, 10, 0, 0],
    [17, 9, 0, 0], [17, 9, 19, 8], [17, 9, 20, 7], [19, 12, 20, 11], [19, 10, 21, 9],
    [19, 9, 0, 0], [19, 9, 21, 8], [19, 9, 21, 7], [21, 11, 23, 9], [21, 10, 23, 8],
    [21, 9, 0, 0], [21, 9, 23, 8], [23, 12, 25, 11], [23, 10, 24, 9], [23, 10, 26, 8],
    [23, 9, 0, 0], [23, 9, 24, 8], [25, 11, 27, 9], [25, 10, 27, 9], [26, 11, 27, 10],
    [26, 10, 27, 9], [27, 12, 29, 10], [27, 10, 0, 0], [27, 10, 29, 8], [28, 11, 29, 8],
    [29, 14, 30, 13], [29, 11, 31, 9], [29, 10, 30, 9], [30, 11, 31, 10], [30, 10, 0, 0],
    [31, 12, 32, 9], [31, 11, 34, 8], [31, 10, 33, 9], [32, 11, 33, 8], [33, 13, 37, 11],
    [33, 11, 35, 9], [33, 10, 0, 0], [34, 11, 36, 10], [33, 10, 36, 7], [35, 11, 0, 0],
    [35, 11, 38, 8], [35, 10, 36, 9], [35, 10, 38, 8], [37, 12, 38, 10], [37, 11, 39, 9],
    [38, 12, 0, 0], [37, 10, 39, 9], [39, 13, 41, 12], [39, 11, 40, 10], [39, 11, 42, 8],
    [39, 10, 0, 0], [39, 10, 41, 8], [41, 12, 42, 9], [41, 11, 44, 9], [42, 12, 43, 10],
    [41, 10, 42, 9],
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Ways to write `n` as `k` run lengths of at most `longest`, for each `k`.
    fn compositions(n: usize, longest: usize) -> Vec<f64> {
        let mut ways = vec![0.0; n + 1];
        ways[0] = 1.0;
        let mut by_count = vec![0.0; n + 1];
        for count in by_count.iter_mut().skip(1) {
            let next: Vec<f64> = (0..=n)
                .map(|total| {
                    (1..=longest.min(total))
                        .map(|length| ways[total - length])
                        .sum()
                })
                .collect();
            ways = next;
            *count = ways[n];
        }
        by_count
    }

    /// The exact probability, in a series of `n` useful points without change, that `holds`.
    fn probability(n: usize, longest: usize, holds: impl Fn(usize, usize) -> bool) -> f64 {
        let mut shorter = vec![0.0; n + 1];
        let mut ways = 0.0;
        for run in 1..=longest {
            let at_most = compositions(n, run);
            for runs in 1..=n {
                if holds(runs - 1, run) {
                    ways += at_most[runs] - shorter[runs];
                }
            }
            shorter = at_most;
        }
        ways / 2f64.powi(n as i32 - 1)
    }

    #[test]
    fn a_chart_without_change_lies_in_its_box_at_least_925_times_in_1000() {
        for n in 10..=100 {
            let bounds = bounds(n).expect("published for 10 to 100");
            let best = probability(n, bounds.run, |c, l| bounds.hold(c, l));
            let cut = probability(n, bounds.run, |c, l| bounds.hold_with_corner_cut(c, l));
            assert!(best >= 0.925, "best box of {n}: {best}");
            assert!((0.925..=best).contains(&cut), "cut box of {n}: {cut}");
        }
    }

    #[test]
    fn there_are_no_bounds_outside_the_published_rows() {
        assert_eq!(bounds(0), None);
        assert_eq!(bounds(9), None);
        assert_eq!(bounds(101), None);
    }
}
