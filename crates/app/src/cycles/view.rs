//! Cycles and their parts as the screen receives them.

use domain::catalog::{Balance, balance_for};
use domain::ids::RecordId;
use domain::lesson::{EvidenceLevel, LessonState};
use domain::light::Light;
use domain::registry::{CycleField, Kind};
use domain::role::Role;
use domain::spc::verdict::ChartView;
use domain::trial::{Comparison, Decision, Extent, Step};
use domain::value::Value;
use serde::Serialize;

use super::baseline::{Baseline, baselines};
use super::causes::{Cause, Driver, Evidence, causes, drivers, evidence};
use super::learn::{Observation, ProgressNote, lights, observations, progress, ramps};
use super::lessons::{is_behind, is_left, may_review, may_share, state_of};
use super::parts::{decision_record, progress_of};
use super::photos::{Photo, photos};
use super::rechecks::{Recheck, rechecks};
use super::{queries, said};
use crate::cx::{Cx, day_of};
use crate::error::Result;
use crate::meetings::{Decided, decision};
use crate::permissions::{WORKS_AT_IT, may_any, may_change};
use crate::places::PlaceSummary;
use crate::records::RecordMeta;
use crate::records::queries::Record;
use crate::sealed::Reading;

/// An improvement cycle.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Cycle {
    /// What every record shows.
    pub meta: RecordMeta,
    /// Where it runs.
    pub place: PlaceSummary,
    /// The template it began from.
    pub template: Option<String>,
    /// Service area.
    pub area: Option<String>,
    /// A short name for lists.
    pub title: Option<String>,
    /// What is wrong, and how it is known.
    pub problem: Option<String>,
    /// The aim: for whom.
    pub aim_who: Option<String>,
    /// The aim: what they will receive or do.
    pub aim_what: Option<String>,
    /// The aim: where it stands.
    pub aim_from: Option<f64>,
    /// The aim: where it shall be.
    pub aim_to: Option<f64>,
    /// The aim: by when, ISO day.
    pub aim_by: Option<String>,
    /// One suspected cause.
    pub cause: Option<String>,
    /// The day it began, ISO.
    pub opened: Option<String>,
    /// open or closed.
    #[ts(type = "\"open\" | \"closed\"")]
    pub status: String,
    /// The fields that a complete aim still lacks.
    pub aim_missing: Vec<CycleField>,
}

/// A member of the team.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct TeamMember {
    /// What every record shows.
    pub meta: RecordMeta,
    /// Their name.
    pub name: Option<String>,
    /// Their post.
    pub post: Option<String>,
    /// First day in the team, ISO.
    pub since: Option<String>,
    /// Last day in the team, ISO.
    pub until: Option<String>,
    /// What they do in the team.
    pub role: Option<String>,
    /// f or m, where the team says so.
    #[ts(type = "\"f\" | \"m\" | null")]
    pub sex: Option<String>,
    /// Whether they sit there for the community.
    pub community: bool,
}

/// A measure that the cycle follows.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct CycleMeasure {
    /// What every record shows.
    pub meta: RecordMeta,
    /// The indicator's code.
    pub indicator: String,
    /// Its place in the list; the first is the face of the cycle.
    pub position: i32,
    /// The goal, in the measure's unit.
    pub goal: Option<f64>,
}

/// A change idea.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Idea {
    /// What every record shows.
    pub meta: RecordMeta,
    /// The change, in one sentence.
    pub text: Option<String>,
    /// Its place in the list.
    pub position: i32,
    /// Whether a trial tries it.
    pub tried: bool,
    /// The cause that it removes.
    #[ts(type = "string | null")]
    pub cause: Option<RecordId>,
    /// The driver that it works by.
    #[ts(type = "string | null")]
    pub driver: Option<RecordId>,
    /// How much work it is, from 1 to 5.
    pub effort: Option<i32>,
    /// How much is expected of it, from 1 to 5.
    pub effect: Option<i32>,
    /// How many of the team chose it; none before it was voted on.
    pub votes: Option<i32>,
}

/// A small test of a change.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Trial {
    /// What every record shows.
    pub meta: RecordMeta,
    /// The cycle.
    #[ts(type = "string")]
    pub cycle: RecordId,
    /// The idea it tries.
    #[ts(type = "string | null")]
    pub idea: Option<RecordId>,
    /// The change tried.
    pub title: Option<String>,
    /// Who carries it.
    pub who: Option<String>,
    /// How large it is.
    pub extent: Option<Extent>,
    /// With whom, how many: what else is to be said of its scale.
    pub scale: Option<String>,
    /// Where it is tried.
    pub venue: Option<String>,
    /// The trial that it goes on from.
    #[ts(type = "string | null")]
    pub after: Option<RecordId>,
    /// Whether it is larger than the one before it in its ramp, which did not hold: to be thought over.
    pub leaps: bool,
    /// First day, ISO.
    pub starts: Option<String>,
    /// Last day, ISO.
    pub ends: Option<String>,
    /// What we think will happen.
    pub prediction: Option<String>,
    /// How we will know.
    pub data_plan: Option<String>,
    /// What happened.
    pub happened: Option<String>,
    /// What we saw: how many.
    pub seen_n: Option<f64>,
    /// What we saw: out of how many.
    pub seen_d: Option<f64>,
    /// The result against the prediction.
    pub comparison: Option<Comparison>,
    /// What we learned.
    pub learned: Option<String>,
    /// What becomes of the change.
    pub decision: Option<Decision>,
    /// The day it was decided, ISO.
    pub decided: Option<String>,
    /// Where the trial is.
    pub step: Step,
    /// What was seen while it ran, the oldest first.
    pub observations: Vec<Observation>,
    /// What was said about it.
    pub comments: Vec<Comment>,
}

/// A lesson for others.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Lesson {
    /// What every record shows.
    pub meta: RecordMeta,
    /// The cycle it comes from.
    #[ts(type = "string | null")]
    pub cycle: Option<RecordId>,
    /// The trial it comes from.
    #[ts(type = "string | null")]
    pub trial: Option<RecordId>,
    /// The lesson, in one sentence.
    pub title: Option<String>,
    /// What was done.
    pub what: Option<String>,
    /// Where and under which conditions it holds.
    pub conditions: Option<String>,
    /// What it costs.
    pub cost: Option<String>,
    /// What shows it.
    pub evidence: Option<String>,
    /// Where it was tried.
    pub tried: Option<String>,
    /// How far what shows it carries.
    pub strength: Option<EvidenceLevel>,
    /// How far it has gone.
    pub state: LessonState,
    /// Whether it says again what another place learned.
    pub copied: bool,
    /// Whether it says again a lesson that its team has removed since.
    pub left: bool,
    /// Whether it says something else now than what was handed to the other places.
    pub behind: bool,
    /// Whether whoever is inside answers for it.
    pub may_review: bool,
    /// Whether whoever is inside may hand it to the other places.
    pub may_share: bool,
    /// Where it lies.
    #[ts(type = "string")]
    pub place: RecordId,
    /// That place's name: where it was learned, or who handed it on.
    pub place_name: String,
}

/// What a coach or colleague said.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Comment {
    /// What every record shows.
    pub meta: RecordMeta,
    /// The record it is about.
    #[ts(type = "string")]
    pub about: RecordId,
    /// The comment; a sentence in its place where it cannot be read here.
    pub text: String,
    /// Whether it can be masked: it can be read here, and was written so that its key can be destroyed.
    pub maskable: bool,
    /// Who masked it and on which day, once that was done.
    pub masked: Option<Masked>,
    /// The day it was written, ISO.
    pub day: String,
    /// The author's role.
    pub author_role: Option<Role>,
}

/// That a text was masked.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Masked {
    /// By whom.
    pub by: String,
    /// On which day, ISO.
    pub day: String,
}

/// A cycle with all its parts.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct CycleDetail {
    /// The cycle.
    pub cycle: Cycle,
    /// Its team.
    pub members: Vec<TeamMember>,
    /// Its measures, the main one first.
    pub measures: Vec<CycleMeasure>,
    /// Its change ideas.
    pub ideas: Vec<Idea>,
    /// Its trials, the oldest first.
    pub trials: Vec<Trial>,
    /// Its lessons.
    pub lessons: Vec<Lesson>,
    /// What was decided of it, the oldest first: of its trials, and at meetings.
    pub decisions: Vec<Decided>,
    /// When somebody looks whether what was adopted still holds.
    pub rechecks: Vec<Recheck>,
    /// Its photos, the oldest first.
    pub photos: Vec<Photo>,
    /// What was said about it.
    pub comments: Vec<Comment>,
    /// A measure to count beside them, while none balances another.
    pub balance: Option<Balance>,
    /// Why the problem stands.
    pub causes: Vec<Cause>,
    /// What has to change.
    pub drivers: Vec<Driver>,
    /// What shows the problem and its causes.
    pub evidence: Vec<Evidence>,
    /// Where its measures stood before anything was tried.
    pub baselines: Vec<Baseline>,
    /// Its trials that stand, those of one idea in a row, from the first on.
    #[ts(type = "Array<Array<string>>")]
    pub ramps: Vec<Vec<RecordId>>,
    /// The lights of the method; none for those who do not work at it.
    pub lights: Option<Vec<Light>>,
    /// How far the team has come, the oldest first; none for those who do not work at it.
    pub progress: Option<Vec<ProgressNote>>,
    /// Whether the person at the laptop may write in it.
    pub writable: bool,
}

/// A cycle as lists show it.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct CycleSummary {
    /// The cycle.
    #[ts(type = "string")]
    pub id: RecordId,
    /// Where it runs.
    pub place: PlaceSummary,
    /// Its short name.
    pub title: String,
    /// Service area.
    pub area: Option<String>,
    /// The aim: for whom.
    pub aim_who: Option<String>,
    /// The aim: what.
    pub aim_what: Option<String>,
    /// The aim: from.
    pub aim_from: Option<f64>,
    /// The aim: to.
    pub aim_to: Option<f64>,
    /// The aim: by when, ISO day.
    pub aim_by: Option<String>,
    /// The day it began, ISO.
    pub opened: Option<String>,
    /// open or closed.
    #[ts(type = "\"open\" | \"closed\"")]
    pub status: String,
    /// The main measure's indicator.
    pub main_measure: Option<String>,
    /// The main measure's chart.
    pub chart: Option<ChartView>,
    /// The title of the trial under way.
    pub current_trial: Option<String>,
    /// Fields of which people's values differ.
    pub open_conflicts: u32,
    /// Comments about the cycle and its trials.
    pub comments: u32,
}

/// The aim's fields, all of which a complete aim has: who, what, from, to, by when.
pub(super) const AIM: [(CycleField, &str); 5] = [
    (CycleField::AimWho, "aim_who"),
    (CycleField::AimWhat, "aim_what"),
    (CycleField::AimFrom, "aim_from"),
    (CycleField::AimTo, "aim_to"),
    (CycleField::AimBy, "aim_by"),
];

/// As many months as the chart beside the cycle shows.
const LIT_MONTHS: u32 = 24;

/// The fields that a complete aim still lacks.
pub(super) fn aim_missing(cycle: &Record) -> Vec<CycleField> {
    AIM.iter()
        .filter(|(_, name)| cycle.value(name).is_null())
        .map(|(field, _)| *field)
        .collect()
}

fn status(record: &Record) -> String {
    record.text("status").unwrap_or_else(|| "open".to_owned())
}

fn place_of(cx: &Cx<'_>, record: &Record) -> Result<PlaceSummary> {
    cx.place_summary(
        record
            .reference("place")
            .unwrap_or_else(|| record.scope.place()),
    )
}

pub(super) fn summary(cx: &Cx<'_>, record: &Record) -> Result<CycleSummary> {
    let place = place_of(cx, record)?;
    let (measures, trials, comments) = cx.store().read(|conn| {
        Ok::<_, crate::error::AppError>((
            queries::parts(conn, Kind::CycleMeasure, record.id)?,
            queries::parts(conn, Kind::Trial, record.id)?,
            queries::comment_count(conn, record.id)?,
        ))
    })?;
    let main = measures.first();
    let chart = match main.and_then(|m| m.text("indicator")) {
        Some(code) => {
            crate::values::chart_view(cx, place.id, &code, main.and_then(|m| m.number("goal")), 24)?
        }
        None => None,
    };
    let running = trials
        .iter()
        .rev()
        .find(|trial| progress_of(trial).step() != Step::Done);
    let parts = || std::iter::once(record).chain(&measures).chain(&trials);
    let mut open_conflicts = 0;
    for part in parts().filter(|part| !part.several.is_empty()) {
        open_conflicts += cx.meta(part)?.open.len() as u32;
    }
    Ok(CycleSummary {
        id: record.id,
        place,
        title: record.text("title").unwrap_or_default(),
        area: record.text("area"),
        aim_who: record.text("aim_who"),
        aim_what: record.text("aim_what"),
        aim_from: record.number("aim_from"),
        aim_to: record.number("aim_to"),
        aim_by: record.day("aim_by"),
        opened: record.day("opened"),
        status: status(record),
        main_measure: main.and_then(|m| m.text("indicator")),
        chart,
        current_trial: running.and_then(|trial| trial.text("title")),
        open_conflicts,
        comments,
    })
}

pub(super) fn detail(cx: &Cx<'_>, record: &Record) -> Result<CycleDetail> {
    let parts = |kind| {
        cx.store()
            .read(|conn| queries::parts(conn, kind, record.id))
    };
    let trials = parts(Kind::Trial)?;
    let measures = parts(Kind::CycleMeasure)?;
    let followed: Vec<String> = measures
        .iter()
        .filter(|m| !m.is_deleted())
        .filter_map(|m| m.text("indicator"))
        .collect();
    let codes: Vec<&str> = followed.iter().map(String::as_str).collect();
    let ramps = ramps(&trials);
    let seen = parts(Kind::Observation)?;
    let near = cx.laptop.practice || may_any(cx, WORKS_AT_IT, record.scope)?;
    let causes = causes(cx, record)?;
    let evidence = evidence(cx, record.id)?;
    let lights = match near {
        true => {
            let main = measures.iter().find(|m| !m.is_deleted());
            let view = match main.and_then(|m| m.text("indicator")) {
                Some(code) => crate::values::chart_view(
                    cx,
                    place_of(cx, record)?.id,
                    &code,
                    None,
                    LIT_MONTHS,
                )?,
                None => None,
            };
            let points = view.iter().flat_map(|view| &view.points);
            let counted = points
                .filter(|point| point.value.is_some() && !point.incomplete)
                .count();
            Some(lights(
                record,
                (&causes, &evidence),
                (&trials, &ramps),
                counted,
            ))
        }
        false => None,
    };
    let progress = match near {
        true => Some(progress(cx, record.id)?),
        false => None,
    };
    Ok(CycleDetail {
        balance: balance_for(&codes).cloned(),
        baselines: baselines(cx, record.id)?,
        causes,
        drivers: drivers(cx, record.id)?,
        evidence,
        cycle: cycle(cx, record)?,
        members: parts(Kind::TeamMember)?
            .iter()
            .map(|r| member(cx, r))
            .collect::<Result<_>>()?,
        measures: measures
            .iter()
            .map(|r| measure(cx, r))
            .collect::<Result<_>>()?,
        ideas: parts(Kind::Idea)?
            .iter()
            .map(|r| idea(cx, r, &trials))
            .collect::<Result<_>>()?,
        trials: trials
            .iter()
            .map(|r| trial(cx, r, &ramps, &trials, &seen))
            .collect::<Result<_>>()?,
        ramps,
        lights,
        progress,
        lessons: parts(Kind::Lesson)?
            .iter()
            .map(|r| lesson(cx, r))
            .collect::<Result<_>>()?,
        decisions: decisions(cx, record.id, &trials)?
            .iter()
            .map(|r| decision(cx, r))
            .collect::<Result<_>>()?,
        rechecks: rechecks(cx, record.id)?,
        photos: photos(cx, record.id)?,
        comments: comments(cx, record.id)?,
        writable: may_change(cx, record.scope)?,
    })
}

/// What was decided of a cycle: at meetings, and of the trials that stand.
pub(super) fn decisions(cx: &Cx<'_>, cycle: RecordId, trials: &[Record]) -> Result<Vec<Record>> {
    let mut found = cx
        .store()
        .read(|conn| queries::parts(conn, Kind::Decision, cycle))?;
    found.retain(|decision| {
        let about = decision.reference("about");
        about.map(decision_record) != Some(decision.id)
            || trials.iter().any(|trial| Some(trial.id) == about)
    });
    Ok(found)
}

fn cycle(cx: &Cx<'_>, record: &Record) -> Result<Cycle> {
    Ok(Cycle {
        meta: cx.meta(record)?,
        place: place_of(cx, record)?,
        template: record.text("template"),
        area: record.text("area"),
        title: record.text("title"),
        problem: record.text("problem"),
        aim_who: record.text("aim_who"),
        aim_what: record.text("aim_what"),
        aim_from: record.number("aim_from"),
        aim_to: record.number("aim_to"),
        aim_by: record.day("aim_by"),
        cause: record.text("cause"),
        opened: record.day("opened"),
        status: status(record),
        aim_missing: aim_missing(record),
    })
}

fn member(cx: &Cx<'_>, record: &Record) -> Result<TeamMember> {
    Ok(TeamMember {
        meta: cx.meta(record)?,
        name: record.text("name"),
        post: record.text("post"),
        since: record.day("since"),
        until: record.day("until"),
        role: record.text("role"),
        sex: record.text("sex"),
        community: matches!(record.value("community"), Value::Bool(true)),
    })
}

fn position(record: &Record) -> i32 {
    record
        .number("position")
        .map_or(0, |position| position as i32)
}

fn measure(cx: &Cx<'_>, record: &Record) -> Result<CycleMeasure> {
    Ok(CycleMeasure {
        meta: cx.meta(record)?,
        indicator: record.text("indicator").unwrap_or_default(),
        position: position(record),
        goal: record.number("goal"),
    })
}

fn idea(cx: &Cx<'_>, record: &Record, trials: &[Record]) -> Result<Idea> {
    Ok(Idea {
        meta: cx.meta(record)?,
        text: record.text("text"),
        position: position(record),
        tried: trials
            .iter()
            .any(|trial| trial.reference("idea") == Some(record.id)),
        cause: record.reference("cause"),
        driver: record.reference("driver"),
        effort: record.number("effort").map(|n| n as i32),
        effect: record.number("effect").map(|n| n as i32),
        votes: record.number("votes").map(|n| n as i32),
    })
}

fn trial(
    cx: &Cx<'_>,
    record: &Record,
    ramps: &[Vec<RecordId>],
    trials: &[Record],
    seen: &[Record],
) -> Result<Trial> {
    Ok(Trial {
        leaps: super::learn::leaps(record, ramps, trials),
        extent: super::learn::extent(record),
        venue: record.text("venue"),
        after: record.reference("after"),
        meta: cx.meta(record)?,
        cycle: record.reference("cycle").unwrap_or(record.id),
        idea: record.reference("idea"),
        title: record.text("title"),
        who: record.text("who"),
        scale: record.text("scale"),
        starts: record.day("starts"),
        ends: record.day("ends"),
        prediction: record.text("prediction"),
        data_plan: record.text("data_plan"),
        happened: record.text("happened"),
        seen_n: record.number("seen_n"),
        seen_d: record.number("seen_d"),
        comparison: record
            .text("comparison")
            .and_then(|word| Comparison::from_word(&word)),
        learned: record.text("learned"),
        decision: record
            .text("decision")
            .and_then(|word| Decision::from_word(&word)),
        decided: record.day("decided"),
        step: progress_of(record).step(),
        observations: observations(cx, record.id, seen)?,
        comments: comments(cx, record.id)?,
    })
}

pub(super) fn lesson(cx: &Cx<'_>, record: &Record) -> Result<Lesson> {
    Ok(Lesson {
        meta: cx.meta(record)?,
        cycle: record.reference("cycle"),
        trial: record.reference("trial"),
        title: record.text("title"),
        what: record.text("what"),
        conditions: record.text("conditions"),
        cost: record.text("cost"),
        evidence: record.text("evidence"),
        tried: record.text("tried"),
        strength: record
            .text("strength")
            .and_then(|word| EvidenceLevel::from_word(&word)),
        state: state_of(record),
        copied: record.reference("copied").is_some(),
        left: is_left(cx, record)?,
        behind: is_behind(cx, record)?,
        may_review: may_review(cx, record)?,
        may_share: may_share(cx, record)?,
        place: record.scope.place(),
        place_name: cx
            .place(record.scope.place())
            .map(|place| place.name)
            .unwrap_or_default(),
    })
}

fn comments(cx: &Cx<'_>, about: RecordId) -> Result<Vec<Comment>> {
    let found = cx.store().read(|conn| queries::comments(conn, about))?;
    found
        .iter()
        .map(|record| {
            let meta = cx.meta(record)?;
            let at = said(record.scope, record.id);
            let value = record.value("said");
            let reading = match value.is_null() {
                true => None,
                false => Some(cx.opened(at, value)?),
            };
            let masked = match &reading {
                Some(Reading::Masked(by, at_ms)) => Some(Masked {
                    by: cx.person(*by)?.0,
                    day: day_of(*at_ms).to_string(),
                }),
                _ => None,
            };
            Ok(Comment {
                author_role: meta.author_role,
                meta,
                about,
                maskable: matches!(reading, Some(Reading::Words(_))),
                masked,
                text: match reading {
                    None => record.text("text").unwrap_or_default(),
                    Some(_) => cx.sealed_line(at, value)?,
                },
                day: record.day("day").unwrap_or_default(),
            })
        })
        .collect()
}
