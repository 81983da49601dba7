//! Who did what on the server: log-ins, failed ones, and what operators and administrators did. Each line is bound to the one
//! before it, so that none can be changed or taken out without showing, except from the end.

use std::collections::BTreeMap;

use domain::ids::RecordId;

use crate::error::{Error, Result};
use crate::places;
use crate::server::Server;
use crate::storage::rows::{AdministratorRow, DeedRow};
use crate::storage::tx::Tx;
use domain::permission::{Action, Class};
use sync::wire::JournalLine;

/// The most lines that are shown at once.
const MOST_SHOWN: usize = 500;

/// What was done, and its word, for ever the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Someone was entered who may come in.
    AdministratorAdded,
    /// They were given another code.
    CodeGiven,
    /// They no longer come in.
    AdministratorDisabled,
    /// Chose their passphrase with the code.
    PassphraseChosen,
    /// Came in.
    LoggedIn,
    /// Tried to come in with something wrong.
    LoginRefused,
    /// Left.
    LoggedOut,
    /// Invited a laptop.
    Invited,
    /// Revoked a laptop.
    LaptopRevoked,
    /// Revoked a person.
    PersonRevoked,
    /// Put a facility under another district.
    FacilityMoved,
    /// Looked at what a segment in quarantine says.
    AsideRead,
    /// Let a segment in that was kept aside.
    AsideReleased,
    /// Took in what a stick brought.
    BundleIn,
    /// Wrote a stick.
    BundleOut,
    /// Wrote a backup.
    BackedUp,
    /// Made the server from a backup.
    Restored,
}

impl What {
    /// Everything that is noted.
    pub const ALL: [Self; 17] = [
        Self::AdministratorAdded,
        Self::CodeGiven,
        Self::AdministratorDisabled,
        Self::PassphraseChosen,
        Self::LoggedIn,
        Self::LoginRefused,
        Self::LoggedOut,
        Self::Invited,
        Self::LaptopRevoked,
        Self::PersonRevoked,
        Self::FacilityMoved,
        Self::AsideRead,
        Self::AsideReleased,
        Self::BundleIn,
        Self::BundleOut,
        Self::BackedUp,
        Self::Restored,
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::AdministratorAdded => "administrator-added",
            Self::CodeGiven => "code-given",
            Self::AdministratorDisabled => "administrator-disabled",
            Self::PassphraseChosen => "passphrase-chosen",
            Self::LoggedIn => "logged-in",
            Self::LoginRefused => "login-refused",
            Self::LoggedOut => "logged-out",
            Self::Invited => "invited",
            Self::LaptopRevoked => "laptop-revoked",
            Self::PersonRevoked => "person-revoked",
            Self::FacilityMoved => "facility-moved",
            Self::AsideRead => "aside-read",
            Self::AsideReleased => "aside-released",
            Self::BundleIn => "bundle-in",
            Self::BundleOut => "bundle-out",
            Self::BackedUp => "backed-up",
            Self::Restored => "restored",
        }
    }
}

/// Who does something on the server.
#[derive(Debug, Clone, Copy)]
pub(crate) enum By<'a> {
    /// Whoever sits at the server, who may do everything.
    Operator,
    /// Someone who came in, with why in their words.
    Person(&'a AdministratorRow, &'a str),
}

impl By<'_> {
    /// Refuses what they may not do there.
    pub fn may(&self, tx: &dyn Tx, action: Action, class: Class, place: RecordId) -> Result<()> {
        match self {
            Self::Operator => Ok(()),
            Self::Person(one, _) => {
                match places::may(tx, one.role, one.place, action, class, place)? {
                    true => Ok(()),
                    false => Err(crate::error::Refusal::NotAllowed.into()),
                }
            }
        }
    }

    /// Notes what they did.
    pub fn note(
        &self,
        tx: &dyn Tx,
        now: u64,
        what: What,
        place: Option<RecordId>,
        about: &[(&str, &str)],
    ) -> Result<()> {
        let (who, reason) = match self {
            Self::Operator => (None, ""),
            Self::Person(one, reason) => (Some(one.id), *reason),
        };
        let mut all: BTreeMap<&str, &str> = about.iter().copied().collect();
        if !reason.trim().is_empty() {
            all.insert("reason", reason.trim());
        }
        let last = tx.last_deed()?;
        let before = last.as_ref().map_or([0; 32], |last| last.hash);
        let mut deed = DeedRow {
            no: last.map_or(1, |last| last.no + 1),
            at: now,
            who,
            what: what.word().to_owned(),
            place,
            about: serde_json::to_string(&all).unwrap_or_default(),
            hash: [0; 32],
        };
        deed.hash = hash(&before, &deed);
        Ok(tx.add_deed(&deed)?)
    }
}

/// The hash of a line and of all before it.
fn hash(before: &[u8; 32], deed: &DeedRow) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"nyetaa deed\0").update(before);
    hasher.update(&deed.no.to_be_bytes());
    hasher.update(&deed.at.to_be_bytes());
    for id in [&deed.who, &deed.place] {
        match id {
            Some(id) => hasher.update(&[1]).update(id.as_bytes()),
            None => hasher.update(&[0]),
        };
    }
    for text in [&deed.what, &deed.about] {
        let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
        hasher.update(&length.to_be_bytes()).update(text.as_bytes());
    }
    *hasher.finalize().as_bytes()
}

/// The newest lines that `by` may read, and the number of the first that does not follow from the one before it.
pub(crate) fn journal(tx: &dyn Tx, by: &By<'_>) -> Result<(Vec<JournalLine>, Option<u64>)> {
    let deeds = tx.deeds()?;
    let (mut before, mut broken) = ([0; 32], None);
    for (deed, no) in deeds.iter().zip(1..) {
        if broken.is_none() && (deed.no != no || deed.hash != hash(&before, deed)) {
            broken = Some(no);
        }
        before = deed.hash;
    }
    let names: BTreeMap<RecordId, String> = tx
        .administrators()?
        .into_iter()
        .map(|one| (one.id, one.name))
        .collect();
    let mut lines = Vec::new();
    for deed in deeds.iter().rev() {
        if lines.len() == MOST_SHOWN {
            break;
        }
        if !reads(tx, by, deed)? {
            continue;
        }
        let place = match deed.place {
            Some(place) => tx.place(place)?,
            None => None,
        };
        let who = deed.who.and_then(|who| names.get(&who));
        lines.push(JournalLine {
            no: deed.no,
            at: deed.at,
            who: who.cloned().unwrap_or_default(),
            what: deed.what.clone(),
            place: place.map(|place| place.name).unwrap_or_default(),
            about: serde_json::from_str(&deed.about).unwrap_or_default(),
        });
    }
    Ok((lines, broken))
}

/// Whether someone may read a line: what is done at places whose list they read, and what they did themselves.
fn reads(tx: &dyn Tx, by: &By<'_>, deed: &DeedRow) -> Result<bool> {
    if let By::Person(one, _) = by
        && deed.who == Some(one.id)
    {
        return Ok(true);
    }
    let place = match (deed.place, by) {
        (Some(place), _) => place,
        (None, By::Operator) => return Ok(true),
        // What concerns the whole server is for those who answer for the whole of it.
        (None, By::Person(one, _)) => match places::top(tx, one.place)? {
            Some(top) => top,
            None => return Ok(false),
        },
    };
    match by.may(tx, Action::Read, Class::Audit, place) {
        Ok(()) => Ok(true),
        Err(Error::Refused(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

impl Server {
    /// Who did what on the server, newest first, and the number of the first line that does not follow from the one before
    /// it: then somebody has changed the list.
    pub fn journal(&self) -> Result<(Vec<JournalLine>, Option<u64>)> {
        self.database().read(|tx| journal(tx, &By::Operator))
    }

    /// Notes something that the operator did, which changes nothing else in the database.
    pub(crate) fn note(&self, what: What, about: &[(&str, &str)]) -> Result<()> {
        let now = self.now();
        self.database()
            .write_alone(|tx| By::Operator.note(tx, now, what, None, about))
    }
}
