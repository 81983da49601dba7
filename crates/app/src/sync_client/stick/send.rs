//! Writing to a stick: for each group of scopes that the same laptops read, a bundle of what they may lack.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use domain::ids::{RecordId, ReplicaId, ScopeId};
use serde::{Deserialize, Serialize};
use store::Exchange;
use sync::bundle::{self, Contents, Outline, fill};
use sync::segment;
use sync::vector::Vector;
use sync::wire::{Accepted, Purpose, Receipt, Signed};

use super::folder::{BUNDLE, CARD, bundles, files, unreadable};
use super::look::{Read, open};
use super::{Counts, cards};
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::sync_client::reach::held_by;
use crate::sync_client::trust::{Recipient, Trust};
use crate::sync_client::{Stage, Step};
use crate::sync_client::{grants, keys, queries, succession};

/// All that is looked up at once.
const EVERYTHING: usize = usize::MAX;

/// Writes to a stick.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct StickSend {
    /// Where it is.
    pub path: String,
    /// Only these places; all that this laptop shares in when left out.
    #[ts(type = "Array<string> | null")]
    pub places: Option<Vec<RecordId>>,
}

/// What was written.
#[derive(Debug, Clone, Default, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct StickSent {
    /// Bundles.
    pub files: u32,
    /// Their bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Saves in them.
    pub saves: u32,
    /// Who can read them, by place; the server by its address.
    #[serde(rename = "for")]
    pub recipients: Vec<String>,
    /// Each was read back from the stick and is whole.
    pub verified: bool,
    /// Nobody is known yet who could read a bundle: this laptop's card was written, so that others can trust it.
    pub card_only: bool,
}

/// Scopes with the same readers.
struct Group {
    recipients: Vec<Recipient>,
    scopes: BTreeSet<ScopeId>,
}

/// Writes what others may lack onto a stick.
pub fn stick_send(cx: &Cx<'_>, request: StickSend) -> Result<StickSent> {
    if cx.laptop.practice {
        return Err(AppError::new("practice-never-sends"));
    }
    let Ok(_one_at_a_time) = cx.laptop.exchanging.try_lock() else {
        return Err(AppError::new("already-exchanging"));
    };
    let folder = bundles(&request.path)?;
    let mut exchange = Exchange {
        at_ms: i64::try_from(cx.now_ms).unwrap_or(0),
        kind: store::ExchangeKind::StickOut,
        ..Exchange::default()
    };
    cx.laptop.progress.begin();
    let sent = send(cx, &request, &folder);
    cx.laptop.progress.end();
    exchange.ok = sent.is_ok();
    match &sent {
        Ok(sent) => {
            exchange.sent = sent.saves;
            exchange.bytes_up = u32::try_from(sent.bytes).unwrap_or(u32::MAX);
            exchange.params = serde_json::to_string(&Counts {
                files: sent.files.to_string(),
                ..Counts::default()
            })
            .ok();
        }
        Err(error) => exchange.code = Some(error.code.clone()),
    }
    cx.store().add_exchange(&exchange)?;
    (cx.changed)(&BTreeSet::new());
    sent
}

fn send(cx: &Cx<'_>, request: &StickSend, folder: &Path) -> Result<StickSent> {
    let parent = folder.parent().unwrap_or(folder);
    // A stick that was pulled out must not become a folder of that name on the computer.
    cx.around
        .disk
        .list(parent)
        .map_err(|error| unreadable(&error))?;
    cx.around
        .disk
        .create_dir_all(folder)
        .map_err(|error| unreadable(&error))?;
    let trust = Trust::load(cx)?;
    let mut scopes = BTreeSet::new();
    let leaving = grants::leaving(cx)?;
    for scope in cx.store().scopes()? {
        // What this laptop may not read any more and could not hand in goes to those who may.
        if trust.may_read(cx, scope)? || leaving.contains(&scope) {
            scopes.insert(scope);
        }
    }
    if let Some(places) = &request.places {
        let chosen: BTreeSet<ScopeId> = places.iter().map(|place| place.as_scope()).collect();
        scopes.retain(|scope| chosen.contains(scope));
    }
    cx.store().seal(&scopes)?;
    let first = cx.store().next_bundle()?;
    let mut number = Some(first);
    let groups = groups(cx, &trust, &scopes)?;
    let mut sent = StickSent::default();
    let mut names = BTreeSet::new();
    let mut known = false;
    for (i, group) in groups.iter().enumerate() {
        known |= group.recipients.iter().any(|r| r.replica.is_some());
        write_group(cx, folder, group, groups.len() - i, &mut number, &mut sent)?;
        for recipient in &group.recipients {
            names.extend(name_of(cx, recipient)?);
        }
    }
    if !known {
        // Only while nobody else is known: a card says who works here, for everyone to read.
        let card = cards::own(cx)?;
        let bytes = card
            .to_bytes()
            .map_err(|_| AppError::new("request-invalid"))?;
        write(cx, &folder.join(format!("{}.{CARD}", name(cx)?)), &bytes)?;
    }
    sent.card_only = groups.is_empty();
    sent.recipients = names.into_iter().collect();
    sent.verified = true;
    clean(cx, request, first)?;
    Ok(sent)
}

/// Scopes by who reads them; those that nobody else reads are left out.
fn groups(cx: &Cx<'_>, trust: &Trust, scopes: &BTreeSet<ScopeId>) -> Result<Vec<Group>> {
    let mut groups: BTreeMap<Vec<[u8; 32]>, Group> = BTreeMap::new();
    for scope in scopes {
        let recipients = trust.recipients(cx, *scope)?;
        if recipients.is_empty() {
            continue;
        }
        let seals = recipients.iter().map(|recipient| recipient.seal).collect();
        groups
            .entry(seals)
            .or_insert(Group {
                recipients,
                scopes: BTreeSet::new(),
            })
            .scopes
            .insert(*scope);
    }
    Ok(groups.into_values().collect())
}

/// What every recipient is known to hold.
fn floor(cx: &Cx<'_>, group: &Group) -> Result<Vector> {
    let mut lowest: Option<Vector> = None;
    for recipient in &group.recipients {
        let held = held_by(cx, recipient.replica)?;
        lowest = Some(match lowest {
            None => held,
            Some(low) => low
                .iter()
                .map(|(scope, replica, seq)| (scope, replica, seq.min(held.get(scope, replica))))
                .collect(),
        });
    }
    Ok(lowest.unwrap_or_default())
}

/// Writes what a group's readers may lack. `groups` are still to come, with this one: as many files at least.
fn write_group(
    cx: &Cx<'_>,
    folder: &Path,
    group: &Group,
    groups: usize,
    number: &mut Option<u64>,
    sent: &mut StickSent,
) -> Result<()> {
    let store = cx.store();
    let key = store.key();
    let vector = store.vector(&group.scopes)?;
    let mut segments = store.beyond(&floor(cx, group)?, &group.scopes, EVERYTHING)?;
    let seals: Vec<[u8; 32]> = group.recipients.iter().map(|r| r.seal).collect();
    let (mut receipts, mut readers) = (receipts(cx, group)?, succession::said(cx)?);
    for scope in &group.scopes {
        readers.extend(store.readers(*scope)?);
    }
    // Snapshots first: what comes after them is nothing without them. One bundle's are in memory at a time.
    let mut bases = Vec::new();
    for scope in &group.scopes {
        bases.extend(store.base_bytes(*scope)?.map(|length| (*scope, length)));
    }
    let mut keys = keys::for_bundle(cx, &group.scopes, &group.recipients)?;
    let mut erase = keys::erasures(cx, &group.scopes)?;
    let mut parts = fill::parts(&lengths(&bases), &segments) + groups - 1;
    loop {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        // Between two files: what is written is whole, and the rest stays as it was.
        cx.at_stage(Stage {
            step: Step::StickOut,
            done: sent.files,
            total: sent.files.saturating_add(count(parts)),
            bytes: u32::try_from(sent.bytes).unwrap_or(u32::MAX),
        })?;
        parts -= 1;
        let (of_bases, of_segments) = fill::fitting(&lengths(&bases), &segments);
        let mut snapshots = Vec::with_capacity(of_bases);
        for (scope, _) in bases.drain(..of_bases) {
            if let Some(base) = store.base(scope)?
                && let Some(signed) = base.signed
            {
                snapshots.push((base.bytes, signed));
            }
        }
        let rest = segments.split_off(of_segments);
        let own = own_ends(&segments, key.replica());
        sent.saves += segments.iter().map(|bytes| saves_of(bytes)).sum::<u32>();
        let contents = Contents {
            number: match number.take() {
                Some(first) => first,
                None => store.next_bundle()?,
            },
            from: cards::own(cx)?,
            segments: std::mem::take(&mut segments),
            vector: vector.clone(),
            receipts: std::mem::take(&mut receipts),
            readers: std::mem::take(&mut readers),
            snapshots,
            keys: std::mem::take(&mut keys),
            erase: std::mem::take(&mut erase),
        };
        let bytes = bundle::pack(&key, &seals, &contents)
            .map_err(|error| AppError::new("stick-failed").with("why", super::reason(&error)))?;
        let path = folder.join(format!("{}.{BUNDLE}", name(cx)?));
        write(cx, &path, &bytes)?;
        let meant = Outline {
            sender: key.replica(),
            number: contents.number,
            recipients: Vec::new(),
            length: bytes.len(),
        };
        check(cx, &path, &meant)?;
        sent.files += 1;
        sent.bytes += bytes.len() as u64;
        for (scope, seq) in own {
            store.note_carried(scope, seq, cx.now_ms)?;
        }
        if rest.is_empty() && bases.is_empty() {
            return Ok(());
        }
        segments = rest;
    }
}

fn lengths(bases: &[(ScopeId, usize)]) -> Vec<usize> {
    bases.iter().map(|(_, length)| *length).collect()
}

fn saves_of(bytes: &[u8]) -> u32 {
    segment::read(bytes).map_or(0, |read| {
        let header = read.header();
        u32::try_from(header.last_seq - header.first_seq + 1).unwrap_or(u32::MAX)
    })
}

/// How far the own streams come in these segments.
fn own_ends(segments: &[Vec<u8>], own: ReplicaId) -> BTreeMap<ScopeId, u64> {
    let mut ends = BTreeMap::new();
    for read in segments
        .iter()
        .filter_map(|bytes| segment::read(bytes).ok())
    {
        let header = read.header();
        if header.replica == own {
            ends.insert(header.scope, header.last_seq);
        }
    }
    ends
}

/// Receipts of what others wrote and this laptop holds, and those that it carries for others.
fn receipts(cx: &Cx<'_>, group: &Group) -> Result<Vec<Signed>> {
    let store = cx.store();
    let key = store.key();
    let mut held: BTreeMap<ReplicaId, Vec<Accepted>> = BTreeMap::new();
    for scope in &group.scopes {
        for (replica, seq, hash) in store.read(|conn| queries::tips(conn, *scope))? {
            if replica != key.replica() {
                let scope = *scope;
                held.entry(replica)
                    .or_default()
                    .push(Accepted { scope, seq, hash });
            }
        }
    }
    // What is carried for others is told to those alone who read all of it.
    let mut receipts: Vec<Signed> = store
        .receipts()?
        .into_iter()
        .filter(|signed| {
            Receipt::from_bytes(&signed.body).is_ok_and(|receipt| {
                let mut of = receipt.accepted.iter();
                of.all(|accepted| group.scopes.contains(&accepted.scope))
            })
        })
        .collect();
    for (replica, accepted) in held {
        let receipt = Receipt {
            replica,
            holder: key.replica(),
            epoch: [0; 16],
            at_ms: cx.now_ms,
            accepted,
        };
        let body = receipt
            .to_bytes()
            .map_err(|_| AppError::new("request-invalid"))?;
        receipts.push(Signed::sign(&key, Purpose::Receipt, body));
    }
    Ok(receipts)
}

/// A name that says nothing.
fn name(cx: &Cx<'_>) -> Result<String> {
    let drawn = (cx.around.random)()?;
    Ok(drawn[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

/// Writes aside, flushes, renames; then reads it back.
fn write(cx: &Cx<'_>, path: &Path, bytes: &[u8]) -> Result<()> {
    let disk = &cx.around.disk;
    let written = disk.write(path, bytes);
    let back = written.and_then(|()| disk.read(path));
    match back {
        Ok(back) if back == bytes => Ok(()),
        Ok(_) => {
            tracing::warn!("a stick gave back something else than was written");
            let _ = disk.remove(path);
            Err(AppError::new("stick-failed").with("why", "damaged"))
        }
        Err(error) => Err(unreadable(&error)),
    }
}

/// Opens what lies on the stick as anybody sees it.
fn check(cx: &Cx<'_>, path: &Path, meant: &Outline) -> Result<()> {
    let bytes = cx.around.disk.read(path).map_err(|e| unreadable(&e))?;
    let lies = bundle::outline(&bytes).is_ok_and(|lies| {
        lies.sender == meant.sender && lies.number == meant.number && lies.length == meant.length
    });
    if lies {
        Ok(())
    } else {
        Err(AppError::new("stick-failed").with("why", "damaged"))
    }
}

/// Takes this laptop's own older bundles from the stick: the last two generations stay. Others' are never touched.
fn clean(cx: &Cx<'_>, request: &StickSend, first: u64) -> Result<()> {
    if request.places.is_some() {
        return Ok(());
    }
    let own_card = cards::own(cx)?;
    let mut bundles: Vec<(u64, PathBuf)> = Vec::new();
    let mut own_cards: Vec<PathBuf> = Vec::new();
    for file in files(cx, &request.path)? {
        match open(cx, &file) {
            Read::Own(outline) => bundles.push((outline.number, file.path)),
            Read::Card(signed, _) if signed.body == own_card.body => own_cards.push(file.path),
            _ => {}
        }
    }
    let before: Option<u64> = cx.meta_text(GENERATION)?.and_then(|text| text.parse().ok());
    cx.store()
        .set_meta(GENERATION, first.to_string().as_bytes())?;
    let keep_from = before.unwrap_or(first);
    let old = bundles
        .into_iter()
        .filter(|(number, _)| *number < keep_from)
        .map(|(_, path)| path);
    for path in old.chain(own_cards.into_iter().skip(1)) {
        cx.around
            .disk
            .remove(&path)
            .map_err(|error| unreadable(&error))?;
    }
    Ok(())
}

/// The first number of the last full generation stands under this name in `meta`.
const GENERATION: &str = "bundle_generation";

/// What a recipient is called to people.
fn name_of(cx: &Cx<'_>, recipient: &Recipient) -> Result<Option<String>> {
    Ok(match (&recipient.name, recipient.place) {
        (Some(name), _) => Some(name.clone()),
        (None, Some(place)) => cx.place(place).ok().map(|place| place.name),
        (None, None) => cx.meta_text("server")?,
    })
}
