//! What people of each role may do on a laptop: every command by every role, against lists told by hand.

use std::collections::BTreeSet;

use app::commands;
use domain::role::Role;
use nyetaa_tests::{Laptop, PIN, Pair, Time};
use serde_json::{Value as Json, json};

const REFUSALS: [&str; 5] = [
    "only-the-team",
    "only-the-lead",
    "only-the-coach",
    "only-the-office",
    "not-allowed-here",
];

/// Whoever leads people, and answers for what the laptop holds.
const LEADING: [&str; 8] = [
    "choose_second_folder",
    "restore_backup",
    "undo_restore",
    "add_account",
    "remove_account",
    "change_role",
    "hand_over",
    "reset_pin",
];
/// Whoever looks after other places.
const ABOVE: [&str; 2] = ["demand", "demand_places"];
/// Whoever lets a new laptop in, by stick.
const ENROLLING: [&str; 2] = ["issue_look", "issue_answer"];
/// Whoever leads a team, and writes down how its people can be reached.
const PHONES: [&str; 2] = ["save_phone", "erase_phone"];
/// Whoever reads that: those who lead the team, and its coach.
const READS_PHONES: [&str; 1] = ["read_phone"];
/// Whoever answers for what a team says.
const REVIEWS: [&str; 1] = ["move_lesson"];
/// Whoever says how teams are measured, and by what they are visited.
const METHOD: [&str; 8] = [
    "set_chart",
    "import_form",
    "make_checklist",
    "checklist_draft",
    "save_checklist_draft",
    "publish_checklist",
    "rename_checklist",
    "retire_checklist",
];
/// Whoever reads visits: the facility, its coach and the region.
const READS_VISITS: [&str; 3] = ["visit", "visits", "visit_board"];
/// Whoever visits, and whoever is visited.
const VISITS: [&str; 8] = [
    "begin_visit",
    "save_visit",
    "save_answer",
    "save_recount",
    "add_visit_photo",
    "remove_from_visit",
    "close_visit",
    "return_visit",
];
/// Whoever works.
const WORKING: [&str; 76] = [
    "draw_sample",
    "samples",
    "set_baseline",
    "add_place",
    "apply_import",
    "cycle",
    "cycles",
    "delete_record",
    "handover",
    "lessons",
    "begin_lesson",
    "plan_rechecks",
    "save_recheck",
    "answer_recheck",
    "search",
    "timeline",
    "pauses",
    "hold_pause",
    "pause",
    "save_pause",
    "place_templates",
    "place_template",
    "template_from_cycle",
    "template_variant",
    "save_template",
    "mark_opened",
    "mask_comment",
    "preview_import",
    "restore_record",
    "restore_value",
    "reviews",
    "removed",
    "removed_batches",
    "restore_batch",
    "remove_again",
    "leave_batch",
    "save_cells",
    "save_comment",
    "save_cycle",
    "save_idea",
    "save_lesson",
    "save_measure",
    "save_member",
    "save_cause",
    "save_driver",
    "save_evidence",
    "save_trial",
    "save_observation",
    "add_photo",
    "save_photo",
    "photo_picture",
    "mask_photo",
    "settle",
    "start_cycle",
    "begin_phase",
    "freeze_baseline",
    "exclude_point",
    "set_goal",
    "save_variant",
    "variants",
    "save_event",
    "save_action",
    "actions",
    "meetings",
    "hold_meeting",
    "meeting",
    "save_meeting",
    "save_attendance",
    "save_decision",
    "chart_notes",
    "chart_past",
    // Who is waited for is no partner's matter.
    "devices",
    "export_refused",
    "export_chart",
    "imports",
    "undo_import",
];

fn begun(role: &str) -> Laptop {
    let laptop = Laptop::new(&Time::default());
    match role {
        "member" | "lead" => {
            laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
        }
        "coach" => {
            laptop.begin_coach("Sélingué", "Moussa Keïta");
        }
        _ => {
            let (query, level) = match role {
                "nation" => ("Mali", "country"),
                _ => ("Sikasso", "region"),
            };
            let search = json!({ "query": query, "levels": [level] });
            let place = laptop.call("search_places", search)[0]["id"].clone();
            laptop.call(
                "begin",
                json!({
                    "language": "fr", "place": place, "new_place": null,
                    "person_name": "Fatoumata Koné", "role": role, "pin": PIN,
                }),
            );
        }
    }
    if role == "member" {
        let accounts = laptop.call(
            "add_account",
            json!({ "name": "Binta", "role": role, "pin": "618203" }),
        );
        let all = accounts.as_array().unwrap();
        let binta = all.iter().find(|one| one["name"] == "Binta").unwrap();
        laptop.call("lock", json!({}));
        laptop.call(
            "unlock",
            json!({ "person": binta["person"], "pin": "618203" }),
        );
    }
    laptop
}

#[test]
fn every_command_is_answered_to_those_roles_that_may_and_refused_to_all_others() {
    for role in ["member", "lead", "coach", "region", "nation", "partner"] {
        let mut refused: BTreeSet<&str> = match role {
            "member" => [
                &LEADING[..],
                &ABOVE,
                &ENROLLING,
                &PHONES,
                &READS_PHONES,
                &REVIEWS,
                &METHOD,
                &["recovery_answer", "sums", "save_progress"],
            ]
            .concat(),
            "lead" => [
                &ABOVE[..],
                &ENROLLING,
                &METHOD,
                &["recovery_answer", "sums"],
            ]
            .concat(),
            "region" => [
                &ENROLLING[..],
                &PHONES,
                &READS_PHONES,
                &VISITS,
                &["recovery_answer"],
            ]
            .concat(),
            "nation" => [
                &ENROLLING[..],
                &PHONES,
                &READS_PHONES,
                &READS_VISITS,
                &VISITS,
            ]
            .concat(),
            "partner" => [
                &WORKING[..],
                &ABOVE,
                &ENROLLING,
                &PHONES,
                &READS_PHONES,
                &REVIEWS,
                &METHOD,
                &READS_VISITS,
                &VISITS,
                &["recovery_answer", "save_progress"],
            ]
            .concat(),
            _ => PHONES.to_vec(),
        }
        .into_iter()
        .collect();
        let laptop = begun(role);
        assert_eq!(
            laptop.call("start_state", json!({}))["person"]["role"],
            role
        );
        let home = laptop.home();
        for command in commands::all() {
            // It has no command's shape: whoever may do it is told so, and nothing is done.
            let request = json!({
                "no such field": true, "kind": "cycle", "place": home, "id": home, "cycle": home,
                "record": home, "about": home, "visit": home,
            });
            let code = laptop.refused(command.name, request).code;
            let name = command.name;
            match refused.remove(name) {
                true => assert!(REFUSALS.contains(&code.as_str()), "{role} {name}: {code}"),
                false => assert_eq!(code, "request-invalid", "{role} {name}"),
            }
        }
        assert!(refused.is_empty(), "{refused:?} is no command");
    }
}

#[test]
fn a_partners_laptop_changes_nothing_of_the_work() {
    let laptop = begun("partner");
    let (home, waiting) = (
        laptop.home(),
        laptop.call("sync_state", json!({}))["waiting"].clone(),
    );
    let month = laptop.call("start_state", json!({}))["month"].clone();
    for (name, request) in [
        (
            "start_cycle",
            json!({ "place": home, "template": null, "area": "malaria", "language": "fr" }),
        ),
        (
            "save_cells",
            json!({ "place": home, "reason": "?", "cells": [{
            "indicator": "MNCH-02", "period": month, "numerator": "1", "denominator": "2",
            "no_data": null, "explanation": null, "seen": {},
        }] }),
        ),
        (
            "add_place",
            json!({ "name": "Ici", "level": "village", "parent": home }),
        ),
        (
            "save_comment",
            json!({ "id": null, "about": home, "text": "?", "seen": null }),
        ),
        (
            "delete_record",
            json!({ "kind": "place", "id": home, "reason": null }),
        ),
    ] {
        assert_eq!(
            laptop.refused(name, request).code,
            "only-the-office",
            "{name}"
        );
    }
    assert_eq!(laptop.call("sync_state", json!({}))["waiting"], waiting);
    let today = laptop.call("today", json!({ "place": home }));
    assert_eq!(today["items"], json!([]));
    let grid = json!({ "place": home, "until": month, "months": 12 });
    assert_eq!(laptop.call("grid", grid)["writable"], false);
}

#[test]
fn what_only_some_may_change_nobody_else_changes_by_a_list_or_out_of_the_history() {
    let laptop = begun("member");
    let home = laptop.home();
    let again = |kind: &str| {
        let one = json!({ "kind": kind, "record": home, "figures": [] });
        let idea = json!({ "kind": "idea", "record": home, "figures": [] });
        let request = json!({ "place": home, "records": [idea, one] });
        laptop.refused("remove_again", request).code
    };
    for kind in ["chart_setting", "progress"] {
        assert!(REFUSALS.contains(&again(kind).as_str()), "{kind}");
    }
    assert_eq!(again("idea"), "record-gone");
    let restored = |field: &str| {
        let request = json!({
            "kind": "lesson", "record": home, "field": field, "token": "?", "reason": null,
        });
        laptop.refused("restore_value", request).code
    };
    assert!(REFUSALS.contains(&restored("state").as_str()));
    assert_eq!(restored("copied"), "request-invalid");
    assert!(!REFUSALS.contains(&restored("title").as_str()));
}

#[test]
fn the_screen_is_told_what_it_may_offer() {
    let may = |laptop: &Laptop, action: &str, class: &str, below: bool| {
        let asked = json!({ "action": action, "class": class, "below": below });
        let state = laptop.call("start_state", json!({}));
        state["permissions"].as_array().unwrap().contains(&asked)
    };
    let (lead, coach, partner) = (begun("lead"), begun("coach"), begun("partner"));
    assert!(may(&lead, "write", "work", false) && !may(&lead, "write", "work", true));
    assert!(may(&coach, "correct", "work", true) && !may(&coach, "write", "work", true));
    assert!(may(&partner, "read", "sums", false) && may(&partner, "read", "sums", true));
    for action in ["write", "comment", "correct", "validate", "answer", "read"] {
        assert!(!may(&partner, action, "work", false) && !may(&partner, action, "work", true));
    }
    let fresh = Laptop::new(&Time::default());
    assert_eq!(
        fresh.call("start_state", json!({}))["permissions"],
        Json::Array(Vec::new())
    );
    assert!(Role::from_word("administrator").is_some());
    let refused = fresh.refused(
        "begin",
        json!({
            "language": "fr", "place": fresh.district("Kati"), "new_place": null,
            "person_name": "Ali", "role": "administrator", "pin": PIN,
        }),
    );
    assert_eq!(refused.code, "administrator-has-no-laptop");
}

#[test]
fn a_coach_corrects_and_comments_at_a_centre_and_begins_nothing_there() {
    let (pair, cycle) = Pair::at_work();
    let request =
        json!({ "place": pair.place(), "template": null, "area": "malaria", "language": "fr" });
    assert_eq!(
        pair.coach.refused("start_cycle", request).code,
        "only-the-team"
    );
    let comment = json!({ "id": null, "about": cycle, "text": "Bravo", "seen": null });
    pair.coach.call("save_comment", comment);
    let edit = json!({
        "id": cycle, "reason": "Vu ensemble",
        "edits": [{ "field": "title", "value": "Autrement", "seen": null }],
    });
    let edited = pair.coach.ask("save_cycle", edit);
    assert!(edited.is_ok() || !REFUSALS.contains(&edited.unwrap_err().code.as_str()));
}
