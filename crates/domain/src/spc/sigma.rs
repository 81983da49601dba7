//! Patterns of points measured in sigmas from the centre: the rules of Western Electric and of Nelson.
//!
//! Western Electric. Statistical Quality Control Handbook, 1956; Nelson LS. The Shewhart control chart: tests for special
//! causes. Journal of Quality Technology 1984; 16: 237–239. Inequalities are strict. Missing and excluded points are passed
//! over; a point on the centre line ends a stretch on one side. What is given back are the points that complete a pattern
//! or carry it on.

use super::anhoej::tied;
use super::chart::Chart;

/// The rules of Western Electric, each with the indices of its points.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WesternElectric {
    /// One point beyond three sigma.
    pub beyond_three: Vec<usize>,
    /// Two of three beyond two sigma on one side, the last one among them.
    pub two_of_three: Vec<usize>,
    /// Four of five beyond one sigma on one side, the last one among them.
    pub four_of_five: Vec<usize>,
    /// Eight in a row on one side.
    pub eight_on_one_side: Vec<usize>,
}

/// The rules of Nelson, each with the indices of its points.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Nelson {
    /// One point beyond three sigma.
    pub beyond_three: Vec<usize>,
    /// Nine in a row on one side.
    pub nine_on_one_side: Vec<usize>,
    /// Six in a row rising, or falling.
    pub six_rising_or_falling: Vec<usize>,
    /// Fourteen in a row going up and down in turn.
    pub fourteen_alternating: Vec<usize>,
    /// Two of three beyond two sigma on one side, the last one among them.
    pub two_of_three: Vec<usize>,
    /// Four of five beyond one sigma on one side, the last one among them.
    pub four_of_five: Vec<usize>,
    /// Fifteen in a row within one sigma.
    pub fifteen_within_one: Vec<usize>,
    /// Eight in a row beyond one sigma, on either side.
    pub eight_beyond_one: Vec<usize>,
}

impl WesternElectric {
    /// Looks for the patterns among distances from the centre, in sigmas.
    pub fn of(distances: &[Option<f64>]) -> Self {
        let known = Known::of(distances);
        Self {
            beyond_three: known.each(|z| beyond(z, 3.0)),
            two_of_three: known.most(3, 2, 2.0),
            four_of_five: known.most(5, 4, 1.0),
            eight_on_one_side: known.one_side(8),
        }
    }
}

impl Nelson {
    /// Looks for the patterns among distances from the centre, in sigmas.
    pub fn of(distances: &[Option<f64>]) -> Self {
        let known = Known::of(distances);
        Self {
            beyond_three: known.each(|z| beyond(z, 3.0)),
            nine_on_one_side: known.one_side(9),
            six_rising_or_falling: known.windows(6, |zs| {
                steps(zs).all(|step| step > 0) || steps(zs).all(|step| step < 0)
            }),
            fourteen_alternating: known.windows(14, |zs| {
                steps(zs).zip(steps(zs).skip(1)).all(|(a, b)| a * b < 0)
            }),
            two_of_three: known.most(3, 2, 2.0),
            four_of_five: known.most(5, 4, 1.0),
            fifteen_within_one: known.windows(15, |zs| {
                zs.iter().all(|&z| !beyond(z, 1.0) && !tied(z.abs(), 1.0))
            }),
            eight_beyond_one: known.windows(8, |zs| zs.iter().all(|&z| beyond(z, 1.0))),
        }
    }
}

/// The distance of each point of a phase from the centre, in sigmas of its own limits; `None` for points that are missing
/// or excluded, and where there are no limits. Above the centre the upper limit measures, below it the lower one, where it
/// is not cut off.
pub fn distances(chart: &Chart) -> Vec<Option<f64>> {
    chart
        .points
        .iter()
        .map(|point| {
            let (value, centre, limits) = (point.value?, point.centre?, point.limits?);
            let sigma =
                ((limits.upper - limits.upper2).abs()).max((limits.lower2 - limits.lower).abs());
            // A value on the centre but for rounding is on the centre.
            let distance = match tied(value, centre) {
                true => 0.0,
                false => value - centre,
            };
            (point.include && sigma > 0.0).then(|| distance / sigma)
        })
        .collect()
}

fn beyond(z: f64, sigmas: f64) -> bool {
    z.abs() > sigmas && !tied(z.abs(), sigmas)
}

/// Of each pair of neighbours: 1 rising, -1 falling, 0 equal.
fn steps(zs: &[f64]) -> impl Iterator<Item = i8> + '_ {
    zs.windows(2).map(|pair| {
        if tied(pair[0], pair[1]) {
            0
        } else if pair[1] > pair[0] {
            1
        } else {
            -1
        }
    })
}

/// The known distances and where they stand.
struct Known {
    at: Vec<usize>,
    zs: Vec<f64>,
}

impl Known {
    fn of(distances: &[Option<f64>]) -> Self {
        let (at, zs) = distances
            .iter()
            .enumerate()
            .filter_map(|(i, z)| Some((i, (*z)?)))
            .unzip();
        Self { at, zs }
    }

    fn each(&self, is: impl Fn(f64) -> bool) -> Vec<usize> {
        self.windows(1, |zs| is(zs[0]))
    }

    /// The last point of each stretch of `length` points that `is`.
    fn windows(&self, length: usize, is: impl Fn(&[f64]) -> bool) -> Vec<usize> {
        let ends = self.at.iter().skip(length - 1);
        self.zs
            .windows(length)
            .zip(ends)
            .filter(|(zs, _)| is(zs))
            .map(|(_, &at)| at)
            .collect()
    }

    fn one_side(&self, length: usize) -> Vec<usize> {
        self.windows(length, |zs| {
            zs.iter().all(|&z| z > 0.0) || zs.iter().all(|&z| z < 0.0)
        })
    }

    /// `some` of `of` beyond `sigmas` on the side of the last one.
    fn most(&self, of: usize, some: usize, sigmas: f64) -> Vec<usize> {
        self.windows(of, |zs| {
            let last = zs[of - 1];
            beyond(last, sigmas)
                && zs
                    .iter()
                    .filter(|&&z| beyond(z, sigmas) && z * last > 0.0)
                    .count()
                    >= some
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn western(zs: &[f64]) -> WesternElectric {
        WesternElectric::of(&zs.iter().copied().map(Some).collect::<Vec<_>>())
    }

    #[test]
    fn the_last_of_three_must_itself_lie_beyond_two_sigma() {
        assert_eq!(
            western(&[2.1, 2.2, 0.5]).two_of_three,
            [] as [usize; 0],
            "the window 0..=2 ends inside"
        );
        assert_eq!(western(&[2.1, 0.5, 2.2]).two_of_three, [2]);
        assert_eq!(
            western(&[2.1, 0.5, -2.2]).two_of_three,
            [] as [usize; 0],
            "one on each side"
        );
        assert_eq!(
            western(&[3.5, 0.5, 2.2]).two_of_three,
            [2],
            "beyond three is beyond two"
        );
    }

    #[test]
    fn on_the_limit_is_within_it() {
        assert_eq!(western(&[3.0, -3.0, 3.000_000_1]).beyond_three, [2]);
    }

    #[test]
    fn a_missing_point_is_passed_over_and_one_on_the_centre_ends_the_stretch() {
        let mut zs = vec![Some(0.5); 9];
        zs[4] = None;
        assert_eq!(WesternElectric::of(&zs).eight_on_one_side, [8]);
        zs[4] = Some(0.0);
        assert_eq!(WesternElectric::of(&zs).eight_on_one_side, [] as [usize; 0]);
    }

    #[test]
    fn short_series_complete_nothing() {
        assert_eq!(Nelson::of(&[]), Nelson::default());
        assert_eq!(Nelson::of(&[Some(1.0), None]), Nelson::default());
    }
}
