//! Sums for those who look on from above, written by the server itself.

use super::{ON, running};
use crate::common::{Laptop, Running, TestClock, assert_sound, dot, Home};
use domain::catalog::{IndicatorKind, indicators};
use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::registry::{Kind, MeasurementField};
use domain::role::Role;
use domain::value::Value;
use serde_json::{Value as Json, json};
use sync::log::{Change, Dot};

const MONTH: &str = "2026-01";

fn code(kind: IndicatorKind) -> &'static str {
    let found = indicators().iter().find(|indicator| indicator.kind == kind);
    found.unwrap().code.as_str()
}

fn record_of(place: RecordId, indicator: &str, source: &str) -> RecordId {
    RecordId::natural(&[
        b"measurement",
        place.as_bytes(),
        indicator.as_bytes(),
        MONTH.as_bytes(),
        b"",
        source.as_bytes(),
    ])
}

fn change(record: RecordId, field: MeasurementField, value: Value, seen: &[Dot]) -> Change {
    Change {
        kind: Kind::Measurement.number(),
        record,
        field: field.number(),
        value,
        seen: seen.to_vec(),
    }
}

fn number(text: &str) -> Value {
    Value::decimal(text).unwrap()
}

/// Counts an indicator at the laptop's own place for the first time.
fn count(laptop: &mut Laptop, indicator: &str, numbers: (&str, Option<&str>)) -> Dot {
    let (home, place) = (laptop.home(), laptop.home().place());
    let record = record_of(place, indicator, "register");
    let mut changes = vec![
        change(record, MeasurementField::Place, Value::Ref(place), &[]),
        change(
            record,
            MeasurementField::Indicator,
            Value::text(indicator),
            &[],
        ),
        change(record, MeasurementField::Period, Value::text(MONTH), &[]),
        change(
            record,
            MeasurementField::Source,
            Value::text("register"),
            &[],
        ),
        change(record, MeasurementField::Numerator, number(numbers.0), &[]),
    ];
    changes.extend(
        numbers
            .1
            .map(|of| change(record, MeasurementField::Denominator, number(of), &[])),
    );
    laptop.save(home, changes);
    Dot {
        index: 4,
        ..dot(laptop.replica(), laptop.tip(home).last_seq)
    }
}

fn place(at: &Running, name: &str) -> RecordId {
    let tree = at.server.tree().unwrap();
    let district = tree
        .iter()
        .find(|place| place.name == name && place.level == "district");
    district.unwrap().id
}

/// The sum of a place in the scope above it.
fn sum(at: &Running, above: ScopeId, place: RecordId, indicator: &str) -> Option<(Json, Json)> {
    let record = record_of(place, indicator, "aggregate");
    let values = at.server.record(above, Kind::Measurement.number(), record);
    let values = values.unwrap()?;
    assert_eq!(values["source"], "aggregate");
    let of = |name: &str| values.get(name).cloned().unwrap_or(Json::Null);
    Some((of("numerator"), of("denominator")))
}

fn enrolled(at: &Running, secret: u8, place: &str, facility: Option<&str>, role: Role) -> Laptop {
    let code = at.invite(place, facility, role);
    let mut laptop = Laptop::new(secret).speaking();
    laptop.enrol(at, &code, None).unwrap();
    laptop
}

const REGION: &str = "Koulikoro";

#[test]
fn a_region_reads_the_sums_of_its_districts_and_the_nation_those_of_regions() {
    let (_folder, at) = running();
    let proportion = code(IndicatorKind::Proportion);
    let event = code(IndicatorKind::Count);
    let mut a = enrolled(&at, 1, "Kati", Some("CSCom A"), Role::Lead);
    let mut b = enrolled(&at, 2, "Kati", Some("CSCom B"), Role::Lead);
    let mut c = enrolled(&at, 3, "Koulikoro", Some("CSCom C"), Role::Lead);
    count(&mut a, proportion, ("12", Some("40")));
    count(&mut b, proportion, ("7.5", Some("20")));
    count(&mut c, proportion, ("1", Some("2")));
    // Without a denominator a proportion says nothing.
    let mut d = enrolled(&at, 4, "Kati", Some("CSCom D"), Role::Lead);
    count(&mut d, proportion, ("99", None));
    count(&mut d, event, ("3", None));
    for laptop in [&mut a, &mut b, &mut c, &mut d] {
        laptop.sync(&at);
    }
    assert!(at.server.sum_up().unwrap() >= 5);
    assert_eq!(at.server.sum_up().unwrap(), 0, "nothing is written twice");

    let region = RecordId::of_place_code("ML02").as_scope();
    let nation = RecordId::of_place_code("ML").as_scope();
    let kati = place(&at, "Kati");
    assert_eq!(
        sum(&at, region, kati, proportion),
        Some((json!(19.5), json!(60.0)))
    );
    assert_eq!(
        sum(&at, region, kati, event),
        Some((json!(3.0), Json::Null))
    );
    assert_eq!(
        sum(&at, nation, region.place(), proportion),
        Some((json!(20.5), json!(62.0)))
    );

    // It comes to laptops in ordinary segments, by a writer that they are told of.
    let mut office = enrolled(&at, 5, REGION, None, Role::Region);
    let answers = office.sync(&at);
    let told = answers.iter().flat_map(|answer| &answer.readers);
    let server: Vec<_> = told
        .map(|signed| sync::wire::Readers::from_bytes(&signed.body).unwrap())
        .flat_map(|readers| readers.readers)
        .filter(|reader| reader.role == "server" && reader.write)
        .collect();
    let writer = ReplicaId::of_key(&server[0].key);
    assert!(office.holds(region, writer) >= 2);
    let sealed = office
        .held
        .values()
        .find(|sealed| sealed.header.replica == writer);
    let segment = sync::segment::read(&sealed.unwrap().bytes).unwrap();
    segment.verify(&server[0].key).unwrap();
    assert!(!office.sync(&at).iter().any(|answer| answer.want_vector));
    assert_sound(&at.server);
}

#[test]
fn sums_follow_corrections_deletions_and_moves() {
    let (_folder, at) = running();
    let event = code(IndicatorKind::Count);
    let mut a = enrolled(&at, 1, "Kati", Some("CSCom A"), Role::Lead);
    let mut b = enrolled(&at, 2, "Kati", Some("CSCom B"), Role::Lead);
    let first = count(&mut a, event, ("10", None));
    count(&mut b, event, ("5", None));
    a.sync(&at);
    b.sync(&at);
    at.server.sum_up().unwrap();
    let region = RecordId::of_place_code("ML02").as_scope();
    let (kati, koulikoro) = (place(&at, "Kati"), place(&at, "Koulikoro"));
    let kati_sum = |at: &Running| sum(at, region, kati, event).unwrap().0;
    assert_eq!(kati_sum(&at), json!(15.0));

    let record = record_of(a.home().place(), event, "register");
    a.save(
        a.home(),
        vec![change(
            record,
            MeasurementField::Numerator,
            number("11"),
            &[first],
        )],
    );
    a.sync(&at);
    at.server.sum_up().unwrap();
    assert_eq!(kati_sum(&at), json!(16.0));

    at.server.relocate("CSCom B", "Koulikoro").unwrap();
    at.server.sum_up().unwrap();
    assert_eq!(kati_sum(&at), json!(11.0));
    assert_eq!(sum(&at, region, koulikoro, event).unwrap().0, json!(5.0));

    let mut deleted = change(record, MeasurementField::Place, Value::Bool(true), &[]);
    deleted.field = 0;
    a.save(a.home(), vec![deleted]);
    a.sync(&at);
    at.server.sum_up().unwrap();
    assert_eq!(kati_sum(&at), Json::Null);
    assert_sound(&at.server);
}

#[test]
fn what_waits_is_summed_up_when_it_no_longer_does() {
    let (_folder, at) = running();
    let event = code(IndicatorKind::Count);
    let mut a = enrolled(&at, 1, "Kati", Some("CSCom A"), Role::Lead);
    let mut b = enrolled(&at, 2, "CSCom A", None, Role::Lead);
    let first = count(&mut a, event, ("10", None));
    // Seen over the other's shoulder, sent before her.
    b.held.extend(a.held.clone());
    let record = record_of(a.home().place(), event, "register");
    let home = b.home();
    b.save(
        home,
        vec![change(
            record,
            MeasurementField::Numerator,
            number("12"),
            &[first],
        )],
    );
    let request = b.request(true);
    b.ask(&at, &request).unwrap();
    assert_eq!(at.server.sum_up().unwrap(), 0);
    a.sync(&at);
    at.server.sum_up().unwrap();
    let region = RecordId::of_place_code("ML02").as_scope();
    assert_eq!(
        sum(&at, region, place(&at, "Kati"), event).unwrap().0,
        json!(12.0)
    );
    assert_sound(&at.server);
}

#[test]
fn after_a_new_epoch_the_server_writes_as_another_and_leaves_no_conflict() {
    let folder = Home::new(ON);
    let clock = TestClock::new();
    let event = code(IndicatorKind::Count);
    let region = RecordId::of_place_code("ML02").as_scope();
    let mut a;
    let mut office;
    {
        let at = Running::at_with_clock(&folder, clock.clone());
        a = enrolled(&at, 1, "Kati", Some("CSCom A"), Role::Lead);
        count(&mut a, event, ("10", None));
        a.sync(&at);
        at.server.sum_up().unwrap();
        office = enrolled(&at, 5, REGION, None, Role::Region);
        office.sync(&at);
    }
    std::fs::write(folder.path().join("epoch"), "0".repeat(32)).unwrap();
    let at = Running::at_with_clock(&folder, clock);
    let record = record_of(a.home().place(), event, "register");
    let seen = Dot {
        index: 4,
        ..dot(a.replica(), 1)
    };
    a.save(
        a.home(),
        vec![change(
            record,
            MeasurementField::Numerator,
            number("13"),
            &[seen],
        )],
    );
    a.sync(&at);
    assert_eq!(at.server.sum_up().unwrap(), 2);
    // Its own segments are taken when a laptop brings them home.
    office.outbox = office
        .held
        .values()
        .map(|sealed| sealed.bytes.clone())
        .collect();
    let answers = office.sync(&at);
    assert!(
        answers.iter().all(|answer| answer.refused.is_empty()),
        "{answers:?}"
    );
    let kati = place(&at, "Kati");
    assert_eq!(sum(&at, region, kati, event).unwrap().0, json!(13.0));
    let heads = at.server.heads(
        region,
        Kind::Measurement.number(),
        record_of(kati, event, "aggregate"),
        MeasurementField::Numerator.number(),
    );
    assert_eq!(heads.unwrap().len(), 1);
    let writers: std::collections::BTreeSet<_> =
        office.held.keys().map(|(_, replica, _)| *replica).collect();
    assert_eq!(writers.len(), 2, "its first life and its second");
    assert_sound(&at.server);
}
