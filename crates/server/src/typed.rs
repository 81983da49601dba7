//! Passphrases that the operator types: not shown at a terminal; a line each where another program hands them over.

use std::io::{self, IsTerminal, Write};

use server::Error;

/// Asks for a passphrase by the prompt.
pub fn passphrase(prompt: &str) -> Result<String, Error> {
    let mut typed = String::new();
    let input = io::stdin();
    if input.is_terminal() {
        let mut err = io::stderr();
        write!(err, "{prompt} ")?;
        err.flush()?;
        unseen(&mut typed)?;
        writeln!(err)?;
    } else {
        input.read_line(&mut typed)?;
    }
    let typed = typed.trim_end_matches(['\r', '\n']);
    if typed.is_empty() {
        return Err(Error::SealedHeir);
    }
    Ok(typed.to_owned())
}

/// Asks for a new one, at a terminal twice.
pub fn new_passphrase(prompts: [&str; 2]) -> Result<String, Error> {
    let typed = passphrase(prompts[0])?;
    if io::stdin().is_terminal() && passphrase(prompts[1])? != typed {
        return Err(Error::PassphrasesDiffer);
    }
    Ok(typed)
}

#[cfg(target_os = "linux")]
fn unseen(typed: &mut String) -> io::Result<()> {
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
    let input = io::stdin();
    let shown = tcgetattr(&input)?;
    let mut hidden = shown.clone();
    hidden.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&input, OptionalActions::Flush, &hidden)?;
    let read = input.read_line(typed);
    tcsetattr(&input, OptionalActions::Flush, &shown)?;
    read.map(drop)
}

#[cfg(not(target_os = "linux"))]
fn unseen(typed: &mut String) -> io::Result<()> {
    io::stdin().read_line(typed).map(drop)
}
