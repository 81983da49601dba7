//! What the product is made of: the crates that are linked into it on the systems that it is made for, the packages of the
//! screen, and the parts that are neither.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::lock::Npm;
use crate::policy::Policy;
use crate::{Failed, read};

/// The programs of the product.
const PROGRAMS: [&str; 3] = ["nyetaa-desktop", "terminal", "server"];
/// The systems that it is made for.
const SYSTEMS: [&str; 2] = ["x86_64-unknown-linux-gnu", "x86_64-pc-windows-msvc"];

/// What `cargo metadata` says.
#[derive(Debug, Deserialize)]
pub struct Metadata {
    packages: Vec<Crate>,
    workspace_members: BTreeSet<String>,
    resolve: Resolve,
}

/// A crate.
#[derive(Debug, Clone, Deserialize)]
pub struct Crate {
    id: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// As it says itself.
    pub license: Option<String>,
    manifest_path: PathBuf,
    publish: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Debug, Deserialize)]
struct Kind {
    kind: Option<String>,
}

impl Metadata {
    /// Asks cargo, for one system or for all.
    ///
    /// # Errors
    /// When cargo fails: the lock file is not up to date, or crates of another system were never fetched.
    pub fn ask(root: &Path, system: Option<&str>) -> Result<Self, Failed> {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo
            .current_dir(root)
            .args(["metadata", "--format-version=1", "--locked"]);
        if let Some(system) = system {
            cargo.args(["--filter-platform", system]);
        }
        let said = cargo
            .output()
            .map_err(|error| Failed(format!("cargo: {error}")))?;
        if !said.status.success() {
            return Err(Failed(
                String::from_utf8_lossy(&said.stderr).trim().to_owned(),
            ));
        }
        Ok(serde_json::from_slice(&said.stdout)?)
    }

    /// The crates of the house.
    pub fn house(&self) -> impl Iterator<Item = &Crate> {
        let members = &self.workspace_members;
        self.packages.iter().filter(|one| members.contains(&one.id))
    }

    /// Licences that may not go in, and crates of the house that do not say what they must.
    pub fn problems(&self, policy: &Policy) -> Vec<String> {
        let mut found = Vec::new();
        for one in &self.packages {
            if let Some(why) = policy.refuses(&one.name, one.license.as_deref()) {
                found.push(format!("{} {} {why}", one.name, one.version));
            }
        }
        for own in self.house() {
            if own.publish != Some(Vec::new()) {
                found.push(format!("{} could be published by mistake", own.name));
            }
        }
        found
    }

    /// The crates that are linked into the programs.
    fn linked(&self, policy: &Policy) -> Result<Vec<&Crate>, Failed> {
        let by_id: BTreeMap<&str, &Crate> = self
            .packages
            .iter()
            .map(|one| (one.id.as_str(), one))
            .collect();
        let nodes: BTreeMap<&str, &Node> = self
            .resolve
            .nodes
            .iter()
            .map(|node| (node.id.as_str(), node))
            .collect();
        let programs = self
            .house()
            .filter(|own| PROGRAMS.contains(&own.name.as_str()));
        let mut ahead: Vec<&str> = programs.map(|own| own.id.as_str()).collect();
        if ahead.len() != PROGRAMS.len() {
            return Err(Failed(format!(
                "not all of {PROGRAMS:?} are in the repository"
            )));
        }
        let mut met: BTreeSet<&str> = BTreeSet::new();
        while let Some(id) = ahead.pop() {
            if !met.insert(id) {
                continue;
            }
            for dependency in nodes.get(id).into_iter().flat_map(|node| &node.deps) {
                let named = by_id.get(dependency.pkg.as_str());
                let linked = dependency
                    .dep_kinds
                    .iter()
                    .any(|kind| match kind.kind.as_deref() {
                        None => true,
                        Some("build") => named.is_some_and(|one| policy.linked.contains(&one.name)),
                        Some(_) => false,
                    });
                if linked {
                    ahead.push(&dependency.pkg);
                }
            }
        }
        let foreign = met
            .into_iter()
            .filter(|id| !self.workspace_members.contains(*id));
        Ok(foreign.filter_map(|id| by_id.get(id).copied()).collect())
    }
}

/// Where a part is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum From {
    /// A crate.
    Crate,
    /// A package of npm.
    Npm,
    /// Named by the policy.
    Policy,
}

/// A part of the product.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Its version, empty where it has none.
    pub version: String,
    /// Its licence, as it says itself.
    pub licence: String,
    /// Where it is from.
    pub from: From,
    /// What must be shown with it: the texts that its authors put beside it.
    pub texts: Vec<String>,
}

/// All parts of the product, by name.
///
/// # Errors
/// When a text cannot be read.
pub fn parts(root: &Path, policy: &Policy, ui: &Npm) -> Result<Vec<Part>, Failed> {
    let mut crates: BTreeMap<(String, String), Crate> = BTreeMap::new();
    for system in SYSTEMS {
        let metadata = Metadata::ask(root, Some(system))?;
        for one in metadata.linked(policy)? {
            crates.insert((one.name.clone(), one.version.clone()), one.clone());
        }
    }
    let folder_of = |one: &Crate| {
        one.manifest_path
            .parent()
            .map(Path::to_owned)
            .unwrap_or_default()
    };
    let mut parts = Vec::new();
    for one in &policy.part {
        let (folder, version) = match &one.by_crate {
            None => (root.to_owned(), String::new()),
            Some(by) => {
                let found = crates.values().find(|c| c.name == *by);
                let found =
                    found.ok_or_else(|| Failed(format!("{} is by no crate {by}", one.name)))?;
                // Crates that bring sources name their version behind a plus sign.
                let version = found
                    .version
                    .split_once('+')
                    .map_or("", |(_, version)| version);
                (folder_of(found), version.to_owned())
            }
        };
        parts.push(Part {
            name: one.name.clone(),
            version,
            licence: one.licence.clone(),
            from: From::Policy,
            texts: vec![read(&folder.join(&one.file))?],
        });
    }
    for one in crates.values() {
        let licence = one.license.clone().unwrap_or_default();
        parts.push(Part {
            texts: texts(&folder_of(one), &one.name, &licence, policy)?,
            name: one.name.clone(),
            version: one.version.clone(),
            licence,
            from: From::Crate,
        });
    }
    for (at, package) in ui
        .lock
        .packages
        .iter()
        .filter(|(at, package)| !at.is_empty() && !package.dev)
    {
        let name = at
            .rsplit_once("node_modules/")
            .map_or(at.as_str(), |(_, name)| name);
        let licence = policy
            .stated(name)
            .or(package.license.as_deref())
            .unwrap_or_default();
        parts.push(Part {
            name: name.to_owned(),
            version: package.version.clone(),
            licence: licence.to_owned(),
            from: From::Npm,
            texts: texts(&root.join("ui").join(at), name, licence, policy)?,
        });
    }
    parts.sort_by_key(|part| (part.name.to_lowercase(), part.version.clone(), part.from));
    Ok(parts)
}

/// The texts that lie in a package's folder. Where it leaves a choice and one licence has a file of its own, that one is
/// chosen; where there is no file at all, the licence's own words are taken.
fn texts(folder: &Path, name: &str, licence: &str, policy: &Policy) -> Result<Vec<String>, Failed> {
    let failed = |error: std::io::Error| Failed(format!("{}: {error}", folder.display()));
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let file = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .to_uppercase();
        let beginnings = ["LICEN", "UNLICENSE", "COPYING", "COPYRIGHT", "NOTICE"];
        if path.is_file() && beginnings.iter().any(|begins| file.starts_with(begins)) {
            files.push((file, path));
        }
    }
    files.sort();
    let expression =
        crate::policy::expression(licence).map_err(|error| Failed(format!("{name}: {error}")))?;
    let enough = |id: &str| expression.evaluate(|wanted| wanted.to_string() == id);
    let choices = [
        ("MIT", "MIT"),
        ("Apache-2.0", "APACHE"),
        ("Zlib", "ZLIB"),
        ("0BSD", "0BSD"),
    ];
    let choice = choices.into_iter().find(|(id, end)| {
        enough(id)
            && files
                .iter()
                .any(|(file, _)| file.starts_with("LICEN") && file.contains(end))
    });
    if let Some((_, end)) = choice {
        files.retain(|(file, _)| !file.starts_with("LICEN") || file.contains(end));
    }
    if !files.is_empty() {
        return files.iter().map(|(_, path)| read(path)).collect();
    }
    let chosen = choices
        .into_iter()
        .find(|(id, _)| enough(id))
        .map(|(id, _)| id.to_owned());
    let ids = chosen.map_or_else(
        || {
            let wanted = expression.requirements().map(|one| one.req.to_string());
            wanted.filter(|id| policy.allows(name, id)).collect()
        },
        |id| vec![id],
    );
    ids.iter()
        .map(|id| {
            let known = spdx::license_id(id.split(" WITH ").next().unwrap_or(id));
            let known =
                known.ok_or_else(|| Failed(format!("{name}: no words are known of {id}")))?;
            Ok(known.text().to_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(licence: &str, files: &[&str]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            std::fs::write(folder.path().join(file), file).unwrap();
        }
        texts(folder.path(), "a", licence, &Policy::read().unwrap()).unwrap()
    }

    #[test]
    fn one_licence_of_a_choice_is_shown_and_all_of_a_sum() {
        let both = ["LICENSE-MIT", "LICENSE-APACHE", "NOTICE", "README.md"];
        assert_eq!(shown("MIT OR Apache-2.0", &both), ["LICENSE-MIT", "NOTICE"]);
        assert_eq!(
            shown("Apache-2.0 AND MIT", &both),
            ["LICENSE-APACHE", "LICENSE-MIT", "NOTICE"]
        );
        assert_eq!(shown("MIT", &["license.md"]), ["license.md"]);
        assert_eq!(
            shown("Apache-2.0 OR BSL-1.0", &both[1..]),
            ["LICENSE-APACHE", "NOTICE"]
        );
    }

    #[test]
    fn who_brings_no_text_is_shown_with_the_licences_own_words() {
        assert!(
            shown("MIT OR Apache-2.0", &["README.md"])[0].contains("Permission is hereby granted")
        );
        assert_eq!(shown("BSD-3-Clause AND MIT", &[]).len(), 2);
        assert!(shown("Apache-2.0 WITH LLVM-exception", &[])[0].contains("Apache License"));
    }
}
