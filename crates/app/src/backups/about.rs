//! What stands beside each backup: what it is, and the wrapped keys with which it can be opened wherever it is carried.
//! No name and nothing that was typed.

use serde::{Deserialize, Serialize};

use crate::octets::{self, Octets};

/// What the file begins with; the last sign is the version of the format.
const MAGIC: &[u8; 8] = b"NYSAUVE1";

/// Why a backup was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export, rename = "BackupReason")]
pub enum Reason {
    /// Somebody asked for it.
    Asked,
    /// Something had changed for half an hour.
    Interval,
    /// The app was closed or locked.
    Close,
    /// Before a newer app changed the database's form.
    Update,
    /// Before going back to an earlier one.
    Restore,
    /// Before a file was imported.
    Import,
    /// Before and after the database got another key.
    Key,
}

/// A backup as its own file tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Counts up; no clock has a say in which is newer.
    #[serde(rename = "n")]
    pub no: u64,
    /// Why it was made.
    #[serde(rename = "r")]
    pub reason: Reason,
    /// When, in milliseconds since 1970 by this computer's clock: to be read, never compared.
    #[serde(rename = "t")]
    pub at_ms: u64,
    /// The app that made it.
    #[serde(rename = "v")]
    pub version: String,
    /// Its length in bytes.
    #[serde(rename = "l")]
    pub bytes: u64,
    /// Streams, segments, saves and values that stand beside others, as they were counted in it.
    #[serde(rename = "h")]
    pub holds: [u64; 4],
    /// The file of slots as it was then; none before anybody had a code.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub slots: Option<Octets>,
}

impl About {
    /// As it stands on the disk: what it is, a checksum of the rest, and the rest as CBOR.
    pub fn to_bytes(&self) -> Vec<u8> {
        octets::framed(MAGIC, self)
    }

    /// Reads what [`Self::to_bytes`] wrote; nothing of a file that is not whole, or that a newer app wrote.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let body = octets::sound(bytes.strip_prefix(MAGIC)?)?;
        ciborium::from_reader(body).ok()
    }

    /// Whether a database holds just what this one did when it was made.
    pub fn is_of(&self, holds: &store::Holds) -> bool {
        self.holds == numbers(holds)
    }
}

/// What a database holds, as it is written down.
pub fn numbers(holds: &store::Holds) -> [u64; 4] {
    [holds.streams, holds.segments, holds.saves, holds.heads]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> About {
        About {
            no: 12,
            reason: Reason::Close,
            at_ms: 1_784_116_800_000,
            version: "0.1.0".to_owned(),
            bytes: 4096,
            holds: [1, 2, 3, 4],
            slots: Some(Octets(vec![7; 40])),
        }
    }

    #[test]
    fn what_is_written_is_read_and_a_wrong_bit_shows() {
        let bytes = example().to_bytes();
        assert_eq!(About::from_bytes(&bytes), Some(example()));
        for at in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[at / 8] ^= 1 << (at % 8);
            assert_eq!(About::from_bytes(&flipped), None, "bit {at}");
        }
    }

    /// The file outlives the app that wrote it: this one must always be read.
    #[test]
    fn the_format_is_frozen() {
        let hash = blake3::hash(&example().to_bytes());
        assert_eq!(
            hash.to_hex().as_str(),
            "4f6d84926c085d29396e0cad6a3749a3cb442b2e6b3411aee1f793115b329a24"
        );
    }
}
