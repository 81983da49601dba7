//! Every case of the reference vectors, computed by other people's software, must come
//! out of this engine with the same numbers.

// A failed expectation in a test's own preparation is a failed test.
#![allow(clippy::expect_used)]

use std::fs;
use std::path::PathBuf;

use domain::spc::case;
use serde_json::Value;

/// The reference files with their names, in order.
fn cases() -> Vec<(String, Value)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/spc");
    let mut cases = Vec::new();
    for entry in fs::read_dir(folder).expect("the reference cases are in the repository") {
        let path = entry.expect("folder entry").path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            let text = fs::read_to_string(&path).expect("readable");
            let name = path
                .file_stem()
                .expect("named")
                .to_string_lossy()
                .into_owned();
            cases.push((name, serde_json::from_str(&text).expect("JSON")));
        }
    }
    cases.sort_by(|a, b| a.0.cmp(&b.0));
    cases
}

/// Where `found` departs from `expected`. Only keys of `expected` count: a reference case also
/// carries second opinions of other software, which are no part of the answer.
fn differences(path: &str, expected: &Value, found: &Value, all: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for (key, expected) in expected.iter().filter(|(key, _)| *key != "cross_checks") {
                let found = found.get(key).unwrap_or(&Value::Null);
                differences(&format!("{path}.{key}"), expected, found, all);
            }
            for key in found.keys().filter(|key| !expected.contains_key(*key)) {
                all.push(format!("{path}.{key} is not in the reference"));
            }
        }
        (Value::Array(expected), Value::Array(found)) => {
            if expected.len() != found.len() {
                all.push(format!(
                    "{path}: {} items for {}",
                    found.len(),
                    expected.len()
                ));
            }
            for (i, (expected, found)) in expected.iter().zip(found).enumerate() {
                differences(&format!("{path}[{}]", i + 1), expected, found, all);
            }
        }
        (Value::Number(expected), Value::Number(found)) => {
            let expected = expected.as_f64().expect("finite");
            let found = found.as_f64().expect("finite");
            if (expected - found).abs() > 1e-12_f64.max(1e-9 * expected.abs()) {
                all.push(format!("{path}: {found} for {expected}"));
            }
        }
        _ if expected != found => all.push(format!("{path}: {found} for {expected}")),
        _ => {}
    }
}

/// Compares one kind of case and returns how many there were.
fn compare(kind: &str, answer: &str) -> usize {
    let mut compared = 0;
    let mut all = Vec::new();
    for (name, reference) in cases() {
        if reference["kind"] != kind {
            continue;
        }
        let mut asked = reference.clone();
        asked.as_object_mut().expect("object").remove(answer);
        let answered = case::evaluate(&asked).expect(&name);
        differences(&name, &reference[answer], &answered[answer], &mut all);
        asked[answer] = answered[answer].clone();
        assert_eq!(asked, answered, "{name}: only the answer is added");
        compared += 1;
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
    compared
}

#[test]
fn charts_match_the_reference() {
    assert_eq!(compare("control-or-run-chart", "variants"), 60);
}

#[test]
fn making_data_count_matches_the_reference() {
    assert_eq!(compare("making-data-count", "variants"), 14);
}

#[test]
fn ihi_rules_match_the_reference() {
    assert_eq!(compare("ihi-run-rules", "expected"), 6);
}

#[test]
fn sigma_rules_match_the_reference() {
    assert_eq!(compare("sigma-rules", "expected"), 4);
}

/// The comparison itself must see a wrong number, a missing and a superfluous key.
#[test]
fn the_comparison_would_notice() {
    let expected = serde_json::json!({ "a": [1, 2.5], "b": null, "cross_checks": 1 });
    let noticed = |found: Value| {
        let mut all = Vec::new();
        differences("", &expected, &found, &mut all);
        all.len()
    };
    assert_eq!(
        noticed(serde_json::json!({ "a": [1.0, 2.500000000001], "b": null })),
        0
    );
    assert_eq!(
        noticed(serde_json::json!({ "a": [1, 2.50001], "b": null })),
        1
    );
    assert_eq!(noticed(serde_json::json!({ "a": [1], "b": 0 })), 2);
    assert_eq!(
        noticed(serde_json::json!({ "a": [1, 2.5], "b": null, "c": 1 })),
        1
    );
    assert_eq!(noticed(serde_json::json!({ "b": null })), 1);
}
