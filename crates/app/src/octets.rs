//! Bytes in files that the app writes for itself.

use serde::{Deserialize, Serialize};

/// Bytes as one byte string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Octets(pub Vec<u8>);

impl Serialize for Octets {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Octets {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        ciborium::Value::deserialize(d)?
            .into_bytes()
            .map(Octets)
            .map_err(|_| serde::de::Error::custom("not a byte string"))
    }
}
