//! What stands in the tables, as text that can be compared.

use std::collections::BTreeMap;

use domain::registry::Kind;
use rusqlite::Connection;

/// Every row of every table that the log fills, by table, in the order of their keys.
pub fn dump(conn: &Connection) -> Result<BTreeMap<&'static str, Vec<String>>, store::Error> {
    let mut tables: Vec<(&'static str, &str)> =
        Kind::ALL.iter().map(|kind| (kind.table(), "id")).collect();
    tables.push(("head", "record, kind, field, replica, seq, idx"));
    tables.push(("stream", "scope, replica"));
    let mut dump = BTreeMap::new();
    for (table, order) in tables {
        let mut statement = conn.prepare(&format!("SELECT * FROM {table} ORDER BY {order}"))?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        let mut lines = Vec::new();
        while let Some(row) = rows.next()? {
            let cells = (0..columns).map(|i| Ok(format!("{:?}", row.get_ref(i)?)));
            lines.push(cells.collect::<rusqlite::Result<Vec<_>>>()?.join(" "));
        }
        dump.insert(table, lines);
    }
    Ok(dump)
}
