//! The power goes at every write of an upgrade, from every schema ever released: the schema is the old one or the new
//! one, never something in between, and the next start ends what was begun with everything in it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use nyetaa_tests::{Chance, dump, fixture};
use rusqlite::{Connection, OpenFlags};
use simdisk::{SimDisk, VFS};
use store::Store;

/// Draws of what a cut takes, for each write that it falls on; the first keeps nothing that was not flushed.
const DRAWS: u64 = 2;

type Tables = BTreeMap<&'static str, Vec<String>>;

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "sql"));
    files.sort();
    files
}

fn home(disk: &SimDisk) -> PathBuf {
    disk.root().join("home")
}

fn connect(disk: &SimDisk) -> Connection {
    let path = home(disk).join(store::DATABASE);
    Connection::open_with_flags_and_vfs(path, OpenFlags::default(), VFS).unwrap()
}

fn open(disk: &SimDisk) -> store::Result<Store> {
    Store::open_on(Arc::new(disk.clone()), &home(disk), None, &[9; 32])
}

/// What a schema is made of, the migrations' own table left aside.
fn schema(conn: &Connection) -> Vec<String> {
    let mut statements = conn
        .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'refinery%' ORDER BY name")
        .unwrap();
    let statements = statements.query_map([], |row| row.get(0)).unwrap();
    statements.collect::<Result<_, _>>().unwrap()
}

fn chance(at: u64, draw: u64) -> Chance {
    let keeps_nothing = |seed: &u64| Chance::of(*seed).below(5) == 0;
    match draw {
        0 => Chance::of((0..).find(keeps_nothing).unwrap()),
        _ => Chance::of(at * DRAWS + draw),
    }
}

#[test]
fn an_upgrade_cut_at_any_write_leaves_the_old_schema_or_the_new_one() {
    let mut upgraded = 0;
    for released in files(&fixture("schema")) {
        let disk = SimDisk::default();
        let conn = connect(&disk);
        conn.pragma_update(None, "journal_mode", "WAL").unwrap();
        conn.execute_batch(&std::fs::read_to_string(&released).unwrap())
            .unwrap();
        let old = schema(&conn);
        drop(conn);
        let before = disk.image();
        let wanted: Tables = open(&disk).unwrap().read(dump).unwrap();
        let new = schema(&connect(&disk));
        if old == new {
            // The schema of today: nothing to upgrade.
            continue;
        }
        upgraded += 1;

        let (mut found_old, mut found_new) = (0, 0);
        'writes: for at in 0.. {
            for draw in 0..DRAWS {
                disk.put(&before);
                disk.cut_in(Some(at));
                let opened = open(&disk);
                if !disk.is_off() {
                    assert!(opened.is_ok(), "the cut comes after the end");
                    break 'writes;
                }
                drop(opened);
                disk.power_on(&mut chance(at, draw));
                let conn = connect(&disk);
                let found = schema(&conn);
                drop(conn);
                match () {
                    () if found == old => found_old += 1,
                    () if found == new => found_new += 1,
                    () => panic!("{released:?}, cut at {at}: neither old nor new"),
                }
                let store = open(&disk).unwrap_or_else(|error| {
                    panic!("{released:?}, cut at {at}: it does not open again: {error}")
                });
                let tables: Tables = store.read(dump).unwrap();
                assert!(tables == wanted, "{released:?}, cut at {at}");
            }
        }
        assert!(found_old > 0 && found_new > 0, "cut before and after");
        println!("{released:?}: {found_old} cuts left the old schema, {found_new} the new one");
    }
    assert!(upgraded > 0, "no schema of an earlier release is there");
}
