//! Takes an answer in: each segment durable by itself, one that is not whole never in the way of the others, and the
//! cursors last.

use std::collections::BTreeSet;

use domain::ids::ScopeId;
use sync::admit::Admission;
use sync::segment;
use sync::vector::Vector;
use sync::wire::{Fed, Purpose, Readers, SyncAnswer, SyncRequest};

use super::exchange::{Scopes, Talk, note_refused};
use super::snapshots::set_floor;
use super::{aside, grants, issue, keys, reach, recall, revoked, status, succession, withheld};
use crate::cx::Cx;
use crate::error::{AppError, Result};

/// What an answer brought.
#[derive(Debug, Default)]
pub struct Came {
    /// Something came that does not go on from what is here: the server has to be told what that is.
    pub gap: bool,
}

/// Takes an answer in.
pub fn take(
    cx: &Cx<'_>,
    request: &SyncRequest,
    answer: &SyncAnswer,
    server_key: &[u8; 32],
    talk: &mut Talk,
) -> Result<Came> {
    let store = cx.store();
    // Under a name that was laid down, the server can only say that it keeps aside what is brought.
    let another_name = talk.under.is_some();
    if another_name && !answer.revoked {
        return Err(AppError::new("answer-unreadable"));
    }
    if let Some(newer) = answer.grant.as_ref().filter(|_| !another_name) {
        newer
            .verify(server_key)
            .map_err(|_| AppError::new("server-other"))?;
        if newer.terms().replica != store.replica() {
            return Err(AppError::new("answer-unreadable"));
        }
        let terms = newer.terms();
        let elsewhere = !terms.scopes.is_empty() && terms.place != cx.author_here()?.home;
        // A place that was typed in the field may still be called otherwise by the server: `returning` moves there.
        if elsewhere && !issue::is_provisional(cx)? {
            // By a code that was not for this place: what is here is not to leave for it.
            return Err(AppError::new(succession::ELSEWHERE));
        }
        grants::renew(cx, newer)?;
    }
    if store.meta("epoch")?.as_deref() != Some(answer.epoch.as_slice()) {
        // Another epoch: the server was restored, and what it once accepted may be gone. Send it again.
        recall::note(cx)?;
        other_epoch(cx, &answer.epoch)?;
    }
    revoked::said(cx, answer.revoked)?;
    // What it holds of the earlier name's streams says nothing of this one's.
    let believed = another_name || accepted(cx, answer)?;
    note_refused(cx, request, answer)?;
    if !answer.peers.is_empty() {
        store.note_devices(&answer.peers)?;
    }
    if !answer.reached.is_empty() {
        store.note_reached(&answer.reached)?;
    }
    statements(cx, answer, server_key)?;
    let came = segments(cx, answer, talk)?;
    keys::answered(cx, answer)?;
    if !believed {
        // A laptop that was put back gets its own work again: what the server holds of it is known only now.
        accepted(cx, answer)?;
    }
    older(cx, answer)?;
    let offset =
        i64::try_from(answer.server_ms).unwrap_or(0) - i64::try_from(cx.now_ms).unwrap_or(0);
    store.set_clock_offset(offset)?;
    Ok(came)
}

/// The server has begun another epoch: whatever it once held is told again.
pub fn other_epoch(cx: &Cx<'_>, epoch: &[u8; 16]) -> Result<()> {
    let store = cx.store();
    status::forget(cx)?;
    store.forget_accepted()?;
    reach::forget_server(cx)?;
    withheld::forget(cx)?;
    store.forget_keys_held()?;
    Ok(store.set_meta("epoch", epoch)?)
}

/// How far the server holds this laptop's own streams. Answers whether all of it agrees with what is here.
fn accepted(cx: &Cx<'_>, answer: &SyncAnswer) -> Result<bool> {
    let store = cx.store();
    let mut all = true;
    for accepted in &answer.accepted {
        if store.accept(accepted.scope, accepted.seq, &accepted.hash)? {
            reach::accepted(cx, accepted.scope, store.replica(), accepted.seq)?;
        } else {
            all = false;
        }
    }
    Ok(all)
}

/// What the server says of others: believed by its signature, wherever it is carried later.
fn statements(cx: &Cx<'_>, answer: &SyncAnswer, server_key: &[u8; 32]) -> Result<()> {
    for receipt in &answer.receipts {
        if receipt.verify(server_key, Purpose::Receipt).is_ok() {
            cx.store().keep_receipt(receipt)?;
        }
    }
    let mut news = false;
    for signed in &answer.readers {
        let genuine = signed.verify(server_key, Purpose::Readers).is_ok();
        if let Some(said) = genuine
            .then(|| Readers::from_bytes(&signed.body).ok())
            .flatten()
        {
            news |= cx.store().put_readers(signed)?;
            succession::let_go(cx, said.scope)?;
        }
    }
    if news {
        aside::try_again(cx)?;
    }
    Ok(())
}

fn segments(cx: &Cx<'_>, answer: &SyncAnswer, talk: &mut Talk) -> Result<Came> {
    let store = cx.store();
    let mut came = Came::default();
    let mut touched: BTreeSet<ScopeId> = BTreeSet::new();
    let mut broken: BTreeSet<ScopeId> = BTreeSet::new();
    for fed in &answer.segments {
        match take_one(cx, fed)? {
            Admission::Next => {
                talk.outcome.received += saves_of(fed);
                touched.insert(fed.scope);
            }
            Admission::Duplicate => {
                if let Ok(read) = segment::read(&fed.bytes) {
                    withheld::came(cx, fed.scope, read.header().replica)?;
                }
            }
            Admission::Gap { .. } => {
                came.gap = true;
                broken.insert(fed.scope);
            }
            // Its scope's cursor stays, so that it is asked for again; the others go on.
            Admission::Fork => {
                talk.damaged = true;
                broken.insert(fed.scope);
            }
        }
    }
    let mut changed = BTreeSet::new();
    // Also what an exchange stored that failed before this point: the server will not give it again.
    let due: BTreeSet<ScopeId> = touched.iter().copied().chain(store.behind()?).collect();
    for scope in &due {
        changed.extend(store.apply(*scope, cx.now_ms)?.1);
    }
    if !touched.is_empty() {
        aside::try_again(cx)?;
    }
    for (scope, feed_no) in &answer.cursors {
        if !broken.contains(scope) {
            store.set_cursor(*scope, *feed_no)?;
        }
    }
    if !changed.is_empty() {
        (cx.changed)(&changed);
    }
    Ok(came)
}

fn saves_of(fed: &Fed) -> u32 {
    segment::read(&fed.bytes).map_or(0, |read| {
        let header = read.header();
        u32::try_from(header.last_seq - header.first_seq + 1).unwrap_or(u32::MAX)
    })
}

/// Takes one segment that the server gave. What is no segment, or not signed by its stream's laptop, counts as a fork:
/// it is kept aside with the reason as far as it can be read.
fn take_one(cx: &Cx<'_>, fed: &Fed) -> Result<Admission> {
    let store = cx.store();
    let bad = |reason: &str| -> Result<Admission> {
        match store.put_aside(&fed.bytes, reason, None, cx.now_ms) {
            Ok(_) | Err(store::Error::Segment(_)) => Ok(Admission::Fork),
            Err(other) => Err(other.into()),
        }
    };
    match store.take(&fed.bytes) {
        Ok(taken) if taken.admission == Admission::Fork => {
            let Ok(read) = segment::read(&fed.bytes) else {
                return bad("damaged");
            };
            let header = read.header();
            // The server keeps this branch; what another way brought of the other one is put aside. Where they part
            // earlier than here, as far as the log goes: the server gives what was its own again.
            let (scope, replica) = (header.scope, header.replica);
            for seq in [header.first_seq - 1, store.floor(scope, replica)?] {
                match store.cut_back(scope, replica, seq, cx.now_ms) {
                    Ok(_) => {}
                    Err(store::Error::NotFound) => continue,
                    Err(other) => return Err(other.into()),
                }
                let admission = store.take(&fed.bytes)?.admission;
                if admission != Admission::Fork {
                    return Ok(admission);
                }
            }
            bad("fork")
        }
        Ok(taken) => Ok(taken.admission),
        Err(store::Error::Segment(_) | store::Error::NotFound) => bad("damaged"),
        Err(other) => Err(other.into()),
    }
}

/// Older segments, the newest first, and how far down they go.
fn older(cx: &Cx<'_>, answer: &SyncAnswer) -> Result<()> {
    for fed in &answer.older {
        cx.store().take_older(&fed.bytes)?;
    }
    for (scope, from) in &answer.older_from {
        set_floor(cx, *scope, *from)?;
    }
    Ok(())
}

/// What the server has, when it lacks something that is here and the last request brought it forward.
pub fn refill(
    cx: &Cx<'_>,
    request: &SyncRequest,
    answer: &SyncAnswer,
    scopes: &Scopes,
) -> Result<Option<Vector>> {
    let Some(theirs) = &answer.vector else {
        return Ok(None);
    };
    let theirs = withheld::and_aside(cx, theirs)?;
    let lacking = cx.store().beyond(&theirs, &scopes.readable, 1)?;
    let Some(first) = lacking.first() else {
        return Ok(None);
    };
    // What was just sent and not taken is not sent again in this exchange.
    let same = request.segments.iter().any(|sent| sent == first);
    Ok((!same).then_some(theirs))
}
