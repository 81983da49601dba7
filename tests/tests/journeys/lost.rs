//! How users of other programs lost their work, each way once: a cursor trusted without proof, a copied or rolled-back
//! laptop that carries on under the same name, a clock with a veto, one bad record that blocks the rest, and a green light
//! over unsent work. The names of these tests are those of the ways.

use std::path::Path;

use domain::ids::ScopeId;
use nyetaa_tests::{Laptop, Pair, Weather, texts};
use rusqlite::Connection;
use serde_json::{Value as Json, json};

use crate::copies::{copy, copy_disk};

fn scope_of(place: &Json) -> ScopeId {
    place.as_str().unwrap().parse().unwrap()
}

/// Medic's phones believed their own checkpoint after the server had been restored, actual's clients a trie of rows that
/// they never had.
#[test]
fn a_cursor_is_not_trusted_without_proof() {
    let (pair, _) = Pair::at_work();
    let scope = scope_of(&pair.place());
    for month in ["2026-02", "2026-03", "2026-04"] {
        pair.clinic_changes(month, "31");
        pair.clinic.sync();
    }
    // The coach's laptop says that it has all of it, as one does whose database was put back beside a newer cursor.
    pair.coach.app().with(|cx| {
        let cursors = cx.store().cursors().unwrap();
        let (_, had) = cursors.iter().find(|(of, _)| *of == scope).unwrap();
        cx.store().set_cursor(scope, had + 3).unwrap();
    });
    let state = pair.coach.sync();
    assert_eq!(state["last"]["received"], 3, "{}", state["last"]);
    for month in ["2026-02", "2026-03", "2026-04"] {
        assert_eq!(pair.cells(month)[1]["numerator"], 31.0, "{month}");
    }
    // And a laptop believes no word about its own work whose chain is another than its own.
    pair.clinic_changes("2026-05", "32");
    let believed = pair.clinic.app().with(|cx| {
        let store = cx.store();
        store.seal(&[scope].into()).unwrap();
        store.accept(scope, 40, &[7; 32]).unwrap()
    });
    assert!(!believed);
    assert_eq!(pair.clinic.sync_state()["waiting_saves"], 1);
}

/// Turso's restored clients were acknowledged and never arrived; two of Atuin's copies shadowed each other.
#[test]
fn a_copied_or_rolled_back_laptop_does_not_carry_on_under_the_same_name() {
    let (mut pair, _) = Pair::at_work();
    let place = pair.place();
    let name = pair.clinic.replica();

    // Copied whole, as an image of a disk: the copy shows itself before it writes anything.
    let mut copied = Laptop::new(&pair.time);
    pair.clinic.close();
    copied.close();
    copy_disk(&pair.clinic, &copied);
    copied.reopen();
    pair.clinic.reopen();
    assert_ne!(copied.replica(), name);
    copied.types(&place, "MNCH-02", "2025-05", "5", "41");

    // Rolled back where it stands, so that nothing shows: it works on for a day without a network, under its old name.
    pair.clinic.close();
    let backup = tempfile::tempdir().unwrap();
    copy(pair.clinic.folder(), backup.path());
    pair.clinic.reopen();
    pair.clinic.types(&place, "MNCH-02", "2025-04", "4", "41");
    pair.clinic.sync();
    pair.clinic.close();
    write_over(backup.path(), pair.clinic.folder());
    pair.clinic.reopen();
    assert_eq!(pair.clinic.replica(), name);
    pair.clinic.types(&place, "MNCH-02", "2025-03", "3", "41");
    // The coach has this second past by a stick before the first one comes by the network.
    let stick = tempfile::tempdir().unwrap();
    let send = json!({ "path": stick.path(), "places": null });
    pair.clinic.call("stick_send", send);
    let take = json!({ "path": stick.path(), "trust": [] });
    let got = pair.coach.call("stick_receive", take);
    assert_eq!(got["saves_new"], 1, "{got}");
    assert_eq!(
        pair.coach.cell(&place, "MNCH-02", "2025-03")["numerator"],
        3.0
    );
    let state = pair.coach.call("sync_now", json!({}));
    assert_eq!(state["last"]["ok"], true, "{}", state["last"]);
    assert_eq!(
        pair.coach.cell(&place, "MNCH-02", "2025-04")["numerator"],
        4.0,
        "the first past is the one that the server holds"
    );
    assert_eq!(
        pair.coach.sync_state()["aside"][0]["reason"],
        "fork",
        "the second one is kept aside and said"
    );

    // At its next contact it takes another name by itself, and everything is there once.
    pair.clinic.sync();
    assert_ne!(pair.clinic.replica(), name);
    copied.sync();
    for laptop in [&pair.clinic, &copied, &pair.coach, &pair.clinic] {
        laptop.sync();
    }
    for laptop in [&pair.clinic, &copied, &pair.coach] {
        for (month, value) in [("2025-03", 3.0), ("2025-04", 4.0), ("2025-05", 5.0)] {
            let cell = laptop.cell(&place, "MNCH-02", month);
            assert_eq!(
                (&cell["numerator"], &cell["open"]),
                (&json!(value), &json!([])),
                "{month}"
            );
        }
        let state = laptop.sync_state();
        assert_eq!(state["aside"], json!([]), "it has come under the new name");
        assert_eq!(state["state"], "up_to_date");
    }
    let report = pair.centre.server().check().unwrap();
    assert!(report.ok, "{report:?}");
}

/// Puts files back where they were, with what makes them look untouched.
fn write_over(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let bytes = std::fs::read(entry.path()).unwrap();
        std::fs::write(to.join(entry.file_name()), bytes).unwrap();
    }
}

/// Actual refuses a laptop that is an hour off, Anki one of five minutes; Evolu takes at home what it refuses elsewhere.
#[test]
fn no_clock_has_a_veto() {
    let (pair, cycle) = Pair::at_work();
    for (years, month) in [(10, "2026-01"), (-10, "2026-02"), (0, "2026-03")] {
        // Its own clock, wrong by years; everybody else's is right.
        let wrong = pair.time.apart();
        wrong.days(years * 365);
        let laptop = Laptop::new(&wrong);
        laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Binta Sidibé", "member");
        let code = pair.centre.invite_facility("CSCom de Kangaré", "Sélingué");
        laptop.enrol(&pair.centre, &code);
        let said = format!("dit avec {years} ans d’écart");
        let comment = json!({ "id": null, "about": cycle, "text": said, "seen": null });
        laptop.call("save_comment", comment);
        laptop.types(&laptop.home(), "MNCH-02", month, "33", "41");
        let state = laptop.sync();
        assert_eq!(
            (&state["state"], &state["waiting_saves"]),
            (&json!("up_to_date"), &json!(0))
        );
        let off = state["clock_off_minutes"].as_i64().unwrap();
        assert_eq!(off, -years * 365 * 24 * 60, "said, and no more than that");

        pair.sync_both();
        for laptop in [&pair.clinic, &pair.coach] {
            let comments = texts(&laptop.cycle(&cycle)["comments"], "text");
            assert!(comments.contains(&said), "{comments:?}");
        }
        for cell in pair.cells(month) {
            assert_eq!(
                (&cell["numerator"], &cell["open"]),
                (&json!(33.0), &json!([]))
            );
        }
        // Whoever has seen it goes on from it, whatever the clocks say, and it does not come back.
        pair.time.minutes(1);
        pair.clinic_changes(month, "34");
        pair.sync_both();
        laptop.sync();
        assert_eq!(
            laptop.cell(&pair.place(), "MNCH-02", month)["numerator"],
            34.0
        );
        for cell in pair.cells(month) {
            assert_eq!(
                (&cell["numerator"], &cell["open"]),
                (&json!(34.0), &json!([]))
            );
        }
    }
}

/// CouchDB's one heavy document stalled hundreds of users; CR-SQLite's peers refused in silence what came after a rebuilt table.
#[test]
fn one_bad_record_does_not_block_the_rest() {
    let (mut pair, _) = Pair::at_work();
    let tagan = Laptop::new(&pair.time);
    tagan.begin_facility("CSCom de Tagan", "Sélingué", "Moussa Diarra", "lead");
    let code = pair.centre.invite_facility("CSCom de Tagan", "Sélingué");
    tagan.enrol(&pair.centre, &code);
    pair.coach.sync();
    pair.clinic_changes("2026-02", "31");
    pair.clinic.sync();
    let begun = tagan.start_cycle(&tagan.home(), "malaria-testing", "malaria");
    tagan.sync();

    // A bad place on the server's disk, in the clinic's newest segment.
    let scope = scope_of(&pair.place());
    pair.centre.stop();
    let database = Connection::open(pair.centre.folder().join("server.sqlite")).unwrap();
    let (no, whole): (i64, Vec<u8>) = database
        .query_row(
            "SELECT feed_no, bytes FROM segment WHERE scope_id = ?1 ORDER BY feed_no DESC LIMIT 1",
            [scope.as_bytes()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    let put = |bytes: &[u8]| {
        let changed = database.execute(
            "UPDATE segment SET bytes = ?3 WHERE scope_id = ?1 AND feed_no = ?2",
            rusqlite::params![scope.as_bytes(), no, bytes],
        );
        assert_eq!(changed.unwrap(), 1);
    };
    let mut bad = whole.clone();
    let middle = bad.len() / 2;
    bad[middle] ^= 1;
    put(&bad);
    pair.centre.start();

    pair.coach_corrects("2026-04", "19", "recompté");
    let state = pair.coach.call("sync_now", json!({}));
    assert_eq!(
        (&state["last"]["code"], &state["state"]),
        (&json!("answer-unreadable"), &json!("problem")),
        "it is said"
    );
    let seen = pair.coach.cycle(&begun)["cycle"]["place"]["name"].clone();
    assert_eq!(
        seen, "CSCom de Tagan",
        "and the other clinic's work is here"
    );
    assert_eq!(state["waiting_saves"], 0, "and the coach's own has gone up");
    assert_ne!(pair.cells("2026-02")[1]["numerator"], 31.0);
    pair.clinic.sync();
    assert_eq!(pair.cells("2026-04")[0]["numerator"], 19.0);

    // Once it is mended, what was missing comes by itself.
    pair.centre.stop();
    put(&whole);
    drop(database);
    pair.centre.start();
    assert_eq!(pair.coach.sync()["state"], "up_to_date");
    assert_eq!(pair.cells("2026-02")[1]["numerator"], 31.0);
}

/// Atuin said "in sync" over a short history, CouchDB's phones over documents that a restored server had lost.
#[test]
fn no_green_light_stands_over_unsent_work() {
    let (mut pair, _) = Pair::at_work();
    let place = pair.place();
    let amber = |pair: &Pair, saves: u64, when: &str| {
        let state = pair.clinic.sync_state();
        assert_ne!(state["state"], "up_to_date", "{when}");
        assert_eq!(state["waiting_saves"], saves, "{when}");
        assert_ne!(state["waiting"], json!([]), "{when}");
    };
    let try_it = |pair: &Pair| pair.clinic.call("sync_now", json!({}));
    assert_eq!(pair.clinic.sync_state()["state"], "up_to_date");

    pair.clinic_changes("2026-02", "31");
    amber(&pair, 1, "just saved");
    pair.network.turn(Weather::Down);
    try_it(&pair);
    amber(&pair, 1, "no network");
    pair.network.turn(Weather::CutUp(300));
    try_it(&pair);
    amber(&pair, 1, "broken off on the way up");
    pair.network.turn(Weather::CutDown(40));
    try_it(&pair);
    amber(&pair, 1, "the server has it, and its word was lost");
    let stick = tempfile::tempdir().unwrap();
    let send = json!({ "path": stick.path(), "places": null });
    pair.clinic.call("stick_send", send);
    amber(&pair, 1, "carried, and not arrived");
    pair.clinic.reopen();
    amber(&pair, 1, "after a restart");
    pair.network.turn(Weather::Fair);
    pair.clinic.sync();
    assert_eq!(pair.clinic.sync_state()["state"], "up_to_date");

    // The server loses its last day. The laptop cannot know before it speaks to it, and then it says so until the work is
    // there again.
    pair.centre.stop();
    let copy = pair.centre.back_up();
    pair.centre.start();
    pair.clinic_changes("2026-03", "32");
    pair.clinic.sync();
    pair.centre.stop();
    pair.centre.put_back(&copy, "");
    pair.centre.start();
    for ends in [500, 1_500, 2_500, 3_500] {
        pair.network.turn(Weather::EndsDown(ends));
        let state = try_it(&pair);
        if state["last"]["ok"] == false && state["last"]["bytes_down"] != 0 {
            assert_eq!(
                state["state"], "waiting",
                "it has heard that the server was put back"
            );
            assert_ne!(state["waiting_saves"], 0);
        }
    }
    pair.network.turn(Weather::Fair);
    pair.clinic.sync();
    assert_eq!(on_server(&pair, &place, "2026-03"), 32.0);
    assert_eq!(pair.clinic.sync_state()["state"], "up_to_date");

    // What is refused is no matter of time, and it is said which.
    let device = pair.clinic.replica().to_string();
    pair.centre.server().revoke(&device).unwrap();
    pair.clinic_changes("2026-04", "33");
    let state = try_it(&pair);
    assert_eq!(state["state"], "problem", "put aside is not let in");
    assert_eq!(pair.centre.server().aside().unwrap().len(), 1);
}

/// What somebody sees who has it from the server alone.
fn on_server(pair: &Pair, place: &Json, month: &str) -> f64 {
    let late = Laptop::new(&pair.time);
    late.begin_coach("Sélingué", "Oumou Keïta");
    late.enrol(&pair.centre, &pair.centre.invite_coach("Sélingué"));
    let cell = late.cell(place, "MNCH-02", month);
    cell["numerator"].as_f64().unwrap_or_default()
}
