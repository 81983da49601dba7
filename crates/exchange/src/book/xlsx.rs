//! Excel since 2007, cell by cell: a sheet of three cells in far corners asks for no memory between them.

use std::io::{Cursor, Read};

use calamine::{Data, DataRef, Reader, Xlsx, XlsxError};

use super::{Book, Format, Rows, SheetRow, Unreadable, archive, beginning, choose, words};

/// Reads a workbook.
pub(super) fn read(
    bytes: &[u8],
    named: Option<&str>,
    sense: &dyn Fn(&[String]) -> usize,
) -> Result<Book, Unreadable> {
    believe_no_count(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let sheets = book.sheet_names();
    let (sheet, rows) = choose(&sheets, named, sense, |sheet| rows(&mut book, sheet))?;
    Ok(Book {
        format: Format::Xlsx,
        sheets,
        sheet,
        rows,
    })
}

/// The reader makes room for as many shared texts as the file says it has, so what it says must be possible.
fn believe_no_count(bytes: &[u8]) -> Result<(), Unreadable> {
    let mut archive = archive(bytes)?;
    for part in 0..archive.len() {
        let mut part = archive.by_index(part).map_err(|_| Unreadable::Broken)?;
        let is_texts = part
            .name()
            .is_ok_and(|name| name.to_ascii_lowercase().contains("sharedstrings"));
        if !is_texts {
            continue;
        }
        let mut text = Vec::new();
        part.read_to_end(&mut text)
            .map_err(|_| Unreadable::Broken)?;
        const COUNT: &[u8] = b"niqueCount";
        let said = text
            .windows(COUNT.len())
            .position(|window| window == COUNT)
            .and_then(|at| text.get(at + COUNT.len()..))
            .unwrap_or_default();
        let digits: String = said
            .iter()
            .skip_while(|byte| matches!(byte, b'=' | b'"' | b'\'' | b' ' | b'\n' | b'\r' | b'\t'))
            .take_while(|byte| byte.is_ascii_digit())
            .map(|byte| char::from(*byte))
            .collect();
        // `<si/>` is the shortest of them.
        if !digits.is_empty()
            && digits
                .parse::<usize>()
                .map_or(true, |count| count > text.len() / 5)
        {
            return Err(Unreadable::Broken);
        }
    }
    Ok(())
}

fn rows(book: &mut Xlsx<Cursor<&[u8]>>, sheet: &str) -> Result<Vec<SheetRow>, Unreadable> {
    let mut rows = Rows::default();
    let mut cells = match book.worksheet_cells_reader(sheet) {
        Ok(cells) => cells,
        // A sheet that is a chart has no cells.
        Err(XlsxError::NotAWorksheet(_)) => return Ok(Vec::new()),
        Err(error) => return Err(broken(&error)),
    };
    while let Some(cell) = cells.next_cell().map_err(|error| broken(&error))? {
        let (row, column) = cell.get_position();
        // A long text that a million cells share is not copied a million times.
        if let DataRef::SharedString(text) = cell.get_value() {
            rows.put(
                row,
                column,
                &words(&Data::String(beginning(text).to_owned())),
            )?;
        } else {
            let data: Data = cell.get_value().clone().into();
            rows.put(row, column, &words(&data))?;
        }
    }
    drop(cells);
    let merged = book
        .merge_cells_by_sheet_name(sheet)
        .map_err(|error| broken(&error))?;
    for area in merged.iter().filter(|area| area.start.1 == area.end.1) {
        rows.fill_down(area.start.0, area.end.0, area.start.1)?;
    }
    Ok(rows.rows)
}

fn broken(error: &XlsxError) -> Unreadable {
    match error {
        XlsxError::Password => Unreadable::Protected,
        _ => Unreadable::Broken,
    }
}
