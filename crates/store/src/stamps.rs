//! Who wrote each field of a row and when, packed in one blob: some fifteen bytes for all that one save wrote.

use domain::registry::Kind;
use rusqlite::Connection;

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

impl Stamp {
    /// Whether one save wrote both.
    fn goes_with(&self, other: &Self) -> bool {
        let save = |s: &Self| (s.replica, s.seq, s.hlc, s.author, s.uncertain);
        save(self) == save(other)
    }
}

/// Begins what this version packs. Blobs of the first version begin with twice a field's number, and no field of a
/// known kind had a number near it.
const GROUPED: u8 = 0x7f;

/// Packs the stamps of a row, which stand in the order of their fields.
///
/// Fields written by one save share everything but their place in it: after the marker follow such groups, each as
/// replica, author and doubt, save, milliseconds (the first in full, the others as the difference to the group
/// before), counter, number of runs; a run is fields that follow one another in the row as they do in the save: the
/// distance of its first field to the run before, its length less one, its first place in the save.
pub fn pack(stamps: &[Stamp]) -> Vec<u8> {
    if stamps.is_empty() {
        return Vec::new();
    }
    let mut bytes = Vec::with_capacity(20);
    bytes.push(GROUPED);
    let mut millis = 0_i64;
    for (at, first) in stamps.iter().enumerate() {
        if stamps[..at].iter().any(|stamp| stamp.goes_with(first)) {
            continue;
        }
        put(&mut bytes, first.replica.unsigned_abs());
        put(
            &mut bytes,
            first.author.unsigned_abs() << 1 | u64::from(first.uncertain),
        );
        put(&mut bytes, first.seq);
        let now = (first.hlc >> 16) as i64;
        put(&mut bytes, zigzag(now - millis));
        millis = now;
        put(&mut bytes, first.hlc & 0xffff);
        let runs = runs(stamps[at..].iter().filter(|stamp| stamp.goes_with(first)));
        put(&mut bytes, runs.len() as u64);
        let mut end = 0;
        for (field, length, index) in runs {
            put(&mut bytes, u64::from(field - end));
            put(&mut bytes, u64::from(length - 1));
            put(&mut bytes, u64::from(index));
            end = field + length;
        }
    }
    bytes
}

/// First field, length and first index of each run.
fn runs<'a>(stamps: impl Iterator<Item = &'a Stamp>) -> Vec<(u32, u32, u32)> {
    let mut runs: Vec<(u32, u32, u32)> = Vec::new();
    for stamp in stamps {
        let field = u32::from(stamp.field);
        match runs.last_mut() {
            Some((first, length, index))
                if *first + *length == field && index.checked_add(*length) == Some(stamp.index) =>
            {
                *length += 1;
            }
            _ => runs.push((field, 1, stamp.index)),
        }
    }
    runs
}

/// Unpacks the stamps of a row, of any version.
pub fn unpack(mut bytes: &[u8]) -> Result<Vec<Stamp>> {
    let mut stamps = Vec::new();
    if let Some((&GROUPED, groups)) = bytes.split_first() {
        bytes = groups;
        let mut millis = 0_i64;
        while !bytes.is_empty() {
            group(&mut bytes, &mut millis, &mut stamps).ok_or(Error::Damaged)?;
        }
        stamps.sort_by_key(|stamp| stamp.field);
        return Ok(stamps);
    }
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

fn group(bytes: &mut &[u8], millis: &mut i64, stamps: &mut Vec<Stamp>) -> Option<()> {
    let replica = take(bytes)? as i64;
    let author = take(bytes)?;
    let seq = take(bytes)?;
    *millis = millis.wrapping_add(unzigzag(take(bytes)?));
    let counter = take(bytes)?;
    let hlc = (*millis as u64) << 16 | counter;
    let mut end = 0_u64;
    for _ in 0..take(bytes)? {
        let first = end.checked_add(take(bytes)?)?;
        end = first.checked_add(take(bytes)?)?.checked_add(1)?;
        let index = take(bytes)?;
        if end > 1 << 16 {
            return None;
        }
        for field in first..end {
            stamps.push(Stamp {
                field: u16::try_from(field).ok()?,
                replica,
                seq,
                index: u32::try_from(index.checked_add(field - first)?).ok()?,
                hlc,
                author: (author >> 1) as i64,
                uncertain: author & 1 == 1,
            });
        }
    }
    Some(())
}

/// Packs the rows of an older version as this one does, so that a row's bytes depend on what it says alone.
pub fn renew(conn: &Connection) -> Result<()> {
    const DONE: &str = "stamps_grouped";
    if crate::write::get_meta_int(conn, DONE)?.is_some() {
        return Ok(());
    }
    for kind in Kind::ALL {
        let table = kind.table();
        let rows: Vec<(Vec<u8>, Vec<u8>)> = conn
            .prepare(&format!("SELECT id, stamps FROM {table}"))?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let mut update = conn.prepare(&format!("UPDATE {table} SET stamps = ?2 WHERE id = ?1"))?;
        for (id, stamps) in rows {
            update.execute((id, pack(&unpack(&stamps)?)))?;
        }
    }
    crate::write::set_meta_int(conn, DONE, 1)
}

fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

fn unzigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
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
    use proptest::prelude::*;

    use super::*;

    fn stamp(field: u16, seq: u64, index: u32, hlc: u64) -> Stamp {
        Stamp {
            field,
            replica: 1 + (seq % 3) as i64,
            seq,
            index,
            hlc,
            author: 9,
            uncertain: seq % 2 == 1,
        }
    }

    #[test]
    fn a_record_of_one_save_takes_little() {
        let stamps: Vec<Stamp> = (1..=9)
            .map(|n| stamp(n, 300, u32::from(n) - 1, 1_784_116_800_000 << 16))
            .collect();
        let bytes = pack(&stamps);
        assert!(bytes.len() <= 16, "{} bytes", bytes.len());
        assert_eq!(unpack(&bytes).unwrap(), stamps);
    }

    #[test]
    fn blobs_of_the_first_version_are_read() {
        // field 0, replica 1, save 2, index 3, stamp 4, author 5; field 8 in doubt.
        let bytes = [0, 1, 2, 3, 4, 5, 17, 1, 2, 4, 4, 5];
        let stamps = unpack(&bytes).unwrap();
        assert_eq!(stamps.len(), 2);
        assert_eq!(
            (stamps[0].field, stamps[0].index, stamps[0].author),
            (0, 3, 5)
        );
        assert_eq!((stamps[1].field, stamps[1].uncertain), (8, true));
        assert_eq!(unpack(&pack(&stamps)).unwrap(), stamps);
    }

    #[test]
    fn a_cut_blob_is_damage_and_not_an_empty_one() {
        assert!(unpack(&[0x80]).is_err());
        let whole = pack(&[stamp(1, 2, 3, 4), stamp(2, 3, 4, 5)]);
        for end in 2..whole.len() {
            let cut = unpack(&whole[..end]);
            assert!(cut.is_err() || cut.unwrap().len() < 2, "{end}");
        }
        assert!(
            unpack(&[
                GROUPED, 1, 1, 1, 1, 1, 1, 0, 0xff, 0xff, 0xff, 0xff, 0x0f, 0
            ])
            .is_err()
        );
    }

    proptest! {
        #[test]
        fn stamps_round_trip(parts in prop::collection::btree_map(any::<u16>(), (0..4_u64, any::<u32>(), any::<u64>()), 0..20)) {
            let stamps: Vec<Stamp> = parts
                .into_iter()
                .map(|(field, (seq, index, hlc))| stamp(field, seq, index, hlc))
                .collect();
            prop_assert_eq!(unpack(&pack(&stamps)).unwrap(), stamps);
        }
    }
}
