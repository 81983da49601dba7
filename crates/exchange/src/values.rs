//! Values in a table: one row a place, indicator and period, or the months side by side.
//!
//! Reads what Excel and LibreOffice write in French and in English, and tells everything that is wrong
//! at once, by row and column as the spreadsheet shows them. Writes what a French Excel opens by a
//! double click.

mod columns;
mod drafts;
mod write;

use std::collections::HashMap;
use std::sync::LazyLock;

use domain::catalog::{self, Indicator, IndicatorKind};
use domain::measure::{Entry, NoDataReason, Refusal, Typed, parse_cell};
use domain::period::Period;
use domain::text::fold;
use serde::{Deserialize, Serialize};

use crate::book::{Book, MOST_ROWS, Unreadable};
pub use columns::{Column, Field, Header, Heading, sense};
use drafts::{Cell, Draft};
pub use write::{table, write};

/// The most letters of a cell that an error repeats.
const LONGEST_EXCERPT: usize = 80;

/// A row that holds a value or a reason for having none.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its number in the spreadsheet; the headings are usually row 1. Where months stand side by side, the row of its first number.
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
    /// It does not say whether it is the numerator or the denominator.
    MissingPart,
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
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// A value that was not read, as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its row in the spreadsheet.
    pub row: u32,
    /// Place, indicator, period, numerator, denominator and reason for no data.
    pub cells: [String; 6],
    /// What is wrong with it.
    pub problems: Vec<CellProblem>,
}

/// A table that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// Its headings.
    pub header: Header,
    /// The rows without an error, in the order of the file.
    pub rows: Vec<Row>,
    /// Everything that is wrong, by row and column.
    pub errors: Vec<CellError>,
    /// The values behind the errors, in the order of the file.
    pub refused: Vec<Refused>,
    /// How many rows name an indicator and period and say nothing about them.
    pub unfilled: u32,
}

impl Parsed {
    /// The column of a value's place or period.
    pub fn column(&self, field: Field, period: Period) -> Column {
        let of_month = |h: &&Heading| h.month == Some(period) && h.field.is_none();
        let heading = match self.header.at(field) {
            Some(at) => self.header.headings.get(at),
            None => self.header.headings.iter().find(of_month),
        };
        heading.map_or_else(|| Column::at(0, ""), |heading| heading.column.clone())
    }
}

/// Reads the values of a file; see [`parse`].
pub fn parse_bytes(bytes: &[u8]) -> Result<(Book, Parsed), Unreadable> {
    let book = crate::book::read(bytes, None, &sense)?;
    let header = Header::of(&book.rows)?;
    let parsed = parse(&book, header)?;
    Ok((book, parsed))
}

/// Reads the values below the headings. All errors of its cells are told at once; a numerator above its
/// denominator is none, since it is questioned later like a typed one.
pub fn parse(book: &Book, header: Header) -> Result<Parsed, Unreadable> {
    header.check()?;
    let first = book.rows.partition_point(|row| row.number <= header.row);
    let rows = book.rows.get(first..).unwrap_or_default();
    if rows.len() > MOST_ROWS {
        return Err(Unreadable::TooManyRows {
            limit: MOST_ROWS as u32,
        });
    }
    let drafts = if header.is_wide() {
        drafts::wide(&header, rows)?
    } else {
        drafts::long(&header, rows)
    };
    let mut reading = Reading {
        header: &header,
        rows: Vec::new(),
        errors: Vec::new(),
        refused: Vec::new(),
        unfilled: 0,
    };
    for draft in &drafts {
        reading.read(draft);
    }
    reading.take_out_duplicates(&drafts);
    let Reading {
        rows,
        mut errors,
        mut refused,
        unfilled,
        ..
    } = reading;
    errors.sort_by_key(|error| (error.row, error.column.number));
    refused.sort_by_key(|refused| refused.row);
    Ok(Parsed {
        rows: rows.into_iter().map(|(row, _)| row).collect(),
        header,
        errors,
        refused,
        unfilled,
    })
}

struct Reading<'a> {
    header: &'a Header,
    /// Each with the draft it was read from.
    rows: Vec<(Row, usize)>,
    errors: Vec<CellError>,
    refused: Vec<Refused>,
    unfilled: u32,
}

impl Reading<'_> {
    fn read(&mut self, draft: &Draft) {
        let mut wrong: Vec<CellError> = Vec::new();
        for (cell, problem) in &draft.problems {
            wrong.push(self.error(cell, *problem));
        }
        let indicator = indicator_named(&draft.indicator.text);
        if indicator.is_none() {
            let problem = match draft.indicator.text.as_str() {
                "" => CellProblem::MissingIndicator,
                _ => CellProblem::UnknownIndicator,
            };
            wrong.push(self.error(&draft.indicator, problem));
        }
        // Only the indicator tells whether the first of a month is that day. A period of another length stays one: that it is
        // too long or too short is told by those who know what the indicator asks for.
        let written = &draft.period.text;
        let period = indicator
            .and_then(|known| Period::parse_typed_as(written, known.frequency).ok())
            .or_else(|| Period::parse_typed(written).ok());
        if period.is_none() {
            let problem = match draft.period.text.as_str() {
                "" => CellProblem::MissingPeriod,
                _ => CellProblem::NotAPeriod,
            };
            wrong.push(self.error(&draft.period, problem));
        }
        let entry = self.entry(draft, indicator, &mut wrong);
        if !wrong.is_empty() {
            self.refused.push(Refused {
                row: draft.row,
                cells: draft.words(),
                problems: wrong.iter().map(|error| error.problem).collect(),
            });
            self.errors.append(&mut wrong);
            return;
        }
        let (Some(indicator), Some(period)) = (indicator, period) else {
            return;
        };
        if entry == Entry::default() {
            self.unfilled += 1;
            return;
        }
        let place = Some(draft.place.text.as_str()).filter(|place| !place.is_empty());
        let row = Row {
            row: draft.row,
            place: place.map(|place| write::as_it_was(place).to_owned()),
            indicator: indicator.code.clone(),
            period,
            entry,
        };
        self.rows.push((row, draft.no));
    }

    fn entry(
        &self,
        draft: &Draft,
        indicator: Option<&Indicator>,
        wrong: &mut Vec<CellError>,
    ) -> Entry {
        let mut number = |cell: &Cell| {
            parse_cell(&cell.text).unwrap_or_else(|refusal| {
                let problem = match refusal {
                    Refusal::NotANumber => CellProblem::NotANumber,
                    Refusal::Negative => CellProblem::Negative,
                    Refusal::TooLarge => CellProblem::TooLarge,
                };
                wrong.push(self.error(cell, problem));
                Typed::Empty
            })
        };
        let numerator = number(&draft.numerator);
        let denominator = number(&draft.denominator);
        let reason = reason_named(&draft.no_data.text).unwrap_or_else(|UnknownReason| {
            wrong.push(self.error(&draft.no_data, CellProblem::UnknownReason));
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
        for (cell, value) in [
            (&draft.numerator, entry.numerator),
            (&draft.denominator, entry.denominator),
        ] {
            if value.is_some() && entry.no_data.is_some() {
                wrong.push(self.error(cell, CellProblem::NoDataWithNumber));
            }
        }
        let is_single = indicator.is_some_and(is_single);
        if is_single && entry.denominator.is_some() && entry.no_data.is_none() {
            wrong.push(self.error(&draft.denominator, CellProblem::DenominatorNotExpected));
        }
        entry
    }

    /// Which of two rows is right nobody can tell, so neither is kept.
    fn take_out_duplicates(&mut self, drafts: &[Draft]) {
        let mut first_rows: HashMap<(Option<String>, String, Period), (u32, usize)> =
            HashMap::new();
        let mut repeated = Vec::new();
        for (row, no) in &self.rows {
            let key = (
                row.place.as_deref().map(same_place),
                row.indicator.clone(),
                row.period,
            );
            let (first_row, first) = *first_rows.entry(key).or_insert((row.row, *no));
            if first != *no {
                repeated.push((first_row, first, *no));
            }
        }
        let mut out: HashMap<usize, u32> = HashMap::new();
        for &(first_row, first, no) in &repeated {
            let problem = CellProblem::Duplicate { first_row };
            if let Some(draft) = drafts.get(no) {
                self.errors.push(self.error(&draft.period, problem));
            }
            out.insert(first, first_row);
            out.insert(no, first_row);
        }
        self.rows.retain(|(_, no)| !out.contains_key(no));
        for (no, first_row) in out {
            self.refused.extend(drafts.get(no).map(|draft| Refused {
                row: draft.row,
                cells: draft.words(),
                problems: vec![CellProblem::Duplicate { first_row }],
            }));
        }
    }

    fn error(&self, cell: &Cell, problem: CellProblem) -> CellError {
        let heading = self.header.headings.get(cell.column);
        CellError {
            row: cell.row,
            column: heading.map_or_else(|| Column::at(cell.column, ""), |h| h.column.clone()),
            problem,
            value: excerpt(&cell.text),
        }
    }
}

/// Whether an indicator has one number only.
fn is_single(indicator: &Indicator) -> bool {
    matches!(indicator.kind, IndicatorKind::Count | IndicatorKind::Time)
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
        "registre" | "registre absent" | "registre manquant" | "register" | "register missing"
        | "missing register" => NoDataReason::RegisterMissing,
        "rupture" | "rupture de stock" | "stock out" | "stockout" => NoDataReason::StockOut,
        "greve" | "strike" => NoDataReason::Strike,
        "ferme" | "fermee" | "fermeture" | "service ferme" | "closed" | "service closed" => {
            NoDataReason::Closed
        }
        "autre" | "autre raison" | "other" | "other reason" | "oui" | "yes" | "x" | "1"
        | "vrai" | "true" | "pas de donnee" | "no data" | "nd" => NoDataReason::Other,
        _ => return Err(UnknownReason),
    }))
}

#[cfg(test)]
mod tests;
