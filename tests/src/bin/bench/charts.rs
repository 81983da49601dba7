//! What charts cost: computed, opened, typed for, and a whole district's.

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use domain::catalog::{Direction, Frequency};
use domain::period::{Month, Period};
use domain::spc::chart::{Chart, ChartKind};
use domain::spc::limits::median;
use domain::spc::series::Series;
use domain::spc::verdict::{ChartView, Measure, Observation};
use serde_json::{Value as Json, json};

use crate::facility::{Bare, Facility, typed};
use crate::timing::{line, spread, time};
use crate::{Failed, MONTHS, NEVER, OPENINGS, Outcome, POINTS, open, text};

/// Weeks of the measure that is counted by the week: five years.
const WEEKS: u16 = 260;
const CHARTS: usize = 1_000;
/// Measures of the paste.
const PASTED_MEASURES: usize = 12;
/// Figures of the district, and measures that each of its centres counts by the month.
const DISTRICT_VALUES: usize = 70_000;
const DISTRICT_MEASURES: usize = 40;

/// A thousand run charts, beside a thousand plain medians of the same numbers.
pub fn computed() -> Outcome {
    let measure = Measure {
        direction: Direction::Up,
        has_denominator: true,
        multiply: 100.0,
        suits: ChartKind::P,
        goal: Some(80.0),
    };
    let series: Vec<Vec<(f64, f64)>> = (0..CHARTS)
        .map(|chart| {
            (0..POINTS)
                .map(|point| (((chart * 31 + point * 17) % 60) as f64, 60.0))
                .collect()
        })
        .collect();
    let (mut ours, mut floor) = (Vec::new(), Vec::new());
    for _ in 0..OPENINGS {
        let observed: Vec<Vec<Observation>> =
            series.iter().map(|series| observations(series)).collect();
        ours.push(time(|| {
            observed.into_iter().try_for_each(|periods| {
                ChartView::of(&measure, periods, ChartKind::Run).map(|view| drop(black_box(view)))
            })
        })?);
        floor.push(time(|| {
            for series in &series {
                let mut values: Vec<f64> = series.iter().map(|(n, d)| n / d * 100.0).collect();
                black_box(median(&mut values));
            }
            Ok::<_, Failed>(())
        })?);
    }
    line(
        "1,000 run charts of 36 points (floor: medians)",
        spread(ours),
        Some(spread(floor.clone())),
    );
    for kind in ChartKind::ALL {
        let series: Vec<Series> = (0..CHARTS).map(|chart| series_for(kind, chart)).collect();
        let mut ours = Vec::new();
        for _ in 0..OPENINGS {
            ours.push(time(|| {
                series.iter().try_for_each(|series| {
                    Chart::of(kind, series, true).map(|chart| drop(black_box(chart)))
                })
            })?);
        }
        let name = format!("1,000 {} charts of 36 points", kind.name());
        line(&name, spread(ours), Some(spread(floor.clone())));
    }
    Ok(())
}

/// Figures such as the kind takes; a point of a chart of subgroups stands for five of them.
fn series_for(kind: ChartKind, chart: usize) -> Series {
    let each = if kind.of_subgroups() { 5 } else { 1 };
    let value = |point: usize| Some(((chart * 31 + point * 17) % 60 + 1) as f64);
    let mut series = Series::new((0..POINTS * each).map(value).collect(), None);
    match kind {
        ChartKind::P | ChartKind::PPrime | ChartKind::U | ChartKind::UPrime | ChartKind::IPrime => {
            series.denominators = Some(
                (0..POINTS)
                    .map(|point| Some((61 + point % 7) as f64))
                    .collect(),
            );
        }
        ChartKind::Xbar | ChartKind::S => {
            series.subgroups = Some((0..POINTS * each).map(|value| value / each).collect());
        }
        _ => {}
    }
    series
}

fn observations(series: &[(f64, f64)]) -> Vec<Observation> {
    let period = |(i, (n, d)): (usize, &(f64, f64))| Observation {
        label: format!("{}-{:02}", 2023 + i / 12, i % 12 + 1),
        n: Some(*n),
        d: Some(*d),
        no_data: None,
        incomplete: false,
    };
    series.iter().enumerate().map(period).collect()
}

/// Opening the page of a measure that was counted every week for five years, with a phase and points left out: the chart,
/// and what people decided about it.
pub fn weeks(home: &Path, facility: &Facility) -> Outcome {
    let app = open(home)?;
    let indicator = domain::catalog::indicators()
        .iter()
        .find(|one| one.frequency == Frequency::Weekly)
        .ok_or(NEVER)?;
    let last = Period::of(Frequency::Weekly, facility.last.last_day());
    let weeks: Vec<String> = Period::ending(last, WEEKS)
        .map(|week| week.to_string())
        .collect();
    let number = |text: String| json!({ "typed": text, "seen": null });
    let cells: Vec<Json> = weeks
        .iter()
        .enumerate()
        .map(|(i, week)| {
            json!({
                "indicator": indicator.code, "period": week, "numerator": number((20 + i * 7 % 30).to_string()),
                "denominator": indicator.denominator.as_ref().map(|_| number("60".to_owned())),
                "no_data": null, "explanation": null,
            })
        })
        .collect();
    app.call(
        "save_cells",
        json!({ "place": facility.place, "cells": cells, "reason": null }),
    )?;
    let decided = |week: &str| json!({ "place": facility.place, "indicator": indicator.code, "period": week, "reason": "bench" });
    app.call("begin_phase", decided(&weeks[weeks.len() / 2]))?;
    for week in weeks.iter().step_by(50) {
        app.call("exclude_point", decided(week))?;
    }
    let chart = json!({
        "place": facility.place, "indicator": indicator.code, "cycle": null, "months": 120,
    });
    let notes = json!({ "place": facility.place, "indicator": indicator.code });
    let mut times = Vec::new();
    for _ in 0..OPENINGS {
        times.push(time(|| {
            app.call("chart", chart.clone())?;
            app.call("chart_notes", notes.clone())
        })?);
    }
    line("a measure of five years of weeks", spread(times), None);
    Ok(())
}

/// A paste of twelve measures over sixty months; the floor is one bare transaction of as many rows.
pub fn paste(home: &Path, copy: &Path, facility: &Facility) -> Outcome {
    let app = open(home)?;
    let bare = Bare::open(copy)?;
    let (mut pasted, mut floor) = (Vec::new(), Vec::new());
    for turn in 0..OPENINGS {
        let mut cells = Vec::new();
        let mut rows = Vec::new();
        for n in 0..PASTED_MEASURES * MONTHS as usize {
            let (code, month) = facility.cell(n)?;
            let numbers = (10 + (n + turn) % 40, 70 + turn);
            cells.push(typed(code, month, numbers.0, numbers.1));
            rows.push((
                app::values::measurement_record(facility.place, code, month.into()),
                numbers,
            ));
        }
        let request = json!({ "place": facility.place, "cells": cells, "reason": null });
        pasted.push(time(|| app.call("save_cells", request))?);
        floor.push(time(|| bare.save(&rows))?);
    }
    line(
        "a paste of 12 measures over 60 months",
        spread(pasted),
        Some(spread(floor)),
    );
    Ok(())
}

/// Seventy thousand figures, as many as a district has: imported out of a file for each of twenty places, and looked at.
pub fn district(home: &Path) -> Outcome {
    let app = open(home)?;
    let found = app.call(
        "search_places",
        json!({ "query": "Sélingué", "levels": ["district"] }),
    )?;
    let begun = app.call(
        "begin",
        json!({
            "language": "fr", "place": null, "person_name": "Moussa Keïta", "role": "lead", "pin": "",
            "new_place": { "name": "CSRéf de Sélingué", "level": "facility", "parent": found[0]["id"] },
        }),
    )?;
    let centre = &begun["place"]["id"];
    let last: Month = text(&begun["month"])?.parse()?;
    let monthly: Vec<&str> = domain::catalog::indicators()
        .iter()
        .filter(|one| one.frequency == Frequency::Monthly && one.denominator.is_some())
        .map(|one| one.code.as_str())
        .take(DISTRICT_MEASURES)
        .collect();
    let each = monthly.len() * MONTHS as usize;
    let (mut places, mut looked, mut imported) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..DISTRICT_VALUES.div_ceil(each) {
        let name = format!("Site {}", number + 1);
        let place = app.call(
            "add_place",
            json!({ "name": name, "level": "site", "parent": centre }),
        )?;
        let mut file = String::from("indicateur;mois;numérateur;dénominateur\n");
        for (i, code) in monthly.iter().enumerate() {
            for month in (0..MONTHS).map(|back| last.plus(back - MONTHS + 1)) {
                let n = 20 + (i * 7 + number * 3 + usize::from(month.number()) * 5) % 30;
                writeln!(file, "{code};{month};{n};60")?;
            }
        }
        let mut request = json!({
            "place": place["id"], "file": "district.csv", "bytes": BASE64_STANDARD.encode(&file), "sheet": null, "columns": null,
        });
        let begun = Instant::now();
        let preview = app.call("preview_import", request.clone())?;
        looked.push(begun.elapsed());
        request["token"] = preview["token"].clone();
        imported.push(time(|| app.call("apply_import", request))?);
        places.push(place["id"].clone());
    }
    let of = format!("{} values", each);
    line(&format!("a file of {of}: looked at"), spread(looked), None);
    line(
        &format!("a file of {of}: imported"),
        spread(imported.clone()),
        None,
    );
    let all: Duration = imported.iter().sum();
    line(
        &format!("a district's {} values imported", each * places.len()),
        (all, all),
        None,
    );
    drop(app);
    let by_place =
        json!({ "place": null, "indicator": monthly[0], "months": POINTS, "split": null });
    let of_place =
        json!({ "place": places[0], "indicator": null, "months": POINTS, "split": null });
    let mut opened = Vec::new();
    for _ in 0..OPENINGS {
        opened.push(time(|| {
            let app = open(home)?;
            app.call("today", json!({ "place": centre }))
        })?);
    }
    line("… opened up to Today", spread(opened), None);
    let app = open(home)?;
    for (what, request) in [
        ("… one measure at every place", by_place),
        ("… every measure of one place", of_place),
    ] {
        let mut times = Vec::new();
        for _ in 0..OPENINGS {
            times.push(time(|| app.call("multiples", request.clone()))?);
        }
        line(what, spread(times), None);
    }
    Ok(())
}
