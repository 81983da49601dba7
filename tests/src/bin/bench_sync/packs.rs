//! The same changes packed by our segments and by plain formats: what the words of a workload weigh by themselves.

use std::collections::BTreeMap;

use domain::ids::ScopeId;
use domain::value::Value;
use nyetaa_tests::Light;
use sync::codec;
use sync::key::KeyPair;
use sync::log::Save;
use sync::segment::{self, Tip};

use crate::Outcome;
use crate::figures::{Target, Unit, heading, line};
use crate::words::Words;
use crate::workload::{later, saves};

const BULK: Target = Target::Most(5.5);

/// Prints bytes a change of W1 and W2, by format.
pub fn run(words: Words, now_ms: u64) -> Outcome {
    heading(&format!(
        "Bytes a change without any transport ({})",
        words.name()
    ));
    let mut light = Light::new(1);
    let first = saves(&light, 1_000, 10_000, words, 5, now_ms - (30 << 30));
    light.write(&first);
    let day = later(&light, 200, words, 6, now_ms);
    let key = KeyPair::from_secret(&[9; 32]);
    for (name, saves, target) in [
        ("10,000 new", &first, BULK),
        ("200 later", &day, Target::None),
    ] {
        let changes: usize = saves.iter().map(|save| save.changes.len()).sum();
        let json = as_json(saves);
        let packed = zstd::bulk::compress(json.as_bytes(), 3)?;
        let each = |bytes: usize| bytes as f64 / changes as f64;
        line(
            &format!("{name}: JSON lines"),
            each(json.len()),
            Unit::BytesEach,
            Target::None,
        );
        line(
            &format!("{name}: JSON lines, zstd-3"),
            each(packed.len()),
            Unit::BytesEach,
            Target::None,
        );
        let values = zstd::bulk::compress(&values_alone(saves), 19)?;
        line(
            &format!("{name}: the values alone, by field, zstd-19"),
            each(values.len()),
            Unit::BytesEach,
            Target::None,
        );
        let tip = Tip::start(ScopeId::from_bytes([3; 16]));
        let sealed = segment::seal_all(&key, &tip, saves)?;
        let bytes: usize = sealed.iter().map(|segment| segment.bytes.len()).sum();
        line(
            &format!("{name}: our segments, signed"),
            each(bytes),
            Unit::BytesEach,
            target,
        );
        let without: usize = sealed
            .iter()
            .map(|segment| without_dictionary(&segment.bytes))
            .sum::<Outcome<usize>>()?;
        line(
            &format!("{name}: the same without the dictionary"),
            each(without),
            Unit::BytesEach,
            Target::None,
        );
    }
    Ok(())
}

/// What a segment would weigh, had its body been packed as well as can be with no dictionary.
pub fn without_dictionary(bytes: &[u8]) -> Outcome<usize> {
    let read = segment::read(bytes)?;
    let header = read.header();
    let body = codec::encode(header.first_seq, header.replica, &read.saves()?)?;
    // The frame says how long the body is that stands in it.
    let packed = u32::from_le_bytes(bytes.get(9..13).ok_or("a short frame")?.try_into()?) as usize;
    // Without a dictionary the header does not name one either: its number and eight bytes.
    const NAMED: usize = 10;
    Ok(bytes.len() - packed + zstd::bulk::compress(&body, 19)?.len() - NAMED)
}

/// Every value as text, field by field.
fn values_alone(saves: &[Save]) -> Vec<u8> {
    let mut by_field: BTreeMap<u16, Vec<u8>> = BTreeMap::new();
    for change in saves.iter().flat_map(|save| &save.changes) {
        let text = match &change.value {
            Value::Text(text) => text.clone(),
            Value::Date(day) => day.to_string(),
            other => other.as_f64().unwrap_or_default().to_string(),
        };
        let field = by_field.entry(change.field).or_default();
        field.extend_from_slice(text.as_bytes());
        field.push(0);
    }
    by_field.into_values().flatten().collect()
}

fn as_json(saves: &[Save]) -> String {
    let mut text = String::new();
    for save in saves {
        for change in &save.changes {
            let line = serde_json::json!({
                "kind": change.kind, "record": change.record.to_string(), "field": change.field,
                "value": change.value, "hlc": save.hlc.0, "author": save.author.to_string(),
            });
            text += &line.to_string();
            text.push('\n');
        }
    }
    text
}
