//! Lessons: begun with what a cycle knows, reviewed by whoever answers for the team, handed to the other places by its coach.

use domain::ids::RecordId;
use domain::lesson::{EvidenceLevel, LessonState};
use domain::permission::{Action, Class};
use domain::registry::{Kind, LessonField};
use domain::spc::verdict::Verdict;
use domain::text::fold;
use domain::trial::Decision;
use domain::value::Value;
use serde::Deserialize;
use store::Edit;
use sync::log::SaveKind;

use super::parts::save_part;
use super::view::{self, Lesson};
use super::{SavePart, queries};
use crate::commands::Nothing;
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::permissions::{may_there, path};
use crate::records::queries::{Record, existing, record, records};
use crate::records::{SavedRecord, edit, removing, text_value};

/// Begins a lesson with what the cycle knows.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct BeginLesson {
    /// The cycle.
    #[ts(type = "string")]
    pub cycle: RecordId,
    /// The trial that it comes from; none for the last one that was decided.
    #[ts(type = "string | null")]
    pub trial: Option<RecordId>,
    /// The lesson, in one sentence.
    pub title: String,
    /// What shows it, as the screen says it: the chart's sentence, what was seen, what was decided.
    pub evidence: String,
    /// Why, when somebody else's team is written for.
    pub reason: Option<String>,
}

/// Moves a lesson on, or back.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct MoveLesson {
    /// The lesson.
    #[ts(type = "string")]
    pub id: RecordId,
    /// Where to.
    pub state: LessonState,
    /// Why, when somebody else's team is written for.
    pub reason: Option<String>,
}

/// What is said of a lesson, which the one for others says again.
const SAID: [LessonField; 7] = [
    LessonField::Title,
    LessonField::What,
    LessonField::Conditions,
    LessonField::Cost,
    LessonField::Evidence,
    LessonField::Tried,
    LessonField::Strength,
];

/// The record that says a lesson again for the places around it.
pub(super) fn copy_record(lesson: RecordId) -> RecordId {
    RecordId::natural(&[b"lesson", lesson.as_bytes()])
}

/// Every lesson seen here, the newest first. One that says another again is left out where that one is seen too.
pub fn lessons(cx: &Cx<'_>, _: Nothing) -> Result<Vec<Lesson>> {
    let found = cx
        .store()
        .read(|conn| records(conn, Kind::Lesson, "1 = 1", &[]))?;
    let here: std::collections::HashSet<RecordId> = found.iter().map(|record| record.id).collect();
    let mut lessons = found
        .iter()
        .filter(|record| {
            record
                .reference("copied")
                .is_none_or(|first| !here.contains(&first))
        })
        .map(|record| view::lesson(cx, record))
        .collect::<Result<Vec<_>>>()?;
    lessons.sort_by(|a, b| b.meta.created.cmp(&a.meta.created));
    Ok(lessons)
}

/// A lesson. Whoever may not review it takes it back to a draft by changing what it says; what others were handed stays as
/// it was reviewed, until its coach hands it on again.
pub fn save_lesson(cx: &Cx<'_>, request: SavePart<LessonField>) -> Result<SavedRecord> {
    let unknown = request.edits.iter().any(|edit| {
        edit.field == LessonField::Strength
            && !edit.value.is_null()
            && EvidenceLevel::from_word(edit.value.as_str().unwrap_or_default()).is_none()
    });
    if unknown {
        return Err(AppError::new("request-invalid"));
    }
    let stored = match request.id {
        Some(id) => cx.store().read(|conn| record(conn, Kind::Lesson, id))?,
        None => None,
    };
    let reviews = match &stored {
        Some(stored) => may_review(cx, stored)?,
        None => true,
    };
    save_part(cx, request, |_, edits, before| {
        if let Some(before) = before.filter(|it| !reviews && state_of(it) == LessonState::Reviewed)
        {
            let draft = Value::text(LessonState::Draft.word());
            edits.push(edit(
                Kind::Lesson,
                before.id,
                LessonField::State.number(),
                draft,
            ));
        }
        Ok(())
    })
}

/// How far a stored lesson has gone.
pub(super) fn state_of(lesson: &Record) -> LessonState {
    lesson
        .text("state")
        .and_then(|word| LessonState::from_word(&word))
        .unwrap_or(LessonState::Draft)
}

/// Whether whoever is inside answers for a lesson: the team's lead, or its coach.
pub(super) fn may_review(cx: &Cx<'_>, lesson: &Record) -> Result<bool> {
    Ok(cx.laptop.practice
        || may_there(cx, Action::Validate, Class::Work, lesson.scope)?
        || may_there(cx, Action::Write, Class::Method, lesson.scope)?)
}

/// Whether whoever is inside may hand a lesson to the places around: who writes in the place above it.
pub(super) fn may_share(cx: &Cx<'_>, lesson: &Record) -> Result<bool> {
    let above = around(cx, lesson)?;
    if cx.laptop.practice {
        return Ok(true);
    }
    let scope = above.as_scope();
    Ok(may_there(cx, Action::Write, Class::Work, scope)? && cx.may_write(scope)?)
}

/// The place whose people read what is shared: the district of a centre; for what lies higher, that place itself.
fn around(cx: &Cx<'_>, lesson: &Record) -> Result<RecordId> {
    let path = path(cx, lesson.scope.place())?;
    let district = path.get(2).or_else(|| path.last()).copied();
    district.ok_or_else(|| AppError::new("record-gone"))
}

/// Begins a lesson with what the cycle knows: the idea, where it was tried, what shows it and how far that carries.
pub fn begin_lesson(cx: &Cx<'_>, request: BeginLesson) -> Result<SavedRecord> {
    let cycle = cx
        .store()
        .read(|conn| existing(conn, Kind::Cycle, request.cycle))?;
    let trials = cx
        .store()
        .read(|conn| queries::parts(conn, Kind::Trial, cycle.id))?;
    let decided: Vec<&Record> = trials
        .iter()
        .filter(|trial| trial.text("decision").is_some())
        .collect();
    let adopted = |trial: &&&Record| decision_of(trial) == Some(Decision::Adopt);
    let trial = match request.trial {
        Some(id) => Some(
            trials
                .iter()
                .find(|trial| trial.id == id)
                .ok_or_else(|| AppError::new("request-invalid"))?,
        ),
        None => decided
            .iter()
            .rfind(adopted)
            .or_else(|| decided.last())
            .copied(),
    };
    let idea = match trial.and_then(|trial| trial.reference("idea")) {
        Some(id) => cx.store().read(|conn| record(conn, Kind::Idea, id))?,
        None => None,
    };
    let summary = view::summary(cx, &cycle)?;
    let sign = summary.chart.as_ref().is_some_and(|chart| {
        chart.judged && matches!(chart.verdict, Verdict::Shift { ongoing: true, .. })
    });
    let tried: Vec<String> = [
        Some(summary.place.name),
        trial.and_then(|trial| trial.text("scale")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let what = idea
        .and_then(|idea| idea.text("text"))
        .or_else(|| trial.and_then(|trial| trial.text("title")));
    // What was abandoned did not bring the sign.
    let abandoned = trial.and_then(decision_of) == Some(Decision::Abandon);
    let strength = match abandoned {
        true => EvidenceLevel::of_cycle(1, false),
        false => EvidenceLevel::of_cycle(decided.len(), sign),
    };
    let known = [
        (LessonField::Title, text_value("title", &request.title)?),
        (LessonField::What, Value::text(&what.unwrap_or_default())),
        (LessonField::Tried, Value::text(&tried.join(", "))),
        (
            LessonField::Evidence,
            text_value("evidence", &request.evidence)?,
        ),
        (LessonField::Strength, Value::text(strength.word())),
        (
            LessonField::Trial,
            trial.map_or(Value::Null, |trial| Value::Ref(trial.id)),
        ),
    ];
    cx.write(|w| {
        let id = w.new_record()?;
        let of = edit(
            Kind::Lesson,
            id,
            LessonField::Cycle.number(),
            Value::Ref(cycle.id),
        );
        let said = known
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(field, value)| edit(Kind::Lesson, id, field.number(), value.clone()));
        let edits: Vec<Edit> = [of].into_iter().chain(said).collect();
        let reason = request.reason.as_deref();
        cx.save(w, cycle.scope, SaveKind::Edit, reason, edits)?;
        Ok(SavedRecord { id })
    })
}

fn decision_of(trial: &Record) -> Option<Decision> {
    Decision::from_word(&trial.text("decision")?)
}

/// Moves a lesson on, or back. Shared, it is said again in the district, whose other places receive it from there.
///
/// # Errors
/// `only-the-lead` for who does not answer for it, `only-the-coach` for who may not hand it on; `lesson-empty` while it
/// does not say what was done.
pub fn move_lesson(cx: &Cx<'_>, request: MoveLesson) -> Result<SavedRecord> {
    let lesson = cx
        .store()
        .read(|conn| existing(conn, Kind::Lesson, request.id))?;
    if !may_review(cx, &lesson)? {
        return Err(AppError::new("only-the-lead"));
    }
    if request.state != LessonState::Draft && lesson.text("what").is_none() {
        return Err(AppError::new("lesson-empty"));
    }
    let around = around(cx, &lesson)?;
    let hands_on = request.state == LessonState::Shared;
    let takes_back = !hands_on && state_of(&lesson) == LessonState::Shared;
    if (hands_on || takes_back) && !may_share(cx, &lesson)? {
        return Err(AppError::new("only-the-coach"));
    }
    let place = cx.place(lesson.scope.place())?.name;
    let copy = copy_record(lesson.id);
    cx.write(|w| {
        let reason = request.reason.as_deref();
        let state = edit(
            Kind::Lesson,
            lesson.id,
            LessonField::State.number(),
            Value::text(request.state.word()),
        );
        let kept = lesson.kept();
        let edits = [state].into_iter().chain(kept).collect();
        cx.save(w, lesson.scope, SaveKind::Edit, reason, edits)?;
        let stood = record(w.conn(), Kind::Lesson, copy)?;
        if let Some(stood) = stood.as_ref().filter(|_| takes_back) {
            w.rewrite(true);
            cx.save(w, around.as_scope(), SaveKind::Edit, None, removing(stood))?;
        }
        if hands_on && around != lesson.scope.place() {
            let field = |field: LessonField, value| edit(Kind::Lesson, copy, field.number(), value);
            let mut edits: Vec<Edit> = SAID
                .into_iter()
                .map(|it| field(it, said_again(&lesson, it, &place)))
                .collect();
            edits.push(field(LessonField::Copied, Value::Ref(lesson.id)));
            edits.push(field(
                LessonField::State,
                Value::text(LessonState::Shared.word()),
            ));
            edits.extend(stood.and_then(|stood| stood.kept()));
            cx.save(w, around.as_scope(), SaveKind::Edit, None, edits)?;
        }
        Ok(SavedRecord { id: lesson.id })
    })
}

/// What other places read of a shared lesson, removed or not, where whoever is inside may change it.
pub(crate) fn handed_on(cx: &Cx<'_>, lesson: RecordId) -> Result<Option<Record>> {
    let stored = cx.store().read(|conn| record(conn, Kind::Lesson, lesson))?;
    let Some(lesson) = stored.filter(|it| state_of(it) == LessonState::Shared) else {
        return Ok(None);
    };
    let copy = copy_record(lesson.id);
    let copy = cx.store().read(|conn| record(conn, Kind::Lesson, copy))?;
    match copy {
        Some(copy) if may_share(cx, &lesson)? => Ok(Some(copy)),
        _ => Ok(None),
    }
}

/// Whether the team has removed the lesson that this one says again for others.
pub(super) fn is_left(cx: &Cx<'_>, lesson: &Record) -> Result<bool> {
    let Some(first) = lesson.reference("copied") else {
        return Ok(false);
    };
    let first = cx.store().read(|conn| record(conn, Kind::Lesson, first))?;
    Ok(first.is_some_and(|first| first.is_deleted()))
}

/// What the copy says of a field: the same; where it was tried begins with the place.
fn said_again(lesson: &Record, field: LessonField, place: &str) -> Value {
    let name = Kind::Lesson
        .field(field.number())
        .map_or("", |field| field.name);
    match (field, lesson.text(name)) {
        (LessonField::Tried, None) => Value::text(place),
        (LessonField::Tried, Some(tried)) if !fold(&tried).contains(&fold(place)) => {
            Value::text(&format!("{place}, {tried}"))
        }
        _ => lesson.value(name).clone(),
    }
}

/// Whether what a shared lesson says has changed since it was handed on, or no longer stands there.
pub(super) fn is_behind(cx: &Cx<'_>, lesson: &Record) -> Result<bool> {
    if state_of(lesson) != LessonState::Shared {
        return Ok(false);
    }
    let copy = copy_record(lesson.id);
    let Some(copy) = cx.store().read(|conn| record(conn, Kind::Lesson, copy))? else {
        return Ok(false);
    };
    if copy.is_deleted() {
        return Ok(true);
    }
    let place = cx.place(lesson.scope.place())?.name;
    Ok(SAID.into_iter().any(|field| {
        let name = Kind::Lesson
            .field(field.number())
            .map_or("", |field| field.name);
        *copy.value(name) != said_again(lesson, field, &place)
    }))
}
