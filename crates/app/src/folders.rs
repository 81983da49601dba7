//! Folders that people choose in the system's own dialog, where there is one.

use std::path::PathBuf;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::App;
use crate::error::{AppError, Result};

/// Shows the system's dialog under a title, waits, and gives the folder that was chosen; none when the person closed it.
pub type Dialog = Box<dyn Fn(&str) -> Option<PathBuf> + Send + Sync>;

/// Longer titles are no titles.
const TITLE: usize = 200;

/// The dialog, once a window has brought it.
#[derive(Default)]
pub(crate) struct Folders(OnceLock<Dialog>);

/// Asks for a folder.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct PickFolder {
    /// What stands over the dialog.
    pub title: String,
}

impl App {
    /// Gives the app the system's dialog. Only the first one counts.
    pub fn choose_folders_by(&self, dialog: Dialog) {
        let _ = self.folders.0.set(dialog);
    }
}

/// Lets the person choose a folder; none when they closed the dialog.
///
/// # Errors
/// When there is no dialog, as in a browser: the path is typed there.
pub fn pick_folder(app: &App, request: PickFolder) -> Result<Option<String>> {
    if request.title.len() > TITLE {
        return Err(AppError::new("request-invalid"));
    }
    let dialog = app.folders.0.get();
    let dialog = dialog.ok_or_else(|| AppError::new("no-folder-dialog"))?;
    Ok(dialog(&request.title).map(|path| path.display().to_string()))
}
