//! A document as DOCX, for those who go on writing in it. Pictures come along as pixels: word processors agree on those alone.

use std::io::Cursor;
use std::sync::{Arc, LazyLock};

use docx_rs::{
    AlignmentType, BreakType, Docx, Footer, LineSpacing, NumPages, PageMargin, PageNum,
    PageOrientationType, Paragraph, Pic, Run, RunFonts, Shading, Style, StyleType, Tab,
    TabValueType, Table, TableCell, TableLayoutType, TableRow, WidthType,
};
use report::document::{
    self, Block, Column, Document, Item, MOST_BLOCKS, MOST_PICTURES, NotWritten, Picture, Row,
};
use report::drawing::Drawing;
use resvg::{tiny_skia, usvg};

use crate::fonts;

/// A4, in twentieths of a point.
const A4: (u32, u32) = (11_906, 16_838);
/// 18 mm, in twentieths of a point.
const MARGIN: i32 = 1_020;
/// English metric units in a twentieth of a point.
const EMU: u32 = 635;
/// Twentieths of a point that a pixel of the screen takes: as on the PDF.
const PIXEL: f64 = 14.4;
/// How many pixels a pixel of the screen becomes: sharp on paper.
const SHARP: f32 = 2.5;
/// A square before a line of a list: black, and to be ticked.
const SQUARES: [&str; 2] = ["■", "□"];

/// Writes a document.
///
/// # Errors
/// When it has more than [`MOST_PICTURES`] or [`MOST_BLOCKS`], or a picture of it cannot be drawn.
pub fn write(document: &Document) -> Result<Vec<u8>, NotWritten> {
    if document.pictures().count() > MOST_PICTURES || document.blocks.len() > MOST_BLOCKS {
        return Err(NotWritten("too long".to_owned()));
    }
    let (width, height) = match document.landscape {
        true => (A4.1, A4.0),
        false => A4,
    };
    let mut docx = styles(Docx::new())
        .page_size(width, height)
        .page_margin(PageMargin {
            top: 900,
            left: MARGIN,
            bottom: 1_100,
            right: MARGIN,
            header: 500,
            footer: 500,
            gutter: 0,
        })
        .default_fonts(RunFonts::new().ascii(fonts::FAMILY).hi_ansi(fonts::FAMILY))
        .default_size(21)
        .footer(footer(document, width))
        .created_at(
            &document
                .made
                .to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        );
    if document.landscape {
        docx = docx.page_orient(PageOrientationType::Landscape);
    }
    let sheet = Sheet {
        room: width - 2 * MARGIN.unsigned_abs(),
    };
    for block in &document.blocks {
        docx = sheet.block(docx, block)?;
    }
    let mut bytes = Cursor::new(Vec::new());
    docx.build()
        .pack(&mut bytes)
        .map_err(|error| NotWritten(error.to_string()))?;
    Ok(bytes.into_inner())
}

/// The names by which a word processor knows titles, so that its outline and its table of contents work.
fn styles(docx: Docx) -> Docx {
    let heading = |id: &str, name: &str, size: usize, level: usize, before: u32| {
        Style::new(id, StyleType::Paragraph)
            .name(name)
            .size(size)
            .bold()
            .outline_lvl(level)
            .line_spacing(LineSpacing::new().before(before).after(100))
    };
    docx.add_style(heading("Heading1", "heading 1", 40, 0, 0))
        .add_style(heading("Heading2", "heading 2", 28, 1, 320))
        .add_style(heading("Heading3", "heading 3", 23, 2, 220))
}

fn footer(document: &Document, width: u32) -> Footer {
    let small = |text: &str| Run::new().add_text(clean(text)).size(16);
    let [before, between, after] = &document.page;
    let end = (width - 2 * MARGIN.unsigned_abs()) as usize;
    let line = Paragraph::new()
        .add_tab(Tab::new().val(TabValueType::Right).pos(end))
        .add_run(small(&document.foot))
        .add_run(Run::new().add_tab())
        .add_run(small(before))
        .add_page_num(PageNum::new())
        .add_run(small(between))
        .add_num_pages(NumPages::new())
        .add_run(small(after));
    Footer::new().add_paragraph(line)
}

/// What XML cannot hold is left out.
fn clean(text: &str) -> String {
    text.chars()
        .filter(|sign| !sign.is_control() && !matches!(sign, '\u{fffe}' | '\u{ffff}'))
        .collect()
}

/// Words with the lines that people broke.
fn words(text: &str, look: impl Fn(Run) -> Run) -> Run {
    let mut run = look(Run::new());
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            run = run.add_break(BreakType::TextWrapping);
        }
        run = run.add_text(clean(line));
    }
    run
}

fn paragraph(text: &str, look: impl Fn(Run) -> Run) -> Paragraph {
    Paragraph::new()
        .line_spacing(LineSpacing::new().before(60).after(60))
        .add_run(words(text, look))
}

fn as_it_is(run: Run) -> Run {
    run
}

fn bold(run: Run) -> Run {
    run.bold()
}

fn quiet(run: Run) -> Run {
    run.color("4A4038")
}

fn item(one: &Item) -> Paragraph {
    paragraph(
        &format!("{}  {}", SQUARES[usize::from(one.open)], one.text),
        as_it_is,
    )
}

/// The room between the margins, in twentieths of a point.
struct Sheet {
    room: u32,
}

impl Sheet {
    fn block(&self, docx: Docx, block: &Block) -> Result<Docx, NotWritten> {
        Ok(match block {
            Block::Title { text, beneath } => {
                let title = Paragraph::new()
                    .style("Heading1")
                    .add_run(words(text, as_it_is));
                beneath
                    .iter()
                    .fold(docx.add_paragraph(title), |docx, line| {
                        docx.add_paragraph(paragraph(line, quiet))
                    })
            }
            Block::Heading { text, level } => {
                let style = if *level == 1 { "Heading2" } else { "Heading3" };
                let heading = Paragraph::new()
                    .style(style)
                    .keep_next(true)
                    .add_run(words(text, as_it_is));
                docx.add_paragraph(heading)
            }
            Block::Lead { text } => docx.add_paragraph(paragraph(text, |run| run.bold().size(27))),
            Block::Paragraph { text } => docx.add_paragraph(paragraph(text, as_it_is)),
            Block::Note { text } => docx.add_paragraph(paragraph(text, |run| quiet(run).size(17))),
            Block::List { items } => items
                .iter()
                .fold(docx, |docx, one| docx.add_paragraph(item(one))),
            Block::Fields { pairs } => {
                let rows = pairs.iter().map(|(label, answer)| {
                    TableRow::new(vec![
                        TableCell::new().add_paragraph(paragraph(label, quiet)),
                        TableCell::new().add_paragraph(paragraph(answer, as_it_is)),
                    ])
                });
                let table = Table::without_borders(rows.collect());
                self.laid(docx, table, &[0.34, 0.66])
            }
            Block::Table(table) => {
                let widths = shares(&table.widths);
                self.laid(docx, rows(table), &widths)
            }
            Block::Pictures { columns, pictures } => {
                let columns = usize::from((*columns).max(1));
                let room = self.room / u32::try_from(columns).unwrap_or(1);
                let mut rows = Vec::new();
                for row in pictures.chunks(columns) {
                    let cells: Result<Vec<_>, _> =
                        row.iter().map(|one| picture(one, room)).collect();
                    rows.push(TableRow::new(cells?).cant_split());
                }
                let even = vec![1.0 / columns as f64; columns];
                self.laid(docx, Table::without_borders(rows), &even)
            }
            Block::Columns { columns } => {
                let cells = columns.iter().map(column).collect();
                let even = vec![1.0 / columns.len().max(1) as f64; columns.len()];
                let table = Table::without_borders(vec![TableRow::new(cells)]);
                self.laid(docx, table, &even)
            }
            Block::Pen { lines } => lines.iter().fold(docx, |docx, label| {
                let line = format!("{label} {}", "_".repeat(40));
                docx.add_paragraph(
                    paragraph(&line, as_it_is)
                        .line_spacing(LineSpacing::new().before(300).after(100)),
                )
            }),
            Block::Break => {
                docx.add_paragraph(Paragraph::new().add_run(Run::new().add_break(BreakType::Page)))
            }
        })
    }

    /// A table over the whole width, with its columns' shares of it.
    fn laid(&self, docx: Docx, table: Table, shares: &[f64]) -> Docx {
        let grid = shares
            .iter()
            .map(|share| (f64::from(self.room) * share) as usize)
            .collect();
        let table = table
            .set_grid(grid)
            .layout(TableLayoutType::Fixed)
            .width(self.room as usize, WidthType::Dxa);
        // Two tables that touch would become one.
        docx.add_table(table)
            .add_paragraph(Paragraph::new().line_spacing(LineSpacing::new().before(0).after(60)))
    }
}

fn column(column: &Column) -> TableCell {
    let mut cell = TableCell::new().add_paragraph(paragraph(&column.heading, bold));
    for one in &column.items {
        cell = cell.add_paragraph(item(one));
    }
    for _ in 0..column.blank {
        cell = cell.add_paragraph(paragraph(&"_".repeat(24), as_it_is));
    }
    cell
}

fn picture(one: &Picture, room: u32) -> Result<TableCell, NotWritten> {
    let drawn = Run::new().add_image(pixels(&one.drawing, room)?);
    let mut cell = TableCell::new();
    if !one.above.is_empty() {
        cell = cell.add_paragraph(paragraph(&one.above, bold).keep_next(true));
    }
    cell = cell.add_paragraph(Paragraph::new().align(AlignmentType::Center).add_run(drawn));
    if !one.below.is_empty() {
        cell = cell.add_paragraph(paragraph(&one.below, |run| run.size(17)));
    }
    Ok(cell)
}

/// What each column takes of the width; one as wide as its words gets half of what a wide one gets.
fn shares(widths: &[f64]) -> Vec<f64> {
    let narrow = widths.iter().copied().fold(1.0, f64::max) / 2.0;
    let parts: Vec<f64> = widths
        .iter()
        .map(|width| if *width > 0.0 { *width } else { narrow })
        .collect();
    let whole: f64 = parts.iter().sum();
    parts.iter().map(|part| part / whole).collect()
}

fn rows(table: &document::Table) -> Table {
    let head = table.head.iter().map(|heading| {
        TableCell::new()
            .shading(Shading::new().fill("E6E6E6"))
            .add_paragraph(paragraph(heading, bold))
    });
    let mut rows = vec![TableRow::new(head.collect()).cant_split()];
    for row in &table.rows {
        let cells = match row {
            Row::Span(text) => vec![
                TableCell::new()
                    .grid_span(table.widths.len())
                    .add_paragraph(paragraph(text, bold)),
            ],
            Row::Cells(cells) => cells
                .iter()
                .map(|cell| TableCell::new().add_paragraph(paragraph(cell, as_it_is)))
                .collect(),
        };
        let row = TableRow::new(cells).cant_split();
        rows.push(match table.pen {
            true => row.row_height(480.0),
            false => row,
        });
    }
    Table::new(rows)
}

/// Letters are read once.
static LETTERS: LazyLock<Arc<usvg::fontdb::Database>> = LazyLock::new(|| {
    let mut letters = usvg::fontdb::Database::new();
    for file in fonts::FILES {
        letters.load_font_data(file.to_vec());
    }
    letters.set_sans_serif_family(fonts::FAMILY);
    Arc::new(letters)
});

/// A drawing in pixels, no wider than `room`, in twentieths of a point.
fn pixels(drawing: &Drawing, room: u32) -> Result<Pic, NotWritten> {
    let options = usvg::Options {
        font_family: fonts::FAMILY.to_owned(),
        fontdb: LETTERS.clone(),
        ..usvg::Options::default()
    };
    let tree = usvg::Tree::from_str(drawing.text(), &options)
        .map_err(|error| NotWritten(error.to_string()))?;
    let size = tree.size();
    let (width, height) = (size.width() * SHARP, size.height() * SHARP);
    let mut map = tiny_skia::Pixmap::new(width.ceil() as u32, height.ceil() as u32)
        .ok_or_else(|| NotWritten("a picture without a size".to_owned()))?;
    map.fill(tiny_skia::Color::WHITE);
    resvg::render(
        &tree,
        tiny_skia::Transform::from_scale(SHARP, SHARP),
        &mut map.as_mut(),
    );
    let png = map
        .encode_png()
        .map_err(|error| NotWritten(error.to_string()))?;
    let natural = f64::from(size.width()) * PIXEL;
    let wide = natural.min(f64::from(room) * 0.94);
    let high = wide * f64::from(size.height()) / f64::from(size.width());
    let emu = |length: f64| (length as u32) * EMU;
    Ok(Pic::new_with_dimensions(png, map.width(), map.height()).size(emu(wide), emu(high)))
}
