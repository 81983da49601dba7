//! The server was stolen and goes on elsewhere; another stands in its place by the word of the heir that lay in a safe.

use std::path::PathBuf;

use nyetaa_tests::{Centre, Laptop, Pair};
use serde_json::{Value as Json, json};
use server::{Server, Surroundings, no_passphrase, read_heir};

/// A clinic and its coach at work, whose server has an heir, and a safe with it and with a backup.
struct District {
    pair: Pair,
    cycle: Json,
    safe: tempfile::TempDir,
}

impl District {
    fn new() -> Self {
        let (pair, cycle) = Pair::at_work();
        let safe = tempfile::tempdir().unwrap();
        let file = safe.path().join("heir");
        pair.centre.server().name_heir(&file, None, None).unwrap();
        let at = Self {
            pair,
            cycle: json!(cycle),
            safe,
        };
        // The heir is told with the next grant, and from then on nothing is larger than before.
        at.pair.sync_both();
        at.pair.coach.sync();
        at
    }

    fn heir(&self) -> PathBuf {
        self.safe.path().join("heir")
    }

    fn backup(&self) -> PathBuf {
        self.safe.path().join("nuit.backup")
    }

    fn back_up(&self) {
        let report = self.pair.centre.server().back_up(&self.backup(), &[]);
        assert!(report.unwrap().ok);
    }

    /// Somebody carries the server away; it goes on elsewhere.
    fn is_stolen(&mut self) -> Centre {
        self.pair.centre.stop();
        let copy = self.pair.centre.back_up();
        Centre::at(copy, &self.pair.time)
    }

    /// Another server is made from the backup in the place of the one that is gone, and serves at its address.
    fn is_replaced(&mut self) {
        let folder = self.pair.centre.folder().to_owned();
        for entry in std::fs::read_dir(&folder).unwrap() {
            std::fs::remove_file(entry.unwrap().path()).unwrap();
        }
        let around = Surroundings::of_machine(&folder);
        Server::restore(around.clone(), &self.backup(), &[]).unwrap();
        Server::succeed(&around, &read_heir(&self.heir(), &no_passphrase).unwrap()).unwrap();
        self.pair.centre.start();
    }

    fn shown(&self, laptop: &Laptop) -> Json {
        let place = self.pair.place();
        let months = (1..=12).map(|month| {
            let mut cell = laptop.cell(&place, "MNCH-02", &format!("2026-{month:02}"));
            if let Some(cell) = cell.as_object_mut() {
                cell.remove("writable");
            }
            cell
        });
        json!({
            "months": months.collect::<Vec<_>>(),
            "cycle": laptop.cycle(&self.cycle)["cycle"],
            "path": laptop.call("record_history", json!({ "kind": "place", "record": place }))["entries"]
                .as_array()
                .map(Vec::len),
        })
    }
}

/// Turns a laptop to another address, as a thief does who has the server's name too.
fn turn(laptop: &Laptop, centre: &Centre) {
    let address = centre.address();
    laptop
        .app()
        .with(|cx| cx.store().set_meta("server", address.as_bytes()).unwrap());
}

/// An exchange that may fail.
fn tries(laptop: &Laptop) -> Json {
    laptop.call("sync_now", json!({}))
}

fn last(laptop: &Laptop) -> Json {
    laptop.sync_state()["last"].clone()
}

#[test]
fn a_stolen_server_is_replaced_from_a_distance_and_nothing_is_lost() {
    let mut at = District::new();
    at.back_up();
    // Work goes on after the backup.
    at.pair.clinic_changes("2026-05", "21");
    at.pair.coach_corrects("2026-04", "19", "recompté");
    at.pair.sync_both();
    at.pair.coach.sync();
    let honest = at.pair.centre.address();

    let thief = at.is_stolen();
    at.is_replaced();
    assert_eq!(at.pair.centre.address(), honest);
    // The thief serves the clinic, which knows nothing yet, takes what it sends, and moves it to another district.
    turn(&at.pair.clinic, &thief);
    at.pair.clinic_changes("2026-06", "11");
    thief
        .server()
        .relocate("CSCom de Kangaré", "Yanfolila")
        .unwrap();
    let state = at.pair.clinic.sync();
    assert_eq!(state["waiting_saves"], 0, "{state}");
    at.pair.clinic_changes("2026-02", "13");
    let path = || at.pair.clinic.call("start_state", json!({}))["place"]["path"].clone();
    assert_eq!(path(), "Sikasso › Yanfolila");

    // The coach has unsent work, meets the new server, and is told so once.
    at.pair.coach_corrects("2026-03", "18", "recompté");
    let state = at.pair.coach.sync();
    assert_eq!(state["state"], "up_to_date", "{state}");
    assert_eq!(state["last"]["params"]["successor"], "1", "{state}");
    let log = at.pair.coach.call("export_sync_log", json!({}));
    let told = log["text"].as_str().unwrap().to_owned();
    assert!(told.contains("Le serveur a été remplacé"), "{told}");
    assert_eq!(at.pair.coach.sync()["last"]["params"], json!({}), "once");
    turn(&at.pair.coach, &thief);
    let refused = tries(&at.pair.coach);
    assert_eq!(refused["last"]["code"], "server-replaced", "{refused}");
    turn(&at.pair.coach, &at.pair.centre);

    // The clinic has no network: it hears of it by the coach's stick.
    let stick = tempfile::tempdir().unwrap();
    let send = json!({ "path": stick.path(), "places": null });
    let take = json!({ "path": stick.path(), "trust": [] });
    at.pair.coach.call("stick_send", send.clone());
    let got = at.pair.clinic.call("stick_receive", take.clone());
    assert_eq!(got["successor"], true, "{got}");
    assert_eq!(last(&at.pair.clinic)["params"]["successor"], "1");
    let refused = tries(&at.pair.clinic);
    assert_eq!(refused["last"]["code"], "server-replaced", "{refused}");
    // Its work goes to the new server by stick, and none of it for the old one.
    at.pair.clinic.call("stick_send", send);
    let bundles: Vec<_> = std::fs::read_dir(stick.path().join("NYETAA"))
        .unwrap()
        .map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
        .collect();
    assert!(
        bundles
            .iter()
            .any(|bytes| at.pair.centre.server().bundle_in(bytes).is_ok())
    );
    assert!(
        bundles
            .iter()
            .all(|bytes| thief.server().bundle_in(bytes).is_err())
    );

    turn(&at.pair.clinic, &at.pair.centre);
    for _ in 0..2 {
        at.pair.clinic.sync();
        at.pair.coach.sync();
    }
    for laptop in [&at.pair.clinic, &at.pair.coach] {
        let state = laptop.sync();
        assert_eq!(state["waiting_saves"], 0, "{state}");
        assert!(state["last"]["ok"] == true, "{state}");
    }
    assert_eq!(at.shown(&at.pair.clinic), at.shown(&at.pair.coach));
    let month = |n: &str| at.pair.coach.cell(&at.pair.place(), "MNCH-02", n)["numerator"].clone();
    let all = ["2026-02", "2026-03", "2026-04", "2026-05", "2026-06"].map(month);
    assert_eq!(
        all,
        [13.0, 18.0, 19.0, 21.0, 11.0].map(|n| json!(n)),
        "nothing is lost"
    );
    // What the thief wrote lies aside, at the server and on the laptop that had taken it in.
    assert_eq!(path(), "Sikasso › Sélingué");
    let aside = at.pair.centre.server().aside().unwrap();
    assert!(aside.iter().any(|one| one.reason == "revoked"), "{aside:?}");
    let check = at.pair.centre.server().check().unwrap();
    assert!(check.ok, "{check:?}");
}

#[test]
fn whoever_was_told_of_no_heir_keeps_everything_and_comes_back_by_an_invitation() {
    let mut at = District::new();
    // As it stands on a laptop that was never in contact since.
    let clinic = &at.pair.clinic;
    clinic
        .app()
        .with(|cx| cx.store().clear_meta("heir").unwrap());
    at.back_up();
    let _thief = at.is_stolen();
    at.is_replaced();
    at.pair.clinic_changes("2026-05", "21");
    let state = tries(&at.pair.clinic);
    assert_eq!(state["last"]["code"], "server-unproven", "{state}");
    assert_eq!(state["waiting_saves"], 1, "{state}");
    let elsewhere = at
        .pair
        .centre
        .invite_facility("CSCom de Faraba", "Sélingué");
    let wrong = at.pair.clinic.refused(
        "enrol",
        json!({ "server": at.pair.network.address(), "code": elsewhere, "root": null }),
    );
    assert_eq!(wrong.code, "invitation-elsewhere");
    let state = at.pair.enrol_clinic();
    assert_eq!(state["state"], "up_to_date", "{state}");
    at.pair.coach.sync();
    let place = at.pair.place();
    assert_eq!(
        at.pair.coach.cell(&place, "MNCH-02", "2026-05")["numerator"],
        21.0
    );
    assert_eq!(at.shown(&at.pair.clinic), at.shown(&at.pair.coach));
}

#[test]
fn a_wrong_code_does_not_empty_a_laptop_of_its_own_place() {
    let mut at = District::new();
    let heir = at.pair.clinic.app().with(|cx| {
        let heir = cx.store().meta("heir").unwrap().unwrap();
        cx.store().clear_meta("heir").unwrap();
        heir
    });
    at.back_up();
    let _thief = at.is_stolen();
    at.is_replaced();
    at.pair.clinic_changes("2026-05", "21");
    tries(&at.pair.clinic);
    let code = at
        .pair
        .centre
        .invite_facility("CSCom de Faraba", "Sélingué");
    let request = json!({ "server": at.pair.network.address(), "code": code, "root": null });
    at.pair.clinic.refused("enrol", request);
    // From now on the server takes it for a laptop of the other place, and it believes that server.
    at.pair
        .clinic
        .app()
        .with(|cx| cx.store().set_meta("heir", &heir).unwrap());
    let before = at.shown(&at.pair.clinic);
    for _ in 0..2 {
        let state = tries(&at.pair.clinic);
        assert_eq!(state["last"]["code"], "invitation-elsewhere", "{state}");
        assert_eq!(at.shown(&at.pair.clinic), before);
    }
    let state = at.pair.enrol_clinic();
    assert_eq!(state["state"], "up_to_date", "{state}");
    at.pair.coach.sync();
    assert_eq!(at.shown(&at.pair.clinic), at.shown(&at.pair.coach));
}

#[test]
fn a_coach_who_heard_of_the_new_server_by_stick_alone_asks_it_before_enrolling_others() {
    let mut at = District::new();
    at.back_up();
    let _thief = at.is_stolen();
    at.is_replaced();
    at.pair.clinic.sync();
    let stick = tempfile::tempdir().unwrap();
    let path = json!({ "path": stick.path() });
    let (send, take) = (
        json!({ "path": stick.path(), "places": null }),
        json!({ "path": stick.path(), "trust": [] }),
    );
    at.pair.clinic.call("stick_send", send);
    let got = at.pair.coach.call("stick_receive", take);
    assert_eq!(got["successor"], true, "{got}");
    let refused = at.pair.coach.refused("issue_look", path.clone());
    assert_eq!(refused.code, "issue-exchange-first");
    at.pair.coach.sync();
    assert_eq!(at.pair.coach.call("issue_look", path), json!([]));
}

#[test]
fn a_laptop_that_slept_through_two_successions_follows_both() {
    let mut at = District::new();
    at.back_up();
    let _thief = at.is_stolen();
    at.is_replaced();
    at.pair.coach.sync();
    // The second time the database is there still, and the heir has been replaced in between.
    let next = at.safe.path().join("next");
    let heir = read_heir(&at.heir(), &no_passphrase).unwrap();
    at.pair
        .centre
        .server()
        .name_heir(&next, None, Some(&heir))
        .unwrap();
    at.pair.centre.stop();
    let around = Surroundings::of_machine(at.pair.centre.folder());
    assert!(
        Server::succeed(&around, &heir).is_err(),
        "it has given way to another"
    );
    Server::succeed(&around, &read_heir(&next, &no_passphrase).unwrap()).unwrap();
    at.pair.centre.start();
    at.pair.clinic_changes("2026-05", "21");
    let state = at.pair.clinic.sync();
    assert_eq!(state["state"], "up_to_date", "{state}");
    assert_eq!(state["last"]["params"]["successor"], "1");
    assert_eq!(at.pair.coach.sync()["last"]["params"]["successor"], "1");
    assert_eq!(at.shown(&at.pair.clinic), at.shown(&at.pair.coach));
}

#[test]
fn whom_the_coach_enrolled_while_the_server_was_gone_is_let_in() {
    let mut at = District::new();
    at.back_up();
    let _thief = at.is_stolen();
    // Under the key that the coach's laptop believes still.
    let stick = tempfile::tempdir().unwrap();
    let path = json!({ "path": stick.path() });
    let named = |check: &Json| json!({ "path": stick.path(), "check": check });
    let new = Laptop::new(&at.pair.time);
    new.begin_facility("CSCom de Faraba", "Sélingué", "Bakary Sidibé", "lead");
    let asked = new.call("issue_request", path);
    let answered = at.pair.coach.call("issue_answer", named(&asked["check"]));
    new.call("issue_accept", named(&answered["check"]));
    at.is_replaced();
    let state = new.sync();
    assert_eq!(state["provisional"], false, "{state}");
    assert_eq!(state["state"], "up_to_date", "{state}");
}

#[test]
fn an_epoch_that_the_thief_has_told_hides_the_new_server_from_nobody() {
    let mut at = District::new();
    at.back_up();
    let _thief = at.is_stolen();
    at.is_replaced();
    at.pair.coach.sync();
    let epoch = at
        .pair
        .coach
        .app()
        .with(|cx| cx.store().meta("epoch").unwrap().unwrap());
    at.pair
        .clinic
        .app()
        .with(|cx| cx.store().set_meta("epoch", &epoch).unwrap());
    at.pair.clinic_changes("2026-05", "21");
    let name = at.pair.clinic.replica();
    let state = at.pair.clinic.sync();
    assert_eq!(at.pair.clinic.replica(), name, "it asks anew, not again");
    assert_eq!(state["state"], "up_to_date", "{state}");
    assert_eq!(state["last"]["params"]["successor"], "1");
}

#[test]
fn a_laptop_that_the_thief_spoke_to_last_and_a_stick_told_of_the_new_server_keeps_its_name() {
    let mut at = District::new();
    at.back_up();
    let thief = at.is_stolen();
    at.is_replaced();
    turn(&at.pair.clinic, &thief);
    for month in ["2026-05", "2026-06"] {
        at.pair.clinic_changes(month, "21");
        at.pair.clinic.sync();
    }
    let stick = tempfile::tempdir().unwrap();
    let (send, take) = (
        json!({ "path": stick.path(), "places": null }),
        json!({ "path": stick.path(), "trust": [] }),
    );
    at.pair.coach.sync();
    at.pair.coach.call("stick_send", send);
    let got = at.pair.clinic.call("stick_receive", take);
    assert_eq!(got["successor"], true, "{got}");
    let name = at.pair.clinic.replica();
    turn(&at.pair.clinic, &at.pair.centre);
    let state = at.pair.clinic.sync();
    assert_eq!(state["state"], "up_to_date", "{state}");
    assert_eq!(at.pair.clinic.replica(), name, "it is no copy of itself");
    at.pair.coach.sync();
    assert_eq!(at.shown(&at.pair.clinic), at.shown(&at.pair.coach));
}

#[test]
fn names_that_only_the_thief_was_told_of_are_told_again() {
    let mut at = District::new();
    at.back_up();
    let thief = at.is_stolen();
    at.is_replaced();
    turn(&at.pair.clinic, &thief);
    let first = at.pair.clinic.replica();
    for month in ["2026-05", "2026-06"] {
        // What tells that the folder is where it was is gone: for all it knows it is a copy.
        at.pair.clinic.close();
        std::fs::remove_file(at.pair.clinic.folder().join("nyetaa.here")).unwrap();
        at.pair.clinic.reopen();
        at.pair.clinic_changes(month, "21");
        let state = at.pair.clinic.sync();
        assert_eq!(state["waiting_saves"], 0, "the thief has all of it");
    }
    let name = at.pair.clinic.replica();
    assert_ne!(name, first);
    turn(&at.pair.clinic, &at.pair.centre);
    let state = at.pair.clinic.sync();
    assert_eq!(state["state"], "up_to_date", "{state}");
    assert_eq!(at.pair.clinic.replica(), name);
    for _ in 0..2 {
        at.pair.coach.sync();
        at.pair.clinic.sync();
    }
    assert_eq!(at.shown(&at.pair.clinic), at.shown(&at.pair.coach));
    assert_eq!(at.pair.coach.open_fields(), json!([]));
}
