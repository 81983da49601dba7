//! Enrolment by file, with no network at all: a new laptop asks with its card, the district coach's laptop answers under the
//! server's word that it may, and the server confirms at the first contact.

use std::path::PathBuf;

use domain::ids::{RecordId, ReplicaId};
use domain::role::Role;
use domain::text::fold;
use serde::{Deserialize, Serialize};
use sync::wire::{Card, EnrolAnswer, Grant, GrantScope, Issue, Signed, Terms};

use super::enrol::{believing, root_stays};
use super::stick::{
    StickPath, StickReceive, StickSend, bundles, own_card, stick_receive, stick_send,
};
use super::{SyncState, mint, moving, revoked, status, succession, sync_state};
use crate::accounts::check_signs;
use crate::commands::Nothing;
use crate::cx::Cx;
use crate::error::{AppError, Result};

/// How a request ends, and an answer.
const REQUEST: &str = "demande";
const ANSWER: &str = "reponse";
/// Most bytes of either.
const LARGEST: u64 = 128 << 10;
/// Most files that are looked at.
const MOST_FILES: usize = 5_000;
/// The issue stands here in `meta` until the server has confirmed it.
const PENDING: &str = "issue";
/// On a coach's laptop: the laptops that it enrolled, in the order of their numbers.
const ISSUED: &str = "issued";

/// A request or an answer that was written.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct IssueWritten {
    /// Where the file lies.
    pub path: String,
    /// Ten signs that both people read to each other.
    pub check: String,
    /// How many more laptops this one may enrol; 0 for a request.
    pub left: u32,
}

/// A new laptop that asks to be enrolled.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct IssueAsked {
    /// Ten signs that both people read to each other; they name the request.
    pub check: String,
    /// Who works with it.
    pub person: String,
    /// Their role.
    pub role: Role,
    /// Where.
    pub place: String,
    /// Whether that place is one of the district that is known here.
    pub known: bool,
    /// Whether it was answered before.
    pub answered: bool,
}

/// Names a request or an answer on a stick.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct IssueNamed {
    /// Where the stick is.
    pub path: String,
    /// The ten signs, as they were read.
    pub check: String,
}

/// Whether this laptop was enrolled by file and the server has not confirmed it yet.
pub fn is_provisional(cx: &Cx<'_>) -> Result<bool> {
    Ok(cx.store().meta(PENDING)?.is_some())
}

/// The supervisor's word, for the server.
pub fn pending(cx: &Cx<'_>) -> Result<Option<Signed>> {
    let bytes = cx.store().meta(PENDING)?;
    Ok(bytes.and_then(|bytes| Signed::from_bytes(&bytes).ok()))
}

/// The server has given a grant of its own.
pub fn confirmed(cx: &Cx<'_>) -> Result<()> {
    Ok(cx.store().clear_meta(PENDING)?)
}

/// Writes this new laptop's request onto a stick.
pub fn issue_request(cx: &Cx<'_>, request: StickPath) -> Result<IssueWritten> {
    if cx.laptop.practice {
        return Err(AppError::new("practice-never-sends"));
    }
    if cx.grant()?.is_some() {
        return Err(AppError::new("already-enrolled"));
    }
    if !matches!(cx.author_here()?.role, Role::Member | Role::Lead) {
        return Err(AppError::new("issue-for-teams"));
    }
    written(cx, &request.path, &own_card(cx)?, REQUEST, 0)
}

/// The requests on a stick.
pub fn issue_look(cx: &Cx<'_>, request: StickPath) -> Result<Vec<IssueAsked>> {
    may_issue(cx)?;
    let known = issued(cx)?;
    let mut asked = Vec::new();
    for (signed, check) in files(cx, &request.path, REQUEST)? {
        let Ok(card) = Card::open(&signed) else {
            continue;
        };
        let Some(role) = Role::from_word(&card.role) else {
            continue;
        };
        asked.push(IssueAsked {
            check,
            role,
            known: known_place(cx, &card)?.is_some(),
            answered: known
                .iter()
                .any(|(replica, _)| *replica == ReplicaId::of_key(&card.key)),
            person: card.person.name,
            place: card.place.name,
        });
    }
    Ok(asked)
}

/// Answers a request: for a coach, who has seen the person and compared the signs. What this laptop has of the place goes
/// onto the same stick.
///
/// # Errors
/// `issue-not-for-us` on any laptop but an enrolled coach's, and for a place of another district; `issue-exchange-first` when the
/// server was replaced and this laptop has not exchanged with the other one; `issue-missing` when no request has these signs;
/// `issues-used` when it has enrolled as many as the server lets it.
pub fn issue_answer(cx: &Cx<'_>, request: IssueNamed) -> Result<IssueWritten> {
    let issuer = may_issue(cx)?;
    let all = files(cx, &request.path, REQUEST)?;
    let mut named = all
        .into_iter()
        .filter(|(_, check)| is(check, &request.check));
    let (signed, _) = named.next().ok_or_else(|| AppError::new("issue-missing"))?;
    let card = Card::open(&signed).map_err(|_| AppError::new("issue-missing"))?;
    let coached = cx.author()?.place_as(Role::Coach);
    let home = coached.ok_or_else(|| AppError::new("issue-not-for-us"))?;
    let of_a_team = matches!(card.role.as_str(), "member" | "lead");
    if card.place.parent != home || card.place.level != "facility" || !of_a_team {
        return Err(AppError::new("issue-not-for-us"));
    }
    let replica = ReplicaId::of_key(&card.key);
    let most = issuer.terms().issues;
    let place = known_place(cx, &card)?.unwrap_or(card.place.id);
    let serial = number(cx, (replica, place), most)?;
    let own = cx.store().key();
    let failed = |_| AppError::new("store-failed");
    let missing = || AppError::new("not-enrolled");
    let terms = Terms {
        version: 0,
        replica,
        role: card.role.clone(),
        place,
        scopes: reach(cx, place, home)?,
        issues: 0,
        also: Vec::new(),
        heir: None,
    };
    let fixed = |name: &str| cx.store().meta(name)?.ok_or_else(missing);
    let server_key = fixed("server_key")?;
    let epoch = fixed("epoch")?;
    let root = cx.around.link.root()?;
    let issue = Issue {
        serial,
        key: card.key,
        issuer,
        issuer_key: own.public(),
        welcome: EnrolAnswer {
            server_key: server_key.try_into().map_err(|_| missing())?,
            epoch: epoch.try_into().map_err(|_| missing())?,
            grant: Grant::sign(&own, terms).map_err(failed)?,
            place,
            place_name: card.place.name.clone(),
            place_level: card.place.level.clone(),
            parent: home,
            successions: succession::said(cx)?,
        },
        address: cx.meta_text("server")?.ok_or_else(missing)?,
        root: root.and_then(|pem| String::from_utf8(pem).ok()),
        card: own_card(cx)?,
    };
    cx.store().trust(&signed, cx.now_ms)?;
    let answer = issue.sign(&own).map_err(failed)?;
    let left = most.saturating_sub(u32::try_from(issued(cx)?.len()).unwrap_or(u32::MAX));
    let written = written(cx, &request.path, &answer, ANSWER, left)?;
    let send = StickSend {
        path: request.path,
        places: None,
    };
    stick_send(cx, send)?;
    tracing::info!(serial, "a laptop was enrolled by file");
    Ok(written)
}

/// Takes the coach's answer: from now on this laptop is of the house, provisionally until the server says so itself.
///
/// # Errors
/// `issue-missing` when no answer for this laptop has these signs; `already-enrolled`.
pub fn issue_accept(cx: &Cx<'_>, request: IssueNamed) -> Result<SyncState> {
    if cx.laptop.practice {
        return Err(AppError::new("practice-never-sends"));
    }
    if cx.grant()?.is_some() || revoked::since(cx)?.is_some() {
        return Err(AppError::new("already-enrolled"));
    }
    let missing = || AppError::new("issue-missing");
    let all = files(cx, &request.path, ANSWER)?;
    let mut named = all
        .into_iter()
        .filter(|(_, check)| is(check, &request.check));
    let (signed, _) = named.next().ok_or_else(missing)?;
    let issue = Issue::open(&signed).map_err(|_| missing())?;
    if ReplicaId::of_key(&issue.key) != cx.store().replica() {
        return Err(missing());
    }
    let address = cx.around.link.to(&issue.address)?.address();
    believing(cx, issue.root.as_deref(), || {
        accept(cx, &issue, &signed, &address)
    })?;
    let receive = StickReceive {
        path: request.path,
        trust: Vec::new(),
    };
    stick_receive(cx, receive)?;
    sync_state(cx, Nothing {})
}

/// Is enrolled by what a coach's laptop has answered.
fn accept(cx: &Cx<'_>, issue: &Issue, signed: &Signed, address: &str) -> Result<()> {
    let author = cx.author_here()?;
    cx.store().trust(&issue.card, cx.now_ms)?;
    if issue.welcome.place != author.home {
        moving::move_home(cx, &issue.welcome)?;
    }
    let word = |_| AppError::new("answer-unreadable");
    cx.store().set_meta("server", address.as_bytes())?;
    succession::begin(cx, &issue.welcome, &issue.issuer)?;
    status::forget(cx)?;
    mint::forget(cx)?;
    cx.store().set_meta("epoch", &issue.welcome.epoch)?;
    cx.store()
        .set_meta(PENDING, &signed.to_bytes().map_err(word)?)?;
    // Last, because it is what says that this laptop is enrolled.
    let grant = issue.welcome.grant.to_bytes().map_err(word)?;
    cx.together(|cx| {
        root_stays(cx)?;
        Ok(cx.store().set_meta("grant", &grant)?)
    })
}

/// The grant by which this laptop enrols others.
fn may_issue(cx: &Cx<'_>) -> Result<Grant> {
    let not_for_us = || AppError::new("issue-not-for-us");
    if cx.laptop.practice || cx.author()?.place_as(Role::Coach).is_none() {
        return Err(not_for_us());
    }
    let grant = cx.grant()?.ok_or_else(|| AppError::new("not-enrolled"))?;
    // Its word counts where the server that is believed now has signed it: one that was told of another by stick alone asks that first.
    if succession::server_key(cx)?.is_none_or(|key| grant.verify(&key).is_err()) {
        return Err(AppError::new("issue-exchange-first"));
    }
    let own = grant.terms().replica == cx.store().replica();
    match own && grant.terms().issues > 0 && revoked::since(cx)?.is_none() {
        true => Ok(grant),
        false => Err(not_for_us()),
    }
}

/// The laptops that this one has enrolled, and at which place: their cards may still name another, provisional one.
pub fn issued(cx: &Cx<'_>) -> Result<Vec<(ReplicaId, RecordId)>> {
    let bytes = cx.store().meta(ISSUED)?;
    Ok(bytes
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default())
}

/// The number of a laptop, counted up for one that has none yet. Written before the answer is, so that none is given twice.
fn number(cx: &Cx<'_>, laptop: (ReplicaId, RecordId), most: u32) -> Result<u32> {
    let mut known = issued(cx)?;
    let at = match known.iter().position(|(replica, _)| *replica == laptop.0) {
        Some(at) => at,
        None if known.len() >= usize::try_from(most).unwrap_or(usize::MAX) => {
            return Err(AppError::new("issues-used"));
        }
        None => {
            known.push(laptop);
            let bytes = serde_json::to_vec(&known).map_err(|_| AppError::new("store-failed"))?;
            cx.store().set_meta(ISSUED, &bytes)?;
            known.len() - 1
        }
    };
    Ok(u32::try_from(at + 1).unwrap_or(u32::MAX))
}

/// The facility of this district that a card names, when it is known here by its record or its name.
fn known_place(cx: &Cx<'_>, card: &Card) -> Result<Option<RecordId>> {
    let name = fold(&card.place.name);
    let places = cx.member_places()?.into_iter();
    let mut facilities = places.filter(|place| place.level == "facility");
    let found = facilities.find(|place| place.id == card.place.id || fold(&place.name) == name);
    Ok(found.map(|place| place.id))
}

/// What a facility's laptop may do until the server says it: write its own place, read its district and what lies above.
fn reach(cx: &Cx<'_>, place: RecordId, district: RecordId) -> Result<Vec<GrantScope>> {
    let scope = |place: RecordId, write| GrantScope {
        scope: place.as_scope(),
        write,
        since_ms: 0,
    };
    let mut scopes = vec![scope(place, true)];
    let mut above = Some(district);
    while let Some(id) = above.filter(|_| scopes.len() < 5) {
        let here = cx.place(id)?;
        if matches!(here.level.as_str(), "district" | "country") {
            scopes.push(scope(id, false));
        }
        above = here.parent;
    }
    scopes.sort_by_key(|granted| granted.scope);
    Ok(scopes)
}

/// Ten signs of a file.
fn check(signed: &Signed) -> Result<String> {
    let bytes = signed
        .to_bytes()
        .map_err(|_| AppError::new("store-failed"))?;
    Ok(check_signs(&blake3::derive_key(
        "nyetaa 2026-11-23 check of an enrolment by file",
        &bytes,
    )))
}

/// Whether these are the signs, however they were typed.
fn is(check: &str, typed: &str) -> bool {
    let plain = |text: &str| -> String {
        let signs = text.chars().filter(char::is_ascii_alphanumeric);
        signs.map(|sign| sign.to_ascii_uppercase()).collect()
    };
    plain(check) == plain(typed)
}

fn files(cx: &Cx<'_>, path: &str, end: &str) -> Result<Vec<(Signed, String)>> {
    let disk = &cx.around.disk;
    let listed = disk.list(&bundles(path)?).unwrap_or_default();
    let wanted = |path: &PathBuf| path.extension().is_some_and(|found| found == end);
    let mut found = Vec::new();
    for path in listed.into_iter().filter(wanted).take(MOST_FILES) {
        if disk.len(&path).is_ok_and(|length| length <= LARGEST)
            && let Ok(bytes) = disk.read(&path)
            && let Ok(signed) = Signed::from_bytes(&bytes)
        {
            let check = check(&signed)?;
            found.push((signed, check));
        }
    }
    Ok(found)
}

/// Writes a file onto a stick and reads it back.
fn written(cx: &Cx<'_>, path: &str, signed: &Signed, end: &str, left: u32) -> Result<IssueWritten> {
    let folder = bundles(path)?;
    let check = check(signed)?;
    let path = folder.join(format!("{}.{end}", check.replace(' ', "")));
    let failed = |_| AppError::new("stick-not-writable");
    let bytes = signed
        .to_bytes()
        .map_err(|_| AppError::new("store-failed"))?;
    let disk = &cx.around.disk;
    disk.create_dir_all(&folder).map_err(failed)?;
    disk.write(&path, &bytes).map_err(failed)?;
    if disk.read(&path).map_err(failed)? != bytes {
        return Err(AppError::new("stick-failed"));
    }
    Ok(IssueWritten {
        path: path.display().to_string(),
        check,
        left,
    })
}
