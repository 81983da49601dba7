//! Times and how they are told.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// How long something took.
pub fn time<T, E>(work: impl FnOnce() -> Result<T, E>) -> Result<Duration, E> {
    let begun = Instant::now();
    black_box(work()?);
    Ok(begun.elapsed())
}

/// Median and 95th percentile.
pub fn spread(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort_unstable();
    let at = |percent: usize| {
        times
            .get(times.len() * percent / 100)
            .copied()
            .unwrap_or_default()
    };
    (at(50), at(95))
}

/// A line of the table.
pub fn line(what: &str, (median, high): (Duration, Duration), floor: Option<(Duration, Duration)>) {
    let shown = |time: Duration| format!("{:.3} ms", time.as_secs_f64() * 1e3);
    let (floor, ratio) = floor.map_or_else(Default::default, |(floor, _)| {
        (
            shown(floor),
            ratio(median.as_secs_f64(), floor.as_secs_f64()),
        )
    });
    println!(
        "{what:<46} {:>10} {:>10} {floor:>10} {ratio:>7}",
        shown(median),
        shown(high)
    );
}

/// How many times the floor.
pub fn ratio(ours: f64, floor: f64) -> String {
    format!("{:.1}x", ours / floor)
}
