//! Copies of the database: whole or not there, damage that always shows, and going back without losing anything.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod common;

use std::path::{Path, PathBuf};

use common::*;
use store::{Draft, Edit, Error, Key, RealDisk, Seen, Store};
use sync::log::SaveKind;

const KEY: Key = [5; 32];

/// An encrypted store in a folder of its own.
struct Locked {
    store: Store,
    folder: tempfile::TempDir,
}

impl Locked {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), &KEY, &[7; 32]).unwrap();
        Self { store, folder }
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join(store::DATABASE)
    }

    fn backup(&self, name: &str) -> PathBuf {
        self.folder.path().join("sauvegardes").join(name)
    }

    fn backs_up(&self, name: &str) -> PathBuf {
        let to = self.backup(name);
        store::back_up(&RealDisk, &self.database(), Some(&KEY), &to).unwrap();
        to
    }

    fn types(&self, field: usize, n: u8) {
        types(&self.store, field, n);
    }
}

fn types(store: &Store, field: usize, n: u8) {
    let (kind, number, column) = FIELDS[field];
    let draft = Draft {
        scope: scope(),
        author: record(200),
        grant: 1,
        kind: SaveKind::Edit,
        reason: None,
        edits: vec![Edit {
            kind,
            record: record(number),
            field: column,
            value: value(field, n),
            seen: Seen::Shown,
        }],
    };
    store.write(NOW, |w| w.save(draft).map(|_| ())).unwrap();
}

/// What `from` becomes on its way back: under a new name, with what `other` has besides.
fn made_ready(from: &Path, scratch: &Path, other: Option<&Path>) -> u64 {
    store::back_up(&RealDisk, from, Some(&KEY), &scratch.join(store::DATABASE)).unwrap();
    let ready = Store::open(scratch, &KEY, &[0; 32]).unwrap();
    let mut came = 0;
    if let Some(other) = other {
        store::peek(&RealDisk, other, Some(&KEY), |other| {
            ready.succeed(other)?;
            ready.mint(&[8; 32], NOW)?;
            let absorbed = ready.absorb(other, NOW)?;
            assert!(absorbed.whole);
            came = absorbed.saves;
            Ok::<_, Error>(())
        })
        .unwrap();
    } else {
        ready.mint(&[8; 32], NOW).unwrap();
    }
    came
}

#[test]
fn a_copy_holds_what_stood_there_and_is_one_file() {
    let laptop = Locked::new();
    for n in 0..20 {
        laptop.types(0, n);
    }
    laptop.store.seal(&scopes()).unwrap();
    laptop.types(1, 1);
    let copy = laptop.backs_up("one");
    assert_eq!(
        store::examine(&RealDisk, &copy, Some(&KEY)).unwrap(),
        laptop.store.holds().unwrap()
    );
    let beside = std::fs::read_dir(copy.parent().unwrap()).unwrap().count();
    assert_eq!(beside, 1, "nothing is left beside it");
    laptop.types(1, 2);
    assert_ne!(
        store::examine(&RealDisk, &copy, Some(&KEY)).unwrap(),
        laptop.store.holds().unwrap()
    );
    assert!(matches!(
        store::examine(&RealDisk, &copy, Some(&[6; 32])),
        Err(Error::Foreign)
    ));
}

#[test]
fn a_single_wrong_bit_anywhere_in_a_copy_shows() {
    let laptop = Locked::new();
    for n in 0..60 {
        laptop.types(usize::from(n % 6), n);
    }
    let copy = laptop.backs_up("one");
    let bytes = std::fs::read(&copy).unwrap();
    let flipped = laptop.backup("flipped");
    for at in 0..200 {
        let mut wrong = bytes.clone();
        let bit = at * (bytes.len() * 8 - 1) / 199;
        wrong[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(&flipped, &wrong).unwrap();
        let found = store::examine(&RealDisk, &flipped, Some(&KEY));
        assert!(
            matches!(found, Err(Error::Damaged | Error::Foreign)),
            "bit {bit}: {found:?}"
        );
    }
    for end in [0, 1, 16, 4096, bytes.len() / 2, bytes.len() - 1] {
        std::fs::write(&flipped, &bytes[..end]).unwrap();
        assert!(
            store::examine(&RealDisk, &flipped, Some(&KEY)).is_err(),
            "cut at {end}"
        );
    }
    store::examine(&RealDisk, &copy, Some(&KEY)).unwrap();
}

#[test]
fn a_damaged_database_gives_no_copy_and_the_one_that_was_there_stays() {
    let laptop = Locked::new();
    for n in 0..60 {
        laptop.types(usize::from(n % 6), n);
    }
    let copy = laptop.backs_up("one");
    let (whole, database) = (std::fs::read(&copy).unwrap(), laptop.database());
    drop(laptop.store);
    let bytes = std::fs::read(&database).unwrap();
    for at in 0..200 {
        let mut wrong = bytes.clone();
        let bit = at * (bytes.len() * 8 - 1) / 199;
        wrong[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(&database, &wrong).unwrap();
        let refused = store::back_up(&RealDisk, &database, Some(&KEY), &copy);
        assert!(
            matches!(refused, Err(Error::Damaged | Error::Foreign)),
            "bit {bit}: {refused:?}"
        );
    }
    assert!(std::fs::read(&copy).unwrap() == whole);
    let beside = std::fs::read_dir(copy.parent().unwrap()).unwrap().count();
    assert_eq!(beside, 1, "and nothing half made lies beside it");
}

#[test]
fn going_back_brings_what_was_done_since_along_under_a_new_name() {
    let laptop = Locked::new();
    laptop.types(0, 1);
    laptop.store.seal(&scopes()).unwrap();
    laptop.types(0, 2);
    let copy = laptop.backs_up("one");
    laptop.types(0, 3);
    laptop.types(3, 4);
    laptop.store.seal(&scopes()).unwrap();
    laptop.types(5, 5);
    let before = laptop.backs_up("before");
    let name = laptop.store.replica();
    let scratch = tempfile::tempdir().unwrap();
    let came = made_ready(&copy, scratch.path(), Some(&before));
    assert_eq!(came, 5, "all of the old stream, which nobody else held");
    laptop
        .store
        .put_back(&scratch.path().join(store::DATABASE), Some(&KEY))
        .unwrap();
    assert_ne!(laptop.store.replica(), name);
    let shows = |field: usize| heads(&laptop.store, field)[0].value.clone();
    assert_eq!(
        [shows(0), shows(3), shows(5)],
        [value(0, 3), value(3, 4), value(5, 5)]
    );
    // Nothing of the old name is numbered again, and work goes on.
    laptop.types(0, 6);
    laptop.store.seal(&scopes()).unwrap();
    let vector = laptop.store.vector(&scopes()).unwrap();
    assert_eq!(vector.get(scope(), name), 5);
    drop(laptop.store);
    let again = Store::open(laptop.folder.path(), &KEY, &[0; 32]).unwrap();
    assert_eq!(heads(&again, 0)[0].value, value(0, 6));
    again.rebuild(NOW).unwrap();
    assert_eq!(heads(&again, 0)[0].value, value(0, 6));
}

#[test]
fn going_back_alone_shows_what_stood_there() {
    let laptop = Locked::new();
    laptop.types(0, 1);
    let copy = laptop.backs_up("one");
    laptop.types(0, 3);
    let scratch = tempfile::tempdir().unwrap();
    made_ready(&copy, scratch.path(), None);
    laptop
        .store
        .put_back(&scratch.path().join(store::DATABASE), Some(&KEY))
        .unwrap();
    assert_eq!(heads(&laptop.store, 0)[0].value, value(0, 1));
}
