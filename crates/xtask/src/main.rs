//! The developer's commands: `cargo xtask run` opens the window, `cargo xtask test` tries everything. It uses the standard
//! library alone, so that it compiles in a second on a machine that has nothing else yet.

mod benches;
mod display;
mod fuzz;
mod gate;
mod machine;
mod places;
mod screen;
mod sim;
mod step;
mod supply;
mod window;

use std::process::ExitCode;

/// What went wrong, in a sentence for the person at the terminal.
type Outcome<T = ()> = Result<T, String>;

/// One command of the developer.
struct Task {
    name: &'static str,
    /// One line for `cargo xtask help`.
    doc: &'static str,
    run: fn(&Asked) -> Outcome,
}

const TASKS: &[Task] = &[
    Task {
        name: "run",
        doc: "install what is missing, build, open the window (--once: close it after the picture)",
        run: window::run,
    },
    Task {
        name: "test",
        doc: "everything, as the CI does: style, lints, all tests, the real window (--yes: install without asking)",
        run: gate::test,
    },
    Task {
        name: "check",
        doc: "before a commit: style, lints and the tests that need no window",
        run: gate::check,
    },
    Task {
        name: "dev",
        doc: "the screen in a browser, reloading as you write, against the test host",
        run: window::dev,
    },
    Task {
        name: "bench",
        doc: "the figures of speed, as a table with ratios (charts, visits, ui or sync: those alone)",
        run: benches::bench,
    },
    Task {
        name: "sim",
        doc: "the whole system under every fault, by seeds (--seeds N, --from K, SEED= for one; --wild; power; --faults)",
        run: sim::sim,
    },
    Task {
        name: "fuzz",
        doc: "anything at all for every decoder (--seconds N for each, 60 unless said; or only the targets named)",
        run: fuzz::fuzz,
    },
    Task {
        name: "supply",
        doc: "what it is built from: sources, licences, known faults (--write: the licences shown; --bill FILE; --release)",
        run: supply::supply,
    },
    Task {
        name: "e2e",
        doc: "only the tests in the real window; further words go to node --test",
        run: gate::e2e,
    },
    Task {
        name: "shots",
        doc: "a picture of every screen, in both languages, in tests/e2e/shots",
        run: gate::shots,
    },
];

/// What was typed after the command's name.
struct Asked {
    /// `--yes`: install without asking. The CI cannot be asked, so there it is always so.
    yes: bool,
    /// `--once`: leave when the work is shown.
    once: bool,
    /// Everything else, for the program that is started.
    rest: Vec<String>,
}

impl Asked {
    fn from_words(words: impl Iterator<Item = String>) -> Asked {
        let mut asked = Asked {
            yes: in_ci(),
            once: false,
            rest: Vec::new(),
        };
        for word in words {
            match word.as_str() {
                "--yes" | "-y" => asked.yes = true,
                "--once" => asked.once = true,
                _ => asked.rest.push(word),
            }
        }
        asked
    }
}

/// `CI=true`, as build machines set it.
fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|ci| ci == "true" || ci == "1")
}

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let name = words.next().unwrap_or_else(|| "help".to_owned());
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        print!("{}", help());
        return ExitCode::SUCCESS;
    }
    let Some(task) = TASKS.iter().find(|task| task.name == name) else {
        eprint!("There is no command `{name}`.\n\n{}", help());
        return ExitCode::FAILURE;
    };
    match (task.run)(&Asked::from_words(words)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("\n{reason}");
            ExitCode::FAILURE
        }
    }
}

fn help() -> String {
    let lines = TASKS
        .iter()
        .map(|task| format!("  cargo xtask {:6} {}\n", task.name, task.doc));
    lines.collect()
}
