//! Time that only a test moves.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// 2026-07-15 at noon UTC: the month in hand is June 2026 in every time zone.
const BEGINNING: u64 = 1_784_116_800_000;
/// Milliseconds of a day.
pub const DAY: i64 = 24 * 60 * 60 * 1000;

/// A clock that stands still until it is moved. Clones show the same time.
#[derive(Debug, Clone)]
pub struct Time(Arc<AtomicU64>);

impl Default for Time {
    fn default() -> Self {
        Self(Arc::new(AtomicU64::new(BEGINNING)))
    }
}

impl Time {
    /// Milliseconds since 1970.
    pub fn now(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    /// Moves on by so many minutes.
    pub fn minutes(&self, minutes: i64) {
        self.moves(minutes * 60_000);
    }

    /// Moves by so many days, back when negative.
    pub fn days(&self, days: i64) {
        self.moves(days * DAY);
    }

    fn moves(&self, ms: i64) {
        let moved = self.now().checked_add_signed(ms).expect("after 1970");
        self.0.store(moved, Ordering::SeqCst);
    }

    /// Another clock that shows the same now, and is moved by itself.
    #[must_use]
    pub fn apart(&self) -> Self {
        Self(Arc::new(AtomicU64::new(self.now())))
    }
}
