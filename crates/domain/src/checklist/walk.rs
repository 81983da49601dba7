//! What is asked, and which answers are taken, given the answers so far.
//!
//! What is not asked counts as empty in every expression, and so does all that stands in a section that is not asked. Answers
//! that were given before are kept nevertheless: they count again once the question is asked again.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;

use super::{AnswerType, Checklist, Logic, Problem, Refused, Rounds};
use crate::expression::{Answer, Expression, Node, Tree, View, Work};

/// How often all is worked out again until nothing changes any more.
const MOST_PASSES: usize = 20;
/// The most rounds of a section.
pub const MOST_ROUNDS: u16 = 100;
/// The most questions, all rounds together.
const MOST_STEPS: usize = 20_000;
/// What all expressions of a walk may cost together: about a second. Beyond it, what cannot be told is asked.
const MOST_WORK: usize = 5_000_000;

/// Where an answer stands: the code of its item, and the round of each repeated section around it, the outermost first, from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The code of the item.
    pub code: String,
    /// The rounds; empty outside of repeated sections.
    pub rounds: Vec<u16>,
}

impl Place {
    /// The place of an item that is asked once.
    pub fn once(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            rounds: Vec::new(),
        }
    }
}

/// The answers so far. One that was taken away again is an empty text, which a default does not fill.
pub type Answers = BTreeMap<Place, String>;

/// A checklist whose expressions were read.
#[derive(Debug)]
pub struct Reader<'a> {
    checklist: &'a Checklist,
    sections: Vec<Read>,
    items: Vec<Read>,
}

#[derive(Debug, Default)]
struct Read {
    relevant: Option<Expression>,
    constraint: Option<Expression>,
    required: Option<Expression>,
    calculation: Option<Expression>,
    choice_filter: Option<Expression>,
    rounds: Option<Expression>,
}

impl Read {
    fn of<'a>(logic: impl Iterator<Item = (Logic, &'a str)>) -> Self {
        let mut read = Self::default();
        for (logic, text) in logic {
            let expression = Expression::parse(text).ok();
            match logic {
                Logic::Relevant => read.relevant = expression,
                Logic::Constraint => read.constraint = expression,
                Logic::Required => read.required = expression,
                Logic::Calculation => read.calculation = expression,
                Logic::ChoiceFilter => read.choice_filter = expression,
                Logic::Rounds => read.rounds = expression,
            }
        }
        read
    }
}

/// Every question with what holds for it now.
#[derive(Debug, Clone, PartialEq)]
pub struct Walk {
    steps: Vec<Step>,
}

/// A question, in one of its rounds.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The item, by its place in [`Checklist::items`].
    pub item: usize,
    /// The round of each repeated section around it.
    pub rounds: Vec<u16>,
    /// Whether it is asked.
    pub relevant: bool,
    /// Whether it must be answered.
    pub required: bool,
    /// Its answer: given, worked out, or its default; empty when it is not asked.
    pub answer: String,
    /// Why the answer is not taken.
    pub refused: Option<Refused>,
    /// The names of the choices that are offered; all of them without, and where it is not asked.
    pub offered: Option<Vec<String>>,
}

impl Walk {
    /// Every question, in the order of the checklist, those that are not asked among them.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }
}

/// A question while it is worked out.
struct Asked {
    item: usize,
    rounds: Vec<u16>,
    node: Node,
    /// The sections around it, the outermost first, each as it stands in this round.
    around: Vec<(usize, Node)>,
    relevant: bool,
}

impl<'a> Reader<'a> {
    /// Reads the expressions of a checklist; one with problems is not walked through.
    pub fn new(checklist: &'a Checklist) -> Result<Self, Vec<Problem>> {
        let problems = checklist.problems();
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self {
            checklist,
            sections: checklist
                .sections
                .iter()
                .map(|s| Read::of(s.logic()))
                .collect(),
            items: checklist
                .items
                .iter()
                .map(|i| Read::of(i.logic()))
                .collect(),
        })
    }

    /// What is asked, given the answers and the moment of the visit.
    pub fn walk(&self, answers: &Answers, now: NaiveDateTime) -> Walk {
        let work = Work::new(MOST_WORK);
        let mut counted = BTreeMap::new();
        let mut worked = Worked::new(self, answers, &counted, now, &work);
        // How often a section is asked may hang on what is asked in another.
        for _ in 0..5 {
            let again = worked.counts();
            if again == counted || work.is_used_up() {
                break;
            }
            counted = again;
            worked = Worked::new(self, answers, &counted, now, &work);
        }
        worked.told()
    }
}

/// The rounds that expressions ask for, by section and the rounds around it.
type Counted = BTreeMap<(usize, Vec<u16>), u16>;

struct Worked<'a> {
    reader: &'a Reader<'a>,
    now: NaiveDateTime,
    work: &'a Work,
    tree: Tree,
    asked: Vec<Asked>,
    /// Every section as it stands, with the rounds around it, its own among them.
    standing: Vec<(usize, Vec<u16>, Node)>,
    /// The rows of the lists that choices are filtered from.
    rows: BTreeMap<String, Vec<Node>>,
}

impl<'a> Worked<'a> {
    fn new(
        reader: &'a Reader<'a>,
        answers: &Answers,
        counted: &Counted,
        now: NaiveDateTime,
        work: &'a Work,
    ) -> Self {
        let mut worked = Self {
            reader,
            now,
            work,
            tree: Tree::new(),
            asked: Vec::new(),
            standing: Vec::new(),
            rows: BTreeMap::new(),
        };
        let data = worked.tree.add_aside(Tree::TOP, "data", "");
        worked.plant(None, data, &[], &mut Vec::new(), answers, counted);
        worked
            .asked
            .sort_by(|a, b| (a.item, &a.rounds).cmp(&(b.item, &b.rounds)));
        worked.lists();
        worked.settle(answers);
        worked
    }

    /// Puts the questions of a section and the sections in it under a node.
    fn plant(
        &mut self,
        section: Option<usize>,
        node: Node,
        rounds: &[u16],
        around: &mut Vec<(usize, Node)>,
        answers: &Answers,
        counted: &Counted,
    ) {
        let checklist = self.reader.checklist;
        for (item, asked) in checklist.items.iter().enumerate() {
            if asked.section != section || self.asked.len() >= MOST_STEPS {
                continue;
            }
            let place = Place {
                code: asked.code.clone(),
                rounds: rounds.to_vec(),
            };
            let given = answers.get(&place).map(String::as_str);
            let text = given.or(asked.default.as_deref()).unwrap_or_default();
            let node = self.tree.add(node, &asked.code, text);
            self.asked.push(Asked {
                item,
                rounds: place.rounds,
                node,
                around: around.clone(),
                relevant: true,
            });
        }
        for (at, inner) in checklist.sections.iter().enumerate() {
            if inner.within != section {
                continue;
            }
            let turns = match &inner.rounds {
                None => vec![rounds.to_vec()],
                Some(rule) => {
                    let count = match rule {
                        Rounds::Counted(_) => {
                            counted.get(&(at, rounds.to_vec())).copied().unwrap_or(0)
                        }
                        Rounds::Open => self.begun(at, rounds, answers).max(1),
                    };
                    (1..=count.min(MOST_ROUNDS))
                        .map(|round| [rounds, &[round]].concat())
                        .collect()
                }
            };
            for turn in turns {
                if self.standing.len() >= MOST_STEPS {
                    return;
                }
                let node = self.tree.add(node, &inner.key, "");
                self.standing.push((at, turn.clone(), node));
                around.push((at, node));
                self.plant(Some(at), node, &turn, around, answers, counted);
                around.pop();
            }
        }
    }

    /// The last round of a section, within the rounds around it, in which anything was answered.
    fn begun(&self, section: usize, rounds: &[u16], answers: &Answers) -> u16 {
        let checklist = self.reader.checklist;
        let here = |place: &&Place| {
            let item = checklist.item(&place.code);
            place.rounds.starts_with(rounds)
                && item.is_some_and(|item| checklist.is_within(item.section, section))
        };
        let begun = answers.keys().filter(here);
        begun
            .filter_map(|place| place.rounds.get(rounds.len()).copied())
            .max()
            .unwrap_or(0)
    }

    /// Puts the lists from which choices are filtered beside the answers.
    fn lists(&mut self) {
        let checklist = self.reader.checklist;
        let filtered = checklist
            .items
            .iter()
            .filter(|item| item.choice_filter.is_some());
        let names: Vec<&str> = filtered.filter_map(|item| item.list()).collect();
        let lists = self.tree.add_aside(Tree::TOP, "lists", "");
        for name in names {
            let Some(list) = checklist.list(name) else {
                continue;
            };
            if self.rows.contains_key(name) {
                continue;
            }
            let root = self.tree.add_aside(lists, name, "");
            let mut rows = Vec::new();
            for choice in &list.choices {
                let row = self.tree.add_aside(root, "item", "");
                self.tree.add_aside(row, "name", &choice.name);
                for (column, cell) in list.columns.iter().zip(&choice.cells) {
                    self.tree.add_aside(row, column, cell);
                }
                rows.push(row);
            }
            self.rows.insert(name.to_owned(), rows);
        }
    }

    fn view(&self, at: Node) -> View<'_> {
        View {
            tree: &self.tree,
            at,
            now: self.now,
        }
    }

    /// What an expression comes to; nothing where there is no answer.
    fn value(&self, expression: Option<&Expression>, at: Node) -> Option<Answer> {
        expression.and_then(|read| read.value_within(self.view(at), self.work).ok())
    }

    /// Whether a question is asked: what cannot be told is asked.
    fn holds(&self, expression: Option<&Expression>, at: Node) -> bool {
        self.value(expression, at)
            .is_none_or(|answer| answer.bool())
    }

    /// Works out what is asked and what is calculated until nothing changes any more.
    fn settle(&mut self, answers: &Answers) {
        let given: Vec<String> = self
            .asked
            .iter()
            .map(|asked| self.tree.answer(asked.node).to_owned())
            .collect();
        let answered = |asked: &Asked| {
            answers.contains_key(&Place {
                code: self.reader.checklist.items[asked.item].code.clone(),
                rounds: asked.rounds.clone(),
            })
        };
        let answered: Vec<bool> = self.asked.iter().map(answered).collect();
        for _ in 0..MOST_PASSES {
            let mut changed = false;
            let mut open: BTreeMap<Node, bool> = BTreeMap::new();
            for at in 0..self.asked.len() {
                let asked = &self.asked[at];
                let (item, node) = (asked.item, asked.node);
                let mut relevant = true;
                for (section, standing) in &asked.around {
                    let holds = match open.get(standing) {
                        Some(holds) => *holds,
                        None => {
                            let rule = self.reader.sections[*section].relevant.as_ref();
                            let holds = self.holds(rule, *standing);
                            open.insert(*standing, holds);
                            holds
                        }
                    };
                    relevant = relevant && holds;
                }
                let read = &self.reader.items[item];
                relevant = relevant && self.holds(read.relevant.as_ref(), node);
                let text = match &read.calculation {
                    _ if !relevant => String::new(),
                    // What a person answered stands before what would have been worked out.
                    Some(_) if answered[at] && !self.is_calculated(item) => given[at].clone(),
                    Some(_) => {
                        let worked = self.value(read.calculation.as_ref(), node);
                        worked.map_or_else(String::new, |answer| said(&answer))
                    }
                    None => given[at].clone(),
                };
                if self.work.is_used_up() {
                    // What was worked out before stands.
                    return;
                }
                if self.tree.answer(node) != text || self.asked[at].relevant != relevant {
                    self.tree.set(node, &text);
                    self.asked[at].relevant = relevant;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
    }

    fn is_calculated(&self, item: usize) -> bool {
        self.reader.checklist.items[item].answer == AnswerType::Calculated
    }

    /// The rounds that expressions ask for by what stands now.
    fn counts(&self) -> Counted {
        let mut counted = Counted::new();
        let data = self
            .tree
            .below(Tree::TOP)
            .first()
            .copied()
            .unwrap_or(Tree::TOP);
        let mut around = vec![(None, Vec::new(), data)];
        around.extend(
            self.standing
                .iter()
                .map(|(section, rounds, node)| (Some(*section), rounds.clone(), *node)),
        );
        for (at, inner) in self.reader.checklist.sections.iter().enumerate() {
            if !matches!(inner.rounds, Some(Rounds::Counted(_))) {
                continue;
            }
            let rule = self.reader.sections[at].rounds.as_ref();
            for (section, rounds, node) in &around {
                if *section == inner.within {
                    let count = self
                        .value(rule, *node)
                        .map_or(0.0, |answer| answer.number());
                    let count = count.clamp(0.0, f64::from(MOST_ROUNDS));
                    counted.insert((at, rounds.clone()), count as u16);
                }
            }
        }
        counted
    }

    fn told(&self) -> Walk {
        let steps = self.asked.iter().map(|asked| {
            let item = &self.reader.checklist.items[asked.item];
            let read = &self.reader.items[asked.item];
            let answer = self.tree.answer(asked.node).to_owned();
            // What is not asked has no answer that could be another than those offered.
            let offered = asked.relevant.then(|| self.offered(asked)).flatten();
            let list = item
                .list()
                .and_then(|list| self.reader.checklist.list(list));
            let refused = if answer.is_empty() || self.is_calculated(asked.item) {
                None
            } else if !self.fits(&item.answer, &answer, list, offered.as_deref()) {
                Some(Refused::NotOne)
            } else if self.holds(read.constraint.as_ref(), asked.node) {
                None
            } else {
                Some(Refused::Constraint)
            };
            let required = self.value(read.required.as_ref(), asked.node);
            Step {
                item: asked.item,
                rounds: asked.rounds.clone(),
                relevant: asked.relevant,
                required: asked.relevant && required.is_some_and(|answer| answer.bool()),
                answer,
                refused,
                offered,
            }
        });
        Walk {
            steps: steps.collect(),
        }
    }

    /// Whether an answer is one of its type, and of what is offered.
    fn fits(
        &self,
        ty: &AnswerType,
        answer: &str,
        list: Option<&super::ChoiceList>,
        offered: Option<&[String]>,
    ) -> bool {
        ty.read(answer, list).is_some()
            && offered.is_none_or(|offered| {
                let mut names = answer.split_whitespace();
                names.all(|name| offered.iter().any(|other| other == name))
            })
    }

    /// The choices that the filter of an item lets through.
    fn offered(&self, asked: &Asked) -> Option<Vec<String>> {
        let filter = self.reader.items[asked.item].choice_filter.as_ref()?;
        let item = &self.reader.checklist.items[asked.item];
        let list = self.reader.checklist.list(item.list()?)?;
        let rows = self.rows.get(&list.name)?;
        let view = self.view(asked.node);
        let through = |row: &Node| filter.holds_for(view, *row, self.work).unwrap_or(true);
        let kept = rows
            .iter()
            .zip(&list.choices)
            .filter(|(row, _)| through(row));
        Some(kept.map(|(_, choice)| choice.name.clone()).collect())
    }
}

/// What was worked out, as an answer; no number is no answer.
fn said(answer: &Answer) -> String {
    match answer {
        Answer::Number(number) if number.is_nan() => String::new(),
        other => other.text(),
    }
}
