//! What the columns of a file hold: as its headings say, as a person says, or as one said of the same headings before.

use std::collections::HashMap;

use domain::text::fold;
use exchange::book::Book;
use exchange::values::{Field, Header};
use serde::Serialize;
use store::Writer;

use super::{ImportPreview, unreadable};
use crate::cx::Cx;
use crate::error::{AppError, Result};

/// A heading of a file.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ImportHeading {
    /// The column's letter.
    pub letter: String,
    /// What stands in the heading.
    pub name: String,
    /// The first thing that stands below it.
    pub sample: String,
    /// What the column is taken to hold.
    pub field: Option<Field>,
    /// The month that the heading names, ISO.
    pub month: Option<String>,
}

/// What a person said of the columns under the headings of a key: each heading as it is compared, and what stands below it.
/// Not by place: the next file has a month more, and all that stands after it is shifted.
pub(crate) type Said = Option<(String, Vec<(String, Option<Field>)>)>;

/// The headings, and what a person said of them now or before.
pub(super) fn of(
    cx: &Cx<'_>,
    book: &Book,
    columns: Option<&[Option<Field>]>,
) -> Result<(Header, Said)> {
    let header = Header::of(&book.rows).map_err(|why| unreadable(&why))?;
    let fields = match columns {
        Some(fields) => Some(fields.to_vec()),
        // What an earlier version kept by place is no longer read: a person is asked once more.
        None => cx
            .store()
            .meta(&place_of(&header.key))?
            .and_then(|stored| serde_json::from_slice(&stored).ok())
            .map(|said: Vec<(String, Option<Field>)>| found_again(&header, said)),
    };
    Ok(match fields {
        Some(fields) => {
            let key = header.key.clone();
            let header = header.with(&fields);
            let columns = header.headings.iter();
            let said = columns.map(|heading| (fold(&heading.column.name), heading.field));
            let said = said.collect();
            (header, Some((key, said)))
        }
        None => (header, None),
    })
}

/// What was said, by the columns of these headings. Where several have the same heading, or none, the first is the first.
fn found_again(header: &Header, said: Vec<(String, Option<Field>)>) -> Vec<Option<Field>> {
    let mut by_heading: HashMap<String, Vec<Option<Field>>> = HashMap::new();
    for (heading, field) in said.into_iter().rev() {
        by_heading.entry(heading).or_default().push(field);
    }
    let mut next = |name: &str| by_heading.get_mut(&fold(name))?.pop()?;
    let headings = header.headings.iter();
    headings.map(|heading| next(&heading.column.name)).collect()
}

/// Keeps what a person said for the next file with the same headings.
pub(super) fn remember(
    w: &mut Writer<'_>,
    key: &str,
    said: &[(String, Option<Field>)],
) -> Result<()> {
    let stored = serde_json::to_vec(said).map_err(|_| AppError::new("request-invalid"))?;
    Ok(w.set_meta(&place_of(key), &stored)?)
}

fn place_of(key: &str) -> String {
    let mark = domain::ids::RecordId::natural(&[b"headings", key.as_bytes()]);
    format!("import_columns_{mark}")
}

/// The headings for the screen.
pub(super) fn shown(header: &Header) -> Vec<ImportHeading> {
    let headings = header.headings.iter().map(|heading| ImportHeading {
        letter: heading.column.letter.clone(),
        name: heading.column.name.clone(),
        sample: heading.sample.clone(),
        field: heading.field,
        month: heading.month.map(|month| month.to_string()),
    });
    headings.collect()
}

/// Why a preview cannot be imported: nobody has said yet where something stands.
pub(super) fn missing(preview: &ImportPreview) -> Option<AppError> {
    if preview.missing.is_empty() {
        return None;
    }
    let found = preview.headings.iter().map(|heading| heading.name.clone());
    Some(unreadable(&exchange::book::Unreadable::MissingColumns {
        missing: preview.missing.clone(),
        found: found.filter(|name| !name.is_empty()).collect(),
    }))
}
