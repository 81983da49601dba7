//! The simulation: built as it ships, then run by seeds.

use std::process::Command;

use crate::machine::cargo;
use crate::step::call;
use crate::{Asked, Outcome, places};

/// `cargo xtask sim`: the whole system under every fault; `power`: the laptop's store under power cuts; `--faults`: what
/// the checks notice of mistakes that are planted.
pub fn sim(asked: &Asked) -> Outcome {
    // In a folder of its own, so that no other build ever carries what can be planted, or plays an older version.
    let folder = places::target().join("faults");
    let mut build = cargo();
    build.args(["build", "--release", "--locked", "--package", "sim"]);
    build.args(["--features", "faults", "--target-dir"]);
    call(build.arg(&folder))?;
    call(Command::new(folder.join("release").join("sim")).args(&asked.rest))
}
