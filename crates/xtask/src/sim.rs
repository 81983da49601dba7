//! The simulation: built as it ships, then run by seeds.

use std::process::Command;

use crate::machine::cargo;
use crate::step::call;
use crate::{Asked, Outcome, places};

/// `cargo xtask sim`: the whole system under every fault; `power`: the laptop's store under power cuts; `--faults`: what
/// the checks notice of mistakes that are planted.
pub fn sim(asked: &Asked) -> Outcome {
    let mut build = cargo();
    build.args(["build", "--release", "--locked", "--package", "sim"]);
    let planted = asked.rest.iter().any(|word| word == "--faults");
    if planted {
        // In a folder of its own, so that no other build ever carries what can be planted.
        build.args(["--features", "faults", "--target-dir"]);
        build.arg(places::target().join("faults"));
    }
    call(&mut build)?;
    let built = if planted {
        places::target().join("faults")
    } else {
        places::target()
    };
    call(Command::new(built.join("release").join("sim")).args(&asked.rest))
}
