//! Segments, streams, feeds, how far laptops hold them, and what lies in quarantine.

use domain::ids::{ReplicaId, ScopeId};
use sync::segment::Hash;

use super::Tx;
use crate::storage::Result;
use crate::storage::cell::{Row, params};
use crate::storage::rows::{FeedRow, Quarantined, QuarantinedRow, ReachRow, SegmentRow, StreamRow};

const SEGMENT: &str =
    "SELECT replica, first_seq, last_seq, received_at, feed_no, prev, hash, bytes FROM segment";
const FEED: &str =
    "SELECT feed_no, replica, first_seq, last_seq, CAST(length(bytes) AS BIGINT) FROM segment";
const QUARANTINED: &str =
    "SELECT scope_id, replica, hash, reason, carrier, received_at, bytes FROM quarantine";

impl dyn Tx + '_ {
    /// Every scope that holds a segment, in order.
    pub fn scopes(&self) -> Result<Vec<ScopeId>> {
        let sql = "SELECT scope_id FROM scope_head ORDER BY scope_id";
        self.all(sql, &[], Row::take)
    }

    /// The highest feed number given in a scope, 0 when none.
    pub fn feed_no(&self, scope: ScopeId) -> Result<u64> {
        let sql = "SELECT feed_no FROM scope_head WHERE scope_id = ?1";
        Ok(self.one(sql, params![&scope], Row::take)?.unwrap_or(0))
    }

    /// Stores a segment that continues its stream and gives it the next feed number of its scope, which is
    /// returned. The number in `segment` is not looked at. From here to the end of the transaction no one else
    /// writes in that scope, so numbers follow the order of commits and none is left out.
    pub fn append_segment(&self, scope: ScopeId, segment: &SegmentRow) -> Result<u64> {
        let feed_no: u64 = self
            .one(
                "INSERT INTO scope_head (scope_id, feed_no) VALUES (?1, 1)
                 ON CONFLICT (scope_id) DO UPDATE SET feed_no = scope_head.feed_no + 1
                 RETURNING feed_no",
                params![&scope],
                Row::take,
            )?
            .unwrap_or(1);
        self.run(
            "INSERT INTO segment (scope_id, replica, first_seq, last_seq, received_at, feed_no,
                                  prev, hash, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                &scope,
                &segment.replica,
                segment.first_seq,
                segment.last_seq,
                segment.received_at,
                feed_no,
                &segment.prev,
                &segment.hash,
                &segment.bytes
            ],
        )?;
        self.run(
            "INSERT INTO stream (scope_id, replica, last_seq, hash, applied_seq)
             VALUES (?1, ?2, ?3, ?4, 0)
             ON CONFLICT (scope_id, replica) DO UPDATE SET last_seq = ?3, hash = ?4",
            params![&scope, &segment.replica, segment.last_seq, &segment.hash],
        )?;
        Ok(feed_no)
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
            params![&scope, &replica, first_seq],
            Row::take,
        )
    }

    /// The segment of a stream that holds save number `seq`.
    pub fn segment_holding(
        &self,
        scope: ScopeId,
        replica: ReplicaId,
        seq: u64,
    ) -> Result<Option<SegmentRow>> {
        let sql = format!(
            "{SEGMENT} WHERE scope_id = ?1 AND replica = ?2 AND first_seq <= ?3
             ORDER BY first_seq DESC LIMIT 1"
        );
        let segment = self.one(&sql, params![&scope, &replica, seq], to_segment)?;
        Ok(segment.filter(|segment| segment.last_seq >= seq))
    }

    /// What a scope's feed holds after a number, in order, without the segments themselves.
    pub fn feed(&self, scope: ScopeId, after: u64) -> Result<Vec<FeedRow>> {
        let sql = format!("{FEED} WHERE scope_id = ?1 AND feed_no > ?2 ORDER BY feed_no");
        self.all(&sql, params![&scope, after], to_feed)
    }

    /// The segments of a stream that hold saves after number `seq`, in the stream's order, without their bytes.
    pub fn stream_after(
        &self,
        scope: ScopeId,
        replica: ReplicaId,
        seq: u64,
    ) -> Result<Vec<FeedRow>> {
        let sql = format!(
            "{FEED} WHERE scope_id = ?1 AND replica = ?2 AND last_seq > ?3 ORDER BY first_seq"
        );
        self.all(&sql, params![&scope, &replica, seq], to_feed)
    }

    /// The segment of a feed number.
    pub fn segment(&self, scope: ScopeId, feed_no: u64) -> Result<Option<SegmentRow>> {
        let sql = format!("{SEGMENT} WHERE scope_id = ?1 AND feed_no = ?2");
        self.one(&sql, params![&scope, feed_no], to_segment)
    }

    /// How far each stream of a scope stood when its feed stood at `feed_no`.
    pub fn streams_at(&self, scope: ScopeId, feed_no: u64) -> Result<Vec<(ReplicaId, u64)>> {
        self.all(
            // Streams are dense: one stood just before the first of its segments that came later.
            "SELECT stream.replica, coalesce(later.came, stream.last_seq)
             FROM stream LEFT JOIN (
                 SELECT replica, min(first_seq) - 1 AS came FROM segment
                 WHERE scope_id = ?1 AND feed_no > ?2 GROUP BY replica
             ) AS later ON later.replica = stream.replica
             WHERE stream.scope_id = ?1",
            params![&scope, feed_no],
            |row| Ok((row.take()?, row.take()?)),
        )
    }

    /// A stream of a scope.
    pub fn stream(&self, scope: ScopeId, replica: ReplicaId) -> Result<Option<StreamRow>> {
        self.one(
            "SELECT replica, last_seq, hash, applied_seq FROM stream
             WHERE scope_id = ?1 AND replica = ?2",
            params![&scope, &replica],
            to_stream,
        )
    }

    /// All streams of a scope, by replica.
    pub fn streams(&self, scope: ScopeId) -> Result<Vec<StreamRow>> {
        self.all(
            "SELECT replica, last_seq, hash, applied_seq FROM stream
             WHERE scope_id = ?1 ORDER BY replica",
            params![&scope],
            to_stream,
        )
    }

    /// The scopes in which a replica has a stream, and how far each has come, in order.
    pub fn streams_of(&self, replica: ReplicaId) -> Result<Vec<(ScopeId, u64)>> {
        self.all(
            "SELECT scope_id, last_seq FROM stream WHERE replica = ?1 ORDER BY scope_id",
            params![&replica],
            |row| Ok((row.take()?, row.take()?)),
        )
    }

    /// Says how far a stream has been applied.
    pub fn set_applied(&self, scope: ScopeId, replica: ReplicaId, seq: u64) -> Result<()> {
        self.run(
            "UPDATE stream SET applied_seq = ?3 WHERE scope_id = ?1 AND replica = ?2",
            params![&scope, &replica, seq],
        )?;
        Ok(())
    }

    // How far laptops hold them.

    /// Notes how far a laptop holds a stream. One that holds no more than was known already stays as it was.
    pub fn put_reach(&self, scope: ScopeId, reach: &ReachRow) -> Result<()> {
        self.run(
            "INSERT INTO reach (scope_id, replica, reader, seq, at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (scope_id, replica, reader) DO UPDATE SET seq = ?4, at = ?5
             WHERE ?4 > reach.seq",
            params![&scope, &reach.replica, &reach.reader, reach.seq, reach.at],
        )?;
        Ok(())
    }

    /// Who holds a stream, and how far, by reader.
    pub fn reach_of(&self, scope: ScopeId, replica: ReplicaId) -> Result<Vec<ReachRow>> {
        self.all(
            "SELECT replica, reader, seq, at FROM reach
             WHERE scope_id = ?1 AND replica = ?2 ORDER BY reader",
            params![&scope, &replica],
            to_reach,
        )
    }

    /// What a laptop holds of a scope, by stream.
    pub fn reach_by(&self, scope: ScopeId, reader: ReplicaId) -> Result<Vec<ReachRow>> {
        self.all(
            "SELECT replica, reader, seq, at FROM reach
             WHERE scope_id = ?1 AND reader = ?2 ORDER BY replica",
            params![&scope, &reader],
            to_reach,
        )
    }

    // Quarantine.

    /// Keeps a segment that was not let in. The same one is kept once.
    pub fn quarantine(&self, scope: ScopeId, kept: &Quarantined<'_>) -> Result<()> {
        self.run(
            "INSERT INTO quarantine (scope_id, replica, hash, reason, carrier, received_at, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (scope_id, replica, hash) DO NOTHING",
            params![
                &scope,
                &kept.replica,
                &kept.hash,
                kept.reason,
                &kept.carrier,
                kept.received_at,
                kept.bytes
            ],
        )?;
        Ok(())
    }

    /// How many bytes a carrier has brought into quarantine.
    pub fn quarantined_bytes(&self, carrier: ReplicaId) -> Result<u64> {
        let sql = "SELECT CAST(coalesce(sum(length(bytes)), 0) AS BIGINT) FROM quarantine
            WHERE carrier = ?1";
        Ok(self.one(sql, params![&carrier], Row::take)?.unwrap_or(0))
    }

    /// Everything in quarantine, by scope, replica and time, at most `most`.
    pub fn quarantined(&self, most: u32) -> Result<Vec<QuarantinedRow>> {
        let sql =
            format!("{QUARANTINED} ORDER BY scope_id, replica, received_at, hash LIMIT {most}");
        self.all(&sql, &[], to_quarantined)
    }

    /// What lies in quarantine of one stream.
    pub fn quarantined_of(
        &self,
        scope: ScopeId,
        replica: ReplicaId,
    ) -> Result<Vec<QuarantinedRow>> {
        let sql = format!("{QUARANTINED} WHERE scope_id = ?1 AND replica = ?2 ORDER BY hash");
        self.all(&sql, params![&scope, &replica], to_quarantined)
    }

    /// A segment in quarantine.
    pub fn quarantined_one(
        &self,
        scope: ScopeId,
        replica: ReplicaId,
        hash: &Hash,
    ) -> Result<Option<QuarantinedRow>> {
        let sql = format!("{QUARANTINED} WHERE scope_id = ?1 AND replica = ?2 AND hash = ?3");
        self.one(&sql, params![&scope, &replica, hash], to_quarantined)
    }

    /// Gives a segment in quarantine another reason.
    pub fn mark_quarantined(
        &self,
        scope: ScopeId,
        replica: ReplicaId,
        hash: &Hash,
        reason: &str,
    ) -> Result<()> {
        self.run(
            "UPDATE quarantine SET reason = ?4 WHERE scope_id = ?1 AND replica = ?2 AND hash = ?3",
            params![&scope, &replica, hash, reason],
        )?;
        Ok(())
    }

    /// Takes a segment out of quarantine: after it was let in, or when a person has decided against it.
    pub fn forget_quarantined(
        &self,
        scope: ScopeId,
        replica: ReplicaId,
        hash: &Hash,
    ) -> Result<()> {
        self.run(
            "DELETE FROM quarantine WHERE scope_id = ?1 AND replica = ?2 AND hash = ?3",
            params![&scope, &replica, hash],
        )?;
        Ok(())
    }
}

fn to_segment(row: &mut Row) -> Result<SegmentRow> {
    Ok(SegmentRow {
        replica: row.take()?,
        first_seq: row.take()?,
        last_seq: row.take()?,
        received_at: row.take()?,
        feed_no: row.take()?,
        prev: row.take()?,
        hash: row.take()?,
        bytes: row.take()?,
    })
}

fn to_feed(row: &mut Row) -> Result<FeedRow> {
    Ok(FeedRow {
        feed_no: row.take()?,
        replica: row.take()?,
        first_seq: row.take()?,
        last_seq: row.take()?,
        length: row.take()?,
    })
}

fn to_stream(row: &mut Row) -> Result<StreamRow> {
    Ok(StreamRow {
        replica: row.take()?,
        last_seq: row.take()?,
        hash: row.take()?,
        applied_seq: row.take()?,
    })
}

fn to_reach(row: &mut Row) -> Result<ReachRow> {
    Ok(ReachRow {
        replica: row.take()?,
        reader: row.take()?,
        seq: row.take()?,
        at: row.take()?,
    })
}

fn to_quarantined(row: &mut Row) -> Result<QuarantinedRow> {
    Ok(QuarantinedRow {
        scope: row.take()?,
        replica: row.take()?,
        hash: row.take()?,
        reason: row.take()?,
        carrier: row.take()?,
        received_at: row.take()?,
        bytes: row.take()?,
    })
}
