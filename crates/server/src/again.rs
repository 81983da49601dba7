//! A second past that was kept aside, saved again by the server once a person answers for it: its numbers are taken, so it
//! cannot go on its own stream. Authors, days and reasons stay.

use std::collections::HashMap;

use domain::ids::ReplicaId;
use sync::clock::Hlc;
use sync::log::Save;
use sync::segment::{self, Segment};

use crate::error::{Error, Result};
use crate::own;
use crate::storage::rows::Identity;
use crate::storage::tx::Tx;

/// Under this reason quarantine keeps what was saved again: whoever brings it once more does not make it twice.
pub(crate) const AGAIN: &str = "again";

/// What quarantine keeps of a segment's stream that was saved again.
fn saved_again(tx: &dyn Tx, segment: &Segment) -> Result<Vec<Segment>> {
    let header = segment.header();
    let rows = tx.quarantined_of(header.scope, header.replica)?;
    let again = rows.iter().filter(|row| row.reason == AGAIN);
    Ok(again
        .filter_map(|row| segment::read(&row.bytes).ok())
        .collect())
}

/// Whether a segment goes on from one that was saved again.
pub(crate) fn goes_on(tx: &dyn Tx, segment: &Segment) -> Result<bool> {
    let before = saved_again(tx, segment)?;
    Ok(before.iter().any(|one| one.hash() == segment.header().prev))
}

/// Saves again what a segment says and does not stand in its scope yet.
///
/// # Errors
/// [`Error::NotReleased`] when it does not open.
pub(crate) fn save_again(
    tx: &dyn Tx,
    identity: &Identity,
    segment: &Segment,
    now: u64,
) -> Result<()> {
    let header = segment.header();
    let saves = segment
        .saves()
        .map_err(|_| Error::NotReleased("its saves do not open"))?;
    let standing = standing(tx, segment)?;
    let twin = |save: &Save| {
        let known = standing.get(&save.hlc)?;
        let found = known.iter().find(|(.., other)| save.is_again(other))?;
        Some((found.0, found.1))
    };
    // Where this past begins, and under which names it stands now.
    let before = saved_again(tx, segment)?;
    let mut names = HashMap::new();
    let (mut first, mut prev) = (header.first_seq, header.prev);
    while let Some(one) = before.iter().find(|one| one.hash() == prev) {
        (first, prev) = (one.header().first_seq, one.header().prev);
        for (seq, save) in (first..).zip(one.saves().unwrap_or_default()) {
            names.extend(twin(&save).map(|name| (seq, name)));
        }
    }
    let writer = own::writer(&identity.secret, &identity.epoch).replica();
    let stream = tx.stream(header.scope, writer)?;
    let mut next = stream.map_or(0, |stream| stream.last_seq) + 1;
    let mut again = Vec::new();
    for (seq, mut save) in (header.first_seq..).zip(saves) {
        if let Some(name) = twin(&save) {
            names.insert(seq, name);
            continue;
        }
        for change in &mut save.changes {
            change.seen.retain_mut(|dot| {
                if dot.replica != header.replica || dot.seq < first {
                    return true;
                }
                // What it names and nobody knows stays unnamed: it may be asked about once more, and hides nothing.
                let name = names.get(&dot.seq);
                if let Some((replica, seq)) = name {
                    (dot.replica, dot.seq) = (*replica, *seq);
                }
                name.is_some()
            });
        }
        save.grant = 0;
        names.insert(seq, (writer, next));
        next += 1;
        again.push(save);
    }
    if !again.is_empty() {
        own::append(tx, identity, header.scope, &again, now)?;
    }
    tx.mark_quarantined(header.scope, header.replica, &segment.hash(), AGAIN)?;
    Ok(())
}

/// Saves by their stamps, with the stream and the number of each.
type Standing = HashMap<Hlc, Vec<(ReplicaId, u64, Save)>>;

/// The saves of all other streams of a segment's scope.
fn standing(tx: &dyn Tx, segment: &Segment) -> Result<Standing> {
    let header = segment.header();
    let mut standing = Standing::new();
    for row in tx.feed(header.scope, 0)? {
        if row.replica == header.replica {
            continue;
        }
        let Some(stored) = tx.segment(header.scope, row.feed_no)? else {
            continue;
        };
        let Ok(read) = segment::read(&stored.bytes) else {
            continue;
        };
        for (seq, save) in (read.header().first_seq..).zip(read.saves().unwrap_or_default()) {
            standing
                .entry(save.hlc)
                .or_default()
                .push((row.replica, seq, save));
        }
    }
    Ok(standing)
}
