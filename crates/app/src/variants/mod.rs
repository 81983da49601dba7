//! What a place counts under a measure of the catalogue, in its own words.
//!
//! A team whose register has other columns, or a district that counts otherwise, keeps its wording as a version. It holds for the
//! place and those below, until another place nearer says otherwise; it is marked wherever the measure stands. Each value keeps by
//! which wording it was counted: a new one rewrites no old value, and the chart shows where it changed.

use domain::catalog::{Indicator, Variant};
use domain::ids::RecordId;
use domain::registry::{Field, Kind};
use domain::value::{Value, date_value};
use serde::{Deserialize, Serialize};
use sync::log::SaveKind;

use crate::charts::{OfMeasure, queries};
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::permissions::may_change;
use crate::records::queries::Record;
use crate::records::{RecordMeta, SavedRecord, edit, text_value};
use crate::values::known_indicator;

/// Places above one another that are looked through; a tree that goes round must not hang the app.
const HIGHEST: usize = 8;

/// Writes how a place counts a measure.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SaveVariant {
    /// Where.
    #[ts(type = "string")]
    pub place: RecordId,
    /// The indicator's code.
    pub indicator: String,
    /// What the numerator counts; with an empty denominator too, the catalogue's words hold again.
    pub numerator: String,
    /// What the denominator counts; empty for a measure that has none.
    pub denominator: String,
    /// Why; never empty.
    pub reason: String,
}

/// One version of a place's wording.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct VariantVersion {
    /// What every record shows.
    pub meta: RecordMeta,
    /// Its number, from 1.
    pub version: u32,
    /// What the numerator counts; none for the catalogue's words.
    pub numerator: Option<String>,
    /// What the denominator counts.
    pub denominator: Option<String>,
    /// Since which day, ISO.
    pub day: Option<String>,
    /// Why.
    pub reason: String,
}

/// How a place counts a measure.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Variants {
    /// The measure as it is counted there now.
    pub now: Indicator,
    /// The place's own versions, the last first.
    pub versions: Vec<VariantVersion>,
    /// Whether whoever is inside may write one.
    pub writable: bool,
}

/// The record of a version, so that two laptops that write the same meet in it, and two that write different words as the same
/// version do not: each value keeps the words that it was counted by.
pub fn variant_record(
    place: RecordId,
    indicator: &str,
    version: u32,
    numerator: Option<&str>,
    denominator: Option<&str>,
) -> RecordId {
    RecordId::natural(&[
        Kind::Variant.table().as_bytes(),
        place.as_bytes(),
        indicator.as_bytes(),
        &version.to_be_bytes(),
        numerator.unwrap_or_default().as_bytes(),
        denominator.unwrap_or_default().as_bytes(),
    ])
}

fn versions(cx: &Cx<'_>, place: RecordId, indicator: &str) -> Result<Vec<Record>> {
    cx.store()
        .read(|conn| queries::about(conn, Kind::Variant, place, indicator))
}

/// The last version of the nearest place that ever had one.
fn current(cx: &Cx<'_>, place: RecordId, indicator: &str) -> Result<Option<(RecordId, Record)>> {
    let mut at = Some(place);
    for _ in 0..HIGHEST {
        let Some(here) = at else { break };
        if let Some(last) = versions(cx, here, indicator)?.pop() {
            return Ok(Some((here, last)));
        }
        at = cx.place(here).ok().and_then(|place| place.parent);
    }
    Ok(None)
}

/// Whether a version has words of its own.
fn has_words(version: &Record) -> bool {
    version.text("numerator").is_some() || version.text("denominator").is_some()
}

/// A measure as a place counts it.
pub fn worded(cx: &Cx<'_>, place: RecordId, indicator: &Indicator) -> Result<Indicator> {
    let mut own = indicator.clone();
    let Some((from, last)) = current(cx, place, &indicator.code)?.filter(|(_, v)| has_words(v))
    else {
        return Ok(own);
    };
    if let Some(words) = last.text("numerator") {
        (own.numerator.fr, own.numerator.en) = (words.clone(), words);
    }
    if let (Some(said), Some(words)) = (own.denominator.as_mut(), last.text("denominator")) {
        (said.fr, said.en) = (words.clone(), words);
    }
    own.variant = Some(Variant {
        place: cx.place_summary(from)?.name,
        version: number(&last),
    });
    Ok(own)
}

/// What is written into a value of the place about the wording that it is counted by; nothing where no wording was ever kept.
pub fn counted_by(cx: &Cx<'_>, place: RecordId, indicator: &str) -> Result<Option<Value>> {
    let last = current(cx, place, indicator)?;
    Ok(last.map(|(_, version)| match has_words(&version) {
        true => Value::Ref(version.id),
        false => Value::Null,
    }))
}

fn number(version: &Record) -> u32 {
    version.number("version").unwrap_or(1.0) as u32
}

/// How a place counts a measure, and how it did before.
pub fn variants(cx: &Cx<'_>, request: OfMeasure) -> Result<Variants> {
    let indicator = known_indicator(&request.indicator)?;
    let own = versions(cx, request.place, &indicator.code)?;
    let said = own.iter().rev().map(|record| {
        Ok(VariantVersion {
            meta: cx.meta(record)?,
            version: number(record),
            numerator: record.text("numerator"),
            denominator: record.text("denominator"),
            day: record.day("day"),
            reason: record.text("reason").unwrap_or_default(),
        })
    });
    Ok(Variants {
        now: worded(cx, request.place, indicator)?,
        versions: said.collect::<Result<_>>()?,
        writable: may_change(cx, cx.scope_of(request.place)?)?,
    })
}

/// Keeps how a place counts a measure as its next version. Values that stand are not touched.
///
/// # Errors
/// `variant-same` when nothing changes, `reason-missing`, `request-invalid` for a denominator where the measure has none.
pub fn save_variant(cx: &Cx<'_>, request: SaveVariant) -> Result<SavedRecord> {
    let indicator = known_indicator(&request.indicator)?;
    let (place, code) = (request.place, indicator.code.as_str());
    let mut numerator = text_value("numerator", &request.numerator)?;
    let mut denominator = text_value("denominator", &request.denominator)?;
    let reason = text_value("reason", &request.reason)?;
    if reason.is_null() {
        return Err(AppError::new("reason-missing"));
    }
    if indicator.denominator.is_none() && !denominator.is_null() {
        return Err(AppError::new("request-invalid"));
    }
    let is = |value: &Value, words: Option<&str>| value.as_text() == words;
    let catalogue = |words: &domain::text::Localized, value: &Value| {
        is(value, Some(&words.fr)) || is(value, Some(&words.en))
    };
    // The catalogue's own words are no wording of the place.
    if catalogue(&indicator.numerator, &numerator) {
        numerator = Value::Null;
    }
    if indicator
        .denominator
        .as_ref()
        .is_some_and(|words| catalogue(words, &denominator))
    {
        denominator = Value::Null;
    }
    let last = current(cx, place, code)?.map(|(_, version)| version);
    let said = |name| last.as_ref().and_then(|version| version.text(name));
    if is(&numerator, said("numerator").as_deref())
        && is(&denominator, said("denominator").as_deref())
    {
        return Err(AppError::new("variant-same"));
    }
    let scope = cx.scope_of(place)?;
    cx.write(|w| {
        // Removed ones keep their numbers: what was counted by them names them still.
        let ever = queries::ever_about(w.conn(), Kind::Variant, place, code)?;
        let version = ever.iter().map(number).max().unwrap_or(0) + 1;
        let id = variant_record(
            place,
            code,
            version,
            numerator.as_text(),
            denominator.as_text(),
        );
        let mut edits = Vec::new();
        for (name, value) in [
            ("place", Value::Ref(place)),
            ("indicator", Value::text(code)),
            ("version", Value::Int(version.into())),
            ("numerator", numerator),
            ("denominator", denominator),
            ("day", date_value(cx.today())),
            ("reason", reason),
        ] {
            let field: Option<Field> = Kind::Variant.field_named(name);
            let field = field.ok_or_else(|| AppError::new("request-invalid"))?;
            edits.push(edit(Kind::Variant, id, field.number, value));
        }
        let known = ever.iter().find(|record| record.id == id);
        edits.extend(known.and_then(Record::kept));
        cx.save(w, scope, SaveKind::Edit, Some(&request.reason), edits)?;
        Ok(SavedRecord { id })
    })
}
