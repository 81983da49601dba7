//! What the machine must have: Debian packages, Node and npm. What is missing is installed, after a question.

use std::io::{IsTerminal, Write};
use std::process::Command;

use crate::step::{answer, call};
use crate::{Asked, Outcome};

/// What building and driving the window takes on Debian 12.
const PACKAGES: &[&str] = &[
    "build-essential",
    "file",
    "fonts-dejavu-core",
    "imagemagick",
    "libayatana-appindicator3-dev",
    "libgtk-3-dev",
    "librsvg2-dev",
    "libwebkit2gtk-4.1-dev",
    "libxdo-dev",
    "mold",
    "pkg-config",
    "poppler-utils",
    "postgresql",
    "webkit2gtk-driver",
    "xauth",
    "xdg-utils",
    "xvfb",
];

/// The oldest Node that was tried.
const NODE: (u32, u32) = (20, 20);

/// Makes sure that everything is there.
///
/// # Errors
/// When something is missing and may not or cannot be installed; the sentence says what to type.
pub fn ready(asked: &Asked) -> Outcome {
    node()?;
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    match missing()? {
        Packages::Unknown => {
            println!(
                "This is not a Debian system. The packages needed are called, on Debian: {}",
                PACKAGES.join(" ")
            );
            Ok(())
        }
        Packages::Missing(names) if names.is_empty() => Ok(()),
        Packages::Missing(names) => install(&names, asked),
    }
}

/// `cargo`, told to link with mold on Linux: seconds saved at each build.
pub fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(crate::places::root());
    // What the cargo that started us says about this package would reach build scripts, and some of them run again for it.
    for (name, _) in std::env::vars_os() {
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"]
            .iter()
            .any(|start| name.to_string_lossy().starts_with(start))
        {
            cargo.env_remove(name);
        }
    }
    if cfg!(target_os = "linux") && answer(Command::new("mold").arg("--version")).is_some() {
        cargo.env(
            "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS",
            "-C link-arg=-fuse-ld=mold",
        );
    }
    cargo
}

/// `npm`, which is a script on Windows.
pub fn npm() -> Command {
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

enum Packages {
    Missing(Vec<&'static str>),
    /// No Debian package manager here.
    Unknown,
}

fn missing() -> Outcome<Packages> {
    let listed = Command::new("dpkg-query")
        .args(["--show", "--showformat=${Package} ${db:Status-Status}\\n"])
        .args(PACKAGES)
        .output();
    let listed = match listed {
        Ok(listed) => listed,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Packages::Unknown),
        Err(error) => return Err(format!("dpkg-query cannot be asked: {error}.")),
    };
    // It fails when a name is unknown, and lists the others all the same.
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let installed = |name: &str| {
        listed
            .lines()
            .any(|line| line == format!("{name} installed"))
    };
    Ok(Packages::Missing(
        PACKAGES
            .iter()
            .copied()
            .filter(|name| !installed(name))
            .collect(),
    ))
}

fn install(names: &[&str], asked: &Asked) -> Outcome {
    let names = names.join(" ");
    let root = answer(Command::new("id").arg("-u")).is_some_and(|id| id == "0");
    let become_root = if root { "" } else { "sudo " };
    let typed = format!("{become_root}apt-get install --no-install-recommends {names}");
    if !asked.yes
        && !agreed(&format!(
            "These system packages are missing: {names}\nInstall them now?"
        ))?
    {
        return Err(format!(
            "System packages are missing. Type:\n  {typed}\nor answer beforehand with --yes."
        ));
    }
    for task in ["update", "install"] {
        let mut apt = if root {
            Command::new("env")
        } else {
            Command::new("sudo")
        };
        if !root {
            // Without a terminal sudo must refuse, not wait for a password.
            if !std::io::stdin().is_terminal() {
                apt.arg("--non-interactive");
            }
            apt.arg("env");
        }
        apt.args([
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "-o",
            "DPkg::Lock::Timeout=300",
            task,
        ]);
        if task == "install" {
            apt.args(["-y", "--no-install-recommends"])
                .args(names.split(' '));
        }
        call(&mut apt).map_err(|reason| format!("{reason}\nInstall by hand:\n  {typed}"))?;
    }
    Ok(())
}

/// Asks, but never waits for an answer that cannot come.
fn agreed(question: &str) -> Outcome<bool> {
    if !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    print!("{question} [y/N] ");
    std::io::stdout()
        .flush()
        .map_err(|error| error.to_string())?;
    let mut said = String::new();
    std::io::stdin()
        .read_line(&mut said)
        .map_err(|error| error.to_string())?;
    Ok(matches!(said.trim(), "y" | "Y" | "yes" | "o" | "oui"))
}

fn node() -> Outcome {
    let wanted = format!(
        "Node {}.{} or newer, with npm, is needed: https://nodejs.org",
        NODE.0, NODE.1
    );
    let version = answer(Command::new("node").arg("--version")).ok_or_else(|| wanted.clone())?;
    if !new_enough(&version) {
        return Err(format!("{wanted} (this is {version})"));
    }
    answer(npm().arg("--version")).map(|_| ()).ok_or(wanted)
}

fn new_enough(version: &str) -> bool {
    let mut numbers = version
        .trim_start_matches('v')
        .split('.')
        .map(|number| number.parse().unwrap_or(0));
    let (major, minor) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    (major, minor) >= NODE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_is_compared_by_number() {
        for (version, enough) in [
            ("v20.20.2", true),
            ("v20.9.0", false),
            ("v18.20.0", false),
            ("v100.1.0", true),
            ("", false),
        ] {
            assert_eq!(new_enough(version), enough, "{version}");
        }
    }
}
