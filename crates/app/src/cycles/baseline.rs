//! Where a measure of a cycle stood before anything was tried: an object of its own, so that « from 56 % » can be followed
//! back to what was counted.

use domain::catalog::Indicator;
use domain::ids::RecordId;
use domain::measure::EntryState;
use domain::period::Period;
use domain::registry::{BaselineField, Kind};
use domain::value::Value;
use serde::{Deserialize, Serialize};
use sync::log::SaveKind;

use super::queries;
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::places::PlaceSummary;
use crate::records::queries::{Record, existing, record};
use crate::records::{RecordMeta, SavedRecord, edit};
use crate::values::{self, known_indicator};

/// Sets where a measure stood.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SetBaseline {
    /// The cycle.
    #[ts(type = "string")]
    pub cycle: RecordId,
    /// The indicator's code.
    pub indicator: String,
    /// First period, ISO.
    pub first: Period,
    /// Last period, ISO.
    pub last: Period,
    /// Why, when there is something to say.
    pub reason: Option<String>,
}

/// Where a measure stood.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Baseline {
    /// What every record shows: who set it, and when.
    pub meta: RecordMeta,
    /// The indicator's code.
    pub indicator: String,
    /// The version of its definition.
    pub version: u16,
    /// Where it was counted.
    pub place: PlaceSummary,
    /// First period, ISO.
    pub first: String,
    /// Last period, ISO.
    pub last: String,
    /// The numerators together, or the counts.
    pub numerator: f64,
    /// The denominators together, or how many periods were counted.
    pub denominator: f64,
    /// The value in the indicator's unit: of all together, or on average for each period.
    pub value: f64,
}

/// A measure of a cycle has one baseline, so the record is found by both.
pub fn baseline_record(cycle: RecordId, indicator: &str) -> RecordId {
    RecordId::natural(&[b"baseline", cycle.as_bytes(), indicator.as_bytes()])
}

/// Sets where a measure stood, from what was counted in these periods. What is counted later or corrected does not change
/// it; setting it again does, and its history says so.
///
/// # Errors
/// `baseline-empty` when nothing was counted in them, `period-length` when they are not of the measure's length.
pub fn set_baseline(cx: &Cx<'_>, request: SetBaseline) -> Result<SavedRecord> {
    let indicator = known_indicator(&request.indicator)?;
    for period in [request.first, request.last] {
        if period.frequency() != indicator.frequency {
            return Err(AppError::new("period-length").with("period", period));
        }
    }
    let cycle = cx
        .store()
        .read(|conn| existing(conn, Kind::Cycle, request.cycle))?;
    let place = cycle
        .reference("place")
        .ok_or_else(|| AppError::new("record-gone"))?;
    let (numerator, denominator) = counted(cx, place, indicator, request.first, request.last)?;
    let id = baseline_record(cycle.id, &indicator.code);
    let number = |number| Value::number(number).unwrap_or(Value::Null);
    let field = |field: BaselineField, value| edit(Kind::Baseline, id, field.number(), value);
    let edits = vec![
        field(BaselineField::Cycle, Value::Ref(cycle.id)),
        field(BaselineField::Indicator, Value::text(&indicator.code)),
        field(BaselineField::Version, Value::Int(indicator.version.into())),
        field(BaselineField::Place, Value::Ref(place)),
        field(
            BaselineField::First,
            Value::text(&request.first.to_string()),
        ),
        field(BaselineField::Last, Value::text(&request.last.to_string())),
        field(BaselineField::Numerator, number(numerator)),
        field(BaselineField::Denominator, number(denominator)),
    ];
    cx.write(|w| {
        let mut edits = edits.clone();
        if let Some(stored) = record(w.conn(), Kind::Baseline, id)? {
            edits.extend(stored.kept());
        }
        let reason = request.reason.as_deref();
        cx.save(w, cycle.scope, SaveKind::Edit, reason, edits)
    })?;
    Ok(SavedRecord { id })
}

/// The baselines of a cycle.
pub(super) fn baselines(cx: &Cx<'_>, cycle: RecordId) -> Result<Vec<Baseline>> {
    let stored = cx
        .store()
        .read(|conn| queries::parts(conn, Kind::Baseline, cycle))?;
    let shown = stored.iter().filter(|record| !record.is_deleted());
    shown
        .filter_map(|record| baseline(cx, record).transpose())
        .collect()
}

fn baseline(cx: &Cx<'_>, record: &Record) -> Result<Option<Baseline>> {
    let (Some(indicator), Some(place), Some(first), Some(last)) = (
        record.text("indicator"),
        record.reference("place"),
        record.text("first"),
        record.text("last"),
    ) else {
        return Ok(None);
    };
    let numbers = record.number("numerator").zip(record.number("denominator"));
    let known = domain::catalog::indicator(&indicator);
    let (Some((numerator, denominator)), Some(known)) = (numbers, known) else {
        return Ok(None);
    };
    if denominator <= 0.0 {
        return Ok(None);
    }
    Ok(Some(Baseline {
        meta: cx.meta(record)?,
        version: record.number("version").unwrap_or(1.0) as u16,
        place: cx.place_summary(place)?,
        indicator,
        first,
        last,
        numerator,
        denominator,
        value: numerator * known.multiplier / denominator,
    }))
}

/// What was counted in the periods: numerators and denominators, or the counts and how many there are.
fn counted(
    cx: &Cx<'_>,
    place: RecordId,
    indicator: &Indicator,
    first: Period,
    last: Period,
) -> Result<(f64, f64)> {
    let series = cx.store().read(|conn| {
        values::queries::series(conn, place, &indicator.code, values::queries::REGISTER)
    })?;
    let (mut numerator, mut denominator) = (0.0, 0.0);
    for record in &series {
        let Some(period) = record
            .text("period")
            .and_then(|text| text.parse::<Period>().ok())
        else {
            continue;
        };
        let entry = values::entry(record);
        let within = period.frequency() == indicator.frequency && (first..=last).contains(&period);
        if within && entry.state(indicator.kind) == EntryState::Counted {
            numerator += entry.numerator.unwrap_or_default();
            denominator += match indicator.denominator {
                Some(_) => entry.denominator.unwrap_or_default(),
                None => 1.0,
            };
        }
    }
    if denominator > 0.0 {
        Ok((numerator, denominator))
    } else {
        Err(AppError::new("baseline-empty"))
    }
}
