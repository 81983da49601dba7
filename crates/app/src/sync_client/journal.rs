//! The log of exchanges: it survives a restart, and goes out as text in which nobody and nothing is named.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;

use super::exchange::{REMOVED, TOOK};
use super::outbox::export_file;
use super::state::{ExchangeKind, SyncResult, result_of};
use super::succession::SUCCESSOR;
use crate::commands::Nothing;
use crate::cx::Cx;
use crate::error::Result;
use crate::words::sentence;

/// How many exchanges the log shows.
const SHOWN: u32 = 500;

/// The log as a file.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct LogFile {
    /// Its name.
    pub name: String,
    /// Where it lies.
    pub path: String,
    /// What stands in it.
    pub text: String,
}

/// The last exchanges, newest first.
pub fn sync_log(cx: &Cx<'_>, _: Nothing) -> Result<Vec<SyncResult>> {
    let exchanges = cx.store().exchanges(SHOWN)?;
    Ok(exchanges.iter().map(|one| result_of(cx, one)).collect())
}

/// The log in sentences of the chosen language, for whoever helps: codes and counts, no name and no content.
pub fn export_sync_log(cx: &Cx<'_>, _: Nothing) -> Result<LogFile> {
    let language = cx.language()?;
    let mut text = format!("Nyetaa {}\n", env!("CARGO_PKG_VERSION"));
    for one in sync_log(cx, Nothing {})? {
        let mut params = one.params.clone();
        for (name, value) in [
            ("sent", one.sent),
            ("received", one.received),
            ("up", one.bytes_up),
            ("down", one.bytes_down),
            ("requests", one.requests),
        ] {
            params.insert(name.to_owned(), value.to_string());
        }
        let key = match one.kind {
            ExchangeKind::Server => "journal-server",
            ExchangeKind::StickOut => "journal-stick-out",
            ExchangeKind::StickIn => "journal-stick-in",
        };
        let _ = write!(text, "{}  {}", one.at, sentence(language, key, &params));
        if one.params.contains_key(SUCCESSOR) {
            let _ = write!(
                text,
                "  {}",
                sentence(language, "journal-successor", &params)
            );
        }
        if one.params.contains_key(REMOVED) {
            let _ = write!(text, " {}", sentence(language, "journal-removed", &params));
        }
        let took = one.params.get(TOOK).and_then(|ms| ms.parse::<u64>().ok());
        if let Some(ms) = took {
            let seconds = format!("{}.{}", ms / 1_000, ms % 1_000 / 100);
            let _ = write!(
                text,
                " {}",
                sentence(
                    language,
                    "journal-took",
                    &BTreeMap::from([("seconds".to_owned(), seconds)])
                )
            );
        }
        if let Some(code) = &one.code {
            let why = sentence(language, &format!("error-{code}"), &params);
            let whole = !why.contains("{ ");
            let _ = write!(text, "  {} ({code})", if whole { &why } else { "" });
        }
        text.push('\n');
    }
    let name = format!("nyetaa-sync-{}.txt", cx.today());
    Ok(LogFile {
        path: export_file(cx, &name, text.as_bytes())?,
        name,
        text,
    })
}
