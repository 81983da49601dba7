//! The disk that the data folder lies on, which a simulation can put another one in the place of.

use std::fmt::Debug;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// What the server does with files of its own beside the database.
pub trait Disk: Debug + Send + Sync {
    /// The name of the file system that SQLite opens its file on; none for the machine's.
    fn vfs(&self) -> Option<&str>;

    /// Makes a folder, with those above it. One that is there stays as it is.
    ///
    /// # Errors
    /// When it cannot be made.
    fn create_dir_all(&self, folder: &Path) -> io::Result<()>;

    /// All of a file.
    ///
    /// # Errors
    /// When it is missing or cannot be read.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Puts these bytes in the place of a file, so that a power cut leaves the old or the new ones. They are on the
    /// disk when this returns.
    ///
    /// # Errors
    /// When they could not be written.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Writes a file's own bytes over it, where they stand, and flushes them. After a flush that the device refused,
    /// the operating system may go on showing bytes that it will never write by itself again.
    ///
    /// # Errors
    /// `NotFound` when it is missing; others when it could not be written.
    fn rewrite(&self, path: &Path) -> io::Result<()>;
}

/// The disk of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn vfs(&self) -> Option<&str> {
        None
    }

    fn create_dir_all(&self, folder: &Path) -> io::Result<()> {
        if folder.is_dir() {
            return Ok(());
        }
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        // The database holds the key that signs grants.
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let part = path.with_extension("part");
        let mut file = File::create(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&part, path)?;
        // Makes the new name last; Windows cannot open a folder, and does without.
        #[cfg(unix)]
        if let Some(folder) = path.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
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
}
