//! The data folder: where it is, and the key of its database.

use std::path::{Path, PathBuf};

use store::Key;

use crate::error::{AppError, Result};
use crate::surroundings::Surroundings;

/// `NYETAA_HOME`, or the platform's folder for an application's own data.
pub fn default_home() -> PathBuf {
    if let Some(home) = std::env::var_os("NYETAA_HOME").filter(|home| !home.is_empty()) {
        return home.into();
    }
    let var = |name: &str| {
        std::env::var_os(name)
            .filter(|v| !v.is_empty())
            .map(PathBuf::from)
    };
    let data = if cfg!(windows) {
        var("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        var("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        var("XDG_DATA_HOME").or_else(|| var("HOME").map(|home| home.join(".local/share")))
    };
    data.unwrap_or_else(|| ".".into()).join("nyetaa")
}

/// The database's key, made the first time. A database without its key file is not touched: a new key would
/// not open it.
pub fn key(around: &Surroundings, folder: &Path) -> Result<Key> {
    let path = folder.join("nyetaa.key");
    match around.disk.read(&path) {
        Ok(bytes) => bytes.try_into().map_err(|_| AppError::new("key-damaged")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if around.disk.len(&folder.join(store::DATABASE)).is_ok() {
                return Err(AppError::new("key-missing"));
            }
            let key = (around.random)()?;
            around.disk.write(&path, &key).map_err(store::Error::from)?;
            Ok(key)
        }
        Err(error) => Err(store::Error::from(error).into()),
    }
}

/// Thirty-two random bytes of the operating system.
pub fn random() -> Result<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| AppError::new("store-failed"))?;
    Ok(bytes)
}
