//! From the rows of a sheet to one draft a value: where its parts stand, and what stands there.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use domain::measure::parse_cell;
use domain::text::fold;

use super::{CellProblem, Field, Header, indicator_named, is_single, reason_named, same_place};
use crate::book::{SheetRow, Unreadable};

/// The most values of a sheet whose months stand side by side.
const MOST_DRAFTS: usize = 200_000;

/// A cell: where it stands and what it says.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    /// The row's number in the spreadsheet.
    pub row: u32,
    /// The column's index from 0.
    pub column: usize,
    /// What it says.
    pub text: String,
}

/// A value before it is understood.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    /// Its place among the drafts.
    pub no: usize,
    /// The row's number in the spreadsheet.
    pub row: u32,
    pub place: Cell,
    pub indicator: Cell,
    pub period: Cell,
    pub numerator: Cell,
    pub denominator: Cell,
    pub no_data: Cell,
    /// What is wrong already.
    pub problems: Vec<(Cell, CellProblem)>,
}

impl Draft {
    /// What is written: place, indicator, period, numerator, denominator and reason for no data.
    pub fn words(&self) -> [String; 6] {
        [
            &self.place,
            &self.indicator,
            &self.period,
            &self.numerator,
            &self.denominator,
            &self.no_data,
        ]
        .map(|cell| cell.text.clone())
    }
}

fn cell(row: &SheetRow, column: Option<usize>) -> Cell {
    let text = column.and_then(|column| row.cells.get(column)).cloned();
    Cell {
        row: row.number,
        column: column.unwrap_or_default(),
        text: text.unwrap_or_default(),
    }
}

/// One row, one value.
pub(super) fn long(header: &Header, rows: &[SheetRow]) -> Vec<Draft> {
    let at = |field| header.at(field);
    let rows = rows.iter().enumerate();
    rows.map(|(no, row)| {
        let extra = row.cells.iter().enumerate().skip(header.headings.len());
        Draft {
            no,
            row: row.number,
            place: cell(row, at(Field::Place)),
            indicator: cell(row, at(Field::Indicator)),
            period: cell(row, at(Field::Period)),
            numerator: cell(row, at(Field::Numerator)),
            denominator: cell(row, at(Field::Denominator)),
            no_data: cell(row, at(Field::NoData)),
            problems: extra
                .filter(|(_, text)| !text.is_empty())
                .map(|(column, _)| (cell(row, Some(column)), CellProblem::ExtraCell))
                .collect(),
        }
    })
    .collect()
}

/// Which of a value's cells a row of a wide table fills.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Numerator,
    Denominator,
    NoData,
    /// The row does not say.
    Unsaid,
}

fn part(said: &str) -> Part {
    match fold(said).as_str() {
        "numerateur" | "numerator" | "n" | "num" | "valeur" | "value" => Part::Numerator,
        "denominateur" | "denominator" | "d" | "den" | "denom" => Part::Denominator,
        "pas de donnee" | "pas de donnees" | "no data" | "raison" | "motif" | "reason" => {
            Part::NoData
        }
        _ => Part::Unsaid,
    }
}

/// Measures in rows, months in columns. The indicator of a row that names none is that of the row above: merged cells are
/// written so.
pub(super) fn wide(header: &Header, rows: &[SheetRow]) -> Result<Vec<Draft>, Unreadable> {
    let months: Vec<(usize, String)> = header
        .headings
        .iter()
        .enumerate()
        .filter(|(_, heading)| heading.field.is_none())
        .filter_map(|(at, heading)| Some((at, heading.month?.to_string())))
        .collect();
    let mut drafts: Vec<Draft> = Vec::new();
    let mut found: HashMap<(String, String, usize), usize> = HashMap::new();
    let mut above = Cell::default();
    for row in rows {
        let mut indicator = cell(row, header.at(Field::Indicator));
        if indicator.text.is_empty() {
            indicator.text.clone_from(&above.text);
        }
        above = indicator.clone();
        let place = cell(row, header.at(Field::Place));
        let known = indicator_named(&indicator.text);
        let said = part(&cell(row, header.at(Field::Part)).text);
        let name = known.map_or_else(|| fold(&indicator.text), |known| known.code.clone());
        for (at, month) in &months {
            // Rows below the table, such as a note, name nothing and hold nothing in the months.
            if known.is_none() && cell(row, Some(*at)).text.is_empty() {
                continue;
            }
            let key = (same_place(&place.text), name.clone(), *at);
            let no = match found.entry(key) {
                Entry::Occupied(slot) => *slot.get(),
                Entry::Vacant(slot) => {
                    if drafts.len() >= MOST_DRAFTS {
                        return Err(Unreadable::TooMuch);
                    }
                    drafts.push(Draft {
                        no: drafts.len(),
                        row: row.number,
                        place: place.clone(),
                        indicator: indicator.clone(),
                        period: Cell {
                            row: row.number,
                            column: *at,
                            text: month.clone(),
                        },
                        ..Draft::default()
                    });
                    *slot.insert(drafts.len() - 1)
                }
            };
            let part = match known {
                Some(known) if !is_single(known) => said,
                // What is not known has one thing wrong with it, not two.
                _ if said == Part::Unsaid => Part::Numerator,
                _ => said,
            };
            if let Some(draft) = drafts.get_mut(no) {
                fill(draft, part, cell(row, Some(*at)));
            }
        }
    }
    Ok(drafts)
}

fn fill(draft: &mut Draft, part: Part, said: Cell) {
    if said.text.is_empty() {
        return;
    }
    // A reason may stand where the number would.
    let is_reason =
        parse_cell(&said.text).is_err() && matches!(reason_named(&said.text), Ok(Some(_)));
    let parts: Vec<(Part, Cell)> = match (part, said.text.split_once('/')) {
        _ if is_reason => vec![(Part::NoData, said)],
        (Part::Unsaid, Some((n, d))) => [(Part::Numerator, n), (Part::Denominator, d)]
            .map(|(part, text)| {
                let text = text.trim().to_owned();
                (part, Cell { text, ..said })
            })
            .to_vec(),
        _ => vec![(part, said)],
    };
    for (part, said) in parts {
        let slot = match part {
            Part::Numerator => &mut draft.numerator,
            Part::Denominator => &mut draft.denominator,
            Part::NoData => &mut draft.no_data,
            Part::Unsaid => {
                draft
                    .problems
                    .push((said.clone(), CellProblem::MissingPart));
                draft.numerator = said;
                continue;
            }
        };
        if slot.text.is_empty() {
            *slot = said;
        } else if part != Part::NoData || fold(&slot.text) != fold(&said.text) {
            let first_row = slot.row;
            let problem = CellProblem::Duplicate { first_row };
            draft.problems.push((said, problem));
        }
    }
}
