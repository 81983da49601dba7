//! A visit: planned or begun with some checklists, answered question by question, closed, and corrected where all can see it.

use chrono::NaiveDate;
use domain::checklist::Checklist;
use domain::ids::{RecordId, ScopeId};
use domain::permission::{Action, Class};
use domain::registry::{AnswerField, Kind, VisitField};
use domain::value::{Value, date_value};
use domain::visit::{Observed, VisitState, is_drawn};
use serde::Deserialize;
use serde_json::Value as Json;
use sync::log::SaveKind;

use super::asked::{self, Visit};
use super::photos;
use crate::cx::Cx;
use crate::cycles::ById;
use crate::error::{AppError, Result};
use crate::permissions::may_any;
use crate::records::queries::{Record, existing, record};
use crate::records::{
    DeleteRecord, FieldEdit, RestoreRecord, SavedRecord, delete_record, edit, placed,
    restore_record, text_value,
};

/// The most checklists that one visit has time for.
pub const MOST_LISTS: usize = 3;

/// To visit others.
pub const VISITS: &[(Action, Class)] = &[(Action::Write, Class::Visit)];
/// To visit, or to answer to a visit.
pub const ANSWERS: &[(Action, Class)] = &[
    (Action::Write, Class::Visit),
    (Action::Answer, Class::Visit),
];

/// To look at one's own place.
const OWN: &[(Action, Class)] = &[(Action::Answer, Class::Visit)];

/// Plans or begins a visit.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct BeginVisit {
    /// The facility.
    #[ts(type = "string")]
    pub place: RecordId,
    /// The codes of the checklists.
    pub lists: Vec<String>,
    /// Whether the facility looks at itself.
    pub own: bool,
    /// The day that it is planned for, ISO; none begins it today.
    #[ts(type = "string | null")]
    pub planned: Option<NaiveDate>,
}

/// Edits what is said of a visit.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SaveVisit {
    /// The visit.
    #[ts(type = "string")]
    pub id: RecordId,
    /// What changes.
    pub edits: Vec<FieldEdit<VisitField>>,
    /// Why, when there is something to say.
    pub reason: Option<String>,
}

/// Answers a question of a visit.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SaveAnswer {
    /// The visit.
    #[ts(type = "string")]
    pub visit: RecordId,
    /// The checklist's code; empty for what several of them ask.
    pub list: String,
    /// The item's code, or the key that several checklists share.
    pub item: String,
    /// The rounds of the repeated sections around it, parted by points.
    pub round: String,
    /// What changes.
    pub edits: Vec<FieldEdit<AnswerField>>,
    /// Why: a visit that was closed is corrected with a reason alone.
    pub reason: Option<String>,
}

/// Takes something out of a visit that stands there beside the answers, or puts it back.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct RemoveFromVisit {
    /// Its kind: what was counted again, or a photo.
    pub kind: Kind,
    /// The record.
    #[ts(type = "string")]
    pub id: RecordId,
    /// Whether it comes back.
    pub back: bool,
    /// Why: a visit that was closed is corrected with a reason alone.
    pub reason: Option<String>,
}

/// Closes a visit.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct CloseVisit {
    /// The visit.
    #[ts(type = "string")]
    pub id: RecordId,
    /// Who signs for the visitors.
    pub visitor: String,
    /// Who signs for the facility.
    pub received: String,
    /// The signature for the visitors as it was drawn, [`domain::visit::is_drawn`]; none on paper.
    pub visitor_drawn: Option<String>,
    /// That for the facility.
    pub received_drawn: Option<String>,
}

/// Returns a visit for correction.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct ReturnVisit {
    /// The visit.
    #[ts(type = "string")]
    pub id: RecordId,
    /// What is to be corrected.
    pub why: String,
}

/// An answer has one record whoever writes it, so two laptops at one visit mean the same.
pub fn answer_record(visit: RecordId, list: &str, item: &str, round: &str) -> RecordId {
    RecordId::natural(&[
        b"answer",
        visit.as_bytes(),
        list.as_bytes(),
        item.as_bytes(),
        round.as_bytes(),
    ])
}

/// How far a visit has come.
pub(super) fn state(visit: &Record) -> VisitState {
    let is = |field| !visit.value(field).is_null();
    VisitState::of(is("begun"), is("closed"), is("returned"), is("called_off"))
}

/// Whether the facility looks at itself in it.
pub(super) fn is_own(visit: &Record) -> bool {
    visit.value("own") == &Value::Bool(true)
}

/// Whether whoever is inside may write in a visit: those who visit in theirs, the facility in its own.
pub(super) fn may_write(cx: &Cx<'_>, own: bool, scope: ScopeId) -> Result<bool> {
    let needed = if own { OWN } else { VISITS };
    Ok(cx.laptop.practice || (cx.may_write(scope)? && may_any(cx, needed, scope)?))
}

/// The same, refused.
pub(super) fn writing(cx: &Cx<'_>, own: bool, scope: ScopeId) -> Result<()> {
    match may_write(cx, own, scope)? {
        true => Ok(()),
        false => Err(AppError::new("only-the-coach")),
    }
}

/// A reason, when it says anything.
pub(super) fn said(reason: Option<&str>) -> Option<&str> {
    reason.filter(|it| !it.trim().is_empty())
}

/// Plans a visit, or begins it today.
///
/// # Errors
/// `visit-lists` without a checklist or with more than [`MOST_LISTS`]; `only-the-coach` for another's visit.
pub fn begin_visit(cx: &Cx<'_>, request: BeginVisit) -> Result<SavedRecord> {
    let scope = cx.scope_of(request.place)?;
    writing(cx, request.own, scope)?;
    if request.lists.is_empty() || request.lists.len() > MOST_LISTS {
        return Err(AppError::new("visit-lists").with("most", MOST_LISTS));
    }
    let mut lines: Vec<String> = Vec::new();
    for code in &request.lists {
        let list = crate::checklists::of(cx, code, None)?;
        let line = format!("{} {}", list.code, list.version);
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    let day = match request.planned {
        Some(day) => (VisitField::Planned, date_value(day)),
        None => (VisitField::Begun, date_value(cx.today())),
    };
    cx.write(|w| {
        let id = w.new_record()?;
        let field = |field: VisitField, value| edit(Kind::Visit, id, field.number(), value);
        let mut edits = vec![
            field(VisitField::Place, Value::Ref(request.place)),
            field(VisitField::Lists, Value::text(&lines.join("\n"))),
            field(day.0, day.1),
        ];
        if request.own {
            edits.push(field(VisitField::Own, Value::Bool(true)));
        }
        cx.save(w, scope, SaveKind::Edit, None, edits)?;
        Ok(SavedRecord { id })
    })
}

/// Edits what is said of a visit beside its answers.
///
/// # Errors
/// `request-invalid` for what a visit keeps, what closing it says, and for calling off one that was begun; `visit-without-day`;
/// `visit-move-why` for another day without a reason; `visit-closed` for a change without a reason after it was closed, but for the
/// day on which its sheet was handed over.
pub fn save_visit(cx: &Cx<'_>, request: SaveVisit) -> Result<SavedRecord> {
    use VisitField::*;
    let fixed = |field| {
        matches!(
            field,
            Place | Own | Lists | Closed | Returned | VisitorDrawn | ReceivedDrawn
        )
    };
    if request.edits.iter().any(|edit| fixed(edit.field)) {
        return Err(AppError::new("request-invalid"));
    }
    let stored = of(cx, request.id)?;
    writing(cx, is_own(&stored), stored.scope)?;
    let silent = said(request.reason.as_deref()).is_none();
    let corrects = request.edits.iter().any(|edit| edit.field != FedBack);
    if state(&stored) == VisitState::Closed && silent && corrects {
        return Err(AppError::new("visit-closed"));
    }
    let changes = |field| request.edits.iter().any(|edit| edit.field == field);
    let waits = matches!(state(&stored), VisitState::Planned | VisitState::CalledOff);
    if changes(CalledOff) && !waits {
        return Err(AppError::new("request-invalid"));
    }
    if changes(Planned) && !stored.value("planned").is_null() && silent {
        return Err(AppError::new("visit-move-why"));
    }
    let of = placed::Placed {
        kind: Kind::Visit,
        id: Some(stored.id),
        of: "place",
        owner: stored
            .reference("place")
            .ok_or_else(|| AppError::new("record-gone"))?,
        scope: stored.scope,
        reason: request.reason.as_deref(),
    };
    placed::save(
        cx,
        &of,
        VisitField::number,
        &request.edits,
        |after| match after("planned").is_null() && after("begun").is_null() {
            true => Err(AppError::new("visit-without-day")),
            false => Ok(()),
        },
    )
}

/// Keeps an answer, and says what the visit comes to now.
///
/// # Errors
/// `answer-invalid` for a text that is none of the answers; `visit-closed` for a correction without a reason; `visit-not-asked`
/// for a question that none of its checklists has; `visit-called-off` for one that was called off.
pub fn save_answer(cx: &Cx<'_>, request: SaveAnswer) -> Result<Visit> {
    let visit = of(cx, request.visit)?;
    let reason = writable(cx, &visit, request.reason.as_deref())?;
    let lists = asked::lists(cx, &visit)?;
    let edits = request
        .edits
        .iter()
        .map(|edit| checked(&lists, &request, edit))
        .collect::<Result<Vec<_>>>()?;
    let id = answer_record(visit.id, &request.list, &request.item, &request.round);
    cx.write(|w| {
        let known = record(w.conn(), Kind::Answer, id)?;
        let mut changes = cx.edits(Kind::Answer, id, AnswerField::number, &edits)?;
        match &known {
            Some(stored) => changes.extend(stored.kept()),
            None => {
                let field =
                    |field: AnswerField, value| edit(Kind::Answer, id, field.number(), value);
                let said = |text: &str| (!text.is_empty()).then(|| Value::text(text));
                changes.insert(0, field(AnswerField::Visit, Value::Ref(visit.id)));
                let more = [
                    (AnswerField::List, said(&request.list)),
                    (AnswerField::Item, said(&request.item)),
                    (AnswerField::Round, said(&request.round)),
                ];
                for (at, value) in more {
                    changes.extend(value.map(|value| field(at, value)));
                }
            }
        }
        // A visit that was planned begins with its first answer.
        if visit.value("begun").is_null() {
            let day = date_value(cx.today());
            changes.push(edit(Kind::Visit, visit.id, VisitField::Begun.number(), day));
        }
        cx.save(w, visit.scope, SaveKind::Edit, reason, changes)?;
        Ok(())
    })?;
    asked::visit(cx, ById { id: visit.id })
}

/// Takes something out of a visit, or puts it back, and says what the visit comes to now.
///
/// # Errors
/// `request-invalid` for anything but what was counted again and photos; `visit-closed` for a correction without a reason;
/// `visit-called-off`; `only-the-coach` for another's visit.
pub fn remove_from_visit(cx: &Cx<'_>, request: RemoveFromVisit) -> Result<Visit> {
    let RemoveFromVisit { kind, id, .. } = request;
    if !matches!(kind, Kind::Recount | Kind::Photo) {
        return Err(AppError::new("request-invalid"));
    }
    let part = cx.store().read(|conn| existing(conn, kind, id))?;
    let visit = part
        .reference("visit")
        .ok_or_else(|| AppError::new("record-gone"))?;
    let reason = writable(cx, &of(cx, visit)?, request.reason.as_deref())?.map(str::to_owned);
    cx.together(|cx| {
        let gone = DeleteRecord {
            kind,
            id,
            reason: reason.clone(),
            sure: false,
        };
        match request.back {
            true => restore_record(cx, RestoreRecord { kind, id })?,
            false => delete_record(cx, gone)?,
        };
        match kind {
            Kind::Photo => photos::answered(cx, visit, &asked::key_of(&part), reason.as_deref()),
            _ => Ok(()),
        }
    })?;
    asked::visit(cx, ById { id: visit })
}

/// Refuses what cannot be written in a visit now; answers the reason, which a closed one needs.
pub(super) fn writable<'a>(
    cx: &Cx<'_>,
    visit: &Record,
    reason: Option<&'a str>,
) -> Result<Option<&'a str>> {
    writing(cx, is_own(visit), visit.scope)?;
    stands(visit)?;
    let reason = said(reason);
    if state(visit) == VisitState::Closed && reason.is_none() {
        return Err(AppError::new("visit-closed"));
    }
    Ok(reason)
}

/// An edit of an answer as it is kept.
fn checked(
    lists: &[asked::Known],
    request: &SaveAnswer,
    edit: &FieldEdit<AnswerField>,
) -> Result<FieldEdit<AnswerField>> {
    let refused = || AppError::new("answer-invalid");
    let value = match edit.field {
        AnswerField::Value => {
            let (list, item) = item_of(lists, &request.list, &request.item)
                .ok_or_else(|| AppError::new("visit-not-asked"))?;
            let text = match &edit.value {
                Json::Null => String::new(),
                Json::String(text) => text.clone(),
                _ => return Err(refused()),
            };
            let choices = item.list().and_then(|name| list.list(name));
            let kept = item.answer.read(&text, choices).ok_or_else(refused)?;
            match kept.is_empty() {
                true => Json::Null,
                false => Json::String(kept),
            }
        }
        AnswerField::Mark => match edit.value.as_str().map(Observed::from_word) {
            Some(None) => return Err(AppError::new("request-invalid")),
            _ => edit.value.clone(),
        },
        AnswerField::Note => edit.value.clone(),
        _ => return Err(AppError::new("request-invalid")),
    };
    Ok(FieldEdit {
        value,
        ..edit.clone()
    })
}

/// What an answer to an item of a checklist, as it is saved, answers.
pub(super) fn item_of<'a>(
    lists: &'a [asked::Known],
    of: &str,
    asked: &str,
) -> Option<(&'a Checklist, &'a domain::checklist::Item)> {
    let known = lists.iter().filter_map(|known| known.list.as_deref());
    for list in known {
        let found = list.items.iter().find(|item| match &item.shared {
            Some(key) => of.is_empty() && key == asked,
            None => list.code == of && item.code == asked,
        });
        if let Some(item) = found {
            return (!item.disabled).then_some((list, item));
        }
    }
    None
}

/// Closes a visit, with the names of those who sign.
///
/// # Errors
/// `request-invalid` for a signature that is none; `visit-closed` for one that is signed already; `visit-called-off` for one that was called off; `visit-unsigned` without both names; `visit-needs-recommendation` while a critical no has none.
pub fn close_visit(cx: &Cx<'_>, request: CloseVisit) -> Result<SavedRecord> {
    let stored = of(cx, request.id)?;
    let own = is_own(&stored);
    writing(cx, own, stored.scope)?;
    if state(&stored) == VisitState::Closed {
        return Err(AppError::new("visit-closed"));
    }
    stands(&stored)?;
    let (visitor, received) = (request.visitor.trim(), request.received.trim());
    if visitor.is_empty() || (received.is_empty() && !own) {
        return Err(AppError::new("visit-unsigned"));
    }
    let drawn = [&request.visitor_drawn, &request.received_drawn];
    if drawn.into_iter().flatten().any(|path| !is_drawn(path)) {
        return Err(AppError::new("request-invalid"));
    }
    let lacking = asked::visit(cx, ById { id: stored.id })?.lacking;
    if !lacking.is_empty() && !own {
        return Err(AppError::new("visit-needs-recommendation").with("count", lacking.len()));
    }
    let field = |field: VisitField, value| edit(Kind::Visit, stored.id, field.number(), value);
    let mut edits = vec![
        field(VisitField::Closed, date_value(cx.today())),
        field(VisitField::Visitor, text_value("visitor", visitor)?),
        field(VisitField::Received, text_value("received", received)?),
        field(VisitField::Returned, Value::Null),
    ];
    if stored.value("begun").is_null() {
        edits.push(field(VisitField::Begun, date_value(cx.today())));
    }
    // Whoever signs anew has drawn anew, or signs on paper.
    let drawn = [
        (
            VisitField::VisitorDrawn,
            "visitor_drawn",
            &request.visitor_drawn,
        ),
        (
            VisitField::ReceivedDrawn,
            "received_drawn",
            &request.received_drawn,
        ),
    ];
    for (at, name, path) in drawn {
        let value = path.as_deref().map_or(Value::Null, Value::text);
        if *stored.value(name) != value {
            edits.push(field(at, value));
        }
    }
    cx.write(|w| {
        edits.extend(stored.kept());
        cx.save(w, stored.scope, SaveKind::Edit, None, edits)?;
        Ok(SavedRecord { id: stored.id })
    })
}

/// Refuses what cannot be done in a visit that was called off.
pub(super) fn stands(visit: &Record) -> Result<()> {
    match state(visit) {
        VisitState::CalledOff => Err(AppError::new("visit-called-off")),
        _ => Ok(()),
    }
}

/// Returns a closed visit to those who made it, with what is to be corrected.
///
/// # Errors
/// `visit-return-why` without a word; `request-invalid` for a visit that is not closed.
pub fn return_visit(cx: &Cx<'_>, request: ReturnVisit) -> Result<SavedRecord> {
    let stored = of(cx, request.id)?;
    let why = request.why.trim();
    if why.is_empty() {
        return Err(AppError::new("visit-return-why"));
    }
    if state(&stored) != VisitState::Closed {
        return Err(AppError::new("request-invalid"));
    }
    let why = text_value("returned", why)?;
    cx.write(|w| {
        let returned = VisitField::Returned.number();
        let edits = vec![edit(Kind::Visit, stored.id, returned, why)];
        cx.save(w, stored.scope, SaveKind::Edit, None, edits)?;
        Ok(SavedRecord { id: stored.id })
    })
}

/// A visit that is there.
pub(super) fn of(cx: &Cx<'_>, id: RecordId) -> Result<Record> {
    cx.store().read(|conn| existing(conn, Kind::Visit, id))
}
