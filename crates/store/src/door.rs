//! The connection that writes, and the transactions on it. A thread that is in one already joins it, so that what belongs together
//! can be written by parts that know nothing of each other: all of it is there afterwards, or nothing.

use std::cell::{Cell, RefCell};

use parking_lot::{ReentrantMutex, ReentrantMutexGuard};
use rusqlite::Connection;

use crate::error::{Error, Result};

/// The connection that writes, for one thread at a time.
pub(crate) struct Door(ReentrantMutex<Writing>);

/// What stands behind the door.
pub(crate) struct Writing {
    pub conn: RefCell<Connection>,
    /// How many transactions have begun and not ended, each in the one before.
    depth: Cell<u32>,
    /// How many of them whoever reads in this thread takes part in.
    joint: Cell<u32>,
    /// Whether the write-ahead log is to be emptied when the transaction has ended.
    sweep: Cell<bool>,
}

/// Whoever went in.
pub(crate) type Inside<'a> = ReentrantMutexGuard<'a, Writing>;

impl Door {
    pub fn new(conn: Connection) -> Self {
        Self(ReentrantMutex::new(Writing {
            conn: RefCell::new(conn),
            depth: Cell::new(0),
            joint: Cell::new(0),
            sweep: Cell::new(false),
        }))
    }

    /// Waits until no other thread writes.
    pub fn enter(&self) -> Inside<'_> {
        self.0.lock()
    }

    /// The same for what can be no part of another transaction: it could not be taken back with that.
    pub fn enter_alone(&self) -> Result<Inside<'_>> {
        let inside = self.enter();
        match inside.depth.get() {
            0 => Ok(inside),
            _ => Err(Error::Joined),
        }
    }

    /// The transaction in which this thread reads as well as writes, when it is in one.
    pub fn joined(&self) -> Option<Inside<'_>> {
        let own = self.0.is_owned_by_current_thread();
        let inside = own.then(|| self.enter())?;
        (inside.joint.get() > 0).then_some(inside)
    }
}

impl Writing {
    /// Empties the write-ahead log; inside of a transaction, once that has been committed ([`Writing::ended`]).
    pub fn sweep(&self) -> Result<()> {
        if self.depth.get() > 0 {
            self.sweep.set(true);
            return Ok(());
        }
        self.sweep.set(false);
        let conn = self.conn.borrow();
        Ok(conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
    }

    /// A transaction has ended.
    pub fn ended(&self) -> Result<()> {
        match self.sweep.get() && self.depth.get() == 0 {
            true => self.sweep(),
            false => Ok(()),
        }
    }

    /// From here on this thread reads what it has written, until what this answers is dropped.
    pub fn join(&self) -> Joint<'_> {
        self.joint.set(self.joint.get() + 1);
        Joint(&self.joint)
    }
}

/// [`Writing::join`].
pub(crate) struct Joint<'w>(&'w Cell<u32>);

impl Drop for Joint<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

/// A transaction, or a part of the one that this thread is in.
pub(crate) struct Step<'c> {
    conn: &'c Connection,
    depth: &'c Cell<u32>,
    open: bool,
}

impl<'c> Step<'c> {
    /// Begins on the connection, which is that of `at`.
    pub fn begin(at: &'c Writing, conn: &'c Connection) -> Result<Self> {
        let begin = match (at.depth.get(), conn.is_autocommit()) {
            (0, _) => "BEGIN IMMEDIATE",
            (_, false) => "SAVEPOINT step",
            // The engine has taken the whole of it back: what comes now must not stand alone.
            (_, true) => return Err(Error::Joined),
        };
        conn.prepare_cached(begin)?.execute([])?;
        at.depth.set(at.depth.get() + 1);
        Ok(Self {
            conn,
            depth: &at.depth,
            open: true,
        })
    }

    pub fn conn(&self) -> &'c Connection {
        self.conn
    }

    /// Ends it. Of a whole transaction nothing is lost from here on by a power cut.
    pub fn commit(mut self) -> Result<()> {
        let end = match self.depth.get() {
            1 => "COMMIT",
            _ => "RELEASE step",
        };
        self.conn.prepare_cached(end)?.execute([])?;
        self.open = false;
        Ok(())
    }
}

impl Drop for Step<'_> {
    fn drop(&mut self) {
        let depth = self.depth.get();
        self.depth.set(depth - 1);
        if self.open && !self.conn.is_autocommit() {
            let back = match depth {
                1 => "ROLLBACK",
                _ => "ROLLBACK TO step; RELEASE step",
            };
            // What cannot be taken back now is when the connection closes.
            let _ = self.conn.execute_batch(back);
        }
    }
}
