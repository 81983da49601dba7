//! A stolen laptop: nothing that was typed stands readable in any file while the app is locked.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail"
)]

use std::path::{Path, PathBuf};

use nyetaa_tests::{Laptop, PIN, Time};
use serde_json::json;

const STRINGS: usize = 50;

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// Where a text stands in bytes, as UTF-8 or as UTF-16.
fn stands_in(bytes: &[u8], text: &str) -> bool {
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [text.as_bytes(), &wide]
        .iter()
        .any(|wanted| bytes.windows(wanted.len()).any(|part| part == *wanted))
}

#[test]
fn nothing_that_was_typed_stands_in_any_file_of_a_locked_laptop() {
    let laptop = Laptop::new(&Time::default());
    let canary = |n: usize| format!("canari{n:02}kelenfila");
    laptop.begin_facility(&canary(0), "Sélingué", &canary(1), "lead");
    let add = json!({ "name": canary(2), "role": "member", "pin": "739164" });
    laptop.call("add_account", add);
    let place = laptop.home();
    let cycle = laptop.start_cycle(&place, "anc-four-contacts", "mnch");
    laptop.edit_cycle(
        &cycle,
        json!({ "title": canary(3), "problem": canary(4), "cause": canary(5) }),
    );
    for n in 6..STRINGS {
        let comment = json!({ "id": null, "about": cycle, "text": canary(n), "seen": null });
        laptop.call("save_comment", comment);
    }
    let sentence = "une phrase que personne ne devine";
    laptop.call("change_pin", json!({ "old": PIN, "new": sentence }));
    let search = || {
        let mut searched = 0;
        for file in [laptop.folder(), &laptop.config()]
            .into_iter()
            .flat_map(files_below)
        {
            let bytes = std::fs::read(&file).unwrap();
            searched += bytes.len();
            for text in (0..STRINGS)
                .map(canary)
                .chain([sentence.to_owned(), PIN.to_owned()])
            {
                assert!(
                    !stands_in(&bytes, &text),
                    "{text} stands in {}",
                    file.display()
                );
            }
        }
        searched
    };
    search();
    laptop.call("lock", json!({}));
    assert!(search() > 100_000, "the database was among the files");
    // The key itself is in none of them either, and the file that it once stood in is gone.
    assert!(!laptop.folder().join("nyetaa.key").exists());
    // What is searched for would be found.
    let plain = laptop.folder().join("plain");
    std::fs::write(&plain, format!("…{}…", canary(7))).unwrap();
    assert!(stands_in(&std::fs::read(&plain).unwrap(), &canary(7)));
}
