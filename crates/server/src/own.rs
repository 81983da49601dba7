//! The server as a replica of its own: it writes sums into the scopes of regions and of the nation, in ordinary
//! segments that laptops verify like any other.
//!
//! Its signing key for that is derived from the server's secret and the epoch. A server that was put back from a
//! backup begins a new epoch, and with it a new stream: a number that a lost life of it may have used is never
//! given to something else. There are only [`LIVES`] such keys, so that a server knows its own segments again
//! whenever a laptop brings them back.

use domain::ids::{RecordId, ReplicaId};
use sync::key::KeyPair;

/// How many keys there are.
const LIVES: u16 = 1_024;
/// The word that stands for the server where others have a role.
pub const ROLE: &str = "server";

/// The key that the server writes with in this epoch.
pub fn writer(secret: &[u8; 32], epoch: &[u8; 16]) -> KeyPair {
    of_life(secret, u16::from_le_bytes([epoch[0], epoch[1]]) % LIVES)
}

/// The server in each of its lives, with the public key it has there.
pub fn all(secret: &[u8; 32]) -> impl Iterator<Item = (ReplicaId, [u8; 32])> {
    (0..LIVES).map(|life| {
        let key = of_life(secret, life);
        (key.replica(), key.public())
    })
}

/// The public key of the life of the server that wrote as `replica`, `None` when that was somebody else.
pub fn key_of(secret: &[u8; 32], replica: ReplicaId) -> Option<[u8; 32]> {
    all(secret).find_map(|(own, key)| (own == replica).then_some(key))
}

/// Who stands as the author of what the server writes.
pub fn author(replica: ReplicaId) -> RecordId {
    RecordId::counted(replica, 0)
}

fn of_life(secret: &[u8; 32], life: u16) -> KeyPair {
    let mut hasher = blake3::Hasher::new_derive_key("nyetaa 2026-11-22 the server as a replica");
    hasher.update(secret);
    hasher.update(&life.to_le_bytes());
    KeyPair::from_secret(hasher.finalize().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_knows_itself_again_in_another_life() {
        let (secret, epoch) = ([7; 32], [9; 16]);
        let key = writer(&secret, &epoch);
        let known = |secret| all(&secret).any(|own| own == (key.replica(), key.public()));
        assert!(known(secret));
        assert!(!known([8; 32]));
        assert_ne!(writer(&secret, &[10; 16]).public(), key.public());
    }
}
