//! The truth about what was sent and received, as the panel shows it. Nothing is called up to date that is not.

use std::collections::BTreeMap;

use domain::ids::{RecordId, ScopeId};
use domain::registry::Kind;
use serde::Serialize;
use store::Exchange;
use sync::log::{Dot, Save};

use super::aside::GAP;
use super::outbox::waiting;
use super::{issue, moving, revoked};
use crate::commands::Nothing;
use crate::cx::Cx;
use crate::error::Result;

/// How this laptop stands with the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Standing {
    /// The practice folder never sends.
    Practice,
    /// No server knows this laptop yet.
    NotEnrolled,
    /// The server holds everything saved here, and everything that came is shown.
    UpToDate,
    /// Something saved here waits to be sent, or something that came waits for more to come.
    Waiting,
    /// The last attempt failed for a reason that a person must see to, or something was not let in.
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
    /// The cycle that it is of.
    pub cycle: Option<CycleNamed>,
    /// Where.
    pub place: String,
    /// Who saved it last.
    pub author: String,
    /// How many fields.
    pub changes: u32,
    /// The oldest save that waits, ISO local time.
    pub since: String,
    /// Why the server did not let some of it in, as a code.
    pub refused: Option<String>,
}

/// A cycle by its name.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct CycleNamed {
    /// The cycle.
    #[ts(type = "string")]
    pub id: RecordId,
    /// What people call it; may be empty.
    pub title: String,
}

/// What an exchange is doing, with the server or with a stick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
// A trial has steps too, and the screen knows both.
#[ts(export, rename = "SyncStep")]
pub enum Step {
    /// Own saves go up.
    Sending,
    /// Others' saves come down.
    Receiving,
    /// The state of a place that is new here comes down.
    Snapshot,
    /// Older saves come down.
    History,
    /// Bundles are written to a stick.
    StickOut,
    /// What lies on a stick is taken in.
    StickIn,
}

/// How far an exchange has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Stage {
    /// What it is doing.
    pub step: Step,
    /// Saves done; bytes for a snapshot, files for a stick.
    pub done: u32,
    /// Of how many, 0 when nobody knows.
    pub total: u32,
    /// Bytes moved so far, both ways together.
    pub bytes: u32,
}

/// What a save that cannot be shown yet waits for.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Need {
    /// The place of the laptop that wrote it, as far as it is known.
    pub place: String,
    /// Up to which of its saves.
    pub seq: u32,
}

/// A save that came and cannot be shown yet, because it names others that are not here.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Wait {
    /// Where it was saved.
    pub place: String,
    /// By whom.
    pub author: String,
    /// What it is about; may be empty.
    pub label: String,
    /// Since when it waits, ISO local time.
    pub since: String,
    /// What it waits for.
    pub needs: Vec<Need>,
    /// For how many days.
    pub days: u32,
}

/// Saves that came and were not let in; kept with the reason.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Aside {
    /// Their name here.
    pub id: String,
    /// The place they are about.
    pub place: String,
    /// Why, as a code.
    pub reason: String,
    /// How many.
    pub saves: u32,
    /// Since when, ISO local time.
    pub since: String,
    /// Who brought them; may be empty.
    pub from: String,
}

/// Which way an exchange went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ExchangeKind {
    /// With the server.
    Server,
    /// Onto a stick.
    StickOut,
    /// From a stick.
    StickIn,
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
    /// Which way it went.
    pub kind: ExchangeKind,
    /// What else is to be said of it, by name.
    pub params: BTreeMap<String, String>,
}

/// When this laptop asks a busy server again by itself.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct TriesAgain {
    /// When, ISO local time.
    pub at: String,
    /// In how many seconds from now; 0 when it is time.
    pub seconds: u32,
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
    /// Whether a coach enrolled this laptop by file and the server has not confirmed it yet.
    pub provisional: bool,
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
    /// When the server has asked to be asked again, if it had too many visitors at the last attempt.
    pub tries_again: Option<TriesAgain>,
    /// The last attempts, newest first.
    pub log: Vec<SyncResult>,
    /// How many questions people have to decide, the two figures of one cell being one.
    pub questions: u32,
    /// How far this computer's clock is off, in minutes, by the server's.
    pub clock_off_minutes: i32,
    /// What the exchange that is running does; none when none runs.
    pub stage: Option<Stage>,
    /// What came and cannot be shown yet.
    pub waits: Vec<Wait>,
    /// What came and was not let in.
    pub aside: Vec<Aside>,
    /// Saves that lie in a bundle on a stick, without any receipt.
    pub carried: u32,
    /// The server no longer believes this laptop.
    pub revoked: bool,
    /// Since when it is known here, ISO local time.
    pub revoked_since: Option<String>,
    /// What was here has been handed in, and has left this laptop.
    pub handed_in: bool,
    /// This laptop was copied or restored, and goes on under a new name.
    pub copied: bool,
    /// Since when it does, ISO local time.
    pub copied_since: Option<String>,
    /// The app's version.
    pub version: String,
}

/// How many exchanges the panel shows.
pub(super) const KEPT_IN_LOG: u32 = 50;

/// How this laptop stands with the server.
pub fn sync_state(cx: &Cx<'_>, _: Nothing) -> Result<SyncState> {
    let log: Vec<SyncResult> = cx
        .store()
        .exchanges(KEPT_IN_LOG)?
        .iter()
        .map(|exchange| result_of(cx, exchange))
        .collect();
    let grant = cx.grant()?;
    let (waiting, waiting_saves, waiting_since) = waiting(cx)?;
    let last = log.first().cloned();
    let held = cx.store().held()?;
    let revoked_ms = revoked::since(cx)?;
    let revoked = revoked_ms.is_some();
    let failed = |last: &SyncResult| {
        last.code.as_deref().is_some_and(|code| {
            !matches!(
                code,
                "server-unreachable" | "server-busy" | "sync-cancelled"
            )
        })
    };
    let of_server = log.iter().find(|one| one.kind == ExchangeKind::Server);
    let (aside, early) = aside(cx)?;
    let held = held.saturating_add(early);
    let state = if cx.laptop.practice {
        Standing::Practice
    } else if grant.is_none() {
        Standing::NotEnrolled
    } else if revoked || !aside.is_empty() || of_server.is_some_and(failed) {
        Standing::Problem
    } else if waiting_saves > 0 || held > 0 {
        Standing::Waiting
    } else {
        Standing::UpToDate
    };
    let copied_ms: Option<u64> = cx.meta_text(COPIED)?.and_then(|text| text.parse().ok());
    Ok(SyncState {
        state,
        server: cx.meta_text("server")?,
        waiting,
        provisional: issue::is_provisional(cx)?,
        waiting_saves,
        waiting_since,
        held,
        last_contact: log
            .iter()
            .find(|result| result.ok && result.kind == ExchangeKind::Server)
            .map(|result| result.at.clone()),
        last,
        tries_again: tries_again(cx)?,
        log,
        questions: cx.questions()?,
        clock_off_minutes: i32::try_from(cx.store().clock_offset()? / 60_000).unwrap_or(i32::MAX),
        stage: cx.laptop.progress.stage(),
        waits: waits(cx)?,
        aside,
        carried: u32::try_from(cx.store().carried_saves()?).unwrap_or(u32::MAX),
        revoked,
        revoked_since: revoked_ms.map(|ms| cx.stamp(ms)),
        handed_in: revoked::handed_in(cx)?,
        copied: copied_ms.is_some(),
        copied_since: copied_ms.map(|ms| cx.stamp(ms)),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}

/// The parameter of a busy server's refusal that says after how many seconds to come back.
pub(super) const COME_BACK: &str = "seconds";

/// What the last contact with the server says of the next one.
fn tries_again(cx: &Cx<'_>) -> Result<Option<TriesAgain>> {
    let log = cx.store().exchanges(KEPT_IN_LOG)?;
    let mut contacts = log
        .iter()
        .filter(|one| one.kind == store::ExchangeKind::Server);
    let Some(last) = contacts.next() else {
        return Ok(None);
    };
    let said = result_of(cx, last);
    let seconds = said.params.get(COME_BACK);
    let Some(seconds) = seconds.and_then(|text| text.parse::<u64>().ok()) else {
        return Ok(None);
    };
    let at_ms = u64::try_from(last.at_ms).unwrap_or(0) + seconds * 1_000;
    // A clock that went back since makes nobody wait longer.
    let left = at_ms.saturating_sub(cx.now_ms).div_ceil(1_000).min(seconds);
    Ok(Some(TriesAgain {
        at: cx.stamp(cx.now_ms + left * 1_000),
        seconds: u32::try_from(left).unwrap_or(u32::MAX),
    }))
}

/// Stands in `meta` with the moment at which this laptop went on under a new name.
pub(super) const COPIED: &str = "copied_ms";

/// An exchange as the panel shows it.
pub(super) fn result_of(cx: &Cx<'_>, exchange: &Exchange) -> SyncResult {
    SyncResult {
        at: cx.stamp(u64::try_from(exchange.at_ms).unwrap_or(0)),
        ok: exchange.ok,
        sent: exchange.sent,
        received: exchange.received,
        bytes_up: exchange.bytes_up,
        bytes_down: exchange.bytes_down,
        requests: exchange.requests,
        code: exchange.code.clone(),
        kind: match exchange.kind {
            store::ExchangeKind::Server => ExchangeKind::Server,
            store::ExchangeKind::StickOut => ExchangeKind::StickOut,
            store::ExchangeKind::StickIn => ExchangeKind::StickIn,
        },
        params: exchange
            .params
            .as_deref()
            .and_then(|json| serde_json::from_str(json).ok())
            .unwrap_or_default(),
    }
}

/// What was not let in, and how many saves only wait for earlier ones of their stream.
fn aside(cx: &Cx<'_>) -> Result<(Vec<Aside>, u32)> {
    let (mut listed, mut early) = (Vec::new(), 0u32);
    for one in cx.store().aside()? {
        let saves = u32::try_from(one.last_seq - one.first_seq + 1).unwrap_or(u32::MAX);
        if one.reason == GAP {
            early = early.saturating_add(saves);
            continue;
        }
        let place = cx.place(one.scope.place());
        listed.push(Aside {
            id: one.id.to_string(),
            place: place.map(|place| place.name).unwrap_or_default(),
            reason: one.reason,
            saves,
            since: cx.stamp(one.at_ms),
            from: match one.source {
                Some(source) => super::place_of_replica(cx, source)?.unwrap_or_default(),
                None => String::new(),
            },
        });
    }
    Ok((listed, early))
}

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// What came and cannot be shown yet, with what it waits for.
fn waits(cx: &Cx<'_>) -> Result<Vec<Wait>> {
    let name = |scope: ScopeId| cx.place(scope.place()).map(|p| p.name).unwrap_or_default();
    let mut waits = Vec::new();
    for waiting in cx.store().waits()? {
        let save = store_save(cx, &waiting)?;
        let label = match save.iter().flat_map(|save| &save.changes).next() {
            Some(change) => match Kind::from_number(change.kind) {
                Some(kind) => moving::waits_as(cx, kind, change.record)?.2,
                None => String::new(),
            },
            None => String::new(),
        };
        let mut needs = Vec::new();
        for (replica, seq) in &waiting.needs {
            needs.push(Need {
                place: super::place_of_replica(cx, *replica)?
                    .unwrap_or_else(|| name(waiting.scope)),
                seq: u32::try_from(*seq).unwrap_or(u32::MAX),
            });
        }
        let since = match waiting.since_ms {
            0 => save.as_ref().map_or(cx.now_ms, |save| save.hlc.millis()),
            noted => noted,
        };
        waits.push(Wait {
            place: name(waiting.scope),
            author: cx.person(waiting.author)?.0,
            label,
            since: cx.stamp(since),
            needs,
            days: u32::try_from(cx.now_ms.saturating_sub(since) / DAY_MS).unwrap_or(u32::MAX),
        });
    }
    Ok(waits)
}

fn store_save(cx: &Cx<'_>, waiting: &store::Waiting) -> Result<Option<Save>> {
    let dot = Dot {
        replica: waiting.replica,
        seq: waiting.seq,
        index: 0,
    };
    Ok(cx.store().save_of(waiting.scope, &dot)?)
}
