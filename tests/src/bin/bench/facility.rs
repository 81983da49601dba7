//! A facility at work: its data, and what saving and opening cost there.

use std::fs;
use std::path::Path;

use app::{App, AppError};
use domain::ids::RecordId;
use domain::period::Month;
use domain::registry::{Kind, MeasurementField};
use domain::value::Value;
use rusqlite::{Connection, OpenFlags, params};
use serde_json::{Value as Json, json};
use sync::log::SaveKind;

use crate::timing::{line, ratio, spread, time};
use crate::{Failed, MONTHS, NEVER, OPENINGS, Outcome, POINTS, open, text};

/// Timed saves of each sort.
const SAVES: usize = 300;
/// What a save of two numbers takes in the tail.
const SAVED_BYTES: u32 = 74;
/// The templates of a facility's cycles: together they follow about as many measures as a team counts.
pub const CYCLES: &[(&str, &str)] = &[
    ("anc-four-contacts", "mnch"),
    ("birth-and-newborn-bundle", "mnch"),
    ("postpartum-fp-counselling", "fp"),
    ("malaria-testing", "malaria"),
    ("muac-screening", "nutrition"),
];

/// A facility with its cycles and every month typed.
pub struct Facility {
    pub place: RecordId,
    pub indicators: Vec<String>,
    pub last: Month,
}

impl Facility {
    pub fn fill(home: &Path) -> Outcome<Self> {
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
    pub fn cell(&self, n: usize) -> Outcome<(&str, Month)> {
        let code = &self.indicators[n % self.indicators.len()];
        let back = i32::try_from(n / self.indicators.len())? % MONTHS;
        Ok((code, self.last.plus(-back)))
    }
}

/// One cell with both numbers, as the grid sends it.
pub fn typed(code: &str, month: Month, n: usize, d: usize) -> Json {
    let input = |number: usize| json!({ "typed": number.to_string(), "seen": null });
    json!({
        "indicator": code, "period": month, "numerator": input(n), "denominator": input(d),
        "no_data": null, "explanation": null,
    })
}

/// One cell saved: by the command, by the door alone, and as a bare transaction of the same rows in a copy of the
/// same database under the same key. The three take turns, so that what else the machine does meets all of them.
pub fn saves(home: &Path, copy: &Path, facility: &Facility) -> Outcome {
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
        floor.push(time(|| bare.save(&[(record, numbers)]))?);
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
pub struct Bare(Connection);

impl Bare {
    pub fn open(folder: &Path) -> Outcome<Self> {
        let conn = Connection::open_with_flags(
            folder.join(store::DATABASE),
            OpenFlags::SQLITE_OPEN_READ_WRITE,
        )?;
        unlock(&conn, folder)?;
        conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
        conn.pragma_update(None, "synchronous", "FULL")?;
        Ok(Self(conn))
    }

    /// Numbers of some cells, in one transaction.
    pub fn save(&self, rows: &[(RecordId, (usize, usize))]) -> rusqlite::Result<()> {
        let tx = self.0.unchecked_transaction()?;
        tx.prepare_cached("UPDATE meta SET value = value + 1 WHERE key = 'hlc'")?
            .execute([])?;
        let (scope, seq): (Vec<u8>, i64) = tx
            .prepare_cached(
                "UPDATE stream SET applied_seq = applied_seq + 1 RETURNING scope, applied_seq",
            )?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        tx.prepare_cached("INSERT INTO tail (scope, seq, bytes) VALUES (?1, ?2, zeroblob(?3))")?
            .execute(params![scope, seq, SAVED_BYTES * rows.len() as u32])?;
        for (record, (n, d)) in rows {
            tx.prepare_cached("UPDATE measurement SET numerator = ?2, denominator = ?3, stamps = stamps WHERE id = ?1")?
                .execute(params![record.as_bytes(), *n as f64, *d as f64])?;
        }
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

/// From an empty process to the content of the first screen, and each further screen; the floor of opening is the
/// same database opened bare.
pub fn starts(home: &Path, facility: &Facility) -> Outcome {
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
            Ok::<_, Failed>(count?)
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

/// Bytes on the disk for each field that has a value: the tables with their stamps, and the log. The floor is a
/// database of the same key that holds the values alone.
pub fn size(home: &Path, bare: &Path, facility: &Facility) -> Outcome {
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
pub fn copy_of(home: &Path, copy: &Path) -> Outcome {
    fs::create_dir(copy)?;
    for entry in fs::read_dir(home)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), copy.join(entry.file_name()))?;
        }
    }
    Ok(())
}
