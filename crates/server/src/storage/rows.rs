//! What the tables hold, whichever database they lie in.

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::role::Role;
use sync::segment::Hash;
use sync::wire::{Accepted, Post};

/// The server's own row.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The secret half of the key that signs grants.
    pub secret: [u8; 32],
    /// Which life of the database this is.
    pub epoch: [u8; 16],
    /// The registry that the projection was made with.
    pub registry: [u8; 32],
    /// The public key that may name another server in the place of this one.
    pub heir: Option<[u8; 32]>,
    /// What it said, and the keys that were believed before, the first first.
    pub past: Vec<PastKey>,
}

/// A key that the server had until its heir named another one, or another heir.
#[derive(Debug, Clone)]
pub struct PastKey {
    /// Counts them, from 1.
    pub number: u32,
    /// Its secret half.
    pub secret: [u8; 32],
    /// The heir's signed [`sync::wire::Succession`].
    pub statement: Vec<u8>,
}

/// An invitation as it is kept: the code itself is not.
#[derive(Debug, Clone)]
pub struct InvitationRow {
    /// The hash of the code.
    pub hash: [u8; 32],
    /// The highest role it gives.
    pub role: Role,
    /// The place it names, or the district that the new facility lies in.
    pub place: RecordId,
    /// The new facility's name.
    pub facility: Option<String>,
    /// The place that the new facility became.
    pub adopted: Option<RecordId>,
    /// How many laptops may still enrol.
    pub uses_left: u32,
    /// When it was made, in ms.
    pub created_at: u64,
    /// From when on it is refused, in ms.
    pub expires_at: u64,
    /// What whoever enrols with it holds besides.
    pub also: Vec<Post>,
}

impl InvitationRow {
    /// What stands in the place of an invitation where none was given: nobody can use it.
    pub fn used_up(hash: [u8; 32], role: Role, place: RecordId, now: u64) -> Self {
        Self {
            hash,
            role,
            place,
            facility: None,
            adopted: None,
            uses_left: 0,
            created_at: now,
            expires_at: now,
            also: Vec::new(),
        }
    }
}

/// An enrolled replica.
#[derive(Debug, Clone)]
pub struct ReplicaRow {
    /// Its identifier.
    pub id: ReplicaId,
    /// Its public key.
    pub key: [u8; 32],
    /// What its people may do.
    pub role: Role,
    /// Where it works.
    pub place: RecordId,
    /// The hash of the invitation it came by.
    pub invitation: [u8; 32],
    /// The version of its grant.
    pub grant_version: u32,
    /// The signed grant.
    pub grant_bytes: Vec<u8>,
    /// The highest device counter seen.
    pub counter: u64,
    /// When it enrolled, in ms.
    pub enrolled_at: u64,
    /// When it was last heard of, in ms.
    pub last_contact: u64,
    /// Since when it works at its place, in ms.
    pub place_since: u64,
    /// The binding of the newest answer that it was given; none before the first, and after a restore.
    pub said: Option<[u8; 8]>,
    /// The binding that it presented last.
    pub before: Option<[u8; 8]>,
    /// Who works with it, in CBOR, as it said when it enrolled.
    pub person: Option<Vec<u8>>,
    /// The public key that bundles for it are encrypted to.
    pub seal: Option<[u8; 32]>,
    /// Its app's version, empty when never told.
    pub version: String,
    /// Own saves that it had not sent, as it said at its last contact.
    pub waiting: u64,
    /// Saves that it held and that waited for others, as it said then.
    pub held: u64,
    /// The replica whose copy it was.
    pub minted_from: Option<ReplicaId>,
    /// When it was revoked, in ms.
    pub revoked_at: Option<u64>,
    /// What the person who enrolled it holds besides.
    pub also: Vec<Post>,
}

impl ReplicaRow {
    /// Every role that its people hold, with where; that of the laptop itself first.
    pub fn posts(&self) -> Vec<(Role, RecordId)> {
        Post::all(self.role.word(), self.place, &self.also)
    }

    /// Whether any of them is this role.
    pub fn holds(&self, role: impl Fn(Role) -> bool) -> bool {
        self.posts().iter().any(|(held, _)| role(*held))
    }
}

/// Which version of the statement of a scope's readers a replica was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReadersGiven {
    /// The version given last, 0 for none.
    pub version: u64,
    /// The highest version known to have arrived, 0 for none.
    pub confirmed: u64,
}

/// How far a laptop holds a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReachRow {
    /// Whose stream.
    pub replica: ReplicaId,
    /// Whose laptop.
    pub reader: ReplicaId,
    /// Up to which save.
    pub seq: u64,
    /// Since when that is known, in ms.
    pub at: u64,
}

/// A snapshot without its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SnapshotRow {
    /// BLAKE3 of its bytes, which names it.
    pub hash: Hash,
    /// The feed number it goes up to.
    pub feed_no: u64,
    /// How many bytes.
    pub length: u64,
    /// When it was made, in ms.
    pub made_at: u64,
}

/// A segment in quarantine as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantinedRow {
    /// Of which scope.
    pub scope: ScopeId,
    /// Whose stream.
    pub replica: ReplicaId,
    /// Its hash.
    pub hash: Hash,
    /// Why: a failure code.
    pub reason: String,
    /// Who brought it.
    pub carrier: ReplicaId,
    /// When, in ms.
    pub received_at: u64,
    /// The segment itself.
    pub bytes: Vec<u8>,
}

/// A stored segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentRow {
    /// Whose stream.
    pub replica: ReplicaId,
    /// The number of its first save.
    pub first_seq: u64,
    /// The number of its last save.
    pub last_seq: u64,
    /// When it came, in ms.
    pub received_at: u64,
    /// Its number in the scope.
    pub feed_no: u64,
    /// The hash of the segment before it.
    pub prev: Hash,
    /// Its own hash.
    pub hash: Hash,
    /// The segment itself.
    pub bytes: Vec<u8>,
}

/// A line of a scope's feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedRow {
    /// The segment's number in the scope.
    pub feed_no: u64,
    /// Whose stream.
    pub replica: ReplicaId,
    /// The number of its first save.
    pub first_seq: u64,
    /// The number of its last save.
    pub last_seq: u64,
    /// Bytes of the segment.
    pub length: u64,
}

/// How far a stream has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamRow {
    /// Whose stream.
    pub replica: ReplicaId,
    /// The last number stored.
    pub last_seq: u64,
    /// The hash of the segment that ends there.
    pub hash: Hash,
    /// The last number applied.
    pub applied_seq: u64,
}

impl StreamRow {
    /// As its author and others are told how far it is held.
    pub fn accepted(&self, scope: ScopeId) -> Accepted {
        Accepted {
            scope,
            seq: self.last_seq,
            hash: self.hash,
        }
    }
}

/// A segment that was not let in.
#[derive(Debug, Clone, Copy)]
pub struct Quarantined<'a> {
    /// Whose stream.
    pub replica: ReplicaId,
    /// Its hash.
    pub hash: Hash,
    /// Why: a failure code.
    pub reason: &'a str,
    /// Who brought it.
    pub carrier: ReplicaId,
    /// When, in ms.
    pub received_at: u64,
    /// The segment itself.
    pub bytes: &'a [u8],
}

/// What stands in a scope, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Segments stored.
    pub segments: u64,
    /// Records projected.
    pub records: u64,
    /// Values in open conflicts.
    pub heads: u64,
    /// Saves that wait for others.
    pub waiting: u64,
    /// Segments in quarantine.
    pub quarantined: u64,
}

/// A place of the nation's tree with what facilities say about themselves and their villages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreePlace {
    /// Its identifier.
    pub id: RecordId,
    /// The place above.
    pub parent: Option<RecordId>,
    /// Its level, as it was written.
    pub level: String,
    /// Its name.
    pub name: String,
}

/// How far a laptop's list of who did what goes, as it told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessRow {
    /// The number of its last line.
    pub no: u64,
    /// The first bytes of that line's hash.
    pub mark: [u8; 8],
    /// When it last had gone back, in ms.
    pub back_at: Option<u64>,
}

/// Someone who comes in at the server itself.
#[derive(Debug, Clone)]
pub struct AdministratorRow {
    /// Their identifier.
    pub id: RecordId,
    /// Their name.
    pub name: String,
    /// The name without accents and capitals, by which they come in.
    pub called: String,
    /// Their role.
    pub role: Role,
    /// Where they hold it.
    pub place: RecordId,
    /// Their passphrase, stretched; none before they have chosen one.
    pub secret: Option<Vec<u8>>,
    /// The hash of the code that they come in with the first time.
    pub code: Option<[u8; 32]>,
    /// From when on it is refused, in ms.
    pub code_until: Option<u64>,
    /// When they were entered, in ms.
    pub created_at: u64,
    /// Since when they no longer come in, in ms.
    pub disabled_at: Option<u64>,
}

/// Someone who is in.
#[derive(Debug, Clone)]
pub struct LoginRow {
    /// Who.
    pub administrator: RecordId,
    /// The server's epoch at that time.
    pub epoch: [u8; 16],
    /// When they came in, in ms.
    pub began_at: u64,
    /// When they last did something, in ms.
    pub last_at: u64,
}

/// A line of who did what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeedRow {
    /// Its number, from 1.
    pub no: u64,
    /// When, in ms.
    pub at: u64,
    /// Who; none for the operator.
    pub who: Option<RecordId>,
    /// What: a word.
    pub what: String,
    /// The place that it was about.
    pub place: Option<RecordId>,
    /// What else belongs to it, in JSON.
    pub about: String,
    /// The hash of this line and of all before it.
    pub hash: [u8; 32],
}
