//! What the app does beside a command, and which commands it does so for.

/// Something that is done beside what a command does itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// Backs up before it; without a backup it is not begun.
    BackupBefore,
    /// Puts a backup onto the stick that it wrote to, when it went well.
    BackupOnStick,
    /// Tells the screen how the exchange stands, however it ended.
    TellsExchange,
    /// Heeds what it may have brought: persons who are no longer believed, supervisors who can help.
    HeedsNews,
}

use Beside::{BackupBefore, BackupOnStick, HeedsNews, TellsExchange};

/// The commands that anything is done beside.
const COMMANDS: &[(&str, &[Beside])] = &[
    ("apply_import", &[BackupBefore]),
    ("stick_send", &[BackupOnStick]),
    ("sync_now", &[TellsExchange, HeedsNews]),
    ("enrol", &[TellsExchange, HeedsNews]),
    ("issue_accept", &[HeedsNews]),
    ("issue_answer", &[HeedsNews]),
    ("stick_receive", &[HeedsNews]),
    ("forget_card", &[HeedsNews]),
];

/// What is done beside a command.
pub fn of(command: &str) -> &'static [Beside] {
    COMMANDS
        .iter()
        .find(|(name, _)| *name == command)
        .map_or(&[], |(_, beside)| beside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_name_is_a_command_and_stands_once() {
        let all: BTreeSet<_> = crate::commands::all().map(|command| command.name).collect();
        let named: BTreeSet<_> = COMMANDS.iter().map(|(name, _)| *name).collect();
        assert_eq!(named.len(), COMMANDS.len());
        assert_eq!(named.difference(&all).next(), None);
    }
}
