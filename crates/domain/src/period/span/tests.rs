use proptest::prelude::*;

use super::*;

const ALL: [Frequency; 5] = [
    Frequency::Event,
    Frequency::Weekly,
    Frequency::Monthly,
    Frequency::Quarterly,
    Frequency::Annual,
];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn what_people_type() {
    for (typed, expected) in [
        ("2026-W07", "2026-W07"),
        ("2026W7", "2026-W07"),
        ("S7 2026", "2026-W07"),
        ("s07-2026", "2026-W07"),
        ("Semaine 7 2026", "2026-W07"),
        ("2026 sem 53", "2026-W53"),
        ("2026-Q1", "2026-Q1"),
        ("2026Q1", "2026-Q1"),
        ("T1 2026", "2026-Q1"),
        ("1er trimestre 2026", "2026-Q1"),
        ("2e trimestre 2026", "2026-Q2"),
        ("Trimestre 4 2026", "2026-Q4"),
        ("2026", "2026"),
        ("05/03/2026", "2026-03-05"),
        ("5 mars 2026", "2026-03-05"),
        ("2026-03-05", "2026-03-05"),
        ("mars 2026", "2026-03"),
        ("01/03/2026", "2026-03"),
    ] {
        assert_eq!(
            Period::parse_typed(typed).map(|period| period.to_string()),
            Ok(expected.to_owned()),
            "{typed}"
        );
    }
    for typed in [
        "2026-W54",
        "2025-W53",
        "T5 2026",
        "2026-Q0",
        "31/02/2026",
        "W7",
        "trimestre 2026",
    ] {
        assert_eq!(Period::parse_typed(typed), Err(NotAPeriod), "{typed}");
    }
    let first = Period::parse_typed_as("01/03/2026", Frequency::Event).unwrap();
    assert_eq!(first.to_string(), "2026-03-01");
    assert!(Period::parse_typed_as("mars 2026", Frequency::Quarterly).is_err());
}

#[test]
fn only_the_iso_form_is_stored() {
    for text in [
        "2026-W7",
        "2026-q1",
        "2026-Q01",
        "26",
        "2026-3-05",
        "2026-03-5",
        "2026-W00",
        "S7 2026",
    ] {
        assert!(text.parse::<Period>().is_err(), "{text}");
    }
}

#[test]
fn weeks_are_iso_weeks() {
    // 1 January 2027 is a Friday of the last week of 2026; 29 December 2025 a Monday of the first of 2026.
    assert_eq!(
        Period::of(Frequency::Weekly, day("2027-01-01")).to_string(),
        "2026-W53"
    );
    assert_eq!(
        Period::of(Frequency::Weekly, day("2025-12-29")).to_string(),
        "2026-W01"
    );
    let week: Period = "2026-W53".parse().unwrap();
    assert_eq!(week.first_day(), day("2026-12-28"));
    assert_eq!(week.last_day(), day("2027-01-03"));
    assert_eq!(week.plus(1).to_string(), "2027-W01");
}

#[test]
fn quarters_and_years_have_their_days() {
    let quarter: Period = "2024-Q1".parse().unwrap();
    assert_eq!(
        (quarter.first_day(), quarter.last_day()),
        (day("2024-01-01"), day("2024-03-31"))
    );
    let year: Period = "2024".parse().unwrap();
    assert_eq!(
        (year.first_day(), year.last_day()),
        (day("2024-01-01"), day("2024-12-31"))
    );
    assert_eq!(
        quarter.until(year),
        None,
        "periods of different lengths have no distance"
    );
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    let last = (Month::MAX.last_day() - Month::MIN.first_day()).num_days();
    (0..=last).prop_map(|days| days_later(Month::MIN.first_day(), days))
}

fn any_period() -> impl Strategy<Value = Period> {
    (any_day(), 0..ALL.len()).prop_map(|(day, at)| Period::of(ALL[at], day))
}

proptest! {
    #[test]
    fn written_and_read_again(period in any_period()) {
        prop_assert_eq!(period.to_string().parse(), Ok(period));
        prop_assert_eq!(Period::of(period.frequency(), period.first_day()), period);
        prop_assert_eq!(Period::of(period.frequency(), period.last_day()), period);
    }

    #[test]
    fn text_order_is_time_order(a in any_day(), b in any_day(), at in 0..ALL.len()) {
        let (a, b) = (Period::of(ALL[at], a), Period::of(ALL[at], b));
        prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
        prop_assert_eq!(a.cmp(&b), a.first_day().cmp(&b.first_day()));
        prop_assert_eq!(a.plus(a.until(b).unwrap()), b);
    }

    #[test]
    fn periods_follow_one_another_without_a_gap(period in any_period()) {
        let next = period.plus(1);
        if next != period {
            prop_assert_eq!(days_later(period.last_day(), 1), next.first_day());
            prop_assert_eq!(next.plus(-1), period);
        }
    }

    #[test]
    fn a_range_has_its_length_and_end(period in any_period(), count in 1u16..60) {
        let range: Vec<_> = Period::ending(period, count).collect();
        prop_assert!(range.len() <= usize::from(count));
        prop_assert_eq!(range.last(), Some(&period));
        prop_assert!(range.windows(2).all(|two| two[0].plus(1) == two[1]));
        prop_assert!(range.len() == usize::from(count) || range[0].plus(-1) == range[0]);
    }

    #[test]
    fn nothing_typed_can_make_it_fail(text in ".{0,30}") {
        let _ = Period::parse_typed(&text);
        let _ = text.parse::<Period>();
    }
}
