//! Checklists of supervision visits as data: what is asked, in which order, when, which answers are taken, and what they weigh.
//!
//! [`shipped`] are those of the catalogue; others are read from XLSForm files. A checklist changes by a new version alone: a visit
//! keeps the one it was made with. [`walk`] says what is asked and taken, given the answers so far; [`score`] what they come to; [`route`] is the way
//! through the facility for several of them; [`check`] is the test of the logic that whoever writes one is shown.
//!
//! Answers are texts: `yes`, `no`, `na`; a number with a point; `2026-03-14`; the names of choices, parted by spaces; `7/10` for
//! seven of ten.

mod answer;
pub mod check;
pub mod route;
pub mod score;
mod shipped;
pub mod walk;

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::catalog::Area;
use crate::expression::{Expression, Misread};
use crate::text::Localized;

pub use answer::Refused;
pub use shipped::shipped;

/// The greatest weight of an item.
pub const HEAVIEST: u8 = 3;
/// The most items of a checklist.
pub const MOST_ITEMS: usize = 2_000;
/// How many sections may stand in one another.
pub const DEEPEST: usize = 20;

/// A checklist in one of its versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct Checklist {
    /// Its lasting code.
    pub code: String,
    /// Its version, as its authors call it.
    pub version: String,
    /// Its name.
    pub title: Localized,
    /// Its service area, where it has one.
    pub area: Option<Area>,
    /// Its sections, each behind the one that it stands in.
    pub sections: Vec<Section>,
    /// Its items, in the order in which they are written.
    pub items: Vec<Item>,
    /// The lists that items choose from.
    pub lists: Vec<ChoiceList>,
    /// How the whole score comes about.
    pub scoring: Scoring,
    /// From which scores on a class is given.
    pub bands: Bands,
}

/// A part of a checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export, rename = "ChecklistSection")]
pub struct Section {
    /// Its lasting key.
    pub key: String,
    /// Its title.
    pub title: Localized,
    /// The section that it stands in, by its place in [`Checklist::sections`].
    #[ts(type = "number | null")]
    pub within: Option<usize>,
    /// Where in the facility it is answered.
    pub station: Option<Station>,
    /// When it is asked; always without.
    pub relevant: Option<String>,
    /// Whether it is asked more than once.
    pub rounds: Option<Rounds>,
}

/// How often a section is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export, rename = "SectionRounds")]
pub enum Rounds {
    /// As often as there is something to say.
    Open,
    /// As often as an expression says.
    Counted(String),
}

/// A place in the facility, in the order of the walk through it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Station {
    /// The first talk.
    Arrival,
    /// The maternity ward.
    Maternity,
    /// Antenatal care and family planning.
    Antenatal,
    /// The consultation.
    Consultation,
    /// The pharmacy and the store.
    Pharmacy,
    /// The office: registers, reports, staff.
    Office,
    /// The community.
    Community,
    /// The talk before leaving.
    Feedback,
}

/// What is asked, or told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export, rename = "ChecklistItem")]
pub struct Item {
    /// Its lasting code, which is never given to another.
    pub code: String,
    /// Its section, by its place in [`Checklist::sections`].
    #[ts(type = "number | null")]
    pub section: Option<usize>,
    /// What it asks.
    pub text: Localized,
    /// What helps to answer it.
    pub hint: Option<Localized>,
    /// What answers it.
    pub answer: AnswerType,
    /// What a yes is worth, from 0 to [`HEAVIEST`].
    pub weight: u8,
    /// Whether a no asks for a recommendation, whatever the score.
    pub critical: bool,
    /// When it must be answered; never without.
    pub required: Option<String>,
    /// When it is asked; always without.
    pub relevant: Option<String>,
    /// What holds for every answer that is taken.
    pub constraint: Option<String>,
    /// What is said of an answer that is not taken.
    pub constraint_message: Option<Localized>,
    /// What works it out.
    pub calculation: Option<String>,
    /// The answer until another is given.
    pub default: Option<String>,
    /// Which choices are offered.
    pub choice_filter: Option<String>,
    /// The key under which several checklists ask the same: it is asked once in a visit.
    pub shared: Option<String>,
    /// Whether it is shown and cannot be answered: its file asked for something that this does not know.
    pub disabled: bool,
}

/// What answers an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum AnswerType {
    /// Nothing: it only tells.
    Note,
    /// Yes or no.
    YesNo,
    /// Yes, no or not applicable.
    YesNoNa,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// A text.
    Text,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A day and a time.
    Moment,
    /// One choice of the list of this name.
    OneOf(String),
    /// Any choices of the list of this name.
    SeveralOf(String),
    /// The choices of the list of this name, in an order.
    Ranked(String),
    /// A picture.
    Photo,
    /// So many of so many, the second of which is most often this.
    CountOf(u32),
    /// That it was read.
    Confirmed,
    /// A place on the map: latitude and longitude.
    Point,
    /// It is worked out.
    Calculated,
}

/// A list of choices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct ChoiceList {
    /// Its name.
    pub name: String,
    /// The names of further columns, by which choices are told apart.
    pub columns: Vec<String>,
    /// Its choices.
    pub choices: Vec<Choice>,
}

/// A choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct Choice {
    /// What stands in answers.
    pub name: String,
    /// What people read.
    pub label: Localized,
    /// What stands in each of [`ChoiceList::columns`].
    pub cells: Vec<String>,
}

/// How the whole score comes about.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Scoring {
    /// The weights of what was answered yes, of those answered yes or no.
    #[default]
    Pooled,
    /// The mean of parts, each with a weight of its own.
    Parts(Vec<Part>),
}

/// What a score is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export, rename = "ScorePart")]
pub struct Part {
    /// What counts.
    pub of: PartOf,
    /// How much, above 0.
    pub weight: u32,
}

/// A section's score, or a single item beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export, rename = "ScorePartOf")]
pub enum PartOf {
    /// The score of the section of this key, with the sections in it.
    Section(String),
    /// The item of this code.
    Item(String),
}

/// From which scores on a class is given, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export, rename = "ScoreBands")]
pub struct Bands {
    /// From here on it is good.
    pub good: u8,
    /// From here on it is fair.
    pub fair: u8,
}

impl Default for Bands {
    fn default() -> Self {
        Self { good: 80, fair: 50 }
    }
}

/// Something in a checklist that does not hold together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The code of the item, the key of the section or the name of the list; empty for the whole.
    pub at: String,
    /// What is wrong.
    pub what: Wrong,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// It has more items than [`MOST_ITEMS`].
    TooManyItems,
    /// The same code, key or name stands twice.
    Twice,
    /// It has no code.
    Nameless,
    /// It stands in a section that is not before it, or in more than [`DEEPEST`].
    Lost,
    /// Its weight is above [`HEAVIEST`].
    TooHeavy,
    /// It is critical and cannot be answered with no.
    NeverNo,
    /// It chooses from a list that is not there, or is empty.
    NoList {
        /// The list.
        list: String,
    },
    /// An expression cannot be read.
    Misread {
        /// Which of its expressions.
        logic: Logic,
        /// Why.
        why: Misread,
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
}

/// An expression of an item or a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export, rename = "ChecklistLogic")]
pub enum Logic {
    /// When it is asked.
    Relevant,
    /// Which answers are taken.
    Constraint,
    /// When it must be answered.
    Required,
    /// What works it out.
    Calculation,
    /// Which choices are offered.
    ChoiceFilter,
    /// How often it is asked.
    Rounds,
}

impl Item {
    /// An item that asks a text and has nothing further.
    pub fn new(code: &str, text: Localized, answer: AnswerType) -> Self {
        Self {
            code: code.to_owned(),
            section: None,
            text,
            hint: None,
            answer,
            weight: 0,
            critical: false,
            required: None,
            relevant: None,
            constraint: None,
            constraint_message: None,
            calculation: None,
            default: None,
            choice_filter: None,
            shared: None,
            disabled: false,
        }
    }

    /// Its expressions, each with its name.
    pub fn logic(&self) -> impl Iterator<Item = (Logic, &str)> {
        [
            (Logic::Relevant, &self.relevant),
            (Logic::Constraint, &self.constraint),
            (Logic::Required, &self.required),
            (Logic::Calculation, &self.calculation),
            (Logic::ChoiceFilter, &self.choice_filter),
        ]
        .into_iter()
        .filter_map(|(logic, text)| text.as_deref().map(|text| (logic, text)))
    }

    /// Takes one of its expressions away.
    pub fn without(&mut self, logic: Logic) {
        match logic {
            Logic::Relevant => self.relevant = None,
            Logic::Constraint => self.constraint = None,
            Logic::Required => self.required = None,
            Logic::Calculation => self.calculation = None,
            Logic::ChoiceFilter => self.choice_filter = None,
            Logic::Rounds => {}
        }
    }

    /// The list that it chooses from.
    pub fn list(&self) -> Option<&str> {
        match &self.answer {
            AnswerType::OneOf(list) | AnswerType::SeveralOf(list) | AnswerType::Ranked(list) => {
                Some(list)
            }
            _ => None,
        }
    }
}

impl Section {
    /// Its expressions, each with its name.
    pub fn logic(&self) -> impl Iterator<Item = (Logic, &str)> {
        let rounds = match &self.rounds {
            Some(Rounds::Counted(text)) => Some((Logic::Rounds, text.as_str())),
            _ => None,
        };
        let relevant = self.relevant.as_deref();
        relevant
            .map(|text| (Logic::Relevant, text))
            .into_iter()
            .chain(rounds)
    }
}

impl Checklist {
    /// The list of a name.
    pub fn list(&self, name: &str) -> Option<&ChoiceList> {
        self.lists.iter().find(|list| list.name == name)
    }

    /// The item of a code.
    pub fn item(&self, code: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.code == code)
    }

    /// Whether a section is another one, or stands in it at any depth.
    pub fn is_within(&self, section: Option<usize>, other: usize) -> bool {
        let mut at = section;
        while let Some(found) = at {
            if found == other {
                return true;
            }
            // A section stands behind the one that it stands in; whatever does not would go round for ever.
            at = self
                .sections
                .get(found)
                .and_then(|s| s.within)
                .filter(|above| *above < found);
        }
        false
    }

    /// In how many others a section stands.
    pub fn depth(&self, section: usize) -> usize {
        let above = |at: usize| self.sections.get(at)?.within.filter(|above| *above < at);
        std::iter::successors(above(section), |at| above(*at)).count()
    }

    /// Everything that does not hold together; nothing for a checklist that can be used.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut found = |at: &str, what| {
            problems.push(Problem {
                at: at.to_owned(),
                what,
            });
        };
        if self.items.len() > MOST_ITEMS || self.sections.len() > MOST_ITEMS {
            found("", Wrong::TooManyItems);
            return problems;
        }
        let keys = self.sections.iter().map(|section| section.key.as_str());
        let codes = self.items.iter().map(|item| item.code.as_str());
        let mut names: HashSet<&str> = HashSet::new();
        for name in keys.chain(codes) {
            let new = names.insert(name);
            if name.is_empty() {
                found(name, Wrong::Nameless);
            } else if !new {
                found(name, Wrong::Twice);
            }
        }
        let mut lists: HashSet<&str> = HashSet::new();
        for list in &self.lists {
            if !lists.insert(&list.name) {
                found(&list.name, Wrong::Twice);
            }
        }
        let mut read = |at: &str, (logic, text): (Logic, &str)| match Expression::parse(text) {
            Err(why) => found(at, Wrong::Misread { logic, why }),
            Ok(read) => {
                for name in read.names() {
                    if !names.contains(name) {
                        let name = name.to_owned();
                        found(at, Wrong::Unknown { logic, name });
                    }
                }
            }
        };
        for section in &self.sections {
            section.logic().for_each(|logic| read(&section.key, logic));
        }
        for item in &self.items {
            item.logic().for_each(|logic| read(&item.code, logic));
        }
        for (at, section) in self.sections.iter().enumerate() {
            if section.within.is_some_and(|above| above >= at) || self.depth(at) >= DEEPEST {
                found(&section.key, Wrong::Lost);
            }
        }
        for item in &self.items {
            if item.section.is_some_and(|at| at >= self.sections.len()) {
                found(&item.code, Wrong::Lost);
            }
            if item.weight > HEAVIEST {
                found(&item.code, Wrong::TooHeavy);
            }
            if item.critical && !matches!(item.answer, AnswerType::YesNo | AnswerType::YesNoNa) {
                found(&item.code, Wrong::NeverNo);
            }
            if let Some(list) = item.list()
                && !item.disabled
                && self.list(list).is_none_or(|list| list.choices.is_empty())
            {
                let list = list.to_owned();
                found(&item.code, Wrong::NoList { list });
            }
        }
        if let Scoring::Parts(parts) = &self.scoring {
            for part in parts {
                let (name, there) = match &part.of {
                    PartOf::Section(key) => {
                        (key, self.sections.iter().any(|section| section.key == *key))
                    }
                    PartOf::Item(code) => (code, self.item(code).is_some()),
                };
                if !there || part.weight == 0 {
                    found(name, Wrong::NoPart);
                }
            }
        }
        problems
    }
}

#[cfg(test)]
mod tests;
