//! What is noted, and which commands note it.

use serde::{Deserialize, Serialize};

/// Something that is noted when it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Came in with one's code.
    CameIn,
    /// A code that did not open.
    CodeWrong,
    /// Locked by hand.
    Left,
    /// Locked because nobody was there.
    LeftAlone,
    /// Chose the first code of the laptop.
    CodeChosen,
    /// Changed one's own code.
    CodeChanged,
    /// Gave a colleague a new code.
    CodeReset,
    /// Asked a supervisor for help after a forgotten code.
    HelpAsked,
    /// Helped someone of another laptop.
    HelpGiven,
    /// Chose a new code with a supervisor's answer.
    HelpTaken,
    /// Gave the database another key, by coming in.
    KeyRenewed,
    /// Let one more person work here.
    AccountAdded,
    /// Ended a colleague's access.
    AccountEnded,
    /// Gave somebody another role.
    RoleChanged,
    /// Handed over to a newcomer.
    HandedOver,
    /// Wrote a place's values into a file.
    ValuesExported,
    /// Drew a random list of a register's rows.
    SampleDrawn,
    /// Imported a file of values.
    ValuesImported,
    /// Undid an import.
    ImportUndone,
    /// Wrote what waits into a file.
    WaitingExported,
    /// Wrote the log of exchanges into a file.
    LogExported,
    /// Wrote this list into a file.
    AuditExported,
    /// Wrote onto a stick.
    StickWritten,
    /// Took in what a stick brought.
    StickRead,
    /// Enrolled this laptop.
    Enrolled,
    /// Enrolled another laptop by file.
    LaptopEnrolled,
    /// Trusts a laptop no longer.
    CardForgotten,
    /// Chose a single place to read, or to read no longer.
    PlaceChosen,
    /// Read who works at places below.
    PeopleRead,
    /// Read a colleague's telephone number.
    PhoneRead,
    /// Wrote down a colleague's telephone number.
    PhoneSaved,
    /// Erased a colleague's telephone number.
    PhoneErased,
    /// Masked a comment.
    CommentMasked,
    /// Masked a photo.
    PhotoMasked,
    /// Went back to a backup, or undid it.
    WentBack,
    /// Took up a backup where the database did not open.
    Rescued,
}

/// What belongs together when one looks for something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum AuditGroup {
    /// Coming in and leaving.
    Door,
    /// Codes and who may come in.
    Codes,
    /// Files written and read.
    Files,
    /// Sticks, other laptops and the server.
    Sharing,
    /// What was read of people.
    Reading,
}

impl What {
    /// Everything that is noted.
    pub const ALL: [Self; 36] = [
        Self::CameIn,
        Self::CodeWrong,
        Self::Left,
        Self::LeftAlone,
        Self::CodeChosen,
        Self::CodeChanged,
        Self::CodeReset,
        Self::HelpAsked,
        Self::HelpGiven,
        Self::HelpTaken,
        Self::KeyRenewed,
        Self::AccountAdded,
        Self::AccountEnded,
        Self::RoleChanged,
        Self::HandedOver,
        Self::ValuesExported,
        Self::SampleDrawn,
        Self::ValuesImported,
        Self::ImportUndone,
        Self::WaitingExported,
        Self::LogExported,
        Self::AuditExported,
        Self::StickWritten,
        Self::StickRead,
        Self::Enrolled,
        Self::LaptopEnrolled,
        Self::CardForgotten,
        Self::PlaceChosen,
        Self::PeopleRead,
        Self::PhoneRead,
        Self::PhoneSaved,
        Self::PhoneErased,
        Self::CommentMasked,
        Self::PhotoMasked,
        Self::WentBack,
        Self::Rescued,
    ];

    /// Its word in the list; for ever the same.
    pub fn word(self) -> &'static str {
        match self {
            Self::CameIn => "came-in",
            Self::CodeWrong => "code-wrong",
            Self::Left => "left",
            Self::LeftAlone => "left-alone",
            Self::CodeChosen => "code-chosen",
            Self::CodeChanged => "code-changed",
            Self::CodeReset => "code-reset",
            Self::HelpAsked => "help-asked",
            Self::HelpGiven => "help-given",
            Self::HelpTaken => "help-taken",
            Self::KeyRenewed => "key-renewed",
            Self::AccountAdded => "account-added",
            Self::AccountEnded => "account-ended",
            Self::RoleChanged => "role-changed",
            Self::HandedOver => "handed-over",
            Self::ValuesExported => "values-exported",
            Self::SampleDrawn => "sample-drawn",
            Self::ValuesImported => "values-imported",
            Self::ImportUndone => "import-undone",
            Self::WaitingExported => "waiting-exported",
            Self::LogExported => "log-exported",
            Self::AuditExported => "audit-exported",
            Self::StickWritten => "stick-written",
            Self::StickRead => "stick-read",
            Self::Enrolled => "enrolled",
            Self::LaptopEnrolled => "laptop-enrolled",
            Self::CardForgotten => "card-forgotten",
            Self::PlaceChosen => "place-chosen",
            Self::PeopleRead => "people-read",
            Self::PhoneRead => "phone-read",
            Self::PhoneSaved => "phone-saved",
            Self::PhoneErased => "phone-erased",
            Self::CommentMasked => "comment-masked",
            Self::PhotoMasked => "photo-masked",
            Self::WentBack => "went-back",
            Self::Rescued => "rescued",
        }
    }

    /// What it belongs to.
    pub fn group(self) -> AuditGroup {
        match self {
            Self::CameIn | Self::CodeWrong | Self::Left | Self::LeftAlone => AuditGroup::Door,
            Self::CodeChosen
            | Self::CodeChanged
            | Self::CodeReset
            | Self::HelpAsked
            | Self::HelpGiven
            | Self::HelpTaken
            | Self::KeyRenewed
            | Self::AccountAdded
            | Self::AccountEnded
            | Self::RoleChanged
            | Self::HandedOver => AuditGroup::Codes,
            Self::ValuesExported
            | Self::SampleDrawn
            | Self::ValuesImported
            | Self::ImportUndone
            | Self::WaitingExported
            | Self::LogExported
            | Self::AuditExported
            | Self::WentBack
            | Self::Rescued => AuditGroup::Files,
            Self::StickWritten
            | Self::StickRead
            | Self::Enrolled
            | Self::LaptopEnrolled
            | Self::CardForgotten => AuditGroup::Sharing,
            Self::PlaceChosen
            | Self::PeopleRead
            | Self::PhoneRead
            | Self::PhoneSaved
            | Self::PhoneErased
            | Self::CommentMasked
            | Self::PhotoMasked => AuditGroup::Reading,
        }
    }
}

/// Whether a command is noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// What it does shows in the history of records, or harms nobody.
    No,
    /// It notes itself, in the file that it writes.
    Itself,
    /// Before it is carried out: nothing leaves unless that stands in the list.
    Before(What),
    /// When it was carried out, with these fields of its answer.
    After(What, &'static [&'static str]),
    /// Once a day for each person, when somebody from above reads it.
    Reading(What),
}

/// Every command, and whether it is noted. A test compares it with the list of commands.
pub const COMMANDS: &[(&str, Noted)] = &[
    ("unlock", Noted::Itself),
    ("lock", Noted::Itself),
    ("choose_pin", Noted::Itself),
    ("begin", Noted::Itself),
    ("add_account", Noted::Itself),
    ("remove_account", Noted::Itself),
    ("change_role", Noted::Itself),
    ("hand_over", Noted::Itself),
    ("handover", Noted::No),
    ("change_pin", Noted::Itself),
    ("reset_pin", Noted::Itself),
    ("recovery_request", Noted::Itself),
    ("recovery_finish", Noted::Itself),
    (
        "recovery_answer",
        Noted::After(What::HelpGiven, &["name", "check"]),
    ),
    (
        "draw_sample",
        Noted::After(What::SampleDrawn, &["size", "population", "seed"]),
    ),
    ("samples", Noted::No),
    ("set_baseline", Noted::No),
    ("export_values", Noted::Before(What::ValuesExported)),
    ("export_grid", Noted::Before(What::ValuesExported)),
    ("export_chart", Noted::Before(What::ValuesExported)),
    ("save_picture", Noted::Before(What::ValuesExported)),
    ("save_paper", Noted::Before(What::ValuesExported)),
    (
        "apply_import",
        Noted::After(What::ValuesImported, &["saved"]),
    ),
    (
        "undo_import",
        Noted::After(What::ImportUndone, &["restored"]),
    ),
    ("export_refused", Noted::No),
    ("imports", Noted::No),
    ("export_waiting", Noted::Before(What::WaitingExported)),
    ("export_sync_log", Noted::Before(What::LogExported)),
    ("export_audit", Noted::Before(What::AuditExported)),
    ("stick_send", Noted::Before(What::StickWritten)),
    (
        "stick_receive",
        Noted::After(What::StickRead, &["files", "saves_new"]),
    ),
    ("enrol", Noted::After(What::Enrolled, &[])),
    ("issue_request", Noted::No),
    ("issue_look", Noted::No),
    ("issue_answer", Noted::Before(What::LaptopEnrolled)),
    ("issue_accept", Noted::After(What::Enrolled, &[])),
    ("forget_card", Noted::After(What::CardForgotten, &[])),
    ("demand", Noted::After(What::PlaceChosen, &[])),
    ("people", Noted::Reading(What::PeopleRead)),
    ("read_phone", Noted::Before(What::PhoneRead)),
    ("save_phone", Noted::After(What::PhoneSaved, &[])),
    ("erase_phone", Noted::After(What::PhoneErased, &[])),
    ("mask_comment", Noted::After(What::CommentMasked, &[])),
    ("mask_photo", Noted::After(What::PhotoMasked, &[])),
    ("restore_backup", Noted::Itself),
    ("undo_restore", Noted::Itself),
    ("rescue_restore", Noted::Itself),
    ("choose_second_folder", Noted::No),
    ("bring_backups", Noted::No),
    ("begin_from_backup", Noted::No),
    ("rescue_export", Noted::No),
    ("heed_fall_back", Noted::No),
    ("rescue_retry", Noted::No),
    ("rescue_state", Noted::No),
    ("backups", Noted::No),
    ("backup_now", Noted::No),
    ("preview_backup", Noted::No),
    ("audit", Noted::No),
    ("start_state", Noted::No),
    ("set_language", Noted::No),
    ("open_practice", Noted::No),
    ("close_practice", Noted::No),
    ("accounts", Noted::No),
    ("touch", Noted::No),
    ("stick_places", Noted::No),
    ("pick_folder", Noted::No),
    ("doubts", Noted::No),
    ("calculation", Noted::No),
    ("calculations", Noted::No),
    ("today", Noted::No),
    ("search_places", Noted::No),
    ("places", Noted::No),
    ("add_place", Noted::No),
    ("indicators", Noted::No),
    ("templates", Noted::No),
    ("checklists", Noted::No),
    ("checklist", Noted::No),
    ("stored_checklists", Noted::No),
    ("import_form", Noted::No),
    ("make_checklist", Noted::No),
    ("checklist_draft", Noted::No),
    ("save_checklist_draft", Noted::No),
    ("publish_checklist", Noted::No),
    ("rename_checklist", Noted::No),
    ("retire_checklist", Noted::No),
    ("try_checklist", Noted::No),
    ("checklist_stops", Noted::No),
    ("checklist_version_stops", Noted::No),
    ("look_form", Noted::No),
    ("export_checklist", Noted::No),
    ("begin_visit", Noted::No),
    ("visit", Noted::No),
    ("save_visit", Noted::No),
    ("save_answer", Noted::No),
    ("save_recount", Noted::No),
    ("add_visit_photo", Noted::No),
    ("remove_from_visit", Noted::No),
    ("close_visit", Noted::No),
    ("return_visit", Noted::No),
    ("visits", Noted::No),
    ("visit_board", Noted::No),
    ("cycles", Noted::No),
    ("start_cycle", Noted::No),
    ("cycle", Noted::No),
    ("save_cycle", Noted::No),
    ("save_member", Noted::No),
    ("save_measure", Noted::No),
    ("save_idea", Noted::No),
    ("save_cause", Noted::No),
    ("save_driver", Noted::No),
    ("save_evidence", Noted::No),
    ("save_trial", Noted::No),
    ("save_observation", Noted::No),
    ("add_photo", Noted::No),
    ("save_photo", Noted::No),
    ("photo_picture", Noted::No),
    ("save_progress", Noted::No),
    ("save_lesson", Noted::No),
    ("lessons", Noted::No),
    ("begin_lesson", Noted::No),
    ("move_lesson", Noted::No),
    ("plan_rechecks", Noted::No),
    ("save_recheck", Noted::No),
    ("answer_recheck", Noted::No),
    ("search", Noted::No),
    ("timeline", Noted::No),
    ("pauses", Noted::No),
    ("hold_pause", Noted::No),
    ("pause", Noted::No),
    ("save_pause", Noted::No),
    ("place_templates", Noted::No),
    ("place_template", Noted::No),
    ("template_from_cycle", Noted::No),
    ("template_variant", Noted::No),
    ("save_template", Noted::No),
    ("save_comment", Noted::No),
    ("delete_record", Noted::No),
    ("restore_record", Noted::No),
    ("settle", Noted::No),
    ("record_history", Noted::No),
    ("restore_value", Noted::No),
    ("reviews", Noted::No),
    ("removed", Noted::No),
    ("removed_batches", Noted::No),
    ("restore_batch", Noted::No),
    ("remove_again", Noted::No),
    ("leave_batch", Noted::No),
    ("mark_opened", Noted::No),
    ("marks", Noted::No),
    ("grid", Noted::No),
    ("save_cells", Noted::No),
    ("cell_history", Noted::No),
    ("chart", Noted::No),
    ("compare", Noted::No),
    ("multiples", Noted::No),
    ("begin_phase", Noted::No),
    ("freeze_baseline", Noted::No),
    ("exclude_point", Noted::No),
    ("set_goal", Noted::No),
    ("set_chart", Noted::No),
    ("save_variant", Noted::No),
    ("variants", Noted::No),
    ("save_event", Noted::No),
    ("save_action", Noted::No),
    ("actions", Noted::No),
    ("meetings", Noted::No),
    ("hold_meeting", Noted::No),
    ("meeting", Noted::No),
    ("save_meeting", Noted::No),
    ("save_attendance", Noted::No),
    ("save_decision", Noted::No),
    ("chart_notes", Noted::No),
    ("chart_past", Noted::No),
    ("sums", Noted::No),
    ("preview_import", Noted::No),
    ("sync_state", Noted::No),
    ("sync_now", Noted::No),
    ("cancel_sync", Noted::No),
    ("retry_record", Noted::No),
    ("sync_log", Noted::No),
    ("devices", Noted::No),
    ("history_more", Noted::No),
    ("stick_look", Noted::No),
    ("cards", Noted::No),
    ("demand_places", Noted::No),
    // The server notes these, with who came in there.
    ("administration", Noted::No),
    ("administration_enter", Noted::No),
    ("administration_leave", Noted::No),
    ("administration_laptops", Noted::No),
    ("administration_people", Noted::No),
    ("administration_invite", Noted::No),
    ("administration_revoke_laptop", Noted::No),
    ("administration_revoke_person", Noted::No),
    ("administration_post", Noted::No),
    ("administration_move", Noted::No),
    ("administration_aside", Noted::No),
    ("administration_aside_changes", Noted::No),
    ("administration_release", Noted::No),
    ("administration_journal", Noted::No),
];

/// Whether a command is noted.
pub fn of(command: &str) -> Noted {
    COMMANDS
        .iter()
        .find(|(name, _)| *name == command)
        .map_or(Noted::No, |(_, noted)| *noted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Whoever adds a command says here whether it is noted.
    #[test]
    fn every_command_says_whether_it_is_noted() {
        let said: BTreeSet<_> = COMMANDS.iter().map(|(name, _)| *name).collect();
        assert_eq!(said.len(), COMMANDS.len(), "each stands here once");
        let all: BTreeSet<_> = crate::commands::all().map(|command| command.name).collect();
        let differ: Vec<_> = said.symmetric_difference(&all).collect();
        assert_eq!(
            differ,
            Vec::<&&str>::new(),
            "say in COMMANDS whether these are noted"
        );
    }

    #[test]
    fn everything_that_is_noted_has_a_word_of_its_own_and_a_sentence() {
        let words: BTreeSet<_> = What::ALL.iter().map(|what| what.word()).collect();
        assert_eq!(words.len(), What::ALL.len());
        for language in [domain::text::Language::Fr, domain::text::Language::En] {
            for word in &words {
                let key = format!("audit-{word}");
                let said = crate::words::sentence(language, &key, &Default::default());
                assert_ne!(said, key, "{language:?}");
            }
        }
    }
}
