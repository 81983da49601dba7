//! One exchange: a signed request brings segments and takes others along, in one transaction.
//!
//! # What is taken
//!
//! Each segment is judged by itself; a bad one never holds up the others. It must be signed by its own
//! stream's replica, which must be enrolled and may write the scope; who carries it does not matter, so that
//! laptops can refill a server that was restored. The next one of its stream is stored byte for byte; one that
//! is stored already is accepted again, so repeating a request does no harm, whatever its counter says.
//!
//! | reason | what happened | what is kept |
//! | --- | --- | --- |
//! | `damaged` | not a whole segment, or its saves do not open | nothing; scope and number are zero when unreadable |
//! | `signature` | not signed by its replica | nothing |
//! | `replica-unknown` | its replica is not enrolled here | the segment, in quarantine |
//! | `scope` | its replica may not write that scope | the segment, in quarantine |
//! | `fork` | the stream has another past | the segment, in quarantine |
//! | `gap` | earlier ones are missing: send on from `accepted` | nothing |
//! | `full` | too much of this sender lies in quarantine | nothing |
//!
//! `accepted` names the asking replica's own streams: those of the scopes that it brought own segments for,
//! and all of them when the request carries the vector.
//!
//! # What is given
//!
//! For each scope that the replica may read, the segments after its cursor, up to about [`ANSWER_BYTES`] in
//! all; then `more` is set. Its own segments and those of this very request are left out. A request with the
//! whole vector gets exactly what the vector lacks, own segments included, whatever its cursors say. `cursors`
//! names the scopes whose cursor moves (all readable ones after a vector); the others stay as they are.
//!
//! # When the vector is wanted
//!
//! The client's digest is that of its vector over the scopes of its grant, before it takes in the answer, with
//! the segments that it sends. The server makes the same vector from what it knows: each stream as it stood
//! at the client's cursor of the scope; the client's own streams as they are stored after this exchange;
//! and streams that it forwards at least as far as was accepted. If the digests differ, or the epochs do, the
//! cursors are worth nothing: nothing is given, and `want_vector` asks for the request again with the vector.
//! Cursors beyond a scope's feed mean that the server has lost something: it starts a new epoch by itself.
//!
//! The answer is a [`Signed`] of [`Purpose::Answer`] around a [`SyncAnswer`].

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::ids::{ReplicaId, ScopeId};
use sync::admit::{Admission, admit};
use sync::key::KeyPair;
use sync::segment::{self, Segment, SegmentError};
use sync::vector::Vector;
use sync::wire::{Accepted, Fed, Grant, Purpose, Refused, Signed, SyncAnswer, SyncRequest};

use crate::enrolment::renew_grant;
use crate::error::{Error, Refusal, Result};
use crate::places;
use crate::projection::{self, Opened};
use crate::server::{identity, short};
use crate::storage::rows::{FeedRow, Identity, Quarantined, SegmentRow};
use crate::storage::tx::Tx;

/// Bytes of segments in one answer. One larger segment still travels, alone.
pub const ANSWER_BYTES: u64 = 2 << 20;
/// Segments in one answer.
pub const ANSWER_SEGMENTS: usize = 2_000;
/// Segments in one request.
pub const REQUEST_SEGMENTS: usize = 2_000;
/// Bytes that one sender may bring into quarantine.
pub const QUARANTINE_BYTES: u64 = 64 << 20;

/// What became of a request.
pub(crate) struct Handled {
    /// The signed answer.
    pub answer: Vec<u8>,
    /// The server has started a new epoch.
    pub declared: bool,
}

/// Handles the signed request in `bytes`. `declare` starts a new epoch, or declines to.
pub(crate) fn handle(
    tx: &dyn Tx,
    bytes: &[u8],
    now: u64,
    declare: impl FnOnce(Identity) -> Result<Identity>,
) -> Result<Handled> {
    let request = open(tx, bytes)?;
    let mut replica = tx
        .replica(request.replica)?
        .ok_or(Refusal::ReplicaUnknown)?;
    let mut identity = identity(tx)?;
    let known_epoch = identity.epoch;
    let key = KeyPair::from_secret(&identity.secret);
    let grant = renew_grant(tx, &key, &mut replica, now)?;
    let cursors = cursors(&request, &grant);
    let believed = request.epoch == known_epoch;
    let lost = believed && is_behind(tx, &cursors)?;
    if lost {
        tracing::warn!(replica = %short(replica.id), "a replica has seen more than is here");
        identity = declare(identity)?;
    }

    let mut intake = Intake::new(tx, replica.id, now);
    for bytes in &request.segments {
        intake.take(bytes)?;
    }
    let Intake {
        brought,
        refused,
        touched,
        stored,
        mut opened,
        ..
    } = intake;
    let mut applied = 0;
    for (scope, opened) in &mut opened {
        applied += projection::settle(tx, *scope, opened)?;
    }

    let trusted = request.vector.is_some()
        || (believed && !lost && expected(tx, replica.id, &cursors, &brought)? == request.digest);
    let mut answer = SyncAnswer {
        epoch: identity.epoch,
        server_ms: now,
        grant: (request.grant != grant.terms().version).then_some(grant),
        accepted: Vec::new(),
        refused,
        segments: Vec::new(),
        cursors: Vec::new(),
        more: false,
        want_vector: !trusted,
        mint: false,
        revoked: false,
        vector: None,
        receipts: Vec::new(),
        reached: Vec::new(),
        readers: Vec::new(),
        snapshots: Vec::new(),
        peers: Vec::new(),
        older: Vec::new(),
        older_from: Vec::new(),
    };
    let all = request.vector.is_some();
    for scope in cursors
        .keys()
        .filter(|scope| all || touched.contains(scope))
    {
        if let Some(stream) = tx.stream(*scope, replica.id)? {
            answer.accepted.push(Accepted {
                scope: *scope,
                seq: stream.last_seq,
                hash: stream.hash,
            });
        }
    }
    if trusted {
        give(tx, &request, replica.id, &cursors, &brought, &mut answer)?;
    }

    if request.counter <= replica.counter && replica.counter > 0 {
        tracing::warn!(replica = %short(replica.id), "a device counter has not gone forward");
    }
    replica.counter = request.counter;
    replica.last_contact = now;
    tx.put_replica(&replica)?;
    tracing::info!(
        replica = %short(replica.id),
        brought = request.segments.len(),
        stored,
        refused = answer.refused.len(),
        applied,
        given = answer.segments.len(),
        more = answer.more,
        want_vector = answer.want_vector,
        "exchanged"
    );
    let signed = Signed::sign(&key, Purpose::Answer, answer.to_bytes()?);
    Ok(Handled {
        answer: signed.to_bytes()?,
        declared: identity.epoch != known_epoch,
    })
}

fn open(tx: &dyn Tx, bytes: &[u8]) -> Result<SyncRequest> {
    let opened = SyncRequest::open(bytes, |id| match tx.replica(id)? {
        Some(replica) => Ok(replica.key),
        None => Err(Error::Refused(Refusal::ReplicaUnknown)),
    });
    let request = opened.map_err(|error| match error {
        Error::Wire(error) => Refusal::from(&error).into(),
        other => other,
    })?;
    if request.segments.len() > REQUEST_SEGMENTS {
        return Err(Refusal::TooLarge.into());
    }
    Ok(request)
}

/// The cursor of each scope that the replica may read, 0 where it named none.
fn cursors(request: &SyncRequest, grant: &Grant) -> BTreeMap<ScopeId, u64> {
    let mut cursors: BTreeMap<ScopeId, u64> = grant
        .terms()
        .scopes
        .iter()
        .map(|granted| (granted.scope, 0))
        .collect();
    for (scope, cursor) in &request.cursors {
        if let Some(known) = cursors.get_mut(scope) {
            *known = *cursor;
        }
    }
    cursors
}

/// Whether a cursor points beyond what is here.
fn is_behind(tx: &dyn Tx, cursors: &BTreeMap<ScopeId, u64>) -> Result<bool> {
    for (scope, cursor) in cursors {
        if *cursor > 0 && *cursor > tx.feed_no(*scope)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// How far this request itself proves that the client holds a stream.
type Brought = BTreeMap<(ScopeId, ReplicaId), u64>;

/// The digest that a client with these cursors should have shown.
fn expected(
    tx: &dyn Tx,
    replica: ReplicaId,
    cursors: &BTreeMap<ScopeId, u64>,
    brought: &Brought,
) -> Result<[u8; 8]> {
    let mut vector = Vector::new();
    for (scope, cursor) in cursors {
        for (stream, seq) in tx.streams_at(*scope, *cursor)? {
            vector.set(*scope, stream, seq);
        }
        if let Some(own) = tx.stream(*scope, replica)? {
            vector.set(*scope, replica, own.last_seq);
        }
    }
    for ((scope, stream), seq) in brought {
        if cursors.contains_key(scope) && vector.get(*scope, *stream) < *seq {
            vector.set(*scope, *stream, *seq);
        }
    }
    Ok(vector.digest())
}

/// Fills the answer with what the client lacks, and with the cursors that follow from it.
fn give(
    tx: &dyn Tx,
    request: &SyncRequest,
    replica: ReplicaId,
    cursors: &BTreeMap<ScopeId, u64>,
    brought: &Brought,
    answer: &mut SyncAnswer,
) -> Result<()> {
    let holds = |scope: ScopeId, row: &FeedRow| {
        let sent = brought.get(&(scope, row.replica)).copied().unwrap_or(0);
        row.last_seq <= sent
            || match &request.vector {
                Some(vector) => row.last_seq <= vector.get(scope, row.replica),
                None => row.replica == replica,
            }
    };
    let mut room = ANSWER_BYTES;
    for (scope, cursor) in cursors {
        let start = if request.vector.is_some() { 0 } else { *cursor };
        let mut reached = start;
        for row in tx.feed(*scope, start)? {
            if !holds(*scope, &row) {
                let fits = row.length <= room && answer.segments.len() < ANSWER_SEGMENTS;
                if !fits && !answer.segments.is_empty() {
                    answer.more = true;
                    break;
                }
                let segment = tx
                    .segment(*scope, row.feed_no)?
                    .ok_or(Error::Unreadable("a segment is missing in a feed"))?;
                room = room.saturating_sub(row.length);
                let (scope, feed_no, bytes) = (*scope, row.feed_no, segment.bytes);
                answer.segments.push(Fed {
                    scope,
                    feed_no,
                    bytes,
                });
            }
            reached = row.feed_no;
        }
        if reached != *cursor || request.vector.is_some() {
            answer.cursors.push((*scope, reached));
        }
    }
    Ok(())
}

/// Takes the segments of one request.
struct Intake<'t> {
    tx: &'t dyn Tx,
    carrier: ReplicaId,
    now: u64,
    /// Enrolled replicas met so far: key, and the scopes they may write. `None` for one that is not enrolled.
    writers: HashMap<ReplicaId, Option<Writer>>,
    brought: Brought,
    refused: Vec<Refused>,
    /// Scopes for which the carrier brought segments of its own.
    touched: BTreeSet<ScopeId>,
    /// The saves of newly stored segments, to be applied at the end.
    opened: BTreeMap<ScopeId, Opened>,
    stored: usize,
}

impl<'t> Intake<'t> {
    fn new(tx: &'t dyn Tx, carrier: ReplicaId, now: u64) -> Self {
        Self {
            tx,
            carrier,
            now,
            writers: HashMap::new(),
            brought: Brought::new(),
            refused: Vec::new(),
            touched: BTreeSet::new(),
            opened: BTreeMap::new(),
            stored: 0,
        }
    }

    fn take(&mut self, bytes: &[u8]) -> Result<()> {
        let Ok(segment) = segment::read(bytes) else {
            let scope = ScopeId::from_bytes([0; 16]);
            self.refused.push(Refused {
                scope,
                first_seq: 0,
                reason: "damaged".to_owned(),
            });
            return Ok(());
        };
        let header = segment.header();
        if header.replica == self.carrier {
            self.touched.insert(header.scope);
        }
        let saves = match self.judge(&segment)? {
            Verdict::Store(saves) => saves,
            Verdict::Had => {
                self.note(&segment);
                return Ok(());
            }
            Verdict::Refuse(reason) => {
                tracing::warn!(
                    replica = %short(header.replica),
                    carrier = %short(self.carrier),
                    reason,
                    "a segment was not taken"
                );
                let (scope, first_seq) = (header.scope, header.first_seq);
                self.refused.push(Refused {
                    scope,
                    first_seq,
                    reason: reason.to_owned(),
                });
                return Ok(());
            }
        };
        self.tx.append_segment(
            header.scope,
            &SegmentRow {
                replica: header.replica,
                first_seq: header.first_seq,
                last_seq: header.last_seq,
                received_at: self.now,
                feed_no: 0,
                prev: header.prev,
                hash: segment.hash(),
                bytes: bytes.to_vec(),
            },
        )?;
        self.note(&segment);
        self.stored += 1;
        let opened = self.opened.entry(header.scope).or_default();
        if let Some(saves) = saves {
            opened.insert((header.replica, header.first_seq), saves);
        }
        Ok(())
    }

    fn note(&mut self, segment: &Segment) {
        let header = segment.header();
        let seq = self
            .brought
            .entry((header.scope, header.replica))
            .or_insert(0);
        *seq = header.last_seq.max(*seq);
    }

    fn judge(&mut self, segment: &Segment) -> Result<Verdict> {
        let header = segment.header();
        let Some((key, writes)) = self.writer(header.replica)?.cloned() else {
            // Only the first segment of a stream brings its key along; others of it cannot be verified.
            return match header.key.map(|key| segment.verify(&key)) {
                Some(Err(_)) => Ok(Verdict::Refuse("signature")),
                _ => self.keep_aside(segment, "replica-unknown"),
            };
        };
        if segment.verify(&key).is_err() {
            return Ok(Verdict::Refuse("signature"));
        }
        if !writes.contains(&header.scope) {
            return self.keep_aside(segment, "scope");
        }
        let stored = self.tx.stream(header.scope, header.replica)?;
        let at = self
            .tx
            .segment_hash(header.scope, header.replica, header.first_seq)?;
        let stored = stored.map(|stream| (stream.last_seq, stream.hash));
        match admit(stored, header, &segment.hash(), |_| at) {
            Admission::Duplicate => Ok(Verdict::Had),
            Admission::Gap { .. } => Ok(Verdict::Refuse("gap")),
            Admission::Fork => self.keep_aside(segment, "fork"),
            Admission::Next => match segment.saves() {
                Ok(saves) => Ok(Verdict::Store(Some(saves))),
                // Stored and handed on as it is; this server opens it after an update.
                Err(SegmentError::NewerFormat) => Ok(Verdict::Store(None)),
                Err(_) => Ok(Verdict::Refuse("damaged")),
            },
        }
    }

    fn keep_aside(&self, segment: &Segment, reason: &'static str) -> Result<Verdict> {
        let header = segment.header();
        if self.tx.quarantined_bytes(self.carrier)? >= QUARANTINE_BYTES {
            return Ok(Verdict::Refuse("full"));
        }
        self.tx.quarantine(
            header.scope,
            &Quarantined {
                replica: header.replica,
                hash: segment.hash(),
                reason,
                carrier: self.carrier,
                received_at: self.now,
                bytes: segment.bytes(),
            },
        )?;
        Ok(Verdict::Refuse(reason))
    }

    fn writer(&mut self, id: ReplicaId) -> Result<Option<&Writer>> {
        if !self.writers.contains_key(&id) {
            let writer = match self.tx.replica(id)? {
                Some(replica) => {
                    let reach = places::reach(self.tx, replica.role, replica.place)?;
                    Some((replica.key, reach.write.into_iter().collect()))
                }
                None => None,
            };
            self.writers.insert(id, writer);
        }
        Ok(self.writers.get(&id).and_then(Option::as_ref))
    }
}

/// Whose segments may be taken: the replica's key, and the scopes that it may write.
type Writer = ([u8; 32], BTreeSet<ScopeId>);

/// What is done with a segment.
enum Verdict {
    /// Store it; its saves, unless it takes a newer version to open them.
    Store(Option<Vec<sync::log::Save>>),
    /// It is stored already.
    Had,
    /// It is not taken, for this reason.
    Refuse(&'static str),
}
