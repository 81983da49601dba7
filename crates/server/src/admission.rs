//! Who may have work done now, and when the others come again.
//!
//! Work is given out first come, first served. A request that would wait longer than [`PATIENCE`] is told to
//! come back after a while instead, each at another moment, so that 1,500 laptops which all find the network
//! again in the same minute are served one after the other and nobody is kept out.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

/// How long a request may wait for its turn.
pub const PATIENCE: Duration = Duration::from_secs(2);
/// The soonest that one which was turned away is asked to come back.
const SOONEST: u64 = 2;
/// Over how long those who were turned away are spread, at least and at most.
const SPREAD: (u64, u64) = (4, 300);
/// How long a refusal counts among those still to come back.
const WINDOW: Duration = Duration::from_secs(60);

/// Turns at the work.
#[derive(Debug)]
pub struct Admission {
    turns: Arc<Semaphore>,
    workers: u64,
    waiting: AtomicUsize,
    /// Microseconds that one piece of work takes, as lately seen.
    takes: AtomicU64,
    turned_away: Mutex<Option<(Instant, u64)>>,
}

/// How many seconds someone who was turned away should stay away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ComeBack(pub u64);

impl Admission {
    /// For as many pieces of work at once.
    pub fn new(workers: usize) -> Self {
        Self {
            turns: Arc::new(Semaphore::new(workers)),
            workers: u64::try_from(workers).unwrap_or(u64::MAX).max(1),
            waiting: AtomicUsize::new(0),
            takes: AtomicU64::new(1_000),
            turned_away: Mutex::new(None),
        }
    }

    /// Whether someone who came now would wait too long.
    pub fn is_full(&self) -> bool {
        let waiting = u64::try_from(self.waiting.load(Ordering::Relaxed)).unwrap_or(u64::MAX);
        let micros = waiting.saturating_mul(self.takes.load(Ordering::Relaxed)) / self.workers;
        Duration::from_micros(micros) > PATIENCE
    }

    /// Waits for a turn, in the order of coming.
    pub async fn turn(self: &Arc<Self>) -> Option<Turn> {
        if self.is_full() {
            return None;
        }
        let _waiting = Waiting::of(&self.waiting);
        let turns = Arc::clone(&self.turns);
        let permit = timeout(PATIENCE, turns.acquire_owned()).await.ok()?.ok()?;
        Some(Turn {
            admission: Arc::clone(self),
            began: Instant::now(),
            _permit: permit,
        })
    }

    /// How many could begin at once now.
    #[cfg(test)]
    pub fn free(&self) -> usize {
        self.turns.available_permits()
    }

    /// When someone who is turned away now should come back. `draw` is a random number.
    pub fn come_back(&self, draw: u64) -> ComeBack {
        let now = Instant::now();
        let mut turned = self
            .turned_away
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let count = match &mut *turned {
            Some((since, count)) if now.duration_since(*since) < WINDOW => {
                *count += 1;
                *count
            }
            begun => {
                *begun = Some((now, 1));
                1
            }
        };
        drop(turned);
        let micros = count.saturating_mul(self.takes.load(Ordering::Relaxed)) / self.workers;
        // Twice what it takes to serve them all, so that there is room for those who come unasked.
        let spread = (micros.saturating_mul(2) / 1_000_000).clamp(SPREAD.0, SPREAD.1);
        ComeBack(SOONEST + draw % spread)
    }
}

/// Leave to work; over when it is dropped. It goes with the work, not with whoever waits for the answer.
#[derive(Debug)]
pub struct Turn {
    admission: Arc<Admission>,
    began: Instant,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let took = u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX);
        let takes = &self.admission.takes;
        let known = takes.load(Ordering::Relaxed);
        // One long piece of work says little about the next.
        let next = (known.saturating_mul(15).saturating_add(took.min(1_000_000))) / 16;
        takes.store(next.max(1), Ordering::Relaxed);
    }
}

struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn of(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_turned_away_comes_back_at_another_moment_than_the_others() {
        let admission = Admission::new(1);
        let moments: std::collections::BTreeSet<u64> = (0..50)
            .map(|draw| admission.come_back(draw * 7 + 3).0)
            .collect();
        assert!(moments.len() >= 4, "{moments:?}");
        assert!(
            moments
                .iter()
                .all(|seconds| (SOONEST..SOONEST + SPREAD.1).contains(seconds))
        );
    }

    #[test]
    fn the_more_are_turned_away_the_longer_they_are_spread() {
        let admission = Admission::new(1);
        admission.takes.store(100_000, Ordering::Relaxed);
        let latest = |admission: &Admission| {
            (0..300)
                .map(|_| admission.come_back(u64::MAX / 2 + 12_345).0)
                .max()
                .unwrap()
        };
        assert!(latest(&admission) > SOONEST + SPREAD.0);
        assert!(latest(&admission) < SOONEST + SPREAD.1);
    }

    #[test]
    fn one_is_full_when_the_wait_is_longer_than_anybodys_patience() {
        let admission = Admission::new(2);
        admission.takes.store(10_000, Ordering::Relaxed);
        admission.waiting.store(400, Ordering::Relaxed);
        assert!(!admission.is_full());
        admission.waiting.store(401, Ordering::Relaxed);
        assert!(admission.is_full());
    }
}
