//! What an examination notices when someone has been at the file.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use domain::ids::RecordId;
use domain::registry::{IdeaField, Kind};
use domain::value::Value;
use rusqlite::Connection;
use sync::clock::Hlc;
use sync::key::KeyPair;
use sync::log::{Change, Save, SaveKind};
use sync::segment::{Tip, seal};
use sync::wire::{EnrolAnswer, EnrolRequest, SyncRequest};

use crate::storage::{Database, Error};
use crate::{Invite, RealDisk, Server};

/// A folder whose server holds three one-save segments of one laptop.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::open(folder.path()).unwrap();
    let invite = Invite {
        place: "Kati".to_owned(),
        facility: Some("CSCom de Farako".to_owned()),
        role: domain::role::Role::Member,
        uses: 1,
        days: 1,
        also: Vec::new(),
    };
    let key = KeyPair::from_secret(&[1; 32]);
    let code = server.invite(&invite).unwrap();
    let request = EnrolRequest::sign(&key, code, None, None).unwrap();
    let enrolled = EnrolAnswer::from_bytes(&server.enrol(&request, None).unwrap()).unwrap();
    let mut tip = Tip::start(enrolled.place.as_scope());
    let mut segments = Vec::new();
    for n in 1..=3 {
        let save = Save {
            hlc: Hlc::from_parts(n, 0),
            author: RecordId::counted(key.replica(), 1),
            grant: 1,
            kind: SaveKind::Edit,
            reason: None,
            changes: vec![Change {
                kind: Kind::Idea.number(),
                record: RecordId::counted(key.replica(), n),
                field: IdeaField::Text.number(),
                value: Value::text("Appeler"),
                seen: Vec::new(),
            }],
        };
        let sealed = seal(&key, &tip, &[save]).unwrap();
        tip = sealed.tip();
        segments.push(sealed.bytes);
    }
    let request = SyncRequest {
        grant: 1,
        segments,
        ..SyncRequest::empty(key.replica(), enrolled.epoch, 1)
    };
    server.sync(&request.sign(&key).unwrap()).unwrap();
    let report = server.check().unwrap();
    assert!(report.ok, "{report:?}");
    assert_eq!((report.segments, report.records), (3, 3));
    folder
}

#[test]
fn an_examination_notices_each_kind_of_damage() {
    for damage in [
        "UPDATE record SET \"values\" = replace(\"values\", 'Appeler', 'Rappeler')",
        "DELETE FROM record WHERE id = (SELECT max(id) FROM record)",
        "INSERT INTO record SELECT scope_id, kind, zeroblob(16), \"values\", stamps FROM record LIMIT 1",
        "DELETE FROM segment WHERE feed_no = 2",
        "DELETE FROM segment WHERE feed_no = 3",
        "UPDATE segment SET bytes = x'00' WHERE feed_no = 1",
        "UPDATE segment SET hash = zeroblob(32) WHERE feed_no = 3",
        "UPDATE segment SET feed_no = 9 WHERE feed_no = 3",
        "UPDATE stream SET applied_seq = 2",
        "UPDATE stream SET hash = zeroblob(32)",
        "UPDATE replica SET key = zeroblob(32)",
        "UPDATE replica SET grant_bytes = x'00'",
        "UPDATE readers SET version = version + 1",
        "UPDATE readers SET bytes = x'00'",
        "INSERT INTO reach SELECT scope_id, replica, zeroblob(16), 99, 0 FROM stream LIMIT 1",
        "INSERT INTO aggregate SELECT scope_id, 99, 0 FROM stream LIMIT 1",
        "INSERT INTO snapshot SELECT scope_id, zeroblob(32), 1, 1, x'00', 0 FROM stream LIMIT 1",
        "INSERT INTO quarantine SELECT scope_id, replica, zeroblob(32), 'fork', replica, 0, x'00'
            FROM stream LIMIT 1",
    ] {
        let folder = folder();
        let file = Connection::open(folder.path().join("server.sqlite")).unwrap();
        assert!(file.execute(damage, []).unwrap() > 0, "{damage}");
        drop(file);
        let report = Server::open(folder.path()).unwrap().check().unwrap();
        assert!(
            !report.ok && !report.faults.is_empty(),
            "unnoticed: {damage}"
        );
    }
}

#[test]
fn a_projection_of_another_registry_is_made_anew() {
    let folder = folder();
    let file = Connection::open(folder.path().join("server.sqlite")).unwrap();
    file.execute("DELETE FROM record", []).unwrap();
    file.execute("UPDATE server SET registry = zeroblob(32)", [])
        .unwrap();
    drop(file);
    let report = Server::open(folder.path()).unwrap().check().unwrap();
    assert!(report.ok, "{report:?}");
    assert_eq!(report.records, 3);
}

#[test]
fn a_failed_transaction_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open_on(&folder.path().join("server.sqlite"), &RealDisk).unwrap();
    let failed: Result<(), Error> = database.write(|tx| {
        tx.put_shipped_places()?;
        Err(Error::Setting("as if"))
    });
    assert!(failed.is_err());
    let places = database.read(|tx| tx.places()).unwrap();
    assert!(places.is_empty());
}

#[test]
fn who_reads_holds_up_nobody_who_writes_and_sees_one_view_to_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open_on(&folder.path().join("server.sqlite"), &RealDisk).unwrap();
    let places = || database.read(|tx| tx.places()).unwrap().len();
    let seen = database
        .read(|tx| {
            let before = tx.places()?.len();
            database.write(|tx| tx.put_shipped_places())?;
            // One who comes now has a connection of their own, and sees what was written.
            assert!(places() > before);
            Ok::<_, Error>((before, tx.places()?.len()))
        })
        .unwrap();
    assert_eq!(seen, (0, 0));
    // Also by the connection that was kept.
    assert!(places() > 0);
    let refused = database.read(|tx| tx.run("DELETE FROM place", &[]));
    assert!(refused.is_err(), "who reads cannot write");
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.sqlite");
    std::fs::write(
        &path,
        "not a database at all, but someone's letter ".repeat(100),
    )
    .unwrap();
    let before = std::fs::read(&path).unwrap();
    assert!(Server::open(folder.path()).is_err());
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

/// What an older server left is all there after the tables were made anew, and the references with it.
#[test]
fn a_file_of_the_first_version_keeps_everything() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.sqlite");
    let file = Connection::open(&path).unwrap();
    file.execute_batch(include_str!("../../../migrations/sqlite/V0001__log.sql"))
        .unwrap();
    file.execute_batch(
        "INSERT INTO place VALUES (zeroblob(16), NULL, 'district', 'Kati', 'x', 'shipped');
         INSERT INTO invitation VALUES (zeroblob(16), zeroblob(32), 'coach', zeroblob(16), NULL, NULL, 1, 2, 3);
         INSERT INTO replica VALUES (x'00000000000000000000000000000007', zeroblob(32), 'coach', zeroblob(16),
             zeroblob(16), 4, x'0102', 5, 6, 7, 8);",
    )
    .unwrap();
    // As the first version's own start would have noted it.
    let mut first = file;
    super::migrations::migrations::runner()
        .set_target(refinery::Target::FakeVersion(1))
        .run(&mut first)
        .unwrap();
    drop(first);
    let database = Database::open_on(&path, &RealDisk).unwrap();
    let (replicas, integrity) = database
        .read(|tx| Ok::<_, Error>((tx.replicas()?, tx.integrity()?)))
        .unwrap();
    assert_eq!(integrity, Vec::<String>::new());
    let [replica] = &replicas[..] else {
        panic!("{replicas:?}")
    };
    assert_eq!(
        (replica.counter, replica.enrolled_at, replica.last_contact),
        (5, 7, 8)
    );
    assert_eq!((replica.place_since, replica.said), (7, None));
    let given = database.read(|tx| tx.grant_given(replica.id, 4)).unwrap();
    assert_eq!(given, Some(vec![1, 2]));
}
