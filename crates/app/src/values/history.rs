//! Who wrote what into a cell, when and why.

use domain::registry::{Kind, MeasurementField};
use domain::role::Role;
use serde::Serialize;
use sync::clock::Hlc;
use sync::log::SaveKind;

use super::{CellAt, Which, value_record};
use crate::cx::Cx;
use crate::error::Result;
use crate::records::plain_text;

/// One change of a cell.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct CellHistory {
    /// When, ISO local time.
    pub at: String,
    /// Who.
    pub author: String,
    /// Their role.
    pub role: Option<Role>,
    /// The field's name.
    pub field: String,
    /// What it became, in plain form; empty for emptied.
    pub text: String,
    /// edit, import, settle, restore, undo or mask.
    pub kind: String,
    /// Why.
    pub reason: Option<String>,
}

/// Every change of a cell, newest first.
pub fn cell_history(cx: &Cx<'_>, request: CellAt) -> Result<Vec<CellHistory>> {
    let which = Which {
        stratum: request.stratum.as_deref(),
        source: request.source,
    };
    let id = value_record(request.place, &request.indicator, request.period, which);
    let saves = cx.store().history(cx.scope_of(request.place)?, id)?;
    let mut history = Vec::new();
    for (_, _, save) in saves.iter().rev() {
        let (author, role) = cx.person(save.author)?;
        for change in save.changes.iter().filter(|change| change.record == id) {
            let Some(field) = Kind::Measurement.field(change.field) else {
                continue;
            };
            if field.number < MeasurementField::Numerator.number() {
                continue;
            }
            history.push(CellHistory {
                at: cx.stamp(Hlc::millis(save.hlc)),
                author: author.clone(),
                role,
                field: field.name.to_owned(),
                text: plain_text(&change.value),
                kind: kind_word(save.kind).to_owned(),
                reason: save.reason.clone(),
            });
        }
    }
    Ok(history)
}

/// The word of a save's kind on the wire to the screen.
pub fn kind_word(kind: SaveKind) -> &'static str {
    match kind {
        SaveKind::Edit => "edit",
        SaveKind::Import => "import",
        SaveKind::Settle => "settle",
        SaveKind::Restore => "restore",
        SaveKind::Undo => "undo",
        SaveKind::Mask => "mask",
        SaveKind::Other(_) => "other",
    }
}
