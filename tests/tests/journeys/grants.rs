//! Grants that change: a facility that moves, a laptop that is no longer believed, and the first day of a coach.

use nyetaa_tests::{Laptop, Pair, texts};
use serde_json::json;

#[test]
fn a_facility_that_moves_takes_nothing_along_and_loses_nothing() {
    let (pair, cycle) = Pair::at_work();
    let place = pair.place();
    // The old coach has work that was not sent when the facility moves.
    pair.coach_corrects("2026-03", "21", "recompté");
    pair.centre
        .server()
        .relocate("CSCom de Kangaré", "Yanfolila")
        .unwrap();
    let state = pair.coach.sync();
    assert_eq!(state["waiting_saves"], 0, "{state}");
    assert_eq!(
        pair.coach.refused("cycle", json!({ "id": cycle })).code,
        "record-gone",
        "what is no longer granted leaves the laptop"
    );
    pair.clinic.sync();
    let march = pair.clinic.cell(&place, "MNCH-02", "2026-03");
    assert_eq!(march["numerator"], 21.0, "the correction arrived first");

    let other = Laptop::new(&pair.time);
    other.begin_coach("Yanfolila", "Fanta Sidibé");
    other.enrol(&pair.centre, &pair.centre.invite_coach("Yanfolila"));
    assert_eq!(
        other.cycle(&cycle)["cycle"]["place"]["name"],
        "CSCom de Kangaré"
    );
    assert_eq!(other.cell(&place, "MNCH-02", "2026-03")["numerator"], 21.0);
}

#[test]
fn a_coach_begins_with_a_snapshot_and_has_what_the_others_have() {
    let (pair, cycle) = Pair::at_work();
    let place = pair.place();
    let mut drawn = 1u64;
    for round in 0..60u32 {
        // Text that cannot be packed any smaller, so that there is much.
        let mut word = || {
            drawn = drawn
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            format!("{drawn:016x}")
        };
        let text: String = (0..30).map(|_| word()).collect();
        pair.clinic.call(
            "save_comment",
            json!({ "id": null, "about": cycle, "text": format!("{round} {text}"), "seen": null }),
        );
        if round % 5 == 0 {
            pair.clinic.sync();
        }
    }
    pair.clinic.sync();
    pair.centre.server().make_snapshots().unwrap();
    let other = Laptop::new(&pair.time);
    other.begin_coach("Sélingué", "Fanta Sidibé");
    other.enrol(&pair.centre, &pair.centre.invite_coach("Sélingué"));
    let scope = place
        .as_str()
        .unwrap()
        .parse::<domain::ids::ScopeId>()
        .unwrap();
    let base = other.app().with(|cx| cx.store().base(scope).unwrap());
    assert!(base.is_some(), "it came as a snapshot");
    pair.coach.sync();
    assert_eq!(
        other.cycle(&cycle)["comments"],
        pair.coach.cycle(&cycle)["comments"]
    );
    assert_eq!(
        other.cell(&place, "MNCH-02", "2026-03")["numerator"],
        pair.coach.cell(&place, "MNCH-02", "2026-03")["numerator"]
    );
    assert_eq!(other.sync_state()["state"], "up_to_date");
    // What it writes upon it goes back to all.
    let comment = json!({ "id": null, "about": cycle, "text": "vu", "seen": null });
    other.call("save_comment", comment);
    other.sync();
    pair.clinic.sync();
    let told = pair.clinic.cycle(&cycle);
    assert!(texts(&told["comments"], "text").contains(&"vu".to_owned()));
}

#[test]
fn a_laptop_that_is_no_longer_believed_is_told_so_and_its_work_lies_aside() {
    let (pair, _) = Pair::at_work();
    let device = pair.clinic.replica().to_string();
    pair.centre.server().revoke(&device).unwrap();
    pair.clinic_changes("2026-03", "19");
    let state = pair.clinic.call("sync_now", json!({}));
    assert_eq!(state["last"]["code"], "laptop-revoked", "{}", state["last"]);
    assert_eq!(
        (&state["state"], &state["revoked"]),
        (&json!("problem"), &json!(true))
    );
    assert_eq!(pair.centre.server().aside().unwrap().len(), 1);
    // What is here stays here, to be read.
    assert_eq!(
        pair.clinic.cell(&pair.place(), "MNCH-02", "2026-03")["numerator"],
        19.0
    );
}
