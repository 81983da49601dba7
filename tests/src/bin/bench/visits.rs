//! What supervision costs on the laptop of a district's coach: some years of visits with all their answers.

use std::path::Path;

use app::records::edit;
use app::supervision::answer_record;
use domain::checklist::shipped;
use domain::checklist::{AnswerType, Item};
use domain::ids::RecordId;
use domain::period::Month;
use domain::registry::{ActionField, AnswerField, Kind, VisitField};
use domain::value::{Value, date_value};
use serde_json::{Value as Json, json};
use sync::log::SaveKind;

use crate::facility::typed;
use crate::timing::{line, spread, time};
use crate::{NEVER, OPENINGS, Outcome, open, text};

/// Visits on the laptop, and the facilities that they were paid to.
const VISITS: usize = 1_700;
const PLACES: usize = 50;
/// The checklists of each visit: together they ask more than [`ANSWERS`] / [`VISITS`] questions.
const LISTS: [&str; 2] = ["mnch", "malaria"];
/// Answers that are given.
const ANSWERS: usize = 110_000;
/// Months of figures that each facility's cycle has.
const MONTHS: i32 = 36;
/// One in so many recommendations is still open.
const OPEN: usize = 8;

/// 1,700 visits with 110,000 answers at fifty facilities that each follow a cycle: what opening, answering and looking over
/// them takes. It has no floor: what is asked is told beside it.
pub fn visits(home: &Path) -> Outcome {
    let app = open(home)?;
    app.call("open_practice", json!({ "language": "fr" }))?;
    let found = app.call(
        "search_places",
        json!({ "query": "Sélingué", "levels": ["district"] }),
    )?;
    let district: RecordId = text(&found[0]["id"])?.parse()?;
    app.with(|cx| {
        for (key, value) in [("home_place", &district.as_bytes()[..]), ("role", b"coach")] {
            cx.store()
                .set_meta(key, value)
                .map_err(app::AppError::from)?;
        }
        Ok::<_, app::AppError>(())
    })?;
    let places = facilities(&app, district)?;
    let all = fill(&app, &places)?;
    println!(
        "\n{VISITS} visits of {PLACES} facilities with {} answers; median and 95th percentile.\n",
        all.answers
    );
    let board = app.call("visit_board", json!({ "period": null }))?;
    let many = |list: &Json| list.as_array().map_or(0, Vec::len);
    let (needing, covered) = (many(&board["places"]), many(&board["coverage"]["lines"]));
    if needing < PLACES || covered < PLACES {
        return Err(NEVER.into());
    }
    println!("The board shows {needing} facilities and {covered} visits of the quarter.\n");
    let last = *all.visits.last().ok_or(NEVER)?;
    let begun = app.call(
        "begin_visit",
        json!({ "place": places[0], "lists": LISTS, "own": false, "planned": null }),
    )?;
    let asked = app.call("visit", json!({ "id": begun["id"] }))?;
    let mut questions = asked["parts"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|part| part["questions"].as_array().into_iter().flatten())
        .filter(|one| one["answer"] == "yes_no" || one["answer"] == "yes_no_na")
        .cycle();
    let measured: [(&str, &str, Json); 4] = [
        (
            "opening a visit (asked: 100 ms)",
            "visit",
            json!({ "id": last }),
        ),
        (
            "the board with its coverage (asked: 300 ms)",
            "visit_board",
            json!({ "period": null }),
        ),
        (
            "the visits of a facility",
            "visits",
            json!({ "place": places[1] }),
        ),
        (
            "Today of the district",
            "today",
            json!({ "place": district }),
        ),
    ];
    for (what, command, request) in measured {
        let mut times = Vec::new();
        for _ in 0..OPENINGS {
            times.push(time(|| app.call(command, request.clone()))?);
        }
        line(what, spread(times), None);
    }
    let mut times = Vec::new();
    for _ in 0..OPENINGS {
        let one = questions.next().ok_or(NEVER)?;
        let request = json!({
            "visit": begun["id"], "list": one["list"], "item": one["item"], "round": one["round"], "reason": null,
            "edits": [{ "field": "value", "value": "yes", "seen": one["seen"]["value"] }],
        });
        times.push(time(|| app.call("save_answer", request))?);
    }
    line(
        "an answer saved, and the visit as it stands",
        spread(times),
        None,
    );
    Ok(())
}

/// The facilities of the district, each with a cycle and its figures.
fn facilities(app: &app::App, district: RecordId) -> Outcome<Vec<RecordId>> {
    let mut places = Vec::new();
    for number in 0..PLACES {
        let name = format!("CSCom {}", number + 1);
        // A facility joins by its own laptop; what that wrote of it would have come by the network.
        let place = app.with(|cx| {
            cx.write(|w| {
                let id = w.new_record()?;
                let edits = app::places::new_place_edits(id, &name, "facility", district);
                cx.save(w, id.as_scope(), SaveKind::Edit, None, edits)?;
                Ok(id)
            })
        })?;
        let cycle = json!({ "place": place, "template": "anc-four-contacts", "area": "mnch", "language": "fr" });
        app.call("start_cycle", cycle)?;
        let last: Month = app.with(|cx| Ok::<_, app::AppError>(cx.month_in_hand()))?;
        let grid = app.call(
            "grid",
            json!({ "place": place, "until": last, "months": 1 }),
        )?;
        let code = text(&grid["rows"][0]["indicator"]["code"])?.to_owned();
        let cells: Vec<Json> = (0..MONTHS)
            .map(|back| last.plus(-back))
            .map(|month| typed(&code, month, 20 + usize::from(month.number()) * 3 % 30, 60))
            .collect();
        app.call(
            "save_cells",
            json!({ "place": place, "cells": cells, "reason": "bench" }),
        )?;
        places.push(place);
    }
    Ok(places)
}

struct Filled {
    visits: Vec<RecordId>,
    answers: usize,
}

/// Writes the visits by the same door as the screen, one save a visit, place after place and back in time.
fn fill(app: &app::App, places: &[RecordId]) -> Outcome<Filled> {
    let lists: Vec<_> = LISTS
        .iter()
        .filter_map(|code| shipped().iter().find(|list| list.code == *code))
        .collect();
    let lines: Vec<String> = lists
        .iter()
        .map(|list| format!("{} {}", list.code, list.version))
        .collect();
    let mut items: Vec<(&str, &Item)> = Vec::new();
    for list in &lists {
        for item in &list.items {
            let asked_once = |known: &&Item| known.shared.is_some() && known.shared == item.shared;
            if !items
                .iter()
                .map(|(_, item)| *item)
                .any(|known| asked_once(&known))
            {
                items.push((&list.code, item));
            }
        }
    }
    let mut filled = Filled {
        visits: Vec::new(),
        answers: 0,
    };
    let rounds = VISITS / places.len();
    for round in 0..rounds {
        for place in places {
            let wanted = ANSWERS * (filled.visits.len() + 1) / VISITS - filled.answers;
            let back = i32::try_from(rounds - round)?;
            let (visit, answers) = app.with(|cx| {
                cx.write(|w| {
                    let visit = w.new_record()?;
                    let day = cx.month_in_hand().plus(1 - back).last_day();
                    let field =
                        |field: VisitField, value| edit(Kind::Visit, visit, field.number(), value);
                    let mut edits = vec![
                        field(VisitField::Place, Value::Ref(*place)),
                        field(VisitField::Lists, Value::text(&lines.join("\n"))),
                        field(VisitField::Planned, date_value(day)),
                        field(VisitField::Begun, date_value(day)),
                        field(VisitField::Closed, date_value(day)),
                        field(VisitField::FedBack, date_value(day)),
                        field(VisitField::Visitor, Value::text("Issa Coulibaly")),
                        field(VisitField::Received, Value::text("Awa Traoré")),
                    ];
                    let mut answers = 0;
                    for (at, (list, item)) in items.iter().enumerate().take(wanted) {
                        let value = match item.answer {
                            AnswerType::YesNo | AnswerType::YesNoNa if (at + round) % 5 == 0 => {
                                "no"
                            }
                            AnswerType::YesNo | AnswerType::YesNoNa => "yes",
                            AnswerType::CountOf(_) => "8/10",
                            AnswerType::Whole | AnswerType::Number => "3",
                            _ => "…",
                        };
                        let (list, code) = match &item.shared {
                            Some(key) => ("", key.as_str()),
                            None => (*list, item.code.as_str()),
                        };
                        let id = answer_record(visit, list, code, "");
                        let field = |field: AnswerField, value| {
                            edit(Kind::Answer, id, field.number(), value)
                        };
                        edits.push(field(AnswerField::Visit, Value::Ref(visit)));
                        if !list.is_empty() {
                            edits.push(field(AnswerField::List, Value::text(list)));
                        }
                        edits.push(field(AnswerField::Item, Value::text(code)));
                        edits.push(field(AnswerField::Value, Value::text(value)));
                        answers += 1;
                    }
                    for (number, (list, item)) in items
                        .iter()
                        .filter(|(_, item)| item.critical)
                        .take(2)
                        .enumerate()
                    {
                        let id = w.new_record()?;
                        let field = |field: ActionField, value| {
                            edit(Kind::Action, id, field.number(), value)
                        };
                        let item = match &item.shared {
                            Some(key) => format!("|{key}|"),
                            None => format!("{list}|{}|", item.code),
                        };
                        edits.extend([
                            field(ActionField::Place, Value::Ref(*place)),
                            field(ActionField::Text, Value::text("Réparer la glacière")),
                            field(ActionField::Who, Value::text("DTC")),
                            field(ActionField::Due, date_value(day)),
                            field(ActionField::About, Value::Ref(visit)),
                            field(ActionField::Item, Value::text(&item)),
                        ]);
                        if (round + number) % OPEN != 0 {
                            edits.push(field(ActionField::Done, date_value(day)));
                        }
                    }
                    cx.save(w, place.as_scope(), SaveKind::Edit, None, edits)?;
                    Ok((visit, answers))
                })
            })?;
            filled.visits.push(visit);
            filled.answers += answers;
        }
    }
    Ok(filled)
}
