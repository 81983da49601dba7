//! A place's grid as a workbook, filled as far as it is: to be read, or typed into elsewhere and imported again.

use domain::catalog::Frequency;
use domain::measure::NoDataReason;
use domain::period::Period;
use report::sheet::{Cell, Check, Column, Sheet};

use crate::cx::Cx;
use crate::error::Result;
use crate::import::ExportResult;
use crate::values::{self, Grid, GridRequest};

/// Writes a place's measures into a workbook, a sheet for each of how often they are counted. Days of events have no grid that
/// could be filled.
pub fn export_grid(cx: &Cx<'_>, request: GridRequest) -> Result<ExportResult> {
    let until = request.until;
    let first = values::grid(cx, request.clone())?;
    let mut sheets = Vec::new();
    let mut written = 0;
    for frequency in &first.frequencies {
        if *frequency == Frequency::Event {
            continue;
        }
        let grid = values::grid(
            cx,
            GridRequest {
                frequency: Some(*frequency),
                ..request.clone()
            },
        )?;
        let (sheet, values) = sheet(cx, &grid)?;
        sheets.push(sheet);
        written += values;
    }
    let place = &first.place.name;
    if sheets.is_empty() {
        sheets.push(sheet(cx, &first)?.0);
    }
    let entry = cx.say("book-entry", &[])?;
    let name = format!("{place} {entry} {until}");
    let title = format!("{place}, {entry}");
    Ok(ExportResult {
        path: cx.export_book(&name, title, sheets)?,
        values: written,
    })
}

/// The grid as a sheet, and how many values stand in it.
fn sheet(cx: &Cx<'_>, grid: &Grid) -> Result<(Sheet, u32)> {
    let language = cx.language()?;
    let place = &grid.place.name;
    let say = |key: &str| cx.say(key, &[]);
    let column = |heading: Cell, width: f64| Column { heading, width };
    let mut columns = vec![
        column(Cell::text(say("import-column-place")?), 20.0),
        column(Cell::text(say("book-code")?), 10.0),
        column(Cell::text(say("import-measure")?), 34.0),
        column(Cell::text(say("book-counted")?), 40.0),
        column(Cell::text(say("book-number")?), 14.0),
    ];
    let kept = columns.len() as u16;
    for period in &grid.periods {
        let heading = match period.parse() {
            Ok(Period::Month(month)) => Cell::Month(month),
            _ => Cell::text(period),
        };
        columns.push(column(heading, 11.0));
    }
    let mut reasons = Vec::new();
    for reason in NoDataReason::ALL {
        reasons.push(say(&format!("nodata-{}", reason.word().replace('_', "-")))?);
    }
    let reason_of = |reason: NoDataReason| {
        let at = NoDataReason::ALL.iter().position(|one| *one == reason);
        let word = at.and_then(|at| reasons.get(at)).cloned();
        Cell::Text(word.unwrap_or_default())
    };
    let (numerator, denominator, value) = (
        say("import-column-numerator")?,
        say("import-column-denominator")?,
        say("chart-value")?,
    );
    let mut rows = Vec::new();
    let mut values = 0;
    // Parts have no line of their own: by its code alone a line would be taken for the whole.
    for row in grid.rows.iter().filter(|row| row.is_entry()) {
        let indicator = &row.indicator;
        let head = |counted: &str, number: &str| {
            vec![
                Cell::text(place),
                Cell::text(&indicator.code),
                Cell::text(indicator.name.get(language)),
                Cell::text(counted),
                Cell::text(number),
            ]
        };
        let single = indicator.denominator.is_none();
        let mut first = head(
            indicator.numerator.get(language),
            if single { &value } else { &numerator },
        );
        let mut second = indicator
            .denominator
            .as_ref()
            .map(|counted| head(counted.get(language), &denominator));
        for cell in &row.cells {
            let said = cell.no_data.is_some() || cell.numerator.or(cell.denominator).is_some();
            values += u32::from(said);
            first.push(match cell.no_data {
                Some(reason) => reason_of(reason),
                None => figure(cell.numerator),
            });
            if let Some(second) = &mut second {
                second.push(figure(cell.denominator));
            }
        }
        rows.push(first);
        rows.extend(second);
    }
    let refusal = (say("book-refused")?, say("book-refused-why")?);
    let sheet = Sheet {
        name: format!(
            "{} {}",
            say("book-entry")?,
            say(&format!("frequency-{}", word(grid.frequency)))?
        ),
        above: vec![place.clone(), say("book-entry-lead")?],
        columns,
        kept,
        rows,
        below: Vec::new(),
        check: Some(Check {
            from_column: kept,
            words: reasons.iter().cloned().chain(["-".to_owned()]).collect(),
            words_sheet: say("book-reasons")?,
            refusal,
        }),
    };
    Ok((sheet, values))
}

fn word(frequency: Frequency) -> &'static str {
    match frequency {
        Frequency::Weekly => "weekly",
        Frequency::Monthly => "monthly",
        Frequency::Quarterly => "quarterly",
        Frequency::Annual => "annual",
        Frequency::Event => "event",
    }
}

/// A figure with as many digits as it has, and no more than two.
fn figure(number: Option<f64>) -> Cell {
    let whole = number.is_some_and(|number| number.fract() == 0.0);
    Cell::number(number, if whole { 0 } else { 2 })
}
