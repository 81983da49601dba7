//! Whether a text is an answer of a type.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::{AnswerType, ChoiceList};

/// The most letters of an answer.
const LONGEST: usize = 5_000;

/// Why an answer is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export, rename = "AnswerRefused")]
pub enum Refused {
    /// It is none of the type: no number, no day, no choice of the list.
    NotOne,
    /// Its constraint does not hold.
    Constraint,
}

impl AnswerType {
    /// The answer as it is kept; nothing for a text that is none. An empty one takes the answer away.
    ///
    /// ```
    /// use domain::checklist::AnswerType;
    /// assert_eq!(AnswerType::Number.read(" 2,50 ", None), Some("2.5".to_owned()));
    /// assert_eq!(AnswerType::YesNo.read("na", None), None);
    /// assert_eq!(AnswerType::CountOf(10).read("7 / 10", None), Some("7/10".to_owned()));
    /// ```
    pub fn read(&self, text: &str, list: Option<&ChoiceList>) -> Option<String> {
        let text = text.trim();
        if text.is_empty() {
            return Some(String::new());
        }
        if text.chars().count() > LONGEST {
            return None;
        }
        let kept = |fits: bool| fits.then(|| text.to_owned());
        let choice = |name: &str| {
            list.is_some_and(|list| list.choices.iter().any(|choice| choice.name == name))
        };
        match self {
            Self::Note | Self::Calculated => None,
            Self::YesNo => kept(matches!(text, "yes" | "no")),
            Self::YesNoNa => kept(matches!(text, "yes" | "no" | "na")),
            Self::Confirmed => kept(text == "OK"),
            Self::Text | Self::Photo => Some(text.to_owned()),
            Self::Whole => whole(text).map(|number| number.to_string()),
            Self::Number => number(text).map(|number| number.to_string()),
            Self::Date => {
                let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
                Some(day.format("%Y-%m-%d").to_string())
            }
            Self::Time => {
                let time = NaiveTime::parse_from_str(text, "%H:%M").ok()?;
                Some(time.format("%H:%M").to_string())
            }
            Self::Moment => {
                let moment = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok()?;
                Some(moment.format("%Y-%m-%dT%H:%M").to_string())
            }
            Self::OneOf(_) => kept(choice(text)),
            Self::SeveralOf(_) | Self::Ranked(_) => {
                let mut names: Vec<&str> = Vec::new();
                for name in text.split_whitespace() {
                    if !choice(name) {
                        return None;
                    }
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
                Some(names.join(" "))
            }
            Self::CountOf(_) => {
                let (count, of) = count_of(text)?;
                Some(format!("{count}/{of}"))
            }
            Self::Point => {
                let mut parts = text.split_whitespace();
                let latitude = number(parts.next()?).filter(|at| at.abs() <= 90.0)?;
                let longitude = number(parts.next()?).filter(|at| at.abs() <= 180.0)?;
                let rest: Vec<f64> = parts.map(number).collect::<Option<_>>()?;
                let all = [latitude, longitude].into_iter().chain(rest);
                Some(all.map(|n| n.to_string()).collect::<Vec<_>>().join(" "))
            }
        }
    }
}

/// So many of so many; never more than all.
pub(super) fn count_of(text: &str) -> Option<(u32, u32)> {
    let (count, of) = text.split_once('/')?;
    let part = |text: &str| whole(text.trim()).and_then(|number| u32::try_from(number).ok());
    let (count, of) = (part(count)?, part(of)?);
    (count <= of).then_some((count, of))
}

fn whole(text: &str) -> Option<i64> {
    let text = unspaced(text);
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let plain =
        !digits.is_empty() && digits.len() <= 15 && digits.bytes().all(|b| b.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

fn number(text: &str) -> Option<f64> {
    let text = unspaced(text).replacen(',', ".", 1);
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let plain = digits.len() <= 20
        && digits.bytes().any(|b| b.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    // Nothing less than nothing: a minus before 0 is none.
    if plain {
        text.parse().ok().map(|number: f64| number + 0.0)
    } else {
        None
    }
}

/// Without the spaces that part thousands.
fn unspaced(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}'))
        .collect()
}
