//! Those who come in at the server by themselves, and the list of who did what.

use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use domain::role::Role;
use server::deeds::What;
use server::{Error, NewAdministrator, Server};

use super::{Words, print_json, say, table};
use crate::Home;

/// For how many days a code is good.
const DAYS: u32 = 7;

#[derive(Subcommand)]
pub enum People {
    /// Enter someone, and print the code that they come in with the first time. They choose their passphrase themselves.
    Add {
        #[command(flatten)]
        home: Home,
        /// Their name, by which they come in.
        #[arg(long)]
        name: String,
        /// What they may do.
        #[arg(long)]
        role: Office,
        /// The district, the region or the nation that they do it for, by name, alias or code.
        #[arg(long)]
        place: String,
        /// For how many days the code is good.
        #[arg(long, default_value_t = DAYS)]
        days: u32,
    },
    /// List them.
    List {
        #[command(flatten)]
        home: Home,
        #[command(flatten)]
        words: Words,
        /// As JSON, for another program.
        #[arg(long)]
        json: bool,
    },
    /// Let someone come in no longer.
    Disable {
        #[command(flatten)]
        home: Home,
        /// Their name.
        #[arg(long)]
        name: String,
    },
    /// Give someone another code, who lost the first or forgot their passphrase, and print it.
    Code {
        #[command(flatten)]
        home: Home,
        /// Their name.
        #[arg(long)]
        name: String,
        /// For how many days the code is good.
        #[arg(long, default_value_t = DAYS)]
        days: u32,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Office {
    /// Keeps people and laptops, and sees no content.
    Administrator,
    /// Works for the nation.
    Nation,
    /// Works in a regional directorate.
    Region,
    /// Coaches a district's facilities.
    Coach,
}

impl From<Office> for Role {
    fn from(office: Office) -> Self {
        match office {
            Office::Administrator => Self::Administrator,
            Office::Nation => Self::Nation,
            Office::Region => Self::Region,
            Office::Coach => Self::Coach,
        }
    }
}

pub fn run(what: People) -> Result<(), Error> {
    match what {
        People::Add {
            home,
            name,
            role,
            place,
            days,
        } => {
            let new = NewAdministrator {
                name,
                role: role.into(),
                place,
                days,
            };
            say(&home.existing()?.add_administrator(&new)?)
        }
        People::List { home, words, json } => list(&home.existing()?, &words, json),
        People::Disable { home, name } => home.existing()?.disable_administrator(&name),
        People::Code { home, name, days } => {
            say(&home.existing()?.new_administrator_code(&name, days)?)
        }
    }
}

fn list(server: &Server, words: &Words, json: bool) -> Result<(), Error> {
    let all = server.administrators()?;
    if json {
        return print_json(&all);
    }
    let rows = all.into_iter().map(|one| {
        let state = match (one.disabled, one.came_in, one.code_until) {
            (Some(at), ..) => words.say("server-revoked", [("day", &words.day(at))]),
            (None, _, Some(until)) => words.say("server-code-until", [("day", &words.day(until))]),
            (None, false, None) => words.say("server-code-over", []),
            (None, true, None) => String::new(),
        };
        [
            one.name,
            words.say(&format!("role-{}", one.role.word()), []),
            one.place,
            words.day(one.created),
            state,
        ]
    });
    let head = words.all([
        "server-name",
        "server-role",
        "server-place",
        "server-since",
        "server-state",
    ]);
    table(head, rows)
}

/// Prints who did what; the exit code says whether the list is whole.
pub fn audit(server: &Server, words: &Words, json: bool) -> Result<ExitCode, Error> {
    let (lines, broken) = server.journal()?;
    if json {
        print_json(&lines)?;
    } else {
        let rows = lines.into_iter().map(|line| {
            let about: Vec<String> = line.about.into_values().collect();
            let who = match line.who.is_empty() {
                true if line.what == What::LoginRefused.word() => words.say("server-nobody", []),
                true => words.say("server-operator", []),
                false => line.who,
            };
            [
                line.no.to_string(),
                words.moment(line.at),
                who,
                words.say(&format!("deed-{}", line.what), []),
                line.place,
                about.join(", "),
            ]
        });
        let head = words.all([
            "server-number",
            "server-written",
            "server-who",
            "server-what",
            "server-place",
            "server-about",
        ]);
        table(head, rows)?;
    }
    match broken {
        Some(no) => {
            say(&words.say("server-journal-broken", [("no", &no.to_string())]))?;
            Ok(ExitCode::FAILURE)
        }
        None => Ok(ExitCode::SUCCESS),
    }
}
