//! What was agreed to be done: who owes it, and how far it has come.

use serde::Serialize;

use crate::words::words;

words! {
    /// Who owes an action.
    ActionLevel {
        /// The facility itself: a CSCom or a CSRéf.
        Facility = "facility",
        /// The community health association (ASACO).
        Asaco = "asaco",
        /// The commune.
        Commune = "commune",
        /// The district.
        District = "district",
        /// The region.
        Region = "region",
    }
}

/// How far an action has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ActionState {
    /// Nobody has begun it.
    Open,
    /// It was begun.
    UnderWay,
    /// It was done.
    Done,
    /// It was given up, with a reason.
    GivenUp,
}

impl ActionState {
    /// What follows from what is written: done wins over given up, for what was done cannot be given up any more.
    pub fn of(started: bool, done: bool, given_up: bool) -> Self {
        match (done, given_up, started) {
            (true, _, _) => Self::Done,
            (_, true, _) => Self::GivenUp,
            (_, _, true) => Self::UnderWay,
            _ => Self::Open,
        }
    }

    /// Whether it is carried on to the next meeting.
    pub fn is_carried(self) -> bool {
        matches!(self, Self::Open | Self::UnderWay)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_is_done_even_if_somebody_gave_it_up() {
        assert_eq!(ActionState::of(true, true, true), ActionState::Done);
        assert_eq!(ActionState::of(true, false, true), ActionState::GivenUp);
        assert_eq!(ActionState::of(true, false, false), ActionState::UnderWay);
        assert_eq!(ActionState::of(false, false, false), ActionState::Open);
        let carried = |state: ActionState| state.is_carried();
        assert!(carried(ActionState::Open) && carried(ActionState::UnderWay));
        assert!(!carried(ActionState::Done) && !carried(ActionState::GivenUp));
    }

    #[test]
    fn a_level_is_known_by_its_word() {
        for level in ActionLevel::ALL {
            assert_eq!(ActionLevel::from_word(level.word()), Some(level));
        }
        assert_eq!(ActionLevel::from_word("nation"), None);
    }
}
