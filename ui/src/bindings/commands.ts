// Written by `cargo test`; do not edit.
import type { Account } from "./Account";
import type { ActionList } from "./ActionList";
import type { ActionsOf } from "./ActionsOf";
import type { AddAccount } from "./AddAccount";
import type { AddPhoto } from "./AddPhoto";
import type { AddVisitPhoto } from "./AddVisitPhoto";
import type { AnswerRecheck } from "./AnswerRecheck";
import type { Answered } from "./Answered";
import type { ApplyImport } from "./ApplyImport";
import type { AskForHelp } from "./AskForHelp";
import type { AtServer } from "./AtServer";
import type { AuditAsked } from "./AuditAsked";
import type { AuditFile } from "./AuditFile";
import type { AuditList } from "./AuditList";
import type { BackupNo } from "./BackupNo";
import type { BackupPreview } from "./BackupPreview";
import type { Backups } from "./Backups";
import type { BeforeAfter } from "./BeforeAfter";
import type { Begin } from "./Begin";
import type { BeginFromBackup } from "./BeginFromBackup";
import type { BeginLesson } from "./BeginLesson";
import type { BeginVisit } from "./BeginVisit";
import type { BoardOf } from "./BoardOf";
import type { BringBackups } from "./BringBackups";
import type { Brought } from "./Brought";
import type { BroughtBack } from "./BroughtBack";
import type { ById } from "./ById";
import type { Card } from "./Card";
import type { CauseField } from "./CauseField";
import type { Cell } from "./Cell";
import type { CellAt } from "./CellAt";
import type { CellHistory } from "./CellHistory";
import type { ChangePin } from "./ChangePin";
import type { ChangeRole } from "./ChangeRole";
import type { Chart } from "./Chart";
import type { ChartPast } from "./ChartPast";
import type { ChartRequest } from "./ChartRequest";
import type { Checklist } from "./Checklist";
import type { ChecklistLine } from "./ChecklistLine";
import type { ChooseFolder } from "./ChooseFolder";
import type { ChoosePin } from "./ChoosePin";
import type { CloseVisit } from "./CloseVisit";
import type { CompareRequest } from "./CompareRequest";
import type { Compared } from "./Compared";
import type { Concerned } from "./Concerned";
import type { CycleDetail } from "./CycleDetail";
import type { CycleMeasureField } from "./CycleMeasureField";
import type { CycleSummary } from "./CycleSummary";
import type { DeleteRecord } from "./DeleteRecord";
import type { Demand } from "./Demand";
import type { DemandPlace } from "./DemandPlace";
import type { Demanded } from "./Demanded";
import type { Device } from "./Device";
import type { Doubt } from "./Doubt";
import type { Draft } from "./Draft";
import type { DrawSample } from "./DrawSample";
import type { DriverField } from "./DriverField";
import type { Enrol } from "./Enrol";
import type { Enter } from "./Enter";
import type { EvidenceField } from "./EvidenceField";
import type { ExportChart } from "./ExportChart";
import type { ExportRequest } from "./ExportRequest";
import type { ExportResult } from "./ExportResult";
import type { ForgetCard } from "./ForgetCard";
import type { Found } from "./Found";
import type { Grid } from "./Grid";
import type { GridRequest } from "./GridRequest";
import type { HandOver } from "./HandOver";
import type { History } from "./History";
import type { HistoryHere } from "./HistoryHere";
import type { HistoryMore } from "./HistoryMore";
import type { HoldMeeting } from "./HoldMeeting";
import type { HoldPause } from "./HoldPause";
import type { IdeaField } from "./IdeaField";
import type { ImportDone } from "./ImportDone";
import type { ImportFile } from "./ImportFile";
import type { ImportForm } from "./ImportForm";
import type { ImportPreview } from "./ImportPreview";
import type { ImportResult } from "./ImportResult";
import type { ImportedForm } from "./ImportedForm";
import type { Indicator } from "./Indicator";
import type { InviteLaptop } from "./InviteLaptop";
import type { InvitedLaptop } from "./InvitedLaptop";
import type { IssueAsked } from "./IssueAsked";
import type { IssueNamed } from "./IssueNamed";
import type { IssueWritten } from "./IssueWritten";
import type { KeepDraft } from "./KeepDraft";
import type { KeptDraft } from "./KeptDraft";
import type { Lesson } from "./Lesson";
import type { LessonField } from "./LessonField";
import type { ListCycles } from "./ListCycles";
import type { ListedPerson } from "./ListedPerson";
import type { LogFile } from "./LogFile";
import type { LookForm } from "./LookForm";
import type { LookedForm } from "./LookedForm";
import type { MakeChecklist } from "./MakeChecklist";
import type { MarkedRecord } from "./MarkedRecord";
import type { Marks } from "./Marks";
import type { Meeting } from "./Meeting";
import type { MeetingSummary } from "./MeetingSummary";
import type { MeetingsOf } from "./MeetingsOf";
import type { MemberPlace } from "./MemberPlace";
import type { MoveFacility } from "./MoveFacility";
import type { MoveLesson } from "./MoveLesson";
import type { Multiples } from "./Multiples";
import type { MultiplesRequest } from "./MultiplesRequest";
import type { NewPlace } from "./NewPlace";
import type { Notes } from "./Notes";
import type { Nothing } from "./Nothing";
import type { ObservationField } from "./ObservationField";
import type { OfAccount } from "./OfAccount";
import type { OfAside } from "./OfAside";
import type { OfBatch } from "./OfBatch";
import type { OfCase } from "./OfCase";
import type { OfChecklist } from "./OfChecklist";
import type { OfChecklists } from "./OfChecklists";
import type { OfDraft } from "./OfDraft";
import type { OfImport } from "./OfImport";
import type { OfMeasure } from "./OfMeasure";
import type { OfPerson } from "./OfPerson";
import type { OfRecord } from "./OfRecord";
import type { OfVersion } from "./OfVersion";
import type { OnChart } from "./OnChart";
import type { OpenWork } from "./OpenWork";
import type { Pause } from "./Pause";
import type { PauseList } from "./PauseList";
import type { PausesOf } from "./PausesOf";
import type { Phone } from "./Phone";
import type { PhotoField } from "./PhotoField";
import type { PickFolder } from "./PickFolder";
import type { Picture } from "./Picture";
import type { PlaceSummary } from "./PlaceSummary";
import type { PlaceTemplate } from "./PlaceTemplate";
import type { PlanRechecks } from "./PlanRechecks";
import type { ProgressField } from "./ProgressField";
import type { RecheckField } from "./RecheckField";
import type { RecoveryAnswer } from "./RecoveryAnswer";
import type { RecoveryFinish } from "./RecoveryFinish";
import type { RecoveryRequest } from "./RecoveryRequest";
import type { Release } from "./Release";
import type { RemoveAgain } from "./RemoveAgain";
import type { RemoveFromVisit } from "./RemoveFromVisit";
import type { Removed } from "./Removed";
import type { RemovedAsked } from "./RemovedAsked";
import type { RemovedBatch } from "./RemovedBatch";
import type { RenameChecklist } from "./RenameChecklist";
import type { Rescue } from "./Rescue";
import type { RescueExport } from "./RescueExport";
import type { RescueRestore } from "./RescueRestore";
import type { ResetPin } from "./ResetPin";
import type { RestoreBackup } from "./RestoreBackup";
import type { RestoreRecord } from "./RestoreRecord";
import type { RestoreValue } from "./RestoreValue";
import type { RetireChecklist } from "./RetireChecklist";
import type { ReturnVisit } from "./ReturnVisit";
import type { Review } from "./Review";
import type { RevokeLaptop } from "./RevokeLaptop";
import type { RevokePerson } from "./RevokePerson";
import type { Sample } from "./Sample";
import type { SamplesOf } from "./SamplesOf";
import type { SaveAction } from "./SaveAction";
import type { SaveAnswer } from "./SaveAnswer";
import type { SaveAttendance } from "./SaveAttendance";
import type { SaveCells } from "./SaveCells";
import type { SaveComment } from "./SaveComment";
import type { SaveCycle } from "./SaveCycle";
import type { SaveDecision } from "./SaveDecision";
import type { SaveEvent } from "./SaveEvent";
import type { SaveMeeting } from "./SaveMeeting";
import type { SavePaper } from "./SavePaper";
import type { SavePart } from "./SavePart";
import type { SavePause } from "./SavePause";
import type { SavePhone } from "./SavePhone";
import type { SavePicture } from "./SavePicture";
import type { SaveRecount } from "./SaveRecount";
import type { SaveTemplate } from "./SaveTemplate";
import type { SaveVariant } from "./SaveVariant";
import type { SaveVisit } from "./SaveVisit";
import type { SavedRecord } from "./SavedRecord";
import type { SearchAsked } from "./SearchAsked";
import type { SearchPlaces } from "./SearchPlaces";
import type { ServerAside } from "./ServerAside";
import type { ServerAsideChange } from "./ServerAsideChange";
import type { ServerJournal } from "./ServerJournal";
import type { ServerLaptop } from "./ServerLaptop";
import type { ServerPerson } from "./ServerPerson";
import type { SetBaseline } from "./SetBaseline";
import type { SetChart } from "./SetChart";
import type { SetGoal } from "./SetGoal";
import type { SetLanguage } from "./SetLanguage";
import type { SetPost } from "./SetPost";
import type { Settle } from "./Settle";
import type { Settled } from "./Settled";
import type { StartCycle } from "./StartCycle";
import type { StartState } from "./StartState";
import type { StickFile } from "./StickFile";
import type { StickPath } from "./StickPath";
import type { StickPlace } from "./StickPlace";
import type { StickReceive } from "./StickReceive";
import type { StickReceived } from "./StickReceived";
import type { StickSend } from "./StickSend";
import type { StickSent } from "./StickSent";
import type { Stop } from "./Stop";
import type { StoredChecklist } from "./StoredChecklist";
import type { Sums } from "./Sums";
import type { SumsRequest } from "./SumsRequest";
import type { SyncResult } from "./SyncResult";
import type { SyncState } from "./SyncState";
import type { TeamMemberField } from "./TeamMemberField";
import type { Template } from "./Template";
import type { TemplateFromCycle } from "./TemplateFromCycle";
import type { TemplateVariant } from "./TemplateVariant";
import type { TextAsked } from "./TextAsked";
import type { Timeline } from "./Timeline";
import type { Today } from "./Today";
import type { TodayRequest } from "./TodayRequest";
import type { TrialField } from "./TrialField";
import type { Tried } from "./Tried";
import type { TryChecklist } from "./TryChecklist";
import type { Undone } from "./Undone";
import type { Unlock } from "./Unlock";
import type { Variants } from "./Variants";
import type { Verified } from "./Verified";
import type { Visit } from "./Visit";
import type { VisitBoard } from "./VisitBoard";
import type { VisitsHere } from "./VisitsHere";
import type { VisitsOf } from "./VisitsOf";
import type { WaitingFile } from "./WaitingFile";

/** What each command asks and answers. */
export interface CommandMap {
  /** Where the app stands: who is at work, language, place, month in hand. */
  start_state: { request: Nothing; response: StartState };
  /** Chooses the language of the interface. */
  set_language: { request: SetLanguage; response: StartState };
  /** Answers the questions of the first start. */
  begin: { request: Begin; response: StartState };
  /** Opens the example, made the first time. */
  open_practice: { request: SetLanguage; response: StartState };
  /** Leaves the example. */
  close_practice: { request: Nothing; response: StartState };
  /** The people who may come in, whoever worked last first. */
  accounts: { request: Nothing; response: Array<Account> };
  /** Comes in with one's code. */
  unlock: { request: Unlock; response: StartState };
  /** Leaves; whoever works next comes in with their code. */
  lock: { request: Nothing; response: StartState };
  /** Says that someone is at the keyboard; without it the app locks after five minutes. */
  touch: { request: Nothing; response: Nothing };
  /** Chooses the first code of a laptop that had none. */
  choose_pin: { request: ChoosePin; response: StartState };
  /** Lets one more person work here. */
  add_account: { request: AddAccount; response: Array<Account> };
  /** Changes one's own code. */
  change_pin: { request: ChangePin; response: Nothing };
  /** Gives a colleague who has forgotten theirs a new code. */
  reset_pin: { request: ResetPin; response: Nothing };
  /** Ends a colleague's access; what they wrote stays. */
  remove_account: { request: OfAccount; response: Array<Account> };
  /** Gives a colleague another role of the team. */
  change_role: { request: ChangeRole; response: Array<Account> };
  /** What is open when somebody hands over. */
  handover: { request: Nothing; response: OpenWork };
  /** Hands over: the newcomer carries what was open, and the past stays with who wrote it. */
  hand_over: { request: HandOver; response: StartState };
  /** Asks a supervisor for help after a forgotten code. */
  recovery_request: { request: AskForHelp; response: RecoveryRequest };
  /** The sticks that are plugged in. */
  stick_places: { request: Nothing; response: Array<StickPlace> };
  /** Lets the person choose a folder in the system's own dialog. */
  pick_folder: { request: PickFolder; response: string | null };
  /** Chooses a new code with the supervisor's answer. */
  recovery_finish: { request: RecoveryFinish; response: StartState };
  /** The backups of this laptop, newest first. */
  backups: { request: Nothing; response: Backups };
  /** Makes a backup now. */
  backup_now: { request: Nothing; response: Backups };
  /** What a backup holds, beside what stands here now. */
  preview_backup: { request: BackupNo; response: BackupPreview };
  /** Goes back to a backup; what stands here is copied before. */
  restore_backup: { request: RestoreBackup; response: StartState };
  /** Undoes the last time this laptop went back to a backup. */
  undo_restore: { request: Nothing; response: StartState };
  /** Somebody has read that the database was found in an earlier state. */
  heed_fall_back: { request: Nothing; response: StartState };
  /** Chooses a second folder for backups. */
  choose_second_folder: { request: ChooseFolder; response: Backups };
  /** Fetches backups from a stick or another folder, where nothing opens or nothing has begun. */
  bring_backups: { request: BringBackups; response: Brought };
  /** Begins on this laptop with what a backup of another one holds. */
  begin_from_backup: { request: BeginFromBackup; response: StartState };
  /** Why nothing can be opened, and what can be done. */
  rescue_state: { request: Nothing; response: Rescue };
  /** Tries once more to open what stands here. */
  rescue_retry: { request: Nothing; response: StartState };
  /** Takes a backup in the place of what does not open; that is put aside. */
  rescue_restore: { request: RescueRestore; response: StartState };
  /** Writes the figures that can still be read. */
  rescue_export: { request: Nothing; response: RescueExport };
  /** The people known here. */
  people: { request: Nothing; response: Array<ListedPerson> };
  /** A colleague's telephone number. */
  read_phone: { request: OfPerson; response: Phone };
  /** Writes down a colleague's telephone number. */
  save_phone: { request: SavePhone; response: SavedRecord };
  /** Erases a colleague's telephone number for good. */
  erase_phone: { request: OfPerson; response: SavedRecord };
  /** What in a text looks as if it named a patient, to be asked about before it is saved. */
  doubts: { request: TextAsked; response: Array<Doubt> };
  /** What to do today. */
  today: { request: TodayRequest; response: Today };
  /** Answers for someone of another laptop who has forgotten their code. */
  recovery_answer: { request: RecoveryAnswer; response: Answered };
  /** Who did what on this laptop. */
  audit: { request: AuditAsked; response: AuditList };
  /** Writes who did what into a file. */
  export_audit: { request: AuditAsked; response: AuditFile };
  /** Searches the tree of places by name, alias or code. */
  search_places: { request: SearchPlaces; response: Array<PlaceSummary> };
  /** The places that this laptop shares in. */
  places: { request: Nothing; response: Array<MemberPlace> };
  /** Adds a village or site. */
  add_place: { request: NewPlace; response: PlaceSummary };
  /** The checklists of supervision visits. */
  checklists: { request: Nothing; response: Array<ChecklistLine> };
  /** A checklist with everything that it asks. */
  checklist: { request: OfVersion; response: Checklist };
  /** Every version of the checklists of places, and the drafts that whoever is inside may change. */
  stored_checklists: { request: Nothing; response: Array<StoredChecklist> };
  /** Keeps a form of Kobo or ODK as a checklist of a place. */
  import_form: { request: ImportForm; response: ImportedForm };
  /** Begins a checklist. */
  make_checklist: { request: MakeChecklist; response: SavedRecord };
  /** A checklist that is being written. */
  checklist_draft: { request: OfDraft; response: Draft };
  /** Keeps a checklist that is being written. */
  save_checklist_draft: { request: KeepDraft; response: KeptDraft };
  /** Gives out a checklist that was being written. */
  publish_checklist: { request: OfDraft; response: SavedRecord };
  /** Gives a checklist of a place another name. */
  rename_checklist: { request: RenameChecklist; response: SavedRecord };
  /** Says that no more visits are begun with a checklist. */
  retire_checklist: { request: RetireChecklist; response: SavedRecord };
  /** Tries answers on a checklist, and tests its logic. */
  try_checklist: { request: TryChecklist; response: Tried };
  /** The way through the facility for some checklists, on which nothing is asked twice. */
  checklist_stops: { request: OfChecklists; response: Array<Stop> };
  /** The way through the facility for one checklist, in any of its versions. */
  checklist_version_stops: { request: OfChecklist; response: Array<Stop> };
  /** Looks at a form of Kobo or ODK, and keeps nothing of it. */
  look_form: { request: LookForm; response: LookedForm };
  /** Writes a checklist as an XLSForm, for Kobo and ODK. */
  export_checklist: { request: OfChecklist; response: ExportResult };
  /** Plans a visit, or begins it. */
  begin_visit: { request: BeginVisit; response: SavedRecord };
  /** A visit with what is asked, answered and recommended. */
  visit: { request: ById; response: Visit };
  /** Edits what is said of a visit. */
  save_visit: { request: SaveVisit; response: SavedRecord };
  /** Keeps an answer of a visit. */
  save_answer: { request: SaveAnswer; response: Visit };
  /** Keeps what was counted again in a register during a visit. */
  save_recount: { request: SaveRecount; response: Visit };
  /** Puts a photo beside an answer of a visit. */
  add_visit_photo: { request: AddVisitPhoto; response: Visit };
  /** Takes something out of a visit, or puts it back. */
  remove_from_visit: { request: RemoveFromVisit; response: Visit };
  /** Closes a visit. */
  close_visit: { request: CloseVisit; response: SavedRecord };
  /** Returns a closed visit for correction. */
  return_visit: { request: ReturnVisit; response: SavedRecord };
  /** The visits of a place. */
  visits: { request: VisitsOf; response: VisitsHere };
  /** Who needs a visit and why, what is planned, and how far the quarter's visits have come. */
  visit_board: { request: BoardOf; response: VisitBoard };
  /** The catalogue of indicators. */
  indicators: { request: Nothing; response: Array<Indicator> };
  /** The templates of cycles. */
  templates: { request: Nothing; response: Array<Template> };
  /** The cycles of a place, or of all places seen. */
  cycles: { request: ListCycles; response: Array<CycleSummary> };
  /** Begins a cycle. */
  start_cycle: { request: StartCycle; response: SavedRecord };
  /** A cycle with all its parts. */
  cycle: { request: ById; response: CycleDetail };
  /** Edits a cycle. */
  save_cycle: { request: SaveCycle; response: SavedRecord };
  /** Makes or edits a team member. */
  save_member: { request: SavePart<TeamMemberField>; response: SavedRecord };
  /** Adds or edits a measure of a cycle. */
  save_measure: { request: SavePart<CycleMeasureField>; response: SavedRecord };
  /** Sets where a measure stood before anything was tried. */
  set_baseline: { request: SetBaseline; response: SavedRecord };
  /** Makes or edits a change idea. */
  save_idea: { request: SavePart<IdeaField>; response: SavedRecord };
  /** Makes or edits a cause. */
  save_cause: { request: SavePart<CauseField>; response: SavedRecord };
  /** Makes or edits a driver. */
  save_driver: { request: SavePart<DriverField>; response: SavedRecord };
  /** Makes or edits what shows a problem or a cause. */
  save_evidence: { request: SavePart<EvidenceField>; response: SavedRecord };
  /** Makes or edits a trial. */
  save_trial: { request: SavePart<TrialField>; response: SavedRecord };
  /** Notes or edits what was seen while a trial ran. */
  save_observation: { request: SavePart<ObservationField>; response: SavedRecord };
  /** Puts a photo to a trial, or to what was observed of it. */
  add_photo: { request: AddPhoto; response: SavedRecord };
  /** Edits what is said of a photo. */
  save_photo: { request: SavePart<PhotoField>; response: SavedRecord };
  /** The picture of a photo. */
  photo_picture: { request: ById; response: Picture };
  /** Masks a photo for good. */
  mask_photo: { request: ById; response: SavedRecord };
  /** Says or corrects how far a team has come. */
  save_progress: { request: SavePart<ProgressField>; response: SavedRecord };
  /** Makes or edits a lesson. */
  save_lesson: { request: SavePart<LessonField>; response: SavedRecord };
  /** Begins a lesson with what its cycle knows. */
  begin_lesson: { request: BeginLesson; response: SavedRecord };
  /** Moves a lesson on to its next state, or back. */
  move_lesson: { request: MoveLesson; response: SavedRecord };
  /** Plans the looks at a change that was adopted. */
  plan_rechecks: { request: PlanRechecks; response: SavedRecord };
  /** Edits what is planned of such a look. */
  save_recheck: { request: SavePart<RecheckField>; response: SavedRecord };
  /** Says what somebody saw who looked again. */
  answer_recheck: { request: AnswerRecheck; response: SavedRecord };
  /** The thread of a cycle: its chart and everything that happened, on one axis. */
  timeline: { request: ById; response: Timeline };
  /** Searches everything that was written here. */
  search: { request: SearchAsked; response: Array<Found> };
  /** Every lesson seen here. */
  lessons: { request: Nothing; response: Array<Lesson> };
  /** Writes a comment. */
  save_comment: { request: SaveComment; response: SavedRecord };
  /** Masks a comment for good. */
  mask_comment: { request: ById; response: SavedRecord };
  /** Deletes a record; it can be restored. */
  delete_record: { request: DeleteRecord; response: SavedRecord };
  /** Brings a deleted record back. */
  restore_record: { request: RestoreRecord; response: SavedRecord };
  /** What was removed at a place and can be brought back, the latest first. */
  removed: { request: RemovedAsked; response: Array<Removed> };
  /** What was removed at a place as many in one sitting, the latest first. */
  removed_batches: { request: RemovedAsked; response: Array<RemovedBatch> };
  /** Brings all of it back as one. */
  restore_batch: { request: OfBatch; response: BroughtBack };
  /** Removes again what was brought back as one. */
  remove_again: { request: RemoveAgain; response: Nothing };
  /** Leaves what another laptop removed as it is. */
  leave_batch: { request: OfBatch; response: Nothing };
  /** Chooses among several people's values, of one field or of both figures of a cell. */
  settle: { request: Settle; response: Settled };
  /** Every save that touches a record, newest first, and whether that is all. */
  record_history: { request: OfRecord; response: History };
  /** Takes a value of the past again. */
  restore_value: { request: RestoreValue; response: SavedRecord };
  /** The questions that people have to decide. */
  reviews: { request: Nothing; response: Array<Review> };
  /** Notes that the coach has opened a record. */
  mark_opened: { request: OfRecord; response: Marks };
  /** How far a record has come. */
  marks: { request: MarkedRecord; response: Marks };
  /** A place's measures by month. */
  grid: { request: GridRequest; response: Grid };
  /** Saves cells, all or none. */
  save_cells: { request: SaveCells; response: Array<Cell> };
  /** Every change of a cell. */
  cell_history: { request: CellAt; response: Array<CellHistory> };
  /** A run chart with its verdict and marks. */
  chart: { request: ChartRequest; response: Chart };
  /** Two spans of a measure, and how sure their difference is. */
  compare: { request: CompareRequest; response: BeforeAfter };
  /** The measures of a place, or one measure at every place, as small charts. */
  multiples: { request: MultiplesRequest; response: Multiples };
  /** The sums of a measure, place by place, for those above. */
  sums: { request: SumsRequest; response: Sums };
  /** Computes every reference case and compares. */
  calculations: { request: Nothing; response: Array<Verified> };
  /** The values of one reference case beside ours. */
  calculation: { request: OfCase; response: Array<Compared> };
  /** Draws a random list of a register's rows. */
  draw_sample: { request: DrawSample; response: Sample };
  /** The random lists that were drawn. */
  samples: { request: SamplesOf; response: Array<Sample> };
  /** Says what a file of values would do. */
  preview_import: { request: ImportFile; response: ImportPreview };
  /** Imports the file that was previewed. */
  apply_import: { request: ApplyImport; response: ImportResult };
  /** Writes the rows of a file that are refused into another file, with the reasons. */
  export_refused: { request: ImportFile; response: ExportResult };
  /** The files of values that were imported at a place, newest first. */
  imports: { request: ExportRequest; response: Array<ImportDone> };
  /** Undoes an import, but for what somebody changed since. */
  undo_import: { request: OfImport; response: Undone };
  /** Writes a place's values into a file. */
  export_values: { request: ExportRequest; response: ExportResult };
  /** Writes the months of a place's measures into a workbook, to be read or filled and imported again. */
  export_grid: { request: GridRequest; response: ExportResult };
  /** Writes a chart into a workbook: its periods, what was decided about it, what happened. */
  export_chart: { request: ExportChart; response: ExportResult };
  /** Keeps a picture of a chart as a file. */
  save_picture: { request: SavePicture; response: ExportResult };
  /** Keeps what a screen shows as a document of A4 pages. */
  save_paper: { request: SavePaper; response: ExportResult };
  /** Begins a phase of a chart. */
  begin_phase: { request: OnChart; response: SavedRecord };
  /** Freezes the baseline of a chart. */
  freeze_baseline: { request: OnChart; response: SavedRecord };
  /** Leaves a point out of centre, limits and counts. */
  exclude_point: { request: OnChart; response: SavedRecord };
  /** Sets the goal of a measure from a period on. */
  set_goal: { request: SetGoal; response: SavedRecord };
  /** Sets the chart and the rule set of a measure. */
  set_chart: { request: SetChart; response: SavedRecord };
  /** Keeps how a place counts a measure, in its own words. */
  save_variant: { request: SaveVariant; response: SavedRecord };
  /** How a place counts a measure, and how it did before. */
  variants: { request: OfMeasure; response: Variants };
  /** Makes or edits something that happened. */
  save_event: { request: SaveEvent; response: SavedRecord };
  /** Makes or edits something that is to be done. */
  save_action: { request: SaveAction; response: SavedRecord };
  /** What people decided and noted about a chart. */
  chart_notes: { request: OfMeasure; response: Notes };
  /** Everything that was ever decided about a chart. */
  chart_past: { request: OfMeasure; response: Array<ChartPast> };
  /** What was agreed at a place to be done, and what the places below wait for from it. */
  actions: { request: ActionsOf; response: ActionList };
  /** The meetings of a place. */
  meetings: { request: MeetingsOf; response: Array<MeetingSummary> };
  /** Opens the meeting of today, made the first time. */
  hold_meeting: { request: HoldMeeting; response: SavedRecord };
  /** A meeting with those who were there and what they decided. */
  meeting: { request: ById; response: Meeting };
  /** Edits a meeting. */
  save_meeting: { request: SaveMeeting; response: SavedRecord };
  /** Notes somebody who was at a meeting. */
  save_attendance: { request: SaveAttendance; response: SavedRecord };
  /** Makes or edits a decision. */
  save_decision: { request: SaveDecision; response: SavedRecord };
  /** The quarterly pauses of a place. */
  pauses: { request: PausesOf; response: PauseList };
  /** Opens the pause of the quarter, made the first time. */
  hold_pause: { request: HoldPause; response: SavedRecord };
  /** A pause with what the app knows of its quarter. */
  pause: { request: ById; response: Pause };
  /** Edits a pause. */
  save_pause: { request: SavePause; response: SavedRecord };
  /** The templates that places wrote, as far as they are seen here. */
  place_templates: { request: Nothing; response: Array<PlaceTemplate> };
  /** One of them. */
  place_template: { request: ById; response: PlaceTemplate };
  /** Makes a template out of a cycle. */
  template_from_cycle: { request: TemplateFromCycle; response: SavedRecord };
  /** Makes a place's own variant of a template. */
  template_variant: { request: TemplateVariant; response: SavedRecord };
  /** Edits a template. */
  save_template: { request: SaveTemplate; response: SavedRecord };
  /** The truth about what was sent and received. */
  sync_state: { request: Nothing; response: SyncState };
  /** Enrols this laptop with an invitation code. */
  enrol: { request: Enrol; response: SyncState };
  /** Sends what waits and takes what is new. */
  sync_now: { request: Nothing; response: SyncState };
  /** Ends the exchange that is running at the next safe point. */
  cancel_sync: { request: Nothing; response: Nothing };
  /** Sends a record that waits, and the rest with it. */
  retry_record: { request: OfRecord; response: SyncState };
  /** Writes what waits into a readable file. */
  export_waiting: { request: Nothing; response: WaitingFile };
  /** The last exchanges, newest first. */
  sync_log: { request: Nothing; response: Array<SyncResult> };
  /** Writes the log of exchanges into a file, without any name or content. */
  export_sync_log: { request: Nothing; response: LogFile };
  /** Who has not synced. */
  devices: { request: Nothing; response: Array<Device> };
  /** Brings a place's older history from the server. */
  history_more: { request: HistoryMore; response: HistoryHere };
  /** Writes what others may lack onto a stick. */
  stick_send: { request: StickSend; response: StickSent };
  /** What lies on a stick, before anything of it is taken. */
  stick_look: { request: StickPath; response: Array<StickFile> };
  /** Takes in what a stick brings. */
  stick_receive: { request: StickReceive; response: StickReceived };
  /** Writes the request to be enrolled by a coach's laptop, with no network, onto a stick. */
  issue_request: { request: StickPath; response: IssueWritten };
  /** The new laptops that ask for it on a stick. */
  issue_look: { request: StickPath; response: Array<IssueAsked> };
  /** Enrols one of them: for coaches, who have seen the person. */
  issue_answer: { request: IssueNamed; response: IssueWritten };
  /** Takes the coach's answer. */
  issue_accept: { request: IssueNamed; response: SyncState };
  /** The laptops that the person here trusts. */
  cards: { request: Nothing; response: Array<Card> };
  /** Trusts a laptop no longer. */
  forget_card: { request: ForgetCard; response: Nothing };
  /** The places below that regions and the nation can choose to read. */
  demand_places: { request: Nothing; response: Array<DemandPlace> };
  /** Chooses a single place to read, for regions and the nation. */
  demand: { request: Demand; response: Demanded };
  /** Who has come in at the server from here, and what they may do there. */
  administration: { request: Nothing; response: AtServer };
  /** Comes in at the server, with a passphrase of one's own or the code for the first time. */
  administration_enter: { request: Enter; response: AtServer };
  /** Leaves the server. */
  administration_leave: { request: Nothing; response: AtServer };
  /** The laptops of one's places, as the server knows them. */
  administration_laptops: { request: Nothing; response: Array<ServerLaptop> };
  /** The people of one's places, as laptops told the server. */
  administration_people: { request: Nothing; response: Array<ServerPerson> };
  /** Invites a laptop. */
  administration_invite: { request: InviteLaptop; response: InvitedLaptop };
  /** No longer believes a laptop. */
  administration_revoke_laptop: { request: RevokeLaptop; response: Concerned };
  /** No longer believes a person. */
  administration_revoke_person: { request: RevokePerson; response: Concerned };
  /** Gives whoever enrolled a laptop a further role, or takes it away. */
  administration_post: { request: SetPost; response: Nothing };
  /** Puts a facility under another district. */
  administration_move: { request: MoveFacility; response: Nothing };
  /** What the server keeps aside of one's places. */
  administration_aside: { request: Nothing; response: Array<ServerAside> };
  /** What one of it says. */
  administration_aside_changes: { request: OfAside; response: Array<ServerAsideChange> };
  /** Lets one of it in. */
  administration_release: { request: Release; response: Nothing };
  /** Who did what on the server, at one's places. */
  administration_journal: { request: Nothing; response: ServerJournal };
}
