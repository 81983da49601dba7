//! Reading what people decided about a chart.

use domain::ids::RecordId;
use domain::registry::Kind;
use rusqlite::Connection;

use crate::error::Result;
use crate::records::queries::{Record, records, with_deleted};

/// The records of a kind about one measure of a place, in the order of their periods.
pub fn about(
    conn: &Connection,
    kind: Kind,
    place: RecordId,
    indicator: &str,
) -> Result<Vec<Record>> {
    let order = match kind {
        Kind::ChartSetting => "id",
        Kind::Variant => "version, id",
        Kind::Action => "done IS NOT NULL, due, id",
        _ => "period, id",
    };
    records(
        conn,
        kind,
        &format!("place = ?1 AND indicator = ?2 ORDER BY {order}"),
        &[place.as_bytes(), &indicator],
    )
}

/// The same, deleted ones among them.
pub fn ever_about(
    conn: &Connection,
    kind: Kind,
    place: RecordId,
    indicator: &str,
) -> Result<Vec<Record>> {
    with_deleted(
        conn,
        kind,
        "place = ?1 AND indicator = ?2 ORDER BY id",
        &[place.as_bytes(), &indicator],
    )
}

/// What happened at a place, as far as it concerns a measure: events of all of it and those of this measure.
pub fn events(conn: &Connection, place: RecordId, indicator: &str) -> Result<Vec<Record>> {
    records(
        conn,
        Kind::Event,
        "place = ?1 AND (indicator IS NULL OR indicator = ?2) AND starts IS NOT NULL ORDER BY starts, id",
        &[place.as_bytes(), &indicator],
    )
}
