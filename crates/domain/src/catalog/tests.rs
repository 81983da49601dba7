//! The catalogue as it ships.

use super::*;

#[test]
fn every_row_is_read() {
    assert_eq!(read_indicators().unwrap().len(), 73);
    assert_eq!(read_org_units().unwrap().len(), 59);
    for (level, count) in [
        (OrgLevel::Country, 1),
        (OrgLevel::Region, 6),
        (OrgLevel::District, 52),
    ] {
        assert_eq!(
            org_units()
                .iter()
                .filter(|unit| unit.level == level)
                .count(),
            count,
            "{level:?}"
        );
    }
    for (area, count) in [
        (Area::Mnch, 24),
        (Area::Fp, 7),
        (Area::Malaria, 9),
        (Area::Nutrition, 10),
        (Area::DataQuality, 8),
        (Area::Hrh, 8),
        (Area::Community, 7),
    ] {
        assert_eq!(
            indicators().iter().filter(|i| i.area == area).count(),
            count,
            "{area:?}"
        );
    }
}

#[test]
fn indicators_are_complete_in_both_languages() {
    for i in indicators() {
        let texts = [
            Some(&i.name),
            Some(&i.numerator),
            i.denominator.as_ref(),
            Some(&i.unit),
            Some(&i.source),
            i.register.as_ref(),
        ];
        for text in texts.into_iter().chain([i.column.as_ref()]).flatten() {
            assert!(
                !text.fr.is_empty() && !text.en.is_empty(),
                "{}: {text:?}",
                i.code
            );
            assert!(
                !text.fr.contains('\''),
                "{}: straight apostrophe in {}",
                i.code,
                text.fr
            );
        }
        let has_denominator = matches!(i.kind, IndicatorKind::Proportion | IndicatorKind::Rate);
        assert_eq!(i.denominator.is_some(), has_denominator, "{}", i.code);
        assert_eq!(
            i.target.is_some(),
            i.direction == Direction::Target,
            "{}",
            i.code
        );
        assert!(i.multiplier > 0.0);
        assert_eq!(i.unit.en == "%", i.multiplier == 100.0, "{}", i.code);
    }
}

#[test]
fn a_balancing_measure_is_another_one_that_can_get_better_or_worse() {
    let balances = indicators()
        .iter()
        .flat_map(|i| i.balances.iter().map(move |b| (i, b)));
    assert_eq!(balances.clone().count(), 43);
    for (i, balance) in balances {
        let other = indicator(&balance.code).unwrap();
        assert_ne!(other.code, i.code);
        assert!(i.takes_goal() && other.takes_goal(), "{}", i.code);
        assert!(!balance.why.fr.is_empty() && !balance.why.en.is_empty());
        assert!(!balance.why.fr.contains('\''), "{}", balance.why.fr);
    }
}

#[test]
fn no_two_rows_of_a_sheet_share_a_code() {
    let codes: std::collections::BTreeSet<_> = indicators().iter().map(|i| &i.short).collect();
    assert_eq!(codes.len(), indicators().len());
    assert_eq!(indicator("MNCH-02").unwrap().short, "M2");
    for code in codes {
        let (letter, number) = code.split_at(1);
        assert!(letter.chars().all(|c| c.is_ascii_uppercase()), "{code}");
        assert!(
            number.parse::<u32>().is_ok_and(|number| number > 0),
            "{code}"
        );
    }
}

#[test]
fn some_indicators_read_as_they_stand() {
    let anc = indicator("MNCH-02").unwrap();
    assert_eq!(anc.name.fr, "CPN4+ avant l’accouchement");
    assert_eq!(
        (anc.kind, anc.direction, anc.multiplier),
        (IndicatorKind::Proportion, Direction::Up, 100.0)
    );
    assert_eq!(anc.register.as_ref().unwrap().fr, "registre d’accouchement");
    let stillbirths = indicator("MNCH-14").unwrap();
    assert_eq!(
        (stillbirths.multiplier, stillbirths.unit.fr.as_str()),
        (1000.0, "pour 1000 naissances")
    );
    assert_eq!(indicator("DQ-04").unwrap().target, Some(1.0));
    assert!(indicator("NONE-01").is_none());
}

#[test]
fn what_a_woman_chooses_takes_no_goal() {
    for code in ["FP-02", "FP-04", "FP-06", "MAL-09"] {
        assert!(!indicator(code).unwrap().takes_goal(), "{code}");
    }
    assert_eq!(indicator("FP-02").unwrap().no_goal, Some(NoGoal::Choice));
    assert_eq!(
        indicator("MAL-09").unwrap().no_goal,
        Some(NoGoal::Surveillance)
    );
}

#[test]
fn every_place_hangs_under_the_level_above() {
    for unit in org_units() {
        let parent = unit
            .parent_code
            .as_deref()
            .and_then(|code| org_units().iter().find(|unit| unit.code == code))
            .map(|parent| parent.level);
        let expected = match unit.level {
            OrgLevel::Country => None,
            OrgLevel::Region => Some(OrgLevel::Country),
            OrgLevel::District => Some(OrgLevel::Region),
        };
        assert_eq!(parent, expected, "{}", unit.name);
    }
    let under = org_units()
        .iter()
        .filter(|unit| unit.parent_code.as_deref() == Some("ML03"));
    assert_eq!(under.count(), 10);
}

#[test]
fn places_are_found_by_name_alias_and_code() {
    for (typed, code) in [
        ("selingue", "ML03X3"),
        ("SÉLINGUÉ", "ML03X3"),
        ("kalaban koro", "ML02X2"),
        ("kalabancoro", "ML02X2"),
        ("sagabary", "ML01X2"),
        ("niena", "ML03X2"),
        ("nioro", "ML0106"),
        ("ouelessebougou", "ML02X3"),
        ("bamako commune iv", "ML09X4"),
        ("commune 4", "ML09X4"),
        ("ML0405", "ML0405"),
        ("bandiagarra", "ML0502"),
        ("yelimanne", "ML0107"),
    ] {
        let found = search_org_units(typed);
        assert_eq!(
            found.first().map(|(_, unit)| unit.code.as_str()),
            Some(code),
            "{typed}: {found:?}"
        );
    }
    // A region stands before the district of the same name.
    let kayes: Vec<_> = search_org_units("kayes")
        .into_iter()
        .map(|(_, unit)| unit.code.as_str())
        .collect();
    assert_eq!(kayes, ["ML01", "ML0101"]);
    assert_eq!(search_org_units("").len(), 59);
    assert!(search_org_units("ouagadougou").is_empty());
}

#[test]
fn operands_of_dhis2_are_named_where_they_are_known_and_are_identifiers() {
    let tested = indicator("MAL-01").expect("known");
    let ids = |operands: &[Operand]| -> Vec<String> {
        operands.iter().map(|operand| operand.id.clone()).collect()
    };
    assert_eq!(
        ids(&tested.numerator_in_dhis2),
        ["pmRn0GsUfr6", "DPNsg3wjxGm"]
    );
    assert_eq!(ids(&tested.denominator_in_dhis2), ["cE8SDxizo5s"]);
    let all = indicators().iter().flat_map(|one| {
        one.numerator_in_dhis2
            .iter()
            .chain(&one.denominator_in_dhis2)
    });
    for operand in all.clone() {
        let id = &operand.id;
        let first = id
            .chars()
            .next()
            .is_some_and(|sign| sign.is_ascii_alphabetic());
        let rest = id.chars().all(|sign| sign.is_ascii_alphanumeric());
        assert!(id.len() == 11 && first && rest, "{operand:?}");
        assert!(!operand.name.is_empty() && operand.package.starts_with("WHO "));
    }
    assert_eq!(all.count(), 16);
    let counts = indicators().iter().filter(|one| one.denominator.is_none());
    assert!(
        counts
            .into_iter()
            .all(|one| one.denominator_in_dhis2.is_empty())
    );
}
