//! A device that refuses: at every operation of a save, of what closes the store after it and of what opens it again,
//! so many times in a row. What was acknowledged, before and after, is there when the power was cut. And a power cut at
//! every write of a first start.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::sync::Arc;

use domain::ids::{RecordId, ScopeId};
use domain::registry::{CommentField, Kind};
use domain::value::Value;
use server::storage::Database;
use simdisk::{Chance, Image, SimDisk};
use store::{Disk as _, Draft, Edit, Key, Seen, Store};
use sync::admit::Admission;
use sync::log::SaveKind;

/// How often the device refuses in a row: once; the flush of a commit and what closing makes of it; for good.
const IN_A_ROW: [u64; 3] = [1, 2, 1_000];
/// Any moment will do: 2026-07-15.
const NOW_MS: u64 = 1_784_116_800_000;

/// What keeps numbers on a disk and gives them back: the laptop's store, or the server's database.
trait Keeper: Sized {
    fn open(disk: &SimDisk) -> Option<Self>;
    /// Whether it was acknowledged.
    fn keep(&self, number: u64) -> bool;
    fn kept(&self) -> BTreeSet<u64>;
}

/// Lives for each operation that is refused.
const TURNS: u64 = 6;

/// The cut of every other life keeps nothing of what was not flushed.
fn chance_of(turn: u64) -> Chance {
    let keeps_nothing = |seed: &u64| Chance::of(*seed).below(5) == 0;
    let seed = if turn.is_multiple_of(2) {
        (0..).find(keeps_nothing)
    } else {
        Some(turn)
    };
    Chance::of(seed.unwrap())
}

/// What a life came to.
struct Life {
    /// Whether the device refused anything.
    refused: bool,
    /// Whether what was refused was found whole in the end.
    unheard: bool,
}

/// Keeps 1, keeps 2 while the device refuses from operation `at` on, closes or goes on, keeps 3, loses power.
fn life<K: Keeper>(start: &Image, at: u64, in_a_row: u64, closes: bool, turn: u64) -> Life {
    let disk = SimDisk::default();
    disk.put(start);
    // What a refused flush leaves behind depends on how much the disk has done.
    for _ in 0..turn {
        disk.write(&disk.root().join("other"), b"x").unwrap();
    }
    let mut keeper = K::open(&disk).unwrap();
    assert!(keeper.keep(1));
    disk.break_in(at, in_a_row);
    let mut acknowledged = BTreeSet::from([1]);
    if keeper.keep(2) {
        acknowledged.insert(2);
    }
    if closes {
        drop(keeper);
        // It is tried while the device still refuses, too.
        keeper = match K::open(&disk) {
            Some(keeper) => keeper,
            None => {
                disk.break_in(0, 0);
                K::open(&disk).unwrap()
            }
        };
    }
    let refused = disk.counts().broken > 0;
    disk.break_in(0, 0);
    assert!(keeper.keep(3), "the device is well again");
    acknowledged.insert(3);
    disk.cut();
    drop(keeper);
    disk.power_on(&mut chance_of(turn));
    let kept = K::open(&disk).unwrap().kept();
    let lost: Vec<_> = acknowledged.difference(&kept).collect();
    assert!(
        lost.is_empty(),
        "refused {in_a_row} from {at} on, closed: {closes}: {lost:?} were acknowledged and are gone"
    );
    Life {
        refused,
        unheard: !acknowledged.contains(&2) && kept.contains(&2),
    }
}

fn every_point<K: Keeper>(what: &str) {
    let disk = SimDisk::default();
    drop(K::open(&disk).unwrap());
    let start = disk.image();
    let (mut lives, mut unheard) = (0, 0);
    for closes in [false, true] {
        for in_a_row in IN_A_ROW {
            for at in 0.. {
                let mut refused = false;
                for turn in 0..TURNS {
                    let life = life::<K>(&start, at, in_a_row, closes, turn);
                    refused |= life.refused;
                    unheard += u32::from(life.unheard);
                    lives += 1;
                }
                if !refused {
                    assert!(at > 1, "a save writes and flushes");
                    break;
                }
            }
        }
    }
    assert!(unheard > 0, "some were readable and not yet on the disk");
    println!("{what}: {lives} lives, 0 acknowledged lost, {unheard} refused ones found whole");
}

impl Keeper for Store {
    fn open(disk: &SimDisk) -> Option<Self> {
        open(disk, None)
    }

    fn keep(&self, number: u64) -> bool {
        let scope: ScopeId = RecordId::of_place_code("SIM").as_scope();
        let kept = self.write(NOW_MS + number, |w| {
            let edit = Edit {
                kind: Kind::Comment,
                record: w.new_record()?,
                field: CommentField::Text.number(),
                value: Value::Text(number.to_string()),
                seen: Seen::Nothing,
            };
            w.save(Draft {
                scope,
                author: RecordId::natural(&[b"author"]),
                grant: 0,
                kind: SaveKind::Edit,
                reason: None,
                edits: vec![edit],
            })
        });
        let kept: store::Result<_> = kept;
        kept.is_ok()
    }

    fn kept(&self) -> BTreeSet<u64> {
        let mut kept = BTreeSet::new();
        for (_, _, save) in self.waiting().unwrap() {
            for change in save.changes {
                if let Value::Text(text) = change.value {
                    kept.insert(text.parse().unwrap());
                }
            }
        }
        kept
    }
}

fn open(disk: &SimDisk, key: Option<&Key>) -> Option<Store> {
    let folder = disk.root().join("home");
    Store::open_on(Arc::new(disk.clone()), &folder, key, &[9; 32]).ok()
}

/// The store as it ships.
struct Encrypted(Store);

impl Keeper for Encrypted {
    fn open(disk: &SimDisk) -> Option<Self> {
        open(disk, Some(&[7; 32])).map(Self)
    }

    fn keep(&self, number: u64) -> bool {
        self.0.keep(number)
    }

    fn kept(&self) -> BTreeSet<u64> {
        self.0.kept()
    }
}

#[derive(Debug)]
struct ServerDisk(SimDisk);

impl server::Disk for ServerDisk {
    fn vfs(&self) -> Option<&str> {
        self.0.vfs()
    }

    fn create_dir_all(&self, folder: &Path) -> io::Result<()> {
        self.0.create_dir_all(folder)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.0.read(path)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        store::Disk::write(&self.0, path, bytes)
    }

    fn rewrite(&self, path: &Path) -> io::Result<()> {
        store::Disk::rewrite(&self.0, path)
    }
}

impl Keeper for Database {
    fn open(disk: &SimDisk) -> Option<Self> {
        let path = disk.root().join("server.sqlite");
        Self::open_on(&path, &ServerDisk(disk.clone())).ok()
    }

    fn keep(&self, number: u64) -> bool {
        let kept: Result<_, server::storage::Error> = self.write(|tx| {
            tx.run("CREATE TABLE IF NOT EXISTS kept (number INTEGER)", &[])?;
            let number = server::storage::cell::Param::Int(number as i64);
            tx.run("INSERT INTO kept (number) VALUES (?1)", &[number])
        });
        kept.is_ok()
    }

    fn kept(&self) -> BTreeSet<u64> {
        let kept: Result<_, server::storage::Error> = self.read(|tx| {
            let mut kept = BTreeSet::new();
            for mut row in tx.rows("SELECT number FROM kept", &[])? {
                kept.insert(row.take::<i64>()? as u64);
            }
            Ok(kept)
        });
        kept.unwrap()
    }
}

/// The power goes at every write of a first start: the next one ends it.
fn every_first_start<K: Keeper>(what: &str) {
    for at in 0.. {
        for turn in 0..2 {
            let disk = SimDisk::default();
            disk.cut_in(Some(at));
            let first = K::open(&disk);
            if !disk.is_off() {
                assert!(first.is_some() && at > 20, "a schema is written");
                println!("{what}: {} cuts in a first start", at * 2);
                return;
            }
            drop(first);
            disk.power_on(&mut chance_of(at * 2 + turn));
            let again = K::open(&disk);
            let again = again.unwrap_or_else(|| panic!("{what}, cut at {at}: it does not open"));
            assert!(again.keep(1), "{what}, cut at {at}");
        }
    }
}

#[test]
fn a_refusal_anywhere_in_a_save_takes_nothing_acknowledged_along() {
    every_point::<Store>("the store");
}

#[test]
fn nor_does_it_on_the_encrypted_store() {
    every_point::<Encrypted>("the encrypted store");
}

#[test]
fn nor_does_it_in_the_servers_file() {
    every_point::<Database>("the server's file");
}

#[test]
fn a_first_start_cut_at_any_write_is_begun_again() {
    every_first_start::<Store>("the store");
    every_first_start::<Database>("the server's file");
}

/// Segments of one stream, one for each save.
fn segments(author: &Store, count: u64) -> Vec<Vec<u8>> {
    let scopes = BTreeSet::from([RecordId::of_place_code("SIM").as_scope()]);
    for number in 1..=count {
        assert!(author.keep(number));
        author.seal(&scopes).unwrap();
    }
    author.unsent(&scopes, usize::MAX).unwrap()
}

/// What a laptop cannot read or write is its device's matter: it must not cut anybody's stream back for it, nor take
/// another name.
#[test]
fn an_error_of_the_device_is_never_taken_for_another_past() {
    let author = open(&SimDisk::default(), None).unwrap();
    let sent = segments(&author, 3);
    let last = sync::segment::read(&sent[2]).unwrap().hash();
    let scope: ScopeId = RecordId::of_place_code("SIM").as_scope();
    let disk = SimDisk::default();
    let reader = open(&disk, None).unwrap();
    for bytes in &sent[..2] {
        assert_eq!(reader.take(bytes).unwrap().admission, Admission::Next);
    }
    drop(reader);
    let reader_before = disk.image();
    let (mut failed, mut at) = (0, 0);
    loop {
        let disk = SimDisk::default();
        disk.put(&reader_before);
        let reader = open(&disk, None).unwrap();
        disk.break_in(at, 1);
        for (bytes, due) in [
            (&sent[2], Admission::Next),
            (&sent[1], Admission::Duplicate),
        ] {
            match reader.take(bytes) {
                Ok(taken) => assert_eq!(taken.admission, due, "refused from {at} on"),
                Err(error) => {
                    assert!(!matches!(error, store::Error::Segment(_)), "{error}");
                    failed += 1;
                }
            }
        }
        let refused = disk.counts().broken > 0;
        disk.break_in(0, 0);
        let again = reader.take(&sent[2]).unwrap().admission;
        assert!(matches!(again, Admission::Next | Admission::Duplicate));
        assert_eq!(reader.aside().unwrap(), []);
        if !refused {
            break;
        }
        at += 1;
    }
    assert!(failed > 2, "the device was heard");

    // What the server says it holds is believed or not known: never something else than what is here.
    let disk = SimDisk::default();
    let author = open(&disk, None).unwrap();
    let sent_here = segments(&author, 3);
    assert_eq!(sent_here, sent, "the same key, the same saves");
    drop(author);
    let author_before = disk.image();
    for at in 0.. {
        let disk = SimDisk::default();
        disk.put(&author_before);
        let author = open(&disk, None).unwrap();
        disk.break_in(at, 1);
        if let Ok(believed) = author.accept(scope, 3, &last) {
            assert!(believed, "refused from {at} on");
        }
        let refused = disk.counts().broken > 0;
        disk.break_in(0, 0);
        if !refused {
            assert!(at > 1);
            break;
        }
    }
}
