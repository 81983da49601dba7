//! The data folder: where it is, and the key of its database.

use std::path::{Path, PathBuf};

use store::Key;
use zeroize::Zeroizing;

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

/// The file that holds the database's key for as long as nobody has chosen a code.
const KEY_FILE: &str = "nyetaa.key";

/// The database's key where nobody has chosen a code yet, and the example's; made the first time. A database without
/// its key is not touched: a new key would not open it.
pub fn key(around: &Surroundings, folder: &Path) -> Result<Zeroizing<Key>> {
    let path = folder.join(KEY_FILE);
    match around.disk.read(&path).map(Zeroizing::new) {
        Ok(bytes) => match Key::try_from(bytes.as_slice()) {
            Ok(key) => Ok(Zeroizing::new(key)),
            Err(_) => Err(AppError::new("key-damaged")),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if around.disk.len(&folder.join(store::DATABASE)).is_ok() {
                return Err(AppError::new("key-missing"));
            }
            let key = Zeroizing::new((around.random)()?);
            around
                .disk
                .write(&path, key.as_slice())
                .map_err(store::Error::from)?;
            Ok(key)
        }
        Err(error) => Err(store::Error::from(error).into()),
    }
}

/// Where the key lies for as long as nobody has chosen a code.
pub fn key_file(folder: &Path) -> PathBuf {
    folder.join(KEY_FILE)
}

/// Whether the key still stands in its file.
pub fn has_key(around: &Surroundings) -> bool {
    around.disk.len(&around.home.join(KEY_FILE)).is_ok()
}

/// Removes the file of the key: from here on only codes open the database.
pub fn forget_key(around: &Surroundings) -> Result<()> {
    let disk = &around.disk;
    disk.remove(&around.home.join(KEY_FILE))
        .and_then(|()| disk.sync_folder(&around.home))
        .map_err(|error| store::Error::from(error).into())
}

/// Thirty-two random bytes of the operating system.
pub fn random() -> Result<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| AppError::new("store-failed"))?;
    Ok(bytes)
}
