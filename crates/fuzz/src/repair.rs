//! Makes checksums and lengths agree with bytes that are otherwise left as they are.

use ciborium::Value as Cbor;

const PREAMBLE: usize = 17;

/// `data` as a frame of this kind with `tail` bytes after it: lengths that fit and the right checksum.
pub fn frame(magic: [u8; 4], data: &[u8], tail: usize) -> Vec<u8> {
    if data.len() < PREAMBLE + tail {
        return data.to_vec();
    }
    let inside = data.len() - PREAMBLE - tail;
    // How much of it is header is left to the data.
    let header = usize::from(u16::from_le_bytes([data[5], data[6]])) % (inside + 1);
    framed(
        magic,
        1,
        &data[PREAMBLE..PREAMBLE + header],
        &data[PREAMBLE + header..data.len() - tail],
        &data[data.len() - tail..],
    )
}

/// `body` packed as the body of a snapshot with a sound header.
pub fn snapshot(body: &[u8]) -> Vec<u8> {
    let bytes = |length: usize| Cbor::Bytes(vec![3; length]);
    let fields = [
        (1_u64, bytes(16)),
        (2, bytes(32)),
        (3, 1.into()),
        (4, (body.len() as u64).into()),
    ];
    let map = fields
        .into_iter()
        .map(|(key, value)| (key.into(), value))
        .collect();
    let mut header = Vec::new();
    let written = ciborium::into_writer(&Cbor::Map(map), &mut header);
    let packed = zstd::bulk::compress(body, 1);
    match (written, packed) {
        (Ok(()), Ok(packed)) => framed(*b"NYES", 1, &header, &packed, &[]),
        _ => Vec::new(),
    }
}

/// `data` as a bundle: the right beginning, and at its end the hash of all before.
pub fn bundle(data: &[u8]) -> Vec<u8> {
    let mut bytes = b"NYEB".to_vec();
    bytes.extend_from_slice(
        data.get(4..data.len().saturating_sub(32))
            .unwrap_or_default(),
    );
    let hash = blake3::hash(&bytes);
    bytes.extend_from_slice(hash.as_bytes());
    bytes
}

/// Header, body and what follows in a frame with the right lengths and checksum.
pub fn framed(magic: [u8; 4], version: u8, header: &[u8], body: &[u8], tail: &[u8]) -> Vec<u8> {
    let mut bytes = magic.to_vec();
    bytes.push(version);
    for part in [header, body] {
        bytes.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_le_bytes());
    }
    let mut crc = crc32fast::Hasher::new();
    crc.update(&bytes[magic.len()..]);
    crc.update(header);
    crc.update(body);
    bytes.extend_from_slice(&crc.finalize().to_le_bytes());
    for part in [header, body, tail] {
        bytes.extend_from_slice(part);
    }
    bytes
}
