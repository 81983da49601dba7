//! Short sentences that open a door: for people who come in at a laptop or at the server.

use crate::text::fold;

/// Fewest letters of a sentence.
pub const FEWEST_LETTERS: usize = 12;

/// A sentence as it is stretched: accents, capitals and spaces may be typed in any way, since keyboards differ.
///
/// ```
/// use domain::passphrase::normal;
/// assert_eq!(normal(" Le  Niébé fleurit"), normal("le niebe FLEURIT"));
/// ```
pub fn normal(typed: &str) -> String {
    fold(typed)
}

/// Whether a sentence is long enough and of enough different letters.
///
/// ```
/// use domain::passphrase::is_long_enough;
/// assert!(is_long_enough("le mil pousse au bord du fleuve"));
/// assert!(!is_long_enough("courte") && !is_long_enough("aaaaaaaaaaaaaaaa"));
/// ```
pub fn is_long_enough(typed: &str) -> bool {
    let mut letters: Vec<char> = fold(typed).chars().filter(|c| *c != ' ').collect();
    let count = letters.len();
    letters.sort_unstable();
    letters.dedup();
    count >= FEWEST_LETTERS && letters.len() >= FEWEST_LETTERS / 2
}
