//! Ramps: the trials of one idea in a row, each going on from the one before and larger as belief in the change grows
//! (Langley et al., The Improvement Guide, 2009, ch. 7).

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::RecordId;

/// A trial, as far as its place in a ramp goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// The trial.
    pub id: RecordId,
    /// The idea that it tries.
    pub idea: Option<RecordId>,
    /// The trial that it goes on from.
    pub after: Option<RecordId>,
    /// Its first day, ISO; one without a day stands behind those that have one.
    pub starts: Option<String>,
}

/// The ramps of a cycle, and in each its trials from the first on. Trials of one idea belong together, and one with the trial
/// that it goes on from. Each trial stands in exactly one ramp, once, also where laptops merged them into a ring; a trial stands
/// behind the one that it goes on from, and otherwise by its first day.
pub fn ramps(tests: &[Test]) -> Vec<Vec<RecordId>> {
    let mut order: Vec<&Test> = tests.iter().collect();
    order.sort_by_key(|test| (test.starts.is_none(), &test.starts, test.id));
    let place: BTreeMap<RecordId, usize> = order
        .iter()
        .enumerate()
        .map(|(at, test)| (test.id, at))
        .collect();
    let mut together: Vec<BTreeSet<usize>> = Vec::new();
    for (at, test) in order.iter().enumerate() {
        let mut joined = BTreeSet::from([at]);
        let parent = test.after.and_then(|id| place.get(&id).copied());
        let touches = |ramp: &BTreeSet<usize>| {
            ramp.iter().any(|other| {
                let other_test = order[*other];
                parent == Some(*other)
                    || other_test.after == Some(test.id)
                    || (test.idea.is_some() && other_test.idea == test.idea)
            })
        };
        let (near, far): (Vec<_>, Vec<_>) = together.into_iter().partition(touches);
        joined.extend(near.into_iter().flatten());
        together = far;
        together.push(joined);
    }
    together.sort_by_key(|ramp| ramp.first().copied());
    together
        .into_iter()
        .map(|mut left| {
            let mut row = Vec::new();
            while !left.is_empty() {
                let waits = |at: &usize| {
                    let parent = order[*at].after.and_then(|id| place.get(&id));
                    parent.is_some_and(|parent| parent != at && left.contains(parent))
                };
                // Where each waits for another, the first one opens the ring.
                let next = left.iter().find(|at| !waits(at)).or(left.first()).copied();
                if let Some(next) = next {
                    left.remove(&next);
                    row.push(order[next].id);
                }
            }
            row
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(number: u8) -> RecordId {
        RecordId::from_bytes([number; 16])
    }

    fn test(number: u8, idea: Option<u8>, after: Option<u8>, starts: Option<&str>) -> Test {
        Test {
            id: id(number),
            idea: idea.map(id),
            after: after.map(id),
            starts: starts.map(str::to_owned),
        }
    }

    #[test]
    fn the_tests_of_an_idea_stand_in_a_row() {
        let found = ramps(&[
            test(1, Some(9), None, Some("2026-05-01")),
            test(2, Some(8), None, Some("2026-03-01")),
            test(3, Some(9), None, Some("2026-02-01")),
            // Without an idea of its own, and without a day yet.
            test(4, None, Some(1), None),
            test(5, None, None, None),
        ]);
        assert_eq!(found, [vec![id(3), id(1), id(4)], vec![id(2)], vec![id(5)]]);
    }

    #[test]
    fn one_that_goes_on_stands_behind_whatever_its_day() {
        let found = ramps(&[
            test(1, None, Some(2), Some("2026-01-01")),
            test(2, None, None, Some("2026-06-01")),
        ]);
        assert_eq!(found, [vec![id(2), id(1)]]);
    }

    #[test]
    fn a_ring_is_shown_all_the_same() {
        let found = ramps(&[
            test(1, None, Some(2), None),
            test(2, None, Some(1), None),
            test(3, None, Some(3), None),
        ]);
        assert_eq!(found, [vec![id(1), id(2)], vec![id(3)]]);
    }

    proptest! {
        #[test]
        fn each_stands_once(of in prop::collection::vec((prop::option::of(0u8..4), prop::option::of(0u8..12)), 0..12)) {
            let tests: Vec<Test> = (0u8..).zip(&of).map(|(n, (idea, after))| test(n, idea.map(|i| i + 100), *after, None)).collect();
            let found = ramps(&tests);
            let mut all: Vec<_> = found.iter().flatten().copied().collect();
            all.sort_unstable();
            prop_assert_eq!(all, tests.iter().map(|one| one.id).collect::<Vec<_>>());
            let ramp_of = |id: RecordId| found.iter().position(|ramp| ramp.contains(&id));
            for one in &tests {
                if let Some(after) = one.after.filter(|after| tests.iter().any(|other| other.id == *after)) {
                    prop_assert_eq!(ramp_of(one.id), ramp_of(after));
                }
                for other in tests.iter().filter(|other| one.idea.is_some() && other.idea == one.idea) {
                    prop_assert_eq!(ramp_of(one.id), ramp_of(other.id));
                }
            }
        }
    }
}
