//! Keys of sealed texts: destroyed, they stand in no file of the database and are never taken again.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail"
)]

use std::path::Path;
use std::sync::Arc;

use domain::ids::RecordId;
use store::{RealDisk, Store, sealed};
use sync::sealing::{Erase, RecordKey};

fn key(n: u8) -> RecordKey {
    RecordKey {
        scope: RecordId::of_place_code("ML-CSCOM-1").as_scope(),
        record: RecordId::from_bytes([n; 16]),
        class: "work".to_owned(),
        secret: std::array::from_fn(|at| n.wrapping_add((at * at) as u8)),
    }
}

/// The files of a folder in which these bytes stand.
fn files_with(folder: &Path, wanted: &[u8]) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let files = entries.map(|entry| entry.unwrap().path());
    files
        .filter(|path| {
            let bytes = std::fs::read(path).unwrap();
            bytes.windows(wanted.len()).any(|part| part == wanted)
        })
        .map(|path| path.display().to_string())
        .collect()
}

#[test]
fn a_key_that_was_destroyed_is_in_no_file_and_is_never_taken_again() {
    let folder = tempfile::tempdir().unwrap();
    // Without encryption, so that whatever is left of a key can be found.
    let store = Store::open_on(Arc::new(RealDisk), folder.path(), None, &[1; 32]).unwrap();
    let keys: Vec<RecordKey> = (0..200).map(key).collect();
    // One by one, as people write, so that pages fill up and are divided.
    for key in &keys {
        assert!(store.take_keys(std::slice::from_ref(key), true).unwrap());
    }
    for gone in &keys {
        assert!(!files_with(folder.path(), &gone.secret).is_empty());
        let wanted = Erase {
            scope: gone.scope,
            key: gone.id(),
            by: RecordId::from_bytes([9; 16]),
        };
        assert!(store.erase_for(&wanted, 5).unwrap());
        assert!(!store.erase_for(&wanted, 6).unwrap(), "that is known");
        assert_eq!(
            files_with(folder.path(), &gone.secret),
            Vec::<String>::new(),
            "with the database open"
        );
        assert!(!store.take_keys(std::slice::from_ref(gone), true).unwrap());
        let known = store
            .read(|conn| sealed::known(conn, gone.scope, gone.id()))
            .unwrap();
        assert_eq!(known, sealed::Known::Gone(wanted.by, 5));
    }
    assert!(store.keys().unwrap().is_empty());
    assert_eq!(store.erasures_owed().unwrap().len(), 200);
}

/// Whoever may destroy something in one place names the key of another: its name stands in the log.
#[test]
fn a_key_is_destroyed_in_the_scope_that_was_asked_about_and_in_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_on(Arc::new(RealDisk), folder.path(), None, &[1; 32]).unwrap();
    let theirs = key(1);
    store
        .take_keys(std::slice::from_ref(&theirs), true)
        .unwrap();
    let elsewhere = Erase {
        scope: RecordId::of_place_code("ML-DISTRICT-1").as_scope(),
        key: theirs.id(),
        by: RecordId::from_bytes([9; 16]),
    };
    assert!(store.erase_for(&elsewhere, 5).unwrap());
    assert_eq!(store.keys().unwrap(), std::slice::from_ref(&theirs));
    let known = store.read(|conn| sealed::known(conn, theirs.scope, theirs.id()));
    assert_eq!(known.unwrap(), sealed::Known::Here(theirs.secret));
    // Brought along under that other scope, it stands in the way of nothing either.
    let moved = RecordKey {
        scope: elsewhere.scope,
        ..theirs.clone()
    };
    assert!(!store.take_keys(&[moved], true).unwrap());
    assert_eq!(store.keys().unwrap(), [theirs]);
}
