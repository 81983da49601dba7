//! Colleagues' comings and goings on one laptop: what somebody may do here, and whether they may come in, changes; what they
//! wrote stays theirs.

use domain::ids::{RecordId, ReplicaId};
use domain::registry::{Kind, PersonField};
use domain::role::Role;
use domain::value::Value;
use serde::Deserialize;
use sync::log::SaveKind;
use zeroize::Zeroizing;

use super::commands::{Account, accounts, guard, may_open_doors, newcomer, unlocked};
use super::{Unlocked, pin};
use crate::App;
use crate::audit::What;
use crate::commands::Nothing;
use crate::cx::{Author, Cx};
use crate::error::{AppError, Result};
use crate::records::edit;
use crate::records::queries::{Record, existing};
use crate::start::person_now;
use crate::sync_client::revoked_people;

/// Names someone who may come in.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct OfAccount {
    /// Their record.
    #[ts(type = "string")]
    pub person: RecordId,
}

/// Gives a colleague another role.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct ChangeRole {
    /// Whose.
    #[ts(type = "string")]
    pub person: RecordId,
    /// The new one.
    pub role: Role,
}

/// Ends a colleague's access: their slot goes at once, their record and all they wrote stay. For whoever leads here.
///
/// # Errors
/// `account-own` for one's own access, which ends by handing over; `account-unknown`; `only-the-lead`.
pub fn remove_account(app: &App, request: OfAccount) -> Result<Vec<Account>> {
    let who = unlocked(app)?;
    app.with(|cx| may_open_doors(app, &cx.author_here()?))?;
    if who.person == request.person {
        return Err(AppError::new("account-own"));
    }
    let mut door = app.door();
    if door.slots()?.of(request.person).is_none() {
        return Err(AppError::new("account-unknown"));
    }
    door.take_away(&app.around, guard(app)?, request.person, who.person)?;
    drop(door);
    tracing::info!("someone's access to this laptop was ended by a colleague");
    accounts(app, Nothing {})
}

/// Gives a colleague, or oneself, another role of the team. For whoever leads here.
///
/// # Errors
/// `last-lead` when nobody would lead any more; `role-does-not-fit`, `account-unknown`, `only-the-lead`.
pub fn change_role(app: &App, request: ChangeRole) -> Result<Vec<Account>> {
    let guard = guard(app)?;
    let who = unlocked(app)?;
    let standing = Standing::of(app)?;
    if !standing.has(request.person) {
        return Err(AppError::new("account-unknown"));
    }
    app.with(|cx| {
        let author = cx.author_here()?;
        may_open_doors(app, &author)?;
        if !request.role.works_beside(author.role) {
            return Err(AppError::new("role-does-not-fit"));
        }
        if request.role == Role::Member {
            // Whoever began has the role of the laptop, so somebody else must stand in that place first.
            let Some(other) = standing.lead_but(request.person) else {
                return Err(AppError::new("last-lead"));
            };
            give_way(cx, request.person, other)?;
        }
        let colleague = colleague(cx, &author, request.person)?;
        save_role(cx, &colleague, request.role)
    })?;
    app.door()
        .relabel(&app.around, guard, request.person, request.role, who.person)?;
    accounts(app, Nothing {})
}

/// Who may come in here, as far as handing over has to know.
pub(crate) struct Standing(Vec<Account>);

impl Standing {
    /// As it is now.
    pub(crate) fn of(app: &App) -> Result<Self> {
        Ok(Self(accounts(app, Nothing {})?))
    }

    /// The account of somebody whose record is `person` by now: a slot keeps the name that it was made under.
    pub(crate) fn account(&self, cx: &Cx<'_>, person: RecordId) -> Result<Option<RecordId>> {
        let person = person_now(cx, person)?;
        for account in &self.0 {
            if person_now(cx, account.person)? == person {
                return Ok(Some(account.person));
            }
        }
        Ok(None)
    }

    /// Who stands in for somebody who is gone: a lead, or else whoever worked here last.
    fn successor(&self) -> Option<RecordId> {
        let lead = self.0.iter().find(|one| one.role != Role::Member);
        lead.or(self.0.first()).map(|one| one.person)
    }

    fn has(&self, account: RecordId) -> bool {
        self.0.iter().any(|known| known.person == account)
    }

    /// Someone else who leads and may come in.
    fn lead_but(&self, person: RecordId) -> Option<RecordId> {
        let mut leads = self
            .0
            .iter()
            .filter(|account| account.role != Role::Member && account.person != person);
        leads.next().map(|account| account.person)
    }
}

/// The record of someone who works at the author's place.
///
/// # Errors
/// `account-unknown` for anybody else's.
pub(super) fn colleague(cx: &Cx<'_>, author: &Author, person: RecordId) -> Result<Record> {
    let person = person_now(cx, person)?;
    let record = cx
        .store()
        .read(|conn| existing(conn, Kind::Person, person))?;
    match record.scope == cx.scope_of(author.home)? && !record.is_deleted() {
        true => Ok(record),
        false => Err(AppError::new("account-unknown")),
    }
}

/// Writes a colleague's role into their record, when it is another one.
pub(super) fn save_role(cx: &Cx<'_>, colleague: &Record, role: Role) -> Result<()> {
    if colleague.text("role").as_deref() == Some(role.word()) {
        return Ok(());
    }
    let number = PersonField::Role.number();
    let edits = vec![edit(
        Kind::Person,
        colleague.id,
        number,
        Value::text(role.word()),
    )];
    cx.write(|w| cx.save(w, colleague.scope, SaveKind::Edit, None, edits))?;
    Ok(())
}

/// Whoever the laptop was set up by has the role that its grant names. When they give way, someone else stands there.
pub(crate) fn give_way(cx: &Cx<'_>, person: RecordId, other: RecordId) -> Result<()> {
    let first = cx.store().meta("person")?;
    let (person, other) = (person_now(cx, person)?, person_now(cx, other)?);
    if first.as_deref() == Some(person.as_bytes().as_slice()) {
        cx.store().set_meta("person", other.as_bytes())?;
    }
    Ok(())
}

/// Takes the access of those away whom the server no longer believes. Whoever is inside leaves. The last who can open the
/// laptop stays: what was not sent would be shut in for ever.
pub fn heed_revoked(app: &App) {
    // The server is the author of its own word.
    let server_of = |cx: &Cx<'_>| -> Result<RecordId> {
        let key = cx.store().meta("server_key")?;
        let key = key.and_then(|key| <[u8; 32]>::try_from(key).ok());
        Ok(RecordId::author_itself(ReplicaId::of_key(
            &key.unwrap_or_default(),
        )))
    };
    let heeded = (|| {
        if !app.at_home() || app.whoever().is_none() {
            return Ok(());
        }
        let guard = guard(app)?;
        let gone = app.with(|cx| {
            let mut gone = Vec::new();
            for account in accounts(app, Nothing {})? {
                if is_revoked(cx, account.person)? {
                    gone.push(account.person);
                }
            }
            Ok::<_, AppError>(gone)
        })?;
        let server = app.with(server_of)?;
        let mut door = app.door();
        if gone.is_empty() || gone.len() == door.slots()?.people.len() {
            return Ok(());
        }
        for person in &gone {
            door.take_away(&app.around, guard, *person, server)?;
            tracing::info!("someone's access to this laptop was ended by the server's word");
        }
        drop(door);
        if let Some(other) = Standing::of(app)?.successor() {
            let mut all = gone.iter();
            app.with(|cx| all.try_for_each(|person| give_way(cx, *person, other)))?;
        }
        let inside = app.whoever().map(|who| who.person);
        if inside.is_some_and(|inside| gone.contains(&inside)) {
            app.lock(What::Left);
        }
        Ok(())
    })();
    if let Err::<(), AppError>(error) = heeded {
        tracing::warn!(
            code = error.code,
            "the people who were revoked keep their access"
        );
    }
}

/// Whether the server no longer believes somebody at this laptop's place.
pub(super) fn is_revoked(cx: &Cx<'_>, person: RecordId) -> Result<bool> {
    let home = cx.scope_of(cx.author_here()?.home)?;
    let person = person_now(cx, person)?;
    let gone = revoked_people(cx, home)?;
    Ok(gone.iter().any(|gone| gone.person == person))
}

/// Refuses whoever may not lead people in and out.
pub(crate) fn may_lead(app: &App) -> Result<()> {
    unlocked(app)?;
    app.with(|cx| may_open_doors(app, &cx.author_here()?))
}

/// Whoever hands over comes in no longer, or as a member of the team from now on.
pub(crate) fn step_back(app: &App, person: RecordId, keeps_access: bool) -> Result<()> {
    let guard = guard(app)?;
    let by = unlocked(app)?.person;
    let standing = Standing::of(app)?;
    let (account, in_a_team) = app.with(|cx| {
        let author = cx.author_here()?;
        let in_a_team = author.role.works_beside(Role::Member);
        if in_a_team {
            save_role(cx, &colleague(cx, &author, person)?, Role::Member)?;
        }
        Ok::<_, AppError>((standing.account(cx, person)?, in_a_team))
    })?;
    match account {
        Some(account) if !keeps_access => app.door().take_away(&app.around, guard, account, by),
        Some(account) if in_a_team => {
            app.door()
                .relabel(&app.around, guard, account, Role::Member, by)
        }
        _ => Ok(()),
    }
}

/// Gives the newcomer access, with a code that they chose, unless they have it; and the same role as whoever leaves.
/// Answers who they are, and what they came in with when the code is new.
pub(crate) fn hand_keys(
    app: &App,
    known: Option<RecordId>,
    name: &str,
    role: Role,
    code: Option<&str>,
) -> Result<(RecordId, Option<Unlocked>)> {
    let guard = guard(app)?;
    let who = unlocked(app)?;
    let standing = Standing::of(app)?;
    if let Some(person) = known.filter(|_| code.is_none()) {
        let account = app.with(|cx| {
            let account = standing.account(cx, person)?;
            let account = account.ok_or_else(|| AppError::new("pin-missing"))?;
            save_role(cx, &colleague(cx, &cx.author_here()?, person)?, role)?;
            Ok::<_, AppError>(account)
        })?;
        app.door()
            .relabel(&app.around, guard, account, role, who.person)?;
        return Ok((person, None));
    }
    let code = Zeroizing::new(code.unwrap_or_default().to_owned());
    pin::check(&code)?;
    let named = app.with(|cx| newcomer(app, cx, known, name, role))?;
    let person = named.person;
    app.door()
        .give(&app.around, guard, &who.key, &named, &code)?;
    let key = who.key.clone();
    Ok((person, Some(Unlocked { person, key })))
}
