//! Administration at the server, by a person who comes in there themselves: with a role that the server knows, whichever laptop
//! they sit at. The server decides what they may, and keeps the list of what was done.
//!
//! What shows who they are stands in memory alone, and goes when the app is locked or somebody else comes in.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{MutexGuard, PoisonError};

use domain::ids::{RecordId, ReplicaId};
use domain::registry::Kind;
use domain::role::Role;
use serde::{Deserialize, Serialize};
use sync::wire::{self, Administration, Deed, LogIn, LoggedIn, NewInvitation, Told, Wish, limits};

use crate::commands::Nothing;
use crate::cx::{Cx, Laptop};
use crate::error::{AppError, Result};
use crate::surroundings::Link;

/// For how many days an invitation is good.
const INVITATION_DAYS: u32 = 14;

/// Where someone stands at the server.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct AtServer {
    /// The server's address; none while this laptop is not enrolled.
    pub server: Option<String>,
    /// Who has come in; none while nobody has.
    pub who: Option<ServerPost>,
}

/// Someone who came in at the server.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ServerPost {
    /// Their name there.
    pub name: String,
    /// Their role there.
    pub role: Role,
    /// Where they hold it.
    #[ts(type = "string")]
    pub place: RecordId,
    /// What the place is called.
    pub place_name: String,
    /// Whether they read who works at their places.
    pub people: bool,
    /// Whether they invite laptops, and let in what was kept aside.
    pub invite: bool,
    /// Whether they revoke laptops.
    pub revoke_laptop: bool,
    /// Whether they revoke people.
    pub revoke_person: bool,
    /// Whether they put facilities under other districts.
    pub move_facility: bool,
    /// Whether they read who did what.
    pub journal: bool,
}

/// Someone wants to come in.
#[derive(Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct Enter {
    /// Their name there.
    pub name: String,
    /// Their passphrase, or the code that they were given.
    pub secret: String,
    /// With a code: the passphrase that they choose, once the server has asked for one.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub chosen: Option<String>,
}

/// A role that somebody holds at a place besides the one that their laptop is enrolled for.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct FurtherPost {
    /// The role.
    pub role: Role,
    /// Where: what the place is called, or its identifier.
    pub place: String,
}

/// A role that somebody holds so, as the server tells it.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct HeldPost {
    /// The role.
    pub role: Role,
    /// Where.
    #[ts(type = "string")]
    pub place: RecordId,
    /// What the place is called.
    pub name: String,
}

/// A laptop as the server knows it.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ServerLaptop {
    /// Its name in the log.
    #[ts(type = "string")]
    pub device: ReplicaId,
    /// Where it works.
    pub place: String,
    /// The place above.
    pub above: String,
    /// What its people may do.
    pub role: Role,
    /// What whoever enrolled it holds besides.
    pub also: Vec<HeldPost>,
    /// Its last contact, ISO local time.
    pub last_seen: String,
    /// How many days ago.
    pub days: u32,
    /// Saves that it had not sent, as it said then.
    pub waiting: u32,
    /// Its app's version, when it said so.
    pub version: Option<String>,
    /// Whether it goes on as the copy of another.
    pub copy: bool,
    /// The day on which it was revoked.
    pub revoked: Option<String>,
    /// The day on which lines of its list of who did what were found gone.
    pub list_gone: Option<String>,
}

/// Someone who works with the app, as laptops told the server.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ServerPerson {
    /// Their record.
    #[ts(type = "string")]
    pub person: RecordId,
    /// Their name.
    pub name: String,
    /// Their role, where it is known.
    pub role: Option<Role>,
    /// Where they work.
    pub place: String,
    /// The day since when they are no longer believed.
    pub revoked: Option<String>,
}

/// A laptop to be invited.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct InviteLaptop {
    /// The district, region or nation by identifier, or a facility that the server knows by name.
    pub place: String,
    /// The name of a facility in that district.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub facility: Option<String>,
    /// What its people may do at most.
    pub role: Role,
    /// What whoever enrols holds besides.
    #[serde(default)]
    #[ts(optional = nullable, as = "Option<Vec<FurtherPost>>")]
    pub also: Vec<FurtherPost>,
}

/// An invitation, to be handed over.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct InvitedLaptop {
    /// The code; it is kept nowhere.
    pub code: String,
    /// What the place is called.
    pub place: String,
    /// What its people may do at most.
    pub role: Role,
    /// What whoever enrols holds besides.
    pub also: Vec<Role>,
    /// The last day on which it is good.
    pub until: String,
    /// The server's address.
    pub server: String,
    /// Whether a certificate of the programme's own belongs to it.
    pub certificate: bool,
}

/// A laptop to be revoked.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct RevokeLaptop {
    /// Which.
    #[ts(type = "string")]
    pub device: ReplicaId,
    /// Why.
    pub reason: String,
}

/// A person to be revoked.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct RevokePerson {
    /// Whom.
    #[ts(type = "string")]
    pub person: RecordId,
    /// The laptops that they enrolled, too: nobody else works there.
    pub laptops: bool,
    /// Why.
    pub reason: String,
}

/// Laptops that have to do with what was done.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Concerned {
    /// Copies of a laptop that was revoked, which go on; or those that a person enrolled.
    #[ts(type = "string[]")]
    pub devices: Vec<ReplicaId>,
}

/// A further role for whoever enrolled a laptop, or one that they hold no longer.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SetPost {
    /// Which laptop.
    #[ts(type = "string")]
    pub device: ReplicaId,
    /// The role, and where.
    pub post: FurtherPost,
    /// Whether from now on; else no longer.
    pub held: bool,
}

/// A facility to be put under another district.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct MoveFacility {
    /// The facility's name.
    pub facility: String,
    /// The district by identifier.
    pub district: String,
}

/// Something that the server keeps aside.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ServerAside {
    /// What names it.
    pub id: String,
    /// Why it was not let in: a code.
    pub reason: String,
    /// The place that it is for.
    pub place: String,
    /// Whose laptop wrote it.
    #[ts(type = "string")]
    pub device: ReplicaId,
    /// When it came, ISO local time.
    pub received: String,
    /// How many saves.
    pub saves: u32,
}

/// One of what is kept aside.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct OfAside {
    /// What names it.
    pub id: String,
}

/// One change of it.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ServerAsideChange {
    /// When, by its author's clock, ISO local time.
    pub at: String,
    /// The kind of record; none of a newer version.
    pub kind: Option<Kind>,
    /// The field, by name.
    pub field: String,
    /// What it should hold; none for whoever does not read the work there.
    pub value: Option<String>,
}

/// One of what is kept aside, to be let in.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct Release {
    /// What names it.
    pub id: String,
    /// Why.
    pub reason: String,
}

/// Who did what on the server.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ServerJournal {
    /// Newest first.
    pub lines: Vec<ServerDeed>,
    /// The number of the first line that does not follow from the one before it.
    pub broken: Option<u32>,
}

/// One line of it.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ServerDeed {
    /// Its number.
    pub no: u32,
    /// When, ISO local time.
    pub at: String,
    /// Who; empty for the operator.
    pub who: String,
    /// What: a word.
    pub what: String,
    /// The place that it was about.
    pub place: String,
    /// What else belongs to it, by name.
    pub about: BTreeMap<String, String>,
}

/// Forgets who came in at the server.
pub(crate) fn forget(laptop: &Laptop) {
    *inside(laptop) = None;
}

fn inside(laptop: &Laptop) -> MutexGuard<'_, Option<LoggedIn>> {
    laptop
        .at_server
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
}

/// Who has come in at the server from here.
pub fn administration(cx: &Cx<'_>, _: Nothing) -> Result<AtServer> {
    let server = match cx.grant()? {
        Some(_) if !cx.laptop.practice => cx.meta_text("server")?,
        _ => None,
    };
    let who = inside(cx.laptop).as_ref().map(|who| ServerPost {
        name: who.name.clone(),
        role: who.role,
        place: who.place,
        place_name: who.place_name.clone(),
        people: who.may.contains(&Deed::People),
        invite: who.may.contains(&Deed::Invite),
        revoke_laptop: who.may.contains(&Deed::RevokeLaptop),
        revoke_person: who.may.contains(&Deed::RevokePerson),
        move_facility: who.may.contains(&Deed::Move),
        journal: who.may.contains(&Deed::Journal),
    });
    Ok(AtServer { server, who })
}

/// Comes in at the server.
///
/// # Errors
/// `login-wrong`; `passphrase-needed` for a code that is good; `login-needs-tls` where anybody on the way could read along.
pub fn administration_enter(cx: &Cx<'_>, request: Enter) -> Result<AtServer> {
    let link = way(cx)?;
    if !is_protected(&link.address()) {
        return Err(AppError::new("login-needs-tls"));
    }
    let texts = [
        Some(&request.name),
        Some(&request.secret),
        request.chosen.as_ref(),
    ];
    if texts
        .into_iter()
        .flatten()
        .any(|text| text.len() > limits::TEXT)
    {
        return Err(AppError::new("login-wrong"));
    }
    let with = |secret: &str, chosen: Option<&String>| -> Result<LoggedIn> {
        let words = LogIn {
            name: request.name.clone(),
            secret: secret.to_owned(),
            chosen: chosen.cloned(),
        };
        let (answer, _) = link.post("/v1/login", words.to_bytes().map_err(unsaid)?)?;
        LoggedIn::from_bytes(&answer).map_err(unheard)
    };
    let is = |came: &Result<LoggedIn>, code: &str| matches!(came, Err(error) if error.code == code);
    let mut came = with(&request.secret, request.chosen.as_ref());
    if let Some(chosen) = &request.chosen {
        // The code was taken the time before, and the line broke before the answer came. Otherwise the code is wrong, and to
        // try again would count as another wrong one.
        if cx.laptop.code_unanswered.load(SeqCst) && is(&came, "login-wrong") {
            came = with(chosen, None);
        }
        let unanswered = is(&came, "server-unreachable");
        cx.laptop.code_unanswered.store(unanswered, SeqCst);
    }
    let came = came?;
    *inside(cx.laptop) = Some(came);
    administration(cx, Nothing {})
}

/// Leaves the server.
pub fn administration_leave(cx: &Cx<'_>, _: Nothing) -> Result<AtServer> {
    let left = wish(cx, Wish::Leave);
    forget(cx.laptop);
    match left {
        // It ends there by itself before long.
        Err(error) if !["login-ended", "server-unreachable"].contains(&error.code.as_str()) => {
            Err(error)
        }
        _ => administration(cx, Nothing {}),
    }
}

/// The laptops of one's places, those not heard of for longest first.
pub fn administration_laptops(cx: &Cx<'_>, _: Nothing) -> Result<Vec<ServerLaptop>> {
    let Told::Laptops(laptops) = wish(cx, Wish::Laptops)? else {
        return Err(AppError::new("server-other"));
    };
    let shown = |one: wire::Device| {
        Ok(ServerLaptop {
            device: one.device,
            place: one.place,
            above: one.above,
            role: one.role,
            also: one
                .also
                .into_iter()
                .map(|(role, place, name)| HeldPost { role, place, name })
                .collect(),
            last_seen: moment(cx, one.last_contact)?,
            days: narrow(one.days),
            waiting: narrow(one.waiting),
            version: Some(one.version).filter(|version| !version.is_empty()),
            copy: one.copy_of.is_some(),
            list_gone: one.list_gone.map(|at| day(cx, at)).transpose()?,
            revoked: one.revoked.map(|at| day(cx, at)).transpose()?,
        })
    };
    laptops.into_iter().map(shown).collect()
}

/// The people of one's places.
pub fn administration_people(cx: &Cx<'_>, _: Nothing) -> Result<Vec<ServerPerson>> {
    let Told::People(people) = wish(cx, Wish::People)? else {
        return Err(AppError::new("server-other"));
    };
    let shown = |one: wire::Person| {
        Ok(ServerPerson {
            person: one.person,
            name: one.name,
            role: one.role,
            place: one.place,
            revoked: one.revoked.map(|at| day(cx, at)).transpose()?,
        })
    };
    people.into_iter().map(shown).collect()
}

/// Invites a laptop.
pub fn administration_invite(cx: &Cx<'_>, request: InviteLaptop) -> Result<InvitedLaptop> {
    let role = request.role;
    let new = NewInvitation {
        place: request.place,
        facility: request.facility.filter(|name| !name.trim().is_empty()),
        role,
        uses: 1,
        days: INVITATION_DAYS,
        also: request
            .also
            .into_iter()
            .map(|post| (post.role, post.place))
            .collect(),
    };
    let also = new.also.iter().map(|(role, _)| *role).collect();
    let Told::Invited {
        code,
        place,
        expires,
    } = wish(cx, Wish::Invite(new))?
    else {
        return Err(AppError::new("server-other"));
    };
    Ok(InvitedLaptop {
        code,
        place,
        role,
        also,
        // It is refused from the moment on, so the day before is the last one that is safe to name.
        until: day(cx, expires.saturating_sub(24 * 60 * 60 * 1000))?,
        server: way(cx)?.address(),
        certificate: cx.around.link.root()?.is_some(),
    })
}

/// No longer believes a laptop.
pub fn administration_revoke_laptop(cx: &Cx<'_>, request: RevokeLaptop) -> Result<Concerned> {
    concerned(wish(
        cx,
        Wish::RevokeLaptop {
            device: request.device,
            reason: request.reason,
        },
    )?)
}

/// No longer believes a person.
pub fn administration_revoke_person(cx: &Cx<'_>, request: RevokePerson) -> Result<Concerned> {
    concerned(wish(
        cx,
        Wish::RevokePerson {
            person: request.person,
            laptops: request.laptops,
            reason: request.reason,
        },
    )?)
}

fn concerned(told: Told) -> Result<Concerned> {
    match told {
        Told::Concerns(devices) => Ok(Concerned { devices }),
        _ => Err(AppError::new("server-other")),
    }
}

/// Gives whoever enrolled a laptop a further role, or takes it away. What only that role reached leaves the laptop, once what was
/// unsent is handed in.
pub fn administration_post(cx: &Cx<'_>, request: SetPost) -> Result<Nothing> {
    let FurtherPost { role, place } = request.post;
    let (device, held) = (request.device, request.held);
    wish(
        cx,
        Wish::Post {
            device,
            role,
            place,
            held,
        },
    )?;
    Ok(Nothing {})
}

/// Puts a facility under another district.
pub fn administration_move(cx: &Cx<'_>, request: MoveFacility) -> Result<Nothing> {
    let MoveFacility { facility, district } = request;
    wish(cx, Wish::Move { facility, district })?;
    Ok(Nothing {})
}

/// What the server keeps aside of one's places.
pub fn administration_aside(cx: &Cx<'_>, _: Nothing) -> Result<Vec<ServerAside>> {
    let Told::Aside(aside) = wish(cx, Wish::Aside)? else {
        return Err(AppError::new("server-other"));
    };
    let shown = |one: wire::Aside| {
        Ok(ServerAside {
            id: one.id,
            reason: one.reason,
            place: one.place,
            device: one.device,
            received: moment(cx, one.received)?,
            saves: narrow((one.last + 1).saturating_sub(one.first)),
        })
    };
    aside.into_iter().map(shown).collect()
}

/// What one of it says.
pub fn administration_aside_changes(
    cx: &Cx<'_>,
    request: OfAside,
) -> Result<Vec<ServerAsideChange>> {
    let Told::AsideChanges(_, changes) = wish(cx, Wish::AsideChanges(request.id))? else {
        return Err(AppError::new("server-other"));
    };
    let shown = |one: wire::AsideChange| ServerAsideChange {
        at: cx.stamp(one.at),
        kind: Kind::ALL
            .iter()
            .copied()
            .find(|kind| kind.table() == one.kind),
        field: one.field,
        value: one.value,
    };
    Ok(changes.into_iter().map(shown).collect())
}

/// Lets one of it in.
pub fn administration_release(cx: &Cx<'_>, request: Release) -> Result<Nothing> {
    let Release { id, reason } = request;
    wish(cx, Wish::Release { id, reason })?;
    Ok(Nothing {})
}

/// Who did what on the server, at one's places.
pub fn administration_journal(cx: &Cx<'_>, _: Nothing) -> Result<ServerJournal> {
    let Told::Journal { lines, broken } = wish(cx, Wish::Journal)? else {
        return Err(AppError::new("server-other"));
    };
    let shown = |one: wire::JournalLine| {
        Ok(ServerDeed {
            no: narrow(one.no),
            at: moment(cx, one.at)?,
            who: one.who,
            what: one.what,
            place: one.place,
            about: one.about,
        })
    };
    Ok(ServerJournal {
        lines: lines.into_iter().map(shown).collect::<Result<_>>()?,
        broken: broken.map(narrow),
    })
}

/// Says a wish to the server, and gives what it tells.
fn wish(cx: &Cx<'_>, wish: Wish) -> Result<Told> {
    let token = inside(cx.laptop).as_ref().map(|who| who.token);
    let token = token.ok_or_else(|| AppError::new("login-ended"))?;
    let asked = Administration { token, wish };
    let answer = way(cx)?.post("/v1/administration", asked.to_bytes().map_err(unsaid)?);
    match answer {
        Ok((answer, _)) => Told::from_bytes(&answer).map_err(unheard),
        Err(error) => {
            if error.code == "login-ended" {
                forget(cx.laptop);
            }
            Err(error)
        }
    }
}

/// The way to the server that this laptop is enrolled at.
fn way(cx: &Cx<'_>) -> Result<Box<dyn Link>> {
    if cx.laptop.practice {
        return Err(AppError::new("practice-never-sends"));
    }
    cx.grant()?.ok_or_else(|| AppError::new("not-enrolled"))?;
    cx.around
        .link
        .to(&cx.meta_text("server")?.unwrap_or_default())
}

/// Whether nobody on the way can read along: by TLS, or on this very computer.
fn is_protected(address: &str) -> bool {
    let own = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
    let follows = |host: &str| {
        let rest = address.strip_prefix(host);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
    };
    address.starts_with("https://") || own.into_iter().any(follows)
}

fn unsaid(_: wire::WireError) -> AppError {
    AppError::new("request-invalid")
}

fn unheard(_: wire::WireError) -> AppError {
    AppError::new("server-other")
}

fn narrow(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// A moment of the server's clock, by this laptop's.
fn here(cx: &Cx<'_>, ms: u64) -> Result<u64> {
    Ok(ms.saturating_add_signed(cx.store().clock_offset()?.saturating_neg()))
}

fn moment(cx: &Cx<'_>, ms: u64) -> Result<String> {
    Ok(cx.stamp(here(cx, ms)?))
}

fn day(cx: &Cx<'_>, ms: u64) -> Result<String> {
    Ok(crate::cx::day_of(here(cx, ms)?).to_string())
}

#[cfg(test)]
mod tests {
    use super::is_protected;

    #[test]
    fn a_passphrase_goes_by_tls_or_stays_on_this_computer() {
        for address in [
            "https://nyetaa.example.ml",
            "http://127.0.0.1:8090",
            "http://localhost",
        ] {
            assert!(is_protected(address), "{address}");
        }
        for address in [
            "http://nyetaa.example.ml",
            "http://127.0.0.1.example.ml",
            "http://localhost.example.ml:80",
            "http://10.0.0.1:8090",
        ] {
            assert!(!is_protected(address), "{address}");
        }
    }
}
