//! What Nyetaa is built from: everything by its hash and from the registries, under a licence that is allowed, with no fault
//! that is known, and told to whoever uses it. `cargo xtask supply` runs it. Nothing here asks a network.

mod advisories;
mod lock;
mod parts;
mod policy;
mod shown;

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use advisories::Advisories;
use chrono::NaiveDate;
use clap::Parser;
use lock::{CargoLock, Npm};
use parts::Metadata;
use policy::Policy;

/// Why something could not be looked at, in a sentence for the developer.
#[derive(Debug)]
struct Failed(String);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<serde_json::Error> for Failed {
    fn from(error: serde_json::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<semver::Error> for Failed {
    fn from(error: semver::Error) -> Self {
        Self(error.to_string())
    }
}

fn read(path: &Path) -> Result<String, Failed> {
    let bytes =
        std::fs::read(path).map_err(|error| Failed(format!("{}: {error}", path.display())))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// What the screen shows.
const NOTICES: &str = "assets/notices/notices.json";
/// The snapshot of the advisories, beside the repository.
const SNAPSHOT: &str = "../shared/supply-chain/rustsec-advisory-db.tar.zst";

#[derive(Debug, Parser)]
struct Asked {
    /// Write the licences that the screen shows anew.
    #[arg(long)]
    write: bool,
    /// For a release: without a snapshot of the advisories, or with a very old one, it fails.
    #[arg(long)]
    release: bool,
    /// Write the bill of materials (CycloneDX) into this file.
    #[arg(long)]
    bill: Option<PathBuf>,
    /// Another snapshot of the advisories.
    #[arg(long)]
    advisories: Option<PathBuf>,
}

fn main() -> ExitCode {
    match check(&Asked::parse(), today()) {
        Ok(problems) if problems.is_empty() => ExitCode::SUCCESS,
        Ok(problems) => {
            for problem in &problems {
                eprintln!("supply: {problem}");
            }
            ExitCode::FAILURE
        }
        Err(Failed(why)) => {
            eprintln!("supply: {why}");
            ExitCode::FAILURE
        }
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "a developer's program asks for the day in this one place"
)]
fn today() -> NaiveDate {
    chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now()).date_naive()
}

fn check(asked: &Asked, today: NaiveDate) -> Result<Vec<String>, Failed> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let policy = Policy::read()?;
    let cargo = CargoLock::from_text(&read(&root.join("Cargo.lock"))?)?;
    let all = Metadata::ask(&root, None)?;
    let house: Vec<String> = all.house().map(|own| own.name.clone()).collect();
    let (ui, e2e) = (
        Npm::from_folder(&root.join("ui"))?,
        Npm::from_folder(&root.join("tests/e2e"))?,
    );
    let mut problems = cargo.strangers(&house);
    problems.extend(all.problems(&policy));
    problems.extend(ui.problems(&policy));
    problems.extend(e2e.problems(&policy));
    println!(
        "{} crates and {} packages of npm: locked, from the registries",
        cargo.package.len() - house.len(),
        ui.packages().count() + e2e.packages().count()
    );

    problems.extend(advised(asked, &root, &cargo, &policy, today)?);

    let parts = parts::parts(&root, &policy, &ui)?;
    let notices = shown::notices(&parts)?;
    let at = root.join(NOTICES);
    if asked.write {
        write(&at, &notices)?;
    } else if read(&at).ok().as_deref() != Some(&notices) {
        problems.push(format!(
            "{NOTICES} does not say what is shipped: run `cargo xtask supply --write`"
        ));
    }
    println!("{} parts are shipped, each with its licence", parts.len());
    if let Some(to) = &asked.bill {
        write(
            to,
            &shown::bill(env!("CARGO_PKG_VERSION"), &parts, &cargo, &ui.lock)?,
        )?;
    }
    Ok(problems)
}

/// What is known against the crates.
fn advised(
    asked: &Asked,
    root: &Path,
    cargo: &CargoLock,
    policy: &Policy,
    today: NaiveDate,
) -> Result<Vec<String>, Failed> {
    let snapshot = asked
        .advisories
        .clone()
        .unwrap_or_else(|| root.join(SNAPSHOT));
    if !snapshot.exists() {
        let says = format!("there is no snapshot of the advisories ({SNAPSHOT})");
        if asked.release {
            return Err(Failed(says));
        }
        println!("note: {says}: not looked at");
        return Ok(Vec::new());
    }
    let known = Advisories::from_archive(&snapshot)?;
    known.prove()?;
    let hits = known.of(&cargo.package);
    let (problems, notes) = advisories::judge(&hits, policy, today);
    let old = advisories::fresh(known.age(today), asked.release)?;
    for note in notes.into_iter().chain(old) {
        println!("note: {note}");
    }
    println!(
        "{} advisories, {} known faults, {} crates that nobody looks after any more",
        known.count(),
        problems.len(),
        hits.iter().filter(|hit| hit.only_a_notice).count()
    );
    Ok(problems)
}

fn write(path: &Path, text: &str) -> Result<(), Failed> {
    let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    made.and_then(|()| std::fs::write(path, text))
        .map_err(|error| Failed(format!("{}: {error}", path.display())))
}
