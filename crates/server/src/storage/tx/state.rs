//! What the log says now: records and their open heads, snapshots, and how far aggregates go.

use std::collections::HashMap;

use domain::ids::{RecordId, ScopeId};
use sync::heads::Head;
use sync::log::Dot;
use sync::segment::Hash;

use super::Tx;
use crate::projection::RecordRow;
use crate::storage::Result;
use crate::storage::cell::{Param, Row, params};
use crate::storage::rows::SnapshotRow;

impl dyn Tx + '_ {
    /// A record as it is stored.
    pub fn record(&self, scope: ScopeId, kind: u16, id: RecordId) -> Result<Option<RecordRow>> {
        let mut rows = self.records_at(scope, &[(kind, id)])?;
        Ok(rows.pop().map(|(_, row)| row))
    }

    /// Those of these records that there are, as they are stored, in no order.
    pub fn records_at(&self, scope: ScopeId, keys: &[Key]) -> Result<Vec<(Key, RecordRow)>> {
        let mut rows = Vec::with_capacity(keys.len());
        for keys in chunks(keys) {
            let params = keyed(&scope, keys);
            let sql = format!(
                "SELECT kind, id, \"values\", stamps FROM record WHERE {}",
                any_of("id", keys.len())
            );
            let mut found: HashMap<Key, RecordRow> = HashMap::with_capacity(keys.len());
            for mut row in self.rows(&sql, &params)? {
                let key = (row.take()?, row.take()?);
                let record = RecordRow {
                    values: row.take()?,
                    stamps: row.take()?,
                    open: Vec::new(),
                };
                found.insert(key, record);
            }
            if !found.is_empty() {
                let sql = format!(
                    "SELECT kind, record, field, replica, seq, idx, hlc, author, uncertain, value
                     FROM head WHERE {} ORDER BY kind, record, field, replica, seq, idx",
                    any_of("record", keys.len())
                );
                for mut row in self.rows(&sql, &params)? {
                    let key = (row.take()?, row.take()?);
                    if let Some(record) = found.get_mut(&key) {
                        record.open.push(to_head(&mut row)?);
                    }
                }
            }
            rows.extend(found);
        }
        Ok(rows)
    }

    /// Stores a record as it stands now.
    pub fn put_record(
        &self,
        scope: ScopeId,
        kind: u16,
        id: RecordId,
        record: &RecordRow,
    ) -> Result<()> {
        self.put_records(scope, &[((kind, id), record.clone())])
    }

    /// Stores records as they stand now, each named once.
    pub fn put_records(&self, scope: ScopeId, rows: &[(Key, RecordRow)]) -> Result<()> {
        for rows in chunks(rows) {
            let keys: Vec<Key> = rows.iter().map(|(key, _)| *key).collect();
            let mut params = vec![Param::from(&scope)];
            for ((kind, id), record) in rows {
                params.extend(params![*kind, id, &record.values, &record.stamps]);
            }
            let places: Vec<String> = (0..rows.len())
                .map(|n| {
                    format!(
                        "(?1, ?{}, ?{}, ?{}, ?{})",
                        4 * n + 2,
                        4 * n + 3,
                        4 * n + 4,
                        4 * n + 5
                    )
                })
                .collect();
            self.run(
                &format!(
                    "INSERT INTO record (scope_id, kind, id, \"values\", stamps) VALUES {}
                     ON CONFLICT (scope_id, kind, id)
                     DO UPDATE SET \"values\" = excluded.\"values\", stamps = excluded.stamps",
                    places.join(", ")
                ),
                &params,
            )?;
            self.run(
                &format!("DELETE FROM head WHERE {}", any_of("record", keys.len())),
                &keyed(&scope, &keys),
            )?;
            for ((kind, id), record) in rows {
                self.put_heads(scope, *kind, *id, record)?;
            }
        }
        Ok(())
    }

    fn put_heads(&self, scope: ScopeId, kind: u16, id: RecordId, record: &RecordRow) -> Result<()> {
        for (field, head, value) in &record.open {
            self.run(
                "INSERT INTO head (scope_id, kind, record, field, replica, seq, idx, hlc, author,
                                   uncertain, value)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                params![
                    &scope,
                    kind,
                    &id,
                    *field,
                    &head.dot.replica,
                    head.dot.seq,
                    head.dot.index,
                    head.hlc,
                    &head.author,
                    head.uncertain,
                    value
                ],
            )?;
        }
        Ok(())
    }

    /// The records of a scope in order: kind and identifier.
    pub fn records(&self, scope: ScopeId) -> Result<Vec<(u16, RecordId)>> {
        self.all(
            "SELECT kind, id FROM record WHERE scope_id = ?1 ORDER BY kind, id",
            params![&scope],
            |row| Ok((row.take()?, row.take()?)),
        )
    }

    /// All records of a kind: their scope, identifier and shown values, by scope and identifier.
    pub fn records_of(&self, kind: u16) -> Result<Vec<(ScopeId, RecordId, String)>> {
        self.all(
            "SELECT scope_id, id, \"values\" FROM record WHERE kind = ?1 ORDER BY scope_id, id",
            params![kind],
            |row| Ok((row.take()?, row.take()?, row.take()?)),
        )
    }

    /// Empties the projection and starts every stream from its beginning.
    pub fn forget_projection(&self) -> Result<()> {
        self.run("DELETE FROM head", &[])?;
        self.run("DELETE FROM record", &[])?;
        self.run("UPDATE stream SET applied_seq = 0", &[])?;
        Ok(())
    }

    /// Removes everything of a scope: for scratch databases.
    pub fn forget_scope(&self, scope: ScopeId) -> Result<()> {
        for table in ["head", "record", "stream", "segment", "scope_head"] {
            self.run(
                &format!("DELETE FROM {table} WHERE scope_id = ?1"),
                params![&scope],
            )?;
        }
        Ok(())
    }

    // Snapshots.

    /// Keeps a snapshot of a scope. The same bytes are kept once.
    pub fn put_snapshot(&self, scope: ScopeId, snapshot: &SnapshotRow, bytes: &[u8]) -> Result<()> {
        self.run(
            "INSERT INTO snapshot (scope_id, hash, feed_no, length, bytes, made_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (scope_id, hash) DO UPDATE SET feed_no = ?3, made_at = ?6",
            params![
                &scope,
                &snapshot.hash,
                snapshot.feed_no,
                snapshot.length,
                bytes,
                snapshot.made_at
            ],
        )?;
        Ok(())
    }

    /// The newest snapshot of a scope, without its bytes.
    pub fn newest_snapshot(&self, scope: ScopeId) -> Result<Option<SnapshotRow>> {
        self.one(
            "SELECT hash, feed_no, length, made_at FROM snapshot
             WHERE scope_id = ?1 ORDER BY feed_no DESC, made_at DESC, hash LIMIT 1",
            params![&scope],
            to_snapshot,
        )
    }

    /// The scopes that a snapshot of this hash belongs to, for one that only names the hash.
    pub fn scopes_of_snapshot(&self, hash: &Hash) -> Result<Vec<ScopeId>> {
        self.all(
            "SELECT scope_id FROM snapshot WHERE hash = ?1 ORDER BY scope_id",
            params![hash],
            Row::take,
        )
    }

    /// The bytes of a snapshot.
    pub fn snapshot_bytes(&self, scope: ScopeId, hash: &Hash) -> Result<Option<Vec<u8>>> {
        self.one(
            "SELECT bytes FROM snapshot WHERE scope_id = ?1 AND hash = ?2",
            params![&scope, hash],
            Row::take,
        )
    }

    /// Removes the snapshots of a scope that were made before a time, but never those of the highest feed number:
    /// a laptop that is fetching an older one goes on for a while.
    pub fn forget_snapshots(&self, scope: ScopeId, made_before: u64) -> Result<()> {
        self.run(
            "DELETE FROM snapshot WHERE scope_id = ?1 AND made_at < ?2
             AND feed_no < (SELECT max(s.feed_no) FROM snapshot s WHERE s.scope_id = ?1)",
            params![&scope, made_before],
        )?;
        Ok(())
    }

    // Aggregates.

    /// Up to which feed number a scope's figures stand in the aggregates above it, 0 before the first.
    pub fn aggregated(&self, scope: ScopeId) -> Result<u64> {
        let sql = "SELECT feed_no FROM aggregate WHERE scope_id = ?1";
        Ok(self.one(sql, params![&scope], Row::take)?.unwrap_or(0))
    }

    /// Remembers up to which feed number a scope's figures stand in the aggregates above it, and since when.
    pub fn set_aggregated(&self, scope: ScopeId, feed_no: u64, made_at: u64) -> Result<()> {
        self.run(
            "INSERT INTO aggregate (scope_id, feed_no, made_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (scope_id) DO UPDATE SET feed_no = ?2, made_at = ?3",
            params![&scope, feed_no, made_at],
        )?;
        Ok(())
    }
}

/// A record's kind and identifier.
pub type Key = (u16, RecordId);

/// Records of one statement. Statements are kept ready, so there are few lengths.
const LENGTHS: [usize; 4] = [64, 16, 4, 1];

fn chunks<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let length = LENGTHS.into_iter().find(|length| *length <= rows.len())?;
        let (chunk, rest) = rows.split_at(length);
        rows = rest;
        Some(chunk)
    })
}

/// The condition that a row belongs to one of so many records of scope `?1`.
fn any_of(id: &str, count: usize) -> String {
    let one = |n| format!("(kind = ?{} AND {id} = ?{})", 2 * n + 2, 2 * n + 3);
    let all: Vec<String> = (0..count).map(one).collect();
    format!("scope_id = ?1 AND ({})", all.join(" OR "))
}

fn keyed<'a>(scope: &'a ScopeId, keys: &'a [Key]) -> Vec<Param<'a>> {
    let mut params = vec![Param::from(scope)];
    for (kind, id) in keys {
        params.extend([Param::from(*kind), Param::from(id)]);
    }
    params
}

/// The value stays packed: [`crate::projection`] knows how to read it.
fn to_head(row: &mut Row) -> Result<(u16, Head, Vec<u8>)> {
    let field = row.take()?;
    let head = Head {
        dot: Dot {
            replica: row.take()?,
            seq: row.take()?,
            index: row.take()?,
        },
        hlc: row.take()?,
        author: row.take()?,
        value: domain::value::Value::Null,
        uncertain: row.take()?,
    };
    Ok((field, head, row.take()?))
}

fn to_snapshot(row: &mut Row) -> Result<SnapshotRow> {
    Ok(SnapshotRow {
        hash: row.take()?,
        feed_no: row.take()?,
        length: row.take()?,
        made_at: row.take()?,
    })
}
