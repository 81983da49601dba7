//! What is written out of the parts: the licences that the screen shows offline, and the bill of materials that goes with a
//! release.

use std::collections::BTreeMap;

use base64::Engine;
use serde_json::{Value as Json, json};

use crate::Failed;
use crate::lock::{CargoLock, NpmLock};
use crate::parts::{From, Part};

/// `assets/notices/notices.json`: the parts, and each text once under a name that is its own, a line for each: what changes
/// is seen, and nothing else moves.
///
/// # Errors
/// When something cannot be written as JSON.
pub fn notices(parts: &[Part]) -> Result<String, Failed> {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut rows = Vec::new();
    for part in parts {
        let mut names = Vec::new();
        for text in &part.texts {
            let text = plain(text);
            let name = blake3::hash(words(&text).as_bytes()).to_hex()[..8].to_owned();
            texts.entry(name.clone()).or_insert(text);
            names.push(name);
        }
        names.dedup();
        let row = json!({ "name": part.name, "version": part.version, "licence": part.licence, "texts": names });
        rows.push(serde_json::to_string(&row)?);
    }
    let mut lines = Vec::new();
    for (name, text) in &texts {
        lines.push(format!("\"{name}\": {}", serde_json::to_string(text)?));
    }
    Ok(format!(
        "{{\n\"parts\": [\n{}\n],\n\"texts\": {{\n{}\n}}\n}}\n",
        rows.join(",\n"),
        lines.join(",\n")
    ))
}

/// Without blanks at the ends of lines and of the whole.
fn plain(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches(['\n', '\u{feff}']).to_owned()
}

/// What two texts with other line breaks have in common.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The bill of materials, in CycloneDX 1.5. It holds no time and no drawn number: equal lock files give equal bytes.
///
/// # Errors
/// When a hash of the lock files is none.
pub fn bill(
    version: &str,
    parts: &[Part],
    cargo: &CargoLock,
    npm: &NpmLock,
) -> Result<String, Failed> {
    let mut components = Vec::new();
    for part in parts {
        let hash = match part.from {
            From::Crate => {
                let mut locked = cargo.package.iter();
                locked
                    .find(|one| one.name == part.name && one.version.to_string() == part.version)
                    .and_then(|one| one.checksum.clone())
                    .map(|hash| ("SHA-256", hash))
            }
            From::Npm => npm_hash(part, npm)?.map(|hash| ("SHA-512", hash)),
            From::Policy => None,
        };
        let mut component = json!({
            "type": "library",
            "name": part.name,
            "licenses": [{ "expression": part.licence.replace('/', " OR ") }],
        });
        if !part.version.is_empty() {
            component["version"] = part.version.clone().into();
        }
        if let Some(purl) = purl(part) {
            component["purl"] = purl.clone().into();
            component["bom-ref"] = purl.into();
        }
        if let Some((alg, content)) = hash {
            component["hashes"] = json!([{ "alg": alg, "content": content }]);
        }
        components.push(component);
    }
    let bill: Json = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": { "type": "application", "name": "nyetaa", "version": version } },
        "components": components,
    });
    Ok(serde_json::to_string_pretty(&bill)? + "\n")
}

/// The hash of npm's lock file, in hexadecimal as the bill wants it.
fn npm_hash(part: &Part, npm: &NpmLock) -> Result<Option<String>, Failed> {
    let end = format!("node_modules/{}", part.name);
    let mut packages = npm.packages.iter();
    let found = packages.find(|(at, one)| at.ends_with(&end) && one.version == part.version);
    let Some(hash) = found.and_then(|(_, one)| one.integrity.as_deref()?.strip_prefix("sha512-"))
    else {
        return Ok(None);
    };
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(hash)
        .map_err(|_| Failed(format!("{}: its hash is none", part.name)))?;
    Ok(Some(
        bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    ))
}

/// The name by which every tool knows a package.
fn purl(part: &Part) -> Option<String> {
    let (name, version) = (
        part.name.replace('@', "%40"),
        part.version.replace('+', "%2B"),
    );
    match part.from {
        From::Crate => Some(format!("pkg:cargo/{name}@{version}")),
        From::Npm => Some(format!("pkg:npm/{name}@{version}")),
        From::Policy => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(name: &str, from: From, text: &str) -> Part {
        Part {
            name: name.to_owned(),
            version: "1.0.0+2".to_owned(),
            licence: "MIT/Apache-2.0".to_owned(),
            from,
            texts: vec![text.to_owned()],
        }
    }

    #[test]
    fn a_text_stands_once_however_its_lines_break() {
        let parts = [
            part("a", From::Crate, "one  two\r\nthree \n"),
            part("b", From::Crate, "one two three"),
            part("c", From::Npm, "four"),
        ];
        let read: Json = serde_json::from_str(&notices(&parts).unwrap()).unwrap();
        let text = |at: usize| {
            let name = read["parts"][at]["texts"][0].as_str().unwrap();
            read["texts"][name].as_str().unwrap()
        };
        assert_eq!(
            [text(0), text(1), text(2)],
            ["one  two\nthree", "one  two\nthree", "four"]
        );
        assert_eq!(read["texts"].as_object().unwrap().len(), 2);
    }

    #[test]
    fn the_bill_names_each_part_as_other_tools_do() {
        let cargo = CargoLock::from_text(
            "[[package]]\nname = \"a\"\nversion = \"1.0.0+2\"\nsource = \"s\"\nchecksum = \"00ff\"\n",
        );
        let npm = r#"{ "packages": { "node_modules/x/node_modules/@s/c": { "version": "1.0.0+2", "integrity": "sha512-AP8=" } } }"#;
        let npm: NpmLock = serde_json::from_str(npm).unwrap();
        let parts = [
            part("a", From::Crate, ""),
            part("@s/c", From::Npm, ""),
            part("f", From::Policy, ""),
        ];
        let bill = bill("0.1.0", &parts, &cargo.unwrap(), &npm).unwrap();
        let read: Json = serde_json::from_str(&bill).unwrap();
        let of = |at: usize, key: &str| read["components"][at][key].clone();
        assert_eq!(of(0, "purl"), "pkg:cargo/a@1.0.0%2B2");
        assert_eq!(of(1, "purl"), "pkg:npm/%40s/c@1.0.0%2B2");
        assert_eq!(of(2, "purl"), Json::Null);
        assert_eq!(
            of(0, "hashes"),
            json!([{ "alg": "SHA-256", "content": "00ff" }])
        );
        assert_eq!(
            of(1, "hashes"),
            json!([{ "alg": "SHA-512", "content": "00ff" }])
        );
        assert_eq!(
            of(0, "licenses"),
            json!([{ "expression": "MIT OR Apache-2.0" }])
        );
    }
}
