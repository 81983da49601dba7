//! The short forms. A request that brings nothing goes out every day from everyone, often twice, and each of its
//! bytes is paid for; so what every request and answer has stands at fixed places instead of under keys.
//!
//! | | bytes |
//! | --- | --- |
//! | signed | 1, the signature (64), what was signed |
//! | request | 1, replica (16), epoch (16), last (8), digest (8), counter, grant, number of cursors, for each scope (16) and feed number; the rest |
//! | answer | 1, epoch (16), the server's clock; the rest |
//!
//! Numbers are LEB128 varints. The rest is a CBOR map of whatever else there is, by keys of one letter. A signed statement inside another message stands there as a CBOR map, and is read so anywhere:
//! it begins with another byte.

use domain::ids::{ReplicaId, ScopeId};

use super::{
    Grant, Signed, SyncAnswer, SyncRequest, Terms, WireError, limits, read_cbor, to_bytes,
};
use crate::codec::columns::{put_uint, take_uint};

const FORM: u8 = 1;

/// A message with a short form.
pub(super) trait Lean: Sized {
    fn write(&self) -> Result<Vec<u8>, WireError>;
    fn read(bytes: &[u8]) -> Result<Self, WireError>;

    fn open(bytes: &[u8]) -> Result<Self, WireError> {
        if bytes.len() > limits::MESSAGE {
            return Err(WireError::TooLarge);
        }
        match bytes.split_first() {
            Some((&FORM, rest)) => Self::read(rest),
            _ => Self::read_other(bytes),
        }
    }

    /// One that does not begin as a short form does.
    fn read_other(_: &[u8]) -> Result<Self, WireError> {
        Err(WireError::Malformed)
    }
}

impl Lean for Signed {
    fn write(&self) -> Result<Vec<u8>, WireError> {
        Ok([&[FORM], self.signature.as_slice(), &self.body].concat())
    }

    fn read(mut bytes: &[u8]) -> Result<Self, WireError> {
        Ok(Self {
            signature: take(&mut bytes)?,
            body: bytes.to_vec(),
        })
    }

    fn read_other(bytes: &[u8]) -> Result<Self, WireError> {
        read_cbor(bytes)
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

    fn read_other(bytes: &[u8]) -> Result<Self, WireError> {
        read_cbor(bytes)
    }
}

impl Lean for SyncRequest {
    fn write(&self) -> Result<Vec<u8>, WireError> {
        let mut to = vec![FORM];
        to.extend_from_slice(self.replica.as_bytes());
        to.extend_from_slice(&self.epoch);
        to.extend_from_slice(&self.last);
        to.extend_from_slice(&self.digest);
        put_uint(&mut to, self.counter);
        put_uint(&mut to, self.grant.into());
        put_uint(&mut to, self.cursors.len() as u64);
        for (scope, feed_no) in &self.cursors {
            to.extend_from_slice(scope.as_bytes());
            put_uint(&mut to, *feed_no);
        }
        // What stands at a fixed place is never serialised.
        to.extend(to_bytes(self)?);
        Ok(to)
    }

    fn read(mut bytes: &[u8]) -> Result<Self, WireError> {
        let from = &mut bytes;
        let replica = ReplicaId::from_bytes(take(from)?);
        let (epoch, last, digest) = (take(from)?, take(from)?, take(from)?);
        let counter = uint(from)?;
        let grant = u32::try_from(uint(from)?).map_err(|_| WireError::Malformed)?;
        let count = uint(from)?;
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
            ..read_cbor(from)?
        })
    }
}

impl Lean for SyncAnswer {
    fn write(&self) -> Result<Vec<u8>, WireError> {
        let mut to = vec![FORM];
        to.extend_from_slice(&self.epoch);
        put_uint(&mut to, self.server_ms);
        // What stands at a fixed place is never serialised.
        to.extend(to_bytes(self)?);
        Ok(to)
    }

    fn read(mut bytes: &[u8]) -> Result<Self, WireError> {
        let from = &mut bytes;
        let (epoch, server_ms) = (take(from)?, uint(from)?);
        Ok(Self {
            epoch,
            server_ms,
            ..read_cbor(from)?
        })
    }
}

fn take<const N: usize>(from: &mut &[u8]) -> Result<[u8; N], WireError> {
    let (taken, rest) = from.split_first_chunk().ok_or(WireError::Malformed)?;
    *from = rest;
    Ok(*taken)
}

fn uint(from: &mut &[u8]) -> Result<u64, WireError> {
    take_uint(from).map_err(|_| WireError::Malformed)
}
