//! Making and editing the parts of a cycle.

use domain::ids::RecordId;
use domain::registry::{
    CommentField, CycleMeasureField, DELETED, DecisionField, Kind, TeamMemberField, TrialField,
};
use domain::trial::{Comparison, Decision, Extent, Progress};
use domain::value::{Value, date_value};
use store::{Edit, Writer};
use sync::log::SaveKind;

use super::rechecks::planned_anew;
use super::{PartField, SaveComment, SavePart, measure_record, new_comment, queries, said};
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::records::queries::{Record, existing, record};
use crate::records::{SavedRecord, edit, removing, seen, text_value};

/// A team member.
pub fn save_member(cx: &Cx<'_>, request: SavePart<TeamMemberField>) -> Result<SavedRecord> {
    let sex = request
        .edits
        .iter()
        .find(|edit| edit.field == TeamMemberField::Sex);
    if sex.is_some_and(|edit| {
        !edit.value.is_null() && !matches!(edit.value.as_str(), Some("f" | "m"))
    }) {
        return Err(AppError::new("request-invalid"));
    }
    save_part(cx, request, |_, _, _| Ok(()))
}

/// A measure of the cycle. One whose direction is « none » takes no goal: the choice belongs to the woman.
pub fn save_measure(cx: &Cx<'_>, mut request: SavePart<CycleMeasureField>) -> Result<SavedRecord> {
    let code = |request: &SavePart<CycleMeasureField>| {
        let named = request
            .edits
            .iter()
            .find(|edit| edit.field == CycleMeasureField::Indicator);
        named
            .and_then(|edit| edit.value.as_str())
            .map(str::to_owned)
    };
    if request.id.is_some() && code(&request).is_some() {
        return Err(AppError::new("request-invalid"));
    }
    let new = request.id.is_none();
    let indicator = match (request.id, code(&request)) {
        (Some(id), _) => cx
            .store()
            .read(|conn| existing(conn, Kind::CycleMeasure, id))?
            .text("indicator"),
        (None, code) => code,
    };
    let indicator = indicator
        .and_then(|code| domain::catalog::indicator(&code))
        .ok_or_else(|| AppError::new("indicator-unknown"))?;
    if new {
        // The same indicator chosen twice, here or on another laptop, is the same record.
        request.id = Some(measure_record(request.cycle, &indicator.code));
    }
    let goal = request
        .edits
        .iter()
        .find(|edit| edit.field == CycleMeasureField::Goal);
    if goal.is_some_and(|edit| !edit.value.is_null()) && !indicator.takes_goal() {
        return Err(AppError::new("goal-not-taken"));
    }
    save_part(cx, request, |_, _, _| Ok(()))
}

/// What was decided of a trial is kept with the chart of that day; a trial has one decision, so the record is found by it.
pub fn decision_record(trial: RecordId) -> RecordId {
    RecordId::natural(&[b"decision", trial.as_bytes()])
}

/// What is kept with the decision about a trial: the day, and the chart of the cycle's main measure as it stands.
fn kept_with_decision(cx: &Cx<'_>, cycle: RecordId) -> Result<Vec<(DecisionField, Value)>> {
    let (cycle, measures) = cx.store().read(|conn| {
        let cycle = existing(conn, Kind::Cycle, cycle)?;
        let measures = super::queries::parts(conn, Kind::CycleMeasure, cycle.id)?;
        Ok::<_, AppError>((cycle, measures))
    })?;
    let Some(place) = cycle.reference("place") else {
        return Ok(Vec::new());
    };
    let mut kept = vec![
        (DecisionField::Place, Value::Ref(place)),
        (DecisionField::Cycle, Value::Ref(cycle.id)),
        (DecisionField::Day, date_value(cx.today())),
    ];
    if let Some(code) = measures.first().and_then(|main| main.text("indicator"))
        && domain::catalog::indicator(&code).is_some()
    {
        let chart = crate::meetings::chart_as_it_stands(cx, place, &code)?;
        kept.push((DecisionField::Indicator, Value::text(&code)));
        kept.push((DecisionField::Chart, Value::text(&chart)));
    }
    Ok(kept)
}

/// A trial. It cannot be decided before its result was compared with its prediction. The decision is kept with the chart
/// of its day.
pub fn save_trial(cx: &Cx<'_>, request: SavePart<TrialField>) -> Result<SavedRecord> {
    for edit in &request.edits {
        let word = edit.value.as_str().unwrap_or_default();
        let known = match edit.field {
            TrialField::Comparison => Comparison::from_word(word).is_some() || edit.value.is_null(),
            TrialField::Decision => Decision::from_word(word).is_some() || edit.value.is_null(),
            TrialField::Extent => Extent::from_word(word).is_some() || edit.value.is_null(),
            _ => true,
        };
        if !known {
            return Err(AppError::new("request-invalid"));
        }
    }
    for (field, kind) in [
        (TrialField::After, Kind::Trial),
        (TrialField::Idea, Kind::Idea),
    ] {
        let named = request.edits.iter().rfind(|edit| edit.field == field);
        let named = named.map(|edit| &edit.value);
        cx.store()
            .read(|conn| queries::of_cycle(conn, kind, named, request.cycle))?;
    }
    let decides = request
        .edits
        .iter()
        .any(|edit| edit.field == TrialField::Decision);
    let kept = match decides {
        true => kept_with_decision(cx, request.cycle)?,
        false => Vec::new(),
    };
    let anew = match request.id.filter(|_| decides) {
        Some(id) => planned_anew(cx, id, cx.today())?,
        None => Vec::new(),
    };
    let stored = match request.id.filter(|_| decides) {
        Some(id) => cx
            .store()
            .read(|conn| record(conn, Kind::Decision, decision_record(id)))?,
        None => None,
    };
    save_part(cx, request, |cx, edits, before| {
        let decision = edits
            .iter()
            .find(|edit| edit.field == TrialField::Decision.number())
            .map(|edit| edit.value.clone());
        let Some(decision) = decision else {
            // What was decided keeps the comparison that it was decided by.
            let after = progress(before, edits);
            let emptied =
                |edit: &Edit| edit.field == TrialField::Comparison.number() && edit.value.is_null();
            return match after.decided && edits.iter().any(emptied) {
                true => Err(AppError::new("trial-not-compared")),
                false => Ok(()),
            };
        };
        if decision.is_null() {
            edits.push(edit(
                Kind::Trial,
                edits[0].record,
                TrialField::Decided.number(),
                Value::Null,
            ));
            edits.extend(stored.iter().flat_map(removing));
            return Ok(());
        }
        if !progress(before, edits).may_decide() {
            return Err(AppError::new("trial-not-compared"));
        }
        edits.push(edit(
            Kind::Trial,
            edits[0].record,
            TrialField::Decided.number(),
            date_value(cx.today()),
        ));
        let adopts = |word: Option<&str>| word == Some(Decision::Adopt.word());
        let stood = before.and_then(|stored| stored.text("decision"));
        if adopts(decision.as_text()) && !adopts(stood.as_deref()) {
            edits.extend(anew.iter().cloned());
        }
        if !kept.is_empty() {
            let trial = edits[0].record;
            let named = edits
                .iter()
                .rfind(|edit| edit.field == TrialField::Title.number())
                .map(|edit| edit.value.clone());
            let title = named.or_else(|| before.map(|stored| stored.value("title").clone()));
            let field = |field: DecisionField, value: Value| {
                edit(
                    Kind::Decision,
                    decision_record(trial),
                    field.number(),
                    value,
                )
            };
            edits.push(field(DecisionField::About, Value::Ref(trial)));
            edits.push(field(DecisionField::Text, title.unwrap_or(Value::Null)));
            edits.extend(kept.iter().map(|(it, value)| field(*it, value.clone())));
            edits.extend(stored.as_ref().and_then(|stored| stored.kept()));
        }
        Ok(())
    })
}

/// What is written of a trial once the edits are made.
fn progress(before: Option<&Record>, edits: &[Edit]) -> Progress {
    let filled = |field: TrialField| {
        let edited = edits
            .iter()
            .rev()
            .find(|edit| edit.field == field.number())
            .map(|edit| !edit.value.is_null());
        let stood = || {
            let name = Kind::Trial.field(field.number()).map(|f| f.name);
            before
                .zip(name)
                .is_some_and(|(record, name)| !record.value(name).is_null())
        };
        edited.unwrap_or_else(stood)
    };
    Progress {
        planned: filled(TrialField::Title)
            && filled(TrialField::Who)
            && filled(TrialField::Prediction),
        happened: filled(TrialField::Happened) || filled(TrialField::SeenN),
        compared: filled(TrialField::Comparison),
        decided: filled(TrialField::Decision),
    }
}

/// Where a stored trial stands.
pub fn progress_of(record: &Record) -> Progress {
    progress(Some(record), &[])
}

pub(super) fn save_part<F: PartField>(
    cx: &Cx<'_>,
    request: SavePart<F>,
    rule: impl Fn(&Cx<'_>, &mut Vec<Edit>, Option<&Record>) -> Result<()>,
) -> Result<SavedRecord> {
    if request.edits.iter().any(|edit| !edit.field.editable()) {
        return Err(AppError::new("request-invalid"));
    }
    cx.write(|w| {
        let cycle = existing(w.conn(), Kind::Cycle, request.cycle)?;
        let (id, before) = part(w, F::KIND, request.id)?;
        let mut edits = cx.edits(F::KIND, id, F::number, &request.edits)?;
        match &before {
            None => edits.insert(0, edit(F::KIND, id, F::CYCLE, Value::Ref(cycle.id))),
            Some(stored) if stored.reference("cycle") != Some(cycle.id) => {
                return Err(AppError::new("request-invalid"));
            }
            // A measure may be chosen again after it was taken out.
            Some(stored) => edits.extend(stored.kept()),
        }
        rule(cx, &mut edits, before.as_ref())?;
        // A part that goes with another is written again as it is, like any that is removed.
        let gone = |it: &Edit| it.field == DELETED.number && it.value == Value::Bool(true);
        w.rewrite(edits.iter().any(gone));
        cx.save(
            w,
            cycle.scope,
            SaveKind::Edit,
            request.reason.as_deref(),
            edits,
        )?;
        Ok(SavedRecord { id })
    })
}

fn part(
    w: &mut Writer<'_>,
    kind: Kind,
    id: Option<RecordId>,
) -> Result<(RecordId, Option<Record>)> {
    match id {
        None => Ok((w.new_record()?, None)),
        Some(id) => {
            let stored = record(w.conn(), kind, id)?;
            if stored.is_none() && id.is_counted() {
                return Err(AppError::new("record-gone"));
            }
            Ok((id, stored))
        }
    }
}

/// A comment about a cycle or trial, in the scope of what it is about.
pub fn save_comment(cx: &Cx<'_>, request: SaveComment) -> Result<SavedRecord> {
    let text = text_value("text", &request.text)?;
    if text.is_null() {
        return Err(AppError::new("comment-empty"));
    }
    cx.write(|w| {
        let about = match record(w.conn(), Kind::Trial, request.about)? {
            Some(trial) => trial,
            None => existing(w.conn(), Kind::Cycle, request.about)?,
        };
        let id = match request.id {
            Some(id) => {
                let stored = existing(w.conn(), Kind::Comment, id)?;
                let words = cx.sealed(w, said(stored.scope, id), &request.text)?;
                let written = Edit {
                    seen: seen(request.seen.as_deref())?,
                    ..edit(Kind::Comment, id, CommentField::Said.number(), words)
                };
                let in_clear = edit(Kind::Comment, id, CommentField::Text.number(), Value::Null);
                let edits = [written, in_clear]
                    .into_iter()
                    .chain(stored.kept())
                    .collect();
                cx.save(w, about.scope, SaveKind::Edit, None, edits)?;
                id
            }
            None => {
                let at = (about.scope, about.id);
                let day = date_value(cx.today());
                let (id, edits) = new_comment(cx, w, at, &request.text, day)?;
                cx.save(w, about.scope, SaveKind::Edit, None, edits)?;
                id
            }
        };
        Ok(SavedRecord { id })
    })
}
