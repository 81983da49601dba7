//! What laptop and server say to each other, in CBOR with keys of one letter; the daily ones have a
//! shorter form (see `wire/lean.rs`).
//!
//! Keys that a version does not know are skipped, and lists end at [`limits`], so both ends can grow at
//! their own pace. Whatever is signed travels as the very bytes that were signed.

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::role::Role;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::key::{KeyPair, is_signed_by};
use crate::octets;
use crate::sealing::{Erase, MOST_KEYS};
use crate::segment::Hash;
use crate::vector::{MAX_STREAMS, Vector};

mod administration;
mod issue;
mod lean;
mod nothing;
mod returning;
mod statements;
mod succession;

pub use administration::{
    Administration, Aside, AsideChange, Deed, Device, JournalLine, LogIn, LoggedIn, NewInvitation,
    Person, Told, Wish,
};
pub use issue::Issue;
use lean::Lean;
pub use returning::ReturnRequest;
pub use statements::{
    Card, ListEnd, MintRequest, PeerState, Reached, Reader, Readers, Receipt, Revoked,
    RevokedPerson, SnapshotRef, Status,
};
pub use succession::{Heir, MOST_SUCCESSIONS, Succession};

/// How long the lists and texts of a message may be.
pub mod limits {
    /// Bytes of one message.
    pub const MESSAGE: usize = 64 << 20;
    /// Scopes of a grant, cursors and accepted frontiers.
    pub const SCOPES: usize = 10_000;
    /// Segments of one message, and refusals of segments.
    pub const SEGMENTS: usize = 10_000;
    /// Bytes of a root certificate in PEM.
    pub const ROOT: usize = 64 << 10;
    /// Bytes of a name, role, code or reason.
    pub const TEXT: usize = 1_000;
    /// Posts that one person holds besides the first.
    pub const POSTS: usize = 8;
}

/// Why a message is none, or not to be believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// The bytes are not such a message.
    #[error("not a message that this version understands")]
    Malformed,
    /// A list, a text or the whole is longer than [`limits`] allow.
    #[error("the message is too large")]
    TooLarge,
    /// The signature is not of the key it should be of.
    #[error("the message is not signed by whom it names")]
    BadSignature,
}

/// What a signature is for, written before the signed bytes, so that none serves for two purposes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A replica's [`SyncRequest`].
    Request,
    /// A server's [`SyncAnswer`].
    Answer,
    /// A server's [`Grant`].
    Grant,
    /// A new replica's [`EnrolRequest`].
    Enrolment,
    /// A replica's wish to go on under another name, a [`MintRequest`].
    Mint,
    /// A server's or laptop's [`Receipt`].
    Receipt,
    /// A server's [`Readers`].
    Readers,
    /// A server's statement that a snapshot of this hash is its own.
    Snapshot,
    /// The manifest of a bundle, by the laptop that wrote it.
    Bundle,
    /// A laptop's [`Card`].
    Card,
    /// A replica's wish to be taken back, a [`ReturnRequest`].
    Return,
    /// A server's shortest answer ([`SyncAnswer::nothing`]).
    Nothing,
    /// A supervisor's laptop enrols another, an [`Issue`].
    Issue,
    /// An heir's [`Succession`].
    Succession,
}

impl Purpose {
    fn context(self) -> &'static [u8] {
        match self {
            Self::Request => b"nyetaa request 1\0",
            Self::Answer => b"nyetaa answer 1\0",
            Self::Grant => b"nyetaa grant 1\0",
            Self::Enrolment => b"nyetaa enrolment 1\0",
            Self::Mint => b"nyetaa mint 1\0",
            Self::Receipt => b"nyetaa receipt 1\0",
            Self::Readers => b"nyetaa readers 1\0",
            Self::Snapshot => b"nyetaa snapshot 1\0",
            Self::Bundle => b"nyetaa bundle 1\0",
            Self::Card => b"nyetaa card 1\0",
            Self::Return => b"nyetaa return 1\0",
            Self::Nothing => b"nyetaa nothing 1\0",
            Self::Issue => b"nyetaa issue 1\0",
            Self::Succession => b"nyetaa succession 1\0",
        }
    }

    fn message(self, body: &[u8]) -> Vec<u8> {
        [self.context(), body].concat()
    }
}

/// Bytes with a signature over them and a [`Purpose`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// What was signed.
    #[serde(rename = "b", with = "octets::vec")]
    pub body: Vec<u8>,
    /// The Ed25519 signature.
    #[serde(rename = "s", with = "octets::array")]
    pub signature: [u8; 64],
}

impl Signed {
    /// Signs `body`.
    pub fn sign(key: &KeyPair, purpose: Purpose, body: Vec<u8>) -> Self {
        let signature = key.sign(&purpose.message(&body));
        Self { body, signature }
    }

    /// Checks that the owner of `public_key` signed the body for this purpose.
    pub fn verify(&self, public_key: &[u8; 32], purpose: Purpose) -> Result<(), WireError> {
        let genuine = is_signed_by(public_key, &purpose.message(&self.body), &self.signature);
        if genuine {
            Ok(())
        } else {
            Err(WireError::BadSignature)
        }
    }
}

/// One scope of a grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantScope {
    /// What may be read.
    #[serde(rename = "s")]
    pub scope: ScopeId,
    /// Whether it may be written too.
    #[serde(rename = "w")]
    pub write: bool,
    /// From when, in milliseconds since 1970-01-01 UTC by the server's clock.
    #[serde(rename = "f")]
    pub since_ms: u64,
}

/// What a server grants: the statement inside a [`Grant`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Counts up with each grant of the replica, from 1.
    #[serde(rename = "v")]
    pub version: u32,
    /// To whom.
    #[serde(rename = "r")]
    pub replica: ReplicaId,
    /// Their part in the work, a `domain::role` word.
    #[serde(rename = "o")]
    pub role: String,
    /// Where they work.
    #[serde(rename = "p")]
    pub place: RecordId,
    /// What they may read and write.
    #[serde(rename = "c")]
    pub scopes: Vec<GrantScope>,
    /// How many laptops of its district this one may enrol by file, with no server near ([`Issue`]).
    #[serde(rename = "i", default, skip_serializing_if = "is_zero")]
    pub issues: u32,
    /// What the person who enrolled it holds besides, here or at other places. What they reach by it stands in `scopes`.
    #[serde(rename = "a", default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Post>,
    /// Who may name another server in the place of this one, where somebody may.
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    pub heir: Option<Heir>,
}

/// A role held at a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Post {
    /// A `domain::role` word.
    #[serde(rename = "o")]
    pub role: String,
    /// Where it is held.
    #[serde(rename = "p")]
    pub place: RecordId,
}

impl Post {
    /// A role at a place.
    pub fn of(role: Role, place: RecordId) -> Self {
        Self {
            role: role.word().to_owned(),
            place,
        }
    }

    /// The first role, where it is held, and what is held besides. What this version does not know is left out.
    pub fn all(role: &str, place: RecordId, also: &[Self]) -> Vec<(Role, RecordId)> {
        let also = also.iter().map(|post| (post.role.as_str(), post.place));
        std::iter::once((role, place))
            .chain(also)
            .filter_map(|(role, place)| Some((Role::from_word(role)?, place)))
            .collect()
    }
}

impl Terms {
    /// Every role that it names, with where it is held; that of the laptop itself first.
    pub fn posts(&self) -> Vec<(Role, RecordId)> {
        Post::all(&self.role, self.place, &self.also)
    }

    /// What is held besides the role of the laptop itself. What this version does not know is left out.
    pub fn further(&self) -> Vec<(Role, RecordId)> {
        let also = self.also.iter();
        also.filter_map(|post| Some((Role::from_word(&post.role)?, post.place)))
            .collect()
    }
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands fields over so"
)]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// A server-signed statement: this replica may read and write these scopes.
///
/// It keeps the signed bytes, so terms that a newer server adds do not break the signature for an older reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    terms: Terms,
    signed: Signed,
}

impl Grant {
    /// Signs `terms` with the server's key.
    pub fn sign(key: &KeyPair, terms: Terms) -> Result<Self, WireError> {
        let body = to_bytes(&terms)?;
        Ok(Self {
            terms,
            signed: Signed::sign(key, Purpose::Grant, body),
        })
    }

    /// Checks that the server signed it.
    pub fn verify(&self, server_key: &[u8; 32]) -> Result<(), WireError> {
        self.signed.verify(server_key, Purpose::Grant)
    }

    /// What it says. Believe it after [`Grant::verify`].
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// Whether it lets its replica read `scope`.
    pub fn may_read(&self, scope: ScopeId) -> bool {
        self.terms
            .scopes
            .iter()
            .any(|granted| granted.scope == scope)
    }

    /// Whether it lets its replica write `scope`.
    pub fn may_write(&self, scope: ScopeId) -> bool {
        self.terms
            .scopes
            .iter()
            .any(|granted| granted.scope == scope && granted.write)
    }
}

impl Serialize for Grant {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.signed.serialize(s)
    }
}

impl<'de> Deserialize<'de> for Grant {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let signed = Signed::deserialize(d)?;
        let terms = Terms::from_bytes(&signed.body).map_err(serde::de::Error::custom)?;
        Ok(Self { terms, signed })
    }
}

/// The place that a new replica works at, when it stood on the laptop before enrolment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolPlace {
    /// Its record on the laptop.
    #[serde(rename = "i")]
    pub id: RecordId,
    /// Its name.
    #[serde(rename = "n")]
    pub name: String,
    /// country, region, district, facility, village or site.
    #[serde(rename = "l")]
    pub level: String,
    /// The place above.
    #[serde(rename = "u")]
    pub parent: RecordId,
}

/// Who enrols.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolPerson {
    /// Their record on the laptop.
    #[serde(rename = "i")]
    pub id: RecordId,
    /// Their name.
    #[serde(rename = "n")]
    pub name: String,
}

/// A new replica presents itself with the code of an invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// The code, as typed.
    #[serde(rename = "c")]
    pub code: String,
    /// Its public key.
    #[serde(rename = "k", with = "octets::array")]
    pub key: [u8; 32],
    /// Its place.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub place: Option<EnrolPlace>,
    /// Who works with it.
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    pub person: Option<EnrolPerson>,
}

impl EnrolRequest {
    /// Signs the request with the key it presents: proof that the sender holds the secret half.
    pub fn sign(
        key: &KeyPair,
        code: String,
        place: Option<EnrolPlace>,
        person: Option<EnrolPerson>,
    ) -> Result<Vec<u8>, WireError> {
        let request = Self {
            code,
            key: key.public(),
            place,
            person,
        };
        to_bytes(&Signed::sign(key, Purpose::Enrolment, request.to_bytes()?))
    }

    /// Reads a signed request and checks the proof.
    pub fn open(bytes: &[u8]) -> Result<Self, WireError> {
        let signed = Signed::from_bytes(bytes)?;
        let request = Self::from_bytes(&signed.body)?;
        signed.verify(&request.key, Purpose::Enrolment)?;
        Ok(request)
    }
}

/// What an enrolled replica starts with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolAnswer {
    /// The public key that the server signs grants with.
    #[serde(rename = "k", with = "octets::array")]
    pub server_key: [u8; 32],
    /// The server's epoch; another one means that it was restored.
    #[serde(rename = "e", with = "octets::array")]
    pub epoch: [u8; 16],
    /// What the replica may read and write.
    #[serde(rename = "g")]
    pub grant: Grant,
    /// The record of its place as everyone knows it.
    #[serde(rename = "p")]
    pub place: RecordId,
    /// The place's name.
    #[serde(rename = "n")]
    pub place_name: String,
    /// The place's level.
    #[serde(rename = "l")]
    pub place_level: String,
    /// The place above.
    #[serde(rename = "u")]
    pub parent: RecordId,
    /// Every [`Succession`] of this server, for one who knows it by the key that it had before.
    #[serde(rename = "s", default, skip_serializing_if = "Vec::is_empty")]
    pub successions: Vec<Signed>,
}

/// Everything one exchange sends, in one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncRequest {
    /// Who asks.
    #[serde(rename = "r", skip_serializing, default = "nobody")]
    pub replica: ReplicaId,
    /// The epoch it knows the server by.
    #[serde(rename = "e", with = "octets::array", skip_serializing, default)]
    pub epoch: [u8; 16],
    /// Counts its requests, so that a copy of one is recognised.
    #[serde(rename = "n", skip_serializing, default)]
    pub counter: u64,
    /// The version of the grant it holds.
    #[serde(rename = "g", skip_serializing, default)]
    pub grant: u32,
    /// The last feed number it has of each scope: a hint for speed, never evidence.
    #[serde(rename = "c", skip_serializing, default)]
    pub cursors: Vec<(ScopeId, u64)>,
    /// The digest of its version vector.
    #[serde(rename = "d", with = "octets::array", skip_serializing, default)]
    pub digest: [u8; 8],
    /// The whole vector, when the server asked for it. Of scopes that are to leave this laptop: what it believes the server
    /// to have, always.
    #[serde(rename = "v", default, skip_serializing_if = "Option::is_none")]
    pub vector: Option<Vector>,
    /// New segments, whole, each stream in order.
    #[serde(
        rename = "s",
        with = "octets::list",
        default,
        skip_serializing_if = "Vec::is_empty"
    )]
    pub segments: Vec<Vec<u8>>,
    /// What binds this request to the last answer that arrived: [`binding`] of the two. A copy of this laptop
    /// cannot show it once the laptop itself has gone on. Zeros before the first answer.
    #[serde(rename = "l", with = "octets::array", skip_serializing, default)]
    pub last: [u8; 8],
    /// What the laptop says of itself, when it differs from what it said in the last exchange that ended well.
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// The scopes it reads on demand from now on, beyond those of its grant; absent leaves them as they are.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub demand: Option<Vec<ScopeId>>,
    /// Scopes whose older history it asks for, and the feed number below which it lacks everything.
    #[serde(rename = "o", default, skip_serializing_if = "Vec::is_empty")]
    pub older: Vec<(ScopeId, u64)>,
    /// The server's own statements ([`Readers`]) that say who was revoked, when its epoch is another one: it was put back,
    /// and may have forgotten them.
    #[serde(rename = "k", default, skip_serializing_if = "Vec::is_empty")]
    pub revocations: Vec<Signed>,
    /// With the vector: the first [`END_BYTES`] of the hash that each of its streams has come to, in its order. Two pasts of
    /// one length look alike without it.
    #[serde(
        rename = "h",
        with = "octets::vec",
        default,
        skip_serializing_if = "Vec::is_empty"
    )]
    pub ends: Vec<u8>,
    /// Keys of sealed texts that the server has not said it holds, packed for it ([`crate::sealing::pack_keys`]).
    #[serde(
        rename = "y",
        with = "octets::vec",
        default,
        skip_serializing_if = "Vec::is_empty"
    )]
    pub keys: Vec<u8>,
    /// Keys that it lacks, by scope and name.
    #[serde(rename = "w", default, skip_serializing_if = "Vec::is_empty")]
    pub wants: Vec<(ScopeId, RecordId)>,
    /// Keys that its people want destroyed and that no statement of the server names yet.
    #[serde(rename = "z", default, skip_serializing_if = "Vec::is_empty")]
    pub erase: Vec<Erase>,
    /// How far the laptop's list of who did what goes, when it has grown since the server was told.
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    pub list: Option<ListEnd>,
}

/// What [`SyncRequest::ends`] shows of a hash.
pub const END_BYTES: usize = 4;

/// What the next request after this one shows as [`SyncRequest::last`]: the first bytes of BLAKE3 over the
/// request as it was posted and the answer as it came.
pub fn binding(request: &[u8], answer: &[u8]) -> [u8; 8] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(request);
    hasher.update(answer);
    let mut binding = [0; 8];
    binding.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    binding
}

impl SyncRequest {
    /// One that brings nothing, holds nothing and has not been answered before.
    pub fn empty(replica: ReplicaId, epoch: [u8; 16], counter: u64) -> Self {
        Self {
            replica,
            epoch,
            counter,
            grant: 0,
            cursors: Vec::new(),
            digest: [0; 8],
            vector: None,
            segments: Vec::new(),
            last: [0; 8],
            status: None,
            demand: None,
            older: Vec::new(),
            revocations: Vec::new(),
            ends: Vec::new(),
            keys: Vec::new(),
            wants: Vec::new(),
            erase: Vec::new(),
            list: None,
        }
    }

    /// Signs the request with its replica's key.
    pub fn sign(&self, key: &KeyPair) -> Result<Vec<u8>, WireError> {
        to_bytes(&Signed::sign(key, Purpose::Request, self.to_bytes()?))
    }

    /// Reads a signed request without believing it: `key_of` gives the key of the replica it names, and
    /// whatever refusal applies when there is none.
    pub fn open<E: From<WireError>>(
        bytes: &[u8],
        key_of: impl FnOnce(ReplicaId) -> Result<[u8; 32], E>,
    ) -> Result<Self, E> {
        let signed = Signed::from_bytes(bytes)?;
        let request = Self::from_bytes(&signed.body)?;
        signed.verify(&key_of(request.replica)?, Purpose::Request)?;
        Ok(request)
    }
}

/// How far a stream of the asking replica has been accepted for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The stream's scope.
    #[serde(rename = "s")]
    pub scope: ScopeId,
    /// The last save accepted.
    #[serde(rename = "n")]
    pub seq: u64,
    /// The hash of the segment that ends there.
    #[serde(rename = "h", with = "octets::array")]
    pub hash: Hash,
}

/// A segment that the server did not take into a scope. It is kept aside there; nothing is lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The stream's scope.
    #[serde(rename = "s")]
    pub scope: ScopeId,
    /// The first save of the segment.
    #[serde(rename = "n")]
    pub first_seq: u64,
    /// Why, as a code that the app has a sentence for.
    #[serde(rename = "r")]
    pub reason: String,
}

/// A segment for the asking replica.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fed {
    /// Its scope.
    #[serde(rename = "s")]
    pub scope: ScopeId,
    /// Its number in the scope's feed.
    #[serde(rename = "n")]
    pub feed_no: u64,
    /// The whole segment.
    #[serde(rename = "b", with = "octets::vec")]
    pub bytes: Vec<u8>,
}

/// What the server says to a [`SyncRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncAnswer {
    /// The server's epoch.
    #[serde(rename = "e", with = "octets::array", skip_serializing, default)]
    pub epoch: [u8; 16],
    /// The server's clock, in milliseconds since 1970-01-01 UTC.
    #[serde(rename = "t", skip_serializing, default)]
    pub server_ms: u64,
    /// A newer grant than the one the request names.
    #[serde(rename = "g", default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<Grant>,
    /// The accepted frontier of the replica's streams.
    #[serde(rename = "a", default, skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<Accepted>,
    /// Segments not taken.
    #[serde(rename = "x", default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Refused>,
    /// Segments that the replica lacks, each scope in feed order.
    #[serde(rename = "s", default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Fed>,
    /// The cursors to ask with next time.
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    pub cursors: Vec<(ScopeId, u64)>,
    /// There is more: ask again at once.
    #[serde(rename = "m", default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
    /// The digests disagree: ask again with the whole vector.
    #[serde(rename = "w", default, skip_serializing_if = "std::ops::Not::not")]
    pub want_vector: bool,
    /// This laptop was copied or restored: it must go on under a new name ([`MintRequest`]) and save again
    /// under it what `accepted` does not cover. Nothing else of the request was taken.
    #[serde(rename = "f", default, skip_serializing_if = "std::ops::Not::not")]
    pub mint: bool,
    /// This replica was revoked: what it brought was put aside, and nothing comes down to it.
    #[serde(rename = "z", default, skip_serializing_if = "std::ops::Not::not")]
    pub revoked: bool,
    /// What the server holds of the scopes that the replica reaches, after a request with the vector: whoever
    /// has more sends it, other people's streams included. Also which streams of other scopes in that vector it has, in its
    /// log or in quarantine, to the very end that was shown: what it does not name must not leave the replica.
    #[serde(rename = "v", default, skip_serializing_if = "Option::is_none")]
    pub vector: Option<Vector>,
    /// Receipts for streams of others that this request brought: each a [`Receipt`].
    #[serde(rename = "r", default, skip_serializing_if = "Vec::is_empty")]
    pub receipts: Vec<Signed>,
    /// How far other laptops hold the replica's streams, where that has changed.
    #[serde(rename = "h", default, skip_serializing_if = "Vec::is_empty")]
    pub reached: Vec<Reached>,
    /// Who reads its scopes, where that has changed: each a [`Readers`]. Before them, to one who may not know this server's key,
    /// each [`Succession`] that led to it.
    #[serde(rename = "k", default, skip_serializing_if = "Vec::is_empty")]
    pub readers: Vec<Signed>,
    /// Snapshots of scopes it has nothing of yet, in the order in which they are needed.
    #[serde(rename = "b", default, skip_serializing_if = "Vec::is_empty")]
    pub snapshots: Vec<SnapshotRef>,
    /// Replicas of places below that were heard of since this one's last contact.
    #[serde(rename = "p", default, skip_serializing_if = "Vec::is_empty")]
    pub peers: Vec<PeerState>,
    /// Older segments that were asked for, each scope's in descending order of feed numbers, and with them how
    /// far down they go.
    #[serde(rename = "o", default, skip_serializing_if = "Vec::is_empty")]
    pub older: Vec<Fed>,
    /// The feed number below which a scope's older segments were not given; 1 when there are no more.
    #[serde(rename = "d", default, skip_serializing_if = "Vec::is_empty")]
    pub older_from: Vec<(ScopeId, u64)>,
    /// Keys that the request lacks and may have, packed for its replica.
    #[serde(
        rename = "y",
        with = "octets::vec",
        default,
        skip_serializing_if = "Vec::is_empty"
    )]
    pub keys: Vec<u8>,
    /// The keys of the request that need not be brought again, by name.
    #[serde(rename = "u", default, skip_serializing_if = "Vec::is_empty")]
    pub keys_held: Vec<RecordId>,
    /// Lines of the laptop's list of who did what that the server was told of and that are no longer there: up to which
    /// number it was told.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub list_gone: Option<u64>,
}

/// What a server says when it cannot answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What is wrong, as a code that the app has a sentence for.
    #[serde(rename = "c")]
    pub code: String,
}

fn to_bytes<T: Serialize>(message: &T) -> Result<Vec<u8>, WireError> {
    let mut bytes = Vec::new();
    ciborium::into_writer(message, &mut bytes).map_err(|_| WireError::Malformed)?;
    Ok(bytes)
}

fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, WireError> {
    if bytes.len() > limits::MESSAGE {
        return Err(WireError::TooLarge);
    }
    read_cbor(bytes)
}

fn read_cbor<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, WireError> {
    let mut rest = bytes;
    let message = ciborium::from_reader(&mut rest).map_err(|_| WireError::Malformed)?;
    if rest.is_empty() {
        Ok(message)
    } else {
        Err(WireError::Malformed)
    }
}

fn nobody() -> ReplicaId {
    ReplicaId::from_bytes([0; 16])
}

/// Gives each message `to_bytes` and `from_bytes`, the latter with the limits that it names.
macro_rules! messages {
    ($write:path, $read:path: $( $message:ident { $( $list:expr => $most:expr ),* $(,)? } )*) => { $(
        impl $message {
            /// Its bytes.
            pub fn to_bytes(&self) -> Result<Vec<u8>, WireError> {
                $write(self)
            }

            /// Reads it back, within [`limits`].
            pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
                let message: Self = $read(bytes)?;
                let within = true $( && ($list as fn(&Self) -> usize)(&message) <= $most )*;
                if within { Ok(message) } else { Err(WireError::TooLarge) }
            }
        }
    )* };
}

messages! { Lean::write, Lean::open:
    Signed {}
    Grant {}
    SyncRequest {
        |m| m.cursors.len().max(m.older.len()).max(m.revocations.len()) => limits::SCOPES,
        |m| m.demand.as_ref().map_or(0, Vec::len) => limits::SCOPES,
        |m| m.status.as_ref().map_or(0, |status| status.version.len()) => limits::TEXT,
        |m| m.segments.len() => limits::SEGMENTS,
        |m| m.ends.len() / END_BYTES => MAX_STREAMS,
        |m| m.wants.len().max(m.erase.len()) => MOST_KEYS,
    }
    SyncAnswer {
        |m| m.accepted.len().max(m.cursors.len()).max(m.older_from.len()) => limits::SCOPES,
        |m| m.readers.len().max(m.reached.len()).max(m.snapshots.len()).max(m.peers.len()) => limits::SCOPES,
        |m| m.refused.len().max(m.segments.len()).max(m.older.len()).max(m.receipts.len()) => limits::SEGMENTS,
        |m| m.keys_held.len() => MOST_KEYS,
        |m| m.peers.iter().map(|peer| peer.role.len().max(peer.version.len())).max().unwrap_or(0) => limits::TEXT,
        |m| m.refused.iter().map(|refused| refused.reason.len()).max().unwrap_or(0) => limits::TEXT,
    }
}

messages! { to_bytes, from_bytes:
    Terms {
        |m| m.scopes.len() => limits::SCOPES,
        |m| m.role.len() => limits::TEXT,
        |m| m.also.len() => limits::POSTS,
    }
    EnrolRequest {
        |m| m.code.len() => limits::TEXT,
        |m| m.place.as_ref().map_or(0, |place| place.name.len().max(place.level.len())) => limits::TEXT,
        |m| m.person.as_ref().map_or(0, |person| person.name.len()) => limits::TEXT,
    }
    EnrolAnswer {
        |m| m.place_name.len().max(m.place_level.len()) => limits::TEXT,
        |m| m.successions.len() => MOST_SUCCESSIONS,
    }
    Succession {}
    Status { |m| m.version.len() => limits::TEXT }
    Readers {
        |m| m.readers.len().max(m.revoked.len()).max(m.revoked_people.len()) => limits::SCOPES,
        |m| m.erased.len() => MOST_KEYS,
        |m| m.readers.iter().map(|reader| reader.also.len()).max().unwrap_or(0) => limits::POSTS,
    }
    Receipt { |m| m.accepted.len() => limits::SCOPES }
    Issue {
        |m| m.welcome.place_name.len().max(m.welcome.place_level.len()) => limits::TEXT,
        |m| m.address.len() => limits::TEXT,
        |m| m.root.as_ref().map_or(0, String::len) => limits::ROOT,
    }
    Card {
        |m| m.place.name.len().max(m.person.name.len()).max(m.role.len()) => limits::TEXT,
    }
    MintRequest { |m| m.status.version.len() => limits::TEXT }
    ReturnRequest {
        |m| m.grant.terms().scopes.len() => limits::SCOPES,
        |m| m.place.name.len().max(m.place.level.len()) => limits::TEXT,
        |m| m.person.as_ref().map_or(0, |person| person.name.len()) => limits::TEXT,
        |m| m.status.version.len() => limits::TEXT,
    }
    Failure { |m| m.code.len() => limits::TEXT }
    LogIn {
        |m| m.name.len().max(m.secret.len()) => limits::TEXT,
        |m| m.chosen.as_ref().map_or(0, String::len) => limits::TEXT,
    }
    LoggedIn { |m| m.name.len().max(m.place_name.len()) => limits::TEXT }
    Administration { |m| m.wish.longest() => limits::TEXT }
    Told {}
}

#[cfg(test)]
mod tests;
