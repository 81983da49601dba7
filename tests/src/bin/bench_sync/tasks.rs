//! The workloads over the wire.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use nyetaa_tests::{Light, Line, Network, PoorLine, SlowLine};
use serde_json::{Value as Json, json};

use crate::centre::Centre;
use crate::figures::{Target, Unit, fact, heading, line, median};
use crate::floor::{self, Layout};
use crate::laptop::Laptop;
use crate::words::{FIELDS, Words};
use crate::workload::{Work, plan, saves};
use crate::{Measured, Outcome};

const DISTRICT: &str = "Sélingué";
/// First uploads that are measured; the middle one counts.
const UPLOADS: usize = 3;
/// Days that are measured.
const DAYS: usize = 7;
const DAY: Work = Work::Edits {
    changes: 200,
    records: 59,
};
const RECORDS: usize = 1_000;
/// Facilities of the supervisor, with [`RECORDS`] each.
const FACILITIES: usize = 20;

/// A server with whoever is needed, for one sort of words.
pub struct Bench {
    folder: PathBuf,
    words: Words,
    centre: Centre,
}

/// A laptop with its own way to the server.
struct Linked {
    laptop: Laptop,
    way: Network,
}

/// What one exchange took at either end.
struct Cost {
    laptop: Measured,
    server: f64,
    up: f64,
    down: f64,
    requests: f64,
    /// Bytes that it would have carried beside, had no segment been packed with the dictionary: they travel byte for byte.
    spared: f64,
}

impl Bench {
    /// Starts the server.
    pub fn new(folder: PathBuf, words: Words) -> Outcome<Self> {
        fs::create_dir_all(&folder)?;
        let centre = Centre::start(&folder.join("centre"), None)?;
        Ok(Self {
            folder,
            words,
            centre,
        })
    }

    /// First upload, days there and back, nothing to say, and what the file then weighs.
    pub fn exchange(&self) -> Outcome {
        let name = self.words.name();
        let bare = self.folder.join("floor");
        fs::create_dir_all(&bare)?;
        let (floor, _) = floor::records(
            &bare.join("w1.db"),
            RECORDS,
            Layout::RowPerField(10_000),
            self.words,
        )?;
        let (record_floor, _) = floor::records(
            &bare.join("w1r.db"),
            RECORDS,
            Layout::RowPerRecord,
            self.words,
        )?;
        let day_floor = floor::day(&bare.join("w2.db"), 200, self.words)?;

        heading(&format!(
            "W1 first upload: 10,000 changes, 1,000 records ({name})"
        ));
        let mut uploads = Vec::new();
        let mut first = None;
        for run in 0..UPLOADS {
            let place = format!("CSCom du premier envoi {run}");
            let mut linked = self.facility(&place, &format!("w1-{run}"))?;
            linked
                .laptop
                .write(Work::Records(RECORDS), self.words, run as u64)?;
            uploads.push(self.cost(&mut linked)?);
            first.get_or_insert((linked, place));
        }
        print_cost(
            &uploads,
            10_000.0,
            &Targets {
                up: 55_000.0,
                requests: 2.0,
                wall: 0.12,
                both_cpu: Some(0.10),
                each_cpu: None,
                each: None,
            },
        );
        against(&uploads, "floor, a row a field", floor);
        against(&uploads, "floor, a row a record", record_floor);
        let (mut sender, place) = first.ok_or("no upload")?;

        let mut other = self.facility(&place, "w1-other")?;
        other.laptop.sync()?;
        heading(&format!("W2 a day: 200 changes, 59 records ({name})"));
        let (mut pushes, mut pulls, mut boths) = (Vec::new(), Vec::new(), Vec::new());
        for day in 0..DAYS as u64 {
            sender.laptop.write(DAY, self.words, 100 + day)?;
            pushes.push(self.cost(&mut sender)?);
            pulls.push(self.cost(&mut other)?);
        }
        let daily = Targets {
            up: f64::NAN,
            requests: 1.0,
            wall: 0.03,
            both_cpu: None,
            each_cpu: Some(0.005),
            each: Some(12.0),
        };
        println!("push");
        print_cost(&pushes, 200.0, &daily);
        against(&pushes, "floor", day_floor);
        println!("pull by the second laptop");
        print_cost(&pulls, 200.0, &daily);
        for day in 0..DAYS as u64 {
            sender.laptop.write(DAY, self.words, 200 + day)?;
            other.laptop.write(DAY, self.words, 300 + day)?;
            self.cost(&mut sender)?;
            boths.push(self.cost(&mut other)?);
            self.cost(&mut sender)?;
        }
        println!("200 up and 200 down in one exchange");
        print_cost(&boths, 400.0, &daily);

        heading(&format!("Nothing new ({name})"));
        sender.laptop.sync()?;
        let idle = (0..DAYS)
            .map(|_| self.cost(&mut sender))
            .collect::<Outcome<Vec<_>>>()?;
        line(
            "up, with its signature and headers",
            middle(&idle, |cost| cost.up),
            Unit::Bytes,
            Target::Most(260.0),
        );
        line(
            "down",
            middle(&idle, |cost| cost.down),
            Unit::Bytes,
            Target::Most(120.0),
        );
        line(
            "requests",
            middle(&idle, |cost| cost.requests),
            Unit::Count,
            Target::Most(1.0),
        );
        line(
            "wall",
            middle(&idle, |cost| cost.laptop.wall),
            Unit::Seconds,
            Target::None,
        );

        heading(&format!("The laptop's file after all this ({name})"));
        let (bytes, fields, log) = sender.laptop.weigh()?;
        line("file", bytes as f64, Unit::Bytes, Target::None);
        line(
            "a live field, log included",
            bytes as f64 / fields as f64,
            Unit::BytesEach,
            Target::Most(38.0),
        );
        line(
            "  of it the log",
            log as f64 / fields as f64,
            Unit::BytesEach,
            Target::None,
        );
        Ok(())
    }

    /// A supervisor's first day.
    pub fn bootstrap(&self, now_ms: u64) -> Outcome {
        let changes = FACILITIES * RECORDS * FIELDS.len();
        heading(&format!(
            "W3 a supervisor's first day: 200,000 changes, 20,000 records ({})",
            self.words.name()
        ));
        let begun = Instant::now();
        let used = self.centre.cpu()?;
        for n in 0..FACILITIES {
            let code = self.centre.invite(&[
                "--place",
                "Yanfolila",
                "--facility",
                &format!("CSCom de la tournée {n}"),
                "--role",
                "lead",
            ])?;
            let mut light = Light::new(10_000 + n as u64);
            let gone = |stopped| format!("a facility could not send: {stopped:?}");
            let answer = Line::to(self.centre.address())
                .and_then(|mut line| line.post("/v1/enrol", &light.wish(&code)))
                .map_err(gone)?;
            light.enrolled(&answer);
            let all = saves(
                &light,
                RECORDS,
                RECORDS * FIELDS.len(),
                self.words,
                n as u64,
                now_ms - (40 << 30),
            );
            light.write(&all);
            light.exchange(self.centre.address()).map_err(gone)?;
        }
        let took = (begun.elapsed().as_secs_f64(), self.centre.cpu()? - used);
        line(
            "(taken in by the server, processor, changes a second)",
            changes as f64 / took.1,
            Unit::Rate,
            Target::None,
        );
        let bare = self.folder.join("floor");
        fs::create_dir_all(&bare)?;
        let (field_floor, field_bytes) = floor::records(
            &bare.join("w3.db"),
            FACILITIES * RECORDS,
            Layout::RowPerField(5_000),
            self.words,
        )?;
        let (record_floor, record_bytes) = floor::records(
            &bare.join("w3r.db"),
            FACILITIES * RECORDS,
            Layout::RowPerRecord,
            self.words,
        )?;
        self.prepare_snapshots();

        let mut linked = self.start("w3")?;
        let place = linked.district("Yanfolila")?;
        linked.begin(&place, &Json::Null, "coach")?;
        let code = self
            .centre
            .invite(&["--place", "Yanfolila", "--role", "coach"])?;
        linked.forget();
        let server = self.centre.cpu()?;
        let request = json!({ "server": linked.way.address(), "code": code });
        let (state, laptop) = linked.laptop.call("enrol", request)?;
        if state["last"]["ok"] != true {
            return Err(format!("the first day failed: {}", state["last"]).into());
        }
        // One request is the enrolment itself.
        let cost = linked.cost(laptop, self.centre.cpu()? - server, 1.0);
        let both = cost.laptop.cpu + cost.server;
        let costs = [cost];
        let down = costs[0].down;
        line(
            "down, all of it",
            down,
            Unit::Bytes,
            Target::Most(1_100_000.0),
        );
        line(
            "  a change",
            down / changes as f64,
            Unit::BytesEach,
            Target::Most(5.5),
        );
        line("up", costs[0].up, Unit::Bytes, Target::None);
        line(
            "requests after the enrolment",
            costs[0].requests,
            Unit::Count,
            Target::Most(2.0),
        );
        line(
            "wall",
            costs[0].laptop.wall,
            Unit::Seconds,
            Target::Most(1.2),
        );
        line(
            "processor, both ends",
            both,
            Unit::Seconds,
            Target::Most(0.8),
        );
        line(
            "  of it the laptop",
            costs[0].laptop.cpu,
            Unit::Seconds,
            Target::None,
        );
        line(
            "taken in by the laptop, changes a processor second",
            changes as f64 / costs[0].laptop.cpu,
            Unit::Rate,
            Target::Least(150_000.0),
        );
        against(
            &costs,
            "floor, a row a field, 5,000 a transaction",
            field_floor,
        );
        against(&costs, "floor, a row a record", record_floor);
        line(
            "on the slow line (computed, 8 kB a second)",
            down / 8_000.0,
            Unit::Seconds,
            Target::Most(150.0),
        );
        let (bytes, fields, log) = linked.laptop.weigh()?;
        line("file", bytes as f64, Unit::Bytes, Target::Most(7_500_000.0));
        line("  of it the log", log as f64, Unit::Bytes, Target::None);
        line(
            "  floor, a row a field",
            field_bytes as f64,
            Unit::Bytes,
            Target::None,
        );
        line(
            "  floor, a row a record",
            record_bytes as f64,
            Unit::Bytes,
            Target::None,
        );
        line(
            "a live field",
            bytes as f64 / fields as f64,
            Unit::BytesEach,
            Target::Most(38.0),
        );
        fact(
            "records there",
            &linked.records()?.to_string(),
            linked.records()? == FACILITIES * RECORDS,
        );
        Ok(())
    }

    /// Two laptops change 1,000 fields each, 500 of them the same.
    pub fn merge(&self) -> Outcome {
        heading(&format!(
            "W4 two laptops, 1,000 changes each, 500 fields in common ({})",
            self.words.name()
        ));
        let place = "CSCom des deux";
        let mut one = self.facility(place, "w4-one")?;
        one.laptop.write(Work::Records(200), self.words, 1)?;
        one.laptop.sync()?;
        let mut two = self.facility(place, "w4-two")?;
        two.laptop.sync()?;
        let works = [
            Work::Whole { from: 0, to: 100 },
            Work::Whole { from: 50, to: 150 },
        ];
        one.laptop.write(works[0], self.words, 41)?;
        two.laptop.write(works[1], self.words, 42)?;
        let costs = [
            self.cost(&mut one)?,
            self.cost(&mut two)?,
            self.cost(&mut one)?,
        ];
        let all = |of: fn(&Cost) -> f64| costs.iter().map(of).sum::<f64>();
        line(
            "up and down, all of it",
            all(|cost| cost.up) + all(|cost| cost.down),
            Unit::Bytes,
            Target::Most(36_000.0),
        );
        line(
            "  without the dictionary, at level 19",
            all(|cost| cost.up + cost.down + cost.spared),
            Unit::Bytes,
            Target::None,
        );
        line(
            "requests",
            all(|cost| cost.requests),
            Unit::Count,
            Target::Most(3.0),
        );
        line(
            "wall",
            all(|cost| cost.laptop.wall),
            Unit::Seconds,
            Target::Most(0.12),
        );
        line(
            "processor, both ends",
            all(|cost| cost.laptop.cpu + cost.server),
            Unit::Seconds,
            Target::None,
        );
        let (here, there) = (one.laptop.content()?, two.laptop.content()?);
        fact(
            "both laptops show the same",
            here["trials"].as_str().unwrap_or_default(),
            here["trials"] == there["trials"],
        );
        let (open, expected) = (open_fields(&here), self.disputed(works));
        let hidden = expected.difference(&open).count();
        let invented = open.difference(&expected).count();
        fact(
            "fields with two different values, all listed",
            &format!(
                "{} of {}",
                open.intersection(&expected).count(),
                expected.len()
            ),
            hidden == 0,
        );
        fact("edits hidden", &hidden.to_string(), hidden == 0);
        fact("disputes invented", &invented.to_string(), invented == 0);
        Ok(())
    }

    /// A day's push over a line as in the districts.
    pub fn slow(&self) -> Outcome {
        heading(&format!(
            "W2 on the slow line: 64 kbit/s, 600 ms, 2 % of segments stalled 900 ms ({})",
            self.words.name()
        ));
        let place = "CSCom au bout de la piste";
        let mut one = self.facility(place, "slow-one")?;
        one.laptop.write(Work::Records(RECORDS), self.words, 1)?;
        one.laptop.sync()?;
        let mut two = self.facility(place, "slow-two")?;
        two.laptop.sync()?;
        let mut times = BTreeMap::from([
            ("push", Vec::new()),
            ("pull", Vec::new()),
            ("push and pull together", Vec::new()),
        ]);
        for run in 0..3_u64 {
            one.laptop.write(DAY, self.words, 500 + run)?;
            let mut timed = |what: &'static str, linked: &mut Linked, seed: u64| -> Outcome {
                // A way of its own each time: cold, and with losses that follow from the seed.
                let line = SlowLine::to(self.centre.address(), PoorLine::SECOND_GENERATION, seed);
                linked.laptop.point(&format!("http://{}", line.address()))?;
                let (_, took) = linked.laptop.sync()?;
                times.entry(what).or_default().push(took.wall);
                Ok(())
            };
            timed("push", &mut one, run)?;
            timed("pull", &mut two, 10 + run)?;
            two.laptop.write(DAY, self.words, 600 + run)?;
            one.laptop.write(DAY, self.words, 700 + run)?;
            timed("push and pull together", &mut two, 20 + run)?;
            timed("push and pull together", &mut one, 30 + run)?;
        }
        for (what, times) in times {
            line(what, median(times), Unit::Seconds, Target::Most(2.3));
        }
        Ok(())
    }

    /// Records and fields for which the two laptops' values differ, as `plan` made them.
    fn disputed(&self, works: [Work; 2]) -> BTreeSet<(usize, u16)> {
        // The identifiers only say where a record stands in the order; here the place itself serves.
        let places: Vec<_> = (0..200_u64)
            .map(|n| domain::ids::RecordId::natural(&[&n.to_le_bytes()]))
            .collect();
        let at: BTreeMap<_, _> = places
            .iter()
            .enumerate()
            .map(|(at, id)| (*id, at))
            .collect();
        let values = |work, seed| -> BTreeMap<(usize, u16), domain::value::Value> {
            plan(work, self.words, seed, &places)
                .into_iter()
                .flat_map(|(record, fields)| {
                    let at = record
                        .and_then(|record| at.get(&record).copied())
                        .unwrap_or(usize::MAX);
                    fields
                        .into_iter()
                        .map(move |(field, value)| ((at, field.number()), value))
                })
                .collect()
        };
        let (one, two) = (values(works[0], 41), values(works[1], 42));
        // A change to the value that stood already was none, and a laptop that made none disputes nothing.
        let first: BTreeMap<(usize, u16), domain::value::Value> =
            plan(Work::Records(200), self.words, 1, &[])
                .into_iter()
                .enumerate()
                .flat_map(|(at, (_, fields))| {
                    fields
                        .into_iter()
                        .map(move |(field, value)| ((at, field.number()), value))
                })
                .collect();
        one.iter()
            .filter(|(key, value)| {
                let (was, other) = (first.get(key), two.get(key));
                other.is_some_and(|other| {
                    other != *value && Some(other) != was && Some(*value) != was
                })
            })
            .map(|(key, _)| *key)
            .collect()
    }

    fn prepare_snapshots(&self) {
        // An older server makes none and says so; the log then goes instead.
        if let Err(error) = self.centre.command("snapshot", &[]) {
            println!(
                "(no snapshots: {})",
                error.to_string().lines().next().unwrap_or_default()
            );
        }
    }

    fn start(&self, home: &str) -> Outcome<Linked> {
        let folder = self.folder.join(home);
        fs::create_dir_all(&folder)?;
        Ok(Linked {
            laptop: Laptop::start(folder)?,
            way: Network::to(self.centre.address()),
        })
    }

    /// A laptop of a facility, the first or another, enrolled.
    fn facility(&self, place: &str, home: &str) -> Outcome<Linked> {
        let mut linked = self.start(home)?;
        let parent = linked.district(DISTRICT)?;
        linked.begin(
            &Json::Null,
            &json!({ "name": place, "level": "facility", "parent": parent }),
            "lead",
        )?;
        let code =
            self.centre
                .invite(&["--place", DISTRICT, "--facility", place, "--role", "lead"])?;
        linked.enrol(&code)?;
        Ok(linked)
    }

    fn cost(&self, linked: &mut Linked) -> Outcome<Cost> {
        let spared = linked.laptop.spared()?;
        linked.forget();
        let before = self.centre.cpu()?;
        let (_, laptop) = linked.laptop.sync()?;
        let mut cost = linked.cost(laptop, self.centre.cpu()? - before, 0.0);
        cost.spared = (linked.laptop.spared()? - spared) as f64;
        Ok(cost)
    }
}

impl Linked {
    fn district(&mut self, name: &str) -> Outcome<Json> {
        let (found, _) = self.laptop.call(
            "search_places",
            json!({ "query": name, "levels": ["district"] }),
        )?;
        Ok(found[0]["id"].clone())
    }

    fn begin(&mut self, place: &Json, new_place: &Json, role: &str) -> Outcome {
        let request = json!({
            "language": "fr", "place": place, "new_place": new_place, "person_name": "Awa Traoré", "role": role, "pin": "",
        });
        self.laptop.call("begin", request)?;
        Ok(())
    }

    fn enrol(&mut self, code: &str) -> Outcome {
        let (state, _) = self.laptop.call(
            "enrol",
            json!({ "server": self.way.address(), "code": code }),
        )?;
        if state["last"]["ok"] != true {
            return Err(format!("an enrolment failed: {}", state["last"]).into());
        }
        Ok(())
    }

    /// What the relay carried so far does not count.
    fn forget(&self) {
        self.way.carried();
        self.way.requests();
    }

    fn cost(&self, laptop: Measured, server: f64, not_counted: f64) -> Cost {
        // The relay may still be passing on the last bytes.
        std::thread::sleep(std::time::Duration::from_millis(5));
        let (up, down) = self.way.carried();
        Cost {
            laptop,
            server,
            up: up as f64,
            down: down as f64,
            requests: self.way.requests() as f64 - not_counted,
            spared: 0.0,
        }
    }

    fn records(&mut self) -> Outcome<usize> {
        self.laptop.count()
    }
}

/// What one sort of exchange should cost at most.
struct Targets {
    up: f64,
    requests: f64,
    wall: f64,
    both_cpu: Option<f64>,
    each_cpu: Option<f64>,
    each: Option<f64>,
}

fn print_cost(costs: &[Cost], changes: f64, targets: &Targets) {
    let most = |target: Option<f64>| target.map_or(Target::None, Target::Most);
    let up = if targets.up.is_nan() {
        Target::None
    } else {
        Target::Most(targets.up)
    };
    line("  up", middle(costs, |cost| cost.up), Unit::Bytes, up);
    line(
        "  down",
        middle(costs, |cost| cost.down),
        Unit::Bytes,
        Target::None,
    );
    line(
        "  a change, both ways together",
        middle(costs, |cost| cost.up + cost.down) / changes,
        Unit::BytesEach,
        most(targets.each),
    );
    line(
        "    without the dictionary, at level 19",
        middle(costs, |cost| cost.up + cost.down + cost.spared) / changes,
        Unit::BytesEach,
        Target::None,
    );
    line(
        "  requests",
        middle(costs, |cost| cost.requests),
        Unit::Count,
        Target::Most(targets.requests),
    );
    line(
        "  wall",
        middle(costs, |cost| cost.laptop.wall),
        Unit::Seconds,
        Target::Most(targets.wall),
    );
    line(
        "  processor, laptop",
        middle(costs, |cost| cost.laptop.cpu),
        Unit::Seconds,
        most(targets.each_cpu),
    );
    line(
        "  processor, server",
        middle(costs, |cost| cost.server),
        Unit::Seconds,
        most(targets.each_cpu),
    );
    if targets.both_cpu.is_some() {
        line(
            "  processor, both ends",
            middle(costs, |cost| cost.laptop.cpu + cost.server),
            Unit::Seconds,
            most(targets.both_cpu),
        );
    }
}

/// How many times the floor it took.
fn against(costs: &[Cost], floor: &str, took: Measured) {
    let wall = middle(costs, |cost| cost.laptop.wall) / took.wall;
    let cpu = middle(costs, |cost| cost.laptop.cpu + cost.server) / took.cpu;
    line(
        &format!("  {floor}: wall"),
        took.wall,
        Unit::Seconds,
        Target::None,
    );
    line("    times that", wall, Unit::Times, Target::None);
    line("    processor, times its", cpu, Unit::Times, Target::None);
}

fn middle(costs: &[Cost], of: impl Fn(&Cost) -> f64) -> f64 {
    median(costs.iter().map(of).collect())
}

/// Where several values stand, by the record's place in the order and field.
fn open_fields(content: &Json) -> BTreeSet<(usize, u16)> {
    let open = content["open"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    open.iter()
        .filter_map(|field| {
            Some((
                usize::try_from(field[0].as_u64()?).ok()?,
                u16::try_from(field[1].as_u64()?).ok()?,
            ))
        })
        .collect()
}
