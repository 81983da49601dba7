//! Workbooks crafted on purpose: small files of which a spreadsheet library would make gigabytes, or never come to an end. Each
//! is refused or read, and no more memory is taken than is said here.

#![allow(
    clippy::unwrap_used,
    reason = "a test whose input cannot be made has failed"
)]

use std::io::{Cursor, Write};
use std::sync::{Mutex, PoisonError};

use exchange::book::Unreadable;
use exchange::values::parse_bytes;
use fuzz::old_workbook;
use peak_alloc::PeakAlloc;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What reading the largest file may take.
const MOST: usize = 320 << 20;

/// Why a file is refused, or how many rows with errors it has; reading it takes at most [`MOST`].
#[track_caller]
fn outcome(bytes: &[u8]) -> Result<usize, Unreadable> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    assert!(
        bytes.len() < exchange::book::LARGEST_FILE,
        "it is looked at"
    );
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let read = parse_bytes(bytes).map(|(book, _)| book.rows.len());
    let took = MEMORY.peak_usage().saturating_sub(before);
    assert!(took <= MOST, "{took} bytes");
    read
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = kind.to_le_bytes().to_vec();
    bytes.extend(u16::try_from(data.len()).unwrap().to_le_bytes());
    bytes.extend(data);
    bytes
}

/// An old workbook with these records before its sheets, and so many sheets that all begin at the same cells.
fn old(before: &[u8], sheets: usize, cells: &[u8]) -> Vec<u8> {
    let begin = record(0x0809, &[0, 6, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let end = record(0x000A, &[]);
    let first = begin.len() + before.len() + 13 * sheets + end.len();
    let mut stream = [&begin[..], before].concat();
    for number in 0..sheets {
        let mut sheet = u32::try_from(first).unwrap().to_le_bytes().to_vec();
        sheet.extend([0, 0, 1, 0, b'0' + u8::try_from(number % 40).unwrap()]);
        stream.extend(record(0x0085, &sheet));
    }
    for part in [&end[..], &begin, cells, &end] {
        stream.extend_from_slice(part);
    }
    old_workbook(&stream).unwrap()
}

/// A cell in one of a few thousand rows and its contents behind it.
fn at(n: usize, kind: u16, data: &[u8]) -> Vec<u8> {
    let row = u16::try_from(n / 100).unwrap().to_le_bytes();
    let column = u16::try_from(n % 100).unwrap().to_le_bytes();
    record(kind, &[&row, &column, &[0, 0][..], data].concat())
}

/// Shared texts of so many letters each.
fn shared(lengths: &[u16]) -> Vec<u8> {
    let mut all = vec![0; 8];
    let mut records = Vec::new();
    let mut kind = 0x00FC;
    for &length in lengths {
        if all.len() > 3 {
            records.extend(record(kind, &all));
            kind = 0x003C;
        }
        all = [&length.to_le_bytes()[..], &[0]].concat();
        let letters = usize::from(length);
        // A text too long for its record goes on in the next one.
        let here = letters.min(8_000);
        all.extend(vec![b'a'; here]);
        for left in (0..letters - here).step_by(8_000) {
            records.extend(record(kind, &all));
            kind = 0x003C;
            all = vec![0];
            all.extend(vec![b'a'; (letters - here - left).min(8_000)]);
        }
    }
    records.extend(record(kind, &all));
    records
}

#[test]
fn one_long_text_that_many_cells_share_is_refused() {
    let cells = |count: usize, text: u32| {
        (0..count)
            .flat_map(|n| at(n, 0x00FD, &text.to_le_bytes()))
            .collect::<Vec<_>>()
    };
    let texts = shared(&[60_000, 5]);
    assert_eq!(
        outcome(&old(&texts, 1, &cells(100_000, 0))),
        Err(Unreadable::TooMuch)
    );
    assert_eq!(
        outcome(&old(&texts, 50, &cells(1_000, 0))),
        Err(Unreadable::TooMuch)
    );
    // The short one behind it may stand everywhere, and the long one somewhere.
    assert!(has_no_headings(&outcome(&old(
        &texts,
        1,
        &cells(20_000, 1)
    ))));
    assert!(has_no_headings(&outcome(&old(&texts, 1, &cells(100, 0)))));
}

/// Whether a workbook was read, and what it holds is no table of values.
fn has_no_headings(read: &Result<usize, Unreadable>) -> bool {
    matches!(read, Err(Unreadable::MissingColumns { .. }))
}

#[test]
fn a_text_that_says_it_is_long_and_is_not_makes_no_room() {
    let cells: Vec<u8> = (0..100_000)
        .flat_map(|n| at(n, 0x0204, &[0xff, 0xff, 0, b'a']))
        .collect();
    assert_eq!(outcome(&old(&[], 1, &cells)), Err(Unreadable::TooMuch));
}

#[test]
fn shared_texts_in_a_million_pieces_are_refused() {
    let mut pieces = record(0x00FC, &[0; 8]);
    for _ in 0..1_000_000 {
        pieces.extend(record(0x003C, &[]));
    }
    assert_eq!(outcome(&old(&pieces, 1, &[])), Err(Unreadable::TooMuch));
}

#[test]
fn formulas_are_not_spelled_out() {
    // A name of 255 letters, and spaces before it, thousands of times over.
    let mut name = vec![0; 15];
    name[3] = 255;
    name.extend([b'n'; 255]);
    let mut tokens = Vec::new();
    for _ in 0..6_000 {
        tokens.extend([0x23, 1, 0, 0, 0, 0x19, 0x40, 0, 255]);
    }
    let mut formula = vec![0; 14];
    formula.extend(u16::try_from(tokens.len()).unwrap().to_le_bytes());
    formula.extend(tokens);
    let cells: Vec<u8> = (0..150).flat_map(|n| at(n, 0x0006, &formula)).collect();
    let read = outcome(&old(&record(0x0018, &name), 100, &cells));
    assert!(has_no_headings(&read), "{read:?}");
}

#[test]
fn rows_of_numbers_in_one_place_are_counted_each() {
    let wide = [vec![0; 4], vec![0; 6 * 400], vec![0x8f, 0x01]].concat();
    let cells = record(0x00BD, &wide).repeat(3_000);
    assert_eq!(outcome(&old(&[], 1, &cells)), Err(Unreadable::TooMuch));
}

/// The workbook of the tests, whose second sheet holds values, with its first sheet changed, and a text put before those that cells
/// share, if that is given.
fn newer(sheet: &str, text: &str) -> Vec<u8> {
    let whole = include_bytes!("../../../tests/fixtures/workbooks/saisie.xlsx");
    let mut from = ZipArchive::new(Cursor::new(whole)).unwrap();
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..from.len() {
        let entry = from.by_index_raw(number).unwrap();
        let name = entry.name().unwrap().into_owned();
        let changed = match name.as_str() {
            "xl/worksheets/sheet1.xml" => sheet.to_owned(),
            "xl/sharedStrings.xml" if !text.is_empty() => {
                format!("<sst {SPACE}><si><t>{text}</t></si></sst>")
            }
            _ => {
                to.raw_copy_file(entry).unwrap();
                continue;
            }
        };
        to.start_file(name, SimpleFileOptions::default()).unwrap();
        to.write_all(changed.as_bytes()).unwrap();
    }
    to.finish().unwrap().into_inner()
}

const SPACE: &str = "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'";

#[test]
fn a_long_text_that_the_cells_of_a_newer_workbook_share_is_copied_for_none() {
    let cells = "<c t='s'><v>0</v></c>".repeat(20);
    let rows = format!("<row>{cells}</row>").repeat(5_000);
    let sheet = format!("<worksheet {SPACE}><sheetData>{rows}</sheetData></worksheet>");
    assert_eq!(
        outcome(&newer(&sheet, &"a".repeat(20_000_000))),
        Err(Unreadable::TooMuch)
    );
}

#[test]
fn a_million_merged_cells_with_nothing_in_them_come_to_an_end() {
    let rows = "<row><c/><c><v>1</v></c></row>".repeat(50_000);
    let merged = "<mergeCell ref='A1:A50000'/>".repeat(1_000_000);
    let sheet = format!(
        "<worksheet {SPACE}><sheetData>{rows}</sheetData><mergeCells>{merged}</mergeCells></worksheet>"
    );
    assert!(outcome(&newer(&sheet, "")).is_ok());
}
