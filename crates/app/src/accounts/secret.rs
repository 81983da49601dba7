//! What opens a person's slot: their code, stretched, together with a secret that this computer keeps.

use std::io;
use std::path::{Path, PathBuf};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use serde::{Deserialize, Serialize};
use store::Key;
use zeroize::Zeroizing;

use crate::error::{AppError, Result};
use crate::surroundings::{Random, Steady};

/// How hard a code is stretched (Argon2id, one lane).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Memory, in KiB.
    #[serde(rename = "m")]
    pub kib: u32,
    /// Passes over it.
    #[serde(rename = "t")]
    pub passes: u32,
}

impl Cost {
    /// The least that is ever written: 19 MiB and two passes, OWASP's minimum.
    pub const FLOOR: Self = Self {
        kib: 19 * 1024,
        passes: 2,
    };
    /// What is tried first: 64 MiB and three passes.
    pub const USUAL: Self = Self {
        kib: 64 * 1024,
        passes: 3,
    };
    /// More passes than this are not asked of a file: nobody should wait for hours.
    const MOST_PASSES: u32 = 64;
    /// Nor more memory: 1 GiB.
    const MOST_KIB: u32 = 1024 * 1024;
}

/// How hard codes are stretched on this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// As hard as takes half a second to a second here.
    Measured,
    /// Always so: for tests, which stretch many codes.
    Fixed(Cost),
}

/// A login should take so long, in milliseconds: long for whoever guesses, short for whoever works.
const SHORTEST_MS: u64 = 500;
const LONGEST_MS: u64 = 1000;

/// Keeps a secret for this login of the computer, so that a copied folder or disk alone opens nothing.
pub trait DeviceSecret: Send + Sync {
    /// The secret, made the first time.
    ///
    /// # Errors
    /// When the place where it is kept cannot be read or written.
    fn get(&self, random: &Random) -> Result<Zeroizing<Key>>;
}

/// What protects the key of the database.
pub struct Guard {
    /// The computer's secret.
    pub secret: Box<dyn DeviceSecret>,
    /// How hard codes are stretched.
    pub effort: Effort,
}

/// A secret in a file that only its owner reads, apart from the data: whoever copies the data folder, or finds a backup
/// of it, lacks the secret.
pub struct SecretFile(pub PathBuf);

impl SecretFile {
    /// In the folder where this login keeps its settings.
    pub fn of_login() -> Self {
        let var = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let folder = if cfg!(windows) {
            var("APPDATA").map(PathBuf::from)
        } else {
            var("XDG_CONFIG_HOME")
                .map(PathBuf::from)
                .or_else(|| var("HOME").map(|home| Path::new(&home).join(".config")))
        };
        Self(
            folder
                .unwrap_or_else(|| ".".into())
                .join("nyetaa")
                .join("device.secret"),
        )
    }
}

impl DeviceSecret for SecretFile {
    fn get(&self, random: &Random) -> Result<Zeroizing<Key>> {
        let unreadable = |error: io::Error| {
            tracing::warn!(kind = ?error.kind(), "the computer's secret cannot be read");
            AppError::new("device-secret-unreadable")
        };
        let read = || match std::fs::read(&self.0).map(Zeroizing::new) {
            Ok(bytes) => match Key::try_from(bytes.as_slice()) {
                Ok(key) => Ok(Some(Zeroizing::new(key))),
                Err(_) => Err(io::Error::from(io::ErrorKind::InvalidData)),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        };
        if let Some(secret) = read().map_err(unreadable)? {
            return Ok(secret);
        }
        let drawn = Zeroizing::new(random()?);
        if let Some(folder) = self.0.parent() {
            std::fs::create_dir_all(folder).map_err(unreadable)?;
        }
        // Written aside and linked: two programs that start at once end with one secret, the first.
        let mut aside = self.0.as_os_str().to_owned();
        aside.push(format!(".{}", std::process::id()));
        store::write_private(Path::new(&aside), drawn.as_slice()).map_err(unreadable)?;
        let linked = std::fs::hard_link(&aside, &self.0);
        std::fs::remove_file(&aside).map_err(unreadable)?;
        match linked {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(unreadable(error)),
            _ => read()
                .map_err(unreadable)?
                .ok_or_else(|| AppError::new("device-secret-unreadable")),
        }
    }
}

/// The key of a slot, from a code and the computer's secret.
///
/// # Errors
/// `memory-short` when this computer has not that much memory to spare.
pub fn stretch(code: &str, salt: &[u8; 32], cost: Cost, secret: &Key) -> Result<Zeroizing<Key>> {
    let short = |_| AppError::new("memory-short");
    if cost.kib > Cost::MOST_KIB || cost.passes > Cost::MOST_PASSES {
        return Err(AppError::new("key-damaged"));
    }
    let params = Params::new(cost.kib, cost.passes, 1, Some(32))
        .map_err(|_| AppError::new("key-damaged"))?;
    let mut blocks: Vec<Block> = Vec::new();
    blocks
        .try_reserve_exact(params.block_count())
        .map_err(short)?;
    blocks.resize(params.block_count(), Block::new());
    let mut stretched = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(code.as_bytes(), salt, &mut *stretched, &mut blocks)
        .map_err(|_| AppError::new("key-damaged"))?;
    let mut both = Zeroizing::new([0; 64]);
    both[..32].copy_from_slice(stretched.as_slice());
    both[32..].copy_from_slice(secret);
    Ok(Zeroizing::new(blake3::derive_key(
        "nyetaa 2026-11-23 key of a person's slot",
        both.as_slice(),
    )))
}

/// What opens names on the screen where nobody is known yet, and other small things that belong to this computer.
pub fn label_key(secret: &Key) -> Zeroizing<Key> {
    Zeroizing::new(blake3::derive_key(
        "nyetaa 2026-11-23 key of the labels of slots",
        secret,
    ))
}

impl Effort {
    /// How hard a new code is stretched. Measuring takes a second or two.
    pub fn cost(self, steady: &Steady) -> Cost {
        let Self::Fixed(fixed) = self else {
            return measured(|cost| {
                let begun = steady();
                stretch("", &[0; 32], cost, &[0; 32]).ok()?;
                Some(steady().saturating_sub(begun))
            });
        };
        fixed
    }

    /// Whether a code that took so long to stretch, so hard, should be stretched anew now that the person has typed it.
    pub fn is_outgrown(self, cost: Cost, took_ms: u64) -> bool {
        match self {
            Self::Measured => took_ms < SHORTEST_MS / 2,
            Self::Fixed(fixed) => cost != fixed,
        }
    }
}

/// The cost that takes between half a second and a second, from what a trial of one takes, in milliseconds; a trial
/// that finds no memory has no answer.
fn measured(trial: impl Fn(Cost) -> Option<u64>) -> Cost {
    let mut cost = Cost::USUAL;
    loop {
        match trial(cost) {
            Some(took) if took <= LONGEST_MS => {
                let times = (SHORTEST_MS / took.max(1)).min(8) + 1;
                if took < SHORTEST_MS {
                    let times = u32::try_from(times).unwrap_or(1);
                    cost.passes = (cost.passes * times).min(Cost::MOST_PASSES);
                }
                return cost;
            }
            _ if cost == Cost::FLOOR => return cost,
            _ if cost.passes > Cost::FLOOR.passes => cost.passes -= 1,
            _ => cost.kib = (cost.kib / 2).max(Cost::FLOOR.kib),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Cost = Cost { kib: 8, passes: 1 };

    #[test]
    fn code_salt_and_secret_all_count() {
        let key = |code, salt, secret| *stretch(code, &[salt; 32], CHEAP, &[secret; 32]).unwrap();
        let one = key("482913", 1, 1);
        assert_eq!(one, key("482913", 1, 1));
        for other in [
            key("482914", 1, 1),
            key("482913", 2, 1),
            key("482913", 1, 2),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn a_cost_is_found_for_fast_and_slow_computers_and_never_below_the_floor() {
        // Milliseconds as so many mebibytes times passes take at this speed.
        let of_speed = |per_ms: u64| {
            measured(|cost| Some(u64::from(cost.kib) * u64::from(cost.passes) / per_ms))
        };
        for per_ms in [100, 200, 400, 1_000, 5_000] {
            let cost = of_speed(per_ms);
            let took = u64::from(cost.kib) * u64::from(cost.passes) / per_ms;
            assert!(cost.kib >= Cost::FLOOR.kib && cost.passes >= Cost::FLOOR.passes);
            assert!(took <= LONGEST_MS, "{per_ms}: {cost:?} takes {took} ms");
            assert!(
                took >= SHORTEST_MS / 2,
                "{per_ms}: {cost:?} takes {took} ms"
            );
        }
        assert_eq!(of_speed(1), Cost::FLOOR, "the slowest computer of all");
        assert_eq!(measured(|_| None), Cost::FLOOR, "no memory at all");
        let small = measured(|cost| (cost.kib <= Cost::FLOOR.kib).then_some(700));
        assert_eq!(small.kib, Cost::FLOOR.kib, "little memory");
    }

    #[test]
    fn a_file_cannot_ask_for_hours_or_for_all_memory() {
        for cost in [
            Cost {
                kib: u32::MAX,
                passes: 1,
            },
            Cost {
                kib: 8,
                passes: u32::MAX,
            },
            Cost { kib: 0, passes: 0 },
        ] {
            let refused = stretch("482913", &[1; 32], cost, &[1; 32]).unwrap_err();
            assert_eq!(refused.code, "key-damaged", "{cost:?}");
        }
    }

    #[test]
    fn the_secret_is_made_once_and_its_owner_alone_reads_it() {
        let folder = std::env::temp_dir().join(format!("nyetaa-secret-{}", std::process::id()));
        let file = SecretFile(folder.join("nyetaa").join("device.secret"));
        let random: Random = std::sync::Arc::new(crate::home::random);
        let one = file.get(&random).unwrap();
        assert_eq!(*file.get(&random).unwrap(), *one);
        let left = std::fs::read_dir(folder.join("nyetaa")).unwrap().count();
        assert_eq!(left, 1, "nothing is left beside it");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&file.0).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0);
        }
        std::fs::write(&file.0, b"short").unwrap();
        let refused = file.get(&random).unwrap_err();
        assert_eq!(refused.code, "device-secret-unreadable");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
