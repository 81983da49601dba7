//! The two lock files: what they name, and that all of it comes from the registries, by its hash.

use std::collections::BTreeMap;
use std::path::Path;

use semver::Version;
use serde::Deserialize;

use crate::policy::Policy;
use crate::{Failed, read};

const CRATES: &str = "registry+https://github.com/rust-lang/crates.io-index";
const NPM: &str = "https://registry.npmjs.org/";

/// `Cargo.lock`.
#[derive(Debug, Deserialize)]
pub struct CargoLock {
    /// Every package of every target.
    pub package: Vec<Locked>,
}

/// A package of `Cargo.lock`.
#[derive(Debug, Clone, Deserialize)]
pub struct Locked {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Version,
    /// Where it is from; none for the packages of the house.
    pub source: Option<String>,
    /// SHA-256 of what the registry gives.
    pub checksum: Option<String>,
}

impl CargoLock {
    /// Reads one.
    ///
    /// # Errors
    /// When it is none.
    pub fn from_text(text: &str) -> Result<Self, Failed> {
        toml::from_str(text).map_err(|error| Failed(format!("Cargo.lock: {error}")))
    }

    /// Packages that come from elsewhere than the registry, or without a hash. Those without a source must be `house`.
    pub fn strangers(&self, house: &[String]) -> Vec<String> {
        let wrong = self.package.iter().filter_map(|package| {
            let why = match (&package.source, &package.checksum) {
                (None, _) if house.contains(&package.name) => return None,
                (None, _) => "is from a folder outside the repository".to_owned(),
                (Some(source), _) if source != CRATES => format!("is from {source}"),
                (Some(_), None) => "has no checksum".to_owned(),
                (Some(_), Some(_)) => return None,
            };
            Some(format!("{} {} {why}", package.name, package.version))
        });
        wrong.collect()
    }
}

/// `package-lock.json`.
#[derive(Debug, Deserialize)]
pub struct NpmLock {
    /// By the folder in which each stands; the first is the project itself.
    pub packages: BTreeMap<String, NpmPackage>,
}

/// A package of `package-lock.json`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NpmPackage {
    /// Its version.
    pub version: String,
    /// Where it is from, when that is written down: else from the registry that npm is told to use, by its hash.
    pub resolved: Option<String>,
    /// A folder of this computer.
    pub link: bool,
    /// Its hash.
    pub integrity: Option<String>,
    /// As it says itself.
    pub license: Option<String>,
    /// Used for building and testing alone.
    pub dev: bool,
    /// Wants to run something when it is installed.
    pub has_install_script: bool,
}

/// `package.json`, as far as it is held to something.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Wanted {
    dependencies: BTreeMap<String, String>,
    dev_dependencies: BTreeMap<String, String>,
    scripts: BTreeMap<String, String>,
}

/// What npm is asked for in a folder, and what it gives.
#[derive(Debug)]
pub struct Npm {
    wanted: Wanted,
    /// All that is installed.
    pub lock: NpmLock,
}

impl Npm {
    /// Reads a folder's two files.
    ///
    /// # Errors
    /// When one is missing or makes no sense.
    pub fn from_folder(folder: &Path) -> Result<Self, Failed> {
        let (wanted, lock) = (
            folder.join("package.json"),
            folder.join("package-lock.json"),
        );
        Self::from_texts(&read(&wanted)?, &read(&lock)?)
            .map_err(|Failed(why)| Failed(format!("{}: {why}", folder.display())))
    }

    fn from_texts(wanted: &str, lock: &str) -> Result<Self, Failed> {
        Ok(Self {
            wanted: serde_json::from_str(wanted)?,
            lock: serde_json::from_str(lock)?,
        })
    }

    /// The packages with their names.
    pub fn packages(&self) -> impl Iterator<Item = (&str, &NpmPackage)> {
        let named = self.lock.packages.iter().filter(|(at, _)| !at.is_empty());
        named.map(|(at, package)| (name_of(at), package))
    }

    /// What is not as it must be.
    pub fn problems(&self, policy: &Policy) -> Vec<String> {
        let mut found = Vec::new();
        let direct = &self.wanted.dependencies;
        if direct.len() > policy.direct_screen_packages {
            found.push(format!(
                "{} packages are asked for, more than the policy allows",
                direct.len()
            ));
        }
        for (name, wanted) in direct.iter().chain(&self.wanted.dev_dependencies) {
            if Version::parse(wanted).is_err() {
                found.push(format!(
                    "{name} is asked for as {wanted}, not as one version"
                ));
            }
        }
        for name in self.wanted.scripts.keys() {
            if ["preinstall", "install", "postinstall", "prepare"].contains(&name.as_str()) {
                found.push(format!("the script {name} would run at each installation"));
            }
        }
        for (name, package) in self.packages() {
            let mut wrong = |why: &str| found.push(format!("{name} {} {why}", package.version));
            let mut elsewhere = package.resolved.iter().filter(|at| !at.starts_with(NPM));
            if package.link || elsewhere.next().is_some() {
                wrong("is not from the registry");
            }
            if package
                .integrity
                .as_deref()
                .is_none_or(|hash| !hash.starts_with("sha512-"))
            {
                wrong("has no hash");
            }
            if package.has_install_script && !(package.dev && policy.may_have_scripts(name)) {
                wrong("would run a script at its installation");
            }
            // What only builds and tests goes nowhere; its licence is not ours to pass on.
            if !package.dev
                && let Some(why) = policy.refuses(name, package.license.as_deref())
            {
                wrong(&why);
            }
        }
        found
    }
}

/// The name of the package in a folder: what stands after the last `node_modules`.
fn name_of(at: &str) -> &str {
    at.rsplit_once("node_modules/").map_or(at, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_registry_gives_crates_and_by_their_hash() {
        let lock = |more: &str| {
            let text = format!("[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n{more}");
            CargoLock::from_text(&text).unwrap()
        };
        let house = ["a".to_owned()];
        let registry = format!("source = \"{CRATES}\"\n");
        assert!(lock("").strangers(&house).is_empty());
        assert!(
            lock(&format!("{registry}checksum = \"00\""))
                .strangers(&[])
                .is_empty()
        );
        assert_eq!(
            lock("").strangers(&[]),
            ["a 1.0.0 is from a folder outside the repository"]
        );
        assert_eq!(lock(&registry).strangers(&[]), ["a 1.0.0 has no checksum"]);
        let git = "source = \"git+https://example.org/a#1\"\nchecksum = \"00\"";
        assert_eq!(
            lock(git).strangers(&house),
            ["a 1.0.0 is from git+https://example.org/a#1"]
        );
    }

    #[test]
    fn each_way_around_the_rules_of_npm_is_named() {
        let problems = |wanted: &str, package: &str| {
            let lock =
                format!(r#"{{ "packages": {{ "": {{}}, "node_modules/@a/b": {package} }} }}"#);
            Npm::from_texts(wanted, &lock)
                .unwrap()
                .problems(&Policy::read().unwrap())
        };
        let sound = r#"{ "version": "1.0.0", "resolved": "https://registry.npmjs.org/b.tgz", "integrity": "sha512-x", "license": "MIT" }"#;
        let asked = r#"{ "dependencies": { "@a/b": "1.0.0" } }"#;
        assert!(problems(asked, sound).is_empty());
        let unsaid = sound.replace(r#""resolved": "https://registry.npmjs.org/b.tgz", "#, "");
        assert!(problems(asked, &unsaid).is_empty());
        for (from, to, says) in [
            (
                "registry.npmjs.org",
                "example.org",
                "is not from the registry",
            ),
            (
                r#""resolved""#,
                r#""link": true, "resolved""#,
                "is not from the registry",
            ),
            ("sha512-x", "sha1-x", "has no hash"),
            (
                "MIT",
                "GPL-3.0-only",
                "has a licence that is not allowed: GPL-3.0-only",
            ),
            (
                r#""MIT""#,
                r#""MIT", "hasInstallScript": true"#,
                "would run a script at its installation",
            ),
        ] {
            assert_eq!(
                problems(asked, &sound.replace(from, to)),
                [format!("@a/b 1.0.0 {says}")]
            );
        }
        let dev = sound.replace(r#""MIT""#, r#""GPL-3.0-only", "dev": true"#);
        assert!(problems("{}", &dev).is_empty(), "it is not passed on");
        let loose = asked.replace("1.0.0", "^1.0.0");
        assert_eq!(
            problems(&loose, sound),
            ["@a/b is asked for as ^1.0.0, not as one version"]
        );
        let script = r#"{ "scripts": { "postinstall": "x" } }"#;
        assert_eq!(
            problems(script, sound),
            ["the script postinstall would run at each installation"]
        );
        let many: Vec<String> = (0..11).map(|n| format!(r#""p{n}": "1.0.0""#)).collect();
        let many = format!(r#"{{ "dependencies": {{ {} }} }}"#, many.join(","));
        assert_eq!(
            problems(&many, sound),
            ["11 packages are asked for, more than the policy allows"]
        );
    }
}
