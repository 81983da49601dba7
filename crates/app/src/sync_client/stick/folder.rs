//! Where sticks are, and what lies on them.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::App;
use crate::commands::Nothing;
use crate::cx::Cx;
use crate::error::{AppError, Result};

/// The folder on a stick that bundles lie in.
pub const FOLDER: &str = "NYETAA";
/// How bundles end, and cards in the clear.
pub const BUNDLE: &str = "nyt";
pub const CARD: &str = "nyc";
/// Most files of a stick that are looked at.
const MOST_FILES: usize = 5_000;
/// Most bytes of a card's file.
const LARGEST_CARD: u64 = 16 << 10;

/// A place where a stick is, or seems to be.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct StickPlace {
    /// Where it is.
    pub path: String,
    /// What it is called.
    pub label: String,
    /// Bytes free, when the system says so.
    #[ts(type = "number | null")]
    pub free_bytes: Option<u64>,
    /// Whether it carries bundles of this programme already.
    pub ours: bool,
}

/// The sticks that are plugged in.
pub fn stick_places(_: &App, _: Nothing) -> Result<Vec<StickPlace>> {
    let mut found: Vec<StickPlace> = mounts()
        .into_iter()
        .map(|path| StickPlace {
            label: path.file_name().map_or_else(
                || path.display().to_string(),
                |name| name.to_string_lossy().into_owned(),
            ),
            free_bytes: fs4::available_space(&path).ok(),
            ours: path.join(FOLDER).is_dir(),
            path: path.display().to_string(),
        })
        .collect();
    found.sort_by(|a, b| (!a.ours, &a.path).cmp(&(!b.ours, &b.path)));
    Ok(found)
}

/// Where the system mounts what people plug in.
#[cfg(target_os = "linux")]
fn mounts() -> Vec<PathBuf> {
    let table = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    table
        .lines()
        .filter_map(|line| line.split(' ').nth(1))
        // Blanks in names are written as octal numbers there.
        .map(|path| path.replace("\\040", " "))
        .filter(|path| {
            ["/media/", "/run/media/", "/mnt/"]
                .iter()
                .any(|below| path.starts_with(below))
        })
        .map(PathBuf::from)
        .collect()
}

/// Where the system mounts what people plug in.
#[cfg(target_os = "macos")]
fn mounts() -> Vec<PathBuf> {
    let volumes = std::fs::read_dir("/Volumes").into_iter().flatten();
    volumes
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| !path.is_symlink())
        .collect()
}

/// Letters that can only be something plugged in: the first ones are old drives, C is the computer's own.
#[cfg(windows)]
fn mounts() -> Vec<PathBuf> {
    (b'D'..=b'Z')
        .map(|letter| PathBuf::from(format!("{}:\\", char::from(letter))))
        .filter(|path| path.is_dir())
        .collect()
}

/// Elsewhere people type the folder.
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
fn mounts() -> Vec<PathBuf> {
    Vec::new()
}

/// A file of a stick that may be ours.
#[derive(Debug, Clone)]
pub struct Found {
    /// Where it is.
    pub path: PathBuf,
    /// Its name alone.
    pub name: String,
    /// Whether it is a card in the clear, not a bundle.
    pub card: bool,
}

/// The folder of bundles at a path: the path itself when it is one.
pub fn bundles(path: &str) -> Result<PathBuf> {
    let typed = Path::new(path.trim());
    if path.trim().is_empty() {
        return Err(AppError::new("stick-missing"));
    }
    let is_one = typed.file_name().is_some_and(|name| name == FOLDER);
    Ok(if is_one {
        typed.to_owned()
    } else {
        typed.join(FOLDER)
    })
}

/// The files at a path, by name. Nothing when there is no such folder.
pub fn files(cx: &Cx<'_>, path: &str) -> Result<Vec<Found>> {
    let listed = match cx.around.disk.list(&bundles(path)?) {
        Ok(listed) => listed,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(&error)),
    };
    let found = listed.into_iter().filter_map(|path| {
        let end = path.extension()?.to_str()?.to_owned();
        let name = path.file_name()?.to_string_lossy().into_owned();
        (end == BUNDLE || end == CARD).then_some(Found {
            path,
            name,
            card: end == CARD,
        })
    });
    Ok(found.take(MOST_FILES).collect())
}

/// A file's bytes; none when it is larger than such a file may be, or cannot be read.
pub fn read(cx: &Cx<'_>, file: &Found) -> Option<Vec<u8>> {
    let most = if file.card {
        LARGEST_CARD
    } else {
        sync::bundle::MAX_BYTES as u64
    };
    let length = cx.around.disk.len(&file.path).ok()?;
    if length > most {
        return None;
    }
    cx.around.disk.read(&file.path).ok()
}

/// What a stick that cannot be read or written is called to people.
pub fn unreadable(error: &std::io::Error) -> AppError {
    use std::io::ErrorKind as K;
    tracing::info!(kind = ?error.kind(), "a stick failed");
    match error.kind() {
        K::StorageFull | K::QuotaExceeded => AppError::new("stick-full"),
        K::PermissionDenied | K::ReadOnlyFilesystem => AppError::new("stick-not-writable"),
        _ => AppError::new("stick-missing"),
    }
}
