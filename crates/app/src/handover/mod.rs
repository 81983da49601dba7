//! Handing over to a new in-charge on the same day: what is open, who carries it from now on, and the page to print.
//!
//! Nothing of the past is written again: who carries something is said by new saves, which name whoever handed over.

use domain::ids::RecordId;
use domain::registry::{Kind, TeamMemberField, TrialField};
use domain::role::Role;
use domain::text::fold;
use domain::trial::Step;
use domain::value::{Value, date_value};
use serde::{Deserialize, Serialize};
use store::{Edit, Writer};
use sync::log::SaveKind;
use zeroize::Zeroizing;

use crate::App;
use crate::accounts::{Standing, give_way, hand_keys, may_lead, step_back};
use crate::audit::{self, What};
use crate::commands::Nothing;
use crate::cx::Cx;
use crate::cycles::queries::parts;
use crate::cycles::{self, CycleSummary, ListCycles, step_of};
use crate::error::{AppError, Result};
use crate::places::PlaceSummary;
use crate::records::edit;
use crate::records::queries::{Record, existing, records};
use crate::start::{self, PersonSummary, StartState};
use crate::sync_client::sync_state;
use crate::today::{self, TodayItem};

/// Where the last hand-over stands in `meta`.
const LAST: &str = "handover";

/// Someone of this place.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Colleague {
    /// Who.
    pub person: PersonSummary,
    /// Whether they may come in on this laptop.
    pub access: bool,
}

/// Something open that somebody carries.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Carried {
    /// Its record.
    #[ts(type = "string")]
    pub id: RecordId,
    /// A place in the team, or a trial.
    pub kind: Kind,
    /// The post, or what is tried; may be empty.
    pub what: String,
    /// Who carries it, as the team wrote it; may be empty.
    pub who: String,
    /// The colleague whose name that is.
    #[ts(type = "string | null")]
    pub by: Option<RecordId>,
    /// The first day, ISO.
    pub since: Option<String>,
    /// The last day, ISO.
    pub until: Option<String>,
}

/// An open cycle, with all that somebody carries in it.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct OpenCycle {
    /// The cycle, its aim and its chart.
    pub cycle: CycleSummary,
    /// Its team and its trials under way.
    pub carried: Vec<Carried>,
}

/// Who handed over to whom.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct HandedOver {
    /// Who left.
    pub from: String,
    /// Who came.
    pub to: String,
    /// On which day, ISO.
    pub day: String,
}

/// What is open when somebody hands over.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct OpenWork {
    /// Where.
    pub place: PlaceSummary,
    /// Today, ISO.
    pub day: String,
    /// The people of this place.
    pub people: Vec<Colleague>,
    /// The cycles that are open.
    pub cycles: Vec<OpenCycle>,
    /// What is worth doing next.
    pub due: Vec<TodayItem>,
    /// Questions of data that people have to decide.
    pub questions: u32,
    /// Saves that wait to be sent.
    pub waiting: u32,
    /// Since when, ISO local time.
    pub waiting_since: Option<String>,
    /// The coaches of the district, who help.
    pub help: Vec<String>,
    /// The district's name.
    pub district: Option<String>,
    /// The last hand-over here.
    pub last: Option<HandedOver>,
}

/// Hands over.
#[derive(Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct HandOver {
    /// Who leaves.
    #[ts(type = "string")]
    pub leaver: RecordId,
    /// Who comes, when they are known here …
    #[ts(type = "string | null")]
    pub comer: Option<RecordId>,
    /// … or else their name.
    pub name: String,
    /// The code that the newcomer typed; none when they have one already.
    pub pin: Option<String>,
    /// Whether whoever leaves may still come in, as a member of the team.
    pub keeps_access: bool,
    /// Which of the open things the newcomer carries from now on.
    #[ts(type = "string[]")]
    pub moved: Vec<RecordId>,
}

/// What is open at this laptop's place.
pub fn handover(app: &App, _: Nothing) -> Result<OpenWork> {
    let standing = Standing::of(app)?;
    app.with(|cx| {
        let author = cx.author_here()?;
        let home = cx.place(author.home)?;
        let state = sync_state(cx, Nothing {})?;
        let all = start::people_at(cx, author.home)?;
        let above = match home.parent {
            Some(parent) => start::people_at(cx, parent)?,
            None => Vec::new(),
        };
        let last = cx.store().meta(LAST)?;
        let cycles = open_cycles(cx, home.id, &all)?;
        Ok(OpenWork {
            place: cx.place_summary(home.id)?,
            day: cx.today().to_string(),
            people: all
                .into_iter()
                .map(|person| {
                    Ok(Colleague {
                        access: standing.account(cx, person.id)?.is_some(),
                        person,
                    })
                })
                .collect::<Result<_>>()?,
            cycles,
            due: today::due(cx, home.id)?,
            questions: state.questions,
            waiting: state.waiting_saves,
            waiting_since: state.waiting_since,
            help: above
                .into_iter()
                .filter(|person| person.role == Role::Coach)
                .map(|person| person.name)
                .collect(),
            district: home
                .parent
                .and_then(|parent| cx.place(parent).ok())
                .map(|parent| parent.name),
            last: last.and_then(|bytes| serde_json::from_slice(&bytes).ok()),
        })
    })
}

fn open_cycles(cx: &Cx<'_>, place: RecordId, people: &[PersonSummary]) -> Result<Vec<OpenCycle>> {
    let by = |who: &Option<String>| {
        let who = fold(who.as_deref().unwrap_or_default());
        let mut of = people.iter().filter(|person| fold(&person.name) == who);
        of.next().map(|person| person.id)
    };
    let all = cycles::cycles(cx, ListCycles { place: Some(place) })?;
    let open = all.into_iter().filter(|cycle| cycle.status == "open");
    open.map(|cycle| {
        let (members, trials) = cx.store().read(|conn| {
            Ok::<_, AppError>((
                parts(conn, Kind::TeamMember, cycle.id)?,
                parts(conn, Kind::Trial, cycle.id)?,
            ))
        })?;
        let today = cx.today().to_string();
        let still = |member: &&Record| member.day("until").is_none_or(|until| until > today);
        let running = |trial: &&Record| step_of(trial) != Step::Done;
        let members = members.iter().filter(still).map(|member| Carried {
            id: member.id,
            kind: Kind::TeamMember,
            what: member.text("post").unwrap_or_default(),
            by: by(&member.text("name")),
            who: member.text("name").unwrap_or_default(),
            since: member.day("since"),
            until: member.day("until"),
        });
        let trials = trials.iter().filter(running).map(|trial| Carried {
            id: trial.id,
            kind: Kind::Trial,
            what: trial.text("title").unwrap_or_default(),
            by: by(&trial.text("who")),
            who: trial.text("who").unwrap_or_default(),
            since: trial.day("starts"),
            until: trial.day("ends"),
        });
        Ok(OpenCycle {
            carried: members.chain(trials).collect(),
            cycle,
        })
    })
    .collect()
}

/// Hands over. The newcomer gets the leaver's role and comes in at once when they have just chosen their code.
///
/// # Errors
/// `same-person`; `account-unknown` for someone of another place; what is wrong with a code or a name; `only-the-lead`.
pub fn hand_over(app: &App, request: HandOver) -> Result<StartState> {
    let pin = request.pin.clone().map(Zeroizing::new);
    may_lead(app)?;
    if request.comer == Some(request.leaver) {
        return Err(AppError::new("same-person"));
    }
    let role = app.with(|cx| leaver_role(cx, request.leaver))?;
    let code = pin.as_ref().map(|pin| pin.as_str());
    let (comer, entered) = hand_keys(app, request.comer, &request.name, role, code)?;
    app.with(|cx| {
        move_over(cx, &request, comer)?;
        audit::note(cx, What::HandedOver, Some(comer))
    })?;
    step_back(app, request.leaver, request.keeps_access)?;
    match entered {
        Some(entered) => app.now_is(entered),
        None => app.lock(What::Left),
    }
    start::start_state(app, Nothing {})
}

/// What the leaver was here: the newcomer becomes it.
fn leaver_role(cx: &Cx<'_>, leaver: RecordId) -> Result<Role> {
    let author = cx.author_here()?;
    let leaver = start::person_now(cx, leaver)?;
    let known = start::people_at(cx, author.home)?;
    let own = known.iter().find(|person| person.id == leaver);
    let own = own.ok_or_else(|| AppError::new("account-unknown"))?.role;
    // Whoever set the laptop up leads it, whatever their record says.
    let first = cx.store().meta("person")?;
    let is_first = first.as_deref() == Some(leaver.as_bytes().as_slice());
    let granted = cx
        .meta_text("role")?
        .and_then(|word| Role::from_word(&word));
    Ok(match granted {
        Some(granted) if is_first => granted,
        _ => own,
    })
}

/// The open things are the newcomer's from today; each save names whoever hands over.
fn move_over(cx: &Cx<'_>, request: &HandOver, comer: RecordId) -> Result<()> {
    let to = cx.person(comer)?.0;
    let from = cx.person(start::person_now(cx, request.leaver)?)?.0;
    let author = cx.author_here()?;
    let scope = cx.scope_of(author.home)?;
    cx.write(|w| {
        for id in &request.moved {
            let (of, edits) = moved(cx, w, *id, &to)?;
            if of != scope {
                return Err(AppError::new("not-allowed-here"));
            }
            cx.save(w, scope, SaveKind::Edit, None, edits)?;
        }
        let last = HandedOver {
            from,
            to,
            day: cx.today().to_string(),
        };
        let last = serde_json::to_vec(&last).map_err(|_| AppError::new("store-failed"))?;
        Ok(w.set_meta(LAST, &last)?)
    })?;
    give_way(cx, request.leaver, comer)
}

/// A trial is carried by the newcomer; in the team the leaver's days end and the newcomer's begin.
fn moved(
    cx: &Cx<'_>,
    w: &mut Writer<'_>,
    id: RecordId,
    to: &str,
) -> Result<(domain::ids::ScopeId, Vec<Edit>)> {
    let trial = records(w.conn(), Kind::Trial, "id = ?1", &[id.as_bytes()])?.pop();
    if let Some(trial) = trial {
        let who = edit(Kind::Trial, id, TrialField::Who.number(), Value::text(to));
        return Ok((trial.scope, vec![who]));
    }
    let member = existing(w.conn(), Kind::TeamMember, id)?;
    let new = w.new_record()?;
    let field =
        |of, field: TeamMemberField, value| edit(Kind::TeamMember, of, field.number(), value);
    let today = date_value(cx.today());
    let mut edits = vec![
        field(id, TeamMemberField::Until, today.clone()),
        field(new, TeamMemberField::Cycle, member.value("cycle").clone()),
        field(new, TeamMemberField::Name, Value::text(to)),
        field(new, TeamMemberField::Since, today),
    ];
    if let Some(post) = member.text("post") {
        edits.push(field(new, TeamMemberField::Post, Value::text(&post)));
    }
    Ok((member.scope, edits))
}
