//! The practice district: two realistic years, for those who want to look before they begin.
//!
//! The villages are real, and the facilities say that they are examples; people and figures are invented.
//! Everything follows from the last month and nothing from chance, so that every practice district is
//! the same and pictures of it can be compared.

mod antenatal;
mod counselling;
mod draw;
mod happened;
mod malaria;
mod screening;

use chrono::{Days, NaiveDate};

use crate::catalog::Area;
use crate::event::EventSort;
use crate::measure::Entry;
use crate::period::Month;
use crate::role::Role;
use crate::template::{Template, template};
use crate::text::{Localized, typeset_french};
use crate::trial::{Comparison, Decision, Extent};

/// How many months lie in the practice district, the last one included.
pub const MONTHS: u16 = 24;

/// A district to practise in.
#[derive(Debug, Clone, PartialEq)]
pub struct ExampleDistrict {
    /// The shipped district that it pretends to be.
    pub district_code: &'static str,
    /// Its facilities; the first is the one to open.
    pub facilities: Vec<ExampleFacility>,
    /// Everybody who works there; the first is the one who opens it.
    pub people: Vec<ExamplePerson>,
    /// The improvement cycles, those of the first facility first.
    pub cycles: Vec<ExampleCycle>,
    /// What happened at its facilities.
    pub events: Vec<ExampleEvent>,
    /// What was decided about how charts are read.
    pub decisions: Vec<ExampleDecision>,
}

impl ExampleDistrict {
    /// The person of a key.
    pub fn person(&self, key: &str) -> Option<&ExamplePerson> {
        self.people.iter().find(|person| person.key == key)
    }
}

/// A facility of the practice district.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleFacility {
    /// How the rest of the example speaks of it.
    pub key: &'static str,
    /// Its name, which says that it is an example.
    pub name: Localized,
}

/// Somebody who works in the practice district.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExamplePerson {
    /// How the rest of the example speaks of them.
    pub key: &'static str,
    /// Their name.
    pub name: &'static str,
    /// Their sex, f or m.
    pub sex: &'static str,
    /// Their post.
    pub post: Localized,
    /// Whether they sit in teams for the community.
    pub community: bool,
    /// Their part in the work.
    pub role: Role,
    /// Their facility's key; the coach belongs to the district.
    pub facility: Option<&'static str>,
}

/// An improvement cycle.
#[derive(Debug, Clone, PartialEq)]
pub struct ExampleCycle {
    /// The facility's key.
    pub facility: &'static str,
    /// The template it began from.
    pub template: &'static str,
    /// Its service area.
    pub area: Area,
    /// A short name for lists.
    pub title: Localized,
    /// What is wrong, and how it is known.
    pub problem: Localized,
    /// The aim: for whom.
    pub aim_who: Localized,
    /// The aim: what they will receive or do.
    pub aim_what: Localized,
    /// The aim: where it stood, in the unit of the first measure.
    pub aim_from: f64,
    /// The aim: where it shall be.
    pub aim_to: f64,
    /// The aim: by when.
    pub aim_by: NaiveDate,
    /// One suspected cause.
    pub cause: Localized,
    /// The day it began.
    pub opened: NaiveDate,
    /// The team.
    pub team: Vec<ExampleMember>,
    /// What is counted; the first is the face of the cycle.
    pub measures: Vec<ExampleMeasure>,
    /// Change ideas.
    pub ideas: Vec<Localized>,
    /// Trials, oldest first.
    pub trials: Vec<ExampleTrial>,
    /// Lessons.
    pub lessons: Vec<ExampleLesson>,
    /// Comments on the cycle.
    pub comments: Vec<ExampleComment>,
}

/// A member of a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleMember {
    /// The person's key.
    pub person: &'static str,
    /// First day in the team.
    pub since: NaiveDate,
    /// Last day in the team.
    pub until: Option<NaiveDate>,
}

/// A measure and what was counted.
#[derive(Debug, Clone, PartialEq)]
pub struct ExampleMeasure {
    /// The indicator's code.
    pub indicator: &'static str,
    /// The goal, in the indicator's unit.
    pub goal: Option<f64>,
    /// What was counted, oldest month first.
    pub entries: Vec<ExampleEntry>,
}

/// What was counted in a month.
#[derive(Debug, Clone, PartialEq)]
pub struct ExampleEntry {
    /// The month.
    pub month: Month,
    /// The numbers, or the reason for having none.
    pub entry: Entry,
    /// Why a questioned value is right.
    pub explanation: Option<Localized>,
}

/// A small test of a change.
#[derive(Debug, Clone, PartialEq)]
pub struct ExampleTrial {
    /// The idea it tries, as an index into [`ExampleCycle::ideas`].
    pub idea: usize,
    /// The change tried, in a few words.
    pub title: Localized,
    /// The key of the person who carries it.
    pub who: &'static str,
    /// How large it is.
    pub extent: Extent,
    /// With whom, how many.
    pub scale: Localized,
    /// First day.
    pub starts: NaiveDate,
    /// Last day.
    pub ends: NaiveDate,
    /// What the team thought would happen.
    pub prediction: Localized,
    /// How the team would know.
    pub data_plan: Localized,
    /// How it went; a trial that still runs has none.
    pub result: Option<ExampleResult>,
    /// Comments on the trial.
    pub comments: Vec<ExampleComment>,
}

/// How a trial went and what was decided.
#[derive(Debug, Clone, PartialEq)]
pub struct ExampleResult {
    /// What happened.
    pub happened: Localized,
    /// What was seen: how many, out of how many.
    pub seen: (f64, f64),
    /// The result against the prediction.
    pub comparison: Comparison,
    /// What the team learned.
    pub learned: Localized,
    /// What was decided.
    pub decision: Decision,
    /// The day it was decided.
    pub decided: NaiveDate,
}

/// A lesson for others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleLesson {
    /// The trial it comes from, as an index into [`ExampleCycle::trials`].
    pub trial: usize,
    /// The lesson, in one sentence.
    pub title: Localized,
    /// What was done.
    pub what: Localized,
    /// Where and under which conditions it holds.
    pub conditions: Localized,
    /// What it costs.
    pub cost: Localized,
    /// What shows it.
    pub evidence: Localized,
}

/// What somebody said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleComment {
    /// The person's key.
    pub author: &'static str,
    /// The day.
    pub day: NaiveDate,
    /// The words.
    pub text: Localized,
}

/// Something that happened and shows on charts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleEvent {
    /// The facility's key.
    pub facility: &'static str,
    /// The key of the person who noted it.
    pub author: &'static str,
    /// What it was.
    pub sort: EventSort,
    /// The one measure that it is about; none for all of the facility.
    pub indicator: Option<&'static str>,
    /// First day.
    pub starts: NaiveDate,
    /// Last day.
    pub ends: Option<NaiveDate>,
    /// Said more exactly.
    pub text: Localized,
}

/// A decision about how a chart is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleDecision {
    /// The facility's key.
    pub facility: &'static str,
    /// The key of the person who decided.
    pub author: &'static str,
    /// The day.
    pub day: NaiveDate,
    /// Whose chart.
    pub indicator: &'static str,
    /// What was decided.
    pub what: ChartDecision,
    /// The month from which it holds, or of which it speaks.
    pub month: Month,
    /// Why.
    pub reason: Localized,
}

/// What can be decided about a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartDecision {
    /// A phase begins.
    Phase,
    /// A month is left out.
    Exclude,
}

/// The practice district with its last counted month.
pub fn example(end: Month) -> ExampleDistrict {
    let calendar = Calendar { end };
    ExampleDistrict {
        district_code: "ML03X3",
        facilities: facilities(),
        people: people(),
        cycles: vec![
            counselling::cycle(&calendar),
            antenatal::cycle(&calendar),
            malaria::cycle(&calendar),
            screening::cycle(&calendar),
        ],
        events: happened::events(&calendar),
        decisions: happened::decisions(&calendar),
    }
}

fn facilities() -> Vec<ExampleFacility> {
    let villages = [
        ("kangare", "Kangaré"),
        ("siekorole", "Siékorolé"),
        ("binko", "Binko"),
        ("tagan", "Tagan"),
    ];
    let named = |(key, village)| ExampleFacility {
        key,
        name: say(
            &format!("CSCom de {village} (exemple)"),
            &format!("{village} CSCom (example)"),
        ),
    };
    villages.map(named).into()
}

fn people() -> Vec<ExamplePerson> {
    let person = |key, name, sex, fr, en, role, facility| ExamplePerson {
        key,
        name,
        sex,
        post: say(fr, en),
        community: false,
        role,
        facility,
    };
    let [kangare, siekorole] = [Some("kangare"), Some("siekorole")];
    vec![
        person(
            "awa",
            "Awa Traoré",
            "f",
            "sage-femme, responsable de l'équipe",
            "midwife, team leader",
            Role::Lead,
            kangare,
        ),
        person(
            "aminata",
            "Aminata Sangaré",
            "f",
            "sage-femme du CSRéf, coach",
            "referral centre midwife, coach",
            Role::Coach,
            None,
        ),
        person(
            "moussa",
            "Moussa Keïta",
            "m",
            "DTC",
            "facility head (DTC)",
            Role::Lead,
            kangare,
        ),
        person(
            "fanta",
            "Fanta Coulibaly",
            "f",
            "matrone",
            "auxiliary midwife",
            Role::Member,
            kangare,
        ),
        person(
            "oumou",
            "Oumou Diakité",
            "f",
            "infirmière, chargée de la PF",
            "nurse, FP provider",
            Role::Member,
            kangare,
        ),
        person(
            "issa",
            "Issa Diarra",
            "m",
            "gérant du dépôt",
            "pharmacy keeper",
            Role::Member,
            kangare,
        ),
        ExamplePerson {
            community: true,
            ..person(
                "mariam",
                "Mariam Sidibé",
                "f",
                "membre de l'ASACO",
                "ASACO member",
                Role::Member,
                kangare,
            )
        },
        person(
            "seydou",
            "Seydou Doumbia",
            "m",
            "infirmier (parti)",
            "nurse (left)",
            Role::Member,
            kangare,
        ),
        person(
            "bakary",
            "Bakary Samaké",
            "m",
            "DTC",
            "facility head (DTC)",
            Role::Lead,
            siekorole,
        ),
        person(
            "kadia",
            "Kadiatou Bagayoko",
            "f",
            "aide-soignante",
            "nursing aide",
            Role::Member,
            siekorole,
        ),
        person(
            "drissa",
            "Drissa Koné",
            "m",
            "DTC",
            "facility head (DTC)",
            Role::Lead,
            Some("binko"),
        ),
        person(
            "assitan",
            "Assitan Fofana",
            "f",
            "DTC",
            "facility head (DTC)",
            Role::Lead,
            Some("tagan"),
        ),
    ]
}

/// The two years, counted from the first month.
struct Calendar {
    end: Month,
}

impl Calendar {
    /// A month, 0 being the first and 23 the last.
    fn month(&self, at: usize) -> Month {
        self.end.plus(at as i32 + 1 - i32::from(MONTHS))
    }

    /// A day of a month, 1 being the first; never beyond the month.
    fn day(&self, at: usize, day: u64) -> NaiveDate {
        let month = self.month(at);
        let wanted = month
            .first_day()
            .checked_add_days(Days::new(day.saturating_sub(1)));
        wanted.unwrap_or(month.last_day()).min(month.last_day())
    }
}

/// The template that a cycle begins from.
#[allow(
    clippy::expect_used,
    reason = "the templates are compiled in, and a test opens the practice district"
)]
fn begun_from(id: &'static str) -> (&'static str, Template) {
    (id, template(id).cloned().expect("a template of this name"))
}

fn member(person: &'static str, since: NaiveDate) -> ExampleMember {
    ExampleMember {
        person,
        since,
        until: None,
    }
}

fn comment(author: &'static str, day: NaiveDate, fr: &str, en: &str) -> ExampleComment {
    ExampleComment {
        author,
        day,
        text: say(fr, en),
    }
}

fn say(fr: &str, en: &str) -> Localized {
    Localized::new(typeset_french(fr), en.replace('\'', "’"))
}

/// What was counted from a month on, one entry a month.
fn entries(
    calendar: &Calendar,
    first: usize,
    counted: impl IntoIterator<Item = Entry>,
) -> Vec<ExampleEntry> {
    let entry = |(at, entry)| ExampleEntry {
        month: calendar.month(at),
        entry,
        explanation: None,
    };
    (first..).zip(counted).map(entry).collect()
}

/// Says why the entry of a month is right, or why it is missing.
fn explain(entries: &mut [ExampleEntry], month: Month, fr: &str, en: &str) {
    for entry in entries.iter_mut().filter(|entry| entry.month == month) {
        entry.explanation = Some(say(fr, en));
    }
}

#[cfg(test)]
mod tests;
