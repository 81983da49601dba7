//! Meetings of a team: who was there.

use serde::{Deserialize, Serialize};

/// A woman or a man, as a list of those present counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Sex {
    /// A woman.
    Female,
    /// A man.
    Male,
}

impl Sex {
    /// The sex of a word of the log.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "female" => Some(Self::Female),
            "male" => Some(Self::Male),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sex_is_known_by_its_word() {
        assert_eq!(Sex::from_word("female"), Some(Sex::Female));
        assert_eq!(Sex::from_word("male"), Some(Sex::Male));
        assert_eq!(Sex::from_word("f"), None);
    }
}
