//! The thread of a cycle: its chart and everything that happened, on one axis of days.

use chrono::NaiveDate;
use domain::event::EventSort;
use domain::ids::RecordId;
use domain::period::Period;
use domain::recheck::Holding;
use domain::registry::Kind;
use domain::trial::Decision;
use domain::value::value_date;
use serde::Serialize;

use super::rechecks::standing;
use super::view::decisions;
use super::{ById, queries, step_of};
use crate::charts::queries::events;
use crate::cx::Cx;
use crate::error::Result;
use crate::meetings;
use crate::records::queries::{Record, existing, records};
use crate::values::{Chart, ChartRequest, MOST_MONTHS, chart};

/// When the period of a point began and ended.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Spell {
    /// First day, ISO.
    pub first: String,
    /// Last day, ISO.
    pub last: String,
}

/// Something that happened on a day, or from one to another.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Happening {
    /// The kind of its record.
    pub kind: Kind,
    /// The record.
    #[ts(type = "string")]
    pub id: RecordId,
    /// First day, ISO.
    pub day: String,
    /// Last day, ISO, where it lasted longer.
    pub until: Option<String>,
    /// What people call it; may be empty.
    pub label: String,
    /// What it was, for an event.
    pub sort: Option<EventSort>,
    /// What was decided of a trial, for the decision about one.
    pub decision: Option<Decision>,
    /// What was seen, for a re-check; none while its day has not come or nobody looked.
    pub holding: Option<Holding>,
    /// The record in which it was decided.
    #[ts(type = "string | null")]
    pub about: Option<RecordId>,
    /// The one measure that an event is about.
    pub indicator: Option<String>,
}

/// The thread of a cycle.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Timeline {
    /// First day of the axis, ISO.
    pub first: String,
    /// Last day of the axis, ISO: today, or what is planned after it.
    pub last: String,
    /// The chart of the main measure; none while the cycle has no measure.
    pub chart: Option<Chart>,
    /// For each point of the chart, when its period was.
    pub spells: Vec<Spell>,
    /// Everything that happened, in the order of its days.
    pub happenings: Vec<Happening>,
}

/// The thread of a cycle: trials, decisions, meetings, re-checks, and what happened at the place.
pub fn timeline(cx: &Cx<'_>, request: ById) -> Result<Timeline> {
    let cycle = cx
        .store()
        .read(|conn| existing(conn, Kind::Cycle, request.id))?;
    let place = cycle
        .reference("place")
        .unwrap_or_else(|| cycle.scope.place());
    let measures = cx
        .store()
        .read(|conn| queries::parts(conn, Kind::CycleMeasure, cycle.id))?;
    let code = measures
        .first()
        .and_then(|main| main.text("indicator"))
        .filter(|code| domain::catalog::indicator(code).is_some());
    let chart = match &code {
        Some(code) => {
            let request = ChartRequest {
                cycle: Some(cycle.id),
                months: MOST_MONTHS,
                ..ChartRequest::of(place, code)
            };
            Some(chart(cx, request)?)
        }
        None => None,
    };
    let periods: Vec<Period> = chart
        .iter()
        .flat_map(|chart| &chart.view.points)
        .filter_map(|point| point.label.parse().ok())
        .collect();
    let happenings = happenings(cx, &cycle, place, code.as_deref().unwrap_or_default())?;
    let today = cx.today();
    let opened = value_date(cycle.value("opened")).unwrap_or(today);
    let days = happenings
        .iter()
        .flat_map(|it| [Some(&it.day), it.until.as_ref()])
        .flatten()
        .filter_map(|day| day.parse::<NaiveDate>().ok());
    let points = periods
        .iter()
        .flat_map(|period| [period.first_day(), period.last_day()]);
    let all: Vec<NaiveDate> = days.chain(points).chain([today, opened]).collect();
    Ok(Timeline {
        first: all.iter().min().unwrap_or(&today).to_string(),
        last: all.iter().max().unwrap_or(&today).to_string(),
        spells: periods
            .iter()
            .map(|period| Spell {
                first: period.first_day().to_string(),
                last: period.last_day().to_string(),
            })
            .collect(),
        chart,
        happenings,
    })
}

fn happenings(
    cx: &Cx<'_>,
    cycle: &Record,
    place: RecordId,
    indicator: &str,
) -> Result<Vec<Happening>> {
    let parts = |kind| cx.store().read(|conn| queries::parts(conn, kind, cycle.id));
    let trials = parts(Kind::Trial)?;
    let mut all: Vec<Happening> = Vec::new();
    let add = |record: &Record, day: Option<String>, label: String| -> Option<Happening> {
        Some(Happening {
            kind: record.kind,
            id: record.id,
            day: day?,
            until: None,
            label,
            sort: None,
            decision: None,
            holding: None,
            about: record.reference("about"),
            indicator: record.text("indicator"),
        })
    };
    let text = |record: &Record, field: &str| record.text(field).unwrap_or_default();
    for trial in &trials {
        let done = step_of(trial) == domain::trial::Step::Done;
        let until = trial
            .day("ends")
            .or_else(|| trial.day("decided").filter(|_| done));
        let made = add(trial, trial.day("starts"), text(trial, "title"));
        all.extend(made.map(|it| Happening { until, ..it }));
    }
    for decision in decisions(cx, cycle.id, &trials)? {
        let of = decision.reference("about");
        let trial = trials.iter().find(|trial| Some(trial.id) == of);
        let label = trial.map_or_else(|| text(&decision, "text"), |trial| text(trial, "title"));
        let made = add(&decision, decision.day("day"), label);
        let what = trial.and_then(|trial| Decision::from_word(&trial.text("decision")?));
        all.extend(made.map(|it| Happening {
            decision: what,
            ..it
        }));
    }
    for recheck in standing(cx, cycle.id)? {
        let day = recheck.day("day").or_else(|| recheck.day("due"));
        let made = add(&recheck, day, text(&recheck, "looked"));
        let holding = recheck
            .text("holding")
            .and_then(|word| Holding::from_word(&word));
        all.extend(made.map(|it| Happening { holding, ..it }));
    }
    for action in cx.store().read(|conn| {
        let condition = "cycle = ?1 AND done IS NOT NULL ORDER BY done, id";
        records(conn, Kind::Action, condition, &[cycle.id.as_bytes()])
    })? {
        all.extend(add(&action, action.day("done"), text(&action, "text")));
    }
    for meeting in cx
        .store()
        .read(|conn| meetings::queries::of_place(conn, place))?
    {
        all.extend(add(&meeting, meeting.day("day"), text(&meeting, "venue")));
    }
    for event in cx.store().read(|conn| events(conn, place, indicator))? {
        let sort = event
            .text("sort")
            .and_then(|word| EventSort::from_word(&word));
        let until = event.day("ends");
        let made = add(&event, event.day("starts"), text(&event, "text"));
        all.extend(made.map(|it| Happening { sort, until, ..it }));
    }
    all.sort_by(|a, b| a.day.cmp(&b.day));
    Ok(all)
}
