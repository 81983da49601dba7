//! What happens at a place and shows on its charts: a stock-out, a strike, a season.

use crate::words::words;

words! {
    /// What happened.
    EventSort {
        /// Something ran out.
        StockOut = "stock_out",
        /// People were on strike.
        Strike = "strike",
        /// Somebody came or left.
        StaffChange = "staff_change",
        /// A supervision visit.
        Supervision = "supervision",
        /// The rainy season.
        Rains = "rains",
        /// A round of seasonal malaria chemoprevention (CPS).
        MalariaPrevention = "malaria_prevention",
        /// National vaccination days (JNV).
        VaccinationDays = "vaccination_days",
        /// Ramadan.
        Ramadan = "ramadan",
        /// Another campaign.
        Campaign = "campaign",
        /// Something else, as its text says.
        Other = "other",
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
