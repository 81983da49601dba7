//! The rules of the house, as tests: who may import whom, both languages complete, the window's rights as reviewed.

#![allow(
    clippy::expect_used,
    reason = "a test that cannot read the repository has failed"
)]

mod files;
mod hardening;
mod words;

use std::collections::BTreeSet;
use std::fs;

use files::{Source, files_below, root};
use serde_json::{Value, json};

/// Which crates of the house each may use. `tests` may use all of them.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("crates/domain", &[]),
    ("crates/sync", &["domain"]),
    ("crates/fuzz", &["domain", "sync", "exchange"]),
    ("crates/store", &["domain", "sync"]),
    ("crates/exchange", &["domain"]),
    ("crates/report", &["domain"]),
    // Given to the app by whoever opens it, so that what prints nothing is built without what typesets.
    ("crates/press", &["domain", "report"]),
    (
        "crates/app",
        &["domain", "sync", "store", "exchange", "report"],
    ),
    ("crates/server", &["domain", "sync", "exchange", "report"]),
    // The simulation stands above everything that it simulates, as `tests` does, and nothing stands on it.
    ("crates/simdisk", &["store"]),
    (
        "crates/sim",
        &[
            "domain", "sync", "store", "report", "app", "server", "simdisk",
        ],
    ),
    ("crates/supply", &[]),
    ("crates/xtask", &[]),
    ("crates/terminal", &["domain", "press", "app"]),
    ("src-tauri", &["press", "app"]),
];

const HOUSE: &[&str] = &[
    "domain",
    "sync",
    "store",
    "exchange",
    "fuzz",
    "report",
    "press",
    "app",
    "server",
    "simdisk",
    "sim",
    "supply",
    "nyetaa-desktop",
    "terminal",
    "xtask",
];

#[test]
fn crates_depend_only_downwards() {
    for manifest in manifests() {
        let Some((_, allowed)) = MAY_IMPORT
            .iter()
            .find(|(folder, _)| manifest.path == format!("{folder}/Cargo.toml"))
        else {
            assert_eq!(
                manifest.path, "tests/Cargo.toml",
                "a new crate must be added to the table of who may import whom"
            );
            continue;
        };
        for used in dependencies(&manifest.text) {
            if HOUSE.contains(&used.as_str()) {
                assert!(
                    allowed.contains(&used.as_str()),
                    "{} may not depend on {used}",
                    manifest.path
                );
            }
        }
    }
}

#[test]
fn frameworks_stay_in_their_rooms() {
    let rooms: &[(&str, &[&str])] = &[
        (
            "rusqlite",
            &[
                "crates/store",
                "crates/app",
                "crates/server",
                "crates/simdisk",
                "crates/sim",
                "tests",
            ],
        ),
        ("tauri", &["src-tauri"]),
        ("tauri-build", &["src-tauri"]),
        ("axum", &["crates/server", "tests"]),
        ("typst", &["crates/press"]),
        ("postgres", &["crates/server", "tests"]),
    ];
    for manifest in manifests() {
        let folder = manifest.path.trim_end_matches("/Cargo.toml");
        let used = dependencies(&manifest.text);
        for (framework, allowed) in rooms {
            let here = used.contains(*framework);
            assert!(
                !here || allowed.contains(&folder),
                "{framework} has no business in {folder}"
            );
        }
        assert!(
            folder != "crates/xtask" || used.is_empty(),
            "xtask compiles without any dependency"
        );
    }
    for source in rust() {
        let path = source.path.as_str();
        let in_tests = path.starts_with("tests/") || path.starts_with("crates/sim");
        let sql = path.starts_with("crates/store/")
            || path.starts_with("crates/server/src/storage/sqlite")
            || (path.starts_with("crates/app/src/") && path.ends_with("queries.rs"));
        for line in source.code() {
            assert!(
                sql || in_tests || !names(line, "rusqlite"),
                "{path} must not speak SQL: {line}"
            );
            assert!(
                path.starts_with("src-tauri/") || !names(line, "tauri"),
                "{path} must not know the window: {line}"
            );
            let serves = path.starts_with("crates/server/") || in_tests;
            assert!(
                serves || !names(line, "axum"),
                "{path} must not serve HTTP: {line}"
            );
        }
    }
}

#[test]
fn rules_have_no_clock_disk_or_network() {
    for source in rust() {
        if !["crates/domain/src/", "crates/sync/src/"]
            .iter()
            .any(|room| source.path.starts_with(room))
        {
            continue;
        }
        for line in source.code_before_tests() {
            for outside in [
                "std::fs",
                "std::net",
                "std::env",
                "std::time::SystemTime",
                "std::time::Instant",
                "Utc::now",
            ] {
                assert!(
                    !line.contains(outside),
                    "{} reaches outside: {line}",
                    source.path
                );
            }
        }
    }
}

#[test]
fn screen_reaches_the_app_through_lib_alone() {
    for source in screen() {
        let inside = source.path.starts_with("ui/src/lib/");
        assert!(
            inside || !source.text.contains("@tauri-apps"),
            "{} must use lib, not Tauri itself",
            source.path
        );
    }
}

#[test]
fn features_of_the_screen_do_not_know_each_other() {
    const FEATURES: &str = "ui/src/features/";
    for source in screen() {
        let Some((feature, _)) = source
            .path
            .strip_prefix(FEATURES)
            .and_then(|rest| rest.split_once('/'))
        else {
            continue;
        };
        for import in source.imports() {
            let Some((sibling, _)) = import
                .strip_prefix(FEATURES)
                .and_then(|rest| rest.split_once('/'))
            else {
                continue;
            };
            assert_eq!(
                sibling, feature,
                "{} imports {import}: what two features need moves to parts or lib",
                source.path
            );
        }
    }
}

#[test]
fn window_has_the_rights_that_were_reviewed() {
    let capability = read_json("src-tauri/capabilities/main.json");
    assert_eq!(
        files_below("src-tauri/capabilities", "json").len(),
        1,
        "there is one capability"
    );
    assert_eq!(capability["windows"], json!(["main"]));
    assert_eq!(capability["local"], json!(true));
    assert_eq!(
        capability.get("remote"),
        None,
        "no page from elsewhere has any right"
    );
    assert_eq!(
        capability["permissions"],
        json!([
            "allow-call",
            "core:event:allow-listen",
            "core:event:allow-unlisten"
        ])
    );

    let config = read_json("src-tauri/tauri.conf.json");
    assert_eq!(
        config["app"]["security"],
        json!({
            "capabilities": ["main"],
            "freezePrototype": true,
            "dangerousDisableAssetCspModification": false,
            "assetProtocol": { "enable": false, "scope": [] },
            "csp": {
                "default-src": "'none'",
                "script-src": "'self'",
                "style-src": "'self'",
                "img-src": "'self' data: blob:",
                "font-src": "'self'",
                "connect-src": "ipc: http://ipc.localhost",
                "object-src": "'none'",
                "frame-src": "'none'",
                "base-uri": "'none'",
                "form-action": "'none'"
            }
        })
    );
    assert_eq!(config["app"]["withGlobalTauri"], json!(false));
    assert_eq!(config.get("plugins"), None, "no plugin");
    let windows = config["app"]["windows"]
        .as_array()
        .expect("windows are listed");
    assert_eq!(windows.len(), 1, "one window");
    assert_eq!(
        windows[0]["incognito"],
        json!(true),
        "the web view keeps nothing"
    );
}

#[test]
fn files_stay_short_enough_to_read() {
    for source in rust() {
        let lines = source.text.lines().count();
        assert!(
            lines <= 800,
            "{} has {lines} lines; 800 are enough",
            source.path
        );
    }
}

#[test]
fn every_exception_to_a_lint_has_a_reason_and_no_test_is_left_out() {
    for source in rust() {
        let lines: Vec<&str> = source.text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let trimmed = line.trim_start();
            assert!(
                !trimmed.starts_with("#[ignore"),
                "{}:{}: no test may be left out",
                source.path,
                at + 1
            );
            if ["#[allow(", "#![allow(", "#[expect(", "#![expect("]
                .iter()
                .any(|start| trimmed.starts_with(start))
            {
                let attribute = lines[at..]
                    .iter()
                    .take(6)
                    .map(|line| line.trim())
                    .collect::<String>();
                let end = attribute.find(")]").unwrap_or(attribute.len());
                let above = at
                    .checked_sub(1)
                    .is_some_and(|above| lines[above].trim_start().starts_with("//"));
                assert!(
                    above || attribute[..end].contains("reason"),
                    "{}:{}: why is it allowed?",
                    source.path,
                    at + 1
                );
            }
        }
    }
    for source in screen() {
        for left_out in [".skip(", ".only(", ".todo(", "@ts-ignore", "@ts-nocheck"] {
            assert!(
                !source.text.contains(left_out),
                "{} has {left_out}",
                source.path
            );
        }
    }
}

#[test]
fn things_are_named_in_the_words_of_the_field() {
    for source in rust() {
        for line in source.code() {
            let mut words = line.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
            if words.any(|word| ["struct", "enum", "trait", "mod"].contains(&word)) {
                for empty in [
                    "Manager",
                    "Service",
                    "Helper",
                    "Util",
                    "mod utils",
                    "mod helpers",
                ] {
                    assert!(
                        !line.contains(empty),
                        "{}: `{empty}` says nothing: {line}",
                        source.path
                    );
                }
            }
        }
    }
}

#[test]
fn top_level_holds_what_the_design_lists() {
    let listed = [
        "Cargo.toml",
        "Cargo.lock",
        "README.md",
        "LICENSE",
        "assets",
        "crates",
        "src-tauri",
        "ui",
        "tests",
        // Built, never committed.
        "target",
    ];
    for entry in fs::read_dir(root()).expect("the top of the repository can be read") {
        let name = entry
            .expect("an entry")
            .file_name()
            .to_string_lossy()
            .into_owned();
        assert!(
            name.starts_with('.') || listed.contains(&name.as_str()),
            "{name} has no place at the top level"
        );
    }
    let licence = fs::read_to_string(root().join("LICENSE")).expect("the licence is there");
    assert!(licence.contains("Apache License") && licence.contains("Version 2.0, January 2004"));
}

#[test]
fn map_shows_every_crate() {
    let map = fs::read_to_string(root().join("crates/README.md")).expect("the map is there");
    for manifest in manifests() {
        let Some(name) = manifest
            .path
            .strip_prefix("crates/")
            .and_then(|rest| rest.split_once('/'))
        else {
            continue;
        };
        assert!(
            map.contains(&format!("{}/", name.0)) || map.contains(&format!("`{}`", name.0)),
            "the map lacks {}",
            name.0
        );
    }
}

/// Whether a line of code names a crate: `rusqlite::`, `use rusqlite;`.
fn names(line: &str, krate: &str) -> bool {
    line.match_indices(krate).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = &line[at + krate.len()..];
        let starts =
            !before.is_some_and(|letter| letter.is_alphanumeric() || "_-:\"/.".contains(letter));
        starts
            && (after.starts_with("::")
                || (line.trim_start().starts_with("use ") && after.starts_with(';')))
    })
}

/// The names under every `dependencies` table of a manifest.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut inside = false;
    for line in manifest.lines().map(str::trim) {
        if let Some(table) = line.strip_prefix('[') {
            inside = table.trim_end_matches(']').ends_with("dependencies");
        } else if inside && !line.starts_with('#') {
            let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
            names.extend((!name.is_empty()).then(|| name.to_owned()));
        }
    }
    names
}

fn manifests() -> Vec<Source> {
    let folders = fs::read_dir(root().join("crates")).expect("the crates can be read");
    let crates = folders
        .map(|entry| entry.expect("a crate").path().join("Cargo.toml"))
        .filter(|path| path.is_file());
    let others = ["src-tauri/Cargo.toml", "tests/Cargo.toml"].map(|path| root().join(path));
    let all: Vec<_> = crates
        .chain(others)
        .map(|path| Source::read(&path))
        .collect();
    assert!(all.len() > 8, "the house has more than eight rooms");
    all
}

fn rust() -> Vec<Source> {
    let mut all = files_below("crates", "rs");
    all.extend(files_below("src-tauri", "rs"));
    all.extend(files_below("tests", "rs"));
    // These files quote what they forbid.
    all.retain(|source| !source.path.starts_with("tests/tests/tidy/"));
    all
}

fn screen() -> Vec<Source> {
    let mut all = files_below("ui/src", "ts");
    all.extend(files_below("ui/src", "svelte"));
    assert!(all.len() > 10, "the screen has sources");
    all
}

fn read_json(path: &str) -> Value {
    let text =
        fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}
