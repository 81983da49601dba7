//! The disk, as far as this app uses files: everything between the store and the operating system's file calls,
//! so that a test can put a disk there that loses power, fills up or lies.

use std::fmt::Debug;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The file operations of the store and of the app above it. A name or content is promised to survive a power cut
/// only where it says so.
pub trait Disk: Send + Sync + Debug {
    /// The engine's own file layer that belongs to this disk, by the name it is registered under; `None` for the
    /// operating system's.
    fn vfs(&self) -> Option<&str>;

    /// Bytes of a file. `NotFound` when nothing stands there, `InvalidInput` for what has no end of its own: a folder,
    /// a device.
    fn len(&self, path: &Path) -> io::Result<u64>;

    /// A whole file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Writes a small file that only its owner reads: after a power cut it is there whole, or as it was before.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Writes `bytes` at byte `at` and cuts off what stood behind; the file is made when it is not there. On the disk
    /// when it returns. `InvalidInput` when the file is shorter than `at`.
    fn append(&self, path: &Path, at: u64, bytes: &[u8]) -> io::Result<()>;

    /// Writes a file's own bytes over it, where they stand, and flushes them: what it shows is on the disk when this
    /// returns. After a flush that the device refused, the operating system may go on showing bytes that it will
    /// never write by itself again.
    fn rewrite(&self, path: &Path) -> io::Result<()>;

    /// Moves a file or folder, over a file that stands there.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Makes a folder and those above it, where they are not there.
    fn create_dir_all(&self, folder: &Path) -> io::Result<()>;

    /// What stands in a folder, in the order of names.
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;

    /// Makes the names in a folder survive a power cut.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
}

/// The operating system's disk.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn vfs(&self) -> Option<&str> {
        None
    }

    fn len(&self, path: &Path) -> io::Result<u64> {
        let there = std::fs::metadata(path)?;
        if there.is_file() {
            Ok(there.len())
        } else {
            Err(io::Error::from(io::ErrorKind::InvalidInput))
        }
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let part = beside(path, ".part");
        absent(std::fs::remove_file(&part))?;
        let mut file = private(OpenOptions::new().write(true).create_new(true)).open(&part)?;
        let written = file
            .write_all(bytes)
            .and_then(|()| file.sync_all())
            .and_then(|()| std::fs::rename(&part, path));
        if written.is_err() {
            // What is left of it would take the room that was already too little.
            let _ = std::fs::remove_file(&part);
        }
        written?;
        match path.parent() {
            Some(folder) => self.sync_folder(folder),
            None => Ok(()),
        }
    }

    fn append(&self, path: &Path, at: u64, bytes: &[u8]) -> io::Result<()> {
        let mut options = OpenOptions::new();
        let mut file = private(options.write(true).create(true).truncate(false)).open(path)?;
        if file.metadata()?.len() < at {
            return Err(io::Error::from(io::ErrorKind::InvalidInput));
        }
        file.set_len(at)?;
        file.seek(SeekFrom::Start(at))?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    fn rewrite(&self, path: &Path) -> io::Result<()> {
        let mut file = OpenOptions::new().read(true).write(true).open(path)?;
        let mut piece = vec![0; 64 << 10];
        let mut at = 0;
        loop {
            file.seek(SeekFrom::Start(at))?;
            let read = file.read(&mut piece)?;
            if read == 0 {
                return file.sync_all();
            }
            file.seek(SeekFrom::Start(at))?;
            file.write_all(&piece[..read])?;
            at += read as u64;
        }
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }

    fn create_dir_all(&self, folder: &Path) -> io::Result<()> {
        std::fs::create_dir_all(folder)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let entries = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
        let mut paths = entries.collect::<io::Result<Vec<_>>>()?;
        paths.sort();
        Ok(paths)
    }

    #[cfg(unix)]
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        let here = folder.as_os_str().is_empty();
        File::open(if here { Path::new(".") } else { folder })?.sync_all()
    }

    /// Names are kept by the file system's own journal.
    #[cfg(not(unix))]
    fn sync_folder(&self, _folder: &Path) -> io::Result<()> {
        Ok(())
    }
}

/// Only the owner reads it. On Windows a file inherits the rights of the user's own data folder.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

/// The file of this name with an ending more.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// What is not there need not be removed.
pub(crate) fn absent(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Writes a small file to the operating system's disk, as [`Disk::write`] says.
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    RealDisk.write(path, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_grows_where_it_was_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        RealDisk.append(&path, 0, b"0123456789").unwrap();
        RealDisk.append(&path, 4, b"xy").unwrap();
        assert_eq!(RealDisk.read(&path).unwrap(), b"0123xy");
        let error = RealDisk.append(&path, 7, b"z").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
        assert_eq!(RealDisk.len(&path).unwrap(), 6, "nothing was made up");
    }

    #[test]
    fn a_file_that_is_written_over_itself_is_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        for length in [0usize, 1, 64 << 10, (64 << 10) + 1, 200_000] {
            let bytes: Vec<u8> = (0..length).map(|n| (n % 251) as u8).collect();
            std::fs::write(&path, &bytes).unwrap();
            RealDisk.rewrite(&path).unwrap();
            assert!(RealDisk.read(&path).unwrap() == bytes, "{length} bytes");
        }
        let nowhere = RealDisk.rewrite(&folder.path().join("b")).unwrap_err();
        assert_eq!(nowhere.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn a_small_file_is_replaced_whole_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        RealDisk
            .write(&beside(&path, ".part"), b"left behind")
            .unwrap();
        RealDisk.write(&path, b"one").unwrap();
        RealDisk.write(&path, b"two").unwrap();
        assert_eq!(RealDisk.read(&path).unwrap(), b"two");
        assert_eq!(RealDisk.list(folder.path()).unwrap(), [path]);
    }

    #[test]
    fn a_file_that_could_not_be_written_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let taken = folder.path().join("a");
        RealDisk.create_dir_all(&taken.join("b")).unwrap();
        assert!(RealDisk.write(&taken, b"one").is_err());
        assert_eq!(RealDisk.list(folder.path()).unwrap(), [taken]);
    }

    #[cfg(unix)]
    #[test]
    fn what_never_ends_has_no_length() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
        for path in [path.as_path(), folder.path()] {
            let error = RealDisk.len(path).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
        }
    }
}
