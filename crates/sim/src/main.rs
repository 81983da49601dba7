//! `cargo xtask sim`: the whole system, or the laptop's store alone, under every fault, by seeds.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use sim::power::{self, Beginning, Damage, Tally, Trial};
use sim::{Length, world};
use simdisk::Model;

/// What was typed.
struct Asked {
    seeds: u64,
    from: u64,
    seconds: Option<u64>,
    length: Length,
    encrypted: bool,
    power: bool,
    faults: bool,
}

fn asked() -> Result<Asked, String> {
    let mut asked = Asked {
        seeds: 100,
        from: 1,
        seconds: None,
        length: Length {
            steps: 160,
            calm: true,
            by_hand: false,
        },
        encrypted: false,
        power: false,
        faults: false,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || {
            let number = words.next().and_then(|number| number.parse().ok());
            number.ok_or_else(|| format!("{word} needs a number"))
        };
        match word.as_str() {
            "--seeds" => asked.seeds = number()?,
            "--from" => asked.from = number()?,
            "--seconds" => asked.seconds = Some(number()?),
            "--steps" => asked.length.steps = number()?,
            // Sticks, moves and newcomers as well.
            "--by-hand" => (asked.length.calm, asked.length.by_hand) = (false, true),
            // In every other seed copies and revocations instead of sticks.
            "--wild" => asked.length.calm = false,
            "--encrypted" => asked.encrypted = true,
            "power" => {
                asked.power = true;
                // Eight cuts each, on four disks.
                asked.seeds = asked.seeds.max(250);
            }
            "--faults" => asked.faults = true,
            _ => return Err(format!("what is {word}?")),
        }
    }
    if let Ok(seed) = std::env::var("SEED") {
        asked.from = seed.parse().map_err(|_| "SEED is a whole number")?;
        asked.seeds = 1;
    }
    Ok(asked)
}

fn main() -> ExitCode {
    let _hushed = sim::hush();
    let ended = asked().and_then(|asked| {
        if asked.faults {
            plant(&asked)
        } else if asked.power {
            cut_power(&asked)
        } else {
            simulate(&asked)
        }
    });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}

/// Whether there is time for another seed.
fn goes_on(asked: &Asked, begun: Instant) -> bool {
    asked
        .seconds
        .is_none_or(|seconds| begun.elapsed() < Duration::from_secs(seconds))
}

fn simulate(asked: &Asked) -> Result<(), String> {
    let begun = Instant::now();
    sim::drills::play()?;
    let beginning = world::Beginning::make(asked.encrypted)?;
    let mut tally = world::Tally::default();
    let mut failed = Vec::new();
    let mut run = 0u64;
    for seed in asked.from..asked.from.saturating_add(asked.seeds) {
        if !goes_on(asked, begun) {
            break;
        }
        run += 1;
        let (one, ended) = sim::run(seed, asked.length, &beginning);
        tally.add(&one);
        if let Err(failure) = ended {
            println!("SEED={seed}: {failure}");
            failed.push(seed);
            if failed.len() >= 5 {
                break;
            }
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{run} seeds of {} steps{} in {seconds:.1} s: {:.1} seeds a second",
        asked.length.steps,
        if asked.encrypted { ", encrypted" } else { "" },
        run as f64 / seconds
    );
    for (what, count) in &tally.happened {
        println!("  {count:>9} {what}");
    }
    println!(
        "  {:>9} acknowledged changes, {} of which went with the only disk that had them",
        tally.acknowledged, tally.excused
    );
    println!(
        "  {:>9} that lie aside because a disk was put back and its numbers went on otherwise",
        tally.aside
    );
    println!(
        "  {:>9} laptops that went on under a new name",
        tally.minted
    );
    if failed.is_empty() {
        println!("{run} seeds: 0 acknowledged changes lost");
        Ok(())
    } else {
        Err(format!("seeds that failed: {failed:?}"))
    }
}

fn cut_power(asked: &Asked) -> Result<(), String> {
    let encrypted = true;
    let beginning = Beginning::make(encrypted).map_err(|damage| damage.to_string())?;
    let whole = Trial {
        encrypted,
        ..Trial::default()
    };
    let disks = [
        ("an honest disk", whole, true),
        (
            "a disk that fills up",
            Trial {
                fills: true,
                ..whole
            },
            true,
        ),
        (
            "a disk that refuses",
            Trial {
                breaks: true,
                ..whole
            },
            true,
        ),
        (
            "a disk where deleted names come back",
            Trial {
                model: Model {
                    harsh: true,
                    lying: false,
                },
                ..whole
            },
            true,
        ),
        (
            "a disk that lies",
            Trial {
                model: Model {
                    harsh: false,
                    lying: true,
                },
                ..whole
            },
            false,
        ),
    ];
    let mut wrong = Vec::new();
    for (name, trial, holds) in disks {
        let begun = Instant::now();
        let mut tally = Tally::default();
        let mut damages = BTreeMap::<String, u64>::new();
        let (mut silent, mut noticed) = (0u64, 0u64);
        let seeds = if holds { asked.seeds } else { asked.seeds / 4 };
        for seed in asked.from..asked.from.saturating_add(seeds) {
            match power::live(seed, trial, &beginning) {
                Ok(one) => tally += one,
                Err(damage) => {
                    if holds {
                        println!("SEED={seed}: {name}: {damage}");
                    }
                    match damage {
                        Damage::Silent(_) => silent += 1,
                        Damage::Noticed(_) | Damage::Examined(_) => noticed += 1,
                    }
                    *damages.entry(kind_of(&damage)).or_default() += 1;
                }
            }
        }
        println!(
            "{name}: {seeds} seeds, {tally}; damaged: {silent} silently, {noticed} noticed; {:.1} s",
            begun.elapsed().as_secs_f64()
        );
        for (kind, count) in damages {
            println!("  {count:>6} {kind}");
        }
        if holds && silent + noticed > 0 {
            wrong.push(name);
        }
        // A single seed that is looked at again need not be one of those.
        if !holds && seeds > 0 && silent + noticed == 0 {
            wrong.push("the rig sees no damage where there must be some");
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(format!("not in order: {}", wrong.join(", ")))
    }
}

/// A damage without the numbers of this one life.
fn kind_of(damage: &Damage) -> String {
    let text = damage.to_string();
    let words = text
        .split(' ')
        .filter(|word| !word.starts_with(|c: char| c.is_ascii_digit()));
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(not(feature = "faults"))]
fn plant(_: &Asked) -> Result<(), String> {
    Err("this build can plant nothing: build it with the feature `faults`".to_owned())
}

/// Plants each mistake, one after the other, and runs seeds until the checks notice it.
#[cfg(feature = "faults")]
fn plant(asked: &Asked) -> Result<(), String> {
    use sync::fault::{Fault, plant};

    let trial = Trial {
        encrypted: asked.encrypted,
        ..Trial::default()
    };
    let bare = Beginning::make(asked.encrypted).map_err(|damage| damage.to_string())?;
    let beginning = world::Beginning::make(asked.encrypted)?;
    let mut missed = Vec::new();
    for fault in std::iter::once(None).chain(Fault::ALL.map(Some)) {
        let begun = Instant::now();
        plant(fault);
        let mut caught = None;
        for seed in asked.from..asked.from.saturating_add(asked.seeds) {
            // A careless disk setting shows where power cuts are dense.
            let ended = if fault == Some(Fault::SynchronousNormal) {
                let lived = power::live(seed, trial, &bare);
                lived.map(drop).map_err(|damage| damage.to_string())
            } else {
                sim::drills::play().and_then(|()| sim::run(seed, asked.length, &beginning).1)
            };
            if let Err(failure) = ended {
                caught = Some((seed, failure));
                break;
            }
            if !goes_on(asked, begun) {
                break;
            }
        }
        plant(None);
        let name = fault.map_or("nothing".to_owned(), |fault| format!("{fault:?}"));
        let seconds = begun.elapsed().as_secs_f64();
        match &caught {
            Some((seed, failure)) => {
                let what: String = failure
                    .lines()
                    .next()
                    .unwrap_or_default()
                    .chars()
                    .take(140)
                    .collect();
                println!("{name:24} caught at seed {seed} in {seconds:.1} s: {what}");
            }
            None => println!("{name:24} not caught in {seconds:.1} s"),
        }
        if caught.is_some() != fault.is_some() {
            missed.push(name);
        }
    }
    if missed.is_empty() {
        Ok(())
    } else {
        Err(format!("not as it should be: {}", missed.join(", ")))
    }
}
