//! A server that was stolen is replaced from a distance: by a second key pair that never was on it, its heir.

use serde::{Deserialize, Serialize};

use super::{Purpose, Signed, WireError, to_bytes};
use crate::key::KeyPair;
use crate::octets;

/// Successions of one server at most: so many statements travel together.
pub const MOST_SUCCESSIONS: usize = 32;

/// The key that may name another server, as a server's grant tells it ([`Terms`](super::Terms)). A laptop keeps the first one
/// that it was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heir {
    /// Its public key.
    #[serde(rename = "k", with = "octets::array")]
    pub key: [u8; 32],
    /// The number of the last [`Succession`] that came before, 0 when there was none: only later ones count.
    #[serde(rename = "n")]
    pub since: u32,
}

/// From now on another key is the server's. Signed by the heir ([`Purpose::Succession`]) that whoever reads it was told
/// earlier, and by nobody else: whoever has the server's own key cannot make one. One that names the same key before and after
/// only says that there is another heir.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Succession {
    /// Counts up with each succession, from 1.
    #[serde(rename = "n")]
    pub number: u32,
    /// The public key that is no longer believed.
    #[serde(rename = "b", with = "octets::array")]
    pub before: [u8; 32],
    /// The public key that is believed instead.
    #[serde(rename = "a", with = "octets::array")]
    pub after: [u8; 32],
    /// What bundles for the server are encrypted to from then on.
    #[serde(rename = "x", with = "octets::array")]
    pub seal: [u8; 32],
    /// The epoch that begins with it.
    #[serde(rename = "e", with = "octets::array")]
    pub epoch: [u8; 16],
    /// The public key of the heir that may name the next one.
    #[serde(rename = "h", with = "octets::array")]
    pub heir: [u8; 32],
}

impl Succession {
    /// Signs it with the heir's key.
    pub fn sign(&self, heir: &KeyPair) -> Result<Signed, WireError> {
        Ok(Signed::sign(heir, Purpose::Succession, to_bytes(self)?))
    }

    /// Reads a statement that says to one who believes `server` and was told of `heir` which key to believe now. `None` for one
    /// that says nothing to them: of another server, by another heir, or no later than what they know.
    pub fn open(signed: &Signed, server: &[u8; 32], heir: &Heir) -> Option<Self> {
        let said = Self::from_bytes(&signed.body).ok()?;
        let genuine = signed.verify(&heir.key, Purpose::Succession).is_ok();
        let follows = said.before == *server && said.number > heir.since;
        (genuine && follows).then_some(said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: u8) -> KeyPair {
        KeyPair::from_secret(&[n; 32])
    }

    fn succession() -> Succession {
        Succession {
            number: 2,
            before: key(1).public(),
            after: key(2).public(),
            seal: key(2).seal_public(),
            epoch: [9; 16],
            heir: key(8).public(),
        }
    }

    fn told(n: u8, since: u32) -> Heir {
        Heir {
            key: key(n).public(),
            since,
        }
    }

    #[test]
    fn it_speaks_to_those_who_were_told_of_the_heir_and_believe_the_old_key() {
        let signed = succession().sign(&key(8)).unwrap();
        let server = key(1).public();
        assert_eq!(
            Succession::open(&signed, &server, &told(8, 1)),
            Some(succession())
        );
        let refused = [
            (signed.clone(), server, told(7, 1), "of another heir"),
            (
                signed.clone(),
                key(3).public(),
                told(8, 1),
                "another server",
            ),
            (signed.clone(), server, told(8, 2), "an older number again"),
            (
                succession().sign(&key(1)).unwrap(),
                server,
                told(8, 1),
                "signed by the server itself",
            ),
            (
                Signed::sign(&key(8), Purpose::Grant, signed.body.clone()),
                server,
                told(8, 1),
                "signed for something else",
            ),
        ];
        for (signed, server, heir, why) in refused {
            assert_eq!(Succession::open(&signed, &server, &heir), None, "{why}");
        }
        for at in 0..signed.body.len() {
            let mut altered = signed.clone();
            altered.body[at] ^= 1;
            let read = Succession::open(&altered, &server, &told(8, 1));
            assert_eq!(read, None, "byte {at}");
        }
    }
}
