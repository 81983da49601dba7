//! What a command answers when it cannot do what was asked: a code and parameters, never prose, SQL or a name
//! that the person did not type. The screen finds the sentence under `error-<code>`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Why a command was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, thiserror::Error)]
#[ts(export)]
#[error("{code}")]
pub struct AppError {
    /// Names the sentence.
    pub code: String,
    /// What the sentence is about.
    pub params: BTreeMap<String, String>,
}

/// What a command answers.
pub type Result<T> = std::result::Result<T, AppError>;

impl AppError {
    /// An error without parameters.
    pub fn new(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            params: BTreeMap::new(),
        }
    }

    /// The same error with one more parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }
}

impl From<store::Error> for AppError {
    fn from(error: store::Error) -> Self {
        use store::Error as E;
        let code = match &error {
            E::Foreign => "database-foreign",
            E::Damaged | E::Codec(_) => "database-damaged",
            E::DiskFull => "disk-full",
            E::NotWritable => "folder-not-writable",
            E::NeedsNewer => "database-newer",
            E::Unsafe(_) => "disk-unsafe",
            E::NotFound => "record-gone",
            E::Segment(_) | E::Snapshot(_) | E::Wire(_) => "answer-unreadable",
            E::Stale
            | E::Forked
            | E::Unsent
            | E::Joined
            | E::Sqlite(_)
            | E::Migration(_)
            | E::Io(_) => "store-failed",
        };
        // The one place where the inner cause is written down; it holds no personal data.
        tracing::warn!(code, cause = %error, "the store refused");
        Self::new(code)
    }
}
