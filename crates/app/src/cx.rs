//! What a use case works with: the open store, the person at the laptop, and the time.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;

use chrono::{DateTime, Local, NaiveDate, TimeZone};
use domain::ids::{RecordId, ScopeId};
use domain::period::Month;
use domain::registry::Kind;
use domain::role::Role;
use domain::text::Language;
use store::{Draft, Edit, Store, Writer};
use sync::log::SaveKind;
use sync::wire::Grant;

use crate::error::{AppError, Result};
use crate::records;
use crate::start;
use crate::surroundings::Surroundings;
use crate::sync_client::{Progress, forget_root, look_around, revoked_since, trusted_below};

/// An open data folder.
pub struct Laptop {
    /// Its store.
    pub store: Store,
    /// Whether it is the practice folder, which never syncs.
    pub practice: bool,
    /// The folder.
    pub folder: std::path::PathBuf,
    /// Held while an exchange with the server runs.
    pub exchanging: std::sync::Mutex<()>,
    /// How far that exchange has come.
    pub progress: Progress,
    /// Who has come in at the server from here. It stands in memory alone, and goes when the app is locked.
    pub at_server: std::sync::Mutex<Option<sync::wire::LoggedIn>>,
    /// Whether the line broke when a code was shown there last: then nobody here knows whether it was taken.
    pub code_unanswered: std::sync::atomic::AtomicBool,
}

/// Stands in `meta` of a practice database.
const PRACTICE: &str = "practice";

impl Laptop {
    /// Opens a data folder whose key stands in a file, if it is encrypted at all.
    pub fn by_file(around: &Surroundings, folder: &Path, practice: bool) -> Result<Self> {
        around
            .disk
            .create_dir_all(folder)
            .map_err(store::Error::from)?;
        let key = match around.encrypted {
            true => Some(crate::home::key(around, folder)?),
            false => None,
        };
        Self::open(around, folder, key.as_deref(), practice)
    }

    /// Opens a data folder, made when it is not there. One that was ever opened for practice remains one, by
    /// whatever way it is opened again: its people and figures are invented and must never be sent.
    pub fn open(
        around: &Surroundings,
        folder: &Path,
        key: Option<&store::Key>,
        practice: bool,
    ) -> Result<Self> {
        if !practice {
            crate::backups::before_update(around, folder, key)?;
        }
        let disk = std::sync::Arc::clone(&around.disk);
        let store = Store::open_on(disk, folder, key, &(around.random)()?)?;
        if practice {
            store.set_meta(PRACTICE, b"yes")?;
        }
        let practice = store.meta(PRACTICE)?.is_some();
        if !practice {
            if let Err(error) = forget_root(around, &store) {
                tracing::warn!(
                    code = error.code,
                    "a root of an invitation that was not taken is believed still"
                );
            }
            crate::backups::look_behind(around, &store, folder, key)?;
            look_around(around, &store, folder)?;
            if let Err(error) = store.catch_up((around.clock)()) {
                // A full disk must not keep anyone from reading; it is tried again at the next opening.
                tracing::warn!(%error, "what had arrived was not brought into the tables");
            }
        }
        Ok(Self {
            practice,
            ..Self::around(store, folder)
        })
    }

    /// Around a store that is open already.
    pub fn around(store: Store, folder: &Path) -> Self {
        Self {
            store,
            practice: false,
            folder: folder.to_owned(),
            exchanging: std::sync::Mutex::new(()),
            progress: Progress::default(),
            at_server: std::sync::Mutex::default(),
            code_unanswered: std::sync::atomic::AtomicBool::default(),
        }
    }
}

/// Tells the time, in milliseconds since 1970.
pub type Clock = Box<dyn Fn() -> u64 + Send + Sync>;

/// The computer's own clock: the one place that reads it.
pub fn wall_clock() -> Clock {
    #[allow(
        clippy::disallowed_methods,
        reason = "the one place that reads the computer's clock"
    )]
    Box::new(|| u64::try_from(chrono::Utc::now().timestamp_millis()).unwrap_or(0))
}

/// A moment as people read it here.
fn local(ms: u64) -> DateTime<Local> {
    i64::try_from(ms)
        .ok()
        .and_then(|ms| Local.timestamp_millis_opt(ms).single())
        .unwrap_or_default()
}

/// A moment as the screen receives it: ISO, local time, to the minute.
pub fn stamp(ms: u64) -> String {
    local(ms).format("%Y-%m-%dT%H:%M").to_string()
}

/// The day of a moment, here.
pub fn day_of(ms: u64) -> NaiveDate {
    local(ms).date_naive()
}

/// The last month that was complete at a moment.
pub fn month_in_hand(ms: u64) -> Month {
    Month::of(day_of(ms)).prev()
}

/// The surroundings of one command.
pub struct Cx<'a> {
    /// The laptop it works on.
    pub laptop: &'a Laptop,
    /// Who has come in with their code; none where nobody has one, and in the example.
    pub person: Option<RecordId>,
    /// What the app stands on.
    pub around: &'a Surroundings,
    /// The time.
    pub now_ms: u64,
    /// Tells screens what changed.
    pub changed: &'a dyn Fn(&BTreeSet<Kind>),
}

/// Who saves, and under which grant.
#[derive(Debug, Clone)]
pub struct Author {
    /// The person.
    pub person: RecordId,
    /// Their role.
    pub role: Role,
    /// The place they work at.
    pub home: RecordId,
    /// All their roles, each with its place; this one first.
    pub posts: Vec<(Role, RecordId)>,
}

impl Author {
    /// Where they hold a role.
    pub fn place_as(&self, role: Role) -> Option<RecordId> {
        let mut held = self.posts.iter();
        held.find(|(held, _)| *held == role)
            .map(|(_, place)| *place)
    }

    /// Whether a place is one of theirs, and not only below it.
    pub fn works_at(&self, place: RecordId) -> bool {
        self.posts.iter().any(|(_, held)| *held == place)
    }
}

/// What the person who enrolled this laptop holds besides its own role, as the grant says; kept by itself, for it is asked
/// with every save.
#[derive(serde::Serialize, serde::Deserialize)]
struct Further {
    person: RecordId,
    posts: Vec<(Role, RecordId)>,
}

/// Where it stands in `meta`.
const FURTHER: &str = "further_posts";

impl Cx<'_> {
    /// The store.
    pub fn store(&self) -> &Store {
        &self.laptop.store
    }

    /// A moment of the log or clock as people read it here.
    pub fn local(&self, ms: u64) -> DateTime<Local> {
        local(ms)
    }

    /// A moment as the screen receives it: ISO, local time, to the minute.
    pub fn stamp(&self, ms: u64) -> String {
        stamp(ms)
    }

    /// Today, here: by this computer's clock, set right by what the server last said of it. A clock that is years off
    /// must keep nobody from typing a month that is over.
    pub fn today(&self) -> NaiveDate {
        let offset = self.store().clock_offset().unwrap_or(0);
        day_of(self.now_ms.saturating_add_signed(offset))
    }

    /// The day on which a period that may be typed has begun at the latest: [`Self::today`], or by this computer's clock
    /// where that says later. What the server said may be older than the clock's last jump, and neither may keep anyone
    /// from a month that is over.
    pub fn last_day(&self) -> NaiveDate {
        self.today().max(day_of(self.now_ms))
    }

    /// The month in hand: the last complete one.
    pub fn month_in_hand(&self) -> Month {
        Month::of(self.today()).prev()
    }

    /// A text kept beside the log.
    pub fn meta_text(&self, key: &str) -> Result<Option<String>> {
        Ok(self
            .store()
            .meta(key)?
            .and_then(|bytes| String::from_utf8(bytes).ok()))
    }

    /// The language of the interface, French until chosen.
    pub fn language(&self) -> Result<Language> {
        Ok(match self.meta_text("language")?.as_deref() {
            Some("en") => Language::En,
            _ => Language::Fr,
        })
    }

    /// The grant that the server gave, if this laptop is enrolled.
    pub fn grant(&self) -> Result<Option<Grant>> {
        Ok(self
            .store()
            .meta("grant")?
            .and_then(|bytes| Grant::from_bytes(&bytes).ok()))
    }

    /// The person at the laptop, by the role of theirs that sees furthest: whoever leads a facility and coaches its district
    /// has the district for a home, and the facility is one of their places.
    pub fn author(&self) -> Result<Author> {
        let mut author = self.author_here()?;
        let sees = |role: Role| match role {
            Role::Nation => 0,
            Role::Region => 1,
            Role::Coach => 2,
            Role::Lead | Role::Member => 3,
            Role::Administrator | Role::Partner => 4,
        };
        author.posts.sort_by_key(|(role, _)| sees(*role));
        if let Some((role, home)) = author.posts.first() {
            (author.role, author.home) = (*role, *home);
        }
        Ok(author)
    }

    /// Keeps what a grant says that the person who enrolled this laptop holds besides. Whose it is was settled when there was
    /// something first: whoever takes a laptop over does not become the district's coach by it.
    pub fn keep_further(&self, grant: &Grant) -> Result<()> {
        let posts = grant.terms().further();
        if posts.is_empty() {
            return Ok(self.store().clear_meta(FURTHER)?);
        }
        let known = self.further()?.map(|known| known.person);
        let person = match (known, self.store().meta("person")?) {
            (Some(known), _) => known,
            (None, Some(first)) => {
                RecordId::from_slice(&first).map_err(|_| AppError::new("not-begun"))?
            }
            (None, None) => return Ok(()),
        };
        let bytes = serde_json::to_vec(&Further { person, posts });
        let bytes = bytes.map_err(|_| AppError::new("store-failed"))?;
        Ok(self.store().set_meta(FURTHER, &bytes)?)
    }

    fn further(&self) -> Result<Option<Further>> {
        let bytes = self.store().meta(FURTHER)?;
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    /// The person at the laptop, as one of those who work where it was enrolled.
    pub fn author_here(&self) -> Result<Author> {
        let id = |key: &str| -> Result<RecordId> {
            self.store()
                .meta(key)?
                .and_then(|bytes| RecordId::from_slice(&bytes).ok())
                .ok_or_else(|| AppError::new("not-begun"))
        };
        let (first, home) = (id("person")?, id("home_place")?);
        let granted = self
            .meta_text("role")?
            .and_then(|word| Role::from_word(&word))
            .unwrap_or(Role::Member);
        let person = match self.person {
            Some(person) => start::person_now(self, person)?,
            None => first,
        };
        // Whoever began has the role that the grant names; their colleagues have what their own record says, and never
        // one of another kind of place.
        let role = match self.person(person)?.1 {
            Some(own) if person != first && own.works_beside(granted) => own,
            _ => granted,
        };
        let mut posts = vec![(role, home)];
        if let Some(further) = self.further()?
            && start::person_now(self, further.person)? == person
        {
            posts.extend(further.posts);
        }
        Ok(Author {
            person,
            role,
            home,
            posts,
        })
    }

    /// Whether this laptop may write in a scope. Before enrolment it may write at its own place; the practice
    /// folder has no such bounds.
    pub fn may_write(&self, scope: ScopeId) -> Result<bool> {
        if self.laptop.practice {
            return Ok(true);
        }
        match self.grant()? {
            Some(grant) => Ok(grant.may_write(scope)),
            None => Ok(scope == self.scope_of(self.author_here()?.home)?
                || trusted_below(self, scope.place())?),
        }
    }

    /// Saves edits of one scope by the person at the laptop. Answers how many changes were made.
    pub fn save(
        &self,
        w: &mut Writer<'_>,
        scope: ScopeId,
        kind: SaveKind,
        reason: Option<&str>,
        edits: Vec<Edit>,
    ) -> Result<usize> {
        let author = self.author()?.person;
        self.save_as(w, author, scope, kind, reason, edits)
    }

    /// Saves edits in another person's name: practice data, and what a moved record's author wrote.
    pub fn save_as(
        &self,
        w: &mut Writer<'_>,
        author: RecordId,
        scope: ScopeId,
        kind: SaveKind,
        reason: Option<&str>,
        edits: Vec<Edit>,
    ) -> Result<usize> {
        if !self.may_write(scope)? {
            let revoked = revoked_since(self)?.is_some();
            return Err(AppError::new(match revoked {
                true => "laptop-revoked",
                false => "not-allowed-here",
            }));
        }
        let grant = self.grant()?.map_or(0, |grant| grant.terms().version);
        let reason = reason
            .map(str::trim)
            .filter(|reason| !reason.is_empty())
            .map(str::to_owned);
        if let Some(reason) = &reason {
            records::text_value("reason", reason)?;
        }
        Ok(w.save(Draft {
            scope,
            author,
            grant,
            kind,
            reason,
            edits,
        })?)
    }

    /// What is done by the `Cx` that is handed on is one transaction ([`Store::together`]); screens are told when it has ended, since
    /// they could not read it before.
    pub fn together<T>(&self, act: impl FnOnce(&Cx<'_>) -> Result<T>) -> Result<T> {
        let told: RefCell<Option<BTreeSet<Kind>>> = RefCell::new(None);
        let later = |kinds: &BTreeSet<Kind>| {
            told.borrow_mut()
                .get_or_insert_default()
                .extend(kinds.iter().copied());
        };
        let inside = Cx {
            changed: &later,
            ..*self
        };
        let answer = self.store().together(|| act(&inside))?;
        if let Some(kinds) = told.borrow_mut().take() {
            (self.changed)(&kinds);
        }
        Ok(answer)
    }

    /// Writes in one transaction and tells the screens.
    pub fn write<T>(&self, write: impl FnOnce(&mut Writer<'_>) -> Result<T>) -> Result<T> {
        let (answer, changed) = self.store().write(self.now_ms, write)?;
        if !changed.is_empty() {
            (self.changed)(&changed);
        }
        Ok(answer)
    }
}
