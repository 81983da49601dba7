//! A series of figures and how it is to be charted.

use thiserror::Error;

use super::anhoej::Method;
use super::fit::Unfit;

/// A series and how it is to be charted. Points are numbered from 1, as people count them.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Numerators, or the values themselves; `None` where nothing is known.
    pub values: Vec<Option<f64>>,
    /// Denominators, where the measure has them. A missing or zero denominator makes a missing
    /// point: no value is not a value of zero.
    pub denominators: Option<Vec<Option<f64>>>,
    /// The subgroup of each value, for charts of subgroups: any numbers, equal within a subgroup. Each subgroup is one
    /// point, in the order in which they first appear, and the options below count subgroups.
    pub subgroups: Option<Vec<usize>>,
    /// Last point of each phase but the final one. Each phase is computed alone.
    pub breaks_after: Vec<usize>,
    /// Last point of the baseline: centre and limits come from the points up to here and extend over
    /// the rest. A chart with breaks has no frozen baseline; there, this is without effect. A
    /// baseline that is not complete yet takes all points.
    pub freeze_after: Option<usize>,
    /// Points kept on the chart but left out of centre, limits and counts.
    pub exclude: Vec<usize>,
    /// A centre line to judge against in place of the computed one, before multiplication.
    pub given_centre: Option<f64>,
    /// Factor on values and lines after everything is computed; 100 shows proportions in %.
    pub multiply: f64,
    /// How runs and crossings are judged.
    pub method: Method,
}

impl Series {
    /// A plain series: one phase, its own centre, nothing excluded.
    pub fn new(values: Vec<Option<f64>>, denominators: Option<Vec<Option<f64>>>) -> Self {
        Self {
            values,
            denominators,
            subgroups: None,
            breaks_after: Vec::new(),
            freeze_after: None,
            exclude: Vec::new(),
            given_centre: None,
            multiply: 1.0,
            method: Method::Anhoej,
        }
    }

    /// The end of each phase among `points` points, in order. A break after the last point separates nothing.
    pub(super) fn phase_ends(&self, points: usize) -> Vec<usize> {
        let mut ends = self.breaks_after.clone();
        ends.push(points);
        ends.sort_unstable();
        ends.dedup();
        ends.retain(|&end| end > 0);
        ends
    }

    /// Whether a point, from 1, is one that centre and limits may come from.
    pub(super) fn in_baseline(&self, number: usize) -> bool {
        !self.breaks_after.is_empty() || self.freeze_after.is_none_or(|last| number <= last)
    }

    /// Refuses options that name no point, and numbers that are none.
    pub(super) fn check(&self, points: usize) -> Result<(), SeriesError> {
        for (option, list) in [
            ("n", self.denominators.as_ref().map(Vec::len)),
            ("subgroup", self.subgroups.as_ref().map(Vec::len)),
        ] {
            if let Some(found) = list.filter(|&found| found != self.values.len()) {
                return Err(SeriesError::Lengths {
                    values: self.values.len(),
                    option,
                    found,
                });
            }
        }
        let named = |option, list: &[usize]| match list.iter().find(|&&p| p == 0 || p > points) {
            Some(&point) => Err(SeriesError::NoSuchPoint {
                option,
                point,
                points,
            }),
            None => Ok(()),
        };
        named("breaks_after", &self.breaks_after)?;
        named("exclude", &self.exclude)?;
        if self.freeze_after == Some(0) {
            return Err(SeriesError::NoSuchPoint {
                option: "freeze_after",
                point: 0,
                points,
            });
        }
        if !self.multiply.is_finite() {
            return Err(SeriesError::NotFiniteOption { option: "multiply" });
        }
        if self
            .given_centre
            .is_some_and(|centre| !(centre * self.multiply).is_finite())
        {
            return Err(SeriesError::NotFiniteOption {
                option: "given_centre",
            });
        }
        Ok(())
    }
}

/// Why a series cannot be charted. Point numbers are 1-based.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SeriesError {
    /// Values and denominators, or values and subgroups, do not pair up.
    #[error("{values} values but {found} in `{option}`")]
    Lengths {
        /// How many values there are.
        values: usize,
        /// What does not pair up, by its name in the schema.
        option: &'static str,
        /// How many of those there are.
        found: usize,
    },
    /// The chart needs denominators or subgroups, and there are none.
    #[error("this chart needs `{option}`")]
    Needs {
        /// What is missing, by its name in the schema.
        option: &'static str,
    },
    /// The chart has no use for what was given.
    #[error("this chart takes no `{option}`")]
    TakesNo {
        /// What was given, by its name in the schema.
        option: &'static str,
    },
    /// An option names a point that the series does not have.
    #[error("`{option}` names point {point}, but the series has points 1 to {points}")]
    NoSuchPoint {
        /// The option, by its name in the schema.
        option: &'static str,
        /// The point it names.
        point: usize,
        /// How many points there are.
        points: usize,
    },
    /// A denominator below zero.
    #[error("the denominator of point {point} is negative")]
    NegativeDenominator {
        /// The point it belongs to.
        point: usize,
    },
    /// A value that is not a finite number, as given or once divided or multiplied.
    #[error("the value of point {point} is not a finite number")]
    NotFinite {
        /// The point it belongs to.
        point: usize,
    },
    /// No time at all between two events, which a T chart cannot show: the time is to be counted more finely, or the
    /// cases between events on a G chart.
    #[error("the time between events at point {point} is not greater than zero")]
    NoTime {
        /// The point it belongs to.
        point: usize,
    },
    /// The figures of a measure cannot be put into the chart.
    #[error("these figures do not make such a chart: {0:?}")]
    Unfit(Unfit),
    /// A multiplier or given centre that is not a finite number.
    #[error("`{option}` is not a finite number")]
    NotFiniteOption {
        /// The option, by its name in the schema.
        option: &'static str,
    },
}

impl From<Unfit> for SeriesError {
    fn from(why: Unfit) -> Self {
        Self::Unfit(why)
    }
}
