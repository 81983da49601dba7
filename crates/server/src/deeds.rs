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

/// The most lines that are shown at once of what was done.
const MOST_SHOWN: usize = 500;
/// And of log-ins that were refused: strangers make them, so they take no room from what was done.
const MOST_REFUSED: usize = 100;
/// A log-in that is refused is noted again for the same name after so long, in milliseconds.
const REFUSED_MS: u64 = 10 * 60 * 1000;
/// So many lines are in memory at a time.
const PAGE: u32 = 1_000;

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
    /// Gave whoever enrolled a laptop a further role.
    PostGiven,
    /// Took one away.
    PostTaken,
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
    /// Made the key that may name another server.
    HeirNamed,
    /// Put another server key in the place of one that was stolen.
    Succeeded,
}

impl What {
    /// Everything that is noted.
    pub const ALL: [Self; 21] = [
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
        Self::PostGiven,
        Self::PostTaken,
        Self::FacilityMoved,
        Self::AsideRead,
        Self::AsideReleased,
        Self::BundleIn,
        Self::BundleOut,
        Self::BackedUp,
        Self::Restored,
        Self::HeirNamed,
        Self::Succeeded,
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
            Self::PostGiven => "post-given",
            Self::PostTaken => "post-taken",
            Self::FacilityMoved => "facility-moved",
            Self::AsideRead => "aside-read",
            Self::AsideReleased => "aside-released",
            Self::BundleIn => "bundle-in",
            Self::BundleOut => "bundle-out",
            Self::BackedUp => "backed-up",
            Self::Restored => "restored",
            Self::HeirNamed => "heir-named",
            Self::Succeeded => "succeeded",
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
    /// Whoever did not come in. Nothing but [`What::LoginRefused`] is noted of them.
    Nobody,
}

impl By<'_> {
    /// Refuses what they may not do there.
    pub fn may(&self, tx: &dyn Tx, action: Action, class: Class, place: RecordId) -> Result<()> {
        match self {
            Self::Operator => Ok(()),
            Self::Nobody => Err(crate::error::Refusal::NotAllowed.into()),
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
            Self::Operator | Self::Nobody => (None, ""),
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
            about: written(&all),
            hash: [0; 32],
        };
        deed.hash = hash(&before, &deed);
        Ok(tx.add_deed(&deed)?)
    }
}

fn written(about: &BTreeMap<&str, &str>) -> String {
    serde_json::to_string(about).unwrap_or_default()
}

/// Notes that a log-in was refused, under the name of someone who is entered or under none: once in a while for each, since
/// strangers make these lines, which stay for ever.
pub(crate) fn note_refused(tx: &dyn Tx, now: u64, known: Option<&AdministratorRow>) -> Result<()> {
    let what = What::LoginRefused;
    let about = known.map(|one| ("name", one.name.as_str()));
    let text = written(&about.into_iter().collect());
    let since = now.saturating_sub(REFUSED_MS);
    match tx.deed_between(what.word(), &text, since, now)? {
        // Something is written all the same: the time it takes must not tell for whom a line is there already.
        Some(no) => Ok(tx.touch_deed(no)?),
        None => By::Nobody.note(tx, now, what, known.map(|one| one.place), about.as_slice()),
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
    let broken = first_broken(tx)?;
    let names: BTreeMap<RecordId, String> = tx
        .administrators()?
        .into_iter()
        .map(|one| (one.id, one.name))
        .collect();
    let (mut lines, mut done, mut refused) = (Vec::new(), 0, 0);
    let mut before = tx.last_deed()?.map_or(0, |last| last.no + 1);
    while done < MOST_SHOWN {
        let page = tx.deeds_before(before, PAGE)?;
        let Some(first) = page.last() else {
            break;
        };
        before = first.no;
        for deed in &page {
            let (shown, most) = match deed.what == What::LoginRefused.word() {
                true => (&mut refused, MOST_REFUSED),
                false => (&mut done, MOST_SHOWN),
            };
            if *shown == most || !reads(tx, by, deed)? {
                continue;
            }
            *shown += 1;
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
    }
    Ok((lines, broken))
}

/// The number of the first line that does not follow from the one before it.
fn first_broken(tx: &dyn Tx) -> Result<Option<u64>> {
    let (mut before, mut no) = ([0; 32], 0);
    loop {
        let page = tx.deeds_after(no, PAGE)?;
        if page.is_empty() {
            return Ok(None);
        }
        for deed in page {
            no += 1;
            if deed.no != no || deed.hash != hash(&before, &deed) {
                return Ok(Some(no));
            }
            before = deed.hash;
        }
    }
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
        (None, By::Nobody) => return Ok(false),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_ins_that_were_refused_push_no_deed_off_the_list() {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::open(folder.path()).unwrap();
        server.note(What::BackedUp, &[]).unwrap();
        let strangers = |tx: &dyn Tx| {
            for at in 1..=1_200 {
                note_refused(tx, at * (REFUSED_MS + 1), None)?;
            }
            Ok::<_, Error>(())
        };
        server.database().write_alone(strangers).unwrap();
        let (lines, broken) = server.journal().unwrap();
        assert_eq!(broken, None);
        assert_eq!(lines.len(), MOST_REFUSED + 1);
        assert_eq!(lines[0].no, 1_201, "the newest first");
        assert_eq!(lines[MOST_REFUSED].what, What::BackedUp.word());
    }

    #[test]
    fn a_line_that_was_changed_shows_on_whichever_page_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::open(folder.path()).unwrap();
        let deeds = |tx: &dyn Tx| {
            for at in 0..1_100 {
                By::Operator.note(tx, at, What::BackedUp, None, &[])?;
            }
            Ok::<_, Error>(())
        };
        server.database().write_alone(deeds).unwrap();
        let (lines, broken) = server.journal().unwrap();
        assert_eq!((lines.len(), broken), (MOST_SHOWN, None));
        for no in [1_050, 1_000, 3] {
            let sql = format!("UPDATE deed SET at = at + 1 WHERE no = {no}");
            let change = |tx: &dyn Tx| tx.run(&sql, &[]);
            server.database().write_alone(change).unwrap();
            assert_eq!(server.journal().unwrap().1, Some(no));
        }
    }
}
