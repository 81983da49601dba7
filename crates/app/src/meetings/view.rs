//! Meetings as the screen receives them.

use std::collections::BTreeSet;

use domain::ids::RecordId;
use domain::meeting::Sex;
use domain::registry::Kind;
use domain::spc::verdict::ChartView;
use domain::text::fold;
use domain::value::Value;
use serde::Serialize;

use super::{MeetingsOf, queries};
use crate::actions::{PlannedAction, planned, queries as agreed};
use crate::cx::Cx;
use crate::cycles::ById;
use crate::error::{AppError, Result};
use crate::permissions::may_change;
use crate::records::RecordMeta;
use crate::records::queries::{Record, existing};

/// How many were there, women, men and those who sit there for the community.
#[derive(Debug, Clone, Copy, Default, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Present {
    /// All of them, also those of whom no sex is noted.
    pub all: u32,
    /// Women.
    pub women: u32,
    /// Men.
    pub men: u32,
    /// Those who sit there for the community, women and men.
    pub community: u32,
}

/// A meeting in a list.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct MeetingSummary {
    /// The meeting.
    #[ts(type = "string")]
    pub id: RecordId,
    /// On which day, ISO.
    pub day: Option<String>,
    /// Where the team met.
    pub venue: Option<String>,
    /// How many were there.
    pub present: Present,
    /// How many decisions and actions came out of it.
    pub decided: u32,
}

/// Somebody who was at a meeting.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Attendance {
    /// What every record shows.
    pub meta: RecordMeta,
    /// Their name.
    pub name: String,
    /// A woman or a man.
    pub sex: Option<Sex>,
    /// Their post.
    pub post: Option<String>,
    /// Whether they sit there for the community.
    pub community: bool,
}

/// Somebody of the team who may be there, with what was noted of them the last time.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Teammate {
    /// Their record in a cycle's team; none for whoever came without being of it.
    #[ts(type = "string | null")]
    pub member: Option<RecordId>,
    /// Their name.
    pub name: String,
    /// A woman or a man.
    pub sex: Option<Sex>,
    /// Their post.
    pub post: Option<String>,
    /// Whether they sit there for the community.
    pub community: bool,
}

/// Something that was decided.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Decided {
    /// What every record shows.
    pub meta: RecordMeta,
    /// What was decided.
    pub text: String,
    /// On which day, ISO.
    pub day: Option<String>,
    /// The record in which it was decided: a meeting, or the trial that it is about.
    #[ts(type = "string | null")]
    pub about: Option<RecordId>,
    /// The cycle that it is of.
    #[ts(type = "string | null")]
    pub cycle: Option<RecordId>,
    /// The measure that was looked at.
    pub indicator: Option<String>,
    /// Its chart as it stood on that day.
    pub chart: Option<ChartView>,
}

/// A meeting with those who were there and what they decided.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Meeting {
    /// What every record shows.
    pub meta: RecordMeta,
    /// Whose team met.
    #[ts(type = "string")]
    pub place: RecordId,
    /// That place's name.
    pub place_name: String,
    /// On which day, ISO.
    pub day: Option<String>,
    /// Where the team met.
    pub venue: Option<String>,
    /// What was gone through, a line each.
    pub agenda: Vec<String>,
    /// What was said.
    pub notes: Option<String>,
    /// Those who were there.
    pub attendance: Vec<Attendance>,
    /// How many they are.
    pub present: Present,
    /// Those of the team, and of the last meeting, who are not noted yet.
    pub team: Vec<Teammate>,
    /// What was decided.
    pub decisions: Vec<Decided>,
    /// What somebody will do.
    pub actions: Vec<PlannedAction>,
    /// The meeting before, on which this one goes on.
    #[ts(type = "string | null")]
    pub before: Option<RecordId>,
    /// Whether whoever is inside may write in it.
    pub writable: bool,
}

/// The meetings of a place, the latest first.
pub fn meetings(cx: &Cx<'_>, request: MeetingsOf) -> Result<Vec<MeetingSummary>> {
    let found = cx
        .store()
        .read(|conn| queries::of_place(conn, request.place))?;
    let mut all = Vec::new();
    for record in found {
        let (noted, decided) = cx.store().read(|conn| {
            let decisions = agreed::about(conn, Kind::Decision, record.id)?.len();
            let actions = agreed::about(conn, Kind::Action, record.id)?.len();
            Ok::<_, AppError>((queries::present(conn, record.id)?, decisions + actions))
        })?;
        all.push(MeetingSummary {
            id: record.id,
            day: record.day("day"),
            venue: record.text("venue"),
            present: present(&noted),
            decided: u32::try_from(decided).unwrap_or(u32::MAX),
        });
    }
    Ok(all)
}

/// A meeting with those who were there and what they decided.
pub fn meeting(cx: &Cx<'_>, request: ById) -> Result<Meeting> {
    let read = |kind| {
        cx.store()
            .read(|conn| agreed::about(conn, kind, request.id))
    };
    let record = cx
        .store()
        .read(|conn| existing(conn, Kind::Meeting, request.id))?;
    let place = record.reference("place").unwrap_or(record.id);
    let noted = cx.store().read(|conn| queries::present(conn, record.id))?;
    let day = record.day("day");
    let before = cx
        .store()
        .read(|conn| queries::of_place(conn, place))?
        .into_iter()
        .find(|other| other.id != record.id && other.day("day") < day);
    let agenda = record.text("agenda").unwrap_or_default();
    Ok(Meeting {
        place,
        place_name: cx.place(place)?.name,
        venue: record.text("venue"),
        agenda: agenda.lines().map(str::to_owned).collect(),
        notes: record.text("notes"),
        present: present(&noted),
        team: team(cx, place, day.as_deref(), &noted, before.as_ref())?,
        attendance: noted
            .iter()
            .map(|record| attendance(cx, record))
            .collect::<Result<_>>()?,
        decisions: read(Kind::Decision)?
            .iter()
            .map(|record| decision(cx, record))
            .collect::<Result<_>>()?,
        actions: read(Kind::Action)?
            .iter()
            .map(|record| planned(cx, record))
            .collect::<Result<_>>()?,
        before: before.map(|record| record.id),
        writable: may_change(cx, record.scope)?,
        day,
        meta: cx.meta(&record)?,
    })
}

fn is_community(record: &Record) -> bool {
    *record.value("community") == Value::Bool(true)
}

fn sex(record: &Record) -> Option<Sex> {
    record.text("sex").and_then(|word| Sex::from_word(&word))
}

fn present(noted: &[Record]) -> Present {
    let count = |which: &dyn Fn(&Record) -> bool| {
        u32::try_from(noted.iter().filter(|record| which(record)).count()).unwrap_or(u32::MAX)
    };
    Present {
        all: count(&|_| true),
        women: count(&|record| sex(record) == Some(Sex::Female)),
        men: count(&|record| sex(record) == Some(Sex::Male)),
        community: count(&is_community),
    }
}

fn attendance(cx: &Cx<'_>, record: &Record) -> Result<Attendance> {
    Ok(Attendance {
        meta: cx.meta(record)?,
        name: record.text("name").unwrap_or_default(),
        sex: sex(record),
        post: record.text("post"),
        community: is_community(record),
    })
}

/// A decision as the screen receives it. A chart that this version cannot read is left out; the sentence stands.
pub(crate) fn decision(cx: &Cx<'_>, record: &Record) -> Result<Decided> {
    let chart = record.text("chart");
    Ok(Decided {
        meta: cx.meta(record)?,
        text: record.text("text").unwrap_or_default(),
        day: record.day("day"),
        about: record.reference("about"),
        cycle: record.reference("cycle"),
        indicator: record.text("indicator"),
        chart: chart.and_then(|kept| serde_json::from_str(&kept).ok()),
    })
}

/// Those who may be there: the teams of the open cycles on that day, then whoever came the last time. Of each is said
/// what the team says of them, or what was noted at the meeting before, so that sex and seat are typed once.
fn team(
    cx: &Cx<'_>,
    place: RecordId,
    day: Option<&str>,
    noted: &[Record],
    before: Option<&Record>,
) -> Result<Vec<Teammate>> {
    let (members, last) = cx.store().read(|conn| {
        let last = match before {
            Some(meeting) => queries::present(conn, meeting.id)?,
            None => Vec::new(),
        };
        Ok::<_, AppError>((queries::teams(conn, place)?, last))
    })?;
    let name = |record: &Record| record.text("name").unwrap_or_default();
    let mut seen: BTreeSet<String> = noted.iter().map(|record| fold(&name(record))).collect();
    let of_team = members.iter().filter(|member| {
        member
            .day("until")
            .is_none_or(|until| day.is_none_or(|day| until.as_str() >= day))
    });
    let mut team = Vec::new();
    for record in of_team.chain(&last) {
        let called = name(record);
        if called.is_empty() || !seen.insert(fold(&called)) {
            continue;
        }
        let known = last
            .iter()
            .find(|other| fold(&name(other)) == fold(&called));
        team.push(Teammate {
            member: match record.kind {
                Kind::TeamMember => Some(record.id),
                _ => record.reference("member"),
            },
            sex: sex(record).or_else(|| known.and_then(sex)),
            post: record.text("post"),
            community: is_community(record) || known.is_some_and(is_community),
            name: called,
        });
    }
    Ok(team)
}
