//! Holding the gain: what was adopted is looked at again, and what slips takes its cycle up again.

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
}
