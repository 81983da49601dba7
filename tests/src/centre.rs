//! The real server, on a free port and a data folder of its own.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use domain::role::Role;
use server::{Invite, Server};
use tempfile::TempDir;
use tokio::sync::oneshot;

use crate::time::Time;

/// The sync server of a nation, in one process with the test.
pub struct Centre {
    folder: TempDir,
    time: Time,
    address: SocketAddr,
    running: Option<Running>,
}

struct Running {
    server: Server,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl Centre {
    /// A new one, serving.
    pub fn open(time: &Time) -> Self {
        Self::at(tempfile::tempdir().expect("a folder for the server"), time)
    }

    /// One on a data folder that may be a copy of another's, serving.
    pub fn at(folder: TempDir, time: &Time) -> Self {
        let mut centre = Self {
            folder,
            time: time.clone(),
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            running: None,
        };
        centre.start();
        centre
    }

    /// Serves again on the same data and port.
    pub fn start(&mut self) {
        let now = self.time.clone();
        let server =
            Server::open_with_clock(self.folder.path(), Arc::new(move || now.now())).unwrap();
        let listener = TcpListener::bind(self.address).expect("the port is free again");
        listener.set_nonblocking(true).unwrap();
        self.address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = server.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                let shutdown = async {
                    let _ = stopped.await;
                };
                server::serve(serving, listener, shutdown).await.unwrap();
            });
        });
        self.running = Some(Running {
            server,
            stop,
            thread,
        });
    }

    /// Stops serving; requests under way are answered first.
    pub fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            let _ = running.stop.send(());
            let _ = running.thread.join();
        }
    }

    /// Copies the data folder of a stopped server, as an operator does at night.
    pub fn back_up(&self) -> TempDir {
        assert!(self.running.is_none(), "it is stopped for the copy");
        let copy = tempfile::tempdir().expect("a folder for the copy");
        copy_files(self.folder.path(), copy.path());
        copy
    }

    /// Puts a copy back in the place of everything that a stopped server has; `but` names a file to be left as it is.
    pub fn put_back(&self, copy: &TempDir, but: &str) {
        assert!(self.running.is_none(), "it is stopped for the copy");
        for entry in std::fs::read_dir(self.folder.path()).unwrap() {
            let entry = entry.unwrap();
            if entry.file_name() != but {
                std::fs::remove_file(entry.path()).unwrap();
            }
        }
        let kept = self.folder.path().join(but);
        let content = std::fs::read(&kept).ok();
        copy_files(copy.path(), self.folder.path());
        if let Some(content) = content {
            std::fs::write(kept, content).unwrap();
        }
    }

    /// Where it listens.
    pub fn socket(&self) -> SocketAddr {
        self.address
    }

    /// The address that people type.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Its data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The server itself, to look into.
    pub fn server(&self) -> &Server {
        &self.running.as_ref().expect("serving").server
    }

    /// The code of a new invitation.
    pub fn invite(&self, invite: &Invite) -> String {
        self.server().invite(invite).unwrap()
    }

    /// A code for one laptop of a facility, made if it is new, in a district.
    pub fn invite_facility(&self, facility: &str, district: &str) -> String {
        self.invite(&facility_in(district, facility))
    }

    /// A code for one coach of a district.
    pub fn invite_coach(&self, district: &str) -> String {
        self.invite(&coach_of(district))
    }
}

impl Drop for Centre {
    fn drop(&mut self) {
        self.stop();
    }
}

fn copy_files(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// An invitation for the team of a facility: one laptop, two weeks.
pub fn facility_in(district: &str, facility: &str) -> Invite {
    Invite {
        place: district.to_owned(),
        facility: Some(facility.to_owned()),
        role: Role::Lead,
        uses: 1,
        days: 14,
        also: Vec::new(),
    }
}

/// An invitation for the coach of a district: one laptop, two weeks.
pub fn coach_of(district: &str) -> Invite {
    Invite {
        place: district.to_owned(),
        facility: None,
        role: Role::Coach,
        uses: 1,
        days: 14,
        also: Vec::new(),
    }
}
