//! The key of the database, locked up once for each person and once for each laptop that may help: bytes in, bytes out.
//!
//! The key itself stands nowhere. A person has a [`Pair`] of keys: the secret half opens with what
//! [`super::secret::stretch`] makes of their code and of the computer's secret, and the database's key is sealed to the public
//! half, so that it can be another one tomorrow without anybody's code. A [`RecoverySlot`] opens with the sealing key of a
//! supervisor's laptop.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use domain::ids::RecordId;
use domain::role::Role;
use domain::text::Language;
use serde::{Deserialize, Serialize};
use store::Key;
use sync::octets::Array;
use x25519_dalek::{X25519_BASEPOINT_BYTES, x25519};
use zeroize::Zeroizing;

use super::recovery::{shared, slot_for};
use super::secret::Cost;
use crate::error::{AppError, Result};
use crate::octets::{self, Octets};
use crate::surroundings::Random;

/// What the file begins with; the last sign is the version of the format.
const MAGIC: &[u8; 8] = b"NYSLOTS2";
/// The same for as long as no person has a pair of keys: as the first apps wrote it.
const MAGIC_OF_CODES: &[u8; 8] = b"NYSLOTS1";
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
    /// How many keys the database has had before this one.
    #[serde(rename = "g", default, skip_serializing_if = "is_zero")]
    pub generation: u64,
    /// Whether somebody may know the key who has no access any more: the database gets another one at the next opening.
    #[serde(rename = "w", default, skip_serializing_if = "is_not")]
    pub known_elsewhere: bool,
    /// The keys before this one, the first one first, each locked with the one of today: backups were made with them.
    #[serde(rename = "o", default, skip_serializing_if = "Vec::is_empty")]
    pub older: Vec<Sealed>,
    /// The key that is about to take the place of this one. Which of the two counts is told by the database itself.
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Next>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "as serde asks for it")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "as serde asks for it")]
fn is_not(said: &bool) -> bool {
    !said
}

/// All that is locked with the next key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Next {
    /// What the database begins with that is locked with it.
    #[serde(rename = "s")]
    pub begins: Array<16>,
    /// The key, for each person.
    #[serde(rename = "p")]
    pub people: Vec<(RecordId, Boxed)>,
    /// The key, for each laptop that may help.
    #[serde(rename = "r")]
    pub recovery: Vec<RecoverySlot>,
    /// The keys before it.
    #[serde(rename = "o")]
    pub older: Vec<Sealed>,
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
    /// The database's key, locked with the code itself, as the first apps did it; until the person comes in again.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Sealed>,
    /// The person's keys.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub pair: Option<Pair>,
    /// Wrong codes since the last right one.
    #[serde(rename = "x", default)]
    pub wrong: u32,
    /// The file's serial number when this person last came in: who worked last is offered first.
    #[serde(rename = "o", default)]
    pub order: u64,
}

/// A person's own keys, and the database's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// The public half.
    #[serde(rename = "x")]
    pub public: Array<32>,
    /// The secret half, which opens with what the code is stretched to.
    #[serde(rename = "s")]
    pub secret: Sealed,
    /// The database's key, for whoever has the secret half.
    #[serde(rename = "k")]
    pub key: Boxed,
}

/// The database's key, sealed to a public key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Boxed {
    /// The public half of the key that was drawn for this alone.
    #[serde(rename = "e")]
    pub fresh: Array<32>,
    /// The key.
    #[serde(rename = "k")]
    pub key: Sealed,
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
    /// The file's serial number then.
    #[serde(rename = "n", default)]
    pub serial: u64,
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

/// What an older key is locked for.
const OLDER: &[u8] = b"nyetaa an older key of the database";

impl Boxed {
    /// Seals `key` to the person who has the secret half of `to`.
    pub fn new(to: &Key, key: &Key, person: RecordId, random: &Random) -> Result<Self> {
        let secret = Zeroizing::new(random()?);
        let fresh = x25519(*secret, X25519_BASEPOINT_BYTES);
        let lock = shared(&secret, to, &fresh, to);
        Ok(Self {
            fresh: Array(fresh),
            key: sealed(&lock, random, person.as_bytes(), key)?,
        })
    }

    /// Opens it with the secret half.
    fn open(&self, secret: &Key, public: &Key, person: RecordId) -> Option<Zeroizing<Key>> {
        let lock = shared(secret, &self.fresh.0, &self.fresh.0, public);
        self.key.open_key(&lock, person.as_bytes())
    }
}

impl Pair {
    /// New keys for a person, the secret half locked with what their code is stretched to, and `key` sealed to them.
    pub fn new(stretched: &Key, key: &Key, person: RecordId, random: &Random) -> Result<Self> {
        let secret = Zeroizing::new(random()?);
        let public = x25519(*secret, X25519_BASEPOINT_BYTES);
        Ok(Self {
            public: Array(public),
            secret: sealed(stretched, random, person.as_bytes(), &secret)?,
            key: Boxed::new(&public, key, person, random)?,
        })
    }
}

impl Slot {
    /// The database's key, by what the code is stretched to; `None` with another one.
    pub fn open(&self, stretched: &Key) -> Option<Zeroizing<Key>> {
        let context = self.person.as_bytes();
        match (&self.pair, &self.key) {
            (Some(pair), _) => {
                let secret = pair.secret.open_key(stretched, context)?;
                pair.key.open(&secret, &pair.public.0, self.person)
            }
            (None, Some(key)) => key.open_key(stretched, context),
            (None, None) => None,
        }
    }
}

fn sealed(lock: &Key, random: &Random, context: &[u8], plain: &Key) -> Result<Sealed> {
    Sealed::new(lock, &random()?, context, plain).ok_or_else(|| AppError::new("store-failed"))
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
            generation: 0,
            known_elsewhere: false,
            older: Vec::new(),
            next: None,
        }
    }

    /// The keys before `key`, the first one first.
    pub fn older_keys(&self, key: &Key) -> Vec<Zeroizing<Key>> {
        let older = self.older.iter();
        older.filter_map(|one| one.open_key(key, OLDER)).collect()
    }

    /// Makes everything ready for `new` to take the place of `old`, in a database that begins with `begins`.
    ///
    /// # Errors
    /// `key-waits` when somebody has not come in since the first apps: only their code could lock the new one up.
    pub fn make_ready(
        &mut self,
        begins: [u8; 16],
        old: &Key,
        new: &Key,
        random: &Random,
    ) -> Result<()> {
        let people = self.people.iter().map(|slot| {
            let pair = slot.pair.as_ref();
            let pair = pair.ok_or_else(|| AppError::new("key-waits"))?;
            let boxed = Boxed::new(&pair.public.0, new, slot.person, random)?;
            Ok((slot.person, boxed))
        });
        let people = people.collect::<Result<_>>()?;
        let helpers = self.recovery.iter();
        let recovery = helpers.map(|slot| slot_for(&slot.to.0, new, random));
        let recovery = recovery.collect::<Result<_>>()?;
        let mut keys = self.older_keys(old);
        keys.push(Zeroizing::new(*old));
        let older = keys.iter().map(|one| sealed(new, random, OLDER, one));
        self.next = Some(Next {
            begins: Array(begins),
            people,
            recovery,
            older: older.collect::<Result<_>>()?,
        });
        Ok(())
    }

    /// Lets the next key count when the database, which begins with `begins`, is locked with it, and else forgets it.
    /// Answers whether it counts.
    pub fn settle(&mut self, begins: Option<[u8; 16]>) -> bool {
        let next = self.next.take();
        let Some(next) = next.filter(|next| begins == Some(next.begins.0)) else {
            return false;
        };
        for (person, boxed) in next.people {
            if let Some(pair) = self.of_mut(person).and_then(|slot| slot.pair.as_mut()) {
                pair.key = boxed;
            }
        }
        self.recovery = next.recovery;
        self.older = next.older;
        self.generation += 1;
        self.known_elsewhere = false;
        // The answer to it would open what is no longer there.
        self.asked = None;
        true
    }

    /// Ends the help that a person asked for: they have a code.
    pub fn no_longer_asks(&mut self, person: RecordId) {
        self.asked = self.asked.take().filter(|asked| asked.person != person);
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
        self.no_longer_asks(person);
    }

    /// As it stands on the disk: what it is, a checksum of the rest, and the rest as CBOR.
    pub fn to_bytes(&self) -> Vec<u8> {
        let codes_alone = self.people.iter().all(|slot| slot.pair.is_none());
        octets::framed(if codes_alone { MAGIC_OF_CODES } else { MAGIC }, self)
    }

    /// Reads what [`Self::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> std::result::Result<Self, Unreadable> {
        if bytes.len() > MOST_BYTES {
            return Err(Unreadable::Damaged);
        }
        let (magic, rest) = bytes
            .split_at_checked(MAGIC.len())
            .ok_or(Unreadable::Damaged)?;
        if magic != MAGIC && magic != MAGIC_OF_CODES {
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
            key: Some(sealed(2)),
            pair: None,
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
        bytes[7] = b'3';
        assert_eq!(Slots::from_bytes(&bytes), Err(Unreadable::Newer));
    }

    #[test]
    fn what_is_sealed_opens_with_its_key_in_its_place_alone() {
        let sealed = Sealed::new(&[1; 32], &[2; 32], b"here", b"plain").unwrap();
        assert_eq!(sealed.open(&[1; 32], b"here").unwrap().as_slice(), b"plain");
        assert!(sealed.open(&[3; 32], b"here").is_none());
        assert!(sealed.open(&[1; 32], b"there").is_none());
    }

    fn drawn() -> Random {
        let next = std::sync::atomic::AtomicU8::new(1);
        std::sync::Arc::new(move || {
            Ok([next.fetch_add(1, std::sync::atomic::Ordering::Relaxed); 32])
        })
    }

    const PERSON: RecordId = RecordId::from_bytes([9; 16]);

    /// One person and one helper, by whose keys the database's key `[42; 32]` opens.
    fn of_today() -> Slots {
        let (random, mut slots) = (drawn(), example());
        let slot = slots.of_mut(PERSON).unwrap();
        slot.key = None;
        slot.pair = Some(Pair::new(&[3; 32], &[42; 32], PERSON, &random).unwrap());
        let helper = sync::key::KeyPair::from_secret(&[201; 32]).seal_public();
        slots.recovery = vec![slot_for(&helper, &[42; 32], &random).unwrap()];
        slots.known_elsewhere = true;
        slots
    }

    #[test]
    fn the_next_key_counts_once_the_database_is_locked_with_it_and_no_sooner() {
        let random = drawn();
        let mut slots = of_today();
        for generation in 1..4_u8 {
            let (old, new) = ([41 + generation; 32], [42 + generation; 32]);
            slots
                .make_ready([generation; 16], &old, &new, &random)
                .unwrap();
            slots = Slots::from_bytes(&slots.to_bytes()).unwrap();
            let mut given_up = slots.clone();
            given_up.settle(Some([99; 16]));
            let key = given_up.of(PERSON).unwrap().open(&[3; 32]).unwrap();
            assert_eq!((*key, given_up.known_elsewhere), (old, true));
            slots.settle(Some([generation; 16]));
            let slot = slots.of(PERSON).unwrap();
            assert_eq!(*slot.open(&[3; 32]).unwrap(), new);
            assert!(slot.open(&[4; 32]).is_none(), "another code");
            assert!(!slots.known_elsewhere && slots.next.is_none());
            let older: Vec<Key> = slots.older_keys(&new).iter().map(|key| **key).collect();
            let all: Vec<Key> = (0..generation).map(|one| [42 + one; 32]).collect();
            assert_eq!(older, all, "backups of every time open still");
            assert!(slots.older_keys(&old).is_empty(), "and for nobody else");
            slots.known_elsewhere = true;
        }
    }

    #[test]
    fn somebody_who_has_only_a_code_is_waited_for() {
        let refused = example().make_ready([1; 16], &[42; 32], &[43; 32], &drawn());
        assert_eq!(refused.unwrap_err().code, "key-waits");
    }

    /// So is the one that follows it.
    #[test]
    fn the_format_with_pairs_is_frozen() {
        let mut slots = of_today();
        let random = drawn();
        slots
            .make_ready([5; 16], &[42; 32], &[43; 32], &random)
            .unwrap();
        assert_eq!(Slots::from_bytes(&slots.to_bytes()), Ok(slots.clone()));
        let hash = blake3::hash(&slots.to_bytes());
        assert_eq!(
            hash.to_hex().as_str(),
            "6a32a656f6ad13c9d1f5806445ff291a6c1e311869f3d4b9ca1d202263a44c31"
        );
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
