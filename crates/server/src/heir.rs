//! A server that was stolen is replaced. A second key pair, its heir, is made once and never lies on the server: its secret is
//! in a file that lies in a safe. The grants tell laptops its public half, and they keep the first one that they were told. When the
//! server is gone, the heir signs that another key is believed from then on, and whoever has the old one is nobody.
//!
//! What the old key wrote of its own counts as far as it stands in the database at that moment, like the streams of a revoked
//! laptop. What it signed is worth nothing more: grants and statements are made again, and a grant of it lets nobody in who is not known
//! here. Its secret stays for one thing, to open what was encrypted to it and is still under way.

use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use age::secrecy::SecretString;
use age::{DecryptError, Decryptor, EncryptError, Encryptor, scrypt};
use domain::ids::ReplicaId;
use domain::passphrase;
use sync::key::KeyPair;
use sync::wire::{Grant, Heir, MOST_SUCCESSIONS, Signed, Succession};

use crate::deeds::{By, What};
use crate::error::{Error, Result};
use crate::own;
use crate::server::{Server, Surroundings, begin_epoch, identity};
use crate::storage::rows::{Identity, PastKey};
use crate::storage::tx::Tx;

/// How a file begins in which the secret stands as it is.
const BEGINS: &str = "NYETAA-HEIR-1";
/// How one begins whose secret only a passphrase opens: what follows is an age file.
const BEGINS_SEALED: &str = "NYETAA-HEIR-2";
/// Characters in a group: as many as one copies from paper without losing one's place.
const GROUP: usize = 4;
/// Groups in a line.
const LINE: usize = 9;
/// Bytes by which a mistake in copying shows.
const CHECK: usize = 4;
/// How a passphrase is stretched, as the power of two of scrypt's N: with blocks of 1 KiB that takes 128 MiB, what OWASP asks for at least.
const STRETCHED: u8 = 17;
/// What is believed of a file that was made elsewhere: 1 GiB.
const MOST_STRETCHED: u8 = 20;

impl Identity {
    /// The key that the server signs with.
    pub(crate) fn key(&self) -> KeyPair {
        KeyPair::from_secret(&self.secret)
    }

    /// Every key that something may be encrypted to which is for this server: the one that it has, then those it had.
    pub(crate) fn keys(&self) -> Vec<KeyPair> {
        let past = self.past.iter().rev().map(|past| &past.secret);
        let mut secrets: Vec<&[u8; 32]> = std::iter::once(&self.secret).chain(past).collect();
        secrets.dedup();
        secrets.into_iter().map(KeyPair::from_secret).collect()
    }

    /// What the grants tell of the heir.
    pub(crate) fn told_heir(&self) -> Option<Heir> {
        let since = self.past.last().map_or(0, |past| past.number);
        self.heir.map(|key| Heir { key, since })
    }

    /// What the heirs have said, the first first.
    pub(crate) fn successions(&self) -> Result<Vec<Signed>> {
        let said = self.past.iter();
        let said = said.map(|past| Ok(Signed::from_bytes(&past.statement)?));
        said.collect()
    }

    /// The public key of the life of this server that wrote as `replica`, and whether it is believed still. `None` when that
    /// was somebody else.
    pub(crate) fn own_key(&self, replica: ReplicaId) -> Option<([u8; 32], bool)> {
        let now = own::key_of(&self.secret, replica).map(|key| (key, true));
        now.or_else(|| {
            let mut past = self.past_secrets();
            past.find_map(|secret| own::key_of(secret, replica))
                .map(|key| (key, false))
        })
    }

    /// The secrets that it had before.
    pub(crate) fn past_secrets(&self) -> impl Iterator<Item = &[u8; 32]> {
        let past = self.past.iter().map(|past| &past.secret);
        past.filter(|secret| **secret != self.secret)
    }

    /// Whether a grant is this server's own word. Of one that an old key has signed only the database can tell: whoever stole the key can
    /// sign them as well.
    pub(crate) fn gave(&self, tx: &dyn Tx, grant: &Grant) -> Result<bool> {
        if grant.verify(&self.key().public()).is_ok() {
            return Ok(true);
        }
        let terms = grant.terms();
        let known = tx.grant_given(terms.replica, terms.version)?;
        Ok(!self.past.is_empty() && known == Some(grant.to_bytes()?))
    }
}

impl Server {
    /// Makes the heir of this server, writes its secret into the new file `to`, for its owner alone, and gives its public key. With a
    /// passphrase the file is of no use without it. Where there is an heir already, only that one (`by`) can name another.
    ///
    /// # Errors
    /// [`Error::WeakPassphrase`]; [`Error::HeirStands`] where there is one and it is not at hand, [`Error::NotTheHeir`] when `by` is not it; when the file
    /// is there already, cannot be written or not be read back. Then nothing has changed. When the database fails the file stays: the
    /// heir may have been named all the same, and its secret is nowhere else.
    pub fn name_heir(
        &self,
        to: &Path,
        passphrase: Option<&str>,
        by: Option<&KeyPair>,
    ) -> Result<[u8; 32]> {
        if passphrase.is_some_and(|typed| !passphrase::is_long_enough(typed)) {
            return Err(Error::WeakPassphrase);
        }
        let now = self.now();
        let heir = KeyPair::from_secret(&self.random()?);
        let may = |identity: &Identity| match (identity.heir, by) {
            (None, None) => Ok(None),
            (Some(_), None) => Err(Error::HeirStands),
            (Some(heir), Some(by)) if by.public() == heir => Ok(Some(by)),
            (_, Some(_)) => Err(Error::NotTheHeir),
        };
        let before = self.database().read(identity)?;
        may(&before)?;
        next_number(&before)?;
        // Before anybody is told of it: an heir without a secret could never be replaced.
        write_secret(to, &heir, passphrase)?;
        let named = self.database().write_alone(|tx| {
            let identity = identity(tx)?;
            if let Some(by) = may(&identity)? {
                let succession = Succession {
                    number: next_number(&identity)?,
                    before: identity.key().public(),
                    after: identity.key().public(),
                    seal: identity.key().seal_public(),
                    epoch: identity.epoch,
                    heir: heir.public(),
                };
                note(tx, &identity, &succession, by, now)?;
            }
            tx.put_heir(&heir.public())?;
            By::Operator.note(tx, now, What::HeirNamed, None, &[])
        });
        if let Err(Error::HeirStands | Error::NotTheHeir | Error::TooManySuccessions) = named {
            // Of no use to anybody; that it stays when it cannot be removed changes nothing.
            let _ = fs::remove_file(to);
        }
        named.map(|()| heir.public())
    }

    /// Draws another key for the server in these surroundings, by the word of its heir, and begins a new epoch. From then on whoever has the
    /// old key is believed by no laptop that has heard of it.
    ///
    /// # Errors
    /// [`Error::NoHeir`] when none was named, [`Error::NotTheHeir`] when it is another one.
    pub fn succeed(around: &Surroundings, heir: &KeyPair) -> Result<[u8; 32]> {
        let server = Self::open_in(around.clone())?;
        let now = server.now();
        server.database().write_alone(|tx| {
            let old = identity(tx)?;
            match old.heir {
                None => return Err(Error::NoHeir),
                Some(named) if named != heir.public() => return Err(Error::NotTheHeir),
                Some(_) => {}
            }
            let secret = (around.random)()?;
            let key = KeyPair::from_secret(&secret);
            let mut epoch = [0; 16];
            epoch.copy_from_slice(&(around.random)()?[..16]);
            let succession = Succession {
                number: next_number(&old)?,
                before: old.key().public(),
                after: key.public(),
                seal: key.seal_public(),
                epoch,
                heir: heir.public(),
            };
            close_own_streams(tx, &old)?;
            note(tx, &old, &succession, heir, now)?;
            tx.put_secret(&secret)?;
            begin_epoch(tx, around, identity(tx)?, epoch)?;
            By::Operator.note(tx, now, What::Succeeded, None, &[])?;
            Ok(key.public())
        })
    }
}

fn next_number(identity: &Identity) -> Result<u32> {
    if identity.past.len() >= MOST_SUCCESSIONS {
        return Err(Error::TooManySuccessions);
    }
    Ok(identity.past.last().map_or(0, |past| past.number) + 1)
}

fn note(
    tx: &dyn Tx,
    identity: &Identity,
    succession: &Succession,
    heir: &KeyPair,
    now: u64,
) -> Result<()> {
    let past = PastKey {
        number: succession.number,
        secret: identity.secret,
        statement: succession.sign(heir)?.to_bytes()?,
    };
    Ok(tx.put_succession(&past, now)?)
}

/// What the server wrote with the key that goes counts as far as it stands here.
fn close_own_streams(tx: &dyn Tx, old: &Identity) -> Result<()> {
    let own: std::collections::BTreeSet<ReplicaId> =
        own::all(&old.secret).map(|(replica, _)| replica).collect();
    for scope in tx.scopes()? {
        for stream in tx.streams(scope)? {
            if own.contains(&stream.replica) {
                tx.put_revoked(scope, stream.replica, stream.last_seq)?;
            }
        }
    }
    Ok(())
}

/// Writes the secret into a new file, and reads it back.
fn write_secret(to: &Path, heir: &KeyPair, passphrase: Option<&str>) -> Result<()> {
    let text = match passphrase {
        Some(typed) => text(BEGINS_SEALED, &sealed(heir, typed)?),
        None => text(BEGINS, &heir.secret()),
    };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(to)?;
    let written = (|| {
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        #[cfg(unix)]
        if let Some(folder) = to.parent() {
            let here = folder.as_os_str().is_empty();
            fs::File::open(if here { Path::new(".") } else { folder })?.sync_all()?;
        }
        let typed = || passphrase.map(str::to_owned).ok_or(Error::SealedHeir);
        if read_heir(to, &typed)?.public() != heir.public() {
            return Err(io::Error::other("what was written cannot be read back").into());
        }
        Ok(())
    })();
    if written.is_err() {
        let _ = fs::remove_file(to);
    }
    written
}

/// The secret as an age file that a passphrase opens.
fn sealed(heir: &KeyPair, typed: &str) -> Result<Vec<u8>> {
    let mut whoever_knows = scrypt::Recipient::new(stretchable(typed));
    whoever_knows.set_work_factor(STRETCHED);
    let recipients = std::iter::once(&whoever_knows as &dyn age::Recipient);
    let encryptor = Encryptor::with_recipients(recipients).map_err(|error| match error {
        EncryptError::Io(error) => Error::Io(error),
        other => Error::Io(io::Error::other(other)),
    })?;
    let mut bytes = Vec::new();
    let mut out = encryptor.wrap_output(&mut bytes)?;
    out.write_all(&heir.secret())?;
    out.finish()?;
    Ok(bytes)
}

/// The secret in an age file.
fn unsealed(bytes: &[u8], typed: &str) -> Result<[u8; 32]> {
    let mut passphrase = scrypt::Identity::new(stretchable(typed));
    passphrase.set_max_work_factor(MOST_STRETCHED);
    let wrong = |error| match error {
        DecryptError::NoMatchingKeys | DecryptError::DecryptionFailed => Error::WrongPassphrase,
        _ => Error::NoHeirKey,
    };
    let identities = std::iter::once(&passphrase as &dyn age::Identity);
    let decryptor = Decryptor::new_buffered(bytes).map_err(wrong)?;
    let mut opened = decryptor.decrypt(identities).map_err(wrong)?;
    let mut secret = Vec::new();
    opened.read_to_end(&mut secret)?;
    secret.try_into().map_err(|_| Error::NoHeirKey)
}

/// However it is typed: accents, capitals and spaces make no difference, as with any passphrase here.
fn stretchable(typed: &str) -> SecretString {
    SecretString::from(passphrase::normal(typed))
}

/// Bytes and their check in groups that can be copied by hand.
fn text(begins: &str, bytes: &[u8]) -> String {
    let hex = crate::operator::hex(&[bytes, &check(bytes)].concat());
    let groups: Vec<&str> = hex
        .as_bytes()
        .chunks(GROUP)
        .filter_map(|group| std::str::from_utf8(group).ok())
        .collect();
    let lines: Vec<String> = groups.chunks(LINE).map(|line| line.join(" ")).collect();
    format!("{begins}\n{}\n", lines.join("\n"))
}

/// Shows a mistake in copying.
fn check(bytes: &[u8]) -> [u8; CHECK] {
    let mut check = [0; CHECK];
    let hash = blake3::derive_key("nyetaa 2026-11-23 check of an heir on paper", bytes);
    check.copy_from_slice(&hash[..CHECK]);
    check
}

/// The heir's key in a file that [`Server::name_heir`] has written, or that was copied from paper: spaces, line breaks and capitals make
/// no difference. `typed` is asked for the passphrase when it takes one.
///
/// # Errors
/// [`Error::NoHeirKey`] when the file holds none, or there is a mistake in it, [`Error::WrongPassphrase`], and what `typed` answers.
pub fn read_heir(file: &Path, typed: &dyn Fn() -> Result<String>) -> Result<KeyPair> {
    let text = fs::read_to_string(file)?;
    let begins = |line: &str| {
        [BEGINS, BEGINS_SEALED]
            .iter()
            .any(|b| line.eq_ignore_ascii_case(b))
    };
    let hex: String = text
        .lines()
        .map(str::trim)
        .filter(|line| !begins(line))
        .flat_map(str::chars)
        .filter(|c| !c.is_whitespace())
        .collect();
    let digits: Option<Vec<u32>> = hex.chars().map(|c| c.to_digit(16)).collect();
    let bytes: Vec<u8> = digits
        .filter(|digits| digits.len().is_multiple_of(2))
        .ok_or(Error::NoHeirKey)?
        .chunks(2)
        .filter_map(|pair| u8::try_from(pair[0] * 16 + pair[1]).ok())
        .collect();
    let (said, rest) = bytes.split_last_chunk::<CHECK>().ok_or(Error::NoHeirKey)?;
    if *rest != check(said) {
        return Err(Error::NoHeirKey);
    }
    let secret = match said.try_into() {
        Ok(secret) => secret,
        Err(_) => unsealed(said, &typed()?)?,
    };
    Ok(KeyPair::from_secret(&secret))
}

/// For files that take no passphrase: [`Error::SealedHeir`].
///
/// # Errors
/// Always.
pub fn no_passphrase() -> Result<String> {
    Err(Error::SealedHeir)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPED: &str = "Le niébé fleurit après la pluie";

    fn typed(passphrase: &str) -> impl Fn() -> Result<String> {
        move || Ok(passphrase.to_owned())
    }

    #[test]
    fn a_file_that_a_passphrase_protects_says_nothing_without_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("heir");
        let heir = KeyPair::from_secret(&[7; 32]);
        write_secret(&file, &heir, Some(TYPED)).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        assert!(!text.contains("0707 0707"));
        let sloppily = typed(" le NIEBE  fleurit apres la pluie ");
        assert_eq!(read_heir(&file, &sloppily).unwrap().public(), heir.public());
        let another = read_heir(&file, &typed("le mil pousse au bord du fleuve"));
        assert!(matches!(another, Err(Error::WrongPassphrase)));
        let none = read_heir(&file, &no_passphrase);
        assert!(matches!(none, Err(Error::SealedHeir)));
        // From paper, with one digit wrong: nobody is asked for the passphrase.
        fs::write(
            &file,
            text.to_uppercase()
                .replace(['\n', ' '], "\t")
                .replacen('\t', "\n", 1),
        )
        .unwrap();
        assert_eq!(read_heir(&file, &sloppily).unwrap().public(), heir.public());
        let last = text.trim_end().len() - 1;
        let mut wrong = text.into_bytes();
        wrong[last] = if wrong[last] == b'0' { b'1' } else { b'0' };
        fs::write(&file, wrong).unwrap();
        assert!(matches!(
            read_heir(&file, &no_passphrase),
            Err(Error::NoHeirKey)
        ));
    }

    #[test]
    fn a_file_of_before_there_were_passphrases_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("heir");
        let secret = [7; 32];
        let hex = crate::operator::hex(&[secret.as_slice(), &check(&secret)].concat());
        fs::write(&file, format!("NYETAA-HEIR-1\n{hex}\n")).unwrap();
        let heir = read_heir(&file, &no_passphrase).unwrap();
        assert_eq!(heir.public(), KeyPair::from_secret(&secret).public());
        assert!(hex.ends_with("e3abd2ad"), "as it was written then: {hex}");
    }

    #[test]
    fn what_lies_in_the_safe_can_be_copied_from_paper_and_mistakes_show() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("heir");
        let heir = KeyPair::from_secret(&[7; 32]);
        write_secret(&file, &heir, None).unwrap();
        assert_eq!(
            read_heir(&file, &no_passphrase).unwrap().public(),
            heir.public()
        );
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(
                &fs::metadata(&file).unwrap().permissions(),
            );
            assert_eq!(mode & 0o777, 0o600);
        }
        let again = write_secret(&file, &KeyPair::from_secret(&[8; 32]), None);
        assert!(again.is_err(), "nothing is written over");
        let text = fs::read_to_string(&file).unwrap();
        let (_, copied) = text.split_once('\n').unwrap();
        fs::write(&file, copied.to_uppercase().replace(' ', "\n")).unwrap();
        assert_eq!(
            read_heir(&file, &no_passphrase).unwrap().public(),
            heir.public()
        );
        let digit = text.rfind(|c: char| c.is_ascii_hexdigit()).unwrap();
        for at in BEGINS.len() + 1..=digit {
            let mut wrong = text.clone().into_bytes();
            if wrong[at].is_ascii_whitespace() {
                continue;
            }
            wrong[at] = if wrong[at] == b'0' { b'1' } else { b'0' };
            fs::write(&file, wrong).unwrap();
            assert!(
                matches!(read_heir(&file, &no_passphrase), Err(Error::NoHeirKey)),
                "{at}"
            );
        }
        for text in ["", "NYETAA-HEIR-1", "abcd", "é"] {
            fs::write(&file, text).unwrap();
            assert!(
                matches!(read_heir(&file, &no_passphrase), Err(Error::NoHeirKey)),
                "{text}"
            );
        }
    }
}
