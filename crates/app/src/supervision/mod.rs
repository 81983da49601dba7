//! Supportive supervision: visits, the checklists that they are made with, how these are walked through, and the files in which
//! other programs have theirs.

mod asked;
mod board;
mod photos;
pub mod queries;
mod recounts;
mod visits;

use std::borrow::Cow;

use domain::checklist::route::{Stop, stops};
use domain::checklist::{Checklist, ChoiceList};
use domain::registry::Kind;
use exchange::xlsform::{self, Form, NoForm, Notice};
use report::sheet::{Cell, Column, Sheet};
use serde::{Deserialize, Serialize};

use crate::checklists::{ChecklistLine, of};
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::import::{ExportResult, decode, unreadable};
use crate::records::queries::Record;

pub use asked::{Compared, Visit, VisitBefore, VisitList, VisitPart, VisitQuestion, visit};
pub(crate) use board::upcoming;
pub use board::{
    BoardOf, Coverage, CoverageLine, PlaceToVisit, VisitBoard, VisitScore, VisitSummary,
    VisitsHere, VisitsOf, visit_board, visits_of,
};
pub use photos::{AddVisitPhoto, VisitPhoto, add_visit_photo};
pub use recounts::{Recount, SaveRecount, recount_record, save_recount};
pub use visits::{
    ANSWERS, BeginVisit, CloseVisit, RemoveFromVisit, ReturnVisit, SaveAnswer, SaveVisit, VISITS,
    answer_record, begin_visit, close_visit, remove_from_visit, return_visit, save_answer,
    save_visit,
};

/// What an answer answers, in the language of the interface; empty where its checklist is not known here.
pub(crate) fn asks(cx: &Cx<'_>, answer: &Record) -> Result<String> {
    let Some(visit) = answer.reference("visit") else {
        return Ok(String::new());
    };
    let Some(visit) = cx
        .store()
        .read(|conn| crate::records::queries::record(conn, Kind::Visit, visit))?
    else {
        return Ok(String::new());
    };
    let (of, item) = (answer.text("list"), answer.text("item"));
    let language = cx.language()?;
    let known = asked::lists(cx, &visit)?;
    let found = known
        .iter()
        .filter_map(|known| known.list.as_deref())
        .filter(|list| of.as_ref().is_none_or(|code| *code == list.code))
        .flat_map(|list| &list.items)
        .find(|asked| {
            let key = of.is_none().then_some(asked.shared.as_deref()).flatten();
            Some(key.unwrap_or(&asked.code)) == item.as_deref()
        });
    Ok(found.map_or_else(String::new, |item| item.text.get(language).to_owned()))
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
    /// The version; the latest without.
    #[serde(default)]
    #[ts(optional, as = "Option<String>")]
    pub version: Option<String>,
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

/// Looks at a form of another program, and keeps nothing of it.
pub fn look_form(_: &Cx<'_>, request: LookForm) -> Result<LookedForm> {
    let name = request
        .file
        .rsplit_once('.')
        .map_or(&*request.file, |(name, _)| name);
    let form = look(&decode(&request.bytes)?, name)?;
    Ok(LookedForm {
        line: ChecklistLine::of(&form.checklist, None),
        languages: form.languages,
        notices: form.notices,
        stops: stops(&[&form.checklist]),
        lists: form.checklist.lists,
    })
}

/// The way through the facility for some checklists: place after place, what several of them ask asked once.
pub fn checklist_stops(cx: &Cx<'_>, request: OfChecklists) -> Result<Vec<Stop>> {
    let lists: Vec<Cow<'_, Checklist>> = request
        .codes
        .iter()
        .map(|code| of(cx, code, None))
        .collect::<Result<_>>()?;
    Ok(stops(&lists.iter().map(|list| &**list).collect::<Vec<_>>()))
}

/// The way through the facility for one checklist in the version that is named.
pub fn checklist_version_stops(cx: &Cx<'_>, request: OfChecklist) -> Result<Vec<Stop>> {
    let list = of(cx, &request.code, request.version.as_deref())?;
    Ok(stops(&[&list]))
}

/// Writes a checklist as an XLSForm, for Kobo and ODK.
pub fn export_checklist(cx: &Cx<'_>, request: OfChecklist) -> Result<ExportResult> {
    let list = of(cx, &request.code, request.version.as_deref())?;
    let title = list.title.get(cx.language()?).to_owned();
    Ok(ExportResult {
        path: cx.export_book(&format!("{title} xlsform"), title, sheets(&list))?,
        values: list.items.len() as u32,
    })
}

/// A checklist as the bytes of an XLSForm.
pub fn workbook(cx: &Cx<'_>, code: &str) -> Result<Vec<u8>> {
    let list = of(cx, code, None)?;
    cx.book(list.title.get(cx.language()?).to_owned(), sheets(&list))
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
