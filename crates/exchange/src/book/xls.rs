//! Excel before 2007. The library makes room for whatever a file says of itself, keeps all sheets, and spells out formulas that
//! nobody reads here. So it is never given the file: it is given a workbook written anew, of those records that a table is
//! made of, once it is known what they cost.

use std::io::{Cursor, Read, Write};

use calamine::{Reader, Xls, XlsError};

use super::{
    Book, Format, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, MOST_SHEETS, MOST_TEXT, Rows, SheetRow,
    Unreadable, choose, words,
};

const FORMULA: u16 = 0x0006;
const END: u16 = 0x000A;
const PASSWORD: u16 = 0x002F;
/// What did not fit into the record before.
const MORE: u16 = 0x003C;
/// Where a sheet begins.
const SHEET: u16 = 0x0085;
/// Numbers side by side: the last column stands at the end.
const ROW_OF_NUMBERS: u16 = 0x00BD;
const RICH_TEXT: u16 = 0x00D6;
const MERGED: u16 = 0x00E5;
/// The texts that cells share.
const TEXTS: u16 = 0x00FC;
/// A cell with one of them.
const SHARED_TEXT: u16 = 0x00FD;
const NUMBER: u16 = 0x0203;
const TEXT: u16 = 0x0204;
const TRUTH: u16 = 0x0205;
/// The result of a formula that is a text: it stands where the formula before it stood.
const RESULT: u16 = 0x0207;
const SHORT_NUMBER: u16 = 0x027E;
const BEGIN: u16 = 0x0809;
/// What is said of the whole workbook and changes what a cell says: letters, the first day, how numbers look.
const ABOUT_ALL: [u16; 4] = [0x0022, 0x0042, 0x00E0, 0x041E];
/// The most records that shared texts go on in: the largest file that is read has a quarter of that, and the library moves the
/// rest of them up for each.
const MOST_CONTINUED: usize = 5_000;
/// The most bytes of what is written anew: sheets that say that they begin in the same place are written each.
const MOST_WRITTEN: usize = 4 * super::LARGEST_FILE;

/// Reads a workbook.
pub(super) fn read(
    bytes: &[u8],
    named: Option<&str>,
    sense: &dyn Fn(&[String]) -> usize,
) -> Result<Book, Unreadable> {
    let anew = Anew::of(&stream(bytes)?)?;
    let mut book: Xls<_> = Xls::new(Cursor::new(alone(&anew).map_err(|_| Unreadable::Broken)?))
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

/// A workbook that is written anew.
#[derive(Default)]
struct Anew {
    bytes: Vec<u8>,
    /// The cells of all sheets, and the room between those of one.
    cells: usize,
    room: usize,
    /// The bytes of text that the library will hold for cells.
    text: usize,
    /// Of each shared text how many bytes it may take.
    texts: Vec<usize>,
}

impl Anew {
    /// Writes down what a table is made of.
    fn of(stream: &[u8]) -> Result<Vec<u8>, Unreadable> {
        let mut anew = Self::default();
        let mut sheets = Vec::new();
        let mut texts = None;
        let mut rest = stream;
        while let Some(record) = Record::next(&mut rest)? {
            match record.kind {
                SHEET if sheets.len() >= MOST_SHEETS => return Err(Unreadable::TooMuch),
                SHEET if record.data.len() < 4 => return Err(Unreadable::Broken),
                SHEET => {
                    sheets.push((anew.bytes.len() + HEADER, record.wide(0)));
                    anew.put(SHEET, record.data)?;
                }
                PASSWORD if record.number(0) != 0 => return Err(Unreadable::Protected),
                // The last of them counts.
                TEXTS => texts = Some((record, continued(&mut rest)?)),
                END => break,
                BEGIN => anew.put(BEGIN, record.data)?,
                kind if ABOUT_ALL.contains(&kind) => anew.put(kind, record.data)?,
                _ => {}
            }
        }
        if let Some((first, more)) = texts {
            anew.texts = lengths(first.data, &more)?;
            anew.put(TEXTS, first.data)?;
            for part in more {
                anew.put(MORE, part)?;
            }
        }
        anew.put(END, &[])?;
        for (said_at, begin) in sheets {
            let begins = (anew.bytes.len() as u32).to_le_bytes();
            let said = anew.bytes.get_mut(said_at..said_at + begins.len());
            said.ok_or(Unreadable::Broken)?.copy_from_slice(&begins);
            anew.sheet(stream.get(begin..).ok_or(Unreadable::Broken)?)?;
        }
        Ok(anew.bytes)
    }

    /// Writes a record.
    fn put(&mut self, kind: u16, data: &[u8]) -> Result<(), Unreadable> {
        let length = u16::try_from(data.len()).map_err(|_| Unreadable::Broken)?;
        if self.bytes.len() + data.len() > MOST_WRITTEN {
            return Err(Unreadable::TooMuch);
        }
        self.bytes.extend(kind.to_le_bytes());
        self.bytes.extend(length.to_le_bytes());
        self.bytes.extend(data);
        Ok(())
    }

    /// Writes the cells of the sheet that begins here. Formulas become what they came to.
    fn sheet(&mut self, mut rest: &[u8]) -> Result<(), Unreadable> {
        let mut area = Area::default();
        let mut formula = [0; 6];
        let mut depth = 0;
        while let Some(record) = Record::next(&mut rest)? {
            match record.kind {
                BEGIN => {
                    depth += 1;
                    if depth == 1 {
                        self.put(BEGIN, record.data)?;
                    }
                }
                END if depth <= 1 => break,
                END => depth -= 1,
                // A chart within the sheet has cells of its own, which nobody reads.
                _ if depth > 1 => {}
                MERGED => self.put(MERGED, record.data)?,
                ROW_OF_NUMBERS => {
                    let last = record.number(record.data.len().saturating_sub(2));
                    self.cell(&mut area, &record, last)?;
                }
                NUMBER | TRUTH | SHORT_NUMBER => {
                    self.cell(&mut area, &record, record.number(2))?;
                }
                SHARED_TEXT => {
                    self.hold(self.texts.get(record.wide(6)).copied().unwrap_or_default())?;
                    self.cell(&mut area, &record, record.number(2))?;
                }
                TEXT | RICH_TEXT => {
                    self.hold(text_size(&record, 6))?;
                    self.cell(&mut area, &record, record.number(2))?;
                }
                FORMULA => {
                    let Some(&data) = record.data.first_chunk::<14>() else {
                        return Err(Unreadable::Broken);
                    };
                    formula.copy_from_slice(&data[..6]);
                    if let Some((kind, data)) = result_of(data) {
                        let data = &data;
                        self.cell(&mut area, &Record { kind, data }, record.number(2))?;
                    }
                }
                RESULT => {
                    self.hold(text_size(&record, 0))?;
                    let data = &[&formula, record.data].concat();
                    let text = Record { kind: TEXT, data };
                    self.cell(&mut area, &text, text.number(2))?;
                }
                _ => {}
            }
        }
        self.room += area.size();
        if self.room > 10 * MOST_CELLS {
            return Err(Unreadable::TooMuch);
        }
        self.put(END, &[])
    }

    /// Writes a record of one cell, or of those up to a last column.
    fn cell(
        &mut self,
        area: &mut Area,
        record: &Record<'_>,
        last: usize,
    ) -> Result<(), Unreadable> {
        let at = (record.number(0), record.number(2));
        self.cells += last.saturating_sub(at.1) + 1;
        if at.0 >= MOST_ROWS || at.1.max(last) >= MOST_COLUMNS || self.cells > MOST_CELLS {
            return Err(Unreadable::TooMuch);
        }
        area.take(at, last);
        self.put(record.kind, record.data)
    }

    /// Takes note of a text that will be held.
    fn hold(&mut self, size: usize) -> Result<(), Unreadable> {
        self.text += size;
        match self.text > MOST_TEXT {
            true => Err(Unreadable::TooMuch),
            false => Ok(()),
        }
    }
}

/// The record of what a formula came to, unless it is a text, which follows, or nothing.
fn result_of(mut data: [u8; 14]) -> Option<(u16, [u8; 14])> {
    if data[12..] != [0xff, 0xff] {
        return Some((NUMBER, data));
    }
    let [sort, said] = [data[6], data[8]];
    // True or false, or which error; the last byte tells the two apart.
    matches!(sort, 1 | 2).then(|| {
        data[6..8].copy_from_slice(&[said, sort - 1]);
        (TRUTH, data)
    })
}

/// What a text of a record may take, whose length stands at a place: the library makes room for as many letters as it says.
fn text_size(record: &Record<'_>, at: usize) -> usize {
    (2 * record.data.len()).max(record.number(at))
}

/// The records in which the one before goes on.
fn continued<'a>(rest: &mut &'a [u8]) -> Result<Vec<&'a [u8]>, Unreadable> {
    let mut more = Vec::new();
    while rest.starts_with(&MORE.to_le_bytes()) {
        let Some(record) = Record::next(rest)? else {
            break;
        };
        if more.len() >= MOST_CONTINUED {
            return Err(Unreadable::TooMuch);
        }
        more.push(record.data);
    }
    Ok(more)
}

/// How many bytes each of the shared texts may take, at most three a letter. A text that goes on in the next record says there anew
/// how its letters are written.
fn lengths(first: &[u8], more: &[&[u8]]) -> Result<Vec<usize>, Unreadable> {
    let mut parts = more.iter();
    let mut data = first.get(8..).ok_or(Unreadable::Broken)?;
    let mut lengths = Vec::new();
    loop {
        if data.is_empty() {
            match parts.next() {
                Some(next) => data = next,
                None => return Ok(lengths),
            }
        }
        // The library takes a part without anything in it for a text without letters.
        if data.is_empty() {
            lengths.push(0);
            continue;
        }
        let text = Record { kind: TEXTS, data };
        let flags = *data.get(2).ok_or(Unreadable::Broken)?;
        let mut letters = text.number(0);
        lengths.push(3 * letters);
        let mut at = 3;
        let mut behind = 0;
        if flags & 8 != 0 {
            behind += 4 * text.number(at);
            at += 2;
        }
        if flags & 4 != 0 {
            behind += text.wide(at);
            at += 4;
        }
        data = data.get(at..).ok_or(Unreadable::Broken)?;
        let mut wide = flags & 1 != 0;
        while letters > 0 {
            let size = if wide { 2 } else { 1 };
            let here = letters.min(data.len() / size);
            letters -= here;
            data = &data[here * size..];
            if letters > 0 {
                let next = parts.next().ok_or(Unreadable::Broken)?;
                let (flags, letters) = next.split_first().ok_or(Unreadable::Broken)?;
                wide = flags & 1 != 0;
                data = letters;
            }
        }
        while behind > data.len() {
            behind -= data.len();
            data = parts.next().ok_or(Unreadable::Broken)?;
        }
        data = &data[behind..];
    }
}

/// The bytes of a record before its data: its kind and its length.
const HEADER: usize = 4;

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
