//! The planted faults of merging do what they are named after. In a process of its own: they are planted in all of it.
#![cfg(feature = "faults")]

use domain::ids::{RecordId, ReplicaId};
use domain::value::Value;
use sync::clock::Hlc;
use sync::fault::{self, Fault};
use sync::heads::{Head, merge};
use sync::log::Dot;

fn head(replica: u8, seq: u64, millis: u64) -> Head {
    Head {
        dot: Dot {
            replica: ReplicaId::from_bytes([replica; 16]),
            seq,
            index: 0,
        },
        hlc: Hlc::from_parts(millis, 0),
        author: RecordId::from_bytes([0; 16]),
        value: Value::Int(millis as i64),
        uncertain: false,
    }
}

#[test]
fn each_fault_breaks_its_own_rule_and_no_other() {
    let (early, late) = (head(1, 1, 10), head(2, 1, 20));
    // Two who did not see each other, and one whose clock is behind although she saw the other.
    let together = || merge(std::slice::from_ref(&late), early.clone(), &[]);
    let after = || merge(std::slice::from_ref(&late), early.clone(), &[late.dot]);

    for harmless in [None, Some(Fault::SkipDedup), Some(Fault::IgnoreScope)] {
        fault::plant(harmless);
        assert_eq!(together(), [late.clone(), early.clone()]);
        assert_eq!(after(), std::slice::from_ref(&early));
    }

    fault::plant(Some(Fault::DropLoser));
    assert_eq!(together(), std::slice::from_ref(&late));
    assert_eq!(after(), std::slice::from_ref(&early));

    fault::plant(Some(Fault::OrderByWallClock));
    assert_eq!(together(), std::slice::from_ref(&late));
    assert_eq!(after(), std::slice::from_ref(&late));

    fault::plant(None);
    assert!(Fault::ALL.into_iter().all(|fault| !fault::planted(fault)));
    assert_eq!(together(), [late, early]);
}
