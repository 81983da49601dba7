//! The team meets: who was there, what was decided, who owes what, and what the district answers.

use nyetaa_tests::{Laptop, Pair, Time};
use serde_json::{Value as Json, json};

fn set(field: &str, value: impl Into<Json>) -> Json {
    let value: Json = value.into();
    json!({ "field": field, "value": value, "seen": null })
}

fn act(laptop: &Laptop, place: &Json, edits: &[Json]) -> Json {
    let mut all = vec![
        set("text", "Demander deux tensiomètres"),
        set("who", "Awa"),
        set("due", "2026-05-01"),
    ];
    all.retain(|edit| edits.iter().all(|other| other["field"] != edit["field"]));
    all.extend(edits.iter().cloned());
    let request = json!({ "id": null, "place": place, "edits": all, "reason": null });
    laptop.call("save_action", request)["id"].clone()
}

fn actions(laptop: &Laptop, place: &Json) -> Json {
    laptop.call("actions", json!({ "place": place }))
}

fn today(laptop: &Laptop, place: &Json) -> Json {
    laptop.call("today", json!({ "place": place }))
}

fn hold(laptop: &Laptop, place: &Json) -> Json {
    let request = json!({
        "place": place, "agenda": ["Saisir juin", " ", "Étudier un essai"], "reason": null,
    });
    laptop.call("hold_meeting", request)["id"].clone()
}

fn meeting(laptop: &Laptop, id: &Json) -> Json {
    laptop.call("meeting", json!({ "id": id }))
}

#[test]
fn what_was_agreed_is_carried_until_it_is_done_or_given_up_with_a_reason() {
    let laptop = Laptop::new(&Time::default());
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let place = laptop.home();
    let late = act(&laptop, &place, &[set("text", "Réparer le lit")]);
    let far = act(
        &laptop,
        &place,
        &[set("due", "2031-05-01"), set("means", "2 lits")],
    );
    let closed = act(&laptop, &place, &[set("done", "2026-04-02")]);
    let list = actions(&laptop, &place);
    let ids: Vec<_> = list["own"]
        .as_array()
        .unwrap()
        .iter()
        .map(|a| &a["meta"]["id"])
        .collect();
    assert_eq!(ids, [&late, &far, &closed], "late first, closed last");
    let states = |list: &Json| -> Vec<Json> {
        list["own"]
            .as_array()
            .unwrap()
            .iter()
            .map(|a| a["state"].clone())
            .collect()
    };
    assert_eq!(states(&list), ["open", "open", "done"]);
    assert_eq!(list["own"][0]["late"], true);
    assert_eq!(list["own"][1]["means"], "2 lits");
    assert_eq!(list["own"][0]["level"], "facility");

    // The late one stands on the first screen, and opens where it is answered.
    let home = today(&laptop, &place);
    assert_eq!(home["carried"], 2);
    let items = home["items"].as_array().unwrap();
    let due = items
        .iter()
        .find(|item| item["kind"] == "do_action")
        .unwrap();
    assert_eq!((&due["screen"], &due["id"]), (&json!("actions"), &late));

    let edit = |id: &Json, field: &str, value: Json| {
        let request =
            json!({ "id": id, "place": place, "edits": [set(field, value)], "reason": null });
        laptop.call("save_action", request);
    };
    edit(&late, "started", json!("2026-06-01"));
    assert_eq!(actions(&laptop, &place)["own"][0]["state"], "under_way");
    edit(&late, "given_up", json!("Le lit a été remplacé"));
    let list = actions(&laptop, &place);
    assert_eq!(list["own"][0]["meta"]["id"], far, "no longer carried");
    assert!(states(&list).contains(&json!("given_up")));
    assert_eq!(today(&laptop, &place)["carried"], 1);
    // Somebody takes it back.
    let seen = list["own"]
        .as_array()
        .unwrap()
        .iter()
        .find(|a| a["meta"]["id"] == late)
        .unwrap()["meta"]["seen"]["given_up"]
        .clone();
    let back = json!({ "field": "given_up", "value": null, "seen": seen });
    laptop.call(
        "save_action",
        json!({ "id": late, "place": place, "edits": [back], "reason": null }),
    );
    assert_eq!(actions(&laptop, &place)["own"][0]["state"], "under_way");

    let request =
        json!({ "id": null, "place": place, "edits": [set("text", "Seul")], "reason": null });
    assert_eq!(
        laptop.refused("save_action", request).code,
        "action-incomplete"
    );
    let level = [
        set("text", "x"),
        set("who", "y"),
        set("due", "2026-05-01"),
        set("level", "moon"),
    ];
    let request = json!({ "id": null, "place": place, "edits": level, "reason": null });
    assert_eq!(
        laptop.refused("save_action", request).code,
        "request-invalid"
    );
}

#[test]
fn what_the_district_owes_stands_on_both_homes_until_the_coach_answers() {
    let (pair, cycle) = Pair::at_work();
    let place = pair.place();
    let asked = act(
        &pair.clinic,
        &place,
        &[
            set("level", "district"),
            set("payer", "CSRéf"),
            set("cycle", cycle.clone()),
        ],
    );
    act(
        &pair.clinic,
        &place,
        &[set("level", "asaco"), set("text", "Payer le gardien")],
    );
    let owed = today(&pair.clinic, &place)["owed"].clone();
    let said: Vec<_> = owed
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (&one["level"], &one["count"]))
        .collect();
    assert_eq!(
        said,
        [
            (&json!("asaco"), &json!(1)),
            (&json!("district"), &json!(1))
        ]
    );
    assert!(
        today(&pair.clinic, &place)["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|item| item["kind"] != "do_action"),
        "what others owe is not the team's to do"
    );

    pair.clinic.sync();
    pair.coach.sync();
    let district = pair.coach.home();
    let owes = today(&pair.coach, &district)["owes"].clone();
    assert_eq!(owes, json!({ "count": 1, "places": ["CSCom de Kangaré"] }));
    // Whoever only looks on is told nothing that they could not answer.
    let is = |role: &str| {
        pair.coach
            .app()
            .with(|cx| cx.store().set_meta("role", role.as_bytes()).unwrap());
    };
    is("region");
    assert_eq!(today(&pair.coach, &district)["owes"], Json::Null);
    is("coach");
    let seen = actions(&pair.coach, &district);
    assert_eq!(seen["own"], json!([]));
    assert_eq!(seen["asked"][0]["meta"]["id"], asked);
    assert_eq!(seen["asked"][0]["place_name"], "CSCom de Kangaré");

    // The coach answers in the facility's own record, with a reason; without one it is refused.
    let answer = |reason: Json| json!({ "id": asked, "place": place, "edits": [set("reply", "Commandés, livrés en août")], "reason": reason });
    pair.coach
        .call("save_action", answer(json!("réponse du district")));
    assert_eq!(today(&pair.coach, &district)["owes"], Json::Null);
    pair.coach.sync();
    pair.clinic.sync();
    let list = actions(&pair.clinic, &place);
    let one = list["own"]
        .as_array()
        .unwrap()
        .iter()
        .find(|a| a["meta"]["id"] == asked)
        .unwrap();
    assert_eq!(one["reply"], "Commandés, livrés en août");
    assert_eq!(one["state"], "open", "an answer is not the deed");
    let owed = today(&pair.clinic, &place)["owed"].clone();
    assert_eq!(
        owed.as_array().unwrap().len(),
        1,
        "the district has answered"
    );
    // The clinic has nobody below it.
    assert_eq!(list["asked"], json!([]));
}

#[test]
fn a_meeting_is_held_by_two_laptops_of_one_day_and_says_who_was_there() {
    let (pair, cycle) = Pair::at_work();
    let place = pair.place();
    let member = |name: &str, post: &str| {
        let fields = json!({ "name": name, "post": post, "since": "2026-01-01" });
        pair.clinic.part("save_member", &cycle, &Json::Null, fields)
    };
    member("Awa Traoré", "Sage-femme");
    member("Seydou Diarra", "ASACO");
    let id = hold(&pair.clinic, &place);
    assert_eq!(hold(&pair.clinic, &place), id, "one meeting a day");
    let held = meeting(&pair.clinic, &id);
    assert_eq!(held["agenda"], json!(["Saisir juin", "Étudier un essai"]));
    assert_eq!(held["present"]["all"], 0);
    let team: Vec<_> = held["team"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["name"])
        .collect();
    assert_eq!(team, ["Awa Traoré", "Seydou Diarra"]);
    let of_cycle = json!({ "kind": "cycle", "id": cycle });
    let mut gone = of_cycle.clone();
    gone["reason"] = Json::Null;
    pair.clinic.call("delete_record", gone);
    assert_eq!(meeting(&pair.clinic, &id)["team"], json!([]));
    pair.clinic.call("restore_record", of_cycle);

    let there = |name: &str, sex: &str, community: bool| {
        let edits = [
            set("name", name),
            set("sex", sex),
            set("community", community),
            set("post", "ASACO"),
        ];
        let request = json!({ "id": null, "meeting": id, "edits": edits, "reason": null });
        pair.clinic.call("save_attendance", request)["id"].clone()
    };
    there("Awa Traoré", "f", false);
    there("Seydou Diarra", "m", true);
    let mistaken = there("Bakary", "m", false);
    let gone = json!({ "kind": "attendance", "id": mistaken, "reason": null });
    pair.clinic.call("delete_record", gone);
    let held = meeting(&pair.clinic, &id);
    assert_eq!(
        held["present"],
        json!({ "all": 2, "women": 1, "men": 1, "community": 1 })
    );
    assert_eq!(held["team"], json!([]), "all are noted");
    let nameless = json!({ "id": null, "meeting": id, "edits": [set("sex", "m")], "reason": null });
    assert_eq!(
        pair.clinic.refused("save_attendance", nameless).code,
        "attendance-without-name"
    );
    let unknown = json!({ "id": null, "meeting": id, "edits": [set("name", "B"), set("sex", "x")], "reason": null });
    assert_eq!(
        pair.clinic.refused("save_attendance", unknown).code,
        "request-invalid"
    );

    // What somebody will do is an action; what else was settled is a decision. Both name the meeting.
    act(&pair.clinic, &place, &[set("about", id.clone())]);
    let text = [
        set("text", "La réunion reste le mardi"),
        set("about", id.clone()),
    ];
    let request = json!({ "id": null, "place": place, "edits": text, "reason": null });
    pair.clinic.call("save_decision", request);
    pair.clinic.sync();
    pair.coach.sync();
    let [here, read] = [&pair.clinic, &pair.coach].map(|laptop| meeting(laptop, &id));
    for part in [
        "agenda",
        "attendance",
        "present",
        "decisions",
        "actions",
        "day",
    ] {
        assert_eq!(here[part], read[part], "{part}");
    }
    assert_eq!(read["decisions"][0]["text"], "La réunion reste le mardi");
    assert_eq!(read["actions"][0]["about"]["kind"], "meeting");
    let listed = pair.coach.call("meetings", json!({ "place": place }));
    assert_eq!(
        (&listed[0]["decided"], &listed[0]["present"]["all"]),
        (&json!(2), &json!(2))
    );

    // At the next one nobody is asked again what was noted of them.
    pair.time.days(14);
    let next = hold(&pair.clinic, &place);
    assert_ne!(next, id);
    let held = meeting(&pair.clinic, &next);
    assert_eq!(held["before"], id);
    assert_eq!(held["team"][1]["name"], "Seydou Diarra");
    assert_eq!(
        (&held["team"][1]["sex"], &held["team"][1]["community"]),
        (&json!("m"), &json!(true))
    );
}

#[test]
fn a_decision_keeps_the_chart_as_it_looked_that_day() {
    let (pair, cycle) = Pair::at_work();
    let place = pair.place();
    let before = pair.clinic.chart(&place, "MNCH-02");
    let edits = [
        set("text", "Garder le rappel la veille"),
        set("cycle", cycle.clone()),
        set("about", cycle.clone()),
        set("indicator", "MNCH-02"),
    ];
    let request = json!({ "id": null, "place": place, "edits": edits, "reason": null });
    let id = pair.clinic.call("save_decision", request)["id"].clone();
    let meeting = hold(&pair.clinic, &place);
    let linked = json!({ "id": id, "place": place, "edits": [set("about", meeting.clone())], "reason": null });
    pair.clinic.call("save_decision", linked);
    let kept = || self::meeting(&pair.clinic, &meeting)["decisions"][0].clone();
    assert_eq!(kept()["chart"], before["view"]);
    // Figures are corrected later; the decision shows what it was taken by.
    pair.clinic.types(&place, "MNCH-02", "2025-09", "1", "99");
    assert_ne!(pair.clinic.chart(&place, "MNCH-02")["view"], before["view"]);
    assert_eq!(kept()["chart"], before["view"]);
    assert_eq!(
        kept()["day"],
        pair.clinic.call("start_state", json!({}))["today"]
    );

    for (field, value) in [
        ("chart", json!("{}")),
        ("day", json!("2020-01-01")),
        ("indicator", json!("MNCH-03")),
    ] {
        let request =
            json!({ "id": id, "place": place, "edits": [set(field, value)], "reason": null });
        assert_eq!(
            pair.clinic.refused("save_decision", request).code,
            "request-invalid",
            "{field}"
        );
    }
    let empty = json!({ "id": null, "place": place, "edits": [set("text", " ")], "reason": null });
    assert_eq!(
        pair.clinic.refused("save_decision", empty).code,
        "decision-empty"
    );
}
