//! Who may read and write what, far from the server: by its signed statements on readers, and by the cards that the
//! person here has accepted.

use std::collections::BTreeMap;

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::role::Role;
use store::Peer;
use sync::wire::{Card, Readers, RevokedPerson};

use super::{aside, issue, succession};
use crate::cx::Cx;
use crate::error::Result;

/// What is known of others.
#[derive(Debug)]
pub struct Trust {
    peers: Vec<Peer>,
    home: RecordId,
    parent: Option<RecordId>,
    role: Role,
}

/// Someone whom a bundle may be for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// What it is encrypted to.
    pub seal: [u8; 32],
    /// Whose it is; none for the server.
    pub replica: Option<ReplicaId>,
    /// Where they work; the server's is nowhere.
    pub place: Option<RecordId>,
    /// What its people do, and where, as far as this version knows the roles; nothing of the server.
    pub posts: Vec<(Role, RecordId)>,
    /// What the place is called, when a card says so.
    pub name: Option<String>,
}

impl Trust {
    /// Reads what is known.
    pub fn load(cx: &Cx<'_>) -> Result<Self> {
        let author = cx.author_here()?;
        let mut peers = cx.store().peers()?;
        // Whom this laptop enrolled works where it said so, also before the card says it.
        for (replica, place) in issue::issued(cx)? {
            let mut cards = peers.iter_mut().map(|peer| &mut peer.card);
            if let Some(card) = cards.find(|card| ReplicaId::of_key(&card.key) == replica) {
                card.place.id = place;
            }
        }
        Ok(Self {
            peers,
            parent: cx.place(author.home).ok().and_then(|home| home.parent),
            home: author.home,
            role: author.role,
        })
    }

    /// The card of a laptop that was accepted here.
    pub fn card(&self, replica: ReplicaId) -> Option<&Card> {
        let mut cards = self.peers.iter().map(|peer| &peer.card);
        cards.find(|card| ReplicaId::of_key(&card.key) == replica)
    }

    /// Whether the person here has accepted a laptop as what this card says it is. A card with another place or role
    /// is a new question, whoever signed it.
    pub fn accepts(&self, card: &Card) -> bool {
        let says = |card: &Card| (card.role.clone(), card.place.id, card.place.parent);
        self.card(ReplicaId::of_key(&card.key))
            .is_some_and(|accepted| says(accepted) == says(card))
    }

    /// Whether a save of `replica` in `scope` may stand here; the reason when not.
    pub fn judge(
        &self,
        cx: &Cx<'_>,
        scope: ScopeId,
        replica: ReplicaId,
        last_seq: u64,
    ) -> Result<std::result::Result<(), &'static str>> {
        if !self.may_read(cx, scope)? {
            // A coach reads what a centre of the district writes, once its laptop is known.
            let unknown = self.role == Role::Coach && self.card(replica).is_none();
            return Ok(Err(match unknown {
                true => aside::UNKNOWN_SENDER,
                false => aside::SCOPE,
            }));
        }
        if replica == cx.store().replica() {
            return Ok(Ok(()));
        }
        if let Some(readers) = readers(cx, scope)? {
            let gone = readers.revoked.iter().find(|one| one.replica == replica);
            if let Some(gone) = gone {
                let until = gone.until.iter().find(|(of, _)| *of == scope);
                let counts = until.is_some_and(|(_, seq)| last_seq <= *seq);
                return Ok(if counts { Ok(()) } else { Err(aside::REVOKED) });
            }
            let known = readers
                .readers
                .iter()
                .find(|reader| ReplicaId::of_key(&reader.key) == replica);
            if let Some(known) = known {
                return Ok(if known.write {
                    Ok(())
                } else {
                    Err(aside::SCOPE)
                });
            }
        }
        Ok(match self.card(replica) {
            Some(card) if self.writes(card, scope) => Ok(()),
            Some(_) => Err(aside::SCOPE),
            None => Err(aside::UNKNOWN_SENDER),
        })
    }

    /// What the people of a laptop do, and where, as the server or its card says.
    pub fn posts_of(
        &self,
        cx: &Cx<'_>,
        scope: ScopeId,
        replica: ReplicaId,
    ) -> Result<Vec<(Role, RecordId)>> {
        let said = readers(cx, scope)?.and_then(|said| {
            let mut all = said.readers.into_iter();
            all.find(|reader| ReplicaId::of_key(&reader.key) == replica)
        });
        Ok(match (said, self.card(replica)) {
            (Some(reader), _) => reader.posts(),
            (None, Some(card)) => posts_on(card),
            (None, None) => Vec::new(),
        })
    }

    /// Whether this laptop may hold a scope: by its grant, by being at home there, or because the coach has accepted the
    /// card of a facility of the district.
    pub fn may_read(&self, cx: &Cx<'_>, scope: ScopeId) -> Result<bool> {
        if cx.grant()?.is_some_and(|grant| grant.may_read(scope)) {
            return Ok(true);
        }
        let place = scope.place();
        let above = self.role != Role::Coach && self.parent == Some(place);
        Ok(place == self.home || above || self.below(place))
    }

    /// Whether a place is a facility of this district, by its accepted card.
    pub fn below(&self, place: RecordId) -> bool {
        self.role == Role::Coach
            && self
                .peers
                .iter()
                .any(|peer| peer.card.place.id == place && peer.card.place.parent == self.home)
    }

    /// Whether the owner of a card may write a scope: their own place, and a coach the facilities of their district.
    fn writes(&self, card: &Card, scope: ScopeId) -> bool {
        let place = scope.place();
        if card.place.id == place {
            return true;
        }
        card.role == Role::Coach.word() && self.parent_of(place) == Some(card.place.id)
    }

    /// Whether the owner of a card may read a scope: what they write, and what lies above their place.
    fn reads(&self, card: &Card, scope: ScopeId) -> bool {
        self.writes(card, scope) || card.place.parent == scope.place()
    }

    fn parent_of(&self, place: RecordId) -> Option<RecordId> {
        if place == self.home {
            return self.parent;
        }
        let mut cards = self.peers.iter().map(|peer| &peer.card);
        cards
            .find(|card| card.place.id == place)
            .map(|card| card.place.parent)
    }

    /// For whom a bundle of a scope is: the server, those whom it names as readers, and accepted cards. This laptop
    /// itself is left out.
    pub fn recipients(&self, cx: &Cx<'_>, scope: ScopeId) -> Result<Vec<Recipient>> {
        let own = cx.store().replica();
        let mut found: BTreeMap<[u8; 32], Recipient> = BTreeMap::new();
        let mut gone = Vec::new();
        if let Some(readers) = readers(cx, scope)? {
            found.insert(
                readers.server_seal,
                Recipient {
                    seal: readers.server_seal,
                    replica: None,
                    place: None,
                    posts: Vec::new(),
                    name: None,
                },
            );
            gone = readers.revoked.iter().map(|one| one.replica).collect();
            for reader in &readers.readers {
                let replica = ReplicaId::of_key(&reader.key);
                if let Some(seal) = &reader.seal
                    && replica != own
                    && !gone.contains(&replica)
                {
                    found.insert(
                        seal.0,
                        Recipient {
                            seal: seal.0,
                            replica: Some(replica),
                            place: Some(reader.place),
                            posts: reader.posts(),
                            name: None,
                        },
                    );
                }
            }
        }
        for card in self.peers.iter().map(|peer| &peer.card) {
            let replica = ReplicaId::of_key(&card.key);
            if replica != own && !gone.contains(&replica) && self.reads(card, scope) {
                found.entry(card.seal).or_insert(Recipient {
                    seal: card.seal,
                    replica: Some(replica),
                    place: Some(card.place.id),
                    posts: posts_on(card),
                    name: Some(card.place.name.clone()),
                });
            }
        }
        Ok(found.into_values().collect())
    }
}

/// What a card says that its owner does. It names one role, that of the laptop's own place.
fn posts_on(card: &Card) -> Vec<(Role, RecordId)> {
    let role = Role::from_word(&card.role);
    role.map(|role| (role, card.place.id)).into_iter().collect()
}

/// The people who are no longer believed in a scope, by the server's word.
pub fn revoked_people(cx: &Cx<'_>, scope: ScopeId) -> Result<Vec<RevokedPerson>> {
    Ok(readers(cx, scope)?.map_or_else(Vec::new, |said| said.revoked_people))
}

/// The server's newest statement on who reads a scope.
pub fn readers(cx: &Cx<'_>, scope: ScopeId) -> Result<Option<Readers>> {
    let said = cx.store().readers(scope)?;
    let said = said.and_then(|signed| Readers::from_bytes(&signed.body).ok());
    let Some(mut said) = said else {
        return Ok(None);
    };
    if let Some(seal) = succession::seal(cx)? {
        // It may be older than the server that stands there now.
        said.server_seal = seal;
    }
    Ok(Some(said))
}
