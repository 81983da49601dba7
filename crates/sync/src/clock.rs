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
