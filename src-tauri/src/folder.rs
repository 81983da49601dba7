//! The system's own dialog for choosing a folder. The page gets the path of what a person chose there, and nothing else.

use std::sync::mpsc;

use rfd::AsyncFileDialog;
use tauri::{Manager, WebviewWindow};

use crate::call;

/// Gives the app a way to ask for a folder, over `window`.
pub fn offer(window: &WebviewWindow) {
    let Some(app) = call::app(window.app_handle()) else {
        return;
    };
    let window = window.clone();
    app.choose_folders_by(Box::new(move |title| {
        let (answer, answered) = mpsc::channel();
        let (parent, title) = (window.clone(), title.to_owned());
        // Dialogs belong to the thread of the window; who asks waits on another one.
        let shown = window.run_on_main_thread(move || {
            let dialog = AsyncFileDialog::new().set_title(title).set_parent(&parent);
            let chosen = dialog.pick_folder();
            tauri::async_runtime::spawn(async move {
                let chosen = chosen.await.map(|folder| folder.path().to_owned());
                // Nobody waits any more when the app is closing.
                let _ = answer.send(chosen);
            });
        });
        match shown {
            Ok(()) => answered.recv().ok().flatten(),
            Err(error) => {
                tracing::warn!(%error, "no dialog could be shown");
                None
            }
        }
    }));
}
