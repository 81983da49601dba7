//! Declares the one command of the window to Tauri's runtime authority, and makes sure that there is a screen to embed.

use std::path::Path;
use std::process::exit;

const SCREEN: &str = "../ui/dist";

fn main() {
    println!("cargo:rerun-if-changed={SCREEN}");
    if !Path::new(SCREEN).join("index.html").is_file() {
        eprintln!(
            "The screen is not built: ui/dist/index.html is missing. Run `cargo xtask run`, or `npm ci && npm run build` in ui."
        );
        exit(1);
    }
    // Without this list every local window could call every registered command (reliability: item 2 of the hardening list).
    let app = tauri_build::AppManifest::new().commands(&["call"]);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(app)) {
        eprintln!("{error:#}");
        exit(1);
    }
}
