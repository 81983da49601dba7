//! Supportive supervision: the checklists, how they are walked through, and the files in which other programs have theirs.

use domain::checklist::route::{Stop, stops};
use domain::checklist::{Checklist, ChoiceList, shipped};
use domain::text::Localized;
use exchange::xlsform::{self, Form, NoForm, Notice};
use report::sheet::{Cell, Column, Sheet};
use serde::{Deserialize, Serialize};

use crate::commands::Nothing;
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::import::{ExportResult, decode, unreadable};

/// A checklist in the list of them.
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
}

/// Some checklists, by their codes, in the order in which they are chosen.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct OfChecklists {
    /// The codes.
    pub codes: Vec<String>,
}

/// A checklist, by its code.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct OfChecklist {
    /// The code.
    pub code: String,
}

/// A form of another program, to be looked at.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct LookForm {
    /// The file's name.
    pub file: String,
    /// Its content, base64.
    pub bytes: String,
}

/// What a form came to.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct LookedForm {
    /// Its line among the checklists.
    pub line: ChecklistLine,
    /// The languages that its headings name.
    pub languages: Vec<String>,
    /// What was repaired, left out or could not be kept.
    pub notices: Vec<Notice>,
    /// Its questions.
    pub stops: Vec<Stop>,
    /// The lists that they choose from.
    pub lists: Vec<ChoiceList>,
}

/// The checklists that there are.
pub fn checklists(_: &Cx<'_>, _: Nothing) -> Result<Vec<ChecklistLine>> {
    Ok(shipped().iter().map(line).collect())
}

fn line(list: &Checklist) -> ChecklistLine {
    ChecklistLine {
        code: list.code.clone(),
        version: list.version.clone(),
        title: list.title.clone(),
        items: list.items.len() as u32,
        critical: list.items.iter().filter(|item| item.critical).count() as u32,
    }
}

/// Looks at a form of another program, and keeps nothing of it.
pub fn look_form(_: &Cx<'_>, request: LookForm) -> Result<LookedForm> {
    let name = request
        .file
        .rsplit_once('.')
        .map_or(&*request.file, |(name, _)| name);
    let form = look(&decode(&request.bytes)?, name)?;
    Ok(LookedForm {
        line: line(&form.checklist),
        languages: form.languages,
        notices: form.notices,
        stops: stops(&[&form.checklist]),
        lists: form.checklist.lists,
    })
}

/// The way through the facility for some checklists: place after place, what several of them ask asked once.
pub fn checklist_stops(_: &Cx<'_>, request: OfChecklists) -> Result<Vec<Stop>> {
    let lists: Vec<&Checklist> = request
        .codes
        .iter()
        .map(|code| of(code))
        .collect::<Result<_>>()?;
    Ok(stops(&lists))
}

/// Writes a checklist as an XLSForm, for Kobo and ODK.
pub fn export_checklist(cx: &Cx<'_>, request: OfChecklist) -> Result<ExportResult> {
    let list = of(&request.code)?;
    let title = list.title.get(cx.language()?).to_owned();
    Ok(ExportResult {
        path: cx.export_book(&format!("{title} xlsform"), title, sheets(list))?,
        values: list.items.len() as u32,
    })
}

/// A checklist as the bytes of an XLSForm.
pub fn workbook(cx: &Cx<'_>, code: &str) -> Result<Vec<u8>> {
    let list = of(code)?;
    cx.book(list.title.get(cx.language()?).to_owned(), sheets(list))
}

/// What a file would come to as a checklist.
pub fn look(bytes: &[u8], name: &str) -> Result<Form> {
    xlsform::read(bytes, name).map_err(|why| match why {
        NoForm::Unreadable(why) => unreadable(&why),
        NoForm::NoQuestions => AppError::new("checklist-no-questions"),
        NoForm::Empty => AppError::new("checklist-empty"),
        NoForm::TooMany => {
            AppError::new("checklist-too-many").with("most", domain::checklist::MOST_ITEMS)
        }
    })
}

fn of(code: &str) -> Result<&'static Checklist> {
    let mut lists = shipped().iter();
    let found = lists.find(|list| list.code == code);
    found.ok_or_else(|| {
        AppError::new("checklist-unknown").with("name", crate::records::shorten(code))
    })
}

fn sheets(list: &Checklist) -> Vec<Sheet> {
    let tables = xlsform::tables(list).into_iter();
    tables
        .map(|table| {
            let mut rows = table.rows.into_iter();
            let headings = rows.next().unwrap_or_default();
            let column = |heading: String| Column {
                width: if heading.contains("::") { 48.0 } else { 18.0 },
                heading: Cell::Text(heading),
            };
            let cell = |text: String| match text.is_empty() {
                true => Cell::Empty,
                false => Cell::Text(text),
            };
            Sheet {
                name: table.name.to_owned(),
                above: Vec::new(),
                columns: headings.into_iter().map(column).collect(),
                kept: 0,
                rows: rows
                    .map(|row| row.into_iter().map(cell).collect())
                    .collect(),
                below: Vec::new(),
                check: None,
            }
        })
        .collect()
}
