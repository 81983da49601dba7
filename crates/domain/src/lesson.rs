//! Lessons for others: how far what shows one carries, and how far it has gone.

use crate::words::words;

words! {
    /// How far what shows a lesson carries, the least first.
    EvidenceLevel {
        /// The team's impression.
        Impression = "impression",
        /// One trial, compared with its prediction.
        Trial = "trial",
        /// Several trials of growing scale.
        Trials = "trials",
        /// A sign of change on the chart since.
        Sign = "sign",
        /// The same at other places.
        Places = "places",
    }
}

words! {
    /// How far a lesson has gone.
    LessonState {
        /// The team writes it.
        Draft = "draft",
        /// Whoever leads the team, or its coach, has read it and stands by it.
        Reviewed = "reviewed",
        /// Its coach has handed it to the other places of the district.
        Shared = "shared",
    }
}

impl EvidenceLevel {
    /// What a cycle shows by itself: how many of its trials were decided, and whether its chart shows a sign that goes on.
    ///
    /// ```
    /// use domain::lesson::EvidenceLevel;
    /// assert_eq!(EvidenceLevel::of_cycle(0, false), EvidenceLevel::Impression);
    /// assert_eq!(EvidenceLevel::of_cycle(1, false), EvidenceLevel::Trial);
    /// assert_eq!(EvidenceLevel::of_cycle(3, false), EvidenceLevel::Trials);
    /// assert_eq!(EvidenceLevel::of_cycle(3, true), EvidenceLevel::Sign);
    /// ```
    pub fn of_cycle(decided: usize, sign: bool) -> Self {
        match (decided, sign) {
            (0, _) => Self::Impression,
            (_, true) => Self::Sign,
            (1, false) => Self::Trial,
            (_, false) => Self::Trials,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back_as_what_they_mean() {
        for level in [
            EvidenceLevel::Impression,
            EvidenceLevel::Trial,
            EvidenceLevel::Trials,
            EvidenceLevel::Sign,
            EvidenceLevel::Places,
        ] {
            assert_eq!(EvidenceLevel::from_word(level.word()), Some(level));
        }
        for state in [
            LessonState::Draft,
            LessonState::Reviewed,
            LessonState::Shared,
        ] {
            assert_eq!(LessonState::from_word(state.word()), Some(state));
        }
        assert_eq!(LessonState::from_word("proven"), None);
        assert_eq!(EvidenceLevel::from_word(""), None);
    }

    #[test]
    fn a_sign_without_a_trial_is_an_impression() {
        assert_eq!(
            EvidenceLevel::of_cycle(0, true),
            EvidenceLevel::Impression,
            "nothing was tried that could have brought it"
        );
    }
}
