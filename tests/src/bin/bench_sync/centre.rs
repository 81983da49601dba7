//! The server as a process of its own, and what the system says it used.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::Outcome;

/// A running `nyetaa-server`.
pub struct Centre {
    child: Child,
    address: SocketAddr,
    /// What each of its commands is told about where its data lies.
    place: Vec<String>,
}

impl Centre {
    /// Starts it on a folder, and on a database elsewhere when one is named.
    pub fn start(folder: &Path, database: Option<&str>) -> Outcome<Self> {
        let mut place = vec!["--data".to_owned(), folder.display().to_string()];
        place.extend(
            database
                .iter()
                .flat_map(|url| ["--database".to_owned(), (*url).to_owned()]),
        );
        let mut child = Command::new(program()?)
            .arg("serve")
            .args(&place)
            .args(["--listen", "127.0.0.1:0"])
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()?;
        let output = child.stdout.take().ok_or("the server has no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let address = line.trim().rsplit('/').next().unwrap_or_default().parse()?;
        Ok(Self {
            child,
            address,
            place,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The code of a new invitation.
    pub fn invite(&self, words: &[&str]) -> Outcome<String> {
        self.command("invite", words)
    }

    /// One of the operator's commands, and what it printed.
    pub fn command(&self, name: &str, words: &[&str]) -> Outcome<String> {
        let ran = Command::new(program()?)
            .arg(name)
            .args(&self.place)
            .args(words)
            .env("RUST_LOG", "warn")
            .output()?;
        if !ran.status.success() {
            return Err(format!("{name}: {}", String::from_utf8_lossy(&ran.stderr)).into());
        }
        Ok(String::from_utf8(ran.stdout)?.trim().to_owned())
    }

    /// Processor seconds of its threads so far.
    pub fn cpu(&self) -> Outcome<f64> {
        // What a thread did just before is booked when it goes to sleep.
        std::thread::sleep(Duration::from_millis(5));
        let mut nanoseconds = 0_u64;
        for task in fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            // A thread may end between the two.
            let line = fs::read_to_string(task?.path().join("schedstat")).unwrap_or_default();
            nanoseconds += line
                .split(' ')
                .next()
                .and_then(|first| first.parse::<u64>().ok())
                .unwrap_or(0);
        }
        Ok(nanoseconds as f64 / 1e9)
    }

    /// The most memory it ever had, in bytes.
    pub fn peak_memory(&self) -> Outcome<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line
            .and_then(|line| line.split_whitespace().next())
            .and_then(|number| number.parse::<u64>().ok());
        Ok(kilobytes.ok_or("the system does not say")? << 10)
    }
}

impl Drop for Centre {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The server's program, which is built into the same folder as this one.
fn program() -> Outcome<PathBuf> {
    let path = std::env::current_exe()?.with_file_name("nyetaa-server");
    if path.is_file() {
        return Ok(path);
    }
    Err(format!(
        "{} is missing: build it with `cargo build --release -p server`",
        path.display()
    )
    .into())
}
