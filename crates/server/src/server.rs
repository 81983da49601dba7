//! The server without a network.

use std::fmt;
use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::registry::lock_text;
use domain::role::Role;
use domain::text::fold;
use sync::clock::Hlc;
use sync::heads::Head;
use sync::key::KeyPair;

use crate::check::{self, Report};
use crate::contact::{self, Handled};
use crate::enrolment;
use crate::epoch;
use crate::error::{Error, Result};
use crate::invitation::{Attempts, Code, Invite};
use crate::places;
use crate::projection::{self, Record};
use crate::storage::rows::{Identity, InvitationRow, TreePlace};
use crate::storage::sqlite::{Database, Transaction};

/// The database's name in the data folder.
const DATABASE: &str = "server.sqlite";
const DAY_MS: u64 = 24 * 60 * 60 * 1000;
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

/// A server on its data folder. Clones share it.
#[derive(Clone)]
pub struct Server {
    shared: Arc<Shared>,
}

struct Shared {
    folder: PathBuf,
    clock: Clock,
    state: Mutex<State>,
}

struct State {
    database: Database,
    attempts: Attempts,
    declared_at: Option<u64>,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("folder", &self.shared.folder)
            .finish_non_exhaustive()
    }
}

impl Server {
    /// Opens the data folder, made when it is missing, by the machine's clock.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self> {
        Self::open_with_clock(folder, system_clock())
    }

    /// Opens the data folder by a clock of the caller's.
    ///
    /// A database and an epoch file that disagree mean that one of them was put back from a backup: the
    /// server starts a new epoch, and laptops send again what it may have lost. A projection made with
    /// another registry is made anew.
    pub fn open_with_clock(folder: impl AsRef<Path>, clock: Clock) -> Result<Self> {
        let folder = folder.as_ref().to_owned();
        make_folder(&folder)?;
        let mut database = Database::open(&folder.join(DATABASE))?;
        database.write(|tx| {
            tx.put_shipped_places()?;
            begin(tx, &folder)
        })?;
        let state = State {
            database,
            attempts: Attempts::default(),
            declared_at: None,
        };
        Ok(Self {
            shared: Arc::new(Shared {
                folder,
                clock,
                state: Mutex::new(state),
            }),
        })
    }

    /// Makes an invitation and gives its code, which is kept nowhere else.
    pub fn invite(&self, invite: &Invite) -> Result<String> {
        let now = self.now();
        if invite.uses == 0 || invite.days == 0 {
            return Err(Error::UselessInvitation);
        }
        let mut random = [0; 13];
        getrandom::fill(&mut random)?;
        let code = Code::from_random(random);
        self.state().database.write(|tx| {
            let (place, facility) = invited_place(tx, invite)?;
            tx.put_invitation(&InvitationRow {
                hash: *code.hash().as_bytes(),
                role: invite.role,
                place,
                facility,
                adopted: None,
                uses_left: invite.uses,
                created_at: now,
                expires_at: now.saturating_add(u64::from(invite.days) * DAY_MS),
            })?;
            Ok::<_, Error>(())
        })?;
        Ok(code.to_string())
    }

    /// Enrols the replica that signed the request `bytes`, and gives the answer's. `source` is where the
    /// request came from, to stop guessing.
    pub fn enrol(&self, bytes: &[u8], source: Option<IpAddr>) -> Result<Vec<u8>> {
        let now = self.now();
        let mut state = self.state();
        let State {
            database, attempts, ..
        } = &mut *state;
        enrolment::enrol(database, attempts, bytes, source, now)
    }

    /// Takes and gives what one signed sync request brings and asks for.
    pub fn sync(&self, bytes: &[u8]) -> Result<Vec<u8>> {
        let now = self.now();
        let mut state = self.state();
        let may_declare = state
            .declared_at
            .is_none_or(|at| now.saturating_sub(at) > DECLARE_MS);
        let folder = &self.shared.folder;
        let handled = state.database.write(|tx| {
            contact::handle(tx, bytes, now, |identity| {
                if may_declare {
                    declare(tx, folder, identity)
                } else {
                    Ok(identity)
                }
            })
        })?;
        let Handled { answer, declared } = handled;
        if declared {
            state.declared_at = Some(now);
        }
        Ok(answer)
    }

    /// Examines everything: the file, every segment's chain and signature, and the projection against one
    /// made anew.
    pub fn check(&self) -> Result<Report> {
        // A connection of its own, so that requests go on meanwhile.
        let mut database = Database::open(&self.shared.folder.join(DATABASE))?;
        database.read(check::check)
    }

    /// The shown values of a record, by field name.
    pub fn record(
        &self,
        scope: ScopeId,
        kind: u16,
        id: RecordId,
    ) -> Result<Option<serde_json::Value>> {
        let row = self
            .state()
            .database
            .read(|tx| tx.record(scope, kind, id).map_err(Error::from))?;
        let values = row.map(|row| serde_json::from_str(&row.values)).transpose();
        values.map_err(|_| Error::Unreadable("a record does not decode"))
    }

    /// The heads of a field, the shown one first; several when people have to decide.
    pub fn heads(&self, scope: ScopeId, kind: u16, id: RecordId, field: u16) -> Result<Vec<Head>> {
        let row = self
            .state()
            .database
            .read(|tx| tx.record(scope, kind, id).map_err(Error::from))?;
        let record = row
            .map(|row| Record::from_row(kind, &row))
            .transpose()?
            .unwrap_or_default();
        Ok(record.heads(field).to_vec())
    }

    /// The nation's tree as it is now, by identifier.
    pub fn tree(&self) -> Result<Vec<TreePlace>> {
        self.state()
            .database
            .read(|tx| tx.tree().map_err(Error::from))
    }

    /// Whether the database answers.
    pub fn is_well(&self) -> bool {
        self.state()
            .database
            .read(|tx| tx.identity().map_err(Error::from))
            .is_ok_and(|identity| identity.is_some())
    }

    /// The public key that grants and answers are signed with.
    pub fn public_key(&self) -> Result<[u8; 32]> {
        let identity = self.state().database.read(identity)?;
        Ok(KeyPair::from_secret(&identity.secret).public())
    }

    fn now(&self) -> u64 {
        // Hybrid stamps hold 48 bits; a clock beyond them would not fit the database either.
        (self.shared.clock)().min(Hlc(u64::MAX).millis())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic in the middle rolled its transaction back, so what it left is whole.
        self.shared
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// The server's own row.
pub(crate) fn identity(tx: &Transaction<'_>) -> Result<Identity> {
    tx.identity()?
        .ok_or(Error::Unreadable("the server's own row is missing"))
}

fn begin(tx: &Transaction<'_>, folder: &Path) -> Result<()> {
    let registry = *blake3::hash(lock_text().as_bytes()).as_bytes();
    let Some(mut identity) = tx.identity()? else {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret)?;
        let new = Identity {
            secret,
            epoch: [0; 16],
            registry,
        };
        declare(tx, folder, new)?;
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
    if epoch::read(folder)? != Some(identity.epoch) {
        tracing::warn!("the database and the epoch beside it disagree: starting a new epoch");
        declare(tx, folder, identity)?;
    }
    Ok(())
}

/// Starts a new epoch. A power cut between file and commit makes them disagree, and so another one.
fn declare(tx: &Transaction<'_>, folder: &Path, mut identity: Identity) -> Result<Identity> {
    identity.epoch = epoch::new();
    epoch::write(folder, &identity.epoch)?;
    tx.put_identity(&identity)?;
    Ok(identity)
}

/// The place of an invitation, and the name of the facility to be made there.
fn invited_place(tx: &Transaction<'_>, invite: &Invite) -> Result<(RecordId, Option<String>)> {
    let facility = invite
        .facility
        .as_deref()
        .map(str::trim)
        .filter(|name| !fold(name).is_empty());
    match (invite.role, facility) {
        (Role::Coach, Some(_)) => Err(Error::CoachOfFacility),
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

fn make_folder(folder: &Path) -> std::io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    // The database holds the key that signs grants.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A short name of a replica for the log: enough to find it by, and no person's.
pub(crate) fn short(replica: ReplicaId) -> String {
    let mut text = replica.to_string();
    text.truncate(8);
    text
}
