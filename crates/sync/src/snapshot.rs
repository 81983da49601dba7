//! Snapshots: what a scope holds at one moment, instead of the log that led there.
//!
//! A supervisor's first day would otherwise be the whole history of sixty facilities. A snapshot carries the
//! current values with the changes that wrote them, open heads included, and how far each stream has come; from
//! there on segments are taken as ever. It is named by its hash, and whoever gives it out vouches for that.
//!
//! # Format (frozen)
//!
//! The frame of [`segment`](crate::segment) without the signature, beginning with `NYES`; the body is zstd of
//! columns. Keys of the header:
//!
//! | key | holds |
//! | --- | --- |
//! | 1 | the scope |
//! | 2 | hash of the registry that the writer knew |
//! | 3 | the least version of a reader that can open it |
//! | 4 | bytes of the body once unpacked |
//!
//! The columns are those of [`codec`](crate::codec), in that order and with the same numbers, identifiers and
//! values; where nothing is said they are used as there, and columns not named are empty:
//!
//! | column | per | holds |
//! | --- | --- | --- |
//! | octets | stream | the public key, then the hash if a segment was sealed |
//! | reasons | stream | number of the last sealed save |
//! | grants | stream | signed difference of the last applied save to it |
//! | seen | stream | in how many saves values follow |
//! | seen seqs | save | numbers left out since the save before of the stream |
//! | millis, counters | save | the stamp; millis as a signed difference to the save before in the body |
//! | sizes | save | number of values, less one |
//! | seen indexes | value | changes left out since the value before of the save |
//! | kinds, fields | value | their numbers |
//! | ids | | of authors and records as they come; then those in values |
//!
//! Streams stand by replica, saves by number, values in the order in which they were written: what a save says
//! of itself stands once, however many values it wrote. All streams come before the first save. The prefixes of all streams' identifiers are known from the
//! beginning and count from 1. Values follow by (kind, field), and within it in that order.

use ciborium::Value as Cbor;
use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::value::Value;

use crate::clock::Hlc;
use crate::codec::columns::{Column, Reader, Writer};
use crate::codec::ids::{IdReader, IdWriter};
use crate::codec::value::{self, ValueReader, ValueWriter};
use crate::codec::{Budget, CodecError, Limits};
use crate::frame;
use crate::heads::Head;
use crate::log::Dot;
use crate::segment::Hash;

/// The most that a snapshot takes, in bytes. A scope that needs more is given as its log.
pub const MAX_BYTES: usize = 24 << 20;

/// The most values in one snapshot.
pub const MAX_FIELDS: usize = 1_000_000;

/// The most streams in one snapshot.
pub const MAX_STREAMS: usize = 20_000;

const MAGIC: [u8; 4] = *b"NYES";
const VERSION: u8 = 1;
const READER: u64 = 1;
const MAX_HEADER: usize = 4 * 1024;
const LEVEL: i32 = 19;

const SCOPE: u64 = 1;
const REGISTRY: u64 = 2;
const MIN_READER: u64 = 3;
const UNPACKED: u64 = 4;

fn limits() -> Limits {
    Limits {
        body: 48 << 20,
        changes: MAX_FIELDS,
        seen: 0,
        replicas: MAX_STREAMS,
        values: 2 * MAX_FIELDS,
        ..Limits::default()
    }
}

/// Why bytes are no snapshot, or a state cannot be written as one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// Not a snapshot, cut off, or damaged on the way.
    #[error("not a whole snapshot: {0}")]
    Damaged(&'static str),
    /// Written by a newer version: take the log instead, or update.
    #[error("the snapshot needs a newer version to be opened")]
    NewerFormat,
    /// The body contradicts the format, or there is more than a snapshot may hold.
    #[error(transparent)]
    Codec(#[from] CodecError),
}

/// How far one stream had come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamAt {
    /// Whose stream; the replica of `key`.
    pub replica: ReplicaId,
    /// The replica's public key.
    pub key: [u8; 32],
    /// The last save of the last whole segment that the state covers or passes into, 0 for none.
    pub sealed_seq: u64,
    /// The hash of that segment, zeros for none.
    pub hash: Hash,
    /// The last save that is in the state.
    pub applied_seq: u64,
}

/// A value that stands in a field of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldAt {
    /// What the record is, a number of `domain::registry`, known to this version or not.
    pub kind: u16,
    /// Which record.
    pub record: RecordId,
    /// Which of its fields.
    pub field: u16,
    /// The value with the change that wrote it. `uncertain` is never set: each receiver's clock says that anew.
    pub head: Head,
}

/// What a scope holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The scope.
    pub scope: ScopeId,
    /// Hash of the registry that the writer knew.
    pub registry: [u8; 32],
    /// The scope's streams, by replica.
    pub streams: Vec<StreamAt>,
    /// The values, by kind, record and field, and of one field the shown head first. Several for one field are
    /// its open heads.
    pub fields: Vec<FieldAt>,
}

/// The name of a snapshot: BLAKE3 of its bytes.
pub fn hash(bytes: &[u8]) -> Hash {
    *blake3::hash(bytes).as_bytes()
}

/// Writes a snapshot. Equal states give equal bytes, in whatever order streams and fields are given.
///
/// Fails on a state larger than a snapshot may be, and on one that contradicts itself: a value that is not of one
/// of the streams, or two values of one change.
pub fn write(snapshot: &Snapshot) -> Result<Vec<u8>, SnapshotError> {
    let limits = limits();
    let mut streams: Vec<&StreamAt> = snapshot.streams.iter().collect();
    streams.sort_by_key(|stream| stream.replica);
    let mut fields: Vec<&FieldAt> = snapshot.fields.iter().collect();
    fields.sort_by_key(|field| field.head.dot);
    check(&streams, &fields, &limits)?;

    let mut to = Writer::default();
    streams
        .iter()
        .for_each(|stream| put_stream(&mut to, stream));
    let replicas: Vec<_> = streams.iter().map(|stream| stream.replica).collect();
    let mut ids = IdWriter::new(&replicas);
    let (mut rest, mut millis) = (fields.as_slice(), 0);
    for stream in streams {
        let own = rest.partition_point(|field| field.head.dot.replica <= stream.replica);
        let (own, more) = rest.split_at(own);
        rest = more;
        let saves = own.chunk_by(|a, b| a.head.dot.seq == b.head.dot.seq);
        to.uint(Column::Seen, saves.clone().count() as u64);
        let mut seq = 0;
        for save in saves {
            let first = &save[0].head;
            to.uint(Column::SeenSeqs, first.dot.seq - seq - 1);
            seq = first.dot.seq;
            to.int(Column::Millis, first.hlc.millis() as i64 - millis);
            millis = first.hlc.millis() as i64;
            to.uint(Column::Counters, first.hlc.counter().into());
            ids.put(&mut to, first.author);
            to.uint(Column::Sizes, save.len() as u64 - 1);
            let mut expected = 0;
            for field in save {
                let index = u64::from(field.head.dot.index);
                to.uint(Column::SeenIndexes, index - expected);
                expected = index + 1;
                to.uint(Column::Kinds, field.kind.into());
                to.uint(Column::Fields, field.field.into());
                ids.put(&mut to, field.record);
            }
        }
    }
    fields.sort_by_key(|field| (field.kind, field.field));
    let mut values = ValueWriter::new();
    for field in fields {
        values.put(&mut to, &mut ids, &field.head.value);
    }
    frame_up(snapshot, &to.finish(), &limits)
}

/// Refuses what a reader would refuse, or would read as something else.
fn check(streams: &[&StreamAt], fields: &[&FieldAt], limits: &Limits) -> Result<(), SnapshotError> {
    if streams.len() > MAX_STREAMS {
        return Err(CodecError::TooLarge("streams").into());
    }
    if streams
        .windows(2)
        .any(|two| two[0].replica == two[1].replica)
    {
        return Err(SnapshotError::Damaged("a stream stands twice"));
    }
    for stream in streams {
        if ReplicaId::of_key(&stream.key) != stream.replica {
            return Err(SnapshotError::Damaged("a stream with the key of another"));
        }
        if (stream.sealed_seq == 0) != (stream.hash == [0; 32]) {
            return Err(SnapshotError::Damaged("a segment without its hash"));
        }
        if stream.sealed_seq.max(stream.applied_seq) > i64::MAX as u64 {
            return Err(CodecError::Malformed("a number out of range").into());
        }
    }
    let mut budget = Budget::new(limits);
    budget.changes(fields.len())?;
    for field in fields {
        budget.values(1)?;
        value::check(&field.head.value, limits, &mut budget, limits.depth)?;
        let dot = field.head.dot;
        let stream = streams.binary_search_by_key(&dot.replica, |stream| stream.replica);
        let covered = stream.is_ok_and(|at| (1..=streams[at].applied_seq).contains(&dot.seq));
        if !covered {
            return Err(SnapshotError::Damaged("a value that no stream covers"));
        }
    }
    let same_save = |a: &Head, b: &Head| (a.dot.replica, a.dot.seq) == (b.dot.replica, b.dot.seq);
    for two in fields.windows(2) {
        let (a, b) = (&two[0].head, &two[1].head);
        if a.dot == b.dot {
            return Err(SnapshotError::Damaged("two values of one change"));
        }
        if same_save(a, b) && (a.hlc, a.author) != (b.hlc, b.author) {
            return Err(SnapshotError::Damaged("one save with two stamps"));
        }
    }
    Ok(())
}

fn put_stream(to: &mut Writer, stream: &StreamAt) {
    to.bytes(Column::Octets, &stream.key);
    if stream.sealed_seq > 0 {
        to.bytes(Column::Octets, &stream.hash);
    }
    to.uint(Column::Reasons, stream.sealed_seq);
    let ahead = stream.applied_seq.wrapping_sub(stream.sealed_seq) as i64;
    to.int(Column::Grants, ahead);
}

fn frame_up(snapshot: &Snapshot, body: &[u8], limits: &Limits) -> Result<Vec<u8>, SnapshotError> {
    if body.len() > limits.body {
        return Err(CodecError::TooLarge("bytes").into());
    }
    let packed =
        zstd::bulk::compress(body, LEVEL).map_err(|_| CodecError::TooLarge("bytes to pack"))?;
    let header = frame::write_fields(vec![
        (SCOPE, Cbor::Bytes(snapshot.scope.as_bytes().to_vec())),
        (REGISTRY, Cbor::Bytes(snapshot.registry.to_vec())),
        (MIN_READER, READER.into()),
        (UNPACKED, (body.len() as u64).into()),
    ])
    .map_err(SnapshotError::Damaged)?;
    if packed.len() > MAX_BYTES {
        return Err(CodecError::TooLarge("bytes").into());
    }
    Ok(frame::write(MAGIC, VERSION, &header, &packed))
}

/// Reads a snapshot. Compare its [`hash`] with the one that was promised before.
///
/// Never panics, and takes no more memory than a small multiple of what the limits allow, whatever the bytes are:
/// a body that unpacks to more than it declares, or declares more than is allowed, is refused.
pub fn read(bytes: &[u8]) -> Result<Snapshot, SnapshotError> {
    let limits = limits();
    let frame =
        frame::split(MAGIC, bytes, MAX_HEADER, MAX_BYTES, 0).map_err(SnapshotError::Damaged)?;
    if frame.version != VERSION {
        return Err(SnapshotError::NewerFormat);
    }
    let header = frame::read_fields(&bytes[frame.header]).map_err(SnapshotError::Damaged)?;
    let needed = |value: Option<_>| value.ok_or(SnapshotError::Damaged("its header lacks a field"));
    if needed(header.uint(MIN_READER).map_err(SnapshotError::Damaged)?)? > READER {
        return Err(SnapshotError::NewerFormat);
    }
    let declared = needed(header.uint(UNPACKED).map_err(SnapshotError::Damaged)?)?;
    let declared = usize::try_from(declared).unwrap_or(usize::MAX);
    if declared > limits.body {
        return Err(CodecError::TooLarge("bytes").into());
    }
    let array = |key| {
        header
            .array(key)
            .map_err(SnapshotError::Damaged)?
            .ok_or(SnapshotError::Damaged("its header lacks a field"))
    };
    let scope = header
        .array(SCOPE)
        .map_err(SnapshotError::Damaged)?
        .map(ScopeId::from_bytes)
        .ok_or(SnapshotError::Damaged("its header lacks a field"))?;
    let registry = array(REGISTRY)?;
    let body = zstd::bulk::decompress(&bytes[frame.body], declared)
        .map_err(|_| SnapshotError::Damaged("its body does not unpack"))?;
    if body.len() != declared {
        return Err(SnapshotError::Damaged("its body is shorter than declared"));
    }
    let (streams, fields) = decode(&body, &limits)?;
    Ok(Snapshot {
        scope,
        registry,
        streams,
        fields,
    })
}

fn decode(body: &[u8], limits: &Limits) -> Result<(Vec<StreamAt>, Vec<FieldAt>), CodecError> {
    let mut from = Reader::new(body, limits)?;
    let mut budget = Budget::new(limits);
    let (streams, counts) = take_streams(&mut from, limits)?;
    let replicas: Vec<_> = streams.iter().map(|stream| stream.replica).collect();
    let mut ids = IdReader::new(&replicas);
    let mut fields = Vec::new();
    let mut millis = 0_i64;
    for (stream, saves) in streams.iter().zip(counts) {
        let mut seq = 0_u64;
        for _ in 0..saves {
            let out_of_range = || CodecError::Malformed("a number out of range");
            seq = seq
                .checked_add(from.uint(Column::SeenSeqs)?)
                .and_then(|seq| seq.checked_add(1))
                .filter(|seq| *seq <= stream.applied_seq)
                .ok_or_else(out_of_range)?;
            millis = millis
                .checked_add(from.int(Column::Millis)?)
                .filter(|millis| (0..1 << 48).contains(millis))
                .ok_or_else(out_of_range)?;
            let hlc = Hlc::from_parts(millis as u64, from.fitting(Column::Counters)?);
            let author = ids.take(&mut from)?;
            let values: usize = from.fitting(Column::Sizes)?;
            budget.changes(values.saturating_add(1))?;
            let mut expected = 0_u64;
            for _ in 0..=values {
                let index = expected
                    .checked_add(from.uint(Column::SeenIndexes)?)
                    .and_then(|index| u32::try_from(index).ok())
                    .ok_or_else(out_of_range)?;
                expected = u64::from(index) + 1;
                fields.push(FieldAt {
                    kind: from.fitting(Column::Kinds)?,
                    field: from.fitting(Column::Fields)?,
                    record: ids.take(&mut from)?,
                    head: Head {
                        dot: Dot {
                            replica: stream.replica,
                            seq,
                            index,
                        },
                        hlc,
                        author,
                        value: Value::Null,
                        uncertain: false,
                    },
                });
            }
        }
    }
    let mut order: Vec<u32> = (0..fields.len() as u32).collect();
    order.sort_by_key(|at| {
        let field = &fields[*at as usize];
        (field.kind, field.field)
    });
    let mut values = ValueReader::new();
    for at in order {
        budget.values(1)?;
        fields[at as usize].head.value =
            values.take(&mut from, &mut ids, limits, &mut budget, limits.depth)?;
    }
    from.finish()?;
    fields.sort_unstable_by(|a, b| {
        (a.kind, a.record, a.field)
            .cmp(&(b.kind, b.record, b.field))
            .then_with(|| b.head.rank().cmp(&a.head.rank()))
    });
    Ok((streams, fields))
}

/// The streams, and in how many saves of each values follow.
fn take_streams(
    from: &mut Reader<'_>,
    limits: &Limits,
) -> Result<(Vec<StreamAt>, Vec<u64>), CodecError> {
    let (mut streams, mut counts) = (Vec::<StreamAt>::new(), Vec::new());
    while from.left(Column::Reasons) > 0 {
        if streams.len() == limits.replicas {
            return Err(CodecError::TooLarge("streams"));
        }
        let key = from.array(Column::Octets)?;
        let sealed_seq = from.uint(Column::Reasons)?;
        let hash = match sealed_seq {
            0 => [0; 32],
            _ => from.array(Column::Octets)?,
        };
        let ahead = from.int(Column::Grants)?;
        let applied_seq = i64::try_from(sealed_seq)
            .ok()
            .and_then(|sealed| sealed.checked_add(ahead))
            .and_then(|applied| u64::try_from(applied).ok())
            .ok_or(CodecError::Malformed("a number out of range"))?;
        let stream = StreamAt {
            replica: ReplicaId::of_key(&key),
            key,
            sealed_seq,
            hash,
            applied_seq,
        };
        // One form for each state: in order, no hash that says nothing, no padding.
        let in_order = streams
            .last()
            .is_none_or(|last| last.replica < stream.replica);
        if !in_order || (sealed_seq > 0 && hash == [0; 32]) {
            return Err(CodecError::Malformed("streams out of order"));
        }
        streams.push(stream);
        counts.push(from.uint(Column::Seen)?);
    }
    Ok((streams, counts))
}

#[cfg(test)]
mod tests;
