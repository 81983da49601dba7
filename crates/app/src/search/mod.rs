//! One search over everything that was written here, in any spelling: cycles, ideas, trials, lessons, actions, meetings,
//! decisions, events, and beside them measures and places. The index is the store's; masked texts never stand in it.

mod queries;

use std::collections::HashMap;

use domain::catalog;
use domain::ids::{RecordId, ScopeId};
use domain::permission::{Action, Class};
use domain::registry::Kind;
use domain::text::{find_any, fold};
use serde::{Deserialize, Serialize};

use crate::App;
use crate::cx::Cx;
use crate::cycles::{decision_record, queries::parts};
use crate::error::{AppError, Result};
use crate::permissions::may_there;
use crate::records::queries::{Record, record, records as stored_records};

/// What is searched.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SearchAsked {
    /// What was typed.
    pub text: String,
    /// Records of these kinds alone; none for everything.
    #[serde(default)]
    pub kinds: Vec<Kind>,
}

/// A stretch of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Stretch {
    /// Its words.
    pub text: String,
    /// Whether they answer what was typed.
    pub marked: bool,
}

/// Something that answers what was typed.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Found {
    /// Its kind; none for a measure of the catalogue.
    pub kind: Option<Kind>,
    /// The record.
    #[ts(type = "string | null")]
    pub id: Option<RecordId>,
    /// The measure's code; that of the one measure that an event is about.
    pub code: Option<String>,
    /// What it is called.
    pub title: Vec<Stretch>,
    /// The words around what answers; empty when the title says it all.
    pub snippet: Vec<Stretch>,
    /// The cycle that it is of.
    #[ts(type = "string | null")]
    pub cycle: Option<RecordId>,
    /// The record in which it was decided; the trial of which it was observed.
    #[ts(type = "string | null")]
    pub about: Option<RecordId>,
    /// Whether that record is a pause; else it is a meeting.
    pub of_pause: bool,
    /// Where it lies.
    pub place_name: String,
    /// That place, to go there.
    #[ts(type = "string | null")]
    pub place: Option<RecordId>,
}

/// How many records are shown at most; a longer word narrows them.
const MOST_RECORDS: usize = 40;
/// How many measures, and how many places.
const MOST_OTHERS: usize = 6;

/// Everything here that answers what was typed, and that whoever is inside may read, the best first.
pub fn search(cx: &Cx<'_>, request: SearchAsked) -> Result<Vec<Found>> {
    let folded = fold(&request.text);
    if folded.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    if request.kinds.is_empty() {
        found.extend(places(cx, &request.text)?);
        found.extend(measures(cx, &request.text)?);
    }
    found.extend(records(cx, &folded, &request.kinds)?);
    Ok(found)
}

impl App {
    /// Reads what was written since into the index, so that whoever searches need not wait for it. To be called now and then.
    pub fn index_if_due(&self) {
        let _ = self.with(|cx| {
            catch_up(cx);
            Ok::<_, AppError>(())
        });
    }
}

/// Where the disk takes nothing the index answers by what it knows.
fn catch_up(cx: &Cx<'_>) {
    if let Err(error) = cx.store().index() {
        tracing::warn!(%error, "the index was not brought up to date");
    }
}

fn records(cx: &Cx<'_>, folded: &str, kinds: &[Kind]) -> Result<Vec<Found>> {
    catch_up(cx);
    let hits = cx
        .store()
        .read(|conn| match queries::matching(conn, folded)? {
            Some(asked) => queries::hits(conn, &asked, kinds),
            None => Ok(Vec::new()),
        })?;
    let mut readable: HashMap<ScopeId, bool> = HashMap::new();
    let mut found = Vec::new();
    for hit in hits {
        if found.len() == MOST_RECORDS {
            break;
        }
        let may = match readable.get(&hit.scope) {
            Some(may) => *may,
            None => {
                // The scope of a place that is not here any more has no path.
                let may = may_there(cx, Action::Read, Class::Work, hit.scope).unwrap_or(false);
                readable.insert(hit.scope, may);
                may
            }
        };
        if !may {
            continue;
        }
        let stored = cx.store().read(|conn| record(conn, hit.kind, hit.id))?;
        let Some(stored) = stored.filter(|stored| !stored.is_deleted()) else {
            continue;
        };
        // What was decided of a trial is found by the trial, whose words it bears.
        let of_trial = |about| hit.id == decision_record(about);
        if hit.kind == Kind::Decision && stored.reference("about").is_some_and(of_trial) {
            continue;
        }
        // A lesson said again for others is found by itself, where it is seen and stands.
        if hit.kind == Kind::Lesson {
            let first = here(cx, Kind::Lesson, stored.reference("copied"))?;
            if first.is_some_and(|first| !first.is_deleted()) {
                continue;
            }
        }
        // Photos of a visit are seen in the visit alone.
        if hit.kind == Kind::Photo && stored.reference("trial").is_none() {
            continue;
        }
        let about = match hit.kind {
            // They are seen on the card of their trial.
            Kind::Photo | Kind::Observation => stored.reference("trial"),
            _ => stored.reference("about"),
        };
        let of_pause = hit.kind == Kind::Decision && here(cx, Kind::Pause, about)?.is_some();
        let place = hit.scope.place();
        found.push(Found {
            kind: Some(hit.kind),
            id: Some(hit.id),
            code: match (hit.kind, stored.text("indicator")) {
                (Kind::Event, None) => face_of(cx, place)?,
                (_, code) => code,
            },
            title: match hit.kind {
                // People know a meeting by its day.
                Kind::Meeting => plain(&stored.day("day").unwrap_or_default()),
                _ => stretches(&hit.title),
            },
            snippet: match hit.kind {
                Kind::Meeting if hit.snippet.is_empty() => stretches(&hit.title),
                _ => stretches(&hit.snippet),
            },
            about,
            of_pause,
            cycle: match hit.kind {
                Kind::Cycle => Some(hit.id),
                _ => stored.reference("cycle"),
            },
            place_name: cx.place(place).map(|it| it.name).unwrap_or_default(),
            place: Some(place),
        });
    }
    Ok(found)
}

/// The measure that the team of a place looks at: that of its last open cycle, else of its last one.
fn face_of(cx: &Cx<'_>, place: RecordId) -> Result<Option<String>> {
    cx.store().read(|conn| {
        let order = "place = ?1 ORDER BY coalesce(status, 'open') DESC, opened DESC, id";
        for cycle in stored_records(conn, Kind::Cycle, order, &[place.as_bytes()])? {
            let main = parts(conn, Kind::CycleMeasure, cycle.id)?
                .into_iter()
                .next();
            if let Some(code) = main.and_then(|main| main.text("indicator")) {
                return Ok(Some(code));
            }
        }
        Ok(None)
    })
}

/// A record of a kind, if it is on this laptop, removed or not.
fn here(cx: &Cx<'_>, kind: Kind, id: Option<RecordId>) -> Result<Option<Record>> {
    match id {
        Some(id) => cx.store().read(|conn| record(conn, kind, id)),
        None => Ok(None),
    }
}

fn measures(cx: &Cx<'_>, typed: &str) -> Result<Vec<Found>> {
    let language = cx.language()?;
    let mut all: Vec<_> = catalog::indicators()
        .iter()
        .filter_map(|one| {
            let names = [&*one.name.fr, &*one.name.en, &*one.code];
            Some((find_any(typed, names)?, one))
        })
        .collect();
    all.sort_by_key(|(how, _)| *how);
    let shown = all.into_iter().take(MOST_OTHERS).map(|(_, one)| Found {
        kind: None,
        id: None,
        code: Some(one.code.clone()),
        title: plain(one.name.get(language)),
        snippet: Vec::new(),
        cycle: None,
        about: None,
        of_pause: false,
        place_name: String::new(),
        place: None,
    });
    Ok(shown.collect())
}

fn places(cx: &Cx<'_>, typed: &str) -> Result<Vec<Found>> {
    let mut all: Vec<_> = cx
        .member_places()?
        .into_iter()
        .filter_map(|place| {
            let how = find_any(typed, [&*place.name])?;
            Some((how, place))
        })
        .collect();
    all.sort_by_key(|(how, _)| *how);
    let shown = all.into_iter().take(MOST_OTHERS).map(|(_, place)| Found {
        kind: Some(Kind::Place),
        id: Some(place.id),
        code: None,
        title: plain(&place.name),
        snippet: Vec::new(),
        cycle: None,
        about: None,
        of_pause: false,
        place_name: String::new(),
        place: Some(place.id),
    });
    Ok(shown.collect())
}

fn plain(text: &str) -> Vec<Stretch> {
    let text = text.to_owned();
    vec![Stretch {
        text,
        marked: false,
    }]
}

/// A text as the index gives it, its marks between [`queries::MARKS`].
fn stretches(text: &str) -> Vec<Stretch> {
    let mut all: Vec<Stretch> = Vec::new();
    let mut marked = false;
    for part in text.split_inclusive(queries::MARKS) {
        let said = part.trim_end_matches(queries::MARKS).to_owned();
        if !said.is_empty() {
            all.push(Stretch { text: said, marked });
        }
        marked = match part.chars().next_back() {
            Some(sign) if sign == queries::MARKS[0] => true,
            Some(sign) if sign == queries::MARKS[1] => false,
            _ => marked,
        };
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_divide_a_text() {
        let text = format!(
            "le {0}jour{1} du {0}marché{1}",
            queries::MARKS[0],
            queries::MARKS[1]
        );
        let parts = stretches(&text);
        let said: Vec<_> = parts.iter().map(|it| (&*it.text, it.marked)).collect();
        assert_eq!(
            said,
            [
                ("le ", false),
                ("jour", true),
                (" du ", false),
                ("marché", true)
            ]
        );
        assert_eq!(stretches(""), []);
    }
}
