//! What lies on a stick, before anything of it is taken.

use domain::ids::ReplicaId;
use serde::Serialize;
use sync::bundle::{self, BundleError, Contents, Outline};
use sync::segment;
use sync::wire::{Card, Signed};

use super::StickPath;
use super::folder::{Found, files, read};
use crate::cx::Cx;
use crate::error::Result;
use crate::sync_client::place_of_replica;
use crate::sync_client::succession::key_after;
use crate::sync_client::trust::{Trust, readers};

/// A file on a stick.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct StickFile {
    /// Its name.
    pub file: String,
    /// Who wrote it, as far as that can be seen.
    pub from: String,
    /// Where they work.
    pub place: String,
    /// Which of its laptop's bundles it is.
    pub at_number: u32,
    /// Whether it is meant for this laptop.
    pub for_us: bool,
    /// Whether it brings anything new.
    pub new: bool,
    /// Whether its laptop is known, by the server or by its card.
    pub known_sender: bool,
    /// The laptop's name in the log, when it shows its card and can be trusted by it.
    pub card: Option<String>,
    /// Saves that are new here, when it can be opened.
    pub saves: Option<u32>,
    /// Why it cannot be taken, as a code.
    pub damaged: Option<String>,
}

/// A file that was read.
pub enum Read {
    /// A laptop's card in the clear.
    Card(Box<Signed>, Card),
    /// A bundle for us.
    Bundle(Outline, Box<Contents>, Card),
    /// A bundle for others.
    Others(Outline),
    /// One of our own.
    Own(Outline),
    /// None that can be taken: why.
    Damaged(&'static str),
}

/// Reads one file.
pub fn open(cx: &Cx<'_>, file: &Found) -> Read {
    let Some(bytes) = read(cx, file) else {
        return Read::Damaged("damaged");
    };
    let key = cx.store().key();
    if file.card {
        let card = Signed::from_bytes(&bytes).and_then(|signed| {
            let card = Card::open(&signed)?;
            Ok((signed, card))
        });
        return match card {
            Ok((signed, card)) => Read::Card(Box::new(signed), card),
            Err(_) => Read::Damaged("damaged"),
        };
    }
    let outline = match bundle::outline(&bytes) {
        Ok(outline) => outline,
        Err(error) => return Read::Damaged(super::reason(&error)),
    };
    if outline.sender == key.replica() {
        return Read::Own(outline);
    }
    match bundle::open(&bytes, &key) {
        Ok(contents) => match Card::open(&contents.from) {
            Ok(card) => Read::Bundle(outline, Box::new(contents), card),
            Err(_) => Read::Damaged("signature"),
        },
        Err(BundleError::NotForUs) => Read::Others(outline),
        Err(error) => Read::Damaged(super::reason(&error)),
    }
}

/// Whether the server names a laptop as a reader of something here, or it is the server itself that enrolled this one, or the one that
/// stands in its place as `says` shows.
fn is_named(cx: &Cx<'_>, replica: ReplicaId, says: &[Signed]) -> Result<bool> {
    let server = key_after(cx, says)?;
    if server.is_some_and(|key| ReplicaId::of_key(&key) == replica) {
        return Ok(true);
    }
    for scope in cx.store().scopes()? {
        let named = readers(cx, scope)?.is_some_and(|readers| {
            let mut all = readers.readers.iter();
            all.any(|reader| ReplicaId::of_key(&reader.key) == replica)
        });
        if named {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Saves of a bundle beyond what is here.
fn new_saves(cx: &Cx<'_>, contents: &Contents) -> Result<u32> {
    let held = cx.store().vector(&cx.store().scopes()?)?;
    let mut saves = 0;
    for bytes in &contents.segments {
        if let Ok(read) = segment::read(bytes) {
            let header = read.header();
            let have = held.get(header.scope, header.replica);
            let beyond = header
                .last_seq
                .saturating_sub(have.max(header.first_seq - 1));
            saves += u32::try_from(beyond).unwrap_or(u32::MAX);
        }
    }
    Ok(saves)
}

/// What lies on a stick. This laptop's own bundles are left out.
pub fn stick_look(cx: &Cx<'_>, request: StickPath) -> Result<Vec<StickFile>> {
    let trust = Trust::load(cx)?;
    let own = cx.store().replica();
    let mut looked = Vec::new();
    for file in files(cx, &request.path)? {
        let mut seen = StickFile {
            file: file.name.clone(),
            from: String::new(),
            place: String::new(),
            at_number: 0,
            for_us: false,
            new: false,
            known_sender: false,
            card: None,
            saves: None,
            damaged: None,
        };
        match open(cx, &file) {
            Read::Own(_) => continue,
            Read::Card(_, card) => {
                let replica = ReplicaId::of_key(&card.key);
                if replica == own {
                    continue;
                }
                seen.known_sender = trust.accepts(&card) || is_named(cx, replica, &[])?;
                seen.for_us = true;
                shows(&mut seen, &card);
            }
            Read::Bundle(outline, contents, card) => {
                seen.at_number = number(outline.number);
                seen.known_sender =
                    trust.accepts(&card) || is_named(cx, outline.sender, &contents.readers)?;
                seen.for_us = true;
                let saves = new_saves(cx, &contents)?;
                let taken = cx.store().bundle_taken(outline.sender, outline.number)?;
                seen.new = saves > 0 || !taken;
                seen.saves = Some(saves);
                shows(&mut seen, &card);
            }
            Read::Others(outline) => {
                seen.at_number = number(outline.number);
                seen.known_sender =
                    trust.card(outline.sender).is_some() || is_named(cx, outline.sender, &[])?;
                if let Some(card) = trust.card(outline.sender) {
                    seen.from.clone_from(&card.person.name);
                    seen.place.clone_from(&card.place.name);
                } else {
                    seen.place = place_of_replica(cx, outline.sender)?.unwrap_or_default();
                }
            }
            Read::Damaged(reason) => seen.damaged = Some(reason.to_owned()),
        }
        looked.push(seen);
    }
    Ok(looked)
}

fn shows(seen: &mut StickFile, card: &Card) {
    seen.from.clone_from(&card.person.name);
    seen.place.clone_from(&card.place.name);
    seen.card = Some(ReplicaId::of_key(&card.key).to_string());
}

fn number(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
