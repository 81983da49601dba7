//! Random lists of a register's rows, with the seed that draws them again.

use domain::ids::RecordId;
use domain::registry::{Kind, SampleField};
use domain::sample::{MOST_DRAWN, MOST_ROWS, SEEDS, draw};
use domain::value::{Value, date_value};
use serde::{Deserialize, Serialize};
use sync::log::SaveKind;

use domain::catalog::Indicator;
use domain::period::Period;

use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::records::edit;
use crate::records::queries::{Record, existing};
use crate::values::{known_indicator, queries};

/// Draws a list.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct DrawSample {
    /// Whose register.
    #[ts(type = "string")]
    pub place: RecordId,
    /// The indicator that is counted in it.
    pub indicator: String,
    /// The period that the rows are of, ISO.
    pub period: Period,
    /// How many rows there are.
    pub population: u32,
    /// How many are drawn.
    pub size: u32,
    /// The seed of a list that is drawn again; none for a new one.
    pub seed: Option<u32>,
}

/// The lists of a place.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SamplesOf {
    /// Whose registers.
    #[ts(type = "string")]
    pub place: RecordId,
}

/// A list that was drawn.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Sample {
    /// Its record.
    #[ts(type = "string")]
    pub id: RecordId,
    /// The indicator that is counted in the register.
    pub indicator: Indicator,
    /// The period that the rows are of, ISO.
    pub period: String,
    /// How many rows there are.
    pub population: u32,
    /// How many were drawn.
    pub size: u32,
    /// What the list is made of, with the two numbers.
    pub seed: u32,
    /// The day it was drawn, ISO.
    pub day: Option<String>,
    /// The rows, counted from 1.
    pub rows: Vec<u32>,
}

/// Draws a list and keeps it.
///
/// # Errors
/// `sample-size` when nothing or more is to be drawn than there is, or than anybody reads.
pub fn draw_sample(cx: &Cx<'_>, request: DrawSample) -> Result<Sample> {
    let indicator = known_indicator(&request.indicator)?;
    let fits = (1..=request.population.min(MOST_DRAWN)).contains(&request.size)
        && request.population <= MOST_ROWS
        && request.seed.is_none_or(|seed| seed < SEEDS);
    if !fits {
        return Err(AppError::new("sample-size")
            .with("most", MOST_DRAWN)
            .with("rows", MOST_ROWS));
    }
    let seed = match request.seed {
        Some(seed) => seed,
        None => {
            let [a, b, c, d, ..] = (cx.around.random)()?;
            u32::from_le_bytes([a, b, c, d]) % SEEDS
        }
    };
    let scope = cx.scope_of(request.place)?;
    let id = cx.write(|w| {
        let id = w.new_record()?;
        let field = |field: SampleField, value| edit(Kind::Sample, id, field.number(), value);
        let edits = vec![
            field(SampleField::Place, Value::Ref(request.place)),
            field(SampleField::Indicator, Value::text(&indicator.code)),
            field(
                SampleField::Period,
                Value::text(&request.period.to_string()),
            ),
            field(
                SampleField::Population,
                Value::Int(request.population.into()),
            ),
            field(SampleField::Size, Value::Int(request.size.into())),
            field(SampleField::Seed, Value::Int(seed.into())),
            field(SampleField::Day, date_value(cx.today())),
        ];
        cx.save(w, scope, SaveKind::Edit, None, edits)?;
        Ok(id)
    })?;
    let drawn = cx.store().read(|conn| existing(conn, Kind::Sample, id))?;
    sample(&drawn).ok_or_else(|| AppError::new("record-gone"))
}

/// The lists of a place, the newest first.
pub fn samples(cx: &Cx<'_>, request: SamplesOf) -> Result<Vec<Sample>> {
    let drawn = cx
        .store()
        .read(|conn| queries::samples(conn, request.place))?;
    Ok(drawn.iter().filter_map(sample).collect())
}

fn sample(record: &Record) -> Option<Sample> {
    let number = |field| Some(record.number(field)? as u32);
    let (population, size, seed) = (number("population")?, number("size")?, number("seed")?);
    // What another laptop wrote may be anything.
    let (population, size) = (population.min(MOST_ROWS), size.min(MOST_DRAWN));
    Some(Sample {
        id: record.id,
        indicator: domain::catalog::indicator(&record.text("indicator")?)?.clone(),
        period: record.text("period")?,
        population,
        size,
        seed,
        day: record.day("day"),
        rows: draw(seed, population, size),
    })
}
