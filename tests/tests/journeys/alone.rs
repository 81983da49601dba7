//! One team's improvement work on one laptop, before any network.

use nyetaa_tests::{Laptop, Time, fixture, period, texts};
use serde_json::{Value as Json, json};

fn clinic() -> (Laptop, Json) {
    let laptop = Laptop::new(&Time::default());
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let place = laptop.home();
    (laptop, place)
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[test]
fn a_cycle_begins_from_every_template_in_its_words() {
    let (laptop, place) = clinic();
    let templates = laptop.call("templates", json!({}));
    let areas = texts(&templates, "area");
    for area in ["mnch", "fp", "malaria", "nutrition"] {
        assert!(areas.iter().any(|known| known == area), "{area}");
    }
    for template in templates.as_array().unwrap() {
        let (id, area) = (&template["id"], &template["area"]);
        let cycle = laptop.start_cycle(&place, id.as_str().unwrap(), area.as_str().unwrap());
        let shown = laptop.cycle(&cycle);
        assert_eq!(shown["cycle"]["title"], template["name"]["fr"]);
        assert_eq!(shown["cycle"]["problem"], template["problem"]["fr"]);
        assert_eq!(shown["cycle"]["opened"], "2026-07-15");
        assert_eq!(
            json!(texts(&shown["measures"], "indicator")),
            template["measures"]
        );
        let ideas: Vec<_> = template["ideas"]
            .as_array()
            .unwrap()
            .iter()
            .map(|idea| idea["fr"].clone())
            .collect();
        assert_eq!(json!(texts(&shown["ideas"], "text")), json!(ideas));
        assert_eq!(shown["writable"], true);
    }
    assert_eq!(
        laptop
            .call("cycles", json!({ "place": place }))
            .as_array()
            .unwrap()
            .len(),
        templates.as_array().unwrap().len()
    );
}

#[test]
fn a_cycle_is_written_out_in_full() {
    let (laptop, place) = clinic();
    let cycle = laptop.start_cycle(&place, "anc-four-contacts", "mnch");
    laptop.edit_cycle(&cycle, json!({
        "aim_who": "les femmes enceintes de Kangaré", "aim_what": "quatre CPN",
        "aim_from": 41, "aim_to": "70,5", "aim_by": "2026-12-31", "cause": "premier contact tardif",
    }));
    let member = json!({ "name": "Fatoumata Keïta", "post": "matrone", "since": "2026-01-05" });
    laptop.part("save_member", &cycle, &Json::Null, member);
    let shown = laptop.cycle(&cycle);
    let gone = laptop.part(
        "save_member",
        &cycle,
        &shown["members"][0],
        json!({ "until": "2026-06-30" }),
    );
    laptop.part(
        "save_measure",
        &cycle,
        &Json::Null,
        json!({ "indicator": "MAL-04", "goal": 80, "position": 3 }),
    );
    laptop.part(
        "save_idea",
        &cycle,
        &Json::Null,
        json!({ "text": "Rappel par le relais", "position": 9 }),
    );
    let shown = laptop.cycle(&cycle);
    assert_eq!(shown["cycle"]["aim_to"], 70.5);
    assert_eq!(shown["cycle"]["aim_by"], "2026-12-31");
    assert_eq!(shown["cycle"]["aim_missing"], json!([]));
    assert_eq!(shown["members"][0]["meta"]["id"], gone);
    assert_eq!(shown["members"][0]["since"], "2026-01-05");
    assert_eq!(shown["members"][0]["until"], "2026-06-30");
    assert_eq!(
        texts(&shown["measures"], "indicator"),
        ["MNCH-02", "MNCH-01", "MNCH-03", "MAL-04"]
    );
    // The same indicator chosen twice is the same measure.
    laptop.part(
        "save_measure",
        &cycle,
        &Json::Null,
        json!({ "indicator": "MAL-04", "goal": 90 }),
    );
    let measures = &laptop.cycle(&cycle)["measures"];
    assert_eq!(measures.as_array().unwrap().len(), 4);
    assert_eq!(measures[3]["goal"], 90.0);
    let goal = json!({ "id": null, "cycle": cycle, "reason": null, "edits": [
        { "field": "indicator", "value": "FP-06", "seen": null }, { "field": "goal", "value": 30, "seen": null },
    ]});
    assert_eq!(
        laptop.refused("save_measure", goal).code,
        "goal-not-taken",
        "the choice belongs to the woman"
    );
}

#[test]
fn twelve_months_of_the_register_become_a_chart() {
    let (laptop, place) = clinic();
    let cycle = laptop.start_cycle(&place, "anc-four-contacts", "mnch");
    let request = json!({ "place": place, "until": "2026-06", "months": 12 });
    let empty = laptop.call("grid", request.clone());
    assert_eq!(empty["periods"][0], "2025-07");
    assert_eq!(
        (&empty["filled"], &empty["expected"]),
        (&json!(0), &json!(3))
    );
    for month in 0..12u32 {
        let n = if month < 6 {
            10 + month % 3
        } else {
            20 + month % 3
        };
        laptop.types(
            &place,
            "MNCH-02",
            &period(2025, 7 + month),
            &n.to_string(),
            "40",
        );
    }
    let grid = laptop.call("grid", request);
    assert_eq!((&grid["filled"], &grid["expected"]), (&json!(1), &json!(3)));
    assert_eq!(grid["rows"][0]["cells"][11]["value"], 100.0 * 22.0 / 40.0);
    assert_eq!(grid["rows"][0]["cells"][11]["author"], "Awa Traoré");
    let start = json!({ "title": "Rappel la veille", "who": "Fatoumata", "prediction": "+5", "starts": "2026-01-12" });
    laptop.part("save_trial", &cycle, &Json::Null, start);
    let chart = laptop.chart(&place, "MNCH-02");
    assert_eq!(chart["view"]["points"].as_array().unwrap().len(), 12);
    assert_eq!(chart["view"]["verdict"]["kind"], "few_crossings");
    assert_eq!(chart["marks"][0]["period"], "2026-01");
    assert_eq!(chart["marks"][0]["label"], "Rappel la veille");
    let summary = laptop.call("cycles", json!({ "place": place }))[0].clone();
    assert_eq!(summary["chart"]["centre"], chart["view"]["centre"]);
    assert_eq!(summary["current_trial"], "Rappel la veille");
}

/// A real hospital's series typed month by month shows what the reference software computed.
#[test]
fn a_real_series_typed_by_hand_is_judged_as_the_reference_judges_it() {
    for name in [
        "pub-001-run-cabg-readmission",
        "pub-003-run-cdi",
        "pub-008-run-missing",
        "pub-015-run-few-crossings-only",
    ] {
        let case: Json = serde_json::from_slice(
            &std::fs::read(fixture(&format!("../../assets/reference/{name}.json"))).unwrap(),
        )
        .unwrap();
        let input = &case["input"];
        let (laptop, place) = clinic();
        laptop.start_cycle(&place, "anc-four-contacts", "mnch");
        let count = input["y"].as_array().unwrap().len();
        let label = |i: usize| match input["x"][i].as_str() {
            Some(dated) if dated.len() >= 7 => dated[..7].to_owned(),
            _ => period(2016, i as u32 + 1),
        };
        let number = |list: &Json, i: usize| {
            if list[i].is_null() {
                String::new()
            } else {
                list[i].to_string()
            }
        };
        for i in 0..count {
            let denominator = if input["n"].is_null() {
                "100".to_owned()
            } else {
                number(&input["n"], i)
            };
            laptop.types(
                &place,
                "MNCH-02",
                &label(i),
                &number(&input["y"], i),
                &denominator,
            );
        }
        let view = laptop.chart(&place, "MNCH-02")["view"].clone();
        let expected = &case["variants"][0];
        for i in 0..count {
            assert_eq!(view["points"][i]["label"], label(i), "{name}");
            let value = expected["points"]["value"][i].as_f64();
            let scale = if input["n"].is_null() { 1.0 } else { 100.0 };
            match (view["points"][i]["value"].as_f64(), value) {
                (Some(shown), Some(value)) => {
                    assert!((shown - value * scale).abs() < 1e-9, "{name} point {i}")
                }
                (shown, value) => assert_eq!(shown, value, "{name} point {i}"),
            }
        }
        let phase = &expected["phases"][0];
        assert_eq!(view["useful"], phase["n_useful"], "{name}");
        assert_eq!(view["longest_run"], phase["longest_run"], "{name}");
        assert_eq!(
            view["longest_run_allowed"], phase["longest_run_max"],
            "{name}"
        );
        assert_eq!(view["crossings"], phase["n_crossings"], "{name}");
        assert_eq!(view["crossings_needed"], phase["n_crossings_min"], "{name}");
        let sign = match view["verdict"]["kind"].as_str() {
            Some("shift" | "few_crossings") => true,
            Some("no_sign") => false,
            // With so few points we say nothing yet, where the reference says that nothing shows.
            other => {
                assert_eq!(
                    (other, &view["useful"]),
                    (Some("too_early"), &json!(11)),
                    "{name}"
                );
                false
            }
        };
        assert_eq!(json!(sign), phase["runs_signal"], "{name}");
    }
}

#[test]
fn zero_no_data_and_empty_are_three_things() {
    let (laptop, place) = clinic();
    laptop.start_cycle(&place, "anc-four-contacts", "mnch");
    let zero = laptop.types(&place, "MNCH-02", "2026-04", "0", "31");
    assert_eq!(
        (&zero["value"], &zero["no_data"]),
        (&json!(0.0), &Json::Null)
    );
    let nothing = laptop.types(&place, "MNCH-02", "2026-05", "-", "-");
    assert_eq!(
        (&nothing["value"], &nothing["no_data"]),
        (&Json::Null, &json!("other"))
    );
    let emptied = laptop.types(&place, "MNCH-02", "2026-04", "", "");
    assert_eq!(
        (&emptied["numerator"], &emptied["no_data"]),
        (&Json::Null, &Json::Null)
    );
    laptop.types(&place, "MNCH-02", "2026-04", "0", "31");
    let stock_out = json!({ "place": place, "reason": null, "cells": [{
        "indicator": "MNCH-02", "period": "2026-04", "numerator": null, "denominator": null,
        "no_data": { "typed": "stock_out", "seen": null }, "explanation": null,
    }]});
    let cell = laptop.call("save_cells", stock_out)[0].clone();
    assert_eq!(
        (&cell["numerator"], &cell["denominator"]),
        (&Json::Null, &Json::Null),
        "no data empties the numbers"
    );
    assert_eq!(cell["no_data"], "stock_out");
    let number = laptop.types(&place, "MNCH-02", "2026-04", "7", "31");
    assert_eq!(number["no_data"], Json::Null, "a number empties the reason");
    let request = json!({ "place": place, "indicator": "MNCH-02", "period": "2026-04" });
    let history = laptop.call("cell_history", request);
    let numerators: Vec<_> = history
        .as_array()
        .unwrap()
        .iter()
        .filter(|change| change["field"] == "numerator")
        .map(|change| change["text"].clone())
        .collect();
    assert_eq!(
        json!(numerators),
        json!(["7", "", "0", "", "0"]),
        "every change is there, the newest first"
    );
}

#[test]
fn every_reference_case_agrees_and_is_shown_beside_ours() {
    let (laptop, _) = clinic();
    let cases = laptop.call("calculations", json!({}));
    let cases = cases.as_array().unwrap();
    assert!(cases.len() >= 84);
    for case in cases {
        assert_eq!(case["departures"], json!([]), "{case}");
    }
    let name = json!({ "name": cases[0]["name"] });
    let values = laptop.call("calculation", name);
    assert_eq!(
        values.as_array().map(Vec::len),
        cases[0]["compared"].as_u64().map(|n| n as usize)
    );
    assert!(
        values
            .as_array()
            .unwrap()
            .iter()
            .all(|value| value["agrees"] == true)
    );
    let unknown = laptop.refused("calculation", json!({ "name": "pub-000" }));
    assert_eq!(unknown.code, "case-unknown");
}

#[test]
fn the_chart_that_suits_a_measure_has_limits_and_its_reason() {
    let (laptop, place) = clinic();
    laptop.start_cycle(&place, "anc-four-contacts", "mnch");
    for month in 0..11 {
        let done = match month {
            6 => "29",
            _ if month % 2 == 0 => "17",
            _ => "14",
        };
        let period = format!("{}-{:02}", 2025 + (month + 6) / 12, (month + 6) % 12 + 1);
        laptop.types(&place, "MNCH-02", &period, done, "31");
    }
    let asked = |chart: &str| json!({ "place": place, "indicator": "MNCH-02", "cycle": null, "months": 36, "chart": chart });
    let run = laptop.call("chart", asked("run"))["view"].clone();
    assert_eq!(
        run["advice"],
        json!({ "chart": "p", "reason": "proportion" })
    );
    assert!(
        run["points"]
            .as_array()
            .unwrap()
            .iter()
            .all(|point| point["limits"].is_null())
    );
    let p = laptop.call("chart", asked("p"))["view"].clone();
    assert_eq!(p["verdict"]["kind"], "outside");
    assert_eq!(p["verdict"]["last"], "2026-01");
    assert_eq!(
        (&p["meaning"], &p["trial"]),
        (&json!("better"), &json!(true))
    );
    let refused = laptop.refused("chart", asked("xbar"));
    assert_eq!(refused.code, "chart-impossible");
}

#[test]
fn more_than_all_is_questioned_and_kept() {
    let (laptop, place) = clinic();
    laptop.start_cycle(&place, "anc-four-contacts", "mnch");
    let cell = laptop.types(&place, "MNCH-02", "2026-05", "33", "30");
    assert_eq!(cell["question"]["kind"], "numerator_above_denominator");
    assert_eq!(
        (&cell["numerator"], &cell["denominator"]),
        (&json!(33.0), &json!(30.0))
    );
    let explained = json!({ "place": place, "reason": null, "cells": [{
        "indicator": "MNCH-02", "period": "2026-05", "numerator": null, "denominator": null, "no_data": null,
        "explanation": { "typed": "Trois femmes venues d’un autre aire", "seen": null },
    }]});
    laptop.call("save_cells", explained);
    assert_eq!(
        laptop.cell(&place, "MNCH-02", "2026-05")["explanation"],
        "Trois femmes venues d’un autre aire"
    );
}

#[test]
fn what_is_no_number_names_its_cell_and_nothing_is_saved() {
    let (laptop, place) = clinic();
    laptop.start_cycle(&place, "anc-four-contacts", "mnch");
    let input = |typed: &str| json!({ "typed": typed, "seen": null });
    let edit = |month: &str, n: &str| {
        json!({
            "indicator": "MNCH-02", "period": month, "numerator": input(n), "denominator": input("40"),
            "no_data": null, "explanation": null,
        })
    };
    let request = json!({ "place": place, "reason": null, "cells": [edit("2026-04", "12"), edit("2026-05", "douze")] });
    let error = laptop.refused("save_cells", request);
    assert_eq!(error.code, "cell-invalid");
    assert_eq!(
        (
            error.params["period"].as_str(),
            error.params["typed"].as_str()
        ),
        ("2026-05", "douze")
    );
    assert_eq!(
        laptop.cell(&place, "MNCH-02", "2026-04")["numerator"],
        Json::Null
    );
    for (month, typed, code) in [
        ("2026-08", "1", "month-ahead"),
        ("2026-05", "-4", "cell-invalid"),
        ("2026-05", "1e9", "cell-invalid"),
    ] {
        let request = json!({ "place": place, "reason": null, "cells": [edit(month, typed)] });
        assert_eq!(
            laptop.refused("save_cells", request).code,
            code,
            "{month} {typed}"
        );
    }
    // The month that is running may be typed already; its point is hollow.
    laptop.types(&place, "MNCH-02", "2026-07", "4", "9");
    assert_eq!(
        laptop.chart(&place, "MNCH-02")["view"]["points"][0]["incomplete"],
        true
    );
}

#[test]
fn a_trial_goes_from_plan_to_decision_in_order() {
    let (laptop, place) = clinic();
    let cycle = laptop.start_cycle(&place, "anc-four-contacts", "mnch");
    let idea = laptop.cycle(&cycle)["ideas"][0]["meta"]["id"].clone();
    let plan = json!({
        "title": "Rappel la veille", "idea": idea, "who": "Fatoumata", "scale": "deux villages",
        "starts": "2026-06-01", "ends": "2026-06-14", "prediction": "8 femmes sur 10 viendront", "data_plan": "registre",
    });
    laptop.part("save_trial", &cycle, &Json::Null, plan);
    let step = || laptop.cycle(&cycle)["trials"][0].clone();
    assert_eq!(step()["step"], "do");
    let decide = |word: &str| {
        json!({
            "id": step()["meta"]["id"], "cycle": cycle, "reason": null,
            "edits": [{ "field": "decision", "value": word, "seen": null }],
        })
    };
    assert_eq!(
        laptop.refused("save_trial", decide("adopt")).code,
        "trial-not-compared"
    );
    laptop.part(
        "save_trial",
        &cycle,
        &step(),
        json!({ "happened": "9 sur 10", "seen_n": 9, "seen_d": 10 }),
    );
    assert_eq!(step()["step"], "study");
    laptop.part(
        "save_trial",
        &cycle,
        &step(),
        json!({ "comparison": "better", "learned": "le téléphone suffit" }),
    );
    assert_eq!(step()["step"], "act");
    assert_eq!(
        laptop.refused("save_trial", decide("peut-être")).code,
        "request-invalid"
    );
    laptop.call("save_trial", decide("adapt"));
    let done = step();
    assert_eq!(
        (&done["step"], &done["decision"], &done["decided"]),
        (&json!("done"), &json!("adapt"), &json!("2026-07-15"))
    );
    assert_eq!(laptop.cycle(&cycle)["ideas"][0]["tried"], true);
    let lesson = json!({
        "title": "Un rappel la veille fait venir", "what": "appel du relais", "conditions": "réseau au village",
        "cost": "200 F par semaine", "evidence": "9 sur 10", "trial": done["meta"]["id"],
    });
    laptop.part("save_lesson", &cycle, &Json::Null, lesson);
    let lessons = laptop.call("lessons", json!({}));
    assert_eq!(lessons[0]["title"], "Un rappel la veille fait venir");
    assert_eq!(lessons[0]["place_name"], "CSCom de Kangaré");
}

#[test]
fn what_was_deleted_is_gone_until_it_is_restored() {
    let (laptop, place) = clinic();
    let cycle = laptop.start_cycle(&place, "anc-four-contacts", "mnch");
    let before = laptop.cycle(&cycle)["ideas"].clone();
    let idea = before[0]["meta"]["id"].clone();
    let named = json!({ "kind": "idea", "id": idea });
    laptop.call(
        "delete_record",
        json!({ "kind": "idea", "id": idea, "reason": "en double" }),
    );
    assert_eq!(
        laptop.cycle(&cycle)["ideas"].as_array().unwrap().len(),
        before.as_array().unwrap().len() - 1
    );
    laptop.call("restore_record", named);
    assert_eq!(
        texts(&laptop.cycle(&cycle)["ideas"], "text"),
        texts(&before, "text")
    );
}

#[test]
fn a_file_from_french_excel_is_shown_first_and_then_imported_whole() {
    let (laptop, place) = clinic();
    laptop.start_cycle(&place, "anc-four-contacts", "mnch");
    laptop.types(&place, "MNCH-02", "2026-03", "20", "30");
    laptop.types(&place, "MNCH-02", "2026-05", "0", "28");
    let file = |name: &str| {
        json!({
            "place": place, "file": name, "bytes": base64(&std::fs::read(fixture(&format!("csv/{name}"))).unwrap()),
        })
    };
    let name = "excel-francais-windows-1252.csv";
    let preview = laptop.call("preview_import", file(name));
    assert_eq!(
        (&preview["format"], &preview["missing"]),
        (&json!("CSV"), &json!([])),
        "{preview}"
    );
    assert_eq!(preview["errors"], json!([]));
    let counts =
        ["new_count", "changed_count", "same_count"].map(|count| preview[count].as_u64().unwrap());
    assert_eq!(
        counts.iter().sum::<u64>(),
        preview["rows"].as_array().unwrap().len() as u64
    );
    assert_eq!(
        (counts[1], counts[2]),
        (1, 1),
        "March changes, May is the same"
    );
    assert_eq!(
        laptop.cell(&place, "MNCH-02", "2026-03")["numerator"],
        20.0,
        "a preview writes nothing"
    );
    let mut apply = file(name);
    apply["token"] = json!("00000000000000000000000000000000");
    assert_eq!(
        laptop.refused("apply_import", apply.clone()).code,
        "file-changed"
    );
    apply["token"] = preview["token"].clone();
    assert_eq!(
        laptop.call("apply_import", apply.clone())["saved"],
        counts[0] + counts[1]
    );
    let march = laptop.cell(&place, "MNCH-02", "2026-03");
    assert_eq!(
        (&march["numerator"], &march["denominator"]),
        (&json!(21.0), &json!(30.0))
    );
    assert_eq!(
        laptop.cell(&place, "MNCH-02", "2026-04")["no_data"],
        "stock_out"
    );
    assert_eq!(
        laptop.call("apply_import", apply)["saved"],
        0,
        "the second time nothing changes"
    );
    // The same content in every other form that spreadsheets write.
    for name in [
        "libreoffice-utf8.csv",
        "excel-francais-utf8-bom.csv",
        "excel-texte-unicode-utf16.txt",
    ] {
        let again = laptop.call("preview_import", file(name));
        assert_eq!(again["errors"], json!([]), "{name}");
        assert_eq!(
            again["same_count"],
            preview["rows"].as_array().unwrap().len(),
            "{name}"
        );
    }
}

#[test]
fn a_wrong_file_tells_every_error_with_row_and_column_and_writes_nothing() {
    let (laptop, place) = clinic();
    laptop.start_cycle(&place, "anc-four-contacts", "mnch");
    let bytes = base64(&std::fs::read(fixture("csv/toutes-les-erreurs.csv")).unwrap());
    let file = json!({ "place": place, "file": "toutes-les-erreurs.csv", "bytes": bytes });
    let preview = laptop.call("preview_import", file.clone());
    let errors = preview["errors"].as_array().unwrap();
    assert!(errors.len() >= 10, "{errors:#?}");
    let rows: Vec<u64> = errors
        .iter()
        .map(|error| error["row"].as_u64().unwrap())
        .collect();
    assert!(rows.is_sorted(), "in the order of the file: {rows:?}");
    assert!(
        errors
            .iter()
            .all(|error| !error["code"].as_str().unwrap().is_empty())
    );
    assert!(errors.iter().any(|error| error["code"] == "other-place"
        || error["column"].as_str().unwrap().starts_with('B')));
    let mut apply = file;
    apply["token"] = preview["token"].clone();
    let refused = laptop.refused("apply_import", apply);
    assert_eq!(refused.code, "import-has-errors");
    assert_eq!(refused.params["count"], errors.len().to_string());
    assert_eq!(
        laptop.cell(&place, "MNCH-02", "2026-01")["numerator"],
        Json::Null
    );
}

#[test]
fn what_is_exported_comes_back_the_same() {
    let (laptop, place) = clinic();
    laptop.start_cycle(&place, "anc-four-contacts", "mnch");
    laptop.types(&place, "MNCH-02", "2026-03", "0", "31");
    laptop.types(&place, "MNCH-02", "2026-04", "-", "-");
    laptop.types(&place, "MNCH-02", "2026-05", "12", "");
    laptop.types(&place, "MNCH-01", "2026-05", "7", "19");
    laptop.types(&place, "MNCH-01", "2026-05", "", "");
    let export = laptop.call("export_values", json!({ "place": place }));
    assert_eq!(export["values"], 3, "an emptied cell is no value");
    let bytes = std::fs::read(export["path"].as_str().unwrap()).unwrap();
    let file = json!({ "place": place, "file": "export.csv", "bytes": base64(&bytes) });
    let same = laptop.call("preview_import", file.clone());
    assert_eq!(
        (&same["errors"], &same["same_count"]),
        (&json!([]), &json!(3)),
        "{same}"
    );
    let (other, home) = clinic();
    other.start_cycle(&home, "anc-four-contacts", "mnch");
    let mut file = json!({ "place": home, "file": "export.csv", "bytes": base64(&bytes) });
    file["token"] = other.call("preview_import", file.clone())["token"].clone();
    assert_eq!(other.call("apply_import", file)["saved"], 3);
    for month in ["2026-03", "2026-04", "2026-05"] {
        let [one, two] = [(&laptop, &place), (&other, &home)]
            .map(|(laptop, place)| laptop.cell(place, "MNCH-02", month));
        for part in ["numerator", "denominator", "no_data", "value"] {
            assert_eq!(one[part], two[part], "{month} {part}");
        }
    }
}

#[test]
fn today_says_what_is_worth_doing() {
    let (laptop, place) = clinic();
    let kinds = || {
        texts(
            &laptop.call("today", json!({ "place": place }))["items"],
            "kind",
        )
    };
    assert_eq!(kinds(), ["start_cycle"]);
    let cycle = laptop.start_cycle(&place, "anc-four-contacts", "mnch");
    assert!(kinds().contains(&"backfill".to_owned()));
    assert!(kinds().contains(&"complete_aim".to_owned()));
    laptop.edit_cycle(
        &cycle,
        json!({ "aim_from": 40, "aim_to": 70, "aim_by": "2026-12-31" }),
    );
    assert!(kinds().contains(&"plan_trial".to_owned()), "{:?}", kinds());
}
