//! Reading counted values.

use std::collections::BTreeSet;

use domain::ids::RecordId;
use domain::measure::Source;
use domain::registry::Kind;
use rusqlite::Connection;

use super::Which;
use crate::error::Result;
use crate::records::queries::{Record, records};

/// The values of a place's registers for some periods (both ends included), all indicators.
pub fn values(conn: &Connection, place: RecordId, from: &str, to: &str) -> Result<Vec<Record>> {
    values_from(conn, place, Source::Register, from, to)
}

/// The same from another source.
pub fn values_from(
    conn: &Connection,
    place: RecordId,
    source: Source,
    from: &str,
    to: &str,
) -> Result<Vec<Record>> {
    records(
        conn,
        Kind::Measurement,
        "place = ?1 AND period BETWEEN ?2 AND ?3 AND stratum IS NULL AND source = ?4 ORDER BY indicator, period",
        &[place.as_bytes(), &from, &to, &source.word()],
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

/// The source of what people count in a place's registers.
pub const REGISTER: &str = "register";
/// The source of the sums that the server writes.
pub const SUMS: &str = "aggregate";

/// The values of one indicator at a place from one source, oldest first.
pub fn series(
    conn: &Connection,
    place: RecordId,
    indicator: &str,
    source: &str,
) -> Result<Vec<Record>> {
    records(
        conn,
        Kind::Measurement,
        "place = ?1 AND indicator = ?2 AND stratum IS NULL AND source = ?3 ORDER BY period",
        &[place.as_bytes(), &indicator, &source],
    )
}

/// All that people counted of one indicator at a place: wholes and parts, from every source, oldest first.
pub fn everything(conn: &Connection, place: RecordId, indicator: &str) -> Result<Vec<Record>> {
    records(
        conn,
        Kind::Measurement,
        "place = ?1 AND indicator = ?2 AND source <> ?3 ORDER BY period",
        &[place.as_bytes(), &indicator, &SUMS],
    )
}

/// The indicators of which a place's registers have values, by their codes.
pub fn counted(conn: &Connection, place: RecordId) -> Result<Vec<String>> {
    let mut rows = conn
        .prepare(
            "SELECT DISTINCT indicator FROM measurement
             WHERE place = ?1 AND source = ?2 AND stratum IS NULL AND indicator IS NOT NULL AND NOT coalesce(deleted, 0)",
        )
        .map_err(store::Error::from)?;
    let codes = rows
        .query_map(rusqlite::params![place.as_bytes(), REGISTER], |row| {
            row.get(0)
        })
        .and_then(Iterator::collect)
        .map_err(store::Error::from)?;
    Ok(codes)
}

/// The values of an indicator at a place, of one part or of the whole and from one source, oldest first.
pub fn values_of(
    conn: &Connection,
    place: RecordId,
    indicator: &str,
    which: Which<'_>,
) -> Result<Vec<Record>> {
    records(
        conn,
        Kind::Measurement,
        "place = ?1 AND indicator = ?2 AND stratum IS ?3 AND source = ?4 ORDER BY period",
        &[
            place.as_bytes(),
            &indicator,
            &which.stratum,
            &which.source.word(),
        ],
    )
}

/// The sources from which anything is said of an indicator at a place, or of one of its parts.
pub fn sources(conn: &Connection, place: RecordId, indicator: &str) -> Result<BTreeSet<Source>> {
    let mut rows = conn
        .prepare_cached(
            "SELECT DISTINCT source FROM measurement WHERE place = ?1 AND indicator = ?2
             AND (numerator IS NOT NULL OR no_data IS NOT NULL) AND NOT coalesce(deleted, 0)",
        )
        .map_err(store::Error::from)?;
    let words = rows
        .query_map(rusqlite::params![place.as_bytes(), indicator], |row| {
            row.get::<_, String>(0)
        })
        .and_then(Iterator::collect::<std::result::Result<Vec<_>, _>>)
        .map_err(store::Error::from)?;
    Ok(words
        .iter()
        .filter_map(|word| Source::from_word(word))
        .collect())
}

/// The parts of an indicator at a place of which anything is said by one source.
pub fn parts(
    conn: &Connection,
    place: RecordId,
    indicator: &str,
    source: &str,
) -> Result<Vec<String>> {
    let mut rows = conn
        .prepare_cached(
            "SELECT DISTINCT stratum FROM measurement WHERE place = ?1 AND indicator = ?2 AND stratum IS NOT NULL
             AND source = ?3 AND (numerator IS NOT NULL OR no_data IS NOT NULL) AND NOT coalesce(deleted, 0)
             ORDER BY stratum",
        )
        .map_err(store::Error::from)?;
    let rows = rows
        .query_map(
            rusqlite::params![place.as_bytes(), indicator, source],
            |row| row.get::<_, String>(0),
        )
        .map_err(store::Error::from)?;
    Ok(rows
        .collect::<std::result::Result<_, _>>()
        .map_err(store::Error::from)?)
}

/// The places and indicators of which there are sums.
pub fn summed(conn: &Connection) -> Result<Vec<(RecordId, String)>> {
    let mut rows = conn
        .prepare(
            "SELECT DISTINCT place, indicator FROM measurement
             WHERE source = ?1 AND stratum IS NULL AND place IS NOT NULL AND indicator IS NOT NULL AND NOT coalesce(deleted, 0)
             ORDER BY indicator, place",
        )
        .map_err(store::Error::from)?;
    let rows = rows
        .query_map([SUMS], |row| {
            Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, String>(1)?))
        })
        .map_err(store::Error::from)?;
    let mut summed = Vec::new();
    for row in rows {
        let (place, indicator) = row.map_err(store::Error::from)?;
        summed.extend(
            RecordId::from_slice(&place)
                .ok()
                .map(|place| (place, indicator)),
        );
    }
    Ok(summed)
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

/// The random lists of a place's registers, the newest first.
pub fn samples(conn: &Connection, place: RecordId) -> Result<Vec<Record>> {
    records(
        conn,
        Kind::Sample,
        "place = ?1 AND NOT coalesce(deleted, 0) ORDER BY day DESC, id DESC",
        &[place.as_bytes()],
    )
}
