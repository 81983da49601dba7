//! Opening the window, and its stand-in for the daily work on the screen.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::display::{self, VirtualDisplay};
use crate::machine::{self, cargo, npm};
use crate::step::{Steps, call, cannot_start};
use crate::{Asked, Outcome, places, screen};

/// How long the first content may take on a slow machine before the picture is taken anyway.
const PATIENCE: Duration = Duration::from_secs(60);
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

/// `cargo xtask run`: installs, builds, opens.
pub fn run(asked: &Asked) -> Outcome {
    let mut steps = Steps::default();
    steps.need("system packages", || machine::ready(asked))?;
    steps.need("npm packages", || screen::packages(&places::ui()))?;
    steps.need("screen", screen::build)?;
    // The default members: the window, and the programs `nyetaa` and `nyetaa-server` that the README goes on with.
    steps.need("programs", || call(cargo().args(["build", "--locked"])))?;
    if display::there_is_one() {
        call(in_a_known_locale(Command::new(desktop())).args(&asked.rest))
    } else {
        unseen(asked)
    }
}

/// `cargo xtask dev`: Vite in front, the test host behind.
pub fn dev(asked: &Asked) -> Outcome {
    machine::ready(asked)?;
    screen::packages(&places::ui())?;
    call(cargo().args(["build", "--locked", "-p", "nyetaa-tests", "--bin", "host"]))?;
    let mut host = spawn(
        cargo()
            .args([
                "run",
                "--quiet",
                "-p",
                "nyetaa-tests",
                "--bin",
                "host",
                "--",
            ])
            .args(&asked.rest),
    )?;
    let served = call(npm().current_dir(places::ui()).args(["run", "dev"]));
    let _ = host.kill();
    let _ = host.wait();
    served
}

/// Opens the window on a virtual display and says where its picture lies.
fn unseen(asked: &Asked) -> Outcome {
    let display = VirtualDisplay::start()?;
    println!(
        "There is no display here: the window opens on a virtual one, {}.",
        display.name
    );
    let mut command = in_a_known_locale(display::ending_with_us(desktop()));
    let mut window = spawn(command.env("DISPLAY", &display.name).args(&asked.rest))?;
    let picture = places::notes().join("window.png");
    let taken = picture_of_content(&display, &mut window, &picture);
    if taken.is_ok() {
        println!("Its picture: {}", picture.display());
    }
    if taken.is_err() || asked.once {
        let _ = window.kill();
        let _ = window.wait();
        return taken;
    }
    println!("The window stays open until Ctrl-C.");
    let ended = window.wait().map_err(|error| error.to_string())?;
    if ended.success() {
        Ok(())
    } else {
        Err(format!("The window ended with {ended}."))
    }
}

/// Looks until words have been on the screen twice in a row, so that fonts and data have had time to arrive.
fn picture_of_content(display: &VirtualDisplay, window: &mut Child, picture: &Path) -> Outcome {
    std::fs::create_dir_all(places::notes()).map_err(|error| error.to_string())?;
    let begun = Instant::now();
    let mut seen = false;
    while begun.elapsed() < PATIENCE {
        sleep(BETWEEN_LOOKS);
        if let Some(ended) = window.try_wait().map_err(|error| error.to_string())? {
            return Err(format!(
                "The window closed before it showed anything, with {ended}."
            ));
        }
        display.picture(picture)?;
        let words = VirtualDisplay::shows_words(picture);
        if words && seen {
            return Ok(());
        }
        seen = words;
    }
    Err(format!(
        "The window showed no words within {} s. The last picture: {}",
        PATIENCE.as_secs(),
        picture.display()
    ))
}

fn desktop() -> PathBuf {
    places::target().join("debug").join(if cfg!(windows) {
        "nyetaa-desktop.exe"
    } else {
        "nyetaa-desktop"
    })
}

/// Under the locale "C" WebKitGTK reports a language that JavaScript refuses.
fn in_a_known_locale(mut command: Command) -> Command {
    if cfg!(target_os = "linux") {
        command
            .env("LANG", "en_US.UTF-8")
            .env("LC_ALL", "en_US.UTF-8");
    }
    command
}

fn spawn(command: &mut Command) -> Outcome<Child> {
    command
        .spawn()
        .map_err(|error| cannot_start(command, &error))
}
