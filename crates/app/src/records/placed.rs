//! Records that belong to a place or to another record, and are edited field by field.

use domain::ids::{RecordId, ScopeId};
use domain::registry::Kind;
use domain::value::Value;
use store::Edit;
use sync::log::SaveKind;

use super::queries::{Record, existing};
use super::{FieldEdit, SavedRecord, edit};
use crate::cx::Cx;
use crate::error::{AppError, Result};

/// Which record is edited, and what it belongs to for ever.
pub(crate) struct Placed<'a> {
    /// Its kind.
    pub kind: Kind,
    /// The record; none makes a new one.
    pub id: Option<RecordId>,
    /// The field that names what it belongs to.
    pub of: &'static str,
    /// What that is.
    pub owner: RecordId,
    /// Where it is shared.
    pub scope: ScopeId,
    /// Why, when there is something to say.
    pub reason: Option<&'a str>,
}

/// Saves it once `rule` has agreed with what its fields will hold.
///
/// # Errors
/// What `rule` says; `request-invalid` when it belongs to something else, or an edit says so.
pub(crate) fn save<F: Copy>(
    cx: &Cx<'_>,
    placed: &Placed<'_>,
    number: impl Fn(F) -> u16,
    fields: &[FieldEdit<F>],
    rule: impl Fn(&dyn Fn(&str) -> Value) -> Result<()>,
) -> Result<SavedRecord> {
    let kind = placed.kind;
    let numbered = |name: &str| kind.field_named(name).map(|field| field.number);
    let owner = numbered(placed.of).ok_or_else(|| AppError::new("request-invalid"))?;
    if fields.iter().any(|edit| number(edit.field) == owner) {
        return Err(AppError::new("request-invalid"));
    }
    cx.write(|w| {
        let before: Option<Record> = match placed.id {
            Some(id) => Some(existing(w.conn(), kind, id)?),
            None => None,
        };
        if before
            .as_ref()
            .is_some_and(|stored| stored.reference(placed.of) != Some(placed.owner))
        {
            return Err(AppError::new("request-invalid"));
        }
        let id = match placed.id {
            Some(id) => id,
            None => w.new_record()?,
        };
        let mut edits: Vec<Edit> = cx.edits(kind, id, &number, fields)?;
        rule(&|name| {
            let edited = edits
                .iter()
                .rfind(|edit| Some(edit.field) == numbered(name));
            match (edited, &before) {
                (Some(edit), _) => edit.value.clone(),
                (None, Some(stored)) => stored.value(name).clone(),
                (None, None) => Value::Null,
            }
        })?;
        match &before {
            Some(stored) => edits.extend(stored.kept()),
            None => edits.insert(0, edit(kind, id, owner, Value::Ref(placed.owner))),
        }
        cx.save(w, placed.scope, SaveKind::Edit, placed.reason, edits)?;
        Ok(SavedRecord { id })
    })
}
