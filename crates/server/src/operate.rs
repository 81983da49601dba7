//! The operator's commands on laptops, places, what was kept aside, and sticks. All of them work while serving.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use domain::role::Role;
use serde::Serialize;
use server::{Aside, Device, Disk, Error, RealDisk, Server, bundles};

use crate::{Home, RoleArgument};

mod people;
mod words;

use people::People;

pub use words::Words;

/// Where bundles lie on a stick, and how their names end.
const FOLDER: &str = "NYETAA";
const BUNDLE: &str = "nyt";

#[derive(Subcommand)]
pub enum Operate {
    /// Who has not synced: all laptops, those not heard of for longest first.
    Devices {
        #[command(flatten)]
        home: Home,
        #[command(flatten)]
        words: Words,
        /// As JSON, for another program.
        #[arg(long)]
        json: bool,
    },
    /// Put a facility under another district. Nothing that was written is lost, also what is sent later.
    Move {
        #[command(flatten)]
        home: Home,
        /// The facility by name or identifier.
        #[arg(long)]
        place: String,
        /// The district by name, alias or code.
        #[arg(long)]
        to: String,
    },
    /// Give whoever enrolled a laptop a further role, or take it away: what was unsent is handed in first.
    Post {
        #[command(flatten)]
        home: Home,
        /// The laptop's identifier, or the beginning of it, as `devices` shows it.
        #[arg(long)]
        device: String,
        /// The role.
        #[arg(long)]
        role: RoleArgument,
        /// Where it is held: a district, region or facility that is enrolled, or the nation.
        #[arg(long)]
        place: String,
        /// It is held no longer.
        #[arg(long)]
        take: bool,
    },
    /// No longer believe a laptop: what it sends is kept aside, nothing is given to it.
    Revoke {
        #[command(flatten)]
        home: Home,
        #[command(flatten)]
        words: Words,
        /// Its identifier, or the beginning of it, as `devices` shows it.
        #[arg(long)]
        device: String,
    },
    /// Who works with the app, as laptops told.
    People {
        #[command(flatten)]
        home: Home,
        #[command(flatten)]
        words: Words,
        /// As JSON, for another program.
        #[arg(long)]
        json: bool,
    },
    /// No longer believe a person: laptops let them in no more, and what they write is kept aside for you to look at.
    RevokePerson {
        #[command(flatten)]
        home: Home,
        #[command(flatten)]
        words: Words,
        /// Their identifier, or the beginning of it, as `people` shows it; or their name.
        #[arg(long)]
        person: String,
        /// Revoke the laptops that they enrolled too: nobody else works there.
        #[arg(long)]
        laptops: bool,
    },
    /// What was not let in and is kept for a person to look at.
    Quarantine {
        #[command(subcommand)]
        what: Quarantine,
    },
    /// Who may come in at the server by themselves, from a laptop, and administrate.
    Administrator {
        #[command(subcommand)]
        what: People,
    },
    /// Who did what on the server: log-ins, failed ones, and what operators and administrators did; newest first.
    Audit {
        #[command(flatten)]
        home: Home,
        #[command(flatten)]
        words: Words,
        /// As JSON, for another program.
        #[arg(long)]
        json: bool,
    },
    /// Make snapshots of all places that have changed: once a night.
    Snapshot {
        #[command(flatten)]
        home: Home,
    },
    /// Take what came on a stick, or give something along.
    Bundle {
        #[command(subcommand)]
        what: Bundle,
    },
}

#[derive(Subcommand)]
pub enum Quarantine {
    /// List it.
    List {
        #[command(flatten)]
        home: Home,
        #[command(flatten)]
        words: Words,
        /// As JSON, for another program.
        #[arg(long)]
        json: bool,
    },
    /// Show what one segment says.
    Show {
        #[command(flatten)]
        home: Home,
        #[command(flatten)]
        words: Words,
        /// Its identifier, as `list` shows it.
        #[arg(long)]
        id: String,
        /// As JSON, for another program.
        #[arg(long)]
        json: bool,
    },
    /// Let one segment in: you have looked at it and answer for it.
    Release {
        #[command(flatten)]
        home: Home,
        /// Its identifier, as `list` shows it.
        #[arg(long)]
        id: String,
    },
}

#[derive(Subcommand)]
pub enum Bundle {
    /// Take in files, or all those in folders such as a stick.
    In {
        #[command(flatten)]
        home: Home,
        /// Files and folders.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// Write one for the laptops of a facility, or the coaches of a district, onto a stick.
    Out {
        #[command(flatten)]
        home: Home,
        /// The facility or district by name.
        #[arg(long)]
        place: String,
        /// The stick, or any folder.
        to: PathBuf,
    },
}

pub fn run(command: Operate) -> Result<ExitCode, Error> {
    match command {
        Operate::Devices { home, words, json } => devices(&home.existing()?, &words, json)?,
        Operate::Post {
            home,
            device,
            role,
            place,
            take,
        } => home
            .existing()?
            .set_post(&device, (role.into(), &place), !take)?,
        Operate::Move { home, place, to } => home.existing()?.relocate(&place, &to)?,
        Operate::Revoke {
            home,
            words,
            device,
        } => {
            for copy in home.existing()?.revoke(&device)? {
                let copy = copy.to_string();
                say(&words.say("server-copy-goes-on", [("device", &copy)]))?;
            }
        }
        Operate::People { home, words, json } => people(&home.existing()?, &words, json)?,
        Operate::RevokePerson {
            home,
            words,
            person,
            laptops,
        } => {
            for device in home.existing()?.revoke_person(&person, laptops)? {
                let key = match laptops {
                    true => "server-laptop-revoked-too",
                    false => "server-laptop-goes-on",
                };
                say(&words.say(key, [("device", &device.to_string())]))?;
            }
        }
        Operate::Quarantine { what } => match what {
            Quarantine::List { home, words, json } => aside(&home.existing()?, &words, json)?,
            Quarantine::Show {
                home,
                words,
                id,
                json,
            } => show(&home.existing()?, &words, &id, json)?,
            Quarantine::Release { home, id } => home.existing()?.release(&id)?,
        },
        Operate::Administrator { what } => people::run(what)?,
        Operate::Audit { home, words, json } => {
            return people::audit(&home.existing()?, &words, json);
        }
        Operate::Snapshot { home } => {
            let made = home.existing()?.make_snapshots()?;
            say(&format!("{made} snapshots made"))?;
        }
        Operate::Bundle { what } => match what {
            Bundle::In { home, paths } => return bundles_in(&home.existing()?, &paths),
            Bundle::Out { home, place, to } => bundle_out(&home.existing()?, &place, &to)?,
        },
    }
    Ok(ExitCode::SUCCESS)
}

/// What its people do, and what whoever enrolled it does besides.
fn roles(words: &Words, device: &Device) -> String {
    let role = |role: Role| words.say(&format!("role-{}", role.word()), []);
    let also = device.also.iter();
    let also = also.map(|(held, _, place)| format!("{} ({place})", role(*held)));
    let all: Vec<String> = std::iter::once(role(device.role)).chain(also).collect();
    all.join(" · ")
}

fn devices(server: &Server, words: &Words, json: bool) -> Result<(), Error> {
    let devices = server.devices()?;
    if json {
        return print_json(&devices);
    }
    let rows = devices.into_iter().map(|device| {
        let state = match (device.revoked, device.copy_of) {
            (Some(at), _) => words.say("server-revoked", [("day", &words.day(at))]),
            (None, Some(of)) => words.say("server-copy", [("device", &of.to_string())]),
            (None, None) => String::new(),
        };
        let gone = device
            .list_gone
            .map(|at| words.say("server-list-gone", [("day", &words.day(at))]));
        let state = [Some(state), gone]
            .into_iter()
            .flatten()
            .filter(|state| !state.is_empty());
        let state = state.collect::<Vec<_>>().join(", ");
        let roles = roles(words, &device);
        [
            device.device.to_string(),
            device.above,
            device.place,
            roles,
            words.moment(device.last_contact),
            device.days.to_string(),
            device.waiting.to_string(),
            device.held.to_string(),
            device.version,
            state,
        ]
    });
    let head = words.all([
        "server-device",
        "server-above",
        "server-place",
        "server-role",
        "server-last",
        "server-days",
        "server-unsent",
        "server-held",
        "server-version",
        "server-state",
    ]);
    table(head, rows)
}

fn people(server: &Server, words: &Words, json: bool) -> Result<(), Error> {
    let people = server.people()?;
    if json {
        return print_json(&people);
    }
    let rows = people.into_iter().map(|person| {
        let role = person.role.map(|role| format!("role-{}", role.word()));
        [
            person.person.to_string(),
            person.place,
            person.name,
            role.map_or_else(String::new, |key| words.say(&key, [])),
            person.revoked.map_or_else(String::new, |at| {
                words.say("server-revoked", [("day", &words.day(at))])
            }),
        ]
    });
    let head = words.all([
        "server-number",
        "server-place",
        "server-name",
        "server-role",
        "server-state",
    ]);
    table(head, rows)
}

fn aside(server: &Server, words: &Words, json: bool) -> Result<(), Error> {
    let rows = server.aside()?;
    if json {
        return print_json(&rows);
    }
    list_aside(words, rows)
}

fn list_aside(words: &Words, rows: Vec<Aside>) -> Result<(), Error> {
    let rows = rows.into_iter().map(|row| {
        [
            row.id,
            reason(words, &row.reason),
            row.place,
            row.device.to_string(),
            format!("{}-{}", row.first, row.last),
            words.moment(row.received),
        ]
    });
    let head = words.all([
        "server-number",
        "server-reason",
        "server-place",
        "server-device",
        "server-saves",
        "server-received",
    ]);
    table(head, rows)
}

fn reason(words: &Words, code: &str) -> String {
    let key = match code {
        "revoked" => "server-aside-revoked",
        "author-revoked" => "server-aside-author-revoked",
        "fork" => "server-aside-fork",
        "scope" => "server-aside-scope",
        "replica-unknown" => "server-aside-replica-unknown",
        other => return other.to_owned(),
    };
    words.say(key, [])
}

fn show(server: &Server, words: &Words, id: &str, json: bool) -> Result<(), Error> {
    let (segment, changes) = server.aside_changes(id)?;
    if json {
        print_json(&segment)?;
        return print_json(&changes);
    }
    list_aside(words, vec![segment])?;
    say("")?;
    let rows = changes.into_iter().map(|change| {
        let kind = change.kind.replace('_', "-");
        [
            change.save.to_string(),
            words.moment(change.at),
            words.say(&format!("kind-{kind}"), []).replace("kind-", ""),
            change.record.to_string(),
            change.field,
            change.value.unwrap_or_default(),
        ]
    });
    let head = words.all([
        "server-save",
        "server-written",
        "server-kind",
        "server-number",
        "server-field",
        "server-value",
    ]);
    table(head, rows)
}

/// Takes what can be taken; a file that cannot holds up no other.
fn bundles_in(server: &Server, paths: &[PathBuf]) -> Result<ExitCode, Error> {
    let mut all_well = true;
    for path in files(paths)? {
        let name = path.display();
        match RealDisk
            .read(&path)
            .map_err(Error::from)
            .and_then(|bytes| server.bundle_in(&bytes))
        {
            Ok(brought) => {
                let refused: Vec<String> = brought
                    .refused
                    .iter()
                    .map(|(reason, count)| format!(", {count} not let in ({reason})"))
                    .collect();
                say(&format!(
                    "{name}: bundle {} of {}: {} segments, {} new{}",
                    brought.number,
                    brought.from,
                    brought.segments,
                    brought.new,
                    refused.concat()
                ))?;
            }
            Err(error) => {
                all_well = false;
                say(&format!("{name}: {error}"))?;
            }
        }
    }
    Ok(if all_well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The files themselves, and the bundles in folders and sticks, by name.
fn files(paths: &[PathBuf]) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let mut found = Vec::new();
        for folder in [path.clone(), path.join(FOLDER)] {
            if folder.is_dir() {
                for entry in std::fs::read_dir(folder)? {
                    found.push(entry?.path());
                }
            }
        }
        found.retain(|path| path.extension().is_some_and(|end| end == BUNDLE));
        found.sort();
        files.extend(found);
    }
    Ok(files)
}

/// Nobody is told that one is there before it was read back.
fn bundle_out(server: &Server, place: &str, to: &Path) -> Result<(), Error> {
    let folder = to.join(FOLDER);
    let bundles = server.bundle_out(place)?;
    RealDisk.create_dir_all(&folder)?;
    for bytes in bundles {
        let path = folder.join(bundles::file_name(&bytes));
        RealDisk.write(&path, &bytes)?;
        if RealDisk.read(&path)? != bytes {
            return Err(io::Error::other("what was written cannot be read back").into());
        }
        say(&format!(
            "{}: {} bytes, read back",
            path.display(),
            bytes.len()
        ))?;
    }
    Ok(())
}

fn table<const N: usize>(
    head: [String; N],
    rows: impl Iterator<Item = [String; N]>,
) -> Result<(), Error> {
    let rows: Vec<[String; N]> = std::iter::once(head).chain(rows).collect();
    let widths: [usize; N] = std::array::from_fn(|column| {
        let widths = rows.iter().map(|row| row[column].chars().count());
        widths.max().unwrap_or(0)
    });
    for row in &rows {
        let line: Vec<String> = row
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        say(line.join("  ").trim_end())?;
    }
    Ok(())
}

fn print_json(value: &impl Serialize) -> Result<(), Error> {
    let text = serde_json::to_string_pretty(value).map_err(io::Error::from)?;
    say(&text)
}

fn say(line: &str) -> Result<(), Error> {
    Ok(writeln!(io::stdout(), "{line}")?)
}
