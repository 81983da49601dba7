//! Reading how far streams have come.

use domain::ids::{ReplicaId, ScopeId};
use rusqlite::Connection;
use sync::segment::Hash;

use crate::error::Result;

/// How far the server has said that it holds each stream of a replica.
pub fn accepted(conn: &Connection, replica: ReplicaId) -> Result<Vec<(ScopeId, u64)>> {
    let mut rows = conn.prepare_cached(
        "SELECT s.scope, s.accepted_seq FROM stream s JOIN replica r ON r.no = s.replica WHERE r.id = ?1",
    )?;
    let rows = rows.query_map([replica.as_bytes()], |row| {
        Ok((
            ScopeId::from_bytes(row.get(0)?),
            row.get::<_, i64>(1)? as u64,
        ))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The end of each stream of a scope: whose, the last sealed save, and the hash of the segment that ends there.
pub fn tips(conn: &Connection, scope: ScopeId) -> Result<Vec<(ReplicaId, u64, Hash)>> {
    let mut rows = conn.prepare_cached(
        "SELECT r.id, s.sealed_seq, s.sealed_hash FROM stream s JOIN replica r ON r.no = s.replica
         WHERE s.scope = ?1 AND s.sealed_seq > 0 AND s.sealed_hash IS NOT NULL ORDER BY r.id",
    )?;
    let rows = rows.query_map([scope.as_bytes()], |row| {
        Ok((
            ReplicaId::from_bytes(row.get(0)?),
            row.get::<_, i64>(1)? as u64,
            row.get(2)?,
        ))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
