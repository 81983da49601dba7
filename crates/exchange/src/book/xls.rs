//! Excel before 2007. The library holds each sheet as a full rectangle and makes room for what the file says, so the cells'
//! places are looked at first, and the library is given exactly the stream that was looked at.

use std::io::{Cursor, Read, Write};

use calamine::{Reader, Xls, XlsError};

use super::{
    Book, Format, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, MOST_SHEETS, Rows, SheetRow, Unreadable,
    choose, words,
};

/// The records that hold a cell, of which row and column come first.
const CELLS: [u16; 8] = [
    FORMULA,
    ROW_OF_NUMBERS,
    0x00D6,
    0x00FD,
    0x0203,
    0x0204,
    0x0205,
    0x027E,
];
const FORMULA: u16 = 0x0006;
/// Numbers side by side: the last column stands at the end.
const ROW_OF_NUMBERS: u16 = 0x00BD;
const END: u16 = 0x000A;
/// Where a sheet begins.
const SHEET: u16 = 0x0085;
const BEGIN: u16 = 0x0809;
const DIMENSIONS: u16 = 0x0200;
/// The result of a formula that is a text: it stands where the formula before it stood.
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

/// Refuses what lies too far out. The library begins a sheet wherever the file says that it begins, be it the same place many
/// times over, keeps all of them, and makes room for the rectangle around the cells of each: the same ways are gone here first.
fn look_over(stream: &[u8]) -> Result<(), Unreadable> {
    // What stands before the sheets holds no cells, unless somebody wants it so.
    let mut begins = vec![0];
    let mut rest = stream;
    while let Some(record) = Record::next(&mut rest)? {
        match record.kind {
            SHEET if begins.len() > MOST_SHEETS => return Err(Unreadable::TooMuch),
            SHEET => begins.push(record.wide(0)),
            END => break,
            _ => {}
        }
    }
    let mut cells = 0;
    let mut room = 0;
    for begin in begins {
        room += room_for(stream.get(begin..).ok_or(Unreadable::Broken)?, &mut cells)?;
        if room > 10 * MOST_CELLS {
            return Err(Unreadable::TooMuch);
        }
    }
    Ok(())
}

/// How many cells the library makes room for when it reads the sheet that begins here; those that are there are counted.
fn room_for(mut rest: &[u8], cells: &mut usize) -> Result<usize, Unreadable> {
    let mut values = Area::default();
    let mut formulas = Area::default();
    let mut formula = (0, 0);
    let mut depth = 0;
    while let Some(record) = Record::next(&mut rest)? {
        match record.kind {
            BEGIN => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            // A chart within the sheet has cells of its own, which nobody reads.
            _ if depth > 1 => {}
            DIMENSIONS => dimensions(&record)?,
            STRING => values.take(formula, formula.1),
            kind if CELLS.contains(&kind) => {
                let at = (record.number(0), record.number(2));
                let last = match kind {
                    ROW_OF_NUMBERS => record.number(record.data.len().saturating_sub(2)),
                    _ => at.1,
                };
                *cells += 1;
                if at.0 >= MOST_ROWS || at.1.max(last) >= MOST_COLUMNS || *cells > MOST_CELLS {
                    return Err(Unreadable::TooMuch);
                }
                values.take(at, last);
                if kind == FORMULA {
                    formula = at;
                    formulas.take(at, last);
                }
            }
            _ => {}
        }
    }
    Ok(values.size() + formulas.size())
}

/// Refuses the size that a sheet says it has: room is made for it as well.
fn dimensions(record: &Record<'_>) -> Result<(), Unreadable> {
    // The older form counts rows in two bytes, the newer in four.
    let (first, last, left, right) = match record.data.len() {
        10 => (
            record.number(0),
            record.number(2),
            record.number(4),
            record.number(6),
        ),
        _ => (
            record.wide(0),
            record.wide(4),
            record.number(8),
            record.number(10),
        ),
    };
    // A first column that no sheet has is taken for column A.
    let width = right.saturating_sub(if left > 0xff { 0 } else { left });
    let size = last.saturating_sub(first).saturating_mul(width);
    if first > last || left > right || size > 10 * MOST_CELLS {
        return Err(Unreadable::TooMuch);
    }
    Ok(())
}

/// A record of the stream.
struct Record<'a> {
    kind: u16,
    data: &'a [u8],
}

impl<'a> Record<'a> {
    /// Takes the next off the rest of a stream.
    fn next(rest: &mut &'a [u8]) -> Result<Option<Self>, Unreadable> {
        if rest.is_empty() {
            return Ok(None);
        }
        let [t0, t1, l0, l1, after @ ..] = *rest else {
            return Err(Unreadable::Broken);
        };
        let length = usize::from(u16::from_le_bytes([*l0, *l1]));
        let (data, next) = after.split_at_checked(length).ok_or(Unreadable::Broken)?;
        *rest = next;
        Ok(Some(Self {
            kind: u16::from_le_bytes([*t0, *t1]),
            data,
        }))
    }

    /// A number of two bytes; what is missing is nothing.
    fn number(&self, at: usize) -> usize {
        match self.data.get(at..at + 2) {
            Some([low, high]) => usize::from(u16::from_le_bytes([*low, *high])),
            _ => 0,
        }
    }

    /// A number of four bytes.
    fn wide(&self, at: usize) -> usize {
        self.number(at) + (self.number(at + 2) << 16)
    }
}

/// The rectangle around cells: the first row and column, and the last.
#[derive(Default)]
struct Area(Option<((usize, usize), (usize, usize))>);

impl Area {
    /// Takes in the cells of a row from a place to a last column.
    fn take(&mut self, at: (usize, usize), last: usize) {
        let (first, end) = self.0.unwrap_or((at, at));
        self.0 = Some((
            (first.0.min(at.0), first.1.min(at.1)),
            (end.0.max(at.0), end.1.max(at.1).max(last)),
        ));
    }

    fn size(&self) -> usize {
        self.0.map_or(0, |(first, end)| {
            (end.0 - first.0 + 1) * (end.1 - first.1 + 1)
        })
    }
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
