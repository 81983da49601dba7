//! Cards: how laptops come to know each other without any server.

use domain::ids::{RecordId, ReplicaId};
use serde::{Deserialize, Serialize};
use sync::wire::{self, EnrolPerson, EnrolPlace, Signed};

use crate::commands::Nothing;
use crate::cx::Cx;
use crate::error::{AppError, Result};

/// A laptop that the person here trusts.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Card {
    /// Its name in the log.
    pub replica: String,
    /// Who works with it.
    pub person: String,
    /// Where.
    pub place: String,
    /// Since when it is trusted, ISO local time.
    pub since: String,
}

/// Trusts a laptop no longer.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct ForgetCard {
    /// Its name in the log.
    pub replica: String,
}

/// The laptops that the person here trusts.
pub fn cards(cx: &Cx<'_>, _: Nothing) -> Result<Vec<Card>> {
    let peers = cx.store().peers()?;
    let cards = peers.into_iter().map(|peer| Card {
        replica: ReplicaId::of_key(&peer.card.key).to_string(),
        person: peer.card.person.name,
        place: peer.card.place.name,
        since: cx.stamp(peer.since_ms),
    });
    Ok(cards.collect())
}

/// Trusts a laptop no longer. What it brought stays.
pub fn forget_card(cx: &Cx<'_>, request: ForgetCard) -> Result<Nothing> {
    let replica: ReplicaId = request
        .replica
        .parse()
        .map_err(|_| AppError::new("request-invalid"))?;
    cx.store().forget_peer(replica)?;
    (cx.changed)(&std::collections::BTreeSet::new());
    Ok(Nothing {})
}

/// This laptop's own card.
pub fn own(cx: &Cx<'_>) -> Result<Signed> {
    let author = cx.author_here()?;
    let home = cx.place(author.home)?;
    let key = cx.store().key();
    let card = wire::Card {
        key: key.public(),
        seal: key.seal_public(),
        role: author.role.word().to_owned(),
        place: EnrolPlace {
            id: home.id,
            name: home.name,
            level: home.level,
            parent: home.parent.unwrap_or(RecordId::from_bytes([0; 16])),
        },
        person: EnrolPerson {
            id: author.person,
            name: cx.person(author.person)?.0,
        },
    };
    card.sign(&key)
        .map_err(|_| AppError::new("request-invalid"))
}
