//! Bundles: what goes from laptop to laptop and to the server by hand, on a stick.
//!
//! Whoever carries one can neither read nor change it; whoever may read it cannot pass it on as if its sender had
//! meant it for others. What is missing shows when it is taken in: segments are chained, and each bundle has a
//! number.
//!
//! # Format (frozen)
//!
//! | bytes | holds |
//! | --- | --- |
//! | 4 | `NYEB` |
//! | 4 | length of the header (little-endian) |
//! | | header in the clear: a CBOR map with integer keys; unknown keys are left alone |
//! | | an age file for the X25519 keys of the recipients |
//! | 32 | BLAKE3 of all the above |
//!
//! | key | the header holds |
//! | --- | --- |
//! | 1 | version of the format, 1 |
//! | 2 | the least version of a reader that can open it |
//! | 3 | the replica that wrote it |
//! | 4 | its number among that replica's bundles |
//! | 5 | [short names](short) of the recipients' keys, one after the other |
//!
//! Inside the age file stand the length of the manifest (4 bytes, little-endian), the manifest, and the contents to
//! the end. The manifest is a [`Signed`] of the sender ([`Purpose::Bundle`]) over a CBOR map: 1 the sender's
//! public key, 2 all recipients' keys one after the other, 3 BLAKE3 of the header as it stands in the clear,
//! 4 BLAKE3 of the contents. The contents are CBOR with keys of one letter, like [`wire`](crate::wire).
//!
//! A later version that older ones can still refuse by name keeps the first two rows and the keys 1 to 4.

pub mod fill;

use std::io::{Read, Write};
use std::str::FromStr;

use age::x25519::{Identity, Recipient};
use bech32::{Bech32, Hrp};
use ciborium::Value as Cbor;
use domain::ids::ReplicaId;
use serde::{Deserialize, Serialize};

use crate::frame;
use crate::key::KeyPair;
use crate::octets;
use crate::sealing::Erase;
use crate::vector::Vector;
use crate::wire::{Card, Purpose, Signed, WireError};

/// The most that a bundle takes, in bytes, sealed as well as opened.
pub const MAX_BYTES: usize = 64 << 20;

/// The most recipients of one bundle.
pub const MAX_RECIPIENTS: usize = 500;

/// The most segments in one bundle; receipts, statements about readers, and snapshots, each.
pub const MAX_ITEMS: usize = 100_000;

const MAGIC: [u8; 4] = *b"NYEB";
const VERSION: u64 = 1;
const READER: u64 = 1;
const MAX_HEADER: usize = 64 * 1024;
const HASH: usize = 32;
const SHORT: usize = 8;
const KEY: usize = 32;
const PREAMBLE: usize = 8;

const FORMAT: u64 = 1;
const MIN_READER: u64 = 2;
const SENDER: u64 = 3;
const NUMBER: u64 = 4;
const RECIPIENTS: u64 = 5;

const SENDER_KEY: u64 = 1;
const RECIPIENT_KEYS: u64 = 2;
const HEADER_HASH: u64 = 3;
const CONTENTS_HASH: u64 = 4;

/// Why bytes are no bundle, or cannot be opened or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// Not a bundle, cut off, or changed on the way.
    #[error("not a whole bundle: {0}")]
    Damaged(&'static str),
    /// It is meant for others. To be carried on, not opened.
    #[error("the bundle is for others")]
    NotForUs,
    /// Written by a newer version: to be kept, and opened after an update.
    #[error("the bundle needs a newer version to be opened")]
    NewerFormat,
    /// It is, or would be, larger than [`MAX_BYTES`], or lists more than it may.
    #[error("the bundle is too large")]
    TooLarge,
    /// Not signed by the laptop that it names, or not for us in that laptop's name.
    #[error("the bundle is not signed by its sender")]
    BadSignature,
}

impl From<WireError> for BundleError {
    fn from(error: WireError) -> Self {
        match error {
            WireError::Malformed => Self::Damaged("its contents make no sense"),
            WireError::TooLarge => Self::TooLarge,
            WireError::BadSignature => Self::BadSignature,
        }
    }
}

/// What a bundle brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// Counts the sender's bundles, from 1.
    #[serde(rename = "n")]
    pub number: u64,
    /// The sender's [`Card`], signed by itself.
    #[serde(rename = "f")]
    pub from: Signed,
    /// Whole segments, each stream in order.
    #[serde(
        rename = "s",
        with = "octets::long_list",
        default,
        skip_serializing_if = "Vec::is_empty"
    )]
    pub segments: Vec<Vec<u8>>,
    /// All that the sender holds of the scopes concerned, these segments included.
    #[serde(rename = "v", default, skip_serializing_if = "Vector::is_empty")]
    pub vector: Vector,
    /// What arrived where: each a [`Receipt`](crate::wire::Receipt).
    #[serde(rename = "r", default, skip_serializing_if = "Vec::is_empty")]
    pub receipts: Vec<Signed>,
    /// Who reads which scope: each a [`Readers`](crate::wire::Readers).
    #[serde(rename = "k", default, skip_serializing_if = "Vec::is_empty")]
    pub readers: Vec<Signed>,
    /// Snapshots, each with the server's statement that it is its own.
    #[serde(
        rename = "b",
        with = "octets::vouched",
        default,
        skip_serializing_if = "Vec::is_empty"
    )]
    pub snapshots: Vec<(Vec<u8>, Signed)>,
    /// Keys of sealed texts, each list for those alone of the recipients who may have them
    /// ([`pack_keys`](crate::sealing::pack_keys)).
    #[serde(
        rename = "y",
        with = "octets::list",
        default,
        skip_serializing_if = "Vec::is_empty"
    )]
    pub keys: Vec<Vec<u8>>,
    /// Keys that people of the sender's want destroyed and that no statement of the server names yet.
    #[serde(rename = "z", default, skip_serializing_if = "Vec::is_empty")]
    pub erase: Vec<Erase>,
}

/// What anyone can see of a bundle, without any key. Believe it only of one that [`open`]s.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// Who wrote it.
    pub sender: ReplicaId,
    /// Its number among the sender's bundles.
    pub number: u64,
    /// For whom: [short names](short) of their keys.
    pub recipients: Vec<[u8; 8]>,
    /// Bytes of the whole bundle.
    pub length: usize,
}

/// The short name of a key that bundles are encrypted to: the first bytes of its BLAKE3.
pub fn short(seal: &[u8; 32]) -> [u8; 8] {
    let mut short = [0; SHORT];
    short.copy_from_slice(&blake3::hash(seal).as_bytes()[..SHORT]);
    short
}

/// Writes a bundle of `key`'s replica for the owners of `recipients` (see [`KeyPair::seal_public`]).
///
/// Recipients that can be nobody's key are left out; without any other it is refused. The age file draws its own
/// one-time keys from the system, so two bundles with the same contents differ.
pub fn pack(
    key: &KeyPair,
    recipients: &[[u8; 32]],
    contents: &Contents,
) -> Result<Vec<u8>, BundleError> {
    let mut recipients: Vec<_> = recipients.iter().copied().filter(is_someones).collect();
    recipients.sort_unstable();
    recipients.dedup();
    if recipients.is_empty() {
        return Err(BundleError::Damaged("it has no recipients"));
    }
    if recipients.len() > MAX_RECIPIENTS || contents.longest_list() > MAX_ITEMS {
        return Err(BundleError::TooLarge);
    }
    if Card::open(&contents.from)?.key != key.public() {
        return Err(BundleError::BadSignature);
    }
    if contents.files_length() > MAX_BYTES {
        return Err(BundleError::TooLarge);
    }
    let mut written = Vec::new();
    ciborium::into_writer(contents, &mut written)
        .map_err(|_| BundleError::Damaged("its contents cannot be written"))?;
    let names = recipients.iter().flat_map(short).collect();
    let header = frame::write_fields(vec![
        (FORMAT, VERSION.into()),
        (MIN_READER, READER.into()),
        (SENDER, Cbor::Bytes(key.replica().as_bytes().to_vec())),
        (NUMBER, contents.number.into()),
        (RECIPIENTS, Cbor::Bytes(names)),
    ])
    .map_err(BundleError::Damaged)?;
    let manifest = frame::write_fields(vec![
        (SENDER_KEY, Cbor::Bytes(key.public().to_vec())),
        (RECIPIENT_KEYS, Cbor::Bytes(recipients.concat())),
        (HEADER_HASH, Cbor::Bytes(hash(&header).to_vec())),
        (CONTENTS_HASH, Cbor::Bytes(hash(&written).to_vec())),
    ])
    .map_err(BundleError::Damaged)?;
    let manifest = Signed::sign(key, Purpose::Bundle, manifest).to_bytes()?;

    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&(header.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&header);
    let length = (manifest.len() as u32).to_le_bytes();
    encrypt(&recipients, &[&length, &manifest, &written], &mut bytes)?;
    let hash = hash(&bytes);
    bytes.extend_from_slice(&hash);
    if bytes.len() > MAX_BYTES {
        Err(BundleError::TooLarge)
    } else {
        Ok(bytes)
    }
}

impl Contents {
    fn longest_list(&self) -> usize {
        self.segments
            .len()
            .max(self.receipts.len())
            .max(self.readers.len())
            .max(self.snapshots.len())
            .max(self.keys.len())
            .max(self.erase.len())
    }

    fn files_length(&self) -> usize {
        let segments = self.segments.iter().map(Vec::len).sum::<usize>();
        let snapshots = self.snapshots.iter().map(|(bytes, _)| bytes.len());
        let keys = self.keys.iter().map(Vec::len).sum::<usize>();
        segments + snapshots.sum::<usize>() + keys
    }
}

/// What a bundle says of itself in the clear, and that it is whole.
pub fn outline(bytes: &[u8]) -> Result<Outline, BundleError> {
    take_apart(bytes).map(|parts| parts.outline)
}

/// Opens a bundle meant for `key`'s replica. What it brings is the sender's, unchanged and meant for us; who the
/// sender is, and what they may write, is for the caller to judge.
///
/// Never panics, and never takes more than a few times [`MAX_BYTES`].
pub fn open(bytes: &[u8], key: &KeyPair) -> Result<Contents, BundleError> {
    let parts = take_apart(bytes)?;
    if parts.newer {
        return Err(BundleError::NewerFormat);
    }
    let ours = key.seal_public();
    if !parts.outline.recipients.contains(&short(&ours)) {
        return Err(BundleError::NotForUs);
    }
    let plain = decrypt(parts.sealed, parts.outline.recipients.len(), key)?;
    let damaged = || BundleError::Damaged("its contents make no sense");
    let (length, rest) = plain.split_first_chunk::<4>().ok_or_else(damaged)?;
    let length = u32::from_le_bytes(*length) as usize;
    let (manifest, written) = rest.split_at_checked(length).ok_or_else(damaged)?;

    let manifest = Signed::from_bytes(manifest)?;
    let mut fields = frame::read_fields(&manifest.body).map_err(BundleError::Damaged)?;
    let array = |number| {
        fields
            .array::<KEY>(number)
            .map_err(BundleError::Damaged)?
            .ok_or(BundleError::Damaged("its manifest lacks a field"))
    };
    let sender: [u8; KEY] = array(SENDER_KEY)?;
    manifest.verify(&sender, Purpose::Bundle)?;
    if array(HEADER_HASH)? != hash(parts.header) {
        return Err(BundleError::Damaged("its header was changed"));
    }
    if array(CONTENTS_HASH)? != hash(written) {
        return Err(BundleError::Damaged("its contents were changed"));
    }
    let recipients = fields
        .take(RECIPIENT_KEYS)
        .and_then(|keys| keys.into_bytes().ok());
    let meant = recipients
        .as_deref()
        .map(|keys| keys.as_chunks::<KEY>().0)
        .is_some_and(|keys| keys.contains(&ours));
    if !meant {
        return Err(BundleError::BadSignature);
    }
    let mut rest = written;
    let contents: Contents = ciborium::from_reader(&mut rest).map_err(|_| damaged())?;
    if !rest.is_empty() || contents.number != parts.outline.number {
        return Err(damaged());
    }
    if contents.longest_list() > MAX_ITEMS {
        return Err(BundleError::TooLarge);
    }
    let card = Card::open(&contents.from)?;
    if card.key == sender && ReplicaId::of_key(&sender) == parts.outline.sender {
        Ok(contents)
    } else {
        Err(BundleError::BadSignature)
    }
}

struct Parts<'a> {
    outline: Outline,
    newer: bool,
    header: &'a [u8],
    sealed: &'a [u8],
}

fn take_apart(bytes: &[u8]) -> Result<Parts<'_>, BundleError> {
    if bytes.len() > MAX_BYTES {
        return Err(BundleError::TooLarge);
    }
    let cut = BundleError::Damaged("cut off");
    let (preamble, _) = bytes.split_at_checked(PREAMBLE).ok_or(cut.clone())?;
    if preamble[..MAGIC.len()] != MAGIC {
        return Err(BundleError::Damaged("not a bundle"));
    }
    let (whole, end) = bytes
        .split_at_checked(bytes.len() - HASH.min(bytes.len()))
        .ok_or(cut.clone())?;
    if hash(whole) != end {
        return Err(BundleError::Damaged("cut off or changed"));
    }
    let length = preamble[MAGIC.len()..]
        .iter()
        .rev()
        .fold(0, |length, byte| length << 8 | usize::from(*byte));
    if length > MAX_HEADER {
        return Err(BundleError::TooLarge);
    }
    let (header, sealed) = whole
        .get(PREAMBLE..)
        .and_then(|rest| rest.split_at_checked(length))
        .ok_or(cut)?;
    let mut fields = frame::read_fields(header).map_err(BundleError::Damaged)?;
    let lacking = BundleError::Damaged("its header lacks a field");
    let uint = |number| {
        fields
            .uint(number)
            .map_err(BundleError::Damaged)?
            .ok_or(lacking.clone())
    };
    let newer = uint(FORMAT)? != VERSION || uint(MIN_READER)? > READER;
    let number = uint(NUMBER)?;
    let sender = fields
        .array(SENDER)
        .map_err(BundleError::Damaged)?
        .map(ReplicaId::from_bytes)
        .ok_or(lacking.clone())?;
    let names = fields
        .take(RECIPIENTS)
        .and_then(|names| names.into_bytes().ok());
    let recipients = match names.as_deref().map(|names| names.as_chunks::<SHORT>()) {
        Some((names, [])) => names.to_vec(),
        _ if newer => Vec::new(),
        _ => return Err(lacking),
    };
    if recipients.len() > MAX_RECIPIENTS {
        return Err(BundleError::TooLarge);
    }
    Ok(Parts {
        outline: Outline {
            sender,
            number,
            recipients,
            length: bytes.len(),
        },
        newer,
        header,
        sealed,
    })
}

fn hash(bytes: &[u8]) -> [u8; HASH] {
    *blake3::hash(bytes).as_bytes()
}

/// Whether someone can have the secret half: a few points lead every secret to the same place, and age takes
/// those for a broken source of randomness.
pub(crate) fn is_someones(recipient: &[u8; KEY]) -> bool {
    x25519_dalek::x25519([1; KEY], *recipient) != [0; KEY]
}

/// The text forms are the way that age has for keys which were not drawn by itself.
fn in_text(prefix: &str, key: &[u8; KEY]) -> Option<String> {
    bech32::encode::<Bech32>(Hrp::parse(prefix).ok()?, key).ok()
}

pub(crate) fn encrypt(
    recipients: &[[u8; KEY]],
    parts: &[&[u8]],
    to: &mut Vec<u8>,
) -> Result<(), BundleError> {
    let sealed = || BundleError::Damaged("it cannot be sealed");
    let keys = recipients
        .iter()
        .map(|key| Recipient::from_str(&in_text("age", key)?).ok());
    let keys: Vec<Recipient> = keys.collect::<Option<_>>().ok_or_else(sealed)?;
    let encryptor =
        age::Encryptor::with_recipients(keys.iter().map(|key| key as _)).map_err(|_| sealed())?;
    let mut writer = encryptor.wrap_output(to).map_err(|_| sealed())?;
    for part in parts {
        writer.write_all(part).map_err(|_| sealed())?;
    }
    writer.finish().map_err(|_| sealed())?;
    Ok(())
}

pub(crate) fn decrypt(
    sealed: &[u8],
    recipients: usize,
    key: &KeyPair,
) -> Result<Vec<u8>, BundleError> {
    const STANZA: usize = 100;
    const REST: usize = 4 * 1024;
    let damaged = |_| BundleError::Damaged("it does not open");
    // age begins again with every line of its own header, so a long one would keep a laptop busy for hours.
    let header = &sealed[..sealed.len().min(recipients * STANZA + REST)];
    if !header.windows(5).any(|window| window == b"\n--- ") {
        return Err(BundleError::Damaged(
            "it names more recipients than it says",
        ));
    }
    let identity = in_text("age-secret-key-", &key.seal_secret())
        .and_then(|text| Identity::from_str(&text.to_uppercase()).ok())
        .ok_or(BundleError::NotForUs)?;
    let opened = age::Decryptor::new_buffered(sealed)
        .and_then(|decryptor| decryptor.decrypt(std::iter::once(&identity as _)));
    let mut plain = Vec::new();
    match opened {
        Ok(reader) => reader
            .take(MAX_BYTES as u64)
            .read_to_end(&mut plain)
            .map_err(|_| ())
            .map_err(damaged)?,
        Err(age::DecryptError::NoMatchingKeys) => return Err(BundleError::NotForUs),
        Err(_) => return Err(damaged(())),
    };
    Ok(plain)
}

#[cfg(test)]
mod tests;
