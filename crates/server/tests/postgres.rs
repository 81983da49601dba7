//! What only a database that serves several at once can get wrong, and what both schemas must hold to.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail"
)]

mod common;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use common::cluster::Cluster;
use common::root::Root;
use common::{Home, Laptop, Running, Storage, TestClock, assert_sound, idea_at, running_on};
use domain::role::Role;
use server::RealDisk;
use server::backup::{MADE_ANEW, TABLES};
use server::storage::{self, Database, REFERENCE_TABLES};

const POSTGRES_KEYS: &str = "SELECT t.relname::text, a.attname::text FROM pg_index x
    JOIN pg_class t ON t.oid = x.indrelid
    JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'public'
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
    WHERE x.indisunique";
const SQLITE_KEYS: &str = "SELECT t.name, c.name FROM sqlite_master t
    JOIN pragma_index_list(t.name) i ON i.\"unique\" = 1
    JOIN pragma_index_info(i.name) c ON c.seqno = 0
    WHERE t.type = 'table'";
const POSTGRES_COLUMNS: &str = "SELECT t.relname::text, a.attname::text FROM pg_class t
    JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'public'
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE t.relkind IN ('r', 'v')";
const SQLITE_COLUMNS: &str = "SELECT t.name, c.name FROM sqlite_master t
    JOIN pragma_table_info(t.name) c WHERE t.type IN ('table', 'view')";
/// What refinery keeps for itself.
const HISTORY: &str = "refinery_schema_history";

type Pairs = BTreeSet<(String, String)>;

fn pairs(database: &Database, sql: &str) -> Pairs {
    database
        .read(|tx| {
            let rows = tx.rows(sql, &[])?.into_iter();
            let pairs = rows.map(|mut row| Ok((row.take()?, row.take()?)));
            pairs.collect::<storage::Result<Pairs>>()
        })
        .unwrap()
        .into_iter()
        .filter(|(table, _)| table != HISTORY)
        .collect()
}

/// Unique keys that a database distributed by scope would refuse.
fn not_by_scope(keys: &Pairs) -> Vec<&(String, String)> {
    keys.iter()
        .filter(|(table, first)| !REFERENCE_TABLES.contains(&table.as_str()) && first != "scope_id")
        .collect()
}

fn databases() -> (Home, Database, Database) {
    let home = Home::new(Storage::Sqlite);
    let sqlite = Database::open_on(&home.path().join("server.sqlite"), &RealDisk).unwrap();
    let postgres = Database::open_at(&Cluster::shared().database(), None).unwrap();
    (home, sqlite, postgres)
}

#[test]
fn every_unique_key_of_a_scope_begins_with_it() {
    let (_home, sqlite, postgres) = databases();
    for (database, sql) in [(&sqlite, SQLITE_KEYS), (&postgres, POSTGRES_KEYS)] {
        let keys = pairs(database, sql);
        assert!(keys.len() > 15, "the keys are found: {keys:?}");
        assert_eq!(not_by_scope(&keys), Vec::<&(String, String)>::new());
        // The same reading finds one that does not.
        database
            .write(|tx| {
                tx.run(
                    "CREATE TABLE wrong (id INT, scope_id INT, UNIQUE (id, scope_id))",
                    &[],
                )
            })
            .unwrap();
        assert_eq!(not_by_scope(&pairs(database, sql)).len(), 1);
    }
}

#[test]
fn both_databases_have_the_same_tables_and_columns() {
    let (_home, sqlite, postgres) = databases();
    let one = pairs(&sqlite, SQLITE_COLUMNS);
    let other = pairs(&postgres, POSTGRES_COLUMNS);
    assert!(one.len() > 60, "{one:?}");
    assert_eq!(
        one.symmetric_difference(&other).collect::<Vec<_>>(),
        Vec::<&(String, String)>::new()
    );
    let kept: Pairs = TABLES
        .iter()
        .flat_map(|table| table.columns.iter().map(|column| (table.name, *column)))
        .map(|(table, column)| (table.to_owned(), column.to_owned()))
        .collect();
    let left_out: Vec<_> = one
        .symmetric_difference(&kept)
        .filter(|(table, _)| !MADE_ANEW.contains(&table.as_str()) && table != "tree")
        .collect();
    assert_eq!(
        left_out,
        Vec::<&(String, String)>::new(),
        "backups hold every column"
    );
    for table in REFERENCE_TABLES {
        assert!(one.iter().any(|(known, _)| known == table), "{table}");
    }
}

/// A table that is in no list would stay on one node, and every statement that joins it to others would be refused.
#[test]
fn the_page_on_distributing_names_every_table_once() {
    let page = include_str!("../POSTGRESQL.md");
    let (_home, sqlite, _postgres) = databases();
    let columns = pairs(&sqlite, SQLITE_COLUMNS);
    let tables: BTreeSet<&str> = columns.iter().map(|(table, _)| table.as_str()).collect();
    // A view asks its tables.
    for table in tables.into_iter().filter(|table| *table != "tree") {
        let whole = page.contains(&format!("create_reference_table('{table}')"));
        let scoped = columns.contains(&(table.to_owned(), "scope_id".to_owned()));
        assert_eq!(whole, REFERENCE_TABLES.contains(&table), "{table}");
        assert!(whole || scoped, "{table} belongs to no scope");
        let named = page.matches(&format!("'{table}'")).count();
        // The first of those that are distributed is named twice, since the others lie beside it.
        assert_eq!(named, if table == "scope_head" { 2 } else { 1 }, "{table}");
    }
}

#[test]
fn those_who_come_at_once_all_come_through_and_no_number_is_left_out() {
    let (_home, at) = running_on(Storage::Postgres);
    let code = at.invite_for("Kati", Some("CSCom de Farako"), Role::Member, 6);
    let laptops: Vec<Laptop> = thread::scope(|scope| {
        let coming: Vec<_> = (1..=6)
            .map(|secret| {
                let (at, code) = (&at, &code);
                scope.spawn(move || {
                    let mut laptop = Laptop::new(secret);
                    laptop.enrol(at, code, None).unwrap();
                    for n in 0..8 {
                        laptop.idea(laptop.home(), &format!("Idée {n}"));
                        laptop.sync(at);
                    }
                    laptop
                })
            })
            .collect();
        coming.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let home = laptops[0].home();
    for mut laptop in laptops.clone() {
        laptop.sync(&at);
        for other in &laptops {
            assert_eq!(laptop.holds(home, other.replica()), 8);
        }
    }
    // Numbers without gaps are among the things that an examination looks at.
    assert_sound(&at.server);
}

#[test]
fn one_use_of_an_invitation_is_one_use_however_many_come_at_once() {
    let (_home, at) = running_on(Storage::Postgres);
    let code = at.invite("Kati", Some("CSCom de Farako"), Role::Member);
    let came: Vec<Result<(), String>> = thread::scope(|scope| {
        let coming: Vec<_> = (1..=8)
            .map(|secret| {
                let (at, code) = (&at, &code);
                scope.spawn(move || Laptop::new(secret).enrol(at, code, None).map(|_| ()))
            })
            .collect();
        coming.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let refused: Vec<_> = came.iter().filter_map(|one| one.as_ref().err()).collect();
    assert_eq!(refused, vec!["invitation-used"; 7]);
}

#[test]
fn a_database_that_does_not_promise_durability_is_not_opened() {
    let address = Cluster::shared().database();
    drop(Database::open_at(&address, None).unwrap());
    let name = address.rsplit('=').next().unwrap();
    let mut client = postgres::Client::connect(&address, postgres::NoTls).unwrap();
    let lax = format!("ALTER DATABASE {name} SET synchronous_commit = off");
    client.batch_execute(&lax).unwrap();
    let refused = Database::open_at(&address, None).unwrap_err();
    assert!(
        matches!(refused, storage::Error::Setting("synchronous_commit=on")),
        "{refused}"
    );
}

#[test]
fn an_address_that_leads_nowhere_is_told_without_the_password() {
    let nowhere = "postgres://nyetaa:hemligt@127.0.0.1:1/nyetaa";
    let told = Database::open_at(nowhere, None).unwrap_err();
    let told = format!("{told} {told:?}");
    assert!(!told.contains("hemligt"), "{told}");
}

#[test]
fn a_database_killed_under_load_keeps_every_save_that_was_receipted() {
    const LAPTOPS: u8 = 4;
    const KILLS: u32 = 3;
    let cluster = Cluster::start();
    let home = Home::in_cluster(&cluster);
    let at = Running::at_with_clock(&home, TestClock::new());
    let code = at.invite_for(
        "Kati",
        Some("CSCom de Farako"),
        Role::Member,
        u32::from(LAPTOPS),
    );
    let (receipts, failures, enough) =
        (AtomicU32::new(0), AtomicU32::new(0), AtomicBool::new(false));
    let laptops: Vec<Laptop> = thread::scope(|scope| {
        let working: Vec<_> = (1..=LAPTOPS)
            .map(|secret| {
                let mut laptop = Laptop::new(secret);
                laptop.enrol(&at, &code, None).unwrap();
                let (at, receipts, failures, enough) = (&at, &receipts, &failures, &enough);
                scope.spawn(move || {
                    work_until(&mut laptop, at, receipts, failures, enough);
                    laptop
                })
            })
            .collect();
        for _ in 0..KILLS {
            let seen = receipts.load(Ordering::SeqCst);
            while receipts.load(Ordering::SeqCst) < seen + 20 {
                thread::sleep(Duration::from_millis(1));
            }
            cluster.kill();
            // Someone must have noticed, or nothing was shown.
            let before = failures.load(Ordering::SeqCst);
            while failures.load(Ordering::SeqCst) == before {
                thread::sleep(Duration::from_millis(1));
            }
            cluster.go();
        }
        enough.store(true, Ordering::SeqCst);
        working.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let scope = laptops[0].home();
    for laptop in &laptops {
        let last = laptop.tip(scope).last_seq;
        assert!(last > 0);
        for seq in 1..=last {
            let record = domain::ids::RecordId::counted(laptop.replica(), seq);
            let there = idea_at(&at.server, scope, record);
            assert!(there.is_some(), "save {seq} was receipted and is lost");
        }
    }
    assert_sound(&at.server);
}

/// Saves and sends one save after the other, and sends each until it is receipted.
fn work_until(
    laptop: &mut Laptop,
    at: &Running,
    receipts: &AtomicU32,
    failures: &AtomicU32,
    enough: &AtomicBool,
) {
    let home = laptop.home();
    while !enough.load(Ordering::SeqCst) {
        laptop.idea(home, "Appeler la veille");
        let tip = laptop.tip(home);
        loop {
            let request = laptop.request(false);
            match laptop.ask(at, &request) {
                Ok(answer) => {
                    // One that was receipted and lost would leave a gap here.
                    assert!(answer.refused.is_empty(), "{:?}", answer.refused);
                    let mine = answer.accepted.iter().find(|one| one.scope == home);
                    let mine = mine.expect("a receipt");
                    assert_eq!((mine.seq, mine.hash), (tip.last_seq, tip.hash));
                    laptop.take_in(&answer);
                    receipts.fetch_add(1, Ordering::SeqCst);
                    break;
                }
                Err(code) => {
                    assert_eq!(code, "server-error", "a laptop is told to come again");
                    failures.fetch_add(1, Ordering::SeqCst);
                    thread::sleep(Duration::from_millis(20));
                }
            }
        }
    }
}

/// By TLS with the programme's own root: whoever stands in between is not spoken to, and nothing goes in the clear.
#[test]
fn a_database_elsewhere_is_reached_by_tls_and_its_certificate_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let root = Root::new();
    root.issue(folder.path(), "db.example.ml");
    let file = |name: &str, root: &Root| {
        let path = folder.path().join(name);
        std::fs::write(&path, root.pem()).unwrap();
        path
    };
    let (ours, another) = (file("root.pem", &root), file("other.pem", &Root::new()));
    let cluster = Cluster::start_by_tls(folder.path());
    cluster.command("CREATE ROLE nyetaa LOGIN PASSWORD 'kɔrɔbɔli'");
    cluster.command("CREATE DATABASE nyetaa OWNER nyetaa");
    let address = |host: &str, rest: &str| {
        let port = cluster.port.unwrap();
        format!(
            "host={host} hostaddr=127.0.0.1 port={port} user=nyetaa password=kɔrɔbɔli dbname=nyetaa {rest}"
        )
    };
    let right = address("db.example.ml", "sslmode=verify-full");

    // With the password bound to this very connection, so that nobody in between could pass it on.
    for rest in ["sslmode=verify-full", "", "channel_binding=require"] {
        let address = address("db.example.ml", rest);
        let database = Database::open_at(&address, Some(&ours)).unwrap();
        let encrypted: i64 = database
            .read(|tx| {
                let sql = "SELECT CAST(CAST(ssl AS int) AS bigint) FROM pg_stat_ssl
                    WHERE pid = pg_backend_pid()";
                tx.rows(sql, &[])?.remove(0).take()
            })
            .unwrap();
        assert_eq!(encrypted, 1, "{rest}");
    }
    let refused = |address: &str, root: Option<&std::path::Path>| {
        let error = Database::open_at(address, root).unwrap_err();
        let told = format!("{error} {error:?}");
        assert!(!told.contains("kɔrɔbɔli"), "{told}");
        told
    };
    let stranger = refused(&right, Some(&another));
    assert!(stranger.contains("InvalidCertificate"), "{stranger}");
    let misnamed = refused(&address("other.example.ml", ""), Some(&ours));
    assert!(misnamed.contains("NotValidForName"), "{misnamed}");
    let unchecked = refused(&right, None);
    assert!(unchecked.contains("--database-root"), "{unchecked}");
    let both = refused(&address("db.example.ml", "sslmode=disable"), Some(&ours));
    assert!(both.contains("sslmode=disable"), "{both}");
    let no_root = refused(&right, Some(&folder.path().join("key.pem")));
    assert!(no_root.contains("no root certificate"), "{no_root}");

    // One that no longer speaks TLS is not spoken to in the clear.
    cluster.command("ALTER SYSTEM SET ssl = off");
    cluster.command("SELECT pg_reload_conf()");
    let plain = refused(&right, Some(&ours));
    assert!(plain.contains("does not support TLS"), "{plain}");
}
