//! What can go wrong, for the operator and for a laptop.

use sync::wire::{Failure, WireError};

use crate::places::Unclear;
use crate::storage;

/// Why the server could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
    /// The data folder cannot be read or written.
    #[error("data folder: {0}")]
    Io(#[from] std::io::Error),
    /// The operating system gave no random bytes.
    #[error("no random bytes: {0}")]
    Random(getrandom::Error),
    /// A message could not be read or written.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// A stored record or segment cannot be read back.
    #[error("stored data cannot be read: {0}")]
    Unreadable(&'static str),
    /// The certificate cannot be used.
    #[error(transparent)]
    Tls(#[from] crate::tls::TlsError),
    /// A file that should be a backup is none, or not whole.
    #[error("the backup cannot be used: {0}")]
    DamagedBackup(&'static str),
    /// A backup is encrypted, and no key was given.
    #[error("the backup is encrypted: give the file of the key with --identity")]
    SealedBackup,
    /// A backup is encrypted to other keys.
    #[error("the backup is encrypted to other keys than the one that was given")]
    BackupOfOthers,
    /// A file that should hold the key of backups holds none.
    #[error("there is no key of backups in the file: it begins with AGE-SECRET-KEY-1")]
    NoBackupKey,
    /// What was written could not have been put back: the server itself is damaged.
    #[error("the backup is not sound, and was not kept: {0}")]
    UnsoundBackup(String),
    /// The heir alone can name another one.
    #[error("there is an heir already: give its file with --by, only the heir can name another")]
    HeirStands,
    /// Nobody was named.
    #[error("this server has no heir: laptops were told of none and would believe no other server")]
    NoHeir,
    /// The file holds another key.
    #[error("this is not the heir that the laptops of this server were told of")]
    NotTheHeir,
    /// A file that should hold an heir holds none.
    #[error(
        "there is no heir in the file, or a mistake in copying it: it is groups of 4 digits from 0 to f"
    )]
    NoHeirKey,
    /// A passphrase that keeps an heir is a sentence.
    #[error(
        "the passphrase is too short: choose a sentence of at least 12 letters that nobody guesses"
    )]
    WeakPassphrase,
    /// What was typed twice differs.
    #[error("the two passphrases differ: nothing was done")]
    PassphrasesDiffer,
    /// A file of an heir is protected by a passphrase, and none was typed.
    #[error(
        "the file of the heir is protected by a passphrase: type it at a terminal, or hand it over on standard input"
    )]
    SealedHeir,
    /// It is another passphrase.
    #[error("this is not the passphrase of the heir's file")]
    WrongPassphrase,
    /// So many statements travel together, and no more.
    #[error("the heir has spoken too often for this server")]
    TooManySuccessions,
    /// A backup is only put back where there is nothing.
    #[error("there is a server already: move it away, or choose an empty folder or database")]
    Occupied,
    /// The place of an invitation is not clear.
    #[error(transparent)]
    Place(#[from] Unclear),
    /// A coach is invited for a district, a directorate for its region or the nation; none for a facility.
    #[error("only a team is invited for a facility: leave the facility out")]
    CoachOfFacility,
    /// Administrators log in on the server.
    #[error("an administrator logs in on the server and has no laptop of their own")]
    AdministratorOfLaptop,
    /// Nobody at a place could open a bundle.
    #[error("no laptop of {0} has told its key yet: it must have been in contact once")]
    NobodyThere(String),
    /// A bundle cannot be opened or written.
    #[error(transparent)]
    Bundle(#[from] sync::bundle::BundleError),
    /// What was typed names none, or several.
    #[error("“{0}” does not name exactly one")]
    NotOne(String),
    /// A segment cannot be let in.
    #[error("it cannot be let in: {0}")]
    NotReleased(&'static str),
    /// An invitation that nobody could use.
    #[error("an invitation needs at least one use and one day")]
    UselessInvitation,
    /// An administrator needs a name, and a code a day.
    #[error("it needs a name and at least one day")]
    UselessCode,
    /// Another administrator bears the name.
    #[error("somebody is called “{0}” already: add the second name or the post")]
    NameTaken(String),
    /// Those who come in at the server are coaches, regions, the nation and administrators.
    #[error("only coach, region, nation and administrator come in at the server")]
    RoleOfLaptop,
    /// Another part of the server stopped in the middle of this work.
    #[error("interrupted")]
    Interrupted,
    /// The sender is told why.
    #[error("refused: {}", .0.code())]
    Refused(Refusal),
}

impl From<getrandom::Error> for Error {
    fn from(error: getrandom::Error) -> Self {
        Self::Random(error)
    }
}

/// What the server answers.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a whole request is refused, as the laptop is told. The app has a sentence for each code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The bytes are no request.
    Malformed,
    /// The request is larger than the server takes.
    TooLarge,
    /// The body did not arrive.
    Cut,
    /// The signature is not of the key it should be of.
    BadSignature,
    /// The replica is not enrolled here.
    ReplicaUnknown,
    /// The replica is no longer believed.
    Revoked,
    /// There is no such snapshot for this replica.
    SnapshotUnknown,
    /// No invitation has this code.
    InvitationUnknown,
    /// The invitation's days are over.
    InvitationExpired,
    /// The invitation has been used as often as it may.
    InvitationUsed,
    /// The laptop that enrolled this one by file is no longer believed.
    IssuerRevoked,
    /// The number that it was enrolled under was given to another laptop.
    IssuesUsed,
    /// Name or passphrase is wrong, or nobody is called so.
    LoginWrong,
    /// Whoever came in is out again.
    LoginEnded,
    /// The code is good, and a passphrase is to be chosen.
    PassphraseNeeded,
    /// The passphrase that was chosen is too short.
    PassphraseWeak,
    /// Who asks may not do that there.
    NotAllowed,
    /// The place is not clear, or the role is not held at such a place.
    PlaceUnclear,
    /// What was named is not there any more.
    NotOne,
    /// It cannot be let in: its replica did not sign it, or earlier saves are missing.
    NotReleased,
    /// Too many wrong codes came from there; later again.
    TooManyAttempts,
    /// The server has no room for one more just now; it says after how many seconds to come back.
    Busy,
    /// The server itself failed; it is worth trying again.
    Server,
}

impl Refusal {
    /// The code on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::TooLarge => "too-large",
            Self::Cut => "cut-off",
            Self::BadSignature => "bad-signature",
            Self::ReplicaUnknown => "replica-unknown",
            Self::Revoked => "replica-revoked",
            Self::SnapshotUnknown => "snapshot-unknown",
            Self::InvitationUnknown => "invitation-unknown",
            Self::InvitationExpired => "invitation-expired",
            Self::InvitationUsed => "invitation-used",
            Self::IssuerRevoked => "issuer-revoked",
            Self::IssuesUsed => "issues-used",
            Self::LoginWrong => "login-wrong",
            Self::LoginEnded => "login-ended",
            Self::PassphraseNeeded => "passphrase-needed",
            Self::PassphraseWeak => "passphrase-weak",
            Self::NotAllowed => "not-allowed",
            Self::PlaceUnclear => "place-unclear",
            Self::NotOne => "not-one",
            Self::NotReleased => "not-released",
            Self::TooManyAttempts => "too-many-attempts",
            Self::Busy => "server-busy",
            Self::Server => "server-error",
        }
    }

    /// The message on the wire.
    pub fn failure(self) -> Failure {
        Failure {
            code: self.code().to_owned(),
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<&WireError> for Refusal {
    fn from(error: &WireError) -> Self {
        match error {
            WireError::Malformed => Self::Malformed,
            WireError::TooLarge => Self::TooLarge,
            WireError::BadSignature => Self::BadSignature,
        }
    }
}
