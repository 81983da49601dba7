//! A period of any length that an indicator is counted over.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::{Month, NotAPeriod, digits, is_year, named, numbered};
use crate::catalog::Frequency;
use crate::text::fold;

/// What a value is counted over, in its ISO form: a day `2026-03-05`, a week `2026-W09`, a month `2026-03`, a quarter
/// `2026-Q1`, a year `2026`.
///
/// Periods of one length are ordered by time, and so are their texts; of different lengths they have no order worth
/// knowing.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(try_from = "String", into = "String")]
#[ts(export, type = "string")]
pub enum Period {
    /// The day of an event.
    Day(Day),
    /// An ISO week, Monday to Sunday.
    Week(Week),
    /// A calendar month.
    Month(Month),
    /// A quarter of a calendar year.
    Quarter(Quarter),
    /// A calendar year.
    Year(Year),
}

/// A day from [`Month::MIN`] to [`Month::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(NaiveDate);

/// An ISO week of the years 1 to 5000, by its Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week(NaiveDate);

/// A quarter, by its first month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter(Month);

/// A year, by its January.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Year(Month);

impl Period {
    /// The period of a frequency that a day lies in.
    ///
    /// ```
    /// use domain::{catalog::Frequency, period::Period};
    /// let day = "2027-01-02".parse()?;
    /// assert_eq!(Period::of(Frequency::Weekly, day).to_string(), "2026-W53");
    /// assert_eq!(Period::of(Frequency::Quarterly, day).to_string(), "2027-Q1");
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    pub fn of(frequency: Frequency, day: NaiveDate) -> Self {
        let month = Month::of(day);
        match frequency {
            Frequency::Event => Self::Day(Day(bounded(day))),
            Frequency::Weekly => Self::Week(Week::of(day)),
            Frequency::Monthly => Self::Month(month),
            Frequency::Quarterly => Self::Quarter(Quarter::of(month)),
            Frequency::Annual => Self::Year(Year::of(month)),
        }
    }

    /// The frequency that is counted over periods of this length; days belong to events.
    pub fn frequency(self) -> Frequency {
        match self {
            Self::Day(_) => Frequency::Event,
            Self::Week(_) => Frequency::Weekly,
            Self::Month(_) => Frequency::Monthly,
            Self::Quarter(_) => Frequency::Quarterly,
            Self::Year(_) => Frequency::Annual,
        }
    }

    /// The period so many later, or earlier when negative; stops at the ends of the calendar of [`Month`].
    pub fn plus(self, count: i32) -> Self {
        match self {
            Self::Day(Day(day)) => Self::Day(Day(bounded(days_later(day, i64::from(count))))),
            Self::Week(Week(monday)) => {
                Self::Week(Week::of(days_later(monday, i64::from(count) * 7)))
            }
            Self::Month(month) => Self::Month(month.plus(count)),
            Self::Quarter(Quarter(first)) => {
                Self::Quarter(Quarter::of(first.plus(count.saturating_mul(3))))
            }
            Self::Year(Year(first)) => Self::Year(Year::of(first.plus(count.saturating_mul(12)))),
        }
    }

    /// How many periods of the same length lie between: 1 from a week to the next. Nothing between periods of
    /// different lengths.
    pub fn until(self, later: Self) -> Option<i32> {
        match (self, later) {
            (Self::Day(a), Self::Day(b)) => i32::try_from((b.0 - a.0).num_days()).ok(),
            (Self::Week(a), Self::Week(b)) => i32::try_from((b.0 - a.0).num_days() / 7).ok(),
            (Self::Month(a), Self::Month(b)) => Some(a.until(b)),
            (Self::Quarter(a), Self::Quarter(b)) => Some(a.0.until(b.0) / 3),
            (Self::Year(a), Self::Year(b)) => Some(a.0.until(b.0) / 12),
            _ => None,
        }
    }

    /// The last `count` periods, oldest first, ending with `end`; fewer at the beginning of the calendar.
    pub fn ending(end: Self, count: u16) -> impl DoubleEndedIterator<Item = Self> {
        let back = i32::from(count) - 1;
        let first = end.plus(-back).until(end).unwrap_or(0).min(back);
        (0..=first).rev().map(move |steps| end.plus(-steps))
    }

    /// About how many periods make a year.
    pub fn in_a_year(frequency: Frequency) -> u32 {
        match frequency {
            Frequency::Weekly => 52,
            Frequency::Quarterly => 4,
            Frequency::Annual => 1,
            Frequency::Monthly => 12,
            Frequency::Event => 365,
        }
    }

    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        match self {
            Self::Day(Day(day)) | Self::Week(Week(day)) => day,
            Self::Month(first) | Self::Quarter(Quarter(first)) | Self::Year(Year(first)) => {
                first.first_day()
            }
        }
    }

    /// Its last day.
    pub fn last_day(self) -> NaiveDate {
        match self {
            Self::Day(Day(day)) => day,
            Self::Week(Week(monday)) => days_later(monday, 6),
            Self::Month(month) => month.last_day(),
            Self::Quarter(Quarter(first)) => first.plus(2).last_day(),
            Self::Year(Year(first)) => first.plus(11).last_day(),
        }
    }

    /// A period as people type it: a month as [`Month::parse_typed`] takes it; a quarter as `2026-Q1`, `T1 2026`,
    /// `1er trimestre 2026`; a week as `2026-W09`, `S9 2026`, `semaine 9 2026`; a year; a day as `05/03/2026`,
    /// `5 mars 2026`. The first day of a month is its month, which spreadsheets write so.
    pub fn parse_typed(text: &str) -> Result<Self, NotAPeriod> {
        if let Ok(month) = Month::parse_typed(text) {
            return Ok(Self::Month(month));
        }
        let parts = parts(&fold(text));
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let found = match parts.as_slice() {
            [year] if is_year(year) => year.parse().ok(),
            [year, word, number] if is_year(year) => of_word(word, number, year),
            [word, number, year] if is_year(year) => of_word(word, number, year),
            [number, word, year] if is_year(year) => of_word(word, number, year),
            [number, "er" | "e" | "eme", word, year] if is_year(year) => {
                of_word(word, number, year)
            }
            _ => None,
        };
        found.or_else(|| typed_day(&parts)).ok_or(NotAPeriod)
    }

    /// A period of this frequency as people type it: where days are meant the first of a month is a day.
    ///
    /// # Errors
    /// When it is none, or one of another length.
    pub fn parse_typed_as(text: &str, frequency: Frequency) -> Result<Self, NotAPeriod> {
        let found = if frequency == Frequency::Event {
            let parts = parts(&fold(text));
            typed_day(&parts.iter().map(String::as_str).collect::<Vec<_>>()).ok_or(NotAPeriod)
        } else {
            Self::parse_typed(text)
        };
        found.and_then(|period| match period.frequency() == frequency {
            true => Ok(period),
            false => Err(NotAPeriod),
        })
    }
}

impl Week {
    fn of(day: NaiveDate) -> Self {
        let day = bounded(day);
        let monday = days_later(day, -i64::from(day.weekday().num_days_from_monday()));
        let week = monday.iso_week();
        // The calendar begins and ends within a week; the whole weeks next to its ends are taken.
        match week.year() {
            ..1 => Self(days_later(monday, 7)),
            5001.. => Self(days_later(monday, -7)),
            _ => Self(monday),
        }
    }

    fn new(year: u16, number: u8) -> Option<Self> {
        (1..=5000)
            .contains(&year)
            .then(|| NaiveDate::from_isoywd_opt(year.into(), number.into(), Weekday::Mon))
            .flatten()
            .map(Self)
    }
}

impl Quarter {
    fn of(month: Month) -> Self {
        Self(month.plus(-i32::from((month.number() - 1) % 3)))
    }

    fn new(year: u16, number: u8) -> Option<Self> {
        let first = number.checked_mul(3)?.checked_sub(2)?;
        Month::new(year, first).map(Self)
    }
}

impl Year {
    fn of(month: Month) -> Self {
        Self(month.plus(1 - i32::from(month.number())))
    }
}

fn bounded(day: NaiveDate) -> NaiveDate {
    day.clamp(Month::MIN.first_day(), Month::MAX.last_day())
}

fn days_later(day: NaiveDate, days: i64) -> NaiveDate {
    let by = Days::new(days.unsigned_abs());
    let moved = if days < 0 {
        day.checked_sub_days(by)
    } else {
        day.checked_add_days(by)
    };
    // Further than chrono's own calendar lies beyond ours as well.
    moved.unwrap_or(if days < 0 {
        NaiveDate::MIN
    } else {
        NaiveDate::MAX
    })
}

/// Letters and digits apart: `s9 2026` is `s`, `9`, `2026`.
fn parts(folded: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut last = ' ';
    for letter in folded.chars() {
        let goes_on = letter.is_ascii_digit() == last.is_ascii_digit() && last != ' ';
        if letter != ' ' {
            match parts.last_mut().filter(|_| goes_on) {
                Some(part) => part.push(letter),
                None => parts.push(letter.to_string()),
            }
        }
        last = letter;
    }
    parts
}

fn of_word(word: &str, number: &str, year: &str) -> Option<Period> {
    if number.len() > 2 {
        return None;
    }
    let (year, number): (u16, u8) = (digits(year)?, digits(number)?);
    match word {
        "q" | "t" | "trim" | "trimestre" | "quarter" => {
            Quarter::new(year, number).map(Period::Quarter)
        }
        "w" | "s" | "sem" | "semaine" | "week" => Week::new(year, number).map(Period::Week),
        _ => None,
    }
}

fn typed_day(parts: &[&str]) -> Option<Period> {
    let (day, month) = match *parts {
        [year, month, day] if is_year(year) => (day, numbered(month, year)?),
        [day, "er", month, year] | [day, month, year] => {
            (day, numbered(month, year).or_else(|| named(month, year))?)
        }
        _ => return None,
    };
    if day.len() > 2 {
        return None;
    }
    NaiveDate::from_ymd_opt(month.year().into(), month.number().into(), digits(day)?)
        .map(|day| Period::Day(Day(day)))
}

impl From<Month> for Period {
    fn from(month: Month) -> Self {
        Self::Month(month)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(Day(day)) => day.format("%Y-%m-%d").fmt(f),
            Self::Week(Week(monday)) => {
                let week = monday.iso_week();
                write!(f, "{:04}-W{:02}", week.year(), week.week())
            }
            Self::Month(month) => month.fmt(f),
            Self::Quarter(Quarter(first)) => {
                write!(f, "{:04}-Q{}", first.year(), first.number() / 3 + 1)
            }
            Self::Year(Year(first)) => write!(f, "{:04}", first.year()),
        }
    }
}

impl FromStr for Period {
    type Err = NotAPeriod;

    /// The ISO form and nothing else.
    fn from_str(text: &str) -> Result<Self, NotAPeriod> {
        let read = || {
            let (year, rest) = match text.split_once('-') {
                None => (text, None),
                Some((year, rest)) => (year, Some(rest)),
            };
            let number: u16 = digits(year).filter(|_| is_year(year))?;
            let Some(rest) = rest else {
                return Month::new(number, 1).map(|month| Self::Year(Year(month)));
            };
            if let Some(week) = rest.strip_prefix('W').filter(|week| week.len() == 2) {
                return Week::new(number, digits(week)?).map(Self::Week);
            }
            if let Some(quarter) = rest.strip_prefix('Q').filter(|quarter| quarter.len() == 1) {
                return Quarter::new(number, digits(quarter)?).map(Self::Quarter);
            }
            match rest.split_once('-') {
                None => text.parse().ok().map(Self::Month),
                Some((month, day)) if month.len() == 2 && day.len() == 2 => {
                    let month = Month::new(number, digits(month)?)?;
                    let day = month.first_day().with_day(digits(day)?)?;
                    Some(Self::Day(Day(day)))
                }
                Some(_) => None,
            }
        };
        read().ok_or(NotAPeriod)
    }
}

impl TryFrom<String> for Period {
    type Error = NotAPeriod;

    fn try_from(text: String) -> Result<Self, NotAPeriod> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

#[cfg(test)]
mod tests;
