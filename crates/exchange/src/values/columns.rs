//! Which row holds the headings, and which column holds what.

use domain::measure::{Typed, parse_cell};
use domain::period::Period;
use domain::text::fold;
use serde::{Deserialize, Serialize};

use super::excerpt;
use crate::book::{HEADINGS_WITHIN, SheetRow, Unreadable};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export, rename = "ColumnField")]
pub enum Field {
    /// Where it was counted.
    Place,
    /// The indicator, by code or name.
    Indicator,
    /// Which of the two numbers stands in the row, where the months stand side by side.
    Part,
    /// The period.
    Period,
    /// The numerator, or the count or time itself.
    Numerator,
    /// The denominator.
    Denominator,
    /// Why there is no data.
    NoData,
}

impl Field {
    /// What a heading says that the column holds; other columns are left alone.
    fn of_heading(heading: &str) -> Option<Self> {
        Some(match fold(heading).as_str() {
            "lieu" | "place" | "structure" | "site" | "centre" | "cscom" | "etablissement"
            | "facility" => Self::Place,
            "indicateur" | "indicator" | "mesure" | "measure" => Self::Indicator,
            "code" | "code indicateur" | "code de l indicateur" | "indicator code" => {
                Self::Indicator
            }
            "nombre" | "partie" | "part" | "number" => Self::Part,
            "periode" | "period" | "mois" | "month" | "date" => Self::Period,
            "numerateur" | "numerator" | "n" | "num" => Self::Numerator,
            "denominateur" | "denominator" | "d" | "den" | "denom" => Self::Denominator,
            "pas de donnee" | "pas de donnees" | "no data" | "raison" | "motif" | "reason" => {
                Self::NoData
            }
            _ => return None,
        })
    }
}

/// How many cells of a row are headings that make sense: [`book::read`](crate::book::read) chooses sheet and delimiter by it.
pub fn sense(cells: &[String]) -> usize {
    let known = |cell: &&String| Field::of_heading(cell).is_some() || month(cell).is_some();
    cells.iter().filter(known).count()
}

/// The period that a heading names. A bare number is one as a month, `202603`, or as a year of this century.
fn month(heading: &str) -> Option<Period> {
    let is_number = heading.bytes().all(|byte| byte.is_ascii_digit());
    let is_year = heading.len() == 4 && heading.starts_with("20");
    Period::parse_typed(heading)
        .ok()
        .filter(|_| !is_number || heading.len() == 6 || is_year)
}

/// A column as the spreadsheet shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its heading; empty where there is none.
    pub name: String,
    /// Its letter: A, B, … Z, AA.
    pub letter: String,
    /// Its number, from 1.
    pub number: u32,
}

impl Column {
    pub(super) fn at(index: usize, name: &str) -> Self {
        let mut letters = Vec::new();
        let mut rest = index + 1;
        while rest > 0 {
            letters.insert(0, char::from(b'A' + ((rest - 1) % 26) as u8));
            rest = (rest - 1) / 26;
        }
        Self {
            name: excerpt(name),
            letter: letters.into_iter().collect(),
            number: index as u32 + 1,
        }
    }
}

/// A heading, and what its column is taken to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// The column.
    pub column: Column,
    /// What it holds; of a month, and of what is not read, nothing.
    pub field: Option<Field>,
    /// The month that it names.
    pub month: Option<Period>,
    /// The first thing that stands below it.
    pub sample: String,
}

/// The row of headings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Its number in the spreadsheet.
    pub row: u32,
    /// Its headings, column A first.
    pub headings: Vec<Heading>,
    /// What is the same in every file with these headings: what was said of one is remembered for all. Months do not count.
    pub key: String,
}

impl Header {
    /// The row of headings among the first rows: the first from which values could be read, else the one that makes most sense.
    pub fn of(rows: &[SheetRow]) -> Result<Self, Unreadable> {
        let top = rows.iter().take(HEADINGS_WITHIN);
        let found = top
            .clone()
            .find(|row| Self::from(row, &[]).missing().is_empty())
            .or_else(|| {
                let filled = |row: &SheetRow| row.cells.iter().filter(|c| !c.is_empty()).count();
                // A row with a bare number is one of values, whatever else it holds.
                let is_number = |cell: &String| {
                    month(cell).is_none() && matches!(parse_cell(cell), Ok(Typed::Number(_)))
                };
                let words = |row: &SheetRow| !row.cells.iter().any(is_number);
                top.rev().max_by_key(|row| (words(row), filled(row)))
            })
            .ok_or(Unreadable::Empty)?;
        let below = rows.iter().position(|row| row.number == found.number);
        let below = below.and_then(|at| rows.get(at + 1..)).unwrap_or_default();
        Ok(Self::from(found, below))
    }

    fn from(row: &SheetRow, below: &[SheetRow]) -> Self {
        let says_code = |heading: &String| fold(heading).split(' ').any(|word| word == "code");
        let has_code = row
            .cells
            .iter()
            .any(|h| says_code(h) && Field::of_heading(h).is_some());
        let field = |heading: &String| {
            // Beside a column of codes, « indicateur » is only the name for people.
            Field::of_heading(heading)
                .filter(|field| *field != Field::Indicator || !has_code || says_code(heading))
        };
        let headings = row.cells.iter().enumerate().map(|(at, text)| Heading {
            column: Column::at(at, text),
            field: field(text),
            month: month(text),
            sample: below
                .iter()
                .filter_map(|row| row.cells.get(at))
                .find(|cell| !cell.is_empty())
                .map(|cell| excerpt(cell))
                .unwrap_or_default(),
        });
        let headings: Vec<Heading> = headings.collect();
        let mut words: Vec<String> = headings
            .iter()
            .map(|h| h.month.map_or_else(|| fold(&h.column.name), |_| "*".into()))
            .collect();
        words.dedup_by(|a, b| a == "*" && b == "*");
        Self {
            row: row.number,
            headings,
            key: words.join("|"),
        }
    }

    /// The same with what a person said that each column holds, column A first; headings beyond hold nothing.
    pub fn with(mut self, fields: &[Option<Field>]) -> Self {
        for (at, heading) in self.headings.iter_mut().enumerate() {
            heading.field = fields.get(at).copied().flatten();
        }
        self
    }

    /// Whether the months stand side by side, a column each.
    pub fn is_wide(&self) -> bool {
        let has = |field| self.headings.iter().any(|h| h.field == Some(field));
        !has(Field::Period)
            && !has(Field::Numerator)
            && self
                .headings
                .iter()
                .any(|heading| heading.month.is_some() && heading.field.is_none())
    }

    /// What no column holds, and cannot be done without.
    pub fn missing(&self) -> Vec<Field> {
        let needed: &[Field] = if self.is_wide() {
            &[Field::Indicator]
        } else {
            &[Field::Indicator, Field::Period, Field::Numerator]
        };
        let is_missing = |field: &&Field| !self.headings.iter().any(|h| h.field == Some(**field));
        needed.iter().filter(is_missing).copied().collect()
    }

    /// Refuses what cannot be read by.
    pub(super) fn check(&self) -> Result<(), Unreadable> {
        for (at, heading) in self.headings.iter().enumerate() {
            let before = self.headings.get(..at).unwrap_or_default();
            if heading.field.is_some() && before.iter().any(|h| h.field == heading.field) {
                return Err(Unreadable::RepeatedColumn {
                    column: heading.column.clone(),
                });
            }
        }
        let missing = self.missing();
        if missing.is_empty() {
            return Ok(());
        }
        let names = self.headings.iter().map(|heading| &heading.column.name);
        let found = names.filter(|name| !name.is_empty()).take(20);
        Err(Unreadable::MissingColumns {
            missing,
            found: found.cloned().collect(),
        })
    }

    /// The index of a field's column.
    pub(super) fn at(&self, field: Field) -> Option<usize> {
        self.headings
            .iter()
            .position(|heading| heading.field == Some(field))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_follow_the_spreadsheet() {
        for (index, letter) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (51, "AZ"),
            (52, "BA"),
            (701, "ZZ"),
            (702, "AAA"),
        ] {
            assert_eq!(Column::at(index, "").letter, letter);
        }
    }
}
