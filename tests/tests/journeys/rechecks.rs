//! Holding the gain: what was adopted is looked at again, and what slips takes its cycle up again.

use nyetaa_tests::{Laptop, Pair, Time, facility_in};
use serde_json::{Value as Json, json};

use crate::lessons::decided;

fn clinic() -> (Laptop, Time, Json) {
    let time = Time::default();
    let laptop = Laptop::new(&time);
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let cycle = laptop.start_cycle(&laptop.home(), "anc-four-contacts", "mnch");
    (laptop, time, cycle)
}

fn plan(cycle: &Json, trial: &Json) -> Json {
    json!({ "cycle": cycle, "trial": trial, "looked": "La courbe et 10 carnets", "who": "Awa", "reason": null })
}

fn answer(id: &Json, holding: Option<&str>, said: &str) -> Json {
    json!({ "id": id, "holding": holding, "said": said, "reason": null })
}

#[test]
fn what_was_decided_is_kept_with_the_chart_of_that_day() {
    let (laptop, _, cycle) = clinic();
    let place = laptop.home();
    for (month, n) in [("2026-04", "10"), ("2026-05", "11"), ("2026-06", "12")] {
        laptop.types(&place, "MNCH-02", month, n, "20");
    }
    let trial = decided(&laptop, &cycle, "adapt");
    let kept = laptop.cycle(&cycle)["decisions"][0].clone();
    assert_eq!(
        (&kept["about"], &kept["day"]),
        (&trial, &json!("2026-07-15"))
    );
    let points = kept["chart"]["points"].as_array().unwrap().len();
    laptop.types(&place, "MNCH-02", "2026-03", "3", "20");
    let later = laptop.cycle(&cycle)["decisions"][0].clone();
    assert_eq!(
        later["chart"]["points"].as_array().unwrap().len(),
        points,
        "what was typed since does not change it"
    );
    // Decided otherwise it is kept anew, and undone it is gone.
    let trial_now = laptop.cycle(&cycle)["trials"][0].clone();
    laptop.part(
        "save_trial",
        &cycle,
        &trial_now,
        json!({ "decision": null }),
    );
    assert_eq!(laptop.cycle(&cycle)["decisions"], json!([]));
    let trial_now = laptop.cycle(&cycle)["trials"][0].clone();
    laptop.part(
        "save_trial",
        &cycle,
        &trial_now,
        json!({ "decision": "adopt" }),
    );
    let again = laptop.cycle(&cycle)["decisions"][0].clone();
    assert!(again["chart"]["points"].as_array().unwrap().len() > points);
}

#[test]
fn three_looks_in_the_year_stand_on_the_home_screen_when_their_day_has_come() {
    let (laptop, time, cycle) = clinic();
    let place = laptop.home();
    let trial = decided(&laptop, &cycle, "adapt");
    assert_eq!(
        laptop.refused("plan_rechecks", plan(&cycle, &trial)).code,
        "trial-not-adopted"
    );
    let trial_now = laptop.cycle(&cycle)["trials"][0].clone();
    laptop.part(
        "save_trial",
        &cycle,
        &trial_now,
        json!({ "decision": "adopt" }),
    );
    let mut without = plan(&cycle, &trial);
    without["who"] = json!(" ");
    assert_eq!(
        laptop.refused("plan_rechecks", without).code,
        "recheck-incomplete"
    );
    laptop.call("plan_rechecks", plan(&cycle, &trial));
    laptop.call("plan_rechecks", plan(&cycle, &trial));
    let looks = || laptop.cycle(&cycle)["rechecks"].clone();
    let days: Vec<_> = looks()
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["due"].clone())
        .collect();
    assert_eq!(
        days,
        [
            json!("2026-10-15"),
            json!("2027-01-15"),
            json!("2027-07-15")
        ],
        "planned twice they are three"
    );
    let due = || {
        let today = laptop.call("today", json!({ "place": place }));
        let items = today["items"].as_array().unwrap().clone();
        items.into_iter().find(|item| item["kind"] == "recheck")
    };
    assert_eq!(due(), None);
    laptop.edit_cycle(&cycle, json!({ "status": "closed" }));
    time.days(92);
    let item = due().unwrap();
    assert_eq!((&item["id"], &item["tab"]), (&cycle, &json!("decide")));
    let first = looks()[0]["meta"]["id"].clone();
    laptop.call("answer_recheck", answer(&first, Some("holds"), ""));
    assert_eq!(due(), None);
    assert_eq!(looks()[0]["holding"], "holds");
    assert_eq!(laptop.cycle(&cycle)["cycle"]["status"], "closed");
    // Taken back, it is asked again.
    laptop.call("answer_recheck", answer(&first, None, ""));
    assert!(due().is_some());
    assert!(due().unwrap()["params"]["trial"].is_string());
    // Of a change that nobody keeps any more nothing is asked; adopted anew, its year begins anew.
    let trial_now = laptop.cycle(&cycle)["trials"][0].clone();
    laptop.part(
        "save_trial",
        &cycle,
        &trial_now,
        json!({ "decision": "adapt" }),
    );
    assert_eq!((due(), looks()), (None, json!([])));
    let trial_now = laptop.cycle(&cycle)["trials"][0].clone();
    laptop.part(
        "save_trial",
        &cycle,
        &trial_now,
        json!({ "decision": "adopt" }),
    );
    assert_eq!((due(), &looks()[0]["due"]), (None, &json!("2027-01-15")));
    // Removed, the trial takes what was decided of it along.
    laptop.call(
        "delete_record",
        json!({ "kind": "trial", "id": trial, "reason": null }),
    );
    let now = laptop.cycle(&cycle);
    assert_eq!(
        (&now["decisions"], &now["rechecks"]),
        (&json!([]), &json!([]))
    );
    assert_eq!(
        laptop.refused("plan_rechecks", plan(&cycle, &trial)).code,
        "trial-not-adopted"
    );
}

#[test]
fn what_slips_takes_its_cycle_up_again_and_says_why() {
    let (laptop, time, cycle) = clinic();
    let trial = decided(&laptop, &cycle, "adopt");
    laptop.call("plan_rechecks", plan(&cycle, &trial));
    laptop.edit_cycle(&cycle, json!({ "status": "closed" }));
    time.days(92);
    let first = laptop.cycle(&cycle)["rechecks"][0]["meta"]["id"].clone();
    assert_eq!(
        laptop
            .refused("answer_recheck", answer(&first, Some("slips"), " "))
            .code,
        "recheck-without-reason"
    );
    let why = "La sage-femme formée est partie";
    laptop.call("answer_recheck", answer(&first, Some("slips"), why));
    let now = laptop.cycle(&cycle);
    assert_eq!(now["cycle"]["status"], "open");
    assert_eq!(now["rechecks"][0]["said"], why);
    let history = laptop.call(
        "record_history",
        json!({ "kind": "cycle", "record": cycle }),
    );
    assert!(history.to_string().contains(why), "{history}");
    // Other words are no other look.
    let day = now["rechecks"][0]["day"].clone();
    time.days(30);
    laptop.call(
        "answer_recheck",
        answer(&first, Some("slips"), "Elle est partie"),
    );
    let later = laptop.cycle(&cycle)["rechecks"][0].clone();
    assert_eq!(
        (&later["said"], &later["day"]),
        (&json!("Elle est partie"), &day)
    );
    // Taken back, the cycle is closed as it was.
    laptop.call("answer_recheck", answer(&first, None, ""));
    let now = laptop.cycle(&cycle);
    assert_eq!(now["cycle"]["status"], "closed");
    assert_eq!(now["rechecks"][0]["holding"], json!(null));
}

#[test]
fn what_a_team_planned_before_it_was_invited_is_found_again_at_its_place() {
    let (pair, _) = Pair::at_work();
    let second = Laptop::new(&pair.time);
    second.begin_facility("Csc de Kangaré", "Sélingué", "Binta Sidibé", "member");
    let cycle = second.start_cycle(&second.home(), "malaria-testing", "malaria");
    let trial = decided(&second, &cycle, "adopt");
    second.call("plan_rechecks", plan(&cycle, &trial));
    let hold = || {
        let request = json!({ "place": second.home(), "reason": null });
        second.call("hold_pause", request)["id"].clone()
    };
    hold();
    let code = pair
        .centre
        .invite(&facility_in("Sélingué", "CSCom de Kangaré"));
    second.enrol(&pair.centre, &code);
    let place = second.home();
    let cycles = second.call("cycles", json!({ "place": place }));
    let cycle = cycles
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].clone())
        .find(|id| second.cycle(id)["trials"] != json!([]))
        .unwrap();
    let trial = second.cycle(&cycle)["trials"][0].clone();
    second.call("plan_rechecks", plan(&cycle, &trial["meta"]["id"]));
    let looks = || second.cycle(&cycle)["rechecks"].as_array().unwrap().len();
    assert_eq!(looks(), 3, "planned again they are the same");
    let held = hold();
    let pauses = second.call("pauses", json!({ "place": place }));
    assert_eq!(pauses["held"].as_array().unwrap().len(), 1);
    assert_eq!(pauses["held"][0]["id"], held);
    // What was decided is taken back with its trial's decision, and none is left.
    second.part("save_trial", &cycle, &trial, json!({ "decision": null }));
    assert_eq!(second.cycle(&cycle)["decisions"], json!([]));
}
