//! The way between a laptop and the server: a TCP relay that carries, refuses or breaks off as told.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// What the network does to connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// Carries everything.
    Fair,
    /// Closes every connection at once.
    Down,
    /// Answers every request itself: too many visitors, to come back after so many seconds.
    Busy(u32),
    /// Breaks off once so many bytes have gone to the server.
    CutUp(u64),
    /// Breaks off once so many bytes have come from the server.
    CutDown(u64),
    /// Breaks off before the last byte of an answer.
    CutLast,
    /// Is gone for good once so many bytes have come from the server, over all connections together.
    EndsDown(u64),
}

/// A relay on a port of its own.
pub struct Network {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    server: SocketAddr,
    weather: Mutex<Option<Weather>>,
    up: AtomicU64,
    down: AtomicU64,
    requests: AtomicU64,
    /// What may still come before [`Weather::EndsDown`] ends.
    left: AtomicU64,
}

impl Network {
    /// A way to `server` in fair weather.
    pub fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        let shared = Arc::new(Shared {
            server,
            weather: Mutex::new(Some(Weather::Fair)),
            up: AtomicU64::new(0),
            down: AtomicU64::new(0),
            requests: AtomicU64::new(0),
            left: AtomicU64::new(0),
        });
        let relay = Arc::clone(&shared);
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let weather = *relay.weather.lock().unwrap();
                match (weather, client) {
                    (None, _) => return,
                    (Some(Weather::Down), _) | (_, Err(_)) => {}
                    (Some(Weather::Busy(seconds)), Ok(client)) => relay.turn_away(client, seconds),
                    (Some(weather), Ok(client)) => relay.carry(client, weather),
                }
            }
        });
        Self { address, shared }
    }

    /// The address that a laptop types.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Changes the weather for the connections to come.
    pub fn turn(&self, weather: Weather) {
        let left = match weather {
            Weather::EndsDown(left) => left,
            _ => u64::MAX,
        };
        self.shared.left.store(left, Ordering::SeqCst);
        *self.shared.weather.lock().unwrap() = Some(weather);
    }

    /// Bytes carried to the server and from it since the last time this was asked.
    pub fn carried(&self) -> (u64, u64) {
        let Shared { up, down, .. } = &*self.shared;
        (up.swap(0, Ordering::SeqCst), down.swap(0, Ordering::SeqCst))
    }

    /// Requests carried to the server since the last time this was asked.
    pub fn requests(&self) -> u64 {
        self.shared.requests.swap(0, Ordering::SeqCst)
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        *self.shared.weather.lock().unwrap() = None;
        // Wakes the relay so that it sees that its day is over.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn carry(self: &Arc<Self>, client: TcpStream, weather: Weather) {
        let Ok(server) = TcpStream::connect(self.server) else {
            return;
        };
        let (most_up, most_down) = match weather {
            Weather::CutUp(most) => (most, u64::MAX),
            Weather::CutDown(most) => (u64::MAX, most),
            Weather::EndsDown(_) => (u64::MAX, self.left.load(Ordering::SeqCst)),
            Weather::Fair | Weather::Down | Weather::Busy(_) | Weather::CutLast => {
                (u64::MAX, u64::MAX)
            }
        };
        let back = (server.try_clone(), client.try_clone());
        let (Ok(from), Ok(to)) = back else { return };
        let up = Arc::clone(self);
        let down = Arc::clone(self);
        std::thread::spawn(move || {
            relay(client, server, most_up, &up.up, Some(&up.requests), |_| {})
        });
        std::thread::spawn(move || {
            let mut from = from;
            let most_down = match weather {
                Weather::CutLast => length(&mut from).saturating_sub(1),
                _ => most_down,
            };
            relay(from, to, most_down, &down.down, None, |bytes| {
                down.came(bytes)
            });
        });
    }

    fn turn_away(&self, mut client: TcpStream, seconds: u32) {
        let mut request = [0; 4096];
        if let Ok(read @ 1..) = client.read(&mut request) {
            self.requests.fetch_add(1, Ordering::SeqCst);
            self.up.fetch_add(read as u64, Ordering::SeqCst);
            let _ = write!(
                client,
                "HTTP/1.1 503 Service Unavailable\r\nretry-after: {seconds}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            );
        }
    }

    /// One connection is over after so many bytes: once they make up all that may come, there is no network any more.
    fn came(&self, bytes: u64) {
        let mut weather = self.weather.lock().unwrap();
        if let Some(Weather::EndsDown(_)) = *weather {
            let left = self.left.load(Ordering::SeqCst).saturating_sub(bytes);
            self.left.store(left, Ordering::SeqCst);
            if left == 0 {
                *weather = Some(Weather::Down);
            }
        }
    }
}

/// How many bytes the answer that comes next has, its header with it.
fn length(from: &mut TcpStream) -> u64 {
    let mut seen = [0; 4096];
    let mut before = 0;
    while let Ok(now @ 1..) = from.peek(&mut seen) {
        let text = String::from_utf8_lossy(&seen[..now]).to_ascii_lowercase();
        if let Some((header, _)) = text.split_once("\r\n\r\n") {
            let told = header.split("content-length:").nth(1);
            let body = told.and_then(|told| told.lines().next()?.trim().parse::<u64>().ok());
            return header.len() as u64 + 4 + body.expect("an answer says how long it is");
        }
        // The rest of the header is under way.
        if before == now {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        before = now;
    }
    u64::MAX
}

/// Carries one direction until it ends or `most` bytes have gone, says how many, and closes both.
fn relay(
    mut from: TcpStream,
    mut to: TcpStream,
    most: u64,
    carried: &AtomicU64,
    requests: Option<&AtomicU64>,
    ended: impl FnOnce(u64),
) {
    let mut left = most;
    let mut buffer = [0; 4096];
    while left > 0 {
        let room = usize::try_from(left)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let Ok(read @ 1..) = from.read(&mut buffer[..room]) else {
            break;
        };
        carried.fetch_add(read as u64, Ordering::SeqCst);
        // A client begins a request only once the last one is answered, so it begins a segment.
        if let Some(requests) = requests
            && [b"POST /".as_slice(), b"GET /"]
                .iter()
                .any(|begins| buffer.starts_with(begins))
        {
            requests.fetch_add(1, Ordering::SeqCst);
        }
        if to.write_all(&buffer[..read]).is_err() {
            break;
        }
        left -= read as u64;
    }
    ended(most - left);
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
