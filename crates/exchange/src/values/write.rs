//! Writing values as CSV.

use domain::measure::NoDataReason;
use domain::text::Language;

use super::Row;
use crate::book::Delimiter;

/// Values as a file that a spreadsheet in this language opens by a double click: a byte-order mark,
/// and for French semicolons and decimal commas. Text that a spreadsheet would run as a formula is
/// written so that it stays text; [`parse`](super::parse()) gives it back as it was.
pub fn write(rows: &[Row], language: Language) -> Vec<u8> {
    let has_place = rows.iter().any(|row| row.place.is_some());
    let words = Words::of(language);
    let mut file = Sheet::new(words.delimiter);
    let place = has_place.then_some(words.place);
    file.row(place.into_iter().chain(words.headings));
    for row in rows {
        let place = has_place.then(|| as_text(row.place.as_deref().unwrap_or_default()));
        let cells = [
            as_text(&row.indicator),
            row.period.to_string(),
            words.number(row.entry.numerator),
            words.number(row.entry.denominator),
            row.entry
                .no_data
                .map_or("", |reason| words.reason(reason))
                .to_owned(),
        ];
        file.row(place.into_iter().chain(cells));
    }
    file.bytes()
}

/// Rows of text, the headings first, as a file that a spreadsheet in this language opens by a double click. No cell is run as a
/// formula.
pub fn table(rows: &[Vec<String>], language: Language) -> Vec<u8> {
    let mut file = Sheet::new(Words::of(language).delimiter);
    for row in rows {
        file.row(row.iter().map(|cell| as_text(cell)));
    }
    file.bytes()
}

/// Text that begins as a formula does, with an apostrophe before it, so that it stays text.
fn as_text(text: &str) -> String {
    if is_dangerous(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// What [`as_text`] was given.
pub(super) fn as_it_was(cell: &str) -> &str {
    cell.strip_prefix('\'')
        .filter(|text| is_dangerous(text))
        .unwrap_or(cell)
}

/// Whether a spreadsheet could take it for a formula. Apostrophes in front do not count, or text that
/// already has one could not be told from text that was given one.
fn is_dangerous(text: &str) -> bool {
    let bare = text.trim_start_matches('\'');
    let begins_formula = |c| "=+-@＝＋－＠".contains(c);
    bare.starts_with(['\t', '\r']) || bare.trim_start().starts_with(begins_formula)
}

struct Words {
    delimiter: Delimiter,
    decimal_mark: &'static str,
    place: &'static str,
    headings: [&'static str; 5],
    reasons: [&'static str; 5],
}

impl Words {
    const FRENCH: Self = Self {
        delimiter: Delimiter::Semicolon,
        decimal_mark: ",",
        place: "Lieu",
        headings: [
            "Indicateur",
            "Période",
            "Numérateur",
            "Dénominateur",
            "Pas de donnée",
        ],
        reasons: [
            "registre absent",
            "rupture de stock",
            "grève",
            "fermé",
            "autre",
        ],
    };
    const ENGLISH: Self = Self {
        delimiter: Delimiter::Comma,
        decimal_mark: ".",
        place: "Place",
        headings: ["Indicator", "Period", "Numerator", "Denominator", "No data"],
        reasons: ["register missing", "stock-out", "strike", "closed", "other"],
    };

    fn of(language: Language) -> &'static Self {
        match language {
            Language::Fr => &Self::FRENCH,
            Language::En => &Self::ENGLISH,
        }
    }

    fn number(&self, number: Option<f64>) -> String {
        number.map_or(String::new(), |number| {
            number.to_string().replace('.', self.decimal_mark)
        })
    }

    fn reason(&self, reason: NoDataReason) -> &'static str {
        let [register_missing, stock_out, strike, closed, other] = self.reasons;
        match reason {
            NoDataReason::RegisterMissing => register_missing,
            NoDataReason::StockOut => stock_out,
            NoDataReason::Strike => strike,
            NoDataReason::Closed => closed,
            NoDataReason::Other => other,
        }
    }
}

/// A file that is being written: RFC 4180 with a byte-order mark.
struct Sheet {
    text: String,
    delimiter: char,
}

impl Sheet {
    fn new(delimiter: Delimiter) -> Self {
        Self {
            text: "\u{feff}".to_owned(),
            delimiter: delimiter.byte().into(),
        }
    }

    fn row(&mut self, cells: impl IntoIterator<Item = impl AsRef<str>>) {
        for (at, cell) in cells.into_iter().enumerate() {
            if at > 0 {
                self.text.push(self.delimiter);
            }
            let cell = cell.as_ref();
            if cell.contains([self.delimiter, '"', '\n', '\r']) {
                self.text += &format!("\"{}\"", cell.replace('"', "\"\""));
            } else {
                self.text += cell;
            }
        }
        self.text += "\r\n";
    }

    fn bytes(self) -> Vec<u8> {
        self.text.into_bytes()
    }
}
