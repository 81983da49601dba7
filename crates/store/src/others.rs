//! What is known of other laptops: whose cards were accepted, who reads a scope, what arrived where, what lies on a
//! stick, and receipts to carry home.

use domain::ids::{RecordId, ReplicaId, ScopeId};
use rusqlite::{OptionalExtension, params};
use sync::wire::{Card, PeerState, Reached, Readers, Receipt, Signed};

use crate::error::Result;
use crate::write::{get_meta_int, set_meta_int};
use crate::{Store, project};

/// A laptop whose card was accepted here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// Its card, as it came.
    pub signed: Signed,
    /// What the card says.
    pub card: Card,
    /// Since when, in milliseconds by this computer's clock.
    pub since_ms: u64,
}

/// How far one of this replica's streams lies on a stick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Carried {
    /// The scope of the stream.
    pub scope: ScopeId,
    /// Up to which save.
    pub seq: u64,
    /// When it was written, in milliseconds by this computer's clock.
    pub at_ms: u64,
}

impl Store {
    /// Accepts a laptop's card, which must be signed by its owner. Answers who that is.
    pub fn trust(&self, signed: &Signed, at_ms: u64) -> Result<ReplicaId> {
        let card = Card::open(signed)?;
        let replica = ReplicaId::of_key(&card.key);
        let bytes = signed.to_bytes()?;
        self.transact(|conn| {
            conn.prepare_cached(
                "INSERT INTO peer (replica, trusted_ms, card) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET card = excluded.card",
            )?
            .execute(params![replica.as_bytes(), at_ms as i64, bytes])?;
            Ok(replica)
        })
    }

    /// Laptops whose card was accepted, the first accepted first.
    pub fn peers(&self) -> Result<Vec<Peer>> {
        self.read(|conn| {
            let mut rows = conn
                .prepare_cached("SELECT card, trusted_ms FROM peer ORDER BY trusted_ms, replica")?;
            let rows = rows.query_map([], |row| {
                Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, i64>(1)? as u64))
            })?;
            rows.map(|row| {
                let (bytes, since_ms) = row?;
                let signed = Signed::from_bytes(&bytes)?;
                Ok(Peer {
                    card: Card::from_bytes(&signed.body)?,
                    signed,
                    since_ms,
                })
            })
            .collect()
        })
    }

    /// Trusts a laptop no longer. What it brought stays. False when it was not trusted.
    pub fn forget_peer(&self, replica: ReplicaId) -> Result<bool> {
        self.transact(|conn| {
            Ok(conn.execute("DELETE FROM peer WHERE replica = ?1", [replica.as_bytes()])? > 0)
        })
    }

    /// Forgets everybody else: this laptop is no longer believed, and its scopes have left.
    pub fn forget_others(&self) -> Result<()> {
        self.transact(|conn| {
            for table in ["peer", "device", "readers", "receipt", "reached"] {
                conn.execute(&format!("DELETE FROM {table}"), [])?;
            }
            Ok(())
        })
    }

    /// Notes how laptops of places below stand, as the server last heard of them.
    pub fn note_devices(&self, states: &[PeerState]) -> Result<()> {
        self.transact(|conn| {
            let mut put = conn.prepare_cached(
                "INSERT INTO device (replica, place, role, last_ms, waiting, version, place_name, above)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                 ON CONFLICT DO UPDATE SET place = excluded.place, role = excluded.role, last_ms = excluded.last_ms,
                 waiting = excluded.waiting, version = excluded.version, place_name = excluded.place_name,
                 above = excluded.above",
            )?;
            for state in states {
                put.execute(params![
                    state.replica.as_bytes(),
                    state.place.as_bytes(),
                    state.role,
                    state.last_ms as i64,
                    state.waiting as i64,
                    state.version,
                    state.place_name,
                    state.above.as_ref().map(RecordId::as_bytes),
                ])?;
            }
            Ok(())
        })
    }

    /// How laptops of places below stand, the one longest unheard of first.
    pub fn devices(&self) -> Result<Vec<PeerState>> {
        self.read(|conn| {
            let mut rows = conn.prepare_cached(
                "SELECT replica, place, role, last_ms, waiting, version, place_name, above FROM device ORDER BY last_ms, replica",
            )?;
            let rows = rows.query_map([], |row| {
                Ok(PeerState {
                    replica: ReplicaId::from_bytes(row.get(0)?),
                    place: RecordId::from_bytes(row.get(1)?),
                    role: row.get(2)?,
                    last_ms: row.get::<_, i64>(3)? as u64,
                    waiting: row.get::<_, i64>(4)? as u64,
                    version: row.get(5)?,
                    place_name: row.get(6)?,
                    above: row.get::<_, Option<_>>(7)?.map(RecordId::from_bytes),
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Keeps the server's statement on who reads a scope, which the caller has checked, and destroys the keys that it says
    /// are to be. False when a newer one, or this one, is here already.
    pub fn put_readers(&self, signed: &Signed) -> Result<bool> {
        let readers = Readers::from_bytes(&signed.body)?;
        let bytes = signed.to_bytes()?;
        let (new, erased) = self.transact(|conn| {
            // Also by an older statement: what it names was destroyed, whatever was said since.
            let erased = crate::sealed::obey(conn, readers.scope, &readers.erased)?;
            let new =
                conn.prepare_cached(
                    "INSERT INTO readers (scope, version, signed) VALUES (?1, ?2, ?3)
                     ON CONFLICT DO UPDATE SET version = excluded.version, signed = excluded.signed
                     WHERE excluded.version > readers.version",
                )?
                .execute(params![
                    readers.scope.as_bytes(),
                    readers.version as i64,
                    bytes
                ])? > 0;
            Ok((new, erased))
        })?;
        if erased {
            self.sweep()?;
        }
        Ok(new || erased)
    }

    /// The newest statement on who reads a scope, as the server signed it.
    pub fn readers(&self, scope: ScopeId) -> Result<Option<Signed>> {
        let bytes: Option<Vec<u8>> = self.read(|conn| {
            Ok::<_, crate::Error>(
                conn.prepare_cached("SELECT signed FROM readers WHERE scope = ?1")?
                    .query_row([scope.as_bytes()], |row| row.get(0))
                    .optional()?,
            )
        })?;
        Ok(bytes.map(|bytes| Signed::from_bytes(&bytes)).transpose()?)
    }

    /// Keeps a receipt for another laptop, to be carried to it. Those that it makes superfluous go.
    pub fn keep_receipt(&self, signed: &Signed) -> Result<()> {
        let new = Receipt::from_bytes(&signed.body)?;
        let bytes = signed.to_bytes()?;
        let hash = sync::snapshot::hash(&bytes);
        self.transact(|conn| {
            let mut rows = conn.prepare_cached(
                "SELECT hash, signed FROM receipt WHERE replica = ?1 AND holder = ?2",
            )?;
            let kept: Vec<([u8; 32], Vec<u8>)> = rows
                .query_map(
                    params![new.replica.as_bytes(), new.holder.as_bytes()],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )?
                .collect::<rusqlite::Result<_>>()?;
            for (old_hash, old) in kept {
                let old = Receipt::from_bytes(&Signed::from_bytes(&old)?.body)?;
                if says_no_more(&old, &new) {
                    conn.prepare_cached("DELETE FROM receipt WHERE hash = ?1")?
                        .execute([old_hash])?;
                } else if says_no_more(&new, &old) {
                    return Ok(());
                }
            }
            conn.prepare_cached(
                "INSERT INTO receipt (hash, replica, holder, at_ms, signed) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO NOTHING",
            )?
            .execute(params![
                hash,
                new.replica.as_bytes(),
                new.holder.as_bytes(),
                new.at_ms as i64,
                bytes
            ])?;
            Ok(())
        })
    }

    /// Receipts that are carried here, the oldest first.
    pub fn receipts(&self) -> Result<Vec<Signed>> {
        self.read(|conn| {
            let mut rows =
                conn.prepare_cached("SELECT signed FROM receipt ORDER BY at_ms, hash")?;
            let rows = rows.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
            rows.map(|bytes| Ok(Signed::from_bytes(&bytes?)?)).collect()
        })
    }

    /// Notes how far laptops elsewhere hold this replica's streams.
    pub fn note_reached(&self, marks: &[Reached]) -> Result<()> {
        self.transact(|conn| {
            let no = project::replica_no(conn, self.replica())?;
            let mut put = conn.prepare_cached(
                "INSERT INTO reached (scope, replica, place, seq, at_ms) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO UPDATE SET seq = excluded.seq, at_ms = excluded.at_ms
                 WHERE excluded.seq > reached.seq",
            )?;
            for mark in marks {
                put.execute(params![
                    mark.scope.as_bytes(),
                    no,
                    mark.place.as_bytes(),
                    mark.seq as i64,
                    mark.at_ms as i64
                ])?;
            }
            Ok(())
        })
    }

    /// How far laptops elsewhere hold this laptop's streams, under each name that it has had.
    pub fn reached(&self) -> Result<Vec<(ReplicaId, Reached)>> {
        self.read(|conn| {
            let mut rows = conn.prepare_cached(
                "SELECT r.id, m.scope, m.place, m.seq, m.at_ms FROM reached m JOIN replica r ON r.no = m.replica
                 ORDER BY m.scope, r.no, m.place",
            )?;
            let rows = rows.query_map([], |row| {
                let mark = Reached {
                    scope: ScopeId::from_bytes(row.get(1)?),
                    place: RecordId::from_bytes(row.get(2)?),
                    seq: row.get::<_, i64>(3)? as u64,
                    at_ms: row.get::<_, i64>(4)? as u64,
                };
                Ok((ReplicaId::from_bytes(row.get(0)?), mark))
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Notes that this replica's stream of a scope lies on a stick up to a save, written and read back.
    pub fn note_carried(&self, scope: ScopeId, seq: u64, at_ms: u64) -> Result<()> {
        self.transact(|conn| {
            let no = project::replica_no(conn, self.replica())?;
            conn.prepare_cached(
                "INSERT INTO carried (scope, replica, seq, at_ms) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET seq = excluded.seq, at_ms = excluded.at_ms
                 WHERE excluded.seq > carried.seq",
            )?
            .execute(params![scope.as_bytes(), no, seq as i64, at_ms as i64])?;
            Ok(())
        })
    }

    /// How far this replica's streams lie on a stick, where the server has not said that it holds as much.
    pub fn carried(&self) -> Result<Vec<Carried>> {
        self.read(|conn| {
            let mut rows = conn.prepare_cached(
                "SELECT c.scope, c.seq, c.at_ms FROM carried c JOIN replica r ON r.no = c.replica
                 JOIN stream s ON s.scope = c.scope AND s.replica = c.replica
                 WHERE r.id = ?1 AND c.seq > s.accepted_seq ORDER BY c.scope",
            )?;
            let rows = rows.query_map([self.replica().as_bytes()], |row| {
                Ok(Carried {
                    scope: ScopeId::from_bytes(row.get(0)?),
                    seq: row.get::<_, i64>(1)? as u64,
                    at_ms: row.get::<_, i64>(2)? as u64,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// How many saves lie on a stick that the server has not said it holds.
    pub fn carried_saves(&self) -> Result<u64> {
        self.read(|conn| {
            Ok(conn
                .prepare_cached(
                    "SELECT coalesce(sum(c.seq - s.accepted_seq), 0) FROM carried c JOIN replica r ON r.no = c.replica
                     JOIN stream s ON s.scope = c.scope AND s.replica = c.replica
                     WHERE r.id = ?1 AND c.seq > s.accepted_seq",
                )?
                .query_row([self.replica().as_bytes()], |row| row.get::<_, i64>(0))? as u64)
        })
    }

    /// The next number of a bundle written here; never the same twice.
    pub fn next_bundle(&self) -> Result<u64> {
        self.transact(|conn| {
            let next = get_meta_int(conn, "bundle_counter")?.unwrap_or(0) + 1;
            set_meta_int(conn, "bundle_counter", next)?;
            Ok(next as u64)
        })
    }

    /// Notes that a bundle was taken in whole.
    pub fn note_bundle(&self, sender: ReplicaId, number: u64, at_ms: u64) -> Result<()> {
        self.transact(|conn| {
            conn.prepare_cached(
                "INSERT INTO bundle (sender, number, at_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            )?
            .execute(params![sender.as_bytes(), number as i64, at_ms as i64])?;
            Ok(())
        })
    }

    /// Whether a bundle was taken in whole before.
    pub fn bundle_taken(&self, sender: ReplicaId, number: u64) -> Result<bool> {
        self.read(|conn| {
            Ok(conn
                .prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM bundle WHERE sender = ?1 AND number = ?2)",
                )?
                .query_row(params![sender.as_bytes(), number as i64], |row| row.get(0))?)
        })
    }
}

/// Whether `a` says nothing that `b` of the same holder does not say too.
fn says_no_more(a: &Receipt, b: &Receipt) -> bool {
    a.epoch == b.epoch
        && a.accepted.iter().all(|old| {
            b.accepted
                .iter()
                .any(|new| new.scope == old.scope && new.seq >= old.seq)
        })
}
