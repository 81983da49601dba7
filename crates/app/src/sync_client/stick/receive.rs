//! Taking in what lies on a stick, in any order, any number of times.

use std::collections::BTreeSet;

use domain::ids::{RecordId, ReplicaId, ScopeId};
use serde::{Deserialize, Serialize};
use store::Exchange;
use sync::bundle::Contents;
use sync::snapshot;
use sync::wire::{Purpose, Reached, Readers, Receipt, Signed};

use super::Counts;
use super::folder::{Found, files};
use super::look::{Read, open};
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::records::many_removed;
use crate::sync_client::aside::{self, Received};
use crate::sync_client::snapshots::forget_parts;
use crate::sync_client::succession::{self, server_key};
use crate::sync_client::trust::{Trust, readers};
use crate::sync_client::{Stage, Step};
use crate::sync_client::{keys, reach};

/// Takes from a stick.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct StickReceive {
    /// Where it is.
    pub path: String,
    /// Laptops whose card the person here accepts from now on, by their names in the log.
    pub trust: Vec<String>,
}

/// A file that was not taken.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct DamagedFile {
    /// Its name.
    pub file: String,
    /// Why, as a code.
    pub reason: String,
}

/// What a stick brought.
#[derive(Debug, Clone, Default, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct StickReceived {
    /// Bundles that were taken in.
    pub files: u32,
    /// Saves that are new here.
    pub saves_new: u32,
    /// Saves that were here.
    pub saves_known: u32,
    /// Bundles for others: to be carried on.
    pub not_for_us: u32,
    /// Files that were not taken.
    pub damaged: Vec<DamagedFile>,
    /// Receipts for what was saved here.
    pub receipts: u32,
    /// Questions that it raised: fields of which people's values differ now.
    pub conflicts: u32,
    /// Saves that were put aside.
    pub aside: u32,
    /// Cards that were accepted.
    pub trusted: u32,
    /// Another server stands in the place of the one that was known here.
    pub successor: bool,
}

/// Takes in what a stick brings.
pub fn stick_receive(cx: &Cx<'_>, request: StickReceive) -> Result<StickReceived> {
    if cx.laptop.practice {
        return Err(AppError::new("practice-never-sends"));
    }
    let Ok(_one_at_a_time) = cx.laptop.exchanging.try_lock() else {
        return Err(AppError::new("already-exchanging"));
    };
    let mut exchange = Exchange {
        at_ms: i64::try_from(cx.now_ms).unwrap_or(0),
        kind: store::ExchangeKind::StickIn,
        ..Exchange::default()
    };
    let mut bytes = 0;
    let known = cx.store().scopes()?;
    // Not what was applied before: when this laptop was put back, for instance.
    cx.store().others_removed();
    let mut got = StickReceived::default();
    cx.laptop.progress.begin();
    let ended = receive(cx, &request, &mut got, &mut bytes);
    cx.laptop.progress.end();
    exchange.ok = ended.is_ok();
    exchange.received = got.saves_new;
    exchange.bytes_down = u32::try_from(bytes).unwrap_or(u32::MAX);
    let removed = many_removed(cx, &known)?;
    match &ended {
        Ok(()) => {
            exchange.params = serde_json::to_string(&Counts {
                files: got.files.to_string(),
                not_for_us: got.not_for_us.to_string(),
                damaged: got.damaged.len().to_string(),
                receipts: got.receipts.to_string(),
                successor: got.successor.then(|| "1".to_owned()),
                removed: (removed > 0).then(|| removed.to_string()),
            })
            .ok();
        }
        Err(error) => exchange.code = Some(error.code.clone()),
    }
    cx.store().add_exchange(&exchange)?;
    (cx.changed)(&BTreeSet::new());
    ended.map(|()| got)
}

fn receive(
    cx: &Cx<'_>,
    request: &StickReceive,
    got: &mut StickReceived,
    bytes: &mut u64,
) -> Result<()> {
    let wanted: BTreeSet<&str> = request.trust.iter().map(String::as_str).collect();
    let found = files(cx, &request.path)?;
    let before = cx.questions()?;
    let mut taken_in: Vec<(ReplicaId, u64)> = Vec::new();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let stage = |done: usize, bytes: u64| Stage {
        step: Step::StickIn,
        done: count(done),
        total: count(found.len()),
        bytes: u32::try_from(bytes).unwrap_or(u32::MAX),
    };
    let mut with_snapshots: Vec<&Found> = Vec::new();
    // Cards first, whatever the order of names: what follows is judged by them.
    for file in &found {
        cx.at_stage(stage(0, 0))?;
        let (signed, card) = match open(cx, file) {
            Read::Card(signed, card) => (*signed, card),
            Read::Bundle(_, contents, card) => {
                got.successor |= succession::follow(cx, &contents.readers)?;
                if !contents.snapshots.is_empty() {
                    with_snapshots.push(file);
                }
                (contents.from, card)
            }
            _ => continue,
        };
        let replica = ReplicaId::of_key(&card.key);
        let accepted = Trust::load(cx)?.accepts(&card);
        if wanted.contains(replica.to_string().as_str()) || accepted {
            cx.store().trust(&signed, cx.now_ms)?;
            got.trusted += u32::from(!accepted);
        }
    }
    // Then snapshots: a scope of which anything is here already takes none, and what comes after one may lie in another file.
    for file in with_snapshots {
        cx.at_stage(stage(0, *bytes))?;
        if let Read::Bundle(_, contents, _) = open(cx, file) {
            statements(cx, &contents)?;
            load_snapshots(cx, &Trust::load(cx)?, &contents)?;
        }
    }
    let mut ended = Ok(());
    for (i, file) in found.iter().enumerate() {
        ended = cx.at_stage(stage(i, *bytes));
        if ended.is_err() {
            // Stopped between two files: what was taken in stays.
            break;
        }
        take_file(cx, file, got, bytes, &mut taken_in)?;
    }
    got.saves_new += aside::try_again(cx)?;
    for (sender, number) in taken_in {
        cx.store().note_bundle(sender, number, cx.now_ms)?;
    }
    let lies = cx.store().aside()?;
    let aside: u64 = lies
        .iter()
        .map(|one| one.last_seq - one.first_seq + 1)
        .sum();
    got.aside = u32::try_from(aside).unwrap_or(u32::MAX);
    got.conflicts = cx.questions()?.saturating_sub(before);
    ended
}

fn take_file(
    cx: &Cx<'_>,
    file: &Found,
    got: &mut StickReceived,
    bytes: &mut u64,
    taken_in: &mut Vec<(ReplicaId, u64)>,
) -> Result<()> {
    match open(cx, file) {
        Read::Own(_) | Read::Card(..) => {}
        Read::Others(_) => got.not_for_us += 1,
        Read::Damaged(reason) => got.damaged.push(DamagedFile {
            file: file.name.clone(),
            reason: reason.to_owned(),
        }),
        Read::Bundle(outline, contents, _) => {
            *bytes += outline.length as u64;
            let unreadable = take_contents(cx, &contents, outline.sender, got)?;
            if unreadable > 0 {
                got.damaged.push(DamagedFile {
                    file: file.name.clone(),
                    reason: "damaged".to_owned(),
                });
            }
            got.files += 1;
            taken_in.push((outline.sender, outline.number));
        }
    }
    Ok(())
}

fn take_contents(
    cx: &Cx<'_>,
    contents: &Contents,
    sender: ReplicaId,
    got: &mut StickReceived,
) -> Result<u32> {
    statements(cx, contents)?;
    let trust = Trust::load(cx)?;
    load_snapshots(cx, &trust, contents)?;
    // As in an exchange: what broke off before it was applied does not come again.
    let mut touched: BTreeSet<ScopeId> = cx.store().behind()?.into_iter().collect();
    let mut unreadable = 0;
    for bytes in &contents.segments {
        match aside::receive(cx, &trust, bytes, sender, &mut touched)? {
            Received::New(saves) => got.saves_new += saves,
            Received::Known(saves) => got.saves_known += saves,
            Received::Aside => {}
            Received::Unreadable => unreadable += 1,
        }
    }
    let mut changed = BTreeSet::new();
    for scope in &touched {
        changed.extend(cx.store().apply(*scope, cx.now_ms)?.1);
    }
    if !changed.is_empty() {
        (cx.changed)(&changed);
    }
    keys::received(cx, &trust, contents, sender)?;
    for signed in &contents.receipts {
        got.receipts += u32::from(receipt(cx, &trust, signed)?);
    }
    // What the sender holds from now on, so that the next bundle for it is no larger than it must be.
    reach::holds(cx, sender, &contents.vector)?;
    Ok(unreadable)
}

/// Who reads what, by the server's word.
fn statements(cx: &Cx<'_>, contents: &Contents) -> Result<()> {
    let Some(server_key) = server_key(cx)? else {
        return Ok(());
    };
    for signed in &contents.readers {
        let genuine = signed.verify(&server_key, Purpose::Readers).is_ok();
        if let Some(said) = genuine
            .then(|| Readers::from_bytes(&signed.body).ok())
            .flatten()
        {
            cx.store().put_readers(signed)?;
            succession::let_go(cx, said.scope)?;
        }
    }
    Ok(())
}

/// Snapshots that the server vouches for, of scopes that are new here.
fn load_snapshots(cx: &Cx<'_>, trust: &Trust, contents: &Contents) -> Result<()> {
    let Some(server_key) = server_key(cx)? else {
        return Ok(());
    };
    for (bytes, signed) in &contents.snapshots {
        let vouched = signed.verify(&server_key, Purpose::Snapshot).is_ok()
            && signed.body == snapshot::hash(bytes);
        let Ok(read) = snapshot::read(bytes) else {
            continue;
        };
        let here = cx.store().vector(&BTreeSet::from([read.scope]))?;
        if !vouched || !here.is_empty() || !trust.may_read(cx, read.scope)? {
            continue;
        }
        match cx.store().load_snapshot(&read, bytes, cx.now_ms) {
            Ok(changed) => {
                cx.store().sign_base(read.scope, signed)?;
                forget_parts(cx, Some(read.scope))?;
                (cx.changed)(&changed);
            }
            Err(store::Error::Stale | store::Error::Forked) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Ok(())
}

/// A receipt: of the server it is as good as its own answer; of a laptop it says what that laptop holds. One for
/// somebody else is carried on. Answers whether it told something about what was saved here.
fn receipt(cx: &Cx<'_>, trust: &Trust, signed: &Signed) -> Result<bool> {
    let Ok(receipt) = Receipt::from_bytes(&signed.body) else {
        return Ok(false);
    };
    let by_server = match server_key(cx)? {
        Some(key) => signed.verify(&key, Purpose::Receipt).is_ok(),
        None => false,
    };
    let own = cx.store().replica();
    if by_server {
        if cx.store().meta("epoch")?.as_deref() != Some(receipt.epoch.as_slice()) {
            return Ok(false);
        }
        if receipt.replica != own {
            cx.store().keep_receipt(signed)?;
            return Ok(false);
        }
        let mut told = false;
        for accepted in &receipt.accepted {
            if cx
                .store()
                .accept(accepted.scope, accepted.seq, &accepted.hash)?
            {
                reach::accepted(cx, accepted.scope, own, accepted.seq)?;
                told = true;
            }
        }
        return Ok(told);
    }
    let Some((key, place)) = holder(cx, trust, &receipt)? else {
        return Ok(false);
    };
    if signed.verify(&key, Purpose::Receipt).is_err() {
        return Ok(false);
    }
    if receipt.replica != own {
        cx.store().keep_receipt(signed)?;
        return Ok(false);
    }
    let marks: Vec<Reached> = receipt
        .accepted
        .iter()
        .map(|accepted| Reached {
            scope: accepted.scope,
            place,
            seq: accepted.seq,
            at_ms: cx.now_ms,
        })
        .collect();
    cx.store().note_reached(&marks)?;
    Ok(!marks.is_empty())
}

/// The key and the place of whoever signed a receipt, as far as they are known.
fn holder(cx: &Cx<'_>, trust: &Trust, receipt: &Receipt) -> Result<Option<([u8; 32], RecordId)>> {
    if let Some(card) = trust.card(receipt.holder) {
        return Ok(Some((card.key, card.place.id)));
    }
    for accepted in &receipt.accepted {
        let known = readers(cx, accepted.scope)?.and_then(|readers| {
            let mut all = readers.readers.into_iter();
            all.find(|reader| ReplicaId::of_key(&reader.key) == receipt.holder)
        });
        if let Some(reader) = known {
            return Ok(Some((reader.key, reader.place)));
        }
    }
    Ok(None)
}
