use super::*;

fn series(values: &[f64]) -> Series {
    Series::new(values.iter().copied().map(Some).collect(), None)
}

#[test]
fn without_points_there_is_no_phase() {
    let chart = Chart::run(&series(&[])).expect("an empty chart is a chart");
    assert!(chart.points.is_empty() && chart.phases.is_empty());
}

#[test]
fn a_denominator_of_zero_or_nothing_makes_a_missing_point() {
    let values = vec![Some(1.0), Some(0.0), Some(2.0), None, Some(3.0)];
    let denominators = vec![Some(2.0), Some(0.0), None, Some(9.0), Some(4.0)];
    let chart = Chart::run(&Series::new(values, Some(denominators))).expect("charts");
    let shown: Vec<_> = chart.points.iter().map(|p| p.value).collect();
    assert_eq!(shown, [Some(0.5), None, None, None, Some(0.75)]);
    let shown: Vec<_> = chart.points.iter().map(|p| p.denominator).collect();
    assert_eq!(shown, [2.0, 0.0, 0.0, 0.0, 4.0].map(Some));
    assert_eq!(chart.phases[0].n_obs, 5, "missing points are observations");
    assert_eq!(chart.phases[0].centre, Some(0.625));
}

#[test]
fn a_phase_without_values_has_no_centre() {
    let mut series = series(&[1.0, 2.0, 3.0, 4.0]);
    series.values[2] = None;
    series.values[3] = None;
    series.breaks_after = vec![2];
    let chart = Chart::run(&series).expect("charts");
    assert_eq!(chart.phases[1].centre, None);
    assert_eq!(chart.phases[1].runs, None);
    assert!(!chart.phases[1].runs_signal);
    assert_eq!(chart.points[3].centre, None);
}

#[test]
fn breaks_come_in_any_order_and_one_at_the_end_separates_nothing() {
    let mut series = series(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    series.breaks_after = vec![4, 2, 6, 4];
    let chart = Chart::run(&series).expect("charts");
    let phases: Vec<_> = chart
        .phases
        .iter()
        .map(|p| (p.part, p.first, p.last))
        .collect();
    assert_eq!(phases, [(1, 1, 2), (2, 3, 4), (3, 5, 6)]);
    assert_eq!(
        chart.phases[2].runs.map(|r| r.longest.last),
        Some(5),
        "a chart's index"
    );
}

#[test]
fn a_frozen_median_leaves_out_excluded_points_of_the_baseline() {
    let mut series = series(&[1.0, 100.0, 3.0, 50.0, 60.0]);
    series.freeze_after = Some(3);
    series.exclude = vec![2];
    let chart = Chart::run(&series).expect("charts");
    assert_eq!(chart.phases[0].centre, Some(2.0));
    assert_eq!(chart.phases[0].n_obs, 4);
    let baseline: Vec<_> = chart.points.iter().map(|p| p.baseline).collect();
    assert_eq!(baseline, [true, true, true, false, false]);
    assert_eq!(chart.points[1].side, None);
}

#[test]
fn breaks_put_a_frozen_baseline_out_of_effect() {
    let mut series = series(&[1.0, 2.0, 3.0, 10.0, 11.0, 12.0]);
    series.breaks_after = vec![3];
    series.freeze_after = Some(2);
    let chart = Chart::run(&series).expect("charts");
    assert_eq!(chart.phases[0].centre, Some(2.0));
    assert_eq!(chart.phases[1].centre, Some(11.0));
    assert!(chart.points.iter().all(|p| p.baseline));
}

#[test]
fn a_given_centre_is_multiplied_with_the_values() {
    let mut series = series(&[0.1, 0.2, 0.3]);
    series.given_centre = Some(0.2);
    series.multiply = 100.0;
    let chart = Chart::run(&series).expect("charts");
    assert_eq!(chart.points[0].centre, Some(20.0));
    assert_eq!(chart.points[1].side, None);
}

#[test]
fn contradictions_are_named() {
    let refused = |change: &dyn Fn(&mut Series)| {
        let mut series = series(&[1.0, 2.0]);
        change(&mut series);
        Chart::run(&series)
            .expect_err("must be refused")
            .to_string()
    };
    let texts = [
        refused(&|s| s.denominators = Some(vec![Some(1.0)])),
        refused(&|s| s.denominators = Some(vec![Some(1.0), Some(-1.0)])),
        refused(&|s| s.breaks_after = vec![3]),
        refused(&|s| s.exclude = vec![0]),
        refused(&|s| s.freeze_after = Some(0)),
        refused(&|s| s.values[1] = Some(f64::NAN)),
        refused(&|s| s.multiply = f64::INFINITY),
        refused(&|s| s.given_centre = Some(f64::NAN)),
    ];
    assert_eq!(
        texts,
        [
            "2 values but 1 in `n`",
            "the denominator of point 2 is negative",
            "`breaks_after` names point 3, but the series has points 1 to 2",
            "`exclude` names point 0, but the series has points 1 to 2",
            "`freeze_after` names point 0, but the series has points 1 to 2",
            "the value of point 2 is not a finite number",
            "`multiply` is not a finite number",
            "`given_centre` is not a finite number",
        ]
    );
}
