//! How a cycle learns: ramps of trials that two laptops write, the lights of the method, and how far the team has come.

use domain::role::Role;
use nyetaa_tests::{Laptop, Pair};
use serde_json::{Value as Json, json};
use server::Invite;

fn light(laptop: &Laptop, cycle: &Json, lamp: &str) -> String {
    let detail = laptop.cycle(cycle);
    let lights = detail["lights"].as_array().unwrap();
    let found = lights.iter().find(|light| light["lamp"] == lamp).unwrap();
    found["glow"].as_str().unwrap().to_owned()
}

fn trial<'a>(detail: &'a Json, id: &Json) -> &'a Json {
    let trials = detail["trials"].as_array().unwrap();
    trials
        .iter()
        .find(|one| one["meta"]["id"] == *id)
        .unwrap_or_else(|| panic!("no {id} in {trials:?}"))
}

fn tries(laptop: &Laptop, cycle: &Json, fields: Json) -> Json {
    laptop.part("save_trial", cycle, &Json::Null, fields)
}

fn changes(laptop: &Laptop, cycle: &Json, id: &Json, fields: Json) {
    let shown = trial(&laptop.cycle(cycle), id).clone();
    laptop.part("save_trial", cycle, &shown, fields);
}

#[test]
fn the_trials_of_an_idea_stand_in_a_ramp_and_a_leap_after_a_failure_is_said_and_not_blocked() {
    let (pair, cycle) = Pair::at_work();
    let clinic = &pair.clinic;
    let idea = clinic.cycle(&cycle)["ideas"][0]["meta"]["id"].clone();
    let first = tries(
        clinic,
        &cycle,
        json!({
            "title": "Un rappel", "idea": idea, "who": "Awa", "extent": "one_day", "venue": "la salle de CPN",
            "prediction": "Huit sur dix", "starts": "2026-05-04",
        }),
    );
    pair.sync_both();

    // The centre plans what goes on from it, the coach another trial of the same idea, at the same time.
    let next = tries(
        clinic,
        &cycle,
        json!({ "title": "Un rappel, la veille", "after": first, "extent": "one_month" }),
    );
    let beside = pair.coach.call(
        "save_trial",
        json!({
            "id": null, "cycle": cycle, "reason": "Vu ensemble",
            "edits": [
                { "field": "title", "value": "Un rappel par le relais", "seen": null },
                { "field": "idea", "value": idea, "seen": null },
                { "field": "starts", "value": "2026-05-11", "seen": null },
            ],
        }),
    )["id"]
        .clone();
    pair.sync_both();
    pair.sync_both();
    for laptop in [clinic, &pair.coach] {
        let detail = laptop.cycle(&cycle);
        assert_eq!(detail["ramps"], json!([[first, beside, next]]));
        let shown = trial(&detail, &first);
        assert_eq!(shown["extent"], "one_day");
        assert_eq!(shown["venue"], "la salle de CPN");
        assert_eq!(trial(&detail, &next)["after"], first);
        assert_eq!(trial(&detail, &next)["leaps"], false, "nothing failed yet");
    }

    changes(
        clinic,
        &cycle,
        &first,
        json!({ "happened": "Personne n’est revenu", "comparison": "worse" }),
    );
    assert_eq!(trial(&clinic.cycle(&cycle), &next)["leaps"], true);
    // What is decided keeps its comparison.
    changes(clinic, &cycle, &first, json!({ "decision": "adapt" }));
    let shown = trial(&clinic.cycle(&cycle), &first).clone();
    let seen = &shown["meta"]["seen"]["comparison"];
    let emptied = json!({ "field": "comparison", "value": null, "seen": seen });
    let request = json!({ "id": first, "cycle": cycle, "reason": null, "edits": [emptied] });
    let refused = clinic.refused("save_trial", request);
    assert_eq!(refused.code, "trial-not-compared");

    // It is said, and saved all the same.
    changes(clinic, &cycle, &next, json!({ "extent": "whole_centre" }));
    assert_eq!(
        trial(&clinic.cycle(&cycle), &next)["extent"],
        "whole_centre"
    );
    changes(clinic, &cycle, &next, json!({ "extent": "one_shift" }));
    assert_eq!(trial(&clinic.cycle(&cycle), &next)["leaps"], false);
}

#[test]
fn a_trial_goes_on_from_none_of_another_cycle_and_has_no_unknown_size() {
    let (pair, cycle) = Pair::at_work();
    let clinic = &pair.clinic;
    let other = clinic.start_cycle(&pair.place(), "anc-four-contacts", "mnch");
    let elsewhere = tries(clinic, &other, json!({ "title": "Ailleurs" }));
    for wrong in [
        json!({ "after": elsewhere }),
        json!({ "extent": "huge" }),
        json!({ "idea": clinic.cycle(&other)["ideas"][0]["meta"]["id"] }),
    ] {
        let field = wrong.as_object().unwrap().iter().next().unwrap();
        let edit = json!({ "field": field.0, "value": field.1, "seen": null });
        let request = json!({ "id": null, "cycle": cycle, "reason": null, "edits": [edit] });
        assert_eq!(
            clinic.refused("save_trial", request).code,
            "request-invalid",
            "{wrong}"
        );
    }
}

#[test]
fn the_lights_burn_as_the_method_is_kept_and_are_for_the_team_and_its_coach_alone() {
    let (pair, cycle) = Pair::at_work();
    let clinic = &pair.clinic;
    let lamps = ["small", "prediction", "iteration"];
    for lamp in lamps {
        assert_eq!(light(clinic, &cycle, lamp), "off", "{lamp}");
    }
    assert_eq!(light(clinic, &cycle, "data"), "on", "a year is counted");
    assert_eq!(light(clinic, &cycle, "cause"), "half", "suspected");
    assert_eq!(light(clinic, &cycle, "aim"), "half");

    clinic.edit_cycle(
        &cycle,
        json!({ "aim_from": "52", "aim_to": "80", "aim_by": "2027-03-31" }),
    );
    assert_eq!(light(clinic, &cycle, "aim"), "on");
    let cause = clinic.cycle(&cycle)["causes"][0].clone();
    clinic.part(
        "save_cause",
        &cycle,
        &cause,
        json!({ "standing": "verified" }),
    );
    assert_eq!(
        light(clinic, &cycle, "cause"),
        "half",
        "nothing shows it yet"
    );
    let shows = json!({
        "about": cause["meta"]["id"], "sort": "observation", "text": "6 dossiers sur 20", "day": "2026-05-03",
    });
    clinic.part("save_evidence", &cycle, &Json::Null, shows);
    assert_eq!(light(clinic, &cycle, "cause"), "on");

    let first = tries(
        clinic,
        &cycle,
        json!({ "title": "Un rappel", "who": "Awa", "prediction": "Huit sur dix", "extent": "one_day" }),
    );
    assert_eq!(light(clinic, &cycle, "small"), "on");
    assert_eq!(light(clinic, &cycle, "prediction"), "on");
    changes(
        clinic,
        &cycle,
        &first,
        json!({ "happened": "Sept sur dix" }),
    );
    assert_eq!(light(clinic, &cycle, "prediction"), "half", "not compared");
    changes(clinic, &cycle, &first, json!({ "comparison": "worse" }));
    assert_eq!(light(clinic, &cycle, "iteration"), "half");
    tries(
        clinic,
        &cycle,
        json!({ "title": "La veille", "after": first, "prediction": "Neuf sur dix" }),
    );
    for lamp in lamps {
        assert_eq!(light(clinic, &cycle, lamp), "on", "{lamp}");
    }
    pair.sync_both();
    assert_eq!(light(&pair.coach, &cycle, "iteration"), "on");

    // A region that reads the centre sees its trials, and neither its lights nor how far it was said to have come.
    let region = Laptop::new(&pair.time);
    region.begin_region("Sikasso", "Fatoumata Koné");
    let code = pair.centre.invite(&Invite {
        place: "Sikasso".to_owned(),
        facility: None,
        role: Role::Region,
        uses: 1,
        days: 14,
        also: Vec::new(),
    });
    region.enrol(&pair.centre, &code);
    region.call("demand", json!({ "place": pair.place(), "on": true }));
    region.sync();
    region.sync();
    let read = region.cycle(&cycle);
    assert_eq!(read["trials"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&read["lights"], &read["progress"]),
        (&Json::Null, &Json::Null)
    );
}

#[test]
fn how_far_a_team_has_come_is_said_by_its_lead_and_its_coach_with_a_reason() {
    let (pair, cycle) = Pair::at_work();
    let says = |score: &str, why: Json| {
        json!({
            "id": null, "cycle": cycle, "reason": null,
            "edits": [
                { "field": "score", "value": score, "seen": null },
                { "field": "reason", "value": why, "seen": null },
            ],
        })
    };
    assert_eq!(pair.clinic.cycle(&cycle)["progress"], json!([]));
    for (score, why, code) in [
        ("2.7", json!("Presque"), "request-invalid"),
        ("0", json!("Rien"), "request-invalid"),
        ("5.5", json!("Tout"), "request-invalid"),
        ("2", Json::Null, "progress-without-reason"),
    ] {
        let refused = pair.clinic.refused("save_progress", says(score, why));
        assert_eq!(refused.code, code, "{score}");
    }
    pair.clinic
        .call("save_progress", says("2", json!("Les mesures sont là")));
    pair.sync_both();
    let of_coach = pair.coach.call(
        "save_progress",
        says("2.5", json!("Deux essais comparés à leur prédiction")),
    )["id"]
        .clone();
    pair.sync_both();
    pair.sync_both();

    let said = pair.clinic.cycle(&cycle)["progress"].clone();
    let scores: Vec<_> = said
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["score"].as_f64().unwrap())
        .collect();
    assert_eq!(scores, [2.0, 2.5]);
    assert_eq!(said[1]["reason"], "Deux essais comparés à leur prédiction");
    assert_eq!(said[1]["meta"]["author_role"], "coach");
    assert!(said[1]["day"].is_string());

    // A member sees it, and neither says nor removes it.
    let accounts = pair.clinic.call(
        "add_account",
        json!({ "name": "Binta", "role": "member", "pin": "618203" }),
    );
    let all = accounts.as_array().unwrap();
    let binta = all.iter().find(|one| one["name"] == "Binta").unwrap()["person"].clone();
    pair.clinic.call("lock", json!({}));
    pair.clinic
        .call("unlock", json!({ "person": binta, "pin": "618203" }));
    assert_eq!(
        pair.clinic.cycle(&cycle)["progress"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let refused = pair
        .clinic
        .refused("save_progress", says("5", json!("Fini")));
    assert_eq!(refused.code, "only-the-lead");
    let gone = json!({ "kind": "progress", "id": of_coach, "reason": null });
    assert_eq!(
        pair.clinic.refused("delete_record", gone).code,
        "only-the-lead"
    );
}

#[test]
fn what_is_seen_while_a_trial_runs_is_kept_with_its_day_and_who_saw_it() {
    let (pair, cycle) = Pair::at_work();
    let first = tries(&pair.clinic, &cycle, json!({ "title": "Un rappel" }));
    let note = |trial: &Json, text: &str| json!({ "trial": trial, "text": text });
    pair.clinic.part(
        "save_observation",
        &cycle,
        &Json::Null,
        note(&first, "Trois femmes sur quatre ont redit leur jour"),
    );
    pair.sync_both();
    let earlier = json!({ "trial": first, "text": "La salle était pleine", "day": "2026-01-02" });
    let edits: Vec<Json> = earlier
        .as_object()
        .unwrap()
        .iter()
        .map(|(field, value)| json!({ "field": field, "value": value, "seen": null }))
        .collect();
    let request = json!({ "id": null, "cycle": cycle, "edits": edits, "reason": "Vu ensemble" });
    let of_coach = pair.coach.call("save_observation", request)["id"].clone();
    pair.sync_both();
    pair.sync_both();

    let detail = pair.clinic.cycle(&cycle);
    let seen = trial(&detail, &first)["observations"].as_array().unwrap();
    let texts: Vec<_> = seen
        .iter()
        .map(|one| one["text"].as_str().unwrap())
        .collect();
    assert_eq!(
        texts,
        [
            "La salle était pleine",
            "Trois femmes sur quatre ont redit leur jour"
        ]
    );
    assert_eq!(seen[0]["day"], "2026-01-02");
    assert_eq!(seen[0]["meta"]["author_role"], "coach");
    assert_eq!(
        seen[1]["day"],
        pair.clinic.call("start_state", json!({}))["today"]
    );

    // One that was removed is listed as such, and comes back.
    let gone = json!({ "kind": "observation", "id": of_coach, "reason": null });
    pair.clinic.call("delete_record", gone);
    assert_eq!(
        trial(&pair.clinic.cycle(&cycle), &first)["observations"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let removed = pair
        .clinic
        .call("removed", json!({ "place": pair.place() }));
    assert!(removed.to_string().contains("La salle était pleine"));

    // It is of a trial of this cycle.
    let other = pair
        .clinic
        .start_cycle(&pair.place(), "anc-four-contacts", "mnch");
    let elsewhere = tries(&pair.clinic, &other, json!({ "title": "Ailleurs" }));
    for trial in [elsewhere, Json::Null] {
        let edit = json!({ "field": "trial", "value": trial, "seen": null });
        let request = json!({ "id": null, "cycle": cycle, "reason": null, "edits": [edit] });
        assert_eq!(
            pair.clinic.refused("save_observation", request).code,
            "request-invalid"
        );
    }
}
