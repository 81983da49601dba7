//! The data folder: a database that is damaged or somebody else's, a key that is gone, a disk that is full.

use std::path::PathBuf;
use std::process::Command;

use nyetaa_tests::{Chance, Laptop, PIN, Time, fixture, texts};
use serde_json::{Value as Json, json};

/// A laptop with some work on it, closed.
fn closed() -> (Laptop, Json, PathBuf) {
    let mut laptop = Laptop::new(&Time::default());
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let place = laptop.home();
    laptop.start_cycle(&place, "anc-four-contacts", "mnch");
    laptop.types(&place, "MNCH-02", "2026-03", "12", "40");
    laptop.close();
    let file = laptop.folder().join(store::DATABASE);
    (laptop, place, file)
}

fn code_of_opening(laptop: &Laptop) -> String {
    laptop.come_in().err().expect("the folder is refused").code
}

#[test]
fn a_file_that_is_no_database_of_ours_is_left_as_it_is() {
    let picture = std::fs::read(fixture("csv/image-nommee.csv")).unwrap();
    let mut chance = Chance::of(5);
    let noise: Vec<u8> = (0..40_000).map(|_| chance.bits() as u8).collect();
    let plain = {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plain.db");
        let conn = rusqlite::Connection::open(&path).unwrap();
        conn.execute_batch("CREATE TABLE t (a); INSERT INTO t VALUES (1);")
            .unwrap();
        drop(conn);
        std::fs::read(path).unwrap()
    };
    for (what, bytes) in [
        ("a picture", picture),
        ("noise", noise),
        ("another program's database", plain),
    ] {
        let (laptop, _, file) = closed();
        std::fs::write(&file, &bytes).unwrap();
        assert_eq!(code_of_opening(&laptop), "database-foreign", "{what}");
        assert!(
            std::fs::read(&file).unwrap() == bytes,
            "{what} is not touched"
        );
    }
}

#[test]
fn a_database_that_was_cut_or_emptied_is_damaged_and_left_as_it_is() {
    for left in [0, 1, 100, 4096, 10_000] {
        let (laptop, _, file) = closed();
        let whole = std::fs::read(&file).unwrap();
        let bytes = &whole[..left];
        std::fs::write(&file, bytes).unwrap();
        // What is shorter than one page cannot be told from a foreign file.
        let code = code_of_opening(&laptop);
        let expected: &[&str] = match left {
            0 => &["database-damaged"],
            _ => &["database-damaged", "database-foreign"],
        };
        assert!(expected.contains(&code.as_str()), "{left} bytes: {code}");
        assert!(
            std::fs::read(&file).unwrap() == bytes,
            "{left} bytes are not touched"
        );
        // Put back from a copy, everything is there.
        std::fs::write(&file, &whole).unwrap();
        assert!(laptop.come_in().is_ok());
    }
}

#[test]
fn damage_in_the_middle_is_said_when_it_is_met_and_never_read_as_data() {
    let mut chance = Chance::of(11);
    let mut met = 0;
    // Most pages are of tables that are empty, or that none of these commands reads.
    for _ in 0..40 {
        let (laptop, place, file) = closed();
        let mut bytes = std::fs::read(&file).unwrap();
        let start = 4096 + chance.below(bytes.len() as u64 - 4096 - 600) as usize;
        for byte in &mut bytes[start..start + 600] {
            *byte = chance.bits() as u8;
        }
        std::fs::write(&file, &bytes).unwrap();
        let app = match laptop.come_in() {
            Ok(app) => app,
            Err(error) => {
                assert_eq!(error.code, "database-damaged");
                met += 1;
                continue;
            }
        };
        let grid = json!({ "place": place, "until": "2026-03", "months": 1 });
        for (name, request) in [
            ("start_state", json!({})),
            ("grid", grid),
            ("cycles", json!({ "place": null })),
            ("sync_state", json!({})),
        ] {
            match app.call(name, request) {
                Ok(answer) if name == "grid" && !answer["rows"].as_array().unwrap().is_empty() => {
                    let cell = &answer["rows"][0]["cells"][0];
                    assert_eq!(
                        (&cell["numerator"], &cell["denominator"]),
                        (&json!(12.0), &json!(40.0))
                    );
                }
                Ok(_) => {}
                Err(error) => {
                    assert_eq!(error.code, "database-damaged", "{name}");
                    met += 1;
                }
            }
        }
    }
    assert!(met > 3, "the damage was met {met} times");
}

#[test]
fn a_folder_without_its_key_or_with_another_is_not_written_to() {
    let (laptop, _, file) = closed();
    let files = ["nyetaa.slots", "nyetaa.slots.2"].map(|name| laptop.folder().join(name));
    let slots = std::fs::read(&files[0]).unwrap();
    for file in &files {
        std::fs::remove_file(file).unwrap();
    }
    assert_eq!(code_of_opening(&laptop), "key-missing");
    let key_file = laptop.folder().join("nyetaa.key");
    assert!(
        !key_file.exists(),
        "no new key is made beside an old database"
    );
    std::fs::write(&files[0], &slots[..20]).unwrap();
    assert_eq!(code_of_opening(&laptop), "key-damaged");
    std::fs::write(&files[1], &slots).unwrap();
    assert!(laptop.come_in().is_ok(), "one whole copy is enough");
    let slots = std::fs::read(&files[0]).unwrap();
    std::fs::write(&key_file, [3; 32]).unwrap();
    assert!(
        laptop.come_in().is_ok(),
        "a key of something else changes nothing"
    );
    let whole = std::fs::read(&file).unwrap();
    for file in &files {
        std::fs::remove_file(file).unwrap();
    }
    assert_eq!(code_of_opening(&laptop), "database-foreign");
    std::fs::write(&key_file, &slots[..20]).unwrap();
    assert_eq!(code_of_opening(&laptop), "key-damaged");
    assert!(
        std::fs::read(&file).unwrap() == whole,
        "not a byte has changed"
    );
    std::fs::remove_file(&key_file).unwrap();
    std::fs::write(&files[1], &slots).unwrap();
    assert!(laptop.come_in().is_ok());
}

#[test]
fn a_database_that_is_gone_is_said_to_be_gone() {
    let (laptop, _, file) = closed();
    let aside = laptop.folder().join("elsewhere");
    std::fs::rename(&file, &aside).unwrap();
    assert_eq!(code_of_opening(&laptop), "database-missing");
    assert!(!file.exists(), "no empty one is made in its place");
    std::fs::rename(&aside, &file).unwrap();
    assert!(laptop.come_in().is_ok());
}

#[test]
fn a_folder_that_cannot_be_written_says_so() {
    let (laptop, _, file) = closed();
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    assert_eq!(code_of_opening(&laptop), "folder-not-writable");
    let nowhere = laptop.open_at(&laptop.folder().join("nyetaa.slots").join("below"));
    assert!(matches!(
        nowhere.err().unwrap().code.as_str(),
        "folder-not-writable" | "store-failed"
    ));
}

/// Fills the database's last pages, so that the next larger save finds no room; SQLite then fails as on a full disk.
fn no_room(laptop: &Laptop, more_pages: i64) {
    laptop.app().with(|cx| {
        let limited = cx.store().write(cx.now_ms, |w| {
            let pages: i64 = w
                .conn()
                .pragma_query_value(None, "page_count", |row| row.get(0))?;
            w.conn()
                .pragma_update(None, "max_page_count", pages + more_pages)?;
            Ok::<_, store::Error>(())
        });
        limited.unwrap();
    });
}

#[test]
fn a_full_disk_is_said_and_every_earlier_save_stands() {
    let (mut laptop, place, _) = closed();
    laptop.reopen();
    let cycle = laptop.call("cycles", json!({ "place": place }))[0]["id"].clone();
    no_room(&laptop, 10);
    let long = "é".repeat(9_000);
    let mut kept = Vec::new();
    let refused = loop {
        let text = format!("{} {long}", kept.len());
        let request = json!({ "id": null, "about": cycle, "text": text, "seen": null });
        match laptop.ask("save_comment", request) {
            Ok(_) => kept.push(text),
            Err(error) => break error,
        }
        assert!(kept.len() < 1_000, "the disk is never full");
    };
    assert_eq!(refused.code, "disk-full");
    assert_eq!(
        texts(&laptop.cycle(&cycle)["comments"], "text"),
        kept,
        "what was refused left nothing behind"
    );
    laptop.reopen();
    assert_eq!(texts(&laptop.cycle(&cycle)["comments"], "text"), kept);
    let request =
        json!({ "id": null, "about": cycle, "text": "de la place de nouveau", "seen": null });
    laptop.call("save_comment", request);
}

/// The same on a real file system of two megabytes, where the tests may mount one.
#[test]
fn a_really_full_disk_is_said_too() {
    let folder = tempfile::tempdir().unwrap();
    let mount = |words: &[&str]| {
        let done = Command::new(words[0])
            .args(&words[1..])
            .arg(folder.path())
            .output();
        done.is_ok_and(|output| output.status.success())
    };
    if !mount(&["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs"]) {
        eprintln!("left out: this machine lets nobody mount a small disk");
        return;
    }
    let home = folder.path().join("home");
    let outcome = std::panic::catch_unwind(|| {
        let laptop = Laptop::new(&Time::default());
        let app = laptop.open_at(&home).unwrap();
        let parent = app
            .call(
                "search_places",
                json!({ "query": "Sélingué", "levels": ["district"] }),
            )
            .unwrap()[0]["id"]
            .clone();
        let begin = json!({
            "language": "fr", "place": null, "person_name": "Awa", "role": "lead", "pin": PIN,
            "new_place": { "name": "CSCom", "level": "facility", "parent": parent },
        });
        let place = app.call("begin", begin).unwrap()["place"]["id"].clone();
        let start = json!({ "place": place, "template": null, "area": "mnch", "language": "fr" });
        let cycle = app.call("start_cycle", start).unwrap()["id"].clone();
        let mut kept = 0;
        let error = loop {
            let text = format!("{kept} {}", "é".repeat(9_000));
            let request = json!({ "id": null, "about": cycle, "text": text, "seen": null });
            match app.call("save_comment", request) {
                Ok(_) => kept += 1,
                Err(error) => break error,
            }
        };
        assert_eq!(error.code, "disk-full");
        drop(app);
        let app = laptop.open_at(&home).unwrap();
        let person = app.call("accounts", json!({})).unwrap()[0]["person"].clone();
        let come_in = json!({ "person": person, "pin": PIN });
        app.call("unlock", come_in)
            .expect("a full disk keeps nobody out");
        let shown = app.call("cycle", json!({ "id": cycle })).unwrap();
        assert_eq!(shown["comments"].as_array().unwrap().len(), kept);
    });
    mount(&["umount"]);
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}
