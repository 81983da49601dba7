//! Fuzzing: instrumented by the compiler that everyone has, so that nothing needs to be installed for it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::machine::cargo;
use crate::step::{call, cannot_start};
use crate::{Asked, Outcome, places};

/// The targets of `crates/fuzz`.
const TARGETS: &[&str] = &[
    "segment",
    "snapshot",
    "bundle",
    "request",
    "answer",
    "table",
    "expression",
    "form",
];
/// Seconds a target when nothing else is asked.
const SECONDS: u64 = 60;
/// What the engine asks of a build: counters on every branch, and comparisons told.
const INSTRUMENTED: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
     -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1";
/// The platform is named so that build scripts stay as they are.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";
/// Memory that one input may take, in megabytes, before it counts as a failure.
const MEMORY: &str = "-rss_limit_mb=1500";

/// `cargo xtask fuzz [TARGET…] [--seconds N]`: each target for so long; what it finds is kept beside the build.
pub fn fuzz(asked: &Asked) -> Outcome {
    let (targets, seconds) = wanted(&asked.rest)?;
    let program = build()?;
    let mut failed = Vec::new();
    for target in targets {
        if let Err(reason) = one(&program, target, seconds) {
            eprintln!("{reason}");
            println!("fuzzed {target}: 0 passed; 1 failed");
            failed.push(target);
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    Err(format!(
        "Not in order: {}. The input lies in {}; once mended, it belongs into crates/fuzz/corpus.",
        failed.join(", "),
        found().display()
    ))
}

fn wanted(words: &[String]) -> Outcome<(Vec<&'static str>, u64)> {
    let (mut targets, mut seconds) = (Vec::new(), SECONDS);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if word == "--seconds" {
            let number = words.next().and_then(|number| number.parse().ok());
            seconds = number.ok_or("--seconds needs a whole number")?;
            continue;
        }
        match TARGETS.iter().find(|target| *target == word) {
            Some(target) => targets.push(*target),
            None => {
                return Err(format!(
                    "There is no target {word}; there are {}.",
                    TARGETS.join(", ")
                ));
            }
        }
    }
    if targets.is_empty() {
        targets = TARGETS.to_vec();
    }
    Ok((targets, seconds))
}

fn build() -> Outcome<PathBuf> {
    let folder = places::target().join("fuzz");
    let mut command = cargo();
    command
        .args([
            "build",
            "--package",
            "fuzz",
            "--features",
            "engine",
            "--bin",
            "fuzz",
            "--locked",
            "--profile",
            "fuzz",
        ])
        .args(["--target", PLATFORM])
        .arg("--target-dir")
        .arg(&folder);
    let linked = command
        .get_envs()
        .find(|(name, _)| *name == "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS")
        .and_then(|(_, flags)| flags?.to_str().map(str::to_owned))
        .unwrap_or_default();
    command.env(
        "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS",
        format!("{linked} {INSTRUMENTED}"),
    );
    call(&mut command)?;
    Ok(folder.join(PLATFORM).join("fuzz").join("fuzz"))
}

fn one(program: &Path, target: &str, seconds: u64) -> Outcome {
    // What this machine has found so far, and what is kept for all.
    let grown = found().join(target);
    let seeds = found().join("seeds").join(target);
    for folder in [&grown, &seeds] {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let kept = places::root().join("crates/fuzz/corpus").join(target);
    let mut command = Command::new(program);
    command
        .env("NYETAA_FUZZ", target)
        .env("NYETAA_SEEDS", &seeds)
        .args([&grown, &seeds, &kept])
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/{target}-", found().display()))
        .args([
            MEMORY,
            "-timeout=20",
            "-max_len=40000",
            "-print_final_stats=1",
            "-verbosity=0",
        ])
        .stdin(Stdio::null());
    let output = command
        .output()
        .map_err(|error| cannot_start(&command, &error))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!(
            "{said}\n{target}: an input was found that does harm ({}).",
            output.status
        ));
    }
    let number = |name: &str| {
        let line = said.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_whitespace().last().map(str::to_owned))
    };
    let tried = number("stat::number_of_executed_units:").unwrap_or_else(|| "?".to_owned());
    let memory = number("stat::peak_rss_mb:").unwrap_or_else(|| "?".to_owned());
    if tried == "?" || tried == "0" {
        return Err(format!("{said}\n{target}: nothing was tried."));
    }
    println!(
        "fuzzed {target}: 1 passed; 0 failed; {tried} inputs in {seconds} s, at most {memory} MB"
    );
    Ok(())
}

/// Where inputs are kept between two runs.
fn found() -> PathBuf {
    places::target().join("fuzz").join("found")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_choose_targets_and_time() {
        let words = |text: &str| {
            text.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(wanted(&[]), Ok((TARGETS.to_vec(), SECONDS)));
        assert_eq!(
            wanted(&words("bundle --seconds 5 answer")),
            Ok((vec!["bundle", "answer"], 5))
        );
        assert!(wanted(&words("bundles")).is_err());
        assert!(wanted(&words("--seconds soon")).is_err());
    }
}
