//! What visitors count again in the register of a facility, beside the figure that it reported.

use domain::catalog;
use domain::ids::RecordId;
use domain::period::Period;
use domain::registry::{Kind, RecountField};
use domain::value::Value;
use domain::visit::{agrees, factor};
use serde::{Deserialize, Serialize};
use store::Seen;
use sync::log::SaveKind;

use super::asked::{Visit, visit};
use super::queries;
use super::visits::{of, writable};
use crate::cx::Cx;
use crate::cycles::ById;
use crate::error::{AppError, Result};
use crate::records::queries::{Record, record};
use crate::records::{FieldEdit, RecordMeta, edit};
use crate::values::measurement_record;

/// Keeps what was counted again for a measure and a period.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SaveRecount {
    /// The visit.
    #[ts(type = "string")]
    pub visit: RecordId,
    /// The measure.
    pub indicator: String,
    /// The period, ISO.
    pub period: Period,
    /// What changes: the two numbers and the note.
    pub edits: Vec<FieldEdit<RecountField>>,
    /// Why: a visit that was closed is corrected with a reason alone.
    pub reason: Option<String>,
}

/// A figure that was counted again.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Recount {
    /// What every record shows.
    pub meta: RecordMeta,
    /// The measure.
    pub indicator: String,
    /// The period, ISO.
    pub period: String,
    /// The numerator that was reported when it was counted again.
    pub reported_n: Option<f64>,
    /// The denominator that was reported then.
    pub reported_d: Option<f64>,
    /// The numerator by the register.
    pub n: Option<f64>,
    /// The denominator by the register.
    pub d: Option<f64>,
    /// Where the difference comes from.
    pub note: Option<String>,
    /// The verification factor of the numerator, [`domain::visit::factor`].
    pub factor_n: Option<f64>,
    /// That of the denominator.
    pub factor_d: Option<f64>,
    /// Whether both that there are lie within the tolerance; none where there is neither.
    pub within: Option<bool>,
}

/// A measure and a period of a visit have one record whoever counts, so two laptops at one visit mean the same.
pub fn recount_record(visit: RecordId, indicator: &str, period: &str) -> RecordId {
    RecordId::natural(&[
        b"recount",
        visit.as_bytes(),
        indicator.as_bytes(),
        period.as_bytes(),
    ])
}

/// What was counted again in a visit.
pub(super) fn recounts(cx: &Cx<'_>, visit: RecordId) -> Result<Vec<Recount>> {
    let found = cx.store().read(|conn| queries::recounts(conn, visit))?;
    found
        .iter()
        .map(|one| {
            let number = |field| one.number(field);
            let agree = [
                agrees(number("reported_n"), number("n")),
                agrees(number("reported_d"), number("d")),
            ];
            Ok(Recount {
                meta: cx.meta(one)?,
                indicator: one.text("indicator").unwrap_or_default(),
                period: one.text("period").unwrap_or_default(),
                reported_n: number("reported_n"),
                reported_d: number("reported_d"),
                n: number("n"),
                d: number("d"),
                note: one.text("note"),
                factor_n: factor(number("reported_n"), number("n")),
                factor_d: factor(number("reported_d"), number("d")),
                within: agree
                    .into_iter()
                    .flatten()
                    .reduce(|one, other| one && other),
            })
        })
        .collect()
}

/// Keeps what was counted again, beside what the place reports on that day, and says what the visit comes to now.
///
/// # Errors
/// `indicator-unknown`; `recount-empty` without a numerator; `value-invalid` for a number below zero; `visit-closed` for a
/// correction without a reason; `visit-called-off`; `only-the-coach` for another's visit.
pub fn save_recount(cx: &Cx<'_>, request: SaveRecount) -> Result<Visit> {
    let stored = of(cx, request.visit)?;
    let reason = writable(cx, &stored, request.reason.as_deref())?;
    if catalog::indicator(&request.indicator).is_none() {
        return Err(AppError::new("indicator-unknown"));
    }
    let typed = |field| {
        matches!(
            field,
            RecountField::N | RecountField::D | RecountField::Note
        )
    };
    if !request.edits.iter().all(|edit| typed(edit.field)) {
        return Err(AppError::new("request-invalid"));
    }
    let place = stored
        .reference("place")
        .ok_or_else(|| AppError::new("record-gone"))?;
    let period = request.period.to_string();
    let id = recount_record(stored.id, &request.indicator, &period);
    cx.write(|w| {
        let known = record(w.conn(), Kind::Recount, id)?;
        let mut changes = cx.edits(Kind::Recount, id, RecountField::number, &request.edits)?;
        let field = |field: RecountField, value| edit(Kind::Recount, id, field.number(), value);
        for change in &changes {
            if change.value.as_f64().is_some_and(|number| number < 0.0) {
                let name = match change.field == RecountField::D.number() {
                    true => "d",
                    false => "n",
                };
                return Err(AppError::new("value-invalid").with("field", name));
            }
        }
        let counted = changes
            .iter()
            .rfind(|change| change.field == RecountField::N.number())
            .map(|change| change.value.clone())
            .or_else(|| {
                let stands = known.as_ref().filter(|known| !known.is_deleted());
                stands.map(|known| known.value("n").clone())
            });
        if counted.is_none_or(|counted| counted.is_null()) {
            return Err(AppError::new("recount-empty"));
        }
        if let Some(known) = &known {
            changes.extend(known.kept());
        }
        // One that was removed begins anew: what its boxes showed was nothing, and what is reported may be another figure now.
        let anew = known.as_ref().is_none_or(Record::is_deleted);
        if anew {
            for change in &mut changes {
                change.seen = Seen::Shown;
            }
            let fixed = [
                (RecountField::Visit, Value::Ref(stored.id)),
                (RecountField::Indicator, Value::text(&request.indicator)),
                (RecountField::Period, Value::text(&period)),
            ];
            for (at, value) in fixed {
                changes.insert(0, field(at, value));
            }
            let reported = measurement_record(place, &request.indicator, request.period);
            // What the place says later is a correction of its own, and not what was checked.
            let reported = record(w.conn(), Kind::Measurement, reported)?;
            let of = [
                (RecountField::ReportedN, "numerator"),
                (RecountField::ReportedD, "denominator"),
            ];
            for (at, name) in of {
                let value = reported
                    .as_ref()
                    .map_or(Value::Null, |it| it.value(name).clone());
                if !value.is_null() || known.is_some() {
                    changes.push(field(at, value));
                }
            }
        }
        cx.save(w, stored.scope, SaveKind::Edit, reason, changes)?;
        Ok(())
    })?;
    visit(cx, ById { id: stored.id })
}
