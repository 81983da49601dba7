//! Work upon what a server that was put back has lost for good: it is saved again upon what stands, and nothing waits.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod common;

use common::*;
use domain::ids::ReplicaId;
use sync::segment::Hash;

/// What a laptop has after the hub that it knew is gone and another one says other of a colleague.
struct After {
    /// It has built upon the colleague's lost past.
    author: Laptop,
    /// Whose past was lost, with the past still.
    colleague: Laptop,
    /// It has another past of the colleague.
    hub: Laptop,
    /// The colleague's name in both pasts.
    name: ReplicaId,
    /// The end of what both have in common.
    common: (u64, Option<Hash>),
}

impl After {
    fn new() -> Self {
        let (author, colleague, hub) = (Laptop::new(1), Laptop::new(5), Laptop::new(9));
        colleague.types(0, 1);
        assert!(colleague.exchanges(&hub));
        let name = colleague.store.replica();
        let common = hub.tip(name);
        let (backup, other) = (hub.copy(), colleague.copy());
        for n in [2, 3] {
            colleague.types(0, n);
            assert!(colleague.exchanges(&hub));
        }
        author.types(3, 1);
        assert!(author.exchanges(&hub));
        author.types(0, 4);
        author.types(3, 2);
        assert!(author.exchanges(&hub));
        assert_eq!(hub.shows(0), [value(0, 4)]);
        // The hub is put back, and a copy of the colleague's laptop under the same name goes on there.
        let hub = backup;
        other.types(1, 7);
        assert!(other.exchanges(&hub));
        author.store.forget_accepted().unwrap();
        assert!(author.sends(&hub));
        author.store.cut_back(scope(), name, 1, NOW).unwrap();
        hub.gives(&author);
        author.hears(&hub);
        Self {
            author,
            colleague,
            hub,
            name,
            common,
        }
    }
}

#[test]
fn what_was_built_upon_a_lost_past_is_saved_again_upon_what_stands() {
    let after = After::new();
    let (author, hub) = (&after.author, &after.hub);
    assert_ne!(author.shows(0), [value(0, 4)], "it waits for good");
    assert!(author.store.waits_for_lost().unwrap());
    assert_eq!(hub.store.held().unwrap(), 2, "and all behind it");
    let before = author.store.replica();
    // From the segment on in which the first of them stands, whatever the hub holds.
    assert_eq!(author.mints(2), 2);
    let newcomer = Laptop::new(7);
    for _ in 0..2 {
        assert!(author.exchanges(hub));
        assert!(newcomer.exchanges(hub));
    }
    assert!(hub.tip(before).0 > 0, "the old stream is there as it was");
    for one in [author, hub, &newcomer] {
        assert_eq!(one.shows(0)[0], value(0, 4));
        assert_eq!(one.shows(1), [value(1, 7)]);
        assert_eq!(one.shows(3), [value(3, 2)]);
        assert!(!one.store.waits_for_lost().unwrap());
        assert_eq!(one.store.held().unwrap(), 0, "nobody misses anything");
        assert_eq!(one.store.waits().unwrap(), []);
        one.rebuilds_alike();
    }
    assert_eq!(author.says(), hub.says());
    assert_eq!(newcomer.says(), hub.says());
}

#[test]
fn what_the_lost_ones_writer_has_saved_again_is_named_in_its_place() {
    let after = After::new();
    let (author, colleague, hub) = (&after.author, &after.colleague, &after.hub);
    // The colleague's own laptop goes on under a new name, with its past.
    colleague.store.forget_accepted().unwrap();
    assert!(!colleague.sends(hub));
    let (seq, hash) = after.common;
    let believed = colleague.store.accept(scope(), seq, &hash.unwrap());
    assert!(believed.unwrap());
    assert_eq!(colleague.mints(6), 2);
    assert!(colleague.exchanges(hub));
    hub.gives(author);
    for lies in author.store.aside().unwrap() {
        assert_eq!(lies.replica, after.name);
        let forgotten = author.store.forget_saved_again(lies.id).unwrap();
        assert!(!forgotten, "who waits for it has yet to name what stands");
    }
    assert!(author.store.waits_for_lost().unwrap());
    author.mints(2);
    for _ in 0..2 {
        assert!(author.exchanges(hub));
        assert!(colleague.exchanges(hub));
    }
    for one in [author, colleague, hub] {
        assert_eq!(one.shows(0), [value(0, 4)], "no question: it was seen");
        assert_eq!(one.store.held().unwrap(), 0);
    }
    assert_eq!(author.says(), hub.says());
    for lies in author.store.aside().unwrap() {
        assert!(author.store.forget_saved_again(lies.id).unwrap());
    }
}

#[test]
fn what_may_still_come_is_no_reason_for_another_name() {
    let (author, colleague) = (Laptop::new(1), Laptop::new(5));
    colleague.types(0, 1);
    colleague.gives(&author);
    author.types(0, 2);
    author.seal();
    // A newcomer has heard of the one and not yet of the other.
    let newcomer = Laptop::new(7);
    for bytes in author.store.unsent(&scopes(), usize::MAX).unwrap() {
        newcomer.store.take(&bytes).unwrap();
    }
    newcomer.store.apply(scope(), NOW).unwrap();
    assert_eq!(newcomer.store.held().unwrap(), 1);
    assert!(!newcomer.store.waits_for_lost().unwrap());
    colleague.gives(&newcomer);
    assert_eq!(newcomer.shows(0), [value(0, 2)]);
}
