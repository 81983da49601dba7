//! Databases of other versions: every schema ever released opens and goes on, one of a later version is left alone
//! when it must be, and what a later version writes is kept and handed on.
//!
//! `fixtures/schema/*.sql` are dumps of databases as released versions left them. A change of the schema fails
//! [`the_newest_dump_has_the_schema_of_today`]; the next dump is made by
//! `WRITE_SCHEMA_DUMP=1 cargo test -p nyetaa-tests --test upgrades`, and the older ones are never touched.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail"
)]

use std::path::{Path, PathBuf};

use domain::ids::RecordId;
use domain::registry::Kind;
use domain::value::Value;
use nyetaa_tests::{Laptop, PIN, Pair, Time, fixture, texts};
use rusqlite::Connection;
use serde_json::{Value as Json, json};
use sync::clock::Hlc;
use sync::log::{Change, Save, SaveKind};
use sync::segment::{Tip, seal};

const KEY: [u8; 32] = [7; 32];

fn dumps() -> Vec<PathBuf> {
    let mut dumps: Vec<PathBuf> = std::fs::read_dir(fixture("schema"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "sql"))
        .collect();
    dumps.sort();
    dumps
}

/// A connection as the store makes it, for what no command does.
fn connect(folder: &Path, key: &[u8; 32]) -> Connection {
    let conn = Connection::open(folder.join(store::DATABASE)).unwrap();
    let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    conn.pragma_update(None, "key", format!("x'{hex}'"))
        .unwrap();
    conn
}

/// A laptop on a database made from a dump.
fn of_dump(dump: &Path) -> Laptop {
    let mut laptop = Laptop::new(&Time::default());
    laptop.close();
    for entry in std::fs::read_dir(laptop.folder()).unwrap() {
        std::fs::remove_file(entry.unwrap().path()).unwrap();
    }
    store::write_private(&laptop.folder().join("nyetaa.key"), &KEY).unwrap();
    let conn = connect(laptop.folder(), &KEY);
    conn.execute_batch(&std::fs::read_to_string(dump).unwrap())
        .unwrap();
    drop(conn);
    laptop.reopen();
    if laptop.call("start_state", json!({}))["entrance"] == "pin_missing" {
        laptop.call("choose_pin", json!({ "pin": PIN }));
    }
    laptop
}

/// What a schema is made of, the migrations' own table left aside.
fn schema(conn: &Connection) -> Vec<String> {
    let mut statements = conn
        .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'refinery%' ORDER BY name")
        .unwrap();
    let statements = statements.query_map([], |row| row.get(0)).unwrap();
    statements.collect::<Result<_, _>>().unwrap()
}

/// The whole database as SQL that makes it again.
fn dump(conn: &Connection) -> String {
    let version: i64 = conn
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    let mut text = String::from("PRAGMA foreign_keys = OFF;\nBEGIN;\n");
    let mut tables = conn
        .prepare(
            "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type != 'table', rowid",
        )
        .unwrap();
    let tables: Vec<(String, String)> = tables
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    // What a virtual table keeps itself in is made with it, and filled like any other.
    let shadow: Vec<String> = conn
        .prepare("SELECT name FROM pragma_table_list WHERE type = 'shadow'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    for (name, sql) in &tables {
        text += &match shadow.contains(name) {
            true => format!("DELETE FROM {name};\n"),
            false => format!("{sql};\n"),
        };
        if !sql.starts_with("CREATE TABLE") {
            continue;
        }
        let mut columns = conn
            .prepare("SELECT name FROM pragma_table_info(?1)")
            .unwrap();
        let columns: Vec<String> = columns
            .query_map([name], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        let quoted: Vec<String> = columns
            .iter()
            .map(|column| format!("quote(\"{column}\")"))
            .collect();
        let mut rows = conn
            .prepare(&format!(
                "SELECT {} FROM {name}",
                quoted.join(" || ', ' || ")
            ))
            .unwrap();
        for row in rows.query_map([], |row| row.get::<_, String>(0)).unwrap() {
            text += &format!("INSERT INTO {name} VALUES ({});\n", row.unwrap());
        }
    }
    text + &format!("COMMIT;\nPRAGMA user_version = {version};\n")
}

/// A clinic's database with every kind of record, a question that is open, something sent and something waiting.
fn specimen() -> (Pair, Json) {
    let pair = Pair::enrolled();
    let place = pair.place();
    let village = json!({ "name": "Kangaré-Béla", "level": "village", "parent": place });
    pair.clinic.call("add_place", village);
    let cycle = pair.clinic.start_cycle(&place, "anc-four-contacts", "mnch");
    pair.clinic.types(&place, "MNCH-02", "2026-02", "0", "38");
    pair.clinic.types(&place, "MNCH-02", "2026-03", "12", "40");
    pair.clinic.types(&place, "MNCH-02", "2026-04", "-", "-");
    pair.clinic.part(
        "save_member",
        &cycle,
        &Json::Null,
        json!({ "name": "Fatoumata Keïta", "since": "2026-01-05" }),
    );
    let plan = json!({ "title": "Rappel la veille", "who": "Fatoumata", "prediction": "+5", "starts": "2026-02-02" });
    let trial = pair.clinic.part("save_trial", &cycle, &Json::Null, plan);
    pair.clinic.part(
        "save_lesson",
        &cycle,
        &Json::Null,
        json!({ "title": "Appeler la veille", "trial": trial }),
    );
    pair.sync_both();
    pair.clinic_changes("2026-03", "13");
    pair.time.minutes(1);
    pair.coach_corrects("2026-03", "14", "recompté");
    pair.coach.call(
        "save_comment",
        json!({ "id": null, "about": trial, "text": "Bravo 👏", "seen": null }),
    );
    pair.sync_both();
    pair.clinic.types(&place, "MNCH-02", "2026-05", "15", "41");
    (pair, cycle)
}

#[test]
fn the_newest_dump_has_the_schema_of_today() {
    let (pair, _) = specimen();
    let today = pair.clinic.app().with(|cx| {
        cx.store()
            .read(|conn| Ok::<_, store::Error>((schema(conn), dump(conn))))
            .unwrap()
    });
    let newest = dumps().pop();
    let stored = newest.as_ref().map(|path| {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(&std::fs::read_to_string(path).unwrap())
            .unwrap();
        schema(&conn)
    });
    if stored.as_ref() != Some(&today.0) && std::env::var_os("WRITE_SCHEMA_DUMP").is_some() {
        let path = fixture(&format!("schema/v{:04}.sql", dumps().len() + 1));
        std::fs::write(path, today.1).unwrap();
        return;
    }
    assert!(
        stored == Some(today.0),
        "the schema has changed: make the next dump, as the head of this file says"
    );
}

#[test]
fn every_schema_ever_released_opens_and_goes_on() {
    assert!(!dumps().is_empty());
    for path in dumps() {
        let mut laptop = of_dump(&path);
        let state = laptop.call("start_state", json!({}));
        assert_eq!(
            (&state["begun"], &state["person"]["name"]),
            (&json!(true), &json!("Awa Traoré")),
            "{}",
            path.display()
        );
        let place = laptop.home();
        assert_eq!(
            texts(
                &laptop.call("search_places", json!({ "query": "bela", "levels": [] })),
                "name"
            ),
            ["Kangaré-Béla"]
        );
        let cycle = laptop.call("cycles", json!({ "place": place }))[0]["id"].clone();
        let shown = laptop.cycle(&cycle);
        assert_eq!(shown["members"][0]["name"], "Fatoumata Keïta");
        assert_eq!(shown["trials"][0]["title"], "Rappel la veille");
        assert_eq!(shown["trials"][0]["comments"][0]["text"], "Bravo 👏");
        assert_eq!(shown["lessons"][0]["title"], "Appeler la veille");
        let found = laptop.call("search", json!({ "text": "veille", "kinds": [] }));
        assert_eq!(found.as_array().map(Vec::len), Some(2), "{found}");
        assert_eq!(laptop.cell(&place, "MNCH-02", "2026-02")["numerator"], 0.0);
        assert_eq!(
            laptop.cell(&place, "MNCH-02", "2026-04")["no_data"],
            "other"
        );
        let march = laptop.cell(&place, "MNCH-02", "2026-03");
        assert_eq!(texts(&march["open"][0]["values"], "text"), ["14", "13"]);
        let state = laptop.sync_state();
        assert_eq!(
            (&state["state"], &state["waiting_saves"]),
            (&json!("waiting"), &json!(1))
        );
        let backups = laptop.call("backups", json!({}))["backups"].clone();
        let newest = dumps().pop() == Some(path.clone());
        let expected: &[&str] = if newest { &[] } else { &["update"] };
        assert_eq!(texts(&backups, "reason"), expected, "{}", path.display());
        if !newest {
            let no = backups[0]["no"].clone();
            laptop.call("restore_backup", json!({ "no": no, "keep_since": true }));
        }
        laptop.types(&place, "MNCH-02", "2026-03", "14", "40");
        laptop.reopen();
        let before = laptop
            .app()
            .with(|cx| cx.store().read(nyetaa_tests::dump).unwrap());
        laptop
            .app()
            .with(|cx| cx.store().rebuild(cx.now_ms).unwrap());
        let after = laptop
            .app()
            .with(|cx| cx.store().read(nyetaa_tests::dump).unwrap());
        assert_eq!(before, after, "{}", path.display());
    }
}

#[test]
fn a_database_that_needs_a_newer_version_is_left_as_it_is() {
    let mut laptop = Laptop::new(&Time::default());
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    laptop.close();
    let conn = connect(laptop.folder(), &laptop.key());
    conn.pragma_update(None, "user_version", 99).unwrap();
    drop(conn);
    let file = laptop.folder().join(store::DATABASE);
    let before = std::fs::read(&file).unwrap();
    let error = laptop.come_in().err().expect("it is refused");
    assert_eq!(error.code, "database-newer");
    assert!(
        std::fs::read(&file).unwrap() == before,
        "not a byte has changed"
    );
}

#[test]
fn a_later_schema_that_only_adds_is_worked_with() {
    let mut laptop = Laptop::new(&Time::default());
    laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
    let cycle = laptop.start_cycle(&laptop.home(), "anc-four-contacts", "mnch");
    laptop.close();
    let conn = connect(laptop.folder(), &laptop.key());
    conn.execute_batch(
        "ALTER TABLE idea ADD COLUMN colour TEXT; CREATE TABLE stocktake (id BLOB PRIMARY KEY);
         INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
         VALUES (999, 'stocktakes', '2027-01-01T00:00:00Z', '1');",
    )
    .unwrap();
    drop(conn);
    laptop.reopen();
    laptop.part(
        "save_idea",
        &cycle,
        &Json::Null,
        json!({ "text": "Rappel" }),
    );
    assert!(texts(&laptop.cycle(&cycle)["ideas"], "text").contains(&"Rappel".to_owned()));
}

#[test]
fn kinds_and_fields_of_a_later_version_are_kept_and_handed_on_byte_for_byte() {
    let (pair, cycle) = Pair::at_work();
    // Another laptop of the clinic runs a later version.
    let later = Laptop::new(&pair.time);
    later.begin_facility("CSCom de Kangaré", "Sélingué", "Binta Sidibé", "lead");
    let code = pair.centre.invite_facility("CSCom de Kangaré", "Sélingué");
    later.enrol(&pair.centre, &code);
    let place: RecordId = serde_json::from_value(pair.place()).unwrap();
    let idea: RecordId =
        serde_json::from_value(pair.clinic.cycle(&cycle)["ideas"][0]["meta"]["id"].clone())
            .unwrap();
    let scope = place.as_scope();
    let own = later.replica();
    let change = |kind: u16, record, field, value| Change {
        kind,
        record,
        field,
        value,
        seen: Vec::new(),
    };
    let visit = RecordId::counted(own, 500);
    let save = Save {
        hlc: Hlc::from_parts(pair.time.now() + 1, 0),
        author: RecordId::counted(own, 1),
        grant: 1,
        kind: SaveKind::Other(77),
        reason: Some("visite".to_owned()),
        changes: vec![
            change(
                900,
                visit,
                1,
                Value::List(vec![Value::text("a"), Value::Null]),
            ),
            change(Kind::Idea.number(), idea, 99, Value::text("bleu")),
            change(
                Kind::Idea.number(),
                idea,
                3,
                Value::text("un nombre qui est devenu un mot"),
            ),
        ],
    };
    // It stands after what the enrolment wrote, and its own store stays out of it.
    let bytes = later.app().with(|cx| {
        let own_segments: Vec<Vec<u8>> = cx.store().read(|conn| {
            let mut rows = conn.prepare("SELECT g.bytes FROM segment g JOIN replica r ON r.no = g.replica WHERE r.id = ?1 AND g.scope = ?2 ORDER BY g.first_seq")?;
            let rows = rows.query_map((own.as_bytes(), scope.as_bytes()), |row| row.get(0))?;
            Ok::<_, store::Error>(rows.collect::<rusqlite::Result<_>>()?)
        }).unwrap();
        let tip = own_segments.last().map_or(Tip::start(scope), |bytes| {
            let segment = sync::segment::read(bytes).unwrap();
            Tip { scope, last_seq: segment.header().last_seq, hash: segment.hash() }
        });
        let sealed = seal(&cx.store().key(), &tip, &[save]).unwrap();
        assert_eq!(cx.store().take(&sealed.bytes).unwrap().admission, sync::admit::Admission::Next);
        cx.store().apply(scope, cx.now_ms).unwrap();
        sealed.bytes
    });
    // `take` marks what comes as known to the server; this one is still to go.
    later.app().with(|cx| {
        cx.store()
            .write(cx.now_ms, |w| {
                w.conn().execute(
                    "UPDATE stream SET accepted_seq = 0 WHERE scope = ?1",
                    [scope.as_bytes()],
                )?;
                Ok::<_, store::Error>(())
            })
            .unwrap()
    });
    later.sync();
    pair.sync_both();
    for laptop in [&pair.clinic, &pair.coach] {
        let (held, heads) = laptop.app().with(|cx| {
            cx.store()
                .read(|conn| {
                    let held: bool = conn.query_row(
                        "SELECT count(*) > 0 FROM segment WHERE bytes = ?1",
                        [&bytes],
                        |row| row.get(0),
                    )?;
                    let heads: i64 = conn.query_row(
                        "SELECT count(*) FROM head WHERE kind = 900 OR field = 99",
                        [],
                        |row| row.get(0),
                    )?;
                    Ok::<_, store::Error>((held, heads))
                })
                .unwrap()
        });
        assert!(held, "the segment is here as it was signed");
        assert_eq!(
            heads, 2,
            "and what it says waits for the version that knows it"
        );
        let shown = laptop.cycle(&cycle);
        assert_eq!(
            shown["ideas"].as_array().unwrap().len(),
            5,
            "what is known goes on being shown"
        );
        let before = laptop
            .app()
            .with(|cx| cx.store().read(nyetaa_tests::dump).unwrap());
        laptop
            .app()
            .with(|cx| cx.store().rebuild(cx.now_ms).unwrap());
        assert_eq!(
            before,
            laptop
                .app()
                .with(|cx| cx.store().read(nyetaa_tests::dump).unwrap())
        );
    }
}
