//! A comment is masked; a colleague's telephone number is read, saved and erased.

use domain::ids::RecordId;
use domain::registry::{Kind, PersonField};
use domain::value::Value;
use serde::{Deserialize, Serialize};
use store::{Edit, Seen};
use sync::log::SaveKind;

use super::{Reading, SealedField};
use crate::cx::Cx;
use crate::cycles::ById;
use crate::error::{AppError, Result};
use crate::records::queries::{Record, existing};
use crate::records::{SavedRecord, edit, text_value};

/// Names a colleague.
#[derive(Debug, Clone, Copy, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct OfPerson {
    /// Their record.
    #[ts(type = "string")]
    pub person: RecordId,
}

/// A colleague's telephone number.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Phone {
    /// As it was typed; empty when none was.
    pub phone: String,
}

/// Writes down a colleague's telephone number.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SavePhone {
    /// Their record.
    #[ts(type = "string")]
    pub person: RecordId,
    /// The number, as people write it.
    pub phone: String,
}

fn phone_of(person: &Record) -> SealedField {
    SealedField {
        scope: person.scope,
        kind: Kind::Person,
        record: person.id,
        field: PersonField::Phone.number(),
    }
}

/// Masks a comment for good.
///
/// # Errors
/// `text-in-clear` for one that an older version wrote; `record-gone`, `not-allowed-here`.
pub fn mask_comment(cx: &Cx<'_>, request: ById) -> Result<SavedRecord> {
    let comment = cx
        .store()
        .read(|conn| existing(conn, Kind::Comment, request.id))?;
    if !comment.value("text").is_null() {
        return Err(AppError::new("text-in-clear"));
    }
    cx.mask_for_good(crate::cycles::said(comment.scope, comment.id))?;
    Ok(SavedRecord { id: request.id })
}

impl Cx<'_> {
    /// Masks what stands in a sealed field for good.
    ///
    /// # Errors
    /// `record-gone`, `not-allowed-here`.
    pub(crate) fn mask_for_good(&self, at: SealedField) -> Result<()> {
        self.write(|w| {
            let record = existing(w.conn(), at.kind, at.record)?;
            self.mask(w, at)?;
            // What stands there stays as it is, and the history says who closed it.
            let name = at.kind.field(at.field).map_or("", |field| field.name);
            let said = record.value(name).clone();
            w.rewrite(true);
            let closed = Edit {
                seen: Seen::All,
                ..edit(at.kind, at.record, at.field, said)
            };
            self.save(w, at.scope, SaveKind::Mask, None, vec![closed])
        })?;
        self.store().sweep()?;
        Ok(())
    }
}

/// A colleague's telephone number.
///
/// # Errors
/// `phone-closed` when it was written down on a laptop that has not given its key yet; `record-gone`.
pub fn read_phone(cx: &Cx<'_>, request: OfPerson) -> Result<Phone> {
    let person = cx
        .store()
        .read(|conn| existing(conn, Kind::Person, request.person))?;
    let value = person.value("phone");
    if value.is_null() {
        return Ok(Phone {
            phone: String::new(),
        });
    }
    match cx.opened(phone_of(&person), value)? {
        Reading::Words(phone) => Ok(Phone { phone }),
        Reading::Masked(..) => Ok(Phone {
            phone: String::new(),
        }),
        Reading::Closed => Err(AppError::new("phone-closed")),
    }
}

/// Writes down a colleague's telephone number.
///
/// # Errors
/// `phone-empty`, `text-too-long`, `record-gone`, `not-allowed-here`.
pub fn save_phone(cx: &Cx<'_>, request: SavePhone) -> Result<SavedRecord> {
    if text_value("phone", &request.phone)?.is_null() {
        return Err(AppError::new("phone-empty"));
    }
    cx.write(|w| {
        let person = existing(w.conn(), Kind::Person, request.person)?;
        let at = phone_of(&person);
        let phone = cx.sealed(w, at, &request.phone)?;
        let edits = vec![instead_of_all(&at, phone)];
        cx.save(w, person.scope, SaveKind::Edit, None, edits)?;
        Ok(SavedRecord { id: person.id })
    })
}

/// A number that was written on two laptops at once is settled by writing it again: none of them is shown unasked, so none can be
/// chosen.
fn instead_of_all(at: &SealedField, value: Value) -> Edit {
    Edit {
        seen: Seen::All,
        ..edit(at.kind, at.record, at.field, value)
    }
}

/// Erases a colleague's telephone number for good.
///
/// # Errors
/// `record-gone`, `not-allowed-here`.
pub fn erase_phone(cx: &Cx<'_>, request: OfPerson) -> Result<SavedRecord> {
    cx.write(|w| {
        let person = existing(w.conn(), Kind::Person, request.person)?;
        let at = phone_of(&person);
        cx.mask(w, at)?;
        let edits = vec![instead_of_all(&at, Value::Null)];
        cx.save(w, person.scope, SaveKind::Edit, None, edits)
    })?;
    cx.store().sweep()?;
    Ok(SavedRecord { id: request.person })
}
