//! The program `nyetaa-server` in a process of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The server's program, serving; killed when it goes.
pub struct Serving {
    pub child: Child,
    pub address: String,
}

impl Serving {
    pub fn start(data: &Path) -> Self {
        Self::start_at(data, None)
    }

    pub fn start_at(data: &Path, database: Option<&str>) -> Self {
        let mut child = command(database)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line
            .trim()
            .strip_prefix("listening on http://")
            .expect("an address")
            .to_owned();
        Self { child, address }
    }

    pub fn health(&self) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream
            .write_all(b"GET /healthz HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n")
            .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program, told of a database by its environment.
pub fn command(database: Option<&str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nyetaa-server"));
    command.env_remove("NYETAA_DATABASE");
    if let Some(database) = database {
        command.env("NYETAA_DATABASE", database);
    }
    command
}
