//! Values from a file: a preview with every error at once, then one save that can be undone as one; and the way back out.
//!
//! With errors nothing is written, unless a person says that the right rows shall be: then the refused ones go into a file of
//! their own, with the reasons, before anything is saved.

mod columns;
mod refused;
mod undo;

use std::collections::HashMap;
use std::collections::hash_map::Entry as MapEntry;

use base64::Engine;
use domain::ids::RecordId;
use domain::measure::{self, Entry, Question, Source};
use domain::period::Period;
use domain::registry::Kind;
use domain::text::fold;
use exchange::book::{self, Book, Unreadable};
use exchange::values::{self as table, Header, Parsed, Row};
use serde::{Deserialize, Serialize};
use store::Edit;
use sync::log::SaveKind;

use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::records::queries::record;
use crate::values::{self, KeyOf, Which, Wordings, empties, entry, known_indicator};

pub use columns::ImportHeading;
pub use undo::{ImportDone, OfImport, Undone, imports, undo_import};

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
    /// The sheet, where the person chose one.
    pub sheet: Option<String>,
    /// What each column holds, column A first, where the person said so.
    pub columns: Option<Vec<Option<table::Field>>>,
    /// Where its values were counted.
    #[serde(default)]
    pub source: Source,
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
    /// The sheet, where the person chose one.
    pub sheet: Option<String>,
    /// What each column holds, where the person said so.
    pub columns: Option<Vec<Option<table::Field>>>,
    /// Where its values were counted.
    #[serde(default)]
    pub source: Source,
    /// The preview's token: the same file read in the same way, and nothing else, is imported.
    pub token: String,
    /// Whether the right rows are saved although others are refused; those are written into a file first.
    #[serde(default)]
    pub without_refused: bool,
    /// Whether many figures give way to « no data »: after `removes-many`.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub sure: bool,
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
    /// Where its values were counted.
    pub source: Source,
    /// What wrote it: CSV, XLSX, XLS or ODS.
    pub format: String,
    /// Its sheets, where it has any.
    pub sheets: Vec<String>,
    /// The sheet that was read.
    pub sheet: String,
    /// The row of its headings.
    pub heading_row: u32,
    /// Its headings, and what their columns are taken to hold.
    pub headings: Vec<ImportHeading>,
    /// What no column holds and cannot be done without: a person has to say where it stands.
    pub missing: Vec<table::Field>,
    /// Whether a person once said what these columns hold.
    pub remembered: bool,
    /// The rows without an error.
    pub rows: Vec<ImportRow>,
    /// Everything that is wrong.
    pub errors: Vec<ImportError>,
    /// How many values are refused for it.
    pub refused_count: u32,
    /// Rows that are new.
    pub new_count: u32,
    /// Rows that change something.
    pub changed_count: u32,
    /// Rows that change nothing.
    pub same_count: u32,
    /// When this very file was imported already and still stands, the day, ISO.
    pub imported: Option<String>,
    /// To be sent back to import this very file.
    pub token: String,
    /// The values behind the errors.
    #[serde(skip)]
    #[ts(skip)]
    pub(crate) refused: Vec<refused::RefusedRow>,
    /// The headings' key and what a person said of them, to be remembered.
    #[serde(skip)]
    #[ts(skip)]
    pub(crate) said: columns::Said,
}

/// What an import did.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ImportResult {
    /// Values written.
    pub saved: u32,
    /// The import, to be undone by; none where nothing had to be written.
    #[ts(type = "string | null")]
    pub import: Option<RecordId>,
    /// Where the refused rows lie, if there are any.
    pub refused: Option<String>,
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
    preview(cx, &read(&request)?)
}

/// Imports a file, all its rows in one transaction: a file without errors, or what is right of one with errors.
pub fn apply_import(cx: &Cx<'_>, request: ApplyImport) -> Result<ImportResult> {
    let chosen = Chosen {
        place: request.place,
        file: &request.file,
        bytes: decode(&request.bytes)?,
        sheet: request.sheet.as_deref(),
        columns: request.columns.as_deref(),
        source: request.source,
    };
    let preview = preview(cx, &chosen)?;
    if preview.token != request.token {
        return Err(AppError::new("file-changed"));
    }
    apply(
        cx,
        request.place,
        &preview,
        request.without_refused,
        request.sure,
    )
}

/// Writes the rows of a file that are refused into another file, with the reasons; answers where it lies.
pub fn export_refused(cx: &Cx<'_>, request: ImportFile) -> Result<ExportResult> {
    let preview = preview(cx, &read(&request)?)?;
    Ok(ExportResult {
        path: refused::write(cx, &preview)?,
        values: preview.refused_count,
    })
}

/// A file as it was chosen.
pub struct Chosen<'a> {
    /// The place its values belong to.
    pub place: RecordId,
    /// Its name.
    pub file: &'a str,
    /// Its content.
    pub bytes: Vec<u8>,
    /// The sheet, where the person chose one.
    pub sheet: Option<&'a str>,
    /// What each column holds, where the person said so.
    pub columns: Option<&'a [Option<table::Field>]>,
    /// Where its values were counted.
    pub source: Source,
}

fn read(request: &ImportFile) -> Result<Chosen<'_>> {
    Ok(Chosen {
        place: request.place,
        file: &request.file,
        bytes: decode(&request.bytes)?,
        sheet: request.sheet.as_deref(),
        columns: request.columns.as_deref(),
        source: request.source,
    })
}

/// Writes what a preview shows: without what is refused, where whoever imports says so, and many figures less where they are `sure`.
pub fn apply(
    cx: &Cx<'_>,
    place: RecordId,
    preview: &ImportPreview,
    without_refused: bool,
    sure: bool,
) -> Result<ImportResult> {
    if let Some(missing) = columns::missing(preview) {
        return Err(missing);
    }
    if !preview.errors.is_empty() && !without_refused {
        return Err(AppError::new("import-has-errors").with("count", preview.errors.len()));
    }
    let scope = cx.scope_of(place)?;
    let author = cx.author()?;
    if author.role == domain::role::Role::Coach && !author.works_at(scope.place()) {
        return Err(AppError::new("import-at-own-place"));
    }
    let refused = match preview.errors.is_empty() {
        true => None,
        false => Some(refused::write(cx, preview)?),
    };
    let rows: Vec<&ImportRow> = preview
        .rows
        .iter()
        .filter(|row| row.change != ImportChange::Same)
        .collect();
    let (mut keyed, mut wordings) = (Vec::with_capacity(rows.len()), Wordings::default());
    for row in &rows {
        let which = Which::of(preview.source);
        let key = KeyOf::of(place, &row.indicator, period(&row.period)?, which);
        let counted_by = key.variant_edit(&mut wordings, cx)?;
        keyed.push((key, counted_by, &row.entry));
    }
    let import = cx.write(|w| {
        if let Some((key, said)) = &preview.said {
            columns::remember(w, key, said)?;
        }
        if rows.is_empty() {
            return Ok(None);
        }
        let mut edits = Vec::new();
        let mut lost = Vec::new();
        for (key, counted_by, entry) in &keyed {
            let said: Vec<Edit> = key.entry_edits(entry).collect();
            match record(w.conn(), Kind::Measurement, key.record)? {
                Some(stored) => {
                    edits.extend(stored.kept());
                    if empties(&stored, &said) {
                        lost.extend(cx.lost(w, &stored)?);
                    }
                }
                None => edits.extend(key.key_edits()),
            }
            edits.extend(said);
            edits.extend(counted_by.clone());
        }
        cx.guard(w, &lost, sure)?;
        let (import, noted) = undo::note(cx, w, place, preview, &rows)?;
        edits.extend(noted);
        cx.save(w, scope, SaveKind::Import, Some(&preview.file), edits)?;
        Ok(Some(import))
    })?;
    Ok(ImportResult {
        saved: rows.len() as u32,
        import,
        refused,
    })
}

fn period(period: &str) -> Result<Period> {
    period.parse().map_err(|_| AppError::new("request-invalid"))
}

/// What a file would do at a place.
pub fn preview(cx: &Cx<'_>, chosen: &Chosen<'_>) -> Result<ImportPreview> {
    let place = chosen.place;
    let book =
        book::read(&chosen.bytes, chosen.sheet, &table::sense).map_err(|e| unreadable(&e))?;
    let (header, said) = columns::of(cx, &book, chosen.columns)?;
    let missing = header.missing();
    let mut preview = ImportPreview {
        file: chosen.file.to_owned(),
        source: chosen.source,
        format: book.format.name().to_owned(),
        sheets: book.sheets.clone(),
        sheet: book.sheet.clone(),
        heading_row: header.row,
        headings: columns::shown(&header),
        remembered: said.is_some() && chosen.columns.is_none(),
        rows: Vec::new(),
        errors: Vec::new(),
        refused_count: 0,
        new_count: 0,
        changed_count: 0,
        same_count: 0,
        imported: None,
        token: token(chosen, &book, &header),
        refused: Vec::new(),
        said,
        missing,
    };
    if preview.missing.is_empty() {
        let parsed = table::parse(&book, header).map_err(|why| unreadable(&why))?;
        fill(cx, place, parsed, &mut preview)?;
    }
    preview.imported = undo::standing(cx, place, &preview.token)?;
    Ok(preview)
}

/// Tells this file, this sheet of it and this reading of its columns from all others.
fn token(chosen: &Chosen<'_>, book: &Book, header: &Header) -> String {
    let fields: Vec<_> = header.headings.iter().map(|h| h.field).collect();
    let fields = serde_json::to_vec(&fields).unwrap_or_default();
    let sheet = book.sheet.as_bytes();
    let mut parts: Vec<&[u8]> = vec![b"import", &chosen.bytes, sheet, &fields];
    // Without it for the register, as before there was another one: what was imported then is known again.
    if chosen.source != Source::Register {
        parts.push(chosen.source.word().as_bytes());
    }
    RecordId::natural(&parts).to_string()
}

/// Puts the values of a table into a preview.
fn fill(cx: &Cx<'_>, place: RecordId, parsed: Parsed, preview: &mut ImportPreview) -> Result<()> {
    let here = cx.place(place)?;
    let language = cx.language()?;
    for error in &parsed.errors {
        let (code, first_row) = refused::code(error.problem);
        preview.errors.push(ImportError {
            row: error.row,
            column: column(&error.column),
            code,
            value: error.value.clone(),
            first_row,
        });
    }
    preview.refused = parsed.refused.iter().map(refused::RefusedRow::of).collect();
    let mut here_meant = Vec::new();
    for row in &parsed.rows {
        let mut refuse = |code: &str, field, value: &str| {
            preview.errors.push(ImportError {
                row: row.row,
                column: column(&parsed.column(field, row.period)),
                code: code.to_owned(),
                value: value.to_owned(),
                first_row: None,
            });
            let refused = refused::RefusedRow::read(row, code, None);
            preview.refused.push(refused);
        };
        if let Some(named) = row
            .place
            .as_deref()
            .filter(|named| fold(named) != fold(&here.name))
        {
            refuse("other-place", table::Field::Place, named);
        } else if let Err(code) =
            values::may_be_typed(cx, known_indicator(&row.indicator)?, row.period)
        {
            refuse(code, table::Field::Period, &row.period.to_string());
        } else {
            here_meant.push(row);
        }
    }
    // The first row of each value, and how many there are: one that leaves the place out speaks of this one as well.
    let mut rows_of: HashMap<(&str, Period), (u32, usize)> = HashMap::new();
    for row in &here_meant {
        let key = (row.indicator.as_str(), row.period);
        rows_of.entry(key).or_insert((row.row, 0)).1 += 1;
    }
    let mut said_of: HashMap<&str, Vec<(Period, Entry)>> = HashMap::new();
    for row in here_meant {
        let (first, count) = rows_of[&(row.indicator.as_str(), row.period)];
        if count == 1 {
            let said = match said_of.entry(&row.indicator) {
                MapEntry::Occupied(read) => read.into_mut(),
                MapEntry::Vacant(unread) => {
                    unread.insert(said(cx, place, &row.indicator, preview.source)?)
                }
            };
            preview.rows.push(preview_row(said, row, language)?);
            continue;
        }
        // Which of them is right nobody can tell, so none is kept.
        let refused = refused::RefusedRow::read(row, "duplicate", Some(first));
        preview.refused.push(refused);
        if first != row.row {
            preview.errors.push(ImportError {
                row: row.row,
                column: column(&parsed.column(table::Field::Period, row.period)),
                code: "duplicate".to_owned(),
                value: row.period.to_string(),
                first_row: Some(first),
            });
        }
    }
    preview
        .errors
        .sort_by(|a, b| (a.row, &a.column).cmp(&(b.row, &b.column)));
    preview.refused.sort_by_key(|refused| refused.row);
    preview.refused_count = preview.refused.len() as u32;
    let count = |change| {
        preview
            .rows
            .iter()
            .filter(|row| row.change == change)
            .count() as u32
    };
    preview.new_count = count(ImportChange::New);
    preview.changed_count = count(ImportChange::Changed);
    preview.same_count = count(ImportChange::Same);
    Ok(())
}

/// All that is said about an indicator at a place: read once, however many rows of a file speak of it.
fn said(
    cx: &Cx<'_>,
    place: RecordId,
    indicator: &str,
    source: Source,
) -> Result<Vec<(Period, Entry)>> {
    let series = cx
        .store()
        .read(|conn| values::queries::series(conn, place, indicator, source.word()))?;
    let said = series
        .iter()
        .filter_map(|r| Some((r.text("period")?.parse().ok()?, entry(r))));
    Ok(said.collect())
}

fn preview_row(
    said: &[(Period, Entry)],
    row: &Row,
    language: domain::text::Language,
) -> Result<ImportRow> {
    let indicator = known_indicator(&row.indicator)?;
    let period = row.period;
    let before = said
        .iter()
        .find(|(other, _)| *other == period)
        .map(|(_, entry)| *entry)
        .filter(|e| *e != Entry::default());
    let others: Vec<(Period, Entry)> = said
        .iter()
        .copied()
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

/// Writes the place's values into files that French Excel opens as they are, in the folder of exports: one for each source, since
/// a file is imported as of one. Answers with the file, or with the folder where there are several.
pub fn export_values(cx: &Cx<'_>, request: ExportRequest) -> Result<ExportResult> {
    let folder = cx.laptop.folder.join("exports");
    std::fs::create_dir_all(&folder).map_err(store::Error::from)?;
    let name = fold(&cx.place(request.place)?.name).replace(' ', "-");
    let (mut written, mut values) = (Vec::new(), 0);
    for (source, bytes, count) in by_source(cx, request.place)? {
        let of = match source {
            Source::Register => String::new(),
            other => format!("-{}", other.word()),
        };
        let path = folder.join(format!("{name}-{}{of}.csv", cx.today()));
        store::write_private(&path, &bytes).map_err(store::Error::from)?;
        written.push(path);
        values += count;
    }
    let path = match written.as_slice() {
        [one] => one.clone(),
        _ => folder,
    };
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
        let name = fold(&cx.place(place)?.name).replace(' ', "-");
        for (source, bytes, count) in by_source(cx, place)? {
            let of = match source {
                Source::Register => String::new(),
                other => format!("-{}", other.word()),
            };
            let path = folder.join(format!("{name}-{place}{of}.csv"));
            store::write_private(&path, &bytes).map_err(store::Error::from)?;
            all += count;
        }
    }
    Ok((folder.display().to_string(), all))
}

/// The register's values, were there none, and those of every other source that has any.
fn by_source(cx: &Cx<'_>, place: RecordId) -> Result<Vec<(Source, Vec<u8>, u32)>> {
    let mut files = Vec::new();
    for source in Source::ALL {
        let (bytes, count) = export(cx, place, source)?;
        if count > 0 || source == Source::Register {
            files.push((source, bytes, count));
        }
    }
    Ok(files)
}

/// The place's values of one source as a CSV file's bytes, and how many there are.
pub fn export(cx: &Cx<'_>, place: RecordId, source: Source) -> Result<(Vec<u8>, u32)> {
    let name = cx.place(place)?.name;
    let records = cx
        .store()
        .read(|conn| values::queries::values_from(conn, place, source, "", "~"))?;
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
    Ok((table::write(&rows, cx.language()?), rows.len() as u32))
}

/// The bytes of a file that the screen handed over.
pub(crate) fn decode(bytes: &str) -> Result<Vec<u8>> {
    if bytes.len() / 4 * 3 > book::LARGEST_FILE + 3 {
        return Err(unreadable(&Unreadable::TooLarge { limit_mb: 10 }));
    }
    base64::engine::general_purpose::STANDARD
        .decode(bytes)
        .map_err(|_| AppError::new("request-invalid"))
}

/// A column as the spreadsheet shows it: `C (numérateur)`.
fn column(column: &table::Column) -> String {
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

/// Why a file is not read, as people are told.
pub(crate) fn unreadable(why: &Unreadable) -> AppError {
    match why {
        Unreadable::Empty => AppError::new("file-empty"),
        Unreadable::TooLarge { limit_mb } => AppError::new("file-too-large").with("most", limit_mb),
        Unreadable::TooManyRows { limit } => {
            AppError::new("file-too-many-rows").with("most", limit)
        }
        Unreadable::TooMuch => AppError::new("file-too-much"),
        Unreadable::NotATable { .. } => AppError::new("file-not-csv"),
        Unreadable::Broken => AppError::new("file-broken"),
        Unreadable::Protected => AppError::new("file-protected"),
        Unreadable::NoSuchSheet => AppError::new("file-no-sheet"),
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
