//! What may go in, as it stands in `policy.toml`.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Deserialize;

use crate::Failed;

const TEXT: &str = include_str!("../policy.toml");

/// The rules.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Licences that any package may have.
    pub licences: BTreeSet<String>,
    /// How many packages the screen itself may ask for.
    pub direct_screen_packages: usize,
    /// Crates of the build whose code is linked in.
    pub linked: BTreeSet<String>,
    exception: Vec<Exception>,
    stated: Vec<Stated>,
    scripts: Vec<Scripts>,
    /// What is in the product beside packages.
    pub part: Vec<Part>,
    /// Advisories that do not count.
    pub ignored: Vec<Ignored>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    packages: BTreeSet<String>,
    licences: BTreeSet<String>,
    #[serde(rename = "reason")]
    _reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stated {
    package: String,
    licence: String,
    #[serde(rename = "reason")]
    _reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scripts {
    packages: BTreeSet<String>,
    #[serde(rename = "reason")]
    _reason: String,
}

/// Something in the product that is no package.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// What it is called.
    pub name: String,
    /// Its licence, as SPDX writes it.
    pub licence: String,
    /// The crate that brings it, if one does.
    #[serde(rename = "crate")]
    pub by_crate: Option<String>,
    /// Where its licence stands: from the top of the crate's source, or of the repository.
    pub file: String,
}

/// An advisory that does not count here.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ignored {
    /// Its name.
    pub id: String,
    /// Why not.
    #[serde(rename = "reason")]
    _reason: String,
    /// Who said so.
    #[serde(rename = "owner")]
    _owner: String,
    /// The last day on which it does not count.
    pub until: NaiveDate,
}

impl Policy {
    /// The rules that are compiled in.
    ///
    /// # Errors
    /// When the file makes no sense.
    pub fn read() -> Result<Self, Failed> {
        toml::from_str(TEXT).map_err(|error| Failed(format!("crates/supply/policy.toml: {error}")))
    }

    /// Why a package may not go in with this licence; none when it may.
    pub fn refuses(&self, package: &str, licence: Option<&str>) -> Option<String> {
        let Some(licence) = self.stated(package).or(licence) else {
            return Some("says nothing of its licence".to_owned());
        };
        let Ok(expression) = expression(licence) else {
            return Some(format!(
                "has a licence that is no SPDX expression: {licence}"
            ));
        };
        let allowed = expression.evaluate(|wanted| self.allows(package, &wanted.to_string()));
        (!allowed).then(|| format!("has a licence that is not allowed: {licence}"))
    }

    /// Whether a package may have this one licence.
    pub fn allows(&self, package: &str, licence: &str) -> bool {
        let mut exceptions = self.exception.iter();
        self.licences.contains(licence)
            || exceptions
                .any(|one| one.packages.contains(package) && one.licences.contains(licence))
    }

    /// What is known of the licence of a package that does not say it.
    pub fn stated(&self, package: &str) -> Option<&str> {
        let mut stated = self.stated.iter();
        stated
            .find(|one| one.package == package)
            .map(|one| one.licence.as_str())
    }

    /// Whether a package of npm may bring scripts for its installation.
    pub fn may_have_scripts(&self, package: &str) -> bool {
        self.scripts
            .iter()
            .any(|one| one.packages.contains(package))
    }
}

/// A licence as packages write it, with the old slash for “or” too.
///
/// # Errors
/// When it is no such expression.
pub fn expression(licence: &str) -> Result<spdx::Expression, spdx::ParseError> {
    spdx::Expression::parse_mode(licence, spdx::ParseMode::LAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(package: &str, licence: &str) -> bool {
        let policy = Policy::read().unwrap();
        policy.refuses(package, Some(licence)).is_some()
    }

    #[test]
    fn a_choice_needs_one_and_a_sum_all_that_is_allowed() {
        for licence in [
            "MIT",
            "MIT/Apache-2.0",
            "Apache-2.0 OR GPL-2.0-only",
            "MIT OR Apache-2.0 OR LGPL-2.1-or-later",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception",
        ] {
            assert!(!refused("a", licence), "{licence}");
        }
        for licence in [
            "GPL-3.0-only",
            "AGPL-3.0-or-later",
            "LGPL-2.1-or-later",
            "MIT AND GPL-2.0-only",
            "MPL-2.0",
            "WTFPL",
            "LicenseRef-ours",
            "free for all",
            "",
        ] {
            assert!(refused("a", licence), "{licence}");
        }
    }

    #[test]
    fn an_exception_counts_for_its_packages_alone() {
        assert!(!refused("selectors", "MPL-2.0"));
        assert!(refused("selectors", "WTFPL"));
        assert!(!refused(
            "sqlcipher-src",
            "MIT AND BSD-3-Clause AND blessing AND WTFPL"
        ));
    }

    #[test]
    fn who_says_nothing_is_refused_unless_it_is_known() {
        let policy = Policy::read().unwrap();
        assert!(policy.refuses("a", None).is_some());
        assert!(policy.refuses("svelte-toolbelt", None).is_none());
    }
}
