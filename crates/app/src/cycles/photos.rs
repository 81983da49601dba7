//! Photos of a trial and of what was observed: small pictures, each sealed in a record of its own, so that one on which somebody
//! can be recognised is destroyed for good.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::ids::{RecordId, ScopeId};
use domain::photo::{MOST_BYTES, bare};
use domain::registry::{Kind, PhotoField, PictureField};
use domain::value::{Value, date_value};
use serde::{Deserialize, Serialize};
use store::{Edit, Writer};
use sync::log::SaveKind;

use super::parts::save_part;
use super::view::Masked;
use super::{ById, SavePart, queries};
use crate::cx::{Cx, day_of};
use crate::error::{AppError, Result};
use crate::records::queries::{Record, existing};
use crate::records::{RecordMeta, SavedRecord, edit, text_value};
use crate::sealed::{Reading, SealedField};

/// A photo; its picture is asked for by itself.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Photo {
    /// What every record shows; its author is who put it here.
    pub meta: RecordMeta,
    /// The trial.
    #[ts(type = "string | null")]
    pub trial: Option<RecordId>,
    /// What was observed; none for the trial as a whole.
    #[ts(type = "string | null")]
    pub observation: Option<RecordId>,
    /// What it shows.
    pub caption: Option<String>,
    /// The day it was put here, ISO.
    pub day: Option<String>,
}

/// The picture of a photo, as far as it can be seen.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Picture {
    /// A JPEG as base64; none when it was masked, or has not come yet.
    pub image: Option<String>,
    /// Who masked it and on which day, once that was done.
    pub masked: Option<Masked>,
}

/// Puts a photo to a trial, or to what was observed of it.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct AddPhoto {
    /// The cycle.
    #[ts(type = "string")]
    pub cycle: RecordId,
    /// The trial.
    #[ts(type = "string")]
    pub trial: RecordId,
    /// What was observed; none for the trial as a whole.
    #[ts(type = "string | null")]
    pub observation: Option<RecordId>,
    /// A JPEG as base64, shrunk by the screen.
    pub image: String,
    /// What it shows; may be empty.
    pub caption: String,
    /// Why, when somebody else's team is written for.
    pub reason: Option<String>,
}

/// As base64 makes four letters of three bytes.
const MOST_LETTERS: usize = MOST_BYTES.div_ceil(3) * 4;

/// A picture as it is kept, of what was sent: whatever a camera wrote beside it is left out.
///
/// # Errors
/// `photo-too-large`, `photo-unreadable`.
pub(crate) fn taken(image: &str) -> Result<String> {
    if image.len() > MOST_LETTERS {
        return Err(AppError::new("photo-too-large"));
    }
    let unreadable = || AppError::new("photo-unreadable");
    let bytes = STANDARD.decode(image).map_err(|_| unreadable())?;
    Ok(STANDARD.encode(bare(&bytes).ok_or_else(unreadable)?))
}

/// The edits of a new photo of today: its picture, sealed in a record of its own, and what is said of it.
pub(crate) fn of_picture(
    cx: &Cx<'_>,
    w: &mut Writer<'_>,
    scope: ScopeId,
    image: &str,
    said: Vec<(PhotoField, Value)>,
) -> Result<(RecordId, Vec<Edit>)> {
    let picture = w.new_record()?;
    let at = SealedField {
        scope,
        kind: Kind::Picture,
        record: picture,
        field: PictureField::Image.number(),
    };
    let sealed = cx.sealed(w, at, image)?;
    let id = w.new_record()?;
    let field = |(field, value): (PhotoField, Value)| edit(Kind::Photo, id, field.number(), value);
    let known = [
        (PhotoField::Picture, Value::Ref(picture)),
        (PhotoField::Day, date_value(cx.today())),
    ];
    let said = said.into_iter().filter(|(_, value)| !value.is_null());
    let edits = [edit(at.kind, at.record, at.field, sealed)];
    Ok((
        id,
        edits
            .into_iter()
            .chain(said.chain(known).map(field))
            .collect(),
    ))
}

/// Puts a photo to a trial. Whatever a camera wrote beside the picture is left out.
///
/// # Errors
/// `photo-too-large`, `photo-unreadable`; `request-invalid` for a trial of another cycle, or what was observed of another trial.
pub fn add_photo(cx: &Cx<'_>, request: AddPhoto) -> Result<SavedRecord> {
    let image = taken(&request.image)?;
    let caption = text_value("caption", &request.caption)?;
    cx.write(|w| {
        let trial = existing(w.conn(), Kind::Trial, request.trial)?;
        let seen = match request.observation {
            Some(id) => Some(existing(w.conn(), Kind::Observation, id)?),
            None => None,
        };
        let elsewhere = seen.is_some_and(|seen| seen.reference("trial") != Some(trial.id));
        if trial.reference("cycle") != Some(request.cycle) || elsewhere {
            return Err(AppError::new("request-invalid"));
        }
        let of = request.observation.map_or(Value::Null, Value::Ref);
        let said = vec![
            (PhotoField::Cycle, Value::Ref(request.cycle)),
            (PhotoField::Trial, Value::Ref(trial.id)),
            (PhotoField::Observation, of),
            (PhotoField::Caption, caption.clone()),
        ];
        let (id, edits) = of_picture(cx, w, trial.scope, &image, said)?;
        let reason = request.reason.as_deref();
        cx.save(w, trial.scope, SaveKind::Edit, reason, edits)?;
        Ok(SavedRecord { id })
    })
}

/// What is said of a photo.
///
/// # Errors
/// `request-invalid` for a new one, which comes by [`add_photo`].
pub fn save_photo(cx: &Cx<'_>, request: SavePart<PhotoField>) -> Result<SavedRecord> {
    if request.id.is_none() {
        return Err(AppError::new("request-invalid"));
    }
    save_part(cx, request, |_, _, before| match before {
        Some(_) => Ok(()),
        None => Err(AppError::new("record-gone")),
    })
}

/// Where the picture of a photo stands.
fn picture_of(cx: &Cx<'_>, photo: RecordId) -> Result<(SealedField, Record)> {
    cx.store().read(|conn| {
        let photo = existing(conn, Kind::Photo, photo)?;
        let gone = || AppError::new("record-gone");
        let id = photo.reference("picture").ok_or_else(gone)?;
        let picture = existing(conn, Kind::Picture, id)?;
        let at = SealedField {
            scope: picture.scope,
            kind: Kind::Picture,
            record: picture.id,
            field: PictureField::Image.number(),
        };
        Ok((at, picture))
    })
}

/// The picture of a photo.
pub fn photo_picture(cx: &Cx<'_>, request: ById) -> Result<Picture> {
    let (at, picture) = picture_of(cx, request.id)?;
    Ok(match cx.opened(at, picture.value("image"))? {
        Reading::Words(image) => Picture {
            image: Some(image),
            masked: None,
        },
        Reading::Masked(by, at_ms) => Picture {
            image: None,
            masked: Some(Masked {
                by: cx.person(by)?.0,
                day: day_of(at_ms).to_string(),
            }),
        },
        Reading::Closed => Picture {
            image: None,
            masked: None,
        },
    })
}

/// Masks a photo for good: its key is destroyed here at once, and everywhere else as word of it comes.
///
/// # Errors
/// `record-gone`, `not-allowed-here`.
pub fn mask_photo(cx: &Cx<'_>, request: ById) -> Result<SavedRecord> {
    let (at, _) = picture_of(cx, request.id)?;
    cx.mask_for_good(at)?;
    Ok(SavedRecord { id: request.id })
}

pub(super) fn photos(cx: &Cx<'_>, cycle: RecordId) -> Result<Vec<Photo>> {
    let found = cx
        .store()
        .read(|conn| queries::parts(conn, Kind::Photo, cycle))?;
    found
        .iter()
        .map(|record| {
            Ok(Photo {
                meta: cx.meta(record)?,
                trial: record.reference("trial"),
                observation: record.reference("observation"),
                caption: record.text("caption"),
                day: record.day("day"),
            })
        })
        .collect()
}
