//! Which codes are good enough: six digits or more, or a short sentence.

use chrono::NaiveDate;
use domain::passphrase::{FEWEST_LETTERS, is_long_enough, normal as sentence};
use zeroize::Zeroizing;

use crate::error::{AppError, Result};

/// Fewest digits of a code.
const FEWEST_DIGITS: usize = 6;
/// Longest of both, in letters.
const MOST_LETTERS: usize = 200;
/// Anyone alive who works here was born, and any date that people choose lies, between these years.
const YEARS: std::ops::RangeInclusive<i32> = 1930..=2039;
/// Codes that are chosen often all over the world and follow none of the rules below: ways over the keys.
const WAYS_OVER_THE_KEYS: &[&str] = &[
    "147258", "147896", "159357", "159753", "258369", "258456", "321654", "357159", "369258",
    "456123", "741852", "753159", "753951", "789456", "852456", "951753", "963852", "142536",
    "415263", "102030", "010203", "112358", "314159", "520131", "007007",
];

/// A code as it is stretched: accents, capitals and spaces may be typed in any way, since keyboards differ.
pub fn normal(typed: &str) -> Zeroizing<String> {
    let typed = typed.trim();
    Zeroizing::new(if digits_of(typed).is_some() {
        typed.to_owned()
    } else {
        sentence(typed)
    })
}

/// Refuses a new code that others would guess.
pub fn check(typed: &str) -> Result<()> {
    let typed = typed.trim();
    if typed.chars().count() > MOST_LETTERS {
        return Err(AppError::new("text-too-long")
            .with("length", typed.chars().count())
            .with("most", MOST_LETTERS));
    }
    let Some(digits) = digits_of(typed) else {
        return if is_long_enough(typed) {
            Ok(())
        } else {
            Err(AppError::new("pin-too-short")
                .with("digits", FEWEST_DIGITS)
                .with("letters", FEWEST_LETTERS))
        };
    };
    if digits.len() < FEWEST_DIGITS {
        return Err(AppError::new("pin-too-short")
            .with("digits", FEWEST_DIGITS)
            .with("letters", FEWEST_LETTERS));
    }
    if is_common(typed, &digits) {
        return Err(AppError::new("pin-too-common"));
    }
    if is_date(typed) {
        return Err(AppError::new("pin-is-date"));
    }
    Ok(())
}

fn digits_of(typed: &str) -> Option<Vec<u32>> {
    typed.chars().map(|c| c.to_digit(10)).collect()
}

/// One or two different digits, a short beginning said again and again, pairs, steps up or down, and known ways.
fn is_common(typed: &str, digits: &[u32]) -> bool {
    let mut kinds = digits.to_vec();
    kinds.sort_unstable();
    kinds.dedup();
    let again = (1..=3).any(|period| {
        digits
            .iter()
            .skip(period)
            .eq(&digits[..digits.len() - period])
    });
    let goes =
        |digits: &[u32], step: u32| digits.windows(2).all(|two| two[1] == (two[0] + step) % 10);
    let steps = |digits: &[u32]| (1..10).any(|step| goes(digits, step));
    let pairs = digits.len().is_multiple_of(2) && digits.chunks(2).all(|two| two[0] == two[1]);
    let firsts: Vec<u32> = digits.iter().step_by(2).copied().collect();
    let half = digits.len() / 2;
    let mirrored = digits.iter().eq(digits.iter().rev()) && steps(&digits[..half.max(2)]);
    // Three alike, up or down: 111222, 123789, 654321.
    let threes = digits
        .chunks(3)
        .all(|three| three.len() == 3 && [0, 1, 9].iter().any(|step| goes(three, *step)));
    kinds.len() <= 2
        || again
        || steps(digits)
        || (pairs && steps(&firsts))
        || mirrored
        || threes
        || WAYS_OVER_THE_KEYS.iter().any(|way| typed.contains(way))
}

/// A date of birth in any usual order, or a month with its year.
fn is_date(typed: &str) -> bool {
    let full = ["%d%m%Y", "%Y%m%d"];
    let short = ["%d%m%y", "%y%m%d"];
    let within = |date: NaiveDate| YEARS.contains(&chrono::Datelike::year(&date));
    let reads = |text: &str, forms: &[&str]| {
        forms
            .iter()
            .any(|form| NaiveDate::parse_from_str(text, form).is_ok_and(within))
    };
    match typed.len() {
        8 => reads(typed, &full),
        6 => {
            reads(typed, &short)
                || reads(&format!("01{typed}"), &full[..1])
                || reads(&format!("{typed}01"), &full[1..])
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(pin: &str) -> Option<String> {
        check(pin).err().map(|error| error.code)
    }

    #[test]
    fn what_everyone_tries_first_is_refused() {
        for pin in [
            "000000", "123456", "654321", "123123", "121212", "112233", "123321", "789456",
            "147258", "159753", "246802", "135791", "12345678", "098765", "111222", "456789",
            "987654", "012345",
        ] {
            assert_eq!(code(pin).as_deref(), Some("pin-too-common"), "{pin}");
        }
    }

    #[test]
    fn dates_of_birth_are_refused() {
        for pin in [
            "14071985", "19850714", "140785", "850714", "071985", "198507",
        ] {
            assert_eq!(code(pin).as_deref(), Some("pin-is-date"), "{pin}");
        }
    }

    #[test]
    fn short_ones_are_refused_and_what_fits_is_told() {
        for pin in ["", "12345", "48291", "courte", "aaaaaaaaaaaaaaaa", "      "] {
            assert_eq!(code(pin).as_deref(), Some("pin-too-short"), "{pin}");
        }
    }

    #[test]
    fn most_codes_that_nobody_tries_first_are_taken() {
        for pin in [
            "482913",
            "739164",
            "905127",
            "le mil pousse au bord du fleuve",
        ] {
            assert_eq!(code(pin), None, "{pin}");
        }
        let refused = (0..1_000_000)
            .filter(|n| check(&format!("{n:06}")).is_err())
            .count();
        assert!(
            (5_000..150_000).contains(&refused),
            "{refused} of a million"
        );
    }

    #[test]
    fn accents_capitals_and_spaces_may_be_typed_in_any_way() {
        assert_eq!(*normal(" Le  Niébé fleurit"), *normal("le niebe FLEURIT"));
        assert_eq!(normal(" 482913 ").as_str(), "482913");
    }
}
