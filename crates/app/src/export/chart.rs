//! A chart as a workbook: its periods with all that is drawn of them, what people decided about it, and what happened.

use domain::catalog::Indicator;
use domain::ids::RecordId;
use domain::period::Period;
use domain::registry::Kind;
use domain::spc::chart::ChartKind;
use domain::spc::fit::Drawn;
use domain::spc::verdict::{ChartPoint, ChartView};
use report::sheet::{Cell, Column, Sheet};
use serde::Deserialize;

use crate::charts::{ChartPast, Notes, OfMeasure, chart_notes, chart_past};
use crate::cx::Cx;
use crate::error::Result;
use crate::import::ExportResult;
use crate::values::{self, Chart, ChartMark, ChartRequest};

/// The most sentences that the screen may hand over.
const MOST_NOTES: usize = 10;

/// A chart to be written into a workbook, with what the screen says of it.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct ExportChart {
    /// Where.
    #[ts(type = "string")]
    pub place: RecordId,
    /// The indicator's code.
    pub indicator: String,
    /// The verdict as the screen says it.
    pub said: String,
    /// Where the figures come from, and how the chart was made.
    pub notes: Vec<String>,
}

/// Writes a chart into a workbook.
pub fn export_chart(cx: &Cx<'_>, request: ExportChart) -> Result<ExportResult> {
    let chart = values::chart(cx, ChartRequest::of(request.place, &request.indicator))?;
    let of = OfMeasure {
        place: request.place,
        indicator: request.indicator.clone(),
    };
    let notes = chart_notes(cx, of.clone())?;
    let past = chart_past(cx, of)?;
    let mut sheets = vec![points(cx, &request, &chart, &notes)?];
    if !past.is_empty() {
        sheets.push(decisions(cx, &past)?);
    }
    if !chart.marks.is_empty() {
        sheets.push(happened(cx, &chart.marks)?);
    }
    let name = chart.indicator.name.get(cx.language()?);
    let place = &chart.place.name;
    let file = format!("{place} {name} {}", cx.today());
    Ok(ExportResult {
        path: cx.export_book(&file, format!("{name}, {place}"), sheets)?,
        values: chart.view.points.len() as u32,
    })
}

fn column(heading: impl Into<String>, width: f64) -> Column {
    Column {
        heading: Cell::Text(heading.into()),
        width,
    }
}

fn period(text: &str) -> Cell {
    match text.parse() {
        Ok(Period::Month(month)) => Cell::Month(month),
        Ok(Period::Day(day)) => Cell::Day(Period::Day(day).first_day()),
        _ => Cell::text(text),
    }
}

fn day(text: &str) -> Cell {
    let date = text.get(..10).unwrap_or(text);
    date.parse().map_or_else(|_| Cell::text(text), Cell::Day)
}

fn figure(number: Option<f64>) -> Cell {
    let whole = number.is_some_and(|number| number.fract() == 0.0);
    Cell::number(number, if whole { 0 } else { 2 })
}

/// The data: a row a period.
fn points(cx: &Cx<'_>, request: &ExportChart, chart: &Chart, notes: &Notes) -> Result<Sheet> {
    let language = cx.language()?;
    let say = |key: &str| cx.say(key, &[]);
    let (view, indicator): (&ChartView, _) = (&chart.view, &chart.indicator);
    let is_run = view.chart == ChartKind::Run;
    let by_period = view.drawn.by_period();
    let counted = match by_period {
        true => indicator.numerator.get(language).to_owned(),
        false => say("chart-count")?,
    };
    let mut columns = vec![
        column(say("import-column-period")?, 12.0),
        column(counted, 24.0),
    ];
    let denominator = indicator.denominator.as_ref().filter(|_| by_period);
    columns.extend(denominator.map(|words| column(words.get(language), 24.0)));
    columns.push(column(value_words(cx, view, indicator)?, 24.0));
    let centre = match view.chart {
        ChartKind::Run | ChartKind::G => "chart-median",
        _ => "chart-mean",
    };
    columns.push(column(say(centre)?, 12.0));
    if !is_run {
        columns.push(column(say("chart-limit-lower")?, 12.0));
        columns.push(column(say("chart-limit-upper")?, 12.0));
    }
    let has_goal = view.points.iter().any(|point| point.goal.is_some());
    if has_goal {
        columns.push(column(say("book-goal")?, 12.0));
    }
    for (key, width) in [
        ("book-signal", 34.0),
        ("book-remarks", 44.0),
        ("book-events", 34.0),
    ] {
        columns.push(column(say(key)?, width));
    }
    let mut rows = Vec::new();
    for point in &view.points {
        let mut row = vec![period(&point.label), figure(point.n)];
        if denominator.is_some() {
            row.push(figure(point.d));
        }
        row.push(Cell::number(point.value, 2));
        row.push(Cell::number(point.centre, 2));
        if !is_run {
            row.push(Cell::number(point.limits.map(|limits| limits.lower), 2));
            row.push(Cell::number(point.limits.map(|limits| limits.upper), 2));
        }
        if has_goal {
            row.push(Cell::number(point.goal, 2));
        }
        row.push(text(signs(cx, point)?));
        row.push(text(remarks(cx, point, notes)?));
        let here = chart.marks.iter().filter(|mark| mark.period == point.label);
        let labels: Vec<String> = here
            .map(|mark| mark_words(cx, mark))
            .collect::<Result<_>>()?;
        row.push(text(labels));
        rows.push(row);
    }
    let by = cx.person(cx.author()?.person)?.0;
    let today = cx.today().format("%d/%m/%Y").to_string();
    let mut below: Vec<String> = request.notes.iter().take(MOST_NOTES).cloned().collect();
    if let Some(variant) = &indicator.variant {
        let said = [
            ("place", variant.place.as_str()),
            ("version", &variant.version.to_string()),
        ];
        let words = [cx.say("variant-local", &[])?, cx.say("variant-of", &said)?];
        below.push(words.join(" : "));
    }
    below.push(cx.say(
        "book-definition",
        &[("source", indicator.source.get(language))],
    )?);
    below.push(cx.say("book-written", &[("by", &by), ("day", &today)])?);
    Ok(Sheet {
        name: say("book-data")?,
        above: vec![
            format!("{}, {}", indicator.name.get(language), chart.place.name),
            request.said.clone(),
        ],
        columns,
        kept: 1,
        rows,
        below,
        check: None,
    })
}

/// What the values are, with their unit where they have one.
fn value_words(cx: &Cx<'_>, view: &ChartView, indicator: &Indicator) -> Result<String> {
    let language = cx.language()?;
    let unit = indicator.unit.get(language);
    let cases = indicator.denominator.as_ref();
    let cases = cases.unwrap_or(&indicator.numerator).get(language);
    let drawn = |key| cx.say(key, &[("cases", cases)]);
    let words = match view.drawn {
        Drawn::Value => cx.say("chart-value", &[])?,
        Drawn::Range => drawn("chart-drawn-range")?,
        Drawn::Mean => drawn("chart-drawn-mean")?,
        Drawn::Spread => drawn("chart-drawn-spread")?,
        Drawn::Cases => return drawn("chart-drawn-cases"),
        Drawn::Days => return drawn("chart-drawn-days"),
    };
    Ok(format!("{words} ({unit})"))
}

fn text(parts: Vec<String>) -> Cell {
    match parts.is_empty() {
        true => Cell::Empty,
        false => Cell::Text(parts.join(" ; ")),
    }
}

/// What the rules say of a point.
fn signs(cx: &Cx<'_>, point: &ChartPoint) -> Result<Vec<String>> {
    let mut signs = Vec::new();
    for rule in &point.breaks {
        let word = serde_json::to_value(rule).unwrap_or_default();
        let word = word.as_str().unwrap_or_default().replace('_', "-");
        signs.push(cx.say(&format!("rule-{word}"), &[])?);
    }
    Ok(signs)
}

/// Why it has no value, is not complete yet, or is left out, by whom.
fn remarks(cx: &Cx<'_>, point: &ChartPoint, notes: &Notes) -> Result<Vec<String>> {
    let mut remarks = Vec::new();
    if let Some(reason) = &point.no_data {
        let reason = cx.say(&format!("nodata-{}", reason.replace('_', "-")), &[])?;
        remarks.push(cx.say("book-no-data", &[("reason", &reason)])?);
    }
    if point.incomplete {
        remarks.push(cx.say("book-incomplete", &[])?);
    }
    if let Some(note) = notes.excluded.iter().find(|n| n.period == point.label) {
        let params = [("reason", note.reason.as_str()), ("by", &note.meta.author)];
        remarks.push(cx.say("book-excluded", &params)?);
    }
    Ok(remarks)
}

/// What a flag of the chart says.
fn mark_words(cx: &Cx<'_>, mark: &ChartMark) -> Result<String> {
    let word = match (mark.kind, mark.sort) {
        (Kind::ChartPhase, _) => Some(cx.say("kind-chart-phase", &[])?),
        (_, Some(sort)) => Some(cx.say(&format!("event-{}", sort.word().replace('_', "-")), &[])?),
        _ => None,
    };
    Ok(match word {
        Some(word) if mark.label.is_empty() => word,
        Some(word) => format!("{word}, {}", mark.label),
        None => mark.label.clone(),
    })
}

/// What people decided about the chart: who, when and why.
fn decisions(cx: &Cx<'_>, past: &[ChartPast]) -> Result<Sheet> {
    let say = |key: &str| cx.say(key, &[]);
    let mut rows = Vec::new();
    for one in past {
        let kind = say(&format!("kind-{}", one.kind.table().replace('_', "-")))?;
        let what = match one.removed {
            true => cx.say("book-taken-back", &[("what", &kind)])?,
            false => kind,
        };
        rows.push(vec![
            day(&one.at),
            Cell::text(&one.author),
            Cell::Text(what),
            one.period.as_deref().map_or(Cell::Empty, period),
            Cell::Text(one.set.join(", ")),
            Cell::Text(one.reason.clone().unwrap_or_default()),
        ]);
    }
    Ok(Sheet {
        name: say("book-decisions")?,
        above: Vec::new(),
        columns: vec![
            column(say("book-day")?, 12.0),
            column(say("book-who")?, 22.0),
            column(say("book-what")?, 26.0),
            column(say("import-column-period")?, 12.0),
            column(say("book-set")?, 18.0),
            column(say("book-why")?, 50.0),
        ],
        kept: 0,
        rows,
        below: Vec::new(),
        check: None,
    })
}

/// What happened meanwhile, and what was tried.
fn happened(cx: &Cx<'_>, marks: &[ChartMark]) -> Result<Sheet> {
    let say = |key: &str| cx.say(key, &[]);
    let mut rows = Vec::new();
    for mark in marks {
        rows.push(vec![
            day(&mark.day),
            period(&mark.period),
            mark.until.as_deref().map_or(Cell::Empty, period),
            Cell::Text(mark_words(cx, mark)?),
        ]);
    }
    Ok(Sheet {
        name: say("book-events")?,
        above: Vec::new(),
        columns: vec![
            column(say("book-day")?, 12.0),
            column(say("import-column-period")?, 12.0),
            column(say("book-until")?, 12.0),
            column(say("book-what")?, 50.0),
        ],
        kept: 0,
        rows,
        below: Vec::new(),
        check: None,
    })
}
