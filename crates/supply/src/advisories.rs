//! Known advisories, out of a snapshot of the RustSec database: nothing is asked of any network.

use std::io::Read;
use std::path::Path;

use chrono::NaiveDate;
use semver::VersionReq;
use serde::Deserialize;

use crate::Failed;
use crate::lock::Locked;
use crate::policy::Policy;

/// Versions that everyone knows to be bad: a snapshot in which they are not found checks nothing.
pub const KNOWN_BAD: [(&str, &str, &str); 2] = [
    ("time", "0.1.43", "RUSTSEC-2020-0071"),
    ("rustls", "0.20.0", "RUSTSEC-2024-0336"),
];

/// From this age on, in days, a snapshot is spoken of.
const OLD: i64 = 60;
/// From this age on no release is made with it.
const TOO_OLD: i64 = 180;
/// The most that a snapshot may unpack to, in bytes.
const MOST: u64 = 256 << 20;

/// A snapshot.
#[derive(Debug)]
pub struct Advisories {
    all: Vec<Advisory>,
}

#[derive(Debug, Deserialize)]
struct Advisory {
    advisory: About,
    #[serde(default)]
    versions: Versions,
}

#[derive(Debug, Deserialize)]
struct About {
    id: String,
    package: String,
    date: NaiveDate,
    withdrawn: Option<NaiveDate>,
    informational: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Versions {
    #[serde(default)]
    patched: Vec<VersionReq>,
    #[serde(default)]
    unaffected: Vec<VersionReq>,
}

/// An advisory that a package falls under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The advisory.
    pub id: String,
    /// The package with its version.
    pub package: String,
    /// Nobody looks after it any more, or there is something to know: no fault that anyone found.
    pub only_a_notice: bool,
}

impl Advisories {
    /// Reads a snapshot, a tar archive packed by zstd.
    ///
    /// # Errors
    /// When it is none, or one of its advisories cannot be read: that one might be the one that counts.
    pub fn from_archive(path: &Path) -> Result<Self, Failed> {
        let failed = |error: std::io::Error| Failed(format!("{}: {error}", path.display()));
        let file = std::fs::File::open(path).map_err(failed)?;
        let unpacked = zstd::Decoder::new(file).map_err(failed)?.take(MOST);
        let mut all = Vec::new();
        for entry in tar::Archive::new(unpacked).entries().map_err(failed)? {
            let mut entry = entry.map_err(failed)?;
            let name = entry.path().map_err(failed)?.display().to_string();
            let below = name.trim_start_matches("./");
            if !(below.starts_with("crates/") && below.ends_with(".md")) {
                continue;
            }
            let mut text = String::new();
            entry.read_to_string(&mut text).map_err(failed)?;
            all.push(Advisory::from_text(&text).map_err(|why| Failed(format!("{name}: {why}")))?);
        }
        Ok(Self { all })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.all.len()
    }

    /// All that these packages fall under.
    pub fn of(&self, packages: &[Locked]) -> Vec<Hit> {
        let mut hits = Vec::new();
        for package in packages.iter().filter(|package| package.source.is_some()) {
            let under = self.all.iter().filter(|one| one.concerns(package));
            hits.extend(under.map(|one| Hit {
                id: one.advisory.id.clone(),
                package: format!("{} {}", package.name, package.version),
                only_a_notice: matches!(
                    one.advisory.informational.as_deref(),
                    Some("notice" | "unmaintained")
                ),
            }));
        }
        hits.sort_by(|a, b| (&a.id, &a.package).cmp(&(&b.id, &b.package)));
        hits
    }

    /// Whether it finds what everyone knows.
    ///
    /// # Errors
    /// When it does not: then a clean result means nothing.
    pub fn prove(&self) -> Result<(), Failed> {
        for (name, version, id) in KNOWN_BAD {
            let package = Locked {
                name: name.to_owned(),
                version: version.parse()?,
                source: Some(String::new()),
                checksum: None,
            };
            if !self.of(&[package]).iter().any(|hit| hit.id == id) {
                return Err(Failed(format!(
                    "the snapshot does not know {id} of {name} {version}: it checks nothing"
                )));
            }
        }
        Ok(())
    }

    /// How old it is on this day, by its newest advisory; in days.
    pub fn age(&self, today: NaiveDate) -> i64 {
        let newest = self.all.iter().map(|one| one.advisory.date).max();
        newest.map_or(i64::MAX, |newest| (today - newest).num_days())
    }
}

impl Advisory {
    fn from_text(text: &str) -> Result<Self, String> {
        let front = text
            .split_once("```toml\n")
            .and_then(|(_, rest)| rest.split_once("\n```"))
            .ok_or("it has no table in front")?;
        toml::from_str(front.0).map_err(|error| error.to_string())
    }

    fn concerns(&self, package: &Locked) -> bool {
        let mut sound = self
            .versions
            .patched
            .iter()
            .chain(&self.versions.unaffected);
        self.advisory.package == package.name
            && self.advisory.withdrawn.is_none()
            && !sound.any(|versions| versions.matches(&package.version))
    }
}

/// Which of the hits count on this day, and the ids of the policy that meet nothing or no longer count.
pub fn judge(hits: &[Hit], policy: &Policy, today: NaiveDate) -> (Vec<String>, Vec<String>) {
    let serious = hits.iter().filter(|hit| !hit.only_a_notice);
    let counts = serious.filter(|hit| {
        let mut ignored = policy.ignored.iter();
        !ignored.any(|one| one.id == hit.id && today <= one.until)
    });
    let problems = counts.map(|hit| format!("{} falls under {}", hit.package, hit.id));
    let idle = policy
        .ignored
        .iter()
        .filter(|one| !hits.iter().any(|hit| hit.id == one.id));
    (
        problems.collect(),
        idle.map(|one| format!("{} is ignored, and nothing falls under it any more", one.id))
            .collect(),
    )
}

/// What is said of a snapshot of this age; the error when a release is being made.
///
/// # Errors
/// When it is too old to release by.
pub fn fresh(age: i64, release: bool) -> Result<Option<String>, Failed> {
    let says = format!("the snapshot of the advisories is {age} days old: nothing newer is known");
    match age {
        ..=OLD => Ok(None),
        TOO_OLD.. if release => Err(Failed(says)),
        _ => Ok(Some(says)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advisory(more: &str, versions: &str) -> Advisories {
        let text = format!(
            "```toml\n[advisory]\nid = \"RUSTSEC-2024-0001\"\npackage = \"a\"\ndate = \"2026-08-20\"\n{more}\n[versions]\n{versions}\n```\n\n# Bad\n"
        );
        Advisories {
            all: vec![Advisory::from_text(&text).unwrap()],
        }
    }

    fn locked(version: &str) -> Vec<Locked> {
        vec![Locked {
            name: "a".to_owned(),
            version: version.parse().unwrap(),
            source: Some("registry".to_owned()),
            checksum: None,
        }]
    }

    #[test]
    fn versions_that_are_neither_patched_nor_unaffected_fall_under_it() {
        let one = advisory(
            "",
            "patched = [\">= 1.2.3\", \"^0.9.5\"]\nunaffected = [\"< 0.5\"]",
        );
        for (version, bad) in [
            ("0.4.9", false),
            ("0.5.0", true),
            ("0.9.4", true),
            ("0.9.5", false),
            ("1.2.2", true),
            ("1.2.3+4", false),
            // Whether the remedy was in it cannot be told from its number.
            ("1.2.3-rc.1", true),
        ] {
            assert_eq!(!one.of(&locked(version)).is_empty(), bad, "{version}");
        }
        let mut of_the_house = locked("1.0.0");
        of_the_house[0].source = None;
        assert!(one.of(&of_the_house).is_empty());
        assert!(
            advisory("withdrawn = \"2026-08-21\"", "patched = []")
                .of(&locked("1.0.0"))
                .is_empty()
        );
    }

    #[test]
    fn a_fault_counts_until_it_is_ignored_and_again_when_that_is_over() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let mut policy = Policy::read().unwrap();
        policy.ignored.retain(|_| false);
        let hits = advisory("informational = \"unsound\"", "patched = []").of(&locked("1.0.0"));
        assert_eq!(
            judge(&hits, &policy, day("2026-11-23")).0,
            ["a 1.0.0 falls under RUSTSEC-2024-0001"]
        );
        let notice =
            advisory("informational = \"unmaintained\"", "patched = []").of(&locked("1.0.0"));
        assert!(notice[0].only_a_notice && judge(&notice, &policy, day("2026-11-23")).0.is_empty());

        let mut policy = Policy::read().unwrap();
        policy.ignored.truncate(1);
        policy.ignored[0].id = "RUSTSEC-2024-0001".to_owned();
        policy.ignored[0].until = day("2027-01-01");
        let counted = |today: &str| judge(&hits, &policy, day(today)).0.len();
        assert_eq!((counted("2027-01-01"), counted("2027-01-02")), (0, 1));
        assert_eq!(
            judge(&[], &policy, day("2027-01-01")).1.len(),
            1,
            "it can go"
        );
    }

    #[test]
    fn an_old_snapshot_is_spoken_of_and_stops_a_release() {
        assert_eq!(fresh(60, true).unwrap(), None);
        assert!(fresh(61, true).unwrap().is_some());
        assert!(fresh(180, true).is_err() && fresh(180, false).unwrap().is_some());
        let newest = advisory("", "patched = []");
        assert_eq!(newest.age("2026-08-30".parse().unwrap()), 10);
        assert_eq!(
            Advisories { all: Vec::new() }.age("2026-08-30".parse().unwrap()),
            i64::MAX
        );
    }

    #[test]
    fn a_snapshot_without_what_everyone_knows_proves_nothing() {
        assert!(advisory("", "patched = []").prove().is_err());
    }

    #[test]
    fn an_archive_is_read_and_one_that_cannot_be_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let archive = |name: &str, texts: &[(&str, String)]| {
            let mut tar = tar::Builder::new(Vec::new());
            for (path, text) in texts {
                let mut header = tar::Header::new_ustar();
                header.set_size(text.len() as u64);
                header.set_mode(0o644);
                tar.append_data(&mut header, path, text.as_bytes()).unwrap();
            }
            let at = folder.path().join(name);
            let packed = zstd::encode_all(tar.into_inner().unwrap().as_slice(), 1).unwrap();
            std::fs::write(&at, packed).unwrap();
            at
        };
        let bad = |(name, _, id): (&str, &str, &str)| {
            let text = format!(
                "```toml\n[advisory]\nid = \"{id}\"\npackage = \"{name}\"\ndate = \"2024-01-01\"\n```\n"
            );
            (format!("./crates/{name}/{id}.md"), text)
        };
        let known: Vec<_> = KNOWN_BAD.map(bad).into();
        let known: Vec<(&str, String)> = known
            .iter()
            .map(|(path, text)| (path.as_str(), text.clone()))
            .collect();
        let read = Advisories::from_archive(&archive("good", &known)).unwrap();
        assert_eq!(read.count(), 2);
        read.prove().unwrap();
        let broken = [("crates/a/b.md", "no table".to_owned())];
        assert!(Advisories::from_archive(&archive("broken", &broken)).is_err());
        assert!(Advisories::from_archive(&folder.path().join("none")).is_err());
    }
}
