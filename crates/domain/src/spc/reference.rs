//! The reference cases, and how far this engine is from them.
//!
//! The numbers were computed by other people's software on hospital data, textbook data and planted edge cases; each case
//! names its source and its software. They are compiled in, so that anybody can see on their own computer that the charts
//! they act upon are right.

use std::fmt::Display;

use serde::Serialize;
use serde_json::Value;
use ts_rs::TS;

use super::case;

/// How far a number may be from the reference, relative to it; the cases carry twelve digits.
pub const RELATIVE: f64 = 1e-9;
/// How far a number near zero may be from the reference.
pub const ABSOLUTE: f64 = 1e-12;

macro_rules! cases {
    ($($name:literal)*) => {
        /// Every reference case: its name and its text, JSON of the schema `spc-oracle/1`.
        pub const CASES: &[(&str, &str)] = &[$(
            ($name, include_str!(concat!("../../../../assets/reference/", $name, ".json"))),
        )*];
    };
}

cases! {
    "pub-001-run-cabg-readmission"
    "pub-002-run-cabg-los-median"
    "pub-003-run-cdi"
    "pub-004-run-cdi-part"
    "pub-005-run-cdi-freeze"
    "pub-006-run-three-phases"
    "pub-007-run-exclude"
    "pub-008-run-missing"
    "pub-009-run-ties-on-median"
    "pub-010-run-all-equal"
    "pub-011-run-one-point"
    "pub-012-run-two-points"
    "pub-013-run-nine-points"
    "pub-014-run-long-run-only"
    "pub-015-run-few-crossings-only"
    "pub-016-run-boundary-not-signal"
    "pub-017-run-n120"
    "pub-018-run-target-centre"
    "pub-019-run-bestbox"
    "pub-020-run-float-ties"
    "pub-021-i-montgomery-6.07-freeze20"
    "pub-022-mr-montgomery-6.07-freeze20"
    "pub-023-i-cabg-los"
    "pub-024-i-spike-screening"
    "pub-025-i-all-equal"
    "pub-026-i-one-point"
    "pub-027-i-two-points"
    "pub-028-i-missing"
    "pub-029-i-exclude"
    "pub-030-i-three-phases"
    "pub-031-mr-basic"
    "pub-032-p-cabg-deaths"
    "pub-033-p-cabg-readmission-break24"
    "pub-034-p-montgomery-7.03"
    "pub-035-p-montgomery-7.04"
    "pub-036-p-gtt"
    "pub-037-p-zero-denominators"
    "pub-038-p-all-zero"
    "pub-039-p-all-one"
    "pub-040-p-clipped"
    "pub-041-p-missing"
    "pub-042-pp-nhs-accidents"
    "pub-043-p-nhs-accidents"
    "pub-044-pp-cabg-readmission-freeze24"
    "pub-045-pp-p1"
    "pub-046-c-montgomery-7.08"
    "pub-047-c-gtt"
    "pub-048-u-cdi-break24"
    "pub-049-u-montgomery-7.10"
    "pub-050-u-montgomery-7.11"
    "pub-051-up-gtt"
    "pub-052-up-cdi-freeze24"
    "pub-053-g-cabg-ops-between-deaths"
    "pub-054-g-zeros-freeze"
    "pub-055-t-montgomery-7.14"
    "pub-056-t-zero-rejected"
    "pub-057-xbar-montgomery-6.03"
    "pub-058-s-montgomery-6.04"
    "pub-059-xbar-montgomery-6.04"
    "pub-060-mdc-cabg-los"
    "pub-061-mdc-readmission-rebase"
    "pub-062-mdc-shift7-improvement"
    "pub-063-mdc-trend7-concern"
    "pub-064-mdc-two-in-three"
    "pub-065-mdc-neutral-astronomical"
    "pub-066-mdc-pass"
    "pub-067-mdc-short8"
    "pub-068-mdc-fix12"
    "pub-069-mdc-conflict"
    "pub-070-ihi-cdi"
    "pub-071-ihi-shift-over-tie"
    "pub-072-ihi-trend-with-repeat"
    "pub-073-ihi-too-many-runs"
    "pub-074-ihi-boundary-12-useful"
    "pub-075-ihi-all-equal"
    "pub-076-rules-mixed"
    "pub-077-rules-alternating-and-stratified"
    "pub-078-rules-boundaries"
    "pub-079-rules-trend"
    "pub-080-mdc-two-in-three-opposite"
    "pub-081-mdc-outside-then-near"
    "pub-082-mdc-all-equal"
    "pub-083-mdc-target-on-limit"
    "pub-084-ip-lots"
}

/// A case computed anew, beside what it says.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct Verified {
    /// The case's name.
    pub name: String,
    /// Its kind, such as `making-data-count`.
    pub kind: String,
    /// Its chart, such as `p`.
    pub chart: String,
    /// How many values were compared: numbers, signals, names and what is to be absent.
    pub compared: u32,
    /// The greatest distance of a number from the reference, relative to it.
    pub farthest: f64,
    /// Where the engine departs from the reference, as paths with both values; empty when it agrees.
    pub departures: Vec<String>,
}

/// Computes every reference case and compares. Takes a fraction of a second.
pub fn verify() -> Vec<Verified> {
    CASES
        .iter()
        .map(|(name, text)| compare(name, text).0)
        .collect()
}

/// A value of the reference beside ours.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct Compared {
    /// Where it stands in the case, such as `variants[1].points.centre[3]`.
    pub path: String,
    /// What the reference says, as JSON.
    pub expected: String,
    /// What this engine computes, as JSON.
    pub computed: String,
    /// Whether they agree.
    pub agrees: bool,
}

/// Every value of one case beside ours, in the order of the case; `None` for a name that is none.
pub fn values(name: &str) -> Option<Vec<Compared>> {
    let (name, text) = CASES.iter().find(|(known, _)| *known == name)?;
    Some(compare(name, text).1)
}

/// Computes one case and compares; a case that cannot be read or computed departs as a whole.
fn compare(name: &str, text: &str) -> (Verified, Vec<Compared>) {
    let case: Value = serde_json::from_str(text).unwrap_or_default();
    let named = |field: &Value| field.as_str().unwrap_or_default().to_owned();
    let answer = if case.get("variants").is_some() {
        "variants"
    } else {
        "expected"
    };
    let mut against = Against::default();
    match case::evaluate(&case) {
        Ok(answered) => against.differences(answer, &case[answer], &answered[answer]),
        Err(error) => against.departures.push(error.to_string()),
    }
    let verified = Verified {
        name: name.to_owned(),
        kind: named(&case["kind"]),
        chart: named(&case["input"]["chart"]),
        compared: against.compared,
        farthest: against.farthest,
        departures: against.departures,
    };
    (verified, against.values)
}

/// A comparison under way.
#[derive(Default)]
struct Against {
    compared: u32,
    farthest: f64,
    departures: Vec<String>,
    values: Vec<Compared>,
}

impl Against {
    /// Where `found` departs from `expected`. Only keys of `expected` count, and not its second opinions of other
    /// software, which are no part of the answer.
    fn differences(&mut self, path: &str, expected: &Value, found: &Value) {
        match (expected, found) {
            (Value::Object(expected), Value::Object(found)) => {
                for (key, expected) in expected.iter().filter(|(key, _)| *key != "cross_checks") {
                    let found = found.get(key).unwrap_or(&Value::Null);
                    self.differences(&format!("{path}.{key}"), expected, found);
                }
                for key in found.keys().filter(|key| !expected.contains_key(*key)) {
                    self.departures
                        .push(format!("{path}.{key} is not in the reference"));
                }
            }
            (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
                for (i, (expected, found)) in expected.iter().zip(found).enumerate() {
                    self.differences(&format!("{path}[{}]", i + 1), expected, found);
                }
            }
            (Value::Array(expected), Value::Array(found)) => {
                self.departures.push(format!(
                    "{path}: {} items for {}",
                    found.len(),
                    expected.len()
                ));
            }
            (Value::Number(expected), Value::Number(found)) => {
                let (a, b) = (expected.as_f64(), found.as_f64());
                let distance = a.zip(b).map_or(f64::INFINITY, |(a, b)| (a - b).abs());
                let size = a.unwrap_or_default().abs();
                if distance > ABSOLUTE {
                    self.farthest = self.farthest.max(distance / size);
                }
                let agrees = distance <= ABSOLUTE.max(RELATIVE * size);
                self.value(path, expected, found, agrees);
            }
            _ => self.value(path, expected, found, expected == found),
        }
    }

    fn value(&mut self, path: &str, expected: &impl Display, found: &impl Display, agrees: bool) {
        self.compared += 1;
        if !agrees {
            self.departures
                .push(format!("{path}: {found} for {expected}"));
        }
        self.values.push(Compared {
            path: path.to_owned(),
            expected: expected.to_string(),
            computed: found.to_string(),
            agrees,
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn departures(expected: &Value, found: &Value) -> usize {
        let mut against = Against::default();
        against.differences("", expected, found);
        against.departures.len()
    }

    /// The comparison itself must see a wrong number, a missing and a superfluous key.
    #[test]
    fn the_comparison_would_notice() {
        let expected = json!({ "a": [1, 2.5], "b": null, "cross_checks": 1 });
        let noticed = |found: Value| departures(&expected, &found);
        assert_eq!(
            noticed(json!({ "a": [1.0, 2.500_000_000_001], "b": null })),
            0
        );
        assert_eq!(noticed(json!({ "a": [1, 2.50001], "b": null })), 1);
        assert_eq!(noticed(json!({ "a": [1], "b": 0 })), 2);
        assert_eq!(noticed(json!({ "a": [1, 2.5], "b": null, "c": 1 })), 1);
        assert_eq!(noticed(json!({ "b": null })), 1);
    }

    #[test]
    fn a_case_that_cannot_be_computed_departs() {
        assert_eq!(compare("broken", "{").0.departures.len(), 1);
        let wrong = CASES[0].1.replacen("\"centre\": [", "\"centre\": [77, ", 1);
        assert_ne!(wrong, CASES[0].1);
        assert_eq!(compare("one more number", &wrong).0.departures.len(), 1);
    }
}
