//! Bytes in files that the app writes for itself.

use serde::{Deserialize, Serialize};

/// The length of a checksum.
const CHECKSUM_BYTES: usize = 32;

/// A small file: what it is, a BLAKE3 checksum of the rest, and the rest as CBOR.
pub fn framed(magic: &[u8], content: &impl Serialize) -> Vec<u8> {
    let mut body = Vec::new();
    // Writing to memory does not fail, and nothing that is written so refuses to be.
    let _ = ciborium::into_writer(content, &mut body);
    let mut bytes = magic.to_vec();
    bytes.extend_from_slice(blake3::hash(&body).as_bytes());
    bytes.append(&mut body);
    bytes
}

/// The CBOR of such a file, given what follows after the words of what it is; `None` when the checksum does not agree.
pub fn sound(rest: &[u8]) -> Option<&[u8]> {
    let (sum, body) = rest.split_at_checked(CHECKSUM_BYTES)?;
    (blake3::hash(body).as_bytes() == sum).then_some(body)
}

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
