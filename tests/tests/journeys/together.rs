//! Two laptops and a server: what one writes, the other sees.

use nyetaa_tests::{Centre, Laptop, Pair, Time, coach_of, facility_in, texts};
use serde_json::{Value as Json, json};

#[test]
fn the_district_sees_the_cycle_its_chart_and_its_test_and_answers() {
    let (pair, cycle) = Pair::at_work();
    let plan = json!({ "title": "Rappel la veille", "who": "Fatoumata", "prediction": "+5", "starts": "2026-02-02" });
    let trial = pair.clinic.part("save_trial", &cycle, &Json::Null, plan);
    pair.clinic.part(
        "save_trial",
        &cycle,
        &pair.clinic.cycle(&cycle)["trials"][0],
        json!({
            "happened": "9 sur 10", "comparison": "better", "decision": "adopt",
        }),
    );
    pair.clinic.part(
        "save_lesson",
        &cycle,
        &Json::Null,
        json!({ "title": "Appeler la veille" }),
    );
    pair.clinic.sync();
    let state = pair.coach.sync();
    assert_eq!(state["last"]["requests"], 1);

    // The coach reads what the clinic wrote.
    let listed = pair.coach.call("cycles", json!({ "place": null }));
    assert_eq!(listed[0]["id"], cycle);
    assert_eq!(listed[0]["place"]["name"], "CSCom de Kangaré");
    let [mut here, there] = [&pair.clinic, &pair.coach].map(|laptop| laptop.cycle(&cycle));
    // Who may hand a lesson on is another at each.
    assert_eq!(here["lessons"][0]["may_share"], false);
    here["lessons"][0]["may_share"] = there["lessons"][0]["may_share"].clone();
    for part in ["cycle", "members", "measures", "ideas", "trials", "lessons"] {
        assert_eq!(here[part], there[part], "{part}");
    }
    assert_eq!(there["trials"][0]["step"], "done");
    assert_eq!(there["trials"][0]["meta"]["author"], "Awa Traoré");
    let place = pair.place();
    assert_eq!(
        pair.clinic.chart(&place, "MNCH-02"),
        pair.coach.chart(&place, "MNCH-02")
    );
    assert_eq!(
        pair.coach.call("lessons", json!({}))[0]["place_name"],
        "CSCom de Kangaré"
    );
    let places = pair.coach.call("places", json!({}));
    assert_eq!(places[1]["place"]["name"], "CSCom de Kangaré");
    assert_eq!(places[1]["last_month"], "2026-06");

    // The coach comments and corrects; a correction without its reason is refused.
    let comment = json!({ "id": null, "about": trial, "text": "Bravo ! Essayez avec dix femmes 👏", "seen": null });
    pair.coach.call("save_comment", comment);
    let shown = pair.coach.cell(&place, "MNCH-02", "2026-03");
    let edit = nyetaa_tests::cell("MNCH-02", "2026-03", "19", "41", &shown);
    for reason in [Json::Null, json!("   ")] {
        let request = json!({ "place": place, "cells": [edit.clone()], "reason": reason });
        assert_eq!(
            pair.coach.refused("save_cells", request).code,
            "reason-missing"
        );
    }
    pair.coach_corrects("2026-03", "19", "recompté dans le registre");
    let state = pair.coach.sync();
    assert_eq!(
        (&state["last"]["requests"], &state["waiting_saves"]),
        (&json!(1), &json!(0))
    );
    let state = pair.clinic.sync();
    assert_eq!(state["last"]["requests"], 1);

    let comments = pair.clinic.cycle(&cycle)["trials"][0]["comments"].clone();
    assert_eq!(comments[0]["text"], "Bravo ! Essayez avec dix femmes 👏");
    assert_eq!(
        (&comments[0]["meta"]["author"], &comments[0]["author_role"]),
        (&json!("Issa Coulibaly"), &json!("coach"))
    );
    let march = pair.clinic.cell(&place, "MNCH-02", "2026-03");
    assert_eq!(
        (&march["numerator"], &march["open"]),
        (&json!(19.0), &json!([])),
        "seen before it was changed: no question is left open"
    );
    assert_eq!(march["author"], "Issa Coulibaly");
    let history = pair.clinic.call(
        "cell_history",
        json!({ "place": place, "indicator": "MNCH-02", "period": "2026-03" }),
    );
    assert_eq!(history[0]["reason"], "recompté dans le registre");
    assert_eq!(
        (&history[0]["author"], &history[0]["role"]),
        (&json!("Issa Coulibaly"), &json!("coach"))
    );
}

#[test]
fn sending_and_receiving_is_one_request() {
    let (pair, cycle) = Pair::at_work();
    for round in 0..3 {
        pair.time.minutes(7);
        pair.clinic_changes("2026-05", &(20 + round).to_string());
        pair.coach.call(
            "save_comment",
            json!({ "id": null, "about": cycle, "text": format!("mot {round}"), "seen": null }),
        );
        let coach = pair.coach.sync();
        let clinic = pair.clinic.sync();
        for state in [&coach, &clinic] {
            assert_eq!(state["last"]["requests"], 1, "round {round}");
            assert_eq!(state["last"]["sent"], 1, "round {round}");
            assert_eq!(state["state"], "up_to_date", "round {round}");
        }
        assert_eq!(clinic["last"]["received"], 1, "round {round}");
    }
    pair.network.carried();
    let idle = pair.clinic.sync();
    assert_eq!(idle["last"]["requests"], 1);
    assert_eq!(
        (&idle["last"]["sent"], &idle["last"]["received"]),
        (&json!(0), &json!(0))
    );
    let (up, down) = pair.network.carried();
    assert!(
        up + down < 2_000,
        "an exchange of nothing is small: {up} up, {down} down"
    );
    assert!(
        idle["last"]["bytes_up"].as_u64().unwrap() <= up,
        "what the panel counts was carried"
    );
}

#[test]
fn a_facility_that_joins_later_appears_at_the_coach_by_itself() {
    let (pair, _) = Pair::at_work();
    let other = Laptop::new(&pair.time);
    other.begin_facility("CSCom de Tagan", "Sélingué", "Moussa Diarra", "lead");
    let cycle = other.start_cycle(&other.home(), "malaria-testing", "malaria");
    let code = pair.centre.invite_facility("CSCom de Tagan", "Sélingué");
    other.enrol(&pair.centre, &code);
    pair.coach.sync();
    assert_eq!(
        pair.coach.cycle(&cycle)["cycle"]["place"]["name"],
        "CSCom de Tagan"
    );
    assert_eq!(pair.coach.cycle(&cycle)["writable"], true);
    let places = pair.coach.call("places", json!({}));
    let names: Vec<_> = places
        .as_array()
        .unwrap()
        .iter()
        .map(|member| member["place"]["name"].clone())
        .collect();
    assert_eq!(
        json!(names),
        json!(["Sélingué", "CSCom de Kangaré", "CSCom de Tagan"])
    );
    pair.coach.call(
        "save_comment",
        json!({ "id": null, "about": cycle, "text": "Bienvenue", "seen": null }),
    );
    pair.coach.sync();
    other.sync();
    assert_eq!(
        other.cycle(&cycle)["comments"][0]["meta"]["author"],
        "Issa Coulibaly"
    );
}

#[test]
fn a_facility_never_receives_another_ones_records() {
    let (pair, cycle) = Pair::at_work();
    let other = Laptop::new(&pair.time);
    other.begin_facility("CSCom de Tagan", "Sélingué", "Moussa Diarra", "lead");
    let theirs = other.start_cycle(&other.home(), "malaria-testing", "malaria");
    let code = pair.centre.invite_facility("CSCom de Tagan", "Sélingué");
    other.enrol(&pair.centre, &code);
    pair.coach.sync();
    pair.sync_both();
    other.sync();
    for (laptop, stranger) in [(&pair.clinic, &theirs), (&other, &cycle)] {
        assert_eq!(
            laptop.refused("cycle", json!({ "id": stranger })).code,
            "record-gone"
        );
        assert_eq!(
            laptop
                .call("cycles", json!({ "place": null }))
                .as_array()
                .unwrap()
                .len(),
            1
        );
        let comment = json!({ "id": null, "about": stranger, "text": "?", "seen": null });
        assert_eq!(laptop.refused("save_comment", comment).code, "record-gone");
    }
    assert!(!texts(&other.call("people", json!({})), "name").contains(&"Awa Traoré".to_owned()));
    // Nor is there a trace of it in what is stored.
    let scope: domain::ids::RecordId = serde_json::from_value(pair.place()).unwrap();
    let scopes = std::collections::BTreeSet::from([scope.as_scope()]);
    let held = other.app().with(|cx| cx.store().vector(&scopes).unwrap());
    assert_eq!(held.get(scope.as_scope(), pair.clinic.replica()), 0);
    let foreign = json!({ "place": pair.place(), "reason": "?", "cells": [] });
    assert_eq!(other.refused("save_cells", foreign).code, "place-unknown");
}

#[test]
fn a_team_does_not_write_at_another_place() {
    let (pair, _) = Pair::at_work();
    let district = pair.clinic.district("Sélingué");
    let request = json!({ "place": district, "template": "malaria-testing", "area": "malaria", "language": "fr" });
    assert_eq!(
        pair.clinic.refused("start_cycle", request).code,
        "only-the-coach"
    );
    let begun = pair
        .coach
        .start_cycle(&district, "malaria-testing", "malaria");
    pair.coach.sync();
    pair.clinic.sync();
    let shown = pair.clinic.cycle(&begun);
    assert_eq!(
        shown["writable"], false,
        "the district's own cycle is read below, not written"
    );
    let edit = json!({ "id": begun, "edits": [{ "field": "title", "value": "?", "seen": null }], "reason": null });
    assert_eq!(
        pair.clinic.refused("save_cycle", edit).code,
        "only-the-coach"
    );
}

#[test]
fn a_second_laptop_of_the_same_team_moves_to_its_place_and_meets_in_the_same_months() {
    let (pair, _) = Pair::at_work();
    // Binta began alone at what she took for a new place, with the same March.
    let second = Laptop::new(&pair.time);
    second.begin_facility("Csc de Kangaré", "Sélingué", "Binta Sidibé", "member");
    let provisional = second.home();
    let cycle = second.start_cycle(&provisional, "malaria-testing", "malaria");
    second.start_cycle(&provisional, "anc-four-contacts", "mnch");
    second.types(&provisional, "MNCH-02", "2026-03", "17", "41");
    second.types(&provisional, "MAL-01", "2026-03", "55", "60");
    second.part(
        "save_trial",
        &cycle,
        &Json::Null,
        json!({ "title": "TDR au tri", "who": "Binta", "prediction": "+10" }),
    );
    let code = pair
        .centre
        .invite(&facility_in("Sélingué", "CSCom de Kangaré"));
    second.enrol(&pair.centre, &code);
    let place = pair.place();
    assert_eq!(
        second.home(),
        place,
        "the invitation names the place that is there already"
    );
    let people = texts(&second.call("people", json!({})), "name");
    assert_eq!(
        people.iter().filter(|name| *name == "Binta Sidibé").count(),
        1,
        "{people:?}"
    );
    assert_eq!(
        second.call("start_state", json!({}))["person"]["name"],
        "Binta Sidibé"
    );
    pair.clinic.sync();
    pair.coach.sync();
    for laptop in [&second, &pair.clinic, &pair.coach] {
        let cycles = laptop.call("cycles", json!({ "place": place }));
        assert_eq!(
            cycles.as_array().unwrap().len(),
            3,
            "hers and the one that was there"
        );
        let march = laptop.cell(&place, "MAL-01", "2026-03");
        assert_eq!(
            (&march["numerator"], &march["author"]),
            (&json!(55.0), &json!("Binta Sidibé"))
        );
        // Both had typed March: one record, and both values stand until somebody decides.
        let march = laptop.cell(&place, "MNCH-02", "2026-03");
        let mut values = texts(&march["open"][0]["values"], "text");
        values.sort();
        assert_eq!(values, ["16", "17"], "{march}");
        let trials: Vec<Json> = cycles
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|cycle| {
                laptop.cycle(&cycle["id"])["trials"]
                    .as_array()
                    .unwrap()
                    .clone()
            })
            .collect();
        assert_eq!(trials.len(), 1);
        assert_eq!(
            (&trials[0]["title"], &trials[0]["meta"]["author"]),
            (&json!("TDR au tri"), &json!("Binta Sidibé"))
        );
        assert!(
            !texts(
                &laptop.call("search_places", json!({ "query": "kangare", "levels": [] })),
                "name"
            )
            .contains(&"Csc de Kangaré".to_owned())
        );
    }
    assert_eq!(second.sync()["waiting_saves"], 0);
}

#[test]
fn a_team_that_is_invited_to_a_new_place_keeps_the_one_it_made() {
    let time = Time::default();
    let centre = Centre::open(&time);
    let laptop = Laptop::new(&time);
    laptop.begin_facility("Mon centre", "Sélingué", "Awa Traoré", "lead");
    let before = laptop.home();
    let cycle = laptop.start_cycle(&before, "anc-four-contacts", "mnch");
    let code = centre.invite_facility("CSCom de Kangaré", "Sélingué");
    let state = laptop.enrol(&centre, &code.to_lowercase().replace('-', " "));
    assert_eq!(
        (&state["state"], &state["waiting_saves"]),
        (&json!("up_to_date"), &json!(0))
    );
    assert_eq!(laptop.home(), before);
    assert_eq!(laptop.cycle(&cycle)["writable"], true);
    let again = json!({ "server": centre.address(), "code": code });
    assert_eq!(laptop.refused("enrol", again).code, "already-enrolled");
    let report = centre.server().check().unwrap();
    assert!(report.ok, "{report:?}");
}

#[test]
fn a_person_who_began_as_a_team_may_be_invited_as_coach() {
    let time = Time::default();
    let centre = Centre::open(&time);
    let laptop = Laptop::new(&time);
    laptop.begin_facility("CSRéf", "Sélingué", "Issa Coulibaly", "member");
    let code = centre.invite(&coach_of("Sélingué"));
    laptop.enrol(&centre, &code);
    let state = laptop.call("start_state", json!({}));
    assert_eq!(state["place"]["name"], "Sélingué");
    assert_eq!(state["person"]["role"], "coach");
    assert_eq!(state["person"]["name"], "Issa Coulibaly");
}

#[test]
fn the_server_gives_each_its_own_after_a_restart_too() {
    let (mut pair, cycle) = Pair::at_work();
    pair.centre.stop();
    pair.clinic
        .edit_cycle(&cycle, json!({ "cause": "premier contact tardif" }));
    pair.centre.start();
    pair.clinic.sync();
    assert_eq!(pair.coach.sync()["last"]["requests"], 1);
    assert_eq!(
        pair.coach.cycle(&cycle)["cycle"]["cause"],
        "premier contact tardif"
    );
}

/// The copy is from before anybody enrolled: the server knows neither the clinic nor its laptops any more.
#[test]
fn a_server_put_back_to_its_first_day_takes_back_whom_it_has_forgotten() {
    for kept in ["", "epoch"] {
        let mut pair = Pair::begun();
        pair.centre.stop();
        let copy = pair.centre.back_up();
        pair.centre.start();
        pair.enrol_clinic();
        let code = pair.centre.invite_coach("Sélingué");
        pair.coach.enrol(&pair.centre, &code);
        pair.clinic
            .start_cycle(&pair.place(), "anc-four-contacts", "mnch");
        pair.fill_year();
        pair.sync_both();
        pair.centre.stop();
        pair.centre.put_back(&copy, kept);
        pair.centre.start();
        pair.clinic_changes("2026-06", "23");
        for _ in 0..2 {
            pair.sync_both();
        }
        for laptop in [&pair.clinic, &pair.coach] {
            let state = laptop.sync_state();
            assert_eq!(state["state"], "up_to_date", "{state}");
        }
        for cell in pair.cells("2026-06") {
            assert_eq!(
                (&cell["numerator"], &cell["open"]),
                (&json!(23.0), &json!([]))
            );
        }
        let devices = pair.centre.server().devices().unwrap();
        assert_eq!(devices.len(), 2);
        assert!(pair.centre.server().check().unwrap().ok);
    }
}

/// The operator puts last night's copy back, with or without the small file that tells an old database from a new.
#[test]
fn a_server_put_back_from_a_copy_gets_again_what_it_lost() {
    for kept in ["", "epoch"] {
        let (mut pair, cycle) = Pair::at_work();
        pair.centre.stop();
        let copy = pair.centre.back_up();
        pair.centre.start();
        pair.clinic_changes("2026-05", "21");
        pair.coach_corrects("2026-04", "19", "recompté");
        pair.sync_both();
        pair.centre.stop();
        pair.centre.put_back(&copy, kept);
        pair.centre.start();
        pair.clinic_changes("2026-06", "23");
        pair.sync_both();
        pair.coach.sync();
        for (month, shown) in [("2026-04", 19.0), ("2026-05", 21.0), ("2026-06", 23.0)] {
            for cell in pair.cells(month) {
                assert_eq!(
                    (&cell["numerator"], &cell["open"]),
                    (&json!(shown), &json!([])),
                    "{month}"
                );
            }
        }
        // Who joins now gets everything from the server, so it has everything again.
        let late = Laptop::new(&pair.time);
        late.begin_coach("Sélingué", "Oumou Keïta");
        late.enrol(&pair.centre, &pair.centre.invite_coach("Sélingué"));
        let place = pair.place();
        for (month, shown) in [("2026-04", 19.0), ("2026-05", 21.0), ("2026-06", 23.0)] {
            assert_eq!(
                late.cell(&place, "MNCH-02", month)["numerator"],
                shown,
                "{month} {kept}"
            );
        }
        assert_eq!(
            late.cycle(&cycle)["cycle"],
            pair.clinic.cycle(&cycle)["cycle"]
        );
        assert!(pair.centre.server().check().unwrap().ok);
    }
}
