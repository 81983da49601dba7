//! The visits of a place; who needs one, and why; how far the visits of a quarter have come.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::catalog::{self, Direction, Frequency};
use domain::checklist::score::Class;
use domain::ids::RecordId;
use domain::period::Period;
use domain::spc::verdict::Verdict;
use domain::text::Localized;
use domain::visit::{Known, LaptopState, VisitReason, VisitState, reasons};
use serde::{Deserialize, Serialize};

use super::asked::{by_key, lists, walked};
use super::queries;
use super::visits::{is_own, may_write, of, state};
use crate::commands::Nothing;
use crate::cx::Cx;
use crate::cycles::{self, ListCycles};
use crate::error::Result;
use crate::places::queries::at_a_glance;
use crate::records::queries::Record;
use crate::sync_client::{Lateness, devices};

/// The visits of a place.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct VisitsOf {
    /// The place.
    #[ts(type = "string")]
    pub place: RecordId,
}

/// The board of visits.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct BoardOf {
    /// The quarter that is looked at, ISO; none for the one that runs.
    #[ts(type = "string | null")]
    pub period: Option<Period>,
}

/// What the answers to a checklist of a visit came to.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct VisitScore {
    /// The code of the checklist.
    pub code: String,
    /// Its name; none where this laptop does not know that version.
    pub title: Option<Localized>,
    /// In percent.
    pub percent: Option<f64>,
    /// The class.
    pub class: Option<Class>,
    /// How many critical items were answered with no.
    pub critical: u32,
    /// How many questions are asked.
    pub asked: u32,
    /// How many of them are answered.
    pub answered: u32,
    /// Each section with its title and its score in percent.
    pub sections: Vec<(Localized, Option<f64>)>,
}

/// A visit in a list.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct VisitSummary {
    /// The visit.
    #[ts(type = "string")]
    pub id: RecordId,
    /// The facility.
    #[ts(type = "string")]
    pub place: RecordId,
    /// What it is called.
    pub place_name: String,
    /// Whether the facility looked at itself.
    pub own: bool,
    /// How far it has come.
    pub state: VisitState,
    /// The day on which it was begun, or is planned for, ISO.
    pub day: Option<String>,
    /// What it came to.
    pub scores: Vec<VisitScore>,
    /// How many recommendations it made.
    pub recommended: u32,
    /// How many of them are still to be done.
    pub open: u32,
    /// Why it was returned.
    pub returned: Option<String>,
    /// Why it was called off.
    pub called_off: Option<String>,
}

/// The visits of a place.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct VisitsHere {
    /// What is planned first, then the latest.
    pub visits: Vec<VisitSummary>,
    /// Whether whoever is inside may visit here.
    pub may_visit: bool,
    /// Whether whoever is inside may look at their own place so.
    pub may_look: bool,
}

/// A facility, and why it needs a visit.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct PlaceToVisit {
    /// The facility.
    #[ts(type = "string")]
    pub place: RecordId,
    /// What it is called.
    pub name: String,
    /// Why it needs a visit; nothing where it does not.
    pub reasons: Vec<VisitReason>,
    /// The day of the last visit, ISO.
    pub last: Option<String>,
    /// The day that the next one is planned for, ISO.
    pub planned: Option<String>,
    /// That visit, to begin it.
    #[ts(type = "string | null")]
    pub planned_visit: Option<RecordId>,
}

/// A visit of a quarter.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct CoverageLine {
    /// The visit.
    #[ts(type = "string")]
    pub id: RecordId,
    /// The facility.
    #[ts(type = "string")]
    pub place: RecordId,
    /// What it is called.
    pub place_name: String,
    /// Its day, ISO.
    pub day: Option<String>,
    /// Whether it was planned for the quarter.
    pub planned: bool,
    /// Why it was called off; it stays among those that were planned.
    pub called_off: Option<String>,
    /// Whether it was closed.
    pub done: bool,
    /// Whether the facility was given what came of it.
    pub fed_back: bool,
    /// Whether it was closed and nothing that it recommended is still to be done.
    pub closed: bool,
}

/// How far the visits of a quarter have come.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Coverage {
    /// The quarter, ISO.
    pub period: String,
    /// How many facilities there are to be visited.
    pub places: u32,
    /// Every visit of it, the latest first.
    pub lines: Vec<CoverageLine>,
}

/// Who needs a visit, what comes, and how far the quarter's visits have come.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct VisitBoard {
    /// The facilities, in the order of their names: those that need a visit first.
    pub places: Vec<PlaceToVisit>,
    /// What is planned, under way or returned, by day.
    pub coming: Vec<VisitSummary>,
    /// The quarter.
    pub coverage: Coverage,
}

/// The visits of a place.
pub fn visits_of(cx: &Cx<'_>, request: VisitsOf) -> Result<VisitsHere> {
    let found = cx
        .store()
        .read(|conn| queries::of_place(conn, request.place))?;
    let scope = cx.scope_of(request.place)?;
    Ok(VisitsHere {
        visits: found
            .iter()
            .map(|visit| summary(cx, visit))
            .collect::<Result<_>>()?,
        may_visit: may_write(cx, false, scope)?,
        may_look: may_write(cx, true, scope)? && cx.author()?.works_at(request.place),
    })
}

/// A visit that comes, is under way or was returned.
pub(crate) struct Upcoming {
    pub id: RecordId,
    pub place: RecordId,
    pub place_name: String,
    pub state: VisitState,
    pub day: Option<String>,
    pub returned: Option<String>,
    /// Whether whoever is inside writes in it.
    pub writable: bool,
}

/// The visits that concern a place: its own, and for its coach those of the facilities below.
pub(crate) fn upcoming(cx: &Cx<'_>, place: RecordId) -> Result<Vec<Upcoming>> {
    let mut found = cx.store().read(queries::coming)?;
    let own = cx.store().read(|conn| queries::of_place(conn, place))?;
    found.extend(own.into_iter().filter(|visit| {
        is_own(visit) && matches!(state(visit), VisitState::UnderWay | VisitState::Returned)
    }));
    let mut all = Vec::new();
    for visit in found {
        let at = visit.reference("place").unwrap_or(visit.id);
        let Ok(known) = cx.place(at) else {
            continue;
        };
        if at != place && known.parent != Some(place) {
            continue;
        }
        all.push(Upcoming {
            id: visit.id,
            place: at,
            place_name: known.name,
            state: state(&visit),
            day: visit.day("planned").or_else(|| visit.day("begun")),
            returned: visit.text("returned"),
            writable: may_write(cx, is_own(&visit), visit.scope)?,
        });
    }
    Ok(all)
}

/// A visit in a list.
fn summary(cx: &Cx<'_>, visit: &Record) -> Result<VisitSummary> {
    let place = visit.reference("place").unwrap_or(visit.id);
    let answers = by_key(cx, visit.id)?;
    let mut scores = Vec::new();
    for known in lists(cx, visit)? {
        let list = known.list.as_deref();
        let score = list.and_then(|list| walked(cx, visit, list, &answers));
        let score = score.map(|(_, score)| score);
        let sections = list.map(|list| list.sections.as_slice()).unwrap_or(&[]);
        scores.push(VisitScore {
            title: list.map(|list| list.title.clone()),
            percent: score.as_ref().and_then(|score| score.percent),
            class: score.as_ref().and_then(|score| score.class),
            critical: score.as_ref().map_or(0, |it| it.critical.len() as u32),
            asked: score.as_ref().map_or(0, |score| score.asked),
            answered: score.as_ref().map_or(0, |score| score.answered),
            sections: score
                .iter()
                .flat_map(|score| &score.sections)
                .zip(sections)
                .map(|(score, section)| (section.title.clone(), score.percent))
                .collect(),
            code: known.code,
        });
    }
    let (recommended, open) = cx
        .store()
        .read(|conn| queries::recommended(conn, visit.id))?;
    Ok(VisitSummary {
        id: visit.id,
        place,
        place_name: cx.place(place).map_or_else(|_| String::new(), |it| it.name),
        own: is_own(visit),
        state: state(visit),
        day: visit.day("begun").or_else(|| visit.day("planned")),
        scores,
        recommended,
        open,
        returned: visit.text("returned"),
        called_off: visit.text("called_off"),
    })
}

/// Who needs a visit and why, what comes, and how far the quarter's visits have come.
pub fn visit_board(cx: &Cx<'_>, request: BoardOf) -> Result<VisitBoard> {
    let today = cx.today();
    let facilities: Vec<_> = cx
        .member_places()?
        .into_iter()
        .filter(|place| place.level == "facility")
        .collect();
    let visited = cx.store().read(queries::last_visits)?;
    let coming = cx.store().read(queries::coming)?;
    let critical = critical(cx)?;
    let signals = signals(cx)?;
    let laptops = laptops(cx)?;
    let mut places = Vec::new();
    for place in &facilities {
        let (_, last_month) = cx.store().read(|conn| at_a_glance(conn, place.id))?;
        let last = visited.get(&place.id);
        let known = Known {
            visited: last.and_then(|day| day.parse::<NaiveDate>().ok()),
            critical: critical.get(&place.id).cloned(),
            figures: last_month.and_then(|month| month.parse().ok()),
            signal: signals.get(&place.id).cloned(),
            laptop: laptops.get(&place.id).cloned(),
        };
        let planned = coming.iter().find(|visit| {
            visit.reference("place") == Some(place.id) && state(visit) == VisitState::Planned
        });
        places.push(PlaceToVisit {
            place: place.id,
            name: place.name.clone(),
            reasons: reasons(&known, today),
            last: last.cloned(),
            planned: planned.and_then(|visit| visit.day("planned")),
            planned_visit: planned.map(|visit| visit.id),
        });
    }
    places.sort_by_key(|place| (place.reasons.is_empty(), domain::text::fold(&place.name)));
    Ok(VisitBoard {
        coverage: coverage(cx, request.period, facilities.len())?,
        places,
        coming: coming
            .iter()
            .map(|visit| summary(cx, visit))
            .collect::<Result<_>>()?,
    })
}

/// The critical recommendation of each place that is open longest.
fn critical(cx: &Cx<'_>) -> Result<HashMap<RecordId, String>> {
    let mut found = HashMap::new();
    for action in cx.store().read(queries::open_recommendations)? {
        let (Some(place), Some(item)) = (action.reference("place"), action.text("item")) else {
            continue;
        };
        if found.contains_key(&place) {
            continue;
        }
        let Some(Ok(visit)) = action.reference("about").map(|visit| of(cx, visit)) else {
            continue;
        };
        let mut parts = item.split('|');
        let (list, code) = (parts.next(), parts.next());
        let known = lists(cx, &visit)?;
        let mut items = known
            .iter()
            .filter_map(|known| known.list.as_deref())
            .filter(|one| list == Some("") || list == Some(one.code.as_str()))
            .flat_map(|one| &one.items);
        let is_asked = |item: &&domain::checklist::Item| {
            Some(item.shared.as_deref().unwrap_or(&item.code)) == code
        };
        if items.find(is_asked).is_some_and(|item| item.critical) {
            found.insert(place, action.text("text").unwrap_or_default());
        }
    }
    Ok(found)
}

/// The main measure of an open cycle of each place that goes the wrong way, and since when.
fn signals(cx: &Cx<'_>) -> Result<HashMap<RecordId, (String, String)>> {
    let mut found = HashMap::new();
    for cycle in cycles::cycles(cx, ListCycles { place: None })? {
        let Some(code) = cycle.main_measure.filter(|_| cycle.status == "open") else {
            continue;
        };
        let Some(view) = cycle.chart.filter(|view| view.judged) else {
            continue;
        };
        let (above, since) = match view.verdict {
            Verdict::Shift {
                above,
                since,
                ongoing: true,
                ..
            } => (above, since),
            Verdict::Trend { above, since, .. } => (above, since),
            _ => continue,
        };
        let wrong = match catalog::indicator(&code).map(|it| it.direction) {
            Some(Direction::Up) => !above,
            Some(Direction::Down) => above,
            _ => false,
        };
        if wrong {
            found.entry(cycle.place.id).or_insert((code, since));
        }
    }
    Ok(found)
}

/// The places whose laptop has work that did not go out, or was not heard of for too long.
fn laptops(cx: &Cx<'_>) -> Result<HashMap<RecordId, LaptopState>> {
    let mut found = HashMap::new();
    for device in devices(cx, Nothing {})? {
        // Where no laptop was ever heard of there may be none.
        if device.replica.is_none() {
            continue;
        }
        let last = device
            .last_seen
            .and_then(|at| at.get(..10).map(str::to_owned));
        let state = match (device.waiting > 0, device.level == Lateness::Late, last) {
            (true, _, last) => LaptopState::Waits(last),
            (false, true, Some(last)) => LaptopState::Silent(last),
            _ => continue,
        };
        // Of several laptops of a place, one on which work waits says most.
        if !matches!(found.get(&device.place), Some(LaptopState::Waits(_))) {
            found.insert(device.place, state);
        }
    }
    Ok(found)
}

/// How far the visits of a quarter have come.
fn coverage(cx: &Cx<'_>, period: Option<Period>, places: usize) -> Result<Coverage> {
    let quarter = period.unwrap_or_else(|| Period::of(Frequency::Quarterly, cx.today()));
    let (first, last) = (
        quarter.first_day().to_string(),
        quarter.last_day().to_string(),
    );
    let found = cx
        .store()
        .read(|conn| queries::between(conn, &first, &last))?;
    let mut lines = Vec::new();
    for visit in &found {
        let within = |day: Option<String>| day.is_some_and(|day| day >= first && day <= last);
        let done = !visit.value("closed").is_null() && within(visit.day("begun"));
        let (_, open) = cx
            .store()
            .read(|conn| queries::recommended(conn, visit.id))?;
        let place = visit.reference("place").unwrap_or(visit.id);
        lines.push(CoverageLine {
            id: visit.id,
            place,
            place_name: cx.place(place).map_or_else(|_| String::new(), |it| it.name),
            day: visit.day("begun").or_else(|| visit.day("planned")),
            planned: within(visit.day("planned")),
            called_off: visit
                .text("called_off")
                .filter(|_| state(visit) == VisitState::CalledOff),
            done,
            fed_back: done && !visit.value("fed_back").is_null(),
            closed: done && open == 0,
        });
    }
    Ok(Coverage {
        period: quarter.to_string(),
        places: places as u32,
        lines,
    })
}
