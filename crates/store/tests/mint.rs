//! A laptop that was copied or restored goes on under a new name: nothing is lost, nothing stands twice as an open
//! question, and no number is given twice.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod common;

use common::*;
use proptest::prelude::*;
use store::{Draft, Edit, Error, Seen};
use sync::log::{Dot, Save, SaveKind};

#[test]
fn what_the_hub_does_not_hold_is_saved_again_under_the_new_name() {
    let (laptop, hub) = (Laptop::new(1), Laptop::new(9));
    laptop.types(0, 1);
    assert!(laptop.exchanges(&hub));
    laptop.types(0, 2);
    laptop.seal();
    laptop.saves(&[(0, 3), (3, 3)]);
    let (old, before) = (laptop.store.replica(), laptop.store.waiting().unwrap());
    assert_eq!(laptop.mints(2), 2);
    assert_ne!(laptop.store.replica(), old);
    let after = laptop.store.waiting().unwrap();
    let bare = |saves: &[(domain::ids::ScopeId, u64, Save)]| -> Vec<Save> {
        let mut saves: Vec<Save> = saves.iter().map(|(_, _, save)| save.clone()).collect();
        saves
            .iter_mut()
            .flat_map(|save| &mut save.changes)
            .for_each(|change| change.seen.clear());
        saves
    };
    assert_eq!(
        bare(&before),
        bare(&after),
        "author, kind, stamp, values, order"
    );
    let numbers: Vec<u64> = after.iter().map(|(_, seq, _)| *seq).collect();
    assert_eq!(numbers, [1, 2]);
    let named = |n: usize| {
        let seen = &after[n].2.changes[0].seen[0];
        (seen.replica, seen.seq)
    };
    assert_eq!(named(0), (old, 1), "what the hub holds keeps its name");
    assert_eq!(
        named(1),
        (laptop.store.replica(), 1),
        "what moved is named anew"
    );
    laptop.rebuilds_alike();
    assert!(laptop.exchanges(&hub));
    assert_eq!(hub.says(), laptop.says());
    assert_eq!(hub.shows(0), [value(0, 3)]);
    assert!(laptop.store.waiting().unwrap().is_empty());
}

#[test]
fn the_name_changes_in_an_open_store_and_stays_after_it_is_opened_again() {
    let laptop = Laptop::new(1);
    laptop.types(0, 1);
    laptop.store.set_meta("last_binding", b"12345678").unwrap();
    laptop.mints(2);
    assert_eq!(laptop.store.meta("minted_from").unwrap(), Some(vec![1; 32]));
    assert_eq!(laptop.store.meta("last_binding").unwrap(), None);
    let name = laptop.store.replica();
    laptop.types(1, 4);
    assert_eq!(laptop.heads(1)[0].dot.replica, name);
    laptop.mints(3);
    assert_eq!(
        laptop.store.meta("minted_from").unwrap(),
        Some(vec![1; 32]),
        "the name that the server knows"
    );
    let name = laptop.store.replica();
    let Laptop { store, folder } = laptop;
    drop(store);
    let store = open(folder.path(), 7);
    assert_eq!(store.replica(), name);
    assert_eq!(heads(&store, 1)[0].value, value(1, 4));
}

#[test]
fn a_form_that_was_open_meanwhile_is_saved_upon_what_it_showed() {
    let (laptop, hub) = (Laptop::new(1), Laptop::new(9));
    laptop.types(0, 1);
    let token = laptop.heads(0)[0].dot;
    laptop.mints(2);
    let (kind, number, field) = FIELDS[0];
    let save = |n: u8, seen: Seen| {
        let edit = Edit {
            kind,
            record: record(number),
            field,
            value: value(0, n),
            seen,
        };
        let draft = Draft {
            scope: scope(),
            author: record(200),
            grant: 1,
            kind: SaveKind::Edit,
            reason: None,
            edits: vec![edit],
        };
        laptop
            .store
            .write(NOW, |w| w.save(draft).map(|_| ()))
            .unwrap();
    };
    save(2, Seen::Dot(token));
    let seen = laptop.store.waiting().unwrap()[1].2.changes[0].seen.clone();
    assert_eq!(seen.len(), 1);
    assert_eq!((seen[0].replica, seen[0].seq), (laptop.store.replica(), 1));
    // What was never here is not named: whoever received it would wait for ever.
    let nowhere = Dot { seq: 900, ..token };
    save(3, Seen::Dot(nowhere));
    assert!(laptop.exchanges(&hub));
    assert_eq!(hub.store.held().unwrap(), 0);
    assert_eq!(hub.shows(0), [value(0, 3)]);
}

#[test]
fn a_name_is_not_taken_twice() {
    let laptop = Laptop::new(1);
    laptop.types(0, 1);
    assert!(matches!(
        laptop.store.mint(&[1; 32], NOW),
        Err(Error::Forked)
    ));
    assert_eq!(laptop.shows(0), [value(0, 1)], "and nothing has changed");
}

#[test]
fn a_copy_and_its_original_both_keep_what_they_saved() {
    let (original, hub) = (Laptop::new(1), Laptop::new(9));
    original.types(0, 1);
    assert!(original.exchanges(&hub));
    let copy = original.copy();
    original.types(0, 2);
    copy.types(0, 3);
    copy.types(3, 3);
    assert!(original.exchanges(&hub));
    assert!(!copy.sends(&hub), "the second past is seen");
    assert_eq!(copy.mints(2), 2);
    assert!(copy.exchanges(&hub));
    assert!(original.exchanges(&hub));
    for laptop in [&original, &copy, &hub] {
        let mut shown = laptop.shows(0);
        shown.sort();
        assert_eq!(
            shown,
            [value(0, 2), value(0, 3)],
            "a true conflict: a person decides"
        );
        assert_eq!(laptop.shows(3), [value(3, 3)]);
        laptop.rebuilds_alike();
    }
}

#[test]
fn work_that_had_arrived_after_all_is_no_question() {
    let (laptop, hub, colleague) = (Laptop::new(1), Laptop::new(9), Laptop::new(5));
    laptop.types(0, 1);
    laptop.types(0, 2);
    let backup = laptop.copy();
    assert!(
        laptop.exchanges(&hub),
        "it arrives, and the laptop dies before the next backup"
    );
    assert!(colleague.exchanges(&hub));
    colleague.types(0, 7);
    assert!(colleague.exchanges(&hub));
    // The backup does not know that it was sent.
    backup.types(3, 4);
    assert_eq!(backup.mints(2), 3);
    for _ in 0..2 {
        assert!(backup.exchanges(&hub));
        assert!(colleague.exchanges(&hub));
    }
    for other in [&backup, &hub, &colleague] {
        assert_eq!(other.shows(0), [value(0, 7)], "the colleague had seen it");
        assert_eq!(other.shows(3), [value(3, 4)]);
        assert_eq!(other.store.held().unwrap(), 0);
        other.rebuilds_alike();
    }
}

#[test]
fn an_own_save_that_names_one_still_to_come_waits_for_it() {
    let (laptop, colleague, hub) = (Laptop::new(1), Laptop::new(5), Laptop::new(9));
    laptop.types(0, 1);
    laptop.gives(&colleague);
    colleague.types(0, 2);
    colleague.gives(&laptop);
    laptop.types(0, 3);
    laptop.types(3, 8);
    // Nothing of it has reached the hub: the colleague's save names one that is gone for now, and ours names that.
    laptop.mints(2);
    assert_eq!(
        laptop.store.held().unwrap(),
        2,
        "the colleague's, and ours behind it"
    );
    assert_eq!(laptop.store.waits().unwrap().len(), 2);
    assert_eq!(
        laptop.shows(3),
        [value(3, 8)],
        "what names nothing of it stays in sight"
    );
    laptop.types(4, 6);
    assert_eq!(laptop.shows(4), [value(4, 6)], "work goes on meanwhile");
    laptop.seal();
    laptop.rebuilds_alike();
    assert!(colleague.exchanges(&hub));
    colleague.gives(&hub);
    for _ in 0..2 {
        assert!(laptop.exchanges(&hub));
        assert!(colleague.exchanges(&hub));
    }
    for other in [&laptop, &hub, &colleague] {
        assert_eq!(other.shows(0), [value(0, 3)]);
        assert_eq!(other.shows(4), [value(4, 6)]);
        assert_eq!(other.store.held().unwrap(), 0);
        other.rebuilds_alike();
    }
    assert_eq!(laptop.says(), hub.says());
    assert_eq!(laptop.says(), colleague.says());
}

#[test]
fn a_purged_scope_that_is_granted_again_goes_on_with_its_numbers() {
    let (laptop, hub) = (Laptop::new(1), Laptop::new(9));
    laptop.types(0, 1);
    laptop.types(0, 2);
    assert!(matches!(laptop.store.purge(scope()), Err(Error::Unsent)));
    assert!(laptop.exchanges(&hub));
    laptop.store.purge(scope()).unwrap();
    assert!(laptop.says().iter().all(Vec::is_empty), "nothing is left");
    assert!(laptop.store.vector(&scopes()).unwrap().is_empty());
    assert!(laptop.store.pending().unwrap().is_empty());
    // Granted again, and written before the log has come back.
    laptop.types(1, 5);
    laptop.seal();
    assert!(
        laptop
            .store
            .unsent(&scopes(), usize::MAX)
            .unwrap()
            .is_empty()
    );
    assert_eq!(laptop.store.pending().unwrap()[0].saves, 1);
    hub.gives(&laptop);
    assert_eq!(laptop.shows(0), [value(0, 2)]);
    assert_eq!(laptop.heads(1)[0].dot.seq, 3, "no number is given twice");
    laptop.rebuilds_alike();
    assert!(laptop.exchanges(&hub));
    assert_eq!(hub.says(), laptop.says());
    assert!(laptop.store.pending().unwrap().is_empty());
}

#[test]
fn a_purged_scope_comes_back_by_a_snapshot_too() {
    let (laptop, hub) = (Laptop::new(1), Laptop::new(9));
    laptop.types(0, 1);
    assert!(laptop.exchanges(&hub));
    laptop.store.purge(scope()).unwrap();
    laptop.types(1, 5);
    laptop.loads(&hub);
    assert!(laptop.exchanges(&hub));
    assert_eq!(laptop.heads(1)[0].dot.seq, 2);
    assert_eq!(hub.says(), laptop.says());
    laptop.rebuilds_alike();
}

#[test]
fn a_foreign_stream_with_a_second_past_is_cut_back_and_put_aside() {
    let (original, hub, reader) = (Laptop::new(1), Laptop::new(9), Laptop::new(5));
    original.types(0, 1);
    original.gives(&reader);
    assert!(original.exchanges(&hub));
    let copy = original.copy();
    original.types(0, 2);
    copy.types(0, 3);
    copy.gives(&reader);
    assert!(original.exchanges(&hub));
    let replica = original.store.replica();
    let cut = reader.store.cut_back(scope(), replica, 1, NOW).unwrap();
    assert_eq!((cut, reader.shows(0)), (1, vec![value(0, 1)]));
    let aside = reader.store.aside().unwrap();
    assert_eq!(
        (aside.len(), aside[0].reason.as_str(), aside[0].first_seq),
        (1, "fork", 2)
    );
    hub.gives(&reader);
    assert_eq!(reader.says(), hub.says());
    // It lies aside until what it says stands here under the copy's new name.
    assert!(!reader.store.forget_saved_again(aside[0].id).unwrap());
    copy.store.mint(&[77; 32], NOW).unwrap();
    copy.gives(&reader);
    assert!(reader.store.forget_saved_again(aside[0].id).unwrap());
    assert_eq!(reader.store.aside().unwrap(), []);
    let own = reader.store.replica();
    assert!(matches!(
        reader.store.cut_back(scope(), own, 0, NOW),
        Err(Error::NotFound)
    ));
}

/// What happens in a property test.
#[derive(Debug, Clone)]
enum Step {
    Types(usize, usize),
    Exchanges(usize),
    AnswerLost(usize),
    Mints(usize),
    PurgedAndGranted(usize),
    Gives(usize, usize),
    Loads(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0..3_usize, 0..FIELDS.len()).prop_map(|(l, f)| Step::Types(l, f)),
        3 => (0..3_usize).prop_map(Step::Exchanges),
        2 => (0..3_usize).prop_map(Step::AnswerLost),
        1 => (0..3_usize).prop_map(Step::Mints),
        1 => (0..3_usize).prop_map(Step::PurgedAndGranted),
        2 => (0..3_usize, 0..3_usize).prop_map(|(a, b)| Step::Gives(a, b)),
        1 => (0..3_usize).prop_map(Step::Loads),
    ];
    prop::collection::vec(step, 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_and_nothing_asked_twice(steps in steps()) {
        let laptops = [Laptop::new(1), Laptop::new(2), Laptop::new(3)];
        let hub = Laptop::new(99);
        let (mut name, mut minted) = (10, [false; 3]);
        // Each typed value is new, so that it can be told from every other.
        let mut typed: Vec<(usize, u8)> = Vec::new();
        let mut replaced = Vec::new();
        for step in steps {
            match step {
                Step::Types(laptop, field) => {
                    let n = u8::try_from(typed.len()).unwrap() + 1;
                    // Whoever types has what is shown before their eyes.
                    let shown = laptops[laptop].shows(field).into_iter().next();
                    replaced.extend(shown.map(|value| (field, value)));
                    laptops[laptop].types(field, n);
                    typed.push((field, n));
                }
                // As long as there is something to send: a copy that gives way is a save too.
                Step::Exchanges(laptop) => for _ in 0..3 {
                    prop_assert!(laptops[laptop].exchanges(&hub));
                },
                Step::AnswerLost(laptop) => prop_assert!(laptops[laptop].sends(&hub)),
                Step::Mints(laptop) => {
                    laptops[laptop].mints(name);
                    (name, minted[laptop]) = (name + 1, true);
                }
                Step::PurgedAndGranted(laptop) => {
                    for _ in 0..3 {
                        prop_assert!(laptops[laptop].exchanges(&hub));
                    }
                    // What a stick brought of others goes too: nobody else may have it.
                    laptops[laptop].gives(&hub);
                    laptops[laptop].store.purge(scope()).unwrap();
                }
                Step::Gives(from, to) => if from != to {
                    laptops[from].gives(&laptops[to]);
                },
                // Snapshots are for those who hold nothing yet, so never for one that was copied.
                Step::Loads(laptop) => if !minted[laptop] {
                    let (snapshot, bytes) = hub.snapshot();
                    let loaded = laptops[laptop].store.load_snapshot(&snapshot, &bytes, NOW);
                    prop_assert!(matches!(loaded, Ok(_) | Err(Error::Stale)), "{loaded:?}");
                }
            }
        }
        all_end_alike(&laptops, &hub);
        // Every typed value is in the log, and so stands or was written over by someone who had it before them.
        for (field, value) in replaced {
            prop_assert!(!hub.shows(field).contains(&value), "{field}: {value:?} was answered for");
        }
        for (field, n) in typed {
            let (_, number, column) = FIELDS[field];
            let written = hub.store.history(scope(), record(number)).unwrap().into_iter().any(|(_, _, save)| {
                save.changes.iter().any(|change| change.field == column && change.value == value(field, n))
            });
            prop_assert!(written, "{field} = {n} is in the log");
        }
    }
}

#[test]
fn copies_of_one_laptop_give_no_number_to_two_records() {
    let laptop = Laptop::new(1);
    let founds = |of: &Laptop| of.store.write(NOW, |w| w.new_record()).unwrap().0;
    let first = founds(&laptop);
    let copies = [laptop.copy_by(2), laptop.copy_by(3)];
    // Nobody has noticed: they bear one name. Each founds ten records, and they are thirty.
    let all = [&laptop, &copies[0], &copies[1]];
    assert!(
        all.iter()
            .all(|one| one.store.replica() == laptop.store.replica())
    );
    let records: std::collections::BTreeSet<_> = all
        .iter()
        .flat_map(|one| (0..10).map(|_| founds(one)))
        .chain([first])
        .collect();
    assert_eq!(records.len(), 31);
}

#[test]
fn a_laptop_put_back_gives_no_number_a_second_time() {
    let mut laptop = Laptop::new(1);
    let backup = laptop.copy_by(2);
    let mut records = std::collections::BTreeSet::new();
    for chance in 3..6 {
        for _ in 0..10 {
            let (founded, _) = laptop.store.write(NOW, |w| w.new_record()).unwrap();
            assert!(
                records.insert(founded),
                "{founded} stood for another record"
            );
        }
        laptop = backup.copy_by(chance);
    }
}
