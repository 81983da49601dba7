//! The keys of sealed texts.

use std::ops::RangeInclusive;

use domain::ids::{RecordId, ScopeId};
use sync::sealing::{Erased, RecordKey, Secret};

use super::Tx;
use crate::storage::Result;
use crate::storage::cell::{Row, params};

/// What stands in the place of a key that was destroyed.
const ZEROS: Secret = [0; 32];

impl dyn Tx + '_ {
    /// A key, unless it is not here or was destroyed.
    pub fn sealed_key(&self, scope: ScopeId, id: RecordId) -> Result<Option<RecordKey>> {
        self.one(
            "SELECT scope_id, record, class, secret FROM sealed_key
             WHERE scope_id = ?1 AND key_id = ?2 AND secret <> ?3",
            params![&scope, &id, &ZEROS],
            to_key,
        )
    }

    /// Every key of a scope, by name.
    pub fn sealed_keys(&self, scope: ScopeId) -> Result<Vec<RecordKey>> {
        self.all(
            "SELECT scope_id, record, class, secret FROM sealed_key
             WHERE scope_id = ?1 AND secret <> ?2 ORDER BY key_id",
            params![&scope, &ZEROS],
            to_key,
        )
    }

    /// Keys of a scope that came while its feed went as far as these numbers, in the order in which they came, no more than
    /// `most`.
    pub fn sealed_keys_in(
        &self,
        scope: ScopeId,
        feed: &RangeInclusive<u64>,
        most: u64,
    ) -> Result<Vec<RecordKey>> {
        self.all(
            "SELECT scope_id, record, class, secret FROM sealed_key
             WHERE scope_id = ?1 AND feed_no BETWEEN ?2 AND ?3 AND secret <> ?4
             ORDER BY feed_no, key_id LIMIT ?5",
            params![&scope, *feed.start(), *feed.end(), &ZEROS, most],
            to_key,
        )
    }

    /// Keeps a key, beside what its scope's feed holds by now. One that was destroyed is not taken again, and one that is
    /// here stays as it is.
    pub fn put_sealed_key(&self, key: &RecordKey) -> Result<()> {
        let id = key.id();
        if self.erased_key(key.scope, id)? {
            return Ok(());
        }
        self.run(
            "INSERT INTO sealed_key (scope_id, key_id, record, class, secret, feed_no)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (scope_id, key_id) DO NOTHING",
            params![
                &key.scope,
                &id,
                &key.record,
                &key.class,
                &key.secret,
                self.feed_no(key.scope)?
            ],
        )?;
        Ok(())
    }

    /// Whether a key was destroyed.
    pub fn erased_key(&self, scope: ScopeId, id: RecordId) -> Result<bool> {
        let sql = "SELECT at FROM erased_key WHERE scope_id = ?1 AND key_id = ?2";
        let at: Option<u64> = self.one(sql, params![&scope, &id], Row::take)?;
        Ok(at.is_some())
    }

    /// Destroys a key, whether it is here or not. False when that was done before.
    pub fn erase_key(&self, scope: ScopeId, erased: &Erased) -> Result<bool> {
        let new = self.run(
            "INSERT INTO erased_key (scope_id, key_id, person, at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (scope_id, key_id) DO NOTHING",
            params![&scope, &erased.key, &erased.by, erased.at_ms],
        )?;
        self.run(
            "UPDATE sealed_key SET secret = ?3 WHERE scope_id = ?1 AND key_id = ?2",
            params![&scope, &erased.key, &ZEROS],
        )?;
        Ok(new > 0)
    }

    /// The keys of a scope that were destroyed, by name.
    pub fn erased_keys(&self, scope: ScopeId) -> Result<Vec<Erased>> {
        self.all(
            "SELECT key_id, person, at FROM erased_key WHERE scope_id = ?1 ORDER BY key_id",
            params![&scope],
            |row| {
                Ok(Erased {
                    key: row.take()?,
                    by: row.take()?,
                    at_ms: row.take()?,
                })
            },
        )
    }
}

fn to_key(row: &mut Row) -> Result<RecordKey> {
    Ok(RecordKey {
        scope: row.take()?,
        record: row.take()?,
        class: row.take()?,
        secret: row.take()?,
    })
}
