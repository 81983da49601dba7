//! Two people change the same thing at the same time: nothing is lost, and somebody decides.

use nyetaa_tests::{Laptop, Pair, texts};
use serde_json::{Value as Json, json};

/// The values that stand for the numerator of a cell, with their authors, the shown one first.
fn standing(cell: &Json) -> Vec<(String, String)> {
    let Some(open) = cell["open"]
        .as_array()
        .unwrap()
        .iter()
        .find(|open| open["field"] == "numerator")
    else {
        return Vec::new();
    };
    texts(&open["values"], "text")
        .into_iter()
        .zip(texts(&open["values"], "author"))
        .collect()
}

fn settle(laptop: &Laptop, cell: &Json, value: Json) -> Result<Json, app::AppError> {
    let open = &cell["open"][0];
    laptop.ask(
        "settle",
        json!({
            "kind": "measurement", "record": cell["record"], "reason": "vu ensemble dans le registre", "undo": false,
            "parts": [{ "field": open["field"], "value": value, "seen": texts(&open["values"], "token") }],
        }),
    )
}

/// Both change March: 13 at the clinic, 14 by the coach.
fn differing() -> (Pair, Json) {
    let (pair, cycle) = Pair::at_work();
    pair.time.minutes(5);
    pair.clinic_changes("2026-03", "13");
    pair.time.minutes(5);
    pair.coach_corrects("2026-03", "14", "recompté");
    pair.sync_both();
    (pair, cycle)
}

#[test]
fn both_laptops_list_both_values_with_their_authors_and_show_the_same_one() {
    let (pair, cycle) = differing();
    let [clinic, coach] = pair.cells("2026-03");
    let values = [
        ("14".to_owned(), "Issa Coulibaly".to_owned()),
        ("13".to_owned(), "Awa Traoré".to_owned()),
    ];
    assert_eq!(standing(&clinic), values);
    assert_eq!(standing(&coach), values);
    assert_eq!(
        (&clinic["numerator"], &coach["numerator"]),
        (&json!(14.0), &json!(14.0))
    );
    for laptop in [&pair.clinic, &pair.coach] {
        let open = laptop.open_fields();
        assert_eq!(open.as_array().unwrap().len(), 1);
        assert_eq!(open[0]["label"], "CPN4+ avant l’accouchement");
        assert_eq!(laptop.sync_state()["questions"], 1);
        let places = laptop.call("places", json!({}));
        let conflicts: u64 = places
            .as_array()
            .unwrap()
            .iter()
            .map(|place| place["open_conflicts"].as_u64().unwrap())
            .sum();
        assert_eq!(conflicts, 1);
    }
    let today = pair.clinic.call("today", json!({ "place": pair.place() }));
    assert_eq!(today["items"][0]["kind"], "review_values");
    assert_eq!(
        pair.clinic.cycle(&cycle)["cycle"]["meta"]["open"],
        json!([])
    );
}

#[test]
fn a_choice_closes_the_question_everywhere() {
    for (chosen, shown) in [
        (json!("13"), 13.0),
        (json!("14"), 14.0),
        (json!("15"), 15.0),
    ] {
        let (pair, _) = differing();
        let [clinic, _] = pair.cells("2026-03");
        settle(&pair.clinic, &clinic, chosen).unwrap();
        pair.sync_both();
        for (laptop, cell) in [&pair.clinic, &pair.coach]
            .into_iter()
            .zip(pair.cells("2026-03"))
        {
            assert_eq!(
                (&cell["numerator"], &cell["open"]),
                (&json!(shown), &json!([]))
            );
            assert_eq!(laptop.open_fields(), json!([]));
            let at = json!({ "place": pair.place(), "indicator": "MNCH-02", "period": "2026-03" });
            let history = laptop.call("cell_history", at);
            assert_eq!(
                (&history[0]["kind"], &history[0]["reason"]),
                (&json!("settle"), &json!("vu ensemble dans le registre"))
            );
            assert!(
                texts(&history, "text").contains(&"13".to_owned())
                    && texts(&history, "text").contains(&"14".to_owned()),
                "nothing is lost"
            );
        }
    }
}

#[test]
fn a_choice_may_be_to_leave_the_cell_empty() {
    let (pair, _) = differing();
    let [clinic, _] = pair.cells("2026-03");
    settle(&pair.clinic, &clinic, Json::Null).unwrap();
    pair.sync_both();
    for cell in pair.cells("2026-03") {
        assert_eq!(
            (&cell["numerator"], &cell["open"]),
            (&Json::Null, &json!([]))
        );
    }
}

#[test]
fn a_value_that_comes_while_someone_chooses_must_be_looked_at_too() {
    let (pair, _) = differing();
    let [clinic, _] = pair.cells("2026-03");
    pair.coach_corrects("2026-03", "16", "encore recompté");
    pair.coach.sync();
    pair.clinic.sync();
    let error = settle(&pair.clinic, &clinic, json!("13")).unwrap_err();
    assert_eq!(error.code, "values-changed");
    let [clinic, _] = pair.cells("2026-03");
    settle(&pair.clinic, &clinic, json!("13")).unwrap();
    pair.sync_both();
    for cell in pair.cells("2026-03") {
        assert_eq!(
            (&cell["numerator"], &cell["open"]),
            (&json!(13.0), &json!([]))
        );
    }
}

#[test]
fn two_choices_at_the_same_time_are_a_question_of_their_own() {
    let (pair, _) = differing();
    let [clinic, coach] = pair.cells("2026-03");
    settle(&pair.clinic, &clinic, json!("13")).unwrap();
    pair.time.minutes(1);
    settle(&pair.coach, &coach, json!("15")).unwrap();
    pair.sync_both();
    let [clinic, coach] = pair.cells("2026-03");
    let values: Vec<_> = standing(&clinic)
        .into_iter()
        .map(|(value, _)| value)
        .collect();
    assert_eq!(values, ["15", "13"]);
    assert_eq!(standing(&clinic), standing(&coach));
    settle(&pair.coach, &coach, json!("15")).unwrap();
    pair.sync_both();
    assert_eq!(
        pair.cells("2026-03").map(|cell| cell["open"].clone()),
        [json!([]), json!([])]
    );
}

#[test]
fn the_same_value_typed_twice_is_no_question() {
    let (pair, _) = Pair::at_work();
    pair.clinic_changes("2026-03", "13");
    pair.coach_corrects("2026-03", "13", "recompté");
    pair.sync_both();
    for cell in pair.cells("2026-03") {
        assert_eq!(
            (&cell["numerator"], &cell["open"]),
            (&json!(13.0), &json!([]))
        );
    }
    // And the next edit replaces both.
    pair.clinic_changes("2026-03", "12");
    pair.sync_both();
    for cell in pair.cells("2026-03") {
        assert_eq!(
            (&cell["numerator"], &cell["open"]),
            (&json!(12.0), &json!([]))
        );
    }
}

#[test]
fn what_was_typed_over_an_old_screen_does_not_hide_what_came_meanwhile() {
    let (pair, _) = Pair::at_work();
    let place = pair.place();
    let shown = pair.clinic.cell(&place, "MNCH-02", "2026-03");
    pair.coach_corrects("2026-03", "14", "recompté");
    pair.coach.sync();
    pair.clinic.sync();
    let mut edit = nyetaa_tests::cell("MNCH-02", "2026-03", "13", "", &shown);
    edit["denominator"] = Json::Null;
    pair.clinic.call(
        "save_cells",
        json!({ "place": place, "cells": [edit], "reason": null }),
    );
    pair.sync_both();
    for cell in pair.cells("2026-03") {
        let mut values: Vec<_> = standing(&cell)
            .into_iter()
            .map(|(value, _)| value)
            .collect();
        values.sort();
        assert_eq!(values, ["13", "14"]);
    }
}

#[test]
fn words_of_a_cycle_differ_like_numbers_do() {
    let (pair, cycle) = Pair::at_work();
    pair.clinic.edit_cycle(
        &cycle,
        json!({ "cause": "premier contact tardif", "aim_to": 70 }),
    );
    pair.time.minutes(1);
    pair.coach
        .edit_cycle(&cycle, json!({ "cause": "distance", "aim_from": 41 }));
    pair.sync_both();
    for laptop in [&pair.clinic, &pair.coach] {
        let shown = laptop.cycle(&cycle)["cycle"].clone();
        assert_eq!(
            (&shown["aim_to"], &shown["aim_from"]),
            (&json!(70.0), &json!(41.0)),
            "other fields are no question"
        );
        assert_eq!(shown["cause"], "distance");
        assert_eq!(
            texts(&shown["meta"]["open"][0]["values"], "text"),
            ["distance", "premier contact tardif"]
        );
        assert_eq!(
            laptop.call("cycles", json!({ "place": null }))[0]["open_conflicts"],
            1
        );
    }
}

#[test]
fn an_edit_made_while_another_deletes_brings_the_record_back() {
    let (pair, cycle) = Pair::at_work();
    let idea = pair.clinic.cycle(&cycle)["ideas"][0].clone();
    let delete = json!({ "kind": "idea", "id": idea["meta"]["id"], "reason": null });
    pair.clinic.call("delete_record", delete.clone());
    pair.coach.part(
        "save_idea",
        &cycle,
        &idea,
        json!({ "text": "Expliquer, et faire redire" }),
    );
    pair.sync_both();
    for laptop in [&pair.clinic, &pair.coach] {
        let ideas = laptop.cycle(&cycle)["ideas"].clone();
        let back = ideas
            .as_array()
            .unwrap()
            .iter()
            .find(|other| other["meta"]["id"] == idea["meta"]["id"])
            .expect("the idea is back");
        let values = texts(&back["meta"]["open"][0]["values"], "text");
        assert_eq!(values.len(), 2, "{values:?}");
        for text in ["Expliquer, et faire redire", idea["text"].as_str().unwrap()] {
            assert!(values.contains(&text.to_owned()), "{text} in {values:?}");
        }
    }
    // Deleted again by someone who has seen the edit, it goes, on both laptops.
    pair.clinic.call("delete_record", delete);
    pair.sync_both();
    for laptop in [&pair.clinic, &pair.coach] {
        assert!(
            !texts(&laptop.cycle(&cycle)["ideas"], "text")
                .contains(&"Expliquer, et faire redire".to_owned())
        );
    }
    pair.coach.call(
        "restore_record",
        json!({ "kind": "idea", "id": idea["meta"]["id"] }),
    );
    pair.sync_both();
    for laptop in [&pair.clinic, &pair.coach] {
        assert_eq!(laptop.cycle(&cycle)["ideas"].as_array().unwrap().len(), 5);
    }
}

#[test]
fn whoever_decides_on_a_record_that_came_back_keeps_it() {
    let (pair, cycle) = Pair::at_work();
    let ideas = pair.clinic.cycle(&cycle)["ideas"].clone();
    for idea in [&ideas[0], &ideas[1]] {
        let delete = json!({ "kind": "idea", "id": idea["meta"]["id"], "reason": null });
        pair.clinic.call("delete_record", delete);
        pair.coach
            .part("save_idea", &cycle, idea, json!({ "text": "Faire redire" }));
    }
    pair.sync_both();
    // One is settled, the other simply edited by the person who had deleted it.
    let open = pair.clinic.open_fields();
    let open = open.as_array().unwrap();
    let settled = open
        .iter()
        .find(|open| open["record"] == ideas[0]["meta"]["id"])
        .unwrap();
    let choice = json!({
        "kind": "idea", "record": settled["record"], "reason": null, "undo": false,
        "parts": [{ "field": "text", "value": "Faire redire", "seen": texts(&settled["values"], "token") }],
    });
    pair.clinic.call("settle", choice);
    let shown = pair.clinic.cycle(&cycle)["ideas"].clone();
    let edited = shown
        .as_array()
        .unwrap()
        .iter()
        .find(|idea| idea["meta"]["id"] == ideas[1]["meta"]["id"])
        .unwrap();
    pair.clinic.part(
        "save_idea",
        &cycle,
        edited,
        json!({ "text": "Faire redire, chaque fois" }),
    );
    pair.sync_both();
    for laptop in [&pair.clinic, &pair.coach] {
        let kept = texts(&laptop.cycle(&cycle)["ideas"], "text");
        assert_eq!(kept.len(), 5, "{kept:?}");
        assert!(kept.contains(&"Faire redire".to_owned()), "{kept:?}");
        assert!(
            kept.contains(&"Faire redire, chaque fois".to_owned()),
            "{kept:?}"
        );
    }
}

#[test]
fn two_who_delete_the_same_record_have_deleted_it() {
    let (pair, cycle) = Pair::at_work();
    let idea = pair.clinic.cycle(&cycle)["ideas"][0].clone();
    let delete = json!({ "kind": "idea", "id": idea["meta"]["id"], "reason": null });
    pair.clinic.call("delete_record", delete.clone());
    pair.coach.call("delete_record", delete);
    pair.sync_both();
    for laptop in [&pair.clinic, &pair.coach] {
        assert_eq!(laptop.cycle(&cycle)["ideas"].as_array().unwrap().len(), 4);
        assert_eq!(laptop.open_fields(), json!([]));
    }
}

#[test]
fn whether_a_record_was_deleted_is_no_question_and_one_who_keeps_it_is_enough() {
    let (pair, cycle) = Pair::at_work();
    let idea = pair.clinic.cycle(&cycle)["ideas"][0].clone();
    let named = json!({ "kind": "idea", "id": idea["meta"]["id"] });
    let delete = json!({ "kind": "idea", "id": idea["meta"]["id"], "reason": null });
    pair.clinic.call("delete_record", delete.clone());
    pair.sync_both();
    // The coach brings it back while the clinic does so too, and deletes it once more.
    pair.coach.call("restore_record", named.clone());
    pair.clinic.call("restore_record", named);
    pair.clinic.call("delete_record", delete.clone());
    pair.sync_both();
    for laptop in [&pair.clinic, &pair.coach] {
        assert_eq!(laptop.cycle(&cycle)["ideas"].as_array().unwrap().len(), 5);
        assert_eq!(laptop.open_fields(), json!([]));
        let places = laptop.call("places", json!({}));
        let places = places.as_array().unwrap();
        assert!(places.iter().all(|place| place["open_conflicts"] == 0));
    }
    pair.coach.call("delete_record", delete);
    pair.sync_both();
    for laptop in [&pair.clinic, &pair.coach] {
        assert_eq!(laptop.cycle(&cycle)["ideas"].as_array().unwrap().len(), 4);
    }
}

#[test]
fn what_is_typed_into_a_deleted_value_is_there() {
    let (pair, _) = Pair::at_work();
    let record = pair.cells("2026-03")[0]["record"].clone();
    pair.clinic.call(
        "delete_record",
        json!({ "kind": "measurement", "id": record, "reason": null }),
    );
    assert_eq!(pair.cells("2026-03")[0]["numerator"], Json::Null);
    pair.clinic_changes("2026-03", "18");
    pair.sync_both();
    assert_eq!(
        pair.cells("2026-03").map(|cell| cell["numerator"].clone()),
        [json!(18.0), json!(18.0)]
    );
}

#[test]
fn a_clock_ten_years_ahead_chooses_nothing_for_good() {
    let (pair, _) = Pair::at_work();
    let mut coach = Laptop::new(&pair.time.apart());
    coach.time.days(3653);
    coach.reopen();
    coach.begin_coach("Sélingué", "Salif Keïta");
    let code = pair.centre.invite_coach("Sélingué");
    coach.enrol(&pair.centre, &code);
    let off = coach.sync_state()["clock_off_minutes"].as_i64().unwrap();
    assert!(
        (off.abs() - 3653 * 24 * 60).abs() <= 1,
        "the panel says how far the clock is off: {off}"
    );
    // From the first contact on its saves bear the server's time.
    let place = pair.place();
    let shown = coach.cell(&place, "MNCH-02", "2026-03");
    let edit = nyetaa_tests::cell("MNCH-02", "2026-03", "14", "41", &shown);
    coach.call(
        "save_cells",
        json!({ "place": place, "cells": [edit], "reason": "recompté" }),
    );
    coach.sync();
    pair.clinic.sync();
    let march = pair.clinic.cell(&place, "MNCH-02", "2026-03");
    assert_eq!(
        (&march["numerator"], &march["open"]),
        (&json!(14.0), &json!([]))
    );
    pair.time.minutes(1);
    pair.clinic_changes("2026-03", "15");
    pair.clinic.sync();
    coach.sync();
    assert_eq!(coach.cell(&place, "MNCH-02", "2026-03")["numerator"], 15.0);
}

#[test]
fn a_dash_over_figures_that_were_corrected_meanwhile_hides_nothing() {
    let (pair, _) = Pair::at_work();
    let place = pair.place();
    let on_the_screen = pair.clinic.cell(&place, "MNCH-02", "2026-03");
    pair.coach_corrects("2026-03", "14", "recompté");
    pair.sync_both();
    pair.time.minutes(5);
    let dash = nyetaa_tests::cell("MNCH-02", "2026-03", "-", "-", &on_the_screen);
    let request = json!({ "place": place, "cells": [dash], "reason": null });
    pair.clinic.call("save_cells", request);
    let cell = pair.clinic.cell(&place, "MNCH-02", "2026-03");
    assert_eq!(cell["no_data"], "other");
    let values = [
        (String::new(), "Awa Traoré".to_owned()),
        ("14".to_owned(), "Issa Coulibaly".to_owned()),
    ];
    assert_eq!(standing(&cell), values);
}
