//! The figures of speed. They are printed, never tested: a busy machine must not fail a build.

use crate::machine::{self, cargo};
use crate::step::call;
use crate::{Asked, Outcome, places, screen};

/// `cargo xtask bench`: builds as it ships, then measures.
pub fn bench(asked: &Asked) -> Outcome {
    machine::ready(asked)?;
    screen::packages(&places::ui())?;
    screen::build()?;
    call(cargo().args([
        "build",
        "--release",
        "-p",
        "nyetaa-desktop",
        "-p",
        "nyetaa-tests",
        "--bins",
    ]))?;
    call(
        cargo()
            .args([
                "run",
                "--release",
                "--quiet",
                "-p",
                "nyetaa-tests",
                "--bin",
                "bench",
                "--",
            ])
            .args(&asked.rest),
    )
}
