//! The figures of speed. They are printed, never tested: a busy machine must not fail a build.

use std::process::Command;

use crate::machine::{self, cargo};
use crate::step::call;
use crate::{Asked, Outcome, places, screen};

/// `cargo xtask bench`: builds as it ships, then measures. `cargo xtask bench sync` measures synchronising, for which
/// no window is needed, and `cargo xtask bench visits` what supervision costs, without one either.
pub fn bench(asked: &Asked) -> Outcome {
    if let Some((first, rest)) = asked.rest.split_first() {
        match first.as_str() {
            "sync" => return sync(rest),
            "visits" => return app_alone(&asked.rest),
            _ => {}
        }
    }
    machine::ready(asked)?;
    screen::packages(&places::ui())?;
    screen::build()?;
    screen::packages(&places::e2e())?;
    call(cargo().args([
        "build",
        "--release",
        "--locked",
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

/// What the app alone costs, of what the words name.
fn app_alone(words: &[String]) -> Outcome {
    call(cargo().args([
        "build",
        "--release",
        "--locked",
        "-p",
        "nyetaa-tests",
        "--bin",
        "bench",
    ]))?;
    let program = places::target().join("release").join("bench");
    call(Command::new(program).args(words))
}

fn sync(words: &[String]) -> Outcome {
    call(cargo().args([
        "build",
        "--release",
        "--locked",
        "-p",
        "server",
        "-p",
        "nyetaa-tests",
        "--bin",
        "nyetaa-server",
        "--bin",
        "bench_sync",
    ]))?;
    let program = places::target().join("release").join("bench_sync");
    call(Command::new(program).args(words))
}
