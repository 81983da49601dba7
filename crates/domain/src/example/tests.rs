use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::catalog::{OrgLevel, indicator, org_units};
use crate::measure::{EntryState, NoDataReason, questions};
use crate::spc::chart::ChartKind;
use crate::spc::verdict::{ChartView, Meaning, Measure, Observation, Verdict};

fn district() -> ExampleDistrict {
    example("2026-03".parse().unwrap())
}

fn chart(measure: &ExampleMeasure) -> ChartView {
    let indicator = indicator(measure.indicator).unwrap();
    let observations = measure.entries.iter().map(|e| Observation {
        label: e.month.to_string(),
        n: e.entry.numerator,
        d: e.entry.denominator,
        no_data: e.entry.no_data.map(|reason| reason.word().to_owned()),
        incomplete: false,
    });
    let shown = Measure {
        direction: indicator.direction,
        has_denominator: true,
        multiply: indicator.multiplier,
        suits: indicator.chart,
        goal: measure.goal,
    };
    ChartView::of(&shown, observations.collect(), ChartKind::Run).unwrap()
}

#[test]
fn the_three_cycles_of_the_first_facility_say_three_things() {
    let district = district();
    let first = district.facilities[0].key;
    let charts: Vec<_> = district
        .cycles
        .iter()
        .filter(|c| c.facility == first)
        .map(|c| chart(&c.measures[0]))
        .collect();
    let [counselling, antenatal, malaria] = charts.as_slice() else {
        panic!("{} cycles", charts.len())
    };

    assert_eq!(counselling.meaning, Meaning::Better);
    let since_trial = district.cycles[0].trials[0]
        .starts
        .format("%Y-%m")
        .to_string();
    match &counselling.verdict {
        Verdict::Shift {
            above: true,
            length,
            since,
            ongoing: true,
        } => {
            assert!(
                *length >= 10 && *since > since_trial,
                "{length} since {since}"
            );
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(antenatal.verdict, Verdict::NoSign);
    assert!(
        matches!(malaria.verdict, Verdict::TooEarly { .. }),
        "{:?}",
        malaria.verdict
    );
    let counted = malaria
        .points
        .iter()
        .filter(|point| point.value.is_some())
        .count();
    assert_eq!(counted, 7);
}

#[test]
fn a_stock_out_a_missing_register_and_a_zero_are_there() {
    let district = district();
    let all: Vec<_> = district
        .cycles
        .iter()
        .flat_map(|c| &c.measures)
        .flat_map(|m| &m.entries)
        .collect();
    for reason in [NoDataReason::StockOut, NoDataReason::RegisterMissing] {
        assert!(
            all.iter().any(|e| e.entry.no_data == Some(reason)),
            "{reason:?}"
        );
    }
    assert!(
        all.iter()
            .any(|e| e.entry.numerator == Some(0.0) && e.explanation.is_some())
    );
}

#[test]
fn figures_are_those_of_a_rural_facility() {
    let district = district();
    let [counselling, antenatal, ..] = district.cycles.as_slice() else {
        panic!()
    };
    for measure in [&counselling.measures[0], &antenatal.measures[0]] {
        assert_eq!(measure.entries.len(), usize::from(MONTHS));
        let births = measure.entries.iter().filter_map(|e| e.entry.denominator);
        assert!(
            births
                .into_iter()
                .all(|births| (10.0..=40.0).contains(&births))
        );
    }
}

#[test]
fn what_would_be_questioned_is_explained() {
    for measure in district().cycles.iter().flat_map(|c| &c.measures) {
        let indicator = indicator(measure.indicator).unwrap();
        let others: Vec<_> = measure
            .entries
            .iter()
            .map(|e| (e.month.into(), e.entry))
            .collect();
        for e in &measure.entries {
            assert_ne!(e.entry.state(indicator.kind), EntryState::Empty);
            let asked = questions(indicator, e.month.into(), &e.entry, &others);
            assert!(
                asked.is_empty() || e.explanation.is_some(),
                "{} {}: {asked:?}",
                indicator.code,
                e.month
            );
        }
    }
}

#[test]
fn everything_named_is_there() {
    let district = district();
    let place = org_units()
        .iter()
        .find(|unit| unit.code == district.district_code);
    assert_eq!(place.unwrap().level, OrgLevel::District);
    assert!(
        district
            .facilities
            .iter()
            .all(|f| f.name.fr.contains("(exemple)") && f.name.en.contains("(example)"))
    );
    let facilities: HashSet<_> = district.facilities.iter().map(|f| f.key).collect();
    assert!(
        district
            .people
            .iter()
            .all(|p| p.facility.is_none_or(|key| facilities.contains(key)))
    );
    assert_eq!(
        district
            .people
            .iter()
            .filter(|p| p.role == Role::Coach)
            .count(),
        1
    );
    let mut counted = HashSet::new();
    for cycle in &district.cycles {
        let template = template(cycle.template).unwrap();
        assert_eq!(cycle.area, template.area);
        assert!(facilities.contains(cycle.facility));
        for measure in &cycle.measures {
            assert!(
                template
                    .measures
                    .iter()
                    .any(|code| code == measure.indicator),
                "{}",
                measure.indicator
            );
            assert!(
                counted.insert((cycle.facility, measure.indicator)),
                "counted twice"
            );
        }
        let comments = cycle
            .comments
            .iter()
            .chain(cycle.trials.iter().flat_map(|t| &t.comments));
        let people = cycle
            .team
            .iter()
            .map(|m| m.person)
            .chain(cycle.trials.iter().map(|t| t.who));
        for key in people.chain(comments.map(|c| c.author)) {
            assert!(district.person(key).is_some(), "{key}");
        }
        for trial in &cycle.trials {
            assert!(trial.idea < cycle.ideas.len());
            assert!(trial.result.iter().all(|r| r.seen.0 <= r.seen.1));
        }
        assert!(
            cycle
                .lessons
                .iter()
                .all(|lesson| lesson.trial < cycle.trials.len())
        );
    }
    for event in &district.events {
        assert!(facilities.contains(event.facility) && district.person(event.author).is_some());
        assert!(
            event
                .indicator
                .is_none_or(|code| counted.contains(&(event.facility, code)))
        );
    }
    for decision in &district.decisions {
        assert!(district.person(decision.author).is_some());
        assert!(counted.contains(&(decision.facility, decision.indicator)));
    }
    for what in [ChartDecision::Phase, ChartDecision::Exclude] {
        assert!(
            district.decisions.iter().any(|d| d.what == what),
            "{what:?}"
        );
    }
    let trials = || district.cycles.iter().flat_map(|c| &c.trials);
    assert!(
        trials().any(|t| t.result.is_none()),
        "one trial waits to be studied"
    );
    for decision in [Decision::Adopt, Decision::Adapt, Decision::Abandon] {
        assert!(
            trials().any(|t| t.result.as_ref().is_some_and(|r| r.decision == decision)),
            "{decision:?}"
        );
    }
}

proptest! {
    #[test]
    fn the_figures_are_the_same_whenever_it_is_opened(year in 2000u16..2100, number in 1u8..=12) {
        let end = Month::new(year, number).unwrap();
        let (then, now) = (example(end), district());
        for (a, b) in then.cycles.iter().zip(&now.cycles) {
            for (a, b) in a.measures.iter().zip(&b.measures) {
                prop_assert_eq!(a.entries.last().map(|e| e.month), Some(end));
                let figures = |m: &ExampleMeasure| m.entries.iter().map(|e| e.entry).collect::<Vec<_>>();
                prop_assert_eq!(figures(a), figures(b));
            }
        }
    }

    #[test]
    fn days_follow_each_other(year in 2000u16..2100, number in 1u8..=12) {
        let end = Month::new(year, number).unwrap();
        let district = example(end);
        for event in &district.events {
            prop_assert!(event.ends.is_none_or(|ends| ends > event.starts && ends <= end.last_day()));
        }
        for decision in &district.decisions {
            prop_assert!(decision.month <= end && decision.day <= end.last_day());
        }
        for cycle in district.cycles {
            prop_assert!(cycle.opened < cycle.aim_by);
            prop_assert!(cycle.aim_by >= end.last_day());
            for member in &cycle.team {
                prop_assert!(member.since >= cycle.opened && member.until.is_none_or(|day| day > member.since));
            }
            for trial in &cycle.trials {
                prop_assert!(cycle.opened < trial.starts && trial.starts < trial.ends);
                prop_assert!(trial.ends <= end.last_day());
                let decided = trial.result.as_ref().map(|result| result.decided);
                prop_assert!(decided.is_none_or(|day| trial.ends < day && day <= end.last_day()));
            }
        }
    }
}
