//! The laptop's store as an executor of merges: the shared table of cases, the rebuilding of the tables from the
//! log, and the tables against the registry.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail"
)]

use std::collections::BTreeMap;

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::registry::Kind;
use nyetaa_tests::{Laptop, Pair, dump};
use serde_json::{Value as Json, json};
use store::Store;
use store::project::{FieldAt, heads};
use sync::cases::{Arrival, MergeCase, laptops, merge_cases};
use sync::heads::alternatives;
use sync::log::Save;
use sync::segment::{Tip, seal};

const NOW: u64 = 1_784_116_800_000;

/// A store that only receives.
struct Reader {
    store: Store,
    scope: ScopeId,
    tips: BTreeMap<ReplicaId, Tip>,
    _folder: tempfile::TempDir,
}

impl Reader {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), &[1; 32], &[2; 32]).unwrap();
        Self {
            store,
            scope: RecordId::natural(&[b"the place of the cases"]).as_scope(),
            tips: BTreeMap::new(),
            _folder: folder,
        }
    }

    fn receive(&mut self, saves: &[&Arrival]) {
        let replica = saves[0].replica;
        let key = laptops()
            .into_iter()
            .find(|key| key.replica() == replica)
            .unwrap();
        let tip = self.tips.entry(replica).or_insert(Tip::start(self.scope));
        let saves: Vec<Save> = saves.iter().map(|arrival| arrival.save.clone()).collect();
        let sealed = seal(&key, tip, &saves).unwrap();
        *tip = sealed.tip();
        self.store.take(&sealed.bytes).unwrap();
    }

    fn check(&self, case: &MergeCase, how: &str) {
        for expected in &case.expected {
            let at = FieldAt {
                scope: self.scope,
                kind: expected.of.kind,
                record: expected.of.record,
                field: expected.of.field,
            };
            let heads = self.store.read(|conn| heads(conn, &at)).unwrap();
            let others: Vec<_> = alternatives(&heads)
                .iter()
                .map(|head| head.value.clone())
                .collect();
            assert_eq!(heads[0].value, expected.shown, "{} {how}", case.name);
            assert_eq!(others, expected.alternatives, "{} {how}", case.name);
        }
        assert_eq!(
            self.store.held().unwrap(),
            0,
            "{} {how}: nothing waits at the end",
            case.name
        );
    }
}

#[test]
fn every_case_ends_alike_in_every_order_of_arrival() {
    for case in merge_cases() {
        for (number, order) in case.orders().into_iter().enumerate() {
            let mut reader = Reader::new();
            for arrival in &order {
                reader.receive(&[arrival]);
                reader.store.apply(reader.scope, NOW).unwrap();
            }
            reader.check(&case, &format!("order {number}"));
            reader.store.rebuild(NOW).unwrap();
            reader.check(&case, &format!("order {number}, rebuilt"));
        }
    }
}

#[test]
fn streams_that_arrive_whole_and_are_applied_once_end_alike_too() {
    for case in merge_cases() {
        let mut streams: BTreeMap<ReplicaId, Vec<&Arrival>> = BTreeMap::new();
        for arrival in case.arrivals() {
            streams.entry(arrival.replica).or_default().push(arrival);
        }
        let mut reader = Reader::new();
        for stream in streams.values() {
            reader.receive(stream);
        }
        reader.store.apply(reader.scope, NOW).unwrap();
        reader.check(&case, "whole streams");
    }
}

/// Dumps, empties, rebuilds and dumps again.
fn rebuilds_alike(laptop: &Laptop) {
    laptop.app().with(|cx| {
        let before = cx.store().read(dump).unwrap();
        assert!(
            before.values().map(Vec::len).sum::<usize>() > 30,
            "there is something to compare"
        );
        cx.store().rebuild(cx.now_ms).unwrap();
        let after = cx.store().read(dump).unwrap();
        for (table, rows) in &before {
            assert_eq!(rows, &after[table], "{table}");
        }
    });
}

#[test]
fn the_tables_are_what_the_log_says() {
    let (pair, cycle) = Pair::at_work();
    let plan =
        json!({ "title": "Rappel", "who": "Awa", "prediction": "+5", "starts": "2026-02-02" });
    let trial = pair.clinic.part("save_trial", &cycle, &Json::Null, plan);
    pair.clinic.part(
        "save_lesson",
        &cycle,
        &Json::Null,
        json!({ "title": "Appeler la veille", "trial": trial }),
    );
    pair.sync_both();
    pair.clinic_changes("2026-03", "13");
    pair.coach_corrects("2026-03", "14", "recompté");
    pair.coach.call(
        "save_comment",
        json!({ "id": null, "about": trial, "text": "Bravo", "seen": null }),
    );
    let idea = pair.clinic.cycle(&cycle)["ideas"][0].clone();
    pair.clinic.call(
        "delete_record",
        json!({ "kind": "idea", "id": idea["meta"]["id"], "reason": null }),
    );
    pair.sync_both();
    pair.clinic_changes("2026-04", "15");
    for laptop in [&pair.clinic, &pair.coach] {
        rebuilds_alike(laptop);
    }
    // And work goes on upon rebuilt tables.
    pair.clinic_changes("2026-05", "16");
    pair.sync_both();
    assert_eq!(pair.cells("2026-05")[1]["numerator"], 16.0);
    assert_eq!(
        pair.cells("2026-03")[0]["open"],
        pair.cells("2026-03")[1]["open"]
    );
}

#[test]
fn the_example_is_what_its_log_says() {
    let laptop = Laptop::new(&nyetaa_tests::Time::default());
    laptop.call("open_practice", json!({ "language": "fr" }));
    rebuilds_alike(&laptop);
}

#[test]
fn each_kind_has_a_table_with_the_columns_of_the_registry() {
    let reader = Reader::new();
    for kind in Kind::ALL {
        let columns: Vec<String> = reader
            .store
            .read(|conn| {
                let mut names = conn.prepare("SELECT name FROM pragma_table_info(?1)")?;
                let names = names.query_map([kind.table()], |row| row.get(0))?;
                Ok::<_, store::Error>(names.collect::<rusqlite::Result<_>>()?)
            })
            .unwrap();
        let mut expected: Vec<&str> = vec!["id", "scope", "stamps", "deleted"];
        expected.extend(kind.fields().iter().map(|field| field.name));
        assert_eq!(columns, expected, "{}", kind.table());
    }
}
