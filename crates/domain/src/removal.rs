//! When removing asks first, and when it is told to others. What people take away one by one is theirs to take away; much at
//! once is what nobody wants by mistake, from whichever side it comes.

/// Removing so many records, or the figures of so many, is asked about first. A centre counts some eight measures a month and
/// lists three to eight ideas, members or actions in a cycle, so that a month typed into the wrong column or a list that is
/// tidied stays below; a page of either is above.
pub const MANY: usize = 10;

/// Removals that follow one another within half an hour are one sitting, however many acts they were. What was made in the
/// same sitting is not lost when it is taken back: whoever does so mends what they have just typed.
pub const SITTING_MS: u64 = 30 * 60 * 1_000;

/// Whether two moments, in milliseconds, belong together.
pub fn is_near(one_ms: u64, other_ms: u64) -> bool {
    one_ms.abs_diff(other_ms) <= SITTING_MS
}

/// How many earlier removals belong to the sitting that goes on at `at_ms`.
pub fn in_sitting(earlier_ms: &[u64], at_ms: u64) -> usize {
    let mut moments = earlier_ms.to_vec();
    moments.push(at_ms);
    moments.sort_unstable();
    sittings(&moments)
        .find(|sitting| moments[sitting.clone()].contains(&at_ms))
        .map_or(0, |sitting| sitting.len() - 1)
}

/// Whether `now` removals at `at_ms` are asked about first, after earlier ones that nobody was asked about.
pub fn asks(earlier_ms: &[u64], now: usize, at_ms: u64) -> bool {
    now > 0 && now + in_sitting(earlier_ms, at_ms) >= MANY
}

/// The sittings of removals at these moments, which are given in order.
pub fn sittings(moments_ms: &[u64]) -> impl Iterator<Item = std::ops::Range<usize>> {
    let mut from = 0;
    moments_ms
        .chunk_by(|one, next| is_near(*one, *next))
        .map(move |sitting| {
            let first = from;
            from += sitting.len();
            first..from
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MINUTE: u64 = 60_000;

    #[test]
    fn ten_at_once_are_asked_about_and_nine_are_not() {
        assert!(asks(&[], MANY, 0));
        assert!(!asks(&[], MANY - 1, 0));
        assert!(!asks(&[], 0, 0));
    }

    #[test]
    fn the_tenth_one_by_one_is_asked_about_and_the_next_day_begins_anew() {
        let one_by_one: Vec<u64> = (0..9).map(|n| n * 20 * MINUTE).collect();
        assert!(asks(&one_by_one, 1, 180 * MINUTE));
        assert!(!asks(&one_by_one[1..], 1, 180 * MINUTE));
        assert!(!asks(&one_by_one, 1, 24 * 60 * MINUTE));
    }

    #[test]
    fn a_clock_that_was_put_back_loses_no_count() {
        let earlier = vec![100 * MINUTE; 9];
        assert!(asks(&earlier, 1, 80 * MINUTE));
        assert!(!asks(&earlier, 1, 60 * MINUTE));
    }

    #[test]
    fn the_corrections_of_a_month_are_never_asked_about() {
        // Two months of corrections: each working day a few figures of eight are emptied or a line is taken away.
        for day in 0..60_u64 {
            let earlier: Vec<u64> = (0..day)
                .flat_map(|d| vec![d * 24 * 60 * MINUTE; 8])
                .collect();
            assert!(!asks(&earlier, 8, day * 24 * 60 * MINUTE));
        }
    }

    proptest! {
        #[test]
        fn sittings_hold_every_moment_once(mut moments in prop::collection::vec(0..1_000_000_000_u64, 0..60)) {
            moments.sort_unstable();
            let all: Vec<usize> = sittings(&moments).flatten().collect();
            prop_assert_eq!(all, (0..moments.len()).collect::<Vec<_>>());
        }

        #[test]
        fn what_was_asked_about_here_is_told_elsewhere(
            earlier in prop::collection::vec(0..30_000_000_u64, 0..40),
            now in 0..20_usize,
            at in 0..30_000_000_u64,
        ) {
            let mut all = earlier.clone();
            all.extend(vec![at; now]);
            all.sort_unstable();
            let told = sittings(&all).any(|sitting| sitting.len() >= MANY && all[sitting].contains(&at));
            // An earlier one at the very same moment may stand there without anything being removed now.
            prop_assert_eq!(asks(&earlier, now, at), told && now > 0);
        }

        #[test]
        fn the_order_of_earlier_ones_says_nothing(
            earlier in prop::collection::vec(0..30_000_000_u64, 0..40),
            at in 0..30_000_000_u64,
        ) {
            let backwards: Vec<u64> = earlier.iter().rev().copied().collect();
            prop_assert_eq!(in_sitting(&earlier, at), in_sitting(&backwards, at));
        }

        #[test]
        fn fewer_than_many_never_ask(earlier in prop::collection::vec(any::<u64>(), 0..MANY), at in any::<u64>()) {
            prop_assert!(!asks(&earlier, MANY - 1 - earlier.len().min(MANY - 1), at));
        }
    }
}
