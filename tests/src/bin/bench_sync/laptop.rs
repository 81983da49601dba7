//! A laptop as a process of its own, so that its processor time is its own: the app on a folder, told what to do by lines
//! on its input, a JSON answer a line on its output.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use app::cx::wall_clock;
use app::{App, AppError, Surroundings};
use domain::registry::Kind;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value as Json, json};
use sync::vector::Vector;

use crate::words::{FIELDS, Words};
use crate::workload::{self, Work};
use crate::{Measured, Outcome, packs};

const BROKEN: &str = "a laptop's process has ended";

/// A laptop's process, as the bench holds it.
pub struct Laptop {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Laptop {
    /// Starts one on a folder.
    pub fn start(folder: PathBuf) -> Outcome<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("laptop")
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = child.stdin.take().ok_or(BROKEN)?;
        let output = BufReader::new(child.stdout.take().ok_or(BROKEN)?);
        Ok(Self {
            child,
            input,
            output,
        })
    }

    fn ask(&mut self, line: &Json) -> Outcome<(Json, Measured)> {
        writeln!(self.input, "{line}")?;
        self.input.flush()?;
        let mut answer = String::new();
        if self.output.read_line(&mut answer)? == 0 {
            return Err(BROKEN.into());
        }
        let mut answer: Json = serde_json::from_str(&answer)?;
        if !answer["failed"].is_null() {
            return Err(format!("{line}: {}", answer["failed"]).into());
        }
        let seconds = |key: &str| answer[key].as_f64().unwrap_or_default();
        let measured = Measured {
            wall: seconds("wall"),
            cpu: seconds("cpu"),
        };
        Ok((answer["answer"].take(), measured))
    }

    /// A command of the app, with what it took.
    pub fn call(&mut self, name: &str, request: Json) -> Outcome<(Json, Measured)> {
        self.ask(&json!({ "do": "call", "name": name, "request": request }))
    }

    /// Writes a workload, as if it had been done in the days before.
    pub fn write(&mut self, work: Work, words: Words, seed: u64) -> Outcome<usize> {
        let [name, a, b] = work.words();
        let line = json!({ "do": "write", "work": name, "a": a, "b": b, "notes": words == Words::Notes, "seed": seed });
        let (made, _) = self.ask(&line)?;
        Ok(made.as_u64().unwrap_or_default() as usize)
    }

    /// Exchanges with the server; it must end well. Answers the state afterwards.
    pub fn sync(&mut self) -> Outcome<(Json, Measured)> {
        let (state, measured) = self.call("sync_now", json!({}))?;
        if state["last"]["ok"] != true {
            return Err(format!("an exchange failed: {}", state["last"]).into());
        }
        Ok((state, measured))
    }

    /// What its tables hold, as a digest, and the fields with several values by the record's place in the order and field number.
    pub fn content(&mut self) -> Outcome<Json> {
        Ok(self.ask(&json!({ "do": "content" }))?.0)
    }

    /// Goes to the server by another address from now on.
    pub fn point(&mut self, address: &str) -> Outcome {
        self.ask(&json!({ "do": "point", "address": address }))?;
        Ok(())
    }

    /// How many records of the workloads it has.
    pub fn count(&mut self) -> Outcome<usize> {
        let (count, _) = self.ask(&json!({ "do": "count" }))?;
        Ok(count.as_u64().unwrap_or_default() as usize)
    }

    /// Bytes that the dictionary has spared in the segments that it has.
    pub fn spared(&mut self) -> Outcome<i64> {
        let (spared, _) = self.ask(&json!({ "do": "dictionary" }))?;
        Ok(spared.as_i64().unwrap_or_default())
    }

    /// The database's bytes, its fields with a value, and the bytes of its log; the app is opened anew.
    pub fn weigh(&mut self) -> Outcome<(u64, u64, u64)> {
        let (weight, _) = self.ask(&json!({ "do": "weigh" }))?;
        let number = |at: usize| weight[at].as_u64().unwrap_or_default();
        Ok((number(0), number(1), number(2)))
    }
}

impl Drop for Laptop {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Is a laptop until its input ends.
pub fn be(folder: &Path) -> Outcome {
    // Minutes that its clock is behind while it writes what it pretends to have written before.
    let behind = Arc::new(AtomicU64::new(0));
    let open = || -> Outcome<App> {
        let (real, behind) = (wall_clock(), Arc::clone(&behind));
        let clock = Box::new(move || real().saturating_sub(behind.load(Ordering::SeqCst)));
        // Without codes: the key stands in a file, where a bare connection finds it.
        Ok(App::open_in(Surroundings {
            clock,
            guard: None,
            ..Surroundings::real(folder.to_owned(), press::write)
        })?)
    };
    let mut app = Some(open()?);
    let mut repacked = HashMap::new();
    for line in std::io::stdin().lines() {
        let asked: Json = serde_json::from_str(&line?)?;
        let (begun, used) = (Instant::now(), cpu());
        let answer = match asked["do"].as_str() {
            Some("weigh") => {
                drop(app.take());
                let weight = weigh(folder);
                app = Some(open()?);
                weight
            }
            Some("dictionary") => app
                .as_ref()
                .ok_or(BROKEN.into())
                .and_then(|app| spared(app, &mut repacked)),
            _ => app
                .as_ref()
                .ok_or(BROKEN.into())
                .and_then(|app| obey(app, &asked, &behind)),
        };
        let (wall, cpu) = (begun.elapsed().as_secs_f64(), (cpu() - used).as_secs_f64());
        let said = match answer {
            Ok(answer) => json!({ "answer": answer, "wall": wall, "cpu": cpu }),
            Err(error) => json!({ "failed": error.to_string() }),
        };
        let mut out = std::io::stdout().lock();
        writeln!(out, "{said}")?;
        out.flush()?;
    }
    drop(app);
    Ok(())
}

fn obey(app: &App, asked: &Json, behind: &AtomicU64) -> Outcome<Json> {
    match asked["do"].as_str() {
        Some("call") => {
            let name = asked["name"].as_str().unwrap_or_default();
            app.call(name, asked["request"].clone())
                .map_err(|error| format!("{name} was refused: {error:?}").into())
        }
        Some("write") => {
            let number = |key: &str| {
                asked[key]
                    .as_str()
                    .and_then(|text| text.parse().ok())
                    .unwrap_or(0)
            };
            let work = Work::from_words(
                asked["work"].as_str().unwrap_or_default(),
                number("a"),
                number("b"),
            )?;
            let words = if asked["notes"] == true {
                Words::Notes
            } else {
                Words::Few
            };
            let seed = asked["seed"].as_u64().unwrap_or_default();
            let pause = nyetaa_tests::Chance::of(seed ^ 0x7069_636B);
            let pause = std::sync::Mutex::new(pause);
            behind.store(14 * 24 * 60 * 60 * 1000, Ordering::SeqCst);
            let tick = || {
                let minutes = pause
                    .lock()
                    .map(|mut pause| 10_000 + pause.below(600_000))
                    .unwrap_or(60_000);
                let left = behind.load(Ordering::SeqCst).saturating_sub(minutes);
                behind.store(left, Ordering::SeqCst);
            };
            let made = workload::write(app, work, words, seed, tick);
            behind.store(0, Ordering::SeqCst);
            Ok(json!(made?))
        }
        Some("content") => content(app),
        Some("count") => Ok(json!(workload::trials(app)?.len())),
        Some("point") => {
            let address = asked["address"].as_str().unwrap_or_default();
            app.with(|cx| Ok::<_, AppError>(cx.store().set_meta("server", address.as_bytes())?))?;
            Ok(Json::Null)
        }
        other => Err(format!("what is {other:?}?").into()),
    }
}

/// What the dictionary has spared in the segments that are here, in bytes; each is packed anew once.
fn spared(app: &App, repacked: &mut HashMap<sync::segment::Hash, i64>) -> Outcome<Json> {
    let segments = app.with(|cx| {
        let store = cx.store();
        Ok::<_, AppError>(store.beyond(&Vector::new(), &store.scopes()?, usize::MAX)?)
    })?;
    let mut spared = 0;
    for bytes in &segments {
        let entry = repacked.entry(sync::segment::read(bytes)?.hash());
        spared += match entry {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                let without = packs::without_dictionary(bytes)?;
                *new.insert(without as i64 - bytes.len() as i64)
            }
        };
    }
    Ok(json!(spared))
}

fn content(app: &App) -> Outcome<Json> {
    let order = workload::trials(app)?;
    let names: Vec<&str> = FIELDS
        .iter()
        .filter_map(|field| Kind::Trial.field(field.number()))
        .map(|field| field.name)
        .collect();
    let (shown, open) = app.with(|cx| {
        let read = cx.store().read(|conn| {
            let mut rows = conn.prepare(&format!("SELECT id, {} FROM trial ORDER BY id", names.join(", ")))?;
            let mut rows = rows.query([])?;
            let mut shown = String::new();
            while let Some(row) = rows.next()? {
                for at in 0..=names.len() {
                    shown += &format!("{:?} ", row.get_ref(at)?);
                }
            }
            let mut rows = conn.prepare(
                "SELECT record, field FROM head GROUP BY record, field HAVING count(DISTINCT value) > 1",
            )?;
            let rows = rows.query_map([], |row| {
                let record = domain::ids::RecordId::from_bytes(row.get(0)?);
                let place = order.binary_search(&record).ok();
                Ok(json!([place, row.get::<_, i64>(1)?]))
            })?;
            Ok::<_, store::Error>((shown, rows.collect::<Result<Vec<_>, _>>()?))
        });
        Ok::<_, AppError>(read?)
    })?;
    Ok(json!({ "trials": sum(&shown), "open": open }))
}

/// A digest that tells contents apart.
fn sum(text: &str) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn weigh(folder: &Path) -> Outcome<Json> {
    let path = folder.join(store::DATABASE);
    let conn = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let key: String = std::fs::read(folder.join("nyetaa.key"))?
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    conn.pragma_update(None, "key", format!("x'{key}'"))?;
    let mut fields = 0;
    for kind in Kind::ALL {
        let mut rows = conn.prepare(&format!("SELECT stamps FROM {}", kind.table()))?;
        for stamps in rows.query_map([], |row| row.get::<_, Vec<u8>>(0))? {
            fields += store::unpack_stamps(&stamps?)?.len();
        }
    }
    let log: i64 = conn.query_row(
        "SELECT coalesce(sum(length(bytes)), 0) FROM segment",
        [],
        |row| row.get(0),
    )?;
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(json!([std::fs::metadata(&path)?.len(), fields, log]))
}

/// Processor time of this process so far, all threads, also those that have ended.
pub fn cpu() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(
        u64::try_from(time.tv_sec).unwrap_or(0),
        u32::try_from(time.tv_nsec).unwrap_or(0),
    )
}
