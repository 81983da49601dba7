//! How far every stream has come: exact, since streams are dense and only grow.

use std::collections::BTreeMap;

use domain::ids::{ReplicaId, ScopeId};
use serde::de::{Error as _, SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The most streams that a vector is read with: some ten times the country.
pub const MAX_STREAMS: usize = 200_000;

/// The last number of each stream, by scope and replica. A stream at 0 is as good as absent.
///
/// In CBOR: a list of `[scope, [replica, number, …]]`, so a scope is written once for all its streams.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Vector(BTreeMap<(ScopeId, ReplicaId), u64>);

impl Vector {
    /// One that knows of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The last number of a stream, 0 when it is unknown.
    pub fn get(&self, scope: ScopeId, replica: ReplicaId) -> u64 {
        self.0.get(&(scope, replica)).copied().unwrap_or(0)
    }

    /// Says how far a stream has come.
    pub fn set(&mut self, scope: ScopeId, replica: ReplicaId, seq: u64) {
        if seq == 0 {
            self.0.remove(&(scope, replica));
        } else {
            self.0.insert((scope, replica), seq);
        }
    }

    /// Every stream with its last number, by scope, then replica.
    pub fn iter(&self) -> impl Iterator<Item = (ScopeId, ReplicaId, u64)> {
        self.0
            .iter()
            .map(|((scope, replica), seq)| (*scope, *replica, *seq))
    }

    /// How many streams it knows of.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it knows of none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Eight bytes that tell two vectors apart: the first of BLAKE3 over each scope, replica and number
    /// (16, 16 and 8 little-endian bytes) in order.
    pub fn digest(&self) -> [u8; 8] {
        let mut hasher = blake3::Hasher::new();
        for (scope, replica, seq) in self.iter() {
            hasher.update(scope.as_bytes());
            hasher.update(replica.as_bytes());
            hasher.update(&seq.to_le_bytes());
        }
        let mut digest = [0; 8];
        digest.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        digest
    }
}

impl FromIterator<(ScopeId, ReplicaId, u64)> for Vector {
    fn from_iter<I: IntoIterator<Item = (ScopeId, ReplicaId, u64)>>(streams: I) -> Self {
        let mut vector = Self::new();
        for (scope, replica, seq) in streams {
            vector.set(scope, replica, seq);
        }
        vector
    }
}

/// The streams of one scope, flat: replica, number, replica, number, …
struct Streams(Vec<(ReplicaId, u64)>);

impl Serialize for Streams {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut seq = s.serialize_seq(Some(2 * self.0.len()))?;
        for (replica, number) in &self.0 {
            seq.serialize_element(replica)?;
            seq.serialize_element(number)?;
        }
        seq.end()
    }
}

impl<'de> Deserialize<'de> for Streams {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Flat;
        impl<'de> Visitor<'de> for Flat {
            type Value = Streams;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("replicas and numbers in turn")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Streams, A::Error> {
                let mut streams = Vec::new();
                while let Some(replica) = seq.next_element()? {
                    let number = seq
                        .next_element()?
                        .ok_or_else(|| A::Error::custom("a replica without a number"))?;
                    streams.push((replica, number));
                    if streams.len() > MAX_STREAMS {
                        return Err(A::Error::custom("too many streams"));
                    }
                }
                Ok(Streams(streams))
            }
        }
        d.deserialize_seq(Flat)
    }
}

impl Serialize for Vector {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut scopes: Vec<(ScopeId, Streams)> = Vec::new();
        for (scope, replica, seq) in self.iter() {
            match scopes.last_mut() {
                Some((last, streams)) if *last == scope => streams.0.push((replica, seq)),
                _ => scopes.push((scope, Streams(vec![(replica, seq)]))),
            }
        }
        s.collect_seq(scopes)
    }
}

impl<'de> Deserialize<'de> for Vector {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Scopes;
        impl<'de> Visitor<'de> for Scopes {
            type Value = Vector;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("scopes with their streams")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vector, A::Error> {
                let mut vector = Vector::new();
                while let Some((scope, streams)) = seq.next_element::<(ScopeId, Streams)>()? {
                    for (replica, number) in streams.0 {
                        vector.set(scope, replica, number);
                    }
                    if vector.len() > MAX_STREAMS {
                        return Err(A::Error::custom("too many streams"));
                    }
                }
                Ok(vector)
            }
        }
        d.deserialize_seq(Scopes)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn scope(byte: u8) -> ScopeId {
        ScopeId::from_bytes([byte; 16])
    }

    fn replica(byte: u8) -> ReplicaId {
        ReplicaId::from_bytes([byte; 16])
    }

    fn arbitrary() -> impl Strategy<Value = Vector> {
        prop::collection::vec((0..5_u8, 0..5_u8, any::<u64>()), 0..30).prop_map(|streams| {
            streams
                .into_iter()
                .map(|(s, r, n)| (scope(s), replica(r), n))
                .collect()
        })
    }

    #[test]
    fn a_stream_at_nothing_is_no_stream() {
        let mut vector = Vector::new();
        vector.set(scope(1), replica(1), 3);
        vector.set(scope(1), replica(1), 0);
        assert!(vector.is_empty());
        assert_eq!(vector.digest(), Vector::new().digest());
        assert_eq!(vector.get(scope(1), replica(1)), 0);
    }

    #[test]
    fn a_scope_is_written_once() {
        let vector: Vector = (1..=5).map(|r| (scope(1), replica(r), 300)).collect();
        let mut bytes = Vec::new();
        ciborium::into_writer(&vector, &mut bytes).unwrap();
        assert!(bytes.len() <= 22 + 5 * 20, "{} bytes", bytes.len());
    }

    #[test]
    fn a_replica_without_a_number_is_refused() {
        let mut bytes = Vec::new();
        ciborium::into_writer(&vec![(scope(1), vec![replica(1)])], &mut bytes).unwrap();
        assert!(ciborium::from_reader::<Vector, _>(bytes.as_slice()).is_err());
    }

    proptest! {
        #[test]
        fn round_trips(vector in arbitrary()) {
            let mut bytes = Vec::new();
            ciborium::into_writer(&vector, &mut bytes).unwrap();
            prop_assert_eq!(ciborium::from_reader::<Vector, _>(bytes.as_slice()).unwrap(), vector);
        }

        #[test]
        fn digests_tell_vectors_apart(a in arbitrary(), b in arbitrary()) {
            prop_assert_eq!(a == b, a.digest() == b.digest());
        }
    }
}
