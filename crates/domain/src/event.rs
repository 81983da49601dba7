//! What happens at a place and shows on its charts: a stock-out, a strike, a season.

use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum EventSort {
    /// Something ran out.
    StockOut,
    /// People were on strike.
    Strike,
    /// Somebody came or left.
    StaffChange,
    /// A supervision visit.
    Supervision,
    /// The rainy season.
    Rains,
    /// A round of seasonal malaria chemoprevention (CPS).
    MalariaPrevention,
    /// National vaccination days (JNV).
    VaccinationDays,
    /// Ramadan.
    Ramadan,
    /// Another campaign.
    Campaign,
    /// Something else, as its text says.
    Other,
}

impl EventSort {
    /// Every sort, in the order in which they are offered.
    pub const ALL: [Self; 10] = [
        Self::StockOut,
        Self::Strike,
        Self::StaffChange,
        Self::Supervision,
        Self::Rains,
        Self::MalariaPrevention,
        Self::VaccinationDays,
        Self::Ramadan,
        Self::Campaign,
        Self::Other,
    ];

    /// The word that stands in the log.
    pub fn word(self) -> &'static str {
        match self {
            Self::StockOut => "stock_out",
            Self::Strike => "strike",
            Self::StaffChange => "staff_change",
            Self::Supervision => "supervision",
            Self::Rains => "rains",
            Self::MalariaPrevention => "malaria_prevention",
            Self::VaccinationDays => "vaccination_days",
            Self::Ramadan => "ramadan",
            Self::Campaign => "campaign",
            Self::Other => "other",
        }
    }

    /// The sort of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_in_the_log_is_the_word_on_the_wire() {
        for sort in EventSort::ALL {
            assert_eq!(serde_json::to_value(sort).expect("json"), sort.word());
            assert_eq!(EventSort::from_word(sort.word()), Some(sort));
        }
    }
}
