//! Who has not synced, and what those above read of single places.

use nyetaa_tests::{Chance, Laptop, Network, Pair, Weather, letters, texts};
use serde_json::{Value as Json, json};
use server::Invite;

/// The line of a place in the list of those who have not synced.
fn line(devices: &Json, place: &str) -> Json {
    let mut lines = devices.as_array().unwrap().iter();
    let found = lines.find(|device| device["place_name"] == place);
    found.cloned().unwrap_or(Json::Null)
}

fn devices(laptop: &Laptop) -> Json {
    laptop.call("devices", json!({}))
}

#[test]
fn the_coach_sees_who_has_not_synced_when_and_with_how_much_unsent() {
    let (pair, cycle) = Pair::at_work();
    // A third clinic has a laptop, a fourth has none yet.
    let tagan = Laptop::new(&pair.time);
    tagan.begin_facility("CSCom de Tagan", "Sélingué", "Moussa Diarra", "lead");
    let way = Network::to(pair.centre.socket());
    let code = pair.centre.invite_facility("CSCom de Tagan", "Sélingué");
    tagan.enrol_by(&way.address(), &code);
    way.turn(Weather::Down);
    pair.coach.sync();
    let heard = line(&devices(&pair.coach), "CSCom de Tagan");
    assert_eq!(
        (&heard["level"], &heard["days"], &heard["waiting"]),
        (&json!("fresh"), &json!(0), &json!(0)),
        "{heard}"
    );
    let seen_then = heard["last_seen"].clone();
    assert_eq!(heard["version"], tagan.sync_state()["version"]);
    assert_eq!(heard["role"], "lead");
    assert_eq!(heard["replica"], json!(tagan.replica().to_string()));

    // Two weeks later it is late; what it saves meanwhile, nobody can know.
    pair.time.days(14);
    tagan.start_cycle(&tagan.home(), "malaria-testing", "malaria");
    pair.clinic.sync();
    pair.coach.sync();
    let list = devices(&pair.coach);
    let late = line(&list, "CSCom de Tagan");
    assert_eq!(
        (&late["level"], &late["days"], &late["last_seen"]),
        (&json!("late"), &json!(14), &seen_then),
        "{late}"
    );
    assert_eq!(list[0]["place_name"], "CSCom de Tagan", "the latest first");
    assert_eq!(line(&list, "CSCom de Kangaré")["level"], "fresh");

    // One exchange that breaks off after its first request: how much was left, as it said then.
    let mut chance = Chance::of(3);
    for _ in 0..60 {
        let text = letters(&mut chance, 12_000);
        let request = json!({ "id": null, "about": cycle, "text": text, "seen": null });
        pair.clinic.call("save_comment", request);
    }
    pair.network.carried();
    pair.network.turn(Weather::EndsDown(400));
    let state = pair.clinic.call("sync_now", json!({}));
    let left = state["waiting_saves"].as_u64().unwrap();
    assert_eq!(state["last"]["ok"], false);
    pair.coach.sync();
    let told = line(&devices(&pair.coach), "CSCom de Kangaré");
    // What arrived without its answer, the clinic still counts as unsent, and the server does not.
    let told = told["waiting"].as_u64().unwrap();
    assert!(0 < told && told <= left, "{told} of {left}");
    pair.network.turn(Weather::Fair);
    pair.clinic.sync();
    pair.coach.sync();
    let told = line(&devices(&pair.coach), "CSCom de Kangaré");
    assert_eq!(told["waiting"], 0, "{told}");

    // A second laptop of that clinic, which had begun at a place of its own: what it saved there was saved again, and
    // nothing of it is called unsent.
    let second = Laptop::new(&pair.time);
    second.begin_facility("Csc de Kangaré", "Sélingué", "Binta Sidibé", "member");
    second.start_cycle(&second.home(), "malaria-testing", "malaria");
    let code = pair.centre.invite_facility("CSCom de Kangaré", "Sélingué");
    second.enrol(&pair.centre, &code);
    second.sync();
    pair.coach.sync();
    let binta = json!(second.replica().to_string());
    let list = devices(&pair.coach);
    let mut lines = list.as_array().unwrap().iter();
    let hers = lines.find(|device| device["replica"] == binta).unwrap();
    assert_eq!(hers["waiting"], 0, "{hers}");

    // Everything stands there without a network, for it is read on the road.
    let mut pair = pair;
    pair.centre.stop();
    pair.coach.reopen();
    let names = texts(&devices(&pair.coach), "place_name");
    assert!(names.contains(&"CSCom de Tagan".to_owned()), "{names:?}");
    // A clinic hears of nobody.
    assert_eq!(devices(&pair.clinic), json!([]));
}

#[test]
fn a_laptop_that_was_revoked_or_moved_away_is_no_longer_waited_for() {
    let (pair, _) = Pair::at_work();
    let tagan = Laptop::new(&pair.time);
    tagan.begin_facility("CSCom de Tagan", "Sélingué", "Moussa Diarra", "lead");
    let code = pair.centre.invite_facility("CSCom de Tagan", "Sélingué");
    tagan.enrol(&pair.centre, &code);
    pair.coach.sync();
    assert_ne!(line(&devices(&pair.coach), "CSCom de Tagan"), Json::Null);
    let server = pair.centre.server();
    server.revoke(&tagan.replica().to_string()).unwrap();
    server.relocate("CSCom de Kangaré", "Yanfolila").unwrap();
    pair.time.days(20);
    pair.coach.sync();
    let list = devices(&pair.coach);
    let stolen = tagan.replica().to_string();
    let names = texts(&list, "replica");
    assert!(!names.contains(&stolen), "the stolen one: {list}");
    let moved = pair.clinic.replica().to_string();
    assert!(
        !names.contains(&moved),
        "the one of another district: {list}"
    );
    // The place whose laptop was stolen is still there, and has none.
    assert_eq!(line(&list, "CSCom de Tagan")["level"], "never", "{list}");
}

#[test]
fn a_region_reads_single_places_on_demand_and_lets_them_go_again() {
    let (pair, cycle) = Pair::at_work();
    let place = pair.place();
    let region = Laptop::new(&pair.time);
    region.begin_region("Sikasso", "Mariam Koné");
    let code = pair.centre.invite(&Invite {
        place: "Sikasso".to_owned(),
        facility: None,
        role: domain::role::Role::Region,
        uses: 1,
        days: 14,
        also: Vec::new(),
    });
    let way = Network::to(pair.centre.socket());
    region.enrol_by(&way.address(), &code);
    let gone = |laptop: &Laptop| laptop.refused("cycle", json!({ "id": cycle })).code;
    assert_eq!(gone(&region), "record-gone", "nothing comes unasked");

    // Asked for on the road, it comes with the next network.
    way.turn(Weather::Down);
    let asked = region.call("demand", json!({ "place": place, "on": true }));
    assert_eq!(asked["places"], json!([place]));
    region.call("sync_now", json!({}));
    assert_eq!(gone(&region), "record-gone");
    way.turn(Weather::Fair);
    region.sync();
    region.sync();
    let shown = region.cycle(&cycle);
    assert_eq!(
        (&shown["cycle"]["place"]["name"], &shown["writable"]),
        (&json!("CSCom de Kangaré"), &json!(false))
    );
    assert_eq!(
        region.chart(&place, "MNCH-02")["view"],
        pair.coach.chart(&place, "MNCH-02")["view"]
    );
    let edit = json!({ "id": cycle, "edits": [{ "field": "title", "value": "?", "seen": null }], "reason": "?" });
    assert_eq!(
        region.refused("save_cycle", edit).code,
        "only-the-team",
        "it looks on"
    );
    // It goes on with what the clinic writes.
    pair.clinic_changes("2026-06", "30");
    pair.clinic.sync();
    region.sync();
    assert_eq!(region.cell(&place, "MNCH-02", "2026-06")["numerator"], 30.0);
    // What is not below the region is not given, whoever asks.
    let kayes = region.call(
        "search_places",
        json!({ "query": "Kita", "levels": ["district"] }),
    );
    region.call("demand", json!({ "place": kayes[0]["id"], "on": true }));
    assert_eq!(region.sync()["state"], "up_to_date");
    region.call("demand", json!({ "place": kayes[0]["id"], "on": false }));

    let asked = region.call("demand", json!({ "place": place, "on": false }));
    assert_eq!(asked["places"], json!([]));
    region.sync();
    region.sync();
    assert_eq!(
        gone(&region),
        "record-gone",
        "what is no longer read leaves"
    );
    assert_eq!(region.sync_state()["state"], "up_to_date");
    assert_eq!(pair.coach.cycle(&cycle)["writable"], true);
}
