//! What the product is built from: `crates/supply` looks at it.

use crate::machine::cargo;
use crate::step::call;
use crate::{Asked, Outcome};

/// `cargo xtask supply`: sources, hashes, licences, known faults. Words that follow go to the program.
pub fn supply(asked: &Asked) -> Outcome {
    let words = ["run", "--quiet", "--locked", "--package", "supply", "--"];
    call(cargo().args(words).args(&asked.rest))
}
