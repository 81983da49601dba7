//! The server on a socket. [`ROUTES`] lists what it answers, and to whom.
//!
//! Bodies are CBOR both ways. A request that fails as a whole gets a [`Failure`](sync::wire::Failure) with an
//! HTTP status that fits; nothing about a person or a code is ever logged.

use std::future::{Future, poll_fn};
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::body::{Frame, SizeHint};
use tokio::net::TcpListener;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout};

use crate::admission::{Admission, ComeBack};
use crate::error::{Error, Refusal, Result};
use crate::listen::{Patience, Peer, listen};
use crate::server::Server;
use crate::tls::Tls;

/// The largest body taken, in bytes.
pub const BODY_BYTES: usize = 8 << 20;
/// The largest enrolment: a code, a key and two names.
const ENROL_BYTES: usize = 16 << 10;
/// Bytes of bodies held at once, all connections together, in [`UNIT`]s.
const BODIES: usize = (256 << 20) / UNIT;
const UNIT: usize = 1 << 10;
/// For how many bytes a body may take a second longer.
const BODY_RATE: u64 = 512;
/// A body that is larger is not read when the server is full; smaller ones are on their way already.
const SMALL: usize = 64 << 10;
/// How often sums follow what has changed.
const SUM_EVERY: Duration = Duration::from_secs(15);
/// Pieces of work at once. Few, because they meet at the database.
const WORKERS: usize = 4;
/// Passphrases stretched at once: each takes 64 MiB and a core.
const STRETCHERS: usize = 2;

/// What a route works with.
#[derive(Clone)]
pub struct Desk {
    server: Server,
    bodies: Arc<Semaphore>,
    admission: Arc<Admission>,
    stretching: Arc<Admission>,
    patience: Patience,
}

impl Server {
    /// The routes, ready for a socket of any kind.
    fn router(&self, patience: Patience) -> Router {
        let desk = Desk {
            server: self.clone(),
            bodies: Arc::new(Semaphore::new(BODIES)),
            admission: Arc::new(Admission::new(WORKERS)),
            stretching: Arc::new(Admission::new(STRETCHERS)),
            patience,
        };
        ROUTES
            .iter()
            .fold(Router::new(), |router, route| {
                router.route(route.path, (route.serve)())
            })
            .with_state(desk)
    }
}

/// Who may call a route, shown in the request itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// Anyone. The answer says nothing of anyone.
    Anyone,
    /// Whoever has the code of an invitation.
    Invited,
    /// A laptop that shows a grant of this server's, made out to the key that signs.
    Granted,
    /// A laptop that is enrolled and believed, by its signature.
    Enrolled,
    /// The same, or one no longer believed: what it brings is kept aside, and nothing goes down to it.
    EnrolledOnce,
    /// A person who shows their passphrase, or the code that they were given for the first time.
    Known,
    /// A person who came in, by what they were given then. What they may do is asked at the place that it is about.
    Inside,
}

/// A route: the router is made of these, so none is without a word on who may call it.
pub struct Route {
    /// The path, with the method before it.
    pub name: &'static str,
    /// Who may call it.
    pub caller: Caller,
    path: &'static str,
    serve: fn() -> MethodRouter<Desk>,
}

/// Every route.
pub const ROUTES: &[Route] = &[
    Route {
        name: "POST /v1/enrol",
        caller: Caller::Invited,
        path: "/v1/enrol",
        serve: || post(enrol),
    },
    Route {
        name: "POST /v1/sync",
        caller: Caller::EnrolledOnce,
        path: "/v1/sync",
        serve: || post(sync),
    },
    Route {
        name: "POST /v1/mint",
        caller: Caller::Enrolled,
        path: "/v1/mint",
        serve: || post(mint),
    },
    Route {
        name: "POST /v1/return",
        caller: Caller::Granted,
        path: "/v1/return",
        serve: || post(take_back),
    },
    Route {
        name: "GET /v1/snapshot/{hash}",
        caller: Caller::Enrolled,
        path: "/v1/snapshot/{hash}",
        serve: || get(snapshot),
    },
    Route {
        name: "POST /v1/login",
        caller: Caller::Known,
        path: "/v1/login",
        serve: || post(log_in),
    },
    Route {
        name: "POST /v1/administration",
        caller: Caller::Inside,
        path: "/v1/administration",
        serve: || post(administrate),
    },
    Route {
        name: "GET /healthz",
        caller: Caller::Anyone,
        path: "/healthz",
        serve: || get(health),
    },
];

/// Serves on `listener` in clear until `shutdown` comes; requests under way may finish.
pub async fn serve(
    server: Server,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    serve_with(server, listener, None, shutdown).await
}

/// Serves on `listener`, by TLS when there is a certificate.
pub async fn serve_with(
    server: Server,
    listener: TcpListener,
    tls: Option<Tls>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    serve_within(server, listener, tls, Patience::default(), shutdown).await
}

/// Serves on `listener` and waits no longer than `patience` for whoever is slow.
pub async fn serve_within(
    server: Server,
    listener: TcpListener,
    tls: Option<Tls>,
    patience: Patience,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let summing = tokio::spawn(sum_up(server.clone()));
    let app = server.router(patience);
    let served = listen(listener, tls, patience, app, turned_away, shutdown).await;
    summing.abort();
    served
}

/// Sums up every now and then, beside everything else.
async fn sum_up(server: Server) {
    loop {
        sleep(SUM_EVERY).await;
        let server = server.clone();
        match tokio::task::spawn_blocking(move || server.sum_up()).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::error!(%error, "sums could not be written"),
            Err(_) => tracing::error!("summing up broke off"),
        }
    }
}

fn turned_away() -> Response {
    // Spread over a minute: the source holds as many connections as it may.
    fail(Refusal::Busy, Some(ComeBack(2 + draw() % 58)))
}

/// A random number; when the system has none, everybody comes back at once, which is no harm either.
fn draw() -> u64 {
    let mut bytes = [0; 8];
    let _ = getrandom::fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

async fn health(State(desk): State<Desk>) -> (StatusCode, &'static str) {
    let well = tokio::task::spawn_blocking(move || desk.server.is_well()).await;
    if well.unwrap_or(false) {
        (StatusCode::OK, "ok\n")
    } else {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            "the database does not answer\n",
        )
    }
}

fn source_of(request: &Request) -> Option<IpAddr> {
    let peer = request.extensions().get::<ConnectInfo<Peer>>();
    peer.map(|ConnectInfo(Peer(address))| address.ip())
}

async fn enrol(State(desk): State<Desk>, request: Request) -> Response {
    let source = source_of(&request);
    answer(&desk, request, ENROL_BYTES, move |server, body| {
        server.enrol(&body, source)
    })
    .await
}

/// Passphrases have turns of their own: whoever tries them by the dozen keeps no laptop waiting.
async fn log_in(State(mut desk): State<Desk>, request: Request) -> Response {
    let source = source_of(&request);
    desk.admission = Arc::clone(&desk.stretching);
    answer(&desk, request, ENROL_BYTES, move |server, body| {
        server.log_in(&body, source)
    })
    .await
}

async fn administrate(State(desk): State<Desk>, request: Request) -> Response {
    answer(&desk, request, ENROL_BYTES, |server, body| {
        server.administrate(&body)
    })
    .await
}

async fn mint(State(desk): State<Desk>, request: Request) -> Response {
    answer(&desk, request, ENROL_BYTES, |server, body| {
        server.mint(&body)
    })
    .await
}

async fn take_back(State(desk): State<Desk>, request: Request) -> Response {
    answer(&desk, request, BODY_BYTES, |server, body| {
        server.take_back(&body)
    })
    .await
}

async fn sync(State(desk): State<Desk>, request: Request) -> Response {
    answer(&desk, request, BODY_BYTES, |server, body| {
        server.sync(&body)
    })
    .await
}

/// Where one who asks for a snapshot shows who it is: a signed statement in base64.
const WHO: &str = "x-nyetaa";

async fn snapshot(
    State(desk): State<Desk>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    let got = async {
        let hash = hash_of(&name).ok_or(Refusal::SnapshotUnknown)?;
        let who = headers.get(WHO).ok_or(Refusal::Malformed)?;
        let who = STANDARD
            .decode(who.as_bytes())
            .map_err(|_| Refusal::Malformed)?;
        let bytes = at_work(&desk, None, move |server| server.snapshot(&hash, &who)).await?;
        let units = u32::try_from(bytes.len().div_ceil(UNIT)).unwrap_or(u32::MAX);
        let room = Arc::clone(&desk.bodies)
            .try_acquire_many_owned(units)
            .map_err(|_| Refusal::Busy)?;
        Ok((bytes, room))
    };
    match got.await {
        Ok((bytes, room)) => ranged(&headers, bytes, room),
        Err(error) => failed(&desk, error),
    }
}

fn hash_of(name: &str) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    if name.len() != 64 || !name.is_ascii() {
        return None;
    }
    for (i, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&name[2 * i..2 * i + 2], 16).ok()?;
    }
    Some(hash)
}

/// The whole, or from a byte on when the client has the first part already; up to another one when it asks for a
/// piece, so that little is lost when a slow line breaks.
fn ranged(headers: &HeaderMap, mut bytes: Vec<u8>, room: OwnedSemaphorePermit) -> Response {
    let length = bytes.len();
    let asked = headers
        .get(header::RANGE)
        .and_then(|range| range.to_str().ok()?.strip_prefix("bytes=")?.split_once('-'));
    let from = asked.and_then(|(from, _)| from.parse::<usize>().ok());
    let last = asked
        .and_then(|(_, last)| last.parse::<usize>().ok())
        .filter(|last| from.is_some_and(|from| from <= *last))
        .map_or(length.saturating_sub(1), |last| {
            last.min(length.saturating_sub(1))
        });
    let (status, range) = match from {
        None => (StatusCode::OK, None),
        Some(from) if from < length => {
            bytes.truncate(last + 1);
            bytes.drain(..from);
            let range = format!("bytes {from}-{last}/{length}");
            (StatusCode::PARTIAL_CONTENT, Some(range))
        }
        Some(_) => {
            bytes.clear();
            let range = format!("bytes */{length}");
            (StatusCode::RANGE_NOT_SATISFIABLE, Some(range))
        }
    };
    let mut response = Response::new(Body::new(Held { bytes, at: 0, room }));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        header::ACCEPT_RANGES,
        header::HeaderValue::from_static("bytes"),
    );
    if let Some(range) = range.and_then(|range| header::HeaderValue::try_from(range).ok()) {
        headers.insert(header::CONTENT_RANGE, range);
    }
    response
}

/// A body that goes out in pieces, with the permit for the memory it takes.
struct Held {
    bytes: Vec<u8>,
    at: usize,
    #[allow(dead_code, reason = "it is given back when the body has gone out")]
    room: OwnedSemaphorePermit,
}

/// One piece of a body.
const PIECE: usize = 64 << 10;

impl HttpBody for Held {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<std::result::Result<Frame<Bytes>, Self::Error>>> {
        let end = self.bytes.len().min(self.at + PIECE);
        let piece = Bytes::copy_from_slice(&self.bytes[self.at..end]);
        self.at = end;
        Poll::Ready((!piece.is_empty()).then(|| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.at == self.bytes.len()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(u64::try_from(self.bytes.len() - self.at).unwrap_or(u64::MAX))
    }
}

/// Reads the body within its bounds and lets `work` answer it off the threads that serve the network.
async fn answer(
    desk: &Desk,
    request: Request,
    most: usize,
    work: impl FnOnce(Server, Vec<u8>) -> Result<Vec<u8>> + Send + 'static,
) -> Response {
    let answered = async {
        let declared = request
            .headers()
            .get(header::CONTENT_LENGTH)
            .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        if declared.is_some_and(|length| length > most) {
            return Err(Refusal::TooLarge.into());
        }
        if declared.is_some_and(|length| length > SMALL) && desk.admission.is_full() {
            return Err(Refusal::Busy.into());
        }
        let (body, room) = read(request.into_body(), most, desk).await?;
        at_work(desk, room, move |server| work(server, body)).await
    };
    match answered.await {
        Ok(bytes) => respond(StatusCode::OK, bytes),
        Err(error) => failed(desk, error),
    }
}

/// Does a piece of work when its turn has come. It keeps its turn and its room until it is done: whoever sends much and
/// leaves at once must not make more of it begin.
async fn at_work<T: Send + 'static>(
    desk: &Desk,
    room: Option<OwnedSemaphorePermit>,
    work: impl FnOnce(Server) -> Result<T> + Send + 'static,
) -> Result<T> {
    let turn = desk.admission.turn().await.ok_or(Refusal::Busy)?;
    let server = desk.server.clone();
    let done = tokio::task::spawn_blocking(move || {
        let done = work(server);
        drop((room, turn));
        done
    });
    done.await.map_err(|_| Error::Interrupted)?
}

fn failed(desk: &Desk, error: Error) -> Response {
    match error {
        Error::Refused(refusal) => {
            tracing::info!(code = refusal.code(), "refused");
            let busy = refusal == Refusal::Busy;
            fail(refusal, busy.then(|| desk.admission.come_back(draw())))
        }
        error => {
            tracing::error!(%error, "a request failed");
            fail(Refusal::Server, None)
        }
    }
}

/// Reads a body as it comes, with the permits for the memory it takes. Only bytes that have arrived are
/// counted, so that declaring much and sending nothing keeps nobody out.
async fn read(
    mut body: Body,
    most: usize,
    desk: &Desk,
) -> Result<(Vec<u8>, Option<OwnedSemaphorePermit>)> {
    let mut bytes = Vec::new();
    let mut permit: Option<OwnedSemaphorePermit> = None;
    let began = Instant::now();
    loop {
        let allowed = u64::try_from(bytes.len()).unwrap_or(u64::MAX) / BODY_RATE;
        if began.elapsed() > desk.patience.body + Duration::from_secs(allowed) {
            return Err(Refusal::Cut.into());
        }
        let frame = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx));
        let frame = match timeout(desk.patience.still, frame).await {
            Ok(Some(Ok(frame))) => frame,
            Ok(None) => return Ok((bytes, permit)),
            Ok(Some(Err(_))) | Err(_) => return Err(Refusal::Cut.into()),
        };
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if bytes.len() + data.len() > most {
            return Err(Refusal::TooLarge.into());
        }
        bytes.extend_from_slice(&data);
        let held = permit.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let more = u32::try_from(bytes.len().div_ceil(UNIT) - held).unwrap_or(u32::MAX);
        if more > 0 {
            // Never waiting: bodies that wait for each other's room would stand still together.
            let grown = Arc::clone(&desk.bodies)
                .try_acquire_many_owned(more)
                .map_err(|_| Refusal::Busy)?;
            match &mut permit {
                Some(permit) => permit.merge(grown),
                none => *none = Some(grown),
            }
        }
    }
}

fn fail(refusal: Refusal, come_back: Option<ComeBack>) -> Response {
    let status = match refusal {
        Refusal::Malformed => StatusCode::BAD_REQUEST,
        Refusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Refusal::Cut => StatusCode::REQUEST_TIMEOUT,
        Refusal::BadSignature
        | Refusal::ReplicaUnknown
        | Refusal::LoginWrong
        | Refusal::LoginEnded => StatusCode::UNAUTHORIZED,
        Refusal::SnapshotUnknown | Refusal::PlaceUnclear | Refusal::NotOne => StatusCode::NOT_FOUND,
        Refusal::PassphraseNeeded | Refusal::PassphraseWeak | Refusal::NotReleased => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Refusal::Revoked
        | Refusal::NotAllowed
        | Refusal::InvitationUnknown
        | Refusal::InvitationExpired
        | Refusal::InvitationUsed
        | Refusal::IssuerRevoked
        | Refusal::IssuesUsed => StatusCode::FORBIDDEN,
        Refusal::TooManyAttempts => StatusCode::TOO_MANY_REQUESTS,
        Refusal::Busy => StatusCode::SERVICE_UNAVAILABLE,
        Refusal::Server => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let mut response = respond(status, refusal.failure().to_bytes().unwrap_or_default());
    if let Some(ComeBack(seconds)) = come_back {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
    }
    response
}

/// An answer without a header that it can do without: each byte is paid for.
fn respond(status: StatusCode, bytes: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn work_that_nobody_waits_for_any_more_keeps_its_turn_and_its_room() {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk {
            server: Server::open(folder.path()).unwrap(),
            bodies: Arc::new(Semaphore::new(4)),
            admission: Arc::new(Admission::new(1)),
            stretching: Arc::new(Admission::new(1)),
            patience: Patience::default(),
        };
        let room = Arc::clone(&desk.bodies).try_acquire_many_owned(3).ok();
        let (begun, has_begun) = oneshot::channel();
        let (end, may_end) = std::sync::mpsc::channel::<()>();
        let waits = tokio::spawn({
            let desk = desk.clone();
            async move {
                let work = move |_| {
                    begun.send(()).unwrap();
                    may_end.recv().unwrap();
                    Ok(())
                };
                at_work(&desk, room, work).await
            }
        });
        has_begun.await.unwrap();
        waits.abort();
        assert!(waits.await.unwrap_err().is_cancelled());
        assert_eq!(
            (desk.admission.free(), desk.bodies.available_permits()),
            (0, 1)
        );
        end.send(()).unwrap();
        at_work(&desk, None, |_| Ok(())).await.unwrap();
        assert_eq!(desk.bodies.available_permits(), 4);
    }

    #[tokio::test]
    async fn whoever_comes_in_while_others_do_is_told_to_come_back_and_laptops_do_not_wait() {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk {
            server: Server::open(folder.path()).unwrap(),
            bodies: Arc::new(Semaphore::new(BODIES)),
            admission: Arc::new(Admission::new(1)),
            stretching: Arc::new(Admission::new(1)),
            patience: Patience::default(),
        };
        let turn = desk.stretching.turn().await.unwrap();
        let answer = log_in(State(desk.clone()), Request::new(Body::empty())).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.headers().contains_key(header::RETRY_AFTER));
        assert_eq!((desk.admission.free(), desk.stretching.free()), (1, 0));
        drop(turn);
        let answer = log_in(State(desk.clone()), Request::new(Body::empty())).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    }
}
