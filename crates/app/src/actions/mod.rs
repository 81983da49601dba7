//! What was agreed to be done: who, by when, who owes it and who pays. An action is carried until it is done or given up,
//! and what another level owes stands before those who wait and before those who owe.

pub mod queries;

use domain::action::{ActionLevel, ActionState};
use domain::ids::RecordId;
use domain::registry::{ActionField, Kind};
use serde::{Deserialize, Serialize};

use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::permissions::{may_change, path};
use crate::records::queries::{Record, kind_of_record};
use crate::records::{FieldEdit, RecordMeta, SavedRecord, placed};
use crate::values::known_indicator;

/// Makes or edits something that is to be done.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SaveAction {
    /// The record; none makes a new one.
    #[ts(type = "string | null")]
    pub id: Option<RecordId>,
    /// Where.
    #[ts(type = "string")]
    pub place: RecordId,
    /// What changes.
    pub edits: Vec<FieldEdit<ActionField>>,
    /// Why, when there is something to say.
    pub reason: Option<String>,
}

/// The actions of a place.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct ActionsOf {
    /// The place.
    #[ts(type = "string")]
    pub place: RecordId,
}

/// Another record, as a link shows it.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Linked {
    /// Its kind.
    pub kind: Kind,
    /// The record.
    #[ts(type = "string")]
    pub id: RecordId,
    /// What people call it; may be empty.
    pub label: String,
}

/// Something that was agreed to be done.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct PlannedAction {
    /// What every record shows.
    pub meta: RecordMeta,
    /// Where it is to be done.
    #[ts(type = "string")]
    pub place: RecordId,
    /// That place's name.
    pub place_name: String,
    /// The measure whose chart it comes from.
    pub indicator: Option<String>,
    /// What is to be done.
    pub text: String,
    /// Who does it.
    pub who: String,
    /// By when, ISO day.
    pub due: Option<String>,
    /// The sentence of the chart that it answers to.
    pub origin: Option<String>,
    /// The record that it comes from.
    pub about: Option<Linked>,
    /// The cycle that it is of.
    #[ts(type = "string | null")]
    pub cycle: Option<RecordId>,
    /// Who owes it.
    pub level: ActionLevel,
    /// What it takes.
    pub means: Option<String>,
    /// Who pays.
    pub payer: Option<String>,
    /// The day it was begun, ISO.
    pub started: Option<String>,
    /// The day it was done, ISO.
    pub done: Option<String>,
    /// Why it was given up.
    pub given_up: Option<String>,
    /// What shows that it was done.
    pub evidence: Option<String>,
    /// What the level that owes it answers.
    pub reply: Option<String>,
    /// The question of a visit that it answers to.
    pub item: Option<String>,
    /// How far it has come.
    pub state: ActionState,
    /// Whether its day is past while it is carried.
    pub late: bool,
}

/// The actions of a place.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ActionList {
    /// What was agreed there: what is late first, then what is carried by its day, then what is closed.
    pub own: Vec<PlannedAction>,
    /// What the places below wait for from this one, in the same order.
    pub asked: Vec<PlannedAction>,
    /// Whether whoever is inside may change what was agreed there.
    pub writable: bool,
}

/// Makes or edits something that is to be done: what, who and by when are all said.
///
/// # Errors
/// `action-incomplete`; `request-invalid` for a level that is none.
pub fn save_action(cx: &Cx<'_>, request: SaveAction) -> Result<SavedRecord> {
    for edit in &request.edits {
        let word = edit.value.as_str().unwrap_or_default();
        match edit.field {
            _ if edit.value.is_null() => {}
            ActionField::Indicator => {
                known_indicator(word)?;
            }
            ActionField::Level if ActionLevel::from_word(word).is_none() => {
                return Err(AppError::new("request-invalid"));
            }
            _ => {}
        }
    }
    let of = placed::Placed {
        kind: Kind::Action,
        id: request.id,
        of: "place",
        owner: request.place,
        scope: cx.scope_of(request.place)?,
        reason: request.reason.as_deref(),
    };
    placed::save(cx, &of, ActionField::number, &request.edits, |after| {
        let missing = ["text", "who", "due"].iter().any(|f| after(f).is_null());
        match missing {
            true => Err(AppError::new("action-incomplete")),
            false => Ok(()),
        }
    })
}

/// The actions of a place, and what those below wait for from it.
pub fn actions(cx: &Cx<'_>, request: ActionsOf) -> Result<ActionList> {
    let own = cx
        .store()
        .read(|conn| queries::of_place(conn, request.place))?;
    Ok(ActionList {
        own: listed(cx, &own)?,
        asked: asked(cx, request.place)?,
        writable: may_change(cx, cx.scope_of(request.place)?)?,
    })
}

/// What the places below wait for from this one.
pub(crate) fn asked(cx: &Cx<'_>, place: RecordId) -> Result<Vec<PlannedAction>> {
    let level = match cx.place(place)?.level.as_str() {
        "district" => ActionLevel::District,
        "region" => ActionLevel::Region,
        _ => return Ok(Vec::new()),
    };
    let mut found = cx
        .store()
        .read(|conn| queries::of_level(conn, level.word()))?;
    found.retain(|record| {
        record
            .reference("place")
            .is_some_and(|at| at != place && path(cx, at).is_ok_and(|path| path.contains(&place)))
    });
    listed(cx, &found)
}

fn listed(cx: &Cx<'_>, records: &[Record]) -> Result<Vec<PlannedAction>> {
    let mut all = records
        .iter()
        .map(|record| planned(cx, record))
        .collect::<Result<Vec<_>>>()?;
    // The sort is stable: among equals the order of the query stands.
    all.sort_by_key(|action| (!action.late, !action.state.is_carried()));
    Ok(all)
}

/// An action as the screen receives it.
pub(crate) fn planned(cx: &Cx<'_>, record: &Record) -> Result<PlannedAction> {
    let (due, done) = (record.day("due"), record.day("done"));
    let (started, given_up) = (record.day("started"), record.text("given_up"));
    let state = ActionState::of(started.is_some(), done.is_some(), given_up.is_some());
    let today = cx.today().to_string();
    let place = record.reference("place").unwrap_or(record.id);
    let level = record.text("level");
    Ok(PlannedAction {
        meta: cx.meta(record)?,
        place,
        place_name: cx.place(place).map_or_else(|_| String::new(), |p| p.name),
        indicator: record.text("indicator"),
        text: record.text("text").unwrap_or_default(),
        who: record.text("who").unwrap_or_default(),
        late: state.is_carried() && due.as_ref().is_some_and(|due| *due < today),
        due,
        origin: record.text("origin"),
        about: match record.reference("about") {
            Some(about) => linked(cx, about)?,
            None => None,
        },
        cycle: record.reference("cycle"),
        level: level
            .and_then(|word| ActionLevel::from_word(&word))
            .unwrap_or(ActionLevel::Facility),
        means: record.text("means"),
        payer: record.text("payer"),
        started,
        done,
        given_up,
        evidence: record.text("evidence"),
        reply: record.text("reply"),
        item: record.text("item"),
        state,
    })
}

/// A record as a link to it; none when it is not here.
fn linked(cx: &Cx<'_>, id: RecordId) -> Result<Option<Linked>> {
    let Some(kind) = cx.store().read(|conn| kind_of_record(conn, id))? else {
        return Ok(None);
    };
    let label = cx.label(kind, id)?;
    Ok(Some(Linked { kind, id, label }))
}
