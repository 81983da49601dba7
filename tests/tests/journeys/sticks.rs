//! Sticks: what goes by hand, between laptops that no server has ever seen and between those that one knows.

use std::path::{Path, PathBuf};

use nyetaa_tests::{Laptop, Pair, Time, Weather, texts};
use serde_json::{Value as Json, json};

/// A stick: a folder of its own.
pub struct Stick(tempfile::TempDir);

impl Stick {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> Json {
        json!(self.0.path())
    }

    fn files(&self, end: &str) -> Vec<PathBuf> {
        let folder = self.0.path().join("NYETAA");
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|ending| ending == end))
            .collect();
        files.sort();
        files
    }
}

pub fn send(laptop: &Laptop, stick: &Stick) -> Json {
    let sent = laptop.call(
        "stick_send",
        json!({ "path": stick.path(), "places": null }),
    );
    assert_eq!(sent["verified"], true, "{sent}");
    sent
}

fn look(laptop: &Laptop, stick: &Stick) -> Json {
    laptop.call("stick_look", json!({ "path": stick.path() }))
}

pub fn receive(laptop: &Laptop, stick: &Stick, trust: &[Json]) -> Json {
    laptop.call(
        "stick_receive",
        json!({ "path": stick.path(), "trust": trust }),
    )
}

/// A clinic and its coach who have never met, neither known to any server.
pub fn strangers() -> (Time, Laptop, Laptop) {
    let time = Time::default();
    let clinic = Laptop::new(&time);
    clinic.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let coach = Laptop::new(&time);
    coach.begin_coach("Sélingué", "Issa Coulibaly");
    (time, clinic, coach)
}

/// They accept each other's cards; afterwards the coach has what the clinic has.
pub fn introduce(clinic: &Laptop, coach: &Laptop, stick: &Stick) {
    let sent = send(clinic, stick);
    assert_eq!(sent["card_only"], true, "nobody is known yet: {sent}");
    let seen = look(coach, stick);
    assert_eq!(
        seen[0]["place"],
        clinic.call("start_state", json!({}))["place"]["name"]
    );
    assert_eq!(seen[0]["known_sender"], false);
    let got = receive(coach, stick, &[seen[0]["card"].clone()]);
    assert_eq!(got["trusted"], 1);
    send(coach, stick);
    let seen = look(clinic, stick);
    let of_coach = seen.as_array().unwrap().iter();
    let of_coach: Vec<_> = of_coach.filter(|f| f["from"] == "Issa Coulibaly").collect();
    assert!(!of_coach.is_empty(), "{seen}");
    receive(clinic, stick, &[of_coach[0]["card"].clone()]);
    let sent = send(clinic, stick);
    assert_eq!(sent["for"], json!(["Sélingué"]));
    receive(coach, stick, &[]);
}

#[test]
fn taking_from_a_stick_stops_between_two_files_and_goes_on_later() {
    let (time, clinic, coach) = strangers();
    let place = clinic.home();
    let cycle = clinic.start_cycle(&place, "anc-four-contacts", "mnch");
    let stick = Stick::new();
    introduce(&clinic, &coach, &stick);
    for title in ["Premier titre", "Deuxième titre"] {
        time.minutes(5);
        clinic.edit_cycle(&cycle, json!({ "title": title }));
        send(&clinic, &stick);
    }
    let request = json!({ "path": stick.path(), "trust": [] });
    let stopped = coach.stops(2, "stick_receive", request).unwrap_err();
    assert_eq!(stopped.code, "sync-cancelled");
    assert_eq!(coach.sync_state()["stage"], Json::Null);
    let newest = || coach.cycle(&cycle)["cycle"]["title"].clone();
    let got = receive(&coach, &stick, &[]);
    assert!(got["damaged"].as_array().unwrap().is_empty(), "{got}");
    assert_eq!(newest(), "Deuxième titre");
}

#[test]
fn laptops_that_no_server_has_seen_meet_by_their_cards() {
    let (_time, clinic, coach) = strangers();
    let place = clinic.home();
    let cycle = clinic.start_cycle(&place, "anc-four-contacts", "mnch");
    clinic.types(&place, "MNCH-02", "2026-03", "17", "41");
    let stick = Stick::new();
    introduce(&clinic, &coach, &stick);
    assert_eq!(
        texts(&coach.call("cards", json!({})), "person"),
        ["Awa Traoré"]
    );
    assert_eq!(
        coach.cycle(&cycle)["cycle"]["place"]["name"],
        "CSCom de Kangaré"
    );
    assert_eq!(coach.cell(&place, "MNCH-02", "2026-03")["numerator"], 17.0);

    // The coach answers, and the stick goes back.
    let comment = json!({ "id": null, "about": cycle, "text": "Bravo", "seen": null });
    coach.call("save_comment", comment);
    send(&coach, &stick);
    let got = receive(&clinic, &stick, &[]);
    assert!(got["saves_new"].as_u64().unwrap() >= 1, "{got}");
    assert!(got["receipts"].as_u64().unwrap() >= 1, "{got}");
    assert_eq!(clinic.cycle(&cycle)["comments"][0]["text"], "Bravo");
    // What the coach holds is told, and the clinic sees it beside the record.
    let marks = clinic.call("marks", json!({ "record": cycle }));
    assert!(marks["district"].is_string(), "{marks}");
    assert!(marks["server"].is_null());

    // Taking in the same again changes nothing.
    let again = receive(&clinic, &stick, &[]);
    assert_eq!(again["saves_new"], 0, "{again}");
}

#[test]
fn a_courier_can_neither_read_nor_change_and_a_cut_file_is_named() {
    let (time, clinic, coach) = strangers();
    let stick = Stick::new();
    introduce(&clinic, &coach, &stick);
    let place = clinic.home();
    clinic.start_cycle(&place, "anc-four-contacts", "mnch");
    send(&clinic, &stick);

    let courier = Laptop::new(&time);
    courier.begin_facility("CSCom de Tagan", "Sélingué", "Moussa Diarra", "lead");
    let got = receive(&courier, &stick, &[]);
    assert_eq!(
        (&got["files"], &got["saves_new"]),
        (&json!(0), &json!(0)),
        "{got}"
    );
    assert!(got["not_for_us"].as_u64().unwrap() >= 1, "{got}");
    for file in stick.files("nyt") {
        let bytes = std::fs::read(&file).unwrap();
        assert!(!holds(&bytes, b"Kangar"), "nothing of it can be read");
        let mut other = bytes.clone();
        let middle = other.len() / 2;
        other[middle] ^= 1;
        std::fs::write(&file, &other).unwrap();
    }
    let got = receive(&coach, &stick, &[]);
    assert_eq!(got["saves_new"], 0, "{got}");
    assert_eq!(got["damaged"][0]["reason"], "damaged");
    send(&clinic, &stick);
    let got = receive(&coach, &stick, &[]);
    assert!(got["saves_new"].as_u64().unwrap() > 0, "{got}");
}

fn holds(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

#[test]
fn an_unknown_laptop_is_put_aside_until_somebody_accepts_its_card() {
    let (time, clinic, coach) = strangers();
    let stick = Stick::new();
    introduce(&clinic, &coach, &stick);
    // A second laptop of the clinic, whom the coach does not know.
    let second = Laptop::new(&time);
    second.begin_facility("CSCom de Tagan", "Sélingué", "Moussa Diarra", "lead");
    let other = Stick::new();
    introduce(&second, &coach, &other);
    let replica = second.replica().to_string();
    coach.call("forget_card", json!({ "replica": replica }));
    second.start_cycle(&second.home(), "malaria-testing", "malaria");
    send(&second, &other);
    let got = receive(&coach, &other, &[]);
    assert_eq!(got["saves_new"], 0, "{got}");
    assert!(got["aside"].as_u64().unwrap() > 0, "{got}");
    let state = coach.sync_state();
    assert!(
        state["aside"][0]["reason"] == "unknown-sender",
        "{}",
        state["aside"]
    );
    let got = receive(&coach, &other, &[json!(replica)]);
    assert!(got["saves_new"].as_u64().unwrap() > 0, "{got}");
    assert_eq!(coach.sync_state()["aside"], json!([]));
}

#[test]
fn a_laptop_that_says_to_be_more_than_was_accepted_is_asked_about_again() {
    let (_time, clinic, coach) = strangers();
    let stick = Stick::new();
    introduce(&clinic, &coach, &stick);
    // The clinic's laptop now says of itself that a coach of the district works with it.
    let district = coach.home().as_str().unwrap().parse().unwrap();
    let card = clinic.app().with(|cx| {
        let peers = coach.app().with(|cx| cx.store().peers().unwrap());
        let mut card = peers[0].card.clone();
        card.role = "coach".to_owned();
        card.place.id = district;
        card.sign(&cx.store().key()).unwrap().to_bytes().unwrap()
    });
    std::fs::write(stick.0.path().join("NYETAA/0000.nyc"), card).unwrap();
    let seen = look(&coach, &stick);
    assert_eq!(
        (&seen[0]["file"], &seen[0]["known_sender"]),
        (&json!("0000.nyc"), &json!(false)),
        "{seen}"
    );
    let accepted = coach.call("cards", json!({}));
    assert_eq!(receive(&coach, &stick, &[])["trusted"], 0);
    assert_eq!(coach.call("cards", json!({})), accepted);
    let role = |laptop: &Laptop| {
        laptop.app().with(|cx| {
            let peers = cx.store().peers().unwrap();
            (peers[0].card.role.clone(), peers[0].card.place.id)
        })
    };
    assert_ne!(role(&coach), ("coach".to_owned(), district));
    let replica = clinic.replica().to_string();
    assert_ne!(receive(&coach, &stick, &[json!(replica)])["trusted"], 0);
}

#[test]
fn two_generations_stay_and_nothing_of_others_is_touched() {
    let (_time, clinic, coach) = strangers();
    let stick = Stick::new();
    introduce(&clinic, &coach, &stick);
    send(&coach, &stick);
    let foreign = others(&stick, &clinic);
    let place = clinic.home();
    clinic.start_cycle(&place, "anc-four-contacts", "mnch");
    for round in 0..4 {
        clinic.types(&place, "MNCH-02", "2026-03", &round.to_string(), "41");
        send(&clinic, &stick);
    }
    assert_eq!(others(&stick, &clinic), foreign);
    let all = stick.files("nyt").len();
    assert_eq!(all - foreign.len(), 2, "the last two stay");
    assert!(stick.files("part").is_empty());
}

/// The bundles of a stick that are not this laptop's.
fn others(stick: &Stick, laptop: &Laptop) -> Vec<PathBuf> {
    let mut files = stick.files("nyt");
    files.retain(|path| sender(path) != laptop.replica());
    files
}

fn sender(path: &Path) -> domain::ids::ReplicaId {
    sync::bundle::outline(&std::fs::read(path).unwrap())
        .unwrap()
        .sender
}

#[test]
fn a_stick_that_was_pulled_out_is_said_so() {
    let (_time, clinic, _) = strangers();
    let gone = json!({ "path": "/nowhere/at/all", "places": null });
    assert_eq!(clinic.refused("stick_send", gone).code, "stick-missing");
    let log = clinic.call("sync_log", json!({}));
    assert_eq!(log[0]["kind"], "stick_out");
    assert_eq!(log[0]["code"], "stick-missing");
    let file = clinic.call("export_sync_log", json!({}));
    let text = file["text"].as_str().unwrap();
    assert!(
        text.contains("stick-missing") && !text.contains("Awa"),
        "{text}"
    );
}

#[test]
fn what_waits_is_never_called_up_to_date_because_it_lies_on_a_stick() {
    let (pair, _) = Pair::at_work();
    pair.clinic_changes("2026-03", "19");
    let stick = Stick::new();
    let sent = send(&pair.clinic, &stick);
    let state = pair.clinic.sync_state();
    assert_eq!(state["state"], "waiting", "{}", state["state"]);
    assert_eq!(state["waiting_saves"], 1);
    if sent["files"] != 0 {
        assert_eq!(state["carried"], 1);
    }
    let state = pair.clinic.sync();
    assert_eq!(
        (&state["state"], &state["carried"]),
        (&json!("up_to_date"), &json!(0))
    );
}

#[test]
fn work_goes_by_stick_to_the_coach_on_to_the_server_and_its_receipt_comes_back() {
    let (pair, _) = Pair::at_work();
    let place = pair.place();
    pair.sync_both();
    // Who reads the clinic's records was told by the server; from here on the clinic has no network.
    pair.network.turn(Weather::Down);
    pair.time.minutes(5);
    pair.clinic_changes("2026-03", "19");
    let there = Stick::new();
    let sent = send(&pair.clinic, &there);
    assert!(sent["files"].as_u64().unwrap() >= 1, "{sent}");
    let names = sent["for"].as_array().unwrap();
    assert!(names.contains(&json!("Sélingué")), "{sent}");
    assert!(
        there.files("nyc").is_empty(),
        "no card lies open where the server knows everybody"
    );
    assert_eq!(pair.clinic.sync_state()["carried"], 1);

    let seen = look(&pair.coach, &there);
    assert_eq!(
        (
            &seen[0]["known_sender"],
            &seen[0]["for_us"],
            &seen[0]["saves"]
        ),
        (&json!(true), &json!(true), &json!(1)),
        "{seen}"
    );
    let got = receive(&pair.coach, &there, &[]);
    assert_eq!(
        (&got["saves_new"], &got["aside"]),
        (&json!(1), &json!(0)),
        "{got}"
    );
    assert_eq!(
        pair.coach.cell(&place, "MNCH-02", "2026-03")["numerator"],
        19.0
    );
    let state = pair.coach.sync();
    assert_eq!(state["state"], "up_to_date", "{state}");

    // Another laptop of the clinic has it from the server.
    let second = Laptop::new(&pair.time);
    second.begin_facility("CSCom de Kangaré", "Sélingué", "Moussa Diarra", "member");
    second.enrol(
        &pair.centre,
        &pair.centre.invite_facility("CSCom de Kangaré", "Sélingué"),
    );
    assert_eq!(second.cell(&place, "MNCH-02", "2026-03")["numerator"], 19.0);

    // The way back.
    let back = Stick::new();
    send(&pair.coach, &back);
    let got = receive(&pair.clinic, &back, &[]);
    assert!(got["receipts"].as_u64().unwrap() >= 1, "{got}");
    let state = pair.clinic.sync_state();
    assert_eq!(
        (&state["waiting_saves"], &state["carried"]),
        (&json!(0), &json!(0))
    );

    // The network comes back, and nothing of it is there twice.
    pair.network.turn(Weather::Fair);
    pair.clinic.sync();
    pair.coach.sync();
    let at = json!({ "place": place, "indicator": "MNCH-02", "period": "2026-03" });
    let told = pair.coach.call("cell_history", at);
    let nineteen = texts(&told, "text").into_iter().filter(|text| text == "19");
    assert_eq!(nineteen.count(), 1);
    for laptop in [&pair.clinic, &pair.coach, &second] {
        laptop.sync();
        assert_eq!(laptop.sync_state()["state"], "up_to_date");
    }
}
