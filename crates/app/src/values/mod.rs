//! Counted values: the month grid, what is worth asking about them, their history and their chart.

mod calculations;
mod chart;
mod compare;
mod history;
mod multiples;
pub mod queries;
mod strata;
mod sums;
mod wordings;

use std::collections::{BTreeMap, BTreeSet};

use domain::catalog::{self, Frequency, Indicator};
use domain::ids::{RecordId, ReplicaId};
use domain::measure::{self, Entry, NoDataReason, Question, Source, Typed};
use domain::period::{Month, Period};
use domain::registry::{Kind, MeasurementField};
use domain::role::Role;
use domain::stratum::Split;
use domain::value::Value;
use serde::{Deserialize, Serialize};
use store::{Edit, Seen};
use sync::clock::Hlc;
use sync::log::{Dot, SaveKind};

use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::permissions::may_change;
use crate::places::PlaceSummary;
use crate::records::queries::{Record, record};
use crate::records::{self, OpenField, edit, shorten};
use crate::variants;

pub use calculations::{OfCase, calculation, calculations};
pub use chart::{Chart, ChartMark, ChartRequest, chart, chart_view, charted, measure_of};
pub use compare::{CompareRequest, PeriodSpan, compare};
pub use history::{CellHistory, cell_history, kind_word};
pub use multiples::{Multiples, MultiplesRequest, Panel, multiples};
pub use strata::{SourceAsked, SplitAsked, Stratum, part};
pub use sums::{PlaceSums, Sums, SumsRequest, sums};
pub(crate) use wordings::Wordings;

/// Which grid to show.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct GridRequest {
    /// Where.
    #[ts(type = "string")]
    pub place: RecordId,
    /// The last month, ISO.
    pub until: Month,
    /// How many months back.
    pub months: u32,
    /// How often what is shown is counted; none for how often `indicator` is, or else for months where there are any.
    #[serde(default)]
    pub frequency: Option<Frequency>,
    /// The measure that is looked for.
    #[serde(default)]
    pub indicator: Option<String>,
    /// A day to stand among those of events, though nothing was noted on it yet.
    #[serde(default)]
    pub day: Option<Period>,
    /// A measure whose parts are opened though nothing is said of them yet.
    #[serde(default)]
    pub split: Option<SplitAsked>,
    /// A measure of which another source is opened though nothing is said from it yet.
    #[serde(default)]
    pub source: Option<SourceAsked>,
}

/// A place's measures by month, or by another period: those that are counted equally often.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Grid {
    /// Where.
    pub place: PlaceSummary,
    /// How often what is shown is counted.
    pub frequency: Frequency,
    /// How often measures of the open cycles are counted, from the most often to the least, events last.
    pub frequencies: Vec<Frequency>,
    /// The periods, oldest first, ISO: up to the last one that is complete.
    pub periods: Vec<String>,
    /// A row for each measure of the open cycles that is counted so often.
    pub rows: Vec<GridRow>,
    /// Measures that have a value or a reason for having none in the last period.
    pub filled: u32,
    /// Measures that are to have one.
    pub expected: u32,
    /// Whether the person at the laptop may write here.
    pub writable: bool,
}

/// One measure of a grid.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct GridRow {
    /// The indicator.
    pub indicator: Indicator,
    /// The part of the whole that the row is of; none for the whole.
    pub stratum: Option<Stratum>,
    /// Where its values were counted.
    pub source: Source,
    /// The goal of the first cycle that has one.
    pub goal: Option<f64>,
    /// The cycles that follow it.
    #[ts(type = "Array<string>")]
    pub cycles: Vec<RecordId>,
    /// One cell a period, in the order of the grid's periods.
    pub cells: Vec<Cell>,
}

impl GridRow {
    /// Whether it is what a team counts first: the whole, in its register.
    pub fn is_entry(&self) -> bool {
        self.stratum.is_none() && self.source == Source::Register
    }
}

/// One measure of one period.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Cell {
    /// The indicator's code.
    pub indicator: String,
    /// The period, ISO.
    pub period: String,
    /// The part of the whole, as it is stored; none for the whole.
    pub stratum: Option<String>,
    /// Where it was counted.
    pub source: Source,
    /// Its record, whether it exists yet or not.
    #[ts(type = "string")]
    pub record: RecordId,
    /// The numerator, or the count or time itself.
    pub numerator: Option<f64>,
    /// The denominator.
    pub denominator: Option<f64>,
    /// Why there is no data.
    pub no_data: Option<NoDataReason>,
    /// Why a questioned value is right.
    pub explanation: Option<String>,
    /// The value in the indicator's unit.
    pub value: Option<f64>,
    /// What is worth asking about it.
    pub question: Option<Question>,
    /// The token of each field's shown value.
    pub seen: BTreeMap<String, String>,
    /// Fields of which several values stand.
    pub open: Vec<OpenField>,
    /// Who wrote the value last.
    pub author: Option<String>,
    /// When, ISO local time.
    pub written: Option<String>,
    /// The author's role.
    pub author_role: Option<Role>,
    /// Why a coach corrected it, when that was the last that happened.
    pub correction: Option<String>,
}

/// What was typed into a field, with the token of the value that stood there.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct CellInput {
    /// As typed: `12`, `12,5`, nothing, `-` for no data; for `no_data` a reason's word.
    pub typed: String,
    /// The token that came with the value on the screen.
    pub seen: Option<String>,
}

/// The fields of one cell that were typed; the others stay as they are.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct CellEdit {
    /// The indicator's code.
    pub indicator: String,
    /// The period, ISO.
    pub period: Period,
    /// The part of the whole, as it is stored; none for the whole.
    #[serde(default)]
    pub stratum: Option<String>,
    /// Where it was counted; in the register unless it is said.
    #[serde(default)]
    pub source: Source,
    /// The numerator, or the count or time itself.
    pub numerator: Option<CellInput>,
    /// The denominator.
    pub denominator: Option<CellInput>,
    /// Why there is no data.
    pub no_data: Option<CellInput>,
    /// Why a questioned value is right.
    pub explanation: Option<CellInput>,
}

/// Saves cells, all or none.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SaveCells {
    /// Where.
    #[ts(type = "string")]
    pub place: RecordId,
    /// The cells.
    pub cells: Vec<CellEdit>,
    /// Why, for a correction of what another place typed.
    pub reason: Option<String>,
    /// Whether figures are emptied although they are many: after `removes-many`.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub sure: bool,
}

/// Names a cell.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct CellAt {
    /// Where.
    #[ts(type = "string")]
    pub place: RecordId,
    /// The indicator's code.
    pub indicator: String,
    /// The period, ISO.
    pub period: Period,
    /// The part of the whole, as it is stored; none for the whole.
    #[serde(default)]
    pub stratum: Option<String>,
    /// Where it was counted; in the register unless it is said.
    #[serde(default)]
    pub source: Source,
}

/// The most cells that one request may save: a year of every indicator of a large district is far below.
const MOST_CELLS: usize = 20_000;
/// Ten years of months: all that is judged.
pub(crate) const MOST_MONTHS: u32 = 120;

/// Which of the values of one period is meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Which<'a> {
    /// The part of the whole, as it is stored; none for the whole.
    pub stratum: Option<&'a str>,
    /// Where it was counted.
    pub source: Source,
}

impl Which<'_> {
    /// The whole, as it was counted in one source.
    pub fn of(source: Source) -> Self {
        Self {
            stratum: None,
            source,
        }
    }
}

/// The record of the value that a place's registers give for an indicator and a period.
pub fn measurement_record(place: RecordId, indicator: &str, period: Period) -> RecordId {
    value_record(place, indicator, period, Which::default())
}

/// The record of a value: a place, an indicator, a period, a stratum and a source make one record, so that two
/// laptops that both open March meet in it.
pub fn value_record(
    place: RecordId,
    indicator: &str,
    period: Period,
    which: Which<'_>,
) -> RecordId {
    RecordId::natural(&[
        b"measurement",
        place.as_bytes(),
        indicator.as_bytes(),
        period.to_string().as_bytes(),
        which.stratum.unwrap_or_default().as_bytes(),
        which.source.word().as_bytes(),
    ])
}

/// An indicator that must be in the catalogue.
pub fn known_indicator(code: &str) -> Result<&'static Indicator> {
    catalog::indicator(code)
        .ok_or_else(|| AppError::new("indicator-unknown").with("code", shorten(code)))
}

/// What a stored value says.
pub fn entry(record: &Record) -> Entry {
    Entry {
        numerator: record.number("numerator"),
        denominator: record.number("denominator"),
        no_data: record
            .text("no_data")
            .and_then(|word| NoDataReason::from_word(&word)),
    }
}

fn period_of(record: &Record) -> Option<Period> {
    record.text("period").and_then(|period| period.parse().ok())
}

/// A place's measures by month, or by another period.
pub fn grid(cx: &Cx<'_>, request: GridRequest) -> Result<Grid> {
    let measures = cx
        .store()
        .read(|conn| queries::measures(conn, request.place))?;
    let mut rows: Vec<GridRow> = Vec::new();
    for followed in &measures {
        let code = followed.text("indicator").unwrap_or_default();
        let cycle = followed.reference("cycle");
        if let Some(row) = rows.iter_mut().find(|row| row.indicator.code == code) {
            row.cycles.extend(cycle);
            row.goal = row.goal.or(followed.number("goal"));
        } else if let Some(indicator) = catalog::indicator(&code) {
            rows.push(GridRow {
                indicator: variants::worded(cx, request.place, indicator)?,
                stratum: None,
                source: Source::Register,
                goal: followed.number("goal"),
                cycles: cycle.into_iter().collect(),
                cells: Vec::new(),
            });
        }
    }
    let followed = |often: &Frequency| rows.iter().any(|row| row.indicator.frequency == *often);
    let frequencies: Vec<Frequency> = Frequency::ALL.into_iter().filter(followed).collect();
    let named = request.indicator.as_deref().and_then(catalog::indicator);
    let frequency = request
        .frequency
        .or(named.map(|indicator| indicator.frequency))
        .filter(followed)
        .or(Some(Frequency::Monthly).filter(followed))
        .or(frequencies.first().copied())
        .unwrap_or(Frequency::Monthly);
    rows.retain(|row| row.indicator.frequency == frequency);
    let periods = periods_shown(cx, &request, frequency, &rows)?;
    for row in &mut rows {
        row.cells = cells_of(
            cx,
            request.place,
            &row.indicator,
            Which::default(),
            &periods,
        )?;
    }
    let filled = rows
        .iter()
        .filter(|row| {
            row.cells
                .last()
                .is_some_and(|c| c.no_data.is_some() || c.value.is_some())
        })
        .count();
    Ok(Grid {
        place: cx.place_summary(request.place)?,
        frequency,
        frequencies,
        periods: periods.iter().map(Period::to_string).collect(),
        filled: filled as u32,
        expected: rows.len() as u32,
        writable: may_change(cx, cx.scope_of(request.place)?)?,
        rows: strata::with_parts(cx, &request, rows, &periods)?,
    })
}

/// The columns of a grid. Months end with the one asked for, other periods with the last complete one; of events only the
/// days stand there on which something was noted, of whichever part and from whichever source.
fn periods_shown(
    cx: &Cx<'_>,
    request: &GridRequest,
    frequency: Frequency,
    rows: &[GridRow],
) -> Result<Vec<Period>> {
    let months = request.months.clamp(1, MOST_MONTHS);
    let last = match frequency {
        Frequency::Monthly => request.until.into(),
        Frequency::Event => Period::of(frequency, cx.today()),
        _ => Period::of(frequency, cx.today()).plus(-1),
    };
    if frequency != Frequency::Event {
        let count = (months * Period::in_a_year(frequency)).div_ceil(12);
        return Ok(Period::ending(last, u16::try_from(count).unwrap_or(u16::MAX)).collect());
    }
    let first = Period::of(frequency, request.until.plus(1 - months as i32).first_day());
    let mut days: BTreeSet<Period> = request
        .day
        .filter(|day| day.frequency() == frequency && *day <= last)
        .into_iter()
        .collect();
    for row in rows {
        let code = &row.indicator.code;
        let series = cx
            .store()
            .read(|conn| queries::everything(conn, request.place, code))?;
        let noted = series
            .iter()
            .filter(|record| entry(record) != Entry::default());
        days.extend(noted.filter_map(period_of).filter(|day| *day >= first));
    }
    if days.is_empty() {
        days.insert(last);
    }
    Ok(days.into_iter().collect())
}

fn cells_of(
    cx: &Cx<'_>,
    place: RecordId,
    indicator: &Indicator,
    which: Which<'_>,
    periods: &[Period],
) -> Result<Vec<Cell>> {
    let series = cx
        .store()
        .read(|conn| queries::values_of(conn, place, &indicator.code, which))?;
    let records: BTreeMap<Period, &Record> = series
        .iter()
        .filter_map(|record| Some((period_of(record)?, record)))
        .collect();
    let entries: Vec<(Period, Entry)> = records
        .iter()
        .map(|(period, record)| (*period, entry(record)))
        .collect();
    periods
        .iter()
        .map(|period| {
            let record = records.get(period).copied();
            cell(
                cx,
                KeyOf::of(place, &indicator.code, *period, which),
                indicator,
                record,
                &entries,
            )
        })
        .collect()
}

fn cell(
    cx: &Cx<'_>,
    key: KeyOf<'_>,
    indicator: &Indicator,
    record: Option<&Record>,
    entries: &[(Period, Entry)],
) -> Result<Cell> {
    let meta = record.map(|record| cx.meta(record)).transpose()?;
    let said = record.map(entry).unwrap_or_default();
    let last = record
        .map(|record| last_writing(cx, record))
        .transpose()?
        .flatten();
    let others: Vec<(Period, Entry)> = entries
        .iter()
        .filter(|(other, _)| *other != key.period)
        .copied()
        .collect();
    let questions = measure::questions(indicator, key.period, &said, &others);
    Ok(Cell {
        indicator: indicator.code.clone(),
        period: key.period.to_string(),
        stratum: key.which.stratum.map(str::to_owned),
        source: key.which.source,
        record: key.record,
        numerator: said.numerator,
        denominator: said.denominator,
        no_data: said.no_data,
        explanation: record.and_then(|r| r.text("explanation")),
        value: said.value(indicator),
        question: questions.into_iter().next(),
        seen: meta.as_ref().map(|m| m.seen.clone()).unwrap_or_default(),
        open: meta.map(|m| m.open).unwrap_or_default(),
        author_role: last.as_ref().and_then(|last| last.role),
        correction: last.as_ref().and_then(|last| last.correction.clone()),
        written: last.as_ref().map(|last| last.at.clone()),
        author: last.map(|last| last.author),
    })
}

/// Who wrote a value last.
struct LastWriting {
    at: String,
    author: String,
    role: Option<Role>,
    correction: Option<String>,
}

fn last_writing(cx: &Cx<'_>, record: &Record) -> Result<Option<LastWriting>> {
    let counted = |field: u16| field >= MeasurementField::Numerator.number();
    let stamps = record.stamps.iter().filter(|stamp| counted(stamp.field));
    let Some(stamp) = stamps.max_by_key(|stamp| stamp.hlc) else {
        return Ok(None);
    };
    let (replica, author) = cx
        .store()
        .read(|conn| records::queries::replica_and_author(conn, stamp))?;
    let (author, role) = cx.person(author)?;
    // Only a coach is asked for a reason, so only then is the save worth opening.
    let correction = if role == Some(Role::Coach) {
        let replica = ReplicaId::from_bytes(replica);
        let dot = Dot {
            replica,
            seq: stamp.seq,
            index: stamp.index,
        };
        cx.reason(record.scope, &dot)?
    } else {
        None
    };
    Ok(Some(LastWriting {
        at: cx.stamp(Hlc(stamp.hlc).millis()),
        author,
        role,
        correction,
    }))
}

/// Saves cells, all or none: a text that is no number refuses the whole with the cell it stands in.
pub fn save_cells(cx: &Cx<'_>, request: SaveCells) -> Result<Vec<Cell>> {
    if request.cells.len() > MOST_CELLS {
        return Err(AppError::new("too-many-cells").with("most", MOST_CELLS));
    }
    let scope = cx.scope_of(request.place)?;
    let author = cx.author()?;
    let foreign = author.role == Role::Coach && !author.works_at(scope.place());
    if foreign
        && request
            .reason
            .as_deref()
            .is_none_or(|reason| reason.trim().is_empty())
    {
        return Err(AppError::new("reason-missing"));
    }
    let (mut edits, mut wordings) = (Vec::new(), Wordings::default());
    for cell in &request.cells {
        if let Err(code) = may_be_typed(cx, known_indicator(&cell.indicator)?, cell.period) {
            return Err(AppError::new(code).with("period", cell.period));
        }
        let (key, mut changes) = cell_edits(request.place, cell)?;
        if !changes.is_empty() {
            changes.extend(key.variant_edit(&mut wordings, cx)?);
        }
        edits.push((key, changes));
    }
    let kind = SaveKind::Edit;
    cx.write(|w| {
        let mut complete = Vec::with_capacity(edits.len());
        let mut lost = Vec::new();
        for (at, changes) in &edits {
            match record(w.conn(), Kind::Measurement, at.record)? {
                Some(stored) => {
                    complete.extend(stored.kept());
                    if empties(&stored, changes) {
                        lost.extend(cx.lost(w, &stored)?);
                    }
                }
                None => complete.extend(at.key_edits()),
            }
            complete.extend(changes.iter().cloned());
        }
        cx.guard(w, &lost, request.sure)?;
        cx.save(w, scope, kind, request.reason.as_deref(), complete)
    })?;
    let mut saved = Vec::with_capacity(request.cells.len());
    let mut by_row: BTreeMap<(&str, Option<&str>, Source), Vec<Period>> = BTreeMap::new();
    for cell in &request.cells {
        by_row
            .entry((&cell.indicator, cell.stratum.as_deref(), cell.source))
            .or_default()
            .push(cell.period);
    }
    for ((code, stratum, source), periods) in by_row {
        saved.extend(cells_of(
            cx,
            request.place,
            known_indicator(code)?,
            Which { stratum, source },
            &periods,
        )?);
    }
    Ok(saved)
}

/// The figures of a value.
pub(crate) const FIGURES: [(MeasurementField, &str); 2] = [
    (MeasurementField::Numerator, "numerator"),
    (MeasurementField::Denominator, "denominator"),
];

/// Whether a figure that stands in a value stands there no more after these edits.
pub(crate) fn empties(stored: &Record, edits: &[Edit]) -> bool {
    FIGURES.iter().any(|(field, name)| {
        let edited = |edit: &&Edit| edit.field == field.number();
        let last = edits.iter().rev().find(edited);
        *stored.value(name) != Value::Null && last.is_some_and(|edit| edit.value == Value::Null)
    })
}

/// Whether a value may stand at a period: one of the length over which the indicator is counted, that has begun. Else
/// the code that says why not.
pub(crate) fn may_be_typed(
    cx: &Cx<'_>,
    indicator: &Indicator,
    period: Period,
) -> std::result::Result<(), &'static str> {
    if period.frequency() != indicator.frequency {
        Err("period-length")
    } else if period.first_day() > cx.last_day() {
        Err("month-ahead")
    } else {
        Ok(())
    }
}

/// The natural key of a value.
pub(crate) struct KeyOf<'a> {
    /// Its record.
    pub record: RecordId,
    place: RecordId,
    indicator: &'a str,
    period: Period,
    which: Which<'a>,
}

impl<'a> KeyOf<'a> {
    /// The key of a place's value for an indicator and period.
    pub fn of(place: RecordId, indicator: &'a str, period: Period, which: Which<'a>) -> Self {
        Self {
            record: value_record(place, indicator, period, which),
            place,
            indicator,
            period,
            which,
        }
    }

    /// The edits that write the key into a new record.
    pub fn key_edits(&self) -> Vec<Edit> {
        let field = |field: MeasurementField, value| {
            edit(Kind::Measurement, self.record, field.number(), value)
        };
        let mut edits = vec![
            field(MeasurementField::Place, Value::Ref(self.place)),
            field(MeasurementField::Indicator, Value::text(self.indicator)),
            field(
                MeasurementField::Period,
                Value::text(&self.period.to_string()),
            ),
            field(
                MeasurementField::Source,
                Value::text(self.which.source.word()),
            ),
        ];
        edits.extend(
            self.which
                .stratum
                .map(|part| field(MeasurementField::Stratum, Value::text(part))),
        );
        edits
    }

    /// The edit that writes by which version of the definition it was counted; none for the first.
    fn version_edit(&self) -> Option<Edit> {
        let version = catalog::indicator(self.indicator)?.version;
        (version > 1).then(|| {
            edit(
                Kind::Measurement,
                self.record,
                MeasurementField::Version.number(),
                Value::Int(version.into()),
            )
        })
    }

    /// The edits that write what an entry says.
    pub fn entry_edits(&self, entry: &Entry) -> impl Iterator<Item = Edit> {
        let number = |n: Option<f64>| n.and_then(Value::number).unwrap_or(Value::Null);
        let field = |field: MeasurementField, value| {
            edit(Kind::Measurement, self.record, field.number(), value)
        };
        [
            field(MeasurementField::Numerator, number(entry.numerator)),
            field(MeasurementField::Denominator, number(entry.denominator)),
            field(
                MeasurementField::NoData,
                entry
                    .no_data
                    .map_or(Value::Null, |reason| Value::text(reason.word())),
            ),
        ]
        .into_iter()
        .chain(self.version_edit())
    }
}

fn cell_edits(place: RecordId, cell: &CellEdit) -> Result<(KeyOf<'_>, Vec<Edit>)> {
    let indicator = known_indicator(&cell.indicator)?;
    if cell.denominator.is_some() && indicator.denominator.is_none() {
        return Err(AppError::new("request-invalid"));
    }
    if cell
        .stratum
        .as_deref()
        .is_some_and(|part| Split::of(part).is_none())
    {
        return Err(AppError::new("request-invalid"));
    }
    let which = Which {
        stratum: cell.stratum.as_deref(),
        source: cell.source,
    };
    let key = KeyOf::of(place, &cell.indicator, cell.period, which);
    let field = |field: MeasurementField, value, seen| Edit {
        seen,
        ..edit(Kind::Measurement, key.record, field.number(), value)
    };
    let mut edits = Vec::new();
    // What becomes of « no data », when the typed numbers or the reason say so.
    let mut no_data: Option<Option<NoDataReason>> = None;
    let parts = [
        (MeasurementField::Numerator, &cell.numerator),
        (MeasurementField::Denominator, &cell.denominator),
    ];
    for (part, input) in parts {
        let Some(input) = input else { continue };
        let seen = records::seen(input.seen.as_deref())?;
        match typed_number(cell, part, &input.typed)? {
            Typed::Empty => edits.push(field(part, Value::Null, seen)),
            Typed::Number(number) => {
                edits.push(field(
                    part,
                    Value::number(number).unwrap_or(Value::Null),
                    seen,
                ));
                no_data.get_or_insert(None);
            }
            Typed::NoData => no_data = Some(Some(NoDataReason::Other)),
        }
    }
    // A field that changes only because another was typed replaces what stands in it now.
    let mut no_data_seen = Seen::Shown;
    if let Some(input) = &cell.no_data {
        no_data_seen = records::seen(input.seen.as_deref())?;
        no_data = Some(match input.typed.trim() {
            "" => None,
            word => Some(
                NoDataReason::from_word(word).ok_or_else(|| AppError::new("request-invalid"))?,
            ),
        });
    }
    if let Some(reason) = no_data {
        if reason.is_some() {
            // No data and a number exclude each other: writing one empties the other.
            edits.clear();
            for (part, input) in parts {
                let seen = match input {
                    Some(input) => records::seen(input.seen.as_deref())?,
                    None => Seen::Shown,
                };
                edits.push(field(part, Value::Null, seen));
            }
        }
        let word = reason.map_or(Value::Null, |reason| Value::text(reason.word()));
        edits.push(field(MeasurementField::NoData, word, no_data_seen));
    }
    if !edits.is_empty() {
        edits.extend(key.version_edit());
    }
    if let Some(input) = &cell.explanation {
        let words = records::text_value("explanation", &input.typed)?;
        let seen = records::seen(input.seen.as_deref())?;
        edits.push(field(MeasurementField::Explanation, words, seen));
    }
    Ok((key, edits))
}

fn typed_number(cell: &CellEdit, part: MeasurementField, typed: &str) -> Result<Typed> {
    measure::parse_cell(typed).map_err(|_| {
        let part = if part == MeasurementField::Numerator {
            "numerator"
        } else {
            "denominator"
        };
        AppError::new("cell-invalid")
            .with("indicator", &cell.indicator)
            .with("period", cell.period)
            .with("part", part)
            .with("typed", shorten(typed))
    })
}
