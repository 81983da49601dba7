//! What synchronising costs: bytes at the sockets, requests, processor time of either end, time, size, beside what SQLite
//! alone takes in the same run and beside the targets. `cargo xtask bench sync` runs it; it never fails on a figure.
//!
//! Real laptops and a real server, each a process of its own, speak HTTP on the loopback through a relay that counts.
//! The workloads are those that other programs were measured with: W1 a first upload of 10,000 changes of 1,000 records, W2 a
//! day's 200 changes of 59 records, W3 a supervisor's first day with 200,000 changes, W4 two laptops that changed 500 fields alike.

mod centre;
#[path = "../../../../crates/server/tests/common/cluster.rs"]
#[allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the tests of the server use the rest of it, and say so by a panic when it does not start"
)]
mod cluster;
mod figures;
mod floor;
mod herd;
mod laptop;
mod packs;
mod tasks;
mod words;
mod workload;

use std::error::Error;
use std::path::{Path, PathBuf};

use app::cx::wall_clock;

use words::Words;

/// What a part of the bench came to.
type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// Seconds that something took.
#[derive(Debug, Clone, Copy, Default)]
pub struct Measured {
    /// By the clock on the wall.
    pub wall: f64,
    /// Of the processor.
    pub cpu: f64,
}

/// The parts, in the order in which they run.
const PARTS: [&str; 6] = ["packs", "exchange", "bootstrap", "merge", "slow", "herd"];

fn main() -> Outcome {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [first, folder] = words.as_slice()
        && first == "laptop"
    {
        return laptop::be(Path::new(folder));
    }
    let asked = Asked::from_words(&words)?;
    // On the disk that the build lies on: a folder in memory would flatter every commit.
    let disk = std::env::current_exe()?
        .parent()
        .map(Path::to_owned)
        .ok_or("no folder")?;
    let folder = tempfile::tempdir_in(disk)?;
    for words in [Words::Few, Words::Notes] {
        let bench = tasks::Bench::new(folder.path().join(words.name().replace(' ', "-")), words)?;
        for part in PARTS.iter().filter(|part| asked.wants(part)) {
            match *part {
                "packs" => packs::run(words, wall_clock()())?,
                "exchange" => bench.exchange()?,
                "bootstrap" => bench.bootstrap(wall_clock()())?,
                "merge" => bench.merge()?,
                "slow" => bench.slow()?,
                _ => {}
            }
        }
    }
    if asked.wants("herd") {
        let at = |name: &str| -> Outcome<PathBuf> {
            let home = folder.path().join(name);
            std::fs::create_dir_all(&home)?;
            Ok(home)
        };
        herd::run(&at("herd")?, None, asked.laptops, wall_clock()())?;
        let postgres = match &asked.database {
            Some(url) => url.clone(),
            // A cluster of this run's own, which waits for the disk as any other.
            None => cluster::Cluster::shared().database(),
        };
        herd::run(
            &at("herd-postgres")?,
            Some(&postgres),
            asked.laptops,
            wall_clock()(),
        )?;
    }
    Ok(())
}

/// What was typed: parts to run (all when none is named), `--laptops N`, `--database URL`.
struct Asked {
    parts: Vec<String>,
    laptops: usize,
    database: Option<String>,
}

impl Asked {
    fn from_words(words: &[String]) -> Outcome<Self> {
        let mut asked = Self {
            parts: Vec::new(),
            laptops: 1_500,
            database: None,
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} needs a value"));
            match word.as_str() {
                "--laptops" => asked.laptops = value()?.parse()?,
                "--database" => asked.database = Some(value()?.clone()),
                part if PARTS.contains(&part) => asked.parts.push(part.to_owned()),
                other => {
                    return Err(format!("there is no part {other}; there are {PARTS:?}").into());
                }
            }
        }
        Ok(asked)
    }

    fn wants(&self, part: &str) -> bool {
        self.parts.is_empty() || self.parts.iter().any(|asked| asked == part)
    }
}
