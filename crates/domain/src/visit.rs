//! What is said of a supervision visit beside its answers.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::period::Month;

/// How something that was done was observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Observed {
    /// With a real patient.
    Real,
    /// It was simulated.
    Simulated,
}

impl Observed {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Real, Self::Simulated];

    /// The word that stands in the log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Simulated => "simulated",
        }
    }

    /// The one of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}

/// How far a visit has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum VisitState {
    /// It has a day and was not begun.
    Planned,
    /// It was begun.
    UnderWay,
    /// It was returned for correction.
    Returned,
    /// It was closed.
    Closed,
    /// It was called off before it was begun.
    CalledOff,
}

impl VisitState {
    /// What follows from what is written.
    pub fn of(begun: bool, closed: bool, returned: bool, called_off: bool) -> Self {
        match (begun, closed, returned) {
            (_, true, true) => Self::Returned,
            (_, true, false) => Self::Closed,
            // Whoever began it on another laptop has been there.
            (true, ..) => Self::UnderWay,
            _ if called_off => Self::CalledOff,
            _ => Self::Planned,
        }
    }
}

/// How far two looks at the same questions agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Agreement {
    /// How many questions both answered.
    pub both: u32,
    /// How many of them both answered alike.
    pub alike: u32,
}

impl Agreement {
    /// Adds a question; one that either left open does not count.
    pub fn add(&mut self, one: &str, other: &str) {
        if !one.is_empty() && !other.is_empty() {
            self.both += 1;
            self.alike += u32::from(one == other);
        }
    }

    /// In percent; none where no question was answered by both.
    ///
    /// ```
    /// let mut agreement = domain::visit::Agreement::default();
    /// for (own, visitor) in [("yes", "yes"), ("yes", "no"), ("no", "no"), ("", "no"), ("na", "na")] {
    ///     agreement.add(own, visitor);
    /// }
    /// assert_eq!(agreement.percent(), Some(75.0));
    /// ```
    pub fn percent(self) -> Option<f64> {
        (self.both > 0).then(|| f64::from(self.alike) * 100.0 / f64::from(self.both))
    }
}

/// The verification factor of a figure: what was counted again by what was reported, 1 where both are the same; none where either
/// lacks, or nothing was reported and something counted. As the World Health Organization's data quality review has it.
///
/// ```
/// use domain::visit::factor;
/// assert_eq!(factor(Some(40.0), Some(34.0)), Some(0.85));
/// assert_eq!(factor(Some(0.0), Some(0.0)), Some(1.0));
/// assert_eq!(factor(Some(0.0), Some(3.0)), None);
/// ```
pub fn factor(reported: Option<f64>, counted: Option<f64>) -> Option<f64> {
    match (reported?, counted?) {
        (reported, counted) if reported == counted => Some(1.0),
        (0.0, _) => None,
        (reported, counted) => Some(counted / reported),
    }
}

/// Whether a figure that was counted again lies within a tenth of what was reported, on either side; none where either lacks.
///
/// ```
/// use domain::visit::agrees;
/// assert_eq!(agrees(Some(40.0), Some(36.0)), Some(true));
/// assert_eq!(agrees(Some(40.0), Some(35.0)), Some(false));
/// assert_eq!(agrees(Some(0.0), Some(3.0)), Some(false));
/// assert_eq!(agrees(None, Some(3.0)), None);
/// ```
pub fn agrees(reported: Option<f64>, counted: Option<f64>) -> Option<bool> {
    let (reported, counted) = (reported?, counted?);
    Some(factor(Some(reported), Some(counted)).is_some_and(|factor| (0.9..=1.1).contains(&factor)))
}

/// How wide the box is in which a signature is drawn, in the units of its path.
pub const DRAWN_WIDTH: u32 = 600;
/// How high it is.
pub const DRAWN_HEIGHT: u32 = 200;
/// The most letters of a drawn signature.
pub const DRAWN_LONGEST: usize = 8_000;

/// Whether a text is a signature as it was drawn: strokes as a path of SVG has them, with nothing but moves, lines and whole numbers within
/// the box.
///
/// ```
/// use domain::visit::is_drawn;
/// assert!(is_drawn("M 10 20 L 30 40 50 60 M 0 0 L 600 200"));
/// for bad in ["", "L 1 1", "M 1", "M 1 2 L", "M 601 1 L 1 1", "M 1 2 L 3 -4", "M 1 2 Z", "M 1 2 L 3 4\"/>"] {
///     assert!(!is_drawn(bad), "{bad}");
/// }
/// ```
pub fn is_drawn(path: &str) -> bool {
    if path.len() > DRAWN_LONGEST {
        return false;
    }
    path.strip_prefix("M ").is_some_and(|path| {
        path.split(" M ").all(|stroke| {
            stroke.split_once(" L ").is_some_and(|(from, to)| {
                let (from, to) = (points(from), points(to));
                from == Some(1) && to.is_some_and(|count| count > 0)
            })
        })
    })
}

/// How many points a text names within the box; none for any other text.
fn points(text: &str) -> Option<usize> {
    let numbers: Vec<&str> = text.split(' ').collect();
    let is_at = |word: &str, most: u32| {
        let plain = (1..=3).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
        plain && word.parse::<u32>().is_ok_and(|at| at <= most)
    };
    let pairs = numbers.chunks(2);
    let all = pairs
        .into_iter()
        .all(|pair| matches!(pair, [x, y] if is_at(x, DRAWN_WIDTH) && is_at(y, DRAWN_HEIGHT)));
    all.then_some(numbers.len() / 2)
}

/// After so many days without a visit another one is overdue: visits are quarterly.
pub const OVERDUE_DAYS: i64 = 92;
/// After so many months without a figure somebody goes and asks.
pub const SILENT_MONTHS: u32 = 2;

/// Why a facility needs a visit. Reasons are told in words; nothing is ranked by their number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case", tag = "why")]
#[ts(export)]
pub enum VisitReason {
    /// A critical recommendation is still open.
    Critical {
        /// What is to be done.
        text: String,
    },
    /// It was never visited.
    Never,
    /// The last visit lies longer back than [`OVERDUE_DAYS`].
    Overdue {
        /// Its day, ISO.
        last: String,
    },
    /// For two months or more no figure was entered.
    NoData {
        /// The last month with a figure, ISO; none where there never was one.
        last: Option<String>,
    },
    /// The chart of a cycle's main measure goes the wrong way.
    Signal {
        /// The measure's code.
        indicator: String,
        /// Since which period, ISO.
        since: String,
    },
    /// Its laptop has work that did not go out.
    Unsent {
        /// On which day it was last heard of, ISO.
        last: Option<String>,
    },
    /// Its laptop was not heard of for too long; whether work waits there nobody can know.
    Silent {
        /// On which day it was last heard of, ISO.
        last: String,
    },
}

/// Why somebody goes and looks at a facility's laptop. Days are ISO.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LaptopState {
    /// It told of work that waits there; with the day on which it was last heard of.
    Waits(Option<String>),
    /// It was not heard of since that day, which is too long ago.
    Silent(String),
}

/// What is known of a facility, to be asked whether it needs a visit.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The day of the last visit that was closed.
    pub visited: Option<NaiveDate>,
    /// The critical recommendation that is open longest.
    pub critical: Option<String>,
    /// The last month with a figure.
    pub figures: Option<Month>,
    /// The measure that goes the wrong way, and since when.
    pub signal: Option<(String, String)>,
    /// What its laptop gives cause for.
    pub laptop: Option<LaptopState>,
}

/// Why a facility needs a visit; nothing where it does not.
pub fn reasons(known: &Known, today: NaiveDate) -> Vec<VisitReason> {
    let mut reasons = Vec::new();
    if let Some(text) = &known.critical {
        reasons.push(VisitReason::Critical { text: text.clone() });
    }
    match known.visited {
        None => reasons.push(VisitReason::Never),
        Some(day) if (today - day).num_days() > OVERDUE_DAYS => {
            reasons.push(VisitReason::Overdue {
                last: day.to_string(),
            });
        }
        Some(_) => {}
    }
    let in_hand = Month::of(today).prev();
    let silent = known
        .figures
        .is_none_or(|last| last.until(in_hand) >= SILENT_MONTHS as i32);
    if silent {
        reasons.push(VisitReason::NoData {
            last: known.figures.map(|month| month.to_string()),
        });
    }
    if let Some((indicator, since)) = &known.signal {
        reasons.push(VisitReason::Signal {
            indicator: indicator.clone(),
            since: since.clone(),
        });
    }
    reasons.extend(known.laptop.clone().map(|laptop| match laptop {
        LaptopState::Waits(last) => VisitReason::Unsent { last },
        LaptopState::Silent(last) => VisitReason::Silent { last },
    }));
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_facility_that_is_well_looked_after_needs_no_visit() {
        let known = Known {
            visited: Some(day("2026-05-02")),
            figures: Some("2026-06".parse().unwrap()),
            ..Known::default()
        };
        assert_eq!(reasons(&known, day("2026-07-14")), []);
    }

    #[test]
    fn every_reason_is_told_the_gravest_first() {
        let known = Known {
            visited: Some(day("2026-03-02")),
            critical: Some("Ocytocine au froid".to_owned()),
            figures: Some("2026-04".parse().unwrap()),
            signal: Some(("MNCH-02".to_owned(), "2025-11".to_owned())),
            laptop: Some(LaptopState::Waits(None)),
        };
        let told = reasons(&known, day("2026-07-14"));
        let text = "Ocytocine au froid".to_owned();
        let (indicator, since) = ("MNCH-02".to_owned(), "2025-11".to_owned());
        assert_eq!(
            told,
            [
                VisitReason::Critical { text },
                VisitReason::Overdue {
                    last: "2026-03-02".to_owned()
                },
                VisitReason::NoData {
                    last: Some("2026-04".to_owned())
                },
                VisitReason::Signal { indicator, since },
                VisitReason::Unsent { last: None },
            ]
        );
        let silent = Known {
            visited: Some(day("2026-05-02")),
            figures: Some("2026-06".parse().unwrap()),
            laptop: Some(LaptopState::Silent("2026-06-20".to_owned())),
            ..Known::default()
        };
        let last = "2026-06-20".to_owned();
        assert_eq!(
            reasons(&silent, day("2026-07-14")),
            [VisitReason::Silent { last }]
        );
        let never = reasons(&Known::default(), day("2026-07-14"));
        assert_eq!(
            never,
            [VisitReason::Never, VisitReason::NoData { last: None }]
        );
    }

    #[test]
    fn what_is_returned_is_open_again_until_it_is_closed_anew() {
        let of = |begun, closed, returned| VisitState::of(begun, closed, returned, false);
        assert_eq!(of(false, false, false), VisitState::Planned);
        assert_eq!(of(true, false, false), VisitState::UnderWay);
        assert_eq!(of(true, true, true), VisitState::Returned);
        assert_eq!(of(true, true, false), VisitState::Closed);
    }

    #[test]
    fn a_visit_that_was_begun_all_the_same_is_not_called_off() {
        assert_eq!(
            VisitState::of(false, false, false, true),
            VisitState::CalledOff
        );
        assert_eq!(
            VisitState::of(true, false, false, true),
            VisitState::UnderWay
        );
        assert_eq!(VisitState::of(true, true, false, true), VisitState::Closed);
    }

    #[test]
    fn an_observation_is_known_by_its_word() {
        for it in Observed::ALL {
            assert_eq!(Observed::from_word(it.word()), Some(it));
        }
        assert_eq!(Observed::from_word("seen"), None);
    }
}
