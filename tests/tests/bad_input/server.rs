//! The server: wrong addresses, somebody else's server, and invitations that do not open the door.

use std::io::{Read, Write};
use std::net::TcpListener;

use domain::role::Role;
use nyetaa_tests::{Centre, Laptop, Time, facility_in};
use serde_json::{Value as Json, json};
use server::Invite;

const NEVER_GIVEN: &str = "0000-0000-00000";

fn clinic(time: &Time) -> Laptop {
    let laptop = Laptop::new(time);
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    laptop
}

fn refused(laptop: &Laptop, address: &str, code: &str) -> String {
    let error = laptop.refused("enrol", json!({ "server": address, "code": code }));
    let state = laptop.sync_state();
    assert_eq!(
        (&state["state"], &state["server"]),
        (&json!("not_enrolled"), &Json::Null),
        "nothing is kept of it"
    );
    error.code
}

#[test]
fn an_address_that_is_none_is_said_at_once() {
    let laptop = clinic(&Time::default());
    for address in [
        "",
        "   ",
        "http://",
        "ftp://serveur.ml",
        "pas une adresse",
        "http://[",
        "://",
        "javascript:alert(1)",
    ] {
        assert_eq!(
            refused(&laptop, address, NEVER_GIVEN),
            "server-address-wrong",
            "{address:?}"
        );
    }
    for address in ["127.0.0.1:1", "http://127.0.0.1:1/", "https://127.0.0.1:1"] {
        assert_eq!(
            refused(&laptop, address, NEVER_GIVEN),
            "server-unreachable",
            "{address:?}"
        );
    }
}

/// A program that answers every request with the same bytes.
fn stranger(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(answer);
        }
    });
    address
}

#[test]
fn a_server_that_is_not_ours_is_told_from_a_bad_line() {
    let laptop = clinic(&Time::default());
    let answers: [(&[u8], &str); 5] = [
        (b"HTTP/1.1 404 Not Found\r\ncontent-length: 9\r\nconnection: close\r\n\r\nnot found", "server-other"),
        (b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/portail\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", "server-other"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 13\r\nconnection: close\r\n\r\n<html></html>", "server-other"),
        (b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", "server-unreachable"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "server-other"),
    ];
    for (answer, code) in answers {
        let said = String::from_utf8_lossy(answer);
        assert_eq!(
            refused(&laptop, &stranger(answer), NEVER_GIVEN),
            code,
            "{said}"
        );
    }
}

#[test]
fn an_enrolled_laptop_does_not_talk_to_another_server_on_the_same_address() {
    let time = Time::default();
    let (ours, other) = (Centre::open(&time), Centre::open(&time));
    let network = nyetaa_tests::Network::to(ours.socket());
    let laptop = clinic(&time);
    laptop.enrol_by(
        &network.address(),
        &ours.invite_facility("CSCom de Kangaré", "Sélingué"),
    );
    // Both servers know the laptop, but only one gave the grant that it holds.
    let wrong = nyetaa_tests::Network::to(other.socket());
    laptop.app().with(|cx| {
        cx.store()
            .set_meta("server", format!("http://{}", wrong.address()).as_bytes())
            .unwrap()
    });
    let last = laptop.call("sync_now", json!({}))["last"].clone();
    assert_eq!(
        (&last["ok"], &last["code"]),
        (&json!(false), &json!("replica-unknown"))
    );
    assert_eq!(laptop.sync_state()["state"], "problem");
    laptop.app().with(|cx| {
        cx.store()
            .set_meta("server", format!("http://{}", network.address()).as_bytes())
            .unwrap()
    });
    laptop.sync();
}

#[test]
fn an_invitation_is_unknown_used_up_or_expired() {
    let time = Time::default();
    let centre = Centre::open(&time);
    let laptop = clinic(&time);
    for code in ["", "ABCD", NEVER_GIVEN, "é🙂", &"A".repeat(500)] {
        assert_eq!(
            refused(&laptop, &centre.address(), code),
            "invitation-unknown",
            "{code:?}"
        );
    }
    let used = centre.invite_facility("CSCom de Kangaré", "Sélingué");
    let first = clinic(&time);
    first.enrol(&centre, &used);
    assert_eq!(
        refused(&laptop, &centre.address(), &used),
        "invitation-used"
    );
    let short = centre.invite(&Invite {
        days: 2,
        ..facility_in("Sélingué", "CSCom de Tagan")
    });
    time.days(2);
    assert_eq!(
        refused(&laptop, &centre.address(), &short),
        "invitation-expired"
    );
    // After all that, the right one still works.
    let right = centre.invite(&Invite {
        role: Role::Member,
        ..facility_in("Sélingué", "CSCom de Kangaré")
    });
    laptop.enrol(&centre, &right);
    assert_eq!(
        laptop.call("start_state", json!({}))["person"]["role"],
        "member"
    );
}

#[test]
fn who_tries_codes_by_the_dozen_is_stopped_for_a_while() {
    let time = Time::default();
    let centre = Centre::open(&time);
    let laptop = clinic(&time);
    let code = centre.invite_facility("CSCom de Kangaré", "Sélingué");
    let tries = (1..200)
        .find(|_| refused(&laptop, &centre.address(), NEVER_GIVEN) == "too-many-attempts")
        .expect("somebody who only guesses is stopped");
    assert!(tries > 10, "who mistypes a few times is not: {tries}");
    time.minutes(9);
    assert_eq!(
        refused(&laptop, &centre.address(), NEVER_GIVEN),
        "too-many-attempts"
    );
    // Others behind the same address are not shut out, nor is who has found the right paper meanwhile.
    laptop.enrol(&centre, &code);
    time.minutes(11);
    let other = clinic(&time);
    assert_eq!(
        refused(&other, &centre.address(), NEVER_GIVEN),
        "invitation-unknown"
    );
}

#[test]
fn a_megabyte_as_address_or_code_is_refused() {
    let centre = Centre::open(&Time::default());
    let laptop = clinic(&Time::default());
    let long = "a".repeat(1 << 20);
    assert_eq!(
        refused(&laptop, &centre.address(), &long),
        "invitation-unknown"
    );
    let error = laptop.refused(
        "enrol",
        json!({ "server": format!("{long}:::"), "code": NEVER_GIVEN }),
    );
    assert_eq!(error.code, "server-address-wrong");
    assert!(
        error.params["address"].len() < 200,
        "a message does not repeat a megabyte"
    );
}
