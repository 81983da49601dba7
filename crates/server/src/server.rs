//! The server without a network.

use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::permission::{Action, Class};
use domain::registry::lock_text;
use domain::role::Role;
use domain::text::fold;
use sync::clock::Hlc;
use sync::fault::{Fault, planted};
use sync::heads::Head;
use sync::wire::Post;
use sync::wire::limits::POSTS;

use crate::answers::Answers;
use crate::backup;
use crate::check::{self, Report};
use crate::contact::{self, Handled};
use crate::deeds::{By, What};
use crate::disk::{Disk, RealDisk};
use crate::enrolment;
use crate::epoch;
use crate::error::{Error, Result};
use crate::invitation::{Attempts, Code, Invite, Invited};
use crate::places;
use crate::projection::{self, Record};
use crate::readers;
use crate::returning;
use crate::snapshots;
use crate::storage::Database;
use crate::storage::rows::{Identity, InvitationRow, TreePlace};
use crate::storage::tx::Tx;

/// The database's name in the data folder.
const DATABASE: &str = "server.sqlite";
const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// So many laptops may enrol at most with a code that someone gives who came in, and for so many days: it must not outlive
/// their own access for long.
const PERSON_USES: u32 = 10;
const PERSON_DAYS: u32 = 30;
/// A server declares a new epoch by itself at most this often, whatever cursors it is shown.
const DECLARE_MS: u64 = 60 * 60 * 1000;

/// Gives the time in milliseconds since 1970-01-01 UTC.
pub type Clock = Arc<dyn Fn() -> u64 + Send + Sync>;

/// The clock of the machine.
pub fn system_clock() -> Clock {
    Arc::new(|| {
        #[allow(
            clippy::disallowed_methods,
            reason = "this is the clock that others are given"
        )]
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or(Duration::ZERO);
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}

/// Gives 32 random bytes that nobody can guess, or fails when the system has none.
pub type Random = Arc<dyn Fn() -> Result<[u8; 32]> + Send + Sync>;

/// The random bytes of the machine.
pub fn system_random() -> Random {
    Arc::new(|| {
        let mut random = [0; 32];
        getrandom::fill(&mut random)?;
        Ok(random)
    })
}

/// Everything that a server takes from the world around it.
#[derive(Clone)]
pub struct Surroundings {
    /// The data folder, made when it is missing.
    pub folder: PathBuf,
    /// The address of the PostgreSQL database; none for an SQLite file in the folder.
    pub database: Option<String>,
    /// The root certificate, in PEM, that the database's own must come from; none for a connection in the clear.
    pub database_root: Option<PathBuf>,
    /// The disk that the folder lies on.
    pub disk: Arc<dyn Disk>,
    /// The time.
    pub clock: Clock,
    /// Random bytes for keys, codes and epochs.
    pub random: Random,
}

impl Surroundings {
    /// The machine's own, for a data folder.
    pub fn of_machine(folder: impl AsRef<Path>) -> Self {
        Self {
            folder: folder.as_ref().to_owned(),
            database: None,
            database_root: None,
            disk: Arc::new(RealDisk),
            clock: system_clock(),
            random: system_random(),
        }
    }

    fn database(&self) -> Result<Database> {
        Ok(match &self.database {
            Some(address) => Database::open_at(address, self.database_root.as_deref())?,
            None => Database::open_on(&self.folder.join(DATABASE), &*self.disk)?,
        })
    }
}

impl fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surroundings")
            .field("folder", &self.folder)
            .field("disk", &self.disk)
            .finish_non_exhaustive()
    }
}

/// A server on its data folder. Clones share it.
#[derive(Clone)]
pub struct Server {
    shared: Arc<Shared>,
}

struct Shared {
    around: Surroundings,
    database: Database,
    attempts: Mutex<Attempts>,
    /// What is left of keys that were destroyed may still lie somewhere: as long as nobody has seen that it is gone.
    sweep_owed: AtomicBool,
    /// Scopes to sum up, `None` when it is not known which.
    due: Mutex<Option<BTreeSet<ScopeId>>>,
    summing: Mutex<()>,
    /// When it last declared a new epoch by itself.
    declared_at: Mutex<Option<u64>>,
    /// The last small answers, so that the same request has the same one by whatever way it comes again.
    answers: Mutex<Answers>,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("around", &self.shared.around)
            .finish_non_exhaustive()
    }
}

impl Server {
    /// Opens the data folder, made when it is missing, with what the machine gives.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self> {
        Self::open_in(Surroundings::of_machine(folder))
    }

    /// Opens the data folder by a clock of the caller's.
    pub fn open_with_clock(folder: impl AsRef<Path>, clock: Clock) -> Result<Self> {
        Self::open_in(Surroundings {
            clock,
            ..Surroundings::of_machine(folder)
        })
    }

    /// Opens a server in surroundings of the caller's.
    ///
    /// A database and an epoch file that disagree mean that one of them was put back from a backup: the
    /// server starts a new epoch, and laptops send again what it may have lost. A projection made with
    /// another registry is made anew.
    ///
    /// # Errors
    /// When folder or database cannot be opened or written.
    pub fn open_in(around: Surroundings) -> Result<Self> {
        around.disk.create_dir_all(&around.folder)?;
        let database = around.database()?;
        database.write_alone(|tx| {
            tx.put_shipped_places()?;
            begin(tx, &around)
        })?;
        Ok(Self {
            shared: Arc::new(Shared {
                around,
                database,
                attempts: Mutex::new(Attempts::of_codes()),
                sweep_owed: AtomicBool::new(true),
                due: Mutex::default(),
                summing: Mutex::default(),
                declared_at: Mutex::default(),
                answers: Mutex::default(),
            }),
        })
    }

    /// Makes an invitation and gives its code, which is kept nowhere else.
    pub fn invite(&self, invite: &Invite) -> Result<String> {
        Ok(self.invite_by(&By::Operator, invite)?.code)
    }

    pub(crate) fn invite_by(&self, by: &By<'_>, invite: &Invite) -> Result<Invited> {
        let now = self.now();
        let person = matches!(by, By::Person(..));
        let too_much = invite.uses > PERSON_USES || invite.days > PERSON_DAYS;
        if invite.uses == 0 || invite.days == 0 || person && too_much {
            return Err(Error::UselessInvitation);
        }
        let mut random = [0; 13];
        random.copy_from_slice(&self.random()?[..13]);
        let code = Code::from_random(random);
        let expires = now.saturating_add(u64::from(invite.days) * DAY_MS);
        let place = self.database().write_alone(|tx| {
            let (place, facility) = invited_place(tx, invite)?;
            by.may(tx, Action::Enrol, Class::Devices, place)?;
            let mut also = Vec::new();
            for (role, typed) in &invite.also {
                let post = further_post(tx, *role, typed)?;
                by.may(tx, Action::Enrol, Class::Devices, post.place)?;
                also.push(post);
            }
            if also.len() > POSTS {
                return Err(Error::UselessInvitation);
            }
            let name = match &facility {
                Some(name) => name.clone(),
                None => tx
                    .place(place)?
                    .map_or_else(String::new, |place| place.name),
            };
            let about = [("role", invite.role.word()), ("name", name.as_str())];
            by.note(tx, now, What::Invited, Some(place), &about)?;
            tx.put_invitation(&InvitationRow {
                hash: *code.hash().as_bytes(),
                role: invite.role,
                place,
                facility,
                adopted: None,
                uses_left: invite.uses,
                created_at: now,
                expires_at: expires,
                also,
            })?;
            Ok::<_, Error>(name)
        })?;
        Ok(Invited {
            code: code.to_string(),
            place,
            expires,
        })
    }

    /// Enrols the replica that signed the request `bytes`, and gives the answer's. `source` is where the
    /// request came from, to stop guessing.
    pub fn enrol(&self, bytes: &[u8], source: Option<IpAddr>) -> Result<Vec<u8>> {
        let now = self.now();
        enrolment::enrol(self.database(), &self.shared.attempts, bytes, source, now)
    }

    /// Lets a replica that was copied or put back go on under another name, by the request in `bytes`, and
    /// gives the answer's.
    pub fn mint(&self, bytes: &[u8]) -> Result<Vec<u8>> {
        enrolment::mint(self.database(), bytes, self.now())
    }

    /// Takes back a replica that shows a grant of this server's, by the request in `bytes`, and gives the
    /// answer's: the server was put back from a backup that does not know it.
    pub fn take_back(&self, bytes: &[u8]) -> Result<Vec<u8>> {
        returning::take_back(self.database(), bytes, self.now())
    }

    /// Takes and gives what one signed sync request brings and asks for.
    pub fn sync(&self, bytes: &[u8]) -> Result<Vec<u8>> {
        let now = self.now();
        let declared_at = || {
            self.shared
                .declared_at
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        let may_declare = declared_at().is_none_or(|at| now.saturating_sub(at) > DECLARE_MS);
        let request = self.database().read(|tx| contact::open(tx, bytes))?;
        let answers = || {
            self.shared
                .answers
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        if let Some(said) = answers().to(&request, bytes) {
            return Ok(said);
        }
        snapshots::make_ready(self.database(), &request, now)?;
        let handled = self.write_and_answer(|tx| {
            contact::handle(tx, bytes, &request, now, |identity| {
                if may_declare {
                    declare(tx, &self.shared.around, identity)
                } else {
                    Ok(identity)
                }
            })
        })?;
        let Handled {
            answer,
            declared,
            changed,
            destroyed,
        } = handled;
        self.sweep(destroyed, !request.erase.is_empty());
        self.note_due(changed);
        if declared {
            *declared_at() = Some(now);
        }
        answers().keep(&request, bytes, &answer);
        Ok(answer)
    }

    /// Lets go of what is left of keys, when some were destroyed; and when that was wished again and is still owed, because it
    /// failed or the server stopped in between. What was written stands, also when this fails.
    pub(crate) fn sweep(&self, destroyed: bool, wished: bool) {
        let owed = &self.shared.sweep_owed;
        let due = destroyed || wished && owed.load(Ordering::SeqCst);
        if due {
            let swept = self.database().sweep();
            owed.store(swept.is_err(), Ordering::SeqCst);
            if let Err(error) = swept {
                tracing::warn!(%error, "what is left of a key could not be swept away");
            }
        }
    }

    /// Writes a backup to the file `to`, and gives what its examination found. Requests go on meanwhile. Only `readers`
    /// can open it, or anybody when there are none: the server's key is in it.
    ///
    /// # Errors
    /// When it cannot be written or is not sound; what stood there before stands there still. And when that it was made
    /// cannot be noted.
    pub fn back_up(&self, to: &Path, readers: &[backup::Reader]) -> Result<Report> {
        let report = backup::write(self.database(), to, readers)?;
        self.note(What::BackedUp, &[])?;
        Ok(report)
    }

    /// Makes a server from the backup in the file `from`, which one of `keys` opens when it is encrypted, where there is
    /// none, and gives what its examination found.
    /// It begins a new epoch: laptops that come send it again what it had not seen when the backup was made.
    ///
    /// # Errors
    /// [`Error::Occupied`] where there is a server; when the file is damaged, of a newer version or for other keys. Then
    /// nothing has been made.
    pub fn restore(around: Surroundings, from: &Path, keys: &[backup::Key]) -> Result<Report> {
        around.disk.create_dir_all(&around.folder)?;
        let database = around.database()?;
        database.write_alone(|tx| {
            if tx.identity()?.is_some() {
                return Err(Error::Occupied);
            }
            backup::fill(tx, from, keys)?;
            let mut identity = identity(tx)?;
            identity.registry = registry();
            declare(tx, &around, identity)?;
            let now = (around.clock)();
            By::Operator.note(tx, now, What::Restored, None, &[])
        })?;
        database.read(check::check)
    }

    /// Examines everything: the file, every segment's chain and signature, and the projection against one
    /// made anew.
    pub fn check(&self) -> Result<Report> {
        self.database().read(check::check)
    }

    /// The shown values of a record, by field name.
    pub fn record(
        &self,
        scope: ScopeId,
        kind: u16,
        id: RecordId,
    ) -> Result<Option<serde_json::Value>> {
        let row = self
            .database()
            .read(|tx| tx.record(scope, kind, id).map_err(Error::from))?;
        let values = row.map(|row| serde_json::from_str(&row.values)).transpose();
        values.map_err(|_| Error::Unreadable("a record does not decode"))
    }

    /// The heads of a field, the shown one first; several when people have to decide.
    pub fn heads(&self, scope: ScopeId, kind: u16, id: RecordId, field: u16) -> Result<Vec<Head>> {
        let row = self
            .database()
            .read(|tx| tx.record(scope, kind, id).map_err(Error::from))?;
        let record = row
            .map(|row| Record::from_row(kind, &row))
            .transpose()?
            .unwrap_or_default();
        Ok(record.heads(field).to_vec())
    }

    /// The nation's tree as it is now, by identifier.
    pub fn tree(&self) -> Result<Vec<TreePlace>> {
        self.database().read(|tx| tx.tree().map_err(Error::from))
    }

    /// Whether the database answers.
    pub fn is_well(&self) -> bool {
        self.database()
            .read(|tx| tx.identity().map_err(Error::from))
            .is_ok_and(|identity| identity.is_some())
    }

    /// The public key that grants and answers are signed with.
    pub fn public_key(&self) -> Result<[u8; 32]> {
        let identity = self.database().read(identity)?;
        Ok(identity.key().public())
    }

    /// Gives the answer of `work` once what it wrote is on the disk.
    fn write_and_answer<T>(&self, mut work: impl FnMut(&dyn Tx) -> Result<T>) -> Result<T> {
        if !planted(Fault::AcknowledgeBeforeCommit) {
            return self.database().write(work);
        }
        let mut answer = None;
        let undone = self.database().write(|tx| {
            answer = Some(work(tx)?);
            Err::<T, _>(Error::Interrupted)
        });
        answer.map_or(undone, Ok)
    }

    /// Remembers scopes to sum up.
    pub(crate) fn note_due(&self, scopes: Vec<ScopeId>) {
        let mut due = self
            .shared
            .due
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(due) = &mut *due {
            due.extend(scopes);
        }
    }

    /// The scopes to sum up; `None` for all of them, as after a start.
    pub(crate) fn take_due(&self) -> Option<BTreeSet<ScopeId>> {
        let mut due = self
            .shared
            .due
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        due.replace(BTreeSet::new())
    }

    /// Looks at all scopes the next time.
    pub(crate) fn forget_due(&self) {
        *self
            .shared
            .due
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Leave to sum up, unless somebody is at it.
    pub(crate) fn summing(&self) -> Option<MutexGuard<'_, ()>> {
        match self.shared.summing.try_lock() {
            Ok(guard) => Some(guard),
            Err(TryLockError::Poisoned(error)) => Some(error.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    pub(crate) fn now(&self) -> u64 {
        // Hybrid stamps hold 48 bits; a clock beyond them would not fit the database either.
        (self.shared.around.clock)().min(Hlc(u64::MAX).millis())
    }

    pub(crate) fn random(&self) -> Result<[u8; 32]> {
        (self.shared.around.random)()
    }

    pub(crate) fn database(&self) -> &Database {
        &self.shared.database
    }
}

/// The server's own row.
pub(crate) fn identity(tx: &dyn Tx) -> Result<Identity> {
    tx.identity()?
        .ok_or(Error::Unreadable("the server's own row is missing"))
}

fn begin(tx: &dyn Tx, around: &Surroundings) -> Result<()> {
    let registry = registry();
    let Some(mut identity) = tx.identity()? else {
        let new = Identity {
            secret: (around.random)()?,
            epoch: [0; 16],
            registry,
            heir: None,
            past: Vec::new(),
        };
        declare(tx, around, new)?;
        return Ok(());
    };
    if identity.registry != registry {
        tracing::info!("the registry has changed: making the projection anew");
        tx.forget_projection()?;
        for scope in tx.scopes()? {
            projection::settle(tx, scope, &mut projection::Opened::new())?;
        }
        identity.registry = registry;
        tx.put_identity(&identity)?;
    }
    if epoch::read(&*around.disk, &around.folder)? != Some(identity.epoch) {
        tracing::warn!("the database and the epoch beside it disagree: starting a new epoch");
        declare(tx, around, identity)?;
    }
    Ok(())
}

/// The registry that this version makes projections with.
fn registry() -> [u8; 32] {
    *blake3::hash(lock_text().as_bytes()).as_bytes()
}

/// Starts a new epoch.
fn declare(tx: &dyn Tx, around: &Surroundings, identity: Identity) -> Result<Identity> {
    // It says nothing but that it is another one.
    let mut epoch = [0; 16];
    epoch.copy_from_slice(&(around.random)()?[..16]);
    begin_epoch(tx, around, identity, epoch)
}

/// Starts this epoch. A power cut between file and commit makes them disagree, and so another one.
pub(crate) fn begin_epoch(
    tx: &dyn Tx,
    around: &Surroundings,
    mut identity: Identity,
    epoch: [u8; 16],
) -> Result<Identity> {
    let first = identity.epoch == [0; 16];
    identity.epoch = epoch;
    epoch::write(&*around.disk, &around.folder, &identity.epoch)?;
    tx.put_identity(&identity)?;
    if first {
        return Ok(identity);
    }
    // What a lost life may have given a number to must not meet something else under the same one.
    tx.leap()?;
    for scope in tx.scopes_with_readers()? {
        readers::refresh(tx, &identity, scope)?;
    }
    Ok(identity)
}

/// A post beside the one that a laptop is enrolled at. Its place is there already.
pub(crate) fn further_post(tx: &dyn Tx, role: Role, typed: &str) -> Result<Post> {
    let (place, _) = invited_place(
        tx,
        &Invite {
            place: typed.to_owned(),
            facility: None,
            role,
            uses: 1,
            days: 1,
            also: Vec::new(),
        },
    )?;
    Ok(Post::of(role, place))
}

/// The place of an invitation, and the name of the facility to be made there.
fn invited_place(tx: &dyn Tx, invite: &Invite) -> Result<(RecordId, Option<String>)> {
    let facility = invite
        .facility
        .as_deref()
        .map(str::trim)
        .filter(|name| !fold(name).is_empty());
    match (invite.role, facility) {
        (Role::Administrator, _) => Err(Error::AdministratorOfLaptop),
        (Role::Coach | Role::Region | Role::Nation | Role::Partner, Some(_)) => {
            Err(Error::CoachOfFacility)
        }
        (Role::Partner, None) => {
            let office = places::nation(&invite.place).or_else(|_| places::region(&invite.place));
            Ok((office?, None))
        }
        (Role::Region, None) => Ok((places::region(&invite.place)?, None)),
        (Role::Nation, None) => Ok((places::nation(&invite.place)?, None)),
        (Role::Coach, None) => Ok((places::district(&invite.place)?, None)),
        (Role::Member | Role::Lead, None) => {
            Ok((places::facility(&tx.places()?, &invite.place)?, None))
        }
        (Role::Member | Role::Lead, Some(name)) => {
            let district = places::district(&invite.place)?;
            let known = tx
                .facilities(district)?
                .into_iter()
                .find(|known| places::is_called(known, name));
            Ok(match known {
                Some(known) => (known.id, None),
                None => (district, Some(name.to_owned())),
            })
        }
    }
}

/// A short name of a replica for the log: enough to find it by, and no person's.
pub(crate) fn short(replica: ReplicaId) -> String {
    let mut text = replica.to_string();
    text.truncate(8);
    text
}
