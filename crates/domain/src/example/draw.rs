//! Figures that look counted: the same ones every time.

use crate::measure::Entry;

/// A source of even figures: the linear congruential generator of Knuth's MMIX.
pub(super) struct Draw(u64);

impl Draw {
    /// A series of its own for each number.
    pub(super) fn new(series: u64) -> Self {
        let mut draw = Self(series);
        // The first figures of neighbouring series resemble each other.
        for _ in 0..8 {
            draw.part();
        }
        draw
    }

    /// A part of one.
    fn part(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        // The high bits are the good ones; 53 of them fill the number exactly.
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A whole number between two, both included.
    pub(super) fn between(&mut self, least: u32, most: u32) -> u32 {
        least + (self.part() * f64::from(most - least + 1)) as u32
    }

    /// How many of so many, each with this chance.
    pub(super) fn of(&mut self, all: u32, chance: f64) -> Entry {
        let counted = (0..all).filter(|_| self.part() < chance).count();
        Entry::of(counted as f64, f64::from(all))
    }
}

/// The births of Kangaré in each of the months: the maternity's measures share them.
pub(super) fn births() -> Vec<u32> {
    let mut draw = Draw::new(11);
    (0..super::MONTHS).map(|_| draw.between(14, 34)).collect()
}
