//! Texts that are made to be run, to turn a sentence round, or to be a formula, a path or a piece of SQL: in every field that
//! takes a text they stay text. What a window makes of them is seen in `tests/e2e/hardening.test.mjs`.

use std::collections::BTreeSet;

use base64::Engine;
use domain::registry::{FieldType, Kind};
use nyetaa_tests::{Laptop, Time, fixture};
use serde_json::{Value as Json, json};

fn payloads() -> Vec<String> {
    let list = std::fs::read(fixture("scripts/payloads.json")).unwrap();
    serde_json::from_slice(&list).unwrap()
}

/// As it may be shown: without the signs that turn the direction.
fn shown(payload: &str) -> String {
    let turns = |sign: char| matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    payload.replace(turns, "")
}

/// Fields that take a word of a list, a code or a period, not what somebody likes to type.
const WORDS: &[(Kind, &[&str])] = &[
    (Kind::Place, &["level", "code"]),
    (Kind::Person, &["role"]),
    (Kind::Cycle, &["template", "area", "status"]),
    (Kind::CycleMeasure, &["indicator"]),
    (
        Kind::Measurement,
        &["indicator", "period", "stratum", "source", "no_data"],
    ),
    (Kind::Trial, &["extent", "comparison", "decision"]),
    (Kind::ChartPhase, &["indicator", "period"]),
    (Kind::ChartFreeze, &["indicator", "period"]),
    (Kind::ExcludedPoint, &["indicator", "period"]),
    (Kind::ChartGoal, &["indicator", "period"]),
    // Its reason is a coach's, and saved the way that those of the others are.
    (
        Kind::ChartSetting,
        &["indicator", "chart", "rules", "reason"],
    ),
    (Kind::Variant, &["indicator"]),
    (Kind::Event, &["indicator", "sort"]),
    (Kind::Action, &["indicator", "level", "item"]),
    // Why it was returned is saved by `return_visit`, as any text is; one that was begun is not called off.
    (
        Kind::Visit,
        &[
            "lists",
            "returned",
            "called_off",
            "visitor_drawn",
            "received_drawn",
        ],
    ),
    (Kind::Photo, &["list", "item", "round"]),
    (Kind::Recount, &["indicator", "period"]),
    (Kind::Answer, &["list", "item", "round", "value", "mark"]),
    (Kind::Attendance, &["sex"]),
    // The chart is kept by the app.
    (Kind::Decision, &["indicator", "chart"]),
    (Kind::Sample, &["indicator", "period"]),
    (Kind::Baseline, &["indicator", "first", "last"]),
    (Kind::TeamMember, &["sex"]),
    (Kind::Cause, &["category", "standing"]),
    (Kind::Evidence, &["sort", "indicator"]),
    (Kind::Lesson, &["strength", "state"]),
    (Kind::Pause, &["period"]),
    (Kind::Template, &["base", "area", "measures"]),
    // What was seen is written by `answer_recheck`, whose words are the ones that are asked for.
    (Kind::Recheck, &["indicator", "holding", "chart", "reason"]),
    (Kind::Import, &["mark"]),
    // What a coach writes in it is tried below.
    (
        Kind::ChecklistVersion,
        &[
            "code", "version", "title_fr", "title_en", "head", "base", "form",
        ],
    ),
];

/// How a free text of a kind is saved.
fn command_of(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Cycle => "save_cycle",
        Kind::TeamMember => "save_member",
        Kind::Idea => "save_idea",
        Kind::Trial => "save_trial",
        Kind::Progress => "save_progress",
        Kind::Observation => "save_observation",
        Kind::Photo => "add_photo",
        Kind::Cause => "save_cause",
        Kind::Driver => "save_driver",
        Kind::Evidence => "save_evidence",
        Kind::Lesson => "save_lesson",
        Kind::Place => "add_place",
        Kind::Person => "add_account",
        Kind::Comment => "save_comment",
        Kind::Measurement => "save_cells",
        Kind::ChartPhase => "begin_phase",
        Kind::ChartFreeze => "freeze_baseline",
        Kind::ExcludedPoint => "exclude_point",
        Kind::ChartGoal => "set_goal",
        Kind::Variant => "save_variant",
        Kind::Event => "save_event",
        Kind::Action => "save_action",
        Kind::Meeting => "save_meeting",
        Kind::Attendance => "save_attendance",
        Kind::Decision => "save_decision",
        Kind::Recheck => "plan_rechecks",
        Kind::Pause => "save_pause",
        Kind::Visit => "save_visit",
        Kind::Answer => "save_answer",
        Kind::Recount => "save_recount",
        Kind::Template => "save_template",
        Kind::Import => "apply_import",
        Kind::CycleMeasure
        | Kind::Opening
        | Kind::Picture
        | Kind::ChartSetting
        | Kind::Sample
        | Kind::Baseline
        | Kind::ImportPart
        | Kind::ChecklistVersion
        | Kind::ChecklistPart => return None,
    })
}

#[test]
fn what_is_made_to_be_run_stays_text_in_every_field() {
    let payloads = payloads();
    assert!(payloads.len() >= 200);
    assert_eq!(
        payloads.iter().collect::<BTreeSet<_>>().len(),
        payloads.len()
    );
    let laptop = Laptop::new(&Time::default());
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let place = laptop.home();
    for indicator in ["MNCH-02", "MNCH-03"] {
        let cells: Vec<Json> = ["2026-01", "2026-02", "2026-03"]
            .iter()
            .map(|period| {
                let typed = |text| json!({ "typed": text, "seen": null });
                json!({
                    "indicator": indicator, "period": period, "numerator": typed("10"),
                    "denominator": typed("20"), "no_data": null, "explanation": null,
                })
            })
            .collect();
        laptop.call(
            "save_cells",
            json!({ "place": place, "cells": cells, "reason": null }),
        );
    }

    let mut tried = 0;
    for kind in Kind::ALL {
        let words = WORDS.iter().find(|(of, _)| *of == *kind);
        let words = words.map_or(&[][..], |(_, words)| words);
        let free = kind
            .fields()
            .iter()
            .filter(|field| field.ty == FieldType::Text && !words.contains(&field.name));
        for field in free {
            let command = command_of(*kind)
                .unwrap_or_else(|| panic!("{kind:?}.{} takes a text: say how", field.name));
            let cycle = laptop.start_cycle(&place, "anc-four-contacts", "mnch");
            let mut kept = BTreeSet::new();
            for payload in &payloads {
                if saved(&laptop, &place, &cycle, command, field.name, payload) {
                    kept.insert(shown(payload).trim().to_owned());
                }
            }
            tried += kept.len();
            // Parts of a cycle are read together; the other commands were read back one by one.
            if !matches!(
                command,
                "save_cycle"
                    | "add_place"
                    | "add_account"
                    | "save_cells"
                    | "begin_phase"
                    | "freeze_baseline"
                    | "exclude_point"
                    | "set_goal"
                    | "save_event"
                    | "save_variant"
                    | "save_action"
                    | "save_meeting"
                    | "save_attendance"
                    | "save_decision"
                    | "plan_rechecks"
                    | "save_pause"
                    | "save_template"
                    | "save_visit"
                    | "save_recount"
                    | "save_answer"
                    | "apply_import"
            ) {
                let mut said = BTreeSet::new();
                texts_in(&laptop.cycle(&cycle), &mut said);
                let lost: Vec<_> = kept.difference(&said).collect();
                assert_eq!(lost, Vec::<&String>::new(), "{command} {}", field.name);
            }
        }
    }
    println!("{tried} texts in fields");
    assert!(tried > 18 * 200, "{tried}");
    // The laptop is as it was: nothing was run, dropped or turned round.
    assert_eq!(
        laptop.call(
            "audit",
            json!({ "person": null, "group": null, "from": null, "until": null })
        )["broken"],
        Json::Null
    );
    let state = laptop.call("start_state", json!({}));
    assert_eq!(state["place"]["name"], "CSCom de Kangaré");
}

#[test]
fn what_is_made_to_be_run_stays_text_in_a_checklist() {
    let laptop = Laptop::new(&Time::default());
    laptop.begin_coach("Sélingué", "Moussa Keïta");
    let title = json!({ "fr": "Grille", "en": "List" });
    let made = laptop.call(
        "make_checklist",
        json!({ "place": laptop.home(), "of": "malaria", "next": false, "title": title }),
    );
    let draft = laptop.call("checklist_draft", json!({ "id": made["id"] }));
    let mut list = draft["checklist"].clone();
    let like = list["items"][0].clone();
    let payloads = payloads();
    let mut items = list["items"].as_array().unwrap().clone();
    for (at, payload) in payloads.iter().enumerate() {
        let mut item = like.clone();
        item["code"] = json!(format!("Q{at}"));
        item["text"] = json!({ "fr": payload, "en": payload });
        item["hint"] = item["text"].clone();
        items.push(item);
    }
    list["items"] = json!(items);
    list["title"] = json!({ "fr": payloads[0], "en": payloads[1] });
    let kept = json!({ "id": made["id"], "checklist": list, "seen": draft["seen"] });
    laptop.call("save_checklist_draft", kept);
    let read = laptop.call("checklist_draft", json!({ "id": made["id"] }));
    for (at, payload) in payloads.iter().enumerate() {
        let items = read["checklist"]["items"].as_array().unwrap();
        let code = json!(format!("Q{at}"));
        let item = items.iter().find(|item| item["code"] == code).unwrap();
        let told = json!({ "fr": shown(payload), "en": shown(payload) });
        assert_eq!((&item["text"], &item["hint"]), (&told, &told));
    }
    laptop
        .ask("try_checklist", json!({ "checklist": list, "answers": [] }))
        .unwrap();
    let given = laptop.ask("publish_checklist", json!({ "id": made["id"] }));
    // One of them is nothing but spaces, and a question has to ask something.
    if let Err(refused) = given {
        assert_eq!(refused.code, "checklist-not-ready");
    }
}

/// Saves the text; false where a rule of the field refuses it.
fn saved(
    laptop: &Laptop,
    place: &Json,
    cycle: &Json,
    command: &str,
    field: &str,
    payload: &str,
) -> bool {
    let edits = json!([{ "field": field, "value": payload, "seen": null }]);
    match command {
        "save_cycle" => {
            laptop.edit_cycle(cycle, json!({ field: payload }));
            let said = &laptop.cycle(cycle)["cycle"][field];
            let said = said.as_str().unwrap_or_default().trim();
            assert_eq!(said, shown(payload).trim(), "{field}");
        }
        "save_member" | "save_idea" | "save_trial" | "save_lesson" | "save_cause"
        | "save_driver" | "save_evidence" => {
            let request = json!({ "id": null, "cycle": cycle, "edits": edits, "reason": payload });
            return laptop.ask(command, request).is_ok();
        }
        "save_observation" => {
            let tried = json!({ "id": null, "cycle": cycle, "edits": [], "reason": null });
            let trial = laptop.call("save_trial", tried)["id"].clone();
            let of = json!({ "field": "trial", "value": trial, "seen": null });
            let request =
                json!({ "id": null, "cycle": cycle, "edits": [of, edits[0]], "reason": payload });
            return laptop.ask(command, request).is_ok();
        }
        "add_photo" => {
            let tried = json!({ "id": null, "cycle": cycle, "edits": [], "reason": null });
            let trial = laptop.call("save_trial", tried)["id"].clone();
            let mut request = json!({
                "cycle": cycle, "trial": trial, "observation": null, "image": nyetaa_tests::PHOTO,
                "caption": "", "reason": payload,
            });
            request[field] = json!(payload);
            return laptop.ask(command, request).is_ok();
        }
        "save_progress" => {
            let score = json!({ "field": "score", "value": "2.5", "seen": null });
            let edits = json!([score, edits[0]]);
            let request = json!({ "id": null, "cycle": cycle, "edits": edits, "reason": payload });
            return laptop.ask(command, request).is_ok();
        }
        "plan_rechecks" => {
            let trial = adopted(laptop, cycle);
            let mut request = json!({
                "cycle": cycle, "trial": trial, "looked": "La courbe", "who": "Awa", "reason": payload,
            });
            request[field] = json!(payload);
            let planned = laptop.ask(command, request).is_ok();
            // Planned anew, the three looks are the same records: each text is read back before the next one.
            if planned {
                let look = laptop.cycle(cycle)["rechecks"][0][field].clone();
                assert_eq!(look.as_str(), Some(shown(payload).trim()), "{field}");
            }
            return planned;
        }
        "save_pause" | "save_template" => {
            let (ask, made) = match command {
                "save_pause" => (
                    "pause",
                    laptop.call("hold_pause", json!({ "place": place, "reason": payload })),
                ),
                _ => (
                    "place_template",
                    laptop.call(
                        "template_from_cycle",
                        json!({ "cycle": cycle, "reason": payload }),
                    ),
                ),
            };
            let id = made["id"].clone();
            let seen = laptop.call(ask, json!({ "id": id }))["meta"]["seen"][field].clone();
            let edits = json!([{ "field": field, "value": payload, "seen": seen }]);
            let request = json!({ "id": id, "edits": edits, "reason": payload });
            if laptop.ask(command, request).is_err() {
                return false;
            }
            let mut said = BTreeSet::new();
            texts_in(&laptop.call(ask, json!({ "id": id })), &mut said);
            let lines = shown(payload);
            let all = said.contains(lines.trim())
                || lines
                    .trim()
                    .lines()
                    .all(|line| line.trim().is_empty() || said.contains(line.trim()));
            assert!(all, "{command} {payload}");
        }
        "save_visit" | "save_answer" | "save_recount" => {
            // Each has a visit of its own, which is looked at whole: every third of them is enough.
            if !payload.len().is_multiple_of(3) {
                return false;
            }
            let begin = json!({ "place": place, "lists": ["mnch"], "own": true, "planned": null });
            let id = laptop.call("begin_visit", begin)["id"].clone();
            let asked =
                laptop.call("visit", json!({ "id": id }))["parts"][0]["questions"][0].clone();
            let edits = json!([{ "field": field, "value": payload, "seen": null }]);
            let mut request = json!({ "edits": edits, "reason": payload });
            match command {
                "save_recount" => {
                    request["visit"] = id.clone();
                    request["indicator"] = json!("MNCH-02");
                    request["period"] = json!("2026-03");
                    request["edits"] = json!([
                        { "field": "n", "value": "3", "seen": null },
                        { "field": field, "value": payload, "seen": null },
                    ]);
                }
                "save_visit" => request["id"] = id.clone(),
                _ => {
                    request["visit"] = id.clone();
                    for part in ["list", "item", "round"] {
                        request[part] = asked[part].clone();
                    }
                }
            }
            if laptop.ask(command, request).is_err() {
                return false;
            }
            let mut said = BTreeSet::new();
            texts_in(&laptop.call("visit", json!({ "id": id })), &mut said);
            assert!(said.contains(shown(payload).trim()), "{command} {payload}");
        }
        "save_comment" => {
            let request = json!({ "id": null, "about": cycle, "text": payload, "seen": null });
            return laptop.ask(command, request).is_ok();
        }
        "add_place" => {
            let request = json!({ "name": payload, "level": "village", "parent": place });
            match laptop.ask(command, request) {
                Ok(made) => assert_eq!(made["name"], shown(payload).trim()),
                Err(_) => return false,
            }
        }
        "add_account" => {
            // Coming in takes its time: a few of them are enough, the name is saved as a place's is.
            if !payload.len().is_multiple_of(16) {
                return false;
            }
            let request =
                json!({ "person": null, "name": payload, "role": "member", "pin": "739164" });
            let Ok(all) = laptop.ask(command, request) else {
                return false;
            };
            let mut names = all.as_array().unwrap().iter().map(|one| &one["name"]);
            assert!(names.any(|name| name == shown(payload).trim()), "{payload}");
        }
        "save_cells" => {
            let typed = json!({ "typed": payload, "seen": null });
            let cell = json!({
                "indicator": "MNCH-02", "period": "2026-03", "numerator": null, "denominator": null,
                "no_data": null, "explanation": typed,
            });
            let request = json!({ "place": place, "cells": [cell], "reason": payload });
            let Ok(cells) = laptop.ask(command, request) else {
                return false;
            };
            assert_eq!(cells[0]["explanation"], shown(payload).trim());
        }
        "apply_import" => {
            // Each is begun by a backup: a few of them are enough.
            if !payload.len().is_multiple_of(16) {
                return false;
            }
            // The file's name; a figure that no other file has.
            let table = format!(
                "indicateur;mois;numérateur;dénominateur\nMNCH-02;2026-01;{0};{0}\n",
                payload.bytes().map(u32::from).sum::<u32>()
            );
            let bytes = base64::engine::general_purpose::STANDARD.encode(table);
            let mut file = json!({ "place": place, "file": payload, "bytes": bytes });
            let Ok(preview) = laptop.ask("preview_import", file.clone()) else {
                return false;
            };
            file["token"] = preview["token"].clone();
            if laptop.ask(command, file).is_err() {
                return false;
            }
            let mut said = BTreeSet::new();
            texts_in(
                &laptop.call("imports", json!({ "place": place })),
                &mut said,
            );
            assert!(said.contains(shown(payload).trim()), "{payload}");
        }
        "save_variant" => {
            let mut request = json!({
                "place": place, "indicator": "MNCH-02", "numerator": "comptées", "denominator": "vues", "reason": "registre",
            });
            request[field] = json!(payload);
            if laptop.ask(command, request).is_err() {
                return false;
            }
            let said = laptop.call(
                "variants",
                json!({ "place": place, "indicator": "MNCH-02" }),
            );
            assert_eq!(said["versions"][0][field], shown(payload).trim());
        }
        "begin_phase" | "freeze_baseline" | "exclude_point" | "set_goal" | "save_event"
        | "save_action" => return noted(laptop, place, command, field, payload),
        "save_meeting" | "save_attendance" | "save_decision" => {
            return met(laptop, place, command, edits, payload);
        }
        other => panic!("{other} is not known here"),
    }
    true
}

/// A trial of the cycle that was adopted, made the first time.
fn adopted(laptop: &Laptop, cycle: &Json) -> Json {
    let known = laptop.cycle(cycle)["trials"][0]["meta"]["id"].clone();
    if !known.is_null() {
        return known;
    }
    let fields = json!({
        "title": "Rappel", "who": "Awa", "prediction": "8 sur 10", "happened": "9 sur 10",
        "comparison": "better", "decision": "adopt",
    });
    laptop.part("save_trial", cycle, &Json::Null, fields)
}

/// Saves what is noted on a chart; false where a rule refuses it.
fn noted(laptop: &Laptop, place: &Json, command: &str, field: &str, payload: &str) -> bool {
    // A chart with phases has no baseline to freeze.
    let indicator = match command {
        "freeze_baseline" => "MNCH-03",
        _ => "MNCH-02",
    };
    let mut request = json!({ "place": place });
    if command.starts_with("save_") {
        let set =
            |field: &str, value: &str| json!({ "field": field, "value": value, "seen": null });
        let mut edits: Vec<Json> = match command {
            "save_event" => vec![set("sort", "strike"), set("starts", "2026-02-03")],
            _ => vec![
                set("text", "Compter"),
                set("who", "Awa"),
                set("due", "2026-04-01"),
                set("indicator", indicator),
            ],
        };
        edits.retain(|edit| edit["field"] != field);
        edits.push(set(field, payload));
        request["id"] = Json::Null;
        request["edits"] = json!(edits);
    } else {
        request["indicator"] = json!(indicator);
        request["period"] = json!("2026-02");
        if command == "set_goal" {
            request["goal"] = json!("80");
        }
    }
    request["reason"] = json!(payload);
    let Ok(saved) = laptop.ask(command, request) else {
        return false;
    };
    let mut said = BTreeSet::new();
    let asked = json!({ "place": place, "indicator": indicator });
    texts_in(&laptop.call("chart_notes", asked), &mut said);
    assert!(said.contains(shown(payload).trim()), "{command} {payload}");
    if command.starts_with("save_") {
        let kind = command.trim_start_matches("save_");
        let request = json!({ "kind": kind, "id": saved["id"], "reason": null });
        laptop.call("delete_record", request);
    }
    true
}

/// Saves what is written at a meeting; false where a rule refuses it.
fn met(laptop: &Laptop, place: &Json, command: &str, mut edits: Json, payload: &str) -> bool {
    let hold = json!({ "place": place, "agenda": [payload], "reason": null });
    let meeting = laptop.call("hold_meeting", hold)["id"].clone();
    let mut request = json!({ "id": null, "reason": payload });
    let mut set = |field: &str, value: Json| {
        let edits = edits.as_array_mut().unwrap();
        if edits.iter().all(|edit| edit["field"] != field) {
            edits.push(json!({ "field": field, "value": value, "seen": null }));
        }
    };
    match command {
        "save_meeting" => request["id"] = meeting.clone(),
        "save_attendance" => {
            request["meeting"] = meeting.clone();
            set("name", json!("Awa"));
        }
        _ => {
            request["place"] = place.clone();
            set("about", meeting.clone());
            set("text", json!("Compter"));
        }
    }
    request["edits"] = edits;
    let Ok(saved) = laptop.ask(command, request) else {
        return false;
    };
    let mut said = BTreeSet::new();
    texts_in(&laptop.call("meeting", json!({ "id": meeting })), &mut said);
    let lines = shown(payload);
    let all = said.contains(lines.trim()) || lines.trim().lines().all(|l| said.contains(l.trim()));
    assert!(all, "{command} {payload}");
    if command != "save_meeting" {
        let kind = command.trim_start_matches("save_");
        let request = json!({ "kind": kind, "id": saved["id"], "reason": null });
        laptop.call("delete_record", request);
    }
    true
}

/// Every text of an answer.
fn texts_in(answer: &Json, found: &mut BTreeSet<String>) {
    match answer {
        Json::String(text) => {
            found.insert(text.trim().to_owned());
        }
        Json::Array(items) => items.iter().for_each(|item| texts_in(item, found)),
        Json::Object(fields) => fields.values().for_each(|field| texts_in(field, found)),
        _ => {}
    }
}

#[test]
fn a_request_that_says_more_than_any_file_is_not_read() {
    let laptop = Laptop::new(&Time::default());
    let long = "A".repeat(17 << 20);
    for name in ["search_places", "begin", "touch", "no_such_command"] {
        let request = json!({ "query": long, "levels": [] });
        assert_eq!(
            laptop.refused(name, request).code,
            "request-invalid",
            "{name}"
        );
    }
}
