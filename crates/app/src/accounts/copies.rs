//! The file of slots on the disk, twice: without it the database would stay shut for ever.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use store::Disk;

use super::slots::{Slots, Unreadable};
use crate::error::{AppError, Result};

/// The file's name in the data folder, and the second copy's.
pub const NAMES: [&str; 2] = ["nyetaa.slots", "nyetaa.slots.2"];

/// The newer of the copies that are whole; `None` when there is no file at all. Where a change of the database's key was cut
/// off, the database itself says whether it came to its end.
///
/// # Errors
/// `key-damaged` when no copy is whole, `database-newer` when a newer app wrote them.
pub fn read(disk: &dyn Disk, folder: &Path) -> Result<Option<Slots>> {
    let mut best: Option<Slots> = None;
    let mut unreadable = None;
    for name in NAMES {
        match disk.read(&folder.join(name)) {
            Ok(bytes) => match Slots::from_bytes(&bytes) {
                Ok(found) if best.as_ref().is_none_or(|best| best.serial < found.serial) => {
                    best = Some(found);
                }
                Ok(_) => {}
                Err(Unreadable::Newer) => return Err(AppError::new("database-newer")),
                Err(Unreadable::Damaged) => {
                    tracing::warn!(name, "a copy of the slots is not whole");
                    unreadable = Some(AppError::new("key-damaged"));
                }
            },
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => unreadable = Some(store::Error::from(error).into()),
        }
    }
    match (best, unreadable) {
        (Some(mut best), _) => {
            if best.next.is_some() {
                best.settle(store::begins(disk, &folder.join(store::DATABASE)));
            }
            Ok(Some(best))
        }
        (None, Some(error)) => Err(error),
        (None, None) => Ok(None),
    }
}

/// Writes both copies, one after the other, so that one is whole at any moment, and reads them back.
///
/// # Errors
/// What the disk says; then at least one copy is as it was. `door-changed` when the database has got another key meanwhile,
/// by another program: what is known here would lock everyone out.
pub fn write(disk: &dyn Disk, folder: &Path, slots: &mut Slots) -> Result<()> {
    let there = read(disk, folder).ok().flatten();
    if let Some(there) = there {
        if there.generation > slots.generation {
            return Err(AppError::new("door-changed"));
        }
        slots.serial = slots.serial.max(there.serial);
    }
    slots.serial += 1;
    let bytes = slots.to_bytes();
    for name in NAMES {
        let path = folder.join(name);
        disk.write(&path, &bytes).map_err(store::Error::from)?;
        if disk.read(&path).map_err(store::Error::from)? != bytes {
            return Err(AppError::new("disk-unsafe"));
        }
    }
    Ok(())
}

/// Both copies' places.
pub fn files(folder: &Path) -> [PathBuf; 2] {
    NAMES.map(|name| folder.join(name))
}

/// Lays a file of slots out where none is left.
///
/// # Errors
/// `key-damaged` when it is not whole.
pub fn lay_out(disk: &dyn Disk, folder: &Path, bytes: &[u8]) -> Result<()> {
    let mut slots = Slots::from_bytes(bytes).map_err(|_| AppError::new("key-damaged"))?;
    slots.next = None;
    write(disk, folder, &mut slots)
}
