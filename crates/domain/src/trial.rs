//! A small test of a change by plan, do, study, act (« essai »).

use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// The result held against the prediction.
    Comparison {
        /// As predicted.
        AsPredicted = "as_predicted",
        /// Better than predicted.
        Better = "better",
        /// Worse than predicted.
        Worse = "worse",
        /// Something else happened.
        Different = "different",
    }
}

words! {
    /// What becomes of the change.
    Decision {
        /// Keep it.
        Adopt = "adopt",
        /// Change it and try again.
        Adapt = "adapt",
        /// Leave it.
        Abandon = "abandon",
    }
}

words! {
    /// How large a trial is, the smallest first.
    Extent {
        /// One patient, or one client.
        OnePerson = "one_person",
        /// One shift.
        OneShift = "one_shift",
        /// One day.
        OneDay = "one_day",
        /// One week.
        OneWeek = "one_week",
        /// One month.
        OneMonth = "one_month",
        /// All of a service, from now on.
        WholeService = "whole_service",
        /// All of the centre.
        WholeCentre = "whole_centre",
        /// Several centres or villages.
        SeveralPlaces = "several_places",
    }
}

impl Extent {
    /// Small enough to begin with: what goes wrong there harms few and is put right by next week. One patient, one shift, one
    /// day, and at the most one week (Langley et al., The Improvement Guide, 2009, ch. 7; Taylor et al., BMJ Qual Saf
    /// 2014;23:290, « small-scale testing »).
    pub fn is_small(self) -> bool {
        self <= Self::OneWeek
    }
}

/// Whether a trial of this extent grows although the one before it did not hold: it was given up, or its result was worse than
/// predicted. The scale grows with the belief in the change, so it is advised to stay as small (Langley et al., The Improvement
/// Guide, 2009, ch. 7, table of the scale of a test by belief, cost of failure and readiness).
pub fn leaps(
    before: (Option<Extent>, Option<Comparison>, Option<Decision>),
    extent: Option<Extent>,
) -> bool {
    let (was, comparison, decision) = before;
    let failed = comparison == Some(Comparison::Worse) || decision == Some(Decision::Abandon);
    failed && was.zip(extent).is_some_and(|(was, now)| now > was)
}

/// Where a trial is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Step {
    /// Being planned: title, person or prediction is missing.
    Plan,
    /// Planned; what happened is not written yet.
    Do,
    /// Done; the result is not compared with the prediction yet.
    Study,
    /// Compared; nothing is decided yet.
    Act,
    /// Decided.
    Done,
}

/// What is written of a trial, as far as its rules go.
#[derive(Debug, Clone, Copy, Default)]
pub struct Progress {
    /// It has a title, someone who carries it, and a prediction.
    pub planned: bool,
    /// What happened is written, in words or numbers.
    pub happened: bool,
    /// The result is compared with the prediction.
    pub compared: bool,
    /// It is decided.
    pub decided: bool,
}

impl Progress {
    /// Where the trial is: the first step that is not complete.
    pub fn step(self) -> Step {
        if self.decided {
            Step::Done
        } else if self.compared {
            Step::Act
        } else if self.happened {
            Step::Study
        } else if self.planned {
            Step::Do
        } else {
            Step::Plan
        }
    }

    /// A trial is decided only after its result was compared with a prediction that was written down:
    /// without it, nothing was tested (Langley et al., The Improvement Guide, 2009, ch. 5).
    pub fn may_decide(self) -> bool {
        self.planned && self.compared
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_goes_plan_do_study_act() {
        let steps = [
            (Progress::default(), Step::Plan),
            (
                Progress {
                    planned: true,
                    ..Progress::default()
                },
                Step::Do,
            ),
            (
                Progress {
                    planned: true,
                    happened: true,
                    ..Progress::default()
                },
                Step::Study,
            ),
            (
                Progress {
                    planned: true,
                    happened: true,
                    compared: true,
                    decided: false,
                },
                Step::Act,
            ),
            (
                Progress {
                    planned: true,
                    happened: true,
                    compared: true,
                    decided: true,
                },
                Step::Done,
            ),
        ];
        for (progress, step) in steps {
            assert_eq!(progress.step(), step);
        }
    }

    #[test]
    fn nothing_is_decided_before_the_comparison() {
        assert!(
            !Progress {
                planned: true,
                happened: true,
                ..Progress::default()
            }
            .may_decide()
        );
        assert!(
            !Progress {
                planned: false,
                compared: true,
                ..Progress::default()
            }
            .may_decide()
        );
        assert!(
            Progress {
                planned: true,
                compared: true,
                ..Progress::default()
            }
            .may_decide()
        );
    }

    #[test]
    fn growing_after_a_failure_is_a_leap() {
        use Extent::*;
        let worse = Some(Comparison::Worse);
        for (before, extent, leap) in [
            ((Some(OneDay), worse, None), Some(OneWeek), true),
            (
                (Some(OneDay), None, Some(Decision::Abandon)),
                Some(OneMonth),
                true,
            ),
            // As small, smaller, or unknown.
            ((Some(OneDay), worse, None), Some(OneDay), false),
            ((Some(OneDay), worse, None), Some(OneShift), false),
            ((Some(OneDay), worse, None), None, false),
            ((None, worse, None), Some(OneWeek), false),
            // It held.
            (
                (
                    Some(OneDay),
                    Some(Comparison::Better),
                    Some(Decision::Adapt),
                ),
                Some(WholeService),
                false,
            ),
        ] {
            assert_eq!(leaps(before, extent), leap, "{before:?} {extent:?}");
        }
    }

    #[test]
    fn extents_grow_and_round_trip() {
        assert!(Extent::ALL.is_sorted());
        for extent in Extent::ALL {
            assert_eq!(Extent::from_word(extent.word()), Some(extent));
        }
        assert!(Extent::OneWeek.is_small() && !Extent::OneMonth.is_small());
    }

    #[test]
    fn words_round_trip() {
        for word in ["as_predicted", "better", "worse", "different"] {
            assert_eq!(
                Comparison::from_word(word).map(Comparison::word),
                Some(word)
            );
        }
        assert_eq!(Decision::from_word("keep"), None);
    }
}
