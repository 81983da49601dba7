//! Improvement cycles: problem, aim, team, measures, ideas, trials, lessons and comments.

mod baseline;
mod causes;
mod learn;
mod lessons;
mod parts;
mod photos;
pub mod queries;
mod rechecks;
mod timeline;
pub mod view;

use domain::catalog::{self, Area, Indicator};
use domain::cause::{Category, EvidenceSort};
use domain::ids::{RecordId, ScopeId};
use domain::registry::{
    CauseField, CommentField, CycleField, CycleMeasureField, DriverField, EvidenceField, IdeaField,
    Kind, LessonField, ObservationField, PhotoField, ProgressField, RecheckField, TeamMemberField,
    TrialField,
};
use domain::template::{self, Template};
use domain::text::Language;
use domain::value::{Value, date_value};
use serde::Deserialize;
use store::{Edit, Writer};
use sync::log::SaveKind;

use crate::commands::Nothing;
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::records::queries::{existing, record, records};
use crate::records::{FieldEdit, SavedRecord, edit, text_value};
use crate::sealed::SealedField;
use crate::templates::lines;

pub use baseline::{Baseline, SetBaseline, baseline_record, set_baseline};
pub use causes::{
    Cause, Driver, Evidence, cause_record, save_cause, save_driver, save_evidence, save_idea,
};
pub use learn::{Observation, ProgressNote, save_observation, save_progress};
pub(crate) use lessons::handed_on;
pub use lessons::{BeginLesson, MoveLesson, begin_lesson, lessons, move_lesson, save_lesson};
pub use parts::{decision_record, save_comment, save_measure, save_member, save_trial};
pub use photos::{AddPhoto, Photo, Picture, add_photo, mask_photo, photo_picture, save_photo};
pub(crate) use photos::{of_picture, taken};
pub use rechecks::{
    AnswerRecheck, PlanRechecks, Recheck, answer_recheck, plan_rechecks, recheck_record,
    save_recheck,
};
pub use timeline::{Happening, Spell, Timeline, timeline};
pub use view::{Comment, Cycle, CycleDetail, CycleSummary, Lesson, Masked};

/// Which cycles to list.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct ListCycles {
    /// Those of one place, or of every place seen here.
    #[ts(type = "string | null")]
    pub place: Option<RecordId>,
}

/// Begins a cycle.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct StartCycle {
    /// Where.
    #[ts(type = "string")]
    pub place: RecordId,
    /// From which template; none for an empty page.
    pub template: Option<String>,
    /// Service area, a `domain::catalog::Area` word.
    pub area: String,
    /// The language in which the template's words are written into the cycle.
    pub language: Language,
    /// The sign of a chart that raised it.
    #[serde(default)]
    pub sign: Option<Sign>,
}

/// The sign of a chart, as it stood when somebody took it up.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct Sign {
    /// The measure.
    pub indicator: String,
    /// The sentence of the chart.
    pub text: String,
}

/// Names a record.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct ById {
    /// The record.
    #[ts(type = "string")]
    pub id: RecordId,
}

/// Edits a cycle's own fields.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SaveCycle {
    /// The cycle.
    #[ts(type = "string")]
    pub id: RecordId,
    /// What changes.
    pub edits: Vec<FieldEdit<CycleField>>,
    /// Why, when there is something to say.
    pub reason: Option<String>,
}

/// Makes or edits a part of a cycle.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SavePart<F> {
    /// The record; none makes a new one.
    #[ts(type = "string | null")]
    pub id: Option<RecordId>,
    /// The cycle it belongs to.
    #[ts(type = "string")]
    pub cycle: RecordId,
    /// What changes.
    pub edits: Vec<FieldEdit<F>>,
    /// Why, when there is something to say.
    pub reason: Option<String>,
}

/// Writes a comment about a record.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SaveComment {
    /// The comment; none makes a new one.
    #[ts(type = "string | null")]
    pub id: Option<RecordId>,
    /// The cycle or trial that it is about.
    #[ts(type = "string")]
    pub about: RecordId,
    /// The comment.
    pub text: String,
    /// The token of the text on the screen.
    pub seen: Option<String>,
}

/// The whole catalogue of indicators.
pub fn indicators(_: &Cx<'_>, _: Nothing) -> Result<Vec<Indicator>> {
    Ok(catalog::indicators().to_vec())
}

/// The templates that a cycle can begin from.
pub fn templates(_: &Cx<'_>, _: Nothing) -> Result<Vec<Template>> {
    Ok(template::templates().to_vec())
}

/// Begins a cycle from a template: its words, measures, likely causes and ideas are written into the cycle, all editable.
pub fn start_cycle(cx: &Cx<'_>, request: StartCycle) -> Result<SavedRecord> {
    let template = match &request.template {
        Some(id) => Some(begun_from(cx, id, request.language)?),
        None => None,
    };
    let area = area_of(&request.area)?;
    let sign = match request.sign {
        Some(sign) if catalog::indicator(&sign.indicator).is_none() => {
            return Err(AppError::new("indicator-unknown"));
        }
        Some(sign) => {
            let text = text_value("text", &sign.text)?;
            Some((sign, text))
        }
        None => None,
    };
    let scope = cx.scope_of(request.place)?;
    let today = date_value(cx.today());
    let id = cx.write(|w| {
        let id = w.new_record()?;
        let field = |field: CycleField, value| edit(Kind::Cycle, id, field.number(), value);
        let mut edits = vec![
            field(CycleField::Place, Value::Ref(request.place)),
            field(CycleField::Area, Value::text(area.word())),
            field(CycleField::Opened, today.clone()),
            field(CycleField::Status, Value::text("open")),
        ];
        if let Some(template) = &template {
            edits.extend([
                field(CycleField::Template, Value::text(&template.id)),
                field(CycleField::Title, Value::text(&template.name)),
                field(CycleField::Problem, Value::text(&template.problem)),
                field(CycleField::AimWho, Value::text(&template.aim_who)),
                field(CycleField::AimWhat, Value::text(&template.aim_what)),
            ]);
        }
        cx.save(w, scope, SaveKind::Edit, None, edits)?;
        let mut parts = Vec::new();
        let raised = sign.as_ref().map(|(sign, _)| sign.indicator.as_str());
        let measures = template.iter().flat_map(|t| &t.measures);
        let others = measures.filter(|code| raised != Some(code.as_str()));
        for (position, measure) in (0i64..).zip(others) {
            parts.extend(measure_edits(id, measure, position));
        }
        for (position, idea) in (0i64..).zip(template.iter().flat_map(|t| &t.ideas)) {
            let record = w.new_record()?;
            let field = |field: IdeaField, value| edit(Kind::Idea, record, field.number(), value);
            parts.extend([
                field(IdeaField::Cycle, Value::Ref(id)),
                field(IdeaField::Text, Value::text(idea)),
                field(IdeaField::Position, Value::Int(position)),
            ]);
        }
        for (position, cause) in (0i64..).zip(template.iter().flat_map(|t| &t.causes)) {
            let record = w.new_record()?;
            let field = |field: CauseField, value| edit(Kind::Cause, record, field.number(), value);
            parts.extend([
                field(CauseField::Cycle, Value::Ref(id)),
                field(CauseField::Text, Value::text(&cause.0)),
                field(CauseField::Position, Value::Int(position)),
            ]);
            if let Some(category) = cause.1 {
                parts.push(field(CauseField::Category, Value::text(category.word())));
            }
        }
        if let Some((sign, text)) = &sign {
            // What raised the cycle is what it follows, before anything that the template brings.
            parts.extend(measure_edits(id, &sign.indicator, -1));
            let record = w.new_record()?;
            let field =
                |field: EvidenceField, value| edit(Kind::Evidence, record, field.number(), value);
            parts.extend([
                field(EvidenceField::Cycle, Value::Ref(id)),
                field(EvidenceField::About, Value::Ref(id)),
                field(
                    EvidenceField::Sort,
                    Value::text(EvidenceSort::Signal.word()),
                ),
                field(EvidenceField::Indicator, Value::text(&sign.indicator)),
                field(EvidenceField::Text, text.clone()),
                field(EvidenceField::Day, today.clone()),
            ]);
        }
        cx.save(w, scope, SaveKind::Edit, None, parts)?;
        Ok(id)
    })?;
    Ok(SavedRecord { id })
}

/// What a cycle begins from, in the words that are written into it.
struct Beginning {
    id: String,
    name: String,
    problem: String,
    aim_who: String,
    aim_what: String,
    measures: Vec<String>,
    ideas: Vec<String>,
    causes: Vec<(String, Option<Category>)>,
}

/// A template by its lasting name, shipped or a place's own.
fn begun_from(cx: &Cx<'_>, id: &str, language: Language) -> Result<Beginning> {
    let words = |words: &domain::text::Localized| words.get(language).to_owned();
    if let Some(shipped) = template::template(id) {
        let cause = |cause: &template::LikelyCause| (words(&cause.text), Some(cause.category));
        return Ok(Beginning {
            id: shipped.id.clone(),
            name: words(&shipped.name),
            problem: words(&shipped.problem),
            aim_who: words(&shipped.aim_who),
            aim_what: words(&shipped.aim_what),
            measures: shipped.measures.clone(),
            ideas: shipped.ideas.iter().map(words).collect(),
            causes: shipped.causes.iter().map(cause).collect(),
        });
    }
    let record: RecordId = id.parse().map_err(|_| AppError::new("request-invalid"))?;
    let stored = cx
        .store()
        .read(|conn| existing(conn, Kind::Template, record))?;
    let text = |field| stored.text(field).unwrap_or_default();
    let mut measures = lines(&stored, "measures");
    // A code that this version does not know comes from a newer one.
    measures.retain(|code| catalog::indicator(code).is_some());
    Ok(Beginning {
        id: id.to_owned(),
        name: text("name"),
        problem: text("problem"),
        aim_who: text("aim_who"),
        aim_what: text("aim_what"),
        measures,
        ideas: lines(&stored, "ideas"),
        causes: lines(&stored, "causes")
            .into_iter()
            .map(|cause| (cause, None))
            .collect(),
    })
}

fn area_of(word: &str) -> Result<Area> {
    serde_json::from_value(word.into()).map_err(|_| AppError::new("request-invalid"))
}

/// A cycle follows an indicator at most once, so the record is found by both.
pub fn measure_record(cycle: RecordId, indicator: &str) -> RecordId {
    RecordId::natural(&[b"cycle_measure", cycle.as_bytes(), indicator.as_bytes()])
}

fn measure_edits(cycle: RecordId, indicator: &str, position: i64) -> [Edit; 3] {
    let record = measure_record(cycle, indicator);
    let field =
        |field: CycleMeasureField, value| edit(Kind::CycleMeasure, record, field.number(), value);
    [
        field(CycleMeasureField::Cycle, Value::Ref(cycle)),
        field(CycleMeasureField::Indicator, Value::text(indicator)),
        field(CycleMeasureField::Position, Value::Int(position)),
    ]
}

/// Edits a cycle's own fields.
pub fn save_cycle(cx: &Cx<'_>, request: SaveCycle) -> Result<SavedRecord> {
    for edit in &request.edits {
        match edit.field {
            CycleField::Place | CycleField::Template | CycleField::Opened => {
                return Err(AppError::new("request-invalid"));
            }
            CycleField::Status if !matches!(edit.value.as_str(), Some("open" | "closed")) => {
                return Err(AppError::new("request-invalid"));
            }
            CycleField::Area => {
                area_of(edit.value.as_str().unwrap_or_default())?;
            }
            CycleField::MainCause => {
                let of = &edit.value;
                cx.store()
                    .read(|conn| queries::of_cycle(conn, Kind::Cause, Some(of), request.id))?;
            }
            _ => {}
        }
    }
    cx.write(|w| {
        let cycle = existing(w.conn(), Kind::Cycle, request.id)?;
        let mut edits = cx.edits(Kind::Cycle, cycle.id, CycleField::number, &request.edits)?;
        edits.extend(cycle.kept());
        // Whoever writes new words for its own cause keeps it, though somebody removed it from among the causes.
        let words = edits
            .iter()
            .rfind(|edit| (edit.kind, edit.field) == (Kind::Cycle, CycleField::Cause.number()));
        if words.is_some_and(|edit| !edit.value.is_null() && edit.value != *cycle.value("cause")) {
            let own = record(w.conn(), Kind::Cause, cause_record(cycle.id))?;
            edits.extend(own.and_then(|own| own.kept()));
        }
        cx.save(
            w,
            cycle.scope,
            SaveKind::Edit,
            request.reason.as_deref(),
            edits,
        )?;
        Ok(SavedRecord { id: cycle.id })
    })
}

/// The cycles of a place, or of all places seen, open ones first.
pub fn cycles(cx: &Cx<'_>, request: ListCycles) -> Result<Vec<CycleSummary>> {
    let order = "ORDER BY coalesce(status, 'open') DESC, opened DESC, id";
    let found = cx.store().read(|conn| match request.place {
        Some(place) => records(
            conn,
            Kind::Cycle,
            &format!("place = ?1 {order}"),
            &[place.as_bytes()],
        ),
        None => records(conn, Kind::Cycle, &format!("1 = 1 {order}"), &[]),
    })?;
    found
        .iter()
        .map(|record| view::summary(cx, record))
        .collect()
}

/// A cycle with all its parts.
pub fn cycle(cx: &Cx<'_>, request: ById) -> Result<CycleDetail> {
    let record = cx
        .store()
        .read(|conn| existing(conn, Kind::Cycle, request.id))?;
    view::detail(cx, &record)
}

/// The field numbers that parts are edited by.
pub(crate) trait PartField: Copy {
    /// The kind whose field it is.
    const KIND: Kind;
    /// The field that names the cycle.
    const CYCLE: u16;
    /// Its number in the registry.
    fn number(self) -> u16;
    /// Whether people may change it once the record is made.
    fn editable(self) -> bool;
}

macro_rules! part_fields {
    ($($kind:ident: $field:ident, fixed $($fixed:ident),*;)*) => { $(
        impl PartField for $field {
            const KIND: Kind = Kind::$kind;
            const CYCLE: u16 = $field::Cycle as u16;
            fn number(self) -> u16 { $field::number(self) }
            fn editable(self) -> bool { !matches!(self, $($field::$fixed)|*) }
        }
    )* };
}

part_fields! {
    TeamMember: TeamMemberField, fixed Cycle;
    CycleMeasure: CycleMeasureField, fixed Cycle;
    Idea: IdeaField, fixed Cycle;
    Trial: TrialField, fixed Cycle, Decided;
    Progress: ProgressField, fixed Cycle, Day;
    Observation: ObservationField, fixed Cycle;
    Photo: PhotoField, fixed Cycle, Trial, Observation, Picture, Day, Visit, List, Item, Round;
    Lesson: LessonField, fixed Cycle, State, Copied;
    Recheck: RecheckField, fixed Cycle, Trial, Months, Indicator, Day, Holding, Reason, Chart;
    Cause: CauseField, fixed Cycle;
    Driver: DriverField, fixed Cycle;
    Evidence: EvidenceField, fixed Cycle;
}

/// A new comment: its record, and its own fields.
pub(crate) fn new_comment(
    cx: &Cx<'_>,
    w: &mut Writer<'_>,
    (scope, about): (ScopeId, RecordId),
    text: &str,
    day: Value,
) -> Result<(RecordId, Vec<Edit>)> {
    let id = w.new_record()?;
    let field = |field: CommentField, value| edit(Kind::Comment, id, field.number(), value);
    let said = cx.sealed(w, said(scope, id), text)?;
    let edits = vec![
        field(CommentField::About, Value::Ref(about)),
        field(CommentField::Said, said),
        field(CommentField::Day, day),
    ];
    Ok((id, edits))
}

/// Where the words of a comment stand.
pub(crate) fn said(scope: ScopeId, comment: RecordId) -> SealedField {
    SealedField {
        scope,
        kind: Kind::Comment,
        record: comment,
        field: CommentField::Said.number(),
    }
}

/// Where a stored trial stands.
pub fn step_of(trial: &crate::records::queries::Record) -> domain::trial::Step {
    parts::progress_of(trial).step()
}
