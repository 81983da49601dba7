//! Segments: consecutive saves of one stream, packed, signed, chained, and from then on never cut again.
//!
//! A segment is stored and forwarded byte for byte by everyone, including those who cannot read it. One
//! signature pays for a day's work, and no segment that holds more than one save is above
//! [`MAX_BYTES`], so a power cut costs four seconds of a slow link.
//!
//! # Frame (frozen)
//!
//! | bytes | holds |
//! | --- | --- |
//! | 4 | `NYET` |
//! | 1 | version of the frame, 1 |
//! | 4, 4 | length of the header, of the body (little-endian) |
//! | 4 | CRC-32 of version, lengths, header and body (little-endian) |
//! | | header: a CBOR map with integer keys; unknown keys are left alone |
//! | | body: zstd of what [`codec`] wrote, with the dictionary that the header names, or none |
//! | 64 | Ed25519 signature of all the above |
//!
//! Every later version keeps this frame and the header's keys 1 to 8, so that an old replica can still
//! check, store and forward what it cannot open.

use ciborium::Value as Cbor;
use domain::ids::{ReplicaId, ScopeId};
use std::collections::BTreeMap;

use crate::codec::{self, CodecError, Limits};
use crate::dictionary;
use crate::frame::{self, Fields, PREAMBLE};
pub use crate::key::KeyPair;
use crate::key::is_signed_by;
use crate::log::Save;

/// A BLAKE3 hash.
pub type Hash = [u8; 32];

/// The most that a segment of more than one save takes, in bytes.
pub const MAX_BYTES: usize = 32 * 1024;

/// The most that a segment of a single, very large save takes, in bytes.
pub const MAX_SINGLE_BYTES: usize = 17 << 20;

/// The least version of a reader that understands what [`seal`] writes.
pub const READER: u8 = 1;

const MAGIC: [u8; 4] = *b"NYET";
const VERSION: u8 = 1;
const SIGNATURE: usize = 64;
const MAX_HEADER: usize = 256 * 1024;
const UNPACKABLE: CodecError = CodecError::TooLarge("bytes to pack");

/// Why bytes are no segment, or cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SegmentError {
    /// Not a segment, cut off, or damaged on the way.
    #[error("not a whole segment: {0}")]
    Damaged(&'static str),
    /// Whole, but not signed by the key of its replica.
    #[error("the segment is not signed by its replica")]
    BadSignature,
    /// Written by a newer version: to be stored and forwarded, and opened after an update.
    #[error("the segment needs a newer version to be opened")]
    NewerFormat,
    /// The body is no list of saves, or the saves cannot be written as one.
    #[error(transparent)]
    Codec(#[from] CodecError),
}

/// What a segment says about itself without being opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The scope of the stream.
    pub scope: ScopeId,
    /// The replica of the stream.
    pub replica: ReplicaId,
    /// Number of its first save, from 1.
    pub first_seq: u64,
    /// Number of its last save.
    pub last_seq: u64,
    /// Hash of the segment before, zeros for the first of a stream.
    pub prev: Hash,
    /// The replica's public key, in the first segment of each stream.
    pub key: Option<[u8; 32]>,
    /// The other streams of the scope that its saves name, and the highest number named of each.
    pub builds_on: Vec<(ReplicaId, u64)>,
    /// The least version of a reader that can open it.
    pub min_reader: u8,
    /// The compression dictionary, by the first bytes of its hash.
    pub dictionary: Option<[u8; 8]>,
    /// Bytes of the body once unpacked.
    pub unpacked: u64,
}

/// Where a stream stands: what the next segment is chained to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tip {
    /// The scope of the stream.
    pub scope: ScopeId,
    /// The number of its last sealed save, 0 before the first.
    pub last_seq: u64,
    /// The hash of its last segment, zeros before the first.
    pub hash: Hash,
}

impl Tip {
    /// The beginning of a stream.
    pub fn start(scope: ScopeId) -> Self {
        Self {
            scope,
            last_seq: 0,
            hash: [0; 32],
        }
    }
}

/// A segment just sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The whole segment, to be stored and sent as it is.
    pub bytes: Vec<u8>,
    /// BLAKE3 of `bytes`.
    pub hash: Hash,
    /// What its header says.
    pub header: Header,
}

impl Sealed {
    /// Where its stream stands after it.
    pub fn tip(&self) -> Tip {
        Tip {
            scope: self.header.scope,
            last_seq: self.header.last_seq,
            hash: self.hash,
        }
    }
}

/// Seals `saves` (at least one) as the next segment after `tip` in the stream of `key`'s replica.
///
/// It does not look at the size; [`seal_all`] cuts a long row of saves into segments.
pub fn seal(key: &KeyPair, tip: &Tip, saves: &[Save]) -> Result<Sealed, SegmentError> {
    let replica = key.replica();
    let first_seq = tip.last_seq.saturating_add(1);
    let Some(last_seq) = tip
        .last_seq
        .checked_add(saves.len() as u64)
        .filter(|last| *last >= first_seq)
    else {
        return Err(SegmentError::Damaged("no saves to seal"));
    };
    let (body, unpacked) = pack(first_seq, replica, saves)?;
    let header = Header {
        scope: tip.scope,
        replica,
        first_seq,
        last_seq,
        prev: tip.hash,
        key: (first_seq == 1).then(|| key.public()),
        builds_on: builds_on(replica, saves),
        min_reader: READER,
        dictionary: Some(dictionary::in_use()),
        unpacked,
    };
    let header_bytes = write_header(&header)?;
    if header_bytes.len() > MAX_HEADER || body.len() > MAX_SINGLE_BYTES {
        return Err(CodecError::TooLarge("bytes").into());
    }
    let mut bytes = frame::write(MAGIC, VERSION, &header_bytes, &body);
    let signature = key.sign(&bytes);
    bytes.extend_from_slice(&signature);
    let hash = *blake3::hash(&bytes).as_bytes();
    Ok(Sealed {
        bytes,
        hash,
        header,
    })
}

/// Seals any number of saves after `tip`, in as few segments as [`split`] finds.
pub fn seal_all(key: &KeyPair, tip: &Tip, saves: &[Save]) -> Result<Vec<Sealed>, SegmentError> {
    let mut tip = *tip;
    let mut segments = Vec::new();
    for part in split(tip.last_seq.saturating_add(1), key.replica(), saves)? {
        let sealed = seal(key, &tip, part)?;
        tip = sealed.tip();
        segments.push(sealed);
    }
    Ok(segments)
}

/// Cuts saves into rows that fit a segment of [`MAX_BYTES`] each and nearly fill it. A save that is larger on its own
/// stands alone.
pub fn split(
    first_seq: u64,
    replica: ReplicaId,
    saves: &[Save],
) -> Result<Vec<&[Save]>, SegmentError> {
    let mut parts = Vec::new();
    let (mut rest, mut seq) = (saves, first_seq);
    while !rest.is_empty() {
        let count = longest_fit(seq, replica, rest)?;
        let (part, more) = rest.split_at(count);
        parts.push(part);
        rest = more;
        seq = seq.saturating_add(count as u64);
    }
    Ok(parts)
}

/// How many of `saves` go into one segment: tried, and guessed again from what the last try weighed, until it is
/// nearly full. Each try packs everything, so few of them matter more than the last sixteenth.
fn longest_fit(seq: u64, replica: ReplicaId, saves: &[Save]) -> Result<usize, SegmentError> {
    // None when it is more than a body may hold.
    let weigh = |count: usize| match codec::encode(seq, replica, &saves[..count]) {
        Ok(body) => {
            let packed = dictionary::pack_fast(&body).map_err(|_| UNPACKABLE)?;
            Ok(Some(frame_bytes(replica, &saves[..count], packed.len())))
        }
        Err(CodecError::TooLarge(_)) if count > 1 => Ok(None),
        Err(error) => Err(SegmentError::from(error)),
    };
    // What is sealed is packed at another level, which may come out a hair larger.
    const MOST: usize = MAX_BYTES - 256;
    const FULL: usize = MAX_BYTES - MAX_BYTES / 16;
    const FIRST: usize = 1_024;
    let (mut good, mut bad) = (1, saves.len() + 1);
    let mut next = saves.len().min(FIRST);
    loop {
        let bytes = weigh(next)?;
        match bytes {
            Some(bytes) if bytes <= MOST => {
                good = next;
                if bytes >= FULL {
                    return Ok(good);
                }
            }
            _ => bad = next,
        }
        // One save alone goes whatever it weighs.
        if bad - good <= 1 || bad <= 1 {
            return Ok(good);
        }
        // Aimed a little below the bound, so that the guess mostly fits.
        let guess = match bytes {
            Some(bytes) => next.saturating_mul(MAX_BYTES - MAX_BYTES / 32) / bytes.max(1),
            None => next / 2,
        };
        next = if good < guess && guess < bad {
            guess
        } else {
            good + (bad - good) / 2
        };
    }
}

/// An upper bound for a segment with a body of this length.
fn frame_bytes(replica: ReplicaId, saves: &[Save], body: usize) -> usize {
    const HEADER: usize = 180;
    PREAMBLE + HEADER + 26 * builds_on(replica, saves).len() + body + SIGNATURE
}

fn pack(
    first_seq: u64,
    replica: ReplicaId,
    saves: &[Save],
) -> Result<(Vec<u8>, u64), SegmentError> {
    let body = codec::encode(first_seq, replica, saves)?;
    let packed = dictionary::pack(&body).map_err(|_| CodecError::TooLarge("bytes to pack"))?;
    Ok((packed, body.len() as u64))
}

fn builds_on(replica: ReplicaId, saves: &[Save]) -> Vec<(ReplicaId, u64)> {
    let mut named = BTreeMap::new();
    for dot in saves
        .iter()
        .flat_map(|save| &save.changes)
        .flat_map(|change| &change.seen)
    {
        if dot.replica != replica {
            let seq = named.entry(dot.replica).or_insert(dot.seq);
            *seq = dot.seq.max(*seq);
        }
    }
    named.into_iter().collect()
}

/// A segment as received: whole and undamaged, but not yet [verified](Segment::verify).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    header: Header,
    newer: bool,
    body: std::ops::Range<usize>,
    bytes: Vec<u8>,
    hash: Hash,
}

/// Reads the frame and the header of a segment. Look at nothing inside before [`Segment::verify`] agreed.
pub fn read(bytes: &[u8]) -> Result<Segment, SegmentError> {
    let frame = frame::split(MAGIC, bytes, MAX_HEADER, MAX_SINGLE_BYTES, SIGNATURE)
        .map_err(SegmentError::Damaged)?;
    let header = read_header(&bytes[frame.header])?;
    let version = frame.version;
    let newer = version != VERSION
        || header.min_reader > READER
        || header
            .dictionary
            .is_some_and(|name| !dictionary::is_known(&name));
    Ok(Segment {
        header,
        newer,
        body: frame.body,
        bytes: bytes.to_vec(),
        hash: *blake3::hash(bytes).as_bytes(),
    })
}

impl Segment {
    /// What it says about itself.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The whole segment, as it came.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// BLAKE3 of the whole segment, which the next one is chained to.
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// Checks that `public_key` is its replica's and signed it.
    pub fn verify(&self, public_key: &[u8; 32]) -> Result<(), SegmentError> {
        let own_key = ReplicaId::of_key(public_key) == self.header.replica;
        let (signed, signature) = self.bytes.split_at(self.body.end);
        let signature = signature
            .try_into()
            .map_err(|_| SegmentError::BadSignature)?;
        if own_key && is_signed_by(public_key, signed, signature) {
            Ok(())
        } else {
            Err(SegmentError::BadSignature)
        }
    }

    /// The saves in it, the first of them numbered `header().first_seq`.
    ///
    /// Memory is bounded by the codec's limits, however small the segment is: a body that unpacks to more
    /// than it declares, or declares more than is allowed, is refused.
    pub fn saves(&self) -> Result<Vec<Save>, SegmentError> {
        if self.newer {
            return Err(SegmentError::NewerFormat);
        }
        let limits = Limits::default();
        let declared = usize::try_from(self.header.unpacked).unwrap_or(usize::MAX);
        if declared > limits.body {
            return Err(CodecError::TooLarge("bytes").into());
        }
        let packed = &self.bytes[self.body.clone()];
        let unpacked = dictionary::unpack(packed, self.header.dictionary.as_ref(), declared)
            .map_err(|_| SegmentError::Damaged("its body does not unpack"))?;
        if unpacked.len() != declared {
            return Err(SegmentError::Damaged("its body is shorter than declared"));
        }
        let saves = codec::decode(
            self.header.first_seq,
            self.header.replica,
            &unpacked,
            &limits,
        )?;
        if saves.len() as u64 != self.header.last_seq - self.header.first_seq + 1 {
            return Err(SegmentError::Damaged("its header counts other saves"));
        }
        if builds_on(self.header.replica, &saves) != self.header.builds_on {
            return Err(SegmentError::Damaged("its header names other streams"));
        }
        Ok(saves)
    }
}

const SCOPE: u64 = 1;
const REPLICA: u64 = 2;
const FIRST_SEQ: u64 = 3;
const LAST_SEQ: u64 = 4;
const PREV: u64 = 5;
const KEY: u64 = 6;
const BUILDS_ON: u64 = 7;
const MIN_READER: u64 = 8;
const DICTIONARY: u64 = 9;
const UNPACKED: u64 = 10;

fn write_header(header: &Header) -> Result<Vec<u8>, SegmentError> {
    let bytes = |bytes: &[u8]| Cbor::Bytes(bytes.to_vec());
    let mut map = vec![
        (SCOPE, bytes(header.scope.as_bytes())),
        (REPLICA, bytes(header.replica.as_bytes())),
        (FIRST_SEQ, header.first_seq.into()),
        (LAST_SEQ, header.last_seq.into()),
    ];
    if header.first_seq > 1 {
        map.push((PREV, bytes(&header.prev)));
    }
    map.extend(header.key.map(|key| (KEY, bytes(&key))));
    if !header.builds_on.is_empty() {
        let flat = header
            .builds_on
            .iter()
            .flat_map(|(replica, seq)| [bytes(replica.as_bytes()), (*seq).into()]);
        map.push((BUILDS_ON, Cbor::Array(flat.collect())));
    }
    map.push((MIN_READER, header.min_reader.into()));
    map.extend(header.dictionary.map(|name| (DICTIONARY, bytes(&name))));
    map.push((UNPACKED, header.unpacked.into()));
    frame::write_fields(map).map_err(SegmentError::Damaged)
}

fn read_header(bytes: &[u8]) -> Result<Header, SegmentError> {
    let damaged = || SegmentError::Damaged("its header makes no sense");
    let mut fields = frame::read_fields(bytes).map_err(SegmentError::Damaged)?;
    let header = Header {
        scope: ScopeId::from_bytes(array(&fields, SCOPE)?.ok_or_else(damaged)?),
        replica: ReplicaId::from_bytes(array(&fields, REPLICA)?.ok_or_else(damaged)?),
        first_seq: uint(&fields, FIRST_SEQ)?.ok_or_else(damaged)?,
        last_seq: uint(&fields, LAST_SEQ)?.ok_or_else(damaged)?,
        prev: array(&fields, PREV)?.unwrap_or([0; 32]),
        key: array(&fields, KEY)?,
        builds_on: fields
            .take(BUILDS_ON)
            .map_or(Some(Vec::new()), read_builds_on)
            .ok_or_else(damaged)?,
        min_reader: uint(&fields, MIN_READER)?
            .unwrap_or(0)
            .try_into()
            .unwrap_or(u8::MAX),
        dictionary: array(&fields, DICTIONARY)?,
        unpacked: uint(&fields, UNPACKED)?.unwrap_or(0),
    };
    let first = header.first_seq == 1;
    let sound = header.first_seq > 0
        && header.last_seq >= header.first_seq
        && header.last_seq < u64::MAX
        && (header.prev == [0; 32]) == first
        && header.key.is_some() == first
        && header
            .key
            .is_none_or(|key| ReplicaId::of_key(&key) == header.replica);
    if sound { Ok(header) } else { Err(damaged()) }
}

fn array<const N: usize>(fields: &Fields, key: u64) -> Result<Option<[u8; N]>, SegmentError> {
    fields.array(key).map_err(SegmentError::Damaged)
}

fn uint(fields: &Fields, key: u64) -> Result<Option<u64>, SegmentError> {
    fields.uint(key).map_err(SegmentError::Damaged)
}

fn read_builds_on(value: Cbor) -> Option<Vec<(ReplicaId, u64)>> {
    let flat = value.into_array().ok()?;
    let (pairs, []) = flat.as_chunks::<2>() else {
        return None;
    };
    let pair = |[replica, seq]: &[Cbor; 2]| {
        let replica = ReplicaId::from_slice(replica.as_bytes()?).ok()?;
        Some((replica, u64::try_from(seq.as_integer()?).ok()?))
    };
    pairs.iter().map(pair).collect()
}

#[cfg(test)]
pub(crate) mod tests;
