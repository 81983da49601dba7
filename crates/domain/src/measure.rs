//! One counted value: what a person typed, what it is worth, and what is worth asking about it.
//!
//! Zero, no data and empty are three things. Only what cannot be a count is refused; what is merely
//! surprising is asked about, and the person's answer stands.

use serde::{Deserialize, Serialize};

use crate::catalog::{Frequency, Indicator, IndicatorKind};
use crate::period::Period;
use crate::spc::chart::ChartKind;
use crate::text::fold;
use crate::words::words;

words! {
    /// Why a value cannot be given.
    NoDataReason {
        /// The register is missing or was not kept.
        RegisterMissing = "register_missing",
        /// A product was out of stock, so the care could not be given.
        StockOut = "stock_out",
        /// Strike.
        Strike = "strike",
        /// The facility or the unit was closed.
        Closed = "closed",
        /// Something else.
        Other = "other",
    }
}

words! {
    /// Where a value was counted. Two sources of one period stand beside each other; neither takes the other's place.
    #[derive(Default)]
    Source {
        /// In the facility's register.
        #[default]
        Register = "register",
        /// Taken over from DHIS2.
        Dhis2 = "dhis2",
        /// Counted a second time in the register.
        Recount = "recount",
        /// In the villages, by those who go there.
        Community = "community",
    }
}

/// Why a number is refused.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS, thiserror::Error,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Refusal {
    /// It is not a number.
    #[error("not a number")]
    NotANumber,
    /// It is below zero.
    #[error("below zero")]
    Negative,
    /// It is above [`LARGEST`].
    #[error("too large")]
    TooLarge,
}

/// The largest number that can be a count here: half the population of Mali.
pub const LARGEST: f64 = 10_000_000.0;

/// What stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Typed {
    /// Nothing.
    Empty,
    /// A dash or the words for it: there is no data.
    NoData,
    /// A number.
    Number(f64),
}

/// Reads a cell as a person in Mali types it: `12,5` or `12.5`, `1 234` with any kind of space, `-` for
/// no data.
///
/// A single comma or point is always the decimal mark: `1,234` is a little more than one, and
/// [`Question::NotWhole`] will ask. Digits beyond the millionth are rounded away.
pub fn parse_cell(text: &str) -> Result<Typed, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Typed::Empty);
    }
    if matches!(text, "-" | "–" | "—" | "−") {
        return Ok(Typed::NoData);
    }
    // The longest number accepted, with its spaces and decimals, is far shorter.
    if text.chars().count() > 40 {
        return Err(Refusal::NotANumber);
    }
    if matches!(
        fold(text).as_str(),
        "pas de donnee" | "pas de donnees" | "nd" | "n d" | "no data"
    ) {
        return Ok(Typed::NoData);
    }
    let (negative, unsigned) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text),
    };
    let (whole, decimals) = match unsigned.split_once([',', '.']) {
        Some((whole, decimals)) if is_digits(decimals) => (whole, decimals),
        Some(_) => return Err(Refusal::NotANumber),
        None => (unsigned, "0"),
    };
    let whole = without_thousands_spaces(whole).ok_or(Refusal::NotANumber)?;
    let number: f64 = format!("{whole}.{decimals}")
        .parse()
        .map_err(|_| Refusal::NotANumber)?;
    checked(if negative { -number } else { number }).map(Typed::Number)
}

/// A number that may be stored as a numerator, denominator, count or time, rounded to the millionth.
pub fn checked(number: f64) -> Result<f64, Refusal> {
    if !number.is_finite() {
        Err(Refusal::NotANumber)
    } else if number < 0.0 {
        Err(Refusal::Negative)
    } else if number > LARGEST {
        Err(Refusal::TooLarge)
    } else {
        // Adding zero turns the -0 that a sign leaves behind into 0.
        Ok((number * 1e6).round() / 1e6 + 0.0)
    }
}

/// One entry: a place, an indicator and a period hold at most one of these for each source.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, ts_rs::TS)]
#[serde(default, deny_unknown_fields)]
#[ts(export)]
pub struct Entry {
    /// The numerator, or the count or time itself.
    pub numerator: Option<f64>,
    /// The denominator, where the indicator has one.
    pub denominator: Option<f64>,
    /// Why there is no data.
    pub no_data: Option<NoDataReason>,
}

/// What an entry says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum EntryState {
    /// Nobody has said anything yet.
    Empty,
    /// One of two numbers is there.
    Partial,
    /// Counted; it may be zero.
    Counted,
    /// There is no data, and a reason.
    NoData,
}

impl Entry {
    /// A numerator and a denominator.
    pub fn of(numerator: f64, denominator: f64) -> Self {
        Self {
            numerator: Some(numerator),
            denominator: Some(denominator),
            no_data: None,
        }
    }

    /// A count or a time.
    pub fn count(number: f64) -> Self {
        Self {
            numerator: Some(number),
            ..Self::default()
        }
    }

    /// No data, for a reason.
    pub fn no_data(reason: NoDataReason) -> Self {
        Self {
            no_data: Some(reason),
            ..Self::default()
        }
    }

    /// What it says for an indicator.
    ///
    /// When two laptops met and one had counted while the other had noted « no data », no data stands
    /// until somebody has settled the two: a value that a colleague doubts is not charted.
    pub fn state(&self, kind: IndicatorKind) -> EntryState {
        match (self.numerator, self.denominator, self.no_data) {
            (_, _, Some(_)) => EntryState::NoData,
            (Some(_), None, _) if !has_denominator(kind) => EntryState::Counted,
            (Some(_), Some(_), _) => EntryState::Counted,
            (None, None, None) => EntryState::Empty,
            _ => EntryState::Partial,
        }
    }

    /// Its value in the indicator's unit: numerator ÷ denominator × multiplier, or the count or time
    /// itself. Nothing unless it is counted, and nothing over a denominator of zero.
    ///
    /// ```
    /// use domain::{catalog::indicator, measure::Entry};
    /// let anc = indicator("MNCH-02").ok_or("in the catalogue")?;
    /// assert_eq!(Entry::of(18.0, 24.0).value(anc), Some(75.0));
    /// assert_eq!(Entry::of(0.0, 0.0).value(anc), None);
    /// # Ok::<(), &str>(())
    /// ```
    pub fn value(&self, indicator: &Indicator) -> Option<f64> {
        let numerator = self.numerator.filter(|_| self.no_data.is_none())?;
        if !has_denominator(indicator.kind) {
            return Some(numerator * indicator.multiplier);
        }
        // Multiplied first, so that 29 of 100 is 29 and not a hair beside it.
        self.denominator
            .filter(|&d| d > 0.0)
            .map(|d| numerator * indicator.multiplier / d)
    }
}

fn has_denominator(kind: IndicatorKind) -> bool {
    matches!(kind, IndicatorKind::Proportion | IndicatorKind::Rate)
}

/// One of the two numbers of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Part {
    /// The numerator, or the count or time itself.
    Numerator,
    /// The denominator.
    Denominator,
}

/// Something surprising about an entry, to be asked and never refused.
///
/// « The months before » are the last [`MONTHS_BEFORE`] counted months of the year before the period; weeks before a week,
/// quarters of two years before a quarter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum Question {
    /// The numerator of a proportion exceeds its denominator.
    NumeratorAboveDenominator {
        /// The numerator.
        numerator: f64,
        /// The denominator.
        denominator: f64,
    },
    /// People or events were counted, and the number is not whole.
    NotWhole {
        /// Which number.
        part: Part,
        /// The number.
        value: f64,
    },
    /// The value lies further from the months before than chance takes it: [`chance_of_proportion`] or
    /// [`chance_of_rate`] is below [`RARE`].
    Jump {
        /// Whether it is above the months before.
        above: bool,
        /// The numerator.
        numerator: f64,
        /// The denominator.
        denominator: f64,
        /// The last of the months before.
        last_period: Period,
        /// Its numerator.
        last_numerator: f64,
        /// Its denominator.
        last_denominator: f64,
        /// How many months before there are.
        months: u32,
        /// Their numerators together.
        before_numerator: f64,
        /// Their denominators together.
        before_denominator: f64,
    },
    /// A denominator or count more than [`FOLD`] times the largest of three months before or more, or less than
    /// the smallest by as much, and further than chance takes it: most often a digit too many or too few.
    UnusualSize {
        /// Which number.
        part: Part,
        /// The number.
        value: f64,
        /// The smallest of the months before.
        smallest: f64,
        /// The largest of the months before.
        largest: f64,
        /// How many months before there are.
        months: u32,
    },
    /// The parts do not add up to the whole.
    PartsDiffer {
        /// Which number.
        part: Part,
        /// What the whole says.
        whole: f64,
        /// What the parts make together.
        parts: f64,
    },
    /// Nothing was said of a period, while earlier and later ones of its year were counted.
    Missing {
        /// The last counted one before.
        before: Period,
        /// The first counted one after.
        after: Period,
    },
    /// A denominator or count of zero after three months or more that all had some, when so many events
    /// would leave a month out by chance less than one time in twenty: nothing happened, or no data?
    ZeroAfterActivity {
        /// Which number.
        part: Part,
        /// How many months before there are.
        months: u32,
        /// How many events they had together.
        total: f64,
    },
}

/// How many counted months, or other periods, an entry is compared with.
pub const MONTHS_BEFORE: usize = 6;
/// How many periods back are looked through where a year has fewer: two years of quarters.
const FEWEST_BACK: u32 = 8;
/// The chance below which a value is asked about: that of a point outside three standard deviations,
/// the convention of control charts since Shewhart (1931).
pub const RARE: f64 = 0.0027;
/// How many times larger or smaller a number must be to have an unusual size.
pub const FOLD: f64 = 3.0;

/// What is worth asking about an entry, given the other entries of its place and indicator in any order.
pub fn questions(
    indicator: &Indicator,
    period: Period,
    entry: &Entry,
    others: &[(Period, Entry)],
) -> Vec<Question> {
    if entry.state(indicator.kind) == EntryState::Empty {
        return missing(indicator, period, others).into_iter().collect();
    }
    let mut asked = Vec::new();
    not_whole(indicator, entry, &mut asked);
    let before = periods_before(indicator, period, others);
    if has_denominator(indicator.kind) {
        if let Some(size) = entry.denominator {
            let sizes: Vec<f64> = before.iter().filter_map(|(_, e)| e.denominator).collect();
            asked.extend(size_question(Part::Denominator, size, &sizes));
        }
        if let (Some(numerator), Some(denominator)) = (entry.numerator, entry.denominator) {
            if indicator.kind == IndicatorKind::Proportion && numerator > denominator {
                asked.push(Question::NumeratorAboveDenominator {
                    numerator,
                    denominator,
                });
            } else {
                asked.extend(jump(indicator, numerator, denominator, &before));
            }
        }
    } else if indicator.chart == ChartKind::C {
        // Times and days out of stock are not events that chance spreads over months.
        if let Some(size) = entry.numerator {
            let sizes: Vec<f64> = before.iter().filter_map(|(_, e)| e.numerator).collect();
            asked.extend(size_question(Part::Numerator, size, &sizes));
        }
    }
    asked
}

/// The chance of a proportion at least as far from an earlier one, if both had the same true value:
/// Fisher's exact test with the mid-P correction, the smaller tail doubled (Agresti, *Categorical Data
/// Analysis*, 3rd ed., 3.5). Nothing without people on both sides or with more counted than there are.
///
/// ```
/// // 31 of 33 after 126 of 180.
/// let chance = domain::measure::chance_of_proportion(31.0, 33.0, 126.0, 180.0);
/// assert!(chance.is_some_and(|p| (p - 0.002092).abs() < 1e-6));
/// ```
pub fn chance_of_proportion(n: f64, d: f64, before_n: f64, before_d: f64) -> Option<f64> {
    let valid = whole(&[n, d, before_n, before_d])
        && d > 0.0
        && before_d > 0.0
        && n <= d
        && before_n <= before_d;
    let (counted, all) = (n + before_n, d + before_d);
    valid.then(|| {
        let ln_chance =
            |x: f64| ln_choose(d, x) + ln_choose(before_d, counted - x) - ln_choose(all, counted);
        doubled_mid_p(
            n,
            d * counted / all,
            (counted - before_d).max(0.0),
            d.min(counted),
            ln_chance,
        )
    })
}

/// The chance of a rate at least as far from an earlier one, if both had the same true value: given
/// all events, those that fall into the period are binomial with its share of the exposure
/// (Przyborowski and Wilenski, *Biometrika* 1940); mid-P, the smaller tail doubled.
pub fn chance_of_rate(n: f64, d: f64, before_n: f64, before_d: f64) -> Option<f64> {
    let valid = whole(&[n, before_n]) && d > 0.0 && before_d > 0.0;
    let (events, share) = (n + before_n, d / (d + before_d));
    valid.then(|| {
        let ln_chance =
            |x: f64| ln_choose(events, x) + x * share.ln() + (events - x) * (1.0 - share).ln();
        doubled_mid_p(n, events * share, 0.0, events, ln_chance)
    })
}

/// What is worth asking about a whole and its parts, all of which were counted; nothing when they agree or one is missing.
pub fn parts_question(kind: IndicatorKind, whole: &Entry, parts: &[Entry]) -> Option<Question> {
    let counted = |entry: &Entry| entry.state(kind) == EntryState::Counted;
    if parts.is_empty()
        || kind == IndicatorKind::Time
        || !counted(whole)
        || !parts.iter().all(counted)
    {
        return None;
    }
    [
        (
            Part::Numerator,
            whole.numerator,
            (|e| e.numerator) as fn(&Entry) -> Option<f64>,
        ),
        (Part::Denominator, whole.denominator, |e| e.denominator),
    ]
    .into_iter()
    .find_map(|(part, whole, of)| {
        let sum: f64 = parts.iter().filter_map(of).sum();
        let whole = whole?;
        // Counts are whole numbers; what is left of rates is not worth a question.
        ((sum - whole).abs() > 0.5).then_some(Question::PartsDiffer {
            part,
            whole,
            parts: sum,
        })
    })
}

/// Events have no period that could be missing.
fn missing(indicator: &Indicator, period: Period, others: &[(Period, Entry)]) -> Option<Question> {
    if indicator.frequency == Frequency::Event || period.frequency() != indicator.frequency {
        return None;
    }
    let year = i32::try_from(Period::in_a_year(indicator.frequency)).unwrap_or(i32::MAX);
    let near = period.plus(-year)..=period.plus(year);
    let counted = others
        .iter()
        .filter(|(other, e)| near.contains(other) && e.state(indicator.kind) == EntryState::Counted)
        .map(|(other, _)| *other);
    let before = counted.clone().filter(|other| *other < period).max()?;
    let after = counted.filter(|other| *other > period).min()?;
    Some(Question::Missing { before, after })
}

fn not_whole(indicator: &Indicator, entry: &Entry, asked: &mut Vec<Question>) {
    if !matches!(
        indicator.kind,
        IndicatorKind::Proportion | IndicatorKind::Count
    ) {
        return;
    }
    for (part, number) in [
        (Part::Numerator, entry.numerator),
        (Part::Denominator, entry.denominator),
    ] {
        if let Some(value) = number.filter(|n| n.fract() != 0.0) {
            asked.push(Question::NotWhole { part, value });
        }
    }
}

/// The last counted periods of the year before the period, or of some longer ones before, oldest first.
fn periods_before(
    indicator: &Indicator,
    period: Period,
    others: &[(Period, Entry)],
) -> Vec<(Period, Entry)> {
    let back = Period::in_a_year(period.frequency()).max(FEWEST_BACK);
    let year = period.plus(-i32::try_from(back).unwrap_or(i32::MAX))..period;
    let counted = |entry: &Entry| entry.state(indicator.kind) == EntryState::Counted;
    let mut before: Vec<_> = others
        .iter()
        .filter(|(p, e)| p.frequency() == period.frequency() && year.contains(p) && counted(e))
        .copied()
        .collect();
    before.sort_by_key(|(period, _)| *period);
    before.split_off(before.len().saturating_sub(MONTHS_BEFORE))
}

fn jump(
    indicator: &Indicator,
    numerator: f64,
    denominator: f64,
    before: &[(Period, Entry)],
) -> Option<Question> {
    let &(last_period, last) = before.last()?;
    let sum =
        |part: fn(&Entry) -> Option<f64>| before.iter().filter_map(|(_, e)| part(e)).sum::<f64>();
    let before_numerator = sum(|e| e.numerator);
    let before_denominator = sum(|e| e.denominator);
    let chance = match (indicator.kind, indicator.chart) {
        (IndicatorKind::Proportion, _) => chance_of_proportion,
        (_, ChartKind::U) => chance_of_rate,
        // Slow ratios and numerators that count other people follow no known chance.
        _ => return None,
    };
    let rare = chance(numerator, denominator, before_numerator, before_denominator)? < RARE;
    rare.then_some(Question::Jump {
        above: numerator * before_denominator > before_numerator * denominator,
        numerator,
        denominator,
        last_period,
        last_numerator: last.numerator.unwrap_or_default(),
        last_denominator: last.denominator.unwrap_or_default(),
        months: before.len() as u32,
        before_numerator,
        before_denominator,
    })
}

fn size_question(part: Part, value: f64, sizes: &[f64]) -> Option<Question> {
    if sizes.len() < 3 {
        return None;
    }
    let months = sizes.len() as u32;
    let total: f64 = sizes.iter().sum();
    let smallest = sizes.iter().copied().fold(f64::INFINITY, f64::min);
    let largest = sizes.iter().copied().fold(0.0, f64::max);
    if value == 0.0 {
        let left_out = f64::from(months) / f64::from(months + 1);
        let asked = smallest > 0.0 && left_out.powf(total) < 0.05;
        return asked.then_some(Question::ZeroAfterActivity {
            part,
            months,
            total,
        });
    }
    let far = value > FOLD * largest || value * FOLD < smallest;
    // Only the order of magnitude matters, so a number that is not whole is rounded for the test.
    let rare = || {
        chance_of_rate(value.round(), 1.0, total.round(), f64::from(months))
            .is_some_and(|p| p < RARE)
    };
    (far && rare()).then_some(Question::UnusualSize {
        part,
        value,
        smallest,
        largest,
        months,
    })
}

fn whole(numbers: &[f64]) -> bool {
    numbers.iter().all(|n| *n >= 0.0 && n.fract() == 0.0)
}

/// Twice the tail beyond `observed` on its side of the mean, the observed point counted half; at most 1.
fn doubled_mid_p(
    observed: f64,
    mean: f64,
    lowest: f64,
    highest: f64,
    ln_chance: impl Fn(f64) -> f64,
) -> f64 {
    let step = if observed >= mean { 1.0 } else { -1.0 };
    let mut tail = ln_chance(observed).exp() / 2.0;
    let mut x = observed + step;
    while (lowest..=highest).contains(&x) {
        let point = ln_chance(x).exp();
        tail += point;
        // Away from the mean the points only get smaller: the rest cannot change the answer.
        if point < tail * 1e-12 {
            break;
        }
        x += step;
    }
    // The two tails make one, so that the same question asked from the other side has the same answer.
    2.0 * tail.min(1.0 - tail)
}

/// ln of the number of ways to choose `k` of `n`.
fn ln_choose(n: f64, k: f64) -> f64 {
    ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k)
}

/// ln n! by Stirling's series, exact to twelve digits from 16 on, and by the product below.
fn ln_factorial(n: f64) -> f64 {
    if n < 16.0 {
        return (2..=n as u32).map(f64::from).product::<f64>().ln();
    }
    let series = 1.0 / (12.0 * n) - 1.0 / (360.0 * n.powi(3)) + 1.0 / (1260.0 * n.powi(5));
    n * n.ln() - n + 0.5 * (std::f64::consts::TAU * n).ln() + series
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// The digits of a whole number; spaces, if any, must part it in threes.
fn without_thousands_spaces(whole: &str) -> Option<String> {
    let groups: Vec<&str> = whole.split(char::is_whitespace).collect();
    let (first, rest) = groups.split_first()?;
    let parted = rest.is_empty() || (first.len() <= 3 && rest.iter().all(|group| group.len() == 3));
    (parted && groups.iter().all(|group| is_digits(group))).then(|| groups.concat())
}

#[cfg(test)]
mod tests;
