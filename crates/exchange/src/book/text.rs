//! CSV and its like: one sheet without a name.

use serde::{Deserialize, Serialize};

use super::{Book, Format, Rows, Unreadable};
use crate::text_file::read_text;

/// What stands between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delimiter {
    /// `;`, as a French Excel writes.
    Semicolon,
    /// `,`
    Comma,
    /// A tab.
    Tab,
}

impl Delimiter {
    const ALL: [Self; 3] = [Self::Semicolon, Self::Comma, Self::Tab];

    pub(crate) fn byte(self) -> u8 {
        match self {
            Self::Semicolon => b';',
            Self::Comma => b',',
            Self::Tab => b'\t',
        }
    }
}

/// Reads a text file.
pub(super) fn read(bytes: &[u8], sense: &dyn Fn(&[String]) -> usize) -> Result<Book, Unreadable> {
    let (text, encoding) = read_text(bytes).map_err(|seems| Unreadable::NotATable { seems })?;
    if text
        .chars()
        .all(|c| c.is_whitespace() || matches!(c, ';' | ','))
    {
        return Err(Unreadable::Empty);
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let (delimiter, skipped) = delimiter(&text, sense);
    let first_row = if skipped > 0 { 2 } else { 1 };
    let mut rows = Rows::default();
    for (number, cells) in records(&text[skipped..], delimiter, first_row) {
        for (column, cell) in (0..).zip(&cells) {
            rows.put(number - 1, column, cell)?;
        }
    }
    if rows.rows.is_empty() {
        return Err(Unreadable::Empty);
    }
    Ok(Book {
        format: Format::Csv {
            encoding,
            delimiter,
        },
        sheets: Vec::new(),
        sheet: String::new(),
        rows: rows.rows,
    })
}

/// What parts the cells, and how many bytes of a first line `sep=;` say so.
fn delimiter(text: &str, sense: &dyn Fn(&[String]) -> usize) -> (Delimiter, usize) {
    let first_line = text.split_inclusive('\n').next().unwrap_or_default();
    if let Some(named) = first_line.trim_end().strip_prefix("sep=") {
        let delimiter = Delimiter::ALL
            .into_iter()
            .find(|d| named.as_bytes() == [d.byte()]);
        return (delimiter.unwrap_or(Delimiter::Semicolon), first_line.len());
    }
    // The one by which most headings make sense; then the one that makes most cells.
    let order = |delimiter: &Delimiter| {
        records(text, *delimiter, 1)
            .take(super::HEADINGS_WITHIN)
            .map(|(_, cells)| (sense(&cells), cells.len()))
            .max()
            .unwrap_or_default()
    };
    let best = Delimiter::ALL.into_iter().rev().max_by_key(order);
    (best.unwrap_or(Delimiter::Semicolon), 0)
}

/// The rows that hold anything, with their numbers in the spreadsheet, which counts a blank line as a
/// row and a line break inside a cell as none.
pub(crate) fn records(
    text: &str,
    delimiter: Delimiter,
    first_row: u32,
) -> impl Iterator<Item = (u32, Vec<String>)> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter.byte())
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut next_row = first_row;
    std::iter::from_fn(move || {
        loop {
            // The reader passes over blank lines without a word.
            let begins = usize::try_from(reader.position().byte()).ok()?;
            let blank_lines = text
                .get(begins..)?
                .bytes()
                .take_while(|byte| *byte == b'\n')
                .count();
            // Reading text from memory fails neither as text nor as reading.
            if !reader.read_record(&mut record).ok()? {
                return None;
            }
            let row = next_row.saturating_add(u32::try_from(blank_lines).ok()?);
            next_row = row.saturating_add(1);
            if record.iter().any(|cell| !cell.trim().is_empty()) {
                return Some((
                    row,
                    record.iter().map(|cell| cell.trim().to_owned()).collect(),
                ));
            }
        }
    })
}
