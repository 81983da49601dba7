//! What people type, paste and choose: too much, too long, in other letters, and files that are not what they say.

use base64::Engine;
use nyetaa_tests::{Laptop, PIN, Pair, Time, fixture, period, texts};
use serde_json::{Value as Json, json};

const EMOJI: &str = "Awa 👩🏾‍⚕️ « été » \u{202f}! ߒߞߏ عربي";

fn clinic() -> (Laptop, Json, Json) {
    let laptop = Laptop::new(&Time::default());
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let place = laptop.home();
    let cycle = laptop.start_cycle(&place, "anc-four-contacts", "mnch");
    (laptop, place, cycle)
}

fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[test]
fn a_file_that_is_no_csv_is_refused_with_what_it_is_not() {
    let (laptop, place, _) = clinic();
    let read = |name: &str| std::fs::read(fixture(&format!("csv/{name}"))).unwrap();
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (read("image-nommee.csv"), "file-not-csv"),
        (read("classeur.xlsx"), "file-broken"),
        (Vec::new(), "file-empty"),
        (b"\xef\xbb\xbf".to_vec(), "file-empty"),
        (
            b"Indicateur;Mois;Num\xe9rateur;Num\xe9rateur\nMNCH-02;2026-03;1;2\n".to_vec(),
            "file-column-twice",
        ),
    ];
    for (bytes, code) in cases {
        let request = json!({ "place": place, "file": "fichier.csv", "bytes": base64(&bytes) });
        assert_eq!(
            laptop.refused("preview_import", request).code,
            code,
            "{:?}",
            String::from_utf8_lossy(&bytes[..bytes.len().min(40)])
        );
    }
    let not_base64 = json!({ "place": place, "file": "fichier.csv", "bytes": "***" });
    assert_eq!(
        laptop.refused("preview_import", not_base64).code,
        "request-invalid"
    );
    let huge = json!({ "place": place, "file": "fichier.csv", "bytes": "A".repeat(15 << 20) });
    assert_eq!(
        laptop.refused("preview_import", huge).code,
        "file-too-large"
    );
}

#[test]
fn ten_thousand_pasted_cells_are_saved_at_once_or_not_at_all() {
    let (laptop, place, _) = clinic();
    let indicators = laptop.call("indicators", json!({}));
    let input = |typed: String| json!({ "typed": typed, "seen": null });
    let cells: Vec<Json> = indicators
        .as_array()
        .unwrap()
        .iter()
        .filter(|indicator| indicator["frequency"] == "monthly")
        .flat_map(|indicator| (0..400u32).map(move |month| (indicator, month)))
        .take(10_000)
        .map(|(indicator, month)| {
            let denominator = if indicator["denominator"].is_null() { Json::Null } else { input("40".to_owned()) };
            json!({
                "indicator": indicator["code"], "period": period(1993, 1 + month),
                "numerator": input((month % 40).to_string()), "denominator": denominator, "no_data": null, "explanation": null,
            })
        })
        .collect();
    let mut broken = cells.clone();
    broken[9_999]["numerator"]["typed"] = json!("douze");
    let request = |cells: &[Json]| json!({ "place": place, "cells": cells, "reason": null });
    assert_eq!(
        laptop.refused("save_cells", request(&broken)).code,
        "cell-invalid"
    );
    assert_eq!(
        laptop.cell(&place, "MNCH-02", "1993-01")["numerator"],
        Json::Null,
        "nothing of it"
    );
    let saved = laptop.call("save_cells", request(&cells));
    assert_eq!(saved.as_array().unwrap().len(), 10_000);
    assert_eq!(laptop.cell(&place, "MNCH-02", "1993-03")["numerator"], 2.0);
    let too_many: Vec<Json> = cells.iter().cycle().take(20_001).cloned().collect();
    assert_eq!(
        laptop.refused("save_cells", request(&too_many)).code,
        "too-many-cells"
    );
}

#[test]
fn a_text_of_a_megabyte_is_refused_wherever_it_is_pasted() {
    let (laptop, place, cycle) = clinic();
    let long = "é".repeat(1 << 19);
    let idea = laptop.cycle(&cycle)["ideas"][0]["meta"]["id"].clone();
    let part = |id: Json, field: &str| {
        json!({
            "id": id, "cycle": cycle, "reason": null, "edits": [{ "field": field, "value": long, "seen": null }],
        })
    };
    let cell = |explanation: &str, reason: Json| {
        json!({ "place": place, "reason": reason, "cells": [{
            "indicator": "MNCH-02", "period": "2026-03", "numerator": { "typed": "3", "seen": null }, "denominator": null,
            "no_data": null, "explanation": { "typed": explanation, "seen": null },
        }]})
    };
    let village = json!({ "name": long, "level": "village", "parent": place });
    let comment = json!({ "id": null, "about": cycle, "text": long, "seen": null });
    let own = json!({ "id": cycle, "reason": null, "edits": [{ "field": "problem", "value": long, "seen": null }] });
    let reasoned = json!({ "id": cycle, "reason": long, "edits": [{ "field": "problem", "value": "court", "seen": null }] });
    let delete = json!({ "kind": "idea", "id": idea, "reason": long });
    let area = json!({ "place": place, "template": null, "area": long, "language": "fr" });
    let before = laptop.sync_state()["waiting_saves"].clone();
    for (name, request) in [
        ("save_cycle", own),
        ("save_cycle", reasoned),
        ("save_member", part(Json::Null, "name")),
        ("save_idea", part(Json::Null, "text")),
        ("save_trial", part(Json::Null, "prediction")),
        ("save_lesson", part(Json::Null, "what")),
        ("save_comment", comment),
        ("save_cells", cell(&long, Json::Null)),
        ("save_cells", cell("court", json!(long))),
        ("add_place", village),
        ("delete_record", delete),
    ] {
        let error = laptop.refused(name, request.clone());
        assert_eq!(
            error.code,
            "text-too-long",
            "{name} {}",
            &request.to_string()[..80]
        );
    }
    assert_eq!(
        laptop.refused("start_cycle", area).code,
        "request-invalid",
        "an area is one of a few words"
    );
    let other = Laptop::new(&Time::default());
    let begin = json!({
        "language": "fr", "place": null, "person_name": long, "role": "lead", "pin": PIN,
        "new_place": { "name": "CSCom", "level": "facility", "parent": other.district("Sélingué") },
    });
    assert_eq!(other.refused("begin", begin).code, "text-too-long");
    assert_eq!(
        laptop.sync_state()["waiting_saves"],
        before,
        "nothing of it was kept"
    );
}

#[test]
fn the_longest_text_that_is_taken_travels_in_every_field_at_once() {
    let (pair, cycle) = Pair::at_work();
    let long = "👩🏾‍⚕️".repeat(4_000);
    assert!(long.chars().count() <= 20_000 && long.len() > 60_000);
    let trial = json!({
        "title": long, "who": long, "scale": long, "prediction": long, "data_plan": long, "happened": long, "learned": long,
    });
    pair.clinic.part("save_trial", &cycle, &Json::Null, trial);
    let lesson =
        json!({ "title": long, "what": long, "conditions": long, "cost": long, "evidence": long });
    pair.clinic.part("save_lesson", &cycle, &Json::Null, lesson);
    pair.clinic.sync();
    pair.coach.sync();
    assert_eq!(pair.coach.cycle(&cycle)["trials"][0]["learned"], long);
    assert_eq!(pair.coach.cycle(&cycle)["lessons"][0]["evidence"], long);
}

#[test]
fn emoji_and_every_script_pass_through_every_field_and_come_out_the_same() {
    let (pair, cycle) = Pair::at_work();
    let clinic = &pair.clinic;
    let place = pair.place();
    clinic.edit_cycle(
        &cycle,
        json!({
            "title": EMOJI, "problem": EMOJI, "aim_who": EMOJI, "aim_what": EMOJI, "cause": EMOJI,
        }),
    );
    clinic.part(
        "save_member",
        &cycle,
        &Json::Null,
        json!({ "name": EMOJI, "post": EMOJI }),
    );
    let idea = clinic.cycle(&cycle)["ideas"][0].clone();
    clinic.part("save_idea", &cycle, &idea, json!({ "text": EMOJI }));
    clinic.part("save_trial", &cycle, &Json::Null, json!({
        "title": EMOJI, "who": EMOJI, "scale": EMOJI, "prediction": EMOJI, "data_plan": EMOJI, "happened": EMOJI,
        "learned": EMOJI, "starts": "2026-03-02",
    }));
    clinic.part(
        "save_lesson",
        &cycle,
        &Json::Null,
        json!({
            "title": EMOJI, "what": EMOJI, "conditions": EMOJI, "cost": EMOJI, "evidence": EMOJI,
        }),
    );
    clinic.call(
        "save_comment",
        json!({ "id": null, "about": cycle, "text": EMOJI, "seen": null }),
    );
    clinic.call(
        "add_place",
        json!({ "name": EMOJI, "level": "village", "parent": place }),
    );
    clinic.call("save_cells", json!({ "place": place, "reason": EMOJI, "cells": [{
        "indicator": "MNCH-02", "period": "2026-03", "numerator": { "typed": "3", "seen": null }, "denominator": null,
        "no_data": null, "explanation": { "typed": EMOJI, "seen": null },
    }]}));
    pair.sync_both();
    let [mut here, there] = [&pair.clinic, &pair.coach].map(|laptop| laptop.cycle(&cycle));
    // Who may hand a lesson on is another at each.
    here["lessons"][0]["may_share"] = there["lessons"][0]["may_share"].clone();
    for part in [
        "cycle", "causes", "members", "ideas", "trials", "lessons", "comments",
    ] {
        assert_eq!(here[part], there[part], "{part}");
    }
    let seen = there.to_string().matches("👩🏾‍⚕️").count();
    // The cause of the page stands among the causes too.
    assert_eq!(seen, 5 + 1 + 2 + 1 + 7 + 5 + 1, "{there:#}");
    let cell = &pair.cells("2026-03")[1];
    assert_eq!(cell["explanation"], EMOJI);
    assert!(
        texts(
            &pair.coach.call(
                "search_places",
                json!({ "query": "awa", "levels": ["village"] })
            ),
            "name"
        )
        .contains(&EMOJI.to_owned())
    );
    assert_eq!(
        pair.coach.chart(&place, "MNCH-02")["marks"][0]["label"],
        EMOJI
    );
    // A number written with emoji or in other digits is no number, and says so.
    for typed in ["🙂", "1️⃣", "१२", "12🙂"] {
        let request = json!({ "place": place, "reason": null, "cells": [{
            "indicator": "MNCH-02", "period": "2026-03", "numerator": { "typed": typed, "seen": null },
            "denominator": null, "no_data": null, "explanation": null,
        }]});
        assert_eq!(
            clinic.refused("save_cells", request).code,
            "cell-invalid",
            "{typed}"
        );
    }
}

#[test]
fn people_and_places_may_be_called_as_they_like() {
    let laptop = Laptop::new(&Time::default());
    laptop.begin_facility(EMOJI, "Sélingué", EMOJI, "member");
    let state = laptop.call("start_state", json!({}));
    assert_eq!(
        (&state["place"]["name"], &state["person"]["name"]),
        (&json!(EMOJI), &json!(EMOJI))
    );
    let export = laptop.call("export_values", json!({ "place": laptop.home() }));
    assert!(
        std::path::Path::new(export["path"].as_str().unwrap()).exists(),
        "a file can be named after it"
    );
}

#[test]
fn a_request_of_another_shape_is_refused_and_nothing_breaks() {
    let (laptop, place, cycle) = clinic();
    for name in [
        "begin",
        "save_cells",
        "chart",
        "cycle",
        "settle",
        "enrol",
        "save_trial",
        "preview_import",
        "grid",
        "delete_record",
    ] {
        for request in [
            json!(null),
            json!([]),
            json!("x"),
            json!({}),
            json!({ "place": 3 }),
            json!({ "id": cycle, "too": "much" }),
        ] {
            let code = laptop.refused(name, request).code;
            assert!(
                ["request-invalid", "already-begun"].contains(&code.as_str()),
                "{name}: {code}"
            );
        }
    }
    assert_eq!(
        laptop.refused("no_such_command", json!({})).code,
        "command-unknown"
    );
    assert_eq!(
        laptop.refused("cycle", json!({ "id": place })).code,
        "record-gone"
    );
    let unknown = json!({ "place": place, "indicator": "XX-99", "cycle": null, "months": 12 });
    assert_eq!(laptop.refused("chart", unknown).code, "indicator-unknown");
    let day = json!({ "id": cycle, "reason": null, "edits": [{ "field": "aim_by", "value": "31/02/2026", "seen": null }] });
    assert_eq!(laptop.refused("save_cycle", day).code, "day-invalid");
    for months in [0u32, 1, 121, u32::MAX] {
        laptop.call(
            "grid",
            json!({ "place": place, "until": "2026-06", "months": months }),
        );
    }
    laptop.call(
        "grid",
        json!({ "place": place, "until": "0001-01", "months": 120 }),
    );
}
