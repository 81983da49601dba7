//! How far a team has come with a cycle, as people say it: the assessment scale of the Institute for Healthcare Improvement
//! (« Assessment Scale for Collaboratives », ten levels from 0.5, intent to participate, to 5, outstanding sustainable
//! results). It is said by a coach or a lead, with a reason; nothing computes it, and it stays between a team and its coach.

use crate::value::Value;

/// The lowest level.
pub const LOWEST: f64 = 0.5;
/// The highest level.
pub const HIGHEST: f64 = 5.0;

/// Whether a score is one of the ten levels.
///
/// ```
/// use domain::{progress::is_level, value::Value};
/// assert!(is_level(&Value::number(2.5).unwrap()));
/// assert!(!is_level(&Value::number(2.7).unwrap()));
/// ```
pub fn is_level(score: &Value) -> bool {
    let Some(score) = score.as_f64() else {
        return false;
    };
    (LOWEST..=HIGHEST).contains(&score) && (score * 2.0).fract() == 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_has_ten_levels_by_halves() {
        let levels = (0..=60).filter(|tenths| {
            Value::number(f64::from(*tenths) / 10.0).is_some_and(|score| is_level(&score))
        });
        assert_eq!(
            levels.collect::<Vec<_>>(),
            [5, 10, 15, 20, 25, 30, 35, 40, 45, 50]
        );
        assert!(!is_level(&Value::Null) && !is_level(&Value::text("3")));
    }
}
