//! The programme's own root certificate: a server that it vouches for is spoken to, and no other.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use nyetaa_tests::{Laptop, Time, facility_in};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    date_time_ymd,
};
use serde_json::json;
use server::{Server, Tls};

type Issuer = CertifiedIssuer<'static, KeyPair>;

fn root() -> Issuer {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn for_localhost() -> CertificateParams {
    CertificateParams::new(vec!["localhost".to_owned()]).unwrap()
}

/// Serves behind a certificate for as long as the test runs; answers the address and the server.
fn serve(folder: &Path, certificate: (String, KeyPair), time: &Time) -> (String, Server) {
    let (chain, key) = certificate;
    std::fs::write(folder.join("cert.pem"), chain).unwrap();
    std::fs::write(folder.join("key.pem"), key.serialize_pem()).unwrap();
    let tls = Tls::from_files(&folder.join("cert.pem"), &folder.join("key.pem")).unwrap();
    serve_by(folder, Some(tls), time)
}

fn serve_by(folder: &Path, tls: Option<Tls>, time: &Time) -> (String, Server) {
    let now = time.clone();
    let data = folder.join("data");
    let server = Server::open_with_clock(&data, Arc::new(move || now.now())).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = format!("localhost:{}", listener.local_addr().unwrap().port());
    let serving = server.clone();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let never = std::future::pending();
            server::serve_with(serving, listener, tls, never)
                .await
                .unwrap();
        });
    });
    (address, server)
}

/// The certificate that a root gives to a server.
fn issued(params: CertificateParams, by: &Issuer) -> (String, KeyPair) {
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, by).unwrap();
    (certificate.pem(), key)
}

#[test]
fn only_a_server_that_the_programmes_root_vouches_for_is_spoken_to() {
    let time = Time::default();
    let folder = tempfile::tempdir().unwrap();
    let ours = root();
    let (address, server) = serve(folder.path(), issued(for_localhost(), &ours), &time);
    let code = server
        .invite(&facility_in("Sélingué", "CSCom de Kangaré"))
        .unwrap();
    let laptop = Laptop::new(&time);
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let enrol = |root: Option<String>| json!({ "server": format!("https://{address}"), "code": code, "root": root });

    // Nobody vouches for it, or somebody else does: nothing is sent, and nothing of it is kept.
    let refused = laptop.refused("enrol", enrol(None));
    assert_eq!(refused.code, "server-certificate");
    let refused = laptop.refused("enrol", enrol(Some(root().pem())));
    assert_eq!(refused.code, "server-certificate");
    assert!(!laptop.folder().join("ca.pem").exists());
    let refused = laptop.refused("enrol", enrol(Some("no certificate".to_owned())));
    assert_eq!(refused.code, "root-invalid");

    // With the root that came with the invitation it is, also after a restart.
    let state = laptop.call("enrol", enrol(Some(ours.pem())));
    assert_eq!(state["last"]["ok"], true, "{}", state["last"]);
    let mut laptop = laptop;
    laptop.reopen();
    laptop.sync();
    // Another server under the same address, with a certificate of its own, is not.
    std::fs::write(laptop.folder().join("ca.pem"), root().pem()).unwrap();
    let state = laptop.call("sync_now", json!({}));
    assert_eq!(state["last"]["code"], "server-certificate");
}

/// Every way in which somebody between the laptop and the server can show a certificate that is not the programme's.
#[test]
fn nobody_in_between_is_taken_for_the_server() {
    let time = Time::default();
    let ours = root();
    let with = |change: &dyn Fn(&mut CertificateParams)| {
        let mut params = for_localhost();
        change(&mut params);
        issued(params, &ours)
    };
    // A server of the programme that makes certificates itself, which it was never allowed to.
    let leaf =
        CertifiedIssuer::signed_by(for_localhost(), KeyPair::generate().unwrap(), &ours).unwrap();
    let (by_leaf, key) = issued(for_localhost(), &leaf);
    let by_leaf = (format!("{by_leaf}{}", leaf.pem()), key);
    let own_key = KeyPair::generate().unwrap();
    let own = for_localhost().self_signed(&own_key).unwrap();
    let shown = [
        ("another root", issued(for_localhost(), &root())),
        ("signed by itself", (own.pem(), own_key)),
        (
            "another host",
            issued(
                CertificateParams::new(vec!["autre.example.ml".to_owned()]).unwrap(),
                &ours,
            ),
        ),
        (
            "expired",
            with(&|params| {
                params.not_before = date_time_ymd(2019, 1, 1);
                params.not_after = date_time_ymd(2020, 1, 1);
            }),
        ),
        (
            "not yet valid",
            with(&|params| {
                params.not_before = date_time_ymd(3000, 1, 1);
                params.not_after = date_time_ymd(3001, 1, 1);
            }),
        ),
        ("of a server, by a server", by_leaf),
        (
            "for clients only",
            with(&|params| {
                params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
            }),
        ),
    ];
    for (who, certificate) in shown {
        let folder = tempfile::tempdir().unwrap();
        let (address, server) = serve(folder.path(), certificate, &time);
        let code = refused_at(
            &server,
            &format!("https://{address}"),
            Some(ours.pem()),
            &time,
        );
        assert_eq!(code, "server-certificate", "{who}");
    }
}

/// The programme's port spoken to in clear, a port in clear spoken to by TLS, and what a hotel's network answers.
#[test]
fn what_speaks_another_language_is_not_taken_for_the_server() {
    let time = Time::default();
    let ours = root();
    let folder = tempfile::tempdir().unwrap();
    let (address, server) = serve(folder.path(), issued(for_localhost(), &ours), &time);
    let code = refused_at(&server, &format!("http://{address}"), None, &time);
    assert_eq!(code, "server-other", "in clear to a port that is protected");

    let folder = tempfile::tempdir().unwrap();
    let (address, server) = serve_by(folder.path(), None, &time);
    let code = refused_at(
        &server,
        &format!("https://{address}"),
        Some(ours.pem()),
        &time,
    );
    assert_eq!(code, "server-other", "protected to a port in clear");

    for page in [
        "HTTP/1.1 302 Found\r\nlocation: http://login.example/\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 14\r\n\r\n<html>Bonjour!",
        "SSH-2.0-OpenSSH_9.2\r\n",
    ] {
        let address = answers_always(page);
        let code = refused_at(&server, &format!("http://{address}"), None, &time);
        assert_eq!(code, "server-other", "{page}");
    }
}

/// Enrols a new laptop there, which must be refused: nothing of it is known at the server then, and nothing of the server
/// is believed on the laptop. Answers the code.
fn refused_at(server: &Server, address: &str, root: Option<String>, time: &Time) -> String {
    let invitation = server
        .invite(&facility_in("Sélingué", "CSCom de Kangaré"))
        .unwrap();
    let laptop = Laptop::new(time);
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let enrol = json!({ "server": address, "code": invitation, "root": root });
    let refused = laptop.refused("enrol", enrol);
    assert!(server.devices().unwrap().is_empty());
    assert!(!laptop.folder().join("ca.pem").exists());
    let state = laptop.sync_state();
    assert_eq!(
        (&state["state"], &state["server"]),
        (&json!("not_enrolled"), &json!(null))
    );
    refused.code
}

/// Something that answers whatever comes with the same words. It goes on for as long as the process lives.
fn answers_always(words: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4_096];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(words.as_bytes());
        }
    });
    address
}
