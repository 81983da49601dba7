//! What people do at the door: come in, leave, choose codes, and help each other after a forgotten one.

use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::ids::RecordId;
use domain::role::Role;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::recovery::{self, Request, Who};
use super::secret::Guard;
use super::slots::{Asked, RecoverySlot, Sealed};
use super::{ASKED, Door, Named, Unlocked, colleagues, label_key, pin, renewal};
use crate::App;
use crate::audit::{Said, What};
use crate::commands::Nothing;
use crate::cx::{Author, Cx};
use crate::error::{AppError, Result};
use crate::start::{self, StartState};

/// Someone who may come in.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Account {
    /// Their record.
    #[ts(type = "string")]
    pub person: RecordId,
    /// Their name; empty when this computer has lost what names were locked with.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// When they last came in, ISO local time.
    pub last_used: Option<String>,
    /// Whether it is whoever has come in now.
    pub inside: bool,
}

/// Comes in.
#[derive(Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct Unlock {
    /// Who.
    #[ts(type = "string")]
    pub person: RecordId,
    /// Their code.
    pub pin: String,
}

/// Chooses the first code of a laptop that had none.
#[derive(Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct ChoosePin {
    /// The code.
    pub pin: String,
}

/// Lets one more person work here.
#[derive(Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct AddAccount {
    /// Their record, when they have worked here before …
    #[serde(default)]
    #[ts(optional = nullable, type = "string | null")]
    pub person: Option<RecordId>,
    /// … or else their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// The code that they typed.
    pub pin: String,
}

/// Changes one's own code.
#[derive(Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct ChangePin {
    /// The one so far.
    pub old: String,
    /// The new one.
    pub new: String,
}

/// Gives a colleague a new code.
#[derive(Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct ResetPin {
    /// Whose.
    #[ts(type = "string")]
    pub person: RecordId,
    /// The code that they typed.
    pub pin: String,
}

/// Asks a supervisor for help.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct AskForHelp {
    /// Who has forgotten their code.
    #[ts(type = "string")]
    pub person: RecordId,
    /// The stick that the file is written to; a folder of this laptop when left out.
    pub path: Option<String>,
}

/// What to bring to a supervisor after a forgotten code.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct RecoveryRequest {
    /// Where the file lies.
    pub path: String,
    /// Ten signs that both people read to each other.
    pub check: String,
}

/// What a supervisor was brought.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct RecoveryAnswer {
    /// The file's content, in base64.
    pub base64: String,
}

/// What the supervisor says.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Answered {
    /// Who asks.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Ten signs that both people read to each other.
    pub check: String,
    /// The answer, short enough for the telephone.
    pub code: String,
}

/// Chooses a new code with a supervisor's answer.
#[derive(Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct RecoveryFinish {
    /// The answer as it was told.
    pub code: String,
    /// The new code.
    pub pin: String,
}

/// The people who may come in, whoever worked last first.
pub fn accounts(app: &App, _: Nothing) -> Result<Vec<Account>> {
    let Some(guard) = &app.around.guard else {
        return Ok(Vec::new());
    };
    let secret = guard.secret.get(&app.around.random)?;
    let inside = app.whoever().map(|who| who.person);
    let door = app.door();
    let mut slots: Vec<_> = door.slots.iter().flat_map(|slots| &slots.people).collect();
    slots.sort_by_key(|slot| std::cmp::Reverse(slot.order));
    Ok(slots
        .into_iter()
        .map(|slot| match door.label(&secret, slot.person) {
            Some(label) => Account {
                person: slot.person,
                name: label.name,
                role: label.role,
                inside: inside == Some(slot.person),
                last_used: (label.last_used_ms > 0).then(|| crate::cx::stamp(label.last_used_ms)),
            },
            None => Account {
                person: slot.person,
                name: String::new(),
                role: Role::Member,
                inside: inside == Some(slot.person),
                last_used: None,
            },
        })
        .collect())
}

/// Comes in with one's code.
pub fn unlock(app: &App, request: Unlock) -> Result<StartState> {
    let pin = Zeroizing::new(request.pin);
    let guard = guard(app)?;
    let opened = {
        let mut door = app.door();
        let opened = door.open(&app.around, guard, request.person, &pin)?;
        door.note(&app.around, guard, What::CameIn, Said::by(request.person))?;
        door.note_use(&app.around, guard, request.person)?;
        opened
    };
    renewal::enter(app, guard, opened)?;
    start::start_state(app, Nothing {})
}

/// Leaves: the database is closed and its key forgotten. Without codes there is nothing to lock.
pub fn lock(app: &App, _: Nothing) -> Result<StartState> {
    app.lock(What::Left);
    start::start_state(app, Nothing {})
}

/// Notes that the laptop was left, in the file of slots: the database is closed already.
pub fn note_left(app: &App, how: What, person: RecordId) {
    let noted = guard(app).and_then(|guard| {
        let mut door = app.door();
        door.note(&app.around, guard, how, Said::by(person))?;
        door.write(&app.around)
    });
    if let Err(error) = noted {
        tracing::warn!(code = error.code, "that the laptop was left was not noted");
    }
}

/// Someone is at the keyboard.
pub fn touch(app: &App, _: Nothing) -> Result<Nothing> {
    app.note_activity();
    Ok(Nothing {})
}

/// Chooses the first code of all: at the first start, and where an older app had none. Only then does the key leave the
/// file that it stood in.
pub fn choose_pin(app: &App, request: ChoosePin) -> Result<StartState> {
    let pin = Zeroizing::new(request.pin);
    let guard = guard(app)?;
    if !app.lacks_pin()? {
        return Err(AppError::new("already-begun"));
    }
    pin::check(&pin)?;
    let key = crate::home::key(&app.around, &app.around.home)?;
    let named = app.with(|cx| {
        let author = cx.author_here()?;
        named(cx, &author)
    })?;
    let person = named.person;
    {
        let mut door = app.door();
        // What an interrupted choice left behind was never used.
        door.slots = None;
        door.give(&app.around, guard, &key, &named, &pin)?;
        door.note_use(&app.around, guard, person)?;
    }
    crate::home::forget_key(&app.around)?;
    app.now_is(Unlocked { person, key });
    renew_recovery(app);
    start::start_state(app, Nothing {})
}

/// Lets one more person work here: a record of theirs, and a slot.
pub fn add_account(app: &App, request: AddAccount) -> Result<Vec<Account>> {
    let pin = Zeroizing::new(request.pin);
    let who = unlocked(app)?;
    let guard = guard(app)?;
    pin::check(&pin)?;
    let named = app.with(|cx| {
        may_open_doors(app, &cx.author_here()?)?;
        newcomer(app, cx, request.person, &request.name, request.role)
    })?;
    app.door()
        .give(&app.around, guard, &who.key, &named, &pin)?;
    accounts(app, Nothing {})
}

/// Changes one's own code.
pub fn change_pin(app: &App, request: ChangePin) -> Result<Nothing> {
    let (old, new) = (Zeroizing::new(request.old), Zeroizing::new(request.new));
    let who = unlocked(app)?;
    let guard = guard(app)?;
    pin::check(&new)?;
    let mut door = app.door();
    let opened = door.open(&app.around, guard, who.person, &old)?;
    let said = Said::by(who.person);
    new_pin(
        app,
        guard,
        &mut door,
        &opened,
        &new,
        (What::CodeChanged, said),
    )?;
    Ok(Nothing {})
}

/// Gives a colleague who has forgotten theirs a new code; they type it themselves. For whoever leads here.
pub fn reset_pin(app: &App, request: ResetPin) -> Result<Nothing> {
    let pin = Zeroizing::new(request.pin);
    let who = unlocked(app)?;
    let guard = guard(app)?;
    app.with(|cx| may_open_doors(app, &cx.author_here()?))?;
    pin::check(&pin)?;
    let mut door = app.door();
    if door.slots()?.of(request.person).is_none() {
        return Err(AppError::new("account-unknown"));
    }
    let opened = Unlocked {
        person: request.person,
        key: who.key.clone(),
    };
    let said = Said::by(who.person).to(request.person);
    new_pin(
        app,
        guard,
        &mut door,
        &opened,
        &pin,
        (What::CodeReset, said),
    )?;
    tracing::info!("someone was given a new code by a colleague");
    Ok(Nothing {})
}

/// Begins the way back after a forgotten code. The answer to an earlier request is worth nothing from then on.
pub fn recovery_request(app: &App, request: AskForHelp) -> Result<RecoveryRequest> {
    let guard = guard(app)?;
    let secret = guard.secret.get(&app.around.random)?;
    let random = &app.around.random;
    let mut door = app.door();
    let label = door.label(&secret, request.person);
    let slots = door.slots()?;
    if slots.of(request.person).is_none() {
        return Err(AppError::new("account-unknown"));
    }
    if slots.recovery.is_empty() {
        return Err(AppError::new("recovery-nobody"));
    }
    let fresh = Zeroizing::new(random()?);
    let who = label.map_or_else(
        || Who {
            name: String::new(),
            role: Role::Member,
        },
        |label| Who {
            name: label.name,
            role: label.role,
        },
    );
    let asked = recovery::ask(&slots.recovery, &fresh, &who, random)?;
    let sealed = Sealed::new(&label_key(&secret), &random()?, ASKED, fresh.as_slice());
    slots.asked = Some(Asked {
        person: request.person,
        serial: slots.serial,
        fresh: sealed.ok_or_else(|| AppError::new("store-failed"))?,
    });
    let check = asked.check()?;
    let said = Said {
        check: Some(check.clone()),
        ..Said::about(request.person)
    };
    door.note(&app.around, guard, What::HelpAsked, said)?;
    door.write(&app.around)?;
    let folder = match request.path {
        Some(path) => PathBuf::from(path),
        None => app.around.home.join("exports"),
    };
    let path = folder.join(format!("nyetaa-{check}.aide"));
    let (disk, bytes) = (&app.around.disk, asked.to_bytes()?);
    disk.create_dir_all(&folder)
        .and_then(|()| disk.write(&path, &bytes))
        .map_err(|_| AppError::new("stick-not-writable"))?;
    Ok(RecoveryRequest {
        path: path.display().to_string(),
        check,
    })
}

/// Answers for someone whose laptop knows this one. For supervisors, who make sure of the person first.
pub fn recovery_answer(cx: &Cx<'_>, request: RecoveryAnswer) -> Result<Answered> {
    if cx.laptop.practice {
        return Err(AppError::new("recovery-not-for-us"));
    }
    let bytes = BASE64
        .decode(request.base64.trim())
        .map_err(|_| AppError::new("recovery-file-unreadable"))?;
    let asked = Request::from_bytes(&bytes)?;
    let (who, code) = asked.answer(&cx.store().key())?;
    tracing::info!("someone was helped after a forgotten code");
    Ok(Answered {
        name: who.name,
        role: who.role,
        check: asked.check()?,
        code,
    })
}

/// Ends the way back: a new code, with a supervisor's answer.
pub fn recovery_finish(app: &App, request: RecoveryFinish) -> Result<StartState> {
    let pin = Zeroizing::new(request.pin);
    let guard = guard(app)?;
    pin::check(&pin)?;
    let secret = guard.secret.get(&app.around.random)?;
    let opened = {
        let mut door = app.door();
        let slots = door.slots()?;
        let nothing_asked = || AppError::new("recovery-not-asked");
        let asked = slots.asked.clone().ok_or_else(nothing_asked)?;
        let fresh = asked.fresh.open_key(&label_key(&secret), ASKED);
        let fresh = fresh.ok_or_else(nothing_asked)?;
        let (key, helper) = recovery::finish(&slots.recovery, &fresh, &request.code)?;
        // Both have served: the next request gets others.
        slots.asked = None;
        slots.recovery.retain(|slot| slot.to.0 != helper);
        // The laptop that helped could have kept what it sent.
        slots.known_elsewhere = true;
        let opened = Unlocked {
            person: asked.person,
            key,
        };
        let said = Said::by(asked.person);
        new_pin(
            app,
            guard,
            &mut door,
            &opened,
            &pin,
            (What::HelpTaken, said),
        )?;
        opened
    };
    renewal::enter(app, guard, opened)?;
    tracing::info!("someone came in with a supervisor's help");
    start::start_state(app, Nothing {})
}

/// Locks the key up for each laptop that may help now, and for no other. Called whenever it may have changed; when it
/// cannot be done, the next time is soon.
pub fn renew_recovery(app: &App) {
    let renewed = (|| {
        let Some(who) = app.whoever().filter(|_| app.at_home()) else {
            return Ok(());
        };
        let helpers = app.with(recovery::helpers)?;
        let mut door = app.door();
        let slots = door.slots()?;
        let known: Vec<_> = slots.recovery.iter().map(|slot| slot.to.0).collect();
        if known.len() == helpers.len() && helpers.iter().all(|to| known.contains(to)) {
            return Ok(());
        }
        slots.recovery.retain(|slot| helpers.contains(&slot.to.0));
        // Whoever may help no longer could have: as when a colleague leaves.
        slots.known_elsewhere |= slots.recovery.len() < known.len();
        for to in helpers.iter().filter(|to| !known.contains(to)) {
            let slot: RecoverySlot = recovery::slot_for(to, &who.key, &app.around.random)?;
            slots.recovery.push(slot);
        }
        door.write(&app.around)
    })();
    if let Err::<(), AppError>(error) = renewed {
        tracing::warn!(code = error.code, "the slots for help were not renewed");
    }
}

/// A new code for someone who has a slot; the old one stays when it cannot be written.
fn new_pin(
    app: &App,
    guard: &Guard,
    door: &mut Door,
    of: &Unlocked,
    new: &str,
    (what, said): (What, Said),
) -> Result<()> {
    let before = door.slots.clone();
    door.slots()?.no_longer_asks(of.person);
    let set = door
        .set_pin(&app.around, guard, &of.key, of.person, new)
        .and_then(|()| door.note(&app.around, guard, what, said))
        .and_then(|()| door.write(&app.around));
    if set.is_err() {
        door.slots = before;
    }
    set
}

/// Who a slot is to be given to: someone known here who has none, or somebody new, whose record is made.
pub(super) fn newcomer(
    app: &App,
    cx: &Cx<'_>,
    known: Option<RecordId>,
    name: &str,
    role: Role,
) -> Result<Named> {
    let author = cx.author_here()?;
    if !role.works_beside(author.role) {
        return Err(AppError::new("role-does-not-fit"));
    }
    let (person, name) = match known {
        Some(person) => {
            let colleague = colleagues::colleague(cx, &author, person)?;
            if colleagues::Standing::of(app)?
                .account(cx, person)?
                .is_some()
            {
                return Err(AppError::new("account-exists"));
            }
            if colleagues::is_revoked(cx, person)? {
                return Err(AppError::new("person-revoked"));
            }
            colleagues::save_role(cx, &colleague, role)?;
            (person, colleague.text("name").unwrap_or_default())
        }
        None => {
            start::check_name(name)?;
            let person = start::add_person(cx, &author, name, role)?;
            (person, name.trim().to_owned())
        }
    };
    Ok(Named {
        person,
        name,
        role,
        language: cx.language()?,
        by: Some(author.person),
    })
}

pub(super) fn guard(app: &App) -> Result<&Guard> {
    app.around
        .guard
        .as_ref()
        .ok_or_else(|| AppError::new("pin-missing"))
}

pub(super) fn unlocked(app: &App) -> Result<Arc<Unlocked>> {
    if !app.at_home() {
        return Err(AppError::new("practice-has-no-pins"));
    }
    app.whoever().ok_or_else(|| AppError::new("locked"))
}

fn named(cx: &Cx<'_>, author: &Author) -> Result<Named> {
    Ok(Named {
        person: author.person,
        name: cx.person(author.person)?.0,
        role: author.role,
        language: cx.language()?,
        by: None,
    })
}

/// Whoever leads may let others in and take their access away; where nobody leads, everyone may.
pub(super) fn may_open_doors(app: &App, author: &Author) -> Result<()> {
    if author.role != Role::Member {
        return Ok(());
    }
    match is_led(app)? {
        true => Err(AppError::new("only-the-lead")),
        false => Ok(()),
    }
}

/// Whether anyone who may come in here leads.
pub fn is_led(app: &App) -> Result<bool> {
    let accounts = accounts(app, Nothing {})?;
    Ok(accounts.iter().any(|account| account.role != Role::Member))
}
