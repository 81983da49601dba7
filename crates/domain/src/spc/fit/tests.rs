use super::super::verdict::{ChartView, Meaning, Verdict};
use super::*;

fn observed(label: String, n: f64, d: Option<f64>) -> Observation {
    Observation {
        label,
        n: Some(n),
        d,
        no_data: None,
        incomplete: false,
    }
}

fn months(figures: &[(f64, f64)]) -> Vec<Observation> {
    let month = |i: usize| format!("{}-{:02}", 2020 + i / 12, i % 12 + 1);
    let numbered = figures.iter().enumerate();
    numbered
        .map(|(i, &(n, d))| observed(month(i), n, Some(d)))
        .collect()
}

const DEATHS: Measure = Measure {
    direction: Direction::Down,
    has_denominator: true,
    multiply: 1000.0,
    suits: ChartKind::U,
    goal: Some(5.0),
};

const MINUTES: Measure = Measure {
    direction: Direction::Down,
    has_denominator: false,
    multiply: 1.0,
    suits: ChartKind::I,
    goal: None,
};

#[test]
fn cases_between_are_those_since_the_last_event() {
    let figures = [
        (0.0, 50.0),
        (1.0, 60.0),
        (0.0, 40.0),
        (0.0, 30.0),
        (1.0, 20.0),
        (1.0, 25.0),
        (0.0, 70.0),
    ];
    let between = cases_between(&months(&figures)).expect("rare");
    let told: Vec<_> = between
        .iter()
        .map(|one| (one.label.as_str(), one.n, one.incomplete))
        .collect();
    // Before the first event nobody knows how many there were; after the last one it still goes on.
    let expected = [
        ("2020-05", Some(90.0), false),
        ("2020-06", Some(25.0), false),
        ("2020-07", Some(70.0), true),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_month_without_figures_makes_its_interval_unknown() {
    let mut periods = months(&[
        (1.0, 60.0),
        (0.0, 40.0),
        (1.0, 30.0),
        (0.0, 20.0),
        (1.0, 25.0),
        (0.0, 25.0),
    ]);
    (periods[1].n, periods[1].no_data) = (None, Some("strike".to_owned()));
    periods[5].n = None;
    let between = cases_between(&periods).expect("rare");
    let told: Vec<_> = between
        .iter()
        .map(|one| (one.n, one.no_data.as_deref()))
        .collect();
    assert_eq!(told, [(None, Some("strike")), (Some(45.0), None)]);
}

#[test]
fn why_a_chart_is_not_for_these_figures() {
    let few = months(&[(1.0, 60.0), (0.0, 40.0), (0.0, 30.0)]);
    assert_eq!(fits(ChartKind::G, &DEATHS, &few), Err(Unfit::FewEvents));
    let many = months(&[(1.0, 60.0), (2.0, 40.0), (1.0, 30.0)]);
    assert_eq!(
        fits(ChartKind::G, &DEATHS, &many),
        Err(Unfit::SeveralAtOnce)
    );
    assert_eq!(fits(ChartKind::T, &DEATHS, &few), Err(Unfit::NoDays));
    assert_eq!(fits(ChartKind::C, &DEATHS, &few), Err(Unfit::SizesDiffer));
    assert_eq!(fits(ChartKind::P, &DEATHS, &few), Err(Unfit::NotAPart));
    assert_eq!(fits(ChartKind::Xbar, &DEATHS, &few), Err(Unfit::OneValue));
    assert_eq!(
        fits(ChartKind::U, &MINUTES, &few),
        Err(Unfit::NoDenominator)
    );
    assert_eq!(fits(ChartKind::G, &MINUTES, &few), Err(Unfit::NotRare));
    let part = Measure {
        direction: Direction::Up,
        suits: ChartKind::P,
        ..DEATHS
    };
    assert_eq!(fits(ChartKind::U, &part, &few), Err(Unfit::APart));
    assert_eq!(
        fits(ChartKind::G, &part, &few),
        Err(Unfit::NotRare),
        "what should be more is no event to space out"
    );
    for kind in [ChartKind::Run, ChartKind::I, ChartKind::Mr] {
        assert_eq!(fits(kind, &MINUTES, &few), Ok(()));
    }
}

#[test]
fn every_chart_that_fits_is_drawn_and_no_other() {
    let rare: Vec<(f64, f64)> = (0..30)
        .map(|i| (f64::from(u8::from(i % 3 == 0)), 40.0))
        .collect();
    let days: Vec<_> = (0..30_u32)
        .map(|i| format!("2026-{:02}-{:02}", i / 5 + 1, i % 5 * 6 + 1))
        .map(|day| observed(day, 30.0, None))
        .collect();
    let between = Measure {
        suits: ChartKind::G,
        ..MINUTES
    };
    for (measure, periods) in [
        (DEATHS, months(&rare)),
        (MINUTES, days.clone()),
        (between, days),
    ] {
        for kind in ChartKind::ALL {
            let drawn = ChartView::of(&measure, periods.clone(), kind);
            assert_eq!(
                drawn.is_ok(),
                fits(kind, &measure, &periods).is_ok(),
                "{kind:?} of {:?}",
                measure.suits
            );
            let empty = drawn.is_ok_and(|view| view.points.iter().all(|p| p.value.is_none()));
            assert!(!empty, "{kind:?} of {:?}", measure.suits);
        }
    }
}

#[test]
fn deaths_further_apart_are_better_and_scatter_is_neither() {
    // Eleven times six months apart, then nine times each month: closer together.
    let deaths: Vec<(f64, f64)> = (0..76)
        .map(|i| {
            let died = i % 6 == 0 || i > 66;
            (f64::from(u8::from(died)), f64::from(30 + i % 7))
        })
        .collect();
    let view = ChartView::of(&DEATHS, months(&deaths), ChartKind::G).expect("charts");
    assert!(
        matches!(view.verdict, Verdict::Shift { above: false, .. }),
        "{:?}",
        view.verdict
    );
    assert_eq!((view.meaning, view.drawn), (Meaning::Worse, Drawn::Cases));
    assert_eq!((view.goal, view.multiply), (None, 1.0));

    let mut jump: Vec<(f64, f64)> = (0..24).map(|i| (f64::from(10 + i % 3), 100.0)).collect();
    jump[12].0 = 90.0;
    let ranges = ChartView::of(&DEATHS, months(&jump), ChartKind::Mr).expect("charts");
    assert!(matches!(
        ranges.verdict,
        Verdict::Outside { above: true, .. }
    ));
    assert_eq!(
        (ranges.meaning, ranges.drawn),
        (Meaning::Neutral, Drawn::Range)
    );
}

#[test]
fn weeks_are_gathered_by_the_month_of_their_thursday() {
    let weeks: Vec<_> = (1..=12)
        .map(|week| observed(format!("2026-W{week:02}"), f64::from(week), None))
        .collect();
    let design = Design {
        kind: Some(ChartKind::Xbar),
        phases: vec!["2026-W06".to_owned()],
        excluded: vec!["2026-W02".to_owned()],
        running: Some("2026-03".to_owned()),
        ..Design::default()
    };
    let view = ChartView::designed(&MINUTES, weeks.clone(), &design).expect("charts");
    let told: Vec<_> = view
        .points
        .iter()
        .map(|point| (point.label.as_str(), point.n, point.value, point.incomplete))
        .collect();
    // Week 1 of 2026 begins on 29 December, and its Thursday is 1 January; week 5 has its Thursday on 29 January.
    let expected = [
        ("2026-01", Some(4.0), Some(13.0 / 4.0), false),
        ("2026-02", Some(4.0), Some(7.5), false),
        ("2026-03", Some(3.0), Some(11.0), true),
    ];
    assert_eq!(told, expected);
    assert_eq!(
        view.phases.len(),
        2,
        "the phase of a week begins with its month"
    );

    let spread = Design {
        kind: Some(ChartKind::S),
        ..Design::default()
    };
    let view = ChartView::designed(&MINUTES, weeks, &spread).expect("charts");
    let first = view.points[0].value.expect("five weeks");
    assert!((first - 2.5_f64.sqrt()).abs() < 1e-12, "{first}");
}

#[test]
fn days_between_come_from_the_dates() {
    let measure = Measure {
        suits: ChartKind::G,
        direction: Direction::Up,
        ..MINUTES
    };
    let days = ["2026-01-10", "2026-01-25", "2026-03-01"];
    let days: Vec<_> = days
        .iter()
        .map(|day| observed((*day).to_owned(), 80.0, None))
        .collect();
    let view = ChartView::of(&measure, days, ChartKind::T).expect("charts");
    let told: Vec<_> = view.points.iter().map(|point| point.value).collect();
    assert_eq!(told, [Some(15.0), Some(35.0)]);
    assert_eq!(view.drawn, Drawn::Days);
}
