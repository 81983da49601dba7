//! What the index of what people wrote keeps of what it has not read yet, and that nothing stays out of it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod common;

use common::{Laptop, NOW, record, scope};
use domain::ids::RecordId;
use domain::registry::{IdeaField, Kind};
use domain::value::Value;
use store::{Draft, Edit, Error, Seen, Store};
use sync::log::SaveKind;

fn write(store: &Store, records: impl Iterator<Item = (RecordId, String)>) {
    let edits = records.map(|(record, text)| Edit {
        kind: Kind::Idea,
        record,
        field: IdeaField::Text.number(),
        value: Value::Text(text),
        seen: Seen::Shown,
    });
    let edits: Vec<Edit> = edits.collect();
    let written = store.write(NOW, |w| {
        for edit in edits {
            w.save(Draft {
                scope: scope(),
                author: record(1),
                grant: 0,
                kind: SaveKind::Edit,
                reason: None,
                edits: vec![edit],
            })?;
        }
        Ok::<_, Error>(())
    });
    written.unwrap();
}

/// How many rows note what is to be read, how many records were read, and how many of those have this word.
fn stands(store: &Store, word: &str) -> (u32, u32, u32) {
    let read = store.read(|conn| {
        let count = |sql: &str| conn.query_row(sql, [], |row| row.get(0));
        Ok::<_, Error>((
            count("SELECT count(*) FROM unsearched")?,
            count("SELECT count(*) FROM searched")?,
            conn.query_row(
                "SELECT count(*) FROM search WHERE search MATCH ?1",
                [word],
                |row| row.get(0),
            )?,
        ))
    });
    read.unwrap()
}

fn numbered(n: u32) -> RecordId {
    RecordId::natural(&[b"idea", &n.to_le_bytes()])
}

#[test]
fn whatever_is_new_is_noted_by_one_row_and_nothing_stays_out() {
    let laptop = Laptop::new(1);
    let store = &laptop.store;
    write(store, (0..1_050).map(|n| (numbered(n), "pesée".to_owned())));
    assert_eq!(stands(store, "pesée"), (1, 0, 0));
    store.index().unwrap();
    assert_eq!(stands(store, "pesée"), (0, 1_050, 1_050));
    // Among those that are there, before and after them.
    write(
        store,
        (2_000..2_030).map(|n| (numbered(n), "pesée".to_owned())),
    );
    write(store, [(numbered(7), "registre".to_owned())].into_iter());
    write(
        store,
        [(numbered(2_007), "registre".to_owned())].into_iter(),
    );
    assert_eq!(stands(store, "registre"), (2, 1_050, 0));
    store.index().unwrap();
    assert_eq!(stands(store, "registre"), (0, 1_080, 2));
    assert_eq!(stands(store, "pesée"), (0, 1_080, 1_078));
}
