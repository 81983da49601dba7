//! Texts whose key can be destroyed: sealed when they are saved, opened for whoever may read them, masked for good.

mod commands;

use std::collections::BTreeMap;

use domain::ids::{RecordId, ScopeId};
use domain::permission::Class;
use domain::registry::Kind;
use domain::value::Value;
use store::Writer;
use store::project::{self, FieldAt};
use store::sealed::{Known, key_of_record, known};
use sync::sealing::{self, Erase, RecordKey, Spot};

pub use commands::{OfPerson, Phone, SavePhone, erase_phone, mask_comment, read_phone, save_phone};

use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::words::sentence;

/// What can be said of a sealed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// Its words.
    Words(String),
    /// Its key was destroyed: by whom, and when in milliseconds since 1970.
    Masked(RecordId, u64),
    /// Something stands there. Its key is for others, or has not come yet.
    Closed,
}

/// A sealed field of a record.
#[derive(Debug, Clone, Copy)]
pub struct SealedField {
    /// The record's scope.
    pub scope: ScopeId,
    /// Its kind.
    pub kind: Kind,
    /// The record.
    pub record: RecordId,
    /// The field's number.
    pub field: u16,
}

impl SealedField {
    fn spot(self) -> Spot {
        Spot {
            kind: self.kind.number(),
            record: self.record,
            field: self.field,
        }
    }

    /// Who may have its key.
    pub fn class(self) -> Class {
        Class::of_sealed(self.kind, self.field)
    }

    fn class_word(self) -> Result<&'static str> {
        let word = self.class().word();
        word.ok_or_else(|| AppError::new("request-invalid"))
    }
}

impl Cx<'_> {
    /// What is to be saved as a sealed text: under the record's key, made now when it has none. Nothing for an empty one.
    pub fn sealed(&self, w: &mut Writer<'_>, at: SealedField, text: &str) -> Result<Value> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Value::Null);
        }
        let class = at.class_word()?;
        let secret = match key_of_record(w.conn(), at.record, class)? {
            Some(secret) => secret,
            None => {
                let key = RecordKey {
                    scope: at.scope,
                    record: at.record,
                    class: class.to_owned(),
                    secret: (self.around.random)()?,
                };
                w.keep_key(&key)?;
                key.secret
            }
        };
        sealing::seal(&secret, at.spot(), text).ok_or_else(|| AppError::new("text-too-long"))
    }

    /// Opens a sealed text as far as its key is here.
    pub fn opened(&self, at: SealedField, value: &Value) -> Result<Reading> {
        opened(at, value, |key| {
            Ok(self.store().read(|conn| known(conn, at.scope, key))?)
        })
    }

    /// A sealed text in one line, also where it cannot be read. Of colleagues' records nothing is read on the way: that
    /// takes a command of its own, which is noted.
    pub fn sealed_line(&self, at: SealedField, value: &Value) -> Result<String> {
        let say = |key| Ok(sentence(self.language()?, key, &BTreeMap::new()));
        match self.opened(at, value)? {
            Reading::Masked(..) => say("sealed-masked"),
            Reading::Words(words) if at.class() != Class::Staff => Ok(words),
            Reading::Words(_) | Reading::Closed => say("sealed-closed"),
        }
    }

    /// Destroys the keys of everything that stands in a sealed field, and of what stood there before: here at once, and
    /// everywhere else as word of it comes.
    pub(crate) fn mask(&self, w: &mut Writer<'_>, at: SealedField) -> Result<()> {
        if !self.may_write(at.scope)? {
            return Err(AppError::new("not-allowed-here"));
        }
        let by = self.author()?.person;
        let field = FieldAt {
            scope: at.scope,
            kind: at.kind.number(),
            record: at.record,
            field: at.field,
        };
        let mut keys: Vec<RecordId> = project::heads(w.conn(), &field)?
            .into_iter()
            .filter_map(|head| match head.value {
                Value::Sealed { key, .. } => Some(key),
                _ => None,
            })
            .collect();
        keys.extend(store::sealed::keys_of_record(
            w.conn(),
            at.record,
            at.class_word()?,
        )?);
        for key in keys {
            let wanted = Erase {
                scope: at.scope,
                key,
                by,
            };
            w.erase_key(&wanted, self.now_ms)?;
        }
        Ok(())
    }

    /// A text that was sealed for one record, sealed anew for another: what a provisional place has saved is saved once more
    /// where it belongs. Nothing of it has left this laptop.
    pub(crate) fn sealed_again(
        &self,
        w: &mut Writer<'_>,
        from: SealedField,
        to: SealedField,
        value: &Value,
    ) -> Result<Value> {
        match opened(from, value, |key| Ok(known(w.conn(), from.scope, key)?))? {
            Reading::Words(words) => self.sealed(w, to, &words),
            Reading::Masked(..) | Reading::Closed => Ok(value.clone()),
        }
    }
}

fn opened(
    at: SealedField,
    value: &Value,
    look: impl FnOnce(RecordId) -> Result<Known>,
) -> Result<Reading> {
    let Value::Sealed { key, bytes } = value else {
        return Ok(Reading::Closed);
    };
    Ok(match look(*key)? {
        Known::Gone(by, at_ms) => Reading::Masked(by, at_ms),
        Known::Here(secret) => {
            sealing::open(&secret, at.spot(), bytes).map_or(Reading::Closed, Reading::Words)
        }
        Known::Never => Reading::Closed,
    })
}
