//! Which column is which, however its heading is written.

use super::{Matter, Sheet};

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Column {
    /// Something known, by its name here, and the language that the heading names.
    Known(&'static str, Option<String>),
    /// Pictures or sounds.
    Media,
    /// Anything else, by its heading.
    Other(String),
}

/// Names that mean the same, ours first.
const NAMES: [(&str, &[&str]); 31] = [
    ("type", &["type", "command"]),
    ("name", &["name", "tag", "value"]),
    ("label", &["label", "caption"]),
    ("hint", &["hint"]),
    ("guidance", &["guidance_hint"]),
    ("relevant", &["relevant", "relevance", "bind:relevant"]),
    ("constraint", &["constraint", "bind:constraint"]),
    (
        "constraint_message",
        &[
            "constraint_message",
            "constraining_message",
            "bind:jr:constraintmsg",
        ],
    ),
    ("required", &["required", "bind:required"]),
    (
        "required_message",
        &["required_message", "requiredmsg", "bind:jr:requiredmsg"],
    ),
    (
        "calculation",
        &["calculation", "calculate", "bind:calculate"],
    ),
    ("default", &["default"]),
    ("choice_filter", &["choice_filter"]),
    (
        "count",
        &[
            "repeat_count",
            "jr:count",
            "control:jr:count",
            "body:jr:count",
        ],
    ),
    ("list", &["list_name", "listname"]),
    ("parameters", &["parameters"]),
    ("disabled", &["disabled"]),
    ("title", &["form_title", "title", "set_form_title"]),
    ("id", &["form_id", "id_string", "set_form_id"]),
    ("version", &["version"]),
    ("language", &["default_language"]),
    ("weight", &["weight"]),
    ("critical", &["critical"]),
    ("shared", &["shared"]),
    ("count_of", &["count_of"]),
    ("station", &["station"]),
    ("title_en", &["form_title_en"]),
    ("area", &["service_area"]),
    ("good", &["score_good"]),
    ("fair", &["score_fair"]),
    ("part", &["score_part"]),
];
/// What asks for a file of its own.
const MEDIA: [&str; 5] = ["media", "image", "big-image", "audio", "video"];
/// What belongs to another name when it stands before a colon.
const OUTER: [&str; 5] = ["bind", "body", "control", "instance", "jr"];

/// What a heading means.
pub(super) fn column(heading: &str) -> Column {
    let heading = heading.trim();
    let parts: Vec<&str> = heading
        .split(':')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let Some(first) = parts.first() else {
        return Column::Other(String::new());
    };
    let first = first.to_lowercase().replace(' ', "_");
    if MEDIA.contains(&first.as_str()) {
        return Column::Media;
    }
    let outer = OUTER.contains(&first.as_str());
    let (name, language) = if outer {
        (parts.join(":").to_lowercase(), None)
    } else {
        (first, parts.get(1).map(|language| (*language).to_owned()))
    };
    let known = NAMES
        .iter()
        .find(|(_, names)| names.contains(&name.as_str()));
    match known {
        Some((ours, _)) => Column::Known(ours, language),
        None => Column::Other(heading.to_owned()),
    }
}

/// How many of the headings of questions stand in a row.
pub(super) fn sense(cells: &[String]) -> usize {
    let has = |wanted: &str| {
        cells
            .iter()
            .any(|cell| matches!(column(cell), Column::Known(name, _) if name == wanted))
    };
    match has("type") {
        true => 1 + usize::from(has("name")) + usize::from(has("label")),
        false => 0,
    }
}

/// The columns of a sheet.
#[derive(Debug, Default)]
pub(super) struct Columns {
    columns: Vec<Column>,
}

impl Columns {
    /// The columns, and what is to be said of them: a heading that stands twice counts once.
    pub(super) fn of(sheet: &Sheet) -> (Self, Vec<Matter>) {
        let headings = sheet.rows.first().map(|row| row.cells.as_slice());
        let mut columns: Vec<Column> = Vec::new();
        let mut matters = Vec::new();
        for heading in headings.unwrap_or_default() {
            let mut found = column(heading);
            match &found {
                Column::Known(..) if columns.contains(&found) => {
                    matters.push(Matter::DuplicateColumn {
                        heading: heading.clone(),
                    });
                    found = Column::Other(String::new());
                }
                Column::Media => matters.push(Matter::Media {
                    heading: heading.clone(),
                }),
                _ => {}
            }
            columns.push(found);
        }
        (Self { columns }, matters)
    }

    /// What stands in a row under one of the names, whatever its language.
    pub(super) fn cell<'a>(&self, cells: &'a [String], name: &str) -> &'a str {
        let known = |column: &Column| matches!(column, Column::Known(known, _) if *known == name);
        let mut found = self
            .columns
            .iter()
            .zip(cells)
            .filter(|(column, cell)| known(column) && !cell.is_empty());
        found.next().map_or("", |(_, cell)| cell)
    }

    /// What stands in a row under one of the names, with the language of its heading.
    pub(super) fn texts<'a>(
        &'a self,
        cells: &'a [String],
        name: &'a str,
    ) -> impl Iterator<Item = (Option<&'a str>, &'a str)> {
        let columns = self.columns.iter().zip(cells);
        columns.filter_map(move |(column, cell)| match column {
            Column::Known(known, language) if *known == name && !cell.is_empty() => {
                Some((language.as_deref(), cell.as_str()))
            }
            _ => None,
        })
    }

    /// The languages that the headings name, each once.
    pub(super) fn languages(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().filter_map(|column| match column {
            Column::Known(_, language) => language.as_deref(),
            _ => None,
        })
    }

    /// The further columns, each with its place.
    pub(super) fn others(&self) -> impl Iterator<Item = (usize, &str)> {
        let columns = self.columns.iter().enumerate();
        columns.filter_map(|(at, column)| match column {
            Column::Other(heading) if !heading.is_empty() => Some((at, heading.as_str())),
            _ => None,
        })
    }
}
