//! The keys of sealed texts: kept, told, destroyed. What is destroyed is remembered and never taken again.

use std::collections::BTreeSet;

use domain::ids::{RecordId, ScopeId};
use domain::permission::Class;
use domain::registry::{Field, FieldType, Kind};
use domain::value::Value;
use rusqlite::{Connection, OptionalExtension, Row, params};
use sync::sealing::{Erase, Erased, RecordKey, Secret};

use crate::error::{Error, Result};
use crate::{Store, Writer};

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// It is here.
    Here(Secret),
    /// It was destroyed: by whom, and when in milliseconds since 1970.
    Gone(RecordId, u64),
    /// It did not come, or is for others.
    Never,
}

/// A key that a text here is sealed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lack {
    /// The scope of the text's record.
    pub scope: ScopeId,
    /// The record.
    pub record: RecordId,
    /// Who may have the key.
    pub class: Class,
    /// The key's name.
    pub key: RecordId,
}

const ZEROS: Secret = [0; 32];

/// What is known of a key of a scope.
pub fn known(conn: &Connection, scope: ScopeId, id: RecordId) -> Result<Known> {
    let of = [id.as_bytes(), scope.as_bytes()];
    let gone = conn
        .prepare_cached("SELECT by, at_ms FROM erased_key WHERE id = ?1 AND scope = ?2")?
        .query_row(of, |row| {
            let by = RecordId::from_bytes(row.get(0)?);
            Ok(Known::Gone(by, row.get::<_, i64>(1)?.unsigned_abs()))
        })
        .optional()?;
    if let Some(gone) = gone {
        return Ok(gone);
    }
    let here: Option<Secret> = conn
        .prepare_cached("SELECT secret FROM sealed_key WHERE id = ?1 AND scope = ?2")?
        .query_row(of, |row| row.get(0))
        .optional()?;
    Ok(here
        .filter(|secret| *secret != ZEROS)
        .map_or(Known::Never, Known::Here))
}

/// The key that a record's texts are sealed under from now on: the one that was made first, none before that.
pub fn key_of_record(conn: &Connection, record: RecordId, class: &str) -> Result<Option<Secret>> {
    Ok(conn
        .prepare_cached(
            "SELECT secret FROM sealed_key WHERE record = ?1 AND class = ?2 AND secret <> ?3
             ORDER BY no LIMIT 1",
        )?
        .query_row(params![record.as_bytes(), class, ZEROS], |row| row.get(0))
        .optional()?)
}

/// The names of all keys that a record's texts were ever sealed under, as far as they are known here.
pub fn keys_of_record(conn: &Connection, record: RecordId, class: &str) -> Result<Vec<RecordId>> {
    let mut rows =
        conn.prepare_cached("SELECT id FROM sealed_key WHERE record = ?1 AND class = ?2")?;
    let rows = rows.query_map(params![record.as_bytes(), class], |row| {
        Ok(RecordId::from_bytes(row.get(0)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn put(conn: &Connection, key: &RecordKey, held: bool) -> Result<bool> {
    let id = key.id();
    if matches!(known(conn, key.scope, id)?, Known::Gone(..)) {
        return Ok(false);
    }
    let changed = conn
        .prepare_cached(
            "INSERT INTO sealed_key (id, scope, record, class, held, secret) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id, scope) DO UPDATE SET secret = excluded.secret, held = excluded.held
             WHERE sealed_key.secret = ?7",
        )?
        .execute(params![
            id.as_bytes(),
            key.scope.as_bytes(),
            key.record.as_bytes(),
            key.class,
            held,
            key.secret,
            ZEROS
        ])?;
    Ok(changed > 0)
}

/// Destroys a key here; false when that is known already.
fn erase(conn: &Connection, scope: ScopeId, erased: &Erased, said: bool) -> Result<bool> {
    let id = erased.key;
    conn.prepare_cached("UPDATE sealed_key SET secret = ?3 WHERE id = ?1 AND scope = ?2")?
        .execute(params![id.as_bytes(), scope.as_bytes(), ZEROS])?;
    let before: Option<bool> = conn
        .prepare_cached("SELECT said FROM erased_key WHERE id = ?1 AND scope = ?2")?
        .query_row([id.as_bytes(), scope.as_bytes()], |row| row.get(0))
        .optional()?;
    if before.is_none() || (said && before == Some(false)) {
        conn.prepare_cached(
            "INSERT INTO erased_key (id, scope, by, at_ms, said) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id, scope) DO UPDATE SET by = excluded.by, at_ms = excluded.at_ms, said = excluded.said",
        )?
        .execute(params![
            id.as_bytes(),
            scope.as_bytes(),
            erased.by.as_bytes(),
            i64::try_from(erased.at_ms).unwrap_or(i64::MAX),
            said
        ])?;
    }
    Ok(before.is_none())
}

/// Obeys a statement of the server: what it names is destroyed. Answers whether any of it was new.
pub(crate) fn obey(conn: &Connection, scope: ScopeId, erased: &[Erased]) -> Result<bool> {
    let mut new = false;
    for one in erased {
        new |= erase(conn, scope, one, true)?;
    }
    Ok(new)
}

/// Lets go of the keys of a scope that leaves this laptop. What was destroyed stays remembered.
pub(crate) fn leave(conn: &Connection, scope: ScopeId) -> Result<()> {
    conn.execute(
        "UPDATE sealed_key SET secret = ?2 WHERE scope = ?1",
        params![scope.as_bytes(), ZEROS],
    )?;
    Ok(())
}

/// Takes over the keys of another database of this laptop.
pub(crate) fn absorb(conn: &Connection, other: &Connection) -> Result<()> {
    for key in keys(other, "1 = 1")? {
        put(conn, &key, false)?;
    }
    Ok(())
}

/// Destroys what was destroyed in another database of this laptop: going back to a backup brings nothing of it back. One of
/// an older version knows of none.
pub(crate) fn follow(conn: &Connection, other: &Connection) -> Result<()> {
    let table = "SELECT 1 FROM sqlite_schema WHERE name = 'erased_key'";
    if other.query_row(table, [], |_| Ok(())).optional()?.is_none() {
        return Ok(());
    }
    let mut gone = other.prepare("SELECT scope, id, by, at_ms, said FROM erased_key")?;
    let mut gone = gone.query([])?;
    while let Some(row) = gone.next()? {
        let erased = Erased {
            key: RecordId::from_bytes(row.get(1)?),
            by: RecordId::from_bytes(row.get(2)?),
            at_ms: row.get::<_, i64>(3)?.unsigned_abs(),
        };
        erase(conn, ScopeId::from_bytes(row.get(0)?), &erased, row.get(4)?)?;
    }
    Ok(())
}

fn key_in(row: &Row<'_>) -> rusqlite::Result<RecordKey> {
    Ok(RecordKey {
        scope: ScopeId::from_bytes(row.get(0)?),
        record: RecordId::from_bytes(row.get(1)?),
        class: row.get(2)?,
        secret: row.get(3)?,
    })
}

fn keys(conn: &Connection, condition: &str) -> Result<Vec<RecordKey>> {
    let sql = format!(
        "SELECT scope, record, class, secret FROM sealed_key WHERE secret <> ?1 AND {condition} ORDER BY no"
    );
    let mut rows = conn.prepare_cached(&sql)?;
    let rows = rows.query_map([ZEROS], key_in)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Every sealed field with its kind.
fn sealed_fields() -> impl Iterator<Item = (Kind, Field)> {
    Kind::ALL.iter().flat_map(|kind| {
        let fields = kind.fields().iter();
        fields
            .filter(|field| field.ty == FieldType::Sealed)
            .map(|field| (*kind, *field))
    })
}

/// The keys that texts here are sealed with and of which nothing is known.
fn lacking(conn: &Connection) -> Result<Vec<Lack>> {
    let mut found = Vec::new();
    for (kind, field) in sealed_fields() {
        let sql = format!(
            "SELECT t.scope, t.id, substr(t.{0}, 1, 16) FROM {1} t
             LEFT JOIN sealed_key k ON k.id = substr(t.{0}, 1, 16) AND k.scope = t.scope
             WHERE t.{0} IS NOT NULL AND (k.id IS NULL OR k.secret = ?1)",
            field.name,
            kind.table()
        );
        let mut rows = conn.prepare_cached(&sql)?;
        let class = Class::of_sealed(kind, field.number);
        let rows = rows.query_map([ZEROS], |row| {
            Ok(Lack {
                scope: ScopeId::from_bytes(row.get(0)?),
                record: RecordId::from_bytes(row.get(1)?),
                class,
                key: RecordId::from_bytes(row.get(2)?),
            })
        })?;
        for row in rows {
            found.push(row?);
        }
        let mut heads = conn.prepare_cached(
            "SELECT scope, record, value FROM head WHERE kind = ?1 AND field = ?2",
        )?;
        let heads = heads.query_map([kind.number(), field.number], |row| {
            let scope = ScopeId::from_bytes(row.get(0)?);
            let record = RecordId::from_bytes(row.get(1)?);
            Ok((scope, record, row.get::<_, Vec<u8>>(2)?))
        })?;
        for head in heads {
            let (scope, record, value) = head?;
            let value = ciborium::from_reader(value.as_slice()).map_err(|_| Error::Damaged)?;
            if let Value::Sealed { key, .. } = value {
                found.push(Lack {
                    scope,
                    record,
                    class,
                    key,
                });
            }
        }
    }
    let mut missing = Vec::new();
    let mut seen = BTreeSet::new();
    for lack in found {
        let of = (lack.scope, lack.key);
        if seen.insert(of) && known(conn, of.0, of.1)? == Known::Never {
            missing.push(lack);
        }
    }
    Ok(missing)
}

impl Writer<'_> {
    /// Keeps a key that was made here.
    pub fn keep_key(&mut self, key: &RecordKey) -> Result<()> {
        put(self.conn(), key, false)?;
        Ok(())
    }

    /// Destroys a key here. The server is asked for the same at the next contact.
    pub fn erase_key(&mut self, erase_this: &Erase, at_ms: u64) -> Result<()> {
        let erased = Erased {
            key: erase_this.key,
            by: erase_this.by,
            at_ms,
        };
        erase(self.conn(), erase_this.scope, &erased, false)?;
        Ok(())
    }
}

impl Store {
    /// Takes keys that came from outside, which the caller has judged. Answers whether any was new.
    pub fn take_keys(&self, keys: &[RecordKey], held: bool) -> Result<bool> {
        self.transact(|conn| {
            let mut new = false;
            for key in keys {
                new |= put(conn, key, held)?;
            }
            Ok(new)
        })
    }

    /// The keys that the server has not said it holds.
    pub fn keys_to_bring(&self) -> Result<Vec<RecordKey>> {
        self.read(|conn| keys(conn, "held = 0"))
    }

    /// Every key that is here.
    pub fn keys(&self) -> Result<Vec<RecordKey>> {
        self.read(|conn| keys(conn, "1 = 1"))
    }

    /// The server need not be told these keys any more.
    pub fn keys_held(&self, ids: &[RecordId]) -> Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        self.transact(|conn| {
            for id in ids {
                conn.prepare_cached("UPDATE sealed_key SET held = 1 WHERE id = ?1")?
                    .execute([id.as_bytes()])?;
            }
            Ok(())
        })
    }

    /// The server may have forgotten every key that it was told.
    pub fn forget_keys_held(&self) -> Result<()> {
        self.transact(|conn| {
            conn.execute("UPDATE sealed_key SET held = 0", [])?;
            Ok(())
        })
    }

    /// The keys that texts here are sealed with and of which nothing is known.
    pub fn keys_lacking(&self) -> Result<Vec<Lack>> {
        self.read(lacking)
    }

    /// What was destroyed here and no statement of the server names yet.
    pub fn erasures_owed(&self) -> Result<Vec<Erase>> {
        self.read(|conn| {
            let mut rows =
                conn.prepare_cached("SELECT scope, id, by FROM erased_key WHERE said = 0")?;
            let rows = rows.query_map([], |row| {
                Ok(Erase {
                    scope: ScopeId::from_bytes(row.get(0)?),
                    key: RecordId::from_bytes(row.get(1)?),
                    by: RecordId::from_bytes(row.get(2)?),
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Destroys a key because another laptop's people want it, whom the caller has judged. Answers whether that was new.
    pub fn erase_for(&self, wanted: &Erase, at_ms: u64) -> Result<bool> {
        let erased = Erased {
            key: wanted.key,
            by: wanted.by,
            at_ms,
        };
        let new = self.transact(|conn| erase(conn, wanted.scope, &erased, false))?;
        if new {
            self.sweep()?;
        }
        Ok(new)
    }

    /// Empties the write-ahead log after something was destroyed: older pages stand in it. Somebody who reads just then
    /// may keep it from being emptied, and the next closing does it.
    pub fn sweep(&self) -> Result<()> {
        self.writer.enter().sweep()
    }
}
