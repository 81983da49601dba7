//! One window for one data folder. The first copy holds `window.lock` and listens on the loopback address; its port and a
//! token stand in `window.port`. A second copy says the token, the first comes to the front, and the second leaves.
//!
//! The lock is the truth and the port only a courtesy: the operating system lets go of a lock however its holder died.

use std::fs::{self, File, TryLockError};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::platform;

const LOCK: &str = "window.lock";
const PORT: &str = "window.port";
/// Hexadecimal digits of a token.
const TOKEN: usize = 32;
const HEARD: &[u8] = b"heard\n";
/// A copy that starts holds its lock a moment before its port is written, one that leaves a moment after it stopped
/// listening: 50 tries, 100 ms apart.
const TRIES: usize = 50;
const BETWEEN_TRIES: Duration = Duration::from_millis(100);
/// Nobody who connects may keep the listener waiting longer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Which copy of the app this is on its folder.
pub enum Copy {
    /// No other copy is open here; the folder stays claimed while the value lives.
    First(First),
    /// Another copy is open here; the error says why it could not be told to come to the front.
    Second(io::Result<()>),
}

/// The claim of the first copy.
pub struct First {
    lock: File,
    port_file: PathBuf,
}

/// Claims `home` for this copy, or brings the copy that holds it to the front.
///
/// # Errors
/// When the folder cannot be made or written.
pub fn claim(home: &Path) -> io::Result<Copy> {
    fs::create_dir_all(home)?;
    let lock = platform::private_file(&home.join(LOCK))?;
    let port_file = home.join(PORT);
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for _ in 0..TRIES {
        match lock.try_lock() {
            Ok(()) => return first(lock, port_file).map(Copy::First),
            Err(TryLockError::Error(error)) => return Err(error),
            // Its holder may be just starting, or just leaving: then the next try finds its port, or the lock free.
            Err(TryLockError::WouldBlock) => match say_token(&port_file) {
                Ok(()) => return Ok(Copy::Second(Ok(()))),
                Err(error) => last = error,
            },
        }
        thread::sleep(BETWEEN_TRIES);
    }
    Ok(Copy::Second(Err(last)))
}

fn first(lock: File, port_file: PathBuf) -> io::Result<First> {
    // What a copy that was killed left behind would send a second one to a stranger's port.
    match fs::remove_file(&port_file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(First { lock, port_file }),
    }
}

impl First {
    /// Runs `come_to_front` for each further copy that is started, from a thread of its own, as long as the app lives.
    pub fn listen(self, come_to_front: impl Fn() + Send + 'static) {
        let started = self.announce();
        thread::spawn(move || {
            // Held to the end: while this thread lives the folder is claimed.
            let _lock = self.lock;
            match started {
                Ok((listener, token)) => {
                    for caller in listener.incoming().flatten() {
                        if knows_token(caller, &token).unwrap_or(false) {
                            come_to_front();
                        }
                    }
                }
                // The folder is still locked: a second copy then says that it cannot reach this one.
                Err(error) => {
                    tracing::warn!(kind = ?error.kind(), "no loopback port: a second copy cannot call this window");
                    thread::park();
                }
            }
        });
    }

    fn announce(&self) -> io::Result<(TcpListener, String)> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let token = new_token();
        platform::private_file(&self.port_file)?
            .write_all(format!("{port} {token}\n").as_bytes())?;
        Ok((listener, token))
    }
}

fn knows_token(mut caller: TcpStream, token: &str) -> io::Result<bool> {
    caller.set_read_timeout(Some(PATIENCE))?;
    let mut said = [0; TOKEN];
    caller.read_exact(&mut said)?;
    if said != token.as_bytes() {
        return Ok(false);
    }
    caller.write_all(HEARD)?;
    Ok(true)
}

fn say_token(port_file: &Path) -> io::Result<()> {
    let written = fs::read_to_string(port_file)?;
    let unreadable = || io::Error::from(io::ErrorKind::InvalidData);
    let (port, token) = written.trim_end().split_once(' ').ok_or_else(unreadable)?;
    let port: u16 = port.parse().map_err(|_| unreadable())?;
    let mut first = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    first.set_read_timeout(Some(PATIENCE))?;
    first.write_all(token.as_bytes())?;
    let mut answer = [0; HEARD.len()];
    first.read_exact(&mut answer)?;
    if answer == HEARD {
        Ok(())
    } else {
        Err(unreadable())
    }
}

/// 128 bits that another account of the machine cannot guess. Rust seeds each `RandomState` from the operating system; that is
/// enough to keep a stranger from raising a window, which is all the token guards.
fn new_token() -> String {
    let half = || RandomState::new().hash_one("window");
    format!("{:016x}{:016x}", half(), half())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    fn home(name: &str) -> PathBuf {
        let home =
            std::env::temp_dir().join(format!("nyetaa-single-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&home);
        home
    }

    fn first_of(home: &Path) -> First {
        match claim(home).expect("the folder can be claimed") {
            Copy::First(first) => first,
            Copy::Second(_) => panic!("nobody else holds this folder"),
        }
    }

    #[test]
    fn second_copy_brings_the_first_to_the_front() {
        let home = home("second");
        let (sender, raised) = mpsc::channel();
        first_of(&home).listen(move || sender.send(()).expect("the test listens"));
        assert!(
            matches!(claim(&home), Ok(Copy::Second(Ok(())))),
            "the first copy answered"
        );
        raised
            .recv_timeout(Duration::from_secs(10))
            .expect("the first copy came to the front");
    }

    #[test]
    fn wrong_token_raises_nothing() {
        let home = home("token");
        let (sender, raised) = mpsc::channel();
        first_of(&home).listen(move || sender.send(()).expect("the test listens"));
        let written = fs::read_to_string(home.join(PORT)).expect("the port is announced");
        let port = written
            .split(' ')
            .next()
            .and_then(|port| port.parse::<u16>().ok())
            .expect("a port");
        let mut stranger =
            TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("the listener is there");
        stranger
            .write_all(&[b'0'; TOKEN])
            .expect("the token is sent");
        let mut answer = Vec::new();
        let _ = stranger.read_to_end(&mut answer);
        assert!(answer.is_empty(), "a stranger gets no answer");
        assert!(
            raised.try_recv().is_err(),
            "and the window stays where it is"
        );
    }

    #[test]
    fn what_a_killed_copy_left_is_no_obstacle() {
        let home = home("killed");
        fs::create_dir_all(&home).expect("a folder");
        fs::write(home.join(LOCK), "").expect("a stale lock file");
        fs::write(home.join(PORT), "1 0123\n").expect("a stale port");
        let _first = first_of(&home);
        assert!(!home.join(PORT).exists(), "the stale port is gone");
    }

    #[test]
    fn copy_that_is_just_leaving_lets_the_next_one_in() {
        let home = home("leaving");
        let leaving = first_of(&home);
        thread::spawn(move || {
            thread::sleep(BETWEEN_TRIES * 2);
            drop(leaving);
        });
        assert!(
            matches!(claim(&home), Ok(Copy::First(_))),
            "the folder is free again"
        );
    }

    #[test]
    fn folder_that_cannot_be_made_is_an_error() {
        let home = home("file");
        fs::write(&home, "a file where the folder should be").expect("a file");
        assert!(claim(&home).is_err());
    }
}
