//! How far the exchange that is running has come, and how people end it before its time.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use super::state::Stage;
use crate::commands::Nothing;
use crate::cx::Cx;
use crate::error::{AppError, Result};

/// The exchange that is running, as other threads see it.
#[derive(Debug, Default)]
pub struct Progress {
    stage: Mutex<Option<Stage>>,
    cancelled: AtomicBool,
}

impl Progress {
    /// What the exchange does now; none when none runs.
    pub fn stage(&self) -> Option<Stage> {
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, stage: Option<Stage>) {
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner) = stage;
    }

    /// Begins one: an earlier wish to end is forgotten.
    pub fn begin(&self) {
        self.cancelled.store(false, Ordering::SeqCst);
    }

    /// It has ended.
    pub fn end(&self) {
        self.set(None);
    }
}

impl Cx<'_> {
    /// Says what the exchange does now, and ends it here when a person wishes so: between two requests or pieces, where
    /// all that came is already safe.
    pub fn at_stage(&self, stage: Stage) -> Result<()> {
        let progress = &self.laptop.progress;
        if progress.cancelled.load(Ordering::SeqCst) {
            return Err(AppError::new("sync-cancelled"));
        }
        if progress.stage() != Some(stage) {
            progress.set(Some(stage));
            (self.changed)(&BTreeSet::new());
        }
        Ok(())
    }
}

/// Ends the exchange that is running at the next safe point. What came through stays.
pub fn cancel_sync(cx: &Cx<'_>, _: Nothing) -> Result<Nothing> {
    cx.laptop.progress.cancelled.store(true, Ordering::SeqCst);
    Ok(Nothing {})
}
