//! What leaves the app to be read elsewhere: workbooks, pictures and paper, in the language of the interface.

mod chart;
mod grid;
mod paper;
mod picture;

use std::collections::BTreeMap;

use chrono::DateTime;
use domain::text::fold;
use report::sheet::{self, Book, Sheet};

use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::sync_client::export_file;
use crate::words::sentence;

pub use chart::{ExportChart, export_chart};
pub use grid::export_grid;
pub use paper::{SavePaper, save_paper};
pub use picture::{SavePicture, save_picture};

impl Cx<'_> {
    /// A sentence in the language of the interface.
    fn say(&self, key: &str, params: &[(&str, &str)]) -> Result<String> {
        let params: BTreeMap<String, String> = params
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Ok(sentence(self.language()?, key, &params))
    }

    /// Writes a workbook into the folder of exports; answers where it lies. `name` is what the file is called, without its end.
    pub(crate) fn export_book(
        &self,
        name: &str,
        title: String,
        sheets: Vec<Sheet>,
    ) -> Result<String> {
        let bytes = self.book(title, sheets)?;
        export_file(self, &format!("{}.xlsx", file_name(name)), &bytes)
    }

    /// A workbook as a file, made by whoever works, now.
    pub(crate) fn book(&self, title: String, sheets: Vec<Sheet>) -> Result<Vec<u8>> {
        let made = i64::try_from(self.now_ms).unwrap_or(0);
        let book = Book {
            title,
            author: self.person(self.author()?.person)?.0,
            made: DateTime::from_timestamp_millis(made).unwrap_or_default(),
            sheets,
        };
        sheet::write(&book).map_err(|error| {
            tracing::error!(%error, "a workbook could not be written");
            AppError::new("export-failed")
        })
    }
}

/// A name as every file system takes it.
fn file_name(name: &str) -> String {
    let name = fold(name).replace(' ', "-");
    name.chars().take(80).collect()
}
