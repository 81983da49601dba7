//! Excel before 2007. The library holds each sheet as a full rectangle and makes room for what the file says, so the cells'
//! places are looked at first, and the library is given exactly the stream that was looked at.

use std::io::{Cursor, Read, Write};

use calamine::{Reader, Xls, XlsError};

use super::{
    Book, Format, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Rows, SheetRow, Unreadable, choose, words,
};

/// The records that hold a cell, of which row and column come first.
const CELLS: [u16; 9] = [
    0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x0207, 0x027E,
];
const DIMENSIONS: u16 = 0x0200;
/// The result of a formula that is a text: it has no place of its own.
const STRING: u16 = 0x0207;

/// Reads a workbook.
pub(super) fn read(
    bytes: &[u8],
    named: Option<&str>,
    sense: &dyn Fn(&[String]) -> usize,
) -> Result<Book, Unreadable> {
    let stream = stream(bytes)?;
    look_over(&stream)?;
    let mut book: Xls<_> = Xls::new(Cursor::new(alone(&stream).map_err(|_| Unreadable::Broken)?))
        .map_err(|error| match error {
        XlsError::Password => Unreadable::Protected,
        _ => Unreadable::Broken,
    })?;
    let sheets = book.sheet_names();
    let (sheet, rows) = choose(&sheets, named, sense, |sheet| rows(&mut book, sheet))?;
    Ok(Book {
        format: Format::Xls,
        sheets,
        sheet,
        rows,
    })
}

/// The stream of the workbook. A newer workbook with a password comes in the same container, without one.
fn stream(bytes: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let mut container =
        cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| Unreadable::Broken)?;
    if container.is_stream("/EncryptedPackage") {
        return Err(Unreadable::Protected);
    }
    let name = ["/Workbook", "/Book"]
        .into_iter()
        .find(|name| container.is_stream(name))
        .ok_or(Unreadable::NotATable {
            seems: crate::text_file::FileKind::Workbook,
        })?;
    let mut stream = Vec::new();
    container
        .open_stream(name)
        .and_then(|part| {
            part.take(super::LARGEST_FILE as u64)
                .read_to_end(&mut stream)
        })
        .map_err(|_| Unreadable::Broken)?;
    Ok(stream)
}

/// A container with nothing in it but this stream.
fn alone(stream: &[u8]) -> std::io::Result<Vec<u8>> {
    // The older form of the container: the reader takes an empty short stream of the newer one for damage.
    let memory = Cursor::new(Vec::new());
    let mut container = cfb::CompoundFile::create_with_version(cfb::Version::V3, memory)?;
    container.create_stream("/Workbook")?.write_all(stream)?;
    container.flush()?;
    Ok(container.into_inner().into_inner())
}

/// Refuses what lies too far out.
fn look_over(stream: &[u8]) -> Result<(), Unreadable> {
    let mut rest = stream;
    let mut cells = 0;
    while let [t0, t1, l0, l1, after @ ..] = rest {
        let kind = u16::from_le_bytes([*t0, *t1]);
        let length = usize::from(u16::from_le_bytes([*l0, *l1]));
        let Some((data, next)) = after.split_at_checked(length) else {
            return Ok(());
        };
        rest = next;
        let number = |at: usize| match data.get(at..at + 2) {
            Some([low, high]) => usize::from(u16::from_le_bytes([*low, *high])),
            _ => 0,
        };
        if kind == DIMENSIONS {
            let wide = |at: usize| number(at) + (number(at + 2) << 16);
            // The older form counts rows in two bytes, the newer in four.
            let (first, last, left, right) = match length {
                10 => (number(0), number(2), number(4), number(6)),
                _ => (wide(0), wide(4), number(8), number(10)),
            };
            let size = last.saturating_sub(first) * right.saturating_sub(left);
            if first > last || left > right || size > 10 * MOST_CELLS {
                return Err(Unreadable::TooMuch);
            }
        } else if kind != STRING && CELLS.contains(&kind) {
            cells += 1;
            if number(0) >= MOST_ROWS || number(2) >= MOST_COLUMNS || cells > MOST_CELLS {
                return Err(Unreadable::TooMuch);
            }
        }
    }
    Ok(())
}

fn rows(book: &mut Xls<Cursor<Vec<u8>>>, sheet: &str) -> Result<Vec<SheetRow>, Unreadable> {
    let mut rows = Rows::default();
    let range = book
        .worksheet_range(sheet)
        .map_err(|_| Unreadable::Broken)?;
    let (top, left) = range.start().unwrap_or_default();
    for (row, column, data) in range.used_cells() {
        rows.put(top + row as u32, left + column as u32, &words(data))?;
    }
    for area in book.merge_cells_by_sheet_name(sheet).unwrap_or_default() {
        if area.start.1 == area.end.1 {
            rows.fill_down(area.start.0, area.end.0, area.start.1)?;
        }
    }
    Ok(rows.rows)
}
