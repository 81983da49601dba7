//! Reading counted values.

use domain::ids::RecordId;
use domain::registry::Kind;
use rusqlite::Connection;

use crate::error::Result;
use crate::records::queries::{Record, records};

/// The values of a place's registers for some periods (both ends included), all indicators.
pub fn values(conn: &Connection, place: RecordId, from: &str, to: &str) -> Result<Vec<Record>> {
    records(
        conn,
        Kind::Measurement,
        "place = ?1 AND period BETWEEN ?2 AND ?3 AND stratum IS NULL AND source = 'register' ORDER BY indicator, period",
        &[place.as_bytes(), &from, &to],
    )
}

/// The places that have any.
pub fn places(conn: &Connection) -> Result<Vec<RecordId>> {
    let mut rows = conn
        .prepare("SELECT DISTINCT place FROM measurement WHERE place IS NOT NULL ORDER BY place")
        .map_err(store::Error::from)?;
    let rows = rows
        .query_map([], |row| row.get::<_, Vec<u8>>(0))
        .map_err(store::Error::from)?;
    let mut places = Vec::new();
    for id in rows {
        places.extend(RecordId::from_slice(&id.map_err(store::Error::from)?).ok());
    }
    Ok(places)
}

/// The values of one indicator at a place, oldest first.
pub fn series(conn: &Connection, place: RecordId, indicator: &str) -> Result<Vec<Record>> {
    records(
        conn,
        Kind::Measurement,
        "place = ?1 AND indicator = ?2 AND stratum IS NULL AND source = 'register' ORDER BY period",
        &[place.as_bytes(), &indicator],
    )
}

/// The measures that a place's open cycles follow, in the order of the cycles: cycle, indicator, goal.
pub fn measures(conn: &Connection, place: RecordId) -> Result<Vec<Record>> {
    records(
        conn,
        Kind::CycleMeasure,
        "cycle IN (SELECT id FROM cycle WHERE place = ?1 AND coalesce(status, 'open') = 'open' AND NOT coalesce(deleted, 0))
         ORDER BY (SELECT opened FROM cycle WHERE cycle.id = t.cycle), cycle, position, id",
        &[place.as_bytes()],
    )
}

/// The trials of a place's cycles that follow an indicator, or of one cycle.
pub fn trials(
    conn: &Connection,
    place: RecordId,
    indicator: &str,
    cycle: Option<RecordId>,
) -> Result<Vec<Record>> {
    match cycle {
        Some(cycle) => records(conn, Kind::Trial, "cycle = ?1 AND starts IS NOT NULL ORDER BY starts, id", &[cycle.as_bytes()]),
        None => records(
            conn,
            Kind::Trial,
            "starts IS NOT NULL AND cycle IN (SELECT m.cycle FROM cycle_measure m JOIN cycle c ON c.id = m.cycle
             WHERE m.indicator = ?2 AND c.place = ?1) ORDER BY starts, id",
            &[place.as_bytes(), &indicator],
        ),
    }
}
