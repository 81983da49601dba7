//! The figures of speed, each beside a floor measured in the same run, so that a slow machine changes both.
//!
//! `cargo xtask bench` runs it, and then measures the window's first content by `tests/e2e/first-content.mjs`.

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use app::{App, AppError, Surroundings};
use domain::catalog::{Direction, Frequency};
use domain::ids::RecordId;
use domain::period::{Month, Period};
use domain::registry::{Kind, MeasurementField};
use domain::spc::chart::{Chart, ChartKind};
use domain::spc::limits::median;
use domain::spc::series::Series;
use domain::spc::verdict::{ChartView, Measure, Observation};
use domain::value::Value;
use rusqlite::{Connection, OpenFlags, params};
use serde_json::{Value as Json, json};
use sync::log::SaveKind;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// Months of data in the folder: five years.
const MONTHS: i32 = 60;
/// Timed saves of each sort.
const SAVES: usize = 300;
/// What a save of two numbers takes in the tail.
const SAVED_BYTES: u32 = 74;
/// Weeks of the measure that is counted by the week: five years.
const WEEKS: u16 = 260;
const CHARTS: usize = 1_000;
const POINTS: usize = 36;
/// Timed openings and screens.
const OPENINGS: usize = 30;
/// The templates of the facility's cycles: together they follow about as many measures as a team counts.
const CYCLES: &[(&str, &str)] = &[
    ("anc-four-contacts", "mnch"),
    ("birth-and-newborn-bundle", "mnch"),
    ("postpartum-fp-counselling", "fp"),
    ("malaria-testing", "malaria"),
    ("muac-screening", "nutrition"),
];
const NEVER: &str = "the bench's own data is not as it was made";

fn main() -> Outcome {
    // On the disk that the build lies on: a folder in memory would flatter every save.
    let disk = concat!(env!("CARGO_MANIFEST_DIR"), "/../target");
    let folder = tempfile::tempdir_in(disk)?;
    let home = folder.path().join("home");
    let facility = Facility::fill(&home)?;
    println!(
        "A facility of {} measures over {MONTHS} months; median and 95th percentile.\n",
        facility.indicators.len()
    );
    println!(
        "{:<46} {:>10} {:>10} {:>10} {:>7}",
        "", "median", "95 %", "floor", "ratio"
    );
    let copy = folder.path().join("copy");
    copy_of(&home, &copy)?;
    saves(&home, &copy, &facility)?;
    charts()?;
    starts(&home, &facility)?;
    size(&home, &folder.path().join("bare.db"), &facility)?;
    weeks(&home, &facility)?;
    Ok(())
}

/// The app on a folder whose key stands in a file, so that a bare connection finds it; coming in with a code takes as long
/// as it is meant to.
fn open(home: &Path) -> app::Result<App> {
    App::open_in(Surroundings {
        guard: None,
        ..Surroundings::real(home.to_owned(), press::write)
    })
}

/// A facility with its cycles and every month typed.
struct Facility {
    place: RecordId,
    indicators: Vec<String>,
    last: Month,
}

impl Facility {
    fn fill(home: &Path) -> Outcome<Self> {
        let app = open(home)?;
        let found = app.call(
            "search_places",
            json!({ "query": "Sélingué", "levels": ["district"] }),
        )?;
        let begun = app.call(
            "begin",
            json!({
                "language": "fr", "place": null, "person_name": "Awa Traoré", "role": "lead", "pin": "",
                "new_place": { "name": "CSCom de Carrière", "level": "facility", "parent": found[0]["id"] },
            }),
        )?;
        let place = &begun["place"]["id"];
        for (template, area) in CYCLES {
            let request =
                json!({ "place": place, "template": template, "area": area, "language": "fr" });
            app.call("start_cycle", request)?;
        }
        let last: Month = text(&begun["month"])?.parse()?;
        let grid = app.call(
            "grid",
            json!({ "place": place, "until": last, "months": 1 }),
        )?;
        let rows = grid["rows"].as_array().ok_or(NEVER)?;
        let indicators: Vec<String> = rows
            .iter()
            .filter(|row| !row["indicator"]["denominator"].is_null())
            .map(|row| text(&row["indicator"]["code"]).map(str::to_owned))
            .collect::<Outcome<_>>()?;
        for month in (0..MONTHS).map(|back| last.plus(back - MONTHS + 1)) {
            let cells: Vec<Json> = indicators
                .iter()
                .enumerate()
                .map(|(i, code)| {
                    typed(
                        code,
                        month,
                        20 + (i * 7 + usize::from(month.number()) * 5) % 30,
                        60,
                    )
                })
                .collect();
            app.call(
                "save_cells",
                json!({ "place": place, "cells": cells, "reason": null }),
            )?;
        }
        Ok(Self {
            place: text(place)?.parse()?,
            indicators,
            last,
        })
    }

    /// The cell of the n-th save: each month and measure in turn.
    fn cell(&self, n: usize) -> Outcome<(&str, Month)> {
        let code = &self.indicators[n % self.indicators.len()];
        let back = i32::try_from(n / self.indicators.len())? % MONTHS;
        Ok((code, self.last.plus(-back)))
    }
}

/// One cell with both numbers, as the grid sends it.
fn typed(code: &str, month: Month, n: usize, d: usize) -> Json {
    let input = |number: usize| json!({ "typed": number.to_string(), "seen": null });
    json!({
        "indicator": code, "period": month, "numerator": input(n), "denominator": input(d),
        "no_data": null, "explanation": null,
    })
}

/// One cell saved: by the command, by the door alone, and as a bare transaction of the same rows in a copy of the
/// same database under the same key. The three take turns, so that what else the machine does meets all of them.
fn saves(home: &Path, copy: &Path, facility: &Facility) -> Outcome {
    let app = open(home)?;
    let bare = Bare::open(copy)?;
    let (mut command, mut door, mut floor) = (Vec::new(), Vec::new(), Vec::new());
    for n in 0..SAVES {
        let (code, month) = facility.cell(n)?;
        let numbers = (100 + n, 1_000 + n);
        let request = json!({
            "place": facility.place, "reason": null, "cells": [typed(code, month, numbers.0, numbers.1)],
        });
        command.push(time(|| app.call("save_cells", request))?);
        let record = app::values::measurement_record(facility.place, code, month.into());
        door.push(time(|| through_the_door(&app, record, facility, numbers))?);
        floor.push(time(|| bare.save(record, numbers))?);
    }
    let floor = spread(floor);
    line("save a cell, by the command", spread(command), Some(floor));
    line("save a cell, by the door alone", spread(door), Some(floor));
    Ok(())
}

fn through_the_door(
    app: &App,
    record: RecordId,
    facility: &Facility,
    (n, d): (usize, usize),
) -> app::Result<usize> {
    let edit = |field: MeasurementField, number: usize| {
        let value = Value::decimal(&(number + 1).to_string()).unwrap_or(Value::Null);
        app::records::edit(Kind::Measurement, record, field.number(), value)
    };
    let edits = vec![
        edit(MeasurementField::Numerator, n),
        edit(MeasurementField::Denominator, d),
    ];
    let scope = facility.place.as_scope();
    app.with(|cx| cx.write(|w| cx.save(w, scope, SaveKind::Edit, None, edits)))
}

/// The same file without the app: what a save must at least write, in as few statements as that takes.
struct Bare(Connection);

impl Bare {
    fn open(folder: &Path) -> Outcome<Self> {
        let conn = Connection::open_with_flags(
            folder.join(store::DATABASE),
            OpenFlags::SQLITE_OPEN_READ_WRITE,
        )?;
        unlock(&conn, folder)?;
        conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
        conn.pragma_update(None, "synchronous", "FULL")?;
        Ok(Self(conn))
    }

    fn save(&self, record: RecordId, (n, d): (usize, usize)) -> rusqlite::Result<()> {
        let tx = self.0.unchecked_transaction()?;
        tx.prepare_cached("UPDATE meta SET value = value + 1 WHERE key = 'hlc'")?
            .execute([])?;
        let (scope, seq): (Vec<u8>, i64) = tx
            .prepare_cached(
                "UPDATE stream SET applied_seq = applied_seq + 1 RETURNING scope, applied_seq",
            )?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        tx.prepare_cached("INSERT INTO tail (scope, seq, bytes) VALUES (?1, ?2, zeroblob(?3))")?
            .execute(params![scope, seq, SAVED_BYTES])?;
        tx.prepare_cached("UPDATE measurement SET numerator = ?2, denominator = ?3, stamps = stamps WHERE id = ?1")?
            .execute(params![record.as_bytes(), n as f64, d as f64])?;
        tx.commit()
    }
}

fn unlock(conn: &Connection, folder: &Path) -> Outcome {
    let key: String = fs::read(folder.join("nyetaa.key"))?
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    conn.pragma_update(None, "key", format!("x'{key}'"))?;
    conn.pragma_update(None, "cache_size", -65_536)?;
    conn.set_prepared_statement_cache_capacity(128);
    Ok(())
}

/// A thousand run charts, beside a thousand plain medians of the same numbers.
fn charts() -> Outcome {
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
            Ok::<_, Box<dyn Error>>(())
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

/// From an empty process to the content of the first screen, and each further screen; the floor of opening is the
/// same database opened bare.
fn starts(home: &Path, facility: &Facility) -> Outcome {
    let place = json!({ "place": facility.place });
    let (mut opened, mut floor) = (Vec::new(), Vec::new());
    for _ in 0..OPENINGS {
        opened.push(time(|| {
            let app = open(home)?;
            app.call("start_state", json!({}))?;
            app.call("today", place.clone())
        })?);
        floor.push(time(|| {
            let bare = Bare::open(home)?;
            let count = bare
                .0
                .query_row("SELECT count(*) FROM measurement", [], |row| {
                    row.get::<_, i64>(0)
                });
            Ok::<_, Box<dyn Error>>(count?)
        })?);
    }
    line(
        "open, start_state and today",
        spread(opened),
        Some(spread(floor)),
    );
    let app = open(home)?;
    let grid = json!({ "place": facility.place, "until": facility.last, "months": 12 });
    let chart = json!({
        "place": facility.place, "indicator": facility.indicators[0], "cycle": null, "months": POINTS,
    });
    for (what, name, request) in [
        ("the grid of twelve months", "grid", grid),
        (
            "one run chart of 36 months from the database",
            "chart",
            chart,
        ),
        ("the list of cycles with their charts", "cycles", place),
        (
            "what waits to be sent, after years without",
            "sync_state",
            json!({}),
        ),
    ] {
        let mut times = Vec::new();
        for _ in 0..OPENINGS {
            times.push(time(|| app.call(name, request.clone()))?);
        }
        line(what, spread(times), None);
    }
    Ok(())
}

/// Opening the page of a measure that was counted every week for five years, with a phase and points left out: the chart,
/// and what people decided about it.
fn weeks(home: &Path, facility: &Facility) -> Outcome {
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

/// Bytes on the disk for each field that has a value: the tables with their stamps, and the log. The floor is a
/// database of the same key that holds the values alone.
fn size(home: &Path, bare: &Path, facility: &Facility) -> Outcome {
    let app = open(home)?;
    app.with(|cx| Ok::<_, AppError>(cx.store().seal(&[facility.place.as_scope()].into())?))?;
    drop(app);
    let conn = Bare::open(home)?.0;
    let mut fields = 0;
    for kind in Kind::ALL {
        let mut rows = conn.prepare(&format!("SELECT stamps FROM {}", kind.table()))?;
        for stamps in rows.query_map([], |row| row.get::<_, Vec<u8>>(0))? {
            fields += store::unpack_stamps(&stamps?)?.len();
        }
    }
    conn.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")?;
    let ours = fs::metadata(home.join(store::DATABASE))?.len();
    let log: i64 = conn.query_row("SELECT sum(length(bytes)) FROM segment", [], |row| {
        row.get(0)
    })?;
    fs::write(bare, [])?;
    conn.execute("ATTACH ?1 AS bare", [bare.to_str().ok_or(NEVER)?])?;
    for kind in Kind::ALL {
        let names: Vec<&str> = kind.fields().iter().map(|field| field.name).collect();
        let (table, columns) = (kind.table(), names.join(", "));
        conn.execute_batch(&format!(
            "CREATE TABLE bare.{table} AS SELECT id, {columns} FROM main.{table}"
        ))?;
    }
    conn.execute_batch("DETACH bare")?;
    let floor = fs::metadata(bare)?.len();
    let each = |bytes: u64| format!("{:.1} B", bytes as f64 / fields as f64);
    println!(
        "{:<46} {:>10} {:>10} {:>10} {:>7}",
        format!("file size per live field ({fields} fields)"),
        each(ours),
        "",
        each(floor),
        ratio(ours as f64, floor as f64),
    );
    println!(
        "{:<46} {:>10}",
        "  of it the sealed log, every change ever made",
        each(log.unsigned_abs())
    );
    Ok(())
}

/// Copies a closed data folder.
fn copy_of(home: &Path, copy: &Path) -> Outcome {
    fs::create_dir(copy)?;
    for entry in fs::read_dir(home)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), copy.join(entry.file_name()))?;
        }
    }
    Ok(())
}

fn text(json: &Json) -> Outcome<&str> {
    Ok(json.as_str().ok_or(NEVER)?)
}

fn time<T, E>(work: impl FnOnce() -> Result<T, E>) -> Result<Duration, E> {
    let begun = Instant::now();
    black_box(work()?);
    Ok(begun.elapsed())
}

/// Median and 95th percentile.
fn spread(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort_unstable();
    let at = |percent: usize| {
        times
            .get(times.len() * percent / 100)
            .copied()
            .unwrap_or_default()
    };
    (at(50), at(95))
}

fn line(what: &str, (median, high): (Duration, Duration), floor: Option<(Duration, Duration)>) {
    let shown = |time: Duration| format!("{:.3} ms", time.as_secs_f64() * 1e3);
    let (floor, ratio) = floor.map_or_else(Default::default, |(floor, _)| {
        (
            shown(floor),
            ratio(median.as_secs_f64(), floor.as_secs_f64()),
        )
    });
    println!(
        "{what:<46} {:>10} {:>10} {floor:>10} {ratio:>7}",
        shown(median),
        shown(high)
    );
}

fn ratio(ours: f64, floor: f64) -> String {
    format!("{:.1}x", ours / floor)
}
