//! Everybody comes back at once: laptops without a database, each with its own keys, its own facility and real segments, on
//! threads of this process against a server in another.

use std::path::Path;
use std::sync::{Arc, Barrier, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use domain::ids::ReplicaId;
use domain::role::Role;
use nyetaa_tests::{Chance, Light, Line, Stopped};
use server::{Invite, Server, Surroundings};
use sync::segment;
use sync::wire::{Signed, SyncAnswer};

use crate::Outcome;
use crate::centre::Centre;
use crate::figures::{Target, Unit, fact, heading, high, line, median};
use crate::words::Words;
use crate::workload::{later, saves};

/// Changes that each brings.
const CHANGES: usize = 200;
/// Records that each had sent before.
const BEFORE: usize = 60;
/// The longest that a laptop goes on trying.
const PATIENCE: Duration = Duration::from_secs(600);

/// How one laptop fared.
struct Fared {
    took: Duration,
    tries: u32,
    end: Result<u32, Stopped>,
}

/// Lets `count` laptops reconnect to a server on `folder`, with its database at `database` when one is named.
pub fn run(folder: &Path, database: Option<&str>, count: usize, now_ms: u64) -> Outcome {
    heading(&format!(
        "{count} laptops reconnect at once, {CHANGES} changes each, on {}",
        if database.is_some() {
            "PostgreSQL"
        } else {
            "SQLite"
        }
    ));
    let herd = enrolled(folder, database, count, now_ms)?;
    let written: Vec<(ReplicaId, u64)> = herd
        .iter()
        .map(|light| (light.replica(), light.last_seq()))
        .collect();
    let centre = Centre::start(folder, database)?;
    let address = centre.address();
    let gate = Arc::new(Barrier::new(count));
    let fared = Arc::new(Mutex::new(Vec::with_capacity(count)));
    let herd = Arc::new(herd.into_iter().map(Mutex::new).collect::<Vec<_>>());
    let before = centre.cpu()?;
    let begun = Instant::now();
    let threads: Vec<_> = (0..count)
        .map(|at| {
            let (gate, fared, herd) = (Arc::clone(&gate), Arc::clone(&fared), Arc::clone(&herd));
            thread::Builder::new().stack_size(256 << 10).spawn(move || {
                let mut light = herd[at].lock().unwrap_or_else(PoisonError::into_inner);
                gate.wait();
                let one = persist(&mut light, address, at as u64);
                fared
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(one);
            })
        })
        .collect::<Result<_, _>>()?;
    for thread in threads {
        thread.join().map_err(|_| "a laptop of the herd panicked")?;
    }
    let whole = begun.elapsed().as_secs_f64();
    let used = centre.cpu()? - before;
    let fared = std::mem::take(&mut *fared.lock().unwrap_or_else(PoisonError::into_inner));
    let converged = fared.iter().filter(|one| one.end.is_ok()).count();
    for one in fared.iter().filter(|one| one.end.is_err()).take(3) {
        println!("  one did not: {:?} after {} tries", one.end, one.tries);
    }
    fact(
        "converged",
        &format!("{converged}/{count}"),
        converged == count,
    );
    let mut kept = Kept::default();
    for (light, (replica, last)) in herd.iter().zip(&written) {
        let mut light = light.lock().unwrap_or_else(PoisonError::into_inner);
        kept.count(&mut light, address, *replica, *last)?;
    }
    fact(
        "saves lost, of all that were sent",
        &format!("{}/{}", kept.lost, kept.sent),
        kept.lost == 0,
    );
    fact(
        "saves there twice",
        &kept.twice.to_string(),
        kept.twice == 0,
    );
    let times: Vec<f64> = fared.iter().map(|one| one.took.as_secs_f64()).collect();
    line(
        "until the last one was through",
        whole,
        Unit::Seconds,
        Target::None,
    );
    line(
        "  a laptop, median",
        median(times.clone()),
        Unit::Seconds,
        Target::None,
    );
    line("  a laptop, 95 %", high(times), Unit::Seconds, Target::None);
    let tries: u32 = fared.iter().map(|one| one.tries).sum();
    line(
        "connections, with those that were turned away",
        f64::from(tries),
        Unit::Count,
        Target::None,
    );
    line("server's processor time", used, Unit::Seconds, Target::None);
    line(
        "  a laptop",
        used / count as f64,
        Unit::Seconds,
        Target::None,
    );
    line(
        "server's memory at its highest",
        centre.peak_memory()? as f64,
        Unit::Bytes,
        Target::None,
    );
    Ok(())
}

/// Laptops that have been there before, with a day's work each. Enrolment and first contact go to the server directly.
fn enrolled(
    folder: &Path,
    database: Option<&str>,
    count: usize,
    now_ms: u64,
) -> Outcome<Vec<Light>> {
    let server = open(folder, database)?;
    let week = 7 * 24 * 60 * 60 * 1000;
    let districts: Vec<String> = domain::catalog::org_units()
        .iter()
        .filter(|unit| unit.level == domain::catalog::OrgLevel::District)
        .map(|unit| unit.code.to_owned())
        .collect();
    (0..count)
        .map(|n| {
            let mut light = Light::new(n as u64);
            let code = server.invite(&Invite {
                place: districts[n % districts.len()].clone(),
                facility: Some(format!("CSCom du banc {n}")),
                role: Role::Lead,
                uses: 1,
                days: 14,
                also: Vec::new(),
            })?;
            let answer = server.enrol(&light.wish(&code), None)?;
            light.enrolled(&answer);
            let first = saves(
                &light,
                BEFORE,
                BEFORE * 10,
                Words::Notes,
                n as u64,
                now_ms - 2 * week,
            );
            light.write(&first);
            let mut with_vector = Some(false);
            while let Some(vector) = with_vector {
                let request = light.compose(vector);
                with_vector = light
                    .take(&request, &server.sync(&request)?)
                    .map_err(|stopped| format!("the first contact failed: {stopped:?}"))?;
            }
            let day = later(
                &light,
                CHANGES,
                Words::Notes,
                n as u64 ^ 0xDA7,
                now_ms - week,
            );
            light.write(&day);
            Ok(light)
        })
        .collect()
}

fn open(folder: &Path, database: Option<&str>) -> Outcome<Server> {
    Ok(Server::open_in(Surroundings {
        database: database.map(str::to_owned),
        ..Surroundings::of_machine(folder)
    })?)
}

/// Tries until it is through, pausing longer each time, as the app's people would.
fn persist(light: &mut Light, address: std::net::SocketAddr, number: u64) -> Fared {
    let begun = Instant::now();
    let mut chance = Chance::of(number ^ 0x6865_7264);
    let mut pause = 200;
    let mut tries = 0;
    loop {
        tries += 1;
        let end = light.exchange(address);
        let again = matches!(end, Err(Stopped::Line(_))) && begun.elapsed() < PATIENCE;
        if !again {
            return Fared {
                took: begun.elapsed(),
                tries,
                end,
            };
        }
        thread::sleep(Duration::from_millis(pause / 2 + chance.below(pause)));
        pause = (pause * 2).min(10_000);
    }
}

/// What the server gives back of what was sent.
#[derive(Default)]
struct Kept {
    sent: u64,
    lost: u64,
    twice: u64,
}

impl Kept {
    /// Asks for everything of a laptop's own stream, by the laptop itself with an empty vector.
    fn count(
        &mut self,
        light: &mut Light,
        address: std::net::SocketAddr,
        replica: ReplicaId,
        last: u64,
    ) -> Outcome {
        self.sent += last;
        let request = light.asks_for_all();
        let gone = |stopped: Stopped| format!("the count failed: {stopped:?}");
        let answer = Line::to(address)
            .and_then(|mut line| line.post("/v1/sync", &request))
            .map_err(gone)?;
        let answer = SyncAnswer::from_bytes(&Signed::from_bytes(&answer)?.body)?;
        let mut seen = vec![0_u32; usize::try_from(last)? + 1];
        for fed in &answer.segments {
            let read = segment::read(&fed.bytes)?;
            let header = read.header();
            if header.replica != replica {
                continue;
            }
            for (seq, _) in (header.first_seq..).zip(read.saves()?) {
                match seen.get_mut(usize::try_from(seq)?) {
                    Some(times) => *times += 1,
                    None => self.twice += 1,
                }
            }
        }
        self.lost += seen[1..].iter().filter(|times| **times == 0).count() as u64;
        self.twice += seen[1..]
            .iter()
            .map(|times| u64::from(times.saturating_sub(1)))
            .sum::<u64>();
        Ok(())
    }
}
