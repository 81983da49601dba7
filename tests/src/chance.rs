//! Chance that can be had again: everything follows from a seed.

use std::hash::{BuildHasher, RandomState};

/// SplitMix64 (Steele, Lea and Flood, 2014).
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// The chance that follows from a seed.
    pub fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// The seeds to try: the one that `SEED` names, or these and one that was never tried.
    pub fn seeds(usual: &[u64]) -> Vec<u64> {
        match std::env::var("SEED") {
            Ok(seed) => vec![seed.parse().expect("SEED is a whole number")],
            Err(_) => {
                let fresh = RandomState::new().hash_one(usual) % 1_000_000;
                usual.iter().copied().chain([fresh]).collect()
            }
        }
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `most`.
    pub fn below(&mut self, most: u64) -> u64 {
        self.bits() % most.max(1)
    }

    /// Whether one of so many comes up.
    pub fn one_in(&mut self, so_many: u64) -> bool {
        self.below(so_many) == 0
    }

    /// One of a list.
    pub fn of_these<'a, T>(&mut self, these: &'a [T]) -> &'a T {
        &these[self.below(these.len() as u64) as usize]
    }
}
