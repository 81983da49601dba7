//! Invitations: a short code that lets a laptop enrol at one place with one role.

use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;

use domain::role::Role;

/// Crockford's digits: no I, L, O or U, so that a code read over the telephone arrives.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 13 digits of 5 bits: 65 bits, out of reach of guessing.
const LENGTH: usize = 13;

/// A new invitation.
#[derive(Debug, Clone)]
pub struct Invite {
    /// A district by name, alias or code; or an enrolled facility by name or identifier.
    pub place: String,
    /// The name of a facility in that district, new or enrolled already.
    pub facility: Option<String>,
    /// What the laptop's people may do at most.
    pub role: Role,
    /// How many laptops may enrol with it.
    pub uses: u32,
    /// For how many days from now.
    pub days: u32,
    /// What whoever enrols holds besides: a role, and the district, region, nation or enrolled facility that it is held at.
    pub also: Vec<(Role, String)>,
}

/// An invitation that was made.
pub(crate) struct Invited {
    /// Its code, which is kept nowhere else.
    pub code: String,
    /// What the place is called.
    pub place: String,
    /// From when on it is refused, in milliseconds by the server's clock.
    pub expires: u64,
}

/// The code of an invitation, or of someone who comes in the first time.
#[derive(Clone, PartialEq, Eq)]
pub struct Code([u8; LENGTH]);

impl Code {
    /// The code of 13 random bytes, of which five bits each are used.
    pub fn from_random(bytes: [u8; LENGTH]) -> Self {
        Self(bytes.map(|byte| DIGITS[usize::from(byte & 31)]))
    }

    /// A code as someone typed it: small letters, spaces, hyphens, O for 0, and I or L for 1 are forgiven.
    pub fn parse(typed: &str) -> Option<Self> {
        let mut code = [0; LENGTH];
        let mut at = 0;
        for c in typed
            .chars()
            .filter(|c| !matches!(c, '-' | ' ' | '\u{a0}' | '\u{202f}'))
        {
            let digit = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                c => c,
            };
            let digit = u8::try_from(digit)
                .ok()
                .filter(|digit| DIGITS.contains(digit))?;
            *code.get_mut(at)? = digit;
            at += 1;
        }
        (at == LENGTH).then_some(Self(code))
    }

    /// What is kept of it. A plain hash is enough: 65 random bits cannot be tried out.
    pub fn hash(&self) -> blake3::Hash {
        blake3::Hasher::new()
            .update(b"nyetaa invitation\0")
            .update(&self.0)
            .finalize()
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits: String = self.0.iter().map(|digit| char::from(*digit)).collect();
        write!(f, "{}-{}-{}", &digits[..4], &digits[4..8], &digits[8..])
    }
}

/// A code opens a door: it stays out of logs.
impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

/// Wrong codes, so that nobody tries them by the thousand.
///
/// They are counted by how the code begins, for one source and for all of them. Who mistypes or guesses shuts out those with a code
/// that begins alike, and not everybody who comes through the same proxy or the same telephone network. They are counted in memory: codes
/// are out of reach of guessing also for who has the server start again. Log-ins are counted by name in the same way, and
/// in the database ([`wrong_log_ins`]).
#[derive(Debug)]
pub struct Attempts {
    wrong: HashMap<Counted, (u64, u32)>,
}

/// A source, none for all of them, and how the code begins, none for any.
type Counted = (Option<IpAddr>, Option<[u8; PREFIX]>);

/// Digits of a code that attempts are counted by.
const PREFIX: usize = 4;
/// Wrong codes in a [`WINDOW_MS`]: with one beginning from one source, with one beginning from everywhere, and
/// from one source in all. Finding one of a thousand codes would take the last some hundred million years.
const MAX_WRONG: [u32; 3] = [20, 100, 5_000];
/// The same for log-ins: people choose passphrases, and chance the codes.
const MAX_WRONG_LOG_INS: [u32; 3] = [5, 50, 200];
/// How long wrong ones count, in milliseconds.
pub(crate) const WINDOW_MS: u64 = 10 * 60 * 1000;
/// Sources and beginnings remembered at once; beyond it the old ones are forgotten.
const MAX_REMEMBERED: usize = 50_000;

impl Attempts {
    /// Those with codes.
    pub fn of_codes() -> Self {
        Self {
            wrong: HashMap::new(),
        }
    }

    /// Whether this source may try this code now.
    pub fn may_try(&self, source: Option<IpAddr>, typed: &str, now: u64) -> bool {
        keys(source, beginning(typed))
            .iter()
            .zip(MAX_WRONG)
            .all(|(key, most)| {
                self.wrong.get(key).is_none_or(|(since, wrong)| {
                    now.saturating_sub(*since) > WINDOW_MS || *wrong < most
                })
            })
    }

    /// Remembers a wrong one.
    pub fn was_wrong(&mut self, source: Option<IpAddr>, typed: &str, now: u64) {
        if self.wrong.len() >= MAX_REMEMBERED {
            self.wrong
                .retain(|_, (since, _)| now.saturating_sub(*since) <= WINDOW_MS);
        }
        if self.wrong.len() >= MAX_REMEMBERED {
            self.wrong.clear();
        }
        for key in keys(source, beginning(typed)) {
            let (since, wrong) = self.wrong.entry(key).or_insert((now, 0));
            if now.saturating_sub(*since) > WINDOW_MS {
                (*since, *wrong) = (now, 0);
            }
            *wrong += 1;
        }
    }
}

/// How a code begins. What is no code at all counts as one beginning.
fn beginning(typed: &str) -> [u8; PREFIX] {
    Code::parse(typed).map_or([0; PREFIX], |code| {
        let mut prefix = [0; PREFIX];
        prefix.copy_from_slice(&code.0[..PREFIX]);
        prefix
    })
}

/// What wrong log-ins of this name from this source are counted under, each with how many there may be in [`WINDOW_MS`].
pub(crate) fn wrong_log_ins(source: Option<IpAddr>, called: &str) -> [([u8; 16], u32); 3] {
    let source = source.map_or_else(String::new, |source| source.to_string());
    let id = |of: &[&str]| {
        let mut hasher = blake3::Hasher::new_derive_key("nyetaa 2026-11-23 wrong log-ins");
        for part in of {
            hasher
                .update(&part.len().to_be_bytes())
                .update(part.as_bytes());
        }
        let mut id = [0; 16];
        id.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        id
    };
    let [one, everywhere, any] = MAX_WRONG_LOG_INS;
    [
        (id(&["one", &source, called]), one),
        (id(&["everywhere", called]), everywhere),
        (id(&["any", &source]), any),
    ]
}

fn keys(source: Option<IpAddr>, prefix: [u8; PREFIX]) -> [Counted; 3] {
    // Everybody together is told from a source that is not known by a source that none has.
    let everywhere = Some(IpAddr::from([0, 0, 0, 0]));
    [
        (source, Some(prefix)),
        (everywhere, Some(prefix)),
        (source, None),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_survive_being_typed() {
        let code = Code::from_random([0, 1, 31, 10, 20, 30, 40, 50, 60, 70, 80, 90, 255]);
        let shown = code.to_string();
        assert_eq!(shown.len(), 15);
        let sloppy = shown
            .to_lowercase()
            .replace('0', "o")
            .replace('1', "l")
            .replace('-', " ");
        assert_eq!(Code::parse(&sloppy), Some(code.clone()));
        assert_eq!(Code::parse(&shown).map(|c| c.hash()), Some(code.hash()));
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for typed in [
            "",
            "ABCD",
            "ABCD-EFGH-JKMNPQ",
            "UUUU-UUUU-UUUUU",
            "éééé-éééé-ééééé",
            "ABCD-EFGH-JKMN!",
        ] {
            assert_eq!(Code::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_source_that_guesses_is_stopped_for_a_while() {
        let mut attempts = Attempts::of_codes();
        let (guess, other) = ("ABCD-EFGH-JKMNP", "2BCD-EFGH-JKMNP");
        for _ in 0..MAX_WRONG[0] {
            assert!(attempts.may_try(None, guess, 5));
            attempts.was_wrong(None, guess, 5);
        }
        assert!(!attempts.may_try(None, guess, 6));
        assert!(attempts.may_try(None, guess, 6 + WINDOW_MS));
        assert!(
            attempts.may_try(None, other, 6),
            "others behind the same proxy go on"
        );
        assert!(attempts.may_try(Some(IpAddr::from([1, 2, 3, 4])), guess, 6));
    }

    #[test]
    fn one_beginning_is_guessed_from_everywhere_only_so_often() {
        let mut attempts = Attempts::of_codes();
        for n in 0..MAX_WRONG[1] {
            let source = Some(IpAddr::from((0x0a00_0000 + n).to_be_bytes()));
            assert!(attempts.may_try(source, "ABCD-EFGH-JKMNP", 5));
            attempts.was_wrong(source, "ABCD-EFGH-JKMNP", 5);
        }
        let fresh = Some(IpAddr::from([9, 9, 9, 9]));
        assert!(!attempts.may_try(fresh, "ABCD-0000-00000", 6));
        assert!(attempts.may_try(fresh, "2BCD-0000-00000", 6));
    }

    #[test]
    fn a_source_tries_every_beginning_only_so_often() {
        let mut attempts = Attempts::of_codes();
        let code = |n: u32| {
            let digit = |shift: u32| char::from(DIGITS[(n >> shift & 31) as usize]);
            format!("{}{}{}0-0000-00000", digit(0), digit(5), digit(10))
        };
        for n in 0..MAX_WRONG[2] {
            attempts.was_wrong(None, &code(n), 5);
        }
        assert!(!attempts.may_try(None, "ZZZZ-EFGH-JKMNP", 6));
    }
}
