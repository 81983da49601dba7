//! The past of a chart: who decided what, when and why, and what was taken back.

use domain::registry::{DELETED, Kind};
use domain::role::Role;
use domain::value::Value;
use serde::Serialize;
use sync::clock::Hlc;

use super::{ON_CHARTS, OfMeasure, queries};
use crate::cx::Cx;
use crate::error::Result;
use crate::records::plain_text;
use crate::values::known_indicator;

/// One decision, or its taking back.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ChartPast {
    /// When, ISO local time.
    pub at: String,
    /// Who.
    pub author: String,
    /// Their role.
    pub role: Option<Role>,
    /// What it was about.
    pub kind: Kind,
    /// The period that it is about, ISO; none for a chart as a whole.
    pub period: Option<String>,
    /// Whether it was taken back, rather than decided.
    pub removed: bool,
    /// The chart, the rule set or the goal that was set, in plain form, in the order of the fields.
    pub set: Vec<String>,
    /// Why.
    pub reason: Option<String>,
}

/// Everything that was ever decided about the chart of a measure, newest first, as far as it is here.
pub fn chart_past(cx: &Cx<'_>, request: OfMeasure) -> Result<Vec<ChartPast>> {
    let indicator = known_indicator(&request.indicator)?;
    let scope = cx.scope_of(request.place)?;
    let mut past: Vec<(Hlc, ChartPast)> = Vec::new();
    for kind in ON_CHARTS {
        let ever = cx
            .store()
            .read(|conn| queries::ever_about(conn, kind, request.place, &indicator.code))?;
        for record in ever {
            for (_, _, save) in cx.store().history(scope, record.id)? {
                let changes: Vec<_> = save
                    .changes
                    .iter()
                    .filter(|change| change.record == record.id)
                    .collect();
                let text = |name: &str| {
                    let number = kind.field_named(name).map(|field| field.number);
                    let change = changes.iter().rfind(|change| Some(change.field) == number);
                    change
                        .map(|change| plain_text(&change.value))
                        .filter(|text| !text.is_empty())
                };
                let removed = changes
                    .iter()
                    .any(|c| c.field == DELETED.number && c.value == Value::Bool(true));
                let (author, role) = cx.person(save.author)?;
                let set = ["chart", "rules", "goal"]
                    .iter()
                    .filter_map(|name| text(name));
                past.push((
                    save.hlc,
                    ChartPast {
                        at: cx.stamp(Hlc::millis(save.hlc)),
                        author,
                        role,
                        kind,
                        period: record.text("period"),
                        removed,
                        set: set.collect(),
                        // What is taken back carries the reason for that alone, the save's own.
                        reason: match removed {
                            true => save.reason.clone(),
                            false => text("reason").or_else(|| save.reason.clone()),
                        },
                    },
                ));
            }
        }
    }
    past.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    Ok(past.into_iter().map(|(_, one)| one).collect())
}
