//! A PostgreSQL server of the tests' own, started once a test program from the distribution's package.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use postgres::{Client, NoTls};
use tempfile::TempDir;

/// A server on a socket in a folder of its own, gone when this program is, however that ends.
pub struct Cluster {
    folder: TempDir,
    bin: PathBuf,
    named: AtomicU32,
    /// The port that it listens on by TLS, beside its socket.
    pub port: Option<u16>,
    /// A shell that waits for the end of its input, which the system closes with this program.
    _janitor: (Child, ChildStdin),
}

impl Cluster {
    /// The one that the tests of this program share.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// Another one, for a test that is rough with it.
    pub fn start() -> Self {
        Self::set_up(None)
    }

    /// One that also listens on a port of this machine, where it shows the certificate `cert.pem` of a folder, and whose
    /// users come by TLS and with a password.
    pub fn start_by_tls(certificate: &Path) -> Self {
        Self::set_up(Some(certificate))
    }

    fn set_up(certificate: Option<&Path>) -> Self {
        let bin = programs();
        let folder = tempfile::tempdir().unwrap();
        if is_root() {
            // PostgreSQL refuses to run as root.
            let mut chown = Command::new("chown");
            sound(chown.arg("postgres").arg(folder.path()).output());
        }
        let janitor = janitor(&bin, folder.path());
        let port = certificate.map(|_| {
            let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            free.local_addr().unwrap().port()
        });
        let cluster = Self {
            port,
            folder,
            bin,
            named: AtomicU32::new(0),
            _janitor: janitor,
        };
        let data = cluster.data();
        let mut initdb = cluster.program("initdb");
        initdb.arg("-D").arg(&data).args([
            "-A",
            "trust",
            "-U",
            "postgres",
            "--no-sync",
            "-E",
            "UTF8",
            "--locale=C",
        ]);
        sound(initdb.output());
        if let Some(certificate) = certificate {
            cluster.take_certificate(certificate);
        }
        cluster.go();
        cluster
    }

    fn take_certificate(&self, certificate: &Path) {
        for (from, to) in [("cert.pem", "server.crt"), ("key.pem", "server.key")] {
            fs::copy(certificate.join(from), self.data().join(to)).unwrap();
        }
        let access = "local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n";
        fs::write(self.data().join("pg_hba.conf"), access).unwrap();
        fs::write(self.data().join("postgresql.auto.conf"), "ssl = on\n").unwrap();
        let key = self.data().join("server.key");
        sound(Command::new("chmod").arg("600").arg(&key).output());
        if is_root() {
            let mut chown = Command::new("chown");
            sound(chown.args(["-R", "postgres"]).arg(self.data()).output());
        }
    }

    /// Starts the server, after it was killed too.
    pub fn go(&self) {
        let socket = self.folder.path().display().to_string();
        let listen = match self.port {
            Some(port) => format!("-c listen_addresses=127.0.0.1 -c port={port}"),
            None => "-c listen_addresses=''".to_owned(),
        };
        let options =
            format!("{listen} -c unix_socket_directories={socket} -c max_connections=300");
        // Sessions of a server that was killed notice by themselves, and hold up the next one until then.
        for _ in 0..100 {
            let mut start = self.program("pg_ctl");
            start
                .arg("-D")
                .arg(self.data())
                .args(["-w", "-t", "120", "-l"])
                .arg(self.folder.path().join("log"))
                .args(["-o", &options, "start"])
                // They would stay open for as long as the server runs.
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            if start.status().unwrap().success() {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("PostgreSQL does not start: {}", self.log());
    }

    /// Kills the server without a word, and what is left of its sessions.
    pub fn kill(&self) {
        let pid_file = self.data().join("postmaster.pid");
        let text = self.as_owner("cat").arg(pid_file).output().unwrap().stdout;
        let pid = String::from_utf8(text).unwrap();
        let pid = pid.lines().next().unwrap().trim().to_owned();
        sound(Command::new("kill").args(["-9", &pid]).output());
    }

    /// What the server has logged.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// A new database's address.
    pub fn database(&self) -> String {
        let number = self.named.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{number}");
        self.command(&format!("CREATE DATABASE {name}"));
        self.address(&name)
    }

    /// The address of a database by name.
    pub fn address(&self, name: &str) -> String {
        let port = self.port.map(|port| format!(" port={port}"));
        format!(
            "host={}{} user=postgres dbname={name}",
            self.folder.path().display(),
            port.unwrap_or_default()
        )
    }

    /// Makes `to` a copy of `from`, both by address. What `to` held is gone.
    pub fn copy(&self, from: &str, to: &str) {
        let (from, to) = (name_of(from), name_of(to));
        self.command(&format!("DROP DATABASE IF EXISTS {to} WITH (FORCE)"));
        self.command(&format!("CREATE DATABASE {to} TEMPLATE {from}"));
    }

    /// Runs a statement as the owner of everything.
    pub fn command(&self, sql: &str) {
        // A session that has just been told to go may take a moment to go.
        for _ in 0..200 {
            let mut client = Client::connect(&self.address("postgres"), NoTls).unwrap();
            match client.batch_execute(sql) {
                Ok(()) => return,
                Err(error) if error.code() == Some(&postgres::error::SqlState::OBJECT_IN_USE) => {
                    std::thread::sleep(Duration::from_millis(50));
                }
                Err(error) => panic!("{sql}: {error:?}"),
            }
        }
        panic!("{sql}: the database stays in use");
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn program(&self, name: &str) -> Command {
        self.as_owner(self.bin.join(name))
    }

    fn as_owner(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(self.folder.path());
        command
    }
}

/// Where the newest installed version has its programs.
pub fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let newest = versions
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let version: u32 = path.file_name()?.to_str()?.parse().ok()?;
            Some((version, path.join("bin")))
        })
        .filter(|(_, bin)| bin.join("initdb").exists())
        .max();
    newest
        .expect(
            "these tests need PostgreSQL: install the package postgresql, or run cargo xtask test",
        )
        .1
}

fn janitor(bin: &Path, folder: &Path) -> (Child, ChildStdin) {
    let script = "cat; \"$1/pg_ctl\" -D \"$2/data\" -m immediate stop || true; rm -rf \"$2\"";
    let (shell, arguments) = if is_root() {
        (
            "runuser",
            &["-u", "postgres", "--", "sh", "-c", script, "sh"][..],
        )
    } else {
        ("sh", &["-c", script, "sh"][..])
    };
    let mut child = Command::new(shell)
        .args(arguments)
        .args([bin, folder])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let input = child.stdin.take().unwrap();
    (child, input)
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").unwrap().uid() == 0
}

fn name_of(address: &str) -> &str {
    address.rsplit('=').next().unwrap()
}

fn sound(output: io::Result<Output>) {
    let output = output.unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
