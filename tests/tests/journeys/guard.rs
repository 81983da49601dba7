//! Much that is removed at once: asked about at the laptop, told where it arrives, brought back as one.

use base64::Engine;
use nyetaa_tests::{Laptop, Pair, cell, period};
use serde_json::{Value as Json, json};

use crate::sticks::{Stick, receive, send, strangers};

const MEASURE: &str = "MNCH-02";
const HOURS: i64 = 60;

/// Empties so many months of the main measure, July 2025 on, at once.
fn emptying(laptop: &Laptop, place: &Json, months: u32) -> Json {
    let cells: Vec<Json> = (0..months)
        .map(|month| {
            let period = period(2025, 7 + month);
            cell(
                MEASURE,
                &period,
                "",
                "",
                &laptop.cell(place, MEASURE, &period),
            )
        })
        .collect();
    json!({ "place": place, "cells": cells, "reason": null })
}

fn sure(mut request: Json) -> Json {
    request["sure"] = json!(true);
    request
}

fn numerators(laptop: &Laptop, place: &Json) -> Vec<Json> {
    (0..12)
        .map(|month| laptop.cell(place, MEASURE, &period(2025, 7 + month))["numerator"].clone())
        .collect()
}

fn batches(laptop: &Laptop, place: &Json) -> Vec<Json> {
    let told = laptop.call("removed_batches", json!({ "place": place }));
    told.as_array().unwrap().clone()
}

fn ideas(laptop: &Laptop, cycle: &Json, count: usize) -> Vec<Json> {
    (0..count)
        .map(|n| {
            let text = format!("Idée {n}");
            let edits = json!([{ "field": "text", "value": text, "seen": null }]);
            let request = json!({ "cycle": cycle, "id": null, "edits": edits, "reason": null });
            laptop.call("save_idea", request)["id"].clone()
        })
        .collect()
}

fn removing(kind: &str, id: &Json) -> Json {
    json!({ "kind": kind, "id": id, "reason": null })
}

#[test]
fn emptying_many_figures_is_asked_about_and_all_of_it_comes_back_as_one() {
    let (pair, _) = Pair::at_work();
    let (clinic, place) = (&pair.clinic, pair.place());
    pair.time.minutes(2 * HOURS);
    let before = numerators(clinic, &place);
    // Nine are the corrections of a bad day.
    clinic.call("save_cells", emptying(clinic, &place, 9));
    assert_eq!(batches(clinic, &place), Vec::<Json>::new());
    for month in 0..9 {
        let (n, period) = (&before[month as usize], period(2025, 7 + month));
        clinic.types(&place, MEASURE, &period, &n.to_string(), "41");
    }
    pair.time.minutes(2 * HOURS);

    let all = emptying(clinic, &place, 12);
    let asked = clinic.refused("save_cells", all.clone());
    assert_eq!(
        (
            asked.code.as_str(),
            asked.params["what"].as_str(),
            asked.params["count"].as_str()
        ),
        ("removes-many", "values", "12")
    );
    assert_eq!(numerators(clinic, &place), before, "nothing was emptied");
    clinic.call("save_cells", sure(all));
    assert_eq!(numerators(clinic, &place), vec![Json::Null; 12]);

    let told = batches(clinic, &place);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(
        (
            &told[0]["count"],
            &told[0]["values"],
            &told[0]["by"],
            &told[0]["told"]
        ),
        (&json!(12), &json!(12), &json!("Awa Traoré"), &json!(false)),
        "who removed them here was asked"
    );
    let batch = json!({ "place": place, "batch": told[0]["batch"] });
    let back = clinic.call("restore_batch", batch.clone());
    assert_eq!(back["lacking"], 0);
    assert_eq!(numerators(clinic, &place), before);
    assert_eq!(batches(clinic, &place), Vec::<Json>::new());
    assert_eq!(clinic.refused("restore_batch", batch).code, "record-gone");

    // Taking that back is removing them again, and asks too.
    let again = json!({ "place": place, "records": back["records"] });
    assert_eq!(
        clinic.refused("remove_again", again.clone()).code,
        "removes-many"
    );
    clinic.call("remove_again", sure(again));
    assert_eq!(numerators(clinic, &place), vec![Json::Null; 12]);
}

#[test]
fn half_of_a_value_is_lost_too_and_comes_back_alone() {
    let (pair, _) = Pair::at_work();
    let (clinic, place) = (&pair.clinic, pair.place());
    pair.time.minutes(2 * HOURS);
    let before = numerators(clinic, &place);
    let mut halves = emptying(clinic, &place, 12);
    for cell in halves["cells"].as_array_mut().unwrap() {
        cell["denominator"] = Json::Null;
    }
    let asked = clinic.refused("save_cells", halves.clone());
    assert_eq!(
        (asked.code.as_str(), asked.params["count"].as_str()),
        ("removes-many", "12")
    );
    clinic.call("save_cells", sure(halves));
    let batch = json!({ "place": place, "batch": batches(clinic, &place)[0]["batch"] });
    let back = clinic.call("restore_batch", batch);
    assert_eq!(numerators(clinic, &place), before);
    let again = json!({ "place": place, "records": back["records"] });
    clinic.call("remove_again", sure(again));
    let july = clinic.cell(&place, MEASURE, "2025-07");
    assert_eq!(
        (&july["numerator"], &july["denominator"]),
        (&Json::Null, &json!(40.0))
    );
}

#[test]
fn the_reason_for_which_figures_were_emptied_stands_again_when_they_are() {
    let (pair, _) = Pair::at_work();
    let (clinic, place) = (&pair.clinic, pair.place());
    pair.time.minutes(2 * HOURS);
    let before = numerators(clinic, &place);
    let mut lost = emptying(clinic, &place, 12);
    for cell in lost["cells"].as_array_mut().unwrap() {
        cell["no_data"] = json!({ "typed": "register_missing", "seen": null });
    }
    clinic.call("save_cells", sure(lost));
    let july = || clinic.cell(&place, MEASURE, "2025-07")["no_data"].clone();
    assert_eq!(july(), "register_missing");
    let batch = json!({ "place": place, "batch": batches(clinic, &place)[0]["batch"] });
    let back = clinic.call("restore_batch", batch);
    assert_eq!((numerators(clinic, &place), july()), (before, Json::Null));
    let again = json!({ "place": place, "records": back["records"] });
    clinic.call("remove_again", sure(again));
    assert_eq!(numerators(clinic, &place), vec![Json::Null; 12]);
    assert_eq!(july(), "register_missing");
}

#[test]
fn the_tenth_removal_of_a_sitting_is_asked_about_and_the_next_day_begins_anew() {
    let (pair, cycle) = Pair::at_work();
    let clinic = &pair.clinic;
    let made = ideas(clinic, &cycle, 24);
    pair.time.minutes(2 * HOURS);
    for id in &made[..9] {
        clinic.call("delete_record", removing("idea", id));
        pair.time.minutes(1);
    }
    let tenth = removing("idea", &made[9]);
    let asked = clinic.refused("delete_record", tenth.clone());
    assert_eq!(
        (
            asked.code.as_str(),
            asked.params["what"].as_str(),
            asked.params["count"].as_str()
        ),
        ("removes-many", "run", "10")
    );
    // What is back is not lost.
    clinic.call("restore_record", json!({ "kind": "idea", "id": made[0] }));
    clinic.call("delete_record", tenth);
    let asked = clinic.refused("delete_record", removing("idea", &made[10]));
    assert_eq!(asked.params["count"], "10");
    // A yes stands for what came before it.
    clinic.call("delete_record", sure(removing("idea", &made[10])));
    clinic.call("delete_record", removing("idea", &made[11]));
    pair.time.minutes(24 * HOURS);
    for id in &made[12..21] {
        clinic.call("delete_record", removing("idea", id));
    }
    let told = batches(clinic, &pair.place());
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["count"], 11);
}

#[test]
fn who_mends_what_they_have_just_typed_is_never_asked() {
    let (pair, cycle) = Pair::at_work();
    let (clinic, place) = (&pair.clinic, pair.place());
    pair.time.minutes(5);
    clinic.call("save_cells", emptying(clinic, &place, 12));
    let made = ideas(clinic, &cycle, 15);
    for id in &made {
        clinic.call("delete_record", removing("idea", id));
    }
    assert_eq!(batches(clinic, &place), Vec::<Json>::new());
    // Nor is anybody told of it elsewhere.
    pair.clinic.sync();
    pair.coach.sync();
    assert_eq!(batches(&pair.coach, &place), Vec::<Json>::new());
}

#[test]
fn a_cycle_with_all_that_hangs_on_it_is_asked_about() {
    let (pair, cycle) = Pair::at_work();
    let clinic = &pair.clinic;
    ideas(clinic, &cycle, 12);
    pair.time.minutes(2 * HOURS);
    let asked = clinic.refused("delete_record", removing("cycle", &cycle));
    let count: usize = asked.params["count"].parse().unwrap();
    assert_eq!(
        (asked.code.as_str(), asked.params["what"].as_str()),
        ("removes-many", "whole")
    );
    assert!(count >= 12, "{count}");
    clinic.call("delete_record", sure(removing("cycle", &cycle)));
    let told = batches(clinic, &pair.place());
    assert_eq!(told[0]["count"], count + 1);
    let batch = json!({ "place": pair.place(), "batch": told[0]["batch"] });
    clinic.call("restore_batch", batch);
    assert!(clinic.cycle(&cycle).to_string().contains("Idée 11"));
}

#[test]
fn a_file_and_its_undoing_are_asked_about_too() {
    let (pair, _) = Pair::at_work();
    let (clinic, place) = (&pair.clinic, pair.place());
    let before = numerators(clinic, &place);
    pair.time.minutes(2 * HOURS);
    let file = |name: &str, rows: &[String]| {
        let text = format!(
            "indicateur;mois;numerateur;denominateur;pas_de_donnee\n{}\n",
            rows.join("\n")
        );
        let bytes = base64::engine::general_purpose::STANDARD.encode(text);
        json!({ "place": place, "file": name, "bytes": bytes })
    };
    let apply = |file: &Json| {
        let preview = clinic.call("preview_import", file.clone());
        assert_eq!(preview["errors"], json!([]), "{preview}");
        let mut apply = file.clone();
        apply["token"] = preview["token"].clone();
        apply
    };
    // Figures that give way to « no data ».
    let none: Vec<String> = (0..12)
        .map(|month| format!("{MEASURE};{};;;rupture", period(2025, 7 + month)))
        .collect();
    let request = apply(&file("rien.csv", &none));
    assert_eq!(
        clinic.refused("apply_import", request.clone()).code,
        "removes-many"
    );
    assert_eq!(numerators(clinic, &place), before);
    clinic.call("apply_import", sure(request));
    let told = batches(clinic, &place);
    assert_eq!(told[0]["values"], 12, "{told:?}");
    let batch = json!({ "place": place, "batch": told[0]["batch"] });
    clinic.call("restore_batch", batch);
    assert_eq!(numerators(clinic, &place), before);

    // A file of a time of which nothing stood here, undone long after.
    let past: Vec<String> = (0..12)
        .map(|month| format!("{MEASURE};{};7;30;", period(2023, 1 + month)))
        .collect();
    let import = clinic.call("apply_import", apply(&file("2023.csv", &past)))["import"].clone();
    pair.time.minutes(2 * HOURS);
    let undo = json!({ "id": import });
    let asked = clinic.refused("undo_import", undo.clone());
    assert_eq!(
        (asked.code.as_str(), asked.params["count"].as_str()),
        ("removes-many", "12")
    );
    assert_eq!(clinic.call("undo_import", sure(undo))["restored"], 12);
}

#[test]
fn much_that_others_removed_is_told_where_it_arrives_and_brought_back_there() {
    let (pair, _) = Pair::at_work();
    let (clinic, coach, place) = (&pair.clinic, &pair.coach, pair.place());
    let before = numerators(clinic, &place);
    pair.time.minutes(2 * HOURS);
    clinic.call("save_cells", sure(emptying(clinic, &place, 12)));
    clinic.sync();
    coach.sync();
    assert_eq!(
        numerators(coach, &place),
        vec![Json::Null; 12],
        "nothing is refused"
    );

    let told = batches(coach, &place);
    assert_eq!(
        (&told[0]["count"], &told[0]["by"], &told[0]["told"]),
        (&json!(12), &json!("Awa Traoré"), &json!(true))
    );
    let log = coach.call("sync_log", json!({}));
    assert_eq!(log[0]["params"]["removed"], "12", "{log}");
    let text = coach.call("export_sync_log", json!({}))["text"].clone();
    assert!(
        text.as_str()
            .unwrap()
            .contains("en grand nombre par d’autres\u{a0}: 12"),
        "{text}"
    );
    coach.sync();
    let log = coach.call("sync_log", json!({}));
    assert_eq!(
        log[0]["params"]["removed"],
        Json::Null,
        "it is said of the exchange that brought it"
    );

    // Left as it is, it is told no longer, and can be brought back all the same.
    let batch = json!({ "place": place, "batch": told[0]["batch"] });
    coach.call("leave_batch", batch.clone());
    assert_eq!(batches(coach, &place)[0]["told"], false);
    let back = coach.call("restore_batch", batch);
    assert_eq!(back["lacking"], 0);
    coach.sync();
    clinic.sync();
    assert_eq!(numerators(clinic, &place), before);
    assert_eq!(
        clinic.open_fields(),
        json!([]),
        "nobody has to decide anything"
    );
}

#[test]
fn figures_that_came_with_a_first_day_are_brought_back_from_there() {
    let pair = Pair::begun();
    pair.enrol_clinic();
    let place = pair.place();
    pair.clinic.start_cycle(&place, "anc-four-contacts", "mnch");
    pair.fill_year();
    pair.clinic.sync();
    let before = numerators(&pair.clinic, &place);
    let code = pair.centre.invite_coach("Sélingué");
    pair.coach.enrol(&pair.centre, &code);
    pair.coach.sync();
    pair.time.minutes(2 * HOURS);
    let all = emptying(&pair.clinic, &place, 12);
    pair.clinic.call("save_cells", sure(all));
    pair.clinic.sync();
    pair.coach.sync();
    let told = batches(&pair.coach, &place);
    let batch = json!({ "place": place, "batch": told[0]["batch"] });
    assert_eq!(pair.coach.call("restore_batch", batch)["lacking"], 0);
    assert_eq!(numerators(&pair.coach, &place), before);
}

#[test]
fn a_stick_tells_of_it_as_well() {
    let (time, clinic, coach) = strangers();
    let place = clinic.home();
    let cycle = clinic.start_cycle(&place, "anc-four-contacts", "mnch");
    let made = ideas(&clinic, &cycle, 12);
    let stick = Stick::new();
    send(&coach, &stick);
    receive(&clinic, &stick, &[json!(coach.replica().to_string())]);
    send(&clinic, &stick);
    receive(&coach, &stick, &[json!(clinic.replica().to_string())]);
    time.minutes(2 * HOURS);
    for id in &made {
        clinic.call("delete_record", sure(removing("idea", id)));
    }
    send(&clinic, &stick);
    receive(&coach, &stick, &[]);
    let log = coach.call("sync_log", json!({}));
    assert_eq!(log[0]["params"]["removed"], "12", "{log}");
    let told = batches(&coach, &place);
    assert_eq!(
        (&told[0]["count"], &told[0]["told"]),
        (&json!(12), &json!(true))
    );
}
