//! Which column holds what, by the words of its heading.

use domain::text::fold;
use serde::{Deserialize, Serialize};

use super::{Unreadable, excerpt};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export, rename = "CsvField")]
pub enum Field {
    /// Where it was counted.
    Place,
    /// The indicator, by code or name.
    Indicator,
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
    const NEEDED: [Self; 3] = [Self::Indicator, Self::Period, Self::Numerator];

    /// What a heading says that the column holds; other columns are left alone.
    pub(super) fn of_heading(heading: &str) -> Option<Self> {
        Some(match fold(heading).as_str() {
            "lieu" | "place" | "structure" | "site" | "centre" | "cscom" | "etablissement"
            | "facility" => Self::Place,
            "indicateur" | "indicator" | "mesure" | "measure" => Self::Indicator,
            "code" | "code indicateur" | "code de l indicateur" | "indicator code" => {
                Self::Indicator
            }
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

/// A column as the spreadsheet shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export, rename = "CsvColumn")]
pub struct Column {
    /// Its heading; empty where there is none.
    pub name: String,
    /// Its letter: A, B, … Z, AA.
    pub letter: String,
    /// Its number, from 1.
    pub number: u32,
}

impl Column {
    fn at(index: usize, name: &str) -> Self {
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

    /// A column after the last heading, by its index from 0.
    pub(super) fn beyond(index: usize) -> Self {
        Self::at(index, "")
    }
}

/// The columns of a file.
pub(super) struct Columns {
    known: Vec<(Field, usize, Column)>,
    count: usize,
}

impl Columns {
    /// The columns of a row of headings.
    pub(super) fn of(headings: &[String]) -> Result<Self, Unreadable> {
        let says_code = |heading: &String| fold(heading).split(' ').any(|word| word == "code");
        let has_code = headings
            .iter()
            .any(|h| says_code(h) && Field::of_heading(h).is_some());
        let mut known: Vec<(Field, usize, Column)> = Vec::new();
        for (index, heading) in headings.iter().enumerate() {
            let Some(field) = Field::of_heading(heading) else {
                continue;
            };
            // Beside a column of codes, « indicateur » is only the name for people.
            if field == Field::Indicator && has_code && !says_code(heading) {
                continue;
            }
            let column = Column::at(index, heading);
            if known.iter().any(|(other, ..)| *other == field) {
                return Err(Unreadable::RepeatedColumn { column });
            }
            known.push((field, index, column));
        }
        let is_missing = |field: &Field| !known.iter().any(|(other, ..)| other == field);
        let missing: Vec<Field> = Field::NEEDED.into_iter().filter(is_missing).collect();
        if !missing.is_empty() {
            let found = headings
                .iter()
                .filter(|h| !h.is_empty())
                .take(20)
                .map(|h| excerpt(h))
                .collect();
            return Err(Unreadable::MissingColumns { missing, found });
        }
        Ok(Self {
            known,
            count: headings.len(),
        })
    }

    /// How many headings there are, known or not.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The column of a field, if the file has it.
    pub(super) fn column(&self, field: Field) -> Option<&Column> {
        self.known
            .iter()
            .find(|(known, ..)| *known == field)
            .map(|(_, _, column)| column)
    }

    /// What stands in a row's cell of a field, if the row reaches so far.
    pub(super) fn cell<'a>(&self, field: Field, cells: &'a [String]) -> Option<&'a str> {
        let (_, index, _) = self.known.iter().find(|(known, ..)| *known == field)?;
        cells.get(*index).map(String::as_str)
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
            assert_eq!(Column::beyond(index).letter, letter);
        }
    }
}
