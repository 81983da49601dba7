//! The server behind TLS, and clients that trust one root and nothing else.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail"
)]

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use common::root::Root;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion,
};

struct Serving {
    child: Child,
    address: String,
}

impl Serving {
    fn start(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_nyetaa-server"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder.join("data"))
            .arg("--tls-cert")
            .arg(folder.join("cert.pem"))
            .arg("--tls-key")
            .arg(folder.join("key.pem"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.trim().strip_prefix("listening on https://");
        let address = address.expect("an address").to_owned();
        Self { child, address }
    }

    /// Asks for its health as `name`, trusting `root`.
    fn health(
        &self,
        root: CertificateDer<'static>,
        name: &str,
        versions: &[&'static SupportedProtocolVersion],
    ) -> std::io::Result<String> {
        let mut roots = RootCertStore::empty();
        roots.add(root).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from(name.to_owned()).unwrap();
        let tls = ClientConnection::new(Arc::new(config), name).unwrap();
        let mut stream = StreamOwned::new(tls, TcpStream::connect(&self.address)?);
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n")?;
        let mut text = String::new();
        // The server closes the line when it has answered; what counts is what came before.
        let read = stream.read_to_string(&mut text);
        if text.is_empty() {
            read?;
        }
        Ok(text)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn whoever_trusts_the_programmes_root_is_served_and_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let root = Root::new();
    root.issue(folder.path(), "nyetaa.example.ml");
    let at = Serving::start(folder.path());
    let both: &[_] = &[&rustls::version::TLS13, &rustls::version::TLS12];
    for versions in [both, &both[..1], &both[1..]] {
        let text = at
            .health(root.der(), "nyetaa.example.ml", versions)
            .unwrap();
        assert!(text.starts_with("HTTP/1.1 200 OK\r\n"), "{text}");
        assert!(text.ends_with("ok\n"), "{text}");
    }
    let refused = |root: CertificateDer<'static>, name| {
        let error = at.health(root, name, both).unwrap_err();
        error.to_string()
    };
    let stranger = refused(Root::new().der(), "nyetaa.example.ml");
    assert!(stranger.contains("certificate"), "{stranger}");
    let misnamed = refused(root.der(), "other.example.ml");
    assert!(misnamed.contains("certificate"), "{misnamed}");
}

#[test]
fn in_clear_nothing_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    Root::new().issue(folder.path(), "nyetaa.example.ml");
    let at = Serving::start(folder.path());
    let mut stream = TcpStream::connect(&at.address).unwrap();
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n")
        .unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
}

#[test]
fn a_key_of_another_certificate_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let root = Root::new();
    root.issue(folder.path(), "nyetaa.example.ml");
    let certificate = std::fs::read(folder.path().join("cert.pem")).unwrap();
    root.issue(folder.path(), "nyetaa.example.ml");
    std::fs::write(folder.path().join("cert.pem"), certificate).unwrap();
    let tls = |cert: &str, key: &str| {
        server::Tls::from_files(&folder.path().join(cert), &folder.path().join(key)).err()
    };
    assert!(matches!(
        tls("cert.pem", "key.pem"),
        Some(server::TlsError::Unfit(_))
    ));
    assert!(matches!(
        tls("key.pem", "key.pem"),
        Some(server::TlsError::Empty(_))
    ));
    assert!(matches!(
        tls("none.pem", "key.pem"),
        Some(server::TlsError::File { .. })
    ));
}
