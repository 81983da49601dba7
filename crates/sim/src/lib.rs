//! The simulation: real stores, real laptops and a real server on disks that lose power, over links that fail, by
//! clocks that jump, everything drawn from one seed.

pub mod power;

/// Keeps the encrypting engine from reporting to the terminal what a disk without power answers, as long as the
/// answer lives. `None` when it cannot be told.
pub fn hush() -> Option<rusqlite::Connection> {
    let conn = rusqlite::Connection::open_in_memory().ok()?;
    // The first key of a process starts the engine's encryption, which sets the level of its reports.
    conn.execute_batch(
        "PRAGMA key = 'x'; SELECT count(*) FROM sqlite_schema; PRAGMA cipher_log_level = NONE;",
    )
    .ok()?;
    Some(conn)
}
