//! The world that the journeys happen in: laptops, a real server on a free port, and a network that fails when told.
//!
//! Nothing in it is a stand-in for the product: a [`Laptop`] is the app on a folder of its own, a [`Centre`] is
//! the server on a socket, and what goes between them goes through TCP. Only time is chosen by the test.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test whose world cannot be set up has failed"
)]

use std::hash::{BuildHasher, RandomState};

mod centre;
mod laptop;
mod light;
mod network;
mod pair;
mod slow;
mod tables;
mod time;

pub use centre::{Centre, coach_of, facility_in};
pub use laptop::{CHEAP, Laptop, Opened, PIN, cell, edits, surroundings};
pub use light::{Light, Line, Stopped};
pub use network::{Network, Weather};
pub use pair::{Pair, period};
pub use simdisk::Chance;
pub use slow::{PoorLine, SlowLine};
pub use tables::dump;
pub use time::Time;

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

/// A picture of 24 by 16 pixels, as base64: a JPEG with nothing in it but the picture.
pub const PHOTO: &str = "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAAQABgDASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAQF/8QAFRABAQAAAAAAAAAAAAAAAAAAABP/xAAVAQEBAAAAAAAAAAAAAAAAAAAABf/EABYRAAMAAAAAAAAAAAAAAAAAAAAVYf/aAAwDAQACEQMRAD8AxqFEtCigthUYUqoJaAtgYU//2Q==";

/// So many letters that no packing makes fewer.
pub fn letters(chance: &mut Chance, count: usize) -> String {
    const LETTERS: &[u8; 64] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    (0..count)
        .map(|_| char::from(LETTERS[(chance.bits() % 64) as usize]))
        .collect()
}

/// A file of the repository's test data.
pub fn fixture(name: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name)
}

/// The names of a JSON list's entries under a key, for comparing at a glance.
pub fn texts(list: &serde_json::Value, key: &str) -> Vec<String> {
    let entries = list.as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |entry: &serde_json::Value| entry[key].as_str().unwrap_or_default().to_owned();
    entries.iter().map(text).collect()
}
