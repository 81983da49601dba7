//! A virtual display, for machines without a screen.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::Outcome;
use crate::step::{answer, call, cannot_start};

/// More colours than this on the screen means letters: a bare background and its edges have fewer.
const COLOURS_OF_TEXT: u32 = 32;

/// A virtual screen of the field's usual size, which ends with this value.
pub struct VirtualDisplay {
    server: Child,
    /// Its name for `DISPLAY`.
    pub name: String,
}

impl VirtualDisplay {
    /// Starts a display under a number that nobody uses.
    pub fn start() -> Outcome<VirtualDisplay> {
        let mut xvfb = ending_with_us("Xvfb");
        xvfb.args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1366x768x24",
            "-nolisten",
            "tcp",
        ]);
        xvfb.stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut server = xvfb.spawn().map_err(|error| cannot_start(&xvfb, &error))?;
        let mut number = String::new();
        if let Some(said) = server.stdout.take() {
            let _ = BufReader::new(said).read_line(&mut number);
        }
        if number.trim().is_empty() {
            let _ = server.kill();
            return Err("The virtual display (Xvfb) did not start.".to_owned());
        }
        Ok(VirtualDisplay {
            server,
            name: format!(":{}", number.trim()),
        })
    }

    /// Takes a picture of the whole screen.
    pub fn picture(&self, file: &Path) -> Outcome {
        call(
            Command::new("import")
                .args(["-display", &self.name, "-window", "root"])
                .arg(file),
        )
    }

    /// Whether a picture shows words, not only a background.
    pub fn shows_words(file: &Path) -> bool {
        let colours = answer(Command::new("identify").args(["-format", "%k"]).arg(file));
        colours
            .and_then(|number| number.parse::<u32>().ok())
            .is_some_and(|number| number > COLOURS_OF_TEXT)
    }
}

impl Drop for VirtualDisplay {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Whether a window would be seen by somebody.
pub fn there_is_one() -> bool {
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// A program that the kernel ends when this one ends, however it ends. Linux only, like virtual displays.
pub fn ending_with_us(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", "--"]).arg(program);
    command
}
