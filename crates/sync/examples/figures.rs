//! What the log weighs, and how fast it is packed and read: `cargo run --release -p sync --example figures`.
//!
//! The workloads are those that other programs were measured with (W1 10,000 changes of 1,000 records, W2 200 of
//! 59, W3 200,000 of 20,000), once out of 29 words and once out of the notes of the benchmark, on which no dictionary
//! was trained. Times are of one thread of this machine, at this moment.

use std::error::Error;
use std::time::Instant;

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::registry::{Kind, TrialField};
use domain::value::Value;
use sync::clock::Hlc;
use sync::codec;
use sync::heads::Head;
use sync::key::KeyPair;
use sync::log::{Change, Dot, Save, SaveKind};
use sync::segment::{self, Tip};
use sync::snapshot::{self, FieldAt, Snapshot, StreamAt};
use sync::wire::{Accepted, Purpose, Signed, SyncAnswer, SyncRequest};

const FIELDS: [TrialField; 10] = [
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
const FEW: &str = include_str!("../../../tests/fixtures/bench/few-words.txt");
const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/bench");

/// The sentences and the names that fill them, of the benchmark.
struct Notes {
    sentences: String,
    names: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let read = |name: &str| std::fs::read_to_string(format!("{FIXTURES}/{name}.txt"));
    let notes = Notes {
        sentences: read("notes-fr")?,
        names: read("names")?,
    };
    for (name, notes) in [("29 words", None), ("notes", Some(&notes))] {
        println!("{name}");
        let key = KeyPair::from_secret(&[9; 32]);
        let first = records(&key, 1_000, notes, &mut Chance(5));
        let day = day(&key, &first, notes, &mut Chance(6));
        weigh("W1", &key, 1, &first)?;
        let sealed = weigh("W2", &key, 1_001, &day)?;
        exchange("W2", &key, sealed)?;
        bootstrap(&key, notes)?;
    }
    exchange("idle", &KeyPair::from_secret(&[9; 32]), Vec::new())
}

/// What one exchange takes without HTTP, of a laptop that reads its facility, its district and the nation.
fn exchange(name: &str, key: &KeyPair, segments: Vec<Vec<u8>>) -> Result<(), Box<dyn Error>> {
    let scope = |byte| ScopeId::from_bytes([byte; 16]);
    let brought = !segments.is_empty();
    let request = SyncRequest {
        grant: 1,
        cursors: vec![(scope(3), 412), (scope(4), 90), (scope(5), 7)],
        digest: [2; 8],
        segments,
        last: [3; 8],
        ..SyncRequest::empty(key.replica(), [1; 16], 300)
    };
    let accepted = Accepted {
        scope: scope(3),
        seq: 1_059,
        hash: [6; 32],
    };
    let mut answer = SyncAnswer::empty([1; 16], 1_798_761_600_000);
    if brought {
        answer.accepted.push(accepted);
        answer.cursors.push((scope(3), 413));
    }
    let up = request.sign(key)?.len();
    let answer = Signed::sign(key, Purpose::Answer, answer.to_bytes()?);
    println!(
        "{name}: {up} bytes up, {} down, signed, before HTTP",
        answer.to_bytes()?.len()
    );
    Ok(())
}

fn weigh(
    name: &str,
    key: &KeyPair,
    first_seq: u64,
    saves: &[Save],
) -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    let changes: usize = saves.iter().map(|save| save.changes.len()).sum();
    let tip = Tip {
        scope: ScopeId::from_bytes([3; 16]),
        last_seq: first_seq - 1,
        hash: if first_seq == 1 { [0; 32] } else { [4; 32] },
    };
    let begun = Instant::now();
    let sealed = segment::seal_all(key, &tip, saves)?;
    let seal_ms = begun.elapsed().as_secs_f64() * 1e3;
    let begun = Instant::now();
    for segment in &sealed {
        let read = segment::read(&segment.bytes)?;
        read.verify(&key.public())?;
        read.saves()?;
    }
    let open_ms = begun.elapsed().as_secs_f64() * 1e3;
    let bytes: usize = sealed.iter().map(|segment| segment.bytes.len()).sum();
    let body = codec::encode(first_seq, key.replica(), saves)?;
    let plain = zstd::bulk::compress(&body, 3)?.len();
    let best = zstd::bulk::compress(&body, 19)?.len();
    println!(
        "{name}: {changes} changes, {bytes} bytes in {} segments, {:.2} a change; body {}, zstd-3 {plain}, zstd-19 {best}; sealed in {seal_ms:.1} ms, opened in {open_ms:.1} ms",
        sealed.len(),
        bytes as f64 / changes as f64,
        body.len(),
    );
    Ok(sealed.into_iter().map(|segment| segment.bytes).collect())
}

fn bootstrap(key: &KeyPair, notes: Option<&Notes>) -> Result<(), Box<dyn Error>> {
    let saves = records(key, 20_000, notes, &mut Chance(7));
    let begun = Instant::now();
    let sealed = segment::seal_all(key, &Tip::start(ScopeId::from_bytes([3; 16])), &saves)?;
    let seal_ms = begun.elapsed().as_secs_f64() * 1e3;
    let bytes: usize = sealed.iter().map(|segment| segment.bytes.len()).sum();
    println!(
        "W3 as segments: {bytes} bytes in {}, sealed in {seal_ms:.0} ms",
        sealed.len()
    );
    let fields = (1_u64..).zip(&saves).flat_map(|(seq, save)| {
        save.dots(key.replica(), seq).map(|(dot, change)| FieldAt {
            kind: change.kind,
            record: change.record,
            field: change.field,
            head: Head {
                dot,
                hlc: save.hlc,
                author: save.author,
                value: change.value.clone(),
                uncertain: false,
            },
        })
    });
    let state = Snapshot {
        scope: ScopeId::from_bytes([3; 16]),
        registry: [1; 32],
        streams: vec![StreamAt {
            replica: key.replica(),
            key: key.public(),
            sealed_seq: 20_000,
            hash: [2; 32],
            applied_seq: 20_000,
        }],
        fields: fields.collect(),
    };
    let begun = Instant::now();
    let bytes = snapshot::write(&state)?;
    let write_ms = begun.elapsed().as_secs_f64() * 1e3;
    let begun = Instant::now();
    let back = snapshot::read(&bytes)?;
    let read_s = begun.elapsed().as_secs_f64();
    println!(
        "W3 as a snapshot: {} values, {} bytes; written in {write_ms:.0} ms, read in {:.0} ms: {:.0} a second",
        back.fields.len(),
        bytes.len(),
        read_s * 1e3,
        back.fields.len() as f64 / read_s
    );
    Ok(())
}

struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) as usize % bound
    }

    fn line<'a>(&mut self, file: &'a str, heading: &str) -> &'a str {
        let lines: Vec<_> = file
            .lines()
            .skip_while(|line| line.strip_prefix("# ") != Some(heading))
            .skip(1)
            .take_while(|line| !line.starts_with("# "))
            .collect();
        lines[self.below(lines.len())]
    }
}

fn text(
    notes: Option<&Notes>,
    chance: &mut Chance,
    heading: &str,
    least: usize,
    more: usize,
) -> Value {
    let Some(notes) = notes else {
        let all: Vec<_> = FEW.lines().collect();
        let count = least + chance.below(more);
        let words: Vec<_> = (0..count).map(|_| all[chance.below(29)]).collect();
        return Value::Text(words.join(" "));
    };
    let mut sentence = chance.line(&notes.sentences, heading).to_owned();
    for (slot, names) in [
        ("{v}", "village"),
        ("{p}", "person"),
        ("{x}", "product"),
        ("{j}", "day"),
    ] {
        sentence = sentence.replace(slot, chance.line(&notes.names, names));
    }
    for slot in ["{n}", "{m}"] {
        sentence = sentence.replace(slot, &(2 + chance.below(28)).to_string());
    }
    if heading == "who" {
        sentence = format!("{}, {sentence}", chance.line(&notes.names, "person"));
    }
    Value::Text(sentence)
}

fn value(notes: Option<&Notes>, chance: &mut Chance, field: TrialField) -> Value {
    let number = |number: usize| Value::Decimal {
        mantissa: number as i64,
        scale: 0,
    };
    let word = |words: &[&str], at: usize| Value::Text(words[at].to_owned());
    match field {
        TrialField::Starts | TrialField::Ends => Value::Date(20_454 + chance.below(330) as i32),
        TrialField::SeenN => number(chance.below(60)),
        TrialField::SeenD => number(20 + chance.below(80)),
        TrialField::Comparison => word(
            &["as_predicted", "better", "worse", "different"],
            chance.below(4),
        ),
        TrialField::Decision => word(&["adopt", "adapt", "abandon"], chance.below(3)),
        TrialField::Title => text(notes, chance, "title", 2, 2),
        TrialField::Prediction => text(notes, chance, "prediction", 3, 3),
        TrialField::Who => text(notes, chance, "who", 1, 2),
        _ => text(notes, chance, "scale", 1, 2),
    }
}

fn save(replica: ReplicaId, millis: u64, changes: Vec<Change>) -> Save {
    Save {
        hlc: Hlc::from_parts(millis, 0),
        author: RecordId::counted(replica, 1),
        grant: 1,
        kind: SaveKind::Edit,
        reason: None,
        changes,
    }
}

fn records(key: &KeyPair, count: u64, notes: Option<&Notes>, chance: &mut Chance) -> Vec<Save> {
    let mut millis = 1_767_225_600_000;
    let made = (0..count).map(|n| {
        millis += 20_000 + chance.below(600_000) as u64;
        let changes = FIELDS.map(|field| Change {
            kind: Kind::Trial.number(),
            record: RecordId::counted(key.replica(), 2 + n),
            field: field.number(),
            value: value(notes, chance, field),
            seen: Vec::new(),
        });
        save(key.replica(), millis, changes.to_vec())
    });
    made.collect()
}

/// 200 changes of 59 of these records, each naming what it replaces.
fn day(key: &KeyPair, before: &[Save], notes: Option<&Notes>, chance: &mut Chance) -> Vec<Save> {
    let mut millis = 1_798_761_600_000;
    let edited = (0..59).map(|n| {
        millis += 20_000 + chance.below(600_000) as u64;
        let made = chance.below(before.len());
        let first = chance.below(FIELDS.len());
        let share = 200 * (n + 1) / 59 - 200 * n / 59;
        let changes = (0..share)
            .map(|i| (first + i * 3) % FIELDS.len())
            .map(|at| Change {
                kind: Kind::Trial.number(),
                record: before[made].changes[0].record,
                field: FIELDS[at].number(),
                value: value(notes, chance, FIELDS[at]),
                seen: vec![Dot {
                    replica: key.replica(),
                    seq: made as u64 + 1,
                    index: at as u32,
                }],
            });
        let changes = changes.collect();
        save(key.replica(), millis, changes)
    });
    edited.collect()
}
