//! The list of the window's hardening ([0021](../../../crates/decisions/0021-hardening.md)), as far as sources show it, and the
//! tests that documents name as proof.

use std::collections::BTreeSet;

use crate::files::{files_below, read_text};

#[test]
fn every_request_refuses_fields_that_nobody_knows() {
    let sources = files_below("crates/app/src", "rs");
    let list = &sources
        .iter()
        .find(|source| source.path == "crates/app/src/commands.rs")
        .expect("the list of commands")
        .text;
    // `name(module::Request) -> …`
    let requests: BTreeSet<String> = list
        .lines()
        .filter(|line| line.contains(") -> "))
        .filter_map(|line| line.split_once('(')?.1.split_once(") -> "))
        .map(|(request, _)| request.rsplit("::").next().unwrap_or_default())
        .map(|request| request.split('<').next().unwrap_or_default())
        .map(|request| request.trim_end_matches('>').to_owned())
        .collect();
    let mut found = BTreeSet::new();
    for source in &sources {
        for (at, _) in source.text.match_indices("pub struct ") {
            let name: String = source.text[at + 11..]
                .chars()
                .take_while(|letter| letter.is_alphanumeric())
                .collect();
            let before = &source.text[..at];
            let attributes = before.rsplit("\n\n").next().unwrap_or_default();
            let only_read = attributes.contains("Deserialize")
                && !attributes.contains(" Serialize")
                && attributes.contains("ts(export");
            if only_read || requests.contains(&name) {
                assert!(
                    attributes.contains("deny_unknown_fields"),
                    "{}: {name} is a request and takes fields that nobody knows",
                    source.path
                );
                found.insert(name);
            }
        }
    }
    assert!(found.len() > 40, "{found:?}");
}

#[test]
fn the_release_is_built_as_was_decided() {
    let workspace = read_text("Cargo.toml");
    let release = workspace
        .split("[profile.release]")
        .nth(1)
        .expect("a profile");
    let release = release.split("\n[").next().unwrap_or_default();
    assert!(release.contains("overflow-checks = true"), "{release}");
    assert!(
        !release.contains("panic"),
        "a panic unwinds: one command stops, the app goes on"
    );
    let tauri = workspace
        .lines()
        .find(|line| line.starts_with("tauri = "))
        .expect("tauri");
    assert!(tauri.contains("default-features = false"), "{tauri}");
    for feature in ["devtools", "protocol-asset", "tray", "unstable"] {
        assert!(!tauri.contains(feature), "{tauri}");
    }
    let build = read_text("src-tauri/build.rs");
    assert!(build.contains(".commands(&[\"call\"])"));
    let commands: usize = files_below("src-tauri/src", "rs")
        .iter()
        .map(|source| source.text.matches("#[tauri::command]").count())
        .sum();
    assert_eq!(commands, 1, "one command");
    let config = read_text("src-tauri/tauri.conf.json");
    assert!(config.contains("\"dragDropEnabled\": false"));
    assert!(config.contains("\"generalAutofillEnabled\": false"));
}

/// A page may not keep anything: no screen even asks the web view to.
#[test]
fn no_screen_keeps_or_runs_anything() {
    for ending in ["ts", "svelte"] {
        for source in files_below("ui/src", ending) {
            for word in [
                "localStorage",
                "sessionStorage",
                "indexedDB",
                "document.cookie",
                "{@html",
                "innerHTML",
                "insertAdjacentHTML",
                "document.write",
                "eval(",
                "new Function",
                "fetch(",
                "XMLHttpRequest",
                "WebSocket",
            ] {
                // In a browser beside the host, for daily work; the window's policy lets neither through.
                let of_the_host = ["lib/call.ts", "lib/live.ts"];
                let allowed =
                    word == "fetch(" && of_the_host.iter().any(|file| source.path.ends_with(file));
                assert!(
                    allowed || !source.text.contains(word),
                    "{} has {word}",
                    source.path
                );
            }
        }
    }
}

/// Every test that a document names as proof is there, under that name.
#[test]
fn tests_that_are_named_as_proof_exist() {
    let mut names = BTreeSet::new();
    for folder in ["crates", "tests", "src-tauri"] {
        for source in files_below(folder, "rs") {
            for (at, _) in source.text.match_indices("fn ") {
                let rest = &source.text[at + 3..];
                let name = rest
                    .split(|c: char| !c.is_alphanumeric() && c != '_')
                    .next();
                names.insert(name.unwrap_or_default().to_owned());
            }
        }
    }
    for source in files_below("tests/e2e", "mjs") {
        for (at, _) in source.text.match_indices("test('") {
            names.insert(
                source.text[at + 6..]
                    .split('\'')
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
            );
        }
    }
    for document in [
        "crates/PROOF.md",
        "crates/decisions/0021-hardening.md",
        "crates/decisions/0022-asvs.md",
    ] {
        let text = read_text(document);
        let mut named = 0;
        // A test stands in the table as `its_name`, one of the window as “its sentence”.
        for piece in text.split('`').skip(1).step_by(2) {
            let is_name = piece.matches('_').count() >= 2
                && piece
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
            if is_name {
                assert!(
                    names.contains(piece),
                    "{document} names {piece}, which is no test"
                );
                named += 1;
            }
        }
        for piece in text.split('“').skip(1) {
            let piece = piece.split('”').next().unwrap_or_default();
            assert!(
                names.contains(piece),
                "{document} names “{piece}”, which is no test"
            );
            named += 1;
        }
        assert!(named > 5, "{document} names no tests");
    }
}
