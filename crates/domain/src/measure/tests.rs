//! The rules of entries, by example and by property.

use super::*;
use crate::catalog::indicator;
use crate::period::Month;
use proptest::prelude::*;

fn of(code: &str) -> &'static Indicator {
    indicator(code).unwrap()
}

fn month(number: u8) -> Period {
    Month::new(2026, number).unwrap().into()
}

/// Months from January 2026 on.
fn months(pairs: &[(f64, f64)]) -> Vec<(Period, Entry)> {
    (1..)
        .zip(pairs)
        .map(|(number, &(n, d))| (month(number), Entry::of(n, d)))
        .collect()
}

fn counts(numbers: &[f64]) -> Vec<(Period, Entry)> {
    (1..)
        .zip(numbers)
        .map(|(number, &n)| (month(number), Entry::count(n)))
        .collect()
}

#[test]
fn what_is_typed_in_a_cell() {
    for (text, expected) in [
        ("", Ok(Typed::Empty)),
        (" \u{a0} ", Ok(Typed::Empty)),
        ("-", Ok(Typed::NoData)),
        (" – ", Ok(Typed::NoData)),
        ("pas de donnée", Ok(Typed::NoData)),
        ("ND", Ok(Typed::NoData)),
        ("0", Ok(Typed::Number(0.0))),
        ("-0", Ok(Typed::Number(0.0))),
        ("007", Ok(Typed::Number(7.0))),
        ("12,5", Ok(Typed::Number(12.5))),
        ("12.5", Ok(Typed::Number(12.5))),
        ("1,234", Ok(Typed::Number(1.234))),
        ("0,3333333333", Ok(Typed::Number(0.333333))),
        ("1 234", Ok(Typed::Number(1234.0))),
        ("1\u{a0}234", Ok(Typed::Number(1234.0))),
        ("1\u{202f}234,5", Ok(Typed::Number(1234.5))),
        ("10 000 000", Ok(Typed::Number(1e7))),
        ("10 000 001", Err(Refusal::TooLarge)),
        ("99999999999999999999", Err(Refusal::TooLarge)),
        ("-5", Err(Refusal::Negative)),
        ("\u{2212}5", Err(Refusal::Negative)),
        ("- 5,5", Err(Refusal::Negative)),
        ("12 5", Err(Refusal::NotANumber)),
        ("1234 567", Err(Refusal::NotANumber)),
        ("1  234", Err(Refusal::NotANumber)),
        ("1,2,3", Err(Refusal::NotANumber)),
        ("1.234,5", Err(Refusal::NotANumber)),
        ("5,", Err(Refusal::NotANumber)),
        (",5", Err(Refusal::NotANumber)),
        ("1e5", Err(Refusal::NotANumber)),
        ("inf", Err(Refusal::NotANumber)),
        ("NaN", Err(Refusal::NotANumber)),
        ("+5", Err(Refusal::NotANumber)),
        ("--5", Err(Refusal::NotANumber)),
        ("31/33", Err(Refusal::NotANumber)),
        ("٣", Err(Refusal::NotANumber)),
        ("douze", Err(Refusal::NotANumber)),
        ("🙂", Err(Refusal::NotANumber)),
    ] {
        assert_eq!(parse_cell(text), expected, "« {text} »");
    }
    assert_eq!(parse_cell(&"9".repeat(1_000_000)), Err(Refusal::NotANumber));
    assert_eq!(checked(f64::NAN), Err(Refusal::NotANumber));
    assert_eq!(checked(f64::INFINITY), Err(Refusal::NotANumber));
}

#[test]
fn zero_no_data_and_empty_are_three_things() {
    let proportion = IndicatorKind::Proportion;
    assert_eq!(Entry::default().state(proportion), EntryState::Empty);
    assert_eq!(Entry::of(0.0, 12.0).state(proportion), EntryState::Counted);
    assert_eq!(
        Entry::no_data(NoDataReason::StockOut).state(proportion),
        EntryState::NoData
    );
    assert_eq!(Entry::count(3.0).state(proportion), EntryState::Partial);
    assert_eq!(
        Entry::count(3.0).state(IndicatorKind::Count),
        EntryState::Counted
    );
    let both = Entry {
        no_data: Some(NoDataReason::Strike),
        ..Entry::of(3.0, 4.0)
    };
    assert_eq!(both.state(proportion), EntryState::NoData);
    assert_eq!(both.value(of("MNCH-02")), None);
    let half = Entry {
        no_data: Some(NoDataReason::Strike),
        ..Entry::count(3.0)
    };
    assert_eq!(half.state(proportion), EntryState::NoData);
}

#[test]
fn values_have_the_unit_of_the_indicator() {
    assert_eq!(Entry::of(29.0, 100.0).value(of("MNCH-02")), Some(29.0));
    assert_eq!(Entry::of(1.0, 40.0).value(of("MNCH-14")), Some(25.0));
    assert_eq!(Entry::of(57.0, 60.0).value(of("DQ-04")), Some(0.95));
    assert_eq!(Entry::count(4.0).value(of("MAL-08")), Some(4.0));
    assert_eq!(Entry::of(3.0, 0.0).value(of("MNCH-02")), None);
    assert_eq!(Entry::count(3.0).value(of("MNCH-02")), None);
    assert_eq!(
        Entry::no_data(NoDataReason::Other).value(of("MNCH-02")),
        None
    );
}

#[test]
fn reasons_have_lasting_words() {
    for reason in NoDataReason::ALL {
        assert_eq!(NoDataReason::from_word(reason.word()), Some(reason));
        assert_eq!(serde_json::to_value(reason).unwrap(), reason.word());
    }
    assert_eq!(NoDataReason::from_word("rain"), None);
}

#[test]
fn more_counted_than_there_are_is_asked() {
    let asked = questions(of("MNCH-02"), month(3), &Entry::of(33.0, 31.0), &[]);
    assert_eq!(
        asked,
        [Question::NumeratorAboveDenominator {
            numerator: 33.0,
            denominator: 31.0
        }]
    );
    // TPI-SP3 and CPN1 are other women: the numerator may be the larger.
    assert_eq!(
        questions(of("MAL-04"), month(3), &Entry::of(33.0, 31.0), &[]),
        []
    );
}

#[test]
fn only_a_jump_beyond_chance_is_asked() {
    let before = months(&[(18.0, 31.0), (21.0, 30.0)]);
    let asked = questions(of("MNCH-02"), month(3), &Entry::of(31.0, 33.0), &before);
    let expected = Question::Jump {
        above: true,
        numerator: 31.0,
        denominator: 33.0,
        last_period: month(2),
        last_numerator: 21.0,
        last_denominator: 30.0,
        months: 2,
        before_numerator: 39.0,
        before_denominator: 61.0,
    };
    assert_eq!(asked, [expected]);
    // Small numbers swing: 1 of 8, then 5 of 6, is no more than chance allows.
    assert_eq!(
        questions(
            of("MNCH-02"),
            month(2),
            &Entry::of(5.0, 6.0),
            &months(&[(1.0, 8.0)])
        ),
        []
    );
    assert_eq!(
        questions(of("MNCH-02"), month(3), &Entry::of(24.0, 33.0), &before),
        []
    );
}

#[test]
fn stillbirths_are_compared_as_a_rate() {
    let before = months(&[(1.0, 40.0), (0.0, 35.0), (1.0, 38.0)]);
    let asked = questions(of("MNCH-14"), month(4), &Entry::of(9.0, 36.0), &before);
    assert!(
        matches!(
            asked[..],
            [Question::Jump {
                above: true,
                months: 3,
                ..
            }]
        ),
        "{asked:?}"
    );
    assert_eq!(
        questions(of("MNCH-14"), month(4), &Entry::of(2.0, 36.0), &before),
        []
    );
}

#[test]
fn a_digit_too_many_is_asked() {
    let before = months(&[(18.0, 31.0), (20.0, 30.0), (19.0, 33.0)]);
    let asked = questions(of("MNCH-02"), month(4), &Entry::of(190.0, 310.0), &before);
    let expected = Question::UnusualSize {
        part: Part::Denominator,
        value: 310.0,
        smallest: 30.0,
        largest: 33.0,
        months: 3,
    };
    assert_eq!(asked, [expected]);
    let asked = questions(of("MNCH-02"), month(4), &Entry::of(2.0, 3.0), &before);
    assert!(
        matches!(asked[..], [Question::UnusualSize { value: 3.0, .. }]),
        "{asked:?}"
    );
    // Five after one or two is three times as many, and still chance.
    let few = months(&[(1.0, 1.0), (1.0, 1.0), (0.0, 1.0)]);
    assert_eq!(
        questions(of("MNCH-05"), month(4), &Entry::of(3.0, 5.0), &few),
        []
    );
}

#[test]
fn a_zero_after_activity_is_asked() {
    let before = counts(&[6.0, 9.0, 7.0]);
    let asked = questions(of("COM-02"), month(4), &Entry::count(0.0), &before);
    assert_eq!(
        asked,
        [Question::ZeroAfterActivity {
            part: Part::Numerator,
            months: 3,
            total: 22.0
        }]
    );
    let asked = questions(
        of("MNCH-02"),
        month(4),
        &Entry::of(0.0, 0.0),
        &months(&[(3.0, 9.0); 3]),
    );
    assert!(
        matches!(
            asked[..],
            [Question::ZeroAfterActivity {
                part: Part::Denominator,
                ..
            }]
        ),
        "{asked:?}"
    );
    // Rare events leave months out; days out of stock are better at zero.
    assert_eq!(
        questions(
            of("COM-02"),
            month(4),
            &Entry::count(0.0),
            &counts(&[1.0, 1.0, 2.0])
        ),
        []
    );
    assert_eq!(
        questions(
            of("MAL-08"),
            month(4),
            &Entry::count(0.0),
            &counts(&[9.0, 12.0, 7.0])
        ),
        []
    );
}

#[test]
fn part_of_a_person_is_asked() {
    let asked = questions(of("MNCH-02"), month(1), &Entry::of(1.234, 30.0), &[]);
    assert_eq!(
        asked,
        [Question::NotWhole {
            part: Part::Numerator,
            value: 1.234
        }]
    );
    // Full-time equivalents may be parts.
    assert_eq!(
        questions(of("HRH-07"), month(1), &Entry::of(3.5, 4.25), &[]),
        []
    );
}

#[test]
fn a_gap_between_counted_months_is_asked_about() {
    let mut others = months(&[(18.0, 31.0), (19.0, 30.0)]);
    let april = || questions(of("MNCH-02"), month(4), &Entry::default(), &others);
    assert_eq!(april(), [], "the newest month is not missing yet");
    others.push((month(5), Entry::of(20.0, 30.0)));
    let gap = Question::Missing {
        before: month(2),
        after: month(5),
    };
    let ask = |entry| questions(of("MNCH-02"), month(4), &entry, &others);
    assert_eq!(ask(Entry::default()), [gap]);
    assert_eq!(
        ask(Entry::no_data(NoDataReason::Strike)),
        [],
        "a reason answers it"
    );
    assert_eq!(
        questions(of("FP-05"), month(4), &Entry::default(), &others),
        [],
        "a month is no part of a quarterly measure"
    );
}

#[test]
fn parts_that_do_not_make_the_whole_are_asked_about() {
    let ask =
        |whole: Entry, parts: &[Entry]| parts_question(IndicatorKind::Proportion, &whole, parts);
    let parts = [Entry::of(8.0, 15.0), Entry::of(10.0, 16.0)];
    assert_eq!(ask(Entry::of(18.0, 31.0), &parts), None);
    assert_eq!(
        ask(Entry::of(20.0, 31.0), &parts),
        Some(Question::PartsDiffer {
            part: Part::Numerator,
            whole: 20.0,
            parts: 18.0
        })
    );
    assert_eq!(
        ask(Entry::of(18.0, 30.0), &parts),
        Some(Question::PartsDiffer {
            part: Part::Denominator,
            whole: 30.0,
            parts: 31.0
        })
    );
    assert_eq!(ask(Entry::default(), &parts), None, "no whole yet");
    assert_eq!(
        ask(Entry::of(20.0, 31.0), &[parts[0], Entry::default()]),
        None,
        "a part is not counted yet"
    );
}

#[test]
fn weeks_are_compared_with_weeks_and_quarters_with_two_years() {
    let quarter: Period = "2026-Q3".parse().unwrap();
    let others: Vec<_> = (1..=10)
        .map(|back| (quarter.plus(-back), Entry::of(15.0, 30.0)))
        .collect();
    assert_eq!(
        periods_before(of("FP-05"), quarter, &others).len(),
        MONTHS_BEFORE
    );
    let asked = questions(of("FP-05"), quarter, &Entry::of(30.0, 30.0), &others);
    assert!(
        matches!(asked[..], [Question::Jump { above: true, .. }]),
        "{asked:?}"
    );
    let mixed = [(month(6), Entry::of(15.0, 300.0))];
    assert_eq!(
        questions(of("FP-05"), quarter, &Entry::of(30.0, 30.0), &mixed),
        []
    );
}

#[test]
fn only_the_counted_months_of_the_year_before_are_compared() {
    let period = month(12);
    let mut others = vec![
        (period.plus(-13), Entry::of(0.0, 400.0)),
        (period, Entry::of(0.0, 400.0)),
        (period.plus(1), Entry::of(0.0, 400.0)),
        (period.plus(-2), Entry::no_data(NoDataReason::Strike)),
        (period.plus(-3), Entry::count(0.0)),
    ];
    assert_eq!(periods_before(of("MNCH-02"), period, &others), []);
    for back in (4..12).rev() {
        others.push((period.plus(-back), Entry::of(f64::from(back), 30.0)));
    }
    let before = periods_before(of("MNCH-02"), period, &others);
    let numerators: Vec<_> = before.iter().filter_map(|(_, e)| e.numerator).collect();
    assert_eq!(numerators, [9.0, 8.0, 7.0, 6.0, 5.0, 4.0]);
}

/// How often [`Question::Jump`] would be asked of a month in which nothing changed, for each true value: every outcome of
/// this month and of the six before together, by its chance.
#[test]
fn nothing_is_asked_of_chance_more_often_than_is_said() {
    let binomial =
        |n: f64, p: f64, k: f64| (ln_choose(n, k) + k * p.ln() + (n - k) * (1.0 - p).ln()).exp();
    for (size, before) in [(8.0, 40.0), (30.0, 180.0), (60.0, 300.0)] {
        for truth in [0.05, 0.3, 0.5, 0.7, 0.95] {
            let mut asked = 0.0;
            for n in 0..=size as u32 {
                for b in 0..=before as u32 {
                    let (n, b) = (f64::from(n), f64::from(b));
                    let chance = binomial(size, truth, n) * binomial(before, truth, b);
                    if chance > 1e-12
                        && chance_of_proportion(n, size, b, before).is_some_and(|p| p < RARE)
                    {
                        asked += chance;
                    }
                }
            }
            assert!(asked < RARE, "{size} after {before} at {truth}: {asked}");
        }
    }
}

/// Values of `2 * min(tails) - point` computed with exact integers.
#[test]
fn chances_agree_with_exact_arithmetic() {
    for (chance, expected) in [
        (
            chance_of_proportion(31.0, 33.0, 39.0, 61.0),
            0.000_976_422_704_838_6,
        ),
        (
            chance_of_proportion(31.0, 33.0, 126.0, 180.0),
            0.002_092_019_411_540_2,
        ),
        (
            chance_of_proportion(31.0, 33.0, 21.0, 30.0),
            0.015_665_075_377_723_5,
        ),
        (chance_of_proportion(0.0, 5.0, 0.0, 9.0), 1.0),
        // 3 events then 1 in equal exposure: 2 × (1/16 + 4/16 / 2).
        (
            chance_of_rate(3.0, 1.0, 1.0, 1.0),
            2.0 * (1.0 / 16.0 + 2.0 / 16.0),
        ),
        (chance_of_rate(0.0, 1.0, 4.0, 1.0), 1.0 / 16.0),
    ] {
        let chance = chance.unwrap();
        assert!(
            (chance - expected).abs() < 1e-10,
            "{chance} is not {expected}"
        );
    }
    assert_eq!(chance_of_proportion(3.0, 0.0, 1.0, 4.0), None);
    assert_eq!(chance_of_proportion(5.0, 4.0, 1.0, 4.0), None);
    assert_eq!(chance_of_proportion(1.5, 4.0, 1.0, 4.0), None);
    // The largest numbers that can be typed give an answer too.
    assert!(chance_of_proportion(LARGEST / 2.0, LARGEST, 3.0, 6.0).is_some_and(|p| p > 0.9));
    assert!(chance_of_proportion(1.0, LARGEST, LARGEST, LARGEST).is_some_and(|p| p < 1e-9));
}

fn count() -> impl Strategy<Value = f64> {
    (0u32..60).prop_map(f64::from)
}

proptest! {
    #[test]
    fn nothing_typed_can_make_it_fail(text in ".{0,50}") {
        if let Ok(Typed::Number(number)) = parse_cell(&text) {
            prop_assert!((0.0..=LARGEST).contains(&number));
        }
    }

    #[test]
    fn whole_numbers_are_read_with_and_without_spaces(number in 0u32..=10_000_000) {
        let plain = number.to_string();
        let digits: Vec<char> = plain.chars().rev().collect();
        let parted: Vec<String> = digits.chunks(3).map(|c| c.iter().collect()).collect();
        let spaced: String = parted.join("\u{202f}").chars().rev().collect();
        prop_assert_eq!(parse_cell(&plain), Ok(Typed::Number(number.into())));
        prop_assert_eq!(parse_cell(&spaced), Ok(Typed::Number(number.into())));
    }

    #[test]
    fn decimals_are_read_with_comma_and_point(whole in 0u32..100_000, part in 0u32..1_000_000) {
        let expected = format!("{whole}.{part:06}").parse::<f64>().unwrap();
        prop_assert_eq!(parse_cell(&format!("{whole},{part:06}")), Ok(Typed::Number(expected)));
        prop_assert_eq!(parse_cell(&format!("{whole}.{part:06}")), Ok(Typed::Number(expected)));
        prop_assert_eq!(checked(expected), Ok(expected));
    }

    #[test]
    fn a_proportion_lies_between_0_and_100(n in count(), more in count()) {
        let value = Entry::of(n, n + more).value(of("MNCH-02"));
        prop_assert_eq!(value.is_some(), n + more > 0.0);
        prop_assert!(value.is_none_or(|v| (0.0..=100.0).contains(&v)));
    }

    #[test]
    fn chances_are_symmetric_probabilities(n in count(), more in count(), bn in count(), bmore in count()) {
        let (d, bd) = (n + more, bn + bmore);
        let chance = chance_of_proportion(n, d, bn, bd);
        prop_assert_eq!(chance.is_some(), d > 0.0 && bd > 0.0);
        let close = |a: Option<f64>, b: Option<f64>| a.unwrap_or(2.0) - b.unwrap_or(2.0);
        // Exchanging the months, or what is counted with what is not, is the same question.
        prop_assert!(close(chance, chance_of_proportion(bn, bd, n, d)).abs() < 1e-9);
        prop_assert!(close(chance, chance_of_proportion(more, d, bmore, bd)).abs() < 1e-9);
        prop_assert!(chance.is_none_or(|p| p > 0.0 && p <= 1.0));
    }

    #[test]
    fn the_same_proportion_again_is_never_a_jump(n in count(), more in count(), times in 1u8..6) {
        let d = n + more;
        let before = months(&vec![(n, d); times.into()]);
        let asked = questions(of("MNCH-02"), month(times + 1), &Entry::of(n, d), &before);
        prop_assert!(asked.is_empty() || d == 0.0, "{:?}", asked);
    }

    #[test]
    fn asking_never_fails(
        n in proptest::option::of(0.0f64..1e7),
        d in proptest::option::of(0.0f64..1e7),
        before in proptest::collection::vec((count(), count()), 0..11),
        at in 0usize..73,
    ) {
        let entry = Entry { numerator: n, denominator: d, no_data: None };
        let _ = questions(&crate::catalog::indicators()[at], month(12), &entry, &months(&before));
    }
}
