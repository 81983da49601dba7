//! Whether a process, as it is now, can meet its goal: the goal against what chance explains.
//!
//! The assurance of Making Data Count (NHS England 2024, « Making data count: strengthening your decisions »), by the limits
//! of the last phase of a chart of individual values, mean ± 2.66 × mean moving range: it looks at the values as people read
//! them, whatever the denominators, so that one answer serves every kind of measure. [`mdc`](super::mdc) computes it.
//!
//! One difference: values that never vary have no limits, and the published software then answers that chance decides. Here
//! they are their own limits: twelve months at 100 % reach 90 %.
//!
//! Limits over a change hide it: while the last phase shows a sign of change, there is no answer, and people are asked to let
//! a new phase begin.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::anhoej::{Side, side};
use super::mdc::{Assurance, Improvement, MakingDataCount};
use super::series::{Series, SeriesError};
use super::verdict::FIRM;
use crate::catalog::Direction;

/// What the process reaches while nothing changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum Reach {
    /// The goal is met every time.
    Always,
    /// Chance decides whether it is met.
    Sometimes,
    /// It is not met without a change of the process.
    Never,
    /// The process is changing: its limits mean nothing until a new phase begins.
    Changing,
    /// Too few complete points in the last phase to tell.
    TooEarly {
        /// Complete points so far.
        have: u32,
        /// Points needed.
        need: u32,
    },
}

impl Reach {
    /// What a process reaches of `goal`, given in the unit shown; `signal` says that its last phase shows a sign of change.
    /// `None` of a measure that is not judged.
    ///
    /// Where the goal is to be met, not passed, values that vary meet it by chance at best.
    ///
    /// # Errors
    /// When the series contradicts itself or leaves the range of finite numbers.
    ///
    /// ```
    /// use domain::{catalog::Direction, spc::{reach::Reach, series::Series}};
    /// let months = [95., 96., 95., 94., 96., 95., 97., 96., 95., 94., 96., 95.];
    /// let series = Series::new(months.map(Some).to_vec(), None);
    /// let of = |goal| Reach::of(&series, Direction::Up, goal, false).unwrap_or_default();
    /// assert_eq!(of(80.), Some(Reach::Always));
    /// assert_eq!(of(96.), Some(Reach::Sometimes));
    /// assert_eq!(of(99.), Some(Reach::Never));
    /// ```
    pub fn of(
        series: &Series,
        direction: Direction,
        goal: f64,
        signal: bool,
    ) -> Result<Option<Self>, SeriesError> {
        let improvement = match direction {
            Direction::None => return Ok(None),
            Direction::Up | Direction::Target => Improvement::Increase,
            Direction::Down => Improvement::Decrease,
        };
        let values = by_value(series)?;
        let mdc = MakingDataCount::of(&values, improvement, Some(goal), true)?;
        let part = mdc.points.last().map_or(0, |point| point.phase);
        let complete: Vec<f64> = (1..)
            .zip(&mdc.points)
            .filter(|(number, point)| point.phase == part && !values.exclude.contains(number))
            .filter_map(|(_, point)| point.value)
            .collect();
        let have = u32::try_from(complete.len()).unwrap_or(u32::MAX);
        if have < FIRM {
            return Ok(Some(Self::TooEarly { have, need: FIRM }));
        }
        if signal {
            return Ok(Some(Self::Changing));
        }
        let limits = mdc
            .points
            .last()
            .and_then(|last| Some((last.lower?, last.upper?)));
        Ok(Some(match limits {
            Some(limits) if direction == Direction::Target => Self::at_best(goal, limits),
            Some(_) => match mdc.assurance {
                Some(Assurance::Passes) => Self::Always,
                Some(Assurance::Fails) => Self::Never,
                Some(Assurance::Inconsistent) | None => Self::Sometimes,
            },
            // Values that never vary have no limits; they are their own.
            None => Self::unvaried(goal, direction, &complete),
        }))
    }

    /// A goal to be met, not passed: by chance, or outside what chance explains.
    fn at_best(goal: f64, (lower, upper): (f64, f64)) -> Self {
        let missed =
            side(goal, upper) == Some(Side::Above) || side(goal, lower) == Some(Side::Below);
        if missed { Self::Never } else { Self::Sometimes }
    }

    fn unvaried(goal: f64, direction: Direction, values: &[f64]) -> Self {
        let met = |&value: &f64| match (side(value, goal), direction) {
            (None, _) => true,
            (Some(on), Direction::Up) => on == Side::Above,
            (Some(on), Direction::Down) => on == Side::Below,
            (Some(_), Direction::Target | Direction::None) => false,
        };
        if values.iter().all(met) {
            Self::Always
        } else {
            Self::Never
        }
    }
}

/// The series as single values: what is read on the chart, without denominators, which limits of individual values do not
/// look at.
fn by_value(series: &Series) -> Result<Series, SeriesError> {
    let Some(denominators) = &series.denominators else {
        return Ok(series.clone());
    };
    if denominators.len() != series.values.len() {
        return Err(SeriesError::Lengths {
            values: series.values.len(),
            option: "n",
            found: denominators.len(),
        });
    }
    let values = series
        .values
        .iter()
        .zip(denominators)
        .map(|(value, over)| Some(value.as_ref()? / over.filter(|&over| over > 0.0)?))
        .collect();
    Ok(Series {
        values,
        denominators: None,
        ..series.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reach(series: &Series, direction: Direction, goal: f64) -> Option<Reach> {
        Reach::of(series, direction, goal, false).expect("a plain series")
    }

    fn months(values: &[f64]) -> Series {
        Series::new(values.iter().copied().map(Some).collect(), None)
    }

    /// The cases of the reference that have a target, as published: with the limits they give, and without a signal here.
    #[test]
    fn the_published_cases_are_answered_alike() {
        let mut told = 0;
        for (name, text) in crate::spc::reference::CASES {
            let case: serde_json::Value = serde_json::from_str(text).expect("JSON");
            let input = &case["input"];
            let (Some(goal), Some(values)) = (input["target"].as_f64(), input["y"].as_array())
            else {
                continue;
            };
            let direction = match input["improvement_direction"].as_str() {
                Some("increase") => Direction::Up,
                Some("decrease") => Direction::Down,
                _ => continue,
            };
            let mut series =
                Series::new(values.iter().map(serde_json::Value::as_f64).collect(), None);
            let breaks = input["breaks_after"].as_array().into_iter().flatten();
            series.breaks_after = breaks
                .filter_map(|at| Some(at.as_u64()? as usize))
                .collect();
            series.freeze_after = input["freeze_after"].as_u64().map(|at| at as usize);
            let screened = case["variants"].as_array().into_iter().flatten();
            let published = screened
                .filter(|variant| variant["screen_mr"] == true)
                .find_map(|variant| variant["assurance"].as_str());
            let expected = match published {
                Some("consistent_pass") => Reach::Always,
                Some("consistent_fail") => Reach::Never,
                // Said above: values that never vary.
                Some("inconsistent") if *name == "pub-082-mdc-all-equal" => Reach::Always,
                Some("inconsistent") => Reach::Sometimes,
                other => panic!("{name}: {other:?}"),
            };
            let got = reach(&series, direction, goal);
            if !matches!(got, Some(Reach::TooEarly { .. })) {
                assert_eq!(got, Some(expected), "{name}");
                told += 1;
            }
        }
        assert!(told >= 3, "{told} cases");
    }

    #[test]
    fn a_new_phase_is_answered_by_its_own_limits() {
        let mut values = vec![50., 52., 49., 51., 50., 48., 52., 50., 49., 51., 50., 52.];
        values.extend([80., 82., 79., 81., 80., 78., 82., 80., 79., 81., 80., 82.]);
        let mut series = months(&values);
        assert_eq!(
            Reach::of(&series, Direction::Up, 75., true),
            Ok(Some(Reach::Changing)),
            "limits over a change say nothing"
        );
        series.breaks_after = vec![12];
        assert_eq!(reach(&series, Direction::Up, 78.), Some(Reach::Sometimes));
        assert_eq!(reach(&series, Direction::Up, 70.), Some(Reach::Always));
        assert_eq!(reach(&series, Direction::Up, 95.), Some(Reach::Never));
        assert_eq!(reach(&series, Direction::Down, 95.), Some(Reach::Always));
        series.breaks_after = vec![20];
        let early = Reach::TooEarly { have: 4, need: 12 };
        assert_eq!(reach(&series, Direction::Up, 75.), Some(early));
    }

    #[test]
    fn proportions_are_looked_at_as_they_are_read() {
        let counts = [18., 20., 19., 17., 21., 18., 20., 19., 18., 20., 19., 18.];
        let mut series = Series::new(counts.map(Some).to_vec(), Some(vec![Some(25.); 12]));
        series.multiply = 100.;
        assert_eq!(reach(&series, Direction::Up, 99.), Some(Reach::Never));
        assert_eq!(reach(&series, Direction::Up, 78.), Some(Reach::Sometimes));
        assert_eq!(reach(&series, Direction::Up, 50.), Some(Reach::Always));
        assert_eq!(reach(&series, Direction::None, 50.), None);
    }

    #[test]
    fn values_that_never_vary_are_their_own_limits() {
        let all = months(&[100.; 12]);
        assert_eq!(reach(&all, Direction::Up, 100.), Some(Reach::Always));
        assert_eq!(
            reach(&months(&[0.; 12]), Direction::Up, 90.),
            Some(Reach::Never)
        );
        assert_eq!(
            reach(&months(&[0.; 12]), Direction::Down, 5.),
            Some(Reach::Always)
        );
        assert_eq!(reach(&all, Direction::Target, 90.), Some(Reach::Never));
    }

    #[test]
    fn a_goal_to_be_met_is_met_by_chance_at_best() {
        let values = [9., 11., 10., 12., 8., 10., 11., 9., 10., 12., 8., 10.];
        assert_eq!(
            reach(&months(&values), Direction::Target, 10.),
            Some(Reach::Sometimes)
        );
        assert_eq!(
            reach(&months(&values), Direction::Target, 30.),
            Some(Reach::Never)
        );
    }

    fn order(reach: Option<Reach>) -> u8 {
        match reach {
            Some(Reach::Always) => 2,
            Some(Reach::Sometimes) => 1,
            _ => 0,
        }
    }

    proptest! {
        /// A higher goal is never easier, turning everything upside down changes nothing, and neither does the unit.
        #[test]
        fn a_higher_goal_is_no_easier(
            values in prop::collection::vec(-1e3_f64..1e3, 12..40),
            goal in -2e3_f64..2e3,
            more in 0.0_f64..1e3,
        ) {
            let series = months(&values);
            let up = reach(&series, Direction::Up, goal);
            prop_assert!(order(reach(&series, Direction::Up, goal + more)) <= order(up));
            let mirrored = months(&values.iter().map(|v| -v).collect::<Vec<_>>());
            prop_assert_eq!(up, reach(&mirrored, Direction::Down, -goal));
            let shown = Series { multiply: 4.0, ..series };
            prop_assert_eq!(up, reach(&shown, Direction::Up, goal * 4.0));
        }
    }
}
