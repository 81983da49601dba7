//! A document as PDF, typeset on A4. What people wrote is handed to the template as values and never read as markup; there is
//! no file, no network, no package and no clock within its reach.

use std::sync::LazyLock;

use chrono::{Datelike, Timelike};
use domain::text::Language;
use report::document::{Block, Document, MOST_BLOCKS, MOST_PICTURES, NotWritten};
use serde::Serialize;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, Timestamp};

use crate::fonts;

/// How the blocks of a document look.
const TEMPLATE: &str = include_str!("paper/document.typ");
/// The file in which the template finds the document.
const DATA: &str = "/document.json";

/// A document that was typeset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pages {
    /// The file.
    pub pdf: Vec<u8>,
    /// How many pages it has.
    pub count: usize,
}

/// Typesets a document.
///
/// # Errors
/// When it has more than [`MOST_PICTURES`] or [`MOST_BLOCKS`], or the template fails on it.
pub fn write(document: &Document) -> Result<Pages, NotWritten> {
    let desk = Desk::new(document)?;
    let made = typst::compile::<PagedDocument>(&desk).output;
    let written = made.and_then(|pages| {
        let pdf = typst_pdf::pdf(&pages, &options(document))?;
        Ok(Pages {
            pdf,
            count: pages.pages().len(),
        })
    });
    // What was computed for this document would stay in memory for the next one.
    typst::comemo::evict(0);
    written.map_err(|faults| {
        let faults: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
        NotWritten(faults.join("; "))
    })
}

fn options(document: &Document) -> PdfOptions {
    let made = document.made;
    let part = |number: u32| u8::try_from(number).unwrap_or(0);
    let timestamp = Datetime::from_ymd_hms(
        made.year(),
        part(made.month()),
        part(made.day()),
        part(made.hour()),
        part(made.minute()),
        part(made.second()),
    );
    PdfOptions {
        creator: Smart::Custom(Some("Nyetaa".to_owned())),
        timestamp: timestamp.map(Timestamp::new_utc),
        ..PdfOptions::default()
    }
}

/// What the template is given.
#[derive(Serialize)]
struct Given<'a> {
    title: &'a str,
    author: &'a str,
    language: &'a str,
    foot: &'a str,
    page: &'a [String; 3],
    landscape: bool,
    /// How wide each picture is, in pixels of the screen.
    widths: Vec<f64>,
    blocks: &'a [Block],
}

/// All that lies on the table of who typesets.
struct Desk {
    library: LazyHash<Library>,
    template: Source,
    files: Vec<(FileId, Bytes)>,
}

/// Letters are read once.
static LETTERS: LazyLock<(Vec<Font>, LazyHash<FontBook>)> = LazyLock::new(|| {
    let fonts: Vec<Font> = fonts::FILES
        .iter()
        .flat_map(|file| Font::iter(Bytes::new(*file)))
        .collect();
    let book = LazyHash::new(FontBook::from_fonts(&fonts));
    (fonts, book)
});

impl Desk {
    fn new(document: &Document) -> Result<Self, NotWritten> {
        let wrong = |error: &dyn std::fmt::Display| NotWritten(error.to_string());
        let pictures: Vec<_> = document.pictures().collect();
        if pictures.len() > MOST_PICTURES || document.blocks.len() > MOST_BLOCKS {
            return Err(NotWritten("too long".to_owned()));
        }
        let given = Given {
            title: &document.title,
            author: &document.author,
            language: match document.language {
                Language::Fr => "fr",
                Language::En => "en",
            },
            foot: &document.foot,
            page: &document.page,
            landscape: document.landscape,
            widths: pictures.iter().map(|one| one.drawing.width()).collect(),
            blocks: &document.blocks,
        };
        let data = serde_json::to_vec(&given).map_err(|error| wrong(&error))?;
        let mut files = vec![(named(DATA)?, Bytes::new(data))];
        for (at, picture) in pictures.iter().enumerate() {
            let drawing = picture.drawing.text().to_owned();
            files.push((named(&format!("/{at}.svg"))?, Bytes::from_string(drawing)));
        }
        Ok(Self {
            library: LazyHash::new(Library::default()),
            template: Source::new(named("/document.typ")?, TEMPLATE.to_owned()),
            files,
        })
    }
}

fn named(path: &str) -> Result<FileId, NotWritten> {
    let path = VirtualPath::new(path).map_err(|_| NotWritten(format!("no path: {path}")))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &LETTERS.1
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        match id == self.template.id() {
            true => Ok(self.template.clone()),
            false => Err(FileError::AccessDenied),
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let found = self.files.iter().find(|(file, _)| *file == id);
        found
            .map(|(_, bytes)| bytes.clone())
            .ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        LETTERS.0.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
