//! Documents as files: typeset as PDF, or to go on writing in as DOCX. A crate of its own because typesetting weighs more than
//! all the rest together: what prints nothing is built without it, and whoever opens the app hands it over.

mod fonts;
pub mod paper;
pub mod word;

use report::document::{Document, NotWritten, PaperForm};

/// Writes a document as a file.
///
/// # Errors
/// When it is longer than [`report::document::MOST_PICTURES`] and [`report::document::MOST_BLOCKS`] allow, or cannot be drawn.
pub fn write(form: PaperForm, document: &Document) -> Result<Vec<u8>, NotWritten> {
    match form {
        PaperForm::Pdf => Ok(paper::write(document)?.pdf),
        PaperForm::Docx => word::write(document),
    }
}
