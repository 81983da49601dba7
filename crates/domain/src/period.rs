//! The periods that are counted: months, and with [`Period`] days, ISO weeks, quarters and years.

mod span;

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::text::fold;

pub use span::Period;

/// A calendar month, written `2026-03`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(try_from = "String", into = "String")]
#[ts(export, type = "string")]
pub struct Month {
    /// Months since January of the year 0.
    index: u16,
}

/// The text is not a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a period")]
pub struct NotAPeriod;

impl Month {
    /// The first month that can be written, `0001-01`.
    pub const MIN: Self = Self { index: 12 };
    /// The last month that can be written, `5000-12`.
    pub const MAX: Self = Self {
        index: 5000 * 12 + 11,
    };

    /// A month by year (1 to 5000) and number (1 to 12).
    pub fn new(year: u16, number: u8) -> Option<Self> {
        let valid = (1..=5000).contains(&year) && (1..=12).contains(&number);
        valid.then(|| Self {
            index: year * 12 + u16::from(number) - 1,
        })
    }

    /// The month of a day; a day outside [`Month::MIN`] and [`Month::MAX`] gives the nearest.
    pub fn of(day: NaiveDate) -> Self {
        let index = i64::from(day.year()) * 12 + i64::from(day.month0());
        Self::clamped(index)
    }

    /// Its year.
    pub fn year(self) -> u16 {
        self.index / 12
    }

    /// Its number in the year, 1 to 12.
    pub fn number(self) -> u8 {
        (self.index % 12) as u8 + 1
    }

    /// The month so many months later, or earlier when negative; stops at [`Month::MIN`] and [`Month::MAX`].
    pub fn plus(self, months: i32) -> Self {
        Self::clamped(i64::from(self.index) + i64::from(months))
    }

    /// The month after.
    pub fn next(self) -> Self {
        self.plus(1)
    }

    /// The month before.
    pub fn prev(self) -> Self {
        self.plus(-1)
    }

    /// How many months lie between: 1 from January to February.
    pub fn until(self, later: Self) -> i32 {
        i32::from(later.index) - i32::from(self.index)
    }

    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        // Every month from MIN to MAX has a first day in chrono's calendar.
        NaiveDate::from_ymd_opt(self.year().into(), self.number().into(), 1).unwrap_or_default()
    }

    /// Its last day.
    pub fn last_day(self) -> NaiveDate {
        let next = Self {
            index: self.index + 1,
        };
        next.first_day().pred_opt().unwrap_or_default()
    }

    /// The last `count` months, oldest first, ending with `end`.
    ///
    /// ```
    /// use domain::period::Month;
    /// let end: Month = "2026-02".parse()?;
    /// let months: Vec<_> = Month::ending(end, 3).map(|m| m.to_string()).collect();
    /// assert_eq!(months, ["2025-12", "2026-01", "2026-02"]);
    /// # Ok::<(), domain::period::NotAPeriod>(())
    /// ```
    pub fn ending(end: Self, count: u16) -> impl DoubleEndedIterator<Item = Self> {
        let first = (end.index + 1).saturating_sub(count).max(Self::MIN.index);
        (first..=end.index).map(|index| Self { index })
    }

    /// A month as people type it: `2026-03`, `03/2026`, `mars 2026`, `mar-26`, `March 2026`, `2026M03`,
    /// `202603`, or the date of its first day, which spreadsheets make of it.
    ///
    /// Two-digit years are of this century. What could be two things is refused: `jui-26` (June or
    /// July), `05/03/2026` (a day).
    pub fn parse_typed(text: &str) -> Result<Self, NotAPeriod> {
        let folded = fold(text);
        let compact = folded.replace(' ', "");
        let parts: Vec<&str> = folded.split(' ').collect();
        let month = match parts.as_slice() {
            [one] => compact_month(one).or_else(|| word_and_year(&compact)),
            // Without its separators `2026-3` reads as `2026M3` would.
            [a, b] if is_year(a) => compact_month(&format!("{a}m{b}")).or_else(|| named(b, a)),
            [a, b] => numbered(a, b).or_else(|| named(a, b)),
            [year, month, "1" | "01"] if is_year(year) => numbered(month, year),
            ["1" | "01" | "1er", month, year] => {
                numbered(month, year).or_else(|| named(month, year))
            }
            _ => None,
        };
        month.ok_or(NotAPeriod)
    }

    fn clamped(index: i64) -> Self {
        let bounded = index.clamp(Self::MIN.index.into(), Self::MAX.index.into());
        Self {
            index: u16::try_from(bounded).unwrap_or(Self::MAX.index),
        }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.number())
    }
}

impl fmt::Debug for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Month {
    type Err = NotAPeriod;

    /// Exactly `YYYY-MM`; [`Month::parse_typed`] takes what people type.
    fn from_str(text: &str) -> Result<Self, NotAPeriod> {
        let (year, number) = text.split_once('-').ok_or(NotAPeriod)?;
        if year.len() != 4 || number.len() != 2 {
            return Err(NotAPeriod);
        }
        Self::new(
            digits(year).ok_or(NotAPeriod)?,
            digits(number).ok_or(NotAPeriod)?,
        )
        .ok_or(NotAPeriod)
    }
}

impl TryFrom<String> for Month {
    type Error = NotAPeriod;

    fn try_from(text: String) -> Result<Self, NotAPeriod> {
        text.parse()
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

/// Month names without accents, January first.
const NAMES: [[&str; 2]; 12] = [
    ["janvier", "january"],
    ["fevrier", "february"],
    ["mars", "march"],
    ["avril", "april"],
    ["mai", "may"],
    ["juin", "june"],
    ["juillet", "july"],
    ["aout", "august"],
    ["septembre", "september"],
    ["octobre", "october"],
    ["novembre", "november"],
    ["decembre", "december"],
];

fn digits<T: FromStr>(text: &str) -> Option<T> {
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && digits::<u16>(text).is_some()
}

/// A year of four digits from 1900 on, or of two in this century.
fn typed_year(text: &str) -> Option<u16> {
    match (text.len(), digits::<u16>(text)?) {
        (4, year @ 1900..=2999) => Some(year),
        (2, year) => Some(2000 + year),
        _ => None,
    }
}

fn numbered(number: &str, year: &str) -> Option<Month> {
    if number.len() > 2 || year.len() != 4 {
        return None;
    }
    Month::new(typed_year(year)?, digits(number)?)
}

/// `mars` or its beginning of three letters or more, when it is the beginning of one month only.
fn named(word: &str, year: &str) -> Option<Month> {
    if word.len() < 3 {
        return None;
    }
    let mut found = (1u8..)
        .zip(NAMES)
        .filter(|(_, names)| names.iter().any(|name| name.starts_with(word)));
    let (number, _) = found.next()?;
    if found.next().is_some() {
        return None;
    }
    Month::new(typed_year(year)?, number)
}

/// `202603` or `2026m03`.
fn compact_month(text: &str) -> Option<Month> {
    let (year, rest) = text.split_at_checked(4)?;
    match rest.strip_prefix('m') {
        Some(number) => numbered(number, year),
        None if rest.len() == 2 => numbered(rest, year),
        None => None,
    }
}

/// `mars2026`.
fn word_and_year(text: &str) -> Option<Month> {
    let at = text.find(|c: char| c.is_ascii_digit())?;
    named(&text[..at], &text[at..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    #[test]
    fn what_people_type() {
        for text in [
            "2026-03",
            "2026-3",
            "03/2026",
            "3/2026",
            "3.2026",
            "03-2026",
            "2026/03",
            "mars 2026",
            "Mars 2026",
            " mars  2026 ",
            "mar-26",
            "mars-26",
            "mars2026",
            "Mar. 2026",
            "March 2026",
            "2026 mars",
            "2026M03",
            "2026m3",
            "202603",
            "01/03/2026",
            "1/3/2026",
            "2026-03-01",
            "1er mars 2026",
        ] {
            assert_eq!(Month::parse_typed(text), Ok(month("2026-03")), "{text}");
        }
        for (text, expected) in [
            ("févr-26", "2026-02"),
            ("fév. 2026", "2026-02"),
            ("août 2025", "2025-08"),
            ("aout-25", "2025-08"),
            ("juil-25", "2025-07"),
            ("juin 2025", "2025-06"),
            ("Jun 2025", "2025-06"),
            ("Jul-25", "2025-07"),
            ("déc-24", "2024-12"),
            ("Décembre 2024", "2024-12"),
            ("May 2024", "2024-05"),
            ("mai-24", "2024-05"),
            ("sept 2024", "2024-09"),
        ] {
            assert_eq!(Month::parse_typed(text), Ok(month(expected)), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_month() {
        for text in [
            "",
            " ",
            "2026",
            "mars",
            "jui-26",
            "ma-26",
            "13/2026",
            "0/2026",
            "2026-00",
            "2026-13",
            "05/03/2026",
            "26-mar",
            "2026-W09",
            "2026Q1",
            "20263",
            "2026030",
            "1/26",
            "03/0026",
            "mars 20266",
            "mars 202",
            "١٢/2026",
            "2026-03-15",
            "🙂",
            "é",
            "ééé2026",
            "jui 2026",
            "1 1 1 1",
        ] {
            assert_eq!(Month::parse_typed(text), Err(NotAPeriod), "{text}");
        }
        for text in [
            "2026-3", "2026-03 ", "26-03", "2026-13", "2026/03", "+026-03", "2026-+3", "0000-01",
            "5001-01",
        ] {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_year_turns() {
        assert_eq!(month("2025-12").next(), month("2026-01"));
        assert_eq!(month("2026-01").prev(), month("2025-12"));
        assert_eq!(month("2024-11").plus(16), month("2026-03"));
        assert_eq!(month("2024-11").until(month("2026-03")), 16);
        assert_eq!(Month::MAX.next(), Month::MAX);
        assert_eq!(Month::MIN.prev(), Month::MIN);
    }

    #[test]
    fn days() {
        let leap = month("2024-02");
        assert_eq!(leap.first_day().to_string(), "2024-02-01");
        assert_eq!(leap.last_day().to_string(), "2024-02-29");
        assert_eq!(Month::of(leap.last_day()), leap);
        assert_eq!(Month::MAX.last_day().to_string(), "5000-12-31");
        assert_eq!(Month::of(NaiveDate::MIN), Month::MIN);
        assert_eq!(Month::of(NaiveDate::MAX), Month::MAX);
    }

    #[test]
    fn the_wire_form_is_the_iso_form() {
        let period = Period::from(month("2026-03"));
        assert_eq!(serde_json::to_string(&period).unwrap(), "\"2026-03\"");
        assert_eq!(
            serde_json::from_str::<Period>("\"2026-03\"").unwrap(),
            period
        );
        assert!(serde_json::from_str::<Period>("\"mars 2026\"").is_err());
    }

    fn any_month() -> impl Strategy<Value = Month> {
        (1u16..=5000, 1u8..=12).prop_map(|(year, number)| Month::new(year, number).unwrap())
    }

    proptest! {
        #[test]
        fn written_and_read_again(m in any_month()) {
            prop_assert_eq!(m.to_string().parse(), Ok(m));
            prop_assert_eq!(Month::of(m.first_day()), m);
            prop_assert_eq!(Month::of(m.last_day()), m);
        }

        #[test]
        fn text_order_is_time_order(a in any_month(), b in any_month()) {
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
            prop_assert_eq!(a.plus(a.until(b)), b);
        }

        #[test]
        fn a_range_has_its_length_and_end(m in any_month(), count in 0u16..60) {
            let months: Vec<_> = Month::ending(m, count).collect();
            let room = Month::MIN.until(m) + 1;
            prop_assert_eq!(months.len() as i32, i32::from(count).min(room));
            prop_assert!(months.windows(2).all(|w| w[0].next() == w[1]));
            prop_assert!(count == 0 || months.last() == Some(&m));
        }

        #[test]
        fn nothing_typed_can_make_it_fail(text in ".{0,30}") {
            let _ = Month::parse_typed(&text);
            let _ = text.parse::<Month>();
        }
    }
}
