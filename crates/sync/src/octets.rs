//! Byte strings as CBOR byte strings: serde on its own would write a list of numbers.

use std::fmt;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes of any length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Octets(pub Vec<u8>);

impl Serialize for Octets {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Octets {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl<'de> Visitor<'de> for Bytes {
            type Value = Vec<u8>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a byte string")
            }
            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }
            fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
                Ok(bytes)
            }
        }
        d.deserialize_byte_buf(Bytes).map(Octets)
    }
}

/// `#[serde(with = "octets::vec")]` for `Vec<u8>`.
pub(crate) mod vec {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], s: S) -> Result<S::Ok, S::Error> {
        s.serialize_bytes(bytes)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<u8>, D::Error> {
        Octets::deserialize(d).map(|octets| octets.0)
    }
}

/// `#[serde(with = "octets::array")]` for `[u8; N]`.
pub(crate) mod array {
    use super::*;

    pub(crate) fn serialize<S: Serializer, const N: usize>(
        bytes: &[u8; N],
        s: S,
    ) -> Result<S::Ok, S::Error> {
        s.serialize_bytes(bytes)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>, const N: usize>(
        d: D,
    ) -> Result<[u8; N], D::Error> {
        let bytes = Octets::deserialize(d)?.0;
        bytes
            .try_into()
            .map_err(|_| D::Error::custom("a byte string of another length"))
    }
}

struct Borrowed<'a>(&'a [u8]);

impl Serialize for Borrowed<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_bytes(self.0)
    }
}

/// Byte strings, and how many of them are read at most: an empty one takes a byte on the wire and twenty-four here.
struct List<const MOST: usize>;

impl<'de, const MOST: usize> Visitor<'de> for List<MOST> {
    type Value = Vec<Vec<u8>>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of byte strings")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Octets(bytes)) = seq.next_element()? {
            if list.len() == MOST {
                return Err(A::Error::custom("too many byte strings"));
            }
            list.push(bytes);
        }
        Ok(list)
    }
}

/// `#[serde(with = "octets::list")]` for the segments of a message.
pub(crate) mod list {
    use super::*;
    use crate::wire::limits;

    pub(crate) fn serialize<S: Serializer>(list: &[Vec<u8>], s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(list.iter().map(|bytes| Borrowed(bytes)))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<Vec<u8>>, D::Error> {
        d.deserialize_seq(List::<{ limits::SEGMENTS }>)
    }
}

/// `#[serde(with = "octets::long_list")]` for the segments of a bundle.
pub(crate) mod long_list {
    use super::*;
    use crate::bundle::MAX_ITEMS;

    pub(crate) use super::list::serialize;

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<Vec<u8>>, D::Error> {
        d.deserialize_seq(List::<MAX_ITEMS>)
    }
}

/// `#[serde(with = "octets::vouched")]` for files with a statement about each.
pub(crate) mod vouched {
    use super::*;
    use crate::wire::Signed;

    pub(crate) fn serialize<S: Serializer>(
        list: &[(Vec<u8>, Signed)],
        s: S,
    ) -> Result<S::Ok, S::Error> {
        s.collect_seq(list.iter().map(|(bytes, signed)| (Borrowed(bytes), signed)))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        d: D,
    ) -> Result<Vec<(Vec<u8>, Signed)>, D::Error> {
        let list = Vec::<(Octets, Signed)>::deserialize(d)?;
        Ok(list
            .into_iter()
            .map(|(Octets(bytes), signed)| (bytes, signed))
            .collect())
    }
}

/// A fixed number of bytes that writes itself as one byte string, where an attribute cannot say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Array<const N: usize>(pub [u8; N]);

impl<const N: usize> Serialize for Array<N> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_bytes(&self.0)
    }
}

impl<'de, const N: usize> Deserialize<'de> for Array<N> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        array::deserialize(d).map(Array)
    }
}
