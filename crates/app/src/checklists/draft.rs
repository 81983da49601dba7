//! Checklists that are being written. A draft is kept row by row, so that each change writes what changed alone; giving it
//! out makes a record of its own of it, and the draft goes.

use std::collections::{BTreeSet, HashMap};

use domain::checklist::check::findings;
use domain::checklist::{Bands, Checklist, MOST_ITEMS, Scoring, Section};
use domain::ids::RecordId;
use domain::registry::{ChecklistPartField, Kind};
use domain::text::Localized;
use domain::value::Value;
use serde::{Deserialize, Serialize};
use store::{Edit, Writer};
use sync::log::SaveKind;

use super::{
    Field, Named, age, can_be_critical, code_of, content, field_of, give_out, head, of, part,
    queries, rows, said, texts, whole, writable, written,
};
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::records::queries::{Record, existing};
use crate::records::{SavedRecord, edit, removing};

/// The longest row: a text pasted by mistake is refused with a sentence.
const LONGEST: usize = 60_000;

/// Begins a checklist.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct MakeChecklist {
    /// Whose it will be.
    #[ts(type = "string")]
    pub place: RecordId,
    /// The code of the checklist that it goes on from; none for an empty one.
    pub of: Option<String>,
    /// Whether it will be another version of that one, and not another checklist.
    pub next: bool,
    /// Its name; that of what it goes on from where none is said.
    pub title: Option<Localized>,
}

/// A draft, by its record.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct OfDraft {
    /// The record.
    #[ts(type = "string")]
    pub id: RecordId,
}

/// A draft as it stands.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Draft {
    /// The record.
    #[ts(type = "string")]
    pub id: RecordId,
    /// Whose.
    #[ts(type = "string")]
    pub place: RecordId,
    /// What it asks.
    pub checklist: Checklist,
    /// The names of questions, sections and choices in the versions that were given out: a visit may have been made with them, so
    /// nothing else is ever called so.
    pub taken: Vec<String>,
    /// The sign of what stands, to be sent back with a change.
    pub seen: String,
    /// Whether whoever is inside may change it.
    pub writable: bool,
}

/// Keeps a draft as it stands on the screen.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct KeepDraft {
    /// The record.
    #[ts(type = "string")]
    pub id: RecordId,
    /// What it asks now.
    pub checklist: Checklist,
    /// The sign of what stood when the change was made.
    pub seen: String,
}

/// A draft that was kept.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct KeptDraft {
    /// The sign of what stands now.
    pub seen: String,
}

/// Begins a checklist: an empty one, one that goes on from another, or the next version of one. Where that is being written
/// already, that draft.
///
/// # Errors
/// `checklist-unknown`; `checklist-without-name`.
pub fn make_checklist(cx: &Cx<'_>, request: MakeChecklist) -> Result<SavedRecord> {
    let mut list = match &request.of {
        Some(code) => of(cx, code, None)?.into_owned(),
        None => empty(),
    };
    let base = request
        .of
        .as_ref()
        .map(|_| format!("{} {}", list.code, list.version));
    let scope = cx.scope_of(request.place)?;
    if request.next {
        let own = |it: &Record| it.scope == scope && it.text("code").as_ref() == Some(&list.code);
        let all = whole(cx)?;
        if let Some(draft) = all
            .iter()
            .find(|it| own(it) && it.text("version").is_none())
        {
            return Ok(SavedRecord { id: draft.id });
        }
        let last = all.iter().filter(|it| own(it)).max_by_key(|it| age(it));
        // As it was written, and not as it is shown where one language has nothing.
        list.title = written(last.ok_or_else(|| AppError::new("request-invalid"))?);
    }
    if let Some(title) = request.title {
        list.title = title;
    }
    if list.title.fr.trim().is_empty() && list.title.en.trim().is_empty() {
        return Err(AppError::new("checklist-without-name"));
    }
    cx.write(|w| {
        let id = w.new_record()?;
        let code = match request.next {
            true => list.code.clone(),
            false => code_of(&list.title.fr, id),
        };
        let named = Named {
            place: request.place,
            code: Some(&code),
            base: base.as_deref(),
            form: None,
        };
        let mut edits = head(id, &named, &list)?;
        edits.push(field_of(id)(Field::Code, Value::text(&code)));
        cx.save(w, scope, SaveKind::Edit, None, edits)?;
        let lines = rows::lines(&list)?;
        let places = rows::places(&vec![None; lines.len()]);
        for some in lines.into_iter().zip(places).collect::<Vec<_>>().chunks(50) {
            let mut edits = Vec::new();
            for (line, place) in some {
                edits.extend(part(w.new_record()?, id, *place, vec![line.text.clone()]));
            }
            cx.save(w, scope, SaveKind::Edit, None, edits)?;
        }
        Ok(SavedRecord { id })
    })
}

fn empty() -> Checklist {
    Checklist {
        code: String::new(),
        version: String::new(),
        title: Localized::new("", ""),
        area: None,
        sections: vec![Section {
            key: "s1".to_owned(),
            title: Localized::new("Première partie", "First part"),
            within: None,
            station: None,
            relevant: None,
            rounds: None,
        }],
        items: Vec::new(),
        lists: Vec::new(),
        scoring: Scoring::Pooled,
        bands: Bands::default(),
    }
}

/// A draft by its record.
fn draft(cx: &Cx<'_>, id: RecordId) -> Result<Record> {
    let record = cx
        .store()
        .read(|conn| existing(conn, Kind::ChecklistVersion, id))?;
    match (record.is_deleted(), record.text("version")) {
        (false, None) => Ok(record),
        (true, _) => Err(AppError::new("record-gone")),
        (false, Some(_)) => Err(AppError::new("checklist-given-out")),
    }
}

/// A draft as it stands.
///
/// # Errors
/// `record-gone` when there is none any more; `checklist-given-out`.
pub fn checklist_draft(cx: &Cx<'_>, request: OfDraft) -> Result<Draft> {
    let record = draft(cx, request.id)?;
    let checklist = content(cx, &record)?;
    Ok(Draft {
        id: record.id,
        place: record.scope.place(),
        taken: taken(cx, &checklist.code)?,
        seen: seen(&checklist)?,
        checklist,
        writable: writable(cx, record.scope)?,
    })
}

/// Every name in the versions of a code.
fn taken(cx: &Cx<'_>, code: &str) -> Result<Vec<String>> {
    let versions = cx.store().read(|conn| queries::of_code(conn, code))?;
    let mut names: BTreeSet<String> = BTreeSet::new();
    for version in versions.iter().filter(|it| it.text("version").is_some()) {
        let list = content(cx, version)?;
        names.extend(list.sections.into_iter().map(|section| section.key));
        names.extend(list.items.into_iter().map(|item| item.code));
        let choices = list.lists.into_iter().flat_map(|it| it.choices);
        names.extend(choices.map(|choice| choice.name));
    }
    Ok(names.into_iter().collect())
}

/// The sign of what a draft asks.
fn seen(list: &Checklist) -> Result<String> {
    Ok(RecordId::natural(&[rows::text(list)?.as_bytes()]).to_string())
}

/// Keeps a draft as it stands on the screen. What did not change is not written.
///
/// # Errors
/// `checklist-changed` when another one stands than whoever writes had before them; `checklist-too-many`, `text-too-long`.
pub fn save_checklist_draft(cx: &Cx<'_>, request: KeepDraft) -> Result<KeptDraft> {
    let record = draft(cx, request.id)?;
    let stored = content(cx, &record)?;
    if seen(&stored)? != request.seen {
        return Err(AppError::new("checklist-changed"));
    }
    let mut list = Checklist {
        code: stored.code,
        version: stored.version,
        ..request.checklist
    };
    if list.items.len() > MOST_ITEMS || list.sections.len() > MOST_ITEMS {
        return Err(AppError::new("checklist-too-many").with("most", MOST_ITEMS));
    }
    for item in &mut list.items {
        item.critical = item.critical && can_be_critical(&item.answer);
    }
    let lines = rows::lines(&list)?;
    if let Some(line) = lines.iter().find(|line| line.text.len() > LONGEST) {
        let length = line.text.len();
        return Err(AppError::new("text-too-long")
            .with("field", "checklist")
            .with("length", length)
            .with("most", LONGEST));
    }
    cx.write(|w| {
        let mut edits = said(record.id, &list)?;
        let (others, gone) = changed(w, record.id, &lines)?;
        edits.extend(others);
        cx.save(w, record.scope, SaveKind::Edit, None, edits)?;
        w.rewrite(true);
        cx.save(w, record.scope, SaveKind::Edit, None, gone)?;
        Ok(())
    })?;
    let stands = content(cx, &draft(cx, request.id)?)?;
    Ok(KeptDraft {
        seen: seen(&stands)?,
    })
}

/// The edits that make the stored rows of a draft these, and those that take away what it no longer has.
fn changed(
    w: &mut Writer<'_>,
    id: RecordId,
    lines: &[rows::Line],
) -> Result<(Vec<Edit>, Vec<Edit>)> {
    let parts = queries::parts(w.conn(), id)?;
    let mut known: HashMap<String, Vec<&Record>> = HashMap::new();
    // The first of several is taken first, from the end. What a newer version wrote stays.
    for part in parts.iter().rev() {
        if let Some(key) = texts(part).next().and_then(rows::key) {
            known.entry(key).or_default().push(part);
        }
    }
    let had: Vec<Option<&Record>> = lines
        .iter()
        .map(|line| known.get_mut(&line.key).and_then(Vec::pop))
        .collect();
    let place = |part: &Record| part.number("position").map(|at| at as i64);
    let places: Vec<Option<i64>> = had.iter().map(|had| had.and_then(place)).collect();
    let mut edits: Vec<Edit> = Vec::new();
    for ((line, had), at) in lines.iter().zip(had).zip(rows::places(&places)) {
        let Some(had) = had else {
            edits.extend(part(w.new_record()?, id, at, vec![line.text.clone()]));
            continue;
        };
        let field = |field: ChecklistPartField, value| {
            edit(Kind::ChecklistPart, had.id, field.number(), value)
        };
        if place(had) != Some(at) {
            edits.push(field(ChecklistPartField::Position, Value::Int(at)));
        }
        if texts(had).next() != Some(&line.text) {
            let rows = Value::List(vec![Value::Text(line.text.clone())]);
            edits.push(field(ChecklistPartField::Rows, rows));
        }
        edits.extend(had.kept());
    }
    let gone = known.into_values().flatten().flat_map(removing).collect();
    Ok((edits, gone))
}

/// Gives a draft out as a version of its own; the draft goes.
///
/// # Errors
/// `checklist-not-ready` with how many things keep it back.
pub fn publish_checklist(cx: &Cx<'_>, request: OfDraft) -> Result<SavedRecord> {
    let record = draft(cx, request.id)?;
    let list = content(cx, &record)?;
    let found = findings(&list, cx.local(cx.now_ms).naive_local());
    let blocking = found.iter().filter(|one| one.blocks).count();
    if blocking > 0 {
        return Err(AppError::new("checklist-not-ready").with("count", blocking));
    }
    let (code, base) = (record.text("code"), record.text("base"));
    cx.write(|w| {
        let named = Named {
            place: record.scope.place(),
            code: code.as_deref(),
            base: base.as_deref(),
            form: None,
        };
        let (id, ..) = give_out(cx, w, &list, &named)?;
        let mut gone = removing(&record);
        for part in queries::parts(w.conn(), record.id)? {
            gone.extend(removing(&part));
        }
        w.rewrite(true);
        cx.save(w, record.scope, SaveKind::Edit, None, gone)?;
        Ok(SavedRecord { id })
    })
}
