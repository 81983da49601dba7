//! Holding the gain: after a change was adopted the team looks again, three times in a year, at whether it still holds.

use chrono::{Months, NaiveDate};

use crate::words::words;

/// How many months after the decision to adopt somebody looks again.
pub const MONTHS: [u32; 3] = [3, 6, 12];

words! {
    /// What somebody saw who looked again.
    Holding {
        /// The change is still done, and the figures hold.
        Holds = "holds",
        /// It slips: the cycle is taken up again.
        Slips = "slips",
    }
}

/// The day of a re-check: so many months after the decision, on the last day of a month that is too short.
///
/// ```
/// use domain::recheck::due;
/// let day = |text: &str| text.parse().unwrap();
/// assert_eq!(due(day("2026-03-12"), 3), Some(day("2026-06-12")));
/// assert_eq!(due(day("2025-11-30"), 3), Some(day("2026-02-28")));
/// ```
pub fn due(decided: NaiveDate, months: u32) -> Option<NaiveDate> {
    decided.checked_add_months(Months::new(months))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back_as_what_they_mean() {
        for holding in [Holding::Holds, Holding::Slips] {
            assert_eq!(Holding::from_word(holding.word()), Some(holding));
        }
        assert_eq!(Holding::from_word("perhaps"), None);
    }

    #[test]
    fn a_year_after_a_leap_day_is_the_last_of_february() {
        let leap = NaiveDate::from_ymd_opt(2028, 2, 29).unwrap();
        assert_eq!(due(leap, 12), NaiveDate::from_ymd_opt(2029, 2, 28));
    }
}
