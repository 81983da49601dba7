//! No network, or one that breaks off: work goes on, the panel tells the truth, and nothing is lost or doubled.

use nyetaa_tests::{Pair, Weather, texts};
use serde_json::{Value as Json, json};

fn tries(pair: &Pair) -> Json {
    pair.clinic.call("sync_now", json!({}))
}

#[test]
fn without_a_network_everything_but_sending_works_and_the_panel_says_what_waits() {
    let (pair, cycle) = Pair::at_work();
    let stamp = |pair: &Pair| pair.clinic.app().with(|cx| cx.stamp(cx.now_ms));
    let contact = stamp(&pair);
    assert_eq!(pair.clinic.sync_state()["last_contact"], json!(contact));
    pair.network.turn(Weather::Down);
    pair.time.minutes(30);
    let since = stamp(&pair);
    pair.clinic_changes("2026-05", "21");
    pair.time.minutes(30);
    pair.clinic
        .edit_cycle(&cycle, json!({ "cause": "distance" }));
    pair.clinic.part(
        "save_trial",
        &cycle,
        &Json::Null,
        json!({ "title": "Rappel", "who": "Awa", "prediction": "+5" }),
    );
    pair.clinic.call(
        "save_comment",
        json!({ "id": null, "about": cycle, "text": "à voir", "seen": null }),
    );
    let state = tries(&pair);
    assert_eq!(state["state"], "waiting");
    assert_eq!(
        (&state["last"]["ok"], &state["last"]["code"]),
        (&json!(false), &json!("server-unreachable"))
    );
    assert_eq!(state["last"]["at"], json!(stamp(&pair)));
    assert_eq!(
        state["last_contact"],
        json!(contact),
        "an attempt is no contact"
    );
    assert_eq!(
        (&state["waiting_saves"], &state["waiting_since"]),
        (&json!(4), &json!(since))
    );
    let waiting = state["waiting"].as_array().unwrap();
    let lines: Vec<_> = waiting
        .iter()
        .map(|line| {
            (
                line["kind"].as_str().unwrap(),
                line["label"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(lines[0], ("measurement", "2026-05"), "the oldest first");
    assert!(
        lines.contains(&("cycle", "Quatre CPN avant l’accouchement")),
        "{lines:?}"
    );
    assert!(
        lines.contains(&("trial", "Rappel")) && lines.contains(&("comment", "à voir")),
        "{lines:?}"
    );
    assert!(
        waiting
            .iter()
            .all(|line| line["author"] == "Awa Traoré" && line["place"] == "CSCom de Kangaré")
    );
    assert_eq!(
        pair.clinic.chart(&pair.place(), "MNCH-02")["view"]["points"][10]["n"],
        21.0
    );
    pair.coach.sync();
    assert_ne!(pair.cells("2026-05")[1]["numerator"], 21.0);
    pair.network.turn(Weather::Fair);
    let state = tries(&pair);
    assert_eq!(
        (
            &state["state"],
            &state["waiting_saves"],
            &state["waiting_since"]
        ),
        (&json!("up_to_date"), &json!(0), &Json::Null)
    );
    assert_eq!(
        (&state["last"]["sent"], &state["last_contact"]),
        (&json!(4), &json!(stamp(&pair)))
    );
    assert_eq!(
        state["log"][1]["code"], "server-unreachable",
        "the failed attempt stays in the log"
    );
    pair.coach.sync();
    assert_eq!(pair.cells("2026-05")[1]["numerator"], 21.0);
}

#[test]
fn before_anybody_is_enrolled_the_panel_says_so() {
    let pair = Pair::begun();
    let state = pair.clinic.sync_state();
    assert_eq!(
        (&state["state"], &state["last_contact"], &state["server"]),
        (&json!("not_enrolled"), &Json::Null, &Json::Null)
    );
    assert_eq!(state["waiting_saves"], 1);
    let code = pair.centre.invite_facility("CSCom de Kangaré", "Sélingué");
    pair.network.turn(Weather::Down);
    let enrol = json!({ "server": pair.network.address(), "code": code });
    assert_eq!(
        pair.clinic.refused("enrol", enrol.clone()).code,
        "server-unreachable"
    );
    assert_eq!(pair.clinic.sync_state()["state"], "not_enrolled");
    // The server takes the invitation, but its answer is lost: the same code works again.
    pair.network.turn(Weather::CutDown(10));
    assert_eq!(
        pair.clinic.refused("enrol", enrol.clone()).code,
        "server-unreachable"
    );
    assert_eq!(pair.clinic.sync_state()["state"], "not_enrolled");
    pair.network.turn(Weather::Fair);
    let state = pair.clinic.call("enrol", enrol);
    assert_eq!(
        (&state["state"], &state["last"]["ok"]),
        (&json!("up_to_date"), &json!(true))
    );
}

#[test]
fn a_stopped_server_is_no_network_either() {
    let (mut pair, _) = Pair::at_work();
    pair.centre.stop();
    pair.clinic_changes("2026-05", "21");
    assert_eq!(tries(&pair)["last"]["code"], "server-unreachable");
    assert_eq!(tries(&pair)["state"], "waiting");
    pair.centre.start();
    assert_eq!(tries(&pair)["state"], "up_to_date");
}

/// Both directions are cut after every so many bytes of a whole exchange. After each break the next exchange
/// completes it, and at the end both laptops and the server hold each change exactly once.
#[test]
fn a_connection_cut_anywhere_loses_and_doubles_nothing() {
    let (pair, cycle) = Pair::at_work();
    let mut typed = 20;
    let mut change = |pair: &Pair| {
        typed += 1;
        pair.time.minutes(1);
        pair.clinic_changes("2026-05", &typed.to_string());
        pair.coach.call(
            "save_comment",
            json!({ "id": null, "about": cycle, "text": format!("vu {typed}"), "seen": null }),
        );
        pair.coach.sync();
        typed
    };
    change(&pair);
    pair.network.carried();
    pair.clinic.sync();
    let (up, down) = pair.network.carried();
    let cuts = |whole: u64| {
        (0..whole)
            .step_by(usize::try_from(whole / 12).unwrap().max(1))
            .chain([whole.saturating_sub(1)])
    };
    // A comment's key comes in an age file, which age makes longer or shorter by up to so many bytes, as it falls.
    let surely = down - 200;
    let weathers: Vec<Weather> = cuts(up)
        .map(Weather::CutUp)
        .chain(cuts(surely).map(Weather::CutDown))
        .chain([Weather::CutLast])
        .collect();
    for weather in weathers {
        let typed = change(&pair);
        pair.network.turn(weather);
        let broken = tries(&pair);
        assert_eq!(broken["last"]["ok"], false, "{weather:?}");
        assert_eq!(broken["last"]["code"], "server-unreachable", "{weather:?}");
        assert_eq!(
            broken["waiting_saves"], 1,
            "{weather:?}: what the server has not said it holds still waits"
        );
        pair.network.turn(Weather::Fair);
        let state = tries(&pair);
        assert_eq!(
            (&state["last"]["ok"], &state["waiting_saves"]),
            (&json!(true), &json!(0)),
            "{weather:?}"
        );
        assert_eq!(state["held"], 0);
        assert_eq!(
            pair.clinic.cycle(&cycle)["comments"]
                .as_array()
                .unwrap()
                .last()
                .unwrap()["text"],
            format!("vu {typed}"),
            "{weather:?}"
        );
    }
    pair.coach.sync();
    let at = json!({ "place": pair.place(), "indicator": "MNCH-02", "period": "2026-05" });
    let told = [&pair.clinic, &pair.coach].map(|laptop| {
        let texts = texts(&laptop.call("cell_history", at.clone()), "text");
        texts
            .into_iter()
            .filter_map(|text| text.parse::<u32>().ok())
            .filter(|n| (21..40).contains(n) || *n > 46)
            .collect::<Vec<_>>()
    });
    assert_eq!(told[0], told[1]);
    for n in (21..40).chain(47..=typed) {
        assert_eq!(
            told[0].iter().filter(|told| **told == n).count(),
            1,
            "{n} stands in the history once"
        );
    }
    let comments = texts(&pair.coach.cycle(&cycle)["comments"], "text");
    assert_eq!(comments.len() as u32, typed - 20);
    let report = pair.centre.server().check().unwrap();
    assert!(report.ok, "{report:?}");
}

/// The disk refuses after a segment is stored and before it is applied: it never comes again, and is shown all the same.
#[test]
fn what_was_stored_and_not_applied_is_shown_after_the_next_exchange() {
    let (pair, _) = Pair::at_work();
    pair.sync_both();
    pair.clinic_changes("2026-05", "21");
    pair.clinic.sync();
    let scopes = pair.coach.app().with(|cx| cx.store().scopes()).unwrap();
    let held = pair.coach.app().with(|cx| cx.store().vector(&scopes));
    let segments = pair
        .clinic
        .app()
        .with(|cx| cx.store().beyond(&held.unwrap(), &scopes, usize::MAX));
    for bytes in segments.unwrap() {
        let taken = pair.coach.app().with(|cx| cx.store().take(&bytes));
        assert_eq!(taken.unwrap().admission, sync::admit::Admission::Next);
    }
    assert_eq!(pair.coach.sync_state()["held"], 1);
    let state = pair.coach.sync();
    assert_eq!(
        (&state["held"], &state["state"]),
        (&json!(0), &json!("up_to_date"))
    );
    assert_eq!(pair.cells("2026-05")[1]["numerator"], 21.0);
}

/// A server with too many visitors says when to come back. The laptop does not ask before, says when it will, and a person
/// may ask at once all the same.
#[test]
fn a_busy_server_is_asked_again_when_it_said_and_a_person_may_ask_before() {
    let (pair, _) = Pair::at_work();
    pair.clinic_changes("2026-05", "21");
    pair.network.requests();
    pair.network.turn(Weather::Busy(90));
    let state = tries(&pair);
    assert_eq!(state["last"]["code"], "server-busy", "{state}");
    assert_eq!(pair.network.requests(), 1, "it is not asked again at once");
    assert_eq!(state["tries_again"]["seconds"], 90);
    assert_eq!(state["state"], "waiting");
    let due = state["tries_again"]["at"].clone();
    pair.time.minutes(1);
    let state = pair.clinic.sync_state();
    assert_eq!(state["tries_again"], json!({ "at": due, "seconds": 30 }));
    pair.time.minutes(2);
    assert_eq!(pair.clinic.sync_state()["tries_again"]["seconds"], 0);
    pair.network.carried();
    // A few seconds are simply waited, while the server gets room.
    pair.network.turn(Weather::Busy(1));
    let state = std::thread::scope(|scope| {
        scope.spawn(|| {
            while pair.network.carried().0 == 0 {
                std::thread::yield_now();
            }
            pair.network.turn(Weather::Fair);
        });
        tries(&pair)
    });
    assert!(pair.network.requests() > 1);
    assert_eq!(
        (&state["state"], &state["tries_again"]),
        (&json!("up_to_date"), &Json::Null)
    );
}

#[test]
fn work_that_nobody_sent_for_a_week_is_a_line_of_the_day_until_it_is_sent() {
    let (pair, _) = Pair::at_work();
    let lines = || -> Vec<Json> {
        let today = pair.clinic.call("today", json!({ "place": pair.place() }));
        let items = today["items"].as_array().unwrap().iter();
        items
            .filter(|item| item["kind"] == "send_work")
            .cloned()
            .collect()
    };
    pair.clinic_changes("2026-03", "13");
    pair.time.days(7);
    assert!(lines().is_empty());
    pair.time.days(1);
    let due = lines();
    assert_eq!((due.len(), &due[0]["screen"]), (1, &json!("sync")));
    assert_eq!(due[0]["params"]["count"], "1");
    pair.clinic.sync();
    assert!(lines().is_empty());
}
