//! The table: what was measured, beside it what it should be, and in a plain word whether it is.

/// What something should be at most, or at least.
#[derive(Debug, Clone, Copy)]
pub enum Target {
    /// Nothing was promised.
    None,
    /// No more than this.
    Most(f64),
    /// No less than this.
    Least(f64),
}

/// In what a figure is counted.
#[derive(Debug, Clone, Copy)]
pub enum Unit {
    /// Bytes.
    Bytes,
    /// Bytes, a fraction of one too.
    BytesEach,
    /// Seconds.
    Seconds,
    /// Things.
    Count,
    /// Changes a second.
    Rate,
    /// Times something else.
    Times,
}

/// Prints a heading.
pub fn heading(text: &str) {
    println!("\n{text}\n{:<58} {:>14} {:>16}", "", "measured", "target");
}

/// Prints a line.
pub fn line(what: &str, value: f64, unit: Unit, target: Target) {
    let (aim, word) = match target {
        Target::None => (String::new(), ""),
        Target::Most(most) => (format!("≤ {}", shown(most, unit)), met(value <= most)),
        Target::Least(least) => (format!("≥ {}", shown(least, unit)), met(value >= least)),
    };
    println!("{what:<58} {:>14} {aim:>16} {word}", shown(value, unit));
}

/// Prints a line about something that holds or does not.
pub fn fact(what: &str, value: &str, holds: bool) {
    println!("{what:<58} {value:>14} {:>16} {}", "", met(holds));
}

fn met(holds: bool) -> &'static str {
    if holds { "met" } else { "not met" }
}

fn shown(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Bytes => format!("{} B", thousands(value)),
        Unit::BytesEach => format!("{value:.1} B"),
        Unit::Seconds if value < 1.0 => format!("{:.1} ms", value * 1e3),
        Unit::Seconds => format!("{value:.2} s"),
        Unit::Count => thousands(value),
        Unit::Rate => format!("{}/s", thousands(value)),
        Unit::Times => format!("{value:.1}x"),
    }
}

fn thousands(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

/// The middle one.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The one that 95 of a hundred do not exceed.
pub fn high(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values
        .get((values.len() * 95 / 100).min(values.len().saturating_sub(1)))
        .copied()
        .unwrap_or(f64::NAN)
}
