//! Choices that stand in the log as words.

/// Declares a choice: an enum whose variants stand in the log and on the wire as the words that are given, for ever the same. It
/// gets `ALL` (every one, in the order in which they stand, which is the order in which they are offered and compared), `word`
/// and `from_word`.
macro_rules! words {
    ($( $(#[$doc:meta])* $name:ident { $( $(#[$vdoc:meta])* $variant:ident = $word:literal, )* } )*) => { $(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, ts_rs::TS,
        )]
        #[ts(export)]
        pub enum $name { $( $(#[$vdoc])* #[serde(rename = $word)] $variant, )* }

        impl $name {
            /// Every one, in the order in which they are offered.
            pub const ALL: [Self; [$( $word ),*].len()] = [$( Self::$variant, )*];

            /// The word that stands in the log.
            pub fn word(self) -> &'static str {
                match self { $( Self::$variant => $word, )* }
            }

            /// The one of a word.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $( $word => Some(Self::$variant), )* _ => None }
            }
        }
    )* };
}

pub(crate) use words;

#[cfg(test)]
mod tests {
    use crate::measure::Source;

    #[test]
    fn the_word_in_the_log_is_the_word_on_the_wire_and_reads_back() {
        let words = ["register", "dhis2", "recount", "community"];
        assert_eq!(Source::ALL.map(Source::word), words);
        for one in Source::ALL {
            assert_eq!(serde_json::to_value(one).unwrap(), one.word());
            assert_eq!(Source::from_word(one.word()), Some(one));
        }
        assert_eq!(Source::from_word("Register"), None);
    }
}
