//! Photos beside the answers of a visit, kept as those of trials are.

use domain::checklist::AnswerType;
use domain::ids::RecordId;
use domain::registry::{AnswerField, Kind, PhotoField, VisitField};
use domain::value::{Value, date_value};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sync::log::SaveKind;

use super::asked::{self, Key, Visit, key_of};
use super::queries;
use super::visits::{SaveAnswer, answer_record, item_of, of, save_answer, writable};
use crate::cx::Cx;
use crate::cycles::{ById, of_picture, taken};
use crate::error::{AppError, Result};
use crate::records::queries::{Record, record};
use crate::records::{FieldEdit, RecordMeta, edit};

/// Puts a photo beside the answer to a question.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct AddVisitPhoto {
    /// The visit.
    #[ts(type = "string")]
    pub visit: RecordId,
    /// The checklist's code, as an answer is saved.
    pub list: String,
    /// The item.
    pub item: String,
    /// The rounds.
    pub round: String,
    /// A JPEG as base64, shrunk by the screen.
    pub image: String,
    /// Why: a visit that was closed is corrected with a reason alone.
    pub reason: Option<String>,
}

/// A photo beside an answer; its picture is asked for by itself.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct VisitPhoto {
    /// What every record shows; its author is who put it here.
    pub meta: RecordMeta,
    /// The key of the question.
    pub key: String,
    /// The day it was put here, ISO.
    pub day: Option<String>,
}

/// The photos of a visit, the oldest first.
pub(super) fn photos(cx: &Cx<'_>, visit: RecordId) -> Result<Vec<VisitPhoto>> {
    let found = cx.store().read(|conn| queries::photos(conn, visit))?;
    found
        .iter()
        .map(|photo| {
            Ok(VisitPhoto {
                meta: cx.meta(photo)?,
                key: asked::said(&key_of(photo)),
                day: photo.day("day"),
            })
        })
        .collect()
}

/// Puts a photo beside an answer, and says what the visit comes to now. A question that asks for a photo is answered by it.
///
/// # Errors
/// `photo-too-large`, `photo-unreadable`; `visit-not-asked` for a question that none of its checklists has; `visit-closed` for a
/// correction without a reason; `visit-called-off`; `only-the-coach` for another's visit.
pub fn add_visit_photo(cx: &Cx<'_>, request: AddVisitPhoto) -> Result<Visit> {
    let visit = of(cx, request.visit)?;
    let reason = writable(cx, &visit, request.reason.as_deref())?;
    let lists = asked::lists(cx, &visit)?;
    if item_of(&lists, &request.list, &request.item).is_none() {
        return Err(AppError::new("visit-not-asked"));
    }
    let image = taken(&request.image)?;
    cx.together(|cx| {
        cx.write(|w| {
            let text = |text: &str| match text.is_empty() {
                true => Value::Null,
                false => Value::text(text),
            };
            let said = vec![
                (PhotoField::Visit, Value::Ref(visit.id)),
                (PhotoField::List, text(&request.list)),
                (PhotoField::Item, text(&request.item)),
                (PhotoField::Round, text(&request.round)),
            ];
            let (_, mut edits) = of_picture(cx, w, visit.scope, &image, said)?;
            // A visit that was planned begins with what is seen first.
            if visit.value("begun").is_null() {
                let day = date_value(cx.today());
                edits.push(edit(Kind::Visit, visit.id, VisitField::Begun.number(), day));
            }
            cx.save(w, visit.scope, SaveKind::Edit, reason, edits)?;
            Ok(())
        })?;
        let key = (
            request.list.clone(),
            request.item.clone(),
            request.round.clone(),
        );
        answered(cx, visit.id, &key, reason)
    })?;
    asked::visit(cx, ById { id: visit.id })
}

/// What a question that asks for a photo is answered with: the last of its photos, by a name as files have them.
pub(super) fn answered(
    cx: &Cx<'_>,
    visit: RecordId,
    key: &Key,
    reason: Option<&str>,
) -> Result<()> {
    let (list, item, round) = key;
    let lists = asked::lists(cx, &of(cx, visit)?)?;
    let asks = item_of(&lists, list, item);
    if !asks.is_some_and(|(_, item)| item.answer == AnswerType::Photo) {
        return Ok(());
    }
    let (photos, answer) = cx.store().read(|conn| {
        let answer = record(conn, Kind::Answer, answer_record(visit, list, item, round))?;
        Ok::<_, AppError>((queries::photos(conn, visit)?, answer))
    })?;
    let last = photos.iter().rfind(|photo: &&Record| key_of(photo) == *key);
    let value = last.map_or(Json::Null, |photo| {
        Json::String(format!("{}.jpg", photo.id))
    });
    let seen = match &answer {
        Some(answer) => cx.meta(answer)?.seen.remove("value"),
        None => None,
    };
    let edits = vec![FieldEdit {
        field: AnswerField::Value,
        value,
        seen,
    }];
    let request = SaveAnswer {
        visit,
        list: list.clone(),
        item: item.clone(),
        round: round.clone(),
        edits,
        reason: reason.map(str::to_owned),
    };
    save_answer(cx, request).map(|_| ())
}
