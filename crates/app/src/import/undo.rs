//! Undoing an import as one: what its values said before comes back, but for those that somebody changed since.

use domain::ids::RecordId;
use domain::measure::{Entry, NoDataReason, Source};
use domain::registry::{ImportField, ImportPartField, Kind};
use domain::value::{Value, date_value};
use serde::{Deserialize, Serialize};
use store::{Edit, Writer};
use sync::log::SaveKind;

use super::{ImportPreview, ImportRow, period};
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::records::edit;
use crate::records::queries::{Record, existing, record, records};
use crate::values::{KeyOf, Which, empties, entry, known_indicator, value_record};

/// So many values stand in one part.
const IN_A_PART: usize = 500;
/// So many imports are shown.
const SHOWN: usize = 20;

/// An import that was done.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ImportDone {
    /// Its record.
    #[ts(type = "string")]
    pub id: RecordId,
    /// The file's name.
    pub file: String,
    /// Where its values were counted.
    pub source: Source,
    /// The day, ISO.
    pub day: String,
    /// Who did it.
    pub by: String,
    /// How many values it changed.
    pub saved: u32,
    /// How many of them somebody changed since; undoing leaves those alone.
    pub changed_since: u32,
    /// The day on which it was undone, ISO.
    pub undone: Option<String>,
}

/// Names an import.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct OfImport {
    /// Its record.
    #[ts(type = "string")]
    pub id: RecordId,
    /// Whether it is undone although many figures go: after `removes-many`.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub sure: bool,
}

/// A value that undoing left alone.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct KeptValue {
    /// The indicator's name.
    pub indicator_name: String,
    /// The month, ISO.
    pub period: String,
}

/// What undoing an import did.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Undone {
    /// Values that say again what they said before.
    pub restored: u32,
    /// Those that somebody changed since, and that stay.
    pub kept: Vec<KeptValue>,
}

/// The imports of a place, newest first.
pub fn imports(cx: &Cx<'_>, request: super::ExportRequest) -> Result<Vec<ImportDone>> {
    let mut done = of_place(cx, request.place)?;
    done.truncate(SHOWN);
    done.iter()
        .map(|import| {
            let by = import.reference("by");
            let undone = import.day("undone");
            let values = values_of(cx, import.id)?;
            let source = source_of(import);
            let changed = values
                .iter()
                .filter(|value| undone.is_none() && !value.stands(cx, request.place, source));
            Ok(ImportDone {
                id: import.id,
                file: import.text("file").unwrap_or_default(),
                source,
                day: import.day("day").unwrap_or_default(),
                by: by.map_or_else(
                    || Ok(String::new()),
                    |by| Ok::<_, AppError>(cx.person(by)?.0),
                )?,
                saved: import.number("saved").unwrap_or_default() as u32,
                changed_since: changed.count() as u32,
                undone,
            })
        })
        .collect()
}

fn of_place(cx: &Cx<'_>, place: RecordId) -> Result<Vec<Record>> {
    cx.store().read(|conn| {
        records(
            conn,
            Kind::Import,
            "place = ?1 ORDER BY day DESC, id DESC",
            &[place.as_bytes()],
        )
    })
}

/// The day on which a file was imported that was not undone since.
pub(super) fn standing(cx: &Cx<'_>, place: RecordId, mark: &str) -> Result<Option<String>> {
    let done = of_place(cx, place)?;
    let same = |import: &&Record| {
        import.text("mark").as_deref() == Some(mark) && import.day("undone").is_none()
    };
    Ok(done.iter().find(same).and_then(|import| import.day("day")))
}

/// The edits that note an import, to be saved with it.
pub(super) fn note(
    cx: &Cx<'_>,
    w: &mut Writer<'_>,
    place: RecordId,
    preview: &ImportPreview,
    rows: &[&ImportRow],
) -> Result<(RecordId, Vec<Edit>)> {
    let import = w.new_record()?;
    let field = |field: ImportField, value| edit(Kind::Import, import, field.number(), value);
    let mut edits = vec![
        field(ImportField::Place, Value::Ref(place)),
        field(ImportField::File, Value::text(&preview.file)),
        field(ImportField::Mark, Value::text(&preview.token)),
        field(ImportField::Day, date_value(cx.today())),
        field(ImportField::By, Value::Ref(cx.author()?.person)),
        field(ImportField::Saved, Value::Int(rows.len() as i64)),
        field(ImportField::Source, Value::text(preview.source.word())),
    ];
    for (position, rows) in (0..).zip(rows.chunks(IN_A_PART)) {
        let part = w.new_record()?;
        let field =
            |field: ImportPartField, value| edit(Kind::ImportPart, part, field.number(), value);
        let texts = rows.iter().map(|row| {
            let before = row.before.unwrap_or_default();
            Value::Text(
                [
                    row.indicator.clone(),
                    row.period.clone(),
                    written(&row.entry),
                    written(&before),
                ]
                .join("\t"),
            )
        });
        edits.extend([
            field(ImportPartField::Import, Value::Ref(import)),
            field(ImportPartField::Position, Value::Int(position)),
            field(ImportPartField::Rows, Value::List(texts.collect())),
        ]);
    }
    Ok((import, edits))
}

/// Undoes an import.
pub fn undo_import(cx: &Cx<'_>, request: OfImport) -> Result<Undone> {
    let import = cx
        .store()
        .read(|conn| existing(conn, Kind::Import, request.id))?;
    if import.day("undone").is_some() {
        return Err(AppError::new("import-undone"));
    }
    let place = import
        .reference("place")
        .ok_or_else(|| AppError::new("record-gone"))?;
    let language = cx.language()?;
    let values = values_of(cx, import.id)?;
    cx.write(|w| {
        let mut edits = Vec::new();
        let mut lost = Vec::new();
        let mut undone = Undone {
            restored: 0,
            kept: Vec::new(),
        };
        for value in &values {
            let which = Which::of(source_of(&import));
            let key = KeyOf::of(place, &value.indicator, period(&value.period)?, which);
            let stored = record(w.conn(), Kind::Measurement, key.record)?;
            if stored.as_ref().map(entry).unwrap_or_default() == value.after {
                let said: Vec<Edit> = key.entry_edits(&value.before).collect();
                if let Some(stored) = stored {
                    edits.extend(stored.kept());
                    if empties(&stored, &said) {
                        lost.extend(cx.lost(w, &stored)?);
                    }
                }
                edits.extend(said);
                undone.restored += 1;
            } else {
                let indicator = known_indicator(&value.indicator)?;
                undone.kept.push(KeptValue {
                    indicator_name: indicator.name.get(language).to_owned(),
                    period: value.period.clone(),
                });
            }
        }
        cx.guard(w, &lost, request.sure)?;
        edits.push(edit(
            Kind::Import,
            import.id,
            ImportField::Undone.number(),
            date_value(cx.today()),
        ));
        let file = import.text("file");
        cx.save(w, import.scope, SaveKind::Undo, file.as_deref(), edits)?;
        Ok(undone)
    })
}

/// Where an import's values were counted; imports of the time when there was nothing else, in the register.
fn source_of(import: &Record) -> Source {
    let word = import.text("source").unwrap_or_default();
    Source::from_word(&word).unwrap_or_default()
}

/// A value of an import.
struct ImportedValue {
    indicator: String,
    period: String,
    after: Entry,
    before: Entry,
}

impl ImportedValue {
    /// Whether it still says what the file said.
    fn stands(&self, cx: &Cx<'_>, place: RecordId, source: Source) -> bool {
        let Ok(period) = period(&self.period) else {
            return false;
        };
        let id = value_record(place, &self.indicator, period, Which::of(source));
        let stored = cx.store().read(|conn| record(conn, Kind::Measurement, id));
        stored.is_ok_and(|stored| stored.as_ref().map(entry).unwrap_or_default() == self.after)
    }
}

fn values_of(cx: &Cx<'_>, import: RecordId) -> Result<Vec<ImportedValue>> {
    let parts = cx.store().read(|conn| {
        records(
            conn,
            Kind::ImportPart,
            "import = ?1 ORDER BY position",
            &[import.as_bytes()],
        )
    })?;
    let mut values = Vec::new();
    for part in &parts {
        if let Value::List(texts) = part.value("rows") {
            // A form that a later version writes is left alone by this one.
            values.extend(texts.iter().filter_map(Value::as_text).filter_map(read));
        }
    }
    Ok(values)
}

fn read(text: &str) -> Option<ImportedValue> {
    let parts: Vec<&str> = text.split('\t').collect();
    let [indicator, period, n, d, no_data, n0, d0, no_data0] = parts.as_slice() else {
        return None;
    };
    let said = |n: &str, d: &str, reason: &str| Entry {
        numerator: n.parse().ok(),
        denominator: d.parse().ok(),
        no_data: NoDataReason::from_word(reason),
    };
    Some(ImportedValue {
        indicator: (*indicator).to_owned(),
        period: (*period).to_owned(),
        after: said(n, d, no_data),
        before: said(n0, d0, no_data0),
    })
}

fn written(entry: &Entry) -> String {
    let number = |number: Option<f64>| number.map(|n| n.to_string()).unwrap_or_default();
    let reason = entry.no_data.map(NoDataReason::word).unwrap_or_default();
    [&number(entry.numerator), &number(entry.denominator), reason].join("\t")
}
