//! The quarter's pause: what the app knows stands there already, and what is decided becomes actions.

use nyetaa_tests::{Laptop, Time};
use serde_json::{Value as Json, json};

use crate::lessons::decided;

fn clinic() -> (Laptop, Time, Json) {
    let time = Time::default();
    let laptop = Laptop::new(&time);
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let cycle = laptop.start_cycle(&laptop.home(), "anc-four-contacts", "mnch");
    (laptop, time, cycle)
}

fn hold(laptop: &Laptop) -> Json {
    let request = json!({ "place": laptop.home(), "reason": null });
    laptop.call("hold_pause", request)["id"].clone()
}

fn pause(laptop: &Laptop, id: &Json) -> Json {
    laptop.call("pause", json!({ "id": id }))
}

#[test]
fn a_pause_looks_back_on_its_quarter_and_ends_in_actions() {
    let (laptop, time, cycle) = clinic();
    let place = laptop.home();
    decided(&laptop, &cycle, "adopt");
    let first = hold(&laptop);
    assert_eq!(
        pause(&laptop, &first)["period"],
        "2026-Q2",
        "in the middle of July the quarter before"
    );
    assert_eq!(pause(&laptop, &first)["trials"], json!([]));
    time.days(60);
    let id = hold(&laptop);
    assert_eq!(id, hold(&laptop), "one for a quarter");
    let it = pause(&laptop, &id);
    assert_eq!(it["period"], "2026-Q3");
    assert_eq!(it["trials"][0]["title"], "Rappel la veille");
    assert_eq!(it["cycles"][0]["id"], cycle);
    let edits = json!([{ "field": "why", "value": "Les relais étaient aux champs", "seen": null }]);
    laptop.call(
        "save_pause",
        json!({ "id": id, "edits": edits, "reason": null }),
    );
    assert_eq!(pause(&laptop, &id)["why"], "Les relais étaient aux champs");
    let set = |field: &str, value: Json| json!({ "field": field, "value": value, "seen": null });
    let action = json!({
        "id": null, "place": place, "reason": null,
        "edits": [
            set("text", json!("Changer le jour des causeries")), set("who", json!("Oumar")),
            set("due", json!("2026-10-15")), set("about", id.clone()),
        ],
    });
    laptop.call("save_action", action);
    assert_eq!(
        pause(&laptop, &id)["actions"][0]["text"],
        "Changer le jour des causeries"
    );
    let list = laptop.call("actions", json!({ "place": place }));
    assert_eq!(
        list["own"][0]["about"]["kind"], "pause",
        "it says where it comes from"
    );
    time.days(92);
    let next = hold(&laptop);
    assert_eq!(
        pause(&laptop, &next)["before"][0]["who"],
        "Oumar",
        "the next one begins with what became of it"
    );
}

#[test]
fn a_pause_keeps_its_quarter_and_can_be_taken_out_and_held_again() {
    let (laptop, _, _) = clinic();
    let id = hold(&laptop);
    let edits = json!([{ "field": "period", "value": "2025-Q1", "seen": null }]);
    let request = json!({ "id": id, "edits": edits, "reason": null });
    assert_eq!(
        laptop.refused("save_pause", request).code,
        "request-invalid"
    );
    laptop.call(
        "delete_record",
        json!({ "kind": "pause", "id": id, "reason": null }),
    );
    let held = || laptop.call("pauses", json!({ "place": laptop.home() }))["held"].clone();
    assert_eq!(held(), json!([]));
    assert_eq!(hold(&laptop), id);
    assert_eq!(held()[0]["id"], id);
}

#[test]
fn a_quarter_that_has_ended_is_a_thing_of_the_day_until_its_pause_is_held() {
    let (laptop, time, _) = clinic();
    let line = |laptop: &Laptop| {
        let today = laptop.call("today", json!({ "place": laptop.home() }));
        let items = today["items"].as_array().unwrap().clone();
        assert!(items.len() <= 5);
        items.into_iter().find(|item| item["kind"] == "pause")
    };
    assert_eq!(line(&laptop), None, "nothing had begun in that quarter");
    time.days(60);
    assert_eq!(line(&laptop), None, "the quarter runs");
    time.days(30);
    let asked = line(&laptop).unwrap();
    assert_eq!(
        (&asked["screen"], &asked["params"]["month"]),
        (&json!("pauses"), &json!("2026-Q3"))
    );
    hold(&laptop);
    assert_eq!(line(&laptop), None);
}

#[test]
fn a_pause_with_what_it_decided_is_asked_about_before_it_goes() {
    let (laptop, time, _) = clinic();
    let place = laptop.home();
    let id = hold(&laptop);
    let set = |field: &str, value: Json| json!({ "field": field, "value": value, "seen": null });
    let agreed = |command: &str, text: String, more: &[Json]| {
        let mut edits = vec![set("text", json!(text)), set("about", id.clone())];
        edits.extend_from_slice(more);
        let request = json!({ "id": null, "place": place, "reason": null, "edits": edits });
        laptop.call(command, request);
    };
    for n in 0..9 {
        agreed("save_decision", format!("Décision {n}"), &[]);
    }
    let whom = [set("who", json!("Oumar")), set("due", json!("2026-10-15"))];
    agreed("save_action", "Changer le jour".into(), &whom);
    time.days(1);
    let mut removing = json!({ "kind": "pause", "id": id, "reason": null });
    let asked = laptop.refused("delete_record", removing.clone());
    assert_eq!(
        (
            asked.code.as_str(),
            asked.params["what"].as_str(),
            asked.params["count"].as_str()
        ),
        ("removes-many", "whole", "9")
    );
    removing["sure"] = json!(true);
    laptop.call("delete_record", removing);
    // What somebody is to do is carried until it is done.
    let actions = laptop.call("actions", json!({ "place": place }));
    assert_eq!(actions["own"][0]["text"], "Changer le jour");
}
