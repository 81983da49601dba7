//! Rows for the parts of a measure: sex, age group, village.

use std::collections::BTreeMap;

use domain::ids::RecordId;
use domain::measure::{self, Entry};
use domain::period::Period;
use domain::stratum::{Split, site_of};
use serde::{Deserialize, Serialize};

use super::{Cell, GridRow, cells_of, queries};
use crate::cx::Cx;
use crate::error::Result;
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

/// The rows with those of their parts under each: of which anything is said, and which are asked for. Where all parts of a
/// split are counted and do not make the whole, the whole is asked about.
pub(super) fn with_parts(
    cx: &Cx<'_>,
    place: RecordId,
    rows: Vec<GridRow>,
    periods: &[Period],
    asked: Option<&SplitAsked>,
) -> Result<Vec<GridRow>> {
    let below = cx
        .store()
        .read(|conn| places::queries::below(conn, place))?;
    let sites: Vec<RecordId> = below
        .iter()
        .filter(|below| !below.is_deleted())
        .map(|below| below.id)
        .collect();
    let mut all = Vec::new();
    for mut row in rows {
        let said = cx
            .store()
            .read(|conn| queries::parts(conn, place, &row.indicator.code))?;
        let opened = asked
            .filter(|asked| asked.indicator == row.indicator.code)
            .map(|asked| asked.by);
        let splits = Split::ALL.into_iter().filter(|split| {
            opened == Some(*split) || said.iter().any(|part| Split::of(part) == Some(*split))
        });
        let mut parts = Vec::new();
        for by in splits {
            let mut keys = by.parts(&sites);
            // A village that was taken out of the list keeps what was counted in it.
            keys.extend(
                said.iter()
                    .filter(|part| Split::of(part) == Some(by))
                    .cloned(),
            );
            keys.dedup_by(|a, b| a == b);
            let mut of_split: Vec<GridRow> = Vec::new();
            for key in keys {
                if of_split
                    .iter()
                    .any(|row| row.stratum.as_ref().is_some_and(|s| s.key == key))
                {
                    continue;
                }
                let name = match site_of(&key) {
                    Some(site) => Some(cx.place(site)?.name),
                    None => None,
                };
                let cells = cells_of(cx, place, &row.indicator, Some(&key), periods)?;
                of_split.push(GridRow {
                    indicator: row.indicator.clone(),
                    stratum: Some(Stratum { key, by, name }),
                    goal: None,
                    cycles: Vec::new(),
                    cells,
                });
            }
            ask_about_sums(&mut row, &of_split);
            parts.extend(of_split);
        }
        all.push(row);
        all.extend(parts);
    }
    Ok(all)
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
