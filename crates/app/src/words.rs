//! The few sentences that the app itself says to people, in files and at the terminal, from the same files as the screen's.

use std::collections::BTreeMap;

use domain::text::{self, Language};
use serde_json::Value as Json;

const FRENCH: [&str; 8] = [
    include_str!("../../../assets/locales/fr/audit.ftl"),
    include_str!("../../../assets/locales/fr/chart.ftl"),
    include_str!("../../../assets/locales/fr/common.ftl"),
    include_str!("../../../assets/locales/fr/journal.ftl"),
    include_str!("../../../assets/locales/fr/errors.ftl"),
    include_str!("../../../assets/locales/fr/library.ftl"),
    include_str!("../../../assets/locales/fr/measure.ftl"),
    include_str!("../../../assets/locales/fr/terminal.ftl"),
];
const ENGLISH: [&str; 8] = [
    include_str!("../../../assets/locales/en/audit.ftl"),
    include_str!("../../../assets/locales/en/chart.ftl"),
    include_str!("../../../assets/locales/en/common.ftl"),
    include_str!("../../../assets/locales/en/journal.ftl"),
    include_str!("../../../assets/locales/en/errors.ftl"),
    include_str!("../../../assets/locales/en/library.ftl"),
    include_str!("../../../assets/locales/en/measure.ftl"),
    include_str!("../../../assets/locales/en/terminal.ftl"),
];

/// The sentence of a key with its parameters; the key itself when there is none, or one that needs more than
/// putting values in.
pub fn sentence(language: Language, key: &str, params: &BTreeMap<String, String>) -> String {
    let files = match language {
        Language::Fr => FRENCH,
        Language::En => ENGLISH,
    };
    let params = params.iter().map(|(name, value)| (&**name, &**value));
    text::sentence(&files, key, params)
}

/// Takes out of every text the signs that turn the direction of what follows them: with them a name could show a sentence the
/// other way round. No language of the app needs them; letters that run from right to left do so by themselves. Answers how
/// many bytes of text there are.
pub fn without_turns(value: &mut Json) -> usize {
    match value {
        Json::String(text) => {
            if text.contains(turns) {
                *text = text.replace(turns, "");
            }
            text.len()
        }
        Json::Array(items) => items.iter_mut().map(without_turns).sum(),
        Json::Object(fields) => fields.values_mut().map(without_turns).sum(),
        _ => 0,
    }
}

fn turns(sign: char) -> bool {
    matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_sign_that_turns_the_direction_stays_and_every_letter_does() {
        let mut value = serde_json::json!({ "a": ["x\u{202e}y", 3], "b": "عربي ߒߞߏ\u{2069}" });
        assert_eq!(without_turns(&mut value), 2 + "عربي ߒߞߏ".len());
        assert_eq!(
            value,
            serde_json::json!({ "a": ["xy", 3], "b": "عربي ߒߞߏ" })
        );
    }

    #[test]
    fn a_sentence_takes_its_parameters_and_an_unknown_key_stays_readable() {
        let params = BTreeMap::from([
            ("sent".to_owned(), "3".to_owned()),
            ("received".to_owned(), "0".to_owned()),
        ]);
        let said = sentence(Language::Fr, "journal-server", &params);
        assert!(said.contains('3') && !said.contains("$sent"), "{said}");
        assert_ne!(said, sentence(Language::En, "journal-server", &params));
        assert_eq!(
            sentence(Language::En, "no-such-key", &params),
            "no-such-key"
        );
    }
}
