//! LibreOffice. Repeated rows and cells are how this format says « empty to the edge of the sheet »; they are counted here, and
//! only what holds a value is ever repeated, within the bounds of every sheet.

use std::io::Read;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{
    Book, Format, LONGEST_CELL, MOST_CELLS, Rows, SheetRow, Unreadable, archive, choose, day,
};

type Xml<'a> = Reader<&'a [u8]>;

/// Reads a workbook.
pub(super) fn read(
    bytes: &[u8],
    named: Option<&str>,
    sense: &dyn Fn(&[String]) -> usize,
) -> Result<Book, Unreadable> {
    let mut archive = archive(bytes)?;
    if let Ok(mut part) = archive.by_name("META-INF/manifest.xml") {
        let mut text = String::new();
        // A list of parts that is no text says nothing about passwords.
        if part.read_to_string(&mut text).is_ok() && text.contains("encryption-data") {
            return Err(Unreadable::Protected);
        }
    }
    let mut text = String::new();
    archive
        .by_name("content.xml")
        .map_err(|_| Unreadable::Broken)?
        .read_to_string(&mut text)
        .map_err(|_| Unreadable::Broken)?;
    let sheets = names(&text)?;
    let (sheet, rows) = choose(&sheets, named, sense, |sheet| {
        let at = sheets.iter().position(|name| name == sheet);
        rows(&text, at.unwrap_or_default())
    })?;
    Ok(Book {
        format: Format::Ods,
        sheets,
        sheet,
        rows,
    })
}

fn next<'a>(xml: &mut Xml<'a>) -> Result<Event<'a>, Unreadable> {
    xml.read_event().map_err(|_| Unreadable::Broken)
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.try_get_attribute(name).ok()??;
    let value = found
        .normalized_value(quick_xml::XmlVersion::Implicit1_0)
        .ok()?;
    Some(value.into_owned())
}

/// How often something stands there: once at least, whatever is written. What stands nowhere would be repeated without ever
/// meeting the bounds that [`Rows::put`] keeps.
fn count(element: &BytesStart<'_>, name: &str) -> u32 {
    attribute(element, name).map_or(1, |said| said.parse().unwrap_or(1).max(1))
}

/// The names of the tables, in order.
fn names(text: &str) -> Result<Vec<String>, Unreadable> {
    let mut xml = Xml::from_str(text);
    let mut names = Vec::new();
    loop {
        match next(&mut xml)? {
            Event::Start(e) | Event::Empty(e) if e.name().as_ref() == "table:table" => {
                names.push(attribute(&e, "table:name").unwrap_or_default());
            }
            Event::Eof => return Ok(names),
            _ => {}
        }
    }
}

/// The rows of one table, by its place among them.
fn rows(text: &str, wanted: usize) -> Result<Vec<SheetRow>, Unreadable> {
    let mut xml = Xml::from_str(text);
    let mut table = 0;
    loop {
        match next(&mut xml)? {
            Event::Start(e) if e.name().as_ref() == "table:table" => {
                if table == wanted {
                    return table_rows(&mut xml);
                }
                table += 1;
            }
            Event::Empty(e) if e.name().as_ref() == "table:table" => {
                if table == wanted {
                    return Ok(Vec::new());
                }
                table += 1;
            }
            Event::Eof => return Err(Unreadable::NoSuchSheet),
            _ => {}
        }
    }
}

fn table_rows(xml: &mut Xml<'_>) -> Result<Vec<SheetRow>, Unreadable> {
    let mut rows = Rows::default();
    let mut merged = Vec::new();
    let mut row = 0u32;
    loop {
        match next(xml)? {
            Event::Start(e) if e.name().as_ref() == "table:table-row" => {
                let times = count(&e, "table:number-rows-repeated");
                let cells = row_cells(xml)?;
                if !cells.is_empty() {
                    for again in 0..times {
                        let at = row.saturating_add(again);
                        for cell in &cells {
                            for right in 0..cell.times {
                                let column = cell.column.saturating_add(right);
                                rows.put(at, column, &cell.text)?;
                            }
                            if cell.down > 1 {
                                if merged.len() >= MOST_CELLS {
                                    return Err(Unreadable::TooMuch);
                                }
                                merged.push((at, at.saturating_add(cell.down - 1), cell.column));
                            }
                        }
                    }
                }
                row = row.saturating_add(times);
            }
            Event::Empty(e) if e.name().as_ref() == "table:table-row" => {
                row = row.saturating_add(count(&e, "table:number-rows-repeated"));
            }
            Event::End(e) if e.name().as_ref() == "table:table" => break,
            Event::Eof => return Err(Unreadable::Broken),
            _ => {}
        }
    }
    for (first, last, column) in merged {
        rows.fill_down(first, last, column)?;
    }
    Ok(rows.rows)
}

/// A cell that holds something.
struct OdsCell {
    column: u32,
    times: u32,
    down: u32,
    text: String,
}

fn row_cells(xml: &mut Xml<'_>) -> Result<Vec<OdsCell>, Unreadable> {
    let mut cells = Vec::new();
    let mut column = 0u32;
    loop {
        let (element, open) = match next(xml)? {
            Event::Start(e) if is_cell(&e) => (e, true),
            Event::Empty(e) if is_cell(&e) => (e, false),
            Event::End(e) if e.name().as_ref() == "table:table-row" => return Ok(cells),
            Event::Eof => return Err(Unreadable::Broken),
            _ => continue,
        };
        let times = count(&element, "table:number-columns-repeated");
        let shown = if open {
            inner_text(xml)?
        } else {
            String::new()
        };
        let value = |name| attribute(&element, name);
        let text = match value("office:value-type").as_deref() {
            Some("float" | "percentage" | "currency") => value("office:value").unwrap_or(shown),
            Some("date") => value("office:date-value").map_or(shown, |said| day(&said)),
            Some("boolean") => value("office:boolean-value").unwrap_or(shown),
            _ => shown,
        };
        if element.name().as_ref() == "table:table-cell" && !text.trim().is_empty() {
            let down = count(&element, "table:number-rows-spanned");
            cells.push(OdsCell {
                column,
                times,
                down,
                text,
            });
        }
        column = column.saturating_add(times);
    }
}

fn is_cell(element: &BytesStart<'_>) -> bool {
    matches!(
        element.name().as_ref(),
        "table:table-cell" | "table:covered-table-cell"
    )
}

/// The text of a cell up to its end, without its notes; no longer than is kept of any cell.
fn inner_text(xml: &mut Xml<'_>) -> Result<String, Unreadable> {
    let mut text = String::new();
    let mut depth = 1;
    let mut note = 0;
    while depth > 0 {
        let mut add = |more: &str| {
            if note == 0 && text.len() < LONGEST_CELL * 4 {
                text.push_str(more);
            }
        };
        match next(xml)? {
            Event::Start(e) => {
                depth += 1;
                match e.name().as_ref() {
                    "office:annotation" => note = depth,
                    "text:p" => add("\n"),
                    _ => {}
                }
            }
            Event::Empty(e) => match e.name().as_ref() {
                "text:s" => add(" "),
                "text:tab" => add("\t"),
                "text:line-break" => add("\n"),
                _ => {}
            },
            Event::End(_) => {
                if note == depth {
                    note = 0;
                }
                depth -= 1;
            }
            Event::Text(part) => add(&part.xml10_content()),
            Event::GeneralRef(part) => {
                let one = match part.resolve_char_ref() {
                    Ok(Some(letter)) => letter.to_string(),
                    _ => quick_xml::escape::resolve_predefined_entity(&part)
                        .unwrap_or_default()
                        .to_owned(),
                };
                add(&one);
            }
            Event::Eof => return Err(Unreadable::Broken),
            _ => {}
        }
    }
    Ok(text.trim().to_owned())
}
