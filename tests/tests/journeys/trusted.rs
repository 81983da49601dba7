//! The programme's own root certificate: a server that it vouches for is spoken to, and no other.

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use nyetaa_tests::{Laptop, Time, facility_in};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::json;
use server::{Server, Tls};

fn root() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// Serves behind a certificate of `root` for as long as the test runs; answers the address and the server.
fn serve(folder: &Path, root: &CertifiedIssuer<'static, KeyPair>, time: &Time) -> (String, Server) {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, root).unwrap();
    std::fs::write(folder.join("cert.pem"), certificate.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), key.serialize_pem()).unwrap();
    let tls = Tls::from_files(&folder.join("cert.pem"), &folder.join("key.pem")).unwrap();
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
            server::serve_with(serving, listener, Some(tls), never)
                .await
                .unwrap();
        });
    });
    (address, server)
}

#[test]
fn only_a_server_that_the_programmes_root_vouches_for_is_spoken_to() {
    let time = Time::default();
    let folder = tempfile::tempdir().unwrap();
    let ours = root();
    let (address, server) = serve(folder.path(), &ours, &time);
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
