//! Storage in one SQLite file: WAL, synchronous=FULL, one writer, no key (the disk is the operator's).

use std::path::Path;
use std::time::Duration;

use domain::catalog::{OrgLevel, org_units};
use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::role::Role;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};
use sync::clock::Hlc;
use sync::heads::Head;
use sync::log::Dot;
use sync::segment::Hash;

use self::columns::{Id, Word, number, uint};
use crate::places::{Level, Place, Source};
use crate::projection::RecordRow;
use crate::storage::rows::{
    Counts, FeedRow, Identity, InvitationRow, Quarantined, ReplicaRow, SegmentRow, StreamRow,
    TreePlace,
};

mod columns;
#[cfg(test)]
mod tests;

mod migrations {
    #![allow(missing_docs, reason = "written by refinery's macro")]
    refinery::embed_migrations!("migrations");
}

/// What can go wrong with the database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The engine failed or refused.
    #[error("sqlite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The schema could not be brought up to date.
    #[error("migration: {0}")]
    Migration(Box<refinery::Error>),
    /// The engine did not take a setting that promises durability.
    #[error("the database did not take the setting {0}")]
    Setting(&'static str),
}

impl From<refinery::Error> for Error {
    fn from(error: refinery::Error) -> Self {
        Self::Migration(Box::new(error))
    }
}

type Result<T> = std::result::Result<T, Error>;

/// An open database.
#[derive(Debug)]
pub struct Database {
    connection: Connection,
}

impl Database {
    /// Opens the file at `path`, made when it is missing, and brings its schema up to date.
    pub fn open(path: &Path) -> Result<Self> {
        let connection = Connection::open(path)?;
        // `invite` and `check` run beside a serving process: they wait for its writes.
        connection.busy_timeout(Duration::from_secs(10))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
        let synchronous: i64 =
            connection.pragma_query_value(None, "synchronous", |row| row.get(0))?;
        if mode != "wal" {
            return Err(Error::Setting("journal_mode=WAL"));
        }
        if synchronous != 2 {
            return Err(Error::Setting("synchronous=FULL"));
        }
        connection.pragma_update(None, "cache_size", -65_536)?;
        Self::prepare(connection)
    }

    /// A database of its own that leaves nothing behind, for building projections anew.
    pub fn scratch() -> Result<Self> {
        let database = Self::prepare(Connection::open("")?)?;
        database
            .connection
            .pragma_update(None, "synchronous", "OFF")?;
        Ok(database)
    }

    fn prepare(mut connection: Connection) -> Result<Self> {
        connection.pragma_update(None, "foreign_keys", true)?;
        let on: bool = connection.pragma_query_value(None, "foreign_keys", |row| row.get(0))?;
        if !on {
            return Err(Error::Setting("foreign_keys=ON"));
        }
        connection.set_prepared_statement_cache_capacity(64);
        migrations::migrations::runner().run(&mut connection)?;
        Ok(Self { connection })
    }

    /// Runs `work` in one write transaction: all of it is kept, or nothing when it fails.
    pub fn write<T, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        self.transact(TransactionBehavior::Immediate, work)
    }

    /// Runs `work` on one unchanging view of the database.
    pub fn read<T, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        self.transact(TransactionBehavior::Deferred, work)
    }

    fn transact<T, E: From<Error>>(
        &mut self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Transaction<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let inner = self
            .connection
            .transaction_with_behavior(behavior)
            .map_err(Error::from)?;
        let transaction = Transaction { inner };
        let done = work(&transaction)?;
        transaction.inner.commit().map_err(Error::from)?;
        Ok(done)
    }
}

/// A transaction.
#[derive(Debug)]
pub struct Transaction<'c> {
    inner: rusqlite::Transaction<'c>,
}

impl Transaction<'_> {
    // The server itself.

    /// The server's own row, `None` in a new database.
    pub fn identity(&self) -> Result<Option<Identity>> {
        self.one("SELECT secret, epoch, registry FROM server", [], |row| {
            Ok(Identity {
                secret: row.get(0)?,
                epoch: row.get(1)?,
                registry: row.get(2)?,
            })
        })
    }

    /// Writes the server's own row.
    pub fn put_identity(&self, identity: &Identity) -> Result<()> {
        self.run(
            "INSERT INTO server (only, secret, epoch, registry) VALUES (1, ?1, ?2, ?3)
             ON CONFLICT (only) DO UPDATE SET epoch = ?2, registry = ?3",
            params![identity.secret, identity.epoch, identity.registry],
        )
    }

    /// What the engine finds wrong with the file; empty when all is well.
    pub fn integrity(&self) -> Result<Vec<String>> {
        let mut complaints =
            self.all("PRAGMA integrity_check", [], |row| row.get::<_, String>(0))?;
        complaints.retain(|complaint| complaint != "ok");
        complaints.extend(self.all("PRAGMA foreign_key_check", [], |row| {
            Ok(format!(
                "a row of {} refers to nothing",
                row.get::<_, String>(0)?
            ))
        })?);
        Ok(complaints)
    }

    /// The counts of all scopes together.
    pub fn counts(&self) -> Result<Counts> {
        let counts = self.one(
            "SELECT (SELECT count(*) FROM segment), (SELECT count(*) FROM record),
                    (SELECT count(*) FROM head),
                    (SELECT coalesce(sum(last_seq - applied_seq), 0) FROM stream),
                    (SELECT count(*) FROM quarantine)",
            [],
            |row| {
                Ok(Counts {
                    segments: uint(row, 0)?,
                    records: uint(row, 1)?,
                    heads: uint(row, 2)?,
                    waiting: uint(row, 3)?,
                    quarantined: uint(row, 4)?,
                })
            },
        )?;
        Ok(counts.unwrap_or_default())
    }

    // Places.

    /// Brings the shipped tree up to date with the catalogue.
    pub fn put_shipped_places(&self) -> Result<()> {
        for unit in org_units() {
            let parent = unit.parent_code.as_deref().map(RecordId::of_place_code);
            self.put_place(&Place {
                id: RecordId::of_place_code(&unit.code),
                parent,
                level: match unit.level {
                    OrgLevel::Country => Level::Country,
                    OrgLevel::Region => Level::Region,
                    OrgLevel::District => Level::District,
                },
                name: unit.name.clone(),
                code: Some(unit.code.clone()),
                source: Source::Shipped,
            })?;
        }
        Ok(())
    }

    /// Adds a place, or gives a known one its present name, level and parent.
    pub fn put_place(&self, place: &Place) -> Result<()> {
        self.run(
            "INSERT INTO place (id, parent, level, name, code, source) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO UPDATE SET parent = ?2, level = ?3, name = ?4, code = ?5",
            params![
                Id(place.id),
                place.parent.map(Id),
                place.level.word(),
                place.name,
                place.code,
                place.source.word()
            ],
        )
    }

    /// A place that grants are computed from.
    pub fn place(&self, id: RecordId) -> Result<Option<Place>> {
        self.one(
            "SELECT id, parent, level, name, code, source FROM place WHERE id = ?1",
            [Id(id)],
            to_place,
        )
    }

    /// All places that grants are computed from.
    pub fn places(&self) -> Result<Vec<Place>> {
        self.all(
            "SELECT id, parent, level, name, code, source FROM place ORDER BY id",
            [],
            to_place,
        )
    }

    /// The enrolled facilities of a district, by identifier.
    pub fn facilities(&self, district: RecordId) -> Result<Vec<Place>> {
        self.all(
            "SELECT id, parent, level, name, code, source FROM place
             WHERE parent = ?1 AND level = 'facility' ORDER BY id",
            [Id(district)],
            to_place,
        )
    }

    /// The tree with what facilities say about themselves and their villages, by identifier.
    pub fn tree(&self) -> Result<Vec<TreePlace>> {
        self.all(
            "SELECT id, parent, level, name FROM tree ORDER BY id",
            [],
            |row| {
                let parent: Option<Id<RecordId>> = row.get(1)?;
                let level: Option<String> = row.get(2)?;
                Ok(TreePlace {
                    id: row.get::<_, Id<RecordId>>(0)?.0,
                    parent: parent.map(|id| id.0),
                    level: level.unwrap_or_default(),
                    name: row.get(3)?,
                })
            },
        )
    }

    // Invitations and replicas.

    /// Keeps a new invitation.
    pub fn put_invitation(&self, invitation: &InvitationRow) -> Result<()> {
        self.run(
            "INSERT INTO invitation
                 (id, hash, role, place, facility, adopted, uses_left, created_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (id) DO UPDATE SET adopted = ?6, uses_left = ?7",
            params![
                &invitation.hash[..16],
                invitation.hash,
                invitation.role.word(),
                Id(invitation.place),
                invitation.facility,
                invitation.adopted.map(Id),
                invitation.uses_left,
                number(invitation.created_at),
                number(invitation.expires_at)
            ],
        )
    }

    /// The invitation whose hash begins with the same half; compare the whole before trusting it.
    pub fn invitation_like(&self, hash: &[u8; 32]) -> Result<Option<InvitationRow>> {
        self.one(
            "SELECT hash, role, place, facility, adopted, uses_left, created_at, expires_at
             FROM invitation WHERE id = ?1",
            [&hash[..16]],
            |row| {
                let adopted: Option<Id<RecordId>> = row.get(4)?;
                Ok(InvitationRow {
                    hash: row.get(0)?,
                    role: row.get::<_, Word<Role>>(1)?.0,
                    place: row.get::<_, Id<RecordId>>(2)?.0,
                    facility: row.get(3)?,
                    adopted: adopted.map(|id| id.0),
                    uses_left: row.get(5)?,
                    created_at: uint(row, 6)?,
                    expires_at: uint(row, 7)?,
                })
            },
        )
    }

    /// Adds a replica, or gives a known one its present place, grant and counter.
    pub fn put_replica(&self, replica: &ReplicaRow, now: u64) -> Result<()> {
        self.run(
            "INSERT INTO replica (id, key, role, place, invitation, grant_version, grant_bytes,
                                  counter, enrolled_at, last_contact)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (id) DO UPDATE SET role = ?3, place = ?4, invitation = ?5,
                 grant_version = ?6, grant_bytes = ?7,
                 counter_went_back = counter_went_back + (?8 < counter),
                 counter = max(counter, ?8), last_contact = ?10",
            params![
                Id(replica.id),
                replica.key,
                replica.role.word(),
                Id(replica.place),
                &replica.invitation[..16],
                replica.grant_version,
                replica.grant_bytes,
                number(replica.counter),
                number(replica.enrolled_at),
                number(now)
            ],
        )
    }

    /// An enrolled replica.
    pub fn replica(&self, id: ReplicaId) -> Result<Option<ReplicaRow>> {
        self.one(
            "SELECT r.id, r.key, r.role, r.place, i.hash, r.grant_version, r.grant_bytes, r.counter,
                    r.enrolled_at
             FROM replica r JOIN invitation i ON i.id = r.invitation WHERE r.id = ?1",
            [Id(id)],
            |row| {
                Ok(ReplicaRow {
                    id: row.get::<_, Id<ReplicaId>>(0)?.0,
                    key: row.get(1)?,
                    role: row.get::<_, Word<Role>>(2)?.0,
                    place: row.get::<_, Id<RecordId>>(3)?.0,
                    invitation: row.get(4)?,
                    grant_version: row.get(5)?,
                    grant_bytes: row.get(6)?,
                    counter: uint(row, 7)?,
                    enrolled_at: uint(row, 8)?,
                })
            },
        )
    }

    // The log.

    /// Every scope that holds a segment.
    pub fn scopes(&self) -> Result<Vec<ScopeId>> {
        self.all(
            "SELECT scope_id FROM scope_head ORDER BY scope_id",
            [],
            |row| Ok(row.get::<_, Id<ScopeId>>(0)?.0),
        )
    }

    /// The highest feed number given in a scope, 0 when none.
    pub fn feed_no(&self, scope: ScopeId) -> Result<u64> {
        let sql = "SELECT feed_no FROM scope_head WHERE scope_id = ?1";
        Ok(self.one(sql, [Id(scope)], |row| uint(row, 0))?.unwrap_or(0))
    }

    /// Stores a segment that continues its stream and gives it the next feed number of its scope.
    /// The number in `segment` is not looked at.
    pub fn append_segment(&self, scope: ScopeId, segment: &SegmentRow) -> Result<()> {
        let feed_no: i64 = self.inner.query_row(
            "INSERT INTO scope_head (scope_id, feed_no) VALUES (?1, 1)
             ON CONFLICT (scope_id) DO UPDATE SET feed_no = feed_no + 1 RETURNING feed_no",
            [Id(scope)],
            |row| row.get(0),
        )?;
        self.run(
            "INSERT INTO segment (scope_id, replica, first_seq, last_seq, received_at, feed_no,
                                  prev, hash, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                Id(scope),
                Id(segment.replica),
                number(segment.first_seq),
                number(segment.last_seq),
                number(segment.received_at),
                feed_no,
                segment.prev,
                segment.hash,
                segment.bytes
            ],
        )?;
        self.run(
            "INSERT INTO stream (scope_id, replica, last_seq, hash, applied_seq)
             VALUES (?1, ?2, ?3, ?4, 0)
             ON CONFLICT (scope_id, replica) DO UPDATE SET last_seq = ?3, hash = ?4",
            params![
                Id(scope),
                Id(segment.replica),
                number(segment.last_seq),
                segment.hash
            ],
        )
    }

    /// The hash of the stored segment that begins at `first_seq`.
    pub fn segment_hash(
        &self,
        scope: ScopeId,
        replica: ReplicaId,
        first_seq: u64,
    ) -> Result<Option<Hash>> {
        self.one(
            "SELECT hash FROM segment WHERE scope_id = ?1 AND replica = ?2 AND first_seq = ?3",
            params![Id(scope), Id(replica), number(first_seq)],
            |row| row.get(0),
        )
    }

    /// The segment of a stream that holds save number `seq`.
    pub fn segment_holding(
        &self,
        scope: ScopeId,
        replica: ReplicaId,
        seq: u64,
    ) -> Result<Option<SegmentRow>> {
        self.one(
            "SELECT replica, first_seq, last_seq, received_at, feed_no, prev, hash, bytes
             FROM segment WHERE scope_id = ?1 AND replica = ?2 AND first_seq <= ?3
             ORDER BY first_seq DESC LIMIT 1",
            params![Id(scope), Id(replica), number(seq)],
            to_segment,
        )
        .map(|segment| segment.filter(|segment| segment.last_seq >= seq))
    }

    /// What a scope's feed holds after a number, in order, without the segments themselves.
    pub fn feed(&self, scope: ScopeId, after: u64) -> Result<Vec<FeedRow>> {
        self.all(
            "SELECT feed_no, replica, first_seq, last_seq, length(bytes) FROM segment
             WHERE scope_id = ?1 AND feed_no > ?2 ORDER BY feed_no",
            params![Id(scope), number(after)],
            |row| {
                Ok(FeedRow {
                    feed_no: uint(row, 0)?,
                    replica: row.get::<_, Id<ReplicaId>>(1)?.0,
                    first_seq: uint(row, 2)?,
                    last_seq: uint(row, 3)?,
                    length: uint(row, 4)?,
                })
            },
        )
    }

    /// The segment of a feed number.
    pub fn segment(&self, scope: ScopeId, feed_no: u64) -> Result<Option<SegmentRow>> {
        self.one(
            "SELECT replica, first_seq, last_seq, received_at, feed_no, prev, hash, bytes
             FROM segment WHERE scope_id = ?1 AND feed_no = ?2",
            params![Id(scope), number(feed_no)],
            to_segment,
        )
    }

    /// How far each stream of a scope stood when its feed stood at `feed_no`.
    pub fn streams_at(&self, scope: ScopeId, feed_no: u64) -> Result<Vec<(ReplicaId, u64)>> {
        self.all(
            // Streams are dense: one stood just before the first of its segments that came later.
            "SELECT stream.replica, coalesce(later.before, stream.last_seq)
             FROM stream LEFT JOIN (
                 SELECT replica, min(first_seq) - 1 AS before FROM segment
                 WHERE scope_id = ?1 AND feed_no > ?2 GROUP BY replica
             ) AS later ON later.replica = stream.replica
             WHERE stream.scope_id = ?1",
            params![Id(scope), number(feed_no)],
            |row| Ok((row.get::<_, Id<ReplicaId>>(0)?.0, uint(row, 1)?)),
        )
    }

    /// A stream of a scope.
    pub fn stream(&self, scope: ScopeId, replica: ReplicaId) -> Result<Option<StreamRow>> {
        self.one(
            "SELECT replica, last_seq, hash, applied_seq FROM stream
             WHERE scope_id = ?1 AND replica = ?2",
            params![Id(scope), Id(replica)],
            to_stream,
        )
    }

    /// All streams of a scope.
    pub fn streams(&self, scope: ScopeId) -> Result<Vec<StreamRow>> {
        self.all(
            "SELECT replica, last_seq, hash, applied_seq FROM stream
             WHERE scope_id = ?1 ORDER BY replica",
            [Id(scope)],
            to_stream,
        )
    }

    /// Says how far a stream has been applied.
    pub fn set_applied(&self, scope: ScopeId, replica: ReplicaId, seq: u64) -> Result<()> {
        self.run(
            "UPDATE stream SET applied_seq = ?3 WHERE scope_id = ?1 AND replica = ?2",
            params![Id(scope), Id(replica), number(seq)],
        )
    }

    /// Keeps a segment that was not let in. The same one is kept once.
    pub fn quarantine(&self, scope: ScopeId, kept: &Quarantined<'_>) -> Result<()> {
        self.run(
            "INSERT INTO quarantine (scope_id, replica, hash, reason, carrier, received_at, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
            params![
                Id(scope),
                Id(kept.replica),
                kept.hash,
                kept.reason,
                Id(kept.carrier),
                number(kept.received_at),
                kept.bytes
            ],
        )
    }

    /// How many bytes a carrier has brought into quarantine.
    pub fn quarantined_bytes(&self, carrier: ReplicaId) -> Result<u64> {
        let sql = "SELECT coalesce(sum(length(bytes)), 0) FROM quarantine WHERE carrier = ?1";
        Ok(self
            .one(sql, [Id(carrier)], |row| uint(row, 0))?
            .unwrap_or(0))
    }

    // What the log says now.

    /// A record as it is stored.
    pub fn record(&self, scope: ScopeId, kind: u16, id: RecordId) -> Result<Option<RecordRow>> {
        let row = self.one(
            "SELECT \"values\", stamps FROM record WHERE scope_id = ?1 AND kind = ?2 AND id = ?3",
            params![Id(scope), kind, Id(id)],
            |row| {
                Ok(RecordRow {
                    values: row.get(0)?,
                    stamps: row.get(1)?,
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
            params![Id(scope), kind, Id(id)],
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
            "INSERT INTO record (scope_id, kind, id, \"values\", stamps) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (scope_id, kind, id) DO UPDATE SET \"values\" = ?4, stamps = ?5",
            params![Id(scope), kind, Id(id), record.values, record.stamps],
        )?;
        self.run(
            "DELETE FROM head WHERE scope_id = ?1 AND kind = ?2 AND record = ?3",
            params![Id(scope), kind, Id(id)],
        )?;
        for (field, head, value) in &record.open {
            self.run(
                "INSERT INTO head (scope_id, kind, record, field, replica, seq, idx, hlc, author,
                                   uncertain, value)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                params![
                    Id(scope),
                    kind,
                    Id(id),
                    field,
                    Id(head.dot.replica),
                    number(head.dot.seq),
                    head.dot.index,
                    // All 64 bits are kept; the engine's integers have a sign.
                    head.hlc.0.cast_signed(),
                    Id(head.author),
                    head.uncertain,
                    value
                ],
            )?;
        }
        Ok(())
    }

    /// The records of a scope in order: kind, identifier and row.
    pub fn records(&self, scope: ScopeId) -> Result<Vec<(u16, RecordId)>> {
        self.all(
            "SELECT kind, id FROM record WHERE scope_id = ?1 ORDER BY kind, id",
            [Id(scope)],
            |row| Ok((row.get(0)?, row.get::<_, Id<RecordId>>(1)?.0)),
        )
    }

    /// Empties the projection and starts every stream from its beginning.
    pub fn forget_projection(&self) -> Result<()> {
        self.run("DELETE FROM head", [])?;
        self.run("DELETE FROM record", [])?;
        self.run("UPDATE stream SET applied_seq = 0", [])
    }

    /// Removes everything of a scope: for scratch databases.
    pub fn forget_scope(&self, scope: ScopeId) -> Result<()> {
        for table in ["head", "record", "stream", "segment", "scope_head"] {
            self.run(
                &format!("DELETE FROM {table} WHERE scope_id = ?1"),
                [Id(scope)],
            )?;
        }
        Ok(())
    }

    fn run(&self, sql: &str, params: impl rusqlite::Params) -> Result<()> {
        self.inner.prepare_cached(sql)?.execute(params)?;
        Ok(())
    }

    fn one<T>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        Ok(self
            .inner
            .prepare_cached(sql)?
            .query_row(params, read)
            .optional()?)
    }

    fn all<T>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.inner.prepare_cached(sql)?;
        let rows = statement.query_map(params, read)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

fn to_place(row: &Row<'_>) -> rusqlite::Result<Place> {
    let parent: Option<Id<RecordId>> = row.get(1)?;
    Ok(Place {
        id: row.get::<_, Id<RecordId>>(0)?.0,
        parent: parent.map(|id| id.0),
        level: row.get::<_, Word<Level>>(2)?.0,
        name: row.get(3)?,
        code: row.get(4)?,
        source: row.get::<_, Word<Source>>(5)?.0,
    })
}

fn to_segment(row: &Row<'_>) -> rusqlite::Result<SegmentRow> {
    Ok(SegmentRow {
        replica: row.get::<_, Id<ReplicaId>>(0)?.0,
        first_seq: uint(row, 1)?,
        last_seq: uint(row, 2)?,
        received_at: uint(row, 3)?,
        feed_no: uint(row, 4)?,
        prev: row.get(5)?,
        hash: row.get(6)?,
        bytes: row.get(7)?,
    })
}

fn to_stream(row: &Row<'_>) -> rusqlite::Result<StreamRow> {
    Ok(StreamRow {
        replica: row.get::<_, Id<ReplicaId>>(0)?.0,
        last_seq: uint(row, 1)?,
        hash: row.get(2)?,
        applied_seq: uint(row, 3)?,
    })
}

/// The value stays packed: [`crate::projection`] knows how to read it.
fn to_head(row: &Row<'_>) -> rusqlite::Result<(u16, Head, Vec<u8>)> {
    let head = Head {
        dot: Dot {
            replica: row.get::<_, Id<ReplicaId>>(1)?.0,
            seq: uint(row, 2)?,
            index: row.get(3)?,
        },
        hlc: Hlc(row.get::<_, i64>(4)?.cast_unsigned()),
        author: row.get::<_, Id<RecordId>>(5)?.0,
        value: domain::value::Value::Null,
        uncertain: row.get(6)?,
    };
    Ok((row.get(0)?, head, row.get(7)?))
}
