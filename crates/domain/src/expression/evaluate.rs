//! [`Term`]s to answers.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use regex::Regex;

use super::functions::{self, pattern};
use super::moment::text_number;
use super::tree::Node;
use super::{Answer, Binary, From, Path, Step, Term, Tree, Unanswered, View};

/// The most nodes and terms that are looked at for one answer.
const MOST_STEPS: usize = 500_000;
/// The most bytes that texts of one answer may come to, all together.
const MOST_TEXT: usize = 4_000_000;

/// What making a pattern counts for.
const STEPS_OF_A_PATTERN: usize = 1_000;
/// The most patterns that are kept; each may take much room.
const MOST_PATTERNS: usize = 50;
/// How many nodes that are but compared count as one step.
const COMPARED: usize = 10;

/// What several answers may cost together, and the patterns that they share.
#[derive(Debug)]
pub struct Work {
    left: Cell<usize>,
    patterns: RefCell<HashMap<String, Regex>>,
}

impl Work {
    /// So many steps.
    pub fn new(steps: usize) -> Self {
        Self {
            left: Cell::new(steps),
            patterns: RefCell::default(),
        }
    }

    /// Whether it is used up: nothing is answered any more.
    pub fn is_used_up(&self) -> bool {
        self.left.get() == 0
    }
}

impl Default for Work {
    /// What one answer may cost.
    fn default() -> Self {
        Self::new(MOST_STEPS)
    }
}

/// What a part comes to: nodes, or an answer.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Nodes(Vec<Node>),
    Answer(Answer),
}

impl std::convert::From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Answer(Answer::Number(number))
    }
}

impl std::convert::From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::Answer(Answer::Bool(yes))
    }
}

impl std::convert::From<String> for Value {
    fn from(text: String) -> Self {
        Self::Answer(Answer::Text(text))
    }
}

/// What one answer has cost so far.
pub(super) struct Cost<'a> {
    work: &'a Work,
    steps: Cell<usize>,
    text: Cell<usize>,
}

/// From where a part is looked at.
#[derive(Clone, Copy)]
pub(super) struct Eye<'a> {
    pub(super) view: View<'a>,
    /// The node that is looked at; within a condition another than the view's.
    pub(super) here: Node,
    /// Its place among those that the condition is asked of, from 1, and how many they are.
    pub(super) place: Option<(usize, usize)>,
    cost: &'a Cost<'a>,
}

/// What a part comes to, with another node looked at than the one where it stands.
pub(super) fn value(
    term: &Term,
    view: View<'_>,
    here: Node,
    work: &Work,
) -> Result<Answer, Unanswered> {
    let cost = Cost {
        work,
        steps: Cell::new(0),
        text: Cell::new(0),
    };
    let eye = Eye {
        view,
        here,
        place: None,
        cost: &cost,
    };
    let value = eye.value(term)?;
    Ok(match value {
        Value::Answer(answer) => answer,
        nodes @ Value::Nodes(_) => Answer::Text(eye.text(&nodes)?),
    })
}

impl<'a> Eye<'a> {
    pub(super) fn tree(&self) -> &'a Tree {
        self.view.tree
    }

    pub(super) fn step(&self, steps: usize) -> Result<(), Unanswered> {
        let spent = self.cost.steps.get().saturating_add(steps);
        self.cost.steps.set(spent);
        if spent > MOST_STEPS {
            return Err(Unanswered::TooMuch);
        }
        let left = &self.cost.work.left;
        if left.get() < steps {
            left.set(0);
            return Err(Unanswered::TooMuch);
        }
        left.set(left.get() - steps);
        Ok(())
    }

    /// Counts nodes that are but compared.
    pub(super) fn looked(&self, nodes: usize) -> Result<(), Unanswered> {
        self.step(nodes / COMPARED)
    }

    /// The place of a node among those of its name.
    pub(super) fn position(&self, node: Node) -> Result<f64, Unanswered> {
        let above = self.tree().above(node);
        self.looked(above.map_or(0, |above| self.tree().below(above).len()))?;
        Ok(self.tree().position(node) as f64)
    }

    /// Whether a text as a whole matches a pattern.
    pub(super) fn matches(&self, text: &str, asked: &str) -> Result<bool, Unanswered> {
        let mut patterns = self.cost.work.patterns.borrow_mut();
        if let Some(made) = patterns.get(asked) {
            self.looked(text.len())?;
            return Ok(made.is_match(text));
        }
        self.step(STEPS_OF_A_PATTERN)?;
        let made = pattern(asked).ok_or(Unanswered::Pattern)?;
        let matches = made.is_match(text);
        if patterns.len() >= MOST_PATTERNS {
            patterns.clear();
        }
        patterns.insert(asked.to_owned(), made);
        Ok(matches)
    }

    /// Counts a text that is made.
    pub(super) fn made(&self, text: String) -> Result<String, Unanswered> {
        let spent = self.cost.text.get().saturating_add(text.len());
        self.cost.text.set(spent);
        if spent > MOST_TEXT {
            return Err(Unanswered::TooMuch);
        }
        Ok(text)
    }

    pub(super) fn value(&self, term: &Term) -> Result<Value, Unanswered> {
        self.step(1)?;
        Ok(match term {
            Term::Number(number) => (*number).into(),
            Term::Text(text) => self.made(text.clone())?.into(),
            Term::Path(path) => Value::Nodes(self.nodes(path)?),
            Term::Call(function, given) => functions::call(function, given, self)?,
            Term::Negative(term) => (-self.number_of(term)?).into(),
            Term::Binary(binary, left, right) => self.binary(*binary, left, right)?,
        })
    }

    fn nodes(&self, path: &Path) -> Result<Vec<Node>, Unanswered> {
        let mut nodes = match &path.from {
            From::Top => vec![Tree::TOP],
            From::Here => vec![self.here],
            From::Current => vec![self.view.at],
            From::Name(name) => {
                let (nodes, looked) = self.tree().nearest_of(self.view.at, name);
                self.looked(looked)?;
                nodes
            }
        };
        self.step(nodes.len())?;
        for step in &path.steps {
            nodes = match step {
                Step::Same => nodes,
                Step::Above => {
                    let mut above: Vec<Node> =
                        nodes.iter().filter_map(|n| self.tree().above(*n)).collect();
                    above.sort_unstable();
                    above.dedup();
                    above
                }
                Step::Below(name, conditions) => {
                    let mut found = Vec::new();
                    for node in nodes {
                        let below = self.tree().below(node);
                        self.step(below.len() + 1)?;
                        let named = |node: &&Node| {
                            name.as_ref()
                                .is_none_or(|name| self.tree().name(**node) == *name)
                        };
                        let mut below: Vec<Node> = below.iter().filter(named).copied().collect();
                        for condition in conditions {
                            below = self.kept(below, condition)?;
                        }
                        found.extend(below);
                    }
                    found
                }
            };
        }
        Ok(nodes)
    }

    /// The nodes for which a condition holds; a number asks for the one in that place.
    fn kept(&self, nodes: Vec<Node>, condition: &Term) -> Result<Vec<Node>, Unanswered> {
        let count = nodes.len();
        let mut kept = Vec::new();
        for (at, node) in nodes.into_iter().enumerate() {
            let eye = Eye {
                here: node,
                place: Some((at + 1, count)),
                ..*self
            };
            let value = eye.value(condition)?;
            let holds = match &value {
                Value::Answer(Answer::Number(place)) => *place == (at + 1) as f64,
                other => eye.bool(other)?,
            };
            if holds {
                kept.push(node);
            }
        }
        Ok(kept)
    }

    fn binary(&self, binary: Binary, left: &Term, right: &Term) -> Result<Value, Unanswered> {
        let numbers = || Ok((self.number_of(left)?, self.number_of(right)?));
        Ok(match binary {
            Binary::Or => (self.bool_of(left)? || self.bool_of(right)?).into(),
            Binary::And => (self.bool_of(left)? && self.bool_of(right)?).into(),
            Binary::Plus => numbers().map(|(a, b)| a + b)?.into(),
            Binary::Minus => numbers().map(|(a, b)| a - b)?.into(),
            Binary::Times => numbers().map(|(a, b)| a * b)?.into(),
            Binary::Divided => numbers().map(|(a, b)| a / b)?.into(),
            Binary::Remainder => numbers().map(|(a, b)| a % b)?.into(),
            _ => self
                .compare(binary, &self.value(left)?, &self.value(right)?)?
                .into(),
        })
    }

    /// A set of nodes compares with something as soon as one of its nodes does, except with a yes or no, to which the whole set is
    /// turned.
    fn compare(&self, binary: Binary, left: &Value, right: &Value) -> Result<bool, Unanswered> {
        let yes_or_no = |value: &Value| matches!(value, Value::Answer(Answer::Bool(_)));
        let against_bool = matches!(binary, Binary::Equal | Binary::Unequal)
            && (yes_or_no(left) || yes_or_no(right));
        if against_bool {
            let same = self.bool(left)? == self.bool(right)?;
            return Ok(same == (binary == Binary::Equal));
        }
        let (left, right) = (self.answers(left)?, self.answers(right)?);
        self.step(left.len().saturating_mul(right.len()))?;
        Ok(left
            .iter()
            .any(|left| right.iter().any(|right| compared(binary, left, right))))
    }

    /// Each node's answer by itself, or the one answer.
    fn answers(&self, value: &Value) -> Result<Vec<Answer>, Unanswered> {
        match value {
            Value::Answer(answer) => Ok(vec![answer.clone()]),
            Value::Nodes(nodes) => nodes
                .iter()
                .map(|node| Ok(Answer::Text(self.node_text(*node)?)))
                .collect(),
        }
    }

    /// The answer of a node; a section's is that of all its questions, one after the other.
    pub(super) fn node_text(&self, node: Node) -> Result<String, Unanswered> {
        self.step(1)?;
        let mut text = self.tree().answer(node).to_owned();
        let mut left: Vec<Node> = self.tree().below(node).iter().rev().copied().collect();
        while let Some(node) = left.pop() {
            self.step(1)?;
            text.push_str(self.tree().answer(node));
            left.extend(self.tree().below(node).iter().rev());
        }
        self.made(text)
    }

    pub(super) fn text(&self, value: &Value) -> Result<String, Unanswered> {
        match value {
            Value::Answer(answer) => Ok(answer.text()),
            Value::Nodes(nodes) => match nodes.first() {
                Some(node) => self.node_text(*node),
                None => Ok(String::new()),
            },
        }
    }

    fn bool(&self, value: &Value) -> Result<bool, Unanswered> {
        match value {
            Value::Answer(answer) => Ok(answer.bool()),
            // A question that nobody answered stands in the tree too: what counts is whether there is an answer.
            nodes @ Value::Nodes(_) => Ok(!self.text(nodes)?.is_empty()),
        }
    }

    pub(super) fn text_of(&self, term: &Term) -> Result<String, Unanswered> {
        self.text(&self.value(term)?)
    }

    pub(super) fn number_of(&self, term: &Term) -> Result<f64, Unanswered> {
        Ok(match self.value(term)? {
            Value::Answer(answer) => answer.number(),
            nodes @ Value::Nodes(_) => text_number(&self.text(&nodes)?),
        })
    }

    pub(super) fn bool_of(&self, term: &Term) -> Result<bool, Unanswered> {
        self.bool(&self.value(term)?)
    }

    /// The texts of every node, or the one text.
    pub(super) fn texts_of(&self, term: &Term) -> Result<Vec<String>, Unanswered> {
        let answers = self.answers(&self.value(term)?)?;
        Ok(answers.iter().map(Answer::text).collect())
    }

    /// The nodes that a part comes to; none where it is an answer.
    pub(super) fn nodes_of(&self, term: &Term) -> Result<Vec<Node>, Unanswered> {
        Ok(match self.value(term)? {
            Value::Nodes(nodes) => nodes,
            Value::Answer(_) => Vec::new(),
        })
    }
}

fn compared(binary: Binary, left: &Answer, right: &Answer) -> bool {
    let equal = || match (left, right) {
        (Answer::Number(_), _) | (_, Answer::Number(_)) => left.number() == right.number(),
        _ => left.text() == right.text(),
    };
    match binary {
        Binary::Equal => equal(),
        Binary::Unequal => !equal(),
        Binary::Less => left.number() < right.number(),
        Binary::LessOrEqual => left.number() <= right.number(),
        Binary::More => left.number() > right.number(),
        Binary::MoreOrEqual => left.number() >= right.number(),
        _ => false,
    }
}
