//! What was agreed to be done: who owes it, and how far it has come.

use serde::{Deserialize, Serialize};

/// Who owes an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ActionLevel {
    /// The facility itself: a CSCom or a CSRéf.
    Facility,
    /// The community health association (ASACO).
    Asaco,
    /// The commune.
    Commune,
    /// The district.
    District,
    /// The region.
    Region,
}

impl ActionLevel {
    /// Every level, from the facility upwards.
    pub const ALL: [Self; 5] = [
        Self::Facility,
        Self::Asaco,
        Self::Commune,
        Self::District,
        Self::Region,
    ];

    /// The word that stands in the log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Facility => "facility",
            Self::Asaco => "asaco",
            Self::Commune => "commune",
            Self::District => "district",
            Self::Region => "region",
        }
    }

    /// The level of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.word() == word)
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
