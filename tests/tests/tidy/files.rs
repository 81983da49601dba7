//! Reading the repository's own files.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// Folders whose content is not ours.
const FOREIGN: &[&str] = &["node_modules", "dist", "target", "gen", "shots"];

/// A file of the repository, with its path from the top, written with `/`.
pub struct Source {
    pub path: String,
    pub text: String,
}

impl Source {
    pub fn read(path: &Path) -> Source {
        let text =
            fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Source {
            path: from_top(path),
            text,
        }
    }

    /// The lines without comments.
    pub fn code(&self) -> impl Iterator<Item = &str> {
        self.text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
    }

    /// The lines of code above the unit tests.
    pub fn code_before_tests(&self) -> impl Iterator<Item = &str> {
        self.code().take_while(|line| line.trim() != "#[cfg(test)]")
    }

    /// What a TypeScript or Svelte file imports from inside the repository, as paths from the top.
    pub fn imports(&self) -> Vec<String> {
        let folder = Path::new(&self.path).parent().unwrap_or(Path::new(""));
        let quoted = self
            .text
            .split(['\'', '"'])
            .filter(|text| text.starts_with("./") || text.starts_with("../"));
        quoted
            .map(|import| without_dots(&folder.join(import)))
            .collect()
    }
}

/// The top of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests lies below the top")
        .to_owned()
}

/// The text of one file, by its path from the top.
pub fn read_text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file below a folder with this ending, in the order of their paths.
pub fn files_below(folder: &str, ending: &str) -> Vec<Source> {
    let mut found = Vec::new();
    collect(&root().join(folder), ending, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn collect(folder: &Path, ending: &str, found: &mut Vec<Source>) {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            if !FOREIGN.iter().any(|foreign| path.ends_with(foreign)) {
                collect(&path, ending, found);
            }
        } else if path
            .extension()
            .is_some_and(|extension| extension == ending)
        {
            found.push(Source::read(&path));
        }
    }
}

fn from_top(path: &Path) -> String {
    without_dots(path.strip_prefix(root()).unwrap_or(path))
}

fn without_dots(path: &Path) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(parts.pop()),
            Component::Normal(name) => parts.push(name.to_string_lossy().into_owned()),
            _ => {}
        }
    }
    parts.join("/")
}
