//! The history of a record, the way back to any version, questions, marks, and what waits as a file.

use nyetaa_tests::{Laptop, Pair, texts};
use serde_json::{Value as Json, json};

fn history(laptop: &Laptop, kind: &str, record: &Json) -> Json {
    laptop.call("record_history", json!({ "kind": kind, "record": record }))
}

#[test]
fn every_version_of_a_record_is_told_and_comes_back_without_any_network() {
    let (pair, cycle) = Pair::at_work();
    pair.network.turn(nyetaa_tests::Weather::Down);
    for title in ["Premier titre", "Deuxième titre"] {
        pair.time.minutes(5);
        pair.clinic.edit_cycle(&cycle, json!({ "title": title }));
    }
    let told = history(&pair.clinic, "cycle", &cycle);
    assert_eq!(
        (&told["complete"], &told["place"]),
        (&json!(true), &pair.place()),
        "all of it was written here"
    );
    let told = told["entries"].clone();
    let newest = &told[0];
    assert_eq!(newest["changes"][0]["before"], "Premier titre");
    assert_eq!(newest["changes"][0]["after"], "Deuxième titre");
    assert_eq!(
        (
            &newest["author"],
            &newest["place"],
            &newest["kind"],
            &newest["shown"]
        ),
        (
            &json!("Awa Traoré"),
            &json!("CSCom de Kangaré"),
            &json!("edit"),
            &json!(true)
        )
    );
    assert!(newest["received"]["server"].is_null(), "{newest}");
    let first = &told.as_array().unwrap()[told.as_array().unwrap().len() - 1];
    assert!(first["received"]["server"].is_string(), "{first}");

    let back = json!({
        "kind": "cycle", "record": cycle, "field": "title",
        "token": told[1]["changes"][0]["token"], "reason": "l’ancien disait mieux",
    });
    pair.clinic.call("restore_value", back);
    assert_eq!(pair.clinic.cycle(&cycle)["cycle"]["title"], "Premier titre");
    let told = history(&pair.clinic, "cycle", &cycle)["entries"].clone();
    assert_eq!(
        (&told[0]["kind"], &told[0]["reason"]),
        (&json!("restore"), &json!("l’ancien disait mieux"))
    );

    // Of a value that is not in this record nothing is restored.
    let wrong = json!({
        "kind": "cycle", "record": cycle, "field": "problem",
        "token": told[0]["changes"][0]["token"], "reason": null,
    });
    assert_eq!(
        pair.clinic.refused("restore_value", wrong).code,
        "request-invalid"
    );
}

#[test]
fn both_figures_of_a_cell_are_one_question() {
    let (pair, _) = Pair::at_work();
    pair.clinic_changes("2026-03", "19");
    pair.time.minutes(5);
    pair.coach_corrects("2026-03", "21", "recompté");
    pair.sync_both();
    let reviews = pair.clinic.call("reviews", json!({}));
    assert_eq!(reviews.as_array().unwrap().len(), 2, "{reviews}");
    let mut fields = texts(&reviews, "field");
    fields.sort();
    assert_eq!(fields, ["denominator", "numerator"]);
    assert_eq!(reviews[0]["group"], reviews[1]["group"]);
    assert!(reviews[0]["group"].is_string());
    assert_eq!(texts(&reviews, "place"), ["CSCom de Kangaré"; 2]);
    let open = reviews
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["field"] == "numerator")
        .unwrap();
    assert_eq!(texts(&open["values"], "role"), ["coach", "lead"]);
}

#[test]
fn both_figures_are_settled_by_one_save_and_taken_back_by_one() {
    let (pair, _) = Pair::at_work();
    let place = pair.place();
    for (laptop, figures) in [(&pair.clinic, ("19", "30")), (&pair.coach, ("21", "31"))] {
        let shown = laptop.cell(&place, "MNCH-02", "2026-03");
        let edit = nyetaa_tests::cell("MNCH-02", "2026-03", figures.0, figures.1, &shown);
        let request = json!({ "place": place, "cells": [edit], "reason": "recompté" });
        laptop.call("save_cells", request);
    }
    pair.sync_both();
    let reviews = pair.clinic.call("reviews", json!({}));
    let reviews = reviews.as_array().unwrap();
    let part = |field: &str, value: &str, seen: Json| json!({ "field": field, "value": value, "seen": seen });
    let tokens = |field: &str| {
        let open = reviews.iter().find(|one| one["field"] == field).unwrap();
        json!(texts(&open["values"], "token"))
    };
    let answer = |n: &str, d: &str, seen: [Json; 2], undo: bool| {
        let [of_n, of_d] = seen;
        let request = json!({
            "kind": "measurement", "record": reviews[0]["record"], "reason": null, "undo": undo,
            "parts": [part("numerator", n, of_n), part("denominator", d, of_d)],
        });
        pair.clinic.call("settle", request)
    };
    let settled = answer(
        "19",
        "30",
        [tokens("numerator"), tokens("denominator")],
        false,
    );
    assert_eq!(pair.clinic.call("reviews", json!({})), json!([]));
    assert_eq!(pair.clinic.sync_state()["waiting_saves"], 1);
    let seen = |field: &str| json!([settled["seen"][field]]);
    answer("21", "31", [seen("numerator"), seen("denominator")], true);
    assert_eq!(pair.clinic.sync_state()["waiting_saves"], 2);
    let told = history(&pair.clinic, "measurement", &reviews[0]["record"]);
    assert_eq!(texts(&told["entries"], "kind")[..2], ["undo", "settle"]);
    pair.sync_both();
    for cell in pair.cells("2026-03") {
        assert_eq!(
            (&cell["numerator"], &cell["denominator"]),
            (&json!(21.0), &json!(31.0))
        );
    }
}

#[test]
fn what_waits_names_the_cycle_that_it_is_of() {
    let (pair, cycle) = Pair::at_work();
    let title = pair.clinic.cycle(&cycle)["cycle"]["title"].clone();
    let trial = pair.clinic.part(
        "save_trial",
        &cycle,
        &Json::Null,
        json!({ "title": "Rappel la veille" }),
    );
    for about in [&cycle, &trial] {
        let comment = json!({ "id": null, "about": about, "text": "Bien vu", "seen": null });
        pair.clinic.call("save_comment", comment);
    }
    let waiting = pair.clinic.sync_state()["waiting"].clone();
    let waiting = waiting.as_array().unwrap();
    let mut kinds: Vec<_> = waiting.iter().map(|one| one["kind"].as_str()).collect();
    kinds.sort();
    assert_eq!(
        kinds,
        [Some("comment"), Some("comment"), Some("trial")],
        "{waiting:?}"
    );
    for one in waiting {
        assert_eq!(
            (&one["cycle"]["id"], &one["cycle"]["title"]),
            (&cycle, &title)
        );
    }
}

#[test]
fn marks_follow_a_record_to_the_server_and_to_the_coach_who_opens_it() {
    let (pair, cycle) = Pair::at_work();
    pair.clinic
        .edit_cycle(&cycle, json!({ "title": "Nouveau" }));
    let marks = |laptop: &Laptop| laptop.call("marks", json!({ "record": cycle }));
    let here = marks(&pair.clinic);
    assert!(
        here["saved"].is_string() && here["server"].is_null(),
        "{here}"
    );
    pair.clinic.sync();
    assert!(marks(&pair.clinic)["server"].is_string());
    pair.coach.sync();
    for _ in 0..2 {
        pair.coach
            .call("mark_opened", json!({ "kind": "cycle", "record": cycle }));
    }
    let state = pair.coach.sync_state();
    assert_eq!(state["waiting_saves"], 1, "once a day");
    pair.sync_both();
    let opened = marks(&pair.clinic)["opened"].clone();
    assert_eq!(texts(&opened, "by"), ["Issa Coulibaly"]);
    // The team's own looking is not noted.
    pair.clinic
        .call("mark_opened", json!({ "kind": "cycle", "record": cycle }));
    assert_eq!(pair.clinic.sync_state()["waiting_saves"], 0);
}

#[test]
fn what_waits_can_be_read_in_a_file() {
    let (pair, _) = Pair::at_work();
    pair.clinic_changes("2026-03", "19");
    let file = pair.clinic.call("export_waiting", json!({}));
    let text = std::fs::read_to_string(file["path"].as_str().unwrap()).unwrap();
    let told: Json = serde_json::from_str(&text).unwrap();
    assert_eq!(told["saves"][0]["author"], "Awa Traoré");
    assert_eq!(told["saves"][0]["changes"][0]["value"], "19");
}

#[test]
fn what_was_removed_is_listed_and_comes_back() {
    let (pair, cycle) = Pair::at_work();
    let idea = pair.clinic.call(
        "save_idea",
        json!({ "cycle": cycle, "id": null, "edits": [{ "field": "text", "value": "Une affiche", "seen": null }], "reason": null }),
    )["id"]
        .clone();
    let asked = json!({ "place": pair.place() });
    assert_eq!(pair.clinic.call("removed", asked.clone()), json!([]));
    pair.time.minutes(5);
    pair.clinic.call(
        "delete_record",
        json!({ "kind": "idea", "id": idea, "reason": null }),
    );
    let listed = pair.clinic.call("removed", asked.clone());
    assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");
    let one = &listed[0];
    assert_eq!(
        (&one["kind"], &one["label"], &one["by"], &one["cycle"]["id"]),
        (
            &json!("idea"),
            &json!("Une affiche"),
            &json!("Awa Traoré"),
            &cycle
        )
    );
    // Her coach reads the same after an exchange.
    pair.clinic.sync();
    pair.coach.sync();
    assert_eq!(
        pair.coach.call("removed", asked.clone())[0]["label"],
        "Une affiche"
    );

    // A removed cycle takes its parts along, and brings them back.
    pair.time.minutes(5);
    pair.clinic.call(
        "delete_record",
        json!({ "kind": "cycle", "id": cycle, "reason": null }),
    );
    let listed = pair.clinic.call("removed", asked.clone());
    assert_eq!(
        (listed.as_array().unwrap().len(), &listed[0]["kind"]),
        (1, &json!("cycle"))
    );
    pair.clinic
        .call("restore_record", json!({ "kind": "cycle", "id": cycle }));
    let listed = pair.clinic.call("removed", asked.clone());
    assert_eq!(
        (listed.as_array().unwrap().len(), &listed[0]["kind"]),
        (1, &json!("idea"))
    );
    pair.clinic
        .call("restore_record", json!({ "kind": "idea", "id": idea }));
    assert_eq!(pair.clinic.call("removed", asked), json!([]));
    assert!(
        pair.clinic
            .cycle(&cycle)
            .to_string()
            .contains("Une affiche")
    );
}
