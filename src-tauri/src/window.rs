//! The one window: local pages only, no second window, nothing kept by the web view.

use std::path::Path;

use tauri::webview::NewWindowResponse;
use tauri::{App, Manager, Runtime, Url, WebviewWindow, WebviewWindowBuilder};

/// No menu with "reload" or "inspect" over the page; inside a text field it stays, for cutting and pasting by mouse. No key
/// that loads the page anew, and nothing dropped on it: a file that is dropped would be opened in the place of the app.
const NOTHING_OF_A_BROWSER: &str = "addEventListener('contextmenu', (event) => {
    if (!event.target.closest?.('input, textarea')) event.preventDefault();
}, { capture: true });
addEventListener('keydown', (event) => {
    const reloads = event.key === 'F5' || (event.ctrlKey && event.key.toLowerCase() === 'r');
    if (reloads) event.preventDefault();
}, { capture: true });
for (const kind of ['dragenter', 'dragover', 'drop']) {
    addEventListener(kind, (event) => event.preventDefault(), { capture: true });
}";

/// Opens the window that `tauri.conf.json` describes, for the data folder `home`.
///
/// # Errors
/// When the configuration lists no window, or the platform cannot make one.
pub fn open(tauri: &App, home: &Path) -> tauri::Result<WebviewWindow> {
    let described = tauri
        .config()
        .app
        .windows
        .first()
        .ok_or(tauri::Error::WindowNotFound)?;
    let window = without_network(WebviewWindowBuilder::from_config(tauri, described)?)
        .on_navigation(is_own_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .initialization_script(NOTHING_OF_A_BROWSER);
    if driven_by_a_test() {
        // A private web view makes its own context, which WebDriver cannot enter; the test's data folder is thrown away anyway.
        window
            .incognito(false)
            .data_directory(home.join("webview"))
            .build()
    } else {
        window.build()
    }
}

/// The content security policy does not hold back the connections that a page announces (`preconnect`), nor the one that
/// the web view opens for a link before it asks [`is_own_page`]: a proxy at which nobody listens does. Pages inside the binary need no network. On Windows they come over the same way as others, so there the
/// policy stands alone.
fn without_network<'a, R: Runtime, M: Manager<R>>(
    window: WebviewWindowBuilder<'a, R, M>,
) -> WebviewWindowBuilder<'a, R, M> {
    match "http://127.0.0.1:9".parse() {
        Ok(nobody) if cfg!(target_os = "linux") => window.proxy_url(nobody),
        _ => window,
    }
}

/// Shows the window again when a second copy was started, wherever it was.
pub fn bring_to_front(window: &WebviewWindow) {
    let shown = window
        .unminimize()
        .and_then(|()| window.show())
        .and_then(|()| window.set_focus());
    match shown {
        Ok(()) => tracing::info!("a second copy was started: the window came to the front"),
        Err(error) => {
            tracing::warn!(%error, "a second copy was started, but the window did not come to the front")
        }
    }
}

/// WebDriver's own switch, which Tauri reads too.
fn driven_by_a_test() -> bool {
    std::env::var("TAURI_WEBVIEW_AUTOMATION").as_deref() == Ok("true")
}

/// `tauri://localhost` on Linux, `http://tauri.localhost` on Windows: the pages inside the binary.
fn is_own_page(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => url.host_str() == Some("tauri.localhost") && url.port().is_none(),
        // WebDriver opens an empty page before the first one.
        "about" => url.path() == "blank",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generated(name: &str) -> serde_json::Value {
        let file = format!("{}/gen/schemas/{name}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(file).expect("the build writes its schemas");
        serde_json::from_str(&text).expect("JSON")
    }

    /// What Tauri made of the capability and of the list of commands, word for word: a difference is a review.
    #[test]
    fn rights_that_are_built_in_are_those_that_were_reviewed() {
        let built = generated("capabilities.json");
        let reviewed = serde_json::json!({ "main": {
            "identifier": "main",
            "description": "The one window may call the app's one command and hear what changed. Nothing else.",
            "local": true,
            "windows": ["main"],
            "permissions": ["allow-call", "core:event:allow-listen", "core:event:allow-unlisten"],
        } });
        assert_eq!(built, reviewed);
        let manifests = generated("acl-manifests.json");
        let own = manifests["__app-acl__"]["permissions"].as_object();
        let own: Vec<_> = own.expect("permissions").keys().collect();
        assert_eq!(own, ["allow-call", "deny-call"], "one command");
        let plugins = manifests.as_object().expect("manifests").keys();
        let foreign: Vec<_> = plugins
            .filter(|name| *name != "__app-acl__" && *name != "core" && !name.starts_with("core:"))
            .collect();
        assert_eq!(foreign, Vec::<&String>::new(), "no plugin is built in");
    }

    #[test]
    fn only_pages_of_the_app_open() {
        let open = |url: &str| is_own_page(&Url::parse(url).expect("a URL"));
        for own in [
            "tauri://localhost/",
            "tauri://localhost/index.html#/mesurer",
            "http://tauri.localhost/",
        ] {
            assert!(open(own), "{own} is the app's own");
        }
        for foreign in [
            "https://example.org/",
            "http://localhost:1420/",
            "http://tauri.localhost.example.org/",
            "http://tauri.localhost:8080/",
            "file:///etc/passwd",
            "data:text/html,hello",
            "tauri://elsewhere/",
        ] {
            assert!(!open(foreign), "{foreign} is not the app's own");
        }
    }
}
