//! Who did what on this laptop, one line after the other. Each line's hash covers the hash before it, so that a line
//! that was changed or taken out shows.

use domain::ids::RecordId;
use rusqlite::{Connection, OptionalExtension, params};
use sync::segment::Hash;

use crate::Store;
use crate::error::{Error, Result};

/// What the first line's hash covers in the place of one before it.
const BEFORE_THE_FIRST: Hash = *b"nyetaa audit: before the first  ";

/// Something that was done here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Doing {
    /// When, in milliseconds since 1970 by this computer's clock: to be shown, never to be compared with another's.
    pub at_ms: u64,
    /// What, as a word.
    pub what: String,
    /// Who did it; none where nobody had come in.
    pub person: Option<RecordId>,
    /// Whom it was done to.
    pub about: Option<RecordId>,
    /// The place that it was about.
    pub place: Option<RecordId>,
    /// What else is to be said of it, in JSON.
    pub params: Option<String>,
    /// Of what was noted while the database was closed: the same mark comes in once.
    pub mark: Option<[u8; 16]>,
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1 on without gaps.
    pub no: u64,
    /// What it says.
    pub doing: Doing,
}

/// Which lines are asked for.
#[derive(Debug, Clone, Default)]
pub struct Doings<'a> {
    /// Done by this person, or to them.
    pub person: Option<RecordId>,
    /// One of these words; any when empty.
    pub what: &'a [&'a str],
    /// Not before, in milliseconds since 1970.
    pub from_ms: Option<u64>,
    /// Before, in milliseconds since 1970.
    pub until_ms: Option<u64>,
    /// At most so many, the newest.
    pub most: u32,
}

/// Whether the list is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain {
    /// How many lines there are.
    pub lines: u64,
    /// The hash of the last one.
    pub head: Hash,
    /// The first line that does not follow from the one before it.
    pub broken: Option<u64>,
}

impl Store {
    /// Adds lines to the list, all or none; a mark that is there already is left out. Answers how many were new.
    pub fn note(&self, doings: &[Doing]) -> Result<u64> {
        self.transact(|conn| {
            let mut new = 0;
            for doing in doings {
                new += u64::from(add(conn, doing)?);
            }
            Ok(new)
        })
    }

    /// The lines asked for, newest first.
    pub fn doings(&self, asked: &Doings<'_>) -> Result<Vec<Line>> {
        let words = (!asked.what.is_empty()).then(|| format!(",{},", asked.what.join(",")));
        self.read(|conn| {
            let mut rows = conn.prepare_cached(
                "SELECT no, at_ms, what, person, about, place, params, mark FROM audit
                 WHERE (?1 IS NULL OR person = ?1 OR about = ?1)
                 AND (?2 IS NULL OR instr(?2, ',' || what || ',') > 0)
                 AND at_ms >= ?3 AND at_ms < ?4 ORDER BY no DESC LIMIT ?5",
            )?;
            let rows = rows.query_map(
                params![
                    asked.person.as_ref().map(RecordId::as_bytes),
                    words,
                    asked.from_ms.map_or(0, |ms| ms as i64),
                    asked.until_ms.map_or(i64::MAX, |ms| ms as i64),
                    asked.most,
                ],
                |row| Ok((row.get::<_, i64>(0)? as u64, doing_of(row, 1)?)),
            )?;
            rows.map(|row| {
                row.map(|(no, doing)| Line { no, doing })
                    .map_err(Error::from)
            })
            .collect()
        })
    }

    /// The number and the first bytes of the hash of a line, or of the last one; none when there is no such line.
    pub fn audit_mark(&self, no: Option<u64>) -> Result<Option<(u64, [u8; 8])>> {
        self.read(|conn| {
            let mut rows = conn.prepare_cached(
                "SELECT no, hash FROM audit WHERE ?1 IS NULL OR no = ?1 ORDER BY no DESC LIMIT 1",
            )?;
            let mut rows = rows.query(params![no.map(|no| no as i64)])?;
            let Some(row) = rows.next()? else {
                return Ok(None);
            };
            let (no, hash) = (row.get::<_, i64>(0)? as u64, row.get::<_, Hash>(1)?);
            let mut mark = [0; 8];
            mark.copy_from_slice(&hash[..8]);
            Ok(Some((no, mark)))
        })
    }

    /// Goes through the whole list, from the first line on.
    pub fn audit_chain(&self) -> Result<Chain> {
        self.read(|conn| {
            let mut rows = conn.prepare_cached(
                "SELECT no, hash, at_ms, what, person, about, place, params, mark FROM audit ORDER BY no",
            )?;
            let mut rows = rows.query([])?;
            let mut chain = Chain {
                lines: 0,
                head: BEFORE_THE_FIRST,
                broken: None,
            };
            while let Some(row) = rows.next()? {
                let (no, hash) = (row.get::<_, i64>(0)? as u64, row.get::<_, Hash>(1)?);
                let follows = no == chain.lines + 1
                    && hash == hash_of(&chain.head, no, &doing_of(row, 2)?);
                if !follows && chain.broken.is_none() {
                    chain.broken = Some(no.min(chain.lines + 1));
                }
                chain.lines += 1;
                chain.head = hash;
            }
            Ok(chain)
        })
    }
}

fn add(conn: &Connection, doing: &Doing) -> Result<bool> {
    if let Some(mark) = &doing.mark {
        let known = conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM audit WHERE mark = ?1)")?
            .query_row([mark], |row| row.get(0))?;
        if known {
            return Ok(false);
        }
    }
    let last: Option<(i64, Hash)> = conn
        .prepare_cached("SELECT no, hash FROM audit ORDER BY no DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (no, before) = last.map_or((1, BEFORE_THE_FIRST), |(no, hash)| (no + 1, hash));
    conn.prepare_cached(
        "INSERT INTO audit (no, hash, at_ms, what, person, about, place, params, mark)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        no,
        hash_of(&before, no as u64, doing),
        doing.at_ms as i64,
        doing.what,
        doing.person.as_ref().map(RecordId::as_bytes),
        doing.about.as_ref().map(RecordId::as_bytes),
        doing.place.as_ref().map(RecordId::as_bytes),
        doing.params,
        doing.mark,
    ])?;
    Ok(true)
}

fn doing_of(row: &rusqlite::Row<'_>, from: usize) -> rusqlite::Result<Doing> {
    let id = |at: usize| -> rusqlite::Result<Option<RecordId>> {
        Ok(row.get::<_, Option<_>>(at)?.map(RecordId::from_bytes))
    };
    Ok(Doing {
        at_ms: row.get::<_, i64>(from)? as u64,
        what: row.get(from + 1)?,
        person: id(from + 2)?,
        about: id(from + 3)?,
        place: id(from + 4)?,
        params: row.get(from + 5)?,
        mark: row.get(from + 6)?,
    })
}

/// Each part with its length before it, so that no two lines have the same bytes.
fn hash_of(before: &Hash, no: u64, doing: &Doing) -> Hash {
    let mut bytes = before.to_vec();
    bytes.extend_from_slice(&no.to_le_bytes());
    bytes.extend_from_slice(&doing.at_ms.to_le_bytes());
    let id = |id: &Option<RecordId>| id.as_ref().map(|id| id.as_bytes().to_vec());
    let parts = [
        Some(doing.what.clone().into_bytes()),
        id(&doing.person),
        id(&doing.about),
        id(&doing.place),
        doing.params.clone().map(String::into_bytes),
        doing.mark.map(Vec::from),
    ];
    for part in parts {
        let length = part.as_ref().map_or(u64::MAX, |part| part.len() as u64);
        bytes.extend_from_slice(&length.to_le_bytes());
        bytes.extend(part.unwrap_or_default());
    }
    sync::snapshot::hash(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn store(folder: &std::path::Path) -> Store {
        Store::open_on(Arc::new(crate::RealDisk), folder, None, &[1; 32]).unwrap()
    }

    fn doing(n: u8) -> Doing {
        Doing {
            at_ms: u64::from(n) * 1000,
            what: if n.is_multiple_of(2) {
                "unlock"
            } else {
                "export"
            }
            .to_owned(),
            person: Some(RecordId::from_bytes([n % 3; 16])),
            ..Doing::default()
        }
    }

    #[test]
    fn lines_follow_each_other_and_are_found_by_person_kind_and_time() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let all: Vec<_> = (0..9).map(doing).collect();
        assert_eq!(store.note(&all).unwrap(), 9);
        let chain = store.audit_chain().unwrap();
        assert_eq!((chain.lines, chain.broken), (9, None));
        let find = |asked: Doings<'_>| -> Vec<u64> {
            let lines = store.doings(&Doings { most: 100, ..asked }).unwrap();
            lines.iter().map(|line| line.no).collect()
        };
        assert_eq!(find(Doings::default()), [9, 8, 7, 6, 5, 4, 3, 2, 1]);
        let person = Some(RecordId::from_bytes([1; 16]));
        assert_eq!(
            find(Doings {
                person,
                ..Doings::default()
            }),
            [8, 5, 2]
        );
        let what = &["export"][..];
        assert_eq!(
            find(Doings {
                what,
                ..Doings::default()
            }),
            [8, 6, 4, 2]
        );
        let asked = Doings {
            from_ms: Some(2000),
            until_ms: Some(4000),
            ..Doings::default()
        };
        assert_eq!(find(asked), [4, 3]);
    }

    #[test]
    fn a_mark_comes_in_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let marked = Doing {
            mark: Some([5; 16]),
            ..doing(1)
        };
        assert_eq!(store.note(&[marked.clone(), marked.clone()]).unwrap(), 1);
        assert_eq!(store.note(&[marked]).unwrap(), 0);
        assert_eq!(store.audit_chain().unwrap().lines, 1);
    }

    /// Whoever has the key can write into the file; the database's own refusal is taken away first.
    #[test]
    fn a_line_that_was_changed_or_taken_out_shows() {
        let tampered = |sql: &str| {
            let folder = tempfile::tempdir().unwrap();
            let store = store(folder.path());
            store.note(&(0..9).map(doing).collect::<Vec<_>>()).unwrap();
            store
                .transact(|conn| {
                    assert!(conn.execute_batch(sql).is_err(), "refused: {sql}");
                    conn.execute_batch(
                        "DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_removed",
                    )?;
                    Ok(conn.execute_batch(sql)?)
                })
                .unwrap();
            store.audit_chain().unwrap().broken
        };
        assert_eq!(
            tampered("UPDATE audit SET what = 'lock' WHERE no = 4"),
            Some(4)
        );
        assert_eq!(tampered("UPDATE audit SET at_ms = 1 WHERE no = 9"), Some(9));
        assert_eq!(
            tampered("UPDATE audit SET params = '' WHERE no = 1"),
            Some(1)
        );
        assert_eq!(
            tampered("UPDATE audit SET about = person WHERE no = 2"),
            Some(2)
        );
        assert_eq!(tampered("DELETE FROM audit WHERE no = 6"), Some(6));
        assert_eq!(tampered("DELETE FROM audit WHERE no = 1"), Some(1));
    }
}
