//! A random list of rows, so that whoever checks twenty files does not choose them.

/// The most rows that a register of one period can have here.
pub const MOST_ROWS: u32 = 100_000;
/// The most rows that are drawn at once: more than anybody reads in a day.
pub const MOST_DRAWN: u32 = 500;
/// Seeds are below this, so that one can be written on paper and typed again.
pub const SEEDS: u32 = 1_000_000;

/// The numbers of `size` of `population` rows, counted from 1 and in order; each set of so many is as likely as
/// any other. The same three numbers give the same list, for ever and everywhere. More than there are gives them all.
///
/// Selection sampling (Knuth, *The Art of Computer Programming* 2, 3.4.2, algorithm S) on SplitMix64 (Steele, Lea
/// and Flood, OOPSLA 2014).
///
/// ```
/// let files = domain::sample::draw(417_205, 240, 20);
/// assert_eq!(files.len(), 20);
/// assert_eq!(files, domain::sample::draw(417_205, 240, 20));
/// ```
pub fn draw(seed: u32, population: u32, size: u32) -> Vec<u32> {
    let mut state = u64::from(seed);
    let mut drawn = Vec::new();
    for row in 0..population {
        let (left, wanted) = (population - row, size.saturating_sub(drawn.len() as u32));
        // As likely as the rows still wanted are among those left.
        if below(&mut state, left) < wanted {
            drawn.push(row + 1);
        }
    }
    drawn
}

/// A whole number from nothing to below `bound`, each as likely: what would favour the small ones is drawn again.
fn below(state: &mut u64, bound: u32) -> u32 {
    let bound = u64::from(bound.max(1));
    let fair = u64::MAX - u64::MAX % bound;
    loop {
        let number = split_mix(state);
        if number < fair {
            return u32::try_from(number % bound).unwrap_or_default();
        }
    }
}

fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The published first outputs for the seed 1234567.
    #[test]
    fn the_generator_is_split_mix() {
        let mut state = 1_234_567;
        let first: Vec<u64> = (0..3).map(|_| split_mix(&mut state)).collect();
        assert_eq!(
            first,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn each_row_is_drawn_equally_often() {
        let mut often = [0u32; 12];
        for seed in 0..12_000 {
            for row in draw(seed, 12, 3) {
                often[row as usize - 1] += 1;
            }
        }
        // 3000 each; five standard deviations are 237.
        assert!(
            often.iter().all(|n| (2_763..=3_237).contains(n)),
            "{often:?}"
        );
    }

    proptest! {
        #[test]
        fn so_many_different_rows_in_order(seed in 0..SEEDS, population in 0u32..2000, size in 0u32..600) {
            let drawn = draw(seed, population, size);
            prop_assert_eq!(drawn.len() as u32, size.min(population));
            prop_assert!(drawn.windows(2).all(|two| two[0] < two[1]));
            prop_assert!(drawn.iter().all(|row| (1..=population).contains(row)));
        }
    }
}
