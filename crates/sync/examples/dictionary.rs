//! Trains the dictionary that segments are packed with: `cargo run --release -p sync --features train --example dictionary NAME`.
//!
//! It is trained on what is packed, the columns of bodies, and these on what teams write: the catalogue, the
//! shipped French text, and notes written for the purpose (`assets/dictionary/notes-fr.txt`). No benchmark and no
//! test takes its text from there. A dictionary that was shipped stays as it is; a better one has another name.

use std::collections::HashMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use domain::catalog;
use domain::ids::{RecordId, ReplicaId};
use domain::registry::{
    CommentField, CycleField, CycleMeasureField, IdeaField, Kind, LessonField, MeasurementField,
    PersonField, PlaceField, TeamMemberField, TrialField,
};
use domain::value::Value;
use sync::clock::Hlc;
use sync::codec;
use sync::log::{Change, Dot, Save, SaveKind};

const ASSETS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets");
const SIZE: usize = 96 * 1024;
const SAMPLES: u64 = 9_000;

fn main() -> Result<(), Box<dyn Error>> {
    let name = std::env::args().nth(1).ok_or("say its name")?;
    let size = std::env::args()
        .nth(2)
        .map_or(Ok(SIZE), |size| size.parse())?;
    let texts = Texts::read()?;
    let mut samples = Vec::new();
    for seed in 0..SAMPLES {
        samples.push(sample(&texts, seed)?);
    }
    let dictionary = zstd::dict::from_samples(&samples, size)?;
    let path = Path::new(ASSETS)
        .join("dictionary")
        .join(format!("{name}.dict"));
    fs::write(&path, &dictionary)?;
    println!(
        "{}: {} bytes from {} samples of {} bytes",
        path.display(),
        dictionary.len(),
        samples.len(),
        samples.iter().map(Vec::len).sum::<usize>()
    );
    Ok(())
}

/// The sentences under each heading, and those of the app.
struct Texts {
    notes: HashMap<String, Vec<String>>,
    app: Vec<String>,
    templates: Vec<serde_json::Value>,
}

impl Texts {
    fn read() -> Result<Self, Box<dyn Error>> {
        let assets = Path::new(ASSETS);
        let mut notes: HashMap<String, Vec<String>> = HashMap::new();
        let mut heading = String::new();
        for line in fs::read_to_string(assets.join("dictionary/notes-fr.txt"))?.lines() {
            match line.strip_prefix("# ") {
                Some(name) => heading = name.to_owned(),
                None => notes
                    .entry(heading.clone())
                    .or_default()
                    .push(line.to_owned()),
            }
        }
        let mut app = Vec::new();
        let mut files: Vec<_> = fs::read_dir(assets.join("locales/fr"))?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()?;
        files.push(assets.join("guide/fr.md"));
        files.sort();
        for file in files {
            let text = fs::read_to_string(file)?;
            let sentences = text
                .lines()
                .map(|line| {
                    line.split_once(" = ")
                        .map_or(line, |(_, sentence)| sentence)
                })
                .filter(|line| line.len() > 20 && !line.contains(['{', '$', '#']));
            app.extend(sentences.map(|line| line.trim().to_owned()));
        }
        for indicator in catalog::indicators() {
            let parts = [
                Some(&indicator.name),
                Some(&indicator.numerator),
                indicator.denominator.as_ref(),
            ];
            app.extend(parts.into_iter().flatten().map(|text| text.fr.clone()));
        }
        for entry in fs::read_dir(assets.join("catalog"))? {
            let path = entry?.path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if name.starts_with("supervision") {
                let text = fs::read_to_string(&path)?;
                // The French column; some of its sentences are in quotes.
                let french = text
                    .lines()
                    .skip(1)
                    .filter_map(|line| line.splitn(3, ',').nth(2));
                app.extend(french.filter_map(|rest| match rest.strip_prefix('"') {
                    Some(quoted) => quoted.split('"').next().map(str::to_owned),
                    None => rest.split(',').next().map(str::to_owned),
                }));
            }
        }
        app.sort();
        let templates =
            serde_json::from_str(&fs::read_to_string(assets.join("catalog/templates.json"))?)?;
        Ok(Self {
            notes,
            app,
            templates,
        })
    }

    /// A sentence under `heading`, its names and numbers filled in.
    fn note(&self, chance: &mut Chance, heading: &str) -> String {
        let Some(list) = self.notes.get(heading) else {
            return String::new();
        };
        let mut sentence = chance.of(list).clone();
        for (slot, heading) in [
            ("{v}", "village"),
            ("{p}", "person"),
            ("{x}", "product"),
            ("{month}", "month"),
        ] {
            while sentence.contains(slot) {
                sentence = sentence.replacen(slot, &self.note(chance, heading), 1);
            }
        }
        for slot in ["{n}", "{m}"] {
            while sentence.contains(slot) {
                sentence = sentence.replacen(slot, &(2 + chance.below(60)).to_string(), 1);
            }
        }
        sentence
    }

    /// One or two sentences, now and then one of the app's own.
    fn text(&self, chance: &mut Chance, heading: &str) -> Value {
        let one = |chance: &mut Chance| match chance.below(8) {
            0 => chance.of(&self.app).clone(),
            _ => self.note(chance, heading),
        };
        let mut text = one(chance);
        if chance.below(5) == 0 {
            text = format!("{text} {}", one(chance));
        }
        Value::Text(text)
    }
}

/// The same numbers every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound.max(1)
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len() as u64) as usize]
    }
}

fn word(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn one_word(chance: &mut Chance, words: &[&str]) -> Value {
    word(chance.of::<&str>(words))
}

fn number(number: u64) -> Value {
    Value::Decimal {
        mantissa: number as i64,
        scale: 0,
    }
}

/// One body: a few saves of a laptop, some of them of records that it had saved before.
fn sample(texts: &Texts, seed: u64) -> Result<Vec<u8>, codec::CodecError> {
    let chance = &mut Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let secret = *blake3::hash(&seed.to_le_bytes()).as_bytes();
    let replica = ReplicaId::of_key(&secret);
    let count = *chance.of(&[1, 1, 2, 3, 5, 9, 20, 45]);
    let first_seq = 1 + chance.below(800);
    let day = 20_454 + chance.below(1_000) as i32;
    let mut counter = 2 + first_seq;
    let mut millis = (day as u64) * 86_400_000 + chance.below(40_000_000);
    let author = RecordId::counted(replica, 1 + chance.below(3));
    let place = RecordId::natural(&[&chance.below(1_500).to_le_bytes()]);
    // People do one thing at a time: a month of the grid, or trials.
    let mood = chance.below(10);
    let mut saves = Vec::new();
    for _ in 0..count {
        millis += 8_000 + chance.below(600_000);
        let old = chance.below(3) > 0 && first_seq > 20;
        let record = if old {
            RecordId::counted(replica, 2 + chance.below(first_seq))
        } else {
            counter += 1;
            RecordId::counted(replica, counter)
        };
        let cycle = RecordId::counted(replica, 2 + chance.below(20));
        let what = if chance.below(4) > 0 {
            mood
        } else {
            chance.below(10)
        };
        let (kind, record, fields) = match what {
            0..3 => grid(chance, texts, place, day),
            3..8 => (Kind::Trial, record, trial(chance, texts, cycle, day)),
            8 => (Kind::Cycle, record, begin(chance, texts, place, day)),
            _ => small(chance, texts, record, cycle, place, day),
        };
        let fields = if old { some_of(chance, fields) } else { fields };
        let back = 1 + chance.below(first_seq);
        let changes: Vec<_> = fields
            .into_iter()
            .map(|(field, value)| Change {
                kind: kind.number(),
                record,
                field,
                value,
                seen: if old && first_seq > back {
                    vec![Dot {
                        replica,
                        seq: first_seq - back,
                        index: u32::from(field.saturating_sub(1 + chance.below(3) as u16)),
                    }]
                } else {
                    Vec::new()
                },
            })
            .collect();
        saves.push(Save {
            hlc: Hlc::from_parts(millis, 0),
            author,
            grant: 1 + chance.below(3) as u32,
            kind: SaveKind::Edit,
            reason: (chance.below(25) == 0).then(|| texts.note(chance, "reason")),
            changes,
        });
    }
    codec::encode(first_seq, replica, &saves)
}

type Fields = Vec<(u16, Value)>;

/// A run of fields, as when someone corrects or completes a record.
fn some_of(chance: &mut Chance, fields: Fields) -> Fields {
    let step = 1 + chance.below(3) as usize;
    let take = 1 + chance.below(4) as usize;
    let skip = chance.below(fields.len() as u64) as usize;
    let around = fields.iter().cycle().skip(skip).step_by(step);
    around
        .take(take.min(fields.len() / step + 1))
        .cloned()
        .collect()
}

fn grid(chance: &mut Chance, texts: &Texts, place: RecordId, day: i32) -> (Kind, RecordId, Fields) {
    use MeasurementField as F;
    let indicator = &chance.of(catalog::indicators()).code;
    let period = format!(
        "20{}-{:02}",
        25 + (day - 20_089) / 365,
        1 + chance.below(12)
    );
    let record = RecordId::natural(&[indicator.as_bytes(), period.as_bytes(), place.as_bytes()]);
    let denominator = 10 + chance.below(190);
    let mut fields = vec![
        (F::Place.number(), Value::Ref(place)),
        (F::Indicator.number(), word(indicator)),
        (F::Period.number(), word(&period)),
        (F::Stratum.number(), word("")),
        (
            F::Source.number(),
            one_word(chance, &["register", "register", "dhis2", "recount"]),
        ),
        (F::Numerator.number(), number(chance.below(denominator))),
        (F::Denominator.number(), number(denominator)),
    ];
    if chance.below(12) == 0 {
        fields.push((F::Explanation.number(), texts.text(chance, "explanation")));
    }
    (Kind::Measurement, record, fields)
}

fn trial(chance: &mut Chance, texts: &Texts, cycle: RecordId, day: i32) -> Fields {
    use TrialField as F;
    let seen = 5 + chance.below(95);
    let starts = day - chance.below(200) as i32;
    let mut fields = vec![
        (F::Cycle.number(), Value::Ref(cycle)),
        (F::Title.number(), texts.text(chance, "title")),
        (F::Who.number(), texts.text(chance, "who")),
        (F::Scale.number(), texts.text(chance, "scale")),
        (F::Starts.number(), Value::Date(starts)),
        (
            F::Ends.number(),
            Value::Date(starts + 7 + chance.below(30) as i32),
        ),
        (F::Prediction.number(), texts.text(chance, "prediction")),
    ];
    if chance.below(2) == 0 {
        fields.push((F::DataPlan.number(), texts.text(chance, "data_plan")));
    }
    if chance.below(3) > 0 {
        if chance.below(2) == 0 {
            fields.push((F::Happened.number(), texts.text(chance, "happened")));
        }
        fields.push((F::SeenN.number(), number(chance.below(seen))));
        fields.push((F::SeenD.number(), number(seen)));
        let compared = ["as_predicted", "better", "worse", "different"];
        fields.push((F::Comparison.number(), one_word(chance, &compared)));
        if chance.below(2) == 0 {
            fields.push((F::Learned.number(), texts.text(chance, "learned")));
        }
        fields.push((
            F::Decision.number(),
            one_word(chance, &["adopt", "adapt", "abandon"]),
        ));
        fields.push((F::Decided.number(), Value::Date(day)));
    }
    fields
}

fn begin(chance: &mut Chance, texts: &Texts, place: RecordId, day: i32) -> Fields {
    use CycleField as F;
    let template = chance.of(&texts.templates);
    let text = |key: &str| {
        let value = &template[key];
        word(value["fr"].as_str().or(value.as_str()).unwrap_or_default())
    };
    let own = chance.below(2) == 0;
    let mut or_own = |key: &str, heading: &str| match own {
        true => texts.text(chance, heading),
        false => text(key),
    };
    let mut fields = vec![
        (F::Place.number(), Value::Ref(place)),
        (F::Template.number(), text("id")),
        (F::Area.number(), text("area")),
        (F::Title.number(), text("name")),
        (F::Problem.number(), or_own("problem", "problem")),
        (F::AimWho.number(), or_own("aim_who", "aim_who")),
        (F::AimWhat.number(), or_own("aim_what", "aim_what")),
    ];
    fields.push((F::AimFrom.number(), number(chance.below(60))));
    fields.push((F::AimTo.number(), number(60 + chance.below(40))));
    fields.push((F::AimBy.number(), Value::Date(day + 180)));
    fields.push((F::Cause.number(), texts.text(chance, "cause")));
    fields.push((F::Opened.number(), Value::Date(day)));
    fields.push((F::Status.number(), one_word(chance, &["open", "closed"])));
    fields
}

fn small(
    chance: &mut Chance,
    texts: &Texts,
    record: RecordId,
    cycle: RecordId,
    place: RecordId,
    day: i32,
) -> (Kind, RecordId, Fields) {
    let name = |chance: &mut Chance, heading: &str| Value::Text(texts.note(chance, heading));
    match chance.below(9) {
        0 => {
            use PlaceField as F;
            let unit = chance.of(catalog::org_units());
            let fields = vec![
                (F::Name.number(), word(&unit.name)),
                (
                    F::Level.number(),
                    one_word(chance, &["facility", "village", "site"]),
                ),
                (
                    F::Parent.number(),
                    Value::Ref(RecordId::of_place_code(&unit.code)),
                ),
            ];
            (Kind::Place, record, fields)
        }
        1 => {
            use PersonField as F;
            let fields = vec![
                (F::Name.number(), name(chance, "person")),
                (
                    F::Role.number(),
                    one_word(chance, &["lead", "member", "coach"]),
                ),
                (F::Place.number(), Value::Ref(place)),
            ];
            (Kind::Person, record, fields)
        }
        2 => {
            use TeamMemberField as F;
            let fields = vec![
                (F::Cycle.number(), Value::Ref(cycle)),
                (F::Name.number(), name(chance, "person")),
                (F::Post.number(), name(chance, "post")),
                (F::Since.number(), Value::Date(day)),
            ];
            (Kind::TeamMember, record, fields)
        }
        3 => {
            use CycleMeasureField as F;
            let fields = vec![
                (F::Cycle.number(), Value::Ref(cycle)),
                (
                    F::Indicator.number(),
                    word(&chance.of(catalog::indicators()).code),
                ),
                (F::Position.number(), Value::Int(chance.below(5) as i64)),
                (F::Goal.number(), number(50 + 5 * chance.below(10))),
            ];
            (Kind::CycleMeasure, record, fields)
        }
        4 | 5 => {
            use IdeaField as F;
            let fields = vec![
                (F::Cycle.number(), Value::Ref(cycle)),
                (F::Text.number(), texts.text(chance, "idea")),
                (F::Position.number(), Value::Int(chance.below(8) as i64)),
            ];
            (Kind::Idea, record, fields)
        }
        6 => {
            use LessonField as F;
            let fields = vec![
                (F::Cycle.number(), Value::Ref(cycle)),
                (F::Title.number(), texts.text(chance, "lesson")),
                (F::What.number(), texts.text(chance, "what")),
                (F::Conditions.number(), texts.text(chance, "conditions")),
                (F::Cost.number(), texts.text(chance, "cost")),
                (F::Evidence.number(), texts.text(chance, "evidence")),
            ];
            (Kind::Lesson, record, fields)
        }
        _ => {
            use CommentField as F;
            let fields = vec![
                (F::About.number(), Value::Ref(cycle)),
                (F::Text.number(), texts.text(chance, "comment")),
                (F::Day.number(), Value::Date(day)),
            ];
            (Kind::Comment, record, fields)
        }
    }
}
