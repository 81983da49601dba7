//! Who wrote each field of a row and when, packed in one blob: about ten bytes a field.

use crate::error::{Error, Result};

/// The stamp of one field's value, with local numbers for replica and author.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The field's number in the registry.
    pub field: u16,
    /// Local number of the replica that wrote it.
    pub replica: i64,
    /// The save.
    pub seq: u64,
    /// Its place in the save.
    pub index: u32,
    /// The save's clock.
    pub hlc: u64,
    /// Local number of the author.
    pub author: i64,
    /// Whether the clock was far ahead when it arrived.
    pub uncertain: bool,
}

/// Packs the stamps of a row.
pub fn pack(stamps: &[Stamp]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(stamps.len() * 12);
    for s in stamps {
        for number in [
            u64::from(s.field) << 1 | u64::from(s.uncertain),
            s.replica.unsigned_abs(),
            s.seq,
            s.index.into(),
            s.hlc,
            s.author.unsigned_abs(),
        ] {
            put(&mut bytes, number);
        }
    }
    bytes
}

/// Unpacks the stamps of a row.
pub fn unpack(mut bytes: &[u8]) -> Result<Vec<Stamp>> {
    let mut stamps = Vec::new();
    while !bytes.is_empty() {
        let mut next = || take(&mut bytes).ok_or(Error::Damaged);
        let field = next()?;
        stamps.push(Stamp {
            field: u16::try_from(field >> 1).map_err(|_| Error::Damaged)?,
            uncertain: field & 1 == 1,
            replica: next()? as i64,
            seq: next()?,
            index: u32::try_from(next()?).map_err(|_| Error::Damaged)?,
            hlc: next()?,
            author: next()? as i64,
        });
    }
    Ok(stamps)
}

fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0u64;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_round_trip() {
        let stamps = [
            Stamp {
                field: 7,
                replica: 1,
                seq: 300,
                index: 2,
                hlc: u64::MAX,
                author: 9,
                uncertain: true,
            },
            Stamp {
                field: 0,
                replica: 2,
                seq: 1,
                index: 0,
                hlc: 0,
                author: 1,
                uncertain: false,
            },
        ];
        assert_eq!(unpack(&pack(&stamps)).unwrap(), stamps);
        assert!(
            unpack(&[0x80]).is_err(),
            "a cut blob is damage, not an empty one"
        );
    }
}
