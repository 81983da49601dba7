//! A checklist that is tried out: what is asked, what it comes to, and the test of its logic.

use domain::checklist::check::{Finding, findings};
use domain::checklist::score::{Score, score};
use domain::checklist::walk::{Answers, Place, Reader};
use domain::checklist::{Checklist, Refused};
use serde::{Deserialize, Serialize};

use crate::cx::Cx;
use crate::error::Result;

/// A checklist with answers that are tried on it.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct TryChecklist {
    /// The checklist as it stands on the screen.
    pub checklist: Checklist,
    /// The answers.
    pub answers: Vec<TriedAnswer>,
}

/// An answer that is tried.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct TriedAnswer {
    /// The code of the item.
    pub code: String,
    /// The round of each repeated section around it.
    pub rounds: Vec<u16>,
    /// The answer, as it was typed.
    pub answer: String,
}

/// What a checklist comes to.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Tried {
    /// Every question with what holds for it now, in the order of the checklist; none while it does not hold together.
    pub steps: Vec<TriedStep>,
    /// What the answers come to.
    pub score: Option<Score>,
    /// What the test of the logic found.
    pub findings: Vec<Finding>,
}

/// A question, in one of its rounds.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct TriedStep {
    /// The code of the item.
    pub code: String,
    /// The round of each repeated section around it.
    pub rounds: Vec<u16>,
    /// Whether it is asked.
    pub relevant: bool,
    /// Whether it must be answered.
    pub required: bool,
    /// Its answer: given, worked out, or its default.
    pub answer: String,
    /// Why the answer is not taken.
    pub refused: Option<Refused>,
    /// The names of the choices that are offered; all of them without.
    pub offered: Option<Vec<String>>,
}

/// Tries answers on a checklist, and tests its logic. Nothing is kept.
pub fn try_checklist(cx: &Cx<'_>, request: TryChecklist) -> Result<Tried> {
    let list = &request.checklist;
    let now = cx.local(cx.now_ms).naive_local();
    let findings = findings(list, now);
    let Ok(reader) = Reader::new(list) else {
        return Ok(Tried {
            steps: Vec::new(),
            score: None,
            findings,
        });
    };
    let mut answers = Answers::new();
    for given in request.answers {
        let Some(item) = list.item(&given.code) else {
            continue;
        };
        let choices = item.list().and_then(|name| list.list(name));
        let kept = item.answer.read(&given.answer, choices);
        let place = Place {
            code: given.code,
            rounds: given.rounds,
        };
        answers.insert(place, kept.unwrap_or(given.answer));
    }
    let walk = reader.walk(&answers, now);
    let steps = walk.steps().iter().map(|step| TriedStep {
        code: list.items[step.item].code.clone(),
        rounds: step.rounds.clone(),
        relevant: step.relevant,
        required: step.required,
        answer: step.answer.clone(),
        refused: step.refused,
        offered: step.offered.clone(),
    });
    Ok(Tried {
        steps: steps.collect(),
        score: Some(score(list, &walk)),
        findings,
    })
}
