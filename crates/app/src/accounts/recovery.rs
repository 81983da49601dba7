//! A forgotten code, with no network: this laptop asks, a supervisor's laptop answers with thirty-two signs that can be
//! told on the telephone, and the person chooses a new code.
//!
//! The answer is good for one request alone, and only the supervisor's laptop can make it: it follows from the secret
//! halves of both, so it needs no signature, which would be four times as long.

use domain::ids::ReplicaId;
use domain::role::Role;
use serde::{Deserialize, Serialize};
use store::Key;
use sync::key::KeyPair;
use sync::octets::Array;
use x25519_dalek::{X25519_BASEPOINT_BYTES, x25519};
use zeroize::Zeroizing;

use super::slots::{RecoverySlot, Sealed};
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::surroundings::Random;
use crate::sync_client;

const MAGIC: &[u8; 8] = b"NYASKED1";
const SHORT_BYTES: usize = 16;
const CHECK_BYTES: usize = 4;
const KEY: &[u8] = b"nyetaa recovery: the database's key";
const BYTES: &[u8] = b"nyetaa recovery: the bytes that lock it";
const WHO: &[u8] = b"nyetaa recovery: who asks";
/// A request holds a few laptops that may help.
const MOST_BYTES: usize = 64 * 1024;
/// Without I, L, O and U, which are misheard or misread.
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The sealing keys of the laptops that may help someone here after a forgotten code: coaches of the district and the
/// nation, as the server says or as their accepted cards say.
pub fn helpers(cx: &Cx<'_>) -> Result<Vec<Key>> {
    let home = cx.author_here()?.home;
    let parent = cx.place(home).ok().and_then(|place| place.parent);
    let helps = |role: &str| matches!(Role::from_word(role), Some(Role::Coach | Role::Nation));
    let mut found = Vec::new();
    let mut gone: Vec<ReplicaId> = vec![cx.store().replica()];
    if let Some(readers) = sync_client::readers(cx, home.as_scope())? {
        gone.extend(readers.revoked.iter().map(|one| one.replica));
        for reader in &readers.readers {
            if let Some(seal) = &reader.seal
                && reader.posts().iter().any(|(role, _)| helps(role.word()))
                && !gone.contains(&ReplicaId::of_key(&reader.key))
            {
                found.push(seal.0);
            }
        }
    }
    for peer in cx.store().peers()? {
        let near = Some(peer.card.place.id) == parent
            || peer.card.place.id == home
            || Role::from_word(&peer.card.role) == Some(Role::Nation);
        if helps(&peer.card.role) && near && !gone.contains(&ReplicaId::of_key(&peer.card.key)) {
            found.push(peer.card.seal);
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// Locks the database's key up for a laptop that may help.
pub fn slot_for(to: &Key, key: &Key, random: &Random) -> Result<RecoverySlot> {
    let failed = || AppError::new("store-failed");
    let secret = Zeroizing::new(random()?);
    let fresh = x25519(*secret, X25519_BASEPOINT_BYTES);
    let drawn = Zeroizing::new(random()?);
    let short = &drawn[..SHORT_BYTES];
    let shared = shared(&secret, to, &fresh, to);
    Ok(RecoverySlot {
        to: Array(*to),
        fresh: Array(fresh),
        bytes: Sealed::new(&shared, &random()?, BYTES, short).ok_or_else(failed)?,
        key: Sealed::new(&lock_of(short), &random()?, KEY, key).ok_or_else(failed)?,
    })
}

/// What two halves of keys have in common, for the one purpose that both public halves name.
pub(super) fn shared(secret: &Key, public: &Key, fresh: &Key, to: &Key) -> Zeroizing<Key> {
    let mut hasher = blake3::Hasher::new_derive_key("nyetaa 2026-11-23 shared by request and help");
    let common = Zeroizing::new(x25519(*secret, *public));
    hasher.update(common.as_slice()).update(fresh).update(to);
    Zeroizing::new(*hasher.finalize().as_bytes())
}

fn lock_of(short: &[u8]) -> Zeroizing<Key> {
    Zeroizing::new(blake3::derive_key(
        "nyetaa 2026-11-23 lock of a recovery slot",
        short,
    ))
}

/// What goes to the supervisor: nothing in it can be read without one of the laptops that it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The public half of the key that the answer is made for.
    #[serde(rename = "f")]
    fresh: Array<32>,
    /// One line for each laptop that may help.
    #[serde(rename = "h")]
    helpers: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Line {
    #[serde(rename = "x")]
    to: Array<32>,
    #[serde(rename = "e")]
    fresh: Array<32>,
    #[serde(rename = "b")]
    bytes: Sealed,
    #[serde(rename = "w")]
    who: Sealed,
}

/// What the supervisor is told of the one who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// The person's name.
    #[serde(rename = "n")]
    pub name: String,
    /// Their role.
    #[serde(rename = "r")]
    pub role: Role,
}

/// Asks for help. `fresh` is the secret half of a key that was drawn for this request alone.
pub fn ask(slots: &[RecoverySlot], fresh: &Key, who: &Who, random: &Random) -> Result<Request> {
    let failed = || AppError::new("store-failed");
    let mut said = Vec::new();
    ciborium::into_writer(who, &mut said).map_err(|_| failed())?;
    let public = x25519(*fresh, X25519_BASEPOINT_BYTES);
    let helpers = slots.iter().map(|slot| {
        let shared = shared(fresh, &slot.to.0, &public, &slot.to.0);
        Ok(Line {
            to: slot.to,
            fresh: slot.fresh,
            bytes: slot.bytes.clone(),
            who: Sealed::new(&shared, &random()?, WHO, &said).ok_or_else(failed)?,
        })
    });
    Ok(Request {
        fresh: Array(public),
        helpers: helpers.collect::<Result<_>>()?,
    })
}

impl Request {
    /// As it stands in a file.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut bytes = MAGIC.to_vec();
        ciborium::into_writer(self, &mut bytes).map_err(|_| AppError::new("store-failed"))?;
        Ok(bytes)
    }

    /// Reads a file.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let unreadable = || AppError::new("recovery-file-unreadable");
        if bytes.len() > MOST_BYTES {
            return Err(unreadable());
        }
        let body = bytes.strip_prefix(MAGIC).ok_or_else(unreadable)?;
        ciborium::from_reader(body).map_err(|_| unreadable())
    }

    /// Ten signs that both people read to each other, so that the supervisor answers the request that was made.
    pub fn check(&self) -> Result<String> {
        let hash = blake3::derive_key("nyetaa 2026-11-23 check of a request", &self.to_bytes()?);
        Ok(check_signs(&hash))
    }

    /// Answers with the supervisor's own key, and tells who asks.
    ///
    /// # Errors
    /// `recovery-not-for-us` when the laptop that asks does not know this one.
    pub fn answer(&self, own: &KeyPair) -> Result<(Who, String)> {
        let secret = Zeroizing::new(own.seal_secret());
        let to = own.seal_public();
        let not_for_us = || AppError::new("recovery-not-for-us");
        let line = self.helpers.iter().find(|line| line.to.0 == to);
        let line = line.ok_or_else(not_for_us)?;
        let slot_key = shared(&secret, &line.fresh.0, &line.fresh.0, &to);
        let short = line.bytes.open(&slot_key, BYTES).ok_or_else(not_for_us)?;
        let common = shared(&secret, &self.fresh.0, &self.fresh.0, &to);
        let said = line.who.open(&common, WHO).ok_or_else(not_for_us)?;
        let who = ciborium::from_reader(said.as_slice()).map_err(|_| not_for_us())?;
        let mut answer = Zeroizing::new(masked(&common, &short));
        answer.extend_from_slice(&check_of(&short));
        Ok((who, in_groups(&signs(&answer), 4)))
    }
}

/// Ten signs of a hash, that two people read to each other.
pub fn check_signs(hash: &Key) -> String {
    in_groups(&signs(&hash[..7])[..10], 5)
}

/// The sixteen bytes hidden, or shown again, by what only request and help have in common. Each request has a key of its
/// own, so no mask is used twice.
fn masked(common: &Key, short: &[u8]) -> Vec<u8> {
    let mask = Zeroizing::new(blake3::derive_key(
        "nyetaa 2026-11-23 mask of an answer",
        common,
    ));
    short.iter().zip(mask.iter()).map(|(a, b)| a ^ b).collect()
}

fn check_of(short: &[u8]) -> [u8; CHECK_BYTES] {
    let hash = blake3::derive_key("nyetaa 2026-11-23 check of an answer", short);
    [hash[0], hash[1], hash[2], hash[3]]
}

/// The key of the database, out of the answer as it was typed, and the laptop that answered.
///
/// # Errors
/// `recovery-code-wrong` when it is no answer to this request.
pub fn finish(slots: &[RecoverySlot], fresh: &Key, typed: &str) -> Result<(Zeroizing<Key>, Key)> {
    let wrong = || AppError::new("recovery-code-wrong");
    let answer = Zeroizing::new(unsign(typed).ok_or_else(wrong)?);
    if answer.len() != SHORT_BYTES + CHECK_BYTES {
        return Err(wrong());
    }
    let (hidden, check) = answer.split_at(SHORT_BYTES);
    let public = x25519(*fresh, X25519_BASEPOINT_BYTES);
    for slot in slots {
        let common = shared(fresh, &slot.to.0, &public, &slot.to.0);
        let short = Zeroizing::new(masked(&common, hidden));
        if check_of(&short) == check
            && let Some(key) = slot.key.open_key(&lock_of(&short), KEY)
        {
            return Ok((key, slot.to.0));
        }
    }
    Err(wrong())
}

/// Bytes as signs, five bits each.
fn signs(bytes: &[u8]) -> String {
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| byte >> (7 - at % 8) & 1);
    (0..bytes.len() * 8)
        .step_by(5)
        .map(|at| SIGNS[(at..at + 5).fold(0, |n, at| n << 1 | usize::from(bit(at)))])
        .map(char::from)
        .collect()
}

/// Signs as bytes, however they were typed; `None` when one is no sign.
fn unsign(typed: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for c in typed.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        let c = match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        };
        let value = SIGNS.iter().position(|sign| char::from(*sign) == c)?;
        held = held << 5 | u32::try_from(value).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).ok()?);
            held &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}

fn in_groups(signs: &str, length: usize) -> String {
    let groups: Vec<String> = signs
        .as_bytes()
        .chunks(length)
        .map(|group| String::from_utf8_lossy(group).into_owned())
        .collect();
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU8, Ordering};

    fn drawn() -> Random {
        let next = AtomicU8::new(1);
        Arc::new(move || Ok([next.fetch_add(1, Ordering::Relaxed); 32]))
    }

    fn who() -> Who {
        Who {
            name: "Awa Traoré".to_owned(),
            role: Role::Lead,
        }
    }

    #[test]
    fn a_supervisor_answers_and_the_key_comes_back() {
        let random = drawn();
        let coach = KeyPair::from_secret(&[201; 32]);
        let nation = KeyPair::from_secret(&[202; 32]);
        let slots: Vec<RecoverySlot> = [&coach, &nation]
            .map(|helper| slot_for(&helper.seal_public(), &[42; 32], &random).unwrap())
            .into();
        for helper in [&coach, &nation] {
            let fresh = [77; 32];
            let request = ask(&slots, &fresh, &who(), &random).unwrap();
            let carried = Request::from_bytes(&request.to_bytes().unwrap()).unwrap();
            assert_eq!(carried.check().unwrap(), request.check().unwrap());
            let (told, answer) = carried.answer(helper).unwrap();
            assert_eq!(told, who());
            assert_eq!(
                answer.len(),
                32 + 7,
                "short enough for the telephone: {answer}"
            );
            let typed = answer.to_lowercase().replace('-', " ").replace('0', "o");
            let (key, by) = finish(&slots, &fresh, &typed).unwrap();
            assert_eq!((*key, by), ([42; 32], helper.seal_public()));
            // Heard wrongly, made for another request, or cut short.
            let mut wrong = answer.clone().into_bytes();
            wrong[0] = if wrong[0] == b'7' { b'8' } else { b'7' };
            let wrong = String::from_utf8(wrong).unwrap();
            for (fresh, typed) in [
                (fresh, wrong.as_str()),
                ([78; 32], &answer),
                (fresh, &answer[..20]),
                (fresh, "é"),
            ] {
                let refused = finish(&slots, &fresh, typed).unwrap_err();
                assert_eq!(refused.code, "recovery-code-wrong");
            }
        }
    }

    #[test]
    fn another_laptop_cannot_answer() {
        let random = drawn();
        let coach = KeyPair::from_secret(&[201; 32]);
        let slots = [slot_for(&coach.seal_public(), &[42; 32], &random).unwrap()];
        let request = ask(&slots, &[77; 32], &who(), &random).unwrap();
        let stranger = KeyPair::from_secret(&[203; 32]);
        assert_eq!(
            request.answer(&stranger).unwrap_err().code,
            "recovery-not-for-us"
        );
        let bytes = request.to_bytes().unwrap();
        let name = "Awa".as_bytes();
        assert!(
            !bytes.windows(name.len()).any(|part| part == name),
            "no name stands in it"
        );
    }

    #[test]
    fn signs_come_back_whatever_their_number() {
        for length in 0..40_u8 {
            let bytes: Vec<u8> = (0..length).map(|n| n.wrapping_mul(37) ^ length).collect();
            assert_eq!(unsign(&signs(&bytes)).unwrap()[..bytes.len()], bytes);
        }
    }
}
