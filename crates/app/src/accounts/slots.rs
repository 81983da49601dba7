//! The key of the database, locked up once for each person and once for each laptop that may help: bytes in, bytes out.
//!
//! The key itself stands nowhere. A person's slot opens with what [`super::secret::stretch`] makes of their code and of
//! the computer's secret; a [`RecoverySlot`] with the sealing key of a supervisor's laptop.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use domain::ids::RecordId;
use domain::role::Role;
use domain::text::Language;
use serde::{Deserialize, Serialize};
use store::Key;
use sync::octets::Array;
use zeroize::Zeroizing;

use super::secret::Cost;
use crate::octets::{self, Octets};

/// What the file begins with; the last sign is the version of the format.
const MAGIC: &[u8; 8] = b"NYSLOTS1";
/// A file that claims more was not written by this app: people on one laptop, not in a country.
const MOST_BYTES: usize = 256 * 1024;

/// Why a file of slots is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// It is not whole.
    Damaged,
    /// A newer app wrote it.
    Newer,
}

/// Everything that the file says. It holds wrapped keys alone and no name that can be read without this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slots {
    /// Counts up with each writing; of two copies the higher one counts.
    #[serde(rename = "n")]
    pub serial: u64,
    /// The language of the screen on which nobody is known yet.
    #[serde(rename = "l")]
    pub language: Language,
    /// One for each person who works here.
    #[serde(rename = "p")]
    pub people: Vec<Slot>,
    /// One for each laptop that may help after a forgotten code.
    #[serde(rename = "r", default)]
    pub recovery: Vec<RecoverySlot>,
    /// The help that was asked for and did not come yet.
    #[serde(rename = "q", default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
    /// What was done while the database was closed, each line sealed with the computer's secret: until it stands in the
    /// list of who did what.
    #[serde(rename = "a", default, skip_serializing_if = "Vec::is_empty")]
    pub noted: Vec<Sealed>,
}

/// A person's slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// Whose.
    #[serde(rename = "i")]
    pub person: RecordId,
    /// Who that is, for the screen on which nobody is known yet; opens with the computer's secret.
    #[serde(rename = "w")]
    pub label: Sealed,
    /// What the code is stretched with.
    #[serde(rename = "s")]
    pub salt: Array<32>,
    /// How hard it is stretched.
    #[serde(rename = "c")]
    pub cost: Cost,
    /// The database's key.
    #[serde(rename = "k")]
    pub key: Sealed,
    /// Wrong codes since the last right one.
    #[serde(rename = "x", default)]
    pub wrong: u32,
    /// The file's serial number when this person last came in: who worked last is offered first.
    #[serde(rename = "o", default)]
    pub order: u64,
}

/// Who a slot belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// The person's name.
    #[serde(rename = "n")]
    pub name: String,
    /// Their role.
    #[serde(rename = "r")]
    pub role: Role,
    /// When they last came in, in milliseconds since 1970 by this computer's clock, to be read and never compared; 0
    /// before the first time.
    #[serde(rename = "t")]
    pub last_used_ms: u64,
}

/// The database's key for one laptop that may help, in two steps, so that its answer is short enough to be told on the
/// telephone: the key is locked with sixteen random bytes, and those are sealed to the laptop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoverySlot {
    /// The public half of the laptop's sealing key.
    #[serde(rename = "x")]
    pub to: Array<32>,
    /// The public half of the key that was drawn for this slot alone.
    #[serde(rename = "e")]
    pub fresh: Array<32>,
    /// The sixteen bytes, sealed to the laptop.
    #[serde(rename = "b")]
    pub bytes: Sealed,
    /// The database's key, locked with them.
    #[serde(rename = "k")]
    pub key: Sealed,
}

/// Help that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Who has forgotten their code.
    #[serde(rename = "i")]
    pub person: RecordId,
    /// The secret half of the key that the answer is made for; opens with the computer's secret.
    #[serde(rename = "f")]
    pub fresh: Sealed,
}

/// Bytes that only the right key opens, and only in the place that they were made for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    #[serde(rename = "n")]
    nonce: Array<24>,
    #[serde(rename = "b")]
    bytes: Octets,
}

impl Sealed {
    /// Seals `plain` under `key` for the place that `context` names. `chance` is drawn for this call alone.
    pub fn new(key: &Key, chance: &[u8; 32], context: &[u8], plain: &[u8]) -> Option<Self> {
        let mut nonce = [0; 24];
        nonce.copy_from_slice(&chance[..24]);
        let bytes = XChaCha20Poly1305::new(key.into())
            .encrypt(&XNonce::from(nonce), with(plain, context))
            .ok()?;
        Some(Self {
            nonce: Array(nonce),
            bytes: Octets(bytes),
        })
    }

    /// Opens it; `None` with another key or in another place.
    pub fn open(&self, key: &Key, context: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        XChaCha20Poly1305::new(key.into())
            .decrypt(&XNonce::from(self.nonce.0), with(&self.bytes.0, context))
            .ok()
            .map(Zeroizing::new)
    }

    /// The same for a key of the database.
    pub fn open_key(&self, key: &Key, context: &[u8]) -> Option<Zeroizing<Key>> {
        let plain = self.open(key, context)?;
        Some(Zeroizing::new(plain.as_slice().try_into().ok()?))
    }
}

fn with<'a>(msg: &'a [u8], aad: &'a [u8]) -> Payload<'a, 'a> {
    Payload { msg, aad }
}

impl Slots {
    /// A file with nobody in it yet.
    pub fn new(language: Language) -> Self {
        Self {
            serial: 0,
            language,
            people: Vec::new(),
            recovery: Vec::new(),
            asked: None,
            noted: Vec::new(),
        }
    }

    /// A person's slot.
    pub fn of(&self, person: RecordId) -> Option<&Slot> {
        self.people.iter().find(|slot| slot.person == person)
    }

    /// A person's slot, to be changed.
    pub fn of_mut(&mut self, person: RecordId) -> Option<&mut Slot> {
        self.people.iter_mut().find(|slot| slot.person == person)
    }

    /// Puts a person's slot in, in the place of the one they had.
    pub fn put(&mut self, slot: Slot) {
        match self.of_mut(slot.person) {
            Some(old) => *old = slot,
            None => self.people.push(slot),
        }
    }

    /// Takes a person's slot out, and the help that they asked for.
    pub fn remove(&mut self, person: RecordId) {
        self.people.retain(|slot| slot.person != person);
        if self
            .asked
            .as_ref()
            .is_some_and(|asked| asked.person == person)
        {
            self.asked = None;
        }
    }

    /// As it stands on the disk: what it is, a checksum of the rest, and the rest as CBOR.
    pub fn to_bytes(&self) -> Vec<u8> {
        octets::framed(MAGIC, self)
    }

    /// Reads what [`Self::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        if bytes.len() > MOST_BYTES {
            return Err(Unreadable::Damaged);
        }
        let (magic, rest) = bytes
            .split_at_checked(MAGIC.len())
            .ok_or(Unreadable::Damaged)?;
        if magic != MAGIC {
            let ours = magic[..7] == MAGIC[..7] && magic[7].is_ascii_digit();
            return Err(if ours {
                Unreadable::Newer
            } else {
                Unreadable::Damaged
            });
        }
        let body = octets::sound(rest).ok_or(Unreadable::Damaged)?;
        ciborium::from_reader(body).map_err(|_| Unreadable::Damaged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Slots {
        let mut slots = Slots::new(Language::Fr);
        let sealed = |n: u8| Sealed::new(&[1; 32], &[n; 32], b"key", &[7; 32]).unwrap();
        slots.put(Slot {
            person: RecordId::from_bytes([9; 16]),
            label: sealed(1),
            salt: Array([2; 32]),
            cost: Cost::FLOOR,
            key: sealed(2),
            wrong: 3,
            order: 1,
        });
        slots
    }

    #[test]
    fn what_is_written_is_read() {
        let slots = example();
        assert_eq!(Slots::from_bytes(&slots.to_bytes()), Ok(slots));
    }

    #[test]
    fn a_single_wrong_bit_anywhere_shows() {
        let bytes = example().to_bytes();
        for at in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[at / 8] ^= 1 << (at % 8);
            assert!(Slots::from_bytes(&flipped).is_err(), "bit {at}");
        }
        for end in 0..bytes.len() {
            assert!(Slots::from_bytes(&bytes[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn a_newer_file_is_not_taken_for_a_damaged_one() {
        let mut bytes = example().to_bytes();
        bytes[7] = b'2';
        assert_eq!(Slots::from_bytes(&bytes), Err(Unreadable::Newer));
    }

    #[test]
    fn what_is_sealed_opens_with_its_key_in_its_place_alone() {
        let sealed = Sealed::new(&[1; 32], &[2; 32], b"here", b"plain").unwrap();
        assert_eq!(sealed.open(&[1; 32], b"here").unwrap().as_slice(), b"plain");
        assert!(sealed.open(&[3; 32], b"here").is_none());
        assert!(sealed.open(&[1; 32], b"there").is_none());
    }

    /// The file outlives the app that wrote it: this one must always be read.
    #[test]
    fn the_format_is_frozen() {
        let hash = blake3::hash(&example().to_bytes());
        assert_eq!(
            hash.to_hex().as_str(),
            "af878e8522339a8500b03cdeb8dac5f895c29f641405967f82e160e8f7bf434c"
        );
    }
}
