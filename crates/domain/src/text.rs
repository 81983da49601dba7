//! Words: the two languages, and finding a name however it was typed.

use serde::{Deserialize, Serialize};

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Language {
    /// French, the first.
    #[default]
    Fr,
    /// English.
    En,
}

/// The sentence of a key in files of words, with its parameters; the key itself when there is none. Sentences of one line that
/// only take values in, for what is written without a screen.
///
/// ```
/// let files = ["seen = vu le { $day }"];
/// let said = domain::text::sentence(&files, "seen", [("day", "3 mars")]);
/// assert_eq!(said, "vu le 3 mars");
/// assert_eq!(domain::text::sentence(&files, "heard", []), "heard");
/// ```
pub fn sentence<'a>(
    files: &[&str],
    key: &str,
    params: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> String {
    let found = files.iter().flat_map(|file| file.lines()).find_map(|line| {
        let (name, text) = line.split_once(" = ")?;
        (name == key).then_some(text)
    });
    let mut text = found.unwrap_or(key).to_owned();
    for (name, value) in params {
        text = text.replace(&format!("{{ ${name} }}"), value);
    }
    text
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct Localized {
    /// In French.
    pub fr: String,
    /// In English.
    pub en: String,
}

impl Localized {
    /// A text from its two forms.
    pub fn new(fr: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            fr: fr.into(),
            en: en.into(),
        }
    }

    /// The text in one language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Fr => &self.fr,
            Language::En => &self.en,
        }
    }
}

/// French as it is printed: `l'aide : 80 % ?` with a curly apostrophe, U+00A0 before a colon and
/// inside « », U+202F before `; ? ! %`. Text that is already so stays as it is.
pub fn typeset_french(text: &str) -> String {
    let mut set = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let set_c = match (c, chars.peek()) {
            ('\'', _) => '’',
            (' ', Some(';' | '?' | '!' | '%')) => '\u{202f}',
            (' ', Some(':' | '»')) => '\u{a0}',
            (' ', _) if set.ends_with('«') => '\u{a0}',
            _ => c,
        };
        set.push(set_c);
    }
    set
}

/// A text reduced to what people type when they look for it: lower case, no accents, punctuation and
/// white space as single spaces. `Ɲɛtaa` becomes `nyetaa` (`ɛ` is written `e`, `ɔ` is written `o`, `ɲ`
/// is written `ny` and `ŋ` is written `ng`); [`find`] accepts `netaa` and `gnetaa` as well.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match fold_char(c) {
            Folded::Same if c.is_alphanumeric() => folded.push(c),
            Folded::Same if folded.is_empty() || folded.ends_with(' ') => {}
            Folded::Same => folded.push(' '),
            Folded::As(letters) => folded.push_str(letters),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// How well a name answers what was typed; the best is the smallest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Match {
    /// The same, accents and punctuation aside.
    Exact,
    /// The name begins with it.
    Start,
    /// Each word typed begins a word of the name.
    Words,
    /// The same with one letter wrong, missing, added or swapped in words of five letters or more.
    Typo,
}

/// How well a name answers what was typed, if it does. Nothing typed is answered by every name.
///
/// ```
/// use domain::text::{Match, find};
/// assert_eq!(find("selingue", "Sélingué"), Some(Match::Exact));
/// assert_eq!(find("koro", "Kalaban Koro"), Some(Match::Words));
/// assert_eq!(find("bougoni", "Bougouni"), Some(Match::Typo));
/// assert_eq!(find("kati", "Kita"), None);
/// ```
pub fn find(typed: &str, name: &str) -> Option<Match> {
    let (typed, name) = (fold(typed), fold(name));
    let spelled_otherwise = find_folded(&plain_n(&typed), &plain_n(&name));
    find_folded(&typed, &name)
        .into_iter()
        .chain(spelled_otherwise)
        .min()
}

/// The best answer among the names of one thing: its name, aliases and code.
pub fn find_any<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Option<Match> {
    names.into_iter().filter_map(|name| find(typed, name)).min()
}

fn find_folded(typed: &str, name: &str) -> Option<Match> {
    if typed == name {
        return Some(Match::Exact);
    }
    if name.starts_with(typed) {
        return Some(Match::Start);
    }
    let name_words = || name.split(' ');
    if typed
        .split(' ')
        .all(|word| name_words().any(|candidate| candidate.starts_with(word)))
    {
        return Some(Match::Words);
    }
    let joined = name.replace(' ', "");
    let typed_joined = typed.replace(' ', "");
    if joined.starts_with(&typed_joined) {
        return Some(Match::Words);
    }
    let close = typed
        .split(' ')
        .all(|word| name_words().any(|candidate| nearly_begins(word, candidate)))
        || nearly_begins(&typed_joined, &joined);
    close.then_some(Match::Typo)
}

/// Letters from which a slip is forgiven: in shorter words it would turn Kati into Kita.
const FORGIVEN_FROM: usize = 5;

/// Whether `word` begins `candidate`, one slip forgiven in a long word.
fn nearly_begins(word: &str, candidate: &str) -> bool {
    if candidate.starts_with(word) {
        return true;
    }
    let word: Vec<char> = word.chars().collect();
    let candidate: Vec<char> = candidate.chars().collect();
    if word.len() < FORGIVEN_FROM {
        return false;
    }
    // Still typing: the word may stand for the first letters only, one more or less with the slip.
    (word.len() - 1..=word.len() + 1).any(|length| {
        candidate
            .get(..length.min(candidate.len()))
            .is_some_and(|beginning| one_slip_apart(&word, beginning))
    })
}

/// Whether two words differ by at most one letter wrong, missing or added, or two neighbours swapped.
fn one_slip_apart(a: &[char], b: &[char]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let same = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let (rest_short, rest_long) = (&short[same..], &long[same..]);
    match rest_long.len() - rest_short.len() {
        0 => {
            rest_short.get(1..) == rest_long.get(1..)
                || matches!((rest_short, rest_long), ([p, q, r @ ..], [s, t, u @ ..]) if p == t && q == s && r == u)
        }
        1 => rest_short == &rest_long[1..],
        _ => false,
    }
}

/// Folded text with `ny` and `gn` written `n`: three spellings of one sound.
fn plain_n(folded: &str) -> String {
    folded.replace("ny", "n").replace("gn", "n")
}

enum Folded {
    Same,
    As(&'static str),
}

fn fold_char(c: char) -> Folded {
    Folded::As(match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' => "a",
        'ç' => "c",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ɛ' => "e",
        'ì' | 'í' | 'î' | 'ï' | 'ī' => "i",
        'ñ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ō' | 'ɔ' => "o",
        'ù' | 'ú' | 'û' | 'ü' | 'ū' => "u",
        'ý' | 'ÿ' => "y",
        // Fulfulde hooked letters, which a French keyboard lacks.
        'ɓ' => "b",
        'ɗ' => "d",
        'ƴ' => "y",
        'ɲ' => "ny",
        'ŋ' => "ng",
        'œ' => "oe",
        'æ' => "ae",
        // Combining marks: an accent that was typed apart from its letter.
        '\u{300}'..='\u{36f}' => "",
        _ => return Folded::Same,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folding() {
        for (text, folded) in [
            ("Ɲɛtaa", "nyetaa"),
            ("Sélingué", "selingue"),
            ("Se\u{301}lingue\u{301}", "selingue"),
            ("  Kalaban-Koro ", "kalaban koro"),
            ("Cœur d’Ouélessébougou", "coeur d ouelessebougou"),
            ("CSCom (exemple)", "cscom exemple"),
            ("ŊƆƐ", "ngoe"),
            ("İ", "i"),
            ("🙂", ""),
            ("", ""),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn names_are_found_however_they_are_typed() {
        for (typed, name, expected) in [
            ("", "Kayes", Some(Match::Start)),
            ("Ɲɛtaa", "Ɲɛtaa", Some(Match::Exact)),
            ("nyetaa", "Ɲɛtaa", Some(Match::Exact)),
            ("netaa", "Ɲɛtaa", Some(Match::Exact)),
            ("kinan", "Kignan", Some(Match::Exact)),
            ("seg", "Ségou", Some(Match::Start)),
            ("nioro", "Nioro du Sahel", Some(Match::Start)),
            ("sahel nio", "Nioro du Sahel", Some(Match::Words)),
            ("kalabankoro", "Kalaban Koro", Some(Match::Words)),
            ("kalabancoro", "Kalaban Koro", Some(Match::Typo)),
            ("siksaso", "Sikasso", Some(Match::Typo)),
            ("silingué", "Sélingué", Some(Match::Typo)),
            ("sling", "Sélingué", Some(Match::Typo)),
            ("bandiagarra", "Bandiagara", Some(Match::Typo)),
            ("bamaco", "District de Bamako", Some(Match::Typo)),
            ("san", "Sagabari", None),
            ("kita", "Kati", None),
            ("sikasso ville", "Sikasso", None),
            ("mopti", "Djenné", None),
        ] {
            assert_eq!(find(typed, name), expected, "« {typed} » in « {name} »");
        }
    }

    #[test]
    fn the_best_of_several_names_counts() {
        assert_eq!(find_any("niena", ["Niéna", "ML03X2"]), Some(Match::Exact));
        assert_eq!(find_any("ml03x", ["Niéna", "ML03X2"]), Some(Match::Start));
        assert_eq!(find_any("zzz", ["Niéna", "ML03X2"]), None);
        assert!(Match::Exact < Match::Start && Match::Words < Match::Typo);
    }

    #[test]
    fn french_is_typeset() {
        assert_eq!(
            typeset_french("l'aide : 80 % ? « oui »"),
            "l’aide\u{a0}: 80\u{202f}%\u{202f}? «\u{a0}oui\u{a0}»"
        );
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in ".{0,60}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
            prop_assert!(!once.contains("  ") && once.trim() == once);
        }

        #[test]
        fn typesetting_twice_changes_nothing(text in "[a-z'’:;?!%«» \u{a0}\u{202f}]{0,40}") {
            let once = typeset_french(&text);
            prop_assert_eq!(typeset_french(&once), once);
        }

        #[test]
        fn every_beginning_of_a_name_finds_it(name in "[A-Zéèɲ][a-zéè' -]{2,20}", cut in 1usize..20) {
            let folded = fold(&name);
            let beginning: String = folded.chars().take(cut).collect();
            prop_assert!(find(&beginning, &name).is_some());
        }

        #[test]
        fn one_slip_in_a_long_word_is_forgiven(word in "[a-z]{5,12}", at in 0usize..5, letter in "[a-z]") {
            let mut typed: Vec<char> = word.chars().collect();
            typed[at] = letter.chars().next().unwrap_or('a');
            let typed: String = typed.into_iter().collect();
            prop_assert!(find(&typed, &word).is_some());
        }

        #[test]
        fn nothing_typed_can_make_it_fail(typed in ".{0,80}", name in ".{0,80}") {
            let _ = find(&typed, &name);
        }
    }
}
