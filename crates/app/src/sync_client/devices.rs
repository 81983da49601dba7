//! Who has not synced: laptops of places below, as the server last heard of them.

use std::collections::BTreeSet;

use domain::ids::{RecordId, ReplicaId};
use serde::Serialize;
use sync::wire::PeerState;

use super::trust::readers;
use crate::commands::Nothing;
use crate::cx::Cx;
use crate::error::Result;

/// A laptop that was not heard of for so many days is late.
const LATE_DAYS: u64 = 14;
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// How long ago a laptop was heard of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Lateness {
    /// No laptop of this place was ever heard of.
    Never,
    /// Two weeks ago or longer.
    Late,
    /// In the last two weeks.
    Fresh,
}

/// A laptop of a place below, or a place without one.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Device {
    /// Its name in the log; none for a place of which no laptop was ever heard.
    pub replica: Option<String>,
    /// Where it works.
    #[ts(type = "string")]
    pub place: RecordId,
    /// What the place is called.
    pub place_name: String,
    /// Who works with it, a role's word; empty when never heard of.
    pub role: String,
    /// Its last contact with the server, ISO local time.
    pub last_seen: Option<String>,
    /// How many days ago.
    pub days: Option<u32>,
    /// Saves that it had not sent, as it said then.
    pub waiting: u32,
    /// Its app's version, when it said so.
    pub version: Option<String>,
    /// How long ago that is, in a word.
    pub level: Lateness,
}

/// Who has not synced, the latest first.
pub fn devices(cx: &Cx<'_>, _: Nothing) -> Result<Vec<Device>> {
    let mut known = Vec::new();
    for peer in cx.store().devices()? {
        if is_awaited(cx, &peer)? {
            known.push(peer);
        }
    }
    let server_now = cx.now_ms.saturating_add_signed(cx.store().clock_offset()?);
    let offset = cx.store().clock_offset()?;
    let mut all = Vec::new();
    for peer in &known {
        let days = server_now.saturating_sub(peer.last_ms) / DAY_MS;
        all.push(Device {
            replica: Some(peer.replica.to_string()),
            place: peer.place,
            place_name: cx
                .place(peer.place)
                .map_or_else(|_| peer.place_name.clone(), |place| place.name),
            role: peer.role.clone(),
            last_seen: Some(cx.stamp(peer.last_ms.saturating_add_signed(offset.saturating_neg()))),
            days: Some(u32::try_from(days).unwrap_or(u32::MAX)),
            waiting: u32::try_from(peer.waiting).unwrap_or(u32::MAX),
            version: Some(peer.version.clone()).filter(|version| !version.is_empty()),
            level: if days >= LATE_DAYS {
                Lateness::Late
            } else {
                Lateness::Fresh
            },
        });
    }
    let with_laptop: BTreeSet<RecordId> = known.iter().map(|peer| peer.place).collect();
    for place in cx.member_places()?.into_iter().skip(1) {
        if place.level == "facility" && !with_laptop.contains(&place.id) {
            all.push(Device {
                replica: None,
                place: place.id,
                place_name: place.name,
                role: String::new(),
                last_seen: None,
                days: None,
                waiting: 0,
                version: None,
                level: Lateness::Never,
            });
        }
    }
    all.sort_by(|a, b| {
        (a.level, std::cmp::Reverse(a.days), &a.place_name).cmp(&(
            b.level,
            std::cmp::Reverse(b.days),
            &b.place_name,
        ))
    });
    Ok(all)
}

/// Whether somebody here waits for a laptop: not for one that the server no longer believes, nor for one whose place has
/// another coach now.
fn is_awaited(cx: &Cx<'_>, peer: &PeerState) -> Result<bool> {
    let scope = peer.place.as_scope();
    let gone = readers(cx, scope)?.is_some_and(|readers| {
        let mut revoked = readers.revoked.iter();
        revoked.any(|one| one.replica == peer.replica)
    });
    let role = cx.author()?.role;
    let ours = role.looks_on() || cx.grant()?.is_none_or(|grant| grant.may_read(scope));
    Ok(ours && !gone)
}

/// Where a laptop works, as the server last heard of it.
pub fn place_of(cx: &Cx<'_>, replica: ReplicaId) -> Result<Option<RecordId>> {
    let known = cx.store().devices()?;
    Ok(known
        .iter()
        .find(|peer| peer.replica == replica)
        .map(|peer| peer.place))
}
