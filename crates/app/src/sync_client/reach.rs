//! How far a stream has come: what the server and the district are known to hold, and since when.

use domain::ids::{ReplicaId, ScopeId};

use crate::cx::Cx;
use crate::error::{AppError, Result};

/// How many moments at which the server took something are remembered of a stream.
const REMEMBERED: usize = 400;

/// How far one stream has come.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    server: Vec<(u64, u64)>,
    district: Vec<(u64, u64)>,
    carried: Option<(u64, u64)>,
}

impl Reach {
    /// Since when the server holds a save, in milliseconds by this computer's clock.
    pub fn server(&self, seq: u64) -> Option<u64> {
        first(&self.server, seq)
    }

    /// Since when a laptop of the district holds it.
    pub fn district(&self, seq: u64) -> Option<u64> {
        first(&self.district, seq)
    }

    /// When it was put on a stick.
    pub fn carried(&self, seq: u64) -> Option<u64> {
        self.carried
            .filter(|(up_to, _)| seq <= *up_to)
            .map(|(_, at)| at)
    }
}

/// The first moment at which a stream had come as far as `seq`.
fn first(moments: &[(u64, u64)], seq: u64) -> Option<u64> {
    moments
        .iter()
        .filter(|(up_to, _)| *up_to >= seq)
        .map(|(_, at)| *at)
        .min()
}

fn key(scope: ScopeId, replica: ReplicaId) -> String {
    format!("accepted.{scope}.{replica}")
}

/// How far a stream has come.
pub fn reach_of(cx: &Cx<'_>, scope: ScopeId, replica: ReplicaId) -> Result<Reach> {
    Ok(Reach {
        server: moments(cx, scope, replica)?,
        ..Reach::default()
    })
}

fn moments(cx: &Cx<'_>, scope: ScopeId, replica: ReplicaId) -> Result<Vec<(u64, u64)>> {
    let bytes = cx.store().meta(&key(scope, replica))?;
    Ok(bytes
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default())
}

/// Notes that the server holds a stream up to `seq` from now on.
pub fn accepted(cx: &Cx<'_>, scope: ScopeId, replica: ReplicaId, seq: u64) -> Result<()> {
    let mut known = moments(cx, scope, replica)?;
    if known.last().is_some_and(|(up_to, _)| *up_to >= seq) {
        return Ok(());
    }
    known.push((seq, cx.now_ms));
    if known.len() > REMEMBERED {
        known.remove(0);
    }
    let bytes = serde_json::to_vec(&known).map_err(|_| AppError::new("store-failed"))?;
    Ok(cx.store().set_meta(&key(scope, replica), &bytes)?)
}
