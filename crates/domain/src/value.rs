//! The values that a field can hold, in the log and on the wire.

use serde::{Deserialize, Serialize};

use crate::ids::RecordId;

/// What a field holds. Stored in the log for ever: variants are added, never changed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Value {
    /// Emptied.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// `mantissa × 10^-scale`, exact as typed.
    Decimal {
        /// All digits, with the sign.
        mantissa: i64,
        /// How many of them stand after the decimal mark.
        scale: u8,
    },
    /// Text as typed.
    Text(String),
    /// A day, as days since 1970-01-01.
    Date(i32),
    /// Another record.
    Ref(RecordId),
    /// Several values.
    List(Vec<Value>),
    /// Bytes readable only with a per-record key; erasing the key erases the value.
    Sealed {
        /// Which key opens it.
        key: RecordId,
        /// The sealed bytes.
        bytes: Vec<u8>,
    },
    /// A photo or document that travels after the text.
    Blob {
        /// BLAKE3 of its bytes.
        hash: [u8; 32],
        /// Its length in bytes.
        length: u64,
        /// Its media type, such as `image/jpeg`.
        media_type: String,
    },
}

impl Value {
    /// Text, or [`Value::Null`] when there is nothing but white space.
    pub fn text(text: &str) -> Self {
        match text.trim() {
            "" => Self::Null,
            trimmed => Self::Text(trimmed.to_owned()),
        }
    }

    /// A decimal from its plain form, `-12.5`; no exponent, at most 18 digits.
    pub fn decimal(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = part.trim_end_matches('0');
        let scale = u8::try_from(digits.len()).ok()?;
        let all = format!("{whole}{digits}");
        let unsigned = all.strip_prefix('-').unwrap_or(&all);
        if unsigned.is_empty()
            || unsigned.len() > 18
            || !unsigned.bytes().all(|b| b.is_ascii_digit())
        {
            return None;
        }
        Some(Self::Decimal {
            mantissa: all.parse().ok()?,
            scale,
        })
    }

    /// A decimal from a finite number, in its shortest exact form.
    pub fn number(number: f64) -> Option<Self> {
        Self::decimal(&format!("{number}"))
    }

    /// A number, if it is one.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Int(i) => Some(*i as f64),
            // Parsing the written form is exact where dividing by a power of ten is not.
            Self::Decimal { mantissa, scale } => format!("{mantissa}e-{scale}").parse().ok(),
            _ => None,
        }
    }

    /// Its text, if it is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The record it refers to, if it is a reference.
    pub fn as_ref_id(&self) -> Option<RecordId> {
        match self {
            Self::Ref(id) => Some(*id),
            _ => None,
        }
    }

    /// Whether the field is empty.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

/// A day as [`Value::Date`] and back.
pub fn date_value(day: chrono::NaiveDate) -> Value {
    let days = day
        .signed_duration_since(chrono::NaiveDate::default())
        .num_days();
    i32::try_from(days).map_or(Value::Null, Value::Date)
}

/// The day of a [`Value::Date`].
pub fn value_date(value: &Value) -> Option<chrono::NaiveDate> {
    match value {
        Value::Date(days) => {
            chrono::NaiveDate::default().checked_add_signed(chrono::Duration::days((*days).into()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_kept_as_typed() {
        assert_eq!(
            Value::decimal("12.50"),
            Some(Value::Decimal {
                mantissa: 125,
                scale: 1
            })
        );
        assert_eq!(Value::decimal("-0.1").and_then(|v| v.as_f64()), Some(-0.1));
        assert_eq!(Value::decimal("1e5"), None);
        assert_eq!(Value::decimal(""), None);
        assert_eq!(
            Value::number(31.0),
            Some(Value::Decimal {
                mantissa: 31,
                scale: 0
            })
        );
    }

    #[test]
    fn days_round_trip() {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 3, 31).unwrap();
        assert_eq!(value_date(&date_value(day)), Some(day));
    }
}
