//! Who did what on a laptop, as whoever leads reads it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use nyetaa_tests::{Laptop, PIN, Pair, Time, texts};
use serde_json::{Value as Json, json};

const MOUSSA: &str = "739164";

fn everything() -> Json {
    json!({ "person": null, "group": null, "from": null, "until": null })
}

/// The team's two people: who leads, and a colleague.
fn team() -> (Laptop, Json, Json) {
    let laptop = Laptop::new(&Time::default());
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let added = json!({ "name": "Moussa Keïta", "role": "member", "pin": MOUSSA });
    let accounts = laptop.call("add_account", added);
    let of = |name: &str| {
        let all = accounts.as_array().unwrap();
        all.iter().find(|one| one["name"] == name).unwrap()["person"].clone()
    };
    let (awa, moussa) = (of("Awa Traoré"), of("Moussa Keïta"));
    (laptop, awa, moussa)
}

fn come_in(laptop: &Laptop, person: &Json, pin: &str) {
    laptop.call("unlock", json!({ "person": person, "pin": pin }));
}

/// Who and what of each line, the oldest first.
fn lines(list: &Json) -> Vec<(String, String)> {
    let mut lines: Vec<_> = list["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            let who = line["who"].as_str().unwrap_or("–");
            (who.to_owned(), line["what"].as_str().unwrap().to_owned())
        })
        .collect();
    lines.reverse();
    lines
}

fn said(lines: &[(String, String)]) -> Vec<(&str, &str)> {
    lines
        .iter()
        .map(|(who, what)| (who.as_str(), what.as_str()))
        .collect()
}

#[test]
fn whoever_leads_reads_who_did_what() {
    let (laptop, awa, moussa) = team();
    let place = laptop.home();
    laptop.call("export_values", json!({ "place": place }));
    laptop.call("lock", json!({}));
    for _ in 0..2 {
        laptop.refused("unlock", json!({ "person": moussa, "pin": "000111" }));
    }
    come_in(&laptop, &awa, PIN);
    laptop.call("reset_pin", json!({ "person": moussa, "pin": "846203" }));
    come_in(&laptop, &moussa, "846203");
    laptop.call("change_pin", json!({ "old": "846203", "new": MOUSSA }));
    laptop.idle.minutes(6);
    laptop.call("start_state", json!({}));
    come_in(&laptop, &awa, PIN);

    let list = laptop.call("audit", everything());
    assert_eq!(
        said(&lines(&list)),
        [
            ("Awa Traoré", "code-chosen"),
            ("Awa Traoré", "account-added"),
            ("Awa Traoré", "values-exported"),
            ("Awa Traoré", "left"),
            ("–", "code-wrong"),
            ("–", "code-wrong"),
            ("Awa Traoré", "came-in"),
            ("Awa Traoré", "code-reset"),
            ("Moussa Keïta", "came-in"),
            ("Moussa Keïta", "code-changed"),
            ("Moussa Keïta", "left-alone"),
            ("Awa Traoré", "came-in"),
        ]
    );
    let all = list["lines"].as_array().unwrap();
    assert_eq!(all[4]["params"]["about"], "Moussa Keïta", "who reset whose");
    assert_eq!(all[9]["params"]["place"], "CSCom de Kangaré");
    assert_eq!((&list["count"], &list["broken"]), (&json!(12), &Json::Null));
    assert_eq!(
        texts(&list["people"], "name"),
        ["Awa Traoré", "Moussa Keïta"]
    );

    let asked = |field: &str, value: Json| {
        let mut request = everything();
        request[field] = value;
        lines(&laptop.call("audit", request))
    };
    assert_eq!(
        asked("person", moussa.clone()).len(),
        7,
        "by her, and to her"
    );
    assert_eq!(
        said(&asked("group", json!("codes"))),
        [
            ("Awa Traoré", "code-chosen"),
            ("Awa Traoré", "account-added"),
            ("Awa Traoré", "code-reset"),
            ("Moussa Keïta", "code-changed"),
        ]
    );
    let today = laptop.call("start_state", json!({}))["today"].clone();
    assert_eq!(asked("from", today.clone()).len(), 12);
    assert_eq!(asked("until", today).len(), 12);
    assert_eq!(asked("until", json!("2019-12-31")).len(), 0);

    // A member reads what concerns them.
    come_in(&laptop, &moussa, MOUSSA);
    let own = laptop.call("audit", everything());
    assert_eq!(own["own_only"], true);
    assert_eq!(own["people"], json!([]));
    assert!(
        lines(&own)
            .iter()
            .all(|(_, what)| what != "values-exported")
    );
}

#[test]
fn the_list_goes_into_a_file_and_no_cell_of_it_is_a_formula() {
    let (laptop, awa, _) = team();
    let added = json!({ "name": "=HYPERLINK(\"x\")", "role": "member", "pin": "592047" });
    laptop.call("add_account", added);
    laptop.call("lock", json!({}));
    come_in(&laptop, &awa, PIN);
    let file = laptop.call("export_audit", everything());
    let text = std::fs::read_to_string(file["path"].as_str().unwrap()).unwrap();
    assert!(text.contains("Entrée avec son code"), "{text}");
    assert!(text.contains("Ajout de =HYPERLINK"), "{text}");
    assert!(
        text.contains("Export de «\u{a0}Qui a fait quoi\u{a0}»"),
        "noted before it was written: {text}"
    );
    let cells = text
        .trim_start_matches('\u{feff}')
        .lines()
        .flat_map(|line| line.split(';'));
    assert!(
        cells
            .into_iter()
            .all(|cell| !cell.trim_matches('"').starts_with(['=', '+', '-', '@'])),
        "{text}"
    );
    assert_eq!(
        text.lines().count() as u64,
        file["lines"].as_u64().unwrap() + 1
    );
}

#[test]
fn what_happened_at_the_door_is_not_lost_by_a_kill_and_comes_in_once() {
    let (mut laptop, awa, moussa) = team();
    laptop.call("lock", json!({}));
    laptop.refused("unlock", json!({ "person": moussa, "pin": "000111" }));
    // Nothing is written at the end: to the folder this is a kill.
    laptop.reopen_locked();
    laptop.refused("unlock", json!({ "person": awa, "pin": "000112" }));
    laptop.reopen_locked();
    for _ in 0..3 {
        come_in(&laptop, &awa, PIN);
        laptop.reopen_locked();
    }
    come_in(&laptop, &awa, PIN);
    let list = laptop.call("audit", everything());
    let what: Vec<_> = lines(&list).into_iter().map(|(_, what)| what).collect();
    let count = |word: &str| what.iter().filter(|one| *one == word).count();
    assert_eq!(
        (count("left"), count("code-wrong"), count("came-in")),
        (1, 2, 4),
        "{what:?}"
    );
    assert_eq!(list["broken"], Json::Null);
}

#[test]
fn whoever_plays_with_codes_for_a_month_makes_the_file_no_longer() {
    let (laptop, awa, moussa) = team();
    laptop.call("lock", json!({}));
    let size = || {
        std::fs::metadata(laptop.folder().join("nyetaa.slots"))
            .unwrap()
            .len()
    };
    let mut sizes = Vec::new();
    for n in 0..150 {
        laptop.idle.minutes(61);
        laptop.refused("unlock", json!({ "person": moussa, "pin": "000111" }));
        if n >= 70 {
            sizes.push(size());
        }
    }
    let (least, most) = (sizes.iter().min().unwrap(), sizes.iter().max().unwrap());
    assert!(most - least < 200, "{least} to {most}");
    laptop.idle.minutes(61);
    come_in(&laptop, &awa, PIN);
    let list = laptop.call("audit", everything());
    let times = |line: &Json| match &line["params"]["times"] {
        Json::String(times) => times.parse::<u32>().unwrap(),
        _ => 1,
    };
    let wrong = list["lines"].as_array().unwrap().iter();
    let wrong = wrong.filter(|line| line["what"] == "code-wrong");
    assert_eq!(wrong.map(times).sum::<u32>(), 150, "each is counted");
}

#[test]
fn help_after_a_forgotten_code_stands_in_both_lists_under_the_same_signs() {
    let pair = Pair::enrolled();
    let (facility, coach) = (&pair.clinic, &pair.coach);
    facility.sync();
    let account = facility.call("accounts", json!({}))[0].clone();
    facility.call("lock", json!({}));
    let stick = tempfile::tempdir().unwrap();
    let ask = json!({ "person": account["person"], "path": stick.path() });
    let asked = facility.call("recovery_request", ask);
    let file = std::fs::read(asked["path"].as_str().unwrap()).unwrap();
    let said = coach.call("recovery_answer", json!({ "base64": BASE64.encode(file) }));
    let finish = json!({ "code": said["code"], "pin": "905127" });
    facility.call("recovery_finish", finish);

    let line = |laptop: &Laptop, what: &str| {
        let list = laptop.call("audit", everything());
        assert_eq!(list["broken"], Json::Null);
        let lines = list["lines"].as_array().unwrap();
        let found = lines.iter().find(|line| line["what"] == what);
        found.unwrap_or_else(|| panic!("{what}: {list}")).clone()
    };
    let request = line(facility, "help-asked");
    assert_eq!(request["params"]["about"], account["name"]);
    assert_eq!(request["who"], Json::Null, "nobody had come in");
    assert_eq!(request["params"]["check"], asked["check"]);
    let given = line(coach, "help-given");
    assert_eq!(given["params"]["check"], asked["check"]);
    assert_eq!(given["params"]["name"], account["name"]);
    assert_eq!(line(facility, "help-taken")["who"], account["name"]);
    line(facility, "enrolled");
}

#[test]
fn what_goes_onto_a_stick_is_noted_before_it_is_written() {
    let pair = Pair::enrolled();
    let stick = tempfile::tempdir().unwrap();
    let path = json!({ "path": stick.path() });
    pair.clinic.call("stick_send", path);
    // Whoever reads the places below from above leaves a line too, once a day.
    for _ in 0..3 {
        pair.coach.call("people", json!({}));
        pair.clinic.call("people", json!({}));
    }
    let count = |laptop: &Laptop, what: &str| {
        let lines = lines(&laptop.call("audit", everything()));
        lines.iter().filter(|(_, word)| word == what).count()
    };
    assert_eq!(count(&pair.clinic, "stick-written"), 1);
    assert_eq!(count(&pair.coach, "people-read"), 1);
    assert_eq!(count(&pair.clinic, "people-read"), 0);
}

#[test]
fn the_server_is_told_how_far_the_list_goes_and_sees_nothing_gone_where_it_only_grows() {
    let (pair, _) = Pair::at_work();
    let told = |laptop: &Laptop| {
        let said = laptop
            .app()
            .with(|cx| cx.store().meta("said_list").unwrap());
        u64::from_be_bytes(*said.unwrap().first_chunk().unwrap())
    };
    pair.clinic.sync();
    let first = told(&pair.clinic);
    let place = pair.clinic.home();
    pair.clinic.call("export_values", json!({ "place": place }));
    pair.clinic.sync();
    let list = pair.clinic.call("audit", everything());
    assert!(told(&pair.clinic) > first);
    assert_eq!(list["count"], told(&pair.clinic));
    assert_eq!((&list["gone"], &list["broken"]), (&Json::Null, &Json::Null));
    let devices = pair.centre.server().devices().unwrap();
    assert!(devices.iter().all(|one| one.list_gone.is_none()));
}
