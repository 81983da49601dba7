//! Crafted on purpose: small inputs that ask for much memory, and bundles that a courier has been at. Each is refused with a
//! reason, and while it is being refused no more memory is taken than is said here.

#![allow(
    clippy::unwrap_used,
    reason = "a test whose input cannot be made has failed"
)]

use std::sync::{Mutex, MutexGuard, PoisonError};

use ciborium::Value as Cbor;
use domain::ids::RecordId;
use fuzz::{Target, framed, reader, seeds};
use peak_alloc::PeakAlloc;
use sync::bundle::{self, BundleError};
use sync::codec::{self, CodecError, Limits};
use sync::key::KeyPair;
use sync::segment::{self, SegmentError};
use sync::snapshot::{self, SnapshotError};
use sync::wire::{EnrolRequest, SyncRequest, WireError};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const MB: usize = 1 << 20;

/// The tests of a program share its memory, so one runs at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What `work` answers, when it takes at most `most` bytes of memory on the way.
#[track_caller]
fn within<T>(most: usize, work: impl FnOnce() -> T) -> T {
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let answer = work();
    let took = MEMORY.peak_usage().saturating_sub(before);
    assert!(took <= most, "{took} bytes where {most} are allowed");
    answer
}

/// A signed segment around any body, said to unpack to so many bytes.
fn segment_around(body: &[u8], unpacked: u64) -> Vec<u8> {
    let key = KeyPair::from_secret(&[1; 32]);
    let bytes = |bytes: &[u8]| Cbor::Bytes(bytes.to_vec());
    let fields = vec![
        (
            1,
            bytes(RecordId::of_place_code("ML-CSCOM-1").as_scope().as_bytes()),
        ),
        (2, bytes(key.replica().as_bytes())),
        (3, 1.into()),
        (4, 1.into()),
        (6, bytes(&key.public())),
        (8, 1.into()),
        (10, unpacked.into()),
    ];
    signed(&key, &header(fields), body)
}

fn signed(key: &KeyPair, header: &[u8], body: &[u8]) -> Vec<u8> {
    let mut bytes = framed(*b"NYET", 1, header, body, &[]);
    let signature = key.sign(&bytes);
    bytes.extend_from_slice(&signature);
    bytes
}

fn header(fields: Vec<(u64, Cbor)>) -> Vec<u8> {
    let map = fields
        .into_iter()
        .map(|(key, value)| (key.into(), value))
        .collect();
    let mut bytes = Vec::new();
    ciborium::into_writer(&Cbor::Map(map), &mut bytes).unwrap();
    bytes
}

/// So many megabytes of zeros, packed to a few kilobytes.
fn zeros(megabytes: usize) -> Vec<u8> {
    zstd::bulk::compress(&vec![0; megabytes * MB], 19).unwrap()
}

#[test]
fn a_segment_that_unpacks_to_far_more_than_it_says_is_refused() {
    let _alone = alone();
    let bomb = zeros(256);
    assert!(bomb.len() < 32 << 10, "it fits into a segment");
    let bytes = segment_around(&bomb, 1_000);
    let read = within(MB, || segment::read(&bytes)).unwrap();
    assert!(matches!(
        within(8 * MB, || read.saves()),
        Err(SegmentError::Damaged(_))
    ));
}

#[test]
fn a_segment_that_says_that_it_unpacks_to_more_than_is_allowed_is_refused() {
    let _alone = alone();
    for declared in [17 << 20, u64::MAX] {
        let bytes = segment_around(&zeros(32), declared);
        let read = segment::read(&bytes).unwrap();
        assert!(matches!(
            within(MB, || read.saves()),
            Err(SegmentError::Codec(CodecError::TooLarge(_)))
        ));
    }
}

#[test]
fn a_segment_that_unpacks_to_less_than_it_says_is_refused() {
    let _alone = alone();
    let bytes = segment_around(&zeros(1), 2 << 20);
    let read = segment::read(&bytes).unwrap();
    assert!(matches!(
        within(16 * MB, || read.saves()),
        Err(SegmentError::Damaged(_))
    ));
}

#[test]
fn sixteen_megabytes_of_zeros_are_no_saves() {
    let _alone = alone();
    let bytes = segment_around(&zeros(16), 16 << 20);
    let read = segment::read(&bytes).unwrap();
    assert!(within(64 * MB, || read.saves()).is_err());
}

#[test]
fn a_column_that_promises_many_saves_takes_no_room_for_them() {
    let _alone = alone();
    let mut body = vec![10];
    body.extend_from_slice(&[0xFF; 9]);
    body.push(0x01);
    let author = KeyPair::from_secret(&[1; 32]).replica();
    assert!(within(MB, || codec::decode(1, author, &body, &Limits::default())).is_err());
}

#[test]
fn a_header_of_lists_in_lists_is_refused() {
    let _alone = alone();
    let mut deep = vec![0x81; 3_000];
    deep.push(0x00);
    let bytes = signed(&KeyPair::from_secret(&[1; 32]), &deep, &[]);
    assert!(matches!(
        within(4 * MB, || segment::read(&bytes)),
        Err(SegmentError::Damaged(_))
    ));
}

#[test]
fn a_header_that_promises_four_gigabytes_is_refused() {
    let _alone = alone();
    let promise = [0xA1, 0x01, 0x5A, 0xFF, 0xFF, 0xFF, 0xFF, 0x00];
    let bytes = signed(&KeyPair::from_secret(&[1; 32]), &promise, &[]);
    assert!(matches!(
        within(4 * MB, || segment::read(&bytes)),
        Err(SegmentError::Damaged(_))
    ));
}

/// A snapshot around any packed body.
fn snapshot_around(body: &[u8], unpacked: u64) -> Vec<u8> {
    let fields = vec![
        (1, Cbor::Bytes(vec![3; 16])),
        (2, Cbor::Bytes(vec![3; 32])),
        (3, 1.into()),
        (4, unpacked.into()),
    ];
    framed(*b"NYES", 1, &header(fields), body, &[])
}

#[test]
fn a_snapshot_that_unpacks_to_far_more_than_it_says_is_refused() {
    let _alone = alone();
    let bytes = snapshot_around(&zeros(256), 10_000);
    assert!(matches!(
        within(8 * MB, || snapshot::read(&bytes)),
        Err(SnapshotError::Damaged(_))
    ));
    let bytes = snapshot_around(&zeros(64), 64 << 20);
    assert!(matches!(
        within(MB, || snapshot::read(&bytes)),
        Err(SnapshotError::Codec(CodecError::TooLarge(_)))
    ));
}

/// A request with one thing beyond what stands at fixed places: replica, epoch, last, digest; counter, grant, and no
/// cursor but a rest.
fn request_with(key: &str, value: Cbor) -> Vec<u8> {
    let mut bytes = vec![7; 48];
    bytes.extend([9, 2, 1]);
    ciborium::into_writer(&Cbor::Map(vec![(key.into(), value)]), &mut bytes).unwrap();
    bytes
}

#[test]
fn a_vector_of_too_many_streams_is_refused() {
    let _alone = alone();
    // [scope, [replica, 1, replica, 1, …]] three hundred thousand times over, in the place of the vector.
    let streams: Vec<Cbor> = (0..300_000_u32)
        .flat_map(|n| {
            let mut replica = [0; 16];
            replica[..4].copy_from_slice(&n.to_le_bytes());
            [Cbor::Bytes(replica.to_vec()), 1.into()]
        })
        .collect();
    let vector = Cbor::Array(vec![Cbor::Array(vec![
        Cbor::Bytes(vec![1; 16]),
        Cbor::Array(streams),
    ])]);
    assert!(SyncRequest::from_bytes(&request_with("v", Cbor::Array(vec![]))).is_ok());
    let bytes = request_with("v", vector);
    assert!(within(64 * MB, || SyncRequest::from_bytes(&bytes)).is_err());
}

#[test]
fn a_request_with_a_million_empty_segments_is_refused() {
    let _alone = alone();
    let empty = |count| Cbor::Array(vec![Cbor::Bytes(Vec::new()); count]);
    assert!(SyncRequest::from_bytes(&request_with("s", empty(2))).is_ok());
    let bytes = request_with("s", empty(1_000_000));
    assert!(within(64 * MB, || SyncRequest::from_bytes(&bytes)).is_err());
}

#[test]
fn a_code_of_a_megabyte_is_refused() {
    let _alone = alone();
    let key = KeyPair::from_secret(&[1; 32]);
    let bytes = EnrolRequest::sign(&key, "0".repeat(MB), None, None).unwrap();
    assert_eq!(
        within(8 * MB, || EnrolRequest::open(&bytes)),
        Err(WireError::TooLarge)
    );
}

/// A bundle for [`reader`], with two segments in it.
fn sound_bundle() -> Vec<u8> {
    let bytes = seeds(Target::Bundle).swap_remove(0);
    assert!(bundle::open(&bytes, &reader()).is_ok());
    bytes
}

/// The same bytes with the hash that they should end with.
fn rehashed(bytes: &[u8]) -> Vec<u8> {
    let whole = &bytes[..bytes.len() - 32];
    [whole, blake3::hash(whole).as_bytes()].concat()
}

#[test]
fn a_bundle_changed_or_cut_anywhere_is_refused() {
    let _alone = alone();
    let sound = sound_bundle();
    for at in 0..sound.len() {
        let mut changed = sound.clone();
        changed[at] ^= 1;
        assert!(
            within(4 * MB, || bundle::outline(&changed)).is_err(),
            "byte {at}"
        );
        assert!(bundle::outline(&sound[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn a_courier_who_mends_the_hash_changes_nothing_all_the_same() {
    let _alone = alone();
    let sound = sound_bundle();
    for at in (0..sound.len() - 32).step_by(3) {
        let mut changed = sound.clone();
        changed[at] ^= 1;
        let opened = within(8 * MB, || bundle::open(&rehashed(&changed), &reader()));
        assert!(opened.is_err(), "byte {at}");
    }
}

#[test]
fn what_follows_a_bundle_and_what_is_taken_from_it_shows() {
    let _alone = alone();
    let sound = sound_bundle();
    let longer = [&sound[..sound.len() - 32], &[0; 40]].concat();
    assert!(bundle::open(&rehashed(&longer), &reader()).is_err());
    let shorter = [&sound[..sound.len() - 72], &[0; 32]].concat();
    assert!(bundle::open(&rehashed(&shorter), &reader()).is_err());
    let stranger = KeyPair::from_secret(&[88; 32]);
    assert_eq!(bundle::open(&sound, &stranger), Err(BundleError::NotForUs));
}

#[test]
fn a_bundle_that_names_too_many_recipients_is_refused() {
    let _alone = alone();
    let fields = vec![
        (1, 1.into()),
        (2, 1.into()),
        (3, Cbor::Bytes(vec![1; 16])),
        (4, 1.into()),
        (
            5,
            Cbor::Bytes(bundle::short(&reader().seal_public()).repeat(8_000)),
        ),
    ];
    let header = header(fields);
    let mut bytes = b"NYEB".to_vec();
    bytes.extend_from_slice(&u32::try_from(header.len()).unwrap().to_le_bytes());
    bytes.extend_from_slice(&header);
    bytes.extend_from_slice(&[0; 32]);
    assert_eq!(
        within(4 * MB, || bundle::open(&rehashed(&bytes), &reader())),
        Err(BundleError::TooLarge)
    );
}
