//! Every case of the reference vectors, computed by other people's software, must come
//! out of this engine with the same numbers.

// A failed expectation in a test's own preparation is a failed test.
#![allow(clippy::expect_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use domain::spc::case;
use domain::spc::reference::{CASES, verify};
use serde_json::Value;

#[test]
fn every_case_matches_the_reference() {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for verified in verify() {
        let departures = verified.departures.join("\n");
        assert!(departures.is_empty(), "{}:\n{departures}", verified.name);
        assert!(
            verified.compared > 0,
            "{}: nothing was compared",
            verified.name
        );
        *kinds.entry(verified.kind).or_default() += 1;
    }
    let expected = [
        ("control-or-run-chart", 60),
        ("ihi-run-rules", 6),
        ("making-data-count", 14),
        ("sigma-rules", 4),
    ];
    assert_eq!(
        kinds,
        expected
            .map(|(kind, cases)| (kind.to_owned(), cases))
            .into()
    );
}

#[test]
fn every_file_of_the_folder_is_compiled_in() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../assets/reference");
    let files = fs::read_dir(folder).expect("the reference cases are in the repository");
    let mut names: Vec<_> = files
        .map(|entry| {
            entry
                .expect("folder entry")
                .file_name()
                .to_string_lossy()
                .replace(".json", "")
        })
        .collect();
    names.sort();
    let compiled: Vec<_> = CASES.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, compiled);
}

#[test]
fn only_the_answer_is_added() {
    for (name, text) in CASES {
        let reference: Value = serde_json::from_str(text).expect("JSON");
        let answer = if reference.get("variants").is_some() {
            "variants"
        } else {
            "expected"
        };
        let mut asked = reference.clone();
        asked.as_object_mut().expect("object").remove(answer);
        let answered = case::evaluate(&asked).expect(name);
        asked[answer] = answered[answer].clone();
        assert_eq!(asked, answered, "{name}");
    }
}
