//! Does a text look as if it named a patient? Asked while people write, never a refusal: what looks like a telephone
//! number, the number of a file or a person's name is shown to the one who writes, and they decide.
//!
//! The signs are those of Malian writing: eight-digit telephone numbers (+223), numbers of files and cards, « Mme » and a
//! name, « la patiente » and a name, and family names that are common in the country after a given name. Names of staff
//! after their post are not questioned: « Dr Traoré », « la matrone Awa Diarra ».

use serde::{Deserialize, Serialize};

use crate::text::fold;

/// What a piece of text looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Likeness {
    /// A telephone number.
    Telephone,
    /// The number of a file, card or register line that is one person's.
    FileNumber,
    /// A person's name.
    Name,
}

/// A piece of text that should perhaps not be there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct Doubt {
    /// What it looks like.
    pub likeness: Likeness,
    /// The piece, as it was written.
    pub piece: String,
}

/// The pieces of a text that look like a person's, in the order in which they stand.
pub fn doubts(text: &str) -> Vec<Doubt> {
    let words = words(text);
    let mut doubts = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let found = number(text, &words, at).or_else(|| name(text, &words, at));
        match found {
            Some((doubt, next)) => {
                doubts.push(doubt);
                at = next;
            }
            None => at += 1,
        }
    }
    doubts
}

/// A run of letters or of digits, and where it stands in the text.
struct Word {
    start: usize,
    end: usize,
    digits: bool,
    capital: bool,
    folded: String,
}

fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut open: Option<(usize, bool)> = None;
    let ends = text.char_indices().chain([(text.len(), ' ')]);
    for (at, c) in ends {
        let digits = c.is_ascii_digit();
        let goes_on = open.is_some_and(|(_, was)| was == digits) && c.is_alphanumeric();
        if goes_on {
            continue;
        }
        if let Some((start, digits)) = open.take() {
            let piece = text.get(start..at).unwrap_or_default();
            words.push(Word {
                start,
                end: at,
                digits,
                capital: piece.chars().next().is_some_and(char::is_uppercase),
                folded: fold(piece),
            });
        }
        if c.is_alphanumeric() {
            open = Some((at, digits));
        }
    }
    words
}

fn between<'t>(text: &'t str, left: &Word, right: &Word) -> &'t str {
    text.get(left.end..right.start).unwrap_or_default()
}

fn piece(text: &str, first: &Word, last: &Word) -> String {
    text.get(first.start..last.end)
        .unwrap_or_default()
        .to_owned()
}

/// Groups of digits that are written as one number begin at `at`: a telephone number, or a number too long to be a count.
fn number(text: &str, words: &[Word], at: usize) -> Option<(Doubt, usize)> {
    let first = words.get(at).filter(|word| word.digits)?;
    let mut last = at;
    while let Some(next) = words.get(last + 1).filter(|word| word.digits) {
        let gap = between(text, words.get(last)?, next);
        let joined = matches!(gap, " " | "." | "-" | "\u{a0}" | "\u{202f}");
        if !joined {
            break;
        }
        last += 1;
    }
    let groups: Vec<&str> = words
        .get(at..=last)?
        .iter()
        .map(|word| word.folded.as_str())
        .collect();
    let digits = groups.concat();
    let plus = text.get(..first.start).unwrap_or_default().ends_with('+');
    let country = plus || digits.starts_with("00223");
    let national = match (country, digits.strip_prefix("00").unwrap_or(&digits)) {
        (true, abroad) => abroad.strip_prefix("223").unwrap_or(&digits),
        (false, _) => &digits,
    };
    let doubt = |likeness, from: usize| {
        let first = words.get(from).unwrap_or(first);
        let last = words.get(last).unwrap_or(first);
        Doubt {
            likeness,
            piece: piece(text, first, last),
        }
    };
    let follows = words.get(last + 1);
    let money = follows.is_some_and(|word| MONEY.contains(&word.folded.as_str()));
    if !money && telephone(national, &groups, country) {
        return Some((doubt(Likeness::Telephone, at), last + 1));
    }
    if !money && groups.iter().any(|group| group.len() >= 9) {
        return Some((doubt(Likeness::FileNumber, at), last + 1));
    }
    let marked = at.checked_sub(1).and_then(|before| words.get(before));
    let marks_number = |word: &Word| {
        matches!(
            word.folded.as_str(),
            "n" | "no" | "numero" | "num" | "number"
        )
    };
    let (marker, kept) = match marked {
        Some(word) if marks_number(word) => (at.checked_sub(2), at - 1),
        _ => (at.checked_sub(1), at),
    };
    let of_a_person = marker
        .and_then(|marker| words.get(marker))
        .is_some_and(|word| FILES.contains(&word.folded.as_str()));
    if of_a_person && digits.len() >= 3 {
        let from = marker.unwrap_or(kept);
        return Some((doubt(Likeness::FileNumber, from), last + 1));
    }
    // The whole number was looked at: its later groups are no numbers of their own.
    None
}

/// Eight digits as numbers are dialled in Mali (they begin with 2 or 4 to 9), not as years or amounts are written.
fn telephone(national: &str, groups: &[&str], country: bool) -> bool {
    if country {
        return (8..=12).contains(&national.len());
    }
    let year =
        |group: &&str| group.len() == 4 && (group.starts_with("19") || group.starts_with("20"));
    let dialled = matches!(national.as_bytes().first(), Some(b'2' | b'4'..=b'9'));
    national.len() == 8 && dialled && !(groups.len() == 2 && groups.iter().all(year))
}

/// A name begins at `at`: after a form of address, after a word for a patient, or as a given name and a common family name.
fn name(text: &str, words: &[Word], at: usize) -> Option<(Doubt, usize)> {
    let word = words.get(at)?;
    let near = |left: usize, right: usize| {
        let (left, right) = (words.get(left)?, words.get(right)?);
        let gap = between(text, left, right);
        matches!(gap, " " | ". " | "." | "\u{a0}" | "-" | " : ").then_some(right)
    };
    let is_name = |word: &Word| {
        word.capital
            && !word.digits
            && word.folded.chars().count() > 1
            && !NO_NAMES.contains(&word.folded.as_str())
    };
    let run = |from: usize| {
        let mut last = from;
        while near(last, last + 1).is_some_and(|word| {
            is_name(word) || FAMILIES.contains(&word.folded.as_str()) && word.capital
        }) {
            last += 1;
        }
        last
    };
    let found = |from: usize, last: usize| {
        let (first, end) = (words.get(from)?, words.get(last)?);
        let doubt = Doubt {
            likeness: Likeness::Name,
            piece: piece(text, first, end),
        };
        Some((doubt, last + 1))
    };
    let folded = word.folded.as_str();
    if ADDRESS.contains(&folded) && near(at, at + 1).is_some_and(is_name) {
        return found(at, run(at + 1));
    }
    if PATIENTS.contains(&folded) {
        // « la patiente Awa », « l'enfant de Moussa », « bébé de Mariam »
        let linked = near(at, at + 1).is_some_and(|word| {
            matches!(
                word.folded.as_str(),
                "de" | "nommee" | "nomme" | "named" | "of"
            )
        });
        let from = at + 1 + usize::from(linked);
        if near(from - 1, from).is_some_and(is_name) {
            return found(from, run(from));
        }
    }
    if is_name(word) && !FAMILIES.contains(&folded) && near(at, at + 1).is_some() {
        let last = run(at);
        let family = words
            .get(at + 1..=last)?
            .iter()
            .any(|word| FAMILIES.contains(&word.folded.as_str()));
        let post = at.checked_sub(1).and_then(|before| words.get(before));
        let staff = post.is_some_and(|post| POSTS.contains(&post.folded.as_str()));
        if family && (staff || POSTS.contains(&folded)) {
            return None;
        }
        if family {
            return found(at, last);
        }
    }
    None
}

const MONEY: &[&str] = &["fcfa", "f", "cfa", "xof", "francs", "franc"];

const FILES: &[&str] = &[
    "dossier",
    "fiche",
    "carnet",
    "matricule",
    "nina",
    "carte",
    "ordre",
    "file",
    "card",
    "record",
    "patient",
    "patiente",
    "id",
];

const ADDRESS: &[&str] = &[
    "m",
    "mr",
    "mme",
    "mlle",
    "madame",
    "monsieur",
    "mademoiselle",
    "mrs",
    "ms",
    "miss",
    "veuve",
    "feu",
    "feue",
];

const PATIENTS: &[&str] = &[
    "patient",
    "patiente",
    "malade",
    "parturiente",
    "accouchee",
    "gestante",
    "beneficiaire",
    "bebe",
    "enfant",
    "nourrisson",
    "fils",
    "fille",
    "mere",
    "pere",
    "epouse",
    "mari",
    "nommee",
    "nomme",
    "appelee",
    "appele",
    "baby",
    "child",
    "mother",
    "husband",
    "wife",
    "named",
];

/// Words of the work that are written with a capital and are nobody's name.
const NO_NAMES: &[&str] = &[
    "cscom",
    "csref",
    "asaco",
    "cpn",
    "cpon",
    "pf",
    "pcime",
    "dtc",
    "asc",
    "district",
    "region",
    "la",
    "le",
    "les",
    "l",
    "un",
    "une",
    "du",
    "des",
    "de",
    "et",
    "en",
    "au",
    "aux",
    "the",
    "sp",
    "tdr",
    "cta",
    "vih",
    "pev",
    "oms",
    "unicef",
    "usaid",
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
];

/// Posts: a name after one is a colleague's.
const POSTS: &[&str] = &[
    "dr",
    "docteur",
    "pr",
    "professeur",
    "doctor",
    "femme",
    "sage",
    "infirmier",
    "infirmiere",
    "matrone",
    "asc",
    "relais",
    "dtc",
    "responsable",
    "president",
    "presidente",
    "maire",
    "chef",
    "nurse",
    "midwife",
    "coach",
    "superviseur",
    "superviseure",
    "pharmacien",
    "gerant",
    "gerante",
    "agent",
    "medecin",
];

/// Family names that are common in Mali, folded.
const FAMILIES: &[&str] = &[
    "traore",
    "coulibaly",
    "diarra",
    "keita",
    "konate",
    "sidibe",
    "diallo",
    "sangare",
    "dembele",
    "kone",
    "toure",
    "maiga",
    "cisse",
    "camara",
    "doumbia",
    "sissoko",
    "samake",
    "kante",
    "bah",
    "ba",
    "sow",
    "fofana",
    "ouattara",
    "bagayoko",
    "berthe",
    "sanogo",
    "haidara",
    "dicko",
    "tounkara",
    "kouyate",
    "diabate",
    "diakite",
    "sacko",
    "tangara",
    "dao",
    "goita",
    "dolo",
    "guindo",
    "togo",
    "karembe",
    "ongoiba",
    "poudiougou",
    "sagara",
    "tembely",
    "niare",
    "niang",
    "sylla",
    "soumare",
    "soumah",
    "simpara",
    "sinayoko",
    "sogoba",
    "thera",
    "thiero",
    "tamboura",
    "wague",
    "yattara",
    "ag",
    "walet",
    "bamba",
    "ballo",
    "bengaly",
    "bouare",
    "daou",
    "dembega",
    "diaby",
    "diawara",
    "doucoure",
    "drame",
    "fane",
    "gakou",
    "kassambara",
    "kassogue",
    "magassa",
    "magassouba",
    "mallé",
    "malle",
    "mariko",
    "nimaga",
    "sanou",
    "kamissoko",
    "kamate",
    "kodio",
    "minta",
    "macalou",
    "marega",
];

#[cfg(test)]
mod tests;
