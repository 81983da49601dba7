use super::*;

const PERCENT_UP: Measure = Measure {
    direction: Direction::Up,
    has_denominator: true,
    multiply: 100.0,
    suits: ChartKind::P,
    goal: Some(80.0),
};

/// Months with `n` of 100, labelled from 1.
fn months(n: &[i32]) -> Vec<Observation> {
    let month = |(i, &n): (usize, &i32)| Observation {
        label: (i + 1).to_string(),
        n: Some(n.into()),
        d: Some(100.0),
        no_data: None,
        incomplete: false,
    };
    n.iter().enumerate().map(month).collect()
}

fn view(measure: &Measure, periods: Vec<Observation>) -> ChartView {
    ChartView::of(measure, periods, ChartKind::Run).expect("charts")
}

/// Eight low months, then eight high ones, with a quiet start.
const RISEN: [i32; 18] = [
    50, 51, 52, 50, 51, 49, 50, 51, 53, 70, 71, 72, 73, 70, 71, 74, 75, 72,
];

#[test]
fn under_ten_useful_points_it_is_too_early() {
    let empty = view(&PERCENT_UP, Vec::new());
    assert_eq!(empty.verdict, Verdict::TooEarly { have: 0, need: 10 });
    assert_eq!(empty.longest_run, None);
    let view = view(&PERCENT_UP, months(&[40, 60, 41, 61, 42, 62, 43]));
    assert_eq!(
        view.verdict,
        Verdict::TooEarly { have: 6, need: 10 },
        "one is on the median"
    );
    assert_eq!(view.meaning, Meaning::Neutral);
    assert_eq!(view.centre, Some(43.0));
}

#[test]
fn points_below_ten_never_mark_a_signal() {
    let mut periods = months(&[1, 1, 1, 1, 9, 9, 9, 9]);
    periods.extend(months(&[5; 9]));
    let view = view(&PERCENT_UP, periods);
    assert_eq!(view.verdict, Verdict::TooEarly { have: 8, need: 10 });
    assert!(view.points.iter().all(|point| !point.signal));
}

#[test]
fn a_rise_is_better_or_worse_by_direction() {
    let rising = |direction| {
        view(
            &Measure {
                direction,
                ..PERCENT_UP
            },
            months(&RISEN),
        )
    };
    let up = rising(Direction::Up);
    let shift = Verdict::Shift {
        above: true,
        length: 9,
        since: "10".into(),
        ongoing: true,
    };
    assert_eq!(up.verdict, shift);
    assert_eq!(up.meaning, Meaning::Better);
    assert_eq!(rising(Direction::Down).meaning, Meaning::Worse);
    assert_eq!(rising(Direction::None).meaning, Meaning::Neutral);
    assert_eq!(
        rising(Direction::Target).meaning,
        Meaning::Better,
        "towards 80"
    );
    let marked: Vec<_> = up
        .points
        .iter()
        .filter(|p| p.signal)
        .map(|p| &p.label)
        .collect();
    assert_eq!(
        marked,
        ["10", "11", "12", "13", "14", "15", "16", "17", "18"]
    );
}

#[test]
fn a_shift_that_has_ended_is_not_ongoing() {
    let n = [
        1, 9, 2, 8, 1, 9, 90, 91, 92, 93, 94, 95, 96, 97, 98, 2, 8, 1,
    ];
    let Verdict::Shift {
        above,
        ongoing,
        since,
        ..
    } = view(&PERCENT_UP, months(&n)).verdict
    else {
        panic!("a shift")
    };
    assert!(above && !ongoing);
    assert_eq!(since, "7");
}

#[test]
fn a_target_is_judged_from_either_side() {
    assert_eq!(Meaning::towards(10.0, 4.0, 9.0), Meaning::Better);
    assert_eq!(Meaning::towards(10.0, 16.0, 11.0), Meaning::Better);
    assert_eq!(Meaning::towards(10.0, 9.0, 16.0), Meaning::Worse);
    assert_eq!(Meaning::towards(10.0, 9.0, 11.0), Meaning::Neutral);
    let no_goal = Measure {
        direction: Direction::Target,
        goal: None,
        ..PERCENT_UP
    };
    assert_eq!(view(&no_goal, months(&RISEN)).meaning, Meaning::Neutral);
}

#[test]
fn a_measure_without_direction_is_not_judged() {
    let measure = Measure {
        direction: Direction::None,
        ..PERCENT_UP
    };
    let view = view(&measure, months(&RISEN));
    assert!(!view.judged);
    assert_eq!(view.goal, None);
    assert!(view.points.iter().all(|point| !point.signal));
}

#[test]
fn few_crossings_without_a_long_run() {
    let n = [
        10, 11, 12, 10, 11, 12, 10, 90, 91, 92, 90, 91, 11, 12, 10, 11, 12, 90, 91, 92, 93, 94, 95,
        96,
    ];
    let view = view(&PERCENT_UP, months(&n));
    assert_eq!(
        view.verdict,
        Verdict::FewCrossings {
            crossings: 3,
            needed: 8
        }
    );
    assert_eq!(view.meaning, Meaning::Neutral);
    assert!(view.points.iter().all(|point| !point.signal));
}

#[test]
fn an_incomplete_month_is_drawn_and_not_counted() {
    let mut periods = months(&[40, 60, 40, 60, 40, 60, 40, 60, 40, 60, 5]);
    periods[10].incomplete = true;
    let view = view(&PERCENT_UP, periods);
    assert_eq!(view.points[10].value, Some(5.0));
    assert_eq!(view.centre, Some(50.0));
    assert_eq!(view.useful, 10);
    assert_eq!(view.verdict, Verdict::NoSign);
}

#[test]
fn zero_no_data_and_empty_are_three_things() {
    let mut periods = months(&[0, 40, 60, 30]);
    periods[1].no_data = Some("register lost".into());
    periods[2].n = None;
    periods[3].d = Some(0.0);
    let view = view(&PERCENT_UP, periods);
    let values: Vec<_> = view.points.iter().map(|point| point.value).collect();
    assert_eq!(values, [Some(0.0), None, None, None]);
    assert_eq!(view.points[1].no_data.as_deref(), Some("register lost"));
    assert_eq!(
        view.points[3].n,
        Some(30.0),
        "what was typed stays to be seen"
    );
}

#[test]
fn a_count_needs_no_denominator() {
    let count = Measure {
        has_denominator: false,
        multiply: 1.0,
        ..PERCENT_UP
    };
    let mut periods = months(&[3, 5, 4]);
    periods.iter_mut().for_each(|period| period.d = None);
    assert_eq!(view(&count, periods).centre, Some(4.0));
}

#[test]
fn the_verdict_is_tagged_for_the_screen() {
    let json = serde_json::to_value(Verdict::TooEarly { have: 7, need: 10 }).expect("json");
    assert_eq!(
        json,
        serde_json::json!({ "kind": "too_early", "have": 7, "need": 10 })
    );
}

#[test]
fn a_point_outside_its_limits_is_a_sign_on_a_p_chart() {
    let mut n: Vec<i32> = (0..20).map(|i| if i % 2 == 0 { 45 } else { 58 }).collect();
    n[14] = 95;
    let p = ChartView::of(&PERCENT_UP, months(&n), ChartKind::P).expect("charts");
    let outside = Verdict::Outside {
        count: 1,
        last: "15".into(),
        above: true,
    };
    assert_eq!((p.verdict, p.meaning), (outside, Meaning::Better));
    let marked: Vec<_> = p
        .points
        .iter()
        .filter(|p| p.signal)
        .map(|p| &p.label)
        .collect();
    assert_eq!(marked, ["15"]);
    assert!(!p.trial && p.points.iter().all(|point| point.limits.is_some()));
    let run = view(&PERCENT_UP, months(&n));
    assert!(run.points.iter().all(|point| point.limits.is_none()));
    assert_eq!(
        run.advice.chart,
        ChartKind::P,
        "50 of 100 are enough for limits"
    );
}

#[test]
fn limits_of_few_points_are_trial_limits() {
    let p = ChartView::of(&PERCENT_UP, months(&[40, 60, 41, 61]), ChartKind::P).expect("charts");
    assert!(p.trial);
    assert!(matches!(p.verdict, Verdict::TooEarly { .. }));
    assert!(
        !view(&PERCENT_UP, months(&[40, 60])).trial,
        "a run chart has no limits"
    );
}

#[test]
fn a_chart_that_the_measure_cannot_take_is_refused() {
    let count = Measure {
        has_denominator: false,
        multiply: 1.0,
        ..PERCENT_UP
    };
    assert!(ChartView::of(&count, months(&[1, 2]), ChartKind::P).is_err());
}

/// Ten quiet periods about 50, then ten about 80, labelled `01` to `20`.
fn stepped() -> Vec<Observation> {
    let mut periods = months(&[
        50, 52, 49, 51, 53, 48, 52, 47, 51, 49, 80, 83, 78, 81, 82, 79, 84, 77, 80, 81,
    ]);
    for period in &mut periods {
        period.label = format!("{:0>2}", period.label);
    }
    periods
}

fn designed(design: &Design) -> ChartView {
    ChartView::designed(&PERCENT_UP, stepped(), design).expect("charts")
}

#[test]
fn a_phase_is_computed_alone_and_the_verdict_is_the_last_ones() {
    let one = designed(&Design::default());
    assert!(matches!(one.verdict, Verdict::Shift { above: true, .. }));
    let two = designed(&Design {
        phases: vec!["11".into()],
        ..Design::default()
    });
    let centres: Vec<_> = two.phases.iter().map(|phase| phase.centre).collect();
    assert_eq!(centres, [Some(50.5), Some(80.5)]);
    assert_eq!((two.phases[1].first, two.phases[1].last), (10, 19));
    assert_eq!(two.verdict, Verdict::NoSign);
    assert_eq!(two.points[0].centre, Some(50.5));
    assert_eq!(two.centre, Some(80.5));
    let nowhere = designed(&Design {
        phases: vec!["00".into(), "01".into(), "99".into()],
        ..Design::default()
    });
    assert_eq!(nowhere, one, "a phase that parts nothing changes nothing");
}

#[test]
fn a_frozen_baseline_is_extended_and_gives_way_to_phases() {
    let frozen = Design {
        freeze: Some("10".into()),
        ..Design::default()
    };
    let view = designed(&frozen);
    assert_eq!(view.centre, Some(50.5));
    assert_eq!(view.frozen.as_deref(), Some("10"));
    assert!(view.points[9].baseline && !view.points[10].baseline);
    assert!(matches!(view.verdict, Verdict::Shift { length: 10, .. }));
    let both = designed(&Design {
        phases: vec!["11".into()],
        ..frozen
    });
    assert_eq!((both.frozen, both.centre), (None, Some(80.5)));
}

#[test]
fn a_frozen_baseline_extends_the_limits_of_every_kind() {
    for kind in [
        ChartKind::P,
        ChartKind::I,
        ChartKind::PPrime,
        ChartKind::U,
        ChartKind::IPrime,
    ] {
        let measure = Measure {
            suits: match kind {
                ChartKind::U => ChartKind::U,
                _ => ChartKind::P,
            },
            ..PERCENT_UP
        };
        let alone = ChartView::of(&measure, stepped()[..10].to_vec(), kind).expect("charts");
        let design = Design {
            kind: Some(kind),
            freeze: Some("10".into()),
            ..Design::default()
        };
        let view = ChartView::designed(&measure, stepped(), &design).expect("charts");
        assert_eq!(view.points[19].limits, alone.points[9].limits, "{kind:?}");
        assert!(
            matches!(view.verdict, Verdict::Outside { count: 10, .. }),
            "{kind:?}"
        );
    }
}

#[test]
fn an_excluded_point_stays_and_counts_for_nothing() {
    let mut periods = stepped();
    periods.truncate(12);
    let plain = ChartView::of(&PERCENT_UP, periods.clone(), ChartKind::Run).expect("charts");
    let design = Design {
        excluded: vec!["11".into(), "12".into()],
        ..Design::default()
    };
    let view = ChartView::designed(&PERCENT_UP, periods, &design).expect("charts");
    assert_eq!(view.points[11].value, plain.points[11].value);
    assert!(view.points[11].excluded && !view.points[9].excluded);
    assert_eq!(view.centre, Some(50.5));
    assert_eq!(view.useful, 10);
}

#[test]
fn the_goal_changes_by_date_and_a_measure_without_direction_takes_none() {
    let design = Design {
        goals: vec![("15".into(), 90.0), ("05".into(), 60.0)],
        ..Design::default()
    };
    let view = designed(&design);
    let goals: Vec<_> = view.points.iter().filter_map(|point| point.goal).collect();
    assert_eq!(
        (goals[3], goals[4], goals[13], goals[14]),
        (80.0, 60.0, 60.0, 90.0)
    );
    assert_eq!(view.goal, Some(90.0));
    let none = Measure {
        direction: Direction::None,
        ..PERCENT_UP
    };
    let view = ChartView::designed(&none, stepped(), &design).expect("charts");
    assert!(view.goal.is_none() && view.points.iter().all(|point| point.goal.is_none()));
    assert!(view.points.iter().all(|point| point.breaks.is_empty()));
}

#[test]
fn every_rule_set_marks_what_its_verdict_speaks_of() {
    let rising: Vec<Observation> =
        months(&[50, 48, 52, 47, 51, 49, 50, 53, 54, 55, 57, 59, 62, 66]);
    for rules in RuleSet::ALL {
        let kind = ChartKind::ALL
            .into_iter()
            .find(|kind| rules.suits(*kind) && matches!(kind, ChartKind::Run | ChartKind::I));
        let design = Design {
            kind,
            rules,
            ..Design::default()
        };
        let view = ChartView::designed(&PERCENT_UP, rising.clone(), &design).expect("charts");
        let marked = view.points.iter().filter(|point| point.signal).count();
        match &view.verdict {
            Verdict::NoSign | Verdict::FewCrossings { .. } => assert_eq!(marked, 0, "{rules:?}"),
            Verdict::Outside { count: length, .. }
            | Verdict::Shift { length, .. }
            | Verdict::Trend { length, .. } => assert_eq!(marked, *length as usize, "{rules:?}"),
            Verdict::Pattern { .. } => {}
            Verdict::TooEarly { .. } => panic!("{rules:?} has points enough"),
        }
        let marks_are_broken = |p: &ChartPoint| !p.signal || !p.breaks.is_empty();
        assert!(view.points.iter().all(marks_are_broken), "{rules:?}");
    }
    let ihi = Design {
        rules: RuleSet::Ihi,
        ..Design::default()
    };
    let view = ChartView::designed(&PERCENT_UP, rising, &ihi).expect("charts");
    assert!(
        matches!(
            view.verdict,
            Verdict::Shift { above: true, .. } | Verdict::Trend { above: true, .. }
        ),
        "{:?}",
        view.verdict
    );
}

#[test]
fn a_short_drawing_says_what_the_long_one_says() {
    let design = Design {
        phases: vec!["06".into(), "11".into()],
        ..Design::default()
    };
    let long = designed(&design);
    let short = long.clone().last(8);
    assert_eq!(short.points, long.points[12..]);
    assert_eq!(short.verdict, long.verdict);
    let phases: Vec<_> = short.phases.iter().map(|p| (p.first, p.last)).collect();
    assert_eq!(phases, [(0, 7)]);
    assert_eq!(long.clone().last(100), long);
}
