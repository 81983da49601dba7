//! Rows for the parts of a measure: sex, age group, village.

use std::collections::BTreeMap;

use domain::ids::RecordId;
use domain::measure::{self, Entry, Source};
use domain::period::Period;
use domain::stratum::{Split, site_of};
use serde::{Deserialize, Serialize};

use super::{Cell, GridRequest, GridRow, Which, cells_of, queries};
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::places;

/// Opens the parts of one measure.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SplitAsked {
    /// The indicator's code.
    pub indicator: String,
    /// What it is parted by.
    pub by: Split,
}

/// Opens another source of one measure.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SourceAsked {
    /// The indicator's code.
    pub indicator: String,
    /// Where its values were counted.
    pub source: Source,
}

/// The part of a whole that a row is of.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Stratum {
    /// As it is stored, such as `age:5-14`.
    pub key: String,
    /// What the whole is parted by.
    pub by: Split,
    /// The village's or site's name; other parts have a word of the language.
    pub name: Option<String>,
}

/// The rows with those of other sources and of their parts under each: of which anything is said, and which are asked for. Where all parts of a
/// split are counted and do not make the whole, the whole is asked about.
pub(super) fn with_parts(
    cx: &Cx<'_>,
    request: &GridRequest,
    rows: Vec<GridRow>,
    periods: &[Period],
) -> Result<Vec<GridRow>> {
    let place = request.place;
    let sites = sites(cx, place)?;
    let mut all = Vec::new();
    for mut row in rows {
        let said = cx
            .store()
            .read(|conn| queries::parts(conn, place, &row.indicator.code, queries::REGISTER))?;
        let opened = request
            .split
            .as_ref()
            .filter(|asked| asked.indicator == row.indicator.code)
            .map(|asked| asked.by);
        let splits = Split::ALL.into_iter().filter(|split| {
            opened == Some(*split) || said.iter().any(|part| Split::of(part) == Some(*split))
        });
        let mut parts = Vec::new();
        for by in splits {
            let keys = keys(by, &sites, &said);
            let mut of_split: Vec<GridRow> = Vec::new();
            for key in keys {
                let stratum = named(cx, key, by)?;
                let which = Which {
                    stratum: Some(&stratum.key),
                    ..Which::default()
                };
                let cells = cells_of(cx, place, &row.indicator, which, periods)?;
                of_split.push(GridRow {
                    indicator: row.indicator.clone(),
                    stratum: Some(stratum),
                    source: Source::Register,
                    goal: None,
                    cycles: Vec::new(),
                    cells,
                });
            }
            ask_about_sums(&mut row, &of_split);
            parts.extend(of_split);
        }
        let others = other_sources(cx, request, &row, periods)?;
        all.push(row);
        all.extend(others);
        all.extend(parts);
    }
    Ok(all)
}

/// The villages and sites of a place.
fn sites(cx: &Cx<'_>, place: RecordId) -> Result<Vec<RecordId>> {
    let below = cx
        .store()
        .read(|conn| places::queries::below(conn, place))?;
    let standing = below.iter().filter(|below| !below.is_deleted());
    Ok(standing.map(|below| below.id).collect())
}

/// The parts of a split as they are stored. A village that was taken out of the list keeps what was counted in it.
fn keys(by: Split, sites: &[RecordId], said: &[String]) -> Vec<String> {
    let mut keys = by.parts(sites);
    for part in said.iter().filter(|part| Split::of(part) == Some(by)) {
        if !keys.contains(part) {
            keys.push(part.clone());
        }
    }
    keys
}

/// A part with its name.
fn named(cx: &Cx<'_>, key: String, by: Split) -> Result<Stratum> {
    let name = match site_of(&key) {
        Some(site) => Some(cx.place(site)?.name),
        None => None,
    };
    Ok(Stratum { key, by, name })
}

/// The part that a value counts, as it is stored; none where this version does not know it.
pub fn part(cx: &Cx<'_>, key: String) -> Result<Option<Stratum>> {
    let by = Split::of(&key);
    by.map(|by| named(cx, key, by)).transpose()
}

/// The parts of an indicator at a place of which anything is said.
pub(super) fn counted(
    cx: &Cx<'_>,
    place: RecordId,
    indicator: &str,
    by: Split,
) -> Result<Vec<Stratum>> {
    let said = cx
        .store()
        .read(|conn| queries::parts(conn, place, indicator, queries::REGISTER))?;
    let sites = sites(cx, place)?;
    let mut keys = keys(by, &sites, &said);
    keys.retain(|key| said.contains(key));
    keys.into_iter().map(|key| named(cx, key, by)).collect()
}

/// The rows of a measure from other sources than the register.
fn other_sources(
    cx: &Cx<'_>,
    request: &GridRequest,
    row: &GridRow,
    periods: &[Period],
) -> Result<Vec<GridRow>> {
    let code = &row.indicator.code;
    let mut sources = cx
        .store()
        .read(|conn| queries::sources(conn, request.place, code))?;
    let asked = request.source.as_ref();
    sources.extend(
        asked
            .filter(|asked| asked.indicator == *code)
            .map(|asked| asked.source),
    );
    sources.remove(&Source::Register);
    let of = |source, stratum: Option<Stratum>| {
        let which = Which {
            stratum: stratum.as_ref().map(|part| part.key.as_str()),
            source,
        };
        Ok::<_, AppError>(GridRow {
            indicator: row.indicator.clone(),
            cells: cells_of(cx, request.place, &row.indicator, which, periods)?,
            stratum,
            source,
            goal: None,
            cycles: Vec::new(),
        })
    };
    let mut rows = Vec::new();
    for source in sources {
        rows.push(of(source, None)?);
        // Parts of another source stand there while both are asked for.
        let split = request.split.as_ref().filter(|split| {
            split.indicator == *code
                && asked.is_some_and(|asked| asked.indicator == *code && asked.source == source)
        });
        let Some(split) = split else { continue };
        let said = cx
            .store()
            .read(|conn| queries::parts(conn, request.place, code, source.word()))?;
        for key in keys(split.by, &sites(cx, request.place)?, &said) {
            rows.push(of(source, Some(named(cx, key, split.by)?))?);
        }
    }
    Ok(rows)
}

fn ask_about_sums(whole: &mut GridRow, parts: &[GridRow]) {
    let by_period: Vec<BTreeMap<&str, Entry>> = parts
        .iter()
        .map(|row| {
            row.cells
                .iter()
                .map(|cell| (cell.period.as_str(), said(cell)))
                .collect()
        })
        .collect();
    for cell in whole
        .cells
        .iter_mut()
        .filter(|cell| cell.question.is_none())
    {
        let parts: Vec<Entry> = by_period
            .iter()
            .map(|cells| cells.get(cell.period.as_str()).copied().unwrap_or_default())
            .collect();
        cell.question = measure::parts_question(whole.indicator.kind, &said(cell), &parts);
    }
}

fn said(cell: &Cell) -> Entry {
    Entry {
        numerator: cell.numerator,
        denominator: cell.denominator,
        no_data: cell.no_data,
    }
}
