//! Steps: each says its name, runs a program, and says how long it took. What a test runner prints is shown as it comes and
//! counted afterwards.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::Outcome;

/// How a runner writes its totals.
#[derive(Clone, Copy, PartialEq)]
pub enum Runner {
    /// No tests: the step as a whole holds or fails.
    Plain,
    /// `test result: ok. 12 passed; 0 failed; …`, once for each binary.
    Cargo,
    /// `Tests  12 passed (12)`, or `Tests  1 failed | 11 passed (12)`.
    Vitest,
    /// `ℹ pass 12` and `ℹ fail 0`.
    Node,
    /// The simulation: `200 seeds: 0 acknowledged changes lost`, or `an honest disk: …; damaged: …`, or
    /// `DropLoser caught at seed 3 …`, which count as one each, and `SEED=7: …` for each that failed.
    Seeds,
    /// `fuzzed bundle: 1 passed; 0 failed; 9000 inputs in 10 s, at most 90 MB`.
    Fuzz,
}

/// What came out of one step.
struct Ended {
    name: &'static str,
    held: bool,
    seconds: u64,
    /// The runner's own closing lines.
    said: Vec<String>,
    passed: u64,
    failed: u64,
}

/// The steps taken so far.
#[derive(Default)]
pub struct Steps(Vec<Ended>);

impl Steps {
    /// Runs `work` as a step that the following ones need: it fails at once.
    pub fn need(&mut self, name: &'static str, work: impl FnOnce() -> Outcome) -> Outcome {
        let begun = begin(name);
        let outcome = work();
        self.close(name, begun, Counted::nothing(outcome.is_ok()));
        outcome.map_err(|reason| format!("{name}: {reason}"))
    }

    /// Runs a check that may fail without stopping the others.
    pub fn hold(&mut self, name: &'static str, work: impl FnOnce() -> Outcome) {
        let begun = begin(name);
        let outcome = work();
        if let Err(reason) = &outcome {
            eprintln!("{reason}");
        }
        self.close(name, begun, Counted::nothing(outcome.is_ok()));
    }

    /// Runs a program that tests, shows what it says and counts it.
    pub fn count(&mut self, name: &'static str, runner: Runner, command: &mut Command) {
        let begun = begin(name);
        let counted = listen(runner, command).unwrap_or_else(|reason| {
            eprintln!("{reason}");
            Counted::nothing(false)
        });
        self.close(name, begun, counted);
    }

    /// Prints each step and each runner's closing lines again, then the sum.
    ///
    /// # Errors
    /// When anything failed, or when nothing was tested at all.
    pub fn summary(self) -> Outcome {
        println!("\n── Summary");
        for step in &self.0 {
            println!(
                "{} {} ({} s)",
                if step.held { "✓" } else { "✗" },
                step.name,
                step.seconds
            );
        }
        for step in self.0.iter().filter(|step| !step.said.is_empty()) {
            println!("\n{}:", step.name);
            for line in &step.said {
                println!("  {line}");
            }
        }
        let passed: u64 = self.0.iter().map(|step| step.passed).sum();
        let failed: u64 = self.0.iter().map(|step| step.failed).sum();
        println!("\n{passed} passed, {failed} failed");
        let broken: Vec<_> = self
            .0
            .iter()
            .filter(|step| !step.held)
            .map(|step| step.name)
            .collect();
        match broken.as_slice() {
            [] => Ok(()),
            names => Err(format!("Not in order: {}.", names.join(", "))),
        }
    }

    fn close(&mut self, name: &'static str, begun: Instant, counted: Counted) {
        let seconds = begun.elapsed().as_secs();
        let Counted {
            held,
            said,
            passed,
            failed,
        } = counted;
        println!(
            "   {name}: {} ({seconds} s)",
            if held { "in order" } else { "FAILED" }
        );
        // A step that broke without a failed test (it did not compile, say) counts as one failure.
        let failed = if held { failed } else { failed.max(1) };
        self.0.push(Ended {
            name,
            held: held && failed == 0,
            seconds,
            said,
            passed,
            failed,
        });
    }
}

/// Runs a program to its end, showing what it says.
///
/// # Errors
/// When it cannot be started or ends with a failure.
pub fn call(command: &mut Command) -> Outcome {
    let status = command
        .status()
        .map_err(|error| cannot_start(command, &error))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{}` ended with {status}.", shown(command)))
    }
}

/// What a program prints, trimmed; `None` when it cannot be started or fails.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// A command as one would type it.
pub fn shown(command: &Command) -> String {
    let mut line = command.get_program().to_string_lossy().into_owned();
    for word in command.get_args() {
        let _ = write!(line, " {}", word.to_string_lossy());
    }
    line
}

/// Why a program did not start, with its name.
pub fn cannot_start(command: &Command, error: &std::io::Error) -> String {
    format!(
        "`{}` cannot be started: {error}.",
        command.get_program().to_string_lossy()
    )
}

struct Counted {
    held: bool,
    said: Vec<String>,
    passed: u64,
    failed: u64,
}

impl Counted {
    fn nothing(held: bool) -> Counted {
        Counted {
            held,
            said: Vec::new(),
            passed: 0,
            failed: 0,
        }
    }
}

fn begin(name: &str) -> Instant {
    println!("── {name}");
    Instant::now()
}

fn listen(runner: Runner, command: &mut Command) -> Outcome<Counted> {
    command
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let mut child = command
        .spawn()
        .map_err(|error| cannot_start(command, &error))?;
    let mut lines = Vec::new();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            let line = line.map_err(|error| format!("its output cannot be read: {error}"))?;
            println!("{line}");
            lines.push(plain(&line));
        }
    }
    let status = child
        .wait()
        .map_err(|error| cannot_start(command, &error))?;
    let mut counted = totals(runner, &lines);
    counted.held = status.success();
    if counted.held && counted.passed == 0 && runner != Runner::Plain {
        counted.held = false;
        counted.said.push("no test ran".to_owned());
    }
    Ok(counted)
}

fn totals(runner: Runner, lines: &[String]) -> Counted {
    let mut counted = Counted::nothing(true);
    for line in lines {
        let line = line.trim();
        let is_total = match runner {
            Runner::Plain => false,
            Runner::Cargo => line.starts_with("test result:"),
            Runner::Vitest => line.starts_with("Tests ") || line.starts_with("Test Files "),
            Runner::Node => ["ℹ tests ", "ℹ pass ", "ℹ fail "]
                .iter()
                .any(|total| line.starts_with(total)),
            Runner::Seeds => {
                line.contains(" acknowledged")
                    || line.contains(" a second")
                    || line.contains("; damaged: ")
                    || line.contains(" caught ")
                    || line.starts_with("SEED=")
            }
            Runner::Fuzz => line.starts_with("fuzzed "),
        };
        if !is_total {
            continue;
        }
        let (passed, failed) = match runner {
            Runner::Plain => (0, 0),
            // Files are counted by Vitest as well as tests; only the tests add up.
            Runner::Vitest if line.starts_with("Test Files ") => (0, 0),
            Runner::Seeds => (
                u64::from(
                    [": 0 acknowledged", "; damaged: ", " caught at seed "]
                        .iter()
                        .any(|total| line.contains(total)),
                ),
                u64::from(line.starts_with("SEED=")),
            ),
            Runner::Cargo | Runner::Vitest | Runner::Fuzz => {
                (before(line, "passed"), before(line, "failed"))
            }
            Runner::Node => (after(line, "ℹ pass "), after(line, "ℹ fail ")),
        };
        counted.passed += passed;
        counted.failed += failed;
        // A binary without tests says so too; that is no news.
        if runner != Runner::Cargo || passed + failed > 0 {
            counted.said.push(line.to_owned());
        }
    }
    counted
}

/// The number that stands before `word`.
fn before(line: &str, word: &str) -> u64 {
    let words: Vec<&str> = line.split_whitespace().collect();
    let pair = words
        .windows(2)
        .find(|pair| pair[1].trim_end_matches(';') == word);
    pair.and_then(|pair| pair[0].parse().ok()).unwrap_or(0)
}

fn after(line: &str, start: &str) -> u64 {
    line.strip_prefix(start)
        .and_then(|number| number.trim().parse().ok())
        .unwrap_or(0)
}

/// The line without colours.
fn plain(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            letters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            text.push(letter);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(runner: Runner, text: &str, passed: u64, failed: u64) {
        let lines: Vec<String> = text.lines().map(plain).collect();
        let counted = totals(runner, &lines);
        assert_eq!((counted.passed, counted.failed), (passed, failed), "{text}");
    }

    #[test]
    fn totals_of_each_runner_are_read() {
        let cargo = "running 2 tests\ntest result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n\
                     test result: FAILED. 5 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out";
        check(Runner::Cargo, cargo, 7, 1);
        check(
            Runner::Vitest,
            " Test Files  3 passed (3)\n      Tests  41 passed (41)",
            41,
            0,
        );
        check(
            Runner::Vitest,
            "Test Files  1 failed | 2 passed (3)\nTests  1 failed | 40 passed (41)",
            40,
            1,
        );
        check(
            Runner::Vitest,
            "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m8 passed\u{1b}[39m",
            8,
            0,
        );
        check(
            Runner::Node,
            "ℹ tests 4\nℹ suites 0\nℹ pass 3\nℹ fail 1",
            3,
            1,
        );
        check(
            Runner::Seeds,
            "200 seeds of 160 steps in 61.0 s: 3.3 seeds a second\n      812 cut\n200 seeds: 0 acknowledged changes lost",
            1,
            0,
        );
        check(Runner::Seeds, "SEED=7: a change is missing", 0, 1);
        check(
            Runner::Seeds,
            "nothing    not caught in 25.0 s\nDropLoser    caught at seed 3 in 1.2 s: a value is nowhere",
            1,
            0,
        );
        check(
            Runner::Fuzz,
            "fuzzed bundle: 1 passed; 0 failed; 9000 inputs in 10 s, at most 90 MB\nfuzzed answer: 0 passed; 1 failed",
            1,
            1,
        );
    }
}
