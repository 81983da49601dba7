//! What the log says now: records and their open heads, snapshots, and how far aggregates go.

use domain::ids::{RecordId, ScopeId};
use sync::heads::Head;
use sync::log::Dot;
use sync::segment::Hash;

use super::Tx;
use crate::projection::RecordRow;
use crate::storage::Result;
use crate::storage::cell::{Row, params};
use crate::storage::rows::SnapshotRow;

impl dyn Tx + '_ {
    /// A record as it is stored.
    pub fn record(&self, scope: ScopeId, kind: u16, id: RecordId) -> Result<Option<RecordRow>> {
        let row = self.one(
            "SELECT \"values\", stamps FROM record WHERE scope_id = ?1 AND kind = ?2 AND id = ?3",
            params![&scope, kind, &id],
            |row| {
                Ok(RecordRow {
                    values: row.take()?,
                    stamps: row.take()?,
                    open: Vec::new(),
                })
            },
        )?;
        let Some(mut record) = row else {
            return Ok(None);
        };
        record.open = self.all(
            "SELECT field, replica, seq, idx, hlc, author, uncertain, value FROM head
             WHERE scope_id = ?1 AND kind = ?2 AND record = ?3 ORDER BY field, replica, seq, idx",
            params![&scope, kind, &id],
            to_head,
        )?;
        Ok(Some(record))
    }

    /// Stores a record as it stands now.
    pub fn put_record(
        &self,
        scope: ScopeId,
        kind: u16,
        id: RecordId,
        record: &RecordRow,
    ) -> Result<()> {
        self.run(
            "INSERT INTO record (scope_id, kind, id, \"values\", stamps)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (scope_id, kind, id) DO UPDATE SET \"values\" = ?4, stamps = ?5",
            params![&scope, kind, &id, &record.values, &record.stamps],
        )?;
        self.run(
            "DELETE FROM head WHERE scope_id = ?1 AND kind = ?2 AND record = ?3",
            params![&scope, kind, &id],
        )?;
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
