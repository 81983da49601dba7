//! The short forms. A request that brings nothing goes out every day from everyone, often twice, and each of its
//! bytes is paid for; so what every request and answer has stands at fixed places instead of under keys.
//!
//! | | bytes |
//! | --- | --- |
//! | signed | 1, the signature (64), what was signed |
//! | request | replica (16), epoch (16), last (8), digest (8), counter, grant, number of cursors and whether there is a rest, for each cursor scope (16) and feed number; the rest |
//! | answer | epoch (16), the server's clock and whether there is a rest; the rest |
//!
//! Numbers are LEB128 varints. The rest is a CBOR map of whatever else there is, by keys of one letter; whether there is one is the
//! lowest bit of the number named. A signed statement inside another message stands there as a CBOR map, and is read so anywhere:
//! it begins with another byte.

use domain::ids::{ReplicaId, ScopeId};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{
    Grant, Signed, SyncAnswer, SyncRequest, Terms, WireError, limits, read_cbor, to_bytes,
};
use crate::codec::columns::{put_uint, take_uint};

const FORM: u8 = 1;
const EMPTY: [u8; 1] = [0xa0];

/// A message with a short form.
pub(super) trait Lean: Sized {
    fn write(&self) -> Result<Vec<u8>, WireError>;
    /// Reads one that is no longer than a message may be.
    fn read(bytes: &[u8]) -> Result<Self, WireError>;

    fn open(bytes: &[u8]) -> Result<Self, WireError> {
        if bytes.len() > limits::MESSAGE {
            return Err(WireError::TooLarge);
        }
        Self::read(bytes)
    }
}

impl Lean for Signed {
    fn write(&self) -> Result<Vec<u8>, WireError> {
        Ok([&[FORM], self.signature.as_slice(), &self.body].concat())
    }

    fn read(bytes: &[u8]) -> Result<Self, WireError> {
        let Some((&FORM, mut short)) = bytes.split_first() else {
            return read_cbor(bytes);
        };
        Ok(Self {
            signature: take(&mut short)?,
            body: short.to_vec(),
        })
    }
}

impl Lean for Grant {
    fn write(&self) -> Result<Vec<u8>, WireError> {
        self.signed.write()
    }

    fn read(bytes: &[u8]) -> Result<Self, WireError> {
        let signed = Signed::read(bytes)?;
        Ok(Self {
            terms: Terms::from_bytes(&signed.body)?,
            signed,
        })
    }
}

impl Lean for SyncRequest {
    fn write(&self) -> Result<Vec<u8>, WireError> {
        let rest = rest_of(self)?;
        let mut to = Vec::new();
        to.extend_from_slice(self.replica.as_bytes());
        to.extend_from_slice(&self.epoch);
        to.extend_from_slice(&self.last);
        to.extend_from_slice(&self.digest);
        put_uint(&mut to, self.counter);
        put_uint(&mut to, self.grant.into());
        put_uint(&mut to, with_flag(self.cursors.len() as u64, &rest)?);
        for (scope, feed_no) in &self.cursors {
            to.extend_from_slice(scope.as_bytes());
            put_uint(&mut to, *feed_no);
        }
        to.extend(rest);
        Ok(to)
    }

    fn read(mut bytes: &[u8]) -> Result<Self, WireError> {
        let from = &mut bytes;
        let replica = ReplicaId::from_bytes(take(from)?);
        let (epoch, last, digest) = (take(from)?, take(from)?, take(from)?);
        let counter = uint(from)?;
        let grant = u32::try_from(uint(from)?).map_err(|_| WireError::Malformed)?;
        let (count, more) = flagged(from)?;
        if count > limits::SCOPES as u64 {
            return Err(WireError::TooLarge);
        }
        let mut cursors = Vec::new();
        for _ in 0..count {
            cursors.push((ScopeId::from_bytes(take(from)?), uint(from)?));
        }
        Ok(Self {
            replica,
            epoch,
            counter,
            grant,
            cursors,
            digest,
            last,
            ..take_rest(from, more)?
        })
    }
}

impl Lean for SyncAnswer {
    fn write(&self) -> Result<Vec<u8>, WireError> {
        let rest = rest_of(self)?;
        let mut to = Vec::new();
        to.extend_from_slice(&self.epoch);
        put_uint(&mut to, with_flag(self.server_ms, &rest)?);
        to.extend(rest);
        Ok(to)
    }

    fn read(mut bytes: &[u8]) -> Result<Self, WireError> {
        let from = &mut bytes;
        let epoch = take(from)?;
        let (server_ms, more) = flagged(from)?;
        Ok(Self {
            epoch,
            server_ms,
            ..take_rest(from, more)?
        })
    }
}

/// What does not stand at a fixed place: the other fields are never serialised. Empty when there is nothing.
fn rest_of<T: Serialize>(message: &T) -> Result<Vec<u8>, WireError> {
    let rest = to_bytes(message)?;
    Ok(if rest == EMPTY { Vec::new() } else { rest })
}

fn take_rest<T: DeserializeOwned>(from: &[u8], more: bool) -> Result<T, WireError> {
    match (more, from) {
        (true, rest) if rest != EMPTY => read_cbor(rest),
        (false, []) => read_cbor(&EMPTY),
        _ => Err(WireError::Malformed),
    }
}

/// A number that has room for one bit more: no clock and no list comes near the end.
fn with_flag(number: u64, rest: &[u8]) -> Result<u64, WireError> {
    let doubled = number.checked_mul(2).ok_or(WireError::Malformed)?;
    Ok(doubled | u64::from(!rest.is_empty()))
}

fn flagged(from: &mut &[u8]) -> Result<(u64, bool), WireError> {
    let number = uint(from)?;
    Ok((number >> 1, number & 1 == 1))
}

fn take<const N: usize>(from: &mut &[u8]) -> Result<[u8; N], WireError> {
    let (taken, rest) = from.split_first_chunk().ok_or(WireError::Malformed)?;
    *from = rest;
    Ok(*taken)
}

fn uint(from: &mut &[u8]) -> Result<u64, WireError> {
    take_uint(from).map_err(|_| WireError::Malformed)
}
