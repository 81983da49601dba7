//! What is to be read on paper, said once. The crate `press` makes it a PDF, or a document that people go on writing in.

use chrono::{DateTime, Utc};
use domain::text::Language;
use serde::{Deserialize, Serialize};

/// The most pictures in a document.
pub const MOST_PICTURES: usize = 60;
/// The most blocks.
pub const MOST_BLOCKS: usize = 2_000;

/// As which file a document is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PaperForm {
    /// To be printed and given away: PDF.
    Pdf,
    /// To go on writing in: DOCX.
    Docx,
}

/// The document could not be written; the sentence may quote it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not written: {0}")]
pub struct NotWritten(pub String);

/// A document of A4 pages.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// What it is, for those who list files; it is printed only where a block says so.
    pub title: String,
    /// Who made it.
    pub author: String,
    /// When.
    pub made: DateTime<Utc>,
    /// The language of its words, by which they are hyphenated.
    pub language: Language,
    /// At the foot of each page: of what it is, who made it and when.
    pub foot: String,
    /// The number of a page: what is said before it, between it and the count of pages, and after.
    pub page: [String; 3],
    /// Whether the pages lie on their long side.
    pub landscape: bool,
    /// What stands on them, from top to bottom.
    pub blocks: Vec<Block>,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "block", rename_all = "kebab-case")]
#[ts(export, rename = "PaperBlock")]
pub enum Block {
    /// The name of the whole, with what is said beneath it.
    Title {
        /// The name.
        text: String,
        /// Lines beneath it: where, since when.
        beneath: Vec<String>,
    },
    /// The name of a part.
    Heading {
        /// The name.
        text: String,
        /// 1 for a part, 2 for a part of that.
        level: u8,
    },
    /// A sentence that is read from afar.
    Lead {
        /// The sentence.
        text: String,
    },
    /// Sentences.
    Paragraph {
        /// The sentences; lines that people broke stay broken.
        text: String,
    },
    /// What is read beside the rest, small.
    Note {
        /// The words.
        text: String,
    },
    /// A list.
    List {
        /// Its lines.
        items: Vec<Item>,
    },
    /// What was asked, and what was answered.
    Fields {
        /// Question and answer.
        pairs: Vec<(String, String)>,
    },
    /// A table; its headings come again on each page.
    Table(Table),
    /// Pictures, side by side.
    Pictures {
        /// How many stand side by side.
        columns: u8,
        /// The pictures.
        pictures: Vec<Picture>,
    },
    /// Short lists side by side.
    Columns {
        /// The lists.
        columns: Vec<Column>,
    },
    /// Lines for a pen, with what is to be written on each, side by side.
    Pen {
        /// What is to be written.
        lines: Vec<String>,
    },
    /// The next part begins on a page of its own.
    Break,
}

/// A line of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export, rename = "PaperItem")]
pub struct Item {
    /// The words.
    pub text: String,
    /// Whether the square before them is to be ticked, rather than black.
    pub open: bool,
}

/// A short list with its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export, rename = "PaperColumn")]
pub struct Column {
    /// The name.
    pub heading: String,
    /// The lines.
    pub items: Vec<Item>,
    /// How many lines are left for a pen below them.
    pub blank: u8,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export, rename = "PaperTable")]
pub struct Table {
    /// How wide each column is, in parts of the page; nought for as wide as its words.
    pub widths: Vec<f64>,
    /// The headings.
    pub head: Vec<String>,
    /// The rows.
    pub rows: Vec<Row>,
    /// Whether rows are so high that a pen can write in them.
    pub pen: bool,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export, rename = "PaperRow")]
#[serde(tag = "row", content = "cells", rename_all = "kebab-case")]
pub enum Row {
    /// A name over all columns.
    Span(String),
    /// A cell for each column.
    Cells(Vec<String>),
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export, rename = "PaperPicture")]
pub struct Picture {
    /// What it shows, for those who do not see it.
    pub shows: String,
    /// Its name, above it; may be empty.
    pub above: String,
    /// What is said of it, small, below it; may be empty.
    pub below: String,
    /// The drawing, an SVG of shapes and words.
    #[serde(skip_serializing)]
    #[ts(type = "string")]
    pub drawing: crate::drawing::Drawing,
}

impl Document {
    /// Its pictures, from top to bottom.
    pub fn pictures(&self) -> impl Iterator<Item = &Picture> {
        self.blocks
            .iter()
            .filter_map(|block| match block {
                Block::Pictures { pictures, .. } => Some(pictures),
                _ => None,
            })
            .flatten()
    }
}

impl Item {
    /// A line with a black square.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            open: false,
        }
    }

    /// A line to be ticked.
    pub fn open(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            open: true,
        }
    }
}

impl Block {
    /// The name of a part.
    pub fn heading(text: impl Into<String>) -> Self {
        Self::Heading {
            text: text.into(),
            level: 1,
        }
    }

    /// Sentences.
    pub fn paragraph(text: impl Into<String>) -> Self {
        Self::Paragraph { text: text.into() }
    }
}
