//! Lessons: begun from a cycle with what it knows, reviewed, handed to the other centres of the district.

use nyetaa_tests::{Centre, Laptop, Pair, Time};
use serde_json::{Value as Json, json};

/// A trial of the cycle's first idea, decided.
pub fn decided(laptop: &Laptop, cycle: &Json, decision: &str) -> Json {
    let idea = laptop.cycle(cycle)["ideas"][0]["meta"]["id"].clone();
    let fields = json!({
        "title": "Rappel la veille", "idea": idea, "who": "Fatoumata", "scale": "deux villages",
        "prediction": "8 sur 10", "happened": "9 sur 10", "seen_n": 9, "seen_d": 10,
        "comparison": "better", "decision": decision,
    });
    laptop.part("save_trial", cycle, &Json::Null, fields)
}

fn begin(laptop: &Laptop, cycle: &Json) -> Json {
    let request = json!({
        "cycle": cycle, "trial": null, "title": "Un rappel la veille fait venir",
        "evidence": "9 sur 10. Adopté.", "reason": "Écrit ensemble",
    });
    laptop.call("begin_lesson", request)["id"].clone()
}

fn lesson(laptop: &Laptop, cycle: &Json) -> Json {
    laptop.cycle(cycle)["lessons"][0].clone()
}

fn moved(lesson: &Json, state: &str) -> Json {
    json!({ "id": lesson, "state": state, "reason": "Relu ensemble" })
}

#[test]
fn a_lesson_begins_with_what_its_cycle_knows() {
    let laptop = Laptop::new(&Time::default());
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let cycle = laptop.start_cycle(&laptop.home(), "anc-four-contacts", "mnch");
    begin(&laptop, &cycle);
    let bare = lesson(&laptop, &cycle);
    assert_eq!(bare["strength"], "impression", "nothing was tried");
    let trial = decided(&laptop, &cycle, "adopt");
    begin(&laptop, &cycle);
    let all = laptop.cycle(&cycle);
    let known = &all["lessons"][1];
    assert_eq!(known["what"], all["ideas"][0]["text"]);
    assert_eq!(known["tried"], "CSCom de Kangaré, deux villages");
    assert_eq!(known["evidence"], "9 sur 10. Adopté.");
    assert_eq!(
        (&known["strength"], &known["trial"], &known["state"]),
        (&json!("trial"), &trial, &json!("draft"))
    );
}

#[test]
fn whoever_leads_reviews_and_a_members_change_takes_it_back() {
    let laptop = Laptop::new(&Time::default());
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let cycle = laptop.start_cycle(&laptop.home(), "anc-four-contacts", "mnch");
    let empty = laptop.part(
        "save_lesson",
        &cycle,
        &Json::Null,
        json!({ "title": "Vide" }),
    );
    assert_eq!(
        laptop
            .refused("move_lesson", moved(&empty, "reviewed"))
            .code,
        "lesson-empty"
    );
    laptop.call(
        "delete_record",
        json!({ "kind": "lesson", "id": empty, "reason": null }),
    );
    decided(&laptop, &cycle, "adopt");
    let id = begin(&laptop, &cycle);
    laptop.call("move_lesson", moved(&id, "reviewed"));
    assert_eq!(lesson(&laptop, &cycle)["state"], "reviewed");
    assert_eq!(
        laptop.refused("move_lesson", moved(&id, "shared")).code,
        "only-the-coach"
    );
    let state = json!({
        "id": id, "cycle": cycle, "reason": null,
        "edits": [{ "field": "state", "value": "shared", "seen": null }],
    });
    assert_eq!(
        laptop.refused("save_lesson", state).code,
        "request-invalid",
        "no way around"
    );
    // The one who leads may put a word right and stands by it still.
    laptop.part(
        "save_lesson",
        &cycle,
        &lesson(&laptop, &cycle),
        json!({ "cost": "200 F" }),
    );
    assert_eq!(lesson(&laptop, &cycle)["state"], "reviewed");
    let accounts = laptop.call(
        "add_account",
        json!({ "name": "Binta", "role": "member", "pin": "618203" }),
    );
    let all = accounts.as_array().unwrap();
    let binta = all.iter().find(|one| one["name"] == "Binta").unwrap();
    laptop.call("lock", json!({}));
    laptop.call(
        "unlock",
        json!({ "person": binta["person"], "pin": "618203" }),
    );
    assert_eq!(
        laptop.refused("move_lesson", moved(&id, "reviewed")).code,
        "only-the-lead"
    );
    laptop.part(
        "save_lesson",
        &cycle,
        &lesson(&laptop, &cycle),
        json!({ "cost": "300 F" }),
    );
    assert_eq!(lesson(&laptop, &cycle)["state"], "draft");
}

#[test]
fn what_a_coach_shares_reaches_the_other_centres_and_is_not_told_twice() {
    let (pair, cycle) = Pair::at_work();
    decided(&pair.clinic, &cycle, "adopt");
    let id = begin(&pair.clinic, &cycle);
    pair.sync_both();
    pair.coach.call("move_lesson", moved(&id, "shared"));
    assert_eq!(
        pair.coach
            .call("lessons", json!({}))
            .as_array()
            .unwrap()
            .len(),
        1,
        "the coach sees it where it was learned"
    );
    pair.coach.sync();
    let other = Laptop::new(&pair.time);
    other.begin_facility("CSCom de Faraba", "Sélingué", "Oumou Diallo", "lead");
    other.enrol(
        &pair.centre,
        &pair.centre.invite_facility("CSCom de Faraba", "Sélingué"),
    );
    other.sync();
    let told = other.call("lessons", json!({}));
    assert_eq!(told[0]["title"], "Un rappel la veille fait venir");
    assert!(
        told[0]["tried"]
            .as_str()
            .unwrap()
            .starts_with("CSCom de Kangaré"),
        "{told}"
    );
    assert_eq!(told[0]["copied"], true);
    let found = other.call(
        "search",
        json!({ "text": "rapel veile", "kinds": ["lesson"] }),
    );
    assert_eq!(
        found[0]["id"], told[0]["meta"]["id"],
        "found however it is spelt"
    );
    // Another word at the centre is not handed on by itself.
    pair.clinic.sync();
    let words = json!({ "cost": "200 F par semaine" });
    pair.clinic
        .part("save_lesson", &cycle, &lesson(&pair.clinic, &cycle), words);
    pair.clinic.sync();
    pair.coach.sync();
    assert_eq!(lesson(&pair.coach, &cycle)["behind"], true);
    pair.coach.call("move_lesson", moved(&id, "shared"));
    assert_eq!(lesson(&pair.coach, &cycle)["behind"], false);
    // Taken back, it is gone from the others.
    pair.coach.call("move_lesson", moved(&id, "draft"));
    pair.coach.sync();
    other.sync();
    assert_eq!(other.call("lessons", json!({})), json!([]));
    let _: &Centre = &pair.centre;
}

/// A lesson of the clinic that its coach has shared, as both laptops have it.
fn shared() -> (Pair, Json, Json) {
    let (pair, cycle) = Pair::at_work();
    decided(&pair.clinic, &cycle, "adopt");
    let told = begin(&pair.clinic, &cycle);
    pair.clinic.call("move_lesson", moved(&told, "reviewed"));
    pair.sync_both();
    pair.coach.call("move_lesson", moved(&told, "shared"));
    pair.coach.sync();
    pair.sync_both();
    (pair, cycle, told)
}

fn titles(laptop: &Laptop) -> Vec<(bool, bool)> {
    let all = laptop.call("lessons", json!({}));
    let told = all.as_array().unwrap().iter();
    told.map(|one| (one["copied"] == true, one["left"] == true))
        .collect()
}

#[test]
fn what_a_coach_removes_goes_from_the_other_centres_too_and_comes_back_whole() {
    let (pair, cycle, told) = shared();
    let gone = json!({ "kind": "lesson", "id": told, "reason": "Dite deux fois" });
    pair.coach.call("delete_record", gone);
    assert_eq!(titles(&pair.coach), []);
    let back = json!({ "kind": "lesson", "id": told });
    pair.coach.call("restore_record", back);
    assert_eq!(titles(&pair.coach), [(false, false)]);
    let known = lesson(&pair.coach, &cycle);
    assert_eq!(
        (&known["state"], &known["behind"]),
        (&json!("shared"), &json!(false))
    );
}

#[test]
fn what_a_team_removes_stands_in_the_district_until_its_coach_removes_it() {
    let (pair, _, told) = shared();
    let gone = json!({ "kind": "lesson", "id": told, "reason": null });
    pair.clinic.call("delete_record", gone);
    pair.sync_both();
    assert_eq!(titles(&pair.coach), [(true, true)], "the coach is told");
    let found = json!({ "text": "rappel veille", "kinds": ["lesson"] });
    assert_eq!(pair.coach.call("search", found)[0]["kind"], "lesson");
    let copy = pair.coach.call("lessons", json!({}))[0].clone();
    assert_eq!(copy["may_share"], true);
    let gone = json!({ "kind": "lesson", "id": copy["meta"]["id"], "reason": null });
    pair.coach.call("delete_record", gone);
    assert_eq!(titles(&pair.coach), []);
}
