//! A database of the first release comes along: its rows, numbers and open questions, packed as this version does.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod common;

use std::collections::BTreeMap;

use domain::ids::{RecordId, ScopeId};
use domain::registry::{IdeaField, Kind};
use domain::value::Value;
use rusqlite::Connection;
use store::{Draft, Edit, Seen, Stamp, Store, unpack_stamps};
use sync::log::SaveKind;

const FIRST: &str = include_str!("../../../tests/fixtures/schema/v0001.sql");

/// The stamps of each record, by table and identifier.
type Stamps = BTreeMap<(&'static str, Vec<u8>), Vec<Stamp>>;

/// What every record says of who wrote it, and how many bytes that takes.
fn stamps(conn: &Connection) -> (Stamps, usize) {
    let (mut stamps, mut size) = (BTreeMap::new(), 0);
    for kind in Kind::ALL {
        let exists: bool = conn
            .query_row(
                "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = ?1)",
                [kind.table()],
                |row| row.get(0),
            )
            .unwrap();
        if !exists {
            continue;
        }
        let mut rows = conn
            .prepare(&format!("SELECT id, stamps FROM {}", kind.table()))
            .unwrap();
        let mut rows = rows.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let packed: Vec<u8> = row.get(1).unwrap();
            size += packed.len();
            let key = (kind.table(), row.get(0).unwrap());
            stamps.insert(key, unpack_stamps(&packed).unwrap());
        }
    }
    (stamps, size)
}

fn streams(store: &Store) -> Vec<(Vec<u8>, u64, u64, u64)> {
    store
        .read(|conn| {
            let mut rows = conn.prepare(
                "SELECT s.scope, s.given_seq, s.applied_seq, s.accepted_seq FROM stream s JOIN replica r ON r.no = s.replica
                 WHERE r.id = ?1 ORDER BY s.scope",
            )?;
            let rows = rows.query_map([store.replica().as_bytes()], |row| {
                let number = |at| Ok::<_, rusqlite::Error>(row.get::<_, i64>(at)? as u64);
                Ok((row.get(0)?, number(1)?, number(2)?, number(3)?))
            })?;
            Ok::<_, store::Error>(rows.collect::<rusqlite::Result<_>>()?)
        })
        .unwrap()
}

#[test]
fn rows_numbers_and_questions_of_the_first_release_come_along() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(store::DATABASE);
    let conn = Connection::open(&path).unwrap();
    conn.execute_batch(FIRST).unwrap();
    let (before, size_before) = stamps(&conn);
    let open_before: i64 = conn
        .query_row("SELECT count(*) FROM head", [], |row| row.get(0))
        .unwrap();
    assert!(
        before.len() > 10 && open_before > 1,
        "the dump holds something"
    );
    drop(conn);

    let store = common::open(folder.path(), 1);
    let (after, size_after) = store
        .read(|conn| Ok::<_, store::Error>(stamps(conn)))
        .unwrap();
    for (record, stamps) in &before {
        assert_eq!(&after[record], stamps, "{}", record.0);
    }
    assert!(
        size_after * 2 < size_before,
        "{size_before} bytes became {size_after}"
    );
    let own = streams(&store);
    assert!(own.iter().any(|(_, given, ..)| *given > 1));
    for (_, given, applied, _) in &own {
        assert_eq!(given, applied, "all numbers given were applied");
    }
    let waiting = store.waiting().unwrap();
    let pending: u64 = store
        .pending()
        .unwrap()
        .iter()
        .map(|pending| pending.saves)
        .sum();
    assert_eq!((waiting.len() as u64, pending), (1, 1));

    // Work goes on with the next number, and what was sent before is chained to what is sealed now.
    let (scope, last, _) = waiting[0].clone();
    let idea = RecordId::natural(&[b"an idea"]);
    let edit = Edit {
        kind: Kind::Idea,
        record: idea,
        field: IdeaField::Text.number(),
        value: Value::text("Rappel"),
        seen: Seen::Nothing,
    };
    let draft = Draft {
        scope,
        author: RecordId::natural(&[b"Awa"]),
        grant: 1,
        kind: SaveKind::Edit,
        reason: None,
        edits: vec![edit],
    };
    store
        .write(common::NOW, |w| w.save(draft).map(|_| ()))
        .unwrap();
    assert_eq!(store.waiting().unwrap()[1].1, last + 1);
    store.seal(&[scope].into()).unwrap();
    let reader = common::Laptop::new(5);
    let nothing = sync::vector::Vector::new();
    for bytes in store.beyond(&nothing, &[scope].into(), usize::MAX).unwrap() {
        let taken = reader.store.take(&bytes).unwrap();
        assert_eq!(taken.admission, sync::admit::Admission::Next);
    }
    let (_, size) = store
        .read(|conn| Ok::<_, store::Error>(stamps(conn)))
        .unwrap();
    let rows = |store: &Store| {
        store
            .read(|conn| Ok::<_, store::Error>(stamps(conn).0))
            .unwrap()
    };
    let said = rows(&store);
    store.rebuild(common::NOW).unwrap();
    assert_eq!(rows(&store), said);
    assert!(size > size_after);
}

#[test]
fn values_of_a_kind_that_this_version_has_come_to_know_move_into_its_table() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(store::DATABASE);
    let conn = Connection::open(&path).unwrap();
    conn.execute_batch(FIRST).unwrap();
    // The first release knew no kind beyond comments, and kept such values apart.
    let kind = Kind::ALL.iter().find(|kind| kind.number() > 10).unwrap();
    let (field, record) = (kind.fields()[0], RecordId::natural(&[b"from later"]));
    assert_eq!(field.ty, domain::registry::FieldType::Ref);
    let mut value = Vec::new();
    ciborium::into_writer(&Value::Ref(record), &mut value).unwrap();
    let scope: [u8; 16] = conn
        .query_row("SELECT scope FROM stream LIMIT 1", [], |row| row.get(0))
        .unwrap();
    conn.execute(
        "INSERT INTO head (record, kind, field, replica, seq, idx, scope, hlc, author, uncertain, value)
         SELECT ?1, ?2, ?3, (SELECT min(no) FROM replica), 1, 0, ?4, 65536, (SELECT min(no) FROM author), 0, ?5",
        (record.as_bytes(), kind.number(), field.number, scope, value),
    )
    .unwrap();
    drop(conn);

    let store = common::open(folder.path(), 1);
    let row: (Vec<u8>, Vec<u8>, i64) = store
        .read(|conn| {
            Ok::<_, store::Error>(conn.query_row(
                &format!(
                    "SELECT {}, scope, (SELECT count(*) FROM head WHERE kind = ?2) FROM {} WHERE id = ?1",
                    field.name,
                    kind.table()
                ),
                (record.as_bytes(), kind.number()),
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )?)
        })
        .unwrap();
    assert_eq!(row.0, record.as_bytes());
    assert_eq!(
        ScopeId::from_slice(&row.1).unwrap(),
        ScopeId::from_bytes(scope)
    );
    assert_eq!(row.2, 0, "and stand apart no longer");
}
