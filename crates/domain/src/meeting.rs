//! Meetings of a team: who was there.

use serde::{Deserialize, Serialize};

/// A woman or a man, as a list of those present counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub enum Sex {
    /// A woman.
    #[serde(rename = "f")]
    Female,
    /// A man.
    #[serde(rename = "m")]
    Male,
}

impl Sex {
    /// The sex of a word of the log.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "f" => Some(Self::Female),
            "m" => Some(Self::Male),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sex_is_known_by_its_word() {
        assert_eq!(Sex::from_word("f"), Some(Sex::Female));
        assert_eq!(Sex::from_word("m"), Some(Sex::Male));
        assert_eq!(Sex::from_word("x"), None);
    }
}
