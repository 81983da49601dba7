//! The figures of speed. They are printed, never tested: a busy machine must not fail a build.

use std::path::Path;
use std::process::Command;

use crate::machine::{self, cargo};
use crate::step::call;
use crate::{Asked, Outcome, places, screen};

/// `cargo xtask bench`: builds as it ships, then measures. `bench charts` leaves out saves and openings, `bench ui` is what
/// the screens take on a district's data; for `bench sync`, what synchronising costs, and `bench visits`, what supervision
/// does, no window is needed.
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
    if asked.rest == ["ui"] {
        let filled = places::target().join(format!("bench-ui-{}", std::process::id()));
        let measured = ui(&released, &filled);
        for folder in [filled.clone(), filled.with_extension("config")] {
            let _ = std::fs::remove_dir_all(folder);
        }
        return measured;
    }
    call(Command::new(released.join("bench")).args(&asked.rest))?;
    call(in_window("first-content.mjs").env("NYETAA_BUILT", released))
}

/// The commands of each screen, then the same folder in the window.
fn ui(released: &Path, filled: &Path) -> Outcome {
    call(Command::new(released.join("bench")).arg("ui").arg(filled))?;
    call(
        in_window("screens.mjs")
            .env("NYETAA_BUILT", released)
            .env("NYETAA_FILLED", filled),
    )
}

fn in_window(script: &str) -> Command {
    let mut node = Command::new("node");
    node.current_dir(places::e2e()).arg(script);
    node
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
