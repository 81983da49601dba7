//! A listening socket that nobody can hold for ever: connections that stand still are closed, none lives
//! longer than a large upload over a bad line, there are only so many at once, and one source cannot have
//! them all.

use std::collections::HashMap;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, Sleep, sleep, sleep_until, timeout};
use tokio_rustls::{Accept, TlsAcceptor, server::TlsStream};

use crate::error::Result;
use crate::tls::Tls;

/// How long a connection may live: 8 MiB at 64 kbit/s take 18 minutes.
const LIFETIME: Duration = Duration::from_secs(40 * 60);
/// Connections at once, as far as the process may open files; more wait in the system's queue.
const CONNECTIONS: (usize, usize) = (256, 4_096);
/// Files that are kept for the database.
const FILES: usize = 256;
/// How long open connections may finish after the server was told to stop.
const LAST_ORDERS: Duration = Duration::from_secs(10);

/// How long whoever is slow is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// How long the head of a request may take, and the pause before it.
    pub head: Duration,
    /// How long nothing may move on a connection: body, answer, or the greeting of TLS.
    pub still: Duration,
    /// How long a body may take in all; a large one a little longer.
    pub body: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            still: Duration::from_secs(20),
            body: Duration::from_secs(60),
        }
    }
}

/// Where a request came from.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// Answers the requests of `listener` by `app` until `shutdown` comes; those under way may finish. `busy`
/// answers those that come from a source with more connections than its share.
pub(crate) async fn listen(
    listener: TcpListener,
    tls: Option<Tls>,
    patience: Patience,
    app: Router,
    busy: fn() -> Response,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<()> {
    let (told, tell) = watch::channel(false);
    let acceptor = tls.as_ref().map(Tls::acceptor);
    let room = Room::new(connections());
    let mut open = JoinSet::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        while open.try_join_next().is_some() {}
        let (stream, peer, seat) = tokio::select! {
            () = &mut shutdown => break,
            accepted = accept(&listener, &room) => accepted,
        };
        let Some(seat) = seat else {
            // Even the places of those who are told to come back are taken.
            continue;
        };
        let line = Bounded::new(stream, acceptor.as_ref(), patience.still);
        let answers = (app.clone(), busy);
        open.spawn(converse(
            line,
            peer,
            seat,
            patience.head,
            answers,
            tell.clone(),
        ));
    }
    tracing::info!("stopping");
    drop(listener);
    told.send_replace(true);
    let finished = timeout(LAST_ORDERS, async {
        while open.join_next().await.is_some() {}
    });
    if finished.await.is_err() {
        tracing::warn!("connections were cut that did not end by themselves");
        open.shutdown().await;
    }
    Ok(())
}

async fn accept(listener: &TcpListener, room: &Room) -> (TcpStream, SocketAddr, Option<Seat>) {
    loop {
        // The semaphore is never closed, so a permit always comes in the end.
        let Ok(permit) = Arc::clone(&room.all).acquire_owned().await else {
            continue;
        };
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Small answers go at once; one that fails is a connection that is gone already.
                let _ = stream.set_nodelay(true);
                return (stream, peer, room.seat(permit, peer.ip()));
            }
            Err(error) => {
                // Out of file handles, mostly: better to wait than to spin.
                tracing::warn!(%error, "no connection could be accepted");
                sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

async fn converse(
    line: Bounded,
    peer: SocketAddr,
    seat: Seat,
    head: Duration,
    (app, busy): (Router, fn() -> Response),
    mut tell: watch::Receiver<bool>,
) {
    let app = TowerToHyperService::new(app);
    let served = seat.served;
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let app = app.clone();
        async move {
            if !served {
                return Ok(busy());
            }
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(Peer(peer)));
            app.call(request).await
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        // The answer carries the server's time where it counts, and each byte is paid for on the way.
        .auto_date_header(false)
        .keep_alive(served)
        .serve_connection(TokioIo::new(line), service);
    let mut connection = std::pin::pin!(connection);
    let stopping = async {
        let _ = tell.wait_for(|told| *told).await;
    };
    // A line that broke is no news.
    tokio::select! {
        _ = connection.as_mut() => {}
        () = stopping => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
    drop(seat);
}

/// How many connections this process may have open.
fn connections() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let files = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))
        .and_then(|rest| rest.split_whitespace().next()?.parse::<usize>().ok());
    files
        .unwrap_or(1_024)
        .saturating_sub(FILES)
        .clamp(CONNECTIONS.0, CONNECTIONS.1)
}

/// The connections there is room for: half of them for one source at most, and an eighth for telling those
/// beyond it to come back.
struct Room {
    all: Arc<Semaphore>,
    turned_away: Arc<Semaphore>,
    share: usize,
    sources: Sources,
}

type Sources = Arc<Mutex<HashMap<IpAddr, usize>>>;

impl Room {
    fn new(connections: usize) -> Self {
        Self {
            all: Arc::new(Semaphore::new(connections)),
            turned_away: Arc::new(Semaphore::new(connections / 8)),
            share: connections / 2,
            sources: Sources::default(),
        }
    }

    fn seat(&self, permit: OwnedSemaphorePermit, source: IpAddr) -> Option<Seat> {
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        let held = sources.entry(source).or_insert(0);
        if *held < self.share {
            *held += 1;
            drop(sources);
            return Some(Seat {
                served: true,
                from: Some((Arc::clone(&self.sources), source)),
                _permits: (permit, None),
            });
        }
        drop(sources);
        let place = Arc::clone(&self.turned_away).try_acquire_owned().ok()?;
        Some(Seat {
            served: false,
            from: None,
            _permits: (permit, Some(place)),
        })
    }
}

/// One connection's place in the room.
struct Seat {
    served: bool,
    from: Option<(Sources, IpAddr)>,
    _permits: (OwnedSemaphorePermit, Option<OwnedSemaphorePermit>),
}

impl Drop for Seat {
    fn drop(&mut self) {
        let Some((sources, source)) = &self.from else {
            return;
        };
        let mut sources = sources.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = sources.get_mut(source) {
            *held -= 1;
            if *held == 0 {
                sources.remove(source);
            }
        }
    }
}

/// What bytes go through.
enum Line {
    Plain(TcpStream),
    /// Still greeting.
    Greeting(Box<Accept<TcpStream>>),
    Secure(Box<TlsStream<TcpStream>>),
    Broken,
}

impl Line {
    /// Goes on greeting, if that is not over.
    fn greeted(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Self::Greeting(accept) = self {
            match ready!(Pin::new(accept.as_mut()).poll(cx)) {
                Ok(stream) => *self = Self::Secure(Box::new(stream)),
                Err(error) => {
                    *self = Self::Broken;
                    return Poll::Ready(Err(error));
                }
            }
        }
        Poll::Ready(Ok(()))
    }
}

/// A connection that fails when nothing moves on it for a while, and after [`LIFETIME`].
struct Bounded {
    line: Line,
    patience: Duration,
    still: Pin<Box<Sleep>>,
    ends: Instant,
}

impl Bounded {
    fn new(stream: TcpStream, tls: Option<&TlsAcceptor>, patience: Duration) -> Self {
        let now = Instant::now();
        Self {
            line: match tls {
                Some(acceptor) => Line::Greeting(Box::new(acceptor.accept(stream))),
                None => Line::Plain(stream),
            },
            patience,
            still: Box::pin(sleep_until(now + patience)),
            ends: now + LIFETIME,
        }
    }

    /// Passes on what a read or write said; something that moved winds the clock up again.
    fn moved<T>(&mut self, cx: &mut Context<'_>, done: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if done.is_ready() {
            let next = (Instant::now() + self.patience).min(self.ends);
            self.still.as_mut().reset(next);
            return done;
        }
        ready!(self.still.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Does `act` on the open line, once it has been greeted.
    fn act<T>(
        &mut self,
        cx: &mut Context<'_>,
        act: impl FnOnce(Pin<&mut dyn Both>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let done = match self.line.greeted(cx) {
            Poll::Ready(Ok(())) => match &mut self.line {
                Line::Plain(stream) => act(Pin::new(stream), cx),
                Line::Secure(stream) => act(Pin::new(stream.as_mut()), cx),
                Line::Greeting(_) | Line::Broken => {
                    Poll::Ready(Err(io::ErrorKind::NotConnected.into()))
                }
            },
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => Poll::Pending,
        };
        self.moved(cx, done)
    }
}

/// What can be read and written.
trait Both: AsyncRead + AsyncWrite + Unpin {}

impl<T: AsyncRead + AsyncWrite + Unpin> Both for T {}

impl AsyncRead for Bounded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.act(cx, |line, cx| line.poll_read(cx, buf))
    }
}

impl AsyncWrite for Bounded {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.act(cx, |line, cx| line.poll_write(cx, buf))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.act(cx, |line, cx| line.poll_flush(cx))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.act(cx, |line, cx| line.poll_shutdown(cx))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_source_cannot_take_all_the_places() {
        let room = Room::new(16);
        let permit = || Arc::clone(&room.all).try_acquire_owned().unwrap();
        let greedy = IpAddr::from([10, 0, 0, 1]);
        let mut seats: Vec<Option<Seat>> = (0..11).map(|_| room.seat(permit(), greedy)).collect();
        let served = |seat: &Option<Seat>| seat.as_ref().map(|seat| seat.served);
        assert!(seats[..8].iter().all(|seat| served(seat) == Some(true)));
        assert!(seats[8..10].iter().all(|seat| served(seat) == Some(false)));
        assert!(seats[10].is_none(), "and beyond that it is simply closed");
        let other = room.seat(permit(), IpAddr::from([10, 0, 0, 2]));
        assert_eq!(served(&other), Some(true));
        seats.remove(0);
        assert_eq!(served(&room.seat(permit(), greedy)), Some(true));
        drop((seats, other));
        assert!(room.sources.lock().unwrap().is_empty());
    }
}
