//! The sheets of a file that a person chose, as rows of text: what Excel and LibreOffice write, and CSV.
//!
//! A file may be anything. What it may cost is bounded before a library is let near it: what an archive unpacks to, the rows,
//! the cells and the letters in them. What a library makes of a broken file on the way is no matter of the app: it ends as
//! [`Unreadable::Broken`].

mod ods;
mod text;
mod xls;
mod xlsx;

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::Data;
use zip::ZipArchive;

pub use text::Delimiter;

use crate::text_file::{Encoding, FileKind};

/// The largest file that is read: 10 MB.
pub const LARGEST_FILE: usize = 10_000_000;
/// The most rows of a sheet that are read.
pub const MOST_ROWS: usize = 100_000;
/// The most columns: a spreadsheet of ten years of months has a third of that.
pub const MOST_COLUMNS: usize = 400;
/// The most sheets: nobody chooses among more.
pub const MOST_SHEETS: usize = 200;
/// The most bytes that an archive may unpack to, all of its parts together.
const MOST_UNPACKED: u64 = 100_000_000;
/// The most parts of an archive.
const MOST_PARTS: usize = 5_000;
/// The most cells of a sheet that hold anything.
const MOST_CELLS: usize = 1_000_000;
/// The most bytes of text in all cells of a sheet.
const MOST_TEXT: usize = 40_000_000;
/// The most letters of a cell that are kept; an error repeats fewer. Instructions and expressions of forms are the longest.
pub(crate) const LONGEST_CELL: usize = 4_000;
/// Where headings are looked for: titles and notes above them are common.
pub(crate) const HEADINGS_WITHIN: usize = 15;

/// What wrote the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Text, a row a line.
    Csv {
        /// How its letters were written.
        encoding: Encoding,
        /// What parts its cells.
        delimiter: Delimiter,
    },
    /// Excel since 2007.
    Xlsx,
    /// Excel before 2007.
    Xls,
    /// LibreOffice.
    Ods,
}

impl Format {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv { .. } => "CSV",
            Self::Xlsx => "XLSX",
            Self::Xls => "XLS",
            Self::Ods => "ODS",
        }
    }
}

/// A row that holds anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    /// Its number in the spreadsheet, from 1.
    pub number: u32,
    /// Its cells as text without space around it, column A first. Dates are written `2026-03-01`, numbers with a point.
    pub cells: Vec<String>,
}

/// A file that was read: one of its sheets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// What wrote it.
    pub format: Format,
    /// The names of its sheets, in the order of the tabs; a text file has none.
    pub sheets: Vec<String>,
    /// The sheet that was read; empty for a text file.
    pub sheet: String,
    /// Its rows.
    pub rows: Vec<SheetRow>,
}

/// Why a file could not be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// There is nothing in it.
    #[error("empty file")]
    Empty,
    /// It is larger than [`LARGEST_FILE`].
    #[error("file larger than {limit_mb} MB")]
    TooLarge {
        /// The limit, in millions of bytes.
        limit_mb: u32,
    },
    /// It has more rows than [`MOST_ROWS`].
    #[error("more than {limit} rows")]
    TooManyRows {
        /// The limit.
        limit: u32,
    },
    /// It holds more than this reads, whatever its size: too many cells, columns, sheets or letters.
    #[error("more in it than is read")]
    TooMuch,
    /// It is no table that is known.
    #[error("not a table")]
    NotATable {
        /// What it seems to be.
        seems: FileKind,
    },
    /// It is a workbook, and damaged.
    #[error("a damaged workbook")]
    Broken,
    /// It is a workbook that asks for a password.
    #[error("a workbook with a password")]
    Protected,
    /// It has no sheet of this name.
    #[error("no such sheet")]
    NoSuchSheet,
    /// Its headings lack what is needed.
    #[error("headings are missing")]
    MissingColumns {
        /// What is missing.
        missing: Vec<crate::values::Field>,
        /// The headings that were found.
        found: Vec<String>,
    },
    /// Two headings mean the same.
    #[error("a heading stands twice")]
    RepeatedColumn {
        /// The second of them.
        column: crate::values::Column,
    },
}

/// Reads the sheet of a name; without one the first whose headings make sense to `sense`, which says how many of them do, else
/// the first that holds anything.
pub fn read(
    bytes: &[u8],
    named: Option<&str>,
    sense: &dyn Fn(&[String]) -> usize,
) -> Result<Book, Unreadable> {
    if bytes.len() > LARGEST_FILE {
        return Err(Unreadable::TooLarge {
            limit_mb: (LARGEST_FILE / 1_000_000) as u32,
        });
    }
    // A library that stumbles over a damaged file has damaged nothing here: it only read.
    catch_unwind(AssertUnwindSafe(|| match kind(bytes)? {
        None => text::read(bytes, sense),
        Some(Format::Xlsx) => xlsx::read(bytes, named, sense),
        Some(Format::Ods) => ods::read(bytes, named, sense),
        Some(Format::Xls | Format::Csv { .. }) => xls::read(bytes, named, sense),
    }))
    .unwrap_or(Err(Unreadable::Broken))
}

/// The workbook that the bytes are, or none if they may be text.
fn kind(bytes: &[u8]) -> Result<Option<Format>, Unreadable> {
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Ok(Some(Format::Xls));
    }
    if !bytes.starts_with(b"PK\x03\x04") {
        return Ok(None);
    }
    let mut archive = archive(bytes)?;
    if archive.by_name("xl/workbook.xml").is_ok() {
        return Ok(Some(Format::Xlsx));
    }
    let mut said = String::new();
    if let Ok(part) = archive.by_name("mimetype") {
        // What cannot be read as text is none of these.
        let _ = part.take(200).read_to_string(&mut said);
    }
    if said.trim() == "application/vnd.oasis.opendocument.spreadsheet" {
        return Ok(Some(Format::Ods));
    }
    Err(Unreadable::NotATable {
        seems: FileKind::Workbook,
    })
}

/// The archive of a workbook, once it is known that unpacking it stays within [`MOST_UNPACKED`]: what it says of itself is
/// not believed.
fn archive(bytes: &[u8]) -> Result<ZipArchive<Cursor<&[u8]>>, Unreadable> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::Broken)?;
    if archive.len() > MOST_PARTS {
        return Err(Unreadable::TooMuch);
    }
    let mut left = MOST_UNPACKED;
    for part in 0..archive.len() {
        let part = archive.by_index(part).map_err(|_| Unreadable::Broken)?;
        let unpacked = std::io::copy(&mut part.take(left + 1), &mut std::io::sink())
            .map_err(|_| Unreadable::Broken)?;
        left = left.checked_sub(unpacked).ok_or(Unreadable::TooMuch)?;
    }
    Ok(archive)
}

/// The rows of a sheet while it is read, within the bounds.
#[derive(Default)]
struct Rows {
    rows: Vec<SheetRow>,
    cells: usize,
    text: usize,
}

impl Rows {
    /// Puts a text into a cell, by row and column from 0. Rows come in order nearly always.
    fn put(&mut self, row: u32, column: u32, text: &str) -> Result<(), Unreadable> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        let column = column as usize;
        self.cells += 1;
        self.text += text.len().min(LONGEST_CELL * 4);
        if column >= MOST_COLUMNS || self.cells > MOST_CELLS || self.text > MOST_TEXT {
            return Err(Unreadable::TooMuch);
        }
        let number = row.saturating_add(1);
        let at = match self.rows.last() {
            Some(last) if last.number == number => self.rows.len() - 1,
            Some(last) if last.number > number => {
                match self.rows.binary_search_by_key(&number, |row| row.number) {
                    Ok(at) => at,
                    // A sheet whose rows are out of order is one that no program wrote.
                    Err(_) => return Err(Unreadable::Broken),
                }
            }
            _ => {
                // The headings and what stands above them come on top of the rows of values.
                if self.rows.len() >= MOST_ROWS + HEADINGS_WITHIN {
                    return Err(Unreadable::TooManyRows {
                        limit: MOST_ROWS as u32,
                    });
                }
                self.rows.push(SheetRow {
                    number,
                    cells: Vec::new(),
                });
                self.rows.len() - 1
            }
        };
        let cells = &mut self.rows[at].cells;
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        cells[column] = beginning(text).to_owned();
        Ok(())
    }

    /// Repeats what stands in the first row of cells that were merged downwards in all of their rows.
    fn fill_down(&mut self, first: u32, last: u32, column: u32) -> Result<(), Unreadable> {
        let number = |row: u32| row.saturating_add(1);
        let at = |row: u32| {
            self.rows
                .binary_search_by_key(&number(row), |row| row.number)
        };
        let Some(text) = at(first)
            .ok()
            .and_then(|at| self.rows[at].cells.get(column as usize).cloned())
            // Nothing, put into a hundred thousand rows by each of a million merged cells, would take for ever.
            .filter(|text| !text.is_empty())
        else {
            return Ok(());
        };
        // Only rows that hold anything else: a merged cell makes no row by itself.
        let place = |row: u32| {
            self.rows
                .partition_point(|stored| stored.number <= number(row))
        };
        let below: Vec<u32> = self
            .rows
            .get(place(first)..place(last))
            .unwrap_or_default()
            .iter()
            .map(|row| row.number - 1)
            .collect();
        for row in below {
            self.put(row, column, &text)?;
        }
        Ok(())
    }
}

/// The beginning of a cell's text, which is short in every table.
fn beginning(text: &str) -> &str {
    match text.char_indices().nth(LONGEST_CELL) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

/// What stands in a cell, as text.
fn words(data: &Data) -> String {
    match data {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => day(text),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(yes) => yes.to_string(),
        Data::Error(error) => error.to_string(),
        Data::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::DateTime(moment) => moment.as_f64().to_string(),
    }
}

/// A day without the midnight that some programs write behind it.
fn day(text: &str) -> String {
    text.strip_suffix("T00:00:00")
        .or_else(|| text.strip_suffix(" 00:00:00"))
        .unwrap_or(text)
        .to_owned()
}

/// Which of the sheets is meant: the named one; otherwise, of those that `rows` reads, the first in whose beginning two headings
/// make sense, else the first that holds anything.
fn choose(
    sheets: &[String],
    named: Option<&str>,
    sense: &dyn Fn(&[String]) -> usize,
    mut rows: impl FnMut(&str) -> Result<Vec<SheetRow>, Unreadable>,
) -> Result<(String, Vec<SheetRow>), Unreadable> {
    if sheets.len() > MOST_SHEETS {
        return Err(Unreadable::TooMuch);
    }
    if let Some(named) = named {
        if !sheets.iter().any(|sheet| sheet == named) {
            return Err(Unreadable::NoSuchSheet);
        }
        let rows = rows(named)?;
        return Ok((named.to_owned(), rows));
    }
    let mut first = None;
    for sheet in sheets {
        let read = rows(sheet)?;
        let top = read.iter().take(HEADINGS_WITHIN);
        if top.map(|row| sense(&row.cells)).max() >= Some(2) {
            return Ok((sheet.clone(), read));
        }
        if first.is_none() && !read.is_empty() {
            first = Some((sheet.clone(), read));
        }
    }
    first.ok_or(Unreadable::Empty)
}

#[cfg(test)]
mod tests;
