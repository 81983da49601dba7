//! The window of Nyetaa. It holds no rule: it opens the data folder, hands each command of the screen to [`app::App::call`]
//! off the window's thread, and tells the screen what changed.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod call;
mod folder;
mod platform;
mod single;
mod window;

use std::io::{self, IsTerminal};
use std::path::Path;
use std::process::ExitCode;

use tauri::RunEvent;

use crate::call::Desktop;
use crate::single::Copy;

fn main() -> ExitCode {
    log_to_stderr();
    let home = app::home::default_home();
    let first = match single::claim(&home) {
        Ok(Copy::First(first)) => Some(first),
        Ok(Copy::Second(Ok(()))) => {
            tracing::info!("this folder is open in another window, which came to the front");
            return ExitCode::SUCCESS;
        }
        Ok(Copy::Second(Err(error))) => {
            tracing::error!(kind = ?error.kind(), "this folder is open in another window, which does not answer");
            return ExitCode::FAILURE;
        }
        // A folder that cannot even hold the lock is shown as an error inside the window, where a person can read it.
        Err(error) => {
            tracing::warn!(kind = ?error.kind(), "the data folder takes no lock");
            None
        }
    };
    match run(&home, first) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the window could not be opened");
            ExitCode::FAILURE
        }
    }
}

fn run(home: &Path, first: Option<single::First>) -> tauri::Result<()> {
    let desktop = Desktop::open(home);
    let home = home.to_owned();
    let context = tauri::generate_context!();
    tauri::Builder::default()
        .manage(desktop)
        .invoke_handler(tauri::generate_handler![call::call])
        .setup(move |tauri| {
            let window = window::open(tauri, &home)?;
            call::announce_changes(tauri.handle());
            folder::offer(&window);
            if let Some(first) = first {
                first.listen(move || window::bring_to_front(&window));
            }
            Ok(())
        })
        .build(context)?
        .run(|tauri, event| {
            if let RunEvent::Exit = event {
                call::before_leaving(tauri);
            }
        });
    Ok(())
}

/// Logs go to stderr, without personal data; `NYETAA_LOG` chooses how much (`info` unless set).
fn log_to_stderr() {
    let chosen = tracing_subscriber::EnvFilter::try_from_env("NYETAA_LOG");
    tracing_subscriber::fmt()
        .with_env_filter(
            chosen
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,refinery_core=warn")),
        )
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
    // Only the place: a panic's message may quote what a person typed.
    std::panic::set_hook(Box::new(|panic| match panic.location() {
        Some(place) => tracing::error!(
            file = place.file(),
            line = place.line(),
            "a command stopped half-way"
        ),
        None => tracing::error!("a command stopped half-way"),
    }));
}
