//! A listening socket that nobody can hold for ever: connections that stand still are closed, none lives
//! longer than a large upload over a bad line, and there are only so many at once.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep_until};

/// How long nothing may move on a connection: header, body, answer, or the pause between two requests.
const STILL: Duration = Duration::from_secs(60);
/// How long a connection may live: 8 MiB at 64 kbit/s take 18 minutes.
const LIFETIME: Duration = Duration::from_secs(40 * 60);
/// Connections at once; more wait in the system's queue.
const CONNECTIONS: usize = 512;

/// A listening socket with bounds.
pub struct Patient {
    listener: TcpListener,
    room: Arc<Semaphore>,
}

impl Patient {
    /// Bounds `listener`.
    pub fn new(listener: TcpListener) -> Self {
        Self {
            listener,
            room: Arc::new(Semaphore::new(CONNECTIONS)),
        }
    }
}

impl Listener for Patient {
    type Io = Bounded;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Bounded, SocketAddr) {
        loop {
            // The semaphore is never closed, so a permit always comes in the end.
            let Ok(permit) = Arc::clone(&self.room).acquire_owned().await else {
                continue;
            };
            match self.listener.accept().await {
                Ok((stream, peer)) => return (Bounded::new(stream, permit), peer),
                Err(error) => {
                    // Out of file handles, mostly: better to wait than to spin.
                    tracing::warn!(%error, "no connection could be accepted");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// Where a request came from.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

impl Connected<IncomingStream<'_, Patient>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Patient>) -> Self {
        Self(*stream.remote_addr())
    }
}

/// A connection that fails when nothing moves on it for [`STILL`], and after [`LIFETIME`].
pub struct Bounded {
    stream: TcpStream,
    still: Pin<Box<Sleep>>,
    ends: Instant,
    _room: OwnedSemaphorePermit,
}

impl Bounded {
    fn new(stream: TcpStream, room: OwnedSemaphorePermit) -> Self {
        let now = Instant::now();
        let still = Box::pin(sleep_until(now + STILL));
        Self {
            stream,
            still,
            ends: now + LIFETIME,
            _room: room,
        }
    }

    /// Passes on what a read or write said; something that moved winds the clock up again.
    fn moved<T>(&mut self, cx: &mut Context<'_>, done: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if done.is_ready() {
            let next = (Instant::now() + STILL).min(self.ends);
            self.still.as_mut().reset(next);
            return done;
        }
        ready!(self.still.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Bounded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.stream).poll_read(cx, buf);
        self.moved(cx, done)
    }
}

impl AsyncWrite for Bounded {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.moved(cx, done)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.stream).poll_flush(cx);
        self.moved(cx, done)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
