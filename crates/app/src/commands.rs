//! The command list: name, request and answer of everything that the screen, the headless binary and the tests can
//! ask. Each feature lists its own; dispatch, names and TypeScript come from the same lines.

use domain::permission::{Action, Action::*, Class, Class::*};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use ts_rs::{Config, TS};

use crate::App;
use crate::accounts;
use crate::administration;
use crate::audit;
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::folders;
use crate::permissions::{At, CHANGES, Needs, REVIEWS, SCORES};
use crate::{
    actions, backups, charts, checklists, cycles, export, handover, import, meetings, pauses,
    places, records, samples, sealed, search, start, supervision, sync_client, templates, today,
    values, variants,
};

/// An empty request.
#[derive(Debug, Clone, Default, Deserialize, Serialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export, type = "Record<string, never>")]
pub struct Nothing {}

/// One command.
pub struct Command {
    /// Its name on the wire.
    pub name: &'static str,
    /// What it does, in one line.
    pub doc: &'static str,
    /// Carries it out.
    pub call: Call,
    /// Whether it answers although nobody has come in.
    pub at_the_door: bool,
    /// What whoever calls it has to be allowed.
    pub needs: Needs,
    /// Its request's and answer's TypeScript names.
    pub types: fn(&Config) -> (String, String),
}

/// What a command works on.
pub enum Call {
    /// An open folder.
    Inside(fn(&Cx<'_>, Json) -> Result<Json>),
    /// The app itself: which folder is open, and to whom.
    App(fn(&App, Json) -> Result<Json>),
}

fn run<C: ?Sized, Q: DeserializeOwned, A: Serialize>(
    cx: &C,
    request: Json,
    command: fn(&C, Q) -> Result<A>,
) -> Result<Json> {
    let request = serde_json::from_value(request).map_err(|error| {
        tracing::warn!(%error, "a request does not have the shape of its command");
        AppError::new("request-invalid")
    })?;
    serde_json::to_value(command(cx, request)?).map_err(|_| AppError::new("request-invalid"))
}

fn types<Q: TS, A: TS>(cfg: &Config) -> (String, String) {
    (Q::name(cfg), A::name(cfg))
}

macro_rules! commands {
    ($list:ident: $( #[doc = $doc:literal] $name:ident($request:ty) -> $answer:ty = $run:path, $needs:expr; )*) => {
        const $list: &[Command] = &[$( Command {
            name: stringify!($name),
            doc: $doc,
            call: Call::Inside(|cx, request| run::<Cx<'_>, $request, $answer>(cx, request, $run)),
            at_the_door: false,
            needs: $needs,
            types: types::<$request, $answer>,
        }, )*];
    };
}

/// The same for commands on the app itself; `true` after the path when it answers although nobody has come in.
macro_rules! app_commands {
    ($list:ident: $( #[doc = $doc:literal] $name:ident($request:ty) -> $answer:ty = $run:path, $needs:expr, $at_the_door:literal; )*) => {
        const $list: &[Command] = &[$( Command {
            name: stringify!($name),
            doc: $doc,
            call: Call::App(|app, request| run::<App, $request, $answer>(app, request, $run)),
            at_the_door: $at_the_door,
            needs: $needs,
            types: types::<$request, $answer>,
        }, )*];
    };
}

const READS: &[(Action, Class)] = &[(Read, Work), (Read, Sums)];
const READS_VISITS: &[(Action, Class)] = &[(Read, Visit)];
const READS_WORK: &[(Action, Class)] = &[(Read, Work)];
const WORKS: &[(Action, Class)] = &[(Write, Work)];
const WRITES_METHOD: &[(Action, Class)] = &[(Write, Method)];
const COMMENTS: &[(Action, Class)] = &[(Write, Work), (Comment, Work)];
/// Whoever answers for what a team says: its lead, or its coach.
const LEADS_PEOPLE: &[(Action, Class)] = &[(Write, People)];
const REFERS: Needs = Needs::Any(&[(Read, Reference)], At::Home);

app_commands! { ENTRANCE:
    /// Where the app stands: who is at work, language, place, month in hand.
    start_state(Nothing) -> start::StartState = start::start_state, Needs::Nothing, true;
    /// Chooses the language of the interface.
    set_language(start::SetLanguage) -> start::StartState = start::set_language, Needs::Nothing, true;
    /// Answers the questions of the first start.
    begin(start::Begin) -> start::StartState = start::begin, Needs::Nothing, false;
    /// Opens the example, made the first time.
    open_practice(start::SetLanguage) -> start::StartState = App::open_practice, Needs::Nothing, false;
    /// Leaves the example.
    close_practice(Nothing) -> start::StartState = App::close_practice, Needs::Nothing, false;
    /// The people who may come in, whoever worked last first.
    accounts(Nothing) -> Vec<accounts::Account> = accounts::accounts, Needs::Nothing, true;
    /// Comes in with one's code.
    unlock(accounts::Unlock) -> start::StartState = accounts::unlock, Needs::Nothing, true;
    /// Leaves; whoever works next comes in with their code.
    lock(Nothing) -> start::StartState = accounts::lock, Needs::Nothing, true;
    /// Says that someone is at the keyboard; without it the app locks after five minutes.
    touch(Nothing) -> Nothing = accounts::touch, Needs::Nothing, true;
    /// Chooses the first code of a laptop that had none.
    choose_pin(accounts::ChoosePin) -> start::StartState = accounts::choose_pin, Needs::Nothing, true;
    /// Lets one more person work here.
    add_account(accounts::AddAccount) -> Vec<accounts::Account> = accounts::add_account, Needs::Any(LEADS_PEOPLE, At::Home), false;
    /// Changes one's own code.
    change_pin(accounts::ChangePin) -> Nothing = accounts::change_pin, Needs::Nothing, false;
    /// Gives a colleague who has forgotten theirs a new code.
    reset_pin(accounts::ResetPin) -> Nothing = accounts::reset_pin, Needs::Any(&[(ResetPin, People)], At::Home), false;
    /// Ends a colleague's access; what they wrote stays.
    remove_account(accounts::OfAccount) -> Vec<accounts::Account> = accounts::remove_account, Needs::Any(LEADS_PEOPLE, At::Home), false;
    /// Gives a colleague another role of the team.
    change_role(accounts::ChangeRole) -> Vec<accounts::Account> = accounts::change_role, Needs::Any(LEADS_PEOPLE, At::Home), false;
    /// What is open when somebody hands over.
    handover(Nothing) -> handover::OpenWork = handover::handover, Needs::Any(READS_WORK, At::Home), false;
    /// Hands over: the newcomer carries what was open, and the past stays with who wrote it.
    hand_over(handover::HandOver) -> start::StartState = handover::hand_over, Needs::Any(LEADS_PEOPLE, At::Home), false;
    /// Asks a supervisor for help after a forgotten code.
    recovery_request(accounts::AskForHelp) -> accounts::RecoveryRequest = accounts::recovery_request, Needs::Nothing, true;
    /// The sticks that are plugged in.
    stick_places(Nothing) -> Vec<sync_client::StickPlace> = sync_client::stick_places, Needs::Nothing, true;
    /// Lets the person choose a folder in the system's own dialog.
    pick_folder(folders::PickFolder) -> Option<String> = folders::pick_folder, Needs::Nothing, true;
    /// Chooses a new code with the supervisor's answer.
    recovery_finish(accounts::RecoveryFinish) -> start::StartState = accounts::recovery_finish, Needs::Nothing, true;
}

app_commands! { BACKUPS:
    /// The backups of this laptop, newest first.
    backups(Nothing) -> backups::Backups = backups::backups, Needs::Nothing, false;
    /// Makes a backup now.
    backup_now(Nothing) -> backups::Backups = backups::backup_now, Needs::Nothing, false;
    /// What a backup holds, beside what stands here now.
    preview_backup(backups::BackupNo) -> backups::BackupPreview = backups::preview_backup, Needs::Nothing, false;
    /// Goes back to a backup; what stands here is copied before.
    restore_backup(backups::RestoreBackup) -> start::StartState = backups::restore_backup, Needs::Any(LEADS_PEOPLE, At::Home), false;
    /// Undoes the last time this laptop went back to a backup.
    undo_restore(Nothing) -> start::StartState = backups::undo_restore, Needs::Any(LEADS_PEOPLE, At::Home), false;
    /// Somebody has read that the database was found in an earlier state.
    heed_fall_back(Nothing) -> start::StartState = backups::heed_fall_back, Needs::Nothing, false;
    /// Chooses a second folder for backups.
    choose_second_folder(backups::ChooseFolder) -> backups::Backups = backups::choose_second_folder, Needs::Any(LEADS_PEOPLE, At::Home), false;
    /// Fetches backups from a stick or another folder, where nothing opens or nothing has begun.
    bring_backups(backups::BringBackups) -> backups::Brought = backups::bring_backups, Needs::Nothing, true;
    /// Begins on this laptop with what a backup of another one holds.
    begin_from_backup(backups::BeginFromBackup) -> start::StartState = backups::begin_from_backup, Needs::Nothing, false;
    /// Why nothing can be opened, and what can be done.
    rescue_state(Nothing) -> backups::Rescue = backups::rescue_state, Needs::Nothing, true;
    /// Tries once more to open what stands here.
    rescue_retry(Nothing) -> start::StartState = backups::rescue_retry, Needs::Nothing, true;
    /// Takes a backup in the place of what does not open; that is put aside.
    rescue_restore(backups::RescueRestore) -> start::StartState = backups::rescue_restore, Needs::Nothing, true;
    /// Writes the figures that can still be read.
    rescue_export(Nothing) -> backups::RescueExport = backups::rescue_export, Needs::Nothing, true;
}

commands! { START:
    /// The people known here.
    people(Nothing) -> Vec<start::ListedPerson> = start::people, Needs::Any(&[(Read, People)], At::Home);
    /// A colleague's telephone number.
    read_phone(sealed::OfPerson) -> sealed::Phone = sealed::read_phone, Needs::Any(&[(Read, Staff)], At::Person("person"));
    /// Writes down a colleague's telephone number.
    save_phone(sealed::SavePhone) -> records::SavedRecord = sealed::save_phone, Needs::Any(&[(Write, Staff)], At::Person("person"));
    /// Erases a colleague's telephone number for good.
    erase_phone(sealed::OfPerson) -> records::SavedRecord = sealed::erase_phone, Needs::Any(&[(Write, Staff)], At::Person("person"));
    /// What in a text looks as if it named a patient, to be asked about before it is saved.
    doubts(start::TextAsked) -> Vec<domain::privacy::Doubt> = start::doubts, Needs::Nothing;
    /// What to do today.
    today(today::TodayRequest) -> today::Today = today::today, Needs::Any(READS, At::Place("place"));
    /// Answers for someone of another laptop who has forgotten their code.
    recovery_answer(accounts::RecoveryAnswer) -> accounts::Answered = accounts::recovery_answer, Needs::Any(&[(Recover, Devices)], At::Home);
    /// Who did what on this laptop.
    audit(audit::AuditAsked) -> audit::AuditList = audit::audit, Needs::Any(&[(Read, Audit)], At::Oneself);
    /// Writes who did what into a file.
    export_audit(audit::AuditAsked) -> audit::AuditFile = audit::export_audit, Needs::Any(&[(Read, Audit)], At::Oneself);
}

commands! { PLACES:
    /// Searches the tree of places by name, alias or code.
    search_places(places::SearchPlaces) -> Vec<places::PlaceSummary> = places::search_places, REFERS;
    /// The places that this laptop shares in.
    places(Nothing) -> Vec<places::MemberPlace> = places::places, REFERS;
    /// Adds a village or site.
    add_place(places::NewPlace) -> places::PlaceSummary = places::add_place, Needs::Any(WORKS, At::Home);
}

commands! { SUPERVISION:
    /// The checklists of supervision visits.
    checklists(Nothing) -> Vec<checklists::ChecklistLine> = checklists::checklists, REFERS;
    /// A checklist with everything that it asks.
    checklist(checklists::OfVersion) -> domain::checklist::Checklist = checklists::checklist, REFERS;
    /// Every version of the checklists of places, and the drafts that whoever is inside may change.
    stored_checklists(Nothing) -> Vec<checklists::StoredChecklist> = checklists::stored_checklists, REFERS;
    /// Keeps a form of Kobo or ODK as a checklist of a place.
    import_form(checklists::ImportForm) -> checklists::ImportedForm = checklists::import_form, Needs::Any(WRITES_METHOD, At::Place("place"));
    /// Begins a checklist.
    make_checklist(checklists::MakeChecklist) -> records::SavedRecord = checklists::make_checklist, Needs::Any(WRITES_METHOD, At::Place("place"));
    /// A checklist that is being written.
    checklist_draft(checklists::OfDraft) -> checklists::Draft = checklists::checklist_draft, Needs::Any(WRITES_METHOD, At::Record("id"));
    /// Keeps a checklist that is being written.
    save_checklist_draft(checklists::KeepDraft) -> checklists::KeptDraft = checklists::save_checklist_draft, Needs::Any(WRITES_METHOD, At::Record("id"));
    /// Gives out a checklist that was being written.
    publish_checklist(checklists::OfDraft) -> records::SavedRecord = checklists::publish_checklist, Needs::Any(WRITES_METHOD, At::Record("id"));
    /// Gives a checklist of a place another name.
    rename_checklist(checklists::RenameChecklist) -> records::SavedRecord = checklists::rename_checklist, Needs::Any(WRITES_METHOD, At::Record("id"));
    /// Says that no more visits are begun with a checklist.
    retire_checklist(checklists::RetireChecklist) -> records::SavedRecord = checklists::retire_checklist, Needs::Any(WRITES_METHOD, At::Record("id"));
    /// Tries answers on a checklist, and tests its logic.
    try_checklist(checklists::TryChecklist) -> checklists::Tried = checklists::try_checklist, REFERS;
    /// The way through the facility for some checklists, on which nothing is asked twice.
    checklist_stops(supervision::OfChecklists) -> Vec<domain::checklist::route::Stop> = supervision::checklist_stops, REFERS;
    /// The way through the facility for one checklist, in any of its versions.
    checklist_version_stops(supervision::OfChecklist) -> Vec<domain::checklist::route::Stop> = supervision::checklist_version_stops, REFERS;
    /// Looks at a form of Kobo or ODK, and keeps nothing of it.
    look_form(supervision::LookForm) -> supervision::LookedForm = supervision::look_form, REFERS;
    /// Writes a checklist as an XLSForm, for Kobo and ODK.
    export_checklist(supervision::OfChecklist) -> import::ExportResult = supervision::export_checklist, REFERS;
    /// Plans a visit, or begins it.
    begin_visit(supervision::BeginVisit) -> records::SavedRecord = supervision::begin_visit, Needs::Any(supervision::ANSWERS, At::Place("place"));
    /// A visit with what is asked, answered and recommended.
    visit(cycles::ById) -> supervision::Visit = supervision::visit, Needs::Any(READS_VISITS, At::Record("id"));
    /// Edits what is said of a visit.
    save_visit(supervision::SaveVisit) -> records::SavedRecord = supervision::save_visit, Needs::Any(supervision::ANSWERS, At::Record("id"));
    /// Keeps an answer of a visit.
    save_answer(supervision::SaveAnswer) -> supervision::Visit = supervision::save_answer, Needs::Any(supervision::ANSWERS, At::Record("visit"));
    /// Keeps what was counted again in a register during a visit.
    save_recount(supervision::SaveRecount) -> supervision::Visit = supervision::save_recount, Needs::Any(supervision::ANSWERS, At::Record("visit"));
    /// Puts a photo beside an answer of a visit.
    add_visit_photo(supervision::AddVisitPhoto) -> supervision::Visit = supervision::add_visit_photo, Needs::Any(supervision::ANSWERS, At::Record("visit"));
    /// Takes something out of a visit, or puts it back.
    remove_from_visit(supervision::RemoveFromVisit) -> supervision::Visit = supervision::remove_from_visit, Needs::Any(supervision::ANSWERS, At::Record("id"));
    /// Closes a visit.
    close_visit(supervision::CloseVisit) -> records::SavedRecord = supervision::close_visit, Needs::Any(supervision::ANSWERS, At::Record("id"));
    /// Returns a closed visit for correction.
    return_visit(supervision::ReturnVisit) -> records::SavedRecord = supervision::return_visit, Needs::Any(supervision::ANSWERS, At::Record("id"));
    /// The visits of a place.
    visits(supervision::VisitsOf) -> supervision::VisitsHere = supervision::visits_of, Needs::Any(READS_VISITS, At::Place("place"));
    /// Who needs a visit and why, what is planned, and how far the quarter's visits have come.
    visit_board(supervision::BoardOf) -> supervision::VisitBoard = supervision::visit_board, Needs::Any(READS_VISITS, At::Home);
}

commands! { CYCLES:
    /// The catalogue of indicators.
    indicators(Nothing) -> Vec<domain::catalog::Indicator> = cycles::indicators, REFERS;
    /// The templates of cycles.
    templates(Nothing) -> Vec<domain::template::Template> = cycles::templates, REFERS;
    /// The cycles of a place, or of all places seen.
    cycles(cycles::ListCycles) -> Vec<cycles::CycleSummary> = cycles::cycles, Needs::Any(READS_WORK, At::Place("place"));
    /// Begins a cycle.
    start_cycle(cycles::StartCycle) -> records::SavedRecord = cycles::start_cycle, Needs::Any(WORKS, At::Place("place"));
    /// A cycle with all its parts.
    cycle(cycles::ById) -> cycles::CycleDetail = cycles::cycle, Needs::Any(READS_WORK, At::Record("id"));
    /// Edits a cycle.
    save_cycle(cycles::SaveCycle) -> records::SavedRecord = cycles::save_cycle, Needs::Any(CHANGES, At::Record("id"));
    /// Makes or edits a team member.
    save_member(cycles::SavePart<domain::registry::TeamMemberField>) -> records::SavedRecord = cycles::save_member, Needs::Any(CHANGES, At::Record("cycle"));
    /// Adds or edits a measure of a cycle.
    save_measure(cycles::SavePart<domain::registry::CycleMeasureField>) -> records::SavedRecord = cycles::save_measure, Needs::Any(CHANGES, At::Record("cycle"));
    /// Sets where a measure stood before anything was tried.
    set_baseline(cycles::SetBaseline) -> records::SavedRecord = cycles::set_baseline, Needs::Any(CHANGES, At::Record("cycle"));
    /// Makes or edits a change idea.
    save_idea(cycles::SavePart<domain::registry::IdeaField>) -> records::SavedRecord = cycles::save_idea, Needs::Any(CHANGES, At::Record("cycle"));
    /// Makes or edits a cause.
    save_cause(cycles::SavePart<domain::registry::CauseField>) -> records::SavedRecord = cycles::save_cause, Needs::Any(CHANGES, At::Record("cycle"));
    /// Makes or edits a driver.
    save_driver(cycles::SavePart<domain::registry::DriverField>) -> records::SavedRecord = cycles::save_driver, Needs::Any(CHANGES, At::Record("cycle"));
    /// Makes or edits what shows a problem or a cause.
    save_evidence(cycles::SavePart<domain::registry::EvidenceField>) -> records::SavedRecord = cycles::save_evidence, Needs::Any(CHANGES, At::Record("cycle"));
    /// Makes or edits a trial.
    save_trial(cycles::SavePart<domain::registry::TrialField>) -> records::SavedRecord = cycles::save_trial, Needs::Any(CHANGES, At::Record("cycle"));
    /// Notes or edits what was seen while a trial ran.
    save_observation(cycles::SavePart<domain::registry::ObservationField>) -> records::SavedRecord = cycles::save_observation, Needs::Any(CHANGES, At::Record("cycle"));
    /// Puts a photo to a trial, or to what was observed of it.
    add_photo(cycles::AddPhoto) -> records::SavedRecord = cycles::add_photo, Needs::Any(CHANGES, At::Record("cycle"));
    /// Edits what is said of a photo.
    save_photo(cycles::SavePart<domain::registry::PhotoField>) -> records::SavedRecord = cycles::save_photo, Needs::Any(CHANGES, At::Record("cycle"));
    /// The picture of a photo.
    photo_picture(cycles::ById) -> cycles::Picture = cycles::photo_picture, Needs::Any(READS_WORK, At::Record("id"));
    /// Masks a photo for good.
    mask_photo(cycles::ById) -> records::SavedRecord = cycles::mask_photo, Needs::Any(CHANGES, At::Record("id"));
    /// Says or corrects how far a team has come.
    save_progress(cycles::SavePart<domain::registry::ProgressField>) -> records::SavedRecord = cycles::save_progress, Needs::Any(SCORES, At::Record("cycle"));
    /// Makes or edits a lesson.
    save_lesson(cycles::SavePart<domain::registry::LessonField>) -> records::SavedRecord = cycles::save_lesson, Needs::Any(CHANGES, At::Record("cycle"));
    /// Begins a lesson with what its cycle knows.
    begin_lesson(cycles::BeginLesson) -> records::SavedRecord = cycles::begin_lesson, Needs::Any(CHANGES, At::Record("cycle"));
    /// Moves a lesson on to its next state, or back.
    move_lesson(cycles::MoveLesson) -> records::SavedRecord = cycles::move_lesson, Needs::Any(REVIEWS, At::Record("id"));
    /// Plans the looks at a change that was adopted.
    plan_rechecks(cycles::PlanRechecks) -> records::SavedRecord = cycles::plan_rechecks, Needs::Any(CHANGES, At::Record("cycle"));
    /// Edits what is planned of such a look.
    save_recheck(cycles::SavePart<domain::registry::RecheckField>) -> records::SavedRecord = cycles::save_recheck, Needs::Any(CHANGES, At::Record("cycle"));
    /// Says what somebody saw who looked again.
    answer_recheck(cycles::AnswerRecheck) -> records::SavedRecord = cycles::answer_recheck, Needs::Any(CHANGES, At::Record("id"));
    /// The thread of a cycle: its chart and everything that happened, on one axis.
    timeline(cycles::ById) -> cycles::Timeline = cycles::timeline, Needs::Any(READS_WORK, At::Record("id"));
    /// Searches everything that was written here.
    search(search::SearchAsked) -> Vec<search::Found> = search::search, Needs::Any(READS_WORK, At::Home);
    /// Every lesson seen here.
    lessons(Nothing) -> Vec<cycles::Lesson> = cycles::lessons, Needs::Any(READS_WORK, At::Home);
    /// Writes a comment.
    save_comment(cycles::SaveComment) -> records::SavedRecord = cycles::save_comment, Needs::Any(COMMENTS, At::Record("about"));
    /// Masks a comment for good.
    mask_comment(cycles::ById) -> records::SavedRecord = sealed::mask_comment, Needs::Any(COMMENTS, At::Record("id"));
}

commands! { RECORDS:
    /// Deletes a record; it can be restored.
    delete_record(records::DeleteRecord) -> records::SavedRecord = records::delete_record, Needs::Change("id");
    /// Brings a deleted record back.
    restore_record(records::RestoreRecord) -> records::SavedRecord = records::restore_record, Needs::Change("id");
    /// What was removed at a place and can be brought back, the latest first.
    removed(records::RemovedAsked) -> Vec<records::Removed> = records::removed, Needs::Any(READS_WORK, At::Place("place"));
    /// What was removed at a place as many in one sitting, the latest first.
    removed_batches(records::RemovedAsked) -> Vec<records::RemovedBatch> = records::removed_batches, Needs::Any(READS_WORK, At::Place("place"));
    /// Brings all of it back as one.
    restore_batch(records::OfBatch) -> records::BroughtBack = records::restore_batch, Needs::Any(CHANGES, At::Place("place"));
    /// Removes again what was brought back as one.
    remove_again(records::RemoveAgain) -> Nothing = records::remove_again, Needs::ChangeAll;
    /// Leaves what another laptop removed as it is.
    leave_batch(records::OfBatch) -> Nothing = records::leave_batch, Needs::Any(CHANGES, At::Place("place"));
    /// Chooses among several people's values, of one field or of both figures of a cell.
    settle(records::Settle) -> records::Settled = records::settle, Needs::Change("record");
    /// Every save that touches a record, newest first, and whether that is all.
    record_history(records::OfRecord) -> records::History = records::record_history, Needs::Any(READS, At::Record("record"));
    /// Takes a value of the past again.
    restore_value(records::RestoreValue) -> records::SavedRecord = records::restore_value, Needs::Restore("record");
    /// The questions that people have to decide.
    reviews(Nothing) -> Vec<records::Review> = records::reviews, Needs::Any(READS_WORK, At::Home);
    /// Notes that the coach has opened a record.
    mark_opened(records::OfRecord) -> sync_client::Marks = sync_client::mark_opened, Needs::Any(READS_WORK, At::Record("record"));
    /// How far a record has come.
    marks(sync_client::MarkedRecord) -> sync_client::Marks = sync_client::marks, Needs::Any(READS, At::Record("record"));
}

commands! { VALUES:
    /// A place's measures by month.
    grid(values::GridRequest) -> values::Grid = values::grid, Needs::Any(READS, At::Place("place"));
    /// Saves cells, all or none.
    save_cells(values::SaveCells) -> Vec<values::Cell> = values::save_cells, Needs::Any(CHANGES, At::Place("place"));
    /// Every change of a cell.
    cell_history(values::CellAt) -> Vec<values::CellHistory> = values::cell_history, Needs::Any(READS, At::Place("place"));
    /// A run chart with its verdict and marks.
    chart(values::ChartRequest) -> values::Chart = values::chart, Needs::Any(READS, At::Place("place"));
    /// Two spans of a measure, and how sure their difference is.
    compare(values::CompareRequest) -> domain::spc::compare::BeforeAfter = values::compare, Needs::Any(READS, At::Place("place"));
    /// The measures of a place, or one measure at every place, as small charts.
    multiples(values::MultiplesRequest) -> values::Multiples = values::multiples, Needs::Any(READS, At::Place("place"));
    /// The sums of a measure, place by place, for those above.
    sums(values::SumsRequest) -> values::Sums = values::sums, Needs::Any(&[(Read, Sums)], At::Home);
    /// Computes every reference case and compares.
    calculations(Nothing) -> Vec<domain::spc::reference::Verified> = values::calculations, REFERS;
    /// The values of one reference case beside ours.
    calculation(values::OfCase) -> Vec<domain::spc::reference::Compared> = values::calculation, REFERS;
    /// Draws a random list of a register's rows.
    draw_sample(samples::DrawSample) -> samples::Sample = samples::draw_sample, Needs::Any(WORKS, At::Place("place"));
    /// The random lists that were drawn.
    samples(samples::SamplesOf) -> Vec<samples::Sample> = samples::samples, Needs::Any(READS_WORK, At::Place("place"));
    /// Says what a file of values would do.
    preview_import(import::ImportFile) -> import::ImportPreview = import::preview_import, Needs::Any(WORKS, At::Place("place"));
    /// Imports the file that was previewed.
    apply_import(import::ApplyImport) -> import::ImportResult = import::apply_import, Needs::Any(WORKS, At::Place("place"));
    /// Writes the rows of a file that are refused into another file, with the reasons.
    export_refused(import::ImportFile) -> import::ExportResult = import::export_refused, Needs::Any(WORKS, At::Place("place"));
    /// The files of values that were imported at a place, newest first.
    imports(import::ExportRequest) -> Vec<import::ImportDone> = import::imports, Needs::Any(READS_WORK, At::Place("place"));
    /// Undoes an import, but for what somebody changed since.
    undo_import(import::OfImport) -> import::Undone = import::undo_import, Needs::Any(WORKS, At::Record("id"));
    /// Writes a place's values into a file.
    export_values(import::ExportRequest) -> import::ExportResult = import::export_values, Needs::Any(READS, At::Place("place"));
    /// Writes the months of a place's measures into a workbook, to be read or filled and imported again.
    export_grid(values::GridRequest) -> import::ExportResult = export::export_grid, Needs::Any(READS, At::Place("place"));
    /// Writes a chart into a workbook: its periods, what was decided about it, what happened.
    export_chart(export::ExportChart) -> import::ExportResult = export::export_chart, Needs::Any(READS_WORK, At::Place("place"));
    /// Keeps a picture of a chart as a file.
    save_picture(export::SavePicture) -> import::ExportResult = export::save_picture, Needs::Any(READS, At::Place("place"));
    /// Keeps what a screen shows as a document of A4 pages.
    save_paper(export::SavePaper) -> import::ExportResult = export::save_paper, Needs::Any(READS, At::Place("place"));
}

commands! { CHARTS:
    /// Begins a phase of a chart.
    begin_phase(charts::OnChart) -> records::SavedRecord = charts::begin_phase, Needs::Any(CHANGES, At::Place("place"));
    /// Freezes the baseline of a chart.
    freeze_baseline(charts::OnChart) -> records::SavedRecord = charts::freeze_baseline, Needs::Any(CHANGES, At::Place("place"));
    /// Leaves a point out of centre, limits and counts.
    exclude_point(charts::OnChart) -> records::SavedRecord = charts::exclude_point, Needs::Any(CHANGES, At::Place("place"));
    /// Sets the goal of a measure from a period on.
    set_goal(charts::SetGoal) -> records::SavedRecord = charts::set_goal, Needs::Any(CHANGES, At::Place("place"));
    /// Sets the chart and the rule set of a measure.
    set_chart(charts::SetChart) -> records::SavedRecord = charts::set_chart, Needs::Any(&[(Write, Method)], At::Place("place"));
    /// Keeps how a place counts a measure, in its own words.
    save_variant(variants::SaveVariant) -> records::SavedRecord = variants::save_variant, Needs::Any(CHANGES, At::Place("place"));
    /// How a place counts a measure, and how it did before.
    variants(charts::OfMeasure) -> variants::Variants = variants::variants, Needs::Any(READS_WORK, At::Place("place"));
    /// Makes or edits something that happened.
    save_event(charts::SaveEvent) -> records::SavedRecord = charts::save_event, Needs::Any(CHANGES, At::Place("place"));
    /// Makes or edits something that is to be done.
    save_action(actions::SaveAction) -> records::SavedRecord = actions::save_action, Needs::Any(CHANGES, At::Place("place"));
    /// What people decided and noted about a chart.
    chart_notes(charts::OfMeasure) -> charts::Notes = charts::chart_notes, Needs::Any(READS_WORK, At::Place("place"));
    /// Everything that was ever decided about a chart.
    chart_past(charts::OfMeasure) -> Vec<charts::ChartPast> = charts::chart_past, Needs::Any(READS_WORK, At::Place("place"));
}

commands! { MEETINGS:
    /// What was agreed at a place to be done, and what the places below wait for from it.
    actions(actions::ActionsOf) -> actions::ActionList = actions::actions, Needs::Any(READS_WORK, At::Place("place"));
    /// The meetings of a place.
    meetings(meetings::MeetingsOf) -> Vec<meetings::MeetingSummary> = meetings::meetings, Needs::Any(READS_WORK, At::Place("place"));
    /// Opens the meeting of today, made the first time.
    hold_meeting(meetings::HoldMeeting) -> records::SavedRecord = meetings::hold_meeting, Needs::Any(CHANGES, At::Place("place"));
    /// A meeting with those who were there and what they decided.
    meeting(cycles::ById) -> meetings::Meeting = meetings::meeting, Needs::Any(READS_WORK, At::Record("id"));
    /// Edits a meeting.
    save_meeting(meetings::SaveMeeting) -> records::SavedRecord = meetings::save_meeting, Needs::Any(CHANGES, At::Record("id"));
    /// Notes somebody who was at a meeting.
    save_attendance(meetings::SaveAttendance) -> records::SavedRecord = meetings::save_attendance, Needs::Any(CHANGES, At::Record("meeting"));
    /// Makes or edits a decision.
    save_decision(meetings::SaveDecision) -> records::SavedRecord = meetings::save_decision, Needs::Any(CHANGES, At::Place("place"));
}

commands! { PAUSES:
    /// The quarterly pauses of a place.
    pauses(pauses::PausesOf) -> pauses::PauseList = pauses::pauses, Needs::Any(READS_WORK, At::Place("place"));
    /// Opens the pause of the quarter, made the first time.
    hold_pause(pauses::HoldPause) -> records::SavedRecord = pauses::hold_pause, Needs::Any(CHANGES, At::Place("place"));
    /// A pause with what the app knows of its quarter.
    pause(cycles::ById) -> pauses::Pause = pauses::pause, Needs::Any(READS_WORK, At::Record("id"));
    /// Edits a pause.
    save_pause(pauses::SavePause) -> records::SavedRecord = pauses::save_pause, Needs::Any(CHANGES, At::Record("id"));
    /// The templates that places wrote, as far as they are seen here.
    place_templates(Nothing) -> Vec<templates::PlaceTemplate> = templates::place_templates, Needs::Any(READS_WORK, At::Home);
    /// One of them.
    place_template(cycles::ById) -> templates::PlaceTemplate = templates::place_template, Needs::Any(READS_WORK, At::Record("id"));
    /// Makes a template out of a cycle.
    template_from_cycle(templates::TemplateFromCycle) -> records::SavedRecord = templates::template_from_cycle, Needs::Any(CHANGES, At::Record("cycle"));
    /// Makes a place's own variant of a template.
    template_variant(templates::TemplateVariant) -> records::SavedRecord = templates::template_variant, Needs::Any(WORKS, At::Place("place"));
    /// Edits a template.
    save_template(templates::SaveTemplate) -> records::SavedRecord = templates::save_template, Needs::Any(CHANGES, At::Record("id"));
}

commands! { EXCHANGE:
    /// The truth about what was sent and received.
    sync_state(Nothing) -> sync_client::SyncState = sync_client::sync_state, Needs::Nothing;
    /// Enrols this laptop with an invitation code.
    enrol(sync_client::Enrol) -> sync_client::SyncState = sync_client::enrol, Needs::Nothing;
    /// Sends what waits and takes what is new.
    sync_now(Nothing) -> sync_client::SyncState = sync_client::sync_now, Needs::Nothing;
    /// Ends the exchange that is running at the next safe point.
    cancel_sync(Nothing) -> Nothing = sync_client::cancel_sync, Needs::Nothing;
    /// Sends a record that waits, and the rest with it.
    retry_record(records::OfRecord) -> sync_client::SyncState = sync_client::retry_record, Needs::Nothing;
    /// Writes what waits into a readable file.
    export_waiting(Nothing) -> sync_client::WaitingFile = sync_client::export_waiting, Needs::Nothing;
    /// The last exchanges, newest first.
    sync_log(Nothing) -> Vec<sync_client::SyncResult> = sync_client::sync_log, Needs::Nothing;
    /// Writes the log of exchanges into a file, without any name or content.
    export_sync_log(Nothing) -> sync_client::LogFile = sync_client::export_sync_log, Needs::Nothing;
    /// Who has not synced.
    devices(Nothing) -> Vec<sync_client::Device> = sync_client::devices, Needs::Any(&[(Read, Devices)], At::Home);
    /// Brings a place's older history from the server.
    history_more(sync_client::HistoryMore) -> sync_client::HistoryHere = sync_client::history_more, Needs::Any(READS, At::Place("place"));
    /// Writes what others may lack onto a stick.
    stick_send(sync_client::StickSend) -> sync_client::StickSent = sync_client::stick_send, Needs::Nothing;
    /// What lies on a stick, before anything of it is taken.
    stick_look(sync_client::StickPath) -> Vec<sync_client::StickFile> = sync_client::stick_look, Needs::Nothing;
    /// Takes in what a stick brings.
    stick_receive(sync_client::StickReceive) -> sync_client::StickReceived = sync_client::stick_receive, Needs::Nothing;
    /// Writes the request to be enrolled by a coach's laptop, with no network, onto a stick.
    issue_request(sync_client::StickPath) -> sync_client::IssueWritten = sync_client::issue_request, Needs::Nothing;
    /// The new laptops that ask for it on a stick.
    issue_look(sync_client::StickPath) -> Vec<sync_client::IssueAsked> = sync_client::issue_look, Needs::Any(&[(Enrol, Devices)], At::Home);
    /// Enrols one of them: for coaches, who have seen the person.
    issue_answer(sync_client::IssueNamed) -> sync_client::IssueWritten = sync_client::issue_answer, Needs::Any(&[(Enrol, Devices)], At::Home);
    /// Takes the coach's answer.
    issue_accept(sync_client::IssueNamed) -> sync_client::SyncState = sync_client::issue_accept, Needs::Nothing;
    /// The laptops that the person here trusts.
    cards(Nothing) -> Vec<sync_client::Card> = sync_client::cards, Needs::Nothing;
    /// Trusts a laptop no longer.
    forget_card(sync_client::ForgetCard) -> Nothing = sync_client::forget_card, Needs::Nothing;
    /// The places below that regions and the nation can choose to read.
    demand_places(Nothing) -> Vec<sync_client::DemandPlace> = sync_client::demand_places, Needs::Any(READS_WORK, At::Below);
    /// Chooses a single place to read, for regions and the nation.
    demand(sync_client::Demand) -> sync_client::Demanded = sync_client::demand, Needs::Any(READS_WORK, At::Below);
}

commands! { ADMINISTRATION:
    /// Who has come in at the server from here, and what they may do there.
    administration(Nothing) -> administration::AtServer = administration::administration, Needs::Nothing;
    /// Comes in at the server, with a passphrase of one's own or the code for the first time.
    administration_enter(administration::Enter) -> administration::AtServer = administration::administration_enter, Needs::Nothing;
    /// Leaves the server.
    administration_leave(Nothing) -> administration::AtServer = administration::administration_leave, Needs::Nothing;
    /// The laptops of one's places, as the server knows them.
    administration_laptops(Nothing) -> Vec<administration::ServerLaptop> = administration::administration_laptops, Needs::Nothing;
    /// The people of one's places, as laptops told the server.
    administration_people(Nothing) -> Vec<administration::ServerPerson> = administration::administration_people, Needs::Nothing;
    /// Invites a laptop.
    administration_invite(administration::InviteLaptop) -> administration::InvitedLaptop = administration::administration_invite, Needs::Nothing;
    /// No longer believes a laptop.
    administration_revoke_laptop(administration::RevokeLaptop) -> administration::Concerned = administration::administration_revoke_laptop, Needs::Nothing;
    /// No longer believes a person.
    administration_revoke_person(administration::RevokePerson) -> administration::Concerned = administration::administration_revoke_person, Needs::Nothing;
    /// Gives whoever enrolled a laptop a further role, or takes it away.
    administration_post(administration::SetPost) -> Nothing = administration::administration_post, Needs::Nothing;
    /// Puts a facility under another district.
    administration_move(administration::MoveFacility) -> Nothing = administration::administration_move, Needs::Nothing;
    /// What the server keeps aside of one's places.
    administration_aside(Nothing) -> Vec<administration::ServerAside> = administration::administration_aside, Needs::Nothing;
    /// What one of it says.
    administration_aside_changes(administration::OfAside) -> Vec<administration::ServerAsideChange> = administration::administration_aside_changes, Needs::Nothing;
    /// Lets one of it in.
    administration_release(administration::Release) -> Nothing = administration::administration_release, Needs::Nothing;
    /// Who did what on the server, at one's places.
    administration_journal(Nothing) -> administration::ServerJournal = administration::administration_journal, Needs::Nothing;
}

/// Every command, by feature.
pub fn all() -> impl Iterator<Item = &'static Command> {
    [
        ENTRANCE,
        BACKUPS,
        START,
        PLACES,
        SUPERVISION,
        CYCLES,
        RECORDS,
        VALUES,
        CHARTS,
        MEETINGS,
        PAUSES,
        EXCHANGE,
        ADMINISTRATION,
    ]
    .into_iter()
    .flatten()
}

/// The command of a name.
pub fn named(name: &str) -> Option<&'static Command> {
    all().find(|command| command.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = all().map(|command| command.name).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    /// The TypeScript map from command to request and answer.
    fn typescript() -> String {
        let cfg = Config::default();
        let listed = all().map(|command| (command.name, command.doc.trim(), (command.types)(&cfg)));
        let mut lines = String::new();
        let mut imports = std::collections::BTreeSet::new();
        for (name, doc, (request, response)) in listed {
            lines += &format!(
                "  /** {doc} */\n  {name}: {{ request: {request}; response: {response} }};\n"
            );
            // Our types begin with a capital; `Array` is the language's own.
            for word in format!("{request} {response}").split(|c: char| !c.is_alphanumeric()) {
                if word.starts_with(char::is_uppercase) && word != "Array" {
                    imports.insert(format!("import type {{ {word} }} from \"./{word}\";\n"));
                }
            }
        }
        let imports: String = imports.into_iter().collect();
        format!(
            "// Written by `cargo test`; do not edit.\n{imports}\n/** What each command asks and answers. */\nexport interface CommandMap {{\n{lines}}}\n"
        )
    }

    #[test]
    fn export_bindings_commands() {
        let folder = std::env::var("TS_RS_EXPORT_DIR").expect("set in .cargo/config.toml");
        std::fs::write(format!("{folder}/commands.ts"), typescript()).unwrap();
    }
}
