//! What a cycle learns: its ramps of trials, the lights of its method, and how far the team has come.

use domain::ids::RecordId;
use domain::light::{Light, Suspect, Tried, Written};
use domain::progress::is_level;
use domain::ramp::Test;
use domain::registry::{Kind, ObservationField, ProgressField};
use domain::trial::{Comparison, Decision, Extent};
use domain::value::date_value;
use serde::Serialize;

use super::causes::{Cause, Evidence};
use super::parts::{progress_of, save_part};
use super::view::{AIM, aim_missing};
use super::{SavePart, queries};
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::records::queries::Record;
use crate::records::{RecordMeta, SavedRecord, edit};

/// How far a team has come, as somebody said on a day.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ProgressNote {
    /// What every record shows; its author is who said it.
    pub meta: RecordMeta,
    /// From 0.5 to 5 by halves.
    pub score: Option<f64>,
    /// On which day, ISO.
    pub day: Option<String>,
    /// Why this one.
    pub reason: Option<String>,
}

/// Something that was seen while a trial ran.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Observation {
    /// What every record shows; its author is who saw it.
    pub meta: RecordMeta,
    /// What was seen.
    pub text: Option<String>,
    /// On which day, ISO.
    pub day: Option<String>,
}

/// What was seen while a trial ran: of today, unless another day is said.
///
/// # Errors
/// `request-invalid` for a trial of another cycle, or none.
pub fn save_observation(cx: &Cx<'_>, request: SavePart<ObservationField>) -> Result<SavedRecord> {
    let trial = request
        .edits
        .iter()
        .rfind(|edit| edit.field == ObservationField::Trial)
        .map(|edit| edit.value.clone());
    let none = match &trial {
        Some(trial) => trial.is_null(),
        None => request.id.is_none(),
    };
    if none {
        return Err(AppError::new("request-invalid"));
    }
    cx.store()
        .read(|conn| queries::of_cycle(conn, Kind::Trial, trial.as_ref(), request.cycle))?;
    save_part(cx, request, |cx, edits, before| {
        let day = ObservationField::Day.number();
        let dated = edits.iter().any(|edit| edit.field == day);
        if before.is_none() && !dated {
            let record = edits[0].record;
            edits.push(edit(Kind::Observation, record, day, date_value(cx.today())));
        }
        Ok(())
    })
}

pub(super) fn observations(
    cx: &Cx<'_>,
    trial: RecordId,
    seen: &[Record],
) -> Result<Vec<Observation>> {
    let of_trial = seen
        .iter()
        .filter(|record| record.reference("trial") == Some(trial));
    in_time(of_trial)
        .into_iter()
        .map(|record| {
            Ok(Observation {
                meta: cx.meta(record)?,
                text: record.text("text"),
                day: record.day("day"),
            })
        })
        .collect()
}

/// Records by their day, and those of one day as they were written.
fn in_time<'a>(records: impl Iterator<Item = &'a Record>) -> Vec<&'a Record> {
    let mut found: Vec<_> = records.collect();
    found.sort_by_key(|record| {
        let written = record.stamps.iter().map(|stamp| stamp.hlc).min();
        (record.day("day"), written)
    });
    found
}

/// How far a team has come: a level of the scale, and why.
///
/// # Errors
/// `progress-without-reason`; `request-invalid` for what is no level.
pub fn save_progress(cx: &Cx<'_>, request: SavePart<ProgressField>) -> Result<SavedRecord> {
    save_part(cx, request, |cx, edits, before| {
        let edited = |field: ProgressField| {
            let found = edits.iter().rfind(|edit| edit.field == field.number());
            found.map(|edit| edit.value.clone())
        };
        let stood = |name: &str| before.map(|record| record.value(name).clone());
        let score = edited(ProgressField::Score).or_else(|| stood("score"));
        if !score.is_some_and(|score| is_level(&score)) {
            return Err(AppError::new("request-invalid"));
        }
        let reason = edited(ProgressField::Reason).or_else(|| stood("reason"));
        if reason.is_none_or(|reason| reason.is_null()) {
            return Err(AppError::new("progress-without-reason"));
        }
        if before.is_none() {
            let record = edits[0].record;
            edits.push(edit(
                Kind::Progress,
                record,
                ProgressField::Day.number(),
                date_value(cx.today()),
            ));
        }
        Ok(())
    })
}

pub(super) fn progress(cx: &Cx<'_>, cycle: RecordId) -> Result<Vec<ProgressNote>> {
    let notes = cx
        .store()
        .read(|conn| queries::parts(conn, Kind::Progress, cycle))?;
    in_time(notes.iter())
        .into_iter()
        .map(|record| {
            Ok(ProgressNote {
                meta: cx.meta(record)?,
                score: record.number("score"),
                day: record.day("day"),
                reason: record.text("reason"),
            })
        })
        .collect()
}

/// The trials of a cycle in their ramps.
pub(super) fn ramps(trials: &[Record]) -> Vec<Vec<RecordId>> {
    let tests: Vec<Test> = trials
        .iter()
        .map(|record| Test {
            id: record.id,
            idea: record.reference("idea"),
            after: record.reference("after"),
            starts: record.day("starts"),
        })
        .collect();
    domain::ramp::ramps(&tests)
}

pub(super) fn extent(record: &Record) -> Option<Extent> {
    record
        .text("extent")
        .and_then(|word| Extent::from_word(&word))
}

/// Whether a trial grows although the one before it in its ramp did not hold.
pub(super) fn leaps(record: &Record, ramps: &[Vec<RecordId>], trials: &[Record]) -> bool {
    let ramp = ramps.iter().find(|ramp| ramp.contains(&record.id));
    let before = ramp.and_then(|ramp| {
        let at = ramp.iter().position(|id| *id == record.id)?;
        let id = record
            .reference("after")
            .or_else(|| ramp.get(at.checked_sub(1)?).copied())?;
        trials.iter().find(|trial| trial.id == id)
    });
    before.is_some_and(|before| {
        let comparison = before.text("comparison");
        let decision = before.text("decision");
        let was = (
            extent(before),
            comparison.and_then(|word| Comparison::from_word(&word)),
            decision.and_then(|word| Decision::from_word(&word)),
        );
        domain::trial::leaps(was, extent(record))
    })
}

/// The lights of a cycle's method. `counted` is how many periods of its main measure have a value.
pub(super) fn lights(
    cycle: &Record,
    (causes, evidence): (&[Cause], &[Evidence]),
    (trials, ramps): (&[Record], &[Vec<RecordId>]),
    counted: usize,
) -> Vec<Light> {
    let suspects = causes
        .iter()
        .filter(|cause| !cause.meta.deleted && cause.text.is_some())
        .filter(|cause| cause.standing != domain::cause::CauseStanding::RuledOut)
        .map(|cause| Suspect {
            standing: cause.standing,
            shown: evidence
                .iter()
                .any(|one| !one.meta.deleted && one.about == cause.meta.id),
        });
    let tried = |id: &RecordId| {
        let record = trials.iter().find(|trial| trial.id == *id)?;
        let progress = progress_of(record);
        Some(Tried {
            id: *id,
            extent: extent(record),
            predicted: !record.value("prediction").is_null(),
            compared: progress.compared,
            happened: progress.happened,
        })
    };
    let written = Written {
        aim_parts: AIM.len() - aim_missing(cycle).len(),
        aim_moves: cycle.number("aim_from") != cycle.number("aim_to"),
        causes: suspects.collect(),
        ramps: ramps
            .iter()
            .map(|ramp| ramp.iter().filter_map(tried).collect())
            .collect(),
        counted,
    };
    domain::light::lights(&written).to_vec()
}
