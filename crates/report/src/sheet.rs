//! Workbooks (XLSX) that open in French Excel and LibreOffice as they are: numbers are numbers, days are days, and no cell is
//! run as a formula.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use domain::period::Month;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format,
    FormatAlign, FormatBorder, Formula, Workbook, Worksheet, XlsxError,
};

/// Titles and headings.
const INK: u32 = 0x1F_2A_37;
/// What is read beside the figures.
const QUIET: u32 = 0x55_60_6E;
/// The ground of headings.
const HEAD: u32 = 0xE9_EC_EF;
/// The longest name of a sheet that spreadsheets take.
const LONGEST_NAME: usize = 31;
/// The most letters that a cell of theirs holds.
const LONGEST_TEXT: usize = 32_767;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words. They stay words whatever they begin with.
    Text(String),
    /// A number, shown with so many digits after the decimal mark; it holds all of them.
    Number(f64, u8),
    /// A day.
    Day(NaiveDate),
    /// A month, as the day on which it begins.
    Month(Month),
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A number where there is one.
    pub fn number(number: Option<f64>, decimals: u8) -> Self {
        number.map_or(Self::Empty, |number| Self::Number(number, decimals))
    }
}

/// A column of a sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// What stands above it.
    pub heading: Cell,
    /// How wide it is, in letters.
    pub width: f64,
}

/// Which cells may be typed into, and what they take.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// The first column that it is about, from 0; it is about all columns from there on, in all rows.
    pub from_column: u16,
    /// Words that a cell takes besides numbers from zero up.
    pub words: Vec<String>,
    /// The name of the sheet that lists those words.
    pub words_sheet: String,
    /// What the spreadsheet says of anything else: a title and a sentence.
    pub refusal: (String, String),
}

/// A sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// The name of its tab.
    pub name: String,
    /// Lines above the table, the first as a title.
    pub above: Vec<String>,
    /// Its columns. Their headings, and those of them that come first, stay in sight.
    pub columns: Vec<Column>,
    /// How many columns stay in sight.
    pub kept: u16,
    /// Its rows, a cell a column.
    pub rows: Vec<Vec<Cell>>,
    /// Lines below the table.
    pub below: Vec<String>,
    /// What may be typed into it.
    pub check: Option<Check>,
}

/// A workbook.
#[derive(Debug, Clone, PartialEq)]
pub struct Book {
    /// Its title in the file's properties.
    pub title: String,
    /// Who made it.
    pub author: String,
    /// When.
    pub made: DateTime<Utc>,
    /// Its sheets.
    pub sheets: Vec<Sheet>,
}

/// The workbook could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the workbook could not be written: {0}")]
pub struct NotWritten(#[from] XlsxError);

/// The workbook as a file.
pub fn write(book: &Book) -> Result<Vec<u8>, NotWritten> {
    let mut file = Workbook::new();
    let made = ExcelDateTime::from_timestamp(book.made.timestamp())?;
    file.set_properties(
        &DocProperties::new()
            .set_title(&book.title)
            .set_author(&book.author)
            .set_creation_datetime(&made),
    );
    let mut names = HashSet::new();
    for sheet in &book.sheets {
        let mut page = Worksheet::new();
        page.set_name(tab_name(&sheet.name, &mut names))?;
        draw(&mut page, sheet)?;
        file.push_worksheet(page);
    }
    // The words that a cell takes stand on a sheet of their own, where the checks of the book find them.
    let mut lists = HashSet::new();
    let checks = book.sheets.iter().filter_map(|sheet| sheet.check.as_ref());
    for check in checks.filter(|check| lists.insert(&check.words_sheet)) {
        let mut page = Worksheet::new();
        page.set_name(tab_name(&check.words_sheet, &mut names))?;
        page.set_column_width(0, 36)?;
        for (row, word) in (0..).zip(&check.words) {
            page.write_string(row, 0, word)?;
        }
        file.push_worksheet(page);
    }
    Ok(file.save_to_buffer()?)
}

fn draw(page: &mut Worksheet, sheet: &Sheet) -> Result<(), NotWritten> {
    let title = Format::new()
        .set_bold()
        .set_font_size(14)
        .set_font_color(Color::RGB(INK));
    let quiet = Format::new().set_font_color(Color::RGB(QUIET));
    let head = Format::new()
        .set_bold()
        .set_background_color(Color::RGB(HEAD))
        .set_border_bottom(FormatBorder::Thin)
        .set_text_wrap()
        .set_align(FormatAlign::Top);
    let plain = Format::new().set_align(FormatAlign::Top).set_text_wrap();

    let mut row = 0;
    for line in &sheet.above {
        let format = if row == 0 { &title } else { &quiet };
        page.write_string_with_format(row, 0, short(line), format)?;
        row += 1;
    }
    if row > 0 {
        row += 1;
    }
    let headings = row;
    for (at, column) in (0..).zip(&sheet.columns) {
        page.set_column_width(at, column.width)?;
        put(page, headings, at, &column.heading, &head)?;
    }
    let heads: Vec<Cell> = sheet.columns.iter().map(|c| c.heading.clone()).collect();
    // Bold letters are wider.
    tall(page, headings, &heads, &sheet.columns, 0.85)?;
    page.set_freeze_panes(headings + 1, sheet.kept)?;
    row += 1;
    let first = row;
    for cells in &sheet.rows {
        for (at, cell) in (0..).zip(cells) {
            put(page, row, at, cell, &plain)?;
        }
        tall(page, row, cells, &sheet.columns, 1.0)?;
        row += 1;
    }
    if let (Some(check), true) = (&sheet.check, row > first) {
        let last_column = (sheet.columns.len().max(1) - 1) as u16;
        page.add_data_validation(
            first,
            check.from_column,
            row - 1,
            last_column,
            &validation(check, first),
        )?;
    }
    if !sheet.below.is_empty() {
        row += 1;
    }
    for line in &sheet.below {
        page.write_string_with_format(row, 0, short(line), &quiet)?;
        row += 1;
    }
    // On A4 the table is as wide as the page, and its headings stand on each.
    page.set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0)
        .set_repeat_rows(headings, headings)?;
    Ok(())
}

/// Makes a row as tall as its longest text needs: not every spreadsheet does so when it opens a file. `room` is the part of a
/// column's width that letters fill.
fn tall(
    page: &mut Worksheet,
    row: u32,
    cells: &[Cell],
    columns: &[Column],
    room: f64,
) -> Result<(), NotWritten> {
    let lines = cells.iter().zip(columns).map(|(cell, column)| match cell {
        Cell::Text(text) => (text.chars().count() as f64 / (column.width * room)).ceil(),
        _ => 1.0,
    });
    let most = lines.fold(1.0, f64::max).min(20.0);
    if most > 1.0 {
        page.set_row_height(row, 15.0 * most)?;
    }
    Ok(())
}

fn put(
    page: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    format: &Format,
) -> Result<(), NotWritten> {
    match cell {
        Cell::Empty => page.write_blank(row, column, format)?,
        Cell::Text(text) => page.write_string_with_format(row, column, short(text), format)?,
        // What is no number cannot stand in a spreadsheet as one.
        Cell::Number(number, _) if !number.is_finite() => page.write_blank(row, column, format)?,
        Cell::Number(number, decimals) => {
            let shown = match decimals {
                0 => "0".to_owned(),
                decimals => format!("0.{}", "0".repeat(usize::from(*decimals))),
            };
            let format = format.clone().set_num_format(shown);
            page.write_number_with_format(row, column, *number, &format)?
        }
        Cell::Day(day) => {
            let format = format.clone().set_num_format("dd/mm/yyyy");
            page.write_datetime_with_format(row, column, day, &format)?
        }
        Cell::Month(month) => {
            let format = format.clone().set_num_format("mmm yyyy");
            page.write_datetime_with_format(row, column, month.first_day(), &format)?
        }
    };
    Ok(())
}

/// Numbers from zero up, and the words.
fn validation(check: &Check, first_row: u32) -> DataValidation {
    let cell = format!("{}{}", letters(check.from_column), first_row + 1);
    let sheet = check.words_sheet.replace('\'', "''");
    let formula = format!(
        "OR(AND(ISNUMBER({cell}),{cell}>=0),COUNTIF('{sheet}'!$A$1:$A${},{cell})>0)",
        check.words.len().max(1)
    );
    let (title, sentence) = &check.refusal;
    let within = |text: &str, most: usize| text.chars().take(most).collect::<String>();
    DataValidation::new()
        .allow_custom(Formula::new(formula))
        .set_error_style(DataValidationErrorStyle::Warning)
        // Longer than this, a spreadsheet calls the whole file damaged.
        .set_error_title(within(title, 32))
        .and_then(|check| check.set_error_message(within(sentence, 255)))
        .unwrap_or_else(|_| DataValidation::new())
}

fn letters(column: u16) -> String {
    let mut letters = Vec::new();
    let mut rest = u32::from(column) + 1;
    while rest > 0 {
        letters.insert(0, char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.into_iter().collect()
}

/// A name that a tab may bear, and that no other bears.
fn tab_name(name: &str, taken: &mut HashSet<String>) -> String {
    let allowed = |c: char| if "[]:*?/\\".contains(c) { ' ' } else { c };
    let clean: String = name.chars().map(allowed).collect();
    let clean = clean.trim_matches(|c: char| c == '\'' || c.is_whitespace());
    let clean = if clean.is_empty() { "1" } else { clean };
    let cut = |most: usize| clean.chars().take(most).collect::<String>();
    let mut found = cut(LONGEST_NAME);
    let mut number = 2;
    while !taken.insert(found.to_lowercase()) {
        let end = format!(" {number}");
        found = cut(LONGEST_NAME - end.len()) + &end;
        number += 1;
    }
    found
}

fn short(text: &str) -> &str {
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};

    use super::*;

    fn book() -> Book {
        Book {
            title: "Saisie".into(),
            author: "Awa".into(),
            made: DateTime::from_timestamp(1_780_000_000, 0).unwrap(),
            sheets: vec![Sheet {
                name: "CSCom de Kangaré : mesures/2026 [juin]".into(),
                above: vec!["CSCom de Kangaré".into(), "écrit le 2 juin".into()],
                columns: vec![
                    Column {
                        heading: Cell::text("Code"),
                        width: 10.0,
                    },
                    Column {
                        heading: Cell::Month("2026-05".parse().unwrap()),
                        width: 9.0,
                    },
                ],
                kept: 1,
                rows: vec![
                    vec![Cell::text("=1+1"), Cell::Number(3.25, 1)],
                    vec![
                        Cell::text("MNCH-02"),
                        Cell::Day(NaiveDate::from_ymd_opt(2026, 6, 2).unwrap()),
                    ],
                    vec![Cell::Empty, Cell::Number(f64::NAN, 0)],
                ],
                below: vec!["une note".into()],
                check: Some(Check {
                    from_column: 1,
                    words: vec!["grève".into()],
                    words_sheet: "Raisons".into(),
                    refusal: ("x".repeat(60), "y".repeat(400)),
                }),
            }],
        }
    }

    #[test]
    fn what_is_written_is_read_as_numbers_and_days_and_no_formula() {
        let bytes = write(&book()).unwrap();
        assert_eq!(bytes, write(&book()).unwrap(), "the same every time");
        let mut read: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        assert_eq!(
            read.sheet_names(),
            ["CSCom de Kangaré   mesures 2026", "Raisons"]
        );
        let name = read.sheet_names()[0].clone();
        let range = read.worksheet_range(&name).unwrap();
        let at = |row, column| range.get_value((row, column)).cloned().unwrap();
        assert_eq!(at(0, 0), Data::String("CSCom de Kangaré".into()));
        let Data::DateTime(month) = at(3, 1) else {
            panic!("{:?}", at(3, 1))
        };
        assert_eq!(month.to_ymd_hms_milli().0, 2026);
        assert_eq!(at(4, 0), Data::String("=1+1".into()));
        assert_eq!(at(4, 1), Data::Float(3.25));
        assert!(matches!(at(5, 1), Data::DateTime(_)));
        assert_eq!(at(6, 1), Data::Empty);
        let formulas = read.worksheet_formula(&name).unwrap();
        assert_eq!(formulas.used_cells().count(), 0);
    }

    #[test]
    fn tabs_bear_different_names() {
        let mut taken = HashSet::new();
        let long = "a".repeat(40);
        assert_eq!(tab_name(&long, &mut taken).len(), 31);
        assert_eq!(tab_name(&long, &mut taken), format!("{} 2", "a".repeat(29)));
        assert_eq!(tab_name("'?'", &mut taken), "1");
    }
}
