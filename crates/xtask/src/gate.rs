//! What must hold before a commit (`check`) and before a merge (`test`).

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::machine::{self, cargo, npm};
use crate::step::{Runner, Steps, call};
use crate::{Asked, Outcome, in_ci, places, screen, supply};

/// `cargo xtask check`: what takes less than three minutes when warm.
pub fn check(asked: &Asked) -> Outcome {
    let mut steps = Steps::default();
    if let Err(reason) = prepare(&mut steps, asked) {
        eprintln!("{reason}");
        return steps.summary();
    }
    supplied(&mut steps);
    rust(&mut steps);
    web(&mut steps);
    steps.summary()
}

/// `cargo xtask test`: everything.
pub fn test(asked: &Asked) -> Outcome {
    shared_files()?;
    let mut steps = Steps::default();
    if let Err(reason) = prepare(&mut steps, asked) {
        eprintln!("{reason}");
        return steps.summary();
    }
    supplied(&mut steps);
    rust(&mut steps);
    web(&mut steps);
    match window_ready(&mut steps) {
        Ok(()) => steps.count("real window", Runner::Node, &mut node_tests(&[])),
        // Already told, and counted as a failure.
        Err(reason) => eprintln!("{reason}"),
    }
    hardship(&mut steps);
    steps.summary()
}

/// Seeds on the encrypted store in every run, whatever time they take.
const ENCRYPTED_SEEDS: &str = "200";
/// Seconds for further seeds on the same code without a key.
const SEED_SECONDS: &str = "150";
/// Seconds for seeds in which sticks go round and places move, and as many for those in which laptops are copied, put back
/// and revoked.
const WILD_SECONDS: &str = "60";
/// The longest that one planted mistake is looked for; most show within a second.
const FAULT_SECONDS: &str = "25";
/// Lives of a store under power cuts, eight cuts each, on each of four disks.
const POWER_SEEDS: &str = "200";
/// Seconds for each target of the fuzzer.
const FUZZ_SECONDS: &str = "10";

/// What would never happen by itself in a test: the simulation, the power cuts, the mistakes that are planted to see that they
/// are noticed, and anything at all for the decoders. Each prints how much it tried.
fn hardship(steps: &mut Steps) {
    let runs: [(&'static str, Runner, &[&str]); 7] = [
        (
            "simulation, encrypted",
            Runner::Seeds,
            &["sim", "--seeds", ENCRYPTED_SEEDS, "--encrypted"],
        ),
        (
            "simulation",
            Runner::Seeds,
            &[
                "sim",
                "--seeds",
                "1000000",
                "--from",
                "1000",
                "--seconds",
                SEED_SECONDS,
            ],
        ),
        (
            "simulation, by hand",
            Runner::Seeds,
            &[
                "sim",
                "--by-hand",
                "--seeds",
                "1000000",
                "--seconds",
                WILD_SECONDS,
            ],
        ),
        (
            "simulation, wild",
            Runner::Seeds,
            &[
                "sim",
                "--wild",
                "--seeds",
                "1000000",
                "--seconds",
                WILD_SECONDS,
            ],
        ),
        (
            "power cuts",
            Runner::Seeds,
            &["sim", "power", "--seeds", POWER_SEEDS],
        ),
        (
            "planted mistakes",
            Runner::Seeds,
            &[
                "sim",
                "--faults",
                "--seeds",
                "1000",
                "--seconds",
                FAULT_SECONDS,
            ],
        ),
        (
            "fuzzing",
            Runner::Fuzz,
            &["fuzz", "--seconds", FUZZ_SECONDS],
        ),
    ];
    for (name, runner, words) in runs {
        // By cargo: the tests have built this very program anew meanwhile.
        let mut again = cargo();
        again.args(["run", "--quiet", "--locked", "--package", "xtask", "--"]);
        steps.count(name, runner, again.args(words));
    }
}

/// `cargo xtask e2e`: only the real window.
pub fn e2e(asked: &Asked) -> Outcome {
    let mut steps = Steps::default();
    prepare(&mut steps, asked)?;
    window_ready(&mut steps)?;
    steps.count("real window", Runner::Node, &mut node_tests(&asked.rest));
    steps.summary()
}

/// `cargo xtask shots`: pictures of every screen.
pub fn shots(asked: &Asked) -> Outcome {
    let mut steps = Steps::default();
    prepare(&mut steps, asked)?;
    window_ready(&mut steps)?;
    steps.need("pictures", || {
        call(
            Command::new("node")
                .current_dir(places::e2e())
                .arg("shots.mjs")
                .args(&asked.rest),
        )
    })?;
    println!("{}", places::e2e().join("shots").display());
    Ok(())
}

/// What everything else needs: the desktop crate embeds the built screen, so no Rust check runs without it.
fn prepare(steps: &mut Steps, asked: &Asked) -> Outcome {
    steps.need("system packages", || machine::ready(asked))?;
    steps.need("npm packages", || screen::packages(&places::ui()))?;
    steps.need("screen", screen::build)
}

fn supplied(steps: &mut Steps) {
    let nothing_more = Asked {
        yes: true,
        once: false,
        rest: Vec::new(),
    };
    steps.hold("supply chain", || supply::supply(&nothing_more));
}

fn rust(steps: &mut Steps) {
    steps.hold("rustfmt", || {
        call(cargo().args(["fmt", "--all", "--check"]))
    });
    let lints = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--quiet",
        "--",
        "-D",
        "warnings",
    ];
    steps.hold("clippy", || call(cargo().args(lints)));
    let before = bindings();
    let tests = ["test", "--workspace", "--locked", "--no-fail-fast"];
    steps.count("cargo test", Runner::Cargo, cargo().args(tests));
    steps.hold("generated TypeScript", || {
        if bindings()? == before? {
            return Ok(());
        }
        Err("ui/src/bindings did not agree with the Rust types. It does now: look at the difference and commit it.".to_owned())
    });
}

fn web(steps: &mut Steps) {
    let script = |name: &str| {
        let mut npm = npm();
        npm.current_dir(places::ui())
            .args(["run", "--silent", name]);
        npm
    };
    steps.hold("svelte-check", || call(&mut script("check")));
    steps.hold("eslint and prettier", || call(&mut script("lint")));
    steps.count("vitest", Runner::Vitest, &mut script("test"));
}

/// Builds the programs and installs the driver's packages.
fn window_ready(steps: &mut Steps) -> Outcome {
    steps.need("programs", || {
        call(cargo().args(["build", "--workspace", "--bins", "--locked"]))
    })?;
    steps.need("npm packages of the window tests", || {
        screen::packages(&places::e2e())
    })
}

fn node_tests(files: &[String]) -> Command {
    let mut node = Command::new("node");
    node.current_dir(places::e2e());
    node.env("NYETAA_BUILT", places::target().join("debug"));
    node.args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
        .args(files);
    node
}

/// The generated files with what stands in them.
fn bindings() -> Outcome<BTreeMap<PathBuf, String>> {
    let folder = places::ui().join("src").join("bindings");
    let unreadable =
        |error: std::io::Error| format!("{} cannot be read: {error}.", folder.display());
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(&folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_file() {
            files.insert(path.clone(), fs::read_to_string(&path).map_err(unreadable)?);
        }
    }
    Ok(files)
}

/// Tests that read third-party files in place must not pass in the CI because the files are missing.
fn shared_files() -> Outcome {
    let shared = places::root().join("..").join("shared");
    if in_ci() && !shared.is_dir() {
        return Err("CI=true, but ../shared is missing: tests that read its files would be left out unseen.".to_owned());
    }
    Ok(())
}
