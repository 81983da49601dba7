//! Grants that change: a facility that moves, a laptop that is no longer believed, and the first day of a coach.

use super::copies::copy_disk;
use nyetaa_tests::{Laptop, PIN, Pair, dump, texts};
use serde_json::{Value as Json, json};

#[test]
fn a_facility_that_moves_takes_nothing_along_and_loses_nothing() {
    let (pair, cycle) = Pair::at_work();
    let place = pair.place();
    // The old coach has work that was not sent when the facility moves.
    pair.coach_corrects("2026-03", "21", "recompté");
    pair.centre
        .server()
        .relocate("CSCom de Kangaré", "Yanfolila")
        .unwrap();
    let state = pair.coach.sync();
    assert_eq!(state["waiting_saves"], 0, "{state}");
    assert_eq!(
        pair.coach.refused("cycle", json!({ "id": cycle })).code,
        "record-gone",
        "what is no longer granted leaves the laptop"
    );
    pair.clinic.sync();
    let march = pair.clinic.cell(&place, "MNCH-02", "2026-03");
    assert_eq!(march["numerator"], 21.0, "the correction arrived first");
    let shown = pair.clinic.call("start_state", json!({}))["place"]["path"].clone();
    assert_eq!(shown, "Sikasso › Yanfolila", "its own tree says so too");
    let request = json!({ "kind": "place", "record": place });
    let told = pair.clinic.call("record_history", request)["entries"].clone();
    let mut entries = told.as_array().unwrap().iter();
    let move_told = entries.find(|entry| entry["author"] == "le serveur");
    assert_eq!(move_told.unwrap()["changes"][0]["field"], "parent");

    let other = Laptop::new(&pair.time);
    other.begin_coach("Yanfolila", "Fanta Sidibé");
    other.enrol(&pair.centre, &pair.centre.invite_coach("Yanfolila"));
    assert_eq!(
        other.cycle(&cycle)["cycle"]["place"]["name"],
        "CSCom de Kangaré"
    );
    assert_eq!(other.cell(&place, "MNCH-02", "2026-03")["numerator"], 21.0);
    let places = other.call("places", json!({}));
    let names: Vec<_> = places
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["place"]["name"])
        .collect();
    assert!(names.contains(&&json!("CSCom de Kangaré")), "{names:?}");
}

#[test]
fn a_facility_that_comes_back_brings_the_coach_her_own_work_again() {
    let (pair, cycle) = Pair::at_work();
    let place = pair.place();
    let moves = |to: &str| {
        let server = pair.centre.server();
        server.relocate("CSCom de Kangaré", to).unwrap();
        pair.coach.sync();
    };
    pair.coach_corrects("2026-03", "21", "recompté");
    pair.sync_both();
    moves("Yanfolila");
    assert_eq!(
        pair.coach.refused("cycle", json!({ "id": cycle })).code,
        "record-gone"
    );
    moves("Sélingué");
    let march = || pair.coach.cell(&place, "MNCH-02", "2026-03")["numerator"].clone();
    assert_eq!(march(), 21.0, "by the numbers alone it seemed to be here");
    // What is written upon it is sent.
    pair.coach_corrects("2026-03", "22", "recompté");
    assert_eq!(pair.coach.sync()["state"], "up_to_date");
    pair.clinic.sync();
    assert_eq!(
        pair.clinic.cell(&place, "MNCH-02", "2026-03")["numerator"],
        22.0
    );
}

#[test]
fn a_coach_begins_with_a_snapshot_and_has_what_the_others_have() {
    let (pair, cycle) = Pair::at_work();
    let place = pair.place();
    let mut drawn = 1u64;
    for round in 0..60u32 {
        // Text that cannot be packed any smaller, so that there is much.
        let mut word = || {
            drawn = drawn
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            format!("{drawn:016x}")
        };
        let text: String = (0..30).map(|_| word()).collect();
        pair.clinic.call(
            "save_comment",
            json!({ "id": null, "about": cycle, "text": format!("{round} {text}"), "seen": null }),
        );
        if round % 5 == 0 {
            pair.clinic.sync();
        }
    }
    pair.clinic.sync();
    pair.centre.server().make_snapshots().unwrap();
    let other = Laptop::new(&pair.time);
    other.begin_coach("Sélingué", "Fanta Sidibé");
    other.enrol(&pair.centre, &pair.centre.invite_coach("Sélingué"));
    let scope = place
        .as_str()
        .unwrap()
        .parse::<domain::ids::ScopeId>()
        .unwrap();
    let base = other.app().with(|cx| cx.store().base(scope).unwrap());
    assert!(base.is_some(), "it came as a snapshot");
    // What there is, and all of it: the invitation itself is not counted.
    assert_eq!(other.sync_state()["last"]["requests"], 2);
    let whole = |laptop: &Laptop| {
        let of = json!({ "kind": "cycle", "record": cycle });
        laptop.call("record_history", of)["complete"].clone()
    };
    assert_eq!(whole(&other), false, "a snapshot says only what stands");
    pair.coach.sync();
    assert_eq!(whole(&pair.coach), true);
    let more = other.call("history_more", json!({ "place": place }));
    assert_eq!(
        (&more["complete"], whole(&other)),
        (&json!(true), json!(true))
    );
    assert_eq!(
        other.cycle(&cycle)["comments"],
        pair.coach.cycle(&cycle)["comments"]
    );
    assert_eq!(
        other.cell(&place, "MNCH-02", "2026-03")["numerator"],
        pair.coach.cell(&place, "MNCH-02", "2026-03")["numerator"]
    );
    assert_eq!(other.sync_state()["state"], "up_to_date");
    // What it writes upon it goes back to all.
    let comment = json!({ "id": null, "about": cycle, "text": "vu", "seen": null });
    other.call("save_comment", comment);
    other.sync();
    pair.clinic.sync();
    let told = pair.clinic.cycle(&cycle);
    assert!(texts(&told["comments"], "text").contains(&"vu".to_owned()));
}

/// What lay aside on the coach's laptop may be the only copy there is: it is handed in before it leaves with its scope.
#[test]
fn what_lies_aside_is_handed_in_before_it_leaves_with_its_scope() {
    let (pair, _) = Pair::at_work();
    let place = pair.place();
    pair.clinic.types(&place, "MNCH-02", "2025-05", "7", "41");
    let brought = pair.clinic.app().with(|cx| {
        let store = cx.store();
        let scope = std::collections::BTreeSet::from([store.pending().unwrap()[0].scope]);
        store.seal(&scope).unwrap();
        store.unsent(&scope, 1 << 20).unwrap()
    });
    assert_eq!(brought.len(), 1);
    let put = |store: &store::Store| store.put_aside(&brought[0], "unknown-sender", None, 0);
    pair.coach.app().with(|cx| put(cx.store()).unwrap());
    let server = pair.centre.server();
    server.relocate("CSCom de Kangaré", "Yanfolila").unwrap();
    pair.coach.sync();
    pair.coach.sync();
    let lies = pair
        .coach
        .app()
        .with(|cx| cx.store().aside().unwrap().len());
    assert_eq!(lies, 0, "nothing of the centre is left there");
    // The clinic's laptop never comes back; its work does.
    server.relocate("CSCom de Kangaré", "Sélingué").unwrap();
    pair.coach.sync();
    pair.coach.sync();
    assert_eq!(
        pair.coach.cell(&place, "MNCH-02", "2025-05")["numerator"],
        7.0
    );
}

/// The clinic's laptop is revoked while it has work that nobody else has.
fn revoked() -> (Pair, Json) {
    let (pair, cycle) = Pair::at_work();
    let device = pair.clinic.replica().to_string();
    pair.centre.server().revoke(&device).unwrap();
    pair.clinic_changes("2026-03", "19");
    (pair, cycle)
}

#[test]
fn a_revoked_laptop_hands_its_work_in_and_then_holds_nothing() {
    let (pair, cycle) = revoked();
    let state = pair.clinic.call("sync_now", json!({}));
    assert_eq!(state["last"]["code"], "laptop-revoked", "{}", state["last"]);
    assert_eq!(
        (
            &state["state"],
            &state["revoked"],
            &state["handed_in"],
            &state["waiting_saves"]
        ),
        (&json!("problem"), &json!(true), &json!(true), &json!(0))
    );
    assert!(state["revoked_since"].is_string());
    assert_eq!(pair.centre.server().aside().unwrap().len(), 1);
    assert_eq!(
        pair.clinic.refused("cycle", json!({ "id": cycle })).code,
        "record-gone"
    );
    let mut tables = pair.clinic.app().with(|cx| cx.store().read(dump)).unwrap();
    // Its own streams keep their numbers, and nothing else.
    tables.remove("stream");
    assert!(tables.values().all(Vec::is_empty), "{tables:?}");
    // Whose laptop it was can still be said, and nothing can be written.
    let start = pair.clinic.call("start_state", json!({}));
    assert_eq!(
        (&start["place"]["name"], &start["person"]["name"]),
        (&json!("CSCom de Kangaré"), &json!("Awa Traoré"))
    );
    let shown = pair.clinic.cell(&pair.place(), "MNCH-02", "2026-03");
    let edit = nyetaa_tests::cell("MNCH-02", "2026-03", "20", "40", &shown);
    let request = json!({ "place": pair.place(), "cells": [edit], "reason": null });
    assert_eq!(
        pair.clinic.refused("save_cells", request).code,
        "laptop-revoked"
    );
}

#[test]
fn what_a_revoked_laptop_could_not_hand_in_stays_and_can_be_exported() {
    let (pair, cycle) = revoked();
    let mut drawn = 1u64;
    for _ in 0..80 {
        // More than one request carries, and text that cannot be packed any smaller.
        let text: String = (0..1_200)
            .map(|_| {
                drawn = drawn
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                format!("{drawn:016x}")
            })
            .collect();
        let comment = json!({ "id": null, "about": cycle, "text": text, "seen": null });
        pair.clinic.call("save_comment", comment);
    }
    let state = pair.clinic.stops(2, "sync_now", json!({})).unwrap();
    assert_eq!(
        (&state["revoked"], &state["handed_in"]),
        (&json!(true), &json!(false)),
        "{}",
        state["last"]
    );
    assert_eq!(state["waiting_saves"], 81, "a part of it is no handing in");
    let file = pair.clinic.call("export_waiting", json!({}));
    let told = std::fs::read_to_string(file["path"].as_str().unwrap()).unwrap();
    let told: Json = serde_json::from_str(&told).unwrap();
    assert_eq!(told["saves"].as_array().unwrap().len(), 81);
    pair.clinic.cycle(&cycle);

    let state = pair.clinic.call("sync_now", json!({}));
    assert_eq!(state["handed_in"], true, "{}", state["last"]);
    let aside = pair.centre.server().aside().unwrap();
    let saves: u64 = aside.iter().map(|one| one.last - one.first + 1).sum();
    assert_eq!(saves, 81, "every save of it lies at the server");
}

/// It was copied and went on under another name, and its first name was revoked before the server heard of the next.
#[test]
fn a_copy_whose_first_name_was_revoked_hands_its_work_in_all_the_same() {
    let (mut pair, cycle) = revoked();
    let mut copy = Laptop::new(&pair.time);
    let (first, place) = (pair.clinic.replica(), pair.place());
    pair.clinic.close();
    copy.close();
    copy_disk(&pair.clinic, &copy);
    copy.reopen();
    assert_ne!(copy.replica(), first);
    copy.types(&place, "MNCH-02", "2026-05", "21", "41");
    let waiting = copy.sync_state()["waiting_saves"].as_u64().unwrap();
    let state = copy.call("sync_now", json!({}));
    assert_eq!(
        (
            &state["last"]["code"],
            &state["revoked"],
            &state["handed_in"]
        ),
        (&json!("laptop-revoked"), &json!(true), &json!(true)),
        "{state}"
    );
    assert_eq!(
        copy.refused("cycle", json!({ "id": cycle })).code,
        "record-gone"
    );
    let server = pair.centre.server();
    let aside = server.aside().unwrap();
    let saves: u64 = aside.iter().map(|one| one.last - one.first + 1).sum();
    assert_eq!(saves, waiting, "every save of it lies at the server");
    assert!(
        server
            .devices()
            .unwrap()
            .iter()
            .all(|one| one.device != copy.replica()),
        "nobody is believed for having taken another name"
    );
    // A person answers for it, and it arrives.
    for one in &aside {
        server.release(&one.id).unwrap();
    }
    pair.coach.sync();
    let cell = pair.coach.cell(&place, "MNCH-02", "2026-05");
    assert_eq!(cell["numerator"], 21.0);
    // A new invitation makes it one of the house again.
    let code = pair.centre.invite_facility("CSCom de Kangaré", "Sélingué");
    copy.enrol(&pair.centre, &code);
    assert_eq!(copy.sync()["state"], "up_to_date");
}

#[test]
fn a_new_invitation_brings_a_revoked_laptop_back_under_a_new_name() {
    let (pair, cycle) = revoked();
    let before = pair.clinic.replica();
    pair.clinic.call("sync_now", json!({}));
    let wrong = json!({ "server": pair.network.address(), "code": "AAAA-AAAA-AAAA" });
    pair.clinic.refused("enrol", wrong);
    let state = pair.enrol_clinic();
    assert_eq!(
        (&state["state"], &state["revoked"]),
        (&json!("up_to_date"), &json!(false)),
        "{state}"
    );
    assert_ne!(pair.clinic.replica(), before);
    assert_eq!(
        pair.clinic.cycle(&cycle)["cycle"],
        pair.coach.cycle(&cycle)["cycle"]
    );
    assert_eq!(
        pair.clinic.call("start_state", json!({}))["person"]["name"],
        "Awa Traoré"
    );
    // What the server had put aside comes when somebody lets it in; what is written now goes on as ever.
    pair.clinic_changes("2026-04", "33");
    let aside = pair.centre.server().aside().unwrap();
    pair.centre.server().release(&aside[0].id).unwrap();
    pair.sync_both();
    for period in [("2026-03", 19.0), ("2026-04", 33.0)] {
        for cell in pair.cells(period.0) {
            assert_eq!(cell["numerator"], period.1, "{}", period.0);
        }
    }
}

#[test]
fn a_region_reads_one_centre_when_it_asks_for_it() {
    let (pair, cycle) = Pair::at_work();
    let region = Laptop::new(&pair.time);
    let found = region.call(
        "search_places",
        json!({ "query": "Sikasso", "levels": ["region"] }),
    );
    region.call(
        "begin",
        json!({
            "language": "fr", "place": found[0]["id"], "new_place": null,
            "person_name": "Fatoumata Koné", "role": "region", "pin": PIN,
        }),
    );
    assert_eq!(region.call("demand_places", json!({})), json!([]));
    let code = pair.centre.invite(&server::Invite {
        place: "Sikasso".to_owned(),
        facility: None,
        role: domain::role::Role::Region,
        uses: 1,
        days: 14,
        also: Vec::new(),
    });
    region.enrol(&pair.centre, &code);
    let listed = |field: &str| region.call("demand_places", json!({}))[0][field].clone();
    assert_eq!(
        (listed("name"), listed("above"), listed("on")),
        (json!("CSCom de Kangaré"), json!("Sélingué"), json!(false)),
        "it knows of the centre, and nothing that stands there"
    );
    assert_eq!(
        region.refused("cycle", json!({ "id": cycle })).code,
        "record-gone"
    );

    let demand = |on: bool| region.call("demand", json!({ "place": pair.place(), "on": on }));
    demand(true);
    assert_eq!((listed("on"), listed("here")), (json!(true), json!(false)));
    region.sync();
    region.sync();
    assert_eq!(listed("here"), true);
    assert_eq!(
        region.cycle(&cycle)["cycle"]["place"]["name"],
        "CSCom de Kangaré"
    );
    let places = region.call("places", json!({}));
    assert_eq!(places[1]["place"]["name"], "CSCom de Kangaré");
    let grid = json!({ "place": pair.place(), "until": "2026-06", "months": 1 });
    assert_eq!(region.call("grid", grid)["writable"], false, "it reads");

    demand(false);
    region.sync();
    region.sync();
    assert_eq!((listed("on"), listed("here")), (json!(false), json!(false)));
    assert_eq!(
        region.refused("cycle", json!({ "id": cycle })).code,
        "record-gone"
    );
    // Nobody else may ask.
    let asked = json!({ "place": pair.place(), "on": true });
    assert_eq!(pair.coach.refused("demand", asked).code, "not-allowed-here");
}

#[test]
fn a_server_that_was_put_back_is_told_by_laptops_whom_it_had_revoked() {
    let (mut pair, _) = Pair::at_work();
    pair.centre.stop();
    let copy = pair.centre.back_up();
    pair.centre.start();
    let device = pair.clinic.replica();
    pair.centre.server().revoke(&device.to_string()).unwrap();
    pair.coach.sync();
    pair.centre.stop();
    pair.centre.put_back(&copy, "epoch");
    pair.centre.start();
    let believed = |pair: &Pair| {
        let devices = pair.centre.server().devices().unwrap();
        let found = devices.iter().find(|one| one.device == device);
        found.is_some_and(|one| one.revoked.is_none())
    };
    // The copy was made before, and the epoch beside it is that of the server that was lost.
    std::fs::write(pair.centre.folder().join("epoch"), "0".repeat(32)).unwrap();
    pair.centre.stop();
    pair.centre.start();
    assert!(believed(&pair), "it has forgotten");
    pair.coach.sync();
    assert!(!believed(&pair));
    let state = pair.clinic.call("sync_now", json!({}));
    assert_eq!(state["last"]["code"], "laptop-revoked", "{}", state["last"]);
}

/// Stolen, and found again months later: what was typed on it meanwhile is not lost, nobody sees it unasked, and it learns
/// nothing.
#[test]
fn what_a_revoked_laptop_brings_waits_for_a_person_and_nothing_comes_down_to_it() {
    let (pair, cycle) = Pair::at_work();
    let (place, server) = (pair.place(), pair.centre.server());
    server.revoke(&pair.clinic.replica().to_string()).unwrap();
    let secret = json!({ "id": null, "about": cycle, "text": "entre nous", "seen": null });
    pair.coach.call("save_comment", secret);
    pair.coach.sync();
    // It has not heard of it yet, and people type as ever.
    pair.clinic_changes("2026-02", "31");
    pair.clinic_changes("2026-03", "32");
    for _ in 0..2 {
        let state = pair.clinic.call("sync_now", json!({}));
        assert_eq!(
            (&state["last"]["code"], &state["last"]["received"]),
            (&json!("laptop-revoked"), &json!(0)),
            "{}",
            state["last"]
        );
    }
    // Nor by hand: no bundle is encrypted to it any more.
    let stick = tempfile::tempdir().unwrap();
    pair.coach.call(
        "stick_send",
        json!({ "path": stick.path(), "places": null }),
    );
    let take = json!({ "path": stick.path(), "trust": [] });
    if let Ok(got) = pair.clinic.ask("stick_receive", take) {
        assert_eq!((&got["files"], &got["saves_new"]), (&json!(0), &json!(0)));
    }
    let gone = pair.clinic.refused("cycle", json!({ "id": cycle }));
    assert_eq!(gone.code, "record-gone");

    // A person looks at it and lets it in: then it is there as if it had come in time.
    pair.coach.sync();
    assert_ne!(
        pair.coach.cell(&place, "MNCH-02", "2026-02")["numerator"],
        31.0
    );
    let aside = server.aside().unwrap();
    assert_eq!(aside.len(), 1, "brought twice, kept once: {aside:?}");
    assert_eq!(
        (aside[0].reason.as_str(), aside[0].last - aside[0].first),
        ("revoked", 1)
    );
    server.release(&aside[0].id).unwrap();
    pair.coach.sync();
    for (month, typed) in [("2026-02", 31.0), ("2026-03", 32.0)] {
        let shown = pair.coach.cell(&place, "MNCH-02", month);
        assert_eq!(
            (&shown["numerator"], &shown["open"]),
            (&json!(typed), &json!([]))
        );
    }
    assert_eq!(server.aside().unwrap(), []);
    let report = server.check().unwrap();
    assert!(report.ok, "{report:?}");
}

/// More is unsent than one request holds when the facility moves: what is left waits, and is said to wait.
#[test]
fn what_is_unsent_at_a_place_that_leaves_is_never_hidden() {
    let (pair, cycle) = Pair::at_work();
    let mut chance = nyetaa_tests::Chance::of(5);
    for _ in 0..70 {
        let text = nyetaa_tests::letters(&mut chance, 12_000);
        let request = json!({ "id": null, "about": cycle, "text": text, "seen": null });
        pair.coach.call("save_comment", request);
    }
    let server = pair.centre.server();
    server.relocate("CSCom de Kangaré", "Yanfolila").unwrap();
    let way = nyetaa_tests::Network::to(pair.centre.socket());
    pair.coach.app().with(|cx| {
        let address = format!("http://{}", way.address());
        cx.store().set_meta("server", address.as_bytes()).unwrap();
    });
    // An answer comes through with the new grant, and then the network ends; an answer more the next time.
    let scope: domain::ids::ScopeId = pair.place().as_str().unwrap().parse().unwrap();
    let mut left_with_work = false;
    // The first one is longer than the others: it names the key of each comment.
    for bytes in (1..=10).map(|n| n * 250) {
        way.turn(nyetaa_tests::Weather::EndsDown(bytes));
        let state = pair.coach.call("sync_now", json!({}));
        let unsent = pair.coach.app().with(|cx| {
            let pending = cx.store().pending().unwrap();
            let mut here = pending.iter().filter(|pending| pending.scope == scope);
            here.next().map_or(0, |pending| pending.saves)
        });
        assert_eq!(state["waiting_saves"], unsent, "{bytes}");
        assert_eq!(state["state"] == "up_to_date", unsent == 0, "{bytes}");
        let granted = pair
            .coach
            .app()
            .with(|cx| cx.grant().unwrap().unwrap().may_write(scope));
        left_with_work |= !granted && unsent > 0;
    }
    assert!(left_with_work, "the grant came before all was sent");
    way.turn(nyetaa_tests::Weather::Fair);
    let state = pair.coach.sync();
    assert_eq!(state["waiting_saves"], 0);
    let gone = pair.coach.refused("cycle", json!({ "id": cycle }));
    assert_eq!(gone.code, "record-gone");
    pair.clinic.sync();
    let comments = pair.clinic.cycle(&cycle)["comments"].clone();
    assert_eq!(comments.as_array().unwrap().len(), 70);
    let read = texts(&comments, "text");
    assert!(
        read.iter().all(|text| text.chars().count() == 12_000),
        "with their keys"
    );
}

#[test]
fn a_facility_that_moves_while_both_sides_have_unsent_work_loses_none_of_it() {
    let (pair, cycle) = Pair::at_work();
    let (place, server) = (pair.place(), pair.centre.server());
    let comment = |laptop: &Laptop, text: &str| {
        let request = json!({ "id": null, "about": cycle, "text": text, "seen": null });
        laptop.call("save_comment", request);
    };
    // Both have been without a network for a while.
    pair.clinic_changes("2026-02", "31");
    comment(&pair.clinic, "dit par l’équipe");
    pair.coach_corrects("2026-04", "19", "recompté");
    comment(&pair.coach, "dit par l’ancien coach");
    server.relocate("CSCom de Kangaré", "Yanfolila").unwrap();
    // The new coach is at work before either of them hears of it.
    let other = Laptop::new(&pair.time);
    other.begin_coach("Yanfolila", "Fanta Sidibé");
    other.enrol(&pair.centre, &pair.centre.invite_coach("Yanfolila"));
    comment(&other, "dit par le nouveau coach");
    other.sync();

    let state = pair.coach.sync();
    assert_eq!(
        (&state["waiting_saves"], &state["state"]),
        (&json!(0), &json!("up_to_date"))
    );
    let gone = pair.coach.refused("cycle", json!({ "id": cycle }));
    assert_eq!(gone.code, "record-gone");
    let scope: domain::ids::ScopeId = place.as_str().unwrap().parse().unwrap();
    let left = pair
        .coach
        .app()
        .with(|cx| cx.store().vector(&[scope].into()).unwrap());
    assert!(left.is_empty(), "nothing of it lies there");
    pair.clinic.sync();
    other.sync();
    pair.clinic.sync();
    for laptop in [&pair.clinic, &other] {
        for (month, typed) in [("2026-02", 31.0), ("2026-04", 19.0)] {
            let cell = laptop.cell(&place, "MNCH-02", month);
            assert_eq!(
                (&cell["numerator"], &cell["open"]),
                (&json!(typed), &json!([])),
                "{month}"
            );
        }
        let mut said = texts(&laptop.cycle(&cycle)["comments"], "text");
        said.sort_unstable();
        assert_eq!(
            said,
            [
                "dit par le nouveau coach",
                "dit par l’ancien coach",
                "dit par l’équipe"
            ]
        );
        assert_eq!(laptop.sync_state()["state"], "up_to_date");
    }

    // It comes back to its old district: the first coach has all of it again, and goes on in her own stream.
    server.relocate("CSCom de Kangaré", "Sélingué").unwrap();
    other.sync();
    pair.coach.sync();
    let gone = other.refused("cycle", json!({ "id": cycle }));
    assert_eq!(gone.code, "record-gone");
    comment(&pair.coach, "de retour");
    pair.coach.sync();
    pair.clinic.sync();
    let said = [&pair.coach, &pair.clinic].map(|laptop| {
        let mut said = texts(&laptop.cycle(&cycle)["comments"], "text");
        said.sort_unstable();
        said
    });
    assert_eq!(said[0].len(), 4, "{said:?}");
    assert_eq!(said[0], said[1]);
    let report = server.check().unwrap();
    assert!(report.ok, "{report:?}");
}

/// Only the server's own word of today lets a scope leave: one that was put back without knowing it has lost what it once
/// said it holds, and of a facility that has moved nothing else would tell.
#[test]
fn a_facility_leaves_only_when_the_server_has_what_it_once_said() {
    let (mut pair, cycle) = Pair::at_work();
    let place = pair.place();
    pair.sync_both();
    pair.centre.stop();
    let server = pair.centre.back_up();
    pair.centre.start();
    pair.coach_corrects("2026-03", "21", "recompté");
    assert_eq!(pair.coach.sync()["state"], "up_to_date");

    pair.centre.stop();
    pair.centre.put_back(&server, "nothing");
    pair.centre.start();
    let moving = pair.centre.server();
    moving.relocate("CSCom de Kangaré", "Yanfolila").unwrap();
    pair.coach.sync();
    assert_eq!(
        pair.coach.refused("cycle", json!({ "id": cycle })).code,
        "record-gone"
    );
    pair.clinic.sync();
    assert_eq!(
        pair.clinic.cell(&place, "MNCH-02", "2026-03")["numerator"],
        21.0
    );
}

/// A colleague's laptop brings what a server that was put back has lost, and meanwhile its writer was revoked: it is put aside
/// there, nobody is told of a failure that is none of theirs, it is not sent for ever, and it stays where it is.
#[test]
fn work_of_one_who_was_revoked_is_brought_once_and_fails_no_exchange() {
    let (mut pair, _) = Pair::at_work();
    let place = pair.place();
    pair.sync_both();
    pair.centre.stop();
    let server = pair.centre.back_up();
    pair.centre.start();
    pair.clinic_changes("2026-05", "23");
    pair.clinic.sync();
    pair.coach.sync();
    pair.centre.stop();
    pair.centre.put_back(&server, "epoch");
    std::fs::write(pair.centre.folder().join("epoch"), "0".repeat(32)).unwrap();
    pair.centre.start();
    let operator = pair.centre.server();
    operator.revoke(&pair.clinic.replica().to_string()).unwrap();

    let state = pair.coach.sync();
    assert_eq!(state["last"]["code"], json!(null), "{state}");
    let aside = operator.aside().unwrap();
    assert_eq!((aside.len(), aside[0].reason.as_str()), (1, "revoked"));
    let state = pair.coach.sync();
    assert_eq!(
        (&state["state"], &state["last"]["requests"]),
        (&json!("up_to_date"), &json!(1)),
        "{state}"
    );
    let may = || pair.coach.cell(&place, "MNCH-02", "2026-05")["numerator"].clone();
    assert_eq!(may(), 23.0);
    operator.release(&aside[0].id).unwrap();
    let state = pair.coach.sync();
    assert_eq!(state["state"], "up_to_date", "{state}");
    assert_eq!(may(), 23.0);
    assert!(operator.check().unwrap().ok);
}
