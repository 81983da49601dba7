//! One person with several roles: she leads a facility and coaches the district that it lies in.

use domain::role::Role;

use nyetaa_tests::{Centre, Laptop, Time, cell, facility_in};
use serde_json::{Value as Json, json};
use server::{Invite, Server};

const OWN: &str = "CSCom de Kangaré";
const OTHER: &str = "CSCom de Faraba";

/// Awa leads one facility and coaches its district; Sékou leads another. Both have a cycle.
struct Company {
    centre: Centre,
    awa: Laptop,
    sekou: Laptop,
    own: Json,
    other: Json,
}

impl Company {
    fn at_work() -> Self {
        let time = Time::default();
        let centre = Centre::open(&time);
        let sekou = Laptop::new(&time);
        sekou.begin_facility(OTHER, "Sélingué", "Sékou Diarra", "lead");
        sekou.enrol(&centre, &centre.invite_facility(OTHER, "Sélingué"));
        let other = sekou.home();
        sekou.start_cycle(&other, "anc-four-contacts", "mnch");
        sekou.types(&other, "MNCH-02", "2026-05", "14", "40");
        sekou.sync();
        let awa = Laptop::new(&time);
        awa.begin_facility(OWN, "Sélingué", "Awa Traoré", "lead");
        awa.enrol(
            &centre,
            &centre.invite(&Invite {
                also: vec![(Role::Coach, "Sélingué".to_owned())],
                ..facility_in("Sélingué", OWN)
            }),
        );
        let places = awa.call("places", json!({}));
        let named = |name: &str| {
            let mut all = places.as_array().unwrap().iter();
            let one = all.find(|one| one["place"]["name"] == name);
            one.unwrap_or_else(|| panic!("{name} in {places}"))["place"]["id"].clone()
        };
        assert_eq!(named(OTHER), other);
        let own = named(OWN);
        awa.start_cycle(&own, "anc-four-contacts", "mnch");
        awa.sync();
        Self {
            centre,
            awa,
            sekou,
            own,
            other,
        }
    }

    fn server(&self) -> &Server {
        self.centre.server()
    }

    fn corrects(&self, n: &str, reason: Option<&str>) -> Json {
        let shown = self.awa.cell(&self.other, "MNCH-02", "2026-05");
        let mut edit = cell("MNCH-02", "2026-05", n, "", &shown);
        edit["denominator"] = Json::Null;
        json!({ "place": self.other, "cells": [edit], "reason": reason })
    }

    fn coaches_no_longer(&self) {
        let device = self.awa.replica().to_string();
        self.server()
            .set_post(&device, (Role::Coach, "Sélingué"), false)
            .unwrap();
    }
}

fn roles(laptop: &Laptop) -> Json {
    laptop.call("start_state", json!({}))["roles"].clone()
}

fn names(laptop: &Laptop) -> Vec<String> {
    let places = laptop.call("places", json!({}));
    let places = places.as_array().unwrap().iter();
    places
        .map(|one| one["place"]["name"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn who_leads_a_facility_and_coaches_its_district_does_both_on_one_laptop() {
    let at = Company::at_work();
    assert_eq!(roles(&at.awa), json!(["coach", "lead"]));
    let start = at.awa.call("start_state", json!({}));
    assert_eq!(
        start["place"]["name"], "Sélingué",
        "she sees the district first"
    );

    // In her own facility she writes as its lead: nobody asks why.
    at.awa.types(&at.own, "MNCH-02", "2026-05", "20", "41");
    // In the others she corrects as the coach, with a reason that the place sees.
    let refused = at.awa.refused("save_cells", at.corrects("15", None));
    assert_eq!(refused.code, "reason-missing");
    at.awa
        .call("save_cells", at.corrects("15", Some("recompté")));
    assert_eq!(at.awa.sync()["waiting_saves"], 0);
    at.sekou.sync();
    let corrected = at.sekou.cell(&at.other, "MNCH-02", "2026-05");
    assert_eq!(corrected["numerator"], 15.0);
    assert!(
        at.server().aside().unwrap().is_empty(),
        "nothing is kept aside"
    );

    // What each place lets her do is said with the place.
    let places = at.awa.call("places", json!({}));
    let may = |place: &Json, action: &str| {
        let mut all = places.as_array().unwrap().iter();
        let one = all.find(|one| one["place"]["id"] == *place).unwrap();
        let all = one["permissions"].as_array().unwrap().clone();
        all.iter()
            .any(|one| one["action"] == action && one["class"] == "work")
    };
    assert!(may(&at.own, "write") && may(&at.own, "validate"));
    assert!(may(&at.other, "correct") && !may(&at.other, "write"));
}

#[test]
fn a_colleague_on_the_same_laptop_does_not_coach() {
    let at = Company::at_work();
    let add = json!({ "person": null, "name": "Bintou Koné", "role": "member", "pin": "493817" });
    let accounts = at.awa.call("add_account", add);
    let accounts = accounts.as_array().unwrap().iter();
    let mut bintou = accounts.filter(|one| one["name"] == "Bintou Koné");
    let bintou = bintou.next().unwrap()["person"].clone();
    at.awa.call("lock", json!({}));
    at.awa
        .call("unlock", json!({ "person": bintou, "pin": "493817" }));
    assert_eq!(roles(&at.awa), json!(["member"]));
    assert_eq!(names(&at.awa), [OWN]);
    at.awa.types(&at.own, "MNCH-02", "2026-06", "21", "41");
    // The database holds the whole district: what she may is decided by her own role.
    let elsewhere = json!({
        "place": at.other, "until": "2026-05", "months": 1, "indicator": "MNCH-02", "day": null,
    });
    assert_eq!(at.awa.refused("grid", elsewhere).code, "only-the-team");
    let cells = [cell("MNCH-02", "2026-05", "15", "40", &Json::Null)];
    let corrects = json!({ "place": at.other, "cells": cells, "reason": "recompté" });
    assert_eq!(at.awa.refused("save_cells", corrects).code, "only-the-team");
}

#[test]
fn who_loses_one_role_keeps_the_other_and_nothing_unsent_is_lost() {
    let at = Company::at_work();
    at.awa
        .call("save_cells", at.corrects("15", Some("recompté")));
    at.awa.types(&at.own, "MNCH-02", "2026-05", "20", "41");
    at.coaches_no_longer();
    assert_eq!(at.awa.sync()["waiting_saves"], 0);
    assert_eq!(roles(&at.awa), json!(["lead"]));
    assert_eq!(names(&at.awa), [OWN]);
    assert_eq!(at.awa.call("start_state", json!({}))["place"]["name"], OWN);
    // What she corrected while she coached arrived, and counts.
    at.sekou.sync();
    let corrected = at.sekou.cell(&at.other, "MNCH-02", "2026-05");
    assert_eq!(corrected["numerator"], 15.0);
    assert!(at.server().aside().unwrap().is_empty());
    // She goes on where she leads.
    at.awa.types(&at.own, "MNCH-02", "2026-06", "22", "41");
    assert_eq!(at.awa.sync()["state"], "up_to_date");
    assert!(
        at.awa
            .refused(
                "save_cells",
                json!({
                    "place": at.other,
                    "cells": [cell("MNCH-02", "2026-05", "16", "40", &Json::Null)],
                    "reason": "recompté",
                })
            )
            .code
            .len()
            > 3
    );
}

#[test]
fn a_role_is_given_later_and_the_laptop_brings_what_it_reaches() {
    let time = Time::default();
    let centre = Centre::open(&time);
    let sekou = Laptop::new(&time);
    sekou.begin_facility(OTHER, "Sélingué", "Sékou Diarra", "lead");
    sekou.enrol(&centre, &centre.invite_facility(OTHER, "Sélingué"));
    let awa = Laptop::new(&time);
    awa.begin_facility(OWN, "Sélingué", "Awa Traoré", "lead");
    awa.enrol(&centre, &centre.invite_facility(OWN, "Sélingué"));
    assert_eq!(names(&awa), [OWN]);
    let device = awa.replica().to_string();
    let post = (Role::Coach, "Sélingué");
    centre.server().set_post(&device, post, true).unwrap();
    awa.sync();
    assert_eq!(roles(&awa), json!(["coach", "lead"]));
    assert_eq!(names(&awa), ["Sélingué", OTHER, OWN]);
    // Who takes the laptop over leads there, and coaches nobody.
    let leaver = awa.call("start_state", json!({}))["person"]["id"].clone();
    let request = json!({
        "leaver": leaver, "comer": null, "name": "Oumar Sidibé", "pin": "721549",
        "keeps_access": false, "moved": [],
    });
    awa.call("hand_over", request);
    assert_eq!(roles(&awa), json!(["lead"]));
    assert_eq!(names(&awa), [OWN]);
}
