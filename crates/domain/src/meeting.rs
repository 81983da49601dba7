//! Meetings of a team: who was there.

use crate::words::words;

words! {
    /// A woman or a man, as a list of those present counts them.
    Sex {
        /// A woman.
        Female = "f",
        /// A man.
        Male = "m",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sex_is_known_by_its_word() {
        assert_eq!(Sex::from_word("f"), Some(Sex::Female));
        assert_eq!(Sex::from_word("m"), Some(Sex::Male));
        assert_eq!(Sex::from_word("x"), None);
    }
}
