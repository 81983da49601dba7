//! What segments and snapshots are framed in, and the maps in the clear that say what a file is.
//!
//! | bytes | holds |
//! | --- | --- |
//! | 4 | what it is |
//! | 1 | version of the frame |
//! | 4, 4 | length of the header, of the body (little-endian) |
//! | 4 | CRC-32 of version, lengths, header and body (little-endian) |
//! | | header: a CBOR map with integer keys |
//! | | body |

use std::collections::BTreeMap;
use std::ops::Range;

use ciborium::Value as Cbor;

pub(crate) const PREAMBLE: usize = 17;
const MAGIC: usize = 4;

/// A framed file in its parts.
pub(crate) struct Frame {
    pub(crate) version: u8,
    pub(crate) header: Range<usize>,
    pub(crate) body: Range<usize>,
}

/// Puts header and body into a frame. Both are shorter than 4 GiB: the caller has its own limits.
pub(crate) fn write(magic: [u8; MAGIC], version: u8, header: &[u8], body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(PREAMBLE + header.len() + body.len());
    bytes.extend_from_slice(&magic);
    bytes.push(version);
    bytes.extend_from_slice(&(header.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&(body.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&checksum(&bytes, header, body));
    bytes.extend_from_slice(header);
    bytes.extend_from_slice(body);
    bytes
}

/// Takes a frame apart that is followed by `tail` bytes, and checks that nothing of it is missing or changed.
pub(crate) fn split(
    magic: [u8; MAGIC],
    bytes: &[u8],
    most_header: usize,
    most_body: usize,
    tail: usize,
) -> Result<Frame, &'static str> {
    let (preamble, rest) = bytes.split_at_checked(PREAMBLE).ok_or("cut off")?;
    if preamble[..MAGIC] != magic {
        return Err("not of this kind");
    }
    let (header, body) = (length_at(preamble, 5), length_at(preamble, 9));
    if header > most_header || body > most_body {
        return Err("too large");
    }
    if rest.len() != header + body + tail {
        return Err("cut off or too long");
    }
    if preamble[13..]
        != checksum(
            &preamble[..13],
            &rest[..header],
            &rest[header..header + body],
        )
    {
        return Err("its checksum differs");
    }
    Ok(Frame {
        version: preamble[4],
        header: PREAMBLE..PREAMBLE + header,
        body: PREAMBLE + header..PREAMBLE + header + body,
    })
}

fn checksum(preamble: &[u8], header: &[u8], body: &[u8]) -> [u8; 4] {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&preamble[MAGIC..]);
    crc.update(header);
    crc.update(body);
    crc.finalize().to_le_bytes()
}

fn length_at(preamble: &[u8], at: usize) -> usize {
    preamble[at..at + 4]
        .iter()
        .rev()
        .fold(0, |length, byte| length << 8 | usize::from(*byte))
}

/// The fields of a header by their numbers.
pub(crate) struct Fields(BTreeMap<u64, Cbor>);

/// Writes a header, in the order given.
pub(crate) fn write_fields(fields: Vec<(u64, Cbor)>) -> Result<Vec<u8>, &'static str> {
    let map = fields
        .into_iter()
        .map(|(key, value)| (key.into(), value))
        .collect();
    let mut written = Vec::new();
    ciborium::into_writer(&Cbor::Map(map), &mut written)
        .map_err(|_| "its header cannot be written")?;
    Ok(written)
}

/// Reads a header. Keys of newer versions may be anything; those that are numbers stand once.
pub(crate) fn read_fields(bytes: &[u8]) -> Result<Fields, &'static str> {
    const DAMAGED: &str = "its header makes no sense";
    let mut rest = bytes;
    let map: Cbor = ciborium::from_reader(&mut rest).map_err(|_| DAMAGED)?;
    if !rest.is_empty() {
        return Err(DAMAGED);
    }
    let mut fields = BTreeMap::new();
    for (key, value) in map.into_map().map_err(|_| DAMAGED)? {
        if let Some(key) = key.as_integer().and_then(|key| u64::try_from(key).ok())
            && fields.insert(key, value).is_some()
        {
            return Err(DAMAGED);
        }
    }
    Ok(Fields(fields))
}

impl Fields {
    /// A byte string of this length.
    pub(crate) fn array<const N: usize>(&self, key: u64) -> Result<Option<[u8; N]>, &'static str> {
        let Some(value) = self.0.get(&key) else {
            return Ok(None);
        };
        value
            .as_bytes()
            .and_then(|bytes| bytes.as_slice().try_into().ok())
            .map(Some)
            .ok_or("a field of its header has another length")
    }

    /// A number.
    pub(crate) fn uint(&self, key: u64) -> Result<Option<u64>, &'static str> {
        let Some(value) = self.0.get(&key) else {
            return Ok(None);
        };
        value
            .as_integer()
            .and_then(|number| u64::try_from(number).ok())
            .map(Some)
            .ok_or("a field of its header is no number")
    }

    /// Anything else.
    pub(crate) fn take(&mut self, key: u64) -> Option<Cbor> {
        self.0.remove(&key)
    }
}
