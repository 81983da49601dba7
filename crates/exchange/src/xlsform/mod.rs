//! XLSForm: checklists out of the workbooks in which Kobo and ODK have their forms, and back into them.
//!
//! Whatever a form holds, it comes in: what is not known here stands as an item that cannot be answered, an expression that cannot
//! be read is left out, and each of these is a [`Notice`] with its sheet and row. Only what is no form at all is refused.

mod headings;
mod import;
mod types;
mod write;

use std::collections::HashMap;

use domain::checklist::{Checklist, Logic, Station};
use serde::Serialize;

use crate::book::{self, Book, LONGEST_CELL, MOST_SHEETS, SheetRow, Unreadable};

pub use write::{Table, tables};

/// The most notices of a form; after so many nobody reads further.
const MOST_NOTICES: usize = 1_000;
/// The most choices of a form, all lists together.
const MOST_CHOICES: usize = 20_000;
/// The most lists of a form.
const MOST_LISTS: usize = 2_000;
/// The most cells in the further columns of its lists, all together.
const MOST_CELLS: usize = 200_000;

/// A form that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// What it came to; it holds together.
    pub checklist: Checklist,
    /// The languages that its headings name, in their order.
    pub languages: Vec<String>,
    /// What was repaired, left out or could not be kept.
    pub notices: Vec<Notice>,
}

/// Something in a file that did not come in as it stands there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Notice {
    /// The sheet.
    pub sheet: String,
    /// The row in it, as the spreadsheet shows it; 0 where it is about the sheet as a whole.
    pub row: u32,
    /// The name of the question, group or list; empty where there is none.
    pub name: String,
    /// What it is about.
    #[serde(flatten)]
    pub matter: Matter,
}

/// What a notice is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(tag = "code", rename_all = "snake_case")]
#[ts(export)]
pub enum Matter {
    /// Two columns have the same heading; the first is read.
    DuplicateColumn {
        /// The heading.
        heading: String,
    },
    /// A type that is not known: it cannot be answered.
    UnknownType {
        /// The type.
        kind: String,
    },
    /// The choices stand in a file of their own: it cannot be answered.
    FromFile {
        /// The file.
        file: String,
    },
    /// A part of the form stands in a file of its own and is missing.
    MissingInclude {
        /// The file.
        file: String,
    },
    /// There is a name or a text, and no type: left out.
    NoType,
    /// There is no name: it got one.
    NoName,
    /// The name is taken, reserved or no name at all: it got another.
    Renamed {
        /// The one that stands in the file.
        from: String,
    },
    /// It is to be worked out, and nothing says how.
    MissingCalculation,
    /// The list it chooses from is missing: it cannot be answered.
    MissingList {
        /// The list.
        list: String,
    },
    /// An expression cannot be read: left out.
    Misread {
        /// Which one.
        logic: Logic,
        /// At which byte.
        at: usize,
    },
    /// An expression asks for a function that is not answered: left out.
    UnknownFunction {
        /// Which one.
        logic: Logic,
        /// The function.
        function: String,
    },
    /// An expression is longer or nested deeper than is read: left out.
    TooLong {
        /// Which one.
        logic: Logic,
    },
    /// An expression asks for a question that is not there: left out.
    UnknownName {
        /// Which one.
        logic: Logic,
        /// The question.
        asked: String,
    },
    /// A group stands in too many others: it stands beside the last of them.
    TooDeep,
    /// A group ends that never began.
    StrayEnd,
    /// A group has no end: it ends with the form.
    NoEnd,
    /// A group that repeats for each choice of a list: it is asked once.
    Loop {
        /// The list.
        list: String,
    },
    /// A language that is neither French nor English: its texts are left out.
    OtherLanguage {
        /// The language, as the heading has it.
        language: String,
    },
    /// A column with pictures or sounds: they are left out.
    Media {
        /// The heading.
        heading: String,
    },
    /// A weight, a count or a mark that is none: left out.
    NotAMark {
        /// What stands there.
        value: String,
    },
    /// It asks the telephone something, and nobody: left out.
    OfTheTelephone {
        /// The type.
        kind: String,
    },
}

/// Why a file is no form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoForm {
    /// It is no table, or cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// No sheet has the headings of questions: a type, and a name or a label.
    #[error("no sheet of questions")]
    NoQuestions,
    /// It has headings, and nothing below them.
    #[error("no question")]
    Empty,
    /// It has more questions than a checklist takes, or more choices.
    #[error("too many questions")]
    TooMany,
}

/// The sheets of a form, by what they hold.
#[derive(Debug, Clone, Default)]
struct Sheets {
    survey: Sheet,
    choices: Sheet,
    external: Sheet,
    settings: Sheet,
}

/// A sheet, the headings in its first row.
#[derive(Debug, Clone, Default)]
struct Sheet {
    name: String,
    rows: Vec<SheetRow>,
}

/// Reads a form. `name` is what it is called where its settings do not say.
pub fn read(bytes: &[u8], name: &str) -> Result<Form, NoForm> {
    let first = book::read(bytes, None, &headings::sense)?;
    let sheets = if first.sheets.is_empty() {
        of_text(first)
    } else {
        of_workbook(bytes, first)?
    };
    import::form(&sheets, name)
}

/// The sheets of a workbook, found by their names whatever their case; the questions also by their headings.
fn of_workbook(bytes: &[u8], first: Book) -> Result<Sheets, NoForm> {
    let names: HashMap<String, &String> = first
        .sheets
        .iter()
        .take(MOST_SHEETS)
        .map(|name| (name.trim().to_lowercase(), name))
        .collect();
    let sheet = |name: &str| -> Result<Sheet, NoForm> {
        let Some(found) = names.get(name) else {
            return Ok(Sheet::default());
        };
        if **found == first.sheet {
            return Ok(from_headings(first.sheet.clone(), first.rows.clone()));
        }
        match book::read(bytes, Some(found), &headings::sense) {
            Ok(book) => Ok(from_headings(book.sheet, book.rows)),
            Err(Unreadable::Empty) => Ok(Sheet::default()),
            Err(error) => Err(error.into()),
        }
    };
    let mut survey = sheet("survey")?;
    if survey.rows.is_empty() {
        survey = from_headings(first.sheet.clone(), first.rows.clone());
    }
    Ok(Sheets {
        survey,
        choices: sheet("choices")?,
        external: sheet("external_choices")?,
        settings: sheet("settings")?,
    })
}

/// The sheets of a text file: each begins with its name in the first column, where it has several.
fn of_text(book: Book) -> Sheets {
    let mut sheets = Sheets::default();
    let named = |row: &SheetRow| match row.cells.first().map(|cell| cell.to_lowercase()).as_deref()
    {
        Some("survey") => Some(0),
        Some("choices") => Some(1),
        Some("settings") => Some(2),
        Some("external_choices") => Some(3),
        _ => None,
    };
    if book.rows.first().is_none_or(|row| named(row).is_none()) {
        sheets.survey = from_headings(String::new(), book.rows);
        return sheets;
    }
    let mut at = None;
    for mut row in book.rows {
        if let Some(sheet) = named(&row) {
            at = Some(sheet);
        }
        row.cells.remove(0);
        if row.cells.iter().all(String::is_empty) {
            continue;
        }
        let (sheet, name) = match at {
            Some(0) => (&mut sheets.survey, "survey"),
            Some(1) => (&mut sheets.choices, "choices"),
            Some(2) => (&mut sheets.settings, "settings"),
            _ => (&mut sheets.external, "external_choices"),
        };
        name.clone_into(&mut sheet.name);
        sheet.rows.push(row);
    }
    sheets
}

/// A sheet without what stands above its headings.
fn from_headings(name: String, mut rows: Vec<SheetRow>) -> Sheet {
    let top = rows.iter().take(book::HEADINGS_WITHIN);
    let best = top
        .enumerate()
        .map(|(at, row)| (headings::sense(&row.cells), std::cmp::Reverse(at)))
        .max();
    if let Some((2.., std::cmp::Reverse(at))) = best {
        rows.drain(..at);
    }
    Sheet { name, rows }
}

/// The places of the walk, as our own column names them.
const STATIONS: [(Station, &str); 8] = [
    (Station::Arrival, "arrival"),
    (Station::Maternity, "maternity"),
    (Station::Antenatal, "antenatal"),
    (Station::Consultation, "consultation"),
    (Station::Pharmacy, "pharmacy"),
    (Station::Office, "office"),
    (Station::Community, "community"),
    (Station::Feedback, "feedback"),
];

/// Whether a cell was longer than is read, so that its end is missing.
fn is_cut(cell: &str) -> bool {
    cell.chars().count() >= LONGEST_CELL
}

#[cfg(test)]
mod tests;
