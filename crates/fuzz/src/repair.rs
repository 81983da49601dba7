//! Makes checksums and lengths agree with bytes that are otherwise left as they are.

use std::io::{Cursor, Write};

use ciborium::Value as Cbor;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

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

/// What a team's workbooks look like: the seeds, and what `data` is put into.
pub(crate) mod kept {
    pub const XLSX: &[u8] = include_bytes!("../../../tests/fixtures/workbooks/saisie.xlsx");
    pub const ODS: &[u8] = include_bytes!("../../../tests/fixtures/workbooks/saisie.ods");
    pub const XLS: &[u8] = include_bytes!("../../../tests/fixtures/workbooks/saisie.xls");
}

/// The parts of workbooks that hold what a person typed.
pub(crate) const PARTS: [(&[u8], &str); 3] = [
    (kept::XLSX, "xl/worksheets/sheet1.xml"),
    (kept::XLSX, "xl/sharedStrings.xml"),
    (kept::ODS, "content.xml"),
];

/// `data` as what a workbook holds: the stream of an old one, and each of [`PARTS`] of newer ones, which are packed.
pub fn workbooks(data: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let old = old_workbook(data);
    let newer = PARTS.map(|(whole, part)| with_part(whole, part, data));
    std::iter::once(old).chain(newer).flatten()
}

/// The container of an old workbook around its stream.
pub fn old_workbook(stream: &[u8]) -> std::io::Result<Vec<u8>> {
    let memory = Cursor::new(Vec::new());
    let mut container = cfb::CompoundFile::create_with_version(cfb::Version::V3, memory)?;
    container.create_stream("/Workbook")?.write_all(stream)?;
    container.flush()?;
    Ok(container.into_inner().into_inner())
}

/// An archive with one of its parts changed to `data`.
fn with_part(whole: &[u8], part: &str, data: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut from = ZipArchive::new(Cursor::new(whole))?;
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let entry = from.by_index_raw(at)?;
        if entry.name().is_ok_and(|name| name == part) {
            to.start_file(part, SimpleFileOptions::default())?;
            to.write_all(data)?;
        } else {
            to.raw_copy_file(entry)?;
        }
    }
    Ok(to.finish()?.into_inner())
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
