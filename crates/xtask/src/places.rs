//! Where things lie in the repository.

use std::path::{Path, PathBuf};

/// The top of the repository.
pub fn root() -> PathBuf {
    // crates/xtask lies two folders below the top.
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap_or(Path::new("."))
        .to_owned()
}

/// The screen.
pub fn ui() -> PathBuf {
    root().join("ui")
}

/// The tests in the real window.
pub fn e2e() -> PathBuf {
    root().join("tests").join("e2e")
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// What these commands remember between two calls; losing it costs one build.
pub fn notes() -> PathBuf {
    target().join("xtask")
}
