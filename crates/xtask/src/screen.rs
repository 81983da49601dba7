//! The screen: npm packages by the lock file, and `ui/dist`, which the desktop embeds when it is compiled.

use std::fs;
use std::path::Path;

use crate::machine::npm;
use crate::step::call;
use crate::{Outcome, places};

/// What the built screen is made of; `src` holds the screen, `assets` what it shares with Rust.
const SOURCES: &[&str] = &["ui", "assets"];
/// Folders below `SOURCES` that are results, not sources.
const RESULTS: &[&str] = &["node_modules", "dist", ".svelte-kit", "coverage"];

/// Installs npm packages in `folder` when they do not match its lock file.
///
/// # Errors
/// When npm fails, or the folder cannot be read or written.
pub fn packages(folder: &Path) -> Outcome {
    let lock = read(&folder.join("package-lock.json"))?;
    // The lock file as it was when the packages were installed.
    let installed = folder.join("node_modules").join(".installed-lock.json");
    if fs::read_to_string(&installed).is_ok_and(|then| then == lock) {
        return Ok(());
    }
    call(
        npm()
            .current_dir(folder)
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]),
    )?;
    write(&installed, &lock)
}

/// Builds `ui/dist` when a source of the screen changed since the last time.
///
/// # Errors
/// When the build fails, or sources cannot be read.
pub fn build() -> Outcome {
    let note = places::notes().join("screen.txt");
    let now = sources()?;
    let built = places::ui().join("dist").join("index.html");
    if built.is_file() && fs::read_to_string(&note).is_ok_and(|then| then == now) {
        return Ok(());
    }
    call(
        npm()
            .current_dir(places::ui())
            .args(["run", "--silent", "build"]),
    )?;
    write(&note, &now)
}

/// Every source with its size and time, one a line: a file that vanished is noticed like one that changed.
fn sources() -> Outcome<String> {
    let mut files = Vec::new();
    for folder in SOURCES {
        collect(&places::root().join(folder), &mut files)?;
    }
    files.sort();
    Ok(files.concat())
}

fn collect(folder: &Path, files: &mut Vec<String>) -> Outcome {
    let unreadable =
        |error: std::io::Error| format!("{} cannot be read: {error}.", folder.display());
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let path = entry.path();
        if path.is_dir() {
            if !RESULTS.iter().any(|result| path.ends_with(result)) {
                collect(&path, files)?;
            }
            continue;
        }
        let known = entry.metadata().map_err(unreadable)?;
        let changed = known.modified().map_err(unreadable)?;
        files.push(format!("{} {} {changed:?}\n", path.display(), known.len()));
    }
    Ok(())
}

fn read(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}.", path.display()))
}

fn write(path: &Path, text: &str) -> Outcome {
    let written = path
        .parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(path, text));
    written.map_err(|error| format!("{} cannot be written: {error}.", path.display()))
}
