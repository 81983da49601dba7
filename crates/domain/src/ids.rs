//! Identifiers: 16 bytes each, written as 32 hexadecimal digits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an identifier is 32 hexadecimal digits")]
pub struct NotAnId;

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// From its 16 bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// From a slice that must be 16 bytes long.
            pub fn from_slice(bytes: &[u8]) -> Result<Self, NotAnId> {
                bytes.try_into().map(Self).map_err(|_| NotAnId)
            }

            /// Its 16 bytes.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{self}")
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                if text.len() != 32 || !text.is_ascii() {
                    return Err(NotAnId);
                }
                let mut bytes = [0; 16];
                for (i, byte) in bytes.iter_mut().enumerate() {
                    *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).map_err(|_| NotAnId)?;
                }
                Ok(Self(bytes))
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                if s.is_human_readable() {
                    s.collect_str(self)
                } else {
                    s.serialize_bytes(&self.0)
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                struct Visitor;
                impl serde::de::Visitor<'_> for Visitor {
                    type Value = $name;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("an identifier")
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$name, E> {
                        text.parse().map_err(E::custom)
                    }
                    fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<$name, E> {
                        $name::from_slice(bytes).map_err(E::custom)
                    }
                }
                if d.is_human_readable() {
                    d.deserialize_str(Visitor)
                } else {
                    d.deserialize_bytes(Visitor)
                }
            }
        }
    };
}

id_type!(
    /// One installation's own log: the first half of BLAKE3 of its public key (`sync.md` §2.1).
    ReplicaId
);
id_type!(
    /// A record: a counter of the replica that made it, or a hash of its natural key.
    RecordId
);
id_type!(
    /// What is shared as a whole: the place (facility, district, region or nation) whose record it is.
    ScopeId
);

/// The first bit tells the two families of record identifiers apart.
const NATURAL: u8 = 0x80;

impl ReplicaId {
    /// The replica of an Ed25519 public key.
    pub fn of_key(public_key: &[u8; 32]) -> Self {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&blake3::hash(public_key).as_bytes()[..16]);
        Self(bytes)
    }
}

impl RecordId {
    /// The `counter`-th record made by `replica`. Ten bytes of the replica, six of the counter.
    pub fn counted(replica: ReplicaId, counter: u64) -> Self {
        let mut bytes = *replica.as_bytes();
        bytes[0] &= !NATURAL;
        bytes[10..].copy_from_slice(&counter.to_be_bytes()[2..]);
        Self(bytes)
    }

    /// The record of a natural key, so that two laptops that open the same month meet in one record.
    ///
    /// Each part is hashed with its length, so `["ab", "c"]` and `["a", "bc"]` differ.
    pub fn natural(parts: &[&[u8]]) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        bytes[0] |= NATURAL;
        Self(bytes)
    }

    /// The record of a place that ships with the app, by its catalogue code.
    pub fn of_place_code(code: &str) -> Self {
        Self::natural(&[b"place", code.as_bytes()])
    }

    /// Whether it was counted (and so packs small on the wire) or hashed.
    pub fn is_counted(&self) -> bool {
        self.0[0] & NATURAL == 0
    }

    /// Who stands as the author of what a replica writes by itself, with no person at it: the server, of its sums, say.
    ///
    /// ```
    /// use domain::ids::{RecordId, ReplicaId};
    /// let server = ReplicaId::of_key(&[7; 32]);
    /// assert!(RecordId::author_itself(server).is_nobody());
    /// assert!(!RecordId::counted(server, 1).is_nobody());
    /// ```
    pub fn author_itself(replica: ReplicaId) -> Self {
        Self::counted(replica, 0)
    }

    /// Whether it stands for a replica itself and for no person.
    pub fn is_nobody(&self) -> bool {
        self.is_counted() && self.0[10..] == [0; 6]
    }

    /// The scope that this place's records are shared in.
    pub fn as_scope(self) -> ScopeId {
        ScopeId(self.0)
    }
}

impl ScopeId {
    /// The record of the place that this scope belongs to.
    pub fn place(self) -> RecordId {
        RecordId(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips() {
        let id = RecordId::natural(&[b"a"]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("zz".parse::<RecordId>(), Err(NotAnId));
    }

    #[test]
    fn the_two_families_never_meet() {
        let replica = ReplicaId::of_key(&[7; 32]);
        assert!(RecordId::counted(replica, 1).is_counted());
        assert!(!RecordId::natural(&[b"a"]).is_counted());
        assert_ne!(RecordId::counted(replica, 1), RecordId::counted(replica, 2));
    }

    #[test]
    fn parts_of_a_natural_key_do_not_run_together() {
        assert_ne!(
            RecordId::natural(&[b"ab", b"c"]),
            RecordId::natural(&[b"a", b"bc"])
        );
    }
}
