//! Records that hang on one another, as causes do. Laptops change them apart, so what is merged may hang on something that was
//! deleted, or two may hang on each other. Nothing is lost by that: each is shown, and reached from the top.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::RecordId;

/// One record of a tree, as it is stored.
#[derive(Debug, Clone, Copy)]
pub struct Node {
    /// The record.
    pub id: RecordId,
    /// What it hangs on.
    pub parent: Option<RecordId>,
    /// Whether it was deleted.
    pub deleted: bool,
}

/// What each of the records that stand is shown below; none at the top. One whose parent was deleted moves up to the next that
/// stands, and a ring opens at its smallest identifier, so that every laptop shows the same.
pub fn hung(nodes: &[Node]) -> BTreeMap<RecordId, Option<RecordId>> {
    let all: BTreeMap<RecordId, &Node> = nodes.iter().map(|node| (node.id, node)).collect();
    let up = |id: RecordId| all.get(&id).and_then(|node| node.parent);
    // Rings are found among everything that is stored, so that what is deleted or restored later moves nothing else.
    let mut tops = BTreeSet::new();
    for id in all.keys() {
        let mut met = BTreeSet::new();
        let mut at = Some(*id);
        while let Some(here) = at.filter(|here| met.insert(*here)) {
            at = up(here).filter(|parent| all.contains_key(parent));
        }
        if let Some(ring) = at {
            let mut smallest = ring;
            let mut next = up(ring);
            while let Some(here) = next.filter(|here| *here != ring) {
                smallest = smallest.min(here);
                next = up(here);
            }
            tops.insert(smallest);
        }
    }
    let standing = nodes.iter().filter(|node| !node.deleted);
    standing
        .map(|node| {
            let mut at = node.id;
            let parent = loop {
                let parent = if tops.contains(&at) { None } else { up(at) };
                match parent.and_then(|id| all.get(&id)) {
                    None => break None,
                    Some(parent) if !parent.deleted => break Some(parent.id),
                    Some(parent) => at = parent.id,
                }
            };
            (node.id, parent)
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

    fn node(number: u8, parent: Option<u8>, deleted: bool) -> Node {
        Node {
            id: id(number),
            parent: parent.map(id),
            deleted,
        }
    }

    #[test]
    fn what_hangs_on_something_deleted_moves_up_to_what_stands() {
        let shown = hung(&[
            node(1, None, false),
            node(2, Some(1), true),
            node(3, Some(2), true),
            node(4, Some(3), false),
            node(5, Some(9), false),
        ]);
        assert_eq!(shown.len(), 3);
        assert_eq!(shown[&id(4)], Some(id(1)));
        assert_eq!(shown[&id(5)], None, "its parent has not come yet");
    }

    #[test]
    fn a_ring_opens_at_one_place() {
        let shown = hung(&[
            node(2, Some(3), false),
            node(3, Some(2), false),
            node(4, Some(3), false),
            node(7, Some(7), false),
        ]);
        assert_eq!(shown[&id(2)], None);
        assert_eq!(shown[&id(3)], Some(id(2)));
        assert_eq!(shown[&id(4)], Some(id(3)));
        assert_eq!(shown[&id(7)], None);
    }

    proptest! {
        #[test]
        fn everything_that_stands_is_shown_and_reached_from_the_top(
            parents in prop::collection::vec((prop::option::of(0u8..14), any::<bool>()), 0..12)
        ) {
            let nodes: Vec<Node> = parents
                .iter()
                .zip(0u8..)
                .map(|((parent, deleted), number)| node(number, *parent, *deleted))
                .collect();
            let shown = hung(&nodes);
            for node in &nodes {
                prop_assert_eq!(shown.contains_key(&node.id), !node.deleted);
            }
            for id in shown.keys() {
                let mut at = *id;
                let mut steps = 0;
                while let Some(parent) = shown[&at] {
                    prop_assert!(shown.contains_key(&parent));
                    at = parent;
                    steps += 1;
                    prop_assert!(steps <= nodes.len());
                }
            }
        }
    }
}
