//! Choosing among several people's values, and going back on it.

use std::collections::BTreeMap;

use domain::ids::RecordId;
use domain::permission::Class;
use domain::registry::{FieldType, Kind};
use domain::value::Value;
use serde::{Deserialize, Serialize};
use store::project::{self, FieldAt};
use store::{Edit, Seen};
use sync::log::SaveKind;

use super::{parse_token, queries, token, value_of};
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::sealed::SealedField;

/// One field of a question, and what is to stand there.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SettledPart {
    /// The field's name.
    pub field: String,
    /// The value to keep, in the plain form of [`super::OpenValue::text`]; `null` for emptied.
    #[ts(type = "string | number | null")]
    pub value: serde_json::Value,
    /// The tokens of every value that was on the screen.
    pub seen: Vec<String>,
}

/// Answers a question about a record: one of the values, or a third; numerator and denominator of a cell together.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct Settle {
    /// The record's kind.
    pub kind: Kind,
    /// The record.
    #[ts(type = "string")]
    pub record: RecordId,
    /// The fields that are answered.
    pub parts: Vec<SettledPart>,
    /// Why, when there is something to say.
    pub reason: Option<String>,
    /// Whether an answer is taken back, and what stood before it stands again.
    pub undo: bool,
}

/// A question that was answered.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Settled {
    /// The record.
    #[ts(type = "string")]
    pub id: RecordId,
    /// The token of what stands in each answered field now.
    pub seen: BTreeMap<String, String>,
}

/// What was chosen for a field.
enum Chosen<'a> {
    Value(Value),
    /// For one whose text is sealed.
    Words(&'a str),
}

/// Chooses among several values: one ordinary save that has seen them all.
///
/// # Errors
/// `settle-staff` for what is read of colleagues by a command of its own alone: who cannot see the values cannot choose.
/// `values-changed`, `request-invalid`, `value-invalid`.
pub fn settle(cx: &Cx<'_>, request: Settle) -> Result<Settled> {
    let kind = request.kind;
    let bad = || AppError::new("request-invalid");
    let parts = request
        .parts
        .iter()
        .map(|part| {
            let field = kind.field_named(&part.field).ok_or_else(bad)?;
            let sealed = field.ty == FieldType::Sealed;
            if sealed && Class::of_sealed(kind, field.number) == Class::Staff {
                return Err(AppError::new("settle-staff"));
            }
            let tokens = part.seen.iter().map(|token| parse_token(token));
            let tokens = tokens.collect::<Result<Vec<_>>>()?;
            let value = match sealed {
                true => Chosen::Words(part.value.as_str().unwrap_or_default()),
                false => Chosen::Value(value_of(field, &part.value)?),
            };
            Ok((field, value, tokens))
        })
        .collect::<Result<Vec<_>>>()?;
    if parts.is_empty() {
        return Err(bad());
    }
    cx.write(|w| {
        let record = queries::existing(w.conn(), kind, request.record)?;
        let at = |field: u16| FieldAt {
            scope: record.scope,
            kind: kind.number(),
            record: record.id,
            field,
        };
        let mut edits = Vec::new();
        for (field, value, tokens) in &parts {
            let standing = project::heads(w.conn(), &at(field.number))?;
            if standing.iter().any(|head| !tokens.contains(&head.dot)) {
                // Another value came while the person was choosing: it must be looked at too.
                return Err(AppError::new("values-changed"));
            }
            let value = match value {
                Chosen::Value(value) => value.clone(),
                Chosen::Words(words) => {
                    let sealed = SealedField {
                        scope: record.scope,
                        kind,
                        record: record.id,
                        field: field.number,
                    };
                    // One of those that stand is kept as it is, also by whoever cannot read it.
                    let mut kept = None;
                    for head in &standing {
                        if cx.plain(sealed, &head.value)? == *words {
                            kept = Some(head.value.clone());
                            break;
                        }
                    }
                    match kept {
                        Some(value) => value,
                        None => cx.sealed(w, sealed, words)?,
                    }
                }
            };
            edits.push(Edit {
                kind,
                record: record.id,
                field: field.number,
                value,
                seen: Seen::All,
            });
        }
        edits.extend(record.kept());
        let how = if request.undo {
            SaveKind::Undo
        } else {
            SaveKind::Settle
        };
        cx.save(w, record.scope, how, request.reason.as_deref(), edits)?;
        let mut seen = BTreeMap::new();
        for (field, ..) in &parts {
            if let Some(head) = project::heads(w.conn(), &at(field.number))?.first() {
                seen.insert(field.name.to_owned(), token(&head.dot));
            }
        }
        Ok(Settled {
            id: record.id,
            seen,
        })
    })
}
