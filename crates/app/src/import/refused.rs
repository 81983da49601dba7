//! The rows of a file that are refused, as a file of their own: a row a value, as it was written, and why. Once it is put right
//! it is imported like any other.

use std::collections::BTreeMap;

use domain::measure::NoDataReason;
use domain::text::fold;
use exchange::values::{self as table, CellProblem, Refused, Row};

use super::ImportPreview;
use crate::cx::Cx;
use crate::error::Result;
use crate::sync_client::export_file;
use crate::words::sentence;

/// A value that is refused, as it was written.
#[derive(Debug, Clone)]
pub(crate) struct RefusedRow {
    /// Its row in the file.
    pub row: u32,
    /// Place, indicator, period, numerator, denominator and reason for no data.
    cells: [String; 6],
    /// What is wrong: the codes, each with the row that it speaks of.
    why: Vec<(String, Option<u32>)>,
}

impl RefusedRow {
    /// What could not be read.
    pub fn of(refused: &Refused) -> Self {
        Self {
            row: refused.row,
            cells: refused.cells.clone(),
            why: refused
                .problems
                .iter()
                .map(|problem| code(*problem))
                .collect(),
        }
    }

    /// What was read, and does not belong here.
    pub fn read(row: &Row, code: &str, first_row: Option<u32>) -> Self {
        let number = |number: Option<f64>| number.map(|n| n.to_string()).unwrap_or_default();
        Self {
            row: row.row,
            cells: [
                row.place.clone().unwrap_or_default(),
                row.indicator.clone(),
                row.period.to_string(),
                number(row.entry.numerator),
                number(row.entry.denominator),
                row.entry
                    .no_data
                    .map(NoDataReason::word)
                    .unwrap_or_default()
                    .to_owned(),
            ],
            why: vec![(code.to_owned(), first_row)],
        }
    }
}

/// The code of what is wrong with a cell, and the row that it speaks of.
pub(super) fn code(problem: CellProblem) -> (String, Option<u32>) {
    let problem = serde_json::to_value(problem).unwrap_or_default();
    let code = problem["code"]
        .as_str()
        .unwrap_or_default()
        .replace('_', "-");
    let row = problem["first_row"].as_u64();
    (code, row.and_then(|row| u32::try_from(row).ok()))
}

/// Writes them into the folder of exports; answers where the file lies.
pub(super) fn write(cx: &Cx<'_>, preview: &ImportPreview) -> Result<String> {
    let language = cx.language()?;
    let say = |key: &str| sentence(language, key, &BTreeMap::new());
    let mut rows = vec![
        [
            "import-column-place",
            "import-column-indicator",
            "import-column-period",
            "import-column-numerator",
            "import-column-denominator",
            "import-column-no-data",
            "import-refused-row",
            "import-refused-why",
        ]
        .map(say)
        .to_vec(),
    ];
    for refused in &preview.refused {
        let why = refused.why.iter().map(|(code, row)| {
            let row = row.map(|row| row.to_string()).unwrap_or_default();
            let params = BTreeMap::from([("row".to_owned(), row)]);
            sentence(language, &format!("import-error-{code}"), &params)
        });
        let mut cells = refused.cells.to_vec();
        cells.push(refused.row.to_string());
        cells.push(why.collect::<Vec<_>>().join(" "));
        rows.push(cells);
    }
    let name = preview
        .file
        .rsplit_once('.')
        .map_or(&*preview.file, |(name, _)| name);
    let name = fold(name).replace(' ', "-");
    let name: String = name.chars().take(60).collect();
    let file = format!("{name}-{}.csv", say("import-refused-file"));
    export_file(cx, &file, &table::table(&rows, language))
}
