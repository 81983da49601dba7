//! The one command of the window, `call`, and the one event, `changed`.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use app::{App, AppError};
use serde_json::{Value, json};
use tauri::{AppHandle, Emitter, Manager, State};

/// How often one looks whether nobody is at the keyboard any more.
const BETWEEN_LOOKS: Duration = Duration::from_secs(5);

/// The opened data folder, or why it could not be opened. The window opens in both cases: it is the place where a person
/// reads what happened.
pub struct Desktop(Result<Arc<App>, Value>);

impl Desktop {
    /// Opens the data folder `home`; its error becomes the answer to every command.
    pub fn open(home: &Path) -> Desktop {
        Desktop(
            App::open(home.to_owned(), press::write)
                .map(Arc::new)
                .map_err(|error| {
                    tracing::error!(%error, "the data folder could not be opened");
                    as_json(&error)
                }),
        )
    }
}

/// Hands a command's name and payload to [`App::call`] on a thread that may block, and answers with JSON either way.
#[tauri::command]
pub async fn call(
    desktop: State<'_, Desktop>,
    name: String,
    payload: Value,
) -> Result<Value, Value> {
    let app = desktop.0.clone()?;
    tauri::async_runtime::spawn_blocking(move || {
        app.call(&name, payload).map_err(|error| as_json(&error))
    })
    .await
    .unwrap_or_else(|_| Err(as_json(&AppError::new("unexpected"))))
}

/// The window is gone: what has changed is copied before the app ends.
pub fn before_leaving(tauri: &AppHandle) {
    if let Some(app) = app(tauri) {
        app.back_up_before_leaving();
    }
}

/// From now on the window hears `changed`, with the list of topics, whenever something was saved or received, and the app
/// locks itself when nobody is there, copies what has changed and reads it into the index that is searched, also when the screen has stopped asking.
pub fn announce_changes(tauri: &AppHandle) {
    let Some(app) = app(tauri) else {
        return;
    };
    let window = tauri.clone();
    let idle = Arc::clone(&app);
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(BETWEEN_LOOKS);
            idle.lock_if_idle();
            idle.back_up_if_due();
            idle.index_if_due();
        }
    });
    app.on_change(Box::new(move |topics| {
        let topics: Value = serde_json::from_str(topics).unwrap_or(Value::Null);
        if window.emit_to("main", "changed", topics).is_err() {
            tracing::warn!("the window did not hear of a change");
        }
    }));
}

/// The app of the window, where its folder could be opened.
pub fn app(tauri: &AppHandle) -> Option<Arc<App>> {
    tauri.state::<Desktop>().0.as_ref().ok().cloned()
}

fn as_json(error: &AppError) -> Value {
    json!(error)
}
