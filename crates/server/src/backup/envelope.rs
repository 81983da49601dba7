//! Who can read a backup: age around the whole of it, so that the program `age` opens it as well.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::str::FromStr;

use age::secrecy::ExposeSecret;
use age::stream::StreamWriter;
use age::{DecryptError, Decryptor, EncryptError, Encryptor};

use crate::error::{Error, Result};

/// The public key of someone who may read a backup: `age1…`.
pub type Reader = age::x25519::Recipient;
/// The secret key of someone who may read a backup: `AGE-SECRET-KEY-1…`.
pub type Key = age::x25519::Identity;

/// How what is encrypted begins, whatever its version.
const BEGINS: &[u8] = b"age-encryption.org/";

/// Where a backup is written: encrypted, or as it is.
pub(super) enum Envelope<W: Write> {
    Sealed(StreamWriter<BufWriter<W>>),
    Open(BufWriter<W>),
}

impl<W: Write> Envelope<W> {
    /// Around `out`, for these readers; for everybody who has the file when there are none.
    pub(super) fn around(out: W, readers: &[Reader]) -> Result<Self> {
        let out = BufWriter::new(out);
        if readers.is_empty() {
            return Ok(Self::Open(out));
        }
        let readers = readers.iter().map(|reader| reader as &dyn age::Recipient);
        let encryptor = Encryptor::with_recipients(readers).map_err(|error| match error {
            EncryptError::Io(error) => Error::Io(error),
            other => Error::Io(io::Error::other(other)),
        })?;
        Ok(Self::Sealed(encryptor.wrap_output(out)?))
    }

    /// Writes what is left to write.
    pub(super) fn close(self) -> Result<()> {
        let mut out = match self {
            Self::Sealed(sealed) => sealed.finish()?,
            Self::Open(out) => out,
        };
        Ok(out.flush()?)
    }
}

impl<W: Write> Write for Envelope<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Sealed(out) => out.write(bytes),
            Self::Open(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Sealed(out) => out.flush(),
            Self::Open(out) => out.flush(),
        }
    }
}

/// What is in the envelope of the file `file`, opened with one of these keys.
pub(super) fn open(file: &Path, keys: &[Key]) -> Result<Box<dyn BufRead>> {
    let mut file = BufReader::new(File::open(file)?);
    if !file.fill_buf()?.starts_with(BEGINS) {
        return Ok(Box::new(file));
    }
    if keys.is_empty() {
        return Err(Error::SealedBackup);
    }
    let unreadable = |error| match error {
        DecryptError::NoMatchingKeys => Error::BackupOfOthers,
        DecryptError::UnknownFormat => Error::DamagedBackup("it is of a newer version"),
        DecryptError::Io(error) => super::damaged(error),
        _ => Error::DamagedBackup("its envelope does not open"),
    };
    let sealed = Decryptor::new_buffered(file).map_err(unreadable)?;
    let keys = keys.iter().map(|key| key as &dyn age::Identity);
    Ok(Box::new(BufReader::new(
        sealed.decrypt(keys).map_err(unreadable)?,
    )))
}

/// Makes a key, writes it into the new file `to` for its owner alone, and gives its public half.
///
/// # Errors
/// When the file is there already or cannot be written.
pub fn new_key(to: &Path) -> Result<Reader> {
    let key = Key::generate();
    let reader = key.to_public();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(to)?;
    let secret = key.to_string();
    writeln!(file, "# {reader}\n{}", secret.expose_secret())?;
    file.sync_all()?;
    Ok(reader)
}

/// The keys in a file as [`new_key`] and `age-keygen` write it.
///
/// # Errors
/// When it cannot be read or holds anything else.
pub fn keys(file: &Path) -> Result<Vec<Key>> {
    let text = fs::read_to_string(file)?;
    let lines = text.lines().map(str::trim);
    let keys: std::result::Result<Vec<Key>, _> = lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(Key::from_str)
        .collect();
    keys.ok()
        .filter(|keys| !keys.is_empty())
        .ok_or(Error::NoBackupKey)
}
