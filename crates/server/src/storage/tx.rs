//! A transaction, and what can be asked of it: every statement of the server, once for both databases.
//!
//! [`Tx`] is what a database brings. What the server asks are methods of `dyn Tx`: this file has those about the
//! server and its places, [`administration`] about those who come in by themselves, [`people`] about invitations, replicas and
//! revocation, [`sealed`] about keys, [`log`] about segments and streams,
//! [`state`] about records, snapshots and aggregates.
//!
//! Statements are written so that SQLite and PostgreSQL both take them: parameters as `?1`, no function that only
//! one of them has, sums cast to bigint.

use domain::catalog::{OrgLevel, org_units};
use domain::ids::RecordId;
use sync::clock::Hlc;

use super::Result;
use super::cell::{Param, Row, params};
use super::rows::{Counts, Identity, PastKey, TreePlace};
use crate::places::{Level, Place, Source};

pub mod administration;
pub mod log;
pub mod people;
pub mod sealed;
pub mod state;

/// An open transaction of either database.
pub trait Tx {
    /// Runs a statement that gives no rows; says how many it changed.
    ///
    /// # Errors
    /// When the database refuses it or fails.
    fn run(&self, sql: &str, params: &[Param<'_>]) -> Result<u64>;

    /// Runs a statement and gives its rows.
    ///
    /// # Errors
    /// When the database refuses it or fails.
    fn rows(&self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>>;

    /// What the engine finds wrong with its files; empty when all is well.
    ///
    /// # Errors
    /// When the database fails.
    fn integrity(&self) -> Result<Vec<String>>;
}

impl dyn Tx + '_ {
    /// The first row of a statement, read by `read`.
    fn one<T>(
        &self,
        sql: &str,
        params: &[Param<'_>],
        read: impl FnOnce(&mut Row) -> Result<T>,
    ) -> Result<Option<T>> {
        let first = self.rows(sql, params)?.into_iter().next();
        first.map(|mut row| read(&mut row)).transpose()
    }

    /// All rows of a statement, each read by `read`.
    fn all<T>(
        &self,
        sql: &str,
        params: &[Param<'_>],
        mut read: impl FnMut(&mut Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        let rows = self.rows(sql, params)?.into_iter();
        rows.map(|mut row| read(&mut row)).collect()
    }

    // The server itself.

    /// The server's own row, `None` in a new database.
    pub fn identity(&self) -> Result<Option<Identity>> {
        let past = self.all(
            "SELECT no, secret, statement FROM succession ORDER BY no",
            &[],
            |row| {
                Ok(PastKey {
                    number: row.take()?,
                    secret: row.take()?,
                    statement: row.take()?,
                })
            },
        )?;
        self.one(
            "SELECT secret, epoch, registry, heir FROM server",
            &[],
            |row| {
                Ok(Identity {
                    secret: row.take()?,
                    epoch: row.take()?,
                    registry: row.take()?,
                    heir: row.take()?,
                    past,
                })
            },
        )
    }

    /// Puts another key in the place of the server's.
    pub fn put_secret(&self, secret: &[u8; 32]) -> Result<()> {
        self.run("UPDATE server SET secret = ?1", params![secret])?;
        Ok(())
    }

    /// Remembers who may name another server.
    pub fn put_heir(&self, heir: &[u8; 32]) -> Result<()> {
        self.run("UPDATE server SET heir = ?1", params![heir])?;
        Ok(())
    }

    /// Remembers what the heir said, and the key that was believed until then.
    pub fn put_succession(&self, past: &PastKey, now: u64) -> Result<()> {
        self.run(
            "INSERT INTO succession (no, secret, statement, at) VALUES (?1, ?2, ?3, ?4)",
            params![past.number, &past.secret, past.statement.as_slice(), now],
        )?;
        Ok(())
    }

    /// Writes the server's own row. The secret of one that is there stays.
    pub fn put_identity(&self, identity: &Identity) -> Result<()> {
        self.run(
            "INSERT INTO server (\"only\", secret, epoch, registry) VALUES (1, ?1, ?2, ?3)
             ON CONFLICT (\"only\") DO UPDATE SET epoch = ?2, registry = ?3",
            params![&identity.secret, &identity.epoch, &identity.registry],
        )?;
        Ok(())
    }

    /// The stamp of the last save that the server wrote itself, zero before the first.
    pub fn own_stamp(&self) -> Result<Hlc> {
        let stamp = self.one("SELECT hlc FROM server", &[], Row::take)?;
        Ok(stamp.unwrap_or_default())
    }

    /// Remembers the stamp of the last save that the server wrote itself.
    pub fn set_own_stamp(&self, stamp: Hlc) -> Result<()> {
        self.run("UPDATE server SET hlc = ?1", params![stamp])?;
        Ok(())
    }

    /// The number of the next bundle that the server writes, from 1. None is given twice.
    pub fn next_bundle(&self) -> Result<u64> {
        let sql = "UPDATE server SET bundle_no = bundle_no + 1 RETURNING bundle_no";
        Ok(self.one(sql, &[], Row::take)?.unwrap_or(1))
    }

    /// Counts up what is numbered in statements that the server signs: grants, readers of scopes and bundles. For the
    /// beginning of an epoch: a life that was lost may have given the next numbers already.
    pub fn leap(&self) -> Result<()> {
        const LEAP: u64 = 1_000;
        self.run(
            "UPDATE replica SET grant_version = grant_version + ?1",
            params![LEAP],
        )?;
        self.run("UPDATE readers SET version = version + ?1", params![LEAP])?;
        self.run(
            "UPDATE server SET bundle_no = bundle_no + ?1",
            params![LEAP],
        )?;
        Ok(())
    }

    /// The counts of all scopes together.
    pub fn counts(&self) -> Result<Counts> {
        let counts = self.one(
            "SELECT (SELECT count(*) FROM segment), (SELECT count(*) FROM record),
                    (SELECT count(*) FROM head),
                    (SELECT CAST(coalesce(sum(last_seq - applied_seq), 0) AS BIGINT) FROM stream),
                    (SELECT count(*) FROM quarantine WHERE reason <> 'again')",
            &[],
            |row| {
                Ok(Counts {
                    segments: row.take()?,
                    records: row.take()?,
                    heads: row.take()?,
                    waiting: row.take()?,
                    quarantined: row.take()?,
                })
            },
        )?;
        Ok(counts.unwrap_or_default())
    }

    // Places.

    /// Brings the shipped tree up to date with the catalogue; what has not changed is not written again.
    pub fn put_shipped_places(&self) -> Result<()> {
        let known: std::collections::HashMap<RecordId, Place> = self
            .places()?
            .into_iter()
            .map(|place| (place.id, place))
            .collect();
        for unit in org_units() {
            let place = Place {
                id: RecordId::of_place_code(&unit.code),
                parent: unit.parent_code.as_deref().map(RecordId::of_place_code),
                level: match unit.level {
                    OrgLevel::Country => Level::Country,
                    OrgLevel::Region => Level::Region,
                    OrgLevel::District => Level::District,
                },
                name: unit.name.clone(),
                code: Some(unit.code.clone()),
                source: Source::Shipped,
            };
            if known.get(&place.id) != Some(&place) {
                self.put_place(&place)?;
            }
        }
        Ok(())
    }

    /// Adds a place, or gives a known one its present name, level and parent: how a facility is moved.
    pub fn put_place(&self, place: &Place) -> Result<()> {
        self.run(
            "INSERT INTO place (id, parent, level, name, code, source) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO UPDATE SET parent = ?2, level = ?3, name = ?4, code = ?5",
            params![
                &place.id,
                place.parent.as_ref(),
                place.level,
                &place.name,
                place.code.as_deref(),
                place.source
            ],
        )?;
        Ok(())
    }

    /// A place that grants are computed from.
    pub fn place(&self, id: RecordId) -> Result<Option<Place>> {
        self.one(
            "SELECT id, parent, level, name, code, source FROM place WHERE id = ?1",
            params![&id],
            to_place,
        )
    }

    /// All places that grants are computed from, by identifier.
    pub fn places(&self) -> Result<Vec<Place>> {
        self.all(
            "SELECT id, parent, level, name, code, source FROM place ORDER BY id",
            &[],
            to_place,
        )
    }

    /// The places right under another, by identifier: a region's districts, a district's facilities.
    pub fn places_under(&self, parent: RecordId) -> Result<Vec<Place>> {
        self.all(
            "SELECT id, parent, level, name, code, source FROM place WHERE parent = ?1 ORDER BY id",
            params![&parent],
            to_place,
        )
    }

    /// The enrolled facilities of a district, by identifier.
    pub fn facilities(&self, district: RecordId) -> Result<Vec<Place>> {
        self.all(
            "SELECT id, parent, level, name, code, source FROM place
             WHERE parent = ?1 AND level = 'facility' ORDER BY id",
            params![&district],
            to_place,
        )
    }

    /// The tree with what facilities say about themselves and their villages, by identifier.
    pub fn tree(&self) -> Result<Vec<TreePlace>> {
        self.all(
            "SELECT id, parent, level, name FROM tree ORDER BY id",
            &[],
            |row| {
                Ok(TreePlace {
                    id: row.take()?,
                    parent: row.take()?,
                    level: row.take::<Option<String>>()?.unwrap_or_default(),
                    name: row.take()?,
                })
            },
        )
    }
}

fn to_place(row: &mut Row) -> Result<Place> {
    Ok(Place {
        id: row.take()?,
        parent: row.take()?,
        level: row.take()?,
        name: row.take()?,
        code: row.take()?,
        source: row.take()?,
    })
}
