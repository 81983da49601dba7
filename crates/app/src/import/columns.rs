//! What the columns of a file hold: as its headings say, as a person says, or as one said of the same headings before.

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

/// What a person said of the columns under the headings of a key.
pub(super) type Said = Option<(String, Vec<Option<Field>>)>;

/// The headings, and what a person said of them now or before.
pub(super) fn of(
    cx: &Cx<'_>,
    book: &Book,
    columns: Option<&[Option<Field>]>,
) -> Result<(Header, Said)> {
    let header = Header::of(&book.rows).map_err(|why| unreadable(&why))?;
    let fields = match columns {
        Some(fields) => Some(fields.to_vec()),
        None => cx
            .store()
            .meta(&place_of(&header.key))?
            .and_then(|stored| serde_json::from_slice(&stored).ok()),
    };
    Ok(match fields {
        Some(fields) => {
            let key = header.key.clone();
            (header.with(&fields), Some((key, fields)))
        }
        None => (header, None),
    })
}

/// Keeps what a person said for the next file with the same headings.
pub(super) fn remember(w: &mut Writer<'_>, key: &str, fields: &[Option<Field>]) -> Result<()> {
    let stored = serde_json::to_vec(fields).map_err(|_| AppError::new("request-invalid"))?;
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
