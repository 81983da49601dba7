//! Expressions of checklists: the part of XPath 1.0, with the functions of ODK, in which XLSForm says when a question is asked,
//! which answers are taken and what is worked out.
//!
//! [`Expression::parse`] reads a text once and names what it does not know; [`Expression::value`] answers over a [`Tree`] of
//! answers, seen from one of its nodes. What is answered:
//!
//! - `${name}` is the nearest node of that name: in the same round of a repeated section, else anywhere; `.` the node itself,
//!   `..` the one above, `current()` where the expression stands also within `[…]`; `/data/a`, `../a`, `a/*`, `a[b = 1]`.
//! - `or and = != < <= > >= + - * div mod` and the sign, with their meaning in XPath: a set of nodes compares as soon as one does.
//! - An empty answer is the empty text, and no number (`NaN`) in arithmetic. What reads as a day (`2026-01-15`) is, as a number,
//!   the days since 1970; with a time, also their fraction.
//! - The functions of [`functions::FUNCTIONS`]. `regex()` must match the whole text, as ODK Collect has it.
//!
//! What is not: chance (`random`, `uuid`), other files (`instance`, `pulldata`), texts by language (`jr:itext`), places on a map
//! (`distance`, `area`), attributes, `//` and further axes. A text that uses them is refused with its name when it is read.
//!
//! Both reading and answering are bounded, whatever the text: [`LONGEST`], [`DEEPEST`], [`TALLEST`], and a number of steps.

mod evaluate;
mod functions;
mod moment;
mod parse;
mod tree;

use chrono::NaiveDateTime;

pub use evaluate::Work;
pub use tree::{Node, Tree};

/// The most bytes of an expression.
pub const LONGEST: usize = 10_000;
/// How deep brackets and calls may be nested.
pub const DEEPEST: usize = 50;
/// How many terms may stand on one another, those of a chain such as `a + b + c` among them: answering goes down all of them at
/// once, and where commands run there is little room for it.
pub const TALLEST: usize = 300;

/// An expression that was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    term: Term,
}

/// Why a text is no expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misread {
    /// It is longer than [`LONGEST`].
    #[error("too long")]
    TooLong,
    /// It is nested deeper than [`DEEPEST`], or higher than [`TALLEST`].
    #[error("nested too deep")]
    TooDeep,
    /// Something else should stand here.
    #[error("unexpected at byte {at}")]
    Unexpected {
        /// From where on, in bytes.
        at: usize,
    },
    /// No function has this name, or none that is answered.
    #[error("unknown function {name}")]
    UnknownFunction {
        /// Its name.
        name: String,
    },
    /// A function is given too few values, or too many.
    #[error("wrong number of arguments for {name}")]
    Arguments {
        /// Its name.
        name: String,
    },
    /// A pattern of `regex()` that cannot be read.
    #[error("unreadable pattern")]
    Pattern {
        /// The pattern.
        pattern: String,
    },
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// It would take too many steps or too much text.
    #[error("too much work")]
    TooMuch,
    /// A pattern that was put together from answers cannot be read.
    #[error("unreadable pattern")]
    Pattern,
}

/// From where an expression is answered.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The answers.
    pub tree: &'a Tree,
    /// The node where the expression stands.
    pub at: Node,
    /// The moment that `now()` tells, by the clock on the wall.
    pub now: NaiveDateTime,
}

/// What an expression comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// A text.
    Text(String),
    /// A number; `NaN` when there is none.
    Number(f64),
    /// Yes or no.
    Bool(bool),
}

impl Answer {
    /// As a text.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => moment::number_text(*number),
            Self::Bool(yes) => yes.to_string(),
        }
    }

    /// As a number, `NaN` for what is none.
    pub fn number(&self) -> f64 {
        match self {
            Self::Text(text) => moment::text_number(text),
            Self::Number(number) => *number,
            Self::Bool(yes) => f64::from(u8::from(*yes)),
        }
    }

    /// As yes or no: a text is yes when it is not empty, a number when it is neither 0 nor `NaN`.
    pub fn bool(&self) -> bool {
        match self {
            Self::Text(text) => !text.is_empty(),
            Self::Number(number) => *number != 0.0 && !number.is_nan(),
            Self::Bool(yes) => *yes,
        }
    }
}

impl Expression {
    /// Reads an expression.
    ///
    /// ```
    /// use domain::expression::Expression;
    /// assert!(Expression::parse("${age} >= 15 and selected(${sexe}, 'f')").is_ok());
    /// assert!(Expression::parse("${age} >=").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, Misread> {
        parse::parse(text).map(|term| Self { term })
    }

    /// What it comes to, seen from a node.
    pub fn value(&self, view: View<'_>) -> Result<Answer, Unanswered> {
        self.value_within(view, &Work::default())
    }

    /// The same as one of many, which share what they may cost.
    pub fn value_within(&self, view: View<'_>, work: &Work) -> Result<Answer, Unanswered> {
        evaluate::value(&self.term, view, view.at, work)
    }

    /// Whether it holds for a row of a list, whose columns it calls by their bare names.
    pub fn holds_for(&self, view: View<'_>, row: Node, work: &Work) -> Result<bool, Unanswered> {
        evaluate::value(&self.term, view, row, work).map(|answer| answer.bool())
    }

    /// The names that it asks for by `${name}`, each once, in the order in which they stand.
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.term.names(&mut names);
        names
    }
}

/// A part of an expression.
#[derive(Debug, Clone, PartialEq)]
enum Term {
    Number(f64),
    Text(String),
    Path(Path),
    Call(&'static functions::Function, Vec<Term>),
    Negative(Box<Term>),
    Binary(Binary, Box<Term>, Box<Term>),
}

/// A way to nodes.
#[derive(Debug, Clone, PartialEq)]
struct Path {
    from: From,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq)]
enum From {
    /// The top, above `/data`.
    Top,
    /// The node that is looked at.
    Here,
    /// The node where the whole expression stands.
    Current,
    /// `${name}`.
    Name(String),
}

#[derive(Debug, Clone, PartialEq)]
enum Step {
    /// `.`
    Same,
    /// `..`
    Above,
    /// A child by its name, or every one, where the conditions hold.
    Below(Option<String>, Vec<Term>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Binary {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
    Plus,
    Minus,
    Times,
    Divided,
    Remainder,
}

impl Term {
    fn names<'a>(&'a self, names: &mut Vec<&'a str>) {
        match self {
            Self::Number(_) | Self::Text(_) => {}
            Self::Path(path) => {
                if let From::Name(name) = &path.from
                    && !names.contains(&name.as_str())
                {
                    names.push(name);
                }
                for step in &path.steps {
                    if let Step::Below(_, conditions) = step {
                        conditions.iter().for_each(|term| term.names(names));
                    }
                }
            }
            Self::Call(_, given) => given.iter().for_each(|term| term.names(names)),
            Self::Negative(term) => term.names(names),
            Self::Binary(_, left, right) => {
                left.names(names);
                right.names(names);
            }
        }
    }
}

#[cfg(test)]
mod tests;
