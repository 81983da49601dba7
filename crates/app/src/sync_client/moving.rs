//! When an invitation names a place that this laptop knew under a provisional record: nothing has left the laptop
//! yet, so what was saved is saved once more at the right place, by its own authors; streams are never rewritten.

use std::collections::BTreeMap;

use domain::ids::RecordId;
use domain::measure::Source;
use domain::registry::{DELETED, Kind};
use domain::value::Value;
use store::{Draft, Writer};
use sync::log::SaveKind;
use sync::wire::EnrolAnswer;

use crate::charts::chart_record;
use crate::cx::Cx;
use crate::cycles::{
    baseline_record, cause_record, decision_record, measure_record, recheck_record,
};
use crate::error::{AppError, Result};
use crate::pauses::pause_record;
use crate::places::new_place_edits;
use crate::records::queries::{Record, records, replica_and_author};
use crate::records::{self, edit};
use crate::sealed::SealedField;
use crate::start::{note_moved, remember};
use crate::supervision::{answer_record, recount_record};
use crate::values::{Which, value_record};
use crate::variants::variant_record;

/// Moves everything saved at the provisional place to the one that the invitation names.
pub fn move_home(cx: &Cx<'_>, answer: &EnrolAnswer) -> Result<()> {
    let author = cx.author_here()?;
    let (old, new) = (author.home, answer.place);
    let shipped = cx.place(new).is_ok();
    cx.write(|w| {
        let mut moved: BTreeMap<RecordId, RecordId> = BTreeMap::from([(old, new)]);
        let mut all: Vec<Record> = Vec::new();
        for kind in Kind::ALL {
            let mut found = records(
                w.conn(),
                *kind,
                "scope = ?1 ORDER BY id",
                &[old.as_scope().as_bytes()],
            )?;
            found.retain(|record| record.id != old);
            all.append(&mut found);
        }
        // References come after what they refer to, since kinds are in that order.
        for record in &all {
            let id = match natural_key(record, &moved)? {
                Some(id) => id,
                None => w.new_record()?,
            };
            moved.insert(record.id, id);
        }
        let person = moved.get(&author.person).copied().unwrap_or(author.person);
        if !shipped {
            let edits =
                new_place_edits(new, &answer.place_name, &answer.place_level, answer.parent);
            save(w, person, new, edits)?;
        }
        for record in &all {
            let id = moved[&record.id];
            let stands = record.kind;
            let mut edits = Vec::new();
            let mut by = person;
            for stamp in &record.stamps {
                let Some(field) = record.kind.field(stamp.field) else {
                    continue;
                };
                let (_, who) = replica_and_author(w.conn(), stamp)?;
                by = moved.get(&who).copied().unwrap_or(who);
                let value = match record.value(field.name) {
                    Value::Ref(id) => Value::Ref(moved.get(id).copied().unwrap_or(*id)),
                    Value::Text(words) if names_a_template(record.kind, field.name) => {
                        let id = words.parse::<RecordId>().ok();
                        let id = id.and_then(|id| moved.get(&id));
                        id.map_or_else(|| Value::text(words), |id| Value::text(&id.to_string()))
                    }
                    value @ Value::Sealed { .. } => {
                        let at = |scope, record| SealedField {
                            scope,
                            kind: stands,
                            record,
                            field: field.number,
                        };
                        let (from, to) = (at(old.as_scope(), record.id), at(new.as_scope(), id));
                        cx.sealed_again(w, from, to, value)?
                    }
                    value => value.clone(),
                };
                edits.push(edit(record.kind, id, field.number, value));
            }
            save(w, by, new, edits)?;
        }
        // What stood at the provisional place is deleted there, so that nothing is shown twice.
        let gone = all
            .iter()
            .map(|record| edit(record.kind, record.id, DELETED.number, Value::Bool(true)));
        let gone = gone
            .chain([edit(Kind::Place, old, DELETED.number, Value::Bool(true))])
            .collect();
        save(w, person, old, gone)?;
        // Together with the move: whoever is interrupted here finds either the old place or the new one.
        for record in all.iter().filter(|record| record.kind == Kind::Person) {
            note_moved(w, record.id, moved[&record.id])?;
        }
        remember(w, new, person, author.role)
    })
}

fn save(
    w: &mut Writer<'_>,
    author: RecordId,
    place: RecordId,
    edits: Vec<store::Edit>,
) -> Result<()> {
    w.save(Draft {
        scope: place.as_scope(),
        author,
        grant: 0,
        kind: SaveKind::Import,
        reason: None,
        edits,
    })?;
    Ok(())
}

/// Whether a field names a template: one that ships by its word, a place's own by its record, as text.
fn names_a_template(kind: Kind, field: &str) -> bool {
    matches!(
        (kind, field),
        (Kind::Template, "base") | (Kind::Cycle, "template")
    )
}

/// The record's new natural key, if its kind has one.
fn natural_key(record: &Record, moved: &BTreeMap<RecordId, RecordId>) -> Result<Option<RecordId>> {
    let after = |id: Option<RecordId>| id.map(|id| moved.get(&id).copied().unwrap_or(id));
    let key = match record.kind {
        Kind::Measurement => {
            let (Some(place), Some(indicator), Some(period)) = (
                after(record.reference("place")),
                record.text("indicator"),
                record.text("period"),
            ) else {
                return Ok(None);
            };
            let period = period
                .parse()
                .map_err(|_| AppError::new("database-damaged"))?;
            let source = record.text("source").unwrap_or_default();
            let Some(source) = Source::from_word(&source) else {
                return Ok(None);
            };
            let stratum = record.text("stratum");
            let which = Which {
                stratum: stratum.as_deref(),
                source,
            };
            Some(value_record(place, &indicator, period, which))
        }
        Kind::CycleMeasure => after(record.reference("cycle"))
            .zip(record.text("indicator"))
            .map(|(cycle, code)| measure_record(cycle, &code)),
        Kind::ChartPhase
        | Kind::ChartFreeze
        | Kind::ExcludedPoint
        | Kind::ChartSetting
        | Kind::ChartGoal => after(record.reference("place"))
            .zip(record.text("indicator"))
            .map(|(place, code)| {
                chart_record(record.kind, place, &code, record.text("period").as_deref())
            }),
        Kind::Variant => after(record.reference("place"))
            .zip(record.text("indicator"))
            .zip(record.number("version"))
            .map(|((place, code), version)| {
                let (numerator, denominator) =
                    (record.text("numerator"), record.text("denominator"));
                let (numerator, denominator) = (numerator.as_deref(), denominator.as_deref());
                variant_record(place, &code, version as u32, numerator, denominator)
            }),
        Kind::Cause if record.reference("cycle").map(cause_record) == Some(record.id) => {
            after(record.reference("cycle")).map(cause_record)
        }
        Kind::Baseline => after(record.reference("cycle"))
            .zip(record.text("indicator"))
            .map(|(cycle, code)| baseline_record(cycle, &code)),
        Kind::Recheck => after(record.reference("trial"))
            .zip(record.number("months"))
            .map(|(trial, months)| recheck_record(trial, months as u32)),
        // What was decided of a trial; a meeting decides as often as it likes.
        Kind::Decision if record.reference("about").map(decision_record) == Some(record.id) => {
            after(record.reference("about")).map(decision_record)
        }
        Kind::Pause => after(record.reference("place"))
            .zip(record.text("period"))
            .map(|(place, period)| pause_record(place, &period)),
        Kind::Answer => after(record.reference("visit")).map(|visit| {
            let text = |field| record.text(field).unwrap_or_default();
            answer_record(visit, &text("list"), &text("item"), &text("round"))
        }),
        Kind::Recount => after(record.reference("visit")).map(|visit| {
            let text = |field| record.text(field).unwrap_or_default();
            recount_record(visit, &text("indicator"), &text("period"))
        }),
        _ => None,
    };
    Ok(key)
}

/// What a change is listed as while it waits: the values of a month together, a cycle with its small parts.
pub fn waits_as(cx: &Cx<'_>, kind: Kind, id: RecordId) -> Result<(Kind, Option<RecordId>, String)> {
    let record = cx
        .store()
        .read(|conn| records::queries::record(conn, kind, id))?;
    Ok(match (kind, record) {
        (Kind::Answer | Kind::Recount, Some(record)) => {
            let visit = record.reference("visit").unwrap_or(id);
            (Kind::Visit, Some(visit), cx.label(Kind::Visit, visit)?)
        }
        (Kind::Measurement, Some(record)) => {
            (kind, None, record.text("period").unwrap_or_default())
        }
        (
            Kind::TeamMember
            | Kind::CycleMeasure
            | Kind::Idea
            | Kind::Cause
            | Kind::Driver
            | Kind::Progress
            | Kind::Evidence,
            Some(record),
        ) => {
            let cycle = record.reference("cycle").unwrap_or(id);
            (Kind::Cycle, Some(cycle), cx.label(Kind::Cycle, cycle)?)
        }
        _ => (kind, Some(id), cx.label(kind, id)?),
    })
}
