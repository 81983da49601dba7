//! The figures of speed. They are printed, never tested: a busy machine must not fail a build.

use std::process::Command;

use crate::machine::{self, cargo};
use crate::step::call;
use crate::{Asked, Outcome, places, screen};

/// `cargo xtask bench`: builds as it ships, then measures.
pub fn bench(asked: &Asked) -> Outcome {
    machine::ready(asked)?;
    screen::packages(&places::ui())?;
    screen::build()?;
    screen::packages(&places::e2e())?;
    call(cargo().args([
        "build",
        "--release",
        "-p",
        "nyetaa-desktop",
        "-p",
        "nyetaa-tests",
        "--bins",
    ]))?;
    let released = places::target().join("release");
    call(Command::new(released.join("bench")).args(&asked.rest))?;
    let mut first_content = Command::new("node");
    first_content
        .current_dir(places::e2e())
        .arg("first-content.mjs")
        .env("NYETAA_BUILT", released);
    call(&mut first_content)
}
