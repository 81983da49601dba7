//! The operator's drill: a backup while people work, the server lost, put back, and filled again by the laptops.

use nyetaa_tests::{Laptop, Pair, cell};
use serde_json::{Value as Json, json};
use server::{Server, Surroundings};

/// Everything that a laptop shows of the clinic's work.
fn shown(laptop: &Laptop, place: &Json, cycle: &Json) -> Json {
    let months = (1..=8).map(|month| {
        let mut cell = laptop.cell(place, "MNCH-02", &format!("2026-{month:02}"));
        // Who may write there is not the same on each.
        if let Some(cell) = cell.as_object_mut() {
            cell.remove("writable");
        }
        cell
    });
    json!({
        "cycle": laptop.cycle(cycle)["cycle"],
        "members": laptop.cycle(cycle)["members"],
        "ideas": laptop.cycle(cycle)["ideas"],
        "chart": laptop.chart(place, "MNCH-02"),
        "months": months.collect::<Vec<_>>(),
        "history": laptop.call(
            "cell_history",
            json!({ "place": place, "indicator": "MNCH-02", "period": "2026-04" }),
        ),
    })
}

#[test]
fn a_lost_server_is_made_again_from_its_backup_and_the_laptops_fill_it() {
    let (mut pair, cycle) = Pair::at_work();
    let cycle = json!(cycle);
    let place = pair.place();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("nuit.backup");
    assert!(pair.centre.server().back_up(&file, &[]).unwrap().ok);

    // Work goes on: a correction, a month, and a figure that both change without seeing each other.
    pair.clinic_changes("2026-05", "21");
    pair.coach_corrects("2026-04", "19", "recompté");
    pair.sync_both();
    pair.coach.sync();
    let seen = pair.coach.cell(&place, "MNCH-02", "2026-03");
    pair.clinic_changes("2026-03", "17");
    let edit = cell("MNCH-02", "2026-03", "18", "41", &seen);
    pair.coach.call(
        "save_cells",
        json!({ "place": place, "cells": [edit], "reason": "recompté" }),
    );
    pair.sync_both();
    pair.coach.sync();
    pair.clinic.sync();
    let before = [&pair.clinic, &pair.coach].map(|laptop| shown(laptop, &place, &cycle));
    assert_eq!(before[0], before[1]);
    assert_ne!(
        before[0]["months"][2]["open"],
        json!([]),
        "a question is open"
    );
    let counted = pair.centre.server().check().unwrap();

    pair.centre.stop();
    for entry in std::fs::read_dir(pair.centre.folder()).unwrap() {
        std::fs::remove_file(entry.unwrap().path()).unwrap();
    }
    let put_back =
        Server::restore(Surroundings::of_machine(pair.centre.folder()), &file, &[]).unwrap();
    assert!(put_back.ok && put_back.segments < counted.segments);
    pair.centre.start();
    for _ in 0..2 {
        pair.clinic.sync();
        pair.coach.sync();
    }
    for laptop in [&pair.clinic, &pair.coach] {
        assert_eq!(shown(laptop, &place, &cycle), before[0]);
        assert_eq!(laptop.sync()["state"], "up_to_date");
    }
    let again = pair.centre.server().check().unwrap();
    assert!(again.ok, "{again:?}");
    assert_eq!(
        (again.segments, again.records, again.heads),
        (counted.segments, counted.records, counted.heads)
    );

    // Who joins now has everything from the server alone.
    let late = Laptop::new(&pair.time);
    late.begin_coach("Sélingué", "Oumou Keïta");
    late.enrol(&pair.centre, &pair.centre.invite_coach("Sélingué"));
    assert_eq!(shown(&late, &place, &cycle), before[0]);
}
