//! Checklists as data: those that ship, those that a district or the nation had from files or wrote, in their versions, and
//! those that are still being written.
//!
//! What is given out is a record with parts that nobody writes again; a draft is another one. So a visit that was made with a version
//! finds it as it was, whatever a laptop that was long away still sends of the draft.

mod draft;
mod imported;
mod queries;
mod rows;
mod tried;

use std::borrow::Cow;
use std::collections::HashMap;

use domain::checklist::{AnswerType, Checklist, shipped};
use domain::ids::{RecordId, ScopeId};
use domain::registry::{ChecklistPartField, ChecklistVersionField as Field, Kind};
use domain::text::Localized;
use domain::value::{Value, date_value};
use serde::{Deserialize, Serialize};
use store::{Edit, Writer};
use sync::log::SaveKind;

use crate::commands::Nothing;
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::permissions::may_change_kind;
use crate::records::queries::{Record, existing};
use crate::records::{SavedRecord, edit, shorten};

pub use draft::{
    Draft, KeepDraft, KeptDraft, MakeChecklist, OfDraft, checklist_draft, make_checklist,
    publish_checklist, save_checklist_draft,
};
pub use imported::{ImportForm, ImportedForm, import_form, keep};
pub use tried::{Tried, TriedAnswer, TriedStep, TryChecklist, try_checklist};

/// A checklist in the list of those from which a visit is made up.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ChecklistLine {
    /// Its code.
    pub code: String,
    /// Its version.
    pub version: String,
    /// Its name.
    pub title: Localized,
    /// How many items it has.
    pub items: u32,
    /// How many of them are critical.
    pub critical: u32,
    /// The name of the place that it is of; none for one that ships.
    pub place: Option<String>,
}

impl ChecklistLine {
    /// The line of a checklist.
    pub fn of(list: &Checklist, place: Option<String>) -> Self {
        Self {
            code: list.code.clone(),
            version: list.version.clone(),
            title: list.title.clone(),
            items: list.items.len() as u32,
            critical: critical(list),
            place,
        }
    }
}

fn critical(list: &Checklist) -> u32 {
    list.items.iter().filter(|item| item.critical).count() as u32
}

/// A version of a stored checklist, or a draft.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct StoredChecklist {
    /// The record.
    #[ts(type = "string")]
    pub id: RecordId,
    /// Whose.
    #[ts(type = "string")]
    pub place: RecordId,
    /// That place's name.
    pub place_name: String,
    /// Its code.
    pub code: String,
    /// Its version; none for a draft.
    pub version: Option<String>,
    /// Its name.
    pub title: Localized,
    /// How many items it has.
    pub items: u32,
    /// How many of them are critical.
    pub critical: u32,
    /// What it goes on from, as people call it.
    pub base: Option<Localized>,
    /// What the file that it was read from calls itself.
    pub form: Option<String>,
    /// The day on which it was given out, ISO.
    pub published: Option<String>,
    /// The day from which on no visit is begun with it, ISO.
    pub retired: Option<String>,
    /// Whether it is the latest of its code.
    pub latest: bool,
    /// Who made it.
    pub author: String,
    /// Whether whoever is inside may change it.
    pub writable: bool,
}

/// A checklist in one of its versions.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct OfVersion {
    /// Its code.
    pub code: String,
    /// Its version; the latest without.
    pub version: Option<String>,
}

/// Gives a checklist another name.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct RenameChecklist {
    /// The version's record.
    #[ts(type = "string")]
    pub id: RecordId,
    /// The name.
    pub title: Localized,
}

/// Says that no more visits are begun with a checklist, or that they are again.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct RetireChecklist {
    /// The version's record.
    #[ts(type = "string")]
    pub id: RecordId,
    /// Whether no more are.
    pub retired: bool,
}

/// The versions that are here whole, in the order in which they came about.
fn whole(cx: &Cx<'_>) -> Result<Vec<Record>> {
    let (mut found, arrived) = cx
        .store()
        .read(|conn| Ok::<_, AppError>((queries::versions(conn)?, queries::arrived(conn)?)))?;
    found.retain(|record| is_whole(record, &arrived));
    Ok(found)
}

fn is_whole(record: &Record, arrived: &HashMap<RecordId, i64>) -> bool {
    let here = arrived.get(&record.id).copied().unwrap_or(0);
    record.text("version").is_none() || record.number("parts") == Some(here as f64)
}

/// The number of a version, as people count them: what stands before the sign by which two of one number are told apart.
fn number(version: &str) -> u32 {
    let digits = version.split('-').next().unwrap_or_default();
    digits.parse().unwrap_or(0)
}

/// By what the versions of a code are ordered.
fn age(record: &Record) -> (u32, String, RecordId) {
    let version = record.text("version").unwrap_or_default();
    (number(&version), version, record.id)
}

/// The latest version of each code that was given out.
fn latest(found: &[Record]) -> HashMap<String, RecordId> {
    let mut best: HashMap<String, &Record> = HashMap::new();
    for record in found.iter().filter(|it| it.text("version").is_some()) {
        let code = record.text("code").unwrap_or_default();
        let known = best.entry(code).or_insert(record);
        if age(record) > age(known) {
            *known = record;
        }
    }
    best.into_iter().map(|(code, it)| (code, it.id)).collect()
}

/// The name as it was written; a language may have none.
fn written(record: &Record) -> Localized {
    let text = |field| record.text(field).unwrap_or_default();
    Localized::new(text("title_fr"), text("title_en"))
}

/// The name as it is shown.
fn title(record: &Record) -> Localized {
    let Localized { fr, en } = written(record);
    match (fr.is_empty(), en.is_empty()) {
        (true, false) => Localized::new(en.clone(), en),
        (false, true) => Localized::new(fr.clone(), fr),
        _ => Localized::new(fr, en),
    }
}

fn count(record: &Record, field: &str) -> u32 {
    record.number(field).map_or(0, |number| number as u32)
}

/// The checklists from which a visit can be made up: those that ship, then the latest version of each that a place gave out and
/// did not take back.
pub fn all(cx: &Cx<'_>) -> Result<Vec<ChecklistLine>> {
    let mut lines: Vec<ChecklistLine> = shipped()
        .iter()
        .map(|list| ChecklistLine::of(list, None))
        .collect();
    let found = whole(cx)?;
    let latest = latest(&found);
    let mut stored = Vec::new();
    for record in &found {
        let code = record.text("code").unwrap_or_default();
        let Some(version) = record.text("version") else {
            continue;
        };
        if latest.get(&code) != Some(&record.id) || record.day("retired").is_some() {
            continue;
        }
        stored.push(ChecklistLine {
            code,
            version,
            title: title(record),
            items: count(record, "items"),
            critical: count(record, "critical"),
            place: Some(place_name(cx, record)),
        });
    }
    stored.sort_by(|a, b| (&a.title.fr, &a.code).cmp(&(&b.title.fr, &b.code)));
    lines.extend(stored);
    Ok(lines)
}

fn place_name(cx: &Cx<'_>, record: &Record) -> String {
    let place = cx.place(record.scope.place());
    place.map(|place| place.name).unwrap_or_default()
}

/// A checklist, shipped or stored, in the version that is named, or else in its latest one.
///
/// # Errors
/// `checklist-unknown` when there is none, or it has not come here whole.
pub fn of(cx: &Cx<'_>, code: &str, version: Option<&str>) -> Result<Cow<'static, Checklist>> {
    let ships = shipped().iter().find(|list| list.code == code);
    if let Some(list) = ships.filter(|list| version.is_none_or(|named| named == list.version)) {
        return Ok(Cow::Borrowed(list));
    }
    let found = cx.store().read(|conn| {
        let mut found = queries::of_code(conn, code)?;
        let arrived = queries::arrived(conn)?;
        found.retain(|it| it.text("version").is_some() && is_whole(it, &arrived));
        found.retain(|it| version.is_none() || it.text("version").as_deref() == version);
        Ok::<_, AppError>(found)
    })?;
    let record = found.iter().max_by_key(|record| age(record));
    match record {
        Some(record) => Ok(Cow::Owned(content(cx, record)?)),
        None => Err(AppError::new("checklist-unknown").with("name", shorten(code))),
    }
}

/// What a version or a draft asks.
fn content(cx: &Cx<'_>, record: &Record) -> Result<Checklist> {
    let parts = cx.store().read(|conn| queries::parts(conn, record.id))?;
    let text = |field| record.text(field).unwrap_or_default();
    let called = match record.text("version") {
        Some(_) => title(record),
        None => written(record),
    };
    Ok(rows::read(
        (text("code"), text("version")),
        called,
        &text("head"),
        parts.iter().flat_map(texts),
    ))
}

/// The rows of a part.
fn texts(part: &Record) -> impl Iterator<Item = &str> {
    let rows: &[Value] = match part.value("rows") {
        Value::List(rows) => rows,
        _ => &[],
    };
    rows.iter().filter_map(Value::as_text)
}

/// The checklists of supervision visits.
pub fn checklists(cx: &Cx<'_>, _: Nothing) -> Result<Vec<ChecklistLine>> {
    all(cx)
}

/// A checklist with everything that it asks.
pub fn checklist(cx: &Cx<'_>, request: OfVersion) -> Result<Checklist> {
    Ok(of(cx, &request.code, request.version.as_deref())?.into_owned())
}

/// Every version of every stored checklist, and the drafts of those places for which whoever is inside may write them.
pub fn stored_checklists(cx: &Cx<'_>, _: Nothing) -> Result<Vec<StoredChecklist>> {
    let found = whole(cx)?;
    let latest = latest(&found);
    let mut all = Vec::new();
    for record in &found {
        let writable = writable(cx, record.scope)?;
        let version = record.text("version");
        if version.is_none() && !writable {
            continue;
        }
        let code = record.text("code").unwrap_or_default();
        all.push(StoredChecklist {
            id: record.id,
            place: record.scope.place(),
            place_name: place_name(cx, record),
            latest: latest.get(&code) == Some(&record.id),
            code,
            version,
            title: title(record),
            items: count(record, "items"),
            critical: count(record, "critical"),
            base: base(cx, record),
            form: record.text("form"),
            published: record.day("published"),
            retired: record.day("retired"),
            author: cx.meta(record)?.author,
            writable,
        });
    }
    Ok(all)
}

/// The name of what a checklist goes on from, where that is here.
fn base(cx: &Cx<'_>, record: &Record) -> Option<Localized> {
    let base = record.text("base")?;
    let (code, version) = base.split_once(' ')?;
    let found = of(cx, code, Some(version)).ok()?;
    Some(found.title.clone())
}

fn writable(cx: &Cx<'_>, scope: ScopeId) -> Result<bool> {
    Ok(may_change_kind(cx, Kind::ChecklistVersion, scope)? && cx.may_write(scope)?)
}

/// A version that was given out.
fn given_out(cx: &Cx<'_>, id: RecordId) -> Result<Record> {
    let record = cx
        .store()
        .read(|conn| existing(conn, Kind::ChecklistVersion, id))?;
    match record.text("version") {
        Some(_) => Ok(record),
        None => Err(AppError::new("request-invalid")),
    }
}

/// Gives a checklist that was given out another name. What it asks stays as it is.
///
/// # Errors
/// `checklist-without-name`.
pub fn rename_checklist(cx: &Cx<'_>, request: RenameChecklist) -> Result<SavedRecord> {
    let record = given_out(cx, request.id)?;
    let field = field_of(record.id);
    let title = &request.title;
    if title.fr.trim().is_empty() && title.en.trim().is_empty() {
        return Err(AppError::new("checklist-without-name"));
    }
    let edits = vec![
        field(
            Field::TitleFr,
            crate::records::text_value("title_fr", &title.fr)?,
        ),
        field(
            Field::TitleEn,
            crate::records::text_value("title_en", &title.en)?,
        ),
    ];
    cx.write(|w| {
        cx.save(w, record.scope, SaveKind::Edit, None, edits)?;
        Ok(SavedRecord { id: record.id })
    })
}

/// Says from today on that no more visits are begun with a checklist, or takes that back. Visits that were made with it stay.
pub fn retire_checklist(cx: &Cx<'_>, request: RetireChecklist) -> Result<SavedRecord> {
    let record = given_out(cx, request.id)?;
    let day = match request.retired {
        true => date_value(cx.today()),
        false => Value::Null,
    };
    let edits = vec![field_of(record.id)(Field::Retired, day)];
    cx.write(|w| {
        cx.save(w, record.scope, SaveKind::Edit, None, edits)?;
        Ok(SavedRecord { id: record.id })
    })
}

/// Refuses to remove what visits may have been made with.
///
/// # Errors
/// `checklist-given-out`.
pub(crate) fn removable(record: &Record) -> Result<()> {
    match record.kind == Kind::ChecklistVersion && record.text("version").is_some() {
        true => Err(AppError::new("checklist-given-out")),
        false => Ok(()),
    }
}

fn field_of(id: RecordId) -> impl Fn(Field, Value) -> Edit {
    move |field, value| edit(Kind::ChecklistVersion, id, field.number(), value)
}

/// A sign by which two things that bear the same name are told apart, wherever they were made.
fn sign(id: RecordId) -> String {
    let text = RecordId::natural(&[b"checklist", id.as_bytes()]).to_string();
    text.chars().rev().take(5).collect()
}

/// A code for a checklist, out of what it calls itself.
fn code_of(called: &str, id: RecordId) -> String {
    let mut code = String::new();
    for c in domain::text::fold(called).chars().take(40) {
        match c {
            'a'..='z' | '0'..='9' => code.push(c),
            _ if code.is_empty() || code.ends_with('-') => {}
            _ => code.push('-'),
        }
    }
    if !code.starts_with(|c: char| c.is_ascii_alphabetic()) {
        code.insert_str(0, "list-");
    }
    if !code.ends_with('-') {
        code.push('-');
    }
    code + &sign(id)
}

/// What a version is of, beside what it asks.
struct Named<'a> {
    place: RecordId,
    code: Option<&'a str>,
    base: Option<&'a str>,
    form: Option<&'a str>,
}

/// Gives out a checklist: as another version of its code, or under a code of its own. Its parts go first, each in a save of its
/// own, so that a slow line brings it little by little, and what it is last.
fn give_out(
    cx: &Cx<'_>,
    w: &mut Writer<'_>,
    list: &Checklist,
    named: &Named<'_>,
) -> Result<(RecordId, String, String)> {
    let scope = cx.scope_of(named.place)?;
    let id = w.new_record()?;
    let code = named.code.map_or_else(
        || code_of(named.form.unwrap_or(&list.title.fr), id),
        str::to_owned,
    );
    let before = queries::of_code(w.conn(), &code)?;
    let numbers = before.iter().filter_map(|it| it.text("version"));
    let next = numbers.map(|version| number(&version)).max().unwrap_or(0) + 1;
    let version = format!("{next}-{}", sign(id));
    let parts = rows::parts(rows::lines(list)?);
    let count = parts.len();
    for (position, rows) in (0..).zip(parts) {
        let edits = part(w.new_record()?, id, position, rows);
        cx.save(w, scope, SaveKind::Edit, None, edits)?;
    }
    let field = field_of(id);
    let mut edits = head(id, named, list)?;
    edits.extend([
        field(Field::Code, Value::text(&code)),
        field(Field::Version, Value::text(&version)),
        field(Field::Published, date_value(cx.today())),
        field(Field::Parts, Value::Int(count as i64)),
    ]);
    cx.save(w, scope, SaveKind::Edit, None, edits)?;
    Ok((id, code, version))
}

/// What a version says of itself, its code and version left aside.
fn head(id: RecordId, named: &Named<'_>, list: &Checklist) -> Result<Vec<Edit>> {
    let field = field_of(id);
    let mut edits = vec![field(Field::Place, Value::Ref(named.place))];
    edits.extend(said(id, list)?);
    let told = [(Field::Base, named.base), (Field::Form, named.form)];
    edits.extend(
        told.into_iter()
            .filter_map(|(it, text)| Some(field(it, Value::text(text?)))),
    );
    Ok(edits)
}

/// What a version says of itself by what it asks.
fn said(id: RecordId, list: &Checklist) -> Result<Vec<Edit>> {
    let field = field_of(id);
    let text = crate::records::text_value;
    Ok(vec![
        field(Field::TitleFr, text("title_fr", list.title.fr.trim())?),
        field(Field::TitleEn, text("title_en", list.title.en.trim())?),
        field(
            Field::Head,
            Value::text(&rows::text(&rows::Head::of(list))?),
        ),
        field(Field::Items, Value::Int(list.items.len() as i64)),
        field(Field::Critical, Value::Int(i64::from(critical(list)))),
    ])
}

/// The edits that make a part.
fn part(part: RecordId, of: RecordId, position: i64, rows: Vec<String>) -> Vec<Edit> {
    let field =
        |field: ChecklistPartField, value| edit(Kind::ChecklistPart, part, field.number(), value);
    let rows = rows.into_iter().map(Value::Text).collect();
    vec![
        field(ChecklistPartField::ChecklistVersion, Value::Ref(of)),
        field(ChecklistPartField::Position, Value::Int(position)),
        field(ChecklistPartField::Rows, Value::List(rows)),
    ]
}

/// Whether an item may be critical.
fn can_be_critical(answer: &AnswerType) -> bool {
    matches!(answer, AnswerType::YesNo | AnswerType::YesNoNa)
}
