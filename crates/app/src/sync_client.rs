//! The laptop's side of an exchange with the server: enrolment, and sending and receiving in one request.

mod carrier;
mod moving;

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{RecordId, ScopeId};
use domain::registry::Kind;
use domain::role::Role;
use serde::{Deserialize, Serialize};
use store::Exchange;
use sync::admit::Admission;
use sync::clock::Hlc;
use sync::segment;
use sync::wire::{
    EnrolAnswer, EnrolPerson, EnrolPlace, EnrolRequest, Grant, Purpose, Refused, Signed,
    SyncAnswer, SyncRequest,
};

use crate::commands::Nothing;
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::records::OpenField;
pub use carrier::Carriers;

/// Enrols this laptop.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct Enrol {
    /// The server's address.
    pub server: String,
    /// The code of the invitation.
    pub code: String,
    /// The programme's own root certificate in PEM, when it comes with the invitation. From then on nothing else
    /// is believed.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub root: Option<String>,
}

/// How this laptop stands with the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Standing {
    /// The practice folder never sends.
    Practice,
    /// No server knows this laptop yet.
    NotEnrolled,
    /// The server holds everything saved here.
    UpToDate,
    /// Something saved here waits to be sent.
    Waiting,
    /// The last attempt failed for a reason that a person must see to.
    Problem,
}

/// Something saved here that the server does not hold yet.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct WaitingRecord {
    /// What it is.
    pub kind: Kind,
    /// The record; none for the values of a month, which wait together.
    #[ts(type = "string | null")]
    pub record: Option<RecordId>,
    /// What people call it; the ISO month for values.
    pub label: String,
    /// Where.
    pub place: String,
    /// Who saved it last.
    pub author: String,
    /// How many fields.
    pub changes: u32,
    /// The oldest save that waits, ISO local time.
    pub since: String,
}

/// What an attempt came to.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct SyncResult {
    /// When, ISO local time.
    pub at: String,
    /// Whether it ended well.
    pub ok: bool,
    /// Saves sent and accepted.
    pub sent: u32,
    /// Saves received.
    pub received: u32,
    /// Bytes sent.
    pub bytes_up: u32,
    /// Bytes received.
    pub bytes_down: u32,
    /// Requests made.
    pub requests: u32,
    /// Why it failed.
    pub code: Option<String>,
}

/// The truth about what was sent and received.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct SyncState {
    /// How this laptop stands with the server.
    pub state: Standing,
    /// The server's address.
    pub server: Option<String>,
    /// What waits, the oldest first.
    pub waiting: Vec<WaitingRecord>,
    /// How many saves wait.
    pub waiting_saves: u32,
    /// Since when, ISO local time.
    pub waiting_since: Option<String>,
    /// Saves received that wait for something not here yet.
    pub held: u32,
    /// The last exchange that ended well, ISO local time.
    pub last_contact: Option<String>,
    /// The last attempt.
    pub last: Option<SyncResult>,
    /// The last attempts, newest first.
    pub log: Vec<SyncResult>,
    /// Every field of which people's values differ.
    pub open_fields: Vec<OpenField>,
    /// How far this computer's clock is off, in minutes, by the server's.
    pub clock_off_minutes: i32,
}

/// Most bytes of segments in one request.
const REQUEST_BYTES: usize = 2 << 20;
/// An exchange ends after so many requests at the latest; the next one goes on.
const MOST_REQUESTS: u32 = 200;
/// A code has fifteen characters; what is far longer was pasted by mistake and need not travel.
const LONGEST_CODE: usize = 100;
const KEPT_IN_LOG: u32 = 50;

/// How this laptop stands with the server.
pub fn sync_state(cx: &Cx<'_>, _: Nothing) -> Result<SyncState> {
    let log: Vec<SyncResult> = cx
        .store()
        .exchanges(KEPT_IN_LOG)?
        .iter()
        .map(|exchange| result_of(cx, exchange))
        .collect();
    let grant = cx.grant()?;
    let (waiting, waiting_saves, waiting_since) = waiting(cx, grant.as_ref())?;
    let last = log.first().cloned();
    let state = if cx.laptop.practice {
        Standing::Practice
    } else if grant.is_none() {
        Standing::NotEnrolled
    } else if last.as_ref().is_some_and(|last| {
        last.code
            .as_deref()
            .is_some_and(|code| code != "server-unreachable")
    }) {
        Standing::Problem
    } else if waiting_saves > 0 {
        Standing::Waiting
    } else {
        Standing::UpToDate
    };
    Ok(SyncState {
        state,
        server: cx.meta_text("server")?,
        waiting,
        waiting_saves,
        waiting_since,
        held: cx.store().held()?,
        last_contact: log
            .iter()
            .find(|result| result.ok)
            .map(|result| result.at.clone()),
        last,
        log,
        open_fields: cx.open_fields()?,
        clock_off_minutes: i32::try_from(cx.store().clock_offset()? / 60_000).unwrap_or(i32::MAX),
    })
}

fn result_of(cx: &Cx<'_>, exchange: &Exchange) -> SyncResult {
    SyncResult {
        at: cx.stamp(u64::try_from(exchange.at_ms).unwrap_or(0)),
        ok: exchange.ok,
        sent: exchange.sent,
        received: exchange.received,
        bytes_up: exchange.bytes_up,
        bytes_down: exchange.bytes_down,
        requests: exchange.requests,
        code: exchange.code.clone(),
    }
}

/// What waits under one line of the panel.
struct WaitingGroup {
    oldest: Hlc,
    newest: Hlc,
    author: RecordId,
    changes: u32,
}

type WaitingKey = (Kind, Option<RecordId>, String, ScopeId);

fn waiting(
    cx: &Cx<'_>,
    grant: Option<&Grant>,
) -> Result<(Vec<WaitingRecord>, u32, Option<String>)> {
    let mut groups: BTreeMap<WaitingKey, WaitingGroup> = BTreeMap::new();
    let (mut saves, mut since) = (0, None::<Hlc>);
    for (scope, _, save) in cx.store().waiting()? {
        if grant.is_some_and(|grant| !grant.may_write(scope)) {
            continue;
        }
        saves += 1;
        since = Some(since.map_or(save.hlc, |oldest| oldest.min(save.hlc)));
        for change in &save.changes {
            let Some(kind) = Kind::from_number(change.kind) else {
                continue;
            };
            let (kind, record, label) = moving::waits_as(cx, kind, change.record)?;
            let group = groups
                .entry((kind, record, label, scope))
                .or_insert(WaitingGroup {
                    oldest: save.hlc,
                    newest: save.hlc,
                    author: save.author,
                    changes: 0,
                });
            group.oldest = group.oldest.min(save.hlc);
            if save.hlc >= group.newest {
                (group.newest, group.author) = (save.hlc, save.author);
            }
            group.changes += 1;
        }
    }
    let mut groups: Vec<(WaitingKey, WaitingGroup)> = groups.into_iter().collect();
    groups.sort_by_key(|(_, group)| group.oldest);
    let records = groups
        .into_iter()
        .map(|((kind, record, label, scope), group)| {
            Ok(WaitingRecord {
                kind,
                record,
                label,
                place: cx
                    .place(scope.place())
                    .map(|place| place.name)
                    .unwrap_or_default(),
                author: cx.person(group.author)?.0,
                changes: group.changes,
                since: cx.stamp(group.oldest.millis()),
            })
        })
        .collect::<Result<_>>()?;
    Ok((records, saves, since.map(|hlc| cx.stamp(hlc.millis()))))
}

/// Enrols this laptop with an invitation code, then exchanges for the first time.
pub fn enrol(cx: &Cx<'_>, request: Enrol) -> Result<SyncState> {
    let Some(pem) = &request.root else {
        return enrol_by(cx, &request);
    };
    let before = cx.around.link.trust(Some(pem.as_bytes()))?;
    let enrolled = enrol_by(cx, &request);
    if cx.grant()?.is_none() {
        // An invitation that was not taken leaves nothing behind.
        cx.around.link.trust(before.as_deref())?;
    }
    enrolled
}

fn enrol_by(cx: &Cx<'_>, request: &Enrol) -> Result<SyncState> {
    if cx.laptop.practice {
        return Err(AppError::new("practice-never-sends"));
    }
    if cx.grant()?.is_some() {
        return Err(AppError::new("already-enrolled"));
    }
    if request.code.chars().count() > LONGEST_CODE {
        return Err(AppError::new("invitation-unknown"));
    }
    let author = cx.author()?;
    let home = cx.place(author.home)?;
    let carrier = cx.around.link.to(&request.server)?;
    let place = home.parent.map(|parent| EnrolPlace {
        id: home.id,
        name: home.name.clone(),
        level: home.level.clone(),
        parent,
    });
    let person = EnrolPerson {
        id: author.person,
        name: cx.person(author.person)?.0,
    };
    let body = EnrolRequest::sign(&cx.store().key(), request.code.clone(), place, Some(person))
        .map_err(|_| AppError::new("request-invalid"))?;
    let (answer, _) = carrier.post("/v1/enrol", body)?;
    let answer = EnrolAnswer::from_bytes(&answer).map_err(|_| AppError::new("server-other"))?;
    let terms = answer.grant.terms();
    if answer.grant.verify(&answer.server_key).is_err() || terms.replica != cx.store().replica() {
        return Err(AppError::new("answer-unreadable"));
    }
    if answer.place != author.home {
        moving::move_home(cx, &answer)?;
    }
    let role = Role::from_word(&terms.role).unwrap_or(author.role);
    cx.store().set_meta("role", role.word().as_bytes())?;
    cx.store()
        .set_meta("server", carrier.address().as_bytes())?;
    cx.store().set_meta("server_key", &answer.server_key)?;
    cx.store().set_meta("epoch", &answer.epoch)?;
    // Last, because it is what says that this laptop is enrolled.
    cx.store().set_meta(
        "grant",
        &answer
            .grant
            .to_bytes()
            .map_err(|_| AppError::new("answer-unreadable"))?,
    )?;
    sync_now(cx, Nothing {})
}

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
    let ended = exchange(cx, &mut outcome);
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
        demand: None,
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
        store.accept(accepted.scope, accepted.seq, &accepted.hash)?;
    }
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
