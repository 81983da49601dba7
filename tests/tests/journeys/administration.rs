//! A person who comes in at the server from a laptop, and what they do there.

use domain::role::Role;
use nyetaa_tests::{Centre, Laptop, Network, PIN, Time, Weather};
use serde_json::json;
use server::NewAdministrator;

const PHRASE: &str = "le mil pousse au bord du fleuve";

/// A code for someone who comes in the first time.
fn entered(centre: &Centre, name: &str, role: Role, place: &str) -> String {
    let new = NewAdministrator {
        name: name.to_owned(),
        role,
        place: place.to_owned(),
        days: 7,
    };
    centre.server().add_administrator(&new).unwrap()
}

fn enrol(laptop: &Laptop, centre: &Centre, code: &str) {
    let request = json!({ "server": centre.address(), "code": code });
    assert_eq!(laptop.call("enrol", request)["state"], "up_to_date");
}

#[test]
fn a_coach_comes_in_at_the_server_and_the_invitation_that_they_make_works() {
    let time = Time::default();
    let centre = Centre::open(&time);
    let coach = Laptop::new(&time);
    coach.begin_coach("Sélingué", "Moussa Keïta");
    let before = coach.call("administration", json!({}));
    assert!(before["server"].is_null() && before["who"].is_null());
    enrol(&coach, &centre, &centre.invite_coach("Sélingué"));

    let code = entered(&centre, "Moussa Keïta", Role::Coach, "Sélingué");
    let enter = |secret: &str, chosen: Option<&str>| json!({ "name": "Moussa Keïta", "secret": secret, "chosen": chosen });
    let asked = coach.refused("administration_enter", enter(&code, None));
    assert_eq!(asked.code, "passphrase-needed");
    let came = coach.call("administration_enter", enter(&code, Some(PHRASE)));
    assert_eq!(came["who"]["role"], "coach");
    assert_eq!(came["who"]["invite"], true);
    assert_eq!(came["who"]["move_facility"], false);

    let district = came["who"]["place"].clone();
    let invite = json!({ "place": district, "facility": "CSCom de Kangaré", "role": "lead" });
    let invited = coach.call("administration_invite", invite);
    assert_eq!(invited["place"], "CSCom de Kangaré");
    let elsewhere = json!({ "place": "Kita", "facility": "CSCom de Djidian", "role": "lead" });
    assert_eq!(
        coach.refused("administration_invite", elsewhere).code,
        "not-allowed"
    );

    let team = Laptop::new(&time);
    team.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    enrol(&team, &centre, invited["code"].as_str().unwrap());
    let laptops = coach.call("administration_laptops", json!({}));
    let laptops = laptops.as_array().unwrap();
    assert_eq!(laptops.len(), 2);
    let stolen = laptops.iter().find(|one| one["place"] == invited["place"]);
    let stolen = stolen.unwrap();

    let revoke = json!({ "device": stolen["device"], "reason": "Volé au marché" });
    coach.call("administration_revoke_laptop", revoke);
    assert_eq!(team.call("sync_now", json!({}))["revoked"], true);
    let journal = coach.call("administration_journal", json!({}));
    assert_eq!(journal["lines"][0]["what"], "laptop-revoked");
    assert_eq!(journal["lines"][0]["about"]["reason"], "Volé au marché");
    assert_eq!(journal["lines"][0]["who"], "Moussa Keïta");
}

#[test]
fn a_mistyped_code_is_one_wrong_try_and_a_code_whose_answer_was_lost_opens_all_the_same() {
    let time = Time::default();
    let centre = Centre::open(&time);
    let way = Network::to(centre.socket());
    let coach = Laptop::new(&time);
    coach.begin_coach("Sélingué", "Moussa Keïta");
    coach.enrol_by(&way.address(), &centre.invite_coach("Sélingué"));
    let code = entered(&centre, "Moussa", Role::Coach, "Sélingué");
    let request = |code: &str| json!({ "name": "Moussa", "secret": code, "chosen": PHRASE });
    let wrong = request("0000-0000-00000");
    // The fifth wrong one shuts the door for a while; what was not answered shows as one more.
    for _ in 0..3 {
        let refused = coach.refused("administration_enter", wrong.clone());
        assert_eq!(refused.code, "login-wrong");
    }
    way.turn(Weather::CutDown(10));
    let lost = coach.refused("administration_enter", request(&code));
    assert_eq!(lost.code, "server-unreachable");
    way.turn(Weather::Fair);
    let came = coach.call("administration_enter", request(&code));
    assert_eq!(came["who"]["name"], "Moussa");
}

#[test]
fn a_code_opens_all_the_same_when_the_line_breaks_again_after_it_was_found_used() {
    let time = Time::default();
    let centre = Centre::open(&time);
    let way = Network::to(centre.socket());
    let coach = Laptop::new(&time);
    coach.begin_coach("Sélingué", "Moussa Keïta");
    coach.enrol_by(&way.address(), &centre.invite_coach("Sélingué"));
    let code = entered(&centre, "Moussa", Role::Coach, "Sélingué");
    let request = |code: &str| json!({ "name": "Moussa", "secret": code, "chosen": PHRASE });
    way.carried();
    coach.refused("administration_enter", request("0000-0000-00000"));
    let (_, refusal) = way.carried();
    let breaks = |weather: Weather| {
        way.turn(weather);
        let lost = coach.refused("administration_enter", request(&code));
        assert_eq!(lost.code, "server-unreachable");
    };
    breaks(Weather::CutDown(10));
    // The refusal of the code comes through, and what the passphrase is answered does not.
    breaks(Weather::EndsDown(refusal + 10));
    way.turn(Weather::Fair);
    let came = coach.call("administration_enter", request(&code));
    assert_eq!(came["who"]["name"], "Moussa");
}

#[test]
fn whoever_comes_next_on_the_laptop_is_not_who_came_in_at_the_server() {
    let time = Time::default();
    let centre = Centre::open(&time);
    let coach = Laptop::new(&time);
    coach.begin_coach("Sélingué", "Moussa Keïta");
    enrol(&coach, &centre, &centre.invite_coach("Sélingué"));
    let code = entered(&centre, "Moussa", Role::Coach, "Sélingué");
    let request = json!({ "name": "Moussa", "secret": code, "chosen": PHRASE });
    coach.call("administration_enter", request);
    coach.call("lock", json!({}));
    let people = coach.call("accounts", json!({}));
    let person = people[0]["person"].clone();
    coach.call("unlock", json!({ "person": person, "pin": PIN }));
    assert!(coach.call("administration", json!({}))["who"].is_null());
    assert_eq!(
        coach.refused("administration_laptops", json!({})).code,
        "login-ended"
    );

    // And where nobody uses it, the server ends it.
    let request = json!({ "name": "Moussa", "secret": PHRASE });
    coach.call("administration_enter", request.clone());
    for _ in 0..4 {
        time.minutes(4);
        coach.call("touch", json!({}));
    }
    assert_eq!(
        coach.refused("administration_laptops", json!({})).code,
        "login-ended"
    );
    assert!(coach.call("administration", json!({}))["who"].is_null());
    coach.call("administration_enter", request);
    let left = coach.call("administration_leave", json!({}));
    assert!(left["who"].is_null());
}
