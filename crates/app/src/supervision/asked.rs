//! A visit as the screen shows it: what is asked in the order of the walk, what was answered, and what it comes to.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use domain::action::ActionState;
use domain::catalog::Area;
use domain::checklist::route::stops;
use domain::checklist::score::{Score, score};
use domain::checklist::walk::{Answers, Place, Reader, Step};
use domain::checklist::{AnswerType, Checklist, ChoiceList, Item, Refused, Station};
use domain::ids::RecordId;
use domain::registry::Kind;
use domain::text::Localized;
use domain::visit::{Agreement, Observed, VisitState, is_drawn};
use serde::Serialize;

use super::photos::{VisitPhoto, photos};
use super::queries;
use super::recounts::{Recount, recounts};
use super::visits::{is_own, may_write, of, state};
use crate::actions::{PlannedAction, planned, queries as agreed};
use crate::cx::Cx;
use crate::cycles::ById;
use crate::error::Result;
use crate::records::queries::Record;
use crate::records::{OpenField, RecordMeta};

/// A checklist of a visit, if this laptop knows that version.
pub(super) struct Known {
    /// Its code.
    pub code: String,
    /// Its version.
    pub version: String,
    /// The checklist.
    pub list: Option<Cow<'static, Checklist>>,
}

/// A visit with what is asked, answered and recommended.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Visit {
    /// What every record shows.
    pub meta: RecordMeta,
    /// The facility.
    #[ts(type = "string")]
    pub place: RecordId,
    /// What it is called.
    pub place_name: String,
    /// Whether the facility looks at itself.
    pub own: bool,
    /// How far it has come.
    pub state: VisitState,
    /// The day that it is planned for, ISO.
    pub planned: Option<String>,
    /// The day on which it was begun, ISO.
    pub begun: Option<String>,
    /// The day on which it was closed, ISO.
    pub closed: Option<String>,
    /// Who signed for the visitors.
    pub visitor: Option<String>,
    /// Who signed for the facility.
    pub received: Option<String>,
    /// The day on which the facility was given what came of it, ISO.
    pub fed_back: Option<String>,
    /// What is to be said of the whole.
    pub note: Option<String>,
    /// Why it was returned for correction.
    pub returned: Option<String>,
    /// Why it was called off.
    pub called_off: Option<String>,
    /// What was counted again in the register, the latest period first.
    pub recounts: Vec<Recount>,
    /// The photos beside its answers, the oldest first.
    pub photos: Vec<VisitPhoto>,
    /// The signature for the visitors as it was drawn, a path of SVG in a box of [`domain::visit::DRAWN_WIDTH`] by
    /// [`domain::visit::DRAWN_HEIGHT`]; none on paper.
    pub visitor_drawn: Option<String>,
    /// That for the facility.
    pub received_drawn: Option<String>,
    /// Its checklists with their scores.
    pub lists: Vec<VisitList>,
    /// What is asked, in the order of the walk.
    pub parts: Vec<VisitPart>,
    /// What is recommended.
    pub recommendations: Vec<PlannedAction>,
    /// What earlier visits recommended and is still to be done, or was closed since this one was begun.
    pub earlier: Vec<PlannedAction>,
    /// The keys of the critical questions answered with no that have no recommendation yet.
    pub lacking: Vec<String>,
    /// The visit before this one, by any of the same checklists.
    pub before: Option<VisitBefore>,
    /// How the facility's own look compares with this visit; none without one.
    pub compared: Option<Compared>,
    /// Whether whoever is inside may write in it.
    pub writable: bool,
}

/// A checklist of a visit.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct VisitList {
    /// Its code.
    pub code: String,
    /// The version that the visit was made with.
    pub version: String,
    /// Its name; none where this laptop does not know that version.
    pub title: Option<Localized>,
    /// Its service area, where it has one.
    pub area: Option<Area>,
    /// What its answers come to.
    pub score: Option<Score>,
    /// The titles of its sections, in the order of the score's.
    pub sections: Vec<Localized>,
    /// The lists that its items choose from.
    pub choices: Vec<ChoiceList>,
}

/// The questions of a section at a stop of the walk.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct VisitPart {
    /// Where.
    pub station: Option<Station>,
    /// The code of the checklist.
    pub list: String,
    /// The title of the section.
    pub section: Option<Localized>,
    /// Its questions, those that are not asked now among them.
    pub questions: Vec<VisitQuestion>,
}

/// A question of a visit with its answer.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct VisitQuestion {
    /// Tells it from all others of the visit: list, item and round as an answer is saved, parted by bars.
    pub key: String,
    /// The checklist's code as an answer is saved; empty for what several of them ask.
    pub list: String,
    /// The item as an answer is saved.
    pub item: String,
    /// The rounds as an answer is saved.
    pub round: String,
    /// The code beside the row on paper.
    pub code: String,
    /// What it asks.
    pub text: Localized,
    /// What helps to answer it.
    pub hint: Option<Localized>,
    /// What answers it.
    pub answer: AnswerType,
    /// The names of the choices that are offered; all of the list's without.
    pub offered: Option<Vec<String>>,
    /// Whether a no asks for a recommendation.
    pub critical: bool,
    /// Whether nobody can answer it here.
    pub disabled: bool,
    /// Whether it is asked, by the answers so far.
    pub asked: bool,
    /// Whether it must be answered.
    pub required: bool,
    /// Why the answer is not taken.
    pub refused: Option<Refused>,
    /// What is said of an answer that is not taken.
    pub constraint_message: Option<Localized>,
    /// The answer, or what was worked out; empty without.
    pub value: String,
    /// What is said of it.
    pub note: Option<String>,
    /// How it was observed.
    pub mark: Option<Observed>,
    /// The record of the answer; none until there is one.
    #[ts(type = "string | null")]
    pub record: Option<RecordId>,
    /// The token of each field's shown value.
    pub seen: BTreeMap<String, String>,
    /// Fields of which several values stand.
    pub open: Vec<OpenField>,
    /// What the visit before answered: only once this one has an answer of its own.
    pub before: Option<String>,
}

/// An earlier visit.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct VisitBefore {
    /// The visit.
    #[ts(type = "string")]
    pub id: RecordId,
    /// Its day, ISO.
    pub day: Option<String>,
}

/// How the facility's own look compares with that of its visitors.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export, rename = "VisitCompared")]
pub struct Compared {
    /// The other look: the facility's own for a visit, the visit for the facility's own.
    #[ts(type = "string")]
    pub with: RecordId,
    /// Its day, ISO.
    pub day: Option<String>,
    /// How many questions both answered, and how many alike.
    pub agreement: Agreement,
    /// In percent; none where both answered no question.
    pub percent: Option<f64>,
    /// What the other one answered where the two differ, by the key of the question.
    pub differ: BTreeMap<String, String>,
}

/// An answer by the place that it stands in.
pub(super) type Key = (String, String, String);

/// The place that an answer stands in, or a photo beside it.
pub(super) fn key_of(answer: &Record) -> Key {
    let text = |field| answer.text(field).unwrap_or_default();
    (text("list"), text("item"), text("round"))
}

/// It as one text, which tells a question from all others of the visit.
pub(super) fn said((list, item, round): &Key) -> String {
    format!("{list}|{item}|{round}")
}

/// Where an answer to an item stands.
fn place_of(list: &Checklist, item: &Item, rounds: &[u16]) -> Key {
    let round: Vec<String> = rounds.iter().map(u16::to_string).collect();
    let round = round.join(".");
    match &item.shared {
        Some(key) => (String::new(), key.clone(), round),
        None => (list.code.clone(), item.code.clone(), round),
    }
}

/// The checklists that a visit was begun with.
pub(super) fn lists(cx: &Cx<'_>, visit: &Record) -> Result<Vec<Known>> {
    let lines = visit.text("lists").unwrap_or_default();
    let mut known = Vec::new();
    for line in lines.lines() {
        let (code, version) = line.split_once(' ').unwrap_or((line, ""));
        known.push(Known {
            code: code.to_owned(),
            version: version.to_owned(),
            // A version that has not come yet must not hide the rest.
            list: crate::checklists::of(cx, code, Some(version)).ok(),
        });
    }
    Ok(known)
}

/// The answers of a visit by where they stand.
pub(super) fn by_key(cx: &Cx<'_>, visit: RecordId) -> Result<HashMap<Key, Record>> {
    let found = cx.store().read(|conn| queries::answers(conn, visit))?;
    Ok(found.into_iter().map(|it| (key_of(&it), it)).collect())
}

/// What a checklist takes of the answers.
fn given(list: &Checklist, answers: &HashMap<Key, Record>) -> Answers {
    let mut given = Answers::new();
    for ((of, item, round), record) in answers {
        let rounds: Vec<u16> = round.split('.').filter_map(|it| it.parse().ok()).collect();
        let value = record.text("value").unwrap_or_default();
        // An answer that was taken away keeps its default out; a note alone gives none.
        if value.is_empty() && !record.stamps.iter().any(|stamp| stamp.field == VALUE) {
            continue;
        }
        let codes = list.items.iter().filter(|asked| match &asked.shared {
            Some(key) => of.is_empty() && key == item,
            None => *of == list.code && asked.code == *item,
        });
        for asked in codes {
            let place = Place {
                code: asked.code.clone(),
                rounds: rounds.clone(),
            };
            given.insert(place, value.clone());
        }
    }
    given
}

/// The number of the answer itself.
const VALUE: u16 = domain::registry::AnswerField::Value as u16;

/// The moment that expressions of a visit take for now: noon of its day.
fn moment(cx: &Cx<'_>, visit: &Record) -> NaiveDateTime {
    let day = visit.day("begun").or_else(|| visit.day("planned"));
    let day = day.and_then(|day| day.parse::<NaiveDate>().ok());
    let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default();
    day.unwrap_or_else(|| cx.today()).and_time(noon)
}

/// Every question of a checklist as it stands, and what they come to.
pub(super) fn walked(
    cx: &Cx<'_>,
    visit: &Record,
    list: &Checklist,
    answers: &HashMap<Key, Record>,
) -> Option<(Vec<Step>, Score)> {
    let reader = Reader::new(list).ok()?;
    let walk = reader.walk(&given(list, answers), moment(cx, visit));
    let score = score(list, &walk);
    Some((walk.steps().to_vec(), score))
}

/// A visit with everything in it.
pub fn visit(cx: &Cx<'_>, request: ById) -> Result<Visit> {
    let stored = of(cx, request.id)?;
    let place = stored.reference("place").unwrap_or(stored.id);
    let known = lists(cx, &stored)?;
    let answers = by_key(cx, stored.id)?;
    let others = cx.store().read(|conn| queries::of_place(conn, place))?;
    let before = before(&stored, &known, &others);
    let answered_before = match before {
        Some(before) => by_key(cx, before.id)?,
        None => HashMap::new(),
    };
    let mut steps: HashMap<&str, Vec<Step>> = HashMap::new();
    let mut told = Vec::new();
    for one in &known {
        let walked = one
            .list
            .as_deref()
            .and_then(|list| walked(cx, &stored, list, &answers));
        let (walk, score) = match walked {
            Some((walk, score)) => (walk, Some(score)),
            None => (Vec::new(), None),
        };
        steps.insert(&one.code, walk);
        let list = one.list.as_deref().filter(|_| score.is_some());
        told.push(VisitList {
            code: one.code.clone(),
            version: one.version.clone(),
            title: list.map(|list| list.title.clone()),
            area: list.and_then(|list| list.area),
            score,
            sections: list
                .into_iter()
                .flat_map(|list| &list.sections)
                .map(|section| section.title.clone())
                .collect(),
            choices: list.map(|list| list.lists.clone()).unwrap_or_default(),
        });
    }
    let recommended = cx
        .store()
        .read(|conn| agreed::about(conn, Kind::Action, stored.id))?;
    let parts = parts(cx, &known, &steps, &answers, &answered_before)?;
    let answered_no: Vec<&VisitQuestion> = parts
        .iter()
        .flat_map(|part| &part.questions)
        .filter(|it| it.critical && it.asked && it.value == "no")
        .collect();
    let lacking = answered_no
        .into_iter()
        .filter(|it| {
            let mut named = recommended.iter().filter_map(|action| action.text("item"));
            !named.any(|item| item == it.key)
        })
        .map(|it| it.key.clone())
        .collect();
    let begun = stored.day("begun");
    let mut earlier = cx
        .store()
        .read(|conn| queries::still_open(conn, place, stored.id, begun.as_deref()))?;
    if let Some(begun) = &begun {
        let closed = cx
            .store()
            .read(|conn| queries::closed_since(conn, place, stored.id, begun))?;
        earlier.extend(closed);
    }
    let all = |found: &[Record]| -> Result<Vec<PlannedAction>> {
        found.iter().map(|one| planned(cx, one)).collect()
    };
    let mut recommendations = all(&recommended)?;
    recommendations.retain(|one| one.state != ActionState::GivenUp);
    Ok(Visit {
        place_name: cx.place(place)?.name,
        own: is_own(&stored),
        state: state(&stored),
        planned: stored.day("planned"),
        closed: stored.day("closed"),
        visitor: stored.text("visitor"),
        received: stored.text("received"),
        fed_back: stored.day("fed_back"),
        note: stored.text("note"),
        returned: stored.text("returned"),
        called_off: stored.text("called_off"),
        recounts: recounts(cx, stored.id)?,
        photos: photos(cx, stored.id)?,
        visitor_drawn: drawn(&stored, "visitor_drawn"),
        received_drawn: drawn(&stored, "received_drawn"),
        lists: told,
        compared: compared(cx, &stored, &known, &others, &parts)?,
        parts,
        recommendations,
        earlier: all(&earlier)?,
        lacking,
        before: before.map(|before| VisitBefore {
            id: before.id,
            day: before.day("begun"),
        }),
        writable: may_write(cx, is_own(&stored), stored.scope)?,
        meta: cx.meta(&stored)?,
        place,
        begun,
    })
}

/// A signature as it was drawn; what is none is not shown, whatever another laptop sent.
fn drawn(visit: &Record, field: &str) -> Option<String> {
    visit.text(field).filter(|path| is_drawn(path))
}

/// The questions in the order of the walk.
fn parts(
    cx: &Cx<'_>,
    known: &[Known],
    steps: &HashMap<&str, Vec<Step>>,
    answers: &HashMap<Key, Record>,
    before: &HashMap<Key, Record>,
) -> Result<Vec<VisitPart>> {
    let lists: Vec<&Checklist> = known.iter().filter_map(|one| one.list.as_deref()).collect();
    let mut parts = Vec::new();
    for stop in stops(&lists) {
        for part in stop.parts {
            let Some(list) = lists.iter().find(|list| list.code == part.checklist) else {
                continue;
            };
            let of_part = |step: &&Step| {
                let code = &list.items[step.item].code;
                part.items.iter().any(|item| item.code == *code)
            };
            let walk = steps.get(list.code.as_str()).into_iter().flatten();
            let mut walk: Vec<&Step> = walk.filter(of_part).collect();
            // A section that repeats is asked round after round.
            walk.sort_by(|a, b| (&a.rounds, a.item).cmp(&(&b.rounds, b.item)));
            let questions = walk
                .into_iter()
                .map(|step| question(cx, list, step, answers, before))
                .collect::<Result<Vec<_>>>()?;
            parts.push(VisitPart {
                station: stop.station,
                list: list.code.clone(),
                section: part.section,
                questions,
            });
        }
    }
    Ok(parts)
}

fn question(
    cx: &Cx<'_>,
    list: &Checklist,
    step: &Step,
    answers: &HashMap<Key, Record>,
    before: &HashMap<Key, Record>,
) -> Result<VisitQuestion> {
    let item = &list.items[step.item];
    let key = place_of(list, item, &step.rounds);
    let stored = answers.get(&key);
    let meta = stored.map(|stored| cx.meta(stored)).transpose()?;
    let (seen, open) = meta.map_or_else(Default::default, |meta| (meta.seen, meta.open));
    let earlier = before.get(&key).and_then(|it| it.text("value"));
    let code = match key.2.is_empty() {
        true => item.code.clone(),
        false => format!("{}.{}", item.code, key.2),
    };
    Ok(VisitQuestion {
        key: said(&key),
        code,
        text: item.text.clone(),
        hint: item.hint.clone(),
        answer: item.answer.clone(),
        offered: step.offered.clone(),
        critical: item.critical,
        disabled: item.disabled,
        asked: step.relevant,
        required: step.required,
        refused: step.refused,
        constraint_message: item.constraint_message.clone(),
        before: earlier.filter(|_| !step.answer.is_empty()),
        value: step.answer.clone(),
        note: stored.and_then(|it| it.text("note")),
        mark: stored
            .and_then(|it| it.text("mark"))
            .and_then(|word| Observed::from_word(&word)),
        record: stored.map(|it| it.id),
        seen,
        open,
        list: key.0,
        item: key.1,
        round: key.2,
    })
}

/// The codes of the checklists of a visit.
fn codes(visit: &Record) -> Vec<String> {
    let lines = visit.text("lists").unwrap_or_default();
    let codes = lines.lines().filter_map(|line| line.split(' ').next());
    codes.map(str::to_owned).collect()
}

/// The latest closed visit of the same sort before this one, by any of the same checklists.
fn before<'a>(visit: &Record, known: &[Known], others: &'a [Record]) -> Option<&'a Record> {
    let day = visit.day("begun");
    others.iter().find(|other| {
        other.id != visit.id
            && is_own(other) == is_own(visit)
            && !other.value("closed").is_null()
            && (day.is_none() || other.day("begun") <= day)
            && (other.day("begun") != day || other.id < visit.id)
            && codes(other)
                .iter()
                .any(|code| known.iter().any(|one| one.code == *code))
    })
}

/// How long before or after a visit the facility's own look still speaks of the same state, in days.
const SAME_STATE_DAYS: i64 = 92;

/// How the facility's own look and that of its visitors compare: the nearest closed one of the other sort.
fn compared(
    cx: &Cx<'_>,
    visit: &Record,
    known: &[Known],
    others: &[Record],
    parts: &[VisitPart],
) -> Result<Option<Compared>> {
    // Whoever still answers shall not read what the other one said.
    if !matches!(state(visit), VisitState::Closed | VisitState::Returned) {
        return Ok(None);
    }
    let day = |record: &Record| {
        let day = record.day("begun");
        day.and_then(|day| day.parse::<NaiveDate>().ok())
    };
    let Some(at) = day(visit) else {
        return Ok(None);
    };
    let apart = |other: &Record| day(other).map(|day| (day - at).num_days().abs());
    let other = others
        .iter()
        .filter(|other| is_own(other) != is_own(visit) && !other.value("closed").is_null())
        .filter(|other| apart(other).is_some_and(|days| days <= SAME_STATE_DAYS))
        .filter(|other| {
            codes(other)
                .iter()
                .any(|code| known.iter().any(|one| one.code == *code))
        })
        .min_by_key(|other| apart(other));
    let Some(other) = other else {
        return Ok(None);
    };
    let theirs = by_key(cx, other.id)?;
    let mut agreement = Agreement::default();
    let mut differ = BTreeMap::new();
    for question in parts.iter().flat_map(|part| &part.questions) {
        let key = (
            question.list.clone(),
            question.item.clone(),
            question.round.clone(),
        );
        let comparable = matches!(
            question.answer,
            AnswerType::YesNo
                | AnswerType::YesNoNa
                | AnswerType::OneOf(_)
                | AnswerType::CountOf(_)
                | AnswerType::Whole
                | AnswerType::Number
        );
        let said = theirs.get(&key).and_then(|it| it.text("value"));
        let Some(said) = said.filter(|_| comparable && question.asked) else {
            continue;
        };
        agreement.add(&question.value, &said);
        if !question.value.is_empty() && question.value != said {
            differ.insert(question.key.clone(), said);
        }
    }
    Ok(Some(Compared {
        with: other.id,
        day: other.day("begun"),
        percent: agreement.percent(),
        agreement,
        differ,
    }))
}
