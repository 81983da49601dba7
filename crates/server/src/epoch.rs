//! The server's epoch, beside the database: a database put back from a backup no longer agrees with it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use uuid::Uuid;

/// The file's name in the data folder.
const FILE: &str = "epoch";

/// The epoch that stands in the folder, if a whole one does.
pub fn read(folder: &Path) -> io::Result<Option<[u8; 16]>> {
    match fs::read_to_string(folder.join(FILE)) {
        Ok(text) => Ok(parse(text.trim())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        // Not text: as good as absent, and a new epoch replaces it.
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Ok(None),
        Err(error) => Err(error),
    }
}

/// A new epoch: it says nothing but that it is another one.
#[allow(
    clippy::disallowed_methods,
    reason = "an epoch must be one that nobody chose, and is only ever compared"
)]
pub fn new() -> [u8; 16] {
    Uuid::new_v4().into_bytes()
}

/// Writes it so that a power cut leaves the old or the new one.
pub fn write(folder: &Path, epoch: &[u8; 16]) -> io::Result<()> {
    let part = folder.join("epoch.part");
    let mut file = File::create(&part)?;
    let text = Uuid::from_bytes(*epoch).simple();
    writeln!(file, "{text}")?;
    file.sync_all()?;
    fs::rename(&part, folder.join(FILE))?;
    // Makes the new name last; Windows cannot open a folder, and does without.
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}

fn parse(text: &str) -> Option<[u8; 16]> {
    Uuid::try_parse(text).ok().map(Uuid::into_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_anything_else_is_absent() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path()).unwrap(), None);
        write(folder.path(), &[0xab; 16]).unwrap();
        assert_eq!(read(folder.path()).unwrap(), Some([0xab; 16]));
        for damage in [&b""[..], b"abab", &[0xff; 40], "é".repeat(16).as_bytes()] {
            fs::write(folder.path().join(FILE), damage).unwrap();
            assert_eq!(read(folder.path()).unwrap(), None);
        }
    }
}
