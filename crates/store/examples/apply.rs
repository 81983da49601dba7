//! How fast what arrives comes into the tables, and what it takes on the disk: a supervisor's first day, by the log
//! and by a snapshot, in seconds of work. `cargo run --release -p store --example apply`.

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::registry::{Kind, TrialField};
use domain::value::Value;
use rusqlite::Connection;
use store::{Key, Store};
use sync::clock::Hlc;
use sync::heads::Head;
use sync::key::KeyPair;
use sync::log::{Change, Dot, Save, SaveKind};
use sync::segment::{Tip, seal_all};
use sync::snapshot::{self, Snapshot, StreamAt};

/// Time that this thread has worked, so that others at the same machine do not count; the clock where the system
/// does not tell.
struct Watch(Instant, Option<Duration>);

impl Watch {
    fn start() -> Self {
        Self(Instant::now(), worked())
    }

    fn read(&self) -> Outcome<Duration> {
        Ok(match (self.1, worked()) {
            (Some(before), Some(now)) => now - before,
            _ => self.0.elapsed(),
        })
    }
}

fn worked() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split(' ').next()?.parse().ok()?))
}

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const KEY: Key = [7; 32];
const NOW: u64 = 1_784_116_800_000;
const LAPTOPS: u8 = 5;
const RECORDS: u64 = 4_000;
const FIELDS: usize = 10;
const WORDS: &[&str] = &[
    "femme",
    "enceinte",
    "consultation",
    "suivi",
    "rupture",
    "stock",
    "village",
    "relais",
    "visite",
    "enfant",
    "fièvre",
    "palu",
    "vaccin",
    "retard",
    "registre",
    "mois",
    "équipe",
    "réunion",
    "idée",
    "essai",
    "résultat",
    "hausse",
    "baisse",
    "rappel",
    "appel",
    "mari",
    "accueil",
    "heure",
    "salle",
];

fn main() -> Outcome {
    // On the disk that the build lies on: a folder in memory would flatter everything.
    let target = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target");
    std::fs::create_dir_all(target)?;
    let folder = tempfile::tempdir_in(target)?;
    let scope = RecordId::natural(&[b"example"]).as_scope();
    let saves: Vec<(KeyPair, Vec<Save>)> = (1..=LAPTOPS).map(laptop).collect();
    let changes: usize = saves
        .iter()
        .flat_map(|(_, saves)| saves)
        .map(|save| save.changes.len())
        .sum();
    let mut segments = Vec::new();
    for (key, saves) in &saves {
        segments.extend(seal_all(key, &Tip::start(scope), saves)?);
    }
    let log: usize = segments.iter().map(|segment| segment.bytes.len()).sum();
    println!(
        "{changes} changes in {} segments of {} B a change",
        segments.len(),
        per(log, changes)
    );

    let home = folder.path().join("log");
    let store = open(&home)?;
    let begun = Watch::start();
    for segment in &segments {
        store.take(&segment.bytes)?;
    }
    let taken = begun.read()?;
    let (count, _) = store.apply(scope, NOW)?;
    let applied = begun.read()?;
    println!(
        "log: stored in {:.2} s, applied in {:.2} s: {:.0} changes a second together, {:.0} applied ({count} saves)",
        taken.as_secs_f64(),
        (applied - taken).as_secs_f64(),
        changes as f64 / applied.as_secs_f64(),
        changes as f64 / (applied - taken).as_secs_f64(),
    );
    let begun = Watch::start();
    store.rebuild(NOW)?;
    println!("rebuilt in {:.2} s", begun.read()?.as_secs_f64());
    drop(store);
    size(&home, changes)?;

    let snapshot = state(scope, &saves);
    let begun = Watch::start();
    let bytes = snapshot::write(&snapshot)?;
    println!(
        "snapshot: {} B a value, written in {:.2} s",
        per(bytes.len(), changes),
        begun.read()?.as_secs_f64()
    );
    let home = folder.path().join("snapshot");
    let store = open(&home)?;
    let begun = Watch::start();
    let read = snapshot::read(&bytes)?;
    let reading = begun.read()?;
    store.load_snapshot(&read, &bytes, NOW)?;
    let loaded = begun.read()?;
    println!(
        "read in {:.2} s, loaded in {:.2} s: {:.0} values a second",
        reading.as_secs_f64(),
        (loaded - reading).as_secs_f64(),
        changes as f64 / loaded.as_secs_f64()
    );
    let begun = Watch::start();
    black_box(store.pending()?);
    println!(
        "what waits, counted in {:.2} ms",
        begun.read()?.as_secs_f64() * 1e3
    );
    drop(store);
    size(&home, changes)
}

fn per(bytes: usize, count: usize) -> String {
    format!("{:.2}", bytes as f64 / count as f64)
}

fn open(folder: &Path) -> Outcome<Store> {
    std::fs::create_dir_all(folder)?;
    Ok(Store::open(folder, &KEY, &[99; 32])?)
}

fn size(home: &Path, changes: usize) -> Outcome {
    let path = home.join(store::DATABASE);
    let conn = Connection::open(&path)?;
    let hex: String = KEY.iter().map(|byte| format!("{byte:02x}")).collect();
    conn.pragma_update(None, "key", format!("x'{hex}'"))?;
    let sum = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0));
    let stamps = sum("SELECT sum(length(stamps)) FROM trial")?;
    let log = sum("SELECT coalesce(sum(length(bytes)), 0) FROM segment")?;
    let base = sum("SELECT coalesce(sum(length(bytes)), 0) FROM base")?;
    let length = std::fs::metadata(&path)?.len();
    let free = length as i64 * sum("PRAGMA freelist_count")? / sum("PRAGMA page_count")?;
    println!(
        "file: {} B a field; of that stamps {}, log {}, snapshot {}, free pages {}\n",
        per(length as usize, changes),
        per(stamps as usize, changes),
        per(log as usize, changes),
        per(base as usize, changes),
        per(free as usize, changes),
    );
    Ok(())
}

/// A few numbers out of a counter, always the same.
fn mixed(n: u64) -> u64 {
    let n = (n ^ (n >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (n ^ (n >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 20
}

fn text(seed: u64) -> Value {
    let count = 2 + mixed(seed) % 5;
    let words: Vec<&str> = (0..count)
        .map(|n| WORDS[(mixed(seed * 7 + n) % WORDS.len() as u64) as usize])
        .collect();
    Value::Text(words.join(" "))
}

fn laptop(number: u8) -> (KeyPair, Vec<Save>) {
    let key = KeyPair::from_secret(&[number; 32]);
    let replica = key.replica();
    let save = |n: u64| {
        let record = RecordId::counted(replica, n);
        let seed = u64::from(number) * 1_000_000 + n * 100;
        let change = |(at, field): (u64, TrialField)| {
            let value = match field {
                TrialField::Cycle => Value::Ref(RecordId::counted(replica, 1 + n % 40)),
                TrialField::Starts | TrialField::Ends => {
                    Value::Date(20_000 + (mixed(seed + at) % 400) as i32)
                }
                TrialField::SeenN | TrialField::SeenD => Value::Decimal {
                    mantissa: (mixed(seed + at) % 120) as i64,
                    scale: 0,
                },
                TrialField::Comparison => Value::Text(
                    ["as-predicted", "better", "worse"][(mixed(seed + at) % 3) as usize].to_owned(),
                ),
                TrialField::Decision => Value::Text(
                    ["adopt", "adapt", "abandon"][(mixed(seed + at) % 3) as usize].to_owned(),
                ),
                _ => text(seed + at),
            };
            Change {
                kind: Kind::Trial.number(),
                record,
                field: field.number(),
                value,
                seen: Vec::new(),
            }
        };
        let fields = [
            TrialField::Cycle,
            TrialField::Title,
            TrialField::Starts,
            TrialField::Ends,
            TrialField::Prediction,
            TrialField::SeenN,
            TrialField::SeenD,
            TrialField::Comparison,
            TrialField::Learned,
            TrialField::Decision,
        ];
        Save {
            hlc: Hlc::from_parts(
                NOW - RECORDS * 60_000 + n * 60_000 + mixed(seed) % 50_000,
                0,
            ),
            author: RecordId::counted(replica, 1),
            grant: 1,
            kind: SaveKind::Edit,
            reason: None,
            changes: (0..).zip(fields).map(change).collect(),
        }
    };
    debug_assert_eq!(save(1).changes.len(), FIELDS);
    (key, (1..=RECORDS).map(save).collect())
}

fn state(scope: ScopeId, saves: &[(KeyPair, Vec<Save>)]) -> Snapshot {
    let streams = saves.iter().map(|(key, saves)| StreamAt {
        replica: key.replica(),
        key: key.public(),
        sealed_seq: saves.len() as u64,
        hash: [1; 32],
        applied_seq: saves.len() as u64,
    });
    let mut fields: Vec<snapshot::FieldAt> = Vec::new();
    for (key, saves) in saves {
        let replica: ReplicaId = key.replica();
        for (seq, save) in (1..).zip(saves) {
            for (index, change) in (0..).zip(&save.changes) {
                fields.push(snapshot::FieldAt {
                    kind: change.kind,
                    record: change.record,
                    field: change.field,
                    head: Head {
                        dot: Dot {
                            replica,
                            seq,
                            index,
                        },
                        hlc: save.hlc,
                        author: save.author,
                        value: change.value.clone(),
                        uncertain: false,
                    },
                });
            }
        }
    }
    Snapshot {
        scope,
        registry: [0; 32],
        streams: streams.collect(),
        fields,
    }
}
