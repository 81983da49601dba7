//! A line as in the districts: narrow, far away, and losing a segment now and then. A relay that keeps bytes back until
//! such a line would have brought them.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use simdisk::Chance;

/// How bad the line is.
#[derive(Debug, Clone, Copy)]
pub struct PoorLine {
    /// Bits a second, each way, shared by all connections.
    pub bits: u64,
    /// From here to there and back.
    pub round_trip: Duration,
    /// One segment in so many is lost.
    pub one_lost_in: u64,
    /// What a lost segment, and all behind it, wait until it has been sent again.
    pub stalls: Duration,
}

impl PoorLine {
    /// Second generation, as measured for the other programs: 64 kbit/s, 600 ms, 2 % of the segments stalled by 900 ms.
    pub const SECOND_GENERATION: Self = Self {
        bits: 64_000,
        round_trip: Duration::from_millis(600),
        one_lost_in: 50,
        stalls: Duration::from_millis(900),
    };
}

/// Bytes that travel together.
const SEGMENT: usize = 1_400;

/// A relay over such a line, on a port of its own. It carries for as long as the process lives.
pub struct SlowLine {
    address: SocketAddr,
}

impl SlowLine {
    /// A way to `server` over `line`; which segments are lost follows from `seed`.
    pub fn to(server: SocketAddr, line: PoorLine, seed: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        let ways = [1, 2].map(|way| {
            Arc::new(Mutex::new(Way {
                free: Instant::now(),
                chance: Chance::of(seed ^ way),
            }))
        });
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let [up, down] = ways.clone();
                // The handshake takes a round trip before the first byte can go.
                let opened = Instant::now() + line.round_trip;
                let Ok(server) = TcpStream::connect(server) else {
                    continue;
                };
                let (Ok(from), Ok(to)) = (server.try_clone(), client.try_clone()) else {
                    continue;
                };
                carry(client, server, line, up, opened);
                carry(from, to, line, down, opened);
            }
        });
        Self { address }
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        self.address.to_string()
    }
}

/// One direction of the line.
struct Way {
    /// When the last byte given to it will have left.
    free: Instant,
    chance: Chance,
}

fn carry(
    mut from: TcpStream,
    to: TcpStream,
    line: PoorLine,
    way: Arc<Mutex<Way>>,
    opened: Instant,
) {
    let (sender, receiver) = channel();
    thread::spawn(move || deliver(to, &receiver));
    thread::spawn(move || {
        let mut buffer = [0; SEGMENT];
        let mut last = opened;
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            last = last.max(arrival(line, &way, read, opened));
            if send(&sender, last, &buffer[..read]).is_err() {
                break;
            }
        }
    });
}

/// When a segment given to the line now comes out at its other end.
fn arrival(line: PoorLine, way: &Mutex<Way>, bytes: usize, opened: Instant) -> Instant {
    let mut way = way.lock().unwrap_or_else(PoisonError::into_inner);
    let takes = Duration::from_nanos(bytes as u64 * 8 * 1_000_000_000 / line.bits);
    way.free = way.free.max(Instant::now()).max(opened) + takes;
    let lost = way.chance.one_in(line.one_lost_in);
    way.free + line.round_trip / 2 + if lost { line.stalls } else { Duration::ZERO }
}

type Parcel = (Instant, Vec<u8>);

fn send(sender: &Sender<Parcel>, due: Instant, bytes: &[u8]) -> Result<(), ()> {
    sender.send((due, bytes.to_vec())).map_err(drop)
}

fn deliver(mut to: TcpStream, parcels: &Receiver<Parcel>) {
    for (due, bytes) in parcels {
        thread::sleep(due.saturating_duration_since(Instant::now()));
        if to.write_all(&bytes).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}
