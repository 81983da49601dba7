//! The few sentences that the app itself says to people, in files and at the terminal, from the same files as the screen's.

use std::collections::BTreeMap;

use domain::text::{self, Language};

const FRENCH: [&str; 4] = [
    include_str!("../../../assets/locales/fr/audit.ftl"),
    include_str!("../../../assets/locales/fr/journal.ftl"),
    include_str!("../../../assets/locales/fr/errors.ftl"),
    include_str!("../../../assets/locales/fr/terminal.ftl"),
];
const ENGLISH: [&str; 4] = [
    include_str!("../../../assets/locales/en/audit.ftl"),
    include_str!("../../../assets/locales/en/journal.ftl"),
    include_str!("../../../assets/locales/en/errors.ftl"),
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

#[cfg(test)]
mod tests {
    use super::*;

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
