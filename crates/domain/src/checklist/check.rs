//! The test of a checklist's logic: what does not hold together, and what holds together and is hardly meant.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;
use serde::Serialize;

use super::walk::{Answers, Place, Reader};
use super::{AnswerType, Checklist, Item, Logic, Scoring, Wrong};
use crate::expression::Expression;

/// How many answers to the questions that a condition hangs on are tried at most, all conditions together.
const MOST_TRIES: usize = 20_000;
/// How many choices are counted one by one where a condition counts them.
const MOST_COUNTED: usize = 8;
/// How many are tried for one condition; beyond, it is not told.
const TRIES: usize = 2_000;

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export, rename = "ChecklistFinding")]
pub struct Finding {
    /// The code of the item, the key of the section or the name of the list; empty for the whole.
    pub at: String,
    /// Whether it cannot be given out like that.
    pub blocks: bool,
    /// What.
    #[serde(flatten)]
    pub doubt: Doubt,
}

/// What is to be doubted of a checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(tag = "code", rename_all = "snake_case")]
#[ts(export, rename = "ChecklistDoubt")]
pub enum Doubt {
    /// It has no item.
    NoItems,
    /// It has more items than a checklist takes.
    TooManyItems,
    /// The same code stands twice.
    Twice,
    /// It has no code.
    Nameless,
    /// It stands in a section that is not before it, or too deep.
    Lost,
    /// Its weight is above the greatest.
    TooHeavy,
    /// It is critical and cannot be answered with no.
    NeverNo,
    /// It chooses from a list that is not there, or is empty.
    NoList,
    /// An expression cannot be read.
    Misread {
        /// Which of its expressions.
        logic: Logic,
    },
    /// An expression asks for something that is not there.
    Unknown {
        /// Which of its expressions.
        logic: Logic,
        /// What it asks for.
        name: String,
    },
    /// Part of the score is not there, or has no weight.
    NoPart,
    /// It says nothing.
    NoText,
    /// A section in which nothing is asked.
    EmptySection,
    /// No answer whatever makes it asked.
    NeverAsked,
    /// It hangs on itself, by way of others.
    Circle {
        /// The others, in the order in which each hangs on the next.
        way: Vec<String>,
    },
    /// Whether it is asked hangs on a question that comes after it.
    Later {
        /// That question.
        name: String,
    },
    /// No number is taken: the least is above the greatest.
    NothingTaken,
    /// It is asked and nothing can answer it.
    Unanswerable,
    /// A list with fewer than two choices.
    OneChoice,
    /// Two choices of a list read alike.
    ChoicesAlike,
    /// No item counts for the score.
    NoWeights,
    /// The bands of the classes are no bands.
    Bands,
}

impl Finding {
    fn new(at: &str, blocks: bool, doubt: Doubt) -> Self {
        Self {
            at: at.to_owned(),
            blocks,
            doubt,
        }
    }
}

/// Everything that is to be doubted, what keeps it from being given out first. `now` is the moment by which conditions are tried.
pub fn findings(checklist: &Checklist, now: NaiveDateTime) -> Vec<Finding> {
    let mut found: Vec<Finding> = checklist.problems().into_iter().map(told).collect();
    let holds = found.is_empty();
    words(checklist, &mut found);
    scoring(checklist, &mut found);
    if holds {
        let circles = circles(checklist);
        let round = !circles.is_empty();
        found.extend(circles);
        later(checklist, &mut found);
        bounds(checklist, now, &mut found);
        if !round {
            never(checklist, now, &mut found);
        }
    }
    found.sort_by_key(|one| !one.blocks);
    found
}

fn told(problem: super::Problem) -> Finding {
    let doubt = match problem.what {
        Wrong::TooManyItems => Doubt::TooManyItems,
        Wrong::Twice => Doubt::Twice,
        Wrong::Nameless => Doubt::Nameless,
        Wrong::Lost => Doubt::Lost,
        Wrong::TooHeavy => Doubt::TooHeavy,
        Wrong::NeverNo => Doubt::NeverNo,
        Wrong::NoList { .. } => Doubt::NoList,
        Wrong::Misread { logic, .. } => Doubt::Misread { logic },
        Wrong::Unknown { logic, name } => Doubt::Unknown { logic, name },
        Wrong::NoPart => Doubt::NoPart,
    };
    Finding::new(&problem.at, true, doubt)
}

/// What people read: texts that are missing, sections without questions, lists that leave no choice.
fn words(checklist: &Checklist, found: &mut Vec<Finding>) {
    if checklist.items.is_empty() {
        found.push(Finding::new("", true, Doubt::NoItems));
    }
    if checklist.title.fr.trim().is_empty() && checklist.title.en.trim().is_empty() {
        found.push(Finding::new("", true, Doubt::NoText));
    }
    for (at, section) in checklist.sections.iter().enumerate() {
        let asks = |item: &Item| checklist.is_within(item.section, at);
        if !checklist.items.iter().any(asks) && !checklist.items.is_empty() {
            found.push(Finding::new(&section.key, false, Doubt::EmptySection));
        }
    }
    for item in &checklist.items {
        let silent = item.text.fr.trim().is_empty() && item.text.en.trim().is_empty();
        if silent && item.answer != AnswerType::Calculated {
            found.push(Finding::new(&item.code, true, Doubt::NoText));
        }
        if item.disabled {
            found.push(Finding::new(&item.code, false, Doubt::Unanswerable));
        }
        let list = item.list().and_then(|name| checklist.list(name));
        let Some(list) = list.filter(|list| !list.choices.is_empty()) else {
            continue;
        };
        if list.choices.len() < 2 {
            found.push(Finding::new(&item.code, false, Doubt::OneChoice));
        }
        let mut read = BTreeSet::new();
        let plain = list.columns.is_empty();
        let mut labels = list.choices.iter().map(|choice| &choice.label);
        if plain && labels.any(|label| !read.insert((&label.fr, &label.en))) {
            found.push(Finding::new(&item.code, false, Doubt::ChoicesAlike));
        }
    }
}

fn scoring(checklist: &Checklist, found: &mut Vec<Finding>) {
    let counts = |item: &Item| {
        matches!(
            item.answer,
            AnswerType::YesNo | AnswerType::YesNoNa | AnswerType::CountOf(_)
        ) && !item.disabled
    };
    let weighs = |item: &Item| counts(item) && item.weight > 0;
    let by_itself = match &checklist.scoring {
        Scoring::Pooled => false,
        Scoring::Parts(parts) => parts.iter().any(|part| match &part.of {
            super::PartOf::Item(code) => checklist.item(code).is_some_and(counts),
            super::PartOf::Section(_) => false,
        }),
    };
    if !checklist.items.is_empty() && !checklist.items.iter().any(weighs) && !by_itself {
        found.push(Finding::new("", false, Doubt::NoWeights));
    }
    let bands = checklist.bands;
    if bands.fair >= bands.good || bands.good > 100 {
        found.push(Finding::new("", true, Doubt::Bands));
    }
}

/// The names that an expression asks for.
fn names(text: Option<&str>) -> Vec<String> {
    let read = text.and_then(|text| Expression::parse(text).ok());
    read.map_or_else(Vec::new, |read| {
        read.names().into_iter().map(str::to_owned).collect()
    })
}

/// The sections around an item or a section, the innermost first.
fn around(checklist: &Checklist, section: Option<usize>) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = section;
    while let Some(one) = at.filter(|at| *at < checklist.sections.len()) {
        found.push(one);
        at = checklist.sections[one].within.filter(|above| *above < one);
    }
    found
}

/// What decides whether an item is asked and, where it is worked out, what it says.
fn hangs_on(checklist: &Checklist, item: &Item) -> BTreeSet<String> {
    let mut asked: BTreeSet<String> = names(item.relevant.as_deref()).into_iter().collect();
    asked.extend(names(item.calculation.as_deref()));
    for at in around(checklist, item.section) {
        asked.extend(names(checklist.sections[at].relevant.as_deref()));
    }
    asked
}

/// Items that hang on themselves by way of others; each way round is told once.
fn circles(checklist: &Checklist) -> Vec<Finding> {
    let hang: BTreeMap<&str, BTreeSet<String>> = checklist
        .items
        .iter()
        .map(|item| (item.code.as_str(), hangs_on(checklist, item)))
        .collect();
    let mut done: BTreeSet<&str> = BTreeSet::new();
    let mut found = Vec::new();
    for item in &checklist.items {
        let start = item.code.as_str();
        if done.contains(start) {
            continue;
        }
        // The way down from here, each with those that are still to be looked at.
        let mut way: Vec<(&str, Vec<&str>)> = vec![(start, below(&hang, start))];
        while let Some((at, rest)) = way.last_mut() {
            let Some(next) = rest.pop() else {
                done.insert(at);
                way.pop();
                continue;
            };
            if let Some(from) = way.iter().position(|(code, _)| *code == next) {
                let round: Vec<String> = way[from..].iter().map(|one| one.0.to_owned()).collect();
                found.push(Finding::new(next, true, Doubt::Circle { way: round }));
                // Once is enough to know that it is to be mended.
                return found;
            }
            if !done.contains(next) && way.len() < super::MOST_ITEMS {
                way.push((next, below(&hang, next)));
            }
        }
    }
    found
}

fn below<'a>(hang: &'a BTreeMap<&str, BTreeSet<String>>, at: &str) -> Vec<&'a str> {
    let names = hang.get(at).into_iter().flatten();
    names.map(String::as_str).collect()
}

/// Conditions that hang on what is asked afterwards.
fn later(checklist: &Checklist, found: &mut Vec<Finding>) {
    let place: BTreeMap<&str, usize> = checklist
        .items
        .iter()
        .enumerate()
        .map(|(at, item)| (item.code.as_str(), at))
        .collect();
    for (at, item) in checklist.items.iter().enumerate() {
        let asked = names(item.relevant.as_deref());
        let after = |name: &&String| place.get(name.as_str()).is_some_and(|other| *other > at);
        if let Some(name) = asked.iter().find(after) {
            let name = name.clone();
            found.push(Finding::new(&item.code, false, Doubt::Later { name }));
        }
    }
}

/// Numbers of which none is taken.
fn bounds(checklist: &Checklist, now: NaiveDateTime, found: &mut Vec<Finding>) {
    for item in &checklist.items {
        let number = matches!(item.answer, AnswerType::Whole | AnswerType::Number);
        let Some(constraint) = item.constraint.as_deref().filter(|_| number) else {
            continue;
        };
        if !names(Some(constraint)).is_empty() {
            continue;
        }
        let mut alone = Item {
            section: None,
            ..Item::new(&item.code, item.text.clone(), item.answer.clone())
        };
        alone.constraint = item.constraint.clone();
        let probe = only(checklist, vec![alone]);
        let Ok(reader) = Reader::new(&probe) else {
            continue;
        };
        let taken = numbers(&[constraint]).into_iter().any(|number| {
            let answers = Answers::from([(Place::once(&item.code), number)]);
            let walk = reader.walk(&answers, now);
            walk.steps().iter().all(|step| step.refused.is_none())
        });
        if !taken {
            found.push(Finding::new(&item.code, false, Doubt::NothingTaken));
        }
    }
}

/// A checklist of these items alone.
fn only(checklist: &Checklist, items: Vec<Item>) -> Checklist {
    Checklist {
        items,
        sections: Vec::new(),
        scoring: Scoring::Pooled,
        ..checklist.clone()
    }
}

/// Sections and items that no answer makes asked: the answers that conditions speak of are tried in every combination.
fn never(checklist: &Checklist, now: NaiveDateTime, found: &mut Vec<Finding>) {
    let mut left = MOST_TRIES;
    let mut shut: BTreeSet<usize> = BTreeSet::new();
    for (at, section) in checklist.sections.iter().enumerate() {
        let above = around(checklist, section.within);
        if section.relevant.is_none() || above.iter().any(|one| shut.contains(one)) {
            continue;
        }
        if can_be_asked(checklist, Some(at), None, now, &mut left) == Some(false) {
            shut.insert(at);
            found.push(Finding::new(&section.key, false, Doubt::NeverAsked));
        }
    }
    for item in &checklist.items {
        let above = around(checklist, item.section);
        if item.relevant.is_none() || above.iter().any(|one| shut.contains(one)) {
            continue;
        }
        let asked = can_be_asked(
            checklist,
            item.section,
            item.relevant.clone(),
            now,
            &mut left,
        );
        if asked == Some(false) {
            found.push(Finding::new(&item.code, false, Doubt::NeverAsked));
        }
    }
}

/// Whether any answers make asked what stands in a section under a condition; none where that cannot be told.
fn can_be_asked(
    checklist: &Checklist,
    section: Option<usize>,
    relevant: Option<String>,
    now: NaiveDateTime,
    left: &mut usize,
) -> Option<bool> {
    const PROBE: &str = "probe";
    if checklist.item(PROBE).is_some() {
        return None;
    }
    let mut open: Vec<String> = names(relevant.as_deref());
    for at in around(checklist, section) {
        open.extend(names(checklist.sections[at].relevant.as_deref()));
    }
    let mut taking: BTreeMap<String, Item> = BTreeMap::new();
    let mut kept: BTreeSet<usize> = around(checklist, section).into_iter().collect();
    while let Some(name) = open.pop() {
        if taking.contains_key(&name) {
            continue;
        }
        let item = checklist.item(&name)?;
        open.extend(hangs_on(checklist, item));
        open.extend(names(item.constraint.as_deref()));
        kept.extend(around(checklist, item.section));
        taking.insert(name, item.clone());
    }
    let mut sections = Vec::new();
    let mut moved: BTreeMap<usize, usize> = BTreeMap::new();
    for at in kept {
        let mut section = checklist.sections[at].clone();
        if section.rounds.is_some() {
            return None;
        }
        section.within = section.within.and_then(|above| moved.get(&above).copied());
        moved.insert(at, sections.len());
        sections.push(section);
    }
    let mut expressions: Vec<&str> = relevant.as_deref().into_iter().collect();
    expressions.extend(
        sections
            .iter()
            .filter_map(|section| section.relevant.as_deref()),
    );
    let items: Vec<&Item> = taking.values().collect();
    for item in &items {
        expressions.extend(item.logic().map(|(_, text)| text));
    }
    let mut choices: Vec<(Place, Vec<String>)> = Vec::new();
    for item in &items {
        if item.answer != AnswerType::Calculated {
            choices.push((
                Place::once(&item.code),
                possible(checklist, item, &expressions)?,
            ));
        }
    }
    let combinations = choices
        .iter()
        .try_fold(1_usize, |product, (_, of)| product.checked_mul(of.len()))?;
    if combinations > TRIES || combinations > *left {
        return None;
    }
    *left -= combinations;
    let placed = |item: Item| Item {
        section: item.section.and_then(|at| moved.get(&at).copied()),
        required: None,
        choice_filter: None,
        ..item
    };
    let mut probe = only(checklist, taking.values().cloned().map(placed).collect());
    let text = checklist.title.clone();
    probe.items.push(Item {
        section: section.and_then(|at| moved.get(&at).copied()),
        relevant: relevant.clone(),
        ..Item::new(PROBE, text, AnswerType::Note)
    });
    probe.sections = sections.clone();
    let reader = Reader::new(&probe).ok()?;
    for mut number in 0..combinations {
        let mut answers = Answers::new();
        for (place, of) in &choices {
            let answer = &of[number % of.len()];
            number /= of.len();
            if !answer.is_empty() {
                answers.insert(place.clone(), answer.clone());
            }
        }
        let walk = reader.walk(&answers, now);
        let fits = walk.steps().iter().all(|step| step.refused.is_none());
        let last = walk.steps().last();
        if fits && last.is_some_and(|step| step.relevant) {
            return Some(true);
        }
    }
    Some(false)
}

/// The answers to an item that make a difference to some expressions; none where these are not to be counted.
fn possible(checklist: &Checklist, item: &Item, expressions: &[&str]) -> Option<Vec<String>> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    if item.disabled {
        return Some(words(&[""]));
    }
    Some(match &item.answer {
        AnswerType::Note | AnswerType::Calculated => words(&[""]),
        AnswerType::YesNo => words(&["", "yes", "no"]),
        AnswerType::YesNoNa => words(&["", "yes", "no", "na"]),
        AnswerType::Confirmed => words(&["", "OK"]),
        AnswerType::OneOf(name) | AnswerType::SeveralOf(name) => {
            let list = checklist.list(name)?;
            let said = |name: &str| expressions.iter().any(|text| text.contains(name));
            let (spoken, other): (Vec<_>, Vec<_>) =
                list.choices.iter().partition(|choice| said(&choice.name));
            let mut all = vec![String::new()];
            all.extend(spoken.iter().map(|choice| choice.name.clone()));
            all.extend(other.first().map(|choice| choice.name.clone()));
            if matches!(item.answer, AnswerType::SeveralOf(_)) && spoken.len() > 1 {
                let names: Vec<&str> = spoken.iter().map(|choice| choice.name.as_str()).collect();
                all.push(names.join(" "));
            }
            // However many are counted.
            let counted = expressions
                .iter()
                .any(|text| text.contains("count-selected"));
            if matches!(item.answer, AnswerType::SeveralOf(_)) && counted {
                let names = || list.choices.iter().map(|choice| choice.name.as_str());
                let most = list.choices.len();
                for many in (2..=most.min(MOST_COUNTED)).chain([most]) {
                    all.push(names().take(many).collect::<Vec<_>>().join(" "));
                }
            }
            all
        }
        AnswerType::Whole | AnswerType::Number => {
            let mut all = vec![String::new()];
            let whole = item.answer == AnswerType::Whole;
            let mut numbers = numbers(expressions);
            numbers.retain(|number| !whole || !number.contains('.'));
            all.extend(numbers);
            all
        }
        AnswerType::CountOf(of) => vec![String::new(), format!("0/{of}"), format!("{of}/{of}")],
        _ => return None,
    })
}

/// The numbers that stand in expressions, with those beside them; of one with decimals also what lies just above it.
fn numbers(expressions: &[&str]) -> Vec<String> {
    let mut found: BTreeSet<i64> = BTreeSet::from([0, 1]);
    let mut decimals: BTreeSet<String> = BTreeSet::new();
    for text in expressions {
        for part in text.split(|c: char| !c.is_ascii_digit() && c != '.') {
            let whole = part.split('.').next().unwrap_or_default();
            if let Ok(number) = whole.parse::<i64>()
                && number < 1_000_000_000
            {
                found.extend([number - 1, number, number + 1, -number]);
                if part.contains('.') && part.parse::<f64>().is_ok() && !part.ends_with('.') {
                    decimals.extend([part.to_owned(), format!("{part}5"), format!("-{part}")]);
                }
            }
        }
    }
    let whole = found.into_iter().map(|number| number.to_string());
    whole.chain(decimals).collect()
}
