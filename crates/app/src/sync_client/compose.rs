//! What a request says.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::ScopeId;
use sync::segment;
use sync::vector::Vector;
use sync::wire::{Grant, SyncAnswer, SyncRequest};

use super::exchange::{Scopes, fixed, last_binding};
use super::{grants, keys, queries, recall, status, withheld};
use crate::cx::Cx;
use crate::error::Result;

/// Most bytes of segments in one request: half a minute of a slow link, so that a cut costs no more.
const REQUEST_BYTES: usize = 256 << 10;

/// What the next request asks.
#[derive(Debug, Default)]
pub struct Ask {
    /// It carries the whole vector.
    pub with_vector: bool,
    /// What the server says it has, when it lacks something that is here.
    pub lacks: Option<Vector>,
    /// Scopes whose older history is wanted, and below which feed number.
    pub older: BTreeMap<ScopeId, u64>,
    /// What was said of keys in this exchange.
    pub keys: keys::Told,
    /// Scopes that are to leave and of which the server has said in this exchange what it has.
    pub confirmed: BTreeSet<ScopeId>,
}

impl Ask {
    /// Takes in how far older history has come; answers whether some is still to come.
    pub fn older_left(&mut self, answer: &SyncAnswer) -> bool {
        for (scope, from) in &answer.older_from {
            match self.older.get_mut(scope) {
                Some(_) if *from <= 1 => {
                    self.older.remove(scope);
                }
                // Nothing came of what was asked: that must not go on for ever.
                Some(below) if *from >= *below => {
                    self.older.remove(scope);
                }
                Some(below) => *below = *from,
                None => {}
            }
        }
        if answer.older_from.is_empty() {
            self.older.clear();
        }
        !self.older.is_empty()
    }
}

/// The next request.
pub fn request(cx: &Cx<'_>, grant: &Grant, scopes: &Scopes, ask: &Ask) -> Result<SyncRequest> {
    let store = cx.store();
    let own = store.replica();
    let segments = match &ask.lacks {
        Some(lacks) => store.beyond(lacks, &scopes.readable, REQUEST_BYTES)?,
        None => {
            let leaving = grants::leaving(cx)?.into_iter().collect();
            let staying = scopes.sending.difference(&leaving).copied().collect();
            let mut segments = store.unsent(&staying, REQUEST_BYTES)?;
            let size: usize = segments.iter().map(Vec::len).sum();
            if size < REQUEST_BYTES {
                segments.extend(grants::not_handed_in(
                    cx,
                    &leaving,
                    &ask.confirmed,
                    REQUEST_BYTES - size,
                )?);
            }
            if segments.is_empty() {
                segments = grants::aside_for_server(cx, &scopes.readable, REQUEST_BYTES)?;
            }
            segments
        }
    };
    let mut held = store.vector(&scopes.readable)?;
    withheld::without(cx, &mut held)?;
    let mut shown = held.clone();
    // The server knows of our own streams what it has accepted and what this very request brings, and no more.
    for (scope, accepted) in store.read(|conn| queries::accepted(conn, own))? {
        if scopes.readable.contains(&scope) {
            // Less where they left this laptop with their scope and have not come back with it yet.
            shown.set(scope, own, accepted.min(held.get(scope, own)));
        }
    }
    let mut brought = 0;
    for bytes in &segments {
        let read = segment::read(bytes).map_err(store::Error::from)?;
        let header = read.header();
        if header.replica == own {
            brought += header.last_seq - header.first_seq + 1;
        }
        if header.replica == own && scopes.readable.contains(&header.scope) {
            shown.set(header.scope, own, header.last_seq);
        }
    }
    let mut vector = None;
    let claims = grants::claims(cx)?;
    let leaving = grants::leaving(cx)?;
    let unconfirmed = leaving.iter().any(|scope| !ask.confirmed.contains(scope));
    if ask.with_vector || unconfirmed {
        vector = Some(held.iter().chain(claims.iter()).collect::<Vector>());
    }
    let news = status::news(cx, brought)?;
    let says = keys::says(cx, grant, &ask.keys)?;
    Ok(SyncRequest {
        replica: own,
        epoch: fixed::<16>(cx, "epoch")?,
        counter: store.next_request()?,
        grant: grant.terms().version,
        cursors: store
            .cursors()?
            .into_iter()
            .filter(|(scope, _)| scopes.readable.contains(scope))
            .collect(),
        digest: shown.digest(),
        ends: match &vector {
            Some(vector) => store.ends(vector)?,
            None => Vec::new(),
        },
        vector,
        segments,
        last: last_binding(cx)?,
        status: news.status,
        demand: news.demand,
        list: news.list,
        older: ask.older.iter().map(|(s, below)| (*s, *below)).collect(),
        revocations: recall::owed(cx)?,
        keys: says.keys,
        wants: says.wants,
        erase: says.erase,
    })
}
