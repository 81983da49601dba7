//! A new laptop is enrolled by its coach's laptop, with a stick and no network; the server confirms it later.

use nyetaa_tests::{Centre, Laptop, Pair, Time};
use serde_json::{Value as Json, json};
use server::Invite;

/// A coach whom the server knows, and a stick.
struct District {
    time: Time,
    centre: Centre,
    coach: Laptop,
    stick: tempfile::TempDir,
}

impl District {
    fn new() -> Self {
        let time = Time::default();
        let centre = Centre::open(&time);
        let coach = Laptop::new(&time);
        coach.begin_coach("Sélingué", "Issa Coulibaly");
        coach.enrol(&centre, &centre.invite_coach("Sélingué"));
        Self {
            time,
            centre,
            coach,
            stick: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self) -> Json {
        json!({ "path": self.stick.path() })
    }

    fn named(&self, check: &Json) -> Json {
        json!({ "path": self.stick.path(), "check": check })
    }

    fn team(&self, place: &str, person: &str) -> Laptop {
        let laptop = Laptop::new(&self.time);
        laptop.begin_facility(place, "Sélingué", person, "lead");
        laptop
    }

    /// The coach answers, and the new laptop takes it.
    fn enrolled(&self, laptop: &Laptop) -> Json {
        let asked = laptop.call("issue_request", self.path());
        let answered = self.coach.call("issue_answer", self.named(&asked["check"]));
        laptop.call("issue_accept", self.named(&answered["check"]))
    }
}

#[test]
fn a_laptop_joins_with_the_server_down_works_by_stick_and_is_confirmed_later() {
    let mut at = District::new();
    at.centre.stop();
    let clinic = at.team("CSCom de Kangaré", "Awa Traoré");
    let place = clinic.home();
    let cycle = clinic.start_cycle(&place, "anc-four-contacts", "mnch");

    let asked = clinic.call("issue_request", at.path());
    let seen = at.coach.call("issue_look", at.path());
    assert_eq!(seen[0]["check"], asked["check"], "both read the same signs");
    assert_eq!(
        (&seen[0]["person"], &seen[0]["place"], &seen[0]["known"]),
        (
            &json!("Awa Traoré"),
            &json!("CSCom de Kangaré"),
            &json!(false)
        )
    );
    let wrong = at
        .coach
        .refused("issue_answer", at.named(&json!("00000 00000")));
    assert_eq!(wrong.code, "issue-missing");
    let answered = at.coach.call("issue_answer", at.named(&asked["check"]));
    assert_eq!(answered["left"], 49);
    let other = at.team("CSCom de Faraba", "Bakary Sidibé");
    let not_its = other.refused("issue_accept", at.named(&answered["check"]));
    assert_eq!(not_its.code, "issue-missing", "it is for one laptop alone");
    let state = clinic.call("issue_accept", at.named(&answered["check"]));
    assert_eq!(state["provisional"], true);
    assert_eq!(
        clinic.refused("issue_request", at.path()).code,
        "already-enrolled"
    );

    // Bundles go both ways before any server has heard of it.
    clinic.edit_cycle(&cycle, json!({ "cause": "vu sans réseau" }));
    let stick = json!({ "path": at.stick.path(), "places": null });
    let sent = clinic.call("stick_send", stick.clone());
    assert_eq!(sent["card_only"], false, "{sent}");
    let got = at.coach.call(
        "stick_receive",
        json!({ "path": at.stick.path(), "trust": [] }),
    );
    assert!(got["saves_new"].as_u64().unwrap() > 0, "{got}");
    assert_eq!(at.coach.cycle(&cycle)["cycle"]["cause"], "vu sans réseau");
    let of_district = at
        .coach
        .start_cycle(&at.coach.home(), "anc-four-contacts", "mnch");
    at.coach.call("stick_send", stick);
    clinic.call(
        "stick_receive",
        json!({ "path": at.stick.path(), "trust": [] }),
    );
    clinic.cycle(&of_district);
    // The coach can help after a forgotten code.
    let whoever = clinic.call("accounts", json!({}))[0]["person"].clone();
    clinic.call(
        "recovery_request",
        json!({ "person": whoever, "path": at.stick.path() }),
    );

    at.centre.start();
    let state = clinic.sync();
    assert_eq!(
        (&state["provisional"], &state["waiting_saves"]),
        (&json!(false), &json!(0)),
        "{state}"
    );
    let devices = at.centre.server().devices().unwrap();
    let known = devices
        .iter()
        .find(|one| one.device == clinic.replica())
        .unwrap();
    assert_eq!(
        (known.place.as_str(), known.role),
        ("CSCom de Kangaré", domain::role::Role::Lead)
    );
    at.coach.sync();
    assert_eq!(at.coach.sync_state()["waiting_saves"], 0);
    clinic.sync();
}

#[test]
fn a_second_laptop_of_a_known_place_finds_what_is_there_on_the_stick() {
    let (pair, cycle) = Pair::at_work();
    let stick = tempfile::tempdir().unwrap();
    let path = json!({ "path": stick.path() });
    let named = |check: &Json| json!({ "path": stick.path(), "check": check });
    let second = Laptop::new(&pair.time);
    second.begin_facility("Cscom de kangare", "Sélingué", "Moussa Keïta", "member");
    let asked = second.call("issue_request", path.clone());
    assert_eq!(pair.coach.call("issue_look", path)[0]["known"], true);
    let answered = pair.coach.call("issue_answer", named(&asked["check"]));
    second.call("issue_accept", named(&answered["check"]));
    assert_eq!(second.home(), pair.place());
    assert_eq!(
        second.cycle(&cycle)["cycle"]["id"],
        pair.clinic.cycle(&cycle)["cycle"]["id"]
    );
    second.edit_cycle(&cycle, json!({ "cause": "du second ordinateur" }));
    assert_eq!(second.sync()["waiting_saves"], 0);
    pair.clinic.sync();
    assert_eq!(
        pair.clinic.cycle(&cycle)["cycle"]["cause"],
        "du second ordinateur"
    );
}

#[test]
fn a_revoked_coach_enrols_nobody_more_and_what_was_saved_stays() {
    let at = District::new();
    let clinic = at.team("CSCom de Kangaré", "Awa Traoré");
    let state = at.enrolled(&clinic);
    assert_eq!(state["provisional"], true);
    let coach = at.coach.replica().to_string();
    at.centre.server().revoke(&coach).unwrap();
    let state = clinic.call("sync_now", json!({}));
    assert_eq!(state["last"]["code"], "issuer-revoked", "{}", state["last"]);
    assert_eq!(state["provisional"], true);
    // An invitation of the district makes it one of the house all the same.
    let code = at.centre.invite(&Invite {
        uses: 1,
        ..nyetaa_tests::facility_in("Sélingué", "CSCom de Kangaré")
    });
    let state = clinic.enrol(&at.centre, &code);
    assert_eq!(state["provisional"], false);
    at.coach.call("sync_now", json!({}));
    assert_eq!(
        at.coach.refused("issue_look", at.path()).code,
        "issue-not-for-us"
    );
}

#[test]
fn a_coach_enrols_fifty_and_no_team_enrols_anybody() {
    let at = District::new();
    let clinic = at.team("CSCom de Kangaré", "Awa Traoré");
    at.enrolled(&clinic);
    assert_eq!(
        clinic.refused("issue_look", at.path()).code,
        "only-the-coach"
    );
    let asked = clinic.replica().to_string();
    // Forty-nine others, by their names alone.
    at.coach.app().with(|cx| {
        let place = clinic.home();
        let mut known: Vec<Json> = (1..50)
            .map(|n| json!([format!("{n:032x}"), place]))
            .collect();
        known.insert(0, json!([asked, place]));
        let bytes = serde_json::to_vec(&known).unwrap();
        cx.store().set_meta("issued", &bytes).unwrap();
    });
    let late = at.team("CSCom de Faraba", "Bakary Sidibé");
    let check = late.call("issue_request", at.path())["check"].clone();
    assert_eq!(
        at.coach.refused("issue_answer", at.named(&check)).code,
        "issues-used"
    );
}

#[test]
fn a_team_of_another_district_is_not_enrolled() {
    let at = District::new();
    let elsewhere = Laptop::new(&at.time);
    elsewhere.begin_facility("CSCom de Farako", "Sikasso", "Mariam Koné", "lead");
    let check = elsewhere.call("issue_request", at.path())["check"].clone();
    assert_eq!(
        at.coach.refused("issue_answer", at.named(&check)).code,
        "issue-not-for-us"
    );
}
