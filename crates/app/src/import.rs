//! Values from a file: a preview with every error at once, then all rows or none; and the way back out.

use base64::Engine;
use domain::ids::RecordId;
use domain::measure::{self, Entry, Question};
use domain::period::Period;
use domain::registry::Kind;
use domain::text::fold;
use exchange::values_csv::{self, Row, Unreadable};
use serde::{Deserialize, Serialize};
use sync::log::SaveKind;

use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::records::queries::record;
use crate::values::{self, KeyOf, entry, known_indicator};

/// A file chosen by the person.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct ImportFile {
    /// The place its values belong to.
    #[ts(type = "string")]
    pub place: RecordId,
    /// The file's name.
    pub file: String,
    /// Its content, base64.
    pub bytes: String,
}

/// Imports the file that was previewed.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct ApplyImport {
    /// The place its values belong to.
    #[ts(type = "string")]
    pub place: RecordId,
    /// The file's name.
    pub file: String,
    /// Its content, base64.
    pub bytes: String,
    /// The preview's token: the same file, and no other, is imported.
    pub token: String,
}

/// What a row would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ImportChange {
    /// Nothing stands there yet.
    New,
    /// Something else stands there.
    Changed,
    /// The same stands there already.
    Same,
}

/// A row of the preview.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ImportRow {
    /// Its number in the spreadsheet.
    pub row: u32,
    /// The indicator's code.
    pub indicator: String,
    /// Its name in the language of the interface.
    pub indicator_name: String,
    /// The month, ISO.
    pub period: String,
    /// What the file says.
    pub entry: Entry,
    /// What stood here before, if anything.
    pub before: Option<Entry>,
    /// What the row would do.
    pub change: ImportChange,
    /// What is worth asking about it.
    pub question: Option<Question>,
}

/// Something wrong in the file, where it stands. The sentence is `import-error-<code>`.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ImportError {
    /// The row's number in the spreadsheet.
    pub row: u32,
    /// The column: its letter and heading.
    pub column: String,
    /// What is wrong.
    pub code: String,
    /// The beginning of what stands in the cell.
    pub value: String,
    /// For a value that stands twice: the row where it stands first.
    pub first_row: Option<u32>,
}

/// What a file would do.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ImportPreview {
    /// The file's name.
    pub file: String,
    /// How its letters are written.
    pub encoding: String,
    /// What parts its cells.
    pub delimiter: String,
    /// The rows without an error.
    pub rows: Vec<ImportRow>,
    /// Everything that is wrong.
    pub errors: Vec<ImportError>,
    /// Rows that are new.
    pub new_count: u32,
    /// Rows that change something.
    pub changed_count: u32,
    /// Rows that change nothing.
    pub same_count: u32,
    /// To be sent back to import this very file.
    pub token: String,
}

/// What an import did.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ImportResult {
    /// Values written.
    pub saved: u32,
}

/// Whose values to export.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct ExportRequest {
    /// The place.
    #[ts(type = "string")]
    pub place: RecordId,
}

/// Where an export lies.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ExportResult {
    /// The file.
    pub path: String,
    /// Values in it.
    pub values: u32,
}

/// Reads a file and says what it would do. Nothing is written.
pub fn preview_import(cx: &Cx<'_>, request: ImportFile) -> Result<ImportPreview> {
    preview(cx, request.place, &request.file, &decode(&request.bytes)?)
}

/// Imports a file without errors, all rows in one transaction.
pub fn apply_import(cx: &Cx<'_>, request: ApplyImport) -> Result<ImportResult> {
    let bytes = decode(&request.bytes)?;
    let preview = preview(cx, request.place, &request.file, &bytes)?;
    if preview.token != request.token {
        return Err(AppError::new("file-changed"));
    }
    if !preview.errors.is_empty() {
        return Err(AppError::new("import-has-errors").with("count", preview.errors.len()));
    }
    apply(cx, request.place, &preview)
}

/// Writes what a preview without errors shows.
pub fn apply(cx: &Cx<'_>, place: RecordId, preview: &ImportPreview) -> Result<ImportResult> {
    let scope = cx.scope_of(place)?;
    let author = cx.author()?;
    if author.role == domain::role::Role::Coach && place != author.home {
        return Err(AppError::new("import-at-own-place"));
    }
    let saved = preview.new_count + preview.changed_count;
    cx.write(|w| {
        let mut edits = Vec::new();
        for row in preview
            .rows
            .iter()
            .filter(|row| row.change != ImportChange::Same)
        {
            let period: Period = row
                .period
                .parse()
                .map_err(|_| AppError::new("request-invalid"))?;
            let key = KeyOf::new(place, &row.indicator, period);
            match record(w.conn(), Kind::Measurement, key.record)? {
                Some(stored) => edits.extend(stored.kept()),
                None => edits.extend(key.key_edits()),
            }
            edits.extend(key.entry_edits(&row.entry));
        }
        cx.save(w, scope, SaveKind::Import, Some(&preview.file), edits)
    })?;
    Ok(ImportResult { saved })
}

/// What a file's bytes would do at a place.
pub fn preview(cx: &Cx<'_>, place: RecordId, file: &str, bytes: &[u8]) -> Result<ImportPreview> {
    let parsed = values_csv::parse(bytes).map_err(|why| unreadable(&why))?;
    let here = cx.place(place)?;
    let language = cx.language()?;
    let mut errors: Vec<ImportError> = parsed
        .errors
        .iter()
        .map(|error| {
            let problem = serde_json::to_value(error.problem).unwrap_or_default();
            ImportError {
                row: error.row,
                column: column(&error.column),
                code: problem["code"]
                    .as_str()
                    .unwrap_or_default()
                    .replace('_', "-"),
                value: error.value.clone(),
                first_row: problem["first_row"]
                    .as_u64()
                    .and_then(|row| u32::try_from(row).ok()),
            }
        })
        .collect();
    let mut rows = Vec::new();
    for row in &parsed.rows {
        let mut refuse = |code: &str, value: &str| {
            let (code, value) = (code.to_owned(), value.to_owned());
            errors.push(ImportError {
                row: row.row,
                column: String::new(),
                code,
                value,
                first_row: None,
            });
        };
        if let Some(named) = row
            .place
            .as_deref()
            .filter(|named| fold(named) != fold(&here.name))
        {
            refuse("other-place", named);
        } else if let Err(code) =
            values::may_be_typed(cx, known_indicator(&row.indicator)?, row.period)
        {
            refuse(code, &row.period.to_string());
        } else {
            rows.push(preview_row(cx, place, row, language)?);
        }
    }
    errors.sort_by(|a, b| (a.row, &a.column).cmp(&(b.row, &b.column)));
    let count = |change| rows.iter().filter(|row| row.change == change).count() as u32;
    Ok(ImportPreview {
        file: file.to_owned(),
        encoding: word(&parsed.encoding),
        delimiter: word(&parsed.delimiter),
        new_count: count(ImportChange::New),
        changed_count: count(ImportChange::Changed),
        same_count: count(ImportChange::Same),
        rows,
        errors,
        token: RecordId::natural(&[b"import", bytes]).to_string(),
    })
}

fn preview_row(
    cx: &Cx<'_>,
    place: RecordId,
    row: &Row,
    language: domain::text::Language,
) -> Result<ImportRow> {
    let indicator = known_indicator(&row.indicator)?;
    let series = cx.store().read(|conn| {
        values::queries::series(conn, place, &indicator.code, values::queries::REGISTER)
    })?;
    let period = row.period;
    let said: Vec<(Period, Entry)> = series
        .iter()
        .filter_map(|r| Some((r.text("period")?.parse().ok()?, entry(r))))
        .collect();
    let before = said
        .iter()
        .find(|(other, _)| *other == period)
        .map(|(_, entry)| *entry)
        .filter(|e| *e != Entry::default());
    let others: Vec<(Period, Entry)> = said
        .into_iter()
        .filter(|(other, _)| *other != period)
        .collect();
    Ok(ImportRow {
        row: row.row,
        indicator: indicator.code.clone(),
        indicator_name: indicator.name.get(language).to_owned(),
        period: period.to_string(),
        entry: row.entry,
        change: match before {
            None => ImportChange::New,
            Some(before) if before == row.entry => ImportChange::Same,
            Some(_) => ImportChange::Changed,
        },
        before,
        question: measure::questions(indicator, period, &row.entry, &others)
            .into_iter()
            .next(),
    })
}

/// Writes the place's values into a file that French Excel opens as it is, in the folder of exports.
pub fn export_values(cx: &Cx<'_>, request: ExportRequest) -> Result<ExportResult> {
    let (bytes, values) = export(cx, request.place)?;
    let folder = cx.laptop.folder.join("exports");
    std::fs::create_dir_all(&folder).map_err(store::Error::from)?;
    let name = fold(&cx.place(request.place)?.name).replace(' ', "-");
    let path = folder.join(format!("{name}-{}.csv", cx.today()));
    store::write_private(&path, &bytes).map_err(store::Error::from)?;
    Ok(ExportResult {
        path: path.display().to_string(),
        values,
    })
}

/// Writes the values of every place into a folder, a file for each; answers where, and how many there are.
pub fn export_all(cx: &Cx<'_>) -> Result<(String, u32)> {
    let folder = cx.laptop.folder.join("exports");
    std::fs::create_dir_all(&folder).map_err(store::Error::from)?;
    let mut all = 0;
    for place in cx.store().read(values::queries::places)? {
        let (bytes, count) = export(cx, place)?;
        let name = fold(&cx.place(place)?.name).replace(' ', "-");
        let path = folder.join(format!("{name}-{place}.csv"));
        store::write_private(&path, &bytes).map_err(store::Error::from)?;
        all += count;
    }
    Ok((folder.display().to_string(), all))
}

/// The place's values as a CSV file's bytes, and how many there are.
pub fn export(cx: &Cx<'_>, place: RecordId) -> Result<(Vec<u8>, u32)> {
    let name = cx.place(place)?.name;
    let records = cx
        .store()
        .read(|conn| values::queries::values(conn, place, "", "~"))?;
    let rows: Vec<Row> = (2..)
        .zip(&records)
        .filter_map(|(row, record)| {
            let period: Period = record.text("period")?.parse().ok()?;
            let entry = entry(record);
            let said = entry != Entry::default();
            let indicator = record.text("indicator")?;
            said.then(|| Row {
                row,
                place: Some(name.clone()),
                indicator,
                period,
                entry,
            })
        })
        .collect();
    Ok((values_csv::write(&rows, cx.language()?), rows.len() as u32))
}

fn decode(bytes: &str) -> Result<Vec<u8>> {
    if bytes.len() / 4 * 3 > values_csv::LARGEST_FILE + 3 {
        return Err(unreadable(&Unreadable::TooLarge { limit_mb: 10 }));
    }
    base64::engine::general_purpose::STANDARD
        .decode(bytes)
        .map_err(|_| AppError::new("request-invalid"))
}

/// A column as the spreadsheet shows it: `C (numérateur)`.
fn column(column: &values_csv::Column) -> String {
    match column.name.as_str() {
        "" => column.letter.clone(),
        name => format!("{} ({})", column.letter, crate::records::shorten(name)),
    }
}

fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|json| json.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn unreadable(why: &Unreadable) -> AppError {
    match why {
        Unreadable::Empty => AppError::new("file-empty"),
        Unreadable::TooLarge { limit_mb } => AppError::new("file-too-large").with("most", limit_mb),
        Unreadable::TooManyRows { limit } => {
            AppError::new("file-too-many-rows").with("most", limit)
        }
        Unreadable::NotText { .. } => AppError::new("file-not-csv"),
        Unreadable::MissingColumns { missing, found } => AppError::new("file-columns-missing")
            .with(
                "missing",
                missing.iter().map(word).collect::<Vec<_>>().join(", "),
            )
            .with("found", crate::records::shorten(&found.join(", "))),
        Unreadable::RepeatedColumn { column } => {
            AppError::new("file-column-twice").with("column", self::column(column))
        }
    }
}
