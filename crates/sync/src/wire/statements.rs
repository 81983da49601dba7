//! Statements that travel beside segments: by whom a scope is read, what arrived where, and how a laptop
//! stands. Whatever must be believed far from its author is [`Signed`].

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::role::Role;
use serde::{Deserialize, Serialize};

use super::{Accepted, EnrolPerson, EnrolPlace, Post, Purpose, Signed, WireError, to_bytes};
use crate::key::KeyPair;
use crate::octets;
use crate::sealing::Erased;
use crate::segment::Hash;

/// What a laptop says of itself, when it differs from what it said last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The app's version.
    #[serde(rename = "v")]
    pub version: String,
    /// The public key that bundles for this replica are encrypted to ([`KeyPair::seal_public`]).
    #[serde(rename = "x", with = "octets::array")]
    pub seal: [u8; 32],
    /// Saves of its own that it knows no receipt of, before this request.
    #[serde(rename = "w")]
    pub waiting: u64,
    /// Saves it holds that wait for others.
    #[serde(rename = "h")]
    pub held: u64,
}

/// How far a laptop's list of who did what goes, so that the server can witness it: whoever cuts its end off, or writes it anew,
/// cannot take that back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListEnd {
    /// The number of the last line.
    #[serde(rename = "n")]
    pub no: u64,
    /// The first bytes of its hash, which covers all lines before it.
    #[serde(rename = "m", with = "octets::array")]
    pub mark: [u8; 8],
    /// The line that the server was told of last, and the first bytes of the hash that it has now; zeros when it is gone.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub told: Option<(u64, octets::Array<8>)>,
}

/// A replica that reads or writes a scope, as the server knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reader {
    /// Its public key, which names it.
    #[serde(rename = "k", with = "octets::array")]
    pub key: [u8; 32],
    /// What bundles for it are encrypted to; none before it said so.
    #[serde(rename = "x", default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<octets::Array<32>>,
    /// A `domain::role` word.
    #[serde(rename = "o")]
    pub role: String,
    /// Where it works.
    #[serde(rename = "p")]
    pub place: RecordId,
    /// Whether it may write the scope too.
    #[serde(rename = "w")]
    pub write: bool,
    /// What the person who enrolled it holds besides.
    #[serde(rename = "a", default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Post>,
}

impl Reader {
    /// Every role that it names, with where it is held; that of the laptop itself first.
    pub fn posts(&self) -> Vec<(Role, RecordId)> {
        Post::all(&self.role, self.place, &self.also)
    }
}

/// A replica whose key is no longer believed beyond what the server held when it was revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {
    /// The replica.
    #[serde(rename = "r")]
    pub replica: ReplicaId,
    /// The last save of each of its streams that counts. What comes after is put aside for a person to look at.
    #[serde(rename = "u")]
    pub until: Vec<(ScopeId, u64)>,
}

/// A person who is no longer believed in a scope beyond what the server held of each stream when that was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevokedPerson {
    /// The person's record.
    #[serde(rename = "p")]
    pub person: RecordId,
    /// The last save of each stream of the scope that counts although they wrote it; none of any other stream. What comes
    /// after is put aside for a person to look at.
    #[serde(rename = "u")]
    pub until: Vec<(ReplicaId, u64)>,
}

impl RevokedPerson {
    /// Whether this person's save of this number counts no more.
    pub fn is_late(&self, replica: ReplicaId, seq: u64) -> bool {
        let mut until = self.until.iter();
        until
            .find(|(of, _)| *of == replica)
            .is_none_or(|(_, until)| seq > *until)
    }
}

/// Who reads and writes a scope: what bundles are encrypted to, and whose segments are let in far from the
/// server. Signed by the server ([`Purpose::Readers`]); the highest version of a scope counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readers {
    /// The scope.
    #[serde(rename = "s")]
    pub scope: ScopeId,
    /// Counts up with each statement about the scope.
    #[serde(rename = "v")]
    pub version: u64,
    /// What bundles for the server are encrypted to.
    #[serde(rename = "x", with = "octets::array")]
    pub server_seal: [u8; 32],
    /// The replicas.
    #[serde(rename = "r")]
    pub readers: Vec<Reader>,
    /// Those that are no longer believed.
    #[serde(rename = "z", default, skip_serializing_if = "Vec::is_empty")]
    pub revoked: Vec<Revoked>,
    /// The people who are no longer believed, whichever laptop they write with.
    #[serde(rename = "q", default, skip_serializing_if = "Vec::is_empty")]
    pub revoked_people: Vec<RevokedPerson>,
    /// The keys of the scope's sealed texts that were destroyed.
    #[serde(rename = "e", default, skip_serializing_if = "Vec::is_empty")]
    pub erased: Vec<Erased>,
}

/// Says that streams have arrived. Signed by the server ([`Purpose::Receipt`]) it is as good as the server's
/// own answer; signed by a laptop it says what that laptop holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Whose streams.
    #[serde(rename = "r")]
    pub replica: ReplicaId,
    /// Who holds them.
    #[serde(rename = "y")]
    pub holder: ReplicaId,
    /// The server's epoch, zeros when a laptop signs.
    #[serde(rename = "e", with = "octets::array")]
    pub epoch: [u8; 16],
    /// When, by the signer's clock, in milliseconds since 1970-01-01 UTC.
    #[serde(rename = "t")]
    pub at_ms: u64,
    /// How far each stream is held.
    #[serde(rename = "a")]
    pub accepted: Vec<Accepted>,
}

/// A segment's stream as another laptop holds it, told to its author: « received by the district ».
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// The scope of one of the asking replica's streams.
    #[serde(rename = "s")]
    pub scope: ScopeId,
    /// The place of the laptop that holds it now.
    #[serde(rename = "p")]
    pub place: RecordId,
    /// Up to which save.
    #[serde(rename = "n")]
    pub seq: u64,
    /// Since when, in milliseconds by the server's clock.
    #[serde(rename = "t")]
    pub at_ms: u64,
}

/// Another replica as the server last heard of it, for « who has not synced ».
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeerState {
    /// The replica.
    #[serde(rename = "r")]
    pub replica: ReplicaId,
    /// Where it works.
    #[serde(rename = "p")]
    pub place: RecordId,
    /// A `domain::role` word.
    #[serde(rename = "o")]
    pub role: String,
    /// Its last contact, in milliseconds by the server's clock.
    #[serde(rename = "t")]
    pub last_ms: u64,
    /// Saves that it had not sent, as it said then.
    #[serde(rename = "w")]
    pub waiting: u64,
    /// Its app's version, empty when never told.
    #[serde(rename = "v")]
    pub version: String,
    /// What its place is called, for those who do not hold that place's records; empty for others.
    #[serde(rename = "n", default, skip_serializing_if = "String::is_empty")]
    pub place_name: String,
    /// The place above it, likewise.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub above: Option<RecordId>,
}

/// A snapshot that the server offers for a scope instead of its whole log: `GET /v1/snapshot/<hash in hex>`, others behind
/// it in the same answer where the one who asks names their hashes too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotRef {
    /// The scope.
    #[serde(rename = "s")]
    pub scope: ScopeId,
    /// The feed number it goes up to: the cursor to ask with once it is loaded.
    #[serde(rename = "n")]
    pub feed_no: u64,
    /// BLAKE3 of its bytes.
    #[serde(rename = "h", with = "octets::array")]
    pub hash: Hash,
    /// How many bytes.
    #[serde(rename = "b")]
    pub length: u64,
}

/// A laptop introduces itself to another without any server: signed by its own key ([`Purpose::Card`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Its public key, which names it.
    #[serde(rename = "k", with = "octets::array")]
    pub key: [u8; 32],
    /// What bundles for it are encrypted to.
    #[serde(rename = "x", with = "octets::array")]
    pub seal: [u8; 32],
    /// A `domain::role` word.
    #[serde(rename = "o")]
    pub role: String,
    /// Where it works.
    #[serde(rename = "p")]
    pub place: EnrolPlace,
    /// Who works with it.
    #[serde(rename = "w")]
    pub person: EnrolPerson,
}

impl Card {
    /// Signs it with the key that it names.
    pub fn sign(&self, key: &KeyPair) -> Result<Signed, WireError> {
        Ok(Signed::sign(key, Purpose::Card, self.to_bytes()?))
    }

    /// Reads a signed card and checks that it is its owner's.
    pub fn open(signed: &Signed) -> Result<Self, WireError> {
        let card = Self::from_bytes(&signed.body)?;
        signed.verify(&card.key, Purpose::Card)?;
        Ok(card)
    }
}

/// A laptop that was copied or restored goes on under a new name. Signed by the old key
/// ([`Purpose::Mint`]), inside a [`Signed`] by the new one ([`Purpose::Enrolment`]).
/// Answered by an [`EnrolAnswer`](super::EnrolAnswer); repeating it gives the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MintRequest {
    /// The name it had.
    #[serde(rename = "r")]
    pub old: ReplicaId,
    /// The public key it takes.
    #[serde(rename = "k", with = "octets::array")]
    pub key: [u8; 32],
    /// What it says of itself.
    #[serde(rename = "i")]
    pub status: Status,
}

impl MintRequest {
    /// Signs the request with both keys.
    pub fn sign(&self, old: &KeyPair, new: &KeyPair) -> Result<Vec<u8>, WireError> {
        let inner = Signed::sign(old, Purpose::Mint, self.to_bytes()?);
        to_bytes(&Signed::sign(new, Purpose::Enrolment, inner.to_bytes()?))
    }

    /// Reads a request signed by the key it names as new; `key_of` gives the old replica's.
    pub fn open<E: From<WireError>>(
        bytes: &[u8],
        key_of: impl FnOnce(ReplicaId) -> Result<[u8; 32], E>,
    ) -> Result<Self, E> {
        let outer = Signed::from_bytes(bytes)?;
        let inner = Signed::from_bytes(&outer.body)?;
        let request = Self::from_bytes(&inner.body)?;
        outer.verify(&request.key, Purpose::Enrolment)?;
        inner.verify(&key_of(request.old)?, Purpose::Mint)?;
        Ok(request)
    }
}
