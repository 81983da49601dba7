//! Templates that places write: made from a cycle that was closed, or going on from another template. One of a district or of
//! the nation reaches every place below with the exchange; what a place makes of it is a record of its own, which nothing
//! from above writes over.

use domain::catalog::{self, Area};
use domain::ids::RecordId;
use domain::registry::{Kind, TemplateField};
use domain::template;
use domain::text::Language;
use domain::trial::Decision;
use domain::value::Value;
use serde::{Deserialize, Serialize};
use store::Edit;
use sync::log::SaveKind;

use crate::commands::Nothing;
use crate::cx::Cx;
use crate::cycles::{self, ById};
use crate::error::{AppError, Result};
use crate::permissions::may_change;
use crate::records::queries::{Record, existing, records};
use crate::records::{FieldEdit, RecordMeta, SavedRecord, edit, placed};

/// Makes a template out of a cycle.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct TemplateFromCycle {
    /// The cycle.
    #[ts(type = "string")]
    pub cycle: RecordId,
    /// Why, when somebody else's team is written for.
    pub reason: Option<String>,
}

/// Makes a place's own variant of a template.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct TemplateVariant {
    /// Whose it will be.
    #[ts(type = "string")]
    pub place: RecordId,
    /// The template that it goes on from: the name of a shipped one, or the record of another place's.
    pub of: String,
    /// The language in which a shipped template's words are taken over.
    pub language: Language,
    /// Why, when somebody else's team is written for.
    pub reason: Option<String>,
}

/// Edits a template.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SaveTemplate {
    /// The template.
    #[ts(type = "string")]
    pub id: RecordId,
    /// What changes.
    pub edits: Vec<FieldEdit<TemplateField>>,
    /// Why, when there is something to say.
    pub reason: Option<String>,
}

/// A template that a place wrote.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct PlaceTemplate {
    /// What every record shows.
    pub meta: RecordMeta,
    /// Whose.
    #[ts(type = "string")]
    pub place: RecordId,
    /// That place's name.
    pub place_name: String,
    /// Whether everyone was given it, or the places below a district: country, region, district or facility.
    pub level: String,
    /// Which version of it this is; one more with each change.
    pub version: u32,
    /// What it goes on from, as people call it.
    pub base: Option<String>,
    /// Service area.
    pub area: Option<Area>,
    /// Its name.
    pub name: String,
    /// What is wrong, and how it is known.
    pub problem: String,
    /// The aim: for whom.
    pub aim_who: String,
    /// The aim: what they will receive or do.
    pub aim_what: String,
    /// Indicator codes, the main one first.
    pub measures: Vec<String>,
    /// Likely causes.
    pub causes: Vec<String>,
    /// Change ideas.
    pub ideas: Vec<String>,
    /// Where they were tested, and what shows it.
    pub sources: Vec<String>,
    /// Whether whoever is inside may change it.
    pub writable: bool,
}

/// Every template of places seen here: the own first, then those from above.
pub fn place_templates(cx: &Cx<'_>, _: Nothing) -> Result<Vec<PlaceTemplate>> {
    let found = cx
        .store()
        .read(|conn| records(conn, Kind::Template, "1 = 1 ORDER BY name, id", &[]))?;
    let mut all = found
        .iter()
        .map(|record| shown(cx, record))
        .collect::<Result<Vec<_>>>()?;
    all.sort_by_key(|one| !one.writable);
    Ok(all)
}

/// One of them.
pub fn place_template(cx: &Cx<'_>, request: ById) -> Result<PlaceTemplate> {
    let record = cx
        .store()
        .read(|conn| existing(conn, Kind::Template, request.id))?;
    shown(cx, &record)
}

/// The lines of a field that holds several texts.
pub(crate) fn lines(record: &Record, field: &str) -> Vec<String> {
    let text = record.text(field).unwrap_or_default();
    let lines = text.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

fn shown(cx: &Cx<'_>, record: &Record) -> Result<PlaceTemplate> {
    let place = record.scope.place();
    let whose = cx.place(place).ok();
    let text = |field| record.text(field).unwrap_or_default();
    Ok(PlaceTemplate {
        meta: cx.meta(record)?,
        place,
        level: whose
            .as_ref()
            .map(|it| it.level.clone())
            .unwrap_or_default(),
        place_name: whose.map(|it| it.name).unwrap_or_default(),
        version: record.number("version").map_or(1, |number| number as u32),
        base: match record.text("base") {
            Some(base) => named(cx, &base)?,
            None => None,
        },
        area: record
            .text("area")
            .and_then(|word| serde_json::from_value(word.into()).ok()),
        name: text("name"),
        problem: text("problem"),
        aim_who: text("aim_who"),
        aim_what: text("aim_what"),
        measures: lines(record, "measures"),
        causes: lines(record, "causes"),
        ideas: lines(record, "ideas"),
        sources: lines(record, "sources"),
        writable: may_change(cx, record.scope)?,
    })
}

/// What people call a template: a shipped one by its name, another place's by its name and place.
fn named(cx: &Cx<'_>, base: &str) -> Result<Option<String>> {
    if let Some(shipped) = template::template(base) {
        return Ok(Some(shipped.name.get(cx.language()?).to_owned()));
    }
    let Ok(id) = base.parse::<RecordId>() else {
        return Ok(None);
    };
    let found = cx
        .store()
        .read(|conn| crate::records::queries::record(conn, Kind::Template, id))?;
    Ok(found.map(|record| {
        let place = cx.place(record.scope.place()).map(|it| it.name);
        let parts = [record.text("name"), place.ok()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }))
}

/// What a template says, field by field.
type Said = Vec<(TemplateField, Value)>;

fn joined(lines: impl IntoIterator<Item = String>) -> Value {
    Value::text(&lines.into_iter().collect::<Vec<_>>().join("\n"))
}

fn make(cx: &Cx<'_>, place: RecordId, said: &Said, reason: Option<&str>) -> Result<SavedRecord> {
    let scope = cx.scope_of(place)?;
    cx.write(|w| {
        let id = w.new_record()?;
        let field = |field: TemplateField, value| edit(Kind::Template, id, field.number(), value);
        let mut edits: Vec<Edit> = vec![
            field(TemplateField::Place, Value::Ref(place)),
            field(TemplateField::Version, Value::Int(1)),
        ];
        let told = said.iter().filter(|(_, value)| !value.is_null());
        edits.extend(told.map(|(it, value)| field(*it, value.clone())));
        cx.save(w, scope, SaveKind::Edit, reason, edits)?;
        Ok(SavedRecord { id })
    })
}

/// Makes a template out of a cycle: what proved right comes first. Causes that were ruled out and ideas that were abandoned
/// are left out; what shows the rest is taken from its lessons.
pub fn template_from_cycle(cx: &Cx<'_>, request: TemplateFromCycle) -> Result<SavedRecord> {
    let detail = cycles::cycle(cx, ById { id: request.cycle })?;
    let cycle = &detail.cycle;
    let fate = |idea: RecordId| {
        let of_idea = detail
            .trials
            .iter()
            .filter(|trial| trial.idea == Some(idea));
        of_idea.filter_map(|trial| trial.decision).next_back()
    };
    let mut ideas: Vec<_> = detail
        .ideas
        .iter()
        .filter(|idea| fate(idea.meta.id) != Some(Decision::Abandon))
        .collect();
    ideas.sort_by_key(|idea| fate(idea.meta.id) != Some(Decision::Adopt));
    let mut causes: Vec<_> = detail
        .causes
        .iter()
        .filter(|cause| cause.standing != domain::cause::CauseStanding::RuledOut)
        .collect();
    causes.sort_by_key(|cause| !cause.main);
    let sources = detail.lessons.iter().filter_map(|lesson| {
        let said = [
            lesson.title.clone(),
            lesson.tried.clone(),
            lesson.evidence.clone(),
        ];
        let said: Vec<String> = said
            .iter()
            .flatten()
            .map(|part| part.trim_end_matches(['.', ' ']).replace('\n', " "))
            .collect();
        // A dash is read alike in both languages, a colon is not.
        (!said.is_empty()).then(|| said.join(" – "))
    });
    let text = |text: &Option<String>| Value::text(text.as_deref().unwrap_or_default());
    let said = vec![
        (TemplateField::Cycle, Value::Ref(cycle.meta.id)),
        (TemplateField::Base, text(&cycle.template)),
        (TemplateField::Area, text(&cycle.area)),
        (TemplateField::Name, text(&cycle.title)),
        (TemplateField::Problem, text(&cycle.problem)),
        (TemplateField::AimWho, text(&cycle.aim_who)),
        (TemplateField::AimWhat, text(&cycle.aim_what)),
        (
            TemplateField::Measures,
            joined(detail.measures.iter().map(|one| one.indicator.clone())),
        ),
        (
            TemplateField::Causes,
            joined(causes.iter().filter_map(|one| one.text.clone())),
        ),
        (
            TemplateField::Ideas,
            joined(ideas.iter().filter_map(|one| one.text.clone())),
        ),
        (TemplateField::Sources, joined(sources)),
    ];
    make(cx, cycle.place.id, &said, request.reason.as_deref())
}

/// Makes a place's own variant of a template. The one that it goes on from stays as it is, and may change without it.
///
/// # Errors
/// `request-invalid` when there is no such template.
pub fn template_variant(cx: &Cx<'_>, request: TemplateVariant) -> Result<SavedRecord> {
    let base = (TemplateField::Base, Value::text(&request.of));
    let words = |words: &domain::text::Localized| words.get(request.language).to_owned();
    let said: Said = match template::template(&request.of) {
        Some(of) => vec![
            base,
            (TemplateField::Area, Value::text(of.area.word())),
            (TemplateField::Name, Value::text(&words(&of.name))),
            (TemplateField::Problem, Value::text(&words(&of.problem))),
            (TemplateField::AimWho, Value::text(&words(&of.aim_who))),
            (TemplateField::AimWhat, Value::text(&words(&of.aim_what))),
            (TemplateField::Measures, joined(of.measures.clone())),
            (
                TemplateField::Causes,
                joined(of.causes.iter().map(|it| words(&it.text))),
            ),
            (TemplateField::Ideas, joined(of.ideas.iter().map(words))),
            (TemplateField::Sources, joined(of.sources.iter().map(words))),
        ],
        None => {
            let id: RecordId = request
                .of
                .parse()
                .map_err(|_| AppError::new("request-invalid"))?;
            let of = cx.store().read(|conn| existing(conn, Kind::Template, id))?;
            let field = |field: TemplateField| {
                let name = Kind::Template
                    .field(field.number())
                    .map_or("", |it| it.name);
                (field, of.value(name).clone())
            };
            [
                TemplateField::Area,
                TemplateField::Name,
                TemplateField::Problem,
                TemplateField::AimWho,
                TemplateField::AimWhat,
                TemplateField::Measures,
                TemplateField::Causes,
                TemplateField::Ideas,
                TemplateField::Sources,
            ]
            .into_iter()
            .map(field)
            .chain([base])
            .collect()
        }
    };
    make(cx, request.place, &said, request.reason.as_deref())
}

/// Edits a template; its version is one more, so that whoever goes on from it sees that it changed.
///
/// # Errors
/// `template-without-name`; `indicator-unknown`; `request-invalid` when its place, origin or version is to be changed by hand.
pub fn save_template(cx: &Cx<'_>, request: SaveTemplate) -> Result<SavedRecord> {
    let mut edits = request.edits;
    for edit in &edits {
        let typed = edit.value.as_str().unwrap_or_default();
        match edit.field {
            TemplateField::Cycle | TemplateField::Base | TemplateField::Version => {
                return Err(AppError::new("request-invalid"));
            }
            TemplateField::Area if serde_json::from_value::<Area>(edit.value.clone()).is_err() => {
                return Err(AppError::new("request-invalid"));
            }
            TemplateField::Measures => {
                let codes = typed.lines().map(str::trim).filter(|code| !code.is_empty());
                if codes
                    .into_iter()
                    .any(|code| catalog::indicator(code).is_none())
                {
                    return Err(AppError::new("indicator-unknown"));
                }
            }
            _ => {}
        }
    }
    let stored = cx
        .store()
        .read(|conn| existing(conn, Kind::Template, request.id))?;
    let version = stored.number("version").unwrap_or(1.0) as i64 + 1;
    edits.push(FieldEdit {
        field: TemplateField::Version,
        value: version.into(),
        seen: cx.meta(&stored)?.seen.remove("version"),
    });
    let of = placed::Placed {
        kind: Kind::Template,
        id: Some(request.id),
        of: "place",
        owner: stored
            .reference("place")
            .ok_or_else(|| AppError::new("record-gone"))?,
        scope: stored.scope,
        reason: request.reason.as_deref(),
    };
    placed::save(
        cx,
        &of,
        TemplateField::number,
        &edits,
        |after| match after("name").is_null() {
            true => Err(AppError::new("template-without-name")),
            false => Ok(()),
        },
    )
}
