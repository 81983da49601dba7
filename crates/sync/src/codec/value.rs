//! Values. The tags stand in the log for ever.

use domain::value::Value;

use super::columns::{Column, Reader, Writer};
use super::ids::{IdReader, IdWriter};
use super::{Budget, CodecError, Limits};

const NULL: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const INT: u8 = 3;
const DECIMAL: u8 = 4;
const TEXT: u8 = 5;
const DATE: u8 = 6;
const REF: u8 = 7;
const LIST: u8 = 8;
const SEALED: u8 = 9;
const BLOB: u8 = 10;

/// Values being written. A value must have passed [`check`].
pub(crate) struct ValueWriter {
    day: i32,
}

impl ValueWriter {
    pub(crate) fn new() -> Self {
        Self { day: 0 }
    }

    pub(crate) fn put(&mut self, to: &mut Writer, ids: &mut IdWriter, value: &Value) {
        match value {
            Value::Null => to.byte(Column::Tags, NULL),
            Value::Bool(false) => to.byte(Column::Tags, FALSE),
            Value::Bool(true) => to.byte(Column::Tags, TRUE),
            Value::Int(number) => {
                to.byte(Column::Tags, INT);
                to.int(Column::Numbers, *number);
            }
            Value::Decimal { mantissa, scale } => {
                to.byte(Column::Tags, DECIMAL);
                to.int(Column::Numbers, *mantissa);
                to.byte(Column::Scales, *scale);
            }
            Value::Text(text) => {
                to.byte(Column::Tags, TEXT);
                put_text(to, text);
            }
            Value::Date(day) => {
                to.byte(Column::Tags, DATE);
                to.int(Column::Numbers, i64::from(*day) - i64::from(self.day));
                self.day = *day;
            }
            Value::Ref(id) => {
                to.byte(Column::Tags, REF);
                ids.put(to, *id);
            }
            Value::List(items) => {
                to.byte(Column::Tags, LIST);
                to.uint(Column::Lengths, items.len() as u64);
                for item in items {
                    self.put(to, ids, item);
                }
            }
            Value::Sealed { key, bytes } => {
                to.byte(Column::Tags, SEALED);
                ids.put(to, *key);
                to.uint(Column::Lengths, bytes.len() as u64);
                to.bytes(Column::Octets, bytes);
            }
            Value::Blob {
                hash,
                length,
                media_type,
            } => {
                to.byte(Column::Tags, BLOB);
                to.bytes(Column::Octets, hash);
                to.uint(Column::Numbers, *length);
                put_text(to, media_type);
            }
        }
    }
}

fn put_text(to: &mut Writer, text: &str) {
    to.uint(Column::Lengths, text.len() as u64);
    to.bytes(Column::Text, text.as_bytes());
}

/// Values being read.
pub(crate) struct ValueReader {
    day: i32,
}

impl ValueReader {
    pub(crate) fn new() -> Self {
        Self { day: 0 }
    }

    /// The value of one change; `depth` is how many lists may still be opened.
    pub(crate) fn take(
        &mut self,
        from: &mut Reader<'_>,
        ids: &mut IdReader,
        limits: &Limits,
        budget: &mut Budget,
        depth: usize,
    ) -> Result<Value, CodecError> {
        Ok(match from.byte(Column::Tags)? {
            NULL => Value::Null,
            FALSE => Value::Bool(false),
            TRUE => Value::Bool(true),
            INT => Value::Int(from.int(Column::Numbers)?),
            DECIMAL => Value::Decimal {
                mantissa: from.int(Column::Numbers)?,
                scale: from.byte(Column::Scales)?,
            },
            TEXT => {
                let length = from.uint(Column::Lengths)?;
                Value::Text(from.text(length, limits)?)
            }
            DATE => {
                let day = i64::from(self.day).checked_add(from.int(Column::Numbers)?);
                let day = day.and_then(|day| i32::try_from(day).ok());
                self.day = day.ok_or(CodecError::Malformed("a day out of range"))?;
                Value::Date(self.day)
            }
            REF => Value::Ref(ids.take(from)?),
            LIST => {
                let depth = depth
                    .checked_sub(1)
                    .ok_or(CodecError::TooLarge("lists within lists"))?;
                let length: usize = from.fitting(Column::Lengths)?;
                if length > from.left(Column::Tags) {
                    return Err(CodecError::Malformed("a list longer than what follows"));
                }
                budget.values(length)?;
                let mut items = Vec::with_capacity(length);
                for _ in 0..length {
                    items.push(self.take(from, ids, limits, budget, depth)?);
                }
                Value::List(items)
            }
            SEALED => {
                let key = ids.take(from)?;
                let length = from.uint(Column::Lengths)?;
                if length > limits.text as u64 {
                    return Err(CodecError::TooLarge("sealed bytes"));
                }
                Value::Sealed {
                    key,
                    bytes: from.bytes(Column::Octets, length)?.to_vec(),
                }
            }
            BLOB => {
                let hash = from.array(Column::Octets)?;
                let length = from.uint(Column::Numbers)?;
                let media_length = from.uint(Column::Lengths)?;
                Value::Blob {
                    hash,
                    length,
                    media_type: from.text(media_length, limits)?,
                }
            }
            _ => return Err(CodecError::Malformed("an unknown kind of value")),
        })
    }
}

/// Refuses a value that readers would refuse.
pub(crate) fn check(
    value: &Value,
    limits: &Limits,
    budget: &mut Budget,
    depth: usize,
) -> Result<(), CodecError> {
    let length = match value {
        Value::Text(text) => text.len(),
        Value::Sealed { bytes, .. } => bytes.len(),
        Value::Blob { media_type, .. } => media_type.len(),
        Value::List(items) => {
            let depth = depth
                .checked_sub(1)
                .ok_or(CodecError::TooLarge("lists within lists"))?;
            budget.values(items.len())?;
            return items
                .iter()
                .try_for_each(|item| check(item, limits, budget, depth));
        }
        _ => 0,
    };
    if length > limits.text {
        Err(CodecError::TooLarge("text"))
    } else {
        Ok(())
    }
}

/// An upper bound of what a value takes in a body.
pub(crate) fn weight(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len() + 6,
        Value::List(items) => 6 + items.iter().map(weight).sum::<usize>(),
        Value::Sealed { bytes, .. } => bytes.len() + 40,
        Value::Blob { media_type, .. } => media_type.len() + 50,
        _ => 28,
    }
}
