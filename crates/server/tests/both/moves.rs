//! A facility moves to another district: its own record follows, for everybody who reads it, and nothing is lost.

use super::{ON, running};
use crate::common::{
    Home, Laptop, Running, START_MS, TestClock, assert_sound, idea_at, reasons,
};
use domain::ids::RecordId;
use domain::registry::{Kind, PlaceField};
use domain::role::Role;
use domain::value::Value;
use sync::log::{Change, Dot};

fn district(code: &str) -> RecordId {
    server::places::district(code).unwrap()
}

/// The facility's record as its first laptop writes it.
fn describe(laptop: &mut Laptop, parent: RecordId, seen: &[Dot]) {
    let place = laptop.enrolled.as_ref().unwrap().place;
    let change = |field: PlaceField, value, seen: &[Dot]| Change {
        kind: Kind::Place.number(),
        record: place,
        field: field.number(),
        value,
        seen: seen.to_vec(),
    };
    laptop.save(
        laptop.home(),
        vec![
            change(PlaceField::Name, Value::text("CSCom de Farako"), &[]),
            change(PlaceField::Level, Value::text("facility"), &[]),
            change(PlaceField::Parent, Value::Ref(parent), seen),
        ],
    );
}

/// What the facility's record says about where it lies: one value each that stands.
fn said(at: &Running, laptop: &Laptop) -> Vec<Value> {
    let place = laptop.enrolled.as_ref().unwrap().place;
    let field = PlaceField::Parent.number();
    let heads = at.server.heads(laptop.home(), Kind::Place.number(), place, field);
    heads.unwrap().into_iter().map(|head| head.value).collect()
}

/// Where the tree that grants follow from has it.
fn tree(at: &Running, laptop: &Laptop) -> Option<RecordId> {
    let place = laptop.enrolled.as_ref().unwrap().place;
    let tree = at.server.tree().unwrap();
    tree.into_iter().find(|one| one.id == place).unwrap().parent
}

fn coach(at: &Running, secret: u8, of: &str) -> Laptop {
    let code = at.invite(of, None, Role::Coach);
    let mut coach = Laptop::new(secret).speaking();
    coach.enrol(at, &code, None).unwrap();
    coach
}

#[test]
fn the_facilitys_own_record_says_under_which_district_it_lies() {
    let (_home, at) = running();
    let mut facility = at.laptop(1, "CSCom de Farako").speaking();
    describe(&mut facility, district("Kati"), &[]);
    facility.sync(&at);
    at.clock.forward(60_000);
    at.server.relocate("CSCom de Farako", "Kita").unwrap();
    assert_eq!(said(&at, &facility), [Value::Ref(district("Kita"))]);
    // It is dated, and it is the server's.
    let place = facility.enrolled.as_ref().unwrap().place;
    let heads = at
        .server
        .heads(facility.home(), Kind::Place.number(), place, PlaceField::Parent.number())
        .unwrap();
    assert_eq!(heads[0].hlc.millis(), START_MS + 60_000);
    let server = heads[0].dot.replica;

    facility.sync(&at);
    assert_eq!(facility.holds(facility.home(), server), 1);
    let mut new = coach(&at, 2, "Kita");
    new.sync(&at);
    assert_eq!(new.holds(facility.home(), server), 1, "her tree shows it");
    // Moving it to where it is says nothing new, nor does looking at it again.
    at.server.relocate("CSCom de Farako", "Kita").unwrap();
    at.server.sum_up().unwrap();
    facility.sync(&at);
    assert_eq!(facility.holds(facility.home(), server), 1);
    at.server.relocate("CSCom de Farako", "Kati").unwrap();
    assert_eq!(said(&at, &facility), [Value::Ref(district("Kati"))]);
    assert_eq!(tree(&at, &facility), Some(district("Kati")));
    assert_sound(&at.server);
}

#[test]
fn work_that_was_under_way_when_the_facility_moved_is_all_there() {
    let (_home, at) = running();
    let mut facility = at.laptop(1, "CSCom de Farako").speaking();
    facility.sync(&at);
    let mut old = coach(&at, 2, "Kati");
    old.sync(&at);
    // Neither has been sent, and the facility's clock is ten years ahead.
    facility.millis += 10 * 365 * 24 * 3_600_000;
    describe(&mut facility, district("Kati"), &[]);
    let by_team = facility.idea(facility.home(), "De l'équipe");
    let by_coach = old.idea(facility.home(), "Du coach d'avant");
    at.server.relocate("CSCom de Farako", "Kita").unwrap();

    for laptop in [&mut facility, &mut old] {
        let request = laptop.request(false);
        let answer = laptop.ask(&at, &request).unwrap();
        assert_eq!(reasons(&answer), Vec::<&str>::new());
        laptop.take_in(&answer);
    }
    for (record, words) in [(by_team, "De l'équipe"), (by_coach, "Du coach d'avant")] {
        assert_eq!(idea_at(&at.server, facility.home(), record).unwrap(), words);
    }
    // Nobody is asked to decide where the facility lies: that was decided.
    at.server.sum_up().unwrap();
    assert_eq!(said(&at, &facility), [Value::Ref(district("Kita"))]);
    facility.sync(&at);
    let mut new = coach(&at, 3, "Kita");
    new.sync(&at);
    assert_eq!(new.vector().get(facility.home(), old.replica()), 1);
    assert_eq!(new.vector().get(facility.home(), facility.replica()), 2);
    assert_sound(&at.server);
}

#[test]
fn a_move_after_the_backup_is_done_again_by_the_servers_own_word() {
    let folder = Home::new(ON);
    let clock = TestClock::new();
    let mut facility;
    {
        let at = Running::at_with_clock(&folder, clock.clone());
        facility = at.laptop(1, "CSCom de Farako").speaking();
        describe(&mut facility, district("Kati"), &[]);
        facility.sync(&at);
    }
    let backup = folder.back_up();
    {
        let at = Running::at_with_clock(&folder, clock.clone());
        clock.forward(60_000);
        at.server.relocate("CSCom de Farako", "Kita").unwrap();
        facility.sync(&at);
    }
    folder.put_back(&backup);
    // The epoch beside it is that of the lost life.
    std::fs::write(folder.path().join("epoch"), "0".repeat(32)).unwrap();
    clock.forward(60_000);
    let at = Running::at_with_clock(&folder, clock);
    assert_eq!(tree(&at, &facility), Some(district("Kati")), "it has forgotten");
    facility.sync(&at);
    facility.outbox = facility.held.values().map(|one| one.bytes.clone()).collect();
    facility.sync(&at);
    at.server.sum_up().unwrap();
    assert_eq!(tree(&at, &facility), Some(district("Kita")));
    assert_eq!(said(&at, &facility), [Value::Ref(district("Kita"))]);
    facility.sync(&at);
    let grant = facility.grant.as_ref().unwrap();
    assert!(grant.may_read(district("Kita").as_scope()));
    assert!(!grant.may_read(district("Kati").as_scope()));
    assert_sound(&at.server);
}

#[test]
fn a_grant_of_a_lost_life_is_taken_back_though_another_bears_its_number() {
    let folder = Home::new(ON);
    let clock = TestClock::new();
    let mut old;
    let home;
    {
        let at = Running::at_with_clock(&folder, clock.clone());
        let facility = at.laptop(1, "CSCom de Farako").speaking();
        home = facility.home();
        old = coach(&at, 2, "Kati");
        old.sync(&at);
    }
    let backup = folder.back_up();
    // Two lives begin with the same copy, and count their grants from there. In both of them the coach gets one more:
    // with another facility in the first, without this one in the second.
    let mut numbers = Vec::new();
    for life in 0..2 {
        folder.put_back(&backup);
        std::fs::write(folder.path().join("epoch"), format!("{life:032x}")).unwrap();
        let at = Running::at_with_clock(&folder, clock.clone());
        if life == 0 {
            at.laptop(3, "CSCom de Dio");
        } else {
            at.server.relocate("CSCom de Farako", "Kita").unwrap();
        }
        old.sync(&at);
        let grant = old.grant.as_ref().unwrap();
        assert_eq!(grant.may_read(home), life == 0);
        numbers.push(grant.terms().version);
    }
    assert_eq!(numbers[0], numbers[1], "as numbers they are one");
}
