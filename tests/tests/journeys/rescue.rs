//! A database that does not open: what happened is said, nothing is deleted, and a backup takes its place with whatever
//! still opens.

use std::path::{Path, PathBuf};

use nyetaa_tests::{Laptop, PIN, Pair, Time};
use serde_json::{Value as Json, json};

/// A laptop with a backup and work after it, closed.
fn worked() -> (Laptop, Json) {
    let mut laptop = Laptop::new(&Time::default());
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let place = laptop.home();
    laptop.start_cycle(&place, "anc-four-contacts", "mnch");
    for month in 1..=6 {
        laptop.types(&place, "MNCH-02", &format!("2025-{month:02}"), "10", "40");
    }
    // The end of the file is what people wrote, and not the outline of the tables, without which nothing opens.
    for day in 1..=28 {
        let text = format!("Rupture de la SP, jour {day}. ").repeat(60);
        let edits = json!([
            { "field": "sort", "value": "stock_out", "seen": null },
            { "field": "starts", "value": format!("2026-02-{day:02}"), "seen": null },
            { "field": "text", "value": text, "seen": null },
        ]);
        let request = json!({ "id": null, "place": place, "edits": edits, "reason": null });
        laptop.call("save_event", request);
    }
    laptop.call("backup_now", json!({}));
    laptop.types(&place, "MNCH-02", "2026-01", "11", "40");
    laptop.close();
    (laptop, place)
}

fn database(laptop: &Laptop) -> PathBuf {
    laptop.folder().join(store::DATABASE)
}

/// Opens the app and tries to come in.
fn opens(laptop: &mut Laptop) -> Json {
    laptop.reopen_locked();
    let state = laptop.call("start_state", json!({}));
    if state["entrance"] == "locked" {
        let person = laptop.call("accounts", json!({}))[0]["person"].clone();
        let _ = laptop.ask("unlock", json!({ "person": person, "pin": PIN }));
    }
    laptop.call("start_state", json!({}))["entrance"].clone()
}

fn put_aside(laptop: &Laptop) -> Vec<PathBuf> {
    fn below(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.path() {
                path if path.is_dir() => below(&path, found),
                path => found.push(path),
            }
        }
    }
    let mut found = Vec::new();
    below(&laptop.folder().join("mises-de-cote"), &mut found);
    found
}

fn figure(laptop: &Laptop, place: &Json, month: &str) -> Json {
    laptop.cell(place, "MNCH-02", month)["numerator"].clone()
}

/// What can happen to the file, and the bytes that it has then; none when it is gone.
fn mutilations(whole: &[u8]) -> Vec<(String, Option<Vec<u8>>)> {
    let mut all = vec![
        ("gone".to_owned(), None),
        ("empty".to_owned(), Some(Vec::new())),
        ("zeros".to_owned(), Some(vec![0; whole.len()])),
        ("text".to_owned(), Some(b"bonjour".repeat(9_000))),
        ("plain".to_owned(), Some(b"SQLite format 3\0".repeat(4_096))),
    ];
    for cut in [1, 15, 16, 100, 4_095, 4_096, 4_097, 8_192] {
        all.push((format!("cut at {cut}"), Some(whole[..cut].to_vec())));
    }
    let pages = whole.len() / 4_096;
    for at in [0, 1, 2, 3, pages / 2, pages - 1] {
        let mut bytes = whole.to_vec();
        bytes[at * 4_096 + 700..at * 4_096 + 1_212].fill(0xAA);
        all.push((format!("page {at}"), Some(bytes)));
    }
    let mut doubled = whole.to_vec();
    doubled.extend_from_within(..4_096);
    doubled[..4_096].fill(0);
    all.push(("first page elsewhere".to_owned(), Some(doubled)));
    all
}

#[test]
fn every_mutilation_is_rescued_and_none_offers_only_to_erase() {
    let (mut laptop, place) = worked();
    let whole = std::fs::read(database(&laptop)).unwrap();
    let mutilations = mutilations(&whole);
    assert_eq!(mutilations.len(), 20);
    let (mut met, mut replayed) = (0, 0);
    for (what, bytes) in mutilations {
        laptop.close();
        match &bytes {
            Some(bytes) => std::fs::write(database(&laptop), bytes).unwrap(),
            None => std::fs::remove_file(database(&laptop)).unwrap(),
        }
        let mut entrance = opens(&mut laptop);
        if entrance == "open" {
            // Damage in a page that is not read at opening shows when it is met, and at the latest when it is copied.
            let _ = laptop.ask("backup_now", json!({}));
            entrance = laptop.call("start_state", json!({}))["entrance"].clone();
        }
        assert_eq!(entrance, "rescue", "{what}");
        met += 1;
        let rescue = laptop.call("rescue_state", json!({}));
        let no = rescue["backups"][0]["no"].clone();
        assert!(no.is_u64(), "{what}: a backup is offered, {rescue}");
        let before = put_aside(&laptop).len();
        let state = laptop.call("rescue_restore", json!({ "no": no }));
        assert_eq!(state["entrance"], "open", "{what}");
        assert_eq!(figure(&laptop, &place, "2025-06"), 10.0, "{what}");
        let since = figure(&laptop, &place, "2026-01");
        assert!(since == Json::Null || since == 11.0, "{what}: {since}");
        replayed += usize::from(since == 11.0);
        if bytes.is_some() {
            assert!(put_aside(&laptop).len() > before, "{what}: it is put aside");
        }
        // The next one starts from the whole file.
        laptop.close();
        std::fs::write(database(&laptop), &whole).unwrap();
    }
    assert_eq!(met, 20);
    assert!(replayed > 0, "what still opened came over");
}

#[test]
fn lost_keys_come_back_out_of_a_backup() {
    for damage in [None, Some(b"not the slots".as_slice())] {
        let (mut laptop, place) = worked();
        for name in ["nyetaa.slots", "nyetaa.slots.2"] {
            let file = laptop.folder().join(name);
            match damage {
                Some(bytes) => std::fs::write(file, bytes).unwrap(),
                None => std::fs::remove_file(file).unwrap(),
            }
        }
        assert_eq!(opens(&mut laptop), "rescue");
        let rescue = laptop.call("rescue_state", json!({}));
        let code = if damage.is_some() {
            "key-damaged"
        } else {
            "key-missing"
        };
        assert_eq!(rescue["code"], code);
        assert_eq!(laptop.refused("people", json!({})).code, code);
        laptop.call("rescue_restore", json!({ "no": 1 }));
        assert_eq!(opens(&mut laptop), "open");
        assert_eq!(
            figure(&laptop, &place, "2026-01"),
            11.0,
            "the database was whole"
        );
    }
}

#[test]
fn a_folder_that_was_emptied_is_not_taken_for_a_new_laptop() {
    let (mut laptop, place) = worked();
    for name in [
        store::DATABASE,
        "nyetaa.slots",
        "nyetaa.slots.2",
        "nyetaa.here",
    ] {
        std::fs::remove_file(laptop.folder().join(name)).unwrap();
    }
    assert_eq!(opens(&mut laptop), "rescue");
    // First the keys, then whoever comes in finds that the database lacks too.
    let rescue = laptop.call("rescue_state", json!({}));
    assert_eq!(rescue["code"], "key-missing", "{rescue}");
    laptop.call("rescue_restore", json!({ "no": 1 }));
    assert_eq!(opens(&mut laptop), "rescue");
    assert_eq!(
        laptop.call("rescue_state", json!({}))["code"],
        "database-missing"
    );
    laptop.call("rescue_restore", json!({ "no": 1 }));
    assert_eq!(figure(&laptop, &place, "2025-06"), 10.0);
}

#[test]
fn what_still_opens_is_written_out_and_another_try_may_help() {
    let (mut laptop, place) = worked();
    let whole = std::fs::read(database(&laptop)).unwrap();
    std::fs::write(database(&laptop), [1; 40_000]).unwrap();
    assert_eq!(opens(&mut laptop), "rescue");
    let nothing = laptop.refused("rescue_export", json!({}));
    assert_eq!(nothing.code, "rescue-nothing-opens");
    let mut bytes = whole.clone();
    // Several pages: one alone may be free, and be written anew before anybody reads it.
    let last = bytes.len() - 8 * 4_096;
    bytes[last..].fill(0xAA);
    std::fs::write(database(&laptop), &bytes).unwrap();
    let exported = laptop.call("rescue_export", json!({}));
    assert!(
        Path::new(exported["path"].as_str().unwrap()).is_dir(),
        "{exported}"
    );
    let tried = laptop.ask("rescue_retry", json!({}));
    assert!(tried.is_err() || laptop.refused("backup_now", json!({})).code == "database-damaged");
    // Somebody brings the right file back.
    std::fs::write(database(&laptop), &whole).unwrap();
    let state = laptop.call("rescue_retry", json!({}));
    assert_eq!(state["entrance"], "open");
    assert_eq!(figure(&laptop, &place, "2026-01"), 11.0);
    let refused = laptop.refused("rescue_state", json!({}));
    assert_eq!(refused.code, "nothing-to-rescue");
}

#[test]
fn a_rescued_laptop_and_the_server_end_alike() {
    let pair = Pair::enrolled();
    let place = pair.place();
    let mut clinic = pair.clinic;
    clinic.start_cycle(&place, "anc-four-contacts", "mnch");
    clinic.types(&place, "MNCH-02", "2026-01", "10", "40");
    clinic.sync();
    clinic.call("backup_now", json!({}));
    clinic.types(&place, "MNCH-02", "2026-02", "11", "40");
    clinic.sync();
    clinic.types(&place, "MNCH-02", "2026-03", "12", "40");
    clinic.close();
    std::fs::write(database(&clinic), [7; 40_000]).unwrap();
    assert_eq!(opens(&mut clinic), "rescue");
    clinic.call("rescue_restore", json!({ "no": 1 }));
    clinic.types(&place, "MNCH-02", "2026-04", "13", "40");
    for _ in 0..2 {
        clinic.sync();
        pair.coach.sync();
    }
    for laptop in [&clinic, &pair.coach] {
        let shown =
            ["2026-01", "2026-02", "2026-03", "2026-04"].map(|month| figure(laptop, &place, month));
        // March stood in the destroyed file alone, after the last backup.
        assert_eq!(shown, [json!(10.0), json!(11.0), Json::Null, json!(13.0)]);
        assert_eq!(laptop.open_fields(), json!([]));
    }
}
