//! The keys of sealed texts.

use std::ops::RangeInclusive;

use domain::ids::{RecordId, ReplicaId, ScopeId};
use sync::sealing::{Erased, RecordKey, Secret};

use super::Tx;
use crate::storage::Result;
use crate::storage::cell::{Row, params};

/// What stands in the place of a key that was destroyed.
const ZEROS: Secret = [0; 32];

/// The keys of a scope that were not destroyed.
const KEYS: &str = "SELECT scope_id, record, class, secret FROM sealed_key WHERE scope_id = ?1
     AND NOT EXISTS (SELECT 1 FROM erased_key gone
         WHERE gone.scope_id = sealed_key.scope_id AND gone.key_id = sealed_key.key_id)";

impl dyn Tx + '_ {
    /// A key, unless it is not here or was destroyed.
    pub fn sealed_key(&self, scope: ScopeId, id: RecordId) -> Result<Option<RecordKey>> {
        self.one(
            &format!("{KEYS} AND key_id = ?2"),
            params![&scope, &id],
            to_key,
        )
    }

    /// Every key of a scope, by name.
    pub fn sealed_keys(&self, scope: ScopeId) -> Result<Vec<RecordKey>> {
        self.all(&format!("{KEYS} ORDER BY key_id"), params![&scope], to_key)
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
            &format!("{KEYS} AND feed_no BETWEEN ?2 AND ?3 ORDER BY feed_no, key_id LIMIT ?4"),
            params![&scope, *feed.start(), *feed.end(), most],
            to_key,
        )
    }

    /// Keeps a key, beside what its scope's feed holds by now. One that was destroyed is not taken again, and one that is
    /// here stays as it is.
    /// False where there is nothing new.
    pub fn put_sealed_key(&self, key: &RecordKey) -> Result<bool> {
        let id = key.id();
        if self.erased_key(key.scope, id)? {
            return Ok(false);
        }
        let new = self.run(
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
        Ok(new > 0)
    }

    /// How many keys of a scope a replica has left here, and at its wish how many were destroyed.
    pub fn key_count(&self, scope: ScopeId, of: ReplicaId) -> Result<(u64, u64)> {
        let sql = "SELECT brought, destroyed FROM key_count WHERE scope_id = ?1 AND replica = ?2";
        let counted = self.one(sql, params![&scope, &of], |row| {
            Ok((row.take()?, row.take()?))
        })?;
        Ok(counted.unwrap_or_default())
    }

    /// Keeps these numbers.
    pub fn put_key_count(
        &self,
        scope: ScopeId,
        of: ReplicaId,
        (brought, destroyed): (u64, u64),
    ) -> Result<()> {
        self.run(
            "INSERT INTO key_count (scope_id, replica, brought, destroyed) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (scope_id, replica) DO UPDATE SET brought = ?3, destroyed = ?4",
            params![&scope, &of, brought, destroyed],
        )?;
        Ok(())
    }

    /// How many keys of a scope were destroyed.
    pub fn erasures(&self, scope: ScopeId) -> Result<u64> {
        let sql = "SELECT count(*) FROM erased_key WHERE scope_id = ?1";
        Ok(self.one(sql, params![&scope], Row::take)?.unwrap_or(0))
    }

    /// Whether a key was destroyed.
    pub fn erased_key(&self, scope: ScopeId, id: RecordId) -> Result<bool> {
        let sql = "SELECT at FROM erased_key WHERE scope_id = ?1 AND key_id = ?2";
        let at: Option<u64> = self.one(sql, params![&scope, &id], Row::take)?;
        Ok(at.is_some())
    }

    /// Destroys a key, whether it is here or not. False when that was done before.
    ///
    /// A row of zeros stands for one that is not here: whoever brings it at the same moment, in a transaction that does not see
    /// this one, meets that row, and one of the two begins again.
    pub fn erase_key(&self, scope: ScopeId, erased: &Erased) -> Result<bool> {
        let new = self.run(
            "INSERT INTO erased_key (scope_id, key_id, person, at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (scope_id, key_id) DO NOTHING",
            params![&scope, &erased.key, &erased.by, erased.at_ms],
        )?;
        self.run(
            "INSERT INTO sealed_key (scope_id, key_id, record, class, secret, feed_no)
             VALUES (?1, ?2, ?2, '', ?3, 0)
             ON CONFLICT (scope_id, key_id) DO UPDATE SET secret = ?3",
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
