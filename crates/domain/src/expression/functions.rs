//! The functions of ODK that are answered.

use md5::{Digest, Md5};
use regex::{Regex, RegexBuilder};
use sha2::{Sha256, Sha384, Sha512};

use super::evaluate::{Eye, Value};
use super::moment::{
    day_text, days, formatted, fraction, moment, moment_text, of_days, rounded, text_number, time,
};
use super::{Answer, Term, Unanswered};

/// A function: its name, and how many values it takes.
#[derive(Debug, PartialEq)]
pub struct Function {
    /// As it is written.
    pub name: &'static str,
    pub(super) least: usize,
    pub(super) most: usize,
    does: Does,
}

const ANY: usize = 1_000;

macro_rules! functions {
    ($($name:literal $least:literal $most:tt $does:ident;)*) => {
        /// Every function that is answered.
        pub static FUNCTIONS: &[Function] = &[
            $(Function { name: $name, least: $least, most: $most, does: Does::$does },)*
        ];
    };
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    Abs,
    Acos,
    Asin,
    Atan,
    Atan2,
    Boolean,
    BooleanFromString,
    Ceiling,
    Checklist,
    Coalesce,
    Concat,
    Contains,
    Cos,
    Count,
    CountNonEmpty,
    CountSelected,
    Date,
    DateTime,
    DecimalDateTime,
    DecimalTime,
    Digest,
    EndsWith,
    Exp,
    Exp10,
    False,
    Floor,
    FormatDate,
    If,
    IndexedRepeat,
    Int,
    Join,
    Last,
    Log,
    Log10,
    Lower,
    Max,
    Min,
    NormalizeSpace,
    Not,
    Now,
    Number,
    Once,
    Pi,
    Position,
    Pow,
    Regex,
    Round,
    Selected,
    SelectedAt,
    Sin,
    Sqrt,
    StartsWith,
    String,
    StringLength,
    Substr,
    SubstringAfter,
    SubstringBefore,
    Sum,
    Tan,
    Today,
    Translate,
    True,
    Upper,
    WeightedChecklist,
}

functions! {
    "abs" 1 1 Abs;
    "acos" 1 1 Acos;
    "asin" 1 1 Asin;
    "atan" 1 1 Atan;
    "atan2" 2 2 Atan2;
    "boolean" 1 1 Boolean;
    "boolean-from-string" 1 1 BooleanFromString;
    "ceiling" 1 1 Ceiling;
    "checklist" 2 ANY Checklist;
    "coalesce" 1 ANY Coalesce;
    "concat" 0 ANY Concat;
    "contains" 2 2 Contains;
    "cos" 1 1 Cos;
    "count" 1 1 Count;
    "count-non-empty" 1 1 CountNonEmpty;
    "count-selected" 1 1 CountSelected;
    "date" 1 1 Date;
    "date-time" 1 1 DateTime;
    "decimal-date-time" 1 1 DecimalDateTime;
    "decimal-time" 1 1 DecimalTime;
    "digest" 2 3 Digest;
    "ends-with" 2 2 EndsWith;
    "exp" 1 1 Exp;
    "exp10" 1 1 Exp10;
    "false" 0 0 False;
    "floor" 1 1 Floor;
    "format-date" 2 2 FormatDate;
    "format-date-time" 2 2 FormatDate;
    "if" 3 3 If;
    "indexed-repeat" 3 7 IndexedRepeat;
    "int" 1 1 Int;
    "join" 1 ANY Join;
    "last" 0 0 Last;
    "log" 1 1 Log;
    "log10" 1 1 Log10;
    "lower-case" 1 1 Lower;
    "max" 1 ANY Max;
    "min" 1 ANY Min;
    "normalize-space" 0 1 NormalizeSpace;
    "not" 1 1 Not;
    "now" 0 0 Now;
    "number" 0 1 Number;
    "once" 1 1 Once;
    "pi" 0 0 Pi;
    "position" 0 1 Position;
    "pow" 2 2 Pow;
    "regex" 2 2 Regex;
    "round" 1 2 Round;
    "selected" 2 2 Selected;
    "selected-at" 2 2 SelectedAt;
    "sin" 1 1 Sin;
    "sqrt" 1 1 Sqrt;
    "starts-with" 2 2 StartsWith;
    "string" 0 1 String;
    "string-length" 0 1 StringLength;
    "substr" 2 3 Substr;
    "substring-after" 2 2 SubstringAfter;
    "substring-before" 2 2 SubstringBefore;
    "sum" 1 1 Sum;
    "tan" 1 1 Tan;
    "today" 0 0 Today;
    "translate" 3 3 Translate;
    "true" 0 0 True;
    "upper-case" 1 1 Upper;
    "weighted-checklist" 2 ANY WeightedChecklist;
}

/// The function of a name.
pub(super) fn named(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

pub(super) fn call(
    function: &Function,
    given: &[Term],
    eye: &Eye<'_>,
) -> Result<Value, Unanswered> {
    let call = Call { given, eye };
    if let Some(number) = call.arithmetic(function.does)? {
        return Ok(number.into());
    }
    if let Some(yes) = call.condition(function.does)? {
        return Ok(yes.into());
    }
    call.rest(function.does)
}

struct Call<'a> {
    given: &'a [Term],
    eye: &'a Eye<'a>,
}

impl Call<'_> {
    fn text(&self, at: usize) -> Result<String, Unanswered> {
        match self.given.get(at) {
            Some(term) => self.eye.text_of(term),
            // The few functions that take nothing look at the node itself.
            None => self.eye.node_text(self.eye.here),
        }
    }

    fn number(&self, at: usize) -> Result<f64, Unanswered> {
        match self.given.get(at) {
            Some(term) => self.eye.number_of(term),
            None => Ok(text_number(&self.text(at)?)),
        }
    }

    fn bool(&self, at: usize) -> Result<bool, Unanswered> {
        self.given
            .get(at)
            .map_or(Ok(false), |term| self.eye.bool_of(term))
    }

    /// Every text from an argument on, nodes each by itself.
    fn texts(&self, from: usize) -> Result<Vec<String>, Unanswered> {
        let mut texts = Vec::new();
        for term in self.given.iter().skip(from) {
            texts.extend(self.eye.texts_of(term)?);
        }
        Ok(texts)
    }

    /// Every number; an empty answer is none of them.
    fn numbers(&self) -> Result<Vec<f64>, Unanswered> {
        let texts = self.texts(0)?;
        let said = texts.iter().filter(|text| !text.is_empty());
        Ok(said.map(|text| text_number(text)).collect())
    }

    fn arithmetic(&self, does: Does) -> Result<Option<f64>, Unanswered> {
        let one = |f: fn(f64) -> f64| self.number(0).map(|number| Some(f(number)));
        let told = |numbers: Vec<f64>, better: fn(f64, f64) -> bool| {
            let first = *numbers.first().unwrap_or(&f64::NAN);
            numbers.into_iter().fold(first, |best, number| {
                if number.is_nan() || best.is_nan() {
                    f64::NAN
                } else if better(number, best) {
                    number
                } else {
                    best
                }
            })
        };
        match does {
            Does::Abs => one(f64::abs),
            Does::Acos => one(f64::acos),
            Does::Asin => one(f64::asin),
            Does::Atan => one(f64::atan),
            Does::Atan2 => Ok(Some(self.number(0)?.atan2(self.number(1)?))),
            Does::Ceiling => one(f64::ceil),
            Does::Cos => one(f64::cos),
            Does::Exp => one(f64::exp),
            Does::Exp10 => one(|number| 10_f64.powf(number)),
            Does::Floor => one(f64::floor),
            Does::Int => one(f64::trunc),
            Does::Log => one(f64::ln),
            Does::Log10 => one(f64::log10),
            Does::Number => one(|number| number),
            Does::Pi => Ok(Some(std::f64::consts::PI)),
            Does::Pow => Ok(Some(self.number(0)?.powf(self.number(1)?))),
            Does::Sin => one(f64::sin),
            Does::Sqrt => one(f64::sqrt),
            Does::Tan => one(f64::tan),
            Does::Round => {
                let places = match self.given.get(1) {
                    Some(_) => self.number(1)?,
                    None => 0.0,
                };
                Ok(Some(rounded(self.number(0)?, places as i32)))
            }
            Does::Max => Ok(Some(told(self.numbers()?, |number, best| number > best))),
            Does::Min => Ok(Some(told(self.numbers()?, |number, best| number < best))),
            Does::Sum => Ok(Some(self.numbers()?.into_iter().sum())),
            Does::Count => Ok(Some(match self.given.first() {
                Some(term) => self.eye.nodes_of(term)?.len() as f64,
                None => 0.0,
            })),
            Does::CountNonEmpty => {
                let texts = self.texts(0)?;
                let said = texts.iter().filter(|text| !text.is_empty());
                Ok(Some(said.count() as f64))
            }
            Does::CountSelected => Ok(Some(self.text(0)?.split_whitespace().count() as f64)),
            Does::DecimalDateTime => Ok(Some(self.moment(0)?.map_or(f64::NAN, days))),
            Does::DecimalTime => {
                let text = self.text(0)?;
                Ok(Some(time(&text).map_or(f64::NAN, fraction)))
            }
            Does::StringLength => Ok(Some(self.text(0)?.chars().count() as f64)),
            Does::Position => Ok(Some(match (self.given.first(), self.eye.place) {
                (Some(term), _) => match self.eye.nodes_of(term)?.first() {
                    Some(node) => self.eye.position(*node)?,
                    None => f64::NAN,
                },
                (None, Some((place, _))) => place as f64,
                (None, None) => self.eye.position(self.eye.here)?,
            })),
            Does::Last => Ok(Some(self.eye.place.map_or(1.0, |(_, count)| count as f64))),
            _ => Ok(None),
        }
    }

    fn condition(&self, does: Does) -> Result<Option<bool>, Unanswered> {
        Ok(Some(match does {
            Does::True => true,
            Does::False => false,
            Does::Not => !self.bool(0)?,
            Does::Boolean => self.bool(0)?,
            Does::BooleanFromString => matches!(self.text(0)?.as_str(), "1" | "true"),
            Does::Contains => self.text(0)?.contains(&self.text(1)?),
            Does::StartsWith => self.text(0)?.starts_with(&self.text(1)?),
            Does::EndsWith => self.text(0)?.ends_with(&self.text(1)?),
            Does::Selected => {
                let wanted = self.text(1)?;
                self.text(0)?
                    .split_whitespace()
                    .any(|one| one == wanted.trim())
            }
            Does::Regex => {
                let text = self.text(0)?;
                self.eye.matches(&text, &self.text(1)?)?
            }
            Does::Checklist => {
                let mut yes = 0.0;
                for at in 2..self.given.len() {
                    yes += f64::from(u8::from(self.bool(at)?));
                }
                self.between(yes)?
            }
            Does::WeightedChecklist => {
                let mut weight = 0.0;
                for at in (2..self.given.len()).step_by(2) {
                    if self.bool(at)? {
                        weight += self.number(at + 1)?;
                    }
                }
                self.between(weight)?
            }
            _ => return Ok(None),
        }))
    }

    /// Whether a sum lies between the first two arguments; a negative one sets no bound.
    fn between(&self, sum: f64) -> Result<bool, Unanswered> {
        let (least, most) = (self.number(0)?, self.number(1)?);
        Ok((least < 0.0 || sum >= least) && (most < 0.0 || sum <= most))
    }

    fn rest(&self, does: Does) -> Result<Value, Unanswered> {
        let text = match does {
            Does::If => {
                let chosen = if self.bool(0)? { 1 } else { 2 };
                return match self.given.get(chosen) {
                    Some(term) => self.eye.value(term),
                    None => Ok(Value::Answer(Answer::Text(String::new()))),
                };
            }
            Does::IndexedRepeat => return self.indexed_repeat(),
            Does::Coalesce => {
                let texts = (0..self.given.len()).map(|at| self.text(at));
                let mut found = String::new();
                for text in texts {
                    found = text?;
                    if !found.is_empty() {
                        break;
                    }
                }
                found
            }
            Does::Once => {
                let answered = self.eye.tree().answer(self.eye.view.at);
                match answered.is_empty() {
                    true => self.text(0)?,
                    false => answered.to_owned(),
                }
            }
            Does::Concat => self.texts(0)?.concat(),
            Does::Join => self.texts(1)?.join(&self.text(0)?),
            Does::String => self.text(0)?,
            Does::Lower => self.text(0)?.to_lowercase(),
            Does::Upper => self.text(0)?.to_uppercase(),
            Does::NormalizeSpace => {
                let text = self.text(0)?;
                text.split_whitespace().collect::<Vec<_>>().join(" ")
            }
            Does::SelectedAt => {
                let (text, at) = (self.text(0)?, self.number(1)?);
                let at = if at >= 0.0 { at as usize } else { usize::MAX };
                text.split_whitespace()
                    .nth(at)
                    .unwrap_or_default()
                    .to_owned()
            }
            Does::Substr => self.substr()?,
            Does::SubstringBefore => {
                let (text, mark) = (self.text(0)?, self.text(1)?);
                text.split_once(&*mark)
                    .map_or("", |(before, _)| before)
                    .to_owned()
            }
            Does::SubstringAfter => {
                let (text, mark) = (self.text(0)?, self.text(1)?);
                text.split_once(&*mark)
                    .map_or("", |(_, after)| after)
                    .to_owned()
            }
            Does::Translate => {
                let (text, from, to) = (self.text(0)?, self.text(1)?, self.text(2)?);
                let to: Vec<char> = to.chars().collect();
                let place = |c| from.chars().position(|other| other == c);
                text.chars()
                    .filter_map(|c| place(c).map_or(Some(c), |at| to.get(at).copied()))
                    .collect()
            }
            Does::Today => day_text(self.eye.view.now),
            Does::Now => moment_text(self.eye.view.now),
            Does::Date => self.moment(0)?.map_or_else(String::new, day_text),
            Does::DateTime => self.moment(0)?.map_or_else(String::new, moment_text),
            Does::FormatDate => {
                let form = self.text(1)?;
                let moment = self.moment(0)?;
                moment.map_or_else(String::new, |moment| formatted(moment, &form))
            }
            Does::Digest => self.digest()?,
            _ => String::new(),
        };
        Ok(self.eye.made(text)?.into())
    }

    /// A moment: written, or as days since 1970.
    fn moment(&self, at: usize) -> Result<Option<chrono::NaiveDateTime>, Unanswered> {
        let text = self.text(at)?;
        Ok(moment(&text).or_else(|| of_days(text_number(&text))))
    }

    /// Places count from 0, from the end when they are negative.
    fn substr(&self) -> Result<String, Unanswered> {
        let text = self.text(0)?;
        let length = text.chars().count() as f64;
        let place = |at: f64| (if at < 0.0 { length + at } else { at }).clamp(0.0, length) as usize;
        let from = place(self.number(1)?);
        let to = match self.given.get(2) {
            Some(_) => place(self.number(2)?),
            None => length as usize,
        };
        Ok(text
            .chars()
            .skip(from)
            .take(to.saturating_sub(from))
            .collect())
    }

    /// The nodes of a name within the round of each section that is named with its number.
    fn indexed_repeat(&self) -> Result<Value, Unanswered> {
        let mut nodes = match self.given.first() {
            Some(term) => self.eye.nodes_of(term)?,
            None => Vec::new(),
        };
        // A reference to a question of the same repeated section stops at the own round; all of them are meant.
        if let Some(first) = nodes.first() {
            let name = self.eye.tree().name(*first).to_owned();
            let (every, looked) = self.eye.tree().nearest_of(super::Tree::TOP, &name);
            self.eye.looked(looked + every.len())?;
            nodes = every;
        }
        for at in (1..self.given.len()).step_by(2) {
            let rounds = self.eye.nodes_of(&self.given[at])?;
            let wanted = self.number(at + 1)?;
            let mut within = Vec::new();
            for section in rounds {
                if self.eye.position(section)? == wanted {
                    within.push(section);
                }
            }
            self.eye.looked(nodes.len().saturating_mul(within.len()))?;
            nodes.retain(|node| {
                within
                    .iter()
                    .any(|round| self.eye.tree().is_under(*node, *round))
            });
        }
        Ok(Value::Nodes(nodes))
    }

    /// The fingerprint of a text; nothing for a way that is not known.
    fn digest(&self) -> Result<String, Unanswered> {
        let (text, way) = (self.text(0)?, self.text(1)?);
        let form = match self.given.get(2) {
            Some(_) => self.text(2)?,
            None => "base64".to_owned(),
        };
        let bytes = match way.as_str() {
            "MD5" => Md5::digest(&text).to_vec(),
            "SHA-256" => Sha256::digest(&text).to_vec(),
            "SHA-384" => Sha384::digest(&text).to_vec(),
            "SHA-512" => Sha512::digest(&text).to_vec(),
            _ => return Ok(String::new()),
        };
        Ok(match form.as_str() {
            "hex" => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
            _ => base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes),
        })
    }
}

/// A pattern that matches whole texts; none if it cannot be read, or would take too much room.
pub(super) fn pattern(text: &str) -> Option<Regex> {
    // The classes mean the letters of ASCII alone, as where forms are written for.
    let text = text
        .replace("\\d", "[0-9]")
        .replace("\\D", "[^0-9]")
        .replace("\\w", "[0-9A-Za-z_]")
        .replace("\\W", "[^0-9A-Za-z_]");
    RegexBuilder::new(&format!(r"\A(?:{text})\z"))
        .size_limit(1 << 20)
        .dfa_size_limit(1 << 20)
        .nest_limit(50)
        .build()
        .ok()
}
