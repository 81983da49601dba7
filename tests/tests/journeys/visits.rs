//! Supervision visits: answered offline item by item, closed with what is recommended, and what comes after.

use nyetaa_tests::{Laptop, PHOTO, Pair};
use serde_json::{Value as Json, json};

fn begin(laptop: &Laptop, place: &Json, lists: &[&str], own: bool) -> Json {
    let request = json!({ "place": place, "lists": lists, "own": own, "planned": null });
    laptop.call("begin_visit", request)["id"].clone()
}

fn visit(laptop: &Laptop, id: &Json) -> Json {
    laptop.call("visit", json!({ "id": id }))
}

/// Every question of a visit, in the order of the walk.
fn questions(visit: &Json) -> Vec<Json> {
    let parts = visit["parts"].as_array().unwrap().iter();
    parts
        .flat_map(|part| part["questions"].as_array().unwrap().clone())
        .collect()
}

fn of(visit: &Json, code: &str) -> Json {
    let mut all = questions(visit).into_iter();
    all.find(|one| one["code"] == code)
        .unwrap_or_else(|| panic!("{code} is asked"))
}

fn request(visit: &Json, one: &Json, field: &str, value: Json, reason: Json) -> Json {
    json!({
        "visit": visit["meta"]["id"], "list": one["list"], "item": one["item"], "round": one["round"], "reason": reason,
        "edits": [{ "field": field, "value": value, "seen": one["seen"][field] }],
    })
}

fn answer(laptop: &Laptop, id: &Json, code: &str, value: &str) -> Json {
    let now = visit(laptop, id);
    let request = request(&now, &of(&now, code), "value", json!(value), Json::Null);
    laptop.call("save_answer", request)
}

/// Answers every question of a visit that can be answered with yes, but for these.
fn answer_all(laptop: &Laptop, id: &Json, others: &[(&str, &str)]) {
    for one in questions(&visit(laptop, id)) {
        let code = one["code"].as_str().unwrap();
        let other = others.iter().find(|(other, _)| *other == code);
        let value = match (other, &one["answer"]) {
            (Some((_, value)), _) => value,
            (None, Json::String(kind)) if kind.starts_with("yes_no") => "yes",
            (None, Json::String(kind)) if kind == "whole" => "3",
            _ => continue,
        };
        answer(laptop, id, code, value);
    }
}

/// The code of the first critical question of a visit.
fn critical(visit: &Json) -> String {
    let all = questions(visit);
    let found = all.iter().find(|one| one["critical"] == true).unwrap();
    found["code"].as_str().unwrap().to_owned()
}

fn recommend(laptop: &Laptop, id: &Json, code: &str, text: &str) -> Json {
    let now = visit(laptop, id);
    let set = |field: &str, value: Json| json!({ "field": field, "value": value, "seen": null });
    let request = json!({
        "id": null, "place": now["place"], "reason": "Visite du district",
        "edits": [
            set("text", json!(text)), set("who", json!("DTC")), set("due", json!("2026-08-30")),
            set("level", json!("district")), set("means", json!("une glacière")), set("about", id.clone()),
            set("item", of(&now, code)["key"].clone()),
        ],
    });
    laptop.call("save_action", request)["id"].clone()
}

fn close(laptop: &Laptop, id: &Json) {
    let request = json!({ "id": id, "visitor": "Issa Coulibaly", "received": "Awa Traoré" });
    laptop.call("close_visit", request);
}

#[test]
fn a_visit_is_answered_offline_closed_with_its_recommendation_and_read_by_the_facility() {
    let (mut pair, _) = Pair::at_work();
    let place = pair.place();
    let id = begin(&pair.coach, &place, &["mnch", "malaria"], false);
    let now = visit(&pair.coach, &id);
    assert_eq!(now["state"], "under_way");
    assert_eq!(now["parts"][0]["station"], "arrival");
    let code = critical(&now);
    let asked = questions(&now).len();
    assert!(asked < 36 + 32, "what both ask is asked once");
    let now = answer(&pair.coach, &id, &code, "no");
    assert_eq!(now["lacking"], json!([of(&now, &code)["key"]]));
    assert_eq!(
        now["lists"][0]["score"]["critical"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    // Each answer is in the log at once: whoever opens the laptop again goes on where they were.
    pair.coach.reopen();
    let now = visit(&pair.coach, &id);
    assert_eq!(of(&now, &code)["value"], "no");
    let early = json!({ "id": id, "visitor": "Issa", "received": "Awa" });
    let refused = pair.coach.refused("close_visit", early);
    assert_eq!(refused.code, "visit-needs-recommendation");
    recommend(&pair.coach, &id, &code, "Réparer la glacière");
    answer_all(&pair.coach, &id, &[(code.as_str(), "no")]);
    close(&pair.coach, &id);
    let now = visit(&pair.coach, &id);
    assert_eq!(
        (&now["state"], &now["lacking"]),
        (&json!("closed"), &json!([]))
    );
    assert_eq!(
        now["lists"][0]["score"]["class"], "fair",
        "a critical no is never good"
    );
    pair.coach.sync();
    pair.clinic.sync();
    let theirs = visit(&pair.clinic, &id);
    assert_eq!(
        theirs["lists"], now["lists"],
        "the same scores on both laptops"
    );
    assert_eq!(theirs["writable"], false);
    assert_eq!(theirs["recommendations"][0]["means"], "une glacière");
    let list = pair.clinic.call("actions", json!({ "place": place }));
    assert_eq!(
        list["own"][0]["about"]["kind"], "visit",
        "it says where it comes from"
    );
    let change = request(
        &theirs,
        &of(&theirs, &code),
        "value",
        json!("yes"),
        json!("?"),
    );
    let refused = pair.clinic.refused("save_answer", change);
    assert_eq!(
        refused.code, "only-the-coach",
        "nobody answers in their visitors' place"
    );
}

#[test]
fn the_next_visit_begins_with_what_was_recommended_and_shows_the_last_answer_after_the_new_one() {
    let pair = Pair::enrolled();
    let place = pair.place();
    pair.coach.sync();
    let first = begin(&pair.coach, &place, &["malaria"], false);
    let code = critical(&visit(&pair.coach, &first));
    answer(&pair.coach, &first, &code, "no");
    let action = recommend(&pair.coach, &first, &code, "Afficher la conduite à tenir");
    close(&pair.coach, &first);
    pair.time.days(100);
    let board = pair.coach.call("visit_board", json!({ "period": null }));
    let whys: Vec<&Json> = board["places"][0]["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["why"])
        .collect();
    assert_eq!(
        whys[..2],
        [&json!("critical"), &json!("overdue")],
        "{whys:?}"
    );
    let second = begin(&pair.coach, &place, &["malaria"], false);
    recommend(&pair.coach, &second, &code, "Former l’équipe");
    assert_eq!(
        visit(&pair.coach, &first)["earlier"],
        json!([]),
        "what a later visit recommends is nothing earlier"
    );
    let now = visit(&pair.coach, &second);
    assert_eq!(now["earlier"][0]["text"], "Afficher la conduite à tenir");
    assert_eq!(now["before"]["id"], first);
    assert_eq!(
        of(&now, &code)["before"],
        Json::Null,
        "not before this one is answered"
    );
    let now = answer(&pair.coach, &second, &code, "yes");
    assert_eq!(of(&now, &code)["before"], "no");
    let seen = &now["earlier"][0]["meta"]["seen"];
    let set =
        |field: &str, value: &str| json!({ "field": field, "value": value, "seen": seen[field] });
    let today = pair.coach.call("start_state", json!({}))["today"].clone();
    pair.coach.call(
        "save_action",
        json!({
            "id": action, "place": place, "reason": "Visite du district",
            "edits": [set("done", today.as_str().unwrap()), set("evidence", "affichée en salle")],
        }),
    );
    let now = visit(&pair.coach, &second);
    assert_eq!(
        now["earlier"][0]["evidence"], "affichée en salle",
        "what this visit closed stays in sight"
    );
}

#[test]
fn a_closed_visit_is_corrected_where_all_can_see_it_and_returned_with_a_word() {
    let (pair, _) = Pair::at_work();
    let id = begin(&pair.coach, &pair.place(), &["fp"], false);
    answer_all(&pair.coach, &id, &[]);
    close(&pair.coach, &id);
    let again = json!({ "id": id, "visitor": "Quelqu’un", "received": "Autre" });
    let refused = pair.coach.refused("close_visit", again);
    assert_eq!(refused.code, "visit-closed", "nobody signs a second time");
    let meta = &visit(&pair.coach, &id)["meta"];
    let edit = |field: &str, value: &str, reason: Json| {
        let seen = &meta["seen"][field];
        json!({ "id": id, "reason": reason, "edits": [{ "field": field, "value": value, "seen": seen }] })
    };
    for silent in [
        edit("visitor", "Quelqu’un", Json::Null),
        edit("note", "Rien", json!(" ")),
    ] {
        assert_eq!(
            pair.coach.refused("save_visit", silent).code,
            "visit-closed"
        );
    }
    pair.coach
        .call("save_visit", edit("fed_back", "2026-07-30", Json::Null));
    pair.coach.call(
        "save_visit",
        edit("note", "Relu ensemble", json!("Oubliée à la fin")),
    );
    pair.coach.sync();
    pair.clinic.sync();
    let back = json!({ "id": id, "why": "" });
    assert_eq!(
        pair.clinic.refused("return_visit", back).code,
        "visit-return-why"
    );
    pair.clinic.call(
        "return_visit",
        json!({ "id": id, "why": "Le stock était suffisant" }),
    );
    pair.clinic.sync();
    pair.coach.sync();
    let now = visit(&pair.coach, &id);
    assert_eq!(
        (&now["state"], &now["returned"]),
        (&json!("returned"), &json!("Le stock était suffisant"))
    );
    close(&pair.coach, &id);
    let now = visit(&pair.coach, &id);
    assert_eq!(
        (&now["state"], &now["returned"]),
        (&json!("closed"), &Json::Null)
    );
    let one = questions(&now)
        .into_iter()
        .find(|one| one["value"] == "yes")
        .unwrap();
    let silent = request(&now, &one, "value", json!("no"), json!(" "));
    assert_eq!(
        pair.coach.refused("save_answer", silent).code,
        "visit-closed"
    );
    let told = request(
        &now,
        &one,
        "value",
        json!("no"),
        json!("Registre relu avec le DTC"),
    );
    pair.coach.call("save_answer", told);
    let history = pair.coach.call(
        "record_history",
        json!({ "kind": "answer", "record": one["record"] }),
    );
    assert!(
        history.to_string().contains("Registre relu avec le DTC"),
        "{history}"
    );
}

#[test]
fn the_facility_looks_at_itself_and_both_see_where_they_differ() {
    let (pair, _) = Pair::at_work();
    let place = pair.place();
    let other = json!({ "place": place, "lists": ["hrh"], "own": false, "planned": null });
    assert_eq!(
        pair.clinic.refused("begin_visit", other).code,
        "only-the-coach"
    );
    let own = begin(&pair.clinic, &place, &["hrh"], true);
    answer_all(&pair.clinic, &own, &[]);
    close(&pair.clinic, &own);
    pair.clinic.sync();
    pair.coach.sync();
    let theirs = visit(&pair.coach, &own);
    assert_eq!(theirs["writable"], false);
    let noted = json!({
        "id": own, "reason": "?",
        "edits": [{ "field": "note", "value": "À refaire", "seen": theirs["meta"]["seen"]["note"] }],
    });
    for (command, asked) in [
        (
            "begin_visit",
            json!({ "place": place, "lists": ["hrh"], "own": true, "planned": null }),
        ),
        ("save_visit", noted),
    ] {
        let refused = pair.coach.refused(command, asked);
        assert_eq!(
            refused.code, "only-the-coach",
            "a look at itself is the facility's own: {command}"
        );
    }
    let id = begin(&pair.coach, &place, &["hrh"], false);
    assert_eq!(
        visit(&pair.coach, &id)["compared"],
        Json::Null,
        "not while the coach answers"
    );
    let codes: Vec<String> = questions(&visit(&pair.coach, &id))
        .iter()
        .filter(|one| {
            one["answer"]
                .as_str()
                .is_some_and(|kind| kind.starts_with("yes_no"))
        })
        .map(|one| one["code"].as_str().unwrap().to_owned())
        .collect();
    answer_all(&pair.coach, &id, &[(codes[1].as_str(), "no")]);
    for key in visit(&pair.coach, &id)["lacking"].as_array().unwrap() {
        let all = questions(&visit(&pair.coach, &id));
        let one = all.iter().find(|one| one["key"] == *key).unwrap().clone();
        recommend(&pair.coach, &id, one["code"].as_str().unwrap(), "À revoir");
    }
    close(&pair.coach, &id);
    let now = visit(&pair.coach, &id);
    let compared = &now["compared"];
    let (both, alike) = (
        &compared["agreement"]["both"],
        &compared["agreement"]["alike"],
    );
    assert_eq!(both.as_u64().unwrap(), alike.as_u64().unwrap() + 1);
    let key = of(&now, &codes[1])["key"].as_str().unwrap().to_owned();
    assert_eq!(compared["differ"], json!({ key: "yes" }));
    let visits = pair.coach.call("visits", json!({ "place": place }));
    let own = |one: &&Json| one["own"] == true;
    assert_eq!(
        visits["visits"]
            .as_array()
            .unwrap()
            .iter()
            .filter(own)
            .count(),
        1
    );
}

#[test]
fn what_is_planned_is_counted_and_an_answer_that_is_none_is_refused() {
    let (pair, _) = Pair::at_work();
    let place = pair.place();
    let plan =
        json!({ "place": place, "lists": ["nutrition"], "own": false, "planned": "2026-07-20" });
    let id = pair.coach.call("begin_visit", plan)["id"].clone();
    let board = |period: Json| pair.coach.call("visit_board", json!({ "period": period }));
    let now = board(Json::Null);
    assert_eq!(now["places"][0]["planned"], "2026-07-20");
    assert_eq!(now["coming"][0]["id"], id);
    let line = &now["coverage"]["lines"][0];
    assert_eq!(
        (&line["planned"], &line["done"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(board(json!("2026-Q1"))["coverage"]["lines"], json!([]));
    let asked = visit(&pair.coach, &id);
    let one = questions(&asked)
        .into_iter()
        .find(|one| one["answer"] == "yes_no")
        .unwrap();
    let wrong = request(&asked, &one, "value", json!("peut-être"), Json::Null);
    assert_eq!(
        pair.coach.refused("save_answer", wrong).code,
        "answer-invalid"
    );
    let mut strange = request(&asked, &one, "value", json!("yes"), Json::Null);
    strange["item"] = json!("RIEN-01");
    assert_eq!(
        pair.coach.refused("save_answer", strange).code,
        "visit-not-asked"
    );
    answer(&pair.coach, &id, one["code"].as_str().unwrap(), "yes");
    assert_eq!(
        visit(&pair.coach, &id)["state"],
        "under_way",
        "the first answer begins it"
    );
    close(&pair.coach, &id);
    let now = board(Json::Null);
    let line = &now["coverage"]["lines"][0];
    assert_eq!(
        (&line["done"], &line["fed_back"], &line["closed"]),
        (&json!(true), &json!(false), &json!(true))
    );
    let none = json!({ "place": place, "lists": [], "own": false, "planned": null });
    assert_eq!(pair.coach.refused("begin_visit", none).code, "visit-lists");
}

#[test]
fn a_planned_visit_is_moved_with_a_reason_called_off_and_planned_again() {
    let (pair, _) = Pair::at_work();
    let place = pair.place();
    let plan =
        json!({ "place": place, "lists": ["nutrition"], "own": false, "planned": "2026-07-20" });
    let id = pair.coach.call("begin_visit", plan)["id"].clone();
    let set = |field: &str, value: Json, reason: Json| {
        let seen = visit(&pair.coach, &id)["meta"]["seen"][field].clone();
        json!({ "id": id, "reason": reason, "edits": [{ "field": field, "value": value, "seen": seen }] })
    };
    let silent = set("planned", json!("2026-07-21"), Json::Null);
    assert_eq!(
        pair.coach.refused("save_visit", silent).code,
        "visit-move-why"
    );
    let moved = set("planned", json!("2026-07-21"), json!("Route coupée"));
    pair.coach.call("save_visit", moved);
    let board = || pair.coach.call("visit_board", json!({ "period": null }));
    let now = board();
    assert_eq!(now["places"][0]["planned"], "2026-07-21");
    assert_eq!(now["places"][0]["planned_visit"], id);
    let why = "Campagne de vaccination";
    pair.coach
        .call("save_visit", set("called_off", json!(why), json!(why)));
    let now = board();
    assert_eq!(now["coming"], json!([]));
    assert_eq!(now["places"][0]["planned_visit"], Json::Null);
    let line = &now["coverage"]["lines"][0];
    assert_eq!(
        (&line["planned"], &line["done"], &line["called_off"]),
        (&json!(true), &json!(false), &json!(why)),
        "what was called off was planned all the same"
    );
    let asked = visit(&pair.coach, &id);
    assert_eq!(asked["state"], "called_off");
    let one = of(&asked, questions(&asked)[0]["code"].as_str().unwrap());
    let early = request(&asked, &one, "note", json!("vu"), Json::Null);
    assert_eq!(
        pair.coach.refused("save_answer", early).code,
        "visit-called-off"
    );
    let sign = json!({ "id": id, "visitor": "Issa", "received": "Awa" });
    assert_eq!(
        pair.coach.refused("close_visit", sign).code,
        "visit-called-off"
    );
    let again = set("called_off", Json::Null, json!("Route praticable"));
    pair.coach.call("save_visit", again);
    answer_all(&pair.coach, &id, &[]);
    let begun = visit(&pair.coach, &id);
    assert_eq!(begun["state"], "under_way");
    let late = set("called_off", json!("trop tard"), json!("trop tard"));
    assert_eq!(
        pair.coach.refused("save_visit", late).code,
        "request-invalid"
    );
}

#[test]
fn the_answer_itself_shows_what_a_cycle_begins_with() {
    let (pair, _) = Pair::at_work();
    let place = pair.place();
    let id = begin(&pair.coach, &place, &["mnch"], false);
    let code = critical(&visit(&pair.coach, &id));
    answer(&pair.coach, &id, &code, "no");
    recommend(&pair.coach, &id, &code, "Réparer la glacière");
    close(&pair.coach, &id);
    pair.sync_both();
    let found = of(&visit(&pair.clinic, &id), &code)["record"].clone();
    assert!(found.is_string());
    let start = json!({ "place": place, "template": null, "area": "mnch", "language": "fr" });
    let cycle = pair.clinic.call("start_cycle", start)["id"].clone();
    let set = |field: &str, value: Json| json!({ "field": field, "value": value, "seen": null });
    let request = json!({
        "id": null, "cycle": cycle, "reason": null,
        "edits": [
            set("about", cycle.clone()), set("sort", json!("finding")), set("record", found.clone()),
            set("text", json!("Visite : pas de glacière")), set("day", json!("2026-07-14")),
        ],
    });
    pair.clinic.call("save_evidence", request);
    let detail = pair.clinic.call("cycle", json!({ "id": cycle }));
    assert_eq!(detail["evidence"][0]["record"], found);
    assert_eq!(
        detail["evidence"][0]["visit"], id,
        "the way back to the visit"
    );
}

#[test]
fn a_figure_is_counted_again_in_the_register_and_what_was_reported_then_is_kept() {
    let (pair, _) = Pair::at_work();
    let place = pair.place();
    let (coach, clinic) = (&pair.coach, &pair.clinic);
    let id = begin(coach, &place, &["mnch"], false);
    let cells = pair.cells("2026-03");
    let reported = coach.call(
        "grid",
        json!({ "place": place, "until": "2026-03", "months": 1 }),
    )["rows"][0]
        .clone();
    let (code, cell) = (
        reported["indicator"]["code"].clone(),
        reported["cells"][0].clone(),
    );
    assert!(cell["numerator"].is_number(), "{cells:?}");
    let save = |edits: Json, reason: Json| json!({ "visit": id, "indicator": code, "period": "2026-03", "edits": edits, "reason": reason });
    let set = |field: &str, value: &str, seen: Json| json!({ "field": field, "value": value, "seen": seen });
    let empty = save(json!([set("note", "registre vu", Json::Null)]), Json::Null);
    assert_eq!(coach.refused("save_recount", empty).code, "recount-empty");
    let below = save(json!([set("n", "-2", Json::Null)]), Json::Null);
    coach.refused("save_recount", below);
    let half = cell["numerator"].as_f64().unwrap() / 2.0;
    let edits = json!([
        set("n", &half.to_string().replace('.', ","), Json::Null),
        set("note", "deux pages comptées deux fois", Json::Null),
    ]);
    let now = coach.call("save_recount", save(edits, Json::Null));
    let one = now["recounts"][0].clone();
    assert_eq!(one["reported_n"], cell["numerator"]);
    assert_eq!(one["reported_d"], cell["denominator"]);
    assert_eq!(one["factor_n"], json!(0.5));
    assert_eq!(one["within"], json!(false));
    // Another figure that the place says afterwards changes nothing of what was checked.
    pair.sync_both();
    pair.clinic_changes("2026-03", "1");
    pair.sync_both();
    let again = json!([set(
        "n",
        &cell["numerator"].to_string(),
        one["meta"]["seen"]["n"].clone()
    )]);
    let now = coach.call("save_recount", save(again, Json::Null));
    assert_eq!(now["recounts"].as_array().unwrap().len(), 1);
    assert_eq!(now["recounts"][0]["reported_n"], cell["numerator"]);
    assert_eq!(now["recounts"][0]["within"], json!(true));
    pair.sync_both();
    let there = visit(clinic, &id);
    assert_eq!(
        there["recounts"][0]["note"],
        "deux pages comptées deux fois"
    );
    let theirs = save(json!([set("note", "non", Json::Null)]), Json::Null);
    assert_eq!(
        clinic.refused("save_recount", theirs).code,
        "only-the-coach"
    );
    // Removed it is gone everywhere; counted once more, it begins anew with what is reported by then.
    let gone = |back: bool| json!({ "kind": "recount", "id": one["meta"]["id"], "back": back, "reason": null });
    assert_eq!(
        coach.call("remove_from_visit", gone(false))["recounts"],
        json!([])
    );
    let back = coach.call("remove_from_visit", gone(true));
    assert_eq!(back["recounts"][0]["n"], cell["numerator"]);
    assert_eq!(
        clinic.refused("remove_from_visit", gone(false)).code,
        "only-the-coach"
    );
    coach.call("remove_from_visit", gone(false));
    pair.sync_both();
    assert_eq!(visit(clinic, &id)["recounts"], json!([]));
    let alone = save(json!([set("note", "sans nombre", Json::Null)]), Json::Null);
    assert_eq!(coach.refused("save_recount", alone).code, "recount-empty");
    let once_more = save(json!([set("n", "1", Json::Null)]), Json::Null);
    let now = coach.call("save_recount", once_more)["recounts"][0].clone();
    assert_eq!((&now["reported_n"], &now["n"]), (&json!(1.0), &json!(1.0)));
    assert_eq!(now["meta"]["open"], json!([]), "{now}");
}

#[test]
fn photos_stand_beside_the_answers_of_a_visit_and_signatures_are_drawn_with_it() {
    let (pair, _) = Pair::at_work();
    let place = pair.place();
    let (coach, clinic) = (&pair.coach, &pair.clinic);
    let id = begin(coach, &place, &["mnch"], false);
    let now = visit(coach, &id);
    let code = critical(&now);
    let one = of(&now, &code);
    let photo = |item: &Json, image: &str, reason: Json| {
        json!({
            "visit": id, "list": one["list"], "item": item, "round": one["round"], "image": image, "reason": reason,
        })
    };
    let none = photo(&json!("NOT-THERE"), PHOTO, Json::Null);
    assert_eq!(
        coach.refused("add_visit_photo", none).code,
        "visit-not-asked"
    );
    let unread = photo(&one["item"], "pas une image", Json::Null);
    assert_eq!(
        coach.refused("add_visit_photo", unread).code,
        "photo-unreadable"
    );
    let now = coach.call("add_visit_photo", photo(&one["item"], PHOTO, Json::Null));
    let added = now["photos"][0].clone();
    assert_eq!(added["key"], one["key"]);
    pair.sync_both();

    // The facility sees it under the answer, and takes nothing of it away.
    let there = visit(clinic, &id);
    assert_eq!(there["photos"][0]["meta"]["author"], now["meta"]["author"]);
    let picture = json!({ "id": added["meta"]["id"] });
    assert_eq!(
        clinic.call("photo_picture", picture.clone())["image"],
        PHOTO
    );
    let gone = |back: bool, reason: Json| json!({ "kind": "photo", "id": added["meta"]["id"], "back": back, "reason": reason });
    assert_eq!(
        clinic
            .refused("remove_from_visit", gone(false, Json::Null))
            .code,
        "only-the-coach"
    );
    // Removed it can be brought back.
    let without = coach.call("remove_from_visit", gone(false, Json::Null));
    assert_eq!(without["photos"], json!([]));
    let again = coach.call("remove_from_visit", gone(true, Json::Null));
    assert_eq!(again["photos"][0]["meta"]["id"], added["meta"]["id"]);

    // Both sign on the screen; what is no drawing is refused.
    answer_all(coach, &id, &[]);
    let sign = |drawn: &str| {
        json!({
            "id": id, "visitor": "Issa Coulibaly", "received": "Awa Traoré",
            "visitor_drawn": drawn, "received_drawn": null,
        })
    };
    let forged = sign("M 1 2 L 3 4\"/><script/>");
    assert_eq!(coach.refused("close_visit", forged).code, "request-invalid");
    coach.call("close_visit", sign("M 10 20 L 30 40 50 60"));
    let later = photo(&one["item"], PHOTO, Json::Null);
    assert_eq!(coach.refused("add_visit_photo", later).code, "visit-closed");
    let late = coach.refused("remove_from_visit", gone(false, Json::Null));
    assert_eq!(late.code, "visit-closed");
    let reason = json!("Une autre photo, plus nette");
    let two = coach.call("add_visit_photo", photo(&one["item"], PHOTO, reason));
    assert_eq!(two["photos"].as_array().unwrap().len(), 2);
    pair.sync_both();
    let there = visit(clinic, &id);
    assert_eq!(there["visitor_drawn"], "M 10 20 L 30 40 50 60");
    assert_eq!(there["received_drawn"], Json::Null);
    assert_eq!(there["photos"].as_array().unwrap().len(), 2);

    // Somebody is recognised: nobody sees that picture again.
    coach.call("mask_photo", picture.clone());
    pair.sync_both();
    assert_eq!(clinic.call("photo_picture", picture)["image"], Json::Null);

    // Signed anew, it is signed as it is signed then.
    let why = json!({ "id": id, "why": "La date est fausse" });
    coach.call("return_visit", why);
    close(coach, &id);
    assert_eq!(visit(coach, &id)["visitor_drawn"], Json::Null);
}

#[test]
fn a_question_that_asks_for_a_photo_is_answered_by_one() {
    let coach = Laptop::new(&nyetaa_tests::Time::default());
    coach.begin_coach("Sélingué", "Moussa Keïta");
    let form = "survey,type,name,label::fr\n,image,natte,La natte devant la salle\n,text,dit,Ce qui se voit\n\
        settings,form_id,form_title\n,natte,La natte\n";
    let bytes = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, form);
    let request = json!({ "place": coach.home(), "file": "natte.csv", "bytes": bytes });
    let code = coach.call("import_form", request)["line"]["code"].clone();
    let id = begin(&coach, &coach.home(), &[code.as_str().unwrap()], false);
    let one = of(&visit(&coach, &id), "natte");
    assert_eq!(
        (&one["answer"], &one["disabled"]),
        (&json!("photo"), &json!(false))
    );
    let add = json!({
        "visit": id, "list": one["list"], "item": one["item"], "round": one["round"], "image": PHOTO, "reason": null,
    });
    let now = coach.call("add_visit_photo", add);
    let photo = now["photos"][0]["meta"]["id"].clone();
    let answer = |visit: &Json| of(visit, "natte")["value"].clone();
    assert_eq!(
        answer(&now),
        format!("{}.jpg", photo.as_str().unwrap()),
        "as a file is named"
    );
    let gone = |back: bool| json!({ "kind": "photo", "id": photo, "back": back, "reason": null });
    let now = coach.call("remove_from_visit", gone(false));
    assert_eq!(answer(&now), "");
    let now = coach.call("remove_from_visit", gone(true));
    assert_eq!(answer(&now), format!("{}.jpg", photo.as_str().unwrap()));
}
