//! Values in a CSV file: one row a place, indicator and period.
//!
//! Reads what Excel and LibreOffice write in French and in English, and tells everything that is wrong
//! at once, by row and column as the spreadsheet shows them. Writes what a French Excel opens by a
//! double click.

mod columns;
mod write;

use std::collections::HashMap;
use std::sync::LazyLock;

use domain::catalog::{self, Indicator, IndicatorKind};
use domain::measure::{Entry, NoDataReason, Refusal, Typed, parse_cell};
use domain::period::Period;
use domain::text::fold;
use serde::{Deserialize, Serialize};

use crate::text_file::{Encoding, FileKind, read_text};
use columns::Columns;
pub use columns::{Column, Field};
pub use write::{table, template, write};

/// The largest file that is read: 10 MB.
pub const LARGEST_FILE: usize = 10_000_000;
/// The most rows that are read.
pub const MOST_ROWS: usize = 100_000;
/// The most letters of a cell that an error repeats.
const LONGEST_EXCERPT: usize = 80;

/// What stands between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
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

    fn byte(self) -> u8 {
        match self {
            Self::Semicolon => b';',
            Self::Comma => b',',
            Self::Tab => b'\t',
        }
    }
}

/// A row that holds a value or a reason for having none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export, rename = "CsvRow")]
pub struct Row {
    /// Its number in the spreadsheet; the headings are usually row 1.
    pub row: u32,
    /// The place, as written, if the file has such a column and the cell is not empty.
    pub place: Option<String>,
    /// The indicator's code.
    pub indicator: String,
    /// The period.
    pub period: Period,
    /// The value.
    pub entry: Entry,
}

/// What is wrong with a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "code", rename_all = "snake_case")]
#[ts(export)]
pub enum CellProblem {
    /// No indicator is named.
    MissingIndicator,
    /// The catalogue has no such indicator.
    UnknownIndicator,
    /// No period is named.
    MissingPeriod,
    /// It is not a month.
    NotAPeriod,
    /// It is not a number.
    NotANumber,
    /// It is below zero.
    Negative,
    /// It is too large to be a count.
    TooLarge,
    /// A count or time has no denominator, and there is one.
    DenominatorNotExpected,
    /// The reason for having no data is not known.
    UnknownReason,
    /// There is a number, and yet no data.
    NoDataWithNumber,
    /// The same place, indicator and period stand in another row; neither is among the rows read.
    Duplicate {
        /// The row where they stand first.
        first_row: u32,
    },
    /// A cell beyond the last heading: often a decimal comma in a file parted by commas.
    ExtraCell,
}

/// Something wrong in one cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct CellError {
    /// The row's number in the spreadsheet.
    pub row: u32,
    /// The column.
    pub column: Column,
    /// What is wrong.
    pub problem: CellProblem,
    /// The beginning of what stands in the cell.
    pub value: String,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export, rename = "ParsedCsv")]
pub struct Parsed {
    /// How its letters were written.
    pub encoding: Encoding,
    /// What parts its cells.
    pub delimiter: Delimiter,
    /// The rows without an error, in the order of the file.
    pub rows: Vec<Row>,
    /// Everything that is wrong, by row and column.
    pub errors: Vec<CellError>,
    /// How many rows name an indicator and period and say nothing about them.
    pub unfilled: u32,
}

/// Why a file could not be read at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
#[ts(export, rename = "CsvUnreadable")]
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
    /// It is not a text file.
    #[error("not a text file")]
    NotText {
        /// What it seems to be.
        seems: FileKind,
    },
    /// Its first row lacks headings that are needed.
    #[error("headings are missing")]
    MissingColumns {
        /// What is missing.
        missing: Vec<Field>,
        /// The headings that were found.
        found: Vec<String>,
    },
    /// Two headings mean the same.
    #[error("a heading stands twice")]
    RepeatedColumn {
        /// The second of them.
        column: Column,
    },
}

/// Reads the values of a file. All errors of its cells are told at once; a numerator above its
/// denominator is none, since it is questioned later like a typed one.
pub fn parse(bytes: &[u8]) -> Result<Parsed, Unreadable> {
    if bytes.len() > LARGEST_FILE {
        return Err(Unreadable::TooLarge {
            limit_mb: (LARGEST_FILE / 1_000_000) as u32,
        });
    }
    let (text, encoding) = read_text(bytes).map_err(|seems| Unreadable::NotText { seems })?;
    if text
        .chars()
        .all(|c| c.is_whitespace() || matches!(c, ';' | ','))
    {
        return Err(Unreadable::Empty);
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let (delimiter, skipped) = delimiter(&text);
    let mut records = records(&text[skipped..], delimiter, if skipped > 0 { 2 } else { 1 });
    let Some((_, headings)) = records.next() else {
        return Err(Unreadable::Empty);
    };
    let columns = Columns::of(&headings)?;

    let mut reading = Reading {
        columns,
        rows: Vec::new(),
        errors: Vec::new(),
        unfilled: 0,
    };
    for (count, (row, cells)) in records.enumerate() {
        if count == MOST_ROWS {
            return Err(Unreadable::TooManyRows {
                limit: MOST_ROWS as u32,
            });
        }
        reading.read(row, &cells);
    }
    reading.take_out_duplicates();
    let Reading {
        rows,
        mut errors,
        unfilled,
        ..
    } = reading;
    errors.sort_by_key(|error| (error.row, error.column.number));
    Ok(Parsed {
        encoding,
        delimiter,
        rows,
        errors,
        unfilled,
    })
}

/// What parts the cells, and how many bytes of a first line `sep=;` say so.
fn delimiter(text: &str) -> (Delimiter, usize) {
    let first_line = text.split_inclusive('\n').next().unwrap_or_default();
    if let Some(named) = first_line.trim_end().strip_prefix("sep=") {
        let delimiter = Delimiter::ALL
            .into_iter()
            .find(|d| named.as_bytes() == [d.byte()]);
        return (delimiter.unwrap_or(Delimiter::Semicolon), first_line.len());
    }
    // The one by which most headings make sense; then the one that makes most cells.
    let sense = |delimiter: &Delimiter| {
        let headings = records(text, *delimiter, 1)
            .next()
            .map(|(_, cells)| cells)
            .unwrap_or_default();
        let known = headings
            .iter()
            .filter(|heading| Field::of_heading(heading).is_some())
            .count();
        (known, headings.len())
    };
    let best = Delimiter::ALL.into_iter().rev().max_by_key(sense);
    (best.unwrap_or(Delimiter::Semicolon), 0)
}

/// The rows that hold anything, with their numbers in the spreadsheet, which counts a blank line as a
/// row and a line break inside a cell as none.
fn records(
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

struct Reading {
    columns: Columns,
    rows: Vec<Row>,
    errors: Vec<CellError>,
    unfilled: u32,
}

impl Reading {
    fn read(&mut self, row: u32, cells: &[String]) {
        let errors_before = self.errors.len();
        let indicator = self.indicator(row, cells);
        let period = self.period(row, cells);
        let entry = self.entry(row, cells, indicator);
        for (at, cell) in cells.iter().enumerate().skip(self.columns.count()) {
            if !cell.is_empty() {
                self.fail(row, Column::beyond(at), CellProblem::ExtraCell, cell);
            }
        }
        let (Some(indicator), Some(period)) = (indicator, period) else {
            return;
        };
        if self.errors.len() > errors_before {
            return;
        }
        if entry == Entry::default() {
            self.unfilled += 1;
            return;
        }
        let place = self
            .columns
            .cell(Field::Place, cells)
            .filter(|place| !place.is_empty());
        self.rows.push(Row {
            row,
            place: place.map(|place| write::as_it_was(place).to_owned()),
            indicator: indicator.code.clone(),
            period,
            entry,
        });
    }

    fn indicator(&mut self, row: u32, cells: &[String]) -> Option<&'static Indicator> {
        let cell = self
            .columns
            .cell(Field::Indicator, cells)
            .unwrap_or_default();
        let found = indicator_named(cell);
        if found.is_none() {
            let problem = match cell {
                "" => CellProblem::MissingIndicator,
                _ => CellProblem::UnknownIndicator,
            };
            self.fail_in(row, Field::Indicator, problem, cell);
        }
        found
    }

    fn period(&mut self, row: u32, cells: &[String]) -> Option<Period> {
        let cell = self.columns.cell(Field::Period, cells).unwrap_or_default();
        let found = Period::parse_typed(cell).ok();
        if found.is_none() {
            let problem = match cell {
                "" => CellProblem::MissingPeriod,
                _ => CellProblem::NotAPeriod,
            };
            self.fail_in(row, Field::Period, problem, cell);
        }
        found
    }

    fn entry(&mut self, row: u32, cells: &[String], indicator: Option<&Indicator>) -> Entry {
        let numerator = self.number(row, Field::Numerator, cells);
        let denominator = self.number(row, Field::Denominator, cells);
        let said = self.columns.cell(Field::NoData, cells).unwrap_or_default();
        let reason = reason_named(said).unwrap_or_else(|UnknownReason| {
            self.fail_in(row, Field::NoData, CellProblem::UnknownReason, said);
            None
        });

        let dash = [numerator, denominator].contains(&Typed::NoData);
        let number = |typed| {
            if let Typed::Number(number) = typed {
                Some(number)
            } else {
                None
            }
        };
        let entry = Entry {
            numerator: number(numerator),
            denominator: number(denominator),
            no_data: reason.or(dash.then_some(NoDataReason::Other)),
        };
        for (field, value) in [
            (Field::Numerator, entry.numerator),
            (Field::Denominator, entry.denominator),
        ] {
            let cell = self.columns.cell(field, cells).unwrap_or_default();
            if value.is_some() && entry.no_data.is_some() {
                self.fail_in(row, field, CellProblem::NoDataWithNumber, cell);
            }
        }
        let is_single =
            indicator.is_some_and(|i| matches!(i.kind, IndicatorKind::Count | IndicatorKind::Time));
        if is_single && entry.denominator.is_some() && entry.no_data.is_none() {
            let cell = self
                .columns
                .cell(Field::Denominator, cells)
                .unwrap_or_default();
            self.fail_in(
                row,
                Field::Denominator,
                CellProblem::DenominatorNotExpected,
                cell,
            );
        }
        entry
    }

    fn number(&mut self, row: u32, field: Field, cells: &[String]) -> Typed {
        let cell = self.columns.cell(field, cells).unwrap_or_default();
        parse_cell(cell).unwrap_or_else(|refusal| {
            let problem = match refusal {
                Refusal::NotANumber => CellProblem::NotANumber,
                Refusal::Negative => CellProblem::Negative,
                Refusal::TooLarge => CellProblem::TooLarge,
            };
            self.fail_in(row, field, problem, cell);
            Typed::Empty
        })
    }

    /// Which of two rows is right nobody can tell, so neither is kept.
    fn take_out_duplicates(&mut self) {
        let mut first_rows: HashMap<(Option<String>, String, Period), u32> = HashMap::new();
        let mut repeated = Vec::new();
        for row in &self.rows {
            let key = (
                row.place.as_deref().map(same_place),
                row.indicator.clone(),
                row.period,
            );
            let first_row = *first_rows.entry(key).or_insert(row.row);
            if first_row != row.row {
                repeated.push((first_row, row.row, row.period));
            }
        }
        for &(first_row, row, period) in &repeated {
            self.fail_in(
                row,
                Field::Period,
                CellProblem::Duplicate { first_row },
                &period.to_string(),
            );
        }
        let mut out: Vec<u32> = repeated
            .iter()
            .flat_map(|&(first_row, row, _)| [first_row, row])
            .collect();
        out.sort_unstable();
        self.rows.retain(|row| out.binary_search(&row.row).is_err());
    }

    fn fail_in(&mut self, row: u32, field: Field, problem: CellProblem, value: &str) {
        if let Some(column) = self.columns.column(field).cloned() {
            self.fail(row, column, problem, value);
        }
    }

    fn fail(&mut self, row: u32, column: Column, problem: CellProblem, value: &str) {
        self.errors.push(CellError {
            row,
            column,
            problem,
            value: excerpt(value),
        });
    }
}

/// The beginning of a text that may be a megabyte long.
fn excerpt(text: &str) -> String {
    match text.char_indices().nth(LONGEST_EXCERPT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What two spellings of a place have in common; a name without a letter is itself.
fn same_place(name: &str) -> String {
    Some(fold(name))
        .filter(|folded| !folded.is_empty())
        .unwrap_or_else(|| name.to_owned())
}

/// The indicator of a code or of a name in either language.
fn indicator_named(cell: &str) -> Option<&'static Indicator> {
    static BY_NAME: LazyLock<HashMap<String, &'static Indicator>> = LazyLock::new(|| {
        let names =
            |i: &'static Indicator| [&i.code, &i.name.fr, &i.name.en].map(|name| (fold(name), i));
        catalog::indicators().iter().flat_map(names).collect()
    });
    BY_NAME.get(&fold(cell)).copied()
}

struct UnknownReason;

/// The reason for having no data; a plain yes is [`NoDataReason::Other`], a plain no is none.
fn reason_named(cell: &str) -> Result<Option<NoDataReason>, UnknownReason> {
    match cell {
        "" => return Ok(None),
        "-" | "–" | "—" => return Ok(Some(NoDataReason::Other)),
        _ => {}
    }
    Ok(Some(match fold(cell).as_str() {
        "non" | "no" | "0" | "faux" | "false" => return Ok(None),
        "registre absent" | "registre manquant" | "register missing" | "missing register" => {
            NoDataReason::RegisterMissing
        }
        "rupture" | "rupture de stock" | "stock out" | "stockout" => NoDataReason::StockOut,
        "greve" | "strike" => NoDataReason::Strike,
        "ferme" | "fermee" | "fermeture" | "closed" => NoDataReason::Closed,
        "autre" | "other" | "oui" | "yes" | "x" | "1" | "vrai" | "true" | "pas de donnee"
        | "no data" | "nd" => NoDataReason::Other,
        _ => return Err(UnknownReason),
    }))
}

#[cfg(test)]
mod tests;
