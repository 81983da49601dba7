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
//! | `scope` | its replica may not write that scope, nor could when it wrote | the segment, in quarantine |
//! | `revoked` | its replica is no longer believed, or its carrier | the segment, in quarantine |
//! | `author-revoked` | someone who is no longer believed wrote some of it | the segment, in quarantine |
//! | `fork` | the stream has another past | the segment, in quarantine |
//! | `gap` | earlier ones are missing: send on from `accepted` | nothing |
//! | `full` | too much of this sender lies in quarantine | nothing |
//!
//! `accepted` names the asking replica's own streams: those of the scopes that it brought own segments for,
//! and all of them when the request carries the vector.
//!
//! # Copies
//!
//! Each request shows what binds it to the last answer that arrived ([`SyncRequest::last`]). It may be the newest that was
//! given, or the one shown before, when an answer was lost on the way. Anything else comes from a copy of
//! the laptop, or from one that was put back from a backup: nothing is taken or given, and `mint` asks it to
//! go on under another name. The same goes for a second past of its own stream. A server that was itself put
//! back cannot know what it said, and asks for the vector instead. A laptop that has never said anything of
//! itself is of a version that knows nothing of all this; it is served as it always was.
//!
//! # What is given
//!
//! For each scope that the replica may read, the segments after its cursor, up to about [`ANSWER_BYTES`] in
//! all; then `more` is set, as it is when the log goes on behind a snapshot. Its own segments and those of this very
//! request are left out. A request with the
//! whole vector gets exactly what the vector lacks, own segments included, whatever its cursors say; of a stream whose
//! end it shows to be another than here ([`SyncRequest::ends`]), everything. `cursors`
//! names the scopes whose cursor moves (all readable ones after a vector); the others stay as they are. For a
//! scope of which a laptop has nothing, a snapshot is offered instead when there is much ([`crate::snapshots`]).
//!
//! Beside segments go, each only when it says something new: receipts for streams of others that were brought,
//! who reads the scopes ([`crate::readers`]), how far others hold the laptop's streams, and who below
//! was heard of ([`crate::news`]).
//!
//! The keys of sealed texts come along with what is given; what else the request itself says of keys is done ([`crate::sealing`]).
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
//! The answer is a [`Signed`] of [`Purpose::Answer`] around a [`SyncAnswer`]. When it says nothing, a laptop that has said
//! something of itself gets the shortest one ([`SyncAnswer::nothing`]).

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::ids::{ReplicaId, ScopeId};
use sync::fault::{Fault, planted};
use sync::key::KeyPair;
use sync::segment::{self, Segment};
use sync::vector::Vector;
use sync::wire::{
    Accepted, END_BYTES, Fed, Grant, Purpose, Signed, SyncAnswer, SyncRequest, binding,
};

use crate::enrolment::renew_grant;
use crate::error::{Error, Refusal, Result};
use crate::intake::{Brought, Intake};
use crate::projection;
use crate::server::{identity, short};
use crate::storage::rows::{FeedRow, Identity, ReplicaRow, StreamRow};
use crate::storage::tx::Tx;
use crate::{news, places, readers, revocation, sealing, snapshots, witness};

pub use crate::intake::QUARANTINE_BYTES;

/// Bytes of segments in one answer. One larger segment still travels, alone.
pub const ANSWER_BYTES: u64 = 2 << 20;
/// Segments in one answer.
pub const ANSWER_SEGMENTS: usize = 2_000;
/// Segments in one request.
pub const REQUEST_SEGMENTS: usize = 2_000;

/// What became of a request.
pub(crate) struct Handled {
    /// The signed answer.
    pub answer: Vec<u8>,
    /// The server has started a new epoch.
    pub declared: bool,
    /// Scopes of which more is known now.
    pub changed: Vec<ScopeId>,
    /// Keys of sealed texts were destroyed.
    pub destroyed: bool,
}

/// How a request stands to the answers that were given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Past {
    /// It comes from a version that does not show it.
    Untold,
    /// The last answer arrived.
    Arrived,
    /// The last answer was lost, or nobody can know.
    Unknown,
    /// It is not the past of the laptop that was spoken to last.
    Another,
}

/// Whether a laptop has ever said something of itself.
fn speaks(request: &SyncRequest, replica: &ReplicaRow) -> bool {
    request.status.is_some() || !replica.version.is_empty()
}

fn past(request: &SyncRequest, replica: &ReplicaRow, restored: bool) -> Past {
    let zeros = [0; 8];
    if !speaks(request, replica) && request.last == zeros {
        Past::Untold
    } else if request.last == replica.said.unwrap_or(zeros) {
        Past::Arrived
    } else if restored || replica.said.is_none() || request.last == replica.before.unwrap_or(zeros)
    {
        Past::Unknown
    } else {
        Past::Another
    }
}

/// Reads the signed request in `bytes` and checks that it is of the replica that it names.
pub(crate) fn open(tx: &dyn Tx, bytes: &[u8]) -> Result<SyncRequest> {
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

/// Handles a request that was opened from `bytes`. `declare` starts a new epoch, or declines to.
pub(crate) fn handle(
    tx: &dyn Tx,
    bytes: &[u8],
    request: &SyncRequest,
    now: u64,
    declare: impl FnOnce(Identity) -> Result<Identity>,
) -> Result<Handled> {
    let mut identity = identity(tx)?;
    let mut destroyed = revocation::recall(tx, &identity, &request.revocations, now)?;
    let mut replica = tx
        .replica(request.replica)?
        .ok_or(Refusal::ReplicaUnknown)?;
    let known_epoch = identity.epoch;
    let key = identity.key();
    note_demand(tx, request, &replica)?;
    let grant = renew_grant(tx, &identity, &mut replica, now)?;
    let cursors = cursors(request, &grant);
    let believed = request.epoch == known_epoch;
    let lost = believed && is_behind(tx, &cursors)?;
    let past = past(request, &replica, !believed || lost);
    // One that was long under way: nobody waits for its answer, so what was said last is what its sender will show. A
    // copy whose counter is not ahead shows itself at its next contact.
    let late = past == Past::Unknown && request.counter <= replica.counter;
    let request = &*without_other_pasts(tx, request, &cursors)?;
    let mut intake = Intake::new(tx, replica.id, now);
    let mut answer = SyncAnswer::empty(known_epoch, now);
    // A life that was lost may have given another grant under the same number.
    answer.grant =
        (request.grant != grant.terms().version || !believed || lost).then(|| grant.clone());
    if answer.grant.is_some() {
        // What it knows of this server is old: it may be another key, or another heir.
        answer.readers = identity.successions()?;
    }

    if replica.revoked_at.is_some() {
        intake.keep_all_aside(&request.segments)?;
        answer.revoked = true;
        answer.refused = std::mem::take(&mut intake.refused);
        answer.vector = lacking(tx, request, &BTreeMap::new())?;
        answer.accepted = accepted(tx, replica.id, |scope| intake.touched.contains(&scope))?;
        replica.last_contact = now;
        tx.put_replica(&replica)?;
        tracing::warn!(replica = %short(replica.id), "a revoked replica came");
        let (handled, _) = sealed(&key, &answer, Vec::new(), false)?;
        return Ok(Handled {
            destroyed,
            ..handled
        });
    }
    let copied = past == Past::Another
        || past != Past::Untold && believed && intake.is_second_past(&request.segments)?;
    if copied {
        answer.mint = true;
        answer.accepted = accepted(tx, replica.id, |_| true)?;
        tracing::warn!(replica = %short(replica.id), "a copy came, or one that was put back");
        // What was said to the one that goes on under this name stays as it is.
        let (handled, _) = sealed(&key, &answer, Vec::new(), false)?;
        return Ok(Handled {
            destroyed,
            ..handled
        });
    }
    if lost {
        tracing::warn!(replica = %short(replica.id), "a replica has seen more than is here");
        identity = declare(identity)?;
        answer.epoch = identity.epoch;
        // A new epoch counts grants up; the grant itself follows at the next contact.
        let counted = tx.replica(replica.id)?.map(|known| known.grant_version);
        replica.grant_version = counted
            .unwrap_or(replica.grant_version)
            .max(replica.grant_version);
    }

    note_status(tx, request, &mut replica)?;
    if let Some(end) = &request.list {
        answer.list_gone = witness::witness(tx, replica.id, end, now)?;
    }
    destroyed |= sealing::destroy(tx, &identity, &replica, &request.erase, now)?;
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
    let changed: Vec<ScopeId> = opened.keys().copied().collect();
    let mut applied = 0;
    for (scope, opened) in &mut opened {
        applied += projection::settle(tx, *scope, opened)?;
    }

    // After the segments: a key is found again by where their feed has come to.
    answer.keys_held = sealing::take(tx, &identity.keys(), &replica, &request.keys)?;

    let streams = streams_at(tx, &cursors)?;
    let trusted = request.vector.is_some()
        || (believed
            && !lost
            && expected(tx, replica.id, &cursors, &streams, &brought)? == request.digest);
    let all = request.vector.is_some();
    answer.want_vector = !trusted;
    answer.refused = refused;
    answer.accepted = accepted(tx, replica.id, |scope| all || touched.contains(&scope))?;
    if trusted {
        if past != Past::Untold {
            answer.snapshots = snapshots::offer(tx, request, &replica, &cursors)?;
        }
        give(tx, request, &replica, &cursors, &brought, &mut answer)?;
        if request.vector.is_none() {
            news::note_reach(tx, &replica, &cursors, &streams, now)?;
        }
    }
    answer.keys = sealing::give(tx, &replica, &request.wants, &answer)?;
    if past != Past::Untold {
        let arrived = past == Past::Arrived;
        let scopes = grant.terms().scopes.iter().map(|granted| granted.scope);
        let readers = readers::give(tx, &identity, replica.id, scopes, arrived)?;
        answer.readers.extend(readers);
        let others = brought_of_others(tx, replica.id, &brought)?;
        answer.receipts = news::receipts(&key, &identity, others, now)?;
        let since = if arrived && replica.before.is_some() {
            replica.last_contact
        } else {
            0
        };
        answer.reached = news::reached(tx, replica.id, since)?;
        answer.peers = news::peers(tx, &replica, since)?;
        answer.vector = lacking(tx, request, &cursors)?;
    }

    if request.counter < replica.counter {
        tracing::warn!(replica = %short(replica.id), "a device counter has not gone forward");
    }
    replica.counter = replica.counter.max(request.counter);
    replica.last_contact = now;
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
    let declared = identity.epoch != known_epoch;
    let nothing = request.last != [0; 8] && speaks(request, &replica);
    let (handled, answer) = if nothing && answer.is_empty(&request.epoch) {
        let answer = SyncAnswer::nothing(&key, bytes, now);
        let handled = Handled {
            answer: answer.clone(),
            declared,
            changed,
            destroyed,
        };
        (handled, answer)
    } else {
        let (mut handled, answer) = sealed(&key, &answer, changed, declared)?;
        handled.destroyed = destroyed;
        (handled, answer)
    };
    if past != Past::Untold && !late {
        if past == Past::Arrived || replica.said.is_none() || !believed || lost {
            replica.before = Some(request.last);
        }
        replica.said = Some(binding(bytes, &answer));
    }
    tx.put_replica(&replica)?;
    Ok(handled)
}

fn sealed(
    key: &KeyPair,
    answer: &SyncAnswer,
    changed: Vec<ScopeId>,
    declared: bool,
) -> Result<(Handled, Vec<u8>)> {
    let answer = Signed::sign(key, Purpose::Answer, answer.to_bytes()?).to_bytes()?;
    let handled = Handled {
        answer: answer.clone(),
        declared,
        changed,
        destroyed: false,
    };
    Ok((handled, answer))
}

/// The request without those streams in its vector whose past is another than the one stored here. Of scopes that the
/// laptop may read, those are others': a copied laptop's work may have come to its sender by hand; they are given from their
/// beginning, and what it has stays with it, aside. Of scopes that are to leave it, every stream counts, and what lies in
/// quarantine is here as well.
fn without_other_pasts<'a>(
    tx: &dyn Tx,
    request: &'a SyncRequest,
    cursors: &BTreeMap<ScopeId, u64>,
) -> Result<Cow<'a, SyncRequest>> {
    let Some(vector) = &request.vector else {
        return Ok(Cow::Borrowed(request));
    };
    let told = request.ends.len() == vector.len() * END_BYTES;
    let mut ends = request.ends.chunks(END_BYTES).filter(|_| told);
    let mut same = vector.clone();
    for (scope, replica, seq) in vector.iter() {
        let Some(end) = ends.next() else {
            // An older version, which tells no two pasts apart.
            if !cursors.contains_key(&scope) {
                same.set(scope, replica, 0);
            }
            continue;
        };
        let stored = tx.segment_holding(scope, replica, seq)?;
        let here = stored.map(|segment| segment.last_seq == seq && segment.hash.starts_with(end));
        let another = match cursors.contains_key(&scope) {
            true => replica != request.replica && here == Some(false),
            false => here != Some(true) && !is_aside(tx, (scope, replica, seq), end)?,
        };
        if another {
            same.set(scope, replica, 0);
        }
    }
    Ok(Cow::Owned(SyncRequest {
        vector: Some(same),
        ..request.clone()
    }))
}

/// Whether quarantine holds the segment with which a stream ends as its laptop shows it, and every one before it that the
/// log does not hold.
fn is_aside(
    tx: &dyn Tx,
    (scope, replica, seq): (ScopeId, ReplicaId, u64),
    end: &[u8],
) -> Result<bool> {
    let kept = tx.quarantined_of(scope, replica)?;
    let kept: Vec<Segment> = kept
        .iter()
        .filter_map(|row| segment::read(&row.bytes).ok())
        .collect();
    let last = kept
        .iter()
        .find(|one| one.header().last_seq == seq && one.hash().starts_with(end));
    let Some(mut one) = last else {
        return Ok(false);
    };
    while one.header().first_seq > 1 {
        let (before, prev) = (one.header().first_seq - 1, one.header().prev);
        let stored = tx.segment_holding(scope, replica, before)?;
        if stored.is_some_and(|segment| segment.hash == prev) {
            return Ok(true);
        }
        let Some(known) = kept.iter().find(|other| other.hash() == prev) else {
            return Ok(false);
        };
        one = known;
    }
    Ok(true)
}

/// Remembers the scopes that someone who looks on has asked for.
fn note_demand(tx: &dyn Tx, request: &SyncRequest, replica: &ReplicaRow) -> Result<()> {
    let Some(demand) = request
        .demand
        .as_ref()
        .filter(|_| replica.holds(domain::role::Role::looks_on))
    else {
        return Ok(());
    };
    let known = tx.demanded(replica.id)?;
    let mut changed = Vec::new();
    for scope in demand {
        if !known.contains(scope) && places::on_demand(tx, replica, *scope)? {
            tx.set_demand(*scope, replica.id, true)?;
            changed.push(*scope);
        }
    }
    for scope in known.iter().filter(|scope| !demand.contains(scope)) {
        tx.set_demand(*scope, replica.id, false)?;
        changed.push(*scope);
    }
    let identity = identity(tx)?;
    for scope in changed {
        readers::refresh(tx, &identity, scope)?;
    }
    Ok(())
}

/// Remembers what a laptop says of itself. Another key means that others must know it.
fn note_status(tx: &dyn Tx, request: &SyncRequest, replica: &mut ReplicaRow) -> Result<()> {
    let Some(status) = &request.status else {
        return Ok(());
    };
    let seal = replica.seal.replace(status.seal);
    replica.version.clone_from(&status.version);
    replica.waiting = status.waiting;
    replica.held = status.held;
    if seal != replica.seal {
        tx.put_replica(replica)?;
        readers::refresh_about(tx, replica)?;
    }
    Ok(())
}

/// How far the streams of `replica` are stored in the scopes that `of` picks.
fn accepted(
    tx: &dyn Tx,
    replica: ReplicaId,
    of: impl Fn(ScopeId) -> bool,
) -> Result<Vec<Accepted>> {
    let mut accepted = Vec::new();
    for (scope, _) in tx.streams_of(replica)? {
        if of(scope)
            && let Some(stream) = tx.stream(scope, replica)?
        {
            accepted.push(stream.accepted(scope));
        }
    }
    Ok(accepted)
}

/// The streams of others that a request brought, as they are stored now.
fn brought_of_others(
    tx: &dyn Tx,
    carrier: ReplicaId,
    brought: &Brought,
) -> Result<Vec<(ScopeId, StreamRow)>> {
    let mut streams = Vec::new();
    for (scope, replica) in brought.keys().filter(|(_, replica)| *replica != carrier) {
        streams.extend(tx.stream(*scope, *replica)?.map(|stream| (*scope, stream)));
    }
    Ok(streams)
}

/// What is here of the scopes that it may read, when the client has shown that it holds more of any stream; and what is
/// here of those streams of other scopes that it shows, always: they are to leave it, and only what this names does.
fn lacking(
    tx: &dyn Tx,
    request: &SyncRequest,
    cursors: &BTreeMap<ScopeId, u64>,
) -> Result<Option<Vector>> {
    let Some(shown) = &request.vector else {
        return Ok(None);
    };
    let mut here = Vector::new();
    for scope in cursors.keys() {
        for stream in tx.streams(*scope)? {
            here.set(*scope, stream.replica, stream.last_seq);
        }
    }
    let mut tell = false;
    for (scope, replica, seq) in shown.iter() {
        if !cursors.contains_key(&scope) {
            // Compared with the log and quarantine before.
            here.set(scope, replica, seq);
            tell = true;
        }
        tell |= seq > here.get(scope, replica);
    }
    Ok(tell.then_some(here))
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

/// The streams of each scope as they stood at the client's cursor.
type StreamsAt = BTreeMap<ScopeId, Vec<(ReplicaId, u64)>>;

fn streams_at(tx: &dyn Tx, cursors: &BTreeMap<ScopeId, u64>) -> Result<StreamsAt> {
    let at = cursors
        .iter()
        .map(|(scope, cursor)| Ok((*scope, tx.streams_at(*scope, *cursor)?)));
    at.collect()
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

/// The digest that a client with these cursors should have shown.
fn expected(
    tx: &dyn Tx,
    replica: ReplicaId,
    cursors: &BTreeMap<ScopeId, u64>,
    streams: &StreamsAt,
    brought: &Brought,
) -> Result<[u8; 8]> {
    let mut vector = Vector::new();
    for (scope, streams) in streams {
        for (stream, seq) in streams {
            vector.set(*scope, *stream, *seq);
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
    replica: &ReplicaRow,
    cursors: &BTreeMap<ScopeId, u64>,
    brought: &Brought,
    answer: &mut SyncAnswer,
) -> Result<()> {
    let holds = |scope: ScopeId, row: &FeedRow| {
        let sent = brought.get(&(scope, row.replica)).copied().unwrap_or(0);
        row.last_seq <= sent
            || match &request.vector {
                Some(vector) => row.last_seq <= vector.get(scope, row.replica),
                None => row.replica == replica.id,
            }
    };
    let mut room = ANSWER_BYTES;
    let mut cursors = cursors.clone();
    if planted(Fault::IgnoreScope) {
        cursors.extend(tx.scopes()?.into_iter().map(|scope| (scope, 0)));
    }
    for snapshot in &answer.snapshots {
        // The log behind it is asked for once it is loaded.
        cursors.remove(&snapshot.scope);
        answer.more |= snapshots::goes_on(tx, snapshot)?;
    }
    for (scope, cursor) in &cursors {
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
    for (scope, below) in &request.older {
        if cursors.contains_key(scope) {
            give_older(tx, *scope, *below, &mut room, answer)?;
        }
    }
    Ok(())
}

/// Adds the segments of a scope below a feed number, the latest first, as far as there is room.
fn give_older(
    tx: &dyn Tx,
    scope: ScopeId,
    below: u64,
    room: &mut u64,
    answer: &mut SyncAnswer,
) -> Result<()> {
    let mut from = below;
    for row in tx.feed(scope, 0)?.into_iter().rev() {
        if row.feed_no >= below {
            continue;
        }
        let fits = row.length <= *room && answer.older.len() < ANSWER_SEGMENTS;
        if !(fits || answer.older.is_empty() && answer.segments.is_empty()) {
            break;
        }
        let segment = tx
            .segment(scope, row.feed_no)?
            .ok_or(Error::Unreadable("a segment is missing in a feed"))?;
        *room = room.saturating_sub(row.length);
        from = row.feed_no;
        answer.older.push(Fed {
            scope,
            feed_no: row.feed_no,
            bytes: segment.bytes,
        });
    }
    answer.older_from.push((scope, from.max(1)));
    Ok(())
}
