//! The examination of everything that is stored.

use std::collections::HashMap;

use domain::ids::{ReplicaId, ScopeId};
use serde::Serialize;
use sync::segment;

use crate::error::{Error, Result};
use crate::intake::key_brought;
use crate::own;
use crate::projection::{self, Opened};
use crate::server::identity;
use crate::storage::Database;
use crate::storage::rows::{Counts, SegmentRow};
use crate::storage::tx::Tx;

mod statements;

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// In which scope.
    pub scope: ScopeId,
    /// In whose stream, where it concerns one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replica: Option<ReplicaId>,
    /// At which feed number, where it concerns a segment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feed_no: Option<u64>,
    /// What is wrong.
    pub what: String,
}

/// What an examination found. Identifiers and numbers only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Nothing is wrong.
    pub ok: bool,
    /// What the database engine says about its file.
    pub integrity: Vec<String>,
    /// Scopes that hold segments.
    pub scopes: usize,
    /// Segments examined.
    pub segments: u64,
    /// Records compared.
    pub records: u64,
    /// Values in fields that hold several.
    pub heads: u64,
    /// Saves that wait for others to arrive.
    pub waiting: u64,
    /// Segments in quarantine.
    pub quarantined: u64,
    /// What is wrong with segments, streams and records.
    pub faults: Vec<Fault>,
}

/// Examines what `tx` sees: the file; each segment's frame, signature, chain and number; each stream's frontier;
/// the projection, against one made anew from the segments; and what stands beside the log.
pub(crate) fn check(tx: &dyn Tx) -> Result<Report> {
    let integrity = tx.integrity()?;
    let Counts {
        segments,
        records,
        heads,
        waiting,
        quarantined,
    } = tx.counts()?;
    let scopes = tx.scopes()?;
    let mut faults = Vec::new();
    let scratch = Database::scratch()?;
    for scope in &scopes {
        check_segments(tx, *scope, &mut faults)?;
        scratch.write(|anew| check_projection(tx, anew, *scope, &mut faults))?;
    }
    statements::check(tx, &mut faults)?;
    Ok(Report {
        ok: integrity.is_empty() && faults.is_empty(),
        integrity,
        scopes: scopes.len(),
        segments,
        records,
        heads,
        waiting,
        quarantined,
        faults,
    })
}

fn check_segments(tx: &dyn Tx, scope: ScopeId, faults: &mut Vec<Fault>) -> Result<()> {
    let identity = identity(tx)?;
    let mut keys: HashMap<ReplicaId, Option<[u8; 32]>> = HashMap::new();
    for secret in std::iter::once(&identity.secret).chain(identity.past_secrets()) {
        keys.extend(own::all(secret).map(|(replica, key)| (replica, Some(key))));
    }
    let mut tips: HashMap<ReplicaId, (u64, segment::Hash)> = HashMap::new();
    let mut feed_no = 0;
    for line in tx.feed(scope, 0)? {
        let fault = |what: &str| Fault {
            scope,
            replica: Some(line.replica),
            feed_no: Some(line.feed_no),
            what: what.to_owned(),
        };
        feed_no += 1;
        if line.feed_no != feed_no {
            faults.push(fault("a feed number is missing before it"));
            feed_no = line.feed_no;
        }
        let Some(row) = tx.segment(scope, line.feed_no)? else {
            continue;
        };
        let key = match keys.get(&row.replica) {
            Some(key) => *key,
            None => {
                let key = match tx.replica(row.replica)? {
                    Some(replica) => Some(replica.key),
                    // A person has let its work in though nobody knows it any more.
                    None => key_brought(tx, scope, row.replica)?,
                };
                keys.insert(row.replica, key);
                key
            }
        };
        if let Some(what) = fault_of(scope, &row, key, tips.get(&row.replica).copied()) {
            faults.push(fault(what));
        }
        tips.insert(row.replica, (row.last_seq, row.hash));
    }
    if feed_no != tx.feed_no(scope)? {
        let what = "the last feed numbers are missing".to_owned();
        faults.push(Fault {
            scope,
            replica: None,
            feed_no: None,
            what,
        });
    }
    for stream in tx.streams(scope)? {
        if tips.get(&stream.replica) != Some(&(stream.last_seq, stream.hash)) {
            let what = "the stream's frontier is not its last segment".to_owned();
            faults.push(Fault {
                scope,
                replica: Some(stream.replica),
                feed_no: None,
                what,
            });
        }
    }
    Ok(())
}

fn fault_of(
    scope: ScopeId,
    row: &SegmentRow,
    key: Option<[u8; 32]>,
    tip: Option<(u64, segment::Hash)>,
) -> Option<&'static str> {
    let Ok(segment) = segment::read(&row.bytes) else {
        return Some("not a whole segment");
    };
    let header = segment.header();
    let (last_seq, hash) = tip.unwrap_or((0, [0; 32]));
    if segment.hash() != row.hash {
        return Some("its hash is another");
    }
    let as_stored = (scope, row.replica, row.first_seq, row.last_seq, row.prev);
    let as_sealed = (
        header.scope,
        header.replica,
        header.first_seq,
        header.last_seq,
        header.prev,
    );
    if as_stored != as_sealed {
        return Some("its header says otherwise than its row");
    }
    if header.first_seq != last_seq + 1 || header.prev != hash {
        return Some("it does not continue its stream");
    }
    if key.is_none_or(|key| segment.verify(&key).is_err()) {
        return Some("it is not signed by its replica");
    }
    match segment.saves() {
        Ok(_) | Err(segment::SegmentError::NewerFormat) => None,
        Err(_) => Some("its saves do not open"),
    }
}

fn check_projection(
    tx: &dyn Tx,
    anew: &dyn Tx,
    scope: ScopeId,
    faults: &mut Vec<Fault>,
) -> Result<()> {
    for line in tx.feed(scope, 0)? {
        if let Some(row) = tx.segment(scope, line.feed_no)? {
            anew.append_segment(scope, &row)?;
        }
    }
    projection::settle(anew, scope, &mut Opened::new())?;
    let fault = |what: String| Fault {
        scope,
        replica: None,
        feed_no: None,
        what,
    };
    let (stored, rebuilt) = (tx.records(scope)?, anew.records(scope)?);
    for (kind, id) in &stored {
        let (as_stored, as_made) = (
            tx.record(scope, *kind, *id)?,
            anew.record(scope, *kind, *id)?,
        );
        let alike = match (&as_stored, &as_made) {
            (Some(one), Some(other)) => one.is_like(other),
            _ => false,
        };
        if !alike {
            faults.push(fault(format!(
                "record {id} of kind {kind} is not what the log says"
            )));
        }
    }
    for (kind, id) in rebuilt
        .iter()
        .filter(|record| stored.binary_search(record).is_err())
    {
        faults.push(fault(format!("record {id} of kind {kind} is missing")));
    }
    let applied = |tx: &dyn Tx| {
        let streams = tx.streams(scope)?.into_iter();
        Ok::<_, Error>(
            streams
                .map(|s| (s.replica, s.applied_seq))
                .collect::<Vec<_>>(),
        )
    };
    if applied(tx)? != applied(anew)? {
        faults.push(fault(
            "saves are not applied as far as they could be".to_owned(),
        ));
    }
    // One scope at a time lies in the scratch database.
    anew.forget_scope(scope)?;
    Ok(())
}
