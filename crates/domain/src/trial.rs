//! A small test of a change by plan, do, study, act (« essai »).

use serde::{Deserialize, Serialize};

/// The result held against the prediction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Comparison {
    /// As predicted.
    AsPredicted,
    /// Better than predicted.
    Better,
    /// Worse than predicted.
    Worse,
    /// Something else happened.
    Different,
}

/// What becomes of the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Decision {
    /// Keep it.
    Adopt,
    /// Change it and try again.
    Adapt,
    /// Leave it.
    Abandon,
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

macro_rules! words {
    ($type:ident: $($variant:ident = $word:literal),*) => {
        impl $type {
            /// The word that stands in the log.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// What a word of the log means.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

words!(Comparison: AsPredicted = "as_predicted", Better = "better", Worse = "worse", Different = "different");
words!(Decision: Adopt = "adopt", Adapt = "adapt", Abandon = "abandon");

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
