//! The app behind HTTP, for the screen in a browser: `POST /call/NAME` with a request as JSON answers 200 with
//! the command's answer or 422 with its refusal, `GET /changes` answers the topics that changed since it was last
//! asked, and everything else is a file of the built screen. On this computer only, and not a part of the product.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use app::accounts::secret::Guard;
use app::{App, AppError, Surroundings};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Path as InPath, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::Response;
use axum::routing::{get, post};
use clap::Parser;
use nyetaa_tests::CHEAP;
use serde_json::Value as Json;

/// The app behind HTTP, for the screen in a browser.
#[derive(Parser)]
struct Words {
    /// The data folder; NYETAA_HOME, or the app's own, when left out.
    #[arg(long)]
    home: Option<PathBuf>,
    /// Where to listen, on this computer only. `vite.config.ts` expects the port of the default.
    #[arg(long, default_value = "127.0.0.1:5174")]
    listen: SocketAddr,
    /// By how many minutes this laptop's clock is off; a negative number is late.
    #[arg(long, default_value_t = 0, allow_negative_numbers = true)]
    clock_off: i64,
    /// The built screen.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/dist"))]
    screen: PathBuf,
}

/// The computer's own, with codes that are quickly stretched: the tests that use this program come in often.
fn surroundings(home: PathBuf) -> Surroundings {
    let real = Surroundings::real(home, press::write);
    Surroundings {
        guard: real.guard.map(|guard| Guard {
            effort: CHEAP,
            ..guard
        }),
        ..real
    }
}

#[derive(Clone)]
struct Host {
    /// The app, or why its folder could not be opened: then that is the answer to every command.
    app: Arc<Result<App, AppError>>,
    changed: Arc<Mutex<BTreeSet<String>>>,
    screen: Arc<Path>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match serve(Words::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(words: Words) -> std::io::Result<()> {
    if !words.listen.ip().is_loopback() {
        return Err(std::io::Error::other(
            "the host has no lock: it listens on 127.0.0.1 only",
        ));
    }
    let host = Host::open(
        words.home.unwrap_or_else(app::home::default_home),
        words.clock_off,
        words.screen,
    );
    let routes = Router::new()
        .route("/call/{name}", post(call))
        .route("/changes", get(changes))
        .fallback(get(file))
        .layer(DefaultBodyLimit::max(64 << 20))
        .with_state(host);
    let listener = tokio::net::TcpListener::bind(words.listen).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, routes).await
}

impl Host {
    fn open(home: PathBuf, clock_off: i64, screen: PathBuf) -> Self {
        let clock = app::cx::wall_clock();
        let off = clock_off * 60_000;
        let app = App::open_in(Surroundings {
            clock: Box::new(move || clock().saturating_add_signed(off)),
            ..surroundings(home)
        });
        let changed = Arc::new(Mutex::new(BTreeSet::new()));
        match &app {
            Ok(app) => {
                let changed = Arc::clone(&changed);
                app.on_change(Box::new(move |topics| {
                    let topics: Vec<String> = serde_json::from_str(topics).unwrap_or_default();
                    lock(&changed).extend(topics);
                }));
            }
            Err(error) => eprintln!("the data folder could not be opened: {error}"),
        }
        Self {
            app: Arc::new(app),
            changed,
            screen: screen.into(),
        }
    }

    fn call(&self, name: &str, body: &[u8]) -> Result<Json, AppError> {
        let request = serde_json::from_slice(body).map_err(|_| AppError::new("request-invalid"))?;
        (*self.app)
            .as_ref()
            .map_err(AppError::clone)?
            .call(name, request)
    }
}

async fn call(
    State(host): State<Host>,
    InPath(name): InPath<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    // What another site's page can send here without asking never has this type, and never this name of a host.
    if !is_json(&headers) || !from_here(&headers) {
        return answer(StatusCode::FORBIDDEN, "text/plain", "not from here");
    }
    let done = tokio::task::spawn_blocking(move || host.call(&name, &body)).await;
    match done.unwrap_or_else(|_| Err(AppError::new("unexpected"))) {
        Ok(json) => as_json(StatusCode::OK, &json),
        Err(error) => as_json(StatusCode::UNPROCESSABLE_ENTITY, &serde_json::json!(error)),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let named = headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok());
    named.is_some_and(|named| named.starts_with("application/json"))
}

fn from_here(headers: &HeaderMap) -> bool {
    let named = headers.get(header::HOST).and_then(|v| v.to_str().ok());
    let name = named.map(|named| named.rsplit_once(':').map_or(named, |(name, _)| name));
    name.is_some_and(|name| {
        let address = name.trim_matches(['[', ']']).parse::<IpAddr>();
        name == "localhost" || address.is_ok_and(|ip| ip.is_loopback())
    })
}

async fn changes(State(host): State<Host>) -> Response {
    let topics = std::mem::take(&mut *lock(&host.changed));
    as_json(StatusCode::OK, &serde_json::json!(topics))
}

async fn file(State(host): State<Host>, address: Uri) -> Response {
    let asked = Path::new(address.path().trim_start_matches('/'));
    let below = asked
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    let path = if asked.as_os_str().is_empty() {
        host.screen.join("index.html")
    } else {
        host.screen.join(asked)
    };
    match tokio::task::spawn_blocking(move || (std::fs::read(&path), path)).await {
        Ok((Ok(bytes), path)) if below => answer(StatusCode::OK, type_of(&path), bytes),
        _ => answer(StatusCode::NOT_FOUND, "text/plain", "not found"),
    }
}

fn type_of(path: &Path) -> &'static str {
    match path.extension().and_then(|end| end.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}

fn as_json(status: StatusCode, json: &Json) -> Response {
    answer(status, "application/json", json.to_string())
}

fn answer(status: StatusCode, content: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static(content),
    );
    response
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
