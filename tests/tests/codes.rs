//! Every code that the app may answer with, from wherever it comes, has its sentence in both languages.
//!
//! The tidy tests find codes that stand in `AppError::new("…")`. Others are chosen by a condition, mapped from the
//! store's errors, or come over the wire from the server; they are collected here.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn rust_below(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_below(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

/// The texts in quotes that look like codes.
fn codes_in(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2).filter(|quoted| {
        quoted.contains('-')
            && quoted
                .chars()
                .all(|letter| letter.is_ascii_lowercase() || letter == '-')
    })
}

/// What stands between the bracket that ends `start` and the one that closes it.
fn arguments<'a>(text: &'a str, start: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices(start) {
        let rest = &text[at + start.len()..];
        let mut depth = 1;
        let end = rest.find(|letter| {
            depth += match letter {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            depth == 0
        });
        found.push(&rest[..end.unwrap_or(rest.len())]);
    }
    found
}

/// The part of a file from the line that begins `start` to the end of its block.
fn block<'a>(text: &'a str, start: &str) -> &'a str {
    let at = text
        .find(start)
        .unwrap_or_else(|| panic!("{start} is there"));
    let rest = &text[at..];
    &rest[..rest.find("\n    }\n").unwrap_or(rest.len())]
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

/// Every code that a command of the app may be refused with, and where it comes from.
fn codes() -> BTreeMap<String, String> {
    let mut codes = BTreeMap::new();
    let mut add = |code: &str, from: &str| {
        codes
            .entry(code.to_owned())
            .or_insert_with(|| from.to_owned());
    };
    for (path, text) in rust_below(&root().join("crates/app/src")) {
        for argument in arguments(&text, "AppError::new(") {
            for code in codes_in(argument) {
                add(code, &path.display().to_string());
            }
        }
    }
    let mapped = read("crates/app/src/error.rs");
    for code in codes_in(block(&mapped, "impl From<store::Error> for AppError")) {
        add(code, "the store");
    }
    let refusals = read("crates/server/src/error.rs");
    for line in block(&refusals, "pub fn code(self)")
        .lines()
        .filter(|line| line.contains("=>"))
    {
        let code = line.split('"').nth(1).expect("a code");
        add(code, "the server");
    }
    codes
}

/// The keys of a language, with their texts.
fn words(language: &str) -> BTreeMap<String, String> {
    let mut words = BTreeMap::new();
    for entry in std::fs::read_dir(root().join("assets/locales").join(language)).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for line in text.lines() {
            if let Some((key, said)) = line.split_once('=') {
                words.insert(key.trim().to_owned(), said.trim().to_owned());
            }
        }
    }
    words
}

#[test]
fn every_code_has_a_sentence_in_both_languages() {
    let codes = codes();
    assert!(codes.len() > 60, "the sources are read: {codes:?}");
    for known in [
        "database-newer",
        "team-needs-facility",
        "invitation-expired",
        "malformed",
    ] {
        assert!(codes.contains_key(known), "{known} is among the codes");
    }
    for language in ["fr", "en"] {
        let words = words(language);
        let silent: BTreeMap<_, _> = codes
            .iter()
            .filter(|(code, _)| !words.contains_key(&format!("error-{code}")))
            .collect();
        assert!(
            silent.is_empty(),
            "without words in {language}: {silent:#?}"
        );
    }
}

#[test]
fn every_fault_of_a_file_has_a_sentence_in_both_languages() {
    let values = read("crates/exchange/src/values.rs");
    let problems = &values[values
        .find("pub enum CellProblem")
        .expect("the list of faults")..];
    let problems = &problems[..problems.find("\n}\n").unwrap()];
    let mut codes: BTreeSet<String> = problems
        .lines()
        .skip(1)
        .map(str::trim)
        .filter(|line| line.starts_with(char::is_uppercase))
        .map(|line| {
            line.chars()
                .take_while(|letter| letter.is_alphanumeric())
                .collect::<String>()
        })
        .map(|name| {
            let mut code = String::new();
            for letter in name.chars() {
                if letter.is_uppercase() && !code.is_empty() {
                    code.push('-');
                }
                code.extend(letter.to_lowercase());
            }
            code
        })
        .collect();
    let import = read("crates/app/src/import/mod.rs");
    for argument in arguments(&import, "refuse(") {
        codes.extend(codes_in(argument).map(str::to_owned));
    }
    assert!(codes.contains("other-place"), "{codes:?}");
    for language in ["fr", "en"] {
        let words = words(language);
        let silent: Vec<_> = codes
            .iter()
            .filter(|code| !words.contains_key(&format!("import-error-{code}")))
            .collect();
        assert!(silent.is_empty(), "without words in {language}: {silent:?}");
    }
}
