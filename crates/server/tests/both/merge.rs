//! The table of merge cases, through this executor: over the socket, in every order of arrival.

use std::collections::BTreeMap;

use super::running;
use crate::common::{Laptop, assert_sound};
use domain::ids::ReplicaId;
use domain::role::Role;
use proptest::prelude::*;
use sync::cases::{MergeCase, laptops, merge_cases};
use sync::heads::alternatives;
use sync::segment::{Sealed, Tip, seal};

/// The three laptops of the table, enrolled at one facility.
fn enrolled(at: &crate::common::Running, facility: &str) -> Vec<Laptop> {
    let code = at.invite_for("Kati", Some(facility), Role::Member, 3);
    let enrol = |key| {
        let mut laptop = Laptop {
            key,
            ..Laptop::new(0)
        };
        laptop.enrol(at, &code, None).unwrap();
        laptop
    };
    laptops().into_iter().map(enrol).collect()
}

#[test]
fn every_case_ends_alike_in_every_order() {
    let (_folder, at) = running();
    for case in merge_cases() {
        for (n, order) in case.orders().into_iter().enumerate() {
            // A facility of its own, so that no order meets what another left.
            let mut laptops = enrolled(&at, &format!("{} {n}", case.name));
            let home = laptops[0].home();
            for arrival in order {
                let laptop = laptops
                    .iter_mut()
                    .find(|l| l.replica() == arrival.replica)
                    .unwrap();
                let saves = std::slice::from_ref(&arrival.save);
                let sealed = seal(&laptop.key, &laptop.tip(home), saves).unwrap();
                assert_eq!(sealed.header.first_seq, arrival.seq);
                laptop
                    .held
                    .insert((home, arrival.replica, arrival.seq), sealed.clone());
                laptop.outbox.push(sealed.bytes);
                let request = laptop.request(true);
                let answer = laptop.ask(&at, &request).unwrap();
                assert!(
                    answer.refused.is_empty(),
                    "{}: {:?}",
                    case.name,
                    answer.refused
                );
                laptop.outbox.clear();
            }
            check_case(&case, &at, home, n);
        }
    }
    assert_sound(&at.server);
}

fn check_case(case: &MergeCase, at: &crate::common::Running, home: domain::ids::ScopeId, order: usize) {
    for expected in &case.expected {
        let of = expected.of;
        let heads = at.server.heads(home, of.kind, of.record, of.field).unwrap();
        let others: Vec<_> = alternatives(&heads)
            .iter()
            .map(|head| head.value.clone())
            .collect();
        assert_eq!(
            heads[0].value, expected.shown,
            "{}, order {order}",
            case.name
        );
        assert_eq!(
            others, expected.alternatives,
            "{}, order {order}",
            case.name
        );
    }
}

/// Segments come in any batches, from anyone, twice or too early.
#[test]
fn duplicates_and_batches_change_nothing() {
    let cases = merge_cases();
    let orders = proptest::collection::vec((any::<prop::sample::Index>(), 1usize..4), 1..24);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(12));
    let one = (0..cases.len(), orders);
    runner
        .run(&one, |(case, picks)| {
            let case = &cases[case];
            let (_folder, at) = running();
            let mut laptops = enrolled(&at, "CSCom de Farako");
            let home = laptops[0].home();
            let mut streams: BTreeMap<ReplicaId, Vec<Sealed>> = BTreeMap::new();
            for arrival in case.arrivals() {
                let key = laptops
                    .iter()
                    .find(|l| l.replica() == arrival.replica)
                    .unwrap()
                    .key
                    .clone();
                let stream = streams.entry(arrival.replica).or_default();
                let tip = stream.last().map_or(Tip::start(home), Sealed::tip);
                stream.push(seal(&key, &tip, std::slice::from_ref(&arrival.save)).unwrap());
            }
            let all: Vec<&Sealed> = streams.values().flatten().collect();
            // Anything from anyone, again and again, too early or too late …
            for (from, count) in &picks {
                let start = from.index(all.len());
                let carrier = &mut laptops[start % 3];
                carrier.outbox = all
                    .iter()
                    .cycle()
                    .skip(start)
                    .take(*count)
                    .map(|s| s.bytes.clone())
                    .collect();
                let request = carrier.request(true);
                carrier.ask(&at, &request).unwrap();
            }
            // … and in the end everything once in order.
            let carrier = &mut laptops[0];
            carrier.outbox = all.iter().map(|sealed| sealed.bytes.clone()).collect();
            let request = carrier.request(true);
            let answer = carrier.ask(&at, &request).unwrap();
            prop_assert!(answer.refused.is_empty(), "{:?}", answer.refused);
            check_case(case, &at, home, 0);
            assert_sound(&at.server);
            Ok(())
        })
        .unwrap();
}
