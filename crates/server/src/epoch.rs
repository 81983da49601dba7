//! The server's epoch, beside the database: a database put back from a backup no longer agrees with it.

use std::io;
use std::path::Path;

use uuid::Uuid;

use crate::disk::Disk;

/// The file's name in the data folder.
const FILE: &str = "epoch";

/// The epoch that stands in the folder, if a whole one does.
pub fn read(disk: &dyn Disk, folder: &Path) -> io::Result<Option<[u8; 16]>> {
    match disk.read(&folder.join(FILE)) {
        // What is not text is as good as absent, and a new epoch replaces it.
        Ok(bytes) => Ok(std::str::from_utf8(&bytes)
            .ok()
            .and_then(|text| parse(text.trim()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes it so that a power cut leaves the old or the new one.
pub fn write(disk: &dyn Disk, folder: &Path, epoch: &[u8; 16]) -> io::Result<()> {
    let text = Uuid::from_bytes(*epoch).simple();
    disk.write(&folder.join(FILE), format!("{text}\n").as_bytes())
}

fn parse(text: &str) -> Option<[u8; 16]> {
    Uuid::try_parse(text).ok().map(Uuid::into_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::RealDisk;

    #[test]
    fn what_is_written_is_read_and_anything_else_is_absent() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(&RealDisk, folder.path()).unwrap(), None);
        write(&RealDisk, folder.path(), &[0xab; 16]).unwrap();
        assert_eq!(read(&RealDisk, folder.path()).unwrap(), Some([0xab; 16]));
        for damage in [&b""[..], b"abab", &[0xff; 40], "é".repeat(16).as_bytes()] {
            std::fs::write(folder.path().join(FILE), damage).unwrap();
            assert_eq!(read(&RealDisk, folder.path()).unwrap(), None);
        }
    }
}
