//! What the records of the workloads say: out of few words, as the other programs were measured with, or as people
//! write.

use std::sync::LazyLock;

use domain::registry::TrialField;
use domain::value::Value;
use nyetaa_tests::Chance;

/// The ten fields of a record.
pub const FIELDS: [TrialField; 10] = [
    TrialField::Title,
    TrialField::Who,
    TrialField::Scale,
    TrialField::Starts,
    TrialField::Ends,
    TrialField::Prediction,
    TrialField::SeenN,
    TrialField::SeenD,
    TrialField::Comparison,
    TrialField::Decision,
];

/// Where the texts come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// The twenty-nine of `tests/fixtures/bench/few-words.txt`.
    Few,
    /// Notes out of `tests/fixtures/bench`, with names, numbers and days in them. Every other word is another one of the same
    /// notes, so that a thousand of them pack as badly as what a thousand people write; without that they would repeat
    /// each other. No dictionary was trained on them.
    Notes,
}

const COMPARISONS: &[&str] = &["as_predicted", "better", "worse", "different"];
const DECISIONS: &[&str] = &["adopt", "adapt", "abandon"];
/// 2026-01-01 in days since 1970.
const NEW_YEAR: i32 = 20_454;

impl Words {
    /// As the command line and the table call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Few => "29 words",
            Self::Notes => "notes",
        }
    }

    /// A value for one of [`FIELDS`].
    pub fn value(self, chance: &mut Chance, field: TrialField) -> Value {
        match field {
            TrialField::Starts | TrialField::Ends => {
                Value::Date(NEW_YEAR + i32::try_from(chance.below(330)).unwrap_or(0))
            }
            TrialField::SeenN => number(chance.below(60)),
            TrialField::SeenD => number(20 + chance.below(80)),
            TrialField::Comparison => text(chance.of_these::<&str>(COMPARISONS)),
            TrialField::Decision => text(chance.of_these::<&str>(DECISIONS)),
            _ => match self {
                Self::Few => few(chance, field),
                Self::Notes => Value::Text(note(chance, field)),
            },
        }
    }

    /// A whole record.
    pub fn record(self, chance: &mut Chance) -> Vec<(TrialField, Value)> {
        FIELDS
            .iter()
            .map(|field| (*field, self.value(chance, *field)))
            .collect()
    }
}

fn number(number: u64) -> Value {
    Value::decimal(&number.to_string()).unwrap_or(Value::Null)
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn few(chance: &mut Chance, field: TrialField) -> Value {
    let (least, more) = match field {
        TrialField::Title => (4, 4),
        TrialField::Prediction => (8, 8),
        TrialField::Scale => (3, 4),
        _ => (2, 2),
    };
    let count = least + chance.below(more);
    let words: Vec<&str> = (0..count).map(|_| *chance.of_these(&FEW)).collect();
    text(&words.join(" "))
}

/// A list of lines under each heading of a file.
struct Lists(Vec<(&'static str, Vec<&'static str>)>);

impl Lists {
    fn of(file: &'static str) -> Self {
        let mut lists: Vec<(&str, Vec<&str>)> = Vec::new();
        for line in file.lines().filter(|line| !line.is_empty()) {
            match (line.strip_prefix("# "), lists.last_mut()) {
                (Some(heading), _) => lists.push((heading, Vec::new())),
                (None, Some((_, list))) => list.push(line),
                (None, None) => {}
            }
        }
        Self(lists)
    }

    fn one(&self, chance: &mut Chance, heading: &str) -> &'static str {
        let list = self.0.iter().find(|(name, _)| *name == heading);
        list.map_or("", |(_, list)| *chance.of_these(list))
    }
}

static FEW: LazyLock<Vec<&str>> = LazyLock::new(|| {
    include_str!("../../../fixtures/bench/few-words.txt")
        .lines()
        .collect()
});
static NOTES: LazyLock<Lists> =
    LazyLock::new(|| Lists::of(include_str!("../../../fixtures/bench/notes-fr.txt")));
static NAMES: LazyLock<Lists> =
    LazyLock::new(|| Lists::of(include_str!("../../../fixtures/bench/names.txt")));

fn note(chance: &mut Chance, field: TrialField) -> String {
    match field {
        TrialField::Title | TrialField::Scale => {
            let heading = if field == TrialField::Title {
                "title"
            } else {
                "scale"
            };
            let whole = filled(chance, heading);
            shuffled(chance, &whole)
        }
        TrialField::Who => {
            let name = NAMES.one(chance, "person");
            if chance.one_in(3) {
                return name.to_owned();
            }
            format!("{name}, {}", filled(chance, "who"))
        }
        // People write one sentence, now and then two.
        _ if chance.one_in(4) => format!("{} {}", sentence(chance), sentence(chance)),
        _ => sentence(chance),
    }
}

/// Every word that stands in the notes, as often as it stands there.
static VOCABULARY: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let lines = NOTES.0.iter().flat_map(|(_, lines)| lines);
    let words = lines.flat_map(|line| line.split(' '));
    words.filter(|word| !word.contains('{')).collect()
});

/// The same with every other word replaced.
fn shuffled(chance: &mut Chance, text: &str) -> String {
    let words: Vec<&str> = text
        .split(' ')
        .map(|word| {
            if chance.one_in(2) {
                *chance.of_these(&VOCABULARY)
            } else {
                word
            }
        })
        .collect();
    words.join(" ")
}

/// A sentence of the list, or one put together out of parts: hundreds of thousands, so that few stand twice.
fn sentence(chance: &mut Chance) -> String {
    if chance.one_in(3) {
        let whole = filled(chance, "prediction");
        return shuffled(chance, &whole);
    }
    let parts = ["opening", "actor", "action", "complement"].map(|part| filled(chance, part));
    let sentence = {
        let from = usize::from(chance.one_in(2));
        shuffled(chance, &parts[from..].join(" "))
    };
    // One in three drops the accents, as many do on a keyboard that has none.
    if chance.one_in(3) {
        return sentence.chars().map(plain).collect();
    }
    format!("{sentence}.")
}

fn plain(letter: char) -> char {
    match letter {
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'à' | 'â' => 'a',
        'ù' | 'û' => 'u',
        'î' | 'ï' => 'i',
        'ô' => 'o',
        'ç' => 'c',
        other => other,
    }
}

fn filled(chance: &mut Chance, heading: &str) -> String {
    let mut sentence = NOTES.one(chance, heading).to_owned();
    for (slot, names) in [
        ("{v}", "village"),
        ("{p}", "person"),
        ("{x}", "product"),
        ("{j}", "day"),
    ] {
        while sentence.contains(slot) {
            sentence = sentence.replacen(slot, NAMES.one(chance, names), 1);
        }
    }
    for slot in ["{n}", "{m}"] {
        while sentence.contains(slot) {
            sentence = sentence.replacen(slot, &(2 + chance.below(28)).to_string(), 1);
        }
    }
    sentence
}
