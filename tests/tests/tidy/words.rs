//! The words of the screen: both languages have every key, every key is used, and every key used is there.

use std::collections::{BTreeMap, BTreeSet};

use crate::files::{Source, files_below};

/// Keys that the screen puts together: how they begin, before a value that comes from the app, such as an error's code.
const STARTS: &[&str] = &[
    "action-level-",
    "administration-for-",
    "advice-",
    "area-",
    "audit-",
    "audit-group-",
    "backups-reason-",
    "better-",
    "category-",
    "caution-",
    "chart-drawn-",
    "chart-kind-",
    "checklist-answer-",
    "checklist-band-",
    "checklist-bound-",
    "checklist-class-",
    "checklist-finding-",
    "checklist-how-",
    "checklist-kind-",
    "checklist-refused-",
    "columns-",
    "compare-by-",
    "comparison-",
    "counted-level-",
    "decision-",
    "deed-",
    "direction-",
    "doubt-",
    "error-",
    "event-",
    "evidence-",
    "extent-",
    "field-",
    "field-lesson-",
    "form-logic-",
    "form-notice-",
    "frequency-",
    "glow-",
    "holding-",
    "import-column-",
    "import-error-",
    "kind-",
    "lamp-",
    "lesson-state-",
    "level-",
    "light-",
    "matrix-",
    "measure-split-",
    "meeting-sex-",
    "nature-",
    "no-goal-",
    "nodata-",
    "periods-",
    "progress-level-",
    "reach-",
    "rescue-why-",
    "role-",
    "rule-",
    "rules-",
    "sex-",
    "small-numbers-",
    "source-",
    "standing-",
    "step-",
    "step-to-",
    "station-",
    "stratum-age-",
    "stratum-sex-",
    "strength-",
    "thread-lane-",
    "tip-",
    "tip-example-",
    "today-",
    "unfit-",
    "tool-",
    "trial-go-on-",
    "verdict-pattern-",
    "visit-class-",
    "visit-coverage-",
    "visit-mark-",
    "visit-state-",
];

/// What may follow such a value.
const ENDINGS: &[&str] = &[
    "", "-act", "-cla", "-detail", "-done", "-half", "-hint", "-name", "-off", "-on", "-short",
    "-times",
];

type Keys = BTreeMap<String, Message>;

#[derive(Debug)]
struct Message {
    file: String,
    text: String,
    parameters: BTreeSet<String>,
}

#[test]
fn both_languages_have_every_key_with_the_same_parameters() {
    let (fr, en) = (keys("fr"), keys("en"));
    let names = |keys: &Keys| keys.keys().cloned().collect::<BTreeSet<_>>();
    let missing = |a: &Keys, b: &Keys| names(a).difference(&names(b)).cloned().collect::<Vec<_>>();
    assert_eq!(
        missing(&fr, &en),
        Vec::<String>::new(),
        "keys that English lacks"
    );
    assert_eq!(
        missing(&en, &fr),
        Vec::<String>::new(),
        "keys that French lacks"
    );
    for (key, french) in &fr {
        let english = &en[key];
        assert_eq!(
            french.parameters, english.parameters,
            "{key} takes the same parameters in both languages"
        );
        let feature = |message: &Message| message.file.rsplit('/').next().map(str::to_owned);
        assert_eq!(
            feature(french),
            feature(english),
            "{key} stands in the same feature's file"
        );
    }
}

#[test]
fn every_key_is_used() {
    let spoken = quoted(&sources());
    let referred: BTreeSet<String> = ["fr", "en"]
        .iter()
        .flat_map(|language| references(language))
        .collect();
    let unused: Vec<_> = keys("fr")
        .into_keys()
        .filter(|key| {
            !spoken.contains(key) && !referred.contains(key) && !put_together(key, &spoken)
        })
        .collect();
    assert_eq!(unused, Vec::<String>::new(), "keys that nobody says");
}

#[test]
fn every_key_used_is_there() {
    let defined = keys("fr");
    for source in files_below("ui/src", "ts")
        .into_iter()
        .chain(files_below("ui/src", "svelte"))
    {
        if source.path.ends_with(".test.ts") {
            continue;
        }
        for key in asked_for(&source.text) {
            assert!(
                defined.contains_key(&key),
                "{} asks for {key}, which has no words",
                source.path
            );
        }
    }
    for source in files_below("crates", "rs") {
        for code in after_each(&source.text, "AppError::new(\"") {
            let key = format!("error-{code}");
            assert!(
                defined.contains_key(&key),
                "{} answers with {code}, but {key} has no words",
                source.path
            );
        }
    }
}

#[test]
fn keys_put_together_begin_as_listed() {
    let screen = files_below("ui/src", "ts")
        .into_iter()
        .chain(files_below("ui/src", "svelte"));
    let mut begun = BTreeSet::new();
    for source in screen.filter(|source| !source.path.ends_with(".test.ts")) {
        for start in handed_over(&source.text, '`')
            .into_iter()
            .chain(after_each(&source.text, "sentence(shown, `"))
        {
            let start = start.split("${").next().unwrap_or_default().to_owned();
            assert!(
                STARTS.contains(&start.as_str()),
                "{} puts keys together from {start:?}: list it here",
                source.path
            );
            begun.insert(start);
        }
    }
    for start in STARTS {
        assert!(
            begun.contains(*start),
            "no key is put together from {start:?} any more"
        );
    }
}

#[test]
fn french_is_set_as_french() {
    for (key, message) in keys("fr") {
        let text = &message.text;
        let letters: Vec<char> = text.chars().collect();
        for at in 1..letters.len() {
            let (before, letter) = (letters[at - 1], letters[at]);
            let after = letters.get(at + 1).copied().unwrap_or(' ');
            assert!(
                letter != '\'' || !before.is_alphabetic() || !after.is_alphabetic(),
                "{key}: the apostrophe is curly (’): {text}"
            );
            assert!(
                !";?!%:»".contains(letter) || before != ' ',
                "{key}: a no-break space stands before {letter}: {text}"
            );
            assert!(
                before != '«' || letter == '\u{a0}',
                "{key}: a no-break space stands after «: {text}"
            );
        }
    }
}

/// Whether a key is a listed start, a value that stands somewhere in the sources, and a listed ending.
fn put_together(key: &str, spoken: &BTreeSet<String>) -> bool {
    let middles = STARTS.iter().filter_map(|start| key.strip_prefix(start));
    let mut values = middles.flat_map(|middle| {
        ENDINGS
            .iter()
            .filter_map(|ending| middle.strip_suffix(ending))
    });
    values.any(|value| spoken.contains(value) || spoken.contains(&value.replace('-', "_")))
}

/// Keys handed to `t`, written out in full; the call may be broken over lines.
fn asked_for(text: &str) -> Vec<String> {
    handed_over(text, '"')
}

/// What is handed to `t` between these quotes.
fn handed_over(text: &str, quote: char) -> Vec<String> {
    let calls = text.match_indices("t(").filter(|(at, _)| {
        let before = text[..*at].chars().next_back();
        !before.is_some_and(|letter| letter.is_alphanumeric() || "_$.".contains(letter))
    });
    let arguments = calls.map(|(at, call)| text[at + call.len()..].trim_start());
    arguments
        .filter_map(|argument| argument.strip_prefix(quote)?.split_once(quote))
        .map(|(key, _)| key.to_owned())
        .collect()
}

/// What stands between each occurrence of `start` and the quote that closes it.
fn after_each(text: &str, start: &str) -> Vec<String> {
    let closing = start.chars().next_back().unwrap_or('"');
    let ends = text
        .match_indices(start)
        .map(|(at, _)| &text[at + start.len()..]);
    ends.filter_map(|rest| rest.split_once(closing))
        .map(|(inside, _)| inside.to_owned())
        .collect()
}

/// Every text in quotes, of any kind.
fn quoted(sources: &[Source]) -> BTreeSet<String> {
    let pieces = sources
        .iter()
        .flat_map(|source| source.text.split(['"', '\'', '`']));
    pieces
        .filter(|piece| piece.len() < 80)
        .map(str::to_owned)
        .collect()
}

fn sources() -> Vec<Source> {
    let mut all = files_below("ui/src", "ts");
    all.extend(files_below("ui/src", "svelte"));
    all.extend(files_below("crates", "rs"));
    all.retain(|source| !source.path.ends_with(".test.ts"));
    all
}

/// Keys that other messages of a language are made of.
fn references(language: &str) -> Vec<String> {
    let texts = keys(language).into_values().map(|message| message.text);
    let inside = texts.flat_map(|text| {
        text.split('{')
            .skip(1)
            .map(|rest| rest.split('}').next().unwrap_or_default().trim().to_owned())
            .collect::<Vec<_>>()
    });
    inside.filter(|name| !name.starts_with('$')).collect()
}

/// Every message and attribute of a language.
fn keys(language: &str) -> Keys {
    let mut keys = Keys::new();
    let files = files_below(&format!("assets/locales/{language}"), "ftl");
    assert!(!files.is_empty(), "there are words in {language}");
    for file in files {
        let mut current: Option<String> = None;
        for line in file.text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((key, text)) = begins_message(line) {
                let message = Message {
                    file: file.path.clone(),
                    text: text.to_owned(),
                    parameters: BTreeSet::new(),
                };
                assert!(
                    keys.insert(key.clone(), message).is_none(),
                    "{}: {key} is there twice",
                    file.path
                );
                current = Some(key);
            } else if let Some(message) = current.as_ref().and_then(|key| keys.get_mut(key)) {
                message.text.push('\n');
                message.text.push_str(line.trim_start());
            }
        }
    }
    for message in keys.values_mut() {
        let names = message.text.split('$').skip(1).map(|rest| {
            rest.chars()
                .take_while(|letter| letter.is_alphanumeric() || "-_".contains(*letter))
                .collect::<String>()
        });
        message.parameters = names.collect();
    }
    keys
}

fn begins_message(line: &str) -> Option<(String, &str)> {
    let (key, text) = line.split_once('=')?;
    let key = key.trim_end();
    let is_key = !key.is_empty()
        && key
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
        && line.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '-');
    is_key.then(|| (key.to_owned(), text.trim()))
}
