//! The first day of somebody who reads much: the state of a place comes in pieces, over a line that ends at any byte or on a
//! stick, is loaded once, and its older history follows when it is asked for.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::mpsc::channel;

use domain::ids::ScopeId;
use nyetaa_tests::{Chance, Laptop, Network, Pair, Weather, letters, texts};
use serde_json::{Value as Json, json};

/// Bytes that are asked for at once.
const PIECE: u64 = 128 << 10;

/// Comments that a wordy clinic has written.
const SAID: usize = 36;

/// A clinic that has written so much that its state takes several pieces; nothing of it can be packed any smaller.
fn wordy(pair: &Pair, cycle: &Json) {
    let mut chance = Chance::of(7);
    for round in 0..SAID {
        let text = format!("{round} {}", letters(&mut chance, 12_000));
        let request = json!({ "id": null, "about": cycle, "text": text, "seen": null });
        pair.clinic.call("save_comment", request);
        if round % 5 == 0 {
            pair.clinic.sync();
        }
    }
    pair.clinic.sync();
    pair.centre.server().make_snapshots().unwrap();
}

fn scope_of(place: &Json) -> ScopeId {
    place.as_str().unwrap().parse().unwrap()
}

fn has_base(laptop: &Laptop, place: &Json) -> bool {
    laptop
        .app()
        .with(|cx| cx.store().base(scope_of(place)).unwrap())
        .is_some()
}

/// What lies half fetched.
fn parts(laptop: &Laptop) -> Vec<PathBuf> {
    let folder = std::fs::read_dir(laptop.folder().join("snapshots"));
    let entries = folder.into_iter().flatten();
    entries.map(|entry| entry.unwrap().path()).collect()
}

fn have(laptop: &Laptop) -> u64 {
    parts(laptop)
        .iter()
        .map(|part| std::fs::metadata(part).unwrap().len())
        .sum()
}

/// A new coach, who enrols through a network of her own that ends before anything of the state has come.
fn newcomer(pair: &Pair) -> (Laptop, Network) {
    let coach = Laptop::new(&pair.time);
    coach.begin_coach("Sélingué", "Fanta Sidibé");
    let network = Network::to(pair.centre.socket());
    let code = pair.centre.invite_coach("Sélingué");
    network.turn(Weather::EndsDown(600));
    let enrol = json!({ "server": network.address(), "code": code });
    let state = coach.call("enrol", enrol);
    assert_eq!(
        state["last"]["code"], "server-unreachable",
        "{}",
        state["last"]
    );
    (coach, network)
}

fn shows_all(pair: &Pair, coach: &Laptop, cycle: &Json) {
    pair.coach.sync();
    let [hers, theirs] = [coach, &pair.coach].map(|laptop| laptop.cycle(cycle));
    assert_eq!(hers["comments"].as_array().unwrap().len(), SAID);
    assert_eq!(hers["comments"], theirs["comments"]);
    let place = pair.place();
    for month in ["2026-01", "2026-03", "2026-06"] {
        let [hers, theirs] =
            [coach, &pair.coach].map(|laptop| laptop.cell(&place, "MNCH-02", month));
        assert_eq!(hers, theirs, "{month}");
    }
}

#[test]
fn a_snapshot_cut_at_any_byte_goes_on_where_it_stopped_and_is_loaded_once() {
    let (pair, cycle) = Pair::at_work();
    let place = pair.place();
    wordy(&pair, &cycle);
    let (mut coach, network) = newcomer(&pair);
    network.carried();

    // In the first byte of a piece, in its middle, at its end, and the laptop is switched off in between.
    let (mut came, mut before, mut attempts) = (0, 0, 0);
    for more in [2_000, 40_000, PIECE - 42_500, 1_500, PIECE + 1, 1_200] {
        network.turn(Weather::EndsDown(more));
        let state = coach.call("sync_now", json!({}));
        assert_eq!(state["last"]["code"], "server-unreachable", "{more}");
        assert!(
            !has_base(&coach, &place),
            "a part of a state is never loaded"
        );
        assert!(have(&coach) >= before, "what came stays");
        before = have(&coach);
        came += network.carried().1;
        attempts += 1;
        coach.reopen();
    }
    assert_eq!(parts(&coach).len(), 1);
    assert!(before > PIECE, "{before}");

    network.turn(Weather::Fair);
    network.requests();
    coach.sync();
    came += network.carried().1;
    assert!(has_base(&coach, &place));
    assert!(parts(&coach).is_empty(), "nothing lies about");
    shows_all(&pair, &coach, &cycle);
    let whole = coach.app().with(|cx| {
        let base = cx.store().base(scope_of(&place)).unwrap().unwrap();
        base.bytes.len() as u64
    });
    assert!(whole > 2 * PIECE, "several pieces: {whole}");
    // Heads and the answers of `sync` beside it, and not one byte of the state a second time.
    let beside = 4_000 * (attempts + 3);
    assert!(came < whole + beside, "{came} came for {whole}");

    // From now on there is nothing to fetch.
    network.requests();
    assert_eq!(coach.sync()["last"]["requests"], 1);
    assert_eq!(network.requests(), 1);
}

#[test]
fn a_line_that_breaks_all_the_time_brings_the_state_in_one_exchange() {
    let (pair, cycle) = Pair::at_work();
    wordy(&pair, &cycle);
    let (coach, network) = newcomer(&pair);
    network.turn(Weather::CutDown(30_000));
    coach.sync();
    assert!(has_base(&coach, &pair.place()));
    network.turn(Weather::Fair);
    shows_all(&pair, &coach, &cycle);
}

#[test]
fn a_part_that_was_damaged_is_fetched_anew_and_one_of_an_older_state_does_not_stay() {
    let (pair, cycle) = Pair::at_work();
    wordy(&pair, &cycle);
    let (coach, network) = newcomer(&pair);
    network.turn(Weather::EndsDown(60_000));
    coach.call("sync_now", json!({}));
    let part = parts(&coach).remove(0);
    let mut bytes = std::fs::read(&part).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&part, bytes).unwrap();
    // Begun on a day before: the server has packed the place again since.
    std::fs::write(
        part.with_file_name(format!("{}.00ff.part", scope_of(&pair.place()))),
        b"older",
    )
    .unwrap();
    network.turn(Weather::Fair);
    let state = coach.call("sync_now", json!({}));
    assert_eq!(state["last"]["code"], "answer-unreadable");
    assert!(!has_base(&coach, &pair.place()));
    coach.sync();
    assert!(parts(&coach).is_empty(), "{:?}", parts(&coach));
    shows_all(&pair, &coach, &cycle);
}

#[test]
fn who_ends_the_exchange_in_the_middle_loses_nothing_and_goes_on_later() {
    let (pair, cycle) = Pair::at_work();
    wordy(&pair, &cycle);
    let (coach, network) = newcomer(&pair);
    network.turn(Weather::Fair);
    let (place, mut written) = (coach.home(), 0);
    for _ in 0..2 {
        // Written before the exchange that is ended, and sent all the same.
        written += 1;
        let request = json!({ "place": place, "template": null, "area": "mnch", "language": "fr" });
        coach.call("start_cycle", request);
        let before = have(&coach);
        let state = ended_at_once(&coach, "snapshot", before);
        assert_eq!(state["last"]["code"], "sync-cancelled", "{}", state["last"]);
        assert_eq!(state["stage"], Json::Null);
        assert_ne!(state["state"], "problem", "a person wished so");
        assert_eq!(state["waiting_saves"], 0, "what had gone up is held");
        // Pieces of 32 kB are put down as they come, and it ends after the one under way.
        assert!(
            have(&coach) >= before + (32 << 10),
            "the piece under way stays"
        );
        assert!(!has_base(&coach, &pair.place()));
    }
    coach.sync();
    shows_all(&pair, &coach, &cycle);
    pair.coach.sync();
    let listed = pair.coach.call("cycles", json!({ "place": place }));
    assert_eq!(listed.as_array().unwrap().len(), written);
}

/// Exchanges, and ends it while `step` stands at `done` on the screen.
fn ended_at_once(laptop: &Laptop, step: &str, done: u64) -> Json {
    let (at_work, seen) = channel();
    let (go_on, ended) = channel::<()>();
    let (at_work, ended) = (Mutex::new(at_work), Mutex::new(ended));
    laptop.app().on_change(Box::new(move |_| {
        // Whoever watches answers once; afterwards nobody listens any more.
        if at_work.lock().unwrap().send(()).is_ok() {
            let _ = ended.lock().unwrap().recv();
        }
    }));
    std::thread::scope(|scope| {
        let exchange = scope.spawn(|| laptop.call("sync_now", json!({})));
        while seen.recv().is_ok() {
            let stage = laptop.sync_state()["stage"].clone();
            let there = stage["step"] == step && stage["done"].as_u64().unwrap() >= done;
            if there {
                laptop.call("cancel_sync", json!({}));
                drop(seen);
                drop(go_on);
                break;
            }
            go_on.send(()).unwrap();
        }
        exchange.join().unwrap()
    })
}

#[test]
fn who_ends_the_exchange_while_much_goes_up_keeps_what_had_arrived() {
    let (pair, cycle) = Pair::at_work();
    let mut chance = Chance::of(11);
    for round in 0..70 {
        let text = format!("{round} {}", letters(&mut chance, 12_000));
        let request = json!({ "id": null, "about": cycle, "text": text, "seen": null });
        pair.clinic.call("save_comment", request);
    }
    let state = ended_at_once(&pair.clinic, "sending", 0);
    assert_eq!(state["last"]["code"], "sync-cancelled");
    let (sent, waiting) = (
        state["last"]["sent"].as_u64().unwrap(),
        state["waiting_saves"].as_u64().unwrap(),
    );
    assert!(sent > 0 && waiting > 0, "{sent} sent, {waiting} wait");
    assert_eq!(sent + waiting, 70);
    assert_eq!(state["state"], "waiting");
    // What had arrived is with the others already, whole.
    pair.coach.sync();
    let there = pair.coach.cycle(&cycle)["comments"].clone();
    assert_eq!(there.as_array().unwrap().len() as u64, sent);
    let state = pair.clinic.sync();
    assert_eq!(state["last"]["sent"].as_u64(), Some(waiting));
    pair.coach.sync();
    assert_eq!(
        pair.coach.cycle(&cycle)["comments"],
        pair.clinic.cycle(&cycle)["comments"]
    );
}

/// What the operator of the server writes for a district's coaches, on a stick.
fn stick_of_the_centre(pair: &Pair) -> tempfile::TempDir {
    let stick = tempfile::tempdir().unwrap();
    let folder = stick.path().join("NYETAA");
    std::fs::create_dir(&folder).unwrap();
    for (i, bytes) in pair
        .centre
        .server()
        .bundle_out("Sélingué")
        .unwrap()
        .iter()
        .enumerate()
    {
        std::fs::write(folder.join(format!("centre-{i}.nyt")), bytes).unwrap();
    }
    stick
}

#[test]
fn the_state_of_a_place_comes_on_a_stick_when_the_network_is_too_thin_for_it() {
    let (pair, cycle) = Pair::at_work();
    wordy(&pair, &cycle);
    let (coach, network) = newcomer(&pair);
    // One short answer came through: the server knows to whom it may encrypt.
    network.turn(Weather::EndsDown(8_000));
    coach.call("sync_now", json!({}));
    assert!(!has_base(&coach, &pair.place()));

    let stick = stick_of_the_centre(&pair);
    let seen = coach.call("stick_look", json!({ "path": stick.path() }));
    assert_eq!(
        (&seen[0]["for_us"], &seen[0]["known_sender"]),
        (&json!(true), &json!(true)),
        "{seen}"
    );
    let take = json!({ "path": stick.path(), "trust": [] });
    let got = coach.call("stick_receive", take.clone());
    assert_eq!(
        (&got["damaged"], &got["aside"]),
        (&json!([]), &json!(0)),
        "{got}"
    );
    assert!(has_base(&coach, &pair.place()));
    shows_all(&pair, &coach, &cycle);
    let again = coach.call("stick_receive", take);
    assert_eq!(again["saves_new"], 0, "{again}");

    // She hands it on to a colleague, who has no more of a network than she had.
    let (other, thin) = newcomer(&pair);
    thin.turn(Weather::EndsDown(8_000));
    other.call("sync_now", json!({}));
    network.turn(Weather::Fair);
    coach.sync();
    assert!(parts(&coach).is_empty());
    let stick = tempfile::tempdir().unwrap();
    let send = json!({ "path": stick.path(), "places": null });
    coach.call("stick_send", send);
    let take = json!({ "path": stick.path(), "trust": [] });
    let got = other.call("stick_receive", take);
    assert_eq!((&got["damaged"], &got["aside"]), (&json!([]), &json!(0)));
    shows_all(&pair, &other, &cycle);

    // Whom it is not for reads nothing of it.
    let stranger = Laptop::new(&pair.time);
    stranger.begin_facility("CSCom de Tagan", "Sélingué", "Moussa Diarra", "lead");
    let got = stranger.call(
        "stick_receive",
        json!({ "path": stick.path(), "trust": [] }),
    );
    assert_eq!((&got["files"], &got["saves_new"]), (&json!(0), &json!(0)));
}

/// No server has ever been heard of: whoever works at the clinics brings all of it, and the coach is at work the same day.
#[test]
fn a_first_day_without_any_network_is_one_of_sticks() {
    let time = nyetaa_tests::Time::default();
    let coach = Laptop::new(&time);
    coach.begin_coach("Sélingué", "Issa Coulibaly");
    let stick = tempfile::tempdir().unwrap();
    let send = json!({ "path": stick.path(), "places": null });
    let names = ["CSCom de Kangaré", "CSCom de Tagan", "CSCom de Carrière"];
    let clinics = names.map(|name| {
        let clinic = Laptop::new(&time);
        clinic.begin_facility(name, "Sélingué", &format!("Lead, {name}"), "lead");
        clinic.start_cycle(&clinic.home(), "anc-four-contacts", "mnch");
        clinic.types(&clinic.home(), "MNCH-02", "2026-03", "17", "41");
        clinic.call("stick_send", send.clone());
        clinic
    });
    let trust = |laptop: &Laptop| {
        let seen = laptop.call("stick_look", json!({ "path": stick.path() }));
        let cards: Vec<Json> = seen
            .as_array()
            .unwrap()
            .iter()
            .map(|file| file["card"].clone())
            .filter(|card| !card.is_null())
            .collect();
        json!({ "path": stick.path(), "trust": cards })
    };
    assert_eq!(coach.call("stick_receive", trust(&coach))["trusted"], 3);
    // Her own card goes round; the next time the clinics' work comes.
    coach.call("stick_send", send.clone());
    for clinic in &clinics {
        clinic.call("stick_receive", trust(clinic));
        clinic.call("stick_send", send.clone());
    }
    let take = json!({ "path": stick.path(), "trust": [] });
    let got = coach.call("stick_receive", take.clone());
    assert_eq!((&got["damaged"], &got["aside"]), (&json!([]), &json!(0)));
    let cycles = coach.call("cycles", json!({ "place": null }));
    assert_eq!(cycles.as_array().unwrap().len(), 3);
    for clinic in &clinics {
        let march = coach.cell(&clinic.home(), "MNCH-02", "2026-03");
        assert_eq!(
            (&march["numerator"], &march["open"]),
            (&json!(17.0), &json!([]))
        );
    }
    // She answers, and each clinic takes what is for it: nothing of the others is there to be read.
    for cycle in cycles.as_array().unwrap() {
        assert_eq!(coach.cycle(&cycle["id"])["writable"], true);
        let comment = json!({ "id": null, "about": cycle["id"], "text": "Bravo", "seen": null });
        coach.call("save_comment", comment);
    }
    coach.call("stick_send", send);
    for clinic in &clinics {
        clinic.call("stick_receive", take.clone());
        let here = clinic.call("cycles", json!({ "place": null }));
        assert_eq!(here.as_array().unwrap().len(), 1);
        let comments = clinic.cycle(&here[0]["id"])["comments"].clone();
        assert_eq!(texts(&comments, "text"), ["Bravo"]);
    }
    for laptop in clinics.iter().chain([&coach]) {
        let state = laptop.sync_state();
        assert_eq!(
            (&state["state"], &state["aside"]),
            (&json!("not_enrolled"), &json!([])),
            "{state}"
        );
    }
}

#[test]
fn older_history_comes_when_somebody_asks_and_the_laptops_own_place_has_it_by_itself() {
    let (pair, cycle) = Pair::at_work();
    let place = pair.place();
    pair.clinic_changes("2026-03", "18");
    pair.clinic.sync();
    pair.clinic_changes("2026-03", "19");
    wordy(&pair, &cycle);
    let (coach, network) = newcomer(&pair);
    network.turn(Weather::Fair);
    coach.sync();
    let at = json!({ "place": place, "indicator": "MNCH-02", "period": "2026-03" });
    let told = |laptop: &Laptop| {
        let history = laptop.call("cell_history", at.clone());
        texts(&history, "text")
    };
    let all = told(&pair.clinic);
    assert!(all.len() > 2, "{all:?}");
    assert_ne!(
        told(&coach),
        all,
        "a snapshot says what stands, not how it came about"
    );

    let more = json!({ "place": place });
    network.turn(Weather::Down);
    let refused = coach.refused("history_more", more.clone());
    assert_eq!(refused.code, "server-unreachable");
    // Cut in the middle: what came stays, nothing is shown twice, and it goes on.
    network.turn(Weather::EndsDown(90_000));
    let refused = coach.refused("history_more", more.clone());
    assert_eq!(refused.code, "server-unreachable");
    assert_eq!(coach.cell(&place, "MNCH-02", "2026-03")["numerator"], 19.0);
    network.turn(Weather::Fair);
    assert_eq!(coach.call("history_more", more.clone())["complete"], true);
    assert_eq!(told(&coach), all);
    // Asked once more it is there already: not one request is made.
    network.requests();
    assert_eq!(coach.call("history_more", more)["complete"], true);
    assert_eq!(network.requests(), 0);
    shows_all(&pair, &coach, &cycle);

    // A second laptop of the clinic: who corrected what, and why, belongs to the work there.
    let second = Laptop::new(&pair.time);
    second.begin_facility("CSCom de Kangaré", "Sélingué", "Binta Sidibé", "member");
    let code = pair.centre.invite_facility("CSCom de Kangaré", "Sélingué");
    second.enrol(&pair.centre, &code);
    assert!(has_base(&second, &place));
    assert_eq!(told(&second), all);
}
