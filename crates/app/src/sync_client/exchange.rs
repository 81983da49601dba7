//! An exchange with the server: sending and receiving in one request.

use std::collections::BTreeSet;

use domain::ids::ScopeId;
use store::Exchange;
use sync::admit::Admission;
use sync::segment;
use sync::wire::{Grant, Purpose, Refused, Signed, SyncAnswer, SyncRequest};

use super::state::{Stage, Step, SyncState, sync_state};
use super::{devices, reach, refused};
use crate::commands::Nothing;
use crate::cx::Cx;
use crate::error::{AppError, Result};

/// Most bytes of segments in one request.
const REQUEST_BYTES: usize = 2 << 20;
/// An exchange ends after so many requests at the latest; the next one goes on.
const MOST_REQUESTS: u32 = 200;

/// Sends what waits and takes what is new: one request, more only when there is more than fits or when the
/// digests disagree. What came through stays, whatever happens to the rest.
pub fn sync_now(cx: &Cx<'_>, _: Nothing) -> Result<SyncState> {
    if cx.laptop.practice {
        return Err(AppError::new("practice-never-sends"));
    }
    let Ok(_one_at_a_time) = cx.laptop.exchanging.try_lock() else {
        return Err(AppError::new("already-exchanging"));
    };
    let mut outcome = Exchange {
        at_ms: i64::try_from(cx.now_ms).unwrap_or(0),
        ..Exchange::default()
    };
    cx.laptop.progress.begin();
    let ended = exchange(cx, &mut outcome);
    cx.laptop.progress.end();
    outcome.ok = ended.is_ok();
    outcome.code = ended.err().map(|error| error.code);
    tracing::info!(
        ok = outcome.ok,
        code = outcome.code.as_deref(),
        sent = outcome.sent,
        received = outcome.received,
        up = outcome.bytes_up,
        down = outcome.bytes_down,
        requests = outcome.requests,
        "exchanged with the server"
    );
    cx.store().add_exchange(&outcome)?;
    sync_state(cx, Nothing {})
}

fn exchange(cx: &Cx<'_>, outcome: &mut Exchange) -> Result<()> {
    let mut grant = cx.grant()?.ok_or_else(|| AppError::new("not-enrolled"))?;
    let carrier = cx
        .around
        .link
        .to(&cx.meta_text("server")?.unwrap_or_default())?;
    let server_key = fixed::<32>(cx, "server_key")?;
    let (mut with_vector, mut gap_before) = (false, false);
    while outcome.requests < MOST_REQUESTS {
        let scopes: BTreeSet<ScopeId> = grant.terms().scopes.iter().map(|s| s.scope).collect();
        let writable: BTreeSet<ScopeId> = scopes
            .iter()
            .copied()
            .filter(|scope| grant.may_write(*scope))
            .collect();
        cx.store().seal(&writable)?;
        let request = compose(cx, &grant, &scopes, &writable, with_vector)?;
        let sent = request.segments.len();
        let body = request
            .sign(&cx.store().key())
            .map_err(|_| AppError::new("request-invalid"))?;
        let waiting = waiting_saves(cx, &grant)?;
        cx.at_stage(Stage {
            step: if sent > 0 {
                Step::Sending
            } else {
                Step::Receiving
            },
            done: outcome.sent,
            total: outcome.sent + waiting,
            bytes: outcome.bytes_up + outcome.bytes_down,
        })?;
        outcome.requests += 1;
        outcome.bytes_up += body.len() as u32;
        let (bytes, size) = carrier.post("/v1/sync", body)?;
        outcome.bytes_down += size;
        // A page where one must log in to the network, for instance.
        let signed = Signed::from_bytes(&bytes).map_err(|_| AppError::new("server-other"))?;
        signed
            .verify(&server_key, Purpose::Answer)
            .map_err(|_| AppError::new("server-other"))?;
        let answer =
            SyncAnswer::from_bytes(&signed.body).map_err(|_| AppError::new("answer-unreadable"))?;
        let refused = answer.refused.clone();
        grant = take(cx, &answer, grant, &server_key, outcome)?;
        // A server that was restored lacks earlier ones too: it has just said from where to send them again.
        let for_good = |refused: &&Refused| gap_before || refused.reason != "gap";
        if let Some(refused) = refused.iter().find(for_good) {
            return Err(AppError::new("segment-refused").with("reason", &refused.reason));
        }
        gap_before = !refused.is_empty();
        if answer.want_vector && with_vector {
            return Err(AppError::new("answer-unreadable"));
        }
        let unsent = !cx.store().unsent(&writable, 1)?.is_empty();
        with_vector = answer.want_vector;
        // Only when it brought something forward: a server that accepts nothing must not be asked for ever.
        if !(answer.more
            || answer.want_vector
            || (unsent && sent > 0 && !answer.accepted.is_empty()))
        {
            return if unsent {
                Err(AppError::new("not-accepted"))
            } else {
                Ok(())
            };
        }
    }
    Ok(())
}

fn compose(
    cx: &Cx<'_>,
    grant: &Grant,
    scopes: &BTreeSet<ScopeId>,
    writable: &BTreeSet<ScopeId>,
    with_vector: bool,
) -> Result<SyncRequest> {
    let own = cx.store().replica();
    let segments = cx.store().unsent(writable, REQUEST_BYTES)?;
    let mut vector = cx.store().vector(scopes)?;
    // The server will know of our own streams what this very request brings, and no more.
    for bytes in &segments {
        let read = segment::read(bytes).map_err(store::Error::from)?;
        vector.set(read.header().scope, own, read.header().last_seq);
    }
    Ok(SyncRequest {
        replica: own,
        epoch: fixed::<16>(cx, "epoch")?,
        counter: cx.store().next_request()?,
        grant: grant.terms().version,
        cursors: cx
            .store()
            .cursors()?
            .into_iter()
            .filter(|(scope, _)| scopes.contains(scope))
            .collect(),
        digest: vector.digest(),
        vector: with_vector.then(|| vector.clone()),
        segments,
        last: [0; 8],
        status: None,
        demand: devices::demanded(cx)?,
        older: Vec::new(),
    })
}

/// Takes an answer in, each segment durable by itself, and only then moves the cursors.
fn take(
    cx: &Cx<'_>,
    answer: &SyncAnswer,
    grant: Grant,
    server_key: &[u8; 32],
    outcome: &mut Exchange,
) -> Result<Grant> {
    let store = cx.store();
    let mut grant = grant;
    if let Some(newer) = &answer.grant {
        newer
            .verify(server_key)
            .map_err(|_| AppError::new("server-other"))?;
        store.set_meta(
            "grant",
            &newer
                .to_bytes()
                .map_err(|_| AppError::new("answer-unreadable"))?,
        )?;
        grant = newer.clone();
    }
    if store.meta("epoch")?.as_deref() != Some(answer.epoch.as_slice()) {
        // Another epoch: the server was restored, and what it once accepted may be gone. Send it again.
        store.forget_accepted()?;
        store.set_meta("epoch", &answer.epoch)?;
    }
    let before = waiting_saves(cx, &grant)?;
    for accepted in &answer.accepted {
        if store.accept(accepted.scope, accepted.seq, &accepted.hash)? {
            reach::accepted(cx, accepted.scope, store.replica(), accepted.seq)?;
        }
    }
    refused::note(cx, &answer.refused)?;
    devices::heard(cx, &answer.peers)?;
    outcome.sent += before.saturating_sub(waiting_saves(cx, &grant)?);
    let mut changed = BTreeSet::new();
    let mut touched: BTreeSet<ScopeId> = BTreeSet::new();
    let mut damaged = false;
    for fed in &answer.segments {
        // One bad segment does not hold up the others; its scope's cursor stays, so that it is asked for again.
        match store.take(&fed.bytes) {
            Ok(taken) if taken.admission == Admission::Next => {
                outcome.received += u32::try_from(taken.saves).unwrap_or(u32::MAX);
                touched.insert(fed.scope);
            }
            Ok(taken) => damaged |= taken.admission != Admission::Duplicate,
            Err(store::Error::Segment(_) | store::Error::NotFound) => damaged = true,
            Err(other) => return Err(other.into()),
        }
    }
    for scope in &touched {
        changed.extend(store.apply(*scope, cx.now_ms)?.1);
    }
    if !damaged {
        for (scope, feed_no) in &answer.cursors {
            store.set_cursor(*scope, *feed_no)?;
        }
    }
    let offset =
        i64::try_from(answer.server_ms).unwrap_or(0) - i64::try_from(cx.now_ms).unwrap_or(0);
    store.set_clock_offset(offset)?;
    if !changed.is_empty() {
        (cx.changed)(&changed);
    }
    if damaged {
        Err(AppError::new("answer-unreadable"))
    } else {
        Ok(grant)
    }
}

fn waiting_saves(cx: &Cx<'_>, grant: &Grant) -> Result<u32> {
    Ok(cx
        .store()
        .waiting()?
        .iter()
        .filter(|(scope, ..)| grant.may_write(*scope))
        .count() as u32)
}

fn fixed<const N: usize>(cx: &Cx<'_>, key: &str) -> Result<[u8; N]> {
    cx.store()
        .meta(key)?
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| AppError::new("not-enrolled"))
}
