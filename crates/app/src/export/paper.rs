//! What a screen shows, on paper: the screen says what stands on the pages, in its own words, and hands its drawings over.

use chrono::DateTime;
use domain::ids::RecordId;
use report::document::{Block, Document, PaperForm};
use serde::Deserialize;

use super::file_name;
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::import::ExportResult;
use crate::sync_client::export_file;

/// Stands in the words of a page's number where the number comes.
const PAGE: &str = "\u{1}";
/// Stands there where the count of pages comes.
const PAGES: &str = "\u{2}";

/// A document to be kept as a file.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SavePaper {
    /// The place that it is about.
    #[ts(type = "string")]
    pub place: RecordId,
    /// What it is; the file is called so, and the foot of each page says it.
    pub name: String,
    /// As which file.
    pub form: PaperForm,
    /// Whether the pages lie on their long side.
    pub landscape: bool,
    /// Whether nothing on it says who made it, or when.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub unsigned: bool,
    /// What stands on them.
    pub blocks: Vec<Block>,
}

/// Writes a document into the folder of exports. Each page bears its number, who made it and on which day; of an unsigned one
/// neither its pages, nor what the file says of itself, nor its name tell.
pub fn save_paper(cx: &Cx<'_>, request: SavePaper) -> Result<ExportResult> {
    let place = cx.place(request.place)?.name;
    let author = cx.person(cx.author()?.person)?.0;
    let today = cx.today().format("%d/%m/%Y").to_string();
    let written = cx.say("book-written", &[("by", &author), ("day", &today)])?;
    let page = cx.say("paper-page", &[("page", PAGE), ("pages", PAGES)])?;
    let (before, rest) = page.split_once(PAGE).unwrap_or((&page, ""));
    let (between, after) = rest.split_once(PAGES).unwrap_or((rest, ""));
    let made = i64::try_from(cx.now_ms).unwrap_or(0);
    let called = format!("{place} {}", request.name);
    let foot = format!("{}, {place}.", request.name);
    let (name, foot, author, made) = match request.unsigned {
        true => (called, foot, String::new(), 0),
        false => {
            let name = format!("{called} {}", cx.today());
            (name, format!("{foot} {written}"), author, made)
        }
    };
    let name = file_name(&name);
    let document = Document {
        foot,
        title: request.name,
        author,
        made: DateTime::from_timestamp_millis(made).unwrap_or_default(),
        language: cx.language()?,
        page: [before, between, after].map(str::to_owned),
        landscape: request.landscape,
        blocks: request.blocks,
    };
    let bytes = (cx.around.press)(request.form, &document).map_err(|_| {
        // What failed may quote what people wrote.
        tracing::error!(form = ?request.form, "a document could not be written");
        AppError::new("export-failed")
    })?;
    let end = match request.form {
        PaperForm::Pdf => "pdf",
        PaperForm::Docx => "docx",
    };
    Ok(ExportResult {
        path: export_file(cx, &format!("{name}.{end}"), &bytes)?,
        values: 1,
    })
}
