//! An exchange with the server: sending and receiving in one request, more only when there is more than fits or when
//! the two disagree on what the other has. What came through stays, whatever happens to the rest.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::ScopeId;
use store::Exchange;
use sync::key::KeyPair;
use sync::wire::{Grant, Purpose, Refused, Signed, SyncAnswer, SyncRequest, binding};

use super::compose::{self, Ask};
use super::intake::{self, Came};
use super::state::{Stage, Step, SyncState, sync_state};
use super::{
    aside, grants, keys, mint, older, reach, recall, refused, returning, revoked, snapshots,
    status, succession, withheld,
};
use crate::commands::Nothing;
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::records::many_removed;
use crate::surroundings::Link;

/// An exchange ends after so many requests at the latest; the next one goes on.
const MOST_REQUESTS: u32 = 400;

/// An answer with so many bytes of segments at most is taken in at once: what a cut takes of it comes again in a second or two. Of a
/// longer one each segment stays that came through.
const TOGETHER_BYTES: usize = 32 << 10;

/// Sends what waits and takes what is new.
pub fn sync_now(cx: &Cx<'_>, _: Nothing) -> Result<SyncState> {
    run(cx, &mut Talk::default())?;
    sync_state(cx, Nothing {})
}

/// How long an exchange took, in ms, among what is said of it.
pub(super) const TOOK: &str = "took";

/// How many records others removed as many in what came, among what is said of it.
pub(super) const REMOVED: &str = "removed";

/// Runs one exchange and notes what it came to. The error is that of one that could not begin.
pub(super) fn run(cx: &Cx<'_>, talk: &mut Talk) -> Result<()> {
    if cx.laptop.practice {
        return Err(AppError::new("practice-never-sends"));
    }
    let Ok(_one_at_a_time) = cx.laptop.exchanging.try_lock() else {
        return Err(AppError::new("already-exchanging"));
    };
    talk.outcome.at_ms = i64::try_from(cx.now_ms).unwrap_or(0);
    let began = (cx.around.steady)();
    let known = cx.store().scopes()?;
    // Not what was applied before: when this laptop was put back, for instance.
    cx.store().others_removed();
    cx.laptop.progress.begin();
    let ended = exchange(cx, talk);
    cx.laptop.progress.end();
    cx.together(|cx| note(cx, talk, ended, &known, began))
}

/// Looks what the exchange came to, and notes it.
fn note(
    cx: &Cx<'_>,
    talk: &mut Talk,
    ended: Result<()>,
    known: &BTreeSet<ScopeId>,
    began: u64,
) -> Result<()> {
    let ended = ended.and_then(|()| end(cx, talk));
    let outcome = &mut talk.outcome;
    outcome.ok = ended.is_ok();
    let mut said = BTreeMap::new();
    if let Err(error) = ended {
        outcome.code = Some(error.code);
        said = error.params;
    }
    if talk.successor {
        said.insert(succession::SUCCESSOR.to_owned(), "1".to_owned());
    }
    let removed = many_removed(cx, known)?;
    if removed > 0 {
        said.insert(REMOVED.to_owned(), removed.to_string());
    }
    let took_ms = (cx.around.steady)().saturating_sub(began);
    if took_ms > 0 {
        said.insert(TOOK.to_owned(), took_ms.to_string());
    }
    if !said.is_empty() {
        outcome.params = serde_json::to_string(&said).ok();
    }
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
    Ok(cx.store().add_exchange(outcome)?)
}

/// One exchange while it runs.
#[derive(Debug, Default)]
pub(super) struct Talk {
    /// What it came to so far.
    pub outcome: Exchange,
    /// What the next request asks.
    pub ask: Ask,
    /// Scopes of which the server did not let something in: the rest of them waits for a person.
    pub stuck: BTreeSet<ScopeId>,
    /// Why, the first reason.
    pub refusal: Option<Refused>,
    /// Something that came was not whole.
    pub damaged: bool,
    /// How often an early segment was refused because others must come first.
    gaps: u32,
    /// The laptop was told to go on under a new name in this exchange.
    minted: bool,
    /// The name that this laptop had before and the server no longer believes: what is here is handed in under that one.
    pub under: Option<KeyPair>,
    /// The server had forgotten this laptop and was shown its own word.
    returned: bool,
    /// Another server key was taken over.
    pub successor: bool,
    /// It has forgotten others, whose work it does not let in before they come back.
    others_forgotten: bool,
}

impl Talk {
    /// Says how far it has come.
    pub fn tell(&self, cx: &Cx<'_>, step: Step, done: u32, total: u32) -> Result<()> {
        cx.at_stage(Stage {
            step,
            done,
            total,
            bytes: self.outcome.bytes_up + self.outcome.bytes_down,
        })
    }
}

fn exchange(cx: &Cx<'_>, talk: &mut Talk) -> Result<()> {
    cx.grant()?.ok_or_else(|| AppError::new("not-enrolled"))?;
    let link = cx
        .around
        .link
        .to(&cx.meta_text("server")?.unwrap_or_default())?;
    mint::over_lost_past(cx)?;
    tell_new_name(cx, &*link, talk)?;
    older::ask_for_own(cx, talk)?;
    while talk.outcome.requests < MOST_REQUESTS {
        if round(cx, &*link, talk)? {
            continue;
        }
        if !mint::over_lost_past(cx)? {
            break;
        }
        under_new_name(cx, &*link, talk)?;
    }
    Ok(())
}

/// One request and its answer. Answers whether to ask again.
fn round(cx: &Cx<'_>, link: &dyn Link, talk: &mut Talk) -> Result<bool> {
    let (reach, mut request, waiting) = cx.together(|cx| {
        let grant = cx.grant()?.ok_or_else(|| AppError::new("not-enrolled"))?;
        let reach = Scopes::of(cx, &grant, &talk.stuck)?;
        cx.store().seal(&reach.sending)?;
        let mut request = compose::request(cx, &grant, &reach, &talk.ask)?;
        if let Some(before) = &talk.under {
            request.replica = before.replica();
        }
        let waiting = waiting_saves(cx, &reach.sending)?;
        Ok((reach, request, waiting))
    })?;
    let step = match (request.segments.is_empty(), request.older.is_empty()) {
        (false, _) => Step::Sending,
        (true, false) => Step::History,
        (true, true) => Step::Receiving,
    };
    let (done, total) = match step {
        Step::Sending => (talk.outcome.sent, talk.outcome.sent + waiting),
        _ => (talk.outcome.received, 0),
    };
    talk.tell(cx, step, done, total)?;
    let mut posted = post(cx, link, &request, talk);
    if posted.as_ref().is_err_and(|e| e.code == succession::OTHER)
        && succession::heir(cx)?.is_some()
        && request.epoch != [0; 16]
    {
        // Whoever has the old key may have told this laptop the epoch of the server that stands in its place, which takes it for one that
        // knows it. To one that knows no epoch it says who it is.
        request.epoch = [0; 16];
        request.counter = cx.store().next_request()?;
        posted = post(cx, link, &request, talk);
    }
    let (answer, last) = match posted {
        Err(error) if error.code == UNKNOWN && mint::pending(cx)? => {
            tell_new_name(cx, link, talk)?;
            return Ok(true);
        }
        Err(error) if is_forgotten(&error, talk) => {
            come_back(cx, link, talk)?;
            return Ok(true);
        }
        posted => posted?,
    };
    if answer.mint {
        return again(cx, link, &answer, talk);
    }
    let brought = answer.segments.iter().chain(&answer.older);
    let came = match brought.map(|fed| fed.bytes.len()).sum() {
        0..=TOGETHER_BYTES => cx.together(|cx| take(cx, &request, &answer, &last, &reach, talk))?,
        _ => take(cx, &request, &answer, &last, &reach, talk)?,
    };
    let left = grants::leave(cx, &request, &answer, &mut talk.ask)?;
    let mut more = left | snapshots::load(cx, link, &answer, talk)?;
    if !answer.snapshots.is_empty() {
        // Those of what a snapshot says fit nothing before it is loaded.
        keys::take_all(cx, &answer)?;
        older::ask_for_own(cx, talk)?;
        more |= !talk.ask.older.is_empty();
    }
    next(cx, &request, &answer, &came, more, talk)
}

/// Takes an answer in, and notes that it was heard.
fn take(
    cx: &Cx<'_>,
    request: &SyncRequest,
    answer: &SyncAnswer,
    last: &[u8; 8],
    reach: &Scopes,
    talk: &mut Talk,
) -> Result<Came> {
    let before = waiting_saves(cx, &reach.sending)?;
    let server_key = fixed::<32>(cx, "server_key")?;
    let came = intake::take(cx, request, answer, &server_key, talk)?;
    status::said(cx, request, answer)?;
    recall::told(cx, request)?;
    talk.outcome.sent += before.saturating_sub(waiting_saves(cx, &reach.sending)?);
    // Only now: a laptop that loses power before has not heard of this answer, and asks as if it never came.
    cx.store().set_meta(LAST, last)?;
    keys::told(cx, request, answer, &mut talk.ask.keys)?;
    Ok(came)
}

/// The server's word for a replica that it does not know.
pub(super) const UNKNOWN: &str = "replica-unknown";

/// What binds the next request to the last answer stands under this name in `meta`.
const LAST: &str = "last_binding";

fn post(
    cx: &Cx<'_>,
    link: &dyn Link,
    request: &SyncRequest,
    talk: &mut Talk,
) -> Result<(SyncAnswer, [u8; 8])> {
    let own = cx.store().key();
    let body = request
        .sign(talk.under.as_ref().unwrap_or(&own))
        .map_err(|_| AppError::new("request-invalid"))?;
    talk.outcome.requests += 1;
    talk.outcome.bytes_up += u32::try_from(body.len()).unwrap_or(u32::MAX);
    let (bytes, size) = link.post("/v1/sync", body.clone())?;
    talk.outcome.bytes_down += size;
    let last = binding(&body, &bytes);
    let read_nothing = |key: &[u8; 32]| SyncAnswer::read_nothing(&bytes, key, &body, request.epoch);
    if let Some(answer) = succession::server_key(cx)?.and_then(|key| read_nothing(&key)) {
        return Ok((answer, last));
    }
    let Ok(signed) = Signed::from_bytes(&bytes) else {
        // A page where one must log in to the network, for instance; or the shortest answer of the server that was here before.
        succession::proven(cx, &[], |key| read_nothing(key).is_some())?;
        return Err(AppError::new(succession::OTHER));
    };
    let answer = SyncAnswer::from_bytes(&signed.body);
    let statements = answer.as_ref().map_or(&[][..], |answer| &answer.readers);
    talk.successor |= succession::proven(cx, statements, |key| {
        signed.verify(key, Purpose::Answer).is_ok()
    })?;
    Ok((
        answer.map_err(|_| AppError::new("answer-unreadable"))?,
        last,
    ))
}

/// Whether the server does not know this laptop and was not asked to take it back yet.
fn is_forgotten(error: &AppError, talk: &mut Talk) -> bool {
    error.code == UNKNOWN && !std::mem::replace(&mut talk.returned, true)
}

/// Tells the server under which name this laptop goes on; first that it was there at all, when that is forgotten.
fn tell_new_name(cx: &Cx<'_>, link: &dyn Link, talk: &mut Talk) -> Result<()> {
    talk.under = match mint::tell_server(cx, link, talk) {
        Err(error) if is_forgotten(&error, talk) => {
            come_back(cx, link, talk)?;
            if talk.under.is_some() {
                return Ok(());
            }
            mint::tell_server(cx, link, talk)?
        }
        told => told?,
    };
    Ok(())
}

/// The server does not know this laptop: it is shown its own word for it, or how the name that it bears followed from one that it knows.
fn come_back(cx: &Cx<'_>, link: &dyn Link, talk: &mut Talk) -> Result<()> {
    match returning::tell_server(cx, link, talk) {
        Err(error) if error.code == UNKNOWN => {
            talk.under = mint::tell_again(cx, link, talk, error)?;
            Ok(())
        }
        told => told,
    }
}

/// The server has seen this laptop's name go on elsewhere: it takes another one, and asks again.
fn again(cx: &Cx<'_>, link: &dyn Link, answer: &SyncAnswer, talk: &mut Talk) -> Result<bool> {
    if std::mem::replace(&mut talk.minted, true) {
        return Err(AppError::new("answer-unreadable"));
    }
    for accepted in &answer.accepted {
        cx.store()
            .accept(accepted.scope, accepted.seq, &accepted.hash)?;
    }
    mint::mint(cx)?;
    under_new_name(cx, link, talk)?;
    Ok(true)
}

/// The server is told of the name that this laptop has just taken.
fn under_new_name(cx: &Cx<'_>, link: &dyn Link, talk: &mut Talk) -> Result<()> {
    tell_new_name(cx, link, talk)?;
    // What was refused of it bore the old name, and what was given did not go on from its past. It comes again under the new
    // one, and is judged anew.
    talk.ask = Ask::default();
    talk.stuck.clear();
    talk.refusal = None;
    talk.damaged = false;
    Ok(())
}

/// Whether to ask again, and what.
fn next(
    cx: &Cx<'_>,
    request: &SyncRequest,
    answer: &SyncAnswer,
    came: &Came,
    more_to_ask: bool,
    talk: &mut Talk,
) -> Result<bool> {
    let mut parted = false;
    for refused in &answer.refused {
        // A server that was restored lacks earlier ones too: it has just said from where to send them again.
        if refused.reason == "gap" && talk.gaps < 2 {
            continue;
        }
        if withheld::is_others(cx, request, refused) || grants::lay_aside(cx, request, refused)? {
            continue;
        }
        if lets_go_of_other_past(cx, request, refused)? {
            parted = true;
            continue;
        }
        talk.stuck.insert(refused.scope);
        if refused.reason == UNKNOWN {
            // Another laptop's, which this server has forgotten. It lies aside there until that one comes back.
            talk.others_forgotten = true;
            continue;
        }
        talk.refusal.get_or_insert_with(|| refused.clone());
    }
    grants::note_aside(cx, request, answer)?;
    talk.gaps += u32::from(answer.refused.iter().any(|r| r.reason == "gap"));
    if answer.revoked {
        return Ok(more_to_ask);
    }
    let grant = cx.grant()?.ok_or_else(|| AppError::new("not-enrolled"))?;
    let reach = Scopes::of(cx, &grant, &talk.stuck)?;
    let refill = intake::refill(cx, request, answer, &reach)?;
    if answer.want_vector && request.vector.is_some() {
        return Err(AppError::new("answer-unreadable"));
    }
    talk.ask.with_vector = answer.want_vector || came.gap || refill.is_some() || parted;
    talk.ask.lacks = refill;
    let keys = keys::more(cx, &grant, &talk.ask.keys)?;
    let older = !request.older.is_empty() && talk.ask.older_left(answer);
    let unsent = !cx.store().unsent(&reach.sending, 1)?.is_empty();
    // Only when it brought something forward: a server that accepts nothing must not be asked for ever.
    let forward = !request.segments.is_empty() && !answer.accepted.is_empty();
    let gap_first = talk.gaps == 1 && answer.refused.iter().any(|r| r.reason == "gap");
    Ok(answer.more
        || older
        || keys
        || more_to_ask
        || parted
        || (talk.ask.with_vector && request.vector.is_none())
        || talk.ask.lacks.is_some()
        || (unsent && (forward || gap_first)))
}

/// What was brought of another laptop's stream goes on from a past that the server does not know: what is here of that stream
/// is put aside, and the server gives its own. False when there was nothing of the kind. Of its own stream, a laptop that has
/// just met a new epoch asks once more, and hears that it must take another name.
fn lets_go_of_other_past(cx: &Cx<'_>, request: &SyncRequest, refused: &Refused) -> Result<bool> {
    if refused.reason != aside::FORK {
        return Ok(false);
    }
    let Some(replica) = withheld::stream_of(cx, request, refused) else {
        return Ok(fixed::<16>(cx, "epoch")? != request.epoch);
    };
    let store = cx.store();
    let floor = store.floor(refused.scope, replica)?;
    Ok(store.cut_back(refused.scope, replica, floor, cx.now_ms)? > 0)
}

/// What the exchange came to in the end.
fn end(cx: &Cx<'_>, talk: &Talk) -> Result<()> {
    if revoked::since(cx)?.is_some() {
        return Err(AppError::new("laptop-revoked"));
    }
    if let Some(refused) = &talk.refusal {
        return Err(AppError::new("segment-refused").with("reason", &refused.reason));
    }
    if talk.damaged {
        return Err(AppError::new("answer-unreadable"));
    }
    if talk.others_forgotten {
        // It holds what is ours, and not yet all that is here.
        return Ok(());
    }
    let grant = cx.grant()?.ok_or_else(|| AppError::new("not-enrolled"))?;
    let reach = Scopes::of(cx, &grant, &talk.stuck)?;
    if !cx.store().unsent(&reach.sending, 1)?.is_empty() {
        return Err(AppError::new("not-accepted"));
    }
    reach::server_holds(cx, &reach.readable)?;
    revoked::settle_in(cx)
}

/// The scopes of an exchange.
#[derive(Debug)]
pub(super) struct Scopes {
    /// What may be read.
    pub readable: BTreeSet<ScopeId>,
    /// Of which own saves are sent: what may be written, and what is being left.
    pub sending: BTreeSet<ScopeId>,
}

impl Scopes {
    fn of(cx: &Cx<'_>, grant: &Grant, stuck: &BTreeSet<ScopeId>) -> Result<Self> {
        let readable: BTreeSet<ScopeId> = grant.terms().scopes.iter().map(|s| s.scope).collect();
        let mut sending: BTreeSet<ScopeId> = readable
            .iter()
            .copied()
            .filter(|scope| grant.may_write(*scope))
            .collect();
        sending.extend(grants::leaving(cx)?);
        sending.retain(|scope| !stuck.contains(scope));
        Ok(Self { readable, sending })
    }
}

/// Own saves that the server has not said it holds.
fn waiting_saves(cx: &Cx<'_>, scopes: &BTreeSet<ScopeId>) -> Result<u32> {
    let pending = cx.store().pending()?;
    let saves = pending.iter().filter(|p| scopes.contains(&p.scope));
    Ok(saves
        .map(|p| u32::try_from(p.saves).unwrap_or(u32::MAX))
        .sum())
}

/// Notes what the server refused, for the panel.
pub(super) fn note_refused(cx: &Cx<'_>, request: &SyncRequest, answer: &SyncAnswer) -> Result<()> {
    if !answer.revoked {
        withheld::note(cx, request, &answer.refused)?;
    }
    let mut of_here = Vec::new();
    for one in &answer.refused {
        let others = !answer.revoked && withheld::is_others(cx, request, one);
        if !others && !grants::lay_aside(cx, request, one)? {
            of_here.push(one);
        }
    }
    refused::note(cx, of_here.into_iter())
}

pub(super) fn fixed<const N: usize>(cx: &Cx<'_>, key: &str) -> Result<[u8; N]> {
    cx.store()
        .meta(key)?
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| AppError::new("not-enrolled"))
}

/// What binds the next request to the last answer; zeros before the first.
pub(super) fn last_binding(cx: &Cx<'_>) -> Result<[u8; 8]> {
    Ok(cx
        .store()
        .meta(LAST)?
        .and_then(|bytes| bytes.try_into().ok())
        .unwrap_or_default())
}
