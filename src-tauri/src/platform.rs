//! What differs between operating systems. Verified on Linux; the Windows side relies on the folder's own access list.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Creates or empties a file that only its owner may read.
pub fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
