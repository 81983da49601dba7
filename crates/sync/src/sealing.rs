//! Texts that only those read who have their key, and the keys: how they are named, sealed to a reader and destroyed.
//!
//! A record's key is 32 random bytes that never stand in the log. Its name is a hash of it, so nobody can offer another key
//! under the name of one. A text is sealed for one field of one record, with a nonce made of key, place and text: the same
//! text saved twice is the same value, so that merging sees no difference where there is none. It is filled up to whole
//! blocks, so that its length says little.
//!
//! | bytes | a sealed text holds |
//! | --- | --- |
//! | 24 | nonce |
//! | | XChaCha20-Poly1305 of the text, 0x80 and zeros up to a multiple of 32; kind, record and field are bound in |
//!
//! Keys travel beside segments: CBOR in an age file for whoever may have them.

use std::collections::BTreeMap;
use std::fmt;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use domain::ids::{RecordId, ScopeId};
use domain::permission::Class;
use domain::value::Value;
use serde::{Deserialize, Serialize};

use crate::bundle::{BundleError, decrypt, encrypt, is_someones};
use crate::key::KeyPair;
use crate::octets;

/// The bytes of a key.
pub type Secret = [u8; 32];

/// The most keys that travel at once.
pub const MOST_KEYS: usize = 10_000;

const NONCE: usize = 24;
const BLOCK: usize = 32;
const END: u8 = 0x80;

/// The key of a record's sealed texts.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordKey {
    /// The scope that the record lies in.
    #[serde(rename = "s")]
    pub scope: ScopeId,
    /// The record.
    #[serde(rename = "r")]
    pub record: RecordId,
    /// Who may have it: the word of a class ([`domain::permission::Class::word`]).
    #[serde(rename = "c")]
    pub class: String,
    /// The key itself.
    #[serde(rename = "k", with = "octets::array")]
    pub secret: Secret,
}

impl RecordKey {
    /// Its name, in the log and in statements.
    pub fn id(&self) -> RecordId {
        name(&self.secret)
    }
}

impl fmt::Debug for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecordKey({})", self.id())
    }
}

/// Asks that a record's key be destroyed, wherever it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erase {
    /// The scope that the record lies in.
    #[serde(rename = "s")]
    pub scope: ScopeId,
    /// The key's name.
    #[serde(rename = "k")]
    pub key: RecordId,
    /// Who wants it.
    #[serde(rename = "b")]
    pub by: RecordId,
}

/// A key that was destroyed. It is never taken again; there is no way back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// The key's name.
    #[serde(rename = "k")]
    pub key: RecordId,
    /// Who wanted it.
    #[serde(rename = "b")]
    pub by: RecordId,
    /// When the server heard of it, in milliseconds since 1970-01-01 UTC by its clock.
    #[serde(rename = "t")]
    pub at_ms: u64,
}

/// The name of a key.
pub fn name(secret: &Secret) -> RecordId {
    let hash = blake3::derive_key("nyetaa 2026-11-23 name of a record's key", secret);
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    RecordId::from_bytes(id)
}

/// One field of one record: what a sealed text is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// The record's kind, by number.
    pub kind: u16,
    /// The record.
    pub record: RecordId,
    /// The field's number.
    pub field: u16,
}

impl Spot {
    fn bytes(self) -> Vec<u8> {
        let mut bytes = b"nyetaa sealed 1\0".to_vec();
        bytes.extend_from_slice(&self.kind.to_le_bytes());
        bytes.extend_from_slice(self.record.as_bytes());
        bytes.extend_from_slice(&self.field.to_le_bytes());
        bytes
    }
}

/// Seals a text for a spot. `None` never happens in practice: the cipher refuses texts of hundreds of gigabytes.
pub fn seal(secret: &Secret, at: Spot, text: &str) -> Option<Value> {
    let mut plain = text.as_bytes().to_vec();
    plain.push(END);
    plain.resize(plain.len().next_multiple_of(BLOCK), 0);
    let aad = at.bytes();
    let mut hasher = blake3::Hasher::new_keyed(&blake3::derive_key(
        "nyetaa 2026-11-23 nonce of a sealed text",
        secret,
    ));
    hasher.update(&aad).update(&plain);
    let mut nonce = [0; NONCE];
    nonce.copy_from_slice(&hasher.finalize().as_bytes()[..NONCE]);
    let payload = Payload {
        msg: &plain,
        aad: &aad,
    };
    let sealed = XChaCha20Poly1305::new(secret.into())
        .encrypt(&XNonce::from(nonce), payload)
        .ok()?;
    Some(Value::Sealed {
        key: name(secret),
        bytes: [nonce.as_slice(), &sealed].concat(),
    })
}

/// Opens what was sealed for a spot; `None` with another key, at another spot, or when it was changed.
pub fn open(secret: &Secret, at: Spot, bytes: &[u8]) -> Option<String> {
    let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
    let payload = Payload {
        msg: sealed,
        aad: &at.bytes(),
    };
    let mut plain = XChaCha20Poly1305::new(secret.into())
        .decrypt(&XNonce::from(*nonce), payload)
        .ok()?;
    let end = plain.iter().rposition(|byte| *byte != 0)?;
    if plain.get(end) != Some(&END) {
        return None;
    }
    plain.truncate(end);
    String::from_utf8(plain).ok()
}

/// Keys in an age file for the owners of `recipients` ([`KeyPair::seal_public`]), at most [`MOST_KEYS`]. Empty where there is
/// no key or nobody to read it.
///
/// # Errors
/// When there are too many, or they cannot be sealed.
pub fn pack_keys(keys: &[RecordKey], recipients: &[[u8; 32]]) -> Result<Vec<u8>, BundleError> {
    let mut recipients: Vec<_> = recipients.iter().copied().filter(is_someones).collect();
    recipients.sort_unstable();
    recipients.dedup();
    if keys.is_empty() || recipients.is_empty() {
        return Ok(Vec::new());
    }
    if keys.len() > MOST_KEYS {
        return Err(BundleError::TooLarge);
    }
    let mut plain = Vec::new();
    ciborium::into_writer(keys, &mut plain)
        .map_err(|_| BundleError::Damaged("keys cannot be written"))?;
    let mut bytes = Vec::new();
    encrypt(&recipients, &[&plain], &mut bytes)?;
    Ok(bytes)
}

/// The public halves that a list of keys is sealed to, and the list.
pub type ForReaders = (Vec<[u8; 32]>, Vec<RecordKey>);

/// Keys in lists, each for those alone whom `who` names for a key's class and scope, and none longer than [`MOST_KEYS`]. A key of a class
/// that this version does not know is for nobody.
pub fn by_readers<E>(
    keys: Vec<RecordKey>,
    mut who: impl FnMut(Class, ScopeId) -> Result<Vec<[u8; 32]>, E>,
) -> Result<Vec<ForReaders>, E> {
    let mut lists: BTreeMap<Vec<[u8; 32]>, Vec<RecordKey>> = BTreeMap::new();
    for key in keys {
        if let Some(class) = Class::from_word(&key.class) {
            let readers = who(class, key.scope)?;
            if !readers.is_empty() {
                lists.entry(readers).or_default().push(key);
            }
        }
    }
    let cut = |(readers, keys): ForReaders| {
        let pieces: Vec<_> = keys.chunks(MOST_KEYS).map(<[RecordKey]>::to_vec).collect();
        pieces
            .into_iter()
            .map(move |piece| (readers.clone(), piece))
    };
    Ok(lists.into_iter().flat_map(cut).collect())
}

/// Reads keys that were packed for the owner of `key`, among at most so many recipients.
///
/// # Errors
/// [`BundleError::NotForUs`] when they are for others; when they are damaged or too many.
pub fn open_keys(
    bytes: &[u8],
    recipients: usize,
    key: &KeyPair,
) -> Result<Vec<RecordKey>, BundleError> {
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let plain = decrypt(bytes, recipients, key)?;
    let mut rest = plain.as_slice();
    let keys: Vec<RecordKey> = ciborium::from_reader(&mut rest)
        .map_err(|_| BundleError::Damaged("keys that make no sense"))?;
    if !rest.is_empty() {
        return Err(BundleError::Damaged("keys that make no sense"));
    }
    if keys.len() > MOST_KEYS {
        return Err(BundleError::TooLarge);
    }
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Secret = [7; 32];

    fn spot(n: u8) -> Spot {
        Spot {
            kind: 10,
            record: RecordId::from_bytes([n; 16]),
            field: 4,
        }
    }

    fn bytes_of(value: &Value) -> &[u8] {
        match value {
            Value::Sealed { bytes, .. } => bytes,
            other => panic!("not sealed: {other:?}"),
        }
    }

    #[test]
    fn only_its_key_opens_a_text_and_only_where_it_was_sealed_for() {
        for text in ["", "Mme Coulibaly, 76 12 34 56", "\0\0", &"é".repeat(500)] {
            let value = seal(&KEY, spot(1), text).unwrap();
            let bytes = bytes_of(&value);
            assert_eq!(open(&KEY, spot(1), bytes).as_deref(), Some(text));
            assert_eq!(open(&[8; 32], spot(1), bytes), None);
            assert_eq!(open(&KEY, spot(2), bytes), None);
            let elsewhere = Spot {
                field: 5,
                ..spot(1)
            };
            assert_eq!(open(&KEY, elsewhere, bytes), None);
            for at in 0..bytes.len() {
                let mut altered = bytes.to_vec();
                altered[at] ^= 1;
                assert_eq!(open(&KEY, spot(1), &altered), None, "byte {at}");
            }
        }
    }

    #[test]
    fn the_same_text_is_the_same_value_and_its_length_says_little() {
        let sealed = |text: &str| seal(&KEY, spot(1), text).unwrap();
        assert_eq!(sealed("oui"), sealed("oui"));
        assert_ne!(sealed("oui"), sealed("non"));
        let length = |text: &str| bytes_of(&sealed(text)).len();
        assert_eq!(length(""), 24 + 32 + 16);
        assert_eq!(length("76 12 34 56"), length("+223 76 12 34 56 (bureau)"));
        assert_eq!(length(&"x".repeat(32)), 24 + 64 + 16);
    }

    /// What was sealed must open for ever.
    #[test]
    fn the_form_is_frozen() {
        let value = seal(&KEY, spot(1), "76 12 34 56").unwrap();
        let hash = blake3::hash(bytes_of(&value)).to_hex();
        assert_eq!(&hash[..16], "231f18d29a1e32ee");
        assert_eq!(name(&KEY).to_string(), "a60b648acf8ae63284819f67e382474e");
    }

    #[test]
    fn keys_are_read_by_those_alone_whom_they_are_for() {
        let (ours, other) = (
            KeyPair::from_secret(&[1; 32]),
            KeyPair::from_secret(&[2; 32]),
        );
        let key = RecordKey {
            scope: ScopeId::from_bytes([3; 16]),
            record: RecordId::from_bytes([4; 16]),
            class: "work".to_owned(),
            secret: KEY,
        };
        let packed = pack_keys(std::slice::from_ref(&key), &[ours.seal_public()]).unwrap();
        assert_eq!(
            open_keys(&packed, 1, &ours).unwrap(),
            std::slice::from_ref(&key)
        );
        assert_eq!(open_keys(&packed, 1, &other), Err(BundleError::NotForUs));
        assert!(!packed.windows(32).any(|window| window == KEY));
        let mut cut = packed.clone();
        cut.pop();
        assert!(open_keys(&cut, 1, &ours).is_err());
        assert!(pack_keys(&[], &[ours.seal_public()]).unwrap().is_empty());
        assert!(pack_keys(&[key], &[]).unwrap().is_empty());
    }
}
