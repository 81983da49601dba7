//! Another key for a database, whose old one somebody may know who has no access any more.
//!
//! The database is written anew under the new key, beside the old one, read again page by page, and takes its place by one
//! change of name. Nothing of the old file is changed meanwhile but the form of its journal: before the change of name the
//! old key opens all of it, afterwards the new one does. (`PRAGMA rekey` would change every page of the only copy where it
//! stands; `sqlcipher_export` writes rows and not pages, and leaves out what a database says of itself.)

use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::backup::{Holds, copy, examine, forget, holds, sound};
use crate::disk::{Disk, beside};
use crate::error::{Error, Result};
use crate::open::{self, Key, Place};

/// What a database begins with: it is drawn when it is made, and stands in no other.
pub type Begins = [u8; 16];

/// What a database that somebody else has open does not take.
const ALONE: &str = "locking_mode";
/// Another program that has it open is not waited for.
const PATIENCE: Duration = Duration::from_millis(200);

/// No app reads a database that asks for this one.
const NOT_HERE: i64 = i32::MAX as i64;

/// What the database at `path` begins with; `None` when it is not there or too short.
pub fn begins(disk: &dyn Disk, path: &Path) -> Option<Begins> {
    disk.read(path).ok()?.first_chunk().copied()
}

/// Reads every page of the database at `path`, which nobody has open, and counts what it holds. Unlike [`examine`] it may find
/// one that was cut off in the middle of something, which is brought to its end first.
///
/// # Errors
/// As [`lock_anew`].
pub fn examine_alone(disk: &dyn Disk, path: &Path, key: &Key) -> Result<Holds> {
    let conn = alone(disk, path, key)?;
    sound(&conn, true)?;
    holds(&conn)
}

/// Locks the database at `path`, which nobody has open, with the key `new` instead of `old`. `ready` is told what it
/// will begin with once everything is ready, before it takes its place; when that fails, nothing does.
///
/// After an error, and after a power cut, [`begins`] tells which of the two stands there.
///
/// # Errors
/// [`Error::Unsafe`] when another program has it open; [`Error::Damaged`] or [`Error::Foreign`] when a page cannot be
/// read.
pub fn lock_anew<E: From<Error>>(
    disk: &dyn Disk,
    path: &Path,
    (old, new): (&Key, &Key),
    ready: impl FnOnce(Begins) -> std::result::Result<(), E>,
) -> std::result::Result<(), E> {
    let aside = beside(path, ".neuf");
    let done = (|| {
        let conn = alone(disk, path, old)?;
        let held = copy(disk, &conn, Some(new), &aside)?;
        if examine(disk, &aside, Some(new))? != held {
            return Err(Error::Damaged.into());
        }
        sync_around(disk, path)?;
        ready(begins(disk, &aside).ok_or(Error::Damaged)?)?;
        // A file that is open has its name for as long as that on Windows; another program that opens it now keeps it.
        let conn = (!cfg!(windows)).then_some(conn);
        disk.rename(&aside, path).map_err(Error::from)?;
        sync_around(disk, path)?;
        if let Some(conn) = conn {
            refuse_those_who_wait(&conn);
        }
        Ok(())
    })();
    let _ = forget(disk, &aside);
    done
}

/// Opens the database and lets nobody else in until it is closed; all of it stands in one file.
fn alone(disk: &dyn Disk, path: &Path, key: &Key) -> Result<Connection> {
    disk.len(path)?;
    let at = Place {
        disk,
        path,
        key: Some(key),
    };
    let conn = open::plain(at, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    conn.busy_timeout(PATIENCE)?;
    conn.pragma_update(None, "synchronous", "EXTRA")?;
    open::carry_log(&conn, at)?;
    let mode = |sql: &str| -> Result<String> {
        Ok(conn.query_row(sql, [], |row| row.get::<_, String>(0))?)
    };
    mode("PRAGMA journal_mode = DELETE")?;
    mode("PRAGMA locking_mode = EXCLUSIVE")?;
    conn.execute_batch("BEGIN EXCLUSIVE; COMMIT")?;
    if mode("PRAGMA journal_mode")? != "delete" {
        return Err(Error::Unsafe(ALONE));
    }
    // What was removed must not come back beside the new file.
    sync_around(disk, path)?;
    for ending in ["-wal", "-journal"] {
        match disk.len(&beside(path, ending)) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            _ => return Err(Error::Unsafe(ALONE)),
        }
    }
    Ok(conn)
}

/// A program that opened the old file just before its name went to the new one would write where nobody reads: it is told
/// that the file is none for it. Nothing may be written beside it, for the name is the new one's.
fn refuse_those_who_wait(conn: &Connection) {
    // Nothing more can be done where it is not taken: the new file is in its place.
    let _ = conn
        .query_row("PRAGMA journal_mode = OFF", [], |_| Ok(()))
        .and_then(|()| conn.pragma_update(None, "user_version", NOT_HERE));
}

fn sync_around(disk: &dyn Disk, path: &Path) -> Result<()> {
    match path.parent() {
        Some(folder) => Ok(disk.sync_folder(folder)?),
        None => Ok(()),
    }
}
