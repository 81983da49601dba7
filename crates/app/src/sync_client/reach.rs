//! How far a stream has come: what the server and other laptops are known to hold, and since when.

use std::collections::BTreeSet;

use domain::ids::{ReplicaId, ScopeId};
use sync::vector::Vector;

use super::{queries, withheld};
use crate::cx::Cx;
use crate::error::{AppError, Result};

/// How many moments at which the server took something are remembered of a stream.
const REMEMBERED: usize = 400;

/// How far one stream has come.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// Up to which save, at which moment, the first first.
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

/// How far a stream has come.
pub fn reach_of(cx: &Cx<'_>, scope: ScopeId, replica: ReplicaId) -> Result<Reach> {
    let store = cx.store();
    let mut reach = Reach {
        server: moments(cx, scope, replica)?,
        ..Reach::default()
    };
    if replica == store.replica() {
        // A server that was restored may hold less than it once said.
        let accepted = store.read(|conn| queries::accepted(conn, replica))?;
        let now = accepted.iter().find(|(of, _)| *of == scope);
        let most = now.map_or(0, |(_, seq)| *seq);
        reach.server.retain_mut(|(up_to, _)| {
            *up_to = (*up_to).min(most);
            *up_to > 0
        });
        let carried = store.carried()?.into_iter().find(|c| c.scope == scope);
        reach.carried = carried.map(|carried| (carried.seq, carried.at_ms));
    }
    let home = cx.author_here()?.home;
    let district = cx.place(home).ok().and_then(|home| home.parent);
    for (of, mark) in store.reached()? {
        if of == replica && mark.scope == scope && Some(mark.place) == district {
            reach.district.push((mark.seq, mark.at_ms));
        }
    }
    Ok(reach)
}

fn key(scope: ScopeId, replica: ReplicaId) -> String {
    format!("accepted.{scope}.{replica}")
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

fn held_key(replica: Option<ReplicaId>) -> String {
    replica.map_or_else(
        || "held.server".to_owned(),
        |replica| format!("held.{replica}"),
    )
}

/// What the server, or a laptop, is known to hold; nothing when it never said so.
pub fn held_by(cx: &Cx<'_>, replica: Option<ReplicaId>) -> Result<Vector> {
    let bytes = cx.store().meta(&held_key(replica))?;
    let listed: Vec<(ScopeId, ReplicaId, u64)> = bytes
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    Ok(listed.into_iter().collect())
}

pub(super) fn note_held(cx: &Cx<'_>, replica: Option<ReplicaId>, vector: &Vector) -> Result<()> {
    if held_by(cx, replica)? == *vector {
        return Ok(());
    }
    let listed: Vec<(ScopeId, ReplicaId, u64)> = vector.iter().collect();
    let bytes = serde_json::to_vec(&listed).map_err(|_| AppError::new("store-failed"))?;
    Ok(cx.store().set_meta(&held_key(replica), &bytes)?)
}

/// Notes what a laptop says it holds. An older bundle of it, taken in later, takes nothing back.
pub fn holds(cx: &Cx<'_>, replica: ReplicaId, vector: &Vector) -> Result<()> {
    let mut known = held_by(cx, Some(replica))?;
    for (scope, of, seq) in vector.iter() {
        known.set(scope, of, seq.max(known.get(scope, of)));
    }
    note_held(cx, Some(replica), &known)
}

/// Notes that the server holds all of these scopes that is here: an exchange has ended well. Of other scopes, which may
/// be about to leave, it is known as before.
pub fn server_holds(cx: &Cx<'_>, scopes: &BTreeSet<ScopeId>) -> Result<()> {
    let mut known = cx.store().vector(scopes)?;
    withheld::without(cx, &mut known)?;
    for (scope, replica, seq) in held_by(cx, None)?.iter() {
        if !scopes.contains(&scope) {
            known.set(scope, replica, seq);
        }
    }
    note_held(cx, None, &known)
}

/// The server was restored: what it held may be gone.
pub fn forget_server(cx: &Cx<'_>) -> Result<()> {
    note_held(cx, None, &Vector::new())
}
