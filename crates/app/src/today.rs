//! What to do today: at most five things, each with its effort and the place where it is done.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Days;
use domain::action::ActionLevel;
use domain::catalog::Frequency;
use domain::ids::RecordId;
use domain::measure::NoDataReason;
use domain::period::{Month, Period};
use domain::registry::Kind;
use domain::spc::verdict::Verdict;
use domain::trial::Step;
use domain::visit::VisitState;
use serde::{Deserialize, Serialize};

use crate::actions;
use crate::cx::Cx;
use crate::cycles::{self, ListCycles};
use crate::error::Result;
use crate::pauses;
use crate::permissions::may_change;
use crate::records::queries::{Record, record};
use crate::supervision;
use crate::sync_client::outbox;
use crate::values::{self, GridRequest};

/// For which place.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct TodayRequest {
    /// The place.
    #[ts(type = "string")]
    pub place: RecordId,
}

/// What is worth doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum TodayKind {
    /// Begin a first cycle.
    StartCycle,
    /// Look at values on which people differ.
    ReviewValues,
    /// Send what has waited for the server for more than a week.
    SendWork,
    /// Take the last twelve months over from the register.
    Backfill,
    /// Enter the month in hand.
    EnterMonth,
    /// Study a trial whose days are over.
    StudyTrial,
    /// Decide a trial that was compared with its prediction.
    Decide,
    /// Do what was agreed, when its day has come.
    DoAction,
    /// Say what explains a sign of change.
    ExplainSign,
    /// Look whether what was adopted still holds.
    Recheck,
    /// A visit is planned for these days.
    VisitSoon,
    /// Go on with a visit that was begun.
    VisitUnderWay,
    /// Correct a visit that was returned.
    VisitReturned,
    /// Look back together on the quarter that has ended.
    Pause,
    /// Complete the aim.
    CompleteAim,
    /// Plan a first trial.
    PlanTrial,
}

/// The screen that an item opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Screen {
    /// A cycle.
    Cycle,
    /// The month grid.
    Grid,
    /// The chart of the measure that `tab` names.
    Chart,
    /// The exchange panel.
    Sync,
    /// The choice of a template.
    NewCycle,
    /// Everything that was agreed to be done.
    Actions,
    /// A supervision visit.
    Visit,
    /// The pauses of the quarters.
    Pauses,
}

/// One thing to do.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct TodayItem {
    /// What it is; its sentence is `today-<kind>`.
    pub kind: TodayKind,
    /// What the sentence is about.
    pub params: BTreeMap<String, String>,
    /// About how many minutes it takes.
    pub minutes: u32,
    /// The screen that it opens …
    pub screen: Screen,
    /// … at this record …
    #[ts(type = "string | null")]
    pub id: Option<RecordId>,
    /// … and this step of the cycle (understand, try or decide), or this measure.
    pub tab: Option<String>,
}

/// What to do today.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Today {
    /// At most five things, the most useful first.
    pub items: Vec<TodayItem>,
    /// What other levels owe this place and have not answered.
    pub owed: Vec<Owed>,
    /// What the places below wait for from this one, unanswered: how many answers, and to whom.
    pub owes: Option<Owes>,
    /// How many actions are carried here.
    pub carried: u32,
}

/// What a level owes a place.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Owed {
    /// The level.
    pub level: ActionLevel,
    /// How many answers.
    pub count: u32,
    /// The first of them, in the team's words.
    pub text: String,
}

/// What a place owes those below.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Owes {
    /// How many answers.
    pub count: u32,
    /// The places that wait, each once.
    pub places: Vec<String>,
}

const MOST: usize = 5;
/// Two numbers from the register to the screen, with finding the page.
const MINUTES_PER_MEASURE: u32 = 1;
/// To say that something is done, or to agree anew.
const MINUTES_PER_ACTION: u32 = 2;
/// To look at the chart and ask who does it.
const MINUTES_PER_RECHECK: u32 = 5;

/// What the team expected, what happened, why, and what it will do.
const MINUTES_OF_A_PAUSE: u32 = 60;

/// From when on unsent work is worth a line of the day: a weekly exchange that was kept never brings one.
const LONG_UNSENT_DAYS: i64 = 7;

/// What to do today at a place.
pub fn today(cx: &Cx<'_>, request: TodayRequest) -> Result<Today> {
    let mut items = due(cx, request.place)?;
    items.truncate(MOST);
    let carried = cx
        .store()
        .read(|conn| actions::queries::carried(conn, request.place))?;
    let mut asked = actions::asked(cx, request.place)?;
    asked.retain(|action| action.state.is_carried() && action.reply.is_none());
    // Who only looks on there is not told for ever that an answer is owed.
    let mut answerable = Vec::new();
    for action in asked {
        if may_change(cx, cx.scope_of(action.place)?)? {
            answerable.push(action);
        }
    }
    let asked = answerable;
    let places: BTreeSet<String> = asked.iter().map(|a| a.place_name.clone()).collect();
    Ok(Today {
        items,
        owed: owed(&carried),
        owes: (!asked.is_empty()).then(|| Owes {
            count: u32::try_from(asked.len()).unwrap_or(u32::MAX),
            places: places.into_iter().collect(),
        }),
        carried: u32::try_from(carried.len()).unwrap_or(u32::MAX),
    })
}

/// All that is worth doing at a place, the most useful first; nothing where whoever is inside only reads.
pub fn due(cx: &Cx<'_>, place: RecordId) -> Result<Vec<TodayItem>> {
    let mut items = Vec::new();
    if !may_change(cx, cx.scope_of(place)?)? {
        return Ok(items);
    }
    let open = cx.questions()?;
    if open > 0 {
        items.push(item(
            TodayKind::ReviewValues,
            2 * open,
            Screen::Sync,
            [("count", open.to_string())],
        ));
    }
    if let Some((count, since)) = outbox::waiting_since(cx)?
        && cx.today().signed_duration_since(since).num_days() > LONG_UNSENT_DAYS
    {
        let params = [("count", count.to_string()), ("since", since.to_string())];
        items.push(item(TodayKind::SendWork, 2, Screen::Sync, params));
    }
    visits_due(cx, place, &mut items)?;
    values_to_enter(cx, place, &mut items)?;
    actions_due(cx, place, &mut items)?;
    rechecks_due(cx, place, &mut items)?;
    let cycles = cycles::cycles(cx, ListCycles { place: Some(place) })?;
    let days = cycles.iter().filter_map(|cycle| cycle.opened.as_deref());
    if let Some(quarter) = pauses::due(cx, place, days.min())? {
        let params = [("month", quarter)];
        items.push(item(
            TodayKind::Pause,
            MINUTES_OF_A_PAUSE,
            Screen::Pauses,
            params,
        ));
    }
    for cycle in cycles.iter().filter(|cycle| cycle.status == "open") {
        of_cycle(cx, cycle, &mut items)?;
    }
    if cycles.is_empty() {
        items.push(item(TodayKind::StartCycle, 15, Screen::NewCycle, []));
    }
    Ok(items)
}

fn item<const N: usize>(
    kind: TodayKind,
    minutes: u32,
    screen: Screen,
    params: [(&str, String); N],
) -> TodayItem {
    let params = params
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    TodayItem {
        kind,
        params,
        minutes: minutes.max(1),
        screen,
        id: None,
        tab: None,
    }
}

/// A facility prepares for its visit within a week, its visitors leave tomorrow.
const DAYS_TO_PREPARE: u64 = 7;
/// To look once more at what was answered.
const MINUTES_TO_CORRECT: u32 = 10;
/// To print the sheet, and read what was recommended.
const MINUTES_TO_LEAVE: u32 = 10;

/// The visits that come, are under way, or were returned.
fn visits_due(cx: &Cx<'_>, place: RecordId, items: &mut Vec<TodayItem>) -> Result<()> {
    let today = cx.today();
    for visit in supervision::upcoming(cx, place)? {
        let leaves = visit.place != place;
        let ahead = Days::new(if leaves { 1 } else { DAYS_TO_PREPARE });
        let until = today.checked_add_days(ahead).unwrap_or(today).to_string();
        let day = visit.day.clone().unwrap_or_default();
        let (kind, minutes) = match visit.state {
            VisitState::Planned if day <= until => (TodayKind::VisitSoon, MINUTES_TO_LEAVE),
            VisitState::UnderWay if visit.writable => {
                (TodayKind::VisitUnderWay, MINUTES_TO_CORRECT)
            }
            VisitState::Returned if visit.writable => {
                (TodayKind::VisitReturned, MINUTES_TO_CORRECT)
            }
            _ => continue,
        };
        let params = [
            ("place", visit.place_name),
            ("day", day),
            ("why", visit.returned.unwrap_or_default()),
        ];
        let item = item(kind, minutes, Screen::Visit, params);
        items.push(TodayItem {
            id: Some(visit.id),
            ..item
        });
    }
    Ok(())
}

fn values_to_enter(cx: &Cx<'_>, place: RecordId, items: &mut Vec<TodayItem>) -> Result<()> {
    let grid_of = |frequency| {
        let request = GridRequest {
            place,
            until: cx.month_in_hand(),
            months: 12,
            frequency,
            indicator: None,
            day: None,
            split: None,
            source: None,
        };
        values::grid(cx, request)
    };
    let first = grid_of(None)?;
    let others: Vec<Frequency> = first
        .frequencies
        .iter()
        .copied()
        .filter(|often| *often != first.frequency && *often != Frequency::Event)
        .collect();
    let mut grids = vec![first];
    for often in others {
        grids.push(grid_of(Some(often))?);
    }
    for grid in grids
        .iter()
        .filter(|grid| grid.frequency != Frequency::Event)
    {
        missing_values(grid, items);
    }
    Ok(())
}

fn missing_values(grid: &values::Grid, items: &mut Vec<TodayItem>) {
    let said = |cell: &values::Cell| {
        cell.value.is_some() || cell.no_data.is_some_and(|_: NoDataReason| true)
    };
    let whole = || grid.rows.iter().filter(|row| row.is_entry());
    let is_bare = |row: &&values::GridRow| !row.cells.iter().any(&said);
    let bare = whole().filter(is_bare).count() as u32;
    // Months are what the grid opens with; other periods are found by one of their measures.
    let opens = |found: Option<&values::GridRow>| {
        found
            .filter(|_| grid.frequency != Frequency::Monthly)
            .map(|row| row.indicator.code.clone())
    };
    let periods = grid.periods.len() as u32;
    if bare > 0 {
        let mut backfill = item(
            TodayKind::Backfill,
            bare * periods.min(12) * MINUTES_PER_MEASURE / 2,
            Screen::Grid,
            [("count", bare.to_string())],
        );
        backfill.tab = opens(whole().find(is_bare));
        items.push(backfill);
    }
    let missing = grid.expected - grid.filled;
    if missing > 0 && missing > bare {
        let params = [
            ("month", grid.periods.last().cloned().unwrap_or_default()),
            ("count", (missing - bare).to_string()),
            ("filled", grid.filled.to_string()),
            ("expected", grid.expected.to_string()),
        ];
        let mut enter = item(
            TodayKind::EnterMonth,
            (missing - bare) * MINUTES_PER_MEASURE,
            Screen::Grid,
            params,
        );
        let unsaid = |row: &&values::GridRow| !row.cells.last().is_some_and(&said);
        enter.tab = opens(whole().find(unsaid));
        items.push(enter);
    }
}

/// What was agreed here and is due today, or was due before; what another level owes is said apart.
fn actions_due(cx: &Cx<'_>, place: RecordId, items: &mut Vec<TodayItem>) -> Result<()> {
    let today = cx.today().to_string();
    let carried = cx
        .store()
        .read(|conn| actions::queries::carried(conn, place))?;
    for action in carried.iter().filter(|action| !is_owed(action)) {
        let Some(due) = action.day("due").filter(|due| *due <= today) else {
            continue;
        };
        let params = [
            ("text", action.text("text").unwrap_or_default()),
            ("who", action.text("who").unwrap_or_default()),
            ("due", due),
        ];
        let item = item(
            TodayKind::DoAction,
            MINUTES_PER_ACTION,
            Screen::Actions,
            params,
        );
        items.push(TodayItem {
            id: Some(action.id),
            ..item
        });
    }
    Ok(())
}

/// The re-checks whose day has come, in closed cycles too: what was adopted there is what has to hold.
fn rechecks_due(cx: &Cx<'_>, place: RecordId, items: &mut Vec<TodayItem>) -> Result<()> {
    let today = cx.today().to_string();
    let due = cx
        .store()
        .read(|conn| cycles::queries::rechecks_due(conn, place, &today))?;
    // One at a time of each change: who looked neither after three months nor after six is asked for the first.
    let mut asked = BTreeSet::new();
    for recheck in &due {
        if !asked.insert(recheck.reference("trial")) {
            continue;
        }
        let trial = match recheck.reference("trial") {
            Some(id) => cx.store().read(|conn| record(conn, Kind::Trial, id))?,
            None => None,
        };
        let params = [
            (
                "trial",
                trial.and_then(|it| it.text("title")).unwrap_or_default(),
            ),
            ("looked", recheck.text("looked").unwrap_or_default()),
            ("who", recheck.text("who").unwrap_or_default()),
            ("due", recheck.day("due").unwrap_or_default()),
            (
                "months",
                recheck.number("months").unwrap_or_default().to_string(),
            ),
        ];
        let item = item(
            TodayKind::Recheck,
            MINUTES_PER_RECHECK,
            Screen::Cycle,
            params,
        );
        items.push(TodayItem {
            id: recheck.reference("cycle"),
            tab: Some("decide".to_owned()),
            ..item
        });
    }
    Ok(())
}

/// Whether another level than the facility itself owes it.
fn is_owed(action: &Record) -> bool {
    level_of(action) != ActionLevel::Facility
}

fn level_of(action: &Record) -> ActionLevel {
    action
        .text("level")
        .and_then(|word| ActionLevel::from_word(&word))
        .unwrap_or(ActionLevel::Facility)
}

/// What other levels owe a place and have not answered, the level that owes most first.
fn owed(carried: &[Record]) -> Vec<Owed> {
    let mut all: Vec<Owed> = ActionLevel::ALL
        .into_iter()
        .filter(|level| *level != ActionLevel::Facility)
        .filter_map(|level| {
            let mut waiting = carried
                .iter()
                .filter(|action| level_of(action) == level && action.text("reply").is_none());
            let first = waiting.next()?;
            Some(Owed {
                level,
                count: 1 + u32::try_from(waiting.count()).unwrap_or(u32::MAX - 1),
                text: first.text("text").unwrap_or_default(),
            })
        })
        .collect();
    all.sort_by_key(|owed| std::cmp::Reverse(owed.count));
    all
}

fn of_cycle(cx: &Cx<'_>, cycle: &cycles::CycleSummary, items: &mut Vec<TodayItem>) -> Result<()> {
    let trials = cx
        .store()
        .read(|conn| cycles::queries::parts(conn, Kind::Trial, cycle.id))?;
    let today = cx.today().to_string();
    let mut add = |kind, minutes, tab: &str, params: Vec<(&str, String)>| {
        let mut params: BTreeMap<String, String> =
            params.into_iter().map(|(n, v)| (n.to_owned(), v)).collect();
        params.insert("cycle".to_owned(), cycle.title.clone());
        // A sign is answered at the chart that shows it.
        let (screen, tab) = match &cycle.main_measure {
            Some(measure) if kind == TodayKind::ExplainSign => (Screen::Chart, measure.as_str()),
            _ => (Screen::Cycle, tab),
        };
        items.push(TodayItem {
            kind,
            params,
            minutes,
            screen,
            id: Some(cycle.id),
            tab: Some(tab.to_owned()),
        });
    };
    for trial in &trials {
        let title = || vec![("title", trial.text("title").unwrap_or_default())];
        match cycles::step_of(trial) {
            Step::Act => add(TodayKind::Decide, 10, "try", title()),
            Step::Do | Step::Study if trial.day("ends").is_some_and(|ends| ends <= today) => {
                let mut params = title();
                params.push(("ends", trial.day("ends").unwrap_or_default()));
                add(TodayKind::StudyTrial, 15, "try", params);
            }
            _ => {}
        }
    }
    if let Some(view) = cycle.chart.as_ref().filter(|view| view.judged)
        && let Verdict::Shift {
            length,
            since,
            ongoing: true,
            above,
        } = &view.verdict
    {
        let lately = since
            .parse::<Period>()
            .is_ok_and(|since| Month::of(since.first_day()).until(cx.month_in_hand()) < 12);
        if lately && !trials.is_empty() {
            let side = if *above { "above" } else { "below" };
            let params = vec![
                ("length", length.to_string()),
                ("since", since.clone()),
                ("side", side.to_owned()),
            ];
            add(TodayKind::ExplainSign, 10, "decide", params);
        }
    }
    if [&cycle.aim_who, &cycle.aim_what, &cycle.aim_by]
        .iter()
        .any(|part| part.is_none())
        || cycle.aim_from.is_none()
        || cycle.aim_to.is_none()
    {
        add(TodayKind::CompleteAim, 5, "understand", Vec::new());
    } else if trials.is_empty() {
        add(TodayKind::PlanTrial, 15, "try", Vec::new());
    }
    Ok(())
}
