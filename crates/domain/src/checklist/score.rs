//! What the answers of a visit come to.
//!
//! A yes is worth its item's weight, a no nothing of it, seven of ten seven tenths. What is not applicable, not answered, not
//! asked, a number or a text does not count, neither for nor against; what is not answered is told.

use serde::Serialize;

use super::answer::count_of;
use super::walk::Walk;
use super::{AnswerType, Bands, Checklist, Item, PartOf, Scoring};

/// What a visit's answers to one checklist come to.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
#[ts(export, rename = "ChecklistScore")]
pub struct Score {
    /// The codes of the critical items that were answered with no, in order: they come before everything else.
    pub critical: Vec<String>,
    /// In percent; none while nothing that counts was answered.
    pub percent: Option<f64>,
    /// The class; none without a score.
    pub class: Option<Class>,
    /// Each section with what was answered in it.
    pub sections: Vec<SectionScore>,
    /// How many items are asked for which there may be an answer.
    pub asked: u32,
    /// How many of them have one.
    pub answered: u32,
}

/// What the answers of a section come to.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct SectionScore {
    /// Its key.
    pub key: String,
    /// In percent; none where nothing that counts was answered.
    pub percent: Option<f64>,
    /// How many items are asked for which there may be an answer.
    pub asked: u32,
    /// How many of them have one.
    pub answered: u32,
}

/// How good a score is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export, rename = "ScoreClass")]
pub enum Class {
    /// Below both bands.
    Weak,
    /// From [`Bands::fair`] on.
    Fair,
    /// From [`Bands::good`] on, with no critical item answered with no.
    Good,
}

/// What was earned, of what could have been.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    earned: f64,
    possible: f64,
}

impl Sum {
    fn add(&mut self, earned: f64, possible: f64) {
        self.earned += earned;
        self.possible += possible;
    }

    fn share(self) -> Option<f64> {
        (self.possible > 0.0).then(|| self.earned / self.possible)
    }
}

/// How much of an item an answer earns, from 0 to 1; none for what does not count.
fn share(item: &Item, answer: &str) -> Option<f64> {
    match (&item.answer, answer) {
        (AnswerType::YesNo | AnswerType::YesNoNa, "yes") => Some(1.0),
        (AnswerType::YesNo | AnswerType::YesNoNa, "no") => Some(0.0),
        (AnswerType::CountOf(_), counted) => match count_of(counted)? {
            (_, 0) => None,
            (count, of) => Some(f64::from(count) / f64::from(of)),
        },
        _ => None,
    }
}

/// Whether an item may have an answer that a person gives.
fn answerable(item: &Item) -> bool {
    !item.disabled && !matches!(item.answer, AnswerType::Note | AnswerType::Calculated)
}

/// What the answers come to.
pub fn score(checklist: &Checklist, walk: &Walk) -> Score {
    let mut critical: Vec<String> = Vec::new();
    let mut whole = Sum::default();
    let mut sections = vec![(Sum::default(), 0, 0); checklist.sections.len()];
    let mut items = vec![Sum::default(); checklist.items.len()];
    let (mut asked, mut answered) = (0, 0);
    for step in walk.steps() {
        let item = &checklist.items[step.item];
        if !step.relevant || !answerable(item) {
            continue;
        }
        let said = !step.answer.is_empty() && step.refused.is_none();
        asked += 1;
        answered += u32::from(said);
        let earned = said.then(|| share(item, &step.answer)).flatten();
        let weight = f64::from(item.weight);
        if let Some(earned) = earned {
            whole.add(earned * weight, weight);
            items[step.item].add(earned, 1.0);
            if item.critical && earned == 0.0 && !critical.contains(&item.code) {
                critical.push(item.code.clone());
            }
        }
        for (at, (sum, asked, answered)) in sections.iter_mut().enumerate() {
            if checklist.is_within(item.section, at) {
                *asked += 1;
                *answered += u32::from(said);
                if let Some(earned) = earned {
                    sum.add(earned * weight, weight);
                }
            }
        }
    }
    let share = match &checklist.scoring {
        Scoring::Pooled => whole.share(),
        Scoring::Parts(parts) => {
            let mut mean = Sum::default();
            for part in parts {
                let found = match &part.of {
                    PartOf::Section(key) => {
                        let at = checklist.sections.iter().position(|s| s.key == *key);
                        at.and_then(|at| sections[at].0.share())
                    }
                    PartOf::Item(code) => {
                        let at = checklist.items.iter().position(|i| i.code == *code);
                        at.and_then(|at| items[at].share())
                    }
                };
                if let Some(found) = found {
                    let weight = f64::from(part.weight);
                    mean.add(found * weight, weight);
                }
            }
            mean.share()
        }
    };
    let percent = |share: Option<f64>| share.map(|share| share * 100.0);
    let told = sections.into_iter().zip(&checklist.sections);
    Score {
        class: percent(share).map(|percent| class(percent, checklist.bands, !critical.is_empty())),
        critical,
        percent: percent(share),
        sections: told
            .map(|((sum, asked, answered), section)| SectionScore {
                key: section.key.clone(),
                percent: percent(sum.share()),
                asked,
                answered,
            })
            .collect(),
        asked,
        answered,
    }
}

/// The class of a score. What a critical item says against it no other answer outweighs: it is never good then.
fn class(percent: f64, bands: Bands, critical: bool) -> Class {
    // As people read it: 79.6 % stands as 80 % beside its class.
    let percent = percent.round();
    if percent >= f64::from(bands.good) && !critical {
        Class::Good
    } else if percent >= f64::from(bands.fair) {
        Class::Fair
    } else {
        Class::Weak
    }
}
