//! Parts of a whole: by sex, age group, or village. A value of a part stands beside that of the whole and never in its
//! place; that they agree is asked, not enforced.

use serde::{Deserialize, Serialize};

use crate::ids::RecordId;

/// What a whole is parted by.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Split {
    /// Sex.
    Sex,
    /// Age group.
    Age,
    /// Villages and sites.
    Site,
}

/// The age groups, of the monthly report's tables: under five, five to fourteen, adolescents, young people, older.
const AGES: [&str; 5] = ["0-4", "5-14", "15-19", "20-24", "25-plus"];

impl Split {
    /// Every split.
    pub const ALL: [Self; 3] = [Self::Sex, Self::Age, Self::Site];

    fn word(self) -> &'static str {
        match self {
            Self::Sex => "sex",
            Self::Age => "age",
            Self::Site => "site",
        }
    }

    /// The split that a stored part is of; nothing for a text that is no part.
    ///
    /// ```
    /// use domain::stratum::Split;
    /// assert_eq!(Split::of("age:5-14"), Some(Split::Age));
    /// assert_eq!(Split::of("age:6"), None);
    /// ```
    pub fn of(stratum: &str) -> Option<Self> {
        let (word, part) = stratum.split_once(':')?;
        let split = Self::ALL.into_iter().find(|split| split.word() == word)?;
        let known = match split {
            Self::Sex => matches!(part, "f" | "m"),
            Self::Age => AGES.contains(&part),
            Self::Site => part.parse::<RecordId>().is_ok(),
        };
        known.then_some(split)
    }

    /// Its parts as they are stored, in their order; villages and sites are those given.
    pub fn parts(self, sites: &[RecordId]) -> Vec<String> {
        let parts: Vec<String> = match self {
            Self::Sex => ["f", "m"].map(str::to_owned).into(),
            Self::Age => AGES.map(str::to_owned).into(),
            Self::Site => sites.iter().map(RecordId::to_string).collect(),
        };
        let stored = |part: String| format!("{}:{part}", self.word());
        parts.into_iter().map(stored).collect()
    }
}

/// The village or site of a stored part.
pub fn site_of(stratum: &str) -> Option<RecordId> {
    stratum.strip_prefix("site:")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_known_again() {
        let village = RecordId::natural(&[b"village"]);
        for split in Split::ALL {
            let parts = split.parts(&[village]);
            assert!(!parts.is_empty());
            assert!(
                parts.iter().all(|part| Split::of(part) == Some(split)),
                "{parts:?}"
            );
        }
        assert_eq!(site_of(&Split::Site.parts(&[village])[0]), Some(village));
        for text in [
            "",
            "sex",
            "sex:",
            "sex:x",
            "site:here",
            "colour:red",
            "age:0-4 ",
        ] {
            assert_eq!(Split::of(text), None, "{text}");
        }
    }
}
