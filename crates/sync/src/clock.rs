//! The hybrid clock: wall time that never goes back and that no peer can drag away.
//!
//! It orders nothing that was seen (`sync.md` §2.2 does that without a clock); it only chooses which of
//! several truly simultaneous values is shown first. So it never refuses: not a save, not a peer.

use serde::{Deserialize, Serialize};

/// How far ahead of the receiver's wall clock a stamp may be before it is doubted, in milliseconds.
pub const PLAUSIBLE_AHEAD_MS: u64 = 24 * 60 * 60 * 1000;

const COUNTER_BITS: u32 = 16;
const MAX_MILLIS: u64 = (1 << 48) - 1;

/// A stamp: 48 bits of milliseconds since 1970-01-01 UTC, then 16 bits that count within one of them.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Hlc(pub u64);

impl Hlc {
    /// From milliseconds since 1970-01-01 UTC (cut to 48 bits: the year 10889) and a counter.
    pub fn from_parts(millis: u64, counter: u16) -> Self {
        Self(millis.min(MAX_MILLIS) << COUNTER_BITS | u64::from(counter))
    }

    /// Milliseconds since 1970-01-01 UTC.
    pub fn millis(self) -> u64 {
        self.0 >> COUNTER_BITS
    }

    /// How many stamps were given before this one in the same millisecond.
    pub fn counter(self) -> u16 {
        (self.0 & u64::from(u16::MAX)) as u16
    }
}

/// What hearing of a stamp does to the receiver's own clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observed {
    /// The receiver's last stamp from now on.
    pub last: Hlc,
    /// The stamp is so far ahead that it was left out of the receiver's clock. It is accepted all the same.
    pub uncertain: bool,
}

/// The stamp of the next save, later than `last` whatever the wall clock says.
///
/// While the wall clock is behind `last`, stamps count on from `last`; a full counter moves on by a millisecond.
pub fn tick(last: Hlc, wall_ms: u64) -> Hlc {
    if wall_ms.min(MAX_MILLIS) > last.millis() {
        Hlc::from_parts(wall_ms, 0)
    } else {
        // The carry out of the counter is the next millisecond. At the end of time stamps stay equal
        // and replicas decide; better than refusing to save.
        Hlc(last.0.saturating_add(1))
    }
}

/// Hears of a `remote` stamp: later saves here are stamped after it, unless it is more than
/// [`PLAUSIBLE_AHEAD_MS`] ahead of the wall clock. One laptop that believes in 2036 must not take the others along.
pub fn observe(last: Hlc, remote: Hlc, wall_ms: u64) -> Observed {
    if remote.millis() > wall_ms.saturating_add(PLAUSIBLE_AHEAD_MS) {
        Observed {
            last,
            uncertain: true,
        }
    } else {
        Observed {
            last: last.max(remote),
            uncertain: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn follows_the_wall_clock_and_counts_within_a_millisecond() {
        let first = tick(Hlc::default(), 1_000);
        assert_eq!(first, Hlc::from_parts(1_000, 0));
        assert_eq!(tick(first, 1_000), Hlc::from_parts(1_000, 1));
        assert_eq!(tick(first, 1_001), Hlc::from_parts(1_001, 0));
    }

    #[test]
    fn goes_on_when_the_wall_clock_falls_back() {
        let last = Hlc::from_parts(1_767_225_600_000, 7);
        assert_eq!(
            tick(last, 0),
            Hlc::from_parts(1_767_225_600_000, 8),
            "a flat battery: 1970"
        );
    }

    #[test]
    fn a_full_counter_takes_the_next_millisecond() {
        assert_eq!(tick(Hlc::from_parts(5, u16::MAX), 5), Hlc::from_parts(6, 0));
    }

    #[test]
    fn the_end_of_time_does_not_stop_anyone() {
        assert_eq!(tick(Hlc(u64::MAX), u64::MAX), Hlc(u64::MAX));
        assert_eq!(Hlc::from_parts(u64::MAX, 3).counter(), 3);
    }

    #[test]
    fn hearing_of_a_later_stamp_moves_the_next_one_behind_it() {
        let heard = observe(Hlc::from_parts(10, 0), Hlc::from_parts(20, 4), 12);
        assert_eq!(
            heard,
            Observed {
                last: Hlc::from_parts(20, 4),
                uncertain: false
            }
        );
        assert_eq!(tick(heard.last, 12), Hlc::from_parts(20, 5));
    }

    #[test]
    fn a_day_ahead_is_believed_and_a_millisecond_more_is_doubted() {
        let last = Hlc::from_parts(10, 0);
        let limit = Hlc::from_parts(1_000 + PLAUSIBLE_AHEAD_MS, 0);
        assert_eq!(
            observe(last, limit, 1_000),
            Observed {
                last: limit,
                uncertain: false
            }
        );
        let beyond = Hlc::from_parts(1_001 + PLAUSIBLE_AHEAD_MS, 0);
        assert_eq!(
            observe(last, beyond, 1_000),
            Observed {
                last,
                uncertain: true
            }
        );
    }

    proptest! {
        #[test]
        fn stamps_only_grow(start in 0..u64::MAX / 2, walls in prop::collection::vec(any::<u64>(), 1..50)) {
            let mut last = Hlc(start);
            for wall in walls {
                let next = tick(last, wall & MAX_MILLIS >> 1);
                prop_assert!(next > last);
                last = next;
            }
        }

        #[test]
        fn hearing_never_takes_the_clock_back(last: u64, remote: u64, wall: u64) {
            let heard = observe(Hlc(last), Hlc(remote), wall);
            prop_assert!(heard.last >= Hlc(last));
            prop_assert_eq!(heard.last >= Hlc(remote), !heard.uncertain || last >= remote);
        }
    }
}
